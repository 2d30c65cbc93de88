/* help_draw.c: the help as cells; reads nothing but its model. */
#include "tui/draw.h"
#include "core/base/i18n.h"
#include "tui/view/help.h"
#include <string.h>

enum { KEYS_CELLS = 20 };

static void draw_line(const struct help *h, size_t i, struct surface *s, int at, struct rect r,
                      struct arena *a)
{
    const struct help_line *l = &h->line[i];
    if (l->head) {
        draw_text(s, a, at, r.col + 1, r.cols - 2, THEME_HEAD, "%s", l->text);
        return;
    }
    if (i == h->at && *l->keys)
        draw_text(s, a, at, r.col, 1, THEME_POINTER, ">");
    if (l->role == THEME_DIM) /* not possible; not every theme has a dim look */
        draw_text(s, a, at, r.col + 1, 1, THEME_DIM, "-");
    int used = draw_text(s, a, at, r.col + 2, r.cols - 3, l->key_role, "%s", l->keys);
    int col = used < KEYS_CELLS ? 2 + KEYS_CELLS : 3 + used;
    draw_cut(s, a, at, r.col + col, r.cols - col - 1, l->role, l->text);
}

void help_draw(const struct help *h, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    for (int row = 0; row < r.rows; row++) {
        size_t i = (size_t)(h->scroll.first + row);
        if (i < h->n)
            draw_line(h, i, s, r.row + row, r, scratch);
    }
    draw_more(s, r, h->scroll.first, (int)h->n);
    if (h->n == 0)
        draw_text(s, scratch, r.row + 1, r.col + 2, r.cols - 3, THEME_DIM, "%s",
                  _("Nothing here has this key, word or meaning."));
    surface_unclip(s, old);
}
