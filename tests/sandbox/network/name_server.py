"""A pretend name server: answers for .test names as tests need them, and keeps to nothing that it should.

names() says what the pretend world is like: each name has records, and some behave badly.
"""
import socket
import struct
import threading
import time

A, CNAME, TXT, AAAA, HTTPS = 1, 5, 16, 28, 65
TTL = 300


def names(addresses4, addresses6, host4):
    """Records by name: (type, time to live, value)."""
    one, two = addresses4[0], addresses4[1]
    table = {
        "www.example.test": [(A, TTL, one), (AAAA, TTL, addresses6[0])],
        "other.example.test": [(A, TTL, two)],
        "deep.www.example.test": [(A, TTL, one)],
        "neighbour.test": [(A, TTL, one)],
        "single.test": [(A, TTL, two)],
        "single2.test": [(A, TTL, two)],
        "zero.example.test": [(A, 0, two)],
        "alias.example.test": [(CNAME, TTL, "cdn.elsewhere.test"), (A, TTL, one)],
        "cdn.elsewhere.test": [(A, TTL, one)],
        "many.example.test": [(A, TTL, f"198.18.{number // 250}.{number % 250 + 1}") for number in range(600)] + [(A, TTL, one)],
        "loopback.example.test": [(A, TTL, "127.0.0.1"), (AAAA, TTL, "::1")],
        "hostloopback.example.test": [(A, TTL, "100.64.0.1")],
        "host.example.test": [(A, TTL, host4)],
        "private.example.test": [(A, TTL, "10.9.9.9")],
        "mapped.example.test": [(AAAA, TTL, "::ffff:10.9.9.9")],
        "extra.example.test": [(A, TTL, two)],
        "keys.example.test": [(HTTPS, TTL, b"\0\1\0"), (TXT, TTL, b"\3abc"), (A, TTL, one)],
    }
    for number in range(6):
        table[f"chain{number}.example.test"] = [(CNAME, TTL, f"chain{number + 1}.example.test")]
    table["chain6.example.test"] = [(A, TTL, one)]
    table["circle.example.test"] = [(CNAME, TTL, "circle2.example.test")]
    table["circle2.example.test"] = [(CNAME, TTL, "circle.example.test")]
    return table


def of_this_machine():
    """The address at which this machine asks for names."""
    with open("/etc/resolv.conf", encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[:1] == ["nameserver"] and ":" not in words[1]:
                return words[1]
    return "127.0.0.1"


def wire(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def record(name, kind, lifetime, value):
    data = value
    if kind == A:
        data = socket.inet_aton(value)
    elif kind == AAAA:
        data = socket.inet_pton(socket.AF_INET6, value)
    elif kind == CNAME:
        data = wire(value)
    return wire(name) + struct.pack(">HHIH", kind, 1, lifetime, len(data)) + data


class Server:
    """Serves at one address, UDP and TCP, on threads."""

    def __init__(self, table, address):
        self.table = table
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self.datagrams = socket.socket(family, socket.SOCK_DGRAM)
        self.datagrams.bind((address, 53))
        self.streams = socket.create_server((address, 53), family=family)
        threading.Thread(target=self.serve_datagrams, daemon=True).start()
        threading.Thread(target=self.serve_streams, daemon=True).start()

    def reply(self, message):
        """The whole reply, or nothing."""
        at, labels = 12, []
        while message[at]:
            labels.append(message[at + 1:at + 1 + message[at]].decode())
            at += message[at] + 1
        name = ".".join(labels).lower()
        kind = struct.unpack(">H", message[at + 1:at + 3])[0]
        section = message[12:at + 5]
        if name.startswith("silent."):
            return b""
        if name.startswith("broken."):
            return b"\xff" * 40
        if name.startswith("slow."):
            time.sleep(0.5)
        if name.startswith("failing."):
            return message[:2] + struct.pack(">HHHHH", 0x8182, 1, 0, 0, 0) + section
        if name not in self.table and not name.startswith(("slow.",)):
            return message[:2] + struct.pack(">HHHHH", 0x8183, 1, 0, 0, 0) + section
        answers, asked, seen = [], name, set()
        while asked not in seen:
            seen.add(asked)
            records = self.table.get(asked, [(A, TTL, "198.51.100.20")] if asked.startswith("slow.") else [])
            aliases = [one for one in records if one[0] == CNAME]
            answers += [record(asked, *one) for one in aliases or records if one[0] in (kind, CNAME)]
            if aliases:
                asked = aliases[0][2]
        if name.startswith("extra."):  # an address for somebody else's name
            answers.append(record("neighbour.test", A, TTL, "203.0.113.5"))
        return message[:2] + struct.pack(">HHHHH", 0x8180, 1, len(answers), 0, 0) + section + b"".join(answers)

    def serve_datagrams(self):
        while True:
            message, peer = self.datagrams.recvfrom(4096)
            threading.Thread(target=self.answer_datagram, args=(message, peer), daemon=True).start()

    def answer_datagram(self, message, peer):
        reply = self.reply(message)
        if len(reply) > 1232:
            end = message.index(b"\0", 12) + 5
            reply = message[:2] + struct.pack(">HHHHH", 0x8380, 1, 0, 0, 0) + message[12:end]
        if reply:
            self.datagrams.sendto(reply, peer)

    def serve_streams(self):
        while True:
            threading.Thread(target=self.answer_stream, args=(self.streams.accept()[0],), daemon=True).start()

    def answer_stream(self, stream):
        with stream:
            length = stream.recv(2, socket.MSG_WAITALL)
            if len(length) == 2:
                reply = self.reply(stream.recv(struct.unpack(">H", length)[0], socket.MSG_WAITALL))
                stream.sendall(struct.pack(">H", len(reply)) + reply)
