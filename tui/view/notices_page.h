/*
 * notices_page.h: what was told unasked since the console was started, the newest first.
 *
 * Ownership: the notices are the app's. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_NOTICES_PAGE_H
#define JIBAN_TUI_VIEW_NOTICES_PAGE_H

#include "tui/notices.h"
#include "tui/view/text_page.h"
#include "tui/view/view.h"

struct notices_page {
    const struct notices *notices;
    struct text_page page;
};

void notices_page_init(struct notices_page *p, const struct notices *notices);
void notices_page_release(struct notices_page *p);
/* From its top. */
struct view notices_page_open(struct notices_page *p, struct console *c);

#endif
