/*
 * scroll.h: the place in a page of lines that is longer than its window.
 *
 * Threads: no state of its own.
 */
#ifndef JIBAN_TUI_VIEW_SCROLL_H
#define JIBAN_TUI_VIEW_SCROLL_H

#include "tui/keymap.h"
#include <stddef.h>

struct scroll {
    int first;         /* line at the top of the window */
    int lines, height; /* of the page and the window, as last drawn */
};

/* Up, down, pages, ends. False: not such an action. */
bool scroll_act(struct scroll *s, enum action action);
/* Back into the page after it or the window changed. True when that moved it. */
bool scroll_clamp(struct scroll *s);

/* A list of n rows with a text below that may be long: up, down and the ends move the mark, pages the text. */
enum list_move {
    LIST_OTHER, /* not such an action */
    LIST_STAYS, /* one, and the mark is where it was */
    LIST_MOVED  /* the text below is another one, from its beginning */
};
enum list_move scroll_list_act(struct scroll *s, size_t *current, size_t n, enum action action);

#endif
