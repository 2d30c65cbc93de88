/*
 * help.h: what can be done, made from the action table: first where one is, then the rest.
 *
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_HELP_H
#define JIBAN_TUI_VIEW_HELP_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

struct help {
    enum key_context from;       /* where it was called */
    bool offered[COMMAND_COUNT]; /* what may be done to the case there, or begun */
    struct scroll scroll;
};

struct view help_view(struct help *h);
void help_start(struct help *h, struct console *c, enum key_context from,
                const struct casefile *subject);
int help_draw(const struct help *h, struct surface *s, struct rect r, struct arena *scratch);

#endif
