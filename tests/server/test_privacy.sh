#!/usr/bin/env bash
# What a console and a server leave behind on their machines: no phone, no number of an identity card, no token, no password
# in logs and in what the screens and words print; a cache that others could open is not opened; a wipe leaves nothing.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
pty=$JIBAN_TOP_BUILDDIR/tests/server/pty
export TERM=xterm-256color

printf 'Schluessel-of-the-day\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
for user in chen.op wang.desk sun.dispatch; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
    mkdir -p "home-$user/config/jiban"
    printf '[log]\nlevel = debug\n' >"home-$user/config/jiban/config.ini"
done
: >seen.txt
serve office.db
as() { # USER WORD...: what it says is kept in seen.txt
    local user=$1 status
    shift
    at "home-$user" "$jiban" "$@" --server "$url" --user "$user" --password-file password --language en >out.txt 2>err.txt
    status=$?
    cat out.txt err.txt >>seen.txt
    return $status
}
is() { # NAME WANTED GOT
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$3 instead of $2: $(cat err.txt)"; fi
}

# ---- a day --------------------------------------------------------------------------------------------
phone=13812345678 identity=11010519491231002X
as chen.op "do" new log type=complaint category=0602 street=1101 content='夜里施工' title=施工噪声 "phone=$phone" \
    claimant=张三丰 "respondent=李四光 $identity" point=三号路工地12号楼3单元 || cat err.txt
as sun.dispatch sync || cat err.txt
as sun.dispatch list --json
number=$(sed -n 's/.*"number":"\([^"]*\)".*/\1/p' out.txt | head -n 1)
for word in "show $number" "print $number" list handover calendar "watch --once" "list --format csv" outbox conflicts doctor keys; do
    # shellcheck disable=SC2086 # words of one command
    as sun.dispatch $word
done
as sun.dispatch "do" "$number" dispatch unit=1101 tier=T24H || sed "s,^,# ," err.txt
as sun.dispatch sync
as wang.desk sync
as wang.desk list
as wang.desk --print
as wang.desk "do" "$number" reveal reason=回访 || sed "s,^,# ," err.txt
as wang.desk show "$number"
as wang.desk doctor --json
printf 'no such password\n' >wrong && chmod 600 wrong
at home-wang.desk "$jiban" sync --server "$url" --user wang.desk --password-file wrong >>seen.txt 2>&1
at home-wang.desk "$pty" "$jiban" show "$number" --server "$url" --user wang.desk --language zh_CN >>seen.txt 2>&1
serve_end
as wang.desk sync # nobody answers

# ---- the scan -----------------------------------------------------------------------------------------------
# Eleven digits of a mobile phone, eighteen of an identity card, the 43 characters of a token, the password.
secrets='(^|[^0-9])1[3-9][0-9]{9}([^0-9]|$)|[1-9][0-9]{16}[0-9Xx]|(^|[^A-Za-z0-9_-])[A-Za-z0-9_-]{43}([^A-Za-z0-9_-]|$)|Schluessel|no such password'
scan() { # NAME FILE...
    local name=$1
    shift
    tap_empty "$name" "$(LC_ALL=C grep -anEo -- ".{0,20}($secrets).{0,10}" "$@" | head -n 8)"
}
printf 'call %s\n' "$phone" >planted-1
printf 'card %s\n' "$identity" >planted-2
printf 'Bearer %s.\n' 0123456789abcdefghijABCDEFGHIJ-_0123456789a >planted-3
printf 'with Schluessel\n' >planted-4
found=$(LC_ALL=C grep -lE -- "$secrets" planted-1 planted-2 planted-3 planted-4 | wc -l)
is "the scan finds what is planted" 4 "$found"
find home-*/state -type f >logs.txt
is "each console has a log" 3 "$(grep -c 'jiban\.log$' logs.txt)"
tr '\n' '\0' <logs.txt | xargs -0 cat server.log serve.txt listen.txt >logs.all
scan "no secret stands in the logs of a day" logs.all
if grep -q "$number" seen.txt; then tap_ok "the case was on the screens"; else tap_not_ok "the case was on the screens" "$(head -c 1500 seen.txt)"; fi
scan "none was on a screen or in what a word printed" seen.txt
find home-*/data -type f -exec cat {} + >caches.all
tap_empty "no password and no token lies in a cache" "$(LC_ALL=C grep -aoE 'Schluessel|no such password' caches.all | head -n 3)"

# ---- whose the files are ------------------------------------------------------------------------------------
cache=$(cache_of home-wang.desk)
chmod 644 "$cache"
as wang.desk list
is "a cache that others can read is not opened" 77 $?
if grep -q 'chmod 600' err.txt; then tap_ok "and it is said how to mend it"; else tap_not_ok "and it is said how to mend it" "$(cat err.txt)"; fi
as wang.desk doctor
if grep -qE '^!! cache: .*Others may open' out.txt; then tap_ok "doctor shows it"; else tap_not_ok "doctor shows it" "$(cat out.txt)"; fi
chmod 600 "$cache"

# ---- a sealed cache -------------------------------------------------------------------------------------------
folder=$(dirname "$cache")
readable() { find "$folder" -type f -exec cat {} + | LC_ALL=C grep -c -aF -e '夜里施工' -e "$phone" -e "$number"; }
if [ "$(readable)" -gt 0 ]; then tap_ok "in the clear the cache can be read"; else tap_not_ok "in the clear the cache can be read"; fi
at home-wang.desk "$jiban" seal --server "$url" --user wang.desk --password-file wrong 2>err.txt
is "another password than that of the log-in seals nothing" 77 $?
as wang.desk seal
is "the password seals" 0 $?
is "then nothing can be read" 0 "$(readable)"
at home-wang.desk "$jiban" list --server "$url" --user wang.desk --password-file wrong >out.txt 2>err.txt
is "a wrong password opens nothing" 77 $?
at home-wang.desk "$jiban" list --server "$url" --user wang.desk --language en </dev/null >out.txt 2>err.txt
is "nor does none" 77 $?
as wang.desk list "$number"
is "the right one opens it, and the search finds" 1 "$(grep -c "$number" out.txt)"
as wang.desk "do" "$number" note note=夜里施工三 --offline || sed "s,^,# ," err.txt
is "what is written then cannot be read either" 0 "$(readable)"
as wang.desk unseal
is "it goes back into the clear" 0 $?
as wang.desk list "$number"
is "with all that was in it" 1 "$(grep -c "$number" out.txt)"

# ---- a wipe ----------------------------------------------------------------------------------------------------
as wang.desk "do" "$number" note note=not-sent --offline || sed "s,^,# ," err.txt
as wang.desk wipe
code=$?
if [ "$code" -ne 0 ] && [ -f "$cache" ] && grep -q "not sent: $number" err.txt; then
    tap_ok "what was not sent keeps a cache from being wiped, and is named"
else
    tap_not_ok "what was not sent keeps a cache from being wiped, and is named" "$code $(cat err.txt)"
fi
echo yes | as wang.desk wipe --force
[ -f "$cache" ]
is "another word than the one asked for wipes nothing" 0 $?
mkdir -p home-wang.desk/jiban/files && echo photo >home-wang.desk/jiban/files/0123 # laid out for a viewer
chmod 700 home-wang.desk/jiban home-wang.desk/jiban/files
echo wipe | as wang.desk wipe --force
is "the word wipes" 0 $?
tap_empty "and no cache, log or photo is left" "$(find home-wang.desk/data home-wang.desk/state home-wang.desk/jiban -type f)"
as wang.desk wipe
is "there is nothing to wipe twice" 66 $?
as chen.op wipe </dev/null
is "where all was sent it goes at once" 0 $?
tap_empty "that one too" "$(find home-chen.op/data home-chen.op/state -type f)"
tap_done
