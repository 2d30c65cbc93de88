/* Similar cases: the score and its reasons, and which of the cache are found. */
#include "core/store/similar.h"
#include "tests/unit/store_kit.h"

static const struct category categories[] = {
    {"0101", "供暖", "Heating", "暖气不热", "Radiator cold", TIER_T24H},
    {"0102", "供暖", "Heating", "漏水", "Leak", TIER_T24H},
    {"0201", "噪声", "Noise", "施工", "Building site", TIER_T24H}};
static const struct reference reference = {.categories = categories, .n_categories = 3};

struct said {
    const char *claimant, *phone, *community, *point, *category, *title, *secret, *number, *alike;
};

static struct casefile case_of(const struct said *s, struct arena *a)
{
    struct casefile c;
    struct uuid id = {{1}};
    casefile_init(&c, &id, a);
    const char *const text[] = {s->claimant, s->phone,  s->community, s->point, s->category,
                                s->title,    s->secret, s->number,    s->alike};
    static const enum field field[] = {FIELD_CLAIMANT, FIELD_PHONE,    FIELD_COMMUNITY,
                                       FIELD_POINT,    FIELD_CATEGORY, FIELD_TITLE,
                                       FIELD_SECRET,   FIELD_NUMBER,   FIELD_ALIKE};
    for (size_t i = 0; i < sizeof field / sizeof *field; i++)
        c.value[field[i]] = text[i] ? text[i] : "";
    return c;
}

#define BY(x) (1u << SIMILAR_##x)

static void test_score(void **state)
{
    static const struct said mine = {.claimant = "张三",
                                     .phone = "13812345678",
                                     .community = "110101",
                                     .point = "东里3号楼2单元",
                                     .category = "0101",
                                     .title = "暖气不热家有老人",
                                     .alike = "BJ7 BJ8"};
    static const struct {
        struct said other;
        uint32_t reasons;
        int percent;
    } row[] = {
        {{.phone = "138 1234 5678"}, BY(CLAIMANT), 30},
        {{.phone = "13800000000", .claimant = "张三"}, 0, 0}, /* a name is many people's */
        {{.phone = "13812345678", .secret = "yes"}, 0, 0},
        {{.community = "110101", .point = "东里3号楼501"}, BY(BUILDING), 25},
        {{.community = "110101", .point = "东里13号楼"}, BY(COMMUNITY), 10},
        {{.community = "110102", .point = "东里3号楼"}, 0, 0},
        {{.category = "0101"}, BY(CATEGORY), 20},
        {{.category = "0102"}, BY(KIND), 8},
        {{.category = "0201"}, 0, 0},
        {{.title = "暖气不热家有老人"}, BY(WORDS), 25},
        {{.title = "家里暖气"}, 0, 0},              /* one pair in common */
        {{.title = "楼里暖气不热"}, BY(WORDS), 12}, /* 3 of 7 and 5 pairs: 2 * 3 / 12 = 50 % */
        {{.number = "BJ8"}, BY(CENTRE), 95},
        {{.number = "BJ"}, 0, 0},
        {{.phone = "13812345678",
          .community = "110101",
          .point = "东里3号楼",
          .category = "0101",
          .title = "暖气不热家有老人"},
         BY(CLAIMANT) | BY(BUILDING) | BY(CATEGORY) | BY(WORDS),
         100},
    };
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct casefile c = case_of(&mine, &a);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct casefile other = case_of(&row[i].other, &a);
        struct similarity s = similar_to(&c, &other, &reference, &a);
        if (s.reasons != row[i].reasons || s.percent != row[i].percent)
            fail_msg("row %zu: %d%% by %x, not %d%% by %x", i, s.percent, s.reasons, row[i].percent,
                     row[i].reasons);
    }
    arena_release(&a);
}

static void add(struct kit *k, int n, const char *title, const char *community, const char *point,
                const char *phone)
{
    struct kit_case c = {.n = n,
                         .version = 2,
                         .state = STATE_CLOSED,
                         .due_ms = TIME_NONE,
                         .title = title,
                         .community = community,
                         .point = point,
                         .phone = phone};
    bool gap;
    assert_int_equal(kit_add(k, &c, &gap), ST_OK);
}

static void test_found_in_the_cache(void **state)
{
    struct kit k;
    struct similar_case *row;
    size_t n;
    bool left = true;
    struct uuid id = kit_id('c', 1);
    (void)state;
    kit_begin(&k);
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    add(&k, 1, "暖气不热家有老人", "110101", "东里3号楼2单元", "13812345678");
    add(&k, 2, "路灯不亮", "120101", "西街", "13812345678");      /* the claimant, the category */
    add(&k, 3, "楼道灯坏", "110101", "东里3号楼", "13900000000"); /* the building */
    add(&k, 4, "暖气不热家有老人", "110101", "东里9号楼",
        "13700000000");                                        /* the problem in the community */
    add(&k, 200, "完全不同的话", "110101", "东里9号楼", NULL); /* place and category alone: 30 % */
    for (int i = 5; i < 200; i++)
        add(&k, i, "井盖响", "130101", "南街", NULL);
    assert_int_equal(store_changes_commit(k.store, "E-1", NULL), ST_OK);
    while (left)
        assert_int_equal(store_index_step(k.store, 100, &left, NULL), ST_OK);
    assert_int_equal(store_similar(k.store, &id, 10, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 4);
    struct uuid want[4] = {kit_id('c', 4), kit_id('c', 2), kit_id('c', 3), kit_id('c', 200)};
    for (size_t i = 0; i < n; i++) {
        if (uuid_compare(&row[i].id, &want[i]) != 0)
            fail_msg("place %zu: %s with %d%%", i, row[i].number, row[i].like.percent);
        assert_true(i == 0 || row[i].like.percent <= row[i - 1].like.percent);
    }
    id = kit_id('c', 999);
    assert_int_equal(store_similar(k.store, &id, 10, &k.arena, &row, &n, NULL), ST_NOT_FOUND);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_score),
                                       cmocka_unit_test(test_found_in_the_cache)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
