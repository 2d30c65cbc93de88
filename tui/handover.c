#include "tui/handover.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <stdio.h>
#include <string.h>

/* A line of it: what is read at 80 columns without a break. */
enum { SHEET_CELLS = 78, SHORT_BYTES = 40, MATTER_COL = 14 };

/* One case of a part; what stands before its matter, in columns. */
struct line {
    const struct case_row *row;
    char due[SHORT_BYTES];
    const char *number, *clock, *state, *place, *title;
    bool again; /* a part above has it with all of this */
};

/* The widest of each column. */
struct widths {
    int clock, state, place;
};

struct sheet {
    struct store *store;
    const struct context *context;
    int64_t now_ms;
    bool ascii;
    struct arena *scratch;
    struct buf *out;
    const struct case_row *told; /* of the first part */
    size_t n_told;
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

static int cells_of(const char *text)
{
    return text_width(text, strlen(text));
}

static void put_padded(struct sheet *s, const char *foreign, int cells)
{
    put(s, foreign);
    for (int i = cells_of(foreign); i < cells; i++)
        buf_putc(s->out, ' ');
}

static bool is_told(const struct sheet *s, const struct uuid *id)
{
    for (size_t i = 0; i < s->n_told; i++)
        if (uuid_compare(&s->told[i].id, id) == 0)
            return true;
    return false;
}

static struct line line_of(struct sheet *s, const struct case_row *row)
{
    bool chinese = i18n_chinese(), runs = row->due_ms != TIME_NONE && row->next_clock < CLOCK_COUNT;
    struct line l = {.row = row,
                     .number = draw_number(s->scratch, row->number),
                     .clock = runs ? _(clock_table[row->next_clock].label) : "",
                     .state = _(state_table[row->state].label),
                     .place = reference_unit_name(&s->context->reference, row->community, chinese),
                     .title = !chinese && *row->title_en ? row->title_en : row->title,
                     .again = is_told(s, &row->id)};
    (void)snprintf(l.due, sizeof l.due, "%s%s", runs && row->due_ms < s->now_ms ? "! " : "  ",
                   runs ? draw_time(s->scratch, row->due_ms) : "           ");
    return l;
}

static void wider(struct widths *w, const struct line *l)
{
    int clock = cells_of(l->clock), state = cells_of(l->state), place = cells_of(l->place);
    if (l->again)
        return;
    w->clock = clock > w->clock ? clock : w->clock;
    w->state = state > w->state ? state : w->state;
    w->place = place > w->place ? place : w->place;
}

static int facts_of(const struct widths *w, const struct line *l)
{
    return MATTER_COL + (int)strlen(l->due) + 1 + w->clock + 2 + w->state + 2 + w->place + 2;
}

/* Have all of a part room for their matter in the same line? Lines of both kinds are hard to read below each other. */
static bool are_short(const struct line *lines, size_t n, const struct widths *w)
{
    for (size_t i = 0; i < n; i++)
        if (!lines[i].again && facts_of(w, &lines[i]) + cells_of(lines[i].title) > SHEET_CELLS)
            return false;
    return true;
}

/* Number, clock, state, place; the matter behind them or below. */
static void put_case(struct sheet *s, const struct line *l, const struct widths *w, bool beside)
{
    beside |= l->again;
    buf_puts(s->out, "  ");
    put_padded(s, l->number, MATTER_COL - 2);
    if (!l->again) {
        buf_printf(s->out, "%s ", l->due);
        put_padded(s, l->clock, w->clock + 2);
        put_padded(s, l->state, w->state + 2);
        put_padded(s, l->place, beside ? w->place + 2 : 0);
    }
    if (!beside)
        buf_printf(s->out, "\n%*s", MATTER_COL, "");
    put(s, l->title);
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
    struct widths widths = {0, 0, 0};
    struct line *lines = arena_array(s->scratch, n, sizeof *lines);
    if (!lines)
        return fail(err, ST_NOMEM, _("Out of memory."));
    for (size_t i = 0; i < n; i++) {
        lines[i] = line_of(s, &rows[i]);
        wider(&widths, &lines[i]);
    }
    bool beside = are_short(lines, n, &widths);
    buf_printf(s->out, "\n%s\n", _(view_table[view].label));
    for (size_t i = 0; i < n; i++)
        put_case(s, &lines[i], &widths, beside);
    if (!s->told) {
        s->told = rows;
        s->n_told = n;
    }
    if (n == HANDOVER_ROWS)
        buf_printf(s->out, _("  (only the first %d are listed)\n"), HANDOVER_ROWS);
    return ST_OK;
}

/* A command that is not through. */
struct left {
    const struct uuid *case_id;
    enum command_type type;
};

/* Its case with all commands of the part: each case stands there once. */
static void put_left(struct sheet *s, const struct left *list, size_t n, size_t at)
{
    struct case_view v;
    const char *number = "", *title = "", *separator = "";
    for (size_t i = 0; i < at; i++)
        if (uuid_compare(list[i].case_id, list[at].case_id) == 0)
            return;
    if (store_case(s->store, list[at].case_id, s->scratch, &v, NULL) == ST_OK) {
        number = draw_number(s->scratch, v.shown.value[FIELD_NUMBER]);
        title = v.shown.value[FIELD_TITLE];
        if (!i18n_chinese() && *v.shown.value[FIELD_TITLE_EN])
            title = v.shown.value[FIELD_TITLE_EN];
    }
    buf_puts(s->out, "  ");
    put_padded(s, number, *number ? MATTER_COL - 2 : 0);
    for (size_t i = at; i < n; i++)
        if (uuid_compare(list[i].case_id, list[at].case_id) == 0) {
            buf_printf(s->out, "%s%s", separator, _(command_table[list[i].type].label));
            separator = i18n_mark(MARK_LIST, i18n_chinese());
        }
    buf_puts(s->out, *title ? "  " : "");
    put(s, title);
    buf_putc(s->out, '\n');
}

static void put_part(struct sheet *s, const char *head, const struct left *list, size_t n)
{
    if (n > 0)
        buf_puts(s->out, head);
    for (size_t i = 0; i < n; i++)
        put_left(s, list, n, i);
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
    struct left *list = arena_array(s->scratch, n_drafts + n_refused + n_unsent + 1, sizeof *list);
    if (!list)
        return fail(err, ST_NOMEM, _("Out of memory."));
    for (size_t i = 0; i < n_refused; i++)
        list[i] = (struct left){&refused[i].command.case_id, refused[i].command.type};
    put_part(s, _("\nRefused by the centre\n"), list, n_refused);
    for (size_t i = 0; i < n_unsent; i++)
        list[i] = (struct left){&unsent[i].command.case_id, unsent[i].command.type};
    put_part(s, _("\nNot sent yet\n"), list, n_unsent);
    for (size_t i = 0; i < n_drafts; i++)
        list[i] = (struct left){&drafts[i].case_id, drafts[i].type};
    put_part(s, _("\nHalf written\n"), list, n_drafts);
    return ST_OK;
}

enum status handover_text(struct store *s, const struct context *c, int64_t now_ms, bool ascii,
                          struct arena *scratch, struct buf *out, struct errmsg *err)
{
    struct sheet sheet = {
        .store = s, .context = c, .now_ms = now_ms, .ascii = ascii, .scratch = scratch, .out = out};
    enum role role = c->have_actor ? c->actor.role : ROLE_NOBODY;
    enum view_id own = store_has_view(role, VIEW_MINE) ? VIEW_MINE : VIEW_ALL_OPEN;
    buf_puts(out, _("Handover as of "));
    put_time(&sheet, now_ms);
    buf_putc(out, '\n');
    enum status st = put_view(&sheet, own, err);
    if (st == ST_OK && store_has_view(role, VIEW_WHISTLE))
        st = put_view(&sheet, VIEW_WHISTLE, err);
    if (st == ST_OK)
        st = put_unfinished(&sheet, err);
    return st;
}
