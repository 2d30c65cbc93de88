#!/usr/bin/env bash
# torture.sh BUILDDIR [MINUTES]: the fault rig and the simulator with other seeds and more points until
# the time is up (10 minutes), stopping at the first failure. SEED names the first seed; it is the time
# of day otherwise. From 10 minutes on every point is taken, else every few, as in the suite.
set -u
cd "$(dirname "$0")/.." || exit 72
top=$PWD
builddir=$1
minutes=${2:-10}
case $minutes in '' | *[!0-9]* | 0)
    echo "usage: ./dev torture [MINUTES]" >&2
    exit 64
    ;;
esac
seed=${SEED:-$(date +%s)}
until=$((SECONDS + minutes * 60))
[ "$minutes" -lt 10 ] || export FAULT_STRIDE=${FAULT_STRIDE:-1}
list=$(make -s --no-print-directory -C "$builddir" print-check-list | tr ' ' '\n' |
    sed -n 's|^\(tests/fault/[^:]*\).*|\1:7200|p')
programs=0

# one NAME COMMAND...: what it counted, or where it failed and how to see it again.
one() {
    local name=$1 log=$builddir/torture.log
    shift
    if ! "$@" >"$log" 2>&1; then
        grep -aE '^ *(#|not ok|Bail)' "$log" | head -n 20
        echo "torture: $name failed with seed $seed; all of it: $log"
        echo "torture: again: SEED=$seed${FAULT_STRIDE:+ FAULT_STRIDE=$FAULT_STRIDE} ./dev torture $minutes"
        exit 1
    fi
    programs=$((programs + 1))
    echo "seed $seed, $name: $(tail -n 1 "$log")"
}

while [ "$SECONDS" -lt "$until" ]; do
    export SEED=$seed
    one "simulator" env JIBAN_TOP_BUILDDIR="$builddir" "$builddir/tests/sim/sim" \
        --seeds 40 --from $((seed % 1000000 * 40))
    sed -n 's/^# /   /p' "$builddir/torture.log"
    for entry in $list; do
        [ "$SECONDS" -lt "$until" ] || break
        name=${entry%%:*}
        one "$name" tests/run -s "$top" -b "$builddir" -l "$entry"
        grep -ahE '^ok .*[0-9]+ s$' "$builddir/logs/${name//\//_}.log" | sed 's/^ok [0-9]* - /    /'
    done
    seed=$((seed + 1))
done
echo "torture: $programs runs, none failed"
