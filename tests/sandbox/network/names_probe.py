#!/usr/bin/env python3
"""What a program in a sandbox can try with names: names_probe.py STEPS, a JSON list of [VERB, ARGUMENT ...].

One line of JSON for each step: {"ok", "error" (errno), "micros", "text"}. It uses the C library's own resolver and
Python's own TLS, as programs do.
"""
import json
import socket
import ssl
import struct
import sys
import time

PATIENCE = 6


def address(host, port, kind=socket.SOCK_STREAM):
    return socket.getaddrinfo(host, port, type=kind)[0]


def talk(stream, pieces):
    """Sends, half-closes, and gives what came back."""
    with stream:
        for piece in pieces:
            stream.sendall(piece)
            if len(pieces) > 1:
                time.sleep(0.01)
        stream.shutdown(socket.SHUT_WR)
        back = b""
        while data := stream.recv(65536):
            back += data
        return back


def connected(host, port):
    family, kind, _, _, peer = address(host, port)
    stream = socket.socket(family, kind)
    stream.settimeout(PATIENCE)
    stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    stream.connect(peer)
    return stream


def echoed(host, port, pieces):
    sent = b"".join(pieces)
    back = talk(connected(host, port), pieces)
    if back != sent:
        raise OSError(0, f"{len(back)} other bytes")
    return f"{len(back)} bytes"


def hello(sni):
    """A ClientHello as OpenSSL makes it."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    out = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=sni)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return out.read()


def in_records(message, size):
    """The same handshake message in records of at most that many bytes."""
    body = message[5:]
    return b"".join(b"\x16\x03\x01" + struct.pack(">H", len(body[at:at + size])) + body[at:at + size]
                    for at in range(0, len(body), size))


def question(name, kind, number=0x4242):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x100, 1, 0, 0, 0) + labels + struct.pack(">BHH", 0, kind, 1)


def lookup(name, version):
    family = socket.AF_INET6 if version == 6 else socket.AF_INET
    found = {entry[4][0] for entry in socket.getaddrinfo(name, None, family, socket.SOCK_STREAM)}
    return " ".join(sorted(found))


def ask(server, port, name, kind, way="udp"):
    """A question of our own; the code and the number of answers."""
    message = question(name, kind)
    if way == "udp":
        with socket.socket(address(server, port)[0], socket.SOCK_DGRAM) as one:
            one.settimeout(PATIENCE)
            one.connect((server, port))
            one.send(message)
            back = one.recv(65536)
    else:
        stream = connected(server, port)
        with stream:
            stream.sendall(struct.pack(">H", len(message)) + message)
            length = struct.unpack(">H", stream.recv(2, socket.MSG_WAITALL))[0]
            back = stream.recv(length, socket.MSG_WAITALL)
    number, flags, _, answers = struct.unpack(">HHHH", back[:8])
    return f"{'own' if number == 0x4242 else 'other'} code {flags & 15} answers {answers}{' cut' if flags & 0x200 else ''}"


def udp(host, port, text):
    family, kind, _, _, peer = address(host, port, socket.SOCK_DGRAM)
    with socket.socket(family, kind) as one:
        one.settimeout(PATIENCE)
        one.connect(peer)
        one.send(text.encode())
        return one.recv(65536).decode()


def tls(host, port, sni, way="whole"):
    message = hello(sni)
    if way == "records":
        return echoed(host, port, [in_records(message, 40)])
    if way == "bytes":
        return echoed(host, port, [message[at:at + 50] for at in range(0, len(message), 50)])
    return echoed(host, port, [message])


def hold(host, port, seconds):
    """A connection that goes on until it is cut or the time is over."""
    with connected(host, port) as stream:
        stream.sendall(b"\0held")
        stream.recv(5, socket.MSG_WAITALL)
        print(json.dumps({"held": True}), flush=True)
        stream.settimeout(seconds)
        stream.recv(1)
        return "closed"


STEPS = {
    "lookup": lookup,
    "ask": ask,
    "tcp": lambda host, port, text: echoed(host, port, [text.encode()]),
    "parts": lambda host, port, *parts: echoed(host, port, [part.encode() for part in parts]),
    "udp": udp,
    "tls": tls,
    "hold": hold,
    "sleep": lambda seconds: time.sleep(seconds) or "",
}


def run(step):
    begin = time.monotonic()
    answer = {"ok": True, "error": 0, "text": ""}
    try:
        answer["text"] = STEPS[step[0]](*step[1:])
    except socket.gaierror as error:
        answer.update(ok=False, error=error.errno, text="name: " + str(error.strerror))
    except OSError as error:
        answer.update(ok=False, error=error.errno or 0, text=type(error).__name__ + ": " + str(error.strerror))
    answer["micros"] = int((time.monotonic() - begin) * 1e6)
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    for one_step in json.loads(sys.argv[1]):
        run(one_step)
