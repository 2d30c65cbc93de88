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

/* --- pieces of a line ------------------------------------------------------------------------------ */

static int part_width(const struct frame_pieces *l, int i, int shown)
{
    return (shown ? width_of(l->between) : 0) + width_of(l->part[i].text) +
           (l->part[i].tail ? width_of(l->part[i].tail) : 0);
}

/* Of those whose rank is not above `most`. */
static int pieces_width(const struct frame_pieces *l, int most)
{
    int all = 0, shown = 0;
    for (int i = 0; i < l->n; i++)
        if (l->part[i].rank <= most)
            all += part_width(l, i, shown++);
    return all;
}

static int highest_rank(const struct frame_pieces *l)
{
    int most = 0;
    for (int i = 0; i < l->n; i++)
        most = l->part[i].rank > most ? l->part[i].rank : most;
    return most;
}

/* The highest rank of which all pieces have room; those of rank 0 stand anyway. */
static int fitting_rank(const struct frame_pieces *l, int room)
{
    int most = highest_rank(l);
    while (most > 0 && pieces_width(l, most) > room)
        most--;
    return most;
}

/* What is too much even so is cut from the text of a piece that has a tail, or from the end. */
static int draw_pieces(const struct frame_pieces *l, struct surface *s, struct arena *scratch,
                       int row, int col, int room, enum theme_role role)
{
    int most = fitting_rank(l, room), over = pieces_width(l, most) - room, from = col;
    int shown = 0;
    for (int i = 0; i < l->n; i++) {
        const struct frame_part *p = &l->part[i];
        if (p->rank > most)
            continue;
        if (shown++)
            col += draw_text(s, scratch, row, col, from + room - col, role, "%s", l->between);
        int width = width_of(p->text);
        if (p->tail && over > 0) {
            width = width > over ? width - over : 0;
            over = 0;
        }
        width = width < from + room - col ? width : from + room - col;
        col += draw_cut(s, scratch, row, col, width, role, p->text);
        if (p->tail)
            col += draw_text(s, scratch, row, col, from + room - col, role, "%s", p->tail);
    }
    return col - from;
}

/* --- views ------------------------------------------------------------------------------------------ */

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

/* What was said: over two lines where it needs them, the upper one in place of the rule. What is longer still is cut, and
 * says where all of it stands. */
static void draw_message(const struct frame *f, struct surface *s, int row, struct arena *scratch)
{
    static const char whole[] = ":messages";
    const char *text = f->message;
    size_t n = strlen(text), first = text_break(text, n, s->cols - 2);
    int cells = s->cols - 2;
    if (first < n && row > FRAME_TOP) {
        surface_fill(s, (struct rect){row - 1, 0, 1, s->cols}, THEME_PLAIN);
        draw_text(s, scratch, row - 1, 1, cells, f->message_role, "%.*s", (int)first, text);
        text += first;
    }
    if (width_of(text) > cells && f->message_role != THEME_DIM) {
        cells -= (int)sizeof whole;
        draw_text(s, scratch, row, cells + 2, (int)sizeof whole, THEME_KEY, "%s", whole);
    }
    draw_cut(s, scratch, row, 1, cells, f->message_role, text);
}

/* The status of the list, and at its right end which rows of it are shown: in words where all has room. Rather than cut
 * what cannot be left out, they are. */
static void draw_status(const struct frame *f, struct surface *s, int row, struct arena *scratch)
{
    const struct frame_pieces *l = &f->status;
    int room = s->cols - 2, all = pieces_width(l, highest_rank(l)), least = pieces_width(l, 0);
    const char *rows = all + 3 + width_of(f->rows_words) <= room ? f->rows_words
                       : least + 3 + width_of(f->rows) <= room   ? f->rows
                                                                 : "";
    int at = s->cols - 1 - width_of(rows);
    if (*rows) {
        draw_text(s, scratch, row, at, s->cols - at, THEME_DIM, "%s", rows);
        room = at - 1 - 3;
    }
    draw_pieces(l, s, scratch, row, 1, room, f->message_role);
}

/* A message leaves the rows of the list beside it when it leaves room for them. */
static void draw_said(const struct frame *f, struct surface *s, int row, struct arena *scratch)
{
    int room = s->cols - 4 - width_of(f->message);
    const char *rows = width_of(f->rows_words) <= room ? f->rows_words
                       : width_of(f->rows) <= room     ? f->rows
                                                       : "";
    int at = s->cols - 1 - width_of(rows);
    if (*rows)
        draw_text(s, scratch, row, at, s->cols - at, THEME_DIM, "%s", rows);
    draw_message(f, s, row, scratch);
}

static void draw_head(const struct frame *f, struct surface *s, struct arena *scratch)
{
    int least = pieces_width(&f->place, 0), room = s->cols - 2 - least - 2;
    int width = pieces_width(&f->right, fitting_rank(&f->right, room));
    int at = s->cols - 1 - width;
    at = at > 1 ? at : 1;
    draw_pieces(&f->place, s, scratch, 0, 1, at - 3, THEME_HEAD);
    draw_pieces(&f->right, s, scratch, 0, at, width < room ? width : s->cols - 1 - at,
                f->right_bad ? THEME_WARN : THEME_HEAD);
}

static void draw_line(const struct frame *f, struct surface *s, int row, struct arena *scratch)
{
    if (f->message)
        draw_said(f, s, row, scratch);
    else
        draw_status(f, s, row, scratch);
}

void frame_draw_rows(const struct frame *f, struct surface *s, int bottom, struct arena *scratch)
{
    int row = s->rows - bottom + 1;
    surface_fill(s, (struct rect){row, 0, 1, s->cols}, THEME_PLAIN);
    draw_line(f, s, row, scratch);
}

void frame_draw(struct frame *f, struct surface *s, int bottom, struct arena *scratch)
{
    int row = s->rows - bottom + 1;
    surface_fill(s, (struct rect){0, 0, FRAME_TOP, s->cols}, THEME_PLAIN);
    surface_fill(s, (struct rect){s->rows - bottom, 0, bottom, s->cols}, THEME_PLAIN);
    draw_head(f, s, scratch);
    draw_tabs(f, s, scratch);
    if (!f->bare)
        draw_rule(s, s->rows - bottom, 0, s->cols);
    draw_line(f, s, row, scratch);
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
