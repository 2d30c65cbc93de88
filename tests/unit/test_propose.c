/* The order of domain 7.1, days, ties, what a row gives, and all that catalogue_check finds. */
#include "core/wire/codec.h"
#include "data/embedded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define UNITS                                                                                      \
    "{\"units\":[{\"code\":\"BJ\",\"name\":\"H\",\"kind\":\"hotline\"},"                           \
    "{\"code\":\"11\",\"name\":\"D\",\"kind\":\"district\",\"parent\":\"BJ\"},"                    \
    "{\"code\":\"1101\",\"name\":\"S1\",\"kind\":\"street\",\"parent\":\"11\"},"                   \
    "{\"code\":\"1102\",\"name\":\"S2\",\"kind\":\"street\",\"parent\":\"11\"},"                   \
    "{\"code\":\"110101\",\"name\":\"C1\",\"kind\":\"community\",\"parent\":\"1101\"},"            \
    "{\"code\":\"110190\",\"name\":\"X\",\"kind\":\"section\",\"parent\":\"1101\"},"               \
    "{\"code\":\"118001\",\"name\":\"A\",\"kind\":\"dept\",\"parent\":\"11\"},"                    \
    "{\"code\":\"118002\",\"name\":\"B\",\"kind\":\"dept\",\"parent\":\"11\"},"                    \
    "{\"code\":\"118009\",\"name\":\"O\",\"kind\":\"dept\",\"parent\":\"11\",\"ended\":\"2026-01-" \
    "01\"}],"                                                                                      \
    "\"people\":[],\"categories\":["                                                               \
    "{\"code\":\"0201\",\"level1\":\"P\",\"level2\":\"Lift\",\"tier\":\"T24H\"},"                  \
    "{\"code\":\"0202\",\"level1\":\"P\",\"level2\":\"Trapped\",\"tier\":\"T2H\"},"                \
    "{\"code\":\"0501\",\"level1\":\"Q\",\"level2\":\"Rubbish\",\"tier\":\"T7D\"},"                \
    "{\"code\":\"1801\",\"level1\":\"R\",\"level2\":\"Committee\",\"tier\":\"T7D\"}]}"

#define DUTIES                                                                                     \
    "\"duties\":[{\"id\":\"S\",\"unit\":\"street\",\"item\":\"care\",\"basis\":\"b\"},"            \
    "{\"id\":\"A\",\"unit\":\"118001\",\"item\":\"lifts\",\"basis\":\"b\"},"                       \
    "{\"id\":\"B\",\"unit\":\"118002\",\"category\":\"02\",\"item\":\"parks\",\"basis\":\"b\"},"   \
    "{\"id\":\"C\",\"unit\":\"community\",\"item\":\"own affairs\",\"basis\":\"b\"},"              \
    "{\"id\":\"O\",\"unit\":\"118009\",\"item\":\"gone\",\"basis\":\"b\"}]"

/* rows -> a whole document */
static const char *document(struct arena *a, const char *rows)
{
    return arena_printf(a, "{\"catalogue\":\"t\",\"version\":1,\"rows\":[%s]," DUTIES "}", rows);
}

#define ROW(id, what) "{\"id\":\"" id "\"," what ",\"basis\":\"law\"}"

struct desk {
    struct arena arena;
    struct reference r;
    struct catalogue c;
};

static void begin(struct desk *d, const char *rows)
{
    struct errmsg err = {""};
    arena_init(&d->arena, 0);
    assert_int_equal(reference_decode(UNITS, sizeof UNITS - 1, &d->arena, &d->r, &err), ST_OK);
    const char *text = document(&d->arena, rows);
    if (catalogue_decode(text, strlen(text), &d->arena, &d->c, &err) != ST_OK)
        fail_msg("%s", err.text);
}

/* "row:unit" of each proposal, "=" before one that ties, "-" for no row. */
static const char *ask(struct desk *d, struct matter m)
{
    const struct proposal *list;
    size_t n;
    const char *out = "";
    struct errmsg err = {""};
    m.street = m.street ? m.street : "";
    m.community = m.community ? m.community : "";
    m.point = m.point ? m.point : "";
    m.designated = m.designated ? m.designated : "";
    m.day = m.day ? m.day : 20260601;
    if (catalogue_propose(&d->c, &d->r, &m, false, &d->arena, &list, &n, &err) != ST_OK)
        return arena_strdup(&d->arena, err.text);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        assert_true(list[i].n_reasons > 0);
        out = arena_printf(&d->arena, "%s%s%s%s:%s", out, i ? " " : "", list[i].tie ? "=" : "",
                           *list[i].row ? list[i].row : "-", list[i].lead);
    }
    return out;
}

static const struct proposal *best(struct desk *d, struct matter m)
{
    const struct proposal *list;
    size_t n;
    m.community = m.community ? m.community : "";
    m.point = m.point ? m.point : "";
    m.designated = "";
    m.day = 20260601;
    assert_int_equal(catalogue_propose(&d->c, &d->r, &m, false, &d->arena, &list, &n, NULL), ST_OK);
    return &list[0];
}

static bool says(const struct proposal *p, enum reason_kind kind, const char *piece)
{
    for (size_t i = 0; i < p->n_reasons; i++)
        if (p->reason[i].kind == kind && strstr(p->reason[i].text, piece))
            return true;
    return false;
}

static void test_order(void **state)
{
    struct desk d;
    (void)state;
    begin(
        &d,
        ROW("category", "\"category\":\"0201\",\"lead\":\"street\",\"duty\":\"S\"") "," ROW("class", "\"category\":\"02\",\"lead\":\"118001\",\"duty\":\"A\"") "," ROW(
            "street",
            "\"category\":\"02\",\"place\":\"street\",\"where\":[\"1101\"],\"lead\":\"1102\","
            "\"duty\":\"S\"") "," ROW("community",
                                      "\"category\":\"02\",\"place\":\"community\","
                                      "\"where\":[\"110101\"],\"lead\":\"118001\","
                                      "\"duty\":\"A\"") "," ROW("point",
                                                                "\"category\":\"\","
                                                                "\"place\":\"point\","
                                                                "\"where\":[\"Park\"],"
                                                                "\"lead\":\"118001\","
                                                                "\"duty\":\"A\"") "," ROW("long",
                                                                                          "\"catego"
                                                                                          "ry\":"
                                                                                          "\"\","
                                                                                          "\"place"
                                                                                          "\":"
                                                                                          "\"point"
                                                                                          "\","
                                                                                          "\"where"
                                                                                          "\":["
                                                                                          "\"Old "
                                                                                          "Moon "
                                                                                          "Park\"],"
                                                                                          "\"lead\""
                                                                                          ":\"11800"
                                                                                          "2\","
                                                                                          "\"duty\""
                                                                                          ":\"B"
                                                                                          "\""));
    assert_string_equal(ask(&d, (struct matter){.category = "0201", .street = "1102"}),
                        "category:1102 class:118001");
    assert_string_equal(ask(&d, (struct matter){.category = "0202", .street = "1102"}),
                        "class:118001");
    assert_string_equal(ask(&d, (struct matter){.category = "0201", .street = "1101"}),
                        "street:1102 category:1101 class:118001");
    assert_string_equal(ask(&d, (struct matter){.category = "0201", .community = "110101"}),
                        "community:118001 street:1102 category:1101 class:118001");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1101", .point = "gate of the park"}),
        "point:118001 street:1102 category:1101 class:118001");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0501", .street = "1101", .point = "OLD MOON  PARK"}),
        "long:118002 point:118001");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0501", .street = "1101", .point = "Parkside"}),
        "-:11");
    assert_string_equal(ask(&d, (struct matter){.category = "0501"}),
                        "-:11"); /* the only district */
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1102", .designated = "118002"}),
        "-:118002 category:1102 class:118001");
    assert_string_equal(ask(&d, (struct matter){.category = "0201"}),
                        "category:11 class:118001"); /* which street? */
    assert_non_null(strstr(ask(&d, (struct matter){.category = "9999"}), "no category"));
    assert_non_null(
        strstr(ask(&d, (struct matter){.category = "0201", .street = "11"}), "no street"));
    assert_non_null(
        strstr(ask(&d, (struct matter){.category = "0201", .designated = "x"}), "no unit"));
    arena_release(&d.arena);
}

static void test_days(void **state)
{
    struct desk d;
    (void)state;
    begin(&d, ROW("past", "\"category\":\"02\",\"lead\":\"118001\",\"duty\":\"A\",\"until\":\"2026-"
                          "05-31\"") "," ROW("next", "\"category\":\"02\",\"lead\":\"street\","
                                                     "\"duty\":\"S\",\"since\":\"2026-"
                                                     "06-01\",\"until\":\"2026-06-30\""));
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1101", .day = 20260531}),
        "past:118001");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1101", .day = 20260601}),
        "next:1101");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1101", .day = 20260630}),
        "next:1101");
    assert_string_equal(
        ask(&d, (struct matter){.category = "0201", .street = "1101", .day = 20260701}), "-:11");
    arena_release(&d.arena);
}

static void test_ties(void **state)
{
    struct desk d;
    (void)state;
    begin(&d,
          ROW("one",
              "\"category\":\"\",\"place\":\"point\",\"where\":[\"红门\"],\"lead\":"
              "\"118001\",\"duty\":\"A\"") "," ROW("two", "\"category\":\"\",\"place\":\"point\","
                                                          "\"where\":[\"白塔\"],\"lead\":"
                                                          "\"118002\",\"duty\":\"B\""));
    assert_string_equal(ask(&d, (struct matter){.category = "0201", .point = "红门和白塔之间"}),
                        "=one:118001 =two:118002");
    assert_string_equal(ask(&d, (struct matter){.category = "0201", .point = "红门"}),
                        "one:118001");
    arena_release(&d.arena);
}

static void test_what_a_row_gives(void **state)
{
    struct desk d;
    (void)state;
    begin(&d, ROW("a",
                  "\"category\":\"0201\",\"lead\":\"street\",\"assist\":[\"118001\","
                  "\"community\",\"street\"],\"duty\":\"S\"") "," ROW("b",
                                                                      "\"category\":\"0201\","
                                                                      "\"owner\":\"none\",\"lead\":"
                                                                      "\"118001\",\"tier\":"
                                                                      "\"T2H\",\"duty\":\"A\""));
    const struct proposal *p =
        best(&d, (struct matter){.category = "0201", .street = "1101", .community = "110101"});
    assert_string_equal(p->row, "a");
    assert_int_equal(p->tier, TIER_T24H);
    assert_int_equal(p->n_assist, 2); /* the lead does not assist itself */
    assert_string_equal(p->assist[0], "118001");
    assert_string_equal(p->assist[1], "110101");
    assert_true(says(p, REASON_DUTY, "care"));
    assert_true(says(p, REASON_BASIS, "law"));
    assert_true(says(p, REASON_COPY, "D (11)"));
    assert_true(says(p, REASON_ASK, "row b"));
    p = best(&d, (struct matter){.category = "0201", .street = "1101", .owner = OWNER_NONE});
    assert_string_equal(p->row, "b");
    assert_int_equal(p->tier, TIER_T2H);
    assert_true(says(p, REASON_TIER, "T24H"));
    assert_false(says(p, REASON_COPY, ""));
    assert_false(says(p, REASON_ASK, ""));
    arena_release(&d.arena);
}

/* Places of the faults of these rows, one word each; w: before a warning, u: an unknown member. */
static const char *faults_of(struct arena *a, const char *text)
{
    struct reference r;
    struct catalogue c;
    struct faults f;
    const char *out = "";
    faults_init(&f, a);
    assert_int_equal(reference_decode(UNITS, sizeof UNITS - 1, a, &r, NULL), ST_OK);
    catalogue_read(text, strlen(text), &c, &f);
    if (c.rows)
        catalogue_check(&c, &r, &f);
    for (const struct fault_entry *one = f.first; one; one = one->next)
        if (one->grade != FAULT_WARNING)
            out = arena_printf(a, "%s%s%s%s", out, *out ? " " : "",
                               one->grade == FAULT_UNKNOWN ? "u:" : "", one->place);
    return out;
}

static void test_faults(void **state)
{
#define GOOD "\"category\":\"02\",\"lead\":\"118001\",\"duty\":\"A\""
    static const struct {
        const char *rows, *want;
    } row[] = {
        {ROW("g", GOOD), ""},
        {ROW("g", "\"category\":\"77\",\"lead\":\"118001\",\"duty\":\"A\""), "/rows/0/category"},
        {ROW("g", "\"category\":\"2\",\"lead\":\"118001\",\"duty\":\"A\""),
         "/rows/0/category /rows/0/category"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"9\",\"duty\":\"A\""),
         "/rows/0/lead /rows/0/duty"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"110190\",\"duty\":\"S\""),
         "/rows/0/lead /rows/0/duty"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"community\",\"duty\":\"C\""),
         "/rows/0/lead"}, /* art. 17 */
        {ROW("g", "\"category\":\"\",\"lead\":\"community\",\"duty\":\"C\""), "/rows/0/lead"},
        {ROW("g", "\"category\":\"1801\",\"lead\":\"community\",\"duty\":\"C\""), ""},
        {ROW("g", "\"category\":\"02\",\"lead\":\"118001\""), "/rows/0/duty"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"118001\",\"duty\":\"Z\""), "/rows/0/duty"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"118001\",\"duty\":\"S\""), "/rows/0/duty"},
        {ROW("g", "\"category\":\"05\",\"lead\":\"118002\",\"duty\":\"B\""), "/rows/0/duty"},
        {ROW("g", "\"category\":\"02\",\"lead\":\"118009\",\"duty\":\"O\""), "/rows/0/lead"},
        {ROW("g",
             "\"category\":\"02\",\"lead\":\"118009\",\"duty\":\"O\",\"until\":\"2025-12-31\""),
         ""},
        {ROW("g", GOOD ",\"assist\":[\"118002\",\"9\"]"), "/rows/0/assist/1"},
        {ROW("g", GOOD ",\"place\":\"street\",\"where\":[\"1101\",\"110101\"]"), "/rows/0/where/1"},
        {ROW("g", GOOD ",\"place\":\"community\",\"where\":[\"1101\"]"), "/rows/0/where/0"},
        {ROW("g", GOOD ",\"place\":\"street\""), "/rows/0/where"},
        {ROW("g", GOOD ",\"where\":[\"1101\"]"), "/rows/0/place"},
        {ROW("g", GOOD ",\"place\":\"moon\",\"where\":[\"x\"]"), "/rows/0/place"},
        {ROW("g", GOOD ",\"place\":\"point\",\"where\":[\"\"]"), "/rows/0/where/0 /rows/0/where"},
        {ROW("g", GOOD ",\"owner\":\"king\""), "/rows/0/owner"},
        {ROW("g", GOOD ",\"tier\":\"T9D\""), "/rows/0/tier"},
        {ROW("g", GOOD ",\"since\":\"2026-02-30\""), "/rows/0/since"},
        {ROW("g", GOOD ",\"since\":\"2026-02-02\",\"until\":\"2026-02-01\""), "/rows/0/until"},
        {ROW("g", GOOD ",\"untill\":\"2026-02-02\""), "u:/rows/0/untill"},
        {ROW("g;h", GOOD), "/rows/0/id"},
        {"7", "/rows/0"},
        {ROW("g", GOOD) "," ROW("g", "\"category\":\"05\",\"lead\":\"118001\",\"duty\":\"A\""),
         "/rows/1/id"},
        {ROW("g", GOOD) "," ROW("h", GOOD), "/rows/1"},
        {ROW("g", GOOD ",\"until\":\"2026-01-01\"") "," ROW("h", GOOD ",\"since\":\"2026-01-02\""),
         ""},
        {ROW("g", GOOD ",\"until\":\"2026-01-02\"") "," ROW("h", GOOD ",\"since\":\"2026-01-02\""),
         "/rows/1"},
        {ROW("g", GOOD) "," ROW("h", GOOD ",\"owner\":\"none\""), ""},
        {ROW("g", GOOD ",\"place\":\"point\",\"where\":[\"a\",\"b\"]") "," ROW(
             "h", GOOD ",\"place\":\"point\",\"where\":[\"b\"]"),
         "/rows/1"},
        {ROW("g", "\"category\":\"77\",\"lead\":\"9\",\"duty\":\"A\"") "," ROW(
             "h", GOOD ",\"assist\":[\"8\"]"),
         "/rows/0/category /rows/0/lead /rows/0/duty /rows/1/assist/0"}}; /* all, not only the first */
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *got = faults_of(&a, document(&a, row[i].rows));
        if (strcmp(got, row[i].want) != 0)
            print_message("%s: \"%s\", wanted \"%s\"\n", row[i].rows, got, row[i].want);
        assert_string_equal(got, row[i].want);
    }
    assert_string_equal(faults_of(&a, "{\"catalogue\":\"t\",\"version\":0}"),
                        "/version /rows /duties");
    assert_string_equal(faults_of(&a, "[]"), "");
    arena_release(&a);
}

/* A category without a row is a warning, and only that. */
static void test_uncovered(void **state)
{
    struct desk d;
    struct faults f;
    (void)state;
    begin(&d,
          ROW("g", GOOD) "," ROW(
              "h", "\"category\":\"05\",\"owner\":\"none\",\"lead\":\"118001\",\"duty\":\"A\""));
    faults_init(&f, &d.arena);
    catalogue_check(&d.c, &d.r, &f);
    assert_int_equal(f.errors, 0);
    assert_int_equal(f.warnings, 2); /* 0501: only without an owner; 1801: none */
    arena_release(&d.arena);
}

/* The line passes over what a newer server says; a text cut anywhere is refused. */
static void test_codec(void **state)
{
    struct arena a;
    struct catalogue c = {.n_rows = 77};
    struct errmsg err;
    (void)state;
    arena_init(&a, 0);
    const char *text = document(&a, ROW("g", GOOD ",\"colour\":\"red\""));
    for (size_t n = 0; n < strlen(text); n++) {
        char *copy = strndup(text, n);
        assert_int_equal(catalogue_decode(copy, n, &a, &c, &err), ST_INVALID);
        free(copy);
    }
    assert_int_equal(c.n_rows, 77);
    assert_int_equal(catalogue_decode(text, strlen(text), &a, &c, &err), ST_OK);
    assert_int_equal(c.n_rows, 1);
    assert_string_equal(catalogue_duty(&c, "A")->item, "lifts");
    arena_release(&a);
}

/* The shipped catalogue: no fault, every category, and the places that the organisation names. */
static void test_shipped(void **state)
{
    struct arena a;
    struct catalogue c;
    struct errmsg err = {""};
    (void)state;
    arena_init(&a, 0);
    if (catalogue_decode((const char *)data_catalogue_json, data_catalogue_json_len, &a, &c,
                         &err) != ST_OK)
        fail_msg("%s", err.text);
    size_t kinds[PLACE_COUNT] = {0}, tiers = 0, dual = 0, ended = 0, future = 0;
    for (size_t i = 0; i < c.n_rows; i++) {
        kinds[c.rows[i].place]++;
        tiers += c.rows[i].tier != TIER_NONE;
        dual += c.rows[i].n_assist > 0;
        ended += c.rows[i].until && c.rows[i].until < 20261125;
        future += c.rows[i].since > 20261125;
    }
    assert_true(c.n_rows >= 178 && kinds[PLACE_POINT] >= 3 && kinds[PLACE_STREET] &&
                kinds[PLACE_COMMUNITY]);
    assert_true(tiers && dual > 20 && ended && future);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),  cmocka_unit_test(test_days),
        cmocka_unit_test(test_ties),   cmocka_unit_test(test_what_a_row_gives),
        cmocka_unit_test(test_faults), cmocka_unit_test(test_uncovered),
        cmocka_unit_test(test_codec),  cmocka_unit_test(test_shipped)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
