/* domain 12: every order goes by the policy of its dispatch. A newer version, which asks another set of rates, changes
 * neither the facts of an order that was sent before nor what they become with its later events. */
#include "core/base/random.h"
#include "data/embedded.h"
#include "server/documents.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char url[4096];
static struct service *service;
static struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
static const struct actor operator_chen = {"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "t"};
static const struct actor dispatcher = {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "t"};
static const struct actor desk = {"wang.desk", "W", ROLE_DESK, "1101", "110190", "t"};

static int set_up(void **state)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    struct errmsg err = {{0}};
    (void)state;
    snprintf(url, sizeof url, "sqlite:%.2000s/policies.db", tmp ? tmp : "/tmp");
    if (!office_store_make(url + strlen("sqlite:"), NULL))
        return -1;
    struct service_config config = {.url = url, .clock = &clock_system, .random = &random_system};
    return service_open(&config, &service, &err) == ST_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    service_close(service);
    return 0;
}

static void give(const struct actor *who, const struct uuid *id, enum command_type type,
                 const struct value *v, size_t n)
{
    struct arena a;
    struct outcome o;
    struct errmsg err = {{0}};
    const struct command c = {.id = uuid_new(&ids),
                              .case_id = *id,
                              .type = type,
                              .at_ms = clock_wall(&clock_system),
                              .values = v,
                              .n_values = n};
    arena_init(&a, 0);
    if (service_commands(service, who, &c, 1, &a, &o, &err) != ST_OK)
        fail_msg("%s", err.text);
    if (o.kind != OUTCOME_APPLIED)
        fail_msg("%s: %s", command_table[type].word, o.problem.detail);
    arena_release(&a);
}

static struct uuid consultation(bool sent)
{
    static const struct value log[] = {{FIELD_TYPE, "consult"},
                                       {FIELD_CATEGORY, "0201"},
                                       {FIELD_STREET, "1101"},
                                       {FIELD_CONTENT, "问物业费"},
                                       {FIELD_PHONE, "13800000001"}};
    static const struct value unit[] = {{FIELD_UNIT, "1101"}};
    struct uuid id = uuid_new(&ids);
    give(&operator_chen, &id, COMMAND_LOG, log, sizeof log / sizeof *log);
    if (sent)
        give(&dispatcher, &id, COMMAND_DISPATCH, unit, 1);
    return id;
}

/* The rates that the stored facts of the order count in. */
static int rates_of(const struct uuid *id)
{
    struct errmsg err = {{0}};
    struct db *db = service_reader(service, &err);
    int64_t row = 0, facts = -1;
    struct stmt *q = database_stmt(db, SQL_CASE_BY_ID);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    if (stmt_row(q))
        row = stmt_get_int(q, 0);
    stmt_done(q);
    q = database_stmt(db, SQL_ASSESS_CASES_CREATED_CITY);
    stmt_int(q, 1, 0);
    stmt_int(q, 2, INT64_MAX);
    while (stmt_row(q))
        if (stmt_get_int(q, 8) == row)
            facts = stmt_get_int(q, 7);
    stmt_done(q);
    assert_true(facts >= 0);
    return assess_unpack(facts).rates;
}

/* Version 2 asks a consultation for all three rates; version 1 for the response alone. */
static void load_version_2(void)
{
    static const char version[] = "\"version\": 1,", scope[] = "\"consult\": \"R\"";
    struct errmsg err = {{0}};
    struct buf text;
    struct db *db = NULL;
    char *whole = strndup((const char *)data_policy_json, data_policy_json_len);
    char *v = whole ? strstr(whole, version) : NULL, *s = whole ? strstr(whole, scope) : NULL;
    assert_non_null(v);
    assert_non_null(s);
    v[sizeof version - 3] = '2';
    *s = '\0';
    buf_init(&text, 1 << 20);
    buf_printf(&text, "%s\"consult\": \"RSM\"%s", whole, s + sizeof scope - 1);
    if (database_open(url, DB_WRITE, &db, &err) != ST_OK ||
        database_begin(db, true, &err) != ST_OK ||
        documents_put(db, "policy", text.data, text.len, 2, "t", clock_wall(&clock_system), &err) !=
            ST_OK ||
        database_commit(db, &err) != ST_OK)
        fail_msg("%s", err.text);
    database_close(db);
    if (service_reload(service, &err) != ST_OK)
        fail_msg("%s", err.text);
    buf_release(&text);
    free(whole);
}

static void an_order_keeps_the_policy_of_its_dispatch(void **state)
{
    static const struct value assign[] = {{FIELD_HANDLER, "song.property"}};
    static const struct value contact[] = {
        {FIELD_REACHED, "yes"}, {FIELD_WAY, "phone"}, {FIELD_SAID, "explained"}};
    static const struct value unit[] = {{FIELD_UNIT, "1101"}};
    (void)state;
    struct uuid old = consultation(true), waiting = consultation(false);
    assert_int_equal(rates_of(&old), RATE_R);
    load_version_2();
    assert_int_equal(rates_of(&old), RATE_R);
    give(&desk, &old, COMMAND_SIGN, NULL, 0);
    give(&desk, &old, COMMAND_CONTACT, contact, 3);
    give(&desk, &old, COMMAND_ASSIGN, assign, 1); /* the row is written anew */
    assert_int_equal(rates_of(&old), RATE_R);
    give(&dispatcher, &waiting, COMMAND_DISPATCH, unit, 1); /* sent under version 2 */
    assert_int_equal(rates_of(&waiting), RATE_ALL);
    struct uuid fresh = consultation(true);
    assert_int_equal(rates_of(&fresh), RATE_ALL);
    give(&desk, &fresh, COMMAND_SIGN, NULL, 0);
    assert_int_equal(rates_of(&fresh), RATE_ALL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_order_keeps_the_policy_of_its_dispatch)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
