#include "core/text/ical.h"
#include "core/base/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE_OCTETS = 75, TIME_BYTES = 64 };

static bool continues(char byte)
{
    return ((unsigned char)byte & 0xC0) == 0x80;
}

/* A fold begins the next line with a blank, which counts there. */
static void put_folded(struct buf *out, const char *line, size_t n)
{
    size_t room = LINE_OCTETS;
    while (n > room) {
        size_t len = room;
        while (len > 1 && continues(line[len]))
            len--;
        buf_add(out, line, len);
        buf_puts(out, "\r\n ");
        line += len;
        n -= len;
        room = LINE_OCTETS - 1;
    }
    buf_add(out, line, n);
    buf_puts(out, "\r\n");
}

void ical_value(struct buf *out, const char *name, const char *value)
{
    struct buf line;
    buf_init(&line, out->ceiling);
    buf_printf(&line, "%s:%s", name, value);
    put_folded(out, line.data, line.len);
    if (line.failed != ST_OK)
        out->failed = line.failed;
    buf_release(&line);
}

void ical_text(struct buf *out, const char *name, const char *text)
{
    struct buf value;
    buf_init(&value, out->ceiling);
    for (const char *p = text; *p; p++) {
        if (*p == '\\' || *p == ';' || *p == ',')
            buf_putc(&value, '\\');
        if (*p == '\n')
            buf_puts(&value, "\\n");
        else
            buf_putc(&value, *p);
    }
    ical_value(out, name, value.data);
    if (value.failed != ST_OK)
        out->failed = value.failed;
    buf_release(&value);
}

void ical_time(struct buf *out, const char *name, int64_t ms)
{
    char text[TIME_BYTES];
    struct civil t = civil_from_ms(ms, 0);
    snprintf(text, sizeof text, "%04d%02d%02dT%02d%02d%02dZ", t.year, t.month, t.day, t.hour,
             t.minute, t.second);
    ical_value(out, name, text);
}
