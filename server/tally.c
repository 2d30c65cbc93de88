#include "server/tally.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include <stdlib.h>
#include <string.h>

/* --- the rows of the whistles ----------------------------------------------------------------- */

static void bind_time(struct stmt *q, int at, int64_t ms)
{
    if (ms != TIME_NONE)
        stmt_int(q, at, ms);
}

static enum status put_whistle(struct db *db, int64_t case_row, const struct object *o,
                               struct errmsg *err)
{
    struct whistle_facts f = whistle_facts(o);
    struct stmt *q = database_stmt(db, SQL_WHISTLE_PUT);
    stmt_int(q, 1, case_row);
    stmt_int(q, 2, o->id);
    stmt_int(q, 3, f.opened_ms);
    stmt_text(q, 4, f.caller);
    stmt_text(q, 5, f.called);
    bind_time(q, 6, f.answered_ms);
    stmt_int(q, 7, f.answer_due_ms);
    bind_time(q, 8, f.arrived_ms);
    stmt_int(q, 9, f.arrival_due_ms);
    bind_time(q, 10, f.ended_ms);
    stmt_int(q, 11, f.objected);
    stmt_text(q, 12, f.verdict);
    return stmt_run(q, err);
}

static enum status put_rules(struct db *db, int64_t case_row, const struct casefile *before,
                             const struct casefile *after, struct errmsg *err)
{
    enum status st = ST_OK;
    for (int i = 0; st == ST_OK && i < TALLY_RULES; i++) {
        struct rule_facts old = rule_facts(before, (enum tally_rule)i),
                          now = rule_facts(after, (enum tally_rule)i);
        if (old.used == now.used && old.kept == now.kept && old.broken == now.broken)
            continue;
        struct stmt *q = database_stmt(db, SQL_RULE_PUT);
        stmt_int(q, 1, case_row);
        stmt_text(q, 2, tally_rules[i].word);
        stmt_int(q, 3, now.used);
        stmt_int(q, 4, now.kept);
        stmt_int(q, 5, now.broken);
        st = stmt_run(q, err);
    }
    return st;
}

/* Objects that no event touched lie where they lay before; of a new list the untouched ones are copies. */
enum status tally_update(struct db *db, int64_t case_row, const struct casefile *before,
                         const struct casefile *after, struct errmsg *err)
{
    enum status st = put_rules(db, case_row, before, after, err);
    if (after->objects == before->objects)
        return st;
    for (size_t i = 0; st == ST_OK && i < after->n_objects; i++) {
        const struct object *o = &after->objects[i];
        bool same = i < before->n_objects && memcmp(o, &before->objects[i], sizeof *o) == 0;
        if (o->kind == OBJECT_WHISTLE && !same)
            st = put_whistle(db, case_row, o, err);
    }
    return st;
}

/* --- counting ------------------------------------------------------------------------------------ */

struct sheet {
    struct db *db;
    const struct reference *reference;
    struct arena *arena;
    const char *scope;  /* "*", a district or an office */
    const char *person; /* the one whose lines are shown, or NULL for all */
    bool persons;       /* else the lines are those of units */
    struct tally_board t;
    size_t cap;
};

static bool in_scope(const struct sheet *s, const char *unit)
{
    return strcmp(s->scope, "*") == 0 || strcmp(s->scope, unit) == 0 ||
           strcmp(s->scope, reference_district(s->reference, unit)) == 0;
}

static struct tally_row *add_row(struct sheet *s, enum tally_side side, const char *code,
                                 const char *person)
{
    struct tally_board *t = &s->t;
    if (t->n_rows == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        struct tally_row *more = arena_array(s->arena, cap, sizeof *more);
        if (!more)
            return NULL;
        if (t->n_rows)
            memcpy(more, t->rows, t->n_rows * sizeof *more);
        t->rows = more;
        s->cap = cap;
    }
    const struct unit *u = reference_unit(s->reference, code);
    const struct person *p = reference_person(s->reference, person);
    struct tally_row *row = &t->rows[t->n_rows++];
    *row = (struct tally_row){.side = side,
                              .code = arena_strdup(s->arena, code),
                              .name = u ? u->name : "",
                              .name_en = u ? u->name_en : "",
                              .person = arena_strdup(s->arena, person),
                              .person_name = p ? p->name : "",
                              .person_name_en = p ? p->name_en : ""};
    return row;
}

static struct tally_row *row_of(struct sheet *s, enum tally_side side, const char *code,
                                const char *person)
{
    if (!*code || !in_scope(s, code) || (s->person && strcmp(s->person, person) != 0))
        return NULL;
    for (size_t i = 0; i < s->t.n_rows; i++) {
        struct tally_row *row = &s->t.rows[i];
        if (row->side == side && strcmp(row->code, code) == 0 && strcmp(row->person, person) == 0)
            return row;
    }
    return add_row(s, side, code, person);
}

static struct stmt *ask(struct sheet *s, enum sql sql)
{
    struct stmt *q = database_stmt(s->db, sql);
    stmt_int(q, 1, s->t.period.from_ms);
    stmt_int(q, 2, s->t.period.to_ms);
    return q;
}

/* What was void, withdrawn or not for the unit is no commendation; one that was merged is: another claimant gave it. */
static void count_praise(struct sheet *s)
{
    struct stmt *q = ask(s, SQL_TALLY_PRAISE);
    while (stmt_row(q)) {
        struct assess_facts f = assess_unpack(stmt_get_int(q, 2));
        if (f.why == ASSESS_VOID || f.why == ASSESS_WITHDRAWN || f.why == ASSESS_ELSEWHERE)
            continue;
        const char *person = s->persons ? stmt_get_text(q, 1, NULL) : "";
        struct tally_row *row = row_of(s, SIDE_UNIT, stmt_get_text(q, 0, NULL), person);
        if (row)
            row->n[TALLY_PRAISE_ORDERS] += stmt_get_int(q, 3);
    }
    stmt_done(q);
}

/* Both are assessed: who called, and who was called (Regulation art 33). */
static void count_side(struct sheet *s, enum sql sql, enum tally_side side)
{
    struct stmt *q = ask(s, sql);
    stmt_int(q, 3, s->t.as_of_ms);
    while (stmt_row(q)) {
        struct tally_row *row = row_of(s, side, stmt_get_text(q, 0, NULL), "");
        for (int i = TALLY_WHISTLE_ASKED; row && i <= TALLY_WHISTLE_SAID_NOT_COME; i++)
            row->n[i] = stmt_get_int(q, 1 + i - TALLY_WHISTLE_ASKED);
    }
    stmt_done(q);
}

static bool whistles(const struct unit *u)
{
    return u && (u->kind == UNIT_STREET || u->kind == UNIT_DISTRICT);
}

/* What the whistle rate goes by: orders of the street that were received in the period. A street that never whistled
 * stands there too: its rate is 0, which is a figure (7.5). */
static void count_orders(struct sheet *s, enum sql sql, enum tally_column column)
{
    struct stmt *q = ask(s, sql);
    while (stmt_row(q)) {
        const char *unit = stmt_get_text(q, 0, NULL);
        struct tally_row *row =
            whistles(reference_unit(s->reference, unit)) ? row_of(s, SIDE_CALLER, unit, "") : NULL;
        if (row)
            row->n[column] = stmt_get_int(q, 1);
    }
    stmt_done(q);
}

static void count_rules(struct sheet *s)
{
    struct stmt *q = ask(s, SQL_TALLY_RULES);
    stmt_text(q, 3, s->scope);
    while (stmt_row(q)) {
        enum tally_rule rule = tally_rule_find(stmt_get_text(q, 0, NULL));
        struct tally_row *row =
            rule < TALLY_RULES ? add_row(s, SIDE_UNIT, tally_rules[rule].word, "") : NULL;
        if (!row)
            continue;
        row->name = row->name_en = tally_rules[rule].article;
        for (int i = TALLY_ARTICLE_USED; i <= TALLY_ARTICLE_ORDERS; i++)
            row->n[i] = stmt_get_int(q, 1 + i - TALLY_ARTICLE_USED);
    }
    stmt_done(q);
}

static int by_code(const void *a, const void *b)
{
    const struct tally_row *x = a, *y = b;
    int order = (int)x->side - (int)y->side;
    if (order == 0)
        order = strcmp(x->code, y->code);
    return order ? order : strcmp(x->person, y->person);
}

/* Who sees which lines (domain 5, boards): persons are for themselves and for desk and leader of their office. */
static enum status read_scope(struct sheet *s, const struct actor *who,
                              const struct assess_question *q, struct errmsg *err)
{
    const char *may = assess_sight(who);
    bool praise = s->t.kind == TALLY_KIND_PRAISE;
    bool chief = may && (who->role == ROLE_LEADER || who->role == ROLE_DESK);
    if (!may || who->role == ROLE_COMMUNITY || (!praise && who->role == ROLE_HANDLER))
        return fail(err, ST_DENIED, _("These figures are not for your role."));
    s->scope = may;
    if (q->scope && strcmp(q->scope, "*") != 0 && !reference_unit(s->reference, q->scope))
        return fail(err, ST_NOT_FOUND, _("There is no district, street or department \"%.40s\"."),
                    q->scope);
    if (q->scope && !in_scope(s, q->scope))
        return fail(err, ST_DENIED, _("These figures are not for your role."));
    if (q->scope)
        s->scope = q->scope;
    bool city = strcmp(may, "*") == 0 || who->role == ROLE_DISTRICT;
    s->persons = praise && !city;
    s->person = s->persons && !chief ? who->user : NULL;
    return ST_OK;
}

enum status tally_answer(struct db *db, const struct policy *policy, const struct reference *r,
                         const struct actor *who, const struct assess_question *q, int64_t now_ms,
                         struct arena *a, struct buf *out, struct errmsg *err)
{
    struct sheet s = {.db = db, .reference = r, .arena = a, .t = {.as_of_ms = now_ms}};
    s.t.kind = tally_find(q->by);
    if (q->level || q->cases || q->classes)
        return fail(err, ST_INVALID,
                    _("This table has neither levels nor classes nor lists of cases."));
    enum status st = read_scope(&s, who, q, err);
    if (st == ST_OK)
        st = assess_read_period(q, &policy->score, now_ms, &s.t.period, err);
    if (st != ST_OK)
        return st;
    s.t.scope = s.scope;
    if (s.t.kind == TALLY_KIND_PRAISE) {
        count_praise(&s);
    } else if (s.t.kind == TALLY_KIND_ARTICLE) {
        count_rules(&s);
    } else {
        count_side(&s, SQL_TALLY_CALLERS, SIDE_CALLER);
        count_side(&s, SQL_TALLY_CALLED, SIDE_CALLED);
        count_orders(&s, SQL_TALLY_RECEIVED, TALLY_WHISTLE_RECEIVED);
        count_orders(&s, SQL_TALLY_WHISTLED, TALLY_WHISTLE_ORDERS);
    }
    st = database_status(db, err);
    if (s.t.n_rows > 1)
        qsort(s.t.rows, s.t.n_rows, sizeof *s.t.rows, by_code);
    if (st == ST_OK && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        tally_encode(out, &s.t);
    return st;
}
