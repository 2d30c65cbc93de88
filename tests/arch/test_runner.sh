#!/usr/bin/env bash
# The runner counts honestly: each way a test program can go wrong is one more failure.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
run=$JIBAN_TOP_SRCDIR/tests/run
mkdir -p "$JIBAN_TEST_TMP/t" "$JIBAN_TEST_TMP/b"

program() { # NAME, body on standard input
    { echo '#!/bin/sh'; cat; } >"$JIBAN_TEST_TMP/t/$1"
    chmod +x "$JIBAN_TEST_TMP/t/$1"
}

# counts NAME LIST WANTED STATUS
counts() {
    local out status
    out=$(TMPDIR=$JIBAN_TEST_TMP "$run" -s "$JIBAN_TEST_TMP/t" -b "$JIBAN_TEST_TMP/b" -l "$2" 2>&1)
    status=$?
    if [ "$(printf '%s\n' "$out" | tail -n 1)" = "$3" ] && [ "$status" = "$4" ]; then
        tap_ok "$1"
    else
        tap_not_ok "$1" "wanted: $3, status $4"$'\n'"got status $status"$'\n'"$(printf '%s\n' "$out" | sed 's/^/| /')"
    fi
}

program good <<'X'
echo 'ok 1 - a'; echo 'ok 2 - b'; echo 1..2
X
program bad <<'X'
echo 'ok 1 - a'; echo 'not ok 2 - b'; exit 1
X
program skip <<'X'
echo 'ok 1 - a # SKIP no data'; echo 'not ok 2 # SKIP b'; echo 'ok 3 - c'
X
program silent <<'X'
echo nothing here
X
program crash <<'X'
echo 'ok 1 - a'; kill -SEGV $$
X
program status <<'X'
echo 'ok 1 - a'; exit 3
X
program short <<'X'
echo 1..3; echo 'ok 1 - a'
X
program hang <<'X'
echo 'ok 1 - a'; exec tail -f /dev/null
X
program env <<'X'
[ -d "$JIBAN_TEST_TMP" ] && [ "$LC_ALL" = C.UTF-8 ] && [ -z "${LANGUAGE:-}" ] && echo 'ok 1 - env'
X
counts "passed tests are counted one by one" good "2 passed, 0 failed" 0
counts "a failed test fails the run" "good bad" "3 passed, 1 failed" 1
counts "a failed test is not counted again for its exit status" bad "1 passed, 1 failed" 1
counts "skipped tests are counted as skipped, in the words of cmocka too" skip "1 passed, 0 failed, 2 skipped" 0
counts "a program without a test is a failure" silent "0 passed, 1 failed" 1
counts "a crash is a failure" crash "1 passed, 1 failed" 1
counts "an exit status without a failed test is a failure" status "1 passed, 1 failed" 1
counts "fewer tests than planned is a failure" short "1 passed, 1 failed" 1
counts "a program that hangs is ended and is a failure" hang:1 "1 passed, 1 failed" 1
if TMPDIR=$JIBAN_TEST_TMP "$run" -s "$JIBAN_TEST_TMP/t" -b "$JIBAN_TEST_TMP/b" -l hang:1 -x 2 2>&1 | grep -q 'killed after 2 s'; then
    tap_ok "a slow machine is given more time"
else
    tap_not_ok "a slow machine is given more time"
fi
counts "a missing program is a failure" "good nowhere" "2 passed, 1 failed" 1
counts "a test finds a folder of its own and a fixed locale" env "1 passed, 0 failed" 0
tap_done
