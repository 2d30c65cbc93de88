#!/usr/bin/env bash
# sabotage.sh BUILDDIR [N...]: plant each damage of tests/sabotage.list (or those named) and see that
# the test named there turns red. BUILDDIR is configured with --enable-test-hooks.
set -u
cd "$(dirname "$0")/.." || exit 72
top=$PWD
builddir=$1
shift
wanted=" $* "
missed=0
caught=0

rebuild() { # N: only the objects that can differ
    local source
    while IFS= read -r source; do rm -f "$builddir/${source%.c}.o"; done < <(
        grep -lE '\bSABOTAGE\b' -r core tui server tests --include='*.c')
    make -s -C "$builddir" -j"$(nproc)" HOOK_CPPFLAGS="-DSABOTAGE=$1 -DJIBAN_TEST_HOOKS=1" check-programs \
        >"$builddir/sabotage-build.log" 2>&1 || {
        tail -n 20 "$builddir/sabotage-build.log"
        echo "sabotage: damage $1 does not build" >&2
        exit 70
    }
}

# first_failure SUMMARY: the first line that is not ok, from the log that the summary names.
first_failure() {
    local log
    log=$(printf '%s\n' "$1" | sed -n 's/.*(all of it: \(.*\))$/\1/p' | head -n 1)
    grep -a -m 1 -oE '^not ok .*' "$log" | cut -c1-100
}

built=''
list=$(make -s --no-print-directory -C "$builddir" print-check-list)
while read -r number tests what; do
    case $number in '' | '#'*) continue ;; esac
    [ "$wanted" = "  " ] || [[ $wanted == *" $number "* ]] || continue
    if ! grep -rqE "SABOTAGE [=!]= $number\b" core tui server; then
        echo "damage $number: NOT IN THE CODE ($what)"
        missed=$((missed + 1))
        continue
    fi
    [ "$number" = "$built" ] || rebuild "$number"
    built=$number
    if summary=$(tests/run -s "$top" -b "$builddir" -l "$list" -- "$tests" 2>&1); then
        echo "damage $number: NOT NOTICED by $tests ($what)"
        missed=$((missed + 1))
    elif [ "$(printf '%s\n' "$summary" | tail -n 1 | grep -cE '[1-9][0-9]* failed')" = 1 ]; then
        echo "damage $number: noticed by $tests ($what): $(first_failure "$summary")"
        caught=$((caught + 1))
    else
        printf '%s\n' "$summary" | tail -n 5
        echo "damage $number: $tests could not be run"
        missed=$((missed + 1))
    fi
done <tests/sabotage.list
rebuild 0
echo "$caught damages noticed, $missed not"
[ "$missed" = 0 ]
