#!/usr/bin/env bash
# jiband assess: the figures against the event log and against the lists that they open to, the same ones over the line,
# and what it says no to.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
year=(--from 2026-01-01 --to 2027-01-01)
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}
finds() { # NAME PATTERN FILE
    if grep -qE -- "$2" "$3"; then tap_ok "$1"; else tap_not_ok "$1" "$(head -c 2000 "$3")"; fi
}
refused() { # NAME STATUS PATTERN ARGUMENT...
    local name=$1 want=$2 pattern=$3 got
    shift 3
    "$jiband" assess "$@" >out.txt 2>err.txt
    got=$?
    if [ "$got" = "$want" ] && [ ! -s out.txt ] && grep -qE -- "$pattern" err.txt; then
        tap_ok "$name"
    else
        tap_not_ok "$name" "status $got: $(cat err.txt out.txt)"
    fi
}
"$jiband" init --db sqlite:city.db --at 2026-11-24T10:00:00+08:00 2>/dev/null
"$jiband" generate --db sqlite:city.db --cases 400 --seed 9 --at 2026-11-24T10:00:00+08:00 >/dev/null
board() { "$jiband" assess --db sqlite:city.db "$@"; }

# number SET WORD FILE: a number of the first line of a table in JSON
number() {
    awk -v set="\"$1\":{" -v word="\"$2\":" 'NR == 1 {
        text = $0; sub(/.*"rows":\[/, "", text)
        if (word != "\"closed\":") text = substr(text, index(text, set) + length(set))
        text = substr(text, index(text, word) + length(word)); print text + 0; exit }' "$3"
}

# ---- against the log ----------------------------------------------------------------------------------
"$jiband" events --db sqlite:city.db >events.ndjson
board "${year[@]}" --level city --json >city.json
same "every case of the log was received" "$(number all received city.json)" \
    "$(sed 's/^{"gseq":[0-9]*,"case":"\([^"]*\)".*/\1/' events.ndjson | sort -u | grep -c .)"
closed=$(awk '{ match($0, /"case":"[^"]*"/); id = substr($0, RSTART, RLENGTH)
        if (match($0, /"to":"[A-Z_]*"/)) state[id] = substr($0, RSTART + 6, RLENGTH - 7) }
    END { for (id in state) n += state[id] == "CLOSED"; print n + 0 }' events.ndjson)
same "as many are closed as the log closes" "$(number all closed city.json)" "$closed"

# ---- every number opens to as many cases ----------------------------------------------------------------
board "${year[@]}" --level street --scope 1101 --json >street.json
words=$(sed 's/.*"assessed":{//; s/,"R":.*//' street.json | tr ',' '\n' | sed 's/^"\([a-z_]*\)".*/\1/')
if [ "$(grep -c . <<<"$words")" -ge 28 ]; then tap_ok "the words of the numbers are read"; else tap_not_ok "the words of the numbers are read" "$words"; fi
for set in assessed all; do
    tap_empty "every number of the set $set opens to its cases" "$(for word in $words closed; do
        board "${year[@]}" --level street --scope 1101 --cases "$word" --of 1101 --set "$set" >cases.json || echo "$word: refused"
        wanted=$(number "$set" "$word" street.json)
        listed=$(grep -o '"id":"' cases.json | grep -c .)
        told=$(sed -n 's/.*"count":\([0-9]*\)}$/\1/p' cases.json)
        [ "$wanted $wanted" = "$listed $told" ] || echo "$word: $wanted in the table, $listed listed, $told told"
    done)"
done
if [ "$(number all valid street.json)" -gt 20 ]; then tap_ok "there are rated cases"; else tap_not_ok "there are rated cases"; fi

# ---- as text ----------------------------------------------------------------------------------------------
board "${year[@]}" --classes >text.txt
finds "the period stands above" '^Street of \*, period -: 2026-01-01 00:00 to 2027-01-01 00:00, as of ' text.txt
board "${year[@]}" --scope 1101 >own.txt
of() { printf '\(%s\) +[0-9.]+ +\(%s\) +[0-9.]+ +\(%s\) +[0-9.]+' "$(number "$1" valid street.json)" "$(number "$1" of_solved street.json)" "$(number "$1" of_satisfied street.json)"; }
finds "each rate stands with its own denominator, in both sets" "$(of assessed) \\| +[0-9.]+ $(of all)  received $(number all received street.json)," own.txt
if [ "$(number all valid street.json)" != "$(number all of_solved street.json)" ] && [ "$(number all of_solved street.json)" != "$(number all of_satisfied street.json)" ]; then
    tap_ok "the denominators are three different ones"
else
    tap_not_ok "the denominators are three different ones" "$(cat own.txt)"
fi
finds "classes are told" '\[advanced\]' text.txt
finds "what is outside is told" '^ +in hand [0-9]+, praise [0-9]+' text.txt
board --month 2020-02 >empty.txt
finds "an empty month has no data, not 0" 'no data +no data +no data +no data' empty.txt
board --month 2026-11 >month.txt
finds "a month runs from the 19th to the 18th" 'period 2026-11: 2026-10-19 00:00 to 2026-11-19 00:00' month.txt
board --day 2026-11-24 >day.txt
finds "a day ends at noon" 'period 2026-11-24: 2026-11-23 12:00 to 2026-11-24 12:00' day.txt
board --at 2026-12-25T00:00:00+08:00 >now.txt
finds "--at says which month is the present one" 'period 2027-01: ' now.txt

# ---- over the line ------------------------------------------------------------------------------------------
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" user --db sqlite:city.db passwd sun.dispatch --password-file password
serve city.db
at home "$jiban" assess --server "$url" --user sun.dispatch --password-file password "${year[@]}" --json >line.json
board "${year[@]}" --json >served.json
without_moment() { sed 's/"as_of":"[^"]*"//' "$1"; }
same "a store that is being served says what the line says" "$(without_moment served.json)" "$(without_moment line.json)"
at home "$jiban" assess --server "$url" --user sun.dispatch --password-file password "${year[@]}" >line.txt
board "${year[@]}" >served.txt
same "and in the same lines of text" "$(sed 1d served.txt)" "$(sed 1d line.txt)"
serve_end

# ---- what it says no to ---------------------------------------------------------------------------------------
refused "no store is named" 64 '--db' --level street
refused "a store that is not there" 66 'nowhere\.db' --db sqlite:nowhere.db
refused "a word after it" 64 'options only' --db sqlite:city.db street
refused "persons" 77 'not for your role' --db sqlite:city.db --level person
refused "a level nobody knows" 65 'planet' --db sqlite:city.db --level planet
refused "a month that is none" 65 'month' --db sqlite:city.db --month 2026-13
refused "from without to" 65 'from and to' --db sqlite:city.db --from 2026-01-01
refused "a number nobody knows" 65 'happy' --db sqlite:city.db --cases happy --of 1101
refused "a number of nobody" 65 'whose' --db sqlite:city.db --cases valid
refused "an office that is not there" 66 '9999' --db sqlite:city.db --scope 9999
tap_done
