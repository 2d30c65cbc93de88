/* Papers: what may be one, who writes it, its JSON; the cache puts what was written here together with what the centre
 * has, and loses no text of either, whatever comes late, twice or not at all. */
#include "core/store/papers.h"
#include "tests/unit/store_kit.h"

static const struct actor desk = {"wang", "W", ROLE_DESK, "1101", "110190", ""};

static struct paper of(const char *name, const char *body)
{
    return (struct paper){.kind = PAPER_TEMPLATE,
                          .scope = PAPER_OWN,
                          .owner = "wang",
                          .name = name,
                          .body = body,
                          .changed_by = "wang"};
}

/* --- what a paper is --------------------------------------------------------------------------- */

static void a_name_can_stand_in_an_address(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    " x",   "x ",   ".",    "..",   "a/b",
                                      "a%b", "a\\b", "a\nb", "\xFF", "a\x7F"};
    static const char *const good[] = {"x", "供暖 答复 (2)", "a.b", "噪声?&#"};
    struct errmsg err;
    char name[PAPER_NAME_CHARACTERS * 3 + 4] = "";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct paper p = of(bad[i], "text");
        assert_int_equal(paper_check(&p, &err), ST_INVALID);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct paper p = of(good[i], "text");
        assert_int_equal(paper_check(&p, &err), ST_OK);
    }
    for (int i = 0; i < PAPER_NAME_CHARACTERS; i++)
        strcat(name, "暖");
    struct paper p = of(name, "text");
    assert_int_equal(paper_check(&p, &err), ST_OK);
    strcat(name, "x");
    assert_int_equal(paper_check(&p, &err), ST_TOOBIG);
}

static void a_text_has_a_length(void **state)
{
    (void)state;
    struct errmsg err;
    char *body = calloc(1, paper_table[PAPER_VIEW].bytes + 2);
    assert_non_null(body);
    struct paper p = of("x", body);
    p.kind = PAPER_VIEW;
    assert_int_equal(paper_check(&p, &err), ST_INVALID);
    memset(body, 'a', paper_table[PAPER_VIEW].bytes);
    assert_int_equal(paper_check(&p, &err), ST_OK);
    body[paper_table[PAPER_VIEW].bytes] = 'a';
    assert_int_equal(paper_check(&p, &err), ST_TOOBIG);
    p.body = "\xC3(";
    assert_int_equal(paper_check(&p, &err), ST_INVALID);
    free(body);
}

static void own_ones_are_everybodys_to_write_the_offices_are_not(void **state)
{
    (void)state;
    struct errmsg err;
    struct actor handler = desk;
    handler.role = ROLE_HANDLER;
    assert_string_equal(paper_owner(&desk, PAPER_OWN), "wang");
    assert_string_equal(paper_owner(&desk, PAPER_OFFICE), "1101");
    assert_int_equal(paper_may_write(&handler, PAPER_TEMPLATE, PAPER_OWN, "wang", &err), ST_OK);
    assert_int_equal(paper_may_write(&handler, PAPER_TEMPLATE, PAPER_OWN, "zhao", &err), ST_DENIED);
    assert_int_equal(paper_may_write(&desk, PAPER_TEMPLATE, PAPER_OFFICE, "1101", &err), ST_OK);
    assert_int_equal(paper_may_write(&desk, PAPER_TEMPLATE, PAPER_OFFICE, "1102", &err), ST_DENIED);
    assert_int_equal(paper_may_write(&handler, PAPER_TEMPLATE, PAPER_OFFICE, "1101", &err),
                     ST_DENIED);
    assert_int_equal(paper_may_write(&handler, PAPER_HANDOVER, PAPER_OFFICE, "1101", &err), ST_OK);
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct arena a;
    struct buf out;
    struct errmsg err = {""};
    struct papers got;
    const char *owner, *body;
    struct paper p = of("供暖 \"1\"", "您好，\n{claimant}"), one;
    p.revision = 7;
    p.changed_ms = 1795000000000;
    arena_init(&a, 0);
    buf_init(&out, 1 << 16);
    papers_begin(&out, 9);
    papers_add(&out, true, &p);
    papers_add(&out, false, &p);
    papers_end(&out);
    assert_int_equal(papers_decode(out.data, out.len, &a, &got, &err), ST_OK);
    assert_int_equal(got.n, 2);
    assert_int_equal(got.revision, 9);
    assert_string_equal(got.list[1].name, p.name);
    assert_string_equal(got.list[1].body, p.body);
    assert_true(got.list[1].changed_ms == p.changed_ms && got.list[1].revision == 7);
    buf_clear(&out);
    paper_wanted_encode(&out, &p);
    assert_int_equal(paper_wanted_decode(out.data, out.len, &a, &owner, &body, &err), ST_OK);
    assert_string_equal(owner, "wang");
    assert_string_equal(body, p.body);
    buf_clear(&out);
    paper_target(&out, &p);
    assert_string_equal(out.data, "/v1/papers/template/own/%E4%BE%9B%E6%9A%96%20%221%22");
    static const char other[] =
        "{\"kind\":\"poem\",\"scope\":\"own\",\"owner\":\"w\",\"name\":\"n\",\"body\":\"b\","
        "\"revision\":1,\"changed\":\"2026-11-24T10:00:00+08:00\",\"changed_by\":\"w\"}";
    assert_int_equal(paper_decode(other, sizeof other - 1, &a, &one, &err), ST_UNSUPPORTED);
    buf_clear(&out);
    buf_printf(&out, "{\"revision\":3,\"papers\":[%s]}", other);
    assert_int_equal(papers_decode(out.data, out.len, &a, &got, &err), ST_OK);
    assert_int_equal(got.n, 0); /* of a newer centre: passed over */
    buf_release(&out);
    arena_release(&a);
}

/* --- the cache --------------------------------------------------------------------------------- */

static struct kept_paper dirty_one(struct kit *k)
{
    struct kept_paper p = {.problem = ""};
    bool found = false;
    assert_int_equal(store_papers_dirty(k->store, &k->arena, &p, &found, NULL), ST_OK);
    p.stamp = found ? p.stamp : -1;
    return p;
}

static const char *body_of(struct kit *k, const char *name)
{
    struct kept_paper p;
    return store_paper_named(k->store, PAPER_TEMPLATE, name, &k->arena, &p, NULL) == ST_OK
               ? p.paper.body
               : "";
}

static void put(struct kit *k, const char *name, const char *body)
{
    struct paper p = of(name, body);
    struct errmsg err = {""};
    if (store_paper_put(k->store, &p, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static int both(struct kit *k, const struct paper *list, size_t n, const char **ret_name)
{
    struct papers all = {.revision = 99, .list = list, .n = n};
    int got = -1;
    assert_int_equal(store_papers_merge(k->store, &all, &k->arena, &got, ret_name, NULL), ST_OK);
    return got;
}

static void what_was_written_while_one_was_sent_is_sent_too(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    put(&k, "a", "1");
    struct kept_paper under_way = dirty_one(&k);
    assert_string_equal(under_way.paper.body, "1");
    put(&k, "a", "2");
    assert_int_equal(store_paper_sent(k.store, &under_way, 5, NULL), ST_OK);
    struct kept_paper next = dirty_one(&k);
    assert_string_equal(next.paper.body, "2");
    assert_int_equal(next.paper.revision, 5);
    assert_int_equal(store_paper_sent(k.store, &next, 6, NULL), ST_OK);
    assert_int_equal(dirty_one(&k).stamp, -1);
    assert_string_equal(body_of(&k, "a"), "2");
    kit_end(&k);
}

static void one_that_is_thrown_away_while_it_is_sent_does_not_come_back(void **state)
{
    (void)state;
    struct kit k;
    kit_begin(&k);
    put(&k, "a", "1");
    struct kept_paper under_way = dirty_one(&k);
    assert_int_equal(store_paper_drop(k.store, &under_way.paper, NULL), ST_OK);
    assert_string_equal(body_of(&k, "a"), "");
    assert_int_equal(store_paper_drop(k.store, &under_way.paper, NULL), ST_NOT_FOUND);
    assert_int_equal(store_paper_sent(k.store, &under_way, 5, NULL), ST_OK);
    struct kept_paper next = dirty_one(&k);
    assert_true(next.dropped && next.paper.revision == 5);
    assert_int_equal(store_paper_sent(k.store, &next, 0, NULL), ST_OK);
    assert_int_equal(dirty_one(&k).stamp, -1);
    kit_end(&k);
}

static void one_that_is_refused_stays_and_holds_nothing_up(void **state)
{
    (void)state;
    struct kit k;
    struct kept_paper kept;
    kit_begin(&k);
    put(&k, "a", "1");
    put(&k, "b", "2");
    struct kept_paper first = dirty_one(&k);
    assert_int_equal(store_paper_refused(k.store, &first, "no room", NULL), ST_OK);
    assert_string_equal(dirty_one(&k).paper.name, "b");
    assert_int_equal(store_paper_named(k.store, PAPER_TEMPLATE, "a", &k.arena, &kept, NULL), ST_OK);
    assert_string_equal(kept.problem, "no room");
    put(&k, "a", "3"); /* written anew: tried anew */
    assert_int_equal(store_paper_named(k.store, PAPER_TEMPLATE, "a", &k.arena, &kept, NULL), ST_OK);
    assert_string_equal(kept.problem, "");
    kit_end(&k);
}

static void where_both_have_written_both_are_kept(void **state)
{
    (void)state;
    struct kit k;
    const char *name = NULL;
    struct paper theirs[2] = {of("a", "theirs"), of("a (2)", "in the way")};
    theirs[0].revision = 4;
    theirs[1].revision = 5;
    kit_begin(&k);
    put(&k, "a", "mine");
    assert_int_equal(both(&k, theirs, 2, &name), 1);
    assert_string_equal(name, "a (3)");
    assert_string_equal(body_of(&k, "a"), "theirs");
    assert_string_equal(body_of(&k, "a (2)"), "in the way");
    assert_string_equal(body_of(&k, "a (3)"), "mine");
    struct kept_paper next = dirty_one(&k);
    assert_string_equal(next.paper.name, "a (3)");
    assert_int_equal(next.paper.revision, 0);
    assert_int_equal(both(&k, theirs, 2, &name), 0); /* a second time: nothing new */
    assert_string_equal(body_of(&k, "a (3)"), "mine");
    kit_end(&k);
}

static void a_long_name_gives_way_to_the_number(void **state)
{
    (void)state;
    struct kit k;
    const char *name = NULL;
    char whole[PAPER_NAME_CHARACTERS * 3 + 1] = "";
    for (int i = 0; i < PAPER_NAME_CHARACTERS; i++)
        strcat(whole, "暖");
    struct paper theirs = of(whole, "theirs");
    theirs.revision = 4;
    kit_begin(&k);
    put(&k, whole, "mine");
    assert_int_equal(both(&k, &theirs, 1, &name), 1);
    assert_string_equal(name + strlen(name) - 7, "暖 (2)");
    struct paper moved = of(name, "mine");
    assert_int_equal(paper_check(&moved, NULL), ST_OK);
    kit_end(&k);
}

static void what_the_centre_has_thrown_away_goes_but_not_what_was_written_since(void **state)
{
    (void)state;
    struct kit k;
    const char *name = NULL;
    struct paper theirs[3] = {of("a", "1"), of("b", "2"), of("c", "3")};
    for (int i = 0; i < 3; i++)
        theirs[i].revision = i + 1;
    kit_begin(&k);
    assert_int_equal(both(&k, theirs, 3, &name), 0);
    assert_int_equal(dirty_one(&k).stamp, -1);
    put(&k, "b", "mine");
    assert_int_equal(store_paper_drop(k.store, &theirs[2], NULL), ST_OK);
    assert_int_equal(both(&k, NULL, 0, &name), 0);
    assert_string_equal(body_of(&k, "a"), "");
    assert_string_equal(body_of(&k, "c"), "");
    struct kept_paper next = dirty_one(&k);
    assert_string_equal(next.paper.body, "mine");
    assert_int_equal(next.paper.revision, 0); /* to be made there anew */
    kit_end(&k);
}

static void an_answer_that_was_lost_is_no_conflict(void **state)
{
    (void)state;
    struct kit k;
    const char *name = NULL;
    struct paper theirs = of("a", "mine");
    theirs.revision = 4;
    kit_begin(&k);
    put(&k, "a", "mine");
    assert_int_equal(both(&k, &theirs, 1, &name), 0);
    assert_int_equal(dirty_one(&k).stamp, -1);
    assert_string_equal(body_of(&k, "a"), "mine");
    kit_end(&k);
}

/* --- no text is lost ---------------------------------------------------------------------------- */

enum { ROUNDS = 60, STEPS = 40, NAMES = 3, TEXTS = ROUNDS * STEPS, CENTRE_MOST = 200 };

/* The centre of the property: the conditions of server/papers.c over a list. */
struct centre {
    struct paper list[CENTRE_MOST];
    size_t n;
    int64_t revision;
};

static size_t place_of(const struct centre *c, const char *name)
{
    size_t i = 0;
    while (i < c->n && strcmp(c->list[i].name, name) != 0)
        i++;
    return i;
}

/* False: another text is there. *ret_revision: afterwards. */
static bool tell(struct centre *c, const struct kept_paper *p, struct arena *a,
                 int64_t *ret_revision)
{
    size_t i = place_of(c, p->paper.name);
    int64_t present = i < c->n ? c->list[i].revision : 0;
    if (present != p->paper.revision)
        return false;
    *ret_revision = p->dropped ? 0 : ++c->revision;
    if (p->dropped) {
        if (i < c->n)
            c->list[i] = c->list[--c->n];
        return true;
    }
    assert_true(i < CENTRE_MOST);
    c->list[i] = p->paper;
    c->list[i].name = arena_strdup(a, p->paper.name);
    c->list[i].body = arena_strdup(a, p->paper.body);
    c->list[i].revision = *ret_revision;
    c->n = i == c->n ? c->n + 1 : c->n;
    return true;
}

static void fetch(struct kit *k, const struct centre *c)
{
    const char *name = NULL;
    (void)both(k, c->list, c->n, &name);
}

/* One paper goes out; its answer is lost now and then. False: nothing to send. */
static bool send(struct kit *k, struct centre *c, struct rng *rng, bool lossy, struct arena *a)
{
    struct kept_paper p = dirty_one(k);
    int64_t revision = 0;
    if (p.stamp == -1)
        return false;
    bool never_left = p.dropped && p.paper.revision == 0;
    if (!never_left && !tell(c, &p, a, &revision))
        fetch(k, c);
    else if (!lossy || rng_below(rng, 4))
        assert_int_equal(store_paper_sent(k->store, &p, revision, NULL), ST_OK);
    return true;
}

/* The person sees what is there under the name and writes another text over it, or throws it away: that text may go. */
static void write_one(struct kit *k, struct rng *rng, bool alive[TEXTS], int *n_texts)
{
    char name[8], body[16];
    (void)snprintf(name, sizeof name, "n%d", (int)rng_below(rng, NAMES));
    const char *seen = body_of(k, name);
    if (*seen)
        alive[atoi(seen)] = false;
    if (*seen && rng_below(rng, 4) == 0) {
        struct paper p = of(name, seen);
        assert_int_equal(store_paper_drop(k->store, &p, NULL), ST_OK);
        return;
    }
    (void)snprintf(body, sizeof body, "%d", *n_texts);
    put(k, name, body);
    alive[(*n_texts)++] = true;
}

static void nothing_is_lost(struct kit k[2], const bool alive[TEXTS], int n_texts)
{
    bool *found = calloc((size_t)n_texts + 1, sizeof *found);
    assert_non_null(found);
    for (int i = 0; i < 2; i++) {
        struct kept_paper *list;
        size_t n;
        assert_int_equal(store_papers(k[i].store, PAPER_COUNT, &k[i].arena, &list, &n, NULL),
                         ST_OK);
        for (size_t j = 0; j < n; j++)
            found[atoi(list[j].paper.body)] = true;
    }
    for (int i = 0; i < n_texts; i++)
        if (alive[i] && !found[i])
            fail_msg("text %d is lost", i);
    free(found);
}

static void one_round(uint64_t seed)
{
    static bool alive[TEXTS];
    static struct centre c;
    struct kit k[2];
    struct rng rng;
    struct arena a;
    int n_texts = 0;
    memset(alive, 0, sizeof alive);
    memset(&c, 0, sizeof c);
    arena_init(&a, 0);
    rng_seed(&rng, seed);
    kit_begin(&k[0]);
    kit_begin(&k[1]);
    for (int step = 0; step < STEPS; step++) {
        struct kit *who = &k[rng_below(&rng, 2)];
        uint32_t what = rng_below(&rng, 8);
        if (what < 4)
            write_one(who, &rng, alive, &n_texts);
        else if (what < 6)
            (void)send(who, &c, &rng, true, &a);
        else
            fetch(who, &c);
    }
    for (int more = 1; more > 0;) {
        more = 0;
        for (int i = 0; i < 2; i++) {
            while (send(&k[i], &c, &rng, false, &a))
                more++;
            fetch(&k[i], &c);
        }
    }
    nothing_is_lost(k, alive, n_texts);
    arena_release(&a);
    kit_end(&k[0]);
    kit_end(&k[1]);
}

static void two_consoles_lose_no_text(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++)
        one_round((uint64_t)i + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_can_stand_in_an_address),
        cmocka_unit_test(a_text_has_a_length),
        cmocka_unit_test(own_ones_are_everybodys_to_write_the_offices_are_not),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_was_written_while_one_was_sent_is_sent_too),
        cmocka_unit_test(one_that_is_thrown_away_while_it_is_sent_does_not_come_back),
        cmocka_unit_test(one_that_is_refused_stays_and_holds_nothing_up),
        cmocka_unit_test(where_both_have_written_both_are_kept),
        cmocka_unit_test(a_long_name_gives_way_to_the_number),
        cmocka_unit_test(what_the_centre_has_thrown_away_goes_but_not_what_was_written_since),
        cmocka_unit_test(an_answer_that_was_lost_is_no_conflict),
        cmocka_unit_test(two_consoles_lose_no_text)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
