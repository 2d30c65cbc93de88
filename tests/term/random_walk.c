/*
 * A random walk over the console on a terminal: keys of the action table, digits, words of the command line, texts of all
 * kinds, pastes, torn sequences, clicks of a mouse nobody asked for, windows of any size, ^Z, a server that comes and goes.
 *
 * At every stop: the program lives and no sanitizer complains, every byte it wrote is on the list of stream.h, the cursor
 * stands in the window, and no draft was lost (walk_store.h). Every few stops: what stands there is what a fresh
 * painting gives, now and then a note is written that must outlive a kill.
 *
 * JIBAN_WALK_KEYS   how many keys (3,000)
 * JIBAN_WALK_SEED   the seed; the time of day otherwise
 * JIBAN_WALK_REPLAY a file of steps to walk instead, as a failure writes it (the name is printed)
 *
 * Which steps come follows from the seed alone, never from what the program shows; so a seed walks the same way again.
 */
#include "core/text/utf8.h"
#include "tests/term/server.h"
#include "tests/term/walk_store.h"
#include "tui/keymap.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    KEYS = 3000,
    PIECE = 1000, /* keys of one person at one kind of terminal */
    BURST = 16,   /* most steps between two stops */
    FRESH = 4,    /* of so many stops one compares with a fresh painting */
    STEP_MAX = 700,
    SHOWN = 200, /* steps printed of a walk that failed */
    NAMES = 400,
    HOSTILE = 60,
    PASTE_MAX = 300,
    WORD_MAX = 16, /* of a paste, bytes */
    QUIET_MS = 120,
    DIFFERENCES = 1,
    SAVED_MS = 15000 /* a draft is on the disk after two seconds, also on a slow machine */
};

static const struct {
    const char *user, *language;
} people[] = {
    {"wang.desk", "zh_CN"}, {"chen.op", "en"},         {"sun.dispatch", "zh_CN"},
    {"wang.desk", "en"},    {"zhou.district", "en"},   {"luo.leader", "zh_CN"},
    {"gao.heat", "en"},     {"fan.dispatch", "zh_CN"}, {"ren.call", "en"},
    {"chen.op", "zh_CN"},   {"ding.judge", "zh_CN"},
};
static const char *const terminals[] = {"TERM=xterm-256color", "TERM=vt220", "TERM=xterm",
                                        "TERM=linux"};

static struct walk {
    uint32_t chance;
    unsigned seed;
    struct server server;
    bool serving;
    struct desk desk;
    const char *terminal;
    struct term *t;
    struct walk_store store;
    long keys, stops, starts, probes, kills, differences;
    char **step; /* all so far */
    size_t n_steps;
    bool done;
} walk;

static const char *names[NAMES]; /* of keys */
static size_t n_names;
static char hostile[HOSTILE][PASTE_MAX + 1];
static size_t n_hostile;

static int chance(int n)
{
    walk.chance = walk.chance * 1664525 + 1013904223;
    return (int)((walk.chance >> 8) % (unsigned)n);
}

/* --- what there is to press -------------------------------------------------------------------- */

/* Every key of the table once for each action: what many places know comes more often. Leaving is rare. */
static void gather_keys(void)
{
    static char copies[NAMES][16];
    for (int i = 0; i < ACTION_COUNT; i++)
        for (const char *p = action_table[i].keys; *p; p += strspn(p, " ")) {
            size_t n = strcspn(p, " ");
            if (n_names < NAMES && n < sizeof *copies) {
                memcpy(copies[n_names], p, n);
                names[n_names] = copies[n_names];
                n_names++;
            }
            p += n;
        }
    assert_true(n_names > 50 && n_names < NAMES);
}

static void gather_hostile(void)
{
    char path[4200], *all = NULL;
    size_t n = 0;
    snprintf(path, sizeof path, "%.4000s/tests/server/hostile.ndjson", getenv("JIBAN_TOP_SRCDIR"));
    assert_int_equal(file_read(path, 1 << 20, &all, &n, NULL), ST_OK);
    for (char *line = all; *line && n_hostile < HOSTILE; line += strspn(line, "\n")) {
        size_t len = strcspn(line, "\n");
        json_t *one = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
        const char *text = text_at(one, "text");
        if (*text && strlen(text) <= PASTE_MAX && !strstr(text, "\033[201~"))
            snprintf(hostile[n_hostile++], sizeof *hostile, "%s", text);
        json_decref(one);
        line += len;
    }
    free(all);
    assert_true(n_hostile > 20);
}

/* --- steps: one line of text each --------------------------------------------------------------- */

static void hex(char *out, const char *word, const char *bytes, size_t n)
{
    int used = snprintf(out, STEP_MAX, "%s ", word);
    for (size_t i = 0; i < n && used + 3 < STEP_MAX; i++)
        used += snprintf(out + used, 3, "%02x", (unsigned)(unsigned char)bytes[i]);
}

static void choose_text(char *out)
{
    static const char *const texts[] = {
        "供暖",
        "东里小区5号楼",
        "5678",
        "valve ",
        "ＡＢＣ１２３，。",
        "e\xcc\x81\xcc\x82",
        "暖气不热；",
        "state:SENT",
        "-due<4h ",
        "南里",
        "+2h",
        "tomorrow 15:00",
        "周五下午",
        "\xf0\x9f\x90\xb6",
        "118001",
        "0101",
        " ",
        "lin.property",
    };
    snprintf(out, STEP_MAX, "text %s", texts[chance(sizeof texts / sizeof *texts)]);
}

static void choose_torn(char *out)
{
    static const char *const torn[] = {
        "\033[",         "\033[1;5",      "\033O",        "\033\033\033",      "\033[M #$",
        "\033[<0;10;5M", "\033[<64;3;9M", "\033[200~",    "\033[201~",         "\xe4\xbe",
        "\xff\xfe",      "\033[1;5Z",     "\033[27;5;9~", "\033]0;x\a",        "\033[?1;2c",
        "\033[12;40R",   "\x1c\x1d",      "\033[I\033[O", "\033[99999;99999H", "\033Pq\033\\",
    };
    const char *bytes = torn[chance(sizeof torn / sizeof *torn)];
    hex(out, "bytes", bytes, strlen(bytes));
}

static void choose_paste(char *out)
{
    char text[PASTE_MAX + 1];
    size_t n = 0;
    if (chance(2)) {
        const char *one = hostile[chance((int)n_hostile)];
        hex(out, "paste", one, strlen(one));
        return;
    }
    for (int i = chance(60); i >= 0 && n + WORD_MAX < sizeof text; i--) {
        static const char *const words[] = {"温度", "\n", "two words ", "\t", "，", "１２"};
        n += (size_t)snprintf(text + n, sizeof text - n, "%s",
                              words[chance(sizeof words / sizeof *words)]);
    }
    hex(out, "paste", text, n);
}

static void choose_key(char *out)
{
    const char *name = names[chance((int)n_names)];
    bool leaves = strcmp(name, "q") == 0 || strcmp(name, "^C") == 0;
    if (leaves && chance(8) != 0)
        name = "j";
    snprintf(out, STEP_MAX, "key %s", name);
}

/* Words of the command line, so that what has no key is reached too; not what leaves or asks for a password. */
static void choose_word(char *out)
{
    static const char *const arguments[] = {"",     "",           "",      " x",   " 1",
                                            " due", " community", " dark", " 供暖"};
    const char *word = action_table[chance(ACTION_COUNT)].word;
    if (strcmp(word, "quit") == 0)
        word = "view";
    snprintf(out, STEP_MAX, "word %s%s", word,
             arguments[chance(sizeof arguments / sizeof *arguments)]);
}

static void choose(char *out)
{
    int n = chance(1000);
    if (n < 560)
        choose_key(out);
    else if (n < 660)
        snprintf(out, STEP_MAX, "text %d", chance(10));
    else if (n < 790)
        choose_text(out);
    else if (n < 870)
        choose_word(out);
    else if (n < 905)
        choose_paste(out);
    else if (n < 940)
        choose_torn(out);
    else if (n < 965)
        snprintf(out, STEP_MAX, "size %d %d", 16 + chance(45), 60 + chance(141));
    else if (n < 980)
        snprintf(out, STEP_MAX, "size %d %d", 10 + chance(51), 3 + chance(198));
    else if (n < 985)
        snprintf(out, STEP_MAX, "size %d %d", 1 + chance(10), 1 + chance(20));
    else if (n < 990)
        snprintf(out, STEP_MAX, "stop");
    else if (n < 993)
        snprintf(out, STEP_MAX, "server");
    else if (n < 998)
        snprintf(out, STEP_MAX, "note %d", chance(4));
    else
        snprintf(out, STEP_MAX, "size 24 80");
}

/* --- the console --------------------------------------------------------------------------------- */

static void serve(bool on)
{
    if (on == walk.serving)
        return;
    walk.serving = on;
    if (on)
        server_start(&walk.server);
    else
        server_kill(&walk.server);
}

static void start(void)
{
    serve(true);
    struct term_options o = desk_options(&walk.desk);
    o.rows = 24;
    o.cols = 80;
    o.shell = true;
    o.env[6] = walk.terminal;
    o.env[7] = "EDITOR=true";
    walk.t = term_start(&o);
    desk_wait_online(&walk.desk, walk.t);
    walk.starts++;
}

static void end(int want)
{
    int code = term_wait_end(walk.t);
    if (code != want)
        term_fail(walk.t, "exit status %d, wanted %d", code, want);
    term_end(walk.t);
    walk.t = NULL;
}

static bool asks_password(void)
{
    return term_shows(walk.t, "Password: ") || term_shows(walk.t, "密码：");
}

/* Until it waits for keys; starts it again where it was left, sends it to work again where it was stopped. */
static void rest(void)
{
    for (;;) {
        enum term_rest how = term_rest(walk.t);
        if (how == TERM_ENDED) {
            end(0);
            start();
        } else if (how == TERM_STOPPED) {
            term_foreground(walk.t);
        } else {
            return;
        }
    }
}

static void log_in(void)
{
    for (int i = 0; i < 3 && asks_password(); i++) {
        term_type_bytes(walk.t, "\x01\x0bpractice\r", 11);
        rest();
    }
}

/* Back to the queue, whatever is open: Esc leaves everything and loses nothing. */
static void go_home(void)
{
    rest();
    log_in();
    if (walk.t->rows != 24 || walk.t->cols != 80)
        term_resize(walk.t, 24, 80);
    for (int i = 0; i < 10; i++) {
        term_type_bytes(walk.t, "\033", 1);
        rest();
    }
    log_in();
}

/* --- a note that must outlive everything ------------------------------------------------------------ */

static bool form_is_open(void)
{
    return strstr(term_row(walk.t, -1), "^S ") != NULL;
}

static void disturb(int how)
{
    static const int sizes[][2] = {{10, 3}, {60, 200}, {1, 1}, {24, 80}};
    switch (how) {
    case 0:
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            term_resize(walk.t, sizes[i][0], sizes[i][1]);
            rest();
        }
        break;
    case 1:
        term_type_bytes(walk.t, "\x1a", 1);
        rest();
        break;
    case 2:
        serve(!walk.serving);
        term_type_bytes(walk.t, "\x0c", 1);
        rest();
        break;
    default: /* left, and killed right after */
        term_type_bytes(walk.t, "\033", 1);
        rest();
        break;
    }
}

static void write_note(int how)
{
    char word[64];
    go_home();
    term_type(walk.t, "7g");
    rest();
    term_type(walk.t, "n");
    rest();
    if (!form_is_open())
        return; /* the person may not write one here */
    walk.probes++;
    snprintf(word, sizeof word, "<<note %u/%ld 东里>>", walk.seed, walk.probes);
    term_type(walk.t, "\033>");
    rest();
    term_type(walk.t, word);
    rest();
    disturb(how);
    int64_t until = term_now_ms() + SAVED_MS;
    while (!walk_store_holds(&walk.store, word)) {
        term_pump(walk.t, 50);
        if (term_now_ms() > until)
            term_fail(walk.t, "what was typed is not in the store: %s", word);
    }
    if (how == 3) {
        term_signal(walk.t, SIGKILL);
        end(128 + SIGKILL);
        walk.kills++;
        start();
        rest();
        if (!walk_store_holds(&walk.store, word))
            term_fail(walk.t, "it is no more in the store: %s", word);
    }
}

/* --- taking a step ----------------------------------------------------------------------------------- */

static void send_hex(const char *digits, bool paste)
{
    char bytes[STEP_MAX];
    size_t n = 0;
    for (unsigned b; sscanf(digits, "%2x", &b) == 1; digits += 2)
        bytes[n++] = (char)b;
    /* Keys among them that leave would have the line itself echo what follows, which says nothing about the console. */
    rest();
    if (paste && walk.t->stream.marks_pastes)
        term_paste(walk.t, bytes, n);
    else if (!paste)
        term_type_bytes(walk.t, bytes, n);
}

/* False: the next one must wait until this one is through. */
static bool take(const char *step)
{
    const char *rest_of = strchr(step, ' ');
    int a = 0, b = 0;
    rest_of = rest_of ? rest_of + 1 : "";
    walk.keys++;
    if (strncmp(step, "key ", 4) == 0) {
        if (strcmp(rest_of, "Esc") == 0)
            term_type_bytes(walk.t, "\033", 1);
        else
            term_press(walk.t, rest_of);
        return strcmp(rest_of, "^Z") != 0 && strcmp(rest_of, "L") != 0 &&
               strcmp(rest_of, "^P") != 0;
    }
    if (strncmp(step, "text ", 5) == 0) {
        walk.keys += (long)strlen(rest_of) / 2;
        term_type(walk.t, rest_of);
        return true;
    }
    if (strncmp(step, "word ", 5) == 0) {
        rest();
        term_type(walk.t, ":");
        term_type(walk.t, rest_of);
        term_type(walk.t, "\r");
        walk.keys += (long)strlen(rest_of) + 1;
        return false;
    }
    if (strncmp(step, "paste ", 6) == 0)
        send_hex(rest_of, true);
    else if (strncmp(step, "bytes ", 6) == 0)
        send_hex(rest_of, false);
    else if (sscanf(step, "size %d %d", &a, &b) == 2)
        term_resize(walk.t, a, b);
    else if (strcmp(step, "server") == 0)
        serve(!walk.serving);
    else if (sscanf(step, "note %d", &a) == 1)
        write_note(a);
    else if (strcmp(step, "stop") == 0) {
        rest();
        term_signal(walk.t, SIGTSTP);
        return false;
    }
    return true;
}

static void record(const char *step)
{
    walk.step = realloc(walk.step, (walk.n_steps + 1) * sizeof *walk.step);
    assert_non_null(walk.step);
    walk.step[walk.n_steps] = strdup(step);
    assert_non_null(walk.step[walk.n_steps]);
    walk.n_steps++;
}

/* --- what must hold at every stop ----------------------------------------------------------------------- */

static void check_cursor(void)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(walk.t->vt), &at);
    if (term_fits(walk.t) && !walk.t->stream.cursor_hidden &&
        (at.row < 0 || at.row >= walk.t->rows || at.col < 0 || at.col >= walk.t->cols))
        term_fail(walk.t, "the cursor stands outside of the window: row %d, column %d", at.row,
                  at.col);
}

/* Erases and paints anew; false where ^L does not do that (a line, a question). */
static bool repaint(void)
{
    uint64_t clears = walk.t->stream.clears;
    term_type_bytes(walk.t, "\x0c", 1);
    rest();
    return walk.t->stream.clears != clears;
}

/* Nothing comes for a while: the case beside the list has been read, names are looked up. */
static void wait_quiet(void)
{
    do
        rest();
    while (term_pump(walk.t, QUIET_MS));
}

/* Of two pictures: the last row but one holds the message, which goes with the next key. */
static bool same_but_message(const char *a, const char *b)
{
    for (int row = 0; *a && *b; row++) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
        if (row != walk.t->rows - 2 && (n != m || memcmp(a, b, n) != 0))
            return false;
        a += n + (a[n] == '\n');
        b += m + (b[m] == '\n');
    }
    return !*a && !*b;
}

/* Differs what stands there from what a fresh painting gives? The server is held meanwhile, so that nothing new comes; a
 * minute that ends between the two changes the time in the first row, and with it all times. */
static bool differs(void)
{
    if (walk.serving)
        kill(walk.server.pid, SIGSTOP);
    wait_quiet();
    char *top = strdup(term_row(walk.t, 0)), *before = strdup(term_picture(walk.t));
    assert_non_null(top);
    assert_non_null(before);
    bool differs = repaint() && strcmp(top, term_row(walk.t, 0)) == 0 &&
                   !same_but_message(before, term_picture(walk.t));
    if (walk.serving)
        kill(walk.server.pid, SIGCONT);
    if (differs)
        fprintf(stderr, "# before ^L:\n%s\n# after:\n%s\n", before, term_picture(walk.t));
    free(before);
    free(top);
    return differs;
}

/* A draft that is saved between the two paintings may make them differ: it does not twice in one walk, which a cell that
 * is not painted does. */
static void check_fresh(void)
{
    if (term_fits(walk.t) && differs() && ++walk.differences > DIFFERENCES)
        term_fail(walk.t, "the screen is not what a fresh painting gives, for time %ld",
                  walk.differences);
    if (!repaint())
        return;
    term_fit(walk.t);
    repaint();
    check_cursor();
}

static void check(bool fresh)
{
    rest();
    log_in();
    check_cursor();
    if (fresh)
        check_fresh();
    const char *lost = walk_store_look(&walk.store);
    if (lost)
        term_fail(walk.t, "%s", lost);
    walk.stops++;
}

/* --- walking --------------------------------------------------------------------------------------------- */

static void leave_desk(void)
{
    if (!walk.t)
        return;
    check(false);
    term_signal(walk.t, SIGTERM);
    end(0);
    const char *lost = walk_store_look(&walk.store);
    if (lost)
        fail_msg("on leaving: %s", lost);
    walk_store_close(&walk.store);
}

/* Another person at a terminal of another kind. */
static void sit_down(int person, int terminal)
{
    leave_desk();
    desk_make(&walk.desk, &walk.server, people[person].user, people[person].language);
    walk.terminal = terminals[terminal];
    walk_store_open(&walk.store, walk.desk.home);
    start();
}

static void walk_step(const char *step)
{
    int a, b;
    record(step);
    if (sscanf(step, "desk %d %d", &a, &b) == 2)
        sit_down(a % (int)(sizeof people / sizeof *people),
                 b % (int)(sizeof terminals / sizeof *terminals));
    else if (sscanf(step, "check %d", &a) == 1)
        check(a != 0);
    else if (!take(step))
        rest();
}

static void walk_by_chance(long keys)
{
    char step[STEP_MAX];
    long piece = -PIECE;
    while (walk.keys < keys) {
        if (walk.keys - piece >= PIECE) {
            piece = walk.keys;
            snprintf(step, sizeof step, "desk %d %d", chance(1000), chance(1000));
            walk_step(step);
        }
        for (int n = chance(4) ? 1 + chance(BURST) : 1; n > 0; n--) {
            choose(step);
            walk_step(step);
        }
        snprintf(step, sizeof step, "check %d", chance(FRESH) == 0);
        walk_step(step);
    }
}

static void walk_again(const char *path)
{
    char *all = NULL;
    size_t n = 0;
    struct errmsg err = {{0}};
    if (file_read(path, 64 << 20, &all, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (char *line = all; *line;) {
        size_t len = strcspn(line, "\n");
        bool last = line[len] == '\0';
        line[len] = '\0';
        walk_step(line);
        line += len + !last;
    }
    free(all);
}

static void make_office(void)
{
    server_make(&walk.server, "office");
    serve(true);
}

static void walks(void **state)
{
    const char *keys = getenv("JIBAN_WALK_KEYS"), *seed = getenv("JIBAN_WALK_SEED"),
               *replay = getenv("JIBAN_WALK_REPLAY");
    (void)state;
    walk.seed = seed && *seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)time(NULL);
    walk.chance = walk.seed;
    printf("# seed %u\n", walk.seed);
    gather_keys();
    gather_hostile();
    make_office();
    if (chdir(getenv("JIBAN_TEST_TMP")) != 0) /* what is printed and exported goes there */
        fail_msg("no folder to work in");
    if (replay && *replay)
        walk_again(replay);
    else
        walk_by_chance(keys && *keys ? strtol(keys, NULL, 10) : KEYS);
    leave_desk();
    printf("# %ld keys, %ld stops, %ld consoles, %ld notes, %ld kills, %ld differences\n",
           walk.keys, walk.stops, walk.starts, walk.probes, walk.kills, walk.differences);
    assert_true(walk.stops > 0);
    walk.done = true;
}

/* A walk that failed says how to walk it again. */
static int tell(void **state)
{
    char path[4200];
    if (!walk.done) {
        snprintf(path, sizeof path, "%.4000s/logs/walk-%u.steps", getenv("JIBAN_TOP_BUILDDIR"),
                 walk.seed);
        FILE *f = fopen(path, "w");
        for (size_t i = 0; i < walk.n_steps; i++) {
            if (f)
                fprintf(f, "%s\n", walk.step[i]);
            if (walk.n_steps - i <= SHOWN)
                fprintf(stderr, "#   %s\n", walk.step[i]);
        }
        if (f)
            fclose(f);
        fprintf(stderr,
                "# seed %u, %zu steps, these were the last; all of them: JIBAN_WALK_REPLAY=%s\n",
                walk.seed, walk.n_steps, path);
    }
    walk_store_close(&walk.store);
    for (size_t i = 0; i < walk.n_steps; i++)
        free(walk.step[i]);
    free(walk.step);
    return rig_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(walks, tell)};
    return cmocka_run_group_tests_name("term/random_walk", tests, NULL, NULL);
}
