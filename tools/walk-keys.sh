#!/usr/bin/env bash
# walk-keys.sh BUILDDIR [--keys N] [--seed S] [--jobs N] [--replay FILE]: the random walk of tests/term/random_walk.c in
# pieces of 10,000 keys, each from a seed of its own (S, S+1, ...), so many side by side (two for each processor: a
# console waits more than it works), until N keys (1,000,000) are walked. A piece that fails leaves its log and its steps,
# and the others go on. At the end: the sum, what was never reached, and the pages that stood there. --replay walks the
# steps that a failure wrote.
set -u
cd "$(dirname "$0")/.." || exit 72
top=$PWD
builddir=$1
shift
keys=1000000 seed=$(date +%s) replay='' piece=10000 lanes=$(($(nproc 2>/dev/null || echo 1) * 2))
usage() {
    echo "usage: ./dev walk-keys [--keys N] [--seed S] [--jobs N] [--replay FILE]" >&2
    exit 64
}
while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || usage
    case $1 in
    --keys) keys=$2 ;;
    --seed) seed=$2 ;;
    --jobs) lanes=$2 ;;
    --replay) replay=$(readlink -f "$2") ;;
    *) usage ;;
    esac
    shift 2
done
case $keys$seed$lanes in *[!0-9]*) usage ;; esac
[ "$lanes" -ge 1 ] || usage
[ "$keys" -ge "$piece" ] || piece=$keys
name=tests/term/random_walk
scratch=$(mktemp -d) || exit 73
trap 'rm -rf "$scratch"' EXIT
trap 'trap - INT TERM; kill 0; exit 130' INT TERM

mkdir -p "$scratch/locale"
! localedef -i zh_CN -f GB18030 "$scratch/locale/zh_CN.GB18030" >/dev/null 2>&1 ||
    export JIBAN_WALK_LOCALE=$scratch/locale

# walk FOLDER VARIABLE=VALUE...: the program with a scratch folder of its own.
walk() {
    local folder=$1
    shift
    mkdir -p "$folder/home"
    (
        cd "$builddir" || exit 72
        unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_RUNTIME_DIR NO_COLOR COLORTERM
        export JIBAN_TOP_SRCDIR=$top JIBAN_TOP_BUILDDIR=$builddir JIBAN_DATADIR=$top JIBAN_LOCALEDIR=$builddir/po/locale
        export JIBAN_TEST_TMP=$folder HOME=$folder/home CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC
        # As in tests/run: a walk is a thousand consoles, each of which would fill 256 MB of fresh pages.
        export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:exitcode=99:quarantine_size_mb=8}
        export JIBAN_TEST_CHEAP_HASH=1 PATH=/usr/bin:$PATH
        exec env "$@" timeout -k 5 3600 "$name" </dev/null
    )
}

# one SEED: a piece; its log stays where it failed.
one() {
    local log=$builddir/logs/walk-$1.log
    if walk "$scratch/$1" JIBAN_WALK_OFFICE="$scratch/made" JIBAN_WALK_KEYS="$piece" JIBAN_WALK_SEED="$1" \
        JIBAN_WALK_REPLAY="$replay" >"$log" 2>&1; then
        echo "seed $1: $(sed -n 's/^# \([0-9]* keys.*\)/\1/p' "$log")"
        sed -n 's/^# \([0-9]* keys.*\)/\1/p' "$log" >>"$scratch/sums"
        sed -n 's/^# reached //p' "$log" >>"$scratch/reached"
        ! grep -q ' 0 differences$' "$log" || rm -f "$log"
    else
        echo "$1" >>"$scratch/failed"
        grep -aE '^(not ok|# |ERROR)|Sanitizer' "$log" | grep -av '^# reached' | tail -n 260
        echo "walk-keys: seed $1 failed; all of it: $log; again: ./dev walk-keys --keys $piece --seed $1"
    fi
    rm -rf "${scratch:?}/$1"
}

mkdir -p "$builddir/logs"
walk "$scratch/made" JIBAN_WALK_MAKE=1 >"$builddir/logs/walk-office.log" 2>&1 || {
    cat "$builddir/logs/walk-office.log" >&2
    exit 1
}
[ -z "$replay" ] || keys=$piece
for ((walked = 0; walked < keys && walked >= 0; walked += piece)); do
    while [ "$(jobs -rp | wc -l)" -ge "$lanes" ]; do wait -n; done
    one "$seed" &
    seed=$((seed + 1))
done
wait
touch "$scratch/sums" "$scratch/reached" "$scratch/failed"
failures=$(wc -l <"$scratch/failed")

# Numbers of one kind, "NAME N" a line, added up; those of nothing alone, or all others.
reached() {
    awk -v kind="$1" -v none="$2" '$1 == kind { n[$2] += $3 }
        END { for (name in n) if ((n[name] == 0) == none) printf "%s%s\n", name, none ? "" : " " n[name] }' \
        "$scratch/reached" | sort | tr '\n' ',' | sed 's/,$//; s/,/, /g'
}
echo "walk-keys: pages: $(reached page 0)"
echo "walk-keys: desks: $(reached kind 0)"
echo "walk-keys: commands given: $(reached command 0)"
echo "walk-keys: actions never taken: $(reached action 1)"
awk -v failures="$failures" '{ for (i = 1; i < NF; i += 2) { sub(",", "", $(i + 1)); name[i] = $(i + 1); sum[i] += $i } n = NF }
    END { printf "walk-keys: "; for (i = 1; i < n; i += 2) printf "%d %s, ", sum[i], name[i]
          printf "%d failures\n", failures }' "$scratch/sums"
[ "$failures" = 0 ]
