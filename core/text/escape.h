/*
 * escape.h: text put into forms that give some characters a meaning of their own.
 *
 * Purpose: markup (HTML, XML) and cells of CSV are written by one rule, at the centre and at the console.
 * Ownership: nothing is kept. Errors: sticky in the buffer. Threads: pure.
 * The text must be cleaned before (clean.h): control characters pass as they are.
 */
#ifndef JIBAN_TEXT_ESCAPE_H
#define JIBAN_TEXT_ESCAPE_H

#include "core/base/buf.h"

/* As text or as the value of an attribute in double quotes. line_break stands for each LF: "<br>" in HTML, "\n"
 * where lines are kept. */
void escape_markup(struct buf *out, const char *text, const char *line_break);
/* One cell of CSV (RFC 4180). What a spreadsheet would reckon as a formula gets an apostrophe before it, also behind
 * blanks and in the wide forms of the signs. */
void escape_csv_cell(struct buf *out, const char *text);

#endif
