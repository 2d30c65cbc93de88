#include "tui/reading.h"
#include "core/base/i18n.h"
#include "core/base/buf.h"
#include "core/case/calendar.h"
#include "tui/draw.h"
#include <inttypes.h>
#include <string.h>

void reading_init(struct reading *r)
{
    memset(r, 0, sizeof *r);
    surface_init(&r->page);
    surface_init(&r->field);
    reading_clear(r);
}

void reading_release(struct reading *r)
{
    surface_release(&r->page);
    surface_release(&r->field);
}

void reading_clear(struct reading *r)
{
    r->head = r->note = r->line = "";
    r->place = r->at = 0;
    r->typed = NULL;
}

uint64_t reading_mix(uint64_t at, const void *data, size_t n)
{
    const unsigned char *bytes = data;
    at = at ? at : 0xcbf29ce484222325u;
    for (size_t i = 0; i < n; i++)
        at = (at ^ bytes[i]) * 0x100000001b3u;
    return at;
}

const char *reading_join(struct arena *a, const char *text, const char *more)
{
    if (!*text || !*more)
        return *text ? text : more;
    if (strchr(".!?:", text[strlen(text) - 1])) /* one stop is enough */
        return arena_printf(a, "%s %s", text, more);
    return arena_printf(a, "%s%s%s", text, i18n_chinese() ? "。" : ". ", more);
}

const char *reading_text(struct arena *a, const char *text)
{
    const char *all = "";
    for (; *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n'))
        all = reading_join(a, all, arena_strndup(a, text, strcspn(text, "\n")));
    return all;
}

static const struct cell *row_of(const struct surface *s, int row)
{
    return s->cell + (size_t)row * (size_t)s->cols;
}

static bool is_blank(const struct cell *cell)
{
    return cell->len == 1 && cell->text[0] == ' ';
}

/* Part of a bar, of which the numbers beside it say as much. Its stand-ins in ASCII are signs of texts, too. */
static bool is_bar(const struct cell *cell)
{
    static const enum draw_sign signs[] = {SIGN_FULL, SIGN_EMPTY};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const char *sign = draw_sign(signs[i]);
        if (cell->len > 1 && strlen(sign) == cell->len && memcmp(cell->text, sign, cell->len) == 0)
            return true;
    }
    return false;
}

/* Of draw_more(): who reads line by line goes on until there is no more. */
static bool is_more(const struct cell *cell)
{
    const char *above = draw_sign(SIGN_ABOVE), *below = draw_sign(SIGN_BELOW);
    return cell->role == THEME_KEY && cell->len == strlen(above) &&
           (memcmp(cell->text, above, cell->len) == 0 || memcmp(cell->text, below, cell->len) == 0);
}

/* What is said between two words with so many blanks between them. */
static const char *gap_between(const struct cell *before, const struct cell *after, int blanks)
{
    bool sign = before->len == 1 && strchr(".,:;!?>", before->text[0]);
    if (blanks == 0)
        return "";
    if (sign)
        return " ";
    if (before->role == THEME_LABEL && after->role != THEME_LABEL)
        return ": ";
    return blanks > 2 ? ", " : " ";
}

const char *reading_row(const struct reading *r, struct arena *a, int row)
{
    if (row < 0 || row >= r->page.rows)
        return "";
    const struct cell *cell = row_of(&r->page, row), *before = NULL;
    struct buf text;
    int blanks = 0;
    buf_init(&text, (size_t)r->page.cols * (SURFACE_CELL + 2) + 1);
    for (int i = 0; i < r->page.cols; i++) {
        if (cell[i].len == 0)
            continue;
        if (is_blank(&cell[i]) || is_bar(&cell[i]) || is_more(&cell[i])) {
            blanks++;
            continue;
        }
        if (before)
            buf_puts(&text, gap_between(before, &cell[i], blanks));
        buf_add(&text, cell[i].text, cell[i].len);
        before = &cell[i];
        blanks = 0;
    }
    const char *said = arena_strndup(a, text.len ? text.data : "", text.len);
    buf_release(&text);
    return said;
}

const char *reading_typed(struct reading *r, struct arena *a, int cells, size_t *ret_at,
                          size_t *ret_line)
{
    struct rect all = {0, 0, 1, cells};
    struct errmsg err;
    int row, col, end = 0;
    size_t n = 0;
    *ret_at = *ret_line = 0;
    if (surface_resize(&r->field, 1, cells, &err) != ST_OK)
        return "";
    editor_draw(r->typed, &r->field, all, THEME_PLAIN, &row, &col);
    for (int i = 0; i < cells; i++)
        if (r->field.cell[i].len > 0 && !is_blank(&r->field.cell[i]))
            end = i + 1;
    char *text = arena_alloc(a, (size_t)cells * SURFACE_CELL + 1);
    if (!text)
        return "";
    for (int i = 0; i < cells && (i < end || i < col); i++) {
        if (i == col)
            *ret_at = n;
        memcpy(text + n, r->field.cell[i].text, r->field.cell[i].len);
        n += r->field.cell[i].len;
    }
    if (col >= end)
        *ret_at = n;
    text[n] = '\0';
    *ret_line = r->typed->kind == EDITOR_TEXT ? r->typed->first : 0;
    return text;
}

/* The row with the sign of the chosen one in its first column; -1: there is none. */
static int pointed(const struct surface *s)
{
    for (int i = 0; i < s->rows; i++)
        if (row_of(s, i)->len == 1 && row_of(s, i)->text[0] == '>')
            return i;
    return -1;
}

/* The last row that is not blank. */
static int last_row(const struct surface *s)
{
    for (int i = s->rows - 1; i >= 0; i--)
        for (int k = 0; k < s->cols; k++)
            if (!is_blank(row_of(s, i) + k))
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
    /* The window is as large as can be and holds that line. */
    int base = first < all.rows ? 0 : first - all.rows + 1;
    if (surface_resize(&r->page, all.rows, all.cols, &err) != ST_OK)
        return;
    surface_fill(&r->page, all, THEME_PLAIN);
    c->kept = false;
    scroll->first = base;
    draw(self, c, &r->page, all, &none);
    scroll->first = first;
    scroll->height = 1; /* so that every line can be the one that is read */
    scroll_clamp(scroll);
    int top = last_row(&r->page) + 1 - (scroll->lines - base), list = pointed(&r->page);
    if (top < 0 || scroll->lines == 0)
        top = 0;
    r->line = reading_row(r, &c->scratch, top + scroll->first - base);
    if (list >= 0 && list < top && scroll->first == 0) {
        const char *chosen_row = reading_row(r, &c->scratch, list);
        r->line = reading_join(&c->scratch, chosen_row + strspn(chosen_row, "> "), r->line);
    }
    if (!*r->line)
        r->line = _("(empty line)");
    r->at = reading_mix(chosen, "page", 4);
}

void reading_drawn(struct reading *r, struct console *c, const struct view *v)
{
    struct rect all = {0, 0, READING_ROWS, READING_COLS};
    struct cursor none;
    struct errmsg err;
    if (surface_resize(&r->page, all.rows, all.cols, &err) != ST_OK)
        return;
    surface_fill(&r->page, all, THEME_PLAIN);
    c->kept = false;
    v->draw(v->self, c, &r->page, all, &none);
    int row = pointed(&r->page);
    r->line = reading_row(r, &c->scratch, row < 0 ? 0 : row);
    r->line += strspn(r->line, "> ");
    r->place = r->at = reading_mix(11, &v->keys, sizeof v->keys);
    r->at = reading_mix(r->at, &row, sizeof row);
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
