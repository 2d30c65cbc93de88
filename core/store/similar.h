/*
 * similar.h: earlier orders of the cache that are like one, best first, and how they were solved.
 *
 * Purpose: a few hundred candidates by caller, building, place and words; each is scored by core/case/similar.h.
 * Ownership: rows and texts lie in the arena given. Errors: as of store.h. Threads: as a store handle.
 */
#ifndef JIBAN_STORE_SIMILAR_H
#define JIBAN_STORE_SIMILAR_H

#include "core/case/similar.h"
#include "core/store/store.h"

enum { SIMILAR_PERCENT_LEAST = 30 }; /* below, it is another matter */

struct similar_case {
    struct uuid id;
    const char *number, *title, *title_en;
    enum state state;
    int64_t created_ms;
    struct similarity like;
    const char *result; /* word of FIELD_RESULT; "" while it is open */
    const char *solved; /* measures, else what was replied, else "" */
};
/* ST_NOT_FOUND: the case is not here. */
enum status store_similar(struct store *s, const struct uuid *id, size_t limit, struct arena *a,
                          struct similar_case **ret, size_t *ret_n, struct errmsg *err);

#endif
