/* queue_ahead.c: the page below is read while nobody waits, so that a page key finds its rows. */
#include "core/base/clock.h"
#include "tui/view/queue.h"
#include <stdlib.h>
#include <string.h>

/* Rows that were read and not shown, and what makes them the right ones. */
struct queue_ahead {
    bool have;
    struct arena arena;
    struct case_row *rows;
    size_t n, limit;
    struct row_key from; /* its texts are in the two below */
    char text[QUEUE_KEY_MAX], group[QUEUE_KEY_MAX];
    uint64_t mark;  /* of the store */
    int64_t minute; /* by which the lists of what is late or due are made */
};

static void drop(struct queue_ahead *h)
{
    arena_release(&h->arena);
    arena_init(&h->arena, 0);
    h->have = false;
}

void queue_ahead_free(struct queue_ahead *h)
{
    if (h)
        drop(h);
    free(h);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool same_key(const struct row_key *a, const struct row_key *b)
{
    return a->due_ms == b->due_ms && a->row == b->row && a->number == b->number &&
           same_text(a->text, b->text) && same_text(a->group, b->group) && a->head == b->head &&
           a->past == b->past;
}

bool queue_ahead_take(struct queue *q, struct console *c, const struct row_key *from, size_t limit,
                      struct arena *arena, struct case_row **ret, size_t *ret_n)
{
    struct queue_ahead *h = q->ahead;
    if (!h || !h->have)
        return false;
    bool right = from && limit == h->limit && same_key(from, &h->from) &&
                 console_now(c) / MS_MINUTE == h->minute;
#if SABOTAGE != 332 /* Damage: rows are shown as they were before they changed. */
    right = right && store_mark(c->config->store) == h->mark;
#endif
    if (right) {
        *arena = h->arena;
        *ret = h->rows;
        *ret_n = h->n;
        arena_init(&h->arena, 0);
    }
    drop(h); /* whatever is read instead is another list or another place */
    return right;
}

void queue_begins(struct queue *q)
{
    q->pages = !*q->filter && !q->searches && q->n > 0 && q->n == (size_t)q->height;
}

void queue_read_ahead(struct queue *q, struct console *c)
{
    struct query query = queue_query(q, c);
    if (!q->pages || q->n == 0)
        return;
    q->pages = false;
    if (!q->ahead && !(q->ahead = calloc(1, sizeof *q->ahead)))
        return;
    struct queue_ahead *h = q->ahead;
    drop(h);
    queue_key_of(q, &q->rows[q->n - 1], &h->from, h->text, h->group);
    h->limit = q->n;
    h->minute = query.now_ms / MS_MINUTE;
    h->mark = store_mark(c->config->store);
    h->have = h->mark != 0 && store_page(c->config->store, &query, &h->from, false, h->limit,
                                         &h->arena, &h->rows, &h->n, NULL) == ST_OK;
}
