/*
 * The table of actions, row by row: each key reaches its action in each place where it counts, through a terminal; each
 * action stands in the help of its place, in the manual and in the command line.
 */
#include "core/base/i18n.h"
#include "tests/term/server.h"
#include "tui/app_model.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- through the terminal ----------------------------------------------------------------------- */

struct walk {
    struct desk desk;
    struct term *t;
    char trace[400];
    long seen; /* bytes of it */
    char from[16], action[40], after[16];
};

/* What the program says of the key that was pressed. */
static void hear(struct walk *w)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    char line[160];
    for (;;) {
        FILE *f = fopen(w->trace, "r");
        bool whole = f && fseek(f, w->seen, SEEK_SET) == 0 && fgets(line, sizeof line, f) &&
                     strchr(line, '\n');
        if (f)
            fclose(f);
        if (whole)
            break;
        if (term_now_ms() > until)
            term_fail(w->t, "no word of the key");
        term_pump(w->t, 5);
    }
    w->seen += (long)strlen(line);
    if (sscanf(line, "%15s %39s %15s", w->from, w->action, w->after) != 3)
        term_fail(w->t, "not understood: %s", line);
}

static void press(struct walk *w, const char *keys)
{
    while (*keys) {
        char key[40];
        size_t n = *keys == '\'' ? strcspn(keys + 1, "'") + 2 : strcspn(keys, " ");
        snprintf(key, sizeof key, "%.*s", (int)n, keys);
        term_press(w->t, key);
        if (*keys == '\'') /* a key each */
            for (size_t i = 0; i < n - 2; i++)
                hear(w);
        else
            hear(w);
        keys += n;
        keys += strspn(keys, " ");
    }
}

static void begin(struct walk *w, bool first)
{
    static char variable[440];
    struct term_options o = desk_options(&w->desk);
    size_t n = 0;
    while (o.env[n])
        n++;
    snprintf(variable, sizeof variable, "JIBAN_TRACE_KEYS=%s", w->trace);
    o.env[n] = variable;
    o.shell = true;
    w->t = term_start(&o);
    w->seen = 0;
    remove(w->trace);
    term_wait(w->t, "Password: ");
    if (first) {
        press(w, "'practice' Enter");
        term_wait(w->t, "* online");
        term_wait(w->t, "[1]To sign 14");
        term_wait(w->t, "[7]All open 158");
    } else {
        press(w, "^C");
        term_wait_gone(w->t, "Password: ");
    }
    snprintf(w->after, sizeof w->after, "queue");
}

/* Back to the queue from wherever a key led, with nothing marked and all cases shown. */
static void go_home(struct walk *w)
{
    if (strcmp(w->action, "lock") == 0 && strcmp(w->after, "line") == 0)
        press(w, "'practice' Enter");
    for (int i = 0; strcmp(w->after, "queue") != 0; i++) {
        bool typing = strcmp(w->after, "form") == 0 || strcmp(w->after, "line") == 0 ||
                      strcmp(w->after, "ask") == 0;
        if (i > 8)
            term_fail(w->t, "no way back from %s", w->after);
        press(w, typing ? "^C" : "q");
    }
    press(w, "Esc 7 g");
}

static const char *const way_to[KEYS_CONTEXTS] = {
    [KEYS_QUEUE] = "",
    [KEYS_CASE] = "Enter",
    [KEYS_CONFLICTS] = "C",
    [KEYS_CLOCKS] = "=",
    [KEYS_SIMILAR] = "I",
    [KEYS_FILES] = "F",
    [KEYS_HELP] = "?",
    [KEYS_TOUR] = ": 'tour' Enter",
    [KEYS_FORM] = "n",
    [KEYS_LINE] = ":",
    [KEYS_ASK] = "1 Space : 'sign' Enter",
    [KEYS_OUTBOX] = ": 'outbox' Enter",
    [KEYS_DRAFTS] = ": 'drafts' Enter",
    [KEYS_MESSAGES] = ": 'messages' Enter",
    [KEYS_OPENED] = "M-0",
    [KEYS_HANDOVER] = "B",
    [KEYS_NOTICES] = ": 'notices' Enter",
    [KEYS_MANY] = "2 Space r Enter",
};

static void try_key(struct walk *w, enum key_context place, enum action action, const char *key)
{
    const char *word = place_table[place].word;
    if (strcmp(w->after, word) != 0) {
        go_home(w);
        press(w, way_to[place]);
        if (strcmp(w->after, word) != 0)
            term_fail(w->t, "%s does not lead to %s but to %s", way_to[place], word, w->after);
    }
    term_press(w->t, key);
    if (action == ACTION_SUSPEND) {
        term_wait_stopped(w->t);
        term_foreground(w->t);
    }
    hear(w);
    if (strcmp(w->from, word) != 0 || strcmp(w->action, action_table[action].word) != 0)
        term_fail(w->t, "%s in %s gives %s in %s, not %s", key, word, w->action, w->from,
                  action_table[action].word);
    if (action == ACTION_QUIT) {
        assert_int_equal(term_wait_end(w->t), 0);
        term_end(w->t);
        begin(w, false);
    }
}

static void each_key_reaches_its_action(void **state)
{
    static struct server s;
    struct walk w = {.after = ""};
    int tried = 0;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&w.desk, &s, "wang.desk", "en");
    snprintf(w.trace, sizeof w.trace, "%s", test_path("trace"));
    begin(&w, true);
    server_stop(&s); /* what the keys do stays here */
    term_wait(w.t, "offline");
    for (int k = 0; k < KEYS_CONTEXTS; k++)
        for (int i = 0; i < ACTION_COUNT; i++) {
            const char *keys = keymap_keys((enum key_context)k, (enum action)i);
            if (!(action_table[i].contexts >> k & 1u))
                continue;
            while (*keys) {
                char key[16];
                size_t n = strcspn(keys, " ");
                snprintf(key, sizeof key, "%.*s", (int)n, keys);
                try_key(&w, (enum key_context)k, (enum action)i, key);
                tried++;
                keys += n;
                keys += strspn(keys, " ");
            }
        }
    printf("# %d keys\n", tried);
    assert_true(tried > 300);
    go_home(&w);
    press(&w, "q");
    term_wait_end(w.t);
    term_end(w.t);
}

/* --- where it is written ------------------------------------------------------------------------ */

static const char *word_of(enum action i)
{
    const struct action_row *row = &action_table[i];
    return row->command != COMMAND_COUNT ? command_table[row->command].word : row->word;
}

static void each_action_stands_in_the_help_of_its_place(void **state)
{
    struct context context;
    struct options options;
    struct help h;
    struct console c = {.want = WANT_NOTHING};
    (void)state;
    context_init(&context);
    options_init(&options);
    struct app_config config = {.context = &context, .options = &options, .clock = &clock_system};
    c.config = &config;
    arena_init(&c.scratch, 0);
    help_init(&h);
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        help_start(&h, &c, (enum key_context)k, NULL);
        for (int i = 0; i < ACTION_COUNT; i++) {
            const char *keys = keymap_keys((enum key_context)k, (enum action)i);
            bool command = action_table[i].command != COMMAND_COUNT, there = false;
            /* commands of procedure are told where a case is */
            if (!(action_table[i].contexts >> k & 1u) ||
                (command && k != KEYS_QUEUE && k != KEYS_CASE))
                continue;
            for (size_t n = 0; n < h.n && !there; n++)
                there = h.line[n].action == (enum action)i &&
                        (*keys ? strcmp(h.line[n].keys, keys) == 0
                               : strcmp(h.line[n].keys + 1, word_of((enum action)i)) == 0) &&
                        strcmp(h.line[n].text, action_help((enum action)i, &h.arena)) == 0;
            if (!there)
                fail_msg("%s is not in the help of %s", action_table[i].word, place_table[k].word);
        }
    }
    help_release(&h);
    arena_release(&c.scratch);
    options_release(&options);
    context_release(&context);
}

/* As troff wants it. */
static void quote(char *out, size_t size, const char *text)
{
    size_t n = 0;
    for (; *text && n + 3 < size; text++) {
        if (*text == '-' || *text == '\\')
            out[n++] = '\\';
        out[n++] = *text == '\\' ? 'e' : *text;
    }
    out[n] = '\0';
}

static void each_action_stands_in_the_manual(void **state)
{
    char path[4200], *page = NULL;
    size_t size;
    struct errmsg err;
    (void)state;
    snprintf(path, sizeof path, "%.4000s/doc/jiban.1", getenv("JIBAN_TOP_BUILDDIR"));
    if (file_read(path, 1 << 22, &page, &size, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        char head[100];
        snprintf(head, sizeof head, ".Ss %s\n", place_table[k].label);
        char *section = strstr(page, head);
        if (!section)
            fail_msg("the manual has no \"%s\"", place_table[k].label);
        char *end = strstr(section, "\n.El");
        assert_non_null(end);
        *end = '\0';
        for (int i = 0; i < ACTION_COUNT; i++) {
            char keys[200], help[400], item[640];
            if (!(action_table[i].contexts >> k & 1u))
                continue;
            quote(keys, sizeof keys, action_table[i].keys);
            quote(help, sizeof help, action_table[i].help);
            snprintf(item, sizeof item, ".It Ic \\&%s%s\n%s", *keys ? "" : ":",
                     *keys ? keys : word_of((enum action)i), help);
            if (!strstr(section, item))
                fail_msg("%s is not in the manual: %s", action_table[i].word, item);
        }
        *end = '\n';
    }
    free(page);
}

/* What one does in a text or with a question has no word; all else is found by its own. */
static void each_action_is_found_in_the_command_line(void **state)
{
    struct command_offer offer[COMMAND_LINE_MATCHES];
    struct arena a;
    (void)state;
    arena_init(&a, 0);
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        struct command_place place = {.keys = (enum key_context)k};
        if (k == KEYS_LINE || k == KEYS_ASK)
            continue;
        for (int i = 0; i < ACTION_COUNT; i++) {
            const char *word = word_of((enum action)i);
            if (!(action_table[i].contexts >> k & 1u) ||
                action_editor_op((enum action)i) != EDITOR_OP_COUNT)
                continue;
            size_t n = command_line_offer(word, &place, &a, offer);
            if (n == 0 || strncmp(offer[0].line, word, strlen(word)) != 0)
                fail_msg("%s is not found in %s", word, place_table[k].word);
            assert_string_equal(offer[0].keys, keymap_keys((enum key_context)k, (enum action)i));
            assert_string_equal(offer[0].help, action_help((enum action)i, &a));
            assert_null(strchr(offer[0].help, '`')); /* a mark of the manual */
        }
        arena_reset(&a);
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_action_stands_in_the_help_of_its_place),
        cmocka_unit_test(each_action_stands_in_the_manual),
        cmocka_unit_test(each_action_is_found_in_the_command_line),
        cmocka_unit_test_teardown(each_key_reaches_its_action, rig_end)};
    i18n_init("en");
    return cmocka_run_group_tests_name("term/actions", tests, NULL, NULL);
}
