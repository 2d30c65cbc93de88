/* prompt_draw.c: a prompt as cells, over what stands there. */
#include "tui/view/prompt.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/frame.h"
#include <string.h>

enum {
    BOX_COLS = 56,
    BOX_ROWS = 7,
    LEAST_ROWS = 5,
    LEAST_COLS = 20,
    OFFER_WORD = 20,
    OFFER_KEYS = 12,
    OFFER_HELP_LEAST = 24
};

const char *prompt_label(const struct prompt *p)
{
    return p->kind == PROMPT_COMMAND  ? ":"
           : p->kind == PROMPT_SEARCH ? "/"
           : p->kind == PROMPT_HELP   ? _("Find a key or what it does: ")
           : p->kind == PROMPT_LATER  ? _("Send at: ")
                                      : _("Filter: ");
}

static void draw_line(struct prompt *p, struct surface *s, struct arena *scratch,
                      struct cursor *cursor)
{
    int row = s->rows - 1;
    surface_fill(s, (struct rect){row, 0, 1, s->cols}, THEME_PLAIN);
    int col = draw_text(s, scratch, row, 0, s->cols / 2, THEME_KEY, "%s", prompt_label(p));
    struct rect box = {row, col, 1, s->cols - col};
    editor_layout(&p->editor, 1, box.cols);
    editor_draw(&p->editor, s, box, THEME_PLAIN, &cursor->row, &cursor->col);
}

/* The line as it is offered. One of many words that is too long is shown from the word on that is being typed: the others
 * stand in the line below. */
static const char *offered(const struct prompt *p, const char *line, int cells, struct arena *a)
{
    const char *typed = editor_text(&p->editor), *blank = strrchr(typed, ' ');
    size_t n = blank ? (size_t)(blank - typed) + 1 : 0;
    if (text_width(line, strlen(line)) <= cells || strncmp(line, typed, n) != 0 || n == 0)
        return line;
    return arena_printf(a, "%s %s", draw_sign(SIGN_CUT), line + n);
}

/* As wide as the widest of the list wants it, as far as the meanings keep their room. */
static int word_cells(const struct prompt *p, int from, int n, int cols)
{
    int cells = OFFER_WORD, most = cols - OFFER_KEYS - OFFER_HELP_LEAST;
    for (int i = from; i < from + n; i++) {
        int width = text_width(p->offer[i].line, strlen(p->offer[i].line)) + 2;
        cells = width > cells ? width : cells;
    }
    return cells < most ? cells : most > OFFER_WORD ? most : OFFER_WORD;
}

/* Above the line, the best one at the top; what cannot be done here is dim and says why. */
static void draw_offers(const struct prompt *p, struct surface *s, struct arena *a)
{
    int most = s->rows / 3 < (int)p->n_offers ? s->rows / 3 : (int)p->n_offers;
    int from = (int)p->at_offer >= most ? (int)p->at_offer - most + 1 : 0;
    int top = s->rows - 2 - most; /* the message below stays */
    int word = word_cells(p, from, most, s->cols);
    for (int i = 0; i < most; i++) {
        const struct command_offer *o = &p->offer[from + i];
        bool current = p->chosen && from + i == (int)p->at_offer;
        enum theme_role role = o->why_not ? THEME_DIM : THEME_PLAIN;
        surface_fill(s, (struct rect){top + i, 0, 1, s->cols}, THEME_PLAIN);
        if (current)
            draw_text(s, a, top + i, 0, 1, THEME_POINTER, ">");
        draw_cut(s, a, top + i, 1, word - 1, current ? THEME_HEAD : role,
                 offered(p, o->line, word - 1, a));
        draw_cut(s, a, top + i, 1 + word, OFFER_KEYS - 1, o->why_not ? THEME_DIM : THEME_KEY,
                 o->keys);
        draw_cut(s, a, top + i, 1 + word + OFFER_KEYS, s->cols - 2 - word - OFFER_KEYS, THEME_DIM,
                 o->why_not
                     ? arena_printf(a, i18n_chinese() ? "（%s）%s" : "(%s) %s", o->why_not, o->help)
                     : o->help);
    }
    if (most > 0)
        draw_rule(s, top - 1, 0, s->cols);
    draw_more(s, (struct rect){top, 0, most, s->cols}, from, (int)p->n_offers);
}

/* The paragraphs, wrapped, from the line `first` on, as far as there is room (no rows: nothing is drawn); a point of a list
 * goes on behind its dash. Returns how many lines there are in all. */
static int draw_paragraphs(struct surface *s, struct rect r, int first, struct arena *scratch,
                           const char *text)
{
    int line = 0;
    while (*text) {
        size_t n = strcspn(text, "\n"), take;
        int hang = strncmp(text, "- ", 2) == 0 ? 2 : 0;
        for (int in = 0; n > 0; text += take, n -= take, line++, in = hang) {
            take = text_break(text, n, r.cols - in);
            if (line >= first && line - first < r.rows)
                draw_text(s, scratch, r.row + line - first, r.col + in, r.cols - in, THEME_PLAIN,
                          "%.*s", (int)take, text);
        }
        text += *text == '\n';
    }
    return line;
}

/* A list in it wants its lines whole. */
static int question_cols(const char *text, int cols)
{
    int want = BOX_COLS;
    if (!strchr(text, '\n'))
        return want;
    for (size_t n; *text; text += n + (text[n] == '\n')) {
        n = strcspn(text, "\n");
        int cells = text_width(text, n) + 4;
        want = cells > want ? cells : want;
    }
    return want < cols - 4 ? want : cols; /* no scraps of what is below beside it */
}

/* The question, and beside its answers where one is in it when it is longer than its box. */
static void draw_question(struct prompt *p, struct surface *s, struct rect inside,
                          struct arena *scratch)
{
    struct rect text = {inside.row, inside.col, inside.rows - 2, inside.cols};
    p->scroll.lines = draw_paragraphs(s, (struct rect){0, 0, 0, text.cols}, 0, scratch, p->text);
    p->scroll.height = text.rows;
    (void)scroll_clamp(&p->scroll);
    draw_paragraphs(s, text, p->scroll.first, scratch, p->text);
    draw_more(s, (struct rect){text.row, text.col, text.rows, text.cols + 1}, p->scroll.first,
              p->scroll.lines);
    if (p->scroll.lines <= text.rows)
        return;
    int last = p->scroll.first + text.rows;
    const char *where =
        arena_printf(scratch, _("lines %d-%d of %d: PgDn, PgUp"), p->scroll.first + 1,
                     last < p->scroll.lines ? last : p->scroll.lines, p->scroll.lines);
    int cells = text_width(where, strlen(where));
    draw_text(s, scratch, inside.row + inside.rows - 1, inside.col + inside.cols - cells, cells,
              THEME_DIM, "%s", where);
}

void prompt_draw(struct prompt *p, struct surface *s, struct arena *scratch, const char *user,
                 struct cursor *cursor)
{
    if (p->kind == PROMPT_NONE || s->rows < LEAST_ROWS || s->cols < LEAST_COLS)
        return;
    if (p->kind == PROMPT_COMMAND || p->kind == PROMPT_LATER || p->kind == PROMPT_HELP ||
        prompt_finds(p)) {
        if (p->kind == PROMPT_COMMAND)
            draw_offers(p, s, scratch);
        draw_line(p, s, scratch, cursor);
        return;
    }
    bool ask = p->kind == PROMPT_ASK;
    int cols = s->cols < BOX_COLS + 4 ? s->cols : ask ? question_cols(p->text, s->cols) : BOX_COLS;
    struct rect none = {0, 0, 0, cols - 4};
    int need = ask ? draw_paragraphs(s, none, 0, scratch, p->text) + 4 : BOX_ROWS;
    int rows = need < BOX_ROWS ? BOX_ROWS : need;
    rows = s->rows < rows ? s->rows : rows;
    struct rect box = {(s->rows - rows) / 2, (s->cols - cols) / 2, rows, cols};
    /* By its keys: what is asked about is read above it. */
    if (ask && box.row < s->rows - FRAME_BOTTOM - rows)
        box.row = s->rows - FRAME_BOTTOM - rows;
    surface_fill(s, box, THEME_PLAIN);
    surface_box(s, box, THEME_RULE);
    struct rect inside = {box.row + 1, box.col + 2, rows - 2, cols - 4};
    draw_text(s, scratch, box.row, box.col + 2, cols - 4, THEME_HEAD, " %s ",
              ask                        ? _("Sure?")
              : p->kind == PROMPT_UNLOCK ? _("Locked")
                                         : _("Log in"));
    if (ask) {
        draw_question(p, s, inside, scratch);
        *cursor = (struct cursor){inside.row, inside.col}; /* what is read first */
    } else {
        draw_text(s, scratch, inside.row, inside.col, inside.cols, THEME_PLAIN, _("User: %s"),
                  user);
        int used = draw_text(s, scratch, inside.row + 2, inside.col, inside.cols, THEME_LABEL, "%s",
                             _("Password: "));
        struct rect at = {inside.row + 2, inside.col + used, 1, inside.cols - used};
        surface_fill(s, at, THEME_INPUT_CURRENT);
        editor_layout(&p->editor, 1, at.cols);
        editor_draw(&p->editor, s, at, THEME_INPUT_CURRENT, &cursor->row, &cursor->col);
    }
    int last = inside.row + inside.rows - 1;
    int col = inside.col + draw_text(s, scratch, last, inside.col, inside.cols, THEME_KEY, "%s",
                                     ask ? "y" : "Enter");
    col += 1 + draw_text(s, scratch, last, col + 1, inside.cols, THEME_DIM, "%s",
                         ask                        ? _("yes")
                         : p->kind == PROMPT_UNLOCK ? _("unlock")
                                                    : _("log in"));
    if (p->kind == PROMPT_UNLOCK)
        return;
    col +=
        3 + draw_text(s, scratch, last, col + 3, inside.cols, THEME_KEY, "%s", ask ? "n" : "Esc");
    draw_text(s, scratch, last, col + 1, inside.col + inside.cols - col - 1, THEME_DIM, "%s",
              ask ? _("no") : _("go on without the line"));
}
