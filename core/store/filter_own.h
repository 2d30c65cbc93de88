/*
 * filter_own.h: what reading a filter and completing one share (inside core/store/filter*.c only).
 *
 * Threads: constant tables.
 */
#ifndef JIBAN_STORE_FILTER_OWN_H
#define JIBAN_STORE_FILTER_OWN_H

#include "core/store/filter.h"

/* States by what the desk calls them; each state's own word and its label count as well. */
enum { FILTER_GROUPS = 8 };
extern const struct filter_group {
    const char *word;
    uint32_t states;
} filter_groups[FILTER_GROUPS];

/* The key that the word begins with, its sign of comparison and where the value begins; a colon of an input method that is
 * still on is one too. FILTER_COUNT: none; *ret_named: it looks like one, but is not known. */
enum filter_key filter_read_key(const char *word, size_t len, const char **ret_sign,
                                size_t *ret_value, bool *ret_named);
/* Compared by <, > and the like. */
bool filter_is_measured(enum filter_key key);

#endif
