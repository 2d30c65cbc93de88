/* form_update.c: what keys do to a form. */
#include "tui/view/form.h"
#include "tui/presence.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include <string.h>

/* What is wrong in the field is told when it is left; what is missing, when the form is confirmed. */
static void go(struct form *f, struct console *c, int step)
{
    int to = f->current + step;
    const char *text;
    if (to < 0 || to >= f->n)
        return;
    if (*form_text_of(&f->field[f->current]))
        (void)form_read(f, c, f->current, &text);
    form_result_left(f, c);
    f->current = to;
    if (f->hints.due_mono_ms)
        f->hints.due_mono_ms = 1; /* at once */
    picker_clear(&f->picker);
    form_go_guess(f);
}

static void choose(struct form_field *field, int step)
{
    field->changes++;
    if (field->chosen < 0)
        field->chosen = step > 0 ? 0 : field->n_choices - 1;
    else if (!field->required && field->chosen + step == field->n_choices)
        field->chosen = -1; /* what is not needed can be left out again */
    else
        field->chosen = (field->chosen + step + field->n_choices) % field->n_choices;
}

static void unchoose(struct form_field *field)
{
    field->chosen = -1;
    field->changes++;
}

/* The next choice whose label or word begins with what was typed, else the one of that number. */
static void choose_by_text(struct form_field *field, const char *text, size_t n)
{
    int number = n == 1 ? text[0] - '0' : 0;
    for (int i = 1; i <= field->n_choices; i++) {
        int at = (field->chosen + i + field->n_choices) % field->n_choices;
        if (strncasecmp(choice_label(field->field, field->choices[at].word), text, n) == 0 ||
            strncasecmp(field->choices[at].word, text, n) == 0) {
            field->chosen = at;
            field->changes++;
            return;
        }
    }
    if (number >= 1 && number <= field->n_choices) {
        field->chosen = number - 1;
        field->changes++;
    }
}

static void edit(struct form *f, struct console *c, enum editor_op op)
{
    struct form_field *field = &f->field[f->current];
    if (op == EDITOR_NEWLINE && field->kind != FORM_TEXT) {
        go(f, c, 1);
    } else if (field->kind == FORM_CHOICE) {
        if (op == EDITOR_LEFT || op == EDITOR_RIGHT)
            choose(field, op == EDITOR_LEFT ? -1 : 1);
        else if (op == EDITOR_DELETE || op == EDITOR_BACKSPACE)
            unchoose(field);
        else if (op == EDITOR_UP || op == EDITOR_DOWN)
            go(f, c, op == EDITOR_UP ? -1 : 1);
    } else if ((field->kind == FORM_LINE || field->kind == FORM_FILES) &&
               (op == EDITOR_UP || op == EDITOR_DOWN)) {
        go(f, c, op == EDITOR_UP ? -1 : 1);
    } else if (!editor_do(&field->editor, op)) {
        if (op == EDITOR_UP || op == EDITOR_PAGE_UP)
            go(f, c, -1);
        else if (op == EDITOR_DOWN || op == EDITOR_PAGE_DOWN)
            go(f, c, 1);
    }
}

static void leave(struct form *f, struct console *c)
{
    struct errmsg err;
    bool anything = f->seen_state != f->saved_state;
    if (!console_ok(c, form_save(f, c, &err), &err))
        return; /* what cannot be kept stays on the screen */
    if (anything || f->draft_revision > 0)
        console_say(c, THEME_MESSAGE, "%s", _("The draft is kept; the same key goes on with it."));
    c->want = WANT_BACK;
}

/* Nothing new (art. 11(3)): the caller is told how the earlier order stands, and it is urged. */
static bool tell_earlier(struct form *f, struct console *c)
{
    if (!*form_value(f, FIELD_OLD_ORDER) && !form_name_earlier(f, c))
        return false;
    return f->type == COMMAND_TELL_PROGRESS || form_turn_to(f, c, COMMAND_TELL_PROGRESS);
}

/* They rest on what stands in the fields now, not on what stood there a moment ago. */
static bool act_on_hints(struct form *f, struct console *c, enum action action)
{
    if (f->hints.due_mono_ms)
        form_look(f, c);
    switch (action) {
    case ACTION_TURN: /* where there is no other exit, the key is that of the templates */
        return form_turn(f, c) || form_templates_open(f, c);
    case ACTION_TEMPLATES:
        return form_next_gap(f) || form_templates_open(f, c);
    case ACTION_NEXT_PROPOSAL:
        return form_mark_next(f);
    case ACTION_TAKE_PROPOSAL:
        return form_take_proposal(f, c);
    case ACTION_EARLIER_ORDER:
        return form_name_earlier(f, c) != NULL;
    case ACTION_TELL_EARLIER:
        return tell_earlier(f, c);
    default:
        return false;
    }
}

static bool act(void *self, struct console *c, enum action action)
{
    struct form *f = self;
    enum editor_op op = action_editor_op(action);
    if (f->templates.on)
        return form_templates_act(f, c, action);
    if (f->preview.on) {
        form_preview_act(f, action);
        return true;
    }
    if (op != EDITOR_OP_COUNT) {
        if (!form_pick(f, c, op))
            edit(f, c, op);
        form_changed(f, c);
        return true;
    }
    switch (action) {
    case ACTION_NEXT_FIELD:
        if (!form_complete(f, c))
            go(f, c, f->current + 1 < f->n ? 1 : -f->current);
        return true;
    case ACTION_FIELD_BEFORE:
        go(f, c, f->current > 0 ? -1 : f->n - 1);
        return true;
    case ACTION_ATTACH:
        if (!form_attach(f, c))
            console_say(c, THEME_DIM, "%s", _("This form takes no files."));
        return true;
    case ACTION_CHOICES:
        form_list_choices(f, c);
        return true;
    case ACTION_CONFIRM:
        if (form_confirm(f, c))
            c->want = WANT_BACK;
        return true;
    case ACTION_NEW_DRAFT:
        form_another(f, c);
        return true;
    case ACTION_LEAVE_FORM:
        leave(f, c);
        return true;
    case ACTION_PREVIEW:
        if (form_has_preview(f))
            form_preview_open(f, c);
        return form_has_preview(f);
    default:
        return act_on_hints(f, c, action);
    }
}

static void type(void *self, struct console *c, const struct key *key)
{
    struct form *f = self;
    struct form_field *field = &f->field[f->current];
    if (f->templates.on) {
        form_templates_type(f, c, key);
        return;
    }
    if (f->preview.on) {
        f->preview.on = false;
        return;
    }
    if (key->kind != KEY_KIND_TEXT && key->kind != KEY_KIND_PASTE)
        return;
    if (field->kind == FORM_CHOICE) {
        if (key->kind == KEY_KIND_TEXT && key->len == 1 && key->text[0] == ' ')
            choose(field, 1);
        else if (key->kind == KEY_KIND_TEXT)
            choose_by_text(field, key->text, key->len);
    } else {
        form_type_over_gap(f);
        size_t lost =
            editor_insert(&field->editor, key->text, key->len, key->kind == KEY_KIND_PASTE);
        if (key->cut)
            console_say(c, THEME_WARN, _("The paste was longer than %d KiB; its end is missing."),
                        SCREEN_PASTE_MAX / 1024);
        else if (lost > 0)
            console_say(c, THEME_WARN, _("%zu bytes were left out: not text, or more than fits."),
                        lost);
    }
    form_changed(f, c);
}

/* The case may have moved on while one types: the form stays as it is; confirming asks the workflow. */
static void reload(void *self, struct console *c)
{
    form_changed(self, c);
}

static void draw_fields(struct form *f, struct console *c, struct surface *s, struct rect r,
                        struct cursor *cursor)
{
    const struct presence_mark *writer =
        f->begins || f->marked ? NULL : presence_writer(&c->others, &f->case_id);
    f->beside = writer ? presence_text(writer, console_reference(c), &c->scratch) : NULL;
    form_draw(f, s, r, &c->scratch, cursor);
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct form *f = self;
    if (f->templates.on)
        form_templates_draw(&f->templates, s, r, &c->scratch, cursor);
    else if (f->preview.on)
        form_preview_draw(f, s, r, &c->scratch);
    else
        draw_fields(f, c, s, r, cursor);
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct form *f = self;
    (void)c;
    *ret = f->case_id;
    return !f->begins && !f->marked;
}

/* Over the form lies a page with a use of its own for some of the keys. */
static const char *hint(const void *self, enum action action)
{
    const struct form *f = self;
    const struct scroll *page = f->templates.on ? &f->templates.scroll : &f->preview.scroll;
    if (!f->templates.on && !f->preview.on)
        return NULL;
    switch (action) {
    case ACTION_LEAVE_FORM:
        return _("back to the form");
    case ACTION_EDIT_PAGE_DOWN:
        return page->lines > page->height ? _("read on") : NULL;
    case ACTION_EDIT_DOWN:
        return f->templates.on && f->templates.picker.n > 1 ? _("next one") : NULL;
    case ACTION_EDIT_NEWLINE:
        return f->templates.on && f->templates.picker.n > 0 ? _("take it") : NULL;
    default:
        return NULL;
    }
}

static bool offers(const void *self, enum action action)
{
    const struct form *f = self;
    if (f->templates.on || f->preview.on)
        return hint(self, action) != NULL;
    switch (action) {
    case ACTION_ATTACH:
        return form_takes_files(f);
    case ACTION_TURN:
        return f->n_exits > 1;
    case ACTION_PREVIEW:
        return form_has_preview(f);
    default:
        return true;
    }
}

struct view form_view(struct form *f)
{
    return (struct view){.keys = KEYS_FORM,
                         .self = f,
                         .reload = reload,
                         .act = act,
                         .type = type,
                         .draw = draw,
                         .read = form_reading,
                         .subject = subject,
                         .offers = offers,
                         .hint = hint};
}
