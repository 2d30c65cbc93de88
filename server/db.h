/*
 * db.h: the server's store behind a thin driver: one set of SQL (sql.def) for every database.
 *
 * Ownership: a struct db belongs to one thread; statements belong to the db and live as long.
 * Errors: statements are sticky: after a failed bind or step, database_status tells the first error.
 * SQLite: WAL, synchronous=FULL, automatic checkpoints off; database_checkpoint runs under the same process-wide
 * lock as every commit (3.40.1 has the WAL-reset bug).
 */
#ifndef JIBAN_SERVER_DB_H
#define JIBAN_SERVER_DB_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sql {
#define SQL(id, text) SQL_##id,
#include "server/sql.def"
#undef SQL
    SQL_COUNT
};

struct db;
struct stmt;

enum db_mode { DB_CREATE, DB_WRITE, DB_READ };

/* url: sqlite:PATH. DB_CREATE: ST_EXISTS when there is one already. */
enum status database_open(const char *url, enum db_mode mode, struct db **ret, struct errmsg *err);
void database_close(struct db *db);
void database_discard(struct db *db); /* closes it and removes its files: it could not be filled */
const char *database_path(const struct db *db); /* of the SQLite file, for the epoch's side file */

enum status database_begin(struct db *db, bool write, struct errmsg *err);
enum status database_commit(struct db *db, struct errmsg *err); /* rolls back when it fails */
void database_rollback(struct db *db);
enum status database_savepoint(struct db *db, struct errmsg *err);
enum status database_savepoint_release(struct db *db, struct errmsg *err);
void database_savepoint_rollback(struct db *db);
enum status database_checkpoint(struct db *db, struct errmsg *err);

struct stmt *database_stmt(struct db *db, enum sql id); /* reset and cleared */
void stmt_int(struct stmt *s, int i, int64_t value);
void stmt_text(struct stmt *s, int i, const char *text);
void stmt_blob(struct stmt *s, int i, const void *data, size_t n);
bool stmt_row(struct stmt *s);                            /* true: a row is there */
enum status stmt_run(struct stmt *s, struct errmsg *err); /* no rows wanted */
int64_t stmt_get_int(struct stmt *s, int column);
bool stmt_is_null(struct stmt *s, int column);
const char *stmt_get_text(struct stmt *s, int column,
                          size_t *ret_n); /* "" for NULL; valid until the next step */
const void *stmt_get_blob(struct stmt *s, int column, size_t *ret_n);
void stmt_done(struct stmt *s); /* gives back locks of a select that was not read to its end */
int64_t database_last_row(struct db *db);
/* First error since the last call; clears it. */
enum status database_status(struct db *db, struct errmsg *err);

#endif
