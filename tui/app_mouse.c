/* app_mouse.c: what the mouse does, where there is one; everything has its key as well. */
#include "tui/app_model.h"

enum { WHEEL_ROWS = 3 };

static const struct rect *rect_of(const struct app *a, const void *self)
{
    for (int i = 0; i < a->drawn.n; i++)
        if (a->drawn.place[i].self == self)
            return &a->drawn.place[i].rect;
    return NULL;
}

static void press(struct app *a, int row, int col)
{
    struct view *top = app_top(a);
    const struct rect *r = rect_of(a, top->self);
    enum action action;
    const char *word = NULL;
    bool again = false;
    if (frame_at(&a->frame, a->surface.rows, row, col, &action, &word)) {
        app_act(a, action, action == ACTION_VIEW ? word : NULL);
        return;
    }
    if (!r || !top->click || row < r->row || row >= r->row + r->rows || col < r->col ||
        col >= r->col + r->cols)
        return;
    if (top->click(top->self, row - r->row, &again) && again)
        app_act(a, top->keys == KEYS_HELP ? ACTION_RUN : ACTION_OPEN, NULL);
}

void app_mouse(struct app *a, const struct key *key)
{
    enum action step = key->control == MOUSE_WHEEL_UP ? ACTION_UP : ACTION_DOWN;
    a->c.message[0] = '\0';
    if (key->control == MOUSE_PRESS)
        press(a, key->row, key->col);
    else if (action_table[step].contexts >> app_top(a)->keys & 1u)
        for (int i = 0; i < WHEEL_ROWS; i++)
            app_act(a, step, NULL);
}
