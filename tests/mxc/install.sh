#!/bin/sh
# Fetches MXC's SDK, as locked in package-lock.json: FOLDER/node_modules holds it as npm unpacks it, but for programs of
# other systems, and FOLDER/lxc-exec is its real executor.
# usage: install.sh FOLDER        Says in one line why when it cannot.
set -eu
[ -x "$1/lxc-exec" ] && [ -d "$1/node_modules" ] && exit 0
here=$(cd "$(dirname "$0")" && pwd -P)
case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) echo "MXC has no executor for $(uname -m)"; exit 1 ;;
esac
command -v npm > /dev/null || { echo "npm is not installed"; exit 1; }
work=$(mktemp -d)
made=
trap 'rm -rf "$work" "$made"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1) ||
    { echo "npm could not fetch the MXC SDK: $(grep -m1 'npm error' "$work/npm.log" || tail -n1 "$work/npm.log")"; exit 1; }
made=$1.$$
mkdir -p "$made" 2> /dev/null || { echo "$1 cannot be written, and nobody who could has fetched the MXC SDK"; exit 1; }
for folder in "$work"/node_modules/@microsoft/mxc-sdk/bin/* "$work"/node_modules/node-pty/prebuilds/*; do
    case ${folder##*/} in
    "$arch" | "linux-$arch") ;;
    *) rm -rf "$folder" ;;
    esac
done
rm -rf "$work"/node_modules/@microsoft/mxc-sdk/bin/"$arch"/*.exe "$work"/node_modules/node-pty/third_party
mv "$work/node_modules" "$made"
chmod 755 "$made/node_modules/@microsoft/mxc-sdk/bin/$arch/lxc-exec"
ln -s "node_modules/@microsoft/mxc-sdk/bin/$arch/lxc-exec" "$made/lxc-exec"
chmod -R a+rX "$made"
# Tests that run side by side may all get here: the first one wins.
if [ -d "$1" ] && ! [ -d "$1/node_modules" ]; then rm -rf "$1"; fi
mv -T "$made" "$1" 2> /dev/null || [ -d "$1/node_modules" ] || { echo "$1 cannot be written"; exit 1; }
