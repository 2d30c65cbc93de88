#include "tui/view/notices_page.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include <string.h>

void notices_page_init(struct notices_page *p, const struct notices *notices)
{
    memset(p, 0, sizeof *p);
    p->notices = notices;
    text_page_init(&p->page);
}

void notices_page_release(struct notices_page *p)
{
    text_page_release(&p->page);
}

static void reload(void *self, struct console *c)
{
    struct notices_page *p = self;
    const struct told *t;
    text_page_clear(&p->page);
    text_page_put(&p->page, THEME_HEAD, _("Notices since the start, the newest first"));
    for (size_t i = 0; (t = notices_told(p->notices, i)); i++)
        text_page_put(
            &p->page, THEME_PLAIN,
            arena_printf(&c->scratch, "  %s  %s", draw_time(&c->scratch, t->at_ms), t->text));
    if (p->notices->n_told == 0)
        text_page_put(&p->page, THEME_DIM, _("  There was no notice."));
}

static bool act(void *self, struct console *c, enum action action)
{
    struct notices_page *p = self;
    if (action != ACTION_BACK)
        return scroll_act(&p->page.scroll, action);
    c->want = WANT_BACK;
    return true;
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct notices_page *p = self;
    (void)cursor;
    text_page_draw(&p->page, s, r, &c->scratch);
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct notices_page *p = self;
    out->head = _(place_table[KEYS_NOTICES].label);
    out->place = reading_mix(9, "notices", 7);
    reading_page(out, c, self, draw, &p->page.scroll, 0);
}

struct view notices_page_open(struct notices_page *p, struct console *c)
{
    p->page.scroll.first = 0;
    reload(p, c);
    return (struct view){
        .keys = KEYS_NOTICES, .self = p, .reload = reload, .act = act, .draw = draw, .read = read};
}
