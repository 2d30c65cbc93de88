#include "core/base/log.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* One line a record: what is not printable ASCII or UTF-8 above C1 is escaped. */
static size_t escape(const char *s, char *out, size_t size)
{
    size_t n = 0;
    for (; *s && n + 5 < size; s++) {
        unsigned char c = (unsigned char)*s;
        bool c1 = c == 0xC2 && ((unsigned char)s[1] & 0xE0) == 0x80;
        if (c < ' ' || c == 0x7F || c == '\\' || c1)
            n += (size_t)snprintf(out + n, size - n, "\\x%02x", c);
        else
            out[n++] = (char)c;
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
