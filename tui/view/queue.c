#include "tui/view/queue.h"

#include <string.h>

#include "core/base/i18n.h"
#include "tui/draw.h"

void queue_init(struct queue *q)
{
    *q = (struct queue){.view = VIEW_ALL_OPEN};
    arena_init(&q->arena, 0);
}

void queue_release(struct queue *q)
{
    arena_release(&q->arena);
}

const struct case_row *queue_current(const struct queue *q)
{
    return q->current < q->n ? &q->rows[q->current] : NULL;
}

static enum status load(struct queue *q, struct store *s, int64_t now_ms, size_t limit,
                        const struct row_key *from, bool backward, struct errmsg *err)
{
    struct query query = {.view = q->view, .now_ms = now_ms};
    struct arena arena;
    struct case_row *rows = NULL;
    size_t n = 0;
    arena_init(&arena, 0);
    enum status st = store_page(s, &query, from, backward, limit, &arena, &rows, &n, err);
    if (st != ST_OK) {
        arena_release(&arena);
        return st;
    }
    struct uuid id = {{0}};
    const struct case_row *old = queue_current(q);
    if (old != NULL)
        id = old->id;
    arena_release(&q->arena);
    q->arena = arena;
    q->rows = rows;
    q->n = n;
    for (size_t i = 0; i < n; i++)
        if (uuid_compare(&rows[i].id, &id) == 0)
            q->current = i;
    if (q->current >= n)
        q->current = n ? n - 1 : 0;
    return ST_OK;
}

static void set_top(struct queue *q, const struct case_row *first)
{
    q->has_top = true;
    q->top = (struct row_key){first->key.due_ms, first->key.row - 1};
}

enum status queue_load(struct queue *q, struct store *s, int64_t now_ms, int rows,
                       struct errmsg *err)
{
    size_t limit = rows > 0 ? (size_t)rows : 1;
    enum status st = load(q, s, now_ms, limit, q->has_top ? &q->top : NULL, false, err);
    if (st == ST_OK && q->n < limit && q->has_top) { /* the end came nearer: show the last page */
        st = load(q, s, now_ms, limit, NULL, true, err);
        if (st == ST_OK && q->n > 0)
            set_top(q, &q->rows[0]);
    }
    if (st == ST_OK && q->n < limit)
        q->has_top = false;
    return st;
}

enum status queue_go(struct queue *q, struct store *s, int64_t now_ms, int rows,
                     enum queue_move move, struct errmsg *err)
{
    size_t limit = rows > 0 ? (size_t)rows : 1;
    if (move == QUEUE_FIRST) {
        q->has_top = false;
        enum status st = queue_load(q, s, now_ms, rows, err);
        q->current = 0;
        return st;
    }
    if (move == QUEUE_LAST) {
        enum status st = load(q, s, now_ms, limit, NULL, true, err);
        if (st == ST_OK && q->n > 0) {
            set_top(q, &q->rows[0]);
            q->current = q->n - 1;
        }
        return st;
    }
    if (q->n == 0)
        return queue_load(q, s, now_ms, rows, err);
    if (move == QUEUE_DOWN && q->current + 1 < q->n) {
        q->current++;
        return ST_OK;
    }
    if (move == QUEUE_UP && q->current > 0) {
        q->current--;
        return ST_OK;
    }
    if (move == QUEUE_DOWN || move == QUEUE_PAGE_DOWN) {
        if (q->n < limit) {
            q->current = q->n - 1;
            return ST_OK;
        }
        set_top(q, &q->rows[move == QUEUE_DOWN && q->n > 1 ? 1 : q->n - 1]);
        enum status st = queue_load(q, s, now_ms, rows, err);
        if (st == ST_OK && move == QUEUE_DOWN && q->n > 0)
            q->current = q->n - 1;
        return st;
    }
    struct row_key first = q->rows[0].key;
    struct queue before = {.view = q->view};
    arena_init(&before.arena, 0);
    size_t step = move == QUEUE_UP ? 1 : limit > 1 ? limit - 1 : 1;
    enum status st = load(&before, s, now_ms, step, &first, true, err);
    if (st == ST_OK && before.n > 0)
        set_top(q, &before.rows[0]);
    queue_release(&before);
    if (st == ST_OK)
        st = queue_load(q, s, now_ms, rows, err);
    if (st == ST_OK)
        q->current = 0;
    return st;
}

void queue_draw(const struct queue *q, struct surface *s, struct rect r,
                const struct reference *reference, int64_t now_ms, struct arena *scratch)
{
    bool chinese = i18n_chinese();
    int wide = r.cols >= 100 ? 8 : 0;
    int at[] = {2, 10, 22, 40 + wide, 52 + 2 * wide, 63 + 2 * wide};
    if (r.cols < 60) { /* narrow: time, number, title */
        at[2] = at[3] = at[4] = -1;
        at[5] = 22;
    }
    static const char *const head[] = {N_("Left"),      N_("Case"),  N_("Category"),
                                       N_("Community"), N_("State"), N_("What")};
    for (int row = -1; row < (int)q->n && row + 1 < r.rows; row++) {
        const struct case_row *c = row < 0 ? NULL : &q->rows[row];
        bool late = c != NULL && c->due_ms != TIME_NONE && c->due_ms < now_ms;
        bool current = c != NULL && (size_t)row == q->current;
        const char *cell[6] = {0};
        if (c != NULL) {
            const struct category *k =
                reference != NULL ? reference_category(reference, c->category) : NULL;
            cell[0] = draw_left(scratch, c->due_ms, now_ms);
            size_t length = strlen(c->number); /* the tail tells cases apart */
            cell[1] = length > 11 ? c->number + length - 11 : c->number;
            cell[2] = k == NULL ? c->category : chinese ? k->level2 : k->level2_en;
            cell[3] = reference != NULL ? reference_unit_name(reference, c->community, chinese)
                                        : c->community;
            cell[4] = _(state_table[c->state].label);
            cell[5] = !chinese && *c->title_en ? c->title_en : c->title;
            const char *badge =
                arena_printf(scratch, "%s%s%s%s", c->conflict ? "! " : "", c->unsent ? "^ " : "",
                             c->draft ? "~ " : "",
                             c->repeats > 0 ? arena_printf(scratch, "x%d ", c->repeats + 1) : "");
            cell[5] = arena_printf(scratch, "%s%s", badge, cell[5]);
            if (current)
                draw_text(s, scratch, r.row + 1 + row, r.col, 1, THEME_MARK, ">");
            if (late)
                draw_text(s, scratch, r.row + 1 + row, r.col + 1, 1, THEME_OVERDUE, "!");
        }
        for (int i = 0; i < 6; i++) {
            if (at[i] < 0)
                continue;
            int end = r.cols + 1;
            for (int j = 5; j > i; j--)
                if (at[j] > 0)
                    end = at[j];
            draw_text(s, scratch, r.row + 1 + row, r.col + at[i], end - at[i] - 1,
                      c == NULL    ? THEME_HEAD
                      : late && !i ? THEME_OVERDUE
                      : current    ? THEME_MARK
                                   : THEME_PLAIN,
                      "%s", c == NULL ? _(head[i]) : cell[i]);
        }
    }
    if (q->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 2, r.cols - 2, THEME_DIM, "%s",
                  _("No case in this view."));
}
