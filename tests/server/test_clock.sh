#!/usr/bin/env bash
# jiban clock: every due time of every case adds up, as text and as JSON, and what it refuses.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db && "$jiband" generate --db sqlite:office.db --cases 60 >generate.txt &&
    "$jiband" user --db sqlite:office.db passwd wang.desk --password-file password || exit 1
serve office.db
me() { # WORD...
    at home "$jiban" "$@" --server "$url" --user wang.desk --password-file password >out.txt 2>err.txt
}
mkdir -p home
me sync || { cat err.txt && exit 1; }
"$sql" "$(cache_of home)" "SELECT number FROM cases WHERE number != '' ORDER BY row LIMIT 12" >numbers.txt
number=$(head -n 1 numbers.txt)
refused() { # NAME CODE WORD...
    local name=$1 code=$2
    shift 2
    me "$@"
    local got=$?
    if [ $got -eq "$code" ] && [ -s err.txt ]; then tap_ok "$name"; else tap_not_ok "$name" "code $got: $(cat err.txt)"; fi
}

# ---- JSON: one line a clock, then added up -----------------------------------------------------------
while read -r one; do
    me clock "$one" --json || cat err.txt
    cat out.txt
done <numbers.txt >all.json
sed 's/{"clock":/\n&/g' all.json | grep '^{"clock"' >clocks.txt
awk '{
        whole = $0; sum = 0; lines = 0
        match(whole, /"counted_ms":[0-9]+/); said = substr(whole, RSTART + 13, RLENGTH - 13)
        rest = substr(whole, index(whole, "\"lines\":["))
        while (match(rest, /"counted_ms":[0-9]+/)) {
            sum += substr(rest, RSTART + 13, RLENGTH - 13); lines++
            rest = substr(rest, RSTART + RLENGTH)
        }
        match(whole, /"limit_ms":[0-9a-z]+/); limit = substr(whole, RSTART + 11, RLENGTH - 11)
        if (sum != said || lines < 3 || (limit != "null" && limit != said)) { print; bad++ }
        proved += limit != "null"
    }
    END { print NR, bad + 0, proved > "sums.txt" }' clocks.txt >bad.txt
read -r all bad proved <sums.txt
if [ "$bad" -eq 0 ] && [ "$all" -gt 30 ]; then
    tap_ok "the lines of $all clocks add up"
else
    tap_not_ok "the lines of all clocks add up" "$all clocks, $(cat bad.txt)"
fi
if [ "$proved" -eq "$all" ]; then
    tap_ok "and each comes to its limit"
else
    tap_not_ok "each comes to its limit" "$(grep '"limit_ms":null' clocks.txt)"
fi
if grep -q '"rule":"clocks.handle.T7D = 7 day, day_rule = exact' clocks.txt; then
    tap_ok "with the key of the policy"
else
    tap_not_ok "with the key of the policy" "$(head -n 3 clocks.txt)"
fi

# ---- text --------------------------------------------------------------------------------------------
me clock "$number" handle
if grep -q 'falls due' out.txt && grep -q ': the limit$' out.txt && ! grep -q 'clocks.sign' out.txt; then
    tap_ok "one clock as text"
else
    tap_not_ok "one clock as text" "$(cat out.txt err.txt)"
fi
me clock "$number" handle --language zh_CN
if grep -q '办理' out.txt; then tap_ok "in Chinese"; else tap_not_ok "in Chinese" "$(cat out.txt err.txt)"; fi
# what happened begins in one column, whatever the language: cells, where a character of Chinese has two
columns() {
    sed -n 's/^  2.*  \([^ ].*\)  (.*$/&\n\1/p' out.txt | awk 'NR % 2 { line = $0; next } {
        before = substr(line, 1, index(line, "  " $0 "  (") + 1)
        cells = 0
        n = split(before, c, "")
        for (i = 1; i <= n; i++) cells += c[i] >= "\340" ? 2 : c[i] >= "\200" ? 0 : 1 # by bytes
        print cells }' | sort -u | tr '\n' ' '
}
for language in en zh_CN; do
    me clock "$number" --language $language
    got=$(LC_ALL=C columns)
    case $got in
    *' '*' '* | '') tap_not_ok "aligned ($language)" "$got"$'\n'"$(cat out.txt)" ;;
    *) tap_ok "aligned ($language)" ;;
    esac
done

# ---- at a moment -------------------------------------------------------------------------------------
# In the last hour before the due time of a clock it says 00:30 left; an hour after it, unless it was stopped, late.
me clock "$number" handle --json
due=$(sed -n 's/.*"due":"\([^"]*\)".*/\1/p' out.txt | head -n 1)
before=$(date -u -d "$due - 30 minutes" +%Y-%m-%dT%H:%M:%SZ)
me clock "$number" handle --at "$before"
if grep -qE '00:30 left; due|had stopped with' out.txt; then tap_ok "what a clock said before it was due"; else tap_not_ok "what a clock said before it was due" "$before: $(cat out.txt err.txt)"; fi
me clock "$number" handle --json --at "$before"
if grep -qE '^\[\{"clock":"handle","object":0,"status":"(running|stopped)","due":"[^"]*","left_ms":[0-9]+\}\]$' out.txt; then
    tap_ok "and as JSON"
else
    tap_not_ok "and as JSON" "$(cat out.txt err.txt)"
fi
me clock "$number" --at 2001-01-01T00:00:00Z
if grep -q 'No such clock had run' out.txt; then tap_ok "before there was any"; else tap_not_ok "before there was any" "$(cat out.txt err.txt)"; fi
refused "a moment that is none" 64 clock "$number" --at yesterday
refused "no case" 64 clock
refused "a clock that does not exist" 64 clock "$number" nonsense
refused "a case that does not exist" 66 clock 99999999999
me clock "$number" confirm
if grep -q 'No such clock' out.txt; then tap_ok "a clock that never ran"; else tap_not_ok "a clock that never ran" "$(cat out.txt err.txt)"; fi
tap_done
