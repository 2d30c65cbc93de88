/*
 * bulk.h: one command on all marked cases.
 *
 * Purpose: its arguments are filled in once, or are each case's own (view/many.h); each case is asked about singly
 *          (workflow_decide) before anything is kept; one question tells how many can and how many cannot and why; what
 *          can goes into the outbox in one transaction. Cases on which it cannot be done stay marked.
 * Ownership: struct bulk owns what waits for the answer. Errors: said in the console's message.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_BULK_H
#define JIBAN_TUI_BULK_H

#include "core/base/buf.h"
#include "core/store/store.h"
#include "tui/marks.h"

struct console;

struct bulk {
    struct arena arena;
    bool wants_form; /* the form that opens next is for all that is marked */
    bool waits;      /* the question is asked */
    bool each;       /* each case has values of its own */
    enum command_type type;
    struct bulk_case {
        struct uuid id;
        uint32_t base;
        const struct value *values;
        size_t n_values;
        const char *held; /* why it is kept back, whatever the workflow says; NULL: nothing does */
    } * all, *can;        /* what was asked for, and of these what can be done */
    size_t n_all, n_can;
    struct bulk_merger {
        bool on;
        struct uuid id; /* of the order that leads */
    } merger;
};

void bulk_init(struct bulk *b);
void bulk_release(struct bulk *b);
/* Is it told to one claimant in words of its own, so that each case has its own text (view/many.h)? */
bool bulk_has_texts(enum command_type type);
/* Is it done case by case, whatever is marked? */
bool bulk_never(enum command_type type);
/* Is the argument of one case alone, so that a form for several has no place for it? */
bool bulk_leaves_out(enum field field);
/* The person wants this on all that is marked: opens the form, asks at once when there is nothing to fill in, or
 * says why it is done case by case. under: the case one stands on, NULL: none; a merger is into it, if it is marked and
 * others are, and asks at once. */
void bulk_start(struct console *c, enum command_type type, const struct uuid *under);
/* The form is filled in: looks at each marked case and asks. Nothing is asked when it can be done to none. */
void bulk_ask(struct console *c, enum command_type type, const struct value *values, size_t n);
/* The same with values of each case (base is not looked at). */
void bulk_ask_each(struct console *c, enum command_type type, const struct bulk_case *list,
                   size_t n);
/* A merger of all that is marked (bulk_merge.c): the order that leads, and what is told of it before it is confirmed: each
 * follower with its claimant and due time, and the due time that counts for all. */
struct merger {
    struct arena arena;
    struct case_view lead;
    int64_t due_ms; /* TIME_NONE: its clock does not run */
    size_t n;
    struct buf lines;
};
/* ST_NOT_FOUND: the order that leads is not known here. merger_close in any case. */
enum status merger_open(struct merger *m, struct console *c, const struct uuid *lead,
                        struct errmsg *err);
void merger_close(struct merger *m);
void merger_add(struct merger *m, const struct casefile *follower, struct arena *a);
/* Lives in the arena. */
const char *merger_text(const struct merger *m, int64_t now_ms, struct arena *a);
/* The answer is yes. True when it is on the disk. */
bool bulk_go(struct console *c);

#endif
