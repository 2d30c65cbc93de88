/*
 * later.h: what was confirmed and is not sent yet: the time in which it can be taken back, sending at a time, and undo.
 *
 * Purpose: replies and what cannot be taken back at the centre wait some seconds (option reply.grace) before the line may
 *          have them; a form can be confirmed for a later time. Until they leave, undo makes drafts of them again.
 * Ownership: nothing is kept but the message that counts down. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_LATER_H
#define JIBAN_TUI_LATER_H

#include "core/case/casefile.h"
#include "core/store/store.h"

struct console;

/* The message of what waits: said anew each second, as long as no other one has taken its place. */
struct later {
    char what[200]; /* "Reply 2608-10233" */
    char said[ERRMSG_SIZE];
    int64_t until_mono_ms; /* 0: nothing counts down */
    int64_t at_ms;         /* server's time at which the next form is to be sent; 0: at once */
};

/* When a command of this kind that is confirmed now may leave, by the clock of the cache; 0: at once. */
int64_t later_not_before(const struct console *c, enum command_type type);
/* Says that it is kept, and when it is sent. */
void later_say(struct console *c, const char *what, int64_t not_before_ms);
/* Follows the seconds; next_ms: mono time of the next one, INT64_MAX if none. */
void later_tick(struct console *c);
int64_t later_next_ms(const struct console *c);
/* Takes back what was confirmed last, or the command id with its batch; a single one with a text is opened again. */
void later_undo(struct console *c, const struct uuid *id);
/* The command alone, whatever was confirmed with it. */
void later_undo_alone(struct console *c, const struct uuid *id);
/* A time to send at: what when.h understands, or "next working day 09:00". ST_INVALID says what can be written. */
enum status later_parse(const struct console *c, const char *text, int64_t *ret_ms,
                        struct errmsg *err);
/* Who leaves does not wait: what only waits to be taken back may go, and the line has up to ms to take it. */
void later_leave(struct console *c, int ms);

#endif
