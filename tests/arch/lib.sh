# Shared by the scripts of tests/arch: TAP and the values of the build. Sourced, not run.
# shellcheck shell=bash
tap_number=0

tap_ok() {
    tap_number=$((tap_number + 1))
    echo "ok $tap_number - $1"
}

tap_skip() { # NAME REASON
    tap_number=$((tap_number + 1))
    echo "ok $tap_number - $1 # SKIP $2"
}

tap_not_ok() { # NAME [TEXT]
    tap_number=$((tap_number + 1))
    echo "not ok $tap_number - $1"
    [ -z "${2:-}" ] || printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
}

# tap_empty NAME TEXT: passes when TEXT, a list of complaints, is empty.
tap_empty() {
    if [ -z "$2" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"; fi
}

tap_done() { echo "1..$tap_number"; }

# make_value NAME...: variables of the Makefile in the build folder, expanded.
make_value() {
    local name
    {
        printf 'include Makefile\nprint-it:\n\t@echo'
        # shellcheck disable=SC2016 # the variable is make's
        for name in "$@"; do printf ' $(%s)' "$name"; done
        echo
    } | env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -s --no-print-directory \
        -C "$JIBAN_TOP_BUILDDIR" -f - print-it
}

# objects_of VARIABLE: the object files of a list of sources.
objects_of() {
    local source
    for source in $(make_value "$1"); do
        case $source in *.c) echo "${source%.c}.o" ;; esac
    done
}

# tracked: the files of the repository, one a line; in an unpacked distribution, all files.
tracked() {
    if git -C "$JIBAN_TOP_SRCDIR" rev-parse --git-dir >/dev/null 2>&1 && [ -e "$JIBAN_TOP_SRCDIR/.git" ]; then
        git -C "$JIBAN_TOP_SRCDIR" ls-files
    else
        (cd "$JIBAN_TOP_SRCDIR" && find .ci .clang-format COPYING CONTRIBUTING.md README.md Makefile.am \
            configure.ac core data dev doc po scenarios server tests themes tools tui \
            -type f ! -name '*~' ! -name '*.o' ! -name '*.a' ! -path '*/.deps/*' ! -path 'po/locale/*' -print)
    fi
}
