/* files_picture_draw.c: pixels as cells. A cell is about twice as high as wide, so it holds two pixels. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/view/files.h"
#include <string.h>

/* Cells that it takes in so many rows and columns: its shape is kept, and it is not made larger. */
static void fit(const struct pixels *p, int rows, int cols, int *ret_rows, int *ret_cols)
{
    int64_t wide = p->cols, high = p->rows;
    if (wide > cols) {
        high = high * cols / wide;
        wide = cols;
    }
    if (high > 2 * (int64_t)rows) {
        wide = wide * 2 * rows / high;
        high = 2 * (int64_t)rows;
    }
    *ret_cols = wide > 0 ? (int)wide : 1;
    *ret_rows = high > 1 ? (int)((high + 1) / 2) : 1;
}

/* How bright it looks (ITU-R BT.601), 0..255. */
static unsigned brightness(unsigned rgb)
{
    return ((rgb >> 16 & 0xff) * 299 + (rgb >> 8 & 0xff) * 587 + (rgb & 0xff) * 114) / 1000;
}

/* Signs of rising weight: what is brightest has the heaviest on a dark ground, on a light one what is darkest. The darkest
 * and the brightest part of this picture take both ends, else most photos were of three signs. */
static void draw_signs(const struct pixels *p, bool on_light, struct surface *s, struct rect r,
                       struct arena *a)
{
    static const char ramp[] = " .:-=+*#%@";
    enum { HEAVIEST = sizeof ramp - 2, FLAT = 8 };
    size_t n = (size_t)r.rows * (size_t)r.cols;
    unsigned least = 255, most = 0;
    unsigned char *bright = arena_alloc(a, n);
    char *line = arena_alloc(a, (size_t)r.cols + 1);
    if (!bright || !line)
        return;
    for (size_t i = 0; i < n; i++) {
        int x = (int)(i % (size_t)r.cols), y = (int)(i / (size_t)r.cols);
        bright[i] = (unsigned char)brightness(pixels_mean(p, x, r.cols, y, r.rows));
        least = bright[i] < least ? bright[i] : least;
        most = bright[i] > most ? bright[i] : most;
    }
    if (most - least < FLAT) {
        least = 0;
        most = 255;
    }
    for (int y = 0; y < r.rows; y++) {
        for (int x = 0; x < r.cols; x++) {
            unsigned weight =
                (bright[y * r.cols + x] - least) * (HEAVIEST + 1) / (most - least + 1);
            line[x] = ramp[on_light ? HEAVIEST - weight : weight];
        }
        line[r.cols] = '\0';
        draw_text(s, a, r.row + y, r.col, r.cols, THEME_PLAIN, "%s", line);
    }
}

static void draw_blocks(const struct pixels *p, struct surface *s, struct rect r)
{
    enum { COLOURS = 256 };
    for (int y = 0; y < r.rows; y++)
        for (int x = 0; x < r.cols; x++) {
            unsigned above = pixels_mean(p, x, r.cols, 2 * y, 2 * r.rows);
            unsigned below = pixels_mean(p, x, r.cols, 2 * y + 1, 2 * r.rows);
            surface_put_pixels(s, r.row + y, r.col + x,
                               (unsigned char)theme_nearest(above, COLOURS),
                               (unsigned char)theme_nearest(below, COLOURS));
        }
}

void files_picture_draw(const struct files_picture *p, enum files_ink ink, struct surface *s,
                        struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r), in = {r.row + 1, r.col, r.rows - 2, r.cols};
    const struct pixels *pixels = &p->pixels;
    const char *size =
        arena_printf(scratch, _("%d x %d pixels"), pixels->full_cols, pixels->full_rows);
    const char *kind = attached_kind(scratch, &p->file);
    draw_cut(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD,
             arena_printf(scratch, "%s · %s · %s%s", p->file.name, kind, size,
                          pixels->damaged ? _(" · damaged: not all of it is there") : ""));
    if (pixels->rgb && in.rows > 0) {
        fit(pixels, in.rows, in.cols, &in.rows, &in.cols);
        in.col += (r.cols - in.cols) / 2;
        if (ink == INK_BLOCKS)
            draw_blocks(pixels, s, in);
        else
            draw_signs(pixels, ink == INK_ON_LIGHT, s, in, scratch);
    }
    draw_cut(s, scratch, r.row + r.rows - 1, r.col + 1, r.cols - 2, THEME_DIM,
             ink == INK_BLOCKS
                 ? _("A preview in half blocks; Enter opens it in the viewer, any key goes back")
                 : _("A preview in signs; Enter opens it in the viewer, any key goes back"));
    surface_unclip(s, old);
}
