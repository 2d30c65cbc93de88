/* app_opened.c: from one case at hand to another (opened.h). */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include "tui/draw.h"

void opened_look(struct app *a, const struct uuid *id)
{
    struct opened_case gone;
    struct case_view v;
    int number = opened_number(&a->c.opened, opened_note(&a->c.opened, id, &gone));
    if (a->page.at_hand != number && uuid_compare(&a->page.id, id) == 0) {
        a->page.at_hand = number;
        a->page.reading++; /* its head says it */
    }
    if (gone.used && gone.writing &&
        store_case(a->c.config->store, &gone.id, &a->c.scratch, &v, NULL) == ST_OK)
        console_say(&a->c, THEME_MESSAGE,
                    _("Alt-%d is another case now; the draft for %s is kept, :drafts lists it."),
                    number, draw_number(&a->c.scratch, v.shown.value[FIELD_NUMBER]));
}

int opened_digit(const struct key *key)
{
    return key->kind == KEY_KIND_ALT && key->control >= '1' && key->control <= '9'
               ? key->control - '0'
               : 0;
}

bool opened_keep_form(struct app *a)
{
    struct errmsg err;
    struct form *f = &a->form;
    if (!console_ok(&a->c, form_save(f, &a->c, &err), &err))
        return false;
    if (f->open && f->marked == 0 && f->draft_revision > 0) {
        struct opened_case gone, *one = opened_note(&a->c.opened, &f->case_id, &gone);
        one->writing = true;
        one->command = (int)f->type;
        one->slot = f->slot;
    }
    return true;
}

void opened_leave_form(struct app *a)
{
    int number = opened_number(&a->c.opened, opened_find(&a->c.opened, &a->form.case_id));
    if (number > 0)
        a->c.opened.at[number - 1].writing = false;
}

/* Out of whatever stands there. False: the form could not be kept, and stays. */
static bool leave_all(struct app *a)
{
    if (!opened_keep_form(a))
        return false;
    form_close(&a->form);
    a->depth = 1;
    app_reload(a);
    return true;
}

/* May one go there? Says why not. */
static bool is_elsewhere(struct app *a, const struct opened_case *one, int number)
{
    const struct view *top = app_top(a);
    bool there = a->form.open ? uuid_compare(&a->form.case_id, &one->id) == 0
                              : top->self == &a->page && uuid_compare(&a->page.id, &one->id) == 0;
    if (top->self == &a->template_page)
        console_say(&a->c, THEME_WARN, "%s", _("Keep the template first, or leave it."));
    else if (!one->used)
        console_say(&a->c, THEME_WARN,
                    _("Alt-%d has no case yet: a case that is opened gets the next number."),
                    number);
    else if (there)
        console_say(&a->c, THEME_WARN, _("Alt-%d is this case."), number);
    else
        return true;
    return false;
}

void opened_go(struct app *a, int number)
{
    struct opened_case *one = &a->c.opened.at[number - 1], to;
    if (a->form.open && app_top(a)->self == &a->kept[KEPT_OPENED] &&
        uuid_compare(&a->form.case_id, &one->id) == 0) {
        a->c.want = WANT_BACK; /* the list lies over its form */
        return;
    }
    if (!is_elsewhere(a, one, number))
        return;
    one->used = ++a->c.opened.uses; /* so that the form one leaves does not take its number */
    if (!leave_all(a))
        return;
    to = *one;
    to.writing = opened_goes_on(one, a->c.config->store, &a->c.scratch);
    one->writing = false;
    a->c.case_id = to.id;
    a->c.want = to.writing ? WANT_FORM : WANT_CASE;
    a->c.command = (enum command_type)to.command;
    a->c.draft = to.writing ? DRAFT_THIS : DRAFT_LAST;
    a->c.slot = to.slot;
}
