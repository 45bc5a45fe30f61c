#!/usr/bin/env python3
"""`belljar schema` against the schemas that MXC publishes, by behaviour: a real validator says the same of every document.

The documents are each place of either schema filled with right and wrong values, and MXC's corpus. The published schemas
are not part of the repository (see shared_files.h); without them the comparisons are skipped.
"""
import copy
import itertools
import json
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "dev"))
import report  # noqa: E402

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCE = os.environ.get("BELLJAR_SOURCE", os.path.join(HERE, "..", "..", ".."))
BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", os.path.join(SOURCE, "build", "dev", "bin")), "belljar")
SHARED = os.environ.get("BELLJAR_SHARED", os.path.join(SOURCE, "..", "shared"))
PUBLISHED = {"0.6": "0.6.0-alpha", "0.7": "0.7.0-alpha", "0.8": "0.8.0-alpha", "0.9": "0.9.0-dev"}

SAMPLES = (None, True, False, 0, 1, 65535, 65536, -1, 1.5, 2**32 - 1, 2**32, 2**64, "", "x", "allow", "block", "deny",
           "tcp", "none", "exec", "lxc", "process", "seatbelt", "vm", "provision", "resume", [], ["x"], [""], [1],
           [None], [{}], {}, {"zz": 1})


def drop_experimental(document, version):
    """The schemas 0.6 - 0.8 do not have `experimental`; MXC's executor and Belljar read it in profiles of all versions."""
    if version < "0.9":
        document.pop("experimental", None)


def drop_own_block(document, _version):
    """`experimental.belljar` is Belljar's own, and a mistake in it is an error; for MXC it is one unknown key of many."""
    if isinstance(document.get("experimental"), dict):
        document["experimental"].pop("belljar", None)


def drop_moved_sections(document, _version):
    """The executor refuses `seatbelt` and `macos_sandbox` below `experimental`, which the schema 0.9 still lets through."""
    if isinstance(document.get("experimental"), dict):
        for key in ("seatbelt", "macos_sandbox"):
            document["experimental"].pop(key, None)


# All differences there are; each takes out of a document what it is about.
DIFFERENCES = (drop_experimental, drop_own_block, drop_moved_sections)


def published_schema(version):
    path = os.path.join(SHARED, "mxc", "schemas", f"mxc-config.schema.{PUBLISHED[version]}.json")
    if not os.path.exists(path):
        raise unittest.SkipTest(f"no published schemas at {os.path.dirname(path)}")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def own_schema(version):
    done = subprocess.run([BELLJAR, "schema", "--version", version], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def places(root, schema, pointer=(), into=None):
    """Pointers of all values that a schema describes; elements of arrays as 0."""
    into = set() if into is None else into
    if "$ref" in schema:
        found = root
        for step in schema["$ref"].lstrip("#/").split("/"):
            found = found[step]
        return places(root, found, pointer, into)
    into.add(pointer)
    for choice in schema.get("anyOf", []) + schema.get("oneOf", []):
        places(root, choice, pointer, into)
    for key, member in schema.get("properties", {}).items():
        places(root, member, pointer + (key,), into)
    if "items" in schema:
        places(root, schema["items"], pointer + (0,), into)
    return into


def with_value(document, pointer, value):
    """A copy that has `value` at `pointer`, with the parents it needs."""
    document = copy.deepcopy(document)
    here = document
    for step, following in zip(pointer[:-1], pointer[1:]):
        empty = [] if following == 0 else {}
        if isinstance(here, list):
            if not here:
                here.append(empty)
            here = here[0]
        else:
            here = here.setdefault(step, empty)
    if not pointer:
        return value
    if isinstance(here, list):
        here.append(value)
    else:
        here[pointer[-1]] = value
    return document


def base_documents(pointer):
    """Documents into which a value is put: one that is right without it, one that is bare."""
    command = {"process": {"commandLine": "a"}}
    yield command
    yield {}
    section = pointer[0] if pointer else ""
    fitting = {"processContainer": "processcontainer", "appContainer": "processcontainer", "lxc": "lxc",
               "seatbelt": "seatbelt"}.get(section)
    if fitting:
        yield {**command, "containment": fitting}
        yield {**command, "containment": "process"}
    if section == "lxc":
        yield {**command, "containment": "lxc", "lxc": {"distribution": "d", "release": "r"}}
    if pointer[-1:] == ("except",):
        yield with_value(command, pointer[:-1] + ("cidr",), "::")
    if "portMappings" in pointer and pointer[-1] in ("windowsPort", "containerPort", "protocol"):
        mapping = with_value(command, pointer[:-1] + ("windowsPort",), 1)
        mapping["experimental"]["wslc"]["portMappings"][0]["containerPort"] = 2
        yield mapping


def corpus():
    """Documents of MXC's corpus that are JSON at all."""
    path = os.path.join(SHARED, "mxc", "corpus.jsonl")
    if not os.path.exists(path):
        raise unittest.SkipTest(f"no corpus at {path}")
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["via"] != "file" or "input" not in row or len(row["input"]) > 200_000:
                continue
            try:
                yield json.loads(row["input"])
            except (ValueError, RecursionError):
                continue


@unittest.skipIf(jsonschema is None, "Python's jsonschema is not installed (Debian: python3-jsonschema)")
class SchemaAgreementTest(unittest.TestCase):
    def setUp(self):
        self.used = set()
        self.compared = 0
        self.accepted = 0

    def validators(self, version):
        for schema in (own_schema(version), published_schema(version)):
            jsonschema.Draft7Validator.check_schema(schema)
            yield jsonschema.Draft7Validator(schema)

    def compare(self, version, mine, theirs, document):
        """Both say the same once the known differences are taken out, and a difference is one of the known ones."""
        plain = copy.deepcopy(document)
        changed = set()
        if isinstance(plain, dict):
            for drop in DIFFERENCES:
                before = json.dumps(plain)
                drop(plain, version)
                if json.dumps(plain) != before:
                    changed.add(drop)
        verdict = theirs.is_valid(plain)
        self.assertEqual(mine.is_valid(plain), verdict, f"{version}: {json.dumps(plain)[:500]}")
        self.compared += 1
        self.accepted += verdict
        if changed and mine.is_valid(document) != theirs.is_valid(document):
            self.used |= changed

    def compare_places(self, version):
        mine, theirs = self.validators(version)
        known = places(mine.schema, mine.schema) | places(theirs.schema, theirs.schema)
        self.assertGreater(len(known), 40)
        for pointer in sorted(known, key=str):
            for base, sample in itertools.product(base_documents(pointer), SAMPLES):
                self.compare(version, mine, theirs, with_value(base, pointer, sample))
        self.assertGreater(self.accepted, 100)
        self.assertGreater(self.compared - self.accepted, 100)

    def test_0_6(self):
        self.compare_places("0.6")

    def test_0_7(self):
        self.compare_places("0.7")

    def test_0_8(self):
        self.compare_places("0.8")

    def test_0_9(self):
        self.compare_places("0.9")

    def test_corpus(self):
        documents = list(corpus())
        self.assertGreater(len(documents), 2000)
        for version in PUBLISHED:
            mine, theirs = self.validators(version)
            for document in documents:
                self.compare(version, mine, theirs, document)
        self.assertGreater(self.accepted, 1000)

    def test_every_difference_is_needed(self):
        example = {"process": {"commandLine": "a"}}
        for version, experimental, drop in (("0.8", {}, drop_experimental),
                                            ("0.9", {"belljar": {"zz": 1}}, drop_own_block),
                                            ("0.9", {"seatbelt": {}}, drop_moved_sections)):
            mine, theirs = self.validators(version)
            document = {**example, "experimental": experimental}
            self.compare(version, mine, theirs, document)
            self.assertIn(drop, self.used)

    def test_the_comparison_finds_differences(self):
        """A control: a schema that is wrong in one place only does not pass."""
        mine, theirs = self.validators("0.8")
        broken = copy.deepcopy(mine.schema)
        broken["properties"]["ui"]["properties"]["clipboard"]["enum"].remove("read")
        validator = jsonschema.Draft7Validator(broken)
        with self.assertRaises(AssertionError):
            self.compare("0.8", validator, theirs, {"process": {}, "ui": {"clipboard": "read"}})


if __name__ == "__main__":
    report.run()
