/*
 * Hostile texts: as title, content, claimant, note, name and reason they go through the real server and come to the
 * screen, the forms, the lines and the questions; stream.h looks at every byte. Ours are here; the shared set
 * (hostile-text.ndjson) is used when it is there.
 */
#include "core/text/utf8.h"
#include "tests/term/server.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS_MOST = 400, TEXT_MOST = 4000, TITLE_MOST = 190, BATCH = 25 };

static const char *const ours[] = {
    "\033]52;c;cm0=\a clipboard",
    "\033]0;title\033\\ title",
    "\033[31;8mhidden\033[0m",
    "\033[2J\033[H all gone",
    "\033[6n\033[c\033[21t asks",
    "\033P$qm\033\\ DCS",
    "\033[?1000h\033[?1049l mouse",
    "half a sequence \033[",
    "lone escape \033",
    "C1: \xc2\x9b"
    "31m red \xc2\x9d"
    "0;t\xc2\x9c",
    "bell \a back \b\b\b over \r return \x7f",
    "bidi \xe2\x80\xae"
    "desrever\xe2\x80\xac isolate \xe2\x81\xa6x\xe2\x81\xa9",
    "zero\xe2\x80\x8bwidth\xe2\x80\x8dj\xef\xbb\xbf bom \xc2\xad soft",
    "line\xe2\x80\xa8separator\xe2\x80\xa9paragraph",
    "family \xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7 heart "
    "\xe2\x9d\xa4\xef\xb8\x8f flag \xf0\x9f\x87\xa8\xf0\x9f\x87\xb3",
    "zalgo a\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86\xcc\x87\xcc\x88\xcc\x89\xcc\x8a",
    "tags \xf3\xa0\x81\x81\xf3\xa0\x81\x82 private \xee\x80\x80 none \xef\xbf\xbe",
    "tab\there, line\nbreak, CR LF\r\nend",
    "%s%n%1$s {0} $(reboot) `id` ' \" \\ <b>",
    "供暖\xe3\x85\xa4\xe1\x85\x9f填充",
};

static struct text {
    char *bytes;
    size_t n;
    bool utf8; /* and no NUL: may stand in JSON */
} texts[TEXTS_MOST];
static size_t n_texts;

static void add_text(const char *bytes, size_t n)
{
    if (n_texts == TEXTS_MOST)
        return;
    n = n > TEXT_MOST ? utf8_cut(bytes, n, TEXT_MOST) : n;
    struct text *t = &texts[n_texts++];
    t->bytes = malloc(n + 1);
    assert_non_null(t->bytes);
    memcpy(t->bytes, bytes, n);
    t->bytes[n] = '\0';
    t->n = n;
    t->utf8 = utf8_valid(bytes, n) && !memchr(bytes, '\0', n);
}

static void add_shared(const json_t *one)
{
    const json_t *text = json_object_get(one, "text");
    const char *base64 = text_at(one, "base64");
    json_int_t repeat = json_integer_value(json_object_get(one, "repeat"));
    struct buf out;
    buf_init(&out, 8 << 20);
    for (json_int_t i = 0; text && i < (repeat > 0 ? repeat : 1) && out.len < TEXT_MOST; i++)
        buf_add(&out, json_string_value(text), json_string_length(text));
    if (*base64) {
        unsigned char raw[8192];
        size_t n = 0;
        if (sodium_base642bin(raw, sizeof raw, base64, strlen(base64), NULL, &n, NULL,
                              sodium_base64_VARIANT_ORIGINAL) == 0)
            buf_add(&out, raw, n);
    }
    add_text(out.data, out.len);
    buf_release(&out);
}

static int read_texts(void **state)
{
    char path[4200], *all = NULL;
    size_t n = 0;
    const char *shared = getenv("JIBAN_SHARED_DATA");
    (void)state;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        add_text(ours[i], strlen(ours[i]));
    snprintf(path, sizeof path, "%.4000s/hostile-text.ndjson", shared ? shared : "");
    if (!shared || file_read(path, 16 << 20, &all, &n, NULL) != ST_OK) {
        printf("# the shared set is not there: only our own %zu texts\n", n_texts);
        return 0;
    }
    for (char *line = all; *line; line += strcspn(line, "\n") + 1) {
        json_t *one = json_loadb(line, strcspn(line, "\n"), JSON_ALLOW_NUL, NULL);
        if (one)
            add_shared(one);
        json_decref(one);
        if (!line[strcspn(line, "\n")])
            break;
    }
    free(all);
    printf("# %zu texts\n", n_texts);
    return 0;
}

static int forget_texts(void **state)
{
    for (size_t i = 0; i < n_texts; i++)
        free(texts[i].bytes);
    n_texts = 0;
    return rig_end(state);
}

/* --- as titles, contents, names of claimants: imported ------------------------------------------ */

static void write_file(const char *path, const struct buf *text)
{
    struct errmsg err = {{0}};
    assert_int_equal(buf_status(text), ST_OK);
    assert_int_equal(file_write_atomic(path, text->data, text->len, &err), ST_OK);
}

static void make_office(struct server *s)
{
    static const char map[] =
        "{\"format\":\"ndjson\",\"fields\":{\"external_id\":\"id\",\"title\":\"title\","
        "\"content\":\"text\",\"claimant\":\"user\",\"time\":\"time\"},\"time_zone\":\"+08:00\","
        "\"channel\":\"web\",\"type_default\":\"complaint\",\"types\":[],\"keywords\":[],"
        "\"category\":{},\"category_default\":\"1801\",\"district\":{\"code\":\"81\",\"name\":"
        "\"d\","
        "\"name_en\":\"d\"},\"streets\":{\"from\":\"hash\",\"field\":\"id\",\"count\":1,\"names\":"
        "[\"s\"],\"names_en\":[\"s\"]},\"communities\":{\"from\":\"hash\",\"field\":\"id\","
        "\"per_street\":1}}";
    struct buf out;
    const char *map_path = test_path("map.json"), *rows = test_path("rows.ndjson");
    const char *secret = test_path("secret");
    buf_init(&out, 64 << 20);
    buf_puts(&out, map);
    write_file(map_path, &out);
    buf_clear(&out);
    buf_puts(&out, "practice\n");
    write_file(secret, &out);
    buf_clear(&out);
    for (size_t i = 0; i < n_texts; i++) {
        if (!texts[i].utf8 || texts[i].n == 0)
            continue;
        json_t *row =
            json_pack("{s:o, s:s%, s:s%, s:s%, s:s}", "id", json_sprintf("h%zu", i), "title",
                      texts[i].bytes, texts[i].n, "text", texts[i].bytes, texts[i].n, "user",
                      texts[i].bytes, texts[i].n, "time", "2026-03-01T10:00:00+08:00");
        assert_non_null(row);
        char *line = json_dumps(row, JSON_COMPACT);
        buf_printf(&out, "%s\n", line);
        free(line);
        json_decref(row);
    }
    write_file(rows, &out);
    buf_release(&out);
    free(run_server(s, 0, "init", NULL));
    free(run_server(s, 0, "import", "--format", "ndjson", "--map", map_path, rows, NULL));
    free(run_server(s, 0, "user", "add", "eve.desk", "--role", "desk", "--office", "8101", "--unit",
                    "810190", "--name", ours[2], "--password-file", secret, NULL));
}

/* Every case in the list and on its page, to the end of it. */
static void look_at_all(struct term *t, size_t cases)
{
    term_press(t, "7 g");
    term_settle(t);
    for (size_t i = 0; i < cases; i++) {
        term_press(t, "Enter");
        term_settle(t);
        term_press(t, "End");
        term_settle(t);
        term_press(t, "q j");
        term_settle(t);
    }
}

static void imported(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make_empty(&s, "imported");
    make_office(&s);
    server_start(&s);
    desk_make(&d, &s, "eve.desk", "en");
    struct term *t = desk_open(&d, 50, 100);
    term_wait_gone(t, "[7]All open 0");
    term_wait(t, "^[[31;8mhidden"); /* her name */
    json_t *cases = desk_json(&d, "list");
    size_t n = json_array_size(cases);
    json_decref(cases);
    assert_true(n >= sizeof ours / sizeof *ours);
    term_press(t, "7 g");
    term_wait(t, "<U+202E>desrever");
    look_at_all(t, n);
    term_press(t, "g a"); /* a form below a hostile text, help, a wide window */
    term_settle(t);
    term_press(t, "Esc ?");
    term_settle(t);
    term_press(t, "q Enter");
    term_resize(t, 36, 140);
    term_settle(t);
    term_press(t, "q");
    for (size_t i = 0; i < n; i += 7)
        term_press(t, "j j j j j j j");
    term_settle(t);
    desk_leave(t);
    server_stop(&s);
}

/* The same in a locale without UTF-8. */
static void ascii(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make_empty(&s, "ascii");
    make_office(&s);
    server_start(&s);
    desk_make(&d, &s, "eve.desk", "en");
    free(desk_run(&d, 0, "sync", NULL));
    struct term_options o = desk_options(&d);
    o.rows = 50;
    o.cols = 120;
    o.ascii = true;
    o.env[6] = "LC_ALL=C";
    struct term *t = term_start(&o);
    desk_wait_online(&d, t);
    term_press(t, "7 g");
    for (size_t i = 0; i < n_texts; i += 20) {
        term_press(t, "Enter");
        term_settle(t);
        term_press(t, "q j j j j j j j j j j j j j j j j j j j j");
        term_settle(t);
    }
    desk_leave(t);
    server_stop(&s);
}

/* --- pasted and typed ----------------------------------------------------------------------------- */

static bool has_control(const struct text *t)
{
    for (size_t i = 0; i < t->n; i++)
        if ((unsigned char)t->bytes[i] < 0x20 || t->bytes[i] == 0x7f ||
            (t->bytes[i] == '\xc2' && (unsigned char)t->bytes[i + 1] < 0xa0)) /* C0, DEL, C1 */
            return true;
    return false;
}

/* Texts from first on into one note. They come as they are, but for controls. */
static void note(struct term *t, size_t first)
{
    term_press(t, "n");
    term_wait(t, "Note *");
    for (size_t i = first; i < first + BATCH && i < n_texts; i++) {
        const struct text *one = &texts[i];
        /* what ends a paste ends it; what follows would be keys */
        if (memmem(one->bytes, one->n, "\033[201~", 6))
            continue;
        if (has_control(one) || !one->utf8)
            term_paste(t, one->bytes, one->n);
        else
            term_type(t, one->bytes);
        term_press(t, "Enter");
    }
    term_settle(t);
    term_press(t, "M-<");
    term_settle(t);
    term_press(t, "PgDn M-> 'End.'");
    term_settle(t);
    term_press(t, "^S");
    term_wait(t, "Kept on the disk: note");
}

/* What is text came to the server as it was. */
static void check_notes(const json_t *events)
{
    for (size_t i = 0; i < n_texts; i++) {
        const char *kept = text_at(json_array_get(events, i / BATCH), "event.values.note");
        if (texts[i].utf8 && !has_control(&texts[i]) && !strstr(kept, texts[i].bytes))
            fail_msg("text %zu was altered: %s", i, texts[i].bytes);
    }
}

static void lines_and_questions(struct term *t, const struct text *one)
{
    if (memmem(one->bytes, one->n, "\033[201~", 6))
        return;
    term_press(t, ":");
    term_paste(t, one->bytes, one->n);
    term_settle(t);
    term_press(t, "Enter");
    term_settle(t);
    term_press(t, "f ^A ^K");
    term_paste(t, one->bytes, one->n);
    term_settle(t);
    term_press(t, "Enter");
    term_settle(t);
    term_press(t, "Esc f ^A ^K Enter ^P"); /* a filter that is not understood stays open */
    term_paste(t, one->bytes, one->n);
    term_settle(t);
    term_press(t, "Esc");
}

static void pasted_and_typed(void **state)
{
    static struct server s;
    struct desk d;
    struct buf types;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    json_int_t since = server_last_event(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 40, 120);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    buf_init(&types, 4096);
    term_press(t, "1");
    for (size_t i = 0; i < n_texts; i += BATCH) {
        note(t, i);
        buf_printf(&types, "%snote", i ? " " : "");
    }
    term_press(t, "Enter"); /* the history of that case holds all of them */
    for (int i = 0; i < 12; i++) {
        term_settle(t);
        term_press(t, "PgDn");
    }
    term_press(t, "q");
    for (size_t i = 0; i<n_texts; i += n_texts> 100 ? 5 : 1)
        lines_and_questions(t, &texts[i]);
    term_settle(t);
    term_wait_gone(t, "to send");
    json_t *events = server_wait_events(&s, since, "wang.desk", types.data);
    check_notes(events);
    json_decref(events);
    buf_release(&types);
    desk_leave(t);
    server_stop(&s);
}

/* --- as names and reasons ------------------------------------------------------------------------- */

/* Who was first has a hostile name; the reason of the refusal names her. */
static void names_and_reasons(void **state)
{
    static struct server s;
    struct desk d, reviewer;
    static const char name[] = "\033]0;pwned\a\033[8m\xe2\x80\xae\xc2\x9b"
                               "2J";
    const char *secret = test_path("secret");
    (void)state;
    server_make(&s, "names");
    free(run_server(&s, 0, "user", "add", "eve.desk", "--role", "desk", "--office", "1101",
                    "--unit", "110190", "--name", name, "--password-file", secret, NULL));
    server_start(&s);
    struct desk eve;
    desk_make(&eve, &s, "eve.desk", "en");
    desk_make(&d, &s, "wang.desk", "en");
    desk_make(&reviewer, &s, "he.review", "en");
    struct term *t = desk_open(&d, 30, 100);
    term_wait(t, "[1]To sign 14");
    term_wait(t, "[7]All open 158");
    server_stop(&s);
    term_wait(t, "offline");
    term_press(t, "1");
    term_wait(t, "rows 1-14 of 14");
    term_press(t, "Enter");
    term_wait(t, "Clocks");
    term_press(t, "s");
    term_wait(t, "1 to send");
    json_t *outbox = desk_json(&d, "outbox");
    char *shown =
        desk_run(&d, 0, "show", text_at(json_array_get(outbox, 0), "case"), "--json", NULL);
    json_t *one = json_loads(shown, 0, NULL);
    const char *number = text_at(one, "case.number");
    if (!*number)
        fail_msg("%s", shown);
    term_signal(t, SIGSTOP);
    server_start(&s);
    free(desk_run(&eve, 0, "sync", NULL));
    free(desk_run(&eve, 0, "do", number, "sign", NULL));
    term_signal(t, SIGCONT);
    term_wait(t, "1 conflicts (C)");
    term_press(t, "C");
    term_wait(t, "Refused by the server");
    term_wait(t, "This was done already");
    term_wait(t, "^[]0;pwned^G^[[8m<U+202E><U+009B>2J");
    json_decref(one);
    json_decref(outbox);
    free(shown);
    term_press(t, "x");
    term_wait(t, "Sure?");
    term_press(t, "y");
    term_wait(t, "There is no conflict");
    term_press(t, "q q");
    term_wait(t, "Left ");
    /* what is missing in a reply, said with a hostile text, stands in the history and in the queue's case */
    free(desk_run(&reviewer, 0, "sync", NULL));
    char *reviewed = desk_run(&reviewer, 0, "list", "state:REVIEW", "--json", "--limit", "1", NULL);
    one = json_loadb(reviewed, strcspn(reviewed, "\n"), 0, NULL);
    char missing[200];
    snprintf(missing, sizeof missing, "missing=%s", ours[0]);
    free(desk_run(&reviewer, 0, "do", text_at(one, "number"), "send_back", missing, NULL));
    term_press(t, ":");
    term_type(t, "open ");
    term_type(t, text_at(one, "number"));
    term_press(t, "Enter");
    term_wait(t, "Clocks");
    term_wait(t, "· in hand"); /* it has come */
    term_press(t, "End g");
    term_settle(t);
    for (int i = 0; i < 4 && !term_shows(t, "^[]52;c;cm0=^G clipboard"); i++) {
        term_press(t, "PgDn");
        term_settle(t);
    }
    term_wait(t, "^[]52;c;cm0=^G clipboard");
    json_decref(one);
    free(reviewed);
    term_press(t, "q");
    desk_leave(t);
    server_stop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(imported, rig_end),
        cmocka_unit_test_teardown(ascii, rig_end),
        cmocka_unit_test_teardown(pasted_and_typed, rig_end),
        cmocka_unit_test_teardown(names_and_reasons, rig_end),
    };
    return cmocka_run_group_tests_name("term/hostile", tests, read_texts, forget_texts);
}
