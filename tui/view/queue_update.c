/* queue_update.c: what keys do to the queue. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"

static void reload(void *self, struct console *c)
{
    struct queue *q = self;
    struct errmsg err;
    if (!console_ok(c, queue_load(q, c, &err), &err))
        return;
    queue_place(q, c);
    if (c->counts.cases <= QUEUE_SMALL)
        queue_count(q, c);
    queue_count_marks(q, c);
}

/* The mark of the case, and on to the next one. */
static void mark(struct queue *q, struct console *c)
{
    const struct queue_row *row = queue_current(q);
    struct errmsg err;
    if (!row)
        return;
    if (marks_has(&c->marks, &row->id))
        marks_drop(&c->marks, &row->id);
    else if (!marks_add(&c->marks, &row->id))
        console_say(c, THEME_WARN, _("%d cases are marked; there is room for no more."), MARKS_MAX);
    console_ok(c, queue_go(q, c, QUEUE_DOWN, &err), &err);
}

static void mark_group(struct queue *q, struct console *c)
{
    struct errmsg err;
    bool all;
    if (console_ok(c, queue_mark_group(q, c, &all, &err), &err) && !all)
        console_say(c, THEME_WARN, _("%d cases are marked; there is room for no more."), MARKS_MAX);
}

static void mark_all(struct queue *q, struct console *c)
{
    struct errmsg err;
    bool all;
    if (console_ok(c, queue_mark_all(q, c, &all, &err), &err) && !all)
        console_say(c, THEME_WARN, _("%d cases are marked; there is room for no more."), MARKS_MAX);
}

static bool act(void *self, struct console *c, enum action action)
{
    struct queue *q = self;
    struct errmsg err;
    enum queue_move move;
    if (q->range.on &&
        (action == ACTION_RANGE || action == ACTION_MARK || action == ACTION_UNMARK)) {
        q->range.on = false;
        return true;
    }
    switch (action) {
    case ACTION_UP:
        move = QUEUE_UP;
        break;
    case ACTION_DOWN:
        move = QUEUE_DOWN;
        break;
    case ACTION_PAGE_UP:
        move = QUEUE_PAGE_UP;
        break;
    case ACTION_PAGE_DOWN:
        move = QUEUE_PAGE_DOWN;
        break;
    case ACTION_FIRST:
        move = QUEUE_FIRST;
        break;
    case ACTION_LAST:
        move = QUEUE_LAST;
        break;
    case ACTION_OPEN:
        if (queue_current(q)) {
            c->case_id = queue_current(q)->id;
            c->want = WANT_CASE;
        } else if (queue_line(q)) {
            console_ok(c, queue_fold(q, c, false, &err), &err);
        }
        return true;
    case ACTION_FOLD:
        console_ok(c, queue_fold(q, c, true, &err), &err);
        return true;
    case ACTION_FOLD_ALL:
        console_ok(c, queue_fold_all(q, c, &err), &err);
        return true;
    case ACTION_MARK:
        if (queue_line(q) && queue_line(q)->head)
            mark_group(q, c);
        else
            mark(q, c);
        return true;
    case ACTION_MARK_ALL:
        mark_all(q, c);
        return true;
    case ACTION_RANGE:
        queue_range_begin(q, c);
        return true;
    case ACTION_UNMARK:
        c->marks.n = 0;
        c->unshown = 0;
        return true;
    case ACTION_QUIT:
        c->want = WANT_QUIT;
        return true;
    default:
        return false;
    }
    if (console_ok(c, queue_go(q, c, move, &err), &err) && q->range.on)
        console_ok(c, queue_range_follow(q, c, &err), &err);
    return true;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct queue *q = self;
    int height = r.rows > 1 ? r.rows - 1 : 1;
    (void)cursor;
    if (height != q->height) {
        q->height = height;
        reload(q, c);
        queue_begins(q);
    }
    q->now_ms = console_now(c);
    q->policy = console_policy(c);
    queue_draw(q, s, r, c->kept, &c->scratch);
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct queue_row *row = queue_current(self);
    (void)c;
    if (row)
        *ret = row->id;
    return row != NULL;
}

/* Below the heading. */
static bool click(void *self, int row, bool *ret_again)
{
    struct queue *q = self;
    if (row < 1 || (size_t)row > q->n)
        return false;
    *ret_again = q->current == (size_t)row - 1;
    q->current = (size_t)row - 1;
    return true;
}

/* On the line of a group. */
static const char *hint(const void *self, enum action action)
{
    const struct queue_row *line = queue_line(self);
    if (!line || !line->head)
        return NULL;
    return action == ACTION_OPEN   ? (line->shut ? _("open the group") : _("fold the group"))
           : action == ACTION_MARK ? _("mark its cases")
                                   : NULL;
}

struct view queue_view(struct queue *q)
{
    return (struct view){.keys = KEYS_QUEUE,
                         .self = q,
                         .keeps = true,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = queue_reading,
                         .subject = subject,
                         .click = click,
                         .hint = hint};
}
