/*
 * procedure_rules.h: what must hold of the orders of an office, whatever its people do (domain.md 6.3).
 *
 * Purpose: for the simulator of the whole table. It states the rules a second time, from the document; it asks
 *          workflow.h nothing but names.
 * Ownership: reads only. Errors: false, and why in words. Threads: plain functions.
 */
#ifndef JIBAN_TESTS_SIM_PROCEDURE_RULES_H
#define JIBAN_TESTS_SIM_PROCEDURE_RULES_H

#include "core/case/reference.h"

/* An order, and what of its past its fold does not keep. */
struct followed {
    struct casefile c;
    bool reopened; /* by row 29 or 35: handle may be stopped from then on */
};

/* One event more: was before it, m after it. */
bool procedure_event_fits(const struct casefile *was, const struct followed *m,
                          const struct event *e, const struct reference *r, char *why, size_t size);
/* An order by itself, at any moment. */
bool procedure_case_fits(const struct followed *m, const struct reference *r, char *why,
                         size_t size);
/* Mergers: the leading order names each follower and each follower names it. */
bool procedure_mergers_fit(const struct followed *m, size_t n, char *why, size_t size);
/* May this person know the identity of a claimant who asked for secrecy? (section 5, row "secret") */
bool procedure_knows_secret(const struct casefile *c, const struct actor *who);

#endif
