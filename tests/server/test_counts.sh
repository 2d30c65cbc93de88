#!/usr/bin/env bash
# All rows of the real sets through import, line and list: the cases of a street are as many as awk counts in the
# source, and the rows that are refused are named with line and reason.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
sets=${JIBAN_SHARED_DATA:-}
boston=$sets/boston-open311-requests.ndjson.zst chinese=$sets/zh-messages.ndjson.zst
whole() { # REASON: the test as a whole cannot run
    echo "1..0 # SKIP $1"
    exit 0
}
if [ -z "$sets" ] || [ ! -r "$boston" ] || [ ! -r "$chinese" ]; then whole "the real sets are not there"; fi
command -v zstd >/dev/null || whole "no zstd"
# 107,416 rows are too many for the build with sanitizers.
[ -x "${JIBAN_RELEASE_BUILDDIR:-}/jiband" ] || whole "no release build (JIBAN_RELEASE_BUILDDIR)"
[ "$(df -Pk . | awk 'NR == 2 { print $4 }')" -gt 2000000 ] || whole "less than 2 GB of room"
export JIBAND=$JIBAN_RELEASE_BUILDDIR/jiband JIBAN=$JIBAN_RELEASE_BUILDDIR/jiban
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
printf 'a word for tests\n' >password && chmod 600 password
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}

# street DB CODE ALL OPEN: what a console of the street gets over the line and lists
street() {
    "$jiband" user --db "sqlite:$1" add "desk.$2" --role desk --office "$2" --unit "${2}90" --password-file password
    serve "$1"
    at "home.$2" "$jiban" sync --json --server "$url" --user "desk.$2" --password-file password >sync.txt 2>&1
    same "$2: jiban sync has as many cases as the source" "$(sed -n 's/.*"cases":\([0-9]*\).*/\1/p' sync.txt)" "$3"
    # what was closed where nobody can be called back is closed here too: two views make the whole
    for view in all_open closed; do at "home.$2" "$jiban" list "view:$view" --json --server "$url" --user "desk.$2"; done >list.txt
    same "$2: and jiban list" "$(grep -c '^{"id":' list.txt)" "$3"
    same "$2: none of them twice" "$(sed 's/^{"id":"\([^"]*\)".*/\1/' list.txt | sort -u | grep -c .)" "$3"
    same "$2: those without an answer wait to be signed" "$(grep -c '"state":"SENT"' list.txt)" "$4"
    serve_end
}

# ---- Boston: streets are cells of a grid ------------------------------------------------------------------
# Three bad rows among the good ones: broken JSON, the row before once more, no day of any calendar.
zstd -dcq "$boston" | awk '{ print }
    NR == 1000 { print "{\"service_request_id\":\"X-1\",\"status\":" }
    NR == 50000 { print }
    NR == 90000 { sub(/"requested_datetime":"[^"]*"/, "\"requested_datetime\":\"2019-02-30T08:00:00-05:00\""); sub(/"service_request_id":"[0-9]*"/, "\"service_request_id\":\"X-3\""); print }' >boston.ndjson
awk 'function number(key,   text) {
        if (!match($0, "\"" key "\":-?[0-9.]+")) return "none"
        text = substr($0, RSTART, RLENGTH); sub(/.*:/, "", text); return text + 0
    }
    function cell(x, from, to, n,   at) {
        at = (x - from) / (to - from) * n
        return at < 0 ? 0 : at >= n ? n - 1 : int(at)
    }
    NR == 1001 || NR == 50002 || NR == 90003 { next }
    { street = sprintf("82%02d", cell(number("lat"), 42.385, 42.255, 4) * 4 + cell(number("long"), -71.165, -71.025, 4) + 1)
        all[street]++; open[street] += /"status":"open"/ }
    END { for (street in all) print street, all[street], open[street] }' boston.ndjson | sort >wanted.txt
same "the source has 107,416 rows in 16 streets" "$(awk '{ n += $2 } END { print n, NR }' wanted.txt)" "107416 16"
# Closed long ago, and all of it is to be counted: no case leaves the console for its age.
sed "s/\"closed\": \"[0-9]* day\"/\"closed\": \"9999 day\"/" "$JIBAN_TOP_SRCDIR/data/policy.json" >policy.json
"$jiband" init --db sqlite:boston.db --policy policy.json
from=$(date +%s)
"$jiband" import --db sqlite:boston.db --format open311 --at 2026-11-24T10:00:00+08:00 boston.ndjson >out.txt 2>err.txt
echo "# imported in $(($(date +%s) - from)) s"
same "Boston: every row is accounted for" "$(cat out.txt)" "107419 rows read, 107416 cases made, 3 rows refused"
same "Boston: three rows are refused" "$(grep -c . err.txt)" 3
same "Boston: broken JSON" "$(sed -n 's/^\(boston.ndjson:1001: JSON\).*/\1/p' err.txt)" "boston.ndjson:1001: JSON"
same "Boston: a row twice" "$(grep -c '^boston.ndjson:50002: .*already' err.txt)" 1
same "Boston: a day that is not" "$(grep -c '^boston.ndjson:90003: "2019-02-30T08:00:00-05:00" is not a time' err.txt)" 1
same "Boston: every street has its cases" "$("$sql" boston.db "SELECT scope || ' ' || count(*) FROM visibility
    WHERE gone_gseq IS NULL AND length(scope) = 4 GROUP BY scope ORDER BY scope")" "$(cut -d' ' -f1-2 wanted.txt)"
read -r _ all open <<<"$(grep '^8212 ' wanted.txt)"
street boston.db 8212 "$all" "$open"
rm -f boston.db* boston.ndjson

# ---- Chinese messages: streets by FNV-1a over the name of the writer --------------------------------------
zstd -dcq "$chinese" >chinese.ndjson
LC_ALL=C awk 'BEGIN {
        for (i = 32; i < 127; i++) byte[sprintf("%c", i)] = i
        for (i = 0; i < 16; i++) for (k = 0; k < 16; k++) {
            x = 0; a = i; b = k
            for (bit = 1; bit < 16; bit *= 2) { if (a % 2 != b % 2) x += bit; a = int(a / 2); b = int(b / 2) }
            xor[i, k] = x
        }
    }
    # h * (2^24 + 403) modulo 2^32 in numbers that a double holds
    function fnv(text,   h, i, low, c) {
        h = 2166136261
        for (i = 1; i <= length(text); i++) {
            c = byte[substr(text, i, 1)]; low = h % 256
            h = h - low + xor[int(low / 16), int(c / 16)] * 16 + xor[low % 16, c % 16]
            h = ((h % 256) * 16777216 + (h * 403) % 4294967296) % 4294967296
        }
        return h
    }
    { match($0, /"user": "[^"]*"/); user = substr($0, RSTART + 9, RLENGTH - 10)
        street = sprintf("81%02d", fnv(user) % 8 + 1); all[street]++; open[street] += !/"reply": "/ }
    END { for (street in all) print street, all[street], open[street] }' chinese.ndjson | sort >wanted.txt
same "the source has 6,936 messages in 8 streets" "$(awk '{ n += $2 } END { print n, NR }' wanted.txt)" "6936 8"
"$jiband" init --db sqlite:chinese.db --policy policy.json
"$jiband" import --db sqlite:chinese.db --format ndjson --at 2026-11-24T10:00:00+08:00 chinese.ndjson >out.txt 2>err.txt
same "Chinese: every row is accounted for" "$(cat out.txt err.txt)" "6936 rows read, 6936 cases made, 0 rows refused"
same "Chinese: every street has its cases" "$("$sql" chinese.db "SELECT scope || ' ' || count(*) FROM visibility
    WHERE gone_gseq IS NULL AND length(scope) = 4 GROUP BY scope ORDER BY scope")" "$(cut -d' ' -f1-2 wanted.txt)"
read -r _ all open <<<"$(grep '^8103 ' wanted.txt)"
street chinese.db 8103 "$all" "$open"
tap_done
