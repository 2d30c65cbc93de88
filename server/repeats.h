/*
 * repeats.h: the orders that were logged, by claimant, category and place, and what a new one is like (domain.md 7.11).
 *
 * Purpose: keeps table `repeats`, one row an order that was logged, in the transaction of its events, and looks a new
 *          order up in it. The rules are those of core/case/repeat.h.
 * Privacy: claimant and place stand there as keyed hashes; the key is derived from that of the audit log and lies
 *          beside the store as that does. A plain hash of an 11-digit number would be no protection (section 13).
 * Ownership: what was found lies in the arena given.
 * Errors: of the store, and ST_NOMEM. Threads: as struct db.
 */
#ifndef JIBAN_SERVER_REPEATS_H
#define JIBAN_SERVER_REPEATS_H

#include "core/case/repeat.h"
#include "core/wire/codec.h"
#include "server/db.h"

enum { REPEATS_KEY = 32, REPEATS_LOOKED = 100 /* orders, each way */ };

/* After the events of a command: keeps the row of the case as it is now. before: version 0 for a new one. */
enum status repeats_follow(struct db *db, const unsigned char key[REPEATS_KEY], int64_t case_row,
                           const struct casefile *before, const struct casefile *after,
                           struct errmsg *err);

struct repeats {
    struct repeat_key key;
    struct repeat_found found; /* nothing in it when the order cannot be matched */
};
/* What the order was like when it was taken down. */
enum status repeats_look(struct db *db, const unsigned char key[REPEATS_KEY], int64_t case_row,
                         const struct casefile *c, const struct policy *p, struct arena *a,
                         struct repeats *ret, struct errmsg *err);
/* The same for a person who may see the case: of orders out of his sight no more than number, date, category and state.
 * scope: what he hears of (service_scope). ST_NOT_FOUND when he may not see the case. */
enum status repeats_earlier(struct db *db, const unsigned char key[REPEATS_KEY], const char *scope,
                            const struct actor *who, const struct uuid *id, const struct policy *p,
                            struct arena *a, struct earlier *ret, struct errmsg *err);

#endif
