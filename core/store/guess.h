/*
 * guess.h: which category an order may be of, by the words of earlier ones.
 *
 * Purpose: a hint for whoever takes an order down or corrects it; a person decides, nothing is filled in by it.
 * How:     of the first words of the text (fold.h) each one is looked up in the search index; the newest cases that have it
 *          say what it is a sign of. A word counts by how rare it is and, cubed, by the share of its cases that are of one
 *          category. No case is read for it, so that the time does not grow with their length.
 * Percent: the category's share of all signs; how often the first one is right at which share is measured in
 *          tests/unit/test_guess.c and written down in doc/design/store.md.
 * Ownership: texts lie in the arena given. Errors: as of store.h. Threads: as a store handle.
 */
#ifndef JIBAN_STORE_GUESS_H
#define JIBAN_STORE_GUESS_H

#include "core/store/store.h"

enum {
    GUESS_MOST = 3,
    GUESS_FIRST_LEAST = 35, /* per cent; below, the best one is offered no more, and with it none */
    GUESS_LEAST = 10        /* of the others */
};
struct category_guess {
    const char *code;
    int percent, cases; /* cases: different ones that speak for it */
    const char *
        why; /* up to three words that say most for it, as they stand in the text; "" where there is none */
};
/* At most GUESS_MOST, best first; none while the index is being made. */
enum status store_guess_category(struct store *s, const char *text, struct arena *a,
                                 struct category_guess ret[GUESS_MOST], size_t *ret_n,
                                 struct errmsg *err);

#endif
