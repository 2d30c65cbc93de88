/* many_model.c: texts for many cases: made one after the other, checked as their forms would be, kept, sent. */
#include "tui/view/many.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/template_use.h"
#include <string.h>

void many_init(struct many *m)
{
    memset(m, 0, sizeof *m);
    arena_init(&m->arena, 0);
    form_init(&m->work);
    m->form_slot = -1;
}

void many_release(struct many *m)
{
    form_close(&m->work);
    arena_release(&m->arena);
    many_init(m);
}

size_t many_count(const struct many *m, enum many_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += m->text[i].state == state;
    return n;
}

static enum status no_memory(struct errmsg *err)
{
    return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
}

/* --- one text ------------------------------------------------------------------------------------ */

static struct value *copy(struct arena *a, const struct value *from, size_t n)
{
    struct value *to = arena_array(a, n + 1, sizeof *to);
    for (size_t i = 0; to && i < n; i++)
        to[i] = (struct value){from[i].field, arena_strdup(a, from[i].text)};
    return to;
}

/* Of a fresh form all; of one that somebody wrote in where nothing stands. */
static void put_common(struct many *m, const struct value *common, size_t n, bool own)
{
    for (size_t i = 0; i < n; i++) {
        struct form_field *field = form_field_of(&m->work, common[i].field, false);
        if (field && (!own || !*form_text_of(field)))
            (void)form_set_text(field, common[i].text);
    }
}

/* What the form says now: as values of the command, as typed, and for the page. False: *ret_why is the first thing wrong
 * with a field. */
static bool take_values(struct many *m, struct console *c, struct many_text *t,
                        const char **ret_why)
{
    struct form *f = &m->work;
    struct arena *a = &m->arena;
    const struct form_field *text = form_main_text(f);
    struct value *read = arena_array(&c->scratch, (size_t)f->n + 1, sizeof *read);
    struct value *typed = arena_array(a, (size_t)f->n + 1, sizeof *typed);
    int bad = -1;
    bool ok = read && form_values(f, c, read, &t->n_values, &bad);
    if (bad >= 0)
        *ret_why = arena_printf(a, "%s%s%s", _(field_table[f->field[bad].field].label),
                                i18n_mark(MARK_COLON, i18n_chinese()), f->field[bad].error);
    t->values = copy(a, read, read ? t->n_values : 0);
    t->typed = typed;
    t->n_typed = 0;
    t->fields = "";
    t->text = text ? arena_strdup(a, form_text_of(text)) : "";
    for (int i = 0; typed && i < f->n; i++) {
        const struct form_field *field = &f->field[i];
        const char *value = form_text_of(field);
        if (!*value)
            continue;
        typed[t->n_typed++] = (struct value){field->field, arena_strdup(a, value)};
        if (field != text)
            t->fields = arena_printf(a, "%s%s%s%s%s", t->fields, *t->fields ? "\n" : "",
                                     _(field_table[field->field].label),
                                     i18n_mark(MARK_COLON, i18n_chinese()),
                                     form_names_of(c, field->field, value, a));
    }
    return ok;
}

/* Why the workflow does not take it; NULL: it does. */
static const char *refusal(struct many *m, struct console *c, const struct many_text *t)
{
    struct errmsg err = {{0}};
    struct decision decision;
    struct refusal why = {.code = REFUSAL_NONE};
    struct workflow_context w = context_workflow(c->config->context, console_now(c));
    struct command one = {.case_id = t->id,
                          .base = t->base,
                          .type = m->type,
                          .at_ms = w.now_ms,
                          .values = t->values,
                          .n_values = t->n_values};
    enum status st = workflow_decide(&w, &m->work.subject, &one, console_actor(c), &c->scratch,
                                     &decision, &why, &err);
    if (st == ST_OK)
        return NULL;
    return arena_strdup(&m->arena, st == ST_REFUSED ? why.text : err.text);
}

/* All that its form would hold at ^S, in the same order. */
static void check(struct many *m, struct console *c, struct many_text *t, const char *wrong)
{
    struct form *f = &m->work;
    struct arena *a = &m->arena;
    size_t at, len, leaks;
    const char *why = wrong;
    bool reads = take_values(m, c, t, &why);
    const struct form_leak *leak = form_leaks_first(f, &leaks);
#if SABOTAGE == 281
    leak = NULL; /* Damage: what must not be told goes out with the others. */
#endif
    if (reads && !why && form_gap(f, &at, &len))
        why = arena_printf(a, _("%.*s is still to be filled in"), (int)len, t->text + at);
    if (reads && !why && leak)
        why = arena_strdup(a, form_leak_text(f, leak, &c->scratch));
    if (reads && !why)
        why = refusal(m, c, t);
    t->why = why ? why : "";
    if (t->state != MANY_LEFT_OUT)
        t->state = why ? MANY_HELD : MANY_GOES;
}

static void name(struct many *m, struct many_text *t)
{
    const char *const *v = m->work.subject.value;
    struct arena *a = &m->arena;
    bool english = !i18n_chinese() && *v[FIELD_TITLE_EN];
    t->number = arena_strdup(a, draw_number(a, v[FIELD_NUMBER]));
    t->claimant = arena_printf(a, "%s %s", field_masked(FIELD_CLAIMANT, v[FIELD_CLAIMANT], a),
                               field_masked(FIELD_PHONE, v[FIELD_PHONE], a));
    t->title = arena_strdup(a, english ? v[FIELD_TITLE_EN] : v[FIELD_TITLE]);
}

/* The form of the case in the work form; draft: as console.h has it. */
static enum status open_form(struct many *m, struct console *c, const struct many_text *t,
                             int draft, struct errmsg *err)
{
    c->draft = draft == DRAFT_THIS ? DRAFT_THIS : draft == DRAFT_NEW ? DRAFT_NEW : DRAFT_LAST;
    c->slot = t->slot;
    return form_start(&m->work, c, &t->id, m->type, err);
}

static void never(struct many_text *t, const char *why)
{
    t->state = MANY_NEVER;
    t->why = why;
    t->fields = t->text = "";
}

/* From the draft of the case if there is one, else from what all have in common; a macro begins beside it, and what
 * only a template wrote (t->kept at the beginning) is made anew. */
static enum status make(struct many *m, struct console *c, struct many_text *t, struct errmsg *err)
{
    const char *wrong = NULL;
    enum status st = open_form(m, c, t, m->macro || t->kept ? DRAFT_NEW : DRAFT_LAST, err);
    if (st != ST_OK)
        return st;
    struct form *f = &m->work;
    t->base = f->base;
    if (!t->kept) {
        t->slot = f->slot;
        t->revision = f->draft_revision;
        t->own = t->kept = f->draft_revision > 0;
    }
    name(m, t);
    const char *why = console_why_not(c, &f->subject, m->type);
    if (why) {
        never(t, arena_strdup(&m->arena, why));
        return ST_OK;
    }
    put_common(m, m->common, m->n_common, t->own);
    if (m->body && form_template_put(f, c, m->body, &wrong))
        wrong = NULL;
    if (wrong)
        wrong = arena_strdup(&m->arena, wrong);
    form_changed(f, c);
    check(m, c, t, wrong);
    return ST_OK;
}

/* --- drafts -------------------------------------------------------------------------------------- */

static struct draft draft_of(const struct many *m, struct console *c, const struct many_text *t)
{
    const struct actor *who = console_actor(c);
    return (struct draft){.case_id = t->id,
                          .type = m->type,
                          .user = who ? who->user : "",
                          .values = t->typed,
                          .n_values = t->n_typed,
                          .revision = t->revision + 1,
                          .saved_ms = console_now(c),
                          .slot = t->slot};
}

static bool same_as_kept(const struct many *m, struct console *c, const struct many_text *t)
{
    struct draft old;
    if (!t->kept || store_draft_in(c->config->store, &t->id, m->type, t->slot, &c->scratch, &old,
                                   NULL) != ST_OK)
        return false;
    size_t same = 0;
    for (size_t i = 0; i < t->n_typed; i++) {
        const char *before = value_find(old.values, old.n_values, t->typed[i].field);
        same += before && strcmp(before, t->typed[i].text) == 0;
    }
    return same == t->n_typed && old.n_values == t->n_typed;
}

/* Those that are not on the disk as they stand here. */
static enum status keep_all(struct many *m, struct console *c, struct errmsg *err)
{
    struct draft *list = arena_array(&c->scratch, m->n + 1, sizeof *list);
    size_t n = 0;
    if (!list)
        return no_memory(err);
    for (size_t i = 0; i < m->n; i++)
        if (m->text[i].state != MANY_NEVER && m->text[i].n_typed > 0 &&
            !same_as_kept(m, c, &m->text[i]))
            list[n++] = draft_of(m, c, &m->text[i]);
    enum status st = n > 0 ? store_drafts_put(c->config->store, list, n, err) : ST_OK;
    for (size_t i = 0, k = 0; st == ST_OK && i < m->n && k < n; i++)
        if (uuid_compare(&m->text[i].id, &list[k].case_id) == 0) {
            m->text[i].kept = true;
            m->text[i].revision = list[k++].revision;
        }
    return st;
}

enum status many_keep(struct many *m, struct console *c, struct errmsg *err)
{
    struct many_text *t = &m->text[m->current];
    if (t->kept)
        return ST_OK;
    const struct draft draft = draft_of(m, c, t);
    enum status st = store_draft_put(c->config->store, &draft, err);
    if (st == ST_OK) {
        t->kept = true;
        t->revision = draft.revision;
    }
    return st;
}

/* The drafts of all texts of which fits says yes. */
static enum status drop_drafts(struct many *m, struct console *c,
                               bool (*fits)(const struct many_text *t), struct errmsg *err)
{
    struct draft *list = arena_array(&c->scratch, m->n + 1, sizeof *list);
    size_t n = 0;
    if (!list)
        return no_memory(err);
    for (size_t i = 0; i < m->n; i++)
        if (m->text[i].kept && fits(&m->text[i])) {
            list[n++] = draft_of(m, c, &m->text[i]);
            m->text[i].kept = false;
        }
    return n > 0 ? store_drafts_drop(c->config->store, list, n, err) : ST_OK;
}

static bool is_sent(const struct many_text *t)
{
    return t->state == MANY_SENT;
}

/* The drafts of what was confirmed, and that of the form that all of it was made of. */
static void drop_sent(struct many *m, struct console *c)
{
    const struct uuid marked = {{0}};
    struct errmsg err;
    if (console_ok(c, drop_drafts(m, c, is_sent, &err), &err) && m->form_slot >= 0 &&
        console_ok(c, store_draft_drop(c->config->store, &marked, m->type, m->form_slot, &err),
                   &err))
        m->form_slot = -1;
}

/* --- all ----------------------------------------------------------------------------------------- */

static enum status make_all(struct many *m, struct console *c, struct errmsg *err)
{
    enum status st = ST_OK;
    const struct arena callers =
        c->scratch; /* all that two hundred forms read is too much to lie in it */
    for (size_t i = 0; st == ST_OK && i < m->n; i++) {
        arena_init(&c->scratch, 0);
        st = make(m, c, &m->text[i], err);
        form_close(&m->work);
        arena_release(&c->scratch);
    }
    c->scratch = callers;
    if (st == ST_OK && arena_failed(&m->arena))
        st = no_memory(err);
    return st;
}

/* Does its draft stand as the template before left it? */
static bool is_untouched(const struct many *before, struct console *c, const struct many_text *t)
{
    struct draft d;
    return !t->own && t->kept &&
           store_draft_in(c->config->store, &t->id, before->type, t->slot, &c->scratch, &d, NULL) ==
               ST_OK &&
           d.revision == t->revision;
}

static void begin(struct console *c, const struct many *before, struct many_text *t)
{
    for (size_t i = 0; i < before->n; i++)
        if (uuid_compare(&before->text[i].id, &t->id) == 0 &&
            is_untouched(before, c, &before->text[i])) {
            t->kept = true;
            t->slot = before->text[i].slot;
            t->revision = before->text[i].revision;
        }
}

enum status many_start(struct many *m, struct console *c, const struct many_begin *how,
                       struct errmsg *err)
{
    struct many before = *m;
    bool again = before.again && before.type == how->type && !how->macro;
    many_init(m);
    m->type = how->type;
    m->macro = how->macro;
    m->form_slot = how->form_slot;
    m->name = how->name ? arena_strdup(&m->arena, how->name) : NULL;
    m->body = how->body ? arena_strdup(&m->arena, how->body) : NULL;
    m->common = copy(&m->arena, how->common, how->n_common);
    m->n_common = how->n_common;
    m->text = arena_array(&m->arena, how->n + 1, sizeof *m->text);
    for (; m->text && m->n < how->n; m->n++) {
        m->text[m->n] = (struct many_text){.id = how->id[m->n]};
        if (again)
            begin(c, &before, &m->text[m->n]);
    }
    many_release(&before);
    enum status st = arena_failed(&m->arena) ? no_memory(err) : make_all(m, c, err);
    if (st == ST_OK && many_count(m, MANY_NEVER) == m->n)
        st = m->n == 1 ? fail(err, ST_REFUSED, "%s", m->text[0].why)
                       : fail(err, ST_REFUSED, _("Possible on none of the %zu that are marked. %s"),
                              m->n, m->n ? m->text[0].why : "");
    if (st == ST_OK && !m->macro)
        st = keep_all(m, c, err);
    c->message[0] = '\0'; /* of what a form says of its drafts */
    if (st != ST_OK)
        many_release(m);
    return st;
}

/* Anew, as its draft says. */
static void look(struct many *m, struct console *c, struct many_text *t, const struct draft *d)
{
    struct errmsg err;
    t->slot = d->slot;
    t->revision = d->revision;
    t->kept = true;
    if (console_ok(c, open_form(m, c, t, DRAFT_THIS, &err), &err)) {
        t->base = m->work.base;
        form_changed(&m->work, c);
        check(m, c, t, NULL);
    }
    form_close(&m->work);
}

void many_came_back(struct many *m, struct console *c)
{
    struct draft d;
    for (size_t i = 0; i < m->n; i++) {
        struct many_text *t = &m->text[i];
        if (t->state != MANY_SENT ||
            store_draft_get(c->config->store, &t->id, m->type, &c->scratch, &d, NULL) != ST_OK)
            continue;
        t->state = MANY_GOES;
        if (!m->macro)
            (void)marks_add(&c->marks, &t->id);
        look(m, c, t, &d);
    }
}

void many_look_again(struct many *m, struct console *c)
{
    struct many_text *t = &m->text[m->current];
    struct draft d;
    struct errmsg err;
    m->editing = false;
    enum status st =
        store_draft_in(c->config->store, &t->id, m->type, t->slot, &c->scratch, &d, &err);
    if (st == ST_NOT_FOUND) { /* its form was confirmed */
        t->state = MANY_SENT;
        t->kept = false;
        t->why = "";
        marks_drop(&c->marks, &t->id);
        return;
    }
    if (!console_ok(c, st, &err))
        return;
    t->own |= d.revision != t->revision;
    look(m, c, t, &d);
}

/* --- sending ------------------------------------------------------------------------------------- */

/* The page was its preview: nothing more is asked. */
static void confirm_one(struct many *m, struct console *c, struct many_text *t)
{
    struct refusal why = {.code = REFUSAL_NONE};
    struct errmsg err = {{0}};
    if (t->state == MANY_HELD || t->state == MANY_NEVER) {
        console_say(c, THEME_ERROR, _("Held back: %s"), t->why);
        return;
    }
    enum status st =
        console_confirm(c, &t->id, t->base, m->type, t->values, t->n_values, &why, &err);
    if (st != ST_OK) {
        console_say(c, THEME_ERROR, "%s", st == ST_REFUSED ? why.text : err.text);
        return;
    }
    t->state = MANY_SENT;
    marks_drop(&c->marks, &t->id);
    drop_sent(m, c);
    c->want = WANT_BACK;
}

void many_confirm(struct many *m, struct console *c)
{
    struct bulk_case *list = arena_array(&c->scratch, m->n + 1, sizeof *list);
    size_t n = 0, wanted = 0;
    if (!console_has_rules(c) || !list)
        return;
    if (m->n == 1 && m->text[0].state != MANY_SENT && m->text[0].state != MANY_LEFT_OUT) {
        confirm_one(m, c, &m->text[0]);
        return;
    }
    for (size_t i = 0; i < m->n; i++) {
        const struct many_text *t = &m->text[i];
        const char *held = t->state == MANY_LEFT_OUT ? many_word(t->state)
                           : t->state == MANY_GOES   ? NULL
                                                     : t->why;
        if (t->state == MANY_SENT)
            continue;
        wanted += t->state != MANY_LEFT_OUT;
        list[n++] = (struct bulk_case){
            .id = t->id, .values = t->values, .n_values = t->n_values, .held = held};
    }
    if (wanted == 0)
        console_say(c, THEME_WARN, "%s", _("Nothing is left here to be sent."));
    else
        bulk_ask_each(c, m->type, list, n);
}

void many_sent(struct many *m, struct console *c)
{
    for (size_t i = 0; i < c->bulk.n_can; i++)
        for (size_t k = 0; k < m->n; k++)
            if (uuid_compare(&m->text[k].id, &c->bulk.can[i].id) == 0) {
                m->text[k].state = MANY_SENT;
                m->text[k].why = "";
            }
    drop_sent(m, c);
    if (many_count(m, MANY_SENT) == m->n)
        c->want = WANT_BACK;
}
