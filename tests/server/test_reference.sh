#!/usr/bin/env bash
# Reference data: check, load, show and history of organisation, catalogue and policy; bad files change nothing; a
# server that runs and a console that syncs get what was loaded; proposals; an order keeps the policy of its dispatch.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
# wait_reload: until the server says in its log, emptied before, that it has read the documents again
wait_reload() { for _ in $(seq 200); do grep -q reloaded server.log && return; sleep 0.05; done; }
data=$JIBAN_TOP_SRCDIR/data
db=sqlite:office.db
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db "$db" || exit 1
for user in chen.op sun.dispatch wang.desk; do
    "$jiband" user --db "$db" passwd "$user" --password-file password || exit 1
    mkdir "$user"
done

# is NAME GOT WANTED
is() { if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "got: $2"$'\n'"wanted: $3"; fi; }
# has NAME TEXT PATTERN
has() { if grep -qE -- "$3" <<<"$2"; then tap_ok "$1"; else tap_not_ok "$1" "no \"$3\" in: $2"; fi; }
# run STATUS COMMAND...: standard output in out, messages in said; a line where the status is another
run() {
    local want=$1
    shift
    "$@" >out.txt 2>err.txt </dev/null
    code=$?
    out=$(cat out.txt) said=$(cat err.txt)
    [ "$code" = "$want" ] || tap_not_ok "exit status of ${*:2}" "$code instead of $want: $said"
}
everything() { "$sql" office.db "SELECT * FROM documents; SELECT * FROM document_versions; SELECT * FROM users" | cksum; }
# bad NAME STATUS LINES PATTERN WORD COMMAND FILE: as many messages, the first of them with PATTERN, nothing changed
bad() {
    local name=$1 status=$2 lines=$3 pattern=$4 before complaint=''
    shift 4
    before=$(everything)
    "$jiband" "$1" --db "$db" "${@:2}" >out.txt 2>err.txt
    local code=$?
    [ "$code" = "$status" ] || complaint+="exit status $code instead of $status"$'\n'
    [[ "$(grep -c . err.txt)" =~ ^$lines$ ]] || complaint+="$(grep -c . err.txt) messages instead of $lines"$'\n'
    grep -qE -- "$pattern" err.txt || complaint+="no \"$pattern\""$'\n'
    if LC_ALL=C grep -q $'[\001-\010\013-\037\177]' err.txt out.txt; then complaint+="a control character"$'\n'; fi
    [ "$before" = "$(everything)" ] || complaint+="the store was changed"$'\n'
    tap_empty "$name" "${complaint:+$complaint$(head -c 1500 err.txt)}"
}

# ---- the shipped ones, and what init leaves ------------------------------------------------------------
for pair in org:org catalogue:catalogue policy:policy calendar:calendar; do
    run 0 "$jiband" "${pair%:*}" check "$data/${pair#*:}.json"
    is "check ${pair%:*}: the shipped one has no fault and no warning" "$said" ""
    run 0 "$jiband" "${pair%:*}" history --db "$db"
    has "history ${pair%:*}: the first version is in force" "$out" '^\*    1  20'
done
run 0 "$jiband" catalogue load "$data/catalogue.json" --db "$db"
has "load: what is in force already changes nothing" "$out" 'in force already'
is "load: and makes no version" "$("$sql" office.db "SELECT count(*) FROM document_versions WHERE name = 'catalogue'")" 1

# ---- bad files -------------------------------------------------------------------------------------------
cat_edit() { sed -E "s/\"version\": 1,/\"version\": 2,/; $1" "$data/catalogue.json" >bad.json; }
cat_bad() { bad "catalogue: $1" 65 "$2" "bad\.json: .*$3" catalogue load bad.json; }
: >bad.json && cat_bad "empty" 1 'line 1'
printf '{"catalogue": "x",\n oops}' >bad.json && cat_bad "no JSON: the line is named" 1 'line 2, column'
printf '[]' >bad.json && cat_bad "an array" 1 'object is expected'
cat_edit '/"id": "02-01"/s/"duty": "[^"]*"/"duty": ""/' && cat_bad "a row without a duty item" 1 '/rows/[0-9]+/duty: row 02-01: names no duty item'
cat_edit '/"id": "02-01"/s/"category": "0201"/"category": "0299"/' && cat_bad "a category nobody has" 2 '/rows/[0-9]+/category: row 02-01: there is no category "0299"'
cat_edit '/"id": "02-01"/s/"118005"/"118999"/' && cat_bad "an assistant nobody has" 1 '/rows/[0-9]+/assist/0: row 02-01: there is no unit "118999"'
cat_edit '/"place": "street"/s/"1102"/"1109"/' && cat_bad "a street nobody has" 1 '/where/0: .*there is no street "1109"'
cat_edit '/"id": "11-08"/s/"lead": "118013"/"lead": "110101"/' && cat_bad "a community as lead" 2 'lead: row 11-08: a community may assist, never lead'
cat_edit '/"id": "07-11"/s/"until": "2026-12-31"/"since": "2027-05-01", "until": "2026-12-31"/' && cat_bad "days reversed" 1 '/until: row 07-11: ends before it begins'
cat_edit '/"id": "07-11"/s/"until": "2026-12-31"/"until": "2027-01-01"/' && cat_bad "two rows for the same day" 1 'cannot be told apart from row 07-1'
cat_edit '/"id": "02-02"/s/02-02/02-01/' && cat_bad "an id twice" 1 '/rows/[0-9]+/id: row 02-01: the id occurs twice'
cat_edit 's/"until": "2026-12-31"/"untill": "2026-12-31"/' && cat_bad "a member nobody knows" 2 'untill: there is no such member'
cat_edit 's/"tier": "T2H"/"tier": "T2D"/' && cat_bad "a tier nobody knows" 1 '/tier: must be T2H'
cat_edit 's/"valid_from": "[^"]*"/"valid_from": "2999-01-01"/' && bad "catalogue: a day that is still to come" 65 1 '/valid_from: .*2999-01-01' catalogue load bad.json
sed 's/"version": 1,/"version": 1, "note2": "",/' "$data/catalogue.json" >bad.json && cat_bad "another member nobody knows" 1 '/note2: there is no such member'
sed 's/invented, for practice/invented/' "$data/catalogue.json" >bad.json && bad "catalogue: a version that was there with another text" 73 1 'bad\.json: /version: .*give the file version 2' catalogue load bad.json
cat_edit '/"id": "02-01"/s/"118005"/"118999"/; /"id": "02-02"/s/"118005"/"118998"/; /"id": "05-01"/s/"street"/"5"/; /"id": "05-03"/s/"basis": "[^"]*"/"basis": ""/'
cat_bad "all faults are told, not only the first" 5 '/rows/[0-9]+/basis: must not be empty'
cp err.txt all.txt
run 65 "$jiband" catalogue check bad.json
is "check without a store says the same of the shipped organisation" "$said" "$(cat all.txt)"
evil=$'\\u001b[2J\\u202e\\u009b'
cat_edit "/\"id\": \"02-01\"/s/\"118005\"/\"${evil//\\/\\\\}\"/" && cat_bad "a hostile code" 1 '/rows/[0-9]+/assist/0: '
cat_edit '/"category": "0509"/d' && run 0 "$jiband" catalogue check bad.json
has "a category without a row is a warning" "$said" 'warning: category 0509 has no row'
bad "catalogue: not there" 66 1 'nowhere' catalogue load nowhere
bad "catalogue: a word nobody knows" 64 1 'check FILE, load FILE' catalogue dance
bad "catalogue: no file" 64 1 'check FILE, load FILE' catalogue load
bad "catalogue: a version that is none" 64 1 '--version.*' catalogue show --version 9x
bad "catalogue: a version that is not there" 66 1 'no version 9' catalogue show --version 9
sed 's/"version": 1,/"version": 2,/; s/"1 hour"/"1 parsec"/' "$data/policy.json" >bad.json
bad "policy: a unit nobody knows" 65 "[0-9]+" 'bad\.json: policy\.clocks\.dispatch\.T2H: must be a limit' policy load bad.json

org_edit() { sed -E "s/\"version\": 1,/\"version\": 2,/; $1" "$data/org.json" >bad.json; }
org_bad() { bad "org: $1" 65 "$2" "bad\.json: .*$3" org load bad.json; }
org_edit 's/"role": *"dispatcher"/"role": "emperor"/' && org_bad "a role nobody knows, twice" 2 '/people/[0-9]+/role: "emperor" is no role'
org_edit '0,/"office": *"1101"/s//"office": ""/' && org_bad "a person without an office" 1 '/people/[0-9]+/office: .*has no office'
org_edit '0,/"office": *"1101"/s//"office": "9999"/' && org_bad "an office that is not there" 1 '/people/[0-9]+/office: there is no unit "9999"'
org_edit 's/"valid_from": "2026-01-01",//' && org_bad "no first day" 1 '/valid_from: missing'
"$jiband" org show --db "$db" >flat.json
sed -E 's/"version":1,/"version":2,/; s/("code":"11",[^}]*"parent":")BJ"/\11101"/' flat.json >bad.json
org_bad "parents in a circle: both are named" 2 '/units/0/parent: unit "11": its parents run in a circle'
sed -E 's/"version":1,/"version":2,/; s/("code":"1101",[^}]*"parent":")11"/\1zz"/' flat.json >bad.json
org_bad "a parent that is not there" 1 'unit "1101": there is no unit "zz"'
org_edit '/"code": "118005"/d; /"qi.market"/d' && org_bad "a unit that the catalogue in force names" '2[0-9]' 'catalogue in force does not fit'

# ---- load: history, the server that runs, the console that syncs ------------------------------------------
serve office.db
me() { # USER WORD...
    at "$1" "$jiban" "${@:2}" --server "$url" --user "$1" --password-file password
}
me wang.desk sync >/dev/null 2>&1 || { cat serve.txt && exit 1; }
token=$(curl -sS -d '{"user":"wang.desk","password":"a word for tests"}' "$url/v1/session" | sed 's/.*"token":"\([^"]*\)".*/\1/')
tag() { curl -sS -D - -o body.json -H "Authorization: Bearer $token" "$@" "$url/v1/catalogue" | tr -d '\r'; }
first=$(tag | sed -n 's/^ETag: //pI')
has "GET /v1/catalogue: the same text with the same tag is not sent again" "$(tag -H "If-None-Match: $first")" ' 304 '
sed -E 's/"version": 1,/"version": 2,/; /"id": "02-04"/s/"lead": "street"/"lead": "1101"/; /"id": "02-05"/d; s/(    .*"id": "02-06")/    {"id": "02-99", "category": "0205", "lead": "street", "basis": "law", "duty": "S-02"},\n\1/' "$data/catalogue.json" >two.json
run 0 "$jiband" catalogue load two.json --db "$db"
has "load tells the row that was changed" "$out" '^~ /rows/02-04/lead: "street" -> "1101"'
has "load tells the row that went" "$out" '^- /rows/02-05'
has "load tells the row that came" "$out" '^\+ /rows/02-99'
has "load wakes the server" "$out" "process $serve_pid"
wait_reload
has "the server has read it" "$(cat server.log)" 'reloaded'
tag >/dev/null && is "GET /v1/catalogue: the text that was loaded" "$(cksum <body.json)" "$(cksum <two.json)"
me wang.desk sync >/dev/null 2>&1
run 0 me wang.desk propose --category 0205 --street 1101 --json
has "the console has it after its next log-in" "$out" '"row":"02-99"'
run 0 "$jiband" catalogue history --db "$db"
is "history: two versions" "$(grep -c . <<<"$out")" 2
has "history: the second is in force, and who loaded it" "$out" "^\*    2  .*  $(id -un) "
run 0 "$jiband" catalogue show --version 1 --db "$db"
is "show --version: the text as it was loaded" "$(cksum <out.txt)" "$(cksum <"$data/catalogue.json")"
run 0 "$jiband" --version
has "--version alone is the program's" "$out" '^jiband [0-9]'

# ---- proposals ------------------------------------------------------------------------------------------------
ask() { "$jiband" propose --db "$db" "$@" --json; }
for matter in "--category 0201 --street 1101" "--category 0201 --point 东里小区3号楼" "--category 0702 --point 南里斜街平房区" \
    "--category 0711 --street 1101 --day 2027-01-01" "--category 0201 --street 1101 --owner none"; do
    # shellcheck disable=SC2086 # words
    is "jiban and jiband propose the same: $matter" "$(me wang.desk propose $matter --json)" "$(ask $matter)"
done
has "the park has its own row" "$(ask --category 0501 --point '望月公园门口')" '"rule":"place","unit":"118010"'
has "the boundary road goes to one street" "$(ask --category 0501 --street 1101 --point '杏坡斜街')" '"rule":"place","unit":"1102"'
has "compounds without an owner go to the street at once" "$(ask --category 0201 --street 1101 --owner none)" '"unit":"1101","assist":\["118005","118001"\],"tier":"T2H"'
has "two places are two candidates" "$(ask --category 0201 --point '杏坡')" '"street":"1102","community":"","places":\[.*"tie":true.*"tie":true'
run 65 "$jiband" propose --db "$db" --category 9999
has "propose: a category nobody has" "$said" '9999'
run 64 "$jiband" propose --db "$db"
run 64 me wang.desk propose
run 64 me wang.desk propose --category 0201 --owner king
run 64 me wang.desk propose --category 0201 --day tomorrow
tap_ok "propose: what is missing or wrong is said"

# ---- an order keeps the policy of its dispatch -------------------------------------------------------------------
order() { # an order that is dispatched to 1101; its number in number
    me chen.op 'do' new log type=help category=0201 street=1101 channel=phone phone=13800000001 content=stuck >/dev/null 2>&1
    me sun.dispatch sync >/dev/null 2>&1
    number=$(me sun.dispatch list state:WAIT_DISPATCH | awk '{ print $2 }')
    me sun.dispatch 'do' "$number" dispatch unit=1101 >/dev/null 2>&1
}
hours_of() { # NUMBER: of the clock of the return that wang.desk asks for
    me wang.desk sync >/dev/null 2>&1
    me wang.desk 'do' "$1" ask_return class=R2 basis=x proposed=118001 >/dev/null 2>&1
    local line
    line=$("$jiband" events --db "$db" --case "$1" | grep '"type":"ask_return"')
    local from due
    from=$(grep -o '"at":"[^"]*"' <<<"$line" | head -n 1 | cut -d '"' -f 4)
    due=$(grep -o '"clock":"return_review","op":"start","due":"[^"]*"' <<<"$line" | cut -d '"' -f 12)
    echo $((($(date -d "$due" +%s) - $(date -d "$from" +%s)) / 3600))
}
order
old=$number
sed '0,/"version": 1,/s//"version": 2,/; /"return_review": {"starts"/,/mark/s/"T24H": "2 hour"/"T24H": "9 hour"/' "$data/policy.json" >policy2.json
: >server.log
run 0 "$jiband" policy load policy2.json --db "$db"
has "policy: the limit that changed is told" "$out" '^~ /clocks/return_review/T24H: "2 hour" -> "9 hour"'
wait_reload
order
is "an order dispatched under policy 1 keeps its limits" "$(hours_of "$old")" 2
is "an order dispatched under policy 2 has the new ones" "$(hours_of "$number")" 9

# ---- hostile names --------------------------------------------------------------------------------------------------
pty=$JIBAN_TOP_BUILDDIR/tests/server/pty
nasty='\\u001b]0;x\\u0007\\u001b[2J\\u009b\\u202e\\nrow 1: forged'
sed -E "s/\"version\":1,/\"version\":2,/; s/(\"code\":\"110102\",\"name\":\")[^\"]*/\1$nasty/; s/东里甲三号院/东里甲三号院$nasty/" flat.json >nasty.json
sed -E "s/\"version\": 2,/\"version\": 3,/; s/望月公园\"/望月公园\", \"$nasty\"/; s/(\"id\": \"S-02\".*\"item_en\": \")[^\"]*/\1$nasty/" two.json >nasty2.json
export TERM=xterm-256color
harmless() { # NAME COMMAND...: on a terminal
    "$pty" "${@:2}" >shown.txt
    tap_empty "hostile names: $1" "$([ -s shown.txt ] || echo nothing)$(LC_ALL=C grep -naoP '[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|^row 1: forged' shown.txt | head -n 3 | cat -v)"
}
harmless "org load" "$jiband" org load nasty.json --db "$db"
harmless "catalogue load" "$jiband" catalogue load nasty2.json --db "$db"
harmless "org show" "$jiband" org show --db "$db"
harmless "catalogue show" "$jiband" catalogue show --db "$db"
harmless "history" "$jiband" catalogue history --db "$db"
harmless "jiband propose" "$jiband" propose --db "$db" --category 0201 --point '东里 望月公园'
harmless "jiband propose --json" "$jiband" propose --db "$db" --category 0201 --point '东里 望月公园' --json
me wang.desk sync >/dev/null 2>&1
harmless "jiban propose" at wang.desk "$jiban" propose --server "$url" --user wang.desk --category 0201 --street 1101 --point '东里 望月公园'
"$jiband" org show --db "$db" >flat.json

# ---- people and units that go ---------------------------------------------------------------------------------------
sed -E 's/"version":2,/"version":3,/; s/,\{"user":"sun.community"[^}]*\}//; s/\{"code":"110105"[^}]*\},//' flat.json >gone.json
run 0 "$jiband" org load gone.json --db "$db"
has "a person who went is kept for old cases" "$("$jiband" org show --db "$db")" '"user":"sun.community"[^}]*"ended":"20'
has "a unit that went is kept for old cases" "$("$jiband" org show --db "$db")" '"code":"110105"[^}]*"ended":"20'
has "the person's account is closed" "$("$jiband" user list --db "$db")" '^sun\.community.*disabled'
has "a place that went is not proposed" "$(ask --category 0501 --point 红砖公寓)" '"places":\[\]'
order
me wang.desk sync >/dev/null 2>&1
me wang.desk 'do' "$number" sign >/dev/null 2>&1
me wang.desk 'do' "$number" assign handler=song.property >/dev/null 2>&1
sed -E 's/"version":2,/"version":4,/; s/\{"user":"song.property"[^}]*\},//' flat.json >bad.json
bad "org: a person with open orders does not go" 65 1 "\"song\.property\" is not there any more, but 1 open orders rest with it \\($number\\)" org load bad.json
tap_done
