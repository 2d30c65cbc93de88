/*
 * buf.h: a growing byte buffer with a ceiling.
 *
 * Purpose: bodies, lines and texts that are built piece by piece.
 * Invariants: data is always NUL-terminated (data[len] == 0), also when empty; len <= ceiling.
 * Ownership: buf_release() frees; buf_detach() hands the storage to the caller (free()).
 * Errors: sticky: after an append that found no memory or passed the ceiling, failed is set and
 *         later appends do nothing. buf_status() tells which (ST_NOMEM, ST_TOOBIG).
 * Threads: one buffer belongs to one thread at a time.
 */
#ifndef JIBAN_BASE_BUF_H
#define JIBAN_BASE_BUF_H

#include "core/base/status.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data; /* never NULL after buf_init */
    size_t len, cap;
    size_t ceiling; /* stated where the buffer is made; never 0 */
    enum status failed;
};

void buf_init(struct buf *b, size_t ceiling);
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* empties, keeps the storage, clears failed */
void buf_add(struct buf *b, const void *data, size_t n);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_drop(struct buf *b, size_t n); /* removes the first n bytes (n <= len) */
char *buf_detach(struct buf *b);        /* NULL when failed */
enum status buf_status(const struct buf *b);

#endif
