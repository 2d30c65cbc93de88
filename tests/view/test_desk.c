/*
 * What is kept at a desk, driven by keys: several drafts that never damage one another, unsent commands that are taken back
 * one by one, messages that can be read again, a console that only looks, the person's own editor, what comes after a case.
 */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include "tui/command/command.h"
#include "tui/program.h"
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROWS = 24, COLS = 80 };

static struct office office;
static struct app app;
static struct options options;

static void open_desk(const char *name, bool readonly)
{
    static struct app_config config;
    struct errmsg err;
    struct cursor cursor;
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
                                 .practice = true,
                                 .readonly = readonly};
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
}

static void close_desk(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

/* Names as in actions.def; 'x' is pasted. */
static void press(const char *keys)
{
    while (*keys) {
        struct key key;
        struct cursor cursor;
        keys = office_key(keys, &key);
        app_key(&app, &key);
        app_draw(&app, &cursor);
    }
}

static bool shows(const char *text)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    bool found = strstr(out.data, text) != NULL;
    if (!found)
        printf("# no \"%s\" in\n%s\n", text, out.data);
    buf_release(&out);
    return found;
}

static struct store_counts counts(void)
{
    struct store_counts c;
    assert_int_equal(store_counts(office.store, office.now_ms, &c, NULL), ST_OK);
    return c;
}

static void set(enum option_id id, const char *value)
{
    assert_int_equal(options_set(&options, id, value, "test", NULL), ST_OK);
}

/* --- drafts ------------------------------------------------------------------------------------- */

enum { DRAFTS_MOST = 64, TEXT_MOST = 4000 };

struct shelf {
    size_t n;
    struct kept_draft {
        struct uuid case_id;
        int slot;
        uint32_t revision;
        int64_t saved_ms;
        char text[TEXT_MOST];
    } row[DRAFTS_MOST];
};

/* As the list shows them: the one saved last comes first. */
static void read_shelf(struct shelf *s)
{
    struct arena a;
    struct draft *list;
    arena_init(&a, 0);
    assert_int_equal(store_drafts(office.store, &a, &list, &s->n, NULL), ST_OK);
    assert_true(s->n <= DRAFTS_MOST);
    for (size_t i = 0; i < s->n; i++) {
        struct kept_draft *one = &s->row[i];
        assert_int_equal(list[i].type, COMMAND_NOTE);
        *one = (struct kept_draft){.case_id = list[i].case_id,
                                   .slot = list[i].slot,
                                   .revision = list[i].revision,
                                   .saved_ms = list[i].saved_ms};
        const char *text = value_find(list[i].values, list[i].n_values, FIELD_NOTE);
        snprintf(one->text, sizeof one->text, "%s", text ? text : "");
    }
    arena_release(&a);
}

static const struct kept_draft *find(const struct shelf *s, const struct kept_draft *wanted)
{
    for (size_t i = 0; i < s->n; i++)
        if (uuid_compare(&s->row[i].case_id, &wanted->case_id) == 0 &&
            s->row[i].slot == wanted->slot)
            return &s->row[i];
    return NULL;
}

/* All but the touched one are there with the same bytes. Returns how many there are that were not. */
static size_t others_are_the_same(const struct shelf *before, const struct shelf *after,
                                  const struct kept_draft *touched)
{
    size_t fresh = 0;
    for (size_t i = 0; i < before->n; i++) {
        const struct kept_draft *was = &before->row[i], *is = find(after, was);
        if (was == touched)
            continue;
        assert_non_null(is);
        assert_string_equal(is->text, was->text);
        assert_int_equal(is->revision, was->revision);
        assert_int_equal(is->saved_ms, was->saved_ms);
    }
    for (size_t i = 0; i < after->n; i++)
        fresh += find(before, &after->row[i]) == NULL;
    return fresh;
}

/* Opens the list of drafts with the mark on row k. */
static void go_to(size_t k)
{
    press(": 'drafts' Enter g");
    for (size_t i = 0; i < k; i++)
        press("j");
}

enum deed { EDIT, POSTPONE, ANOTHER, ANOTHER_EMPTY, DROP, CANCEL, CONFIRM, DEEDS };

/* *ret_touched: the only one that may be another then; NULL: none. Returns how many new ones there are to be. */
static size_t do_deed(enum deed deed, const struct shelf *s, size_t k, int turn,
                      const struct kept_draft **ret_touched)
{
    char keys[80];
    *ret_touched = NULL;
    go_to(k);
    switch (deed) {
    case EDIT:
        snprintf(keys, sizeof keys, "Enter ' e%d' Esc q", turn);
        press(keys);
        *ret_touched = &s->row[k];
        return 0;
    case POSTPONE:
        press("Enter Left Esc q");
        return 0;
    case ANOTHER:
        snprintf(keys, sizeof keys, "Enter F10 'new_draft' Enter 'another %d' Esc q", turn);
        press(keys);
        return 1;
    case ANOTHER_EMPTY:
        press("Enter F10 'new_draft' Enter Esc q");
        return 0;
    case DROP:
        press("x y q");
        *ret_touched = &s->row[k];
        return 0;
    case CANCEL:
        press("x n q");
        return 0;
    case CONFIRM:
    case DEEDS:
        break;
    }
    press("Enter ^S q");
    *ret_touched = &s->row[k];
    return 0;
}

/* Any order of going on, postponing, beginning another one, dropping, thinking better of it and confirming. */
static void drafts_never_damage_one_another(void **state)
{
    static struct shelf before, after;
    const char *given = getenv("SEED");
    struct rng rng;
    uint64_t seed = given ? strtoull(given, NULL, 10) : 7;
    int done[DEEDS] = {0};
    (void)state;
    printf("# SEED=%llu\n", (unsigned long long)seed);
    rng_seed(&rng, seed);
    open_desk("drafts", false);
    press("2 n 'first of one' Esc j n 'first of two' Esc j n 'first of three' Esc");
    read_shelf(&before);
    assert_int_equal(before.n, 3);
    for (int turn = 0; turn < 150; turn++) {
        const struct kept_draft *touched;
        enum deed deed = (enum deed)rng_below(&rng, DEEDS);
        int64_t sent = counts().outbox;
        read_shelf(&before);
        if (before.n > 12 && deed == ANOTHER)
            deed = DROP;
        if (before.n < 4 && (deed == DROP || deed == CONFIRM))
            deed = ANOTHER;
        size_t k = rng_below(&rng, (uint32_t)before.n);
        office.now_ms += 1000;
        size_t fresh = do_deed(deed, &before, k, turn, &touched);
        done[deed]++;
        read_shelf(&after);
        assert_int_equal(app_top(&app)->keys, KEYS_QUEUE);
        assert_int_equal(others_are_the_same(&before, &after, touched), fresh);
        const struct kept_draft *is = find(&after, &before.row[k]);
        if (deed == EDIT) {
            assert_non_null(is);
            assert_int_equal(strncmp(is->text, before.row[k].text, strlen(before.row[k].text)), 0);
            assert_true(strlen(is->text) > strlen(before.row[k].text));
        }
        if (deed == DROP || deed == CONFIRM)
            assert_null(is);
        assert_int_equal(counts().outbox, sent + (deed == CONFIRM));
    }
    for (int i = 0; i < DEEDS; i++)
        assert_true(done[i] > 5);
    close_desk();
}

/* The text is on the disk from the first letter until the server has it: as a draft, or as the command. */
static void what_is_taken_back_lies_beside_the_others(void **state)
{
    static struct shelf s;
    (void)state;
    open_desk("back", false);
    press("2 n 'the one that goes' ^S");
    assert_int_equal(counts().outbox, 1);
    assert_int_equal(counts().drafts, 0);
    press("n 'begun meanwhile' Esc");
    office.now_ms += 1000;
    press(": 'outbox' Enter");
    assert_true(shows("the one that goes") && shows("goes when the line is up"));
    press("u"); /* opened in the form */
    assert_true(shows("(2) draft saved") && shows("the one that goes"));
    press("Esc");
    assert_int_equal(counts().outbox, 0);
    read_shelf(&s);
    assert_int_equal(s.n, 2);
    assert_string_equal(s.row[0].text, "the one that goes");
    assert_string_equal(s.row[1].text, "begun meanwhile");
    press("q n"); /* the usual key goes on with the one that was written last */
    assert_true(shows("the one that goes") && shows("2 drafts of this are kept"));
    close_desk();
}

/* A new order has no case yet; several of them can be begun, too. */
static void orders_are_begun_side_by_side(void **state)
{
    struct errmsg err;
    (void)state;
    open_desk("orders", false);
    app_release(&app);
    assert_int_equal(office_next(&office, "chen.op", &err), ST_OK);
    struct cursor cursor;
    const struct app_config *config = app.c.config;
    struct app_config own = *config;
    own.store = office.store;
    app_init(&app, &own);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
    press("o 'no heating in building 5' F10 'new_draft' Enter 'the lift stands still' Esc");
    assert_int_equal(counts().drafts, 2);
    office.now_ms += 1000;
    press(": 'drafts' Enter");
    assert_true(shows("no heating in building 5") && shows("the lift stands still"));
    press("G Enter");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    press("' and cold' Esc g Enter");
    assert_true(shows(" and cold"));
    press("Esc q");
    assert_int_equal(counts().drafts, 2);
    close_desk();
}

/* --- the outbox --------------------------------------------------------------------------------- */

static void unsent_commands_are_listed(void **state)
{
    (void)state;
    open_desk("outbox", false);
    press(": 'outbox' Enter");
    assert_true(shows("Everything has been sent."));
    press("u Enter x q 2 n 'first' ^S n 'second' ^S j n 'of another case' ^S : 'outbox' Enter");
    assert_true(shows("> 03-10 09:30") && shows("Confirmed 03-10 09:30."));
    press("u"); /* the second rests on it */
    assert_true(shows("something later of the same case waits behind it"));
    assert_int_equal(counts().outbox, 3);
    press("j u");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    assert_true(shows("second"));
    press("Esc");
    assert_int_equal(counts().outbox, 2);
    press("g Enter"); /* its case */
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    press("q q");
    assert_int_equal(app_top(&app)->keys, KEYS_QUEUE);
    close_desk();
}

/* Waits for a time, behind one that does, was tried, is on its way. */
static void it_says_when_each_goes(void **state)
{
    struct arena a;
    struct outbox_row *rows;
    size_t n;
    int64_t next;
    (void)state;
    arena_init(&a, 0);
    open_desk("when", false);
    press("2 n 'later' M-s ^A ^K '15:00' Enter n 'behind' ^S j n 'at once' ^S : 'outbox' Enter");
    assert_true(shows("goes 03-10 15:00"));
    assert_true(shows("goes behind the one before it"));
    assert_true(shows("goes when the line is up"));
    assert_int_equal(store_outbox_leave(office.store, 9, &a, &rows, &n, &next, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(
        store_outbox_tried(office.store, &rows[0].command.id, 1, "no line to the server", NULL),
        ST_OK);
    app_reload(&app);
    press("G");
    assert_true(shows("on its way: the server may"));
    assert_true(shows("Tried 1 time, last 03-10 09:30: no line to the server"));
    press("u");
    assert_true(shows("it has left"));
    close_desk();
    arena_release(&a);
}

/* --- messages ----------------------------------------------------------------------------------- */

static void messages_can_be_read_again(void **state)
{
    (void)state;
    open_desk("messages", false);
    press(": 'messages' Enter");
    assert_true(shows("Nothing was said yet."));
    press("q ;");
    office.now_ms += 61 * MS_SECOND;
    press("; ; 2 n 'seen' ^S : 'messages' Enter");
    assert_true(shows("> 03-10 09:31  Kept on the disk: note"));
    assert_true(
        shows("  03-10 09:31  That key does nothing here")); /* said again: once, the last time */
    assert_int_equal(app.c.messages.n, 2);
    press("q");
    for (int i = 0; i < MESSAGES_MOST + 50; i++)
        console_say(&app.c, THEME_MESSAGE, "number %d", i);
    assert_int_equal(app.c.messages.n, MESSAGES_MOST);
    press(": 'messages' Enter");
    assert_true(shows("number 249"));
    press("G");
    assert_true(shows("number 50"));
    assert_string_equal(messages_at(&app.c.messages, MESSAGES_MOST - 1)->text, "number 50");
    assert_null(messages_at(&app.c.messages, MESSAGES_MOST));
    /* from a form, too, which stays; nothing else is opened over it */
    press("q 2 n 'half' F10 'messages' Enter");
    assert_int_equal(app_top(&app)->keys, KEYS_MESSAGES);
    press(": 'drafts' Enter Enter");
    assert_true(shows("Leave the form first"));
    press("x"); /* nor is its draft taken from under it, nor another one put there */
    assert_true(shows("Leave the form first"));
    press("u");
    assert_true(shows("Leave the form first"));
    assert_int_equal(counts().drafts, 1);
    press("q q");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    assert_true(shows("half"));
    press("Esc");
    close_desk();
}

/* --- looking only ------------------------------------------------------------------------------- */

/* All that a person has ever confirmed or written, as bytes. */
static void dump(struct buf *out)
{
    struct arena a;
    struct outbox_row *rows;
    struct conflict_row *refused;
    struct draft *drafts;
    size_t n;
    arena_init(&a, 0);
    buf_clear(out);
    assert_int_equal(store_outbox(office.store, 1000, &a, &rows, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++)
        command_encode(out, &rows[i].command);
    assert_int_equal(store_conflicts(office.store, &a, &refused, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++)
        command_encode(out, &refused[i].command);
    assert_int_equal(store_drafts(office.store, &a, &drafts, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < drafts[i].n_values; k++)
            buf_printf(out, "\n%d %d %u %s", drafts[i].type, drafts[i].slot, drafts[i].revision,
                       drafts[i].values[k].text);
    assert_int_equal(buf_status(out), ST_OK);
    arena_release(&a);
}

static void refuse_one(int n)
{
    struct arena a;
    struct outbox_row *rows;
    size_t all;
    arena_init(&a, 0);
    assert_int_equal(store_outbox(office.store, 10, &a, &rows, &all, NULL), ST_OK);
    struct outcome o = {.id = rows[n].command.id,
                        .kind = OUTCOME_REJECTED,
                        .problem = {409, "urn:jiban:problem:state", "Closed", "It is closed.", ""}};
    assert_int_equal(store_outcomes(office.store, &o, 1, NULL), ST_OK);
    arena_release(&a);
}

static const char *const way_to[KEYS_CONTEXTS] = {
    [KEYS_QUEUE] = "2",
    [KEYS_CASE] = "2 Enter",
    [KEYS_CONFLICTS] = "C",
    [KEYS_CLOCKS] = "2 =",
    [KEYS_SIMILAR] = "2 I",
    [KEYS_OUTBOX] = ": 'outbox' Enter",
    [KEYS_DRAFTS] = ": 'drafts' Enter",
    [KEYS_MESSAGES] = ": 'messages' Enter",
    [KEYS_OPENED] = "M-0",
    [KEYS_HANDOVER] = "B",
    [KEYS_NOTICES] = ": 'notices' Enter",
    [KEYS_FILES] = "2 Enter F",
    [KEYS_HELP] = "?",
    [KEYS_TOUR] = ": 'tour' Enter",
};

static void go_home(void)
{
    for (int i = 0; app.depth > 1 || app.prompt.kind != PROMPT_NONE; i++) {
        press("Esc");
        assert_true(i < 20);
    }
    app_act(&app, ACTION_GROUP, "none");
    press("Esc Esc Esc 2 g");
    app.quit = false;
}

/* --- cases at hand --------------------------------------------------------------------------------- */

static const struct uuid *at_hand(int number)
{
    return &app.c.opened.at[number - 1].id;
}

static void from_one_case_to_another(void **state)
{
    (void)state;
    open_desk("hand", false);
    press("M-1");
    assert_true(shows("Alt-1 has no case yet"));
    press("2 Enter");
    assert_true(shows("Alt-1 · v"));
    press("q j Enter");
    assert_true(shows("Alt-2 · v"));
    /* Out of a form, and back to it. */
    press("n 'nobody at home' M-1");
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    assert_int_equal(uuid_compare(&app.page.id, at_hand(1)), 0);
    press("M-1");
    assert_true(shows("Alt-1 is this case"));
    press("M-2");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    assert_int_equal(uuid_compare(&app.form.case_id, at_hand(2)), 0);
    assert_true(shows("nobody at home"));
    press("' again' M-0 j"); /* from over the form, too */
    assert_true(shows("Half written"));
    press("Enter");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    press("M-1 M-0 j");
    assert_true(shows("Alt-2"));
    assert_true(shows("Half written"));
    press("Enter");
    assert_true(shows("nobody at home again"));
    press("Esc M-1 M-2"); /* left for good: the case itself */
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    press("n ^S");
    assert_int_equal(counts().outbox, 1);
    press("q M-1 M-2"); /* its form is done */
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    assert_int_equal(uuid_compare(&app.page.id, at_hand(2)), 0);
    close_desk();
}

/* An order that is no case yet is come back to as well; what is for marked cases, and a template, are no case. */
static void forms_without_a_case_are_kept(void **state)
{
    (void)state;
    open_desk("hand_new", false);
    press("2 Enter q : 'template new fresh' Enter 'a text' M-1");
    assert_true(shows("Keep the template first"));
    press("Esc Esc g Space j Space n 'for both' M-1");
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    press("q : 'drafts' Enter");
    assert_true(shows("for both"));
    press("q q");
    close_desk();
}

/* Every action in every place, with yes to every question: nothing is changed. */
static void looking_only_changes_nothing(void **state)
{
    struct buf before, after;
    int tried = 0;
    (void)state;
    buf_init(&before, 1 << 20);
    buf_init(&after, 1 << 20);
    open_desk("look", false);
    press("2 n 'unsent' ^S n 'refused' ^S n 'half written' Esc j n 'another half' Esc g");
    refuse_one(1);
    press(": 'readonly' Enter");
    assert_true(shows("[look only]"));
    dump(&before);
    assert_int_equal(counts().conflicts, 1);
    for (int k = 0; k < KEYS_CONTEXTS; k++) {
        /* there is no form to come to, nor what one leads to */
        if (k == KEYS_FORM || k == KEYS_LINE || k == KEYS_ASK || k == KEYS_MANY)
            continue;
        if (!way_to[k])
            fail_msg("no way to %s", place_table[k].word);
        for (int marked = 0; marked < 2; marked++)
            for (int i = 0; i < ACTION_COUNT; i++) {
                if (i == ACTION_READONLY)
                    continue;
                go_home();
                if (marked)
                    press("Space Space g");
                press(way_to[k]);
                assert_int_equal(app_top(&app)->keys, k);
                app_act(&app, (enum action)i, NULL);
                tried++;
                /* what it wants is carried out with the next key */
                press(app.prompt.kind == PROMPT_ASK ? "y" : "^L");
                if (app_top(&app)->keys == KEYS_FORM || app.form.open)
                    fail_msg("%s opens a form in %s", action_table[i].word, place_table[k].word);
                if (app.prompt.kind == PROMPT_ASK)
                    press("y");
                if (action_changes((enum action)i))
                    assert_true(app.c.readonly);
                dump(&after);
                if (strcmp(before.data, after.data) != 0)
                    fail_msg("%s in %s changes something\n%s\n%s", action_table[i].word,
                             place_table[k].word, before.data, after.data);
            }
    }
    printf("# %d tries\n", tried);
    go_home();
    press("s");
    assert_true(shows("for looking only; :readonly ends that"));
    press(": 'readonly' Enter n");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    press("Esc");
    close_desk();
    buf_release(&before);
    buf_release(&after);
}

/* A server of another protocol: why nothing is changed is said, what is kept stays, until one that fits is there. */
static void another_protocol_is_for_looking_only(void **state)
{
    struct errmsg err = {""};
    struct refusal why;
    struct value v = {FIELD_NOTE, "text"};
    struct uuid id;
    (void)state;
    open_desk("protocol", false);
    press("2 n 'unsent' ^S");
    assert_int_equal(counts().outbox, 1);
    app.c.other_version = app.anew = true;
    press("j n");
    assert_true(shows("[look only]"));
    assert_true(shows("the server speaks another version of the protocol"));
    assert_int_equal(app_top(&app)->keys, KEYS_QUEUE);
    press(": 'readonly' Enter : 'readonly' Enter s");
    assert_true(shows("the server speaks another version of the protocol"));
    assert_true(app_top(&app)->subject(app_top(&app)->self, &app.c, &id));
    assert_int_equal(console_confirm(&app.c, &id, 1, COMMAND_NOTE, &v, 1, &why, &err), ST_DENIED);
    assert_int_equal(counts().outbox, 1);
    app.c.other_version = false;
    press("n");
    assert_int_equal(app_top(&app)->keys, KEYS_FORM);
    press("Esc");
    close_desk();
}

/* Whatever way a command comes to the outbox, the last door is shut too. */
static void the_last_door_is_shut(void **state)
{
    struct errmsg err = {""};
    struct refusal why;
    struct value v = {FIELD_NOTE, "text"};
    struct uuid id;
    (void)state;
    open_desk("door", true);
    press("2");
    assert_true(shows("[look only]"));
    press(": 'readonly' Enter");
    assert_true(shows("It stays so") && shows("[look only]"));
    assert_true(app_top(&app)->subject(app_top(&app)->self, &app.c, &id));
    assert_int_equal(console_confirm(&app.c, &id, 1, COMMAND_NOTE, &v, 1, &why, &err), ST_DENIED);
    assert_non_null(strstr(err.text, "--readonly"));
    app.c.case_id = id;
    app.c.command = COMMAND_NOTE;
    app.c.want = WANT_FORM;
    press("^L");
    assert_false(app.form.open);
    assert_int_equal(counts().outbox, 0);
    close_desk();
}

/* --- the editor --------------------------------------------------------------------------------- */

/* A program that is called as an editor is: the file is its last argument. */
static const char *script(const char *name, const char *body)
{
    static char path[4300];
    char text[2000];
    struct errmsg err = {""};
    snprintf(path, sizeof path, "%s/%s", office.folder, name);
    int n = snprintf(text, sizeof text, "#!/bin/sh\n%s\n", body);
    if (file_write_atomic(path, text, (size_t)n, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(chmod(path, 0700), 0);
    return path;
}

static void use(const char *name, const char *body)
{
    setenv("EDITOR", script(name, body), 1);
    unsetenv("VISUAL");
}

static const char *text_now(void)
{
    return editor_text(&app.form.field[app.form.current].editor);
}

/* Nothing of a text stays below the folder. */
static size_t files_left(void)
{
    char path[4400];
    size_t n = 0;
    snprintf(path, sizeof path, "%.4200s/run/jiban", office.folder);
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (const struct dirent *e; (e = readdir(folder));)
        n += e->d_name[0] != '.';
    closedir(folder);
    return n;
}

static void the_editor_gives_the_text_back(void **state)
{
    char run[4300];
    (void)state;
    open_desk("editor", false);
    snprintf(run, sizeof run, "%s/run", office.folder);
    setenv("XDG_RUNTIME_DIR", run, 1);
    setenv("JIBAN_PASSWORD_FILE", "/nowhere", 1);
    press("2 n 'one' Enter 'two'");
    /* private, in its own folder; nothing of jiban's in the environment, only three files are open */
    use("good editor", "test $(stat -c %a \"$1\") = 600 || exit 9\n"
                       "test $(stat -c %a \"$(dirname \"$1\")\") = 700 || exit 8\n"
                       "env | grep -q JIBAN_ && exit 7\n"
                       "test \"$(cat \"$1\")\" = \"one\ntwo\" || exit 6\n"
                       "test -e /proc/self/fd/5 && exit 5\n"
                       "echo swap > \"$1~\"\n"
                       "printf 'one\\nand a half\\ntwo\\n' > \"$1\"");
    /* a name with a blank is a command and its argument, as git has it; quoted it is one name */
    char quoted[4400];
    snprintf(quoted, sizeof quoted, "'%s'", getenv("EDITOR"));
    setenv("EDITOR", quoted, 1);
    press("M-e");
    assert_string_equal(text_now(), "one\nand a half\ntwo");
    assert_true(shows("The text is that of the editor"));
    press("M-u M-u");
    assert_string_equal(text_now(), "one\ntwo");
    press("M-r M-r");
    assert_string_equal(text_now(), "one\nand a half\ntwo");
    use("fails", "echo lost > \"$1\"; exit 3");
    press("M-e");
    assert_true(shows("The editor ended with an error (3)"));
    assert_string_equal(text_now(), "one\nand a half\ntwo");
    use("dies", "echo lost > \"$1\"; kill -9 $$");
    press("M-e");
    assert_true(shows("(137)"));
    assert_string_equal(text_now(), "one\nand a half\ntwo");
    use("idle", "touch \"$1\"; echo >> \"$1\"");
    press("M-e");
    assert_true(shows("The editor has changed nothing."));
    use("gone", "rm \"$1\"");
    press("M-e");
    assert_string_equal(text_now(), "one\nand a half\ntwo");
    setenv("EDITOR", "/nowhere/ed", 1);
    press("M-e");
    assert_true(shows("There is no program \"/nowhere/ed\""));
    setenv("VISUAL", script("visual", "printf 'bad \\377 byte\\033[2J end' > \"$1\""), 1);
    press("M-e");
    assert_string_equal(text_now(), "bad  byte[2J end"); /* what is no text is left out */
    assert_true(shows("2 bytes were left out"));
    unsetenv("VISUAL");
    unsetenv("EDITOR");
    press("M-e");
    assert_true(shows("No editor is named"));
    assert_int_equal(files_left(), 0);
    press("Esc");
    close_desk();
}

/* A locked console starts nothing, writes no file of one's choice and does not go to the shell behind it. */
static void locked_down(void **state)
{
    char path[4300], run[4300];
    struct errmsg err = {""};
    struct cli c = {.output = path};
    struct buf out;
    int code;
    const char *const argv[] = {"true", NULL};
    (void)state;
    open_desk("locked", false);
    snprintf(run, sizeof run, "%s/run", office.folder);
    setenv("XDG_RUNTIME_DIR", run, 1);
    use("ed", "echo changed > \"$1\"");
    set(OPT_LOCKED_DOWN, "yes");
    press("2 n 'text' M-e");
    assert_true(shows("this console starts no other program"));
    assert_string_equal(text_now(), "text");
    assert_int_equal(access(run, F_OK), -1); /* not even the file */
    assert_int_equal(program_run(&options, argv, &code, &err), ST_DENIED);
    press("^Z");
    assert_true(shows("safe.locked_down keeps jiban in front"));
    press("Esc");
    snprintf(path, sizeof path, "%s/out", office.folder);
    options_init(&c.options);
    assert_int_equal(options_set(&c.options, OPT_LOCKED_DOWN, "yes", "test", NULL), ST_OK);
    buf_init(&out, 100);
    buf_puts(&out, "list");
    assert_int_equal(output_write(&c, &out, &err), ST_DENIED);
    assert_int_equal(access(path, F_OK), -1);
    buf_release(&out);
    options_release(&c.options);
    close_desk();
}

/* --- after a case ------------------------------------------------------------------------------- */

static struct uuid current(void)
{
    assert_non_null(queue_current(&app.queue));
    return queue_current(&app.queue)->id;
}

static bool same(struct uuid a, struct uuid b)
{
    return uuid_compare(&a, &b) == 0;
}

static void after_a_case(void **state)
{
    (void)state;
    open_desk("after", false);
    press("1 j");
    struct uuid second = current();
    press("j");
    struct uuid third = current();
    press("j");
    struct uuid fourth = current();
    press("k k Enter");
    /* the same: the page stays */
    press("s");
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    assert_true(same(app.page.id, second));
    press("q u"); /* back in its view */
    press("1 g j");
    assert_true(same(current(), second));
    /* the next one: it has left the view, the page shows the one that took its place */
    set(OPT_QUEUE_AFTER, "next");
    press("Enter s");
    assert_int_equal(app_top(&app)->keys, KEYS_CASE);
    assert_true(same(app.page.id, third));
    assert_true(same(current(), third));
    /* what does not move the case does not move on */
    press("n 'seen' ^S");
    assert_true(same(app.page.id, third));
    /* from the list, in a view that the case stays in */
    press("q 7 g");
    while (!same(current(), third))
        press("j");
    press("j");
    struct uuid next = current();
    press("k s");
    assert_true(same(current(), next));
    /* back in the queue */
    set(OPT_QUEUE_AFTER, "back");
    press("1 g");
    while (!same(current(), fourth))
        press("j");
    press("Enter s");
    assert_int_equal(app_top(&app)->keys, KEYS_QUEUE);
    assert_true(shows("Kept on the disk: sign"));
    /* in groups: the next case, not the line of the next group */
    set(OPT_QUEUE_AFTER, "next");
    press("1 : 'group community' Enter g");
    while (!queue_current(&app.queue) || !app.queue.rows[app.queue.current + 1].head)
        press("j");
    struct uuid of_next_group = app.queue.rows[app.queue.current + 2].id;
    press("Enter s");
    assert_true(same(app.page.id, of_next_group));
    close_desk();
}

/* --- the page below, read before it is asked for ------------------------------------------------- */

static bool has_draft(struct uuid id)
{
    for (size_t i = 0; i < app.queue.n; i++)
        if (same(app.queue.rows[i].id, id))
            return app.queue.rows[i].draft;
    fail_msg("the case is not on the page");
    return false;
}

/* Down from the top by a page, and what is done then while nobody presses a key. */
static void go_and_rest(void)
{
    press("g PgDn");
    assert_true(app.queue.pages);
    queue_read_ahead(&app.queue, &app.c);
    assert_false(app.queue.pages); /* once */
}

static void the_page_below_is_as_the_cache_is(void **state)
{
    (void)state;
    open_desk("ahead", false);
    press("7");
    queue_read_ahead(&app.queue, &app.c);
    assert_non_null(app.queue.ahead); /* a list that was just put up, too */
    press("g PgDn PgDn");
    struct uuid third_page = app.queue.rows[0].id, changes = app.queue.rows[5].id;
    assert_false(has_draft(changes));
    go_and_rest();
    press("PgDn");
    assert_true(same(app.queue.rows[0].id, third_page));
    assert_false(has_draft(changes));
    /* what is written meanwhile is on it */
    go_and_rest();
    struct draft d = {.case_id = changes, .type = COMMAND_NOTE, .user = "wang.desk"};
    assert_int_equal(store_draft_put(office.store, &d, NULL), ST_OK);
    press("PgDn");
    assert_true(has_draft(changes));
    /* it is not shown in place of another list, another order or another page */
    go_and_rest();
    press("PgUp");
    assert_int_equal(app.queue.first, 0);
    go_and_rest();
    press(": 'sort number' Enter PgDn PgDn");
    for (size_t i = 1; i < app.queue.n; i++)
        assert_true(strcmp(app.queue.rows[i - 1].number, app.queue.rows[i].number) < 0);
    go_and_rest();
    press("3 PgDn");
    for (size_t i = 0; i < app.queue.n; i++)
        assert_false(same(app.queue.rows[i].id, changes));
    close_desk();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_below_is_as_the_cache_is),
        cmocka_unit_test(drafts_never_damage_one_another),
        cmocka_unit_test(what_is_taken_back_lies_beside_the_others),
        cmocka_unit_test(orders_are_begun_side_by_side),
        cmocka_unit_test(unsent_commands_are_listed),
        cmocka_unit_test(it_says_when_each_goes),
        cmocka_unit_test(messages_can_be_read_again),
        cmocka_unit_test(from_one_case_to_another),
        cmocka_unit_test(forms_without_a_case_are_kept),
        cmocka_unit_test(looking_only_changes_nothing),
        cmocka_unit_test(another_protocol_is_for_looking_only),
        cmocka_unit_test(the_last_door_is_shut),
        cmocka_unit_test(the_editor_gives_the_text_back),
        cmocka_unit_test(locked_down),
        cmocka_unit_test(after_a_case),
    };
    return cmocka_run_group_tests_name("view/desk", tests, NULL, NULL);
}
