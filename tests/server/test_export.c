/* Exports: who gets what, E8's secret order, hostile text in a spreadsheet, the record of it, more than one part. */
#include "core/base/random.h"
#include "core/text/escape.h"
#include "server/export.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 120 };

static char url[4096];
static struct service *service;
static struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
static const struct actor operator_chen = {"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "t"};
static const struct actor dispatcher = {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "t"};
static const struct actor auditor = {"an.auditor", "A", ROLE_AUDITOR, "BJ", "BJ", "t"};
static const struct actor district = {"zhou.district", "Z", ROLE_DISTRICT, "11", "11", "t"};
static const struct actor desk = {"wang.desk", "W", ROLE_DESK, "1101", "110190", "t"};
static const struct actor other_desk = {"feng.desk", "F", ROLE_DESK, "1102", "110290", "t"};
static const struct export_question whole = {.period = {.from = "2020-01-01", .to = "2099-01-01"}};

static int set_up(void **state)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    struct errmsg err = {{0}};
    (void)state;
    snprintf(url, sizeof url, "sqlite:%.2000s/export.db", tmp ? tmp : "/tmp");
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

/* Taken down and sent to street 1101. */
static struct uuid order(const char *title, const char *content, const char *claimant,
                         const char *secret)
{
    struct uuid id = uuid_new(&ids);
    const struct value log[] = {{FIELD_TYPE, "report"},
                                {FIELD_CATEGORY, "0801"},
                                {FIELD_STREET, "1101"},
                                {FIELD_COMMUNITY, "110101"},
                                {FIELD_TITLE, title},
                                {FIELD_CONTENT, content},
                                {FIELD_CLAIMANT, claimant},
                                {FIELD_PHONE, "13812345678"},
                                {FIELD_POINT, "槐树里9号楼8单元707室"},
                                {FIELD_SECRET, secret}};
    const struct value unit[] = {{FIELD_UNIT, "1101"}};
    give(&operator_chen, &id, COMMAND_LOG, log, sizeof log / sizeof *log);
    give(&dispatcher, &id, COMMAND_DISPATCH, unit, 1);
    return id;
}

/* The whole file. */
static enum status export_all(const struct actor *who, const struct export_question *q,
                              struct buf *out, int *ret_parts)
{
    struct export_job *x = NULL;
    struct errmsg err = {{0}};
    bool end = false;
    int parts = 0;
    buf_init(out, 64 * 1024 * 1024);
    enum status st = export_open(service, who, q, &x, &err);
    while (st == ST_OK && !end) {
        st = export_more(x, out, &end, &err);
        parts++;
    }
    export_free(x);
    if (ret_parts)
        *ret_parts = parts;
    return st;
}

static void has(const struct buf *file, const char *text)
{
    if (!file->data || !strstr(file->data, text))
        fail_msg("\"%s\" is missing in: %.3000s", text, file->data ? file->data : "");
}

static void has_not(const struct buf *file, const char *text)
{
    if (file->data && strstr(file->data, text))
        fail_msg("\"%s\" is in: %.3000s", text, file->data);
}

static int64_t count(const char *sql_word, const char *text)
{
    struct errmsg err = {{0}};
    struct db *db = service_reader(service, &err);
    int64_t n = 0;
    bool audit = strcmp(sql_word, "audit") == 0;
    struct stmt *q = database_stmt(db, audit ? SQL_AUDIT_LIST : SQL_EVENT_LIST);
    if (!audit)
        stmt_int(q, 1, 0);
    while (stmt_row(q))
        n += strstr(stmt_get_text(q, audit ? 6 : 3, NULL), text) != NULL;
    stmt_done(q);
    return n;
}

/* domain 14 E8: the export of the day shows "secret", for whoever asks, and nothing that tells who spoke. */
static void e8_secret_order(void **state)
{
    const struct export_question official = {.period = whole.period, .official = "yes"};
    const struct actor *const who[] = {&dispatcher, &auditor, &district, &desk};
    (void)state;
    order("无证厨房存放煤气罐", "隔壁郝建国在厨房存放煤气罐，我住对门", "郝邻居", "yes");
    for (size_t i = 0; i < sizeof who / sizeof *who; i++)
        for (int o = 0; o < 2; o++) {
            struct buf file;
            assert_int_equal(export_all(who[i], o ? &official : &whole, &file, NULL), ST_OK);
            has(&file, o ? ",保密,保密," : ",secret,secret,");
            has_not(&file, "煤气罐");
            has_not(&file, "对门");
            has_not(&file, "郝");
            has_not(&file, "138****");
            has_not(&file, "1381234");
            has_not(&file, "槐树里");
            buf_release(&file);
        }
}

/* domain 5: names only for who may see them, and masked; a house ends at the building, a number in the text is no way
 * around it. */
static void names_are_masked_or_missing(void **state)
{
    struct buf file;
    (void)state;
    order("路灯不亮", "请打 13812345678 找我，司马相如", "司马相如", "no");
    assert_int_equal(export_all(&dispatcher, &whole, &file, NULL), ST_OK);
    has(&file, ",司*,138****5678,");
    has_not(&file, "13812345678");
    has_not(&file, "司马相如");
    has_not(&file, "707");
    buf_release(&file);
    assert_int_equal(export_all(&desk, &whole, &file, NULL), ST_OK);
    has(&file, "路灯不亮");
    has_not(&file, "司");
    has_not(&file, "138****");
    has_not(&file, "1381234");
    has_not(&file, "707");
    buf_release(&file);
    assert_int_equal(export_all(&other_desk, &whole, &file, NULL), ST_OK);
    has_not(&file, "路灯");
    buf_release(&file);
}

static void who_exports_nothing(void **state)
{
    static const enum role roles[] = {ROLE_OPERATOR, ROLE_HANDLER, ROLE_COMMUNITY, ROLE_REVIEWER,
                                      ROLE_CALLBACK, ROLE_TRAINER, ROLE_ADMIN};
    int64_t before = count("audit", "orders.export");
    (void)state;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        const struct actor who = {"x", "X", roles[i], "BJ", "BJ", "t"};
        struct buf file;
        assert_int_equal(export_all(&who, &whole, &file, NULL), ST_DENIED);
        assert_int_equal(file.len, 0);
        buf_release(&file);
    }
    assert_int_equal(count("audit", "orders.export"), before);
}

static void each_export_is_recorded(void **state)
{
    struct buf file;
    int64_t entries = count("audit", "orders.export"),
            events = count("events", "\"disclosed\":\"export\"");
    size_t lines = 0;
    (void)state;
    assert_int_equal(export_all(&desk, &whole, &file, NULL), ST_OK);
    for (const char *p = file.data; (p = strstr(p, "\r\n")); p++)
        lines++;
    assert_true(lines > 2);
    assert_int_equal(count("audit", "orders.export"), entries + 1);
    assert_int_equal(count("events", "\"disclosed\":\"export\""), events + (int64_t)lines - 1);
    buf_release(&file);
}

static void cells_are_safe_in_a_spreadsheet(void **state)
{
    static const struct {
        const char *text, *cell;
    } row[] = {{"", ""},
               {"plain, with comma", "\"plain, with comma\""},
               {"he said \"no\"", "\"he said \"\"no\"\"\""},
               {"two\nlines", "\"two\nlines\""},
               {"two\r\nlines", "\"two\r\nlines\""},
               {"=1+1", "\"'=1+1\""},
               {"+8613800000000", "\"'+8613800000000\""},
               {"-2", "\"'-2\""},
               {"@SUM(A1)", "\"'@SUM(A1)\""},
               {"  =1", "\"'  =1\""},
               {"\t=1", "\"'\t=1\""},
               {"＝1", "\"'＝1\""},
               {"a=1", "a=1"},
               {"=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""}};
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buf out;
        buf_init(&out, 4096);
        escape_csv_cell(&out, row[i].text);
        assert_string_equal(out.data ? out.data : "", row[i].cell);
        buf_release(&out);
    }
}

static void hostile_text_in_every_format(void **state)
{
    const struct export_question html = {.period = whole.period, .format = "html"},
                                 ndjson = {.period = whole.period, .format = "ndjson"},
                                 bom = {.period = whole.period, .bom = "yes"},
                                 none = {.period = whole.period, .format = "xls"};
    struct buf file;
    (void)state;
    order("=cmd|' /C calc'!A0", "<script>alert(1)</script>\x1b[31m", "甲", "no");
    assert_int_equal(export_all(&dispatcher, &whole, &file, NULL), ST_OK);
    has(&file, ",\"'=cmd|' /C calc'!A0\",");
    has_not(&file, "\x1b");
    has_not(&file, "\xEF\xBB\xBF");
    buf_release(&file);
    assert_int_equal(export_all(&dispatcher, &bom, &file, NULL), ST_OK);
    assert_int_equal(strncmp(file.data, "\xEF\xBB\xBFnumber,type,category,", 24), 0);
    buf_release(&file);
    assert_int_equal(export_all(&dispatcher, &html, &file, NULL), ST_OK);
    has(&file, "&lt;script&gt;");
    has_not(&file, "<script");
    has_not(&file, "\x1b");
    has(&file, "</table></body></html>\n");
    buf_release(&file);
    assert_int_equal(export_all(&dispatcher, &ndjson, &file, NULL), ST_OK);
    has(&file, "\"content\":\"<script>alert(1)</script>\\u001b[31m\"");
    buf_release(&file);
    assert_int_equal(export_all(&dispatcher, &none, &file, NULL), ST_INVALID);
    buf_release(&file);
}

static void official_names_of_columns_and_words(void **state)
{
    const struct export_question q = {.period = whole.period, .official = "yes"};
    struct buf file;
    (void)state;
    assert_int_equal(export_all(&dispatcher, &q, &file, NULL), ST_OK);
    assert_int_equal(strncmp(file.data,
                             "工单编号,工单类型,问题分类,标签,标题,主要内容,工单状态,来电人,"
                             "来电人电话/账号,来电时间,被反映区,被反映街乡镇,村/社区,小区点位,",
                             100),
                     0);
    has(&file, ",举报,");
    has(&file, ",待签收,");
    has(&file, ",主办,派单办理,");
    buf_release(&file);
}

static void many_parts_hold_each_order_once(void **state)
{
    const struct export_question q = {.period = whole.period, .format = "ndjson"};
    struct buf file;
    int parts;
    (void)state;
    for (int i = 0; i < MANY; i++)
        order("题目", "内容", "甲", "no");
    assert_int_equal(export_all(&dispatcher, &q, &file, &parts), ST_OK);
    assert_true(parts >= 3);
    size_t n = 0;
    char last[64] = "";
    for (const char *p = file.data; (p = strstr(p, "{\"number\":\"")); p++, n++) {
        char number[64];
        snprintf(number, sizeof number, "%.18s", p + 11);
        assert_string_not_equal(number, last);
        memcpy(last, number, sizeof last);
    }
    struct errmsg err = {{0}};
    struct stmt *s = database_stmt(service_reader(service, &err), SQL_COUNT_CASES);
    assert_true(stmt_row(s));
    assert_int_equal(n, stmt_get_int(s, 0));
    stmt_done(s);
    buf_release(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(e8_secret_order),
        cmocka_unit_test(names_are_masked_or_missing),
        cmocka_unit_test(who_exports_nothing),
        cmocka_unit_test(each_export_is_recorded),
        cmocka_unit_test(cells_are_safe_in_a_spreadsheet),
        cmocka_unit_test(hostile_text_in_every_format),
        cmocka_unit_test(official_names_of_columns_and_words),
        cmocka_unit_test(many_parts_hold_each_order_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
