/*
 * audit_verify.h: is the audit log whole? And what does it say?
 *
 * Needs the key of the chain beside the store; the public key beside it too, unless another is named.
 * Errors: ST_CORRUPT names the first entry that is bad; where only a checkpoint disagrees, the entries
 *         between which the first bad one lies. ST_INVALID, ST_NOT_FOUND: a file that was named.
 * Threads: those of db.
 */
#ifndef JIBAN_SERVER_AUDIT_VERIFY_H
#define JIBAN_SERVER_AUDIT_VERIFY_H

#include "server/audit.h"

struct audit_report {
    int64_t entries, checkpoints; /* checkpoints: of the store and of the file */
};
/* public_key, checkpoints: files, or NULL. The second is NDJSON as a server writes and serves it. */
enum status audit_verify(struct db *db, const char *public_key, const char *checkpoints,
                         struct audit_report *ret, struct errmsg *err);

struct audit_filter {
    const char *object, *user; /* NULL: all; user: as actor or as object */
    int64_t since_ms;
};
enum status audit_list(struct db *db, const struct audit_filter *filter,
                       void (*row)(void *self, const struct audit_row *row), void *self,
                       struct errmsg *err);
/* One line without its end; not cleaned. */
void audit_row_print(struct buf *out, const struct audit_row *row, bool json);

#endif
