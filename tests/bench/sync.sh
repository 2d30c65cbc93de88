#!/bin/bash
# sync.sh [--cases N] [--rounds R] [--git N]: the first sync, a sync with nothing new, and what the keyboard feels meanwhile.
# Each row is a median over interleaved rounds. The limit is curl piped into `upsert cases`: flat records of the same
# bytes and columns as a console keeps of a case, read without a tree, WAL, 1000 a transaction.
set -u
export LC_ALL=C.UTF-8
build=$(cd "${JIBAN_TOP_BUILDDIR:-build}" && pwd) || exit 1
bin=$build/tests/bench
cases=100000 rounds=3 git=0
arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
    --cases) cases=$2; shift ;;
    --rounds) rounds=$2; shift ;;
    --git) git=$2; shift ;;
    *) echo "usage: sync.sh [--cases N] [--rounds R] [--git N]" >&2; exit 64 ;;
    esac
    shift
done
[ "$git" != 0 ] || git=$((cases / 10))

# A loopback of our own: what others send does not count then.
if [ -z "${SYNC_BENCH_INSIDE:-}" ]; then
    export SYNC_BENCH_INSIDE=shared
    for way in "unshare -n" "unshare -rn"; do
        if $way "$bin/synckit" loopback 2>/dev/null; then
            SYNC_BENCH_INSIDE=own exec $way "$0" "${arguments[@]}"
        fi
    done
fi
"$bin/synckit" loopback 2>/dev/null

tmp=$(mktemp -d) || exit 1
pids=()
finish() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null
    wait
    rm -rf "$tmp" ${memory:+"$memory"}
}
memory=''
trap finish EXIT
export JIBAN_DATADIR=${JIBAN_TOP_SRCDIR:-$PWD} XDG_DATA_HOME=$tmp/data XDG_STATE_HOME=$tmp/state
export XDG_CONFIG_HOME=$tmp/config XDG_CACHE_HOME=$tmp/cache HOME=$tmp
die() { echo "sync: $*" >&2; exit 1; }
lo() { awk '$1 == "lo:" { print $2, $3 }' /proc/net/dev; } # each packet counts once as received
# CPU of the server in s: ticks would be too coarse for one request
cpu() { awk '{ s += $1 } END { printf "%.6f\n", s / 1e9 }' /proc/"$server"/task/*/schedstat; }
median() { sort -g | awk '{ v[NR] = $1 } END { if (NR) print v[int((NR + 1) / 2)] }'; }

# ---- what is measured with -----------------------------------------------------------------------
echo practice >"$tmp/password" && echo wrong >"$tmp/wrong" && chmod 600 "$tmp/password" "$tmp/wrong"
user=bench
"$build/jiband" init --db "sqlite:$tmp/server.db" >"$tmp/log" || die "no store"
office=$(sed -n 's/.*"hotline": *{"code": *"\([A-Z]*\)".*/\1/p' "$JIBAN_DATADIR/data/org.json")
from=$SECONDS
"$build/jiband" generate --db "sqlite:$tmp/server.db" --cases "$cases" >"$tmp/log" || die "no cases"
"$build/jiband" user --db "sqlite:$tmp/server.db" add $user --role operator --office "$office" --unit "$office" \
    --name Bench --password-file "$tmp/password" >"$tmp/log" || die "no user"
echo "sync: $cases cases made in $((SECONDS - from)) s; loopback: $SYNC_BENCH_INSIDE; $(nproc) cores" >&2
port=$("$bin/synckit" port)
url=http://127.0.0.1:$port
"$build/jiband" serve --db "sqlite:$tmp/server.db" --listen "127.0.0.1:$port" --log "$tmp/server.log" >"$tmp/log" &
server=$!
pids+=("$server")
for _ in $(seq 200); do curl -s "$url/healthz" >"$tmp/log" && break; sleep 0.05; done

# All records as the console gets them; the same as flat records.
token=$(curl -s -H 'Content-Type: application/json' "$url/v1/session" \
    -d "{\"user\":\"$user\",\"password\":\"practice\",\"device\":\"bench\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/')
cursor='' more=true
while [ "$more" = true ]; do
    curl -s -H "Authorization: Bearer $token" "$url/v1/changes?limit=5000${cursor:+&since=$cursor}" >"$tmp/part" || die "no changes"
    last=$(tail -n 1 "$tmp/part")
    cursor=${last#*\"cursor\":\"} cursor=${cursor%%\"*}
    case $last in *'"more":true'*) ;; *) more=false ;; esac
    sed '$d' "$tmp/part" >>"$tmp/changes"
done
# What gzip at its usual level makes of these very lines is the limit of the wire.
gzip -c "$tmp/changes" >"$tmp/changes.gz" &
zipping=$!
"$bin/upsert" flatten <"$tmp/changes" >"$tmp/records" || die "no flat records"
n=$(wc -l <"$tmp/records")
gzip -c "$tmp/records" >"$tmp/records.gz"
wait $zipping
static=$("$bin/synckit" port)
"$bin/synckit" serve "$static" "$tmp/records" &
pids+=($!)
changes=$("$bin/synckit" port)
"$bin/synckit" serve "$changes" "$tmp/changes" &
pids+=($!)
head -n "$git" "$tmp/records" | awk '{ printf "commit refs/heads/main\ncommitter a <a@b> %d +0000\ndata <<end of record\n%s\nend of record\n\n", 1700000000 + NR, $0 }' |
    (git init -q --bare -b main "$tmp/git" && git -C "$tmp/git" fast-import --quiet) || die "no git store"
git -C "$tmp/git" update-server-info
gitport=$("$bin/synckit" port)
git daemon --reuseaddr --listen=127.0.0.1 --port="$gitport" --base-path="$tmp" --export-all "$tmp/git" >"$tmp/log" 2>&1 &
daemon=$!
sleep 0.5
kill -0 $daemon 2>/dev/null && pids+=("$daemon")

# ---- one run of each -----------------------------------------------------------------------------
# one NAME COMMAND...: appends NAME, wall, CPU, peak RSS, server CPU, wire bytes, packets
one() {
    local name=$1 before after used
    shift
    before="$(lo) $(cpu)"
    rm -f "$tmp/used"
    "$bin/synckit" run "$tmp/used" "$@" >"$tmp/out" 2>"$tmp/err" || die "$name: $(cat "$tmp/err" "$tmp/out")"
    sleep 0.1 # the last packets
    after="$(lo) $(cpu)"
    used=$(cat "$tmp/used")
    awk -v name="$name" -v u="$used" -v b="$before" -v a="$after" 'BEGIN { split(u, x, " "); split(b, y, " ");
        split(a, z, " "); printf "%s %s %s %s %.6f %d %d\n", name, x[1], x[2], x[3], z[3] - y[3], z[1] - y[1], z[2] - y[2] }' >>"$tmp/rows"
}
jiban() { "$build/jiban" sync "$@" --server "$url" --user $user --password-file "$tmp/password"; }
export -f jiban
export build url user tmp
cache() { # an empty one; a refused log-in makes it
    rm -rf "$XDG_DATA_HOME"
    "$build/jiban" sync --server "$url" --user $user --password-file "$tmp/wrong" >"$tmp/log" 2>&1
}
upsert() { rm -f "$tmp"/limit.db*; one "$1" bash -c "$2 | '$bin/upsert' cases '$tmp/limit.db'"; }
for _ in $(seq "$rounds"); do
    upsert limit "curl -s http://127.0.0.1:$static/"
    upsert limit-gzip "curl -s --compressed http://127.0.0.1:$static/"
    one wire-gzip bash -c "curl -s --compressed http://127.0.0.1:$changes/ >/dev/null"
    for index in on off; do
        cache
        one jiban-$index bash -c "jiban $([ $index = on ] || echo --no-index)"
        [ $index = on ] && one jiban-again bash -c jiban
    done
    if kill -0 $daemon 2>/dev/null; then
        rm -rf "$tmp/clone"
        git init -q --bare "$tmp/clone"
        one git git -C "$tmp/clone" fetch -q "git://127.0.0.1:$gitport/git" main
    fi
done
# On the disk, and in memory: the difference is what this disk's syncs cost, whoever else uses it.
memory=$(mktemp -d /dev/shm/jiban-bench.XXXXXX 2>/dev/null)
for place in disk ${memory:+memory}; do
    folder=$tmp/felt
    [ "$place" = disk ] || folder=$memory/felt
    "$bin/contend" "$folder" "$url" $user "$tmp/password" >"$tmp/felt-$place" 2>"$tmp/log" || die "contend: $(cat "$tmp/log")"
    rm -rf "$folder"
done

# ---- the table -----------------------------------------------------------------------------------
value() { awk -v name="$1" -v k="$2" '$1 == name { print $k }' "$tmp/rows" | median; }
verdict() { awk -v v="$1" -v most="$2" 'BEGIN { print (v <= most) ? "ok" : "missed" }'; }
printf '== sync: %d cases of %d B (%d B as flat records), %d rounds, medians\n' "$n" \
    $(($(wc -c <"$tmp/changes") / n)) $(($(wc -c <"$tmp/records") / n)) "$rounds"
printf '%-12s %8s %8s %9s %9s %9s %8s  %s\n' what wall_s records/s client_us server_us wire_B RSS_MB 'ratios to limit-gzip and limit (wall, CPU), target'
row() { # NAME COUNT
    local name=$1 count=$2 ratios=''
    [ -n "$(value "$name" 2)" ] || return 0
    case $name in
    jiban-on | jiban-off)
        ratios=$(awk -v w="$(value "$name" 2)" -v c="$(value "$name" 3)" -v gw="$(value limit-gzip 2)" -v gc="$(value limit-gzip 3)" \
            -v lw="$(value limit 2)" -v lc="$(value limit 3)" -v r="$(value "$name" 4)" -v lr="$(value limit 4)" \
            -v b="$(value "$name" 6)" -v lb="$(value wire-gzip 6)" '
            function ok(v, most) { return v <= most ? "ok" : "missed" }
            BEGIN { printf "wall %.2fx (%.2fx) %s, CPU %.2fx (%.2fx) %s, RSS %.2fx %s of 1.5; wire %.2fx %s of 1.1", w / gw, w / lw,
                ok(w / gw, 1.5), c / gc, c / lc, ok(c / gc, 1.5), r / lr, ok(r / lr, 1.5), b / lb, ok(b / lb, 1.1) }') ;;
    git)
        ratios=$(awk -v w="$(value git 2)" -v c="$(value git 3)" -v k="$count" -v n="$n" -v jw="$(value jiban-off 2)" -v jc="$(value jiban-off 3)" '
            BEGIN { a = (w / k) / (jw / n); d = (c / k) / (jc / n); printf "wall %.1fx, CPU %.1fx of jiban-off; target 2: %s", a, d, (a >= 2 && d >= 2) ? "ok" : "missed" }') ;;
    esac
    awk -v name="$name" -v k="$count" -v w="$(value "$name" 2)" -v c="$(value "$name" 3)" -v r="$(value "$name" 4)" \
        -v s="$(value "$name" 5)" -v b="$(value "$name" 6)" -v t="$ratios" 'BEGIN { printf "%-12s %8.3f %8d %9.1f %9.1f %9.1f %8.1f  %s\n",
        name, w, k / w, c * 1e6 / k, s * 1e6 / k, b / k, r / 1024, t }'
}
for name in limit limit-gzip wire-gzip jiban-on jiban-off; do row $name "$n"; done
row git "$git"
# lo counts 14 B of link header a packet, which no wire between two machines carries in that form
again=$(awk -v b="$(value jiban-again 6)" -v p="$(value jiban-again 7)" 'BEGIN { print b - 14 * p }')
printf 'nothing new  wire %d B in %d packets with TCP/IP headers, target 1200: %s; client CPU %.1f ms, target 5: %s; server CPU %.1f ms\n' \
    "$again" "$(value jiban-again 7)" "$(verdict "$again" 1200)" "$(awk -v c="$(value jiban-again 3)" 'BEGIN { print c * 1e3 }')" \
    "$(verdict "$(value jiban-again 3)" 0.005)" "$(awk -v c="$(value jiban-again 5)" 'BEGIN { print c * 1e3 }')"
for place in disk ${memory:+memory}; do
    printf 'cache on %-6s during the sync, ms:' "$place"
    for name in start lock draft command page; do
        awk -v name=$name '$1 == name { print $2 }' "$tmp/felt-$place" | sort -g | awk -v name=$name '{ v[NR] = $1 }
            END { if (NR == 1) printf "  %s %.2f", name, v[1]; else { p = v[int(NR * 0.99 + 0.99)]
                printf "  %s p50 %.2f p99 %.2f max %.2f (%d) %s", name, v[int((NR + 1) / 2)], p, v[NR], NR, p <= 5 ? "ok" : "missed" } }'
    done
    echo
done
