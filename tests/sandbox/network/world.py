"""Pretend hosts for tests of filtered networks: this process becomes a host with one neighbour network of its own.

The process moves into a network namespace of its own (and a user namespace, unless it is root), which plays the host. A
veth pair leads to a second one, the world, where a child process answers at many addresses: each TCP connection and each
datagram gets back what it sent, as often as it sends. Nothing of the machine's own network is touched.
"""
import ctypes
import os
import selectors
import shutil
import signal
import socket
import subprocess
import threading

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
# Addresses of the world; whoever listens there listens at each of them.
WORLD4 = ["198.51.100.10", "198.51.100.20", "198.51.100.130", "203.0.113.5"]
WORLD6 = ["2001:db8:a::10", "2001:db8:a::20", "2001:db8:b::5"]
PORTS = [53, 80, 443, 5353, 8080, 8081]
HOST4, HOST6 = "192.0.2.1", "2001:db8:1::1"
GATE4, GATE6 = "192.0.2.254", "2001:db8:1::fe"
HOST_PORT = 7000


BLOCKED_MICROS = 50_000


class Unavailable(Exception):
    """Why there is no such world here."""


def unshare(flags):
    if LIBC.unshare(flags) != 0:
        raise Unavailable("no namespaces: " + os.strerror(ctypes.get_errno()))


def keep_network_power():
    """For a program that configures our namespaces: a user who is not root would lose all power over them with exec."""
    if os.geteuid() == 0:
        return
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    LIBC.capget(header, data)
    for half in (0, 3):
        data[half + 2] = data[half + 1]  # inheritable as permitted
    LIBC.capset(header, data)
    for capability in (12, 21):  # NET_ADMIN, SYS_ADMIN
        LIBC.prctl(47, 2, capability, 0, 0)  # PR_CAP_AMBIENT_RAISE


def ip(words):
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False, preexec_fn=keep_network_power)
    if done.returncode != 0:
        raise Unavailable(f"ip {words}: {done.stderr.strip()}")


def forward_packets():
    """This host hands on what is not its own, as machines with containers do. Only for root."""
    for setting in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        with open(f"/proc/sys/net/{setting}", "w", encoding="ascii") as file:
            file.write("1")


def end_with_parent():
    LIBC.prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG


def echo(listener):
    """Serves one TCP listener for ever."""
    def talk(peer):
        with peer:
            try:
                while data := peer.recv(65536):
                    peer.sendall(data)
            except OSError:
                pass
    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


def echo_datagrams(sockets):
    waits = selectors.DefaultSelector()
    for one in sockets:
        waits.register(one, selectors.EVENT_READ)
    while True:
        for key, _ in waits.select():
            data, peer = key.fileobj.recvfrom(65536)
            try:
                key.fileobj.sendto(data, peer)
            except OSError:
                pass


def listening(family, address):
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind(address)
    made.listen(128)
    threading.Thread(target=echo, args=(made,), daemon=True).start()


def datagrams(family, address):
    made = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind(address)
    return made


def serve(families, ports):
    """At all those addresses and ports, TCP and UDP, on threads."""
    sockets = []
    for family, addresses in families:
        for address in addresses:
            for port in ports:
                listening(family, (address, port))
                sockets.append(datagrams(family, (address, port)))
    threading.Thread(target=echo_datagrams, args=(sockets,), daemon=True).start()


def check_at_once(case, tried, again):
    """Each refusal comes at once. `tried`: (what, micros); what was late, perhaps for a busy machine, is tried once more by
    `again`, which is given a list of those and gives their micros."""
    late = [what for what, micros in tried if micros >= BLOCKED_MICROS]
    for what, micros in zip(late, again(late) if late else []):
        case.assertLess(micros, BLOCKED_MICROS, what)


def be_world(ready, go, server, settle):
    """The child: never returns. `server` is a command line of a further service, which says a line when it is there; `settle` makes
    more of the world."""
    try:
        unshare(CLONE_NEWNET)
        os.write(ready, b"u")
        os.read(go, 1)
        for words in ("link set lo up", "link set down0 up", f"addr add {GATE4}/24 dev down0", f"-6 addr add {GATE6}/64 dev down0 nodad"):
            ip(words)
        for address in WORLD4:
            ip(f"addr add {address}/32 dev lo")
        for address in WORLD6:
            ip(f"-6 addr add {address}/128 dev lo nodad")
        serve([(socket.AF_INET, WORLD4), (socket.AF_INET6, WORLD6)], PORTS)
        if settle:
            settle()
        if server:
            with subprocess.Popen(server.split(), stdout=subprocess.PIPE, preexec_fn=end_with_parent) as child:
                child.stdout.readline()
                os.write(ready, b"r")
                child.wait()
        os.write(ready, b"r")
        signal.pause()
    finally:
        os._exit(1)


class World:
    """Made once for a process, which stays in it."""

    def __init__(self, server=None, settle=None):
        if shutil.which("ip") is None:
            raise Unavailable("ip (iproute2) is not installed")
        uid, gid = os.geteuid(), os.getegid()
        if uid == 0:
            unshare(CLONE_NEWNET)
        else:
            unshare(CLONE_NEWUSER | CLONE_NEWNET)
            for name, line in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
                with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                    file.write(line)
        with open("/proc/sys/net/ipv4/ping_group_range", "w", encoding="ascii") as file:
            file.write(f"{gid} {gid}")
        ip("link set lo up")
        ip("link add up0 type veth peer name down0")
        heard, ready = os.pipe()
        wait, go = os.pipe()
        self.child = os.fork()
        if self.child == 0:
            os.close(heard)
            os.close(go)
            end_with_parent()
            be_world(ready, wait, server, settle)
        os.close(ready)
        os.close(wait)
        self.expect(heard, b"u")
        ip(f"link set down0 netns {self.child}")
        os.write(go, b"g")
        for words in ("link set up0 up", f"addr add {HOST4}/24 dev up0", f"-6 addr add {HOST6}/64 dev up0 nodad",
                      f"route add default via {GATE4}", f"-6 route add default via {GATE6}"):
            ip(words)
        self.expect(heard, b"r")
        # The host's own services.
        serve([(socket.AF_INET, ["127.0.0.1", HOST4]), (socket.AF_INET6, ["::1", HOST6])], [HOST_PORT])

    @staticmethod
    def expect(heard, word):
        if os.read(heard, 1) != word:
            raise Unavailable("the pretend hosts could not be set up")

    def close(self):
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
