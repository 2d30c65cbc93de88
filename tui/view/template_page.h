/*
 * template_page.h: one reply template, to be written or thrown away.
 *
 * Purpose: what is confirmed is checked (core/case/template.h), kept in the cache and sent when there is a line. Who leaves
 *          with changes is asked to leave twice.
 * Ownership: texts lie in the page's arena until it is opened anew. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_TEMPLATE_PAGE_H
#define JIBAN_TUI_VIEW_TEMPLATE_PAGE_H

#include "core/store/papers.h"
#include "tui/view/view.h"
#include "tui/widget/editor.h"

enum template_job { TEMPLATE_NEW, TEMPLATE_EDIT, TEMPLATE_DELETE };

struct template_page {
    struct arena arena;
    enum template_job job;
    struct paper paper;
    const char *owner; /* for people */
    struct editor text;
    uint64_t saved; /* revision of the text that is kept */
    bool leaving;   /* the first Esc was pressed */
};

void template_page_init(struct template_page *p);
void template_page_release(struct template_page *p);
struct view template_page_view(struct template_page *p);
/* office: of the person's office, else the person's own. Editing and deleting without office takes the person's own, or
 * else the office's of that name. ST_NOT_FOUND, ST_EXISTS, ST_DENIED. */
enum status template_page_open(struct template_page *p, struct console *c, enum template_job job,
                               bool office, const char *name, struct errmsg *err);
/* What is done, to which template. */
const char *template_page_title(const struct template_page *p, struct arena *a);
/* Into the text, as if the person had typed it. */
void template_page_write(struct template_page *p, const char *text);
void template_page_draw(struct template_page *p, struct surface *s, struct rect r,
                        struct arena *scratch, struct cursor *cursor);

#endif
