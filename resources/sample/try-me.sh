#!/bin/bash
# The bundled sample: a program that does what it should and then tries what it should not.
# Exit code 0: everything allowed worked and everything forbidden failed. It needs nothing but bash and coreutils.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
worked=0 stopped=0 wrong=0

# allowed WHAT COMMAND...: must work.
allowed() {
    local what=$1 message
    shift
    if message=$("$@" 2>&1); then
        worked=$((worked + 1))
        echo "  worked    $what"
    else
        wrong=$((wrong + 1))
        echo "  BROKEN    $what: ${message##*: }"
    fi
}

# forbidden WHAT COMMAND...: must fail.
forbidden() {
    local what=$1 message
    shift
    if message=$("$@" 2>&1); then
        wrong=$((wrong + 1))
        echo "  ESCAPED   $what"
    else
        stopped=$((stopped + 1))
        echo "  stopped   $what: ${message##*: }"
    fi
}

readFile() { local text; text=$(cat -- "$1") && [ -n "$text" ]; }

# Leaves nothing behind where it should not have worked.
writeFile() {
    local existed=no
    [ -e "$1" ] && existed=yes
    (: >> "$1") && { [ "$existed" = yes ] || rm -f -- "$1"; }
}

writeResult() { echo "written by try-me.sh" > "$here/out/result.txt"; }

# 192.0.2.1 is reserved for documentation: nobody is there. Only "no network" or "not permitted" counts as stopped: a
# refusal or a silence of two seconds means that the attempt left the machine.
connectOut() {
    local message
    message=$(timeout 2 bash -c 'exec 3<> /dev/tcp/192.0.2.1/443' 2>&1)
    case $message in
    *unreachable* | *"not permitted"* | *"ermission denied"*)
        echo "${message##*: }"
        return 1
        ;;
    esac
}

echo "Allowed:"
allowed "read my own folder ($here/note.txt)" readFile "$here/note.txt"
allowed "write a result ($here/out/result.txt)" writeResult
allowed "read the result again" readFile "$here/out/result.txt"

echo "Forbidden:"
forbidden "read your SSH key ($HOME/.ssh/id_rsa)" readFile "$HOME/.ssh/id_rsa"
forbidden "read a denied folder inside my own ($here/private/diary.txt)" readFile "$here/private/diary.txt"
forbidden "write into my own folder, which is read-only ($here/note.txt)" writeFile "$here/note.txt"
forbidden "write into your home ($HOME/belljar-was-here.txt)" writeFile "$HOME/belljar-was-here.txt"
forbidden "write a system file (/etc/belljar-was-here)" writeFile /etc/belljar-was-here
forbidden "connect out (192.0.2.1 port 443)" connectOut

echo
if [ "$wrong" -eq 0 ]; then
    echo "The jar held: $worked allowed things worked, $stopped forbidden things were stopped."
else
    echo "The jar did not hold: $wrong of $((worked + stopped + wrong)) things went the wrong way."
fi
[ "$wrong" -eq 0 ]
