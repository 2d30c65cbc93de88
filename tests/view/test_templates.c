/*
 * Reply templates in the console: found as one types, put in where the cursor stands, never over what stands there; a gap is
 * not sent; nothing that is masked comes out by a template; writing one checks it.
 */
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

enum { ROWS = 24, COLS = 80, MANY = 180 };

static struct office office;
static struct app app;
static struct options options;
static struct uuid some_case;

static int open_office(void **state)
{
    static int n;
    char name[20];
    struct errmsg err;
    struct cursor cursor;
    (void)state;
    (void)snprintf(name, sizeof name, "templates%d", n++);
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    options_init(&options);
    static struct app_config config;
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
    assert_true(app_top(&app)->subject(app_top(&app)->self, &app.c, &some_case));
    return 0;
}

static int close_office(void **state)
{
    (void)state;
    app_release(&app);
    options_release(&options);
    office_close(&office);
    return 0;
}

static struct form *begin_command(enum command_type type)
{
    struct errmsg err;
    assert_int_equal(form_start(&app.form, &app.c, &some_case, type, &err), ST_OK);
    app.stack[app.depth++] = form_view(&app.form);
    return &app.form;
}

static struct form *begin(void)
{
    return begin_command(COMMAND_SUBMIT_REPLY);
}

static void type(const char *text)
{
    const struct key key = {.kind = KEY_KIND_PASTE, .text = text, .len = strlen(text)};
    app_top(&app)->type(app_top(&app)->self, &app.c, &key);
}

static bool press(enum action action)
{
    return app_top(&app)->act(app_top(&app)->self, &app.c, action);
}

static const char *reply(void)
{
    return form_text_of(form_field_of(&app.form, FIELD_REPLY, false));
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

static bool shows(const char *text)
{
    struct cursor cursor;
    struct buf out;
    buf_init(&out, 1 << 20);
    app_draw(&app, &cursor);
    surface_dump(&app.surface, &out);
    bool found = strstr(out.data, text) != NULL;
    buf_release(&out);
    return found;
}

static void one_is_found_and_put_in(void **state)
{
    (void)state;
    struct form *f = begin();
    assert_true(press(ACTION_TURN)); /* no other exit here: the key is that of the templates */
    assert_true(f->templates.on && f->templates.n >= 14);
    assert_true(shows("Beyond our duty"));
    type("hea");
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "Heating: warm again");
    assert_true(shows("heating company")); /* as it will be, beside the list */
    assert_true(press(ACTION_EDIT_NEWLINE));
    assert_false(f->templates.on);
    assert_non_null(strstr(reply(), "[which day?]"));
    assert_int_equal(f->field[f->current].field, FIELD_REPLY);
    press(ACTION_EDIT_UNDO);
    assert_string_equal(reply(), "");
    press(ACTION_TEMPLATES);
    type("gnbn"); /* 供暖不热 by its initials */
    press(ACTION_EDIT_BACKSPACE);
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "供暖不热：已恢复");
    press(ACTION_EDIT_DOWN); /* there is no other */
    press(ACTION_LEAVE_FORM);
    assert_false(f->templates.on);
    assert_string_equal(reply(), "");
}

static void what_stands_there_stays(void **state)
{
    (void)state;
    own("mine", "{number}: {if state=NEW}new{else}old{end}");
    (void)begin();
    type("before after");
    press(ACTION_EDIT_WORD_LEFT);
    press(ACTION_TURN);
    type("mine");
    assert_true(shows("my own"));
    press(ACTION_CONFIRM);
    assert_int_equal(strncmp(reply(), "before 26", 9), 0);
    assert_string_equal(reply() + strlen(reply()) - 10, ": oldafter");
}

static void a_gap_is_not_sent(void **state)
{
    (void)state;
    own("mine", "On [which day?] with [whom?].");
    struct form *f = begin();
    (void)form_set_text(form_field_of(f, FIELD_RESULT, false), "solved");
    press(ACTION_TURN);
    type("mine");
    press(ACTION_EDIT_NEWLINE);
    struct editor *e = &form_field_of(f, FIELD_REPLY, false)->editor;
    assert_int_equal(e->cursor, 3);
    press(ACTION_EDIT_TEXT_END);
    press(ACTION_NEXT_FIELD);
    assert_false(form_confirm(f, &app.c));
    assert_non_null(strstr(app.c.message, "[which day?]"));
    assert_int_equal(f->field[f->current].field, FIELD_REPLY);
    assert_int_equal(e->cursor, 3);
    type("Monday"); /* over it */
    assert_string_equal(reply(), "On Monday with [whom?].");
    assert_true(press(ACTION_TEMPLATES)); /* to the next one */
    assert_false(f->templates.on);
    type("the owner");
    assert_string_equal(reply(), "On Monday with the owner.");
    (void)form_confirm(f, &app.c);
    assert_null(strstr(app.c.message, "filled in"));
}

static void nothing_masked_comes_out(void **state)
{
    (void)state;
    own("mine", "{claimant}|{place}|{greeting}|");
    struct form *f = begin();
    f->subject.value[FIELD_CLAIMANT] = "张小三";
    f->subject.value[FIELD_ADDRESS_FORM] = "先生";
    f->subject.value[FIELD_CLAIMANT_KIND] = "";
    f->subject.value[FIELD_POINT] = "东里小区4号楼2单元301";
    press(ACTION_TURN);
    type("mine");
    assert_non_null(strstr(f->templates.text, "[claimant?]|"));
    assert_null(strstr(f->templates.text, "301"));
    assert_non_null(strstr(f->templates.text, "|张先生|"));
    f->subject.value[FIELD_ADDRESS_FORM] = ""; /* not known: not guessed */
    type(" ");
    press(ACTION_EDIT_BACKSPACE);
    assert_non_null(strstr(f->templates.text, "|[greeting?]|"));
    f->subject.value[FIELD_ADDRESS_FORM] = "女士";
    f->subject.value[FIELD_CLAIMANT] = "欧阳一";
    type(" ");
    press(ACTION_EDIT_BACKSPACE);
    assert_non_null(strstr(f->templates.text, "|[greeting?]|"));
    app.c.reveal_case = f->case_id; /* it was revealed, which is on record */
    app.c.reveal_until_ms = console_mono(&app.c) + 30 * MS_SECOND;
    type(" ");
    press(ACTION_EDIT_BACKSPACE);
    assert_non_null(strstr(f->templates.text, "欧阳一|东里小区4号楼2单元301|欧阳女士|"));
}

static void one_that_cannot_be_read_says_why(void **state)
{
    (void)state;
    own("broken", "fine\n{nothing}");
    struct form *f = begin();
    press(ACTION_TURN);
    type("broken");
    assert_true(shows("Line 2, column 1"));
    press(ACTION_EDIT_NEWLINE);
    assert_true(f->templates.on);
    assert_string_equal(reply(), "");
}

static void many_are_found_at_once(void **state)
{
    char name[40];
    (void)state;
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof name, "模板%d 东里社区停水通知", i);
        own(name, "{number}");
    }
    struct form *f = begin();
    press(ACTION_TURN);
    int64_t from = clock_mono(&clock_system);
    type("tstz"); /* 停水通知 */
    print_message("# %d templates: %d ms\n", MANY, (int)(clock_mono(&clock_system) - from));
    assert_int_equal(f->templates.picker.all, MANY);
    type("x");
    assert_int_equal(f->templates.picker.all, 0);
    assert_true(shows("No template has that"));
    press(ACTION_EDIT_NEWLINE); /* nothing to take */
    assert_string_equal(reply(), "");
}

static void one_is_written_checked_and_thrown_away(void **state)
{
    struct kept_paper p;
    (void)state;
    app_act(&app, ACTION_TEMPLATE, "new office Water cut");
    assert_ptr_equal(app_top(&app)->self, &app.template_page);
    type("{claimnt}");
    press(ACTION_CONFIRM);
    assert_string_equal(app.c.message, "Line 1, column 1: there is no field \"claimnt\"");
    press(ACTION_LEAVE_FORM);
    assert_int_equal(app.c.want, WANT_NOTHING); /* asked once more */
    press(ACTION_EDIT_LINE_START);
    press(ACTION_EDIT_DELETE_TO_END);
    type("{claimant}");
    press(ACTION_CONFIRM);
    assert_int_equal(app.c.want, WANT_BACK);
    app.c.want = WANT_NOTHING;
    app.depth--;
    assert_int_equal(
        store_paper_named(office.store, PAPER_TEMPLATE, "Water cut", &app.c.scratch, &p, NULL),
        ST_OK);
    assert_true(p.dirty && p.paper.scope == PAPER_OFFICE);
    assert_string_equal(p.paper.owner, "1101");
    app_act(&app, ACTION_TEMPLATE, "new office Water cut");
    assert_ptr_not_equal(app_top(&app)->self, &app.template_page); /* there is one */
    app_act(&app, ACTION_TEMPLATE, "edit Question: the answer, and where to go");
    assert_ptr_not_equal(app_top(&app)->self, &app.template_page); /* the hotline's */
    app_act(&app, ACTION_TEMPLATE, "delete Water cut");
    type("x"); /* it is only shown */
    press(ACTION_CONFIRM);
    assert_int_equal(
        store_paper_named(office.store, PAPER_TEMPLATE, "Water cut", &app.c.scratch, &p, NULL),
        ST_NOT_FOUND);
}

static const char *value(enum field field)
{
    return form_text_of(form_field_of(&app.form, field, false));
}

static void it_sets_fields_where_nothing_stands(void **state)
{
    (void)state;
    own("AA", "{set result=solved}\n{if result=solved}It is solved.{end}");
    (void)begin();
    press(ACTION_TURN);
    type("AA");
    assert_true(shows("Result: solved"));
    assert_true(shows("It is solved."));
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(value(FIELD_RESULT), "solved");
    assert_string_equal(reply(), "It is solved.");
    (void)form_set_text(form_field_of(&app.form, FIELD_RESULT, false), "not");
    press(ACTION_TURN);
    type("AA");
    assert_true(shows("something else stands there"));
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(value(FIELD_RESULT), "not");
    assert_string_equal(reply(),
                        "It is solved."); /* nothing was put in: the condition does not hold */
}

static void other_forms_have_theirs(void **state)
{
    (void)state;
    own("call them", "{for whistle}\n{set kind=K}{set units=119001 118003}\nCome and measure.");
    struct form *f = begin();
    press(ACTION_TURN);
    type("call them");
    assert_int_equal(f->templates.picker.all, 0); /* it is for no reply */
    press(ACTION_LEAVE_FORM);
    app.depth--;
    f = begin_command(COMMAND_WHISTLE);
    press(ACTION_TURN);
    assert_true(f->templates.on);
    type("call them");
    assert_true(shows("District Heating Company, District City Management"));
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(value(FIELD_KIND), "K");
    assert_string_equal(value(FIELD_UNITS), "119001 118003");
    assert_string_equal(value(FIELD_TASK), "Come and measure.");
    assert_true(form_confirm(f, &app.c));
}

static void what_was_used_last_stands_first(void **state)
{
    (void)state;
    own("zz one", "one");
    own("zz two", "two");
    struct form *f = begin();
    press(ACTION_TURN);
    type("zz two");
    press(ACTION_EDIT_NEWLINE);
    press(ACTION_TURN);
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "zz two");
    type("zz one");
    press(ACTION_EDIT_NEWLINE);
    f->subject.value[FIELD_CATEGORY] = "0999"; /* it comes before others there, too */
    press(ACTION_TURN);
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "zz one");
    type("zz two");
    press(ACTION_EDIT_NEWLINE);
    press(ACTION_TURN);
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "zz two");
    press(ACTION_LEAVE_FORM);
    f->subject.value[FIELD_CATEGORY] = "0101"; /* never used here: the last one of all */
    press(ACTION_TURN);
    assert_string_equal(form_template_marked(&f->templates)->paper.name, "zz two");
}

static void names_in_ones_own_language_stand_first(void **state)
{
    (void)state;
    struct form *f = begin();
    press(ACTION_TURN);
    assert_true((unsigned char)form_template_marked(&f->templates)->paper.name[0] < 0x80);
    press(ACTION_LEAVE_FORM);
    i18n_init("zh_CN");
    press(ACTION_TURN);
    assert_true((unsigned char)form_template_marked(&f->templates)->paper.name[0] >= 0x80);
}

static void a_form_becomes_one(void **state)
{
    struct kept_paper p;
    (void)state;
    struct form *f = begin_command(COMMAND_WHISTLE);
    (void)form_set_text(form_field_of(f, FIELD_KIND, false), "J");
    (void)form_set_text(form_field_of(f, FIELD_UNITS, false), "118003");
    (void)form_set_text(form_field_of(f, FIELD_TASK, false), "See {to} it.");
    (void)form_set_text(form_field_of(f, FIELD_ANSWER_BY, false), "+2h");
    app_act(&app, ACTION_KEEP_TEMPLATE, "See to it");
    assert_ptr_equal(app_top(&app)->self, &app.template_page);
    press(ACTION_LEAVE_FORM); /* it is not kept by itself */
    assert_int_equal(app.c.want, WANT_NOTHING);
    press(ACTION_CONFIRM);
    assert_int_equal(app.c.want, WANT_BACK);
    app.c.want = WANT_NOTHING;
    app.depth--;
    assert_int_equal(
        store_paper_named(office.store, PAPER_TEMPLATE, "See to it", &app.c.scratch, &p, NULL),
        ST_OK);
    assert_string_equal(p.paper.body,
                        "{for whistle}\n{set kind=J}\n{set units=118003}\nSee {{to} it.");
    assert_string_equal(value(FIELD_TASK), "See {to} it."); /* the form is as it was */
    app_act(&app, ACTION_KEEP_TEMPLATE, "");
    assert_non_null(strstr(app.c.message, ":keep_template NAME"));
}

static void it_is_told_once_that_both_were_kept(void **state)
{
    (void)state;
    assert_int_equal(store_meta_set(office.store, "papers", "mine (2)", NULL), ST_OK);
    papers_tell(&app);
    assert_non_null(strstr(app.c.message, "\"mine (2)\""));
    app.c.message[0] = '\0';
    papers_tell(&app);
    assert_string_equal(app.c.message, "");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_office, close_office)

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(one_is_found_and_put_in),
                                       TEST(what_stands_there_stays),
                                       TEST(a_gap_is_not_sent),
                                       TEST(nothing_masked_comes_out),
                                       TEST(one_that_cannot_be_read_says_why),
                                       TEST(many_are_found_at_once),
                                       TEST(one_is_written_checked_and_thrown_away),
                                       TEST(it_sets_fields_where_nothing_stands),
                                       TEST(other_forms_have_theirs),
                                       TEST(what_was_used_last_stands_first),
                                       TEST(names_in_ones_own_language_stand_first),
                                       TEST(a_form_becomes_one),
                                       TEST(it_is_told_once_that_both_were_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
