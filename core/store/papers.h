/*
 * papers.h: the papers of the person of the cache and of the offices above: read, written and thrown away here, with or without
 *           a line, and put together with what the centre has.
 *
 * Purpose: what is written here is `dirty` until the centre has it. Where both have written, both texts are kept: the
 *          centre's under the name, the one from here as "NAME (2)".
 * Ownership: texts lie in the arena given.
 * Errors: those of store.h; of paper_check for what cannot be a paper. ST_NOT_FOUND where there is none of the name.
 * Threads: those of store.h. The sync thread alone calls what stands under "exchange".
 */
#ifndef JIBAN_STORE_PAPERS_H
#define JIBAN_STORE_PAPERS_H

#include "core/store/store.h"
#include "core/wire/paper.h"

struct kept_paper {
    struct paper paper; /* revision: of the centre, on which it is based; 0: it has none */
    bool dirty, dropped;
    int64_t stamp;       /* another one after each change here */
    const char *problem; /* why the centre does not take it; "" */
};

/* Of one kind, or of all with PAPER_COUNT; own ones first, by name. Those that were thrown away are not among them. */
enum status store_papers(struct store *s, enum paper_kind kind, struct arena *a,
                         struct kept_paper **ret, size_t *ret_n, struct errmsg *err);
/* The one of that name: the person's own before one of an office. */
enum status store_paper_named(struct store *s, enum paper_kind kind, const char *name,
                              struct arena *a, struct kept_paper *ret, struct errmsg *err);
/* Writes kind, scope, owner, name, body and changed_by of p; the time is the cache's clock. */
enum status store_paper_put(struct store *s, const struct paper *p, struct errmsg *err);
/* Throws away the one of p's kind, scope, owner and name. */
enum status store_paper_drop(struct store *s, const struct paper *p, struct errmsg *err);

/* --- exchange --- */
/* One that the centre is to be told of and has not refused; ret_found false: none. */
enum status store_papers_dirty(struct store *s, struct arena *a, struct kept_paper *ret,
                               bool *ret_found, struct errmsg *err);
/* The centre has it, under that revision (0: it was thrown away). What was written here meanwhile stays dirty. */
enum status store_paper_sent(struct store *s, const struct kept_paper *sent, int64_t revision,
                             struct errmsg *err);
/* The centre does not take it, whatever is tried: kept, and not sent again until it is written anew. */
enum status store_paper_refused(struct store *s, const struct kept_paper *sent, const char *problem,
                                struct errmsg *err);
/* All that the centre lets the person see. ret_both: how many names had two texts, ret_name: of the last one that was
 * kept beside (NULL if there was none). */
enum status store_papers_merge(struct store *s, const struct papers *list, struct arena *a,
                               int *ret_both, const char **ret_name, struct errmsg *err);

#endif
