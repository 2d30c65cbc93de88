/*
 * when.h: times as people type them.
 *
 * Understood, in +08:00: "now", "15:00" (today), "-10m" "+2h" "-1d" (from now), "11-24 14:05" (of the year that is nearest), "2026-11-24
 * 14:05", and RFC 3339 whole.
 * Threads: no state.
 */
#ifndef JIBAN_TUI_WIDGET_WHEN_H
#define JIBAN_TUI_WIDGET_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* False when it is none of these; *ret_ms is untouched then. */
bool when_parse(const char *text, int64_t now_ms, int64_t *ret_ms);

#endif
