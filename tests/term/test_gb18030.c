/*
 * A terminal and a shell that speak GB18030: what is typed, shown, given and printed is that, what is stored is UTF-8.
 */
#include "tests/locale_kit.h"
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static struct server s;
static bool have;

/* U+20BB7 and U+2000B take four bytes each; the dots and the dash are of ambiguous width. */
static const char said[] = "\xf0\xa0\xae\xb7女士说客厅只有14度……";
static const char reply[] = "\xf0\xa0\xae\xb7女士您好！\n"
                            "您反映5号楼暖气不热的问题收悉。经查——阀门卡滞，已于今日更换，室内实测2"
                            "1度，\xf0\xa0\x80\x8b供暖恢复正常。\n"
                            "如再有问题，请致电街道办公室010-55550196，联系人：林娜。";

static int begin(void **state)
{
    (void)state;
    const char *folder = locale_make("GB18030");
    have = folder != NULL;
    if (!have)
        return 0;
    setenv("LOCPATH", folder, 1);
    server_make(&s, "office");
    server_start(&s);
    return 0;
}

static void need_locale(void)
{
    if (!have) {
        print_message("no localedef, or no charmap GB18030\n");
        skip();
    }
}

static struct term *open_desk(struct desk *d)
{
    struct term_options o = desk_options(d);
    o.env[6] = "LC_ALL=zh_CN.GB18030";
    o.charset = "GB18030";
    struct term *t = term_start(&o);
    desk_wait_online(d, t);
    return t;
}

static void open_case(struct term *t)
{
    term_wait(t, "[1]待签收 14");
    term_press(t, "1");
    term_wait(t, "第 1-14 行，共 14 行");
    term_press(t, "f '暖气一直不热' Enter");
    term_wait(t, "筛选：暖气一直不热");
    term_press(t, "Enter");
    term_wait(t, "时限");
}

static void sign_and_contact(struct term *t)
{
    term_press(t, "s");
    term_wait(t, "已签收");
    term_press(t, "a 'ln'");
    term_wait(t, ">lin.property");
    term_press(t, "Enter ^S");
    term_wait(t, "办理中");
    term_press(t, "c Space");
    term_wait(t, "(x) 是");
    term_press(t, "Tab");
    term_type(t, said);
    term_press(t, "Tab Tab '电' ^S");
    term_wait(t, "已存到磁盘：记录联系");
}

static void write_reply(struct term *t)
{
    term_press(t, "r");
    term_wait(t, "给诉求人的答复");
    term_type_bytes(t, "\x95", 1); /* a character in two parts */
    term_type_bytes(t, "\x34\xb2\x35", 3);
    term_type(t, "女士您好！\r您反映5号楼暖气不热的问题收悉。经查——阀门卡滞");
    term_wait(t, "经查——阀门卡滞");
    const char *rest = strstr(reply, "，已于今日");
    term_paste(t, rest, strlen(rest));
    term_wait(t, "联系人：林娜。");
    term_press(t, "Tab '已解决'");
    term_wait(t, "(x) 已解决");
    term_press(t, "^S");
    term_wait(t, "待审核");
}

static void day_in_chinese(void **state)
{
    struct desk d;
    (void)state;
    need_locale();
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    struct term *t = open_desk(&d);
    open_case(t);
    sign_and_contact(t);
    write_reply(t);
    json_t *mine = server_wait_events(&s, since, "wang.desk", "sign assign contact submit_reply");
    assert_string_equal(text_at(json_array_get(mine, 2), "event.values.said"), said);
    assert_string_equal(text_at(json_array_get(mine, 3), "event.values.reply"), reply);
    json_decref(mine);
    assert_false(term_shows(t, "?女士"));
    term_press(t, "q");
    desk_leave(t);
}

/* The bytes are those of the text in GB18030; frees them. */
static void check_holds(char *bytes, const char *utf8)
{
    char wanted[400], *from = (char *)(uintptr_t)utf8, *to = wanted;
    size_t left = strlen(utf8), room = sizeof wanted - 1;
    iconv_t to_gb = iconv_open("GB18030", "UTF-8");
    assert_true(iconv(to_gb, &from, &left, &to, &room) != (size_t)-1);
    iconv_close(to_gb);
    *to = '\0';
    if (!strstr(bytes, wanted))
        fail_msg("is not there in GB18030: %s", utf8);
    free(bytes);
}

static const char *number_of(struct desk *d)
{
    static char number[64];
    json_t *list = desk_json(d, "list");
    assert_true(json_array_size(list) > 0);
    snprintf(number, sizeof number, "%s", text_at(json_array_get(list, 0), "number"));
    json_decref(list);
    return number;
}

static void keep(const char *path, const char *bytes)
{
    struct errmsg err = {{0}};
    assert_int_equal(file_write_atomic(path, bytes, strlen(bytes), &err), ST_OK);
}

static void check_note(json_t *events, size_t i, const char *utf8)
{
    assert_string_equal(text_at(json_array_get(events, i), "event.values.note"), utf8);
}

/* Arguments and files come in as GB18030, lists and cases go out as such; JSON is JSON everywhere. */
static void scripts(void **state)
{
    struct desk d;
    (void)state;
    need_locale();
    desk_make(&d, &s, "liu.desk", "zh_CN");
    desk_config(&d, "; \xb9\xa9\xc5\xaf\n[reply]\ngrace = 0\n");
    setenv("LC_ALL", "zh_CN.GB18030", 1);
    free(desk_run(&d, 0, "sync", NULL));
    json_int_t since = server_last_event(&s);
    const char *number = number_of(&d);
    free(desk_run(&d, 0, "do", number, "note", "note=\xb9\xa9\xc5\xaf\x95\x34\xb2\x35", NULL));
    keep(test_path("gb.txt"), "\xb9\xa9\xc5\xaf\n");
    keep(test_path("utf8.txt"), "供暖。\n");
    char file[500];
    snprintf(file, sizeof file, "note=%s", test_path("gb.txt"));
    free(desk_run(&d, 0, "do", number, "note", "--file", file, NULL));
    snprintf(file, sizeof file, "note=%s", test_path("utf8.txt"));
    free(desk_run(&d, 0, "do", number, "note", "--file", file, NULL));
    json_t *mine = server_wait_events(&s, since, "liu.desk", "note note note");
    check_note(mine, 0, "供暖\xf0\xa0\xae\xb7");
    check_note(mine, 1, "供暖");
    check_note(mine, 2, "供暖。");
    json_decref(mine);
    check_holds(desk_run(&d, 0, "show", number, NULL), "供暖\xf0\xa0\xae\xb7");
    check_holds(desk_run(&d, 0, "print", number, NULL), "供暖\xf0\xa0\xae\xb7");
    check_holds(desk_run(&d, 0, "list", "\xc5\xaf\xc6\xf8\xd2\xbb\xd6\xb1\xb2\xbb\xc8\xc8", NULL),
                "暖气一直不热");
    char *json = desk_run(&d, 0, "show", number, "--json", NULL);
    assert_non_null(strstr(json, "供暖\xf0\xa0\xae\xb7"));
    free(json);
    setenv("LC_ALL", "C.UTF-8", 1);
}

static int utf8_again(void **state)
{
    setenv("LC_ALL", "C.UTF-8", 1);
    return rig_end(state);
}

static int end_consoles(void **state)
{
    (void)state;
    setenv("LC_ALL", "C.UTF-8", 1);
    term_end_all(NULL);
    return 0;
}

/* The person's own editor finds the text in the encoding of the locale, and gives it back so. */
static void the_editor_speaks_it(void **state)
{
    static const char body[] =
        "#!/bin/sh\n"
        "[ \"$(cat \"$1\")\" = \"$(printf '\\326\\320\\316\\304')\" ] || exit 9\n"
        "printf '\\326\\320\\316\\304\\243\\254\\322\\321\\260\\354' > \"$1\"\n";
    static char variable[440];
    struct desk d;
    struct errmsg err;
    (void)state;
    need_locale();
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    const char *path = test_path("editor.sh");
    assert_int_equal(file_write_atomic(path, body, sizeof body - 1, &err), ST_OK);
    assert_int_equal(chmod(path, 0700), 0);
    snprintf(variable, sizeof variable, "EDITOR=%.400s", path);
    struct term_options o = desk_options(&d);
    o.env[6] = "LC_ALL=zh_CN.GB18030";
    o.env[7] = variable;
    o.env[8] = "VISUAL";
    o.charset = "GB18030";
    struct term *t = term_start(&o);
    desk_wait_online(&d, t);
    term_wait(t, "[7]全部在办 158");
    term_press(t, "7");
    term_wait(t, "第 1-18 行，共 158 行");
    term_press(t, "n");
    term_wait(t, "备注 *");
    term_press(t, "'中文' M-e");
    term_wait(t, "中文，已办");
    term_press(t, "^S");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    assert_string_equal(text_at(json_array_get(mine, 0), "event.values.note"), "中文，已办");
    json_decref(mine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(day_in_chinese, end_consoles),
        cmocka_unit_test_teardown(scripts, end_consoles),
        cmocka_unit_test_teardown(the_editor_speaks_it, end_consoles),
    };
    return cmocka_run_group_tests_name("term/gb18030", tests, begin, utf8_again);
}
