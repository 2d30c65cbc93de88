#!/usr/bin/env bash
# The console meets what is not its server: one clear message with the address, an exit code of sysexits.h,
# and cache, outbox and drafts as they were.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
foreign=$JIBAN_TOP_BUILDDIR/tests/server/foreign
if ! command -v curl >/dev/null; then
    echo "1..0 # SKIP no curl"
    exit 0
fi

# ---- a cache with cases, an unsent command and a draft; what the server answers, byte by byte ------
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db && "$jiband" generate --db sqlite:office.db --cases 60 >generate.txt &&
    "$jiband" user --db sqlite:office.db passwd wang.desk --password-file password || exit 1
serve office.db
console() { # HOME WORD...: jiban with this home against the one address
    local home=$1
    shift
    at "$home" timeout -k 5 "${patience:-40}" "$jiban" "$@" --server "${address:-$url}" --user wang.desk \
        --password-file password >out.txt 2>err.txt
}
mkdir -p clean good
console clean sync || { cat err.txt && exit 1; }
token=$(curl -sS -d '{"user":"wang.desk","password":"a word for tests"}' "$url/v1/session" | sed 's/.*"token":"\([^"]*\)".*/\1/')
fetch() { # FILE TARGET ARGUMENT...
    curl -sS -i --raw -o "good/$1" -H "Authorization: Bearer $token" "${@:3}" "$url$2"
}
fetch POSTv1 / # no such call: only to see that fetch works
fetch POST_v1_session /v1/session -d '{"user":"wang.desk","password":"a word for tests"}'
for name in policy calendar people catalogue emergencies papers; do fetch "GET_v1_$name" "/v1/$name"; done
fetch GET_v1_changes "/v1/changes?limit=5000"
fetch GET_healthz /healthz
rm -f good/POSTv1
serve_end
cp -R clean base
case_number=$("$sql" "$(cache_of base)" "SELECT number FROM cases ORDER BY row LIMIT 1")
console base 'do' "$case_number" note note='said before' --offline
grep -q Queued err.txt || { cat err.txt && exit 1; }
"$sql" "$(cache_of base)" "INSERT INTO draft(case_id, type, user, body, revision, saved)
    SELECT id, 'note', 'wang.desk', 'note 4' || char(10) || 'half' || char(10), 1, 1 FROM cases LIMIT 1" || exit 1

# ---- the foreigner ---------------------------------------------------------------------------------
other=''
foreign_end() {
    [ -z "$other" ] || kill "$other" 2>/dev/null
    [ -z "$other" ] || wait "$other" 2>/dev/null
    other=''
}
trap 'foreign_end; serve_end; kill $(jobs -p) 2>/dev/null' EXIT
foreign_begin() { # FOLDER
    foreign_end
    "$foreign" "$port" "$1" >foreign.txt 2>foreign.err &
    other=$!
    for _ in $(seq 100); do
        grep -q . foreign.txt && return
        sleep 0.05
    done
    echo "Bail out! the foreign server does not start: $(cat foreign.err)" && exit 1
}
mine='Jiban-Server: 0.1.0'
answer() { # FILE STATUS-LINE [HEADER...]; the body comes from standard input
    cat >body.tmp
    {
        printf 'HTTP/1.1 %s\r\n' "$2"
        [ $# = 2 ] || printf '%s\r\n' "${@:3}"
        printf 'Content-Length: %s\r\nConnection: close\r\n\r\n' "$(wc -c <body.tmp)"
        cat body.tmp
    } >"play/$1"
}
body_of() { # FILE: the body of a good answer
    awk 'body { print; next } $0 == "\r" { body = 1 }' "good/$1"
}
stage() { # [logged-in]: an empty folder of answers, or one in which the log-in and the reference data work
    rm -rf play && mkdir play
    if [ $# != 0 ]; then cp good/* play/; fi
}

# holds NAME STATUS PATTERN WORD...: WORD with a copy of the home $from
from=base
holds() {
    local name=$1 status=$2 pattern=$3 code before after complaint=''
    shift 3
    rm -rf work && cp -R "$from" work
    [ -n "${address:-}" ] && [ "${address:-}" != "$url" ] && rm -rf work
    before=$(kept "$(cache_of work)" 2>/dev/null)
    console work "$@"
    code=$?
    after=$(kept "$(cache_of work)" 2>/dev/null)
    [ "$code" = "$status" ] || complaint="exit status $code instead of $status"$'\n'
    [ "$(grep -c . err.txt)" = "${lines:-1}" ] || complaint+="not one message"$'\n'
    grep -qF -- "${address:-$url}" err.txt || complaint+="the address is not named"$'\n'
    grep -qE -- "$pattern" err.txt || complaint+="no \"$pattern\""$'\n'
    grep -qiE 'kept|Queued' err.txt || complaint+="it does not say what was kept"$'\n'
    if grep -q $'[\001-\010\013-\037\177]' err.txt; then complaint+="a control character"$'\n'; fi
    if [ "$1" = 'do' ]; then # one more, and the others as they were
        after=$(grep -v '"a word more"' <<<"$after")
        [ "$("$sql" "$(cache_of work)" "SELECT count(*) FROM outbox WHERE json LIKE '%a word more%'")" = 1 ] ||
            complaint+="the command is not in the outbox"$'\n'
    fi
    [ -n "${loose:-}" ] || [ "$before" = "$after" ] || complaint+="the cache was changed: $(diff <(echo "$before") <(echo "$after") | cut -c1-300)"
    tap_empty "$name" "${complaint:+$complaint$(cat err.txt)}"
}
# both NAME STATUS PATTERN: sync and do
both() {
    foreign_begin play
    holds "$1: sync" "$2" "$3" sync
    lines=2 holds "$1: do" 75 "$3" 'do' "$case_number" note note='a word more'
}

# ---- a server that never answers: the console waits 90 s, so it goes on beside the others ------------
mkdir silent && : >silent/silent
"$foreign" 0 silent >silent.port 2>&1 &
for _ in $(seq 100); do grep -q . silent.port && break; sleep 0.05; done
(
    mkdir silent.work && cd silent.work || exit
    cp ../password . && patience=200 address=http://127.0.0.1:$(cat ../silent.port)
    console home sync
    echo "$?" >status.txt
) &
silent_job=$!

# ---- nobody's server ---------------------------------------------------------------------------------
stage
echo '<!doctype html><title>Welcome to the guest network</title>' | answer default '200 OK' 'Content-Type: text/html'
both "a page of a guest network" 76 'Something else than the jiban server answers'
stage
echo '{"hello":"world","token":"abc"}' | answer default '200 OK' 'Content-Type: application/json'
both "other JSON" 76 'Something else than the jiban server'
stage
printf '' | answer default '200 OK'
both "200 with nothing in it" 76 'Something else than the jiban server'
stage
printf '' | answer default '302 Found' "Location: $url/elsewhere"
both "a redirect" 76 'Something else than the jiban server'
if grep -q elsewhere play/requests; then tap_not_ok "it is not followed"; else tap_ok "it is not followed"; fi
stage
printf 'Log in to the network' | answer default '511 Network Authentication Required'
both "a network that wants a log-in" 76 'Something else than the jiban server'
stage
echo '{"hello":"world"}' | answer default '200 OK' 'Jiban-Server: 9.0.0; protocol=7-9'
both "a server of a later protocol" 76 'speaks protocol 7 to 9, this console 1 to 1: this console has to be renewed'
if grep -qE "^Authorization|/v1/commands" play/requests; then tap_not_ok "it gets nothing"; else tap_ok "it gets nothing"; fi
stage
echo '{"hello":"world"}' | answer default '200 OK' 'Jiban-Server: 0.0.1; protocol=none'
both "a server of no protocol" 76 'this console 1 to 1: the server has to be renewed'
stage
printf '<h1>Internal error</h1>' | answer default '500 Internal Server Error' 'Content-Type: text/html'
both "500 with a page" 75 'gateway'
stage
printf '<h1>Bad gateway</h1>' | answer default '502 Bad Gateway' 'Content-Type: text/html'
both "a gateway without its server" 75 'gateway'
stage
printf '<h1>Unauthorized</h1>' | answer default '401 Unauthorized' 'WWW-Authenticate: Basic'
both "401 of somebody else" 76 'Something else than the jiban server'
stage
: >play/hangup
both "it hangs up" 75 'Empty reply|reset|closed|eof'
stage
printf 'SSH-2.0-OpenSSH_9.2p1\r\n' >play/default
both "another protocol" 75 'does not speak HTTP'
stage
printf '\025\003\001\000\002\002\106' >play/default
both "a TLS port spoken to in plain" 75 'does not speak HTTP.*https'
stage
printf 'HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 1000\r\n\r\n{"tok' "$mine" >play/default
both "an answer cut in its body" 75 'transfer closed|bytes remaining|cut'
stage
{
    printf 'HTTP/1.1 200 OK\r\n'
    seq -f 'X-%g: and so on' 5000
    printf '\r\n'
} >play/default
both "a header without an end" 75 'header'
stage
printf 'HTTP/1.1 200 OK\r\n%s\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n' "$mine" >play/default
both "broken chunks" 75 'chunk|hexadecimal|hex|encoding'
stage
printf 'HTTP/1.1 200 \033[31mOK\r\nX: \033]0;owned\007\r\nContent-Length: 3\r\n\r\n\033[2' >play/default
both "escape sequences in the answer" 76 'Something else than the jiban server'
stage
head -c 300000000 /dev/zero | gzip -1 | answer default '200 OK' "$mine" 'Content-Encoding: gzip' 'Content-Type: application/json'
both "a gzip bomb" 75 'larger than the limit'
stage
head -c 300000000 /dev/zero | gzip -1 | answer default '200 OK' 'Content-Encoding: gzip'
both "a gzip bomb of somebody else" 75 'larger than the limit'
stage
printf 'this is no gzip' | answer default '200 OK' "$mine" 'Content-Encoding: gzip'
both "gzip that is none" 75 'content|decod|unzip|gzip|zlib|data'
foreign_end
holds "nothing listens: sync" 75 'connect' sync
lines=2 holds "nothing listens: do" 75 'connect' 'do' "$case_number" note note='a word more'
address=https://console.invalid holds "a host that is not there" 75 'resolve' sync
stage
echo hello | answer default '200 OK'
foreign_begin play
address=https://127.0.0.1:$port holds "a plain port spoken to in TLS" 75 'TLS.*http' sync

# ---- something that says it is our server ---------------------------------------------------------------
stage
printf '{"type":"urn:jiban:problem:unauthorized","title":"x","status":401,"detail":"Name or password is wrong."}' |
    answer default '401 Unauthorized' "$mine" 'Content-Type: application/problem+json'
both "a password that is not accepted" 77 'does not accept this name and password'
stage
echo '{"hello":"world"}' | answer default '200 OK' "$mine" 'Content-Type: application/json'
both "a log-in answered with other JSON" 75 'log-in.*token'
stage
printf '{"token":' | answer default '200 OK' "$mine" 'Content-Type: application/json'
both "a log-in answered with broken JSON" 75 'log-in.*column'
stage
printf '' | answer default '204 No Content' "$mine"
both "a log-in answered with nothing" 75 'log-in'
stage
printf '{"type":"about:blank","status":503}' | answer default '503 Service Unavailable' "$mine" 'Retry-After: 100000'
both "a server that is busy" 75 'cannot work now'
stage
printf '{"type":"about:blank","status":404}' | answer default '404 Not Found' "$mine"
both "a server without a log-in" 75 'log-in|log in'

# ---- logged in; the reference data or the changes are wrong; nothing waits to be sent -------------------
from=clean
after_login() { # NAME STATUS PATTERN
    foreign_begin play
    holds "$1" "$2" "$3" sync
}
stage logged-in
echo '<title>Welcome</title>' | answer GET_v1_policy '200 OK'
after_login "a page instead of the policy" 76 'Something else than the jiban server'
tap_empty "no token goes to it any more" "$(awk '/^GET \/v1\/policy/ { bad = 1; next } bad && /^GET \/v1\/(calendar|changes)/' play/requests)"
# Papers that are not understood are passed over: no case waits for them.
for name in policy calendar people catalogue emergencies; do
    stage logged-in
    echo '{"hello":"world"}' | answer "GET_v1_$name" '200 OK' "$mine" 'ETag: "x"'
    after_login "other JSON instead of $name" 75 "$name.*not understood|not understood.*$name"
    stage logged-in
    printf '[1,2' | answer "GET_v1_$name" '200 OK' "$mine" 'ETag: "x"'
    after_login "broken JSON instead of $name" 75 "not understood"
done
stage logged-in
printf '' | answer GET_v1_people '404 Not Found' "$mine"
after_login "no people" 75 'reference data'

changes() { answer GET_v1_changes '200 OK' "$mine" 'Content-Type: application/x-ndjson'; }
stage logged-in
body_of GET_v1_changes | sed '$d' | changes
after_login "changes without their last line" 75 'was cut'
stage logged-in
body_of GET_v1_changes | head -c 5000 | changes
after_login "changes cut in a line" 75 'was cut'
stage logged-in
printf '' | changes
after_login "no changes and no cursor" 75 'was cut'
stage logged-in
body_of GET_v1_changes | sed '$s/-[0-9]*"/-1"/' | changes
after_login "a cursor from before" 75 'old answer'
stage logged-in
body_of GET_v1_changes | sed '$s/"cursor":"[^"]*"/"cursor":""/' | changes
after_login "an empty cursor" 75 'was cut'
stage logged-in
body_of GET_v1_changes | sed '$s/,"more":[a-z]*//' | changes
after_login "a cursor line that does not say whether there is more" 75 'was cut'
stage logged-in
body_of GET_v1_changes | sed '$s/}$/} and more/' | changes
after_login "something behind the cursor" 75 'was cut'
stage logged-in
body_of GET_v1_changes | sed '2s/.*/this is no JSON/' | changes
after_login "a line that is no JSON" 75 'not understood'
stage logged-in
body_of GET_v1_changes | sed '2s/"case"/"cas\xff"/' | changes
after_login "a line that is not UTF-8" 75 'not understood'
stage logged-in
cursor=$("$sql" "$(cache_of clean)" "SELECT value FROM meta WHERE key = 'cursor'")
printf '{"cursor":"%s","more":true}\n' "$cursor" | changes
after_login "more and more of nothing" 75 'old answer'
stage logged-in
printf '{"type":"about:blank","status":410}' | answer GET_v1_changes '410 Gone' "$mine"
loose=yes after_login "no cursor is good enough" 75 'changes'
tap_empty "it is asked a few times, not for ever" "$([ "$(grep -c '^GET /v1/changes' play/requests)" -le 4 ] || grep -c '^GET /v1/changes' play/requests)"
kept_cases=$("$sql" "$(cache_of work)" "SELECT count(*) FROM cases")
tap_empty "the cases stay until there are others" "$([ "$kept_cases" -gt 0 ] || echo "$kept_cases")"

stage logged-in
body_of GET_v1_changes | answer GET_v1_changes '200 OK' 'Jiban-Server: 9.0.0; protocol=7-9'
after_login "a server that was renewed meanwhile" 76 'speaks protocol 7 to 9'

# ---- logged in; a command waits ---------------------------------------------------------------------------
from=base
commands() { answer POST_v1_commands "${1:-200 OK}" "$mine" 'Content-Type: application/json'; }
id=$("$sql" "$(cache_of base)" "SELECT json FROM outbox" | sed 's/^{"id":"\([^"]*\)".*/\1/')
stage logged-in
echo '<title>Welcome</title>' | answer POST_v1_commands '200 OK'
after_login "a page instead of outcomes" 76 'Something else than the jiban server'
stage logged-in
echo '{"outcomes":[{"id":"01900000-0000-7000-8000-000000000009","outcome":"applied","version":9}]}' | commands
after_login "an outcome of another command" 75 'other commands'
stage logged-in
echo '{"outcomes":[]}' | commands
after_login "no outcome" 75 'other commands'
stage logged-in
printf '{"outcomes":[{"id":"%s","outcome":"app' "$id" | commands
after_login "outcomes that were cut" 75 'not complete'
stage logged-in
printf '{"outcomes":[{"id":"%s","outcome":"perhaps","version":1}]}' "$id" | commands
after_login "an outcome nobody knows" 75 'not complete'
stage logged-in
printf '{"outcomes":[{"id":"%s","outcome":"applied","version":-1}]}' "$id" | commands
after_login "a version below zero" 75 'not complete'
stage logged-in
printf '{}' | commands '507 Insufficient Storage'
after_login "a server whose disk is full" 75 'cannot work now'
stage logged-in
printf '{}' | commands '404 Not Found'
after_login "a server that does not know the call" 75 'not complete'
stage logged-in
: >play/requests
printf 'HTTP/1.1 200 OK\r\n%s\r\nContent-Length: 500\r\n\r\n{"outcomes":[{"id":"%s","outcome":"applied","version":9}]}' "$mine" "$id" >play/POST_v1_commands
after_login "outcomes that hang up before their end" 75 'transfer closed|remaining'

# ---- and the silent one -------------------------------------------------------------------------------------
wait "$silent_job"
tap_empty "a server that never answers" "$([ "$(cat silent.work/status.txt)" = 75 ] || echo "exit status $(cat silent.work/status.txt)"
grep -q 'silent' silent.work/err.txt || cat silent.work/err.txt
grep -q "127.0.0.1:$(cat silent.port)" silent.work/err.txt || echo "the address is not named")"
tap_done
