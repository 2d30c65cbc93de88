/* queue_read.c: a row of the queue as one sentence. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/presence.h"
#include "tui/reading.h"
#include "tui/view/frame.h"
#include "tui/view/queue.h"
#include <inttypes.h>
#include <string.h>

enum { PAGE_ROWS = 200 }; /* so many from the top are counted */

static const char *time_words(const struct queue_row *row, int64_t now_ms, struct arena *a)
{
    if (row->due_ms == TIME_NONE)
        return "";
    const char *length = reading_time(a, row->due_ms - now_ms);
    return arena_printf(a, row->due_ms < now_ms ? _("overdue by %s") : _("%s left"), length);
}

/* What the signs at the end of the row stand for. */
static const char *sign_words(const struct queue_row *row, struct arena *a)
{
    const char *text = "";
    for (int k = 0; k < OBJECT_COUNT; k++)
        if (row->open >> k & 1u)
            text = reading_join(
                a, text,
                arena_printf(a, "%s%s%s", _(object_table[k].label),
                             row->owed >> k & 1u ? _(", waits for you") : "",
                             row->late >> k & 1u ? _(", the next level was told") : ""));
    if (row->attempts > 0)
        text = reading_join(a, text, arena_printf(a, _("%d calls tried"), row->attempts));
    if (row->sms_ms != TIME_NONE && row->calls)
        text =
            reading_join(a, text, arena_printf(a, _("message sent %s"), draw_time(a, row->sms_ms)));
    if (row->repeats > 0)
        text =
            reading_join(a, text, arena_printf(a, _("order number %d about it"), row->repeats + 1));
    if (row->conflict)
        text = reading_join(a, text, _("the server refused something: see the conflicts"));
    if (row->unsent)
        text = reading_join(a, text, _("something of it is not sent yet"));
    if (row->draft)
        text = reading_join(a, text, _("a draft waits"));
    return row->there == PRESENCE_NONE ? text : reading_join(a, text, queue_there_words(row));
}

static const char *sentence(const struct queue *q, struct console *c)
{
    struct arena *a = &c->scratch;
    struct queue_row *row = &q->rows[q->current];
    row->there = presence_there(q->others, &row->id);
    bool more;
    int64_t all = queue_total(q, c, &more), at = q->first + (int64_t)q->current + 1;
    const char *text = "";
    if (q->first >= 0 && all >= at)
        text = arena_printf(a, _("%zu of %" PRId64), (size_t)at, all);
    else if (q->first >= 0)
        text = arena_printf(a, "%zu", (size_t)at);
    if (queue_marked(q, q->current))
        text = reading_join(a, text, _("marked"));
    text = reading_join(a, text, draw_number(a, row->number));
    text = reading_join(a, text, row->category);
    text = reading_join(a, text, row->community);
    text = reading_join(a, text, row->state);
    text = reading_join(a, text, time_words(row, q->now_ms, a));
    if (*row->wish)
        text = reading_join(a, text, row->wish);
    text = reading_join(a, text, row->title);
    return reading_join(a, text, sign_words(row, a));
}

void queue_reading(void *self, struct console *c, struct reading *out)
{
    struct queue *q = self;
    struct errmsg err;
    const struct queue_row *row;
    if (q->height != PAGE_ROWS) {
        q->height = PAGE_ROWS;
        console_ok(c, queue_load(q, c, &err), &err);
    }
    q->now_ms = console_now(c);
    row = queue_current(q);
    out->head = frame_summary(c, q);
    out->line = row ? sentence(q, c) : queue_empty_text(q);
    if (row) {
        out->at = reading_mix(0, &row->id, sizeof row->id);
        out->at = reading_mix(out->at, row->state, strlen(row->state));
    }
    out->place =
        reading_mix(reading_mix(1, &q->view, sizeof q->view), q->filter, strlen(q->filter));
    out->place = reading_mix(out->place, &q->order, sizeof q->order);
    out->place = reading_mix(out->place, &q->reverse, sizeof q->reverse);
}
