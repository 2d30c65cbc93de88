/*
 * history.h: lines that were typed after the colon, the newest last, kept for the next time.
 *
 * Purpose: words of commands and what no person is named by (views, orders, themes); a case or a text that was looked
 *          for is not kept.
 * Ownership: lines lie in the struct. Errors: a file that cannot be read or written is as if there were none.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_HISTORY_H
#define JIBAN_TUI_HISTORY_H

#include "core/base/status.h"
#include "tui/command_line.h"

enum { HISTORY_MOST = 50, HISTORY_LINE = 64 };

struct history {
    size_t n;
    char line[HISTORY_MOST][HISTORY_LINE];
};

/* path: of its file; a missing one is an empty history. */
void history_read(struct history *h, const char *path);
enum status history_write(const struct history *h, const char *path, struct errmsg *err);
/* At the end, and not twice. */
void history_add(struct history *h, const struct command_line *said);
/* back: 1 the newest, 2 the one before; NULL: there is none. */
const char *history_line(const struct history *h, size_t back);

#endif
