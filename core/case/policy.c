/* policy.c: what follows from the numbers of a policy alone. */
#include "core/case/policy.h"

int64_t policy_warn_ms(const struct policy *p, enum warn_mark mark, int64_t started_ms,
                       int64_t due_ms)
{
    static const int usual[WARN_MARKS] = {50, 75, 90, 100};
    const int whole = 100;
    int percent = p ? p->warn_mark[mark] : usual[mark];
    return due_ms > started_ms ? started_ms + (due_ms - started_ms) / whole * percent : due_ms;
}
