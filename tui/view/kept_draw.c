/* kept_draw.c: unsent commands, drafts and messages as cells; reads nothing but its model. */
#include "tui/view/kept.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum { LIST_LEAST = 4, BELOW_LEAST = 6 };
enum { WHEN_COL = 2, NUMBER_COL = 15, WHAT_COL = 27, TAIL_COL = 46 };

static const char *const head[KEPT_KINDS] = {
    [KEPT_OUTBOX] = N_("Confirmed, kept on the disk and not sent yet"),
    [KEPT_DRAFTS] = N_("Drafts, the newest first"),
    [KEPT_MESSAGES] = N_("What was said here, the newest first"),
    [KEPT_OPENED] = N_("Cases at hand: Alt with the digit goes there from anywhere"),
};
static const char *const nothing[KEPT_KINDS] = {
    [KEPT_OUTBOX] = N_("Everything has been sent."),
    [KEPT_DRAFTS] = N_("There is no draft."),
    [KEPT_MESSAGES] = N_("Nothing was said yet."),
    [KEPT_OPENED] = N_("No case was opened yet: the first one gets Alt-1."),
};

const char *kept_head(const struct kept *v)
{
    return _(head[v->kind]);
}

const char *kept_nothing(const struct kept *v)
{
    return _(nothing[v->kind]);
}

static void draw_row(const struct kept *v, size_t i, struct surface *s, int row, struct rect r,
                     struct arena *a)
{
    const struct kept_row *one = &v->rows[i];
    int tail = v->kind == KEPT_MESSAGES ? NUMBER_COL : TAIL_COL;
    if (i == v->current)
        draw_text(s, a, row, r.col, 1, THEME_POINTER, ">");
    draw_text(s, a, row, r.col + WHEN_COL, NUMBER_COL - WHEN_COL - 1, THEME_DIM, "%s", one->when);
    draw_text(s, a, row, r.col + NUMBER_COL, WHAT_COL - NUMBER_COL - 1, THEME_PLAIN, "%s",
              one->number);
    draw_cut(s, a, row, r.col + WHAT_COL, TAIL_COL - WHAT_COL - 1, THEME_PLAIN, one->what);
    draw_cut(s, a, row, r.col + tail, r.cols - tail - 1, one->role, one->tail);
}

/* Wrapped, from line scroll.first on. */
static void put(const struct kept *v, struct surface *s, struct rect r, int *line,
                enum theme_role role, int indent, struct arena *a, const char *text)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            int cells = r.cols - 2 - indent;
            size_t take = n > from ? text_break(text + from, n - from, cells) : 0;
            int row = (*line)++ - v->scroll.first;
            if (row >= 0 && row < r.rows)
                draw_text(s, a, r.row + row, r.col + 1 + indent, cells, role, "%s",
                          arena_strndup(a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
}

static const char *readable(const struct value *value)
{
    enum field_type type = field_table[value->field].type;
    return type == FIELD_TYPE_ENUM || type == FIELD_TYPE_BOOL
               ? choice_label(value->field, value->text)
               : value->text;
}

static void draw_chosen(struct kept *v, struct surface *s, struct rect r, struct arena *a)
{
    const struct kept_row *one = &v->rows[v->current];
    int line = 0;
    if (*one->more)
        put(v, s, r, &line, THEME_PLAIN, 0, a, one->more);
    for (size_t i = 0; i < one->n_values; i++) {
        if (!one->values[i].text || !*one->values[i].text)
            continue;
        put(v, s, r, &line, THEME_LABEL, 0, a, _(field_table[one->values[i].field].label));
        put(v, s, r, &line, THEME_PLAIN, 2, a, readable(&one->values[i]));
    }
    v->scroll.lines = line;
    v->scroll.height = r.rows;
}

void kept_draw(struct kept *v, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    int most = r.rows - 2 - BELOW_LEAST < LIST_LEAST ? LIST_LEAST : (r.rows - 2) / 2;
    if (v->kind == KEPT_MESSAGES && r.rows - 2 - BELOW_LEAST > LIST_LEAST)
        most = r.rows - 2 - BELOW_LEAST;
    int rows = (int)v->n < most ? (int)v->n : most;
    size_t from = v->current >= (size_t)rows && rows > 0 ? v->current - (size_t)rows + 1 : 0;
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, "%s", kept_head(v));
    if (v->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 4, THEME_DIM, "%s", kept_nothing(v));
    for (int i = 0; i < rows; i++)
        draw_row(v, from + (size_t)i, s, r.row + 1 + i, r, scratch);
    if (v->n > 0 && r.rows > rows + 3) {
        draw_rule(s, r.row + 1 + rows, r.col, r.cols);
        draw_chosen(v, s, (struct rect){r.row + rows + 2, r.col, r.rows - rows - 2, r.cols},
                    scratch);
    }
    surface_unclip(s, old);
}
