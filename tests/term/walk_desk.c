#include "tests/term/walk_desk.h"
#include "core/base/buf.h"
#include "tests/locale_kit.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define PLAIN "[reply]\ngrace = 0\n"

enum { CASES_WITH_FILES = 6, CASES_MOST = 50, DEED_WORDS = 5, LINEAR_ROWS = 60 };

static const struct walk_kind kinds[] = {
    {.name = "xterm-256color", .env = {"TERM=xterm-256color"}, .config = PLAIN},
    {.name = "vt220", .env = {"TERM=vt220"}, .config = PLAIN},
    {.name = "mouse", .env = {"TERM=xterm"}, .config = "[screen]\nmouse = yes\n" PLAIN},
    {.name = "linear", .env = {"TERM=xterm"}, .config = PLAIN, .flag = "--linear", .linear = true},
    {.name = "linux", .env = {"TERM=linux"}, .config = PLAIN},
    {.name = "low_bandwidth",
     .env = {"TERM=vt220"},
     .config = PLAIN,
     .flag = "--low-bandwidth",
     .bare = true},
    {.name = "ascii_frames",
     .env = {"TERM=vt220"},
     .config = "[screen]\nframe = ascii\nhints = no\n" PLAIN,
     .bare = true},
    {.name = "no_color", .env = {"TERM=xterm-256color", "NO_COLOR=1"}, .config = PLAIN},
    /* Not xterm: with that ncurses repeats characters by CSI b outside of UTF-8, after which libvterm 0.1.4 breaks the line a
     * cell too early. */
    {.name = "gb18030",
     .env = {"TERM=linux", "LC_ALL=zh_CN.GB18030"},
     .config = PLAIN,
     .charset = "GB18030"},
    {.name = "sealed", .env = {"TERM=xterm"}, .config = PLAIN, .seals = true},
    {.name = "ascii_locale", .env = {"TERM=vt220", "LC_ALL=C"}, .config = PLAIN, .ascii = true},
    {.name = "own_ways",
     .env = {"TERM=xterm-256color"},
     .config = "[screen]\ntour = yes\nmark = bar\n[queue]\nafter = next\n[reply]\ngrace = 10\n"
               "[attention]\nbell = yes\n"},
};
const int n_walk_kinds = sizeof kinds / sizeof *kinds;

/* Each role that has work of its own. */
static const struct {
    const char *user, *language;
} people[] = {
    {"wang.desk", "zh_CN"}, {"chen.op", "en"},         {"sun.dispatch", "zh_CN"},
    {"wang.desk", "en"},    {"zhou.district", "en"},   {"luo.leader", "zh_CN"},
    {"gao.heat", "en"},     {"fan.dispatch", "zh_CN"}, {"ren.call", "en"},
    {"chen.op", "zh_CN"},   {"ding.judge", "zh_CN"},   {"lin.property", "zh_CN"},
    {"he.review", "en"},    {"yang.community", "en"},  {"liu.desk", "zh_CN"},
    {"wei.audit", "zh_CN"}, {"fu.judge", "en"},
};
const int n_walk_people = sizeof people / sizeof *people;

/* --- the office ------------------------------------------------------------------------------------ */

static void put_file(const char *path, const struct buf *text)
{
    struct errmsg err = {{0}};
    assert_int_equal(buf_status(text), ST_OK);
    assert_int_equal(file_write_atomic(path, text->data, text->len, &err), ST_OK);
}

/* Into the street of the desk: title, content and claimant are the text. */
static void import_hostile(struct server *s, const char *(*hostile)(size_t i))
{
    static const char map[] =
        "{\"format\":\"ndjson\",\"fields\":{\"external_id\":\"id\",\"title\":\"title\","
        "\"content\":\"text\",\"claimant\":\"user\",\"time\":\"time\"},\"time_zone\":\"+08:00\","
        "\"channel\":\"web\",\"type_default\":\"complaint\",\"types\":[],\"keywords\":[],"
        "\"category\":{},\"category_default\":\"1801\","
        "\"district\":{\"code\":\"11\",\"name\":\"永安区\",\"name_en\":\"Yong'an District\"},"
        "\"streets\":{\"from\":\"name\",\"field\":\"place\",\"default\":\"1101\",\"count\":1,"
        "\"names\":[\"幸福里街道\"],\"names_en\":[\"Xingfuli Street\"]},"
        "\"communities\":{\"from\":\"name\",\"field\":\"place\",\"per_street\":6}}";
    const char *map_path = test_path("map.json"), *rows = test_path("rows.ndjson"), *text;
    struct buf out;
    buf_init(&out, 8 << 20);
    buf_puts(&out, map);
    put_file(map_path, &out);
    buf_clear(&out);
    for (size_t i = 0; (text = hostile(i)) != NULL; i++) {
        json_t *row =
            json_pack("{s:o, s:s, s:s, s:s, s:s}", "id", json_sprintf("h%zu", i), "title", text,
                      "text", text, "user", text, "time", "2026-03-01T10:00:00+08:00");
        assert_non_null(row);
        char *line = json_dumps(row, JSON_COMPACT);
        buf_printf(&out, "%s\n", line);
        free(line);
        json_decref(row);
    }
    put_file(rows, &out);
    buf_release(&out);
    free(run_server(s, 0, "import", "--format", "ndjson", "--map", map_path, rows, NULL));
}

/* Numbers of the cases that this filter shows at a desk, n of them, at most most. */
static int find_cases(struct desk *d, const char *filter, char *number[], int most)
{
    int n = 0;
    free(desk_run(d, 0, "sync", NULL));
    char *text = desk_run(d, 0, "list", filter, "--json", NULL);
    for (char *line = text; *line && n < most; line += strcspn(line, "\n"), line += *line == '\n') {
        json_t *one = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        assert_non_null(one);
        number[n++] = strdup(text_at(one, "number"));
        json_decref(one);
    }
    free(text);
    return n;
}

/* What the office day has none of. @N: the time in N days. */
static const struct deed {
    const char *user, *filter;
    int which; /* of the cases that the filter shows there */
    const char *words[DEED_WORDS];
} deeds[] = {
    {"ma.desk", "state:working", 0, {"whistle", "kind=J", "units=119001", "task=come"}},
    {"ma.desk", "state:working", 1, {"whistle", "kind=J", "units=119001", "task=come"}},
    {"ma.desk", "state:working", 2, {"open_sub", "units=119001", "task=look"}},
    {"ma.desk",
     "state:working",
     3,
     {"ask_hang", "hang_class=H1", "plan=wait", "next_look=@20", "reason=no money"}},
    {"ma.desk",
     "state:working",
     4,
     {"consultation", "participants=all", "proposals=two", "decision=wait"}},
    {"ma.desk",
     "state:working",
     5,
     {"mark_unreasonable", "form=rude", "lawful_answer=explained", "duty_record=seen"}},
    {"luo.leader", "state:working", 6, {"escalate", "tried=all", "task=help"}},
    {"chen.op", "state:working", 7, {"urge", "note=again"}},
    {"zhou.district", "state:working", 8, {"supervise", "ladder=notice", "note=now"}},
    {"sun.dispatch", "state:sent", 0, {"ask_void", "reason=double"}},
    {"lin.property",
     "state:working handler:lin.property",
     0,
     {"propose", "proposes=return", "reason=not ours"}},
    {"lin.property",
     "state:working handler:lin.property",
     1,
     {"propose", "proposes=extension", "reason=parts"}},
};

static void fill_word(char *out, size_t size, const char *word)
{
    const char *at = strchr(word, '@');
    time_t then = time(NULL) + 86400 * (at ? atoi(at + 1) : 0);
    snprintf(out, size, "%s", word);
    if (at)
        strftime(out + (at - word), size - (size_t)(at - word), "%Y-%m-%dT%H:%M:%S+00:00",
                 gmtime(&then));
}

static void do_deed(struct server *s, const struct deed *deed)
{
    struct desk d;
    char *number[CASES_MOST], text[DEED_WORDS][60];
    const char *word[DEED_WORDS] = {NULL};
    desk_make(&d, s, deed->user, "en");
    int n = find_cases(&d, deed->filter, number, CASES_MOST);
    assert_true(deed->which < n);
    for (int i = 0; i < DEED_WORDS && deed->words[i]; i++) {
        fill_word(text[i], sizeof text[i], deed->words[i]);
        word[i] = text[i];
    }
    free(desk_run(&d, 0, "do", number[deed->which], word[0], word[1], word[2], word[3], word[4],
                  NULL));
    while (n > 0)
        free(number[--n]);
}

static struct desk rival;
static char *waiting[CASES_MOST]; /* numbers of cases that wait for a signature */
static int n_waiting;

/* On some cases. */
static void attach_files(const char *photo)
{
    for (int i = 0; i < CASES_WITH_FILES; i++)
        free(desk_run(&rival, 0, "do", waiting[i], "note", "note=photo", "--attach", photo, NULL));
}

/* Beside the consoles, to be attached. */
static const char *put_files(void)
{
    /* 2 x 2 pixels, black and white */
    static const unsigned char png[] = {
        0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
        0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x02, 0x08, 0x00, 0x00, 0x00,
        0x00, 0x57, 0xdd, 0x52, 0xf8, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x78,
        0xda, 0x63, 0x60, 0xf8, 0x0f, 0x84, 0x00, 0x06, 0x00, 0x01, 0xff, 0xad, 0x2c, 0x37,
        0x25, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
    struct buf bytes;
    const char *photo = test_path("files/photo.png");
    buf_init(&bytes, 1 << 10);
    mkdir(test_path("files"), 0700);
    buf_add(&bytes, (const char *)png, sizeof png);
    put_file(photo, &bytes);
    put_file(test_path("files/\xe2\x80\xaegnp.exe"), &bytes);
    buf_release(&bytes);
    return photo;
}

/* Made before, in another folder. */
static void copy_office(struct server *s, const char *from)
{
    char whole[500];
    server_make_empty(s, "office");
    snprintf(whole, sizeof whole, "%.400s/office/.", from);
    const char *argv[] = {"/bin/cp", "-a", whole, s->folder, NULL};
    free(run_program(argv, NULL, 0, NULL));
}

void walk_office_make(struct server *s, const char *(*hostile)(size_t i))
{
    const char *made = getenv("JIBAN_WALK_OFFICE"), *photo = put_files();
    if (made) {
        copy_office(s, made);
    } else {
        server_make(s, "office");
        import_hostile(s, hostile);
    }
    server_start(s);
    desk_make(&rival, s, "ma.desk", "en");
    n_waiting = find_cases(&rival, "state:sent", waiting, CASES_MOST);
    assert_true(n_waiting > CASES_WITH_FILES);
    if (made)
        return;
    attach_files(photo);
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        do_deed(s, &deeds[i]);
}

void walk_rival(struct server *s, const char *number, int n)
{
    if (s->pid == 0)
        return;
    if (!number)
        number = waiting[n % n_waiting];
    if (n % 3 == 0)
        free(desk_run(&rival, -1, "do", number, "assign", "handler=lin.property", NULL));
    else if (n % 3 == 1)
        free(desk_run(&rival, -1, "do", number, "note", "note=another", NULL));
    free(desk_run(&rival, -1, "do", number, "sign", NULL));
}

/* --- a desk ------------------------------------------------------------------------------------------ */

void walk_desk_make(struct desk *d, struct server *s, int person, const struct walk_kind *kind)
{
    person %= n_walk_people;
    desk_make(d, s, people[person].user, kind->ascii ? "en" : people[person].language);
    desk_config(d, kind->config);
}

/* An editor that adds a line. */
static const char *editor(void)
{
    static const char script[] = "#!/bin/sh\nprintf 'written elsewhere 东里\\n' >>\"$1\"\n";
    static char variable[440];
    const char *path = test_path("editor");
    struct buf text;
    snprintf(variable, sizeof variable, "EDITOR=%s", path);
    if (access(path, X_OK) != 0) {
        buf_init(&text, sizeof script);
        buf_puts(&text, script);
        put_file(path, &text);
        buf_release(&text);
        assert_int_equal(chmod(path, 0700), 0);
    }
    return variable;
}

/* NULL: this machine cannot make it. */
static const char *locale_folder(void)
{
    static const char *folder;
    static bool tried;
    static char variable[440];
    if (!tried && (folder = getenv("JIBAN_WALK_LOCALE")) != NULL)
        locale_excuse(test_path("."));
    else if (!tried)
        folder = locale_make("GB18030");
    tried = true;
    if (folder)
        snprintf(variable, sizeof variable, "LOCPATH=%s", folder);
    return folder ? variable : NULL;
}

const struct walk_kind *walk_kind_at(int i)
{
    const struct walk_kind *kind = &kinds[i % n_walk_kinds];
    return kind->charset && !locale_folder() ? &kinds[0] : kind;
}

static struct term *start(struct desk *d, const struct walk_kind *kind, const char *trace)
{
    static char variable[440];
    static const char *const passwords[] = {"Password", "密码", NULL};
    static const char *const online[] = {"* online", "* 在线", "1 of 6", "1 / 6", NULL};
    struct term_options o = desk_options(d);
    size_t n = 0;
    while (o.argv[n])
        n++;
    o.argv[n] = kind->flag ? kind->flag : "";
    n = 6;
    snprintf(variable, sizeof variable, "JIBAN_TRACE_KEYS=%s", trace);
    o.env[n++] = variable;
    o.env[n++] = editor();
    for (int i = 0; i < 2 && kind->env[i]; i++)
        o.env[n++] = kind->env[i];
    if (kind->charset)
        o.env[n++] = locale_folder();
    o.rows = kind->linear ? LINEAR_ROWS : 24;
    o.cols = 80;
    o.shell = true;
    o.ascii = kind->ascii;
    o.charset = kind->charset;
    struct term *t = term_start(&o);
    term_wait_any(t, passwords);
    term_type(t, WALK_PASSWORD "\r");
    term_wait_any(t, online);
    return t;
}

struct term *walk_desk_start(struct desk *d, const struct walk_kind *kind, const char *trace)
{
    char sealed[400];
    snprintf(sealed, sizeof sealed, "%.300s/sealed", d->home);
    if (kind->seals && access(sealed, F_OK) != 0) {
        free(desk_run(d, 0, "sync", NULL));
        free(desk_run(d, 0, "seal", NULL));
        assert_int_equal(file_write_atomic(sealed, "", 0, NULL), ST_OK);
    }
    return start(d, kind, trace);
}
