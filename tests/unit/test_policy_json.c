/* The policy and the calendar that are shipped, and broken ones: the message names the place. */
#include "tests/unit/wire_random.h"

static void read_data(const char *name, struct buf *out)
{
    char path[4096], block[4096];
    const char *top = getenv("JIBAN_TOP_SRCDIR");
    (void)snprintf(path, sizeof path, "%s/data/%s", top ? top : ".", name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(out, block, n);
    assert_int_equal(ferror(f), 0);
    (void)fclose(f);
}

static void test_shipped_policy(void **state)
{
    (void)state;
    struct arena a;
    struct buf text;
    struct policy p;
    struct errmsg err = {""};
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    read_data("policy.json", &text);
    assert_int_equal(policy_decode(text.data, text.len, &a, &p, &err), ST_OK);
    assert_string_equal(p.label, "beijing-default/1");
    assert_int_equal(p.clock[CLOCK_SIGN][TIER_T2H].n, 15);
    assert_int_equal(p.clock[CLOCK_SIGN][TIER_T2H].unit, LIMIT_MINUTE);
    assert_int_equal(p.clock[CLOCK_HANDLE][TIER_T15D].n, 15);
    assert_int_equal(p.clock[CLOCK_HANDLE][TIER_T15D].unit, LIMIT_DAY);
    assert_int_equal(p.clock[CLOCK_RETURN][TIER_T7D].unit, LIMIT_WORKING_DAY);
    assert_int_equal(p.warn_mark[0], 50);
    assert_int_equal(p.warn_mark[3], 100);
    for (int m = WARN_NOTE; m < WARN_MARKS;
         m++) /* who has no policy yet goes by the shipped one's marks */
        assert_true(policy_warn_ms(&p, (enum warn_mark)m, 5000, 9000) ==
                    policy_warn_ms(NULL, (enum warn_mark)m, 5000, 9000));
    assert_int_equal(policy_warn_ms(&p, WARN_AMBER, 5000, 9000), 8000);
    p.warn_mark[WARN_AMBER] = 80;
    assert_int_equal(policy_warn_ms(&p, WARN_AMBER, 5000, 9000), 8200);
    assert_int_equal(policy_warn_ms(&p, WARN_AMBER, 9000, 9000), 9000);
    assert_true(p.n_checks > 0);
    assert_int_equal(p.score.w_r + p.score.w_s + p.score.w_m, 1000);
    assert_int_equal(p.score.w_s, 500);
    assert_int_equal(p.score.basic_value, 900);
    assert_false(p.score.final_rating || p.score.mean);
    assert_int_equal(p.score.decimals, 1);
    assert_int_equal(p.score.n_types, 7);
    assert_int_equal(p.score.n_outside, 3);
    assert_int_equal(p.score.hung_rates, RATE_R);
    assert_int_equal(p.score.excluded_rates, RATE_R);
    assert_int_equal(p.score.n_exclusions, 0);
    assert_int_equal(p.score.month_start_day, 19);
    assert_int_equal(p.score.day_cut_min, 720);
    assert_int_equal(p.score.n_grades, 4);
    assert_int_equal(p.score.class_size, 10);
    assert_true(p.score.govern_by_density && p.score.govern_by_total);
    assert_true(p.score.show_rank && p.score.show_grade);
    assert_true(p.reply_max >= p.reply_min);
    assert_int_equal(p.repeat_window_ms, 90 * (int64_t)MS_DAY);
    assert_int_equal(p.retain_closed_ms, 180 * (int64_t)MS_DAY);
    assert_int_equal(p.repeat_calls, 3);
    assert_int_equal(p.cluster_claimants, 3);
    assert_int_equal(p.cluster_window_ms, 7 * (int64_t)MS_DAY);
    assert_int_equal(p.n_risk_words, 15);
    assert_int_equal(p.n_risk_categories, 2);
    assert_int_equal(p.n_repeat_hints, 9);
    buf_release(&text);
    arena_release(&a);
}

static void test_shipped_calendar(void **state)
{
    (void)state;
    struct buf text;
    struct calendar c;
    struct errmsg err = {""};
    bool working = true;
    buf_init(&text, TEST_CEILING);
    read_data("calendar.json", &text);
    assert_int_equal(calendar_decode(text.data, text.len, &c, &err), ST_OK);
    assert_int_equal(calendar_is_working(&c, 2019, 10, 1, &working, NULL), ST_OK);
    assert_false(working);
    assert_int_equal(calendar_is_working(&c, 2019, 10, 12, &working, NULL), ST_OK);
    assert_true(working); /* a Saturday that was worked */
    assert_int_equal(calendar_is_working(&c, 2019, 10, 13, &working, NULL), ST_OK);
    assert_false(working); /* a plain Sunday */
    assert_int_equal(calendar_is_working(&c, 2050, 1, 3, &working, NULL), ST_NOT_FOUND);
    buf_release(&text);
}

static void test_exclusion_with_an_effect_of_its_own(void **state)
{
    (void)state;
    struct arena a;
    struct buf text, changed;
    struct policy p;
    struct errmsg err = {""};
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    buf_init(&changed, TEST_CEILING);
    read_data("policy.json", &text);
    replaced(&changed, text.data, "{\"code\": \"X9\",",
             "{\"code\": \"X9\", \"effect\": \"drop_all\",");
    if (policy_decode(changed.data, changed.len, &a, &p, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(p.score.n_exclusions, 1);
    assert_string_equal(p.score.exclusion[0].word, "X9");
    assert_int_equal(p.score.exclusion[0].rates, 0);
    buf_release(&changed);
    buf_release(&text);
    arena_release(&a);
}

static void test_broken_policy_names_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *place;
    } row[] = {
        {"\"version\": 1", "\"version\": 0", "policy.version"},
        {"\"policy\": \"beijing-default\"", "\"policy\": \"\"", "policy.policy"},
        {"\"T2H\": \"15 minute\"", "\"T2H\": \"15 moons\"", "policy.clocks.sign.T2H"},
        {"\"T7D\": \"2 hour\"", "\"T7X\": \"2 hour\"", "policy.clocks.sign.T7D"},
        {"\"T24H\": \"2 hour\"", "\"T24H\": 2", "policy.clocks.dispatch.T24H"},
        {"\"day_rule\"", "\"day_roule\"", "policy.day_rule"},
        {"\"w_R\": 100", "\"w_R\": 99", "policy.score.w_R"},
        {"\"rating\": \"first\"", "\"rating\": \"best\"", "policy.score.rating"},
        {"\"rounding\": \"half_up\"", "\"rounding\": \"up\"", "policy.score.rounding"},
        {"\"consult\": \"R\"", "\"consult\": \"SM\"", "policy.score.scope.types.consult"},
        {"\"1904\": \"R\"", "\"1904\": 1", "policy.score.scope.categories.1904"},
        {"\"channels_outside\": [\"grid\"", "\"channels_outside\": [1",
         "policy.score.scope.channels_outside"},
        {"\"score_mode\": \"R\"", "\"score_mode\": \"X\"", "policy.hang.score_mode"},
        {"\"effect\": \"drop_SM_keep_R\"", "\"effect\": \"drop\"", "policy.exclusion.effect"},
        {"{\"code\": \"X2\",", "{\"code\": 2,", "policy.exclusion.classes.1"},
        {"{\"code\": \"X2\",", "{\"code\": \"X2\", \"effect\": \"all\",",
         "policy.exclusion.classes.1"},
        {"\"month_start_day\": 19", "\"month_start_day\": 29", "policy.period.month_start_day"},
        {"\"day_cut\": \"12:00\"", "\"day_cut\": \"noon\"", "policy.period.day_cut"},
        {"\"tie\": \"equal\"", "\"tie\": \"lot\"", "policy.rank.tie"},
        {"\"display\": \"both\"", "\"display\": \"none\"", "policy.rank.display"},
        {"\"from\": 85", "\"from\": 91", "policy.rank.grades"},
        {"\"total\"], \"mark\"", "\"sum\"], \"mark\"", "policy.classes.govern_by"},
        {"\"window\": \"90 day\"", "\"window\": \"9 working_day\"", "policy.repeat.window"},
        {"\"calls\": 3", "\"calls\": -1", "policy.repeat.calls"},
        {"\"claimants\": 3", "\"claimants\": 1", "policy.cluster.claimants"},
        {"\"window\": \"7 day\"", "\"window\": 7", "policy.cluster.window"},
        {"\"level1\": [\"21\"", "\"level1\": [21", "policy.risk.level1"},
        {"\"zone\"", "\"policy\": \"again\", \"zone\"", "policy: line"}};
    struct arena a;
    struct buf text, broken;
    struct policy p = {.version = 77};
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    buf_init(&broken, TEST_CEILING);
    read_data("policy.json", &text);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct errmsg err = {""};
        replaced(&broken, text.data, row[i].from, row[i].to);
        assert_int_equal(policy_decode(broken.data, broken.len, &a, &p, &err), ST_INVALID);
        if (strncmp(err.text, row[i].place, strlen(row[i].place)) != 0)
            print_message("%s: %s\n", row[i].to, err.text);
        assert_true(strncmp(err.text, row[i].place, strlen(row[i].place)) == 0);
        assert_int_equal(p.version, 77);
    }
    buf_clear(&broken);
    put_deep(&broken, 33, strchr(text.data, '{') + 1);
    assert_int_equal(policy_decode(broken.data, broken.len, &a, &p, NULL), ST_TOOBIG);
    buf_release(&text);
    buf_release(&broken);
    arena_release(&a);
}

/* At each byte of the first part and around every 97th later: the document is long. */
static void test_truncated_documents(void **state)
{
    (void)state;
    static const char *const name[] = {"policy.json", "calendar.json"};
    for (int i = 0; i < 2; i++) {
        struct arena a;
        struct buf text;
        struct policy p;
        struct calendar c;
        arena_init(&a, 0);
        buf_init(&text, TEST_CEILING);
        read_data(name[i], &text);
        size_t end = text.len;
        while (end > 0 && text.data[end - 1] != '}')
            end--;
        for (size_t n = 0; n < end; n += n < 300 ? 1 : 97) {
            char *copy = exact_copy(text.data, n);
            assert_int_equal(i == 0 ? policy_decode(copy, n, &a, &p, NULL)
                                    : calendar_decode(copy, n, &c, NULL),
                             ST_INVALID);
            free(copy);
            arena_reset(&a);
        }
        buf_release(&text);
        arena_release(&a);
    }
}

static void test_broken_calendar_names_the_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place;
    } row[] = {{"{}", "calendar.years: missing"},
               {"{\"years\":{\"26\":{}}}", "calendar.years.26"},
               {"{\"years\":{\"1999\":{}}}", "calendar.years.1999"},
               {"{\"years\":{\"2026\":{\"work\":[]}}}", "calendar.years.2026.off"},
               {"{\"years\":{\"2026\":{\"off\":[\"2026-02-30\"],\"work\":[]}}}",
                "calendar.years.2026.off[0]"},
               {"{\"years\":{\"2026\":{\"off\":[],\"work\":[\"2026-02-14\",7]}}}",
                "calendar.years.2026.work[1]"},
               {"{\"years\":{},\"working_hours\":[\"12:00-09:00\"]}", "calendar.working_hours[0]"},
               {"{\"years\":{},\"working_hours\":[\"09:00-12:00\",\"11:00-18:00\"]}",
                "calendar.working_hours[1]"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct calendar c;
        struct errmsg err = {""};
        assert_int_equal(calendar_decode(row[i].text, strlen(row[i].text), &c, &err), ST_INVALID);
        if (strncmp(err.text, row[i].place, strlen(row[i].place)) != 0)
            print_message("%s: %s\n", row[i].text, err.text);
        assert_true(strncmp(err.text, row[i].place, strlen(row[i].place)) == 0);
    }
}

/* Places of all faults, a line each. */
static void places(const struct faults *f, struct buf *out)
{
    buf_clear(out);
    for (const struct fault_entry *one = f->first; one; one = one->next)
        buf_printf(out, "%s\n", one->place);
}

static void test_all_faults_are_listed(void **state)
{
    (void)state;
    static const char calendar[] =
        "{\"years\":{\"2026\":{\"off\":[\"2026-02-30\",5],\"work\":[]},\"20xx\":{},\"2027\":3},"
        "\"working_hours\":[\"12:00-09:00\",\"09:00-12:00\",\"10:00-11:00\"]}";
    struct arena a;
    struct buf text, changed, got;
    struct faults f;
    struct policy p;
    struct calendar c;
    arena_init(&a, 0);
    buf_init(&text, TEST_CEILING);
    buf_init(&changed, TEST_CEILING);
    buf_init(&got, TEST_CEILING);
    faults_init(&f, &a);
    calendar_read(calendar, sizeof calendar - 1, &c, &f);
    places(&f, &got);
    assert_string_equal(got.data, "calendar.years.2026.off[0]\ncalendar.years.2026.off[1]\n"
                                  "calendar.years.20xx\ncalendar.years.2027\n"
                                  "calendar.working_hours[0]\ncalendar.working_hours[2]\n");
    read_data("policy.json", &text);
    replaced(&changed, text.data, "\"day_rule\": \"", "\"day_rule\": \"x");
    buf_clear(&text);
    buf_add(&text, changed.data, changed.len);
    replaced(&changed, text.data, "\"drop_SM_keep_R\"", "\"drop_none\"");
    faults_init(&f, &a);
    policy_read(changed.data, changed.len, &p, &f);
    places(&f, &got);
    assert_string_equal(got.data, "policy.day_rule\npolicy.exclusion.effect\n");
    faults_init(&f, &a);
    policy_read("{}", 2, &p, &f);
    places(&f, &got);
    assert_true(f.errors > 90); /* all clocks by tier alone are that many */
    assert_non_null(strstr(got.data, "policy.clocks.sign.T2H\n"));
    assert_non_null(strstr(got.data, "policy.reply.length.max\n"));
    buf_release(&text);
    buf_release(&changed);
    buf_release(&got);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_shipped_policy),
                                       cmocka_unit_test(test_shipped_calendar),
                                       cmocka_unit_test(test_exclusion_with_an_effect_of_its_own),
                                       cmocka_unit_test(test_broken_policy_names_the_place),
                                       cmocka_unit_test(test_truncated_documents),
                                       cmocka_unit_test(test_broken_calendar_names_the_place),
                                       cmocka_unit_test(test_all_faults_are_listed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
