/*
 * The screen in a pty: what a terminal shows equals the surface, in how many bytes and writes, and the
 * terminal is given back as it was found. The child runs the screen, the parent is the terminal
 * (libvterm); both make the same frames from the same seed.
 */
#include "core/text/utf8.h"
#include "core/text/width.h"
#include "tui/screen.h"
#include "tui/theme.h"

#include <curses.h>
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <vterm.h>

#include <cmocka.h>

enum { LIST_ROWS = 100000, PATIENCE_MS = 20000 };

enum op {
    OP_FRAME,  /* value: a random change */
    OP_SAME,   /* the same frame again */
    OP_LIST,   /* value: the current row of a list */
    OP_PAGE,   /* value: the first row of the list on the screen */
    OP_RESIZE, /* wait for the signal, read its key */
    OP_KEYS,   /* value: read keys until so many came; tell the last */
    OP_SUSPEND,
    OP_REPAINT,
    OP_SIGNAL, /* wait for a signal that ends */
    OP_ABORT,
    OP_REOPEN,
    OP_CLOSE
};

struct order {
    int op, value;
};

struct answer {
    long bytes; /* written to the terminal since the start */
    int writes; /* write() calls for this order */
    int rows, cols, kind, control, cut;
    size_t len;
    bool valid, lines_only;
    char text[16];
};

/* ---- every write() of the child to its terminal is counted ----------------------------------- */

static long written;
static int writes;

ssize_t write(int fd, const void *data, size_t n)
{
    ssize_t done = syscall(SYS_write, fd, data, n);
    if (fd == STDOUT_FILENO && done > 0) {
        written += done;
        writes++;
    }
    return done;
}

/* ---- frames from a seed ---------------------------------------------------------------------- */

struct model {
    struct surface s;
    struct arena arena;
    uint64_t seed;
    int row, col;
};

static unsigned chance(struct model *m, unsigned below)
{
    m->seed = m->seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(m->seed >> 33) % below;
}

static void model_init(struct model *m, uint64_t seed, int rows, int cols)
{
    memset(m, 0, sizeof *m);
    m->seed = seed;
    m->row = -1;
    surface_init(&m->s);
    arena_init(&m->arena, 0);
    assert_int_equal(surface_resize(&m->s, rows, cols, NULL), ST_OK);
}

static void model_release(struct model *m)
{
    surface_release(&m->s);
    arena_release(&m->arena);
}

static const char *random_text(struct model *m, char *out, size_t size)
{
    static const char *const piece[] = {"a",  "Z",  " ",  "7",       "暖",   "气", "不",
                                        "热", "楼", "，", "e\u0301", "é",    "…",  "한",
                                        "─",  "█",  "  ", "wide",    "老人", "x"};
    size_t n = 0, count = chance(m, 50);
    out[0] = '\0';
    for (size_t i = 0; i < count && n + 12 < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s",
                              piece[chance(m, sizeof piece / sizeof *piece)]);
    return out;
}

static void put(struct model *m, int row, int col, const char *text, unsigned char role)
{
    surface_put(&m->s, row, col, m->s.cols, text_clean_str(&m->arena, text, CLEAN_LINE), role);
    arena_reset(&m->arena);
}

static void move_rows(struct model *m, int top, int bottom, int by)
{
    size_t width = (size_t)m->s.cols;
    struct cell *kept = malloc((size_t)m->s.rows * width * sizeof *kept);
    memcpy(kept, m->s.cell, (size_t)m->s.rows * width * sizeof *kept);
    for (int row = top; row <= bottom; row++)
        if (row + by >= top && row + by <= bottom)
            memcpy(m->s.cell + (size_t)row * width, kept + (size_t)(row + by) * width,
                   width * sizeof *kept);
    free(kept);
}

/* A line of the list: a number, Chinese, sometimes more than fits. */
static const char *list_text(int row, char *out, size_t size)
{
    uint64_t h = (uint64_t)row * 0x9e3779b97f4a7c15u;
    size_t n = (size_t)snprintf(out, size, "2608-%05d 供暖 ", row);
    for (unsigned i = 0; i < 8 + (unsigned)(h >> 60) && n + 5 < size; i++) {
        char one[4];
        h = h * 6364136223846793005u + 1442695040888963407u;
        size_t len = utf8_encode(0x4e00 + (uint32_t)(h >> 40) % 5000, one);
        memcpy(out + n, one, len);
        n += len;
    }
    out[n] = '\0';
    return out;
}

static void model_list(struct model *m, int first, int current)
{
    char text[512];
    surface_fill(&m->s, (struct rect){0, 0, m->s.rows, m->s.cols}, SURFACE_PLAIN);
    put(m, 0, 0, "limit", SURFACE_PLAIN);
    for (int i = 0; i < m->s.rows - 2; i++) {
        put(m, i + 1, 0, i == current ? ">" : " ", THEME_POINTER);
        put(m, i + 1, 1, list_text(first + i, text, sizeof text), SURFACE_PLAIN);
    }
}

/* libvterm does not combine in the last column, where its cursor stays. */
static void drop_last_marks(struct surface *s)
{
    for (int row = 0; row < s->rows; row++) {
        struct cell *last = &s->cell[row * s->cols + s->cols - 1];
        if (last->text[0] == 'e' && last->len > 1)
            last->len = 1;
    }
}

static void model_change(struct model *m)
{
    char text[256];
    int rows = m->s.rows, cols = m->s.cols;
    unsigned times = 1 + chance(m, 4);
    for (unsigned i = 0; i < times; i++) {
        int a = (int)chance(m, (unsigned)rows), b = (int)chance(m, (unsigned)rows);
        unsigned char role = (unsigned char)chance(m, THEME_COUNT);
        int top = a < b ? a : b, bottom = a < b ? b : a, col = (int)chance(m, (unsigned)cols);
        switch (chance(m, 9)) {
        case 0:
            surface_fill(&m->s, (struct rect){top, col, bottom - top + 1, cols / 2}, role);
            break;
        case 1:
        case 2:
            if (bottom > top)
                move_rows(m, top, bottom, (int)chance(m, (unsigned)(bottom - top)) + 1);
            break;
        case 3:
            if (bottom > top)
                move_rows(m, top, bottom, -(int)chance(m, (unsigned)(bottom - top)) - 1);
            break;
        case 4:
            for (int row = top; row <= bottom; row++)
                put(m, row, 0, random_text(m, text, sizeof text), role);
            break;
        case 5:
            model_list(m, (int)chance(m, 50), (int)chance(m, 20));
            break;
        case 6:
            for (int k = 0; k < (bottom - top + 1) * (cols / 2); k++)
                surface_put_pixels(&m->s, top + k / (cols / 2), col + k % (cols / 2),
                                   (unsigned char)(16 + chance(m, 240)),
                                   (unsigned char)(16 + chance(m, 240)));
            break;
        default:
            put(m, a, col - 3, random_text(m, text, sizeof text), role);
        }
    }
    drop_last_marks(&m->s);
    m->row = chance(m, 3) ? -1 : (int)chance(m, (unsigned)rows);
    m->col = (int)chance(m, (unsigned)cols);
}

/* ---- the child ------------------------------------------------------------------------------- */

static bool read_order(int fd, struct order *o)
{
    return read(fd, o, sizeof *o) == (ssize_t)sizeof *o;
}

static void tell(int fd, struct answer *a)
{
    a->bytes = written;
    a->writes = writes;
    writes = 0;
    if (write(fd, a, sizeof *a) != (ssize_t)sizeof *a)
        _exit(3);
}

static void wait_for(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    while (poll(&p, 1, PATIENCE_MS) < 0 && errno == EINTR)
        ;
}

static void read_keys(int wanted, struct answer *a)
{
    struct key key = {.kind = KEY_KIND_NONE};
    int got = 0;
    a->valid = true;
    while (got < wanted) {
        struct key one = screen_key();
        if (one.kind == KEY_KIND_NONE) {
            if (screen_signal())
                break;
            wait_for(STDIN_FILENO);
            continue;
        }
        a->valid = a->valid && (one.len == 0 || utf8_valid(one.text, one.len));
        got += wanted < 1000 || (one.kind == KEY_KIND_TEXT && one.text[0] == '!');
        if (wanted >= 1000 && got == 1)
            break;
        key = one;
    }
    a->kind = (int)key.kind;
    a->control = key.control;
    a->cut = key.cut;
    a->len = key.len;
    a->lines_only = key.len == 0 || memchr(key.text, '\r', key.len) == NULL;
    if (key.len > 0)
        memcpy(a->text, key.text, key.len < sizeof a->text ? key.len : sizeof a->text - 1);
}

/* "contrast" has a ground of its own, which not every terminal puts where it erases. */
static const char *theme_of(uint64_t seed)
{
    return seed > 0 && seed % 2 == 0 ? "contrast" : "dark";
}

static void wear_theme(uint64_t seed)
{
    struct theme theme;
    if (theme_load(theme_of(seed), screen_colours(), &theme, NULL) != ST_OK)
        _exit(3);
    screen_theme(&theme);
}

static void run_screen(int orders, int answers, uint64_t seed)
{
    struct model m;
    struct order o;
    int rows, cols;
    struct errmsg err = {""};
    struct answer first = {0};
    if (screen_open(&err) != ST_OK) {
        first.kind = -1;
        snprintf(first.text, sizeof first.text, "%.15s", err.text);
        tell(answers, &first);
        _exit(0);
    }
    wear_theme(seed);
    screen_size(&rows, &cols);
    model_init(&m, seed, rows, cols);
    first.rows = rows;
    first.cols = cols;
    tell(answers, &first);
    while (read_order(orders, &o)) {
        struct answer a = {0};
        switch (o.op) {
        case OP_FRAME:
            model_change(&m);
            screen_show(&m.s, m.row, m.col);
            break;
        case OP_SAME:
            screen_show(&m.s, m.row, m.col);
            break;
        case OP_LIST:
            model_list(&m, o.value < rows - 3 ? 0 : o.value - (rows - 3),
                       o.value < rows - 3 ? o.value : rows - 3);
            screen_show(&m.s, -1, 0);
            break;
        case OP_PAGE:
            model_list(&m, o.value, 0);
            screen_show(&m.s, -1, 0);
            break;
        case OP_RESIZE:
            do {
                wait_for(screen_signal_fd());
                a.kind = (int)screen_key().kind;
                screen_size(&rows, &cols);
            } while (a.kind != KEY_KIND_RESIZE);
            if (rows != m.s.rows || cols != m.s.cols)
                surface_resize(&m.s, rows, cols, NULL);
            break;
        case OP_KEYS:
            read_keys(o.value, &a);
            break;
        case OP_SUSPEND:
            screen_suspend();
            break;
        case OP_REPAINT:
            screen_repaint();
            break;
        case OP_SIGNAL:
            while (!screen_signal())
                wait_for(screen_signal_fd());
            a.kind = screen_signal();
            break;
        case OP_ABORT:
            raise(o.value);
            break;
        case OP_REOPEN:
            screen_close();
            if (screen_open(&err) != ST_OK)
                _exit(3);
            wear_theme(seed);
            break;
        default:
            screen_close();
            break;
        }
        a.rows = rows;
        a.cols = cols;
        tell(answers, &a);
    }
    model_release(&m);
    screen_close();
    _exit(0);
}

/* The yardstick: the list of tests/bench/limit.c with a mark, from the same texts. */
static void bare_row(int i, int first, int current)
{
    char text[512];
    move(i + 1, 0);
    addch(i == current ? '>' : ' ');
    addnstr(list_text(first + i, text, sizeof text), COLS - 1);
    clrtoeol();
}

static void run_bare(int orders, int answers, uint64_t seed)
{
    int current = -1, top = 0;
    struct order o;
    struct answer a = {0};
    (void)seed;
    initscr();
    endwin();
    refresh();
    cbreak();
    noecho();
    nonl();
    idlok(stdscr, TRUE);
    curs_set(0);
    mvaddstr(0, 0, "limit");
    int page = LINES - 2;
    a.rows = LINES;
    a.cols = COLS;
    tell(answers, &a);
    while (read_order(orders, &o)) {
        if (o.op == OP_CLOSE) {
            endwin();
        } else if (o.op == OP_PAGE || current < 0) {
            top = o.value;
            current = 0;
            for (int i = 0; i < page; i++)
                bare_row(i, top, current);
        } else if (current + 1 < page) {
            current++;
            bare_row(current - 1, top, current);
            bare_row(current, top, current);
        } else {
            setscrreg(1, page);
            scrollok(stdscr, TRUE);
            scrl(1);
            scrollok(stdscr, FALSE);
            top++;
            bare_row(current - 1, top, current);
            bare_row(current, top, current);
        }
        if (o.op != OP_CLOSE)
            refresh();
        tell(answers, &a);
    }
    _exit(0);
}

/* ---- the parent ------------------------------------------------------------------------------ */

struct line {
    pid_t pid;
    int terminal, slave, order, answer;
    long bytes;
    struct termios found;
    VTerm *vt;
    VTermScreen *screen;
    int cursor_row, cursor_col;
    bool cursor_visible, hides; /* hides: the terminal can hide its cursor */
    char raw[1 << 20];          /* what came since the last order */
    size_t raw_len, fed;
};

static int on_cursor(VTermPos pos, VTermPos old, int visible, void *user)
{
    struct line *l = user;
    (void)old;
    (void)visible;
    l->cursor_row = pos.row;
    l->cursor_col = pos.col;
    return 1;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct line *l = user;
    if (property == VTERM_PROP_CURSORVISIBLE)
        l->cursor_visible = value->boolean;
    return 1;
}

typedef void (*runner)(int orders, int answers, uint64_t seed);

static void child_begins(struct line *l, const int order[2], const int answer[2], const char *term)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nobody behind */
    close(l->terminal);
    close(order[1]);
    close(answer[0]);
    setsid();
    ioctl(l->slave, TIOCSCTTY, 0);
    dup2(l->slave, 0);
    dup2(l->slave, 1);
    close(l->slave);
    for (int i = 1; i < SIGSYS; i++) /* cmocka and the sanitizer catch faults */
        signal(i, SIG_DFL);
    setenv("TERM", term, 1);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    written = writes = 0;
}

static void start_terminal(struct line *l, int rows, int cols)
{
    static const VTermScreenCallbacks callbacks = {.movecursor = on_cursor,
                                                   .settermprop = on_property};
    l->vt = vterm_new(rows, cols);
    vterm_set_utf8(l->vt, 1);
    l->screen = vterm_obtain_screen(l->vt);
    vterm_screen_enable_altscreen(l->screen, 1);
    vterm_screen_set_callbacks(l->screen, &callbacks, l);
    vterm_screen_reset(l->screen, 1);
    l->cursor_visible = true;
}

static void line_open(struct line *l, runner run, const char *term, int rows, int cols,
                      uint64_t seed)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    int order[2], answer[2];
    memset(l, 0, sizeof *l);
    assert_int_equal(openpty(&l->terminal, &l->slave, NULL, NULL, &size), 0);
    assert_int_equal(pipe(order) | pipe(answer), 0);
    assert_int_equal(tcgetattr(l->slave, &l->found), 0);
    fflush(stdout);
    l->pid = fork();
    assert_true(l->pid >= 0);
    if (l->pid == 0) {
        child_begins(l, order, answer, term);
        run(order[0], answer[1], seed);
        _exit(0);
    }
    close(order[0]);
    close(answer[1]);
    l->order = order[1];
    l->answer = answer[0];
    l->hides = strcmp(term, "vt100") != 0;
    start_terminal(l, rows, cols);
}

/* Takes what the child wrote; false when nothing came in time or the line is closed. */
static bool take(struct line *l, int wait_ms)
{
    char chunk[8192];
    struct pollfd p = {.fd = l->terminal, .events = POLLIN};
    if (poll(&p, 1, wait_ms) <= 0 || !(p.revents & POLLIN))
        return false;
    ssize_t n = read(l->terminal, chunk, sizeof chunk);
    if (n <= 0)
        return false;
    l->bytes += n;
    assert_true(l->raw_len + (size_t)n <= sizeof l->raw);
    memcpy(l->raw + l->raw_len, chunk, (size_t)n);
    l->raw_len += (size_t)n;
    return true;
}

/* A whole frame at once: libvterm loses a character that is cut between two calls. */
static void feed(struct line *l)
{
    vterm_input_write(l->vt, l->raw + l->fed, l->raw_len - l->fed);
    l->fed = l->raw_len;
}

static void hear(struct line *l, struct answer *a)
{
    struct pollfd p[2] = {{.fd = l->terminal, .events = POLLIN},
                          {.fd = l->answer, .events = POLLIN}};
    for (;;) {
        assert_true(poll(p, 2, PATIENCE_MS) > 0);
        if (p[0].revents & POLLIN)
            take(l, 0);
        if (p[1].revents)
            break;
    }
    assert_int_equal(read(l->answer, a, sizeof *a), (int)sizeof *a);
    while (l->bytes < a->bytes)
        assert_true(take(l, PATIENCE_MS));
    feed(l);
}

static void ask(struct line *l, enum op op, int value, struct answer *a)
{
    struct order o = {(int)op, value};
    l->raw_len = l->fed = 0;
    assert_int_equal(write(l->order, &o, sizeof o), (int)sizeof o);
    if (a != NULL)
        hear(l, a);
}

/* Ends the child; returns its status of wait(). */
static int line_close(struct line *l)
{
    int status = 0;
    close(l->order);
    while (l->pid > 0 && waitpid(l->pid, &status, WNOHANG) == 0)
        take(l, 10);
    while (take(l, 50))
        ;
    close(l->answer);
    close(l->terminal);
    close(l->slave);
    vterm_free(l->vt);
    return status;
}

static bool contains(const struct line *l, const char *sequence)
{
    return memmem(l->raw, l->raw_len, sequence, strlen(sequence)) != NULL;
}

static void assert_as_found(const struct line *l)
{
    struct termios now;
    assert_int_equal(tcgetattr(l->slave, &now), 0);
    assert_int_equal(now.c_iflag, l->found.c_iflag);
    assert_int_equal(now.c_oflag, l->found.c_oflag);
    assert_int_equal(now.c_lflag, l->found.c_lflag);
    assert_int_equal(now.c_cflag, l->found.c_cflag);
    assert_memory_equal(now.c_cc, l->found.c_cc, sizeof now.c_cc);
}

static void assert_raw(const struct line *l)
{
    struct termios now;
    assert_int_equal(tcgetattr(l->slave, &now), 0);
    assert_int_equal(now.c_lflag & (tcflag_t)(ICANON | ECHO | ISIG), 0);
    assert_int_equal(now.c_iflag & (tcflag_t)(IXON | ICRNL), 0);
}

static void cell_text(const VTermScreenCell *cell, char *out)
{
    size_t n = 0;
    for (int i = 0;
         i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] && cell->chars[i] != (uint32_t)-1; i++)
        n += utf8_encode(cell->chars[i], out + n);
    if (n == 0)
        out[n++] = ' ';
    out[n] = '\0';
}

/* libvterm does not keep how a colour was given, so what it looks like is compared. */
static bool same_colour(const struct line *l, VTermColor got, short want, bool ground)
{
    const VTermState *palette = vterm_obtain_state(l->vt);
    VTermColor wanted, foreground, background;
    vterm_state_get_default_colors(palette, &foreground, &background);
    wanted = ground ? background : foreground;
    if (want >= 0)
        vterm_color_indexed(&wanted, (uint8_t)want);
    vterm_screen_convert_color_to_rgb(l->screen, &got);
    vterm_screen_convert_color_to_rgb(l->screen, &wanted);
    return got.rgb.red == wanted.rgb.red && got.rgb.green == wanted.rgb.green &&
           got.rgb.blue == wanted.rgb.blue;
}

static bool same_style(const struct line *l, const VTermScreenCell *got, struct theme_style want,
                       bool blank)
{
    if (!same_colour(l, got->bg, want.background, true) ||
        got->attrs.reverse != !!(want.attributes & THEME_REVERSE) ||
        (got->attrs.underline != 0) != !!(want.attributes & THEME_UNDERLINE))
        return false;
    return blank || (same_colour(l, got->fg, want.foreground, false) &&
                     got->attrs.bold == !!(want.attributes & THEME_BOLD));
}

static int colours_of_line; /* of the terminal that is asked */

/* A piece of a picture has colours of its own, where there are so many. */
static struct theme_style style_of(const struct cell *want, const struct theme *theme)
{
    if (want->role == SURFACE_PICTURE && colours_of_line >= 256)
        return (struct theme_style){.foreground = want->above, .background = want->below};
    return theme_style(theme, want->role);
}

static void assert_cell(const struct line *l, const struct surface *s, int row, int col,
                        const struct theme *theme)
{
    const struct cell *want = &s->cell[row * s->cols + col];
    VTermScreenCell got;
    char text[VTERM_MAX_CHARS_PER_CELL * 4 + 2];
    if (want->cells == 0)
        return;
    vterm_screen_get_cell(l->screen, (VTermPos){row, col}, &got);
    cell_text(&got, text);
    bool blank = want->len == 1 && want->text[0] == ' ';
    if (strlen(text) != want->len || memcmp(text, want->text, want->len) != 0 ||
        (!blank && got.width != want->cells) || !same_style(l, &got, style_of(want, theme), blank))
        fail_msg("cell %d,%d: \"%s\" (width %d, bold %u) for \"%.*s\" (role %d)", row, col, text,
                 got.width, got.attrs.bold, want->len, want->text, want->role);
}

static void assert_shows(const struct line *l, struct model *m, const struct theme *theme)
{
    for (int row = 0; row < m->s.rows; row++)
        for (int col = 0; col < m->s.cols; col++)
            assert_cell(l, &m->s, row, col, theme);
    assert_int_equal(l->cursor_visible, m->row >= 0 || !l->hides);
    if (m->row >= 0) {
        assert_int_equal(l->cursor_row, m->row);
        assert_int_equal(l->cursor_col, m->col);
    }
}

static void resize(struct line *l, struct model *m, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    struct answer a;
    vterm_set_size(l->vt, rows, cols);
    assert_int_equal(ioctl(l->terminal, TIOCSWINSZ, &size), 0);
    ask(l, OP_RESIZE, 0, &a);
    assert_int_equal(a.kind, KEY_KIND_RESIZE);
    assert_int_equal(a.rows, rows);
    assert_int_equal(a.cols, cols);
    assert_int_equal(surface_resize(&m->s, rows, cols, NULL), ST_OK);
}

/* ---- tests of what is shown ------------------------------------------------------------------ */

static void fuzz(const char *term, int colours, uint64_t seed, int frames)
{
    struct theme theme;
    assert_int_equal(theme_load(theme_of(seed), colours, &theme, NULL), ST_OK);
    colours_of_line = colours;
    for (int i = 0; strcmp(term, "linux") == 0 && i < THEME_COUNT; i++)
        if (theme.style[i].foreground >= 0 || theme.style[i].background >= 0)
            theme.style[i].attributes &= ~(unsigned)THEME_UNDERLINE; /* it shows one or the other */
    static struct line l;
    struct model m;
    struct answer a;
    line_open(&l, run_screen, term, 24, 80, seed);
    model_init(&m, seed, 24, 80);
    hear(&l, &a);
    assert_int_equal(a.rows, 24);
    for (int i = 0; i < frames; i++) {
        if (i % 25 == 24) {
            int rows = 2 + (i * 7 + (int)seed) % 40, cols = 2 + (i * 13 + (int)seed) % 140;
            if (rows != m.s.rows || cols != m.s.cols)
                resize(&l, &m, rows, cols);
        }
        model_change(&m);
        ask(&l, OP_FRAME, 0, &a);
        assert_true(a.writes <= 1);
        assert_shows(&l, &m, &theme);
        if (i % 10 == 5) {
            long before = l.bytes;
            ask(&l, OP_SAME, 0, &a);
            assert_int_equal(a.writes, 0);
            assert_int_equal(l.bytes, before);
        }
    }
    ask(&l, OP_REPAINT, 0, &a);
    assert_true(l.raw_len > 0);
    assert_shows(&l, &m, &theme);
    ask(&l, OP_REOPEN, 0, &a);
    ask(&l, OP_SAME, 0, &a);
    assert_shows(&l, &m, &theme);
    ask(&l, OP_CLOSE, 0, &a);
    assert_as_found(&l);
    assert_int_equal(line_close(&l), 0);
    model_release(&m);
}

static void test_cells_equal_the_surface(void **state)
{
    static const struct {
        const char *term;
        int colours;
    } terms[] = {{"xterm-256color", 256},
                 {"tmux-256color", 256},
                 {"screen", 8},
                 {"linux", 8},
                 {"vt220", 0},
                 {"vt100", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++)
        for (uint64_t seed = 1; seed <= 3; seed++)
            fuzz(terms[i].term, terms[i].colours, seed * 7919 + i, 150);
}

static double mean_step(runner run)
{
    enum { STEPS = 60 };
    static struct line l;
    struct answer a;
    line_open(&l, run, "xterm-256color", 24, 80, 0);
    hear(&l, &a);
    ask(&l, OP_LIST, 0, &a);
    long before = l.bytes;
    for (int i = 1; i <= STEPS; i++) {
        ask(&l, OP_LIST, i, &a);
        assert_int_equal(a.writes, 1);
    }
    double bytes = (double)(l.bytes - before) / STEPS;
    assert_int_equal(line_close(&l), 0);
    return bytes;
}

static void test_step_costs_less_than_in_the_bare_list(void **state)
{
    (void)state;
    double bare = mean_step(run_bare), ours = mean_step(run_screen);
    print_message("# a step: %.1f B, bare list %.1f B\n", ours, bare);
    assert_true(ours <= 0.8 * bare);
}

static bool same_half(const struct surface *a, const struct surface *b, int i)
{
    const struct cell *x = &a->cell[i], *y = &b->cell[i];
    if (x->cells == 0 && y->cells == 0) { /* two right halves */
        x--;
        y--;
    }
    return x->cells == y->cells && x->len == y->len && memcmp(x->text, y->text, x->len) == 0;
}

static int changed_cells(const struct surface *a, const struct surface *b)
{
    int n = 0;
    for (int i = 0; i < a->rows * a->cols; i++)
        n += !same_half(a, b, i);
    return n;
}

static void test_page_costs_little_a_cell(void **state)
{
    enum { PAGES = 15, PAGE = 22 };
    static struct line l;
    struct answer a;
    struct model now, before;
    (void)state;
    long bytes = 0, cells = 0;
    line_open(&l, run_screen, "xterm-256color", 24, 80, 0);
    model_init(&now, 0, 24, 80);
    model_init(&before, 0, 24, 80);
    hear(&l, &a);
    ask(&l, OP_PAGE, 0, &a);
    model_list(&before, 0, 0);
    for (int i = 1; i <= PAGES; i++) {
        long start = l.bytes;
        ask(&l, OP_PAGE, i * PAGE, &a);
        assert_int_equal(a.writes, 1);
        bytes += l.bytes - start;
        model_list(&now, i * PAGE, 0);
        cells += changed_cells(&now.s, &before.s);
        model_list(&before, i * PAGE, 0);
    }
    print_message("# a page: %ld B, %.2f B a changed cell\n", bytes / PAGES,
                  (double)bytes / (double)cells);
    assert_true((double)bytes <= 1.85 * (double)cells);
    assert_int_equal(line_close(&l), 0);
    model_release(&now);
    model_release(&before);
}

/* ---- tests of keys --------------------------------------------------------------------------- */

static void key_is(struct line *l, const char *bytes, size_t n, struct answer *a)
{
    assert_int_equal(write(l->terminal, bytes, n), (int)n);
    ask(l, OP_KEYS, 1, a);
}

static void test_keys(void **state)
{
    static const struct {
        const char *bytes;
        enum key_kind kind;
        int control;
        const char *text;
    } keys[] = {
        {"a", KEY_KIND_TEXT, 0, "a"},
        {"暖", KEY_KIND_TEXT, 0, "暖"},
        {"\xff\xfe\xc0\x80x", KEY_KIND_TEXT, 0, "x"},
        {"\xe6\x9ay", KEY_KIND_TEXT, 0, "y"},
        {"\xc2\x9bz", KEY_KIND_TEXT, 0, "z"},
        {"\r", KEY_KIND_ENTER, 0, ""},
        {"\n", KEY_KIND_ENTER, 0, ""},
        {"\033OM", KEY_KIND_ENTER, 0, ""},
        {"\033[13u", KEY_KIND_ENTER, 0, ""},
        {"\033[27;5;13~", KEY_KIND_ENTER, 0, ""},
        {"\033\r", KEY_KIND_ENTER, 0, ""},
        {"\t", KEY_KIND_TAB, 0, ""},
        {"\033[Z", KEY_KIND_BACK_TAB, 0, ""},
        {"\033", KEY_KIND_ESCAPE, 0, ""},
        {"\177", KEY_KIND_BACKSPACE, 0, ""},
        {"\b", KEY_KIND_BACKSPACE, 0, ""},
        {"\x1a", KEY_KIND_CONTROL, 'Z', ""},
        {"\x03", KEY_KIND_CONTROL, 'C', ""},
        {"\x13", KEY_KIND_CONTROL, 'S', ""},
        {"\x11", KEY_KIND_CONTROL, 'Q', ""},
        {"\x1c", KEY_KIND_CONTROL, '\\', ""},
        {"\x1f", KEY_KIND_CONTROL, '_', ""},
        {"\033[A", KEY_KIND_UP, 0, ""},
        {"\033OB", KEY_KIND_DOWN, 0, ""},
        {"\033[C", KEY_KIND_RIGHT, 0, ""},
        {"\033OD", KEY_KIND_LEFT, 0, ""},
        {"\033[1;2D", KEY_KIND_LEFT, 0, ""},
        {"\033[1;5C", KEY_KIND_WORD_RIGHT, 0, ""},
        {"\033[1;5D", KEY_KIND_WORD_LEFT, 0, ""},
        {"\033[1;3D", KEY_KIND_WORD_LEFT, 0, ""},
        {"\033Oc", KEY_KIND_WORD_RIGHT, 0, ""},
        {"\033[5~", KEY_KIND_PAGE_UP, 0, ""},
        {"\033[6~", KEY_KIND_PAGE_DOWN, 0, ""},
        {"\033[H", KEY_KIND_HOME, 0, ""},
        {"\033OF", KEY_KIND_END, 0, ""},
        {"\033[1~", KEY_KIND_HOME, 0, ""},
        {"\033[8~", KEY_KIND_END, 0, ""},
        {"\033[2~", KEY_KIND_INSERT, 0, ""},
        {"\033[3~", KEY_KIND_DELETE, 0, ""},
        {"\033OP", KEY_KIND_FUNCTION, 1, ""},
        {"\033[[B", KEY_KIND_FUNCTION, 2, ""},
        {"\033[15~", KEY_KIND_FUNCTION, 5, ""},
        {"\033[21~", KEY_KIND_FUNCTION, 10, ""},
        {"\033[24~", KEY_KIND_FUNCTION, 12, ""},
        {"\033[15;2~", KEY_KIND_OTHER, 0, ""},
        {"\033b", KEY_KIND_ALT, 'b', ""},
        {"\033<", KEY_KIND_ALT, '<', ""},
        {"\033[", KEY_KIND_ALT, '[', ""},
        {"\033O", KEY_KIND_ALT, 'O', ""},
        {"\033Oj", KEY_KIND_TEXT, 0, "*"},
        {"\033Oy", KEY_KIND_TEXT, 0, "9"},
        {"\033[1;2\002", KEY_KIND_CONTROL, 'B', ""},
        {"\033[200~ab\033[1mc\rd\r\ne\033[201~", KEY_KIND_PASTE, 0, "ab\033[1mc\nd\ne"},
        {"\033[201~k", KEY_KIND_TEXT, 0, "k"},
    };
    static struct line l;
    struct answer a;
    (void)state;
    line_open(&l, run_screen, "xterm-256color", 24, 80, 0);
    hear(&l, &a);
    assert_raw(&l);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        key_is(&l, keys[i].bytes, strlen(keys[i].bytes), &a);
        if (a.kind != (int)keys[i].kind || a.control != keys[i].control ||
            strcmp(a.text, keys[i].text) != 0)
            fail_msg("key %zu: kind %d for %d, control %d, text \"%s\"", i, a.kind, keys[i].kind,
                     a.control, a.text);
    }
    key_is(&l, "\0", 1, &a);
    assert_int_equal(a.kind, KEY_KIND_CONTROL);
    assert_int_equal(a.control, '@');
    assert_int_equal(write(l.terminal, "typed", 5), 5);
    ask(&l, OP_KEYS, 5, &a);
    assert_string_equal(a.text, "d");
    assert_int_equal(line_close(&l), 0);
}

static void write_all(int fd, const char *data, size_t n)
{
    while (n > 0) {
        ssize_t done = write(fd, data, n);
        assert_true(done > 0);
        data += done;
        n -= (size_t)done;
    }
}

static void paste_of(size_t n, size_t wanted, bool cut)
{
    static struct line l;
    struct answer a;
    char *text = malloc(n + 16);
    memcpy(text, "\033[200~", 6);
    for (size_t i = 0; i + 3 <= n; i += 3)
        memcpy(text + 6 + i, i % 60 ? "暖" : "ab\r", 3);
    size_t len = n / 3 * 3;
    memcpy(text + 6 + len, "\033[201~", 6);
    line_open(&l, run_screen, "xterm-256color", 24, 80, 0);
    hear(&l, &a);
    ask(&l, OP_KEYS, 1, NULL);
    write_all(l.terminal, text, len + 12);
    hear(&l, &a);
    assert_int_equal(a.kind, KEY_KIND_PASTE);
    assert_int_equal(a.len, wanted);
    assert_int_equal(a.cut, cut);
    assert_true(a.valid && a.lines_only);
    key_is(&l, "x", 1, &a); /* what was too much is gone */
    assert_string_equal(a.text, "x");
    free(text);
    assert_int_equal(line_close(&l), 0);
}

static void test_pastes(void **state)
{
    (void)state;
    paste_of(300, 300, false);
    paste_of(SCREEN_PASTE_MAX, SCREEN_PASTE_MAX / 3 * 3, false);
    paste_of(70000, SCREEN_PASTE_MAX / 3 * 3, true);
}

static void test_odd_bytes(void **state)
{
    enum { ODD = 20000 };
    static const char often[] = "\033\033[O;~0200\xe6\xff";
    static struct line l;
    struct answer a;
    struct model m = {.seed = 99};
    char bytes[ODD];
    (void)state;
    for (size_t i = 0; i < ODD; i++) {
        bytes[i] = (char)(chance(&m, 2) ? chance(&m, 256)
                                        : (unsigned char)often[chance(&m, sizeof often - 1)]);
        if (bytes[i] == '!')
            bytes[i] = '.';
    }
    line_open(&l, run_screen, "xterm-256color", 24, 80, 0);
    hear(&l, &a);
    ask(&l, OP_KEYS, 1000, NULL);
    write_all(l.terminal, bytes, ODD);
    write_all(l.terminal, "\033[201~   !", 10);
    hear(&l, &a);
    assert_true(a.valid);
    ask(&l, OP_FRAME, 0, &a);
    assert_int_equal(line_close(&l), 0);
}

/* ---- tests of giving the terminal back ------------------------------------------------------- */

/* A small shell: the screen runs in a process group of its own, so that it can be stopped. */
static int shell_orders[2], shell_tells[2];

static void run_in_shell(int orders, int answers, uint64_t seed)
{
    int go[2];
    char byte = 0;
    signal(SIGTTOU, SIG_IGN);
    if (pipe(go) != 0)
        _exit(3);
    pid_t job = fork();
    if (job == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        signal(SIGTTOU, SIG_DFL);
        close(go[1]);
        if (read(go[0], &byte, 1) != 1)
            _exit(3);
        run_screen(orders, answers, seed);
    }
    setpgid(job, job);
    tcsetpgrp(0, job);
    close(orders);
    if (write(go[1], "g", 1) != 1)
        _exit(3);
    for (;;) {
        int status;
        if (waitpid(job, &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
            _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 9);
        tcsetpgrp(0, getpid());
        if (write(shell_tells[1], &job, sizeof job) != (ssize_t)sizeof job ||
            read(shell_orders[0], &byte, 1) != 1)
            _exit(3);
        tcsetpgrp(0, job);
        kill(-job, SIGCONT);
    }
}

static pid_t heard_stop(struct line *l)
{
    pid_t job = 0;
    struct pollfd p = {.fd = shell_tells[0], .events = POLLIN};
    while (poll(&p, 1, 20) == 0)
        take(l, 0);
    assert_int_equal(read(shell_tells[0], &job, sizeof job), (int)sizeof job);
    while (take(l, 50))
        ;
    feed(l);
    return job;
}

static void test_suspend_and_resume(void **state)
{
    static struct line l;
    struct model m;
    struct answer a;
    (void)state;
    struct theme theme;
    assert_int_equal(theme_load("dark", 256, &theme, NULL), ST_OK);
    assert_int_equal(pipe(shell_orders) | pipe(shell_tells), 0);
    line_open(&l, run_in_shell, "xterm-256color", 24, 80, 5);
    model_init(&m, 5, 24, 80);
    hear(&l, &a);
    model_change(&m);
    ask(&l, OP_FRAME, 0, &a);
    assert_raw(&l);
    ask(&l, OP_SUSPEND, 0, NULL);
    pid_t job = heard_stop(&l);
    assert_as_found(&l);
    assert_true(contains(&l, "\033[?2004l") && contains(&l, "\033[?1049l"));
    assert_true(l.cursor_visible);
    assert_int_equal(write(shell_orders[1], "c", 1), 1);
    hear(&l, &a);
    assert_raw(&l);
    assert_true(contains(&l, "\033[?2004h"));
    ask(&l, OP_SAME, 0, &a);
    assert_shows(&l, &m, &theme);

    static const int stops[] = {SIGTSTP, SIGSTOP}; /* from elsewhere */
    for (int i = 0; i < 2; i++) {
        struct termios left = l.found;
        ask(&l, OP_RESIZE, 0, NULL); /* it waits for a signal */
        kill(job, stops[i]);
        heard_stop(&l);
        if (stops[i] == SIGTSTP)
            assert_as_found(&l);
        else
            tcsetattr(l.slave, TCSANOW, &left); /* as a shell does */
        assert_int_equal(write(shell_orders[1], "c", 1), 1);
        hear(&l, &a);
        assert_int_equal(a.kind, KEY_KIND_RESIZE);
        assert_raw(&l);
        ask(&l, OP_SAME, 0, &a);
        assert_shows(&l, &m, &theme);
    }
    ask(&l, OP_CLOSE, 0, &a);
    assert_as_found(&l);
    assert_int_equal(line_close(&l), 0);
    model_release(&m);
}

static void test_faults_give_the_terminal_back(void **state)
{
    static const int faults[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        static struct line l;
        struct answer a;
        line_open(&l, run_screen, "xterm-256color", 24, 80, 3);
        hear(&l, &a);
        ask(&l, OP_FRAME, 0, &a);
        assert_raw(&l);
        ask(&l, OP_ABORT, faults[i], NULL);
        int status = 0;
        while (waitpid(l.pid, &status, WNOHANG) == 0)
            take(&l, 10);
        while (take(&l, 50))
            ;
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), faults[i]);
        assert_true(contains(&l, "\033[?2004l") && contains(&l, "\033[?1049l") &&
                    contains(&l, "\033[?25h"));
        assert_as_found(&l);
        l.pid = -1;
        line_close(&l);
    }
}

static void test_signals_that_end(void **state)
{
    static const int ends[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        static struct line l;
        struct answer a;
        line_open(&l, run_screen, "xterm-256color", 24, 80, 3);
        hear(&l, &a);
        ask(&l, OP_SIGNAL, 0, NULL);
        kill(l.pid, ends[i]);
        hear(&l, &a);
        assert_int_equal(a.kind, ends[i]);
        ask(&l, OP_CLOSE, 0, &a);
        assert_as_found(&l);
        assert_int_equal(line_close(&l), 0);
    }
}

/* ---- tests of other terminals ---------------------------------------------------------------- */

static void test_terminals_without_use(void **state)
{
    static const char *const terms[] = {"dumb", "no-such-terminal", ""};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        static struct line l;
        struct answer a;
        line_open(&l, run_screen, terms[i], 24, 80, 3);
        hear(&l, &a);
        assert_int_equal(a.kind, -1);
        assert_int_equal(a.bytes, 0);
        assert_as_found(&l);
        assert_string_equal(a.text, "This terminal (");
        line_close(&l);
    }
}

static void test_paste_mode_where_it_is_understood(void **state)
{
    static const struct {
        const char *term;
        bool asked;
    } terms[] = {{"xterm-256color", true}, {"tmux-256color", true}, {"screen", true},
                 {"rxvt", true},           {"linux", false},        {"vt100", false},
                 {"vt220", false},         {"ansi", false}};
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof *terms; i++) {
        static struct line l;
        struct answer a;
        line_open(&l, run_screen, terms[i].term, 24, 80, 3);
        hear(&l, &a);
        assert_int_equal(a.kind, 0);
        assert_int_equal(contains(&l, "\033[?2004h"), terms[i].asked);
        ask(&l, OP_CLOSE, 0, &a);
        assert_int_equal(contains(&l, "\033[?2004l"), terms[i].asked);
        assert_as_found(&l);
        line_close(&l);
    }
}

static void run_ascii(int orders, int answers, uint64_t seed)
{
    struct model m;
    struct order o;
    struct answer a = {0};
    (void)seed;
    setlocale(LC_ALL, "C");
    if (screen_open(NULL) != ST_OK)
        _exit(3);
    model_init(&m, 0, 4, 20);
    surface_box(&m.s, (struct rect){0, 0, 3, 6}, SURFACE_PLAIN);
    put(&m, 0, 8, "→█…é暖x", SURFACE_PLAIN);
    screen_show(&m.s, -1, 0);
    tell(answers, &a);
    while (read_order(orders, &o))
        ;
    screen_close();
    _exit(0);
}

static void test_locale_without_unicode(void **state)
{
    static const char *const rows[] = {"+----+  >#~???x     ", "|    |              ",
                                       "+----+              "};
    static struct line l;
    struct answer a;
    (void)state;
    line_open(&l, run_ascii, "vt220", 4, 20, 0);
    hear(&l, &a);
    for (int row = 0; row < 3; row++)
        for (int col = 0; col < 20; col++) {
            VTermScreenCell got;
            char text[VTERM_MAX_CHARS_PER_CELL * 4 + 2];
            vterm_screen_get_cell(l.screen, (VTermPos){row, col}, &got);
            cell_text(&got, text);
            assert_int_equal(text[0], rows[row][col]);
        }
    assert_int_equal(line_close(&l), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_equal_the_surface),
        cmocka_unit_test(test_step_costs_less_than_in_the_bare_list),
        cmocka_unit_test(test_page_costs_little_a_cell),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_pastes),
        cmocka_unit_test(test_odd_bytes),
        cmocka_unit_test(test_suspend_and_resume),
        cmocka_unit_test(test_faults_give_the_terminal_back),
        cmocka_unit_test(test_signals_that_end),
        cmocka_unit_test(test_terminals_without_use),
        cmocka_unit_test(test_paste_mode_where_it_is_understood),
        cmocka_unit_test(test_locale_without_unicode),
    };
    setlocale(LC_ALL, "C.UTF-8");
    unsetenv("NO_COLOR");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
