#include "tui/reading.h"
#include "core/base/i18n.h"
#include "core/case/calendar.h"
#include <inttypes.h>
#include <string.h>

void reading_init(struct reading *r)
{
    *r = (struct reading){.head = "", .line = ""};
    surface_init(&r->page);
}

void reading_release(struct reading *r)
{
    surface_release(&r->page);
}

uint64_t reading_mix(uint64_t at, const void *data, size_t n)
{
    const unsigned char *bytes = data;
    at = at ? at : 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        at = (at ^ bytes[i]) * 0x100000001b3u;
    return at;
}

const char *reading_row(const struct reading *r, struct arena *a, int row)
{
    if (row < 0 || row >= r->page.rows)
        return "";
    const struct cell *cell = r->page.cell + (size_t)row * (size_t)r->page.cols;
    char text[READING_COLS * SURFACE_CELL + 1];
    size_t n = 0;
    bool blank = true; /* none at the beginning, one between words */
    for (int i = 0; i < r->page.cols; i++) {
        bool is = cell[i].len == 1 && cell[i].text[0] == ' ';
        if (cell[i].len == 0 || (is && blank))
            continue;
        memcpy(text + n, cell[i].text, cell[i].len);
        n += cell[i].len;
        blank = is;
    }
    return arena_strndup(a, text, n > 0 && text[n - 1] == ' ' ? n - 1 : n);
}

/* The row with the sign of the chosen one in its first column; -1: there is none. */
static int pointed(const struct surface *s)
{
    for (int i = 0; i < s->rows; i++)
        if (s->cell[(size_t)i * (size_t)s->cols].len == 1 &&
            s->cell[(size_t)i * (size_t)s->cols].text[0] == '>')
            return i;
    return -1;
}

/* The last row that is not blank. */
static int last_row(const struct surface *s)
{
    for (int i = s->rows - 1; i >= 0; i--)
        for (int k = 0; k < s->cols; k++)
            if (s->cell[(size_t)i * (size_t)s->cols + (size_t)k].text[0] != ' ')
                return i;
    return -1;
}

void reading_page(struct reading *r, struct console *c, void *self,
                  void (*draw)(void *self, struct console *c, struct surface *s, struct rect rect,
                               struct cursor *cursor),
                  struct scroll *scroll, uint64_t chosen)
{
    struct rect all = {0, 0, READING_ROWS, READING_COLS};
    struct cursor none;
    struct errmsg err;
    int first = scroll->first;
    if (surface_resize(&r->page, all.rows, all.cols, &err) != ST_OK)
        return;
    surface_fill(&r->page, all, THEME_PLAIN);
    c->kept = false;
    scroll->first = 0;
    draw(self, c, &r->page, all, &none);
    scroll->first = first;
    scroll->height = 1; /* so that every line can be the one that is read */
    scroll_clamp(scroll);
    int top = last_row(&r->page) + 1 - scroll->lines, list = pointed(&r->page);
    if (top < 0 || scroll->lines == 0)
        top = 0;
    r->line = reading_row(r, &c->scratch, top + scroll->first);
    if (list >= 0 && list < top && scroll->first == 0)
        r->line =
            arena_printf(&c->scratch, "%s. %s", reading_row(r, &c->scratch, list) + 1, r->line);
    else if (!*r->line)
        r->line = _("(empty line)");
    r->at = reading_mix(chosen, "page", 4);
}

const char *reading_time(struct arena *a, int64_t ms)
{
    int64_t minutes = (ms < 0 ? -ms : ms) / MS_MINUTE, days = minutes / (24 * 60);
    int64_t hours = minutes / 60 % 24, rest = minutes % 60;
    const char *m = arena_printf(
        a, ngettext("%" PRId64 " minute", "%" PRId64 " minutes", (unsigned long)rest), rest);
    const char *h = arena_printf(
        a, ngettext("%" PRId64 " hour", "%" PRId64 " hours", (unsigned long)hours), hours);
    if (days > 0)
        return arena_printf(
            a, "%s %s",
            arena_printf(a, ngettext("%" PRId64 " day", "%" PRId64 " days", (unsigned long)days),
                         days),
            h);
    return hours > 0 ? arena_printf(a, "%s %s", h, m) : m;
}
