/*
 * queue.h: the list of cases: a page of rows read by keyset, and its drawing.
 *
 * Ownership: rows lie in the queue's arena until the next load. Errors: those of the store; the
 * old page stays. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_QUEUE_H
#define JIBAN_TUI_VIEW_QUEUE_H

#include "core/store/store.h"
#include "tui/surface.h"

struct queue {
    struct arena arena;
    struct case_row *rows;
    size_t n, current;
    enum view_id view;
    bool has_top;
    struct row_key top; /* just before the first row shown */
};
enum queue_move { QUEUE_UP, QUEUE_DOWN, QUEUE_PAGE_UP, QUEUE_PAGE_DOWN, QUEUE_FIRST, QUEUE_LAST };

void queue_init(struct queue *q);
void queue_release(struct queue *q);
/* Reads the page again, at most rows lines; the mark stays on its case while that is shown. */
enum status queue_load(struct queue *q, struct store *s, int64_t now_ms, int rows,
                       struct errmsg *err);
enum status queue_go(struct queue *q, struct store *s, int64_t now_ms, int rows,
                     enum queue_move move, struct errmsg *err);
const struct case_row *queue_current(const struct queue *q); /* NULL when empty */
/* Heading and rows in the rectangle; reference may be NULL. */
void queue_draw(const struct queue *q, struct surface *s, struct rect r,
                const struct reference *reference, int64_t now_ms, struct arena *scratch);

#endif
