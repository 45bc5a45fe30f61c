#!/bin/sh
# The committed editor bundle is the one whose hash and licences are committed, and it builds no code from strings.
set -eu
cd "$1/dist"
sha256sum --check editor.js.sha256
for package in @codemirror/state @codemirror/view @codemirror/lang-json @lezer/lr style-mod; do
    grep -q "^$package " LICENSES.txt || { echo "no licence of $package" >&2; exit 1; }
done
if grep -qE '\beval\(|new Function\(|https?://[^"]*\.js' editor.js; then
    echo "the bundle builds code from strings or names a script elsewhere" >&2
    exit 1
fi
if grep -q '"resolved"' ../package-lock.json; then
    echo "the lock file names registry addresses" >&2
    exit 1
fi
