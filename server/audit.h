/*
 * audit.h: the audit log: who did what to what, as a chain that nobody can change unseen.
 *
 * Purpose: each entry bears a keyed hash (BLAKE2b) over its fields and the hash of the entry before it.
 *          The head row seals the newest number, so that a missing end is seen. Every 1,000 entries and
 *          every hour a checkpoint (number, hash, time) is signed (Ed25519); copies of checkpoints are
 *          kept elsewhere. doc/design/audit.md tells what that is good for.
 * No personal data: an object is a number, a user or the name of a document; details are hashed.
 * Keys: files beside the store, made with it: PATH.audit-key (chain), PATH.audit-sign (secret, signs),
 *       PATH.audit-public (to be kept elsewhere). In hexadecimal, one line.
 * Ownership: a struct audit belongs to its db and its thread; audit_close wipes the keys.
 * Errors: ST_CORRUPT: the log was tampered with, nothing is added to it; ST_NOT_FOUND, ST_DENIED: a key is
 *         missing or open to others.
 */
#ifndef JIBAN_SERVER_AUDIT_H
#define JIBAN_SERVER_AUDIT_H

#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/case/casefile.h"
#include "core/wire/codec.h"
#include "server/db.h"

enum {
    AUDIT_HASH = 32,              /* bytes */
    AUDIT_EVERY = 1000,           /* entries from checkpoint to checkpoint */
    AUDIT_EVERY_MS = MS_HOUR,     /* and the time, while a server runs */
    AUDIT_CHECKPOINTS_MOST = 1000 /* in one answer: the newest ones */
};

enum audit_action {
#define AUDIT(id, word, object) AUDIT_##id,
#include "server/audit.def"
#undef AUDIT
    AUDIT_ACTIONS
};
extern const char *const audit_words[AUDIT_ACTIONS];

struct audit;

struct audit_entry {
    const struct actor *who; /* NULL: whoever runs the program, by the number of the account */
    const char *action;      /* word of a command or of audit_words */
    const char *object;
    const void *detail; /* hashed with the key of the chain; n 0: none */
    size_t detail_n;
};

/* The first entry and the keys; those that are there from an earlier store of this path are taken.
 * In the transaction that makes the store. *ret_made: keys were made (audit_forget_keys undoes it). */
enum status audit_create(struct db *db, const struct clock *clock, const struct random *random,
                         bool *ret_made, struct audit **ret, struct errmsg *err);
void audit_forget_keys(const char *path);
enum status audit_open(struct db *db, const struct clock *clock, struct audit **ret,
                       struct errmsg *err);
void audit_close(struct audit *a);

/* A key of its own for another use, derived from that of the log: what: whose. */
void audit_derive_key(const struct audit *a, const char *what, unsigned char out[AUDIT_HASH]);

/* In the transaction of what it records. */
enum status audit_add(struct audit *a, const struct audit_entry *e, struct errmsg *err);
/* Between these two, in one transaction without savepoints, entries do not touch the head row: for bulk. */
enum status audit_hold(struct audit *a, struct errmsg *err);
enum status audit_unhold(struct audit *a, struct errmsg *err);
/* The same as audit_add for tools that add few: opens the keys for this entry alone. */
enum status audit_note(struct db *db, enum audit_action action, const char *object,
                       const void *detail, size_t n, struct errmsg *err);
/* In a transaction: a checkpoint of the newest entry when it has none and the newest checkpoint is
 * at least age_ms old. */
enum status audit_seal(struct audit *a, int64_t age_ms, struct errmsg *err);

/* Checkpoints after a number, NDJSON, oldest first; of many the newest limit. */
enum status audit_checkpoints(struct db *db, int64_t after, int limit, struct buf *out,
                              struct errmsg *err);
/* Appends those that folder/checkpoints.ndjson has not yet, and syncs it. known: the newest number that
 * it has; -1: it is looked for in the file. */
enum status audit_publish(struct db *db, const char *folder, int64_t *known, struct errmsg *err);

/* --- shared with audit_verify.c --- */
struct audit_row {
    int64_t number, at_ms;
    const char *text[6]; /* actor, role, office, device, action, object; not NUL-ended for sure */
    size_t text_n[6];
    unsigned char detail[AUDIT_HASH], previous[AUDIT_HASH], hash[AUDIT_HASH];
};
enum { AUDIT_ACTOR, AUDIT_ROLE, AUDIT_OFFICE, AUDIT_DEVICE, AUDIT_ACTION, AUDIT_OBJECT };
/* key: AUDIT_HASH bytes. The hash that a row should bear. */
void audit_hash(const unsigned char *key, const struct audit_row *row,
                unsigned char out[AUDIT_HASH]);
void audit_head_seal(const unsigned char *key, int64_t number, const unsigned char *hash,
                     unsigned char out[AUDIT_HASH]);
/* What is signed; n bytes written. */
enum { AUDIT_SIGNED = 64 };
size_t audit_signed_text(int64_t number, int64_t at_ms, const unsigned char head[AUDIT_HASH],
                         unsigned char out[AUDIT_SIGNED]);
/* A key file. secret: must not be open to others. */
enum status audit_key_read(const char *path, bool secret, unsigned char out[AUDIT_HASH],
                           struct errmsg *err);
bool audit_entry_due(int64_t number); /* does the entry of this number get a checkpoint? */

#endif
