#!/usr/bin/env bash
# screens.sh [NAME...]: makes the pictures of doc/screens (or those named) from practice in an invisible X server.
#
# Each line of the table below: NAME COLSxROWS LANGUAGE THEME KEY... where a KEY is an X key name
# (Return, Down, j, ctrl+s), or type:TEXT. Needs the packages that ./dev screens installs.
set -eu
cd "$(dirname "$0")/.."
top=$PWD out=$PWD/doc/screens
pictures() {
    cat <<'TABLE'
queue-zh 80x24 zh_CN dark
queue-en 80x24 en dark
queue-light 80x24 en light
queue-mono 80x24 zh_CN mono
queue-wide-zh 160x50 zh_CN dark Down Down
case-zh 80x24 zh_CN dark Return
case-en 80x24 en dark Down Down Return
reply-zh 80x24 zh_CN dark 2 r type:您好！街道工作人员已到现场核实，情况属实。
reply-wide-en 120x36 en dark 2 r type:Hello,_we_came_to_Building_5_this_morning.
help-en 80x24 en dark question
clocks-zh 80x24 zh_CN dark Return equal
clocks-en 80x24 en dark Return equal
whistle-zh 80x24 zh_CN dark 2 w
whistle-en 80x24 en dark 2 w
TABLE
}
for tool in Xvfb xterm xdotool import; do
    command -v "$tool" >/dev/null || { echo "screens.sh: $tool is missing; ./dev screens installs it" >&2; exit 69; }
done
work=$(mktemp -d)
server='' terminal=''
# shellcheck disable=SC2317 # called by the trap
finish() {
    [ -z "$terminal" ] || kill "$terminal" 2>/dev/null || true
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

mkfifo "$work/display"
Xvfb -displayfd 3 -screen 0 2400x1800x24 -nolisten tcp -noreset 3>"$work/display" >"$work/x.log" 2>&1 &
server=$!
read -r -t 20 number <"$work/display" || { cat "$work/x.log" >&2; exit 69; }
export DISPLAY=:$number
unset XAUTHORITY WAYLAND_DISPLAY

# Waits until two pictures half a second apart are the same; 20 s at most.
settled() { # FILE
    local before='' now i
    for ((i = 0; i < 40; i++)); do
        sleep 0.5
        import -silent -window "$window" "$work/now.png"
        now=$(convert "$work/now.png" rgb:- | sha256sum)
        if [ "$now" = "$before" ]; then
            [ -z "${1:-}" ] || convert "$work/now.png" -strip -colors 64 "$1"
            return 0
        fi
        before=$now
    done
    echo "screens.sh: the screen does not come to rest" >&2
    return 1
}

photograph() { # NAME SIZE LANGUAGE THEME KEY...
    local name=$1 size=$2 language=$3 theme=$4 ground=(-fg grey90 -bg black) key
    shift 4
    [ "$theme" != light ] || ground=(-fg black -bg white)
    mkdir -p "$work/config/jiban"
    printf '[screen]\ntheme = %s\n' "$theme" >"$work/config/jiban/config.ini"
    env XDG_CONFIG_HOME="$work/config" XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" \
        LC_ALL=C.UTF-8 JIBAN_DATADIR="$top" JIBAN_LOCALEDIR="$top/build/po/locale" \
        xterm -u8 -tn xterm-256color +sb -b 4 -bw 0 -geometry "$size+0+0" -fa 'DejaVu Sans Mono' -fd 'Noto Sans Mono CJK SC' -fs 11 \
        "${ground[@]}" -xrm '*cursorBlink: false' -T "jiban-$name" \
        -e "$top/build/jiban" practice --language "$language" &
    terminal=$!
    window=$(xdotool search --sync --onlyvisible --name "^jiban-$name\$" | head -1)
    xdotool windowfocus --sync "$window" 2>/dev/null
    settled
    for key in "$@"; do
        case $key in
        type:*) key=${key#type:} && xdotool type --delay 40 -- "${key//_/ }" ;;
        *) xdotool key "$key" ;;
        esac
        sleep 0.3
    done
    settled "$out/$name.png"
    kill "$terminal" 2>/dev/null || true
    wait "$terminal" 2>/dev/null || true
    terminal=''
    echo "$out/$name.png"
}

mkdir -p "$out"
pictures | while read -r -a row; do
    if [ $# != 0 ]; then
        case " $* " in *" ${row[0]} "*) ;; *) continue ;; esac
    fi
    photograph "${row[@]}" </dev/null
done
