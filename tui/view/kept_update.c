/* kept_update.c: what keys do to unsent commands, drafts and messages. */
#include "tui/view/kept.h"
#include "core/base/i18n.h"
#include "tui/reading.h"
#include <string.h>

static void reload(void *self, struct console *c)
{
    struct errmsg err;
    console_ok(c, kept_load(self, c, &err), &err);
}

static void go_on(const struct kept_row *row, struct console *c)
{
    if (uuid_is_nil(&row->case_id) && c->marks.n == 0) {
        console_say(c, THEME_WARN, "%s",
                    _("This draft is for marked cases: mark them, then give the command again."));
        return;
    }
    if (!console_has_rules(c))
        return;
    c->case_id = row->case_id;
    c->command = row->type;
    c->draft = DRAFT_THIS;
    c->slot = row->slot;
    c->bulk.wants_form = uuid_is_nil(&row->case_id);
    c->want = WANT_FORM;
}

static void ask_to_drop(const struct kept_row *row, struct console *c)
{
    c->case_id = row->case_id;
    c->command = row->type;
    c->slot = row->slot;
    c->asked = ACTION_DROP_DRAFT;
    c->ask_text = _(action_table[ACTION_DROP_DRAFT].ask);
    c->want = WANT_ASK;
}

void kept_drop_draft(struct console *c)
{
    struct errmsg err;
    if (!console_ok(c, store_draft_drop(c->config->store, &c->case_id, c->command, c->slot, &err),
                    &err))
        return;
    c->changed = true;
    console_say(c, THEME_MESSAGE, "%s", _("The draft is deleted."));
}

/* To the marked row; false: not an action for a row. */
static bool act_on_row(const struct kept_row *row, struct console *c, enum action action)
{
    switch (action) {
    case ACTION_OPEN:
        if (row->go) {
            c->go = row->go;
            c->want = WANT_GO;
            return true;
        }
        c->case_id = row->case_id;
        c->want = WANT_CASE;
        return true;
    case ACTION_TAKE_BACK:
        later_undo(c, &row->id);
        return true;
    case ACTION_TAKE_ONE:
        later_undo_alone(c, &row->id);
        return true;
    case ACTION_GO_ON:
        go_on(row, c);
        return true;
    case ACTION_DROP_DRAFT:
        ask_to_drop(row, c);
        return true;
    default:
        return false;
    }
}

static bool act(void *self, struct console *c, enum action action)
{
    struct kept *v = self;
    if (scroll_list_act(&v->scroll, &v->current, v->n, action) != LIST_OTHER)
        return true;
    switch (action) {
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    default:
        return v->n > 0 ? act_on_row(&v->rows[v->current], c, action)
                        : action == ACTION_OPEN || action == ACTION_TAKE_BACK ||
                              action == ACTION_TAKE_ONE || action == ACTION_GO_ON ||
                              action == ACTION_DROP_DRAFT;
    }
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct kept *v = self;
    (void)cursor;
    kept_draw(v, s, r, &c->scratch);
    if (scroll_clamp(&v->scroll)) { /* the window grew */
        surface_fill(s, r, THEME_PLAIN);
        kept_draw(v, s, r, &c->scratch);
    }
}

/* The row with the first line of what stands below, then that line by line. A message is said whole: it is what stands below. */
static void read(void *self, struct console *c, struct reading *out)
{
    struct kept *v = self;
    out->head = kept_head(v);
    out->place = reading_mix(13, &v->kind, sizeof v->kind);
    if (v->n == 0) {
        out->line = kept_nothing(v);
        out->at = out->place;
        return;
    }
    const struct kept_row *row = &v->rows[v->current];
    uint64_t chosen = reading_mix(out->place, &row->id, sizeof row->id);
    chosen = reading_mix(chosen, &row->case_id, sizeof row->case_id);
    chosen = reading_mix(chosen, &row->slot, sizeof row->slot);
    chosen = reading_mix(chosen, &row->type, sizeof row->type);
    if (v->kind != KEPT_MESSAGES) {
        reading_page(out, c, v, draw, &v->scroll, chosen);
        return;
    }
    out->line = reading_join(&c->scratch, row->when, row->tail);
    out->at = reading_mix(out->place, row->tail, strlen(row->tail)) + v->current;
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct kept *v = self;
    (void)c;
    if (v->n == 0 || uuid_is_nil(&v->rows[v->current].case_id))
        return false;
    *ret = v->rows[v->current].case_id;
    return true;
}

static bool offers(const void *self, enum action action)
{
    const struct kept *v = self;
    return v->n > 0 ||
           (action != ACTION_OPEN && action != ACTION_TAKE_BACK && action != ACTION_TAKE_ONE &&
            action != ACTION_GO_ON && action != ACTION_DROP_DRAFT);
}

struct view kept_view(struct kept *v)
{
    static const enum key_context keys[KEPT_KINDS] = {[KEPT_OUTBOX] = KEYS_OUTBOX,
                                                      [KEPT_DRAFTS] = KEYS_DRAFTS,
                                                      [KEPT_MESSAGES] = KEYS_MESSAGES,
                                                      [KEPT_OPENED] = KEYS_OPENED};
    return (struct view){.keys = keys[v->kind],
                         .self = v,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject,
                         .offers = offers};
}
