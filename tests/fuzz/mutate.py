"""Makes hostile MXC configurations out of good ones, for differential.py: the same seed gives the same cases.

A configuration is changed as a tree, whose objects keep doubled keys and whose scalars keep their spelling, then written
with random layout and escapes, and now and then damaged as a text.
"""
import base64
import json
import random
import re

import families

RAW_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f", '"': '\\"', "\\": "\\\\"}
# What stands where, by the name of the member.
POOLS = {
    "version": families.VERSIONS, "containment": families.CONTAINMENTS, "cidr": families.CIDRS, "except": families.EXCEPTS,
    "allowedHosts": families.HOSTS, "blockedHosts": families.HOSTS, "url": families.PROXY_URLS, "networkProxy": families.PROXY_URLS,
    "proxy": families.PROXIES, "egress": families.EGRESS, "ingress": families.INGRESS, "ports": families.PORTS, "timeout": families.TIMEOUTS,
    "commandLine": families.COMMANDS[:9], "env": families.ENVIRONMENTS, "cwd": families.FOLDERS, "readonlyPaths": families.PATHS,
    "readwritePaths": families.PATHS, "deniedPaths": families.PATHS, "experimental": families.EXPERIMENTAL,
    "network": families.LEGACY, "runtimeConfig": families.RUNTIME, "default": ["allow", "deny", "block", None, 1],
    "defaultPolicy": ["allow", "block", "deny", None], "hostLoopback": ["allow", "deny", None], "protocol": ["tcp", "udp", "icmp", "any", "TCP"],
    "enforcementMode": ["capabilities", "firewall", "both", "x", None], "phase": ["provision", "start", "exec", "stop", "deprovision", "x"],
    "clipboard": ["none", "read", "write", "all", "x"], "isolation": ["desktop", "handles", "atoms", "container", "x"],
    "port": [0, 1, 443, 65535, 65536, -1], "endPort": [0, 1, 443, 65535, 65536, -1], "to": [[], None, [{}]],
    "sandboxId": ["wslc:1", "iso:x", "", "x"], "localhost": [0, 1, 65535, 65536, "1"]}
LISTS = {"allowedHosts", "blockedHosts", "readonlyPaths", "readwritePaths", "deniedPaths", "ports"}
PIECES = ["{", "}", "[", "]", ",", ":", '"', "\\", "\\u0000", "\\ud800", "null", "true", "-", "0", "1e5", "\ufeff", "//", "/*", "\u00a0",
          "\u2028", "\u202e", "\x00", "\x7f", "\x1b", "'", "é", "🫙", "\r\n", "\t", "[[[[", '{"a":', '"version":"0.8.0",', "::/0", ".", "e", "+"]
# A text longer than this is no single argument; most lengths of a base64 form stay below.
ARGUMENT = 90_000


class Members(list):
    """An object as pairs of key and value, so that a key may come twice."""


class Raw(str):
    """A scalar in its own spelling."""


def tree_of(text):
    return json.loads(text, object_pairs_hook=Members, parse_int=Raw, parse_float=Raw, parse_constant=Raw)


def as_tree(value):
    if isinstance(value, dict):
        return Members((key, as_tree(inner)) for key, inner in value.items())
    if isinstance(value, list):
        return [as_tree(inner) for inner in value]
    return value


def spots(tree):
    """(container, index) of every value below `tree`; of an object the index of its pair."""
    if isinstance(tree, list):
        for index, entry in enumerate(tree):
            yield tree, index
            yield from spots(entry[1] if isinstance(tree, Members) else entry)


def get(spot):
    container, index = spot
    return container[index][1] if isinstance(container, Members) else container[index]


def put(spot, value):
    container, index = spot
    container[index] = (container[index][0], value) if isinstance(container, Members) else value


def copied(tree):
    if isinstance(tree, Members):
        return Members((key, copied(value)) for key, value in tree)
    return [copied(value) for value in tree] if isinstance(tree, list) else tree


class Mutator:
    def __init__(self, seed, accepted, refused):
        """Both lists hold texts of configurations to begin with, beside those of families.py."""
        self.random = random.Random(seed)
        self.texts = []
        own = [as_tree(value) for value in families.SEEDS]
        good = own + list(self.parsed(accepted))
        self.trees = [own, good, list(self.parsed(refused)) or own]
        # Learned from the good ones: which keys stand below which, and with which values, each as often as seen.
        self.below, self.values = {}, {}
        for tree in good:
            self.learn("", tree)
        self.keys = sorted(self.values)

    def parsed(self, texts):
        for text in texts:
            try:
                if len(text) < 20_000:
                    yield tree_of(text)
            except (ValueError, RecursionError):
                self.texts.append(text)

    def any_tree(self):
        return self.random.choice(self.random.choices(self.trees, (45, 40, 15))[0])

    def learn(self, name, tree):
        if isinstance(tree, Members):
            for key, value in tree:
                self.below.setdefault(name, []).append(key)
                self.values.setdefault(key, []).append(value)
                self.learn(key, value)
        elif isinstance(tree, list):
            for value in tree:
                self.learn(name, value)

    def case(self):
        text = self.text()
        # UTF-8 but for lone surrogates, which no text can hold.
        data = text.encode("utf-8", "surrogatepass" if self.chance(0.01) else "replace")
        if self.chance(0.06):
            data = self.damaged(data)
        case = {"flags": self.random.choice(families.FLAGS) if self.chance(0.3) else []}
        if len(data) < ARGUMENT and self.chance(0.35):
            encoded = base64.b64encode(data).decode()
            if self.chance(0.02):
                encoded = self.damaged_text(encoded).replace("\x00", "")
            if not encoded.startswith("-"):
                return {**case, "via": "base64", "input": encoded}
        return {**case, "via": "file", "input_base64": base64.b64encode(data).decode()}

    def chance(self, probability):
        return self.random.random() < probability

    def text(self):
        if self.texts and self.chance(0.03):
            return self.damaged_text(self.random.choice(self.texts))
        tree = copied(self.any_tree())
        for _ in range(self.random.choice((0, 1, 1, 1, 2, 2, 3, 4, 6))):
            tree = self.changed(tree)
        text = self.written(tree, self.random.choice(("", " ", "\n ", "\t")))
        return self.damaged_text(text) if self.chance(0.06) else text

    # ---- the tree

    def changed(self, tree):
        all_spots = list(spots(tree))
        if not all_spots:
            return as_tree(self.random.choice(families.SEEDS))
        spot = self.random.choice(all_spots)
        change = self.random.choices((self.fit, self.fit_named, self.retype, self.remove, self.double, self.rename, self.add, self.graft,
                                      self.swap, self.wrap, self.as_array, self.deepen, self.spell),
                                     (14, 20, 3, 8, 2, 2, 24, 8, 1, 2, 2, 1, 2))[0]
        change(tree, spot, all_spots)
        return tree

    def value_for(self, key):
        pool = POOLS.get(key)
        if self.chance(0.35 if pool else 0.85) and key in self.values:
            return copied(self.random.choice(self.values[key]))
        if pool is None:
            return as_tree(self.random.choice(families.TYPES))
        value = self.random.choice(pool)
        if key in LISTS and not isinstance(value, list):
            value = [value] if self.chance(0.7) else [value, self.random.choice(pool)]
        return as_tree(value)

    def name_of(self, spot, all_spots):
        """The key of a member; of a list's element, that of the list."""
        container, index = spot
        if isinstance(container, Members):
            return container[index][0]
        holders = [other for other in all_spots if get(other) is container]
        return holders[0][0][holders[0][1]][0] if holders and isinstance(holders[0][0], Members) else ""

    def fit(self, _tree, spot, all_spots):
        key = self.name_of(spot, all_spots)
        value = self.value_for(key)
        inside = not isinstance(spot[0], Members) and isinstance(value, list) and value and not isinstance(value, Members)
        put(spot, value[0] if inside else value)

    def fit_named(self, tree, _spot, all_spots):
        known = [spot for spot in all_spots if isinstance(spot[0], Members) and spot[0][spot[1]][0] in POOLS]
        if known:
            self.fit(tree, self.random.choice(known), all_spots)

    def retype(self, _tree, spot, _all):
        put(spot, as_tree(self.random.choice(families.TYPES)))

    def remove(self, _tree, spot, _all):
        del spot[0][spot[1]]

    def double(self, _tree, spot, _all):
        container, index = spot
        container.insert(self.random.randint(0, len(container)), copied(container[index]) if self.chance(0.5) or
                         not isinstance(container, Members) else (container[index][0], self.value_for(container[index][0])))

    def rename(self, _tree, spot, _all):
        container, index = spot
        if isinstance(container, Members):
            key, value = container[index]
            new = self.random.choice((self.random.choice(self.keys), key.upper(), key[:-1], key + "s", key + " ", " " + key, "",
                                      key[:1].upper() + key[1:], re.sub("([A-Z])", r"_\1", key).lower(), key + "\u200b"))
            container[index] = (new, value)

    def add(self, tree, _spot, all_spots):
        objects = [("", tree)] * isinstance(tree, Members)
        objects += [(self.name_of(spot, all_spots), get(spot)) for spot in all_spots if isinstance(get(spot), Members)]
        if objects:
            # Half of the time beside others of the root, where most rules are.
            name, target = objects[0] if self.chance(0.5) else self.random.choice(objects)
            fitting = self.below.get(name) if self.chance(0.9) else None
            key = self.random.choice(fitting or self.keys)
            taken = [index for index, (other, _) in enumerate(target) if other == key]
            if taken and self.chance(0.9):
                target[taken[0]] = (key, self.value_for(key))
            else:
                target.insert(self.random.randint(0, len(target)), (key, self.value_for(key)))

    def graft(self, _tree, spot, _all):
        """A member of another configuration with the same name, or anything of it."""
        other = list(spots(self.any_tree()))
        container, index = spot
        same = [found for found in other if isinstance(found[0], Members) and isinstance(container, Members)
                and found[0][found[1]][0] == container[index][0]]
        if other:
            put(spot, copied(get(self.random.choice(same or other))))

    def swap(self, _tree, spot, all_spots):
        other = self.random.choice(all_spots)
        mine, theirs = copied(get(spot)), copied(get(other))
        put(spot, theirs)
        if other[1] < len(other[0]):
            put(other, mine)

    def wrap(self, _tree, spot, _all):
        value = get(spot)
        if isinstance(value, list) and not isinstance(value, Members) and value and self.chance(0.5):
            put(spot, value[0])
        else:
            put(spot, [value] if self.chance(0.7) else Members([(self.random.choice(self.keys), value)]))

    def as_array(self, _tree, spot, _all):
        """An object as the list of its values: the executor's reader takes such a list of all members."""
        value = get(spot)
        if isinstance(value, Members):
            values = [inner for _, inner in value] + [None] * self.random.randint(0, 3)
            put(spot, values)

    def deepen(self, _tree, spot, _all):
        for _ in range(self.random.choice((3, 120, 126, 127, 128, 300))):
            put(spot, [get(spot)])

    def spell(self, _tree, spot, _all):
        put(spot, Raw(self.random.choice(families.RAW_VALUES)))

    # ---- the text

    def written(self, value, layout):
        space = (lambda: layout if layout and self.chance(0.5) else "") if self.chance(0.3) else (lambda: "")
        return self.write(value, space)

    def write(self, value, space):
        # Not by recursion: nesting goes deeper than Python's stack.
        out, todo = [], [value]
        while todo:
            item = todo.pop()
            if isinstance(item, tuple):
                out.append(item[0])
            elif isinstance(item, Members):
                todo.append(("}" + space(),))
                for index, (key, inner) in reversed(list(enumerate(item))):
                    todo += [inner, (space() + ("," if index else "") + space() + self.quoted(key) + space() + ":" + space(),)]
                todo.append(("{",))
            elif isinstance(item, list):
                todo.append((space() + "]",))
                for index, inner in reversed(list(enumerate(item))):
                    todo += [inner, ((", " if index else "") + space(),)]
                todo.append(("[",))
            elif isinstance(item, Raw):
                out.append(str(item))
            else:
                out.append(self.quoted(item) if isinstance(item, str) else json.dumps(item))
        return "".join(out)

    def quoted(self, text):
        escape_all = self.chance(0.03)
        return '"' + "".join(self.character(char, escape_all) for char in text) + '"'

    @staticmethod
    def character(char, escape_all):
        if char in RAW_ESCAPES and not escape_all:
            return RAW_ESCAPES[char]
        code = ord(char)
        if code < 0x20 or 0xd800 <= code < 0xe000 or escape_all:
            units = char.encode("utf-16-be", "surrogatepass")
            return "".join(f"\\u{units[at] << 8 | units[at + 1]:04x}" for at in range(0, len(units), 2))
        return char

    def damaged_text(self, text):
        for _ in range(self.random.randint(1, 3)):
            at, length = self.random.randint(0, len(text)), self.random.randint(0, 8)
            kind = self.random.randint(0, 3)
            if kind == 0:
                text = text[:at] + self.random.choice(PIECES) + text[at:]
            elif kind == 1:
                text = text[:at] + text[at + length:]
            elif kind == 2:
                to = self.random.randint(0, len(text))
                text = text[:to] + text[at:at + length * 5] + text[to:]
            elif self.chance(0.3):
                text = text[:at]
        return text

    def damaged(self, data):
        changed = bytearray(data)
        for _ in range(self.random.randint(1, 3)):
            if changed:
                changed[self.random.randrange(len(changed))] ^= 1 << self.random.randrange(8)
        return bytes(changed)
