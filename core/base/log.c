#include "core/base/log.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/banned.h" /* after all others */

enum { RECORD = 2048 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int fd = -1;
static char file[1024];
static enum log_level most = LOG_INFO;
static struct clock clock_used;
static const char *const word[] = {"error", "warning", "info", "debug"};

enum status log_open(const char *path, enum log_level level, const struct clock *clock,
                     struct errmsg *err)
{
    int opened = STDERR_FILENO;
    if (path) {
        opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (opened < 0)
            return fail(err, ST_IO, _("Cannot open the log %s: %s"), path, strerror(errno));
    }
    pthread_mutex_lock(&lock);
    snprintf(file, sizeof file, "%s", path ? path : "");
    fd = opened;
    most = level;
    clock_used = *clock;
    pthread_mutex_unlock(&lock);
    return ST_OK;
}

void log_reopen(void)
{
    pthread_mutex_lock(&lock);
    if (file[0] && fd >= 0) {
        int opened = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (opened >= 0) {
            close(fd);
            fd = opened;
        }
    }
    pthread_mutex_unlock(&lock);
}

void log_close(void)
{
    pthread_mutex_lock(&lock);
    if (fd > STDERR_FILENO)
        close(fd);
    fd = -1;
    pthread_mutex_unlock(&lock);
}

/* Length of the whole UTF-8 character above C1 at s (NUL-terminated), 0 for all else. Overlong forms
 * and surrogates are no characters (RFC 3629). */
static size_t whole_character(const char *s)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t len = p[0] >= 0xC2 && p[0] <= 0xDF   ? 2
                 : p[0] >= 0xE0 && p[0] <= 0xEF ? 3
                 : p[0] >= 0xF0 && p[0] <= 0xF4 ? 4
                                                : 0;
    for (size_t i = 1; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    if ((p[0] == 0xC2 && p[1] < 0xA0) || (p[0] == 0xE0 && p[1] < 0xA0) ||
        (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return len;
}

/* One line a record: what is neither printable ASCII nor a whole character above C1 is escaped byte
 * by byte, so that a log shown with cat sends no control to a terminal. */
static size_t escape(const char *s, char *out, size_t size)
{
    size_t n = 0;
    while (*s && n + 5 < size) {
        unsigned char c = (unsigned char)*s;
        size_t len = c >= ' ' && c < 0x7F && c != '\\' ? 1 : whole_character(s);
        if (len == 0) {
            n += (size_t)snprintf(out + n, size - n, "\\x%02x", c);
            s++;
        } else {
            memcpy(out + n, s, len);
            n += len;
            s += len;
        }
    }
    out[n] = '\0';
    return n;
}

void log_write(enum log_level level, const char *fmt, ...)
{
    char text[RECORD], line[2 * RECORD + 64], when[RFC3339_SIZE];
    va_list ap;
    pthread_mutex_lock(&lock);
    if (fd < 0 || level > most) {
        pthread_mutex_unlock(&lock);
        return;
    }
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    rfc3339_format(clock_wall(&clock_used), BEIJING_OFFSET_MS, when);
    size_t n = (size_t)snprintf(line, sizeof line, "%s %s ", when, word[level]);
    n += escape(text, line + n, sizeof line - n - 2);
    line[n++] = '\n';
    ssize_t done = write(fd, line, n);
    (void)done; /* a full disk must not stop the work that the log tells of */
    pthread_mutex_unlock(&lock);
}
