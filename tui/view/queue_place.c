/* queue_place.c: where the page stands in its list, which marks the list does not show, and marks by ranges. */
#include "core/base/i18n.h"
#include "tui/view/queue.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* --- rows a to b of N ----------------------------------------------------------------------------- */

int64_t queue_total(const struct queue *q, const struct console *c, bool *ret_more)
{
    *ret_more = *q->filter && q->found_more;
    return *q->filter ? q->found : c->counts.view[q->view];
}

static size_t index_of(const struct queue_row *rows, size_t n, const struct uuid *id)
{
    size_t i = 0;
    while (i < n && uuid_compare(&rows[i].id, id) != 0)
        i++;
    return i;
}

/* Pages that follow each other have a row in common: its place is known. */
void queue_follow(struct queue *q, const struct queue_row *before, size_t n)
{
    if (!q->has_top) {
        q->first = 0;
        q->nearly = false;
        return;
    }
    if (q->first < 0 || q->n == 0 || n == 0) {
        q->first = -1;
        return;
    }
    size_t down = index_of(before, n, &q->rows[0].id);
    size_t up = index_of(q->rows, q->n, &before[0].id);
    if (down < n)
        q->first += (int64_t)down;
    else if (up < q->n && q->first >= (int64_t)up)
        q->first -= (int64_t)up;
    else
        q->first = -1;
}

void queue_place(struct queue *q, struct console *c)
{
    struct query query = queue_query(q, c);
    int64_t rank;
    if (!q->has_top || q->n == 0 || q->group != GROUP_NONE)
        return;
    if (store_rank(c->config->store, &query, &q->rows[0].key, QUEUE_RANK_MOST, &rank, NULL) !=
        ST_OK)
        return;
    q->nearly = rank == QUEUE_RANK_MOST;
    if (!q->nearly)
        q->first = rank;
}

const char *queue_rows_text(const struct queue *q, const struct console *c, bool words,
                            struct arena *a)
{
    bool more;
    int64_t all = queue_total(q, c, &more), last = q->told + (int64_t)q->n;
    if (q->n == 0 || q->told < 0 || q->group != GROUP_NONE)
        return "";
    if (all < last) /* the count follows a little later */
        all = last;
    return arena_printf(a,
                        words ? _("rows %s%" PRId64 "-%" PRId64 " of %" PRId64 "%s")
                              : "%s%" PRId64 "-%" PRId64 "/%" PRId64 "%s",
                        q->nearly ? "~" : "", q->told + 1, last, all, more ? "+" : "");
}

/* --- marks ------------------------------------------------------------------------------------------ */

void queue_count_marks(struct queue *q, struct console *c)
{
    struct query query = queue_query(q, c);
    query.group = GROUP_NONE; /* folded ones are a part of the list */
#if SABOTAGE == 241
    c->unshown = 0; /* damage for the tests: marks that are not shown are not told */
    return;
#endif
    if (c->marks.n == 0 || store_outside(c->config->store, &query, c->marks.id, c->marks.n,
                                         &c->unshown, NULL) != ST_OK)
        c->unshown = 0;
}

void queue_range_begin(struct queue *q, struct console *c)
{
    const struct queue_row *line = queue_line(q);
    struct queue_range *r = &q->range;
    if (!line)
        return;
    *r = (struct queue_range){
        .on = true, .from = line->key, .id = line->id, .head = line->head, .before = c->marks.n};
    r->from.text = queue_keep_text(r->text, line->key.text);
    r->from.group = queue_keep_text(r->group, line->key.group);
    (void)queue_range_follow(q, c, NULL);
}

static bool is_line(const struct case_row *row, const struct queue_row *line)
{
    if (row->head || line->head)
        return row->head && line->head && strcmp(row->head->value, line->key.group) == 0;
    return uuid_compare(&row->id, &line->id) == 0;
}

/* The rows between where the range began and this line, this one with them. *ret_n 0: it is not on that side, or too
 * far. */
static enum status between(struct queue *q, struct console *c, const struct queue_row *line,
                           bool up, const struct case_row **ret, size_t *ret_n, struct errmsg *err)
{
    struct query query = queue_query(q, c);
    struct row_key from = q->range.from;
    struct case_row *rows = NULL;
    size_t n = 0, at = 0;
    from.past = from.head && !up;
    enum status st =
        store_page(c->config->store, &query, &from, up, MARKS_MAX + 1, &c->scratch, &rows, &n, err);
    if (st != ST_OK)
        return st;
    while (at < n && !is_line(&rows[at], line))
        at++;
    *ret = up ? rows + at : rows;
    *ret_n = at == n ? 0 : up ? n - at : at + 1;
#if SABOTAGE == 242
    *ret_n -= *ret_n > 1; /* damage for the tests: a range leaves out a case */
#endif
    return ST_OK;
}

enum status queue_range_follow(struct queue *q, struct console *c, struct errmsg *err)
{
    struct queue_range *r = &q->range;
    const struct queue_row *line = queue_line(q);
    const struct case_row *rows = NULL;
    size_t n = 0;
    enum status st = ST_OK;
    bool room = true, moved = line && uuid_compare(&line->id, &r->id) != 0;
    if (moved)
        st = between(q, c, line, false, &rows, &n, err);
    if (st == ST_OK && moved && n == 0)
        st = between(q, c, line, true, &rows, &n, err);
    if (st != ST_OK)
        return st;
    if (moved && n == 0) {
        console_say(c, THEME_WARN, _("A range takes in %d cases at most."), MARKS_MAX);
        return ST_OK;
    }
    if (r->before < c->marks.n)
        c->marks.n = r->before;
    if (!r->head)
        room &= marks_add(&c->marks, &r->id);
    for (size_t i = 0; i < n; i++)
        if (!rows[i].head)
            room &= marks_add(&c->marks, &rows[i].id);
    if (!room)
        console_say(c, THEME_WARN, _("%d cases are marked; there is room for no more."), MARKS_MAX);
    return ST_OK;
}
