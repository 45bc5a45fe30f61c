#!/bin/sh
# Runs Microsoft's own SDK, as npm has it, on an executor: what its users do must work on ours as it does on theirs.
# usage: run.sh ours|theirs BIN      BIN: where the build left its programs
# Exit code 77: it cannot run here, and why.
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
command -v node > /dev/null || { echo "SKIP: Node.js is not installed"; exit 77; }
BELLJAR_MXC_SDK=$2/mxc-sdk-0.8.0
why=$(sh "$here/../mxc/install.sh" "$BELLJAR_MXC_SDK") || { echo "SKIP: the MXC SDK is not here: $why"; exit 77; }
export BELLJAR_MXC_SDK
unset MXC_BIN_DIR
if [ "$1" = ours ]; then
    MXC_BIN_DIR=$2
    export MXC_BIN_DIR
fi
reports=--test-reporter=spec\ --test-reporter-destination=stdout
case ${GTEST_OUTPUT:-} in
xml:*) reports="$reports --test-reporter=junit --test-reporter-destination=${GTEST_OUTPUT#xml:}" ;;
esac
# shellcheck disable=SC2086 # Words.
exec node --test $reports "$here"/sdk_*_test.mjs
