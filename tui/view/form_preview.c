/*
 * form_preview.c: the reply as its claimant will read it: to whom, from whom, the text alone. What is for the office
 * (facts, measures, reasons) is not in it, and of the claimant no more is shown than a letter names.
 */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include "tui/view/form.h"
#include <string.h>

enum { MARGIN = 2, WIDEST = 78 /* longer lines are hard to read */ };

struct page {
    struct surface *s;
    struct rect r;
    struct arena *a;
    int line, first;
};

static void put_line(struct page *p, enum theme_role role, const char *text)
{
    int row = p->line++ - p->first;
    if (row >= 0 && row < p->r.rows)
        draw_text(p->s, p->a, p->r.row + row, p->r.col, p->r.cols, role, "%s", text);
}

/* Wrapped; an empty line stays one. */
static void put(struct page *p, enum theme_role role, const char *text)
{
    do {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, p->r.cols) : 0;
            put_line(p, role, arena_strndup(p->a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    } while (*text);
}

static void put_letter(struct page *p, const struct form *f)
{
    const char *const *v = f->subject.value;
    const char *name = field_masked(FIELD_CLAIMANT, v[FIELD_CLAIMANT], p->a);
    const char *phone = field_masked(FIELD_PHONE, v[FIELD_PHONE], p->a);
    const char *title = !i18n_chinese() && *v[FIELD_TITLE_EN] ? v[FIELD_TITLE_EN] : v[FIELD_TITLE];
    const struct form_field *reply = form_field_of((struct form *)f, FIELD_REPLY, false);
    const struct form_field *public = form_field_of((struct form *)f, FIELD_PUBLIC_ANSWER, false);
    put(p, THEME_DIM, arena_printf(p->a, _("To: %s %s"), name, phone));
    put(p, THEME_DIM, arena_printf(p->a, _("About: %s %s"), v[FIELD_NUMBER], title));
    put_line(p, THEME_PLAIN, "");
    put(p, *form_text_of(reply) ? THEME_PLAIN : THEME_DIM,
        *form_text_of(reply) ? form_text_of(reply) : _("Nothing is written yet."));
    if (*f->preview.from) {
        put_line(p, THEME_PLAIN, "");
        put(p, THEME_PLAIN, f->preview.from);
    }
    if (public && *form_text_of(public)) {
        put_line(p, THEME_PLAIN, "");
        put(p, THEME_HEAD, _("Public answer, for everybody to read:"));
        put_line(p, THEME_PLAIN, "");
        put(p, THEME_PLAIN, form_text_of(public));
    }
}

bool form_has_preview(const struct form *f)
{
    return !f->marked && form_field_of((struct form *)f, FIELD_REPLY, false) != NULL;
}

void form_preview_open(struct form *f, struct console *c)
{
    const struct reference *r = console_reference(c);
    const char *unit = f->subject.value[FIELD_UNIT];
    struct civil day = civil_from_ms(console_now(c), BEIJING_OFFSET_MS);
    f->preview.scroll.first = 0;
    f->preview.on = true;
    f->preview.from = arena_printf(&f->arena, "%s %04d-%02d-%02d",
                                   r ? reference_unit_name(r, unit, i18n_chinese()) : unit,
                                   day.year, day.month, day.day);
}

/* Moves scroll it, anything else goes back. */
void form_preview_act(struct form *f, enum action action)
{
    static const struct {
        enum action from, to;
    } moves[] = {{ACTION_EDIT_UP, ACTION_UP},
                 {ACTION_EDIT_DOWN, ACTION_DOWN},
                 {ACTION_EDIT_PAGE_UP, ACTION_PAGE_UP},
                 {ACTION_EDIT_PAGE_DOWN, ACTION_PAGE_DOWN},
                 {ACTION_EDIT_LINE_START, ACTION_FIRST},
                 {ACTION_EDIT_LINE_END, ACTION_LAST}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++)
        if (moves[i].from == action) {
            (void)scroll_act(&f->preview.scroll, moves[i].to);
            return;
        }
    f->preview.on = false;
}

void form_preview_draw(struct form *f, struct surface *s, struct rect r, struct arena *scratch)
{
    struct scroll *at = &f->preview.scroll;
    struct rect old = surface_clip(s, r);
    int cols = r.cols - 2 * MARGIN < WIDEST ? r.cols - 2 * MARGIN : WIDEST;
    struct page p = {.s = s,
                     .r = {r.row + 2, r.col + MARGIN, r.rows - 4, cols > 1 ? cols : 1},
                     .a = scratch,
                     .first = at->first};
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, "%s",
              _("The reply as the claimant will read it"));
    draw_rule(s, r.row + 1, r.col, r.cols);
    put_letter(&p, f);
    at->lines = p.line;
    at->height = p.r.rows;
    if (scroll_clamp(at)) { /* the window grew */
        surface_fill(s, p.r, THEME_PLAIN);
        p.line = 0;
        p.first = at->first;
        put_letter(&p, f);
    }
    draw_more(s, (struct rect){p.r.row, r.col, p.r.rows, r.cols}, at->first, at->lines);
    draw_rule(s, r.row + r.rows - 2, r.col, r.cols);
    draw_cut(s, scratch, r.row + r.rows - 1, r.col + 1, r.cols - 2, THEME_DIM,
             p.line > at->height
                 ? arena_printf(
                       scratch, _("Lines %d to %d of %d; arrows scroll, other keys go back"),
                       at->first + 1,
                       at->first + at->height < p.line ? at->first + at->height : p.line, p.line)
                 : _("Any key goes back to the form"));
    surface_unclip(s, old);
}

/* The letter alone, for who hears it line by line. */
static void draw_letter(void *self, struct console *c, struct surface *s, struct rect r,
                        struct cursor *cursor)
{
    struct form *f = self;
    struct page p = {.s = s,
                     .r = {r.row, r.col + MARGIN, r.rows, r.cols - MARGIN},
                     .a = &c->scratch,
                     .first = f->preview.scroll.first};
    (void)cursor;
    put_letter(&p, f);
    f->preview.scroll.lines = p.line;
    f->preview.scroll.height = r.rows;
}

void form_preview_read(struct form *f, struct console *c, struct reading *out)
{
    out->head = reading_join(&c->scratch, _("The reply as the claimant will read it"),
                             _("Arrows go from line to line, any other key back"));
    out->place = reading_mix(15, &f->case_id, sizeof f->case_id);
    reading_page(out, c, f, draw_letter, &f->preview.scroll, out->place);
}
