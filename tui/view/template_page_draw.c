/* template_page_draw.c: a template that is written, and below it what may stand in it. */
#include "core/base/i18n.h"
#include "core/case/template.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/view/template_page.h"
#include <string.h>

enum { HELP_MOST = 8, TEXT_LEAST = 4 };

/* The words of the fields, as many lines as they need. s NULL: counts only. */
static int draw_words(struct surface *s, struct rect r, int row, struct arena *a)
{
    int col = r.col + 1, lines = 1;
    for (int i = 0; i < TEMPLATE_COUNT && lines <= HELP_MOST; i++) {
        const char *word = i18n_chinese() ? template_table[i].chinese : template_table[i].word;
        int cells = text_width(word, strlen(word)) + 4;
        if (col + cells > r.col + r.cols && col > r.col + 1) {
            col = r.col + 1;
            lines++;
        }
        if (s && lines <= HELP_MOST)
            draw_text(s, a, row + lines - 1, col, cells, THEME_DIM, "{%s}", word);
        col += cells;
    }
    return lines < HELP_MOST ? lines : HELP_MOST;
}

const char *template_page_title(const struct template_page *p, struct arena *a)
{
    static const char *const head[] = {N_("New template"), N_("Template"),
                                       N_("Throw this template away? ^S does it, Esc leaves it")};
    return arena_printf(a, "%s · %s · %s", _(head[p->job]), p->paper.name, p->owner);
}

void template_page_draw(struct template_page *p, struct surface *s, struct rect r,
                        struct arena *scratch, struct cursor *cursor)
{
    struct rect old = surface_clip(s, r);
    int help = p->job == TEMPLATE_DELETE ? 0 : draw_words(NULL, r, 0, scratch) + 4;
    if (r.rows - 2 - help < TEXT_LEAST)
        help = 0;
    struct rect text = {r.row + 2, r.col + 1, r.rows - 2 - help, r.cols - 2};
    draw_cut(s, scratch, r.row, r.col + 1, r.cols - 2, THEME_HEAD, template_page_title(p, scratch));
    draw_rule(s, r.row + 1, r.col, r.cols);
    editor_draw(&p->text, s, text, THEME_PLAIN, &cursor->row, &cursor->col);
    if (help > 0) {
        int row = text.row + text.rows;
        draw_rule(s, row, r.col, r.cols);
        draw_cut(s, scratch, row + 1, r.col + 1, r.cols - 2, THEME_DIM,
                 _("{if result=solved}...{else}...{end} chooses; {set result=solved} fills in;"));
        draw_cut(s, scratch, row + 2, r.col + 1, r.cols - 2, THEME_DIM,
                 _("{for whistle} at the beginning: for that form; [which day?] is left open"));
        draw_cut(s, scratch, row + 3, r.col + 1, r.cols - 2, THEME_DIM,
                 _("{send}: a macro, which `:macro NAME` shows filled in and Enter sends"));
        draw_words(s, r, row + 4, scratch);
    }
    surface_unclip(s, old);
}
