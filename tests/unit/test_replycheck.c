/* The checklist of the reply (domain.md 4.5): words, switches, length in characters. */
#include "tests/unit/policy_fixture.h"

static struct policy checklist(void)
{
    struct policy p;
    memset(&p, 0, sizeof p);
    p.n_checks = 4;
    p.check[0] = (struct check_item){
        .id = "address", .required = true, .on = true, .hints = {"您好", "同志"}, .n_hints = 2};
    p.check[1] = (struct check_item){.id = "inner",
                                     .required = true,
                                     .on = true,
                                     .hints = {"考核"},
                                     .n_hints = 1,
                                     .forbid = true};
    p.check[2] = (struct check_item){.id = "person", .required = true, .on = true};
    p.check[3] = (struct check_item){.id = "law", .on = true, .hints = {"条例"}, .n_hints = 1};
    p.reply_min = 4;
    p.reply_max = 8;
    return p;
}

static void words_switches_length(void **state)
{
    (void)state;
    struct policy p = checklist();
    bool met[POLICY_CHECKLIST_MAX], ok = false;
    assert_true(reply_check(&p, "您好已修", met, &ok)); /* four characters, twelve bytes */
    assert_true(ok && met[0] && met[1] && met[2] && !met[3]);
    assert_false(reply_check(&p, "已经修好", met, &ok));
    assert_true(ok && !met[0]);
    assert_false(reply_check(&p, "您好考核了", met, &ok));
    assert_true(ok && !met[1]);
    assert_false(reply_check(&p, "您好修", met, &ok));
    assert_true(!ok && met[0]);
    assert_true(reply_check(&p, "您好一二三四五六", met, &ok));
    assert_false(reply_check(&p, "您好一二三四五六七", met, &ok));
    assert_false(ok);
    assert_false(reply_check(&p, NULL, met, &ok));
    p.check[0].on = false; /* switched off: not asked for */
    assert_true(reply_check(&p, "已经修好", met, NULL));
    p.check[3].required = true;
    assert_false(reply_check(&p, "已经修好", met, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_switches_length)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
