/*
 * calendar.h: working days of China and the arithmetic of limits (domain 3.4).
 *
 * Ownership: a calendar is plain data filled by core/wire (calendar_decode) or by hand in tests.
 * Errors: a year without a notice refuses to compute working days (ST_NOT_FOUND, err names the
 *         year and what to do) and never guesses (3.4 rule 3).
 */
#ifndef JIBAN_CASE_CALENDAR_H
#define JIBAN_CASE_CALENDAR_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_FIRST_YEAR = 2019, CALENDAR_YEARS = 32 };
enum day_kind { DAY_PLAIN, DAY_OFF, DAY_WORKED }; /* PLAIN: by its weekday */

struct calendar {
    bool known[CALENDAR_YEARS];             /* year - CALENDAR_FIRST_YEAR has its notice */
    unsigned char day[CALENDAR_YEARS][366]; /* enum day_kind by day of the year */
    /* duty hours of a working day in minutes after 00:00; default 540-720 and 810-1080 */
    struct {
        int from, to;
    } hours[4];
    int n_hours;
};

enum limit_unit { LIMIT_NONE, LIMIT_MINUTE, LIMIT_HOUR, LIMIT_DAY, LIMIT_WORKING_DAY, LIMIT_UNITS };
extern const char *const limit_unit_word[LIMIT_UNITS]; /* "" for NONE */
struct limit {
    int n; /* 1..10000 */
    enum limit_unit unit;
};
enum day_rule { DAY_RULE_EXACT, DAY_RULE_END_OF_DAY, DAY_RULE_CIVIL, DAY_RULES };
extern const char *const day_rule_word[DAY_RULES];

void calendar_init(struct calendar *c); /* no year known, default duty hours */
void calendar_mark(struct calendar *c, int year, int month, int day, enum day_kind kind);
void calendar_know(struct calendar *c, int year);
/* What the notice says of a day; PLAIN for one that does not exist. */
enum day_kind calendar_day(const struct calendar *c, int year, int month, int day);
enum status calendar_is_working(const struct calendar *c, int year, int month, int day,
                                bool *ret_working, struct errmsg *err);
/* "2 hour", "30 minute", "1 working_day" -> limit; false on anything else. */
bool limit_parse(const char *text, struct limit *ret);
/* When a limit that starts at from_ms ends. MINUTE and HOUR run from the moment itself; DAY by rule
 * (exact: 24 h each); WORKING_DAY counts duty minutes: 1 wd from Fri 16:00 ends Mon 16:00. */
enum status limit_due(const struct calendar *c, enum day_rule rule, struct limit limit,
                      int64_t from_ms, int64_t *ret_due_ms, struct errmsg *err);
/* Duty time between two moments, in milliseconds. */
enum status duty_time(const struct calendar *c, int64_t from_ms, int64_t to_ms, int64_t *ret_ms,
                      struct errmsg *err);
/* A limit that would end at due_ms stood still from from_ms to to_ms (from_ms < due_ms): when it ends now. What was left at
 * from_ms is counted on from to_ms, in the limit's own kind of time: duty minutes for WORKING_DAY, else plain time. */
enum status limit_shift(const struct calendar *c, struct limit limit, int64_t due_ms,
                        int64_t from_ms, int64_t to_ms, int64_t *ret_due_ms, struct errmsg *err);

#endif
