/* decode.c: the two ends of a pipe. What goes through it: a line with five numbers, then the pixels. */
#include "tui/decode.h"
#include "core/base/i18n.h"
#include "core/case/attached.h"
#include "tui/program.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char word[] = "--decode-picture"; /* no option of people: it stands in no table */

enum {
    MEMORY_MOST = 512 * 1024 * 1024,
    SECONDS_MOST = 4,
    CODE_OF_STATUS = 64, /* an exit code of this and a status; others are not ours */
    CHANNELS = 3,
    HEAD_MOST = 64,
    OUTPUT_MOST = PIXELS_SIDE * PIXELS_SIDE * CHANNELS + HEAD_MOST
};

/* --- in the other process ------------------------------------------------------------------------------ */

static void limit(int resource, rlim_t most)
{
    struct rlimit both = {most, most};
    setrlimit((__rlimit_resource_t)resource, &both);
}

static void limit_all(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, SECONDS_MOST);
    limit(RLIMIT_NOFILE, STDERR_FILENO + 1); /* no file, no socket */
    limit(RLIMIT_NPROC, 0);
    limit(RLIMIT_FSIZE, 0);
#if !defined __SANITIZE_ADDRESS__ && !defined JIBAN_TEST_HOOKS /* a sanitizer takes all there is */
    limit(RLIMIT_AS, MEMORY_MOST);
#endif
}

static char *read_input(size_t *ret_n)
{
    char *data = malloc(ATTACHED_BYTES + 1);
    size_t n = 0;
    while (data && n <= ATTACHED_BYTES) {
        ssize_t got = read(STDIN_FILENO, data + n, ATTACHED_BYTES + 1 - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        n += (size_t)got;
    }
    *ret_n = n;
    return data;
}

static bool write_output(const void *data, size_t n)
{
    for (size_t at = 0; at < n;) {
        ssize_t put = write(STDOUT_FILENO, (const char *)data + at, n - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += (size_t)put;
    }
    return true;
}

static enum status decode_input(void)
{
    struct pixels p = {0};
    char head[HEAD_MOST];
    size_t n;
    char *data = read_input(&n);
    enum status st = !data                ? ST_NOMEM
                     : n > ATTACHED_BYTES ? ST_TOOBIG
                                          : pixels_decode(data, n, &p, NULL);
    int len = snprintf(head, sizeof head, "%d %d %d %d %d\n", p.cols, p.rows, p.full_cols,
                       p.full_rows, p.damaged);
    if (st == ST_OK && !(write_output(head, (size_t)len) &&
                         write_output(p.rgb, (size_t)p.cols * (size_t)p.rows * CHANNELS)))
        st = ST_IO;
    free(data);
    pixels_release(&p);
    return st;
}

bool decode_main(int argc, char **argv, int *ret_code)
{
    if (argc != 2 || strcmp(argv[1], word) != 0)
        return false;
    limit_all();
    enum status st = decode_input();
    *ret_code = st == ST_OK ? 0 : CODE_OF_STATUS + (int)st;
    return true;
}

/* --- in the console -------------------------------------------------------------------------------------- */

/* What the other process writes is believed no more than the file. */
static enum status take(const struct buf *in, struct pixels *ret)
{
    struct pixels p = {0};
    const char *end = memchr(in->data, '\n', in->len < HEAD_MOST ? in->len : HEAD_MOST);
    int damaged;
    if (!end || sscanf(in->data, "%d %d %d %d %d", &p.cols, &p.rows, &p.full_cols, &p.full_rows,
                       &damaged) != 5)
        return ST_IO;
    size_t n = in->len - (size_t)(end + 1 - in->data);
    bool sized = p.cols > 0 && p.cols <= PIXELS_SIDE && p.rows > 0 && p.rows <= PIXELS_SIDE &&
                 p.full_cols > 0 && p.full_rows > 0;
    if (!sized || n != (size_t)p.cols * (size_t)p.rows * CHANNELS)
        return ST_IO;
    p.damaged = damaged != 0;
    p.rgb = malloc(n);
    if (!p.rgb)
        return ST_NOMEM;
    memcpy(p.rgb, end + 1, n);
    *ret = p;
    return ST_OK;
}

static enum status why_not(enum status st, struct errmsg *err)
{
    switch (st) {
    case ST_TOOBIG:
    case ST_NOMEM:
    case ST_INVALID:
    case ST_UNSUPPORTED:
        return pixels_fail(st, err);
    default: /* a limit, or worse */
        return fail(err, ST_IO, "%s", _("The picture cannot be decoded."));
    }
}

enum status decode_picture(const char *self, const void *data, size_t n, struct pixels *ret,
                           struct errmsg *err)
{
    const char *const argv[] = {self, word, NULL};
    struct buf out;
    int code = 0;
    buf_init(&out, OUTPUT_MOST);
    enum status st = program_filter(argv, data, n, DECODE_MS, &out, &code, err);
    if (st == ST_OK) {
        st = code == 0               ? take(&out, ret)
             : code > CODE_OF_STATUS ? (enum status)(code - CODE_OF_STATUS)
                                     : ST_IO;
        if (st != ST_OK)
            st = why_not(st, err);
    }
    buf_release(&out);
    return st;
}
