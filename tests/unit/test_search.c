/* Full text: what the index finds is what a look at every text finds, in every order, with the index and before it. */
#include "core/store/search.h"
#include "core/text/fold.h"
#include "tests/unit/store_kit.h"

enum { CASES = 300 };
static const char *const han[] = {"供", "暖", "气", "不", "热", "水", "电", "停", "氣", "熱"};
static const char *const latin[] = {"heat ", "heating ", "no ", "water ", "off ", "12345 "};

struct model {
    const char *title, *content, *note, *handler, *community, *point, *number, *phone;
    int64_t due;
    int n;
};

static uint64_t seed;
static unsigned roll(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static const char *random_text(struct arena *a)
{
    struct buf b;
    buf_init(&b, 4096);
    for (unsigned i = 2 + roll(10); i > 0; i--)
        buf_puts(&b, roll(4) ? han[roll(10)] : latin[roll(6)]);
    const char *text = arena_strndup(a, b.data, b.len);
    buf_release(&b);
    return text;
}

static void add_all(struct kit *k, struct model m[CASES], bool bulk)
{
    static const char *const handlers[] = {"", "wang", "zhao.li"};
    static const char *const communities[] = {"110101", "110102", "120101"};
    static const char *const points[] = {"东里3号楼2单元", "东里13号楼", "3号路", ""};
    struct arena *a = &k->arena;
    bool gap;
    seed = 7;
    if (!bulk)
        assert_int_equal(store_meta_set(k->store, "cursor", "E-0", NULL), ST_OK);
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    for (int i = 0; i < CASES; i++) {
        m[i] = (struct model){.n = i + 1,
                              .title = random_text(a),
                              .content = random_text(a),
                              .note = random_text(a),
                              .handler = handlers[roll(3)],
                              .community = communities[roll(3)],
                              .point = points[roll(4)],
                              .number = arena_printf(a, "2608-%05u", 10000 + roll(90000)),
                              .phone = arena_printf(a, "138****%04u", roll(50)),
                              .due = k->now + (int64_t)roll(40) * MS_HOUR};
        struct kit_case c = {.n = m[i].n,
                             .version = 2,
                             .state = STATE_SENT,
                             .due_ms = m[i].due,
                             .title = m[i].title,
                             .content = m[i].content,
                             .note = m[i].note,
                             .handler = m[i].handler,
                             .community = m[i].community,
                             .point = m[i].point,
                             .number = m[i].number,
                             .phone = m[i].phone};
        assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k->store, "E-1", NULL), ST_OK);
}

static bool in_text(const char *text, const char *needle)
{
    struct arena a;
    arena_init(&a, 0);
    bool found = fold_has(fold_text(&a, text, strlen(text)), needle);
    arena_release(&a);
    return found;
}

static bool has_word(const struct model *m, const char *needle)
{
    return in_text(m->title, needle) || in_text(m->content, needle) || in_text(m->note, needle) ||
           in_text(m->point, needle) || in_text(m->number, needle);
}

static bool ends(const char *text, const char *digits)
{
    size_t n = strlen(text), k = strlen(digits);
    return n >= k && strcmp(text + n - k, digits) == 0;
}

static int key_order;
static bool key_reverse;
static int compare(const void *x, const void *y)
{
    const struct model *a = x, *b = y;
    int c = 0;
    if (key_order == ORDER_HANDLER)
        c = strcmp(a->handler, b->handler);
    if (key_order == ORDER_COMMUNITY)
        c = strcmp(a->community, b->community);
    if (key_order == ORDER_NUMBER)
        c = strcmp(a->number, b->number);
    if (key_order == ORDER_NEWEST)
        return (key_reverse ? 1 : -1) * (a->n - b->n);
    if (c == 0 && a->due != b->due)
        c = a->due < b->due ? -1 : 1;
    if (c == 0)
        c = a->n - b->n;
    return key_reverse ? -c : c;
}

/* Pages of seven, forwards or backwards, against the model. */
static void expect(struct kit *k, const struct query *q, const struct model *m,
                   bool (*is)(const struct model *))
{
    struct model want[CASES];
    size_t n_want = 0, n, seen = 0;
    for (int i = 0; i < CASES; i++)
        if (is(&m[i]))
            want[n_want++] = m[i];
    key_order = (int)q->order;
    key_reverse = q->reverse;
    qsort(want, n_want, sizeof *want, compare);
    for (int backward = 0; backward < 2; backward++) {
        struct row_key key, *from = NULL;
        seen = 0;
        for (;; from = &key) {
            struct case_row *row;
            struct errmsg err = {""};
            if (store_page(k->store, q, from, backward, 7, &k->arena, &row, &n, &err) != ST_OK)
                fail_msg("%s: %s", q->filter, err.text);
            if (n == 0)
                break;
            for (size_t i = 0; i < n; i++) {
                size_t at = backward ? n_want - seen - n + i : seen + i;
                if (seen + n > n_want)
                    fail_msg("%s, order %d: more rows than the %zu that match", q->filter,
                             (int)q->order, n_want);
                if (strcmp(row[i].number, want[at].number) != 0)
                    fail_msg("%s, order %d, %s: row %zu is %s, not %s", q->filter, (int)q->order,
                             backward ? "backward" : "forward", at, row[i].number, want[at].number);
            }
            seen += n;
            key = row[backward ? 0 : n - 1].key;
        }
        if (seen != n_want)
            fail_msg("%s, order %d: %zu rows, not %zu", q->filter, (int)q->order, seen, n_want);
    }
    int64_t count;
    assert_int_equal(store_count(k->store, q, INT64_MAX, &count, NULL), ST_OK);
    assert_int_equal(count, n_want);
}

static const char *needle, *needle_2;
static bool is_needle(const struct model *m)
{
    return has_word(m, needle);
}
static bool is_both(const struct model *m)
{
    return has_word(m, needle) && has_word(m, needle_2);
}
static bool is_either_not(const struct model *m)
{
    return !has_word(m, needle) || has_word(m, needle_2);
}
static bool is_handler(const struct model *m)
{
    return strcmp(m->handler, "zhao.li") == 0 && has_word(m, needle);
}
static bool is_level(const struct model *m)
{
    return strncmp(m->community, "1101", 4) == 0;
}
static bool is_phone(const struct model *m)
{
    return ends(m->phone, needle);
}
static bool is_end(const struct model *m)
{
    return ends(m->number, needle) || has_word(m, needle) ||
           (strlen(needle) >= 4 && ends(m->phone, needle));
}
static bool is_building(const struct model *m)
{
    return strncmp(m->point, "东里3号楼", strlen("东里3号楼")) == 0;
}
static bool is_none(const struct model *m)
{
    (void)m;
    return false;
}
static bool is_all(const struct model *m)
{
    (void)m;
    return true;
}

static void look(struct kit *k, const struct model *m)
{
    static const char *const words[] = {"供", "暖气",  "暖气不", "暖气不热", "heat",
                                        "no", "water", "停电",   "气 heat"};
    static const enum row_order orders[] = {ORDER_VIEW, ORDER_NEWEST, ORDER_HANDLER,
                                            ORDER_COMMUNITY, ORDER_NUMBER};
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = k->now};
    char filter[200];
    for (size_t o = 0; o < 2 * sizeof orders / sizeof *orders; o++) {
        q.order = orders[o / 2];
        q.reverse = o % 2;
        q.filter = "";
        expect(k, &q, m, is_all);
        q.filter = filter;
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            needle = words[w];
            snprintf(filter, sizeof filter, "\"%s\"", needle);
            expect(k, &q, m, is_needle);
            needle_2 = "水";
            snprintf(filter, sizeof filter, "\"%s\" 水", needle);
            expect(k, &q, m, is_both);
            snprintf(filter, sizeof filter, "-\"%s\" or 水", needle);
            expect(k, &q, m, is_either_not);
            snprintf(filter, sizeof filter, "handler:zhao.li \"%s\"", needle);
            expect(k, &q, m, is_handler);
        }
        q.filter = "\"暖氣\" 水"; /* and the other way: half of the texts are traditional */
        needle = "暖气";
        expect(k, &q, m, is_both);
        q.filter = "暖氣不熱";
        needle = "暖气不热";
        expect(k, &q, m, is_needle);
        q.filter = "community:1101";
        expect(k, &q, m, is_level);
        q.filter = "state:sent,hung 水";
        needle = "水";
        expect(k, &q, m, is_needle);
        q.filter = "state:hung";
        expect(k, &q, m, is_none);
        q.filter = "state:sent";
        expect(k, &q, m, is_all);
        q.filter = "building:3";
        expect(k, &q, m, is_building);
        q.filter = "phone:0007";
        needle = "0007";
        expect(k, &q, m, is_phone);
        for (int i = 0; i < CASES; i += 50) {
            needle = m[i].number + 5 + i % 3;
            q.filter = needle;
            expect(k, &q, m, is_end);
        }
        needle = "0023";
        q.filter = needle;
        expect(k, &q, m, is_end);
    }
}

static void test_what_came_in_bulk(void **state)
{
    struct kit k;
    struct model m[CASES];
    bool left = true;
    (void)state;
    kit_begin(&k);
    add_all(&k, m, true);
    for (int steps = 0; left; steps++) {
        assert_true(steps < CASES);
        assert_int_equal(store_index_step(k.store, 50, &left, NULL), ST_OK);
    }
    assert_true(search_is_whole(k.store));
    look(&k, m);
    kit_end(&k);
}

/* The ways of long lists: along the places, along an index, near by and through the table. */
static void test_long_lists(void **state)
{
    struct kit k;
    struct model m[CASES];
    (void)state;
    kit_begin(&k);
    k.store->limits =
        (struct list_limits){.table_least = 5, .sort_most = 5, .match_most = 20, .near_rows = 30};
    add_all(&k, m, false);
    look(&k, m);
    kit_end(&k);
}

static void test_what_came_one_by_one(void **state)
{
    struct kit k;
    struct model m[CASES];
    (void)state;
    kit_begin(&k);
    add_all(&k, m, false);
    assert_true(search_is_whole(k.store));
    look(&k, m);
    kit_end(&k);
}

/* Before the index is there, number and title are looked through. */
static bool in_title(const struct model *m)
{
    return strstr(m->title, needle) != NULL;
}

static void test_before_the_index(void **state)
{
    struct kit k;
    struct model m[CASES];
    struct query q = {.view = VIEW_ALL_OPEN};
    (void)state;
    kit_begin(&k);
    q.now_ms = k.now;
    add_all(&k, m, true);
    assert_false(search_is_whole(k.store));
    needle = "暖气";
    q.filter = needle;
    for (int o = 0; o < ORDER_COUNT; o++)
        if (o == ORDER_VIEW || o == ORDER_NEWEST || o == ORDER_HANDLER || o == ORDER_COMMUNITY ||
            o == ORDER_NUMBER) {
            q.order = (enum row_order)o;
            expect(&k, &q, m, in_title);
        }
    q.order = ORDER_VIEW;
    q.filter = "community:1101";
    expect(&k, &q, m, is_level);
    kit_end(&k);
}

/* A change reaches the index with the case; what is gone is not found. */
static void test_changes_are_followed(void **state)
{
    struct kit k;
    struct kit_case c = {
        .n = 1, .version = 1, .state = STATE_SENT, .due_ms = TIME_NONE, .title = "路灯"};
    struct query q = {.view = VIEW_ALL_OPEN, .filter = "不亮"};
    bool gap;
    int64_t n;
    (void)state;
    kit_begin(&k);
    q.now_ms = k.now;
    kit_case(&k, 2, STATE_SENT, "E-1");
    bool left;
    assert_int_equal(store_index_step(k.store, 5, &left, NULL), ST_OK);
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    assert_int_equal(store_changes_commit(k.store, "E-2", NULL), ST_OK);
    assert_int_equal(store_count(k.store, &q, 10, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    c.since = 1;
    c.version = 2;
    c.note = "还是不亮";
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    assert_int_equal(store_changes_commit(k.store, "E-3", NULL), ST_OK);
    assert_int_equal(store_count(k.store, &q, 10, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    const struct change gone = {.kind = CHANGE_GONE, .case_id = kit_id('c', 1), .cursor = ""};
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(store_changes_add(k.store, &gone, &gap, NULL), ST_OK);
    assert_int_equal(store_changes_commit(k.store, "E-4", NULL), ST_OK);
    assert_int_equal(store_count(k.store, &q, 10, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_came_in_bulk), cmocka_unit_test(test_what_came_one_by_one),
        cmocka_unit_test(test_long_lists), cmocka_unit_test(test_before_the_index),
        cmocka_unit_test(test_changes_are_followed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
