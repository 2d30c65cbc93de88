#include "tui/watch.h"
#include <stdio.h>
#include <stdlib.h>

const char *const watch_word[WATCH_COUNT] = {
#define CHANGE(id, word, help) [WATCH_##id] = word,
#include "tui/watch.def"
#undef CHANGE
};

enum { ROOM_FIRST = 64 };

void watch_add(struct watch_list *l, const struct case_row *row)
{
    if (l->n == l->room) {
        size_t room = l->room ? 2 * l->room : ROOM_FIRST;
        struct watched *rows = reallocarray(l->rows, room, sizeof *rows);
        if (!rows) {
            l->failed = true;
            return;
        }
        l->rows = rows;
        l->room = room;
    }
    struct watched *w = &l->rows[l->n++];
    *w = (struct watched){.id = row->id,
                          .state = row->state,
                          .clock = row->next_clock,
                          .due_ms = row->due_ms,
                          .unsent = row->unsent,
                          .conflict = row->conflict};
    snprintf(w->number, sizeof w->number, "%s", row->number);
}

static int by_id(const void *a, const void *b)
{
    const struct watched *x = a, *y = b;
    return uuid_compare(&x->id, &y->id);
}

void watch_sort(struct watch_list *l)
{
    if (l->n > 0)
        qsort(l->rows, l->n, sizeof *l->rows, by_id);
}

void watch_release(struct watch_list *l)
{
    free(l->rows);
    *l = (struct watch_list){.rows = NULL};
}

enum nearness { FAR, SOON, OVERDUE };

static enum nearness nearness(const struct watched *w, int64_t now_ms)
{
    if (w->due_ms == TIME_NONE)
        return FAR;
    return w->due_ms < now_ms ? OVERDUE : w->due_ms - now_ms <= WATCH_SOON_MS ? SOON : FAR;
}

/* Another clock, or the same with another due time, is near anew. */
static bool same_clock(const struct watched *a, const struct watched *b)
{
    return a->clock == b->clock && a->due_ms == b->due_ms;
}

/* was: NULL for one that was not in the list. */
static void compare_one(const struct watched *was, int64_t was_ms, const struct watched *is,
                        int64_t is_ms, watch_tell *tell, void *self)
{
    enum nearness near = nearness(is, is_ms);
    if (!was)
        tell(self, WATCH_ENTERED, is);
    else if (was->state != is->state)
        tell(self, WATCH_STATE, is);
    if (near != FAR && (!was || !same_clock(was, is) || nearness(was, was_ms) != near))
        tell(self, near == SOON ? WATCH_SOON : WATCH_OVERDUE, is);
    int unsent = was ? was->unsent : 0;
    if (is->unsent > unsent)
        tell(self, WATCH_UNSENT, is);
    else if (is->unsent == 0 && unsent > 0)
        tell(self, WATCH_SENT, is);
    if (is->conflict && !(was && was->conflict))
        tell(self, WATCH_CONFLICT, is);
}

void watch_compare(const struct watch_list *before, const struct watch_list *after,
                   watch_tell *tell, void *self)
{
    size_t b = 0, a = 0;
    while (b < before->n || a < after->n) {
        const struct watched *was = b < before->n ? &before->rows[b] : NULL;
        const struct watched *is = a < after->n ? &after->rows[a] : NULL;
        int order = !was ? 1 : !is ? -1 : by_id(was, is);
        if (order < 0)
            tell(self, WATCH_LEFT, was);
        else
            compare_one(order == 0 ? was : NULL, before->at_ms, is, after->at_ms, tell, self);
        b += order <= 0;
        a += order >= 0;
    }
}
