#!/usr/bin/env python3
"""What a program in a sandbox tries through an HTTP proxy, and past it: fallback_probe.py STEPS, a JSON list of [VERB, ARGUMENT ...].

One line of JSON for each step: {"status" (of HTTP; 0: none), "error" (errno), "micros", "text"}.
"""
import http.client
import json
import os
import socket
import sys
import time
import urllib.request

from names_probe import hello, talk

PATIENCE = 10
HOST, PORT = os.environ.get("HTTP_PROXY", "http://127.0.0.1:1").removeprefix("http://").split(":")


def proxy(host=HOST):
    return socket.create_connection((host, int(PORT)), timeout=PATIENCE)


def answer(stream):
    """The head of a response, and what came along of the rest."""
    back = b""
    while b"\r\n\r\n" not in back and (data := stream.recv(65536)):
        back += data
    head, _, rest = back.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return int(words[1]) if len(words) > 1 else 0, rest


def rest_of(stream, first):
    while data := stream.recv(65536):
        first += data
    return first.decode(errors="replace")


def raw(*pieces):
    """What the proxy says to this; a number stands for as many letters."""
    with proxy() as stream:
        for piece in pieces:
            try:
                stream.sendall(b"a" * piece if isinstance(piece, int) else piece.encode("latin-1"))
            except OSError:
                break  # answered before the end
            time.sleep(0.02)
        status, body = answer(stream)
        return status, rest_of(stream, body)


def tunnel(peer, host=HOST):
    stream = proxy(host)
    stream.sendall(f"CONNECT {peer} HTTP/1.1\r\nHost: {peer}\r\n\r\n".encode())
    return stream, *answer(stream)


def connect(peer, text="\0hello", host=HOST):
    stream, status, body = tunnel(peer, host)
    if status != 200:
        with stream:
            return status, rest_of(stream, body)
    return status, talk(stream, [text.encode()]).decode()


def early(peer, text):
    """Who does not wait for the answer."""
    with proxy() as stream:
        stream.sendall(f"CONNECT {peer} HTTP/1.1\r\n\r\n{text}".encode())
        stream.shutdown(socket.SHUT_WR)
        status, body = answer(stream)
        return status, rest_of(stream, body)


def tls(peer, name):
    stream, status, _ = tunnel(peer)
    message = hello(name)
    return status, "echoed" if talk(stream, [message]) == message else "other bytes"


def forward(head, body=""):
    """A request to be passed on; the pretend host gives back what it was sent."""
    with proxy() as stream:
        back = talk(stream, [(head + "\r\n\r\n" + body).encode()]).decode()
        return (int(back.split(" ")[1]), back) if back.startswith("HTTP/1.1 ") else (200, back)


def browse(url):
    """As Python's own client does it, by the variables."""
    with urllib.request.urlopen(url, timeout=PATIENCE) as page:
        return page.status, page.read().decode()


def own(port):
    """The sandbox's own service is asked directly, whatever the variables say."""
    with socket.create_server(("127.0.0.1", port)):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=0.3)
        except OSError as error:
            return 0, type(getattr(error, "reason", error)).__name__
    return 0, "answered"


def again(first, second):
    """A second request through the same connection, once the first has its answer, which ends with "page"."""
    with proxy() as stream:
        stream.sendall(first.encode())
        status, back = answer(stream)
        while not back.endswith(b"page") and (data := stream.recv(65536)):
            back += data
        try:
            stream.sendall(second.encode())
            return status, rest_of(stream, b"") or "nothing more"
        except OSError:
            return status, "nothing more"


def crowd(count, peer):
    """Many who never say what they want, and then one who does."""
    silent = [proxy() for _ in range(count)]
    for one in silent:
        try:
            one.sendall(b"GET http://")
        except OSError:
            pass  # has given way to a later one
    status, body = connect(peer)
    for one in silent:
        one.close()
    return status, body


def hold(peer, seconds):
    stream, status, _ = tunnel(peer)
    with stream:
        stream.sendall(b"\0held")
        stream.recv(5, socket.MSG_WAITALL)
        print(json.dumps({"held": status}), flush=True)
        stream.settimeout(seconds)
        stream.recv(1)
        return status, "closed"


def direct(host, port, kind="tcp"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM) as one:
        one.settimeout(PATIENCE)
        if kind == "tcp":
            one.connect((host, port))
        else:
            one.sendto(b"x", (host, port))
        return 0, "went out"


STEPS = {"raw": raw, "connect": connect, "early": early, "tls": tls, "forward": forward, "browse": browse, "own": own, "again": again,
         "crowd": crowd, "hold": hold, "direct": direct, "env": lambda key: (0, os.environ.get(key, ""))}


def run(step):
    begin = time.monotonic()
    said = {"status": 0, "error": 0, "text": ""}
    try:
        said["status"], said["text"] = STEPS[step[0]](*step[1:])
    except urllib.request.HTTPError as error:
        said.update(status=error.code, text=error.read().decode())
    except (OSError, http.client.HTTPException) as error:
        said.update(error=getattr(error, "errno", None) or -1, text=f"{type(error).__name__}: {error}")
    said["micros"] = int((time.monotonic() - begin) * 1e6)
    print(json.dumps(said), flush=True)


for one_step in json.loads(sys.argv[1]):
    run(one_step)
