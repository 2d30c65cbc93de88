/*
 * The form of every command that a person may give, in both languages: each argument has an input of its kind and a
 * whole label at 80x24, codes have a list to pick from, and what is missing is named beside its field, all at once.
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

enum { ROWS = 24, COLS = 80, LABEL_LINES = 3 };

static struct office office;
static struct app app;
static struct options options;
static struct uuid some_case;

static void open_office(const char *name, const char *language)
{
    struct errmsg err;
    struct cursor cursor;
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init(language);
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
}

static void close_office(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

static bool somebody_may(enum command_type type)
{
    for (size_t i = 0; i < workflow_rows; i++)
        for (int k = 0; workflow_table[i].command == type && k < WORKFLOW_RIGHTS &&
                        workflow_table[i].rights[k].role != ROLE_NOBODY;
             k++)
            if (workflow_table[i].rights[k].role != ROLE_AUTOMATIC)
                return true;
    return false;
}

static void check_kind(const char *command, const struct form_field *field)
{
    const struct field_row *row = &field_table[field->field];
    enum form_kind kind = row->type == FIELD_TYPE_ENUM || row->type == FIELD_TYPE_BOOL ? FORM_CHOICE
                          : row->type == FIELD_TYPE_TEXT                               ? FORM_TEXT
                          : row->type == FIELD_TYPE_FILES                              ? FORM_FILES
                                                                                       : FORM_LINE;
    if (field->kind != kind || (kind == FORM_CHOICE && field->n_choices < 2))
        fail_msg("%s: %s has not the input of its kind", command, row->word);
    if (i18n_chinese() && strcmp(_(row->label), row->label) == 0)
        fail_msg("%s: %s has no Chinese label", command, row->word);
}

/* It begins in the first line with the pointer. */
static void check_label(const char *command, const struct form_field *field)
{
    struct cursor cursor;
    struct buf out;
    buf_init(&out, 1 << 20);
    app_draw(&app, &cursor);
    surface_dump(&app.surface, &out);
    const char *line = out.data, *label = _(field_table[field->field].label);
    while (line && *line != '>') {
        line = strchr(line, '\n');
        line += line != NULL;
    }
    const char *left = label;
    for (int i = 0; line && *left && i < LABEL_LINES; i++) {
        for (const char *at = line + 1; *left && *at == *left; at++)
            left++;
        left += strspn(left, " "); /* gone where it is broken */
        line = strchr(line, '\n');
        line += line != NULL;
    }
    if (*left)
        fail_msg("%s: the label \"%s\" is not whole\n%s", command, label, out.data);
    if (cursor.row < 0 || cursor.row >= ROWS || cursor.col < 0 || cursor.col >= COLS)
        fail_msg("%s: %s has no cursor", command, label);
    buf_release(&out);
}

/* An emergency is there only while one is declared. */
static void check_list(const char *command, const struct form_field *field)
{
    bool lists = field->kind == FORM_CHOICE || form_has_names(field->field);
    if (!lists || field->field == FIELD_EMERGENCY)
        return;
    form_list_choices(&app.form, &app.c);
    if (!picker_open(&app.form.picker))
        fail_msg("%s: there is nothing to pick for %s", command, field_table[field->field].word);
    if (field->kind == FORM_CHOICE && app.form.picker.n != (size_t)field->n_choices)
        fail_msg("%s: not all choices of %s", command, field_table[field->field].word);
    picker_clear(&app.form.picker);
}

static void check_missing(const char *command)
{
    struct form *f = &app.form;
    int first = -1;
    for (int i = f->n - 1; i >= 0; i--)
        if (f->field[i].required && !*form_text_of(&f->field[i]))
            first = i;
    if (first < 0)
        return;
    assert_false(form_confirm(f, &app.c));
    if (f->current != first)
        fail_msg("%s: the cursor is not in the first field that is missing", command);
    for (int i = 0; i < f->n; i++) {
        bool missing = f->field[i].required && !*form_text_of(&f->field[i]);
        if (missing != (*f->field[i].error != '\0'))
            fail_msg("%s: %s: \"%s\"", command, field_table[f->field[i].field].word,
                     f->field[i].error);
    }
}

static void check_form(enum command_type type)
{
    const struct command_row *row = &command_table[type];
    struct form *f = &app.form;
    struct errmsg err;
    const struct uuid none = {{0}};
    bool begins = workflow_begins(type);
    arena_reset(&app.c.scratch);
    if (form_start(f, &app.c, begins ? &none : &some_case, type, &err) != ST_OK)
        fail_msg("%s: %s", row->word, err.text);
    app.stack[app.depth++] = form_view(f);
    for (size_t i = 0; i < row->n_arguments; i++)
        if (row->arguments[i].required && row->arguments[i].field != FIELD_NUMBER &&
            !form_field_of(f, row->arguments[i].field, false))
            fail_msg("%s: no input for %s", row->word, field_table[row->arguments[i].field].word);
    for (int i = 0; i < f->n; i++) {
        check_kind(row->word, &f->field[i]);
        assert_int_equal(f->current, i);
        check_label(row->word, &f->field[i]);
        check_list(row->word, &f->field[i]);
        app_top(&app)->act(f, &app.c, ACTION_NEXT_FIELD);
    }
    check_missing(row->word);
    form_close(f);
    app.depth--;
}

static void every_command_has_its_form(const char *language)
{
    int forms = 0;
    open_office(language, language);
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (command_table[i].n_arguments > 0 && somebody_may((enum command_type)i)) {
            check_form((enum command_type)i);
            forms++;
        }
    print_message("# %d forms\n", forms);
    assert_true(forms > 30);
    close_office();
}

static void in_english(void **state)
{
    (void)state;
    every_command_has_its_form("en");
}

static void in_chinese(void **state)
{
    (void)state;
    every_command_has_its_form("zh_CN");
}

static struct form *begin(enum command_type type, enum field field)
{
    struct errmsg err;
    struct form *f = &app.form;
    assert_int_equal(form_start(f, &app.c, &some_case, type, &err), ST_OK);
    app.stack[app.depth++] = form_view(f);
    while (f->field[f->current].field != field)
        app_top(&app)->act(f, &app.c, ACTION_NEXT_FIELD);
    return f;
}

static void end(void)
{
    form_close(&app.form);
    app.depth--;
}

static void type(const char *text)
{
    const struct key key = {.kind = KEY_KIND_PASTE, .text = text, .len = strlen(text)};
    app_top(&app)->type(app_top(&app)->self, &app.c, &key);
}

static void press(enum action action)
{
    (void)app_top(&app)->act(app_top(&app)->self, &app.c, action);
}

/* Keys that follow at once find the list of what stands there now. */
static void one_is_picked_by_keys(void **state)
{
    (void)state;
    open_office("pick", "en");
    struct form *f = begin(COMMAND_ASSIGN, FIELD_HANDLER);
    int at = f->current;
    type("ln");
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(form_text_of(&f->field[at]), "lin.property");
    assert_int_equal(f->current, at + 1);
    end();

    f = begin(COMMAND_WHISTLE, FIELD_UNITS);
    type("rlzy");
    press(ACTION_EDIT_NEWLINE);
    assert_int_equal(f->field[f->current].field, FIELD_UNITS);
    type(", csgl");
    press(ACTION_EDIT_DOWN);
    press(ACTION_EDIT_DOWN);
    press(ACTION_EDIT_DOWN);
    press(ACTION_EDIT_DOWN); /* at the end of the list it stays */
    press(ACTION_EDIT_UP);
    press(ACTION_NEXT_FIELD);
    assert_string_equal(form_text_of(form_field_of(f, FIELD_UNITS, false)), "118011, 118003");
    assert_int_equal(f->field[f->current].field, FIELD_UNITS);
    end();

    f = begin(COMMAND_WHISTLE, FIELD_KIND);
    press(ACTION_CHOICES);
    press(ACTION_EDIT_DOWN);
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(form_text_of(form_field_of(f, FIELD_KIND, false)), "J");
    end();
    close_office();
}

static void what_is_no_code_is_told_when_it_is_left(void **state)
{
    (void)state;
    open_office("left", "en");
    struct form *f = begin(COMMAND_ASSIGN, FIELD_HANDLER);
    int at = f->current;
    type("qqq");
    press(ACTION_NEXT_FIELD);
    assert_int_equal(f->current, at + 1);
    assert_string_not_equal(f->field[at].error, "");
    assert_string_equal(form_text_of(&f->field[at]), "qqq");
    press(ACTION_FIELD_BEFORE);
    type("q");
    assert_string_equal(f->field[at].error, "");
    end();
    close_office();
}

static void a_time_says_how_it_is_understood(void **state)
{
    (void)state;
    open_office("time", "en");
    struct form *f = begin(COMMAND_WHISTLE, FIELD_ANSWER_BY);
    type("+20h");
    assert_string_equal(f->field[f->current].name, "= Wed 03-11 05:30, in 20:00");
    press(ACTION_EDIT_LINE_START);
    press(ACTION_EDIT_DELETE_TO_END);
    type("yesterday 9:00");
    assert_string_equal(f->field[f->current].name, "= Mon 03-09 09:00, 1d 0h ago");
    type("x");
    assert_string_equal(f->field[f->current].name, "");
    end();
    close_office();
}

/* Going through the field takes nothing; marked by hand, one is taken. */
static void a_guess_waits_for_a_key(void **state)
{
    struct errmsg err;
    (void)state;
    open_office("guess", "en");
    struct uuid none = {{0}};
    struct form *f = &app.form;
    assert_int_equal(form_start(f, &app.c, &none, COMMAND_LOG, &err), ST_OK);
    app.stack[app.depth++] = form_view(f);
    while (f->field[f->current].field != FIELD_CONTENT)
        press(ACTION_NEXT_FIELD);
    type("家里暖气不热，室温只有十四度");
    for (int round = 0; round < 2; round++) {
        while (f->field[f->current].field != FIELD_CATEGORY)
            press(ACTION_NEXT_FIELD);
        form_look(f, &app.c);
        assert_true(form_guesses(f));
        assert_true(f->picker.at < 0 && f->picker.n >= 1 && f->picker.n <= 3);
        assert_non_null(strstr(f->picker.found[0].group, "暖气"));
        press(round == 0 ? ACTION_NEXT_FIELD : ACTION_EDIT_NEWLINE);
        assert_string_equal(form_text_of(form_field_of(f, FIELD_CATEGORY, false)), "");
        assert_int_not_equal(f->field[f->current].field, FIELD_CATEGORY);
    }
    while (f->field[f->current].field != FIELD_CATEGORY)
        press(ACTION_NEXT_FIELD);
    form_look(f, &app.c);
    const char *code = f->picker.found[0].code;
    press(ACTION_EDIT_DOWN);
    press(ACTION_EDIT_NEWLINE);
    assert_string_equal(form_text_of(form_field_of(f, FIELD_CATEGORY, false)), code);
    end();
    close_office();
}

static void pinyin_can_be_switched_off(void **state)
{
    struct errmsg err;
    (void)state;
    open_office("off", "en");
    assert_int_equal(options_set(&options, OPT_PINYIN, "no", "test", &err), ST_OK);
    struct form *f = begin(COMMAND_ASSIGN, FIELD_HANDLER);
    type("ln");
    form_find_matches(f, &app.c);
    assert_false(picker_open(&f->picker));
    end();
    close_office();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_english),
        cmocka_unit_test(in_chinese),
        cmocka_unit_test(one_is_picked_by_keys),
        cmocka_unit_test(what_is_no_code_is_told_when_it_is_left),
        cmocka_unit_test(a_time_says_how_it_is_understood),
        cmocka_unit_test(a_guess_waits_for_a_key),
        cmocka_unit_test(pinyin_can_be_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
