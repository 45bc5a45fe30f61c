#!/usr/bin/env python3
"""Asks the desktop app over AT-SPI, as a screen reader does: every showing control that can be used must have a name.

usage: accessibility_crawl.py belljar-gui   (on a display, inside a D-Bus session, as a normal user)

Goes through every page and opens every dialog that a menu entry with "…" opens. Prints what it saw; ends with 1 when a
control has no name, when a page was not reached, or when it saw too little to have been looking at all.
"""
import os
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

ROLE = Atspi.Role
INTERACTIVE = {
    ROLE.PUSH_BUTTON, ROLE.TOGGLE_BUTTON, ROLE.CHECK_BOX, ROLE.RADIO_BUTTON, ROLE.COMBO_BOX, ROLE.ENTRY, ROLE.TEXT,
    ROLE.SPIN_BUTTON, ROLE.SLIDER, ROLE.PAGE_TAB, ROLE.MENU, ROLE.MENU_ITEM, ROLE.CHECK_MENU_ITEM, ROLE.RADIO_MENU_ITEM,
    ROLE.TABLE, ROLE.TREE, ROLE.TREE_TABLE, ROLE.LIST, ROLE.LIST_BOX, ROLE.LINK, ROLE.PASSWORD_TEXT, ROLE.TERMINAL,
    ROLE.DOCUMENT_FRAME, ROLE.COLOR_CHOOSER, ROLE.DIAL,
}
LEAVES = {ROLE.TABLE, ROLE.TREE, ROLE.TREE_TABLE}  # Their cells are content, and there may be millions.
FEWEST = 40  # Controls; fewer means that the crawl did not see the window.
PATIENCE = 20  # Seconds for the app to appear or a dialog to open.


def until(condition, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    return None


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def shows(node):
    states = node.get_state_set()
    return states.contains(Atspi.StateType.SHOWING) and states.contains(Atspi.StateType.VISIBLE)


def name_of(node):
    """What a screen reader would say: the name, what labels it, or the description."""
    for text in (node.get_name(), node.get_description()):
        if text and text.strip():
            return text.strip()
    for relation in node.get_relation_set():
        if relation.get_relation_type() == Atspi.RelationType.LABELLED_BY:
            return relation.get_target(0).get_name().strip()
    return ""


def walk(node, path=()):
    """Every showing node below `node` with the names and roles that lead to it."""
    here = path + (f"{node.get_role_name()} {node.get_name()!r}",)
    yield node, here
    if node.get_role() in LEAVES:
        return
    for child in children(node):
        if shows(child):
            yield from walk(child, here)


def crawl(top, where, unnamed):
    """Counts the controls below `top`, adds the nameless ones to `unnamed`."""
    seen = 0
    for node, path in walk(top):
        if node.get_role() not in INTERACTIVE:
            continue
        seen += 1
        if not name_of(node):
            unnamed.append(f"{where}: {' > '.join(path[-4:])}")
    print(f"{where}: {seen} controls")
    return seen


def find_application(process):
    desktop = Atspi.get_desktop(0)
    for app in children(desktop):
        if app.get_process_id() == process.pid and app.get_child_count() > 0:
            return app
    return None


def menu_entries(window):
    """(title, node) of every entry of every menu; menus fill when they open, so they are only read."""
    for node, _ in walk_all(window):
        if node.get_role() in (ROLE.MENU_ITEM, ROLE.CHECK_MENU_ITEM) and node.get_name():
            yield node.get_name(), node


def walk_all(node, depth=12):
    yield node, depth
    if depth and node.get_role() not in LEAVES:
        for child in children(node):
            yield from walk_all(child, depth - 1)


def press(node):
    return "Action" in node.get_interfaces() and node.get_n_actions() > 0 and node.do_action(0)


def write(window, name, text):
    """Types into a line: its button that empties it shows only then."""
    for node, _ in walk(window):
        if node.get_name() == name and "EditableText" in node.get_interfaces():
            return node.set_text_contents(text)
    sys.exit(f"FAIL: there is no line named {name}")


def dialogs(app, window):
    found = []
    for top in children(app):
        try:
            if top.get_role() in (ROLE.DIALOG, ROLE.FILE_CHOOSER, ROLE.ALERT) and top != window and shows(top):
                found.append(top)
        except GLib.GError:
            pass  # it has closed while we asked
    return found


def close(dialog, app, window):
    for node, _ in walk(dialog):
        if node.get_role() == ROLE.PUSH_BUTTON and node.get_name().replace("&", "") in ("Cancel", "Close", "OK"):
            press(node)
            break
    else:
        Atspi.generate_keyboard_event(0xff1b, None, Atspi.KeySynthType.SYM)  # Escape
    return until(lambda: not dialogs(app, window), 5) is not None


def crawl_pages(app, window, unnamed):
    seen = 0
    pages = next((node for node, _ in walk(window) if node.get_name() == "Pages"), None)
    names = [page.get_name() for page in children(pages)] if pages else []
    if len(names) < 2:
        sys.exit(f"FAIL: the list of pages has {names}")
    entries = dict(menu_entries(window))
    for name in names:
        if name not in entries or not press(entries[name]):
            sys.exit(f"FAIL: no menu entry opens the page {name}; there are {sorted(entries)}")
        time.sleep(0.5)
        seen += crawl(window, f"page {name}", unnamed)
        for tab in [node for node, _ in walk(window) if node.get_role() == ROLE.PAGE_TAB]:
            title = tab.get_name()
            if press(tab):
                time.sleep(0.2)
                seen += crawl(window, f"page {name}, tab {title}", unnamed)
    return seen


def crawl_dialogs(app, window, unnamed):
    seen = 0
    opened = []
    for title, entry in list(menu_entries(window)):
        if not title.endswith("…") and title not in ("Keyboard", "About Belljar"):
            continue
        if not entry.get_state_set().contains(Atspi.StateType.ENABLED) or not press(entry):
            continue
        found = until(lambda: dialogs(app, window), 5)
        if not found:
            sys.exit(f"FAIL: {title} opened no dialog")
        seen += crawl(found[-1], f"dialog {title}", unnamed)
        opened.append(title)
        if not close(found[-1], app, window):
            sys.exit(f"FAIL: the dialog of {title} did not close")
    if len(opened) < 4:
        sys.exit(f"FAIL: only {opened} opened dialogs")
    return seen


class Nameless:
    """A showing button that nobody named: what the crawl must find."""

    def get_role(self):
        return ROLE.PUSH_BUTTON

    def get_role_name(self):
        return "push button"

    def get_name(self):
        return " "

    get_description = get_name

    def get_relation_set(self):
        return []

    def get_child_count(self):
        return 0


def main():
    found = []
    crawl(Nameless(), "control", found)
    if len(found) != 1:
        sys.exit("FAIL: the crawl does not see a button without a name")
    environment = dict(os.environ, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb")
    process = subprocess.Popen([sys.argv[1], "--sample"], env=environment)
    try:
        app = until(lambda: find_application(process))
        if app is None:
            sys.exit("FAIL: the app did not appear on the accessibility bus")
        window = until(lambda: next((top for top in children(app) if top.get_role() == ROLE.FRAME and shows(top)), None))
        time.sleep(2)  # The editor's page loads.
        unnamed = []
        write(window, "Command to run", "true")
        seen = crawl_pages(app, window, unnamed) + crawl_dialogs(app, window, unnamed)
        print(f"{seen} controls seen, {len(unnamed)} without a name")
        for line in unnamed:
            print("  " + line)
        if seen < FEWEST:
            sys.exit(f"FAIL: only {seen} controls were seen")
        return 1 if unnamed else 0
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
