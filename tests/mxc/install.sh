#!/bin/sh
# Fetches MXC's real executor, as locked in package-lock.json, and leaves it as FOLDER/lxc-exec.
# usage: install.sh FOLDER        Says in one line why when it cannot.
set -eu
[ -x "$1/lxc-exec" ] && exit 0
here=$(cd "$(dirname "$0")" && pwd -P)
case $(uname -m) in
x86_64) arch=x64 ;;
aarch64) arch=arm64 ;;
*) echo "MXC has no executor for $(uname -m)"; exit 1 ;;
esac
command -v npm > /dev/null || { echo "npm is not installed"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$here/package.json" "$here/package-lock.json" "$work"
(cd "$work" && npm ci --ignore-scripts --no-audit --no-fund > npm.log 2>&1) ||
    { echo "npm could not fetch the MXC SDK: $(grep -m1 'npm error' "$work/npm.log" || tail -n1 "$work/npm.log")"; exit 1; }
mkdir -p "$1"
cp "$work/node_modules/@microsoft/mxc-sdk/bin/$arch/lxc-exec" "$1/lxc-exec.$$"
chmod 755 "$1/lxc-exec.$$"
mv "$1/lxc-exec.$$" "$1/lxc-exec"
