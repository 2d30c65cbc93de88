/* The action table: every command has its row, every key is one, none means two things at a place. */
#include "core/store/store.h"
#include "core/text/utf8.h"
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
    static const char *const bad[] = {"",   "M-",  "Alt-",   "Alt-ab", "alt-a",
                                      "F0", "F13", "Enterr", "ab",     "M-ab"};
    struct key key;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (key_parse(bad[i], strlen(bad[i]), &key))
            fail_msg("\"%s\" is taken for a key", bad[i]);
}

static void alt_has_two_names(void **state)
{
    struct key plain, brief;
    (void)state;
    assert_true(key_parse("Alt-b", 5, &plain) && key_parse("M-b", 3, &brief));
    assert_int_equal(plain.kind, KEY_KIND_ALT);
    assert_int_equal(plain.control, 'b');
    assert_true(brief.kind == plain.kind && brief.control == plain.control);
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

/* In the queue, where the role decides alone. */
static const struct command_place *place_of(enum role role)
{
    static struct command_place place;
    place = (struct command_place){.role = role, .keys = KEYS_QUEUE};
    for (int i = 0; i < ACTION_COUNT; i++)
        place.why_not[i] = command_line_role_may(role, (enum action)i) ? NULL : "not yours";
    return &place;
}

static void lines_complete(void **state)
{
    const char *match[COMMAND_LINE_MATCHES];
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    const enum view_id *list;
    assert_int_equal(command_line_complete("vi", place_of(ROLE_DESK), &a, match), 1);
    assert_string_equal(match[0], "view ");
    assert_true(command_line_complete("view ", place_of(ROLE_DESK), &a, match) ==
                store_views(ROLE_DESK, &list));
    assert_int_equal(command_line_complete("view to_s", place_of(ROLE_DESK), &a, match), 1);
    assert_string_equal(match[0], "view to_sign");
    assert_int_equal(command_line_complete("view to_s", place_of(ROLE_JUDGE), &a, match), 0);
    assert_int_equal(command_line_complete("view app", place_of(ROLE_JUDGE), &a, match), 1);
    assert_true(command_line_complete("theme m", place_of(ROLE_DESK), &a, match) >= 1);
    assert_true(command_line_complete("", place_of(ROLE_DESK), &a, match) > COMMAND_COUNT);
    assert_int_equal(command_line_complete("zzz", place_of(ROLE_DESK), &a, match), 0);
    for (size_t i = command_line_complete("edit", place_of(ROLE_DESK), &a, match); i > 0; i--)
        fail_msg("%s is offered", match[i - 1]);
    arena_release(&a);
}

/* What a Chinese input method that was left on makes of the keys; not in texts. */
static void full_width_is_plain(void **state)
{
    static const struct {
        const char *typed;
        enum action action;
    } rows[] = {{"ｊ", ACTION_DOWN},   {"Ｇ", ACTION_LAST},      {"：", ACTION_COMMAND_LINE},
                {"？", ACTION_HELP},   {"、", ACTION_SEARCH},    {"。", ACTION_COPY},
                {"　", ACTION_MARK},   {"》", ACTION_SORT_NEXT}, {"！", ACTION_WRONG},
                {"＝", ACTION_CLOCKS}, {"签", ACTION_NONE},      {"“", ACTION_NONE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key key = {
            .kind = KEY_KIND_TEXT, .text = rows[i].typed, .len = strlen(rows[i].typed)};
        if (keymap_find(KEYS_QUEUE, &key) != rows[i].action)
            fail_msg("%s is not the key of %s", rows[i].typed,
                     rows[i].action == ACTION_NONE ? "nothing" : action_table[rows[i].action].word);
        assert_int_equal(keymap_find(KEYS_FORM, &key), ACTION_NONE);
        assert_int_equal(keymap_find(KEYS_LINE, &key), ACTION_NONE);
    }
    struct key three = {.kind = KEY_KIND_TEXT, .text = "３", .len = 3};
    struct key plain = key_plain(&three);
    assert_int_equal(plain.len, 1);
    assert_int_equal(plain.text[0], '3');
    for (char c = '!'; c <= '~'; c++) { /* the whole row */
        char wide[4];
        size_t n = utf8_encode((uint32_t)(c - '!') + 0xff01, wide);
        struct key key = {.kind = KEY_KIND_TEXT, .text = wide, .len = n};
        plain = key_plain(&key);
        assert_int_equal(plain.len, 1);
        assert_int_equal(plain.text[0], c);
    }
}

/* F1 to F12 mean the same wherever they mean anything (the plan stands in actions.def). */
static void function_keys_have_one_plan(void **state)
{
    static const enum action plan[13][7] = {
        {ACTION_NONE},
        {ACTION_HELP, ACTION_FORM_HELP, ACTION_NONE},
        {ACTION_CONFIRM, ACTION_ACCEPT, ACTION_YES, ACTION_RUN, ACTION_SEND_ALL, ACTION_NONE},
        {ACTION_BACK, ACTION_LEAVE_FORM, ACTION_CANCEL, ACTION_UNMARK, ACTION_TOUR_END,
         ACTION_NONE},
        {ACTION_VIEW, ACTION_COMPLETE, ACTION_CHOICES, ACTION_NONE},
        {ACTION_SYNC, ACTION_NONE},
        {ACTION_WRITE, ACTION_NONE},
        {ACTION_PAGE_UP, ACTION_EDIT_PAGE_UP, ACTION_NONE},
        {ACTION_PAGE_DOWN, ACTION_EDIT_PAGE_DOWN, ACTION_NONE},
        {ACTION_SEARCH, ACTION_HELP_FIND, ACTION_NONE},
        {ACTION_COMMAND_LINE, ACTION_FORM_COMMAND, ACTION_NONE},
        {ACTION_LOCK, ACTION_NONE},
        {ACTION_LOGIN, ACTION_FORM_LOGIN, ACTION_NONE}};
    (void)state;
    for (int f = 1; f <= 12; f++) {
        int places = 0;
        for (int k = 0; k < KEYS_CONTEXTS; k++) {
            struct key key = {.kind = KEY_KIND_FUNCTION, .control = (char)f};
            enum action got = keymap_find((enum key_context)k, &key);
            size_t i = 0;
            while (plan[f][i] != ACTION_NONE && plan[f][i] != got)
                i++;
            if (got != ACTION_NONE && plan[f][i] == ACTION_NONE)
                fail_msg("F%d means %s in place %d", f, action_table[got].word, k);
            places += got != ACTION_NONE;
        }
        if (places < 2)
            fail_msg("F%d counts in %d places", f, places);
    }
}

/* Keys of one's own: in place of the usual ones, beside them, none; what is wrong is told and passed over. */
static void own_keys(void **state)
{
    struct errmsg err = {""};
    struct key other, s, letter_q;
    (void)state;
    assert_true(key_parse("M-x", 3, &other) && key_parse("s", 1, &s) &&
                key_parse("q", 1, &letter_q));
    assert_int_equal(keymap_find(KEYS_QUEUE, &other), ACTION_NONE);
    assert_int_equal(keymap_set("sync", "M-x", "x", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &other), ACTION_SYNC);
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_SYNC), "M-x");
    assert_int_equal(keymap_set("sync", "+ ^R", "x", &err), ST_OK);
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_SYNC), "M-x ^R");
    assert_int_equal(keymap_set("sign", "none", "x", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &s), ACTION_NONE);
    assert_int_equal(keymap_set("nothing", "x", "here", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "here"));
    assert_non_null(strstr(err.text, "nothing"));
    assert_int_equal(keymap_set("sync", "F5 Hyper-x", "here", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "Hyper-x"));
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_SYNC), "M-x ^R"); /* as before */
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

static struct key key_of(const char *name)
{
    struct key key;
    if (!key_parse(name, strlen(name), &key))
        fail_msg("%s is no key", name);
    return key;
}

/* A line for one place goes before one for all; a clash counts where it is, and names file and line. */
static void own_keys_of_a_place(void **state)
{
    struct errmsg err = {""};
    struct key s = key_of("s"), x = key_of("M-x"), y = key_of("M-y"), plus = key_of("+");
    (void)state;
    assert_int_equal(keymap_set("sign", "M-x", "f, line 1", &err), ST_OK);
    assert_int_equal(keymap_set("case.sign", "M-y", "f, line 2", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &x), ACTION_SIGN);
    assert_int_equal(keymap_find(KEYS_CASE, &x), ACTION_NONE);
    assert_int_equal(keymap_find(KEYS_CASE, &y), ACTION_SIGN);
    assert_int_equal(keymap_find(KEYS_QUEUE, &y), ACTION_NONE);
    assert_int_equal(keymap_find(KEYS_CASE, &s), ACTION_NONE);
    assert_false(keymap_undo_clash(&err));
    assert_int_equal(keymap_set("queue.sign", "+s", "f, line 3", &err), ST_OK);
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_SIGN), "M-x s");
    assert_int_equal(keymap_set("case.sign", "", "f, line 4", &err), ST_OK);
    assert_string_equal(keymap_keys(KEYS_CASE, ACTION_SIGN), "");
    assert_int_equal(keymap_set("queue.help", "+", "f, line 5", &err), ST_OK); /* the key */
    assert_int_equal(keymap_find(KEYS_QUEUE, &plus), ACTION_HELP);
    assert_int_equal(keymap_set("nowhere.sign", "x", "f, line 6", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "f, line 6"));
    assert_non_null(strstr(err.text, "nowhere"));
    assert_int_equal(keymap_set("form.sign", "x", "f, line 7", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "form"));
    /* the same key as another action's in that place; what is said of other places stays */
    assert_false(keymap_undo_clash(&err));
    assert_int_equal(keymap_set("case.back", "M-y O", "f, line 8", &err), ST_OK);
    assert_true(keymap_undo_clash(&err));
    assert_non_null(strstr(err.text, "f, line 8"));
    assert_non_null(strstr(err.text, "objects"));
    assert_string_equal(keymap_keys(KEYS_CASE, ACTION_BACK), action_table[ACTION_BACK].keys);
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_SIGN), "M-x s");
    assert_false(keymap_undo_clash(&err));
    /* two that change places are no clash */
    assert_int_equal(keymap_set("assign", "c", "f", &err), ST_OK);
    assert_int_equal(keymap_set("contact", "a", "f", &err), ST_OK);
    assert_false(keymap_undo_clash(&err));
    keymap_reset();
}

/* The list above the line: what the role may do first, by word and by meaning; what it never may at the end. */
static void lines_are_offered(void **state)
{
    struct command_offer offer[COMMAND_LINE_MATCHES];
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    size_t n = command_line_offer("", place_of(ROLE_DESK), &a, offer); /* anything */
    assert_true(n > COMMAND_COUNT / 2);
    assert_null(offer[0].why_not);
    n = command_line_offer("sign", place_of(ROLE_DESK), &a, offer);
    assert_true(n > 1);
    assert_string_equal(offer[0].line, "sign");
    assert_string_equal(offer[0].keys, "s");
    assert_true(offer[0].why_not == NULL);
    n = command_line_offer("sign", place_of(ROLE_JUDGE), &a, offer);
    bool last = false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(offer[i].line, "sign") == 0)
            assert_string_equal(offer[i].why_not, "not yours");
        assert_true(!offer[i].why_not || i + 1 == n ||
                    offer[i + 1].why_not); /* what one may not comes last */
        last = last || strcmp(offer[i].line, "sign") == 0;
    }
    assert_true(last);
    n = command_line_offer("hotline to take the case back", place_of(ROLE_DESK), &a, offer);
    assert_int_equal(n, 0); /* a blank: an argument */
    n = command_line_offer("overdue,", place_of(ROLE_DESK), &a, offer);
    assert_true(n >= 1);
    assert_string_equal(offer[0].line, "wrong"); /* by its meaning */
    n = command_line_offer("confirm", place_of(ROLE_DESK), &a, offer);
    assert_true(n >= 1);
    for (size_t i = 0; i < n; i++)
        assert_string_not_equal(offer[i].line, "confirm"); /* a form's, not of the queue */
    struct command_place form = {.role = ROLE_DESK, .keys = KEYS_FORM};
    n = command_line_offer("confirm", &form, &a, offer);
    assert_string_equal(offer[0].line, "confirm");
    assert_string_equal(offer[0].keys, "^S F2");
    n = command_line_offer("sort comm", place_of(ROLE_DESK), &a, offer);
    assert_int_equal(n, 1);
    assert_string_equal(offer[0].line, "sort community");
    assert_int_equal(command_line_offer("zzz", place_of(ROLE_DESK), &a, offer), 0);
    arena_release(&a);
}

/* Keys that bring what stands behind a word; a clash with any other key passes the line over. */
static void keys_bring_an_argument(void **state)
{
    const struct key f9 = {.kind = KEY_KIND_FUNCTION, .control = 9},
                     alt = {.kind = KEY_KIND_ALT, .control = '1'},
                     two = {.kind = KEY_KIND_ALT, .control = '2'};
    struct errmsg err;
    struct keymap_bound b;
    (void)state;
    keymap_reset();
    assert_int_equal(keymap_set("macro 停水 a.b", "M-1 M-2", "f, line 1", &err), ST_OK);
    assert_int_equal(keymap_set("case.macro warm", "M-3", "f, line 2", &err), ST_OK);
    assert_int_equal(keymap_find(KEYS_QUEUE, &alt), ACTION_MACRO);
    assert_string_equal(keymap_argument(KEYS_QUEUE, &two), "停水 a.b");
    assert_int_equal(keymap_find(KEYS_FORM, &alt), ACTION_NONE); /* a macro is of lists */
    assert_null(keymap_argument(KEYS_FORM, &alt));
    assert_null(keymap_argument(KEYS_QUEUE, &f9));
    assert_false(keymap_undo_clash(&err));
    assert_string_equal(keymap_keys(KEYS_QUEUE, ACTION_MACRO), ""); /* those of the word itself */
    assert_true(keymap_bound(KEYS_QUEUE, 0, &b) && b.action == ACTION_MACRO);
    assert_string_equal(b.keys, "M-1 M-2");
    assert_true(keymap_bound(KEYS_QUEUE, 1, &b) && b.action == ACTION_NONE);
    assert_true(keymap_bound(KEYS_CASE, 1, &b) && b.action == ACTION_MACRO);
    assert_false(keymap_bound(KEYS_CASE, 2, &b));
    assert_int_equal(keymap_set("sign warm", "M-4", "f, line 3", &err), ST_INVALID);
    assert_non_null(strstr(err.text, "f, line 3: \"sign\" takes nothing behind it."));
    /* the key of another action, the key of another such line: the later line goes */
    assert_int_equal(keymap_set("macro more", "F9", "f, line 4", &err), ST_OK);
    assert_true(keymap_undo_clash(&err));
    assert_non_null(strstr(err.text, "f, line 4: F9 is the key of search as well"));
    assert_int_equal(keymap_find(KEYS_QUEUE, &f9), ACTION_SEARCH);
    assert_int_equal(keymap_set("macro more", "M-2", "f, line 5", &err), ST_OK);
    assert_true(keymap_undo_clash(&err));
    assert_non_null(strstr(err.text, "f, line 5: M-2 is the key of macro as well"));
    assert_string_equal(keymap_argument(KEYS_QUEUE, &two), "停水 a.b");
    assert_false(keymap_undo_clash(&err));
    keymap_reset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_keys),
        cmocka_unit_test(own_keys_of_a_place),
        cmocka_unit_test(full_width_is_plain),
        cmocka_unit_test(function_keys_have_one_plan),
        cmocka_unit_test(lines_are_offered),
        cmocka_unit_test(every_command_has_one_action),
        cmocka_unit_test(every_key_is_a_key_and_means_one_thing),
        cmocka_unit_test(digits_are_left_to_the_views),
        cmocka_unit_test(in_texts_letters_are_letters),
        cmocka_unit_test(words_find_their_actions),
        cmocka_unit_test(edits_know_their_operation),
        cmocka_unit_test(odd_names_are_no_keys),
        cmocka_unit_test(alt_has_two_names),
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(keys_bring_an_argument),
        cmocka_unit_test(lines_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
