/* streams.c: standard output and error in the encoding of the locale. */
#include "tui/streams.h"
#include "core/base/buf.h"
#include "core/text/charset.h"
#include <errno.h>
#include <string.h>
#include <unistd.h>

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

void streams_open(void)
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

FILE *streams_bytes(void)
{
    fflush(stdout);
    return plain_output ? plain_output : stdout;
}

uint64_t streams_lost(void)
{
    return lost_count;
}

void streams_note_lost(uint64_t n)
{
    lost_count += n;
}
