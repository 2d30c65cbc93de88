#include "tui/bulk.h"
#include "core/base/i18n.h"
#include "tui/console.h"
#include "tui/draw.h"
#include <stdio.h>
#include <string.h>

enum { REASONS = 2 };

/* Why the first of those that cannot. */
struct reasons {
    const char *text[REASONS];
    size_t n, all;
};

void bulk_init(struct bulk *b)
{
    memset(b, 0, sizeof *b);
    arena_init(&b->arena, 0);
}

void bulk_release(struct bulk *b)
{
    arena_release(&b->arena);
    bulk_init(b);
}

bool bulk_leaves_out(enum field field)
{
    return field == FIELD_OBJECT || field == FIELD_GROUP;
}

/* What is told of one claimant, found in one matter, decided on one request, or names another order. */
static bool of_one_case(enum field field)
{
    static const enum field list[] = {
        FIELD_REPLY,     FIELD_REACHED,   FIELD_SAID,       FIELD_CONNECTED, FIELD_CONTACTED,
        FIELD_FINDING,   FIELD_GRANTED,   FIELD_SUPPLEMENT, FIELD_EVIDENCE,  FIELD_OPEN_POINT,
        FIELD_MISSING,   FIELD_FORM,      FIELD_FIELD_NAME, FIELD_OLD_ORDER, FIELD_MERGED_INTO,
        FIELD_FOLLOWERS, FIELD_PROPOSALS, FIELD_DECISION,   FIELD_VERDICT,   FIELD_DISCLOSED};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == field)
            return true;
    return false;
}

/* Nor what cannot be taken back, nor what shows personal data. */
static bool case_by_case(enum command_type type)
{
    const struct command_row *row = &command_table[type];
    bool one = type == COMMAND_REVEAL || *action_table[action_of_command(type)].ask;
    for (size_t i = 0; i < row->n_arguments; i++)
        one |= of_one_case(row->arguments[i].field);
    return one;
}

/* Are there arguments that a form for several has a place for? */
static bool has_form(enum command_type type)
{
    const struct command_row *row = &command_table[type];
    for (size_t i = 0; i < row->n_arguments; i++)
        if (!bulk_leaves_out(row->arguments[i].field))
            return true;
    return false;
}

void bulk_start(struct console *c, enum command_type type)
{
    if (!console_has_rules(c))
        return;
    if (case_by_case(type)) {
        console_say(c, THEME_ERROR, _("\"%s\" is done case by case. Esc takes the marks away."),
                    _(command_table[type].label));
    } else if (has_form(type)) {
        c->command = type;
        c->bulk.wants_form = true;
        c->want = WANT_FORM;
    } else {
        bulk_ask(c, type, NULL, 0);
    }
}

static void because(struct bulk *b, struct reasons *r, const char *number, const char *why)
{
    for (size_t i = 0; i < r->n; i++)
        if (strstr(r->text[i], why)) {
            r->all++;
            return;
        }
    if (r->n < REASONS)
        r->text[r->n++] = arena_printf(&b->arena, "%s: %s", number, why);
    r->all++;
}

/* May it be done to this case? Else the reason is kept. */
static bool can(struct console *c, const struct uuid *id, struct arena *a, uint32_t *ret_base,
                struct reasons *r)
{
    struct bulk *b = &c->bulk;
    struct case_view v;
    struct errmsg err = {{0}};
    struct refusal why = {.code = REFUSAL_NONE};
    struct decision decision;
    const char *number = "?";
    struct workflow_context w = context_workflow(c->config->context, console_now(c));
    enum status st = store_case(c->config->store, id, a, &v, &err);
    if (st == ST_OK) {
        struct command one = {.case_id = *id,
                              .base = v.shown.version,
                              .type = b->type,
                              .at_ms = w.now_ms,
                              .values = b->values,
                              .n_values = b->n_values};
        *ret_base = v.shown.version;
        number = draw_number(a, v.shown.value[FIELD_NUMBER]);
        st = workflow_decide(&w, &v.shown, &one, console_actor(c), a, &decision, &why, &err);
    }
    if (st != ST_OK)
        because(b, r, number, st == ST_REFUSED ? why.text : err.text);
    return st == ST_OK;
}

/* All marked cases, one after the other. */
static enum status look(struct console *c, struct reasons *r, struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    struct arena a;
    b->n_can = 0;
    b->can = arena_array(&b->arena, c->marks.n + 1, sizeof *b->can);
    if (!b->can)
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    arena_init(&a, 0);
    for (size_t i = 0; i < c->marks.n; i++) {
        struct bulk_case *one = &b->can[b->n_can];
        arena_reset(&a);
        one->id = c->marks.id[i];
        b->n_can += can(c, &one->id, &a, &one->base, r);
    }
    arena_release(&a);
    return arena_failed(&b->arena) ? fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."))
                                   : ST_OK;
}

/* The values outlive the form; whistles of one call bear the same group. */
static enum status keep_values(struct console *c, const struct value *values, size_t n,
                               struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    const struct command_row *row = &command_table[b->type];
    struct value *kept = arena_array(&b->arena, n + 1, sizeof *kept);
    for (size_t i = 0; kept && i < n; i++)
        kept[i] = (struct value){values[i].field, arena_strdup(&b->arena, values[i].text)};
    for (size_t i = 0; kept && i < row->n_arguments; i++)
        if (row->arguments[i].field == FIELD_GROUP) {
            char text[UUID_TEXT];
            struct uuid group = uuid_new(&c->ids);
            uuid_format(&group, text);
            kept[n++] = (struct value){FIELD_GROUP, arena_strdup(&b->arena, text)};
        }
    b->values = kept;
    b->n_values = n;
    return kept && !arena_failed(&b->arena)
               ? ST_OK
               : fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
}

static const char *question(struct console *c, const struct reasons *r)
{
    struct bulk *b = &c->bulk;
    const char *text = arena_printf(&b->arena, _("%s: on %zu of the %zu that are marked."),
                                    _(command_table[b->type].label), b->n_can, c->marks.n);
    if (r->all > 0)
        text =
            arena_printf(&b->arena, _("%s Not possible on %zu, which stay marked:"), text, r->all);
    for (size_t i = 0; i < r->n; i++)
        text = arena_printf(&b->arena, "%s %s", text, r->text[i]);
    return text;
}

void bulk_ask(struct console *c, enum command_type type, const struct value *values, size_t n)
{
    struct bulk *b = &c->bulk;
    struct reasons r = {.n = 0};
    struct errmsg err;
    bulk_release(b);
    b->type = type;
    enum status st = keep_values(c, values, n, &err);
    if (st == ST_OK)
        st = look(c, &r, &err);
    if (!console_ok(c, st, &err))
        return;
    if (b->n_can == 0) {
        console_say(c, THEME_ERROR, _("Possible on none of the %zu that are marked. %s"),
                    c->marks.n, r.n ? r.text[0] : "");
        return;
    }
    b->waits = true;
    c->ask_text = question(c, &r);
    c->want = WANT_ASK;
}

/* One command a case, in the order in which they were marked. */
static struct command *commands(struct console *c)
{
    struct bulk *b = &c->bulk;
    struct command *list = arena_array(&b->arena, b->n_can + 1, sizeof *list);
    for (size_t i = 0; list && i < b->n_can; i++)
        list[i] = (struct command){.id = uuid_new(&c->ids),
                                   .case_id = b->can[i].id,
                                   .base = b->can[i].base,
                                   .type = b->type,
                                   .at_ms = console_now(c),
                                   .values = b->values,
                                   .n_values = b->n_values};
    return list;
}

bool bulk_go(struct console *c)
{
    struct bulk *b = &c->bulk;
    struct reasons r = {.n = 0};
    struct errmsg err;
    b->waits = false;
    enum status st = look(c, &r, &err); /* something may have come in since it was asked */
    const struct command *list = st == ST_OK ? commands(c) : NULL;
    if (st == ST_OK && !list)
        st = fail(&err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    if (st == ST_OK)
        st = console_queue(c, list, b->n_can, later_not_before(c, b->type), &err);
    if (!console_ok(c, st, &err))
        return false;
    for (size_t i = 0; i < b->n_can; i++)
        marks_drop(&c->marks, &b->can[i].id);
    c->changed = true;
    console_say(c, r.all ? THEME_WARN : THEME_MESSAGE,
                ngettext("Kept on the disk: %s, %zu case. It is sent when the line is up.%s",
                         "Kept on the disk: %s, %zu cases. They are sent when the line is up.%s",
                         (unsigned long)b->n_can),
                _(command_table[b->type].label), b->n_can,
                r.all ? arena_printf(&b->arena, _(" Not on %zu, still marked: %s"), r.all,
                                     r.n ? r.text[0] : "")
                      : "");
    if (c->sync)
        sync_poke(c->sync);
    return true;
}
