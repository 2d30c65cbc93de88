/* tour_update.c: turning the pages, and what they say on a terminal of lines. */
#include "core/base/i18n.h"
#include "tui/reading.h"
#include "tui/view/tour.h"
#include <string.h>

void tour_start(struct tour *t)
{
    *t = (struct tour){.at = (enum tour_page)0};
}

static void turn(struct tour *t, int by)
{
    t->at = (enum tour_page)((int)t->at + by);
    t->scroll.first = 0;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct tour *t = self;
    switch (action) {
    case ACTION_TOUR_NEXT:
        if (t->at + 1 < TOUR_PAGES)
            turn(t, 1);
        else
            c->want = WANT_BACK;
        return true;
    case ACTION_TOUR_BEFORE:
        if (t->at > 0)
            turn(t, -1);
        return true;
    case ACTION_TOUR_END:
        c->want = WANT_BACK;
        return true;
    default:
        return scroll_act(&t->scroll, action);
    }
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    (void)cursor;
    tour_draw(self, s, r, &c->scratch);
}

static void reload(void *self, struct console *c)
{
    (void)self;
    (void)c;
}

/* The whole page is one line to hear: there is nothing to choose on it. */
static void read(void *self, struct console *c, struct reading *out)
{
    const struct tour *t = self;
    out->head = tour_title(t->at, &c->scratch);
    out->place = out->at = reading_mix(7, &t->at, sizeof t->at);
    out->line = "";
    for (const char *text = tour_text(t->at, &c->scratch); *text;) {
        size_t n = strcspn(text, "\n");
        out->line = reading_join(&c->scratch, out->line, arena_strndup(&c->scratch, text, n));
        text += n + (text[n] == '\n');
    }
}

/* No way back from the first page. */
static bool offers(const void *self, enum action action)
{
    const struct tour *t = self;
    return action != ACTION_TOUR_BEFORE || t->at > 0;
}

struct view tour_view(struct tour *t)
{
    return (struct view){.keys = KEYS_TOUR,
                         .self = t,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .offers = offers};
}
