#!/usr/bin/env bash
# jiban export over the line: the day from noon to noon, its audit entry, what is refused, a file that ends.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db >init.txt 2>&1 || exit 1
for user in sun.dispatch wang.desk li.safe; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
done
"$jiband" generate --db sqlite:office.db --cases 400 --seed 5 --at 2026-11-24T10:00:00+08:00 >init.txt || exit 1
serve office.db
export_of() { # USER ARGUMENT...
    local user=$1
    shift
    at home "$jiban" export --server "$url" --user "$user" --password-file password --language en "$@"
}
noon=1795492800000 # 2026-11-24T12:00:00+08:00
stored=$("$sql" office.db "SELECT count(*) FROM assess WHERE created >= $noon - 86400000 AND created < $noon")
export_of sun.dispatch --day 2026-11-24 --format ndjson >day.ndjson 2>err.txt
same "a day is exported" "$?:$(cat err.txt)" "0:"
same "from noon to noon" "$(grep -c . day.ndjson)" "$stored"
if [ "${stored:-0}" -gt 3 ]; then tap_ok "and it holds some"; else tap_not_ok "and it holds some" "$stored"; fi
export_of sun.dispatch --from 2020-01-01 --to 2035-01-01 --official --bom >all.csv
same "all of them, each in a record" "$(sed 's/""//g' all.csv | tr -d '\n' | tr '\r' '\n' | grep -c .)" "401"
same "with the official names" "$(head -c 41 all.csv)" $'\xef\xbb\xbf工单编号,工单类型,问题分类'
same "no telephone number is whole" "$(grep -cE '(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)' all.csv)" "0"
export_of wang.desk --from 2020-01-01 --to 2035-01-01 --format html >own.html
same "the table ends" "$(tail -n 1 own.html)" "</table></body></html>"
"$jiband" audit --db sqlite:office.db list --user sun.dispatch >audit.txt
same "each export is an entry of the audit log" "$(grep -c 'orders\.export' audit.txt)" "2"
"$jiband" audit --db sqlite:office.db verify >verify.txt 2>&1
same "the log holds" "$?" "0"
export_of li.safe --day 2026-11-24 >no.csv 2>err.txt
same "who may not gets nothing" "$?:$(cat err.txt no.csv)" "77:jiban: Your role exports no orders."
export_of sun.dispatch --day yesterday >no.csv 2>err.txt
same "a day that is none" "$?:$(cat err.txt no.csv)" "65:jiban: day is one such as 2026-11-24."
export_of sun.dispatch --day 2026-11-24 --format xls >no.csv 2>err.txt
same "a form that is none" "$?:$(cat err.txt no.csv)" "65:jiban: format is csv, ndjson or html."
export_of sun.dispatch >no.csv 2>err.txt
same "without a time" "$?:$(cat err.txt no.csv)" "64:jiban: Say of which time: --day, --month, or --from and --to."
if export_of sun.dispatch --from 2020-01-01 --to 2035-01-01 >/dev/full 2>err.txt; then
    tap_not_ok "a full disk is told" "$(cat err.txt)"
else
    tap_ok "a full disk is told"
fi
serve_end
"$jiband" init --db sqlite:practice.db --practice --at 2026-11-24T10:00:00+08:00 >init.txt 2>&1 || exit 1
"$jiband" user --db sqlite:practice.db passwd sun.dispatch --password-file password || exit 1
# a practice store is served on a socket only
"$jiband" serve --db sqlite:practice.db --listen unix:s --log server.log >listen.txt 2>serve.txt &
serve_pid=$!
for _ in $(seq 200); do
    grep -q listening listen.txt && break
    sleep 0.05
done
url=unix:$PWD/s
export_of sun.dispatch --from 2020-01-01 --to 2035-01-01 >practice.csv
same "a practised file says so" "$(head -c 19 practice.csv)" "【演练】number,"
export_of sun.dispatch --from 2020-01-01 --to 2035-01-01 --format html >practice.html
same "in every form" "$(grep -c '<caption>【演练】12345, 2020-01-01T00:00 - 2035-01-01T00:00 (20' practice.html)" "1"
serve_end
export_of sun.dispatch --day 2026-11-24 >no.csv 2>err.txt
same "no line" "$?" 75
tap_done
