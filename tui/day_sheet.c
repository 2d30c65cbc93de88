#include "tui/day_sheet.h"
#include "core/base/i18n.h"
#include <inttypes.h>

enum day_number {
    DAY_TAKEN_DOWN,
    DAY_RECEIVED,
    DAY_SIGNED,
    DAY_REPLIED,
    DAY_FILED,
    DAY_WHISTLES,
    DAY_OVERDUE,
    DAY_NUMBERS
};
enum { NO_STEP = COMMAND_COUNT, STEPS = 2 };

static const struct {
    const char *label;
    enum command_type step[STEPS]; /* that count */
} numbers[DAY_NUMBERS] = {
    [DAY_TAKEN_DOWN] = {N_("Orders taken down"), {COMMAND_LOG, (enum command_type)NO_STEP}},
    [DAY_RECEIVED] = {N_("Received"), {COMMAND_DISPATCH, COMMAND_DESIGNATE}},
    [DAY_SIGNED] = {N_("Signed for"), {COMMAND_SIGN, COMMAND_AUTO_SIGN}},
    [DAY_REPLIED] = {N_("Replies submitted"), {COMMAND_SUBMIT_REPLY, (enum command_type)NO_STEP}},
    [DAY_FILED] = {N_("Replies filed"), {COMMAND_APPROVE, (enum command_type)NO_STEP}},
    [DAY_WHISTLES] = {N_("Whistles blown"), {COMMAND_WHISTLE, (enum command_type)NO_STEP}},
    [DAY_OVERDUE] = {N_("Became overdue"),
                     {(enum command_type)NO_STEP, (enum command_type)NO_STEP}},
};

struct day_sheet {
    const struct print_out *o;
    int day;
    int64_t sum[DAY_NUMBERS];
    struct buf lines;   /* one of each case */
    struct arena arena; /* of one case */
    struct errmsg err;  /* of the first that could not be read */
    enum status status;
};

/* How often each step was given on the day. */
static void count_steps(const struct day_sheet *d, const struct case_view *v, int ret[DAY_NUMBERS])
{
    for (size_t i = 0; i < v->n_events; i++) {
        if (day_of_ms(v->events[i].at_ms, BEIJING_OFFSET_MS) != d->day)
            continue;
        for (int k = 0; k < DAY_NUMBERS; k++)
            for (int n = 0; n < STEPS; n++)
                ret[k] += v->events[i].type == numbers[k].step[n];
    }
}

static bool became_late(const struct day_sheet *d, const struct clock_run *run)
{
    if (day_of_ms(run->due_ms, BEIJING_OFFSET_MS) != d->day)
        return false;
    return (run->status == CLOCK_RUNNING && run->due_ms < d->o->now_ms) ||
           (run->status == CLOCK_STOPPED && run->stopped_ms > run->due_ms);
}

static void put_case(struct day_sheet *d, const struct case_row *row, const int n[DAY_NUMBERS])
{
    const char *before = "";
    buf_puts(&d->lines, "  ");
    print_put(&d->lines, row->number, d->o->ascii);
    buf_printf(&d->lines, "  %s  ", _(state_table[row->state].label));
    for (int i = 0; i < DAY_NUMBERS; i++)
        if (n[i] > 0) {
            buf_printf(&d->lines, "%s%s", before, _(numbers[i].label));
            before = ", ";
        }
    buf_puts(&d->lines, "  ");
    print_put(&d->lines, !i18n_chinese() && *row->title_en ? row->title_en : row->title,
              d->o->ascii);
    buf_putc(&d->lines, '\n');
}

static void add(void *self, const struct case_row *row)
{
    struct day_sheet *d = self;
    struct case_view v;
    int n[DAY_NUMBERS] = {0}, any = 0;
    if (d->status != ST_OK)
        return;
    arena_reset(&d->arena);
    d->status = store_case(d->o->store, &row->id, &d->arena, &v, &d->err);
    if (d->status != ST_OK)
        return;
    count_steps(d, &v, n);
    for (int i = 0; i < CLOCK_COUNT; i++)
        n[DAY_OVERDUE] |= became_late(d, &v.shown.clock[i]);
    for (int i = 0; i < DAY_NUMBERS; i++) {
        d->sum[i] += n[i];
        any += n[i];
    }
    if (any > 0)
        put_case(d, row, n);
}

static void put_sheet(const struct day_sheet *d, struct buf *out)
{
    char day[DAY_TEXT];
    day_format(d->day, day);
    buf_printf(out, _("The day %s, cache of %s"), day, print_time(d->o->arena, d->o->now_ms));
    buf_puts(out, "\n\n");
    for (int i = 0; i < DAY_NUMBERS; i++)
        buf_printf(out, "  %s%s%" PRId64 "\n", _(numbers[i].label),
                   i18n_mark(MARK_COLON, i18n_chinese()), d->sum[i]);
    buf_printf(out, "\n%s", d->lines.len > 0 ? d->lines.data : "");
    if (d->lines.failed != ST_OK)
        out->failed = d->lines.failed;
}

enum status day_sheet_text(const struct print_out *o, int day, struct buf *out, struct errmsg *err)
{
    struct day_sheet d = {.o = o, .day = day, .status = ST_OK};
    struct query q = {.view = VIEW_ALL, .now_ms = o->now_ms, .order = ORDER_NUMBER};
    arena_init(&d.arena, 0);
    buf_init(&d.lines, SIZE_MAX / 2);
    enum status st = print_rows(o->store, &q, 0, add, &d, err);
    if (st == ST_OK && d.status != ST_OK) {
        st = d.status;
        *err = d.err;
    }
    if (st == ST_OK)
        put_sheet(&d, out);
    buf_release(&d.lines);
    arena_release(&d.arena);
    return st;
}
