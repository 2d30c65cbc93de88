#!/bin/bash
# assess.sh [--cases N] [--rounds R]: the table of the assessment over N closed cases, as ratios to bare scans of the
# same rows in the same run; medians over interleaved rounds. tests/bench/assess.c says what "the same rows" are.
set -u
export LC_ALL=C
build=$(cd "${JIBAN_TOP_BUILDDIR:-build}" && pwd) || exit 1
top=${JIBAN_TOP_SRCDIR:-$PWD}
cases=1000000 rounds=5
while [ $# -gt 0 ]; do
    case $1 in
    --cases) cases=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    *) echo "usage: assess.sh [--cases N] [--rounds R]" >&2; exit 64 ;;
    esac
    shift
done
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
folder=$build/bench/assess
store=$folder/$cases.db
mkdir -p "$folder" || exit 1
version=$(cat "$top"/server/{db_sqlite.c,assess.c} "$top"/core/case/assess.c "$top"/tests/bench/assess.c | cksum)
if [ "$(cat "$store.made_of" 2>/dev/null)" != "$version" ]; then
    echo "assess: making $cases closed cases (once; kept in $folder)" >&2
    rm -f "$store"*
    "$build/tests/bench/assess" make "$store" "$cases" || exit 1
    echo "$version" >"$store.made_of"
fi
"$build/tests/bench/assess" measure "$store" "$rounds" >"$tmp/rows" || exit 1
sort -k1,1 -k2,2g "$tmp/rows" | awk -v cases="$cases" -v rounds="$rounds" '
    $1 != last { last = $1; n[$1] = 0; order[++names] = $1 }
    { value[$1, ++n[$1]] = $2 }
    function median(name) { return value[name, int((n[name] + 1) / 2)] }
    function line(name, end,   ms) {
        ms = median(name)
        printf "%-22s %10.1f ms %9.2f %9.2f %9.2f %9.2f%s\n", name, ms, ms / median("bare.sum" end), ms / median("bare.count" end),
            ms / median("bare.rows" end), ms / median("bare.table" end),
            name != "street" ? "" : ms / median("bare.sum" end) <= 2 ? "   target 2: ok" : "   target 2: missed"
    }
    END {
        printf "== assessment: %d closed cases in 343 streets, %d rounds, medians\n", cases, rounds
        printf "%-22s %13s %9s %9s %9s %9s\n", "whole answer", "time", "/bare.sum", "/count", "/rows", "/table"
        split("bare.sum bare.count bare.rows bare.table street street.classes district city section community category interest own.street own.person open.street open.category", want, " ")
        for (part = 0; part < 2; part++)
            for (i = 1; i in want; i++) line(want[i] (part ? ".month" : ""), part ? ".month" : "")
    }'
