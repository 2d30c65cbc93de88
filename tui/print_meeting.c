/* print_meeting.c: the page of a joint meeting (domain 7.6): the units, what each is asked, what is open; what was decided
 * before, and room for what is decided now. */
#include "core/base/i18n.h"
#include "tui/whistle_sheets_own.h"
#include <inttypes.h>

/* What a unit is asked: whistles, and sub-orders, which tasks of a meeting become. */
static bool is_asked(const struct object *o)
{
    return o->kind == OBJECT_WHISTLE || o->kind == OBJECT_SUB;
}

/* When it was held: the time that was written down, else when that was done. */
static int64_t held(const struct sheet_case *k, const struct object *o)
{
    int64_t ms;
    return rfc3339_parse(sheet_said(k, o, FIELD_TIME), &ms) == 0 ? ms : o->opened_ms;
}

/* The first whistle that ends in a meeting says by when; TIME_NONE: none is due. */
static int64_t due(const struct sheet_case *k)
{
    int64_t by = TIME_NONE;
    for (size_t i = 0; i < k->v.shown.n_objects; i++) {
        const struct object *o = &k->v.shown.objects[i];
        if (!sheet_calls_meeting(o))
            continue;
        for (int n = 0; n < OBJECT_CLOCKS; n++)
            if (o->clock[n].id == CLOCK_WHISTLE_ARRIVE && o->clock[n].run.status == CLOCK_RUNNING &&
                (by == TIME_NONE || o->clock[n].run.due_ms < by))
                by = o->clock[n].run.due_ms;
    }
    return by;
}

/* "#2 whistle", for what is asked in the meeting #1 with that behind it. */
static const char *name_of(const struct sheet_maker *m, const struct object *o)
{
    struct arena *a = m->o->arena;
    const char *text = arena_printf(a, "#%" PRIu32 " %s", o->id, _(object_table[o->kind].label));
    if (o->kind == OBJECT_WHISTLE)
        text = arena_printf(a, "%s  %s", text, choice_label(FIELD_KIND, o->class));
    if (o->parent)
        text = arena_printf(a, "%s  %s #%" PRIu32, text, _("Comes from"), o->parent);
    return text;
}

/* One after the other, as they were held. */
static void put_meetings(const struct sheet_maker *m, const struct sheet_case *k, struct buf *body)
{
    for (size_t i = 0; i < k->v.shown.n_objects; i++) {
        const struct object *o = &k->v.shown.objects[i];
        if (o->kind != OBJECT_MEETING)
            continue;
        buf_printf(body, "\n#%" PRIu32 " %s  %s\n", o->id, _(object_table[o->kind].label),
                   print_time(m->o->arena, held(k, o)));
        sheet_fact(m, body, _(field_table[FIELD_PARTICIPANTS].label),
                   sheet_words(m, k, sheet_said(k, o, FIELD_PARTICIPANTS)));
        sheet_fact(m, body, _(field_table[FIELD_DECISION].label), sheet_words(m, k, o->text));
        sheet_fact(m, body, _(field_table[FIELD_DISSENT].label),
                   sheet_words(m, k, sheet_said(k, o, FIELD_DISSENT)));
    }
}

/* What is open, or what is done. */
static void put_items(const struct sheet_maker *m, const struct sheet_case *k, bool open,
                      struct buf *body)
{
    size_t number = 0;
    for (size_t i = 0; i < k->v.shown.n_objects; i++) {
        const struct object *o = &k->v.shown.objects[i];
        if (!is_asked(o) || sheet_is_open(o) != open)
            continue;
        if (number++ == 0)
            buf_printf(body, "\n%s\n", open ? _("What is open") : _("What is done"));
        const char *line =
            arena_printf(m->o->arena, "%zu. %s  %s", number, sheet_unit(m, o->unit), name_of(m, o));
        print_put(body, line, m->o->ascii);
        buf_putc(body, '\n');
        if (open) {
            sheet_asked(m, k, o, body);
            sheet_blank(body, _("Answer of the unit"));
        } else {
            sheet_fact(m, body, _("Asked"), sheet_words(m, k, o->text));
            sheet_fact(m, body, _("So far"), sheet_answer(m, k, o));
        }
    }
    if (open && number == 0)
        buf_printf(body, "\n%s\n", _("Nothing is open with the units."));
}

void meeting_page(struct sheet_maker *m, const struct sheet_case *k)
{
    const char *const *v = k->v.shown.value;
    struct buf body;
    int64_t by = due(k);
    buf_init(&body, SIZE_MAX / 2);
    sheet_fact(m, &body, _(field_table[FIELD_TITLE].label),
               k->secret ? _("secret") : sheet_title(m, k));
    sheet_fact(m, &body, _("Where"), sheet_place(m, k));
    sheet_fact(m, &body, _(field_table[FIELD_UNIT].label), sheet_unit(m, v[FIELD_UNIT]));
    sheet_fact(m, &body, _("Clock of the lead"), sheet_clock(m, k->lead_clock, k->lead_due_ms));
    if (by != TIME_NONE)
        sheet_fact(m, &body, _("Meeting by"),
                   arena_printf(m->o->arena, "%s%s%s", print_time(m->o->arena, by),
                                by < m->o->now_ms ? "  ! " : "",
                                by < m->o->now_ms ? _("overdue") : ""));
    put_items(m, k, true, &body);
    put_meetings(m, k, &body);
    put_items(m, k, false, &body);
    buf_putc(&body, '\n');
    sheet_blank(&body, _(field_table[FIELD_PARTICIPANTS].label));
    sheet_blank(&body, _(field_table[FIELD_DECISION].label));
    sheet_blank(&body, _(field_table[FIELD_DISSENT].label));
    sheet_page(m, _("Joint meeting"), v[FIELD_NUMBER], &body);
    buf_release(&body);
}

/* --- for programs --------------------------------------------------------------------------------- */

static void object_begin(struct buf *out, size_t number, const struct object *o)
{
    buf_printf(out, "%s{\"object\":%" PRIu32, number ? "," : "", o->id);
}

static void meetings_array(struct sheet_maker *m, const struct sheet_case *k)
{
    size_t number = 0;
    buf_puts(&m->out, ",\"meetings\":[");
    for (size_t i = 0; i < k->v.shown.n_objects; i++) {
        const struct object *o = &k->v.shown.objects[i];
        if (o->kind != OBJECT_MEETING)
            continue;
        object_begin(&m->out, number++, o);
        sheet_member(&m->out, "time", sheet_stamp(m, held(k, o)));
        sheet_member(&m->out, field_table[FIELD_PARTICIPANTS].word,
                     sheet_words(m, k, sheet_said(k, o, FIELD_PARTICIPANTS)));
        sheet_member(&m->out, field_table[FIELD_DECISION].word, sheet_words(m, k, o->text));
        sheet_member(&m->out, field_table[FIELD_DISSENT].word,
                     sheet_words(m, k, sheet_said(k, o, FIELD_DISSENT)));
        buf_putc(&m->out, '}');
    }
    buf_putc(&m->out, ']');
}

static void items_array(struct sheet_maker *m, const struct sheet_case *k)
{
    size_t number = 0;
    buf_puts(&m->out, ",\"items\":[");
    for (size_t i = 0; i < k->v.shown.n_objects; i++) {
        const struct object *o = &k->v.shown.objects[i];
        int64_t by;
        if (!is_asked(o))
            continue;
        enum clock_id clock = object_next_due(o, &by);
        object_begin(&m->out, number++, o);
        sheet_member(&m->out, "is", object_table[o->kind].word);
        sheet_member(&m->out, "unit", o->unit);
        sheet_member(&m->out, "task", sheet_words(m, k, o->text));
        sheet_member(&m->out, "since", sheet_stamp(m, o->opened_ms));
        sheet_member(&m->out, "state", object_state_table[o->state].word);
        sheet_member(&m->out, "clock", clock == CLOCK_COUNT ? "" : clock_table[clock].word);
        sheet_member(&m->out, "due", sheet_stamp(m, by));
        sheet_member(&m->out, "answer", sheet_words(m, k, o->answer));
        buf_printf(&m->out, ",\"open\":%s}", sheet_is_open(o) ? "true" : "false");
    }
    buf_putc(&m->out, ']');
}

void meeting_object(struct sheet_maker *m, const struct sheet_case *k)
{
    const char *const *v = k->v.shown.value;
    buf_puts(&m->out, "{\"sheet\":\"meeting\"");
    sheet_member(&m->out, "number", v[FIELD_NUMBER]);
    sheet_member(&m->out, "title", k->secret ? "" : sheet_words(m, k, v[FIELD_TITLE]));
    sheet_member(&m->out, "lead", v[FIELD_UNIT]);
    sheet_member(&m->out, "lead_clock",
                 k->lead_clock == CLOCK_COUNT ? "" : clock_table[k->lead_clock].word);
    sheet_member(&m->out, "lead_due", sheet_stamp(m, k->lead_due_ms));
    sheet_member(&m->out, "meeting_by", sheet_stamp(m, due(k)));
    meetings_array(m, k);
    items_array(m, k);
    buf_puts(&m->out, "}\n");
}
