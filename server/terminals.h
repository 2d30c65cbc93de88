/*
 * terminals.h: the caches of consoles at which people log in, revoking one, and the sealed work that it hands in.
 *
 * Purpose: a terminal that was lost is revoked (verbs_terminal.c). Whatever it asks from then on is answered by one
 *          problem, which bears a ticket and the centre's public key; it seals what it had not sent, destroys its cache
 *          and hands the work in. doc/design/revoke.md tells how far that holds.
 * Keys: PATH.work-key beside the store (secret, hexadecimal, one line), made when the first terminal is revoked. Whoever
 *       cannot read it cannot open the work, the store notwithstanding.
 * Ownership: rows and texts are copied out.
 * Errors: ST_NOT_FOUND: no such terminal or ticket; ST_EXISTS: it was revoked already; ST_CONFLICT: it has handed in too often.
 * Threads: those of the db given.
 */
#ifndef JIBAN_SERVER_TERMINALS_H
#define JIBAN_SERVER_TERMINALS_H

#include "core/base/random.h"
#include "core/wire/work.h"
#include "server/db.h"
#include "server/route.h"

enum { TERMINAL_WORK_FILES = 8 }; /* of one terminal at most; each try of it is one */

/* At a log-in, in its transaction. */
enum status terminals_seen(struct db *db, const char *id, const struct actor *who, int64_t now_ms,
                           struct errmsg *err);
/* False: it is not revoked, or not known. */
bool terminals_revoked(struct db *db, const char *id, struct revocation *ret);
/* Are there others revoked than *known, which is brought up to date? */
bool terminals_more_revoked(struct db *db, int64_t *known);
/* In a transaction. */
enum status terminal_revoke(struct db *db, const char *id, int64_t now_ms,
                            const struct random *random, struct errmsg *err);
/* The newest work of a terminal that opens, as text of work.h. */
enum status terminal_work(struct db *db, const char *id, struct buf *out, struct errmsg *err);
/* The same of a file that was brought. */
enum status terminal_work_file(struct db *db, const char *file, size_t n, struct buf *out,
                               char ret_id[TERMINAL_ID + 1], struct errmsg *err);

/* --- for the routes --- */
/* Answers a call of a revoked terminal: that of the session, or of that id. */
void terminal_refuse(struct call *c, const char *id);
void route_terminal_work(struct call *c);

#endif
