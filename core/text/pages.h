/*
 * pages.h: text for paper: lines of a fixed width, pages with heads, a form feed between pages.
 *
 * Ownership: nothing is kept. Errors: sticky in the buffer. Threads: reads the language, else pure.
 * Head and body must be cleaned before (clean.h).
 */
#ifndef JIBAN_TEXT_PAGES_H
#define JIBAN_TEXT_PAGES_H

#include "core/base/buf.h"

enum { PAGES_COLUMNS = 80, PAGES_ROWS = 60 };

/* body: lines ended by LF. A line wider than columns (at least 20) is broken, and what follows stands under its first
 * letter. Each page has rows lines (at least 4) at most: head and "page 2 of 3", an empty line, the text. A head too
 * long for its line is cut. */
void pages_print(struct buf *out, const char *head, const char *body, int columns, int rows);

#endif
