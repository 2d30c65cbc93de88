/* wake.c: what the clock itself does, and the limits that clocks have. */
#include "core/case/rules.h"

#include <string.h>

struct limit workflow_limit(const struct policy *p, enum clock_id clock, enum tier tier,
                            const char *emergency)
{
    const struct limit none = {0, LIMIT_NONE};
    if (tier == TIER_NONE)
        return none;
    size_t n = strcspn(emergency, "-"); /* KIND-DATE: the kind names the clocks */
    for (int i = 0; n && i < p->n_emergencies; i++)
        if (strncmp(p->emergency[i].code, emergency, n) == 0 && !p->emergency[i].code[n] &&
            p->emergency[i].clock[clock][tier].unit != LIMIT_NONE)
            return p->emergency[i].clock[clock][tier];
    return p->clock[clock][tier];
}

static void earlier(int64_t *best, int64_t ms)
{
    if (ms != TIME_NONE && (*best == TIME_NONE || ms < *best))
        *best = ms;
}

/* Is the next level told of lateness in this state (row 12)? */
static bool late_is_told(const struct casefile *c)
{
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == COMMAND_LATE &&
            (workflow_table[i].from & (1u << c->state)))
            return true;
    return false;
}

int64_t workflow_wake(const struct workflow_context *ctx, const struct casefile *c)
{
    int64_t best = TIME_NONE, late = TIME_NONE;
    uint32_t object;
    late_clock(ctx, c, &object, &late);
    if (late_is_told(c))
        earlier(&best, late);
    earlier(&best, auto_sign_ms(ctx, c));
    earlier(&best, give_up_ms(ctx, c));
    earlier(&best, archive_ms(ctx, c));
    return best;
}

static bool is_due(const struct workflow_context *ctx, int64_t ms)
{
    return ms != TIME_NONE && ms <= ctx->now_ms;
}

bool workflow_automatic(const struct workflow_context *ctx, const struct casefile *c,
                        struct arena *a, enum command_type *ret_type,
                        const struct value **ret_values, size_t *ret_n)
{
    uint32_t object;
    int64_t when;
    enum clock_id late = late_clock(ctx, c, &object, &when);
    *ret_values = NULL;
    *ret_n = 0;
    if (late != CLOCK_COUNT && late_is_told(c)) {
        struct value *v = arena_array(a, 2, sizeof *v);
        if (!v)
            return false;
        v[0] = (struct value){FIELD_LATE_CLOCK, clock_table[late].word};
        v[1] = (struct value){FIELD_OBJECT, object ? arena_printf(a, "%u", object) : ""};
        *ret_type = COMMAND_LATE;
        *ret_values = v;
        *ret_n = 2;
        return true;
    }
    *ret_type = is_due(ctx, auto_sign_ms(ctx, c)) ? COMMAND_AUTO_SIGN
                : is_due(ctx, give_up_ms(ctx, c)) ? COMMAND_GIVE_UP
                : is_due(ctx, archive_ms(ctx, c)) ? COMMAND_ARCHIVE
                                                  : COMMAND_COUNT;
    return *ret_type != COMMAND_COUNT;
}
