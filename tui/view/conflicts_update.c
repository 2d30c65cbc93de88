/* conflicts_update.c: what keys do to the list of conflicts. */
#include "tui/view/conflicts.h"
#include "core/base/i18n.h"
#include "tui/reading.h"

static void reload(void *self, struct console *c)
{
    struct errmsg err;
    console_ok(c, conflicts_load(self, c, &err), &err);
}

static bool act(void *self, struct console *c, enum action action)
{
    struct conflicts *v = self;
    struct errmsg err;
    enum list_move move = scroll_list_act(&v->scroll, &v->current, v->n, action);
    if (move == LIST_MOVED) {
        v->page.have = false;
        (void)case_read(&v->page, c, &v->rows[v->current].command.case_id, NULL);
    }
    if (move != LIST_OTHER)
        return true;
    switch (action) {
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    case ACTION_RESEND:
    case ACTION_TO_NOTE:
    case ACTION_TO_DRAFT:
    case ACTION_DROP:
        break;
    default:
        return false;
    }
    if (v->n == 0) {
        console_say(c, THEME_DIM, "%s", _("There is no conflict."));
    } else if (action == ACTION_DROP) {
        c->conflict_id = v->rows[v->current].command.id;
        c->command = COMMAND_COUNT;
        c->ask_text = _(action_table[ACTION_DROP].ask);
        c->want = WANT_ASK;
    } else if (console_ok(c, conflicts_answer(c, &v->rows[v->current].command.id, action, &err),
                          &err)) {
        reload(v, c);
    }
    return true;
}

/* With whose eyes, and when. */
static void look(struct conflicts *v, const struct console *c)
{
    v->page.reference = console_reference(c);
    v->page.who = console_actor(c);
    v->page.policy = console_policy(c);
    v->page.now_ms = console_now(c);
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct conflicts *v = self;
    (void)cursor;
    look(v, c);
    conflicts_draw(v, s, r, &c->scratch);
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct conflicts *v = self;
    (void)c;
    if (v->n > 0)
        *ret = v->rows[v->current].command.case_id;
    return v->n > 0;
}

static void draw_lines(void *self, struct console *c, struct surface *s, struct rect r,
                       struct cursor *cursor)
{
    (void)cursor;
    conflicts_draw_lines(self, s, r, &c->scratch);
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct conflicts *v = self;
    look(v, c);
    out->head = _("Refused by the server; nothing is lost until you say so");
    out->place = 10;
    reading_page(out, c, v, draw_lines, &v->scroll,
                 v->n ? reading_mix(out->place, &v->rows[v->current].command.id,
                                    sizeof v->rows[v->current].command.id)
                      : out->place);
}

static bool offers(const void *self, enum action action)
{
    const struct conflicts *v = self;
    return v->n > 0 || (action != ACTION_RESEND && action != ACTION_TO_NOTE &&
                        action != ACTION_TO_DRAFT && action != ACTION_DROP);
}

struct view conflicts_view(struct conflicts *v)
{
    return (struct view){.keys = KEYS_CONFLICTS,
                         .self = v,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject,
                         .offers = offers};
}
