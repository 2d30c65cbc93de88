/* case_update.c: what keys do to the page of a case. */
#include "tui/view/case.h"
#include "core/base/i18n.h"

static void reload(void *self, struct console *c)
{
    struct case_page *p = self;
    struct errmsg err;
    if (case_read(p, c, &p->id, &err) == ST_OK)
        return;
    console_say(c, THEME_ERROR, "%s", err.text);
    c->want = WANT_BACK;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct case_page *p = self;
    int page = p->height > 2 ? p->height - 1 : 1;
    int most = p->lines > p->height ? p->lines - p->height : 0;
    switch (action) {
    case ACTION_UP:
        p->first--;
        break;
    case ACTION_DOWN:
        p->first++;
        break;
    case ACTION_PAGE_UP:
        p->first -= page;
        break;
    case ACTION_PAGE_DOWN:
        p->first += page;
        break;
    case ACTION_FIRST:
        p->first = 0;
        break;
    case ACTION_LAST:
        p->first = most;
        break;
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    default:
        return false;
    }
    if (p->first > most)
        p->first = most;
    if (p->first < 0)
        p->first = 0;
    return true;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct case_page *p = self;
    (void)cursor;
    p->reference = console_reference(c);
    p->who = console_actor(c);
    p->policy = console_policy(c);
    p->now_ms = console_now(c);
    p->reveal = console_reveals(c, &p->id);
    p->height = r.rows;
    p->lines = case_draw(p, s, r, &c->scratch);
    if (p->first > 0 && p->first > p->lines - p->height) { /* the window grew */
        p->first = p->lines > p->height ? p->lines - p->height : 0;
        surface_fill(s, r, THEME_PLAIN);
        case_draw(p, s, r, &c->scratch);
    }
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct case_page *p = self;
    (void)c;
    *ret = p->id;
    return p->have;
}

struct view case_view_of(struct case_page *p)
{
    return (struct view){.keys = KEYS_CASE,
                         .self = p,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .subject = subject};
}
