"""As much of an X client as a hostile one needs: requests are bytes, and nothing is checked."""
import os
import socket
import struct


class XClient:
    def __init__(self, display):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(f"/tmp/.X11-unix/X{display.lstrip(':')}")
        self.socket.sendall(b"l\0" + struct.pack("<HHHHH", 11, 0, 0, 0, 0))
        head = self.read(8)
        if head[0] != 1:
            raise OSError("the X server refuses")
        setup = self.read(struct.unpack("<H", head[6:8])[0] * 4)
        self.base = struct.unpack("<I", setup[4:8])[0]
        vendor, formats = struct.unpack("<H", setup[16:18])[0], setup[21]
        self.root = struct.unpack("<I", setup[32 + (vendor + 3) // 4 * 4 + 8 * formats:][:4])[0]
        self.events = []

    def read(self, length):
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            if not part:
                raise OSError("the X server is gone")
            data += part
        return data

    def request(self, opcode, data=0, body=b""):
        body += b"\0" * (-len(body) % 4)
        self.socket.sendall(struct.pack("<BBH", opcode, data, 1 + len(body) // 4) + body)

    def message(self):
        """The next event, reply or error."""
        packet = self.read(32)
        if packet[0] == 1:
            packet += self.read(struct.unpack("<I", packet[4:8])[0] * 4)
        return packet

    def reply(self):
        while True:
            packet = self.message()
            if packet[0] == 1:
                return packet
            self.events.append(packet)

    def event(self, kind):
        while True:
            packet = self.events.pop(0) if self.events else self.message()
            if packet[0] & 0x7F == kind:
                return packet

    def atom(self, name):
        self.request(16, 0, struct.pack("<HH", len(name), 0) + name.encode())
        return struct.unpack("<I", self.reply()[8:12])[0]

    def window(self, number=1):
        made = self.base + number
        self.request(1, 0, struct.pack("<IIhhHHHHIII", made, self.root, 0, 0, 1, 1, 0, 2, 0, 0x800, 0x400000))
        return made

    def owner(self, selection):
        self.request(23, 0, struct.pack("<I", selection))
        return struct.unpack("<I", self.reply()[8:12])[0]

    def own(self, window, selection):
        self.request(22, 0, struct.pack("<III", window, selection, 0))

    def convert(self, window, selection, target, wanted):
        self.request(24, 0, struct.pack("<IIIII", window, selection, target, wanted, 0))

    def put(self, window, name, kind, width, data):
        self.request(18, 0, struct.pack("<IIIBxxxI", window, name, kind, width, len(data) // (width // 8)) + data)

    def notify(self, request, wanted):
        """Answers a SelectionRequest."""
        time, _, requestor, selection, target = struct.unpack("<IIIII", request[4:24])
        event = struct.pack("<BxHIIIII", 31, 0, time, requestor, selection, target, wanted) + b"\0" * 8
        self.request(25, 0, struct.pack("<II", requestor, 0) + event)
        return requestor
