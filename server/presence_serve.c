/* presence_serve.c: what consoles tell and ask of the table of presence, by the rights of the store. */
#include "core/base/i18n.h"
#include "server/presence.h"
#include "server/service_own.h"
#include <stdlib.h>
#include <string.h>

_Static_assert((int)PRESENCE_SESSION == (int)HASH_BYTES,
               "a session is known by the hash of its token");

enum { SCOPES_BYTES = 64 * 1024, MOVED_BYTES = 1024 * 1024 };

/* JIBAN_TEST_PRESENCE_TTL: milliseconds, for tests that cannot wait so long. */
static int64_t ttl_ms(void)
{
#ifdef JIBAN_TEST_HOOKS
    const char *text = getenv("JIBAN_TEST_PRESENCE_TTL");
    if (text)
        return strtoll(text, NULL, 10);
#endif
    return PRESENCE_TTL_MS;
}

enum status service_presence_open(struct service *s, struct errmsg *err)
{
    s->presence = presence_new(ttl_ms());
    return s->presence ? ST_OK : fail(err, ST_NOMEM, "out of memory");
}

/* Without any lock held. */
static void tell(struct service *s, const struct buf *moved)
{
    if (moved->len > 0 && s->config.present)
        s->config.present(s->config.notify_self, moved->data);
}

/* The scopes that see the case in that row, a line each. */
static enum status scopes_of_row(struct db *db, int64_t row, struct buf *out, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_SIGHT_LIST);
    stmt_int(q, 1, row);
    while (stmt_row(q))
        buf_printf(out, "%s\n", stmt_get_text(q, 0, NULL));
    stmt_done(q);
    return database_status(db, err);
}

/* Leaves of n marks those whose case the person sees. */
static enum status keep_seen(struct service *s, struct db *db, const struct actor *who,
                             struct presence_list *list, struct errmsg *err)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++) {
        int64_t row;
        enum status st = service_sees(s, db, who, &list->mark[i].case_id, &row, err);
#if SABOTAGE == 301
        st = ST_OK; /* Damage: marks of cases that are out of sight are told. */
#endif
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        if (st == ST_OK)
            list->mark[kept++] = list->mark[i];
    }
    list->n = kept;
    return ST_OK;
}

enum status service_presence(struct service *s, const struct actor *who, const char *token,
                             const char *terminal, const struct presence_own *own,
                             struct presence_list *ret, struct errmsg *err)
{
    static const struct presence_own nowhere = {.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    struct presence_teller teller = {
        .user = who->user, .office = who->office, .terminal = terminal};
    int64_t row = 0, mono_ms = clock_mono(s->config.clock);
    struct buf scopes, moved;
    struct db *db = service_reader(s, err);
    enum status st = db ? database_begin(db, false, err) : ST_IO;
    if (st != ST_OK)
        return st;
    session_hash(token, teller.session);
    buf_init(&scopes, SCOPES_BYTES);
    buf_init(&moved, MOVED_BYTES);
    if (own->what != PRESENCE_NONE) {
        st = service_sees(s, db, who, &own->case_id, &row, err);
        if (st == ST_OK)
            st = scopes_of_row(db, row, &scopes, err);
    }
    if (st == ST_OK || st == ST_NOT_FOUND) /* a case that has left the sight is left */
        presence_put(s->presence, &teller, st == ST_OK ? own : &nowhere, scopes.data, mono_ms,
                     clock_wall(s->config.clock), &moved);
    if (st == ST_OK) {
        ret->n = presence_of(s->presence, &teller, service_scope(s, who), mono_ms, ret->mark,
                             PRESENCE_LISTED);
        st = keep_seen(s, db, who, ret, err);
    }
    database_rollback(db); /* reading only */
    tell(s, &moved);
    buf_release(&scopes);
    buf_release(&moved);
    return st;
}

/* Ended, closed with its user, or of a terminal that was revoked. */
static bool ended(void *self, const unsigned char session[PRESENCE_SESSION])
{
    struct service *s = self;
    struct actor who;
    struct arena a;
    arena_init(&a, 0);
    enum status st = session_of(s, session, &a, &who, NULL);
    arena_release(&a);
    return st == ST_UNAUTHORIZED || st == ST_DENIED;
}

void service_presence_sweep(struct service *s)
{
    struct buf moved;
    buf_init(&moved, MOVED_BYTES);
    presence_sweep(s->presence, clock_mono(s->config.clock), ended, s, &moved);
    tell(s, &moved);
    buf_release(&moved);
}

void route_presence(struct call *c)
{
    struct errmsg err = {{0}};
    char terminal[PRESENCE_TERMINAL + 1];
    struct presence_own own;
    struct presence_list *list = arena_alloc(&c->response->arena, sizeof *list);
    enum status st =
        list ? presence_own_decode(c->request->body, c->request->body_len, terminal, &own, &err)
             : fail(&err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        st = service_presence(c->service, &c->actor, c->token, terminal, &own, list, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        presence_list_encode(&c->response->body, list);
}
