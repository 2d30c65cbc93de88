/* people.c: another organisation over a store in which cases, accounts and old names are. */
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include "server/audit.h"
#include "server/documents.h"
#include "server/service.h"
#include <stdlib.h>
#include <string.h>

enum { NAMED_MOST = 10 }; /* orders that a message lists */

/* --- who still has something in hand ---------------------------------------------------------- */

/* Does this unit or person have to do something on the order? Places and history do not count. */
static bool rests_with(const struct casefile *c, const char *code)
{
    static const enum field holders[] = {FIELD_UNIT, FIELD_SECTION, FIELD_HANDLER, FIELD_ASSISTANT,
                                         FIELD_LEADER};
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        if (c->value[holders[i]] && strcmp(c->value[holders[i]], code) == 0)
            return true;
    for (size_t i = 0; i < c->n_objects; i++)
        if (!object_state_table[c->objects[i].state].ended && c->objects[i].unit &&
            strcmp(c->objects[i].unit, code) == 0)
            return true;
    return false;
}

struct mention {
    int64_t row;
    const char *number;
};

/* Open orders in one state whose events name the code at all: few enough to be folded. */
static enum status mentions(struct db *db, enum state state, const char *code, struct arena *a,
                            struct mention **ret, size_t *ret_n, struct errmsg *err)
{
    size_t n = 0, room = 0;
    struct mention *list = NULL;
    struct stmt *q = database_stmt(db, SQL_CASE_MENTIONS);
    stmt_text(q, 1, state_table[state].word);
    stmt_text(q, 2, arena_printf(a, "\"%s\"", code));
    while (stmt_row(q)) {
        if (n == room) {
            room = room ? 2 * room : 64;
            struct mention *more = arena_array(a, room, sizeof *more);
            if (!more) {
                stmt_done(q);
                return fail(err, ST_NOMEM, "out of memory");
            }
            if (n)
                memcpy(more, list, n * sizeof *list);
            list = more;
        }
        list[n++] =
            (struct mention){stmt_get_int(q, 0), arena_strdup(a, stmt_get_text(q, 1, NULL))};
    }
    stmt_done(q);
    *ret = list;
    *ret_n = n;
    return database_status(db, err);
}

/* The numbers of open orders that rest with code, "" when there are none. */
static enum status orders_of(struct db *db, const char *code, struct arena *a, const char **ret,
                             size_t *ret_n, struct errmsg *err)
{
    enum status st = ST_OK;
    *ret = "";
    *ret_n = 0;
    for (int s = 0; st == ST_OK && s < STATE_COUNT; s++) {
        struct mention *list = NULL;
        size_t n = 0;
        if (state_table[s].terminal)
            continue;
        st = mentions(db, (enum state)s, code, a, &list, &n, err);
        for (size_t i = 0; st == ST_OK && i < n; i++) {
            struct arena one;
            struct casefile c;
            arena_init(&one, 0);
            casefile_init(&c, &(struct uuid){{0}}, &one);
            st = service_fold(db, list[i].row, &c, &one, err);
            if (st == ST_OK && rests_with(&c, code) && (*ret_n)++ < NAMED_MOST)
                *ret = arena_printf(a, "%s%s%s", *ret, **ret ? ", " : "", list[i].number);
            arena_release(&one);
        }
    }
    return st;
}

static enum status ask_orders(struct db *db, const char *code, struct faults *f, struct errmsg *err)
{
    const char *numbers;
    size_t n;
    enum status st = orders_of(db, code, f->arena, &numbers, &n, err);
    if (st == ST_OK && n > 0)
        faults_add(f, FAULT_ERROR, "",
                   _("\"%.60s\" is not there any more, but %zu open orders rest with it (%s%s): "
                     "hand them on first"),
                   code, n, numbers, n > NAMED_MOST ? ", ..." : "");
    return st;
}

/* --- keeping ---------------------------------------------------------------------------------- */

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->code, ((const struct unit *)b)->code);
}
static int by_user(const void *a, const void *b)
{
    return strcmp(((const struct person *)a)->user, ((const struct person *)b)->user);
}

enum status people_keep_ended(struct db *db, const struct reference *old, struct reference *fresh,
                              int today, struct faults *f, struct errmsg *err)
{
    struct unit *units = arena_array(f->arena, fresh->n_units + old->n_units + 1, sizeof *units);
    struct person *people =
        arena_array(f->arena, fresh->n_people + old->n_people + 1, sizeof *people);
    size_t n_units = fresh->n_units, n_people = fresh->n_people;
    enum status st = units && people ? ST_OK : fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; st == ST_OK && i < fresh->n_units; i++)
        units[i] = fresh->units[i];
    for (size_t i = 0; st == ST_OK && i < fresh->n_people; i++)
        people[i] = fresh->people[i];
    for (size_t i = 0; st == ST_OK && i < old->n_units; i++) {
        struct unit u = old->units[i];
        if (reference_unit(fresh, u.code))
            continue;
        st = u.ended ? ST_OK : ask_orders(db, u.code, f, err);
        u.ended = u.ended ? u.ended : today;
        units[n_units++] = u;
    }
    for (size_t i = 0; st == ST_OK && i < old->n_people; i++) {
        struct person p = old->people[i];
        if (reference_person(fresh, p.user))
            continue;
        st = p.ended ? ST_OK : ask_orders(db, p.user, f, err);
        p.ended = p.ended ? p.ended : today;
        people[n_people++] = p;
    }
    if (st != ST_OK)
        return st;
    if (n_units)
        qsort(units, n_units, sizeof *units, by_code);
    if (n_people)
        qsort(people, n_people, sizeof *people, by_user);
    fresh->units = units;
    fresh->n_units = n_units;
    fresh->people = people;
    fresh->n_people = n_people;
    return ST_OK;
}

/* --- accounts --------------------------------------------------------------------------------- */

static enum status drop_sessions(struct db *db, const char *user, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_SESSION_DROP_USER);
    stmt_text(q, 1, user);
    return stmt_run(q, err);
}

static bool same_person(const struct person *x, const struct person *y)
{
    return x->role == y->role && strcmp(x->office, y->office) == 0 &&
           strcmp(x->unit, y->unit) == 0 && strcmp(x->name, y->name) == 0 && x->ended == y->ended;
}

/* Rights are the detail: who got which role is proved by the hash. */
static enum status note_user(struct db *db, const struct person *p, struct errmsg *err)
{
    struct buf detail;
    if (p->ended)
        return audit_note(db, AUDIT_USER_DISABLE, p->user, NULL, 0, err);
    buf_init(&detail, 64 * 1024);
    buf_printf(&detail, "%s\n%s\n%s\n%s\n", role_table[p->role].word, p->office, p->unit, p->name);
    enum status st = buf_status(&detail);
    if (st == ST_OK)
        st = audit_note(db, AUDIT_USER_PUT, p->user, detail.data, detail.len, err);
    buf_release(&detail);
    return st;
}

/* An account that was closed by hand stays closed; one that ended and is there again is opened. */
static enum status put_user(struct db *db, const struct person *p, const struct person *before,
                            struct errmsg *err)
{
    const int keep = -1;
    struct stmt *q = database_stmt(db, !before ? SQL_USER_ADD : SQL_USER_CHANGE);
    stmt_text(q, 1, p->user);
    stmt_text(q, 2, role_table[p->role].word);
    stmt_text(q, 3, p->office);
    stmt_text(q, 4, p->unit);
    stmt_text(q, 5, p->name);
    stmt_int(q, 6, !before || p->ended || before->ended ? p->ended != 0 : keep);
    enum status st = stmt_run(q, err);
    return st == ST_OK ? note_user(db, p, err) : st;
}

enum status people_put_users(struct db *db, const struct reference *old,
                             const struct reference *fresh, struct errmsg *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < fresh->n_people; i++) {
        const struct person *p = &fresh->people[i], *before = reference_person(old, p->user);
        if (before && same_person(before, p))
            continue;
        st = put_user(db, p, before, err);
        if (st == ST_OK &&
            before) /* rights are read with the session: whoever has others logs in again */
            st = drop_sessions(db, p->user, err);
    }
    return st;
}
