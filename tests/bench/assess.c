/*
 * assess.c: the table of the assessment over many closed cases, as a ratio to bare scans of the same rows.
 *
 * usage: assess make FILE N          a store of N closed cases of one year in 343 streets of 16 districts
 *        assess measure FILE ROUNDS  lines "NAME MILLISECONDS", one a round
 *
 * What is measured is the whole answer: both walks (orders by creation, closed ones by closing), rates, ranks, JSON.
 * "The same rows" are the entries of the two indexes that the two walks read, under the same bounds of time:
 *   bare.sum    one column of each entry is read and added up
 *   bare.count  the entries are only counted: nothing of them but the time is read
 *   bare.rows   unit and facts of each entry are handed out, as whoever counts outside of SQL must
 *   bare.table  one column of each row of the table itself is added up
 */
#include "core/base/random.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/assess.h"
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STREETS = 343, DISTRICTS = 16, COMMUNITIES = 20, HANDLERS = 30, CATEGORIES = 150 };

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void must(enum status st, const struct errmsg *err)
{
    if (st != ST_OK) {
        fprintf(stderr, "assess: %s\n", err->text);
        exit(1);
    }
}

/* --- the city ------------------------------------------------------------------------------- */

struct city {
    struct arena arena;
    struct policy policy;
    struct reference reference;
    const char *street[STREETS], *district[STREETS];
};

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct unit *)a)->code, ((const struct unit *)b)->code);
}

static void city_make(struct city *c)
{
    struct errmsg err = {{0}};
    arena_init(&c->arena, 0);
    must(policy_decode((const char *)data_policy_json, data_policy_json_len, &c->arena, &c->policy,
                       &err),
         &err);
    struct unit *units = arena_array(&c->arena, 1 + DISTRICTS + STREETS, sizeof *units);
    size_t n = 0;
    units[n++] = (struct unit){
        .code = "BJ", .name = "BJ", .name_en = "", .kind = UNIT_HOTLINE, .parent = ""};
    for (int i = 0; i < DISTRICTS; i++) {
        const char *code = arena_printf(&c->arena, "%02d", 11 + i);
        units[n++] = (struct unit){
            .code = code, .name = code, .name_en = "", .kind = UNIT_DISTRICT, .parent = "BJ"};
    }
    for (int i = 0; i < STREETS; i++) {
        c->district[i] = units[1 + i % DISTRICTS].code;
        c->street[i] = arena_printf(&c->arena, "%s%02d", c->district[i], 1 + i / DISTRICTS);
        units[n++] = (struct unit){.code = c->street[i],
                                   .name = c->street[i],
                                   .name_en = "",
                                   .kind = UNIT_STREET,
                                   .parent = c->district[i]};
    }
    qsort(units, n, sizeof *units, by_code);
    c->reference = (struct reference){.units = units, .n_units = n};
}

static const char *weighted(struct rng *rng, const char *const *word, const int *percent)
{
    int draw = (int)rng_below(rng, 100), i = 0;
    while (draw >= percent[i])
        draw -= percent[i++];
    return word[i];
}

/* Shares as a year of a city might have them; each street has its own luck. */
static void closed_case(struct rng *rng, const struct city *city, struct arena *a,
                        struct casefile *c, int64_t from_ms, int64_t span_ms)
{
    static const char *const type[] = {"help",       "complaint", "consult",
                                       "suggestion", "report",    "praise"};
    static const int type_share[] = {45, 35, 12, 3, 3, 2};
    static const char *const solved[] = {"solved", "partly", "not"};
    static const char *const satisfied[] = {"satisfied", "basically", "not", "no_answer"};
    static const int satisfied_share[] = {70, 18, 10, 2};
    static const char *const closed_as[] = {"rated", "unrated", "withdrawn"};
    static const int closed_share[] = {88, 9, 3};
    int street = (int)rng_below(rng, STREETS), good = 80 + street % 15;
    const int solved_share[] = {good, 8, 92 - good};
    struct clock_run *h = &c->clock[CLOCK_HANDLE];
    c->version = 8;
    c->state = STATE_CLOSED;
    c->dispatched = 1;
    c->created_ms = from_ms + rng_between(rng, 0, span_ms);
    c->state_ms = c->created_ms + rng_between(rng, MS_HOUR, 9 * (int64_t)MS_DAY);
    c->value[FIELD_UNIT] = c->value[FIELD_STREET] = city->street[street];
    c->value[FIELD_DISTRICT] = city->district[street];
    c->value[FIELD_COMMUNITY] =
        arena_printf(a, "%s%02u", city->street[street], 1 + rng_below(rng, COMMUNITIES));
    c->value[FIELD_HANDLER] =
        arena_printf(a, "h%s.%u", city->street[street], rng_below(rng, HANDLERS));
    c->value[FIELD_SECTION] = arena_printf(a, "%s9%u", city->street[street], rng_below(rng, 9));
    c->value[FIELD_CATEGORY] =
        arena_printf(a, "%02u%02u", 1 + rng_below(rng, 21), 1 + rng_below(rng, CATEGORIES / 21));
    c->value[FIELD_TYPE] = weighted(rng, type, type_share);
    c->value[FIELD_INTEREST] = rng_below(rng, 3) ? "personal" : "public";
    c->value[FIELD_CHANNEL] = rng_below(rng, 50) ? "phone" : "counter";
    c->value[FIELD_CLOSED_AS] = weighted(rng, closed_as, closed_share);
    if (strcmp(c->value[FIELD_CLOSED_AS], "unrated") != 0) {
        bool again = rng_below(rng, 20) == 0; /* sent back once: the final rating is another one */
        c->value[FIELD_CONTACTED] = rng_below(rng, 50) ? "yes" : "no";
        c->value[FIELD_SOLVED] = weighted(rng, solved, solved_share);
        c->value[FIELD_SATISFIED] = weighted(rng, satisfied, satisfied_share);
        c->value[FIELD_FIRST_RATING] = arena_printf(a, "%s/%s/%s", c->value[FIELD_CONTACTED],
                                                    again ? "not" : c->value[FIELD_SOLVED],
                                                    again ? "not" : c->value[FIELD_SATISFIED]);
    }
    if (rng_below(rng, 100) == 0) {
        c->value[FIELD_EXCLUSION] = "X6";
        c->value[FIELD_SCORE_MODE] = rng_below(rng, 4) ? "response" : "none";
    }
    h->status = CLOCK_STOPPED;
    h->due_ms = c->created_ms + 7 * (int64_t)MS_DAY;
    h->stopped_ms = h->due_ms + (rng_below(rng, 30) ? -1 : 1);
}

static int make(const char *path, long n)
{
    struct city city;
    struct db *db = NULL;
    struct errmsg err = {{0}};
    struct rng rng;
    struct arena a;
    char url[4096];
    int64_t from_ms = 0;
    if (rfc3339_parse("2025-12-19T00:00:00+08:00", &from_ms) != 0)
        return 1;
    city_make(&city);
    arena_init(&a, 0);
    rng_seed(&rng, 343);
    snprintf(url, sizeof url, "sqlite:%.4000s", path);
    must(database_open(url, DB_CREATE, &db, &err), &err);
    database_close(db);
    must(database_open(url, DB_WRITE, &db, &err), &err);
    for (long i = 0; i < n; i++) {
        struct casefile before, c;
        struct uuid id = {{0}};
        char number[32];
        if (i % 50000 == 0) {
            if (i > 0)
                must(database_commit(db, &err), &err);
            must(database_checkpoint(db, &err), &err);
            must(database_begin(db, true, &err), &err);
        }
        arena_reset(&a);
        memcpy(id.byte, &i, sizeof i);
        casefile_init(&before, &id, &a);
        c = before;
        closed_case(&rng, &city, &a, &c, from_ms, 355 * (int64_t)MS_DAY);
        snprintf(number, sizeof number, "%ld", i);
        struct stmt *q = database_stmt(db, SQL_CASE_ADD);
        stmt_blob(q, 1, id.byte, sizeof id.byte);
        stmt_text(q, 2, number);
        stmt_int(q, 3, c.version);
        stmt_text(q, 4, "CLOSED");
        must(stmt_run(q, &err), &err);
        must(assess_update(db, database_last_row(db), &before, &c, &city.policy, &city.reference,
                           &err),
             &err);
    }
    must(database_commit(db, &err), &err);
    must(database_checkpoint(db, &err), &err);
    database_close(db);
    arena_release(&a);
    arena_release(&city.arena);
    return 0;
}

/* --- measuring ------------------------------------------------------------------------------ */

static void bare(sqlite3 *db, const char *name, const char *const *sql, int64_t from, int64_t to)
{
    double spent = 0;
    for (; *sql; sql++) {
        sqlite3_stmt *q = NULL;
        int64_t sum = 0;
        if (sqlite3_prepare_v2(db, *sql, -1, &q, NULL) != SQLITE_OK) {
            fprintf(stderr, "assess: %s\n", sqlite3_errmsg(db));
            exit(1);
        }
        sqlite3_bind_int64(q, 1, from);
        sqlite3_bind_int64(q, 2, to);
        double begin = now_ms();
        while (sqlite3_step(q) == SQLITE_ROW)
            sum += sqlite3_column_int64(q, 0);
        spent += now_ms() - begin;
        sqlite3_finalize(q);
        if (sum == 0)
            exit(1);
    }
    printf("%s %.3f\n", name, spent);
}

static void answer(struct db *db, const struct city *city, const char *name, enum role role,
                   const struct assess_question *q)
{
    const struct actor who = {"x", "x", role, role == ROLE_DISPATCHER ? "BJ" : "1101", "", "t"};
    struct arena a;
    struct buf out;
    struct errmsg err = {{0}};
    int64_t now = 0;
    rfc3339_parse("2026-12-25T00:00:00+08:00", &now);
    arena_init(&a, 0);
    buf_init(&out, 1u << 28);
    double begin = now_ms();
    must(assess_answer(db, &city->policy, &city->reference, &who, q, now, &a, &out, &err), &err);
    printf("%s %.3f\n", name, now_ms() - begin);
    buf_release(&out);
    arena_release(&a);
}

#define TIMES(time) " WHERE " time " >= ?1 AND " time " < ?2"
#define FACTS " FROM assess INDEXED BY assess_facts" TIMES("created")
#define CLOSED " FROM assess INDEXED BY assess_closed" TIMES("closed")

static void round_of(struct db *db, sqlite3 *raw, const struct city *city, const char *suffix,
                     const char *from, const char *to)
{
    static const char *const sum[] = {"SELECT sum(facts)" FACTS, "SELECT sum(unit)" CLOSED, NULL};
    static const char *const count[] = {"SELECT count(*)" FACTS, "SELECT count(*)" CLOSED, NULL};
    static const char *const rows[] = {"SELECT unit, facts" FACTS, "SELECT unit, closed" CLOSED,
                                       NULL};
    static const char *const table[] = {
        "SELECT sum(facts) FROM assess NOT INDEXED" TIMES("created"),
        "SELECT sum(unit) FROM assess NOT INDEXED" TIMES("closed"), NULL};
    static const struct {
        const char *name;
        enum role role;
        struct assess_question q;
    } level[] = {
        {"street", ROLE_DISPATCHER, {.level = "street"}},
        {"street.classes", ROLE_DISPATCHER, {.level = "street", .classes = "yes"}},
        {"district", ROLE_DISPATCHER, {.level = "district"}},
        {"city", ROLE_DISPATCHER, {.level = "city"}},
        {"section", ROLE_DISPATCHER, {.level = "section"}},
        {"community", ROLE_DISPATCHER, {.level = "community"}},
        {"category", ROLE_DISPATCHER, {.by = "category"}},
        {"interest", ROLE_DISPATCHER, {.by = "interest"}},
        {"own.street", ROLE_DESK, {.level = "street"}},
        {"own.person", ROLE_LEADER, {.level = "person"}},
        {"open.street", ROLE_DISPATCHER, {.cases = "partly", .of = "1101"}},
        {"open.category", ROLE_DISPATCHER, {.by = "category", .cases = "partly", .of = "0101"}}};
    struct {
        const char *name, *const *sql;
    } scan[] = {
        {"bare.sum", sum}, {"bare.count", count}, {"bare.rows", rows}, {"bare.table", table}};
    char name[64];
    int64_t low = 0, high = 0;
    rfc3339_parse(from, &low);
    rfc3339_parse(to, &high);
    for (size_t i = 0; i < sizeof scan / sizeof *scan; i++) {
        snprintf(name, sizeof name, "%s%s", scan[i].name, suffix);
        bare(raw, name, scan[i].sql, low, high);
    }
    for (size_t i = 0; i < sizeof level / sizeof *level; i++) {
        struct assess_question q = level[i].q;
        q.from = from;
        q.to = to;
        snprintf(name, sizeof name, "%s%s", level[i].name, suffix);
        answer(db, city, name, level[i].role, &q);
    }
}

static int measure(const char *path, int rounds)
{
    struct city city;
    struct db *db = NULL;
    struct errmsg err = {{0}};
    sqlite3 *raw = NULL;
    char url[4096];
    city_make(&city);
    snprintf(url, sizeof url, "sqlite:%.4000s", path);
    must(database_open(url, DB_READ, &db, &err), &err);
    if (sqlite3_open_v2(path, &raw, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_exec(raw, "PRAGMA cache_size=-65536", NULL, NULL, NULL) != SQLITE_OK)
        return 1;
    for (int i = 0; i < rounds; i++) {
        round_of(db, raw, &city, "", "2025-01-01T00:00:00+08:00", "2027-12-31T00:00:00+08:00");
        round_of(db, raw, &city, ".month", "2026-10-19T00:00:00+08:00",
                 "2026-11-19T00:00:00+08:00");
    }
    sqlite3_close(raw);
    database_close(db);
    arena_release(&city.arena);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "make") == 0 && atol(argv[3]) > 0)
        return make(argv[2], atol(argv[3]));
    if (argc == 4 && strcmp(argv[1], "measure") == 0 && atoi(argv[3]) > 0)
        return measure(argv[2], atoi(argv[3]));
    fprintf(stderr, "usage: assess make FILE N | assess measure FILE ROUNDS\n");
    return 64;
}
