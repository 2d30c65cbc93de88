/* From words to street and community: longest name, short forms, both languages, numbers, ties, hostile texts. */
#include "core/case/place.h"

#include "core/base/random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const first[] = {"一号院", "东里小区", "南里斜街平房区"};
static const char *const second[] = {"阳光小区"};
static const char *const third[] = {"阳光小区", "11号院", "Block 7"};
static const struct unit units[] = {
    {.code = "11", .name = "永安区", .name_en = "Yong'an", .kind = UNIT_DISTRICT, .parent = "BJ"},
    {.code = "1101",
     .name = "幸福里街道",
     .name_en = "Xingfuli Street",
     .kind = UNIT_STREET,
     .parent = "11"},
    {.code = "110101",
     .name = "东里社区",
     .name_en = "Dongli Community",
     .kind = UNIT_COMMUNITY,
     .parent = "1101",
     .compounds = first,
     .n_compounds = 3},
    {.code = "110102",
     .name = "北里社区",
     .name_en = "Beili Community",
     .kind = UNIT_COMMUNITY,
     .parent = "1101",
     .compounds = second,
     .n_compounds = 1},
    {.code = "110103",
     .name = "旧里社区",
     .name_en = "Jiuli Community",
     .kind = UNIT_COMMUNITY,
     .parent = "1101",
     .ended = 20250101},
    {.code = "1102",
     .name = "杏坡街道",
     .name_en = "Xingpo Street",
     .kind = UNIT_STREET,
     .parent = "11"},
    {.code = "110201",
     .name = "杏坡社区",
     .name_en = "Xingpo Community",
     .kind = UNIT_COMMUNITY,
     .parent = "1102",
     .compounds = third,
     .n_compounds = 3}};
static const struct reference reference = {.units = units, .n_units = sizeof units / sizeof *units};

/* "STREET/COMMUNITY" of each candidate, with = before those that tie. */
static const char *places(struct arena *a, const char *text)
{
    const struct place_candidate *list;
    size_t n;
    const char *out = "";
    assert_int_equal(place_propose(&reference, text, false, a, &list, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++) {
        assert_true(*list[i].reason);
        out = arena_printf(a, "%s%s%s%s/%s", out, i ? " " : "", list[i].tie ? "=" : "",
                           list[i].street, list[i].community);
    }
    return out;
}

static void test_addresses(void **state)
{
    static const struct {
        const char *text, *want;
    } row[] = {
        {"东里小区3号楼漏水", "1101/110101"},
        {"家住幸福里街道东里小区",
         "1101/110101"}, /* the street confirms, it is no second candidate */
        {"幸福里街道门口", "1101/"},
        {"幸福里", "1101/"}, /* people leave the kind out */
        {"dongli community, gate 2", "1101/110101"},
        {"DONGLI  Community", "1101/110101"},
        {"東里", ""}, /* another character is another name */
        {"南里斜街平房区", "1101/110101"},
        {"1号院", "1101/110101"},    /* 一 is 1 */
        {"十一号院", "1102/110201"}, /* and 十一 is 11, not 1 */
        {"11号院", "1102/110201"},
        {"１１号院", "1102/110201"}, /* full width */
        {"211号院", ""},             /* part of a longer number */
        {"block 7", "1102/110201"},
        {"block 77", ""},
        {"阳光小区", "=1101/110102 =1102/110201"},       /* the same name twice: both are shown */
        {"杏坡街道阳光小区", "1102/110201 1101/110102"}, /* the street decides */
        {"杏坡", "=1102/ =1102/110201"}, /* short for the street as well as for the community */
        {"杏坡街道", "1102/"},
        {"旧里社区", ""}, /* has ended */
        {"", ""},
        {"不知道在哪里", ""},
        {"幸福里街道杏坡社区", "=1101/ =1102/110201"}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *got = places(&a, row[i].text);
        if (strcmp(got, row[i].want) != 0)
            print_message("%s: %s, wanted %s\n", row[i].text, got, row[i].want);
        assert_string_equal(got, row[i].want);
    }
    arena_release(&a);
}

static void test_fold(void **state)
{
    static const struct {
        const char *text, *want;
    } row[] = {{"二十三号", "23号"},
               {"十号", "10号"},
               {"二十号", "20号"},
               {"十二", "12"},
               {"二〇二六", "2026"},
               {" Ａ ｂ Ｃ ", "a b c"},
               {"东 里　小区", "东里小区"},
               {"a\xff"
                "b",
                "ab"}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(place_fold(&a, row[i].text), row[i].want);
    arena_release(&a);
}

/* Whatever was typed or stands in a name: an answer, never more. */
static void test_hostile(void **state)
{
    static const char *const piece[] = {"\x1b[2J", "\xe2\x80\xae", "\n",   "%s%n", "十",   "十十",
                                        "一",      "\xf0\x9f",     "东里", "小区", "街道", " ",
                                        "\"",      "\\",           "\xff", "１"};
    struct arena a;
    struct rng r;
    (void)state;
    arena_init(&a, 0);
    rng_seed(&r, 5);
    for (int round = 0; round < 3000; round++) {
        const char *text = "", *name = "";
        for (uint32_t n = rng_below(&r, 12); n > 0; n--)
            text =
                arena_printf(&a, "%s%s", text, piece[rng_below(&r, sizeof piece / sizeof *piece)]);
        for (uint32_t n = rng_below(&r, 4); n > 0; n--)
            name =
                arena_printf(&a, "%s%s", name, piece[rng_below(&r, sizeof piece / sizeof *piece)]);
        const char *const compounds[] = {name};
        const struct unit odd = {.code = name,
                                 .name = name,
                                 .name_en = name,
                                 .kind = round % 2 ? UNIT_STREET : UNIT_COMMUNITY,
                                 .parent = "11",
                                 .compounds = compounds,
                                 .n_compounds = 1};
        const struct reference one = {.units = &odd, .n_units = 1};
        const struct place_candidate *list;
        size_t n;
        assert_int_equal(place_propose(&one, text, true, &a, &list, &n, NULL), ST_OK);
        assert_true(n <= 1);
        assert_int_equal(place_propose(&reference, text, true, &a, &list, &n, NULL), ST_OK);
        if (round % 64 == 0)
            arena_reset(&a);
    }
    char *large = malloc(200001);
    assert_non_null(large);
    memset(large, 'a', 200000);
    large[200000] = '\0';
    assert_string_equal(places(&a, large), "");
    free(large);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_addresses),
                                       cmocka_unit_test(test_fold), cmocka_unit_test(test_hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
