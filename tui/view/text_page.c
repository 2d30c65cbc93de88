#include "tui/view/text_page.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum { ROOM_FIRST = 64, INDENT = 2, CELLS_LEAST = 20 };

void text_page_init(struct text_page *p)
{
    memset(p, 0, sizeof *p);
    arena_init(&p->arena, 0);
}

void text_page_release(struct text_page *p)
{
    arena_release(&p->arena);
}

void text_page_clear(struct text_page *p)
{
    p->part = NULL;
    p->n = p->room = 0;
    arena_reset(&p->arena);
}

/* Room for one more; false without memory. */
static bool grow(struct text_page *p)
{
    if (p->n < p->room)
        return true;
    size_t room = p->room ? 2 * p->room : ROOM_FIRST;
    struct text_part *fresh = arena_array(&p->arena, room, sizeof *fresh);
    if (!fresh)
        return false;
    if (p->n > 0)
        memcpy(fresh, p->part, p->n * sizeof *fresh);
    p->part = fresh;
    p->room = room;
    return true;
}

void text_page_put(struct text_page *p, enum theme_role role, const char *text)
{
    const char *own = arena_strdup(&p->arena, text);
    if (own && grow(p))
        p->part[p->n++] = (struct text_part){.role = role, .text = own};
}

void text_page_mark(struct text_page *p)
{
    if (p->n > 0)
        p->part[p->n - 1].marked = true;
}

size_t text_page_marked(const struct text_page *p)
{
    size_t i = 0;
    while (i < p->n && !p->part[i].marked)
        i++;
    return i;
}

bool text_page_sees(const struct text_page *p, size_t part)
{
    return part < p->n && p->part[part].line >= p->scroll.first &&
           p->part[part].line < p->scroll.first + p->scroll.height;
}

void text_page_go(struct text_page *p, size_t part)
{
    if (part >= p->n)
        return;
    p->scroll.first = p->part[part].line;
    scroll_clamp(&p->scroll);
}

struct window {
    const struct text_page *page;
    struct surface *s;
    struct rect r;
    struct arena *a;
    int line;
};

/* One row of the page; only what stands in the window is drawn. */
static void put_row(struct window *w, const struct text_part *part, int indent, const char *text,
                    size_t n)
{
    int row = w->line++ - w->page->scroll.first;
    if (row >= 0 && row < w->r.rows)
        draw_text(w->s, w->a, w->r.row + row, w->r.col + 1 + indent, w->r.cols - 2 - indent,
                  part->role, "%s", arena_strndup(w->a, text, n));
}

/* Without LF. */
static void put_line(struct window *w, const struct text_part *part, const char *text, size_t n)
{
    int blanks = (int)strspn(text, " "), cells = w->r.cols - 2;
    int further = blanks + INDENT + CELLS_LEAST <= cells ? blanks + INDENT : 0;
    size_t from = 0;
    do {
        int indent = from > 0 ? further : 0;
        size_t take = n > from ? text_break(text + from, n - from, cells - indent) : 0;
        put_row(w, part, indent, text + from, take);
        from += take;
    } while (from < n);
}

static void put_part(struct window *w, struct text_part *part)
{
    const char *text = part->text;
    int row = w->line - w->page->scroll.first;
    part->line = w->line;
    if (part->marked && row >= 0 && row < w->r.rows)
        draw_text(w->s, w->a, w->r.row + row, w->r.col, 1, THEME_POINTER, ">");
    do {
        size_t n = strcspn(text, "\n");
        put_line(w, part, text, n);
        text += n + (text[n] == '\n');
    } while (*text);
}

void text_page_draw(struct text_page *p, struct surface *s, struct rect r, struct arena *scratch)
{
    for (int pass = 0; pass < 2; pass++) {
        struct window w = {p, s, r, scratch, 0};
        struct rect old = surface_clip(s, r);
        for (size_t i = 0; i < p->n; i++)
            put_part(&w, &p->part[i]);
        surface_unclip(s, old);
        p->scroll.lines = w.line;
        p->scroll.height = r.rows;
        if (!scroll_clamp(&p->scroll)) { /* else the window or the page is another one by now */
            draw_more(s, r, p->scroll.first, p->scroll.lines);
            return;
        }
        surface_fill(s, r, THEME_PLAIN);
    }
}
