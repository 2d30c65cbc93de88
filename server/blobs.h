/*
 * blobs.h: attachments at the centre: files named by their SHA-256, in a folder beside the store.
 *
 * Purpose: a file comes in pieces, each appended to what is there of it; when it is whole, its hash, its type and that it says
 *          no place are looked at, then it gets its name. Steps refer to it by its hash (core/case/attached.h).
 * Rights: whoever sees an order to which a file is attached may read it; before it is attached, who sent it.
 * Ownership: what is read is appended to the caller's buffer.
 * Errors: ST_NOT_FOUND: none in sight; ST_CONFLICT: a piece does not begin where the last one ended; ST_CORRUPT: other bytes
 *         than the hash says, ST_UNSUPPORTED: none of the types that are taken, or a picture with its place: all of it is
 *         dropped; ST_TOOBIG, ST_FULL.
 * Threads: any; pieces are written one after the other.
 */
#ifndef JIBAN_SERVER_BLOBS_H
#define JIBAN_SERVER_BLOBS_H

#include "server/service.h"

enum {
    BLOB_PARTS_MOST = 20, /* files that one person has begun to send */
    BLOB_KEEP_DAYS = 7,   /* what is begun, or attached to nothing, goes after that */
    BLOB_ORDER_BYTES = 200 * 1024 * 1024 /* of all files of one order */
};

/* How much of a file of total bytes is there; *ret_have == total: all of it. */
enum status blob_have(struct service *s, const struct actor *who, const char *hash, int64_t total,
                      int64_t *ret_have, struct errmsg *err);
/* A piece of it that begins at from; what is there already of the piece is passed over. */
enum status blob_put(struct service *s, const struct actor *who, const char *hash, int64_t from,
                     int64_t total, const void *data, size_t n, int64_t *ret_have,
                     struct errmsg *err);
/* Bytes from..to of it, to < 0: to its end. ST_INVALID: it is shorter. */
enum status blob_get(struct service *s, const struct actor *who, const char *hash, int64_t from,
                     int64_t to, struct buf *out, int64_t *ret_total, const char **ret_media,
                     struct errmsg *err);
/* At the start of a server: removes what nobody waits for any more. */
enum status blobs_sweep(struct service *s, struct errmsg *err);

/* --- for service.c, within its transaction --- */
/* May the command name its files: are they here, as it says, and its giver's or in his sight? ST_REFUSED with the reason. */
enum status blobs_check(struct service *s, struct db *db, const struct actor *who,
                        const struct command *c, struct arena *a, struct errmsg *err);
/* The case of the command refers to its files from now on. */
enum status blobs_link(struct db *db, const struct command *c, struct arena *a, struct errmsg *err);

#endif
