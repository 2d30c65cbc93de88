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

static void step(struct clocks *v, size_t to)
{
    v->current = to < v->n ? to : v->n ? v->n - 1 : 0;
    v->scroll.first = 0;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct clocks *v = self;
    switch (action) {
    case ACTION_UP:
        step(v, v->current ? v->current - 1 : 0);
        return true;
    case ACTION_DOWN:
        step(v, v->current + 1);
        return true;
    case ACTION_FIRST:
        step(v, 0);
        return true;
    case ACTION_LAST:
        step(v, v->n);
        return true;
    case ACTION_PAGE_DOWN: /* the proof may be long */
    case ACTION_PAGE_UP:
        return scroll_act(&v->scroll, action);
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    default:
        return false;
    }
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
