/*
 * notices.h: looks after the person's own work each minute and tells what attention.h lets pass.
 *
 * Purpose: a line where messages stand, when none stands there; keys and cursor stay where they are. Also the bell, the
 *          desktop through the terminal, and a program of the person's own, when the settings say so and nobody looks at
 *          the terminal or that is not known. What was told can be read again.
 * Ownership: notices_release gives back what was kept of the last look.
 * Errors: a look that fails is made again the next minute. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_NOTICES_H
#define JIBAN_TUI_NOTICES_H

#include "tui/attention.h"
#include "tui/console.h"
#include "tui/watch.h"
#include <sys/types.h>

enum { NOTICES_KEPT = 50, NOTICE_BYTES = 200 };

struct notices {
    struct attention gate;
    struct watch_list before; /* the last look */
    bool begun;
    /* What was told in this run, a ring: the newest NOTICES_KEPT. */
    struct told {
        int64_t at_ms; /* server's time */
        char text[NOTICE_BYTES];
    } told[NOTICES_KEPT];
    size_t n_told, next_told;
    pid_t program; /* that was given the last one and may still run; 0: none */
};
/* A setting for quiet hours that makes no sense is said, and no hour is quiet. */
void notices_init(struct notices *n, struct console *c);
void notices_release(struct notices *n);
/* Compares with the last look: of this run, else with the time of the last one that the cache knows, so that nothing
 * is told twice and nothing is passed over while no console ran. With room on the message line what is to be told goes
 * to ret; without it that waits for the next look. False: nothing. */
bool notices_look(struct notices *n, struct console *c, bool room, char ret[ERRMSG_SIZE]);
/* A person who does not look at the terminal, or of whom it is not known, hears of it: the bell, the desktop, a program,
 * as the settings say. The program gets the sentence, which names nobody; while it runs it gets no other. */
void notices_call(struct notices *n, struct console *c, const char *text);
/* Is anybody to be called at all? */
bool notices_calls(const struct options *o);
/* back 0: what was told last. NULL: there is not so much. */
const struct told *notices_told(const struct notices *n, size_t back);

#endif
