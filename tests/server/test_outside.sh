#!/usr/bin/env bash
# What leaves the console: a case for paper, lists in four forms, due times as iCalendar, changes as lines.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
for user in chen.op wang.desk sun.dispatch; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
done
: >err.txt
serve office.db
as() { # USER WORD...
    local user=$1
    shift
    mkdir -p "home-$user"
    at "home-$user" "$jiban" "$@" --server "$url" --user "$user" --password-file password --language en >out.txt 2>err.txt
}
finds() { # NAME PATTERN FILE
    if grep -qE -- "$2" "$3"; then tap_ok "$1"; else tap_not_ok "$1" "$(cat "$3" err.txt)"; fi
}
lacks() { # NAME PATTERN FILE
    if [ -s "$3" ] && ! grep -qE -- "$2" "$3"; then tap_ok "$1"; else tap_not_ok "$1" "$(cat "$3" err.txt)"; fi
}
log_one() { # TITLE
    as chen.op "do" new log type=complaint category=0602 street=1101 content='<b>施工噪声' "title=$1" phone=13812345678 \
        claimant=张三丰 point=三号路工地 || cat err.txt
}
log_one '=1+1'
log_one '夜里施工'
as sun.dispatch sync || cat err.txt
as sun.dispatch list --json
number=$(sed -n 's/.*"number":"\([^"]*\)".*/\1/p' out.txt | head -n 1)

# ---- a case for paper ---------------------------------------------------------------------------------
as sun.dispatch print "$number" || cat err.txt
finds "a printed case has its number and page at the head" "^$number .*page 1 of 1$" out.txt
finds "and its history" "施工噪声" out.txt
lacks "names and phones are masked" '张三丰|13812345678' out.txt
as sun.dispatch outbox --json
finds "that it was printed waits to be sent" '"disclose"' out.txt
as sun.dispatch sync
"$sql" office.db "SELECT count(*) FROM events WHERE type = 'disclose'" >count.txt
finds "and comes to the centre" '^1$' count.txt
as sun.dispatch print "$number" --format html --output case.html || cat err.txt
finds "in HTML what a claimant wrote is text" '&lt;b&gt;施工噪声' case.html
as sun.dispatch print "$number" --output case.html
code=$?
finds "a file that is there is not written over ($code)" 'case.html is there already' err.txt
as sun.dispatch sync
"$sql" office.db "SELECT count(*) FROM events WHERE type = 'disclose'" >count.txt
finds "and nothing is recorded that was not written" '^2$' count.txt
as chen.op sync
as chen.op print "$number"
code=$?
if [ "$code" -ne 0 ] && [ ! -s out.txt ]; then
    tap_ok "whom the procedure refuses it gets nothing"
else
    tap_not_ok "whom the procedure refuses it gets nothing" "$(cat out.txt err.txt)"
fi

# ---- a day --------------------------------------------------------------------------------------------
as sun.dispatch print --day today || cat err.txt
finds "a day has its numbers" '^  Orders taken down: 2$' out.txt
finds "and a line for each case" "^  $number  to dispatch  Orders taken down  " out.txt
lacks "and names nobody" '张三丰|1381' out.txt
as sun.dispatch print --day 2020-01-01
finds "of a day without anything too" '^  Orders taken down: 0$' out.txt
lacks "without a line for a case" "$number" out.txt
as sun.dispatch print --day today --format html --output day.html || cat err.txt
finds "in HTML" '<pre>' day.html
as sun.dispatch print --day yesterday
finds "what is no day is refused" 'is no day' err.txt
as sun.dispatch outbox --json
if [ ! -s out.txt ] || ! grep -q disclose out.txt; then tap_ok "and nothing is recorded"; else tap_not_ok "and nothing is recorded" "$(cat out.txt)"; fi

# ---- lists --------------------------------------------------------------------------------------------
as sun.dispatch list --format csv
finds "CSV has its columns" '^number,state,clock,due,category,community,handler,title.$' out.txt
finds "what a spreadsheet would reckon is text" "\"'=1\+1\"" out.txt
as sun.dispatch list --format ndjson
finds "NDJSON is what --json prints" '^\{"id":.*"title":"=1\+1"' out.txt
as sun.dispatch list --format html category:0602
finds "HTML names the filter" '<h1>.*category:0602</h1>' out.txt
as sun.dispatch list --format text
finds "pages have view and number" 'page 1 of 1$' out.txt
as sun.dispatch list --format pdf
finds "other forms are refused" 'text, csv, ndjson or html' err.txt

# ---- calendar -----------------------------------------------------------------------------------------
# Strict: CRLF, 75 octets, entries with all that RFC 5545 asks for, once each.
# shellcheck disable=SC2016 # awk's
check='
    { whole = sub(/\r$/, "") ; if (!whole) print NR ": no CRLF"; if (length($0) > 75) print NR ": too long" }
    NR == 1 && $0 != "BEGIN:VCALENDAR" { print "begins with " $0 }
    /^[^ ]/ && !/^[A-Z-]+:/ { print NR ": no property: " $0 }
    /^BEGIN:/ { stack[++depth] = substr($0, 7); if (stack[depth] == "VEVENT") { split("", has); events++ } }
    depth == 2 && /^(UID|DTSTAMP|DTSTART|SEQUENCE|SUMMARY):/ { sub(/:.*/, ""); has[$0]++ }
    /^END:/ { if (stack[depth--] != substr($0, 5)) print NR ": ends " $0
        if ($0 == "END:VEVENT") for (i = split("UID DTSTAMP DTSTART SEQUENCE SUMMARY", want, " "); i; i--)
            if (has[want[i]] != 1) print NR ": " want[i] " stands " has[want[i]] + 0 " times" }
    END { if (depth) print "not closed"; if (events != 2) print events + 0 " events" }'
as sun.dispatch calendar
tap_empty "each due time is an entry that RFC 5545 allows" "$(LC_ALL=C awk "$check" out.txt; cat err.txt)"
lacks "nobody is named in it" '张|138|施工|=1' out.txt
grep '^UID:' out.txt | sort >before.txt
as sun.dispatch calendar
grep '^UID:' out.txt | sort >after.txt
if cmp -s before.txt after.txt; then tap_ok "an entry keeps its UID"; else tap_not_ok "an entry keeps its UID" "$(cat before.txt after.txt)"; fi

# ---- handover -----------------------------------------------------------------------------------------
as sun.dispatch print "$number"
as sun.dispatch handover
short=${number:0:4}-${number: -5}
finds "the handover lists open cases by due time" "^  $short  [! ] [-0-9]+ [0-9:]+ dispatch +to dispatch " out.txt
finds "and what is not sent" "^  $short  give out" out.txt
lacks "and names nobody" '张|1381' out.txt
as sun.dispatch sync

# ---- changes ------------------------------------------------------------------------------------------
as sun.dispatch watch --once
finds "watch --once says how things stand" "^[-0-9T:+]+	entered	$number	WAIT_DISPATCH$" out.txt
# shellcheck disable=SC2016 # for the shell inside: the signal is for jiban, not for who waits for it
at home-sun.dispatch bash -c 'echo $$ >watch.pid; exec "$@"' watch "$jiban" watch --json --server "$url" \
    --user sun.dispatch --password-file password >lines.txt 2>watch.txt &
watch_job=$!
for _ in $(seq 200); do
    grep -q . lines.txt && break
    [ "${logged:-}" ] || { logged=yes && sleep 1 && log_one '第三件'; }
    sleep 0.1
done
finds "a case that comes in is a line while it watches" '^\{"at":"[^"]*","change":"entered".*"state":"WAIT_DISPATCH"' lines.txt
kill -TERM "$(cat watch.pid)"
wait $watch_job
code=$?
if [ $code -eq 0 ]; then tap_ok "it ends cleanly when it is told to"; else tap_not_ok "it ends cleanly when it is told to" "$code $(cat watch.txt)"; fi
at home-sun.dispatch "$jiban" watch --offline --server "$url" --user sun.dispatch 2>watch.txt | true
code=${PIPESTATUS[0]}
if [ "$code" -eq 0 ]; then tap_ok "and when nobody reads it any more"; else tap_not_ok "and when nobody reads it any more" "$code $(cat watch.txt)"; fi
# ---- whistles -----------------------------------------------------------------------------------------
as sun.dispatch print --whistles "$number"
code=$?
finds "a case without a whistle has no sheet ($code)" 'None of these cases has an open whistle or a meeting' err.txt
as sun.dispatch print --whistles
finds "nor has a list without one" 'None of these cases has an open whistle or a meeting' err.txt
as sun.dispatch print --whistles --day today
finds "a day has no sheets" '^       jiban print --whistles' err.txt
as sun.dispatch list --json
numbers=$(sed -n 's/.*"number":"\([^"]*\)".*/\1/p' out.txt | head -n 2)
for one in $numbers; do as sun.dispatch "do" "$one" dispatch unit=1101 tier=T24H || cat err.txt; done
as wang.desk sync || cat err.txt
for one in $numbers; do
    as wang.desk "do" "$one" sign || cat err.txt
    as wang.desk "do" "$one" whistle kind=J units=118001,118003 task='联合检查，问13812345678' || cat err.txt
done
# shellcheck disable=SC2086 # each is a word
as wang.desk print --whistles $numbers || cat err.txt
# A sheet a line: a form feed ends each but the last.
tr '\n\f' '\001\n' <out.txt >sheets.txt
first=$(printf '%s\n' "$numbers" | sed -n 1p)
second=$(printf '%s\n' "$numbers" | sed -n 2p)
if [ "$(grep -ac "^Whistle sheet.*$first.*$second\|^Whistle sheet.*$second.*$first" sheets.txt)" = 2 ] && [ "$(grep -c '' sheets.txt)" = 2 ]; then
    tap_ok "two units have a sheet each with both cases"
else
    tap_not_ok "two units have a sheet each with both cases" "$(cat out.txt)"
fi
lacks "nobody is named on them" '张三丰|13812345678' out.txt
as wang.desk sync
"$sql" office.db "SELECT count(*) FROM events WHERE type = 'disclose' AND body LIKE '%wang.desk%'" >count.txt
finds "that they were printed comes to the centre for both cases" '^2$' count.txt
as wang.desk print --whistles --view whistle --format ndjson
if [ "$(grep -c '^{"sheet":"whistles","unit":"11800[13]"' out.txt)" = 2 ]; then
    tap_ok "those of a view are an object a unit"
else
    tap_not_ok "those of a view are an object a unit" "$(cat out.txt err.txt)"
fi
as wang.desk print --whistles --format csv --output whistles.csv || cat err.txt
if [ "$(wc -l <whistles.csv)" = 5 ]; then
    tap_ok "a row stands for each case and unit"
else
    tap_not_ok "a row stands for each case and unit" "$(cat whistles.csv err.txt)"
fi
tap_done
