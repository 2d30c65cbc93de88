/*
 * saved.h: the views of one's own that a person has: those of the configuration, then those of the cache.
 *
 * Purpose: names for tabs, completion and `jiban list --view`, and how many cases each shows.
 * Ownership: saved_release gives back what saved_load read. The lines of the configuration live as long as the program.
 * Errors: those of the store. Threads: main thread only.
 */
#ifndef JIBAN_TUI_SAVED_H
#define JIBAN_TUI_SAVED_H

#include "core/store/saved.h"

enum { SAVED_ALL = 2 * SAVED_MOST, SAVED_COUNT_MOST = 1000, SAVED_LOOK_MOST = 50000 };

struct saved_list {
    struct arena arena;
    struct saved_view view[SAVED_ALL];
    int64_t count[SAVED_ALL]; /* -1: not counted yet */
    bool more[SAVED_ALL];     /* at least so many */
    size_t n, stale;          /* from here on they have to be counted again */
};

/* A line `NAME = FILTER` of [views] (options_line): a view of all that is open. */
enum status saved_config_line(const char *name, const char *value, const char *from,
                              struct errmsg *err);
/* Forgets the lines of the configuration. */
void saved_config_clear(void);

void saved_init(struct saved_list *l);
void saved_release(struct saved_list *l);
/* Reads all again; counts of what stays are kept until they are counted again. */
enum status saved_load(struct saved_list *l, struct store *s, struct errmsg *err);
/* By name; NULL: none. */
const struct saved_view *saved_find(const struct saved_list *l, const char *name);
/* Counts the next one that has to be; false: none had. Costs so much as SAVED_LOOK_MOST rows. */
bool saved_count_step(struct saved_list *l, struct store *s, int64_t now_ms);
/* What is wrong with the filter of one of them, with its place; ST_OK: nothing is with any. */
enum status saved_check(const struct saved_list *l, struct store *s, int64_t now_ms,
                        struct errmsg *err);

#endif
