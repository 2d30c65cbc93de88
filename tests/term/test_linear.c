/*
 * The day by ear: the console said line by line, on a terminal that can do nothing but write lines. Log in, find, sign,
 * assign, contact, reply, lose a race, answer the conflict, approve; in both languages. What is waited for is a line that
 * came after the last one that was heard, and not one sequence may be sent.
 */
#include "tests/term/server.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* So tall that no line is lost. */
enum { ROWS = 500, COLS = 120 };

struct words {
    const char *language, *user, *online, *offline, *count, *filter, *signed_state, *in_hand;
    const char *kept_sign, *kept_assign, *kept_contact, *kept_reply, *kept_approve;
    const char *handler, *reached, *yes, *said, *way, *phone, *reply, *result, *solved;
    const char *refused, *mine, *as_note, *no_conflict, *sure, *note, *one_to_send, *review;
};

static const struct words words[] = {{.language = "en",
                                      .user = "User: ",
                                      .online = "* online",
                                      .offline = "offline since",
                                      .count = "13 cases · ",
                                      .filter = "Filter:",
                                      .signed_state = "signed",
                                      .in_hand = "in hand",
                                      .kept_sign = "Kept on the disk: sign ",
                                      .kept_assign = "Kept on the disk: assign ",
                                      .kept_contact = "Kept on the disk: record contact ",
                                      .kept_reply = "Kept on the disk: submit reply ",
                                      .kept_approve = "Kept on the disk: approve ",
                                      .handler = "Handler",
                                      .reached = "Reached",
                                      .yes = "): yes",
                                      .said = "What was said",
                                      .way = "How",
                                      .phone = "): phone",
                                      .reply = "Reply to the claimant",
                                      .result = "Result",
                                      .solved = "): solved",
                                      .refused = "Refused by the server",
                                      .mine = "Mine: submit",
                                      .as_note = "it goes out as a note on the case",
                                      .no_conflict = "There is no conflict",
                                      .sure = "Sure?",
                                      .note = "Note",
                                      .one_to_send = "1 to send",
                                      .review = "14 cases · "},
                                     {.language = "zh_CN",
                                      .user = "用户：",
                                      .online = "* 在线",
                                      .offline = "离线",
                                      .count = "13 张",
                                      .filter = "筛选：",
                                      .signed_state = "已签收",
                                      .in_hand = "办理中",
                                      .kept_sign = "已存到磁盘：签收",
                                      .kept_assign = "已存到磁盘：分派",
                                      .kept_contact = "已存到磁盘：记录联系",
                                      .kept_reply = "已存到磁盘：提交答复",
                                      .kept_approve = "已存到磁盘：审核",
                                      .handler = "承办人",
                                      .reached = "已联系上",
                                      .yes = "): 是",
                                      .said = "说了什么",
                                      .way = "方式",
                                      .phone = "): 电话",
                                      .reply = "给诉求人的答复",
                                      .result = "办理结果",
                                      .solved = "): 已解决",
                                      .refused = "服务器未接受",
                                      .mine = "我的：提交答复",
                                      .as_note = "将作为工单备注发出",
                                      .no_conflict = "没有冲突",
                                      .sure = "确定吗？",
                                      .note = "备注",
                                      .one_to_send = "待发 1",
                                      .review = "14 张"}};

static const char said[] = "The caller says 14 degrees.\n约好明天上午9点入户查看。";
static const char answer[] =
    "您好！我们已电话联系您，并到现场核实，情况属实，已更换阀门，供暖恢复正常，室温21度。\n"
    "如有问题请致电010-55550196，联系人：王建国。感谢您的理解与支持。";
static const char theirs[] = "reply=Dear Sir, we called you by phone, found the leak and repaired "
                             "it. It is solved. Call us: 010-1.";

struct ear {
    struct desk desk;
    struct term *t;
    size_t heard; /* bytes of all that was said */
};

/* A line that holds the text comes after those that were heard. */
static void hear(struct ear *e, const char *text)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    for (;;) {
        const char *all = term_screen(e->t), *at = NULL;
        if (strlen(all) >= e->heard)
            at = strstr(all + e->heard, text);
        if (at) {
            e->heard = (size_t)(at - all) + strlen(text);
            return;
        }
        if (!term_pump(e->t, 10) && term_now_ms() > until)
            term_fail(e->t, "is not said: %s", text);
    }
}

static void press(struct ear *e, const char *keys)
{
    term_press(e->t, keys);
}

static void type_lines(struct ear *e, const char *text)
{
    for (; *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] == '\n')) {
        term_type_bytes(e->t, text, strcspn(text, "\n"));
        if (text[strcspn(text, "\n")])
            term_type(e->t, "\r");
    }
}

static void sit_down(struct ear *e, struct server *s, const char *user, const struct words *w,
                     int cols)
{
    desk_make(&e->desk, s, user, w->language);
    free(desk_run(&e->desk, 0, "sync", NULL)); /* all is there: the counts stay */
    struct term_options o = desk_options(&e->desk);
    int n = 0;
    while (o.argv[n])
        n++;
    o.argv[n] = "--linear";
    for (n = 0; o.env[n];)
        n++;
    o.env[n] = "TERM=dumb";
    o.rows = ROWS;
    o.cols = cols;
    e->heard = 0;
    e->t = term_start(&o);
    term_forbid(e->t, "\033");
}

static void log_in(struct ear *e, const struct words *w)
{
    char user[64];
    snprintf(user, sizeof user, "%s%s", w->user, e->desk.user);
    hear(e, user);
    press(e, "'practice'");
    hear(e, "********");
    assert_null(strstr(term_screen(e->t), "practice"));
    press(e, "Enter");
    hear(e, w->online);
}

/* By the other desk: up to where a reply may be written. */
static void prepare(struct desk *other, const char *number)
{
    free(desk_run(other, 0, "do", number, "sign", NULL));
    free(desk_run(other, 0, "do", number, "assign", "handler=lin.property", NULL));
    free(desk_run(other, 0, "do", number, "contact", "reached=yes", "way=phone",
                  "said=spoke with the caller", NULL));
}

/* Numbers of cases that wait for a signature. */
static void find_cases(struct desk *d, char *number[], int most)
{
    free(desk_run(d, 0, "sync", NULL));
    char *text = desk_run(d, 0, "list", "state:SENT", "--json", NULL), *line = text;
    for (int i = 0; i < most; i++) {
        json_t *one = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        assert_non_null(one);
        number[i] = strdup(text_at(one, "number"));
        json_decref(one);
        line += strcspn(line, "\n") + 1;
    }
    free(text);
}

static void find_and_sign(struct ear *e, const struct words *w, const char *number)
{
    press(e, "1");
    hear(e, w->count);
    hear(e, "1 "); /* of 13 */
    press(e, "Down");
    hear(e, "2 ");
    press(e, "^L"); /* where am I? */
    hear(e, w->online);
    hear(e, w->count);
    hear(e, "2 ");
    press(e, "f");
    hear(e, w->filter);
    term_type(e->t, number);
    press(e, "Enter");
    hear(e, "1 ");
    press(e, "s");
    hear(e, w->kept_sign);
}

static void open_case(struct ear *e, const char *number, const char *state)
{
    press(e, ":");
    term_type(e->t, "open ");
    term_type(e->t, number);
    press(e, "Enter");
    hear(e, state);
}

static void assign(struct ear *e, const struct words *w)
{
    press(e, "a");
    hear(e, w->handler);
    press(e, "'ln'"); /* by the first letters of her name */
    hear(e, "1. lin.property");
    press(e, "Enter ^S");
    hear(e, w->kept_assign);
    hear(e, w->in_hand);
}

static void contact(struct ear *e, const struct words *w)
{
    press(e, "c");
    hear(e, w->reached);
    press(e, "1"); /* the digit of the choice */
    hear(e, w->yes);
    press(e, "Tab");
    hear(e, w->said);
    type_lines(e, said);
    press(e, "Tab Tab");
    hear(e, w->way);
    press(e, "1");
    hear(e, w->phone);
    press(e, "^S");
    hear(e, w->kept_contact);
    hear(e, w->one_to_send);
}

static void reply(struct ear *e, const struct words *w)
{
    press(e, "r");
    hear(e, w->reply);
    type_lines(e, answer);
    press(e, "Tab");
    hear(e, w->result);
    press(e, "1");
    hear(e, w->solved);
    press(e, "^S");
    hear(e, w->kept_reply);
}

/* The other one's reply is there first. */
static void lose_race(struct ear *e, const struct words *w, struct server *s, struct desk *other,
                      const char *number)
{
    open_case(e, number, w->in_hand);
    server_stop(s);
    hear(e, w->offline);
    reply(e, w);
    term_settle(e->t);
    term_signal(e->t, SIGSTOP); /* it would be first else */
    server_start(s);
    free(desk_run(other, 0, "do", number, "reply", theirs, "result=solved", NULL));
    term_signal(e->t, SIGCONT);
    hear(e, w->online);
    press(e, "q C");
    hear(e, w->refused);
    hear(e, w->mine);
    for (int i = 0; i < 3; i++)
        press(e, "PgDn");
    hear(e, "您好！我们已电话联系您");
    press(e, "n");
    hear(e, w->as_note);
    hear(e, w->no_conflict);
    press(e, "q");
}

static void check(struct server *s, json_int_t since)
{
    json_t *mine =
        server_wait_events(s, since, "wang.desk", "sign assign contact submit_reply note");
    assert_string_equal(text_at(json_array_get(mine, 1), "event.values.handler"), "lin.property");
    assert_string_equal(text_at(json_array_get(mine, 2), "event.values.said"), said);
    assert_string_equal(text_at(json_array_get(mine, 2), "event.values.way"), "phone");
    assert_string_equal(text_at(json_array_get(mine, 3), "event.values.reply"), answer);
    assert_non_null(strstr(text_at(json_array_get(mine, 4), "event.values.note"), answer));
    json_decref(mine);
}

static void day(const struct words *w)
{
    static struct server s;
    struct desk other;
    struct ear e;
    char *number[2];
    server_make(&s, w->language);
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&other, &s, "liu.desk", "en");
    find_cases(&other, number, 2);
    prepare(&other, number[1]);
    sit_down(&e, &s, "wang.desk", w, COLS);
    log_in(&e, w);
    find_and_sign(&e, w, number[0]);
    open_case(&e, number[0], w->signed_state);
    assign(&e, w);
    json_decref(server_wait_events(&s, since, "wang.desk", "sign assign"));
    hear(&e, w->online);
    server_kill(&s);
    hear(&e, w->offline);
    contact(&e, w);
    server_start(&s);
    hear(&e, w->online);
    reply(&e, w);
    hear(&e, w->online);
    press(&e, "q");
    lose_race(&e, w, &s, &other, number[1]);
    check(&s, since);
    desk_leave(e.t);
    for (int i = 0; i < 2; i++)
        free(number[i]);
    server_stop(&s);
}

static void day_in_english(void **state)
{
    (void)state;
    day(&words[0]);
}

static void day_in_chinese(void **state)
{
    (void)state;
    day(&words[1]);
}

/* The leader: asked first, and n leaves it. */
static void approval(const struct words *w)
{
    static struct server s;
    struct ear e;
    server_make(&s, "approval");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    sit_down(&e, &s, "luo.leader", w, COLS);
    log_in(&e, w);
    press(&e, "3");
    hear(&e, w->review);
    press(&e, "p");
    hear(&e, w->sure);
    press(&e, "n p");
    hear(&e, w->sure);
    press(&e, "y");
    hear(&e, w->note);
    press(&e, "^S");
    hear(&e, w->kept_approve);
    json_decref(server_wait_events(&s, since, "luo.leader", "approve"));
    desk_leave(e.t);
    server_stop(&s);
}

static void approval_in_both(void **state)
{
    (void)state;
    approval(&words[0]);
    approval(&words[1]);
}

/* A file in a note, and what is kept at the desk: drafts, what is not sent yet, messages. */
static void kept_and_files(void **state)
{
    static struct server s;
    struct ear e;
    char keys[700], path[300];
    (void)state;
    server_make(&s, "kept");
    server_start(&s);
    sit_down(&e, &s, "wang.desk", &words[0], COLS);
    log_in(&e, &words[0]);
    snprintf(path, sizeof path, "%s", test_path("hall.txt"));
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("first line\nsecond line\n", f);
    assert_int_equal(fclose(f), 0);
    press(&e, "7 g F");
    hear(&e, "Files of 2");
    hear(&e, "The case has no files.");
    press(&e, "q n");
    hear(&e, "Note (needed):");
    snprintf(keys, sizeof keys, "'the hall' M-a '%s' Enter", path);
    press(&e, keys);
    hear(&e, "hall.txt is copied");
    press(&e, "^S");
    hear(&e, "Kept on the disk: note");
    hear(&e, words[0].online);
    press(&e, "F");
    hear(&e, "1 of 1. hall.txt. plain text, 23 bytes");
    press(&e, "p");
    hear(&e, "This is no picture");
    press(&e, "Enter");
    hear(&e, "hall.txt");
    hear(&e, "first line");
    press(&e, "PgDn");
    hear(&e, "second line");
    press(&e, "q n");
    hear(&e, "Note (needed):");
    press(&e, "'words of a draft' Esc");
    hear(&e, "The draft is kept");
    press(&e, ": 'drafts' Enter");
    hear(&e, "Drafts, the newest first");
    hear(&e, "words of a draft");
    press(&e, "PgDn");
    hear(&e, "words of a draft");
    press(&e, "q : 'outbox' Enter");
    hear(&e, "Confirmed, kept on the disk and not sent yet");
    hear(&e, "Everything has been sent.");
    press(&e, "q : 'messages' Enter");
    hear(&e, "What was said here, the newest first");
    hear(&e, "The draft is kept; the same key goes on with it.");
    press(&e, "Down");
    hear(&e, "This is no picture");
    press(&e, "q");
    desk_leave(e.t);
    server_stop(&s);
}

/* A template is written and taken; the reply is heard as it will be read, and what must not stand in it. */
static void templates_preview_and_leaks(void **state)
{
    static struct server s;
    struct desk other;
    struct ear e;
    char *number[1];
    (void)state;
    server_make(&s, "letter");
    server_start(&s);
    desk_make(&other, &s, "liu.desk", "en");
    find_cases(&other, number, 1);
    prepare(&other, number[0]);
    setenv("VISUAL", "true", 1);
    sit_down(&e, &s, "wang.desk", &words[0], COLS);
    unsetenv("VISUAL");
    log_in(&e, &words[0]);
    press(&e, ": 'template new warmth' Enter");
    hear(&e, "New template");
    hear(&e, "warmth");
    hear(&e, "{number}");
    type_lines(&e, "Dear Sir,\nthe radiators are warm.");
    press(&e, "^S");
    hear(&e, "The template \"warmth\" is kept.");
    open_case(&e, number[0], "in hand");
    press(&e, "r");
    hear(&e, "Reply to the claimant");
    press(&e, "M-t 'warmth'");
    hear(&e, "Templates (");
    hear(&e, "warmth");
    hear(&e, "Dear Sir,. the radiators are warm.");
    press(&e, "Enter");
    press(&e, "M-e"); /* the terminal of lines is lent, too */
    hear(&e, "The editor has changed nothing.");
    type_lines(&e, "\nAsk 13812345678.");
    hear(&e, "Look at what it tells: mobile phone number 138");
    type_lines(&e, "\n我们保证解决");
    hear(&e, "138");
    hear(&e, "保证");
    press(&e, "^P");
    hear(&e, "The reply as the claimant will read it");
    hear(&e, "To: ");
    press(&e, "Down Down Down");
    hear(&e, "Dear Sir,");
    press(&e, "Down");
    hear(&e, "the radiators are warm.");
    press(&e, "x");
    hear(&e, "Reply to the claimant");
    press(&e, "Esc");
    hear(&e, "The draft is kept");
    press(&e, "q");
    desk_leave(e.t);
    free(number[0]);
    server_stop(&s);
}

static int count_of(struct term *t, const char *text)
{
    int n = 0;
    for (const char *at = term_screen(t); (at = strstr(at, text)); at += strlen(text))
        n++;
    return n;
}

/* In 40 columns: a line that is typed never wraps, and is whole all the same. */
static void narrow(void **state)
{
    static const char note[] = "第一句很长：维修人员今天上午到现场查看了暖气阀门和管道。 Then on "
                               "the left, to the third door, and up.";
    static struct server s;
    struct ear e;
    (void)state;
    server_make(&s, "narrow");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    sit_down(&e, &s, "wang.desk", &words[0], 40);
    log_in(&e, &words[0]);
    press(&e, "7 g n");
    hear(&e, "Note (needed):");
    type_lines(&e, note);
    term_settle(e.t);
    press(&e, "Home"); /* of the last of its lines */
    term_type(e.t, "*");
    press(&e, "M-<");
    term_type(e.t, "*");
    hear(&e, "\n*第一句很长");
    press(&e, "^S");
    hear(&e, "Kept on the disk: note");
    json_t *mine = server_wait_events(&s, since, "wang.desk", "note");
    char *got = strdup(text_at(json_array_get(mine, 0), "event.values.note"));
    assert_string_equal(got + strlen(got) - 3, "up.");
    assert_int_equal(got[0], '*');
    char *second = strchr(got + 1, '*');
    assert_non_null(second);
    memmove(second, second + 1, strlen(second));
    assert_string_equal(got + 1, note);
    free(got);
    json_decref(mine);
    desk_leave(e.t);
    server_stop(&s);
}

/* Time passes and nothing is said of it; a lock says nothing of the work. */
static void nothing_ticks(void **state)
{
    static struct server s;
    struct desk other;
    struct ear e;
    char *number[1];
    (void)state;
    server_make(&s, "ticks");
    server_start(&s);
    desk_make(&other, &s, "liu.desk", "en");
    find_cases(&other, number, 1);
    prepare(&other, number[0]);
    desk_make(&e.desk, &s, "wang.desk", "en");
    free(desk_run(&e.desk, 0, "sync", NULL));
    desk_config(&e.desk, "[reply]\ngrace = 3\n[screen]\nlinear = yes\n");
    struct term_options o = desk_options(&e.desk);
    o.rows = ROWS;
    o.cols = COLS;
    e.heard = 0;
    e.t = term_start(&o);
    log_in(&e, &words[0]);
    open_case(&e, number[0], "in hand");
    reply(&e, &words[0]);
    hear(&e, "It is sent when the line is up");
    assert_int_equal(count_of(e.t, "u takes it back"), 1);
    press(&e, "L");
    hear(&e, "Locked. User: wang.desk");
    press(&e, "'wrong' Enter");
    hear(&e, "not the password");
    press(&e, "'practice' Enter");
    hear(&e, "to approve");
    press(&e, "q");
    desk_leave(e.t);
    free(number[0]);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(day_in_english, rig_end),
        cmocka_unit_test_teardown(day_in_chinese, rig_end),
        cmocka_unit_test_teardown(approval_in_both, rig_end),
        cmocka_unit_test_teardown(narrow, rig_end),
        cmocka_unit_test_teardown(kept_and_files, rig_end),
        cmocka_unit_test_teardown(templates_preview_and_leaks, rig_end),
        cmocka_unit_test_teardown(nothing_ticks, rig_end)};
    return cmocka_run_group_tests_name("term/linear", tests, NULL, NULL);
}
