#!/usr/bin/env python3
"""The golden queries, answered once more by an evaluator of its own, written from the help page in another language.

It shares no code with Belljar: what both say of all queries is right, or both misread resources/help/queries.md.
usage: golden_queries_test.py          runs as a test
       golden_queries_test.py QUERY    prints the numbers of the events that fit
"""
import datetime
import ipaddress
import json
import os
import re
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "data")
NUMBERS = {"seq": "seq", "sequence": "seq", "time": "timeNs", "wall": "wall", "pid": "pid", "ppid": "ppid", "parentPid": "ppid",
           "ipid": "ipid", "insidePid": "ipid", "start": "start", "processStart": "start", "tree": "tree", "port": "port",
           "bytes": "bytes", "size": "bytes", "line": "line"}
TEXTS = {"proc": "proc", "process": "proc", "object": "object", "path": "path", "target": "target", "host": "host",
         "detail": "detail", "argv": "argv", "cwd": "cwd", "env": "env", "rule": "rule", "text": "text"}
WORDS = {"kind": "kind", "category": "category", "op": "op", "res": "res", "result": "res", "trust": "trust",
         "verdict": "verdict", "source": "source", "mechanism": "mechanism", "origin": "origin"}
KINDS = {1: "process.fork", 2: "process.exec", 3: "process.exit", 10: "file.open", 11: "file.create", 12: "file.stat",
         13: "file.readlink", 16: "file.link", 22: "file.symlink", 21: "file.truncate", 28: "file.read", 29: "file.write",
         40: "net.connect", 42: "net.send", 46: "net.dns", 60: "priv.mount", 100: "session.policy", 15: "file.rename"}
GROUPS = {"process": "process", "file": "file", "net": "network", "priv": "privileged", "session": "session"}
ERRORS = {0: "ok", 1: "EPERM", 2: "ENOENT", 13: "EACCES", 30: "EROFS", 101: "ENETUNREACH"}


class Wrong(Exception):
    pass


def data():
    with open(os.path.join(DATA, "golden_events.json"), encoding="utf-8") as file:
        return json.load(file)


def fields_of(event, recording, parents):
    """Every field of an event as bytes or numbers; what it does not have is missing."""
    kind = KINDS.get(event["kind"], "unknown")
    group = GROUPS[kind.split(".")[0]] if kind != "unknown" else "privileged"
    obj = event["objectBytes"].encode("latin-1") if "objectBytes" in event else event["object"].encode()
    detail = event["detail"].encode()
    fields = {key: event[key] for key in ("seq", "timeNs", "pid", "ppid", "start")}
    fields.update(kind=kind, category=group, op=kind.split(".", 1)[-1], proc=event["proc"].encode(), object=obj, detail=detail,
                  trust=event["trust"], origin=event["origin"], mechanism=event["mechanism"], verdict=event["verdict"],
                  wall=recording["startedUnixNs"] + event["timeNs"])
    if event["ipid"]:
        fields["ipid"] = event["ipid"]
    if event["verdict"] == "denied" and event["absent"]:
        fields["verdict"] = "absent"
    unknown = event["result"] == -1 or event["trust"] == "unknown"
    fields["res"] = "unknown" if unknown else ERRORS.get(event["result"], f"errno {event['result']}")
    place = obj[5:] if obj.startswith(b"unix:") else obj
    if place.startswith(b"/"):
        fields["path"] = place
    if group == "network" and not obj.startswith(b"unix:") and b":" in obj:
        host, port = obj.rsplit(b":", 1)
        fields["host"] = host[1:-1] if host.startswith(b"[") else host
        fields["port"] = int(port)
        try:
            address = ipaddress.ip_address(fields["host"].decode())
            fields["ip"] = getattr(address, "ipv4_mapped", None) or address
        except ValueError:
            pass
    if kind in ("file.read", "file.write"):
        fields["bytes"] = int(detail.split()[0])
    if detail.startswith("→ ".encode()):
        fields["target"] = detail[len("→ ".encode()):]
    if kind == "process.exec":
        values, rest = [], event["detail"]
        while rest.strip():
            value, end = json.JSONDecoder().raw_decode(rest.strip())
            rest = rest.strip()[end:]
            values.append(value)
        for name, value in zip(("argv", "cwd", "env"), values):
            fields[name] = (value if isinstance(value, str) else " ".join(value)).encode()
    if event["verdict"] != "none" and event["rule"] < len(recording["rules"]):
        rule = recording["rules"][event["rule"]]
        fields.update(rule=rule["text"].encode(), source=rule["source"])
        if rule["line"]:
            fields["line"] = rule["line"]
    fields["tree"] = chain(event, parents)
    return fields


def chain(event, parents):
    pids, pid, start, parent = [], event["pid"], event["start"], event["ppid"]
    pids.append(pid)
    parent = parents.get((pid, start), parent)
    while parent > 0 and len(pids) < 256:
        pids.append(parent)
        older = [s for p, s in parents if p == parent and s <= start]
        if not older:
            break
        pid, start = parent, max(older)
        parent = parents[(pid, start)]
    return pids


TOKEN = re.compile(r'\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-)|(?P<name>[A-Za-z][\w.]*)\s*(?P<op>!=|<=|>=|!~|[:=<>~])\s*)')


class Parser:
    def __init__(self, text):
        self.text, self.at = text, 0

    def blank(self):
        while self.at < len(self.text) and self.text[self.at] in " \t\n\r":
            self.at += 1

    def word_ahead(self):
        match = re.match(r"\s*(and|AND|or|OR|not|NOT)(?=[\s()]|$)", self.text[self.at:])
        return match.group(1).lower() if match else None

    def parse(self):
        self.blank()
        if self.at == len(self.text):
            return lambda fields: True
        result = self.either()
        self.blank()
        if self.at < len(self.text):
            raise Wrong("something is left")
        return result

    def either(self):
        parts = [self.both()]
        while self.word_ahead() == "or":
            self.blank()
            self.at += 2
            parts.append(self.both())
        return lambda fields: any([part(fields) for part in parts])

    def both(self):
        parts = [self.single()]
        while True:
            self.blank()
            ahead = self.word_ahead()
            if ahead == "and":
                self.at += 3
            elif self.at == len(self.text) or self.text[self.at] == ")" or ahead == "or":
                break
            parts.append(self.single())
        return lambda fields: all([part(fields) for part in parts])

    def single(self):
        self.blank()
        if self.at < len(self.text) and self.text[self.at] == "-" or self.word_ahead() == "not":
            self.at += 1 if self.text[self.at] == "-" else 3
            inner = self.single()
            return lambda fields: not inner(fields)
        if self.at == len(self.text) or self.text[self.at] == ")" or self.word_ahead():
            raise Wrong("a condition is missing")
        if self.text[self.at] in ":=!<>~":
            raise Wrong("no field")
        if self.text[self.at] == "(":
            self.at += 1
            inner = self.either()
            self.blank()
            if self.at == len(self.text):
                raise Wrong("never closed")
            self.at += 1
            return inner
        match = TOKEN.match(self.text, self.at)
        if match and match.group("name"):
            self.at = match.end()
            return self.condition(match.group("name"), match.group("op"))
        return self.text_condition("text", ":", [self.value(bare=True)])

    def value(self, bare=False):
        """A list of characters (ints are bytes) and of the wildcards "*" and "?"."""
        result, quoted, start = [], False, self.at
        if self.text[self.at:self.at + 1] == '"':
            quoted, self.at = True, self.at + 1
        while self.at < len(self.text):
            c = self.text[self.at]
            if c == "\\":
                match = re.compile(r'\\(?:([\\"*?nrt])|x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\})').match(self.text, self.at)
                if not match:
                    raise Wrong("no escape")
                letter, byte, point = match.groups()
                if letter:
                    result += list({"n": "\n", "r": "\r", "t": "\t"}.get(letter, letter).encode())
                elif byte:
                    result.append(int(byte, 16))
                else:
                    result += list(chr(int(point, 16)).encode())
                self.at = match.end()
                continue
            if quoted and c == '"':
                self.at += 1
                if self.at < len(self.text) and self.text[self.at] not in " \t\n\r),(":
                    raise Wrong("a blank is missing")
                return result
            if not quoted and (c in " \t\n\r()" or c == "," and not bare):
                break
            if not quoted and c == '"' or ord(c) < 32:
                raise Wrong("a character that may not be here")
            result += [c] if c in "*?" else list(c.encode())
            self.at += 1
        if quoted or self.at == start:
            raise Wrong("no end or no value")
        return result

    def values(self):
        values = []
        while True:
            self.blank()
            if self.text[self.at:self.at + 1] in ("", ":", "=", "<", ">", "!") and self.text[self.at:self.at + 2] != "::":
                raise Wrong("no value")
            values.append(self.value())
            match = re.match(r"\s*,", self.text[self.at:])
            if not match:
                return values
            self.at += match.end()

    def condition(self, name, op):
        if name == "ip":
            return self.ip_condition(op)
        if name in NUMBERS:
            return self.number_condition(NUMBERS[name], op)
        if name not in TEXTS and name not in WORDS:
            raise Wrong("no such field")
        field = TEXTS.get(name) or WORDS[name]
        if op in ("~", "!~"):
            return self.expression(field, op)
        if op in ("<", "<=", ">", ">="):
            raise Wrong("text has no order")
        return self.text_condition(field, op, self.values())

    def expression(self, field, op):
        start, depth, text = self.at, 0, self.text
        if text[self.at:self.at + 1] == '"':
            match = re.compile(r'"((?:[^"\\]|\\.)*)"').match(text, self.at)
            if not match:
                raise Wrong("never closed")
            self.at = match.end()
            pattern = match.group(1).replace('\\"', '"')
        else:
            while self.at < len(text) and text[self.at] not in " \t\n\r" and not (text[self.at] == ")" and depth == 0):
                depth += {"(": 1, ")": -1}.get(text[self.at], 0)
                self.at += 2 if text[self.at] == "\\" else 1
            pattern = text[start:self.at]
        try:
            compiled = re.compile(pattern, re.DOTALL)
        except re.error as error:
            raise Wrong("no expression") from error

        def fits(value):
            return compiled.search(value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value) is not None
        return any_text(field, op == "!~", fits)

    @staticmethod
    def text_condition(field, op, values):
        tests = []
        for value in values:
            plain = bytes(c if isinstance(c, int) else ord(c) for c in value)
            if field == "res" and plain.isdigit():
                if int(plain) not in ERRORS:
                    raise Wrong("no such error")
                tests.append(lambda text, want=ERRORS[int(plain)].encode(): text == want)
            elif op != ":":
                tests.append(lambda text, want=plain: text == want)
            elif any(isinstance(c, str) for c in value):
                pattern = "".join({"*": ".*", "?": "."}[c] if isinstance(c, str) else re.escape(chr(c)) for c in value)
                # '?' is one character of UTF-8, so both sides are decoded; single bytes stay single.
                whole = re.compile(pattern.encode("latin-1").decode("utf-8", "surrogateescape"), re.DOTALL)
                tests.append(lambda text, want=whole: want.fullmatch(text.decode("utf-8", "surrogateescape")) is not None)
            else:
                if not plain:
                    raise Wrong("the empty text is in every text")
                tests.append(lambda text, want=plain: want in text)

        def fits(value):
            text = value.encode() if isinstance(value, str) else value
            return any(test(text) for test in tests)
        return any_text(field, op == "!=", fits)

    def ip_condition(self, op):
        if op not in (":", "=", "!="):
            raise Wrong("addresses have no order")
        blocks = []
        for value in self.values():
            try:
                block = ipaddress.ip_network(bytes(c if isinstance(c, int) else ord(c) for c in value).decode())
            except ValueError as error:
                raise Wrong("no address") from error
            mapped = getattr(block.network_address, "ipv4_mapped", None)
            if mapped and block.prefixlen >= 96:
                block = ipaddress.ip_network(f"{mapped}/{block.prefixlen - 96}")
            blocks.append(block)

        def holds(fields):
            address = fields.get("ip")
            return (address is not None and any(address.version == b.version and address in b for b in blocks)) != (op == "!=")
        return holds

    def number_condition(self, field, op):
        if op in ("~", "!~"):
            raise Wrong("numbers have no letters")
        texts = [bytes(c if isinstance(c, int) else ord(c) for c in value).decode() for value in self.values()]
        if len(texts) > 1 and op not in (":", "=", "!="):
            raise Wrong("several values")
        ranges = []
        for text in texts:
            low, dots, high = text.partition("..")
            if dots and op not in (":", "=", "!=") or dots and not low and not high:
                raise Wrong("a range")
            first = period(field, low) if low else (float("-inf"), 0)
            last = period(field, high) if dots and high else (0, float("inf")) if dots else first
            if first[0] > last[1]:
                raise Wrong("ends before it begins")
            ranges.append((first[0], last[1]))
        low, high = ranges[0]
        tests = {"<": lambda n: n < low, "<=": lambda n: n <= high, ">": lambda n: n > high, ">=": lambda n: n >= low}
        test = tests.get(op, lambda n: any(a <= n <= b for a, b in ranges))

        def holds(fields):
            value = fields.get(field)
            numbers = value if isinstance(value, list) else [] if value is None else [value]
            return any(test(n) for n in numbers) != (op == "!=")
        return holds


def any_text(field, negated, fits):
    names = ("proc", "object", "detail", "rule") if field == "text" else (field,)
    return lambda fields: any(name in fields and fits(fields[name]) for name in names) != negated


def period(field, text):
    """The first and last nanosecond, or number, of what is written."""
    if field == "timeNs":
        match = re.fullmatch(r"(\d+)(?:\.(\d+))?(s|ms|us|ns|m|h|)", text)
        if not match:
            raise Wrong("no time")
        unit = {"": 10**9, "s": 10**9, "ms": 10**6, "us": 1000, "ns": 1, "m": 60 * 10**9, "h": 3600 * 10**9}[match.group(3)]
        part = match.group(2) or ""
        value = int(match.group(1) + part) * unit
        if value % 10**len(part):
            raise Wrong("a part of a nanosecond")
        value //= 10**len(part)
        if value > 2**63 - 1:
            raise Wrong("too long")
        return value, value
    if field == "wall":
        match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?Z?", text)
        if not match:
            raise Wrong("no moment")
        year, month, day, hour, minute, second, part = match.groups()
        try:
            moment = datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
        except ValueError as error:
            raise Wrong("no such day") from error
        begin = int((moment - datetime.datetime(1970, 1, 1)).total_seconds()) * 10**9
        length = 10**(9 - len(part)) if part else 10**9 if second else 60 * 10**9 if minute else 86400 * 10**9
        begin += int(part) * length if part else 0
        return begin, begin + length - 1
    if not re.fullmatch(r"\d+", text) or int(text) > 2**63 - 1:
        raise Wrong("no number")
    return int(text), int(text)


def answers(query):
    recording = data()
    parents = {}
    for event in recording["events"]:
        parents.setdefault((event["pid"], event["start"]), event["ppid"])
    holds = Parser(query).parse()
    return [event["seq"] for event in recording["events"] if holds(fields_of(event, recording, parents))]


def golden():
    """Blocks of `query:`, then `fits:` with numbers or `error:` with a column and a message; `text:` if it is another."""
    with open(os.path.join(DATA, "golden_queries.txt"), encoding="utf-8") as file:
        blocks = [line.rstrip("\n") for line in file]
    entry = {}
    for line in blocks:
        if not line or line.startswith("#"):
            continue
        key, value = line.split(":", 1)
        entry[key] = value[1:]
        if key in ("fits", "error"):
            yield entry
            entry = {}


class GoldenQueriesTest(unittest.TestCase):
    def test_all(self):
        count = 0
        for entry in golden():
            count += 1
            with self.subTest(query=entry["query"]):
                query = entry["query"].replace(":~/", ":/home/u/").replace("=~/", "=/home/u/")
                if "error" in entry:
                    if "is never a" in entry["error"]:
                        continue  # This evaluator does not know which values there are.
                    with self.assertRaises(Wrong):
                        answers(query)
                else:
                    self.assertEqual([int(n) for n in entry["fits"].split()], answers(query))
                    if "text" in entry:
                        self.assertEqual([int(n) for n in entry["fits"].split()], answers(entry["text"]))
        self.assertGreaterEqual(count, 200)


if __name__ == "__main__":
    if len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        print(*answers(sys.argv[1]))
    else:
        sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
        import report
        report.run()
