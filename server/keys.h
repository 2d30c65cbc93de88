/*
 * keys.h: the keys with which clients of Open311 post.
 *
 * A key is shown once, when it is made; the store has its hash only. Each may post so often an hour.
 * Errors: ST_EXISTS, ST_NOT_FOUND; of use: ST_DENIED (unknown, disabled), ST_BUSY (used up).
 * Threads: as struct db.
 */
#ifndef JIBAN_SERVER_KEYS_H
#define JIBAN_SERVER_KEYS_H

#include "core/base/random.h"
#include "server/db.h"

enum { KEY_SIZE = 64, KEY_HASH = 32, KEY_POSTS_AN_HOUR = 1000 };

enum status key_add(struct db *db, const char *name, const char *contact, int64_t now_ms,
                    const struct random *random, char ret_key[KEY_SIZE], struct errmsg *err);
enum status key_disable(struct db *db, const char *name, struct errmsg *err);
void key_hash(const char *key, unsigned char out[KEY_HASH]);
/* Counts one use in the open transaction. ret_wait_s: after ST_BUSY, until the next hour of this key. */
enum status key_use(struct db *db, const char *key, int64_t now_ms, int *ret_wait_s,
                    struct errmsg *err);

#endif
