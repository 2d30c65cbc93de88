/* Views of one's own: kept, replaced, dropped, counted; those of the configuration beside them. */
#include "tui/saved.h"
#include "core/store/papers.h"
#include "tests/unit/store_kit.h"

static const struct saved_view heat = {.name = "供暖 heat",
                                       .view = VIEW_IN_HAND,
                                       .filter = "handler:wang \"no heat\"",
                                       .order = ORDER_CREATED,
                                       .reverse = true,
                                       .group = GROUP_BUILDING,
                                       .columns = "left number handler",
                                       .from = ""};

static const struct actor wang = {
    .user = "wang", .name = "Wang", .role = ROLE_DESK, .office = "1101"};

static void begin(struct kit *k)
{
    kit_begin(k);
    store_set_context(k->store, NULL, NULL, NULL, &wang);
}

static enum status drop(struct kit *k, const char *name, bool office)
{
    const struct saved_view v = {.name = name, .office = office, .from = ""};
    return saved_view_drop(k->store, &v, NULL);
}

static void put(struct kit *k, const struct saved_view *v)
{
    struct errmsg err = {""};
    if (saved_view_put(k->store, v, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static size_t all(struct kit *k, struct saved_view **ret)
{
    size_t n = 0;
    assert_int_equal(saved_views(k->store, &k->arena, ret, &n, NULL), ST_OK);
    return n;
}

static void same(const struct saved_view *a, const struct saved_view *b)
{
    assert_string_equal(a->name, b->name);
    assert_int_equal(a->view, b->view);
    assert_string_equal(a->filter, b->filter);
    assert_int_equal(a->order, b->order);
    assert_int_equal(a->reverse, b->reverse);
    assert_int_equal(a->group, b->group);
    assert_string_equal(a->columns, b->columns);
}

static void kept_as_they_are(void **state)
{
    struct kit k;
    struct saved_view *list, other = heat;
    (void)state;
    begin(&k);
    assert_int_equal(all(&k, &list), 0);
    put(&k, &heat);
    store_close(k.store);
    kit_open(&k);
    store_set_context(k.store, NULL, NULL, NULL, &wang);
    assert_int_equal(all(&k, &list), 1);
    same(&list[0], &heat);
    other.filter = "";
    other.view = VIEW_CLOSED;
    put(&k, &other); /* in its place */
    other.name = "A";
    put(&k, &other);
    assert_int_equal(all(&k, &list), 2);
    assert_string_equal(list[0].name, "A");
    assert_string_equal(list[1].filter, "");
    assert_int_equal(list[1].view, VIEW_CLOSED);
    assert_int_equal(drop(&k, "A", false), ST_OK);
    assert_int_equal(drop(&k, "A", false), ST_NOT_FOUND);
    assert_int_equal(all(&k, &list), 1);
    kit_end(&k);
}

static void names_that_cannot_be(void **state)
{
    static const char *const wrong[] = {"", "7", " a", "a ", "a\nb", "a\033[2J", "to_sign", "late"};
    struct kit k;
    struct saved_view v = heat, *list;
    struct errmsg err;
    char name[SAVED_NAME_MAX + 2];
    (void)state;
    begin(&k);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        v.name = wrong[i];
        if (saved_view_put(k.store, &v, &err) != ST_INVALID)
            fail_msg("\"%s\" was taken", wrong[i]);
    }
    memset(name, 'x', sizeof name);
    name[SAVED_NAME_MAX + 1] = '\0';
    v.name = name;
    assert_int_equal(saved_view_put(k.store, &v, &err), ST_INVALID);
    assert_int_equal(all(&k, &list), 0);
    for (int i = 0; i < SAVED_MOST; i++) {
        snprintf(name, sizeof name, "v%02d", i);
        put(&k, &v);
    }
    snprintf(name, sizeof name, "one more");
    assert_int_equal(saved_view_put(k.store, &v, &err), ST_TOOBIG);
    snprintf(name, sizeof name, "v03"); /* there already: it may change */
    put(&k, &v);
    assert_int_equal(all(&k, &list), SAVED_MOST);
    kit_end(&k);
}

/* What a view says in words that no table has any more is as usual. */
static void words_that_are_gone(void **state)
{
    struct kit k;
    struct saved_view *list;
    (void)state;
    begin(&k);
    const struct paper old = {.kind = PAPER_VIEW,
                              .scope = PAPER_OWN,
                              .owner = "wang",
                              .name = "old",
                              .body = "view no such view\nfilter x\nsort no such order\n\nmore\n",
                              .changed_by = "wang"};
    assert_int_equal(store_paper_put(k.store, &old, NULL), ST_OK);
    assert_int_equal(all(&k, &list), 1);
    assert_int_equal(list[0].view, VIEW_ALL_OPEN);
    assert_int_equal(list[0].order, ORDER_VIEW);
    assert_int_equal(list[0].group, GROUP_NONE);
    assert_string_equal(list[0].filter, "x");
    kit_end(&k);
}

/* The office's stand behind one's own; who may not write them does not; a stranger has none. */
static void those_of_the_office(void **state)
{
    static const struct actor li = {
        .user = "li", .name = "Li", .role = ROLE_HANDLER, .office = "1101"};
    struct kit k;
    struct saved_view *list, v = heat;
    struct errmsg err = {""};
    (void)state;
    begin(&k);
    v.office = true;
    put(&k, &v);
    v.name = "zz";
    put(&k, &v);
    assert_int_equal(all(&k, &list), 2);
    assert_true(list[0].office);
    v = heat;
    v.filter = "state:sent";
    put(&k, &v); /* one's own hides the office's of the same name */
    assert_int_equal(all(&k, &list), 2);
    assert_false(list[0].office);
    assert_string_equal(list[0].filter, "state:sent");
    assert_true(list[1].office);
    store_set_context(k.store, NULL, NULL, NULL, &li);
    v.office = true;
    assert_int_equal(saved_view_put(k.store, &v, &err), ST_DENIED);
    assert_int_equal(drop(&k, "zz", true), ST_DENIED);
    store_set_context(k.store, NULL, NULL, NULL, &wang);
    assert_int_equal(drop(&k, heat.name, false), ST_OK);
    assert_int_equal(all(&k, &list), 2);
    assert_true(list[0].office && list[1].office);
    store_set_context(k.store, NULL, NULL, NULL, NULL);
    assert_int_equal(saved_view_put(k.store, &v, &err), ST_UNAUTHORIZED);
    kit_end(&k);
}

static void counted_bit_by_bit(void **state)
{
    struct kit k;
    struct saved_list l;
    struct saved_view v = {
        .name = "every", .view = VIEW_ALL_OPEN, .filter = "", .columns = "", .from = ""};
    struct errmsg err = {""};
    (void)state;
    begin(&k);
    saved_config_clear();
    for (int i = 0; i < 5; i++)
        kit_case(&k, i + 1, i < 3 ? STATE_SENT : STATE_CLOSED, "E-1");
    put(&k, &v);
    v.name = "bad";
    v.filter = "colour:red";
    put(&k, &v);
    v.name = "sent";
    v.filter = "state:sent due<150m";
    put(&k, &v);
    assert_int_equal(saved_config_line("own", "handler:wang", "c.ini, line 2: [views] own", &err),
                     ST_OK);
    assert_int_equal(saved_config_line("to_sign", "x", "c.ini, line 3: [views] to_sign", &err),
                     ST_INVALID);
    assert_non_null(strstr(err.text, "line 3"));
    saved_init(&l);
    assert_int_equal(saved_load(&l, k.store, NULL), ST_OK);
    assert_int_equal(l.n, 4);
    assert_string_equal(l.view[0].name, "own");
    int steps = 0;
    while (saved_count_step(&l, k.store, k.now))
        steps++;
    assert_int_equal(steps, 4);
    assert_int_equal(l.count[0], 3);
    assert_int_equal(l.count[1], -1); /* not understood */
    assert_int_equal(l.count[2], 3);
    assert_int_equal(l.count[3], 2);
    assert_int_equal(saved_check(&l, k.store, k.now, &err), ST_INVALID);
    assert_non_null(strstr(err.text, "bad: "));
    assert_non_null(strstr(err.text, "colour:red"));
    /* cases change: counted anew, known until then */
    kit_case(&k, 7, STATE_SENT, "E-2");
    assert_int_equal(saved_load(&l, k.store, NULL), ST_OK);
    assert_int_equal(l.count[2], 3);
    while (saved_count_step(&l, k.store, k.now))
        ;
    assert_int_equal(l.count[2], 4);
    saved_release(&l);
    saved_config_clear();
    kit_end(&k);
}

/* Of a long list only its beginning is counted. */
static void a_count_that_ends(void **state)
{
    struct kit k;
    struct query q = {.view = VIEW_ALL_OPEN, .filter = "-due>1000h"};
    int64_t n;
    bool more;
    (void)state;
    begin(&k);
    for (int i = 0; i < 30; i++)
        kit_case(&k, i + 1, STATE_SENT, "E-1");
    q.now_ms = k.now;
    assert_int_equal(store_count_near(k.store, &q, 100, 10, &n, &more, NULL), ST_OK);
    assert_int_equal(n, 10);
    assert_true(more);
    assert_int_equal(store_count_near(k.store, &q, 100, 30, &n, &more, NULL), ST_OK);
    assert_int_equal(n, 30);
    assert_false(more);
    assert_int_equal(store_count_near(k.store, &q, 7, 30, &n, &more, NULL), ST_OK);
    assert_int_equal(n, 7);
    assert_true(more);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kept_as_they_are),    cmocka_unit_test(names_that_cannot_be),
        cmocka_unit_test(words_that_are_gone), cmocka_unit_test(those_of_the_office),
        cmocka_unit_test(counted_bit_by_bit),  cmocka_unit_test(a_count_that_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
