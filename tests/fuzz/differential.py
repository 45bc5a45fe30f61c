#!/usr/bin/env python3
"""Random configurations through our executor and Microsoft's side by side; both must say the same.

usage: differential.py [--seconds N] [--seed N] [--cases N] [--save FOLDER] [--replay FILE] [--ours PROGRAM] [--theirs PROGRAM]

Compared are the dry runs: whether they accept, the exit code, and the message up to the place in the text. The cases depend on
the seed alone, so that more seconds see more of the same sequence. Of each kind of difference the first case is made small
and saved (default build/fuzz/differences), ready for --replay. Exit code 1: a verdict or code differs, or more than one message
in a hundred does; 77: Microsoft's is not here.
"""
import argparse
import base64
import json
import os
import re
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), "mxc"), HERE]
import executor  # noqa: E402
import mutate  # noqa: E402

LANES = 2
CORPUS = os.path.join(os.environ.get("BELLJAR_SHARED", os.path.join(SOURCE, "..", "shared")), "mxc", "corpus.jsonl")
OWN = os.path.join(SOURCE, "tests", "data", "mxc", "cases.jsonl")
# So many runs of both may be spent on making one case small.
SHRINK_RUNS = 400
# So many of a hundred messages may differ; they are shown all the same. Compared is how they start: ours shortens what is
# very long.
MESSAGES, START = 1, 240


def known_texts():
    """Configurations to begin with, accepted and refused ones: our own cases and, where it is, the corpus."""
    texts = {"accept": [], "reject": []}
    for path in (OWN, CORPUS):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                cases = [json.loads(line) for line in file]
            for case in cases:
                try:
                    texts[case["expect"]].append(data_of(case).decode())
                except (KeyError, ValueError):
                    pass  # A command line, or no text at all.
    return texts["accept"], texts["reject"]


class Difference:
    """What two executors said about a case; `kind` is verdict, code, message, crash or late."""

    def __init__(self, kind, case, ours, theirs):
        self.kind, self.case, self.ours, self.theirs = kind, case, ours, theirs

    def signature(self):
        """Alike for cases that differ in the same way: without names and numbers."""
        plain = [re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"|[0-9]+", "#", text) for text in (self.ours, self.theirs)]
        return (self.kind, *plain)


class Pair:
    """Both executors, for one lane."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs = executor.Executor(ours), executor.Executor(theirs)

    def close(self):
        self.ours.close()
        self.theirs.close()

    def compare(self, case):
        """None when they agree."""
        try:
            mine, other = self.ours.dry_run(case), self.theirs.dry_run(case)
            my_message = self.ours.unplaced(self.ours.reason(case, mine)) if not mine.accepted else ""
            message = self.theirs.unplaced(self.theirs.reason(case, other)) if not other.accepted else ""
        except subprocess.TimeoutExpired as late:
            return Difference("late", case, str(late)[:200], "")
        ours, theirs = f"{mine.rc} {my_message}", f"{other.rc} {message}"
        if mine.rc < 0 or mine.rc > 255:
            return Difference("crash", case, ours, theirs)
        if mine.accepted != other.accepted:
            return Difference("verdict", case, ours, theirs)
        if mine.rc != other.rc:
            return Difference("code", case, ours, theirs)
        if my_message[:START] != message[:START]:
            return Difference("message", case, ours, theirs)
        if mine.accepted and sorted(executor.warnings(mine)) != sorted(executor.warnings(other)):
            return Difference("message", case, "\n".join(executor.warnings(mine)), "\n".join(executor.warnings(other)))
        return None


def data_of(case):
    data = base64.b64decode(case["input_base64"]) if "input_base64" in case else case["input"].encode()
    return base64.b64decode(data, validate=True) if case["via"] == "base64" else data


def with_data(case, data):
    encoded = base64.b64encode(data).decode()
    rest = {key: value for key, value in case.items() if not key.startswith("input")}
    return {**rest, "input": encoded} if case["via"] == "base64" else {**rest, "input_base64": encoded}


def smaller(data):
    """Variants of a configuration with something less: a value of its tree, or a piece of its text."""
    try:
        tree = mutate.tree_of(data.decode())
    except (ValueError, RecursionError):
        tree = None
    if tree is not None and isinstance(tree, list):
        plain = mutate.Mutator(0, [], [])
        for number in range(len(list(mutate.spots(tree)))):
            less = mutate.copied(tree)
            container, index = list(mutate.spots(less))[number]
            del container[index]
            yield plain.write(less, lambda: "").encode("utf-8", "replace")
    for length in (len(data) // 2, len(data) // 4, len(data) // 8, 8, 1):
        for at in range(0, len(data), length) if length else ():
            yield data[:at] + data[at + length:]


def shrunk(pair, found):
    """The same difference in a case that is as small as a few hundred runs make it."""
    try:
        data = data_of(found.case)
    except ValueError:
        return found
    runs, again = 0, True
    while again and runs < SHRINK_RUNS:
        again = False
        for less in smaller(data):
            if len(less) >= len(data):
                continue
            runs += 1
            candidate = pair.compare(with_data(found.case, less))
            if candidate and candidate.signature() == found.signature():
                found, data, again = candidate, less, True
                break
            if runs >= SHRINK_RUNS:
                break
    return found


class Run:
    """One run over all lanes: counts, and the first difference of each kind."""

    def __init__(self, arguments, theirs):
        self.arguments, self.theirs = arguments, theirs
        self.lock = threading.Lock()
        self.compared = 0
        self.differences = {}
        self.counts = {}
        self.failures = []
        self.end = time.monotonic() + arguments.seconds

    def lane(self, number, texts):
        try:
            self.work(number, texts)
        except Exception as problem:  # Reported by main(): a lane that dies must not look like one that found nothing.
            self.failures.append(f"lane {number}: {problem!r}")

    def work(self, number, texts):
        mutator = mutate.Mutator(f"{self.arguments.seed}/{number}", *texts)
        pair = Pair(self.arguments.ours, self.theirs)
        try:
            done = 0
            while time.monotonic() < self.end and done < self.arguments.cases / LANES:
                done += 1
                case = mutator.case()
                found = pair.compare(case)
                with self.lock:
                    self.compared += 1
                if found:
                    self.note(pair, found)
        finally:
            pair.close()

    def note(self, pair, found):
        signature = found.signature()
        with self.lock:
            self.counts[signature] = self.counts.get(signature, 0) + 1
            if signature in self.differences or len(self.differences) >= 200:
                return
            self.differences[signature] = found
        small = shrunk(pair, found)
        with self.lock:
            self.differences[signature] = small

    def save(self):
        os.makedirs(self.arguments.save, exist_ok=True)
        order = sorted(self.differences, key=lambda signature: -self.counts[signature])
        for number, signature in enumerate(order):
            found = self.differences[signature]
            try:
                text = data_of(found.case).decode("utf-8", "backslashreplace")
            except ValueError:
                text = found.case["input"]
            path = os.path.join(self.arguments.save, f"{number:03}-{found.kind}.json")
            with open(path, "w", encoding="ascii") as file:
                json.dump({**found.case, "ours": found.ours, "theirs": found.theirs, "text": text}, file, indent=1)
                file.write("\n")
            print(f"{found.kind}, {self.counts[signature]} times: {path}\n    {' '.join(found.case['flags'])} {text[:400]!r}\n"
                  f"    ours   {found.ours[:300]!r}\n    theirs {found.theirs[:300]!r}")


def replay(path, arguments, theirs):
    with open(path, encoding="ascii") as file:
        case = json.load(file)
    pair = Pair(arguments.ours, theirs)
    try:
        found = pair.compare({key: case[key] for key in ("via", "flags", "input", "input_base64") if key in case})
    finally:
        pair.close()
    print(f"{found.kind}\n    ours   {found.ours!r}\n    theirs {found.theirs!r}" if found else "they agree")
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=float, default=float("inf"), help="at most so many")
    parser.add_argument("--save", default=os.path.join(SOURCE, "build", "fuzz", "differences"))
    parser.add_argument("--replay", metavar="FILE")
    parser.add_argument("--ours", default=executor.ours())
    parser.add_argument("--theirs")
    arguments = parser.parse_args()
    theirs, why = (arguments.theirs, "") if arguments.theirs else executor.real()
    if theirs is None:
        print(f"SKIP: the MXC executor is not here: {why}")
        return 77
    if not os.path.exists(arguments.ours):
        print(f"{arguments.ours} is not there: build first")
        return 1
    if arguments.replay:
        return replay(arguments.replay, arguments, theirs)

    texts = known_texts()
    run = Run(arguments, theirs)
    started = time.monotonic()
    lanes = [threading.Thread(target=run.lane, args=(number, texts)) for number in range(LANES)]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    if run.differences:
        run.save()
    kinds = {kind: sum(count for signature, count in run.counts.items() if signature[0] == kind)
             for kind in ("verdict", "code", "message", "crash", "late")}
    print(f"differential: {run.compared} cases in {time.monotonic() - started:.0f} s, seed {arguments.seed}: "
          + ", ".join(f"{count} {kind}" for kind, count in kinds.items()) + f" differences of {len(run.counts)} kinds")
    for failure in run.failures:
        print(failure)
    grave = sum(count for kind, count in kinds.items() if kind != "message")
    return 1 if grave or kinds["message"] * 100 > run.compared * MESSAGES or run.failures or not run.compared else 0


if __name__ == "__main__":
    sys.exit(main())
