/*
 * Type-ahead: whoever knows the way types it without looking. Two hundred keys in one go over a line that takes 500 ms each
 * way leave the same screen and the same store as one key after the other: over marks and forms of many cases, search and
 * cases, long forms. The server is away, so that nothing else moves.
 */
#include "tests/term/server.h"
#include <ctype.h>
#include <glob.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { DELAY_MS = 500, KEYS_LEAST = 200, PICTURE_MAX = 1 << 18 };

/* Esc is not among the keys: with what follows in the same moment it is Alt, on any terminal. F3 is the key for it. */
static const struct way {
    const char *name, *user, *keys[2]; /* English, Chinese */
} ways[] = {
    {"marks and bulk",
     "wang.desk",
     {"1 Space Space j Space s y 2 j ^V j j ^V n 'looked at on site, the pipe is being mended, "
      "more "
      "tomorrow morning' ^S y 7 G k k Space Space k Space n 'nobody was at home; a slip of paper "
      "with "
      "our number was left at the door' F3 g ^V PgDn k k j Space 2 T n 'to be looked at again by "
      "the "
      "duty officer' ^S n > > < j j j ^V k k F3 F3 F7 F8 j j",
      "1 Space Space j Space s y 2 j ^V j j ^V n '已到现场核实，阀门正在更换，明早再次回访居民' ^S "
      "y 7 G k k "
      "Space Space k Space n '家中无人，已在门上留下联系纸条和值班电话' F3 g ^V PgDn k k j Space 2 "
      "T n "
      "'请值班领导再看一遍' ^S n > > < j j j ^V k k F3 F3 F7 F8 j j"}},
    {"search and cases",
     "wang.desk",
     {"/ 'heating' Enter j j Enter PgDn n 'the flow is warm again in the whole entrance' ^S F3 F3 "
      "7 "
      "f "
      "'community:110106 handler:me or overdue' ^A ^K 'state:SIGNED' Enter j Enter c Space Tab "
      "'twelve "
      "degrees in the kitchen' F3 F3 F3 / '0468' Enter Enter = F3 I F3 F3 F3 ! ! : 'sort "
      "community' "
      "Enter G k k . ? j F3 3 j k % h Enter j j F9 'gas' F3 7 j j j j",
      "/ '暖气' Enter j j Enter PgDn n '整个单元暖气已经恢复正常温度' ^S F3 F3 7 f "
      "'community:110106 handler:me or "
      "overdue' ^A ^K 'state:SIGNED' Enter j Enter c Space Tab '厨房只有十二度，老人孩子都在' F3 "
      "F3 "
      "F3 / '0468' "
      "Enter Enter = F3 I F3 F3 F3 ! ! : 'sort community' Enter G k k . ? j F3 3 j k % h Enter j j "
      "F9 "
      "'燃气' F3 7 j j j j"}},
    {"long forms",
     "chen.op",
     {"o 'No heating for three days in building five, fourteen degrees, an old man is ill' Tab Tab "
      "'heat' Down Tab Tab 'entrance 2' F4 Down Up ^G ^N ^T ^T ^T ^T ^A 'My ' ^E ' at home' M-b "
      "M-b ^W ^K 'flat' ^_ M-r PgDn PgUp BackTab BackTab Tab Down Down Up 'x' Backspace F10 "
      "'new_draft' Enter 'Lift out of order since Monday, a wheelchair cannot leave the house' F3 "
      ": "
      "'drafts' Enter j Enter",
      "o '五号楼三天没有暖气，家里只有十四度，老人病了，希望尽快派人来修，已经打过两次电话' Tab "
      "Tab '供' Down Tab Tab "
      "'二单元' F4 Down Up ^G ^N ^T ^T ^T ^T ^A '我家' ^E '在家' M-b M-b ^W ^K '一套房子' ^_ M-r "
      "PgDn PgUp "
      "BackTab BackTab Tab Down Down Up 'x' Backspace F10 'new_draft' Enter "
      "'电梯周一起停运，轮椅出不了门，楼上还有产妇和刚出院的老人，物业一直说在等配件，请帮忙催一下'"
      " "
      "F3 : 'drafts' Enter j Enter"}}};

enum { WAYS = sizeof ways / sizeof *ways };

/* How many keys: characters in quotes, names outside. */
static int count_keys(const char *keys)
{
    int n = 0;
    bool text = false;
    for (; *keys; keys++)
        if (*keys == '\'')
            text = !text;
        else if (text)
            n += (*keys & 0xC0) != 0x80;
        else
            n += *keys != ' ' && (keys[1] == ' ' || keys[1] == '\0');
    return n;
}

/* Minutes pass between two runs. */
static void mask_times(char *text)
{
    for (char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
        for (char *p = at; p > text && (isdigit((unsigned char)p[-1]) || p[-1] == '-'); p--)
            p[-1] = ' ';
        for (char *p = at + 1; isdigit((unsigned char)*p); p++)
            *p = ' ';
    }
}

/* Without the first row, where the state of the line stands. */
static char *picture(struct term *t)
{
    const char *screen = term_screen(t), *rest = strchr(screen, '\n');
    char *text = strdup(rest ? rest : "");
    assert_non_null(text);
    mask_times(text);
    return text;
}

/* All that was confirmed, in its order, and all drafts; without what is made by chance or by the clock. */
static char *contents(const struct desk *d)
{
    static const char sql[] =
        "SELECT 1, seq, hex(case_id) || ' ' || json_extract(json, '$.type') || ' ' ||"
        " coalesce(json_extract(json, '$.args'), '') FROM outbox UNION ALL"
        " SELECT 2, slot, CASE WHEN case_id IN (SELECT id FROM cases) THEN hex(case_id) ELSE 'new' "
        "END"
        " || ' ' || type || ' ' || body FROM draft"
        " ORDER BY 1, 2, 3";
    char pattern[400];
    glob_t found;
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    struct buf out;
    snprintf(pattern, sizeof pattern, "%.300s/data/jiban/*/cache.db", d->home);
    if (glob(pattern, 0, NULL, &found) != 0 || found.gl_pathc != 1)
        fail_msg("there is not one cache: %s", pattern);
    assert_int_equal(sqlite3_open_v2(found.gl_pathv[0], &db, SQLITE_OPEN_READONLY, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    globfree(&found);
    buf_init(&out, PICTURE_MAX);
    while (sqlite3_step(q) == SQLITE_ROW)
        buf_printf(&out, "%s\n", (const char *)sqlite3_column_text(q, 2));
    sqlite3_finalize(q);
    sqlite3_close(db);
    mask_times(out.data);
    return buf_detach(&out);
}

static void wait_same(struct term *t, const char *wanted, const char *name)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS / 4;
    for (;;) {
        char *now = picture(t);
        bool same = strcmp(now, wanted) == 0;
        if (!same && term_now_ms() > until) {
            fprintf(stderr, "# %s: typed slowly\n%s\n", name, wanted);
            term_fail(t, "%s: in one go it is another screen", name);
        }
        free(now);
        if (same)
            return;
        term_pump(t, 50);
    }
}

/* What is typed last is on the disk a little later. */
static void same_contents(const struct desk desk[2])
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS / 4;
    for (;;) {
        char *kept[2] = {contents(&desk[0]), contents(&desk[1])};
        bool same = strcmp(kept[0], kept[1]) == 0;
        if (!same && term_now_ms() > until)
            assert_string_equal(kept[0], kept[1]);
        if (same)
            printf("# %zu bytes are kept\n", strlen(kept[0]));
        assert_true(!same || strlen(kept[0]) > 100);
        free(kept[0]);
        free(kept[1]);
        if (same)
            return;
        poll(NULL, 0, 50);
    }
}

static void type_slowly(struct term *t, const char *keys)
{
    while (*keys) {
        char one[1024];
        size_t n = *keys == '\'' ? 2 + strcspn(keys + 1, "'") : strcspn(keys, " ");
        snprintf(one, sizeof one, "%.*s", (int)n, keys);
        term_press(t, one);
        term_settle(t);
        keys += n;
        keys += strspn(keys, " ");
    }
}

/* Steps up and down until they are enough: Chinese says the same in fewer keys. */
static const char *enough_keys(struct buf *out, const char *keys)
{
    buf_puts(out, keys);
    while (count_keys(out->data) < KEYS_LEAST)
        buf_puts(out, " Down Up");
    return out->data;
}

static void same_in_one_go(const struct way *way, const char *language)
{
    static struct server s;
    struct desk desk[2];
    struct term *t[2];
    char name[80], folder[32];
    struct buf all;
    buf_init(&all, PICTURE_MAX);
    const char *keys = enough_keys(&all, way->keys[strcmp(language, "en") != 0]);
    snprintf(name, sizeof name, "%s in %s, %d keys", way->name, language, count_keys(keys));
    printf("# %s\n", name);
    snprintf(folder, sizeof folder, "%d-%s", (int)(way - ways), language);
    server_make(&s, folder);
    server_start(&s);
    for (int i = 0; i < 2; i++) {
        desk_make(&desk[i], &s, way->user, language);
        free(desk_run(&desk[i], 0, "sync", NULL));
        t[i] = desk_open(&desk[i], 24, 80);
    }
    server_stop(&s);
    for (int i = 0; i < 2; i++)
        term_wait(t[i], strcmp(language, "en") == 0 ? "offline" : "离线");
    type_slowly(t[0], keys);
    t[1]->line.delay_ms = DELAY_MS;
    term_burst(t[1], keys);
    term_settle(t[1]);
    char *slow = picture(t[0]);
    wait_same(t[1], slow, name);
    same_contents(desk);
    free(slow);
    buf_release(&all);
    for (int i = 0; i < 2; i++)
        term_end(t[i]);
}

static void each_way(const char *language)
{
    for (int i = 0; i < WAYS; i++)
        same_in_one_go(&ways[i], language);
}

static void in_english(void **state)
{
    (void)state;
    each_way("en");
}

static void in_chinese(void **state)
{
    (void)state;
    each_way("zh_CN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(in_english, rig_end),
                                       cmocka_unit_test_teardown(in_chinese, rig_end)};
    return cmocka_run_group_tests_name("term/burst", tests, NULL, NULL);
}
