#!/usr/bin/env bash
# Hostile texts through import, line and cache to every verb that works without the screen, on a terminal: no escape,
# no control but line breaks and tabs, no C1, no control of direction comes out. With the locale C, only ASCII.
# The texts: hostile.ndjson beside this, and hostile-text.ndjson of the real sets where it is.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
pty=$JIBAN_TOP_BUILDDIR/tests/server/pty
printf 'a word for tests\n' >password && chmod 600 password
export TERM=xterm-256color

cp "$JIBAN_TOP_SRCDIR/tests/server/hostile.ndjson" texts.ndjson
if [ -n "${JIBAN_SHARED_DATA:-}" ] && [ -r "$JIBAN_SHARED_DATA/hostile-text.ndjson" ]; then
    cat "$JIBAN_SHARED_DATA/hostile-text.ndjson" >>texts.ndjson
    tap_ok "the texts of the real set"
else
    tap_skip "the texts of the real set" "not there; only those shipped"
fi

# ---- each text as a row in which it stands wherever a text can stand ---------------------
LC_ALL=C awk '
    function decoded(base64,   text, command) {
        command = "printf %s '\''" base64 "'\'' | base64 -d | tr -d \"\\000\""
        text = ""
        while ((command | getline line) > 0) text = text (text == "" ? "" : "\\n") line
        close(command); gsub(/"/, "\\\"", text); return text
    }
    {
        text = ""
        if (match($0, /"text": "([^"\\]|\\.)*"/)) text = substr($0, RSTART + 9, RLENGTH - 10)
        else if (match($0, /"base64": "[^"]*"/)) text = decoded(substr($0, RSTART + 11, RLENGTH - 12))
        one = text
        if (match($0, /"repeat": [0-9]+/)) for (i = substr($0, RSTART + 10, RLENGTH - 10); i > 1 && length(text) < 15000; i--) text = text one
        printf "{\"id\":\"%d %s\",\"user\":\"%s\",\"title\":\"%s\",\"time\":\"2026-11-01T08:00:00+08:00\",\"text\":\"%s\",\"reply\":\"%s\",\"reply_time\":\"2026-11-02T08:00:00+08:00\",\"category\":\"%s\",\"place\":\"%s\",\"phone\":\"%s\"}\n",
            NR, substr(one, 1, 60) ~ /\\/ ? "" : substr(one, 1, 60), one, one, text, text, one, one, one
    }' texts.ndjson >rows.ndjson
sed 's/"title": "title",/"title": "title", "place": "place", "phone": "phone",/' "$JIBAN_TOP_SRCDIR/data/maps/zh-messages.json" >map.json
count=$(grep -ac '' texts.ndjson)

# harmless NAME FILE [ascii]: FILE is what came out on a terminal
controls='[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]'
harmless() {
    local complaint=''
    [ -s "$2" ] || complaint="nothing came out"
    complaint+=$(LC_ALL=C grep -naoP ".{0,20}($controls).{0,20}" "$2" | head -n 5 | cat -v)
    iconv -f UTF-8 -t UTF-8 <"$2" >/dev/null 2>iconv.txt || complaint+="not valid UTF-8: $(cat iconv.txt)"
    if [ "${3:-}" = ascii ]; then complaint+=$(LC_ALL=C grep -naP '[\x80-\xff]' "$2" | head -n 5 | cat -v); fi
    if grep -qaE 'AddressSanitizer|runtime error|Segmentation' "$2"; then complaint+=$(grep -aE -A5 'Sanitizer|runtime error' "$2"); fi
    tap_empty "$1" "$complaint"
}

# ---- to the centre and home again ------------------------------------------------------------------------
"$jiband" init --db sqlite:office.db && "$jiband" user --db sqlite:office.db passwd chen.op --password-file password || exit 1
"$pty" "$jiband" import --db sqlite:office.db --format ndjson --map map.json --at 2026-11-24T10:00:00+08:00 rows.ndjson >import.txt
harmless "jiband import" import.txt
made=$(sed -n 's/.* \([0-9]*\) cases made.*/\1/p' import.txt)
if [ "${made:-0}" -ge $((count * 4 / 5)) ]; then tap_ok "most of the texts are taken: $made of $count"; else tap_not_ok "most of the texts are taken" "${made:-none} of $count"; fi
serve office.db
export JIBAN_PASSWORD_FILE=$PWD/password
me() { at home "$pty" "$jiban" "$@" --server "$url" --user chen.op; }
me sync >sync.txt
harmless "jiban sync" sync.txt
cache=$(cache_of home)
"$sql" "$cache" "SELECT number FROM cases ORDER BY row" >numbers.txt
if [ "$(grep -c . numbers.txt)" = "$made" ]; then tap_ok "all of them arrive"; else tap_not_ok "all of them arrive" "$(grep -c . numbers.txt) of $made"; fi

# What waits, with each text in a note; and the same as refused, the text being the server's reason too.
"$sql" "$cache" "
    INSERT INTO outbox(id, case_id, user, json, queued, tries, last_try, last_error)
    SELECT randomblob(16), c.id, 'chen.op', json_object('id', '01900000-0000-7000-8000-' || printf('%012x', c.row),
        'case', '01900000-0000-7000-8000-' || printf('%012x', c.row), 'base', 1, 'type', 'note', 'at', '2026-11-24T10:00:00+08:00',
        'args', json_object('note', c.title)), 1, 3, 1, c.title FROM cases c;
    INSERT INTO conflicts(id, case_id, user, json, problem, at)
    SELECT randomblob(16), o.case_id, o.user, o.json, json_object('type', 'urn:jiban:problem:state', 'title', o.last_error,
        'status', 409, 'detail', o.last_error, 'field', ''), 1 FROM outbox o" || tap_not_ok "the outbox could not be filled"

# each WORDS...: for every case, one after another
each() { while read -r number; do me "${@//CASE/$number}"; done <numbers.txt; }
for locale in C.UTF-8 C; do
    export LC_ALL=$locale
    kind='' && [ "$locale" != C ] || kind=ascii
    me list >out.txt && harmless "jiban list ($locale)" out.txt "$kind"
    me list --json >out.txt && harmless "jiban list --json ($locale)" out.txt "$kind"
    each show CASE >out.txt && harmless "jiban show, every case ($locale)" out.txt "$kind"
    me outbox >out.txt && harmless "jiban outbox ($locale)" out.txt "$kind"
    me outbox --json >out.txt && harmless "jiban outbox --json ($locale)" out.txt "$kind"
    me conflicts >out.txt && harmless "jiban conflicts ($locale)" out.txt "$kind"
    me conflicts --json >out.txt && harmless "jiban conflicts --json ($locale)" out.txt "$kind"
    TERM=dumb me doctor >out.txt # else it asks the terminal something
    harmless "jiban doctor ($locale)" out.txt "$kind"
    me doctor --json >out.txt
    harmless "jiban doctor --json ($locale)" out.txt "$kind"
done
export LC_ALL=C.UTF-8
each show CASE --json >out.txt && harmless "jiban show --json, every case" out.txt

# ---- said back in messages: each text as a word of the command line ---------------------------------------
number=$(head -n 1 numbers.txt)
evil=$'\033]0;x\007\033[2J\302\233m\342\200\256abc\b\b\177'
said() { # NAME COMMAND...
    "${@:2}" >out.txt
    harmless "said back: $1" out.txt
}
said "a case" me show "$evil"
said "a case to do something with" me 'do' "$evil" note note=x
said "a command" me 'do' "$number" "$evil"
said "a value without its key" me 'do' "$number" note "$evil"
said "a key" me 'do' "$number" note "$evil=x"
said "a value" me 'do' "$number" contact "reached=$evil" said=x
said "a choice" me 'do' "$number" contact reached=true "way=$evil" said=x
said "a file" me 'do' "$number" note --file "note=$evil"
said "a filter" me list "state:$evil"
said "a word" at home "$pty" "$jiban" "$evil"
said "an option" at home "$pty" "$jiban" "--$evil"
said "a limit" me list --limit "$evil"
said "a configuration" at home "$pty" "$jiban" list --config "$evil"
printf '[server]\n%s = 1\nurl = %s\n' "$evil" "$evil" >evil.conf
said "what a configuration says" at home "$pty" "$jiban" sync --config evil.conf --user x --password-file password
said "a server" at home "$pty" "$jiban" sync --server "$evil" --user chen.op
said "a user" at home "$pty" "$jiban" sync --server "$url" --user "$evil"
said "a password file" me sync --password-file "$evil"
said "the terminal's name" at home env TERM="$evil" "$pty" "$jiban" doctor --server "$url" --user chen.op
said "jiband: a word" "$pty" "$jiband" "$evil"
said "jiband: an option" "$pty" "$jiband" "--$evil"
said "jiband: a store" "$pty" "$jiband" events --db "sqlite:$evil"
said "jiband: another store" "$pty" "$jiband" events --db "$evil"
said "jiband: an address" "$pty" "$jiband" serve --db sqlite:office.db --listen "$evil"
said "jiband: a user" "$pty" "$jiband" user --db sqlite:office.db disable "$evil"
said "jiband: a moment" "$pty" "$jiband" generate --db sqlite:office.db --cases 1 --at "$evil"
said "jiband: a file" "$pty" "$jiband" import --db sqlite:office.db --format csv "$evil"
printf '{"policy":"%s"' "$evil" >evil.json
said "jiband: what a policy says" "$pty" "$jiband" init --db sqlite:new.db --policy evil.json
"$jiband" user --db sqlite:office.db add "$evil" --name "$evil" --role desk --office 1101 --password-file password >/dev/null 2>&1
said "jiband: the list of users" "$pty" "$jiband" user --db sqlite:office.db list
said "jiband: the log of events" "$pty" "$jiband" events --db sqlite:office.db
tap_done
