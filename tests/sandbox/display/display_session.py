"""What the tests of displays share: sessions whose program runs lines of shell, and the events that they make."""
import json
import os
import subprocess
import time
import unittest

BELLJAR = os.path.join(os.environ.get("BELLJAR_BIN", ""), "belljar")
IMAGE = b"\x89PNG" + os.urandom(10 * 1024 * 1024)
RIGHTS = {"none": (False, False), "read": (True, False), "write": (False, True), "all": (True, True)}


def run(words, **options):
    return subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, **options)


def until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.01)
    return met


def processes(word, below=None):
    """Numbers of the processes with that word in their command line; only the descendants of process `below` if given."""
    found, parents = set(), {}
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            with open(f"/proc/{pid}/stat", "rb") as file:
                parents[pid] = int(file.read().rpartition(b")")[2].split()[1])
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if word.encode() in file.read() and pid != os.getpid():
                    found.add(pid)
        except OSError:
            pass

    def descends(pid):
        while pid not in (None, below):
            pid = parents.get(pid)
        return pid is not None
    return found if below is None else set(filter(descends, found))


def running(*command, below):
    """The descendants of process `below` with exactly that command line: a start is over, not on its way."""
    words = b"".join(word.encode() + b"\0" for word in command)
    found = set()
    for pid in processes(command[0], below):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if file.read() == words:
                    found.add(pid)
        except OSError:
            pass
    return found


class SessionTest(unittest.TestCase):
    """A subclass sets `environment`, `folder`, and `share`, a folder that its sessions may write."""

    def setUp(self):
        self.started = []
        self.owners = []

    def tearDown(self):
        for process in self.owners + self.started:
            process.kill()
            process.wait()

    def start(self, *command, clipboard="none", injection=False, options=()):
        """A session whose program reads lines of shell from its standard input."""
        profile = os.path.join(self.folder, "profile.json")
        with open(profile, "w", encoding="utf-8") as file:
            json.dump({"version": "0.8.0-alpha", "filesystem": {"readwritePaths": [self.share]},
                       "ui": {"disable": False, "clipboard": clipboard, "injection": injection}}, file)
        self.events = os.path.join(self.folder, f"events-{len(self.started)}.jsonl")
        process = subprocess.Popen(
            [BELLJAR, "run", profile, "--events", "jsonl", "--events-to", self.events, *options, "--",
             *(command or ("sh",))],
            env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.started.append(process)
        self.number = 0
        return process

    def inside(self, process, line, wait=True):
        """Runs a line inside, and returns what it wrote."""
        self.number += 1
        result = os.path.join(self.share, f"result-{self.number}")
        done = result + ".done"
        process.stdin.write(f"{{ {line}; }} > {result} 2>/dev/null; echo > {done}\n".encode())
        process.stdin.flush()
        if not wait:
            return b""
        self.assertTrue(until(lambda: os.path.exists(done), 60), f"inside: {line}")
        os.unlink(done)
        with open(result, "rb") as file:
            return file.read()

    def told(self, kind):
        """Events of that kind so far, with their detail read."""
        with open(self.events, encoding="utf-8") as file:
            events = [json.loads(line) for line in file if line.endswith("\n")]
        return [dict(event, detail=json.loads(event["detail"])) for event in events if event.get("kind") == kind]

    def seen(self, kind):
        """Clipboard events so far, as (denied, type, bytes)."""
        return [(event["verdict"] == "denied", event["object"], event["detail"].get("bytes", 0)) for event in self.told(kind)]

    def own(self, words, content):
        """A program outside that owns the clipboard with that content."""
        process = subprocess.Popen(words, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        process.stdin.write(content)
        process.stdin.close()
        self.owners.append(process)
        return process

    def content_file(self, content):
        """That content in a file which sessions can read."""
        name = os.path.join(self.share, "content")
        with open(name, "wb") as file:
            file.write(content)
        return name

    def set_rights(self, session, rights):
        """A session answers a moment after its program has started."""
        for _ in range(50):
            done = subprocess.run([BELLJAR, "policy", str(session.pid), "--clipboard", rights], env=self.environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20)
            if done.returncode == 0:
                return
            time.sleep(0.1)
        self.fail(done.stdout)
