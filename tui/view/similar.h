/*
 * similar.h: earlier cases like the one looked at, best first, and how the chosen one was solved.
 *
 * Ownership: the rows lie in the view's arena until the next load. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_SIMILAR_H
#define JIBAN_TUI_VIEW_SIMILAR_H

#include "core/store/similar.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

enum { SIMILAR_LIST_MOST = 50 };

struct similar_list {
    struct arena arena;
    struct uuid id;     /* of the case that is looked at */
    const char *number; /* of it */
    struct similar_case *rows;
    size_t n, current;
    bool all; /* texts were compared as well; else the index is not made yet */
    struct scroll scroll;
};

void similar_init(struct similar_list *v);
void similar_release(struct similar_list *v);
struct view similar_view(struct similar_list *v);
enum status similar_load(struct similar_list *v, struct console *c, const struct uuid *id,
                         struct errmsg *err);
void similar_draw(struct similar_list *v, struct surface *s, struct rect r, struct arena *scratch);
/* The reasons of a likeness in words, the strongest first. */
const char *similar_reasons(const struct similarity *like, struct arena *a);

#endif
