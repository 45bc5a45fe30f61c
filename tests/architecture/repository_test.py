#!/usr/bin/env python3
"""Rules of the repository as a whole: commit subjects, paths that the documents name, notices, the sample's profile."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "dev"))
import report  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..")))
DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")
MAX_SUBJECT = 60
# Imperatives that end as a past, a gerund or a third person does.
IMPERATIVES = {"Address", "Bring", "Bypass", "Compress", "Discuss", "Embed", "Express", "Feed", "Focus", "Need", "Pass",
               "Process", "Seed", "Shed", "Speed", "Spring", "Bless", "Cross", "Guess", "Press", "Stress"}


def subject_error(subject):
    """What is wrong with a commit subject; None when it is right."""
    if len(subject) > MAX_SUBJECT:
        return f"longer than {MAX_SUBJECT} characters"
    found = re.match(r"^\[[a-z][a-z0-9-]*\] ([A-Z][A-Za-z-]*)\b.*[^.\s]$", subject)
    if not found:
        return 'not of the form "[area] Imperative what", without a period at the end'
    verb = found.group(1)
    if verb not in IMPERATIVES and re.search(r"(ed|ing|s)$", verb):
        return f'"{verb}" is not an imperative'
    return None


def named_paths(text):
    """Paths of this repository that a Markdown text names, in links and in code spans."""
    for link in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in link and not link.startswith("mailto:"):
            yield link
    for span in re.findall(r"`([^`\n]+)`", text):
        for word in span.split():
            word = word.rstrip(".,:;")
            if re.match(r"^(\./)?(app|core|backends|ui|resources|installer|tests|\.ci)/[\w./-]*$", word):
                yield word


class CommitTest(unittest.TestCase):
    def test_rule_finds_wrong_subjects(self):
        for subject in ("Add a thing", "[core] add a thing", "[core] Added a thing", "[core] Adds a thing",
                        "[core] Adding a thing", "[core] Add a thing.", "[Core] Add a thing", "core: Add a thing",
                        "[core] " + "A" * MAX_SUBJECT, "[core]", ""):
            with self.subTest(subject=subject):
                self.assertIsNotNone(subject_error(subject))

    def test_rule_accepts_right_subjects(self):
        for subject in ("[core] Add a thing", "[events-linux] Pass the pid", "[ui] Show why it was denied"):
            with self.subTest(subject=subject):
                self.assertIsNone(subject_error(subject))

    def test_subjects_of_this_branch(self):
        git = ["git", "-c", "safe.directory=*", "-C", SOURCE]
        try:
            top = subprocess.run([*git, "rev-parse", "--show-toplevel"], capture_output=True, text=True, check=False)
        except FileNotFoundError:
            self.skipTest("git is not installed")
        if top.returncode != 0 or os.path.realpath(top.stdout.strip()) != os.path.realpath(SOURCE):
            self.skipTest("not a git checkout")
        log = subprocess.run([*git, "log", "--no-merges", "--format=%s"], capture_output=True, text=True, check=True)
        wrong = [f"{subject}: {subject_error(subject)}" for subject in log.stdout.splitlines() if subject_error(subject)]
        self.assertEqual([], wrong)


class DocumentTest(unittest.TestCase):
    def test_named_paths_are_found(self):
        text = "a [link](resources/x.png) `core/base/x.h`, `./dev test`, [web](https://x.org/a), `backends/<name>`, `build/x`"
        self.assertEqual(["resources/x.png", "core/base/x.h"], list(named_paths(text)))

    def test_every_named_path_exists(self):
        for document in DOCUMENTS:
            with open(os.path.join(SOURCE, document), encoding="utf-8") as file:
                paths = list(named_paths(file.read()))
            for path in paths:
                with self.subTest(document=document, path=path):
                    self.assertTrue(os.path.exists(os.path.join(SOURCE, path)), f"{document} names {path}")

    def test_architecture_names_every_folder(self):
        with open(os.path.join(SOURCE, "ARCHITECTURE.md"), encoding="utf-8") as file:
            text = file.read()
        for folder in sorted(os.listdir(os.path.join(SOURCE, "core"))):
            if os.path.isdir(os.path.join(SOURCE, "core", folder)):
                self.assertIn(f"core/{folder}", text)


class MergeTest(unittest.TestCase):
    MARK = re.compile(rb"^(<{7}|>{7})( |$)", re.MULTILINE)

    def test_rule_finds_marks(self):
        self.assertTrue(self.MARK.search(b"a\n" + b"<" * 7 + b" HEAD\nb\n"))
        self.assertFalse(self.MARK.search(b"a << b\n" + b"=" * 7 + b"\n"))

    def test_no_file_has_marks_of_a_merge(self):
        found = []
        for folder, folders, names in os.walk(SOURCE):
            folders[:] = [name for name in folders if name not in (".git", "build", "node_modules", "__pycache__")]
            for name in names:
                path = os.path.join(folder, name)
                if os.path.isfile(path) and not os.path.islink(path):
                    with open(path, "rb") as file:
                        if self.MARK.search(file.read()):
                            found.append(path)
        self.assertEqual([], found)


class TestFoldersTest(unittest.TestCase):
    """Tests look for what Belljar leaves behind, while others run: what tests make has a name of its own."""
    OTHER = re.compile(r'belljar-(?!test-)[a-z-]*XXXXXX|prefix="belljar-(?!test-)')

    def test_rule_finds_other_names(self):
        self.assertTrue(self.OTHER.search('"/var/tmp/belljar-names-XXXXXX"'))
        self.assertTrue(self.OTHER.search('mkdtemp(prefix="belljar-x")'))
        self.assertFalse(self.OTHER.search('mkdtemp(prefix="belljar-test-x-") "belljar-test-y-XXXXXX"'))

    def test_folders_of_tests_are_known_by_their_names(self):
        found = []
        for folder, _, names in os.walk(os.path.join(SOURCE, "tests")):
            for name in names:
                path = os.path.join(folder, name)
                if path == os.path.abspath(__file__) or name.endswith(".pyc"):
                    continue
                with open(path, encoding="utf-8", errors="replace") as file:
                    found += [f"{path}: {line.strip()}" for line in file if self.OTHER.search(line)]
        self.assertEqual([], found)


class NoticesTest(unittest.TestCase):
    def generate(self, option):
        script = os.path.join(SOURCE, "resources", "licenses", "generate.py")
        return subprocess.run([sys.executable, script, option], capture_output=True, text=True, check=False)

    def test_notices_are_up_to_date(self):
        done = self.generate("--check")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_licences_are_those_debian_names(self):
        done = self.generate("--debian")
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_every_library_of_the_build_has_a_notice(self):
        with open(os.path.join(SOURCE, "resources", "cmake", "dependencies.cmake"), encoding="utf-8") as file:
            found = set(re.findall(r"find_package\((\w+)", file.read())) - {"Threads"}
        words = {"nlohmann_json": "JSON for Modern C++", "spdlog": "spdlog", "fmt": "{fmt}", "CLI11": "CLI11", "Qt6": "Qt 6"}
        with open(os.path.join(SOURCE, "resources", "licenses", "THIRD_PARTY.md"), encoding="utf-8") as file:
            notices = file.read()
        for package in sorted(found):
            self.assertIn(package, words, f"{package}: add it to resources/licenses/generate.py and to this test")
            self.assertIn(words[package], notices)


class SampleTest(unittest.TestCase):
    """The sample's profile is a template: whatever its target is called, JSON with exactly that path comes out."""

    def prepare(self, target, home):
        script = os.path.join(SOURCE, "resources", "sample", "prepare.sh")
        return subprocess.run(["sh", script, target], env={"PATH": os.environ["PATH"], "HOME": home},
                              capture_output=True, text=True, check=False)

    def test_paths_with_every_kind_of_character(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = os.path.realpath(folder)
            for name in ("plain", "with space", 'quote"inside', "back\\slash", "a&b|c", "dollar$HOME", "ümläut"):
                with self.subTest(name=name):
                    target = os.path.join(folder, name, "sample")
                    done = self.prepare(target, folder)
                    self.assertEqual(0, done.returncode, done.stderr)
                    with open(done.stdout.rstrip("\n"), encoding="utf-8") as file:
                        profile = json.load(file)
                    self.assertEqual(target, profile["process"]["cwd"])
                    self.assertEqual([target], profile["filesystem"]["readonlyPaths"])
                    self.assertEqual([target + "/out"], profile["filesystem"]["readwritePaths"])
                    self.assertIn(folder + "/.ssh", profile["filesystem"]["deniedPaths"])
                    for path in ("try-me.sh", "note.txt", "private/diary.txt", "out"):
                        self.assertTrue(os.path.exists(os.path.join(target, path)))

    def test_control_characters_are_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.prepare(os.path.join(folder, "new\nline"), folder)
            self.assertNotEqual(0, done.returncode)
            self.assertIn("control characters", done.stderr)

    def test_the_script_notices_that_there_is_no_jar(self):
        with tempfile.TemporaryDirectory() as home:
            target = os.path.join(home, "sample")
            self.assertEqual(0, self.prepare(target, home).returncode)
            done = subprocess.run(["bash", os.path.join(target, "try-me.sh")], capture_output=True, text=True, check=False,
                                  env={"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C"})
            self.assertEqual(1, done.returncode, done.stdout)
            self.assertIn("ESCAPED   write into your home", done.stdout)
            self.assertIn("ESCAPED   read a denied folder", done.stdout)
            self.assertFalse(os.path.exists(os.path.join(home, "belljar-was-here.txt")))


if __name__ == "__main__":
    report.run()
