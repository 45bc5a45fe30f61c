#!/bin/sh
# Lays a fresh copy of the sample into TARGET_DIR and prints the path of its profile.
#
# Profiles hold absolute paths only (MXC expands neither ~ nor variables), so the profile of the sample is a template
# with two placeholders: @SAMPLE@ is TARGET_DIR, @HOME@ is the user's home, both as the inside of a JSON string. The
# desktop app's "Try the sample" does the same from its built-in copy: profile.json.in with the two replaced, try-me.sh
# and note.txt beside it, diary.txt in private/, an empty out/.
set -eu

if [ $# -ne 1 ]; then
    echo "usage: prepare.sh TARGET_DIR" >&2
    exit 2
fi
source_dir=$(cd "$(dirname "$0")" && pwd -P)
mkdir -p "$1/out" "$1/private"
target=$(cd "$1" && pwd -P)
home=$(cd "${HOME:?HOME is not set}" && pwd -P)

# The inside of a JSON string, and then of the right-hand side of sed's s|||.
quoted() {
    case $1 in
    *[[:cntrl:]]*)
        echo "prepare.sh: this path has control characters and cannot stand in a profile" >&2
        return 1
        ;;
    esac
    printf '%s' "$1" | sed -e 's/[\\"]/\\&/g' -e 's/[\\&|]/\\&/g'
}
sample_text=$(quoted "$target")
home_text=$(quoted "$home")

rm -f "$target/out/result.txt"
cp "$source_dir/try-me.sh" "$source_dir/note.txt" "$target/"
cp "$source_dir/diary.txt" "$target/private/"
sed -e "s|@SAMPLE@|$sample_text|g" -e "s|@HOME@|$home_text|g" "$source_dir/profile.json.in" > "$target/profile.json"
printf '%s\n' "$target/profile.json"
