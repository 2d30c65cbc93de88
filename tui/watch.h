/*
 * watch.h: what changed between two looks at a list.
 *
 * Purpose: `jiban watch` says it as lines; who compares knows neither cache nor line nor clock.
 * Ownership: a list copies what it needs of a row; watch_release gives it back.
 * Errors: sticky in the list (failed) when there is no memory. Threads: pure.
 */
#ifndef JIBAN_TUI_WATCH_H
#define JIBAN_TUI_WATCH_H

#include "core/store/store.h"

enum watch_change {
#define CHANGE(id, word, help) WATCH_##id,
#include "tui/watch.def"
#undef CHANGE
    WATCH_COUNT
};
extern const char *const watch_word[WATCH_COUNT];

/* How long before its due time a case is due soon, in ms. */
enum { WATCH_SOON_MS = 30 * MS_MINUTE, WATCH_NUMBER = 64 };

struct watched {
    struct uuid id;
    char number[WATCH_NUMBER]; /* foreign, cut */
    enum state state;
    enum clock_id clock; /* CLOCK_COUNT: none runs */
    int64_t due_ms;      /* TIME_NONE: none runs */
    int unsent;
    bool conflict;
    bool urgent; /* of a category with a limit of 2 hours; set by who adds it, false if not */
};
struct watch_list {
    struct watched *rows; /* by id, once watch_sort was called */
    size_t n, room;
    int64_t at_ms; /* of the look */
    bool failed;
};
void watch_add(struct watch_list *l, const struct case_row *row);
void watch_sort(struct watch_list *l);
void watch_release(struct watch_list *l);

/* Each change from before to after, in the order of the ids; both sorted. Due times count by at_ms of each list: what
 * fell due in between is told though nothing else changed. An empty before tells all that after holds. */
typedef void watch_tell(void *self, enum watch_change change, const struct watched *w);
void watch_compare(const struct watch_list *before, const struct watch_list *after,
                   watch_tell *tell, void *self);

#endif
