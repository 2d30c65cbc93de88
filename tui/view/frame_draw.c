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

struct tab_text {
    const char *all, *brief; /* brief: digit and count; NULL where there is no digit */
    const char *shown;       /* NULL: no room */
};

static int tab_rank(const struct frame_tab *t)
{
    return t->current ? 0 : t->late ? 1 : t->own ? 2 : t->count > 0 ? 3 : 4;
}

/* No view with cases is left out as long as its digit and its count fit; what room is left goes to names: of the current one,
 * of those where something is late, of one's own, of those with cases; and then to the empty ones. */
static void choose_tabs(const struct frame *f, struct tab_text tab[], int room)
{
    for (int rank = 0; rank < 4; rank++)
        for (int i = 0; i < f->n_tabs; i++)
            if (tab_rank(&f->tab[i]) == rank && tab[i].brief &&
                width_of(tab[i].brief) + 1 <= room) {
                tab[i].shown = tab[i].brief;
                room -= width_of(tab[i].brief) + 1;
            }
    for (int rank = 0; rank <= 4; rank++)
        for (int i = 0; i < f->n_tabs; i++) {
            int more = width_of(tab[i].all) + 1 - (tab[i].shown ? width_of(tab[i].shown) + 1 : 0);
            if (tab_rank(&f->tab[i]) == rank && more <= room) {
                tab[i].shown = tab[i].all;
                room -= more;
            }
        }
}

static void draw_tabs(struct frame *f, struct surface *s, struct arena *scratch)
{
    struct tab_text tab[FRAME_TABS];
    int col = 1;
    for (int i = 0; i < f->n_tabs; i++) {
        const struct frame_tab *t = &f->tab[i];
        const char key[] = {t->key, '\0'};
        const char *count = t->count < 0 ? ""
                                         : arena_printf(scratch, "%" PRId64 "%s%s", t->count,
                                                        t->more ? "+" : "", t->late ? "!" : "");
        tab[i].all = arena_printf(scratch, "[%s]%s%s%s", *key ? key : ":", t->label,
                                  *count ? " " : "", count);
        tab[i].brief = *key ? arena_printf(scratch, "[%s]%s", key, count) : NULL;
        tab[i].shown = NULL;
    }
    choose_tabs(f, tab, s->cols);
    for (int i = 0; i < f->n_tabs; i++) {
        struct frame_tab *t = &f->tab[i];
        t->cells = 0;
        if (!tab[i].shown)
            continue;
        t->col = col;
        t->cells = draw_text(s, scratch, 1, col, s->cols - col,
                             t->current ? THEME_TAB_CURRENT
                             : t->late  ? THEME_OVERDUE
                                        : THEME_TAB,
                             "%s", tab[i].shown);
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

/* What is said, and at its right end the rows of the list: in words where both have room. What matters is not cut for
 * them. */
static void draw_status(const struct frame *f, struct surface *s, int row, struct arena *scratch)
{
    int room = s->cols - width_of(f->message) - 4;
    const char *rows = width_of(f->rows_words) <= room ? f->rows_words : f->rows;
    if (width_of(rows) > room && f->message_role != THEME_DIM)
        rows = "";
    int at = s->cols - 1 - width_of(rows);
    if (*rows)
        draw_text(s, scratch, row, at, s->cols - at, THEME_DIM, "%s", rows);
    draw_cut(s, scratch, row, 1, *rows ? at - 3 : s->cols - 2, f->message_role, f->message);
}

void frame_draw_rows(const struct frame *f, struct surface *s, int bottom, struct arena *scratch)
{
    int row = s->rows - bottom + 1;
    surface_fill(s, (struct rect){row, 0, 1, s->cols}, THEME_PLAIN);
    draw_status(f, s, row, scratch);
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
    draw_status(f, s, s->rows - bottom + 1, scratch);
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
