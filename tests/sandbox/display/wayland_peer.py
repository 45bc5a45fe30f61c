"""A Wayland client in the plain wire protocol. usage: wayland_peer.py WORD [ARGUMENT]
globals      prints what the compositor has: "NAME INTERFACE VERSION"
window TITLE shows a window until it is killed
bind NAME INTERFACE   binds that global, and prints whether the connection lives
harm KIND    says something that is wrong, and prints whether the connection lives"""
import array
import os
import socket
import struct
import sys


def connect():
    name = os.environ["WAYLAND_DISPLAY"]
    path = name if name.startswith("/") else os.path.join(os.environ["XDG_RUNTIME_DIR"], name)
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(10)
    made.connect(path)
    return made


def text(value):
    raw = value.encode() + b"\0"
    return struct.pack("<I", len(raw)) + raw + b"\0" * (-len(raw) % 4)


class Wayland:
    def __init__(self):
        self.socket = connect()
        self.next = 2
        self.buffer = b""
        self.globals = {}
        self.registry = self.new()
        self.send(1, 1, struct.pack("<I", self.registry))
        self.roundtrip()

    def new(self):
        self.next += 1
        return self.next - 1

    def send(self, target, opcode, body=b"", files=()):
        message = struct.pack("<II", target, (8 + len(body)) << 16 | opcode) + body
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))] if files else []
        self.socket.sendmsg([message], ancillary)

    def event(self):
        while len(self.buffer) < 8 or len(self.buffer) < struct.unpack("<I", self.buffer[4:8])[0] >> 16:
            part = self.socket.recv(65536)
            if not part:
                raise EOFError
            self.buffer += part
        target, second = struct.unpack("<II", self.buffer[:8])
        size = second >> 16
        body, self.buffer = self.buffer[8:size], self.buffer[size:]
        if target == self.registry and second & 0xffff == 0:
            name, length = struct.unpack("<II", body[:8])
            self.globals[name] = (body[8:8 + length - 1].decode(), struct.unpack("<I", body[-4:])[0])
        return target, second & 0xffff, body

    def roundtrip(self):
        done = self.new()
        self.send(1, 0, struct.pack("<I", done))
        while self.event()[0] != done:
            pass

    def lives(self):
        try:
            self.roundtrip()
            return True
        except (EOFError, OSError):
            return False

    def bind(self, name, interface, version=1):
        made = self.new()
        self.send(self.registry, 0, struct.pack("<I", name) + text(interface) + struct.pack("<II", version, made))
        return made

    def bind_known(self, interface, version=1):
        for name, (known, _) in self.globals.items():
            if known == interface:
                return self.bind(name, interface, version)
        raise LookupError(interface)


def window(wayland, title):
    compositor, shm, base = (wayland.bind_known(name) for name in ("wl_compositor", "wl_shm", "xdg_wm_base"))
    surface, shell, top, pool, picture = (wayland.new() for _ in range(5))
    wayland.send(compositor, 0, struct.pack("<I", surface))
    wayland.send(base, 2, struct.pack("<II", shell, surface))
    wayland.send(shell, 1, struct.pack("<I", top))
    if title:
        wayland.send(top, 2, text(title))
    wayland.send(surface, 6)
    size = 64 * 64 * 4
    memory = os.memfd_create("picture")
    os.write(memory, b"\x40\x80\xc0\xff" * (64 * 64))
    wayland.send(shm, 0, struct.pack("<Ii", pool, size), [memory])
    wayland.send(pool, 0, struct.pack("<IiiiiI", picture, 0, 64, 64, 64 * 4, 1))
    wayland.socket.settimeout(None)
    while True:
        target, opcode, body = wayland.event()
        if target == shell and opcode == 0:
            wayland.send(shell, 4, body[:4])
            wayland.send(surface, 1, struct.pack("<Iii", picture, 0, 0))
            wayland.send(surface, 6)
            print("shown", flush=True)
        if target == base and opcode == 0:
            wayland.send(base, 3, body[:4])


def harm(wayland, kind):
    if kind == "size":
        wayland.socket.sendall(struct.pack("<II", 1, 3 << 16))
    elif kind == "huge":
        wayland.socket.sendall(struct.pack("<II", 1, 65532 << 16) + b"\0" * 65524)
    elif kind == "opcode":
        wayland.send(1, 77)
    elif kind == "object":
        wayland.send(4242, 0)
    elif kind == "short":
        wayland.send(1, 0)
    elif kind == "long":
        wayland.send(1, 0, struct.pack("<II", wayland.new(), 0))
    elif kind == "text":
        wayland.send(wayland.registry, 0, struct.pack("<II", 1, 4) + b"abcd" + struct.pack("<II", 1, wayland.new()))
    elif kind == "text_length":
        wayland.send(wayland.registry, 0, struct.pack("<II", 1, 0xfffffff0) + b"abcd" + struct.pack("<II", 1, 99))
    elif kind == "their_id":
        wayland.send(1, 0, struct.pack("<I", 0xff000001))
    elif kind == "used_id":
        wayland.send(1, 0, struct.pack("<I", wayland.registry))
    elif kind == "no_file":
        shm = wayland.bind_known("wl_shm")
        wayland.send(shm, 0, struct.pack("<Ii", wayland.new(), 4096))
    elif kind == "wrong_interface":
        base = wayland.bind_known("xdg_wm_base")
        wayland.send(base, 2, struct.pack("<II", wayland.new(), base))
    elif kind == "wrong_version":
        wayland.bind_known("wl_compositor", 999)
    elif kind == "objects":
        compositor = wayland.bind_known("wl_compositor")
        for _ in range(70000):
            wayland.send(compositor, 1, struct.pack("<I", wayland.new()))
    elif kind == "files":
        null = os.open("/dev/null", os.O_RDONLY)
        for _ in range(200):
            wayland.send(1, 0, struct.pack("<I", wayland.new()), [null] * 20)
    elif kind == "deaf":
        wayland.socket.settimeout(1)
        for _ in range(200000):
            wayland.send(1, 0, struct.pack("<I", wayland.new()))


def main():
    word, arguments = sys.argv[1], sys.argv[2:]
    wayland = Wayland()
    if word == "globals":
        for name, (interface, version) in sorted(wayland.globals.items()):
            print(name, interface, version)
    elif word == "window":
        window(wayland, arguments[0] if arguments else "")
    elif word == "bind":
        try:
            wayland.bind(int(arguments[0]), arguments[1])
        except OSError:
            pass
        print("lives" if wayland.lives() else "ended")
    elif word == "harm":
        try:
            harm(wayland, arguments[0])
        except OSError:
            pass
        print("lives" if wayland.lives() else "ended")


if __name__ == "__main__":
    main()
