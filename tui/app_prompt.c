/* app_prompt.c: what is typed into the line at the bottom, and what its answer leads to. */
#include "core/base/i18n.h"
#include "tui/app_model.h"

static void answered(struct app *a)
{
    struct errmsg err;
    enum prompt_kind kind = a->prompt.kind;
    const char *text = kind == PROMPT_ASK ? "" : editor_text(&a->prompt.editor);
    if (kind == PROMPT_PASSWORD) {
        if (*text && a->c.sync) {
            sync_login(a->c.sync, text);
            app_say_of_line(a, THEME_DIM, _("Logging in ..."));
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

void app_prompt_key(struct app *a, const struct key *key)
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
