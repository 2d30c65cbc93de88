# Shared by the scripts of tests/server: a server on 127.0.0.1, a console's home, what lies in its cache.
# Sourced after tests/arch/lib.sh, not run. Works in the folder it is sourced in.
# shellcheck shell=bash
jiband=${JIBAND:-$JIBAN_TOP_BUILDDIR/jiband}
# shellcheck disable=SC2034 # for who sources this
jiban=${JIBAN:-$JIBAN_TOP_BUILDDIR/jiban}
sql=$JIBAN_TOP_BUILDDIR/tests/server/sql
serve_pid=''

# serve DB [PORT]: jiband on a free port, or on PORT; sets serve_pid, port and url.
serve() {
    local try
    for try in 1 2 3 4 5 6 7 8 9; do
        port=${2:-$((20000 + (RANDOM * 3 + try) % 40000))}
        : >listen.txt
        "$jiband" serve --db "sqlite:$1" --listen "127.0.0.1:$port" --log server.log >listen.txt 2>serve.txt &
        serve_pid=$!
        for _ in $(seq 200); do
            if grep -q listening listen.txt; then
                # shellcheck disable=SC2034 # for who sources this
                url=http://127.0.0.1:$port
                return 0
            fi
            kill -0 "$serve_pid" 2>/dev/null || break
            sleep 0.05
        done
        kill "$serve_pid" 2>/dev/null
    done
    echo "Bail out! the server does not start: $(cat serve.txt)"
    exit 1
}
serve_end() {
    [ -z "$serve_pid" ] || kill "$serve_pid" 2>/dev/null
    [ -z "$serve_pid" ] || wait "$serve_pid" 2>/dev/null
    serve_pid=''
}
trap serve_end EXIT

# at HOME ...: a command with this home
at() {
    local home=$1
    shift
    case $home in /*) ;; *) home=$PWD/$home ;; esac
    HOME=$home XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config XDG_STATE_HOME=$home/state \
        XDG_CACHE_HOME=$home/cache XDG_RUNTIME_DIR=$home "$@"
}

# cache_of HOME: the one cache that is there
cache_of() { find "$1/data" -name 'cache.db' 2>/dev/null | head -n 1; }

# kept DB: what must not be lost, as text. Times and counts of tries may change.
kept() {
    "$sql" "$1" "SELECT key, value FROM meta WHERE key != 'server_offset_ms' ORDER BY 1;
        SELECT name, hex(body), etag FROM document ORDER BY 1; SELECT hex(id), number, state, due FROM cases ORDER BY 1;
        SELECT * FROM case_log; SELECT seq, hex(id), user, json, queued FROM outbox;
        SELECT seq, hex(id), json FROM sent; SELECT seq, hex(id), json, problem FROM conflicts;
        SELECT hex(case_id), type, user, body, revision FROM draft;"
}
