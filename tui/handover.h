/*
 * handover.h: what the next shift has to know, out of the cache.
 *
 * Purpose: own cases by due time, whistles that are out, drafts, refused and unsent commands, as text of 80 columns that a person may
 *          go on with.
 * Ownership: the text goes to the caller's buffer; scratch holds what is read on the way.
 * Errors: those of the store. Threads: that of the store's handle.
 */
#ifndef JIBAN_TUI_HANDOVER_H
#define JIBAN_TUI_HANDOVER_H

#include "core/store/context.h"

/* Each part ends at HANDOVER_ROWS cases and says so. */
enum { HANDOVER_ROWS = 200 };

/* Cleaned; no names or phones of claimants. ascii: of a locale without UTF-8. now_ms: server's time. */
enum status handover_text(struct store *s, const struct context *c, int64_t now_ms, bool ascii,
                          struct arena *scratch, struct buf *out, struct errmsg *err);

#endif
