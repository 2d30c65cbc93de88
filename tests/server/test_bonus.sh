#!/usr/bin/env bash
# jiband bonus: what a file of points must look like, and what its points do to score and rank; residents of a street.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
jiband=${JIBAND:-$JIBAN_TOP_BUILDDIR/jiband}
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}
"$jiband" init --db sqlite:city.db --at 2026-11-10T10:00:00+08:00 2>/dev/null
"$jiband" generate --db sqlite:city.db --cases 400 --seed 9 --at 2026-11-10T10:00:00+08:00 >/dev/null
entry() { # POINTS [PERIOD [UNIT [ID]]]
    printf '{"id": "%s", "unit": "%s", "period": "%s", "points": %s, "why": "lifts for old houses", "by": "district meeting"}' \
        "${4:-b1}" "${3:-1102}" "${2:-2026-11}" "$1"
}
file() { # VERSION ENTRY...
    local IFS=,
    printf '{"version": %s, "valid_from": "2026-01-01", "entries": [%s]}\n' "$1" "${*:2}" >bonus.json
}
score() { # CODE ARGUMENT...: score of the assessed set
    local code=$1
    shift
    "$jiband" assess --db sqlite:city.db --level street --json "$@" |
        grep -o "\"code\":\"$code\".*" | sed 's/.*"code":"'"$code"'"//; s/,"all":.*//; s/.*"score":\([0-9.]*\).*/\1/'
}
plus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", a + b }'; }
before=$(score 1102 --month 2026-11)
other=$(score 1101 --month 2026-11)
week=$(score 1102 --from 2026-11-01 --to 2026-11-12)

same "no document, no points" "$("$jiband" bonus --db sqlite:city.db show 2>&1 >/dev/null | grep -c bonus)" "1"
file 1 "$(entry 1.5)"
"$jiband" bonus --db sqlite:city.db load bonus.json >load.txt 2>&1
same "points are loaded" "$?:$(grep -c '^+ /entries' load.txt)" "0:1"
same "and added to the score of the month" "$(score 1102 --month 2026-11)" "$(plus "$before" 1.5)"
same "not to that of another street" "$(score 1101 --month 2026-11)" "$other"
same "not in a window that is no month" "$(score 1102 --from 2026-11-01 --to 2026-11-12)" "$week"
"$jiband" assess --db sqlite:city.db --month 2026-11 >text.txt
same "the line tells them" "$(grep -c 'score with 1.500 bonus points' text.txt)" "1"
same "orders are told per 10,000 residents" "$(grep -cE '[0-9]+\.[0-9] per 10,000 of (86000|52000) residents' text.txt)" "2"
same "residents stand in the JSON" "$("$jiband" assess --db sqlite:city.db --month 2026-11 --json | grep -oE '"residents":[0-9]+' | sort | tr '\n' ' ')" '"residents":0 "residents":52000 "residents":86000 '
file 2 "$(entry 1.5)" "$(entry 1.5 2026-11 1102 b2)" "$(entry 1 2026-10 1102 b3)"
"$jiband" bonus --db sqlite:city.db load bonus.json >load.txt 2>&1
same "no more count than the policy says" "$?:$(score 1102 --month 2026-11)" "0:$(plus "$before" 2)"
same "both versions are kept" "$("$jiband" bonus --db sqlite:city.db history | grep -c .)" "2"
same "the first can be read" "$("$jiband" bonus --db sqlite:city.db show --version 1 | grep -c '"b2"')" "0"

refused() { # NAME PATTERN
    "$jiband" bonus --db sqlite:city.db check bonus.json >out.txt 2>err.txt
    if [ "$?:$(grep -cE -- "$2" err.txt)" = "65:1" ]; then tap_ok "$1"; else tap_not_ok "$1" "$(cat err.txt out.txt)"; fi
}
file 3 "$(entry 1.5 2026-11 9999)"
refused "a unit that is not there" '/entries/0/unit: .*"9999"'
file 3 "$(entry 1.5 2026-11 110101)"
refused "a community has no score" '/entries/0/unit: .*"110101"'
file 3 "$(entry 0)"
refused "no points" '/entries/0/points'
file 3 "$(entry '"2"')"
refused "points that are a text" '/entries/0/points'
file 3 "$(entry 1 2026-13)"
refused "a month that is none" '/entries/0/period'
file 3 "$(entry 1)" "$(entry 1)"
refused "an id twice" '/entries/1/id'
file 3 '{"id": "b1", "unit": "1101", "period": "2026-11", "points": 1, "by": "x"}'
refused "nobody says why" '/entries/0/why'
file 3 '{"id": "b1", "unit": "1101", "period": "2026-11", "points": 1, "why": "x", "by": "x", "point": 2}'
refused "a member nobody knows" '/entries/0/point:'
file 1 "$(entry 1)"
"$jiband" bonus --db sqlite:city.db load bonus.json >out.txt 2>err.txt
same "a version that was there" "$?:$(grep -c "/version" err.txt)" "73:1"
tap_done
