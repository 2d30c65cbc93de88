#include "tui/handover.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include <inttypes.h>

struct sheet {
    struct store *store;
    const struct context *context;
    int64_t now_ms;
    bool ascii;
    struct arena *scratch;
    struct buf *out;
};

static void put(struct sheet *s, const char *foreign)
{
    clean_plain(s->out, text_clean_str(s->scratch, foreign, CLEAN_LINE), s->ascii);
}

static void put_time(struct sheet *s, int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    buf_printf(s->out, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
}

/* Number, state, clock, place, matter. */
static void put_case(struct sheet *s, const struct case_row *row)
{
    bool chinese = i18n_chinese();
    buf_puts(s->out, "  ");
    put(s, row->number);
    buf_printf(s->out, "  %s", _(state_table[row->state].label));
    if (row->due_ms != TIME_NONE && row->next_clock < CLOCK_COUNT) {
        buf_printf(s->out, "  %s%s%s", _(clock_table[row->next_clock].label),
                   i18n_mark(MARK_COLON, chinese), row->due_ms < s->now_ms ? "! " : "");
        put_time(s, row->due_ms);
    }
    buf_puts(s->out, "  ");
    put(s, reference_unit_name(&s->context->reference, row->community, chinese));
    buf_puts(s->out, "  ");
    put(s, !chinese && *row->title_en ? row->title_en : row->title);
    buf_putc(s->out, '\n');
}

/* An empty part is left out. */
static enum status put_view(struct sheet *s, enum view_id view, struct errmsg *err)
{
    struct query q = {.view = view, .now_ms = s->now_ms};
    struct case_row *rows;
    size_t n;
    enum status st =
        store_page(s->store, &q, NULL, false, HANDOVER_ROWS, s->scratch, &rows, &n, err);
    if (st != ST_OK || n == 0)
        return st;
    buf_printf(s->out, "\n%s\n", _(view_table[view].label));
    for (size_t i = 0; i < n; i++)
        put_case(s, &rows[i]);
    if (n == HANDOVER_ROWS)
        buf_printf(s->out, _("  (only the first %d are listed)\n"), HANDOVER_ROWS);
    return ST_OK;
}

/* A command that is not through, by the number of its case. */
static void put_command(struct sheet *s, const struct uuid *case_id, enum command_type type)
{
    struct case_view v;
    const char *number = "";
    if (store_case(s->store, case_id, s->scratch, &v, NULL) == ST_OK)
        number = v.shown.value[FIELD_NUMBER];
    buf_puts(s->out, "  ");
    put(s, number);
    buf_printf(s->out, "  %s\n", _(command_table[type].label));
}

static enum status put_unfinished(struct sheet *s, struct errmsg *err)
{
    struct draft *drafts;
    struct outbox_row *unsent;
    struct conflict_row *refused;
    size_t n_drafts = 0, n_unsent = 0, n_refused = 0;
    enum status st = store_drafts(s->store, s->scratch, &drafts, &n_drafts, err);
    if (st == ST_OK)
        st = store_conflicts(s->store, s->scratch, &refused, &n_refused, err);
    if (st == ST_OK)
        st = store_outbox(s->store, HANDOVER_ROWS, s->scratch, &unsent, &n_unsent, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n_refused; i++) {
        buf_printf(s->out, "%s", i ? "" : _("\nRefused by the centre\n"));
        put_command(s, &refused[i].command.case_id, refused[i].command.type);
    }
    for (size_t i = 0; i < n_unsent; i++) {
        buf_printf(s->out, "%s", i ? "" : _("\nNot sent yet\n"));
        put_command(s, &unsent[i].command.case_id, unsent[i].command.type);
    }
    for (size_t i = 0; i < n_drafts; i++) {
        buf_printf(s->out, "%s", i ? "" : _("\nHalf written\n"));
        put_command(s, &drafts[i].case_id, drafts[i].type);
    }
    return ST_OK;
}

enum status handover_text(struct store *s, const struct context *c, int64_t now_ms, bool ascii,
                          struct arena *scratch, struct buf *out, struct errmsg *err)
{
    struct sheet sheet = {s, c, now_ms, ascii, scratch, out};
    enum role role = c->have_actor ? c->actor.role : ROLE_NOBODY;
    enum view_id own = store_has_view(role, VIEW_MINE) ? VIEW_MINE : VIEW_ALL_OPEN;
    buf_puts(out, _("Handover, cache of "));
    put_time(&sheet, now_ms);
    buf_putc(out, '\n');
    enum status st = put_view(&sheet, own, err);
    if (st == ST_OK && store_has_view(role, VIEW_WHISTLE))
        st = put_view(&sheet, VIEW_WHISTLE, err);
    if (st == ST_OK)
        st = put_unfinished(&sheet, err);
    return st;
}
