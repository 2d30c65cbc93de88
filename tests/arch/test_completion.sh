#!/usr/bin/env bash
# Completion in bash: the words that the tables hold, at the places where they count.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
# shellcheck disable=SC1091 # made by the build
. "$JIBAN_TOP_BUILDDIR/doc/jiban"

# completes WORD... : what Tab offers after the last of them, in one line
completes() {
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _jiban 2>/dev/null
    printf '%s ' "${COMPREPLY[@]}"
}
# offers NAME WANTED WORD...
offers() {
    local name=$1 wanted=$2 got
    shift 2
    got=$(completes "$@")
    case " $got" in *" $wanted "*) tap_ok "$name" ;; *) tap_not_ok "$name" "wanted $wanted, got $got" ;; esac
}
offers "verbs" "sync" jiban ''
offers "verbs that begin so" "conflicts" jiban conf
offers "options" "--password-file" jiban --pass
offers "commands after do CASE" "submit_reply" jiban 'do' 2608-10233 sub
offers "commands also after options" "sign" jiban --user wang 'do' 2608-10233 si
offers "keys of the command" "reached=" jiban 'do' 2608-10233 contact re
offers "views of list" "late_whistles" jiban list --view late_
offers "what list can be sorted by" "community" jiban list --sort com
offers "filters of list" "state:SENT" jiban list state:S
tap_empty "nothing where a case is asked for" "$(completes jiban 'do' '' | tr -d ' ')"
tap_done
