/* scopes.c: which offices a case is shown to, and which scope a person hears of. */
#include "server/service_own.h"
#include <string.h>

enum { SCOPES_MOST = 64 };

static void add_scope(const char *code, const char *out[SCOPES_MOST], size_t *n)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(out[i], code) == 0)
            return;
    if (*code && *n < SCOPES_MOST)
        out[(*n)++] = code;
}

static void add_office_of(const struct reference *r, const char *user, const char *out[SCOPES_MOST],
                          size_t *n)
{
    const struct person *p = *user ? reference_person(r, user) : NULL;
    const struct unit *office = p ? reference_unit(r, p->office) : NULL;
    if (office && office->kind != UNIT_HOTLINE)
        add_scope(office->code, out, n);
}

/* Scopes that see the case: the hotline, its district, its lead unit, and the offices of units that were asked or
 * called, or warned: a department's people log in at its district. And of whom else the table lets see it: who took it down, the
 * handler, the assisting community, the section. Who of an office sees it is asked of the table each time. */
static size_t scopes_of(const struct casefile *c, const struct reference *r,
                        const char *out[SCOPES_MOST])
{
    size_t n = 0;
    const char *district = c->value[FIELD_DISTRICT];
    const char *unit = c->value[FIELD_UNIT];
    out[n++] = "*";
    add_scope(*district ? district : reference_district(r, unit), out, &n);
    add_scope(unit, out, &n);
    add_office_of(r, c->value[FIELD_OPERATOR_ID], out, &n);
    add_office_of(r, c->value[FIELD_HANDLER], out, &n);
    for (enum field f = FIELD_SECTION; f <= FIELD_ASSISTANT; f++) {
        const struct unit *u = f == FIELD_HANDLER ? NULL : reference_unit(r, c->value[f]);
        if (u)
            add_scope(u->parent, out, &n);
    }
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct unit *u = reference_unit(r, c->objects[i].unit);
        if (c->objects[i].kind == OBJECT_WARNING)
            add_scope(c->value[FIELD_STREET], out, &n);
        if (c->objects[i].kind != OBJECT_SUB && c->objects[i].kind != OBJECT_WHISTLE)
            continue;
        add_scope(c->objects[i].unit, out, &n);
        if (u && u->kind != UNIT_STREET)
            add_scope(u->parent, out, &n);
    }
    return n;
}

/* Whose scope is it in? The hotline sees every case. */
bool in_scope(const struct casefile *c, const struct reference *r, const struct actor *who)
{
    const char *scopes[SCOPES_MOST];
    const struct unit *office = reference_unit(r, who->office);
    size_t n = scopes_of(c, r, scopes);
    if (who->role == ROLE_AUTOMATIC || (office && office->kind == UNIT_HOTLINE))
        return true;
    for (size_t i = 0; i < n; i++)
        if (strcmp(scopes[i], who->office) == 0)
            return true;
    return false;
}

enum status move_sight(struct db *db, int64_t row, const struct casefile *c,
                       const struct reference *r, int64_t first_gseq, int64_t last_gseq,
                       struct arena *a, struct errmsg *err)
{
    const char *scopes[SCOPES_MOST], *old[SCOPES_MOST];
    size_t n = scopes_of(c, r, scopes), n_old = 0;
    struct stmt *q = database_stmt(db, SQL_SIGHT_LIST);
    stmt_int(q, 1, row);
    while (n_old < SCOPES_MOST && stmt_row(q))
        old[n_old++] = arena_strdup(a, stmt_get_text(q, 0, NULL));
    stmt_done(q);
    enum status st = database_status(db, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        q = database_stmt(db, SQL_SIGHT_PUT);
        stmt_text(q, 1, scopes[i]);
        stmt_int(q, 2, row);
        stmt_int(q, 3, first_gseq);
        stmt_int(q, 4, last_gseq);
        st = stmt_run(q, err);
    }
    for (size_t i = 0; st == ST_OK && i < n_old; i++) {
        bool still = false;
        for (size_t k = 0; k < n; k++)
            still |= strcmp(old[i], scopes[k]) == 0;
        if (still)
            continue;
        q = database_stmt(db, SQL_SIGHT_GONE);
        stmt_text(q, 1, old[i]);
        stmt_int(q, 2, row);
        stmt_int(q, 3, last_gseq);
        st = stmt_run(q, err);
    }
    return st;
}

const char *service_scope(struct service *s, const struct actor *who)
{
    pthread_rwlock_rdlock(&s->rules_lock);
    const struct unit *office = reference_unit(&s->rules->reference, who->office);
    bool city = office && office->kind == UNIT_HOTLINE;
    pthread_rwlock_unlock(&s->rules_lock);
    return city ? "*" : who->office;
}
