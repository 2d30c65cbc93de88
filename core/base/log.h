/*
 * log.h: the program's log: one line a record, no personal data, control bytes escaped.
 * Threads: log_write may be called from any thread.
 */
#ifndef JIBAN_BASE_LOG_H
#define JIBAN_BASE_LOG_H

#include "core/base/clock.h"
#include "core/base/status.h"

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/* path NULL: standard error (the server); the console logs to a file in PATH_STATE. */
enum status log_open(const char *path, enum log_level level, const struct clock *clock,
                     struct errmsg *err);
void log_reopen(void); /* after SIGHUP */
void log_close(void);
void log_write(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
