#!/usr/bin/env bash
# Attachments at the centre: sent in pieces and gone on with after a cut and a restart, refused when they are not what they say,
# read by whoever sees the order and by nobody else.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

# is NAME WANTED GOT
is() { if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "wanted: $2; got: $3"; fi; }

"$jiband" init --db sqlite:office.db >/dev/null || exit 1
printf 'a word for tests\n' >password && chmod 600 password
for user in chen.op ma.desk du.community fan.dispatch; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password >/dev/null || exit 1
done
serve office.db

# token USER
token() {
    curl -s "$url/v1/session" -H 'Content-Type: application/json' \
        -d "{\"user\":\"$1\",\"password\":\"a word for tests\",\"device\":\"test\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/'
}
op=$(token chen.op)
desk=$(token ma.desk)
other=$(token du.community)

# put TOKEN HASH RANGE FILE: status and body of the answer
put() { curl -s -X PUT "$url/v1/blobs/$2" -H "Authorization: Bearer $1" -H 'Expect:' -H "Content-Range: bytes $3" --data-binary @"$4" -w '\n%{http_code}' | tr '\n' ' '; }
# get TOKEN HASH OUT [CURL-OPTION...]: status of the answer
get() {
    local token=$1 hash=$2 out=$3
    shift 3
    curl -s "$url/v1/blobs/$hash" -H "Authorization: Bearer $token" -o "$out" -w '%{http_code}' "$@"
}
: >nothing
seq 20000 >words.txt
hash=$(sha256sum words.txt | cut -c1-64)
total=$(stat -c %s words.txt)
head -c 50000 words.txt >first
tail -c +50001 words.txt >second
printf 'a gap of words' | head -c 13 >gap

# ---- in pieces ----------------------------------------------------------------------------------
is "nothing is there" "{\"have\":0,\"total\":$total} 200" "$(put "$op" "$hash" "*/$total" nothing)"
is "a piece is taken" "{\"have\":50000,\"total\":$total} 200" "$(put "$op" "$hash" "0-49999/$total" first)"
is "sent again it changes nothing" "{\"have\":50000,\"total\":$total} 200" "$(put "$op" "$hash" "0-49999/$total" first)"
is "half a file is not read" 404 "$(get "$op" "$hash" out)"
is "it is of whoever sends it" "{\"have\":0,\"total\":$total} 200" "$(put "$desk" "$hash" "*/$total" nothing)"
case $(put "$op" "$hash" "60000-60012/$total" gap) in *409*) tap_ok "a gap is refused" ;; *) tap_not_ok "a gap is refused" ;; esac
serve_end
serve office.db "$port"
is "after a restart it goes on" "{\"have\":50000,\"total\":$total} 200" "$(put "$op" "$hash" "*/$total" nothing)"
is "the rest is taken" "{\"have\":$total,\"total\":$total} 200" "$(put "$op" "$hash" "50000-$((total - 1))/$total" second)"
is "who sent it reads it" 200 "$(get "$op" "$hash" out)"
if cmp -s out words.txt; then tap_ok "and it is the same"; else tap_not_ok "and it is the same"; fi
is "a range of it" 206 "$(get "$op" "$hash" out -r 10-19)"
is "has these bytes" "$(head -c 20 words.txt | tail -c 10 | od -c)" "$(od -c <out)"
is "no range behind its end" 416 "$(get "$op" "$hash" out -r "$total-")"
is "nobody else reads it before it is attached" 404 "$(get "$desk" "$hash" out)"

# ---- what is not taken ---------------------------------------------------------------------------
no() { printf '%064d' "$1"; }
printf 'other words\n' >wrong
case $(put "$op" "$(no 1)" 0-11/12 wrong) in *problem:hash*422*) tap_ok "other bytes than the hash says are refused" ;; *) tap_not_ok "other bytes than the hash says are refused" ;; esac
is "and dropped" '{"have":0,"total":12} 200' "$(put "$op" "$(no 1)" '*/12' nothing)"
case $(put "$op" "$(no 2)" "*/20971521" nothing) in *413*) tap_ok "too large a file is refused before it comes" ;; *) tap_not_ok "too large a file is refused before it comes" ;; esac
printf 'MZ\220\000\003' >program
program=$(sha256sum program | cut -c1-64)
case $(put "$op" "$program" 0-4/5 program) in *problem:type*415*) tap_ok "what is no picture, paper or text is refused" ;; *) tap_not_ok "what is no picture, paper or text is refused" ;; esac
# a photo that says where it was taken: SOI, APP1 with an Exif directory of one entry 0x8825, EOI
printf '\377\330\377\341\000\042Exif\000\000MM\000\052\000\000\000\010\000\001\210\045\000\004\000\000\000\001\000\000\000\000\000\000\000\000\377\331' >place.jpg
photo=$(sha256sum place.jpg | cut -c1-64)
n=$(stat -c %s place.jpg)
case $(put "$op" "$photo" "0-$((n - 1))/$n" place.jpg) in *problem:type*415*) tap_ok "a photo with its place is refused" ;; *) tap_not_ok "a photo with its place is refused" ;; esac
for bad in '0-1/12' 'bytes' '5-4/12' '0-11/x' '0-11/12 '; do
    case $(put "$op" "$(no 3)" "$bad" wrong) in *400*) ;; *) tap_not_ok "a bad range is refused" "$bad" ;; esac
done
case $(put "$op" "${hash^^}" "0-11/12" wrong) in *404*) tap_ok "a name that is no hash is refused" ;; *) tap_not_ok "a name that is no hash is refused" ;; esac
find office.db.files -type f | sed 's,.*/,,' >left.txt
is "of what was refused nothing is left" "$hash" "$(cat left.txt)"
is "the folder is private" 700 "$(stat -c %a office.db.files)"

# ---- on an order -----------------------------------------------------------------------------------
# do TOKEN CASE TYPE ARGS: the outcome
do_() {
    id=01900000-0000-7000-8000-$(printf '%012x' $((RANDOM * 32768 + RANDOM)))
    curl -s "$url/v1/commands" -H "Authorization: Bearer $1" -H 'Content-Type: application/json' \
        -d "{\"commands\":[{\"id\":\"$id\",\"case\":\"$2\",\"base\":0,\"type\":\"$3\",\"at\":\"2026-11-24T10:00:00+08:00\",\"args\":$4}]}"
}
case_id=01900000-0000-7000-8000-00000000c001
log='"type":"complaint","category":"0101","street":"1101","content":"暖气不热","channel":"phone","claimant":"张三","phone":"13800000000"'
case $(do_ "$op" "$case_id" log "{$log,\"attach\":\"$(no 9) text 12 - a.txt\"}") in *problem:file*) tap_ok "a file that is not there cannot be attached" ;; *) tap_not_ok "a file that is not there cannot be attached" ;; esac
case $(do_ "$op" "$case_id" log "{$log,\"attach\":\"$hash text 12 - a.txt\"}") in *problem:file*) tap_ok "nor one of another size" ;; *) tap_not_ok "nor one of another size" ;; esac
case $(do_ "$op" "$case_id" log "{$log,\"attach\":\"$hash text $total - 记录.txt\"}") in *applied*) tap_ok "one that is there is attached" ;; *) tap_not_ok "one that is there is attached" "$(do_ "$op" "$case_id" log "{$log}")" ;; esac
dispatcher=$(token fan.dispatch)
is "whoever sees the order reads it" 200 "$(get "$dispatcher" "$hash" out)"
is "whoever does not, does not" 404 "$(get "$other" "$hash" out)"
case2=01900000-0000-7000-8000-00000000c002
do_ "$op" "$case2" log "{$log}" >/dev/null
case $(do_ "$other" "$case2" note "{\"note\":\"x\",\"attach\":\"$hash text $total - a.txt\"}") in *applied*) tap_not_ok "a known hash gives no right to a file" ;; *) tap_ok "a known hash gives no right to a file" ;; esac
curl -s "$url/v1/cases/$case_id" -H "Authorization: Bearer $op" >case.txt
if grep -q "\"attach\":\"$hash text $total - 记录.txt\"" case.txt; then tap_ok "the event names it"; else tap_not_ok "the event names it" "$(cat case.txt)"; fi

# ---- from console to console -----------------------------------------------------------------------
as() { # USER WORD...
    local user=$1
    shift
    at "home-$user" "$jiban" "$@" --server "$url" --user "$user" --password-file password --language en
}
as chen.op sync >/dev/null || tap_not_ok "the operator cannot sync"
seq 200000 >long.txt
serve_end
as chen.op "do" new log type=complaint category=0101 street=1101 content=暖气不热 channel=phone anonymous=yes --attach long.txt >out.txt 2>&1
is "without a line the order waits with its file" 75 $?
mv long.txt sent.txt # the copy is kept
serve office.db "$port"
as chen.op sync >out.txt 2>&1
is "with a line both go" 0 $?
is "nothing waits any more" "0 commands not sent" "$(as chen.op outbox 2>/dev/null)"
as fan.dispatch sync >/dev/null
for number in $(as fan.dispatch list --format csv 2>/dev/null | grep -oE '[0-9]{15}'); do
    as fan.dispatch files "$number" 2>/dev/null | grep -q long.txt && break
done
as fan.dispatch files "$number" --get long.txt --output got.txt 2>err.txt
if cmp -s got.txt sent.txt; then tap_ok "another console gets it whole"; else tap_not_ok "another console gets it whole" "$(cat err.txt)"; fi
as fan.dispatch files "$number" --get long.txt --output got.txt >/dev/null 2>&1
is "a file that is there is not written over" 75 $?
as fan.dispatch show "$number" >out.txt
if grep -qF 'long.txt (plain text, 1.2 MiB)' out.txt; then tap_ok "the history names it"; else tap_not_ok "the history names it" "$(tail -n 4 out.txt)"; fi
tap_done
