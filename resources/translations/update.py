#!/usr/bin/env python3
"""Brings the translations up to date with the sources: new texts are added as unfinished, those that are gone leave.

usage: update.py [--check]     --check changes nothing and ends with 1 when a text of the app has no translation

A translation belongs to its English text, wherever that stands; so it survives a move to another class, and the contexts
that Qt's lupdate names without their namespace are put right.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
PLACES = ["ui", "app/gui"]
NO_LUPDATE = 77  # Counted as skipped by the tests.


def lupdate():
    for tool in ("/usr/lib/qt6/bin/lupdate", "/usr/lib64/qt6/bin/lupdate", "lupdate"):
        found = shutil.which(tool)
        if found:
            return found
    print("SKIP: Qt's lupdate is not installed (Debian: qt6-l10n-tools)")
    sys.exit(NO_LUPDATE)


def messages(tree):
    for message in tree.getroot().iter("message"):
        source = message.find("source").text
        if source:
            yield message, source, message.find("translation")


def is_finished(translation):
    return translation.get("type") != "unfinished" and (translation.text or len(translation)) != 0


def known(path):
    """The translation of each English text: its text, or its plural forms."""
    texts = {}
    for _, source, translation in messages(ElementTree.parse(path)):
        if is_finished(translation):
            texts[source] = [form.text for form in translation] or translation.text
    return texts


def fresh(language):
    """What lupdate finds now, without any translation."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "new.ts"
        path.write_text(f'<?xml version="1.0"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="{language}"></TS>\n')
        subprocess.run([lupdate(), "-silent", "-I", str(ROOT), "-no-obsolete", "-locations", "none", *PLACES, "-ts",
                        str(path)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return ElementTree.parse(path)


def fill(tree, texts):
    """Puts the translations in; gives the texts that have none."""
    missing = []
    for message, source, translation in messages(tree):
        text = texts.get(source)
        if text is None:
            missing.append(source)
            continue
        translation.attrib.pop("type", None)
        for form in list(translation):
            translation.remove(form)
        if isinstance(text, list):
            for form in text:
                ElementTree.SubElement(translation, "numerusform").text = form
        else:
            translation.text = text
    for name in tree.getroot().iter("name"):
        if not name.text.startswith("belljar"):
            name.text = "belljar::" + name.text
    return missing


def main():
    check = sys.argv[1:] == ["--check"]
    failed = False
    for path in sorted(FOLDER.glob("*.ts")):
        tree = fresh(path.stem.removeprefix("belljar_"))
        missing = fill(tree, known(path))
        total = sum(1 for _ in messages(tree))
        print(f"{path.name}: {total} texts, {len(missing)} without a translation")
        for text in missing:
            print(f"  {text!r}")
        failed = failed or bool(missing) or total == 0
        if not check:
            body = ElementTree.tostring(tree.getroot(), encoding="unicode")
            path.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
