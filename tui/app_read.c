/* app_read.c: what has changed, said line by line; app_draw.c for a terminal of lines. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/app_model.h"
#include "tui/draw.h"
#include "tui/linear.h"
#include <inttypes.h>
#include <string.h>

enum { NEWS_ROWS = 1000, NEWS_MOST = 3, TYPED_LEAST = 16 };

/* --- prompts ------------------------------------------------------------------------------------ */

static const char *password_label(const struct app *a, struct arena *arena)
{
    const char *user =
        arena_printf(arena, _("User: %s"), option_text(a->c.config->options, OPT_USER));
    return reading_join(arena, reading_join(arena, a->lock.on ? _("Locked") : _("Log in"), user),
                        _("Password: "));
}

static const char *question(const struct app *a, struct arena *arena)
{
    return arena_printf(arena, "%s %s y: %s, n: %s", _("Sure?"),
                        draw_one_line(arena, a->prompt.text), _("yes"), _("no"));
}

/* The one of the list above the line that Up or Down chose. */
static const char *chosen_offer(const struct prompt *p, struct arena *arena)
{
    if (!p->chosen)
        return "";
    const struct command_offer *o = &p->offer[p->at_offer];
    const char *why = o->why_not ? o->why_not : "";
    return reading_join(arena, reading_join(arena, o->line, o->keys),
                        reading_join(arena, why, o->help));
}

/* What Enter would do or show, as the list follows what is typed. */
static const char *found(struct app *a)
{
    struct reading help = {.note = ""};
    switch (a->prompt.kind) {
    case PROMPT_COMMAND:
        return chosen_offer(&a->prompt, &a->c.scratch);
    case PROMPT_FILTER:
    case PROMPT_SEARCH: /* it rests before it follows */
        return a->find.due_mono_ms                  ? NULL
               : editor_len(&a->prompt.editor) == 0 ? ""
                                                    : frame_summary(&a->c, &a->queue);
    case PROMPT_HELP:
        app_top(a)->read(app_top(a)->self, &a->c, &help);
        return help.line;
    default:
        return "";
    }
}

static void read_prompt(struct app *a, struct reading *r)
{
    struct arena *arena = &a->c.scratch;
    struct prompt *p = &a->prompt;
    if (p->kind == PROMPT_ASK) {
        r->line = question(a, arena);
    } else {
        r->line = p->kind == PROMPT_PASSWORD || p->kind == PROMPT_UNLOCK ? password_label(a, arena)
                                                                         : prompt_label(p);
        r->note = found(a);
        r->typed = &p->editor;
    }
    r->at = reading_mix(4, r->line, strlen(r->line));
}

/* --- what came in ------------------------------------------------------------------------------- */

struct news {
    const struct case_row *rows;
    size_t n_rows, n;
    const struct case_row *fresh[NEWS_MOST];
};

static void count_news(void *self, enum watch_change change, const struct watched *w)
{
    struct news *news = self;
    if (change != WATCH_ENTERED)
        return;
    for (size_t i = 0; i < news->n_rows && news->n < NEWS_MOST; i++)
        if (uuid_compare(&news->rows[i].id, &w->id) == 0)
            news->fresh[news->n] = &news->rows[i];
    news->n++;
}

/* Few of them one by one. */
static void tell_news(const struct news *news, struct arena *a)
{
    if (news->n > NEWS_MOST) {
        linear_say(a, arena_printf(a, _("%zu new cases"), news->n));
        return;
    }
    for (size_t i = 0; i < news->n; i++) {
        const struct case_row *row = news->fresh[i];
        const char *title = !i18n_chinese() && *row->title_en ? row->title_en : row->title;
        linear_say(
            a,
            reading_join(a, arena_printf(a, _("New case %s"), draw_number(a, row->number)), title));
    }
}

static bool is_shown_before(const struct app_spoken *spoken, const struct queue *q)
{
    return spoken->news_ms && spoken->news_view == q->view && !*q->filter && !q->searches;
}

/* What has entered the view since it was last read; what is there when it is opened is no news. */
static void say_news(struct app *a)
{
    struct app_spoken *spoken = &a->spoken;
    struct news news = {.n = 0};
    struct watch_list now = {.at_ms = console_now(&a->c)};
    struct query query = {.view = a->queue.view, .now_ms = now.at_ms};
    struct case_row *rows;
    if (spoken->news_ms == a->reloaded_mono_ms || !console_actor(&a->c) || *a->queue.filter)
        return;
    if (store_page(a->c.config->store, &query, NULL, false, NEWS_ROWS, &a->c.scratch, &rows,
                   &news.n_rows, NULL) != ST_OK)
        return;
    news.rows = rows;
    for (size_t i = 0; i < news.n_rows && !now.failed; i++)
        watch_add(&now, &rows[i]);
    watch_sort(&now);
    /* Of a longer list only the beginning is read: what leaves it is followed by others that are no news. */
    if (is_shown_before(spoken, &a->queue) && !now.failed && news.n_rows < NEWS_ROWS)
        watch_compare(&spoken->news, &now, count_news, &news);
    tell_news(&news, &a->c.scratch);
    watch_release(&spoken->news);
    spoken->news = now;
    spoken->news_view = a->queue.view;
    spoken->news_ms = a->reloaded_mono_ms;
}

/* --- saying ------------------------------------------------------------------------------------- */

static uint64_t note_of(const char *text)
{
    return reading_mix(5, text, strlen(text));
}

/* Returns true when something was said; what was a note a moment ago is not said again. */
static bool say_place(struct app *a, const struct reading *r)
{
    struct app_spoken *spoken = &a->spoken;
    if (!r->place || r->place == spoken->place)
        return false;
    spoken->place = r->place;
    bool fresh = *r->head && note_of(r->head) != spoken->note;
    if (fresh)
        linear_say(&a->c.scratch, r->head);
    return fresh;
}

static void say_line(struct app *a)
{
    struct app_spoken *spoken = &a->spoken;
    if (spoken->line != a->c.report.line || spoken->outbox != a->c.counts.outbox)
        linear_say(&a->c.scratch, frame_line(&a->c));
    if (a->c.counts.conflicts > spoken->conflicts)
        linear_say(&a->c.scratch,
                   arena_printf(&a->c.scratch, _("%" PRId64 " refused by the server; C shows them"),
                                a->c.counts.conflicts));
    spoken->conflicts = a->c.counts.conflicts;
    spoken->line = a->c.report.line;
    spoken->outbox = a->c.counts.outbox;
}

static bool say_message(struct app *a)
{
    struct app_spoken *spoken = &a->spoken;
    bool fresh = spoken->said != a->c.said && a->c.message[0];
    if (fresh)
        linear_say(&a->c.scratch, a->c.message);
    spoken->said = a->c.said;
    return fresh;
}

static bool say_note(struct app *a, const struct reading *r)
{
    struct app_spoken *spoken = &a->spoken;
    if (!r->note)
        return false;
    uint64_t note = *r->note ? note_of(r->note) : 0;
    bool fresh = note != spoken->note && note != 0;
    if (fresh)
        linear_say(&a->c.scratch, r->note);
    spoken->note = note;
    return fresh;
}

/* A text has its label on a line of its own, and so has a label that would leave no room. */
static void say_typed(struct app *a, struct reading *r)
{
    struct arena *arena = &a->c.scratch;
    struct app_spoken *spoken = &a->spoken;
    int cells = linear_cells(), label = text_width(r->line, strlen(r->line)) + 1;
    bool apart = r->typed->kind == EDITOR_TEXT || label + TYPED_LEAST > cells;
    size_t at, line;
    const char *text = reading_typed(r, arena, apart ? cells : cells - label, &at, &line);
    bool elsewhere = r->at != spoken->at;
    if (apart && elsewhere)
        linear_say(arena, r->line);
    linear_type(arena, apart ? "" : r->line, text, at, elsewhere || line != spoken->typed_line);
    spoken->typed_line = line;
}

void app_read(struct app *a)
{
    struct reading *r = &a->reading;
    struct app_spoken *spoken = &a->spoken;
    arena_reset(&a->c.scratch);
    reading_clear(r);
    if (a->prompt.kind != PROMPT_NONE) {
        read_prompt(a, r);
    } else {
        struct view *top = app_top(a);
        if (top->read)
            top->read(top->self, &a->c, r);
        else
            reading_drawn(r, &a->c, top);
    }
    bool said = say_message(a);
    if (!a->lock.on) { /* who is in the room hears nothing of the line and the work */
        say_line(a);
        say_news(a);
    }
    said = say_place(a, r) || said;
    said = say_note(a, r) || said;
    if (r->typed)
        say_typed(a, r);
    else if (r->at != spoken->at || (spoken->key && !said))
        linear_say(&a->c.scratch, r->line);
    spoken->at = r->at;
    spoken->key = false;
}

void app_read_anew(struct app *a)
{
    struct app_spoken *spoken = &a->spoken;
    spoken->place = spoken->note = spoken->at = 0;
    spoken->outbox = -1;
    spoken->conflicts = 0;
}
