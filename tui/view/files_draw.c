/* files_draw.c: the list of files, and below it the text that was opened. */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/files.h"
#include <string.h>

enum {
    LIST_LEAST = 4,
    TEXT_LEAST = 4,
    NAME_LEAST = 16,
    KIND_CELLS = 22,
    WHO_CELLS = 14,
    DAY_CELLS = 12
};

const char *files_state(const struct files_row *row, struct arena *a, enum theme_role *role)
{
    const struct attachment *f = &row->file;
    int share = f->file.bytes > 0 ? (int)(f->moved * 100 / f->file.bytes) : 0;
    *role = THEME_DIM;
    if (f->state == ATTACHMENT_FAILED || f->state == ATTACHMENT_REFUSED) {
        *role = THEME_ERROR;
        return arena_printf(a, "!! %s", f->error);
    }
    if (f->state == ATTACHMENT_WANTED)
        return arena_printf(a, _("fetching, %d%%"), share);
    *role = THEME_UNSENT;
    if (f->state == ATTACHMENT_HERE && (!row->confirmed || f->leaving))
        return arena_printf(a, _("to send, %d%%"), share);
    if (!row->confirmed)
        return _("not sent yet");
    *role = THEME_DIM;
    return f->state == ATTACHMENT_NONE ? "" : _("here");
}

static void draw_one(const struct files_list *v, size_t i, struct surface *s, int row,
                     struct rect r, struct arena *a)
{
    const struct files_row *f = &v->rows[i];
    int rest = KIND_CELLS + WHO_CELLS + DAY_CELLS + 20;
    int name = r.cols - rest > NAME_LEAST ? r.cols - rest : NAME_LEAST, col = r.col + 2;
    enum theme_role role;
    const char *state = files_state(f, a, &role);
    if (i == v->current)
        draw_text(s, a, row, r.col, 1, THEME_POINTER, ">");
    draw_cut(s, a, row, col, name, THEME_PLAIN, f->file.file.name);
    col += name + 1;
    draw_cut(s, a, row, col, KIND_CELLS - 1, THEME_PLAIN, attached_kind(a, &f->file.file));
    col += KIND_CELLS;
    if (f->of_case) {
        draw_text(s, a, row, col, DAY_CELLS - 1, THEME_DIM, "%s", draw_time(a, f->at_ms));
        col += DAY_CELLS;
        draw_cut(s, a, row, col, WHO_CELLS - 1, THEME_DIM, f->who);
        col += WHO_CELLS;
    } else {
        draw_cut(s, a, row, col, DAY_CELLS + WHO_CELLS - 1, THEME_DIM, _("of another case"));
        col += DAY_CELLS + WHO_CELLS;
    }
    draw_cut(s, a, row, col, r.col + r.cols - col, role, state);
}

/* Wrapped, from line scroll.first on. */
static void draw_shown(struct files_list *v, struct surface *s, struct rect r, struct arena *a)
{
    const char *text = v->text.data;
    int line = 0;
    while (*text) {
        size_t n = strcspn(text, "\n"), from = 0;
        do {
            size_t take = n > from ? text_break(text + from, n - from, r.cols - 2) : 0;
            int row = line++ - v->scroll.first;
            if (row >= 0 && row < r.rows)
                draw_text(s, a, r.row + row, r.col + 1, r.cols - 2, THEME_PLAIN, "%s",
                          arena_strndup(a, text + from, take));
            from += take;
        } while (from < n);
        text += n + (text[n] == '\n');
    }
    v->scroll.lines = line;
    v->scroll.height = r.rows;
    draw_more(s, r, v->scroll.first, line);
}

/* What one does with the marked one. */
static void draw_below(const struct files_list *v, struct surface *s, struct rect r,
                       struct arena *a)
{
    const struct files_row *f = &v->rows[v->current];
    enum theme_role role;
    const char *state = files_state(f, a, &role);
    draw_cut(s, a, r.row, r.col + 1, r.cols - 2, THEME_HEAD, f->file.file.name);
    draw_text(s, a, r.row + 1, r.col + 1, r.cols - 2, THEME_PLAIN, "%s",
              attached_kind(a, &f->file.file));
    if (f->file.file.located)
        draw_text(s, a, r.row + 2, r.col + 1, r.cols - 2, THEME_PLAIN, "%s",
                  _("It said where it was taken; that was taken out of it."));
    if (*state)
        draw_cut(s, a, r.row + 3, r.col + 1, r.cols - 2, role, state);
    if (f->file.state == ATTACHMENT_NONE)
        draw_text(s, a, r.row + 3, r.col + 1, r.cols - 2, THEME_DIM, "%s",
                  f->file.file.bytes > ATTACHED_AT_ONCE
                      ? _("It is not on this machine and is large; Enter fetches it.")
                      : _("It is not on this machine; Enter fetches it."));
}

void files_draw(struct files_list *v, struct surface *s, struct rect r, struct arena *scratch)
{
    struct rect old = surface_clip(s, r);
    int most = r.rows - 2 - TEXT_LEAST < LIST_LEAST ? LIST_LEAST : (r.rows - 2) / 2;
    int rows = (int)v->n < most ? (int)v->n : most;
    size_t from = v->current >= (size_t)rows && rows > 0 ? v->current - (size_t)rows + 1 : 0;
    draw_text(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, _("Files of %s"),
              v->number ? v->number : "");
    if (v->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 4, THEME_DIM, "%s",
                  _("The case has no files."));
    for (int i = 0; i < rows; i++)
        draw_one(v, from + (size_t)i, s, r.row + 1 + i, r, scratch);
    draw_more(s, (struct rect){r.row + 1, r.col, rows, r.cols}, (int)from, (int)v->n);
    v->scroll.lines = 0;
    if (v->n > 0 && r.rows > rows + 3) {
        struct rect below = {r.row + rows + 2, r.col, r.rows - rows - 2, r.cols};
        draw_rule(s, r.row + 1 + rows, r.col, r.cols);
        if (*v->shown && strcmp(v->shown, v->rows[v->current].file.file.sha256) == 0)
            draw_shown(v, s, below, scratch);
        else
            draw_below(v, s, below, scratch);
    }
    surface_unclip(s, old);
}
