#!/usr/bin/env bash
# The documents say what the code says: stores, routes, limits, libraries, paths, links.
# shellcheck disable=SC2016 # the backquotes are those of Markdown
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TOP_SRCDIR" || exit 72
design=doc/design
mapfile -t papers < <(printf '%s\n' README.md CONTRIBUTING.md "$design"/*.md)

# differ CODE PAPER: lines of one that the other has not ("<" stands in the code only).
differ() { diff <(sort -u <<<"$1") <(sort -u <<<"$2") | grep '^[<>]'; }

# filled NAME TEXT LEAST: a list that was read has at least LEAST lines; an empty one would agree with all.
filled() {
    local n
    n=$(grep -c . <<<"$2")
    if [ "$n" -ge "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$n lines, at least $3 are there: $2"; fi
}

# ---- stores -----------------------------------------------------------------------------------------
# "## Console" and "## Server", "### `TABLE`" below them, then rows of "| COLUMN, COLUMN | meaning |".
written=$(awk '
    /^## / { side = tolower($2); table = "" }
    /^### `/ { table = $2; gsub(/`/, "", table) }
    table && /^\| / && !/^\| (column |---)/ {
        split($0, cell, "|"); n = split(cell[2], name, ",")
        for (i = 1; i <= n; i++) { gsub(/ /, "", name[i]); print side, table, name[i] }
    }' "$design/store.md")
filled "the tables of store.md are read" "$written" 90
if [ -x "$JIBAN_TOP_BUILDDIR/tests/arch/schema" ]; then
    mkdir -p "$JIBAN_TEST_TMP/stores"
    made=$("$JIBAN_TOP_BUILDDIR/tests/arch/schema" "$JIBAN_TEST_TMP/stores" 2>&1)
    tap_empty "store.md has every table and column of both stores, and no other" "$(differ "$made" "$written")"
else
    tap_skip "store.md has every table and column of both stores, and no other" "the server is not built"
fi
keys=$(grep -hoE "(meta_(get|set|put|int)\([^\"]*\"[a-z_.]+\"|key = '[a-z_]+'|\"actor\.[a-z]+\")" core/store/*.c core/sync/*.c tui/*.c tui/command/*.c |
    grep -oE "[\"'][a-z_.]+[\"']\$" | tr -d "\"'")
paper_keys=$(awk '/^### `meta`/ { inside = 1 } inside && /^\| key/ { split($0, cell, "|"); gsub(/[ ]/, "", cell[3]); gsub(/,/, "\n", cell[3]); print cell[3]; exit }' "$design/store.md")
tap_empty "store.md has every key of the cache's meta, and no other" "$(differ "$keys" "$paper_keys")"

# ---- routes -----------------------------------------------------------------------------------------
routes=$(sed -n 's/^ROUTE("\([A-Z]*\)", "\([^"]*\)".*/\1 \2/p' server/routes.def | sed 's,/$,/{id},')
filled "routes.def is read" "$routes" 10
tap_empty "protocol.md has every route, and no other" \
    "$(differ "$routes" "$(sed -n '/^## Routes/,/^## Session/s/^| `\([A-Z]* \/[^`]*\)` .*/\1/p' "$design/protocol.md")")"
tap_empty "every route that a document names is one" "$(for paper in "${papers[@]}"; do
    grep -oE '(GET|POST|PUT|DELETE|PATCH) /[A-Za-z0-9_/{}]*(\.\{format\})?' "$paper" | while IFS= read -r call; do
        grep -qxF "$call" <<<"$routes" || echo "$paper: $call"
    done
done)"
tap_empty "openapi.yaml has every path" "$(while read -r _ path; do
    grep -qxF "  $path:" doc/openapi.yaml || echo "$path"
done <<<"$routes")"

# ---- limits -----------------------------------------------------------------------------------------
# value_of NAME FILE: the number behind NAME, an enumerator or macro of FILE, or a setting's default.
value_of() {
    local text name
    if [[ $2 == *options.def ]]; then
        sed -n "s/^OPTION($1, \"[^\"]*\", \"[^\"]*\", OPTION_INT, \"\([0-9]*\)\".*/\1/p" "$2"
        return
    fi
    text=$(grep -hoE "\b$1\b[[:space:]]*=[[:space:]]*[^,}]+|\b$1 =\$" "$2" | head -n 1)
    [[ $text != *= ]] || text="$text $(grep -A1 -hE "\b$1 =\$" "$2" | tail -n 1)"
    text=${text#*=}
    text=${text%%,*}
    text=${text%%/\**}
    text=$(sed -E 's/\(int64_t\)//g' <<<"$text")
    while name=$(grep -oE '[A-Z][A-Z_0-9]+' <<<"$text" | head -n 1) && [ -n "$name" ]; do
        local inner
        inner=$(value_of "$name" "$2")
        [ -n "$inner" ] || [ "$2" = core/base/clock.h ] || inner=$(value_of "$name" core/base/clock.h)
        [ -n "$inner" ] || return
        text=${text//$name/$inner}
    done
    [[ $text =~ ^[0-9\ *+()/-]+$ ]] && echo $((text))
}

# scale_of NAME UNIT: how many of the code's units one of the document's is.
scale_of() {
    case $2 in
    KiB) echo 1024 ;;
    MiB) [[ $1 == SYNC_BODY ]] && echo 1 || echo 1048576 ;;
    s) [[ $1 == *_MS ]] && echo 1000 || echo 1 ;;
    min) [[ $1 == *_MS ]] && echo 60000 || echo 60 ;;
    *) echo 1 ;;
    esac
}
contract=$(tr -s '\n ' ' ' <doc/openapi.yaml)
limits=$(sed -nE 's/^\| [^|]*\| ([0-9]([^|]*[^| ])?) \| `([A-Z_0-9]+)` in `([^`]+)` \|( `([^`]+)` \|)?$/\3|\4|\1|\6/p' "$design"/*.md)
filled "the limits of the documents are read" "$limits" 40
wrong='' unlisted=''
while IFS='|' read -r name file value phrase; do
    code=$(value_of "$name" "$file" 2>/dev/null)
    read -r number unit _ <<<"$value"
    number=${number//,/}
    [ "$code" = $((number * $(scale_of "$name" "${unit:-}"))) ] ||
        wrong="$wrong$name in $file is ${code:-not found}, the document says $value"$'\n'
    [ -n "$phrase" ] || continue
    [[ $contract == *"$phrase"* && ${phrase//,/} == *"$number"* ]] || unlisted="$unlisted$name: $phrase"$'\n'
done <<<"$limits"
tap_empty "every limit has the value of the code" "${wrong%$'\n'}"
tap_empty "every limit of the contract stands in openapi.yaml" "${unlisted%$'\n'}"
named=$(grep -hE '^\| .*`[A-Z_0-9]+` in `[a-z]' "$design"/*.md)
tap_empty "every row of limits is one that can be read" "$(differ "$(grep -c . <<<"$named")" "$(grep -c . <<<"$limits")")"

# ---- libraries --------------------------------------------------------------------------------------
# "NAME LEAST PACKAGE" of configure.ac.
needed=$({
    sed -nE 's/.*JIBAN_NEED(_TEST)?\(\[[A-Z]+\], \[([a-z0-9]+)( >= ([0-9.]+))?\], \[([a-z0-9-]+)\].*/\2 \4 \5/p' configure.ac | sed 's/  / - /'
    sed -nE 's/.*AC_CHECK_LIB\(\[([a-z]+)\].*/\1/p' configure.ac | while read -r name; do
        package=$(grep -A1 "AC_CHECK_LIB(\[$name\]" configure.ac | sed -nE 's/.*\$missing ([a-z0-9-]+)".*/\1/p' | head -n 1)
        echo "$name - ${package:-libc6-dev}"
    done
})
filled "configure.ac is read" "$needed" 13
rows=$(sed -nE 's/^\| `([a-z0-9]+)` \| `([a-z0-9-]+)` \| ([0-9.]+) \| ([0-9.-]+) \| ([^|]*) \| ([^|]*) \|$/\1|\2|\3|\4|\5|\6/p' "$design/dependencies.md" | tr -d '`')
tap_empty "dependencies.md has every library of configure.ac, its package and least version, and no other" \
    "$(differ "$needed" "$(awk -F'|' '{ print $1, $4, $2 }' <<<"$rows")")"
tap_empty "dev installs the package of every library" "$(awk -F'|' '{ print $2 }' <<<"$rows" | sort -u | while read -r package; do
    grep -qE "(^|[ \"])$package([ \"]|\$)" dev || echo "$package"
done)"
mapfile -t sources < <(tracked | grep -E '^(core|tui|server)/.*\.(c|h|def)$')
doors=$(while IFS='|' read -r name _ _ _ headers door; do
    [ "$headers" != - ] || continue
    [ "$door" != - ] || door='' # no file of these rooms
    read -r -a door <<<"${door//,/}"
    pattern=$(sed 's/, /|/g; s/\./\\./g' <<<"$headers")
    mapfile -t users < <(grep -lE "^[[:space:]]*#[[:space:]]*include <($pattern)>" "${sources[@]}")
    for user in "${users[@]}"; do
        for glob in "${door[@]}"; do
            # shellcheck disable=SC2053 # a pattern is meant
            [[ $user == $glob ]] && continue 2
        done
        echo "$name: $user includes it and is no door"
    done
    for glob in "${door[@]}"; do
        for user in "${users[@]}"; do
            # shellcheck disable=SC2053
            [[ $user == $glob ]] && continue 2
        done
        echo "$name: $glob does not include it"
    done
done <<<"$rows")
tap_empty "the doors of dependencies.md are the files that include the headers" "$doors"
if grep -qx 'VERSION_ID="12"' /etc/os-release 2>/dev/null && grep -qx 'ID=debian' /etc/os-release; then
    tap_empty "the versions of dependencies.md are those of Debian 12" "$(while IFS='|' read -r name package version _; do
        found=$(pkg-config --modversion "$name" 2>/dev/null) ||
            found=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null) || continue
        [[ $found == "$version" || $found == "$version"[.-]* ]] || echo "$name: $version, here is $found"
    done <<<"$rows")"
else
    tap_skip "the versions of dependencies.md are those of Debian 12" "this is another system"
fi

# ---- the table of procedure ---------------------------------------------------------------------------
if [ -x "$JIBAN_TOP_BUILDDIR/jiband" ]; then
    table=$("$JIBAN_TOP_BUILDDIR/jiband" workflow | sed 's/^ *//')
    tap_empty "the rows that workflow.md shows are rows of the table" \
        "$(sed -nE 's/^ {4} *([0-9]+  [a-z_]+ .*)/\1/p' "$design/workflow.md" | grep -vxFf <(printf '%s\n' "$table"))"
else
    tap_skip "the rows that workflow.md shows are rows of the table" "the server is not built"
fi
members=$(sed -n '/^struct transition {/,/^};/p' core/case/workflow.h | sed 's,/\*.*,,' |
    sed -E 's/\(\*([a-z_]+)\)\(.*\);/\1;/' | # a pointer to a function by its name
    grep -oE '\b[a-z_]+(\[[A-Z_]+\])?;|\b[a-z_]+,' | sed -E 's/(\[.*)?[;,]$//')
tap_empty "workflow.md has every member of a row, and no other" "$(differ "$members" "$(sed -n '/^## A row/,/^\*\*Reach/p' "$design/workflow.md" |
    grep -vE '^\| (member|---)' | sed -nE 's/^\| ([a-z_, ]+) \|.*/\1/p' | tr -d ' ' | tr ',' '\n')")"
tap_empty "workflow.md has every reach" "$(grep -oE 'REACH_[A-Z]+' core/case/workflow.h | grep -v COUNT | sort -u | while read -r reach; do
    grep -q "$reach" "$design/workflow.md" || echo "$reach"
done)"

# ---- paths and links ----------------------------------------------------------------------------------
# A path of the tree between backticks is there. NAME and * stand for a part: then one such file, or the
# folder of a NAME, must be there.
paths=$(for paper in "${papers[@]}"; do
    grep -oE '`[^` ]+`' "$paper" | tr -d '`' | grep -E '^((core|tui|server|doc|tests|tools|po|data|themes|scenarios|\.ci)/|(README|CONTRIBUTING)\.md$|Makefile\.am$|configure\.ac$|COPYING$|\.clang-format$)' | sort -u | sed "s|^|$paper |"
done)
filled "paths in the documents are read" "$paths" 60
tap_empty "every path that a document names is there" "$(while read -r paper path; do
    case $path in
    *NAME*) [ -d "${path%/*}" ] || echo "$paper: $path" ;;
    *) compgen -G "$path" >/dev/null || echo "$paper: $path" ;;
    esac
done <<<"$paths")"

slug() { tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g'; }
links=$(for paper in "${papers[@]}" data/README.md data/maps/README.md; do
    grep -oE '\]\([^) ]+\)' "$paper" | sed 's/^](//; s/)$//' | sed "s|^|$paper |"
done)
filled "links between the documents are read" "$links" 5
tap_empty "every link between the documents resolves" "$(while read -r paper link; do
    case $link in '' | http:* | https:* | mailto:*) continue ;; esac
    target=$paper
    [ -z "${link%%#*}" ] || target=$(dirname "$paper")/${link%%#*}
    if [ ! -e "$target" ]; then
        echo "$paper: $link"
    elif [[ $link == *#* ]]; then
        sed -n 's/^##* //p' "$target" | slug | grep -qxF "${link#*#}" || echo "$paper: $link has no such heading"
    fi
done <<<"$links")"
tap_empty "every document of design is linked from CONTRIBUTING.md" "$(for paper in "$design"/*.md; do
    grep -q "]($paper)" CONTRIBUTING.md || echo "$paper"
done)"
tap_done
