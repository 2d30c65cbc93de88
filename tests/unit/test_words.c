/* Words of the policy's lists in a text: where they stand, whole ones, the longest; the shipped lists are read. */
#include "core/case/words.h"
#include "core/base/paths.h"
#include "core/wire/codec.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 8 };

static struct policy lists(void)
{
    struct policy p;
    memset(&p, 0, sizeof p);
    p.word[WORD_PROMISE][0] = "保证";
    p.word[WORD_PROMISE][1] = "promise";
    p.word[WORD_PROMISE][2] = "as soon as possible";
    p.word[WORD_RUDE][0] = "闭嘴";
    p.word[WORD_RUDE][1] = "保证书";
    p.n_words[WORD_PROMISE] = 3;
    p.n_words[WORD_RUDE] = 2;
    return p;
}

static void finds(const char *text, size_t wanted, enum word_list list, const char *first)
{
    struct policy p = lists();
    struct word_hit hit[MOST];
    size_t n = words_find(&p, text, strlen(text), hit, MOST);
    if (n != wanted)
        fail_msg("%zu words in \"%s\", wanted %zu", n, text, wanted);
    if (n == 0)
        return;
    assert_int_equal(hit[0].list, list);
    assert_int_equal(hit[0].len, strlen(first));
    assert_memory_equal(text + hit[0].at, first, hit[0].len);
}

static void words_stand_where_they_stand(void **state)
{
    (void)state;
    finds("", 0, WORD_PROMISE, "");
    finds("明天一早修好", 0, WORD_PROMISE, "");
    finds("我们保证明天修好，保证", 2, WORD_PROMISE, "保证");
    finds("交了保证书", 1, WORD_RUDE, "保证书"); /* the longer one */
    finds("We Promise it.", 1, WORD_PROMISE, "Promise");
    finds("compromised, promises", 0, WORD_PROMISE, "");
    finds("(promise)我们promise。", 2, WORD_PROMISE, "promise");
    finds("as soon as possible", 1, WORD_PROMISE, "as soon as possible");
    finds("as soon as possi", 0, WORD_PROMISE, "");
    finds("\xE4\xBF", 0, WORD_PROMISE, ""); /* a character that is cut off */
}

static void no_more_than_there_is_room_for(void **state)
{
    struct policy p = lists();
    struct word_hit hit[2];
    (void)state;
    assert_int_equal(words_find(&p, "闭嘴闭嘴闭嘴", strlen("闭嘴闭嘴闭嘴"), hit, 2), 2);
    assert_int_equal(words_find(&p, "闭嘴", strlen("闭嘴"), hit, 0), 0);
    assert_int_equal(words_find(&p, "闭嘴", 4, hit, 2), 0); /* beyond the end */
}

static void the_shipped_policy_has_all_lists(void **state)
{
    struct arena a;
    struct policy p;
    struct errmsg err = {{0}};
    char path[4200], *text = NULL;
    size_t n = 0;
    (void)state;
    snprintf(path, sizeof path, "%.4000s/data/policy.json", getenv("JIBAN_TOP_SRCDIR"));
    assert_int_equal(file_read(path, 1 << 20, &text, &n, &err), ST_OK);
    arena_init(&a, 0);
    if (policy_decode(text, n, &a, &p, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (int i = 0; i < WORD_LISTS; i++)
        assert_true(p.n_words[i] > 0);
    struct word_hit hit[MOST];
    const char *reply = "我们一定办好。";
    assert_int_equal(words_find(&p, reply, strlen(reply), hit, MOST), 1);
    assert_int_equal(hit[0].list, WORD_PROMISE);
    arena_release(&a);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_stand_where_they_stand),
                                       cmocka_unit_test(no_more_than_there_is_room_for),
                                       cmocka_unit_test(the_shipped_policy_has_all_lists)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
