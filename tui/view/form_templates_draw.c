/* form_templates_draw.c: the list of templates and the marked one as cells; reads nothing but its model. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/form.h"
#include <string.h>

enum { NAME_COL = 2, ROWS_LEAST = 3 };

static void draw_row(const struct form_templates *t, size_t i, struct surface *s, int row,
                     struct rect r, struct arena *a)
{
    const struct picker_item *item = &t->picker.found[i];
    bool marked = (int)i == t->picker.at;
    int half = (r.cols - NAME_COL) * 2 / 3;
    draw_text(s, a, row, r.col, 1, THEME_POINTER, "%s", marked ? ">" : " ");
    draw_cut(s, a, row, r.col + NAME_COL, half - 1, marked ? THEME_PLAIN : THEME_DIM, item->name);
    draw_cut(s, a, row, r.col + NAME_COL + half, r.cols - NAME_COL - half - 1, THEME_DIM,
             item->group);
}

/* Wrapped, from line scroll.first on; returns the line behind it. */
static int draw_wrapped(const struct form_templates *t, const char *text, enum theme_role role,
                        int line, struct surface *s, struct rect r, struct arena *a)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, r.cols - 3) : 0;
            int row = line++ - t->scroll.first;
            if (row >= 0 && row < r.rows)
                draw_text(s, a, r.row + row, r.col + NAME_COL, r.cols - 3, role, "%s",
                          arena_strndup(a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
    return line;
}

/* The fields it sets, then its text. */
static void draw_filled(struct form_templates *t, struct surface *s, struct rect r, struct arena *a)
{
    int line = *t->head ? draw_wrapped(t, t->head, THEME_LABEL, 0, s, r, a) : 0;
    if (t->text)
        line = draw_wrapped(t, t->text, THEME_PLAIN, line, s, r, a);
    else if (t->wrong)
        line = draw_wrapped(t, t->wrong, THEME_ERROR, line, s, r, a);
    t->scroll.lines = line;
    t->scroll.height = r.rows;
    (void)scroll_clamp(&t->scroll);
    draw_more(s, r, t->scroll.first, line);
}

void form_templates_draw(struct form_templates *t, struct surface *s, struct rect r,
                         struct arena *scratch, struct cursor *cursor)
{
    struct rect old = surface_clip(s, r);
    size_t first = picker_first(&t->picker);
    int most = r.rows / 3 < ROWS_LEAST ? ROWS_LEAST : PICKER_ROWS;
    int rows = 0;
    draw_cut(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD,
             arena_printf(scratch, _("Templates (%zu): type a part of the name; Enter takes it"),
                          t->picker.all));
    struct rect line = {r.row + 1, r.col + NAME_COL, 1, r.cols - NAME_COL - 1};
    surface_fill(s, line, THEME_INPUT_CURRENT);
    editor_draw(&t->typed, s, line, THEME_INPUT_CURRENT, &cursor->row, &cursor->col);
    for (size_t i = first; i < t->picker.n && rows < most && rows < PICKER_ROWS; i++, rows++)
        draw_row(t, i, s, r.row + 2 + rows, r, scratch);
    draw_more(s, (struct rect){r.row + 2, r.col, rows, r.cols}, (int)first, (int)t->picker.n);
    if (t->picker.n == 0)
        draw_text(s, scratch, r.row + 3, r.col + NAME_COL, r.cols - 3, THEME_DIM, "%s",
                  _("No template has that in its name."));
    int top = 2 + (rows ? rows : 2);
    if (t->picker.n > 0 && r.rows > top + 1) {
        draw_rule(s, r.row + top, r.col, r.cols);
        draw_filled(t, s, (struct rect){r.row + top + 1, r.col, r.rows - top - 1, r.cols}, scratch);
    }
    surface_unclip(s, old);
}
