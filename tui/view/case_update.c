/* case_update.c: what keys do to the page of a case. */
#include "tui/view/case.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"

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
    if (action == ACTION_OBJECTS) {
        p->all_objects = !p->all_objects;
        return true;
    }
    if (action != ACTION_BACK)
        return scroll_act(&p->scroll, action);
    c->want = WANT_BACK;
    return true;
}

/* Nothing that case_draw() shows is another since it last drew. */
static bool stands(struct case_page *p, const struct console *c)
{
    struct case_drawn now = {.reading = p->reading,
                             .heard = c->others_heard,
                             .first = p->scroll.first,
                             .second = (p->now_ms + MS_SECOND - 1) / MS_SECOND,
                             .have = p->have,
                             .reveal = p->reveal,
                             .all_objects = p->all_objects};
    bool same = now.reading == p->drawn.reading && now.heard == p->drawn.heard &&
                now.first == p->drawn.first && now.second == p->drawn.second &&
                now.have == p->drawn.have && now.reveal == p->drawn.reveal &&
                now.all_objects == p->drawn.all_objects;
    p->drawn = now;
    return same;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct case_page *p = self;
    (void)cursor;
    p->reference = console_reference(c);
    p->who = console_actor(c);
    p->policy = console_policy(c);
    p->emergencies = console_emergencies(c);
    p->there = &c->others;
    p->now_ms = console_now(c);
    p->reveal = console_reveals(c, &p->id);
    p->scroll.height = r.rows;
    if (stands(p, c) && c->kept)
        return;
    surface_fill(s, r, THEME_PLAIN);
    p->scroll.lines = case_draw(p, s, r, &c->scratch);
    if (scroll_clamp(&p->scroll)) { /* the window grew */
        p->drawn.first = p->scroll.first;
        surface_fill(s, r, THEME_PLAIN);
        case_draw(p, s, r, &c->scratch);
    }
    draw_more(s, r, p->scroll.first, p->scroll.lines);
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct case_page *p = self;
    (void)c;
    *ret = p->id;
    return p->have;
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct case_page *p = self;
    uint64_t which = reading_mix(7, &p->id, sizeof p->id);
    reading_page(out, c, p, draw, &p->scroll,
                 reading_mix(which, &p->shown.version, sizeof p->shown.version));
    out->at = reading_mix(out->at, &p->scroll.first, sizeof p->scroll.first);
    out->place = reading_mix(which, &p->shown.state, sizeof p->shown.state);
    const char *title = !i18n_chinese() && *p->shown.value[FIELD_TITLE_EN]
                            ? p->shown.value[FIELD_TITLE_EN]
                            : p->shown.value[FIELD_TITLE];
    out->head =
        reading_join(&c->scratch, draw_number(&c->scratch, p->shown.value[FIELD_NUMBER]),
                     reading_join(&c->scratch, title, _(state_table[p->shown.state].label)));
}

struct view case_view_of(struct case_page *p)
{
    return (struct view){.keys = KEYS_CASE,
                         .self = p,
                         .keeps = true,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject};
}
