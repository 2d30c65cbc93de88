/*
 * bulk.h: one command on all marked cases.
 *
 * Purpose: its arguments are filled in once; each case is asked about singly (workflow_decide) before anything is
 *          kept; one question tells how many can and how many cannot and why; what can goes into the outbox in one
 *          transaction. Cases on which it cannot be done stay marked.
 * Ownership: struct bulk owns what waits for the answer. Errors: said in the console's message.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_BULK_H
#define JIBAN_TUI_BULK_H

#include "core/case/casefile.h"
#include "tui/marks.h"

struct console;

struct bulk {
    struct arena arena;
    bool wants_form; /* the form that opens next is for all that is marked */
    bool waits;      /* the question is asked */
    enum command_type type;
    const struct value *values;
    size_t n_values;
    struct bulk_case {
        struct uuid id;
        uint32_t base;
    } * can;
    size_t n_can;
};

void bulk_init(struct bulk *b);
void bulk_release(struct bulk *b);
/* Is the argument of one case alone, so that a form for several has no place for it? */
bool bulk_leaves_out(enum field field);
/* The person wants this on all that is marked: opens the form, asks at once when there is nothing to fill in, or
 * says why it is done case by case. */
void bulk_start(struct console *c, enum command_type type);
/* The form is filled in: looks at each marked case and asks. Nothing is asked when it can be done to none. */
void bulk_ask(struct console *c, enum command_type type, const struct value *values, size_t n);
/* The answer is yes. True when it is on the disk. */
bool bulk_go(struct console *c);

#endif
