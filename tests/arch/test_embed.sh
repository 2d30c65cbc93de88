#!/usr/bin/env bash
# tools/embed.sh keeps every byte.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 72
embed=$JIBAN_TOP_SRCDIR/tools/embed.sh
read -r -a cc <<<"$(make_value CC)"

mkdir -p data
for octal in $(seq 0 255 | awk '{ printf "%03o ", $1 }'); do printf '%b' "\\0$octal"; done >data/all-bytes.bin
: >data/empty.json
printf '{"街道": "即办"}\n' >data/x.json
sh "$embed" header . data/all-bytes.bin data/empty.json ./data/x.json >data/embedded.h
sh "$embed" source . data/all-bytes.bin data/empty.json ./data/x.json >embedded.c
cat >main.c <<'C'
#include <stdio.h>
#include "data/embedded.h"
int main(void)
{
    fwrite(data_all_bytes_bin, 1, data_all_bytes_bin_len, stdout);
    fwrite(data_x_json, 1, data_x_json_len, stdout);
    return data_empty_json_len != 0 || data_empty_json[0] != 0 || data_x_json[data_x_json_len] != 0;
}
C
if out=$("${cc[@]}" -std=c17 -Wall -Wextra -Wpedantic -Werror -I. -o main main.c embedded.c 2>&1); then
    tap_ok "the arrays compile without a warning"
else
    tap_not_ok "the arrays compile without a warning" "$out"
fi
./main >got
status=$?
cat data/all-bytes.bin data/x.json >wanted
if [ "$status" = 0 ]; then tap_ok "a NUL byte follows each file"; else tap_not_ok "a NUL byte follows each file"; fi
if cmp -s got wanted; then tap_ok "every byte is kept"; else tap_not_ok "every byte is kept" "$(cmp got wanted)"; fi
tap_done
