/* The figures of the SQL against a slow plain count: every event of every case folded, every case asked by its words
 * whether it belongs to a number. A store of generated office days, and one of cases in all states and modes. */
#include "core/base/random.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/assess.h"
#include "server/officeday.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { GENERATED = 900, MADE = 1500, CASES_MAX = 4000 };

/* data/policy.json is read by the server; these are its numbers, by hand. */
static const char *const outside[] = {"grid", "own", "counter"};

struct stored {
    struct casefile c;
    char id[UUID_TEXT];
};
struct world {
    char url[4096];
    struct db *db;
    struct arena arena;
    struct policy policy;
    struct reference reference;
    struct stored *cases;
    size_t n;
};
static struct world generated, made;
static const struct actor dispatcher = {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "t"};
static const struct actor leader = {"the.leader", "L", ROLE_LEADER, "1101", "1101", "t"};
static int64_t now_ms;

/* --- the plain count ------------------------------------------------------------------------ */

static bool has(const struct casefile *c, enum field f, const char *word)
{
    return strcmp(c->value[f], word) == 0;
}

static bool rate_by_type(const struct casefile *c, char rate)
{
    const char *type = c->value[FIELD_TYPE], *in = "RSM";
    if (strcmp(type, "consult") == 0)
        in = "R";
    if (strcmp(type, "suggestion") == 0)
        in = "RM";
    if (strcmp(type, "praise") == 0 || strcmp(type, "other") == 0)
        in = "";
    if ((has(c, FIELD_CATEGORY, "1904") || has(c, FIELD_CATEGORY, "2203")) && rate != 'R')
        return false;
    if (has(c, FIELD_CATEGORY, "1906") || has(c, FIELD_CATEGORY, "2205"))
        return false;
    return strchr(in, rate) != NULL;
}

/* Is the order asked for this rate, with exclusions or (all) without? */
static bool asked(const struct casefile *c, char rate, bool all)
{
    bool excluded = *c->value[FIELD_EXCLUSION] != '\0', in = rate_by_type(c, rate);
    if (!excluded && has(c, FIELD_SCORE_MODE, "full"))
        in = true;
    if (!excluded && has(c, FIELD_SCORE_MODE, "none"))
        in = false;
    if (!excluded && has(c, FIELD_SCORE_MODE, "response") && rate != 'R')
        in = false;
    if (c->state == STATE_HUNG && rate != 'R')
        in = false;
    if (excluded && !all && !has(c, FIELD_SCORE_MODE, "full") &&
        (rate != 'R' || has(c, FIELD_SCORE_MODE, "none")))
        in = false;
    return in;
}

static const char *outside_of(const struct casefile *c, bool all)
{
    char rating[64];
    snprintf(rating, sizeof rating, "%s", c->value[FIELD_FIRST_RATING]);
    if (!*rating && c->state == STATE_HUNG && *c->value[FIELD_CONTACTED])
        snprintf(rating, sizeof rating, "%s/%s/%s", c->value[FIELD_CONTACTED],
                 c->value[FIELD_SOLVED], c->value[FIELD_SATISFIED]);
    if (c->state == STATE_VOID)
        return "void";
    if (c->state == STATE_DIRECT)
        return "direct";
    if (c->state == STATE_ELSEWHERE)
        return "elsewhere";
    if (has(c, FIELD_CLOSED_AS, "withdrawn"))
        return "withdrawn";
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        if (has(c, FIELD_CHANNEL, outside[i]))
            return "own";
    if (!*c->value[FIELD_EXCLUSION] && has(c, FIELD_SCORE_MODE, "none"))
        return "not_scored";
    if (!asked(c, 'R', true))
        return has(c, FIELD_TYPE, "praise") ? "praise" : "scope";
    if (!asked(c, 'R', all))
        return "excluded";
    if (*rating)
        return strncmp(rating, "cannot_say", 10) == 0 || strstr(rating, "/withdrawn/") ? "invalid"
                                                                                       : "valid";
    if (c->state == STATE_MERGED)
        return "merged";
    if (c->state != STATE_CLOSED)
        return "in_hand";
    return has(c, FIELD_CLOSED_AS, "unrated") ? "unrated" : "uncalled";
}

static bool rating_says(const struct casefile *c, const char *word)
{
    char rating[64];
    snprintf(rating, sizeof rating, "/%s/%s/%s/", c->value[FIELD_CONTACTED], c->value[FIELD_SOLVED],
             c->value[FIELD_SATISFIED]);
    if (*c->value[FIELD_FIRST_RATING])
        snprintf(rating, sizeof rating, "/%s/", c->value[FIELD_FIRST_RATING]);
    return strstr(rating, word) != NULL;
}

static bool in_number(const struct casefile *c, const char *number, bool all)
{
    const char *where = outside_of(c, all);
    bool valid = strcmp(where, "valid") == 0, s = valid && asked(c, 'S', all),
         m = valid && asked(c, 'M', all) && !rating_says(c, "/no_answer/");
    const struct clock_run *handle = &c->clock[CLOCK_HANDLE];
    bool filed = handle->status == CLOCK_STOPPED && c->state != STATE_HUNG;
    bool lawful = filed && handle->stopped_ms <= handle->due_ms;
    int64_t due;
    bool first = c->dispatched > 1 || rfc3339_parse(c->value[FIELD_FIRST_DUE], &due) != 0 ||
                 handle->stopped_ms <= due;
    const struct {
        const char *word;
        bool in;
    } table[] = {{"received", true},
                 {"contacted", valid && rating_says(c, "/yes/")},
                 {"of_solved", s},
                 {"solved", s && rating_says(c, "/solved/")},
                 {"partly", s && rating_says(c, "/partly/")},
                 {"of_satisfied", m},
                 {"satisfied", m && rating_says(c, "/satisfied/")},
                 {"basically", m && rating_says(c, "/basically/")},
                 {"filed", filed},
                 {"on_time", lawful && first},
                 {"lawful", lawful},
                 {"hung", c->state == STATE_HUNG},
                 {"excluded_sm", valid && (asked(c, 'S', true) != asked(c, 'S', all) ||
                                           asked(c, 'M', true) != asked(c, 'M', all))}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].word, number) == 0)
            return table[i].in;
    return strcmp(number, where) == 0;
}

static const char *district_of(const struct world *w, const struct casefile *c)
{
    const char *of_unit = reference_district(&w->reference, c->value[FIELD_UNIT]);
    return *of_unit ? of_unit : c->value[FIELD_DISTRICT];
}

static const char *key_of(const struct world *w, const struct casefile *c, enum assess_level level)
{
    const struct unit *u = reference_unit(&w->reference, c->value[FIELD_UNIT]);
    switch (level) {
    case LEVEL_CITY:
        return "*";
    case LEVEL_DISTRICT:
        return district_of(w, c);
    case LEVEL_DEPARTMENT:
        return u && (u->kind == UNIT_DEPT || u->kind == UNIT_FIRM) ? u->code : "";
    case LEVEL_STREET:
        return u && u->kind == UNIT_STREET ? u->code : "";
    case LEVEL_SECTION:
        return c->value[FIELD_SECTION];
    case LEVEL_COMMUNITY:
        return c->value[FIELD_COMMUNITY];
    case LEVEL_PERSON:
        return c->value[FIELD_HANDLER];
    case LEVEL_CATEGORY:
        return c->value[FIELD_CATEGORY];
    case LEVEL_INTEREST:
    case LEVEL_COUNT:
        break;
    }
    return c->value[FIELD_INTEREST];
}

/* --- comparing ------------------------------------------------------------------------------ */

static void ask(struct world *w, const struct actor *who, const struct assess_question *q,
                struct arena *a, struct buf *out)
{
    struct errmsg err = {{0}};
    buf_clear(out);
    if (assess_answer(w->db, &w->policy, &w->reference, who, q, now_ms, a, out, &err) != ST_OK)
        fail_msg("%s: %s", q->by ? q->by : q->level, err.text);
}

static bool of_row(struct world *w, size_t i, enum assess_level level, const char *scope,
                   const char *code)
{
    const struct casefile *c = &w->cases[i].c;
    return strcmp(key_of(w, c, level), code) == 0 &&
           (!scope || strcmp(c->value[FIELD_UNIT], scope) == 0);
}

static int64_t plain(struct world *w, enum assess_level level, const char *scope, const char *code,
                     const char *number, bool all, const struct assess_period *p)
{
    int64_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        const struct casefile *c = &w->cases[i].c;
        bool closed = strcmp(number, "closed") == 0;
        int64_t at = !closed ? c->created_ms : c->state == STATE_CLOSED ? c->state_ms : TIME_NONE;
        n += of_row(w, i, level, scope, code) && at >= p->from_ms && at < p->to_ms &&
             (closed || in_number(c, number, all));
    }
    return n;
}

/* Each row equals the plain count, and no case is of a row that is not there. */
static int64_t compare(struct world *w, const struct actor *who, enum assess_level level,
                       const char *scope, const struct assess_question *window)
{
    struct arena a;
    struct buf out;
    struct assess_board b;
    struct errmsg err = {{0}};
    struct assess_question q = *window;
    int64_t sum = 0, wanted = 0;
    arena_init(&a, 0);
    buf_init(&out, 64 * 1024 * 1024);
    if (level >= LEVEL_CATEGORY)
        q.by = assess_level_table[level].word;
    else
        q.level = assess_level_table[level].word;
    q.scope = scope;
    ask(w, who, &q, &a, &out);
    if (assess_board_decode(out.data, out.len, &a, &b, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (size_t r = 0; r < b.n_rows; r++) {
        const struct assess_row *row = &b.rows[r];
        for (int set = 0; set < SET_COUNT; set++) {
            struct assess_figures again = row->set[set];
            assess_figures_of(&w->policy.score, &again);
            assert_true(assess_shown(&w->policy.score, again.score) == row->set[set].score);
            for (int k = 0; k < ASSESS_COUNT; k++) {
                int64_t n = plain(w, level, scope, row->code, assess_table[k].word, set == SET_ALL,
                                  &b.period);
                if (n != row->set[set].n[k])
                    fail_msg("%s %s, %s of set %d: %lld, plain %lld",
                             assess_level_table[level].word, row->code, assess_table[k].word, set,
                             (long long)row->set[set].n[k], (long long)n);
            }
        }
        assert_int_equal(row->closed, plain(w, level, scope, row->code, "closed", true, &b.period));
        sum += row->set[SET_ALL].n[ASSESS_RECEIVED];
    }
    for (size_t i = 0; i < w->n; i++) {
        const struct casefile *c = &w->cases[i].c;
        wanted += *key_of(w, c, level) && (!scope || strcmp(c->value[FIELD_UNIT], scope) == 0) &&
                  c->created_ms >= b.period.from_ms && c->created_ms < b.period.to_ms;
    }
    assert_int_equal(sum, wanted);
    assert_int_equal(b.total.set[SET_ALL].n[ASSESS_RECEIVED], sum);
    buf_release(&out);
    arena_release(&a);
    return sum;
}

static const struct assess_question windows[] = {
    {.from = "1970-01-01", .to = "2027-01-01"}, /* with the moment 0 in it: not closed is no time */
    {.month = "2026-11"},
    {.month = NULL}, /* the month that the moment lies in */
    {.day = "2026-11-10"},
    {.from = "2026-10-30T13:07:11+08:00", .to = "2026-11-17T02:00:00+08:00"},
    {.from = "2020-01-01", .to = "2020-02-01"}};
enum { WINDOWS = sizeof windows / sizeof *windows };

static void every_level_and_window(struct world *w)
{
    for (int i = 0; i < WINDOWS; i++) {
        int64_t sum = 0;
        for (int level = 0; level < LEVEL_COUNT; level++) {
            if (level != LEVEL_PERSON)
                sum += compare(w, &dispatcher, (enum assess_level)level, NULL, &windows[i]);
            if (level > LEVEL_STREET)
                sum += compare(w, &leader, (enum assess_level)level, "1101", &windows[i]);
        }
        if ((sum > 0) != (i != WINDOWS - 1)) /* only the last one is empty */
            fail_msg("window %d has %lld orders", i, (long long)sum);
    }
}

static void test_generated_store(void **state)
{
    (void)state;
    every_level_and_window(&generated);
}

static void test_all_states_and_modes(void **state)
{
    (void)state;
    every_level_and_window(&made);
}

/* The list that a number of a line opens to, as it must stand in the answer. */
static void plain_list(struct world *w, enum assess_level level, const char *code,
                       const char *number, bool all, struct buf *out)
{
    int64_t n = 0;
    buf_clear(out);
    buf_puts(out, "\"cases\":[");
    for (size_t i = 0; i < w->n; i++) {
        const struct casefile *c = &w->cases[i].c;
        bool closed = strcmp(number, "closed") == 0;
        if (!of_row(w, i, level, NULL, code) ||
            !(closed ? c->state == STATE_CLOSED : in_number(c, number, all)))
            continue;
        buf_printf(out, "%s{\"id\":\"%s\",\"number\":\"N%zu\"}", n++ ? "," : "", w->cases[i].id, i);
    }
    buf_printf(out, "],\"count\":%lld}", (long long)n);
}

/* Each number of each kind of line opens to exactly the cases that the plain count finds. */
static void test_numbers_open_to_their_cases(void **state)
{
    static const struct {
        enum assess_level level;
        const char *of;
    } line[] = {{LEVEL_CITY, "*"},        {LEVEL_DISTRICT, "11"},      {LEVEL_DEPARTMENT, "118001"},
                {LEVEL_STREET, "1102"},   {LEVEL_SECTION, "110191"},   {LEVEL_COMMUNITY, "110102"},
                {LEVEL_CATEGORY, "0201"}, {LEVEL_INTEREST, "personal"}};
    struct arena a;
    struct buf out, wanted;
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 64 * 1024 * 1024);
    buf_init(&wanted, 64 * 1024 * 1024);
    for (size_t i = 0; i < sizeof line / sizeof *line; i++)
        for (int k = 0; k <= ASSESS_COUNT; k++)
            for (int set = 0; set < SET_COUNT; set++) {
                const char *number = k < ASSESS_COUNT ? assess_table[k].word : "closed";
                const char *word = assess_level_table[line[i].level].word;
                bool across = line[i].level >= LEVEL_CATEGORY, all = set == SET_ALL;
                const struct assess_question q = {.level = across ? NULL : word,
                                                  .by = across ? word : NULL,
                                                  .from = "1970-01-01",
                                                  .to = "2027-01-01",
                                                  .cases = number,
                                                  .of = line[i].of,
                                                  .set = all ? "all" : "assessed"};
                ask(&made, &dispatcher, &q, &a, &out);
                plain_list(&made, line[i].level, line[i].of, number, all, &wanted);
                if (!strstr(out.data, wanted.data))
                    fail_msg("%s of %s %s: %s, not %s", number, word, line[i].of, out.data,
                             wanted.data);
            }
    buf_release(&wanted);
    buf_release(&out);
    arena_release(&a);
}

/* --- who may see what ----------------------------------------------------------------------- */

static enum status try(const struct actor *who, const struct assess_question *q, size_t *ret_rows,
                       int *ret_ranked)
{
    struct arena a;
    struct buf out;
    struct assess_board b = {.n_rows = 0};
    struct errmsg err = {{0}};
    arena_init(&a, 0);
    buf_init(&out, 64 * 1024 * 1024);
    enum status st =
        assess_answer(made.db, &made.policy, &made.reference, who, q, now_ms, &a, &out, &err);
    if (st == ST_OK && !q->cases)
        st = assess_board_decode(out.data, out.len, &a, &b, &err);
    *ret_rows = b.n_rows;
    *ret_ranked = b.ranked;
    buf_release(&out);
    arena_release(&a);
    return st;
}

static void test_who_may_see_what(void **state)
{
    static const struct {
        enum role role;
        const char *office, *unit, *user;
        struct assess_question q;
        enum status st;
        size_t rows; /* 0: any number but none */
        bool ranks;
    } row[] = {
        {ROLE_DISPATCHER, "BJ", "", "x", {.level = "street"}, ST_OK, 2, true},
        {ROLE_AUDITOR, "BJ", "", "x", {.level = "district"}, ST_OK, 1, true},
        {ROLE_AUDITOR, "BJ", "", "x", {.level = "person"}, ST_DENIED, 0, false},
        {ROLE_OPERATOR, "BJ", "", "x", {.level = "street"}, ST_DENIED, 0, false},
        {ROLE_CALLBACK, "BJ", "", "x", {.level = NULL}, ST_DENIED, 0, false},
        {ROLE_DISTRICT, "11", "", "x", {.level = NULL}, ST_OK, 2, true},
        {ROLE_DISTRICT, "11", "", "x", {.scope = "1102"}, ST_OK, 1, true},
        {ROLE_DISTRICT, "11", "", "x", {.scope = "*"}, ST_DENIED, 0, false},
        {ROLE_DISTRICT, "11", "", "x", {.level = "person"}, ST_DENIED, 0, false},
        {ROLE_LEADER, "1101", "", "x", {.level = NULL}, ST_OK, 1, true},
        {ROLE_LEADER, "1101", "", "x", {.scope = "1102"}, ST_DENIED, 0, false},
        {ROLE_LEADER, "1101", "", "x", {.level = "district"}, ST_DENIED, 0, false},
        {ROLE_LEADER, "1101", "", "x", {.level = "person"}, ST_OK, 0, false},
        {ROLE_LEADER, "1101", "", "x", {.cases = "valid", .of = "1102"}, ST_DENIED, 0, false},
        {ROLE_DESK, "1101", "", "x", {.level = NULL}, ST_OK, 1, false},
        {ROLE_DESK, "1101", "", "x", {.level = "community"}, ST_OK, 0, false},
        {ROLE_REVIEWER, "1101", "", "p2", {.level = "person"}, ST_OK, 1, false},
        {ROLE_HANDLER, "1101", "", "p1", {.level = NULL}, ST_OK, 1, false},
        {ROLE_HANDLER, "1101", "", "p1", {.level = "street"}, ST_DENIED, 0, false},
        {ROLE_DEPT, "11", "118001", "x", {.level = NULL}, ST_OK, 1, false},
        {ROLE_DEPT, "11", "118001", "x", {.level = "street"}, ST_DENIED, 0, false},
        {ROLE_HANDLER, "1101", "", "p1", {.cases = "valid", .of = "p2"}, ST_DENIED, 0, false},
        {ROLE_COMMUNITY, "1101", "110101", "x", {.level = NULL}, ST_OK, 1, false},
        {ROLE_COMMUNITY, "1101", "110101", "x", {.level = "street"}, ST_DENIED, 0, false},
        {ROLE_ADMIN, "BJ", "", "x", {.level = NULL}, ST_DENIED, 0, false},
        {ROLE_DISPATCHER, "BJ", "", "x", {.level = "planet"}, ST_INVALID, 0, false},
        {ROLE_DISPATCHER, "BJ", "", "x", {.month = "2026-13"}, ST_INVALID, 0, false},
        {ROLE_DISPATCHER,
         "BJ",
         "",
         "x",
         {.from = "2026-01-02", .to = "2026-01-02"},
         ST_INVALID,
         0,
         false},
        {ROLE_DISPATCHER, "BJ", "", "x", {.scope = "77"}, ST_NOT_FOUND, 0, false},
        {ROLE_DISPATCHER, "BJ", "", "x", {.cases = "nothing", .of = "1101"}, ST_INVALID, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct actor who = {row[i].user, "X", row[i].role, row[i].office, row[i].unit, "t"};
        size_t rows;
        int ranked;
        enum status st = try(&who, &row[i].q, &rows, &ranked);
        if (st != row[i].st || (ranked > 0) != row[i].ranks ||
            (st == ST_OK && (row[i].rows ? rows != row[i].rows : rows == 0)))
            fail_msg("row %zu: %s, %zu rows, %d ranked", i, status_word(st), rows, ranked);
    }
}

/* --- the stores ----------------------------------------------------------------------------- */

static int world_begin(struct world *w, const char *name)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    struct errmsg err = {{0}};
    size_t n = 0;
    snprintf(w->url, sizeof w->url, "sqlite:%.2000s/%s.db", tmp ? tmp : "/tmp", name);
    arena_init(&w->arena, 0);
    w->cases = calloc(CASES_MAX, sizeof *w->cases);
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

static int fold_all(struct world *w)
{
    struct errmsg err = {{0}};
    struct stmt *q = database_stmt(w->db, SQL_EVENT_LIST);
    stmt_int(q, 1, 0);
    while (stmt_row(q)) {
        size_t size, len, i = 0;
        struct uuid id = {{0}};
        const void *blob = stmt_get_blob(q, 1, &size);
        memcpy(id.byte, blob, sizeof id.byte);
        while (i < w->n && uuid_compare(&w->cases[i].c.id, &id) != 0)
            i++;
        if (i == w->n) {
            casefile_init(&w->cases[w->n++].c, &id, &w->arena);
            uuid_format(&id, w->cases[i].id);
        }
        const char *body = stmt_get_text(q, 3, &len);
        body = arena_strndup(&w->arena, body, len);
        struct event *e = arena_alloc(&w->arena, sizeof *e);
        if (event_decode(body, len, &w->arena, e, &err) != ST_OK ||
            casefile_apply(&w->cases[i].c, e, &err) != ST_OK)
            return -1;
    }
    return database_status(w->db, &err) == ST_OK ? 0 : -1;
}

static int generate(void)
{
    struct errmsg err = {{0}};
    struct service *s = NULL;
    if (world_begin(&generated, "generated") != 0)
        return -1;
    struct service_config config = {
        .url = generated.url, .clock = &clock_system, .random = &random_system};
    if (service_open(&config, &s, &err) != ST_OK ||
        officeday_generate(s, GENERATED, 11, now_ms, &err) != ST_OK) {
        print_error("%s\n", err.text);
        return -1;
    }
    service_close(s);
    return fold_all(&generated);
}

#define ONE_OF(rng, ...)                                                                           \
    ((const char *const[]){                                                                        \
        __VA_ARGS__})[rng_below(rng, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))]

static void random_rating(struct rng *rng, struct arena *a, struct casefile *c)
{
    c->value[FIELD_CONTACTED] = ONE_OF(rng, "yes", "yes", "yes", "no", "cannot_say");
    c->value[FIELD_SOLVED] = ONE_OF(rng, "solved", "solved", "partly", "not", "withdrawn");
    c->value[FIELD_SATISFIED] = ONE_OF(rng, "satisfied", "basically", "not", "no_answer");
    if (c->state != STATE_HUNG || rng_below(rng, 4) == 0)
        c->value[FIELD_FIRST_RATING] =
            arena_printf(a, "%s/%s/%s", ONE_OF(rng, "yes", "no", "cannot_say"),
                         ONE_OF(rng, "solved", "partly", "not"),
                         ONE_OF(rng, "satisfied", "basically", "not", "no_answer"));
}

/* Anything that a case can be as far as the assessment looks, sensible or not. */
static void random_case(struct rng *rng, struct arena *a, struct casefile *c)
{
    c->version++;
    c->state = (enum state)rng_below(rng, STATE_COUNT);
    if (c->state == STATE_ARCHIVED || rng_below(rng, 3) == 0)
        c->state = STATE_CLOSED;
    c->state_ms = c->created_ms + rng_between(rng, 0, 20 * (int64_t)MS_DAY);
    c->value[FIELD_TYPE] = ONE_OF(rng, "help", "help", "help", "complaint", "consult", "suggestion",
                                  "praise", "other");
    c->value[FIELD_CATEGORY] = ONE_OF(rng, "0101", "0201", "0505", "1904", "1906", "2203", "2205");
    c->value[FIELD_CHANNEL] =
        ONE_OF(rng, "phone", "phone", "phone", "phone", "web", "grid", "own", "counter");
    c->value[FIELD_INTEREST] = ONE_OF(rng, "", "personal", "public");
    c->value[FIELD_DISTRICT] = ONE_OF(rng, "11", "11", "");
    c->value[FIELD_UNIT] = ONE_OF(rng, "1101", "1102", "1102", "118001", "118002", "");
    c->value[FIELD_SECTION] = ONE_OF(rng, "", "110191", "110192", "110294");
    c->value[FIELD_COMMUNITY] = ONE_OF(rng, "110101", "110102", "110201", "");
    c->value[FIELD_HANDLER] = ONE_OF(rng, "p1", "p2", "p3", "");
    c->value[FIELD_CLOSED_AS] = c->state != STATE_CLOSED
                                    ? ""
                                    : ONE_OF(rng, "rated", "rated", "rated", "unrated", "withdrawn",
                                             "checked", "passed_on");
    bool excluded = rng_below(rng, 5) == 0;
    c->value[FIELD_EXCLUSION] = excluded ? ONE_OF(rng, "X1", "X6", "X10") : "";
    c->value[FIELD_SCORE_MODE] =
        rng_below(rng, 3) && !excluded ? "" : ONE_OF(rng, "", "full", "response", "none");
    c->value[FIELD_FIRST_RATING] = c->value[FIELD_CONTACTED] = c->value[FIELD_SOLVED] =
        c->value[FIELD_SATISFIED] = "";
    if (rng_below(rng, 4))
        random_rating(rng, a, c);
    struct clock_run *h = &c->clock[CLOCK_HANDLE];
    h->status = rng_below(rng, 4) ? CLOCK_STOPPED : CLOCK_RUNNING;
    h->due_ms = c->created_ms + rng_between(rng, 0, 9) * MS_DAY;
    h->stopped_ms = c->created_ms + rng_between(rng, 0, 9) * MS_DAY;
    c->dispatched = 1 + (int)rng_below(rng, 2);
    char text[RFC3339_SIZE];
    rfc3339_format(c->created_ms + rng_between(rng, 0, 9) * MS_DAY, BEIJING_OFFSET_MS, text);
    c->value[FIELD_FIRST_DUE] = rng_below(rng, 5) ? arena_strdup(a, text) : "";
}

/* One thing alone: a row that is not written again then would stay wrong. */
static void random_touch(struct rng *rng, struct casefile *c)
{
    c->version++;
    switch (rng_below(rng, 4)) {
    case 0:
        c->value[FIELD_UNIT] = "";
        c->value[FIELD_DISTRICT] = ONE_OF(rng, "11", "");
        break;
    case 1:
        c->value[FIELD_DISTRICT] = ONE_OF(rng, "11", "");
        break;
    case 2:
        c->value[FIELD_HANDLER] = ONE_OF(rng, "p1", "p2", "p3", "");
        break;
    default:
        c->state_ms += MS_DAY;
    }
}

static int make(void)
{
    struct errmsg err = {{0}};
    struct rng rng;
    rng_seed(&rng, 2026);
    struct random chance = rng_random(&rng);
    struct uuid_source ids = {.clock = &clock_system, .random = &chance};
    if (world_begin(&made, "made") != 0 || database_begin(made.db, true, &err) != ST_OK)
        return -1;
    for (; made.n < MADE; made.n++) {
        struct stored *one = &made.cases[made.n];
        struct uuid id = uuid_new(&ids);
        char number[32];
        snprintf(number, sizeof number, "N%zu", made.n);
        casefile_init(&one->c, &id, &made.arena);
        uuid_format(&id, one->id);
        one->c.created_ms = now_ms - rng_between(&rng, 0, 60 * (int64_t)MS_DAY);
        struct stmt *q = database_stmt(made.db, SQL_CASE_ADD);
        stmt_blob(q, 1, id.byte, sizeof id.byte);
        stmt_text(q, 2, number);
        stmt_int(q, 3, 1);
        stmt_text(q, 4, "NEW");
        if (stmt_run(q, &err) != ST_OK)
            return -1;
        int64_t row = database_last_row(made.db);
        for (uint32_t steps = 1 + rng_below(&rng, 4); steps > 0; steps--) {
            struct casefile before = one->c;
            if (one->c.version > 0 && rng_below(&rng, 2))
                random_touch(&rng, &one->c);
            else
                random_case(&rng, &made.arena, &one->c);
            if (assess_update(made.db, row, &before, &one->c, &made.policy, &made.reference,
                              &err) != ST_OK)
                return -1;
        }
    }
    return database_commit(made.db, &err) == ST_OK ? 0 : -1;
}

static int set_up(void **state)
{
    (void)state;
    if (rfc3339_parse("2026-11-24T10:00:00+08:00", &now_ms) != 0)
        return -1;
    return generate() == 0 && make() == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    struct world *const worlds[] = {&generated, &made};
    (void)state;
    for (int i = 0; i < 2; i++) {
        database_close(worlds[i]->db);
        arena_release(&worlds[i]->arena);
        free(worlds[i]->cases);
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_generated_store),
                                       cmocka_unit_test(test_all_states_and_modes),
                                       cmocka_unit_test(test_numbers_open_to_their_cases),
                                       cmocka_unit_test(test_who_may_see_what)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
