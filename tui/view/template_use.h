/*
 * template_use.h: which templates the person used last, so that these stand first in the list.
 *
 * Purpose: kept in the cache as the names of the templates with the category of the order, the last one first;
 *          nothing of an order stands in it.
 * Ownership: nothing is kept beside the cache. Errors: without the list the order is that of the names.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_TEMPLATE_USE_H
#define JIBAN_TUI_VIEW_TEMPLATE_USE_H

#include "core/store/papers.h"
#include "tui/console.h"

/* Used for this category, the last one first; used for others likewise; those with a name in the language of the console;
 * the rest. */
void template_use_order(struct console *c, const char *category, struct kept_paper *all, size_t n);
/* Was it used last time or before for an order of the category? */
bool template_use_known(struct console *c, const char *category, const struct paper *p);
/* Is its name in another language than the console's? */
bool template_use_foreign(const struct paper *p);
/* It was used for an order of the category ("" if it has none). */
void template_use_note(struct console *c, const char *category, const struct paper *p);

#endif
