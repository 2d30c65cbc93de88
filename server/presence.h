/*
 * presence.h: which terminals are at which cases just now (doc/design/presence.md).
 *
 * Purpose: a table in memory of what each terminal told last: a courtesy among people at work, no lock and no record. A
 *          mark that is not told again ends by itself. Lost at a restart, told anew by the consoles.
 * Bounds:  PRESENCE_MOST marks, PRESENCE_EACH of one person (the oldest makes room); beyond that nothing is kept, and
 *          nobody is refused for it.
 * Ownership: texts are copied in and out.
 * Errors: none of the table; the calls of the service have those of service.h.
 * Threads: any; a lock of its own, under which no other is taken (ended of presence_sweep only reads the store).
 */
#ifndef JIBAN_SERVER_PRESENCE_H
#define JIBAN_SERVER_PRESENCE_H

#include "core/wire/presence.h"
#include "server/route.h"

enum {
    PRESENCE_MOST = 5000,
    PRESENCE_EACH = 8,
    /* A console tells again after 25 s: one such may be lost. With the time until the table is looked through and the
     * consoles ask (5 s and 2 s), a mark is gone 60 s after its terminal died. */
    PRESENCE_TTL_MS = 52 * 1000,
    PRESENCE_SESSION = 32 /* bytes of the hash of a session's token */
};

struct presence_table;
struct presence_table *presence_new(int64_t ttl_ms); /* NULL: out of memory */
void presence_free(struct presence_table *t);        /* NULL is nothing */

/* Who tells. */
struct presence_teller {
    const char *user, *office, *terminal;
    unsigned char session[PRESENCE_SESSION];
};
/* Takes down what a terminal has. scopes: who sees the case, each with a line break behind it. Appends to moved the scopes
 * of what others see otherwise now; nothing where it was only told again. */
void presence_put(struct presence_table *t, const struct presence_teller *who,
                  const struct presence_own *own, const char *scopes, int64_t mono_ms,
                  int64_t wall_ms, struct buf *moved);
/* The marks of other terminals whose case that scope sees, those of the own office first, up to most. Whether the person
 * sees the case is still to be asked. */
size_t presence_of(struct presence_table *t, const struct presence_teller *who, const char *scope,
                   int64_t mono_ms, struct presence_mark *ret, size_t most);
/* Drops what was not told again in time, and the marks of sessions that are none any more (ended may be NULL). Appends
 * their scopes to moved. */
void presence_sweep(struct presence_table *t, int64_t mono_ms,
                    bool (*ended)(void *self, const unsigned char session[PRESENCE_SESSION]),
                    void *self, struct buf *moved);
void route_presence(struct call *c); /* of routes.def */
/* Is the scope among those of presence_put? */
bool presence_concerns(const char *scopes, const char *scope);

#endif
