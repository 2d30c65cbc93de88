#!/usr/bin/env bash
# The table in the manual is the table that the server prints, line for line; so is the matrix of roles.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
page=$JIBAN_TOP_BUILDDIR/doc/jiban-workflow.7
[ -x "$JIBAN_TOP_BUILDDIR/jiband" ] || { tap_skip "the table of the manual" "the server is not built"; tap_done; exit; }
[ -e "$page" ] || make -s -C "$JIBAN_TOP_BUILDDIR" doc/jiban-workflow.7 >/dev/null 2>&1

# section NAME: the literal block of a section, without the escapes of the page
section() {
    awk -v name="$1" '$0 == ".Sh " name { on = 1 } on && /^\.Ed/ { exit } on && text { print } on && /^\.Bd/ { text = 1 }' "$page" |
        sed 's/\\-/-/g; s/^\\&//; s/\\e/\\/g'
}
for pair in table:TABLE matrix:ROLES; do
    format=${pair%%:*}
    printed=$(LC_ALL=C "$JIBAN_TOP_BUILDDIR/jiband" workflow --format "$format")
    lines=$(grep -c . <<<"$printed")
    if [ "$lines" -ge 70 ]; then tap_ok "jiband prints the $format: $lines lines"; else tap_not_ok "jiband prints the $format" "$lines lines"; fi
    tap_empty "the manual has the same $format" "$(diff <(printf '%s\n' "$printed") <(section "${pair##*:}"))"
done
tap_done
