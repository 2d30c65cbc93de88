#!/usr/bin/env bash
# `jiband audit` and `serve --checkpoints`: what is printed, exit codes of sysexits.h.
set -u
# shellcheck source=tests/arch/lib.sh
. "$JIBAN_TOP_SRCDIR/tests/arch/lib.sh"
cd "$JIBAN_TEST_TMP" || exit 1
# shellcheck source=tests/server/kit.sh
. "$JIBAN_TOP_SRCDIR/tests/server/kit.sh"

audit() { "$jiband" audit --db sqlite:office.db "$@"; }
# a server that should not start; one that does is not waited for
refused_serve() { timeout 20 "$jiband" serve --db sqlite:office.db --listen unix:s "$@"; }
# ends NAME STATUS PATTERN COMMAND...: its exit status, and a line of what it says
ends() {
    local name=$1 status=$2 pattern=$3 said code
    shift 3
    said=$("$@" 2>&1)
    code=$?
    if [ "$code" = "$status" ] && grep -qE -- "$pattern" <<<"$said"; then
        tap_ok "$name"
    else
        tap_not_ok "$name" "exit status $code instead of $status, no \"$pattern\" in: $said"
    fi
}
same() { # NAME GOT WANTED
    if [ "$2" = "$3" ]; then tap_ok "$1"; else tap_not_ok "$1" "$2 instead of $3"; fi
}

printf 'a word for tests\n' >password && chmod 600 password
"$jiband" init --db sqlite:office.db || exit 1
same "the secret keys are for the owner alone" \
    "$(stat -c '%a %n' office.db.audit-key office.db.audit-sign office.db.audit-public | tr '\n' ' ')" \
    "600 office.db.audit-key 600 office.db.audit-sign 644 office.db.audit-public "
ends "a new log is sound" 0 '^[0-9]+ entries and 1 checkpoints are sound$' audit verify
"$jiband" user --db sqlite:office.db passwd wei.audit --password-file password &&
    "$jiband" user --db sqlite:office.db disable qian.op || exit 1
same "changes of users are in it" "$(audit list | tail -n 2 | awk '{ print $7, $8 }' | tr '\n' ' ')" \
    "user.password wei.audit user.disable qian.op "
cp office.db.audit-public kept.audit-public

# ---- a server, checkpoints in another place ---------------------------------------------------------
mkdir elsewhere
ends "checkpoints to a folder that is not there" 74 'nowhere/checkpoints\.ndjson' \
    refused_serve --checkpoints nowhere
real=$jiband
serving() { if [ "$1" = serve ]; then exec "$real" "$@" --checkpoints elsewhere; else "$real" "$@"; fi; }
jiband=serving
serve office.db
jiband=$real
ends "a log in use can be verified" 0 'are sound$' audit verify
kill -TERM "$serve_pid" && wait "$serve_pid"
serve_pid=''
same "start, documents and stop are in it" "$(audit list | tail -n 5 | awk '{ print $7 }' | tr '\n' ' ')" \
    "server.start document.load document.load document.load server.stop "
same "each checkpoint is in the other place" "$(grep -c '"signature"' elsewhere/checkpoints.ndjson)" \
    "$("$sql" office.db "SELECT count(*) FROM audit_checkpoints")"
ends "the log agrees with them" 0 'are sound$' audit verify --checkpoint elsewhere/checkpoints.ndjson --public-key kept.audit-public

# ---- an auditor's console keeps them too -------------------------------------------------------------
for f in "" .audit-key .audit-sign .audit-public; do cp "office.db$f" "mine.db$f"; done
"$jiband" user --db sqlite:mine.db passwd wang.desk --password-file password || exit 1
cp mine.db older.db
serve mine.db
mkdir -p aud desk
sync() { at "$1" "$jiban" --server "$url" --user "$2" --password-file "$PWD/password" sync >sync.txt 2>&1; }
kept() { at aud "$jiban" --server "$url" --user wei.audit audit "$@"; }
ends "none are kept before a sync" 66 'No checkpoints are kept here' kept
sync aud wei.audit
ends "an auditor's sync keeps them" 0 '^[0-9]+ checkpoints of the audit log are kept, up to entry' kept
kept --json >aud.ndjson
same "all that the store has" "$(wc -l <aud.ndjson)" "$("$sql" mine.db "SELECT count(*) FROM audit_checkpoints")"
ends "and jiband agrees with them" 0 'are sound$' "$jiband" audit --db sqlite:mine.db verify --checkpoint aud.ndjson
sync desk wang.desk
ends "a desk gets none" 66 'No checkpoints are kept here' \
    at desk "$jiban" --server "$url" --user wang.desk audit
serve_end
serve mine.db "$port" # the stop made a checkpoint
sync aud wei.audit
same "a later sync adds the newer ones" "$(kept --json | wc -l)" \
    "$("$sql" mine.db "SELECT count(*) FROM audit_checkpoints")"
serve_end
for f in audit-key audit-sign audit-public; do cp "mine.db.$f" "older.db.$f"; done
serve older.db "$port" # a copy from before was put back
sync aud wei.audit
ends "an older store that was put back is told of" 65 'is not the one whose checkpoints were kept here' kept
same "what was kept stays" "$(kept --json 2>kept.txt | wc -l)" \
    "$("$sql" mine.db "SELECT count(*) FROM audit_checkpoints WHERE number < (SELECT max(number) FROM audit_checkpoints)")"
serve_end

# ---- list ---------------------------------------------------------------------------------------------
same "list --user: as actor or as object" "$(audit list --user wei.audit | awk '{ print $7 }' | tr '\n' ' ')" \
    "user.put user.password "
same "list --case: no other object" "$(audit list --case policy | awk '{ print $8 }' | sort -u)" "policy"
same "list --since: nothing of tomorrow" "$(audit list --since 2999-01-01T00:00:00Z)" ""
ends "list --json" 0 '^\{"number":1,"at":"[0-9T:.+-]+","actor":"uid:[0-9]+","role":"","office":"","device":"","action":"store\.made","object":"","detail":"[0-9a-f]{64}","hash":"[0-9a-f]{64}"\}$' audit list --json
ends "list --since: no time" 64 '--since takes a time' audit list --since yesterday
ends "audit: no such word" 64 'verify or list' audit mend

# ---- what is bad ----------------------------------------------------------------------------------------
ends "a checkpoint file that is not there" 66 'nowhere' audit verify --checkpoint nowhere
ends "a file without a checkpoint" 65 'password' audit verify --checkpoint password
ends "a public key that is none" 65 'password' audit verify --public-key password
tr 0-9a-f 1-9a-f0 <kept.audit-public >other.audit-public
ends "another public key" 65 'is bad: its checkpoint is not signed' audit verify --public-key other.audit-public
cp office.db whole.db
last=$("$sql" office.db "SELECT max(number) FROM audit")
"$sql" office.db "UPDATE audit SET actor = 'ma.desk' WHERE number = 9; PRAGMA wal_checkpoint(TRUNCATE)" >sql.txt
ends "an entry that was changed" 65 "^jiband: Entry 9 of the audit log is bad" audit verify
rm -f office.db-*; cp whole.db office.db
"$sql" office.db "DELETE FROM audit WHERE number = $last; PRAGMA wal_checkpoint(TRUNCATE)" >sql.txt
ends "an end that was cut" 65 "^jiband: Entry $last of the audit log is bad" audit verify
"$sql" office.db "UPDATE audit_head SET number = number - 1; PRAGMA wal_checkpoint(TRUNCATE)" >sql.txt
ends "what was cut is not covered up" 65 'tampered' refused_serve
rm -f office.db-*; cp whole.db office.db
chmod 644 office.db.audit-key
ends "a secret key that others can read" 77 'chmod 600' audit verify
ends "the server does not take it either" 77 'chmod 600' refused_serve
tap_done
