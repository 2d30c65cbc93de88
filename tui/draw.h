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
#include <stdint.h>

/* One line from (row, col), at most cells wide; returns the cells taken. Everything is cleaned. */
int draw_text(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
              const char *fmt, ...) __attribute__((format(printf, 7, 8)));
/* "-0:42", "1:18", "2d 3h"; "" for TIME_NONE. */
const char *draw_left(struct arena *a, int64_t due_ms, int64_t now_ms);
/* "24 Nov 14:05" as "11-24 14:05" in +08:00. */
const char *draw_time(struct arena *a, int64_t ms);

#endif
