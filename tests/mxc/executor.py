"""Runs an MXC executor, Microsoft's or ours under its name, on a case and says what it answered.

A case is a dict as in the lines of cases.jsonl: `via` file, base64 or args; `input` (text) or `input_base64` (bytes); `args`,
where "@ok" is a file with a valid configuration; `flags`. A message may hold two words that stand for paths:
"<FILE>", the case's own file, and "$CORPUS", the folder of "@ok".
"""
import base64
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
VALID = '{"version": "0.8.0-alpha", "process": {"commandLine": "true"}}'
# How long one dry run may take; the slowest known ones stay below a second.
PATIENCE = 60
# Programs whose presence the real executor demands before it accepts a filtered network, in their order.
NETWORK_TOOLS = ("slirp4netns", "iptables", "iptables-restore", "ip6tables", "ip6tables-restore", "nsenter", "unshare")


def bin_folder():
    return os.environ.get("BELLJAR_BIN", os.path.join(SOURCE, "build", "release", "bin"))


def ours():
    """Path of our executor, where MXC's SDK looks below MXC_BIN_DIR."""
    arch = "arm64" if platform.machine() in ("aarch64", "arm64") else "x64"
    return os.path.join(bin_folder(), arch, "lxc-exec")


def real():
    """(path, "") of Microsoft's executor, which npm fetches once, or (None, the reason why it is not here)."""
    folder = os.path.join(bin_folder(), "mxc-sdk-0.8.0")
    done = subprocess.run(["sh", os.path.join(HERE, "install.sh"), folder], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=150, check=False)
    path = os.path.join(folder, "lxc-exec")
    if done.returncode != 0:
        return None, done.stdout.strip() or "install.sh failed"
    return path, ""


class Answer:
    """What an executor answered: `rc` (-n: killed by signal n), `out`, `err` as bytes; `file` the case's file."""

    def __init__(self, rc, out, err, file=""):
        self.rc, self.out, self.err, self.file = rc, out, err, file

    @property
    def accepted(self):
        return self.rc == 0

    def text(self):
        """Standard error and output; a debugging reader wants the errors first."""
        return (self.err + b"\n" + self.out).decode("utf-8", "replace")


class Executor:
    """One executor with a folder of its own for the files of cases; use one for each thread, and close() it."""

    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="belljar-test-mxc-")
        self.ok_file = os.path.join(self.folder, "cli-ok.json")
        self.case_file = os.path.join(self.folder, "case.json")
        with open(self.ok_file, "w", encoding="utf-8") as file:
            file.write(VALID)
        tools = os.path.join(self.folder, "tools")
        os.mkdir(tools)
        for name in NETWORK_TOOLS:
            if not shutil.which(name, path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"):
                stand_in = os.path.join(tools, name)
                with open(stand_in, "w", encoding="utf-8") as file:
                    file.write("#!/bin/sh\necho 'stand-in v1.8.9 (nf_tables)'\n")
                os.chmod(stand_in, 0o755)
        # What the launcher's environment holds must not matter, so it holds little.
        self.environment = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:" + tools, "HOME": self.folder}

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, arguments):
        done = subprocess.run([self.program, *arguments], env=self.environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False,
                              cwd=self.folder)
        return Answer(done.returncode, done.stdout, done.stderr, self.case_file)

    def dry_run(self, case):
        return self.run(self.command(case, dry_run=True))

    def command(self, case, dry_run):
        """Arguments for this case, whose file is written. Its own flags come last."""
        if case["via"] == "args":
            return [word.replace("@ok", self.ok_file) for word in case["args"] if dry_run or word != "--dry-run"]
        data = base64.b64decode(case["input_base64"]) if "input_base64" in case else case["input"].encode()
        arguments = ["--dry-run"] if dry_run else []
        if case["via"] == "base64":
            arguments += [b"--config-base64", data]
        else:
            with open(self.case_file, "wb") as file:
                file.write(data)
            arguments.append(self.case_file)
        return arguments + list(case.get("flags", ()))

    def reason(self, case, answer):
        """What was wrong with a refused case. The real executor's dry run keeps silent about what its last stage found; a
        real run, which that stage stops as well before anything is started, says it."""
        if answer.rc == 255 and not head(answer):
            answer = self.run(self.command(case, dry_run=False))
        return head(answer) or answer.out.decode("utf-8", "replace").split("\n")[0]

    def placed(self, message):
        """`message` with its words for paths replaced by the paths."""
        return message.replace("<FILE>", self.case_file).replace("$CORPUS", self.folder)

    def unplaced(self, message):
        return message.replace(self.case_file, "<FILE>").replace(self.folder, "$CORPUS")


WARNING = re.compile("WARNING: |Note: |Warning: could not open log file|Filesystem path .*; applying most-restrictive intent")


def head(answer):
    """The first line of the message on standard error, without what precedes it and without the place in the text."""
    for line in answer.err.decode("utf-8", "replace").split("\n"):
        line = line.removeprefix("Configuration parse error: ")
        if line.startswith('{"error":'):  # At times the message stands in the envelope only.
            return json.loads(line)["error"]["message"].split("\n")[0]
        if line.strip() and line != "Request error" and not WARNING.match(line):
            return strip_place(line.split('{"error":')[0])
    return ""


def strip_place(line):
    """Without " at line 1 column 2" and what follows: ours adds more there."""
    return line.split(" at line ")[0].rstrip()


def warnings(answer):
    """The lines that precede a verdict, in their order."""
    return [line for line in answer.text().split("\n") if WARNING.match(line)]
