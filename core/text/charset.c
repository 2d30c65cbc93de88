#include "core/text/charset.h"
#include "core/text/utf8.h"
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/banned.h" /* after all others */

bool charset_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool charset_ascii(void)
{
    const char *name = nl_langinfo(CODESET);
    return strcmp(name, "ANSI_X3.4-1968") == 0 || strcmp(name, "US-ASCII") == 0;
}

size_t charset_put(uint32_t c, char *out)
{
    mbstate_t state = {0};
    if (c < 0x80) {
        *out = (char)c;
        return 1;
    }
    if (charset_ascii())
        return 0;
    size_t n = wcrtomb(out, (wchar_t)c, &state);
    return n == (size_t)-1 ? 0 : n;
}

size_t charset_encode(struct buf *out, const char *utf8, size_t n)
{
    size_t lost = 0;
    if (charset_utf8()) {
        buf_add(out, utf8, n);
        return 0;
    }
    for (size_t at = 0; at < n;) {
        char bytes[MB_LEN_MAX];
        uint32_t c;
        at += utf8_decode(utf8 + at, n - at, &c);
        size_t len = c == UTF8_BAD ? 0 : charset_put(c, bytes);
        if (len > 0) {
            buf_add(out, bytes, len);
        } else {
            buf_putc(out, '?');
            lost++;
        }
    }
    return lost;
}

void charset_decode(struct buf *out, const char *bytes, size_t n)
{
    if (charset_utf8() || charset_ascii()) {
        buf_add(out, bytes, n);
        return;
    }
    for (size_t at = 0; at < n;) {
        mbstate_t state = {0};
        wchar_t wide = 0;
        char utf8[4];
        size_t got = mbrtowc(&wide, bytes + at, n - at, &state);
        bool is_one = got != (size_t)-1 && got != (size_t)-2;
        if (is_one && got == 0)
            got = 1; /* NUL is a character like others */
        if (is_one)
            buf_add(out, utf8, utf8_encode((uint32_t)wide, utf8));
        else
            buf_add(out, bytes + at, 1);
        at += is_one ? got : 1;
    }
}

void charset_decode_file(struct buf *out, const char *bytes, size_t n)
{
    if (utf8_valid(bytes, n))
        buf_add(out, bytes, n);
    else
        charset_decode(out, bytes, n);
}

/* ---- standard output and error ----------------------------------------------------------------- */

static FILE *plain_output; /* NULL: stdout is as the C library made it */
static uint64_t lost_count;

/* A stream that writes its UTF-8 to fd in the encoding of the locale. */
struct gate {
    int fd;
    char rest[4]; /* the beginning of a character whose end is not here yet */
    size_t n_rest;
};

static bool write_all(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, bytes, n);
        if (done < 0 && errno != EINTR)
            return false;
        bytes += done > 0 ? done : 0;
        n -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

/* Bytes at the end that begin a character without ending it. */
static size_t unfinished(const char *utf8, size_t n)
{
    for (size_t back = 1; back <= 3 && back <= n; back++) {
        unsigned char c = (unsigned char)utf8[n - back];
        if ((c & 0xC0) == 0x80)
            continue;
        size_t want = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
        return want > back ? back : 0;
    }
    return 0;
}

static ssize_t gate_write(void *self, const char *bytes, size_t n)
{
    struct gate *g = self;
    struct buf text, out;
    buf_init(&text, SIZE_MAX / 2);
    buf_init(&out, SIZE_MAX / 2);
    buf_add(&text, g->rest, g->n_rest);
    buf_add(&text, bytes, n);
    bool good = buf_status(&text) == ST_OK;
    if (good) {
        g->n_rest = unfinished(text.data, text.len);
        memcpy(g->rest, text.data + text.len - g->n_rest, g->n_rest);
        lost_count += charset_encode(&out, text.data, text.len - g->n_rest);
        good = buf_status(&out) == ST_OK && write_all(g->fd, out.data, out.len);
    }
    buf_release(&text);
    buf_release(&out);
    return good ? (ssize_t)n : 0; /* 0 is the error of fopencookie() */
}

static FILE *open_gate(struct gate *g)
{
    static const cookie_io_functions_t functions = {.write = gate_write};
    FILE *made = fopencookie(g, "w", functions);
    if (made)
        setvbuf(made, NULL, g->fd == STDERR_FILENO || isatty(g->fd) ? _IOLBF : _IOFBF, BUFSIZ);
    return made;
}

void charset_streams(void)
{
    static struct gate output = {.fd = STDOUT_FILENO}, error = {.fd = STDERR_FILENO};
    if (charset_utf8() || plain_output)
        return;
    fflush(NULL);
    FILE *out = open_gate(&output), *err = open_gate(&error);
    if (!out || !err)
        return; /* no memory: UTF-8, as it was made */
    plain_output = stdout;
    stdout = out;
    stderr = err;
}

FILE *charset_bytes(void)
{
    fflush(stdout);
    return plain_output ? plain_output : stdout;
}

uint64_t charset_lost(void)
{
    return lost_count;
}

void charset_note_lost(uint64_t n)
{
    lost_count += n;
}
