#!/bin/sh
# Fetches a Debian source package and unpacks its original tarball: fetch.sh PACKAGE VERSION SHA256 OUT DIRECTORY...
# into OUT/source, only the directories named.
# SHA256 is that of the .dsc, which in turn states those of the tarballs. Uses package lists of its own,
# so the machine's sources stay as they are. What is in OUT already and right is not fetched again.
set -eu
package=$1 version=$2 sha=$3 out=$4
shift 4
wanted=$*
mkdir -p "$out"
cd "$out"
[ -f unpacked ] && [ "$(cat unpacked)" = "$sha" ] && exit 0

fail() {
    echo "fetch: $*" >&2
    exit 1
}

right() {
    [ -f "${package}_$version.dsc" ] || return 1
    echo "$sha  ${package}_$version.dsc" | sha256sum -c --status || return 1
    sed -n '/^Checksums-Sha256:/,/^[A-Z]/s/^ \([0-9a-f]\{64\}\) [0-9]* \(.*\)$/\1  \2/p' "${package}_$version.dsc" >sums
    grep -q orig sums && sha256sum -c --status sums 2>/dev/null
}

if ! right; then
    mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${DEBIAN_MIRROR:-http://deb.debian.org/debian} bookworm main" >apt/parts/source.list
    set -- -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$PWD/apt/parts" \
        -o Dir::State::Lists="$PWD/apt/lists" -o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User=root
    for try in 1 2 3; do
        apt-get -q "$@" update >log 2>&1 && apt-get -q "$@" source --download-only "$package=$version" >>log 2>&1 && break
        [ "$try" = 3 ] && { tail -n 5 log >&2; fail "cannot fetch the source of $package $version"; }
        sleep 3
    done
    rm -rf apt
    right || fail "$package $version is not what its checksums say"
fi
rm -rf source
mkdir source
for directory in $wanted; do
    tar xf "$package"_*.orig.tar.* -C source --strip-components=1 --wildcards "[!/]*/$directory/*"
done
echo "$sha" >unpacked
