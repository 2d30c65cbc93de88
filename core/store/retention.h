/*
 * retention.h: cases that are finished leave the cache when the policy says so (retention.closed).
 *
 * Purpose: personal data is stored for the shortest time that is necessary (Personal Information Protection Law, art 19). The
 *          time begins when a case reaches a state in which nothing more is done on it. A case with unsent work, a draft or a
 *          conflict stays until a person has answered that. The server keeps all of it; what it sends again does not come in, or
 *          goes again.
 * Errors:  as in store.h. Threads: as a store handle; in steps, so that a keystroke waits for one of them only.
 */
#ifndef JIBAN_STORE_RETENTION_H
#define JIBAN_STORE_RETENTION_H

#include "core/store/store.h"

/* Where the last step ended; all zero to begin with. */
struct retention_place {
    bool done;                 /* nothing is left to look at */
    int64_t created, due, row; /* the last one looked at */
    int64_t removed, kept; /* so far; kept: past their time, and somebody's work stands on them */
};
/* Is a walk due: has a day of cases become past its time since the last one came to its end? Not when the cache cannot be read. */
bool store_retention_wanted(struct store *s);
/* Looks at most at so many cases and removes a few of them, in one transaction. Without a policy, or without an end in it, there is nothing to do. */
enum status store_retention_step(struct store *s, int most, struct retention_place *place,
                                 struct errmsg *err);
/* A case that was finished before this moment is past its time; INT64_MIN when none is. Within a transaction. */
int64_t store_retention_limit(struct store *s);
/* Was a case with these events finished before? */
bool store_finished_before(const struct event *events, size_t n, int64_t limit_ms);
/* What all steps together would remove and keep now. Changes nothing; reads the log of each old case. */
enum status store_retention_due(struct store *s, struct retention_place *ret, struct errmsg *err);

#endif
