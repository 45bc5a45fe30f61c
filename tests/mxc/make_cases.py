#!/usr/bin/env python3
"""Writes tests/data/mxc/cases.jsonl anew: cases from families.py with the verdicts of Microsoft's own executor.

usage: make_cases.py        Needs npm, which fetches that executor. Run it as a normal user or as root: the same comes out.
"""
import base64
import collections
import copy
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import executor  # noqa: E402
from families import (CIDRS, COMMANDS, CONTAINMENTS, EGRESS, ENVIRONMENTS, EXCEPTS, EXPERIMENTAL, FLAGS, FOLDERS, HOSTS,  # noqa: E402
                      INGRESS, LEGACY, PATH_LISTS, PATHS, PORTS, PROXIES, PROXY_URLS, RAW_VALUES, RUNTIME, SECTIONS, SEEDS, TIMEOUTS, TYPES,
                      VERSIONS)

OUT = os.path.join(executor.SOURCE, "tests", "data", "mxc", "cases.jsonl")


def dumped(value):
    return json.dumps(value, ensure_ascii=False)


def config(version="0.8.0", **members):
    value = {} if version is None else {"version": version}
    return {**value, "process": {"commandLine": "true"}, **members}


def at(value, path):
    for step in path:
        value = value[step]
    return value


def places(value, path=()):
    """Paths of all members and elements below `value`."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield path + (step,)
        yield from places(inner, path + (step,))


def objects(value):
    return [()] * isinstance(value, dict) + [path for path in places(value) if isinstance(at(value, path), dict)]


def named(path):
    return "/" + "/".join(str(step) for step in path)


def fields():
    """Every place of every seed with a few other types, taken away, doubled, and with a stranger beside it."""
    for number, seed in enumerate(SEEDS):
        yield f"seed-{number}", seed
        for index, path in enumerate(places(seed)):
            for kind in (TYPES[(index + number) % len(TYPES)], TYPES[(index * 7 + 3) % len(TYPES)]):
                changed = copy.deepcopy(seed)
                at(changed, path[:-1])[path[-1]] = kind
                yield f"type-{number}{named(path)}-{dumped(kind)}", changed
            less = copy.deepcopy(seed)
            del at(less, path[:-1])[path[-1]]
            yield f"without-{number}{named(path)}", less
        for path in objects(seed):
            more = copy.deepcopy(seed)
            at(more, path)["stranger"] = 1
            yield f"stranger-{number}{named(path)}", more
            as_list = copy.deepcopy(seed)
            if path:
                at(as_list, path[:-1])[path[-1]] = list(at(seed, path).values())
                yield f"positional-{number}{named(path)}", as_list


def network():
    for egress in EGRESS:
        yield f"egress-{dumped(egress)}", config(network={"egress": egress})
    for ingress in INGRESS:
        yield f"ingress-{dumped(ingress)}", config(network={"ingress": ingress})
    for cidr in CIDRS:
        yield f"cidr-{cidr}", config(network={"egress": {"allow": [{"to": [{"cidr": cidr}]}]}})
    for cidr in CIDRS[:12]:
        yield f"except-of-{cidr}", config(network={"egress": {"allow": [{"to": [{"cidr": "0.0.0.0/0", "except": [cidr]}]}]}})
    for number, value in enumerate(EXCEPTS):
        yield f"except-{number}", config(network={"egress": {"deny": [{"to": [{"cidr": "10.0.0.0/8", "except": value}]}]}})
    for ports in PORTS:
        yield f"ports-{dumped(ports)}", config(network={"egress": {"allow": [{"ports": [ports]}]}})
    for version in ("0.7.0", "0.8.0"):
        for number, legacy in enumerate(LEGACY):
            yield f"legacy-{version}-{number}", config(version, network=legacy)
        for url in PROXY_URLS:
            yield f"proxy-{version}-{url}", config(version, network={"proxy": {"url": url}})
        for number, proxy in enumerate(PROXIES):
            yield f"proxies-{version}-{number}", config(version, network={"proxy": proxy})
        for host in HOSTS:
            yield f"host-{version}-{host[:40]}", config(version, network={"allowedHosts": [host], "enforcementMode": "firewall"})
    for url in PROXY_URLS:
        yield f"runtime-{url}", config(network={"egress": {"default": "deny"}}, runtimeConfig={"networkProxy": url})
    for value in RUNTIME:
        yield f"runtime-{dumped(value)}", config(runtimeConfig=value)


def containments():
    """What containments other than the usual one say about networks."""
    experimental = ["--experimental", "--allow-testing-features"]
    for containment in ("lxc", "hyperlight", "wslc", "seatbelt"):
        for version in ("0.7.0", "0.8.0"):
            for number, legacy in enumerate(LEGACY):
                yield f"{containment}-{version}-legacy-{number}", (config(version, containment=containment, network=legacy), experimental)
        for number, directional in enumerate([{"egress": EGRESS[1]}, {"egress": EGRESS[2]}, {"egress": {}}, {"ingress": {}},
                                              {"ingress": INGRESS[4]}, {"egress": EGRESS[-2], "ingress": INGRESS[1]}, {}]):
            yield f"{containment}-directional-{number}", (config(containment=containment, network=directional), experimental)
    for url in PROXY_URLS:
        yield f"lxc-proxy-{url}", (config("0.7.0", containment="lxc", network={"proxy": {"url": url}, "enforcementMode": "firewall"}), [])


def settings():
    for version in VERSIONS:
        yield f"version-{version}", config(version)
        yield f"version-{version}-directional", config(version, network={"egress": {"default": "deny"}})
    for containment in CONTAINMENTS:
        yield f"containment-{containment}", config(containment=containment)
        for section, content in SECTIONS.items():
            yield f"section-{containment}-{section}", config(containment=containment, **{section: content})
    for number, value in enumerate(EXPERIMENTAL):
        yield f"experimental-{number}", config("0.9.0", experimental=value)
        yield f"experimental-{number}-wslc", config("0.9.0", containment="wslc", experimental=value)
    for number, path in enumerate(PATHS):
        for kind in ("readonlyPaths", "readwritePaths", "deniedPaths")[number % 2:]:
            yield f"path-{kind}-{number}", config(filesystem={kind: [path]})
        yield f"path-twice-{number}", config(filesystem={"readonlyPaths": [path], "readwritePaths": [path, path]})
    for number, lists in enumerate(PATH_LISTS):
        yield f"paths-{number}", config(filesystem=lists)
    for number, value in enumerate(TIMEOUTS):
        yield f"timeout-{number}", config(process={"commandLine": "true", "timeout": value})
    for number, value in enumerate(COMMANDS):
        if not isinstance(value, str) or len(value) < 1000:
            yield f"command-{number}", config(process={"commandLine": value})
    for number, value in enumerate(ENVIRONMENTS):
        yield f"environment-{number}", config(process={"commandLine": "true", "env": value})
    for number, value in enumerate(FOLDERS):
        yield f"folder-{number}", config(process={"commandLine": "true", "cwd": value})


def texts():
    good = dumped(config())
    for number, raw in enumerate(RAW_VALUES):
        yield f"raw-comment-{number}", '{"_comment": %s, %s' % (raw, good[1:])
        yield f"raw-timeout-{number}", '{"process": {"commandLine": "true", "timeout": %s}}' % raw
        yield f"raw-root-{number}", raw
        yield f"raw-enum-{number}", '{"containment": %s' % raw
        yield f"raw-object-{number}", '{"process": %s' % raw
    for name, text in {
        "empty": "", "blank": " \n\t", "two": good + good, "trailing": good + " x", "bom": "\ufeff" + good, "nul": good + "\u0000",
        "crlf": good.replace(",", ",\r\n"), "tabs": good.replace(" ", "\t"), "list": "[" + good + "]", "string": '"x"',
        "comment": "// x\n" + good, "cut": good[:-1], "cut-string": good[:20], "single": good.replace('"', "'"),
        "duplicate-root": '{"version": "0.8.0", "version": "0.8.0", "process": {"commandLine": "true"}}',
        "duplicate-process": '{"process": {"commandLine": "true"}, "process": {"commandLine": "false"}}',
        "duplicate-inner": '{"process": {"commandLine": "true", "timeout": 1, "timeout": 1}}',
        "duplicate-alias": '{"appContainer": {}, "processContainer": {}, "process": {"commandLine": "true"}}',
        "duplicate-comment": '{"_comment": {"a": 1, "a": 2}, "process": {"commandLine": "true"}}',
        "duplicate-escaped": '{"version": "0.8.0", "\\u0076ersion": "0.8.0", "process": {"commandLine": "true"}}',
        "escaped-keys": '{"\\u0070rocess": {"command\\u004cine": "true"}}',
    }.items():
        yield f"text-{name}", text
    for depth in (10, 120, 125, 126, 127, 128, 1000):
        yield f"deep-list-{depth}", '{"_comment": %s%s, %s' % ("[" * depth, "]" * depth, good[1:])
        yield f"deep-object-{depth}", '{"_comment": %s1%s, %s' % ('{"a":' * depth, "}" * depth, good[1:])
    for depth in (126, 127, 128):
        yield f"deep-experimental-{depth}", '{"experimental": {"x": %s%s}, %s' % ("[" * depth, "]" * depth, good[1:])


def command_lines():
    encoded = base64.b64encode(dumped(config()).encode()).decode()
    for name, arguments in {
        "positional": ["@ok"], "config": ["--config", "@ok"], "equals": ["--config=@ok"], "both": ["--config", "@ok", "/no/such/file"],
        "none": [], "two": ["@ok", "@ok"], "config-twice": ["--config", "@ok", "--config", "@ok"], "config-nothing": ["--config"],
        "base64": ["--config-base64", encoded], "base64-equals": ["--config-base64=" + encoded], "base64-nothing": ["--config-base64"],
        "base64-first": ["--config-base64", encoded, "/no/such/file"], "base64-twice": ["--config-base64", encoded] * 2,
        "base64-url": ["--config-base64", "eyJ4Ijog_--9"], "base64-space": ["--config-base64", encoded[:8] + " " + encoded[8:]],
        "base64-short": ["--config-base64", encoded.rstrip("=") + "A"], "base64-empty": ["--config-base64", ""],
        "base64-bits": ["--config-base64", "e31="], "missing": ["/no/such/file.json"], "folder": ["/usr"], "debug": ["--debug", "@ok"],
        "log-file": ["--log-file", "/dev/null", "@ok"], "log-nowhere": ["--log-file", "/no/such/x.log", "@ok"],
        "log-nothing": ["@ok", "--log-file"], "unknown": ["--bogus", "@ok"], "unknown-short": ["-x", "@ok"], "similar": ["--debg", "@ok"],
        "similar-config": ["--confg", "@ok"], "abbreviated": ["--exp", "@ok"], "upper": ["--DEBUG", "@ok"], "one-dash": ["-debug", "@ok"],
        "twice-debug": ["--debug", "--debug", "@ok"], "value-for-flag": ["--debug=yes", "@ok"], "help": ["--help"], "h": ["-h"],
        "version": ["--version"], "V": ["-V"], "dashes": ["--", "@ok"], "dashes-flag": ["--", "--debug"], "empty": [""],
        "delete": ["--delete"], "delete-name": ["--delete", "--containername", "no-such-container-zz"], "name": ["--containername", "x", "@ok"],
        "name-nothing": ["@ok", "--containername"], "force": ["--force", "@ok"], "setup-force-name": ["--force", "--containername", "x"],
        "flags": ["--experimental", "--allow-testing-features", "@ok"], "twice-testing": ["--allow-testing-features"] * 2 + ["@ok"],
        "late-flags": ["@ok", "--experimental", "--debug"], "control": ["/no/such\u0007file\u202e"], "help-after": ["@ok", "--help"],
        "bogus-and-help": ["--bogus", "--help"], "help-and-bogus": ["--help", "--bogus"], "newline": ["--bo\ngus"],
    }.items():
        yield f"line-{name}", {"via": "args", "args": ["--dry-run", *arguments]}
    for name, data in {"invalid": b"\xff\xfe", "latin": '{"_comment": "é"}'.encode("latin-1"), "surrogate": b'{"_comment":"\xed\xa0\x80"}',
                       "overlong": b'{"_comment":"\xc0\xaf"}', "utf16": dumped(config()).encode("utf-16")}.items():
        encoded_data = base64.b64encode(data).decode()
        yield f"bytes-{name}", {"via": "file", "input_base64": encoded_data}
        yield f"bytes-{name}-base64", {"via": "args", "args": ["--dry-run", "--config-base64", encoded_data]}


def all_cases():
    """Cases without verdicts; ids are unique, and every third text goes through --config-base64."""
    seen = set()
    for family in (fields, network, containments, settings, texts, command_lines):
        for number, (name, value) in enumerate(family()):
            case = {"id": name, "category": family.__name__}
            while case["id"] in seen:
                case["id"] += "+"
            seen.add(case["id"])
            if family is command_lines:
                yield {**case, "flags": [], **value}
                continue
            flags = FLAGS[number % 4] if number % 5 == 0 else []
            if isinstance(value, tuple):
                value, flags = value
            text = value if isinstance(value, str) else dumped(value)
            through = "base64" if number % 3 == 2 and len(text) < 90_000 else "file"
            if through == "base64":
                text = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
            yield {**case, "flags": flags, "via": through, "input": text}


def kind_of(case):
    """What is alike about cases: their family and the message without its names and numbers."""
    message = re.sub(r"`[^`]*`|'[^']*'|\"[^\"]*\"|[0-9]+", "#", case.get("reason_substring", ""))
    return case["category"], case["rc"], message


def thinned(cases):
    """A few of each kind of refusal and every third of what is accepted: as telling as all, and a third of their size."""
    count = collections.Counter()
    for case in cases:
        count[kind_of(case)] += 1
        if count[kind_of(case)] <= 5 or (case["rc"] == 0 and count[kind_of(case)] % 3 == 0):
            yield case


def judged(case, real):
    answer = real.dry_run(case)
    verdict = {"expect": "accept" if answer.accepted else "reject", "rc": answer.rc}
    if not answer.accepted:
        verdict["reason_substring"] = real.unplaced(real.reason(case, answer))[:200]
    return {**case, **verdict}


def main():
    program, why = executor.real()
    if program is None:
        sys.exit(f"the MXC executor is not here: {why}")
    real = executor.Executor(program)
    try:
        cases = thinned(judged(case, real) for case in all_cases())
        lines = [json.dumps(case, ensure_ascii=True) for case in cases]
    finally:
        real.close()
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
    print(f"{len(lines)} cases in {OUT}")


if __name__ == "__main__":
    main()
