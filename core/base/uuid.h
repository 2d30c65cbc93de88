/*
 * uuid.h: UUID version 7 (RFC 9562 section 5.7), made once where a thing is born.
 *
 * Threads: a struct uuid_source belongs to one thread.
 */
#ifndef JIBAN_BASE_UUID_H
#define JIBAN_BASE_UUID_H

#include "core/base/clock.h"
#include "core/base/random.h"
#include <stdbool.h>

enum { UUID_TEXT = 37 };

struct uuid {
    unsigned char byte[16];
};

/* Keeps ids strictly increasing also when the wall clock stands still or goes back
 * (RFC 9562 section 6.2, method 2: monotonic random). Start zeroed. */
struct uuid_source {
    const struct clock *clock;
    const struct random *random;
    int64_t last_ms;
    uint64_t last_rand;
};
struct uuid uuid_new(struct uuid_source *s);

void uuid_format(const struct uuid *u, char out[UUID_TEXT]); /* lower case, 8-4-4-4-12 */
bool uuid_parse(const char *text, struct uuid *ret);         /* either case; exact length */
int uuid_compare(const struct uuid *a, const struct uuid *b);
bool uuid_is_nil(const struct uuid *u);

#endif
