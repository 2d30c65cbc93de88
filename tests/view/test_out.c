/*
 * What goes out of the console by a key: the handover sheet for the next shift and who has seen it, a case or a list to a
 * file, what was told unasked.
 */
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/text/width.h"
#include "tests/view/office.h"
#include "tui/app_model.h"
#include "tui/program.h"
#include "tui/whistle_sheets.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROWS = 24, COLS = 80 };

static struct office office;
static struct app app;
static struct options options;
static struct app_config config;
static char home[4300];

static void start(void)
{
    struct errmsg err;
    struct cursor cursor;
    config.store = office.store;
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, ROWS, COLS, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
}

static void open_desk(const char *name)
{
    struct errmsg err;
    if (office_open(&office, name, "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    snprintf(home, sizeof home, "%s/home", office.folder);
    assert_int_equal(mkdir(home, 0700), 0);
    setenv("HOME", home, 1);
    options_init(&options);
    config = (struct app_config){.options = &options,
                                 .context = &office.context,
                                 .clock = &office.clock,
                                 .random = &office.random,
                                 .device = "test",
                                 .practice = true};
    start();
}

static void close_desk(void)
{
    app_release(&app);
    options_release(&options);
    office_close(&office);
}

/* Another one sits down; what was done is at the centre. */
static void next_shift(const char *user)
{
    struct errmsg err;
    app_release(&app);
    if (office_next(&office, user, &err) != ST_OK)
        fail_msg("%s", err.text);
    start();
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

static bool has(const char *text)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    bool found = strstr(out.data, text) != NULL;
    buf_release(&out);
    return found;
}

static void shows(const char *text)
{
    struct buf out;
    if (has(text))
        return;
    buf_init(&out, 1 << 20);
    surface_dump(&app.surface, &out);
    printf("# %s\n", out.data);
    fail_msg("no \"%s\"; said: %s", text, app.c.message);
}

/* --- the handover sheet --------------------------------------------------------------------------- */

static struct arena scratch;

static size_t sheets(struct sheet **ret)
{
    struct errmsg err;
    size_t n = 0;
    if (sheets_load(office.store, &office.context.actor, &scratch, ret, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    return n;
}

static void the_next_shift_sees_the_sheet(void **state)
{
    struct sheet *list;
    (void)state;
    arena_init(&scratch, 0);
    open_desk("shift");
    press("B");
    shows("Handover as of 2026-03-10 09:30");
    press("a");
    shows("No sheet from a colleague waits for you.");
    press("s");
    shows("Kept for the next shift, but for "); /* the desk has many */
    press("End");
    shows("Kept 03-10 09:30; nobody has seen it yet");
    shows("(not sent yet)");
    assert_int_equal(sheets(&list), 1);
    assert_string_equal(list[0].paper.name, "2026-03-10 09:30 wang.desk");
    assert_string_equal(list[0].paper.owner, "1101");
    assert_int_equal(list[0].paper.scope, PAPER_OFFICE);
    next_shift("luo.leader");
    office.now_ms += 8 * MS_HOUR;
    press("B");
    if (!has("From Wang Jianguo, 03-10 09:30"))
        press("a"); /* below the window: it comes into sight, and nothing is written yet */
    shows("From Wang Jianguo, 03-10 09:30");
    assert_int_equal(sheets(&list), 1);
    assert_int_equal(list[0].n_seen, 0);
    press("a");
    shows("Marked as seen: the sheet of Wang Jianguo.");
    assert_int_equal(sheets(&list), 1);
    assert_int_equal(list[0].n_seen, 1);
    assert_string_equal(list[0].seen[0].by, "luo.leader");
    assert_int_equal(list[0].seen[0].at_ms, office.now_ms);
    press("a");
    shows("No sheet from a colleague waits for you.");
    press("q B"); /* it has been looked at and acknowledged */
    assert_false(has("From Wang Jianguo"));
    next_shift("wang.desk");
    press("B End");
    shows("Kept 03-10 09:30");
    shows("Seen by Luo");
    close_desk();
    arena_release(&scratch);
}

/* Acknowledged at two terminals at once: two papers, read as one sheet, and one paper again in the end. */
static void two_papers_of_one_sheet_are_one(void **state)
{
    const struct actor li = {"li.other", "L", ROLE_DESK, "1101", "", "t"};
    const struct actor sun = {"sun.other", "S", ROLE_DESK, "1101", "", "t"};
    struct sheet *list;
    struct errmsg err;
    (void)state;
    arena_init(&scratch, 0);
    open_desk("two");
    int cut = 0;
    assert_int_equal(sheet_keep(office.store, &li, office.now_ms, "one\ntwo\n", &cut, &err), ST_OK);
    assert_int_equal(sheets(&list), 1);
    struct paper other = list[0].paper;
    assert_int_equal(sheet_acknowledge(office.store, &sun, office.now_ms + 1, &list[0], &err),
                     ST_OK);
    assert_int_equal(sheets(&list), 1);
    struct paper first = list[0].paper;
    other.name = "2026-03-10 09:30 li.other (2)";
    other.body =
        arena_printf(&scratch, "%sseen: zhou.other 2026-03-10T10:00:00+08:00\n", other.body);
    assert_int_equal(store_paper_put(office.store, &other, &err), ST_OK);
    assert_int_equal(sheets(&list), 1);
    assert_int_equal(list[0].n_seen, 2);
    assert_string_equal(list[0].text, "one\ntwo\n");
    press("B a");
    if (has("once more"))
        press("a");
    assert_int_equal(sheets(&list), 1);
    assert_int_equal(list[0].n_seen, 3);
    assert_string_equal(list[0].paper.name, first.name);
    struct kept_paper *kept;
    size_t n;
    assert_int_equal(store_papers(office.store, PAPER_HANDOVER, &scratch, &kept, &n, &err), ST_OK);
    assert_int_equal(n, 1);
    close_desk();
    arena_release(&scratch);
}

static void a_sheet_has_its_limits(void **state)
{
    const int most = paper_table[PAPER_HANDOVER].most;
    const struct actor li = {"li.other", "L", ROLE_DESK, "1101", "", "t"};
    const struct actor judge = {"ding.judge", "D", ROLE_JUDGE, "BJ", "", "t"};
    struct sheet *list;
    struct errmsg err;
    struct buf text;
    int cut = 0;
    (void)state;
    arena_init(&scratch, 0);
    open_desk("limits");
    buf_init(&text, 1 << 20);
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "line number %d of a long sheet\n", i);
    assert_int_equal(sheet_keep(office.store, &li, office.now_ms, text.data, &cut, &err), ST_OK);
    assert_true(cut > 400);
    assert_int_equal(sheets(&list), 1);
    const char *end = strstr(list[0].text, "(");
    assert_non_null(end);
    assert_string_equal(end, arena_printf(&scratch, "(%d more lines did not fit.)\n", cut));
    assert_non_null(strstr(list[0].text,
                           arena_printf(&scratch, "line number %d of a long sheet\n(", 999 - cut)));
    for (int i = 1; i < most + 3; i++)
        assert_int_equal(
            sheet_keep(office.store, &li, office.now_ms + i * MS_MINUTE, "x\n", &cut, &err), ST_OK);
    assert_int_equal(sheets(&list), most);
    assert_int_equal(list[most - 1].at_ms, office.now_ms + 3 * MS_MINUTE); /* the oldest went */
    /* of a minute ago, written anew: nothing has to go */
    assert_int_equal(
        sheet_keep(office.store, &li, office.now_ms + 5 * MS_MINUTE, "anew\n", &cut, &err), ST_OK);
    assert_int_equal(sheets(&list), most);
    assert_int_equal(sheet_keep(office.store, &judge, office.now_ms, "x\n", &cut, &err), ST_DENIED);
    buf_release(&text);
    close_desk();
    arena_release(&scratch);
}

static void looking_only_writes_no_sheet(void **state)
{
    struct sheet *list;
    (void)state;
    arena_init(&scratch, 0);
    open_desk("look");
    press(": 'readonly' Enter B s");
    shows("looking only");
    assert_int_equal(sheets(&list), 0);
    close_desk();
    arena_release(&scratch);
}

/* --- to a file ------------------------------------------------------------------------------------ */

/* The file below the home; NULL when there is none. free() it. */
static char *written(const char *name)
{
    char path[4400], *text = NULL;
    size_t n;
    snprintf(path, sizeof path, "%s/%s", home, name);
    return file_read(path, 1 << 24, &text, &n, NULL) == ST_OK ? text : NULL;
}

static int64_t disclosures(void)
{
    struct arena a;
    struct outbox_row *rows;
    size_t n;
    int64_t found = 0;
    arena_init(&a, 0);
    assert_int_equal(store_outbox(office.store, 100, &a, &rows, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++)
        found += rows[i].command.type == COMMAND_DISCLOSE;
    arena_release(&a);
    return found;
}

static void type_line(const char *line)
{
    char keys[200];
    snprintf(keys, sizeof keys, ": '%s' Enter", line);
    press(keys);
}

static void a_case_goes_to_a_file(void **state)
{
    (void)state;
    open_desk("case");
    press("2 Enter Y");
    shows(":print ~/");
    shows(".txt");
    press("Esc");
    type_line("print ~/case.pdf");
    shows("A case is written to a file that ends in .txt or .html.");
    type_line("print ~/nowhere/case.txt");
    shows("Nothing can be written in the folder");
    assert_int_equal(disclosures(), 0);
    type_line("print ~/case.txt");
    shows("Written and recorded on the case");
    assert_int_equal(disclosures(), 1);
    char *text = written("case.txt");
    assert_non_null(text);
    assert_non_null(strstr(text, "page 1 of"));
    assert_null(strstr(text, "139"));
    free(text);
    /* there already: asked, and no is no */
    type_line("print ~/case.txt");
    shows("It is there already and would be written over: ");
    press("n");
    assert_int_equal(disclosures(), 1);
    type_line("print ~/case.txt");
    press("y");
    shows("Written and recorded on the case");
    assert_int_equal(disclosures(), 2);
    type_line("print ~/case.html");
    text = written("case.html");
    assert_non_null(text);
    assert_non_null(strstr(text, "<pre>"));
    free(text);
    assert_int_equal(disclosures(), 3);
    press("u"); /* what has left cannot be taken back */
    assert_int_equal(disclosures(), 3);
    press("q");
    close_desk();
}

static size_t lines(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void a_list_goes_to_a_file_as_it_is_shown(void **state)
{
    char *text;
    (void)state;
    open_desk("list");
    press("3 Y");
    shows(":print ~/");
    shows("-2026-03-10.txt");
    press("Esc : 'sort number' Enter : 'sort number' Enter"); /* backwards */
    struct uuid first = queue_current(&app.queue)->id;
    size_t n = app.queue.n;
    assert_true(n > 2 && n < 20);
    type_line("print ~/list.csv");
    shows(" cases are written to ");
    text = written("list.csv");
    assert_non_null(text);
    assert_int_equal(lines(text), n + 1);
    free(text);
    type_line("print ~/list.ndjson");
    text = written("list.ndjson");
    assert_non_null(text);
    assert_int_equal(lines(text), n);
    char id[UUID_TEXT];
    uuid_format(&first, id);
    assert_non_null(strstr(text, id));
    assert_true(strstr(text, id) < strchr(text, '\n')); /* in the order of the screen */
    free(text);
    /* a filter and groups: the cases that it leaves, none of the lines of groups */
    press("f 'state:SENT' Enter % g");
    type_line("print ~/some.ndjson");
    text = written("some.ndjson");
    assert_non_null(text);
    for (const char *at = text; *at; at = strchr(at, '\n') + 1)
        assert_non_null(strstr(at, "\"state\":\"SENT\""));
    free(text);
    type_line("print ~/list.html");
    type_line("print ~/list.txt");
    text = written("list.html");
    assert_non_null(text);
    assert_non_null(strstr(text, "<table>"));
    free(text);
    type_line("print ~/list.csv");
    shows("It is there already");
    press("n");
    assert_int_equal(disclosures(), 0);
    close_desk();
}

static void the_documents_have_a_folder(void **state)
{
    char path[4400];
    struct errmsg err;
    static const char settings[] = "# of the desktop\nXDG_DOCUMENTS_DIR=\"$HOME/文档\"\n";
    (void)state;
    open_desk("documents");
    snprintf(path, sizeof path, "%s/.config", home);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/.config/user-dirs.dirs", home);
    assert_int_equal(file_write_atomic(path, settings, sizeof settings - 1, &err), ST_OK);
    press("Y");
    shows(":print ~/all_open"); /* it is named and not there */
    press("Esc");
    snprintf(path, sizeof path, "%s/文档", home);
    assert_int_equal(mkdir(path, 0700), 0);
    press("Y");
    shows(":print ~/文档/");
    press("Esc");
    close_desk();
}

static void no_file_where_it_is_locked_down(void **state)
{
    (void)state;
    open_desk("locked");
    assert_int_equal(options_set(&options, OPT_LOCKED_DOWN, "yes", "test", NULL), ST_OK);
    press("2 Enter");
    type_line("print ~/case.txt");
    shows("this console writes no file");
    press("q");
    type_line("print ~/list.txt");
    shows("this console writes no file");
    assert_null(written("case.txt"));
    assert_null(written("list.txt"));
    assert_int_equal(disclosures(), 0);
    assert_int_equal(options_set(&options, OPT_LOCKED_DOWN, "no", "test", NULL), ST_OK);
    /* a console that only looks records nothing, so it prints no case */
    press(": 'readonly' Enter 2 Enter");
    type_line("print ~/case.txt");
    shows("looking only");
    assert_null(written("case.txt"));
    press("q");
    type_line("print ~/list.txt");
    shows("written to");
    close_desk();
}

/* --- whistles ------------------------------------------------------------------------------------- */

enum { CASES = 3, ROWS_MOST = 500 };
static const char units[] = "118001,118003"; /* two departments of the district */
static struct case_view asked[CASES];        /* two of the office's cases, then a secret one */

static void give(const struct case_view *v, enum command_type type, const struct value *values,
                 size_t n)
{
    struct errmsg err;
    struct command command = {.id = uuid_new(&app.c.ids),
                              .case_id = v->shown.id,
                              .base = v->shown.version,
                              .type = type,
                              .at_ms = office.now_ms,
                              .values = values,
                              .n_values = n};
    if (store_queue(office.store, &command, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static void whistle(const struct case_view *v, const char *kind, const char *task)
{
    const struct value values[] = {{FIELD_KIND, kind},
                                   {FIELD_UNITS, units},
                                   {FIELD_TASK, task},
                                   {FIELD_PLACE, "街道三层会议室"}};
    give(v, COMMAND_WHISTLE, values, sizeof values / sizeof *values);
}

/* Cases in hand on which nothing is open; the claimant of one that is not secret has name and phone. */
static void find_cases(void)
{
    const struct query q = {.view = VIEW_IN_HAND, .now_ms = office.now_ms};
    struct case_row *rows;
    size_t n, found = 0, secret = 0;
    assert_int_equal(
        store_page(office.store, &q, NULL, false, ROWS_MOST, &scratch, &rows, &n, NULL), ST_OK);
    for (size_t i = 0; i < n; i++) {
        struct case_view v;
        assert_int_equal(store_case(office.store, &rows[i].id, &scratch, &v, NULL), ST_OK);
        const char *const *value = v.shown.value;
        bool is_secret = strcmp(value[FIELD_SECRET], "yes") == 0;
        bool fits = *value[FIELD_TITLE] && *value[FIELD_POINT] && v.shown.n_objects == 0 &&
                    (v.shown.state == STATE_SIGNED || v.shown.state == STATE_WORKING ||
                     v.shown.state == STATE_REWORK);
        if (!is_secret && (!*value[FIELD_CLAIMANT] || strlen(value[FIELD_PHONE]) != 11))
            continue;
        if (fits && is_secret && secret++ == 0)
            asked[CASES - 1] = v;
        else if (fits && !is_secret && found < CASES - 1)
            asked[found++] = v;
    }
    assert_int_equal(found, CASES - 1);
    assert_true(secret > 0);
}

/* The first is discussed in a meeting, which gives another task; both are asked of two units. */
static void open_whistles(const char *name)
{
    arena_init(&scratch, 0);
    open_desk(name);
    find_cases();
    const char *const *v = asked[0].shown.value;
    whistle(
        &asked[0], "K",
        arena_printf(&scratch, "到场会诊\n联系人%s，电话%s", v[FIELD_CLAIMANT], v[FIELD_PHONE]));
    whistle(&asked[1], "J", "联合执法");
    const struct value meeting[] = {{FIELD_PARTICIPANTS, "两委办"},
                                    {FIELD_DECISION, "先查清责任"},
                                    {FIELD_TASKS, "118003 2026-03-20 清理楼道"}};
    give(&asked[0], COMMAND_MEETING, meeting, sizeof meeting / sizeof *meeting);
}

static void close_whistles(void)
{
    close_desk();
    arena_release(&scratch);
}

/* The sheets of the first n cases; release them. */
static struct buf sheets_of(size_t n, enum print_form form, struct whistle_sheets *ret)
{
    struct print_out o = {.store = office.store,
                          .context = &office.context,
                          .arena = &scratch,
                          .now_ms = office.now_ms};
    struct uuid id[CASES + 1];
    struct errmsg err;
    struct buf out;
    for (size_t i = 0; i < n; i++)
        id[i] = asked[i].shown.id;
    id[n] = asked[0].shown.id; /* named twice */
    buf_init(&out, 1 << 24);
    if (whistle_sheets_print(&o, id, n + 1, form, &app.c.ids, &out, ret, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(buf_status(&out), ST_OK);
    return out;
}

static void narrow(const char *text)
{
    for (const char *line = text; *line; line += strspn(line, "\n\f")) {
        size_t n = strcspn(line, "\n\f");
        if (text_width(line, n) > COLS)
            fail_msg("wider than %d: %.*s", COLS, (int)n, line);
        line += n;
    }
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        n++;
    return n;
}

/* What stands between form feeds, the first of them 0. */
static const char *sheet_at(const char *text, size_t at)
{
    while (at-- > 0) {
        text = strchr(text, '\f');
        assert_non_null(text);
        text++;
    }
    return arena_strndup(&scratch, text, strcspn(text, "\f"));
}

static void has_all(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!strstr(text, words[i]))
            fail_msg("no \"%s\" in\n%s", words[i], text);
}
#define HAS(text, ...)                                                                             \
    has_all(text, (const char *const[]){__VA_ARGS__},                                              \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void no_claimant(const char *text)
{
    static const enum field fields[] = {FIELD_CLAIMANT, FIELD_PHONE};
    for (size_t i = 0; i < CASES; i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            const char *value = asked[i].shown.value[fields[k]];
            if (*value && strstr(text, value))
                fail_msg("%s is told in\n%s", value, text);
        }
}

static void a_unit_has_a_page_of_all_it_is_asked(void **state)
{
    (void)state;
    open_whistles("sheets");
    const char *one = asked[0].shown.value[FIELD_NUMBER], *two = asked[1].shown.value[FIELD_NUMBER];
    for (int chinese = 0; chinese < 2; chinese++) {
        struct whistle_sheets said;
        i18n_init(chinese ? "zh_CN" : "en");
        struct buf out = sheets_of(2, PRINT_TEXT, &said);
        assert_int_equal(said.n_units, 2);
        assert_int_equal(said.n_meetings, 1);
        assert_int_equal(said.n_cases, 2);
        assert_int_equal(said.disclosures[0].type, COMMAND_DISCLOSE);
        assert_int_equal(uuid_compare(&said.disclosures[1].case_id, &asked[1].shown.id), 0);
        assert_int_equal(count(out.data, "\f"), 2);
        narrow(out.data);
        no_claimant(out.data);
        for (size_t i = 0; i < 2; i++)
            HAS(sheet_at(out.data, i), one, two, "到场会诊", "138***", "联合执法", "街道三层会议室",
                chinese ? "王建国" : "Wang Jianguo", "2026-03-10 09:30");
        HAS(sheet_at(out.data, 2), one, "先查清责任", "清理楼道", "到场会诊", "两委办");
        assert_null(strstr(sheet_at(out.data, 2), two));
        buf_release(&out);
    }
    i18n_init("en");
    struct whistle_sheets said;
    struct buf out = sheets_of(2, PRINT_TEXT, &said);
    HAS(sheet_at(out.data, 0), "Whistle sheet  District Housing and Construction Commission",
        "Asked: 联合执法", "Waiting since: 2026-03-10 09:30 (00:00)  (not sent yet)",
        /* J: an answer in two hours, of the unit; the order's own clock runs beside it */
        "Clock of the unit: whistle answer: 2026-03-10 11:30",
        "Clock of the lead: Xingfuli Street  resolve: ", "So far: pending",
        "Answer of the unit: ____", "Name, signature, time: ____");
    HAS(sheet_at(out.data, 1), "Whistle sheet  District City Management Commission");
    HAS(sheet_at(out.data, 2), "Joint meeting  ", "What is open\n1. ", "\n3. District City",
        "#4 sub-order  Comes from #3", "Meeting by: 2026-03-13 09:30");
    buf_release(&out);
    close_whistles();
}

static void sheets_have_other_forms(void **state)
{
    struct whistle_sheets said;
    (void)state;
    open_whistles("forms");
    const char *one = asked[0].shown.value[FIELD_NUMBER], *two = asked[1].shown.value[FIELD_NUMBER];
    struct buf out = sheets_of(2, PRINT_NDJSON, &said);
    assert_int_equal(lines(out.data), 3);
    assert_int_equal(count(out.data, "{\"sheet\":\"whistles\",\"unit\":\"11800"), 2);
    assert_int_equal(count(out.data, "{\"sheet\":\"meeting\",\"number\":"), 1);
    assert_int_equal(count(out.data, one), 3);
    assert_int_equal(count(out.data, two), 2);
    HAS(out.data, "\"due\":\"2026-03-10T11:30:00+08:00\"", "\"clock\":\"whistle_ack\"",
        "\"decision\":\"先查清责任\"", "\"lead_clock\":\"handle\"");
    no_claimant(out.data);
    buf_release(&out);
    out = sheets_of(2, PRINT_CSV, &said);
    assert_int_equal(lines(out.data), 1 + 4);
    HAS(out.data, "unit,number,title,");
    assert_int_equal(count(out.data, "\r\n118001,"), 2);
    assert_int_equal(count(out.data, "\r\n118003,"), 2);
    no_claimant(out.data);
    buf_release(&out);
    out = sheets_of(2, PRINT_HTML, &said);
    assert_int_equal(count(out.data, "<section"), 3);
    assert_int_equal(count(out.data, "<section style=\"page-break-before:always\">"), 2);
    no_claimant(out.data);
    buf_release(&out);
    close_whistles();
}

/* What could tell who spoke is not told of a secret order: what is to be done is. */
static void a_sheet_keeps_a_secret(void **state)
{
    (void)state;
    open_whistles("secret");
    whistle(&asked[2], "E", "查液化气瓶");
    const char *const *v = asked[2].shown.value;
    for (int form = 0; form < PRINT_FORMS; form++) {
        struct whistle_sheets said;
        struct buf out = sheets_of(CASES, (enum print_form)form, &said);
        HAS(out.data, v[FIELD_NUMBER], "查液化气瓶");
        assert_null(strstr(out.data, v[FIELD_TITLE]));
        assert_null(strstr(out.data, field_masked(FIELD_POINT, v[FIELD_POINT], &scratch)));
        no_claimant(out.data);
        buf_release(&out);
    }
    close_whistles();
}

static void sheets_go_to_a_file(void **state)
{
    (void)state;
    open_whistles("whistles");
    app_reload(&app);
    type_line("view all_open");
    type_line("print_whistles");
    shows(":print_whistles ~/whistles-2026-03-10.txt");
    press("Esc");
    type_line("filter number:00000000000");
    type_line("print_whistles ~/none.txt");
    assert_null(written("none.txt"));
    assert_int_equal(disclosures(), 0);
    type_line("filter");
    type_line("print_whistles ~/all.ndjson");
    shows(" sheets are written and recorded on their cases: ");
    char *text = written("all.ndjson");
    assert_non_null(text);
    HAS(text, asked[0].shown.value[FIELD_NUMBER], asked[1].shown.value[FIELD_NUMBER]);
    free(text);
    int64_t all = disclosures();
    assert_true(all >= 2);
    type_line("print_whistles ~/all.ndjson");
    shows("It is there already and would be written over: ");
    press("n");
    assert_int_equal(disclosures(), all);
    /* the marked ones alone, then the open one */
    type_line(arena_printf(&scratch, "filter number:%s", asked[1].shown.value[FIELD_NUMBER]));
    press("Space");
    type_line("filter");
    type_line("print_whistles ~/one.csv");
    text = written("one.csv");
    assert_non_null(text);
    assert_int_equal(lines(text), 1 + 2);
    free(text);
    assert_int_equal(disclosures(), all + 1);
    press("Esc");
    type_line(arena_printf(&scratch, "open %s", asked[0].shown.value[FIELD_NUMBER]));
    type_line("print_whistles ~/case.pdf");
    shows("This is written to a file that ends in .txt, .csv, .ndjson or .html.");
    type_line("print_whistles ~/case.txt");
    text = written("case.txt");
    assert_non_null(text);
    assert_int_equal(count(text, "\f"), 2);
    free(text);
    assert_int_equal(disclosures(), all + 2);
    press(": 'readonly' Enter");
    type_line("print_whistles ~/more.txt");
    shows("looking only");
    assert_null(written("more.txt"));
    close_whistles();
}

/* --- what was told -------------------------------------------------------------------------------- */

static void notices_can_be_read_again(void **state)
{
    (void)state;
    open_desk("notices");
    press(": 'notices' Enter");
    shows("There was no notice.");
    press("q");
    for (int i = 0; i < 30; i++) {
        office.now_ms += MS_HOUR;
        app.c.message[0] = '\0';
        app_due(&app); /* as if a key had come */
        app_due(&app);
    }
    size_t n = app.notices.n_told;
    assert_true(n > 1);
    press(": 'notices' Enter");
    shows("newly overdue: ");
    assert_true(notices_told(&app.notices, 0)->at_ms >= notices_told(&app.notices, 1)->at_ms);
    assert_null(notices_told(&app.notices, n));
    press("q");
    assert_int_equal(app_top(&app)->keys, KEYS_QUEUE);
    close_desk();
}

/* A program that is slow, then one that is not there, then none at all. */
/* Until it has ended; whose child it is finds that out by itself. */
static void wait_for_end(pid_t program)
{
    siginfo_t how;
    while (waitid(P_PID, (id_t)program, &how, WEXITED | WNOWAIT) != 0)
        assert_int_equal(errno, EINTR);
    assert_true(program_ended(program));
}

static void one_program_at_a_time(void **state)
{
    char path[4400], command[4500], waits[4400];
    (void)state;
    open_desk("call");
    snprintf(path, sizeof path, "%s/caller", home);
    snprintf(waits, sizeof waits, "%s/caller.waits", home);
    static const char body[] = "#!/bin/sh\n"
                               "echo \"$1 $(ps -o tty= -p $$)\" >>\"$0.heard\"\n"
                               "test \"$1\" = first || exit 1\n"
                               "until test -e \"$0.waits\"; do sleep 0.01; done\n"
                               "echo done >>\"$0.heard\"\n";
    assert_int_equal(file_write_atomic(path, body, sizeof body - 1, NULL), ST_OK);
    assert_int_equal(chmod(path, 0700), 0);
    snprintf(command, sizeof command, "  %s ", path);
    assert_int_equal(options_set(&options, OPT_ATTENTION_COMMAND, command, "test", NULL), ST_OK);
    assert_true(notices_calls(&options));
    notices_call(&app.notices, &app.c, "first");
    notices_call(&app.notices, &app.c, "second"); /* not beside it */
    pid_t program = app.notices.program;
    assert_true(program > 0);
    assert_false(program_ended(program));
    assert_int_equal(file_write_atomic(waits, "x", 1, NULL), ST_OK);
    wait_for_end(program);
    char *text = written("caller.heard");
    assert_non_null(text);
    assert_string_equal(text, "first ?\ndone\n"); /* it has no terminal */
    free(text);
    notices_call(&app.notices, &app.c, "third");
    program = app.notices.program;
    wait_for_end(program);
    text = written("caller.heard");
    assert_non_null(strstr(text, "third"));
    assert_null(strstr(text, "second"));
    free(text);
    assert_int_equal(options_set(&options, OPT_LOCKED_DOWN, "yes", "test", NULL), ST_OK);
    notices_call(&app.notices, &app.c, "fourth");
    assert_int_equal(app.notices.program, 0);
    close_desk();
    /* what cannot be started is told at the start */
    open_desk("nobody");
    assert_int_equal(options_set(&options, OPT_ATTENTION_COMMAND, "/nowhere/at all", "test", NULL),
                     ST_OK);
    notices_init(&app.notices, &app.c);
    assert_string_equal(app.c.message, "attention.command: there is no program \"/nowhere/at\".");
    assert_int_equal(options_set(&options, OPT_ATTENTION_COMMAND, "sh a b c d e f g", "test", NULL),
                     ST_OK);
    notices_init(&app.notices, &app.c);
    assert_string_equal(app.c.message, "attention.command has more than 7 words or is too long.");
    assert_int_equal(options_set(&options, OPT_ATTENTION_COMMAND, "", "test", NULL), ST_OK);
    assert_false(notices_calls(&options));
    close_desk();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_next_shift_sees_the_sheet),
        cmocka_unit_test(two_papers_of_one_sheet_are_one),
        cmocka_unit_test(a_sheet_has_its_limits),
        cmocka_unit_test(looking_only_writes_no_sheet),
        cmocka_unit_test(a_case_goes_to_a_file),
        cmocka_unit_test(a_list_goes_to_a_file_as_it_is_shown),
        cmocka_unit_test(the_documents_have_a_folder),
        cmocka_unit_test(no_file_where_it_is_locked_down),
        cmocka_unit_test(a_unit_has_a_page_of_all_it_is_asked),
        cmocka_unit_test(sheets_have_other_forms),
        cmocka_unit_test(a_sheet_keeps_a_secret),
        cmocka_unit_test(sheets_go_to_a_file),
        cmocka_unit_test(notices_can_be_read_again),
        cmocka_unit_test(one_program_at_a_time),
    };
    return cmocka_run_group_tests_name("view/out", tests, NULL, NULL);
}
