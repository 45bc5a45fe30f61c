#!/usr/bin/env bash
# Regenerates resources/docs/*.png: the app on the bundled sample, light and dark, at 1280x800, under Xvfb as a normal
# user. usage: screenshots.sh BUILD_DIR [USER]   (USER: whom to become when this is root)
set -euo pipefail
build=${1:?usage: screenshots.sh BUILD_DIR [USER]}
user=${2:-}
docs=$(cd "$(dirname "$0")/../../resources" && pwd)/docs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$build/bin/belljar-screenshots" "$build/bin/belljar-shim" "$work/"
mkdir -p "$work/run" "$work/out"
chmod 700 "$work/run"
become=()
home=$HOME
if [[ $(id -u) -eq 0 ]]; then
    [[ -n $user ]] || { echo "Chromium does not run as root: name a normal user as the second argument" >&2; exit 1; }
    become=(runuser -u "$user" --)
    chown -R "$user" "$work"
    home=$(getent passwd "$user" | cut -d: -f6)
fi
# Not below /tmp: the sandbox has a /tmp of its own, and the sample says so.
[[ ! -e $home/belljar ]] || { echo "$home/belljar is in the way" >&2; exit 1; }
trap 'rm -rf "$work" "$home/belljar"' EXIT
for theme in light dark; do
    "${become[@]}" env -i PATH=/usr/bin:/bin HOME="$home" XDG_RUNTIME_DIR="$work/run" LANG=C.UTF-8 \
        xvfb-run -a -s "-screen 0 1280x800x24" "$work/belljar-screenshots" "$work/out" "$theme"
done
mkdir -p "$docs"
for picture in "$work"/out/{profile,live}-*.png; do
    size=$(stat -c %s "$picture")
    [[ $size -lt 200000 ]] || { echo "$(basename "$picture") has $size bytes, more than 200 kB" >&2; exit 1; }
    cp "$picture" "$docs/"
    echo "$docs/$(basename "$picture"): $size bytes"
done
