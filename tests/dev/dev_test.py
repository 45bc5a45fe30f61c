#!/usr/bin/env python3
"""./dev asks before it installs, names other systems' commands; the summary counts what really happened."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import report  # noqa: E402
import summary  # noqa: E402

SOURCE = os.path.abspath(os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..")))


class DevTest(unittest.TestCase):
    """Runs ./dev with fake dpkg-query and apt-get, so that nothing is ever installed."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.log = os.path.join(self.folder.name, "apt.log")
        self.fake("dpkg-query", 'for last; do :; done; case " $INSTALLED " in *" $last "*) echo installed;; *) exit 1;; esac')
        self.fake("apt-get", f'echo "$@" >> {self.log}; exit ${{APT_STATUS:-0}}')
        self.fake("id", 'case $1 in -u) echo 0;; *) exit 1;; esac')
        self.os_release = self.write("os-release", "ID=debian\n")
        self.clone = os.path.join(self.folder.name, "clone")
        os.mkdir(self.clone)
        shutil.copy(os.path.join(SOURCE, "dev"), self.clone)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def fake(self, name, script):
        os.chmod(self.write(name, "#!/bin/sh\n" + script + "\n"), 0o755)

    def dev(self, *arguments, **environment):
        variables = {"PATH": f"{self.folder.name}:{os.environ['PATH']}", "HOME": self.folder.name,
                     "BELLJAR_OS_RELEASE": self.os_release, "INSTALLED": "", **environment}
        return subprocess.run(["bash", os.path.join(self.clone, "dev"), *arguments], env=variables, capture_output=True,
                              text=True, stdin=subprocess.DEVNULL, check=False)

    def apt_calls(self):
        if not os.path.exists(self.log):
            return []
        with open(self.log, encoding="utf-8") as file:
            return file.read().splitlines()

    def test_help_explains_every_verb(self):
        done = self.dev("help")
        self.assertEqual(0, done.returncode)
        with open(os.path.join(self.clone, "dev"), encoding="utf-8") as file:
            verbs = re.findall(r"(?m)^verb_(\w+)\(\)", file.read())
        self.assertIn("translations", verbs)
        for verb in verbs:
            self.assertRegex(done.stdout, rf"(?m)^  {verb}\b")

    def test_unknown_verb_is_an_error(self):
        done = self.dev("explode")
        self.assertEqual(2, done.returncode)
        self.assertIn("no verb 'explode'", done.stderr)

    def test_without_a_terminal_it_installs_nothing_and_names_the_command(self):
        done = self.dev("setup", "build")
        self.assertEqual(1, done.returncode)
        self.assertIn("apt-get install -y --no-install-recommends", done.stderr)
        self.assertRegex(done.stderr, r"ninja-build +runs the build")
        self.assertEqual([], self.apt_calls())

    def test_yes_and_ci_install_only_what_is_missing(self):
        for arguments, environment in ((("--yes", "setup", "package"), {}), (("setup", "package"), {"CI": "true"})):
            with self.subTest(arguments=arguments):
                if os.path.exists(self.log):
                    os.remove(self.log)
                shutil.rmtree(os.path.join(self.clone, "build"), ignore_errors=True)
                done = self.dev(*arguments, INSTALLED="file", **environment)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertEqual("install -y --no-install-recommends dpkg-dev", self.apt_calls()[-1])

    def test_yes_is_remembered_in_the_clone(self):
        self.assertEqual(1, self.dev("setup", "package").returncode)
        self.assertEqual(0, self.dev("--yes", "setup", "package").returncode)
        self.assertEqual(0, self.dev("setup", "package").returncode)

    def test_ci_is_not_remembered(self):
        self.assertEqual(0, self.dev("setup", "package", CI="true").returncode)
        self.assertEqual(1, self.dev("setup", "package").returncode)

    def test_nothing_missing_means_no_apt(self):
        done = self.dev("setup", "package", INSTALLED="file dpkg-dev")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual([], self.apt_calls())

    def test_a_failing_apt_is_an_error(self):
        done = self.dev("--yes", "setup", "package", APT_STATUS="100")
        self.assertEqual(1, done.returncode)
        self.assertIn("apt-get", done.stderr)

    def test_unknown_group_is_an_error(self):
        done = self.dev("setup", "nonsense")
        self.assertEqual(1, done.returncode)
        self.assertIn("nonsense", done.stderr)

    def test_other_systems_get_their_own_command(self):
        for system, words in (("fedora", "sudo dnf install"), ("arch", "sudo pacman -S --needed"),
                              ("plan9", "needs the equivalents of")):
            with self.subTest(system=system):
                self.os_release = self.write("os-release", f"ID={system}\n")
                done = self.dev("--yes", "setup", "build")
                self.assertEqual(1, done.returncode)
                self.assertIn(words, done.stderr)
                self.assertEqual([], self.apt_calls())

    def test_mac_and_windows_hear_what_is_not_there(self):
        for kernel, words in (("Darwin", "brew install"), ("MSYS_NT-10.0", "pacboy -S")):
            with self.subTest(kernel=kernel):
                self.fake("uname", f"echo {kernel}")
                done = self.dev("setup", "build")
                self.assertEqual(1, done.returncode)
                self.assertIn(words, done.stderr)
                self.assertIn("Linux only so far", done.stderr)


JUNIT = """<testsuite>
<testcase name="a_test" status="{a}">{a_inside}</testcase>
<testcase name="script" status="run"><system-out>fine</system-out></testcase>
<testcase name="cannot" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/><system-out>x
SKIP: no kernel for it
</system-out></testcase></testsuite>"""
GTEST = """<testsuites><testsuite name="S">
<testcase name="One" classname="S" status="run" result="completed"/>
<testcase name="Two" classname="S" status="run" result="skipped"><skipped message="file.cpp:12&#x0A;no bwrap here"/></testcase>
<testcase name="DISABLED_Three" classname="S" status="notrun" result="suppressed"/>
{extra}</testsuite></testsuites>"""


class SummaryTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()

    def tearDown(self):
        self.folder.cleanup()

    def summary(self, *arguments, a="run", a_inside="", extra="", report=True):
        junit = os.path.join(self.folder.name, "junit.xml")
        with open(junit, "w", encoding="utf-8") as file:
            file.write(JUNIT.format(a=a, a_inside=a_inside))
        if report:
            with open(os.path.join(self.folder.name, "a_test.xml"), "w", encoding="utf-8") as file:
                file.write(GTEST.format(extra=extra))
        done = subprocess.run([sys.executable, os.path.join(HERE, "summary.py"), "--stage", "main", junit,
                               self.folder.name, *arguments], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_single_tests_are_counted_and_skips_have_reasons(self):
        status, lines = self.summary()
        self.assertEqual(0, status)
        self.assertEqual("2 passed, 0 failed, 3 skipped", lines[-1])
        self.assertIn("skipped: [main] a_test: S.Two: no bwrap here", lines)
        self.assertIn("skipped: [main] a_test: S.DISABLED_Three: disabled in its source", lines)
        self.assertIn("skipped: [main] cannot: no kernel for it", lines)

    def test_a_failed_single_test_fails_the_run(self):
        extra = '<testcase name="Four" classname="S" status="run"><failure message="1 is not 2"/></testcase>'
        status, lines = self.summary(a="fail", extra=extra)
        self.assertEqual(1, status)
        self.assertEqual("2 passed, 1 failed, 3 skipped", lines[-1])
        self.assertIn("failed: [main] a_test: S.Four: 1 is not 2", lines)

    def test_a_crash_is_a_failure_with_and_without_a_report(self):
        for report, line in ((True, "2 passed, 1 failed, 3 skipped"), (False, "1 passed, 1 failed, 1 skipped")):
            with self.subTest(report=report):
                for name in os.listdir(self.folder.name):
                    os.remove(os.path.join(self.folder.name, name))
                status, lines = self.summary(a="fail", a_inside="<failure/>", report=report)
                self.assertEqual((1, line), (status, lines[-1]))

    def test_a_program_that_was_not_built_is_a_failure(self):
        status, lines = self.summary(a="notrun", a_inside='<skipped message="Unable to find executable"/>', report=False)
        self.assertEqual((1, "1 passed, 1 failed, 1 skipped"), (status, lines[-1]))

    def test_stages_that_did_not_run_are_counted(self):
        status, lines = self.summary("--skip", "windows", "no wine")
        self.assertEqual((0, "2 passed, 0 failed, 4 skipped"), (status, lines[-1]))
        status, lines = self.summary("--fail", "windows", "does not build")
        self.assertEqual((1, "2 passed, 1 failed, 3 skipped"), (status, lines[-1]))
        status, lines = self.summary("--stage", "lost", "/nonexistent", "/nonexistent")
        self.assertEqual((1, "2 passed, 1 failed, 3 skipped"), (status, lines[-1]))


class QtReportTest(unittest.TestCase):
    def test_single_tests_of_qt_test(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "gui.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write('<testsuite name="T"><testcase name="initTestCase" classname="T"/>'
                           '<testcase name="a" classname="T"/><testcase name="b" classname="T"><skipped message="no way"/>'
                           '</testcase><testcase name="c" classname="T"><failure type="fail" message="not the same"/>'
                           '</testcase><testcase name="cleanupTestCase" classname="T"/></testsuite>')
            self.assertEqual([("T.a", "passed", ""), ("T.b", "skipped", "no way"), ("T.c", "failed", "not the same")],
                             list(summary.inner_results(path)))


class ReportTest(unittest.TestCase):
    """Python tests leave the report that the summary reads."""

    def run_tests(self, folder, body):
        script = os.path.join(folder, "some_test.py")
        with open(script, "w", encoding="utf-8") as file:
            file.write(f"import sys, unittest\nsys.path.insert(0, {HERE!r})\nimport report\n"
                       f"class T(unittest.TestCase):\n{body}\nreport.run()\n")
        output = os.path.join(folder, "r", "some.xml")
        done = subprocess.run([sys.executable, script], env={**os.environ, "GTEST_OUTPUT": "xml:" + output},
                              capture_output=True, text=True, check=False)
        return done.returncode, list(summary.inner_results(output))

    def test_passed_failed_and_skipped(self):
        with tempfile.TemporaryDirectory() as folder:
            status, rows = self.run_tests(folder, """
    def test_a(self): pass
    def test_b(self): self.assertEqual(1, 2)
    def test_c(self): self.skipTest("no reason here")
    def test_d(self):
        for i in range(3):
            with self.subTest(i=i): self.assertEqual(0, i)""")
            self.assertEqual(1, status)
            self.assertEqual([("T.test_a", "passed"), ("T.test_b", "failed"), ("T.test_c", "skipped"), ("T.test_d", "failed")],
                             [row[:2] for row in rows])
            self.assertEqual("no reason here", rows[2][2])

    def test_all_skipped_is_77(self):
        with tempfile.TemporaryDirectory() as folder:
            status, rows = self.run_tests(folder, "    def test_a(self): self.skipTest('why')")
            self.assertEqual((77, [("T.test_a", "skipped", "why")]), (status, rows))


class EmptyStageTest(unittest.TestCase):
    def test_a_stage_without_tests_fails_unless_a_selection_was_asked_for(self):
        with tempfile.TemporaryDirectory() as folder:
            junit = os.path.join(folder, "junit.xml")
            with open(junit, "w", encoding="utf-8") as file:
                file.write("<testsuite/>")
            for more, line in (((), "0 passed, 1 failed, 0 skipped"), (("--selection",), "0 passed, 0 failed, 0 skipped")):
                done = subprocess.run([sys.executable, os.path.join(HERE, "summary.py"), "--stage", "main", junit, folder,
                                       *more], capture_output=True, text=True, check=False)
                self.assertEqual((1, line), (done.returncode, done.stdout.splitlines()[-1]))


class RerunTest(unittest.TestCase):
    def test_statuses_paths_and_time_limits(self):
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(folder, "new", "tool")
            os.makedirs(os.path.dirname(script))
            with open(script, "w", encoding="utf-8") as file:
                file.write('#!/bin/sh\necho "PLACE=$PLACE"\n[ "$1" = sleep ] && exec sleep 60\nexit $1\n')
            os.chmod(script, 0o755)

            def test(name, argument, **properties):
                values = {"SKIP_RETURN_CODE": 77, "ENVIRONMENT": ["PLACE=/old/place"], **properties}
                return {"name": name, "command": ["/old/tool", argument],
                        "properties": [{"name": key, "value": value} for key, value in values.items()]}

            tests = [test("good", "0"), test("bad", "3"), test("skipped", "77"), test("late", "sleep", TIMEOUT=0.3)]
            listing = os.path.join(folder, "tests.json")
            with open(listing, "w", encoding="utf-8") as file:
                json.dump({"tests": tests}, file)
            done = subprocess.run([sys.executable, os.path.join(HERE, "rerun.py"), listing, folder, "--replace", "/old",
                                   os.path.dirname(script)], env={**os.environ, "HOME": folder}, capture_output=True,
                                  text=True, check=False)
            self.assertEqual(1, done.returncode, done.stderr)
            with open(os.path.join(folder, "junit.xml"), encoding="utf-8") as file:
                junit = file.read()
            for name, status in (("good", "run"), ("bad", "fail"), ("skipped", "notrun"), ("late", "fail")):
                self.assertIn(f'name="{name}" status="{status}"', junit)
            self.assertIn(f"PLACE={os.path.dirname(script)}/place", junit)


if __name__ == "__main__":
    report.run()
