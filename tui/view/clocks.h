/*
 * clocks.h: the clocks of a case, and of the chosen one the proof of its due time.
 *
 * Purpose: every interval that counted or did not, by which rule (core/case/proof.h); the same as `jiban clock`.
 * Ownership: the proofs lie in the view's arena until the next load. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_CLOCKS_H
#define JIBAN_TUI_VIEW_CLOCKS_H

#include "core/base/arena.h"
#include "core/case/proof.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

struct clocks {
    struct arena arena;
    struct uuid id;     /* of the case */
    const char *number; /* of the case */
    const struct proof *proofs;
    size_t n, current;
    struct scroll scroll; /* of the proof */
    int64_t now_ms;
};

void clocks_init(struct clocks *v);
void clocks_release(struct clocks *v);
struct view clocks_view(struct clocks *v);
/* ST_NOT_FOUND: the case left the sight, or a year has no holiday notice; ST_BUSY: the rules have not come yet. */
enum status clocks_load(struct clocks *v, struct console *c, const struct uuid *id,
                        struct errmsg *err);
void clocks_draw(struct clocks *v, struct surface *s, struct rect r, struct arena *scratch);

#endif
