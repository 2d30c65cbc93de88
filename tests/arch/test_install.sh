#!/usr/bin/env bash
# make install DESTDIR= puts everything under DESTDIR, and uninstall takes it away again.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
root=$JIBAN_TEST_TMP/root
in_build() {
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s --no-print-directory -C "$JIBAN_TOP_BUILDDIR" "$@" 2>&1
}

out=$(in_build install DESTDIR="$root" prefix=/usr) || tap_not_ok "make install" "$out"
missing=''
wanted="usr/bin/jiban usr/share/bash-completion/completions/jiban"
[ ! -x "$JIBAN_TOP_BUILDDIR/jiband" ] || wanted="$wanted usr/bin/jiband"
[ -z "$(make_value MSGFMT)" ] || wanted="$wanted usr/share/locale/zh_CN/LC_MESSAGES/jiban.mo"
for file in $(make_value dist_themes_DATA); do wanted="$wanted usr/share/jiban/themes/$(basename "$file")"; done
for file in $(make_value dist_scenarios_DATA); do wanted="$wanted usr/share/jiban/scenarios/$(basename "$file")"; done
for file in $(make_value dist_man_MANS); do wanted="$wanted usr/share/man/man${file##*.}/$(basename "$file")"; done
for file in $wanted; do [ -s "$root/$file" ] || missing="$missing $file"; done
tap_empty "make install puts programs, catalogue, themes and manuals in place" "$missing"

want="jiban $(sed -n 's/^AC_INIT(\[jiban\], \[\(.*\)\])$/\1/p' "$JIBAN_TOP_SRCDIR/configure.ac")"
got=$("$root/usr/bin/jiban" --version 2>&1)
if [ "$got" = "$want" ]; then tap_ok "the installed program starts"; else tap_not_ok "the installed program starts" "$got"; fi

out=$(in_build uninstall DESTDIR="$root" prefix=/usr) || tap_not_ok "make uninstall" "$out"
tap_empty "make uninstall leaves no file" "$(find "$root" ! -type d)"
tap_done
