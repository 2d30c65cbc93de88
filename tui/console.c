#include "tui/console.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/presence.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REVEAL_MS = 30 * MS_SECOND };

int64_t console_now(const struct console *c)
{
    return c->frozen_ms ? c->frozen_ms : clock_wall(c->config->clock) + c->report.server_offset_ms;
}

int64_t console_mono(const struct console *c)
{
    return clock_mono(c->config->clock);
}

const struct reference *console_reference(const struct console *c)
{
    return c->config->context->have_reference ? &c->config->context->reference : NULL;
}

const struct actor *console_actor(const struct console *c)
{
    return c->config->context->have_actor ? &c->config->context->actor : NULL;
}

enum role console_role(const struct console *c)
{
    return c->config->context->have_actor ? c->config->context->actor.role : ROLE_NOBODY;
}

const struct policy *console_policy(const struct console *c)
{
    return c->config->context->have_policy ? &c->config->context->policy : NULL;
}

const struct emergencies *console_emergencies(const struct console *c)
{
    return c->config->context->have_emergencies ? &c->config->context->emergencies : NULL;
}

__attribute__((format(printf, 3, 0))) static void say(struct console *c, enum theme_role role,
                                                      const char *fmt, va_list args)
{
    vsnprintf(c->message, sizeof c->message, fmt, args);
    c->message_role = role;
    c->said++;
    messages_add(&c->messages, console_now(c), role, c->message);
}

void console_say(struct console *c, enum theme_role role, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    say(c, role, fmt, args);
    va_end(args);
}

void console_say_on(struct console *c, enum theme_role role, const char *fmt, ...)
{
    va_list args;
    messages_forget_last(&c->messages);
    va_start(args, fmt);
    say(c, role, fmt, args);
    va_end(args);
}

static const char *look_only(const struct console *c)
{
    if (c->other_version)
        return _(
            "Nothing was changed: the server speaks another version of the protocol; console or "
            "server has to be renewed. What is not sent yet is kept.");
    return c->config->readonly
               ? _("Nothing was changed: jiban was started with --readonly, for looking only.")
               : _("Nothing was changed: this console is for looking only; :readonly ends that.");
}

bool console_has_line(const struct console *c)
{
    return c->sync || (c->config->line && !c->line_failed);
}

bool console_looks_only(const struct console *c)
{
    return c->readonly || c->other_version;
}

bool console_may_change(struct console *c)
{
    bool may = !console_looks_only(c);
    if (!may)
        console_say(c, THEME_WARN, "%s", look_only(c));
    return may;
}

enum status console_queue(struct console *c, const struct command *list, size_t n,
                          int64_t not_before_ms, struct errmsg *err)
{
#if SABOTAGE == 192
    c->readonly = false; /* Damage: the last door is open. */
#endif
    if (console_looks_only(c))
        return fail(err, ST_DENIED, "%s", look_only(c));
    return store_queue_later(c->config->store, list, n, not_before_ms, err);
}

bool console_ok(struct console *c, enum status st, const struct errmsg *err)
{
    if (st != ST_OK)
        console_say(c, THEME_ERROR, "%s", err->text);
    return st == ST_OK;
}

bool console_offers(const struct console *c, const struct casefile *f, enum command_type type)
{
    const struct context *context = c->config->context;
    if (!context->have_policy || !context->have_actor || !context->have_calendar)
        return false;
    struct workflow_context w = context_workflow(context, console_now(c));
    return workflow_offers(&w, f, type, &context->actor) == REFUSAL_NONE;
}

bool console_role_may(const struct console *c, enum command_type type, uint32_t states)
{
    const struct actor *who = console_actor(c);
    for (size_t i = 0; who && i < workflow_rows; i++)
        for (int k = 0; workflow_table[i].command == type && (workflow_table[i].from & states) &&
                        k < WORKFLOW_RIGHTS;
             k++)
            if (workflow_table[i].rights[k].role == who->role)
                return true;
    return false;
}

bool console_may_begin(struct console *c, enum command_type type)
{
    struct casefile begun;
    struct uuid nobody = {{0}};
    casefile_init(&begun, &nobody, &c->scratch);
    return workflow_begins(type) && console_offers(c, &begun, type);
}

bool console_reveals(const struct console *c, const struct uuid *case_id)
{
    return c->reveal_until_ms > console_mono(c) && uuid_compare(&c->reveal_case, case_id) == 0;
}

/* The case as shown; an empty one for an order that is only begun. */
static enum status subject(struct console *c, const struct uuid *case_id, bool begun,
                           struct casefile *ret, struct errmsg *err)
{
    struct case_view v;
    if (begun) {
        casefile_init(ret, case_id, &c->scratch);
        return ST_OK;
    }
    enum status st = store_case(c->config->store, case_id, &c->scratch, &v, err);
    if (st == ST_OK)
        *ret = v.shown;
    return st;
}

bool console_has_rules(struct console *c)
{
    const struct context *context = c->config->context;
    if (context->have_policy && context->have_actor && context->have_calendar)
        return true;
    console_say(
        c, THEME_ERROR, "%s",
        _("Nothing was done: the rules have not come from the server yet. Log in once while "
          "the line is up."));
    return false;
}

/* Opens its form, or does it at once when there is nothing to fill in. */
static void proceed(struct console *c, const struct uuid *case_id, uint32_t base,
                    enum command_type type)
{
    struct errmsg err = {{0}};
    struct refusal why;
    if (command_table[type].n_arguments > 0) {
        c->want = WANT_FORM;
        return;
    }
    enum status st = console_confirm(c, case_id, base, type, NULL, 0, &why, &err);
    if (st != ST_OK)
        console_say(c, THEME_ERROR, "%s", st == ST_REFUSED ? why.text : err.text);
}

/* Decided without its arguments, a command that is not offered is refused for the reason. */
const char *console_why_not(struct console *c, const struct casefile *f, enum command_type type)
{
    struct errmsg err = {{0}};
    struct decision decision;
    struct refusal why = {.code = REFUSAL_NONE};
    if (console_offers(c, f, type))
        return NULL;
    if (!console_has_rules(c))
        return arena_strdup(&c->scratch, c->message);
    struct workflow_context w = context_workflow(c->config->context, console_now(c));
    struct command nothing = {.case_id = f->id, .type = type, .at_ms = w.now_ms};
    enum status st =
        workflow_decide(&w, f, &nothing, console_actor(c), &c->scratch, &decision, &why, &err);
    if (st == ST_OK)
        return NULL;
    return arena_strdup(&c->scratch, why.code != REFUSAL_NONE ? why.text : err.text);
}

/* Somebody else has a text on the case to whose form one goes: said before, which hinders nobody. NULL: nobody has. */
static const char *writes_there(struct console *c, const struct uuid *case_id,
                                enum command_type type)
{
    const struct presence_mark *m = presence_writer(&c->others, case_id);
    if (!m || command_table[type].n_arguments == 0)
        return NULL;
    return arena_printf(&c->scratch, _("%s. Write there too?"),
                        presence_text(m, console_reference(c), &c->scratch));
}

/* What is asked before it is done, below the case that it is about; NULL: nothing. */
static const char *question_about(struct console *c, const struct casefile *f,
                                  enum command_type type)
{
    const char *asked = action_table[action_of_command(type)].ask;
    const char *ask = *asked ? _(asked) : writes_there(c, &f->id, type);
    const char *number = draw_number(&c->scratch, f->value[FIELD_NUMBER]);
    const char *title = !i18n_chinese() && *f->value[FIELD_TITLE_EN] ? f->value[FIELD_TITLE_EN]
                                                                     : f->value[FIELD_TITLE];
    if (!ask)
        return NULL;
    snprintf(c->question, sizeof c->question, *number ? "%s  %s\n%s" : "%s%s%s", number,
             *number ? title : "", ask);
    return c->question;
}

void console_command(struct console *c, const struct uuid *case_id, enum command_type type)
{
    struct errmsg err;
    struct casefile f;
    if (!console_has_rules(c) ||
        !console_ok(c, subject(c, case_id, uuid_is_nil(case_id), &f, &err), &err))
        return;
    if (!console_offers(c, &f, type)) {
        const char *why = console_why_not(c, &f, type);
        if (why)
            console_say(c, THEME_ERROR, "%s", why);
        return;
    }
    c->case_id = *case_id;
    c->command = type;
    const char *ask = question_about(c, &f, type);
    if (ask) {
        c->ask_text = ask;
        c->want = WANT_ASK;
    } else {
        proceed(c, case_id, f.version, type);
    }
}

void console_go_on(struct console *c)
{
    struct errmsg err;
    struct casefile f;
    struct uuid id = c->case_id;
    if (console_ok(c, subject(c, &id, uuid_is_nil(&id), &f, &err), &err))
        proceed(c, &id, f.version, c->command);
}

enum status console_confirm(struct console *c, const struct uuid *case_id, uint32_t base,
                            enum command_type type, const struct value *values, size_t n,
                            struct refusal *ret_why, struct errmsg *err)
{
    const struct context *context = c->config->context;
    struct casefile f;
    struct decision decision;
    if (!console_has_rules(c))
        return fail(err, ST_BUSY, "%s", c->message);
    enum status st = subject(c, case_id, base == 0, &f, err);
    if (st != ST_OK)
        return st;
    struct command command = {.id = uuid_new(&c->ids),
                              .case_id = *case_id,
                              .base = base,
                              .type = type,
                              .at_ms = console_now(c),
                              .values = values,
                              .n_values = n};
    struct workflow_context w = context_workflow(context, console_now(c));
    st = workflow_decide(&w, &f, &command, &context->actor, &c->scratch, &decision, ret_why, err);
    if (st != ST_OK)
        return st;
    int64_t not_before = later_not_before(c, type);
    st = console_queue(c, &command, 1, not_before, err);
    if (st != ST_OK)
        return st;
    c->changed = true;
    if (decision.n > 0 && decision.events[0].to != STATE_NONE && decision.events[0].to != f.state)
        c->moved_on = *case_id;
    const char *number = draw_number(&c->scratch, f.value[FIELD_NUMBER]); /* the centre gives it */
    later_say(c,
              arena_printf(&c->scratch, "%s%s%s", _(command_table[type].label), *number ? " " : "",
                           number),
              not_before);
    if (type == COMMAND_REVEAL) {
        c->reveal_case = *case_id;
        c->reveal_until_ms = console_mono(c) + REVEAL_MS;
    }
    if (c->sync)
        sync_poke(c->sync);
    return ST_OK;
}
