/*
 * similar.h: how like two orders are, and by what: same claimant, same place, same problem (domain.md 7.11).
 *
 * Purpose: a hint with its reasons for whoever opens a case; nobody is matched, linked or merged by it. What the centre
 *          has found itself (repeat.h) counts as certain.
 * Privacy: an order that is anonymous or secret is never likened by its claimant (domain.md 13).
 * Score: per cent, the sum of the weights below that hold; words in common count by their share (Dice).
 * Ownership: scratch only. Errors: memory, sticky in the arena. Threads: no shared state.
 */
#ifndef JIBAN_CASE_SIMILAR_H
#define JIBAN_CASE_SIMILAR_H

#include "core/case/reference.h"

enum similar_reason {
#define REASON(id, word, weight, label) SIMILAR_##id,
#include "core/case/similar.def"
#undef REASON
    SIMILAR_COUNT
};
extern const struct similar_row {
    const char *word;
    int weight;
    const char *label; /* N_() */
} similar_table[SIMILAR_COUNT];

struct similarity {
    int percent;      /* 0..100 */
    uint32_t reasons; /* 1u << SIMILAR_x */
};
/* r: for the names of categories; may be NULL. */
struct similarity similar_to(const struct casefile *c, const struct casefile *other,
                             const struct reference *r, struct arena *scratch);

#endif
