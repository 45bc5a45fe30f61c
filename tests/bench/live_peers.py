"""Wireshark and OpenSnitch beside our live page: as many events, opened and filtered. What is not installed is said.

Wireshark reads a capture of TCP segments of 54 bytes, on a virtual screen, and its filter is typed with xdotool: what it
costs is the processor time of its one thread until it rests. OpenSnitch's table is its own database class and the query
that its window makes of a filter text, fetched whole as its table does.
"""
import json
import os
import shutil
import struct
import subprocess
import sys
import time

REST = 1.5  # Seconds without work that end a measurement.
PATIENCE = 600
TICKS = os.sysconf("SC_CLK_TCK")


def processor_ms(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


def highest_mb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return [int(line.split()[1]) for line in file if line.startswith("VmHWM")][0] / 1024


def used_until_rest(pid, began):
    """Processor time in ms that the process has used since `began` when it uses none any more."""
    end = time.monotonic() + PATIENCE
    last, since = began, time.monotonic()
    while time.monotonic() < end:
        time.sleep(0.1)
        now = processor_ms(pid)
        if now - last > 20:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > REST and now > began:
            return now - began
    sys.exit(f"bench: process {pid} works for more than {PATIENCE} s")


def write_capture(path, count):
    """A pcap file of `count` TCP segments between changing ports; every 100th goes to port 443."""
    ethernet = bytes(12) + b"\x08\x00"
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number in range(count):
            port = 443 if number % 100 == 0 else 1024 + number % 60000
            segment = struct.pack(">HHIIBBHHH", 1024 + number % 60000, port, number, 0, 0x50, 0x02, 8192, 0, 0)
            packet = ethernet + struct.pack(">BBHHHBBHII", 0x45, 0, 40, 0, 0, 64, 6, 0, 0x0A000001, 0x0A000002) + segment
            file.write(struct.pack("<IIII", number // 1000, number % 1000 * 1000, len(packet), len(packet)) + packet)


def wireshark(folder, count):
    """{openMs, filterMs, highestMb}, or why there is nothing."""
    missing = [tool for tool in ("wireshark", "Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        return "not installed: " + ", ".join(missing)
    capture = os.path.join(folder, "made.pcap")
    write_capture(capture, count)
    reader, writer = os.pipe()
    with subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
                          pass_fds=[writer], stderr=subprocess.DEVNULL) as screen:
        os.close(writer)
        with os.fdopen(reader) as number:
            environment = {**os.environ, "DISPLAY": ":" + number.readline().strip(), "HOME": folder, "QT_QPA_PLATFORM": "xcb"}
        with subprocess.Popen(["wireshark", "-r", capture], env=environment, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            try:
                opened = used_until_rest(process.pid, 0)

                def keys(*words):
                    subprocess.run(["xdotool", *words], env=environment, check=True)
                keys("search", "--sync", "--onlyvisible", "--name", "made.pcap", "windowfocus", "--sync")
                keys("key", "ctrl+slash")
                keys("type", "tcp.dstport == 443")
                used_until_rest(process.pid, 0)
                before = processor_ms(process.pid)
                keys("key", "Return")
                filtered = used_until_rest(process.pid, before)
                return {"openMs": opened, "filterMs": filtered, "highestMb": highest_mb(process.pid)}
            finally:
                process.kill()
                screen.terminate()


OPENSNITCH = r"""
import json, resource, sys, time
sys.path.append("/usr/lib/python3/dist-packages/opensnitch")  # as its own start script does
from PyQt5.QtCore import QCoreApplication
from PyQt5.QtSql import QSqlQueryModel
from opensnitch.database import Database
from opensnitch.dialogs.stats import StatsDialog
application = QCoreApplication([])
count = int(sys.argv[1])
database = Database.instance()
database.initialize()
began = time.monotonic()
database.transaction()
for number in range(count):
    database.insert("connections", "(time, node, action, protocol, src_ip, src_port, dst_ip, dst_host, dst_port, uid, pid, "
                    "process, process_args, process_cwd, rule)",
                    (f"2026-01-01 00:00:{number}", "unix:/local", "allow", "tcp", "10.0.0.1", str(number % 60000), "10.0.0.2",
                     "www%d.example.org" % (number % 1000), "443" if number % 100 == 0 else "80", "1000", str(number),
                     "/usr/bin/curl", "curl", "/", "rule"), action_on_conflict="IGNORE")
database.commit()
taken = time.monotonic() - began
fields = StatsDialog.TABLES[StatsDialog.TAB_MAIN]["display_fields"]
columns = ("Process", "Destination", "Rule", "Node", "Time", "Protocol")
where = " OR ".join(f" {column} LIKE '%www77.%'" for column in columns)
began = time.monotonic()
model = QSqlQueryModel()
model.setQuery(f"SELECT {fields} FROM connections WHERE ({where}) ORDER BY 1 DESC", database.get_db())
while model.canFetchMore():
    model.fetchMore()
filtered = time.monotonic() - began
if model.rowCount() != count // 1000:
    sys.exit(f"{model.rowCount()} rows of {count // 1000}: {model.lastError().text()}")
print(json.dumps({"takenPerSecond": count / taken, "filterMs": filtered * 1000,
                  "highestMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def opensnitch(count):
    """{takenPerSecond, filterMs, highestMb}, or why there is nothing."""
    python = "/usr/bin/python3"  # Debian's, which has its packages.
    done = subprocess.run([python, "-c", OPENSNITCH, str(count)], capture_output=True, text=True, check=False,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    if done.returncode != 0:
        return (done.stderr.strip().splitlines() or ["?"])[-1]
    return json.loads(done.stdout.strip().splitlines()[-1])
