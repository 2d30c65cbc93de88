#!/usr/bin/env bash
# jiban earlier: what the centre finds when an order is logged over the line, as text and as JSON, and what it refuses.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
for user in chen.op wang.desk luo.leader; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
done
"$jiband" init --db sqlite:bulk.db && "$jiband" generate --db sqlite:bulk.db --cases 40 >generate.txt || exit 1
"$sql" bulk.db "SELECT (SELECT count(*) FROM repeats) > 0, (SELECT count(*) FROM events WHERE type IN ('found_earlier', 'warn'))" >bulk.txt
: >err.txt
serve office.db
as() { # USER WORD...
    local user=$1
    shift
    mkdir -p "home-$user"
    at "home-$user" "$jiban" "$@" --server "$url" --user "$user" --password-file password --language en >out.txt 2>err.txt
}
logged() { # PHONE
    as chen.op "do" new log type=complaint category=0602 street=1101 content=施工噪声 title=夜里施工 "phone=$1" point=三号路工地 ||
        { cat err.txt && exit 1; }
}
numbers() { "$sql" office.db "SELECT number FROM cases ORDER BY row"; }
finds() { # NAME PATTERN FILE
    if grep -qE -- "$2" "$3"; then tap_ok "$1"; else tap_not_ok "$1" "$(cat "$3" err.txt)"; fi
}

finds "what came in bulk is kept to be looked up, and nobody is warned of the past" '^1.0$' bulk.txt
logged 13800000001
logged 138-0000-0001
logged 13800000002
logged 13800000003
as chen.op sync || cat err.txt
mapfile -t number < <(numbers | tail -n 4)

# ---- what was found is part of the case ---------------------------------------------------------------
as chen.op show "${number[1]}" || cat err.txt
finds "the second order of a claimant is number 2, after the first" "^ +Earlier orders of this claimant: ${number[0]}$" out.txt
finds "and says so" "^ +Repeat number: 2$" out.txt
as chen.op show "${number[3]}" || cat err.txt
finds "three claimants are warned of on the newest" "^ +Kind of warning: W1" out.txt
as luo.leader sync
as luo.leader "do" "${number[3]}" answer_warning finding=今夜到场 || cat err.txt
as luo.leader sync
as luo.leader show "${number[3]}"
finds "the leader of the street answers it" "answer the warning +Luo Yongnian" out.txt

# ---- jiban earlier ------------------------------------------------------------------------------------
as chen.op earlier "${number[3]}"
finds "others are listed with date, category, state and title" "^${number[2]}  2[-0-9: ]+  0602  to dispatch  others  夜里施工$" out.txt
as chen.op earlier "${number[1]}"
finds "the claimant's own are told apart" "^${number[0]} .*same claimant" out.txt
finds "and which order it is" "order 2 of its claimant" out.txt
as chen.op earlier "${number[1]}" --json
finds "as JSON" "\"number\":\"${number[1]}\",\"repeat\":2,\"orders\":\\[\\{\"number\":\"${number[0]}\".*\"of\":\"claimant\"" out.txt
if grep -q 1380000 out.txt; then tap_not_ok "nobody's phone is in it" "$(cat out.txt)"; else tap_ok "nobody's phone is in it"; fi
as chen.op earlier "${number[0]}"
finds "the first has none" "No earlier order" out.txt

# ---- refused --------------------------------------------------------------------------------------------
id=$("$sql" office.db "SELECT lower(hex(id)) FROM cases WHERE number = '${number[1]}'")
id=${id:0:8}-${id:8:4}-${id:12:4}-${id:16:4}-${id:20}
if ! as wang.desk earlier "$id" && [ ! -s out.txt ] && grep -q 'no such case' err.txt; then
    tap_ok "a case out of sight is refused"
else
    tap_not_ok "a case out of sight is refused" "$(cat out.txt err.txt)"
fi
as chen.op earlier
code=$?
if [ $code -eq 64 ]; then tap_ok "without a case it tells its use"; else tap_not_ok "without a case it tells its use" "$(cat err.txt)"; fi

# ---- the store ------------------------------------------------------------------------------------------
"$sql" office.db "SELECT count(DISTINCT claimant), count(DISTINCT place), count(*), max(length(claimant)) FROM repeats WHERE category = '0602'" >table.txt
finds "three claimants at one place stand there as hashes" '^3.1.4.32$' table.txt
plan=$("$sql" office.db "EXPLAIN QUERY PLAN SELECT * FROM repeats WHERE claimant = x'00' AND category = '0602' AND place = x'00' AND created BETWEEN 1 AND 2")
plan+=$("$sql" office.db "EXPLAIN QUERY PLAN SELECT * FROM repeats WHERE claimant IS NOT NULL AND category = '0602' AND place = x'00' AND created BETWEEN 1 AND 2")
printf '%s\n' "$plan" >plan.txt
if grep -q repeats_claimant plan.txt && grep -q repeats_place plan.txt; then
    tap_ok "both ways are looked up by an index"
else
    tap_not_ok "both ways are looked up by an index" "$plan"
fi
tap_done
