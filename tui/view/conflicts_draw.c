/* conflicts_draw.c: the list of conflicts, and of the current one mine beside theirs. */
#include "tui/view/conflicts.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum { LIST_MOST = 6 };

/* One column of wrapped lines, from line first on. */
struct column {
    struct surface *s;
    struct rect r;
    int line, first;
    struct arena *a;
};

static void put(struct column *k, enum theme_role role, int indent, const char *text)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, k->r.cols - indent) : 0;
            int row = k->line++ - k->first;
            if (row >= 0 && row < k->r.rows)
                draw_text(k->s, k->a, k->r.row + row, k->r.col + indent, k->r.cols - indent, role,
                          "%s", arena_strndup(k->a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
}

static void put_values(struct column *k, const struct case_page *page, const struct value *values,
                       size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!values[i].text || !*values[i].text)
            continue;
        put(k, THEME_LABEL, 0, _(field_table[values[i].field].label));
        put(k, THEME_PLAIN, 2, case_value(page, values[i].field, values[i].text, k->a));
    }
}

static void mine(struct column *k, const struct conflict *m, const struct case_page *page)
{
    put(k, THEME_HEAD, 0,
        arena_printf(k->a, _("Mine: %s, %s"), _(command_table[m->command.type].label),
                     draw_time(k->a, m->command.at_ms)));
    put_values(k, page, m->command.values, m->command.n_values);
}

static void theirs(struct column *k, const struct conflict *m, const struct case_page *page)
{
    put(k, THEME_ERROR, 0, m->reason);
    if (!page->have) {
        put(k, THEME_DIM, 0, _("The case is no longer in your sight. Its text is kept here."));
        return;
    }
    put(k, THEME_HEAD, 0,
        arena_printf(k->a, _("Theirs: %s"), _(state_table[page->shown.state].label)));
    /* what happened since the person looked */
    for (size_t i = 0; i < page->n_confirmed; i++) {
        const struct event *e = &page->events[i];
        if (e->seq <= m->command.base)
            continue;
        put(k, THEME_PLAIN, 0,
            arena_printf(k->a, "%s  %s  %s", draw_time(k->a, e->at_ms),
                         _(command_table[e->type].label),
                         reference_actor_name(page->reference, &e->actor, i18n_chinese())));
        put_values(k, page, e->values, e->n_values);
    }
}

/* Returns the rows it took. */
static int draw_list(const struct conflicts *v, struct surface *s, struct rect r,
                     struct arena *scratch)
{
    int rows = (int)v->n < LIST_MOST ? (int)v->n : LIST_MOST;
    size_t from = v->current >= (size_t)rows && rows > 0 ? v->current - (size_t)rows + 1 : 0;
    for (int i = 0; i < rows; i++) {
        const struct conflict *m = &v->rows[from + (size_t)i];
        bool current = from + (size_t)i == v->current;
        int row = r.row + 1 + i, col = r.col + 2;
        if (current)
            draw_text(s, scratch, row, r.col, 1, THEME_POINTER, ">");
        draw_text(s, scratch, row, col, 12, THEME_DIM, "%s", draw_time(scratch, m->at_ms));
        draw_text(s, scratch, row, col + 13, 11, THEME_PLAIN, "%s",
                  draw_number(scratch, m->number));
        draw_cut(s, scratch, row, col + 25, 16, THEME_PLAIN,
                 _(command_table[m->command.type].label));
        draw_cut(s, scratch, row, col + 42, r.cols - 45, THEME_ERROR, m->reason);
    }
    draw_more(s, (struct rect){r.row + 1, r.col, rows, r.cols}, (int)from, (int)v->n);
    return rows;
}

void conflicts_draw(struct conflicts *v, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, "%s",
              _("Refused by the server; nothing is lost until you say so"));
    if (v->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 4, THEME_DIM, "%s",
                  _("There is no conflict."));
    int rows = draw_list(v, s, r, scratch);
    int top = 1 + rows;
    if (v->n > 0 && r.rows > top + 2) {
        draw_rule(s, r.row + top, r.col, r.cols);
        int half = r.cols / 2;
        struct rect below = {r.row + top + 1, r.col, r.rows - top - 1, r.cols};
        struct column left = {
            s, {below.row, r.col + 1, below.rows, half - 2}, 0, v->scroll.first, scratch};
        struct column right = {s,
                               {below.row, r.col + half + 1, below.rows, r.cols - half - 2},
                               0,
                               v->scroll.first,
                               scratch};
        mine(&left, &v->rows[v->current], &v->page);
        theirs(&right, &v->rows[v->current], &v->page);
        v->scroll.lines = left.line > right.line ? left.line : right.line;
        v->scroll.height = below.rows;
        draw_more(s, below, v->scroll.first, v->scroll.lines);
    }
    surface_unclip(s, old);
}

void conflicts_draw_lines(struct conflicts *v, struct surface *s, struct rect r,
                          struct arena *scratch)
{
    int rows = draw_list(v, s, r, scratch);
    struct column all = {
        s, {r.row + 1 + rows, r.col + 1, r.rows - 1 - rows, r.cols - 1}, 0, 0, scratch};
    if (v->n == 0) {
        put(&all, THEME_DIM, 0, _("There is no conflict."));
    } else {
        mine(&all, &v->rows[v->current], &v->page);
        theirs(&all, &v->rows[v->current], &v->page);
    }
    v->scroll.lines = all.line;
}
