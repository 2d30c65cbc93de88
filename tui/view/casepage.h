/*
 * casepage.h: one case: facts, clocks, history, as lines to scroll through.
 *
 * Ownership: view and scratch are the caller's. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_CASEPAGE_H
#define JIBAN_TUI_VIEW_CASEPAGE_H

#include "core/store/store.h"
#include "tui/surface.h"

/* Draws from line first on; returns how many lines the case has at this width. */
int casepage_draw(const struct case_view *v, struct surface *s, struct rect r, int first,
                  const struct reference *reference, const struct actor *who, int64_t now_ms,
                  struct arena *scratch);

#endif
