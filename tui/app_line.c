/* app_line.c: the command line: what can be done where one is, and doing it; the help as a list of the same. */
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "tui/app_model.h"
#include <string.h>

/* --- what was typed before ---------------------------------------------------------------------- */

static bool history_path(char path[PATH_SIZE])
{
    return path_user(PATH_STATE, "lines", path, NULL) == ST_OK;
}

void line_remember(struct app *a)
{
    char path[PATH_SIZE];
    if (a->on_terminal && history_path(path))
        history_read(&a->history, path);
}

static void keep(struct app *a, const struct command_line *said)
{
    char path[PATH_SIZE], folder[PATH_SIZE];
    history_add(&a->history, said);
    if (!a->on_terminal || !history_path(path) ||
        path_user(PATH_STATE, "", folder, NULL) != ST_OK ||
        path_make_private(folder, NULL) != ST_OK)
        return;
    (void)history_write(&a->history, path, NULL); /* nothing is lost but a convenience */
}

/* --- what can be done here ---------------------------------------------------------------------- */

static const char *why_not_command(struct app *a, enum action action, const struct casefile *f)
{
    enum command_type type = action_table[action].command;
    struct view *top = app_top(a);
    if (top->keys == KEYS_FORM)
        return _("leave the form first, the draft is kept");
    if (!command_line_role_may(console_role(&a->c), action))
        return _("not for your role");
    if (console_may_begin(&a->c, type) || (top->keys == KEYS_QUEUE && a->c.marks.n > 0))
        return NULL;
    return f ? console_why_not(&a->c, f, type) : _("no case is marked");
}

/* What is known of no page but the one it belongs to. */
static const char *why_not(struct app *a, enum action action, const struct casefile *f)
{
    const struct action_row *row = &action_table[action];
    enum key_context keys = app_top(a)->keys;
    if (row->command != COMMAND_COUNT)
        return why_not_command(a, action, f);
    if (action == ACTION_THEME || (row->contexts >> keys & 1u))
        return NULL;
    if (keys == KEYS_FORM)
        return _("leave the form first, the draft is kept");
    return row->contexts == 0 ? NULL : _("not on this page");
}

void line_open(struct app *a, const char *text)
{
    struct command_place place = {
        .role = console_role(&a->c), .keys = app_top(a)->keys, .saved = &a->c.saved};
    place.n_macros = many_macros(a, &place.macro);
    struct case_view v;
    struct uuid id;
    struct view *top = app_top(a);
    bool have = top->keys != KEYS_FORM && top->subject && top->subject(top->self, &a->c, &id) &&
                store_case(a->c.config->store, &id, &a->c.scratch, &v, NULL) == ST_OK;
    for (int i = 0; i < ACTION_COUNT; i++)
        place.why_not[i] = why_not(a, (enum action)i, have ? &v.shown : NULL);
    a->c.message[0] = '\0'; /* console_why_not() may have said something */
    prompt_open_line(&a->prompt, &a->c, text, &place, &a->history);
}

void line_run(struct app *a, const char *line)
{
    struct command_line said;
    struct errmsg err;
    enum status st = command_line_parse(line, &a->c.scratch, &said, &err);
    if (st == ST_NOT_FOUND || !console_ok(&a->c, st, &err))
        return;
    const struct action_row *row = &action_table[said.action];
    keep(a, &said);
    /* What would leave the form, or open another one in its place, is done from elsewhere. */
    if (app_top(a)->keys == KEYS_FORM && said.action != ACTION_THEME &&
        !(row->contexts >> KEYS_FORM & 1u))
        console_say(&a->c, THEME_WARN, "%s", _("Leave the form first; the draft is kept."));
    else
        app_act(a, said.action, said.argument);
}

/* --- the help ----------------------------------------------------------------------------------- */

void line_help(struct app *a)
{
    struct case_view v;
    struct uuid id;
    struct view *top = app_top(a);
    bool have = top->subject && top->subject(top->self, &a->c, &id) &&
                store_case(a->c.config->store, &id, &a->c.scratch, &v, NULL) == ST_OK;
    help_start(&a->help, &a->c, top->keys, have ? &v.shown : NULL);
    app_push(a, help_view(&a->help));
}

bool line_help_key(struct app *a, enum action action)
{
    if (a->prompt.kind != PROMPT_HELP || (action != ACTION_EDIT_UP && action != ACTION_EDIT_DOWN))
        return false;
    help_step(&a->help, action == ACTION_EDIT_UP ? -1 : 1);
    return true;
}

void line_help_typed(struct app *a)
{
    if (a->prompt.kind != PROMPT_HELP || editor_revision(&a->prompt.editor) == a->help.revision)
        return;
    a->help.revision = editor_revision(&a->prompt.editor);
    help_find(&a->help, editor_text(&a->prompt.editor));
}
