#!/usr/bin/env python3
"""Counts all tests of a run, over all its stages. The last line is exactly "N passed, N failed, N skipped".

usage: summary.py [--stage NAME JUNIT RESULTS]... [--skip NAME REASON]... [--fail NAME REASON]...
                  [--selection]

A stage is one ctest run: JUNIT is its report and RESULTS the folder where programs of GoogleTest, Qt Test and
tests/dev/report.py left NAME.xml. Single tests are counted: those in such a report one by one, any other program as one. --skip and --fail are stages
that could not run at all. A stage without any test has failed, unless --selection says that only some tests were asked for.
Exit code 1 when anything failed or nothing was run.
"""
import argparse
import os
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
FAILED_OUTSIDE = "ended before its tests did, or failed outside of them"


# Qt Test reports these as tests; they count only when they went wrong.
QT_FRAME = ("initTestCase", "cleanupTestCase")


def inner_results(path):
    """(name, status, reason) of each test in the report of one program."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped, failure = case.find("skipped"), case.find("failure")
        if failure is not None:
            yield name, FAILED, one_line(failure.get("message", ""))
        elif skipped is not None:
            yield name, SKIPPED, skip_reason(skipped.get("message", ""))
        elif case.get("result") == "suppressed" or case.get("status") == "notrun":
            if case.get("name", "").startswith("DISABLED_"):
                yield name, SKIPPED, "disabled in its source"
        elif case.get("name") not in QT_FRAME:
            yield name, PASSED, ""


def one_line(text):
    return " ".join(text.split())


def skip_reason(text):
    """GoogleTest puts "file:line" on a line before the reason."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and re.match(r".*:\d+:?$", lines[0].strip()):
        lines = lines[1:]
    return one_line(" ".join(lines)) or "no reason given"


def entry_result(case):
    """(status, reason) of one ctest entry."""
    output = case.findtext("system-out") or ""
    status = case.get("status")
    if status == "fail" or case.find("failure") is not None:
        return FAILED, one_line(output[-300:])
    if status in ("notrun", "disabled") or case.find("skipped") is not None:
        reason = re.search(r"SKIP: *(.+)", output)
        if reason is None and case.find("skipped") is not None and "SKIP_RETURN_CODE" not in case.find("skipped").get("message", ""):
            return FAILED, "could not be run: " + one_line(case.find("skipped").get("message", ""))
        return SKIPPED, one_line(reason.group(1)) if reason else "no reason given"
    return PASSED, ""


def stage_results(junit, results):
    """(name, status, reason) of each single test of one stage."""
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        name = case.get("name")
        status, reason = entry_result(case)
        report = os.path.join(results, name + ".xml")
        inner = []
        try:
            inner = list(inner_results(report)) if os.path.exists(report) else []
        except ElementTree.ParseError:
            status, reason = FAILED, "left a broken report"
        for inner_name, inner_status, inner_reason in inner:
            yield f"{name}: {inner_name}", inner_status, inner_reason
        if not inner:
            yield name, status, reason
        elif status == FAILED and all(entry[1] != FAILED for entry in inner):
            yield name, FAILED, FAILED_OUTSIDE


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--stage", nargs=3, action="append", default=[])
    parser.add_argument("--skip", nargs=2, action="append", default=[])
    parser.add_argument("--fail", nargs=2, action="append", default=[])
    parser.add_argument("--selection", action="store_true")
    arguments = parser.parse_args()

    rows = []
    for stage, junit, results in arguments.stage:
        if not os.path.exists(junit):
            rows.append((stage, "the whole stage", FAILED, "left no report"))
            continue
        found = [(stage, *row) for row in stage_results(junit, results)]
        print(f"{stage}: {sum(row[2] == PASSED for row in found)} of {len(found)} passed")
        rows += found
        if not found and not arguments.selection:
            rows.append((stage, "the whole stage", FAILED, "has no tests"))
    rows += [(stage, "the whole stage", SKIPPED, reason) for stage, reason in arguments.skip]
    rows += [(stage, "the whole stage", FAILED, reason) for stage, reason in arguments.fail]

    for wanted in (FAILED, SKIPPED):
        for stage, name, status, reason in rows:
            if status == wanted:
                print(f"{wanted}: [{stage}] {name}: {reason}")
    count = {status: sum(row[2] == status for row in rows) for status in (PASSED, FAILED, SKIPPED)}
    print(f"{count[PASSED]} passed, {count[FAILED]} failed, {count[SKIPPED]} skipped", flush=True)
    return 1 if count[FAILED] or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
