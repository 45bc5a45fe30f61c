"""A service on a message bus, in its plain wire protocol: takes names and answers every call with a text, and writes down
each call that reaches it. usage: bus_service.py LOG NAME..."""
import os
import socket
import struct
import sys


def align(data, to):
    return data + b"\0" * (-len(data) % to)


def string(text):
    return struct.pack("<I", len(text)) + text.encode() + b"\0"


def header(kind, flags, serial, fields, body):
    """`fields`: (code, signature, value), the value a text or a number."""
    array = b""
    for code, signature, value in fields:
        array = align(array, 8) + bytes([code, 1]) + signature.encode() + b"\0"
        if signature == "u":
            array = align(array, 4) + struct.pack("<I", value)
        elif signature == "g":
            array += bytes([len(value)]) + value.encode() + b"\0"
        else:
            array = align(array, 4) + string(value)
    start = b"l" + bytes([kind, flags, 1]) + struct.pack("<III", len(body), serial, len(array))
    return align(start + array, 8) + body


class Bus:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        if not self.socket.recv(256).startswith(b"OK"):
            raise OSError("not let in")
        self.socket.sendall(b"BEGIN\r\n")
        self.serial = 0
        self.call("Hello")

    def send(self, kind, fields, body=b"", flags=0):
        self.serial += 1
        self.socket.sendall(header(kind, flags, self.serial, fields, body))
        return self.serial

    def exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError
            data += part
        return data

    def receive(self):
        """(kind, serial, fields by code)"""
        start = self.exactly(16)
        length, serial, size = struct.unpack("<III", start[4:16])
        rest = self.exactly(size + (-(16 + size) % 8) + length)
        fields, at = {}, 0
        while at < size:
            at += -at % 8
            code, signature = rest[at], chr(rest[at + 2])
            at += 4
            if signature == "g":
                fields[code] = rest[at + 1:at + 1 + rest[at]].decode()
                at += rest[at] + 2
                continue
            at += -at % 4
            value = struct.unpack("<I", rest[at:at + 4])[0]
            at += 4
            if signature in "so":
                fields[code] = rest[at:at + value].decode()
                at += value + 1
            else:
                fields[code] = value
        return start[1], serial, fields

    def call(self, member, body=b"", signature=""):
        fields = [(1, "o", "/org/freedesktop/DBus"), (2, "s", "org.freedesktop.DBus"), (3, "s", member),
                  (6, "s", "org.freedesktop.DBus")] + ([(8, "g", signature)] if signature else [])
        serial = self.send(1, fields, body)
        while True:
            kind, _, found = self.receive()
            if kind in (2, 3) and found.get(5) == serial:
                return kind == 2


def main():
    log, names = sys.argv[1], sys.argv[2:]
    bus = Bus(os.environ["DBUS_SESSION_BUS_ADDRESS"].split("=", 1)[1].split(",")[0])
    for name in names:
        bus.call("RequestName", align(string(name), 4) + struct.pack("<I", 4), "su")
    print("ready", flush=True)
    while True:
        kind, serial, fields = bus.receive()
        if kind != 1:
            continue
        with open(log, "a", encoding="ascii") as file:
            file.write(fields.get(6, "") + " " + fields.get(3, "") + "\n")
        bus.send(2, [(5, "u", serial), (6, "s", fields[7]), (8, "g", "s")], string("answer of the host"), 1)


if __name__ == "__main__":
    main()
