/*
 * The main road in Chinese, by hand and eye: log in, open, sign, assign, contact, reply; review and approval.
 * The server dies twice on the way. What was confirmed stands in its store once, in order, to the byte.
 */
#include "tests/term/server.h"
#include <string.h>

static const char said[] = "张女士说客厅只有14度，家里有老人。\n约好明天上午9点入户查看。";
static const char reply[] =
    "张女士您好！\n"
    "\n"
    "您反映5号楼2单元暖气不热的问题收悉。我们于今日上午电话与您沟通，并入户到现场查看，室内实测14度"
    "。\n"
    "经查，单元阀门卡滞。街道已协调供热公司更换阀门，下午复测21度，供暖恢复正常。\n"
    "如再有问题，请致电街道办公室010-55550196，联系人：林娜。";

static void log_in(struct term *t)
{
    term_wait(t, "用户：wang.desk");
    term_press(t, "'practice'");
    term_wait(t, "********");
    assert_false(term_shows(t, "practice"));
    term_press(t, "Enter");
    term_wait(t, "* 在线");
    term_wait(t, "[1]待签收 14");
    term_wait(t, "[7]全部在办 158");
}

static void sign_and_assign(struct term *t)
{
    term_press(t, "1");
    term_wait(t, "第 1-14 行，共 14 行");
    term_press(t, "f '暖气一直不热' Enter");
    term_wait(t, "筛选：暖气一直不热");
    term_press(t, "Enter");
    term_wait(t, "时限");
    term_press(t, "s");
    term_wait(t, "已存到磁盘：签收");
    term_wait(t, "已签收");
    term_press(t, "a");
    term_wait(t, "承办人");
    term_press(t, "'ln'"); /* 林娜, by the first letters of her name */
    term_wait(t, ">lin.property");
    term_press(t, "Enter");
    term_wait(t, " 承办人");
    term_press(t, "^S");
    term_wait(t, "已存到磁盘：分派");
    term_wait(t, "办理中");
    term_wait_gone(t, "待发");
}

static void contact(struct term *t)
{
    term_press(t, "c");
    term_wait(t, "说了什么");
    term_press(t, "^S"); /* what is needed is missing */
    term_wait(t, "!! ");
    term_press(t, "Space");
    term_wait(t, "(x) 是");
    term_press(t, "Tab");
    term_type(t, "张女士说客厅只有14度，家里有老人。\r约好明天上午9点入户查看。");
    term_press(t, "Tab Tab '电'");
    term_wait(t, "(x) 电话");
    term_press(t, "^S");
    term_wait(t, "已存到磁盘：记录联系");
    term_wait(t, "待发 1");
}

/* Typed, pasted, undone and done again. */
static void write_reply(struct term *t)
{
    static const char pasted[] =
        "经查，单元阀门卡滞。街道已协调供热公司更换阀门，下午复测21度，供暖恢复正常。\r\n"
        "如再有问题，请致电街道办公室010-55550196，联系人：林娜。";
    term_press(t, "r");
    term_wait(t, "给诉求人的答复");
    term_type(t, "张女士您好！\r\r您反映5号楼2单元暖气不热的问题收悉。");
    term_type(t, "我们于今日上午电话与您沟通，并入户到现场查看，室内实测15度");
    term_press(t, "Backspace Backspace '4度。' Enter");
    term_wait(t, "室内实测14度。");
    term_paste(t, pasted, strlen(pasted));
    term_wait(t, "联系人：林娜。");
    term_press(t, "M-u"); /* a paste is one step */
    term_wait_gone(t, "联系人：林娜。");
    term_press(t, "M-r");
    term_wait(t, "联系人：林娜。");
    term_wait(t, "ok 有称呼");
    term_press(t, "Tab '已解决'");
    term_wait(t, "(x) 已解决");
}

static void check(struct server *s, json_int_t since)
{
    json_t *mine = server_wait_events(s, since, "wang.desk", "sign assign contact submit_reply");
    assert_string_equal(text_at(json_array_get(mine, 1), "event.values.handler"), "lin.property");
    const json_t *call = json_array_get(mine, 2);
    assert_string_equal(text_at(call, "event.values.said"), said);
    assert_string_equal(text_at(call, "event.values.way"), "phone");
    const json_t *answer = json_array_get(mine, 3);
    assert_string_equal(text_at(answer, "event.values.reply"), reply);
    assert_string_equal(text_at(answer, "event.values.result"), "solved");
    assert_string_equal(text_at(answer, "event.to"), "REVIEW");
    for (size_t i = 1; i < json_array_size(mine); i++)
        assert_string_equal(text_at(json_array_get(mine, i), "case"),
                            text_at(json_array_get(mine, 0), "case"));
    json_decref(mine);
}

static void road(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "zh_CN");
    struct term_options o = desk_options(&d);
    struct term *t = term_start(&o);
    log_in(t);
    sign_and_assign(t);
    server_kill(&s);
    term_wait(t, "离线");
    contact(t);
    server_start(&s);
    term_wait_gone(t, "待发");
    write_reply(t);
    server_kill(&s);
    term_press(t, "^S");
    term_wait(t, "已存到磁盘：提交答复"); /* not painted over by what the line has to say */
    term_wait(t, "待发 1");
    term_wait(t, "离线");
    term_settle(t);
    term_wait(t, "已存到磁盘：提交答复");
    server_start(&s);
    term_wait_gone(t, "待发");
    term_wait(t, "待审核");
    check(&s, since);
    term_press(t, "q");
    term_wait(t, "剩余");
    desk_leave(t);
    server_stop(&s);
}

/* The leader approves what is to be approved: asked first, and n leaves it. */
static void approval(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "approval");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "luo.leader", "zh_CN");
    struct term *t = desk_open(&d, 36, 120);
    term_wait(t, "待审核 14");
    term_press(t, "3");
    term_wait(t, "第 1-14 行，共 14 行");
    term_press(t, "p");
    term_wait(t, "不能撤回");
    term_press(t, "n");
    term_wait_gone(t, "不能撤回");
    term_press(t, "p");
    term_wait(t, "不能撤回");
    term_press(t, "y");
    term_wait(t, "备注");
    term_press(t, "^S");
    term_wait(t, "已存到磁盘：审核");
    json_decref(server_wait_events(&s, since, "luo.leader", "approve"));
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(road, rig_end),
                                       cmocka_unit_test_teardown(approval, rig_end)};
    return cmocka_run_group_tests_name("term/road", tests, NULL, NULL);
}
