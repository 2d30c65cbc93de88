#include "tui/attention.h"
#include "core/base/clock.h"
#include <string.h>

enum { DAY_MINUTES = 24 * 60, QUIET_TEXT = 11 };

/* Two digits at text; -1 when they are none or more than most. */
static int two_digits(const char *text, int most)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    int n = (text[0] - '0') * 10 + text[1] - '0';
    return n <= most ? n : -1;
}

/* "HH:MM" as minutes, -1 when it is no such time. */
static int minutes(const char *text)
{
    int hour = two_digits(text, 23), minute = text[2] == ':' ? two_digits(text + 3, 59) : -1;
    return hour < 0 || minute < 0 ? -1 : hour * 60 + minute;
}

bool attention_quiet_read(const char *text, struct attention_quiet *ret)
{
    struct attention_quiet q = {0, 0};
    if (*text) {
        if (strlen(text) != QUIET_TEXT || text[5] != '-')
            return false;
        q = (struct attention_quiet){minutes(text), minutes(text + 6)};
    }
    if (q.from < 0 || q.to < 0)
        return false;
    *ret = q;
    return true;
}

bool attention_is_quiet(const struct attention_quiet *q, int64_t now_ms)
{
    struct civil t = civil_from_ms(now_ms, BEIJING_OFFSET_MS);
    int now = t.hour * 60 + t.minute;
    int length = (q->to - q->from + DAY_MINUTES) % DAY_MINUTES;
    return (now - q->from + DAY_MINUTES) % DAY_MINUTES < length;
}

void attention_count(struct attention *a, enum attention_class class)
{
    a->waits[class]++;
}

bool attention_take(struct attention *a, int64_t now_ms, int ret[ATTENTION_CLASSES])
{
    bool quiet = attention_is_quiet(&a->quiet, now_ms), any = false;
    for (int i = 0; i < ATTENTION_CLASSES; i++) {
        bool passes = !quiet || i == ATTENTION_URGENT;
        ret[i] = passes ? a->waits[i] : 0;
        a->waits[i] -= ret[i];
        any |= ret[i] > 0;
    }
    return any;
}
