#include "core/base/random.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "core/base/banned.h" /* after all others */

static void system_fill(void *self, void *out, size_t n)
{
    unsigned char *p = out;
    (void)self;
    while (n > 0) {
        ssize_t got = getrandom(p, n, 0);
        if (got < 0 && errno != EINTR)
            abort(); /* a kernel without getrandom: no id would be unique */
        if (got > 0) {
            p += got;
            n -= (size_t)got;
        }
    }
}

const struct random random_system = {.fill = system_fill};

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void rng_seed(struct rng *r, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += UINT64_C(0x9E3779B97F4A7C15));
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        r->s[i] = z ^ (z >> 31);
    }
}

uint64_t rng_next(struct rng *r)
{
    uint64_t *s = r->s, result = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t rng_below(struct rng *r, uint32_t n)
{
    uint32_t least = (uint32_t)-n % n, x;
    do
        x = (uint32_t)(rng_next(r) >> 32);
    while (x < least);
    return x % n;
}

int64_t rng_between(struct rng *r, int64_t from, int64_t to)
{
    uint64_t span = (uint64_t)to - (uint64_t)from + 1;
    if (span == 0)
        return (int64_t)rng_next(r);
    uint64_t least = (UINT64_C(0) - span) % span, x;
    do
        x = rng_next(r);
    while (x < least);
    return (int64_t)((uint64_t)from + x % span);
}

static void rng_fill(void *self, void *out, size_t n)
{
    unsigned char *p = out;
    while (n > 0) {
        uint64_t x = rng_next(self);
        size_t part = n < sizeof x ? n : sizeof x;
        memcpy(p, &x, part);
        p += part;
        n -= part;
    }
}

struct random rng_random(struct rng *r)
{
    return (struct random){.self = r, .fill = rng_fill};
}
