#!/usr/bin/env bash
# Regenerates the pictures of the desktop app in resources/docs/pictures: each page and dialog on the bundled sample, light and
# dark, at 1280x800 and with twice the pixels, under Xvfb as a normal user.
# usage: screenshots.sh BUILD_DIR [USER [FOLDER [LANGUAGE [WIDTHxHEIGHT]]]]
#   USER: whom to become when this is root. FOLDER: all pictures go there, to be looked at; nothing is kept.
set -euo pipefail
build=${1:?usage: screenshots.sh BUILD_DIR [USER [FOLDER [LANGUAGE [WIDTHxHEIGHT]]]]}
user=${2:-}
docs=$(cd "$(dirname "$0")/../../resources" && pwd)/docs/pictures
folder=${3:-}
look=("${@:4}")
most=8000000  # Bytes of all pictures that are kept.

work=$(mktemp -d)
cp "$build/bin/belljar-screenshots" "$build/bin/belljar-shim" "$work/"
mkdir -p "$work/run" "$work/out" "${folder:-$docs}"
chmod 700 "$work/run"
become=()
# A home of its own, not below /tmp (the sandbox has a /tmp of its own): short, and with nobody's files in it.
home=$HOME/sam
if [[ $(id -u) -eq 0 ]]; then
    [[ -n $user ]] || { echo "Chromium does not run as root: name a normal user as the second argument" >&2; exit 1; }
    become=(runuser -u "$user" --)
    chown -R "$user" "$work"
    home=/home/sam
fi
trap 'rm -rf "$work"' EXIT
[[ ! -e $home ]] || { echo "$home is in the way" >&2; exit 1; }
trap 'rm -rf "$work" "$home"' EXIT

makeHome() {
    rm -rf "$home"
    mkdir -p "$home/.ssh" "$home/Documents" "$home/Pictures" "$home/projects/site/.git/hooks"
    echo "not a key" > "$home/.ssh/id_ed25519"
    echo "alias ll='ls -l'" > "$home/.bashrc"
    if [[ -n $user ]]; then chown -R "$user" "$home"; fi
    chmod 700 "$home/.ssh"
}

for scale in 1 2; do
    for theme in light dark; do
        makeHome
        (cd "$home/projects/site" && "${become[@]}" env -i PATH=/usr/bin:/bin HOME="$home" \
            XDG_RUNTIME_DIR="$work/run" LANG=C.UTF-8 SHELL=/bin/bash QT_SCALE_FACTOR=$scale xvfb-run -a -s "-screen 0 $((1280 * scale))x$((800 * scale))x24" \
            "$work/belljar-screenshots" "$work/out" "$theme-${scale}x" "$theme" "${look[@]}")
        for picture in "$work"/out/*-"$theme-${scale}x.png"; do
            size=$(stat -c %s "$picture")
            limit=$((scale == 1 ? 200000 : 450000))
            [[ $size -lt $limit ]] || { echo "$(basename "$picture") has $size bytes" >&2; exit 1; }
        done
    done
done
if [[ -n $folder ]]; then
    cp "$work"/out/*.png "$folder/"
    exit
fi
rm "$work"/out/other-*.png
sum=$(cat "$work"/out/*.png | wc -c)
echo "$(find "$work/out" -name '*.png' | wc -l) pictures, $sum bytes"
[[ $sum -lt $most ]] || { echo "that is more than $most" >&2; exit 1; }
rm -f "$docs"/*.png
cp "$work"/out/*.png "$docs/"

{
    echo "# Pictures of the desktop app"
    echo
    echo "Each page and dialog on the bundled sample, as ./dev screenshots takes them."
    echo
    echo "| page | light | | dark | |"
    echo "|---|---|---|---|---|"
    for picture in "$docs"/*-light-1x.png; do
        name=$(basename "$picture" -light-1x.png)
        printf '| %s |' "$name"
        for kind in light-1x light-2x dark-1x dark-2x; do printf ' [%s](%s-%s.png) |' "${kind#*-}" "$name" "$kind"; done
        echo
    done
} > "$docs/README.md"
