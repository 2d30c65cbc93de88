/*
 * case_paint.h: lines of the page of a case (inside case_*.c only).
 *
 * Purpose: whoever draws a part of the page asks a painter for the next line and need not know which lines are in
 *          sight. case_draw.c has facts and clocks, case_objects.c what hangs on the order, case_history.c the events.
 * Ownership: page and surface are the caller's; texts go to the arena. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_CASE_PAINT_H
#define JIBAN_TUI_VIEW_CASE_PAINT_H

#include "tui/view/case.h"

enum { PAINT_NARROW = 60 }; /* below so many columns facts stand below each other */

struct painter {
    const struct case_page *page;
    struct surface *s;
    struct rect r;
    int line; /* next line of the whole page */
    struct arena *a;
};

/* Row of the surface for the next line, or -1 when it is out of sight. */
int paint_row(const struct painter *p);
/* One line, cut at the edge. indent: columns from the left. */
void paint_line(struct painter *p, int indent, enum theme_role role, const char *text);
/* A foreign text that wraps, its first line at indent too. */
void paint_wrapped(struct painter *p, int indent, enum theme_role role, const char *text);
/* Label at `at`, the text wrapped from `indent` on. */
void paint_fact(struct painter *p, int at, int indent, const char *label, enum theme_role role,
                const char *text);

void paint_objects(struct painter *p);
void paint_history(struct painter *p);

#endif
