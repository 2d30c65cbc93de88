/*
 * presence.h: who else is at a case just now, in words and signs (doc/design/presence.md).
 *
 * Purpose: looks into the list that the sync thread has brought (core/wire/presence.h). A mark of one's own is that of
 *          another terminal at which one is logged in.
 * Ownership: texts lie in the arena given; names are foreign and cleaned where they are drawn.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_PRESENCE_H
#define JIBAN_TUI_PRESENCE_H

#include "core/base/arena.h"
#include "core/case/reference.h"
#include "core/wire/presence.h"

/* The most that anybody does there; PRESENCE_NONE: nobody is. l may be NULL. */
enum presence presence_there(const struct presence_list *l, const struct uuid *case_id);
/* Another person who writes there, the one that began last; NULL: nobody. */
const struct presence_mark *presence_writer(const struct presence_list *l,
                                            const struct uuid *case_id);
/* "Li Na has been writing since 11-26 14:05: reply". r may be NULL: then the user's word stands for the name. */
const char *presence_text(const struct presence_mark *m, const struct reference *r,
                          struct arena *a);

#endif
