/*
 * linear.h: a terminal of lines: text goes out line by line, the line one types in is the last one.
 *
 * Purpose: for screen readers and braille lines, and for terminals that can place no cursor (TERM=dumb). Nothing is
 *          written over but the line under the cursor, by backspace; no sequence is sent.
 * Ownership: linear_close() wipes what was typed. Texts are cleaned here.
 * Errors: what the locale cannot show is shown as ?, and counted. Threads: the UI thread; one a process.
 */
#ifndef JIBAN_TUI_LINEAR_H
#define JIBAN_TUI_LINEAR_H

#include "core/base/arena.h"
#include <stdbool.h>
#include <stddef.h>

void linear_open(void);
void linear_close(void);
/* Cells of a line that is typed: more would wrap, and nothing goes back over that. */
int linear_cells(void);
/* One line of its own. */
void linear_say(struct arena *a, const char *text);
/* The line one types in: label, then the text with the cursor before byte at of it. anew: on a fresh line, whatever
 * stands there. */
void linear_type(struct arena *a, const char *label, const char *text, size_t at, bool anew);

#endif
