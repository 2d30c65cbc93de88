#!/usr/bin/env bash
# Bad files, bad options, full disks: one clear message that names the file (and line or place), an exit code
# of sysexits.h, and nothing that was there before is changed.
#
#   bad NAME STATUS PATTERN COMMAND...
#       runs COMMAND in a fresh copy of the folder `base`; PATTERN (ERE) is what its one message says
# shellcheck disable=SC2016 # what prepares a case is expanded when it runs
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
data=$JIBAN_TOP_SRCDIR/data
top=$PWD

# ---- what is there before ------------------------------------------------------------------------
mkdir base && cd base || exit 1
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db && "$jiband" generate --db sqlite:office.db --cases 5 >../generate.txt &&
    "$jiband" user --db sqlite:office.db passwd wang.desk --password-file password || exit 1
url=http://127.0.0.1:9
serve office.db
live=$url
at home "$jiban" sync --server "$live" --user wang.desk --password-file password >../sync.txt 2>&1 || { cat ../sync.txt && exit 1; }
serve_end
cache=$(cache_of home)
cache=${cache#"$PWD/"}
number=$("$sql" "$cache" "SELECT number FROM cases ORDER BY row LIMIT 1")
[ -n "$number" ] || { echo "Bail out! no case" && exit 1; }
rm -f listen.txt serve.txt server.log
cd .. || exit 1

everything() { # what lies in a folder: names and sums; of store and cache what they hold, as opening may move a WAL
    (cd "$1" && find . -type f ! -path './home/*' ! -name 'office.db*' -exec cksum {} + | sort -k3
        if [ "$(head -c 15 office.db 2>/dev/null)" = 'SQLite format 3' ] && [ "$(wc -c <office.db)" -gt 50000 ]; then
            "$sql" office.db "SELECT * FROM documents; SELECT * FROM users; SELECT hex(id), number, version FROM cases;
                SELECT count(*), max(gseq) FROM events; SELECT count(*) FROM commands; SELECT * FROM visibility" 2>&1
        else
            [ ! -f office.db ] || cksum office.db
        fi
        find . -mindepth 1 ! -path './home/*' ! -name '*-shm' ! -name '*-wal' | sort
        [ -n "${broken_cache:-}" ] || kept "$cache" 2>&1)
}
# Runs COMMAND in `work`; leaves its exit status in code and its message in err.txt.
attempt() {
    (cd work && "$@" >"$top/out.txt" 2>"$top/err.txt" </dev/null)
    code=$?
}
prepare=''
bad() {
    local name=$1 status=$2 pattern=$3 before complaint=''
    shift 3
    rm -rf work && cp -Rp base work
    [ -z "$prepare" ] || (cd work && eval "$prepare") || complaint="the case could not be prepared"$'\n'
    before=$(everything work)
    attempt "$@"
    [ "$code" = "$status" ] || complaint+="exit status $code instead of $status"$'\n'
    [ "$(grep -c . err.txt)" = "${lines:-1}" ] || complaint+="$(grep -c . err.txt) messages instead of one"$'\n'
    grep -qE -- "$pattern" err.txt || complaint+="no \"$pattern\""$'\n'
    if LC_ALL=C grep -q $'[\001-\010\013-\037\177]' err.txt; then complaint+="a control character"$'\n'; fi
    [ -n "${loose:-}" ] || [ "$before" = "$(everything work)" ] || complaint+="changed: $(diff <(echo "$before") <(everything work) | cut -c1-200 | head -n 6)"$'\n'
    tap_empty "$name" "${complaint:+$complaint$(head -c 1500 err.txt)}"
}
new() { "$jiband" init --db sqlite:new.db "$@"; }
me() { # WORD...: jiban with the home of the copy, never a line
    at home "$jiban" "$@" --server "$live" --user wang.desk --password-file password
}

# ---- a policy that is not one ----------------------------------------------------------------------
policy() { # NAME PATTERN: bad.json is a policy
    bad "policy: $1" 65 "bad\.json: policy(: |\.)$2" new --policy "$top/bad.json"
}
: >bad.json
policy "empty" 'line 1'
printf '{"policy": "x",\n "version": 1,\n oops}' >bad.json
policy "no JSON: the line is named" 'line 3, column'
printf '["policy"]' >bad.json
policy "an array" 'line 1, column 1: a JSON object is expected'
printf '{}' >bad.json
policy "an empty object" 'policy: missing'
printf '{"policy":"a","policy":"b"}' >bad.json
policy "a member twice" 'line 1.*duplicate'
printf '{"policy":"a\xff"}' >bad.json
policy "not UTF-8" 'line 1.*byte 0xff'
awk 'BEGIN { for (i = 0; i < 40; i++) printf "{\"a\":"; for (i = 0; i < 40; i++) printf "}" }' </dev/null >bad.json
policy "too deep" 'nested deeper than 32 levels'
head -c 3000 "$data/policy.json" >bad.json
policy "cut short" 'line [0-9]+, column'
sed 's/"version": 1,/"version": "one",/' "$data/policy.json" >bad.json
policy "a text where a number is wanted" 'version: must be a whole number'
sed 's/"1 hour"/"1 parsec"/' "$data/policy.json" >bad.json
policy "a unit nobody knows" 'clocks\.dispatch\.T2H: must be a limit'
sed 's/"1 hour"/"-1 hour"/' "$data/policy.json" >bad.json
policy "a time below zero" 'clocks\.dispatch\.T2H: must be a limit'
sed 's/"dispatch": {"starts"/"despatch": {"starts"/' "$data/policy.json" >bad.json
policy "a clock that is missing" 'clocks\.dispatch\.T2H: missing'
bad "policy: not there" 66 'Cannot open nowhere\.json|nowhere\.json: .*No such file' new --policy nowhere.json
bad "policy: a folder" 65 'home is a folder' new --policy home
bad "policy: a device without an end" 65 '/dev/zero' new --policy /dev/zero

# ---- an organisation that is not one ------------------------------------------------------------------
org() { bad "org: $1" 65 "bad\.json: $2" new --org "$top/bad.json"; }
: >bad.json
org "empty" 'line 1'
printf '{"hotline": \n{"code": "BJ" "name": "x"}}' >bad.json
org "no JSON: the line is named" 'line 2, column'
printf '{}' >bad.json
org "no hotline" '/hotline/code: missing'
sed 's/"hotline": {"code": "BJ"/"hotline": {"code": 7/' "$data/org.json" >bad.json
org "a number where a code is wanted" '/hotline/code: must be a text'
sed 's/"role": *"dispatcher"/"role":"emperor"/' "$data/org.json" >bad.json
org "a role nobody knows" '/people/[0-9]+/role: .*emperor.* is no role'
sed 's/{"code": "110102"/{"code": "110101"/' "$data/org.json" >bad.json
org "a code twice" 'two units have the code 110101'
sed 's/"user": *"qian.op"/"user":"chen.op"/' "$data/org.json" >bad.json
org "a user twice" 'two people have the user name chen\.op'
sed 's/{"code": "110102", "name": "东里社区",/{"code": "110102",/' "$data/org.json" >bad.json
org "a community without a name" '/districts/0/streets/0/communities/1/name: missing'
sed '0,/"office": *"1101"/s//"office":"9999"/' "$data/org.json" >bad.json
org "a person of an office that is not there" '/people/[0-9]+/office: .*9999'
printf '{"hotline":{"code":"BJ","name":"x"},"districts":{"0":1}}' >bad.json
org "districts that are no list" '/districts: must be an array'
bad "org: not there" 66 'nowhere\.json' new --org nowhere.json

# ---- the store of the server ---------------------------------------------------------------------------
bad "init: a store that is there" 73 'office\.db is there already' "$jiband" init --db sqlite:office.db
bad "init: in a folder that is not there" 74 'no/where/new\.db' "$jiband" init --db sqlite:no/where/new.db
bad "init: no store named" 64 '--db' "$jiband" init
bad "init: a store of another kind" 65 'sqlite:PATH' "$jiband" init --db mysql:office
bad "init: sqlite without a path" 65 'sqlite:PATH' "$jiband" init --db sqlite:
bad "serve: a store that is not there" 66 'nowhere\.db' "$jiband" serve --db sqlite:nowhere.db --listen unix:s
prepare='echo "this is a diary, not a store" >office.db' \
    bad "serve: a text file" 65 'office\.db' "$jiband" serve --db sqlite:office.db --listen unix:s
prepare='rm office.db && mkdir office.db' \
    bad "serve: a folder" 74 'office\.db' "$jiband" serve --db sqlite:office.db --listen unix:s
prepare='truncate -s 5000 office.db' \
    bad "serve: a store cut short" 65 'office\.db' "$jiband" serve --db sqlite:office.db --listen unix:s
prepare='"$sql" office.db "PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)" >"$top/sql.txt"' \
    bad "serve: a store of a newer version" 65 'office\.db.*version' "$jiband" serve --db sqlite:office.db --listen unix:s
prepare='rm office.db; : >office.db; "$sql" office.db "CREATE TABLE diary(day TEXT)"' \
    bad "serve: somebody else's SQLite file" 65 'office\.db' "$jiband" serve --db sqlite:office.db --listen unix:s
prepare='"$sql" office.db "UPDATE documents SET body = '"'{}'"' WHERE name = '"'policy'"'; PRAGMA wal_checkpoint(TRUNCATE)" >"$top/sql.txt"' \
    bad "serve: a store with a broken policy" 65 'policy: policy\.policy: missing' "$jiband" serve --db sqlite:office.db --listen unix:s
bad "serve: no address" 64 '--listen' "$jiband" serve --db sqlite:office.db
bad "serve: an address without a port" 65 '127\.0\.0\.1' "$jiband" serve --db sqlite:office.db --listen 127.0.0.1
bad "serve: a port beyond all ports" 65 '127\.0\.0\.1:70000' "$jiband" serve --db sqlite:office.db --listen 127.0.0.1:70000
bad "serve: a name for an address" 65 'localhost' "$jiband" serve --db sqlite:office.db --listen localhost:8080
bad "serve: an address of another host" 74 '192\.0\.2\.1:8080' "$jiband" serve --db sqlite:office.db --listen 192.0.2.1:8080
bad "serve: a socket in a folder that is not there" 74 'no/where/s' "$jiband" serve --db sqlite:office.db --listen unix:no/where/s
bad "serve: a socket where a file lies" 74 'password' "$jiband" serve --db sqlite:office.db --listen unix:password
bad "serve: a socket path too long" 65 'longer' "$jiband" serve --db sqlite:office.db --listen "unix:$(printf '%200s' '' | tr ' ' x)"
bad "serve: a log that cannot be" 74 'no/where/log' "$jiband" serve --db sqlite:office.db --listen unix:s --log no/where/log

# ---- people, events, made cases ------------------------------------------------------------------------------
user() { "$jiband" user --db sqlite:office.db "$@"; }
bad "user: nothing to do" 64 'add NAME' user
bad "user: an unknown word" 64 'add NAME' user promote wang.desk
bad "user: no name" 64 'add NAME' user passwd
bad "user: somebody who is not there" 66 'nobody\.here' user passwd nobody.here --password-file password
bad "user: no password file" 65 '--password-file' user passwd wang.desk
bad "user: a password file that is not there" 66 'nowhere' user passwd wang.desk --password-file nowhere
bad "user: a folder for a password" 65 'home is a folder' user passwd wang.desk --password-file home
prepare=': >empty && chmod 600 empty' bad "user: an empty password file" 65 'empty: its first line is empty' user passwd wang.desk --password-file empty
prepare='head -c 5000 /dev/zero | tr "\0" x >long && chmod 600 long' bad "user: a password of 5,000 bytes" 65 'long is larger than 1023' user passwd wang.desk --password-file long
bad "user: a role nobody knows" 65 '--role.*' user add new.one --role emperor --office 1101 --password-file password
bad "user: no office" 65 '--office' user add new.one --role desk --password-file password
bad "user: an office that is not there" 65 '--office.*9999' user add new.one --role desk --office 9999 --password-file password
bad "user: add somebody who is there" 73 'wang\.desk' user add wang.desk --role desk --office 1101 --password-file password
prepare='chmod 644 password' lines=2 bad "user: a password file for everybody is told" 73 'Others can read .*password' user add wang.desk --role desk --office 1101 --password-file password
bad "events: a number that is none" 64 '--since.*soon' "$jiband" events --db sqlite:office.db --since soon
bad "events: a case that is not there" 66 '999' "$jiband" events --db sqlite:office.db --case 999
bad "generate: no number" 64 '--cases' "$jiband" generate --db sqlite:office.db
bad "generate: none" 64 '--cases' "$jiband" generate --db sqlite:office.db --cases 0
bad "generate: a number that is none" 64 '--cases' "$jiband" generate --db sqlite:office.db --cases many
bad "generate: a seed that is none" 64 '--seed.*lucky' "$jiband" generate --db sqlite:office.db --cases 5 --seed lucky
bad "generate: a moment that is none" 64 '--at.*yesterday' "$jiband" generate --db sqlite:office.db --cases 5 --at yesterday
bad "workflow: a format nobody knows" 64 '--format' "$jiband" workflow --format poster
bad "jiband: a word nobody knows" 64 'There is no "dance"' "$jiband" dance
bad "jiband: an option nobody knows" 64 '--dance.*jiband --help' "$jiband" serve --dance
bad "jiband: an option without its value" 64 '--db' "$jiband" serve --db

# ---- files to import: what cannot be taken at all (rows: test_import.sh) --------------------------------------
import() { # FORMAT FILE ARGUMENT...
    "$jiband" import --db sqlite:office.db --format "$1" "${@:3}" "$2"
}
for format in open311 nyc311 csv ndjson; do
    bad "import $format: not there" 66 'nowhere' import "$format" nowhere
    bad "import $format: a folder" 65 'home is a folder' import "$format" home
    : >bad.in
    bad "import $format: an empty file" 65 'bad\.in' import "$format" "$top/bad.in"
    head -c 20000 "$jiband" >bad.in
    prepare='' lines="$(rm -rf work && cp -Rp base work && attempt import "$format" "$top/bad.in" && grep -c . err.txt)" \
        bad "import $format: a program" 65 'bad\.in' import "$format" "$top/bad.in"
done
printf '[{"service_request_id":"1"' >bad.in
lines=2 bad "import open311: an array that is not closed" 65 'bad\.in:1: ' import open311 "$top/bad.in"
printf 'a,b,c\n1,2,3\n' >bad.in
lines=1 bad "import csv: none of the columns" 65 'bad\.in.*column' import csv "$top/bad.in"
bad "import nyc311: none of the columns" 65 'bad\.in.*column' import nyc311 "$top/bad.in"
bad "import: no file" 64 'one FILE' "$jiband" import --db sqlite:office.db --format csv
bad "import: two files" 64 'one FILE' "$jiband" import --db sqlite:office.db --format csv a b
bad "import: no format" 64 '--format' "$jiband" import --db sqlite:office.db bad.in
bad "import: a moment that is none" 64 '--at.*yesterday' import csv "$data/maps/sample.csv" --at yesterday
map() { # NAME PATTERN
    bad "map: $1" 65 "bad\.map: $2" import csv "$data/maps/sample.csv" --map "$top/bad.map"
}
printf '{"fields":\n{"external_id":}}' >bad.map
map "no JSON: the line is named" 'line 2, column'
printf '{"fields":{"external_id":"工单编号"}}' >bad.map
map "no time" '/fields/time is missing'
sed 's/"count": *[0-9]*/"count": 0/' "$data/maps/sample-csv.json" >bad.map
map "no streets" '/streets/count'
sed '0,/"from": *"[a-z]*"/s//"from": "the stars"/' "$data/maps/sample-csv.json" >bad.map
map "streets from nowhere" '/streets/from'
: >bad.map
map "empty" 'line 1'
bad "map: not there" 66 'nowhere' import csv "$data/maps/sample.csv" --map nowhere

# ---- the configuration of the console ----------------------------------------------------------------------------
config() { # NAME STATUS PATTERN [TEXT]: TEXT is the configuration
    printf '%b' "$4" >bad.conf
    bad "config: $1" "$2" "$3" at home "$jiban" list --config "$top/bad.conf"
}
config "neither section nor value" 78 'bad\.conf.*line 2' '[server]\nthis is a sentence\n'
config "a number that is none" 78 'line 2: .*bad\.conf: \[sync\] batch.*many' '[sync]\nbatch = many\n'
config "a number out of its range" 78 'line 2: .*bad\.conf.*from 10 to 5000' '[sync]\nbatch = 99999\n'
config "neither yes nor no" 78 'line 2: .*bad\.conf.*yes or no' '[server]\nallow_plain_http = perhaps\n'
config "none of the choices" 78 'line 2: .*bad\.conf.*one of mark.bar' '[screen]\nmark = arrow\n'
config "a value twice" 78 'line 3: .*twice' '[server]\nuser = a\nuser = b\n'
config "a section that is not closed" 78 'bad\.conf.*line 1' '[server\n'
config "a binary file" 78 'bad\.conf.*line 1' '\x7fELF\x02\x01\n\x01\x01\n'
lines=2 config "a name nobody knows is told and passed over" 65 'bad\.conf: \[server\] colour is not known' '[server]\ncolour = red\n'
lines=1 config "no server" 65 'No server is named' '[server]\nuser = wang.desk\n'
config "no user" 65 'No user is named' '[server]\nurl = http://127.0.0.1:1\n'
bad "config: not there" 66 'nowhere' at home "$jiban" list --config nowhere
bad "config: a folder" 78 'home is a folder' at home "$jiban" list --config home

# ---- options and words of the console --------------------------------------------------------------------------------
bad "jiban: a word nobody knows" 64 'There is no "dance"' me dance
bad "jiban: an option nobody knows" 64 '--dance.*jiban --help' at home "$jiban" list --dance
bad "jiban: an option without its value" 64 '--server' at home "$jiban" list --server
bad "jiban: a view nobody knows" 65 '"dance".*to_sign in_hand' me list --view dance
bad "jiban: a view of another role" 65 '"appeals".*to_sign in_hand' me list --view appeals
bad "jiban: a limit of 0" 64 '--limit' me list --limit 0
bad "jiban: a limit that is no number" 64 '--limit.*few' me list --limit few
bad "jiban: a server of another kind" 65 'ftp://' at home "$jiban" sync --server ftp://127.0.0.1 --user wang.desk --password-file password
bad "jiban: a server with a path" 65 'host and port' at home "$jiban" sync --server https://127.0.0.1/jiban --user wang.desk --password-file password
bad "jiban: plain to another host" 65 'unprotected' at home "$jiban" sync --server http://192.0.2.1 --user wang.desk --password-file password
bad "jiban: sync with an argument" 64 'no arguments' me sync now
bad "jiban: show without a case" 64 'jiban show' me show
bad "jiban: show a case that is not there" 66 '999' me show 999
bad "jiban: a filter that is none" 65 'state:NOWHERE' me list state:NOWHERE
bad "jiban: no password" 77 '--password-file' at home "$jiban" sync --server "$live" --user wang.desk
bad "jiban: a password file that is not there" 66 'nowhere' at home "$jiban" sync --server "$live" --user wang.desk --password-file nowhere
bad "jiban: an empty password file" 65 'empty' at home "$jiban" sync --server "$live" --user wang.desk --password-file /dev/null
bad "jiban: a folder for a password" 65 'home is a folder' at home "$jiban" sync --server "$live" --user wang.desk --password-file home
prepare='chmod 644 password' lines=2 bad "jiban: a password file for everybody is told" 75 'Others can read .*password' me sync
bad "jiban: the console without a terminal" 64 'terminal' me

# ---- jiban do --------------------------------------------------------------------------------------------------------------
do_it() { # NAME STATUS PATTERN ARGUMENT...
    bad "do: $1" "$2" "$3" me 'do' "${@:4}" --offline
}
do_it "nothing" 64 'usage: jiban do'
do_it "no command" 64 'usage: jiban do' "$number"
do_it "a command nobody knows" 64 'There is no command "dance"' "$number" dance
do_it "a case that is not there" 66 '999' 999 note note=x
do_it "no equals sign" 65 '"note" is not KEY=VALUE' "$number" note note
do_it "a key nobody knows" 65 '"mood" is no argument of note' "$number" note mood=bad
do_it "a key of another command" 65 '"unit" is no argument of note' "$number" note unit=1101
do_it "an empty key" 65 '"" is no argument of note' "$number" note =x
do_it "a key twice" 65 '"note" is given twice' "$number" note note=a note=b
do_it "a required value is missing" 65 'note|Note' "$number" note
do_it "an empty value" 65 'note|Note' "$number" note note=
do_it "none of the choices" 65 'way: .*one of phone' "$number" contact reached=true way=pigeon said=x
do_it "neither true nor false" 65 'reached: .*yes or no' "$number" contact reached=maybe said=x
do_it "a time that is none" 65 'time: .*not a time' "$number" contact reached=true time=noon said=x
do_it "a value that is not UTF-8" 65 'note' "$number" note $'note=\xff\xfe'
do_it "a value over its limit" 65 'note' "$number" note "note=$(printf '%20001s' '' | tr ' ' x)"
do_it "a command that is not allowed now" 65 '.' "$number" approve
do_it "a file that is not there" 66 'nowhere' "$number" note --file note=nowhere
do_it "a file that is a folder" 65 'home is a folder' "$number" note --file note=home
do_it "a file without its key" 65 '--file' "$number" note --file password
head -c 300000 /dev/zero | tr '\0' x >big.txt
do_it "a file over the limit" 65 'big\.txt is larger' "$number" note --file "note=$top/big.txt"
printf 'a\0b' >nul.txt
do_it "a file with NUL" 65 'nul\.txt holds a NUL' "$number" note --file "note=$top/nul.txt"
printf 'a\xffb' >latin.txt
do_it "a file that is not UTF-8" 65 'latin\.txt: note: .*UTF-8' "$number" note --file "note=$top/latin.txt"

# ---- the cache -----------------------------------------------------------------------------------------------------------------
broken() { # NAME STATUS PATTERN PREPARE: cache.db is spoilt; it must stay as it is, byte for byte
    local sum name=$1 status=$2 pattern=$3 word complaint=''
    for word in "list" "do $number note note=x --offline" "sync" "outbox"; do
        rm -rf work && cp -Rp base work
        (cd work && eval "$4") || complaint+="the case could not be prepared"$'\n'
        sum=$(cksum "work/$cache" 2>&1)
        # shellcheck disable=SC2086 # words
        attempt me $word
        [ "$code" = "$status" ] || complaint+="$word: exit status $code instead of $status"$'\n'
        [ "$(grep -c . err.txt)" = 1 ] || complaint+="$word: $(grep -c . err.txt) messages"$'\n'
        grep -qE -- "$pattern" err.txt || complaint+="$word: no \"$pattern\": $(cat err.txt)"$'\n'
        [ "$sum" = "$(cksum "work/$cache" 2>&1)" ] || complaint+="$word: the file was changed"$'\n'
    done
    tap_empty "cache: $name" "$complaint"
}
broken "a text file" 65 'cache\.db' "echo 'this is a diary, not a cache' >'$cache'"
broken "cut short" 65 'cache\.db' "truncate -s 5000 '$cache'"
broken "of a newer version" 65 'newer jiban' "\"\$sql\" '$cache' 'PRAGMA user_version=99; PRAGMA wal_checkpoint(TRUNCATE)' >'$top/sql.txt'"
broken "somebody else's SQLite file" 65 'is not a cache of jiban' "rm '$cache' && : >'$cache' && chmod 600 '$cache' && \"\$sql\" '$cache' 'CREATE TABLE diary(day TEXT)'"
broken "a folder" 74 'cache\.db' "rm '$cache' && mkdir '$cache'"
broken_cache=yes
prepare='rm -rf home/data && : >home/data' bad "cache: a file where its folder should be" 74 'home/data' me list
if [ "$(id -u)" = 0 ]; then
    tap_skip "cache: unreadable" "root reads everything"
else
    prepare="chmod 0 '$cache'" bad "cache: unreadable" 74 'cache\.db' me list
fi
broken_cache=''

# ---- the disk is full ---------------------------------------------------------------------------------------------------------------
small() { # KIB COMMAND...: no file may grow beyond this
    ulimit -f "$1"
    "${@:2}"
}
bad "full disk: do" 74 'full|large' small 1 me 'do' "$number" note note=x --offline
bad "full disk: init leaves nothing" 74 'new\.db.*(full|large)|(full|large).*new\.db' small 1 new
bad "full disk: generate" 74 'full|large' small 100 "$jiband" generate --db sqlite:office.db --cases 5000
# An import is written in pieces: what stood there stays, and the same file again goes on where it stopped.
loose=yes bad "full disk: import" 74 'full|large' small 100 "$jiband" import --db sqlite:office.db --format csv "$data/maps/sample.csv"
tap_empty "full disk: import: what stood there stays" "$(for what in 'quote(id) FROM cases' 'user FROM users' 'body FROM events'; do
    "$sql" base/office.db "SELECT $what" | grep -vxFf <("$sql" work/office.db "SELECT $what")
done)"
attempt "$jiband" import --db sqlite:office.db --format csv "$data/maps/sample.csv"
after=$("$sql" work/office.db "SELECT count(*) FROM cases")
rm -rf work && cp -Rp base work
attempt "$jiband" import --db sqlite:office.db --format csv "$data/maps/sample.csv"
tap_empty "full disk: import: the same file again goes on" "$([ "$after" = "$("$sql" work/office.db "SELECT count(*) FROM cases")" ] || echo "$after cases")"
loose=yes prepare='rm -rf home && mkdir home' bad "full disk: a first sync" 74 'full|large' small 1 me sync
out_full() { "$@" >/dev/full; }
bad "full output: jiban list" 74 'output.*No space|No space' out_full me list
bad "full output: jiban list --json" 74 'No space' out_full me list --json
bad "full output: jiban show" 74 'No space' out_full me show "$number"
bad "full output: jiban --help" 74 'No space' out_full at home "$jiban" --help
bad "full output: jiband events" 74 'No space' out_full "$jiband" events --db sqlite:office.db
bad "full output: jiband workflow" 74 'No space' out_full "$jiband" workflow
bad "full output: jiband user list" 74 'No space' out_full "$jiband" user --db sqlite:office.db list

# ---- a store of the version before ---------------------------------------------------------------------
cp -R base before && cd before || exit 1
"$sql" office.db "DROP TABLE terminal_work; DROP TABLE terminals; DROP TABLE papers; DROP TABLE blob_parts; DROP TABLE blob_cases;
    DROP TABLE blob_users; DROP TABLE blobs; ALTER TABLE sessions DROP COLUMN terminal; PRAGMA user_version=3;
    PRAGMA wal_checkpoint(TRUNCATE)" >"$top/sql.txt" || exit 1
kept="SELECT count(*), max(gseq) FROM events; SELECT user, password FROM users ORDER BY user; SELECT number FROM cases ORDER BY row"
"$sql" office.db "$kept" >"$top/old.txt"
url=$live
serve office.db
at home "$jiban" sync --server "$url" --user wang.desk --password-file password >"$top/sync.txt" 2>&1 && echo good >>"$top/sync.txt"
tap_empty "a store of version 3 is renewed when it is served, and a console logs in" "$(tail -n 1 "$top/sync.txt" | grep -v good)"
serve_end
"$sql" office.db "$kept" >"$top/new.txt"
tap_empty "what was in it is in it" "$(diff "$top/old.txt" "$top/new.txt")"
tap_empty "it is of this version, and knows the terminal" \
    "$("$sql" office.db "SELECT user_version, (SELECT count(*) FROM terminals) FROM pragma_user_version" | grep -v "^4.1$")"
cd .. || exit 1
tap_done
