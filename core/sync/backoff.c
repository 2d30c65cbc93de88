#include "core/sync/backoff.h"
#include "core/base/clock.h"

int64_t backoff_wait_ms(int failures, int64_t asked_s, const struct random *random)
{
    if (asked_s >= 0) {
        if (asked_s > BACKOFF_ASKED_MOST_MS / MS_SECOND)
            return BACKOFF_ASKED_MOST_MS;
        int64_t asked = asked_s * MS_SECOND;
        return asked < BACKOFF_FIRST_MS ? BACKOFF_FIRST_MS : asked;
    }
    int64_t most = BACKOFF_FIRST_MS;
    for (int i = 1; i < failures && most < BACKOFF_MOST_MS; i++)
        most *= 2;
    if (most > BACKOFF_MOST_MS)
        most = BACKOFF_MOST_MS;
    uint64_t chance;
    random_fill(random, &chance, sizeof chance);
    return BACKOFF_FIRST_MS + (int64_t)(chance % (uint64_t)most);
}
