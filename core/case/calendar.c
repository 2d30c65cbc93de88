#include "core/case/calendar.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"

#include <string.h>

void calendar_init(struct calendar *c)
{
    memset(c, 0, sizeof *c);
    c->hours[0].from = 9 * 60;
    c->hours[0].to = 12 * 60;
    c->hours[1].from = 13 * 60 + 30;
    c->hours[1].to = 18 * 60;
    c->n_hours = 2;
}

/* 0..365, or -1 for a date that does not exist or a year outside the table. */
static int day_of_year(int year, int month, int day)
{
    if (year < CALENDAR_FIRST_YEAR || year >= CALENDAR_FIRST_YEAR + CALENDAR_YEARS || month < 1 ||
        month > 12 || day < 1 || day > civil_days_in_month(year, month))
        return -1;
    int n = day - 1;
    for (int m = 1; m < month; m++)
        n += civil_days_in_month(year, m);
    return n;
}

void calendar_mark(struct calendar *c, int year, int month, int day, enum day_kind kind)
{
    int n = day_of_year(year, month, day);
    if (n >= 0)
        c->day[year - CALENDAR_FIRST_YEAR][n] = (unsigned char)kind;
}

enum day_kind calendar_day(const struct calendar *c, int year, int month, int day)
{
    int n = day_of_year(year, month, day);
    return n < 0 ? DAY_PLAIN : (enum day_kind)c->day[year - CALENDAR_FIRST_YEAR][n];
}

void calendar_know(struct calendar *c, int year)
{
    if (year >= CALENDAR_FIRST_YEAR && year < CALENDAR_FIRST_YEAR + CALENDAR_YEARS)
        c->known[year - CALENDAR_FIRST_YEAR] = true;
}

enum status calendar_is_working(const struct calendar *c, int year, int month, int day,
                                bool *ret_working, struct errmsg *err)
{
    int n = day_of_year(year, month, day);
    if (n < 0 || !c->known[year - CALENDAR_FIRST_YEAR])
        return fail(err, ST_NOT_FOUND,
                    _("The calendar has no holiday notice for %d, so working days cannot be "
                      "counted. Add the year to the calendar file."),
                    year);
    unsigned char kind = c->day[year - CALENDAR_FIRST_YEAR][n];
    if (kind == DAY_PLAIN) {
        struct civil t = {.year = year, .month = month, .day = day, .hour = 12};
        t = civil_from_ms(civil_to_ms(&t, BEIJING_OFFSET_MS), BEIJING_OFFSET_MS);
        *ret_working = t.weekday != 0 && t.weekday != 6;
    } else {
        *ret_working = kind == DAY_WORKED;
    }
    return ST_OK;
}

const char *const limit_unit_word[LIMIT_UNITS] = {[LIMIT_NONE] = "",
                                                  [LIMIT_MINUTE] = "minute",
                                                  [LIMIT_HOUR] = "hour",
                                                  [LIMIT_DAY] = "day",
                                                  [LIMIT_WORKING_DAY] = "working_day"};
const char *const day_rule_word[DAY_RULES] = {
    [DAY_RULE_EXACT] = "exact", [DAY_RULE_END_OF_DAY] = "end_of_day", [DAY_RULE_CIVIL] = "civil"};

bool limit_parse(const char *text, struct limit *ret)
{
    int n = 0;
    if (!text)
        return false;
    while (*text >= '0' && *text <= '9' && n <= 10000)
        n = n * 10 + (*text++ - '0');
    if (n < 1 || n > 10000 || *text++ != ' ')
        return false;
    for (int i = LIMIT_MINUTE; i < LIMIT_UNITS; i++)
        if (strcmp(text, limit_unit_word[i]) == 0) {
            ret->n = n;
            ret->unit = (enum limit_unit)i;
            return true;
        }
    return false;
}

static int64_t midnight_of(int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    t.hour = t.minute = t.second = t.ms = 0;
    return civil_to_ms(&t, BEIJING_OFFSET_MS);
}

static enum status working_at(const struct calendar *c, int64_t ms, bool *ret, struct errmsg *err)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return calendar_is_working(c, t.year, t.month, t.day, ret, err);
}

/* The end of so much duty time. One that ends exactly when a duty period ends is due then, not at the start of
 * the next one. */
static enum status duty_end(const struct calendar *c, int64_t left, int64_t from_ms, int64_t *ret,
                            struct errmsg *err)
{
    for (int64_t day = midnight_of(from_ms);; day += MS_DAY) {
        bool working = false;
        enum status st = working_at(c, day, &working, err);
        if (st != ST_OK)
            return st;
        for (int i = 0; working && i < c->n_hours; i++) {
            int64_t from = day + (int64_t)c->hours[i].from * MS_MINUTE;
            int64_t to = day + (int64_t)c->hours[i].to * MS_MINUTE;
            if (from < from_ms)
                from = from_ms;
            if (from >= to)
                continue;
#if SABOTAGE == 67
            /* damage for the tests: what ends with the duty time is due when the next begins */
            if (left == to - from) {
                left = 0;
                continue;
            }
#endif
            if (left <= to - from) {
                *ret = from + left;
                return ST_OK;
            }
            left -= to - from;
        }
    }
}

/* Counts duty time: n working days are n times the duty minutes of a day (3.4 rule 4). */
static enum status working_due(const struct calendar *c, int n, int64_t from_ms, int64_t *ret,
                               struct errmsg *err)
{
    int64_t per_day = 0;
    for (int i = 0; i < c->n_hours; i++)
        per_day += (int64_t)(c->hours[i].to - c->hours[i].from) * MS_MINUTE;
    if (per_day <= 0)
        return fail(err, ST_INVALID, "%s", _("The calendar has no duty hours."));
    return duty_end(c, per_day * n, from_ms, ret, err);
}

enum status duty_time(const struct calendar *c, int64_t from_ms, int64_t to_ms, int64_t *ret_ms,
                      struct errmsg *err)
{
    int64_t sum = 0;
    for (int64_t day = midnight_of(from_ms); day < to_ms; day += MS_DAY) {
        bool working = false;
        enum status st = working_at(c, day, &working, err);
        if (st != ST_OK)
            return st;
        for (int i = 0; working && i < c->n_hours; i++) {
            int64_t from = day + (int64_t)c->hours[i].from * MS_MINUTE;
            int64_t to = day + (int64_t)c->hours[i].to * MS_MINUTE;
            from = from < from_ms ? from_ms : from;
            to = to > to_ms ? to_ms : to;
            sum += to > from ? to - from : 0;
        }
    }
    *ret_ms = sum;
    return ST_OK;
}

enum status limit_shift(const struct calendar *c, struct limit limit, int64_t due_ms,
                        int64_t from_ms, int64_t to_ms, int64_t *ret_due_ms, struct errmsg *err)
{
    int64_t left = 0;
    if (limit.unit != LIMIT_WORKING_DAY) {
        *ret_due_ms = due_ms + (to_ms - from_ms);
        return ST_OK;
    }
    enum status st = duty_time(c, from_ms, due_ms, &left, err);
    return st == ST_OK ? duty_end(c, left, to_ms, ret_due_ms, err) : st;
}

enum status limit_due(const struct calendar *c, enum day_rule rule, struct limit limit,
                      int64_t from_ms, int64_t *ret_due_ms, struct errmsg *err)
{
    if (limit.unit == LIMIT_NONE || limit.n < 1 || limit.n > 10000)
        return fail(err, ST_INVALID, "%s", _("There is no such limit."));
    switch (limit.unit) {
    case LIMIT_MINUTE:
        *ret_due_ms = from_ms + (int64_t)limit.n * MS_MINUTE;
        return ST_OK;
    case LIMIT_HOUR:
        *ret_due_ms = from_ms + (int64_t)limit.n * MS_HOUR;
#if SABOTAGE == 66
        *ret_due_ms += MS_MINUTE; /* damage for the tests */
#endif
        return ST_OK;
    case LIMIT_WORKING_DAY:
        return working_due(c, limit.n, from_ms, ret_due_ms, err);
    case LIMIT_DAY:
    case LIMIT_NONE:
    case LIMIT_UNITS:
        break;
    }
    if (rule == DAY_RULE_EXACT) {
        *ret_due_ms = from_ms + (int64_t)limit.n * MS_DAY;
        return ST_OK;
    }
    /* The first day does not count; the end is 24:00 of the last (Civil Code arts 201-203). */
    int64_t last = midnight_of(from_ms) + (int64_t)limit.n * MS_DAY;
    while (rule == DAY_RULE_CIVIL) {
        bool working = false;
        enum status st = working_at(c, last, &working, err);
        if (st != ST_OK)
            return st;
        if (working)
            break;
        last += MS_DAY;
    }
    *ret_due_ms = last + MS_DAY;
    return ST_OK;
}
