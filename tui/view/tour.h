/*
 * tour.h: the first minute: a few pages that tell how to read the screen, move, act, fill in forms and get help.
 *
 * Purpose: tour_model.c makes the texts out of tour.def, tour_update.c turns the pages, tour_draw.c draws one.
 * Ownership: texts lie in the arena that was given. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_TOUR_H
#define JIBAN_TUI_VIEW_TOUR_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

enum tour_page {
#define TOUR_PAGE(id, title, text) TOUR_##id,
#include "tui/view/tour.def"
#undef TOUR_PAGE
    TOUR_PAGES
};

enum { TOUR_COLS = 70, TOUR_ROWS = 10 }; /* most of the text of a page, at 80x24 */

struct tour {
    enum tour_page at;
    struct scroll scroll; /* where a window is too small for the page */
};

/* From the first page. */
void tour_start(struct tour *t);
struct view tour_view(struct tour *t);
/* Which page it is, of how many. */
const char *tour_title(enum tour_page page, struct arena *a);
/* Its paragraphs with the keys in force, parted by line feeds. */
const char *tour_text(enum tour_page page, struct arena *a);
/* Puts the keys into a text of tour.def; what is no action of a place stays as it is written. */
const char *tour_keys(const char *text, struct arena *a);
void tour_draw(struct tour *t, struct surface *s, struct rect r, struct arena *scratch);

#endif
