/*
 * bonus.h: bonus points for active governance and hard problems solved (Regulation art 32): who got how many, for which
 * month, why, and who decided it. A document with versions, as the others; the policy says how many count at most.
 *
 * Units: points in thousandths. Ownership: text lies in the arena of the decoder. Errors: none.
 * Threads: plain data.
 */
#ifndef JIBAN_CASE_BONUS_H
#define JIBAN_CASE_BONUS_H

#include "core/base/faults.h"
#include "core/case/reference.h"
#include <stdint.h>

struct bonus_entry {
    const char *id;
    const char *unit;   /* code of a district, street, department or firm */
    const char *period; /* month of the assessment: "2026-11" */
    int64_t points;
    const char *why, *by; /* by: who decided */
};
struct bonus {
    int version;
    struct bonus_entry *entries;
    size_t n;
};
/* Points of a unit in a month; 0 in any other window, which has no name of a month. */
int64_t bonus_points(const struct bonus *b, const char *unit, const char *period);
/* Units that are not there, or that no score is made for. */
void bonus_check(const struct bonus *b, const struct reference *r, struct faults *f);

#endif
