"""run() for Python tests: like unittest.main(), and it leaves the same report as a GoogleTest program does.

GTEST_OUTPUT=xml:FILE says where, so that tests/dev/summary.py counts single tests of both kinds alike. When every test
was skipped the exit code is 77, which ctest knows as "skipped".
"""
import os
import sys
import unittest
import xml.etree.ElementTree as ElementTree

SKIPPED = 77


class Result(unittest.TextTestResult):
    """Remembers every test that ran, in order."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.started = []

    def startTest(self, test):
        super().startTest(test)
        self.started.append(test)

    def messages(self):
        """Test id -> why it failed; a failed subtest counts for its test."""
        found = {}
        for test, trace in self.failures + self.errors:
            whole = getattr(test, "test_case", test)
            found.setdefault(whole.id(), f"{test}: {trace.strip().splitlines()[-1]}")
        for test in self.unexpectedSuccesses:
            found[test.id()] = "succeeded, but was expected to fail"
        return found


def write_report(result, path):
    failed, skipped = result.messages(), {test.id(): reason for test, reason in result.skipped}
    suite = ElementTree.Element("testsuite")
    for test in result.started:
        group, _, name = test.id().rpartition(".")
        case = ElementTree.SubElement(suite, "testcase", classname=group.rpartition(".")[2], name=name, status="run")
        if test.id() in failed:
            ElementTree.SubElement(case, "failure", message=failed.pop(test.id()))
        elif test.id() in skipped:
            case.set("result", "skipped")
            ElementTree.SubElement(case, "skipped", message=skipped[test.id()])
    for name, message in failed.items():  # What failed outside of a test: setUpClass and the like.
        case = ElementTree.SubElement(suite, "testcase", classname="setup", name=name, status="run")
        ElementTree.SubElement(case, "failure", message=message)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def run():
    program = unittest.main(exit=False, testRunner=unittest.TextTestRunner(resultclass=Result))
    result = program.result
    kind, _, path = os.environ.get("GTEST_OUTPUT", "").partition(":")
    if kind == "xml" and path:
        write_report(result, path)
    if not result.wasSuccessful():
        sys.exit(1)
    if result.testsRun and len(result.skipped) == result.testsRun:
        sys.exit(SKIPPED)
    sys.exit(0)
