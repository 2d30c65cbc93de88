/* queue_draw.c: the queue as cells; reads nothing but its model. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum column { LEFT, NUMBER, CATEGORY, COMMUNITY, STATE, WHAT, COLUMNS };
enum { FIRST_COL = 1 };

/* Cells of each column but the last, by the width there is; 0: left out. */
static const struct {
    int from;
    int cells[COLUMNS - 1];
} layout[] = {
    {150, {9, 11, 18, 14, 10}}, {100, {9, 11, 15, 12, 9}}, {78, {9, 11, 13, 10, 9}},
    {66, {9, 11, 11, 0, 8}},    {0, {9, 11, 0, 0, 8}},
};

static void badges(const struct queue_row *row, struct surface *s, int at, int col, int *cells,
                   struct arena *scratch)
{
    const char *text = arena_printf(
        scratch, "%s%s%s%s", row->conflict ? " !!" : "", row->unsent ? " ^" : "",
        row->draft ? " ~" : "",
        row->repeats > 0 ? arena_printf(scratch, " %s%d", draw_sign(SIGN_REPEAT), row->repeats + 1)
                         : "");
    int width = text_width(text, strlen(text));
    if (width == 0 || width >= *cells)
        return;
    draw_text(s, scratch, at, col + *cells - width, width,
              row->conflict ? THEME_ERROR
              : row->unsent ? THEME_UNSENT
                            : THEME_DIM,
              "%s", text);
    *cells -= width;
}

static void draw_row(const struct queue *q, size_t i, struct surface *s, int at, struct rect r,
                     const int *cells, struct arena *scratch)
{
    const struct queue_row *row = &q->rows[i];
    bool current = i == q->current;
    bool late = row->due_ms != TIME_NONE && row->due_ms < q->now_ms;
    bool soon = !late && row->due_ms != TIME_NONE && row->due_ms - q->now_ms < 2 * MS_HOUR;
    enum theme_role plain = current && q->bar ? THEME_CURRENT : THEME_PLAIN;
    if (current && q->bar)
        surface_fill(s, (struct rect){at, r.col, 1, r.cols}, THEME_CURRENT);
    if (current)
        draw_text(s, scratch, at, r.col, 1, q->bar ? THEME_CURRENT : THEME_POINTER, ">");
    const char *text[COLUMNS] = {draw_left(scratch, row->due_ms, q->now_ms),
                                 draw_number(scratch, row->number),
                                 row->category,
                                 row->community,
                                 row->state,
                                 row->title};
    int col = r.col + FIRST_COL;
    if (late)
        draw_text(s, scratch, at, col, 1, THEME_OVERDUE, "!");
    for (int k = 0; k < COLUMNS; k++) {
        int room = k < WHAT ? cells[k] - 1 : r.col + r.cols - col;
        enum theme_role role = k > LEFT ? plain : late ? THEME_OVERDUE : soon ? THEME_WARN : plain;
        if (room <= 0)
            continue;
        if (k == WHAT)
            badges(row, s, at, col, &room, scratch);
        if (k == LEFT) { /* to the right, so that hours stand under hours */
            int width = text_width(text[k], strlen(text[k]));
            if (width < room)
                draw_text(s, scratch, at, col + room - width, width, role, "%s", text[k]);
            else
                draw_text(s, scratch, at, col, room, role, "%s", text[k]);
        } else {
            draw_cut(s, scratch, at, col, room, role, text[k]);
        }
        col += room + 1;
    }
}

void queue_draw(const struct queue *q, struct surface *s, struct rect r, struct arena *scratch)
{
    static const char *const head[COLUMNS] = {N_("Left"),      N_("Case"),  N_("Category"),
                                              N_("Community"), N_("State"), N_("What")};
    size_t l = 0;
    while (r.cols < layout[l].from)
        l++;
    const int *cells = layout[l].cells;
    int col = r.col + FIRST_COL;
    for (int k = 0; k < COLUMNS; k++) {
        int room = k < WHAT ? cells[k] - 1 : r.col + r.cols - col;
        if (room <= 0)
            continue;
        draw_text(s, scratch, r.row, col, room, THEME_LABEL, "%s", _(head[k]));
        col += room + 1;
    }
    draw_rule(s, r.row + 1, r.col, r.cols);
    for (size_t i = 0; i < q->n && (int)i + 2 < r.rows; i++)
        draw_row(q, i, s, r.row + 2 + (int)i, r, cells, scratch);
    if (q->n == 0)
        draw_text(s, scratch, r.row + 3, r.col + 3, r.cols - 3, THEME_DIM, "%s",
                  *q->filter ? _("No case matches the filter. f changes it; empty shows all.")
                             : _("No case in this view. The digits switch the view."));
}
