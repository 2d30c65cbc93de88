/*
 * arena.h: memory that is given back all at once.
 *
 * Purpose: decoded records, folded cases and pages of rows live in an arena.
 * Ownership: all that an arena gave out ends with arena_release() or arena_reset().
 * Errors: sticky. When memory runs out (or the ceiling is reached) the functions return a pointer
 *         to static, harmless memory ("" for strings, a zeroed scratch block for objects up to
 *         ARENA_SCRATCH bytes) or NULL for larger blocks, and arena_failed() is true from then on.
 *         Whoever owns the arena asks once and returns ST_NOMEM.
 * Threads: one arena belongs to one thread at a time.
 */
#ifndef JIBAN_BASE_ARENA_H
#define JIBAN_BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *block; /* newest first */
    size_t used;               /* bytes handed out since init or reset */
    size_t ceiling;            /* most bytes this arena may hand out; 0 = no ceiling */
    bool failed;
};

void arena_init(struct arena *a, size_t ceiling);
void arena_reset(struct arena *a);   /* keeps the newest block for reuse, clears failed */
void arena_release(struct arena *a); /* gives all back */
bool arena_failed(const struct arena *a);

/* size bytes, aligned for any object, zeroed. NULL when it failed. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_array(struct arena *a, size_t n, size_t size); /* n * size, overflow checked */

/* Copies; never NULL: "" when it failed or s is NULL. */
const char *arena_strdup(struct arena *a, const char *s);
const char *arena_strndup(struct arena *a, const char *s, size_t n);
const char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
