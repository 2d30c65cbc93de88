#!/usr/bin/env bash
# lint.sh: what the compilers of the tests do not say. Runs everything, then names what failed.
# A tool that is not installed is named, not passed over in silence.
set -u
cd "$(dirname "$0")/.." || exit 72
top=$PWD
failed=()
absent=()
mapfile -t sources < <(git ls-files 'core/*.[ch]' 'tui/*.[ch]' 'server/*.[ch]' 'tests/*.[ch]')
mapfile -t scripts < <({ git ls-files '*.sh'; git grep -lIE '^#!.*\b(ba)?sh\b' -- dev .ci tests tools; } | sort -u)
mapfile -t manuals < <(git ls-files 'doc/*.[1-8]')

step() { # NAME COMMAND...
    local name=$1
    shift
    if ! command -v "$1" >/dev/null 2>&1; then
        absent+=("$name")
        return
    fi
    echo "lint: $name"
    "$@" || failed+=("$name")
}

clang_build() {
    mkdir -p build-clang && cd build-clang || return 1
    [ -f Makefile ] || "$top/configure" -q CC=clang --enable-werror --enable-test-hooks || return 1
    # One after the other: `all` builds in a make of its own, and two makes would write one library at once.
    local target good=0
    for target in all check-programs bench-programs; do make -s -k -j"$(nproc)" "$target" || good=1; done
    return $good
}
export -f clang_build
export top

step "clang without a warning" bash -c 'command -v clang >/dev/null && clang_build'
step "formatting" clang-format --dry-run -Werror "${sources[@]}"
step "shell scripts" shellcheck -x "${scripts[@]}"
[ ${#manuals[@]} = 0 ] || step "manual pages" mandoc -T lint -W warning "${manuals[@]}"
step "cppcheck" cppcheck --quiet --std=c11 --enable=warning,portability,performance --error-exitcode=1 \
    --inline-suppr --suppress=missingIncludeSystem --suppress=missingInclude -I. -D_GNU_SOURCE -DSABOTAGE=0 \
    -j "$(nproc)" core tui server

[ ${#absent[@]} = 0 ] || printf 'lint: not installed, so not looked at: %s\n' "${absent[@]}"
if [ ${#failed[@]} != 0 ]; then
    printf 'lint: FAILED: %s\n' "${failed[@]}"
    exit 1
fi
echo "lint: clean"
