/*
 * A random walk over the console: keys of the action table, digits, words of the command line, texts of all kinds, pastes,
 * torn sequences, clicks, windows of any size, ^Z, a server that comes and goes, somebody else who is faster
 * (walk_steps.h); by people of all roles at terminals and settings of all kinds, over hostile cases (walk_desk.h).
 *
 * At every stop: the program lives and no sanitizer complains, every byte it wrote is on the list of stream.h, the cursor
 * stands in the window, and no draft was lost (walk_store.h). Every few stops: what stands there is what a fresh
 * painting gives, now and then a note is written that must outlive a kill. At the end: what was reached (walk_reach.h).
 *
 * JIBAN_WALK_KEYS   how many keys (3,000)
 * JIBAN_WALK_SEED   the seed (1: what the suite says depends on the program alone; walk-keys.sh takes others)
 * JIBAN_WALK_REPLAY a file of steps to walk instead, as a failure writes it (the name is printed)
 * JIBAN_WALK_MAKE   makes the office alone, in JIBAN_TEST_TMP/office
 * JIBAN_WALK_OFFICE a folder where it was made: a copy of it is taken
 * JIBAN_WALK_LOCALE a folder for LOCPATH with zh_CN.GB18030 in it; made otherwise, which takes seconds
 *
 * Which steps come follows from the seed alone, never from what the program shows; so a seed walks the same way again.
 */
#include "tests/term/server.h"
#include "tests/term/walk_desk.h"
#include "tests/term/walk_reach.h"
#include "tests/term/walk_steps.h"
#include "tests/term/walk_store.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    KEYS = 3000,
    PIECE = 1000, /* keys of one person at one kind of terminal */
    BURST = 16,   /* most steps between two stops */
    FRESH = 2,    /* of so many stops one compares with a fresh painting */
    SHOWN = 200,  /* steps printed of a walk that failed */
    HOME_KEYS = 16,
    QUIET_MS = 120,
    QUIET_FORM_MS = 300,
    QUIET_SYNC_MS = 700,
    DIFFERENCES = 1,
    TIMES = 6,
    VIEWS = 1,       /* row of their counts */
    FORM_HEAD = 2,   /* row of the form */
    SAVED_MS = 15000 /* a draft is on the disk after two seconds, also on a slow machine */
};

static struct walk {
    unsigned seed;
    struct server server;
    bool serving;
    struct desk desk;
    const struct walk_kind *kind;
    char trace[400];
    struct term *t;
    struct walk_store store;
    long keys, stops, starts, notes, not_noted, kills, fresh, times, differences;
    char **step; /* all so far */
    size_t n_steps;
    FILE *steps; /* the same on the disk, should this program end by a fault */
    char steps_path[4200];
    char *replay; /* steps of a file */
    bool done;
} walk;

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
    walk.t = walk_desk_start(&walk.desk, walk.kind, walk.trace);
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

/* On a terminal of lines older questions still stand there. */
static bool asks_password(void)
{
    static const char *const questions[] = {"Password: ", "密码："};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        int row = -1;
        while (walk.kind->linear && row > -walk.t->rows && !*term_row(walk.t, row))
            row--;
        if (walk.kind->linear ? strstr(term_row(walk.t, row), questions[i]) != NULL
                              : term_shows(walk.t, questions[i]))
            return true;
    }
    return false;
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
            reach_look();
            return;
        }
    }
}

static void log_in(void)
{
    for (int i = 0; i < 3 && asks_password(); i++) {
        term_type(walk.t, "\x01\x0b" WALK_PASSWORD "\r");
        rest();
    }
}

/* To the first case of all that are open, whatever stands there: Esc leaves everything and loses nothing. */
static void go_home(void)
{
    static const char on_case[] = ":group none\r:view all_open\rg";
    rest();
    log_in();
    if (walk.t->rows != 24 || walk.t->cols != 80)
        term_resize(walk.t, 24, 80);
    int there = 0; /* then marks, search, filter and sorting go */
    for (int i = 0; i < HOME_KEYS && there < 4; i++) {
        term_type_bytes(walk.t, "\033", 1);
        rest();
        there += strcmp(reach_place(), "queue") == 0;
    }
    log_in();
    term_type(walk.t, on_case);
    rest();
}

/* --- a note that must outlive everything ------------------------------------------------------------ */

/* False: the person may not write one. */
static bool open_note(void)
{
    go_home();
    term_type(walk.t, "n");
    rest();
    if (strcmp(reach_page(), "form") == 0)
        return true;
    term_type(walk.t, ":readonly\r"); /* if it was that */
    rest();
    term_type(walk.t, "n");
    rest();
    return strcmp(reach_page(), "form") == 0;
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
    if (!open_note()) {
        walk.not_noted++;
        return;
    }
    walk.notes++;
    snprintf(word, sizeof word, "<<note %u/%ld%s>>", walk.seed, walk.notes,
             walk.kind->ascii ? "" : " 东里");
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

static void leave(int times)
{
    walk.keys += times - 1;
    for (int i = 0; i < times; i++) {
        rest();
        term_type_bytes(walk.t, "\033", 1);
        rest();
    }
}

/* Pressed and let go; also where nobody asked for a mouse. */
static void click(const char *where)
{
    char bytes[80];
    int button, col, row;
    if (sscanf(where, "%d %d %d", &button, &col, &row) != 3)
        return;
    snprintf(bytes, sizeof bytes, "\033[<%d;%d;%dM\033[<%d;%d;%dm", button, col, row, button, col,
             row);
    rest();
    term_type_bytes(walk.t, bytes, strlen(bytes));
}

/* While the console is stopped somebody else is faster with the case that it has a command for. */
static void be_overtaken(int n)
{
    char number[WALK_NUMBER];
    rest();
    log_in();
    bool unsent = walk_store_unsent(&walk.store, number);
    term_signal(walk.t, SIGTSTP);
    term_wait_stopped(walk.t);
    serve(true);
    walk_rival(&walk.server, unsent ? number : NULL, n);
    rest();
}

/* What follows would be for another one who has the line, or for the prompt of a password. */
static bool hands_over(const char *key)
{
    static const char *const keys[] = {"^Z", "q", "^C", "L", "F11", "^P", "Alt-e"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
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
        return !hands_over(rest_of);
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
    if (strncmp(step, "bytes ", 6) == 0) {
        send_hex(rest_of, false);
        return false; /* what is no sequence to the console is keys, and a q may be among them */
    }
    if (strncmp(step, "paste ", 6) == 0)
        send_hex(rest_of, true);
    else if (sscanf(step, "size %d %d", &a, &b) == 2)
        term_resize(walk.t, a, b);
    else if (sscanf(step, "leave %d", &a) == 1)
        leave(a);
    else if (strncmp(step, "click ", 6) == 0)
        click(rest_of);
    else if (strcmp(step, "server") == 0)
        serve(!walk.serving);
    else if (sscanf(step, "rival %d", &a) == 1)
        be_overtaken(a);
    else if (sscanf(step, "note %d", &a) == 1)
        write_note(a);
    else if (strcmp(step, "stop") == 0) {
        rest();
        term_signal(walk.t, SIGTSTP);
        term_wait_stopped(walk.t); /* else the line itself would echo what follows */
        return false;
    }
    return true;
}

static void record_to(unsigned seed)
{
    snprintf(walk.steps_path, sizeof walk.steps_path, "%.4000s/logs/walk-%u.steps",
             getenv("JIBAN_TOP_BUILDDIR"), seed);
    walk.steps = fopen(walk.steps_path, "w");
    assert_non_null(walk.steps);
}

static void record(const char *step)
{
    walk.step = realloc(walk.step, (walk.n_steps + 1) * sizeof *walk.step);
    assert_non_null(walk.step);
    walk.step[walk.n_steps] = strdup(step);
    assert_non_null(walk.step[walk.n_steps]);
    walk.n_steps++;
    if (walk.steps) {
        fprintf(walk.steps, "%s\n", step);
        fflush(walk.steps);
    }
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

/* A first sync still runs: most of the views have no case yet. */
static bool views_fill(void)
{
    enum { EMPTY = 3 };
    int n = 0;
    for (const char *at = term_row(walk.t, VIEWS); (at = strstr(at, " 0")) != NULL; at += 2)
        n += !isdigit((unsigned char)at[2]);
    return n >= EMPTY;
}

/* Nothing comes for a while: the case beside the list has been read, names are looked up; a form finds its hints 100 ms
 * after the last key, and a list follows what comes twice a second. */
static void wait_quiet(void)
{
    int quiet_ms = views_fill()                         ? QUIET_SYNC_MS
                   : strcmp(reach_place(), "form") == 0 ? QUIET_FORM_MS
                                                        : QUIET_MS;
    uint64_t before;
    do {
        rest();
        before = walk.t->stream.bytes;
        (void)term_pump(walk.t, quiet_ms);
        rest(); /* on a busy machine it may be due, and not have had its turn */
    } while (walk.t->stream.bytes != before);
}

/* Digits are alike where they are shown, not where they are looks. */
static bool same_but_digits(const char *a, const char *b, size_t n)
{
    bool look = false;
    for (size_t i = 0; i < n; i++) {
        bool digits = isdigit((unsigned char)a[i]) && isdigit((unsigned char)b[i]);
        look = a[i] == '{' || (look && a[i] != '}');
        if (a[i] != b[i] && (look || !digits))
            return false;
    }
    return true;
}

/* The time left, which stands before the number of a case, may have got another look, or a sign for being overdue. */
static bool same_but_left(const char *a, size_t n, const char *b, size_t m)
{
    const char *x = term_number_in(a, n), *y = term_number_in(b, m);
    size_t rest = x ? (size_t)(a + n - x) : 0;
    return x && y && rest == (size_t)(b + m - y) && same_but_digits(x, y, rest);
}

enum difference { SAME, SAME_BUT_TIMES, DIFFERENT };

/* Of two pictures: the message goes with the next key, and had the row above it where it was long. Time goes on: the time
 * left of a case when all is read again, in a form the row that says since when the draft is saved, and in the row of the
 * views the counts, which are made at rest: on a busy machine seconds after the rows of a list. */
static enum difference compare_pictures(const char *a, const char *b)
{
    int said = walk.t->rows - (walk.kind->bare ? 1 : 2);
    bool in_form = strcmp(reach_place(), "form") == 0;
    enum difference found = SAME;
    for (int row = 0; *a && *b; row++) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
        bool same = n == m && memcmp(a, b, n) == 0;
        if (row != said && row != said - 1 &&
            !same) { /* a long message takes the rule's place, too */
            bool times = row == VIEWS || (in_form && row == FORM_HEAD) ||
                         (n == m && same_but_digits(a, b, n)) || same_but_left(a, n, b, m);
            found = !times ? DIFFERENT : found == SAME ? SAME_BUT_TIMES : found;
        }
        a += n + (a[n] == '\n');
        b += m + (b[m] == '\n');
    }
    return *a || *b ? DIFFERENT : found;
}

/* What stands there, and what a fresh painting gives. The server is held meanwhile, so that nothing new comes; a minute
 * that ends between the two changes the time in the first row, and with it all times. */
static enum difference compare_with_fresh(void)
{
    walk.fresh++;
    if (walk.serving)
        kill(walk.server.pid, SIGSTOP);
    wait_quiet();
    char *top = strdup(term_row(walk.t, 0)), *before = strdup(term_picture(walk.t));
    assert_non_null(top);
    assert_non_null(before);
    enum difference found = SAME;
    if (repaint() && strcmp(top, term_row(walk.t, 0)) == 0)
        found = compare_pictures(before, term_picture(walk.t));
    if (walk.serving)
        kill(walk.server.pid, SIGCONT);
    if (found == DIFFERENT)
        fprintf(stderr, "# before ^L:\n%s\n# after:\n%s\n", before, term_picture(walk.t));
    free(before);
    free(top);
    return found;
}

/* A count that is made at rest may make them differ, and time seldom goes on just then: neither does often in one walk,
 * which a cell that is not painted does. */
static void check_fresh(void)
{
    enum difference found = term_fits(walk.t) ? compare_with_fresh() : SAME;
    walk.times += found == SAME_BUT_TIMES;
    walk.differences += found == DIFFERENT;
    if (walk.differences > DIFFERENCES || walk.times > TIMES)
        term_fail(walk.t, "the screen is not what a fresh painting gives, for time %ld (%ld)",
                  walk.differences, walk.times);
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
    const char *lost = walk_store_look(&walk.store, reach_deeds());
    if (lost)
        term_fail(walk.t, "%s", lost);
    walk.stops++;
}

/* What the sanitizer does at a fault, which says where it came from; cmocka would say that there was one. */
static struct sigaction of_fault;

/* --- walking --------------------------------------------------------------------------------------------- */

static void leave_desk(void)
{
    if (!walk.t)
        return;
    check(false);
    term_signal(walk.t, SIGTERM);
    end(0);
    const char *lost = walk_store_look(&walk.store, reach_deeds());
    if (lost)
        fail_msg("on leaving: %s", lost);
    for (size_t i = 0; i < walk.store.n_commands; i++)
        reach_count("command", strchr(walk.store.command[i], ' ') + 1);
    walk_store_close(&walk.store);
}

/* Another person at a terminal of another kind. */
static void sit_down(int person, int kind)
{
    leave_desk();
    walk.kind = walk_kind_at(kind);
    walk_desk_make(&walk.desk, &walk.server, person, walk.kind);
    snprintf(walk.trace, sizeof walk.trace, "%.300s/trace", walk.desk.home);
    reach_open(walk.trace);
    reach_count("kind", walk.kind->name);
    walk_store_open(&walk.store, walk.desk.home, WALK_PASSWORD);
    serve(true); /* a cache to be sealed must be filled */
    start();
}

static void walk_step(const char *step)
{
    int a, b;
    record(step);
    if (sscanf(step, "desk %d %d", &a, &b) == 2)
        sit_down(a, b);
    else if (sscanf(step, "check %d", &a) == 1)
        check(a != 0);
    else if (!take(step))
        rest();
}

static void walk_by_chance(long keys)
{
    char step[STEP_MAX];
    long piece = -PIECE;
    int kind = (int)(walk.seed % (unsigned)n_walk_kinds); /* all of them in turn */
    while (walk.keys < keys) {
        if (walk.keys - piece >= PIECE) {
            piece = walk.keys;
            snprintf(step, sizeof step, "desk %d %d",
                     steps_chance(2) ? 0
                                     : steps_chance(n_walk_people), /* the desk has most to do */
                     kind++ % n_walk_kinds);
            walk_step(step);
        }
        for (int n = steps_chance(4) ? 1 + steps_chance(BURST) : 1; n > 0; n--) {
            steps_choose(step);
            walk_step(step);
        }
        snprintf(step, sizeof step, "check %d", steps_chance(FRESH) == 0);
        walk_step(step);
    }
}

static void walk_again(const char *path)
{
    size_t n = 0;
    struct errmsg err = {{0}};
    if (file_read(path, 64 << 20, &walk.replay, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    for (char *line = walk.replay; *line;) {
        size_t len = strcspn(line, "\n");
        bool last = line[len] == '\0';
        line[len] = '\0';
        walk_step(line);
        line += len + !last;
    }
}

static void walks(void **state)
{
    const char *keys = getenv("JIBAN_WALK_KEYS"), *seed = getenv("JIBAN_WALK_SEED"),
               *replay = getenv("JIBAN_WALK_REPLAY");
    (void)state;
    walk.seed = seed && *seed ? (unsigned)strtoul(seed, NULL, 10) : 1;
    printf("# seed %u\n", walk.seed);
    sigaction(SIGSEGV, &of_fault, NULL);
    steps_begin(walk.seed);
    walk_office_make(&walk.server, steps_hostile);
    walk.serving = true;
    if (getenv("JIBAN_WALK_MAKE")) {
        server_stop(&walk.server);
        walk.done = true;
        return;
    }
    if (chdir(getenv("JIBAN_TEST_TMP")) != 0) /* what is printed and exported goes there */
        fail_msg("no folder to work in");
    bool again = replay && *replay;
    if (again)
        snprintf(walk.steps_path, sizeof walk.steps_path, "%.4000s", replay);
    else
        record_to(walk.seed);
    if (again)
        walk_again(replay);
    else
        walk_by_chance(keys && *keys ? strtol(keys, NULL, 10) : KEYS);
    leave_desk();
    printf("# %ld keys, %ld stops, %ld consoles, %ld notes, %ld refused, %ld kills, %ld compared, "
           "%ld times, %ld differences\n",
           walk.keys, walk.stops, walk.starts, walk.notes, walk.not_noted, walk.kills, walk.fresh,
           walk.times, walk.differences);
    reach_print(stdout);
    assert_true(walk.stops > 0);
    walk.done = true;
}

/* A walk that failed says how to walk it again. */
static int tell(void **state)
{
    if (walk.steps)
        fclose(walk.steps);
    if (walk.done && walk.steps)
        unlink(walk.steps_path);
    if (!walk.done) {
        for (size_t i = 0; i < walk.n_steps; i++)
            if (walk.n_steps - i <= SHOWN)
                fprintf(stderr, "#   %s\n", walk.step[i]);
        fprintf(stderr,
                "# seed %u, %zu steps, these were the last; all of them: JIBAN_WALK_REPLAY=%s\n",
                walk.seed, walk.n_steps, walk.steps_path);
    }
    walk_store_close(&walk.store);
    for (size_t i = 0; i < walk.n_steps; i++)
        free(walk.step[i]);
    free(walk.step);
    free(walk.replay);
    return rig_end(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(walks, tell)};
    sigaction(SIGSEGV, NULL, &of_fault);
    return cmocka_run_group_tests_name("term/random_walk", tests, NULL, NULL);
}
