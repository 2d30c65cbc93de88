#include "core/base/status.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "core/base/banned.h" /* after all others */

static const struct {
    const char *word;
    int exit_code;
} table[] = {
    [ST_OK] = {"ok", EX_OK},
    [ST_NOMEM] = {"no-memory", EX_OSERR},
    [ST_INVALID] = {"invalid", EX_DATAERR},
    [ST_NOT_FOUND] = {"not-found", EX_NOINPUT},
    [ST_EXISTS] = {"exists", EX_CANTCREAT},
    [ST_REFUSED] = {"refused", EX_DATAERR},
    [ST_DENIED] = {"denied", EX_NOPERM},
    [ST_UNAUTHORIZED] = {"unauthorized", EX_NOPERM},
    [ST_CONFLICT] = {"conflict", EX_TEMPFAIL},
    [ST_GONE] = {"gone", EX_TEMPFAIL},
    [ST_OFFLINE] = {"offline", EX_TEMPFAIL},
    [ST_TIMEOUT] = {"timeout", EX_TEMPFAIL},
    [ST_PROTOCOL] = {"protocol", EX_PROTOCOL},
    [ST_TOOBIG] = {"too-big", EX_DATAERR},
    [ST_BUSY] = {"busy", EX_TEMPFAIL},
    [ST_FULL] = {"disk-full", EX_IOERR},
    [ST_IO] = {"io", EX_IOERR},
    [ST_CORRUPT] = {"corrupt", EX_DATAERR},
    [ST_UNSUPPORTED] = {"unsupported", EX_DATAERR},
};

/* A message that was cut must not end inside a UTF-8 character. */
static void cut_whole(char *text, size_t size, int wanted)
{
    if (wanted < 0 || (size_t)wanted < size)
        return;
    size_t n = size - 1, back = 0;
    while (back < 4 && back < n && ((unsigned char)text[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back >= n)
        return;
    unsigned char lead = (unsigned char)text[n - 1 - back];
    size_t need = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (back + 1 < need)
        text[n - 1 - back] = '\0';
}

enum status fail(struct errmsg *err, enum status st, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        va_start(ap, fmt);
        cut_whole(err->text, sizeof err->text, vsnprintf(err->text, sizeof err->text, fmt, ap));
        va_end(ap);
    }
    return st;
}

void errmsg_prefix(struct errmsg *err, const char *fmt, ...)
{
    char before[ERRMSG_SIZE], old[ERRMSG_SIZE];
    if (!err)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(before, sizeof before, fmt, ap);
    va_end(ap);
    memcpy(old, err->text, sizeof old);
    old[sizeof old - 1] = '\0';
    cut_whole(err->text, sizeof err->text,
              snprintf(err->text, sizeof err->text, "%.200s: %.300s", before, old));
}

const char *status_word(enum status st)
{
    return (size_t)st < sizeof table / sizeof *table ? table[st].word : "unknown";
}

int status_exit(enum status st)
{
    return (size_t)st < sizeof table / sizeof *table ? table[st].exit_code : EX_SOFTWARE;
}
