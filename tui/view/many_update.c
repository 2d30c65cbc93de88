/* many_update.c: what keys do to the texts for many cases. */
#include "tui/view/many.h"
#include "core/base/i18n.h"
#include "tui/reading.h"
#include <string.h>

/* A page of the text; behind its last line the next text, before its first the one before. */
static void turn(struct many *m, enum action action)
{
    struct scroll *s = &m->scroll;
    bool down = action == ACTION_PAGE_DOWN;
    bool ends = down ? s->first + s->height >= s->lines : s->first == 0;
    if (ends)
        (void)scroll_list_act(s, &m->current, m->n, down ? ACTION_DOWN : ACTION_UP);
    else
        (void)scroll_list_act(s, &m->current, m->n, action);
}

static void leave(struct many *m, struct console *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->n; i++)
        kept += m->text[i].kept;
    if (kept > 0)
        console_say(c, THEME_MESSAGE,
                    ngettext("%zu text is kept as a draft of its case.",
                             "%zu texts are kept as drafts of their cases.", (unsigned long)kept),
                    kept);
    c->want = WANT_BACK;
}

static void leave_out(struct many *m, struct console *c)
{
    struct many_text *t = &m->text[m->current];
    if (t->state == MANY_LEFT_OUT)
        t->state = *t->why ? MANY_HELD : MANY_GOES;
    else if (t->state == MANY_GOES || t->state == MANY_HELD)
        t->state = MANY_LEFT_OUT;
    else
        console_say(c, THEME_WARN, "%s", _("This one does not go anyway."));
}

static void edit(struct many *m, struct console *c)
{
    struct many_text *t = &m->text[m->current];
    struct errmsg err;
    if (t->state == MANY_SENT || t->state == MANY_NEVER) {
        console_say(c, THEME_WARN, "%s",
                    t->state == MANY_NEVER ? t->why : _("It is sent already."));
        return;
    }
    if (!console_ok(c, many_keep(m, c, &err), &err))
        return;
    c->case_id = t->id;
    c->command = m->type;
    c->draft = DRAFT_THIS;
    c->slot = t->slot;
    c->want = WANT_FORM;
    m->editing = true;
}

static bool act(void *self, struct console *c, enum action action)
{
    struct many *m = self;
    if (action == ACTION_PAGE_DOWN || action == ACTION_PAGE_UP) {
        turn(m, action);
        return true;
    }
    if (scroll_list_act(&m->scroll, &m->current, m->n, action) != LIST_OTHER)
        return true;
    switch (action) {
    case ACTION_BACK:
        leave(m, c);
        return true;
    case ACTION_SEND_ALL:
        many_confirm(m, c);
        return true;
    case ACTION_LEAVE_OUT:
        leave_out(m, c);
        return true;
    case ACTION_WRITE_ONE:
        edit(m, c);
        return true;
    default:
        return false;
    }
}

static void reload(void *self, struct console *c)
{
    struct many *m = self;
    if (m->editing)
        many_look_again(m, c);
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct many *m = self;
    (void)cursor;
    many_draw(m, s, r, &c->scratch);
    if (scroll_clamp(&m->scroll)) { /* the window grew */
        surface_fill(s, r, THEME_PLAIN);
        many_draw(m, s, r, &c->scratch);
    }
}

/* The row with the first line of its text, then that line by line. */
static void read(void *self, struct console *c, struct reading *out)
{
    struct many *m = self;
    out->head = many_head(m, &c->scratch);
    out->place = reading_mix(17, &m->type, sizeof m->type);
    reading_page(out, c, m, draw, &m->scroll,
                 reading_mix(out->place, &m->text[m->current].id, sizeof(struct uuid)));
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    (void)self;
    (void)c;
    (void)ret;
    return false; /* commands of procedure are given elsewhere */
}

static bool offers(const void *self, enum action action)
{
    const struct many *m = self;
    return action != ACTION_OTHER_TEMPLATE || !m->macro;
}

struct view many_view(struct many *m)
{
    return (struct view){.keys = KEYS_MANY,
                         .self = m,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .subject = subject,
                         .offers = offers};
}
