#!/usr/bin/env bash
# Every call of doc/openapi.yaml with good and bad requests. The steps stand in wire/*.t; README.md says how.
# shellcheck disable=SC2034 # some arrays are filled by name
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
here=$JIBAN_TOP_SRCDIR/tests/server
yaml=$JIBAN_TOP_SRCDIR/doc/openapi.yaml
jiband=$JIBAN_TOP_BUILDDIR/jiband
sql=$JIBAN_TOP_BUILDDIR/tests/server/sql
cd "$JIBAN_TEST_TMP" || exit 1
if ! command -v curl >/dev/null; then
    echo "1..0 # SKIP no curl"
    exit 0
fi

# ---- the server ----------------------------------------------------------------------------------
printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
for user in wang.desk feng.desk chen.op sun.dispatch wei.audit ming.admin; do
    "$jiband" user --db sqlite:office.db passwd "$user" --password-file password || exit 1
done
server=0
for try in 1 2 3 4 5 6 7 8 9; do
    port=$((20000 + (RANDOM * 3 + try) % 40000))
    "$jiband" serve --db sqlite:office.db --listen "127.0.0.1:$port" --log server.log >listen.txt 2>serve.txt &
    server=$!
    for _ in $(seq 100); do
        grep -q listening listen.txt && break 2
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    kill "$server" 2>/dev/null
done
trap 'kill "$server" 2>/dev/null' EXIT
grep -q listening listen.txt || { echo "Bail out! the server does not start: $(cat serve.txt)"; exit 1; }

# ---- what the description lists: "METHOD PATH STATUS"; "ANY STATUS" -------------------------------
awk '/^[a-z]/ { inside = $0 == "paths:" }
    /^x-any-request:/ { gsub(/[^0-9 ]/, ""); for (i = 1; i <= NF; i++) print "ANY", $i }
    inside && /^  \// { path = $1; sub(/:$/, "", path) }
    inside && /^    [a-z]+:$/ { method = toupper($1); sub(/:$/, "", method) }
    inside && /^        "[0-9]+":/ { status = $1; gsub(/[":]/, "", status); print method, path, status }' "$yaml" >listed.txt
listed() { # METHOD TARGET STATUS GENERAL: is the answer described?
    local path=${2%%\?*} method=$1
    case $path in /v1/cases/*/* | /v1/cases/) ;; /v1/cases/*) path='/v1/cases/{id}' ;;
    /v1/papers/*/*/*) path='/v1/papers/{kind}/{scope}/{name}' ;;
    /v1/blobs/*) path='/v1/blobs/{id}' ;;
    /v1/emergencies/*/close) path='/v1/emergencies/{id}/close' ;;
    /v1/terminals/*/work) path='/v1/terminals/{id}/work' ;;
    /open311/v2/*/*) path="${path%/*}/{id}.{format}" ;;
    /open311/v2/*) path="${path%.*}.{format}" ;;
    esac
    [ "$method" != HEAD ] || method=GET # a GET without its body
    if [ -z "$4" ] && grep -q "^$method $path " listed.txt; then
        grep -qxF "$method $path $3" listed.txt
    else
        grep -qxF "ANY $3" listed.txt
    fi
}

# ---- one step --------------------------------------------------------------------------------------
declare -A saved=()
saved[fill2036]=$(printf '%2036s' '' | tr ' ' x)
saved[fill15000]=$(printf '%15000s' '' | tr ' ' x)
saved[long]=$(printf '%4000s' '' | tr ' ' A)
saved[lines1000]=$(seq -f 'X-%g: a number of its own' 1000)
lines=() name='' mark=$'\001'
filled() { # puts the saved values into TEXT
    local text=$1 key
    for key in "${!saved[@]}"; do text=${text//"\${$key}"/"${saved[$key]}"}; done
    printf '%s' "$text"
}
repeat() { # N TEXT
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }' </dev/null
}
# Sends raw.out to the server by hand and parts the answer into head.txt and body.bin.
send_raw() {
    exec 9<>"/dev/tcp/127.0.0.1/$port" || return 7
    cat raw.out >&9 2>/dev/null
    timeout 10 cat <&9 >answer.bin 2>/dev/null # requests by hand say Connection: close
    exec 9>&-
    [ -s answer.bin ] || return 52
    awk 'BEGIN { RS = "\n" } { sub(/\r$/, "") } $0 == "" { exit } { print }' answer.bin >head.txt
    awk 'body { print; next } $0 == "\r" || $0 == "" { body = 1 }' answer.bin >body.bin
}
judge() { # runs the expectations of the step in hand; prints complaints
    local line word rest wanted general status problem='' code=$1 method=$2 target=$3
    [ "$code" = 0 ] || [ "$code" = 28 ] || echo "curl: exit status $code: $(cat curl.txt)"
    sed -i 's/\r$//' head.txt
    status=$(sed -n 's,^HTTP/[0-9.]* \([0-9]*\).*,\1,p' head.txt | tail -n 1)
    for line in "${lines[@]}"; do
        word=${line%% *} rest=${line#"$word"} rest=${rest# }
        case $word in
        expect)
            read -r wanted general <<<"$rest"
            [ "$status" = "$wanted" ] || echo "status ${status:-none} instead of $wanted"
            listed "$method" "$target" "$wanted" "$general" || echo "the description does not list $wanted for $method $target"
            [ "$general" = library ] || grep -qi '^Jiban-Server: [0-9]' head.txt || echo "no Jiban-Server"
            ;;
        head) grep -qiE -- "$(filled "$rest")" head.txt || echo "no header line $rest" ;;
        nohead) ! grep -qiE -- "$rest" head.txt || echo "a header line $rest" ;;
        packed) if gzip -dc <body.bin >plain.bin 2>/dev/null; then mv plain.bin body.bin; else echo "not gzip"; fi ;;
        empty) [ ! -s body.bin ] || echo "a body of $(wc -c <body.bin) bytes" ;;
        has) grep -qaE -- "$(filled "$rest")" body.bin || echo "the body has no $(filled "$rest")" ;;
        not) ! grep -qaE -- "$(filled "$rest")" body.bin || echo "the body has $rest" ;;
        count)
            wanted=${rest%% *}
            [ "$(grep -acE -- "$(filled "${rest#* }")" body.bin)" = "$wanted" ] ||
                echo "$(grep -acE -- "$(filled "${rest#* }")" body.bin) lines with ${rest#* }, not $wanted"
            ;;
        lines) [ "$(grep -ac '' body.bin)" = "$rest" ] || echo "$(grep -ac '' body.bin) lines, not $rest" ;;
        problem)
            problem=$rest
            grep -qi '^Content-Type: application/problem+json' head.txt || echo "the problem is no application/problem+json"
            grep -qaE "^\{\"type\":\"urn:jiban:problem:$problem\",\"title\":\"[^\"]+\",\"status\":${status:-none},\"detail\":\".+\"(,\"field\":\"[a-z_]+\")?\}\$" body.bin ||
                echo "not the problem $problem of RFC 9457"
            ;;
        save)
            wanted=${rest%% *} general=$(filled "${rest#* }")
            saved[$wanted]=$(cat head.txt body.bin | sed -nE "s$mark.*$general.*$mark\\1${mark}p" | head -n 1)
            [ -n "${saved[$wanted]}" ] || echo "nothing to save as $wanted"
            ;;
        esac
    done
}
report() { # COMPLAINTS
    if [ -z "$1" ]; then
        tap_ok "$name"
    else
        tap_not_ok "$name" "$1"$'\n'"$(cat head.txt)"$'\n'"$(head -c 600 body.bin | tr -d '\000\033')"
    fi
}
watched=()
run_step() {
    local line word rest method='' target='' raw='' seconds='' code=0 args=() have_body='' i
    : >body.out && : >raw.out && : >head.txt && : >body.bin && : >curl.txt
    for line in "${lines[@]}"; do
        word=${line%% *} rest=${line#"$word"}
        rest=$(filled "${rest# }")
        case $word in
        send) read -r method target <<<"$rest" ;;
        as) args+=(-H "Authorization: Bearer ${saved[$rest]:-}") ;;
        header) args+=(-H "$rest") ;;
        body) printf '%s' "$rest" >>body.out && have_body=yes ;;
        bytes) printf '%b' "$rest" >>body.out && have_body=yes ;;
        fill) repeat "${rest%% *}" "${rest#* }" >>body.out && have_body=yes ;;
        many)
            for ((i = 0; i < ${rest%% *}; i++)); do
                [ "$i" = 0 ] || printf ','
                line=${rest#* }
                printf '%s' "${line//%d/$((1000 + i))}"
            done >>body.out
            have_body=yes
            ;;
        raw) printf '%b\r\n' "$rest" >>raw.out && raw=yes ;;
        bare) printf '%b' "$rest" >>raw.out && raw=yes ;;
        sql) "$sql" office.db "$rest" >/dev/null || echo "# $name: sql failed" ;;
        watch) seconds=$rest ;;
        esac
    done
    if [ -n "$raw" ]; then
        read -r method target _ <raw.out
        send_raw || code=$?
        report "$(judge "$code" "$method" "${target:-/}")"
        return
    fi
    [ -z "$have_body" ] || args+=(--data-binary @body.out)
    if [ "$method" = HEAD ]; then args+=(-I); else args+=(-X "$method"); fi
    set -- curl -sS -N -g --path-as-is --noproxy '*' "${args[@]}" "http://127.0.0.1:$port$target"
    if [ -n "$seconds" ]; then
        i=${#watched[@]}
        "$@" -m "$seconds" -D "head.$i" -o "body.$i" 2>"curl.$i" &
        watched+=("$!" "$name" "$method $target" "$(printf '%s\n' "${lines[@]}")")
        return
    fi
    "$@" -m 60 -D head.txt -o body.bin 2>curl.txt || code=$?
    judge "$code" "$method" "$target" >complaints.txt # not in a subshell: it saves
    report "$(cat complaints.txt)"
}

for file in "$here"/wire/*.t; do
    label=$(basename "$file" .t)
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '' | '#'*) continue ;;
        'step '*)
            [ -z "$name" ] || run_step
            name="$label: ${line#step }" lines=()
            ;;
        *) lines+=("$line") ;;
        esac
    done <"$file"
    [ -z "$name" ] || run_step
    name='' lines=()
done
for ((i = 0; i < ${#watched[@]}; i += 4)); do
    wait "${watched[i]}"
    code=$?
    name=${watched[i + 1]}
    mapfile -t lines <<<"${watched[i + 3]}"
    read -r method target <<<"${watched[i + 2]}"
    for part in head body curl; do
        [ -e "$part.$i" ] || : >"$part.$i"
    done
    cp "head.$i" head.txt && cp "body.$i" body.bin && cp "curl.$i" curl.txt
    report "$(judge "$code" "$method" "$target")"
done

# ---- and in the end --------------------------------------------------------------------------------
missing=$(grep -v '^ANY' listed.txt | awk '{ print $1, $2 }' | sort -u | while read -r method path; do
    path=${path%%\{*}
    grep -qE "^(send|raw) $method $path" "$here"/wire/*.t || echo "$method $path"
done)
tap_empty "every call of the description is tried" "$missing"
kill "$server"
wait "$server"
code=$?
if [ "$code" = 0 ]; then tap_ok "the server ends in order after all this"; else tap_not_ok "the server ends in order after all this" "exit status $code: $(tail -c 3000 serve.txt)"; fi
tap_done
