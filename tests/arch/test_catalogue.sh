#!/usr/bin/env bash
# po/zh_CN.po is complete: every message of the sources has its Chinese text, and none is doubtful.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
for tool in xgettext msgmerge msgfmt; do
    if ! command -v $tool >/dev/null 2>&1; then
        tap_skip "the Chinese catalogue is complete" "$tool is not installed"
        tap_done
        exit 0
    fi
done
tree=$JIBAN_TEST_TMP/tree
mkdir -p "$tree"
(cd "$JIBAN_TOP_SRCDIR" && cp -R core tui server po "$tree")
chmod -R u+w "$tree"
out=$(sh "$JIBAN_TOP_SRCDIR/tools/update-po.sh" "$tree" 0 zh_CN 2>&1) || tap_not_ok "messages can be collected" "$out"

if out=$(msgfmt --check -o /dev/null "$tree/po/zh_CN.po" 2>&1); then
    tap_ok "the catalogue is well formed, formats agree"
else
    tap_not_ok "the catalogue is well formed, formats agree" "$out"
fi
missing=$(msgattrib --untranslated --no-obsolete --no-wrap "$tree/po/zh_CN.po" | grep -E '^(#:|msgid)' | tail -n +2)
count=$(printf '%s' "$missing" | grep -c '^msgid')
[ "$count" = 0 ] || missing="$count messages have no Chinese text:"$'\n'$missing
tap_empty "every message has its Chinese text" "$missing"
tap_empty "no text is doubtful (fuzzy)" "$(msgattrib --only-fuzzy --no-obsolete --no-wrap "$tree/po/zh_CN.po" | grep '^msgid' | tail -n +2)"
tap_done
