/*
 * text_page.h: a page of texts that is longer than its window: sentences, sheets, lists without a mark.
 *
 * Purpose: whoever shows text puts its parts in, in order; they are wrapped as they are drawn, and cleaned. What goes on
 *          below stands two cells further in than its first line.
 * Ownership: texts are copied into the page's arena until it is cleared.
 * Errors: without memory a part is left out. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_TEXT_PAGE_H
#define JIBAN_TUI_VIEW_TEXT_PAGE_H

#include "core/base/arena.h"
#include "tui/surface.h"
#include "tui/theme.h"
#include "tui/view/scroll.h"

struct text_part {
    enum theme_role role;
    bool marked; /* with the sign of what is chosen */
    const char *text;
    int line; /* its first, as last drawn */
};

struct text_page {
    struct arena arena;
    struct text_part *part;
    size_t n, room;
    struct scroll scroll;
};

void text_page_init(struct text_page *p);
void text_page_release(struct text_page *p);
/* No text; the place in the page stays, for the same text read anew. */
void text_page_clear(struct text_page *p);
/* Foreign text may stand in it; LF parts its lines. */
void text_page_put(struct text_page *p, enum theme_role role, const char *text);
/* The part that was put last is the chosen one. */
void text_page_mark(struct text_page *p);
/* The marked part; p->n when there is none. */
size_t text_page_marked(const struct text_page *p);
/* Does the first line of a part stand in the window, as last drawn? */
bool text_page_sees(const struct text_page *p, size_t part);
/* Its first line comes to the top of the window, as far as the page goes. */
void text_page_go(struct text_page *p, size_t part);
/* From line scroll.first on. */
void text_page_draw(struct text_page *p, struct surface *s, struct rect r, struct arena *scratch);

#endif
