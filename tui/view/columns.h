/*
 * columns.h: which columns the queue shows, in which order, and how wide.
 *
 * Purpose: words of columns.def to a list, and the cells of each at a width. Number and signs are always there.
 * Ownership: nothing is kept. Errors: ST_INVALID names the word. Threads: pure.
 */
#ifndef JIBAN_TUI_VIEW_COLUMNS_H
#define JIBAN_TUI_VIEW_COLUMNS_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stddef.h>

enum column {
#define COLUMN(id, ...) COLUMN_##id,
#include "tui/view/columns.def"
#undef COLUMN
    COLUMN_COUNT
};
enum { COLUMN_LEVELS = 5 };
extern const struct column_row {
    const char *word, *head; /* head: N_() */
    int cells[COLUMN_LEVELS];
} column_table[COLUMN_COUNT];

struct columns {
    enum column list[COLUMN_COUNT]; /* the last one is COLUMN_WHAT */
    size_t n;
};

/* Words between blanks or commas; none of them: the usual columns. A number that is not named comes first, what the case
 * is about last; it may be named nowhere else. */
enum status columns_parse(const char *words, struct columns *ret, struct errmsg *err);
/* COLUMN_COUNT: there is none of that name. */
enum column columns_find(const char *word);
/* Cells of each column with the blank behind it, 0: no room for it; the last has what is left of so many cells. keep: what the
 * list is sorted by, which has room as long as it is among them; COLUMN_COUNT: nothing. */
void columns_share(const struct columns *c, int cells, enum column keep, int ret[COLUMN_COUNT]);

#endif
