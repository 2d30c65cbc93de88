/*
 * view.h: what a view is to the app: a few functions over its own model.
 *
 * reload  reads the store again (something changed, or the time)
 * act     an action of the view's contexts; false: not for this view
 * type    a key that no action takes, and pastes; NULL: none
 * read    where one is and the line one stands on, for a terminal of lines (tui/reading.h); NULL: the row with the sign of
 *         the chosen one, which is enough for a list
 * draw    puts the model on the surface; sets the cursor where one types
 * subject the case that commands of procedure are about; false: none
 * click   marks what stands in a row of its rectangle; false: nothing can be marked there. *ret_again: it was marked, so
 *         that the click means more. NULL: nothing to click on
 * offers  is there something for this action to do? It keeps hints of others out of the last line; NULL: all of the
 *         context
 * hint     another hint for this action than that of the table, translated; NULL: that one. NULL: of all actions
 * Ownership: self is the view's. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_VIEW_H
#define JIBAN_TUI_VIEW_VIEW_H

#include "tui/console.h"
#include "tui/surface.h"

struct reading;

struct cursor {
    int row, col; /* row < 0: hidden */
};

struct view {
    enum key_context keys;
    void *self;
    bool
        keeps; /* draw clears for itself what it draws anew, and leaves the rest when console->kept */
    void (*reload)(void *self, struct console *c);
    bool (*act)(void *self, struct console *c, enum action action);
    void (*type)(void *self, struct console *c, const struct key *key);
    void (*draw)(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor);
    void (*read)(void *self, struct console *c, struct reading *out);
    bool (*subject)(void *self, struct console *c, struct uuid *ret);
    bool (*click)(void *self, int row, bool *ret_again);
    bool (*offers)(const void *self, enum action action);
    const char *(*hint)(const void *self, enum action action);
};

#endif
