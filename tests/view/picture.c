#include "tests/view/picture.h"
#include "core/text/utf8.h"
#include <stdio.h>
#include <string.h>

/* Pixels of a cell; a letter's line stands at BASE. */
enum { WIDE = 8, HIGH = 17, UPPER = 9, BASE = 13, EDGE = 8, ROLES = 256 };

static const struct {
    const char *name, *ink, *paper;
} ground[PICTURE_THEMES] = {{"dark", "#d8d8d8", "#16181c"},
                            {"light", "#1c1c1c", "#ffffff"},
                            {"mono", "#e0e0e0", "#000000"}};

enum status picture_themes_load(struct picture_themes *t, struct errmsg *err)
{
    enum status st = ST_OK;
    for (int i = 0; i < PICTURE_THEMES && st == ST_OK; i++)
        st = theme_load(ground[i].name, i == 2 ? 0 : 256, &t->theme[i], err);
    return st;
}

/* Of the 256 of xterm; -1: what stands there anyway. */
static void put_colour(int n, const char *other, struct buf *out)
{
    static const char *const first[] = {
        "#000000", "#cd3131", "#0dbc79", "#b58900", "#4a8fe7", "#bc3fbc", "#11a8cd", "#c0c0c0",
        "#767676", "#f14c4c", "#23d18b", "#d7ba00", "#6ba5f2", "#d670d6", "#29b8db", "#ffffff"};
    static const int level[] = {0, 95, 135, 175, 215, 255};
    if (n < 0)
        buf_puts(out, other);
    else if (n < 16)
        buf_puts(out, first[n]);
    else if (n < 232)
        buf_printf(out, "#%02x%02x%02x", (unsigned)level[(n - 16) / 36],
                   (unsigned)level[(n - 16) / 6 % 6], (unsigned)level[(n - 16) % 6]);
    else
        buf_printf(out, "#%02x%02x%02x", (unsigned)(8 + (n - 232) * 10),
                   (unsigned)(8 + (n - 232) * 10), (unsigned)(8 + (n - 232) * 10));
}

static bool reversed(struct theme_style look)
{
    return (look.attributes & THEME_REVERSE) != 0;
}

/* Does a blank of this role show in any theme? */
static bool has_ground(const struct picture_themes *t, unsigned char role)
{
    bool any = false;
    for (int i = 0; i < PICTURE_THEMES; i++) {
        struct theme_style look = theme_style(&t->theme[i], role);
        any = any || reversed(look) || look.background >= 0;
    }
    return any;
}

/* --- the looks of one theme ---------------------------------------------------------------------- */

/* What no theme sets needs no word in any. */
static unsigned attributes_of_any(const struct picture_themes *t, unsigned char role)
{
    unsigned all = 0;
    for (int i = 0; i < PICTURE_THEMES; i++)
        all |= theme_style(&t->theme[i], role).attributes;
    return all;
}

static void put_text_look(const struct picture_themes *t, int theme, unsigned char role,
                          const char *prefix, struct buf *out)
{
    static const struct {
        unsigned attribute;
        const char *property, *on, *off;
    } words[] = {{THEME_BOLD, "font-weight", "bold", "normal"},
                 {THEME_UNDERLINE, "text-decoration", "underline", "none"},
                 {THEME_ITALIC, "font-style", "italic", "normal"},
                 {THEME_FAINT, "opacity", ".7", "1"}};
    struct theme_style look = theme_style(&t->theme[theme], role);
    unsigned any = attributes_of_any(t, role);
    buf_printf(out, "%s.t%x{fill:", prefix, role);
    if (reversed(look))
        put_colour(look.background, ground[theme].paper, out);
    else
        put_colour(look.foreground, ground[theme].ink, out);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (any & words[i].attribute)
            buf_printf(out, ";%s:%s", words[i].property,
                       look.attributes & words[i].attribute ? words[i].on : words[i].off);
    buf_puts(out, "}");
}

static void put_ground_look(const struct picture_themes *t, int theme, unsigned char role,
                            const char *prefix, struct buf *out)
{
    struct theme_style look = theme_style(&t->theme[theme], role);
    buf_printf(out, "%s.b%x{fill:", prefix, role);
    if (reversed(look))
        put_colour(look.foreground, ground[theme].ink, out);
    else
        put_colour(look.background, "none", out);
    buf_puts(out, "}");
}

static void put_theme(const struct picture_themes *t, int theme, const bool used[ROLES],
                      const char *prefix, struct buf *out)
{
    buf_printf(out, "%s.p{fill:%s}%s.c{fill:%s}", prefix, ground[theme].paper, prefix,
               ground[theme].ink);
    for (int role = 0; role < ROLES; role++) {
        if (!used[role])
            continue;
        put_text_look(t, theme, (unsigned char)role, prefix, out);
        if (has_ground(t, (unsigned char)role))
            put_ground_look(t, theme, (unsigned char)role, prefix, out);
    }
    buf_puts(out, "\n");
}

static void put_style(const struct surface *s, const struct picture_themes *t, int show,
                      struct buf *out)
{
    bool used[ROLES] = {false};
    for (int i = 0; i < s->rows * s->cols; i++)
        used[s->cell[i].role] = true;
    buf_puts(out, "<style>.w{font-size:16px}\n");
    put_theme(t, show < 0 ? 0 : show, used, "", out);
    if (show < 0) {
        buf_puts(out, "@media (prefers-color-scheme:light){\n");
        put_theme(t, 1, used, "", out);
        buf_puts(out, "}\n");
        for (int i = 0; i < PICTURE_THEMES; i++) {
            char prefix[32];
            snprintf(prefix, sizeof prefix, "#%s:target ", ground[i].name);
            put_theme(t, i, used, prefix, out);
        }
    }
    buf_puts(out, "</style>\n");
}

/* --- the cells ------------------------------------------------------------------------------------ */

static void put_cluster(const struct cell *cell, struct buf *out)
{
    for (int i = 0; i < cell->len; i++)
        switch (cell->text[i]) {
        case '<':
            buf_puts(out, "&lt;");
            break;
        case '&':
            buf_puts(out, "&amp;");
            break;
        default:
            buf_putc(out, cell->text[i]);
        }
}

static bool is_blank(const struct cell *cell)
{
    return cell->len == 1 && cell->text[0] == ' ';
}

/* Cells from col on that share a role and a width, up to two blanks. */
static int run_of(const struct cell *row, int cols, int col)
{
    int end = col, from = col;
    for (; col < cols && row[col].role == row[from].role && row[col].cells == row[from].cells &&
           col - end < 2;
         col += row[from].cells)
        if (!is_blank(&row[col]))
            end = col + row[col].cells;
    return end - from;
}

static void put_run(const struct cell *row, int y, int col, int cells, struct buf *out)
{
    buf_printf(out, "<text x=\"%d\" y=\"%d\" class=\"t%x%s\"", EDGE + col * WIDE,
               EDGE + y * HIGH + BASE, row[col].role, row[col].cells == 2 ? " w" : "");
    if (cells > row[col].cells) /* the letters of some fonts are narrower */
        buf_printf(out, " textLength=\"%d\"", cells * WIDE);
    buf_puts(out, ">");
    for (int i = col; i < col + cells; i++)
        put_cluster(&row[i], out);
    buf_puts(out, "</text>");
}

static bool has_picture(const struct cell *row, int cols)
{
    for (int col = 0; col < cols; col++)
        if (row[col].role == SURFACE_PICTURE)
            return true;
    return false;
}

/* Two pixels in a cell, each in its own colour whatever the theme; those of one colour beside each other as one. */
static void put_pixels(const struct cell *row, int cols, int y, struct buf *out)
{
    buf_puts(out, "<g shape-rendering=\"crispEdges\">");
    for (int half = 0; half < 2; half++)
        for (int col = 0, n; col < cols; col += n) {
            int colour = half ? row[col].below : row[col].above;
            for (n = 1; col + n < cols && row[col + n].role == row[col].role &&
                        (half ? row[col + n].below : row[col + n].above) == colour;
                 n++)
                ;
            if (row[col].role != SURFACE_PICTURE)
                continue;
            buf_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"",
                       EDGE + col * WIDE, EDGE + y * HIGH + half * UPPER, n * WIDE,
                       half ? HIGH - UPPER : UPPER);
            put_colour(colour, "none", out);
            buf_puts(out, "\"/>");
        }
    buf_puts(out, "</g>");
}

static void put_grounds(const struct cell *row, int cols, int y, const struct picture_themes *t,
                        struct buf *out)
{
    for (int col = 0, n; col < cols; col += n) {
        for (n = 1; col + n < cols && row[col + n].role == row[col].role; n++)
            ;
        if (has_ground(t, row[col].role))
            buf_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" class=\"b%x\"/>",
                       EDGE + col * WIDE, EDGE + y * HIGH, n * WIDE, HIGH, row[col].role);
    }
}

static void put_row(const struct cell *row, int cols, int y, const struct picture_themes *t,
                    struct buf *out)
{
    put_grounds(row, cols, y, t, out);
    if (has_picture(row, cols))
        put_pixels(row, cols, y, out);
    for (int col = 0; col < cols;) {
        bool none = is_blank(&row[col]) || row[col].len == 0 || row[col].role == SURFACE_PICTURE;
        int cells = none ? 0 : run_of(row, cols, col);
        if (cells > 0)
            put_run(row, y, col, cells, out);
        col += cells > 0 ? cells : 1;
    }
    buf_puts(out, "\n");
}

void picture_draw(const struct surface *s, const struct cursor *cursor,
                  const struct picture_themes *t, int show, struct buf *out)
{
    int width = s->cols * WIDE + 2 * EDGE, height = s->rows * HIGH + 2 * EDGE;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"%d\" "
               "height=\"%d\" viewBox=\"0 0 "
               "%d %d\" font-family=\"'DejaVu Sans Mono','Noto Sans Mono CJK SC',Menlo,Consolas,"
               "monospace\" font-size=\"13.3\">\n",
               width, height, width, height);
    put_style(s, t, show, out);
    for (int i = 0; i < PICTURE_THEMES; i++)
        buf_printf(out, "<g id=\"%s\">", ground[i].name);
    buf_printf(out, "<rect width=\"%d\" height=\"%d\" class=\"p\"/>\n", width, height);
    for (int y = 0; y < s->rows; y++)
        put_row(s->cell + (size_t)y * (size_t)s->cols, s->cols, y, t, out);
    if (cursor->row >= 0)
        buf_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"2\" class=\"c\"/>\n",
                   EDGE + cursor->col * WIDE, EDGE + (cursor->row + 1) * HIGH - 2, WIDE);
    for (int i = 0; i < PICTURE_THEMES; i++)
        buf_puts(out, "</g>");
    buf_puts(out, "</svg>\n");
}
