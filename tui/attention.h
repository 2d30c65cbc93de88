/*
 * attention.h: what the person is told of without having asked, and when.
 *
 * Purpose: due times of one's own work, refusals and new urgent cases are counted as they come; one gate says whether
 *          they are told now or held back until the quiet hours end, and then all at once.
 * Ownership: plain data. Errors: none. Threads: pure; the time is passed in (server's time, ms).
 * No text of a citizen comes in here: what is told are counts.
 */
#ifndef JIBAN_TUI_ATTENTION_H
#define JIBAN_TUI_ATTENTION_H

#include <stdbool.h>
#include <stdint.h>

enum attention_class {
    ATTENTION_URGENT, /* passes at all hours */
    ATTENTION_OVERDUE,
    ATTENTION_SOON,
    ATTENTION_CONFLICT,
    ATTENTION_CLASSES
};

/* Minutes after 00:00, Beijing time; from > to: over midnight; from == to: never quiet. */
struct attention_quiet {
    int from, to;
};
/* "22:00-07:00"; "" for never. False, and nothing changed, for anything else. */
bool attention_quiet_read(const char *text, struct attention_quiet *ret);
/* from is within, to is not any more. */
bool attention_is_quiet(const struct attention_quiet *q, int64_t now_ms);

struct attention {
    struct attention_quiet quiet;
    int waits[ATTENTION_CLASSES]; /* counted and not told yet */
};
void attention_count(struct attention *a, enum attention_class class);
/* What may be told now, taken out of what waits: all, or in quiet hours the urgent ones. False: nothing. */
bool attention_take(struct attention *a, int64_t now_ms, int ret[ATTENTION_CLASSES]);

#endif
