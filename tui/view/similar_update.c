/* similar_update.c: what keys do to the list of similar cases. */
#include "core/base/i18n.h"
#include "tui/reading.h"
#include "tui/view/similar.h"

static void reload(void *self, struct console *c)
{
    struct similar_list *v = self;
    struct errmsg err;
    if (!console_ok(c, similar_load(v, c, &v->id, &err), &err))
        c->want = WANT_BACK;
}

/* The form of the command on the case that was looked at, with the other one filled in: a draft like any other. */
static void command_with(struct similar_list *v, struct console *c, enum command_type type,
                         enum field field, const char *text)
{
    struct errmsg err;
    const struct actor *who = console_actor(c);
    struct value value = {field, text};
    struct draft d = {.case_id = v->id,
                      .type = type,
                      .user = who ? who->user : "",
                      .values = &value,
                      .n_values = 1,
                      .revision = 1,
                      .saved_ms = console_now(c)};
    if (!console_has_rules(c) ||
        !console_ok(c, store_draft_free(c->config->store, &v->id, type, &d.slot, &err), &err) ||
        !console_ok(c, store_draft_put(c->config->store, &d, &err), &err))
        return;
    console_command(c, &v->id, type);
}

static bool act(void *self, struct console *c, enum action action)
{
    struct similar_list *v = self;
    char id[UUID_TEXT];
    if (scroll_list_act(&v->scroll, &v->current, v->n, action) != LIST_OTHER)
        return true;
    switch (action) {
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    case ACTION_OPEN:
    case ACTION_LINK_THIS:
    case ACTION_MERGE_THIS:
        break;
    default:
        return false;
    }
    if (v->n == 0) {
        console_say(c, THEME_DIM, "%s", _("There is no similar case."));
    } else if (action == ACTION_OPEN) {
        c->case_id = v->rows[v->current].id;
        c->want = WANT_CASE;
    } else if (action == ACTION_LINK_THIS) {
        command_with(v, c, COMMAND_LINK, FIELD_OLD_ORDER, v->rows[v->current].number);
    } else {
        uuid_format(&v->rows[v->current].id, id);
        command_with(v, c, COMMAND_MERGE, FIELD_MERGED_INTO, id);
    }
    return true;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct similar_list *v = self;
    (void)cursor;
    similar_draw(v, s, r, &c->scratch);
    if (scroll_clamp(&v->scroll)) { /* the window grew */
        surface_fill(s, r, THEME_PLAIN);
        similar_draw(v, s, r, &c->scratch);
    }
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct similar_list *v = self;
    (void)c;
    *ret = v->id;
    return true;
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct similar_list *v = self;
    out->head = arena_printf(&c->scratch, _("Cases like %s, and how they were solved"),
                             v->number ? v->number : "");
    out->place = reading_mix(9, &v->id, sizeof v->id);
    reading_page(out, c, v, draw, &v->scroll, out->place + v->current);
}

struct view similar_view(struct similar_list *v)
{
    return (struct view){.keys = KEYS_SIMILAR,
                         .self = v,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject};
}
