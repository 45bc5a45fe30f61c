#!/usr/bin/env python3
"""Runs tests of a ctest list from a copy of the build: used to run them again as another user.

usage: rerun.py TESTS.json OUT [--replace OLD NEW]...

TESTS.json is what `ctest --show-only=json-v1` printed. --replace moves paths of the build into the copy, in the given
order. Leaves OUT/junit.xml in ctest's form and, for GoogleTest programs, OUT/results/NAME.xml. Exit code 1: a failure.
"""
import argparse
import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

DEFAULT_TIMEOUT = 120


def moved(text, replacements):
    """`text` with the first path that it contains replaced, so that a replacement is not replaced again."""
    for old, new in replacements:
        if text == old or old + "/" in text or text.endswith(old):
            return text.replace(old, new)
    return text


def properties_of(test):
    return {entry["name"]: entry["value"] for entry in test.get("properties", [])}


def run_one(test, replacements):
    """Runs one test; (status, seconds, output) with status run, fail or notrun as ctest writes them."""
    properties = properties_of(test)
    command = [moved(argument, replacements) for argument in test["command"]]
    environment = dict(os.environ)
    for assignment in properties.get("ENVIRONMENT", []):
        key, _, value = assignment.partition("=")
        if key:
            environment[key] = moved(value, replacements)
    started = time.monotonic()
    try:
        done = subprocess.run(command, env=environment, cwd=os.environ["HOME"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=float(properties.get("TIMEOUT", DEFAULT_TIMEOUT)), check=False)
        output = done.stdout.decode("utf-8", "replace")
        skipped = done.returncode == properties.get("SKIP_RETURN_CODE")
        status = "run" if done.returncode == 0 else "notrun" if skipped else "fail"
    except subprocess.TimeoutExpired as late:
        output = (late.stdout or b"").decode("utf-8", "replace") + "\nstopped: it ran into its time limit"
        status = "fail"
    except OSError as error:
        output, status = f"could not start: {error}", "fail"
    return status, time.monotonic() - started, output


def printable(text):
    """Without the control characters that XML forbids."""
    return "".join(char if char in "\n\t" or ord(char) >= 32 else "?" for char in text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tests")
    parser.add_argument("out")
    parser.add_argument("--replace", nargs=2, action="append", default=[])
    arguments = parser.parse_args()
    os.makedirs(os.path.join(arguments.out, "results"), exist_ok=True)
    with open(arguments.tests, encoding="utf-8") as file:
        tests = json.load(file)["tests"]

    suite = ElementTree.Element("testsuite", name="rerun")
    failures = 0
    for number, test in enumerate(tests, 1):
        status, seconds, output = run_one(test, arguments.replace)
        word = {"run": "Passed", "notrun": "Skipped", "fail": "FAILED"}[status]
        print(f"{number:3}/{len(tests)} {test['name']:.<40} {word} {seconds:8.2f} s", flush=True)
        case = ElementTree.SubElement(suite, "testcase", name=test["name"], status=status, time=f"{seconds:.3f}")
        ElementTree.SubElement(case, "system-out").text = printable(output)
        if status == "fail":
            failures += 1
            ElementTree.SubElement(case, "failure", message="failed")
            print(output, flush=True)
    ElementTree.ElementTree(suite).write(os.path.join(arguments.out, "junit.xml"), encoding="utf-8", xml_declaration=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
