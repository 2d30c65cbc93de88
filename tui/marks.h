/*
 * marks.h: the cases that are marked, by their ids: what is done next is done to all of them.
 *
 * Ownership: plain data; no case lies in it, so marks outlive views, filters and changes of the cases.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_MARKS_H
#define JIBAN_TUI_MARKS_H

#include "core/base/uuid.h"
#include <stdbool.h>
#include <stddef.h>

enum { MARKS_MAX = 200 };

struct marks {
    struct uuid id[MARKS_MAX]; /* in the order in which they were marked */
    size_t n;
};

bool marks_has(const struct marks *m, const struct uuid *id);
/* False: there is no room. One that is marked already stays where it is. */
bool marks_add(struct marks *m, const struct uuid *id);
void marks_drop(struct marks *m, const struct uuid *id);

#endif
