/* clocks_update.c: what keys do to the clocks of a case. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include "tui/view/clocks.h"

static void reload(void *self, struct console *c)
{
    struct clocks *v = self;
    struct errmsg err;
    if (!console_ok(c, clocks_load(v, c, &v->id, &err), &err))
        c->want = WANT_BACK;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct clocks *v = self;
    if (scroll_list_act(&v->scroll, &v->current, v->n, action) != LIST_OTHER)
        return true;
    if (action == ACTION_BACK)
        c->want = WANT_BACK;
    return action == ACTION_BACK;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct clocks *v = self;
    (void)cursor;
    v->now_ms = console_now(c);
    clocks_draw(v, s, r, &c->scratch);
    if (scroll_clamp(&v->scroll)) { /* the window grew */
        surface_fill(s, r, THEME_PLAIN);
        clocks_draw(v, s, r, &c->scratch);
    }
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct clocks *v = self;
    (void)c;
    *ret = v->id;
    return true;
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct clocks *v = self;
    out->head = arena_printf(&c->scratch, _("%s: how each due time came about"),
                             draw_number(&c->scratch, v->number));
    out->place = reading_mix(8, &v->id, sizeof v->id);
    reading_page(out, c, v, draw, &v->scroll, out->place + v->current);
}

struct view clocks_view(struct clocks *v)
{
    return (struct view){.keys = KEYS_CLOCKS,
                         .self = v,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject};
}
