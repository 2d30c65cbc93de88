#!/usr/bin/env bash
# configure names all that is missing at once, by Debian package, and refuses a damage outside test builds.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 72

# refused NAME STATUS TEXT WORD...: STATUS is a failure and TEXT contains every WORD.
refused() {
    local name=$1 status=$2 text=$3 word
    shift 3
    [ "$status" != 0 ] || { tap_not_ok "$name" "configure went through"; return; }
    for word in "$@"; do
        case $text in *"$word"*) ;; *) tap_not_ok "$name" "no word of $word in: $(printf '%s' "$text" | tail -n 5)"; return ;; esac
    done
    tap_ok "$name"
}

out=$(PKG_CONFIG=/bin/false "$JIBAN_TOP_SRCDIR/configure" -q 2>&1)
refused "all missing packages are named at once" $? "$out" libncurses-dev libsqlite3-dev \
    libcurl4-openssl-dev libjansson-dev libsodium-dev libinih-dev zlib1g-dev libmicrohttpd-dev
case $out in
*libcmocka-dev*"apt-get install"*) tap_not_ok "without test hooks no test library is demanded" "$out" ;;
*) tap_ok "without test hooks no test library is demanded" ;;
esac
out=$(PKG_CONFIG=/bin/false "$JIBAN_TOP_SRCDIR/configure" -q --disable-server --enable-test-hooks 2>&1)
refused "a test build demands the test libraries" $? "$out" libcmocka-dev libvterm-dev
case $out in
*libmicrohttpd-dev*) tap_not_ok "the console alone does not ask for the HTTP server" "$out" ;;
*) tap_ok "the console alone does not ask for the HTTP server" ;;
esac
out=$("$JIBAN_TOP_SRCDIR/configure" -q --with-sabotage=1 2>&1)
refused "a damage outside a test build is refused" $? "$out" --enable-test-hooks
# Whoever gives the damage to the compiler by hand is refused as well.
include='#include "core/base/status.h"'
out=$(printf '%s\n' "$include" | ${CC:-cc} -I"$JIBAN_TOP_SRCDIR" -DSABOTAGE=1 -fsyntax-only -x c - 2>&1)
refused "a damage does not compile without test hooks" $? "$out" SABOTAGE
out=$(printf '%s\n' "$include" |
    ${CC:-cc} -I"$JIBAN_TOP_SRCDIR" -DSABOTAGE=1 -DJIBAN_TEST_HOOKS=1 -fsyntax-only -x c - 2>&1)
tap_empty "a damage compiles with test hooks" "$out"
tap_done
