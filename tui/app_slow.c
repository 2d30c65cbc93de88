/*
 * app_slow.c: screen.low_bandwidth, for lines of 2400 to 9600 baud: nothing is painted that nobody waits for.
 *
 * A frame is painted for what the person did, what is said to them and what is masked again. Minutes pass and cases
 * change without one: times and the clock are those of the last frame, and each key brings them up to date.
 */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <string.h>

bool slow_line(const struct app *a)
{
    return option_bool(a->c.config->options, OPT_LOW_BANDWIDTH);
}

int64_t slow_reload_ms(const struct app *a, bool own)
{
    bool empty = queue_current(&a->queue) == NULL; /* the first cases are waited for */
    return slow_line(a) && !own && !empty ? APP_SLOW_MS : APP_RELOAD_MS;
}

int64_t slow_count_ms(const struct app *a)
{
    return slow_line(a) ? APP_SLOW_MS : APP_COUNT_MS;
}

bool slow_hints(const struct app *a)
{
    bool chosen = strcmp(a->c.config->options->from[OPT_HINTS], "default") != 0;
    return option_bool(a->c.config->options, OPT_HINTS) && (chosen || !slow_line(a));
}

bool slow_wants_frame(struct app *a)
{
    struct app_seen now = {.news = a->news,
                           .rows = a->surface.rows,
                           .cols = a->surface.cols,
                           .line = a->c.report.line,
                           .prompt = a->prompt.kind,
                           .locked = a->lock.on,
                           .reveals = a->c.reveal_until_ms != 0};
    snprintf(now.message, sizeof now.message, "%s", a->c.message);
    struct app_seen *seen = &a->seen;
    bool same = seen->news == now.news && seen->rows == now.rows && seen->cols == now.cols &&
                seen->line == now.line && seen->prompt == now.prompt &&
                seen->locked == now.locked && seen->reveals == now.reveals &&
                strcmp(seen->message, now.message) == 0;
    *seen = now;
    return !same || !slow_line(a);
}
