/*
 * help.h: what can be done, made from the action table: first where one is, then the rest; searched as one types.
 *
 * Purpose: help_model.c makes the lines, help_update.c moves in them, help_draw.c draws.
 * Ownership: the texts of the lines lie in the help's arena until it is searched anew. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_HELP_H
#define JIBAN_TUI_VIEW_HELP_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

struct help_line {
    enum action action; /* ACTION_NONE: a heading, a sign, a blank */
    bool head;
    bool here; /* it can be run from where the help was called */
    enum theme_role key_role, role;
    const char *keys, *text;
};

struct help {
    enum key_context from;       /* where it was called */
    bool offered[COMMAND_COUNT]; /* what may be done to the case there, or begun */
    bool looks_only;             /* nothing is changed from there */
    struct arena arena;
    struct help_line *line;
    size_t n, at;      /* at: the marked line */
    uint64_t revision; /* of the text that it was searched for */
    struct scroll scroll;
};

void help_init(struct help *h);
void help_release(struct help *h);
struct view help_view(struct help *h);
void help_start(struct help *h, struct console *c, enum key_context from,
                const struct casefile *subject);
/* Only the lines whose keys, word, label or meaning hold the text; "": all. */
void help_find(struct help *h, const char *text);
/* The mark goes up or down by so many lines that can be marked. */
void help_step(struct help *h, int by);
/* What is marked, if it can be done from where the help was called; ACTION_NONE else. */
enum action help_chosen(const struct help *h);
void help_draw(const struct help *h, struct surface *s, struct rect r, struct arena *scratch);

#endif
