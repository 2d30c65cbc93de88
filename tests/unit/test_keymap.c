/* The action table: every command has its row, every key is one, none means two things at a place. */
#include "core/store/store.h"
#include "tui/command_line.h"
#include "tui/keymap.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_command_has_one_action(void **state)
{
    (void)state;
    for (int t = 0; t < COMMAND_COUNT; t++) {
        int n = 0;
        for (int i = 0; i < ACTION_COUNT; i++)
            n += action_table[i].command == (enum command_type)t;
        if (n != 1)
            fail_msg("%s has %d rows in actions.def", command_table[t].word, n);
        assert_int_equal(action_table[action_of_command((enum command_type)t)].command, t);
    }
}

static void every_key_is_a_key_and_means_one_thing(void **state)
{
    (void)state;
    for (int k = 0; k < KEYS_CONTEXTS; k++)
        for (int i = 0; i < ACTION_COUNT; i++) {
            const char *keys = action_table[i].keys;
            if (!(action_table[i].contexts >> k & 1u))
                continue;
            while (*keys) {
                struct key key;
                size_t n = strcspn(keys, " ");
                if (!key_parse(keys, n, &key))
                    fail_msg("%s: %.*s is no key", action_table[i].word, (int)n, keys);
                /* the first row that has it is found: a later one would be dead */
                if (keymap_find((enum key_context)k, &key) != (enum action)i)
                    fail_msg("%.*s means %s and %s", (int)n, keys, action_table[i].word,
                             action_table[keymap_find((enum key_context)k, &key)].word);
                keys += n;
                keys += strspn(keys, " ");
            }
        }
}

static void digits_are_left_to_the_views(void **state)
{
    (void)state;
    for (char c = '1'; c <= '9'; c++) {
        struct key key = {.kind = KEY_KIND_TEXT, .text = &c, .len = 1};
        assert_int_equal(keymap_find(KEYS_QUEUE, &key), ACTION_NONE);
        assert_int_equal(keymap_find(KEYS_CASE, &key), ACTION_NONE);
    }
}

static void in_texts_letters_are_letters(void **state)
{
    (void)state;
    for (char c = ' '; c <= '~'; c++) {
        struct key key = {.kind = KEY_KIND_TEXT, .text = &c, .len = 1};
        assert_int_equal(keymap_find(KEYS_FORM, &key), ACTION_NONE);
        assert_int_equal(keymap_find(KEYS_LINE, &key), ACTION_NONE);
    }
}

static void words_find_their_actions(void **state)
{
    (void)state;
    for (int i = 0; i < ACTION_COUNT; i++)
        if (action_find(action_table[i].word) != (enum action)i)
            fail_msg("\"%s\" is the word of two actions", action_table[i].word);
    assert_int_equal(action_find("reply"), ACTION_REPLY);
    assert_int_equal(action_find("submit_reply"), ACTION_REPLY);
    assert_int_equal(action_find("nonsense"), ACTION_NONE);
}

static void edits_know_their_operation(void **state)
{
    (void)state;
    for (int op = 0; op < EDITOR_OP_COUNT; op++) {
        int n = 0;
        for (int i = 0; i < ACTION_COUNT; i++)
            n += action_editor_op((enum action)i) == (enum editor_op)op;
        assert_int_equal(n, 1);
    }
}

static void odd_names_are_no_keys(void **state)
{
    static const char *const bad[] = {"", "M-", "F0", "F13", "Enterr", "ab", "M-ab"};
    struct key key;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (key_parse(bad[i], strlen(bad[i]), &key))
            fail_msg("\"%s\" is taken for a key", bad[i]);
}

/* --- the command line --------------------------------------------------------------------------- */

static struct command_line parse(const char *line, enum status wanted)
{
    static struct arena a;
    static bool begun;
    struct errmsg err = {{0}};
    struct command_line said = {ACTION_NONE, ""};
    if (!begun)
        arena_init(&a, 0);
    begun = true;
    enum status st = command_line_parse(line, &a, &said, &err);
    if (st != wanted)
        fail_msg("\"%s\": %s", line, err.text);
    if (st == ST_INVALID)
        assert_true(err.text[0] != '\0');
    static char argument[64];
    snprintf(argument, sizeof argument, "%s", said.argument);
    said.argument = argument;
    arena_release(&a);
    begun = false;
    return said;
}

static void lines_are_read(void **state)
{
    (void)state;
    parse("", ST_NOT_FOUND);
    parse("   ", ST_NOT_FOUND);
    assert_int_equal(parse("sign", ST_OK).action, ACTION_SIGN);
    assert_int_equal(parse("  help  ", ST_OK).action, ACTION_HELP);
    struct command_line said = parse("view  to_sign ", ST_OK);
    assert_int_equal(said.action, ACTION_VIEW);
    assert_string_equal(said.argument, "to_sign");
    assert_string_equal(parse("filter state:SENT due<4h", ST_OK).argument, "state:SENT due<4h");
    parse("sign now", ST_INVALID);
    parse("nonsense", ST_INVALID);
    parse("edit_left", ST_INVALID); /* moves in a text: no sense as a word */
    parse("yes", ST_INVALID);
}

static void lines_complete(void **state)
{
    const char *match[COMMAND_LINE_MATCHES];
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    const enum view_id *list;
    assert_int_equal(command_line_complete("vi", ROLE_DESK, &a, match), 1);
    assert_string_equal(match[0], "view ");
    assert_true(command_line_complete("view ", ROLE_DESK, &a, match) ==
                store_views(ROLE_DESK, &list));
    assert_int_equal(command_line_complete("view to_s", ROLE_DESK, &a, match), 1);
    assert_string_equal(match[0], "view to_sign");
    assert_int_equal(command_line_complete("view to_s", ROLE_JUDGE, &a, match), 0);
    assert_int_equal(command_line_complete("view app", ROLE_JUDGE, &a, match), 1);
    assert_true(command_line_complete("theme m", ROLE_DESK, &a, match) >= 1);
    assert_true(command_line_complete("", ROLE_DESK, &a, match) > COMMAND_COUNT);
    assert_int_equal(command_line_complete("zzz", ROLE_DESK, &a, match), 0);
    for (size_t i = command_line_complete("edit", ROLE_DESK, &a, match); i > 0; i--)
        fail_msg("%s is offered", match[i - 1]);
    arena_release(&a);
}

/* Keys of one's own: in place of the usual ones, beside them, none; what is wrong is told and passed over. */
static void own_keys(void **state)
{
    struct errmsg err = {""};
    struct key f5, s, letter_q;
    (void)state;
    assert_true(key_parse("F5", 2, &f5) && key_parse("s", 1, &s) && key_parse("q", 1, &letter_q));
    assert_int_equal(keymap_find(KEYS_QUEUE, &f5), ACTION_NONE);
    assert_int_equal(keymap_set("sync", "F5", "x", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &f5), ACTION_SYNC);
    assert_string_equal(keymap_keys(ACTION_SYNC), "F5");
    assert_int_equal(keymap_set("sync", "+ ^R", "x", &err), ST_OK);
    assert_string_equal(keymap_keys(ACTION_SYNC), "F5 ^R");
    assert_int_equal(keymap_set("sign", "none", "x", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &s), ACTION_NONE);
    assert_int_equal(keymap_set("nothing", "x", "here", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "here"));
    assert_non_null(strstr(err.text, "nothing"));
    assert_int_equal(keymap_set("sync", "F5 Hyper-x", "here", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "Hyper-x"));
    assert_string_equal(keymap_keys(ACTION_SYNC), "F5 ^R"); /* as before */
    assert_false(keymap_undo_clash(&err));
    /* a key of two actions where both count: the usual ones come back */
    assert_int_equal(keymap_set("search", "q", "x", &err), ST_OK);
    assert_true(keymap_undo_clash(&err));
    assert_non_null(strstr(err.text, "search"));
    assert_non_null(strstr(err.text, "q is the key"));
    assert_int_equal(keymap_find(KEYS_QUEUE, &letter_q), ACTION_QUIT);
    assert_false(keymap_undo_clash(&err));
    keymap_reset();
    assert_int_equal(keymap_find(KEYS_QUEUE, &s), ACTION_SIGN);
}

/* The list above the line: what the role may do first, by word and by meaning; what it never may at the end. */
static void lines_are_offered(void **state)
{
    struct command_offer offer[COMMAND_LINE_MATCHES];
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    assert_int_equal(command_line_offer("", ROLE_DESK, &a, offer), 0);
    size_t n = command_line_offer("sign", ROLE_DESK, &a, offer);
    assert_true(n > 1);
    assert_string_equal(offer[0].line, "sign");
    assert_string_equal(offer[0].keys, "s");
    assert_true(offer[0].may);
    n = command_line_offer("sign", ROLE_JUDGE, &a, offer);
    bool last = false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(offer[i].line, "sign") == 0)
            assert_false(offer[i].may);
        assert_true(offer[i].may || i + 1 == n ||
                    !offer[i + 1].may); /* what one may not comes last */
        last = last || strcmp(offer[i].line, "sign") == 0;
    }
    assert_true(last);
    n = command_line_offer("hotline to take the case back", ROLE_DESK, &a, offer);
    assert_int_equal(n, 0); /* a blank: an argument */
    n = command_line_offer("overdue,", ROLE_DESK, &a, offer);
    assert_true(n >= 1);
    assert_string_equal(offer[0].line, "wrong"); /* by its meaning */
    n = command_line_offer("sort comm", ROLE_DESK, &a, offer);
    assert_int_equal(n, 1);
    assert_string_equal(offer[0].line, "sort community");
    assert_int_equal(command_line_offer("zzz", ROLE_DESK, &a, offer), 0);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_keys),
        cmocka_unit_test(lines_are_offered),
        cmocka_unit_test(every_command_has_one_action),
        cmocka_unit_test(every_key_is_a_key_and_means_one_thing),
        cmocka_unit_test(digits_are_left_to_the_views),
        cmocka_unit_test(in_texts_letters_are_letters),
        cmocka_unit_test(words_find_their_actions),
        cmocka_unit_test(edits_know_their_operation),
        cmocka_unit_test(odd_names_are_no_keys),
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(lines_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
