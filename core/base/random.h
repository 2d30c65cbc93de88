/*
 * random.h: chance is passed in, so that one seed repeats a whole run.
 *
 * Threads: a struct rng belongs to one thread; random_system may be used from any.
 */
#ifndef JIBAN_BASE_RANDOM_H
#define JIBAN_BASE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    void *self;
    void (*fill)(void *self, void *out, size_t n); /* n random bytes; cannot fail */
};

extern const struct random random_system; /* getrandom(2) */

/* A seeded generator (splitmix64 -> xoshiro256**), the same numbers on every machine. */
struct rng {
    uint64_t s[4];
};
void rng_seed(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
uint32_t rng_below(struct rng *r, uint32_t n);                /* 0..n-1, unbiased; n >= 1 */
int64_t rng_between(struct rng *r, int64_t from, int64_t to); /* both included */
struct random rng_random(struct rng *r);                      /* r as a struct random */

static inline void random_fill(const struct random *r, void *out, size_t n)
{
    r->fill(r->self, out, n);
}

#endif
