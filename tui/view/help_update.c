/* help_update.c: opening and scrolling the help. */
#include "tui/reading.h"
#include "tui/view/help.h"
#include <string.h>

void help_start(struct help *h, struct console *c, enum key_context from,
                const struct casefile *subject)
{
    memset(h, 0, sizeof *h);
    h->from = from;
    for (int i = 0; i < COMMAND_COUNT; i++)
        h->offered[i] = (subject && console_offers(c, subject, (enum command_type)i)) ||
                        console_may_begin(c, (enum command_type)i);
}

static bool act(void *self, struct console *c, enum action action)
{
    struct help *h = self;
    if (action != ACTION_BACK)
        return scroll_act(&h->scroll, action);
    c->want = WANT_BACK;
    return true;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct help *h = self;
    (void)cursor;
    h->scroll.height = r.rows;
    h->scroll.lines = help_draw(h, s, r, &c->scratch);
}

static void reload(void *self, struct console *c)
{
    (void)self;
    (void)c;
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct help *p = self;
    reading_page(out, c, p, draw, &p->scroll, 1);
}

struct view help_view(struct help *h)
{
    return (struct view){
        .keys = KEYS_HELP, .self = h, .reload = reload, .act = act, .draw = draw, .read = read};
}
