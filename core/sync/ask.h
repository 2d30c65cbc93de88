/*
 * ask.h: one question to the server that is answered only while the line is there: log in, ask, log out.
 *
 * Ownership: the answer is appended to the buffer given; texts of the question are only read.
 * Errors: ST_OFFLINE and the like of the line; ST_PROTOCOL when something else answers; what the server says by its
 *         status: ST_UNAUTHORIZED, ST_DENIED, ST_NOT_FOUND, ST_INVALID, ST_CONFLICT, ST_BUSY, else ST_IO.
 * Threads: blocks the caller, at most half a minute each step; nothing is shared.
 */
#ifndef JIBAN_SYNC_ASK_H
#define JIBAN_SYNC_ASK_H

#include "core/base/buf.h"
#include "core/sync/sync.h"

/* o: url, ca_file, allow_plain, user, device and password are read. target: "/v1/...?..." of a GET. */
enum status line_ask(const struct sync_options *o, const char *target, struct buf *out,
                     struct errmsg *err);
/* The same as a POST of what is said; a GET where said is NULL. */
enum status line_tell(const struct sync_options *o, const char *target, const struct buf *said,
                      struct buf *out, struct errmsg *err);
/* The same for an answer of any length: each piece goes to take as it comes, which returns false to give up. What was
 * taken before a failure is not whole. */
enum status line_fetch(const struct sync_options *o, const char *target,
                       bool (*take)(void *self, const char *data, size_t n), void *self,
                       struct errmsg *err);
/* Hands in the sealed work of a terminal that was revoked (core/wire/work.h), with its ticket and no log-in. */
enum status line_hand_in(const struct sync_options *o, const struct revocation *who,
                         const char *file, size_t n, struct errmsg *err);
/* Appends name=value to a query, with what a query may not hold escaped (RFC 3986); nothing when value is NULL. */
void query_add(struct buf *target, const char *name, const char *value);

#endif
