#!/usr/bin/env bash
# The handbook names keys, commands, options, policy keys and words of the screens that are there, and says
# the same in both languages. What is checked stands in handbook.py.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
if ! command -v python3 >/dev/null 2>&1; then
    tap_skip "the handbook says what is there" "python3 is missing"
    tap_done
    exit 0
fi
jiband=
[ ! -x "$JIBAN_TOP_BUILDDIR/jiband" ] || jiband=$JIBAN_TOP_BUILDDIR/jiband
said=$(PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8 LANGUAGE='' python3 "$JIBAN_TOP_SRCDIR/tests/arch/handbook.py" \
    "$JIBAN_TOP_SRCDIR" "$JIBAN_TOP_BUILDDIR/jiban" "$jiband" 2>&1)
about() { sed -n "s/^$1	//p" <<<"$said"; }

read_spans=$(about count)
if [ "${read_spans:-0}" -ge 500 ]; then
    tap_ok "the pages are read"
else
    tap_not_ok "the pages are read" "$(tail -n 5 <<<"$said")"
fi
tap_empty "what stands between backquotes is a key, a command, an option or a policy key" "$(about span)"
tap_empty "keys and views belong to the words beside them" "$(about key)"
tap_empty "bold words are words of the screens" "$(about label)"
tap_empty "limits are those of the policy document" "$(about limit)"
tap_empty "both languages have the same headings, names, calls, tables and pictures" "$(about pair)"
tap_empty "links and pictures are there" "$(about link)"
tap_empty "README.md links the handbook in both languages" "$(for page in start.zh.md start.en.md; do
    grep -qF "(doc/handbook/$page)" "$JIBAN_TOP_SRCDIR/README.md" || echo "$page"
done)"
tap_done
