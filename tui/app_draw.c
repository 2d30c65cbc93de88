/* app_draw.c: which view stands where. */
#include "tui/app_model.h"
#include "core/base/i18n.h"
#include "tui/draw.h"

enum { LIST_LEAST = 58, LIST_MOST = 90 };

bool app_is_wide(const struct app *a)
{
    return a->surface.cols >= FRAME_WIDE;
}

static void draw_view(struct app *a, struct view *v, struct rect r, struct cursor *cursor)
{
    struct rect old = surface_clip(&a->surface, r);
    v->draw(v->self, &a->c, &a->surface, r, cursor);
    surface_unclip(&a->surface, old);
}

/* Left what one chooses or reads, right what one works in. */
static void draw_wide(struct app *a, struct rect body, struct cursor *cursor)
{
    struct view *top = app_top(a), page = case_view_of(&a->page);
    struct cursor none;
    int left = body.cols * 45 / 100;
    left = left < LIST_LEAST ? LIST_LEAST : left > LIST_MOST ? LIST_MOST : left;
    struct rect list = {body.row, body.col, body.rows, left};
    struct rect pane = {body.row, body.col + left + 1, body.rows, body.cols - left - 1};
    draw_column(&a->surface, body.row, left, body.rows);
    switch (top->keys) {
    case KEYS_FORM:
        if (a->page.have)
            draw_view(a, &page, list, &none);
        draw_view(a, top, pane, cursor);
        break;
    case KEYS_CASE:
        draw_view(a, &a->stack[0], list, &none);
        draw_view(a, top, pane, cursor);
        break;
    default:
        draw_view(a, &a->stack[0], list, cursor);
        if (a->page.have)
            draw_view(a, &page, pane, &none);
        break;
    }
}

void app_draw(struct app *a, struct cursor *cursor)
{
    struct surface *s = &a->surface;
    struct view *top = app_top(a);
    *cursor = (struct cursor){-1, -1};
    arena_reset(&a->c.scratch);
    surface_fill(s, (struct rect){0, 0, s->rows, s->cols}, THEME_PLAIN);
    if (s->rows < FRAME_LEAST_ROWS || s->cols < FRAME_LEAST_COLS) {
        frame_draw_small(s, &a->c.scratch);
        return;
    }
    struct rect body = {FRAME_TOP, 0, s->rows - FRAME_TOP - FRAME_BOTTOM, s->cols};
    bool beside = top->keys == KEYS_QUEUE || top->keys == KEYS_CASE ||
                  (top->keys == KEYS_FORM && a->page.have);
    if (app_is_wide(a) && beside)
        draw_wide(a, body, cursor);
    else
        draw_view(a, top, body, cursor);
    frame_read(&a->frame, &a->c, &a->queue, top,
               top->keys == KEYS_CASE && a->page.have ? &a->page.shown : NULL);
    frame_draw(&a->frame, s, &a->c.scratch);
    if (a->prompt.kind != PROMPT_NONE)
        prompt_draw(&a->prompt, s, &a->c.scratch, option_text(a->c.config->options, OPT_USER),
                    cursor);
}
