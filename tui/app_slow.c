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

bool slow_nothing_new(struct app *a)
{
    int64_t version;
    if (!slow_line(a) || store_changed(a->c.config->store, &version, NULL) != ST_OK)
        return false;
    bool same = version == a->version;
    a->version = version;
    return same;
}

int64_t slow_count_ms(const struct app *a)
{
    return slow_line(a) ? APP_SLOW_MS : APP_COUNT_MS;
}

const char *slow_theme(const struct app *a)
{
    const char *name = option_text(a->c.config->options, OPT_THEME);
    return slow_line(a) && strcmp(name, "auto") == 0 ? "mono" : name;
}

bool slow_hints(const struct app *a)
{
    bool chosen = strcmp(a->c.config->options->from[OPT_HINTS], "default") != 0;
    return option_bool(a->c.config->options, OPT_HINTS) && (chosen || !slow_line(a));
}

void slow_draw(struct app *a, struct cursor *cursor)
{
    bool known = a->drawn_ms && a->drawn_offset_ms == a->c.report.server_offset_ms;
    if (slow_line(a) && known && a->keys == a->drawn_keys) {
        a->c.frozen_ms = a->drawn_ms;
    } else {
        a->drawn_ms = console_now(&a->c);
        a->drawn_offset_ms = a->c.report.server_offset_ms;
        a->drawn_keys = a->keys;
    }
    app_draw(a, cursor);
    a->c.frozen_ms = 0;
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
