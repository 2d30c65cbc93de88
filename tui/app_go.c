/* app_go.c: where views want to go: a case, a form, a list over them, back. */
#include "core/base/i18n.h"
#include "tui/app_model.h"

static void pop(struct app *a)
{
    if (a->depth <= 1)
        return;
    if (app_top(a)->self == &a->form) {
        opened_leave_form(a);
        form_close(&a->form);
    }
    a->depth--;
    app_reload(a);
}

static void open_case(struct app *a)
{
    struct errmsg err;
    if (console_ok(&a->c, case_read(&a->page, &a->c, &a->c.case_id, &err), &err) &&
        app_top(a)->keys != KEYS_CASE)
        app_push(a, case_view_of(&a->page));
    if (app_top(a)->keys == KEYS_CASE)
        opened_look(a, &a->page.id);
}

static void open_form(struct app *a)
{
    struct errmsg err;
    if (a->form.open) /* below a list or the help */
        console_say(&a->c, THEME_WARN, "%s", _("Leave the form first; the draft is kept."));
    if (a->form.open || !console_may_change(&a->c)) {
        a->c.draft = DRAFT_LAST;
        a->c.bulk.wants_form = false;
        return;
    }
    if (!console_ok(&a->c, form_start(&a->form, &a->c, &a->c.case_id, a->c.command, &err), &err))
        return;
    if (a->form.begins || a->form.marked)
        a->page.have = false;
    else
        (void)case_read(&a->page, &a->c, &a->c.case_id, NULL);
    app_push(a, form_view(&a->form));
    presence_form_opened(a);
    if (a->form.marked && bulk_has_texts(a->form.type) && a->form.draft_revision == 0)
        (void)form_templates_open(&a->form, &a->c); /* what is different for each comes by one */
    if (!a->form.begins && !a->form.marked)
        opened_look(a, &a->form.case_id);
}

static void open_kept(struct app *a, enum kept_kind kind)
{
    struct errmsg err;
    bool there = app_top(a)->self == &a->kept[kind];
    if (console_ok(&a->c, form_save(&a->form, &a->c, &err), &err) && /* it may be below the help */
        console_ok(&a->c, kept_load(&a->kept[kind], &a->c, &err), &err) && !there)
        app_push(a, kept_view(&a->kept[kind]));
}

static void carry_out(struct app *a)
{
    enum want want = a->c.want;
    struct errmsg err;
    a->c.want = WANT_NOTHING;
    switch (want) {
    case WANT_NOTHING:
        break;
    case WANT_BACK:
        pop(a);
        break;
    case WANT_QUIT:
        a->quit = true;
        break;
    case WANT_CASE:
        open_case(a);
        break;
    case WANT_FORM:
        open_form(a);
        break;
    case WANT_ASK:
        prompt_open(&a->prompt, PROMPT_ASK, a->c.ask_text);
        break;
    case WANT_CONFLICTS:
        if (console_ok(&a->c, conflicts_load(&a->conflicts, &a->c, &err), &err))
            app_push(a, conflicts_view(&a->conflicts));
        break;
    case WANT_ACTION:
        pop(a);
        app_act(a, a->c.act, NULL);
        break;
    case WANT_CLOCKS:
        if (console_ok(&a->c, clocks_load(&a->clocks, &a->c, &a->c.case_id, &err), &err))
            app_push(a, clocks_view(&a->clocks));
        break;
    case WANT_SIMILAR:
        if (console_ok(&a->c, similar_load(&a->similar, &a->c, &a->c.case_id, &err), &err))
            app_push(a, similar_view(&a->similar));
        break;
    case WANT_FILES:
        if (console_ok(&a->c, files_load(&a->files, &a->c, &a->c.case_id, &err), &err))
            app_push(a, files_view(&a->files));
        break;
    case WANT_PICTURE:
        app_push(a, files_picture_view(&a->files));
        break;
    case WANT_MANY:
        many_open(a);
        break;
    case WANT_OUTBOX:
        open_kept(a, KEPT_OUTBOX);
        break;
    case WANT_DRAFTS:
        open_kept(a, KEPT_DRAFTS);
        break;
    case WANT_MESSAGES:
        open_kept(a, KEPT_MESSAGES);
        break;
    case WANT_OPENED:
        if (opened_keep_form(a))
            open_kept(a, KEPT_OPENED);
        break;
    case WANT_GO:
        opened_go(a, a->c.go);
        break;
    }
}

bool app_go(struct app *a)
{
    bool went = a->c.want != WANT_NOTHING;
    while (a->c.want != WANT_NOTHING)
        carry_out(a);
    return went;
}
