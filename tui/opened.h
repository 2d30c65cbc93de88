/*
 * opened.h: the cases at hand: those that were opened lately, each under a number that stays its own.
 *
 * Purpose: Alt-1 to Alt-9 go from one to another, to the form that one was writing in, without the way back to the queue.
 *          Numbers do not move: the next case takes the lowest that is free, and when there is none, that of the case that
 *          was not looked at for longest; of those whose form one left half written only when all are that.
 * Ownership: plain data; no case lies in it. All zero: none. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_OPENED_H
#define JIBAN_TUI_OPENED_H

#include "core/store/store.h"
#include <stdbool.h>
#include <stdint.h>

enum { OPENED_MOST = 9 };

struct opened_case {
    struct uuid id;
    uint64_t used; /* grows with each look at a case; 0: the number is free */
    bool writing;  /* one went elsewhere out of a form, and comes back to it: */
    int command;   /* enum command_type of that form */
    int slot;      /* of its draft */
};

struct opened {
    struct opened_case at[OPENED_MOST]; /* [0] is number 1 */
    uint64_t uses;
};

/* NULL: it is not at hand. */
const struct opened_case *opened_find(const struct opened *o, const struct uuid *id);
/* The case is looked at. *ret_gone: the one whose number it took, all zero when it took nobody's. */
struct opened_case *opened_note(struct opened *o, const struct uuid *id,
                                struct opened_case *ret_gone);
/* 1 to OPENED_MOST; 0 of NULL. */
int opened_number(const struct opened *o, const struct opened_case *one);
/* Is the form one left still half written? Its draft may have been sent or deleted since. */
bool opened_goes_on(const struct opened_case *one, struct store *s, struct arena *scratch);

#endif
