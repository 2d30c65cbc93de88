#!/usr/bin/env bash
# Papers: who reads and writes which, what is refused, that nobody writes over what nobody has seen; two consoles that write
# the same one without a line keep both texts; what a console wrote offline arrives.
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
for user in wang.desk liu.desk li.safe feng.desk sun.dispatch gao.heat ren.call; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
    mkdir "$user"
done
mkdir second # wang.desk at another machine
serve office.db
token() { # USER
    curl -s "$url/v1/session" -H 'Content-Type: application/json' \
        -d "{\"user\":\"$1\",\"password\":\"a word for tests\",\"device\":\"test\"}" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p'
}
declare -A token_of
for user in wang.desk liu.desk li.safe feng.desk sun.dispatch gao.heat ren.call; do token_of[$user]=$(token "$user"); done
ask() { # USER METHOD PATH [CURL-ARGUMENT...]: status in code, body in out.txt, head in head.txt
    local user=$1 method=$2 path=$3
    shift 3
    code=$(curl -s -o out.txt -D head.txt -w '%{http_code}' -X "$method" -H "Authorization: Bearer ${token_of[$user]}" "$@" "$url$path")
}
is() { # NAME CODE [PATTERN-IN-BODY]
    if [ "$code" = "$2" ] && grep -qE -- "${3:-}" out.txt; then tap_ok "$1"; else tap_not_ok "$1" "$code $(cat out.txt)"; fi
}
body() { printf '{"owner":"%s","body":"%s"}' "$1" "$2"; }
fresh='If-None-Match: *'

# ---- rights and conditions ------------------------------------------------------------------------------
path=/v1/papers/template/own/%E4%BE%9B%E6%9A%96%20A
ask wang.desk GET /v1/papers
is "a new store has none" 200 '^\{"revision":0,"papers":\[\]\}'
ask wang.desk PUT $path -d "$(body wang.desk 您好)"
is "without a condition nothing is written" 428 'If-None-Match'
ask wang.desk PUT $path -d "$(body wang.desk 您好)" -H "$fresh"
is "an own one is made" 201 '"name":"供暖 A","body":"您好","revision":1'
if grep -qi '^etag: "1"' head.txt; then tap_ok "its tag is its revision"; else tap_not_ok "its tag is its revision" "$(cat head.txt)"; fi
ask wang.desk PUT $path -d "$(body wang.desk 再来)" -H "$fresh"
is "a second one of the name is not" 412 '"present":\{.*"body":"您好"'
ask wang.desk PUT $path -d "$(body wang.desk 再来)" -H 'If-Match: "1"'
is "with its tag it is written" 200 '"revision":2'
ask wang.desk PUT $path -d "$(body wang.desk 晚了)" -H 'If-Match: "1"'
is "with an old tag it is not" 412 '"body":"再来"'
ask wang.desk DELETE $path
is "nor is one thrown away unseen" 428
ask wang.desk DELETE $path -H 'If-Match: "1"'
is "or with an old tag" 412
ask liu.desk PUT /v1/papers/template/own/x -d "$(body wang.desk x)" -H "$fresh"
is "nobody writes another person's" 403 'another person'
ask liu.desk GET /v1/papers
is "nobody reads it" 200 '"papers":\[\]'
ask li.safe PUT /v1/papers/template/office/x -d "$(body 1101 x)" -H "$fresh"
is "a handler does not write the office's templates" 403 'role'
ask li.safe PUT /v1/papers/handover/office/night -d "$(body 1101 watch)" -H "$fresh"
is "but its handover notes" 201
ask wang.desk PUT /v1/papers/template/office/x -d "$(body 1102 x)" -H "$fresh"
is "a desk does not write another office's" 403 'another office'
ask wang.desk PUT /v1/papers/template/office/street -d "$(body 1101 street)" -H "$fresh"
is "it writes its own office's" 201
ask sun.dispatch PUT /v1/papers/template/office/city -d "$(body BJ city)" -H "$fresh"
is "the hotline writes for all" 201
ask gao.heat PUT /v1/papers/template/office/heat -d "$(body 119001 heat)" -H "$fresh"
is "a department has an office of its own" 201
names() { grep -o '"name":"[a-z]*"' out.txt | sort | tr -d '\n'; }
sees() { # NAME USER WANTED
    ask "$2" GET /v1/papers
    if [ "$(names)" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$(cat out.txt)"; fi
}
sees "a handler of the street sees those of street and hotline" li.safe '"name":"city""name":"night""name":"street"'
sees "another street does not see the street's" feng.desk '"name":"city"'
sees "a department sees its own" gao.heat '"name":"city""name":"heat"'
sees "the hotline sees its own alone" ren.call '"name":"city"'
ask feng.desk GET /v1/papers
tag=$(sed -n 's/^[Ee][Tt][Aa][Gg]: \(.*\)\r$/\1/p' head.txt)
ask feng.desk GET /v1/papers -H "If-None-Match: $tag"
is "what is at hand is not sent again" 304
audit=$("$sql" office.db "SELECT action || ' ' || object FROM audit WHERE action LIKE 'paper.%' ORDER BY number" | tr '\n' ';')
case $audit in
'paper.put handover 1101;paper.put template 1101;paper.put template BJ;paper.put template 119001;') tap_ok "those of offices are in the audit log" ;;
*) tap_not_ok "those of offices are in the audit log" "$audit" ;;
esac

# ---- what is no paper -------------------------------------------------------------------------------------
for bad in poem/own/x template/all/x; do
    ask wang.desk PUT "/v1/papers/$bad" -d "$(body wang.desk x)" -H "$fresh"
    is "no such paper: $bad" 404
done
for bad in a%2Fb '' x/y; do
    ask wang.desk PUT "/v1/papers/template/own/$bad" -d "$(body wang.desk x)" -H "$fresh" --path-as-is
    case $code in 40[04]) tap_ok "no name of one: \"$bad\"" ;; *) tap_not_ok "no name of one: \"$bad\"" "$code" ;; esac
done
for bad in a%25b a%5Cb %20x x%0A %FF; do
    ask wang.desk PUT "/v1/papers/template/own/$bad" -d "$(body wang.desk x)" -H "$fresh"
    is "no name of one: $bad" 400
done
ask wang.desk PUT /v1/papers/view/own/x -d "$(body wang.desk "$(printf '%5000s' x)")" -H "$fresh"
is "a text that is too long" 413 '4096'
ask wang.desk GET /v1/policy%2e
is "other paths have no escapes" 404
for ((i = 1; i <= 100; i++)); do
    ask wang.desk PUT "/v1/papers/view/own/v$i" -d "$(body wang.desk x)" -H "$fresh"
done
is "one owner has a hundred of a kind" 201
ask wang.desk PUT /v1/papers/view/own/v101 -d "$(body wang.desk x)" -H "$fresh"
is "and no more" 409 '100'

# ---- consoles ------------------------------------------------------------------------------------------
me() { # HOME USER WORD...
    local home=$1 user=$2
    shift 2
    at "$home" "$jiban" "$@" --server "$url" --user "$user" --password-file password --language en >out.txt 2>err.txt
}
good() { # NAME PATTERN HOME USER WORD...
    local name=$1 pattern=$2
    shift 2
    if me "$@" && { [ -z "$pattern" ] || grep -qE -- "$pattern" out.txt; }; then tap_ok "$name"; else tap_not_ok "$name" "$(cat out.txt err.txt)"; fi
}
ask wang.desk PUT /v1/papers/view/office/evening -d "$(body 1101 'view all_open\nfilter state:sent\nsort -left\ngroup community\ncolumns left number\n')" -H "$fresh"
is "a view of the office is a paper" 201
if me li.safe li.safe list --view evening; then tap_not_ok "no view before it is heard of"; else tap_ok "no view before it is heard of"; fi
good "a person of the office hears of it" '' li.safe li.safe sync
good "and lists by it" '' li.safe li.safe list --view evening
good "a console fetches them" '' wang.desk wang.desk sync </dev/null
good "and lists them" '^my own  供暖 A' wang.desk wang.desk template list
good "also the office's" '^1101  street' wang.desk wang.desk template list
good "and shows one" '^再来$' wang.desk wang.desk template show '供暖 A'
good "the other machine has the same" '' second wang.desk sync
printf 'first machine\n' | me wang.desk wang.desk template put '供暖 A' --offline
printf 'second machine\n' | me second wang.desk template put '供暖 A' --offline
good "what was written offline waits" '供暖 A  \(not sent yet\)' wang.desk wang.desk template list
if me wang.desk wang.desk wipe; then
    tap_not_ok "and keeps the cache from being wiped"
elif grep -q 'not sent: 供暖 A' err.txt; then
    tap_ok "and keeps the cache from being wiped"
else
    tap_not_ok "and keeps the cache from being wiped" "$(cat err.txt)"
fi
good "the first one arrives" '' wang.desk wang.desk sync
good "then the second one" '' second wang.desk sync
good "the first one keeps the name" '^first machine$' second wang.desk template show '供暖 A'
good "the second one is kept beside" '^second machine$' second wang.desk template show '供暖 A (2)'
good "and is at the other machine, too" '' wang.desk wang.desk sync
good "whole" '^second machine$' wang.desk wang.desk template show '供暖 A (2)'
good "nothing waits any more" '^my own  供暖 A \(2\)$' second wang.desk template list
printf 'for the office\n' >office.txt
good "one for the office" '' wang.desk wang.desk template put noise office --file text=office.txt
good "a colleague gets it" '' liu.desk liu.desk sync
good "and sees it" '^for the office$' liu.desk liu.desk template show noise
printf 'x\n' | { me li.safe li.safe sync && me li.safe li.safe template put noise office; }
if grep -q 'Your role' err.txt; then tap_ok "a handler is told at once that it is not for him"; else tap_not_ok "a handler is told at once that it is not for him" "$(cat err.txt)"; fi
printf 'fine\n您好{nothing}\n' >wrong.txt
if me wang.desk wang.desk template put wrong --file text=wrong.txt; then
    tap_not_ok "one with a field that there is not is refused"
elif grep -q 'Line 2, column 3' err.txt; then
    tap_ok "one with a field that there is not is refused"
else
    tap_not_ok "one with a field that there is not is refused" "$(cat err.txt)"
fi
good "one is thrown away" '' liu.desk liu.desk template delete noise office
good "and goes elsewhere too" '' wang.desk wang.desk sync
if me wang.desk wang.desk template show noise; then tap_not_ok "it is gone" "$(cat out.txt)"; else tap_ok "it is gone"; fi
tap_done
