/*
 * backoff.h: when to try again: exponential wait with full jitter, 1 s ... 5 min. Pure.
 */
#ifndef JIBAN_SYNC_BACKOFF_H
#define JIBAN_SYNC_BACKOFF_H

#include "core/base/random.h"
#include <stdint.h>

enum { BACKOFF_FIRST_MS = 1000, BACKOFF_MOST_MS = 300000, BACKOFF_ASKED_MOST_MS = 900000 };

/* failures: 1, 2, 3, ... in a row. asked_s: Retry-After in seconds, or -1; honoured up to 15 min.
 * Returns milliseconds, at least BACKOFF_FIRST_MS. */
int64_t backoff_wait_ms(int failures, int64_t asked_s, const struct random *random);

#endif
