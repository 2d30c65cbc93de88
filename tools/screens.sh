#!/usr/bin/env bash
# screens.sh BUILDDIR [FOLDER]: pictures of all views in the table of tests/view/test_views.c, Chinese and English, 80x24 and
# 160x50, each with the dark, the light and the monochrome theme in one file (tests/view/picture.h), into doc/screens or
# FOLDER, with a page that shows them. With FOLDER, also each theme in a file of its own.
set -eu
cd "$(dirname "$0")/.."
top=$PWD builddir=$1 out=${2:-$PWD/doc/screens}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$out"
out=$(cd "$out" && pwd)
rm -f "$out"/*.svg
(
    cd "$builddir"
    unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_RUNTIME_DIR NO_COLOR COLORTERM
    [ $# -lt 2 ] || export JIBAN_PICTURES_APART=yes
    export JIBAN_TOP_SRCDIR=$top JIBAN_TOP_BUILDDIR=$builddir JIBAN_DATADIR=$top JIBAN_LOCALEDIR=$builddir/po/locale
    export JIBAN_TEST_TMP=$scratch HOME=$scratch CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC JIBAN_PICTURES=$out
    tests/view/test_views >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
)
# What goes into a folder of one's own is only looked at.
[ $# -lt 2 ] || { echo "$out"; exit 0; }
views() { find "$out" -name '*-zh-80x24.svg' -printf '%f\n' | sed 's/-zh-80x24\.svg$//' | sort; }
{
    echo "# Screens"
    echo
    echo "Made by \`./dev screens\` from the table of \`tests/view/test_views.c\`. A picture follows the reader's choice of a dark or"
    echo "light page; \`#dark\`, \`#light\` and \`#mono\` behind its address ask for a theme."
    echo
    echo "| view | 80x24 | 160x50 | monochrome |"
    echo "| --- | --- | --- | --- |"
    views | while read -r view; do
        printf '| %s | [中文](%s-zh-80x24.svg) [English](%s-en-80x24.svg) | [中文](%s-zh-160x50.svg) [English](%s-en-160x50.svg) | [中文](%s-zh-80x24.svg#mono) [English](%s-en-80x24.svg#mono) |\n' \
            "$view" "$view" "$view" "$view" "$view" "$view" "$view"
    done
} >"$out/README.md"
echo "$out/README.md"
