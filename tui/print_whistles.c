/* print_whistles.c: the sheets of the units that are whistled for. */
#include "core/base/i18n.h"
#include "core/case/leaks.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "core/text/pages.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/whistle_sheets_own.h"
#include <inttypes.h>
#include <string.h>

enum { INDENT = 3, LEAKS_MOST = 32 };

/* --- what is told --------------------------------------------------------------------------------- */

bool sheet_is_open(const struct object *o)
{
    return !object_state_table[o->state].ended;
}

static bool is_whistle(const struct object *o)
{
    return o->kind == OBJECT_WHISTLE && sheet_is_open(o);
}

bool sheet_calls_meeting(const struct object *o)
{
    return is_whistle(o) && strcmp(o->class, "K") == 0;
}

const struct event *sheet_event(const struct sheet_case *k, const struct object *o)
{
    for (size_t i = 0; i < k->v.n_events; i++)
        for (size_t n = 0; n < k->v.events[i].n_objects; n++)
            if (k->v.events[i].objects[n].object == o->id)
                return &k->v.events[i];
    return NULL;
}

const char *sheet_said(const struct sheet_case *k, const struct object *o, enum field field)
{
    const struct event *e = sheet_event(k, o);
    const char *text = e ? value_find(e->values, e->n_values, field) : NULL;
    return text ? text : "";
}

/* A number to call or the plate of a car may be what the matter is about; what is the claimant's never is. */
static bool is_masked(enum leak_kind kind)
{
    return kind == LEAK_PHONE || kind == LEAK_NAME || kind == LEAK_IDENTITY || kind == LEAK_CARD;
}

const char *sheet_words(const struct sheet_maker *m, const struct sheet_case *k, const char *text)
{
    const char *const *v = k->v.shown.value;
    const struct leak_person claimant = {.name = v[FIELD_CLAIMANT], .phone = v[FIELD_PHONE]};
    struct leak found[LEAKS_MOST];
    struct buf out;
    size_t n;
    buf_init(&out, SIZE_MAX / 2);
    do {
        size_t at = 0;
        n = leaks_find(text, strlen(text), &claimant, 1, found, LEAKS_MOST);
        for (size_t i = 0; i < n; i++) {
            buf_add(&out, text + at, found[i].at - at);
            at = found[i].at + found[i].len;
            if (is_masked(found[i].kind))
                buf_puts(&out, leak_masked(m->o->arena, text, &found[i]));
            else
                buf_add(&out, text + found[i].at, found[i].len);
        }
        text += at;
    } while (n == LEAKS_MOST);
    buf_puts(&out, text);
    const char *ret = arena_strndup(m->o->arena, out.data, out.len);
    buf_release(&out);
    return ret;
}

const char *sheet_title(const struct sheet_maker *m, const struct sheet_case *k)
{
    const char *const *v = k->v.shown.value;
    bool english = !i18n_chinese() && *v[FIELD_TITLE_EN];
    return k->secret ? "" : sheet_words(m, k, v[english ? FIELD_TITLE_EN : FIELD_TITLE]);
}

/* Up to the building, as it is masked everywhere. */
static const char *point(const struct sheet_maker *m, const struct sheet_case *k)
{
    return k->secret ? "" : field_masked(FIELD_POINT, k->v.shown.value[FIELD_POINT], m->o->arena);
}

static const char *community(const struct sheet_case *k)
{
    return k->secret ? "" : k->v.shown.value[FIELD_COMMUNITY];
}

const char *sheet_unit(const struct sheet_maker *m, const char *code)
{
    return *code ? reference_unit_name(&m->o->context->reference, code, i18n_chinese()) : "";
}

const char *sheet_place(const struct sheet_maker *m, const struct sheet_case *k)
{
    const char *where = point(m, k), *area = sheet_unit(m, community(k));
    return arena_printf(m->o->arena, "%s%s%s", where, *where && *area ? "  " : "", area);
}

/* Where one meets: the whistle says so, the object does not keep it. */
static const char *meeting_place(const struct sheet_maker *m, const struct sheet_case *k,
                                 const struct object *o)
{
    return sheet_words(m, k, sheet_said(k, o, FIELD_PLACE));
}

static const char *asked_by(const struct sheet_maker *m, const struct object *o)
{
    const struct actor by = {.user = o->by_user, .name = o->by_name};
    return reference_actor_name(&m->o->context->reference, &by, i18n_chinese());
}

const char *sheet_clock(const struct sheet_maker *m, enum clock_id clock, int64_t due_ms)
{
    struct arena *a = m->o->arena;
    if (clock == CLOCK_COUNT)
        return _("no clock runs");
    const char *text = arena_printf(a, "%s%s%s", _(clock_table[clock].label),
                                    i18n_mark(MARK_COLON, i18n_chinese()), print_time(a, due_ms));
    return due_ms < m->o->now_ms ? arena_printf(a, "%s  ! %s", text, _("overdue")) : text;
}

const char *sheet_answer(const struct sheet_maker *m, const struct sheet_case *k,
                         const struct object *o)
{
    struct arena *a = m->o->arena;
    const char *text = _(object_state_table[o->state].label);
    if (o->arrived_ms != TIME_NONE)
        text = arena_printf(a, "%s  %s %s", text, _("On site"), print_time(a, o->arrived_ms));
    if (o->state == OBJECT_IS_OBJECTED && *o->verdict)
        text = arena_printf(a, "%s  %s", text, choice_label(FIELD_OBJECTION, o->verdict));
    if (*o->answer)
        text = arena_printf(a, "%s  %s", text, sheet_words(m, k, o->answer));
    return text;
}

/* --- text ----------------------------------------------------------------------------------------- */

void sheet_fact(const struct sheet_maker *m, struct buf *body, const char *label, const char *text)
{
    if (!*text)
        return;
    buf_printf(body, "%*s%s%s", INDENT, "", label, i18n_mark(MARK_COLON, i18n_chinese()));
    if (strchr(text, '\n')) {
        buf_putc(body, '\n');
        print_put_text(body, text, "      ", m->o->ascii);
        return;
    }
    print_put(body, text, m->o->ascii);
    buf_putc(body, '\n');
}

void sheet_blank(struct buf *body, const char *label)
{
    const char *colon = i18n_mark(MARK_COLON, i18n_chinese());
    int taken = INDENT + text_width(label, strlen(label)) + text_width(colon, strlen(colon));
    buf_printf(body, "%*s%s%s", INDENT, "", label, colon);
    for (; taken < PAGES_COLUMNS; taken++)
        buf_putc(body, '_');
    buf_putc(body, '\n');
}

static const char *since(const struct sheet_maker *m, const struct sheet_case *k,
                         const struct object *o)
{
    struct arena *a = m->o->arena;
    const struct event *e = sheet_event(k, o);
    bool chinese = i18n_chinese(), unsent = e && e >= k->v.events + k->v.n_confirmed;
    int64_t waited = m->o->now_ms > o->opened_ms ? m->o->now_ms - o->opened_ms : 0;
    return arena_printf(a, "%s%s%s%s%s%s", print_time(a, o->opened_ms),
                        i18n_mark(MARK_OPEN, chinese), draw_length(a, waited),
                        i18n_mark(MARK_CLOSE, chinese), unsent ? "  " : "",
                        unsent ? _("(not sent yet)") : "");
}

void sheet_asked(const struct sheet_maker *m, const struct sheet_case *k, const struct object *o,
                 struct buf *body)
{
    int64_t due;
    enum clock_id clock = object_next_due(o, &due);
    const char *who = asked_by(m, o), *office = sheet_unit(m, o->by_unit);
    sheet_fact(m, body, _("Asked"), sheet_words(m, k, o->text));
    sheet_fact(m, body, _("Asked by"),
               arena_printf(m->o->arena, "%s%s%s", who, *office ? "  " : "", office));
    sheet_fact(m, body, _("Waiting since"), since(m, k, o));
    sheet_fact(m, body, _("Clock of the unit"), sheet_clock(m, clock, due));
    sheet_fact(m, body, _("So far"), sheet_answer(m, k, o));
}

void sheet_page(struct sheet_maker *m, const char *kind, const char *whose, const struct buf *body)
{
    struct arena *a = m->o->arena;
    const char *of = arena_printf(a, "%s  %s\n", print_time(a, m->o->now_ms),
                                  m->o->context->actor.user); /* paper is old at once */
    struct buf head, text;
    buf_init(&head, SIZE_MAX / 2);
    buf_init(&text, SIZE_MAX / 2);
    print_put(&head, arena_printf(a, "%s  %s", kind, whose), m->o->ascii);
    print_put_text(&text, of, "", m->o->ascii);
    buf_add(&text, body->data, body->len);
    if (m->form == PRINT_HTML) {
        buf_puts(&m->out, m->n_sheets ? "<section style=\"page-break-before:always\"><h2>"
                                      : "<section><h2>");
        escape_markup(&m->out, head.data, " ");
        buf_puts(&m->out, "</h2>\n<pre>");
        escape_markup(&m->out, text.data, "\n");
        buf_puts(&m->out, "</pre></section>\n");
    } else {
        buf_puts(&m->out, m->n_sheets ? "\f" : "");
        pages_print(&m->out, head.data, text.data, PAGES_COLUMNS, PAGES_ROWS);
    }
    m->n_sheets++;
    if (head.failed != ST_OK || text.failed != ST_OK || body->failed != ST_OK)
        m->out.failed = ST_NOMEM;
    buf_release(&head);
    buf_release(&text);
}

static void put_entry(struct sheet_maker *m, const struct sheet_case *k, const struct object *o,
                      size_t number, struct buf *body)
{
    struct arena *a = m->o->arena;
    const char *title = k->secret ? _("secret") : sheet_title(m, k);
    buf_puts(body, number > 1 ? "\n" : "");
    print_put(body, arena_printf(a, "%zu. %s  %s", number, k->v.shown.value[FIELD_NUMBER], title),
              m->o->ascii);
    buf_putc(body, '\n');
    sheet_fact(m, body, _("Where"), sheet_place(m, k));
    sheet_fact(m, body, _("Kind of whistle"), choice_label(FIELD_KIND, o->class));
    sheet_fact(m, body, _("Meeting place"), meeting_place(m, k, o));
    sheet_asked(m, k, o, body);
    sheet_fact(m, body, _("Clock of the lead"),
               arena_printf(a, "%s  %s", sheet_unit(m, k->v.shown.value[FIELD_UNIT]),
                            sheet_clock(m, k->lead_clock, k->lead_due_ms)));
    sheet_blank(body, _("Answer of the unit"));
    sheet_blank(body, _("Name, signature, time"));
}

/* --- for programs --------------------------------------------------------------------------------- */

enum ask_column {
    ASK_UNIT,
    ASK_NUMBER,
    ASK_TITLE,
    ASK_POINT,
    ASK_COMMUNITY,
    ASK_KIND,
    ASK_TASK,
    ASK_PLACE,
    ASK_BY,
    ASK_SINCE,
    ASK_STATE,
    ASK_CLOCK,
    ASK_DUE,
    ASK_LEAD,
    ASK_LEAD_CLOCK,
    ASK_LEAD_DUE,
    ASK_ARRIVED,
    ASK_OBJECTION,
    ASK_ANSWER,
    ASK_COLUMNS
};
static const char *const ask_words[ASK_COLUMNS] = {
    [ASK_UNIT] = "unit",         [ASK_NUMBER] = "number",       [ASK_TITLE] = "title",
    [ASK_POINT] = "point",       [ASK_COMMUNITY] = "community", [ASK_KIND] = "kind",
    [ASK_TASK] = "task",         [ASK_PLACE] = "place",         [ASK_BY] = "asked_by",
    [ASK_SINCE] = "since",       [ASK_STATE] = "state",         [ASK_CLOCK] = "clock",
    [ASK_DUE] = "due",           [ASK_LEAD] = "lead",           [ASK_LEAD_CLOCK] = "lead_clock",
    [ASK_LEAD_DUE] = "lead_due", [ASK_ARRIVED] = "arrived",     [ASK_OBJECTION] = "objection",
    [ASK_ANSWER] = "answer",
};

const char *sheet_stamp(const struct sheet_maker *m, int64_t ms)
{
    char text[RFC3339_SIZE];
    if (ms == TIME_NONE)
        return "";
    rfc3339_format(ms, BEIJING_OFFSET_MS, text);
    return arena_strdup(m->o->arena, text);
}

static const char *clock_word(enum clock_id clock)
{
    return clock == CLOCK_COUNT ? "" : clock_table[clock].word;
}

static const char *value(const struct sheet_maker *m, const struct sheet_case *k,
                         const struct object *o, enum ask_column column)
{
    int64_t due;
    enum clock_id clock = object_next_due(o, &due);
    switch (column) {
    case ASK_UNIT:
        return o->unit;
    case ASK_NUMBER:
        return k->v.shown.value[FIELD_NUMBER];
    case ASK_TITLE:
        return k->secret ? "" : sheet_words(m, k, k->v.shown.value[FIELD_TITLE]);
    case ASK_POINT:
        return point(m, k);
    case ASK_COMMUNITY:
        return community(k);
    case ASK_KIND:
        return o->class;
    case ASK_TASK:
        return sheet_words(m, k, o->text);
    case ASK_PLACE:
        return meeting_place(m, k, o);
    case ASK_BY:
        return o->by_user;
    case ASK_SINCE:
        return sheet_stamp(m, o->opened_ms);
    case ASK_STATE:
        return object_state_table[o->state].word;
    case ASK_CLOCK:
        return clock_word(clock);
    case ASK_DUE:
        return sheet_stamp(m, due);
    case ASK_LEAD:
        return k->v.shown.value[FIELD_UNIT];
    case ASK_LEAD_CLOCK:
        return clock_word(k->lead_clock);
    case ASK_LEAD_DUE:
        return sheet_stamp(m, k->lead_due_ms);
    case ASK_ARRIVED:
        return sheet_stamp(m, o->arrived_ms);
    case ASK_OBJECTION:
        return o->state == OBJECT_IS_OBJECTED ? o->verdict : "";
    case ASK_ANSWER:
        return sheet_words(m, k, o->answer);
    case ASK_COLUMNS:
        break;
    }
    return "";
}

void sheet_member(struct buf *out, const char *name, const char *text)
{
    buf_printf(out, ",\"%s\":", name);
    json_string(out, text);
}

static void put_object(struct sheet_maker *m, const struct sheet_case *k, const struct object *o,
                       struct buf *body)
{
    buf_puts(body, *body->data ? ",{" : "{");
    buf_printf(body, "\"object\":%" PRIu32, o->id);
    for (int i = ASK_NUMBER; i < ASK_COLUMNS; i++)
        sheet_member(body, ask_words[i], value(m, k, o, (enum ask_column)i));
    buf_putc(body, '}');
}

/* A cell holds a line, cleaned; a file of it is UTF-8 whatever the terminal is. */
static void put_row(struct sheet_maker *m, const struct sheet_case *k, const struct object *o)
{
    for (int i = 0; i < ASK_COLUMNS; i++) {
        struct buf cell;
        buf_init(&cell, SIZE_MAX / 2);
        print_put(&cell, value(m, k, o, (enum ask_column)i), m->o->ascii);
        buf_puts(&m->out, i ? "," : "");
        escape_csv_cell(&m->out, cell.data);
        buf_release(&cell);
    }
    buf_puts(&m->out, "\r\n");
}

static void put_columns(struct sheet_maker *m)
{
    for (int i = 0; i < ASK_COLUMNS; i++)
        buf_printf(&m->out, "%s%s", i ? "," : "", ask_words[i]);
    buf_puts(&m->out, "\r\n");
}

/* --- all of them ---------------------------------------------------------------------------------- */

/* The units that are asked, each once, in the order in which they are met. */
static size_t find_units(const struct sheet_maker *m, const char **ret)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->cases[i].v.shown.n_objects; k++) {
            const struct object *o = &m->cases[i].v.shown.objects[k];
            size_t at = 0;
            while (is_whistle(o) && at < n && strcmp(ret[at], o->unit) != 0)
                at++;
            if (is_whistle(o) && at == n)
                ret[n++] = o->unit;
        }
    return n;
}

static void put_unit(struct sheet_maker *m, const char *unit)
{
    struct buf body;
    size_t number = 0;
    buf_init(&body, SIZE_MAX / 2);
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->cases[i].v.shown.n_objects; k++) {
            const struct object *o = &m->cases[i].v.shown.objects[k];
            if (!is_whistle(o) || strcmp(o->unit, unit) != 0)
                continue;
            if (m->form == PRINT_CSV)
                put_row(m, &m->cases[i], o);
            else if (m->form == PRINT_NDJSON)
                put_object(m, &m->cases[i], o, &body);
            else
                put_entry(m, &m->cases[i], o, ++number, &body);
        }
    if (m->form == PRINT_NDJSON) {
        buf_puts(&m->out, "{\"sheet\":\"whistles\"");
        sheet_member(&m->out, "unit", unit);
        sheet_member(&m->out, "name", sheet_unit(m, unit));
        buf_printf(&m->out, ",\"cases\":[%s]}\n", body.data);
        m->out.failed = m->out.failed != ST_OK ? m->out.failed : body.failed;
    } else if (m->form != PRINT_CSV) {
        sheet_page(m, _("Whistle sheet"), sheet_unit(m, unit), &body);
    }
    buf_release(&body);
}

static void put_all(struct sheet_maker *m, const char *const *units, size_t n_units)
{
    if (m->form == PRINT_HTML)
        html_begin(&m->out, arena_printf(m->o->arena, "%s  %s", _("Whistle sheets"),
                                         print_time(m->o->arena, m->o->now_ms)));
    if (m->form == PRINT_CSV)
        put_columns(m);
    for (size_t i = 0; i < n_units; i++)
        put_unit(m, units[i]);
    for (size_t i = 0; i < m->n; i++)
        if (m->cases[i].meeting && m->form == PRINT_NDJSON)
            meeting_object(m, &m->cases[i]);
        else if (m->cases[i].meeting && m->form != PRINT_CSV)
            meeting_page(m, &m->cases[i]);
    if (m->form == PRINT_HTML)
        html_end(&m->out);
}

/* The case, if it is not there yet and has a sheet; what is not there has none. */
static enum status add_case(struct sheet_maker *m, const struct uuid *id, size_t *n_objects,
                            struct errmsg *err)
{
    struct sheet_case *k = &m->cases[m->n];
    for (size_t i = 0; i < m->n; i++)
        if (uuid_compare(&m->cases[i].v.shown.id, id) == 0)
            return ST_OK;
    *k = (struct sheet_case){.secret = false};
    enum status st = store_case(m->o->store, id, m->o->arena, &k->v, err);
    if (st != ST_OK)
        return st;
    const struct casefile *c = &k->v.shown;
    for (size_t i = 0; i < c->n_objects; i++) {
        k->whistle |= is_whistle(&c->objects[i]);
        k->meeting |= c->objects[i].kind == OBJECT_MEETING || sheet_calls_meeting(&c->objects[i]);
    }
    k->secret = strcmp(c->value[FIELD_SECRET], "yes") == 0;
#if SABOTAGE == 470
    k->secret = false; /* Damage: the sheet of a secret order is like any other. */
#endif
    k->lead_clock = casefile_lead_due(c, &k->lead_due_ms);
    m->n += k->whistle || k->meeting;
    *n_objects += k->whistle || k->meeting ? c->n_objects : 0;
    return ST_OK;
}

static enum status disclosures(const struct sheet_maker *m, struct uuid_source *ids,
                               struct command **ret, struct errmsg *err)
{
    struct command *all = arena_array(m->o->arena, m->n, sizeof *all);
    enum status st = all ? ST_OK : fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; st == ST_OK && i < m->n; i++) {
        st = print_disclosure(m->o, &m->cases[i].v, ids, &all[i], err);
        if (st == ST_REFUSED)
            errmsg_prefix(err, "%s", m->cases[i].v.shown.value[FIELD_NUMBER]);
    }
    if (st == ST_OK)
        *ret = all;
    return st;
}

enum status whistle_sheets_print(const struct print_out *o, const struct uuid *cases, size_t n,
                                 enum print_form form, struct uuid_source *ids, struct buf *out,
                                 struct whistle_sheets *ret, struct errmsg *err)
{
    struct sheet_maker m = {.o = o, .form = form};
    struct command *commands = NULL;
    size_t n_objects = 0;
    m.cases = arena_array(o->arena, n + 1, sizeof *m.cases);
    enum status st = m.cases ? ST_OK : fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = add_case(&m, &cases[i], &n_objects, err);
    if (st == ST_OK && m.n == 0)
        st = fail(err, ST_NOT_FOUND, "%s",
                  _("None of these cases has an open whistle or a meeting. Nothing was written."));
    if (st == ST_OK)
        st = disclosures(&m, ids, &commands, err);
    const char **units = st == ST_OK ? arena_array(o->arena, n_objects, sizeof *units) : NULL;
    if (st == ST_OK && !units)
        st = fail(err, ST_NOMEM, "out of memory");
    if (st != ST_OK)
        return st;
    *ret = (struct whistle_sheets){
        .n_units = find_units(&m, units), .disclosures = commands, .n_cases = m.n};
    for (size_t i = 0; i < m.n; i++)
        ret->n_meetings += m.cases[i].meeting;
    buf_init(&m.out, SIZE_MAX / 2);
    put_all(&m, units, ret->n_units);
    buf_add(out, m.out.data, m.out.len);
    if (m.out.failed != ST_OK)
        out->failed = m.out.failed;
    buf_release(&m.out);
    return ST_OK;
}

/* --- of a list ------------------------------------------------------------------------------------ */

struct found {
    struct uuid *id;
    size_t n, room;
    struct arena *arena;
    bool failed;
};

static void add_row(void *self, const struct case_row *row)
{
    struct found *f = self;
    if (f->n == f->room) {
        size_t room = f->room ? 2 * f->room : 64;
        struct uuid *more = arena_array(f->arena, room, sizeof *more);
        f->failed |= !more;
        if (!more)
            return;
        if (f->n)
            memcpy(more, f->id, f->n * sizeof *more);
        f->id = more;
        f->room = room;
    }
    f->id[f->n++] = row->id;
}

enum status whistle_sheets_cases(const struct print_out *o, const struct query *q, long limit,
                                 struct uuid **ret, size_t *ret_n, struct errmsg *err)
{
    struct query with = *q;
    struct found f = {.arena = o->arena};
    const char *open = arena_printf(o->arena, "object:%s", object_table[OBJECT_WHISTLE].word);
    with.filter =
        q->filter && *q->filter ? arena_printf(o->arena, "(%s) %s", q->filter, open) : open;
    enum status st = print_rows(o->store, &with, limit, add_row, &f, err);
    if (st == ST_OK && f.failed)
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK) {
        *ret = f.id;
        *ret_n = f.n;
    }
    return st;
}
