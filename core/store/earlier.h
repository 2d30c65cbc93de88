/*
 * earlier.h: which orders of this cache are of the same caller (domain 7.11), without a scan.
 *
 * Purpose: the intake form looks for earlier orders before it makes a new one (Regulation art. 11(3)). A row of the
 *          cache keeps a keyed hash of the caller's phone and of the claimant's name; the key is made once for a
 *          cache and lies in its meta.
 * Same:    a phone by its digits (the country code of a mobile phone left out: +86, 0086), a name without blanks. What the cache has not in
 *          full (secret orders, roles without sight) has no hash and is never found.
 * Errors: as store.h. Threads: the handle's.
 */
#ifndef JIBAN_STORE_EARLIER_H
#define JIBAN_STORE_EARLIER_H

#include "core/store/store.h"

/* Ids of orders of this phone, or of this claimant when the phone has no digits; those that came last first, at most
 * limit. Neither: none. */
enum status store_earlier(struct store *s, const char *phone, const char *claimant, size_t limit,
                          struct arena *a, struct uuid **ret, size_t *ret_n, struct errmsg *err);
/* Keeps the hashes of a row; within the transaction that writes the row. */
void store_earlier_write(struct store *s, int64_t row, const struct casefile *c);

#endif
