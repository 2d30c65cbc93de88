/* The filter language: what it understands, where it says that something is wrong, what it offers. */
#include "core/store/filter.h"
#include "core/store/store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const int64_t now = 1795000000000; /* 2026-11-18 19:06:40 +08:00 */

static const char *const compounds[] = {"东里小区"};
static const struct unit units[] = {
    {.code = "1101", .name = "幸福街道", .name_en = "Xingfu Street", .kind = UNIT_STREET},
    {.code = "110101",
     .name = "东里社区",
     .name_en = "Dongli",
     .kind = UNIT_COMMUNITY,
     .compounds = compounds,
     .n_compounds = 1},
    {.code = "110102", .name = "南里社区", .name_en = "Nanli"}};
static const struct person people[] = {{.user = "li.na", .name = "李娜", .name_en = "Li Na"},
                                       {.user = "wang", .name = "王强", .name_en = "Wang Qiang"}};
static const struct category categories[] = {
    {"0101", "供暖", "Heating", "暖气不热", "Radiator cold", TIER_T24H},
    {"0102", "供暖", "Heating", "漏水", "Leak", TIER_T24H},
    {"0201", "噪声", "Noise", "施工", "Building site", TIER_T24H}};
static const struct reference reference = {.units = units,
                                           .n_units = 3,
                                           .people = people,
                                           .n_people = 2,
                                           .categories = categories,
                                           .n_categories = 3};
static const struct filter_context context = {
    .reference = &reference, .user = "wang", .unit = "1101", .role = ROLE_DESK, .now_ms = now};

/* The tree as a text, so that a row of a table can say it. */
static void write_node(struct buf *out, const struct filter_node *n)
{
    static const char *const open[] = {"(and", "(or", "(not"};
    if (n->kind != FILTER_TERM) {
        buf_puts(out, open[n->kind]);
        for (const struct filter_node *part = n->part; part; part = part->next) {
            buf_putc(out, ' ');
            write_node(out, part);
        }
        buf_putc(out, ')');
        return;
    }
    buf_puts(out, filter_table[n->key].word);
    for (size_t i = 0; i < n->n_texts; i++)
        buf_printf(out, "%c%s", i ? ',' : '=', n->text[i]);
    if (n->bits)
        buf_printf(out, "#%x", n->bits);
    if (n->low != INT64_MIN)
        buf_printf(
            out, ">=%lld",
            (long long)(filter_table[n->key].kind == FILTER_KIND_NUMBER ? n->low : n->low - now));
    if (n->high != INT64_MAX)
        buf_printf(
            out, "<=%lld",
            (long long)(filter_table[n->key].kind == FILTER_KIND_NUMBER ? n->high : n->high - now));
}

static void test_trees(void **state)
{
    static const struct {
        const char *text, *tree;
    } row[] = {
        {"", ""},
        {"   ", ""},
        {"heat", "text=heat"},
        {"heat cold", "(and text=heat text=cold)"},
        {"heat or cold warm", "(or text=heat (and text=cold text=warm))"},
        {"-assigned heat", "(and (not assigned) text=heat)"},
        {"not (a | b)", "(not (or text=a text=b))"},
        {"\"no heat\" x", "(and text=no heat text=x)"},
        {"text:assigned", "text=assigned"},
        {"\"due<4h\"", "text=due<4h"},
        {"state:inhand", "state#230"},
        {"state:sent,hung", "state#404"},
        {"state:SENT state:hung heat", "(and (or state#400 state#4) text=heat)"},
        {"(state:sent)(overdue)", "(and state#4 overdue)"},
        {"category:供暖", "category=0101,0102"},
        {"category：漏水", "category=0102"}, /* the input method is still on */
        {"category:noise", "category=0201"},
        {"category:01", "category=01"},
        {"community:东里", "community=110101"},
        {"community:nanli,110101", "community=110102,110101"},
        {"community:東裡,nlsq", "community=110101,110102"}, /* another way of writing, and pinyin */
        {"category:gn", "category=0101,0102"},
        {"handler:ln", "handler=li.na,ln"},
        {"handler:li", "handler=li.na"},
        {"handler:me", "handler=wang"},
        {"handler:李", "handler=li.na"},
        {"handler:gone.away", "handler=gone.away"},
        {"due<4h", "due<=14399999"},
        {"due<=4h", "due<=14400000"},
        {"due:4h", "due<=14400000"},
        {"due>-2h", "due>=-7199999"},
        {"due:0h..2h", "due>=0<=7200000"},
        {"due:today", "due>=-68800000<=17599999"},
        {"due:2026-11-19", "due>=17600000<=103999999"},
        {"created>=2026-11-19", "created>=17600000"},
        {"created<2026-11-19", "created<=17599999"},
        {"age>1d", "age<=-86400001"},
        {"age<=1d", "age>=-86400000"},
        {"age:1d..2d", "age>=-172800000<=-86400000"},
        {"repeats>=2", "repeats>=2"},
        {"repeats:1..3", "repeats>=1<=3"},
        {"calls>1", "calls>=2"},
        {"phone:5678", "phone=5678"},
        {"number:2608-10233", "number=260810233"},
        {"building:３号楼", "building=3号楼"},
        {"object:whistle,sub", "object#c"},
        {"late:any", "late"},
        {"view:in_hand heat", "(and view text=heat)"},
        {"Ｈｅａｔ", "text=heat"},
        {"a and b", "(and text=a text=b)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct arena a;
        struct buf out;
        struct errmsg err = {""};
        struct filter_node *tree = NULL;
        arena_init(&a, 0);
        buf_init(&out, 1 << 16);
        if (filter_parse(row[i].text, &context, &a, &tree, NULL, &err) != ST_OK)
            fail_msg("%s: %s", row[i].text, err.text);
        if (tree)
            write_node(&out, tree);
        if (strcmp(out.len ? out.data : "", row[i].tree) != 0)
            fail_msg("%s: %s, not %s", row[i].text, out.data, row[i].tree);
        buf_release(&out);
        arena_release(&a);
    }
}

static void test_errors_name_their_place(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } row[] = {{"heat state:SENTT", 5},
               {"due<4", 0},
               {"x due<h", 2},
               {"heat view:none", 5},
               {"text:", 0},
               {"handler:", 0},
               {"x (y", 2},
               {"x y)", 3},
               {"()", 0},
               {"a or", 2},
               {"or a", 0},
               {"-", 0},
               {"x not", 2},
               {"no_such:word", 0},
               {"category:sausage", 0},
               {"community:nowhere", 0},
               {"phone:567", 0},
               {"phone:56a8", 0},
               {"repeats>two", 0},
               {"state>sent", 0},
               {"channel:smoke", 0},
               {"object:none", 0},
               {"-(x view:in_hand)", 4},
               {"view:in_hand or x", 0},
               {"-view:in_hand", 0},
               {"view:precheck", 0}, /* not a view of desks */
               {"((((((((((((((((((x))))))))))))))))))", 16},
               {"1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3", 64}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct arena a;
        struct errmsg err = {""};
        struct filter_node *tree = NULL;
        size_t at = 999;
        arena_init(&a, 0);
        if (strcmp(row[i].text, "-") == 0) { /* a dash alone is a text without a word */
            arena_release(&a);
            continue;
        }
        if (filter_parse(row[i].text, &context, &a, &tree, &at, &err) != ST_INVALID)
            fail_msg("%s is understood", row[i].text);
        if (at != row[i].at || !err.text[0])
            fail_msg("%s: at %zu, not %zu: %s", row[i].text, at, row[i].at, err.text);
        arena_release(&a);
    }
}

static bool offers(const char *typed, const char *word, size_t from)
{
    struct arena a;
    const struct filter_choice *list;
    size_t n, at;
    bool found = false;
    arena_init(&a, 0);
    assert_int_equal(filter_complete(typed, strlen(typed), &context, &a, &list, &n, &at, NULL),
                     ST_OK);
    for (size_t i = 0; i < n; i++)
        found = found || strcmp(list[i].word, word) == 0;
    if (found)
        assert_int_equal(at, from);
    arena_release(&a);
    return found;
}

static void test_completion(void **state)
{
    (void)state;
    assert_true(offers("", "state:", 0));
    assert_true(offers("", "overdue", 0));
    assert_true(offers("heat -as", "assigned", 6));
    assert_true(offers("heat (st", "state:", 6));
    assert_true(offers("state:in", "inhand", 6));
    assert_true(offers("state:sent,hu", "HUNG", 11));
    assert_true(offers("community:东", "110101", 10));
    assert_true(offers("community:dong", "110101", 10));
    assert_true(offers("handler:", "me", 8));
    assert_true(offers("handler:", "wang", 8));
    assert_true(offers("community:dlsq", "110101", 10));
    assert_true(offers("community:東里", "110101", 10));
    assert_true(offers("x dlsq", "community:110101", 2));
    assert_true(offers("xfjd", "community:1101", 0));
    assert_true(offers("dlxq", "东里小区", 0));
    assert_true(offers("wq", "handler:wang", 0));
    assert_true(offers("nqbr", "category:0101", 0));
    assert_false(
        offers("lsq", "community:110101", 0)); /* from the beginning alone: it is a text as well */
    assert_false(offers("d", "community:110101", 0));
    assert_true(offers("view:in_", "in_hand", 5));
    assert_true(offers("due", "due<", 0));
    assert_false(offers("community:东", "110102", 10));
    assert_false(offers("view:", "precheck", 5));
}

/* Whole codes as names; what is a part of a name, or no code, as it was typed. */
static void test_shown(void **state)
{
    static const struct {
        const char *text, *shown;
    } row[] = {
        {"", ""},
        {"heat community:110101", "heat Community=Dongli"},
        {"category:0101,0201 due<4h", "Category=Radiator cold, Building site due<4h"},
        {"(-state:SENT or handler:me) wrong", "(-State=to sign or Handler=oneself) what is wrong"},
        {"state:inhand category:heating", "state:inhand category:heating"},
        {"category:0101,heat", "category:0101,heat"},
        {"\"community:110101 x\" wrongly", "\"community:110101 x\" wrongly"},
        {"colour:red 2603-00411", "colour:red 2603-00411"}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        assert_string_equal(filter_shown(row[i].text, &reference, false, &a), row[i].shown);
    assert_string_equal(filter_shown("community:110101", &reference, true, &a),
                        "Community=东里社区");
    assert_string_equal(filter_shown("community:110101", NULL, true, &a), "community:110101");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees), cmocka_unit_test(test_errors_name_their_place),
        cmocka_unit_test(test_completion), cmocka_unit_test(test_shown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
