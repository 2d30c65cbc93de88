/*
 * clock.h: time is passed in.
 *
 * Purpose: live programs, practice (a clock that runs faster) and the simulator give their own
 *          struct clock; nothing else reads a clock.
 * Units: int64_t milliseconds. wall = since 1970-01-01T00:00:00Z without leap seconds;
 *        mono = since an arbitrary start, never goes back; timers use mono only.
 * Threads: the functions of a struct clock may be called from any thread.
 */
#ifndef JIBAN_BASE_CLOCK_H
#define JIBAN_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIME_NONE INT64_MIN

enum {
    MS_SECOND = 1000,
    MS_MINUTE = 60 * MS_SECOND,
    MS_HOUR = 60 * MS_MINUTE,
    MS_DAY = 24 * MS_HOUR,
    BEIJING_OFFSET_MS = 8 * MS_HOUR /* Asia/Shanghai: +08:00, no summer time (domain 3.4 rule 5) */
};

struct clock {
    void *self;
    int64_t (*wall_ms)(void *self);
    int64_t (*mono_ms)(void *self);
};

extern const struct clock clock_system;

/* A clock that shows start_wall at the moment of the call and runs speed (1..3600) times as fast
 * as mono of base; both wall and mono run faster. For practice. */
struct clock_scaled {
    struct clock base;
    int64_t start_base_mono, start_wall;
    int speed;
};
struct clock clock_scaled_init(struct clock_scaled *c, const struct clock *base, int64_t start_wall,
                               int speed);

static inline int64_t clock_wall(const struct clock *c)
{
    return c->wall_ms(c->self);
}
static inline int64_t clock_mono(const struct clock *c)
{
    return c->mono_ms(c->self);
}

/* Civil date and time in +08:00. */
struct civil {
    int year, month, day;         /* 1970..9999, 1..12, 1..31 */
    int hour, minute, second, ms; /* 0..23, 0..59, 0..59, 0..999 */
    int weekday;                  /* 0 = Sunday */
};
struct civil civil_from_ms(int64_t ms, int64_t offset_ms);
int64_t civil_to_ms(const struct civil *c, int64_t offset_ms); /* weekday is not read */
int civil_days_in_month(int year, int month);

/* A civil day as one number that sorts: 20261124. 0 stands for "no day". */
enum { DAY_TEXT = 11 };
int day_of_ms(int64_t ms, int64_t offset_ms);
bool day_parse(const char *text, int *ret_day); /* "2026-11-24", years 1970..9999; false: none */
void day_format(int day, char out[DAY_TEXT]);   /* "" for 0 */

/* RFC 3339. Writes "2026-11-24T08:00:00.123+08:00" (ms left out when 0); needs RFC3339_SIZE. */
enum { RFC3339_SIZE = 32 };
void rfc3339_format(int64_t ms, int64_t offset_ms, char out[RFC3339_SIZE]);
/* Accepts an offset or Z (required), fraction of any length, second 60. -1 on bad text, 0 if read. */
int rfc3339_parse(const char *text, int64_t *ret_ms);

#endif
