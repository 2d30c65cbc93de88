#include "tui/draw.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "core/text/width.h"

enum { DAYS_ALONE = 10 };

static int put(struct surface *s, struct arena *a, int row, int col, int cells,
               enum theme_role role, const char *text, size_t n)
{
    enum { SHORT = 512 }; /* cleaned whole */
    struct clean clean =
        n < SHORT ? text_clean(a, text, n, CLEAN_LINE) : text_clean_fit(a, text, n, cells);
    return surface_put(s, row, col, cells, clean, (unsigned char)role);
}

int draw_text(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
              const char *fmt, ...)
{
    if (cells <= 0)
        return 0;
    va_list args, again;
    va_start(args, fmt);
    if (strcmp(fmt, "%s") == 0) { /* most of what a page is: nothing is to be put together */
        const char *text = va_arg(args, const char *);
        va_end(args);
        return put(s, a, row, col, cells, role, text, strlen(text));
    }
    va_copy(again, args);
    char small[512];
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    int taken = 0;
    if (n >= 0 && (size_t)n < sizeof small) {
        taken = put(s, a, row, col, cells, role, small, (size_t)n);
    } else if (n > 0) {
        char *large = arena_alloc(a, (size_t)n + 1);
        if (large != NULL) {
            vsnprintf(large, (size_t)n + 1, fmt, again);
            taken = put(s, a, row, col, cells, role, large, (size_t)n);
        }
    }
    va_end(again);
    return taken;
}

const char *draw_sign(enum draw_sign sign)
{
    static const char *const signs[SIGN_COUNT][2] = {
        [SIGN_REPEAT] = {"↻", "x"}, [SIGN_WHISTLE] = {"⇉", "w"}, [SIGN_CUT] = {"…", "~"},
        [SIGN_RULE] = {"─", "-"},   [SIGN_COLUMN] = {"│", "|"},  [SIGN_FULL] = {"█", "#"},
        [SIGN_EMPTY] = {"░", "."},  [SIGN_ABOVE] = {"↑", "^"},   [SIGN_BELOW] = {"↓", "v"},
    };
    return signs[sign][surface_ascii()];
}

int draw_cut(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
             const char *text)
{
    if (cells <= 0)
        return 0;
    size_t n = strlen(text);
    if (n <=
        (size_t)cells) /* no character takes more cells than it has bytes, once cleaned apart */
        return draw_text(s, a, row, col, cells, role, "%s", text);
    int used;
    size_t fits = text_fit(text, n, cells, &used);
    if (fits == n)
        return surface_put(s, row, col, cells, text_clean(a, text, n, CLEAN_LINE),
                           (unsigned char)role);
    used =
        surface_put(s, row, col, cells - 1, text_clean_fit(a, text, n, cells), (unsigned char)role);
    draw_text(s, a, row, col + used, 1, role, "%s", draw_sign(SIGN_CUT));
    return cells;
}

/* Behind "Heating: " or "供暖："; the whole name where there is no such sign. */
static const char *leaf_of(const char *name)
{
    static const char *const colons[] = {": ", "："};
    for (size_t i = 0; i < sizeof colons / sizeof *colons; i++) {
        const char *at = strstr(name, colons[i]);
        if (at && at[strlen(colons[i])])
            return at + strlen(colons[i]);
    }
    return name;
}

/* Without " (nobody trapped)" or "（困人除外）" at the end. */
static size_t before_brackets(const char *name, size_t n)
{
    static const char *const open[] = {" (", "（"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        const char *at = strstr(name, open[i]);
        if (at && at > name)
            n = (size_t)(at - name) < n ? (size_t)(at - name) : n;
    }
    return n;
}

const char *draw_category(struct arena *a, const char *name, int cells)
{
    int used;
    size_t n = strlen(name);
    if (n <= (size_t)cells || text_fit(name, n, cells, &used) == n)
        return name;
    size_t least = before_brackets(name, n);
    if (text_fit(name, least, cells, &used) == least)
        return arena_strndup(a, name, least);
    const char *leaf = leaf_of(name);
    least = before_brackets(leaf, strlen(leaf));
    size_t fits = text_fit(leaf, least, cells, &used);
    if (fits == least)
        return arena_strndup(a, leaf, least);
    fits = text_fit(leaf, least, cells - 1, &used);
    for (size_t end = fits; end > 0 && text_width(leaf, end) * 4 >= cells * 3; end--)
        if (leaf[end] == ' ')
            return arena_printf(a, "%.*s%s", (int)end - (strchr(",;", leaf[end - 1]) != NULL), leaf,
                                draw_sign(SIGN_CUT));
    return leaf;
}

void draw_rule(struct surface *s, int row, int col, int cells)
{
    struct clean sign = clean_own(draw_sign(SIGN_RULE));
    for (int i = 0; i < cells; i++)
        surface_put(s, row, col + i, 1, sign, THEME_RULE);
}

void draw_column(struct surface *s, int row, int col, int rows)
{
    for (int i = 0; i < rows; i++)
        surface_put(s, row + i, col, 1, clean_own(draw_sign(SIGN_COLUMN)), THEME_RULE);
}

void draw_more(struct surface *s, struct rect r, int first, int lines)
{
    int edge = r.col + r.cols - 1;
    if (first > 0)
        surface_put(s, r.row, edge, 1, clean_own(draw_sign(SIGN_ABOVE)), THEME_KEY);
    if (lines > first + r.rows)
        surface_put(s, r.row + r.rows - 1, edge, 1, clean_own(draw_sign(SIGN_BELOW)), THEME_KEY);
}

void draw_bar(struct surface *s, int row, int col, int cells, int per_mille, enum theme_role role)
{
    int full = cells * (per_mille < 0 ? 0 : per_mille > 1000 ? 1000 : per_mille) / 1000;
    for (int i = 0; i < cells; i++)
        surface_put(s, row, col + i, 1, clean_own(draw_sign(i < full ? SIGN_FULL : SIGN_EMPTY)),
                    (unsigned char)(i < full ? role : THEME_DIM));
}

const char *draw_number(struct arena *a, const char *number)
{
    enum { WHOLE = 15, TAIL = 10 };
    size_t n = strlen(number);
    if (n == WHOLE && strspn(number, "0123456789") == n)
        return arena_printf(a, "%.4s-%s", number, number + n - 5);
    while (n > TAIL) { /* characters, not bytes */
        uint32_t c;
        size_t step = utf8_decode(number, n, &c);
        number += step;
        n -= step;
    }
    return number;
}

const char *draw_left(struct arena *a, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == TIME_NONE)
        return "";
    int64_t left = due_ms - now_ms;
    const char *sign = left < 0 ? "-" : "";
    int64_t minutes = (left < 0 ? -left : left) / MS_MINUTE;
    int64_t days = minutes / (24 * 60);
    if (days >= DAYS_ALONE) /* hours say nothing any more */
        return arena_printf(a, _("%s%" PRId64 " d"), sign, days);
    if (days > 0)
        return arena_printf(a, _("%s%" PRId64 "d %" PRId64 "h"), sign, days, minutes / 60 % 24);
    return arena_printf(a, "%s%" PRId64 ":%02" PRId64, sign, minutes / 60, minutes % 60);
}

const char *draw_length(struct arena *a, int64_t ms)
{
    int64_t minutes = ms / MS_MINUTE, days = minutes / (24 * 60);
    if (days > 0 && minutes % (24 * 60) == 0)
        return arena_printf(a, ngettext("%d day", "%d days", (unsigned long)days), (int)days);
    if (days > 0)
        return arena_printf(a, _("%d d %02d:%02d"), (int)days, (int)(minutes / 60 % 24),
                            (int)(minutes % 60));
    return arena_printf(a, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

const char *draw_time(struct arena *a, int64_t ms)
{
    if (ms == TIME_NONE || ms < 0)
        return "";
    struct civil c = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return arena_printf(a, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}

const char *draw_one_line(struct arena *a, const char *text)
{
    size_t n = strlen(text);
    char *line = arena_alloc(a, n + 1);
    if (!line)
        return "";
    for (size_t i = 0; i <= n; i++)
        line[i] = (char)(text[i] == '\n' || text[i] == '\r' ? ' ' : text[i]);
    return line;
}
