#!/usr/bin/env bash
# jiband import: the shipped sample, broken rows, the same file twice; the real sets where they are.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
jiband=$JIBAN_TOP_BUILDDIR/jiband
now=2026-11-24T10:00:00+08:00

fresh() { # NAME: an empty store
    rm -f "$1.db"* && "$jiband" init --db "sqlite:$1.db" >init.txt 2>&1
}
import() { # NAME FORMAT FILE: counts to out.txt, refused rows to err.txt
    "$jiband" import --db "sqlite:$1.db" --format "$2" --at "$now" "$3" >out.txt 2>err.txt
}
holds() { # NAME TEXT FILE
    if grep -qF -- "$2" "$3"; then tap_ok "$1"; else tap_not_ok "$1" "no \"$2\" in: $(cat out.txt err.txt)"; fi
}
logged() { "$jiband" events --db "sqlite:$1.db" | grep -c '"seq":1,'; }
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2 instead of $3: $(head -c 2000 err.txt)"; fi
}

# ---- the shipped sample ------------------------------------------------------------------------
sample=$JIBAN_TOP_SRCDIR/data/maps/sample.csv
fresh sample
import sample csv "$sample"
same "sample.csv is taken" $? 0
holds "no row of it is refused" " 0 rows refused" out.txt
made=$(sed -n 's/.* \([0-9]*\) cases made.*/\1/p' out.txt)
same "as many cases as it says are in the store" "$(logged sample)" "$made"
"$jiband" events --db sqlite:sample.db >events.txt
holds "the number at the source is kept" "热线-261116-000077" events.txt
import sample csv "$sample"
holds "a second time makes no case" " 0 cases made" out.txt
holds "and says why" "already" err.txt

# ---- broken NDJSON -----------------------------------------------------------------------------
{
    printf '\xEF\xBB\xBF'
    echo '{"id":"M-1","user":"a","title":"路灯不亮","time":"2019-05-01T08:00:00+08:00","text":"路口路灯三天不亮。"}'
    echo '{"id":"M-2","title":"no end'
    printf '{"id":"M-3","title":"\xff","time":"2019-05-01T08:00:00+08:00","text":"x"}\n'
    printf '{"id":"M-4","title":"a\0b","time":"2019-05-01T08:00:00+08:00","text":"x"}\n'
    echo '{"id":"M-5","time":"2019-05-01T08:00:00+08:00"}'
    echo '{"id":"M-6","title":"t","time":"2019-02-30T08:00:00+08:00","text":"x"}'
    echo '{"id":"M-7","title":"t","text":"x"}'
    echo '{"title":"t","time":"2019-05-01T08:00:00+08:00","text":"x"}'
    echo '[1,2]'
    echo
    echo '{"id":"R-1","user":"b","title":"垃圾","time":"2019-05-02T08:00:00+08:00","text":"垃圾没人清。","reply":"已清运。","reply_time":"2019-05-03T08:00:00+08:00"}'
} >bad.ndjson
fresh ndjson
import ndjson ndjson bad.ndjson
same "good rows among broken ones are taken" $? 0
holds "the counts are right" "10 rows read, 2 cases made, 8 rows refused" out.txt
holds "bad JSON: line and reason" "bad.ndjson:2: JSON" err.txt
holds "bad UTF-8" "bad.ndjson:3: not valid UTF-8" err.txt
holds "a NUL byte" "bad.ndjson:4: a NUL byte" err.txt
holds "no text" "bad.ndjson:5: no text" err.txt
holds "a day that is not" 'bad.ndjson:6: "2019-02-30T08:00:00+08:00" is not a time' err.txt
holds "no time" "bad.ndjson:7: no time" err.txt
holds "no number" "bad.ndjson:8: no number of its own" err.txt
holds "not an object" "bad.ndjson:9: JSON" err.txt
same "the answered one has its reply approved" \
    "$("$jiband" events --db sqlite:ndjson.db | grep -c '"type":"reply_approved"\|"approver"')" 1

# ---- an array of Open311 requests ----------------------------------------------------------------
cat >array.json <<'X'
[ {"service_request_id":"1","status":"open","service_name":"Other","description":"a ] and a } \" in text",
   "requested_datetime":"2019-03-01T08:00:00-05:00","lat":42.3,"long":-71.1},
  {"service_request_id":"2","status":"closed","service_name":"Other","requested_datetime":"yesterday"},
  {"service_request_id":"3","status":"closed","status_notes":"Done.","service_name":"Other",
   "requested_datetime":"2019-03-01T09:00:00-05:00","updated_datetime":"2019-03-02T09:00:00-05:00"} ]
X
fresh array
import array open311 array.json
holds "an array is taken apart" "3 rows read, 2 cases made, 1 rows refused" out.txt
holds "an element that is refused names its line" 'array.json:3: "yesterday" is not a time' err.txt

# ---- CSV by RFC 4180 -----------------------------------------------------------------------------
{
    printf '\xEF\xBB\xBF工单编号,标题,主要内容,来电时间,被反映街乡镇\r\n'
    printf 'A-1,"a, ""b""","one\r\ntwo",2026-11-01 08:00:00,幸福里街道\r\n'
    printf 'A-2,short\r\n'
    printf 'A-3,t,x,2026-13-01 08:00:00,幸福里街道\r\n'
    printf 'A-4,t,"never closed,2026-11-01 08:00:00,幸福里街道\r\n'
} >bad.csv
fresh csv
import csv csv bad.csv
holds "quotes, commas and line breaks in quotes" "4 rows read, 1 cases made, 3 rows refused" out.txt
holds "a short row" "bad.csv:4: 2 cells where the heading has 5" err.txt
holds "a bad time after a row of two lines" "bad.csv:5: " err.txt
holds "a quote left open" "bad.csv:6: a quote is opened and not closed" err.txt
"$jiband" events --db sqlite:csv.db >events.txt
holds "the quoted text is whole" 'a, \"b\"' events.txt

# ---- what cannot be taken at all ---------------------------------------------------------------
fresh none
before=$(cksum <none.db)
printf '\033[31mnot json\n' >none.ndjson
import none ndjson none.ndjson
same "a file without one good row fails" $? 65
same "and leaves the store as it was" "$(cksum <none.db)" "$before"
if grep -q $'\033' err.txt; then tap_not_ok "no escape sequence passes"; else tap_ok "no escape sequence passes"; fi
import none xml none.ndjson
same "an unknown format fails" $? 65
printf '{"fields":{}}' >map.json
"$jiband" import --db sqlite:none.db --format csv --map map.json "$sample" >out.txt 2>err.txt
holds "a broken map names the place" "map.json: /fields/external_id" err.txt

# ---- the real sets -------------------------------------------------------------------------------
real() { # NAME FORMAT FILE ROWS
    local file=${JIBAN_SHARED_DATA:-}/$3
    if [ -z "${JIBAN_SHARED_DATA:-}" ] || [ ! -r "$file" ]; then tap_skip "$1" "not there" && return; fi
    case $3 in
    *.zst)
        command -v zstd >/dev/null || { tap_skip "$1" "no zstd" && return; }
        zstd -dcq "$file" >real.txt && file=real.txt
        ;;
    esac
    fresh real
    import real "$2" "$file"
    holds "$1" "$4 rows read, $4 cases made, 0 rows refused" out.txt
    same "$1: nothing stopped on its way" "$(grep -c . err.txt)" 0
}
real "New York" nyc311 nyc311-sample-2024-04.csv 1000
real "Chinese messages" ndjson zh-messages.ndjson.zst 6936
tap_done
