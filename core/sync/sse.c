#include "core/sync/sse.h"
#include <string.h>

void sse_init(struct sse_reader *r, void *self, void (*event)(void *, const struct sse_event *))
{
    memset(r, 0, sizeof *r);
    buf_init(&r->line, SSE_LINE_MAX);
    buf_init(&r->data, SSE_EVENT_MAX);
    buf_init(&r->type, 256);
    buf_init(&r->id, 256);
    r->retry_ms = -1;
    r->self = self;
    r->event = event;
}

void sse_release(struct sse_reader *r)
{
    buf_release(&r->line);
    buf_release(&r->data);
    buf_release(&r->type);
    buf_release(&r->id);
}

static void begin_event(struct sse_reader *r)
{
    buf_clear(&r->data);
    buf_clear(&r->type);
    r->any_data = false;
    r->event_too_long = false;
}

void sse_reset(struct sse_reader *r)
{
    buf_clear(&r->line);
    begin_event(r);
    r->after_cr = false;
    r->line_too_long = false;
}

static void dispatch(struct sse_reader *r)
{
    if (buf_status(&r->data) != ST_OK)
        r->event_too_long = true;
    if (r->event_too_long) {
        r->dropped++;
    } else if (r->any_data) {
        struct sse_event e = {
            .type = r->type.len ? r->type.data : "message", .data = r->data.data, .id = r->id.data};
        r->event(r->self, &e);
    }
    begin_event(r);
}

static void read_retry(struct sse_reader *r, const char *value)
{
    int64_t n = 0;
    if (!*value)
        return;
    for (const char *p = value; *p; p++) {
        if (*p < '0' || *p > '9')
            return;
        if (n < INT64_C(1000000000000))
            n = n * 10 + (*p - '0');
    }
    r->retry_ms = n < 1000 ? 1000 : n > 300000 ? 300000 : n;
}

static void end_line(struct sse_reader *r)
{
    if (r->line_too_long || buf_status(&r->line) != ST_OK) {
        r->dropped++;
        r->event_too_long = true; /* a part of the event is missing: none of it counts */
        r->line_too_long = false;
        buf_clear(&r->line);
        return;
    }
    char *line = r->line.data;
    size_t len = r->line.len;
    if (len == 0) {
        dispatch(r);
        return;
    }
    char *colon = memchr(line, ':', len);
    char *value = line + len;
    if (colon == line) { /* comment */
        buf_clear(&r->line);
        return;
    }
    if (colon) {
        *colon = '\0';
        value = colon + 1;
        if (*value == ' ')
            value++;
    }
    size_t value_len = (size_t)(line + len - value);
    if (strcmp(line, "data") == 0) {
        if (r->any_data)
            buf_putc(&r->data, '\n');
        buf_add(&r->data, value, value_len);
        r->any_data = true;
    } else if (strcmp(line, "event") == 0) {
        buf_clear(&r->type);
        buf_add(&r->type, value, value_len);
    } else if (strcmp(line, "id") == 0) {
        if (value_len < 200 && memchr(value, '\0', value_len) == NULL) {
            buf_clear(&r->id);
            buf_add(&r->id, value, value_len);
        }
    } else if (strcmp(line, "retry") == 0) {
        read_retry(r, value);
    }
    buf_clear(&r->line);
}

void sse_feed(struct sse_reader *r, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = bytes[i];
        if (c == '\n' && r->after_cr) {
            r->after_cr = false;
            continue;
        }
        r->after_cr = c == '\r';
        if (c == '\n' || c == '\r') {
            end_line(r);
        } else if (r->line.len + 1 >= SSE_LINE_MAX) {
            r->line_too_long = true;
        } else {
            buf_putc(&r->line, c);
        }
    }
}
