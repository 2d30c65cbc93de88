#include "core/case/tasks.h"
#include "core/base/clock.h"

#include <stdio.h>
#include <string.h>

/* A date without a time ends with its day. */
static bool date_parse(const char *text, int64_t *ret)
{
    int year, month, day, end = 0;
    if (rfc3339_parse(text, ret) == 0)
        return true;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || text[end] || month < 1 ||
        month > 12 || day < 1 || day > civil_days_in_month(year, month))
        return false;
    struct civil t = {.year = year, .month = month, .day = day};
    *ret = civil_to_ms(&t, BEIJING_OFFSET_MS) + MS_DAY;
    return true;
}

bool task_next(const char **text, struct arena *a, struct task *ret, const char **ret_bad)
{
    *ret_bad = NULL;
    *text += strspn(*text, "\r\n \t");
    if (!**text)
        return false;
    size_t n = strcspn(*text, "\r\n");
    char *line = arena_alloc(a, n + 1);
    *ret_bad = arena_strndup(a, *text, n);
    if (!line)
        return false;
    memcpy(line, *text, n);
    line[n] = '\0';
    *text += n;
    size_t unit = strcspn(line, " \t");
    char *date = line + unit + strspn(line + unit, " \t");
    size_t date_n = strcspn(date, " \t");
    char *what = date + date_n + strspn(date + date_n, " \t");
    if (!*date || !*what)
        return false;
    line[unit] = date[date_n] = '\0';
    if (!date_parse(date, &ret->due_ms))
        return false;
    ret->unit = line;
    ret->what = what;
    *ret_bad = NULL;
    return true;
}
