#!/usr/bin/env bash
# jiban list without a screen: views of the role, those of [views] in the configuration, filters beside them, --sort; what
# is wrong is named, with its line.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db && "$jiband" generate --db sqlite:office.db --cases 60 >generate.txt &&
    "$jiband" user --db sqlite:office.db passwd wang.desk --password-file password || exit 1
serve office.db
at home "$jiban" sync --server "$url" --user wang.desk --password-file password >sync.txt 2>&1 || { cat sync.txt && exit 1; }
serve_end
mkdir -p home/config/jiban
cat >home/config/jiban/config.ini <<END
[server]
url = $url
user = wang.desk
[views]
heat or water = category:0101,0103
late one = overdue
closed = overdue
wrong = colour:red
END
list() { at home "$jiban" --language en list --json "$@" 2>err.txt; }
numbers() { list "$@" | sed -n 's/.*"number":"\([^"]*\)".*/\1/p'; }
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2"$'\n'"instead of"$'\n'"$3"; fi
}
says() { # NAME STATUS PATTERN ARGUMENT...
    local name=$1 status=$2 pattern=$3 code
    shift 3
    list "$@" >out.txt
    code=$?
    if [ "$code" = "$status" ] && grep -qE -- "$pattern" err.txt; then tap_ok "$name"; else tap_not_ok "$name" "$code: $(cat err.txt)"; fi
}

all=$(numbers)
[ "$(grep -c . <<<"$all")" -gt 5 ] || { echo "Bail out! too few cases" && exit 1; }
same "a view of the configuration is its filter" "$(numbers --view 'heat or water')" "$(numbers category:0101,0103)"
same "a filter beside it must hold as well" "$(numbers --view 'late one' state:SENT or state:WORKING)" \
    "$(numbers overdue '(state:SENT' or 'state:WORKING)')"
same "sorted by number" "$(numbers --sort number)" "$(sort <<<"$all")"
same "and backwards" "$(numbers --sort -number)" "$(sort -r <<<"$all")"
same "a view sorted" "$(numbers --view 'late one' --sort number)" "$(numbers overdue | sort)"
says "what one cannot sort by is named" 65 '"colour"' --sort colour
says "a view that is not there is named, with those there are" 65 '"nosuch".*all_open.*"heat or water"' --view nosuch
says "a name that is taken is told with its line" 0 'config\.ini, line 7: \[views\] closed: .*built-in view' --limit 1
says "what is wrong with a filter is told with its line" 65 'config\.ini, line 8: \[views\] wrong: .*colour' --view wrong
tap_done
