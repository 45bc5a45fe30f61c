#!/usr/bin/env python3
"""What ./dev lint does: layout, static analysis, shell scripts, and the rules of the tree.

usage: lint.py --build DIR [--all | --since REVISION] [--fix]

Static analysis is slow, so it looks at files changed since REVISION (default HEAD~1) and in the work tree; --all takes
every file. --fix lets clang-format correct the layout. DIR holds compile_commands.json. Exit code 1: something is wrong.
"""
import argparse
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "architecture"))
import layers  # noqa: E402
import repository_test  # noqa: E402

CPP = (".h", ".cpp", ".c")
SHELL = ("dev", ".ci/run")
# Text from outside must not become markup: a label or view shows it as plain text.
HTML_CALL = re.compile(r"\b(setHtml|insertHtml|appendHtml|toHtmlEscaped|Qt::RichText|Qt::AutoText)\b")


def git(*arguments):
    done = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else None


def own_files():
    """Tracked files; without git, everything that layers.py walks."""
    return git("ls-files") or list(layers.tracked(ROOT))


def check_layout(files, fix):
    options = ["-i"] if fix else ["--dry-run", "-Werror"]
    done = subprocess.run(["clang-format", *options, *files], cwd=ROOT, capture_output=True, text=True, check=False)
    wrong = sorted(set(re.findall(r"^(\S+?):\d+:\d+: error", done.stderr, re.MULTILINE)))
    for path in wrong:
        print(f"{path}: clang-format would change it (./dev lint --fix)")
    if done.returncode != 0 and not wrong:
        print(done.stderr.strip())
        return 1
    return len(wrong)


def check_static(build, files):
    """clang-tidy on each of `files` that the build compiles."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        compiled = {os.path.relpath(entry["file"], ROOT) for entry in json.load(file)}
    chosen = [path for path in files if path in compiled]
    print(f"clang-tidy: {len(chosen)} files")

    def run(path):
        done = subprocess.run(["clang-tidy", "--quiet", "-p", build, path], cwd=ROOT, capture_output=True, text=True, check=False)
        return path, done.returncode, done.stdout

    wrong = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, status, output in pool.map(run, chosen):
            if status != 0:
                wrong += 1
                print(f"{path}:\n{output.strip()}")
    return wrong


def check_shell(files):
    scripts = [path for path in files if path.endswith(".sh") or path in SHELL]
    done = subprocess.run(["shellcheck", *scripts], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stdout.strip())
    return int(done.returncode != 0)


def check_markup(files):
    wrong = 0
    for path in files:
        if not path.startswith(("ui/", "app/")) or not path.endswith(CPP):
            continue
        with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(file, 1):
                found = HTML_CALL.search(line.split("//")[0])
                if found:
                    wrong += 1
                    print(f"{path}:{number}: {found.group(1)}: text from outside must not become markup")
    return wrong


def check_tree():
    breaches = layers.check_tree(ROOT)
    for path, line, message in breaches:
        print(f"{path}:{line}: {message}")
    return len(breaches)


def check_commits():
    wrong = 0
    for subject in git("log", "--no-merges", "--format=%s") or []:
        error = repository_test.subject_error(subject)
        if error:
            wrong += 1
            print(f"commit '{subject}': {error}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--since", default="HEAD~1")
    parser.add_argument("--fix", action="store_true")
    arguments = parser.parse_args()

    files = [path for path in own_files() if os.path.exists(os.path.join(ROOT, path))]
    sources = [path for path in files if path.endswith(CPP)]
    changed = None if arguments.all else git("diff", "--name-only", arguments.since)
    analysed = sources if changed is None else [path for path in sources if path in set(changed)]
    counts = {
        "layout": check_layout(sources, arguments.fix),
        "static analysis": check_static(arguments.build, analysed),
        "shell scripts": check_shell(files),
        "markup": check_markup(files),
        "architecture": check_tree(),
        "commit subjects": check_commits(),
    }
    for name, count in counts.items():
        print(f"{name}: {'right' if count == 0 else f'{count} wrong'}")
    return 1 if any(counts.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
