#!/usr/bin/env bash
# Units that go: while rows in force name them they stay; when the rows are over, units and rows are kept for old
# orders. An organisation without a version is imported into more than once.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
db=sqlite:office.db
"$jiband" init --db "$db" || exit 1
# run NAME STATUS PATTERN WORD...: exit status, and a line of what was said or printed
run() {
    local name=$1 want=$2 pattern=$3 said code
    shift 3
    said=$("$jiband" "$@" --db "$db" 2>&1 </dev/null)
    code=$?
    if [ "$code" != "$want" ]; then
        tap_not_ok "$name" "exit status $code instead of $want: $said"
    elif ! grep -qE -- "$pattern" <<<"$said"; then
        tap_not_ok "$name" "no \"$pattern\" in: $said"
    else
        tap_ok "$name"
    fi
}

# 118010 leads rows of the shipped catalogue and nobody works there.
"$jiband" org show --db "$db" | sed -E 's/"version":1,/"version":2,/; s/\{"code":"118010"[^}]*\},//' >org.json
"$jiband" catalogue show --db "$db" | sed -E 's/"version": 1,/"version": 2,/
    /"lead": "118010"|"assist": .*"118010"/ { s/, "(since|until)": "[^"]*"//g; s/\}(,?)$/, "until": "2026-01-31"}\1/ }' >over.json
run "check: a unit that rows in force name must stay" 65 'catalogue in force does not fit: /rows/[0-9]+/lead: .*"118010" has ended' org check org.json
run "load: the same" 65 'catalogue in force does not fit: /rows/[0-9]+/lead: .*"118010" has ended' org load org.json
run "load: and nothing was changed" 0 '^\*    1 ' org history
run "the rows are ended" 0 '/until' catalogue load over.json
run "check: then the unit may go" 0 'can be loaded' org check org.json
run "load: it goes" 0 '/units/118010' org load org.json
run "it is kept for old orders" 0 '"code":"118010"[^}]*"ended":"20' org show
run "the rows that are over still fit" 0 'can be loaded' catalogue check over.json
sed -E 's/"version": 2,/"version": 3,/; 0,/, "until": "2026-01-31"/s///' over.json >bad.json
run "a row that is not over does not name it any more" 65 '"118010" has ended; give the row an until' catalogue load bad.json
run "a matter of its rows goes to who is left" 0 '^1\. .*no row|^1\. ' propose --category 1501 --street 1101
run "and not to it" 0 'district decides' propose --category 1501 --street 1101

# ---- an organisation without a version --------------------------------------------------------------------
rm -f office.db*
sed -E '/^  "(version|valid_from)"/d' "$JIBAN_TOP_SRCDIR/data/org.json" >own.json
"$jiband" init --db "$db" --org own.json || exit 1
cat >boston.ndjson <<'END'
{"service_request_id":"101","status":"open","service_name":"Pothole","description":"a hole","requested_datetime":"2026-03-02T10:00:00-05:00","address":"1 Main St","lat":42.30,"long":-71.06}
END
run "an import brings its units into it" 0 ' 1 cases made, 0 rows refused' import --format open311 --at 2026-11-24T10:00:00+08:00 boston.ndjson
run "and they are its next version" 0 '^\*    2 ' org history
tap_done
