"""Runs inside: an X client that means harm to the clipboard's broker. usage: hostile_client.py KIND"""
import os
import struct
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from x_client import XClient


def flood(x):
    """Pastes nobody waits for, of types that do not exist, and copies without end."""
    window, clipboard = x.window(), x.atom("CLIPBOARD")
    targets = [x.atom(f"hostile/type-{i}") for i in range(2000)]
    for _ in range(3):
        for target in targets:
            x.convert(window, clipboard, target, target)
    for i in range(3000):
        x.own(window, clipboard)
    x.own(0, clipboard)
    x.atom("the server has read all of it")


def forged(x):
    """Events that only a server sends, to the broker's own window, and requests in its name."""
    clipboard = x.atom("CLIPBOARD")
    broker = x.owner(clipboard)
    for kind in (28, 30, 31, 87, 29):
        for _ in range(200):
            x.request(25, 0, struct.pack("<II", broker, 0) + struct.pack("<BxHIIIIII", kind, 0, 0, broker, broker, clipboard,
                                                                         clipboard, clipboard) + b"\0" * 4)
    x.convert(broker, clipboard, x.atom("STRING"), x.atom("BELLJAR_0"))
    for slot in range(16):
        x.put(broker, x.atom(f"BELLJAR_{slot}"), x.atom("ATOM"), 32, b"\xff" * 4096)
    x.atom("the server has read all of it")


def cover(x):
    """A white window over everything, far beyond the screen's edges, which no window manager may touch."""
    made = x.base + 1
    x.request(1, 0, struct.pack("<IIhhHHHHIIII", made, x.root, -3000, -3000, 9000, 9000, 0, 1, 0, 0x202, 0xFFFFFF, 1))
    x.request(8, 0, struct.pack("<I", made))
    x.atom("the server has read all of it")


def key(x, window):
    x.request(25, 0, struct.pack("<II", window, 0) + b"\x02" + b"\0" * 31)


def tap(x):
    """One key for the whole screen, and one for itself."""
    key(x, x.root)
    key(x, x.window())
    x.atom("the server has read all of it")


def inject(x):
    """Keys to everybody and to itself, and a pointer that never rests, faster than anybody could tell of each."""
    own = x.window()
    for i in range(20000):
        key(x, x.root)
        key(x, own)
        x.request(41, 0, struct.pack("<IIhhHHhh", 0, x.root, 0, 0, 0, 0, i % 100, 7))
    x.atom("the server has read all of it")


def unreadable(x):
    """A request of no length, which servers do not agree about, and behind it a key that nobody may miss."""
    x.socket.sendall(struct.pack("<BBH", 43, 0, 0))
    try:
        key(x, x.root)
        x.atom("never answered")
    except OSError:
        print("ended", flush=True)


def listen(x):
    """Has the keyboard and says when a key is pressed."""
    made = x.base + 1
    x.request(1, 0, struct.pack("<IIhhHHHHIIII", made, x.root, 0, 0, 50, 50, 0, 1, 0, 0x802, 0xFFFFFF, 1))
    x.request(8, 0, struct.pack("<I", made))
    x.atom("mapped")
    x.request(42, 0, struct.pack("<II", made, 0))
    x.atom("focused")
    print("listens", flush=True)
    x.event(2)
    print("pressed", flush=True)


def serve(x, answer):
    """Owns the clipboard and lets `answer` see each request."""
    window, clipboard = x.window(), x.atom("CLIPBOARD")
    x.own(window, clipboard)
    print("owned", flush=True)
    while True:
        request = x.event(30)
        answer(x, request, *struct.unpack("<II", request[20:28]))


def stalled(x, request, target, wanted):
    """Promises pieces and never sends one."""
    x.put(struct.unpack("<I", request[12:16])[0], wanted, x.atom("INCR"), 32, struct.pack("<I", 4096))
    x.notify(request, wanted)


def silent(x, request, target, wanted):
    """Never answers."""


def lying(x, request, target, wanted):
    """A list of types that are none, and content of a type whose values name windows."""
    requestor = struct.unpack("<I", request[12:16])[0]
    x.put(requestor, wanted, x.atom("WINDOW"), 32, b"\x01\0\0\0" * 1000)
    x.notify(request, wanted)


def wrong_pieces(x, request, target, wanted):
    """Pieces that change while they are read, and one that is endless."""
    requestor = struct.unpack("<I", request[12:16])[0]
    x.put(requestor, wanted, x.atom("INCR"), 32, struct.pack("<I", 0))
    x.notify(request, wanted)
    for _ in range(200):
        x.put(requestor, wanted, x.atom("STRING"), 8, os.urandom(200000))
        x.put(requestor, wanted, x.atom("INCR"), 32, struct.pack("<I", 7))


if __name__ == "__main__":
    client = XClient(os.environ["DISPLAY"])
    what = globals()[sys.argv[1]]
    if sys.argv[1] in ("flood", "forged", "cover", "tap", "inject", "unreadable", "listen"):
        what(client)
        print("done", flush=True)
        time.sleep(60)
    serve(client, what)
