#include "tui/widget/when.h"
#include "core/base/clock.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make(struct civil c, int64_t *ret_ms)
{
    if (c.year < 1970 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 ||
        c.day > civil_days_in_month(c.year, c.month) || c.hour < 0 || c.hour > 23 || c.minute < 0 ||
        c.minute > 59)
        return false;
    *ret_ms = civil_to_ms(&c, BEIJING_OFFSET_MS);
    return true;
}

static bool from_now(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    char *end;
    if (*text != '+' && *text != '-')
        return false;
    if (text[1] < '0' || text[1] > '9')
        return false;
    long n = strtol(text + 1, &end, 10);
    int64_t unit = *end == 'm' ? MS_MINUTE : *end == 'h' ? MS_HOUR : *end == 'd' ? MS_DAY : 0;
    if (unit == 0 || end[1] || n > 10000)
        return false;
    *ret_ms = now_ms + (*text == '-' ? -1 : 1) * n * unit;
    return true;
}

/* On 2 January 12-31 was two days ago, not in a year. */
static bool nearest_year(struct civil c, int64_t now_ms, int64_t *ret_ms)
{
    const int64_t half = INT64_C(183) * MS_DAY;
    int64_t ms;
    int year = c.year;
    bool any = false;
    for (c.year = year - 1; c.year <= year + 1; c.year++)
        if (make(c, &ms) && ms > now_ms - half && ms <= now_ms + half) {
            *ret_ms = ms;
            any = true;
        }
    return any;
}

bool when_parse(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    struct civil c = civil_from_ms(now_ms, BEIJING_OFFSET_MS), t = c;
    int end = 0;
    text += strspn(text, " \t");
    size_t n = strcspn(text, "\t");
    while (n > 0 && text[n - 1] == ' ')
        n--;
    char word[40];
    if (n == 0 || n >= sizeof word)
        return false;
    memcpy(word, text, n);
    word[n] = '\0';
    if (strcmp(word, "now") == 0 || strcmp(word, "现在") == 0) {
        *ret_ms = now_ms;
        return true;
    }
    if (rfc3339_parse(word, ret_ms) == 0 || from_now(word, now_ms, ret_ms))
        return true;
    t.second = t.ms = 0;
    if (sscanf(word, "%2d:%2d%n", &t.hour, &t.minute, &end) == 2 && !word[end])
        return make(t, ret_ms);
    if (sscanf(word, "%2d-%2d %2d:%2d%n", &t.month, &t.day, &t.hour, &t.minute, &end) == 4 &&
        !word[end])
        return nearest_year(t, now_ms, ret_ms);
    t = c;
    t.second = t.ms = 0;
    if (sscanf(word, "%4d-%2d-%2d %2d:%2d%n", &t.year, &t.month, &t.day, &t.hour, &t.minute,
               &end) == 5 &&
        !word[end])
        return make(t, ret_ms);
    return false;
}
