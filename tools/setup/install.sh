#!/bin/sh
# Installs the Debian packages of packages.txt that are missing. Says what it does; needs root or sudo
# only if something is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

fail() {
    echo "setup: $*" >&2
    exit 1
}

command -v dpkg-query >/dev/null 2>&1 || fail "this is not Debian: dpkg-query is missing. Install the packages named in $here/packages.txt yourself, then: mkdir -p build && touch build/.deps"

missing=
for package in $(sed 's/#.*//' "$here/packages.txt"); do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
    exit 0
fi
echo "setup: installing:$missing"

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || { [ -t 0 ] && command -v sudo >/dev/null 2>&1; }; then
    as_root=sudo
else
    fail "not root, and sudo is not usable here. As root, run: apt-get install --no-install-recommends$missing"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() {
    $as_root env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 || {
        tail -n 15 "$log" >&2
        fail "'$*' failed; its last lines are above"
    }
}
# Package lists may be missing or old: try what is there first, then once more after an update.
if ! $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing >"$log" 2>&1; then
    run apt-get update
    run apt-get install -y --no-install-recommends $missing
fi
echo "setup: done"
