#include "core/base/arena.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/banned.h" /* after all others */

enum { BLOCK_FIRST = 4096, BLOCK_MOST = 1024 * 1024, ALIGN = 16 };

struct arena_block {
    struct arena_block *next;
    size_t size, at; /* bytes in data, bytes given out */
    _Alignas(ALIGN) unsigned char data[];
};

void arena_init(struct arena *a, size_t ceiling)
{
    memset(a, 0, sizeof *a);
    a->ceiling = ceiling;
}

void arena_release(struct arena *a)
{
    while (a->block) {
        struct arena_block *next = a->block->next;
        free(a->block);
        a->block = next;
    }
    arena_init(a, a->ceiling);
}

void arena_reset(struct arena *a)
{
    struct arena_block *keep = a->block;
    if (keep) {
        a->block = keep->next;
        keep->next = NULL;
        arena_release(a);
        keep->at = 0;
        a->block = keep;
    }
    a->used = 0;
    a->failed = false;
}

bool arena_failed(const struct arena *a)
{
    return a->failed;
}

static void *take(struct arena *a, size_t size)
{
    if (a->failed)
        return NULL;
    if (size > SIZE_MAX / 4 || (a->ceiling && size > a->ceiling - a->used)) {
        a->failed = true;
        return NULL;
    }
    size_t rounded = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    struct arena_block *b = a->block;
    if (!b || b->size - b->at < rounded) {
        size_t wanted = b ? b->size * 2 : BLOCK_FIRST;
        if (wanted > BLOCK_MOST)
            wanted = BLOCK_MOST;
        if (wanted < rounded)
            wanted = rounded;
        b = malloc(sizeof *b + wanted);
        if (!b) {
            a->failed = true;
            return NULL;
        }
        b->size = wanted;
        b->at = 0;
        b->next = a->block;
        a->block = b;
    }
    void *p = b->data + b->at;
    b->at += rounded;
    a->used += size;
    return p;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = take(a, size);
    return p ? memset(p, 0, size) : NULL;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
    if (size && n > SIZE_MAX / size) {
        a->failed = true;
        return NULL;
    }
    return arena_alloc(a, n * size);
}

const char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (!s || n == 0)
        return "";
    char *p = take(a, n + 1);
    if (!p)
        return "";
    memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

const char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : "";
}

const char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : take(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    else
        a->failed = true;
    va_end(again);
    return p ? p : "";
}
