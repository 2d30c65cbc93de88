/*
 * width.h: grapheme clusters (UAX #29, by libunistring) and the cells they take.
 *
 * A cluster takes 0, 1 or 2 cells: a base and what takes no cell on it. A character with cells of its
 * own begins a new cluster even where UAX #29 joins it, because terminals count by character.
 * Ambiguous characters (UAX #11) take 1 or 2 by setting.
 * Threads: width_ambiguous() is set once at start; the rest reads only.
 */
#ifndef JIBAN_TEXT_WIDTH_H
#define JIBAN_TEXT_WIDTH_H

#include <stddef.h>

void width_set_ambiguous(int cells); /* 1 (default) or 2 */
int width_ambiguous(void);

/* Length in bytes of the grapheme cluster at s (n >= 1), and its cells. ASCII is a fast path. */
size_t cluster_next(const char *s, size_t n, int *ret_cells);
/* Length in bytes of the cluster that ends at s + at (at >= 1). */
size_t cluster_prev(const char *s, size_t at);
/* Cells of n bytes of text (no line breaks in it). */
int text_width(const char *s, size_t n);
/* Longest prefix that fits cells; its length in bytes, its cells in *ret_cells. */
size_t text_fit(const char *s, size_t n, int cells, int *ret_cells);

/* Where a paragraph (no newline in it) is broken to fit cells: length in bytes of the first line
 * including trailing blanks that vanish at the break. UAX #14 in short: after blanks and hyphens,
 * between Han characters but not before closing or after opening punctuation; else anywhere.
 * Never 0 for n > 0; a cluster wider than cells stands alone. */
size_t text_break(const char *s, size_t n, int cells);

#endif
