/* app_draw.c: which view stands where. */
#include "tui/app_model.h"
#include "core/base/i18n.h"
#include "tui/draw.h"

enum { LIST_LEAST = 58, LIST_MOST = 90 };

bool app_is_wide(const struct app *a)
{
    return a->surface.cols >= FRAME_WIDE;
}

static void put(struct app_layout *l, struct view *views, struct view view, struct rect r)
{
    views[l->n] = view;
    l->place[l->n++] = (struct app_place){view.self, r};
}

/* Left what one chooses or reads, right what one works in. */
static void lay_wide(struct app *a, struct app_layout *l, struct view *views, struct rect body)
{
    struct view *top = app_top(a), page = case_view_of(&a->page);
    int left = body.cols * 45 / 100;
    left = left < LIST_LEAST ? LIST_LEAST : left > LIST_MOST ? LIST_MOST : left;
    struct rect list = {body.row, body.col, body.rows, left};
    struct rect pane = {body.row, body.col + left + 1, body.rows, body.cols - left - 1};
    l->column = true;
    switch (top->keys) {
    case KEYS_FORM:
        put(l, views, page, list);
        put(l, views, *top, pane);
        break;
    case KEYS_CASE:
        put(l, views, a->stack[0], list);
        put(l, views, *top, pane);
        break;
    default:
        put(l, views, a->stack[0], list);
        if (a->page.have)
            put(l, views, page, pane);
        break;
    }
}

/* Rows below the view. A line that is typed needs the last one whatever the options say. */
static int bottom_of(const struct app *a)
{
    bool keys = slow_hints(a) || a->prompt.kind != PROMPT_NONE;
    return keys ? FRAME_BOTTOM : FRAME_BOTTOM - 1;
}

static void lay_out(struct app *a, struct app_layout *l, struct view *views)
{
    struct surface *s = &a->surface;
    struct view *top = app_top(a);
    struct rect body = {FRAME_TOP, 0, s->rows - FRAME_TOP - bottom_of(a), s->cols};
    bool beside = top->keys == KEYS_QUEUE || top->keys == KEYS_CASE ||
                  (top->keys == KEYS_FORM && a->page.have);
    *l = (struct app_layout){.rows = s->rows, .cols = s->cols};
    if (app_is_wide(a) && beside)
        lay_wide(a, l, views, body);
    else
        put(l, views, *top, body);
}

static bool same_place(const struct app_place *a, const struct app_place *b)
{
    return a->self == b->self && a->rect.row == b->rect.row && a->rect.col == b->rect.col &&
           a->rect.rows == b->rect.rows && a->rect.cols == b->rect.cols;
}

static bool same_layout(const struct app_layout *a, const struct app_layout *b)
{
    if (a->rows != b->rows || a->cols != b->cols || a->column != b->column || a->n != b->n)
        return false;
    for (int i = 0; i < a->n; i++)
        if (!same_place(&a->place[i], &b->place[i]))
            return false;
    return true;
}

static void draw_views(struct app *a, const struct app_layout *l, struct view *views,
                       struct cursor *cursor)
{
    struct cursor none;
    for (int i = 0; i < l->n; i++) {
        struct rect r = l->place[i].rect, old = surface_clip(&a->surface, r);
        bool keys = views[i].self == app_top(a)->self;
        if (!views[i].keeps)
            surface_fill(&a->surface, r, THEME_PLAIN);
        views[i].draw(views[i].self, &a->c, &a->surface, r, keys ? cursor : &none);
        surface_unclip(&a->surface, old);
    }
    if (l->column)
        draw_column(&a->surface, l->place[0].rect.row, l->place[0].rect.cols,
                    l->place[0].rect.rows);
}

/* Nothing of any case: who and what it is, and the prompt. */
static void draw_locked(struct app *a, struct cursor *cursor)
{
    struct surface *s = &a->surface;
    surface_fill(s, (struct rect){0, 0, s->rows, s->cols}, THEME_PLAIN);
    prompt_draw(&a->prompt, s, &a->c.scratch, option_text(a->c.config->options, OPT_USER), cursor);
    draw_cut(s, &a->c.scratch, s->rows - 1, 1, s->cols - 2, a->c.message_role, a->c.message);
    a->drawn.n = 0;
}

/* The row with the sign of the chosen one, else the first. */
static int chosen_row(const struct surface *s, struct rect r)
{
    for (int row = r.row; row < r.row + r.rows; row++) {
        const struct cell *cell = s->cell + (size_t)row * (size_t)s->cols + (size_t)r.col;
        bool pointer = cell->role == THEME_POINTER || cell->role == THEME_CURRENT;
        if (pointer && cell->len == 1 && cell->text[0] == '>')
            return row;
    }
    return r.row;
}

void app_rest_cursor(struct app *a, struct cursor *cursor)
{
#if SABOTAGE == 193
    return;
#endif
    if (cursor->row >= 0)
        return;
    *cursor = (struct cursor){0, 0};
    for (int i = 0; i < a->drawn.n; i++) {
        struct rect r = a->drawn.place[i].rect;
        if (a->drawn.place[i].self == app_top(a)->self)
            *cursor = (struct cursor){chosen_row(&a->surface, r), r.col};
    }
}

void app_draw(struct app *a, struct cursor *cursor)
{
    struct surface *s = &a->surface;
    struct view *top = app_top(a), views[2];
    struct app_layout layout;
    const struct casefile *subject = top->keys == KEYS_CASE && a->page.have ? &a->page.shown : NULL;
    *cursor = (struct cursor){-1, -1};
    arena_reset(&a->c.scratch);
    if (a->lock.on) {
        draw_locked(a, cursor);
        return;
    }
    if (s->rows < FRAME_LEAST_ROWS || s->cols < FRAME_LEAST_COLS) {
        surface_fill(s, (struct rect){0, 0, s->rows, s->cols}, THEME_PLAIN);
        frame_draw_small(s, &a->c.scratch);
        if (a->prompt.kind != PROMPT_NONE) /* it has the keys, so it must be seen */
            prompt_draw(&a->prompt, s, &a->c.scratch, option_text(a->c.config->options, OPT_USER),
                        cursor);
        a->drawn.n = 0;
        return;
    }
    lay_out(a, &layout, views);
    a->c.kept = !a->anew && same_layout(&layout, &a->drawn);
    if (!a->c.kept)
        surface_fill(s, (struct rect){0, 0, s->rows, s->cols}, THEME_PLAIN);
    draw_views(a, &layout, views, cursor);
    if (!a->rows_mono_ms)
        a->queue.told = a->queue.first;
    if (!a->c.kept || !frame_stands(&a->frame, &a->c, &a->queue, top, subject)) {
        frame_read(&a->frame, &a->c, &a->queue, top, subject);
        frame_draw(&a->frame, s, bottom_of(a), &a->c.scratch);
    } else if (!frame_rows_stand(&a->frame, &a->queue)) {
        frame_read_rows(&a->frame, &a->c, &a->queue, top);
        frame_draw_rows(&a->frame, s, bottom_of(a), &a->c.scratch);
    }
    a->anew = false;
    a->drawn = layout;
    if (a->prompt.kind != PROMPT_NONE) {
        prompt_draw(&a->prompt, s, &a->c.scratch, option_text(a->c.config->options, OPT_USER),
                    cursor);
        a->drawn.n = 0;
    }
}
