/* app_act.c: actions, whatever gave them: a key, the command line, the help. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include "tui/screen.h"
#include <string.h>

static void change_theme(struct app *a, const char *name)
{
    struct errmsg err;
    struct theme fresh;
    if (!a->on_terminal)
        return;
    if (!console_ok(&a->c, theme_load(*name ? name : "auto", screen_colours(), &fresh, &err), &err))
        return;
    a->anew = true;
    app_dress(a, &fresh);
}

static void open_by_number(struct app *a, const char *number)
{
    struct errmsg err;
    struct uuid id;
    if (!console_ok(&a->c, store_find(a->c.config->store, number, &id, &err), &err))
        return;
    a->c.case_id = id;
    a->c.want = WANT_CASE;
}

static void keep_form(struct app *a)
{
    struct errmsg err;
    console_ok(&a->c, form_save(&a->form, &a->c, &err), &err);
}

/* Number, title, line of the case that is marked or open: nothing that is masked. */
static void copy(struct app *a)
{
    struct case_view v;
    struct uuid id;
    struct errmsg err;
    struct app_copy *k = &a->copy;
    struct view *top = app_top(a);
    if (!top->subject || !top->subject(top->self, &a->c, &id)) {
        console_say(&a->c, THEME_WARN, "%s", _("No case is marked."));
        return;
    }
    if (!console_ok(&a->c, store_case(a->c.config->store, &id, &a->c.scratch, &v, &err), &err))
        return;
    bool again = uuid_compare(&k->id, &id) == 0 && console_mono(&a->c) - k->mono_ms < APP_COPY_MS;
    *k = (struct app_copy){
        .id = id, .what = again ? (k->what + 1) % 3 : 0, .mono_ms = console_mono(&a->c)};
    const char *number = v.shown.value[FIELD_NUMBER], *title = v.shown.value[FIELD_TITLE];
    const char *text = k->what == 0   ? number
                       : k->what == 1 ? title
                                      : arena_printf(&a->c.scratch, "%s %s %s", number,
                                                     v.shown.value[FIELD_CATEGORY], title);
    bool osc = strcmp(option_text(a->c.config->options, OPT_CLIPBOARD), "osc52") == 0;
    if (osc && a->on_terminal && screen_copy(text))
        console_say(&a->c, THEME_MESSAGE, _("Copied: %s"), text);
    else
        console_say(&a->c, THEME_MESSAGE, _("To be marked and copied: %s"), text);
}

/* What belongs to no view. False: not such an action. */
static bool act_anywhere(struct app *a, enum action action, const char *argument)
{
    switch (action) {
    case ACTION_COMMAND_LINE:
    case ACTION_FORM_COMMAND:
        line_open(a, "");
        return true;
    case ACTION_FILTER:
        if (argument)
            views_show(a, a->queue.view, argument);
        else
            find_open(a, false);
        return true;
    case ACTION_SEARCH:
        if (argument && *argument)
            find_text(a, argument);
        else
            find_open(a, true);
        return true;
    case ACTION_COPY:
        copy(a);
        return true;
    case ACTION_LOCK:
        lock_now(a);
        return true;
    case ACTION_UNDO:
        later_undo(&a->c, NULL);
        if (app_top(a)->self == &a->many) {
            a->c.want = WANT_NOTHING; /* it is seen here */
            many_came_back(&a->many, &a->c);
        }
        return true;
    case ACTION_OUTBOX:
        a->c.want = WANT_OUTBOX;
        return true;
    case ACTION_DRAFTS:
        a->c.want = WANT_DRAFTS;
        return true;
    case ACTION_MESSAGES:
        a->c.want = WANT_MESSAGES;
        return true;
    case ACTION_OPENED:
        if (argument && argument[0] >= '1' && argument[0] <= '9' && !argument[1])
            opened_go(a, argument[0] - '0');
        else
            a->c.want = WANT_OPENED;
        return true;
    case ACTION_READONLY:
        desk_toggle_readonly(a);
        return true;
    case ACTION_EDITOR:
        if (app_top(a)->keys != KEYS_FORM)
            return false;
        desk_edit(a);
        return true;
    case ACTION_SEND_LATER:
        if (app_top(a)->self != &a->form && app_top(a)->self != &a->many)
            return false;
        if (app_top(a)->self == &a->form && a->form.marked && bulk_has_texts(a->form.type)) {
            console_say(&a->c, THEME_WARN,
                        _("First the texts: %s is on their page, which comes with %s."),
                        keymap_first_key(KEYS_MANY, ACTION_SEND_LATER, &a->c.scratch),
                        keymap_first_key(KEYS_FORM, ACTION_CONFIRM, &a->c.scratch));
            return true;
        }
        prompt_open(&a->prompt, PROMPT_LATER, _("next working day 09:00"));
        return true;
    case ACTION_SAVE_FILE:
        return out_save_file(a, argument);
    case ACTION_PRINT:
        return out_print(a, argument);
    case ACTION_PRINT_WHISTLES:
        return out_print_whistles(a, argument);
    case ACTION_HANDOVER:
        if (!(action_table[action].contexts >> app_top(a)->keys & 1u))
            return false;
        out_handover(a);
        return true;
    case ACTION_NOTICES:
        out_notices(a);
        return true;
    case ACTION_WRONG:
        find_wrong(a);
        return true;
    case ACTION_SORT:
        find_sort(a, argument ? argument : "");
        return true;
    case ACTION_SORT_NEXT:
    case ACTION_SORT_BEFORE:
        find_sort_step(a, action == ACTION_SORT_NEXT ? 1 : -1);
        return true;
    case ACTION_GROUP:
        find_group(a, argument ? argument : "");
        return true;
    case ACTION_UNMARK:
        if (app_top(a)->keys == KEYS_QUEUE && a->c.marks.n == 0 && !a->queue.range.on)
            return find_undo(a);
        return false;
    case ACTION_LOGIN:
    case ACTION_FORM_LOGIN:
        if (a->c.sync)
            prompt_open(&a->prompt, PROMPT_PASSWORD, "");
        else
            console_say(&a->c, THEME_WARN, "%s", _("There is no line to log in on."));
        return true;
    case ACTION_HELP:
    case ACTION_FORM_HELP:
        line_help(a);
        return true;
    case ACTION_TOUR:
        tour_open(a);
        return true;
    case ACTION_HELP_FIND:
        if (app_top(a)->keys != KEYS_HELP)
            return false;
        prompt_open(&a->prompt, PROMPT_HELP, "");
        a->help.revision = editor_revision(&a->prompt.editor);
        return true;
    case ACTION_CONFLICTS:
        a->c.want = WANT_CONFLICTS;
        return true;
    case ACTION_SYNC:
        if (a->c.sync)
            sync_now(a->c.sync);
        console_say(&a->c, THEME_DIM, "%s",
                    a->c.sync ? _("Asked the server.") : _("There is no line."));
        return true;
    case ACTION_REPAINT:
        screen_repaint();
        app_read_anew(a);
        return true;
    case ACTION_SUSPEND:
        if (option_bool(a->c.config->options, OPT_LOCKED_DOWN)) {
            console_say(&a->c, THEME_WARN, "%s",
                        _("Not here: safe.locked_down keeps jiban in front."));
            return true;
        }
        keep_form(a);
        screen_suspend();
        app_reload(a);
        return true;
    case ACTION_VIEW:
        if (argument)
            views_by_word(a, argument);
        else
            line_open(a, "view ");
        return true;
    case ACTION_COLUMNS:
        views_columns(a, argument ? argument : "");
        return true;
    case ACTION_SAVE:
        views_save(a, argument ? argument : "");
        return true;
    case ACTION_UNSAVE:
        views_unsave(a, argument ? argument : "");
        return true;
    case ACTION_THEME:
        change_theme(a, argument ? argument : "");
        return true;
    case ACTION_TEMPLATE:
        template_command(a, argument);
        return true;
    case ACTION_KEEP_TEMPLATE:
        template_keep(a, argument);
        return true;
    case ACTION_MACRO:
        if (!(action_table[action].contexts >> app_top(a)->keys & 1u))
            return false;
        many_macro(a, argument ? argument : "");
        return true;
    case ACTION_OTHER_TEMPLATE:
        if (app_top(a)->self != &a->many)
            return false;
        many_again(a);
        return true;
    case ACTION_QUIT:
        a->c.want = WANT_QUIT;
        return true;
    case ACTION_OPEN:
        if (!argument || !*argument)
            return false;
        open_by_number(a, argument);
        return true;
    default:
        return false;
    }
}

/* A command that begins an order is about a new one, whatever is marked. What can also be done to an order that
 * waits (send elsewhere) is about the one whose page one looks at. */
static bool begins_order(const struct view *top, enum command_type type)
{
    if (type == COMMAND_COUNT || !workflow_begins(type))
        return false;
    return top->keys != KEYS_CASE || !workflow_goes_on(type);
}

/* A range goes on while one moves in it; whatever else is done is done to what it has marked. */
static void end_range(struct app *a, enum action action)
{
    static const enum action goes_on[] = {
        ACTION_UP,    ACTION_DOWN, ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_FIRST,  ACTION_LAST,
        ACTION_RANGE, ACTION_MARK, ACTION_UNMARK,  ACTION_SYNC,      ACTION_REPAINT};
    for (size_t i = 0; i < sizeof goes_on / sizeof *goes_on; i++)
        if (goes_on[i] == action)
            return;
    a->queue.range.on = false;
}

void app_act(struct app *a, enum action action, const char *argument)
{
    struct view *top = app_top(a);
    struct uuid id = {{0}};
    a->acted = action;
    end_range(a, action);
    if (action_changes(action) && !console_may_change(&a->c))
        return;
    if (a->form.open && desk_moves_drafts(action)) {
        console_say(&a->c, THEME_WARN, "%s", _("Leave the form first; the draft is kept."));
        return;
    }
    if (act_anywhere(a, action, argument))
        return;
    if (action == ACTION_WRITE)
        action = console_may_begin(&a->c, COMMAND_LOG) ? ACTION_LOG : ACTION_REPLY;
    const struct action_row *row = &action_table[action];
    if (begins_order(top, row->command)) {
        console_command(&a->c, &id, row->command);
    } else if ((action == ACTION_CLOCKS || action == ACTION_SIMILAR || action == ACTION_FILES) &&
               (row->contexts >> top->keys & 1u)) {
        if (top->subject(top->self, &a->c, &a->c.case_id))
            a->c.want = action == ACTION_CLOCKS    ? WANT_CLOCKS
                        : action == ACTION_SIMILAR ? WANT_SIMILAR
                                                   : WANT_FILES;
        else
            console_say(&a->c, THEME_WARN, "%s", _("No case is marked."));
    } else if (row->command != COMMAND_COUNT && top->keys == KEYS_QUEUE && a->c.marks.n > 0) {
        bool there = top->subject(top->self, &a->c, &id);
        bulk_start(&a->c, row->command, there ? &id : NULL);
    } else if (row->command != COMMAND_COUNT) {
        if (top->keys != KEYS_HELP && top->subject && top->subject(top->self, &a->c, &id))
            console_command(&a->c, &id, row->command);
        else
            console_say(&a->c, THEME_WARN, "%s", _("No case is marked."));
    } else if (!(row->contexts >> top->keys & 1u) || !top->act(top->self, &a->c, action)) {
        console_say(&a->c, THEME_WARN, _("\"%s\" does nothing here."), row->word);
    }
}

/* What the line has to say stands until it has something else to say. */
