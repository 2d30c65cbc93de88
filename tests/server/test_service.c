/* The centre without HTTP: each id at most once, dense numbers, cursors, what leaves the sight. */
#include "core/base/random.h"
#include "data/embedded.h"
#include "server/officeday.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 6, EACH = 40 };

static char url[4096], path[4096];
static struct service *service;
static struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
static const struct actor operator_chen = {.user = "chen.op",
                                           .name = "C",
                                           .role = ROLE_OPERATOR,
                                           .office = "BJ",
                                           .unit = "BJ",
                                           .device = "t"};
static const struct actor dispatcher_sun = {.user = "sun.dispatch",
                                            .name = "S",
                                            .role = ROLE_DISPATCHER,
                                            .office = "BJ",
                                            .unit = "BJ",
                                            .device = "t"};
static const struct actor desk_wang = {.user = "wang.desk",
                                       .name = "W",
                                       .role = ROLE_DESK,
                                       .office = "1101",
                                       .unit = "110190",
                                       .device = "t"};
static const struct actor desk_other = {.user = "other.desk",
                                        .name = "O",
                                        .role = ROLE_DESK,
                                        .office = "1102",
                                        .unit = "1102",
                                        .device = "t"};

static void open_again(void)
{
    struct errmsg err = {{0}};
    struct service_config config = {.url = url, .clock = &clock_system, .random = &random_system};
    service_close(service);
    service = NULL;
    if (service_open(&config, &service, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static int set_up(void **state)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    (void)state;
    snprintf(path, sizeof path, "%.2000s/office.db", tmp ? tmp : "/tmp");
    snprintf(url, sizeof url, "sqlite:%.4000s", path);
    if (!office_store_make(url + strlen("sqlite:"), NULL))
        return -1;
    open_again();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    service_close(service);
    service = NULL;
    return 0;
}

static struct outcome give(const struct actor *who, const struct command *c, struct arena *a)
{
    struct outcome o;
    struct errmsg err = {{0}};
    if (service_commands(service, who, c, 1, a, &o, &err) != ST_OK)
        fail_msg("%s", err.text);
    return o;
}

static const struct value log_values[] = {
    {FIELD_TYPE, "help"},        {FIELD_CATEGORY, "0101"},
    {FIELD_STREET, "1101"},      {FIELD_CONTENT, "暖气不热，家有老人"},
    {FIELD_COMMUNITY, "110101"}, {FIELD_PHONE, "13800000001"},
    {FIELD_CLAIMANT, "张秀兰"},  {FIELD_ANONYMOUS, "yes"}}; /* no repeats of one another */
static const struct value unit_values[] = {{FIELD_UNIT, "1101"}};

static struct command make(enum command_type type, const struct uuid *case_id,
                           const struct value *v, size_t n)
{
    return (struct command){.id = uuid_new(&ids),
                            .case_id = *case_id,
                            .type = type,
                            .at_ms = clock_wall(&clock_system),
                            .values = v,
                            .n_values = n};
}

/* A case that waits for the desk of street 1101. */
static struct uuid sent_case(struct arena *a)
{
    struct uuid id = uuid_new(&ids);
    struct command c = make(COMMAND_LOG, &id, log_values, sizeof log_values / sizeof *log_values);
    struct outcome o = give(&operator_chen, &c, a);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("log: %s", o.problem.detail);
    c = make(COMMAND_DISPATCH, &id, unit_values, 1);
    o = give(&dispatcher_sun, &c, a);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("dispatch: %s", o.problem.detail);
    return id;
}

static void commands__same_id_twice__gives_the_first_outcome(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a);
    struct command c = make(COMMAND_SIGN, &id, NULL, 0);
    struct outcome first = give(&desk_wang, &c, &a), again = give(&desk_wang, &c, &a);
    assert_int_equal(first.kind, OUTCOME_APPLIED);
    assert_int_equal(again.kind, OUTCOME_DUPLICATE);
    assert_int_equal(again.first, OUTCOME_APPLIED);
    assert_int_equal(again.version, first.version);
    open_again(); /* also after a restart */
    again = give(&desk_wang, &c, &a);
    assert_int_equal(again.kind, OUTCOME_DUPLICATE);
    arena_release(&a);
}

static void commands__refused_id_twice__stays_refused(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a);
    struct command sign = make(COMMAND_SIGN, &id, NULL, 0), late = make(COMMAND_SIGN, &id, NULL, 0);
    give(&desk_wang, &sign, &a);
    struct outcome o = give(&desk_wang, &late, &a);
    assert_int_equal(o.kind, OUTCOME_REJECTED);
    assert_true(strlen(o.problem.detail) > 10);
    o = give(&desk_wang, &late, &a);
    assert_int_equal(o.kind, OUTCOME_DUPLICATE);
    assert_int_equal(o.first, OUTCOME_REJECTED);
    arena_release(&a);
}

static void commands__id_with_other_text_or_person__is_refused(void **state)
{
    static const struct value one[] = {{FIELD_NOTE, "one"}}, two[] = {{FIELD_NOTE, "two"}};
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a);
    struct command c = make(COMMAND_NOTE, &id, one, 1), other = c;
    assert_int_equal(give(&desk_wang, &c, &a).kind, OUTCOME_APPLIED);
    other.values = two;
    struct outcome o = give(&desk_wang, &other, &a);
    assert_int_equal(o.kind, OUTCOME_REJECTED);
    assert_int_equal(o.problem.status, 422);
    o = give(&dispatcher_sun, &c, &a);
    assert_int_equal(o.kind, OUTCOME_REJECTED);
    assert_int_equal(o.problem.status, 409);
    arena_release(&a);
}

static void commands__foreign_case__answers_as_if_there_were_none(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a), none = uuid_new(&ids);
    struct command foreign = make(COMMAND_SIGN, &id, NULL, 0),
                   missing = make(COMMAND_SIGN, &none, NULL, 0);
    struct outcome x = give(&desk_other, &foreign, &a), y = give(&desk_other, &missing, &a);
    assert_int_equal(x.kind, OUTCOME_REJECTED);
    assert_int_equal(x.problem.status, 404);
    assert_int_equal(y.problem.status, 404);
    assert_string_equal(x.problem.detail, y.problem.detail);
    arena_release(&a);
}

struct worker {
    pthread_t thread;
    struct uuid case_id;
    int applied;
};

static void *work(void *self)
{
    static const struct value note[] = {{FIELD_NOTE, "at the same time"}};
    struct worker *w = self;
    struct uuid_source own = {.clock = &clock_system, .random = &random_system};
    struct arena a;
    arena_init(&a, 0);
    for (int i = 0; i < EACH; i++) {
        struct command c = {.id = uuid_new(&own),
                            .case_id = w->case_id,
                            .type = COMMAND_NOTE,
                            .at_ms = clock_wall(&clock_system),
                            .values = note,
                            .n_values = 1};
        struct outcome o[2];
        arena_reset(&a);
        if (service_commands(service, &desk_wang, &c, 1, &a, o, NULL) == ST_OK &&
            o[0].kind == OUTCOME_APPLIED)
            w->applied++;
    }
    arena_release(&a);
    return NULL;
}

static void commands__many_threads_one_case__numbers_are_dense(void **state)
{
    struct worker w[THREADS];
    struct arena a;
    struct buf out;
    struct change change;
    struct errmsg err = {{0}};
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 64 << 20);
    struct uuid id = sent_case(&a);
    int applied = 0;
    for (int i = 0; i < THREADS; i++) {
        w[i] = (struct worker){.case_id = id};
        assert_int_equal(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(w[i].thread, NULL);
        applied += w[i].applied;
    }
    assert_int_equal(applied, THREADS * EACH);
    assert_int_equal(service_case(service, &desk_wang, &id, &out, &err), ST_OK);
    /* the codec refuses gaps: 2 events of the way there and all the notes */
    assert_int_equal(change_decode(out.data, out.len - 1, &a, &change, &err), ST_OK);
    assert_int_equal(change.n_events, 2 + THREADS * EACH);
    assert_int_equal(change.version, 2 + THREADS * EACH);
    buf_release(&out);
    arena_release(&a);
}

/* Reads all changes in pieces of limit; counts what came. */
static void read_changes(const struct actor *who, char cursor[CURSOR_SIZE], int limit,
                         int *ret_cases, int *ret_gone, const struct uuid *look_for,
                         bool *ret_found)
{
    struct arena a;
    bool more = true;
    arena_init(&a, 0);
    *ret_cases = *ret_gone = 0;
    *ret_found = false;
    while (more) {
        struct buf out;
        struct errmsg err = {{0}};
        buf_init(&out, 64 << 20);
        if (service_changes(service, who, cursor, limit, &out, &err) != ST_OK)
            fail_msg("%s", err.text);
        more = false;
        for (char *line = out.data; *line;) {
            char *end = strchr(line, '\n');
            struct change c;
            assert_non_null(end);
            assert_int_equal(change_decode(line, (size_t)(end - line), &a, &c, &err), ST_OK);
            if (c.kind == CHANGE_END) {
                snprintf(cursor, CURSOR_SIZE, "%s", c.cursor);
                more = c.more;
            } else {
                *(c.kind == CHANGE_GONE ? ret_gone : ret_cases) += 1;
                *ret_found |= uuid_compare(&c.case_id, look_for) == 0;
            }
            line = end + 1;
        }
        buf_release(&out);
    }
    arena_release(&a);
}

enum { PAGED = 6, PAGES_MOST = 64 };

/* Version of each of these cases as a console has it; a record that begins beyond it is a gap. */
struct console_of_test {
    const struct uuid *id;
    int64_t version[PAGED];
    int gaps;
};

static void hear(struct console_of_test *t, const struct change *c)
{
    for (int i = 0; i < PAGED; i++) {
        if (uuid_compare(&t->id[i], &c->case_id) != 0)
            continue;
        t->gaps += c->since > t->version[i];
        t->version[i] = c->version > t->version[i] ? c->version : t->version[i];
    }
}

/* One case changes again after each page, as they do while a console fetches thousands of them. */
static void read_pages(struct console_of_test *t, char cursor[CURSOR_SIZE], struct arena *a)
{
    static const struct value said[] = {{FIELD_NOTE, "once more"}};
    bool more = true;
    int pages = 0;
    while (more) {
        struct buf out;
        struct errmsg err = {{0}};
        assert_true(++pages < PAGES_MOST);
        buf_init(&out, 64 << 20);
        if (service_changes(service, &desk_wang, cursor, 2, &out, &err) != ST_OK)
            fail_msg("%s", err.text);
        for (char *line = out.data; *line; line = strchr(line, '\n') + 1) {
            struct change c;
            assert_int_equal(change_decode(line, strcspn(line, "\n"), a, &c, &err), ST_OK);
            if (c.kind == CHANGE_CASE)
                hear(t, &c);
            if (c.kind == CHANGE_END) {
                snprintf(cursor, CURSOR_SIZE, "%s", c.cursor);
                more = c.more;
            }
        }
        buf_release(&out);
        if (pages <= PAGED) {
            struct command note = make(COMMAND_NOTE, &t->id[pages - 1], said, 1);
            assert_int_equal(give(&desk_wang, &note, a).kind, OUTCOME_APPLIED);
        }
    }
}

static void changes__cases_that_change_between_pages__leave_no_gap(void **state)
{
    static const struct value said[] = {{FIELD_NOTE, "again"}};
    struct uuid id[PAGED];
    struct console_of_test fresh = {.id = id}, other = {.id = id};
    char cursor[CURSOR_SIZE] = "", all[CURSOR_SIZE] = "";
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (int i = 0; i < PAGED; i++)
        id[i] = sent_case(&a);
    for (int i = 0; i < PAGED; i += 2) { /* the old ones change again: their pages come late */
        struct command note = make(COMMAND_NOTE, &id[i], said, 1);
        assert_int_equal(give(&desk_wang, &note, &a).kind, OUTCOME_APPLIED);
    }
    read_pages(&fresh, cursor, &a);
    assert_int_equal(fresh.gaps, 0);
    /* a console that was away goes on in the same way */
    read_pages(&fresh, cursor, &a);
    assert_int_equal(fresh.gaps, 0);
    assert_null(strchr(cursor, '.')); /* all is heard of: one number says so */
    other.version[0] = 0;
    read_pages(&other, all, &a);
    read_pages(&fresh, cursor, &a);
    for (int i = 0; i < PAGED; i++)
        assert_true(fresh.version[i] >= other.version[i] && other.version[i] > 2);
    assert_int_equal(fresh.gaps + other.gaps, 0);
    arena_release(&a);
}

static void changes__accepted_return__leaves_the_sight_of_the_street(void **state)
{
    static const struct value ask[] = {{FIELD_RETURN_CLASS, "R1"},
                                       {FIELD_BASIS, "the other side of the road"},
                                       {FIELD_PROPOSED, "1102"}};
    static const struct value accept[] = {{FIELD_REASON, "boundary list"}};
    static const struct value other[] = {{FIELD_UNIT, "1102"}};
    char cursor[CURSOR_SIZE] = "", cursor_other[CURSOR_SIZE] = "";
    int cases, gone;
    bool found;
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a);
    read_changes(&desk_wang, cursor, 2, &cases, &gone, &id, &found);
    assert_true(found);
    assert_true(cases >= 1);
    read_changes(&desk_other, cursor_other, 100, &cases, &gone, &id, &found);
    assert_false(found);
    read_changes(&desk_wang, cursor, 2, &cases, &gone, &id, &found);
    assert_int_equal(cases + gone, 0); /* nothing new */
    struct command c = make(COMMAND_ASK_RETURN, &id, ask, 3);
    struct outcome o = give(&desk_wang, &c, &a);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("ask return: %s", o.problem.detail);
    c = make(COMMAND_ACCEPT_RETURN, &id, accept, 1);
    assert_int_equal(give(&dispatcher_sun, &c, &a).kind, OUTCOME_APPLIED);
    read_changes(&desk_wang, cursor, 100, &cases, &gone, &id, &found);
    assert_int_equal(gone, 1);
    c = make(COMMAND_DISPATCH, &id, other, 1);
    assert_int_equal(give(&dispatcher_sun, &c, &a).kind, OUTCOME_APPLIED);
    read_changes(&desk_other, cursor_other, 100, &cases, &gone, &id, &found);
    assert_true(found); /* comes whole: the codec would refuse a gap */
    arena_release(&a);
}

static void case__secret_report__shows_nobody_who_reported(void **state)
{
    static const struct value secret[] = {
        {FIELD_TYPE, "report"},        {FIELD_CATEGORY, "0101"},       {FIELD_STREET, "1101"},
        {FIELD_CONTENT, "倒卖燃气瓶"}, {FIELD_COMMUNITY, "110101"},    {FIELD_PHONE, "13800000001"},
        {FIELD_CLAIMANT, "张秀兰"},    {FIELD_ADDRESS_FORM, "女士"},   {FIELD_VULNERABLE, "aged"},
        {FIELD_SECRET, "yes"},         {FIELD_CLAIMANT_KIND, "person"}};
    static const char *const tells[] = {"张秀兰", "13800000001", "女士", "aged", "person"};
    struct arena a;
    struct buf out;
    struct errmsg err = {{0}};
    (void)state;
    arena_init(&a, 0);
    struct uuid id = uuid_new(&ids);
    struct command c = make(COMMAND_LOG, &id, secret, sizeof secret / sizeof *secret);
    struct outcome o = give(&operator_chen, &c, &a);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("log: %s", o.problem.detail);
    c = make(COMMAND_DISPATCH, &id, unit_values, 1);
    assert_int_equal(give(&dispatcher_sun, &c, &a).kind, OUTCOME_APPLIED);
    buf_init(&out, 1 << 20);
    assert_int_equal(service_case(service, &desk_wang, &id, &out, &err), ST_OK);
    assert_non_null(strstr(out.data, "倒卖燃气瓶"));
    for (size_t i = 0; i < sizeof tells / sizeof *tells; i++)
        if (strstr(out.data, tells[i]))
            fail_msg("the street is told %s", tells[i]);
    buf_clear(&out);
    assert_int_equal(service_case(service, &operator_chen, &id, &out, &err), ST_OK);
    for (size_t i = 0; i < sizeof tells / sizeof *tells; i++)
        assert_non_null(strstr(out.data, tells[i]));
    buf_release(&out);
    arena_release(&a);
}

static void changes__who_has_no_right_to_see__hears_of_nothing(void **state)
{
    static const struct actor nobody[] = {
        {"fu.judge", "F", ROLE_JUDGE, "BJ", "BJ", "t"},
        {"ming.admin", "M", ROLE_ADMIN, "BJ", "BJ", "t"},
        {"cui.train", "C", ROLE_TRAINER, "11", "11", "t"},
        {"zhao.community", "Z", ROLE_COMMUNITY, "1101", "110101", "t"}, /* assists nowhere yet */
        {"ren.call", "R", ROLE_CALLBACK, "BJ", "BJ", "t"},              /* nothing to call yet */
    };
    struct arena a;
    struct buf out;
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 1 << 20);
    struct uuid id = sent_case(&a);
    for (size_t i = 0; i < sizeof nobody / sizeof *nobody; i++) {
        char cursor[CURSOR_SIZE] = "";
        int cases, gone;
        bool found;
        read_changes(&nobody[i], cursor, 100, &cases, &gone, &id, &found);
        if (found)
            fail_msg("%s hears of the case", nobody[i].user);
        assert_int_equal(service_case(service, &nobody[i], &id, &out, NULL), ST_NOT_FOUND);
        assert_int_equal(out.len, 0);
    }
    buf_release(&out);
    arena_release(&a);
}

static void changes__community_that_assists__sees_the_case_until_it_does_not(void **state)
{
    static const struct actor zhao = {"zhao.community", "Z", ROLE_COMMUNITY, "1101", "110101", "t"};
    static const struct value assist[] = {{FIELD_HANDLER, "lin.property"},
                                          {FIELD_ASSISTANT, "110101"}},
                              other[] = {{FIELD_HANDLER, "lin.property"},
                                         {FIELD_ASSISTANT, "110102"}};
    char cursor[CURSOR_SIZE] = "";
    int cases, gone;
    bool found;
    struct arena a;
    struct buf out;
    (void)state;
    arena_init(&a, 0);
    struct uuid id = sent_case(&a);
    read_changes(&zhao, cursor, 100, &cases, &gone, &id, &found);
    assert_false(found);
    struct command c = make(COMMAND_SIGN, &id, NULL, 0);
    assert_int_equal(give(&desk_wang, &c, &a).kind, OUTCOME_APPLIED);
    c = make(COMMAND_ASSIGN, &id, assist, 2);
    struct outcome o = give(&desk_wang, &c, &a);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("assign: %s", o.problem.detail);
    /* the record tells of a gap, for which the console asks the case whole */
    read_changes(&zhao, cursor, 100, &cases, &gone, &id, &found);
    assert_true(found);
    assert_int_equal(gone, 0);
    buf_init(&out, 1 << 20);
    assert_int_equal(service_case(service, &zhao, &id, &out, NULL), ST_OK);
    c = make(COMMAND_ASSIGN, &id, other, 2);
    assert_int_equal(give(&desk_wang, &c, &a).kind, OUTCOME_APPLIED);
    read_changes(&zhao, cursor, 100, &cases, &gone, &id, &found);
    assert_int_equal(gone, 1);
    buf_release(&out);
    arena_release(&a);
}

static void changes__foreign_or_impossible_cursor__is_gone(void **state)
{
    static const char *const bad[] = {"0000000000000000-1", "garbage", "-1", "--",
                                      "x-99999999999999999999"};
    char mine[CURSOR_SIZE], beyond[CURSOR_SIZE + 8];
    struct buf out;
    (void)state;
    buf_init(&out, 64 << 20);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(service_changes(service, &desk_wang, bad[i], 10, &out, NULL), ST_GONE);
    service_cursor(service, mine);
    snprintf(beyond, sizeof beyond, "%s9", mine);
    assert_int_equal(service_changes(service, &desk_wang, beyond, 10, &out, NULL), ST_GONE);
    assert_int_equal(service_changes(service, &desk_wang, mine, 10, &out, NULL), ST_OK);
    buf_release(&out);
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    assert_non_null(in);
    assert_non_null(out);
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static void store__older_copy_put_back__gets_a_new_epoch(void **state)
{
    char copy[4200], wal[4200], before[CURSOR_SIZE], same[CURSOR_SIZE], after[CURSOR_SIZE];
    struct arena a;
    struct buf out;
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 64 << 20);
    snprintf(copy, sizeof copy, "%s.copy", path);
    snprintf(wal, sizeof wal, "%s-wal", path);
    service_cursor(service, before);
    open_again(); /* an ordinary restart keeps the epoch */
    service_cursor(service, same);
    assert_string_equal(before, same);
    service_close(service);
    service = NULL;
    copy_file(path, copy);
    open_again();
    sent_case(&a);
    service_close(service);
    service = NULL;
    unlink(wal);
    copy_file(copy, path);
    open_again();
    service_cursor(service, after);
    assert_int_not_equal(strncmp(before, after, 16), 0);
    assert_int_equal(service_changes(service, &desk_wang, before, 10, &out, NULL), ST_GONE);
    buf_release(&out);
    arena_release(&a);
}

static void login__wrong_name_or_password__is_refused(void **state)
{
    struct arena a;
    struct session s;
    (void)state;
    arena_init(&a, 0);
    assert_int_equal(service_login(service, "nobody", "x", "t", "", &a, &s, NULL), ST_UNAUTHORIZED);
    assert_int_equal(service_login(service, "wang.desk", "x", "t", "", &a, &s, NULL),
                     ST_UNAUTHORIZED);
    struct actor who;
    assert_int_equal(service_session(service, "nonsense", &a, &who, NULL), ST_UNAUTHORIZED);
    arena_release(&a);
}

static bool session_there(const unsigned char hash[32])
{
    struct db *db = NULL;
    assert_int_equal(database_open(url, DB_READ, &db, NULL), ST_OK);
    struct stmt *q = database_stmt(db, SQL_SESSION_GET);
    stmt_blob(q, 1, hash, 32);
    bool there = stmt_row(q);
    stmt_done(q);
    database_close(db);
    return there;
}

static void login__takes_away_the_sessions_that_have_ended(void **state)
{
    static const unsigned char old[32] = {1}, running[32] = {2};
    struct arena a;
    struct session session;
    struct errmsg err = {{0}};
    struct db *db = NULL;
    char hash[128];
    (void)state;
    arena_init(&a, 0);
    assert_int_equal(password_hash("right", hash, &err), ST_OK);
    assert_int_equal(database_open(url, DB_WRITE, &db, &err), ST_OK);
    struct stmt *q = database_stmt(db, SQL_USER_PASSWORD);
    stmt_text(q, 1, "wang.desk");
    stmt_text(q, 2, hash);
    assert_int_equal(stmt_run(q, &err), ST_OK);
    for (int i = 0; i < 2; i++) {
        q = database_stmt(db, SQL_SESSION_PUT);
        stmt_blob(q, 1, i ? running : old, 32);
        stmt_text(q, 2, "wang.desk");
        stmt_text(q, 3, "t");
        stmt_int(q, 4, clock_wall(&clock_system) + (i ? MS_HOUR : -MS_HOUR));
        stmt_text(q, 5, "");
        assert_int_equal(stmt_run(q, &err), ST_OK);
    }
    database_close(db);
    assert_true(session_there(old));
    if (service_login(service, "wang.desk", "right", "t", "", &a, &session, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_false(session_there(old));
    assert_true(session_there(running));
    arena_release(&a);
}

/* The runner asks for cheap ones (JIBAN_TEST_CHEAP_HASH); nobody else does. */
static void password_hash__unless_asked_otherwise__takes_64_mib_and_two_passes(void **state)
{
    static const char dear[] = "$argon2id$v=19$m=65536,t=2,p=1$";
    const char *hook = getenv("JIBAN_TEST_CHEAP_HASH");
    char hash[128], *asked = hook ? strdup(hook) : NULL;
    (void)state;
    unsetenv("JIBAN_TEST_CHEAP_HASH");
    assert_int_equal(password_hash("right", hash, NULL), ST_OK);
    if (asked)
        setenv("JIBAN_TEST_CHEAP_HASH", asked, 1);
    free(asked);
    if (strncmp(hash, dear, sizeof dear - 1) != 0)
        fail_msg("%s", hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands__same_id_twice__gives_the_first_outcome),
        cmocka_unit_test(commands__refused_id_twice__stays_refused),
        cmocka_unit_test(commands__id_with_other_text_or_person__is_refused),
        cmocka_unit_test(commands__foreign_case__answers_as_if_there_were_none),
        cmocka_unit_test(commands__many_threads_one_case__numbers_are_dense),
        cmocka_unit_test(changes__cases_that_change_between_pages__leave_no_gap),
        cmocka_unit_test(changes__accepted_return__leaves_the_sight_of_the_street),
        cmocka_unit_test(case__secret_report__shows_nobody_who_reported),
        cmocka_unit_test(changes__who_has_no_right_to_see__hears_of_nothing),
        cmocka_unit_test(changes__community_that_assists__sees_the_case_until_it_does_not),
        cmocka_unit_test(changes__foreign_or_impossible_cursor__is_gone),
        cmocka_unit_test(store__older_copy_put_back__gets_a_new_epoch),
        cmocka_unit_test(login__wrong_name_or_password__is_refused),
        cmocka_unit_test(login__takes_away_the_sessions_that_have_ended),
        cmocka_unit_test(password_hash__unless_asked_otherwise__takes_64_mib_and_two_passes),
    };
    return cmocka_run_group_tests_name("service", tests, set_up, tear_down);
}
