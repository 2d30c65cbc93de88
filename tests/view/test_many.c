/*
 * One template for many cases: a text for each, looked at, written in, left out; what is held back says why while the others
 * go; twelve commands in one batch, taken back singly and all together. Macros: the preview, and one key sends it. A result
 * that is chosen brings its template into an empty text alone.
 */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TWELVE = 12, ROWS_MOST = 400 };

#define GOOD                                                                                                                    \
    "{set result=solved}\n{if "                                                                                                 \
    "称呼}{称呼}，{end}您好！关于您的{编号}号诉求，我街道工作人员于昨日十五时电话与"          \
    "您联系。经现场核查，情况属实，已更换管道并恢复正常，问题已解决。如有疑问请拨打010-" \
    "66668888，联系"                                                                                                         \
    "李工。"

static struct office office;
static struct app app;
static struct options options;
static struct app_config config;
static char screen[64 * 1024];

static void look(void)
{
    struct cursor cursor;
    struct buf out;
    buf_init(&out, 1 << 20);
    app_draw(&app, &cursor);
    surface_dump(&app.surface, &out);
    snprintf(screen, sizeof screen, "%s", out.data);
    buf_release(&out);
}

/* As of test_reply.c. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        look();
    }
}

static int open_office(void **state)
{
    static int n;
    char name[20];
    struct errmsg err;
    (void)state;
    (void)snprintf(name, sizeof name, "many%d", n++);
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    options_init(&options);
    keymap_reset();
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, 24, 80, &err), ST_OK);
    app_reload(&app);
    look();
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    keymap_reset();
    app_release(&app);
    options_release(&options);
    office_close(&office);
    return 0;
}

static void shows(const char *text)
{
    if (strstr(screen, text))
        return;
    fprintf(stderr, "%s\n", screen);
    fail_msg("\"%s\" is not there", text);
}

static void hides(const char *text)
{
    if (!strstr(screen, text))
        return;
    fprintf(stderr, "%s\n", screen);
    fail_msg("\"%s\" is there", text);
}

static void own(const char *name, const char *body)
{
    struct errmsg err;
    const struct paper p = {.kind = PAPER_TEMPLATE,
                            .scope = PAPER_OWN,
                            .owner = "wang.desk",
                            .name = name,
                            .body = body,
                            .changed_by = "wang.desk"};
    if (store_paper_put(office.store, &p, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static size_t outbox(struct outbox_row **ret)
{
    size_t n = 0;
    assert_int_equal(store_outbox(office.store, 100, &app.c.scratch, ret, &n, NULL), ST_OK);
    return n;
}

static size_t drafts(struct draft **ret)
{
    size_t n = 0;
    assert_int_equal(store_drafts(office.store, &app.c.scratch, ret, &n, NULL), ST_OK);
    return n;
}

/* Marks so many cases that can be replied to, with others of none. */
static void mark(size_t wanted, size_t others)
{
    struct case_row *row;
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = console_now(&app.c)};
    size_t n = 0;
    assert_int_equal(
        store_page(office.store, &q, NULL, false, ROWS_MOST, &app.c.scratch, &row, &n, NULL),
        ST_OK);
    app.c.marks.n = 0;
    for (size_t i = 0; i < n && wanted + others > 0; i++) {
        struct case_view v;
        assert_int_equal(store_case(office.store, &row[i].id, &app.c.scratch, &v, NULL), ST_OK);
        size_t *left = console_offers(&app.c, &v.shown, COMMAND_SUBMIT_REPLY) ? &wanted : &others;
        /* without a contact the reply would be held back */
        if (*left == 0 || (left == &wanted && v.shown.clock[CLOCK_CONTACT].status == CLOCK_RUNNING))
            continue;
        --*left;
        assert_true(marks_add(&app.c.marks, &row[i].id));
    }
    assert_int_equal(wanted + others, 0);
}

static struct many *begin(void)
{
    own("AA", GOOD);
    press("7 r 'AA' Enter");
    assert_ptr_equal(app_top(&app)->self, &app.many);
    return &app.many;
}

static void twelve_go_in_one_batch(void **state)
{
    struct outbox_row *row;
    struct draft *d;
    (void)state;
    mark(TWELVE, 0);
    struct many *m = begin();
    assert_int_equal(m->n, TWELVE);
    assert_int_equal(many_count(m, MANY_GOES), TWELVE);
    shows("submit reply: text 1 of 12 (AA)");
    shows("Result: solved");
    assert_int_equal(drafts(&d), TWELVE); /* nothing is lost from here on */
    for (size_t i = 0; i < TWELVE; i++) {
        const char *number = arena_strdup(&m->arena, m->text[i].number);
        assert_int_equal(m->current, i);
        assert_non_null(strstr(m->text[i].text, number)); /* its own */
        shows(arena_printf(&app.c.scratch, "text %zu of 12", i + 1));
        press("PgDn");
    }
    assert_int_equal(outbox(&row), 0);
    press("Enter");
    shows("submit reply: 12 of the 12 texts go.");
    press("n");
    assert_int_equal(outbox(&row), 0);
    assert_int_equal(drafts(&d), TWELVE);
    press("Enter y");
    shows("Kept on the disk: submit reply, 12 cases");
    assert_int_equal(app.depth, 1);
    assert_int_equal(app.c.marks.n, 0);
    assert_int_equal(drafts(&d), 0);
    assert_int_equal(outbox(&row), TWELVE);
    const char *text = value_find(row[3].command.values, row[3].command.n_values, FIELD_REPLY);
    assert_string_equal(value_find(row[3].command.values, row[3].command.n_values, FIELD_RESULT),
                        "solved");
    assert_string_not_equal(
        text, value_find(row[4].command.values, row[4].command.n_values, FIELD_REPLY));
}

static void one_comes_back_then_the_batch(void **state)
{
    struct outbox_row *row;
    struct draft *d;
    (void)state;
    mark(TWELVE, 0);
    (void)begin();
    press("Enter y");
    assert_int_equal(outbox(&row), TWELVE);
    const struct uuid fifth = row[4].command.case_id;
    press(": 'outbox' Enter j j j j : 'take_one' Enter");
    shows("Taken back: submit reply, 1 command");
    assert_int_equal(outbox(&row), TWELVE - 1);
    assert_int_equal(drafts(&d), 1);
    assert_int_equal(uuid_compare(&d[0].case_id, &fifth), 0);
    press("Esc Esc u"); /* its form, the outbox */
    shows("Taken back: submit reply, 11 commands");
    assert_int_equal(outbox(&row), 0);
    assert_int_equal(drafts(&d), TWELVE);
}

static void the_first_comes_back_without_the_others(void **state)
{
    struct outbox_row *row;
    (void)state;
    mark(3, 0);
    (void)begin();
    press("Enter y : 'outbox' Enter : 'take_one' Enter");
    assert_int_equal(outbox(&row), 2);
    press("Esc u"); /* all of the outbox page's row */
    assert_int_equal(outbox(&row), 0);
}

static void what_must_not_be_told_is_held_back(void **state)
{
    struct outbox_row *row;
    struct draft *d;
    (void)state;
    mark(TWELVE, 1);
    struct many *m = begin();
    assert_int_equal(many_count(m, MANY_NEVER), 1);
    press("g");
    while (m->text[m->current].state == MANY_NEVER)
        press("j");
    const struct uuid held = m->text[m->current].id;
    press("e");
    assert_true(app_top(&app)->self == &app.form);
    press("'邻居电话13812345678。' Esc");
    assert_true(app_top(&app)->self == m);
    shows("held back: mobile phone number 138***78, line 1");
    shows("Its own words");
    hides("13812345678 ");
    press("j");
    while (m->text[m->current].state != MANY_GOES)
        press("j");
    const struct uuid out = m->text[m->current].id;
    press("x");
    shows("> left out");
    press("Enter");
    shows("submit reply: 10 of the 13 texts go.");
    press("y");
    shows("10 confirmed");
    assert_true(app_top(&app)->self == m); /* the list of what became of each */
    assert_int_equal(outbox(&row), 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_not_equal(uuid_compare(&row[i].command.case_id, &held), 0);
        assert_int_not_equal(uuid_compare(&row[i].command.case_id, &out), 0);
    }
    assert_int_equal(app.c.marks.n, 3);
    assert_int_equal(drafts(&d), 2); /* of the held one, of the one left out */
    press("u");                      /* back again, on the page */
    assert_int_equal(outbox(&row), 0);
    assert_int_equal(many_count(m, MANY_GOES), 10);
    assert_int_equal(app.c.marks.n, 13);
    press("Esc");
    shows("12 texts are kept as drafts of their cases.");
    assert_int_equal(drafts(&d), TWELVE);
}

static void what_somebody_wrote_is_not_replaced(void **state)
{
    struct errmsg err;
    struct draft *d;
    (void)state;
    mark(3, 0);
    const struct value mine = {FIELD_REPLY, "half written"};
    const struct draft draft = {.case_id = app.c.marks.id[1],
                                .type = COMMAND_SUBMIT_REPLY,
                                .user = "wang.desk",
                                .values = &mine,
                                .n_values = 1,
                                .revision = 1};
    assert_int_equal(store_draft_put(office.store, &draft, &err), ST_OK);
    struct many *m = begin();
    assert_string_equal(m->text[1].text, "half written");
    assert_true(m->text[1].own && m->text[1].state == MANY_HELD);
    /* another template: for all but that one */
    own("BB", "{set result=solved}\nBB {number}");
    press("M-t 'BB' Enter");
    assert_ptr_equal(app_top(&app)->self, &app.many);
    assert_int_equal(strncmp(m->text[0].text, "BB 26", 5), 0);
    assert_string_equal(m->text[1].text, "half written");
    assert_int_equal(drafts(&d), 3);
    press("Esc");
    assert_int_equal(app.depth, 1);
    assert_int_equal(drafts(&d), 3);
}

static void they_can_be_sent_later(void **state)
{
    struct outbox_row *row;
    (void)state;
    mark(3, 0);
    press("7 r Esc 'x' M-s"); /* not before they are looked at */
    shows("First the texts");
    press("^A ^K M-t");
    own("AA", GOOD);
    press("Esc M-t 'AA' Enter M-s ^A ^K '+2h' Enter");
    shows("3 of the 3 texts go.");
    assert_int_equal(outbox(&row), 0);
    press("y");
    assert_int_equal(outbox(&row), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(row[i].not_before_ms, office.now_ms + 2 * MS_HOUR);
    shows("u takes it back");
}

/* One that is confirmed in its own form is sent, and the page knows. */
static void one_is_sent_from_its_form(void **state)
{
    struct outbox_row *row;
    (void)state;
    mark(2, 0);
    struct many *m = begin();
    press("e ^S");
    assert_true(app_top(&app)->self == m);
    assert_int_equal(outbox(&row), 1);
    assert_int_equal(m->text[0].state, MANY_SENT);
    press("Enter");
    shows("1 of the 1 texts go.");
    press("y");
    assert_int_equal(outbox(&row), 2);
    assert_int_equal(app.depth, 1);
}

static void what_is_typed_for_all_goes_to_each(void **state)
{
    struct outbox_row *row;
    (void)state;
    mark(2, 0);
    press("7 r Esc 'The same for all.' Tab s ^S");
    struct many *m = &app.many;
    assert_ptr_equal(app_top(&app)->self, m);
    assert_string_equal(m->text[0].text, "The same for all.");
    assert_string_equal(m->text[1].text, "The same for all.");
    press("Enter"); /* no reply yet: the checklist */
    shows("Possible on none of the 2");
    assert_int_equal(outbox(&row), 0);
    /* where each has words of its own already, what was typed for all is not lost */
    press("Esc r Esc 'And this.' Tab s");
    office.now_ms += 10 * MS_SECOND;
    app_due(&app);
    press("^S");
    assert_string_equal(m->text[0].text, "The same for all.");
    press("Esc r");
    assert_string_equal(form_text_of(form_field_of(&app.form, FIELD_REPLY, false)), "And this.");
}

static void a_note_with_fields_is_for_each(void **state)
{
    struct outbox_row *row;
    (void)state;
    own("look", "{for note}\nSeen: {number}");
    own("plain", "{for note}\nSeen.");
    mark(3, 0);
    press("7 n ^T 'look' Enter");
    assert_ptr_equal(app_top(&app)->self, &app.many);
    press("Enter y");
    assert_int_equal(outbox(&row), 3);
    assert_int_equal(strncmp(value_find(row[0].command.values, row[0].command.n_values, FIELD_NOTE),
                             "Seen: 26", 8),
                     0);
    mark(3, 0);
    press("n ^T 'plain' Enter"); /* the same for all: the form has it */
    assert_ptr_equal(app_top(&app)->self, &app.form);
}

static void none_that_can_is_said_at_once(void **state)
{
    (void)state;
    mark(0, 2);
    press("7 r");
    assert_int_equal(app.depth, 1);
    shows("Possible on none of the 2 that are marked.");
}

static void a_macro_shows_and_sends(void **state)
{
    struct outbox_row *row;
    struct draft *d;
    struct errmsg err;
    (void)state;
    own("Warm", GOOD "{send}");
    own("No macro", GOOD);
    assert_int_equal(keymap_set("macro Warm", "M-w", "test", &err), ST_OK);
    mark(1, 0);
    app.c.case_id = app.c.marks.id[0];
    app.c.marks.n = 0;
    app.c.want = WANT_CASE;
    press("^L"); /* its page */
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    press(": 'macro No macro' Enter");
    shows("is no macro");
    press("M-w");
    shows("submit reply: text 1 of 1 (Warm)");
    shows("Result: solved");
    assert_int_equal(outbox(&row), 0); /* never without it being seen */
    press("Esc");
    assert_int_equal(drafts(&d), 0); /* one key makes it anew */
    press("M-w Enter");
    shows("Kept on the disk: submit reply 26");
    assert_int_equal(outbox(&row), 1);
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    press("u"); /* one step */
    assert_int_equal(outbox(&row), 0);
    press("Esc");
    /* of the draft that is there now it takes nothing and leaves it */
    assert_int_equal(drafts(&d), 1);
    press("M-w e 'x' Esc");
    assert_int_equal(drafts(&d), 2);
    press("Esc");
}

static void a_macro_for_all_that_is_marked(void **state)
{
    struct outbox_row *row;
    (void)state;
    own("Warm", GOOD "{send}");
    mark(3, 0);
    press("7 : 'macro Warm' Enter");
    shows("text 1 of 3");
    press("Enter");
    shows("3 of the 3 texts go.");
    press("y");
    assert_int_equal(outbox(&row), 3);
}

static void what_is_asked_about_is_no_macro(void **state)
{
    struct outbox_row *row;
    (void)state;
    own("quick", "{for withdraw}\n{set said=no more}{send}");
    press("7 : 'macro quick' Enter");
    shows("is done in its form alone");
    assert_int_equal(outbox(&row), 0);
}

/* --- a result ------------------------------------------------------------------------------------- */

static void begin_reply(void)
{
    mark(1, 0);
    app.c.case_id = app.c.marks.id[0];
    app.c.marks.n = 0;
    app.c.command = COMMAND_SUBMIT_REPLY;
    app.c.want = WANT_FORM;
    press("^L");
    assert_true(app_top(&app)->self == &app.form);
}

static const char *reply(void)
{
    return form_text_of(form_field_of(&app.form, FIELD_REPLY, false));
}

static void a_result_brings_its_text_where_none_is(void **state)
{
    (void)state;
    begin_reply();
    press("Tab n"); /* not solved: one template has it, and one in the other language */
    assert_string_equal(reply(), ""); /* not while it is being chosen */
    press("Tab");
    assert_non_null(strstr(reply(), "It is not solved yet"));
    shows("the template of this result stands there");
}

static void what_is_written_stays(void **state)
{
    (void)state;
    begin_reply();
    press("'mine' Tab n Tab");
    assert_string_equal(reply(), "mine");
    shows("2 templates have this result: Alt-t lists them first.");
    press("BackTab Right Tab"); /* another result; several fit, and none is clear */
    assert_string_equal(reply(), "mine");
    press("BackTab BackTab M-t");
    const struct paper *first = &form_template_marked(&app.form.templates)->paper;
    assert_true(template_sets(first->body, FIELD_RESULT,
                              form_text_of(form_field_of(&app.form, FIELD_RESULT, false))));
}

static void what_is_not_clear_is_not_put_in(void **state)
{
    (void)state;
    begin_reply();
    press("Tab s Tab"); /* solved: several have it */
    assert_string_equal(reply(), "");
    shows("templates have this result: Alt-t lists them first.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(twelve_go_in_one_batch),
                                       TEST(one_comes_back_then_the_batch),
                                       TEST(the_first_comes_back_without_the_others),
                                       TEST(what_must_not_be_told_is_held_back),
                                       TEST(what_somebody_wrote_is_not_replaced),
                                       TEST(they_can_be_sent_later),
                                       TEST(one_is_sent_from_its_form),
                                       TEST(what_is_typed_for_all_goes_to_each),
                                       TEST(a_note_with_fields_is_for_each),
                                       TEST(none_that_can_is_said_at_once),
                                       TEST(a_macro_shows_and_sends),
                                       TEST(a_macro_for_all_that_is_marked),
                                       TEST(what_is_asked_about_is_no_macro),
                                       TEST(a_result_brings_its_text_where_none_is),
                                       TEST(what_is_written_stays),
                                       TEST(what_is_not_clear_is_not_put_in)};
    return cmocka_run_group_tests_name("view/many", tests, NULL, NULL);
}
