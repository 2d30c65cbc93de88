#!/usr/bin/env bash
# Emergencies: who opens and closes one, what is refused and why; an order that is dispatched into one gets its clocks;
# none can join a closed one; consoles hear of it while they run; each is in the audit log.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
if ! command -v curl >/dev/null; then
    echo "1..0 # SKIP no curl"
    exit 0
fi
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
for user in chen.op sun.dispatch zhou.district wang.desk luo.leader wei.audit; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
    mkdir "$user"
done
serve office.db
me() { # USER WORD...
    local user=$1
    shift
    at "$user" "$jiban" "$@" --server "$url" --user "$user" --password-file password >out.txt 2>err.txt </dev/null
}
good() { # NAME USER WORD...
    local name=$1
    shift
    if me "$@"; then tap_ok "$name"; else tap_not_ok "$name" "$(cat out.txt err.txt)"; fi
}
refused() { # NAME PATTERN USER WORD...
    local name=$1 pattern=$2
    shift 2
    if ! me "$@" && grep -qE -- "$pattern" err.txt; then tap_ok "$name"; else tap_not_ok "$name" "$(cat out.txt err.txt)"; fi
}
says() { # NAME PATTERN
    if grep -qE -- "$2" out.txt; then tap_ok "$1"; else tap_not_ok "$1" "no \"$2\" in: $(cat out.txt err.txt)"; fi
}

# ---- open --------------------------------------------------------------------------------------------------
good "list: none yet" wang.desk emergency list
says "and says so" 'No emergency'
good "a district opens its own" zhou.district emergency open storm-20261124 name="Storm" areas=1101 categories=0305,21 text="All hands"
says "the answer is the list" '^storm-20261124  11  Storm'
refused "the code a second time" 'was opened before' zhou.district emergency open storm-20261124 name="Storm again"
refused "a kind that the policy does not have" 'no kind of emergency "flood"' zhou.district emergency open flood-20261124 name="Flood"
refused "a code without a day" 'its kind and its day' zhou.district emergency open storm name="Storm"
refused "a day that is none" 'its kind and its day' zhou.district emergency open storm-20261324 name="Storm"
refused "without a name" 'needs a name' zhou.district emergency open storm-20261124-2
refused "another district" "another district" zhou.district emergency open storm-20261124-2 name="Storm" district=12
refused "an area that is none" '"118001" is no street' zhou.district emergency open storm-20261124-2 name="Storm" areas=118001
refused "a category that is none" 'No category begins with "99"' zhou.district emergency open storm-20261124-2 name="Storm" categories=99
refused "a desk opens none" 'by the district or the dispatchers' wang.desk emergency open water-20261124 name="Water"
refused "nor does a leader" 'by the district or the dispatchers' luo.leader emergency open water-20261124 name="Water" district=11
good "a dispatcher opens anywhere" sun.dispatch emergency open water-20261124 name="No water" district=11 categories=0103
refused "but names the district" 'no district ""' sun.dispatch emergency open water-20261124-2 name="No water"
good "list as JSON" wang.desk emergency list --json
says "two, and two versions" '"version":2,"emergencies":\[\{"code":"storm-20261124",.*\{"code":"water-20261124"'

# ---- an order is dispatched into one ---------------------------------------------------------------------------
order() { # CATEGORY STREET: dispatched; its number in number
    me chen.op 'do' new log type=help channel=phone category="$1" street="$2" title=Test content="a test" \
        claimant=Zhang phone=13800138000 tier=T24H || cat err.txt
    me sun.dispatch sync
    me sun.dispatch list state:WAIT_DISPATCH
    number=$(awk '{ print $2; exit }' out.txt)
    me sun.dispatch 'do' "$number" dispatch unit="$2" || cat err.txt
    me sun.dispatch show "$number" --json
}
events() { "$sql" office.db "SELECT e.type FROM events e JOIN cases c ON c.row = e.case_row WHERE c.number = replace('$number', '-', '') ORDER BY e.seq" | tr '\n' ' '; }
order 2102 1101
first=$number
says "an order of its area and category is put under it" '"emergency":"storm-20261124"'
case $(events) in
*"join_emergency dispatch "*) tap_ok "by an event of its own, just before it is sent" ;;
*) tap_not_ok "by an event of its own, just before it is sent" "$(events)" ;;
esac
by=$("$sql" office.db "SELECT body FROM events WHERE type = 'join_emergency'")
case $by in
*'"role":"clock"'*) tap_ok "of the clock" ;;
*) tap_not_ok "of the clock" "$by" ;;
esac
me sun.dispatch clock "$number"
says "its clocks are those of the kind" '12 hour'
order 2102 1102
if grep -q storm-20261124 out.txt; then tap_not_ok "not one of another street" "$(cat out.txt)"; else tap_ok "not one of another street"; fi
second=$number
order 0901 1101
if grep -q storm-20261124 out.txt; then tap_not_ok "nor of another category" "$(cat out.txt)"; else tap_ok "nor of another category"; fi
me zhou.district sync
refused "the district puts several under it at once: the one that is there already is told" \
    "^jiban: $first: .*under this emergency already" zhou.district 'do' "$first,$second" join_emergency emergency=storm-20261124
me sun.dispatch sync
me sun.dispatch show "$second" --json
says "the other one is put under it" '"emergency":"storm-20261124"'
refused "the console knows which there are" 'no such emergency' zhou.district 'do' "$number" join_emergency emergency=storm-20261125

# ---- close -------------------------------------------------------------------------------------------------
refused "a desk closes none" 'by the district or the dispatchers' wang.desk emergency close storm-20261124
refused "one that there is not" 'no emergency "storm-20261130"' zhou.district emergency close storm-20261130
# a console that runs hears of it: what it keeps is another without a new log-in
mkdir desk2
"$jiband" user --db sqlite:office.db passwd liu.desk --password-file password || exit 1
token=$(curl -sS -d '{"user":"liu.desk","password":"a word for tests"}' "$url/v1/session" | sed 's/.*"token":"\([^"]*\)".*/\1/')
curl -sS -N --max-time 60 -H "Authorization: Bearer $token" "$url/v1/events" >stream.txt &
stream=$!
for _ in $(seq 200); do if grep -q 'event: change' stream.txt; then break; fi; sleep 0.05; done
good "the district closes it" zhou.district emergency close storm-20261124
says "with the time" 'Emergency closed: 20'
for _ in $(seq 200); do if grep -q 'event: reference' stream.txt; then break; fi; sleep 0.05; done
kill $stream
if grep -q 'event: reference' stream.txt; then tap_ok "the streams tell that reference data is another"; else tap_not_ok "the streams tell that reference data is another" "$(cat stream.txt)"; fi
refused "it is closed once" 'closed already' zhou.district emergency close storm-20261124
me zhou.district sync
refused "none joins it any more" 'is closed: no case' zhou.district 'do' "$number" join_emergency emergency=storm-20261124
# a console that has not heard: the server says no
"$sql" "$(cache_of sun.dispatch)" "DELETE FROM document WHERE name = 'emergencies'" 2>/dev/null
refused "and the server says so too, whatever the console keeps" 'server refused.*is closed: no case' sun.dispatch 'do' "$number" join_emergency emergency=storm-20261124
me sun.dispatch sync
me sun.dispatch show "$first" --json
says "those that were under it stay" '"emergency":"storm-20261124"'
order 2102 1101
if grep -q storm-20261124 out.txt; then tap_not_ok "a new one is not put under it" "$(cat out.txt)"; else tap_ok "a new one is not put under it"; fi

# ---- a restart, the log, the tag ---------------------------------------------------------------------------------
serve_end
serve office.db
me wang.desk emergency list
says "a restart keeps the list" 'Emergency closed: 20'
token=$(curl -sS -d '{"user":"wang.desk","password":"a word for tests"}' "$url/v1/session" | sed 's/.*"token":"\([^"]*\)".*/\1/')
tag=$(curl -sS -D - -o /dev/null -H "Authorization: Bearer $token" "$url/v1/emergencies" | tr -d '\r' | sed -n 's/^[Ee][Tt]ag: //p')
code=$(curl -sS -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" -H "If-None-Match: $tag" "$url/v1/emergencies")
if [ "$code" = 304 ]; then tap_ok "the tag of the list is known"; else tap_not_ok "the tag of the list is known" "$tag: $code"; fi
for path in /v1/emergencies/a/b/close /v1/emergencies//close /v1/emergencies/close; do
    code=$(curl -sS -o /dev/null -w '%{http_code}' -X POST -H "Authorization: Bearer $token" "$url$path")
    if [ "$code" = 404 ]; then tap_ok "$path is nowhere"; else tap_not_ok "$path is nowhere" "$code"; fi
done
log=$("$sql" office.db "SELECT actor, action, iif(action = 'join_emergency', 'NUMBER', object) FROM audit WHERE action LIKE 'emergency.%' OR action = 'join_emergency' ORDER BY number" | tr '\t' ' ')
want='zhou.district emergency.open storm-20261124
sun.dispatch emergency.open water-20261124
sun.dispatch join_emergency NUMBER
zhou.district join_emergency NUMBER
zhou.district emergency.close storm-20261124'
if [ "$log" = "$want" ]; then tap_ok "each is in the audit log"; else tap_not_ok "each is in the audit log" "$log"; fi
serve_end
if "$jiband" audit verify --db sqlite:office.db >verify.txt 2>&1; then tap_ok "and the log holds"; else tap_not_ok "and the log holds" "$(cat verify.txt)"; fi
tap_done
