#!/bin/sh
# Starting belljar-gui: version and usage errors for everyone, and root is refused before any window is made.
set -u
gui=$1
export QT_QPA_PLATFORM=offscreen

expect() {  # expect CODE TEXT COMMAND...
    code=$1 text=$2
    shift 2
    output=$("$@" 2>&1)
    status=$?
    if [ "$status" -ne "$code" ] || ! printf '%s' "$output" | grep -q -- "$text"; then
        echo "FAIL: $* gave $status, wanted $code with \"$text\":" >&2
        printf '%s\n' "$output" >&2
        exit 1
    fi
}

expect 0 '^belljar 0\.' "$gui" --version
expect 0 '--sample' "$gui" --help
if [ "$(id -u)" -eq 0 ]; then
    expect 1 'refusing to start as root' "$gui"
    expect 1 'refusing to start as root' env -u DISPLAY QT_QPA_PLATFORM=xcb "$gui" --sample
    expect 2 'system, light, dark and contrast' "$gui" --allow-root --theme pink
else
    expect 2 'system, light, dark and contrast' "$gui" --theme pink
    expect 2 'More than one profile' "$gui" one.json two.json
fi
