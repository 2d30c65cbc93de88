#!/usr/bin/env bash
# The release programs carry the protections the build asks for. JIBAN_RELEASE_BUILDDIR is the folder of the
# build without sanitizers; without it, this build is looked at if it has none.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
folder=${JIBAN_RELEASE_BUILDDIR:-$JIBAN_TOP_BUILDDIR}

for program in jiban jiband; do
    file=$folder/$program
    name="$program is position independent, with full RELRO, no writable code, no RPATH"
    fortified="$program is fortified and has stack canaries"
    if [ ! -x "$file" ]; then
        tap_skip "$name" "not built"
        tap_skip "$fortified" "not built"
        continue
    fi
    wrong=''
    readelf -Wh "$file" | grep -q 'Type:.*DYN' || wrong="$wrong not-PIE"
    readelf -Wl "$file" | grep -q GNU_RELRO || wrong="$wrong no-RELRO"
    readelf -Wd "$file" | grep -qE 'BIND_NOW|FLAGS_1.*NOW' || wrong="$wrong lazy-binding"
    readelf -Wl "$file" | grep GNU_STACK | grep -q RWE && wrong="$wrong executable-stack"
    readelf -Wd "$file" | grep -qE 'R(UN)?PATH' && wrong="$wrong RPATH"
    tap_empty "$name" "$wrong"
    if nm -D "$file" 2>/dev/null | grep -q __asan_init; then
        tap_skip "$fortified" "built with a sanitizer"
        continue
    fi
    wrong=''
    nm -D "$file" | grep -q '_chk@' || wrong="$wrong nothing-fortified"
    nm -D "$file" | grep -q __stack_chk_fail || wrong="$wrong no-canary"
    tap_empty "$fortified" "$wrong"
done
tap_done
