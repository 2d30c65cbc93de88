/*
 * db.c: connection, statements, transactions, and the one place that checkpoints.
 *
 * The WAL rule (SQLite 3.7.0 to 3.51.2 can lose committed pages when a checkpoint runs while
 * another connection's commit starts the WAL anew): no automatic checkpoints, none on close, one
 * lock around every commit and every checkpoint, and one process per cache. Dirty pages are not
 * spilled before the commit, so the WAL is written under that lock only.
 */
#include "core/store/files.h"
#include "core/store/seal.h"
#include "core/store/seal_vfs.h"
#include "core/store/search.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PAGE_SIZE = 4096,
    WAL_CHECKPOINT_PAGES = 4 * 1024 * 1024 / PAGE_SIZE,
    WAL_RESTART_PAGES = 6 * 1024 * 1024 / PAGE_SIZE,
    WAL_PATIENT_PAGES =
        32 * 1024 * 1024 / PAGE_SIZE, /* from here on a checkpoint is not given up */
    BUSY_TRIES = 10000,               /* of 1 ms */
    RESTART_TRIES = 3 /* a reader that stays longer has the next checkpoint wait for it */
};

/* --- one process per cache ------------------------------------------------------------------ */
struct owner {
    struct owner *next;
    dev_t dev;
    ino_t ino;
    int fd, users;
    /* Writers of this process take turns in the order in which they came: SQLite's own lock is
     * polled, and a thread that writes all the time would have it again before the other looks. */
    pthread_mutex_t lock;
    pthread_cond_t moved;
    unsigned next_turn, turn;
    sqlite3 *checkpointing; /* may be interrupted by who comes to write */
};
static struct owner *owners; /* folders that this process holds */
static pthread_mutex_t owners_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t wal_lock =
    PTHREAD_MUTEX_INITIALIZER; /* commit or checkpoint, one at a time */

static enum status owner_take(struct store *s, struct errmsg *err)
{
    char path[PATH_SIZE];
    if (snprintf(path, sizeof path, "%s/lock", s->folder) >= (int)sizeof path)
        return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), s->folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat sb;
    if (fd < 0 || fstat(fd, &sb) != 0) {
        int e = errno;
        if (fd >= 0)
            close(fd);
        return fail(err, errno_is_full(e) ? ST_FULL : ST_IO,
                    _("The cache cannot be locked: %s: %s"), path, strerror(e));
    }
    enum status st = ST_OK;
    pthread_mutex_lock(&owners_lock);
    struct owner *o = owners;
    while (o && (o->dev != sb.st_dev || o->ino != sb.st_ino))
        o = o->next;
    if (o) {
        o->users++;
        close(fd);
    } else if (s->mode == STORE_SECOND) {
        st = fail(err, ST_CONFLICT, _("The cache in %s is not held by this process."), s->folder);
        close(fd);
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        char who[32] = "";
        ssize_t n = pread(fd, who, sizeof who - 1, 0);
        who[n > 0 ? strspn(who, "0123456789") : 0] = '\0';
        st = fail(err, ST_CONFLICT,
                  _("Another jiban (process %s) is working with %s. Nothing was changed. End it, "
                    "open read-only, or use another profile."),
                  *who ? who : "?", s->folder);
        close(fd);
    } else if (!(o = malloc(sizeof *o))) {
        st = fail(err, ST_NOMEM, _("Out of memory."));
        close(fd);
    } else {
        char who[32];
        int n = snprintf(who, sizeof who, "%ld\n", (long)getpid());
        /* Only for the message above; the lock itself is the flock. */
        if (ftruncate(fd, 0) != 0 || pwrite(fd, who, (size_t)n, 0) != n)
            errno = 0;
        *o = (struct owner){
            .next = owners, .dev = sb.st_dev, .ino = sb.st_ino, .fd = fd, .users = 1};
        pthread_mutex_init(&o->lock, NULL);
        pthread_cond_init(&o->moved, NULL);
        owners = o;
    }
    if (st == ST_OK)
        s->owner = o;
    pthread_mutex_unlock(&owners_lock);
    return st;
}

/* --- commit and checkpoint -------------------------------------------------------------------- */
#ifdef JIBAN_TEST_HOOKS
static atomic_int wal_inside, wal_overlaps;
int store_wal_overlaps(void)
{
    return atomic_load(&wal_overlaps);
}
#endif

static void wal_enter(bool lock)
{
    if (lock)
        pthread_mutex_lock(&wal_lock);
#ifdef JIBAN_TEST_HOOKS
    if (atomic_fetch_add(&wal_inside, 1) != 0)
        atomic_fetch_add(&wal_overlaps, 1);
#endif
}

static void wal_leave(bool lock)
{
#ifdef JIBAN_TEST_HOOKS
    atomic_fetch_sub(&wal_inside, 1);
#endif
    if (lock)
        pthread_mutex_unlock(&wal_lock);
}

/* True when this was the last handle on the folder. */
static bool owner_last(const struct store *s)
{
    pthread_mutex_lock(&owners_lock);
    bool last = s->owner && s->owner->users == 1;
    pthread_mutex_unlock(&owners_lock);
    return last;
}

static void owner_leave(struct store *s)
{
    if (!s->owner)
        return;
    pthread_mutex_lock(&owners_lock);
    if (--s->owner->users == 0) {
        struct owner **p = &owners;
        while (*p != s->owner)
            p = &(*p)->next;
        *p = s->owner->next;
        close(s->owner->fd);
        pthread_mutex_destroy(&s->owner->lock);
        pthread_cond_destroy(&s->owner->moved);
        free(s->owner);
    }
    pthread_mutex_unlock(&owners_lock);
    s->owner = NULL;
}

/* --- turns ------------------------------------------------------------------------------------ */
static void turn_take(struct store *s)
{
    struct owner *o = s->owner;
    pthread_mutex_lock(&o->lock);
    unsigned mine = o->next_turn++;
    /* A checkpoint given up loses nothing: it is done again after the next commit. */
    if (o->turn != mine && o->checkpointing)
        sqlite3_interrupt(o->checkpointing);
    while (o->turn != mine)
        pthread_cond_wait(&o->moved, &o->lock);
    pthread_mutex_unlock(&o->lock);
    s->has_turn = true;
}

static void turn_give(struct store *s)
{
    struct owner *o = s->owner;
    if (!s->has_turn)
        return;
    s->has_turn = false;
    pthread_mutex_lock(&o->lock);
    o->turn++;
    pthread_cond_broadcast(&o->moved);
    pthread_mutex_unlock(&o->lock);
}

static void checkpointing(struct store *s, sqlite3 *sql)
{
    pthread_mutex_lock(&s->owner->lock);
    s->owner->checkpointing = sql;
    pthread_mutex_unlock(&s->owner->lock);
}

void store_rest(struct store *s)
{
    if (s->sql)
        sqlite3_db_release_memory(s->sql);
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

bool store_writer_waits(const struct store *s)
{
    struct owner *o = s->owner;
    if (!o)
        return false;
    pthread_mutex_lock(&o->lock);
    bool waits = o->next_turn - o->turn > (s->has_turn ? 1u : 0u);
    pthread_mutex_unlock(&o->lock);
    return waits;
}

/* --- errors ----------------------------------------------------------------------------------- */
static void note_rc(struct store *s, int rc)
{
    if (s->rc != SQLITE_OK || rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
        return;
    s->rc = rc;
    s->errnum = s->sql ? sqlite3_system_errno(s->sql) : 0;
    /* SQLite tries several ways to open a file, and the reason of the first is lost. */
    bool vague = (rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CANTOPEN;
    int room = vague && s->mode != STORE_READ_ONLY ? file_try_room(s->path) : 0;
    if (errno_is_full(room))
        s->errnum = room;
    /* After a failed fsync the kernel may have dropped the pages: all is written anew. */
    if ((rc & 0xff) == SQLITE_IOERR)
        s->reopen = true;
}

void db_nomem(struct store *s)
{
    note_rc(s, SQLITE_NOMEM);
}

void db_damaged(struct store *s)
{
    note_rc(s, SQLITE_CORRUPT);
}

enum status db_status(struct store *s, struct errmsg *err)
{
    int rc = s->rc, e = s->errnum;
    switch (rc & 0xff) {
    case SQLITE_OK:
        return ST_OK;
    case SQLITE_NOMEM:
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    case SQLITE_IOERR:
        if (!errno_is_full(e))
            return fail(err, ST_IO,
                        _("Not saved: the disk reports an error (%s). What was saved before is "
                          "kept; try again, then look at the disk of %s."),
                        e ? strerror(e) : sqlite3_errstr(rc), s->folder);
        __attribute__((fallthrough));
    case SQLITE_FULL:
        return fail(err, ST_FULL,
                    _("Not saved: the disk is full. What was saved before is kept, and so is the "
                      "text in the editor. Make room in %s and save again."),
                    s->folder);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        if (errno_is_full(e))
            return fail(err, ST_FULL, _("Not saved: the disk is full. Make room in %s."),
                        s->folder);
        return fail(err, ST_IO,
                    _("Not saved: %s cannot be opened for writing. What was saved before is kept."),
                    s->path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(err, ST_BUSY, _("The cache is in use. Nothing was changed; try again."));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fail(err, ST_CORRUPT,
                    _("%s is damaged or not a cache of jiban. Nothing was changed. Move it away "
                      "to start afresh; drafts and unsent work stand in it."),
                    s->path);
    case SQLITE_TOOBIG:
        return fail(err, ST_TOOBIG, _("Not saved: the text is too long."));
    case SQLITE_CONSTRAINT:
        return fail(err, ST_EXISTS, _("Not saved: it is there already."));
    default:
        return fail(err, ST_IO, _("Not saved: the cache reports an error (%s)."),
                    sqlite3_errstr(rc));
    }
}

/* --- statements ------------------------------------------------------------------------------- */
static void statements_end(struct store *s)
{
    for (int i = 0; i < s->n_statements; i++) {
        sqlite3_finalize(s->statement[i].stmt);
        free(s->statement[i].own);
    }
    s->n_statements = s->next_statement = 0;
}

struct sqlite3_stmt *db_prepared(struct store *s, const char *sql, bool literal)
{
    if (s->rc != SQLITE_OK)
        return NULL;
    for (int i = 0; i < s->n_statements; i++) {
        const struct db_statement *p = &s->statement[i];
        if (literal ? p->sql == sql : p->own && strcmp(p->own, sql) == 0)
            return p->stmt;
    }
    struct db_statement made = {.sql = literal ? sql : NULL};
    if (!literal && !(made.own = strdup(sql))) {
        note_rc(s, SQLITE_NOMEM);
        return NULL;
    }
    int rc = sqlite3_prepare_v3(s->sql, sql, -1, SQLITE_PREPARE_PERSISTENT, &made.stmt, NULL);
    if (rc != SQLITE_OK) {
        note_rc(s, rc);
        free(made.own);
        return NULL;
    }
    int at = s->n_statements;
    if (at < DB_STATEMENTS) {
        s->n_statements++;
    } else {
        /* Full: the next one in turn that nobody is stepping through makes room. */
        do
            at = s->next_statement = (s->next_statement + 1) % DB_STATEMENTS;
        while (sqlite3_stmt_busy(s->statement[at].stmt));
        sqlite3_finalize(s->statement[at].stmt);
        free(s->statement[at].own);
    }
    s->statement[at] = made;
    return made.stmt;
}

static void bind_all(struct store *s, sqlite3_stmt *q, const char *format, va_list ap)
{
    int rc = SQLITE_OK;
    for (int i = 1; *format && rc == SQLITE_OK; format++, i++) {
        switch (*format) {
        case 'i':
            rc = sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
            break;
        case 't': {
            const char *text = va_arg(ap, const char *);
            rc = sqlite3_bind_text(q, i, text ? text : "", -1, SQLITE_STATIC);
            break;
        }
        case 's': { /* text and its length */
            const char *text = va_arg(ap, const char *);
            rc = sqlite3_bind_text64(q, i, text, va_arg(ap, size_t), SQLITE_STATIC, SQLITE_UTF8);
            break;
        }
        case 'b': {
            const void *data = va_arg(ap, const void *);
            rc = sqlite3_bind_blob64(q, i, data, va_arg(ap, size_t), SQLITE_STATIC);
            break;
        }
        case 'u':
            rc = sqlite3_bind_blob(q, i, va_arg(ap, const struct uuid *)->byte, 16, SQLITE_STATIC);
            break;
        default:
            assert(false && "unknown letter");
        }
    }
    note_rc(s, rc);
}

struct sqlite3_stmt *db_query(struct store *s, const char *sql, const char *format, ...)
{
    sqlite3_stmt *q = db_prepared(s, sql, true);
    if (!q)
        return NULL;
    va_list ap;
    va_start(ap, format);
    bind_all(s, q, format, ap);
    va_end(ap);
    return s->rc == SQLITE_OK ? q : NULL;
}

bool db_step(struct store *s, struct sqlite3_stmt *q)
{
    if (!q || s->rc != SQLITE_OK)
        return false;
    int rc = sqlite3_step(q);
    if (rc == SQLITE_ROW)
        return true;
    note_rc(s, rc);
    db_done(q);
    return false;
}

void db_done(struct sqlite3_stmt *q)
{
    if (!q)
        return;
    sqlite3_reset(q);
    sqlite3_clear_bindings(q);
}

void db_run(struct store *s, const char *sql, const char *format, ...)
{
    sqlite3_stmt *q = db_prepared(s, sql, true);
    if (!q)
        return;
    va_list ap;
    va_start(ap, format);
    bind_all(s, q, format, ap);
    va_end(ap);
    while (db_step(s, q))
        ;
    db_done(q);
}

int64_t db_int(struct store *s, const char *sql, const char *format, ...)
{
    sqlite3_stmt *q = db_prepared(s, sql, true);
    if (!q)
        return 0;
    va_list ap;
    va_start(ap, format);
    bind_all(s, q, format, ap);
    va_end(ap);
    int64_t n = 0;
    if (db_step(s, q))
        n = sqlite3_column_int64(q, 0);
    db_done(q);
    return n;
}

int64_t db_column_int(struct sqlite3_stmt *q, int i)
{
    return sqlite3_column_int64(q, i);
}

const char *db_column_peek(struct sqlite3_stmt *q, int i, size_t *ret_len)
{
    const char *text = (const char *)sqlite3_column_text(q, i);
    *ret_len = (size_t)sqlite3_column_bytes(q, i);
    return text ? text : "";
}

const char *db_column_text(struct sqlite3_stmt *q, int i, struct arena *a)
{
    size_t n;
    const char *text = db_column_peek(q, i, &n);
    return arena_strndup(a, text, n);
}

struct uuid db_column_uuid(struct sqlite3_stmt *q, int i)
{
    struct uuid id = {{0}};
    const void *data = sqlite3_column_blob(q, i);
    if (data && sqlite3_column_bytes(q, i) == 16)
        memcpy(id.byte, data, 16);
    return id;
}

void db_bind_int(struct sqlite3_stmt *q, int i, int64_t value)
{
    sqlite3_bind_int64(q, i, value);
}

void db_bind_text(struct sqlite3_stmt *q, int i, const char *text)
{
    sqlite3_bind_text(q, i, text, -1, SQLITE_TRANSIENT);
}

void db_bind_uuid(struct sqlite3_stmt *q, int i, const struct uuid *id)
{
    sqlite3_bind_blob(q, i, id->byte, (int)sizeof id->byte, SQLITE_TRANSIENT);
}

int64_t db_last_row(struct store *s)
{
    return sqlite3_last_insert_rowid(s->sql);
}

/* --- opening ---------------------------------------------------------------------------------- */
static int busy(void *user, int tries)
{
    const struct store *s = user;
    struct timespec ms = {.tv_nsec = 1000000};
    nanosleep(&ms, NULL);
    return tries < (s->checkpointing ? RESTART_TRIES : BUSY_TRIES);
}

static int committed(void *user, sqlite3 *sql, const char *name, int pages)
{
    (void)sql;
    (void)name;
    ((struct store *)user)->wal_pages = pages;
    return SQLITE_OK;
}

/* Sets a PRAGMA and reads it back. */
static bool pragma(struct store *s, const char *name, const char *value, const char *expected)
{
    char sql[128];
    sqlite3_stmt *q = NULL;
    bool ok = true;
    for (int pass = 0; pass < 2 && s->rc == SQLITE_OK; pass++) {
        snprintf(sql, sizeof sql, pass ? "PRAGMA %s" : "PRAGMA %s=%s", name, value);
        int rc = sqlite3_prepare_v2(s->sql, sql, -1, &q, NULL);
        if (rc == SQLITE_OK)
            rc = sqlite3_step(q);
        if (pass && rc == SQLITE_ROW)
            ok = strcmp((const char *)sqlite3_column_text(q, 0), expected) == 0;
        note_rc(s, rc);
        note_rc(s, sqlite3_finalize(q));
    }
    if (!ok)
        note_rc(s, SQLITE_MISUSE);
    return ok && s->rc == SQLITE_OK;
}

static int64_t pragma_int(struct store *s, const char *sql)
{
    sqlite3_stmt *q = NULL;
    int64_t n = 0;
    if (s->rc != SQLITE_OK)
        return 0;
    int rc = sqlite3_prepare_v2(s->sql, sql, -1, &q, NULL);
    if (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW)
        n = sqlite3_column_int64(q, 0);
    note_rc(s, rc);
    note_rc(s, sqlite3_finalize(q));
    return n;
}

static void exec(struct store *s, const char *sql)
{
    if (s->rc == SQLITE_OK)
        note_rc(s, sqlite3_exec(s->sql, sql, NULL, NULL, NULL));
}

/* In a new file each page keeps room at its end, and nothing of it goes into a journal. */
static void leave_room_for_seal(struct store *s)
{
    int reserve = SEAL_RESERVE;
    if (pragma_int(s, "PRAGMA page_count") == 0)
        note_rc(s, sqlite3_file_control(s->sql, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve));
    if (pragma_int(s, "SELECT journal_mode <> 'wal' FROM pragma_journal_mode"))
        pragma(s, "journal_mode", "MEMORY", "memory");
}

/* A new file gets all tables; one of an older version those anew that come again. In one transaction: whatever happens, the
 * next one finds the old file or the new. */
static enum status make_tables(struct store *s, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    int64_t version = pragma_int(s, "PRAGMA user_version");
    if (version < SCHEMA_VERSION) {
        enum { OUTBOX_AS_NOW = 3 };
        char tail[96];
        if (version > 0 && version < OUTBOX_AS_NOW)
            exec(s, schema_outbox_sql);
        exec(s, version > 0 ? schema_renew_sql : schema_kept_sql);
        exec(s, schema_anew_sql);
        snprintf(tail, sizeof tail, "PRAGMA application_id=%d; PRAGMA user_version=%d",
                 SCHEMA_APPLICATION, SCHEMA_VERSION);
        exec(s, tail);
    }
    return db_write_end(s, err);
}

enum status db_open(struct store *s, struct errmsg *err)
{
    s->rc = SQLITE_OK;
    s->errnum = 0;
    s->reopen = s->unsynced = false;
    bool write = s->mode != STORE_READ_ONLY;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
    struct stat sb;
    if (s->mode == STORE_OWNER) {
        /* Made here, so that no umask lets others read; -wal and -shm take its mode. */
        int fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return fail(err, errno_is_full(errno) ? ST_FULL : ST_IO,
                        _("The cache cannot be opened: %s: %s"), s->path, strerror(errno));
        close(fd);
    } else if (stat(s->path, &sb) != 0) {
        return fail(err, errno == ENOENT ? ST_NOT_FOUND : ST_IO, _("There is no cache in %s: %s"),
                    s->folder, strerror(errno));
    } else if (S_ISDIR(sb.st_mode)) {
        return fail(err, ST_IO, _("The cache cannot be opened: %s: %s"), s->path, strerror(EISDIR));
    }
    bool sealed = store_sealed(s->folder);
    if (sealed && !store_unlocked(s->folder))
        return fail(err, ST_UNAUTHORIZED,
                    _("The cache in %s is sealed: it opens with your password only."), s->folder);
    note_rc(s, sqlite3_open_v2(s->path, &s->sql, flags, seal_vfs()));
    if (!s->sql || s->rc != SQLITE_OK)
        return db_status(s, err);
    sqlite3_db_config(s->sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(s->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(s->sql, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_busy_handler(s->sql, busy, s);
    /* First look, then touch: nothing may be written to a file that is not ours. */
    pragma(s, "wal_autocheckpoint", "0", "0");
    int64_t version = pragma_int(s, "PRAGMA user_version");
    int64_t application = pragma_int(s, "PRAGMA application_id");
    int64_t tables = pragma_int(s, "SELECT count(*) FROM sqlite_schema");
    if (s->rc != SQLITE_OK)
        return db_status(s, err);
    if (application != SCHEMA_APPLICATION && (tables > 0 || version > 0))
        return fail(err, ST_CORRUPT, _("%s is not a cache of jiban. Nothing was changed."),
                    s->path);
    if (version > SCHEMA_VERSION)
        return fail(err, ST_UNSUPPORTED,
                    _("%s was made by a newer jiban. Nothing was changed; use that version."),
                    s->path);
    if (tables == 0 && !write)
        return fail(err, ST_NOT_FOUND, _("There is no cache in %s yet."), s->folder);
    if (tables > 0 && version < SCHEMA_VERSION && !write)
        return fail(err, ST_UNSUPPORTED,
                    _("%s was made by an older jiban. Nothing was changed; start jiban once, and "
                      "it is renewed."),
                    s->path);
    bool ok = pragma(s, "foreign_keys", "ON", "1") && pragma(s, "trusted_schema", "OFF", "0") &&
              pragma(s, "cell_size_check", "ON", "1") && pragma(s, "temp_store", "MEMORY", "2") &&
              pragma(s, "cache_size", "-2048", "-2048") && pragma(s, "cache_spill", "OFF", "0");
    if (ok && write) {
        if (sealed)
            leave_room_for_seal(s);
        exec(s, "PRAGMA page_size=4096");
        ok = pragma(s, "journal_mode", "WAL", "wal") &&
#if SABOTAGE == 1
             /* Damage: commits do not reach the disk. */
             pragma(s, "synchronous", "OFF", "0") &&
#else
             pragma(s, "synchronous", "FULL", "2") &&
#endif
             pragma(s, "secure_delete", "ON", "1") &&
             pragma(s, "journal_size_limit", "8388608", "8388608");
        sqlite3_wal_hook(s->sql, committed, s);
    }
    if (!ok)
        return db_status(s, err);
    enum status st = search_open(s, err);
    return st != ST_OK || version == SCHEMA_VERSION ? st : make_tables(s, err);
}

/* A commit whose fsync failed lies in the WAL, whole, and the next connection would find it: what was
 * said not to be saved would come back. The old connection knows better and writes over it. */
static int overwrite_failed(struct store *s)
{
    if (!s->sql || !s->reopen || s->mode == STORE_READ_ONLY)
        return SQLITE_OK;
    wal_enter(true);
    int rc = sqlite3_exec(s->sql,
                          "BEGIN IMMEDIATE;"
                          "INSERT OR REPLACE INTO meta(key, value) VALUES('disk_error', '1');"
                          "DELETE FROM meta WHERE key = 'disk_error'; COMMIT",
                          NULL, NULL, NULL);
    wal_leave(true);
    if (!sqlite3_get_autocommit(s->sql))
        sqlite3_exec(s->sql, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

void db_close(struct store *s)
{
    statements_end(s);
    sqlite3_close_v2(s->sql);
    s->sql = NULL;
}

enum status store_open(const char *folder, enum store_mode mode, const struct clock *clock,
                       struct store **ret, struct errmsg *err)
{
    struct store *s = calloc(1, sizeof *s);
    size_t n = strlen(folder) + sizeof "/cache.db";
    if (!s || !(s->folder = strdup(folder)) || !(s->path = malloc(n))) {
        if (s)
            free(s->folder);
        free(s);
        return fail(err, ST_NOMEM, _("Out of memory."));
    }
    snprintf(s->path, n, "%s/cache.db", folder);
    s->mode = mode;
    s->clock = clock;
    s->limits = list_limits;
    arena_init(&s->scratch, 0);
    arena_init(&s->viewer_texts, 0);
    enum status st = mode == STORE_OWNER ? path_make_private(folder, err) : ST_OK;
    if (st == ST_OK)
        st = store_files_check(folder, err);
    if (st == ST_OK && mode != STORE_READ_ONLY)
        st = owner_take(s, err);
    if (st == ST_OK && mode == STORE_OWNER)
        st = store_seal_tidy(folder, err);
    if (st == ST_OK)
        st = db_open(s, err);
    if (st == ST_OK) {
        *ret = s;
        return ST_OK;
    }
    db_close(s);
    owner_leave(s);
    arena_release(&s->scratch);
    arena_release(&s->viewer_texts);
    free(s->path);
    free(s->folder);
    free(s);
    return st;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    if (s->depth > 0)
        db_rollback(s);
    overwrite_failed(s);
    if (s->sql && s->mode != STORE_READ_ONLY && owner_last(s))
        db_checkpoint(s, NULL); /* all is safe in the WAL without it */
    db_close(s);
    owner_leave(s);
    arena_release(&s->scratch);
    arena_release(&s->viewer_texts);
#if SABOTAGE == 8
    if (s->held.data)
        buf_release(&s->held);
#endif
    free(s->path);
    free(s->folder);
    free(s);
}

void store_set_context(struct store *s, const struct policy *policy,
                       const struct calendar *calendar, const struct reference *reference,
                       const struct actor *actor)
{
    s->policy = policy;
    s->calendar = calendar;
    s->reference = reference;
    s->actor = actor;
}

/* --- transactions ----------------------------------------------------------------------------- */
/* After an error of the disk: a new connection. */
static enum status start_anew(struct store *s, struct errmsg *err)
{
    note_rc(s, overwrite_failed(s));
    enum status st = db_status(s, err);
    if (st != ST_OK)
        return st;
    db_close(s);
    st = db_open(s, err);
    if (st != ST_OK)
        s->reopen = true;
    return st;
}

static enum status begin(struct store *s, bool write, struct errmsg *err)
{
    if (s->depth > 0) {
        s->depth++;
        return ST_OK;
    }
    s->rc = SQLITE_OK;
    s->errnum = 0;
    if (s->reopen && (write || !s->sql || s->mode == STORE_READ_ONLY)) {
        enum status st = start_anew(s, err);
        if (st != ST_OK)
            return st;
    }
    s->writing = write;
    memset(s->count_change, 0, sizeof s->count_change);
    s->n_days = 0;
    if (write) {
        turn_take(s);
        if (s->lazy != s->unsynced)
            exec(s, s->lazy ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL");
        s->unsynced = s->lazy && s->rc == SQLITE_OK;
        db_run(s, "BEGIN IMMEDIATE", "");
    } else {
        db_run(s, "BEGIN", "");
    }
    enum status st = db_status(s, err);
    if (st == ST_OK)
        s->depth = 1;
    else
        db_rollback(s);
    return st;
}

enum status db_write_begin(struct store *s, struct errmsg *err)
{
    if (s->mode == STORE_READ_ONLY)
        return fail(err, ST_DENIED, _("The cache is open read-only. Nothing was changed."));
    return begin(s, true, err);
}

enum status db_read_begin(struct store *s, struct errmsg *err)
{
    return begin(s, false, err);
}

static void end(struct store *s)
{
    s->depth = 0;
    s->in_changes = false;
    /* Also when SQLite has rolled back by itself; then there is nothing left to do. */
    if (s->sql && !sqlite3_get_autocommit(s->sql))
        sqlite3_exec(s->sql, "ROLLBACK", NULL, NULL, NULL);
}

void db_rollback(struct store *s)
{
    end(s);
    turn_give(s);
}

static void checkpoint_when_due(struct store *s)
{
    if (s->wal_pages < WAL_CHECKPOINT_PAGES ||
        (s->wal_pages < WAL_PATIENT_PAGES && store_writer_waits(s)))
        return;
    int rc = s->rc, errnum = s->errnum;
    db_checkpoint(s, NULL); /* tried again after the next commit */
    s->rc = rc;
    s->errnum = errnum;
}

void db_write_days(struct store *s)
{
    for (int i = 0; i < s->n_days; i++)
        if (s->day_change[i].n)
            db_run(s,
                   "INSERT INTO due_days(day, n) VALUES(?, ?)"
                   " ON CONFLICT(day) DO UPDATE SET n = n + excluded.n",
                   "ii", s->day_change[i].day, s->day_change[i].n);
    s->n_days = 0;
}

enum status db_write_end(struct store *s, struct errmsg *err)
{
    if (s->depth > 1) {
        s->depth--;
        return db_status(s, err);
    }
    for (int i = 0; i < VIEW_COUNT; i++)
        if (s->count_change[i])
            db_run(s,
                   "INSERT INTO counts(view, n) VALUES(?, ?)"
                   " ON CONFLICT(view) DO UPDATE SET n = n + excluded.n",
                   "ii", (int64_t)i, s->count_change[i]);
    db_write_days(s);
    if (s->rc == SQLITE_OK) {
        wal_enter(true);
        db_run(s, "COMMIT", "");
        wal_leave(true);
    }
    enum status st = db_status(s, err);
#if SABOTAGE == 12
    s->depth = 0; /* Damage: the transaction stays open. */
#else
    /* A failed COMMIT leaves the transaction open. */
    end(s);
#endif
    if (st == ST_OK)
        checkpoint_when_due(s);
    turn_give(s);
    return st;
}

enum status db_read_end(struct store *s, struct errmsg *err)
{
    if (s->depth > 1) {
        s->depth--;
        return db_status(s, err);
    }
    enum status st = db_status(s, err);
    if (st == ST_OK)
        db_run(s, "END", "");
    db_rollback(s);
    return st;
}

enum status db_checkpoint(struct store *s, struct errmsg *err)
{
    int in_wal = 0, copied = 0;
    if (s->mode == STORE_READ_ONLY)
        return fail(err, ST_DENIED, _("The cache is open read-only. Nothing was changed."));
    if (!s->sql)
        return fail(err, ST_IO, _("The cache is closed after an error of the disk."));
    bool lock = true, turn = !s->has_turn;
#if SABOTAGE == 14
    lock = turn = false; /* Damage: a checkpoint may run beside a commit. */
#endif
    /* In turn with the writers: a restart waits for whoever writes, and that one would wait here to
     * commit. */
    if (turn)
        turn_take(s);
    checkpointing(s, s->wal_pages < WAL_PATIENT_PAGES ? s->sql : NULL);
    s->checkpointing = true;
    wal_enter(lock);
    int rc = sqlite3_wal_checkpoint_v2(s->sql, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
    if (rc == SQLITE_OK && in_wal > WAL_RESTART_PAGES) {
        /* A reader held the end of the WAL: wait for it, else the WAL grows on. */
        rc = sqlite3_wal_checkpoint_v2(s->sql, NULL, SQLITE_CHECKPOINT_RESTART, &in_wal, &copied);
    }
    wal_leave(lock);
    s->checkpointing = false;
    checkpointing(s, NULL);
    if (turn)
        turn_give(s);
    if (rc == SQLITE_BUSY || rc == SQLITE_INTERRUPT)
        return ST_OK; /* as far as it went; the next one goes on */
    s->rc = SQLITE_OK;
    note_rc(s, rc);
    return db_status(s, err);
}

enum status db_checkpoint_whole(struct store *s, struct errmsg *err)
{
    turn_take(s);
    wal_enter(true);
    s->rc = SQLITE_OK;
    note_rc(s, sqlite3_wal_checkpoint_v2(s->sql, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL));
    wal_leave(true);
    turn_give(s);
    return db_status(s, err);
}
