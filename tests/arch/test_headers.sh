#!/usr/bin/env bash
# Each header compiles alone, in each room, without the libraries behind the doors.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
read -r -a cc <<<"$(make_value CC) -std=c17 -D_GNU_SOURCE $(make_value WARN_CFLAGS)"

for room in core/base core/text core/case core/wire core/store core/sync core/practice tui server; do
    mapfile -t headers < <(cd "$JIBAN_TOP_SRCDIR" && find "$room" -name '*.h' | LC_ALL=C sort)
    name="the headers of $room compile alone"
    if [ ${#headers[@]} = 0 ]; then
        tap_skip "$name" "there are none"
        continue
    fi
    for header in "${headers[@]}"; do
        printf '#include "%s"\n#include "%s"\nextern int nothing;\n' "$header" "$header" \
            >"$JIBAN_TEST_TMP/$(printf '%s' "$header" | tr / _).c"
    done
    tap_empty "$name" "$("${cc[@]}" -fsyntax-only -I"$JIBAN_TOP_SRCDIR" -I"$JIBAN_TOP_BUILDDIR" "$JIBAN_TEST_TMP"/*.c 2>&1)"
    rm -f "$JIBAN_TEST_TMP"/*.c
done
tap_done
