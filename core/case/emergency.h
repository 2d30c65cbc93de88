/*
 * emergency.h: emergencies that a district opens and closes: a storm, a failure of heating. Cases under one have the
 * clocks of its kind (policy emergency.kinds; domain.md 4.6, 12).
 *
 * Purpose: the list is reference data that the centre serves; who may open and close one, and which cases it
 *          concerns, is decided here for the centre and for the console alike.
 * Ownership: decoded into one arena by core/wire; plain data, in the order in which they were opened.
 * Errors: ST_INVALID, ST_DENIED, ST_CONFLICT, ST_NOT_FOUND with the reason in words.
 * Threads: plain data; no shared state.
 */
#ifndef JIBAN_CASE_EMERGENCY_H
#define JIBAN_CASE_EMERGENCY_H

#include "core/case/casefile.h"
#include "core/case/policy.h"
#include "core/case/reference.h"

enum { EMERGENCY_CODE_MAX = 40 };

struct emergency {
    const char *code;              /* KIND-YYYYMMDD or KIND-YYYYMMDD-N; KIND names the clocks */
    const char *name, *district;   /* district: code of the unit */
    const char *const *areas;      /* streets and communities concerned; none: the whole district */
    const char *const *categories; /* beginnings of categories concerned; none: all */
    size_t n_areas, n_categories;
    int64_t opened_ms, closed_ms;      /* closed_ms TIME_NONE: it is open */
    const char *opened_by, *closed_by; /* users */
    const char *text;
};
struct emergencies {
    int version; /* 0: none was ever opened */
    const struct emergency *list;
    size_t n;
};

/* NULL when unknown. */
const struct emergency *emergency_find(const struct emergencies *l, const char *code);
/* District of a case: its own, else that of its lead unit, its street or its community; "" when not known. */
const char *emergency_district(const struct reference *r, const struct casefile *c);
/* The emergency that a case belongs under which is dispatched to this unit: open, of its district, area and
 * category; of several the one opened last. NULL: none. */
const struct emergency *emergency_for(const struct emergencies *l, const struct reference *r,
                                      const struct casefile *c, const char *unit);
/* May this person open e as it stands? A district opens its own, dispatchers anywhere. */
enum status emergency_may_open(const struct emergencies *l, const struct policy *p,
                               const struct reference *r, const struct actor *who,
                               const struct emergency *e, struct errmsg *err);
/* May this person close the one of that code? */
enum status emergency_may_close(const struct emergencies *l, const struct actor *who,
                                const char *code, struct errmsg *err);

#endif
