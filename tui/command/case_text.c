/* case_text.c: a case with its clocks and history as text, for the terminal and for paper. */
#include "core/base/i18n.h"
#include "core/case/attached.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>

static const char *code_name(struct cli *c, enum field field, const char *text)
{
    bool chinese = i18n_chinese();
    const struct category *category;
    int64_t ms;
    switch (field_table[field].type) {
    case FIELD_TYPE_ENUM:
    case FIELD_TYPE_BOOL:
        return choice_label(field, text);
    case FIELD_TYPE_TIME:
        return rfc3339_parse(text, &ms) == 0 ? cli_time(c, ms) : text;
    case FIELD_TYPE_CODE:
        return reference_unit_name(&c->context.reference, text, chinese);
    case FIELD_TYPE_USER:
        return reference_person_name(&c->context.reference, text, chinese);
    case FIELD_TYPE_CATEGORY:
        category = reference_category(&c->context.reference, text);
        if (category)
            return arena_printf(&c->arena, "%s / %s",
                                chinese ? category->level1 : category->level1_en,
                                chinese ? category->level2 : category->level2_en);
        return text;
    case FIELD_TYPE_FILES:
        return attached_text(&c->arena, text);
    default:
        return text;
    }
}

static void put_values(struct cli *c, struct buf *out, const struct value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum field f = values[i].field;
        const char *text = field_masked(f, values[i].text, &c->arena);
        buf_printf(out, "      %s: ", _(field_table[f].label));
        if (field_table[f].type == FIELD_TYPE_TEXT || field_table[f].type == FIELD_TYPE_FILES) {
            buf_putc(out, '\n');
            cli_put_text(out, code_name(c, f, text), "        ");
        } else {
            cli_put(out, code_name(c, f, text));
            buf_putc(out, '\n');
        }
    }
}

void case_text(struct cli *c, const struct case_view *v, struct buf *out)
{
    const struct casefile *f = &v->shown;
    cli_put(out, f->value[FIELD_NUMBER]);
    buf_printf(out, "  v%" PRIu32 "  %s\n", f->version, _(state_table[f->state].label));
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *run = &f->clock[i];
        if (run->status == CLOCK_NEVER || run->status == CLOCK_CANCELLED)
            continue;
        buf_printf(out, "  %s: ", _(clock_table[i].label));
        if (run->status == CLOCK_RUNNING)
            buf_printf(out, _("due %s\n"), cli_time(c, run->due_ms));
        else
            buf_printf(out, _("stopped %s, was due %s\n"), cli_time(c, run->stopped_ms),
                       cli_time(c, run->due_ms));
    }
    for (size_t i = 0; i < v->n_events; i++) {
        const struct event *e = &v->events[i];
        buf_printf(out, "  %3" PRIu32 "  %s  %s  ", e->seq, cli_time(c, e->at_ms),
                   _(command_table[e->type].label));
        cli_put(out, e->actor.name && *e->actor.name ? e->actor.name : e->actor.user);
        if (e->to != STATE_NONE)
            buf_printf(out, "  -> %s", _(state_table[e->to].label));
        if (i >= v->n_confirmed)
            buf_printf(out, "  %s", _("(not sent yet)"));
        buf_putc(out, '\n');
        put_values(c, out, e->values, e->n_values);
    }
}
