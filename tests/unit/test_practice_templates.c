/* The reply templates of the practice store: each is a template, a paper, and, once its gaps are filled, a reply that meets
 * the checklist of the policy, whether the order knows much or nothing. */
#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "core/case/template.h"
#include "core/case/workflow.h"
#include "core/wire/codec.h"
#include "core/wire/paper.h"
#include "data/embedded.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { TEMPLATES_LEAST = 12 };

static struct arena arena;
static struct policy policy;

/* The text with something in place of each gap. */
static const char *without_gaps(const char *text)
{
    size_t at, len, from = 0;
    struct buf out;
    buf_init(&out, 1 << 16);
    while (template_gap(text, from, &at, &len)) {
        buf_add(&out, text + from, at - from);
        buf_puts(&out, "一二三");
        from = at + len;
    }
    buf_puts(&out, text + from);
    const char *ret = arena_strndup(&arena, out.data, out.len);
    buf_release(&out);
    return ret;
}

static void is_a_reply(const char *name, const char *body, const struct template_values *v)
{
    struct buf out;
    struct errmsg err;
    struct template_form form;
    bool met[POLICY_CHECKLIST_MAX], length;
    buf_init(&out, 1 << 16);
    if (template_fill(body, v, &out, &form, &err) != ST_OK)
        fail_msg("%s: %s", name, err.text);
    const char *text = without_gaps(out.data);
    if (!reply_check(&policy, text, met, &length)) {
        for (int i = 0; i < policy.n_checks; i++)
            if (!met[i] && policy.check[i].required)
                fail_msg("%s: %s: %s", name, policy.check[i].id, text);
        fail_msg("%s: length: %s", name, text);
    }
    buf_release(&out);
}

static void each_becomes_a_reply(void **state)
{
    (void)state;
    json_t *root, *o;
    size_t i, n = 0;
    struct errmsg err;
    struct template_values nothing = {.shown = {NULL}}, all = {.shown = {NULL}};
    for (int f = 0; f < TEMPLATE_COUNT; f++)
        all.shown[f] = "某某";
    for (int words = 0; words < 2; words++) {
        assert_int_equal(json_read("templates.json", (const char *)data_templates_json,
                                   data_templates_json_len, &root, &err),
                         ST_OK);
        all.word[TEMPLATE_STATE] = words ? "REWORK" : "WORKING";
        all.word[TEMPLATE_RESULT] = words ? "solved" : "partly";
        json_array_foreach(json_object_get(root, "templates"), i, o)
        {
            const char *name = json_string_value(json_object_get(o, "name"));
            const char *body = json_string_value(json_object_get(o, "body"));
            struct paper p = {.kind = PAPER_TEMPLATE, .name = name, .body = body};
            if (paper_check(&p, &err) != ST_OK || template_check(body, &err) != ST_OK)
                fail_msg("%s: %s", name, err.text);
            if (template_is_for(body) != COMMAND_SUBMIT_REPLY)
                continue;
            is_a_reply(name, body, &nothing);
            is_a_reply(name, body, &all);
            n++;
        }
        json_decref(root);
    }
    assert_true(n >= 2 * TEMPLATES_LEAST);
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    return policy_decode((const char *)data_policy_json, data_policy_json_len, &arena, &policy,
                         NULL) == ST_OK
               ? 0
               : -1;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_becomes_a_reply)};
    return cmocka_run_group_tests(tests, begin, end);
}
