/*
 * assess.h: the figures of the assessment out of the store (domain 9).
 *
 * Purpose: keeps table `assess` beside the events, one row a case, and counts it in SQL: equal facts of a unit lie
 *          together in the index, so a table of all streets is one walk along it. What an order counts as
 *          is decided by core/case/assess.c alone.
 * Ownership: boards and lists lie in the arena given.
 * Errors: ST_DENIED for what is not the actor's to see, ST_INVALID for a question that is not understood,
 *         ST_NOT_FOUND for a unit that is not there.
 * Threads: a struct db belongs to one thread.
 */
#ifndef JIBAN_SERVER_ASSESS_H
#define JIBAN_SERVER_ASSESS_H

#include "core/base/buf.h"
#include "core/case/assess.h"
#include "core/case/reference.h"
#include "server/db.h"

/* Writes the row of the case when its facts are others than before; in the transaction of its events. before: the
 * case without them; version 0 for a new one. */
enum status assess_update(struct db *db, int64_t case_row, const struct casefile *before,
                          const struct casefile *after, const struct policy *policy,
                          const struct reference *r, struct errmsg *err);

/* As it was asked for: texts of the query, NULL where not given. */
struct assess_question {
    const char *level, *scope;
    const char *month, *day, *from, *to;
    const char *by;      /* category, interest, or a table of tally.h, instead of a level */
    const char *classes; /* "yes": the four classes, which need the period before as well */
    const char *cases, *of, *set;
};
/* What the role may look into: "*", a district or an office; NULL nothing (domain 5, boards). Lies in the actor. */
const char *assess_sight(const struct actor *who);
/* The period that is asked for; without one the month that now_ms lies in. */
enum status assess_read_period(const struct assess_question *q, const struct score_policy *p,
                               int64_t now_ms, struct assess_period *ret, struct errmsg *err);
/* The table, or with cases the list of the cases that one number of it is made of, as JSON. now_ms: the month that it
 * lies in is the period when none is named. */
enum status assess_answer(struct db *db, const struct policy *policy, const struct reference *r,
                          const struct actor *who, const struct assess_question *q, int64_t now_ms,
                          struct arena *a, struct buf *out, struct errmsg *err);

#endif
