#!/usr/bin/env bash
# doc/openapi.yaml has each route of the server, each command and each argument, and no others.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
yaml=$JIBAN_TOP_SRCDIR/doc/openapi.yaml
tables=$JIBAN_TOP_SRCDIR/core/case

# A difference between what the tables say and what the description says; order does not count.
differ() { diff <(sort <<<"$1") <(sort <<<"$2"); }

routes=$(sed -n 's/^ROUTE("\([A-Z]*\)", "\([^"]*\)".*/\1 \2/p' "$JIBAN_TOP_SRCDIR/server/routes.def" | sed 's,/$,/{id},')
described=$(awk '/^[a-z]/ { inside = $0 == "paths:" }
    inside && /^  \// { path = $1; sub(/:$/, "", path) }
    inside && /^    (get|post|put|patch|delete|head|options):$/ { method = $1; sub(/:$/, "", method); print toupper(method), path }' "$yaml")
if [ -z "$routes" ]; then tap_not_ok "routes.def is read"; else tap_ok "routes.def is read"; fi
tap_empty "every route is described, and no other" "$(differ "$routes" "$described")"

# "COMMAND WORD" for each argument, "COMMAND WORD!" for a required one, "COMMAND" for the command.
wanted=$(awk '
    FILENAME ~ /fields.def$/ && /^FIELD\(/ { split($0, part, /[(," ]+/); word[part[2]] = part[3]; next }
    FILENAME ~ /commands.def$/ && /^#define TAKEN_DOWN/ { taking = 1 }
    taking { taken = taken $0; taking = /\\$/; next } # arguments that several commands share
    FILENAME ~ /commands.def$/ && !/^#/ {
        if (/^COMMAND\(/) { split($0, part, "\""); command = part[2]; print command }
        rest = $0; sub(/TAKEN_DOWN/, taken, rest)
        while (command && match(rest, /(ARG|NEED)\([A-Z_0-9]+\)/)) {
            one = substr(rest, RSTART, RLENGTH); rest = substr(rest, RSTART + RLENGTH)
            id = one; gsub(/.*\(|\)/, "", id)
            print command, word[id]
            if (one ~ /^NEED/) print command, word[id] "!"
        }
    }' "$tables/fields.def" "$tables/commands.def")
written=$(awk '/^    [a-z_]+:$/ { command = ""; if ($1 ~ /^args_/) { command = substr($1, 6, length($1) - 6); print command } }
    command && /^        [a-z_0-9]+: / { word = $1; sub(/:$/, "", word); print command, word }
    command && /^      required: / { gsub(/^.*\[|\]|,/, ""); for (i = 1; i <= NF; i++) print command, $i "!" }' "$yaml")
if [ "$(wc -l <<<"$wanted")" -lt 20 ]; then tap_not_ok "commands.def is read" "$wanted"; else tap_ok "commands.def is read"; fi
tap_empty "every command and argument is described, and no other" "$(differ "$wanted" "$written")"

commands=$(grep -v ' ' <<<"$wanted")
tap_empty "the types of commands are listed" \
    "$(differ "$commands" "$(grep -A1 '^    command_type:$' "$yaml" | sed -n 's/.*enum: \[\(.*\)\]/\1/p' | tr -d ' ' | tr ',' '\n')")"
fields=$(sed -n 's/^FIELD([A-Z_0-9]*, "\([a-z_0-9]*\)".*/\1/p' "$tables/fields.def")
tap_empty "every field of an event is described" \
    "$(differ "$fields" "$(awk '/^    [a-z_]+:$/ { inside = $1 == "values:" } inside && /^        [a-z_0-9]+: / { sub(/:.*/, ""); sub(/^ +/, ""); print }' "$yaml")")"
tap_done
