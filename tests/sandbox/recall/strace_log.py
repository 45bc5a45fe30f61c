"""What `strace -ff -y --decode-pids=pidns` saw of the processes inside a sandbox, as (kind, object, errno).

Inside is who has installed a system-call filter, and all that come from there. Working folders are followed from process
to process, links in folders are resolved in the host's tree, whose folders the sandbox has at the same places.
"""
import collections
import errno
import os
import re

TRACED = ("execve,execveat,open,openat,openat2,creat,unlink,unlinkat,rmdir,rename,renameat,renameat2,mkdir,mkdirat,"
          "connect,bind,chdir,fchdir,clone,clone3,fork,vfork,seccomp")
OPTIONS = ["-f", "-ff", "-y", "--decode-pids=pidns", "-s", "4096", "-e", "signal=none", "-e", "trace=" + TRACED]

Seen = collections.namedtuple("Seen", "kind object error")

ESCAPES = {"n": 10, "t": 9, "r": 13, "v": 11, "f": 12, '"': 34, "\\": 92, "a": 7, "b": 8, "e": 27}


def unescape(text):
    """A string as strace writes it, as text; bytes that are no UTF-8 become U+FFFD, as in our events."""
    out, at = bytearray(), 0
    while at < len(text):
        if text[at] != "\\":
            out += text[at].encode("utf-8", "surrogateescape")
            at += 1
            continue
        number = re.match(r"[0-7]{1,3}|x[0-9a-f]{2}", text[at + 1:])
        if number:
            word = number.group()
            out.append(int(word[1:], 16) if word[0] == "x" else int(word, 8))
            at += 1 + len(word)
        else:
            out.append(ESCAPES[text[at + 1]])
            at += 2
    return out.decode("utf-8", "replace")


def split_arguments(text):
    """The arguments of a call, cut at commas that stand in no string, bracket or path of a descriptor."""
    parts, depth, begin, at = [], 0, 0, 0
    while at < len(text):
        c = text[at]
        if c == '"':
            at += 1
            while text[at] != '"':
                at += 2 if text[at] == "\\" else 1
        elif c in "([{<":
            depth += 1
        elif c in ")]}>" and depth:
            depth -= 1
        elif c == "," and depth == 0:
            parts.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    return parts + [text[begin:].strip()]


def string(argument):
    found = re.match(r'@?"((?:[^"\\]|\\.)*)"', argument)
    return unescape(found.group(1)) if found else None


def descriptor_path(argument):
    """/path of "3</path>" and "AT_FDCWD</path>"; None for what is no file."""
    found = re.match(r"[\w-]+<(.*?)>(?:\(deleted\))?$", argument)
    return unescape(found.group(1)) if found and found.group(1).startswith("/") else None


def same_name(path):
    """Processes have other numbers inside."""
    return re.sub(r"^/proc/(self|thread-self|\d+)(/task/\d+)?(?=/|$)", "/proc/PID", path)


def resolve(folder, path, follow):
    """The absolute path with links resolved: in the folder always, of the last part where the call follows it."""
    whole = path if path.startswith("/") else os.path.join(folder or "/", path)
    if same_name(whole).startswith("/proc/PID"):
        return same_name(os.path.normpath(whole))
    last = os.path.basename(whole.rstrip("/"))
    if follow or last in ("", ".", ".."):
        return same_name(os.path.realpath(whole))
    return same_name(os.path.join(os.path.realpath(os.path.dirname(whole.rstrip("/"))), last))


def address(text):
    """host:port or unix:path of a socket address, with the path as written; None for other families."""
    port = re.search(r"port=htons\((\d+)\)", text)
    v4 = re.search(r'sin_addr=inet_addr\("([^"]+)"\)', text)
    v6 = re.search(r'inet_pton\(AF_INET6, "([^"]+)"', text)
    if port and v4:
        return f"{v4.group(1)}:{port.group(1)}"
    if port and v6:
        return f"[{v6.group(1)}]:{port.group(1)}"
    name = re.search(r'sun_path=(@?"(?:[^"\\]|\\.)*")', text)
    if name:
        return "unix:" + ("@" if name.group(1)[0] == "@" else "") + string(name.group(1))
    return None


class Process:
    """One file of the log."""

    def __init__(self, prefix, pid, folder, inside):
        self.prefix, self.folder, self.inside = prefix, folder, inside
        self.path = f"{prefix}.{pid}"
        self.seen, self.children = [], []

    def read(self):
        if not os.path.exists(self.path):
            return
        with open(self.path, encoding="utf-8", errors="surrogateescape") as file:
            for line in file:
                found = re.match(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)$", line.rstrip("\n"))
                if found:
                    self.call(*found.groups())

    def call(self, name, arguments, result, rest):
        if name in ("clone", "clone3", "fork", "vfork"):
            child = re.search(r"/\* (\d+) in strace's PID NS \*/", rest)
            number = child.group(1) if child else result
            if number not in ("?", "-1"):
                self.children.append((int(number), self.folder, self.inside))
            return
        if name == "seccomp":
            self.inside = self.inside or ("SET_MODE_FILTER" in arguments and result != "-1")
            return
        words = split_arguments(arguments)
        if name == "chdir" and result == "0":
            self.folder = resolve(self.folder, string(words[0]), True)
        elif name == "fchdir" and result == "0":
            self.folder = descriptor_path(words[0]) or self.folder
        if name in ("chdir", "fchdir"):
            return
        error = re.match(r" (E[A-Z0-9]+)", rest)
        if not self.inside or result == "?" or (error and error.group(1).startswith("ERESTART")):
            return
        code = getattr(errno, error.group(1)) if error else 0
        for kind, target in self.targets(name, words, rest):
            self.seen.append(Seen(kind, target, code))

    def at(self, words, index):
        """Folder and path of the arguments (descriptor, path)."""
        return descriptor_path(words[index]) or self.folder, string(words[index + 1])

    def targets(self, name, words, rest):
        """(kind, object) of a call; none when it names nothing that could be read."""
        if name in ("open", "openat", "openat2", "creat"):
            yield from self.opened(name, words, rest)
        elif name in ("connect", "bind"):
            yield from self.connected(name, words)
        elif name in ("execve", "execveat"):
            folder, path = self.at(words, 0) if name == "execveat" else (self.folder, string(words[0]))
            if path is not None:
                yield "exec", resolve(folder, path, True) if path else folder
        elif name in ("rename", "renameat", "renameat2"):
            pairs = [(self.folder, string(words[0])), (self.folder, string(words[1]))]
            if name != "rename":
                pairs = [self.at(words, 0), self.at(words, 2)]
            if None not in (pairs[0][1], pairs[1][1]):
                yield "rename", " → ".join(resolve(folder, path, False) for folder, path in pairs)
        else:
            folder, path = self.at(words, 0) if name.endswith("at") else (self.folder, string(words[0]))
            kind = "rmdir" if name == "rmdir" or "AT_REMOVEDIR" in words[-1] else name.removesuffix("at")
            if path is not None:
                yield kind, resolve(folder, path, False)

    def opened(self, name, words, rest):
        folder, path = self.at(words, 0) if name.startswith("openat") else (self.folder, string(words[0]))
        if path is None:
            return
        flags = "" if name == "creat" else words[2 if name.startswith("openat") else 1]
        became = re.match(r"<(.*?)>(\(deleted\))?", rest)
        if became and became.group(1).startswith("/") and "O_TMPFILE" not in flags:
            yield "open", same_name(unescape(became.group(1)))
            return
        yield "open", resolve(folder, path, "O_NOFOLLOW" not in flags and not ("O_CREAT" in flags and "O_EXCL" in flags))

    def connected(self, name, words):
        target = address(words[1])
        if target is None:
            return
        if target.startswith("unix:") and not target.startswith("unix:@"):
            target = "unix:" + resolve(self.folder, target[5:], name == "connect")
        yield name, target


def read(prefix, first, folder):
    """Everything that processes inside did, from the process `first` on, which started in `folder`."""
    seen, waiting, known = [], [(first, folder, False)], set()
    while waiting:
        pid, where, inside = waiting.pop()
        if pid in known:
            continue
        known.add(pid)
        process = Process(prefix, pid, where, inside)
        process.read()
        seen += process.seen
        waiting += process.children
    return seen
