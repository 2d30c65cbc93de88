/*
 * papers_own.h: what papers.c and papers_merge.c share.
 *
 * Ownership, errors, threads: those of db.h; all within a transaction of the caller.
 */
#ifndef JIBAN_STORE_PAPERS_OWN_H
#define JIBAN_STORE_PAPERS_OWN_H

#include "core/store/papers.h"

/* Columns of a statement that reads papers, in the order of paper_row. */
#define PAPER_COLUMNS                                                                              \
    "kind, scope, owner, name, body, revision, changed, changed_by, dirty, dropped, stamp, "       \
    "problem"

struct sqlite3_stmt;
/* False for a kind or scope that another version wrote. */
bool paper_row(struct sqlite3_stmt *q, struct arena *a, struct kept_paper *ret);
/* Writes the row as it stands in p. */
void paper_write(struct store *s, const struct kept_paper *p);
void paper_delete(struct store *s, const struct paper *p);
/* Next number for a change here; none comes twice. */
int64_t paper_stamp(struct store *s);

#endif
