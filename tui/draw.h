/*
 * draw.h: putting formatted, cleaned text on a surface.
 *
 * Ownership: the scratch arena is the caller's. Threads: none shared.
 */
#ifndef JIBAN_TUI_DRAW_H
#define JIBAN_TUI_DRAW_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/theme.h"
#include <stdbool.h>
#include <stdint.h>

/* One line from (row, col), at most cells wide; returns the cells taken. Everything is cleaned. */
int draw_text(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
              const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* The same for one foreign text, with a sign at the end where it was cut. Returns the cells taken. */
int draw_cut(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
             const char *text);
/* The name of a category for a column of so many cells, which cuts what is longer. Where it does not fit whole, it says what
 * tells it from others: "cold radiators" of "Heating: cold radiators", without what stands in brackets at the end; Latin
 * words stay whole unless less than three quarters of the column would be filled. */
const char *draw_category(struct arena *a, const char *name, int cells);
/* The text with blanks in place of its line breaks, for a line among others; it is cleaned where it is drawn. */
const char *draw_one_line(struct arena *a, const char *text);
/* A horizontal line. */
void draw_rule(struct surface *s, int row, int col, int cells);
/* A vertical one. */
void draw_column(struct surface *s, int row, int col, int rows);
/* Over the right edge of the window r of a page: there are lines above, or below. first: the line at its top; lines: of
 * the page. */
void draw_more(struct surface *s, struct rect r, int first, int lines);
/* cells of a bar, filled by per_mille (0..1000). */
void draw_bar(struct surface *s, int row, int col, int cells, int per_mille, enum theme_role role);
/* Signs beyond ASCII, each with a stand-in for locales that have none. */
enum draw_sign {
    SIGN_REPEAT,
    SIGN_WHISTLE,
    SIGN_CUT,
    SIGN_RULE,
    SIGN_COLUMN,
    SIGN_FULL,
    SIGN_EMPTY,
    SIGN_ABOVE,
    SIGN_BELOW,
    SIGN_COUNT
};
const char *draw_sign(enum draw_sign sign);
/* The short form of an order number (domain 4.1): year and month, then the last five digits, as one
 * says it: "2608-10233". A number of another kind: its last ten characters. */
const char *draw_number(struct arena *a, const char *number);
/* "-0:42", "1:18", "2d 3h", "12 d"; "" for TIME_NONE. */
const char *draw_left(struct arena *a, int64_t due_ms, int64_t now_ms);
/* "7 d 03:20", "7 days": a length of time, to the minute. */
const char *draw_length(struct arena *a, int64_t ms);
/* "11-24 14:05" in +08:00. */
const char *draw_time(struct arena *a, int64_t ms);

#endif
