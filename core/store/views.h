/*
 * views.h: which cases a view shows, and to whom (inside core/store only).
 *
 * Purpose: views.def gives each view its condition, views.c each role its views. A case's views are worked out when
 *          its row is written, for the person of the cache; a list then reads them as they lie in the index.
 * Ownership: nothing is kept. Errors: none. Threads: pure.
 */
#ifndef JIBAN_STORE_VIEWS_H
#define JIBAN_STORE_VIEWS_H

#include "core/case/owed.h"
#include "core/store/store.h"

/* What a row is made of beside the values of the case. */
struct case_facts {
    const struct workflow_context *ctx; /* policy may be NULL */
    const struct casefile *c;
    const struct actor *who;
    uint32_t owed; /* 1u << OWED_x */
    uint32_t open; /* 1u << OBJECT_x: not ended */
    uint32_t late; /* 1u << OBJECT_x: open, and the next level was told */
};
struct case_facts case_facts(const struct workflow_context *ctx, const struct casefile *c,
                             const struct actor *who);
/* Bit mask of 1 << VIEW_x: all that show the case and that the person's role has. Parts of another view are not in
 * it: they are ranges of that. VIEW_ALL is, whoever asks. */
uint64_t views_of(const struct case_facts *f);

enum view_limit { LIMIT_ALWAYS, LIMIT_NOW, LIMIT_MIDNIGHT };
/* The view that a view is a part of, itself when it is none; the largest key that it shows. */
enum view_id view_range(enum view_id view, int64_t now_ms, int64_t *ret_last);
/* Where a case stands in a view: its due time, or the time it was taken down, the newest first. */
int64_t view_key(enum view_id view, int64_t due_ms, int64_t created_ms);
bool view_by_due(enum view_id view);

#endif
