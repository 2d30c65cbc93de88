#!/usr/bin/env bash
# check-includes.sh TREE: who may include whom. Prints one line per violation, status 1 if any.
#
# A room may include what its row names, and nothing else. Libraries that must not spread stand
# behind a door: the files named beside the header are the only ones that include it.
set -eu
cd "$1"

find core tui server \( -name '*.c' -o -name '*.h' -o -name '*.def' \) -print | LC_ALL=C sort |
    while IFS= read -r file; do
        grep -nE '^[[:space:]]*#[[:space:]]*include' "$file" | sed "s|^|$file:|" || true
    done | awk '
function room_of(path) {
    if (path ~ /^core\/[a-z]+\//) { split(path, part, "/"); return part[2] }
    if (path ~ /^tui\/(widget\/|surface[._]|draw[._])/) return "tui-widget"
    if (path ~ /^tui\/view\/[a-z_]*_draw\.c$/) return "tui-draw"
    if (path ~ /^tui\/screen\.c$/) return "tui-screen"
    if (path ~ /^tui\//) return "tui"
    if (path ~ /^server\//) return "server"
    if (path == "data/embedded.h") return "data"
    if (path == "config.h") return "config"
    return "nowhere"
}
function family(room) { return room ~ /^tui/ ? "tui" : room }
function door(pattern, files) { doors++; door_header[doors] = pattern; door_files[doors] = files }
function complain(why) { print place ": " what " (" why ")"; bad = 1 }
BEGIN {
    may["base"] = "base"
    may["text"] = "base text"
    may["case"] = "base text case"
    may["wire"] = "base text case wire"
    may["practice"] = "base text case wire practice"
    may["store"] = "base text case wire store"
    may["sync"] = "base text case wire store sync"
    may["tui"] = "base text case wire store sync practice tui"
    may["tui-widget"] = "base text tui"
    may["tui-draw"] = "base text case tui"
    may["tui-screen"] = "base text tui"
    may["server"] = "base text case wire practice server"
    for (room in may) may[room] = " " may[room] " data "

    door("^(ncursesw/|ncurses/)?(curses|ncurses|term|panel|menu|form)\\.h$", "^tui/screen\\.c$")
    door("^sqlite3\\.h$", "^(core/store/[a-z_0-9]+|server/db_sqlite)\\.c$")
    door("^curl/", "^core/sync/libcurl\\.h$")
    door("^microhttpd\\.h$", "^server/http\\.c$")
    door("^jansson\\.h$", "^core/wire/([a-z_0-9]+\\.c|json\\.h)$")
    door("^(jpeglib|jerror|png)\\.h$", "^core/text/pixels\\.c$")
    door("^ini\\.h$", "^(core/base/[a-z_0-9]+|tui/theme)\\.c$")
    door("^libintl\\.h$", "^core/base/[a-z_0-9]+\\.[ch]$")
    door("^(unistr|unictype|unigbrk|uniwbrk|unilbrk|uninorm|unicase|uniwidth|uniconv|unistdio|uniname)\\.h$", "^core/(base|text)/[a-z_0-9]+\\.c$")
    door("^(libpq-fe|postgresql/.*)\\.h$", "^server/db_postgres\\.c$")
}
{
    place = $0; sub(/:[ \t]*#.*/, "", place)
    file = place; sub(/:[0-9]+$/, "", file)
    what = $0; sub(/^[^#]*#[ \t]*include[ \t]*/, "", what)
    if (what ~ /^"/) {
        sub(/^"/, "", what); sub(/".*/, "", what)
        room = room_of(file); target = room_of(what)
        if (target == "nowhere") complain("includes are written from the root of the tree")
        else if (target == "config") { if (file != "core/base/version.c") complain("config.h is for core/base/version.c") }
        else if (index(may[room], " " family(target) " ") == 0) complain("not in the row of " room)
        else if (target != "data" && (getline line < what) < 0) complain("no such file")
        else if (what == "core/wire/json.h" && file ~ /\.h$/) complain("for .c files only")
        close(what)
    } else if (what ~ /^</) {
        sub(/^</, "", what); sub(/>.*/, "", what)
        for (i = 1; i <= doors; i++)
            if (what ~ door_header[i] && file !~ door_files[i]) complain("only in " door_files[i])
    } else if (what !~ /^[A-Z_]+$/) complain("not understood")
}
END { exit bad }'
