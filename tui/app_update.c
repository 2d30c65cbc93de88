/* app_update.c: keys, hints of the sync thread and deadlines, turned into what the views show. */
#include "tui/app_model.h"
#include "core/base/i18n.h"
#include <stdio.h>
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

void app_say_of_line(struct app *a, enum theme_role role, const char *text)
{
    snprintf(a->line_error, sizeof a->line_error, "%s", text);
    console_say(&a->c, role, "%s", text);
}

static bool line_spoke_last(const struct app *a)
{
    return a->line_error[0] && strcmp(a->c.message, a->line_error) == 0;
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
        app_prompt_key(a, key);
        find_typed(a);
        line_help_typed(a);
    } else {
        view_key(a, key);
    }
    (void)app_go(a);
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
    (void)app_go(a);
    follow_version(a);
    if (a->c.report.line == LINE_ONLINE) {
        a->login_asked = false;
        if (line_spoke_last(a))
            a->c.message[0] = '\0';
        a->line_error[0] = '\0';
    } else if (a->c.report.error[0] && strcmp(a->c.report.error, a->line_error) != 0 &&
               (!a->c.message[0] ||
                line_spoke_last(a))) { /* no word on what was done is painted over */
        app_say_of_line(a, THEME_WARN, a->c.report.error);
    }
    if (a->c.report.line == LINE_NEED_LOGIN)
        want_login(a);
    if (a->c.report.line ==
        LINE_REVOKED) /* locked or not, whatever is being typed: that is saved on the way out */
        a->quit = true;
}

/* --- deadlines -------------------------------------------------------------------------------- */

static void look_after_form(struct app *a)
{
    struct errmsg err;
    bool hints = a->form.hints.due_mono_ms && a->form.hints.due_mono_ms <= console_mono(&a->c);
    console_ok(&a->c, form_due(&a->form, &a->c, &err), &err);
    a->news += hints; /* on a slow line too they are waited for, a saved draft is not */
}

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
    a->news += app_go(a); /* a file that was waited for has come */
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
