/* The queues of the roles: one office day of few cases, seen by each of its people; whom a step waits for; how a
 * page is looked for. */
#include "core/store/context.h"
#include "core/store/db.h"
#include "tests/unit/policy_fixture.h"
#include "tests/unit/store_kit.h"

#include <sqlite3.h>

enum { CASES = 14, EVENTS_MOST = 24 };

struct played {
    struct fixture f;
    struct event event[EVENTS_MOST];
    size_t n;
    int64_t now;
};
static struct played played[CASES];

static const struct actor dispatcher_2 = {"dp2", "Dq", ROLE_DISPATCHER, "BJ", "", "t"};
static const struct actor operator_2 = {"op2", "Oq", ROLE_OPERATOR, "BJ", "", "t"};
static const struct actor auditor_1 = {"au1", "Au", ROLE_AUDITOR, "11", "11", "t"};
static const struct actor judge_2 = {"ju2", "Jv", ROLE_JUDGE, "11", "11", "t"};

/* A command a minute after the one before; its events are kept. */
#define play(p, who, ...)                                                                          \
    do {                                                                                           \
        must(&(p)->f, (p)->now += MS_MINUTE, who, __VA_ARGS__);                                    \
        keep(p);                                                                                   \
    } while (0)

static void keep(struct played *p)
{
    for (size_t i = 0; i < p->f.decided.n; i++) {
        assert_true(p->n < EVENTS_MOST);
        p->event[p->n++] = p->f.decided.events[i];
    }
}

/* A command without arguments. */
static void step(struct played *p, const struct actor *who, enum command_type type)
{
    assert_int_equal(run_list(&p->f, p->now += MS_MINUTE, who, type, NULL, 0), REFUSAL_NONE);
    keep(p);
}

/* letter: 'A' is case 1. */
static struct played *begin(char letter, int64_t now)
{
    struct played *p = &played[letter - 'A'];
    struct uuid id = kit_id('c', letter - 'A' + 1);
    memset(p, 0, sizeof *p);
    fixture_begin(&p->f);
    p->f.ctx.reference = &fixture_reference;
    casefile_init(&p->f.c, &id, &p->f.arena);
    p->now = now;
    return p;
}

static struct played *logged(char letter, int64_t now)
{
    struct played *p = begin(letter, now);
    play(p, &operator_1, LOG, {FIELD_TYPE, "help"}, {FIELD_CATEGORY, "0101"},
         {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"}, {FIELD_CONTENT, "cold"},
         {FIELD_PHONE, "13800005678"}, {FIELD_WISH, "not at noon"}, {FIELD_TIER, "T24H"});
    return p;
}

static struct played *dispatched(char letter, int64_t now)
{
    struct played *p = logged(letter, now);
    play(p, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1101"});
    return p;
}

static struct played *working(char letter, int64_t now)
{
    struct played *p = dispatched(letter, now);
    step(p, &desk_1, COMMAND_SIGN);
    play(p, &desk_1, ASSIGN, {FIELD_HANDLER, "ha1"});
    return p;
}

static struct played *replied(char letter, int64_t now)
{
    struct played *p = working(letter, now);
    play(p, &handler_1, CONTACT, {FIELD_REACHED, "yes"}, {FIELD_SAID, "cold"});
    play(p, &handler_1, SUBMIT_REPLY, {FIELD_REPLY, "done"}, {FIELD_RESULT, "solved"});
    step(p, &leader_1, COMMAND_APPROVE);
    return p;
}

static void excluded(char letter, int64_t now)
{
    struct played *p = replied(letter, now - 2 * MS_HOUR);
    play(p, &callback_1, ATTEMPT, {FIELD_CONNECTED, "yes"});
    play(p, &callback_1, RATE, {FIELD_CONTACTED, "yes"}, {FIELD_SOLVED, "solved"},
         {FIELD_SATISFIED, "not"});
    play(p, &leader_1, ASK_EXCLUSION, {FIELD_EXCLUSION_CLASS, "X6"}, {FIELD_EVIDENCE, "five"},
         {FIELD_REASON, "so"});
}

/* What each case is there for stands beside its letter. */
static void play_day(int64_t now)
{
    char until[RFC3339_SIZE];
    rfc3339_format(now + 30 * MS_HOUR, BEIJING_OFFSET_MS, until);
    struct played *p = working('A', now - 2 * MS_HOUR); /* whistles and a sub-order */
    play(p, &desk_1, WHISTLE, {FIELD_KIND, "E"}, {FIELD_UNITS, "118005 118008"},
         {FIELD_TASK, "come"});
    play(p, &desk_1, OPEN_SUB, {FIELD_UNITS, "118005"}, {FIELD_TASK, "look"});
    step(p, &dept_1, COMMAND_WHISTLE_ACK);
    p = begin('B', now - 2 * MS_HOUR); /* to dispatch */
    play(p, &operator_1, LOG, {FIELD_TYPE, "help"}, {FIELD_CATEGORY, "0101"},
         {FIELD_STREET, "1101"}, {FIELD_DISTRICT, "11"}, {FIELD_CONTENT, "cold"},
         {FIELD_CHANNEL, "web"}, {FIELD_PHONE, "13800005678"}, {FIELD_TIER, "T24H"});
    p = dispatched('C', now - 2 * MS_HOUR); /* return asked */
    play(p, &desk_1, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"}, {FIELD_BASIS, "map"},
         {FIELD_PROPOSED, "1102"});
    p = working('D', now - 2 * MS_HOUR); /* urge, extension, escalation */
    play(p, &district_1, JOIN_EMERGENCY, {FIELD_EMERGENCY, "storm-1"});
    play(p, &operator_1, URGE, {FIELD_NOTE, "when?"});
    play(p, &desk_1, ASK_EXTENSION, {FIELD_EXTENSION_CLASS, "E2"}, {FIELD_REASON, "survey"},
         {FIELD_NEW_DUE, until});
    replied('E', now - 2 * MS_HOUR);    /* to call back */
    excluded('F', now);                 /* exclusion asked */
    p = logged('G', now - 2 * MS_HOUR); /* voiding asked */
    play(p, &dispatcher_1, ASK_VOID, {FIELD_REASON, "a test"});
    p = dispatched('H', now - 2 * MS_HOUR); /* came back twice */
    play(p, &desk_1, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"}, {FIELD_BASIS, "map"},
         {FIELD_PROPOSED, "1102"});
    play(p, &dispatcher_1, ACCEPT_RETURN, {FIELD_REASON, "so"});
    play(p, &dispatcher_1, DISPATCH, {FIELD_UNIT, "1102"});
    play(p, &desk_2, ASK_RETURN, {FIELD_RETURN_CLASS, "R1"}, {FIELD_BASIS, "map"},
         {FIELD_PROPOSED, "1101"});
    play(p, &dispatcher_1, ACCEPT_RETURN, {FIELD_REASON, "so"});
    p = begin('I', now - 2 * MS_HOUR); /* answered at once */
    play(p, &operator_1, ANSWER, {FIELD_ANSWER, "at the counter"}, {FIELD_TYPE, "consult"},
         {FIELD_CATEGORY, "0101"}, {FIELD_CONTENT, "where?"});
    logged('J', now - 30 * MS_HOUR);     /* yesterday; dispatch is late */
    p = working('K', now - 2 * MS_HOUR); /* a sub-order that was signed */
    play(p, &desk_1, OPEN_SUB, {FIELD_UNITS, "118008"}, {FIELD_TASK, "look"});
    step(p, &dept_1, COMMAND_SIGN_SUB);
    p = working('L', now - 2 * MS_HOUR); /* a whistle that nobody answered */
    play(p, &desk_1, WHISTLE, {FIELD_KIND, "E"}, {FIELD_UNITS, "118005"}, {FIELD_TASK, "come"});
    p->now += 20 * MS_MINUTE;
    play(p, &clock_1, LATE, {FIELD_LATE_CLOCK, "whistle_ack"}, {FIELD_OBJECT, "1"});
    p = replied('M', now - 2 * MS_HOUR); /* called, then a message */
    play(p, &callback_1, ATTEMPT, {FIELD_CONNECTED, "no_answer"});
    play(p, &callback_1, ATTEMPT, {FIELD_CONNECTED, "sms"});
    excluded('N', now); /* checked first, to decide */
    play(&played['N' - 'A'], &district_1, PRECHECK_EXCLUSION, {FIELD_GRANTED, "yes"},
         {FIELD_REASON, "so"});
}

static void end_day(void)
{
    for (int i = 0; i < CASES; i++)
        fixture_end(&played[i].f);
}

/* The events after `since` up to `to`. */
static void add(struct kit *k, const struct played *p, size_t since, size_t to)
{
    struct buf raw;
    bool gap;
    buf_init(&raw, 1 << 20);
    for (size_t i = since; i < to; i++) {
        event_encode(&raw, &p->event[i]);
        buf_putc(&raw, '\n');
    }
    struct change c = {.kind = CHANGE_CASE,
                       .case_id = p->f.c.id,
                       .version = (uint32_t)to,
                       .since = (uint32_t)since,
                       .cursor = "",
                       .events = p->event + since,
                       .n_events = to - since,
                       .events_json = raw.data,
                       .events_json_len = raw.len};
    assert_int_equal(store_changes_add(k->store, &c, &gap, NULL), ST_OK);
    buf_release(&raw);
}

/* The cache of one person, with all cases, whether he sees them or not: conditions are tried, not the scope. */
static void cache_of(struct kit *k, const struct actor *who)
{
    kit_begin(k);
    assert_int_equal(context_save_actor(k->store, who, NULL), ST_OK);
    store_set_context(k->store, &played[0].f.policy, &played[0].f.calendar, &fixture_reference,
                      who);
    assert_int_equal(store_changes_begin(k->store, NULL), ST_OK);
    for (int i = 0; i < CASES; i++)
        for (size_t n = 0; n < played[i].n; n++) /* so that it goes from view to view */
            add(k, &played[i], n, n + 1);
    assert_int_equal(store_changes_commit(k->store, "E-1", NULL), ST_OK);
}

/* The letters of the cases that a view shows, in its order; "?" when the filter is refused. */
static const char *filtered(struct kit *k, enum view_id view, const char *filter)
{
    struct query q = {.view = view, .now_ms = k->now, .filter = filter};
    struct case_row *row;
    size_t n;
    int64_t count;
    if (store_page(k->store, &q, NULL, false, 100, &k->arena, &row, &n, NULL) != ST_OK)
        return "?";
    char *text = arena_alloc(&k->arena, n + 1);
    for (size_t i = 0; i < n; i++)
        text[i] = (char)('A' + row[i].id.byte[3] - 1);
    text[n] = '\0';
    assert_int_equal(store_count(k->store, &q, INT64_MAX, &count, NULL), ST_OK);
    if (*filter)
        assert_int_equal(count, n);
    return text;
}

static const char *letters(struct kit *k, enum view_id view)
{
    return filtered(k, view, "");
}

static enum view_id view_by(const char *word)
{
    for (int v = 0; v < VIEW_COUNT; v++)
        if (strcmp(view_table[v].word, word) == 0)
            return (enum view_id)v;
    fail_msg("no view %s", word);
    return VIEW_COUNT;
}

static void test_each_role_has_its_queues(void **state)
{
    static const struct {
        const struct actor *who;
        const char *view, *letters; /* in any order */
    } row[] = {
        {&operator_1, "intake", "ABCDEFGHIKLMN"},
        {&operator_2, "intake", ""},
        {&operator_1, "dispatch", "BGHJ"},
        {&operator_1, "answered", "I"},
        {&operator_1, "urged", "D"},
        {&operator_1, "late", "AJL"},
        {&dispatcher_1, "dispatch", "BGHJ"},
        {&dispatcher_1, "returns", "C"},
        {&dispatcher_1, "designate", "H"},
        {&dispatcher_1, "voiding", ""}, /* asked for it himself */
        {&dispatcher_2, "voiding", "G"},
        {&district_1, "copies", "ACDEKLM"},
        {&district_1, "returns", "C"},
        {&district_1, "extensions", ""}, /* the leader has not agreed */
        {&district_1, "precheck", "F"},
        {&district_1, "late_whistles", "L"},
        {&desk_1, "in_hand", "ACDKL"},
        {&desk_1, "whistle", "AL"},
        {&desk_1, "answer", "D"},
        {&desk_1, "closed", "FIN"},
        {&handler_1, "mine", "ADKL"},
        {&handler_2, "mine", ""},
        {&dept_2, "to_acknowledge", "AL"},
        {&dept_2, "to_arrive", ""},
        {&dept_2, "sub_sign", "A"},
        {&dept_1, "to_acknowledge", ""},
        {&dept_1, "to_arrive", "A"},
        {&dept_1, "sub_sign", ""},
        {&dept_1, "sub_answer", "K"},
        {&dept_2, "sub_answer", ""},
        {&reviewer_1, "to_approve", ""},
        {&leader_1, "extensions", "D"},
        {&leader_1, "to_exclude", ""},
        {&callback_1, "call_list", "E"},
        {&callback_1, "message", "M"},
        {&judge_1, "precheck", ""}, /* of the city: checked first by the district's */
        {&judge_2, "precheck", "F"},
        {&judge_1, "exclusions", "N"},
        {&auditor_1, "all", "ABCDEFGHIJKLMN"},
    };
    (void)state;
    struct kit k;
    const struct actor *of = NULL;
    kit_folder(&k);
    play_day(k.now);
    kit_end(&k);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        if (of != row[i].who) {
            if (of)
                kit_end(&k);
            of = row[i].who;
            cache_of(&k, of);
        }
        enum view_id view = view_by(row[i].view);
        const char *got = letters(&k, view);
        if (strlen(got) != strlen(row[i].letters) ||
            strspn(got, row[i].letters) != strlen(row[i].letters))
            fail_msg("%s %s: %s, not %s", of->user, row[i].view, got, row[i].letters);
        assert_true(store_has_view(of->role, view));
        assert_int_equal(kit_counts(&k).view[view], strlen(got));
        assert_int_equal(kit_counts(&k).cases, CASES);
    }
    kit_end(&k);
    end_day();
}

static void test_filters_of_queues(void **state)
{
    static const struct {
        const char *filter, *letters; /* in any order; "?": refused */
    } row[] = {{"object:whistle", "AL"},
               {"object:whistle object:sub", "A"},
               {"object:whistle object:urge", ""},
               {"object:exclusion", "FN"},
               {"object:none", "?"},
               {"object:", "?"},
               {"late:any", "AJL"},
               {"late:dispatch", "?"},
               {"late:whistle", "L"},
               {"late:", "?"},
               {"unit:1101", "ACDEFKLMN"},
               {"unit:11 object:urge", "D"},
               {"unit:1102", ""} /* came back */,
               {"channel:web", "B"},
               {"channel:smoke", "?"},
               {"emergency:storm-1", "D"},
               {"emergency:storm", ""},
               {"view:designate", "?"}, /* not a view of auditors */
               {"view:late", "AJL"}};
    struct kit k;
    (void)state;
    kit_folder(&k);
    play_day(k.now);
    kit_end(&k);
    cache_of(&k, &auditor_1);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *got = filtered(&k, VIEW_ALL, row[i].filter);
        if (strlen(got) != strlen(row[i].letters) ||
            strspn(got, row[i].letters) != strlen(row[i].letters))
            fail_msg("%s: %s, not %s", row[i].filter, got, row[i].letters);
    }
    kit_end(&k);
    end_day();
}

static void test_left_is_ones_own(void **state)
{
    struct kit k;
    struct case_row *row;
    size_t n;
    (void)state;
    kit_folder(&k);
    play_day(k.now);
    kit_end(&k);
    const struct casefile *a = &played[0].f.c;
    cache_of(&k, &dept_1); /* has answered the whistle: what is left is the time to arrive */
    struct query q = {.view = VIEW_TO_ARRIVE, .now_ms = k.now};
    assert_int_equal(store_page(k.store, &q, NULL, false, 9, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(row[0].next_clock, CLOCK_WHISTLE_ARRIVE);
    assert_true(row[0].due_ms == a->clock[CLOCK_WHISTLE_ARRIVE].due_ms);
    assert_true(row[0].started_ms == a->clock[CLOCK_WHISTLE_ARRIVE].started_ms);
    assert_true(row[0].open == (1u << OBJECT_WHISTLE | 1u << OBJECT_SUB));
    assert_true(row[0].owed == 1u << OWED_WHISTLE_ARRIVE);
    kit_end(&k);
    cache_of(&k, &callback_1);
    q.view = VIEW_CALL_LIST;
    assert_int_equal(store_page(k.store, &q, NULL, false, 9, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(row[0].next_clock, CLOCK_CALLBACK);
    assert_true(row[0].started_ms != TIME_NONE && row[0].started_ms < row[0].due_ms);
    assert_true(row[0].sms_ms == TIME_NONE);
    assert_int_equal(row[0].attempts, 0);
    assert_string_equal(row[0].wish, "not at noon");
    q.view = VIEW_MESSAGE;
    assert_int_equal(store_page(k.store, &q, NULL, false, 9, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(row[0].attempts, 2);
    assert_true(row[0].sms_ms != TIME_NONE);
    kit_end(&k);
    end_day();
}

/* Another role at the same cache: what is shown is what a new cache would show. */
static void test_another_role_has_all_made_anew(void **state)
{
    struct kit k, fresh;
    (void)state;
    kit_folder(&k);
    play_day(k.now);
    kit_end(&k);
    cache_of(&k, &desk_1);
    assert_int_equal(kit_counts(&k).view[VIEW_ANSWER], 1);
    assert_int_equal(context_save_actor(k.store, &dept_2, NULL), ST_OK);
    cache_of(&fresh, &dept_2);
    struct store_counts a = kit_counts(&k), b = kit_counts(&fresh);
    assert_int_equal(a.cases, CASES);
    for (int v = 0; v < VIEW_COUNT; v++) {
        if (a.view[v] != b.view[v])
            fail_msg("%s", view_table[v].word);
        assert_string_equal(letters(&k, (enum view_id)v), letters(&fresh, (enum view_id)v));
    }
    assert_int_equal(a.view[VIEW_TO_ACKNOWLEDGE], 2);
    kit_end(&fresh);
    kit_end(&k);
    end_day();
}

/* --- plans ------------------------------------------------------------------------------------- */
static void expect_range(struct store *s, const char *sql)
{
    char text[4096];
    sqlite3_stmt *q = NULL;
    bool range = false;
    snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", sql);
    assert_int_equal(sqlite3_prepare_v2(s->sql, text, -1, &q, NULL), SQLITE_OK);
    while (sqlite3_step(q) == SQLITE_ROW) {
        const char *step = (const char *)sqlite3_column_text(q, 3);
        range = range || strstr(step, "SEARCH shown USING PRIMARY KEY (view=? AND ");
        if (strstr(step, "SCAN") || strstr(step, "TEMP B-TREE"))
            fail_msg("%s: %s", step, sql);
    }
    sqlite3_finalize(q);
    if (!range)
        fail_msg("no range of a view: %s", sql);
}

/* Every view of every role: a page is a range of its places, in their order, and a count is a range at most. */
static void test_pages_are_ranges(void **state)
{
    struct kit k;
    int pages = 0;
    (void)state;
    kit_begin(&k);
    for (int v = 0; v < VIEW_COUNT; v++) {
        letters(&k, (enum view_id)v);
        struct query q = {.view = (enum view_id)v, .now_ms = k.now};
        struct case_row *row;
        size_t n;
        assert_int_equal(store_page(k.store, &q, NULL, true, 5, &k.arena, &row, &n, NULL), ST_OK);
    }
    kit_counts(&k);
    for (int i = 0; i < k.store->n_statements; i++) {
        const struct db_statement *p = &k.store->statement[i];
        if (p->own ? strncmp(p->own, "SELECT shown.key", 16) != 0 : !strstr(p->sql, "FROM shown"))
            continue;
        expect_range(k.store, p->own ? p->own : p->sql);
        pages++;
    }
    assert_true(pages > VIEW_COUNT);
    kit_end(&k);
}

/* --- whom a step waits for --------------------------------------------------------------------- */
/* Each row can be taken by somebody, and each object that somebody can move on has a row. */
static void test_every_open_object_is_owed(void **state)
{
    (void)state;
    for (int k = 0; k < OWED_COUNT; k++) {
        bool taken = false;
        for (size_t i = 0; i < workflow_rows; i++) {
            const struct transition *t = &workflow_table[i];
            bool reach = owed_table[k].reach == REACH_ANY;
            for (const struct right *r = t->rights; r->role != ROLE_NOBODY; r++)
                reach = reach || r->reach == owed_table[k].reach;
            taken = taken || (t->command == owed_table[k].command && reach &&
                              (t->moves >> owed_table[k].kind & 1u) &&
                              (t->object_from >> owed_table[k].state & 1u));
        }
        if (!taken)
            fail_msg("nobody can take step %d", k);
    }
    for (size_t i = 0; i < workflow_rows; i++)
        for (int kind = 0; kind < OBJECT_COUNT; kind++)
            for (int at = 0; at < OBJECT_STATE_COUNT; at++) {
                const struct transition *t = &workflow_table[i];
                bool owed = object_state_table[at].ended || !(t->moves >> kind & 1u) ||
                            !(t->object_from >> at & 1u);
                for (int k = 0; k < OWED_COUNT; k++)
                    owed =
                        owed || ((int)owed_table[k].kind == kind && (int)owed_table[k].state == at);
                if (!owed)
                    fail_msg("%s %s waits for nobody", object_table[kind].word,
                             object_state_table[at].word);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_each_role_has_its_queues),
                                       cmocka_unit_test(test_filters_of_queues),
                                       cmocka_unit_test(test_left_is_ones_own),
                                       cmocka_unit_test(test_another_role_has_all_made_anew),
                                       cmocka_unit_test(test_pages_are_ranges),
                                       cmocka_unit_test(test_every_open_object_is_owed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
