/*
 * left_draw.h: how urgent a time left looks, in the list and on the page of a case alike.
 *
 * Nothing is owned, nothing fails; any thread.
 */
#ifndef JIBAN_TUI_VIEW_LEFT_DRAW_H
#define JIBAN_TUI_VIEW_LEFT_DRAW_H

#include "core/case/policy.h"
#include "tui/theme.h"
#include <stdint.h>

/* Amber and red from the marks of the policy on (policy.h; it may be NULL), red past its due time; times in ms, due_ms
 * TIME_NONE: no clock runs. */
enum theme_role draw_left_role(const struct policy *policy, int64_t started_ms, int64_t due_ms,
                               int64_t now_ms);

#endif
