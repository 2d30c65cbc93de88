/* tour_draw.c: a page of the tour as cells; reads nothing but its model. */
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/tour.h"
#include <string.h>

enum { MARGIN = 4, HEAD_ROWS = 2 };

/* The lines of the text from the scrolled one on, each paragraph hung in by a sign. Returns how many there are. */
static int put_text(const char *text, int first, struct surface *s, struct rect r, struct arena *a)
{
    int line = 0;
    while (*text) {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, r.cols) : 0;
            int row = line++ - first;
            if (row >= 0 && row < r.rows) {
                if (from == 0)
                    draw_text(s, a, r.row + row, r.col - 2, 1, THEME_DIM, "-");
                draw_text(s, a, r.row + row, r.col, r.cols, THEME_PLAIN, "%.*s", (int)take,
                          text + from);
            }
            from += take;
            if (take == 0)
                break;
        } while (from < n);
        text += n + (text[n] == '\n');
    }
    return line;
}

void tour_draw(struct tour *t, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    const char *text = tour_text(t->at, scratch);
    int cols = r.cols - 2 * MARGIN < TOUR_COLS ? r.cols - 2 * MARGIN : TOUR_COLS;
    struct rect body = {r.row + HEAD_ROWS, r.col + MARGIN, r.rows - HEAD_ROWS, cols};
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, "%s",
              tour_title(t->at, scratch));
    t->scroll.lines = put_text(text, t->scroll.first, s, body, scratch);
    t->scroll.height = body.rows;
    if (scroll_clamp(&t->scroll)) { /* the window grew */
        surface_fill(s, body, THEME_PLAIN);
        (void)put_text(text, t->scroll.first, s, body, scratch);
    }
    draw_more(s, (struct rect){body.row, r.col, body.rows, r.cols}, t->scroll.first,
              t->scroll.lines);
    surface_unclip(s, old);
}
