#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

static void print_json(struct cli *c, const struct case_view *v)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    buf_puts(&out, "{\"case\":");
    casefile_encode(&out, &v->shown, true);
    buf_puts(&out, ",\"events\":[");
    for (size_t i = 0; i < v->n_events; i++) {
        /* personal values are masked here too: a reveal is a command of its own */
        struct event e = v->events[i];
        struct value *values = arena_array(&c->arena, e.n_values + 1, sizeof *values);
        for (size_t k = 0; values && k < e.n_values; k++) {
            values[k].field = e.values[k].field;
            values[k].text = field_masked(e.values[k].field, e.values[k].text, &c->arena);
        }
        e.values = values;
        if (i)
            buf_putc(&out, ',');
        event_encode(&out, &e);
    }
    buf_printf(&out, "],\"confirmed\":%zu,\"unsent\":%d}\n", v->n_confirmed, v->unsent);
    cli_print_json(&out);
    buf_release(&out);
}

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
    default:
        return text;
    }
}

static void print_values(struct cli *c, const struct value *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        enum field f = values[i].field;
        const char *text = field_masked(f, values[i].text, &c->arena);
        printf("      %s: ", _(field_table[f].label));
        if (field_table[f].type == FIELD_TYPE_TEXT) {
            putchar('\n');
            cli_print_text(text, "        ");
        } else {
            cli_print(code_name(c, f, text));
            putchar('\n');
        }
    }
}

static void print_text(struct cli *c, const struct case_view *v)
{
    const struct casefile *f = &v->shown;
    cli_print(f->value[FIELD_NUMBER]);
    printf("  v%" PRIu32 "  %s\n", f->version, _(state_table[f->state].label));
    for (int i = 0; i < CLOCK_COUNT; i++) {
        const struct clock_run *run = &f->clock[i];
        if (run->status == CLOCK_NEVER || run->status == CLOCK_CANCELLED)
            continue;
        printf("  %s: ", _(clock_table[i].label));
        if (run->status == CLOCK_RUNNING)
            printf(_("due %s\n"), cli_time(c, run->due_ms));
        else
            printf(_("stopped %s, was due %s\n"), cli_time(c, run->stopped_ms),
                   cli_time(c, run->due_ms));
    }
    for (size_t i = 0; i < v->n_events; i++) {
        const struct event *e = &v->events[i];
        printf("  %3" PRIu32 "  %s  %s  ", e->seq, cli_time(c, e->at_ms),
               _(command_table[e->type].label));
        cli_print(e->actor.name && *e->actor.name ? e->actor.name : e->actor.user);
        if (e->to != STATE_NONE)
            printf("  -> %s", _(state_table[e->to].label));
        if (i >= v->n_confirmed)
            printf("  %s", _("(not sent yet)"));
        putchar('\n');
        print_values(c, e->values, e->n_values);
    }
}

int command_show(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    if (c->n_args != 1) {
        fprintf(stderr, "%s\n", _("usage: jiban show CASE [--json]"));
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->json)
        print_json(c, &view);
    else
        print_text(c, &view);
    return EX_OK;
}
