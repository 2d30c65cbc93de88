/*
 * The category by the words of earlier orders: which, by how many cases and why; none without a sign; and how often it is
 * right on the labelled messages of ../shared/data, of which a fifth at a time is held out.
 */
#include "core/wire/json.h"

#include "core/store/guess.h"
#include "tests/unit/store_kit.h"
#include <time.h>

enum { MESSAGES = 600, LINE = 1 << 20, FOLDS = 5 };

static void add(struct kit *k, int n, const char *category, const char *title, const char *content)
{
    struct kit_case c = {.n = n,
                         .version = 1,
                         .state = STATE_SENT,
                         .due_ms = k->now,
                         .category = category,
                         .title = title,
                         .content = content,
                         .community = "110101"};
    bool gap;
    assert_int_equal(kit_add(k, &c, &gap), ST_OK);
}

static void fill(struct kit *k)
{
    assert_int_equal(store_meta_set(k->store, "cursor", "E-0", NULL), ST_OK);
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
}

static void filled(struct kit *k)
{
    bool left = true;
    assert_int_equal(store_changes_commit(k->store, "E-1", NULL), ST_OK);
    while (left)
        assert_int_equal(store_index_step(k->store, 100, &left, NULL), ST_OK);
}

static void by_words(void **state)
{
    struct kit k;
    struct category_guess g[GUESS_MOST];
    size_t n = 9;
    (void)state;
    kit_begin(&k);
    fill(&k);
    for (int i = 0; i < 12; i++) {
        add(&k, 1 + i, "0101", "家里暖气不热", "室温很低");
        add(&k, 21 + i, "0201", "夜间施工噪声", "吵得睡不着");
        add(&k, 41 + i, "0301", "路灯不亮", "家里没事");
    }
    filled(&k);
    assert_int_equal(store_guess_category(k.store, "暖氣不熱，求助", &k.arena, g, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_string_equal(g[0].code, "0101");
    assert_true(g[0].percent > 90 && g[0].cases == 12);
    assert_string_equal(g[0].why, "暖气不热"); /* of 暖气, 气不 and 不热 */
    /* what only begins a word is left out: of 气不 and 暖气 the second one remains */
    assert_int_equal(store_guess_category(k.store, "室温很低，暖气不行", &k.arena, g, &n, NULL),
                     ST_OK);
    assert_string_equal(g[0].code, "0101");
    assert_string_equal(g[0].why, "室温很低, 暖气");
    assert_int_equal(store_guess_category(k.store, "室温很低，气不顺", &k.arena, g, &n, NULL),
                     ST_OK);
    assert_string_equal(g[0].why, "室温很低");
    /* both are signs: two are offered */
    assert_int_equal(store_guess_category(k.store, "夜间施工，暖气停了", &k.arena, g, &n, NULL),
                     ST_OK);
    assert_int_equal(n, 2);
    assert_string_equal(g[0].code, "0201");
    assert_string_equal(g[1].code, "0101");
    assert_true(g[0].percent + g[1].percent <= 100);
    assert_string_equal(g[1].why, "暖气");
    /* pairs that overlap, and what stands before them at a place of its own */
    assert_int_equal(store_guess_category(k.store, "吵得睡不着觉", &k.arena, g, &n, NULL), ST_OK);
    assert_string_equal(g[0].code, "0201");
    assert_string_equal(g[0].why, "吵得睡不着");
    /* nothing is known of it */
    assert_int_equal(store_guess_category(k.store, "咨询医保报销", &k.arena, g, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    assert_int_equal(store_guess_category(k.store, "", &k.arena, g, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    kit_end(&k);
}

/* --- how often it is right ------------------------------------------------------------------------------ */

static struct message {
    const char *category, *title, *text;
} message[MESSAGES];
static const char *subject[16];

static const char *code_of(const char *category)
{
    static const char *const code[] = {"0100", "0200", "0300", "0400",
                                       "0500", "0600", "0700", "0800"};
    for (int i = 0; i < 8; i++) {
        if (!subject[i])
            subject[i] = category;
        if (strcmp(subject[i], category) == 0)
            return code[i];
    }
    return "0900";
}

static int read_messages(struct arena *a)
{
    char command[4200], *line = malloc(LINE);
    int n = 0;
    snprintf(command, sizeof command, "zstd -dc '%s/zh-messages.ndjson.zst'",
             getenv("JIBAN_SHARED_DATA"));
    FILE *in = popen(command, "r");
    assert_non_null(in);
    assert_non_null(line);
    while (n < MESSAGES && fgets(line, LINE, in)) {
        json_t *o = NULL;
        struct message *m = &message[n];
        if (!strstr(line, "\"category\""))
            continue;
        assert_int_equal(json_read("message", line, strlen(line), &o, NULL), ST_OK);
        assert_int_equal(json_text(o, "category", a, &m->category, NULL), ST_OK);
        assert_int_equal(json_text(o, "title", a, &m->title, NULL), ST_OK);
        assert_int_equal(json_text(o, "text", a, &m->text, NULL), ST_OK);
        json_decref(o);
        m->category = code_of(m->category);
        n++;
    }
    pclose(in);
    free(line);
    return n;
}

static void on_messages_held_out(void **state)
{
    struct arena a;
    int first = 0, among = 0, offered = 0, sure = 0, sure_right = 0;
    (void)state;
    if (!getenv("JIBAN_SHARED_DATA"))
        skip();
    arena_init(&a, 0);
    int n = read_messages(&a);
    assert_true(n > 400);
    for (int fold = 0; fold < FOLDS; fold++) {
        struct kit k;
        kit_begin(&k);
        fill(&k);
        for (int i = 0; i < n; i++)
            if (i % FOLDS != fold)
                add(&k, i + 1, message[i].category, message[i].title, message[i].text);
        filled(&k);
        for (int i = fold; i < n; i += FOLDS) {
            struct category_guess g[GUESS_MOST];
            size_t found = 0;
            const char *text = arena_printf(&a, "%s\n%s", message[i].title, message[i].text);
            assert_int_equal(store_guess_category(k.store, text, &k.arena, g, &found, NULL), ST_OK);
            offered += found > 0;
            for (size_t m = 0; m < found; m++) {
                bool right = strcmp(g[m].code, message[i].category) == 0;
                among += right;
                first += right && m == 0;
                sure += m == 0 && g[m].percent >= 50;
                sure_right += right && m == 0 && g[m].percent >= 50;
            }
        }
        kit_end(&k);
    }
    printf("# of %d: offered %d, the first is right %d, one of three %d; of %d with 50 %% and more "
           "%d\n",
           n, offered, first, among, sure, sure_right);
    assert_true(offered * 100 >= n * 80);
    assert_true(first * 100 >= offered * 75);
    assert_true(among * 100 >= offered * 85);
    assert_true(sure_right * 100 >= sure * 82);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(by_words),
                                       cmocka_unit_test(on_messages_held_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
