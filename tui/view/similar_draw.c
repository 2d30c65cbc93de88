/* similar_draw.c: the list of similar cases, and below it how the chosen one was solved. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/similar.h"
#include <stdio.h>
#include <string.h>

enum { LIST_LEAST = 4, BELOW_LEAST = 5 };
enum { PERCENT_COL = 2, NUMBER_COL = 8, DAY_COL = 20, STATE_COL = 27, TITLE_COL = 38 };

static const char *title_of(const struct similar_case *m)
{
    return !i18n_chinese() && *m->title_en ? m->title_en : m->title;
}

static void draw_one(const struct similar_list *v, size_t i, struct surface *s, int row,
                     struct rect r, struct arena *a)
{
    const struct similar_case *m = &v->rows[i];
    char day[8];
    struct civil at = civil_from_ms(m->created_ms, BEIJING_OFFSET_MS);
    snprintf(day, sizeof day, "%02d-%02d", at.month % 100, at.day % 100);
    if (i == v->current)
        draw_text(s, a, row, r.col, 1, THEME_POINTER, ">");
    draw_text(s, a, row, r.col + PERCENT_COL, 4, THEME_HEAD, "%3d%%", m->like.percent);
    draw_text(s, a, row, r.col + NUMBER_COL, DAY_COL - NUMBER_COL - 1, THEME_PLAIN, "%s",
              draw_number(a, m->number));
    draw_text(s, a, row, r.col + DAY_COL, STATE_COL - DAY_COL - 1, THEME_DIM, "%s", day);
    draw_cut(s, a, row, r.col + STATE_COL, TITLE_COL - STATE_COL - 1, THEME_PLAIN,
             _(state_table[m->state].label));
    draw_cut(s, a, row, r.col + TITLE_COL, r.cols - TITLE_COL, THEME_PLAIN, title_of(m));
}

/* Wrapped, from line scroll.first on. */
static void put(struct similar_list *v, struct surface *s, struct rect r, int *line,
                enum theme_role role, struct arena *a, const char *text)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, r.cols - 2) : 0;
            int row = (*line)++ - v->scroll.first;
            if (row >= 0 && row < r.rows)
                draw_text(s, a, r.row + row, r.col + 1, r.cols - 2, role, "%s",
                          arena_strndup(a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
}

static void draw_chosen(struct similar_list *v, struct surface *s, struct rect r, struct arena *a)
{
    const struct similar_case *m = &v->rows[v->current];
    int line = 0;
    put(v, s, r, &line, THEME_HEAD, a,
        arena_printf(a, "%d%%%s%s", m->like.percent, i18n_mark(MARK_COLON, i18n_chinese()),
                     similar_reasons(&m->like, a)));
    put(v, s, r, &line, THEME_PLAIN, a, title_of(m));
    if (*m->result)
        put(v, s, r, &line, THEME_LABEL, a,
            arena_printf(a, "%s%s%s", _(field_table[FIELD_RESULT].label),
                         i18n_mark(MARK_COLON, i18n_chinese()),
                         choice_label(FIELD_RESULT, m->result)));
    put(v, s, r, &line, *m->solved ? THEME_PLAIN : THEME_DIM, a,
        *m->solved ? m->solved : _("Nothing says yet how it was solved."));
    v->scroll.lines = line;
    v->scroll.height = r.rows;
    draw_more(s, r, v->scroll.first, line);
}

void similar_draw(struct similar_list *v, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    int most = r.rows - 2 - BELOW_LEAST < LIST_LEAST ? LIST_LEAST : (r.rows - 2) / 2;
    int rows = (int)v->n < most ? (int)v->n : most;
    size_t from = v->current >= (size_t)rows && rows > 0 ? v->current - (size_t)rows + 1 : 0;
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD,
              _("Cases like %s, and how they were solved"), v->number ? v->number : "");
    if (v->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 4, THEME_DIM, "%s",
                  v->all ? _("There is no similar case.")
                         : _("None yet: the index of the search is being made, so texts were not "
                             "compared."));
    for (int i = 0; i < rows; i++)
        draw_one(v, from + (size_t)i, s, r.row + 1 + i, r, scratch);
    draw_more(s, (struct rect){r.row + 1, r.col, rows, r.cols}, (int)from, (int)v->n);
    if (v->n > 0 && r.rows > rows + 3) {
        draw_rule(s, r.row + 1 + rows, r.col, r.cols);
        draw_chosen(v, s, (struct rect){r.row + rows + 2, r.col, r.rows - rows - 2, r.cols},
                    scratch);
    }
    surface_unclip(s, old);
}
