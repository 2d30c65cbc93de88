/* many_draw.c: the list of cases, below it the text of the marked one; reads nothing but its model. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/many.h"
#include <string.h>

enum { LIST_LEAST = 3, LIST_MOST = 16, BELOW_LEAST = 6 };
enum { STATE_COL = 2, NUMBER_COL = 13, CLAIMANT_COL = 25, TITLE_COL = 44 };

const char *many_word(enum many_state state)
{
    static const char *const word[] = {[MANY_GOES] = N_("ready"),
                                       [MANY_HELD] = N_("held back"),
                                       [MANY_LEFT_OUT] = N_("left out"),
                                       [MANY_NEVER] = N_("not now"),
                                       [MANY_SENT] = N_("confirmed")};
    return _(word[state]);
}

/* "submit reply: text 3 of 12; 2 held back, 1 left out" */
const char *many_head(const struct many *m, struct arena *a)
{
    static const enum many_state told[] = {MANY_HELD, MANY_LEFT_OUT, MANY_NEVER, MANY_SENT};
    const char *text = arena_printf(a, _("%s: text %zu of %zu"), _(command_table[m->type].label),
                                    m->current + 1, m->n);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        size_t n = many_count(m, told[i]);
        if (n > 0)
            text = arena_printf(a, _("%s, %zu %s"), text, n, many_word(told[i]));
    }
    bool chinese = i18n_chinese();
    return m->name ? arena_printf(a, "%s%s%s%s", text, i18n_mark(MARK_OPEN, chinese), m->name,
                                  i18n_mark(MARK_CLOSE, chinese))
                   : text;
}

static enum theme_role role_of(const struct many_text *t)
{
    return t->state == MANY_HELD || t->state == MANY_NEVER ? THEME_ERROR
           : t->state == MANY_GOES                         ? THEME_PLAIN
                                                           : THEME_DIM;
}

static void draw_row(const struct many *m, size_t i, struct surface *s, int row, struct rect r,
                     struct arena *a)
{
    const struct many_text *t = &m->text[i];
    if (i == m->current)
        draw_text(s, a, row, r.col, 1, THEME_POINTER, ">");
    draw_cut(s, a, row, r.col + STATE_COL, NUMBER_COL - STATE_COL - 1, role_of(t),
             many_word(t->state));
    draw_text(s, a, row, r.col + NUMBER_COL, CLAIMANT_COL - NUMBER_COL - 1, THEME_PLAIN, "%s",
              t->number);
    draw_cut(s, a, row, r.col + CLAIMANT_COL, TITLE_COL - CLAIMANT_COL - 1, THEME_PLAIN,
             t->claimant);
    draw_cut(s, a, row, r.col + TITLE_COL, r.cols - TITLE_COL, THEME_DIM, t->title);
}

/* Wrapped, from line scroll.first on. */
static void put(const struct many *m, struct surface *s, struct rect r, int *line,
                enum theme_role role, struct arena *a, const char *text)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, r.cols - 3) : 0;
            int row = (*line)++ - m->scroll.first;
            if (row >= 0 && row < r.rows)
                draw_text(s, a, r.row + row, r.col + 1, r.cols - 3, role, "%s",
                          arena_strndup(a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
}

/* Why it is held, the fields, the text; what is below the window is told at its right edge. */
static void draw_text_of(struct many *m, struct surface *s, struct rect r, struct arena *a)
{
    const struct many_text *t = &m->text[m->current];
    int line = 0;
    if (*t->why)
        put(m, s, r, &line, THEME_ERROR, a,
            arena_printf(a, "! %s%s%s", many_word(t->state == MANY_NEVER ? MANY_NEVER : MANY_HELD),
                         i18n_mark(MARK_COLON, i18n_chinese()), t->why));
    if (t->own && t->state != MANY_SENT)
        put(m, s, r, &line, THEME_DIM, a,
            _("Its own words: somebody wrote in it, and no template takes their place."));
    if (*t->fields)
        put(m, s, r, &line, THEME_LABEL, a, t->fields);
    if (*t->text)
        put(m, s, r, &line, THEME_PLAIN, a, t->text);
    m->scroll.lines = line;
    m->scroll.height = r.rows;
    if (m->scroll.first + r.rows < line)
        draw_text(s, a, r.row + r.rows - 1, r.col + r.cols - 1, 1, THEME_DIM, "v");
}

void many_draw(struct many *m, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    int most = r.rows - 2 - BELOW_LEAST < LIST_LEAST ? LIST_LEAST : r.rows / 3;
    if (most > LIST_MOST)
        most = LIST_MOST;
    int rows = (int)m->n < most ? (int)m->n : most;
    size_t from = m->current >= (size_t)rows && rows > 0 ? m->current - (size_t)rows + 1 : 0;
    draw_cut(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, many_head(m, scratch));
    for (int i = 0; i < rows; i++)
        draw_row(m, from + (size_t)i, s, r.row + 1 + i, r, scratch);
    if (r.rows > rows + 3) {
        draw_rule(s, r.row + 1 + rows, r.col, r.cols);
        draw_text_of(m, s, (struct rect){r.row + rows + 2, r.col, r.rows - rows - 2, r.cols},
                     scratch);
    }
    surface_unclip(s, old);
}
