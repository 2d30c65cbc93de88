#include "server/repeats.h"
#include "core/base/i18n.h"
#include "server/service.h"
#include <sodium.h>
#include <string.h>

enum { WARNED_NEVER = -1, WARNED_OPEN = 0 }; /* column warned; else when one was answered */

/* --- the table ------------------------------------------------------------------------------ */

static void hash(const unsigned char key[REPEATS_KEY], const char *what, const char *text,
                 unsigned char out[REPEAT_HASH])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, REPEATS_KEY, REPEAT_HASH);
    crypto_generichash_update(&state, (const unsigned char *)what, strlen(what) + 1);
    crypto_generichash_update(&state, (const unsigned char *)text, strlen(text));
    crypto_generichash_final(&state, out, REPEAT_HASH);
}

/* How far the warning of the cluster is on this order. */
static int64_t warned(const struct casefile *c)
{
    int64_t answered = WARNED_NEVER;
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct object *o = &c->objects[i];
        if (o->kind != OBJECT_WARNING || strcmp(o->class, "W1") != 0)
            continue;
        if (o->state == OBJECT_IS_OPEN)
            return WARNED_OPEN;
        if (o->state == OBJECT_IS_DONE)
            answered = o->changed_ms;
    }
    return answered;
}

static bool differs(const struct casefile *before, const struct casefile *after)
{
    static const enum field matched[] = {
        FIELD_PHONE, FIELD_ANONYMOUS, FIELD_SECRET,   FIELD_TYPE,      FIELD_CATEGORY, FIELD_STREET,
        FIELD_POINT, FIELD_COMMUNITY, FIELD_LATITUDE, FIELD_LONGITUDE, FIELD_FOLLOWERS};
    for (size_t i = 0; i < sizeof matched / sizeof matched[0]; i++)
        if (strcmp(before->value[matched[i]], after->value[matched[i]]) != 0)
            return true;
    return warned(before) != warned(after) || after->state == STATE_VOID;
}

static void bind_row(struct stmt *q, const unsigned char *key, const struct casefile *c,
                     struct arena *a)
{
    unsigned char out[REPEAT_HASH];
    struct repeat_key k;
    int64_t how = warned(c);
    repeat_key_of(c, a, &k);
    if (*k.claimant) {
        hash(key, "claimant", k.claimant, out);
        stmt_blob(q, 2, out, sizeof out);
    }
    stmt_text(q, 3, k.category);
    if (*k.place) {
        hash(key, "place", k.place, out);
        stmt_blob(q, 4, out, sizeof out);
    }
    stmt_int(q, 5, *c->value[FIELD_FOLLOWERS] != '\0');
    if (how != WARNED_NEVER)
        stmt_int(q, 6, how);
}

enum status repeats_follow(struct db *db, const unsigned char key[REPEATS_KEY], int64_t case_row,
                           const struct casefile *before, const struct casefile *after,
                           struct errmsg *err)
{
    struct arena a;
    bool is_new = before->version == 0;
    if (is_new ? after->state != STATE_WAIT_DISPATCH : !differs(before, after))
        return ST_OK; /* only what was logged is an order (row 1) */
    if (after->state == STATE_VOID) {
        struct stmt *drop = database_stmt(db, SQL_REPEAT_DROP);
        stmt_int(drop, 1, case_row);
        return stmt_run(drop, err);
    }
    arena_init(&a, 0);
    struct stmt *q = database_stmt(db, is_new ? SQL_REPEAT_ADD : SQL_REPEAT_UPDATE);
    stmt_int(q, 1, case_row);
    bind_row(q, key, after, &a);
    if (is_new)
        stmt_int(q, 7, after->created_ms);
    enum status st = arena_failed(&a) ? fail(err, ST_NOMEM, "out of memory") : stmt_run(q, err);
    arena_release(&a);
    return st;
}

/* --- looking up ----------------------------------------------------------------------------- */

static void read_order(struct stmt *q, struct arena *a, struct repeat_order *ret)
{
    size_t n;
    const void *id = stmt_get_blob(q, 0, &n);
    *ret = (struct repeat_order){.number = arena_strdup(a, stmt_get_text(q, 1, NULL)),
                                 .state = state_find(stmt_get_text(q, 2, NULL)),
                                 .created_ms = stmt_get_int(q, 3),
                                 .leads = stmt_get_int(q, 5) != 0,
                                 .warned = !stmt_is_null(q, 6) && stmt_get_int(q, 6) == WARNED_OPEN,
                                 .warned_ms = TIME_NONE};
    if (n == sizeof ret->id.byte)
        memcpy(ret->id.byte, id, n);
    if (!stmt_is_null(q, 6) && !ret->warned)
        ret->warned_ms = stmt_get_int(q, 6);
    const void *claimant = stmt_get_blob(q, 4, &n);
    if (n == sizeof ret->claimant)
        memcpy(ret->claimant, claimant, n);
    if (ret->state == STATE_COUNT)
        ret->state = STATE_ARCHIVED; /* of a newer version: nothing is done to it */
}

/* Newest first, between the window's begin and at_ms; ret has room for REPEATS_LOOKED. */
static size_t read_orders(struct stmt *q, struct arena *a, struct repeat_order *ret)
{
    size_t n = 0;
    stmt_int(q, 7, REPEATS_LOOKED);
    while (n < REPEATS_LOOKED && stmt_row(q))
        read_order(q, a, &ret[n++]);
    stmt_done(q);
    return n;
}

static struct stmt *question(struct db *db, enum sql sql, const struct repeat_key *k,
                             const unsigned char *place, int64_t case_row, int64_t from_ms,
                             int64_t to_ms)
{
    struct stmt *q = database_stmt(db, sql);
    stmt_text(q, 1, k->category);
    stmt_blob(q, 2, place, REPEAT_HASH);
    stmt_int(q, 4, from_ms);
    stmt_int(q, 5, to_ms);
    stmt_int(q, 6, case_row);
    return q;
}

enum status repeats_look(struct db *db, const unsigned char key[REPEATS_KEY], int64_t case_row,
                         const struct casefile *c, const struct policy *p, struct arena *a,
                         struct repeats *ret, struct errmsg *err)
{
    unsigned char own[REPEAT_HASH], place[REPEAT_HASH];
    int64_t at = c->created_ms;
    *ret = (struct repeats){.found = {.repeat = 1, .claimants = 1}};
    repeat_key_of(c, a, &ret->key);
    if (!*ret->key.claimant || !*ret->key.category || !*ret->key.place)
        return ST_OK;
    struct repeat_order *mine = arena_array(a, REPEATS_LOOKED, sizeof *mine);
    struct repeat_order *near = arena_array(a, REPEATS_LOOKED, sizeof *near);
    if (!mine || !near)
        return fail(err, ST_NOMEM, "out of memory");
    hash(key, "claimant", ret->key.claimant, own);
    hash(key, "place", ret->key.place, place);
    struct stmt *q = question(db, SQL_REPEAT_OF_CLAIMANT, &ret->key, place, case_row,
                              at - p->repeat_window_ms, at);
    stmt_blob(q, 3, own, sizeof own);
    size_t n_mine = read_orders(q, a, mine);
    q = question(db, SQL_REPEAT_AT_PLACE, &ret->key, place, case_row, at - p->cluster_window_ms,
                 at);
    size_t n_near = read_orders(q, a, near);
    repeat_sort(p, at, own, mine, n_mine, near, n_near, &ret->found);
    return database_status(db, err);
}

/* --- for people ----------------------------------------------------------------------------- */

/* ST_OK with *ret_row 0: there is none in his sight. */
static enum status seen_case(struct db *db, const char *scope, const struct actor *who,
                             const struct uuid *id, struct casefile *c, int64_t *ret_row,
                             struct arena *a, struct errmsg *err)
{
    enum status st = service_load(db, id, c, ret_row, a, err);
    if (st != ST_OK || *ret_row == 0)
        return st;
    struct stmt *q = database_stmt(db, SQL_SIGHT_OF);
    stmt_text(q, 1, scope);
    stmt_int(q, 2, *ret_row);
    if (!stmt_row(q) || !workflow_sees(c, who))
        *ret_row = 0;
    stmt_done(q);
    return database_status(db, err);
}

static enum status tell(struct db *db, const char *scope, const struct actor *who,
                        const struct repeat_order *o, const char *category, bool own,
                        struct arena *a, struct earlier_order *ret, struct errmsg *err)
{
    struct casefile c;
    int64_t row;
    *ret = (struct earlier_order){.number = o->number,
                                  .category = category,
                                  .title = "",
                                  .state = o->state,
                                  .created_ms = o->created_ms,
                                  .own = own};
    enum status st = seen_case(db, scope, who, &o->id, &c, &row, a, err);
    if (st != ST_OK || row == 0)
        return st;
    ret->seen = true;
    ret->id = o->id;
    ret->category = c.value[FIELD_CATEGORY];
    ret->title = c.value[FIELD_TITLE];
    return ST_OK;
}

enum status repeats_earlier(struct db *db, const unsigned char key[REPEATS_KEY], const char *scope,
                            const struct actor *who, const struct uuid *id, const struct policy *p,
                            struct arena *a, struct earlier *ret, struct errmsg *err)
{
    struct casefile c;
    struct repeats r;
    int64_t row;
    enum status st = seen_case(db, scope, who, id, &c, &row, a, err);
    if (st == ST_OK && row == 0)
        st = fail(err, ST_NOT_FOUND, _("There is no such case in your sight."));
    if (st == ST_OK)
        st = repeats_look(db, key, row, &c, p, a, &r, err);
    if (st != ST_OK)
        return st;
    const struct repeat_found *f = &r.found;
    struct earlier_order *orders = arena_array(a, f->n_earlier + f->n_alike + 1, sizeof *orders);
    size_t n = 0;
    if (!orders)
        return fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; st == ST_OK && i < f->n_earlier; i++)
        st = tell(db, scope, who, f->earlier[i], r.key.category, true, a, &orders[n++], err);
    for (size_t i = 0; st == ST_OK && i < f->n_alike; i++)
        st = tell(db, scope, who, f->alike[i], r.key.category, false, a, &orders[n++], err);
    *ret = (struct earlier){
        .number = c.value[FIELD_NUMBER], .repeat = f->repeat, .orders = orders, .n = n};
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}
