/* Who is at a case, without HTTP: when a mark ends, how many there are, who is told, and by whose rights. */
#include "core/base/random.h"
#include "server/presence.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TTL_MS = 1000, MOVED_BYTES = 1024 * 1024 };

static struct presence_table *table;
static struct buf moved;
static struct uuid_source ids = {.clock = &clock_system, .random = &random_system};

static int table_up(void **state)
{
    (void)state;
    table = presence_new(TTL_MS);
    buf_init(&moved, MOVED_BYTES);
    return table ? 0 : -1;
}

static int table_down(void **state)
{
    (void)state;
    presence_free(table);
    buf_release(&moved);
    return 0;
}

static struct presence_teller teller(const char *user, const char *terminal)
{
    return (struct presence_teller){.user = user, .office = "1101", .terminal = terminal};
}

static struct uuid numbered(int n)
{
    struct uuid id = {{0}};
    id.byte[0] = (unsigned char)(n >> 8);
    id.byte[1] = (unsigned char)n;
    return id;
}

static struct presence_own at(int n, enum presence what)
{
    return (struct presence_own){.what = what,
                                 .case_id = numbered(n),
                                 .command = what == PRESENCE_WRITE ? COMMAND_NOTE : COMMAND_COUNT};
}

/* Terminal of user tells that it is at case n, at a time of both clocks; what moved is in moved afterwards. */
static void told(const char *user, const char *terminal, int n, enum presence what, int64_t ms)
{
    struct presence_teller who = teller(user, terminal);
    struct presence_own own = at(n, what);
    buf_clear(&moved);
    presence_put(table, &who, &own, "*\n1101\n", ms, ms, &moved);
}

static size_t seen_by(const char *user, const char *terminal, const char *scope, int64_t ms,
                      struct presence_mark ret[PRESENCE_LISTED])
{
    struct presence_teller who = teller(user, terminal);
    return presence_of(table, &who, scope, ms, ret, PRESENCE_LISTED);
}

static void a_mark_is_told_to_others_and_ends(void **state)
{
    struct presence_mark m[PRESENCE_LISTED];
    (void)state;
    told("wang", "a", 1, PRESENCE_OPEN, 0);
    assert_string_equal(moved.data, "*\n1101\n");
    assert_int_equal(seen_by("liu", "b", "1101", 10, m), 1);
    assert_string_equal(m[0].user, "wang");
    assert_int_equal(m[0].what, PRESENCE_OPEN);
    assert_false(m[0].own);
    assert_int_equal(seen_by("wang", "a", "1101", 10, m), 0); /* not to itself */
    assert_int_equal(seen_by("wang", "c", "1101", 10, m), 1);
    assert_true(m[0].own);
    assert_int_equal(seen_by("liu", "b", "1102", 10, m), 0);
    assert_int_equal(seen_by("liu", "b", "110", 10, m), 0); /* part of a scope is none */
    assert_int_equal(seen_by("liu", "b", "*", 10, m), 1);
    told("wang", "a", 1, PRESENCE_OPEN, 900); /* told again: nobody has to hear of it */
    assert_string_equal(moved.data, "");
    assert_int_equal(seen_by("liu", "b", "1101", 900 + TTL_MS - 1, m), 1);
    assert_int_equal(seen_by("liu", "b", "1101", 900 + TTL_MS, m), 0);
    buf_clear(&moved);
    presence_sweep(table, 900 + TTL_MS - 1, NULL, NULL, &moved);
    assert_string_equal(moved.data, "");
    presence_sweep(table, 900 + TTL_MS, NULL, NULL, &moved);
    assert_string_equal(moved.data, "*\n1101\n");
}

static void writing_is_another_mark_than_having_it_open(void **state)
{
    struct presence_mark m[PRESENCE_LISTED];
    (void)state;
    told("wang", "a", 1, PRESENCE_OPEN, 100);
    told("wang", "a", 1, PRESENCE_WRITE, 200);
    assert_string_equal(moved.data, "*\n1101\n");
    assert_int_equal(seen_by("liu", "b", "1101", 300, m), 1);
    assert_int_equal(m[0].what, PRESENCE_WRITE);
    assert_int_equal(m[0].command, COMMAND_NOTE);
    assert_int_equal(m[0].since_ms, 200);
    told("wang", "a", 1, PRESENCE_WRITE, 300);
    assert_int_equal(seen_by("liu", "b", "1101", 300, m), 1);
    assert_int_equal(m[0].since_ms, 200); /* told again is not begun again */
    told("wang", "a", 1, PRESENCE_OPEN, 400);
    assert_int_equal(seen_by("liu", "b", "1101", 400, m), 1);
    assert_int_equal(m[0].since_ms, 100);     /* it was open all the time */
    told("wang", "a", 2, PRESENCE_OPEN, 500); /* one place a terminal */
    assert_string_equal(moved.data, "*\n1101\n*\n1101\n");
    assert_int_equal(seen_by("liu", "b", "1101", 500, m), 1);
    assert_int_equal(m[0].since_ms, 500);
    told("wang", "a", 0, PRESENCE_NONE, 600);
    assert_string_equal(moved.data, "*\n1101\n");
    assert_int_equal(seen_by("liu", "b", "1101", 600, m), 0);
    told("wang", "a", 0, PRESENCE_NONE, 700); /* nothing to leave */
    assert_string_equal(moved.data, "");
}

static void marks_are_bounded(void **state)
{
    struct presence_mark m[PRESENCE_LISTED];
    char user[16], terminal[16];
    (void)state;
    for (int i = 0; i < PRESENCE_EACH + 3; i++) {
        snprintf(terminal, sizeof terminal, "t%d", i);
        told("wang", terminal, i, PRESENCE_OPEN, i);
    }
    assert_int_equal(seen_by("liu", "b", "1101", 20, m), PRESENCE_EACH);
    for (size_t i = 0; i < PRESENCE_EACH; i++)
        assert_true(m[i].case_id.byte[1] >= 3); /* the oldest made room */
    for (int i = 0; i < PRESENCE_MOST + 10; i++) {
        snprintf(user, sizeof user, "u%d", i);
        told(user, "a", 1000 + i, PRESENCE_OPEN, 20);
    }
    assert_string_equal(moved.data, ""); /* the last one is not kept, and nobody hears of it */
    assert_int_equal(seen_by("liu", "b", "1101", 20, m), PRESENCE_LISTED);
    presence_sweep(table, 20 + TTL_MS, NULL, NULL, &moved);
    told("zhao", "a", 1, PRESENCE_OPEN, 30 + TTL_MS);
    assert_int_equal(seen_by("liu", "b", "1101", 30 + TTL_MS, m), 1);
}

static void colleagues_of_the_office_come_first(void **state)
{
    struct presence_mark m[PRESENCE_LISTED];
    struct presence_teller far = {.user = "far", .office = "BJ", .terminal = "a"};
    struct presence_own own = at(1, PRESENCE_OPEN);
    (void)state;
    presence_put(table, &far, &own, "*\n1101\n", 0, 0, &moved);
    told("wang", "a", 2, PRESENCE_OPEN, 1);
    assert_int_equal(seen_by("liu", "b", "1101", 2, m), 2);
    assert_string_equal(m[0].user, "wang");
    assert_string_equal(m[1].user, "far");
}

static bool all_ended(void *self, const unsigned char session[PRESENCE_SESSION])
{
    (void)session;
    return *(bool *)self;
}

static void marks_go_with_their_session(void **state)
{
    bool ended = false;
    struct presence_mark m[PRESENCE_LISTED];
    (void)state;
    told("wang", "a", 1, PRESENCE_OPEN, 0);
    presence_sweep(table, 1, all_ended, &ended, &moved);
    assert_int_equal(seen_by("liu", "b", "1101", 1, m), 1);
    ended = true;
    presence_sweep(table, 1, all_ended, &ended, &moved);
    assert_int_equal(seen_by("liu", "b", "1101", 1, m), 0);
}

/* --- by the rights of the store ------------------------------------------------------------------- */

static struct service *service;
static char scopes[256];

static void heard(void *self, const char *of)
{
    (void)self;
    snprintf(scopes, sizeof scopes, "%s", of);
}

static int store_up(void **state)
{
    static char url[4096];
    const char *tmp = getenv("JIBAN_TEST_TMP");
    struct errmsg err = {{0}};
    (void)state;
    snprintf(url, sizeof url, "sqlite:%.2000s/office.db", tmp ? tmp : "/tmp");
    struct service_config config = {
        .url = url, .clock = &clock_system, .random = &random_system, .present = heard};
    if (!office_store_make(url + strlen("sqlite:"), NULL))
        return -1;
    return service_open(&config, &service, &err) == ST_OK ? 0 : -1;
}

static int store_down(void **state)
{
    (void)state;
    service_close(service);
    return 0;
}

static struct actor person(const char *user, enum role role, const char *office)
{
    return (struct actor){
        .user = user, .name = "N", .role = role, .office = office, .unit = office, .device = "t"};
}

static void give(const struct actor *who, enum command_type type, const struct uuid *id,
                 const struct value *v, size_t n)
{
    struct arena a;
    struct outcome o;
    struct errmsg err = {{0}};
    struct command c = {.id = uuid_new(&ids),
                        .case_id = *id,
                        .type = type,
                        .at_ms = clock_wall(&clock_system),
                        .values = v,
                        .n_values = n};
    arena_init(&a, 0);
    assert_int_equal(service_commands(service, who, &c, 1, &a, &o, &err), ST_OK);
    assert_int_equal(o.kind, OUTCOME_APPLIED);
    arena_release(&a);
}

/* An order that waits for the desk of street 1101. */
static struct uuid sent_case(void)
{
    static const struct value log[] = {{FIELD_TYPE, "help"},        {FIELD_CATEGORY, "0101"},
                                       {FIELD_STREET, "1101"},      {FIELD_CONTENT, "no heat"},
                                       {FIELD_COMMUNITY, "110101"}, {FIELD_PHONE, "13800000001"},
                                       {FIELD_CLAIMANT, "Zhang"},   {FIELD_ANONYMOUS, "yes"}};
    static const struct value unit[] = {{FIELD_UNIT, "1101"}};
    struct uuid id = uuid_new(&ids);
    struct actor chen = person("chen.op", ROLE_OPERATOR, "BJ");
    struct actor sun = person("sun.dispatch", ROLE_DISPATCHER, "BJ");
    give(&chen, COMMAND_LOG, &id, log, sizeof log / sizeof *log);
    give(&sun, COMMAND_DISPATCH, &id, unit, 1);
    return id;
}

static enum status ask(const struct actor *who, const struct presence_own *own,
                       struct presence_list *ret)
{
    struct errmsg err = {{0}};
    char terminal[PRESENCE_TERMINAL + 1];
    snprintf(terminal, sizeof terminal, "%.2sterminal", who->user);
    scopes[0] = '\0';
    return service_presence(service, who, "token", terminal, own, ret, &err);
}

static void only_who_sees_the_case_is_told(void **state)
{
    static const struct presence_own nowhere = {.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    struct presence_list list;
    struct uuid id = sent_case();
    struct actor wang = person("wang.desk", ROLE_DESK, "1101");
    struct actor liu = person("liu.desk", ROLE_DESK, "1101");
    struct actor sun = person("sun.dispatch", ROLE_DISPATCHER, "BJ");
    struct actor elsewhere = person("feng.desk", ROLE_DESK, "1102");
    struct actor community = person("xu.worker", ROLE_COMMUNITY, "1101"); /* in scope, not asked */
    struct presence_own own = {
        .what = PRESENCE_WRITE, .case_id = id, .command = COMMAND_SUBMIT_REPLY};
    (void)state;
    assert_int_equal(ask(&elsewhere, &own, &list), ST_NOT_FOUND);
    assert_int_equal(ask(&community, &own, &list), ST_NOT_FOUND);
    assert_int_equal(ask(&wang, &own, &list), ST_OK);
    assert_int_equal(list.n, 0);
    assert_true(presence_concerns(scopes, "1101"));
    assert_true(presence_concerns(scopes, "*"));
    assert_false(presence_concerns(scopes, "1102"));
    assert_int_equal(ask(&liu, &nowhere, &list), ST_OK);
    assert_int_equal(list.n, 1);
    assert_string_equal(list.mark[0].user, "wang.desk");
    assert_int_equal(ask(&sun, &nowhere, &list), ST_OK);
    assert_int_equal(list.n, 1);
    assert_int_equal(ask(&elsewhere, &nowhere, &list), ST_OK);
    assert_int_equal(list.n, 0);
    assert_int_equal(ask(&community, &nowhere, &list), ST_OK);
    assert_int_equal(list.n, 0);
    own.case_id = uuid_new(&ids); /* it has left the sight meanwhile, or is none: so has its mark */
    assert_int_equal(ask(&wang, &own, &list), ST_NOT_FOUND);
    assert_true(presence_concerns(scopes, "1101"));
    own.case_id = id;
    assert_int_equal(ask(&wang, &own, &list), ST_OK);
    scopes[0] = '\0';
    service_presence_sweep(service); /* "token" is of no session */
    assert_true(presence_concerns(scopes, "1101"));
    assert_int_equal(ask(&liu, &nowhere, &list), ST_OK);
    assert_int_equal(list.n, 0);
}

/* --- on the wire ------------------------------------------------------------------------------------ */

static void json_goes_there_and_back(void **state)
{
    struct buf out;
    struct errmsg err = {{0}};
    struct presence_list list = {.n = 2}, read;
    struct presence_own own = {.what = PRESENCE_WRITE, .command = COMMAND_SUBMIT_REPLY}, got;
    char terminal[PRESENCE_TERMINAL + 1];
    (void)state;
    own.case_id = uuid_new(&ids);
    buf_init(&out, 4096);
    presence_own_encode(&out, "0123456789abcdef0123456789abcdef", &own);
    assert_true(out.len <= 200); /* what a renewal may take of the line */
    assert_int_equal(presence_own_decode(out.data, out.len, terminal, &got, &err), ST_OK);
    assert_string_equal(terminal, "0123456789abcdef0123456789abcdef");
    assert_int_equal(got.what, PRESENCE_WRITE);
    assert_int_equal(got.command, COMMAND_SUBMIT_REPLY);
    assert_int_equal(uuid_compare(&got.case_id, &own.case_id), 0);
    list.mark[0] = (struct presence_mark){.case_id = own.case_id,
                                          .what = PRESENCE_OPEN,
                                          .command = COMMAND_COUNT,
                                          .since_ms = 1000,
                                          .user = "wang.desk"};
    list.mark[1] = list.mark[0];
    list.mark[1].own = true;
    buf_clear(&out);
    presence_list_encode(&out, &list);
    assert_int_equal(presence_list_decode(out.data, out.len, &read, &err), ST_OK);
    assert_int_equal(read.n, 2);
    assert_string_equal(read.mark[0].user, "wang.desk");
    assert_int_equal(read.mark[0].since_ms, 1000);
    assert_false(read.mark[0].own);
    assert_true(read.mark[1].own);
    /* of a newer server: another kind, another command */
    static const char newer[] =
        "{\"marks\":[{\"case\":\"01a21666-c415-779a-a363-74160d49b8c6\",\"user\":\"u\",\"mark\":"
        "\"dance\",\"since\":\"2026-11-26T13:55:25+08:00\"},{\"case\":\"01a21666-c415-779a-a363-"
        "74160d49b8c6\",\"user\":\"u\",\"mark\":\"write\",\"command\":\"sing\",\"since\":\"2026-11-"
        "26T13:55:25+08:00\"}]}";
    assert_int_equal(presence_list_decode(newer, sizeof newer - 1, &read, &err), ST_OK);
    assert_int_equal(read.n, 1);
    assert_int_equal(read.mark[0].command, COMMAND_COUNT);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_mark_is_told_to_others_and_ends, table_up, table_down),
        cmocka_unit_test_setup_teardown(writing_is_another_mark_than_having_it_open, table_up,
                                        table_down),
        cmocka_unit_test_setup_teardown(marks_are_bounded, table_up, table_down),
        cmocka_unit_test_setup_teardown(colleagues_of_the_office_come_first, table_up, table_down),
        cmocka_unit_test_setup_teardown(marks_go_with_their_session, table_up, table_down),
        cmocka_unit_test_setup_teardown(only_who_sees_the_case_is_told, store_up, store_down),
        cmocka_unit_test(json_goes_there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
