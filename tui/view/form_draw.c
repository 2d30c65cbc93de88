/* form_draw.c: a form as cells; reads nothing but its model. */
#include "tui/view/form.h"
#include "core/base/i18n.h"
#include "core/case/attached.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include <string.h>

enum {
    LABEL_LEAST = 18,
    TEXT_LEAST = 2,
    TEXT_ROOM = 10,
    CONTEXT_LEAST = 2,
    CONTEXT_MOST = 8,
    CHECK_LINES = 4,
    CHECK_LINES_TALL = 8,
    TALL = 30,        /* rows of a form from which on more of the checklist stands below it */
    BELOW_CHECKS = 6, /* rows kept for the checklist, and for proposals */
    BELOW_PROPOSALS = 8,
    LEAK_LINES = 2,
    CODE_CELLS = 18,
    WINDOW_LEAST = 3,
    WINDOW_GOOD = 8 /* lines of fields beside which hints are told at length */
};

static int width_of(const char *text)
{
    return text_width(text, strlen(text));
}

/* --- the case above, the checklist below ------------------------------------------------------ */

/* The exits of intake, the present one marked. */
static void draw_exits(const struct form *f, struct surface *s, struct rect r, int cells,
                       struct arena *a)
{
    int col = r.col + 1, end = r.col + cells;
    for (int i = 0; i < f->n_exits && col < end; i++) {
        bool here = f->exit[i] == f->type;
        col += 2 + draw_text(s, a, r.row, col, end - col, here ? THEME_HEAD : THEME_DIM,
                             here ? "[%s]" : "%s", _(command_table[f->exit[i]].label));
    }
}

/* How much of the case stands above: what its fields do not need, half of that for the texts. It does not change while one
 * writes. */
static int context_lines(const struct form *f, int rows)
{
    bool proposes = f->begins || f->type == COMMAND_DISPATCH || f->type == COMMAND_DESIGNATE;
    int below = f->policy ? BELOW_CHECKS : proposes ? BELOW_PROPOSALS : 0;
    int lines = CONTEXT_LEAST + (rows - CONTEXT_LEAST - f->n - below) / 3;
    return lines < CONTEXT_LEAST ? CONTEXT_LEAST : lines > CONTEXT_MOST ? CONTEXT_MOST : lines;
}

static int draw_top(const struct form *f, struct surface *s, struct rect r, struct arena *a)
{
    const struct casefile *c = &f->subject;
    const char *number = draw_number(a, c->value[FIELD_NUMBER]);
    const char *saved = "";
    if (f->seen_state != f->saved_state)
        saved = _("draft not saved yet");
    else if (f->saved_ms != TIME_NONE) {
        struct civil t = civil_from_ms(f->saved_ms, BEIJING_OFFSET_MS);
        saved = arena_printf(a, _("draft saved %02d:%02d:%02d"), t.hour, t.minute, t.second);
    }
    if (f->slot > 0)
        saved = arena_printf(a, "(%d) %s", f->slot + 1, saved);
    int right = width_of(saved);
    if (f->marked)
        number = arena_printf(a, _("%zu marked"), f->marked);
    if (f->begins)
        draw_exits(f, s, r, r.cols - right - 3, a);
    else
        draw_cut(s, a, r.row, r.col + 1, r.cols - right - 4, THEME_HEAD,
                 *number ? arena_printf(a, "%s · %s", _(command_table[f->type].label), number)
                         : _(command_table[f->type].label));
    draw_text(s, a, r.row, r.col + r.cols - right - 1, right, THEME_DIM, "%s", saved);
    bool english = !i18n_chinese() && *c->value[FIELD_CONTENT_EN];
    const char *text = c->value[english ? FIELD_CONTENT_EN : FIELD_CONTENT];
    int lines = 1, most = context_lines(f, r.rows);
    if (f->beside)
        draw_cut(s, a, r.row + lines++, r.col + 1, r.cols - 2, THEME_WARN,
                 arena_printf(a, "&& %s", f->beside));
    for (int i = 0; i < most && *text; i++, lines++) {
        size_t n = strcspn(text, "\n"), take = n ? text_break(text, n, r.cols - 3) : 0;
        const char *piece = i == most - 1 ? text : arena_strndup(a, text, take);
        draw_cut(s, a, r.row + lines, r.col + 1, r.cols - 2, THEME_DIM, piece);
        text += take + (take == n && text[take] == '\n');
    }
    draw_rule(s, r.row + lines, r.col, r.cols);
    return lines + 1;
}

/* What must not be told, what sending waits for first; then words to think over. Returns the lines used; s NULL: counts only. */
static int draw_leaks(const struct form *f, struct surface *s, struct rect r, int row,
                      struct arena *a)
{
    int lines = 0;
    size_t told = 0;
    for (int holds = 1; holds >= 0; holds--)
        for (size_t i = 0; i < f->leaks.n && lines < LEAK_LINES; i++) {
            const struct form_leak *leak = &f->leaks.found[i];
            if (leak_table[leak->leak.kind].holds != (holds == 1))
                continue;
            const char *what = form_leak_text(f, leak, a);
            if (lines + 1 == LEAK_LINES && told + 1 < f->leaks.n)
                what = arena_printf(a, _("%s; and %zu more"), what, f->leaks.n - told - 1);
            if (s)
                draw_cut(s, a, row + lines, r.col + 1, r.cols - 2, holds ? THEME_WARN : THEME_DIM,
                         arena_printf(a, "%s %s", holds ? "!!" : "- ", what));
            lines++;
            told++;
        }
    int most = lines < LEAK_LINES ? LEAK_LINES : LEAK_LINES + 1;
    for (size_t i = 0; i < f->leaks.n_words && lines < most; i++, lines++) {
        const char *what = form_word_text(f, &f->leaks.word[i], a);
        if (lines + 1 == most && i + 1 < f->leaks.n_words)
            what = arena_printf(a, _("%s; and %zu more"), what, f->leaks.n_words - i - 1);
        if (s)
            draw_cut(s, a, row + lines, r.col + 1, r.cols - 2, THEME_WARN,
                     arena_printf(a, "?  %s", what));
    }
    return lines;
}

/* Where the next point goes. */
struct checks {
    struct surface *s; /* NULL: counts only */
    struct rect r;
    struct arena *a;
    int row, col, lines, most, left_out;
};

static void draw_check(struct checks *k, enum theme_role role, const char *sign, const char *text)
{
    int end = k->r.col + k->r.cols, first = k->r.col + 1;
    int width = width_of(sign) + 1 + width_of(text) + 3;
    if (k->left_out == 0 && k->col + width > end && k->col > first && k->lines < k->most) {
        k->col = first;
        k->lines++;
    }
    if (k->left_out > 0 || (k->col + width > end && k->col > first)) {
        k->left_out++;
        return;
    }
    if (k->s)
        draw_text(k->s, k->a, k->row + k->lines - 1, k->col, end - k->col, role, "%s %s", sign,
                  text);
    k->col += width;
}

/* The rank of a point: what the policy demands and is missing first, then what it does not demand, then what is there. */
static int check_rank(bool good, const struct check_item *item)
{
    return good ? 2 : !item || item->required ? 0 : 1;
}

/* Points of the checklist flow over a few lines. Returns the lines used; s NULL: counts only. */
static int draw_checks(const struct form *f, struct surface *s, struct rect r, int row,
                       struct arena *a)
{
    static const enum theme_role role[] = {THEME_WARN, THEME_DIM, THEME_GOOD};
    const char *const sign[] = {"!!", "- ", _("ok")};
    bool chinese = i18n_chinese();
    if (!f->policy)
        return 0;
    struct checks k = {.s = s, .r = r, .a = a, .row = row, .col = r.col + 1};
    k.lines = draw_leaks(f, s, r, row, a) + 1;
    k.most = k.lines - 1 + (r.rows >= TALL ? CHECK_LINES_TALL : CHECK_LINES);
    for (int rank = 0; rank <= 2; rank++)
        for (int i = -1; i < f->policy->n_checks && i < POLICY_CHECKLIST_MAX; i++) {
            const struct check_item *item = i < 0 ? NULL : &f->policy->check[i];
            bool good = item ? f->met[i] : f->length_ok;
            bool judged = !item || (item->on && (item->required || item->forbid || item->n_hints));
            if (!judged || check_rank(good, item) != rank)
                continue;
            const char *text =
                item ? (chinese ? item->zh : item->en)
                     : arena_printf(a, _("%zu of %d to %d characters"), f->reply_characters,
                                    f->policy->reply_min, f->policy->reply_max);
            draw_check(&k, role[rank], sign[rank], text);
        }
    if (k.left_out > 0 && s) {
        const char *more = arena_printf(a, " +%d", k.left_out);
        int cells = width_of(more);
        draw_text(s, a, row + k.lines - 1, r.col + r.cols - cells - 1, cells, THEME_DIM, "%s",
                  more);
    }
    return k.lines;
}

/* --- fields ----------------------------------------------------------------------------------- */

static void draw_choices(const struct form_field *field, bool current, struct surface *s, int row,
                         int col, int cells, struct arena *a)
{
    int all = 0, end = col + cells;
    for (int i = 0; i < field->n_choices; i++)
        all += width_of(choice_label(field->field, field->choices[i].word)) + 6;
    if (all > cells) { /* only the one that is chosen, with arrows */
        const char *label = field->chosen < 0
                                ? _("not chosen yet")
                                : choice_label(field->field, field->choices[field->chosen].word);
        draw_text(s, a, row, col, cells,
                  current             ? THEME_INPUT_CURRENT
                  : field->chosen < 0 ? THEME_PLAIN
                                      : THEME_CHOICE_ON,
                  "< %s >  %d/%d", label, field->chosen + 1, field->n_choices);
        if (current)
            draw_text(s, a, row, col + cells - 2 - width_of(_("Space: next")), cells, THEME_DIM,
                      "%s", _("Space: next"));
        return;
    }
    for (int i = 0; i < field->n_choices; i++) {
        bool on = i == field->chosen;
        col += draw_text(s, a, row, col, cells,
                         on && current ? THEME_INPUT_CURRENT
                         : on          ? THEME_CHOICE_ON
                                       : THEME_PLAIN,
                         "(%c) %s", on ? 'x' : ' ',
                         choice_label(field->field, field->choices[i].word)) +
               2;
    }
    int hint = width_of(_("Space: next"));
    if (current && all + hint <= cells)
        draw_text(s, a, row, end - hint, hint, THEME_DIM, "%s", _("Space: next"));
}

/* The labels in one line, as long as two thirds of it are left for what is typed. */
static int label_cells(const struct form *f, int cols)
{
    int widest = LABEL_LEAST;
    for (int i = 0; i < f->n; i++) {
        int cells = width_of(_(field_table[f->field[i].field].label)) + 5;
        widest = cells > widest ? cells : widest;
    }
    int most = cols / 3 > LABEL_LEAST ? cols / 3 : LABEL_LEAST;
    return widest < most ? widest : most;
}

/* A label over as many lines as it needs, the star of what is needed behind it. Returns the lines; s NULL: only counts. */
static int draw_label(const struct form *f, const struct form_field *field, struct surface *s,
                      int row, int col, struct arena *a)
{
    const char *text = _(field_table[field->field].label);
    int cells = f->label_cells - 2 - (field->required ? 2 : 0), lines = 0;
    enum theme_role role = field->required ? THEME_HEAD : THEME_LABEL;
    while (*text) {
        size_t take = text_break(text, strlen(text), cells), shown = take;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        int used = s ? draw_text(s, a, row + lines, col, cells, role, "%.*s", (int)shown, text) : 0;
        text += take;
        lines++;
        if (s && !*text && field->required)
            draw_text(s, a, row + lines - 1, col + used + 1, 1, role, "*");
    }
    return lines;
}

/* The files, and in the field where one is the path that is typed. */
static void draw_files(struct form_field *field, bool current, struct surface *s, struct rect r,
                       struct arena *a, struct cursor *cursor)
{
    const char *text = attached_text(a, field->files ? field->files : "");
    int row = r.row, at_row, at_col;
    for (; *text; row++) {
        size_t n = strcspn(text, "\n");
        draw_cut(s, a, row, r.col, r.cols, THEME_PLAIN, arena_strndup(a, text, n));
        text += n + (text[n] == '\n');
    }
    if (!current) {
        if (row == r.row)
            draw_cut(s, a, row, r.col, r.cols, THEME_DIM, _("Alt-A adds a photo or a paper"));
        return;
    }
    struct rect box = {row, r.col, 1, r.cols};
    surface_fill(s, box, (unsigned char)THEME_INPUT_CURRENT);
    editor_layout(&field->editor, box.rows, box.cols);
    editor_draw(&field->editor, s, box, (unsigned char)THEME_INPUT_CURRENT, &at_row, &at_col);
    *cursor = (struct cursor){at_row, at_col};
}

/* Before each line that something of it is told of below: ! for what must not be in it, ? for a word. */
static void draw_signs(const struct form *f, int i, struct surface *s, struct rect box,
                       struct arena *a)
{
    const struct editor *e = &f->field[i].editor;
    for (int k = 0; k < box.rows; k++) {
        char sign = form_leak_sign(f, i, e->first + (size_t)k);
        if (sign != ' ' && e->first + (size_t)k < e->n_lines)
            draw_text(s, a, box.row + k, box.col - 1, 1, THEME_WARN, "%c", sign);
    }
}

static void draw_field(struct form *f, int i, struct surface *s, int row, struct rect r,
                       struct arena *a, struct cursor *cursor)
{
    struct form_field *field = &f->field[i];
    bool current = i == f->current;
    int col = r.col + f->label_cells, cells = r.cols - f->label_cells - 1;
    int at_row, at_col;
    enum theme_role role = current ? THEME_INPUT_CURRENT : THEME_INPUT;
    draw_text(s, a, row, r.col, 1, THEME_POINTER, "%s", current ? ">" : " ");
    (void)draw_label(f, field, s, row, r.col + 1, a);
    if (field->kind == FORM_CHOICE) {
        draw_choices(field, current, s, row, col, cells, a);
        if (current)
            *cursor = (struct cursor){row, col};
    } else if (field->kind == FORM_FILES) {
        draw_files(field, current, s, (struct rect){row, col, field->rows, cells}, a, cursor);
    } else {
        int lines = field->kind != FORM_TEXT ? 1 : field->rows - (*field->error ? 1 : 0);
        if (*field->error && !*form_text_of(field))
            lines = 1; /* what is wrong stands beside the label, not below the room for the text */
        struct rect box = {row, col, lines, cells};
        if (*field->name)
            box.cols = CODE_CELLS < cells ? CODE_CELLS : cells;
        surface_fill(s, box, (unsigned char)role);
        editor_layout(&field->editor, box.rows, box.cols);
        editor_draw(&field->editor, s, box, (unsigned char)role, &at_row, &at_col);
        if (field->kind == FORM_TEXT) {
            draw_signs(f, i, s, box, a);
            draw_more(s, (struct rect){row, r.col, lines, r.cols}, (int)field->editor.first,
                      (int)field->editor.n_lines);
        }
        if (current)
            *cursor = (struct cursor){at_row, at_col};
        if (*field->name)
            draw_cut(s, a, row, col + box.cols + 2, cells - box.cols - 2, THEME_DIM, field->name);
    }
    bool empty = field->kind == FORM_TEXT && !*form_text_of(field);
    if (*field->error)
        draw_cut(s, a, empty ? row + 1 : row + field->rows - 1, col, cells, THEME_ERROR,
                 arena_printf(a, "!! %s", field->error));
}

/* Rows of each field: a text as many as it has lines, within what the window leaves. */
static int lay_out(struct form *f, int cells, int window)
{
    int fixed = 0, texts = 0, all = 0;
    for (int i = 0; i < f->n; i++) {
        struct form_field *field = &f->field[i];
        field->rows = draw_label(f, field, NULL, 0, 0, NULL);
        if (field->kind == FORM_FILES) {
            int files =
                (int)form_files_count(field) + (i == f->current || !form_files_count(field));
            field->rows = files > field->rows ? files : field->rows;
        }
        field->rows += *field->error ? 1 : 0;
        fixed += field->rows;
        texts += field->kind == FORM_TEXT;
    }
    for (int i = 0; i < f->n; i++) {
        struct form_field *field = &f->field[i];
        if (field->kind != FORM_TEXT)
            continue;
        /* The first text is what the form is about: it has room before it is written, so that what stands below moves late,
         * but not all that is left, so that it stays near. */
        int spare = window - fixed - (texts - 1), room = spare < TEXT_ROOM ? spare : TEXT_ROOM;
        int label = draw_label(f, field, NULL, 0, 0, NULL);
        int least = texts > 1 && fixed > window ? TEXT_LEAST : TEXT_LEAST + 1;
        editor_layout(&field->editor, window, cells);
        int lines = editor_lines(&field->editor);
        bool first = true;
        for (int k = 0; k < i; k++)
            first = first && f->field[k].kind != FORM_TEXT;
        int most = window * 2 / 3 > least ? window * 2 / 3 : least;
        int wanted = lines > least ? lines : least;
        if (first && room > wanted)
            wanted = room;
        if (wanted > most)
            wanted = most;
        if (!first && i != f->current)
            wanted = lines < TEXT_LEAST ? 1 : TEXT_LEAST;
        if (wanted > label)
            field->rows += wanted - label;
    }
    for (int i = 0; i < f->n; i++)
        all += f->field[i].rows;
    return all;
}

void form_draw(struct form *f, struct surface *s, struct rect r, struct arena *scratch,
               struct cursor *cursor)
{
    struct rect old = surface_clip(s, r);
    int top = draw_top(f, s, r, scratch);
    int checks = draw_checks(f, NULL, r, 0, scratch);
    struct rect window = {r.row + top, r.col, r.rows - top - checks - (checks > 0), r.cols};
    if (window.rows < WINDOW_LEAST) { /* the fields first */
        checks = 0;
        window.rows = r.rows - top;
    }
    bool small = false;
    int hints = form_hints_draw(f, NULL, r, 0, small, scratch);
    if (window.rows - hints < WINDOW_GOOD)
        hints = form_hints_draw(f, NULL, r, 0, small = true, scratch);
    if (window.rows - hints < WINDOW_LEAST)
        hints = 0;
    window.rows -= hints;
    f->label_cells = label_cells(f, r.cols);
    int all = lay_out(f, r.cols - f->label_cells - 1, window.rows);
    int at = 0, current_at = 0;
    for (int i = 0; i < f->current; i++)
        current_at += f->field[i].rows;
    int current_end = current_at + f->field[f->current].rows;
    if (current_end > f->first + window.rows)
        f->first = current_end - window.rows;
    if (current_at < f->first)
        f->first = current_at;
    if (f->first > all - window.rows)
        f->first = all > window.rows ? all - window.rows : 0;
    struct rect fields = surface_clip(s, window);
    for (int i = 0; i < f->n; i++) {
        int row = window.row + at - f->first;
        if (at + f->field[i].rows > f->first && at < f->first + window.rows)
            draw_field(f, i, s, row, window, scratch, cursor);
        at += f->field[i].rows;
    }
    surface_unclip(s, fields);
    draw_more(s, window, f->first, all);
    if (hints > 0)
        form_hints_draw(f, s, r, window.row + window.rows, small, scratch);
    if (checks > 0) {
        draw_rule(s, window.row + window.rows, r.col, r.cols);
        draw_checks(f, s, r, window.row + window.rows + 1, scratch);
    }
    surface_unclip(s, old);
}
