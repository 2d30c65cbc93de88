/*
 * filter_sql.h: a filter as conditions of SQL over `cases` (inside core/store only).
 *
 * Ownership: condition_release gives back what a condition holds; bound texts stay the tree's.
 * Errors: condition_status, as of a buffer. Values are bound, never written.
 */
#ifndef JIBAN_STORE_FILTER_SQL_H
#define JIBAN_STORE_FILTER_SQL_H

#include "core/store/filter.h"
#include "core/store/search.h"

enum { CONDITION_VALUES = 900 };
struct condition {
    struct buf sql; /* " AND ..." for each */
    struct {
        const char *text; /* NULL: the number */
        int64_t number;
    } value[CONDITION_VALUES];
    int n, first; /* the places ?first, ?first+1, ... are its own */
    bool full;    /* more values than there is room for */
};
/* What is asked of the full-text index: all of it must hold. Empty: nothing. */
struct match {
    struct buf expression;
    int n;
};

void condition_init(struct condition *c, int first);
void condition_release(struct condition *c);
enum status condition_status(const struct condition *c);
void condition_bind(const struct condition *c, struct sqlite3_stmt *q);
/* " AND column OP ?": a comparison of one's own. */
void condition_add_number(struct condition *c, const char *before, int64_t number,
                          const char *after);
void condition_add_text(struct condition *c, const char *before, const char *text,
                        const char *after);
/* The conditions of the tree. whole: the index has all cases (search_is_whole). m, if not NULL, takes from what must hold
 * in any case all that the index can answer; what it answers only nearly is in the conditions as well. */
void condition_add(struct condition *c, const struct filter_node *tree, bool whole, int64_t now_ms,
                   struct arena *a, struct match *m);

#endif
