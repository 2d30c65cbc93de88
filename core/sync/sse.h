/*
 * sse.h: reader of server-sent events (WHATWG HTML, section 9.2). Pure: bytes in, events out.
 *
 * Bounds: a line of more than 64 KiB or an event of more than 256 KiB is dropped and counted.
 * Any split of the same bytes gives the same events; CR, LF and CRLF end a line; an id with NUL is
 * ignored. Threads: one reader belongs to one thread.
 */
#ifndef JIBAN_SYNC_SSE_H
#define JIBAN_SYNC_SSE_H

#include "core/base/buf.h"
#include <stdbool.h>
#include <stdint.h>

enum { SSE_LINE_MAX = 64 * 1024, SSE_EVENT_MAX = 256 * 1024 };

struct sse_event {
    const char *type; /* "message" when the stream names none */
    const char *data;
    const char *id; /* last id heard, "" if none */
};
struct sse_reader {
    struct buf line, data, type, id;
    bool after_cr, line_too_long, event_too_long, any_data;
    int64_t retry_ms; /* last retry: field, clamped to 1 s ... 5 min; -1 if none */
    int64_t dropped;  /* lines and events over their bound */
    void *self;
    void (*event)(void *self, const struct sse_event *e);
};

void sse_init(struct sse_reader *r, void *self, void (*event)(void *, const struct sse_event *));
void sse_release(struct sse_reader *r);
void sse_reset(struct sse_reader *r); /* a new connection; keeps the last id */
void sse_feed(struct sse_reader *r, const char *bytes, size_t n);

#endif
