/* Lists: the keyset walk equals a plain sort, the counts equal a recount, filters. */
#include "tests/unit/store_kit.h"

enum { CASES = 240, LIMIT = 7 };

struct model {
    int n;
    enum state state;
    int64_t due; /* INT64_MAX: none */
    const char *category, *community, *handler, *title;
};

static int by_due(const void *a, const void *b)
{
    const struct model *x = a, *y = b;
    return x->due != y->due ? (x->due < y->due ? -1 : 1) : x->n - y->n;
}

static bool shows(const struct model *m, enum view_id view, int64_t now)
{
    int64_t midnight = (now / MS_DAY * MS_DAY) + 16 * MS_HOUR; /* 24:00 in +08:00 */
    if (midnight <= now)
        midnight += MS_DAY;
    bool open = !state_table[m->state].terminal;
    switch (view) {
    case VIEW_TO_SIGN:
        return m->state == STATE_SENT;
    case VIEW_IN_HAND:
        return m->state == STATE_SIGNED || m->state == STATE_WORKING || m->state == STATE_REWORK ||
               m->state == STATE_DISPUTED;
    case VIEW_TO_APPROVE:
        return m->state == STATE_REVIEW;
    case VIEW_CALLBACK:
        return m->state == STATE_REPLIED || m->state == STATE_CALLING;
    case VIEW_DUE_TODAY:
        return open && m->due < midnight;
    case VIEW_ALL_OPEN:
        return open;
    case VIEW_DISPATCH:
        return m->state == STATE_NEW || m->state == STATE_WAIT_DISPATCH;
    case VIEW_CLOSED:
        return !open;
    default:
        return false;
    }
}

static void fill(struct kit *k, struct model *m)
{
    static const char *const category[] = {"0101", "0102", "0201"};
    static const char *const handler[] = {"wang", "zhao"};
    static const char *const title[] = {"Lamp out", "100%_noise", "\xE8\xB7\xAF\xE7\x81\xAF"};
    struct rng rng;
    rng_seed(&rng, 12345);
    kit_begin(k);
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    for (int i = 0; i < CASES; i++) {
        bool gap, due = rng_below(&rng, 8) != 0;
        /* few different times, so that many are equal */
        m[i] = (struct model){.n = i,
                              .state = (enum state)rng_below(&rng, STATE_COUNT),
                              .due = INT64_MAX,
                              .category = category[rng_below(&rng, 3)],
                              .community = rng_below(&rng, 2) ? "110101" : "110202",
                              .handler = handler[rng_below(&rng, 2)],
                              .title = title[rng_below(&rng, 3)]};
        if (due)
            m[i].due = k->now + ((int64_t)rng_below(&rng, 40) - 10) * MS_HOUR;
        struct kit_case c = {.n = i,
                             .version = 1,
                             .state = m[i].state,
                             .due_ms = due ? m[i].due : TIME_NONE,
                             .category = m[i].category,
                             .community = m[i].community,
                             .handler = m[i].handler,
                             .title = m[i].title};
        assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k->store, "E-1", NULL), ST_OK);
    qsort(m, CASES, sizeof *m, by_due);
}

static void expect_row(const struct case_row *row, const struct model *m)
{
    struct uuid id = kit_id('c', m->n);
    assert_int_equal(uuid_compare(&row->id, &id), 0);
    assert_int_equal(row->state, m->state);
    assert_string_equal(row->title, m->title);
    assert_true(row->key.due_ms == m->due);
}

/* Where the row stands, counted to the end and only near by. */
static void expect_rank(struct kit *k, const struct query *q, const struct row_key *key, int at)
{
    int64_t rank = -1;
    assert_int_equal(store_rank(k->store, q, key, INT64_MAX, &rank, NULL), ST_OK);
    assert_int_equal(rank, at);
    assert_int_equal(store_rank(k->store, q, key, LIMIT, &rank, NULL), ST_OK);
    assert_int_equal(rank, at < LIMIT ? at : LIMIT);
}

/* Of all cases, so many are not in the list. */
static void expect_outside(struct kit *k, const struct query *q, size_t outside)
{
    struct uuid id[CASES];
    size_t n = CASES;
    for (int i = 0; i < CASES; i++)
        id[i] = kit_id('c', i);
    assert_int_equal(store_outside(k->store, q, id, CASES, &n, NULL), ST_OK);
    assert_int_equal(n, outside);
}

/* Walks all pages forward, then all backward; both must give want. */
static void expect_walk(struct kit *k, const struct query *q, const struct model *want, int n_want)
{
    struct case_row *row;
    size_t n;
    struct row_key key;
    int at = 0;
    for (const struct row_key *from = NULL;; from = &key) {
        assert_int_equal(store_page(k->store, q, from, false, LIMIT, &k->arena, &row, &n, NULL),
                         ST_OK);
        if (n > 0)
            expect_rank(k, q, &row[0].key, at);
        for (size_t i = 0; i < n; i++, at++) {
            assert_true(at < n_want);
            expect_row(&row[i], &want[at]);
        }
        if (n < LIMIT)
            break;
        key = row[n - 1].key;
    }
    assert_int_equal(at, n_want);
    for (const struct row_key *from = NULL;; from = &key) {
        assert_int_equal(store_page(k->store, q, from, true, LIMIT, &k->arena, &row, &n, NULL),
                         ST_OK);
        at -= (int)n;
        assert_true(at >= 0);
        for (size_t i = 0; i < n; i++)
            expect_row(&row[i], &want[at + (int)i]);
        if (n < LIMIT)
            break;
        key = row[0].key;
    }
    assert_int_equal(at, 0);
    int64_t count = -1;
    assert_int_equal(store_count(k->store, q, INT64_MAX, &count, NULL), ST_OK);
    assert_int_equal(count, n_want);
    expect_outside(k, q, (size_t)(CASES - n_want));
}

static void test_walk_equals_sort(void **state)
{
    (void)state;
    struct kit k;
    struct model m[CASES], want[CASES];
    fill(&k, m);
    struct store_counts counts = kit_counts(&k);
    assert_int_equal(counts.cases, CASES);
    const enum view_id *list;
    size_t n_views = store_views(ROLE_NOBODY, &list);
    for (size_t v = 0; v < n_views; v++) {
        struct query q = {.view = list[v], .now_ms = k.now};
        int n = 0;
        for (int i = 0; i < CASES; i++)
            if (shows(&m[i], q.view, k.now))
                want[n++] = m[i];
        assert_true(n > LIMIT || list[v] == VIEW_WHISTLE);
        expect_walk(&k, &q, want, n);
        assert_int_equal(counts.view[list[v]], n);
    }
    int overdue = 0;
    for (int i = 0; i < CASES; i++)
        overdue += shows(&m[i], VIEW_ALL_OPEN, k.now) && m[i].due < k.now;
    assert_int_equal(counts.overdue, overdue);
    kit_end(&k);
}

static bool is_handler(const struct model *m, int64_t now)
{
    (void)now;
    return strcmp(m->handler, "zhao") == 0;
}
static bool is_level(const struct model *m, int64_t now)
{
    (void)now;
    return strncmp(m->category, "01", 2) == 0 && strcmp(m->community, "110202") == 0;
}
static bool is_state(const struct model *m, int64_t now)
{
    (void)now;
    return m->state == STATE_SENT || m->state == STATE_HUNG;
}
static bool is_due(const struct model *m, int64_t now)
{
    return m->due < now + 4 * MS_HOUR;
}
static bool is_noise(const struct model *m, int64_t now)
{
    (void)now;
    return strcmp(m->title, "100%_noise") == 0;
}
static bool is_lamp(const struct model *m, int64_t now)
{
    (void)now;
    return strcmp(m->title, "\xE8\xB7\xAF\xE7\x81\xAF") == 0;
}
static bool is_nothing(const struct model *m, int64_t now)
{
    (void)m;
    (void)now;
    return false;
}

static void test_filters(void **state)
{
    (void)state;
    static const struct {
        const char *filter;
        enum view_id view; /* that is shown */
        bool (*is)(const struct model *m, int64_t now);
    } row[] = {{"handler:zhao", VIEW_ALL_OPEN, is_handler},
               {" category:01  community:110202 ", VIEW_ALL_OPEN, is_level},
               {"state:SENT state:hung", VIEW_ALL_OPEN, is_state},
               {"due<4h", VIEW_ALL_OPEN, is_due},
               {"due<240m", VIEW_ALL_OPEN, is_due},
               {"text:%_N", VIEW_ALL_OPEN, is_noise},
               {"\xE7\x81\xAF", VIEW_ALL_OPEN, is_lamp},
               {"view:in_hand handler:zhao", VIEW_IN_HAND, is_handler},
               {"view:dispatch handler:zhao", VIEW_DISPATCH, is_handler},
               {"handler:zhao'--", VIEW_ALL_OPEN, is_nothing}};
    struct kit k;
    struct model m[CASES], want[CASES];
    fill(&k, m);
    for (size_t r = 0; r < sizeof row / sizeof *row; r++) {
        struct query q = {.view = VIEW_ALL_OPEN, .now_ms = k.now, .filter = row[r].filter};
        int n = 0;
        for (int i = 0; i < CASES; i++)
            if (shows(&m[i], row[r].view, k.now) && row[r].is(&m[i], k.now))
                want[n++] = m[i];
        assert_true(n > 0 || row[r].is == is_nothing);
        expect_walk(&k, &q, want, n);
    }
    static const char *const wrong[] = {"state:SENTT", "due<4", "due<h",
                                        "view:none",   "text:", "handler:"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char filter[64];
        struct errmsg err = {""};
        struct case_row *rows;
        size_t n;
        int64_t count;
        snprintf(filter, sizeof filter, "lamp %s", wrong[i]);
        struct query q = {.view = VIEW_ALL_OPEN, .now_ms = k.now, .filter = filter};
        assert_int_equal(store_page(k.store, &q, NULL, false, 5, &k.arena, &rows, &n, &err),
                         ST_INVALID);
        assert_non_null(strstr(err.text, wrong[i]));
        assert_int_equal(store_count(k.store, &q, INT64_MAX, &count, NULL), ST_INVALID);
    }
    kit_end(&k);
}

/* Far apart: beyond what is tried along the index before the whole table is read. */
static void test_rare_ones_in_a_long_list(void **state)
{
    enum { MANY = 2500, EVERY = 601, RARE = MANY / EVERY };
    struct kit k;
    struct query q = {.view = VIEW_ALL_OPEN, .filter = "seldom"};
    struct case_row *row;
    size_t n, seen = 0;
    (void)state;
    kit_begin(&k);
    q.now_ms = k.now;
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    for (int i = 1; i <= MANY; i++) {
        bool gap;
        struct kit_case c = {.n = i,
                             .version = 2,
                             .state = STATE_SENT,
                             .due_ms = k.now + (int64_t)(MANY - i) * MS_HOUR,
                             .title = i % EVERY == 0 ? "Seldom seen" : NULL};
        assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k.store, "E-1", NULL), ST_OK);
    for (int backward = 0; backward < 2; backward++) {
        struct row_key from;
        seen = 0;
        do {
            assert_int_equal(
                store_page(k.store, &q, seen ? &from : NULL, backward, 3, &k.arena, &row, &n, NULL),
                ST_OK);
            for (size_t i = 0; i < n; i++) {
                size_t place = backward ? RARE - seen - n + i : seen + i;
                struct uuid id = kit_id('c', (RARE - (int)place) * EVERY);
                assert_int_equal(uuid_compare(&row[i].id, &id), 0);
            }
            if (n > 0)
                from = row[backward ? 0 : n - 1].key;
            seen += n;
        } while (n > 0);
        assert_int_equal(seen, RARE);
    }
    kit_end(&k);
}

static void test_counts_follow_changes(void **state)
{
    (void)state;
    struct kit k;
    bool gap;
    kit_begin(&k);
    kit_case(&k, 1, STATE_SENT, "E-1");
    assert_int_equal(kit_counts(&k).view[VIEW_TO_SIGN], 1);
    struct kit_case c = {
        .n = 1, .since = 2, .version = 3, .state = STATE_REVIEW, .due_ms = TIME_NONE};
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    store_changes_rollback(k.store); /* the counts roll back too */
    assert_int_equal(kit_counts(&k).view[VIEW_TO_SIGN], 1);
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    assert_int_equal(store_changes_commit(k.store, "E-2", NULL), ST_OK);
    assert_int_equal(kit_counts(&k).view[VIEW_TO_SIGN], 0);
    assert_int_equal(kit_counts(&k).view[VIEW_TO_APPROVE], 1);
    assert_int_equal(kit_counts(&k).cases, 1);
    kit_end(&k);
}

/* Earlier orders as the centre counted them; where it found none, as the operator named them. */
static void test_repeats_are_counted(void **state)
{
    static const struct {
        const char *repeat, *old_order;
        int repeats;
    } rows[] = {{NULL, NULL, 0},
                {NULL, "260316110000015 260314110000017", 2},
                {"3", NULL, 2},
                {"3", "260316110000015", 2}};
    enum { N = sizeof rows / sizeof rows[0] };
    struct query q = {.view = VIEW_TO_SIGN};
    struct case_row *row;
    struct kit k;
    size_t n;
    bool gap;
    (void)state;
    kit_begin(&k);
    assert_int_equal(store_changes_begin(k.store, NULL), ST_OK);
    for (int i = 0; i < N; i++) {
        struct kit_case c = {.n = i,
                             .version = 1,
                             .state = STATE_SENT,
                             .due_ms = k.now + (i + 1) * MS_HOUR,
                             .repeat = rows[i].repeat,
                             .old_order = rows[i].old_order};
        assert_int_equal(kit_add(&k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k.store, "E-1", NULL), ST_OK);
    assert_int_equal(store_page(k.store, &q, NULL, false, N, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, N);
    for (int i = 0; i < N; i++)
        assert_int_equal(row[i].repeats, rows[i].repeats);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walk_equals_sort), cmocka_unit_test(test_filters),
        cmocka_unit_test(test_rare_ones_in_a_long_list),
        cmocka_unit_test(test_counts_follow_changes), cmocka_unit_test(test_repeats_are_counted)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
