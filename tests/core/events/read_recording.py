"""Reads a recording by resources/help/recording-format.md alone, without a check of anything: what other programs do.

usage: read_recording.py FILE        one JSON object a line; texts as hexadecimal bytes, enumerations as numbers
"""
import json
import struct
import sys


def read(path):
    """(header, list of events as dictionaries, end or None)"""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:8] == b"BELLJAR\x1a" and struct.unpack_from("<H", data, 8)[0] == 2
    header, end, texts, processes, shapes, events, at = None, None, [b""], [], [], [], 16
    while at < len(data) and end is None:
        magic, kind, _, length, _ = struct.unpack_from("<4sHHII", data, at)
        body, at = data[at + 16:at + 16 + length], at + 16 + length
        assert magic == b"BJM2"
        if kind == 2:
            header = json.loads(body)
        elif kind == 3:
            count = struct.unpack_from("<II", body)[1]
            start = 8 + 4 * count
            for size in struct.unpack_from(f"<{count}I", body, 8):
                texts.append(body[start:start + size])
                start += size
        elif kind == 4:
            processes += struct.iter_unpack("<QiiiI", body[8:])
        elif kind == 5:
            shapes += struct.iter_unpack("<HBBBBBBIi", body[8:])
        elif kind == 6:
            count, _, sequence, base = struct.unpack_from("<IIQq", body)
            columns = [struct.unpack_from(f"<{count}{code}", body, 24 + 4 * count * i) for i, code in enumerate("iIIII")]
            for number, (time, process, thing, detail, shape) in enumerate(zip(*columns)):
                start, pid, parent, inside, name = processes[process]
                word, verdict, trust, origin, mechanism, absent, _, rule, result = shapes[shape]
                events.append({"sequence": sequence + number, "timeNs": base + time, "pid": pid, "parentPid": parent,
                               "insidePid": inside, "processStart": start, "process": texts[name], "kind": word,
                               "object": texts[thing], "detail": texts[detail], "errno": result, "trust": trust,
                               "verdict": verdict, "rule": rule, "origin": origin, "mechanism": mechanism, "absent": absent})
        elif kind == 8:
            end = json.loads(body)
    return header, events, end


if __name__ == "__main__":
    for event in read(sys.argv[1])[1]:
        print(json.dumps({key: value.hex() if isinstance(value, bytes) else value for key, value in event.items()}))
