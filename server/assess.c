#include "server/assess.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include "server/documents.h"
#include "server/tally.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MASKS = 4096, NO_ROW = -1, FOREIGN = -2 };

/* --- the row of a case ---------------------------------------------------------------------- */

/* The id of a word, which gets one when it is new; 0 for "". */
static int64_t word_id(struct db *db, const char *word, enum status *st, struct errmsg *err)
{
    if (*st != ST_OK || !*word)
        return 0;
    struct stmt *q = database_stmt(db, SQL_ASSESS_WORD);
    stmt_text(q, 1, word);
    int64_t id = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    if (id == 0) {
        q = database_stmt(db, SQL_ASSESS_WORD_ADD);
        stmt_text(q, 1, word);
        *st = stmt_run(q, err);
        id = database_last_row(db);
    }
    return id;
}

/* The lead unit answers for an order; before there is one, the district of its place does. */
static const char *district_of(const struct casefile *c, const struct reference *r)
{
    const char *of_unit = reference_district(r, c->value[FIELD_UNIT]);
    return *of_unit ? of_unit : c->value[FIELD_DISTRICT];
}

static const enum field kept[] = {FIELD_UNIT,     FIELD_SECTION, FIELD_COMMUNITY, FIELD_HANDLER,
                                  FIELD_CATEGORY, FIELD_TYPE,    FIELD_INTEREST};
enum { KEPT = sizeof kept / sizeof *kept, KEPT_UNIT = 0, KEPT_HANDLER = 3 };

/* Praise is passed on and closed without a handler: who handled the order that it is about is praised, as far as the
 * same unit led it (domain 14 E12). */
static int64_t praised(struct db *db, const struct casefile *c, int64_t unit)
{
    struct stmt *q = database_stmt(db, SQL_ASSESS_PRAISED);
    stmt_text(q, 1, c->value[FIELD_OLD_ORDER]);
    stmt_int(q, 2, unit);
    int64_t handler = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    return handler;
}

static bool same_row(const struct casefile *x, const struct casefile *y,
                     const struct assess_facts *fx, const struct assess_facts *fy)
{
    bool same = assess_pack(fx) == assess_pack(fy) && fx->closed_ms == fy->closed_ms &&
                strcmp(x->value[FIELD_DISTRICT], y->value[FIELD_DISTRICT]) == 0;
    for (int i = 0; same && i < KEPT; i++)
        same = strcmp(x->value[kept[i]], y->value[kept[i]]) == 0;
    return same;
}

enum status assess_update(struct db *db, int64_t case_row, const struct casefile *before,
                          const struct casefile *after, const struct policy *policy,
                          const struct reference *r, struct errmsg *err)
{
    struct assess_facts old = assess_facts(&policy->score, before),
                        now = assess_facts(&policy->score, after);
    if (after->state == STATE_ARCHIVED) /* archiving changes no figure, and hides how it ended */
        return ST_OK;
    if (before->version > 0 && same_row(before, after, &old, &now))
        return ST_OK;
    enum status st = ST_OK;
    int64_t district = word_id(db, district_of(after, r), &st, err), id[KEPT];
    for (int i = 0; i < KEPT; i++)
        id[i] = word_id(db, after->value[kept[i]], &st, err);
    bool praise = strcmp(after->value[FIELD_TYPE], "praise") == 0;
    if (st == ST_OK && praise && id[KEPT_HANDLER] == 0 && *after->value[FIELD_OLD_ORDER])
        id[KEPT_HANDLER] = praised(db, after, id[KEPT_UNIT]);
    if (st == ST_OK)
        st = database_status(db, err);
    if (st != ST_OK)
        return st;
    struct stmt *q = database_stmt(db, SQL_ASSESS_PUT);
    stmt_int(q, 1, case_row);
    stmt_int(q, 2, after->created_ms);
    if (now.closed_ms != TIME_NONE)
        stmt_int(q, 3, now.closed_ms);
    stmt_int(q, 4, district);
    for (int i = 0; i < KEPT; i++)
        stmt_int(q, 5 + i, id[i]);
    stmt_int(q, 5 + KEPT, assess_pack(&now));
    return stmt_run(q, err);
}

/* --- who may see what ----------------------------------------------------------------------- */

struct view {
    enum assess_level level;
    const char *scope;         /* "*", a district or a lead unit */
    const struct unit *within; /* of scope; NULL for the city */
    const char *only;          /* the one row that is shown; NULL for all */
    bool ranks;
    struct assess_period period;
};

/* A person of a department works for it, wherever the person's office is. */
static const char *own_office(const struct actor *who)
{
    return who->role == ROLE_DEPT && *who->unit ? who->unit : who->office;
}

const char *assess_sight(const struct actor *who)
{
    switch (who->role) {
    case ROLE_DISPATCHER:
    case ROLE_AUDITOR:
        return "*";
    case ROLE_DISTRICT:
    case ROLE_DESK:
    case ROLE_HANDLER:
    case ROLE_COMMUNITY:
    case ROLE_DEPT:
    case ROLE_REVIEWER:
    case ROLE_LEADER:
        return own_office(who);
    default:
        return NULL;
    }
}

static bool has_office(enum unit_kind kind)
{
    return kind == UNIT_STREET || kind == UNIT_DEPT || kind == UNIT_FIRM;
}

static enum assess_level usual_level(const struct actor *who, const struct unit *office)
{
    if (who->role == ROLE_HANDLER)
        return LEVEL_PERSON;
    if (who->role == ROLE_COMMUNITY)
        return LEVEL_COMMUNITY;
    return office && (office->kind == UNIT_DEPT || office->kind == UNIT_FIRM) ? LEVEL_DEPARTMENT
                                                                              : LEVEL_STREET;
}

static enum status not_yours(struct errmsg *err)
{
    return fail(err, ST_DENIED, _("These figures are not for your role."));
}

/* Figures of one person are for that person, and for the leader and the desk of the office. */
static enum status narrow(struct view *v, const struct actor *who, const struct unit *office,
                          struct errmsg *err)
{
    bool chief = who->role == ROLE_LEADER || who->role == ROLE_DESK;
    bool office_only = office && has_office(office->kind);
    if (who->role == ROLE_HANDLER || (v->level == LEVEL_PERSON && !chief)) {
        if (v->level != LEVEL_PERSON || !office_only)
            return not_yours(err);
        v->only = who->user;
    } else if (who->role == ROLE_COMMUNITY) {
        if (v->level != LEVEL_COMMUNITY)
            return not_yours(err);
        v->only = who->unit;
    } else if (office_only && v->level <= LEVEL_STREET) {
        enum assess_level own = office->kind == UNIT_STREET ? LEVEL_STREET : LEVEL_DEPARTMENT;
        if (v->level != own)
            return not_yours(err);
        v->only = own_office(who);
    }
    v->ranks = v->level >= LEVEL_DISTRICT && v->level <= LEVEL_STREET &&
               (!office_only || who->role == ROLE_LEADER);
    return ST_OK;
}

static enum status read_level(const struct assess_question *q, struct view *v,
                              enum assess_level otherwise, struct errmsg *err)
{
    const char *word = q->by ? q->by : q->level;
    if (q->by && q->level)
        return fail(err, ST_INVALID, _("Give a level, or by category or interest, not both."));
    v->level = word ? assess_level_find(word) : otherwise;
    if (v->level == LEVEL_COUNT ||
        (q->by && v->level != LEVEL_CATEGORY && v->level != LEVEL_INTEREST))
        return fail(err, ST_INVALID, _("There is no level \"%.40s\"."), word);
    return ST_OK;
}

/* The scope lies within what the actor may look into. */
static enum status read_scope(const struct assess_question *q, const struct reference *r,
                              const char *may, struct view *v, struct errmsg *err)
{
    bool city = strcmp(may, "*") == 0;
    v->scope = q->scope ? q->scope : may;
    if (strcmp(v->scope, "*") == 0)
        return city ? ST_OK : not_yours(err);
    v->within = reference_unit(r, v->scope);
    if (v->within && v->within->kind == UNIT_HOTLINE) {
        v->within = NULL;
        v->scope = "*";
        return city ? ST_OK : not_yours(err);
    }
    if (!v->within || (v->within->kind != UNIT_DISTRICT && !has_office(v->within->kind)))
        return fail(err, ST_NOT_FOUND, _("There is no district, street or department \"%.40s\"."),
                    v->scope);
    if (!city && strcmp(v->scope, may) != 0 && strcmp(reference_district(r, v->scope), may) != 0)
        return not_yours(err);
    return ST_OK;
}

static bool read_date(const char *text, bool with_day, int *y, int *m, int *d)
{
    int end = 0;
    *d = 1;
    int n = with_day ? sscanf(text, "%4d-%2d-%2d%n", y, m, d, &end)
                     : sscanf(text, "%4d-%2d%n", y, m, &end);
    return n == (with_day ? 3 : 2) && !text[end] && *y >= 1970 && *y <= 9999 && *m >= 1 &&
           *m <= 12 && *d >= 1 && *d <= civil_days_in_month(*y, *m);
}

/* A moment, or a day that begins at 00:00. */
static bool read_moment(const char *text, int64_t *ret)
{
    struct civil c = {0};
    if (rfc3339_parse(text, ret) == 0)
        return true;
    if (!read_date(text, true, &c.year, &c.month, &c.day))
        return false;
    *ret = civil_to_ms(&c, BEIJING_OFFSET_MS);
    return true;
}

enum status assess_read_period(const struct assess_question *q, const struct score_policy *p,
                               int64_t now_ms, struct assess_period *ret, struct errmsg *err)
{
    int y, m, d;
    *ret = assess_month_of(p, now_ms);
    if ((q->month != NULL) + (q->day != NULL) + (q->from || q->to) > 1)
        return fail(err, ST_INVALID, _("Give a month, or a day, or from and to."));
    if (q->month) {
        if (!read_date(q->month, false, &y, &m, &d))
            return fail(err, ST_INVALID, _("month is one such as 2026-11."));
        *ret = assess_month(p, y, m);
    } else if (q->day) {
        if (!read_date(q->day, true, &y, &m, &d))
            return fail(err, ST_INVALID, _("day is one such as 2026-11-24."));
        *ret = assess_day(p, y, m, d);
    } else if (q->from || q->to) {
        *ret = (struct assess_period){.name = ""};
        if (!q->from || !q->to || !read_moment(q->from, &ret->from_ms) ||
            !read_moment(q->to, &ret->to_ms) || ret->from_ms >= ret->to_ms)
            return fail(err, ST_INVALID,
                        _("from and to are days or times, the earlier one first."));
    }
    return ST_OK;
}

static enum status read_view(const struct assess_question *q, const struct score_policy *p,
                             const struct reference *r, const struct actor *who, int64_t now_ms,
                             struct view *v, struct errmsg *err)
{
    const char *may = assess_sight(who);
    if (!may)
        return not_yours(err);
    const struct unit *office = reference_unit(r, own_office(who));
    enum status st = read_level(q, v, usual_level(who, office), err);
    if (st == ST_OK)
        st = read_scope(q, r, may, v, err);
    if (st == ST_OK)
        st = narrow(v, who, office, err);
    return st == ST_OK ? assess_read_period(q, p, now_ms, &v->period, err) : st;
}

/* --- counting ------------------------------------------------------------------------------- */

struct table {
    struct db *db;
    const struct score_policy *policy;
    const struct reference *reference;
    struct arena *arena;
    struct bonus bonus;
    const char **word; /* by id; "" where there is none */
    int64_t n_words;   /* ids are below it */
    int *slot;         /* by id: row, NO_ROW or FOREIGN */
    struct assess_row *rows;
    size_t n, cap;
    struct {
        bool there;
        int64_t facts;
        uint32_t in[SET_COUNT];
    } mask[MASKS]; /* few facts are different: what they count in is kept */
};

static enum status words_load(struct table *t, struct errmsg *err)
{
    size_t cap = 0;
    struct stmt *q = database_stmt(t->db, SQL_ASSESS_WORDS);
    t->n_words = 1;
    while (stmt_row(q)) {
        int64_t id = stmt_get_int(q, 0);
        while ((size_t)id >= cap) {
            size_t more = cap ? cap * 2 : 1024;
            const char **grown = arena_array(t->arena, more, sizeof *grown);
            if (!grown)
                return fail(err, ST_NOMEM, "out of memory");
            if (cap)
                memcpy(grown, t->word, cap * sizeof *grown);
            t->word = grown;
            cap = more;
        }
        t->word[id] = arena_strdup(t->arena, stmt_get_text(q, 1, NULL));
        t->n_words = id + 1;
    }
    stmt_done(q);
    return database_status(t->db, err);
}

static int64_t id_of(const struct table *t, const char *word)
{
    for (int64_t i = 1; i < t->n_words; i++)
        if (t->word[i] && strcmp(t->word[i], word) == 0)
            return i;
    return t->n_words; /* of no row */
}

static const char *word_of(const struct table *t, int64_t id)
{
    return id > 0 && id < t->n_words && t->word[id] ? t->word[id] : "";
}

/* Does the table of the level have a row for it? An office that has no order has one too. */
static bool of_level(enum assess_level level, const struct unit *u)
{
    return level == LEVEL_STREET       ? u && u->kind == UNIT_STREET
           : level == LEVEL_DEPARTMENT ? u && (u->kind == UNIT_DEPT || u->kind == UNIT_FIRM)
                                       : true;
}

static void name_row(const struct table *t, enum assess_level level, struct assess_row *row)
{
    const struct unit *u = reference_unit(t->reference, row->code);
    const struct person *p = reference_person(t->reference, row->code);
    const struct category *c = reference_category(t->reference, row->code);
    row->name = row->name_en = "";
    if (level == LEVEL_PERSON && p) {
        row->name = p->name;
        row->name_en = p->name_en;
    } else if (level == LEVEL_CATEGORY && c) {
        row->name = c->level2;
        row->name_en = c->level2_en;
    } else if (level <= LEVEL_COMMUNITY && u) {
        row->name = u->name;
        row->name_en = u->name_en;
        row->residents = u->residents;
    }
}

static struct assess_row *add_row(struct table *t, enum assess_level level, const char *code,
                                  const char *office)
{
    if (t->n == t->cap) {
        size_t more = t->cap ? t->cap * 2 : 64;
        struct assess_row *grown = arena_array(t->arena, more, sizeof *grown);
        if (!grown)
            return NULL;
        if (t->n)
            memcpy(grown, t->rows, t->n * sizeof *grown);
        t->rows = grown;
        t->cap = more;
    }
    struct assess_row *row = &t->rows[t->n++];
    *row =
        (struct assess_row){.code = code, .office = office, .grade = "", .before = ASSESS_NO_DATA};
    name_row(t, level, row);
    return row;
}

/* The row that an order of these ids belongs to; NULL when the level has none for it. */
static struct assess_row *row_for(struct table *t, enum assess_level level, int64_t district,
                                  int64_t unit, int64_t key)
{
    int64_t id = level == LEVEL_CITY ? 0 : level == LEVEL_DISTRICT ? district : key;
    if (id < 0 || id >= t->n_words || (id == 0 && level != LEVEL_CITY))
        return NULL;
    if (t->slot[id] == NO_ROW) {
        const char *code = level == LEVEL_CITY ? "*" : word_of(t, id);
        bool inside = level == LEVEL_SECTION || level == LEVEL_COMMUNITY || level == LEVEL_PERSON;
        t->slot[id] = FOREIGN;
        if (of_level(level, reference_unit(t->reference, code)) &&
            add_row(t, level, code, inside ? word_of(t, unit) : ""))
            t->slot[id] = (int)t->n - 1;
    }
    return t->slot[id] < 0 ? NULL : &t->rows[t->slot[id]];
}

static const uint32_t *counts_of(struct table *t, int64_t facts)
{
    size_t at = (size_t)(((uint64_t)facts * UINT64_C(0x9E3779B97F4A7C15)) >> 52);
    if (!t->mask[at].there || t->mask[at].facts != facts) {
        struct assess_facts f = assess_unpack(facts);
        t->mask[at].there = true;
        t->mask[at].facts = facts;
        for (int set = 0; set < SET_COUNT; set++)
            t->mask[at].in[set] = assess_counts_of(t->policy, &f, (enum assess_set)set);
    }
    return t->mask[at].in;
}

static void add_counts(int64_t n[ASSESS_COUNT], uint32_t in, int64_t orders)
{
    for (; in; in &= in - 1)
        n[__builtin_ctz(in)] += orders;
}

static void bind_scope(struct stmt *q, const struct table *t, const struct unit *within)
{
    int64_t low[2] = {0, 0}, high[2] = {INT64_MAX, INT64_MAX};
    const char *district = reference_district(t->reference, within->code);
    if (*district)
        low[0] = high[0] = id_of(t, district);
    if (within->kind != UNIT_DISTRICT)
        low[1] = high[1] = id_of(t, within->code);
    for (int i = 0; i < 2; i++) {
        stmt_int(q, 3 + 2 * i, low[i]);
        stmt_int(q, 4 + 2 * i, high[i]);
    }
}

static const struct {
    enum sql within, city;
    int column; /* of ASSESS_CASES_*: the id of the row */
} source[LEVEL_COUNT] = {[LEVEL_CITY] = {SQL_ASSESS_UNIT, SQL_ASSESS_UNIT_CITY, 0},
                         [LEVEL_DISTRICT] = {SQL_ASSESS_UNIT, SQL_ASSESS_UNIT_CITY, 0},
                         [LEVEL_DEPARTMENT] = {SQL_ASSESS_UNIT, SQL_ASSESS_UNIT_CITY, 1},
                         [LEVEL_STREET] = {SQL_ASSESS_UNIT, SQL_ASSESS_UNIT_CITY, 1},
                         [LEVEL_SECTION] = {SQL_ASSESS_SECTION, SQL_ASSESS_SECTION_CITY, 2},
                         [LEVEL_COMMUNITY] = {SQL_ASSESS_COMMUNITY, SQL_ASSESS_COMMUNITY_CITY, 3},
                         [LEVEL_PERSON] = {SQL_ASSESS_PERSON, SQL_ASSESS_PERSON_CITY, 4},
                         [LEVEL_CATEGORY] = {SQL_ASSESS_CATEGORY, SQL_ASSESS_CATEGORY_CITY, 5},
                         [LEVEL_INTEREST] = {SQL_ASSESS_INTEREST, SQL_ASSESS_INTEREST_CITY, 6}};

/* The statement for a part of the city, or the one for all of it. */
static struct stmt *ask(const struct table *t, enum sql part, enum sql city,
                        const struct assess_period *period, const struct unit *within)
{
    struct stmt *q = database_stmt(t->db, within ? part : city);
    stmt_int(q, 1, period->from_ms);
    stmt_int(q, 2, period->to_ms);
    if (within)
        bind_scope(q, t, within);
    return q;
}

static struct assess_row *row_of(struct table *t, enum assess_level level, struct stmt *q)
{
    return row_for(t, level, stmt_get_int(q, 0), stmt_get_int(q, 1), stmt_get_int(q, 2));
}

static void add_orders(struct table *t, struct assess_row *row, int64_t facts, int64_t orders)
{
    const uint32_t *in = counts_of(t, facts);
    for (int set = 0; set < SET_COUNT; set++)
        add_counts(row->set[set].n, in[set], orders);
}

/* Lead units and what is above them: each row that comes is a number of orders with equal facts. */
static void count_groups(struct table *t, enum assess_level level,
                         const struct assess_period *period, const struct unit *within)
{
    struct stmt *q = ask(t, source[level].within, source[level].city, period, within);
    while (stmt_row(q)) {
        struct assess_row *row = row_of(t, level, q);
        if (row)
            add_orders(t, row, stmt_get_int(q, 3), stmt_get_int(q, 4));
    }
    stmt_done(q);
}

static void count_closed(struct table *t, enum assess_level level,
                         const struct assess_period *period, const struct unit *within)
{
    struct stmt *q = ask(t, SQL_ASSESS_CLOSED, SQL_ASSESS_CLOSED_CITY, period, within);
    while (stmt_row(q)) {
        struct assess_row *row = row_of(t, level, q);
        if (row)
            row->closed += stmt_get_int(q, 3);
    }
    stmt_done(q);
}

static bool lies_in(const struct assess_period *period, struct stmt *q, int column)
{
    int64_t at = stmt_get_int(q, column);
    return at >= period->from_ms && at < period->to_ms && !stmt_is_null(q, column);
}

/* Below a lead unit, and across them: each row that comes is an order, created or closed in the period. */
static void count_rows(struct table *t, enum assess_level level, const struct assess_period *period,
                       const struct unit *within)
{
    struct stmt *q = ask(t, source[level].within, source[level].city, period, within);
    while (stmt_row(q)) {
        struct assess_row *row = row_of(t, level, q);
        if (row && lies_in(period, q, 4))
            add_orders(t, row, stmt_get_int(q, 3), 1);
        if (row)
            row->closed += lies_in(period, q, 5);
    }
    stmt_done(q);
}

/* Offices without orders in the period stand in the table as well, without data. */
static void add_offices(struct table *t, enum assess_level level, const struct unit *within)
{
    for (size_t i = 0; i < t->reference->n_units; i++) {
        const struct unit *u = &t->reference->units[i];
        bool fits = level == LEVEL_DISTRICT ? u->kind == UNIT_DISTRICT
                                            : level <= LEVEL_STREET && of_level(level, u);
        bool there = level == LEVEL_CITY;
        for (size_t k = 0; fits && !there && k < t->n; k++)
            there = strcmp(t->rows[k].code, u->code) == 0;
        bool inside = !within || strcmp(within->code, u->code) == 0 ||
                      strcmp(reference_district(t->reference, u->code), within->code) == 0;
        if (fits && !there && inside)
            add_row(t, level, u->code, "");
    }
}

/* Rates and scores; bonus points are of the units that are ranked, and of a month. */
static void figures(const struct table *t, struct assess_row *row, enum assess_level level,
                    const struct assess_period *period)
{
    bool unit = level >= LEVEL_DISTRICT && level <= LEVEL_STREET;
    int64_t points = unit ? bonus_points(&t->bonus, row->code, period->name) : 0;
    for (int set = 0; set < SET_COUNT; set++) {
        struct assess_figures *f = &row->set[set];
        assess_figures_of(t->policy, f);
        if (set == SET_ASSESSED && f->score != ASSESS_NO_DATA)
            row->bonus = assess_with_bonus(t->policy, f->score, points) - f->score;
        f->score = assess_with_bonus(t->policy, f->score, points);
    }
}

/* None was ever loaded: there are no points. */
static enum status bonus_load(struct table *t, struct errmsg *err)
{
    const char *body, *etag;
    size_t n;
    struct errmsg why = {{0}};
    enum status st = documents_get(t->db, "bonus", 0, t->arena, &body, &n, &etag, &why);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    return st == ST_OK ? bonus_decode(body, n, t->arena, &t->bonus, err)
                       : fail(err, st, "%s", why.text);
}

static enum status table_fill(struct table *t, enum assess_level level,
                              const struct assess_period *period, const struct unit *within,
                              bool with_closed, struct errmsg *err)
{
    t->slot = arena_array(t->arena, (size_t)t->n_words, sizeof *t->slot);
    if (!t->slot)
        return fail(err, ST_NOMEM, "out of memory");
    for (int64_t i = 0; i < t->n_words; i++)
        t->slot[i] = NO_ROW;
    t->rows = NULL;
    t->n = t->cap = 0;
    if (level > LEVEL_STREET)
        count_rows(t, level, period, within);
    else
        count_groups(t, level, period, within);
    if (level <= LEVEL_STREET && with_closed)
        count_closed(t, level, period, within);
    enum status st = database_status(t->db, err);
    if (st == ST_OK)
        add_offices(t, level, within);
    for (size_t i = 0; i < t->n; i++)
        figures(t, &t->rows[i], level, period);
    return st == ST_OK && arena_failed(t->arena) ? fail(err, ST_NOMEM, "out of memory") : st;
}

/* --- the table ------------------------------------------------------------------------------ */

static enum status add_before(struct table *t, const struct view *v, struct errmsg *err)
{
    struct assess_row *rows = t->rows;
    size_t n = t->n;
    struct assess_period period = assess_before(t->policy, &v->period);
    enum status st = table_fill(t, v->level, &period, NULL, false, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        for (size_t k = 0; k < t->n; k++)
            if (strcmp(rows[i].code, t->rows[k].code) == 0)
                rows[i].before = assess_shown(t->policy, t->rows[k].set[SET_ASSESSED].score);
    t->rows = rows;
    t->n = n;
    return st;
}

static bool shown(const struct table *t, const struct view *v, const struct assess_row *row)
{
    if (v->only)
        return strcmp(row->code, v->only) == 0;
    return !v->within || v->level > LEVEL_STREET || strcmp(row->code, v->scope) == 0 ||
           strcmp(reference_district(t->reference, row->code), v->scope) == 0;
}

/* Ranks are those in the whole city, whatever part of the table is shown; so all of it is counted then. */
static enum status make_board(struct table *t, const struct view *v, bool classes,
                              struct assess_board *b, struct errmsg *err)
{
    const struct unit *within = v->ranks ? NULL : v->within;
    struct assess_figures *figures;
    enum status st = table_fill(t, v->level, &v->period, within, true, err);
    if (st != ST_OK)
        return st;
    int ranked = assess_rank(t->policy, t->rows, t->n);
    if (classes && v->ranks && v->level == LEVEL_STREET) {
        st = add_before(t, v, err);
        if (st == ST_OK)
            assess_classify(t->policy, t->rows, t->n);
    }
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct assess_row *row = &t->rows[i];
        row->grade = assess_grade(t->policy, row->set[SET_ASSESSED].score);
        if (!v->ranks)
            row->rank = 0;
        if (shown(t, v, row))
            t->rows[n++] = *row;
    }
    b->rows = t->rows;
    b->n_rows = n;
    b->ranked = v->ranks ? ranked : 0;
    figures = arena_array(t->arena, n + 1, sizeof *figures);
    if (st != ST_OK || !figures)
        return st != ST_OK ? st : fail(err, ST_NOMEM, "out of memory");
    b->total = (struct assess_row){
        .code = "", .name = "", .name_en = "", .office = "", .before = ASSESS_NO_DATA};
    for (int set = 0; set < SET_COUNT; set++) {
        for (size_t i = 0; i < n; i++)
            figures[i] = b->rows[i].set[set];
        assess_summary(t->policy, figures, n, &b->total.set[set]);
    }
    for (size_t i = 0; i < n; i++)
        b->total.closed += b->rows[i].closed;
    b->total.shown = assess_shown(t->policy, b->total.set[SET_ASSESSED].score);
    b->total.grade = assess_grade(t->policy, b->total.set[SET_ASSESSED].score);
    return ST_OK;
}

/* --- down to the cases ---------------------------------------------------------------------- */

static void put_case(struct table *t, int64_t case_row, struct buf *out)
{
    size_t size = 0;
    struct uuid id = {{0}};
    char text[UUID_TEXT];
    struct stmt *q = database_stmt(t->db, SQL_CASE_NAME);
    stmt_int(q, 1, case_row);
    bool there = stmt_row(q);
    const void *blob = there ? stmt_get_blob(q, 0, &size) : NULL;
    if (size == sizeof id.byte)
        memcpy(id.byte, blob, size);
    uuid_format(&id, text);
    buf_printf(out, "{\"id\":\"%s\",\"number\":", text);
    json_string(out, there ? stmt_get_text(q, 1, NULL) : "");
    buf_putc(out, '}');
    stmt_done(q);
}

/* Which number: a word of assess.def, or "closed", which goes by the time of closing. */
static enum status put_cases(struct table *t, const struct view *v, const struct assess_question *q,
                             struct buf *out, struct errmsg *err)
{
    bool closed = strcmp(q->cases, "closed") == 0, all = q->set && strcmp(q->set, "all") == 0;
    enum assess_count which = assess_count_find(q->cases);
    const char *of = q->of ? q->of : v->only ? v->only : v->level == LEVEL_CITY ? "*" : "";
    if (!closed && which == ASSESS_COUNT)
        return fail(err, ST_INVALID, _("There is no number \"%.40s\"."), q->cases);
    if (q->set && !all && strcmp(q->set, "assessed") != 0)
        return fail(err, ST_INVALID, _("set is assessed or all."));
    if (!*of)
        return fail(err, ST_INVALID, _("Say whose number it is (of)."));
    struct assess_row probe = {.code = of};
    if (!shown(t, v, &probe))
        return not_yours(err);
    int64_t want = id_of(t, of), n = 0;
    if (!of_level(v->level, reference_unit(t->reference, of)))
        return fail(err, ST_NOT_FOUND, _("There is no \"%.40s\" at this level."), of);
    /* The line of an office is its own part of the index, whatever part of the city is looked at. */
    const struct unit *office = v->level >= LEVEL_DISTRICT && v->level <= LEVEL_STREET
                                    ? reference_unit(t->reference, of)
                                    : NULL;
    const struct unit *within = office ? office : v->within;
    struct stmt *s =
        closed
            ? ask(t, SQL_ASSESS_CASES_CLOSED, SQL_ASSESS_CASES_CLOSED_CITY, &v->period, within)
            : ask(t, SQL_ASSESS_CASES_CREATED, SQL_ASSESS_CASES_CREATED_CITY, &v->period, within);
    buf_puts(out, "{\"level\":");
    json_string(out, assess_level_table[v->level].word);
    buf_puts(out, ",\"of\":");
    json_string(out, of);
    buf_printf(out, ",\"set\":\"%s\",\"number\":", all ? "all" : "assessed");
    json_string(out, q->cases);
    buf_puts(out, ",\"cases\":[");
    while (stmt_row(s)) {
        if (v->level != LEVEL_CITY && stmt_get_int(s, source[v->level].column) != want)
            continue;
        if (!closed &&
            !(counts_of(t, stmt_get_int(s, 7))[all ? SET_ALL : SET_ASSESSED] >> which & 1))
            continue;
        buf_puts(out, n++ ? "," : "");
        put_case(t, stmt_get_int(s, 8), out);
    }
    stmt_done(s);
    buf_printf(out, "],\"count\":%" PRId64 "}\n", n);
    return database_status(t->db, err);
}

enum status assess_answer(struct db *db, const struct policy *policy, const struct reference *r,
                          const struct actor *who, const struct assess_question *q, int64_t now_ms,
                          struct arena *a, struct buf *out, struct errmsg *err)
{
    const struct score_policy *p = &policy->score;
    struct view v = {.level = LEVEL_STREET};
    struct table *t = arena_alloc(a, sizeof *t);
    if (!t)
        return fail(err, ST_NOMEM, "out of memory");
    if (q->by && tally_find(q->by) != TALLY_KINDS)
        return tally_answer(db, policy, r, who, q, now_ms, a, out, err);
    *t = (struct table){.db = db, .policy = p, .reference = r, .arena = a};
    enum status st = read_view(q, p, r, who, now_ms, &v, err);
    if (st == ST_OK)
        st = words_load(t, err);
    if (st == ST_OK)
        st = bonus_load(t, err);
    if (st != ST_OK || q->cases)
        return st != ST_OK ? st : put_cases(t, &v, q, out, err);
    struct assess_board b = {.level = v.level,
                             .scope = v.scope,
                             .period = v.period,
                             .as_of_ms = now_ms,
                             .policy = policy->label,
                             .w_r = p->w_r,
                             .w_s = p->w_s,
                             .w_m = p->w_m,
                             .decimals = p->decimals,
                             .final_rating = p->final_rating,
                             .mean = p->mean,
                             .show_rank = p->show_rank,
                             .show_grade = p->show_grade,
                             .month_start_day = p->month_start_day,
                             .day_cut_min = p->day_cut_min};
    st = make_board(t, &v, q->classes && strcmp(q->classes, "yes") == 0, &b, err);
    if (st == ST_OK)
        assess_board_encode(out, &b);
    return st;
}
