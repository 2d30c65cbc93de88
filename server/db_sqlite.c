#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "server/db.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCHEMA_VERSION = 4, SCHEMA_BEFORE = 3, BUSY_MS = 10000, WAL_PAGES_MOST = 1000 };

/* The schema: what each column holds stands beside it. Times are milliseconds since 1970 UTC. */
static const char schema[] =
    "CREATE TABLE meta("
    " name TEXT PRIMARY KEY," /* epoch, practice */
    " value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE documents("
    " name TEXT PRIMARY KEY," /* policy, calendar, people, catalogue */
    " body TEXT NOT NULL,"    /* JSON as served */
    " etag TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE document_versions(" /* every text that was ever in force */
    " name TEXT NOT NULL, version INTEGER NOT NULL,"
    " loaded INTEGER NOT NULL," /* when */
    " by TEXT NOT NULL,"        /* user of the host who loaded it; '' when the store was made */
    " etag TEXT NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY(name, version)) WITHOUT ROWID;"
    "CREATE TABLE users("
    " user TEXT PRIMARY KEY,"
    " password TEXT NOT NULL," /* argon2id string of libsodium; '' = cannot log in */
    " role TEXT NOT NULL, office TEXT NOT NULL, unit TEXT NOT NULL, name TEXT NOT NULL,"
    " disabled INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
    "CREATE TABLE sessions("
    " token_hash BLOB PRIMARY KEY," /* generichash of the token: the token itself is nowhere */
    " user TEXT NOT NULL REFERENCES users(user), device TEXT NOT NULL,"
    " until INTEGER NOT NULL,"
    " terminal TEXT NOT NULL) WITHOUT ROWID;" /* that it was opened from; '' is not known */
    "CREATE TABLE cases("
    " row INTEGER PRIMARY KEY,"
    " id BLOB NOT NULL UNIQUE,"     /* UUIDv7, 16 bytes */
    " number TEXT NOT NULL UNIQUE," /* public number, domain 4.1 */
    " version INTEGER NOT NULL,"    /* number of its events */
    " state TEXT NOT NULL,"
    " wake INTEGER);" /* when the clock has to look at it; NULL: never */
    "CREATE INDEX cases_wake ON cases(wake) WHERE wake IS NOT NULL;"
    "CREATE TABLE events("
    " gseq INTEGER PRIMARY KEY AUTOINCREMENT," /* order over all cases: the cursor */
    " case_row INTEGER NOT NULL REFERENCES cases(row),"
    " seq INTEGER NOT NULL," /* 1, 2, 3, ... within the case */
    " type TEXT NOT NULL, at INTEGER NOT NULL,"
    " command BLOB NOT NULL," /* id of the command that made it */
    " body TEXT NOT NULL,"    /* JSON of core/wire event_encode, one line */
    " UNIQUE(case_row, seq));"
    "CREATE TABLE commands("
    " id BLOB PRIMARY KEY,"
    " user TEXT NOT NULL,"
    " hash BLOB NOT NULL," /* of its text: the same id with another text is refused */
    " at INTEGER NOT NULL,"
    " outcome TEXT NOT NULL) WITHOUT ROWID;" /* JSON of the first outcome */
    "CREATE TABLE visibility("
    " scope TEXT NOT NULL," /* '*' the hotline, else the code of a district, street, department */
    " case_row INTEGER NOT NULL REFERENCES cases(row),"
    " since_gseq INTEGER NOT NULL,"   /* when the case came into the scope */
    " changed_gseq INTEGER NOT NULL," /* last event that concerns the scope */
    " gone_gseq INTEGER,"             /* when it left; NULL while it is in */
    " PRIMARY KEY(scope, case_row)) WITHOUT ROWID;"
    "CREATE INDEX visibility_changed ON visibility(scope, changed_gseq);"
    "CREATE INDEX visibility_case ON visibility(case_row);" /* every command asks who sees its case */
    "CREATE TABLE audit("
    " number INTEGER PRIMARY KEY," /* 1, 2, 3, ... without a gap */
    " at INTEGER NOT NULL,"        /* when it was written */
    " actor TEXT NOT NULL, role TEXT NOT NULL, office TEXT NOT NULL, device TEXT NOT NULL,"
    " action TEXT NOT NULL," /* word of a command, or of audit.def */
    " object TEXT NOT NULL," /* number of a case, user, document: never personal data */
    " detail BLOB NOT NULL," /* keyed hash of the rest */
    " previous BLOB NOT NULL, hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE audit_head(" /* one row: the newest entry */
    " one INTEGER PRIMARY KEY CHECK(one = 1),"
    " number INTEGER NOT NULL, hash BLOB NOT NULL,"
    " seal BLOB NOT NULL) STRICT;" /* keyed hash of both: tells that the end was cut */
    "CREATE TABLE audit_checkpoints("
    " number INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " head BLOB NOT NULL,"              /* hash of the entry of this number */
    " signature BLOB NOT NULL) STRICT;" /* Ed25519 over number, time and head */
    "CREATE TABLE api_keys("
    " hash BLOB PRIMARY KEY," /* generichash of the key: the key itself is nowhere */
    " name TEXT NOT NULL UNIQUE, contact TEXT NOT NULL,"
    " created INTEGER NOT NULL, disabled INTEGER NOT NULL DEFAULT 0,"
    " hour INTEGER NOT NULL DEFAULT 0," /* when the hour began in which uses are counted */
    " used INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;";

/* What version 3 had not. */
static const char schema_4[] =
    /* Attachments; their bytes lie in files beside the store (blobs.h). */
    "CREATE TABLE blobs("
    " hash TEXT PRIMARY KEY," /* SHA-256, 64 hex digits; the name of the file */
    " size INTEGER NOT NULL,"
    " type TEXT NOT NULL," /* word of filetype.def */
    " at INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE blob_users(" /* who has sent it */
    " hash TEXT NOT NULL, user TEXT NOT NULL, PRIMARY KEY(hash, user)) WITHOUT ROWID;"
    "CREATE TABLE blob_cases(" /* the orders that refer to it */
    " hash TEXT NOT NULL, case_row INTEGER NOT NULL REFERENCES cases(row),"
    " PRIMARY KEY(hash, case_row)) WITHOUT ROWID;"
    "CREATE INDEX blob_cases_case ON blob_cases(case_row);"
    "CREATE TABLE blob_parts(" /* what is begun and not whole */
    " hash TEXT NOT NULL, user TEXT NOT NULL, begun INTEGER NOT NULL,"
    " PRIMARY KEY(hash, user)) WITHOUT ROWID;"
    /* What people and offices write for themselves (core/wire/paper.h). */
    "CREATE TABLE papers("
    " scope TEXT NOT NULL," /* own, office */
    " owner TEXT NOT NULL," /* user, or code of a unit */
    " kind TEXT NOT NULL,"  /* word of papers.def */
    " name TEXT NOT NULL, body TEXT NOT NULL,"
    " revision INTEGER NOT NULL," /* grows over all papers: meta has the newest */
    " changed INTEGER NOT NULL, changed_by TEXT NOT NULL,"
    " PRIMARY KEY(scope, owner, kind, name)) WITHOUT ROWID;"
    /* Caches of consoles, and what those left that were revoked (terminals.h). */
    "CREATE TABLE terminals("
    " id TEXT PRIMARY KEY," /* 16 hex digits, by the console */
    " user TEXT NOT NULL, device TEXT NOT NULL,"
    " first INTEGER NOT NULL, last INTEGER NOT NULL," /* log-ins */
    " revoked INTEGER,"                               /* when; NULL: it is not */
    " told INTEGER,"                /* when it first asked for something after that */
    " ticket TEXT UNIQUE,"          /* with which it hands in its work */
    " seal_to BLOB) WITHOUT ROWID;" /* public key of the centre */
    "CREATE TABLE terminal_work("
    " number INTEGER PRIMARY KEY," /* the newest has the highest */
    " terminal TEXT NOT NULL REFERENCES terminals(id),"
    " at INTEGER NOT NULL," /* when it was handed in */
    " body BLOB NOT NULL);" /* sealed (core/wire/work.h) */
    "CREATE INDEX terminal_work_of ON terminal_work(terminal);";

/* What is made of the events, in their transaction: lists, counts and look-ups that need no fold. */
static const char schema_derived[] =
    /* Facts of the assessment, one row a case. Columns that name something hold an id of assess_words, 0 for none:
     * the index is read in its own order, and every row of it costs. */
    "CREATE TABLE assess_words("
    " id INTEGER PRIMARY KEY," /* from 1 */
    " word TEXT NOT NULL UNIQUE);"
    "CREATE TABLE assess("
    " case_row INTEGER PRIMARY KEY REFERENCES cases(row),"
    " created INTEGER NOT NULL, closed INTEGER," /* closed: while the state is CLOSED */
    " district INTEGER NOT NULL,"                /* of the lead unit, else of the place */
    " unit INTEGER NOT NULL, section INTEGER NOT NULL, community INTEGER NOT NULL,"
    " handler INTEGER NOT NULL, category INTEGER NOT NULL, type INTEGER NOT NULL,"
    " interest INTEGER NOT NULL,"
    " facts INTEGER NOT NULL);" /* assess_pack of core/case/assess.h */
    "CREATE INDEX assess_facts ON assess(district, unit, facts, created);"
    "CREATE INDEX assess_closed ON assess(district, unit, closed) WHERE closed IS NOT NULL;"
    /* Facts of the whistles, one row each (tally.h); times are NULL where it did not happen. */
    "CREATE TABLE assess_whistles("
    " case_row INTEGER NOT NULL REFERENCES cases(row), object INTEGER NOT NULL,"
    " opened INTEGER NOT NULL, caller TEXT NOT NULL, called TEXT NOT NULL,"
    " answered INTEGER, answer_due INTEGER NOT NULL,"
    " arrived INTEGER, arrival_due INTEGER NOT NULL,"
    " ended INTEGER,"             /* when the clock of the arrival ended, however */
    " objected INTEGER NOT NULL," /* 1: there was an objection, now or before */
    " verdict TEXT NOT NULL,"
    " PRIMARY KEY(case_row, object)) WITHOUT ROWID;"
    "CREATE INDEX assess_whistles_opened ON assess_whistles(opened);"
    /* How each order kept the rules whose keeping is counted (rule_facts of tally.h). */
    "CREATE TABLE assess_rules("
    " case_row INTEGER NOT NULL REFERENCES cases(row), rule TEXT NOT NULL,"
    " used INTEGER NOT NULL, kept INTEGER NOT NULL, broken INTEGER NOT NULL,"
    " PRIMARY KEY(case_row, rule)) WITHOUT ROWID;"
    "CREATE TABLE requests(" /* cases that Open311 may tell of */
    " case_row INTEGER PRIMARY KEY REFERENCES cases(row),"
    " request_id TEXT NOT NULL UNIQUE," /* public number with a hyphen */
    " category TEXT NOT NULL,"
    " requested INTEGER NOT NULL," /* first event */
    " updated INTEGER NOT NULL,"   /* last event; of a closed one: when it was closed */
    " closed INTEGER NOT NULL);"   /* 1: the state is terminal */
    "CREATE INDEX requests_found ON requests(requested, category, closed, updated);"
    /* Orders that were logged, by what another one is like them. */
    "CREATE TABLE repeats("
    " case_row INTEGER PRIMARY KEY REFERENCES cases(row),"
    " claimant BLOB,"          /* keyed hash of the phone; NULL: never matched */
    " category TEXT NOT NULL," /* of level 2 */
    " place BLOB,"             /* keyed hash of the point, else of the community */
    " created INTEGER NOT NULL,"
    " leads INTEGER NOT NULL," /* 1: others are merged into it */
    " warned INTEGER);"        /* of the cluster: 0 open, else when it was answered */
    "CREATE INDEX repeats_claimant ON repeats(claimant, category, place, created)"
    " WHERE claimant IS NOT NULL;"
    "CREATE INDEX repeats_place ON repeats(place, category, created) WHERE claimant IS NOT NULL;"
    "PRAGMA user_version=4;";

static const char *const sql_text[SQL_COUNT] = {
#define SQL(id, text) [SQL_##id] = text,
#include "server/sql.def"
#undef SQL
};

struct stmt {
    struct db *db;
    sqlite3_stmt *handle;
};

struct db {
    sqlite3 *handle;
    char *path;
    bool write;
    struct stmt stmt[SQL_COUNT];
    enum status st;
    struct errmsg err;
};

static pthread_mutex_t commit_lock = PTHREAD_MUTEX_INITIALIZER;

static enum status status_of(int rc)
{
    switch (rc & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ST_OK;
    case SQLITE_FULL:
        return ST_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ST_BUSY;
    case SQLITE_NOMEM:
        return ST_NOMEM;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ST_CORRUPT;
    case SQLITE_CONSTRAINT:
        return ST_EXISTS;
    default:
        return ST_IO;
    }
}

/* Tells what failed. SQLite keeps no reason when a file cannot be made, and takes a quota for an
 * error of the disk. */
static enum status failed(struct db *db, int rc, struct errmsg *err)
{
    enum status st = status_of(rc);
    const char *why = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
    int known = db->handle ? sqlite3_system_errno(db->handle) : 0;
    if (st == ST_IO && (errno_is_full(known) || errno_is_full(file_try_room(db->path))))
        st = ST_FULL;
    return st == ST_FULL
               ? fail(err, st, _("%.200s: the disk is full; what was confirmed before is kept"),
                      db->path)
               : fail(err, st, "%.200s: %.200s", db->path, why);
}

static void keep(struct db *db, int rc)
{
    if (status_of(rc) != ST_OK && db->st == ST_OK)
        db->st = failed(db, rc, &db->err);
}

enum status database_status(struct db *db, struct errmsg *err)
{
    enum status st = db->st;
    if (st != ST_OK)
        fail(err, st, "%s", db->err.text);
    db->st = ST_OK;
    return st;
}

static enum status run(struct db *db, const char *sql, struct errmsg *err)
{
    int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? ST_OK : failed(db, rc, err);
}

static bool pragma_is(struct db *db, const char *pragma, const char *want)
{
    sqlite3_stmt *s = NULL;
    bool same = false;
    if (sqlite3_prepare_v2(db->handle, pragma, -1, &s, NULL) == SQLITE_OK &&
        sqlite3_step(s) == SQLITE_ROW)
        same = strcmp((const char *)sqlite3_column_text(s, 0), want) == 0;
    sqlite3_finalize(s);
    return same;
}

/* In one transaction: whatever happens, the next one finds the old store or the new. */
static enum status renew(struct db *db, enum db_mode mode, struct errmsg *err)
{
    char before[16], version[32];
    snprintf(before, sizeof before, "%d", SCHEMA_BEFORE);
    snprintf(version, sizeof version, "PRAGMA user_version=%d", SCHEMA_VERSION);
    if (mode != DB_WRITE || !pragma_is(db, "PRAGMA user_version", before))
        return ST_OK;
    enum status st = run(db, "BEGIN IMMEDIATE", err);
    if (st == ST_OK && !pragma_is(db, "PRAGMA user_version", before)) /* another one was faster */
        return run(db, "ROLLBACK", err);
    if (st == ST_OK)
        st = run(db, "ALTER TABLE sessions ADD COLUMN terminal TEXT NOT NULL DEFAULT ''", err);
    if (st == ST_OK)
        st = run(db, schema_4, err);
    if (st == ST_OK)
        st = run(db, version, err);
    if (st == ST_OK)
        return run(db, "COMMIT", err);
    (void)run(db, "ROLLBACK", NULL);
    return st;
}

static enum status set_up(struct db *db, enum db_mode mode, struct errmsg *err)
{
    char version[16];
    snprintf(version, sizeof version, "%d", SCHEMA_VERSION);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* First look, then touch: a file that is not ours is not even turned to WAL. */
    enum status st = run(db, "SELECT count(*) FROM sqlite_schema", err);
    if (st == ST_OK)
        st = renew(db, mode, err);
    if (st == ST_OK && mode != DB_CREATE && !pragma_is(db, "PRAGMA user_version", version))
        return fail(err, ST_UNSUPPORTED,
                    _("%s is no jiband store of this version; nothing was changed."), db->path);
    if (st == ST_OK)
        st = run(db,
                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                 "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                 "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536;",
                 err);
    if (st != ST_OK) {
        if (st == ST_CORRUPT)
            return fail(err, ST_CORRUPT, _("%s is no jiband store; nothing was changed."),
                        db->path);
        return st;
    }
    if (mode == DB_CREATE) {
        if (!pragma_is(db, "PRAGMA user_version", "0"))
            return fail(err, ST_EXISTS, _("%s is a store already; nothing was changed."), db->path);
        st = run(db, "BEGIN IMMEDIATE", err);
        if (st == ST_OK)
            st = run(db, schema, err);
        if (st == ST_OK)
            st = run(db, schema_4, err);
        if (st == ST_OK)
            st = run(db, schema_derived, err);
        return st == ST_OK ? run(db, "COMMIT", err) : st;
    }
    if (!pragma_is(db, "PRAGMA synchronous", "2") || !pragma_is(db, "PRAGMA journal_mode", "wal"))
        return fail(err, ST_IO,
                    _("%s: SQLite does not take the settings that keep what is confirmed."),
                    db->path);
    return ST_OK;
}

/* Of a store that could not be made nothing stays. */
static void remove_store(const char *path)
{
    static const char *const tail[] = {"", "-journal", "-wal", "-shm"};
    char name[4200];
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++) {
        snprintf(name, sizeof name, "%.4000s%s", path, tail[i]);
        unlink(name);
    }
}

enum status database_open(const char *url, enum db_mode mode, struct db **ret, struct errmsg *err)
{
    struct stat info;
    if (strncmp(url, "postgresql://", 13) == 0)
        return fail(err, ST_UNSUPPORTED,
                    _("PostgreSQL is not in this version; use --db sqlite:PATH."));
    if (strncmp(url, "sqlite:", 7) != 0 || !url[7])
        return fail(err, ST_INVALID, _("The store is named as sqlite:PATH, not \"%.200s\"."), url);
    const char *path = url + 7;
    if (mode == DB_CREATE && stat(path, &info) == 0)
        return fail(err, ST_EXISTS, _("%s is there already; nothing was changed."), path);
    if (mode != DB_CREATE && stat(path, &info) != 0)
        return fail(err, ST_NOT_FOUND, _("There is no store %s; make one with jiband init."), path);
    struct db *db = calloc(1, sizeof *db);
    if (!db || !(db->path = strdup(path))) {
        free(db);
        return fail(err, ST_NOMEM, "out of memory");
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (mode == DB_CREATE ? SQLITE_OPEN_CREATE : 0);
    mode_t mask = umask(077);
    int rc = sqlite3_open_v2(path, &db->handle, flags, NULL);
    umask(mask);
    enum status st = rc == SQLITE_OK ? set_up(db, mode, err) : failed(db, rc, err);
    for (int i = 0; st == ST_OK && i < SQL_COUNT; i++) {
        db->stmt[i].db = db;
        rc = sqlite3_prepare_v3(db->handle, sql_text[i], -1, SQLITE_PREPARE_PERSISTENT,
                                &db->stmt[i].handle, NULL);
        if (rc != SQLITE_OK)
            st = failed(db, rc, err);
    }
    if (st != ST_OK) {
        database_close(db);
        if (mode == DB_CREATE)
            remove_store(path);
        return st;
    }
    db->write = mode != DB_READ;
    *ret = db;
    return ST_OK;
}

void database_discard(struct db *db)
{
    char path[4096];
    snprintf(path, sizeof path, "%.4000s", db->path);
    database_close(db);
    remove_store(path);
}

void database_close(struct db *db)
{
    if (!db)
        return;
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->stmt[i].handle);
    sqlite3_close(db->handle);
    free(db->path);
    free(db);
}

const char *database_path(const struct db *db)
{
    return db->path;
}

enum status database_begin(struct db *db, bool write, struct errmsg *err)
{
    return run(db, write ? "BEGIN IMMEDIATE" : "BEGIN", err);
}

enum status database_commit(struct db *db, struct errmsg *err)
{
    pthread_mutex_lock(&commit_lock);
    enum status st = run(db, "COMMIT", err);
    pthread_mutex_unlock(&commit_lock);
    if (st != ST_OK)
        database_rollback(db); /* after a full disk the transaction is still open */
    return st;
}

void database_rollback(struct db *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        run(db, "ROLLBACK", NULL);
}

enum status database_savepoint(struct db *db, struct errmsg *err)
{
    return run(db, "SAVEPOINT one", err);
}

enum status database_savepoint_release(struct db *db, struct errmsg *err)
{
    return run(db, "RELEASE one", err);
}

void database_savepoint_rollback(struct db *db)
{
    run(db, "ROLLBACK TO one", NULL);
    run(db, "RELEASE one", NULL);
}

enum status database_checkpoint(struct db *db, struct errmsg *err)
{
    int pages = 0, done = 0;
    pthread_mutex_lock(&commit_lock);
    int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &done);
    if (rc == SQLITE_OK && pages > WAL_PAGES_MOST && pages == done)
        rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &pages, &done);
    pthread_mutex_unlock(&commit_lock);
    if (rc == SQLITE_OK || rc == SQLITE_BUSY)
        return ST_OK; /* a reader held it up: the next one does it */
    return failed(db, rc, err);
}

struct stmt *database_stmt(struct db *db, enum sql id)
{
    struct stmt *s = &db->stmt[id];
    sqlite3_reset(s->handle);
    sqlite3_clear_bindings(s->handle);
    return s;
}

void stmt_int(struct stmt *s, int i, int64_t value)
{
    keep(s->db, sqlite3_bind_int64(s->handle, i, value));
}

void stmt_text(struct stmt *s, int i, const char *text)
{
    keep(s->db, sqlite3_bind_text(s->handle, i, text, -1, SQLITE_TRANSIENT));
}

void stmt_blob(struct stmt *s, int i, const void *data, size_t n)
{
    keep(s->db, sqlite3_bind_blob64(s->handle, i, data, n, SQLITE_TRANSIENT));
}

bool stmt_row(struct stmt *s)
{
    int rc = sqlite3_step(s->handle);
    if (rc == SQLITE_ROW)
        return true;
    keep(s->db, rc);
    sqlite3_reset(s->handle);
    return false;
}

enum status stmt_run(struct stmt *s, struct errmsg *err)
{
    stmt_row(s);
    sqlite3_reset(s->handle);
    return database_status(s->db, err);
}

int64_t stmt_get_int(struct stmt *s, int column)
{
    return sqlite3_column_int64(s->handle, column);
}

bool stmt_is_null(struct stmt *s, int column)
{
    return sqlite3_column_type(s->handle, column) == SQLITE_NULL;
}

const char *stmt_get_text(struct stmt *s, int column, size_t *ret_n)
{
    const unsigned char *text = sqlite3_column_text(s->handle, column);
    if (ret_n)
        *ret_n = text ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return text ? (const char *)text : "";
}

const void *stmt_get_blob(struct stmt *s, int column, size_t *ret_n)
{
    const void *data = sqlite3_column_blob(s->handle, column);
    *ret_n = (size_t)sqlite3_column_bytes(s->handle, column);
    return data;
}

void stmt_done(struct stmt *s)
{
    sqlite3_reset(s->handle);
}

int64_t database_last_row(struct db *db)
{
    return sqlite3_last_insert_rowid(db->handle);
}
