#!/bin/bash
# run keystrokes [-v]: how many keys the tasks of a desk take, in jiban and in programs that have a counterpart.
#
# Each key is sent when the one before has been answered, and they count until the effect is on the screen (step count of
# meter.c). The office day of practice, its desk with 12 orders to sign; the others have the same orders as messages
# and articles (tig and less have nothing to act on; newsboat reads one article or the whole feed, not twelve). What they do is less: no rule of procedure, no department that is told. -v: say why a row has no number.
set -u
export LC_ALL=C.UTF-8 TERM=xterm-256color TZ=UTC
unset JIBAN_PASSWORD_FILE XDG_CONFIG_HOME XDG_CACHE_HOME XDG_STATE_HOME LESS LESSOPEN MAIL
build=$(cd "${JIBAN_TOP_BUILDDIR:-build}" && pwd) || exit 1
bin=$build/tests/bench
export JIBAN_DATADIR=${JIBAN_TOP_SRCDIR:-$(dirname "$0")/../..} JIBAN_LOCALEDIR=$build/po/locale
tmp=$(mktemp -d) || exit 1
server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
exec 3>/dev/null
[ "${1:-}" != -v ] || exec 3>&2
die() {
    echo "keystrokes: $*" >&2
    exit 1
}
cd "$tmp" || exit 1

# ---- the desk and what the others read ----------------------------------------------------------------
mkdir -m 700 run home
# Who is measured has seen the tour.
export XDG_CONFIG_HOME=$tmp/config
mkdir -m 700 "$XDG_CONFIG_HOME" "$XDG_CONFIG_HOME/jiban"
(umask 077 && printf '[screen]\ntour = no\n' >"$XDG_CONFIG_HOME/jiban/config.ini")
export HOME=$tmp/home XDG_DATA_HOME=$tmp/home/data XDG_RUNTIME_DIR=$tmp/run JIBAN_PASSWORD_FILE=$tmp/pw
(umask 077 && echo practice >pw)
"$build/jiband" init --db sqlite:server.db --practice >/dev/null 2>&1 || die "no server"
"$build/jiband" serve --db sqlite:server.db --listen unix:s --log log >serving 2>&1 &
server=$!
for _ in $(seq 100); do
    ! grep -q listening serving || break
    sleep 0.05
done
jiban=("$build/jiban" -s unix:s -u wang.desk)
"${jiban[@]}" sync >/dev/null || die "no cache"
"$bin/texts" home/data/jiban/*/cache.db . >/dev/null || die "no texts"
read -r _ listed _ <facts
phone=$(grep -o '"phone":"[0-9-]*"' mbox | tr -d '"-' | grep -o '[0-9]\{4\}$' | sort | uniq -u | sed -n 1p)
[ -n "$phone" ] || die "no phone"
printf 'file://%s/feed.xml\n' "$PWD" >urls
: >newsboatrc
newsboat -C newsboatrc -u urls -c newsboat.db -x reload >/dev/null 2>&1
printf '%s\n' 'Dear resident, we spoke with you by phone on 24 November at 10:00. We checked Building 5 on 25 November and found a' \
    'broken valve. The heating company replaced it on 25 November; the matter is solved. Our phone: 010-55550196.' >template
{ echo '{set result=solved}' && cat template; } >own
"${jiban[@]}" template put AA --file text=own >/dev/null 2>&1 && "${jiban[@]}" sync >/dev/null
# shellcheck disable=SC2016 # for the shell that runs it
printf '#!/bin/sh\ncat "%s/template" >>"$1"\n' "$PWD" >editor
chmod +x editor
cat >muttrc <<TEXT
set folder=. sort=mailbox-order header_cache="" mark_old=no wait_key=no record="" from=me@b realname=me
set sendmail=/bin/true editor="$PWD/editor"
alias h heating@b
alias w water@b
TEXT

# ---- the tasks ------------------------------------------------------------------------------------------
# counted PROGRAM BEFORE KEYS PATTERN: prints the number of keys, or - where that was not to be had
counted() {
    local -a command before=()
    local start
    case $1 in
    jiban) command=("${jiban[@]}") start=start:rows:####-##### before=(wait:online:20) ;;
    neomutt) cp mbox box && command=(neomutt -n -F muttrc -f box) start=start:rows:####-##### ;;
    newsboat) cp newsboat.db articles.db && command=(newsboat -q -C newsboatrc -u urls -c articles.db) start='start:rows:allcases:\r:####-#####' ;;
    esac
    [ -z "$2" ] || before+=("send:$2")
    "$bin/meter" -n "$1" "$start" "${before[@]}" "count:it:$3:$4" -- "${command[@]}" 2>&3 </dev/null |
        awk -F '\t' '$2 == "it.keys" { n = $3 } END { print n == "" ? "-" : n + 0 }'
}
# row TASK PROGRAM BEFORE KEYS PATTERN [WORDS]
row() {
    local keys
    keys=$(counted "$2" "$3" "$4" "$5")
    printf '%-52s %-10s %5s   %-24s %s\n' "$1" "$2" "$keys" "$4" "${6:-}"
    printf '%s\t%s\t%s\n' "$1" "$2" "$keys" >>counts
}
printf '%-52s %-10s %5s   %s\n' task program keys 'the keys (\r Enter, \s space, \^S control, \c colon)'
task='sign (the order that is marked)'
row "$task" jiban 1 s 'sign ####-#####'
row "$task" neomutt '' F '1 N !' 'flag a message'
row "$task" newsboat '' N ' 1   ' 'an article is read'
"${jiban[@]}" sync >/dev/null # one more is signed by hand, so that 12 are left
counted jiban 1 s 'sign ####-#####' >/dev/null
"${jiban[@]}" sync >/dev/null
task='sign 12 at once (all that wait), from the queue'
row "$task" neomutt '' 'T~s"to s"\r;F' Flag 'tag by a pattern, flag what is tagged'
row "$task" jiban '' 1Tsy 'To sign 0' 'the view, mark all, sign, the preview is confirmed'
task='reply from a template and send'
row "$task" jiban 2 'r\^TA\r\^S' 'reply ####-#####' 'the template AA by its letter; it sets the result, which procedure asks for'
row "$task" neomutt '' 'r\r\r\ry' 'Mail sent' 'its editor is a program that brings the template'
task='12 replies from a template, previewed'
row "$task" jiban '2fstate\cWORKING\r' '\s\s\s\s\s\s\s\s\s\s\s\srA\r\ry' 'reply, 12' '12 marks, the template, the texts are shown, the question'
task='two departments for three orders'
row "$task" jiban 2 '\s\s\sw\^TC\r\^Sy' 'whistle, 3' 'the template Cold heating: kind, units, words; the preview'
row "$task" neomutt '' 'ttt;bh,w\ry' 'bounced' 'sent on to two aliases, as they are'
row 'the same, with no template' jiban 2 '\s\s\sw\s\tgr\r,zls\r\tx\^Sy' 'whistle, 3' 'kind, units by pinyin, a word'
task='find by the tail of a phone number'
row "$task" jiban '' "/$phone\r" '1 case'
row "$task" neomutt '' "l~b\s$phone\r" "#/$listed" 'limit by the text of the messages'
row "$task" newsboat '' "/$phone\r" results 'in all articles'

echo
awk -F '\t' '
    $3 == "-" { next }
    !($1 in least) && $2 != "jiban" || $2 != "jiban" && $3 + 0 < least[$1] { least[$1] = $3 + 0; who[$1] = $2 }
    $2 == "jiban" { mine[$1] = $3 + 0 }
    END {
        for (task in mine)
            if (task in least)
                printf "%s: jiban %d, the shortest of the others %d (%s)%s\n", task, mine[task], least[task], who[task], (mine[task] > least[task] ? ": MORE" : "")
            else
                printf "%s: jiban %d, no counterpart\n", task, mine[task]
    }' counts | sort
