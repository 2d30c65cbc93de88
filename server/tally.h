/*
 * tally.h: tables of the assessment that count something else than ratings, out of the store: commendations, whistles.
 *
 * Purpose: keeps the tables `assess_whistles` and `assess_rules` beside the events and counts them in SQL. What a whistle
 *          or an order counts as is decided by core/case/tally.c alone.
 * Ownership, errors, threads: as of assess.h.
 */
#ifndef JIBAN_SERVER_TALLY_H
#define JIBAN_SERVER_TALLY_H

#include "core/case/tally.h"
#include "server/assess.h"

/* Writes the rows of whistles and rules that are others than before; in the transaction of the events. */
enum status tally_update(struct db *db, int64_t case_row, const struct casefile *before,
                         const struct casefile *after, struct errmsg *err);
/* The table that q->by names, as JSON. */
enum status tally_answer(struct db *db, const struct policy *policy, const struct reference *r,
                         const struct actor *who, const struct assess_question *q, int64_t now_ms,
                         struct arena *a, struct buf *out, struct errmsg *err);

#endif
