"""Runs inside: a program that calls a service without end, or by names that no bus takes. usage: hostile_bus_client.py KIND"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bus_service import Bus


def bus():
    return Bus(os.environ["DBUS_SESSION_BUS_ADDRESS"].split("=", 1)[1].split(",")[0])


def call(to, member, path="/", service="org.test.Open", interface="org.test.Say"):
    return to.send(1, [(1, "o", path), (2, "s", interface), (3, "s", member), (6, "s", service)])


def answers(to, count):
    while count > 0:
        count -= to.receive()[0] in (2, 3)


def silent(to):
    """A call that wants no answer, and one behind it that says when the first is over."""
    to.send(1, [(1, "o", "/"), (2, "s", "org.test.Say"), (3, "s", "Silent"), (6, "s", "org.test.Open")], flags=1)
    call(to, "Behind")
    answers(to, 1)


def flood(to):
    """The same again and again, and then each time something else."""
    for _ in range(30):
        for _ in range(100):
            call(to, "Flood")
        answers(to, 100)
    for i in range(1000):
        call(to, "Paths", f"/path/{i}", service="org.test.Hidden")
    answers(to, 1000)


def names(to):
    """Lines of the proxy's own making in what it writes down; each on a connection that a bus ends for it."""
    for member, path, service in (("Quiet\n*HIDDEN* (ping)", "/", "org.test.Open"),
                                  ("X at /\nC9: -> org.test.Fake call org.test.A.B", "/", "org.test.Hidden"),
                                  ("\x1b]52;c;aGE=\x07", "/", "org.test.Hidden"), ("M", "/\n\n\n", "org.test.Open"),
                                  ("N" * 100000, "/", "org.test.Hidden"), ("O", "/", "two words")):
        one = bus()
        try:
            call(one, member, path, service)
            one.receive()
        except (EOFError, OSError):
            pass


if __name__ == "__main__":
    globals()[sys.argv[1]](bus())
    print("done", flush=True)
