/*
 * tasks.h: the tasks of a meeting or consultation as they are typed: one a line, "UNIT DATE what".
 *
 * DATE is 2026-03-21 (ends at 24:00 of that day, Beijing time) or an RFC 3339 time. Lines that are empty are passed over.
 */
#ifndef JIBAN_CASE_TASKS_H
#define JIBAN_CASE_TASKS_H

#include "core/base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task {
    const char *unit, *what;
    int64_t due_ms;
};

/* The next task of *text, which moves on; false at the end, or when the line is no task: then *ret_bad is that line. */
bool task_next(const char **text, struct arena *a, struct task *ret, const char **ret_bad);

#endif
