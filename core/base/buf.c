#include "core/base/buf.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/banned.h" /* after all others */

/* What an empty buffer shows: it owns nothing, so data need not be freed. */
static char nothing[1];

void buf_init(struct buf *b, size_t ceiling)
{
    *b = (struct buf){.data = nothing, .ceiling = ceiling};
}

void buf_release(struct buf *b)
{
    if (b->cap)
        free(b->data);
    buf_init(b, b->ceiling);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = ST_OK;
    if (b->cap)
        b->data[0] = '\0';
}

static bool room(struct buf *b, size_t n)
{
    if (b->failed != ST_OK)
        return false;
    if (n > b->ceiling - b->len) {
        b->failed = ST_TOOBIG;
        return false;
    }
    if (b->len + n < b->cap)
        return true;
    size_t cap = b->cap ? b->cap : 64;
    while (cap <= b->len + n)
        cap += cap / 2 + 64;
    char *data = realloc(b->cap ? b->data : NULL, cap);
    if (!data) {
        b->failed = ST_NOMEM;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

void buf_add(struct buf *b, const void *data, size_t n)
{
    if (n == 0 || !room(b, n))
        return;
    memcpy(b->data + b->len, data, n);
    b->len += n;
    b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0 && room(b, (size_t)n)) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void buf_drop(struct buf *b, size_t n)
{
    if (n == 0)
        return;
    memmove(b->data, b->data + n, b->len - n + 1);
    b->len -= n;
}

char *buf_detach(struct buf *b)
{
    if (b->failed == ST_OK && !b->cap)
        room(b, 0);
    if (b->failed != ST_OK)
        return NULL;
    char *data = b->data;
    data[b->len] = '\0';
    size_t ceiling = b->ceiling;
    buf_init(b, ceiling);
    return data;
}

enum status buf_status(const struct buf *b)
{
    return b->failed;
}
