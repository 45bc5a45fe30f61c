#!/bin/sh
# Crawls the desktop app over AT-SPI on a screen and a session bus of its own. usage: accessibility_test.sh BELLJAR_GUI
set -u
gui=$1
here=$(dirname "$0")
skip() { echo "SKIP: $*"; exit 77; }
[ "$(id -u)" -ne 0 ] || skip "the app's page does not run as root"
for tool in xvfb-run dbus-run-session python3; do command -v "$tool" > /dev/null || skip "$tool is not installed"; done
python3 -c 'import gi; gi.require_version("Atspi", "2.0"); from gi.repository import Atspi' 2> /dev/null ||
    skip "the accessibility bindings of Python are not installed (Debian: gir1.2-atspi-2.0)"
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
HOME=$home XDG_RUNTIME_DIR=$home xvfb-run -a -s "-screen 0 1280x800x24" \
    dbus-run-session -- python3 "$here/accessibility_crawl.py" "$gui"
