#!/usr/bin/env bash
# fuzz.sh BUILDDIR [NAME] [SECONDS]: run the fuzzers whose name contains NAME, SECONDS each (60).
# What they find is kept in BUILDDIR/findings; seeds come from tests/fuzz/NAME.seeds.
set -u
cd "$(dirname "$0")/.." || exit 72
builddir=$1
name=${2:-}
seconds=${3:-60}
mapfile -t programs < <(find "$builddir/tests/fuzz" -maxdepth 1 -type f -executable -name "*$name*" 2>/dev/null | sort)
if [ ${#programs[@]} = 0 ]; then
    echo "fuzz: there is no such fuzzer in this tree" >&2
    exit 66
fi
status=0
for program in "${programs[@]}"; do
    short=$(basename "$program")
    mkdir -p "$builddir/corpus/$short" "$builddir/findings/$short"
    folders=("$builddir/corpus/$short")
    [ ! -d "tests/fuzz/$short.seeds" ] || folders+=("tests/fuzz/$short.seeds")
    echo "fuzz: $short for $seconds s"
    if ! "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$builddir/findings/$short/" "${folders[@]}" >"$builddir/findings/$short.log" 2>&1; then
        status=1
        tail -n 30 "$builddir/findings/$short.log"
        echo "fuzz: $short found something; repeat it with:"
        find "$builddir/findings/$short" -type f -newer "$program" -exec echo "  $program" {} \;
    else
        grep -E 'number_of_executed_units|DONE' "$builddir/findings/$short.log"
    fi
done
exit $status
