/* frame_draw.c: the frame as cells; reads nothing but its model. */
#include "tui/view/frame.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <inttypes.h>
#include <string.h>

static int width_of(const char *text)
{
    return text_width(text, strlen(text));
}

/* Where not all fit: the current one, then as many as fit beside it, one's own first, then those with cases; drawn in the
 * order of their digits. */
static void choose_tabs(const struct frame *f, const char *const text[], int room,
                        bool shown[FRAME_TABS])
{
    for (int pass = 0; pass < 4; pass++)
        for (int i = 0; i < f->n_tabs; i++) {
            const struct frame_tab *t = &f->tab[i];
            int rank = t->current ? 0 : t->own ? 1 : t->count > 0 ? 2 : 3;
            if (rank != pass || width_of(text[i]) + 1 > room)
                continue;
            shown[i] = true;
            room -= width_of(text[i]) + 1;
        }
}

static void draw_tabs(struct frame *f, struct surface *s, struct arena *scratch)
{
    const char *text[FRAME_TABS];
    bool shown[FRAME_TABS] = {false};
    int col = 1;
    for (int i = 0; i < f->n_tabs; i++) {
        const struct frame_tab *t = &f->tab[i];
        const char key[] = {t->key, '\0'};
        const char *count =
            t->count < 0 ? ""
                         : arena_printf(scratch, " %" PRId64 "%s", t->count, t->more ? "+" : "");
        text[i] = arena_printf(scratch, "[%s]%s%s%s", *key ? key : ":", t->label, count,
                               t->late ? "!" : "");
    }
    choose_tabs(f, text, s->cols, shown);
    for (int i = 0; i < f->n_tabs; i++) {
        struct frame_tab *t = &f->tab[i];
        t->cells = 0;
        if (!shown[i])
            continue;
        t->col = col;
        t->cells = draw_text(s, scratch, 1, col, s->cols - col,
                             t->current ? THEME_TAB_CURRENT
                             : t->late  ? THEME_OVERDUE
                                        : THEME_TAB,
                             "%s", text[i]);
        col += 1 + t->cells;
    }
}

static int hint_width(const struct frame_hint *h)
{
    return width_of(h->key) + 1 + width_of(h->text) + 2;
}

/* The last one (help) is always there: whoever finds no key finds that one. */
static void draw_hints(struct frame *f, struct surface *s, struct arena *scratch)
{
    int col = 1, row = s->rows - 1;
    int last = f->n_hints ? hint_width(&f->hint[f->n_hints - 1]) : 0;
    for (int i = 0; i < f->n_hints; i++) {
        struct frame_hint *h = &f->hint[i];
        bool final = i == f->n_hints - 1;
        h->cells = 0;
        if (col + hint_width(h) + (final ? 0 : last) > s->cols + 1)
            continue;
        h->col = col;
        h->cells = hint_width(h) - 2;
        col += draw_text(s, scratch, row, col, s->cols - col, THEME_KEY, "%s", h->key) + 1;
        col += draw_text(s, scratch, row, col, s->cols - col, THEME_DIM, "%s", h->text) + 2;
    }
}

void frame_draw(struct frame *f, struct surface *s, int bottom, struct arena *scratch)
{
    int right = width_of(f->right), at = s->cols - right - 1;
    surface_fill(s, (struct rect){0, 0, FRAME_TOP, s->cols}, THEME_PLAIN);
    surface_fill(s, (struct rect){s->rows - bottom, 0, bottom, s->cols}, THEME_PLAIN);
    draw_cut(s, scratch, 0, 1, at - 3, THEME_HEAD, f->place);
    draw_text(s, scratch, 0, at > 0 ? at : 0, right, f->right_bad ? THEME_WARN : THEME_HEAD, "%s",
              f->right);
    draw_tabs(f, s, scratch);
    if (!f->bare)
        draw_rule(s, s->rows - bottom, 0, s->cols);
    draw_cut(s, scratch, s->rows - bottom + 1, 1, s->cols - 2, f->message_role, f->message);
    if (bottom == FRAME_BOTTOM && !f->bare)
        draw_hints(f, s, scratch);
    else
        for (int i = 0; i < f->n_hints; i++)
            f->hint[i].cells = 0;
}

bool frame_at(const struct frame *f, int rows, int row, int col, enum action *ret_action,
              const char **ret_word)
{
    for (int i = 0; row == 1 && i < f->n_tabs; i++)
        if (col >= f->tab[i].col && col < f->tab[i].col + f->tab[i].cells) {
            *ret_action = ACTION_VIEW;
            *ret_word = f->tab[i].word;
            return true;
        }
    for (int i = 0; row == rows - 1 && i < f->n_hints; i++)
        if (col >= f->hint[i].col && col < f->hint[i].col + f->hint[i].cells) {
            *ret_action = f->hint[i].action;
            return true;
        }
    return false;
}

void frame_draw_small(struct surface *s, struct arena *scratch)
{
    const char *text =
        arena_printf(scratch,
                     _("jiban needs %d columns and %d rows; this window has %d x %d. "
                       "Make it larger. Nothing that was typed is lost."),
                     FRAME_LEAST_COLS, FRAME_LEAST_ROWS, s->cols, s->rows);
    size_t n = strlen(text);
    for (int row = 0; row < s->rows && n > 0; row++) {
        size_t take = text_break(text, n, s->cols > 1 ? s->cols - 1 : 1);
        draw_text(s, scratch, row, 0, s->cols, THEME_PLAIN, "%.*s", (int)take, text);
        text += take;
        n -= take;
    }
}
