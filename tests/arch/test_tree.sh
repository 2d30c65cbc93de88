#!/usr/bin/env bash
# Rules that are read off the text of the tree.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TOP_SRCDIR" || exit 72
mapfile -t files < <(tracked | while IFS= read -r file; do [ -f "$file" ] && printf '%s\n' "$file"; done)
mapfile -t sources < <(printf '%s\n' "${files[@]}" | grep -E '^(core|tui|server)/.*\.(c|h|def)$')

# The brackets keep these patterns from finding themselves.
tap_empty "nothing is left to do in the text" \
    "$(grep -nIE '\b(T[O]DO|FIX[M]E|H[A]CK)\b' "${files[@]}" | cut -c1-160)"
tap_empty "no path of one machine" \
    "$(grep -nIE '(^|[^A-Za-z0-9._/-])/(w[o]rk|r[o]ot|h[o]me/[a-z]+|tmp/[a]pp)/' "${files[@]}" | cut -c1-160)"
tap_empty "alloca and variable arrays of it are not used" \
    "$(grep -nE '\balloca[[:space:]]*\(' "${sources[@]}")"
guards=$(for file in "${sources[@]}"; do
    case $file in *.h) sed -n -e '/^#ifndef /{s///p;q;}' "$file" | sed "s|\$| $file|" ;; esac
done)
tap_empty "every header has a guard of its own" "$(for file in "${sources[@]}"; do
    case $file in *.h) printf '%s\n' "$guards" | grep -q " $file\$" || echo "$file: no guard" ;; esac
done
printf '%s\n' "$guards" | while read -r guard file; do
    grep -q "^#define $guard\$" "$file" || echo "$file: $guard is not defined"
done
printf '%s\n' "$guards" | cut -d' ' -f1 | sort | uniq -d | sed 's/$/ guards two headers/')"
tap_empty "no text file has a carriage return or ends without a line end" "$(for file in "${files[@]}"; do
    case $file in *.png | *.gz | *.xz | tests/fixtures/* | tests/fuzz/*) continue ;; esac
    [ -s "$file" ] || continue
    grep -Iq $'\r$' "$file" && echo "$file: carriage return"
    [ -z "$(tail -c 1 "$file" | tr -d '\n')" ] || echo "$file: no line end at the end"
done)"

# Checkpoints and commits must hold one lock (SQLite 3.40.1 loses pages otherwise), so there is one
# function in each room that checkpoints, and automatic checkpoints are off.
for room in core/store server; do
    mapfile -t users < <(printf '%s\n' "${sources[@]}" | grep "^$room/" | grep '\.c$')
    if [ ${#users[@]} = 0 ] || ! grep -lq 'sqlite3_open' "${users[@]}"; then
        tap_skip "checkpoints stand in one file of $room" "$room opens no database here"
        continue
    fi
    mapfile -t hits < <(grep -liE 'wal_(auto)?checkpoint' "${users[@]}")
    if [ ${#hits[@]} = 1 ] && grep -qiE 'wal_autocheckpoint' "${hits[0]}"; then
        tap_ok "checkpoints stand in one file of $room"
    else
        tap_not_ok "checkpoints stand in one file of $room" "files: ${hits[*]:-none}; wal_autocheckpoint must be set there too"
    fi
done
tap_empty "no other room speaks of checkpoints" "$(printf '%s\n' "${sources[@]}" | grep -vE '^(core/store|server)/' |
    xargs -r grep -liE 'wal_(auto)?checkpoint')"

if command -v shellcheck >/dev/null 2>&1; then
    mapfile -t scripts < <(for file in "${files[@]}"; do
        case $file in
        *.sh) echo "$file" ;;
        *.c | *.h | *.def | *.json | *.po | *.pot | *.md | *.am) ;;
        *) head -c 64 "$file" | head -n 1 | grep -aqE '^#!.*\b(ba|da)?sh\b' && echo "$file" ;;
        esac
    done)
    tap_empty "shellcheck finds nothing in ${#scripts[@]} scripts" "$(shellcheck -x "${scripts[@]}" 2>&1)"
else
    tap_skip "shellcheck finds nothing in the scripts" "shellcheck is not installed"
fi
tap_done
