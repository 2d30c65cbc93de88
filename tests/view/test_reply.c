/*
 * The reply form of the office day: what must not be told is named with its line, sending waits once and goes on with a
 * record; the preview shows what the claimant reads and nothing of the office.
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

#define GOOD                                                                                                                                     \
    "张女士您好！我街道工作人员于昨日十五时电话与您联系。经现场核查，系楼上管道渗漏，情况属实，已" \
    "更换"                                                                                                                                     \
    "管道并恢复正常，问题已解决。如有疑问请拨打010-66668888，联系人李工。"

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

/* As of test_views.c: names of keys, and what is pasted in quotes. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        look();
    }
}

static void open_office(const char *name, int rows, int cols)
{
    struct errmsg err;
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    options_init(&options);
    config = (struct app_config){.options = &options,
                                 .store = office.store,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, rows, cols, &err), ST_OK);
    app_reload(&app);
    look();
}

static void close_office(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

/* fail_msg cuts what is long. */
static void fail_whole(const char *text, const char *what)
{
    fprintf(stderr, "%s\n", screen);
    fail_msg("\"%s\" %s", text, what);
}

static void shows(const char *text)
{
    if (!strstr(screen, text))
        fail_whole(text, "is not there");
}

static void hides(const char *text)
{
    if (strstr(screen, text))
        fail_whole(text, "is there");
}

static int64_t outbox(struct outbox_row **ret)
{
    size_t n = 0;
    struct errmsg err;
    assert_int_equal(store_outbox(office.store, 10, &app.c.scratch, ret, &n, &err), ST_OK);
    return (int64_t)n;
}

/* A case that is answered, its result chosen. */
static void begin_reply(const char *text)
{
    press("2 r");
    assert_int_equal(app.form.type, COMMAND_SUBMIT_REPLY);
    press(text);
    press("Tab s");
    press("BackTab");
}

static void sending_waits_once(void **state)
{
    struct outbox_row *row;
    (void)state;
    open_office("held", 24, 80);
    begin_reply("'" GOOD "邻居电话13812345678，身份证11010519491231002X。'");
    shows("!! mobile phone number 138***78");
    shows("!! identity number 110***2X");
    shows("; and 1 more"); /* the office's own number */
    shows("!! no third person's data");
    assert_int_equal(app.form.leaks.n, 3);
    press("^S");
    shows("Held (2): mobile phone number 138***78, line");
    assert_int_equal(outbox(&row), 0);
    const struct form_field *field = &app.form.field[app.form.current];
    assert_int_equal(field->field, FIELD_REPLY);
    assert_int_equal(strncmp(editor_text(&field->editor) + field->editor.cursor, "13812345678", 11),
                     0);

    /* another text is held again */
    press("'x' ^S");
    assert_int_equal(outbox(&row), 0);
    press("Backspace ^S");
    assert_int_equal(outbox(&row), 0);
    press("^S");
    if (outbox(&row) != 1)
        fail_whole("a command", "is not in the outbox");
    const char *why = value_find(row->command.values, row->command.n_values, FIELD_OVERRIDE);
    assert_non_null(why);
    assert_string_equal(
        why, "looked at and sent: mobile phone number 138***78, identity number 110***2X");
    close_office();
}

/* What no reply may be without does not come through by it. */
static void the_checklist_stands(void **state)
{
    struct outbox_row *row;
    (void)state;
    open_office("list", 24, 80);
    begin_reply("'13812345678'");
    press("^S ^S");
    assert_int_equal(outbox(&row), 0);
    hides("Kept on the disk");
    close_office();
}

/* Words are told below, and by a sign before their line; nothing waits for them. */
static void words_are_told_and_nothing_more(void **state)
{
    struct outbox_row *row;
    (void)state;
    open_office("words", 24, 80);
    begin_reply("'" GOOD "我们保证马上修好，你闭嘴。'");
    shows("?  a promise \"保证\", line");
    shows("; and 2 more");
    assert_int_equal(app.form.leaks.n_words, 3);
    assert_int_equal(app.form.leaks.word[2].hit.list, WORD_RUDE);
    const struct form_word *first = &app.form.leaks.word[0];
    const struct editor *e = &app.form.field[first->field].editor;
    size_t line = 0;
    while (line + 1 < e->n_lines && e->line[line + 1] <= first->hit.at)
        line++;
    char sign[16];
    snprintf(sign, sizeof sign, "?%.6s", editor_text(e) + e->line[line]);
    shows(sign);
    press("^S");
    if (outbox(&row) != 1)
        fail_whole("a command", "is not in the outbox");
    assert_null(value_find(row->command.values, row->command.n_values, FIELD_OVERRIDE));
    close_office();
}

static void without_leaks_nothing_waits(void **state)
{
    struct outbox_row *row;
    (void)state;
    open_office("clean", 24, 80);
    begin_reply("'" GOOD "'");
    press("^S");
    if (outbox(&row) != 1)
        fail_whole("a command", "is not in the outbox");
    assert_null(value_find(row->command.values, row->command.n_values, FIELD_OVERRIDE));
    close_office();
}

static void other_claimants_are_known(void **state)
{
    (void)state;
    open_office("others", 24, 80);
    press("2 r");
    struct form *f = &app.form;
    assert_true(f->leaks.n_people > 0);
    assert_true(f->leaks.people[0].own);
    struct leak_person *other = &f->leaks.people[1];
    *other = (struct leak_person){"欧阳小燕", "13912340000", false};
    f->leaks.n_people = 2;
    press("'欧阳小燕也反映过，请问她'");
    shows("!! name of another claimant 欧*, line 1");
    press("^A ^K");
    hides("name of another claimant");
    press(arena_printf(&app.c.scratch, "'%s'", f->subject.value[FIELD_PHONE]));
    assert_int_equal(f->leaks.n, 0); /* one's own */
    close_office();
}

static void the_preview_is_what_is_read(void **state)
{
    (void)state;
    open_office("preview", 24, 80);
    begin_reply("'" GOOD "'");
    press("Tab Tab 'inner finding' ^P");
    shows("The reply as the claimant will read it");
    shows("张女士您好！");
    shows("Any key goes back to the form");
    hides("inner finding");
    hides("Facts found");
    assert_true(*app.form.subject.value[FIELD_PHONE] != '\0');
    hides(app.form.subject.value[FIELD_PHONE]);
    press("x");
    hides("The reply as the claimant will read it");
    assert_string_equal(form_text_of(form_field_of(&app.form, FIELD_FACTS, false)),
                        "inner finding");
    press("^P Esc"); /* the form is not left */
    assert_true(app_top(&app)->self == &app.form);
    close_office();

    open_office("narrow", 16, 60);
    begin_reply("'" GOOD GOOD "'");
    press("^P");
    shows("Lines 1 to ");
    press("Down PgDn End");
    hides("张女士您好！我街道");
    shows(arena_printf(&app.c.scratch, "of %d", app.form.preview.scroll.lines));
    assert_true(app.form.preview.on);
    press("Up Home");
    shows("Lines 1 to ");
    press("Enter");
    assert_false(app.form.preview.on);
    close_office();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sending_waits_once),
        cmocka_unit_test(the_checklist_stands),
        cmocka_unit_test(words_are_told_and_nothing_more),
        cmocka_unit_test(without_leaks_nothing_waits),
        cmocka_unit_test(other_claimants_are_known),
        cmocka_unit_test(the_preview_is_what_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
