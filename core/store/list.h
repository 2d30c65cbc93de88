/*
 * list.h: a list as it was asked for, and the ways to its rows (inside core/store only).
 *
 * Purpose: page.c reads lists and counts them, groups.c the same in groups.
 * Ownership: list_close gives back what list_open made, whatever it returned. Errors: sticky, as in db.h, but for those
 *            of the filter. Threads: as a struct store.
 */
#ifndef JIBAN_STORE_LIST_H
#define JIBAN_STORE_LIST_H

#include "core/store/filter_sql.h"

enum {
    LIST_SQL_MAX = 64 * 1024,
    /* Places of bound values in every query of a list. */
    FROM_KEY = 1, /* due time or place in the view, of the row from which on */
    FROM_ROW,
    MOST,
    LAST, /* place in the view */
    FROM_VALUE,
    EXPRESSION,
    IN_GROUP,   /* the one group whose rows are read */
    FROM_GROUP, /* that of the row from which on */
    NOW,
    ONE_ID, /* of the one case that is looked for */
    FIRST_FREE
};

struct list {
    struct store *s;
    const struct query *q;
    struct arena arena;
    struct filter_node *tree;
    bool whole; /* the indexes have all cases */
    enum view_id view,
        range;    /* whose places are read: the view's own, or those of the one it is a part of */
    int64_t near; /* rows that are tried along the places */
    int64_t last, all; /* place in that order up to which it goes; how many cases it has at most */
    uint32_t states;   /* what the filter says of them, 1u << STATE_x; 0: nothing */
    bool down;         /* from large to small */
    struct condition walk, rest; /* all conditions; those that the index does not answer */
    struct match match;
    const char *in_group; /* rows of this group alone; NULL: all */
};

/* Within a transaction; list_close in any case. */
enum status list_open(struct list *l, struct store *s, const struct query *q, struct errmsg *err);
void list_close(struct list *l);

/* How the rows of a page are looked for. */
enum way {
    WAY_PLACES, /* along the places of the view */
    WAY_NEAR,   /* the same, a few hundred of them: what matches often is met there */
    WAY_TABLE, /* all cases: what matches seldom is found several times faster than row after row */
    WAY_STATES, /* all cases in the states that the filter names */
    WAY_INDEX,  /* along the index of the column one sorts by */
    WAY_ROWS,   /* the newest first */
    WAY_MATCH,  /* what the full-text index names, sorted */
    WAY_NEWEST, /* what it names, the newest first, as it comes */
    WAY_GROUP,  /* along the index of the column of the groups */
    WAY_ONE     /* one case, by its id */
};

/* Are the places of the list's view kept? */
bool list_has_places(struct list *l);
/* Does the full-text index name so few cases that they can be read and sorted? */
bool list_matches_are_few(struct list *l);
/* "TABLES WHERE ..." of a way, without the conditions of the filter, and these. */
void list_add_source(struct buf *sql, const struct list *l, enum way way);
const struct condition *list_conditions(const struct list *l, enum way way);
/* " AND ...": what comes after the row from which on; " ORDER BY ...", the text `before` first. */
void list_add_after(struct buf *sql, const struct list *l, enum way way);
void list_add_order(struct buf *sql, const struct list *l, enum way way, const char *before);
/* "SELECT columns FROM "; list_read takes them. */
void list_add_columns(struct buf *sql, const struct list *l, enum way way);
/* Prepares, gives back the text and binds all but what follows; NULL after an error. */
struct sqlite3_stmt *list_prepared(struct list *l, struct buf *sql, enum way way);
void list_bind_from(struct sqlite3_stmt *p, const struct list *l, const struct row_key *from);
void list_bind_group(struct sqlite3_stmt *p, const struct list *l, int at, const char *group);
/* A page of the way, from the row on (NULL: from the beginning), at most so many rows. */
struct sqlite3_stmt *list_page(struct list *l, enum way way, const struct row_key *from,
                               size_t most);
size_t list_read(struct list *l, struct sqlite3_stmt *p, size_t most, struct arena *a,
                 struct case_row *out);
/* Along which way the list of a single group, or one without groups, is read. */
enum way list_way(struct list *l);

/* groups.c: a page of a list in groups. out has room for limit lines; returns how many there are. */
size_t groups_page(struct list *l, const struct row_key *from, bool backward, size_t limit,
                   struct arena *a, struct case_row *out);

#endif
