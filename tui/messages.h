/*
 * messages.h: what the last line has said, so that it can be read again.
 *
 * Purpose: the newest MESSAGES_MOST in memory, never on the disk. The same again at once counts as one.
 * Ownership: held by value. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_MESSAGES_H
#define JIBAN_TUI_MESSAGES_H

#include "core/base/status.h"
#include "tui/theme.h"
#include <stdint.h>

enum { MESSAGES_MOST = 200 };

struct message {
    int64_t at_ms; /* server's time */
    enum theme_role role;
    char text[ERRMSG_SIZE];
};

/* All zero: none. */
struct messages {
    struct message row[MESSAGES_MOST];
    size_t n, next; /* next: where the next one goes */
};

/* text is cut at ERRMSG_SIZE - 1 bytes. */
void messages_add(struct messages *m, int64_t at_ms, enum theme_role role, const char *text);
void messages_forget_last(struct messages *m);
/* back 0: the newest. NULL: there are not so many. */
const struct message *messages_at(const struct messages *m, size_t back);

#endif
