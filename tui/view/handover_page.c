#include "tui/view/handover_page.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/handover.h"
#include "tui/reading.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_MOST = 1 << 20, UNSEEN_MS = 24 * 3600 * 1000, TIME_BYTES = 32 };
/* Small fact of the cache: when the page was last opened (ms, server's time). */
static const char last_look[] = "handover_seen_ms";

void handover_page_init(struct handover_page *p)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, 0);
    buf_init(&p->own, OWN_MOST);
    text_page_init(&p->page);
}

void handover_page_release(struct handover_page *p)
{
    text_page_release(&p->page);
    buf_release(&p->own);
    arena_release(&p->arena);
}

/* --- what stands on it ---------------------------------------------------------------------------- */

static bool is_mine(const struct sheet *s, const struct actor *who)
{
    return strcmp(s->by, who->user) == 0;
}

static bool waits_for(const struct sheet *s, const struct actor *who)
{
    return !is_mine(s, who) && sheet_seen_ms(s, who->user) == TIME_NONE;
}

/* Of others: is it to be shown? */
static bool is_news(const struct handover_page *p, const struct sheet *s, const struct actor *who,
                    int64_t now_ms)
{
    if (is_mine(s, who))
        return false;
    return p->last_ms == TIME_NONE || s->at_ms > p->last_ms ||
           (waits_for(s, who) && now_ms - s->at_ms < UNSEEN_MS);
}

static const char *name_of(const struct console *c, const char *user)
{
    const struct reference *r = console_reference(c);
    return r ? reference_person_name(r, user, i18n_chinese()) : user;
}

static void put_seen(struct handover_page *p, struct console *c, const struct sheet *s)
{
    for (size_t i = 0; i < s->n_seen; i++)
        text_page_put(&p->page, THEME_DIM,
                      arena_printf(&c->scratch, _("Seen by %s, %s"), name_of(c, s->seen[i].by),
                                   draw_time(&c->scratch, s->seen[i].at_ms)));
}

/* The newest that the person has kept: whether it has arrived. */
static void put_last_kept(struct handover_page *p, struct console *c)
{
    for (size_t i = 0; i < p->n; i++) {
        if (!is_mine(&p->sheet[i], console_actor(c)))
            continue;
        text_page_put(&p->page, THEME_PLAIN, "");
        text_page_put(
            &p->page, THEME_DIM,
            arena_printf(&c->scratch,
                         p->sheet[i].n_seen ? _("Kept %s") : _("Kept %s; nobody has seen it yet"),
                         draw_time(&c->scratch, p->sheet[i].at_ms)));
        if (*p->sheet[i].problem)
            text_page_put(&p->page, THEME_ERROR,
                          arena_printf(&c->scratch, _("The centre does not take the sheet: %s"),
                                       p->sheet[i].problem));
        else if (p->sheet[i].unsent)
            text_page_put(&p->page, THEME_UNSENT, _("(not sent yet)"));
        put_seen(p, c, &p->sheet[i]);
        return;
    }
}

static void put_sheet(struct handover_page *p, struct console *c, size_t i)
{
    const struct sheet *s = &p->sheet[i];
    text_page_put(&p->page, THEME_PLAIN, "");
    text_page_put(&p->page, THEME_HEAD,
                  arena_printf(&c->scratch, _("From %s, %s"), name_of(c, s->by),
                               draw_time(&c->scratch, s->at_ms)));
    if (i == p->marked)
        text_page_mark(&p->page);
    text_page_put(&p->page, THEME_PLAIN, s->text);
    put_seen(p, c, s);
}

/* The marked one is the oldest that waits: they are acknowledged in the order they were written. Returns how many are
 * shown, and how many of these wait. */
static int mark(struct handover_page *p, const struct actor *who, int64_t now_ms, int *ret_waits)
{
    int shown = 0, waits = 0;
    p->marked = p->n;
    for (size_t i = 0; i < p->n; i++) {
        bool news = is_news(p, &p->sheet[i], who, now_ms);
        shown += news;
        if (news && waits_for(&p->sheet[i], who)) {
            p->marked = i;
            waits++;
        }
    }
    *ret_waits = waits;
    return shown;
}

/* As long as there is one below it has this line: what is read does not move when one is acknowledged. */
static void put_waiting(struct handover_page *p, struct console *c, int waits)
{
    const char *text = waits > 0
                           ? arena_printf(&c->scratch,
                                          ngettext("%d sheet from a colleague waits for you below.",
                                                   "%d sheets from colleagues wait for you below.",
                                                   (unsigned long)waits),
                                          waits)
                           : _("You have seen all sheets below.");
    text_page_put(&p->page, waits > 0 ? THEME_WARN : THEME_DIM, text);
}

static void fill(struct handover_page *p, struct console *c)
{
    const struct actor *who = console_actor(c);
    int64_t now = console_now(c);
    int waits = 0, shown = who ? mark(p, who, now, &waits) : 0;
    text_page_clear(&p->page);
    if (shown > 0)
        put_waiting(p, c, waits);
    text_page_put(&p->page, THEME_PLAIN, p->own.data);
    if (!who)
        return;
    put_last_kept(p, c);
    for (size_t i = p->n; i-- > 0;)
        if (is_news(p, &p->sheet[i], who, now))
            put_sheet(p, c, i);
}

static enum status load(struct handover_page *p, struct console *c, struct errmsg *err)
{
    struct store *s = c->config->store;
    const struct actor *who = console_actor(c);
    p->n = p->marked = 0;
    p->sheet = NULL;
    arena_reset(&p->arena);
    buf_clear(&p->own);
    enum status st =
        handover_text(s, c->config->context, console_now(c), false, &c->scratch, &p->own, err);
    if (st == ST_OK && who)
        st = sheets_load(s, who, &p->arena, &p->sheet, &p->n, err);
    if (st == ST_OK)
        fill(p, c);
    return st;
}

enum status handover_page_open(struct handover_page *p, struct console *c, struct errmsg *err)
{
    struct store *s = c->config->store;
    const char *text = "";
    char now[TIME_BYTES];
    enum status st = store_meta_get(s, last_look, &c->scratch, &text, err);
    if (st != ST_OK)
        return st;
    p->last_ms = *text ? strtoll(text, NULL, 10) : TIME_NONE;
    p->page.scroll.first = 0;
    st = load(p, c, err);
    (void)snprintf(now, sizeof now, "%" PRId64, console_now(c));
    if (st == ST_OK)
        (void)store_meta_set(s, last_look, now, NULL); /* else they are shown once more */
    return st;
}

/* --- keys ----------------------------------------------------------------------------------------- */

static void reload(void *self, struct console *c)
{
    struct errmsg err;
    console_ok(c, load(self, c, &err), &err);
}

/* The centre is told as soon as there is a line. */
static void written(struct console *c)
{
    c->changed = true;
    if (c->sync)
        sync_poke(c->sync);
}

static void keep(struct handover_page *p, struct console *c)
{
    struct errmsg err = {{0}};
    int cut = 0;
    if (!console_has_rules(c) || !console_ok(c,
                                             sheet_keep(c->config->store, console_actor(c),
                                                        console_now(c), p->own.data, &cut, &err),
                                             &err))
        return;
    written(c);
    if (cut > 0)
        console_say(c, THEME_WARN,
                    ngettext("Kept for the next shift, but for %d line that did not fit.",
                             "Kept for the next shift, but for %d lines that did not fit.",
                             (unsigned long)cut),
                    cut);
    else
        console_say(c, THEME_MESSAGE, "%s", _("Kept for the next shift."));
}

/* Nobody acknowledges what has not been in sight. */
static void acknowledge(struct handover_page *p, struct console *c)
{
    struct errmsg err = {{0}};
    if (p->marked >= p->n) {
        console_say(c, THEME_DIM, "%s", _("No sheet from a colleague waits for you."));
        return;
    }
    const struct sheet *s = &p->sheet[p->marked];
    if (!text_page_sees(&p->page, text_page_marked(&p->page))) {
        text_page_go(&p->page, text_page_marked(&p->page));
        console_say(c, THEME_MESSAGE, "%s", _("This is the sheet; once more: you have seen it."));
        return;
    }
    if (console_ok(c,
                   sheet_acknowledge(c->config->store, console_actor(c), console_now(c), s, &err),
                   &err)) {
        written(c);
        console_say(c, THEME_MESSAGE, _("Marked as seen: the sheet of %s."), name_of(c, s->by));
    }
}

static bool act(void *self, struct console *c, enum action action)
{
    struct handover_page *p = self;
    switch (action) {
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    case ACTION_KEEP_SHEET:
        keep(p, c);
        return true;
    case ACTION_SEEN_SHEET:
        acknowledge(p, c);
        return true;
    default:
        return scroll_act(&p->page.scroll, action);
    }
}

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct handover_page *p = self;
    (void)cursor;
    text_page_draw(&p->page, s, r, &c->scratch);
}

static void read(void *self, struct console *c, struct reading *out)
{
    struct handover_page *p = self;
    out->head = _(place_table[KEYS_HANDOVER].label);
    out->place = reading_mix(8, &p->last_ms, sizeof p->last_ms);
    reading_page(out, c, self, draw, &p->page.scroll, 0);
}

static bool offers(const void *self, enum action action)
{
    const struct handover_page *p = self;
    return action != ACTION_SEEN_SHEET || p->marked < p->n;
}

struct view handover_page_view(struct handover_page *p)
{
    return (struct view){.keys = KEYS_HANDOVER,
                         .self = p,
                         .reload = reload,
                         .act = act,
                         .draw = draw,
                         .read = read,
                         .offers = offers};
}
