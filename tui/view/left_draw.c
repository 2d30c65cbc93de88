/* left_draw.c: the marks of the policy as roles of the theme. */
#include "tui/view/left_draw.h"
#include "core/base/clock.h"

enum theme_role draw_left_role(const struct policy *policy, int64_t started_ms, int64_t due_ms,
                               int64_t now_ms)
{
    bool runs = due_ms != TIME_NONE,
         red = runs &&
               (now_ms > due_ms || now_ms >= policy_warn_ms(policy, WARN_RED, started_ms, due_ms)),
         amber = runs && now_ms >= policy_warn_ms(policy, WARN_AMBER, started_ms, due_ms);
    return red ? THEME_OVERDUE : amber ? THEME_WARN : THEME_PLAIN;
}
