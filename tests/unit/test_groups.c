/* Lists in groups: whatever way they are read, the lines are those of a plain computation, from any line on, both ways. */
#include "core/store/db.h"
#include "tests/unit/store_kit.h"

enum { CASES = 200, LINES = CASES * 2 };

struct model {
    int n;
    enum state state;
    int64_t due;
    char number[20];
    const char *community, *handler, *category, *point, *content;
};

struct line {              /* what a list should have there */
    const struct model *m; /* NULL: the line of a group */
    const char *group;
    int64_t n, late;
};

static struct model model[CASES];
static uint64_t seed;

static unsigned roll(unsigned n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % n;
}

static void add_all(struct kit *k, bool bulk)
{
    static const char *const communities[] = {"110101", "110102", "120101", "130101"};
    static const char *const handlers[] = {"", "wang", "zhao.li", "li"};
    static const char *const categories[] = {"0101", "0102", "0203"};
    static const char *const points[] = {"东里3号楼2单元", "东里13号楼", "南里5号楼", ""};
    static const enum state states[] = {STATE_SENT, STATE_WORKING, STATE_REPLIED, STATE_CLOSED};
    bool gap;
    seed = 11;
    if (!bulk)
        assert_int_equal(store_meta_set(k->store, "cursor", "E-0", NULL), ST_OK);
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    for (int i = 0; i < CASES; i++) {
        struct model *m = &model[i];
        *m = (struct model){.n = i + 1,
                            .state = states[roll(4)],
                            .due = k->now + ((int64_t)roll(40) - 10) * MS_HOUR,
                            .community = communities[roll(4)],
                            .handler = handlers[roll(4)],
                            .category = categories[roll(3)],
                            .point = points[roll(4)],
                            .content = roll(3) ? "heating" : "water"};
        snprintf(m->number, sizeof m->number, "2608-%05d", (int)(10000 + roll(90000)));
        struct kit_case c = {.n = m->n,
                             .version = 2,
                             .state = m->state,
                             .due_ms = m->due,
                             .number = m->number,
                             .community = m->community,
                             .handler = m->handler,
                             .category = m->category,
                             .point = m->point,
                             .content = m->content};
        assert_int_equal(kit_add(k, &c, &gap), ST_OK);
    }
    assert_int_equal(store_changes_commit(k->store, "E-1", NULL), ST_OK);
}

/* --- the plain computation ---------------------------------------------------------------------- */

static const struct query *by;

static const char *group_of(const struct model *m)
{
    static char digits[STATE_COUNT][12];
    snprintf(digits[m->state], sizeof digits[0], "%d", (int)m->state);
    /* a point up to its building, as the cache keeps it */
    const char *building = !*m->point                           ? ""
                           : strncmp(m->point, "东里3", 7) == 0 ? "东里3号楼"
                                                                : m->point;
    return by->group == GROUP_COMMUNITY  ? m->community
           : by->group == GROUP_HANDLER  ? m->handler
           : by->group == GROUP_CATEGORY ? m->category
           : by->group == GROUP_BUILDING ? building
                                         : digits[m->state];
}

static int compare_groups(const char *a, const char *b)
{
    return by->group == GROUP_STATE ? atoi(a) - atoi(b) : strcmp(a, b);
}

static int compare_cases(const struct model *a, const struct model *b)
{
    int c = 0;
    if (by->order == ORDER_NEWEST)
        return b->n - a->n;
    if (by->order == ORDER_NUMBER)
        c = strcmp(a->number, b->number);
    if (by->order == ORDER_HANDLER)
        c = strcmp(a->handler, b->handler);
    if (c == 0 && a->due != b->due)
        c = a->due < b->due ? -1 : 1;
    return c ? c : a->n - b->n;
}

static int compare(const void *x, const void *y)
{
    const struct model *a = *(const struct model *const *)x, *b = *(const struct model *const *)y;
    int c = compare_groups(group_of(a), group_of(b));
    return c ? c : by->reverse ? -compare_cases(a, b) : compare_cases(a, b);
}

static bool shows(const struct model *m)
{
    bool open = m->state != STATE_CLOSED, in = open;
    if (by->view == VIEW_LATE)
        in = open && m->due < by->now_ms;
    if (by->view == VIEW_CLOSED)
        in = !open;
    if (by->filter && strcmp(by->filter, "heating") == 0)
        in = in && strcmp(m->content, "heating") == 0;
    if (by->filter && strcmp(by->filter, "handler:wang") == 0)
        in = in && strcmp(m->handler, "wang") == 0;
    return in;
}

static bool is_shut(const char *group)
{
    bool listed = false;
    for (size_t i = 0; by->folds && i < by->folds->n; i++)
        listed |= strcmp(by->folds->value[i], group) == 0;
    return by->folds && by->folds->all != listed;
}

static size_t compute(struct line *out)
{
    const struct model *list[CASES];
    size_t n = 0, lines = 0;
    for (int i = 0; i < CASES; i++)
        if (shows(&model[i]))
            list[n++] = &model[i];
    qsort(list, n, sizeof *list, compare);
    for (size_t i = 0; i < n;) {
        struct line head = {.group = group_of(list[i])};
        size_t at = lines++;
        bool shut = is_shut(head.group);
        for (; i < n && strcmp(group_of(list[i]), head.group) == 0; i++) {
            head.n++;
            head.late += list[i]->due < by->now_ms;
            if (!shut)
                out[lines++] = (struct line){.m = list[i], .group = head.group};
        }
        out[at] = head;
    }
    return lines;
}

/* --- and the store ------------------------------------------------------------------------------ */

static const char *name_of(const struct query *q)
{
    static char text[200];
    snprintf(text, sizeof text, "view %s, group %s, order %s%s, filter \"%s\"",
             view_table[q->view].word, group_table[q->group].word, order_table[q->order].word,
             q->reverse ? " reverse" : "", q->filter ? q->filter : "");
    return text;
}

static void same(const struct line *want, const struct case_row *got, size_t at)
{
    if ((got->head != NULL) != (want->m == NULL))
        fail_msg("%s: line %zu should be a %s", name_of(by), at, want->m ? "case" : "group");
    if (strcmp(got->key.group, want->group) != 0)
        fail_msg("%s: line %zu is of %s, not %s", name_of(by), at, got->key.group, want->group);
    if (want->m && strcmp(got->number, want->m->number) != 0)
        fail_msg("%s: line %zu is %s, not %s", name_of(by), at, got->number, want->m->number);
    if (!want->m && (got->head->n != want->n || got->head->late != want->late || got->head->more))
        fail_msg("%s: line %zu counts %d, %d late, not %d, %d", name_of(by), at, (int)got->head->n,
                 (int)got->head->late, (int)want->n, (int)want->late);
}

/* From each line on, so many lines, forward and backward; then from the beginning and the end. */
static void expect(struct kit *k, const struct query *q)
{
    static struct line want[LINES];
    struct case_row *all, *row;
    size_t n, n_all;
    by = q;
    size_t lines = compute(want);
    assert_int_equal(store_page(k->store, q, NULL, false, LINES, &k->arena, &all, &n_all, NULL),
                     ST_OK);
    if (n_all != lines)
        fail_msg("%s: %zu lines, not %zu", name_of(q), n_all, lines);
    for (size_t i = 0; i < lines; i++)
        same(&want[i], &all[i], i);
    for (size_t i = 0; i < lines; i += 3) {
        struct row_key from = all[i].key;
        from.past = from.head;
        size_t left = lines - i - 1, most = left < 9 ? left : 9;
        assert_int_equal(store_page(k->store, q, &from, false, 9, &k->arena, &row, &n, NULL),
                         ST_OK);
        if (n != most)
            fail_msg("%s: %zu lines after %zu of %zu", name_of(q), n, i, lines);
        for (size_t j = 0; j < n; j++)
            same(&want[i + 1 + j], &row[j], i + 1 + j);
        from.past = false;
        most = i < 9 ? i : 9;
        assert_int_equal(store_page(k->store, q, &from, true, 9, &k->arena, &row, &n, NULL), ST_OK);
        if (n != most)
            fail_msg("%s: %zu lines before %zu of %zu", name_of(q), n, i, lines);
        for (size_t j = 0; j < n; j++)
            same(&want[i - n + j], &row[j], i - n + j);
    }
    size_t most = lines < 9 ? lines : 9;
    assert_int_equal(store_page(k->store, q, NULL, true, 9, &k->arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, most);
    for (size_t j = 0; j < n; j++)
        same(&want[lines - n + j], &row[j], lines - n + j);
    for (size_t i = 0; i < lines; i++) { /* one group alone */
        struct query one = *q;
        if (want[i].m)
            continue;
        one.within = want[i].group;
        one.folds = NULL;
        assert_int_equal(store_page(k->store, &one, NULL, false, LINES, &k->arena, &row, &n, NULL),
                         ST_OK);
        if ((int64_t)n != want[i].n)
            fail_msg("%s: %zu cases in %s, not %d", name_of(q), n, one.within, (int)want[i].n);
        for (size_t j = 0; i + 1 < lines && want[i + 1].m && j < n; j++)
            assert_string_equal(row[j].number, want[i + 1 + j].m->number);
    }
    arena_reset(&k->arena);
}

static void look(struct kit *k)
{
    static const char *const filters[] = {"", "handler:wang", "heating"};
    static const enum view_id views[] = {VIEW_ALL_OPEN, VIEW_LATE, VIEW_CLOSED};
    static const enum row_order orders[] = {ORDER_VIEW, ORDER_NEWEST, ORDER_NUMBER, ORDER_HANDLER};
    static const char *const some[] = {"110102", "wang", "0102", "", "1", "东里3号楼"};
    static const struct folds folds[] = {
        {false, NULL, 0}, {true, NULL, 0}, {false, some, 6}, {true, some, 6}};
    struct query q = {.now_ms = k->now};
    for (int g = GROUP_NONE + 1; g < GROUP_COUNT; g++)
        for (int v = 0; v < 3; v++)
            for (int f = 0; f < 3; f++)
                for (int o = 0; o < 8; o++) {
                    q.group = (enum row_group)g;
                    q.view = views[v];
                    q.filter = filters[f];
                    q.order = orders[o / 2];
                    q.reverse = o % 2;
                    q.folds = &folds[(g + v + f + o) % 4];
                    expect(k, &q);
                }
}

static void short_lists(void **state)
{
    struct kit k;
    (void)state;
    kit_begin(&k);
    add_all(&k, false);
    look(&k);
    kit_end(&k);
}

/* Along the index: views, groups and what the full-text index names are long. */
static void long_lists(void **state)
{
    struct kit k;
    (void)state;
    kit_begin(&k);
    k.store->limits = (struct list_limits){.table_least = 5,
                                           .sort_most = 20,
                                           .match_most = 10,
                                           .near_rows = 30,
                                           .group_most = 5,
                                           .count_most = 100000};
    add_all(&k, false);
    look(&k);
    kit_end(&k);
}

/* A first sync comes before its indexes: what is not in them yet is shown and counted all the same, sorted lists too. */
static void before_the_indexes(void **state)
{
    struct kit k;
    struct query q = {.view = VIEW_ALL_OPEN, .group = GROUP_COMMUNITY, .folds = NULL};
    struct case_row *row;
    size_t n, open = 0;
    (void)state;
    kit_begin(&k);
    k.store->limits.group_most = k.store->limits.sort_most = 5;
    add_all(&k, true);
    q.now_ms = k.now;
    expect(&k, &q);
    q.group = GROUP_NONE;
    q.order = ORDER_COMMUNITY;
    for (int i = 0; i < CASES; i++)
        open += model[i].state != STATE_CLOSED;
    assert_int_equal(store_page(k.store, &q, NULL, false, LINES, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, open);
    kit_end(&k);
}

/* What a page may take for counting is the same however long the groups are; then it says "at least". */
static void counts_end_somewhere(void **state)
{
    struct kit k;
    const struct folds all = {.all = true};
    struct query q = {.view = VIEW_ALL_OPEN, .group = GROUP_COMMUNITY, .folds = &all};
    struct case_row *row;
    size_t n;
    (void)state;
    kit_begin(&k);
    k.store->limits.group_most = 5;
    k.store->limits.count_most = 40;
    add_all(&k, false);
    q.now_ms = k.now;
    assert_int_equal(store_page(k.store, &q, NULL, false, 9, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 4);
    for (size_t i = 0; i < n; i++) {
        assert_true(row[i].head->more);
        assert_true(row[i].head->n > 0 && row[i].head->n <= 11);
    }
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(short_lists), cmocka_unit_test(long_lists),
                                       cmocka_unit_test(before_the_indexes),
                                       cmocka_unit_test(counts_end_somewhere)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
