/*
 * saved.h: views of one's own: a view of the role with a filter, an order, groups and columns, under a name.
 *
 * Purpose: they are papers (papers.h): kept here and at the centre, so that they stand on every terminal of the person;
 *          those of the office on everybody's below it. The configuration hands its own on in the same form.
 * Ownership: texts lie in the arena given.
 * Errors: ST_INVALID for a name that cannot be one; ST_UNAUTHORIZED where nobody has logged in, ST_DENIED for an office's
 *         that is not the person's to write; ST_FULL and others as of the store: nothing was changed.
 * Threads: as a struct store.
 */
#ifndef JIBAN_STORE_SAVED_H
#define JIBAN_STORE_SAVED_H

#include "core/store/store.h"

enum { SAVED_NAME_MAX = 60, SAVED_COLUMNS_MAX = 200, SAVED_MOST = 20 };

struct saved_view {
    const char *name;
    enum view_id view;
    const char *filter; /* "" none */
    enum row_order order;
    bool reverse;
    enum row_group group;
    const char *columns; /* their words, separated by blanks; "" the usual ones */
    bool office;         /* the whole office's, else the person's own */
    const char
        *from; /* "" a paper; else where it stands, for messages: it cannot be changed here */
};

/* Not empty, not too long, no control characters, no blank at its ends, and not what a view of the role is called by:
 * its word or a digit. */
enum status saved_name_check(const char *name, struct errmsg *err);
/* One's own by name, then those of the offices that one's own do not hide. */
enum status saved_views(struct store *s, struct arena *a, struct saved_view **ret, size_t *ret_n,
                        struct errmsg *err);
/* Keeps it, in place of what had its name. ST_TOOBIG: there are SAVED_MOST. */
enum status saved_view_put(struct store *s, const struct saved_view *v, struct errmsg *err);
/* By name and whose it is. ST_NOT_FOUND. */
enum status saved_view_drop(struct store *s, const struct saved_view *v, struct errmsg *err);
/* The query of the view; texts stay the view's. */
struct query saved_view_query(const struct saved_view *v, int64_t now_ms);

#endif
