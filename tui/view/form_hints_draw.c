/* form_hints_draw.c: proposals and earlier orders below the fields, as cells; reads nothing but the form. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum {
    REASON_LINES = 2, /* of the marked one among many; fewer leave room for more */
    CODE_LEAST = 8
};

struct painter {
    struct surface *s; /* NULL: counts only */
    struct rect r;
    int row, lines;
    struct arena *a;
};

static void put(struct painter *p, enum theme_role role, const char *sign, const char *text)
{
    int row = p->row + p->lines++;
    if (!p->s)
        return;
    draw_text(p->s, p->a, row, p->r.col, 1, THEME_POINTER, "%s", sign);
    draw_cut(p->s, p->a, row, p->r.col + 1, p->r.cols - 2, role, text);
}

static void put_head(struct painter *p, const char *text)
{
    int row = p->row + p->lines++;
    if (!p->s)
        return;
    draw_rule(p->s, row, p->r.col, p->r.cols);
    draw_cut(p->s, p->a, row, p->r.col + 3, p->r.cols - 6, THEME_HEAD,
             arena_printf(p->a, " %s ", text));
}

static void put_reason(struct painter *p, const char *text, int most)
{
    int cells = p->r.cols - 5;
    for (int i = 0; i < most && *text; i++) {
        size_t n = strcspn(text, "\n"), take = i + 1 < most ? text_break(text, n, cells) : n;
        size_t shown = take;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        put(p, THEME_DIM, "", arena_printf(p->a, "   %.*s", (int)shown, text));
        text += take;
        text += strspn(text, " \n");
    }
}

static void put_proposals(struct painter *p, const struct form_hints *h, bool small, int most)
{
    put_head(p, _("Proposals: ^G takes the marked one, ^N marks the next"));
    for (int i = 0; i < h->n_proposals; i++) {
        const struct form_proposal *one = &h->proposal[i];
        bool marked = i == h->marked;
        put(p, marked ? THEME_PLAIN : THEME_DIM, marked ? ">" : "",
            arena_printf(p->a, "%d %s%s", i + 1, one->taken ? _("taken: ") : "", one->head));
        if (marked || !small)
            put_reason(p, one->reason, marked && !small ? most : 1);
    }
}

static void put_earlier(struct painter *p, const struct form_hints *h, bool small)
{
    put_head(p, _("Earlier orders: ^O links one, ^Y tells its progress instead"));
    for (int i = 0; i < h->n_earlier && (i == 0 || !small); i++)
        put(p, h->earlier[i].same_matter ? THEME_WARN : THEME_DIM,
            h->earlier[i].same_matter ? "!" : "", h->earlier[i].what);
}

/* Of a path its last part: the folder stands in the field. */
static const char *shown_code(const struct form_field *field, const char *code)
{
    const char *last = code;
    for (const char *at = code; field->kind == FORM_FILES && *at; at++)
        if (*at == '/' && at[1])
            last = at + 1;
    return last;
}

/* What may stand in the field: the list from which one picks. */
static void put_matches(struct painter *p, const struct form *f)
{
    const struct picker *l = &f->picker;
    size_t first = picker_first(l), end = first + PICKER_ROWS < l->n ? first + PICKER_ROWS : l->n;
    const struct form_field *field = &f->field[f->current];
    bool choice = field->kind == FORM_CHOICE, chinese = i18n_chinese();
    int widest = CODE_LEAST;
    for (size_t i = first; i < end; i++) {
        int n = (int)strlen(shown_code(field, l->found[i].code));
        widest = n > widest ? n : widest;
    }
    put_head(
        p, l->guessed
               ? _("From earlier cases: Down marks, Enter takes")
               : arena_printf(p->a, _("%zu found: Up and Down mark, Enter or Tab takes"), l->all));
    for (size_t i = first; i < end; i++) {
        const struct picker_item *item = &l->found[i];
        bool marked = (int)i == l->at;
        const char *name = !chinese && *item->name_en ? item->name_en : item->name;
        const char *group = chinese ? item->group : item->group_en; /* names may be alike */
        put(p, marked ? THEME_PLAIN : THEME_DIM, marked ? ">" : "",
            choice ? name
                   : arena_printf(p->a, "%-*s %s%s%s", widest, shown_code(field, item->code), name,
                                  *group ? " · " : "", group));
    }
    int rows = (int)(end - first), top = p->row + p->lines - rows;
    if (p->s)
        draw_more(p->s, (struct rect){top, p->r.col, rows, p->r.cols}, (int)first, (int)l->n);
}

int form_hints_draw(const struct form *f, struct surface *s, struct rect r, int row, bool small,
                    struct arena *scratch)
{
    struct painter p = {.s = s, .r = r, .row = row, .a = scratch};
    if (f->picker.n > 0) { /* while one picks, one does not read the rest */
        put_matches(&p, f);
        return p.lines;
    }
    if (f->hints.n_earlier > 0)
        put_earlier(&p, &f->hints, small);
    if (f->hints.n_proposals > 0)
        put_proposals(&p, &f->hints, small, REASON_LINES + FORM_PROPOSALS - f->hints.n_proposals);
    return p.lines;
}
