#!/usr/bin/env bash
# A terminal that was revoked: at its next contact what it had not sent is sealed for the centre, then its cache is gone, and
# the centre opens the work. Killed anywhere in between, the work is in the cache or in the sealed file.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

printf 'Schluessel\n' >password && chmod 600 password
printf 'no such password\n' >wrong && chmod 600 wrong
"$jiband" init --db sqlite:office.db || exit 1
for user in chen.op wang.desk zhao.admin; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password 2>/dev/null
done
as() { # HOME WORD...: as the operator, on the machine of that home
    local home=$1
    shift
    at "$home" "$jiban" "$@" --server "$url" --user chen.op --password-file "${password:-password}" --language en >out.txt 2>err.txt
}
is() { # NAME WANTED GOT
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$3 instead of $2: $(cat out.txt err.txt)"; fi
}
says() { # NAME FILE WORDS
    if grep -qF -- "$3" "$2"; then tap_ok "$1"; else tap_not_ok "$1" "no \"$3\" in: $(cat "$2")"; fi
}
terminal() { "$jiband" terminal --db sqlite:office.db "$@"; }
id_of() { cat "$1"/data/jiban/*/terminal; } # HOME
files_of() { find "$1/data" "$1/state" -type f 2>/dev/null; }
# work_at HOME: a cache with a case at the centre, and a note on it that is not
work_at() {
    mkdir -p "$1"
    as "$1" "do" new log type=complaint category=0602 street=1101 content=drilling "title=noise of $1" phone=13812345678 || sed 's,^,# ,' err.txt
    as "$1" sync
    as "$1" list --json
    number=$(grep -F "noise of $1" out.txt | sed -n 's/.*"number":"\([^"]*\)".*/\1/p')
    as "$1" "do" "$number" supplement "supplement=unsent of $1" --offline
    [ $? = 75 ] || sed 's,^,# ,' err.txt
    id=$(id_of "$1")
}
# where_is HOME ID: is the unsent note somewhere? prints where
where_is() {
    local home=$1 id=$2 file
    if grep -rqaF "unsent of $home" "$home/data" 2>/dev/null; then echo cache; fi
    for file in "$home"/data/jiban/*-"$id".work; do
        [ ! -f "$file" ] || { terminal work "$file" 2>/dev/null | grep -qF "unsent of $home" && echo file; }
    done
    terminal work "$id" 2>/dev/null | grep -qF "unsent of $home" && echo centre
}
serve office.db

# ---- the whole road -------------------------------------------------------------------------------------
work_at lost
terminal list >list.txt
says "a terminal stands in the list from its first log-in on" list.txt "$id	chen.op	"
says "and is in use" list.txt "in use"
terminal list --user wang.desk >list.txt
tap_empty "the list of another user has it not" "$(cat list.txt)"
terminal revoke 0000000000000000 2>err.txt
is "a terminal that is not there cannot be revoked" 66 $?
terminal revoke "$id" 2>err.txt
is "one that is can" 0 $?
says "the server is told" err.txt "tells it now"
terminal revoke "$id" 2>err.txt
is "but once" 73 $?
is "the key of sealed work is for the owner alone" 600 "$(stat -c %a office.db.work-key)"
terminal list >list.txt
says "nobody has heard of it yet" list.txt "not heard of since"
terminal work "$id" 2>err.txt
is "before it asks there is no work to open" 66 $?
is "until it asks everything is there" cache "$(where_is lost "$id")"
as lost list
is "and can be read without a line" 0 $?
password=wrong as lost sync
is "at the next contact, whatever the password, it ends with 77" 77 $?
says "says that the cases are gone" err.txt "The cases that it kept are destroyed."
says "and that the work is not" err.txt "1 thing was not sent yet"
tap_empty "no file is left" "$(files_of lost)"
is "the work is at the centre" centre "$(where_is lost "$id")"
terminal work "$id" >work.txt
says "it opens: whose it is" work.txt "chen.op"
says "which case" work.txt "not sent: $number"
says "what was written" work.txt "unsent of lost"
terminal work "$id" --json | tail -n 1 >work.txt
says "its last line counts the others" work.txt '{"end":2}'
terminal list >list.txt
says "the list says that it was handed in" list.txt "work handed in"
tap_empty "in the store it cannot be read" "$(grep -caF 'unsent of lost' office.db office.db-wal | grep -v ':0$')"
"$jiband" audit --db sqlite:office.db list >audit.txt
for word in revoke tell handin work; do
    says "the audit log has terminal.$word" audit.txt "terminal.$word  $id"
done
chmod 640 office.db.work-key
terminal work "$id" >/dev/null 2>err.txt
is "a key that others can read opens nothing" 77 $?
chmod 600 office.db.work-key
as lost sync
is "whoever may log in works on with a new cache" 0 $?
if [ "$(id_of lost)" != "$id" ]; then tap_ok "which has another name"; else tap_not_ok "which has another name"; fi
as lost list --json
says "and has what is at the centre" out.txt "$number"

# ---- other ways of asking ---------------------------------------------------------------------------------
work_at asking
"$jiband" user --db sqlite:office.db passwd chen.op --password-file password
terminal revoke "$id" 2>/dev/null
as asking export --day 2026-11-24
is "a question to the server is a contact as well" 77 $?
tap_empty "after it nothing is left either" "$(files_of asking)"
is "and the work is at the centre" centre "$(where_is asking "$id")"

work_at closed
terminal revoke "$id" 2>/dev/null
"$jiband" user --db sqlite:office.db disable chen.op
as closed sync
is "it hears of it although its user is closed by now" 77 $?
is "with its work safe" centre "$(where_is closed "$id")"
as closed sync
is "and a new cache gets no session" 77 $?
"$jiband" user --db sqlite:office.db passwd chen.op --password-file password
"$sql" office.db "UPDATE users SET disabled = 0 WHERE user = 'chen.op'" >/dev/null

work_at sealed
as sealed seal
is "a cache is sealed" 0 $?
as sealed "do" "$number" supplement "supplement=unsent of sealed, too" --offline
terminal revoke "$id" 2>/dev/null
as sealed sync
is "a sealed one is destroyed as well" 77 $?
tap_empty "with its key" "$(files_of sealed)"
is "its work is opened by the centre" centre "$(where_is sealed "$id")"

work_at watching
terminal revoke "$id" 2>/dev/null
as watching watch --view all_open
is "a watch ends when it hears of it" 77 $?
is "with the work at the centre" centre "$(where_is watching "$id")"

# ---- an answer that is for another terminal ------------------------------------------------------------------
work_at other
mine=$id
mkdir -p stranger && as stranger sync
terminal revoke "$(id_of stranger)" 2>/dev/null
as other outbox
is "others keep what they have" cache "$(where_is other "$mine")"
as other sync
is "and go on" 0 $?

# ---- killed on the way ---------------------------------------------------------------------------------------
for step in collected sealed destroyed handed-in; do
    work_at "killed-$step"
    terminal revoke "$id" 2>/dev/null
    export JIBAN_TEST_KILL_AT=$step
    as "killed-$step" sync
    code=$?
    unset JIBAN_TEST_KILL_AT
    is "killed when it is $step" 137 $code
    if [ -n "$(where_is "killed-$step" "$id")" ]; then tap_ok "the work is safe"; else tap_not_ok "the work is safe" "$(files_of "killed-$step")"; fi
    as "killed-$step" sync
    as "killed-$step" sync
    is "the next runs go on to the end" 0 $?
    is "and the work is at the centre alone" centre "$(where_is "killed-$step" "$id")"
done
work_at resumed
terminal revoke "$id" 2>/dev/null
JIBAN_TEST_KILL_AT=sealed as resumed sync
as resumed list
is "once its work is sealed the cache is never opened again" 77 $?
tap_empty "but destroyed, without a line" "$(find resumed/data -name 'cache.db*')"
is "and the sealed file waits" file "$(where_is resumed "$id")"

# ---- no line when it is to be handed in -------------------------------------------------------------------------
work_at waiting
terminal revoke "$id" 2>/dev/null
"$sql" office.db "UPDATE terminals SET ticket = 'ffffffffffffffffffffffffffffffff' WHERE id = '$id'" >/dev/null
JIBAN_TEST_KILL_AT=destroyed as waiting sync # seals with that ticket
"$sql" office.db "UPDATE terminals SET ticket = 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee' WHERE id = '$id'" >/dev/null
as waiting sync
is "work that the centre does not take keeps nobody from working on" 0 $?
says "it is told where it lies" err.txt ".work, which only the centre can open"
is "it lies there" file "$(where_is waiting "$id")"
terminal work waiting/data/jiban/*.work >work.txt
says "the administrator opens the file that is brought" work.txt "unsent of waiting"
serve_end

# ---- the drill -------------------------------------------------------------------------------------------------
as lost list --json
before=$(files_of lost | sort)
as lost wipe --drill
is "the drill goes well" 0 $?
tap_empty "nothing in it failed" "$(grep FAILED out.txt)"
is "all of it is shown" 5 "$(grep -c '^\[ok\]' out.txt)"
is "what is in earnest was not touched" "$before" "$(files_of lost | sort)"
tap_empty "and no practice is left" "$(find lost -name 'jiban-practice-*')"
tap_done
