/*
 * handover_page.h: the handover sheet of one's own work, and below it the sheets that others of the office kept.
 *
 * Purpose: one's own sheet is made anew whenever it is shown; it can be kept for the next shift. Of others' those are shown
 *          that are newer than the last look, and those of the last day that one has not acknowledged. The oldest of
 *          these is the marked one; it is acknowledged as a whole, when it is in sight.
 * Ownership: sheets lie in the page's arena until they are read anew. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_HANDOVER_PAGE_H
#define JIBAN_TUI_VIEW_HANDOVER_PAGE_H

#include "tui/handover_kept.h"
#include "tui/view/text_page.h"
#include "tui/view/view.h"

struct handover_page {
    struct arena arena;
    struct text_page page;
    struct buf own; /* the sheet of one's own */
    struct sheet *sheet;
    size_t n, marked; /* marked: the one to be acknowledged; n: none */
    int64_t last_ms;  /* when it was looked at before, server's time; TIME_NONE: never */
};

void handover_page_init(struct handover_page *p);
void handover_page_release(struct handover_page *p);
struct view handover_page_view(struct handover_page *p);
/* From its top. From then on this is the last look. */
enum status handover_page_open(struct handover_page *p, struct console *c, struct errmsg *err);

#endif
