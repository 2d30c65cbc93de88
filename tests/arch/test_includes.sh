#!/usr/bin/env bash
# Who may include whom; and the check itself sees each planted violation.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
check=$JIBAN_TOP_SRCDIR/tools/check-includes.sh

out=$("$check" "$JIBAN_TOP_SRCDIR" 2>&1)
status=$?
if [ "$status" = 0 ] && [ -z "$out" ]; then
    tap_ok "every include of the tree is allowed"
else
    tap_not_ok "every include of the tree is allowed" "$out"
fi

# planted NAME FILE LINE: the check turns red when LINE stands in FILE, and names FILE.
planted() {
    local tree=$JIBAN_TEST_TMP/tree
    mkdir -p "$tree"
    (cd "$JIBAN_TOP_SRCDIR" && cp -R core tui server "$tree")
    chmod -R u+w "$tree"
    mkdir -p "$tree/$(dirname "$2")"
    printf '%s\n' "$3" >>"$tree/$2"
    local out
    if out=$("$check" "$tree" 2>&1); then
        tap_not_ok "$1" "the check did not see: $3 in $2"
    elif printf '%s\n' "$out" | grep -q "^$2:"; then
        tap_ok "$1"
    else
        tap_not_ok "$1" "$out"
    fi
    rm -rf "$tree"
}

planted "curses.h in core is seen" core/case/planted.c '#include <curses.h>'
planted "curses.h in a view is seen" tui/view/planted.c '#  include <ncursesw/curses.h>'
planted "sqlite3.h outside the store is seen" tui/planted.c '#include <sqlite3.h>'
planted "sqlite3.h in a header of the store is seen" core/store/store.h '#include <sqlite3.h>'
planted "curl outside core/sync/libcurl.h is seen" core/sync/engine.c '#include <curl/curl.h>'
planted "microhttpd.h outside server/http.c is seen" server/planted.c '#include <microhttpd.h>'
planted "jansson.h outside the codec is seen" core/case/planted.h '#include <jansson.h>'
planted "core including the console is seen" core/base/planted.c '#include "tui/main.h"'
planted "a lower room including a higher one is seen" core/case/planted.c '#include "core/store/store.h"'
planted "the server including the store is seen" server/planted.c '#include "core/store/store.h"'
planted "the console including the server is seen" tui/planted.c '#include "server/service.h"'
planted "drawing that includes the store is seen" tui/view/queue_draw.c '#include "core/store/store.h"'
planted "a sideways path is seen" core/case/planted.c '#include "../store/store.h"'
planted "a bare name is seen" core/base/planted.c '#include "version.h"'
tap_done
