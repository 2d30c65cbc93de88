/* app_desk.c: the person's own editor, looking only, and what comes after a case. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include "tui/own_editor.h"
#include "tui/screen.h"
#include <stdlib.h>
#include <string.h>

/* --- the editor --------------------------------------------------------------------------------- */

static enum status edit(struct app *a, const char *text, bool *ret_changed, char **ret_text,
                        size_t *ret_len, struct errmsg *err)
{
    if (a->on_terminal)
        screen_leave();
    enum status st =
        own_editor_edit(a->c.config->options, text, ret_changed, ret_text, ret_len, err);
    if (a->on_terminal)
        screen_return();
    a->anew = true;
    a->lock.key_mono_ms = console_mono(&a->c); /* somebody was at work all the time */
    return st;
}

/* The text that is written: of a template, or of the field of the form. NULL: nothing such. */
static struct editor *text_written(struct app *a)
{
    struct template_page *page = &a->template_page;
    if (app_top(a)->self != page)
        return form_text(&a->form);
    return page->job == TEMPLATE_DELETE ? NULL : &page->text;
}

void desk_edit(struct app *a)
{
    struct errmsg err;
    struct editor *e = text_written(a);
    char *text = NULL;
    size_t n = 0;
    bool changed = false;
    if (!e) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("This field is a line; the editor is for the long texts of the form."));
        return;
    }
    if (!console_ok(&a->c, own_editor_ready(a->c.config->options, &err), &err) ||
        !console_ok(&a->c, form_save(&a->form, &a->c, &err), &err) ||
        !console_ok(&a->c, edit(a, editor_text(e), &changed, &text, &n, &err), &err))
        return;
    if (!changed) {
        console_say(&a->c, THEME_DIM, "%s", _("The editor has changed nothing."));
        return;
    }
    size_t lost = editor_replace(e, text, n);
    explicit_bzero(text, n);
    free(text);
    if (app_top(a)->self == &a->form)
        form_changed(&a->form, &a->c);
    if (lost > 0)
        console_say(&a->c, THEME_WARN, _("%zu bytes were left out: not text, or more than fits."),
                    lost);
    else
        console_say(&a->c, THEME_MESSAGE, "%s",
                    _("The text is that of the editor; undo brings the old one back."));
}

/* --- looking only ------------------------------------------------------------------------------- */

/* Whatever gives a command, answers one, or writes or deletes a text. What is new and changes something belongs here; a
 * test gives every action to a console that only looks. */
bool desk_changes(enum action action)
{
    switch (action) {
    case ACTION_WRITE:
    case ACTION_TEMPLATE:
    case ACTION_KEEP_TEMPLATE:
    case ACTION_UNDO:
    case ACTION_TAKE_BACK:
    case ACTION_TAKE_ONE:
    case ACTION_SEND_ALL:
    case ACTION_WRITE_ONE:
    case ACTION_OTHER_TEMPLATE:
    case ACTION_MACRO:
    case ACTION_GO_ON:
    case ACTION_DROP_DRAFT:
    case ACTION_NEW_DRAFT:
    case ACTION_EDITOR:
    case ACTION_CONFIRM:
    case ACTION_SEND_LATER:
    case ACTION_LINK_THIS:
    case ACTION_MERGE_THIS:
    case ACTION_RESEND:
    case ACTION_TO_NOTE:
    case ACTION_TO_DRAFT:
    case ACTION_DROP:
    case ACTION_KEEP_SHEET:
    case ACTION_SEEN_SHEET:
        return true;
    default:
        return action < ACTION_COUNT && action_table[action].command != COMMAND_COUNT;
    }
}

bool desk_moves_drafts(enum action action)
{
    static const enum action list[] = {ACTION_UNDO,       ACTION_TAKE_BACK, ACTION_TAKE_ONE,
                                       ACTION_DROP_DRAFT, ACTION_LINK_THIS, ACTION_MERGE_THIS,
                                       ACTION_TO_DRAFT,   ACTION_MACRO};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (list[i] == action)
            return true;
    return false;
}

void desk_toggle_readonly(struct app *a)
{
    struct console *c = &a->c;
    if (c->config->readonly) {
        console_say(c, THEME_WARN, "%s",
                    _("It stays so: jiban was started with --readonly, for looking only."));
        return;
    }
    c->readonly = !c->readonly;
    a->anew = true; /* the first line says it */
    console_say(c, THEME_MESSAGE, "%s",
                c->readonly
                    ? _("Looking only: nothing is changed from here. :readonly again ends it.")
                    : _("Commands can be given again."));
}

/* --- after a case ------------------------------------------------------------------------------- */

struct place_in_queue desk_place(const struct app *a)
{
    const struct queue *q = &a->queue;
    struct place_in_queue p = {{{0}}, {{0}}};
    if (q->current < q->n)
        p.marked = q->rows[q->current].id;
    for (size_t i = q->current + 1; i < q->n && uuid_is_nil(&p.next); i++)
        if (!q->rows[i].head) /* not the line of a group */
            p.next = q->rows[i].id;
    return p;
}

/* The case may have left the view, or stand elsewhere in it by another due time: what was below it is next. */
static void next_case(struct app *a, const struct place_in_queue *before)
{
    struct queue *q = &a->queue;
    size_t at = 0;
    while (at < q->n && uuid_compare(&q->rows[at].id, &before->next) != 0)
        at++;
    if (at < q->n)
        q->current = at;
    else if (queue_current(q) && uuid_compare(&queue_current(q)->id, &before->marked) == 0)
        (void)a->stack[0].act(q, &a->c, ACTION_DOWN);
    const struct queue_row *row = queue_current(q);
    if (app_top(a)->keys == KEYS_CASE && row && uuid_compare(&row->id, &before->marked) != 0)
        (void)case_read(&a->page, &a->c, &row->id, NULL);
}

void desk_after(struct app *a, const struct place_in_queue *before)
{
    struct uuid done = a->c.moved_on;
    const char *after = option_text(a->c.config->options, OPT_QUEUE_AFTER);
    enum key_context keys = app_top(a)->keys;
    a->c.moved_on = (struct uuid){{0}};
    if (uuid_is_nil(&done) || uuid_compare(&done, &before->marked) != 0 || a->form.open ||
        (keys != KEYS_QUEUE && keys != KEYS_CASE))
        return;
    if (strcmp(after, "next") == 0) {
        next_case(a, before);
    } else if (strcmp(after, "back") == 0 && keys == KEYS_CASE) {
        a->depth = 1;
        app_reload(a);
    }
}
