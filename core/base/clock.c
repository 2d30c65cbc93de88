#include "core/base/clock.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/banned.h" /* after all others */

static int64_t read_ms(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * MS_SECOND + t.tv_nsec / 1000000;
}

static int64_t system_wall(void *self)
{
    (void)self;
    return read_ms(CLOCK_REALTIME);
}

static int64_t system_mono(void *self)
{
    (void)self;
    return read_ms(CLOCK_MONOTONIC);
}

const struct clock clock_system = {.wall_ms = system_wall, .mono_ms = system_mono};

static int64_t scaled_mono(void *self)
{
    const struct clock_scaled *c = self;
    return (clock_mono(&c->base) - c->start_base_mono) * c->speed;
}

static int64_t scaled_wall(void *self)
{
    const struct clock_scaled *c = self;
    return c->start_wall + scaled_mono(self);
}

struct clock clock_scaled_init(struct clock_scaled *c, const struct clock *base, int64_t start_wall,
                               int speed)
{
    c->base = *base;
    c->start_base_mono = clock_mono(base);
    c->start_wall = start_wall;
    c->speed = speed;
    return (struct clock){.self = c, .wall_ms = scaled_wall, .mono_ms = scaled_mono};
}

/* Days since 1970-01-01 of a date of the Gregorian calendar; years are counted from March, so that the
 * leap day is the last of its year. */
static int64_t days_from_civil(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

struct civil civil_from_ms(int64_t ms, int64_t offset_ms)
{
    struct civil c;
    int64_t local = ms + offset_ms, days = floor_div(local, MS_DAY), in_day = local - days * MS_DAY;
    int64_t z = days + 719468, era = floor_div(z, 146097), of_era = z - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t m = (5 * of_year + 2) / 153;
    c.day = (int)(of_year - (153 * m + 2) / 5 + 1);
    c.month = (int)(m < 10 ? m + 3 : m - 9);
    c.year = (int)(year_of_era + era * 400 + (c.month <= 2));
    c.hour = (int)(in_day / MS_HOUR);
    c.minute = (int)(in_day / MS_MINUTE % 60);
    c.second = (int)(in_day / MS_SECOND % 60);
    c.ms = (int)(in_day % MS_SECOND);
    c.weekday = (int)(((days + 4) % 7 + 7) % 7);
    return c;
}

int64_t civil_to_ms(const struct civil *c, int64_t offset_ms)
{
    return days_from_civil(c->year, c->month, c->day) * MS_DAY + (int64_t)c->hour * MS_HOUR +
           (int64_t)c->minute * MS_MINUTE + (int64_t)c->second * MS_SECOND + c->ms - offset_ms;
}

int civil_days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12)
        return 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

int day_of_ms(int64_t ms, int64_t offset_ms)
{
    struct civil c = civil_from_ms(ms, offset_ms);
    return c.year * 10000 + c.month * 100 + c.day;
}

bool day_parse(const char *text, int *ret_day)
{
    int part[3] = {0, 0, 0};
    if (strlen(text) != DAY_TEXT - 1)
        return false;
    for (int i = 0; i < DAY_TEXT - 1; i++) {
        if (i == 4 || i == 7) {
            if (text[i] != '-')
                return false;
            continue;
        }
        if (text[i] < '0' || text[i] > '9')
            return false;
        int *n = &part[i > 7 ? 2 : i > 4 ? 1 : 0];
        *n = *n * 10 + (text[i] - '0');
    }
    if (part[0] < 1970 || part[2] < 1 || part[2] > civil_days_in_month(part[0], part[1]))
        return false;
    *ret_day = part[0] * 10000 + part[1] * 100 + part[2];
    return true;
}

void day_format(int day, char out[DAY_TEXT])
{
    out[0] = '\0';
    if (day > 0)
        (void)snprintf(out, DAY_TEXT, "%04d-%02d-%02d", day / 10000 % 10000, day / 100 % 100,
                       day % 100);
}

void rfc3339_format(int64_t ms, int64_t offset_ms, char out[RFC3339_SIZE])
{
    struct civil c = civil_from_ms(ms, offset_ms);
    int64_t minutes = (offset_ms < 0 ? -offset_ms : offset_ms) / MS_MINUTE;
    char fraction[8] = "";
    if (c.ms)
        snprintf(fraction, sizeof fraction, ".%03u", (unsigned)c.ms % 1000);
    snprintf(out, RFC3339_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u%s%c%02u:%02u",
             (unsigned)c.year % 10000, (unsigned)c.month % 100, (unsigned)c.day % 100,
             (unsigned)c.hour % 100, (unsigned)c.minute % 100, (unsigned)c.second % 100, fraction,
             offset_ms < 0 ? '-' : '+', (unsigned)(minutes / 60) % 100, (unsigned)(minutes % 60));
}

/* Exactly n digits, then *p is after them; -1 otherwise. */
static int digits(const char **p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

static int expect(const char **p, const char *any)
{
    if (!**p || !strchr(any, **p))
        return -1;
    (*p)++;
    return 0;
}

int rfc3339_parse(const char *text, int64_t *ret_ms)
{
    struct civil c = {0};
    const char *p = text;
    int64_t offset = 0;
    if ((c.year = digits(&p, 4)) < 0 || expect(&p, "-") || (c.month = digits(&p, 2)) < 1 ||
        expect(&p, "-") || (c.day = digits(&p, 2)) < 1 || expect(&p, "Tt ") ||
        (c.hour = digits(&p, 2)) < 0 || expect(&p, ":") || (c.minute = digits(&p, 2)) < 0 ||
        expect(&p, ":") || (c.second = digits(&p, 2)) < 0)
        return -1;
    if (c.day > civil_days_in_month(c.year, c.month) || c.hour > 23 || c.minute > 59 ||
        c.second > 60)
        return -1;
    if (*p == '.') {
        int scale = 100;
        p++;
        if (*p < '0' || *p > '9')
            return -1;
        for (; *p >= '0' && *p <= '9'; p++, scale /= 10)
            c.ms += (*p - '0') * scale;
    }
    if (*p == 'Z' || *p == 'z') {
        p++;
    } else {
        int sign = *p == '-' ? -1 : 1, hour, minute;
        if (expect(&p, "+-") || (hour = digits(&p, 2)) < 0 || expect(&p, ":") ||
            (minute = digits(&p, 2)) < 0 || hour > 23 || minute > 59)
            return -1;
        offset = sign * ((int64_t)hour * MS_HOUR + (int64_t)minute * MS_MINUTE);
    }
    if (*p)
        return -1;
    *ret_ms = civil_to_ms(&c, offset);
    return 0;
}
