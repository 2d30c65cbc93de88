#include "tui/surface.h"
#include "core/text/width.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool ascii;

void surface_set_ascii(bool on)
{
    ascii = on;
}

bool surface_ascii(void)
{
    return ascii || width_ambiguous() == 2;
}

void surface_init(struct surface *s)
{
    memset(s, 0, sizeof *s);
}

void surface_release(struct surface *s)
{
    free(s->cell);
    surface_init(s);
}

static struct cell *at(const struct surface *s, int row, int col)
{
    return &s->cell[(size_t)row * (size_t)s->cols + (size_t)col];
}

static void blank(struct cell *c, unsigned char role)
{
    c->text[0] = ' ';
    c->len = c->cells = 1;
    c->role = role;
}

static struct rect share(struct rect a, struct rect b)
{
    int top = a.row > b.row ? a.row : b.row;
    int left = a.col > b.col ? a.col : b.col;
    int64_t bottom_a = (int64_t)a.row + a.rows, bottom_b = (int64_t)b.row + b.rows;
    int64_t right_a = (int64_t)a.col + a.cols, right_b = (int64_t)b.col + b.cols;
    int64_t rows = (bottom_a < bottom_b ? bottom_a : bottom_b) - top;
    int64_t cols = (right_a < right_b ? right_a : right_b) - left;
    return (struct rect){top, left, rows > 0 ? (int)rows : 0, cols > 0 ? (int)cols : 0};
}

enum status surface_resize(struct surface *s, int rows, int cols, struct errmsg *err)
{
    if (rows < 0 || cols < 0 || rows > SURFACE_SIDE || cols > SURFACE_SIDE)
        return fail(err, ST_INVALID, "A screen of %d rows and %d columns cannot be drawn on.", rows,
                    cols);
    size_t n = (size_t)rows * (size_t)cols;
    struct cell *cell = calloc(n ? n : 1, sizeof *cell);
    if (!cell)
        return fail(err, ST_NOMEM, "Out of memory; the screen keeps its old size.");
    free(s->cell);
    s->cell = cell;
    s->rows = rows;
    s->cols = cols;
    s->clip = (struct rect){0, 0, rows, cols};
    for (size_t i = 0; i < n; i++)
        blank(&cell[i], SURFACE_PLAIN);
    return ST_OK;
}

struct rect surface_clip(struct surface *s, struct rect r)
{
    struct rect old = s->clip;
    s->clip = share(old, r);
    return old;
}

void surface_unclip(struct surface *s, struct rect old)
{
    s->clip = old;
}

/* A wide character that loses one half must not leave the other behind. */
static void split(struct surface *s, int row, int col)
{
    struct cell *c = at(s, row, col);
    if (c->cells == 0 && col > 0)
        blank(c - 1, c[-1].role);
    if (c->cells == 2 && col + 1 < s->cols)
        blank(c + 1, c[1].role);
}

static bool visible(const struct surface *s, int row, int col)
{
    return row >= s->clip.row && row - s->clip.row < s->clip.rows && col >= s->clip.col &&
           col - s->clip.col < s->clip.cols;
}

void surface_fill(struct surface *s, struct rect r, unsigned char role)
{
    r = share(r, s->clip);
    if (r.cols == 0)
        return;
    for (int row = r.row; row - r.row < r.rows; row++) {
        split(s, row, r.col);
        split(s, row, r.col + r.cols - 1);
        struct cell *c = at(s, row, r.col);
        for (int i = 0; i < r.cols; i++)
            blank(&c[i], role);
    }
}

void surface_scroll(struct surface *s, struct rect r, int by)
{
    r = share(r, s->clip);
    int n = by < 0 ? -by : by;
    if (n >= r.rows || r.cols == 0) {
        surface_fill(s, r, SURFACE_PLAIN);
        return;
    }
    for (int row = r.row; row < r.row + r.rows; row++) {
        if (at(s, row, r.col)->cells == 0)
            surface_fill(s, (struct rect){row, r.col, 1, 1}, SURFACE_PLAIN);
        if (at(s, row, r.col + r.cols - 1)->cells == 2)
            surface_fill(s, (struct rect){row, r.col + r.cols - 1, 1, 1}, SURFACE_PLAIN);
    }
    for (int i = 0; i < r.rows - n; i++) {
        int to = by > 0 ? r.row + i : r.row + r.rows - 1 - i;
        memcpy(at(s, to, r.col), at(s, to + by, r.col), (size_t)r.cols * sizeof *s->cell);
    }
    surface_fill(s, (struct rect){by > 0 ? r.row + r.rows - n : r.row, r.col, n, r.cols},
                 SURFACE_PLAIN);
}

static void put_cluster(struct surface *s, int row, int col, const char *text, size_t len,
                        int cells, unsigned char role)
{
    bool whole = visible(s, row, col) && (cells == 1 || visible(s, row, col + 1));
    for (int i = 0; i < cells; i++)
        if (visible(s, row, col + i)) {
            split(s, row, col + i);
            blank(at(s, row, col + i), role);
        }
    if (!whole || len > SURFACE_CELL || (unsigned char)text[0] < 0x20 || text[0] == 0x7f)
        return;
    struct cell *c = at(s, row, col);
    memcpy(c->text, text, len);
    c->len = (unsigned char)len;
    c->cells = (unsigned char)cells;
    if (cells == 2)
        c[1].len = c[1].cells = 0;
}

/* Most of all text: one byte, one cell. */
static void put_byte(struct surface *s, int row, int col, char byte, unsigned char role)
{
    if (!visible(s, row, col))
        return;
    struct cell *c = at(s, row, col);
    if (c->cells != 1)
        split(s, row, col);
    blank(c, role);
    c->text[0] = byte;
}

/* ASCII that shows, with nothing after it that could join it. */
static bool stands_alone(struct clean text, size_t i)
{
    unsigned char c = (unsigned char)text.text[i];
    return c >= 0x20 && c < 0x7f && (i + 1 == text.len || (unsigned char)text.text[i + 1] < 0x7f);
}

/* What stands for signs that are ours but come in texts: the dot between two parts of a line, and what clean.h makes of
 * a line break. NULL: it is a character of the text. */
static const char *plain_sign(struct clean text, size_t i, size_t len, bool escaped)
{
    static const char dot[] = " · ", line_break[] = "↵";
    if (!ascii)
        return NULL;
    if (escaped && len == sizeof line_break - 1 && memcmp(text.text + i, line_break, len) == 0)
        return "/";
    bool parts = i > 0 && i + 3 <= text.len && memcmp(text.text + i - 1, dot, sizeof dot - 1) == 0;
    return parts ? "-" : NULL;
}

int surface_put(struct surface *s, int row, int col, int cells, struct clean text,
                unsigned char role)
{
    assert(role != SURFACE_ESCAPED);
    unsigned char now = role;
    int used = 0;
    for (size_t i = 0; i < text.len && text.text[i] != '\n';) {
        if (used < cells && stands_alone(text, i)) {
            put_byte(s, row, col + used++, text.text[i++], now);
            continue;
        }
        if (text.text[i] == CLEAN_ON || text.text[i] == CLEAN_OFF) {
            now = text.text[i++] == CLEAN_ON ? SURFACE_ESCAPED : role;
            continue;
        }
        int wide = 0;
        size_t len = cluster_next(text.text + i, text.len - i, &wide);
        if (wide > cells - used)
            break;
        const char *plain = plain_sign(text, i, len, now == SURFACE_ESCAPED);
        if (plain && wide > 0)
            put_cluster(s, row, col + used, plain, 1, 1, now);
        else if (wide > 0)
            put_cluster(s, row, col + used, text.text + i, len, wide, now);
        used += wide;
        i += len;
    }
    return used;
}

static void put_line(struct surface *s, int row, int col, const char *part, unsigned char role)
{
    put_cluster(s, row, col, part, strlen(part), 1, role);
}

void surface_put_pixels(struct surface *s, int row, int col, unsigned char above,
                        unsigned char below)
{
    static const char upper_half[] = "▀";
    if (!visible(s, row, col))
        return;
    put_cluster(s, row, col, upper_half, sizeof upper_half - 1, 1, SURFACE_PICTURE);
    at(s, row, col)->above = above;
    at(s, row, col)->below = below;
}

void surface_box(struct surface *s, struct rect r, unsigned char role)
{
    enum { LEVEL, UPRIGHT, TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT, PARTS };
    static const char *const lines[2][PARTS] = {{"─", "│", "┌", "┐", "└", "┘"},
                                                {"-", "|", "+", "+", "+", "+"}};
    const char *const *part = lines[surface_ascii()];
    if (r.rows < 2 || r.cols < 2)
        return;
    int bottom = r.row + r.rows - 1, right = r.col + r.cols - 1;
    for (int col = r.col + 1; col < right; col++) {
        put_line(s, r.row, col, part[LEVEL], role);
        put_line(s, bottom, col, part[LEVEL], role);
    }
    for (int row = r.row + 1; row < bottom; row++) {
        put_line(s, row, r.col, part[UPRIGHT], role);
        put_line(s, row, right, part[UPRIGHT], role);
    }
    put_line(s, r.row, r.col, part[TOP_LEFT], role);
    put_line(s, r.row, right, part[TOP_RIGHT], role);
    put_line(s, bottom, r.col, part[BOTTOM_LEFT], role);
    put_line(s, bottom, right, part[BOTTOM_RIGHT], role);
}

void surface_dump(const struct surface *s, struct buf *out)
{
    for (int row = 0; row < s->rows; row++) {
        int end = s->cols;
        while (end > 0 && at(s, row, end - 1)->len == 1 && at(s, row, end - 1)->text[0] == ' ')
            end--;
        for (int col = 0; col < end; col++)
            buf_add(out, at(s, row, col)->text, at(s, row, col)->len);
        buf_putc(out, '\n');
    }
}
