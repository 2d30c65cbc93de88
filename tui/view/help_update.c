/* help_update.c: opening the help and moving in it. */
#include "core/base/i18n.h"
#include "tui/reading.h"
#include "tui/view/help.h"
#include <string.h>

void help_start(struct help *h, struct console *c, enum key_context from,
                const struct casefile *subject)
{
    h->from = from;
    h->looks_only = console_looks_only(c);
    h->scroll = (struct scroll){0};
    for (int i = 0; i < COMMAND_COUNT; i++)
        h->offered[i] = (subject && console_offers(c, subject, (enum command_type)i)) ||
                        console_may_begin(c, (enum command_type)i);
    help_find(h, "");
}

static bool marks(const struct help *h, size_t i)
{
    return !h->line[i].head && *h->line[i].keys;
}

void help_step(struct help *h, int by)
{
    size_t at = h->at;
    while (at < h->n && !marks(h, at)) /* from a heading to its first line */
        at++;
    for (; by > 0; by--)
        for (size_t i = at + 1; i < h->n; i++)
            if (marks(h, i)) {
                at = i;
                break;
            }
    for (; by < 0; by++)
        for (size_t i = at; i > 0; i--)
            if (marks(h, i - 1)) {
                at = i - 1;
                break;
            }
    h->at = at < h->n ? at : 0;
    if (h->scroll.height <= 0)
        return;
    size_t first = (size_t)h->scroll.first, rows = (size_t)h->scroll.height;
    size_t above = h->at > 0 && h->line[h->at - 1].head ? h->at - 1 : h->at; /* with its heading */
    if (above < first)
        h->scroll.first = (int)above;
    else if (h->at >= first + rows)
        h->scroll.first = (int)(h->at - rows + 1);
}

enum action help_chosen(const struct help *h)
{
    return h->at < h->n && h->line[h->at].here ? h->line[h->at].action : ACTION_NONE;
}

static bool run(struct help *h, struct console *c)
{
    enum action chosen = help_chosen(h);
    if (chosen == ACTION_NONE) {
        console_say(c, THEME_WARN, "%s", _("That line cannot be done from where you came."));
        return true;
    }
    c->act = chosen;
    c->want = WANT_ACTION;
    return true;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct help *h = self;
    int page = h->scroll.height > 2 ? h->scroll.height - 1 : 1;
    switch (action) {
    case ACTION_UP:
        help_step(h, -1);
        return true;
    case ACTION_DOWN:
        help_step(h, 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        scroll_act(&h->scroll, action);
        help_step(h, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_FIRST:
        h->at = 0;
        help_step(h, 0);
        return true;
    case ACTION_LAST:
        help_step(h, (int)h->n);
        return true;
    case ACTION_RUN:
        return run(h, c);
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
    struct help *h = self;
    (void)cursor;
    bool grown = h->scroll.height != r.rows;
    h->scroll.height = r.rows;
    h->scroll.lines = (int)h->n;
    if (grown)
        help_step(h, 0);
    scroll_clamp(&h->scroll);
    help_draw(h, s, r, &c->scratch);
}

static void reload(void *self, struct console *c)
{
    (void)self;
    (void)c;
}

/* The chosen line, behind its heading where another one begins. */
static void read(void *self, struct console *c, struct reading *out)
{
    const struct help *h = self;
    const struct help_line *line = &h->line[h->at];
    out->head = _(place_table[KEYS_HELP].label);
    out->place = reading_mix(6, &h->from, sizeof h->from);
    if (h->n == 0) {
        out->line = _("Nothing here has this key, word or meaning.");
        return;
    }
    for (size_t i = h->at; i > 0 && !*out->note; i--)
        if (h->line[i - 1].head)
            out->note = h->line[i - 1].text;
    out->line = reading_join(&c->scratch, line->keys, line->text);
    out->at = reading_mix(out->place, &h->at, sizeof h->at);
}

static bool click(void *self, int row, bool *ret_again)
{
    struct help *h = self;
    size_t i = (size_t)(h->scroll.first + row);
    if (i >= h->n || !marks(h, i))
        return false;
    *ret_again = h->at == i;
    h->at = i;
    return true;
}

struct view help_view(struct help *h)
{
    return (struct view){.keys = KEYS_HELP,
                         .self = h,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .click = click};
}
