/* queue_model.c: pages of the queue out of the store. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"
#include "core/case/owed.h"
#include "core/text/utf8.h"
#include "tui/presence.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLIDE_MOST = 64 * 1024 }; /* bytes of rows read one by one until a page is read anew */

void queue_init(struct queue *q)
{
    *q = (struct queue){.view = VIEW_ALL_OPEN, .height = 1};
    q->folds.value = q->fold;
    (void)columns_parse("", &q->columns, NULL);
    arena_init(&q->arena, 0);
}

void queue_release(struct queue *q)
{
    arena_release(&q->arena);
    queue_ahead_free(q->ahead);
    q->ahead = NULL;
    free(q->drawn);
}

const struct queue_row *queue_current(const struct queue *q)
{
    const struct queue_row *line = queue_line(q);
    return line && !line->head ? line : NULL;
}

bool queue_marked(const struct queue *q, size_t i)
{
    return q->marks && marks_has(q->marks, &q->rows[i].id);
}

struct query queue_query(const struct queue *q, struct console *c)
{
    return (struct query){.view = q->view,
                          .now_ms = console_now(c),
                          .filter = q->filter,
                          .order = q->order,
                          .reverse = q->reverse,
                          .group = q->group,
                          .folds = &q->folds};
}

enum status queue_mark_all(const struct queue *q, struct console *c, bool *ret_all,
                           struct errmsg *err)
{
    struct query query = queue_query(q, c);
    struct case_row *found = NULL;
    size_t n = 0;
    query.group = GROUP_NONE; /* folded ones too */
    enum status st = store_page(c->config->store, &query, NULL, false, MARKS_MAX + 1, &c->scratch,
                                &found, &n, err);
    *ret_all = true;
    for (size_t i = 0; st == ST_OK && i < n; i++)
        *ret_all &= marks_add(&c->marks, &found[i].id);
    return st;
}

/* The kinds of objects of which this person owes the next step. */
static uint32_t owed_kinds(uint32_t owed)
{
    uint32_t kinds = 0;
    for (int i = 0; i < OWED_COUNT; i++)
        if (owed >> i & 1u)
            kinds |= 1u << owed_table[i].kind;
    return kinds;
}

static struct queue_row row_of(const struct queue *q, const struct case_row *r,
                               const struct console *c)
{
    const struct reference *reference = console_reference(c);
    bool chinese = i18n_chinese();
    if (r->head)
        return queue_head(q, r, reference, chinese);
    bool calls = q->view == VIEW_CALL_LIST || q->view == VIEW_MESSAGE;
    return (struct queue_row){
        .id = r->id,
        .key = r->key,
        .started_ms = r->started_ms,
        .due_ms = r->due_ms,
        .number = r->number,
        .category =
            reference ? reference_category_name(reference, r->category, chinese) : r->category,
        .community =
            reference ? reference_unit_name(reference, r->community, chinese) : r->community,
        .state = _(state_table[r->state].label),
        .handler = reference && reference_person(reference, r->handler)
                       ? reference_person_name(reference, r->handler, chinese)
                       : r->handler,
        .building = r->building,
        .clock = r->next_clock < CLOCK_COUNT ? _(clock_table[r->next_clock].label) : "",
        .created_ms = r->created_ms,
        .title = !chinese && *r->title_en ? r->title_en : r->title,
        .wish = calls ? r->wish : "",
        .open = r->open,
        .late = r->late,
        .owed = owed_kinds(r->owed),
        .calls = calls,
        .over = state_table[r->state].terminal,
        .attempts = r->attempts,
        .sms_ms = r->sms_ms,
        .version = r->version,
        .unsent = r->unsent,
        .repeats = r->repeats,
        .draft = r->draft,
        .conflict = r->conflict,
        .there = presence_there(q->others, &r->id),
    };
}

static enum status load(struct queue *q, struct console *c, size_t limit,
                        const struct row_key *from, bool backward, struct errmsg *err)
{
    struct query query = queue_query(q, c);
    struct arena arena;
    struct case_row *found = NULL;
    size_t n = 0;
    arena_init(&arena, 0);
    enum status st = ST_OK;
    if (!queue_ahead_take(q, c, backward ? NULL : from, limit, &arena, &found, &n))
        st = store_page(c->config->store, &query, from, backward, limit, &arena, &found, &n, err);
    struct queue_row *rows = st == ST_OK ? arena_array(&arena, n + 1, sizeof *rows) : NULL;
    if (st == ST_OK && (!rows || arena_failed(&arena)))
        st = fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    if (st != ST_OK) {
        arena_release(&arena);
        return st;
    }
    struct uuid id = {{0}};
    const struct queue_row *old = queue_line(q);
    if (old)
        id = old->id;
    for (size_t i = 0; i < n; i++)
        rows[i] = row_of(q, &found[i], c);
    struct arena old_arena = q->arena;
    const struct queue_row *old_rows = q->rows;
    size_t n_old = q->n;
    q->arena = arena;
    q->rows = rows;
    q->n = n;
    queue_follow(q, old_rows, n_old);
    arena_release(&old_arena);
    q->now_ms = query.now_ms;
    for (size_t i = 0; i < n; i++)
        if (uuid_compare(&rows[i].id, &id) == 0)
            q->current = i;
    if (q->current >= n)
        q->current = n ? n - 1 : 0;
    return ST_OK;
}

/* What is longer than any code or number that is sorted by: the page then begins a little before. */
const char *queue_keep_text(char to[QUEUE_KEY_MAX], const char *text)
{
    text = text ? text : "";
    size_t n = utf8_cut(text, strlen(text), QUEUE_KEY_MAX - 1);
    memcpy(to, text, n);
    to[n] = '\0';
    return to;
}

void queue_key_of(const struct queue *q, const struct queue_row *first, struct row_key *ret,
                  char text[QUEUE_KEY_MAX], char group[QUEUE_KEY_MAX])
{
    bool down = q->reverse != (q->order == ORDER_NEWEST);
    *ret = first->key;
    ret->row += first->head ? 0 : down ? 1 : -1;
    ret->text = queue_keep_text(text, first->key.text);
    ret->group = queue_keep_text(group, first->key.group);
}

/* The page begins with this row. */
static void set_top(struct queue *q, const struct queue_row *first)
{
    q->has_top = true;
    queue_key_of(q, first, &q->top, q->top_text, q->top_group);
}

static size_t limit_of(const struct queue *q)
{
    return q->height > 0 ? (size_t)q->height : 1;
}

/* A full page moves by one row: the next one is read, the others stay as they were read. */
static enum status slide(struct queue *q, struct console *c, bool up, struct errmsg *err)
{
    struct query query = queue_query(q, c);
    struct row_key from = q->rows[up ? 0 : q->n - 1].key;
    from.past = from.head && !up;
    struct case_row *found = NULL;
    size_t n = 0;
    enum status st = store_page(c->config->store, &query, &from, up, 1, &q->arena, &found, &n, err);
    if (st != ST_OK || n == 0)
        return st;
    struct queue_row *first = q->rows;
    memmove(first + up, first + !up, (q->n - 1) * sizeof *first);
    q->current = up ? 0 : q->n - 1;
    first[q->current] = row_of(q, found, c);
    set_top(q, first);
    if (q->first >= 0)
        q->first += up ? -1 : 1;
    return ST_OK;
}

/* The page is the last one: as many stand above it as are not on it. */
static void at_end(struct queue *q, const struct console *c)
{
    bool more;
    int64_t all = queue_total(q, c, &more);
    set_top(q, &q->rows[0]);
    q->nearly = false;
    bool known = all >= (int64_t)q->n && !more && q->group == GROUP_NONE;
    q->first = known ? all - (int64_t)q->n : -1;
}

const char *queue_empty_text(const struct queue *q)
{
    return q->searches  ? _("Nothing is found. Esc goes back to the list.")
           : *q->filter ? _("No case matches the filter. f changes it; empty shows all.")
                        : _("No case in this view. The digits switch the view.");
}

enum status queue_load(struct queue *q, struct console *c, struct errmsg *err)
{
    size_t limit = limit_of(q);
    enum status st = load(q, c, limit, q->has_top ? &q->top : NULL, false, err);
    if (st == ST_OK && q->n < limit && q->has_top) { /* the end came nearer: show the last page */
        st = load(q, c, limit, NULL, true, err);
        if (st == ST_OK && q->n > 0)
            at_end(q, c);
    }
    if (st == ST_OK && q->n < limit) {
        q->has_top = false;
        q->first = 0;
    }
    return st;
}

enum status queue_show(struct queue *q, struct console *c, enum view_id view, const char *filter,
                       struct errmsg *err)
{
    struct queue old = *q;
    if (strlen(filter) >= sizeof q->filter)
        return fail(err, ST_TOOBIG, _("The filter is too long."));
    q->view = view;
    memmove(q->filter, filter, strlen(filter) + 1);
    q->has_top = false;
    q->current = 0;
    q->n = 0; /* the mark goes to the top, not to the case it was on */
    q->range.on = false;
    enum status st = queue_load(q, c, err);
    if (st != ST_OK) {
        *q = old;
        return st;
    }
    q->current = 0;
    queue_begins(q);
    queue_count(q, c);
    queue_count_marks(q, c);
    return ST_OK;
}

enum status queue_sort(struct queue *q, struct console *c, enum row_order order, bool reverse,
                       struct errmsg *err)
{
    enum row_order old = q->order;
    bool old_reverse = q->reverse;
    q->order = order;
    q->reverse = reverse;
    enum status st = queue_show(q, c, q->view, q->filter, err);
    if (st != ST_OK) {
        q->order = old;
        q->reverse = old_reverse;
    }
    return st;
}

enum status queue_columns(struct queue *q, const char *words, struct errmsg *err)
{
    if (strlen(words) >= sizeof q->columns_text)
        return fail(err, ST_TOOBIG, _("There are too many columns."));
    enum status st = columns_parse(words, &q->columns, err);
    if (st == ST_OK)
        memmove(q->columns_text, words, strlen(words) + 1);
    return st;
}

void queue_count(struct queue *q, struct console *c)
{
    struct query query = queue_query(q, c);
    bool small = c->counts.cases > 0 && c->counts.cases <= QUEUE_SMALL;
    int64_t most = small ? INT64_MAX : QUEUE_FOUND_MOST;
    q->found = -1;
    q->found_more = false;
    if (!*q->filter)
        return;
    if (q->group == GROUP_NONE && !q->has_top && q->n < limit_of(q))
        q->found = (int64_t)q->n; /* all of them are here */
    else if (store_count(c->config->store, &query, most, &q->found, NULL) != ST_OK)
        q->found = -1;
    q->found_more = q->found == most;
}

enum status queue_go(struct queue *q, struct console *c, enum queue_move move, struct errmsg *err)
{
    size_t limit = limit_of(q);
    enum status st;
    q->pages = false;
    if (move == QUEUE_FIRST) {
        q->has_top = false;
        st = queue_load(q, c, err);
        if (st == ST_OK)
            q->current = 0;
        return st;
    }
    if (move == QUEUE_LAST) {
        st = load(q, c, limit, NULL, true, err);
        if (st == ST_OK && q->n > 0) {
            at_end(q, c);
            q->current = q->n - 1;
        }
        return st;
    }
    if (q->n == 0)
        return queue_load(q, c, err);
    if (move == QUEUE_DOWN && q->current + 1 < q->n) {
        q->current++;
        return ST_OK;
    }
    if (move == QUEUE_UP && q->current > 0) {
        q->current--;
        return ST_OK;
    }
    if ((move == QUEUE_DOWN || move == QUEUE_UP) && q->n == limit && q->arena.used < SLIDE_MOST)
        return slide(q, c, move == QUEUE_UP, err);
    if (move == QUEUE_DOWN || move == QUEUE_PAGE_DOWN) {
        if (q->n < limit) { /* the page is not full: its last row is the last of all */
            q->current = q->n - 1;
            return ST_OK;
        }
        set_top(q, &q->rows[move == QUEUE_DOWN && q->n > 1 ? 1 : q->n - 1]);
        st = queue_load(q, c, err);
        if (st == ST_OK && move == QUEUE_DOWN && q->n > 0)
            q->current = q->n - 1;
        q->pages = st == ST_OK && move == QUEUE_PAGE_DOWN && q->n == limit;
        return st;
    }
    struct row_key first = q->rows[0].key;
    struct queue before = {.view = q->view,
                           .order = q->order,
                           .reverse = q->reverse,
                           .group = q->group,
                           .folds = q->folds};
    memcpy(before.filter, q->filter, sizeof before.filter);
    arena_init(&before.arena, 0);
    size_t step = move == QUEUE_UP ? 1 : limit > 1 ? limit - 1 : 1;
    st = load(&before, c, step, &first, true, err);
    if (st == ST_OK && before.n > 0)
        set_top(q, &before.rows[0]);
    queue_release(&before);
    if (st == ST_OK)
        st = queue_load(q, c, err);
    if (st == ST_OK)
        q->current = 0;
    return st;
}
