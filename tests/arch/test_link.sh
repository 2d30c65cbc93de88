#!/usr/bin/env bash
# What the libraries lean on, asked from the linker and from the symbol tables.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TOP_BUILDDIR" || exit 72
read -r -a cc <<<"$(make_value CC CFLAGS SANITIZE_CFLAGS)"
read -r -a flags <<<"$(make_value LDFLAGS)"
read -r -a small_libs <<<"$(make_value UNISTRING_LIBS JPEG_LIBS PNG_LIBS INIH_LIBS SODIUM_LIBS PTHREAD_LIBS MATH_LIBS)"
read -r -a core_libs <<<"$(make_value core_libs)"
printf 'int main(void) { return 0; }\n' >"$JIBAN_TEST_TMP/main.c"

# links NAME WORD...: a program made of all these parts links.
links() {
    local name=$1 out
    shift
    if out=$("${cc[@]}" "${flags[@]}" -o "$JIBAN_TEST_TMP/a.out" "$JIBAN_TEST_TMP/main.c" "$@" 2>&1); then
        tap_ok "$name"
    else
        tap_not_ok "$name" "$out"
    fi
}

# symbols FILE...: undefined symbols, each after the object that wants it.
symbols() { nm -A -u "$@" 2>/dev/null | awk '{ sub(/:$/, "", $1); print $1, $NF }'; }

mapfile -t all < <(objects_of core_sources)
room_objects() { # ROOM...
    local room
    for room in "$@"; do printf '%s\n' "${all[@]}" | grep "^core/$room/"; done
}

links "libcore.a links without curses and microhttpd" \
    -Wl,--whole-archive libcore.a -Wl,--no-whole-archive "${core_libs[@]}"
tap_empty "libcore.a wants no symbol of curses or microhttpd" \
    "$(symbols libcore.a | grep -E ' (MHD_|initscr|newterm|endwin|wadd|mvw|wget|wrefresh|doupdate|stdscr|setupterm|tputs|tgetstr)')"

mapfile -t objects < <(room_objects base text)
links "base and text link alone" "${objects[@]}" data/embedded.o "${small_libs[@]}"
mapfile -t objects < <(room_objects base text case)
links "case links with base and text only, no JSON, SQLite or curl" "${objects[@]}" data/embedded.o "${small_libs[@]}"
mapfile -t objects < <(room_objects base text case wire practice)
read -r -a json <<<"$(make_value JANSSON_LIBS)"
links "wire and practice link without SQLite and curl" "${objects[@]}" data/embedded.o "${json[@]}" "${small_libs[@]}"

# What draws reads its model and nothing else: no store, no line, no clock.
mapfile -t draws < <(objects_of tui_sources | grep -E '_draw\.o$|/draw\.o$' | grep -v '^tui/app_draw')
tap_empty "${#draws[@]} drawing objects want nothing of store, sync and console" \
    "$(symbols "${draws[@]}" | grep -E ' (store_|sync_|console_|context_|clock_(wall|mono|system))')"

for library in libcore.a libtui.a libserver.a; do
    [ -f $library ] || { tap_skip "$library calls nothing banned" "not built here"; continue; }
    tap_empty "$library calls nothing banned" "$(symbols $library |
        grep -E ' (__)?(strcpy|strcat|sprintf|vsprintf|strtok|gets|system|popen|tmpnam|mktemp|time|localtime|localtime_r|gmtime|ctime|asctime|rand|srand|random|srandom)(_chk)?(@.*)?$')"
done
mapfile -t programs < <(for object in tui/main.o server/main.o; do [ -f $object ] && echo $object; done)
tap_empty "the programs call nothing banned" "$(symbols "${programs[@]}" |
    grep -E ' (__)?(strcpy|strcat|sprintf|vsprintf|strtok|gets|system|popen|tmpnam|mktemp|time|localtime|localtime_r|gmtime|ctime|asctime|rand|srand|random|srandom)(_chk)?(@.*)?$')"
tap_empty "core prints nothing" \
    "$(symbols libcore.a | grep -v '/embedded\.o' | grep -E ' (__)?(printf|vprintf|puts|putchar|perror|stdout)(_chk)?(@.*)?$')"

mapfile -t libraries < <(for library in libcore.a libtui.a libserver.a; do [ -f $library ] && echo $library; done)
tap_empty "the clock is read in core/base/clock only" \
    "$(symbols "${libraries[@]}" | grep -E ' (clock_gettime|gettimeofday|ftime)(@.*)?$' | grep -v ':clock[a-z_]*\.o ')"
tap_empty "chance comes from core/base/random only" \
    "$(symbols "${libraries[@]}" | grep -E ' (getrandom|getentropy|randombytes_[a-z]+|arc4random[a-z_]*)(@.*)?$' | grep -v ':random[a-z_]*\.o ')"

tap_empty "other programs are started in tui/program only, the server of the practice beside it" \
    "$(symbols "${libraries[@]}" | grep -E ' (v?fork|posix_spawnp?|exec[lv][a-z]*|system|popen)(@.*)?$' | grep -vE ':(program|practice_server)\.o ')"

# The symbol check must be able to see: an object that calls strcpy is caught.
printf '#include <string.h>\nchar b[9];\nint main(int c, char **v) { (void)c; strcpy(b, v[0]); return b[0]; }\n' >"$JIBAN_TEST_TMP/bad.c"
"${cc[@]}" -U_FORTIFY_SOURCE -fno-builtin -w -c -o "$JIBAN_TEST_TMP/bad.o" "$JIBAN_TEST_TMP/bad.c"
if symbols "$JIBAN_TEST_TMP/bad.o" | grep -qE ' strcpy$'; then
    tap_ok "a planted strcpy is seen"
else
    tap_not_ok "a planted strcpy is seen" "$(nm "$JIBAN_TEST_TMP/bad.o")"
fi
tap_done
