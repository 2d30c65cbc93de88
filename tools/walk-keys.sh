#!/usr/bin/env bash
# walk-keys.sh BUILDDIR [--keys N] [--seed S] [--replay FILE]: the random walk of tests/term/random_walk.c in pieces of
# 10,000 keys, each from a seed of its own (S, S+1, ...), one beside the other on each processor, until N keys (1,000,000)
# are walked or a piece failed. --replay walks the steps that a failure wrote.
set -u
cd "$(dirname "$0")/.." || exit 72
top=$PWD
builddir=$1
shift
keys=1000000 seed=$(date +%s) replay='' piece=10000
usage() {
    echo "usage: ./dev walk-keys [--keys N] [--seed S] [--replay FILE]" >&2
    exit 64
}
while [ $# -gt 0 ]; do
    [ $# -gt 1 ] || usage
    case $1 in
    --keys) keys=$2 ;;
    --seed) seed=$2 ;;
    --replay) replay=$(readlink -f "$2") ;;
    *) usage ;;
    esac
    shift 2
done
case $keys$seed in *[!0-9]*) usage ;; esac
[ "$keys" -ge "$piece" ] || piece=$keys
name=tests/term/random_walk
scratch=$(mktemp -d) || exit 73
trap 'rm -rf "$scratch"' EXIT
trap 'trap - INT TERM; kill 0; exit 130' INT TERM

# one SEED: a piece; its log stays where it failed.
one() {
    local log=$builddir/logs/walk-$1.log
    mkdir -p "$scratch/$1/home" "$builddir/logs"
    if (
        cd "$builddir" || exit 72
        unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME XDG_RUNTIME_DIR NO_COLOR COLORTERM
        export JIBAN_TOP_SRCDIR=$top JIBAN_TOP_BUILDDIR=$builddir JIBAN_DATADIR=$top JIBAN_LOCALEDIR=$builddir/po/locale
        export JIBAN_TEST_TMP=$scratch/$1 HOME=$scratch/$1/home CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8 TZ=UTC
        export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:exitcode=99}
        export JIBAN_WALK_KEYS=$piece JIBAN_WALK_SEED=$1 JIBAN_WALK_REPLAY=$replay
        exec timeout -k 5 3600 "$name" </dev/null
    ) >"$log" 2>&1; then
        echo "seed $1: $(sed -n 's/^# \([0-9]* keys.*\)/\1/p' "$log")"
        ! grep -q ' 0 differences$' "$log" || rm -f "$log"
    else
        touch "$scratch/failed"
        grep -aE '^(not ok|# )|Sanitizer' "$log" | tail -n 260
        echo "walk-keys: seed $1 failed; all of it: $log; again: ./dev walk-keys --keys $piece --seed $1"
    fi
    rm -rf "${scratch:?}/$1"
}

lanes=$(nproc 2>/dev/null || echo 2)
[ -z "$replay" ] || keys=$piece
for ((walked = 0; walked < keys && walked >= 0; walked += piece)); do
    [ ! -e "$scratch/failed" ] || break
    while [ "$(jobs -rp | wc -l)" -ge "$lanes" ]; do wait -n; done
    one "$seed" &
    seed=$((seed + 1))
done
wait
[ ! -e "$scratch/failed" ] || exit 1
echo "walk-keys: $walked keys, none led astray"
