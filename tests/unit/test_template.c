/* Reply templates: fields, conditions, gaps; what is wrong is told with its line and column. */
#include "core/case/template.h"
#include "core/base/random.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct template_values values = {
    .shown = {[TEMPLATE_GREETING] = "张先生",
              [TEMPLATE_NUMBER] = "2608-10233",
              [TEMPLATE_STATE] = "rework",
              [TEMPLATE_RESULT] = "solved for good",
              [TEMPLATE_FOUND] = "{not a field}",
              [TEMPLATE_PLACE] = ""},
    .word = {[TEMPLATE_STATE] = "REWORK", [TEMPLATE_RESULT] = "solved"}};

static void becomes(const char *text, const char *wanted)
{
    struct buf out;
    struct errmsg err = {""};
    struct template_form form;
    buf_init(&out, 1 << 16);
    buf_puts(&out, ">");
    if (template_check(text, &err) != ST_OK ||
        template_fill(text, &values, &out, &form, &err) != ST_OK)
        fail_msg("%s: %s", text, err.text);
    assert_string_equal(out.data + 1, wanted);
    buf_release(&out);
}

static void is_wrong(const char *text, const char *wanted)
{
    struct buf out;
    struct errmsg err = {""}, same = {""};
    struct template_form form;
    buf_init(&out, 1 << 16);
    buf_puts(&out, ">");
    assert_int_equal(template_check(text, &err), ST_INVALID);
    if (!strstr(err.text, wanted))
        fail_msg("%s: %s", text, err.text);
    assert_int_equal(template_fill(text, &values, &out, &form, &same), ST_INVALID);
    assert_string_equal(same.text, err.text);
    assert_int_equal(out.len, 1); /* nothing of it was written */
    buf_release(&out);
}

static void fields_are_filled_in(void **state)
{
    (void)state;
    becomes("", "");
    becomes("plain } text", "plain } text");
    becomes("{greeting}，您好！", "张先生，您好！");
    becomes("{称呼}：{ number }", "张先生：2608-10233");
    becomes("{{greeting}", "{greeting}");
    becomes("a{{{number}b", "a{2608-10233b");
    becomes("{found}", "{not a field}"); /* what is filled in is not read again */
}

static void an_empty_field_leaves_a_gap_that_one_sees(void **state)
{
    (void)state;
    becomes("at {place}, by {handler}", "at [place?], by [handler?]");
    becomes("{地点}", "[地点?]");
}

static void conditions_choose(void **state)
{
    (void)state;
    becomes("{if greeting}{greeting}{else}all{end}", "张先生");
    becomes("{if place}at {place}{else}there{end}", "there");
    becomes("{if place}at{end}x", "x");
    becomes("{if state=REWORK}again{end}", "again");
    becomes("{if state=rework}again{end}", ""); /* by the word, not by what is shown */
    becomes("{if state != SIGNED }other{else}same{end}", "other");
    becomes("{if result=solved}{if place}1{else}2{end}{else}3{end}4", "24");
    becomes("{if place}{if greeting}1{else}2{end}{else}3{end}4", "34");
    becomes("{if place=}none{end}", "none");
}

static void lines_of_conditions_alone_leave_no_line(void **state)
{
    (void)state;
    becomes("a\n{if place}\nb\n{else}\nc\n{end}\nd", "a\nc\nd");
    becomes("{if greeting}{if number}\nx\n{end}{end}\ny", "x\ny");
    becomes("a {if greeting}\nb{end}\nc", "a \nb\nc");
}

static void errors_name_line_and_column(void **state)
{
    (void)state;
    is_wrong("a\n您好{claimnt}", "Line 2, column 3: there is no field \"claimnt\"");
    is_wrong("{}", "Line 1, column 1");
    is_wrong("{number", "Line 1, column 1: this { is never closed");
    is_wrong("x {number\n}", "column 3: this { is never closed");
    is_wrong("{if number}\n{if place}x{end}", "Line 1, column 1: this {if} has no {end}");
    is_wrong("a{else}b", "column 2: this {else}");
    is_wrong("{if place}a{else}b{else}c{end}", "column 19: this {else}");
    is_wrong("a\nb\n{end}", "Line 3, column 1: this {end}");
    is_wrong("{if nothing}x{end}", "no field \"nothing\"");
    is_wrong("{if place}{nothing}{end}", "no field \"nothing\""); /* also where it is not taken */
    is_wrong("{if a=b=c}x{end}", "no field \"a\"");
    is_wrong(
        "{if number}{if number}{if number}{if number}{if number}{if number}{if number}{if number}"
        "{if number}",
        "too deep");
}

static void gap(const char *text, size_t from, int wanted_at, int wanted_len)
{
    size_t at = 0, len = 0;
    bool found = template_gap(text, from, &at, &len);
    if (found != (wanted_at >= 0) || (found && ((int)at != wanted_at || (int)len != wanted_len)))
        fail_msg("%s: %d %zu %zu", text, found, at, len);
}

static void gaps_are_found(void **state)
{
    (void)state;
    gap("", 0, -1, 0);
    gap("no gap [1] [?] [a", 0, -1, 0);
    gap("at [place?].", 0, 3, 8);
    gap("[place?][day?]", 1, 8, 6);
    gap("[几号？]", 0, 0, 11);
    gap("[a [b?]", 0, 3, 4);
    gap("[a\n?]", 0, -1, 0);
    gap("[this is a remark in brackets, is it?]", 0, -1, 0);
    gap("[x?]", 9, -1, 0);
}

static const char *settings(const char *text)
{
    static char all[400];
    struct buf out;
    struct errmsg err = {""};
    struct template_form form;
    size_t used = 0;
    buf_init(&out, 1 << 16);
    if (template_check(text, &err) != ST_OK ||
        template_fill(text, &values, &out, &form, &err) != ST_OK)
        fail_msg("%s: %s", text, err.text);
    all[0] = '\0';
    for (size_t i = 0; i < form.n; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s=%.*s;",
                                 field_table[form.setting[i].field].word, (int)form.setting[i].len,
                                 form.setting[i].text);
    buf_release(&out);
    return all;
}

static void it_sets_fields_of_its_form(void **state)
{
    (void)state;
    assert_string_equal(settings("{set result = solved }\nDone."), "result=solved;");
    becomes("{set result=solved}\nDone.", "Done.");
    becomes("{for whistle}{set kind=K}\n{set units=a,b}\nCome.", "Come.");
    assert_string_equal(settings("{for whistle}{set kind=K}\n{set units=a,b}\nCome."),
                        "kind=K;units=a,b;");
    assert_string_equal(settings("{if state=NEW}{set result=not}{else}{set result=partly}{end}"),
                        "result=partly;");
    assert_string_equal(settings("no more than text"), "");
    assert_int_equal(template_is_for("text"), COMMAND_SUBMIT_REPLY);
    assert_int_equal(template_is_for("{for whistle}"), COMMAND_WHISTLE);
    assert_int_equal(template_is_for("{for nothing}"), COMMAND_COUNT);
    is_wrong("{for nothing}", "Line 1, column 1: there is no form of \"nothing\"");
    is_wrong("a{for whistle}", "Line 1, column 2: {for");
    is_wrong("{for sign}", "no form of \"sign\""); /* it has nothing to fill in */
    is_wrong("{set kind=K}", "no field \"kind\""); /* of a reply */
    is_wrong("{for whistle}{set kind=Z}", "Line 1, column 14: this is no value");
    is_wrong("{set result=}", "no value");
    is_wrong("{set result}", "no value");
}

static void a_macro_says_so(void **state)
{
    (void)state;
    becomes("Done.\n{send}", "Done.");
    becomes("{send}\nDone.\n", "Done.\n");
    becomes("{send}", "");
    becomes("a\n\n{if greeting}{send}{end}", "a\n");
    becomes("say {{send}", "say {send}");
    assert_true(template_look("{if place}{send}{end}x").sends);
    assert_false(template_look("{{send}").sends);
    assert_false(template_look("{set result=solved}{date} {office}").varies);
    assert_true(template_look("{number}").varies);
    assert_true(template_look("{if state=NEW}x{end}").varies);
    assert_true(template_sets("{if number}{set result = not }{end}", FIELD_RESULT, "not"));
    assert_false(template_sets("{set result=not}", FIELD_RESULT, "solved"));
    assert_false(template_sets("{set facts=not}", FIELD_RESULT, "not"));
}

static void it_is_made_of_a_form(void **state)
{
    const struct value filled[] = {{FIELD_KIND, "J"}, {FIELD_UNITS, "a, b"}, {FIELD_PLACE, "a{b"}};
    struct buf out;
    (void)state;
    buf_init(&out, 1 << 16);
    template_make(COMMAND_WHISTLE, filled, 3, "Bring {tools}.\nAll.", &out);
    assert_string_equal(out.data,
                        "{for whistle}\n{set kind=J}\n{set units=a, b}\nBring {{tools}.\nAll.");
    becomes(out.data, "Bring {tools}.\nAll.");
    assert_string_equal(settings(out.data), "kind=J;units=a, b;");
    buf_release(&out);
    buf_init(&out, 1 << 16);
    template_make(COMMAND_SUBMIT_REPLY, NULL, 0, "Done.", &out);
    assert_string_equal(out.data, "Done.");
    buf_release(&out);
}

/* Whatever stands in it: an answer, and both ways agree. */
static void any_text_is_a_template_or_is_not(void **state)
{
    (void)state;
    static const char *const part[] = {
        "{",     "}",  "if ",  "else",  "end",      "number", "=",
        "!",     "\n", "[",    "?]",    "暖",       " ",      "{if place}",
        "{end}", "{{", "\xFF", "{for ", "whistle}", "{set ",  "result=solved}"};
    struct rng rng;
    char text[256];
    rng_seed(&rng, 7);
    for (int i = 0; i < 20000; i++) {
        struct buf out;
        struct errmsg err;
        struct template_form form;
        size_t at, len;
        text[0] = '\0';
        for (uint32_t n = rng_below(&rng, 16); n > 0; n--)
            strcat(text, part[rng_below(&rng, sizeof part / sizeof *part)]);
        buf_init(&out, 1 << 16);
        assert_int_equal(template_check(text, &err),
                         template_fill(text, &values, &out, &form, &err));
        if (template_gap(text, 0, &at, &len))
            assert_true(text[at] == '[' && text[at + len - 1] == ']');
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fields_are_filled_in),
                                       cmocka_unit_test(an_empty_field_leaves_a_gap_that_one_sees),
                                       cmocka_unit_test(conditions_choose),
                                       cmocka_unit_test(lines_of_conditions_alone_leave_no_line),
                                       cmocka_unit_test(errors_name_line_and_column),
                                       cmocka_unit_test(gaps_are_found),
                                       cmocka_unit_test(it_sets_fields_of_its_form),
                                       cmocka_unit_test(a_macro_says_so),
                                       cmocka_unit_test(it_is_made_of_a_form),
                                       cmocka_unit_test(any_text_is_a_template_or_is_not)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
