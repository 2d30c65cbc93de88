#include "tui/bulk.h"
#include "core/base/i18n.h"
#include "tui/console.h"
#include "tui/draw.h"
#include <stdio.h>
#include <string.h>

enum { REASONS = 6 };

/* Why those that cannot cannot; who cannot for the same reason stands together. */
struct reasons {
    struct {
        const char *number, *why; /* of the first of them */
        size_t n;
    } of[REASONS];
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

static enum status no_memory(struct errmsg *err)
{
    return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
}

bool bulk_leaves_out(enum field field)
{
    return field == FIELD_OBJECT || field == FIELD_GROUP;
}

/* What one claimant answers, what is decided on one request, or names another order. */
static bool of_one_case(enum field field)
{
    static const enum field list[] = {
        FIELD_CONNECTED,  FIELD_CONTACTED, FIELD_GRANTED,  FIELD_SUPPLEMENT, FIELD_EVIDENCE,
        FIELD_OPEN_POINT, FIELD_MISSING,   FIELD_FORM,     FIELD_FIELD_NAME, FIELD_OLD_ORDER,
        FIELD_FOLLOWERS,  FIELD_PROPOSALS, FIELD_DECISION, FIELD_VERDICT,    FIELD_DISCLOSED};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == field)
            return true;
    return false;
}

bool bulk_has_texts(enum command_type type)
{
    static const enum field told[] = {FIELD_REPLY, FIELD_REACHED, FIELD_SAID, FIELD_FINDING};
    const struct command_row *row = &command_table[type];
    for (size_t i = 0; i < row->n_arguments; i++)
        for (size_t k = 0; k < sizeof told / sizeof *told; k++)
            if (row->arguments[i].field == told[k])
                return true;
    return false;
}

/* Nor what cannot be taken back, nor what shows personal data. */
bool bulk_never(enum command_type type)
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

/* All others that are marked into this one: nothing is left to be filled in. */
static bool merges_into(struct console *c, enum command_type type, const struct uuid *under)
{
    char id[UUID_TEXT];
    if (type != COMMAND_MERGE || !under || c->marks.n < 2 || !marks_has(&c->marks, under))
        return false;
    uuid_format(under, id);
    const struct value into = {FIELD_MERGED_INTO, arena_strdup(&c->scratch, id)};
    bulk_ask(c, type, &into, 1);
    return true;
}

/* Before a text is chosen: is there one that it can be done to? Else says why not to the first. */
static bool on_any(struct console *c, enum command_type type)
{
    const char *first = NULL;
    for (size_t i = 0; i < c->marks.n; i++) {
        struct case_view v;
        const char *why =
            store_case(c->config->store, &c->marks.id[i], &c->scratch, &v, NULL) == ST_OK
                ? console_why_not(c, &v.shown, type)
                : "";
        if (!why)
            return true;
        if (!first)
            first = why;
    }
    console_say(c, THEME_ERROR, _("Possible on none of the %zu that are marked. %s"), c->marks.n,
                first ? first : "");
    return false;
}

void bulk_start(struct console *c, enum command_type type, const struct uuid *under)
{
    if (!console_has_rules(c) || merges_into(c, type, under))
        return;
    if (bulk_never(type)) {
        console_say(c, THEME_ERROR, _("\"%s\" is done case by case. Esc takes the marks away."),
                    _(command_table[type].label));
    } else if (bulk_has_texts(type) && !on_any(c, type)) {
        return; /* it has said why */
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
    size_t i = 0;
    r->all++;
    while (i < r->n && strcmp(r->of[i].why, why) != 0)
        i++;
#if SABOTAGE == 392
    i = i > 0 ? 0 : i; /* Damage: one reason is told for those that have another. */
#endif
    if (i == REASONS)
        return;
    if (i == r->n) {
        r->of[i].number = arena_strdup(&b->arena, number);
        r->of[i].why = arena_strdup(&b->arena, why);
        r->of[r->n++].n = 0;
    }
    r->of[i].n++;
}

static const char *reason(struct bulk *b, const struct reasons *r, size_t i)
{
    return r->of[i].n == 1 ? arena_printf(&b->arena, "%s%s%s", r->of[i].number,
                                          i18n_mark(MARK_COLON, i18n_chinese()), r->of[i].why)
                           : arena_printf(&b->arena, _("%s and %zu more: %s"), r->of[i].number,
                                          r->of[i].n - 1, r->of[i].why);
}

/* May it be done to this case? Else the reason is kept. */
static bool can(struct console *c, struct merger *merger, struct bulk_case *asked, struct arena *a,
                struct reasons *r)
{
    struct bulk *b = &c->bulk;
    struct case_view v;
    struct errmsg err = {{0}};
    struct refusal why = {.code = REFUSAL_NONE};
    struct decision decision;
    const char *number = "?";
    struct workflow_context w = context_workflow(c->config->context, console_now(c));
    if (b->merger.on)
        w.other = &merger->lead.shown;
    enum status st = store_case(c->config->store, &asked->id, a, &v, &err);
    if (st == ST_OK) {
        struct command one = {.case_id = asked->id,
                              .base = v.shown.version,
                              .type = b->type,
                              .at_ms = w.now_ms,
                              .values = asked->values,
                              .n_values = asked->n_values};
        asked->base = v.shown.version;
        number = draw_number(a, v.shown.value[FIELD_NUMBER]);
        if (asked->held) {
            because(b, r, number, asked->held);
            return false;
        }
        st = workflow_decide(&w, &v.shown, &one, console_actor(c), a, &decision, &why, &err);
    }
    if (st != ST_OK)
        because(b, r, number, st == ST_REFUSED ? why.text : err.text);
    else if (b->merger.on)
        merger_add(merger, &v.shown, a);
    return st == ST_OK;
}

/* All that is asked for, one after the other, but for the one that leads a merger. */
static enum status look(struct console *c, struct merger *merger, struct reasons *r,
                        struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    struct arena a;
    b->n_can = 0;
    b->can = arena_array(&b->arena, b->n_all + 1, sizeof *b->can);
    if (!b->can)
        return no_memory(err);
    arena_init(&a, 0);
    for (size_t i = 0; i < b->n_all; i++) {
        struct bulk_case *one = &b->can[b->n_can];
        arena_reset(&a);
        *one = b->all[i];
        if (!b->merger.on || uuid_compare(&one->id, &b->merger.id) != 0)
            b->n_can += can(c, merger, one, &a, r);
    }
    arena_release(&a);
    return arena_failed(&b->arena) ? no_memory(err) : ST_OK;
}

/* The same, of whatever kind; *ret_text: what is told of a merger, NULL for all else. */
static enum status look_at_all(struct console *c, struct reasons *r, const char **ret_text,
                               struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    struct merger merger;
    *ret_text = NULL;
    if (!b->merger.on)
        return look(c, NULL, r, err);
    enum status st = merger_open(&merger, c, &b->merger.id, err);
    if (st == ST_OK)
        st = look(c, &merger, r, err);
    if (st == ST_OK)
        *ret_text = merger_text(&merger, console_now(c), &b->arena);
    merger_close(&merger);
    return st;
}

/* Whistles of one call bear the same group; NULL: it is no call. */
static const char *group_of(struct console *c)
{
    const struct command_row *row = &command_table[c->bulk.type];
    char text[UUID_TEXT];
    for (size_t i = 0; i < row->n_arguments; i++)
        if (row->arguments[i].field == FIELD_GROUP) {
            struct uuid group = uuid_new(&c->ids);
            uuid_format(&group, text);
            return arena_strdup(&c->bulk.arena, text);
        }
    return NULL;
}

/* The values outlive the form. */
static const struct value *keep_values(struct bulk *b, const struct value *values, size_t *n,
                                       const char *group)
{
    struct value *kept = arena_array(&b->arena, *n + 1, sizeof *kept);
    for (size_t i = 0; kept && i < *n; i++)
        kept[i] = (struct value){values[i].field, arena_strdup(&b->arena, values[i].text)};
    if (kept && group)
        kept[(*n)++] = (struct value){FIELD_GROUP, group};
    return kept;
}

/* The same values for all that is marked. */
static enum status want_marked(struct console *c, const struct value *values, size_t n,
                               struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    const struct value *kept = keep_values(b, values, &n, group_of(c));
    b->all = arena_array(&b->arena, c->marks.n + 1, sizeof *b->all);
    if (arena_failed(&b->arena))
        return no_memory(err);
    for (; b->n_all < c->marks.n; b->n_all++)
        b->all[b->n_all] =
            (struct bulk_case){.id = c->marks.id[b->n_all], .values = kept, .n_values = n};
    return ST_OK;
}

static enum status want_each(struct console *c, const struct bulk_case *list, size_t n,
                             struct errmsg *err)
{
    struct bulk *b = &c->bulk;
    const char *group = group_of(c);
    b->all = arena_array(&b->arena, n + 1, sizeof *b->all);
    for (size_t i = 0; b->all && i < n; i++) {
        struct bulk_case *one = &b->all[b->n_all++];
        *one = list[i];
        one->values = keep_values(b, list[i].values, &one->n_values, group);
        one->held = list[i].held ? arena_strdup(&b->arena, list[i].held) : NULL;
    }
    return arena_failed(&b->arena) ? no_memory(err) : ST_OK;
}

static const char *question(struct console *c, const struct reasons *r, const char *merger)
{
    struct bulk *b = &c->bulk;
    const char *text = arena_printf(&b->arena,
                                    b->each ? _("%s: %zu of the %zu texts go.")
                                            : _("%s: on %zu of the %zu that are marked."),
                                    _(command_table[b->type].label), b->n_can, b->n_all);
    if (r->all > 0)
        text = arena_printf(&b->arena,
                            b->each ? _("%s\nHeld back, and still here: %zu")
                                    : _("%s\nNot possible, and still marked: %zu"),
                            text, r->all);
    size_t told = 0;
    for (size_t i = 0; i < r->n; told += r->of[i++].n)
        text = arena_printf(&b->arena, "%s\n- %s", text, reason(b, r, i));
    if (told < r->all)
        text = arena_printf(&b->arena, _("%s\n- for other reasons: %zu"), text, r->all - told);
    if (c->unshown > 0)
        text = arena_printf(&b->arena, _("%s\nMarks that are not shown in this list: %zu."), text,
                            c->unshown);
    return merger ? arena_printf(&b->arena, "%s\n%s", text, merger) : text;
}

static void ask(struct console *c, enum status st, struct errmsg err)
{
    struct bulk *b = &c->bulk;
    struct reasons r = {.n = 0};
    const char *merger;
    if (st == ST_OK)
        st = look_at_all(c, &r, &merger, &err);
    if (!console_ok(c, st, &err))
        return;
    if (b->n_can == 0) {
        console_say(c, THEME_ERROR, _("Possible on none of the %zu that are marked. %s"), b->n_all,
                    r.n ? reason(b, &r, 0) : "");
        return;
    }
    b->waits = true;
    c->ask_text = question(c, &r, merger);
    c->want = WANT_ASK;
}

void bulk_ask(struct console *c, enum command_type type, const struct value *values, size_t n)
{
    struct bulk *b = &c->bulk;
    struct errmsg err = {{0}};
    const char *lead = value_find(values, n, FIELD_MERGED_INTO);
    bulk_release(b);
    b->type = type;
    b->merger.on = type == COMMAND_MERGE && lead && uuid_parse(lead, &b->merger.id);
    enum status st = want_marked(c, values, n, &err);
    ask(c, st, err);
}

void bulk_ask_each(struct console *c, enum command_type type, const struct bulk_case *list,
                   size_t n)
{
    struct errmsg err = {{0}};
    bulk_release(&c->bulk);
    c->bulk.type = type;
    c->bulk.each = true;
    enum status st = want_each(c, list, n, &err);
    ask(c, st, err);
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
                                   .values = b->can[i].values,
                                   .n_values = b->can[i].n_values};
    return list;
}

static void say_kept(struct console *c, const struct reasons *r, int64_t not_before_ms)
{
    struct bulk *b = &c->bulk;
    const char *label = _(command_table[b->type].label);
    if (b->each || (r->all == 0 && not_before_ms)) { /* of each the page says what became of it */
        later_say(c,
                  arena_printf(&b->arena,
                               ngettext("%s, %zu case", "%s, %zu cases", (unsigned long)b->n_can),
                               label, b->n_can),
                  not_before_ms);
        return;
    }
    console_say(c, r->all ? THEME_WARN : THEME_MESSAGE,
                ngettext("Kept on the disk: %s, %zu case. It is sent when the line is up.%s",
                         "Kept on the disk: %s, %zu cases. They are sent when the line is up.%s",
                         (unsigned long)b->n_can),
                label, b->n_can,
                r->all ? arena_printf(&b->arena, _(" Not on %zu, still marked: %s"), r->all,
                                      r->n ? reason(b, r, 0) : "")
                       : "");
}

bool bulk_go(struct console *c)
{
    struct bulk *b = &c->bulk;
    struct reasons r = {.n = 0};
    struct errmsg err;
    b->waits = false;
    const char *merger;
    int64_t not_before = later_not_before(c, b->type);
    enum status st =
        look_at_all(c, &r, &merger, &err); /* something may have come in since it was asked */
    const struct command *list = st == ST_OK ? commands(c) : NULL;
    if (st == ST_OK && !list)
        st = no_memory(&err);
    if (st == ST_OK)
        st = console_queue(c, list, b->n_can, not_before, &err);
    if (!console_ok(c, st, &err))
        return false;
    for (size_t i = 0; i < b->n_can; i++)
        marks_drop(&c->marks, &b->can[i].id);
    if (b->merger.on && r.all == 0)
        marks_drop(&c->marks, &b->merger.id);
    c->changed = true;
    say_kept(c, &r, not_before);
    if (c->sync)
        sync_poke(c->sync);
    return true;
}
