/* app_update.c: keys, hints of the sync thread and deadlines, turned into what the views show. */
#include "tui/app_model.h"
#include "core/base/i18n.h"
#include "tui/screen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct view *app_top(struct app *a)
{
    return &a->stack[a->depth - 1];
}

void app_push(struct app *a, struct view v)
{
    if (a->depth < APP_DEPTH)
        a->stack[a->depth++] = v;
}

void app_read_counts(struct app *a)
{
    struct errmsg err;
    int64_t refused = a->c.counts.conflicts;
    if (a->c.sync)
        sync_report(a->c.sync, &a->c.report);
    console_ok(&a->c, store_counts(a->c.config->store, console_now(&a->c), &a->c.counts, &err),
               &err);
    a->c.saved.stale = 0;
    /* "It is sent when ..." holds no more then; the line tells why. */
    if (a->c.counts.conflicts > refused)
        a->c.message[0] = '\0';
}

static void reload_views(struct app *a)
{
    a->stack[0].reload(a->stack[0].self, &a->c);
    if (a->depth > 1)
        app_top(a)->reload(app_top(a)->self, &a->c);
    if (app_is_wide(a))
        a->settle_mono_ms = 1; /* at once */
    a->c.changed = false;
    a->news++;
    a->reloaded_mono_ms = console_mono(&a->c);
    a->reload_mono_ms = 0;
}

void app_reload(struct app *a)
{
    app_read_counts(a);
    a->counted_mono_ms = console_mono(&a->c);
    a->minute = console_now(&a->c) / MS_MINUTE;
    reload_views(a);
}

/* Cases came in. The views follow at once, the counts, which go through all that is overdue, now and then. */
static void follow_changes(struct app *a)
{
    int64_t due = a->counted_mono_ms + slow_count_ms(a);
    if (slow_nothing_new(a)) {
        a->reload_mono_ms = 0;
        return;
    }
    if (due <= console_mono(&a->c)) {
        app_reload(a);
        return;
    }
    reload_views(a);
    a->reload_mono_ms = due;
}

/* --- the case beside the queue ---------------------------------------------------------------- */

/* Read when the mark has come to rest: a held key reads no case on its way. */
static void follow_mark(struct app *a)
{
    const struct queue_row *row = queue_current(&a->queue);
    if (app_top(a)->keys != KEYS_QUEUE || !app_is_wide(a)) {
        a->settle_mono_ms = 0;
        return;
    }
    if (row ? a->page.have && uuid_compare(&row->id, &a->page.id) == 0 : !a->page.have)
        return;
    if (!a->settle_mono_ms)
        a->settle_mono_ms = console_mono(&a->c) + APP_SETTLE_MS;
}

static void read_marked(struct app *a)
{
    const struct queue_row *row = queue_current(&a->queue);
    a->settle_mono_ms = 0;
    a->news++;
    if (app_top(a)->keys != KEYS_QUEUE || !app_is_wide(a))
        return;
    if (row)
        (void)case_read(&a->page, &a->c, &row->id, NULL);
    else
        a->page.have = false;
}

/* --- where views want to go ------------------------------------------------------------------- */

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

/* --- actions ---------------------------------------------------------------------------------- */

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

static void look_after_form(struct app *a)
{
    struct errmsg err;
    bool hints = a->form.hints.due_mono_ms && a->form.hints.due_mono_ms <= console_mono(&a->c);
    console_ok(&a->c, form_due(&a->form, &a->c, &err), &err);
    a->news += hints; /* on a slow line too they are waited for, a saved draft is not */
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
        console_say(&a->c, THEME_MESSAGE, "%s", text);
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
            console_say(&a->c, THEME_WARN, "%s",
                        _("First the texts: M-s is on their page, which comes with ^S."));
            return true;
        }
        prompt_open(&a->prompt, PROMPT_LATER, _("next working day 09:00"));
        return true;
    case ACTION_SAVE_FILE:
        return out_save_file(a, argument);
    case ACTION_PRINT:
        return out_print(a, argument);
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
static void say_of_line(struct app *a, enum theme_role role, const char *text)
{
    snprintf(a->line_error, sizeof a->line_error, "%s", text);
    console_say(&a->c, role, "%s", text);
}

static bool line_spoke_last(const struct app *a)
{
    return a->line_error[0] && strcmp(a->c.message, a->line_error) == 0;
}

/* --- prompts ---------------------------------------------------------------------------------- */

static void answered(struct app *a)
{
    struct errmsg err;
    enum prompt_kind kind = a->prompt.kind;
    const char *text = kind == PROMPT_ASK ? "" : editor_text(&a->prompt.editor);
    if (kind == PROMPT_PASSWORD) {
        if (*text && a->c.sync) {
            sync_login(a->c.sync, text);
            say_of_line(a, THEME_DIM, _("Logging in ..."));
            a->login_asked = app_top(a)->keys == KEYS_FORM; /* a wrong one is asked for again */
        }
        prompt_close(&a->prompt);
        return;
    }
    text = arena_strdup(&a->c.scratch, text);
    if (kind == PROMPT_LATER &&
        !console_ok(&a->c, later_parse(&a->c, text, &a->c.later.at_ms, &err), &err))
        return; /* the line stays */
    prompt_close(&a->prompt);
    if (kind == PROMPT_LATER) {
        app_act(a, app_top(a)->self == &a->many ? ACTION_SEND_ALL : ACTION_CONFIRM, NULL);
        if (!a->c.bulk.waits)
            a->c.later.at_ms = 0;
    } else if (kind == PROMPT_HELP) {
        app_act(a, ACTION_RUN, NULL);
    } else if (kind == PROMPT_COMMAND) {
        line_run(a, text);
    } else if (kind == PROMPT_ASK && a->c.bulk.waits) {
        bool gone = bulk_go(&a->c);
        if (gone && app_top(a)->self == &a->form) {
            form_done(&a->form, &a->c);
            a->c.want = WANT_BACK;
        } else if (gone && app_top(a)->self == &a->many) {
            many_sent(&a->many, &a->c);
        }
        a->c.later.at_ms = 0;
    } else if (kind == PROMPT_ASK && a->c.asked == ACTION_DROP_DRAFT) {
        a->c.asked = ACTION_NONE;
        kept_drop_draft(&a->c);
    } else if (kind == PROMPT_ASK && out_go_on(a)) {
        return;
    } else if (kind == PROMPT_ASK && a->c.command != COMMAND_COUNT) {
        console_go_on(&a->c);
    } else if (kind == PROMPT_ASK) {
        if (console_ok(&a->c, conflicts_answer(&a->c, &a->c.conflict_id, ACTION_DROP, &err), &err))
            app_reload(a);
    }
}

static void prompt_key(struct app *a, const struct key *key)
{
    enum action action = keymap_find(prompt_keys(&a->prompt), key);
    if (action == ACTION_NONE) {
        prompt_type(&a->prompt, &a->c, key);
        return;
    }
    if (line_help_key(a, action))
        return;
    switch (prompt_act(&a->prompt, &a->c, action)) {
    case PROMPT_GOES_ON:
        break;
    case PROMPT_DONE:
        a->c.message[0] = '\0';
        if (a->prompt.kind == PROMPT_UNLOCK) {
            lock_try(a);
            break;
        }
        if (!prompt_finds(&a->prompt))
            answered(a);
        else if (find_done(a))
            prompt_close(&a->prompt);
        break;
    case PROMPT_LEFT:
        if (a->prompt.kind == PROMPT_UNLOCK)
            break;
        if (prompt_finds(&a->prompt))
            find_leave(a);
        if (a->prompt.kind == PROMPT_HELP)
            help_find(&a->help, "");
        a->c.bulk.waits = false;
        a->c.asked = ACTION_NONE;
        a->c.later.at_ms = 0;
        a->c.message[0] = '\0';
        prompt_close(&a->prompt);
        break;
    }
}

/* --- keys ------------------------------------------------------------------------------------- */

static void view_key(struct app *a, const struct key *key)
{
    struct view *top = app_top(a);
    struct key plain = key_plain(key);
    enum action action = keymap_find(top->keys, key);
    a->c.message[0] = '\0';
    if (action != ACTION_NONE) {
        app_act(a, action, keymap_argument(top->keys, key));
    } else if (opened_digit(key)) {
        opened_go(a, opened_digit(key));
    } else if (top->type) {
        top->type(top->self, &a->c, key);
    } else if (plain.kind == KEY_KIND_TEXT && plain.len == 1 && plain.text[0] >= '1' &&
               plain.text[0] <= '9') {
        const char digit[] = {plain.text[0], '\0'};
        views_by_word(a, digit);
    } else if (key->kind == KEY_KIND_TEXT && plain.len > 1) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("The input method is on: switch it off, or press F1 for what can be done."));
    } else if (key->kind == KEY_KIND_PASTE) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("Pasted text goes into forms and lines only; nothing was done."));
    } else {
        console_say(&a->c, THEME_WARN, "%s",
                    _("That key does nothing here. ? shows what can be done."));
    }
}

enum key_context app_place_of_keys(struct app *a)
{
    return a->prompt.kind != PROMPT_NONE ? prompt_keys(&a->prompt) : app_top(a)->keys;
}

/* While one steps on at the end of a page quickly, which rows it shows is not painted with each of them: that would be a
 * fourth of the bytes of a step. since_ms: since the key before. */
static void hold_rows(struct app *a, int64_t moved, int64_t since_ms)
{
    bool steps = moved == 1 || moved == -1 || (moved == 0 && a->rows_mono_ms);
    bool held = a->on_terminal && steps && since_ms < APP_ROWS_MS;
    a->rows_mono_ms = held ? console_mono(&a->c) + APP_ROWS_MS : 0;
}

void app_key(struct app *a, const struct key *key)
{
    if (key->kind == KEY_KIND_RESIZE)
        return;
    enum key_context from = app_place_of_keys(a);
    enum action action = keymap_find(from, key);
    struct place_in_queue before = desk_place(a);
    int64_t first = a->queue.first;
    a->typed = a->spoken.key = true;
    a->acted = ACTION_NONE;
    a->news++;
    a->keys++;
    int64_t since_ms = console_mono(&a->c) - a->lock.key_mono_ms;
    a->lock.key_mono_ms += since_ms;
    arena_reset(&a->c.scratch);
    if (key->kind == KEY_KIND_MOUSE) {
        if (a->prompt.kind == PROMPT_NONE)
            app_mouse(a, key);
    } else if (a->prompt.kind != PROMPT_NONE) {
        prompt_key(a, key);
        find_typed(a);
        line_help_typed(a);
    } else {
        view_key(a, key);
    }
    while (a->c.want != WANT_NOTHING)
        carry_out(a);
    if (a->c.changed)
        app_reload(a);
    desk_after(a, &before);
    follow_mark(a);
    hold_rows(a, a->queue.first - first, since_ms);
    app_trace(a, from, action);
}

/* --- the sync thread -------------------------------------------------------------------------- */

/* Nothing jumps over a form or a prompt: what is typed meanwhile must not become a password. */
static void want_login(struct app *a)
{
    if (a->login_asked)
        return;
    if (app_top(a)->keys == KEYS_FORM) {
        console_say(
            &a->c, THEME_WARN, "%s",
            _("The session has ended. F12 asks for the password; what you type here is kept."));
        a->login_asked = true;
    } else if (a->prompt.kind == PROMPT_NONE) {
        prompt_open(&a->prompt, PROMPT_PASSWORD, "");
        a->login_asked = true;
    }
}

/* During a long sync cases change many times a second; keys come first. What the rules are made of is
 * another already: its rows must not be drawn once more. */
static void reload_soon(struct app *a, bool own)
{
    int64_t due = a->reloaded_mono_ms + slow_reload_ms(a, own), now = console_mono(&a->c);
    due = due > now ? due : now;
    if (a->anew)
        app_reload(a);
    else if (!a->reload_mono_ms || due < a->reload_mono_ms)
        a->reload_mono_ms = due;
}

/* For looking only from the moment that the server turns out to speak another protocol, until one that fits is there. */
static void follow_version(struct app *a)
{
    bool other = a->c.report.line == LINE_OTHER_VERSION ||
                 (a->c.other_version && a->c.report.line != LINE_ONLINE);
    a->anew |= other != a->c.other_version; /* the first line says it */
    a->c.other_version = other;
}

void app_hints(struct app *a)
{
    char hint[256];
    ssize_t n;
    bool any = false, presence = false, reference = false, outbox = false;
    struct errmsg err;
    while ((n = read(sync_fd(a->c.sync), hint, sizeof hint)) > 0) {
        for (ssize_t i = 0; i < n; i++) /* who is at a case changes no case */
            any = any || hint[i] != HINT_PRESENCE;
        presence = presence || memchr(hint, HINT_PRESENCE, (size_t)n) != NULL;
        reference = reference || memchr(hint, HINT_REFERENCE, (size_t)n) != NULL;
        outbox = outbox || memchr(hint, HINT_OUTBOX, (size_t)n) != NULL;
    }
    if (presence)
        presence_heard(a);
    if (!any)
        return;
    arena_reset(&a->c.scratch);
    sync_report(a->c.sync, &a->c.report);
    if (reference || (a->c.report.line == LINE_ONLINE && !a->c.config->context->have_actor)) {
        console_ok(
            &a->c,
            context_load(a->c.config->context, a->c.config->store, a->c.config->device, &err),
            &err);
        form_renew(&a->form, &a->c);
        papers_tell(a);
        views_reload(a);
        a->anew = true;
    }
    if (outbox) /* what is still to be sent is told at once */
        a->counted_mono_ms = INT64_MIN / 2;
    reload_soon(a, outbox);
    while (a->c.want != WANT_NOTHING)
        carry_out(a);
    follow_version(a);
    if (a->c.report.line == LINE_ONLINE) {
        a->login_asked = false;
        if (line_spoke_last(a))
            a->c.message[0] = '\0';
        a->line_error[0] = '\0';
    } else if (a->c.report.error[0] && strcmp(a->c.report.error, a->line_error) != 0 &&
               (!a->c.message[0] ||
                line_spoke_last(a))) { /* no word on what was done is painted over */
        say_of_line(a, THEME_WARN, a->c.report.error);
    }
    if (a->c.report.line == LINE_NEED_LOGIN)
        want_login(a);
    if (a->c.report.line ==
        LINE_REVOKED) /* locked or not, whatever is being typed: that is saved on the way out */
        a->quit = true;
}

/* --- deadlines -------------------------------------------------------------------------------- */

/* Never over what is said or asked: it waits until there is room. */
static void notice(struct app *a)
{
    char text[ERRMSG_SIZE];
    bool room = !a->c.message[0] && a->prompt.kind == PROMPT_NONE;
    if (!notices_look(&a->notices, &a->c, room, text))
        return;
    console_say(&a->c, THEME_WARN, "%s", text);
    if (a->on_terminal)
        notices_call(&a->notices, &a->c, text);
}

void app_due(struct app *a)
{
    int64_t now = console_mono(&a->c);
    if (form_next_ms(&a->form) <= now)
        look_after_form(a);
    if (a->settle_mono_ms && a->settle_mono_ms <= now)
        read_marked(a);
    lock_when_idle(a);
    presence_follow(a);
    tour_when_new(a);
    later_tick(&a->c);
    if (a->find.due_mono_ms && a->find.due_mono_ms <= now) {
        arena_reset(&a->c.scratch);
        find_show(a);
        follow_mark(a);
    }
    if (a->c.reveal_until_ms && a->c.reveal_until_ms <= now)
        a->c.reveal_until_ms = 0;
    if (a->rows_mono_ms && a->rows_mono_ms <= now) {
        a->rows_mono_ms = 0;
        a->news++;
    }
    bool key_first = a->typed; /* its frame before anything else; the loop comes again at once */
    a->typed = false;
    int64_t minute = console_now(&a->c) / MS_MINUTE;
    if (minute != a->minute &&
        (key_first || !slow_line(a))) { /* cases became late, views counted anew */
        app_reload(a);
        notice(a);
    } else if (minute != a->minute && minute != a->noticed) {
        a->noticed = minute;
        notice(a);
    } else if (a->reload_mono_ms && a->reload_mono_ms <= now && !key_first) {
        follow_changes(a);
    }
    while (a->c.want != WANT_NOTHING) { /* a file that was waited for has come */
        carry_out(a);
        a->news++;
    }
    if (!key_first)
        views_count(a);
}

int app_wait_ms(const struct app *a)
{
    int64_t now = console_mono(&a->c), wait = MS_MINUTE - console_now(&a->c) % MS_MINUTE + 1;
    const int64_t due[] = {form_next_ms(&a->form),
                           lock_due_ms(a),
                           later_next_ms(&a->c),
                           presence_next_ms(a),
                           a->find.due_mono_ms ? a->find.due_mono_ms : INT64_MAX,
                           a->settle_mono_ms ? a->settle_mono_ms : INT64_MAX,
                           a->rows_mono_ms ? a->rows_mono_ms : INT64_MAX,
                           a->reload_mono_ms ? a->reload_mono_ms : INT64_MAX,
                           a->c.reveal_until_ms ? a->c.reveal_until_ms : INT64_MAX};
    for (size_t i = 0; i < sizeof due / sizeof *due; i++)
        if (due[i] != INT64_MAX && due[i] - now < wait)
            wait = due[i] - now;
    return wait > 0 && views_are_counted(a) ? (int)wait : 0;
}
