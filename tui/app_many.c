/* app_many.c: texts for many cases beside the views: out of the form for marked cases, by a macro, and back to another template. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <string.h>

/* --- by what the form says ------------------------------------------------------------------------ */

/* What was typed for all; the main text too, unless a template brings it. */
static struct value *typed(struct app *a, size_t *ret_n)
{
    struct form *f = &a->form;
    struct value *list = arena_array(&a->c.scratch, (size_t)f->n + 1, sizeof *list);
    *ret_n = 0;
    for (int i = 0; list && i < f->n; i++)
        if (*form_text_of(&f->field[i]))
            list[(*ret_n)++] = (struct value){f->field[i].field, form_text_of(&f->field[i])};
    return list;
}

void many_open(struct app *a)
{
    struct errmsg err;
    struct form *f = &a->form;
    const struct paper *p = f->templates.for_many;
    struct many_begin how = {.type = f->type,
                             .id = a->c.marks.id,
                             .n = a->c.marks.n,
                             .name = p ? p->name : NULL,
                             .body = p ? p->body : NULL,
                             .form_slot = f->draft_type != COMMAND_COUNT ? f->slot : -1};
    f->templates.for_many = NULL;
    if (!f->open || app_top(a)->self != f)
        return;
    how.common = typed(a, &how.n_common);
    if (!console_ok(&a->c, many_start(&a->many, &a->c, &how, &err), &err))
        return;
    form_close(f); /* each case has its draft now; that of the form stays until something is sent */
    a->depth--;
    app_push(a, many_view(&a->many));
}

/* --- another template ------------------------------------------------------------------------------ */

static void put_back(struct form *f, const struct many *m)
{
    for (size_t i = 0; i < m->n_common; i++) {
        struct form_field *field = form_field_of(f, m->common[i].field, false);
        if (field)
            (void)form_set_text(field, m->common[i].text);
    }
}

void many_again(struct app *a)
{
    struct errmsg err;
    struct many *m = &a->many;
    if (m->macro) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("A macro is one template; `:macro` has the others."));
        return;
    }
    if (a->c.marks.n == 0)
        return;
    a->c.command = m->type;
    a->c.bulk.wants_form = true;
    if (!console_ok(&a->c, form_start(&a->form, &a->c, &a->c.case_id, m->type, &err), &err))
        return;
    m->again = true;
    a->depth--;
    put_back(&a->form, m);
    form_changed(&a->form, &a->c);
    a->page.have = false;
    app_push(a, form_view(&a->form));
    (void)form_templates_open(&a->form, &a->c);
}

/* --- macros ---------------------------------------------------------------------------------------- */

size_t many_macros(struct app *a, const char *const **ret)
{
    struct kept_paper *all;
    size_t n, macros = 0;
    *ret = NULL;
    if (store_papers(a->c.config->store, PAPER_TEMPLATE, &a->c.scratch, &all, &n, NULL) != ST_OK)
        return 0;
    const char **list = arena_array(&a->c.scratch, n + 1, sizeof *list);
    for (size_t i = 0; list && i < n; i++)
        if (template_look(all[i].paper.body).sends)
            list[macros++] = all[i].paper.name;
    *ret = list;
    return macros;
}

/* ST_REFUSED: no macro can give it. */
static enum status may_be_sent(const struct paper *p, enum command_type *ret, struct errmsg *err)
{
    *ret = template_is_for(p->body);
    if (!template_look(p->body).sends)
        return fail(err, ST_REFUSED, _("\"%s\" is no macro: {send} in a template makes it one."),
                    p->name);
    if (*ret == COMMAND_COUNT || bulk_never(*ret) ||
        (workflow_begins(*ret) && !workflow_goes_on(*ret)))
        return fail(err, ST_REFUSED, _("\"%s\" is done in its form alone, by no macro."),
                    *ret == COMMAND_COUNT ? p->name : _(command_table[*ret].label));
    return ST_OK;
}

/* All that is marked, in the queue; else the case one stands on. */
static size_t chosen(struct app *a, struct uuid *one, const struct uuid **ret)
{
    struct view *top = app_top(a);
    bool marked = top->keys == KEYS_QUEUE && a->c.marks.n > 0;
    *ret = marked ? a->c.marks.id : one;
    if (marked)
        return a->c.marks.n;
    return top->subject && top->subject(top->self, &a->c, one) ? 1 : 0;
}

void many_macro(struct app *a, const char *name)
{
    struct errmsg err;
    struct kept_paper p;
    struct uuid one;
    struct many_begin how = {.macro = true, .form_slot = -1};
    if (!*name) {
        line_open(a, "macro ");
        return;
    }
    if (!console_has_rules(&a->c))
        return;
    how.n = chosen(a, &one, &how.id);
    if (how.n == 0) {
        console_say(&a->c, THEME_WARN, "%s", _("No case is marked."));
        return;
    }
    enum status st =
        store_paper_named(a->c.config->store, PAPER_TEMPLATE, name, &a->c.scratch, &p, &err);
    if (st == ST_OK)
        st = may_be_sent(&p.paper, &how.type, &err);
    how.name = p.paper.name;
    how.body = p.paper.body;
    if (st == ST_OK)
        st = many_start(&a->many, &a->c, &how, &err);
    if (console_ok(&a->c, st, &err))
        app_push(a, many_view(&a->many));
}
