/* case_paint.c: lines of the page of a case. */
#include "tui/view/case_paint.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

int paint_row(const struct painter *p)
{
    int row = p->line - p->page->scroll.first;
    return row >= 0 && row < p->r.rows ? p->r.row + row : -1;
}

void paint_line(struct painter *p, int indent, enum theme_role role, const char *text)
{
    int row = paint_row(p);
    p->line++;
    if (row >= 0)
        draw_cut(p->s, p->a, row, p->r.col + 1 + indent, p->r.cols - 1 - indent, role, text);
}

void paint_wrapped(struct painter *p, int indent, enum theme_role role, const char *text)
{
    int room = p->r.cols - 2 - indent;
    const char *at = text;
    if (room < 4)
        room = 4;
    do {
        size_t n = strcspn(at, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(at + from, n - from, room) : 0;
            if (paint_row(p) >= 0)
                paint_line(p, indent, role, arena_strndup(p->a, at + from, take));
            else
                p->line++;
            from += take;
        } while (from < n);
        at += n + (at[n] == '\n');
    } while (*at);
}

void paint_fact(struct painter *p, int at, int indent, const char *label, enum theme_role role,
                const char *text)
{
    int row = paint_row(p);
    if (row >= 0)
        draw_cut(p->s, p->a, row, p->r.col + 1 + at, indent - at - 1, THEME_LABEL, label);
    paint_wrapped(p, indent, role, text);
}
