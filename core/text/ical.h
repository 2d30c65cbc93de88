/*
 * ical.h: lines of iCalendar (RFC 5545, 3.1): CRLF, folded at 75 octets, text escaped.
 *
 * Ownership: nothing is kept. Errors: sticky in the buffer. Threads: pure.
 */
#ifndef JIBAN_TEXT_ICAL_H
#define JIBAN_TEXT_ICAL_H

#include "core/base/buf.h"
#include <stdint.h>

/* "NAME:value" as it is: words, numbers, durations. */
void ical_value(struct buf *out, const char *name, const char *value);
/* A value of type TEXT (3.3.11): backslash, semicolon, comma and LF are escaped. No character is broken by a fold. The
 * text must be cleaned before (clean.h). */
void ical_text(struct buf *out, const char *name, const char *text);
/* A time of UTC (3.3.5): 20261124T060500Z. ms: since 1970, to the second below. */
void ical_time(struct buf *out, const char *name, int64_t ms);

#endif
