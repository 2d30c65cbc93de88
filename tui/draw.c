#include "tui/draw.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/clock.h"

int draw_text(struct surface *s, struct arena *a, int row, int col, int cells, enum theme_role role,
              const char *fmt, ...)
{
    if (cells <= 0)
        return 0;
    va_list args, again;
    va_start(args, fmt);
    va_copy(again, args);
    char small[512];
    int n = vsnprintf(small, sizeof small, fmt, args);
    va_end(args);
    int taken = 0;
    if (n >= 0 && (size_t)n < sizeof small) {
        taken = surface_put(s, row, col, cells, text_clean(a, small, (size_t)n, CLEAN_LINE),
                            (unsigned char)role);
    } else if (n > 0) {
        char *large = arena_alloc(a, (size_t)n + 1);
        if (large != NULL) {
            vsnprintf(large, (size_t)n + 1, fmt, again);
            taken = surface_put(s, row, col, cells, text_clean_fit(a, large, (size_t)n, cells),
                                (unsigned char)role);
        }
    }
    va_end(again);
    return taken;
}

const char *draw_left(struct arena *a, int64_t due_ms, int64_t now_ms)
{
    if (due_ms == TIME_NONE)
        return "";
    int64_t left = due_ms - now_ms;
    const char *sign = left < 0 ? "-" : "";
    int64_t minutes = (left < 0 ? -left : left) / MS_MINUTE;
    if (minutes >= 24 * 60)
        return arena_printf(a, "%s%" PRId64 "d %" PRId64 "h", sign, minutes / 1440,
                            minutes % 1440 / 60);
    return arena_printf(a, "%s%" PRId64 ":%02" PRId64, sign, minutes / 60, minutes % 60);
}

const char *draw_time(struct arena *a, int64_t ms)
{
    if (ms == TIME_NONE || ms < 0)
        return "";
    struct civil c = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return arena_printf(a, "%02d-%02d %02d:%02d", c.month, c.day, c.hour, c.minute);
}
