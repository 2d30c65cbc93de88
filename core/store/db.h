/*
 * db.h: the store's own way to SQLite (inside core/store only).
 *
 * Purpose: one connection, its prepared statements, its transactions and the rule of commit and
 *          checkpoint. SQL stands where it is used, as a literal; it is prepared once.
 * Errors: sticky in store.rc within a transaction: after the first error the other calls do
 *         nothing, and the end of the transaction rolls back and reports it.
 * Threads: a struct store belongs to one thread; commit and checkpoint share one process-wide lock.
 */
#ifndef JIBAN_STORE_DB_H
#define JIBAN_STORE_DB_H

#include "core/store/views.h"

#ifndef SABOTAGE
#define SABOTAGE 0
#endif

struct sqlite3;
struct sqlite3_stmt;
struct owner;

enum { DB_STATEMENTS = 96 };
struct db_statement {
    const char *sql; /* a literal, compared by address; or own */
    char *own;       /* copy of a text that was put together, compared by content */
    struct sqlite3_stmt *stmt;
};

/* Up to where a list is read whole; beyond, its rows are looked for along an index (page.c). Tests make them small. */
struct list_limits {
    int64_t
        table_least; /* a view that is this long at most is read row by row rather than the table */
    int64_t sort_most;  /* so many rows of a view are sorted rather than an index walked */
    int64_t near_rows;  /* so many are tried along the places first */
    int64_t match_most; /* so many cases that the full-text index names are read and sorted */
    int64_t
        group_most; /* so many rows of a view are sorted into groups rather than an index walked */
    int64_t count_most; /* so many entries of it are counted for the lines of a page */
};
extern const struct list_limits list_limits;

enum { DB_DAYS = 32 };
struct store {
    struct sqlite3 *sql;
    char *folder, *path;
    enum store_mode mode;
    const struct clock *clock;
    struct owner *owner;
    int rc;     /* first error of the running transaction, an SQLite code */
    int errnum; /* errno behind it */
    int depth;  /* of transactions; only the outermost begins and ends */
    bool writing, in_changes, reopen;
    bool has_turn, checkpointing;
    bool lazy, unsynced; /* the next commit need not be synced; the connection does not sync */
    int wal_pages;       /* as the last commit left it */
    struct db_statement statement[DB_STATEMENTS];
    int n_statements, next_statement;
    const struct policy *policy;
    const struct calendar *calendar;
    const struct reference *reference;
    const struct actor *actor;
    struct actor viewer; /* for whom rows are made, as the cache knows it */
    struct arena viewer_texts;
    struct arena scratch;             /* for one record */
    int64_t count_change[VIEW_COUNT]; /* written with the commit, */
    struct {
        int64_t day, n;
    } day_change[DB_DAYS]; /* and so are these, or when there are as many */
    int n_days;
    int64_t generation; /* of the running batch */
    int64_t past_ms;    /* the same: what was finished before is not kept */
    struct list_limits limits;
    bool indexing, any_marks; /* of the running batch */
#if SABOTAGE == 8
    struct buf held; /* records that wait behind their cursor */
#endif
};

/* Transactions. Nested ones join the outer one. */
enum status db_write_begin(struct store *s, struct errmsg *err);
enum status db_write_end(struct store *s, struct errmsg *err); /* commit, or roll back on error */
void db_rollback(struct store *s);
enum status db_read_begin(struct store *s, struct errmsg *err);
enum status db_read_end(struct store *s, struct errmsg *err);
/* The status of store.rc with its sentences. */
enum status db_status(struct store *s, struct errmsg *err);

/* A bound statement; NULL after an error. Format: i int64_t, t text, b data and size_t, u uuid.
 * kept: sql is a literal (else it is copied). */
struct sqlite3_stmt *db_query(struct store *s, const char *sql, const char *format, ...);
struct sqlite3_stmt *db_prepared(struct store *s, const char *sql, bool literal);
bool db_step(struct store *s, struct sqlite3_stmt *q); /* a row? resets at the end and on error */
void db_done(struct sqlite3_stmt *q);                  /* ends a query early */
void db_run(struct store *s, const char *sql, const char *format, ...);
int64_t db_int(struct store *s, const char *sql, const char *format, ...); /* 0 when no row */
int64_t db_column_int(struct sqlite3_stmt *q, int i);
const char *db_column_text(struct sqlite3_stmt *q, int i, struct arena *a);
const char *db_column_peek(struct sqlite3_stmt *q, int i,
                           size_t *ret_len); /* until the next step */
struct uuid db_column_uuid(struct sqlite3_stmt *q, int i);
void db_bind_int(struct sqlite3_stmt *q, int i, int64_t value);
void db_bind_text(struct sqlite3_stmt *q, int i, const char *text);
void db_bind_uuid(struct sqlite3_stmt *q, int i, const struct uuid *id);
int64_t db_last_row(struct store *s);
enum status db_checkpoint(struct store *s, struct errmsg *err);
/* All of the WAL into the file, and the WAL is empty then. ST_BUSY: somebody reads it. */
enum status db_checkpoint_whole(struct store *s, struct errmsg *err);
/* The connection of a handle, which stays owner of the folder in between (seal.c puts another file in place). */
enum status db_open(struct store *s, struct errmsg *err);
void db_close(struct store *s);
/* An arena ran out of memory: the transaction must not commit. */
void db_nomem(struct store *s);
/* Writes what has changed of the cases due each day; the commit does it. */
void db_write_days(struct store *s);
void db_damaged(struct store *s); /* what is stored cannot be read */

/* schema.c */
enum { SCHEMA_VERSION = 5, SCHEMA_APPLICATION = 0x4A42414E };
extern const char schema_kept_sql[], schema_anew_sql[], schema_outbox_sql[], schema_renew_sql[];

/* rows.c */
struct row_flags {
    int64_t unsent;
    bool draft, conflict;
};
/* What the cache has of a row, as far as its places in the views go by it. row 0: nothing. */
struct row_place {
    int64_t row, views, due, created;
};
void store_read_flags(struct store *s, const struct uuid *id, struct row_flags *f);
/* Writes what a list shows and returns the row. before: what there is of it. */
int64_t store_write_row(struct store *s, const struct row_place *before, const struct casefile *c,
                        uint32_t version, const struct row_flags *f);
/* Takes the row out of its old places and puts it into the new ones; what stays the same is not touched. */
void store_move_row(struct store *s, const struct row_place *from, const struct row_place *to);
/* Reads for whom rows are made (within a transaction). */
void store_read_viewer(struct store *s);
enum role store_viewer_role(struct store *s);

/* cases.c */
/* Folds a log, one event a line, onto an empty case; events of it into the arena. Sticky errors. */
struct folded_log {
    struct casefile c;
    const struct event *events;
    size_t n;
};
void store_fold_log(struct store *s, const struct uuid *id, const char *log, size_t len,
                    struct arena *a, struct folded_log *ret);
/* Takes the case out of the cache with all that was made of it; what a person did on it stays. */
void store_remove_case(struct store *s, const struct row_place *p);
/* Makes all rows anew, for another person or role. */
void store_reproject_all(struct store *s);
/* Folds log and outbox of the case again and writes its row. No row: nothing. */
void store_reproject(struct store *s, const struct uuid *id);

/* outbox.c: tells a test, outside of this process, what was promised (test hooks only). */
void store_acknowledge(const char *kind, const struct uuid *id, const struct buf *text);

/* outbox.c: commands that wait for their time, or behind one that does. */
int64_t outbox_waiting(struct store *s);

/* drafts.c: behind the last one of the case and command; 0 when there is none. Within a transaction. */
int draft_free_slot(struct store *s, const struct uuid *case_id, enum command_type type);
/* drafts.c: puts a draft in (the transaction is the caller's); text receives what is stored. */
enum status store_draft_write(struct store *s, const struct draft *d, struct buf *text,
                              struct errmsg *err);

#endif
