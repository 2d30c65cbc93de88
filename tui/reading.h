/*
 * reading.h: what a view says as lines, for whoever hears or feels the screen instead of seeing it.
 *
 * Purpose: beside `draw` a view has `read`: where one is, and the line or field one stands on. app_read.c says what
 *          differs from the last time; linear.c writes it.
 * Ownership: texts lie in the console's scratch arena, until the next key; the page is the reading's own.
 * Errors: without memory for the page its lines are empty. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_READING_H
#define JIBAN_TUI_READING_H

#include "tui/console.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"
#include "tui/widget/editor.h"

enum {
    READING_COLS = 200, /* so wide that a sentence is rarely parted and nothing is cut */
    READING_ROWS = 500
};

struct reading {
    struct surface page;  /* where views that have only `draw` put their lines */
    struct surface field; /* where the line one types in is laid out */
    const char *head;     /* where one is: said when it is another than before */
    uint64_t place;       /* of the head; 0: it has none */
    const char *note; /* what stands beside: said when it is another; "" none, NULL: as it was */
    const char *line; /* what one stands on; the label, where one types */
    uint64_t at;      /* what the line is about: another is said without a key, too */
    struct editor *typed; /* the text behind the label; NULL: one does not type here */
};

void reading_init(struct reading *r);
void reading_release(struct reading *r);
/* Nothing to say yet. */
void reading_clear(struct reading *r);
/* at, with so many bytes more. */
uint64_t reading_mix(uint64_t at, const void *data, size_t n);
/* Two sentences as one text; either may be empty. */
const char *reading_join(struct arena *a, const char *text, const char *more);
/* A text of many lines as one. */
const char *reading_text(struct arena *a, const char *text);
/* One row of the page: blanks joined, columns parted by a comma, a label by a colon; without bars. */
const char *reading_row(const struct reading *r, struct arena *a, int row);
/* The line of r->typed that its cursor is in, in so many cells; the byte before which the cursor stands, and which line it
 * is. A password is shown as stars. */
const char *reading_typed(struct reading *r, struct arena *a, int cells, size_t *ret_at,
                          size_t *ret_line);
/* The lines that draw puts on a page, read at the one its scroll stands on. Where a list stands above them its chosen row
 * is read with the first of them. chosen: what the lines are about. */
void reading_page(struct reading *r, struct console *c, void *self,
                  void (*draw)(void *self, struct console *c, struct surface *s, struct rect rect,
                               struct cursor *cursor),
                  struct scroll *scroll, uint64_t chosen);
/* Of a view that has no `read`: the row with the sign of the chosen one, without one the first. */
void reading_drawn(struct reading *r, struct console *c, const struct view *v);
/* "3 hours 12 minutes", to the minute, without a sign. */
const char *reading_time(struct arena *a, int64_t ms);

#endif
