/*
 * many.h: one command on several cases, each with a text of its own: made by a template or by what a form says, looked at one
 *         by one, written anew singly or left out, and confirmed together.
 *
 * Purpose: many_model.c fills in one form after the other and asks of each what its form would ask at ^S: fields, gaps, what
 *          must not be told, the workflow with the checklist of replies; many_update.c has the keys, many_draw.c the page.
 *          What is confirmed goes by bulk.h: one question, one batch. What is held back says why and stays.
 * Macros:  the same for a template with {send}; of a single case it is the preview that goes out by one key.
 * Drafts:  each text lies on the disk as the draft of its case from the beginning, so a form opened on it and this page
 *          have the same words. A text that somebody wrote before is not replaced. Those of a macro, which are made anew
 *          by one key, are kept when they are written in.
 * Ownership: the arena holds all texts until the page is closed. Errors: said in the console's message, nothing is sent then.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_MANY_H
#define JIBAN_TUI_VIEW_MANY_H

#include "tui/view/form.h"

enum many_state {
    MANY_GOES,
    MANY_HELD, /* why: what would be asked at ^S */
    MANY_LEFT_OUT,
    MANY_NEVER, /* why: it cannot be done to this case */
    MANY_SENT
};

struct many_text {
    struct uuid id;
    enum many_state state;
    bool own;                              /* a person wrote in it: no template takes its place */
    bool kept;                             /* its draft is on the disk */
    int slot;                              /* of that */
    uint32_t revision;                     /* likewise */
    uint32_t base;                         /* version of the case that is seen */
    const char *number, *claimant, *title; /* masked */
    const char *fields;                    /* "Result: solved", a line for each but the text */
    const char *text;
    const char *why;                    /* "" */
    const struct value *values, *typed; /* of the command; as they stand in the form */
    size_t n_values, n_typed;
};

struct many {
    struct arena arena;
    struct form work; /* fills in one after the other; never on the screen */
    enum command_type type;
    const char *name, *body;    /* of the template; NULL: none */
    const struct value *common; /* what was typed for all */
    size_t n_common;
    bool macro;
    struct many_text *text;
    size_t n, current;
    bool editing;  /* the current one is open in a form */
    bool again;    /* another template is being chosen: what nobody wrote in is made anew */
    int form_slot; /* of the draft of the form that it was made of; -1: none */
    struct scroll scroll;
};

void many_init(struct many *m);
void many_release(struct many *m);
struct view many_view(struct many *m);

/* What the page begins with; texts are copied. */
struct many_begin {
    enum command_type type;
    const struct uuid *id;
    size_t n;
    const char *name, *body;    /* NULL: without a template */
    const struct value *common; /* typed for all */
    size_t n_common;
    bool macro;
    int form_slot; /* as in struct many */
};
/* ST_REFUSED: it is possible on none of them; err says why not on the first. */
enum status many_start(struct many *m, struct console *c, const struct many_begin *how,
                       struct errmsg *err);
/* After a form on the current one: as its draft says, or sent. */
void many_look_again(struct many *m, struct console *c);
/* All that goes: a single one at once, several are asked about. */
void many_confirm(struct many *m, struct console *c);
/* The answer was yes, and the batch is in the outbox: its drafts are gone. */
void many_sent(struct many *m, struct console *c);
/* What was confirmed here was taken back: it is a draft again, and goes with the others. */
void many_came_back(struct many *m, struct console *c);
/* The draft of the current one is on the disk. */
enum status many_keep(struct many *m, struct console *c, struct errmsg *err);
size_t many_count(const struct many *m, enum many_state state);
/* "held back", ... ; lives as long as the program. */
const char *many_word(enum many_state state);
const char *many_head(const struct many *m, struct arena *a);
void many_draw(struct many *m, struct surface *s, struct rect r, struct arena *scratch);

#endif
