#!/usr/bin/env bash
# jiban assess against a served office: the table for people, its numbers, and the cases behind one of them.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db >init.txt 2>&1 || exit 1
for user in sun.dispatch wang.desk; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
done
"$jiband" generate --db sqlite:office.db --cases 500 --seed 5 >init.txt || exit 1
serve office.db
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}
assess() { # USER ARGUMENT...
    local user=$1
    shift
    at home "$jiban" assess --server "$url" --user "$user" --password-file password --language en "$@"
}
whole=(--from 2020-01-01 --to 2035-01-01)
number() { sed -n "s/.*\"code\":\"$1\".*\"assessed\":{[^}]*\"$2\":\([0-9]*\).*/\1/p" line.txt; }

assess sun.dispatch "${whole[@]}" --json >table.json 2>err.txt
same "the table comes" "$?" 0
grep -o '{"code":"1101",.*' table.json | sed 's/,{"code":.*//; s/\],"total":.*//' >line.txt
received=$(number 1101 received)
unrated=$(number 1101 unrated)
same "as many received as the store holds" "$received" \
    "$("$sql" office.db "SELECT count(*) FROM assess a JOIN assess_words w ON w.id = a.unit WHERE w.word = '1101'")"
for word in received unrated valid in_hand praise; do
    assess sun.dispatch "${whole[@]}" --cases "$word" --of 1101 >cases.json
    same "$word opens to as many cases" "$(grep -o '"id":' cases.json | grep -c .)" "$(number 1101 "$word")"
done
if [ "${received:-0}" -gt 50 ] && [ "${unrated:-0}" -gt 0 ]; then tap_ok "and they are some"; else tap_not_ok "and they are some" "$(cat line.txt)"; fi
same "what is outside and what is valid is all that was received" "$(sed 's/.*"assessed":{\([^}]*\)}.*/\1/' line.txt | tr ',' '\n' |
    awk -F: '/"(valid|in_hand|praise|own|scope|direct|elsewhere|merged|void|withdrawn|invalid|unrated|uncalled|not_scored|excluded)"/ { n += $2 } END { print n }')" "$received"

assess sun.dispatch "${whole[@]}" --classes >people.txt
same "the table for people says level, period and moment" "$(grep -cE '^Street of \*, period -: 2020-01-01 00:00 to 2035-01-01 00:00, as of 20[0-9-]+ [0-9:]+$' people.txt)" 1
same "each street has its rank and its denominators" "$(grep -cE '^[12]/2 .*[A-D].*Street.*\([0-9]+\).*\([0-9]+\).*\([0-9]+\).*\|.*received [0-9]+, closed [0-9]+' people.txt)" 2
same "what is outside stands below" "$(grep -cE '^ +in hand [0-9]+, .*[a-z] [0-9]+$' people.txt)" 3
same "one street is advanced, one to be corrected" "$(grep -oE '\[(advanced|to be corrected)\]' people.txt | sort | tr '\n' ' ')" "[advanced] [to be corrected] "
assess sun.dispatch --month 2020-01 >people.txt
same "no data where nobody was asked" "$(grep -c 'no data.*no data.*no data.*no data.*|' people.txt)" 3

assess wang.desk --level person "${whole[@]}" >people.txt
same "the desk sees the persons of its office" "$(grep -c '(.*|' people.txt | awk '{ print ($1 > 2) }')" 1
assess sun.dispatch --level person >people.txt 2>err.txt
same "who dispatches does not" "$?:$(cat err.txt)" "77:jiban: These figures are not for your role."
assess wang.desk --month November >people.txt 2>err.txt
same "a month that is none" "$?:$(cat err.txt)" "65:jiban: month is one such as 2026-11."
assess wang.desk --scope 'a&level=person' >people.txt 2>err.txt
same "a value does not become a parameter" "$?:$(cat err.txt)" '66:jiban: There is no district, street or department "a&level=person".'
printf 'wrong\n' >wrong && chmod 600 wrong
at home "$jiban" assess --server "$url" --user wang.desk --password-file wrong --language en >people.txt 2>err.txt
same "a wrong password" "$?:$(cat err.txt)" "77:jiban: Name or password is wrong."
serve_end
assess wang.desk >people.txt 2>err.txt
same "no line" "$?" 75
tap_done
