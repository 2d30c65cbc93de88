/* clocks_draw.c: the list of clocks, and below it the proof of the chosen one. */
#include "tui/view/clocks.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <inttypes.h>
#include <string.h>

/* Columns of the proof: from and to, counted (its right end), sum (the same), what and why. */
enum {
    LIST_MOST = 6,
    TIMES_CELLS = 25,
    COUNTED_END = 37,
    SUM_END = 49,
    TEXT_COL = 51,
    MOMENT_COL = 13
};

struct painter {
    struct surface *s;
    struct rect r;
    int line, first;
    struct arena *a;
};

/* The row of the next line, -1 when it is out of sight. */
static int next_row(struct painter *p)
{
    int at = p->line++ - p->first;
    return at >= 0 && at < p->r.rows ? p->r.row + at : -1;
}

static const char *name_of(const struct proof *p, struct arena *a)
{
    const char *label = _(clock_table[p->clock].label);
    return p->object ? arena_printf(a, "%s %" PRIu32, label, p->object) : label;
}

/* A right, not a duty: nobody is late with it. */
static bool is_right(enum clock_id clock)
{
    return clock == CLOCK_RETURN || clock == CLOCK_EXCLUSION;
}

static const char *standing(const struct proof *p, int64_t now_ms, struct arena *a,
                            enum theme_role *ret_role)
{
    bool over = p->run.status == CLOCK_RUNNING && now_ms > p->due_ms;
    *ret_role = !over ? THEME_PLAIN : is_right(p->clock) ? THEME_DIM : THEME_OVERDUE;
    switch (p->run.status) {
    case CLOCK_RUNNING:
        if (over && is_right(p->clock))
            return _("lapsed");
        return over ? arena_printf(a, _("OVERDUE %s"), draw_left(a, now_ms, p->due_ms))
                    : arena_printf(a, _("%s left"), draw_left(a, p->due_ms, now_ms));
    case CLOCK_PAUSED:
        return _("stands still");
    case CLOCK_CANCELLED:
        return _("cancelled");
    case CLOCK_STOPPED:
    case CLOCK_NEVER:
        break;
    }
    return p->run.stopped_ms > p->run.due_ms ? _("stopped late") : _("stopped");
}

/* What the lines come to beside what the limit says. */
static const char *sum_of(const struct proof *p, struct arena *a)
{
    const char *sum = draw_length(a, p->sum_ms);
    if (p->limit_ms == TIME_NONE)
        return arena_printf(a, _("%s to a date"), sum);
    if (p->limit_ms == p->sum_ms)
        return arena_printf(a, _("%s = limit"), sum);
    return arena_printf(a, _("%s of %s"), sum, draw_length(a, p->limit_ms));
}

static void list(const struct clocks *v, struct surface *s, struct rect r, int rows,
                 struct arena *a)
{
    size_t from = v->current >= (size_t)rows ? v->current - (size_t)rows + 1 : 0;
    for (int i = 0; i < rows; i++) {
        const struct proof *p = &v->proofs[from + (size_t)i];
        enum theme_role role;
        const char *how = standing(p, v->now_ms, a, &role);
        int row = r.row + 1 + i, col = r.col + 2;
        if (from + (size_t)i == v->current)
            draw_text(s, a, row, r.col, 1, THEME_POINTER, ">");
        draw_cut(s, a, row, col, 20, THEME_PLAIN, name_of(p, a));
        draw_text(s, a, row, col + 21, 15, THEME_PLAIN, "%s", draw_time(a, p->due_ms));
        draw_cut(s, a, row, col + 34, 18, role, how);
        draw_cut(s, a, row, col + 53, r.cols - 56, THEME_DIM, sum_of(p, a));
    }
    draw_more(s, (struct rect){r.row + 1, r.col, rows, r.cols}, (int)from, (int)v->n);
}

/* Wrapped from column col on; the first line of it lies in row. */
static void beside(struct painter *p, int row, int col, enum theme_role role, const char *text)
{
    size_t n = strlen(text), from = 0;
    int cells = p->r.cols - col - 1;
    for (;;) {
        size_t take = text_break(text + from, n - from, cells);
        if (row >= 0)
            draw_text(p->s, p->a, row, p->r.col + col, cells, role, "%s",
                      arena_strndup(p->a, text + from, take));
        from += take;
        if (from >= n || take == 0)
            return;
        row = next_row(p);
    }
}

static void to_the_left_of(struct painter *p, int row, int end, enum theme_role role,
                           const char *text)
{
    int width = text_width(text, strlen(text));
    draw_text(p->s, p->a, row, p->r.col + end - width, width, role, "%s", text);
}

static void proof_line(struct painter *p, const struct proof_line *l)
{
    bool moment = l->from_ms == l->to_ms;
    enum theme_role role = l->kind == PROOF_OTHERWISE ? THEME_WARN
                           : moment                   ? THEME_HEAD
                           : l->counted_ms            ? THEME_PLAIN
                                                      : THEME_DIM;
    const char *label = _(proof_kind_table[l->kind].label);
    int row = next_row(p);
    if (row >= 0)
        draw_text(p->s, p->a, row, p->r.col, TIMES_CELLS, role, "%s%s%s",
                  draw_time(p->a, l->from_ms), moment ? "" : " - ",
                  moment ? "" : draw_time(p->a, l->to_ms));
    if (row >= 0 && !moment) {
        to_the_left_of(p, row, COUNTED_END, role,
                       l->counted_ms ? draw_length(p->a, l->counted_ms) : "-");
        to_the_left_of(p, row, SUM_END, role, draw_length(p->a, l->sum_ms));
    }
    beside(p, row, moment ? MOMENT_COL : TEXT_COL, role,
           *l->why ? arena_printf(p->a, "%s%s%s%s", label, i18n_mark(MARK_OPEN, i18n_chinese()),
                                  l->why, i18n_mark(MARK_CLOSE, i18n_chinese()))
                   : label);
}

void clocks_draw(struct clocks *v, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    int rows = (int)v->n < LIST_MOST ? (int)v->n : LIST_MOST, top = 1 + rows;
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD,
              _("%s: how each due time came about"), draw_number(scratch, v->number));
    if (v->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 4, THEME_DIM, "%s",
                  _("No clock ran on this case."));
    else
        list(v, s, r, rows, scratch);
    if (v->n > 0 && r.rows > top + 2) {
        const struct proof *chosen = &v->proofs[v->current];
        struct painter p = {s,
                            {r.row + top + 1, r.col + 1, r.rows - top - 1, r.cols - 1},
                            0,
                            v->scroll.first,
                            scratch};
        draw_rule(s, r.row + top, r.col, r.cols);
        for (size_t i = 0; i < chosen->n; i++)
            proof_line(&p, &chosen->lines[i]);
        v->scroll.lines = p.line;
        v->scroll.height = p.r.rows;
        draw_more(s, p.r, v->scroll.first, p.line);
    }
    surface_unclip(s, old);
}
