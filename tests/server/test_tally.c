/* Commendations and whistles out of SQL against a slow plain count of the objects of every case; the board of E7 before
 * and after its exclusion (domain 14). */
#include "core/base/random.h"
#include "core/case/object.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/officeday.h"
#include "server/tally.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MADE = 1200, GENERATED = 400, OBJECTS_MOST = 6 };

struct made {
    struct casefile c;
    bool objected[OBJECTS_MOST]; /* at any time: the fold forgets it */
};
static struct world {
    char url[4096];
    struct db *db;
    struct arena arena;
    struct policy policy;
    struct reference reference;
    struct made *cases;
    size_t n;
} world, e7, praise, office;
static int64_t now_ms;
static const struct actor dispatcher = {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "t"};

/* --- the stores ----------------------------------------------------------------------------- */

static int world_begin(struct world *w, const char *name)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    struct errmsg err = {{0}};
    size_t n = 0;
    snprintf(w->url, sizeof w->url, "sqlite:%.2000s/%s.db", tmp ? tmp : "/tmp", name);
    arena_init(&w->arena, 0);
    w->cases = calloc(MADE, sizeof *w->cases);
    if (!w->cases || !office_store_make(w->url + strlen("sqlite:"), NULL) ||
        database_open(w->url, DB_WRITE, &w->db, &err) != ST_OK)
        return -1;
    if (policy_decode((const char *)data_policy_json, data_policy_json_len, &w->arena, &w->policy,
                      &err) != ST_OK)
        return -1;
    struct stmt *q = database_stmt(w->db, SQL_DOCUMENT_GET);
    stmt_text(q, 1, "people");
    const char *body = stmt_row(q) ? stmt_get_text(q, 0, &n) : "";
    int bad = reference_decode(body, n, &w->arena, &w->reference, &err) != ST_OK;
    stmt_done(q);
    return -bad;
}

static int64_t add_case(struct world *w, struct uuid_source *ids)
{
    struct errmsg err = {{0}};
    struct uuid id = uuid_new(ids);
    char number[32];
    snprintf(number, sizeof number, "N%zu", w->n);
    casefile_init(&w->cases[w->n].c, &id, &w->arena);
    struct stmt *q = database_stmt(w->db, SQL_CASE_ADD);
    stmt_blob(q, 1, id.byte, sizeof id.byte);
    stmt_text(q, 2, number);
    stmt_int(q, 3, 1);
    stmt_text(q, 4, "NEW");
    if (stmt_run(q, &err) != ST_OK)
        fail_msg("%s", err.text);
    w->n++;
    return database_last_row(w->db);
}

static void put(struct world *w, int64_t row, const struct casefile *before,
                const struct casefile *after)
{
    struct errmsg err = {{0}};
    if (assess_update(w->db, row, before, after, &w->policy, &w->reference, &err) != ST_OK ||
        tally_update(w->db, row, before, after, &err) != ST_OK)
        fail_msg("%s", err.text);
}

#define ONE_OF(rng, ...)                                                                           \
    ((const char *const[]){                                                                        \
        __VA_ARGS__})[rng_below(rng, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))]

static void random_clock(struct rng *rng, struct object *o, int at, enum clock_id id)
{
    struct clock_run *run = &o->clock[at].run;
    clock_run_init(run);
    o->clock[at].id = id;
    run->started_ms = o->opened_ms;
    run->due_ms = o->opened_ms + rng_between(rng, 1, 40) * MS_MINUTE;
    if (rng_below(rng, 4)) {
        run->status = rng_below(rng, 5) ? CLOCK_STOPPED : CLOCK_CANCELLED;
        run->stopped_ms = run->due_ms + rng_between(rng, -3, 3) * MS_MINUTE;
    } else {
        run->status = CLOCK_RUNNING;
        run->stopped_ms = TIME_NONE;
    }
}

/* Anything that a whistle can look like, sensible or not; opened stays what it was. */
static void random_whistle(struct rng *rng, struct object *o)
{
    o->state = (enum object_state)rng_below(rng, OBJECT_STATE_COUNT);
    o->verdict = ONE_OF(rng, "", "", "came", "late", "no_power", "left", "not_come", "not_ours");
    random_clock(rng, o, 0, CLOCK_WHISTLE_ACK);
    random_clock(rng, o, 1, CLOCK_WHISTLE_ARRIVE);
    bool came = o->state == OBJECT_IS_ARRIVED || rng_below(rng, 3) == 0;
    o->arrived_ms = came ? o->clock[1].run.due_ms + rng_between(rng, -5, 5) * MS_MINUTE : TIME_NONE;
}

static void random_objects(struct rng *rng, struct made *m, bool anew)
{
    struct casefile *c = &m->c;
    size_t n = anew ? rng_below(rng, OBJECTS_MOST + 1) : c->n_objects;
    struct object *list = arena_array(c->arena, n + 1, sizeof *list);
    if (!anew && n)
        memcpy(list, c->objects, n * sizeof *list);
    for (size_t i = 0; i < n; i++) {
        struct object *o = &list[i];
        if (anew)
            *o = (struct object){.id = (uint32_t)i + 1,
                                 .kind = rng_below(rng, 3) ? OBJECT_WHISTLE : OBJECT_SUB,
                                 .unit = ONE_OF(rng, "118001", "118002", "118003"),
                                 .by_unit = ONE_OF(rng, "1101", "1101", "1102", "11"),
                                 .opened_ms = now_ms - rng_between(rng, 0, 60 * 24) * MS_HOUR};
        else if (rng_below(rng, 2))
            continue;
        random_whistle(rng, o);
        m->objected[i] = m->objected[i] || o->state == OBJECT_IS_OBJECTED;
    }
    c->objects = list;
    c->n_objects = n;
}

static int make(void)
{
    struct errmsg err = {{0}};
    struct rng rng;
    rng_seed(&rng, 33);
    struct random chance = rng_random(&rng);
    struct uuid_source ids = {.clock = &clock_system, .random = &chance};
    if (world_begin(&world, "made") != 0 || database_begin(world.db, true, &err) != ST_OK)
        return -1;
    while (world.n < MADE) {
        int64_t row = add_case(&world, &ids);
        struct made *m = &world.cases[world.n - 1];
        struct casefile none = m->c;
        m->c.version = 1;
        m->c.created_ms = now_ms - rng_between(&rng, 0, 60 * 24) * MS_HOUR;
        m->c.state = ONE_OF(&rng, "C", "C", "S", "V", "M")[0] == 'V' ? STATE_VOID : STATE_CLOSED;
        m->c.value[FIELD_TYPE] = ONE_OF(&rng, "help", "praise", "praise", "complaint");
        m->c.value[FIELD_CATEGORY] = "0201";
        m->c.value[FIELD_CHANNEL] = "phone";
        m->c.value[FIELD_CLOSED_AS] = ONE_OF(&rng, "passed_on", "passed_on", "withdrawn");
        m->c.value[FIELD_UNIT] = ONE_OF(&rng, "1101", "1101", "1102", "118001", "");
        m->c.value[FIELD_HANDLER] = ONE_OF(&rng, "", "li.handler", "zhao.handler");
        random_objects(&rng, m, true);
        put(&world, row, &none, &m->c);
        for (uint32_t steps = rng_below(&rng, 3); steps > 0; steps--) {
            struct casefile before = m->c;
            random_objects(&rng, m, false);
            put(&world, row, &before, &m->c);
        }
    }
    return database_commit(world.db, &err) == ST_OK ? 0 : -1;
}

/* --- the plain count -------------------------------------------------------------------------- */

static const struct clock_run *run_of(const struct object *o, enum clock_id id)
{
    return o->clock[0].id == id ? &o->clock[0].run : &o->clock[1].run;
}

static bool counts(const struct object *o, bool objected, const char *column)
{
    const struct clock_run *ack = run_of(o, CLOCK_WHISTLE_ACK),
                           *way = run_of(o, CLOCK_WHISTLE_ARRIVE);
    bool stopped = way->status == CLOCK_STOPPED;
    bool said = o->state == OBJECT_IS_ACKNOWLEDGED || o->state == OBJECT_IS_ARRIVED ||
                o->state == OBJECT_IS_DONE;
    bool came = o->arrived_ms != TIME_NONE || (o->state == OBJECT_IS_DONE && stopped);
    int64_t at = o->arrived_ms != TIME_NONE ? o->arrived_ms : way->stopped_ms;
    bool owed = way->status == CLOCK_RUNNING || way->stopped_ms > way->due_ms;
    char judged[32];
    snprintf(judged, sizeof judged, "judged_%s", o->verdict);
    if (strcmp(column, "asked") == 0)
        return true;
    if (strcmp(column, "answered_in_time") == 0)
        return said && ack->status == CLOCK_STOPPED && ack->stopped_ms <= ack->due_ms;
    if (strcmp(column, "arrived_in_time") == 0)
        return came && at <= way->due_ms;
    if (strcmp(column, "arrived_late") == 0)
        return came && at > way->due_ms;
    if (strcmp(column, "nobody") == 0)
        return !came && way->due_ms < now_ms && owed;
    if (strcmp(column, "objected") == 0)
        return objected;
    return strcmp(column, judged) == 0;
}

static int64_t plain_orders(const struct tally_board *t, const char *unit, bool whistled)
{
    int64_t n = 0;
    for (size_t i = 0; i < world.n; i++) {
        const struct casefile *c = &world.cases[i].c;
        bool any = false;
        for (size_t k = 0; k < c->n_objects; k++)
            any = any || c->objects[k].kind == OBJECT_WHISTLE;
        n += strcmp(c->value[FIELD_UNIT], unit) == 0 && c->created_ms >= t->period.from_ms &&
             c->created_ms < t->period.to_ms && (any || !whistled);
    }
    return n;
}

static int64_t plain(const struct tally_board *t, const struct tally_row *row, const char *column)
{
    int64_t n = 0;
    bool street = strncmp(row->code, "110", 3) == 0 && row->side == SIDE_CALLER;
    if (strcmp(column, "received") == 0 || strcmp(column, "whistled") == 0)
        return street ? plain_orders(t, row->code, *column == 'w') : 0;
    for (size_t i = 0; i < world.n; i++)
        for (size_t k = 0; k < world.cases[i].c.n_objects; k++) {
            const struct object *o = &world.cases[i].c.objects[k];
            const char *side = row->side == SIDE_CALLER ? o->by_unit : o->unit;
            n += o->kind == OBJECT_WHISTLE && strcmp(side, row->code) == 0 &&
                 o->opened_ms >= t->period.from_ms && o->opened_ms < t->period.to_ms &&
                 counts(o, world.cases[i].objected[k], column);
        }
    return n;
}

static enum status try(const struct actor *who, const struct assess_question *q, struct arena *a,
                       struct tally_board *t, struct buf *json)
{
    struct errmsg err = {{0}};
    buf_clear(json);
    enum status st =
        assess_answer(world.db, &world.policy, &world.reference, who, q, now_ms, a, json, &err);
    if (st == ST_OK && tally_decode(json->data, json->len, a, t, &err) != ST_OK)
        fail_msg("%s", err.text);
    return st;
}

static void whistles_equal_the_plain_count(void **state)
{
    static const struct assess_question window[] = {
        {.by = "whistle", .from = "1970-01-01", .to = "2027-01-01"},
        {.by = "whistle", .month = "2026-11"},
        {.by = "whistle", .day = "2026-11-10"}};
    (void)state;
    for (size_t i = 0; i < sizeof window / sizeof *window; i++) {
        struct arena a;
        struct buf json;
        struct tally_board t;
        int64_t asked[SIDES] = {0}, seen[TALLY_COLUMNS] = {0};
        arena_init(&a, 0);
        buf_init(&json, 1 << 20);
        assert_int_equal(try(&dispatcher, &window[i], &a, &t, &json), ST_OK);
        assert_true(t.n_rows >= 6);
        for (size_t r = 0; r < t.n_rows; r++) {
            for (int k = TALLY_WHISTLE_RECEIVED; k <= TALLY_WHISTLE_SAID_NOT_COME; k++) {
                int64_t want = plain(&t, &t.rows[r], tally_columns[k].word);
                if (t.rows[r].n[k] != want)
                    fail_msg("window %zu, %s %s, %s: %lld, plain %lld", i,
                             tally_side_table[t.rows[r].side].word, t.rows[r].code,
                             tally_columns[k].word, (long long)t.rows[r].n[k], (long long)want);
                seen[k] += want;
            }
            asked[t.rows[r].side] += t.rows[r].n[TALLY_WHISTLE_ASKED];
        }
        assert_int_equal(asked[SIDE_CALLER], asked[SIDE_CALLED]); /* both sides, each whistle */
        for (int k = TALLY_WHISTLE_RECEIVED; k <= TALLY_WHISTLE_SAID_NOT_COME; k++)
            assert_true(seen[k] > 0);
        buf_release(&json);
        arena_release(&a);
    }
}

static int64_t plain_praise(const char *unit, const char *person)
{
    int64_t n = 0;
    for (size_t i = 0; i < world.n; i++) {
        const struct casefile *c = &world.cases[i].c;
        n += strcmp(c->value[FIELD_TYPE], "praise") == 0 && c->state != STATE_VOID &&
             strcmp(c->value[FIELD_CLOSED_AS], "withdrawn") != 0 &&
             strcmp(c->value[FIELD_UNIT], unit) == 0 &&
             (!person || strcmp(c->value[FIELD_HANDLER], person) == 0);
    }
    return n;
}

/* Persons stand in the table of desk and leader; a person sees the own lines, the city those of units. */
static void praise_by_unit_and_person(void **state)
{
    static const struct {
        enum role role;
        const char *office, *user;
        size_t rows;
        bool persons;
    } who[] = {{ROLE_DISPATCHER, "BJ", "sun.dispatch", 3, false},
               {ROLE_DISTRICT, "11", "district.one", 3, false},
               {ROLE_LEADER, "1101", "the.leader", 3, true},
               {ROLE_DESK, "1102", "the.desk", 3, true},
               {ROLE_HANDLER, "1101", "li.handler", 1, true},
               {ROLE_HANDLER, "1101", "nobody.praised", 0, true}};
    const struct assess_question q = {.by = "praise", .from = "1970-01-01", .to = "2027-01-01"};
    (void)state;
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        struct actor actor = {who[i].user, "X", who[i].role, who[i].office, who[i].office, "t"};
        struct arena a;
        struct buf json;
        struct tally_board t;
        arena_init(&a, 0);
        buf_init(&json, 1 << 20);
        assert_int_equal(try(&actor, &q, &a, &t, &json), ST_OK);
        if (t.n_rows != who[i].rows)
            fail_msg("row %zu: %zu lines: %s", i, t.n_rows, json.data);
        for (size_t r = 0; r < t.n_rows; r++)
            assert_int_equal(
                t.rows[r].n[TALLY_PRAISE_ORDERS],
                plain_praise(t.rows[r].code, who[i].persons ? t.rows[r].person : NULL));
        buf_release(&json);
        arena_release(&a);
    }
    assert_true(plain_praise("1101", "li.handler") > 10);
}

static void what_is_not_for_a_role_is_refused(void **state)
{
    static const struct {
        enum role role;
        const char *office;
        struct assess_question q;
        enum status st;
        size_t rows;
    } row[] = {
        {ROLE_HANDLER, "1101", {.by = "whistle"}, ST_DENIED, 0},
        {ROLE_COMMUNITY, "1101", {.by = "praise"}, ST_DENIED, 0},
        {ROLE_ADMIN, "BJ", {.by = "praise"}, ST_DENIED, 0},
        {ROLE_LEADER, "1101", {.by = "whistle", .scope = "1102"}, ST_DENIED, 0},
        {ROLE_LEADER, "1101", {.by = "whistle"}, ST_OK, 1},
        {ROLE_DEPT, "118001", {.by = "whistle"}, ST_OK, 1},
        {ROLE_DISPATCHER, "BJ", {.by = "whistle", .scope = "118002"}, ST_OK, 1},
        {ROLE_DISPATCHER, "BJ", {.by = "whistle", .scope = "77"}, ST_NOT_FOUND, 0},
        {ROLE_DISPATCHER, "BJ", {.by = "praise", .level = "street"}, ST_INVALID, 0},
        {ROLE_DISPATCHER, "BJ", {.by = "praise", .month = "2026-13"}, ST_INVALID, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct actor who = {"x", "X", row[i].role, row[i].office, row[i].office, "t"};
        struct arena a;
        struct buf json;
        struct tally_board t = {.n_rows = 0};
        arena_init(&a, 0);
        buf_init(&json, 1 << 20);
        enum status st = try(&who, &row[i].q, &a, &t, &json);
        if (st != row[i].st || t.n_rows != row[i].rows)
            fail_msg("row %zu: %s, %zu lines", i, status_word(st), t.n_rows);
        buf_release(&json);
        arena_release(&a);
    }
}

/* Praise closes without a handler: the person is who handled the order that it is about, when the unit is the same. */
static void praise_goes_to_who_handled_the_order(void **state)
{
    static const struct {
        const char *unit, *about;
        bool person;
    } row[] = {{"1101", "N0", true}, {"1102", "N0", false}, {"1101", "N77", false}};
    const struct assess_question q = {.by = "praise", .from = "1970-01-01", .to = "2027-01-01"};
    struct actor handler = {"song.property", "S", ROLE_HANDLER, "1101", "110194", "t"};
    struct rng rng;
    rng_seed(&rng, 12);
    struct random chance = rng_random(&rng);
    struct uuid_source ids = {.clock = &clock_system, .random = &chance};
    struct arena a;
    struct buf json;
    struct tally_board t;
    struct errmsg err = {{0}};
    (void)state;
    for (size_t i = 0; i < 1 + sizeof row / sizeof *row; i++) {
        int64_t case_row = add_case(&praise, &ids);
        struct casefile *c = &praise.cases[i].c, none = *c;
        c->version = 1;
        c->created_ms = now_ms;
        c->state = STATE_CLOSED;
        c->value[FIELD_UNIT] = i ? row[i - 1].unit : "1101";
        c->value[FIELD_TYPE] = i ? "praise" : "help";
        c->value[FIELD_HANDLER] = i ? "" : "song.property";
        c->value[FIELD_OLD_ORDER] = i ? row[i - 1].about : "";
        put(&praise, case_row, &none, c);
    }
    arena_init(&a, 0);
    buf_init(&json, 1 << 20);
    if (assess_answer(praise.db, &praise.policy, &praise.reference, &handler, &q, now_ms, &a, &json,
                      &err) != ST_OK ||
        tally_decode(json.data, json.len, &a, &t, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(t.n_rows, 1);
    assert_string_equal(t.rows[0].person, "song.property");
    assert_int_equal(t.rows[0].n[TALLY_PRAISE_ORDERS], 1);
    buf_release(&json);
    arena_release(&a);
}

/* --- rules -------------------------------------------------------------------------------------- */

static void kept(const struct casefile *c, enum tally_rule rule, int used, int kept, int broken)
{
    struct rule_facts f = rule_facts(c, rule);
    if (f.used != used || f.kept != kept || f.broken != broken)
        fail_msg("%s: %d, %d, %d instead of %d, %d, %d", tally_rules[rule].word, f.used, f.kept,
                 f.broken, used, kept, broken);
}

static struct object whistle(enum object_state state, int64_t arrived, int64_t ended, bool told)
{
    struct object o = {.kind = OBJECT_WHISTLE,
                       .state = state,
                       .unit = "118001",
                       .by_unit = "1101",
                       .verdict = "",
                       .arrived_ms = arrived,
                       .late = told ? 1u << CLOCK_WHISTLE_ARRIVE : 0};
    o.clock[0].id = CLOCK_WHISTLE_ACK;
    o.clock[1].id = CLOCK_WHISTLE_ARRIVE;
    o.clock[1].run.status = ended == TIME_NONE ? CLOCK_RUNNING : CLOCK_STOPPED;
    o.clock[1].run.due_ms = 100;
    o.clock[1].run.stopped_ms = ended;
    return o;
}

static struct object extension(enum object_state state)
{
    return (struct object){.kind = OBJECT_EXTENSION, .state = state};
}

static void one_order_keeps_and_breaks_rules(void **state)
{
    struct arena a;
    struct casefile c;
    struct uuid id = {{1}};
    const struct object objects[] = {
        whistle(OBJECT_IS_ARRIVED, 100, 100, false),          /* at the last moment */
        whistle(OBJECT_IS_ARRIVED, 101, 101, true),           /* late */
        whistle(OBJECT_IS_STOOD_DOWN, TIME_NONE, 50, false),  /* called off in time: asks nothing */
        whistle(OBJECT_IS_STOOD_DOWN, TIME_NONE, 150, true),  /* called off when it was too late */
        whistle(OBJECT_IS_OPEN, TIME_NONE, TIME_NONE, true),  /* nobody came */
        whistle(OBJECT_IS_OPEN, TIME_NONE, TIME_NONE, false), /* not due yet */
        extension(OBJECT_IS_GRANTED),
        extension(OBJECT_IS_REFUSED),
        extension(OBJECT_IS_AGREED)};
    (void)state;
    arena_init(&a, 0);
    casefile_init(&c, &id, &a);
    for (int i = 0; i < TALLY_RULES; i++)
        kept(&c, (enum tally_rule)i, 0, 0, 0);
    c.objects = objects;
    c.n_objects = sizeof objects / sizeof *objects;
    c.dispatched = 3;
    c.value[FIELD_FIRST_UNIT] = "1101";
    c.value[FIELD_UNIT] = "1102";
    kept(&c, RULE_DISPATCH, 3, 3, 0);
    kept(&c, RULE_FIRST, 1, 0, 1);
    c.value[FIELD_UNIT] = "1101";
    kept(&c, RULE_FIRST, 1, 1, 0);
    c.returned = 1;
    kept(&c, RULE_DISPATCH, 3, 2, 1);
    kept(&c, RULE_FIRST, 0, 0, 0);
    kept(&c, RULE_WHISTLE, 5, 1, 3);
    kept(&c, RULE_EXTENSION, 2, 1, 1);
    struct clock_run *run = &c.clock[CLOCK_HANDLE];
    run->status = CLOCK_RUNNING;
    run->due_ms = 100;
    kept(&c, RULE_HANDLE, 1, 0, 0);
    c.late = 1u << CLOCK_HANDLE;
    kept(&c, RULE_HANDLE, 1, 0, 1);
    run->status = CLOCK_STOPPED;
    run->stopped_ms = 100;
    kept(&c, RULE_HANDLE, 1, 1, 0);
    run->stopped_ms = 101;
    kept(&c, RULE_HANDLE, 1, 0, 1);
    run->status = CLOCK_CANCELLED;
    kept(&c, RULE_HANDLE, 0, 0, 0);
    kept(&c, RULE_CONTACT, 0, 0, 0);
    arena_release(&a);
}

/* Every case of the office folded from its events; the dispatches counted from the events themselves. */
static void plain_rules(struct world *w, int64_t dispatches[2], struct rule_facts sum[TALLY_RULES])
{
    struct errmsg err = {{0}};
    struct stmt *q = database_stmt(w->db, SQL_EVENT_LIST);
    stmt_int(q, 1, 0);
    while (stmt_row(q)) {
        size_t size, len, i = 0;
        const struct uuid *id = stmt_get_blob(q, 1, &size);
        while (i < w->n && uuid_compare(&w->cases[i].c.id, id) != 0)
            i++;
        if (i == w->n)
            casefile_init(&w->cases[w->n++].c, id, &w->arena);
        const char *body = stmt_get_text(q, 3, &len);
        struct event *e = arena_alloc(&w->arena, sizeof *e);
        body = arena_strndup(&w->arena, body, len);
        if (event_decode(body, len, &w->arena, e, &err) != ST_OK ||
            casefile_apply(&w->cases[i].c, e, &err) != ST_OK)
            fail_msg("%s", err.text);
        dispatches[0] += e->type == COMMAND_DISPATCH || e->type == COMMAND_DESIGNATE;
        dispatches[1] += e->type == COMMAND_ACCEPT_RETURN;
    }
    for (size_t i = 0; i < w->n; i++)
        for (int r = 0; r < TALLY_RULES; r++) {
            struct rule_facts f = rule_facts(&w->cases[i].c, (enum tally_rule)r);
            sum[r].used += f.used;
            sum[r].kept += f.kept;
            sum[r].broken += f.broken;
        }
}

static void rules_of_an_office_equal_the_plain_count(void **state)
{
    const struct assess_question q = {.by = "article", .from = "1970-01-01", .to = "2027-01-01"};
    struct rule_facts sum[TALLY_RULES] = {{0}};
    int64_t dispatches[2] = {0};
    struct errmsg err = {{0}};
    struct arena a;
    struct buf json;
    struct tally_board t;
    size_t some = 0;
    (void)state;
    plain_rules(&office, dispatches, sum);
    arena_init(&a, 0);
    buf_init(&json, 1 << 20);
    if (assess_answer(office.db, &office.policy, &office.reference, &dispatcher, &q, now_ms, &a,
                      &json, &err) != ST_OK ||
        tally_decode(json.data, json.len, &a, &t, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < t.n_rows; i++) {
        enum tally_rule rule = tally_rule_find(t.rows[i].code);
        assert_true(rule < TALLY_RULES);
        assert_int_equal(t.rows[i].n[TALLY_ARTICLE_USED], sum[rule].used);
        assert_int_equal(t.rows[i].n[TALLY_ARTICLE_KEPT], sum[rule].kept);
        assert_int_equal(t.rows[i].n[TALLY_ARTICLE_BROKEN], sum[rule].broken);
        some += sum[rule].used > 0;
        int64_t known = sum[rule].kept + sum[rule].broken;
        assert_int_equal(tally_rate(&t, &t.rows[i]),
                         known ? sum[rule].kept * (int64_t)1000000 / known : ASSESS_NO_DATA);
        if (rule == RULE_DISPATCH) {
            assert_int_equal(t.rows[i].n[TALLY_ARTICLE_USED], dispatches[0]);
            assert_int_equal(t.rows[i].n[TALLY_ARTICLE_BROKEN], dispatches[1]);
        }
    }
    assert_true(some >= 4 && dispatches[0] > 100);
    buf_release(&json);
    arena_release(&a);
}

static int make_office(void)
{
    struct errmsg err = {{0}};
    struct service *s = NULL;
    if (world_begin(&office, "office") != 0)
        return -1;
    struct service_config config = {
        .url = office.url, .clock = &clock_system, .random = &random_system};
    enum status st = service_open(&config, &s, &err);
    if (st == ST_OK)
        st = officeday_generate(s, GENERATED, 11, now_ms, &err);
    service_close(s);
    return st == ST_OK ? 0 : -1;
}

/* --- E7 ------------------------------------------------------------------------------------------ */

enum { E7_ORDERS = 212, E7_SOLVED = 192 };

static void board_of_e7(struct assess_row *ret, struct arena *a)
{
    struct errmsg err = {{0}};
    struct buf json;
    struct assess_board b;
    const struct assess_question q = {.level = "street", .scope = "1101", .month = "2026-03"};
    buf_init(&json, 1 << 20);
    if (assess_answer(e7.db, &e7.policy, &e7.reference, &dispatcher, &q, now_ms, a, &json, &err) !=
            ST_OK ||
        assess_board_decode(json.data, json.len, a, &b, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(b.n_rows, 1);
    *ret = b.rows[0];
    buf_release(&json);
}

/* Percent with one decimal, half up, as the example tells it. */
static int64_t tenths(int64_t rate)
{
    return (rate + 500) / 1000;
}

/* 192 of 212 are solved (90.566 %); the claim that was beyond reason is one of the 20 others (192 of 211: 90.995 %). */
static void e7_board_before_and_after_the_exclusion(void **state)
{
    struct rng rng;
    rng_seed(&rng, 7);
    struct random chance = rng_random(&rng);
    struct uuid_source ids = {.clock = &clock_system, .random = &chance};
    struct arena a;
    struct assess_row row;
    int64_t created, case_row = 0;
    (void)state;
    arena_init(&a, 0);
    assert_int_equal(rfc3339_parse("2026-03-13T11:00:00+08:00", &created), 0);
    for (int i = 0; i < E7_ORDERS; i++) {
        case_row = add_case(&e7, &ids);
        struct casefile *c = &e7.cases[e7.n - 1].c, none = *c;
        c->version = 1;
        c->created_ms = created;
        c->state = STATE_CLOSED;
        c->state_ms = created + 5 * MS_DAY;
        c->value[FIELD_UNIT] = "1101";
        c->value[FIELD_TYPE] = "complaint";
        c->value[FIELD_CATEGORY] = "0201";
        c->value[FIELD_CHANNEL] = "phone";
        c->value[FIELD_CLOSED_AS] = "rated";
        c->value[FIELD_FIRST_RATING] = i < E7_SOLVED ? "yes/solved/satisfied" : "yes/not/not";
        put(&e7, case_row, &none, c);
    }
    board_of_e7(&row, &a);
    assert_int_equal(tenths(row.set[SET_ASSESSED].s), 906);
    assert_int_equal(tenths(row.set[SET_ALL].s), 906);
    struct casefile *c = &e7.cases[e7.n - 1].c, before = *c;
    c->value[FIELD_EXCLUSION] = "X6";
    put(&e7, case_row, &before, c);
    board_of_e7(&row, &a);
    assert_int_equal(tenths(row.set[SET_ASSESSED].s), 910);
    assert_int_equal(tenths(row.set[SET_ALL].s), 906);
    assert_int_equal(row.set[SET_ASSESSED].n[ASSESS_VALID], E7_ORDERS); /* R is kept */
    assert_int_equal(row.set[SET_ASSESSED].n[ASSESS_S_OF], E7_ORDERS - 1);
    assert_int_equal(row.set[SET_ASSESSED].n[ASSESS_EXCLUDED_SM], 1);
    assert_int_equal(row.set[SET_ALL].n[ASSESS_S_OF], E7_ORDERS);
    arena_release(&a);
}

static int set_up(void **state)
{
    (void)state;
    if (rfc3339_parse("2026-11-24T10:00:00+08:00", &now_ms) != 0)
        return -1;
    return make() == 0 && world_begin(&e7, "e7") == 0 && world_begin(&praise, "praise") == 0 &&
                   make_office() == 0
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct world *const worlds[] = {&world, &e7, &praise, &office};
    (void)state;
    for (int i = 0; i < 4; i++) {
        database_close(worlds[i]->db);
        arena_release(&worlds[i]->arena);
        free(worlds[i]->cases);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(whistles_equal_the_plain_count),
                                       cmocka_unit_test(praise_by_unit_and_person),
                                       cmocka_unit_test(what_is_not_for_a_role_is_refused),
                                       cmocka_unit_test(praise_goes_to_who_handled_the_order),
                                       cmocka_unit_test(one_order_keeps_and_breaks_rules),
                                       cmocka_unit_test(rules_of_an_office_equal_the_plain_count),
                                       cmocka_unit_test(e7_board_before_and_after_the_exclusion)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
