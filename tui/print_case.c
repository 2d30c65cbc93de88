/* print_case.c: a case with its clocks and history as text, for the terminal and for paper. */
#include "core/base/i18n.h"
#include "core/case/shown.h"
#include "core/text/escape.h"
#include "core/text/pages.h"
#include "tui/print_out.h"
#include <inttypes.h>
#include <string.h>

static const char *code_name(const struct print_out *o, enum field field, const char *text)
{
    int64_t ms;
    if (field_table[field].type == FIELD_TYPE_TIME)
        return rfc3339_parse(text, &ms) == 0 ? print_time(o->arena, ms) : text;
    return value_shown(field, text, &o->context->reference, i18n_chinese(), o->arena);
}

static void put_values(const struct print_out *o, struct buf *out, const struct value *values,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum field f = values[i].field;
        const char *text = field_masked(f, values[i].text, o->arena);
        buf_printf(out, "      %s%s", _(field_table[f].label),
                   i18n_mark(MARK_COLON, i18n_chinese()));
        if (field_table[f].type == FIELD_TYPE_TEXT || field_table[f].type == FIELD_TYPE_FILES) {
            buf_putc(out, '\n');
            print_put_text(out, code_name(o, f, text), "        ", o->ascii);
        } else {
            print_put(out, code_name(o, f, text), o->ascii);
            buf_putc(out, '\n');
        }
    }
}

void case_text(const struct print_out *o, const struct case_view *v, struct buf *out)
{
    const struct casefile *f = &v->shown;
    print_put(out, f->value[FIELD_NUMBER], o->ascii);
    buf_printf(out, "  v%" PRIu32 "  %s\n", f->version, _(state_table[f->state].label));
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *run = &f->clock[i];
        if (run->status == CLOCK_NEVER || run->status == CLOCK_CANCELLED)
            continue;
        buf_printf(out, "  %s%s", _(clock_table[i].label), i18n_mark(MARK_COLON, i18n_chinese()));
        if (run->status == CLOCK_RUNNING)
            buf_printf(out, _("due %s\n"), print_time(o->arena, run->due_ms));
        else
            buf_printf(out, _("stopped %s, was due %s\n"), print_time(o->arena, run->stopped_ms),
                       print_time(o->arena, run->due_ms));
    }
    for (size_t i = 0; i < v->n_events; i++) {
        const struct event *e = &v->events[i];
        buf_printf(out, "  %3" PRIu32 "  %s  %s  ", e->seq, print_time(o->arena, e->at_ms),
                   _(command_table[e->type].label));
        print_put(out, reference_actor_name(&o->context->reference, &e->actor, i18n_chinese()),
                  o->ascii);
        if (e->to != STATE_NONE)
            buf_printf(out, "  -> %s", _(state_table[e->to].label));
        if (i >= v->n_confirmed)
            buf_printf(out, "  %s", _("(not sent yet)"));
        buf_putc(out, '\n');
        put_values(o, out, e->values, e->n_values);
    }
}

/* Number, when, by whom. */
static const char *head(const struct print_out *o, const struct case_view *v)
{
    struct buf out;
    buf_init(&out, 1 << 16);
    const char *text = arena_printf(o->arena, "%s  %s  %s", v->shown.value[FIELD_NUMBER],
                                    print_time(o->arena, o->now_ms), o->context->actor.user);
    print_put(&out, text, o->ascii);
    const char *ret = arena_strdup(o->arena, out.data);
    buf_release(&out);
    return ret;
}

void print_sheet(const char *title, const struct buf *body, bool html, struct buf *out)
{
    if (html) {
        html_begin(out, title);
        buf_puts(out, "<pre>");
        escape_markup(out, body->data, "\n");
        buf_puts(out, "</pre>\n");
        html_end(out);
    } else {
        pages_print(out, title, body->data, PAGES_COLUMNS, PAGES_ROWS);
    }
    if (body->failed != ST_OK)
        out->failed = body->failed;
}

void print_case(const struct print_out *o, const struct case_view *v, bool html, struct buf *out)
{
    struct buf body;
    buf_init(&body, SIZE_MAX / 2);
    case_text(o, v, &body);
    print_sheet(head(o, v), &body, html, out);
    buf_release(&body);
}

enum status print_disclosure(const struct print_out *o, const struct case_view *v,
                             struct uuid_source *ids, struct command *ret, struct errmsg *err)
{
    static const struct value how = {FIELD_DISCLOSED, "print"};
    struct command command = {.id = uuid_new(ids),
                              .case_id = v->shown.id,
                              .base = v->shown.version,
                              .type = COMMAND_DISCLOSE,
                              .at_ms = o->now_ms,
                              .values = &how,
                              .n_values = 1};
    enum status st = print_predict(o->context, o->arena, &v->shown, &command, err);
    if (st == ST_OK)
        *ret = command;
    return st;
}
