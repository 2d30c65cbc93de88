/* when.c: times as people say them: word by word, each says something of the day or of the time. */
#include "tui/widget/when.h"
#include "core/base/clock.h"
#include "core/text/fold.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 60, NOTHING = -1, HOUR_OF_A_DAY = 9 };

/* What has been said so far. */
struct said {
    int64_t now_ms;
    struct civil day; /* with have_day */
    bool have_day, have_year;
    int hour, minute;    /* NOTHING */
    int part;            /* of the day, NOTHING */
    bool half_day_later; /* afternoon: 3 is 15 */
};

static bool is_day(const struct civil *c)
{
    return c->year >= 1970 && c->year <= 9999 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= civil_days_in_month(c->year, c->month);
}

/* --- one word ------------------------------------------------------------------------------------ */
static size_t number(const char *text, int *ret)
{
    size_t n = strspn(text, "0123456789");
    if (n == 0 || n > 4)
        return 0;
    *ret = atoi(text);
    return n;
}

static size_t begins(const char *text, const char *word)
{
    size_t n = strlen(word);
    return strncmp(text, word, n) == 0 ? n : 0;
}

static void set_day(struct said *s, int64_t days_from_now)
{
    s->day = civil_from_ms(s->now_ms + days_from_now * MS_DAY, BEIJING_OFFSET_MS);
    s->have_day = s->have_year = true;
}

static size_t day_word(struct said *s, const char *text)
{
    static const struct {
        const char *word;
        int days;
    } days[] = {{"today", 0},  {"tomorrow", 1}, {"yesterday", -1}, {"今天", 0},
                {"今日", 0},   {"明天", 1},     {"明日", 1},       {"后天", 2},
                {"大后天", 3}, {"昨天", -1},    {"昨日", -1},      {"前天", -2}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        size_t n = begins(text, days[i].word);
        if (n > 0) {
            set_day(s, days[i].days);
            return n;
        }
    }
    return 0;
}

/* 1 Monday .. 7 Sunday. */
static size_t weekday_name(const char *text, int *ret)
{
    static const struct {
        const char *word;
        int day;
    } names[] = {{"monday", 1},   {"tuesday", 2}, {"wednesday", 3}, {"thursday", 4}, {"friday", 5},
                 {"saturday", 6}, {"sunday", 7},  {"mon", 1},       {"tue", 2},      {"wed", 3},
                 {"thu", 4},      {"fri", 5},     {"sat", 6},       {"sun", 7}};
    static const char *const weeks[] = {"周", "星期", "礼拜"};
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "日", "天"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (begins(text, names[i].word)) {
            *ret = names[i].day;
            return strlen(names[i].word);
        }
    for (size_t w = 0; w < sizeof weeks / sizeof *weeks; w++)
        for (int d = 0; begins(text, weeks[w]) && d < 8; d++)
            if (begins(text + strlen(weeks[w]), numerals[d])) {
                *ret = d < 7 ? d + 1 : 7;
                return strlen(weeks[w]) + strlen(numerals[d]);
            }
    return 0;
}

static size_t weekday(struct said *s, const char *text)
{
    size_t next = begins(text, "next ") ? 5 : begins(text, "下");
    int day, today = civil_from_ms(s->now_ms, BEIJING_OFFSET_MS).weekday;
    size_t n = weekday_name(text + next, &day);
    if (n == 0)
        return 0;
    if (today == 0)
        today = 7;
    int days = day - today;
    if (next)
        days += 7; /* of the week after this one */
    else if (days < 0)
        days += 7;
    set_day(s, days);
    return next + n;
}

static size_t month_name(const char *text, int *ret)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    for (int m = 0; m < 12; m++)
        if (begins(text, names[m])) {
            *ret = m + 1;
            return 3;
        }
    return 0;
}

static size_t set_date(struct said *s, int year, int month, int day, size_t n)
{
    s->have_year = year > 0;
    s->day =
        (struct civil){.year = year > 0 ? year : civil_from_ms(s->now_ms, BEIJING_OFFSET_MS).year,
                       .month = month,
                       .day = day};
    s->have_day = true;
    return n;
}

static size_t date(struct said *s, const char *text)
{
    int a, b, c, n = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &a, &b, &c, &n) == 3 && n > 0)
        return set_date(s, a, b, c, (size_t)n);
    if (sscanf(text, "%4d年%2d月%2d日%n", &a, &b, &c, &n) == 3 && n > 0)
        return set_date(s, a, b, c, (size_t)n);
    if (sscanf(text, "%2d-%2d%n", &a, &b, &n) == 2 && n > 0 && text[0] != '-')
        return set_date(s, 0, a, b, (size_t)n);
    if (sscanf(text, "%2d月%2d日%n", &a, &b, &n) == 2 && n > 0)
        return set_date(s, 0, a, b, (size_t)n);
    size_t m = number(text, &a), k = m ? month_name(text + m + strspn(text + m, " "), &b) : 0;
    if (k > 0)
        return set_date(s, 0, b, a, m + strspn(text + m, " ") + k);
    m = month_name(text, &b);
    k = m ? number(text + m + strspn(text + m, " "), &a) : 0;
    return k > 0 ? set_date(s, 0, b, a, m + strspn(text + m, " ") + k) : 0;
}

static const struct part {
    const char *word;
    int hour;
    bool later; /* 3 in it is 15 */
} parts[] = {{"morning", 9, false}, {"noon", 12, true},  {"afternoon", 14, true},
             {"evening", 18, true}, {"night", 20, true}, {"早上", 9, false},
             {"上午", 9, false},    {"中午", 12, true},  {"下午", 14, true},
             {"傍晚", 18, true},    {"晚上", 20, true}};

static size_t part_of_day(struct said *s, const char *text)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t n = begins(text, parts[i].word);
        if (n > 0 && s->part == NOTHING) {
            s->part = parts[i].hour;
            s->half_day_later = parts[i].later;
            return n;
        }
    }
    return 0;
}

static size_t set_time(struct said *s, int hour, int minute, size_t n)
{
    if (s->hour != NOTHING)
        return 0;
    s->hour = hour;
    s->minute = minute;
    return n;
}

static size_t time_of_day(struct said *s, const char *text)
{
    int hour, minute;
    size_t n = number(text, &hour), m;
    if (n == 0 || n > 2)
        return 0;
    if (text[n] == ':' && (m = number(text + n + 1, &minute)) == 2)
        return set_time(s, hour, minute, n + 1 + m);
    if (begins(text + n, "pm") || begins(text + n, "am"))
        return set_time(s, text[n] == 'p' ? hour % 12 + 12 : hour % 12, 0, n + 2);
    size_t mark = begins(text + n, "点") ? strlen("点") : begins(text + n, "时");
    if (mark == 0)
        return s->have_day && (!text[n] || text[n] == ' ') ? set_time(s, hour, 0, n)
                                                           : 0; /* "today 9" */
    n += mark;
    if (begins(text + n, "半"))
        return set_time(s, hour, 30, n + strlen("半"));
    m = number(text + n, &minute);
    if (m == 0)
        return set_time(s, hour, 0, n);
    return set_time(s, hour, minute, n + m + begins(text + n + m, "分"));
}

/* "+2h", "2小时后", "半小时前"; the whole text. */
static bool from_now(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    static const struct {
        const char *word;
        int64_t ms;
    } units[] = {{"m", MS_MINUTE},  {"h", MS_HOUR},      {"d", MS_DAY}, {"分钟", MS_MINUTE},
                 {"小时", MS_HOUR}, {"个小时", MS_HOUR}, {"天", MS_DAY}};
    bool sign = *text == '+' || *text == '-', minus = *text == '-';
    int n = 0;
    text += sign;
    bool half = begins(text, "半小时") > 0;
    size_t len = half ? strlen("半") : number(text, &n);
    if (len == 0)
        return false;
    text += len;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t k = begins(text, units[i].word);
        const char *rest = text + k;
        bool after = strcmp(rest, "后") == 0, before = strcmp(rest, "前") == 0;
        if (k == 0 || (sign ? *rest != '\0' : !after && !before))
            continue;
        int64_t span = half ? units[i].ms / 2 : n * units[i].ms;
        *ret_ms = now_ms + (minus || before ? -span : span);
        return true;
    }
    return false;
}

/* --- all of them ---------------------------------------------------------------------------------- */
/* On 2 January 12-31 was two days ago, not in a year. */
static bool nearest_year(struct civil c, int64_t now_ms, int64_t *ret_ms)
{
    const int64_t half = INT64_C(183) * MS_DAY;
    int year = c.year;
    bool any = false;
    for (c.year = year - 1; c.year <= year + 1; c.year++) {
        int64_t ms = is_day(&c) ? civil_to_ms(&c, BEIJING_OFFSET_MS) : INT64_MIN;
        if (ms > now_ms - half && ms <= now_ms + half) {
            *ret_ms = ms;
            any = true;
        }
    }
    return any;
}

static bool put_together(struct said *s, int64_t *ret_ms)
{
    if (!s->have_day && s->hour == NOTHING && s->part == NOTHING)
        return false;
    if (!s->have_day)
        set_day(s, 0);
    if (s->hour == NOTHING) {
        s->hour = s->part != NOTHING ? s->part : HOUR_OF_A_DAY;
        s->minute = 0;
    } else if (s->half_day_later && s->hour < 12 && !(s->part == 12 && s->hour >= 11)) {
        s->hour += 12;
    }
    if (s->hour > 23 || s->minute > 59)
        return false;
    s->day.hour = s->hour;
    s->day.minute = s->minute;
    s->day.second = s->day.ms = 0;
    if (!s->have_year)
        return nearest_year(s->day, s->now_ms, ret_ms);
    if (!is_day(&s->day))
        return false;
    *ret_ms = civil_to_ms(&s->day, BEIJING_OFFSET_MS);
    return true;
}

static bool read_words(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    struct said s = {.now_ms = now_ms, .hour = NOTHING, .part = NOTHING};
    if (strcmp(text, "now") == 0 || strcmp(text, "现在") == 0) {
        *ret_ms = now_ms;
        return true;
    }
    if (from_now(text, now_ms, ret_ms))
        return true;
    while (*text) {
        size_t n = 0;
        if (*text == ' ') {
            text++;
            continue;
        }
        if (!s.have_day)
            n = day_word(&s, text);
        if (n == 0 && !s.have_day)
            n = weekday(&s, text);
        if (n == 0 && !s.have_day)
            n = date(&s, text);
        if (n == 0)
            n = part_of_day(&s, text);
        if (n == 0)
            n = time_of_day(&s, text);
        if (n == 0)
            return false;
        text += n;
    }
    return put_together(&s, ret_ms);
}

bool when_parse(const char *text, int64_t now_ms, int64_t *ret_ms)
{
    struct arena a;
    size_t n = strlen(text);
    if (n > TEXT_MOST)
        return false;
    if (rfc3339_parse(text, ret_ms) == 0)
        return true;
    arena_init(&a, 0);
    const char *folded = fold_text(&a, text, n);
    bool read = *folded && read_words(folded + strspn(folded, " "), now_ms, ret_ms);
    arena_release(&a);
    return read;
}
