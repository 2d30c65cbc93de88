#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/i18n.h"
#include "tui/theme.h"

enum { CODE_PASTE_ON = 0x7000, CODE_PASTE_OFF };

static bool opened, colours, utf8;
static struct cell *shown;
static int shown_rows, shown_cols;
static struct buf text;
static struct termios found;
static int wake[2] = {-1, -1};
static volatile sig_atomic_t caught;
static const int leave_signal[] = {SIGTERM, SIGINT, SIGHUP};
static struct sigaction old_action[3];

static void on_signal(int number)
{
    int kept = errno;
    caught = number;
    ssize_t n = write(wake[1], "s", 1);
    (void)n;
    errno = kept;
}

static void tell(const char *sequence)
{
    ssize_t n = write(STDOUT_FILENO, sequence, strlen(sequence));
    (void)n;
}

enum status screen_open(struct errmsg *err)
{
    if (opened)
        return ST_OK;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0)
        return fail(err, ST_IO, _("The console needs a terminal; use `jiban list` in a pipe."));
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(err, ST_IO, _("No pipe for signals: %s"), strerror(errno));
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    /* newterm() comes back where initscr() would end the process. */
    SCREEN *terminal = newterm(NULL, stdout, stdin);
    if (terminal == NULL) {
        close(wake[0]);
        close(wake[1]);
        return fail(err, ST_IO, _("This terminal (TERM) is not known; try TERM=vt100."));
    }
    /* ncurses 6.4 flushes after every cursor motion until endwin() was called once. */
    endwin();
    refresh();
    cbreak();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(30);
    struct termios now;
    if (tcgetattr(STDIN_FILENO, &now) == 0) { /* ^S and ^Q are keys, not flow control */
        now.c_iflag &= ~(tcflag_t)IXON;
        tcsetattr(STDIN_FILENO, TCSANOW, &now);
        def_prog_mode();
    }
    colours = theme_wants_colours() && has_colors() && start_color() == OK;
    if (colours) {
        use_default_colors();
        for (short i = 0; i < 8; i++)
            init_pair((short)(i + 1), i, -1);
    }
    define_key("\033[200~", CODE_PASTE_ON);
    define_key("\033[201~", CODE_PASTE_OFF);
    tell("\033[?2004h");
    caught = 0;
    for (int i = 0; i < 3; i++) {
        struct sigaction action = {.sa_handler = on_signal};
        sigemptyset(&action.sa_mask);
        sigaction(leave_signal[i], &action, &old_action[i]);
    }
    buf_init(&text, SCREEN_PASTE_MAX);
    opened = true;
    return ST_OK;
}

void screen_close(void)
{
    if (!opened)
        return;
    opened = false;
    tell("\033[?2004l");
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    for (int i = 0; i < 3; i++)
        sigaction(leave_signal[i], &old_action[i], NULL);
    close(wake[0]);
    close(wake[1]);
    wake[0] = wake[1] = -1;
    free(shown);
    shown = NULL;
    shown_rows = shown_cols = 0;
    buf_release(&text);
}

void screen_size(int *ret_rows, int *ret_cols)
{
    getmaxyx(stdscr, *ret_rows, *ret_cols);
}

/* One cluster as wide characters; the surface holds valid UTF-8 only. */
static void widen(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
    int n = 0;
    for (size_t i = 0; i < cell->len && n < CCHARW_MAX;) {
        unsigned char b = (unsigned char)cell->text[i];
        size_t len = b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
        unsigned value = len == 1 ? b : b & (0x7fu >> len);
        for (size_t j = 1; j < len && i + j < cell->len; j++)
            value = value << 6 | ((unsigned char)cell->text[i + j] & 0x3fu);
        out[n++] = utf8 || value < 0x80 ? (wchar_t)value : L'?';
        i += len;
    }
    if (n == 0)
        out[n++] = L' ';
    out[n] = 0;
    if (!utf8)
        out[1] = 0;
}

static void show_row(const struct surface *s, int row)
{
    move(row, 0);
    for (int col = 0; col < s->cols; col++) {
        const struct cell *cell = &s->cell[row * s->cols + col];
        if (cell->cells == 0 && utf8)
            continue;
        struct theme_style style = theme_style(cell->role, colours);
        attr_t attributes = A_NORMAL;
        if (style.bold)
            attributes |= A_BOLD;
        if (style.underline)
            attributes |= A_UNDERLINE;
        if (style.reverse)
            attributes |= A_REVERSE;
        wchar_t wide[CCHARW_MAX + 1];
        widen(cell, wide);
        cchar_t out;
        setcchar(&out, wide, attributes, (short)(style.colour + 1), NULL);
        mvadd_wch(row, col, &out);
    }
}

void screen_show(const struct surface *s, int row, int col)
{
    size_t n = (size_t)s->rows * (size_t)s->cols;
    if (s->rows != shown_rows || s->cols != shown_cols) {
        free(shown);
        shown = calloc(n ? n : 1, sizeof *shown);
        shown_rows = shown_cols = 0;
        if (shown != NULL) {
            shown_rows = s->rows;
            shown_cols = s->cols;
        }
        erase();
    }
    for (int i = 0; i < s->rows; i++) {
        size_t at = (size_t)i * (size_t)s->cols, size = (size_t)s->cols * sizeof *shown;
        if (shown != NULL && memcmp(shown + at, s->cell + at, size) == 0)
            continue;
        show_row(s, i);
        if (shown != NULL)
            memcpy(shown + at, s->cell + at, size);
    }
    curs_set(row >= 0);
    if (row >= 0)
        move(row, col);
    refresh();
}

static void put_code_point(wint_t c)
{
    char out[4];
    unsigned v = (unsigned)c;
    size_t n;
    if (v < 0x80) {
        out[0] = (char)v;
        n = 1;
    } else if (v < 0x800) {
        out[0] = (char)(0xc0u | v >> 6);
        out[1] = (char)(0x80u | (v & 0x3fu));
        n = 2;
    } else if (v < 0x10000) {
        out[0] = (char)(0xe0u | v >> 12);
        out[1] = (char)(0x80u | (v >> 6 & 0x3fu));
        out[2] = (char)(0x80u | (v & 0x3fu));
        n = 3;
    } else {
        out[0] = (char)(0xf0u | v >> 18);
        out[1] = (char)(0x80u | (v >> 12 & 0x3fu));
        out[2] = (char)(0x80u | (v >> 6 & 0x3fu));
        out[3] = (char)(0x80u | (v & 0x3fu));
        n = 4;
    }
    buf_add(&text, out, n);
}

static struct key read_paste(void)
{
    timeout(1000); /* a paste whose end never comes must not hang the console */
    wint_t c;
    int got;
    while ((got = get_wch(&c)) != ERR) {
        if (got == KEY_CODE_YES) {
            if (c == CODE_PASTE_OFF)
                break;
            if (c == KEY_ENTER)
                put_code_point('\n');
            continue;
        }
        if (text.len < SCREEN_PASTE_MAX - 4)
            put_code_point(c == '\r' ? '\n' : c);
    }
    nodelay(stdscr, TRUE);
    return (struct key){.kind = KEY_KIND_PASTE, .text = text.data, .len = text.len};
}

static enum key_kind special(wint_t c)
{
    switch (c) {
    case KEY_UP:
        return KEY_KIND_UP;
    case KEY_DOWN:
        return KEY_KIND_DOWN;
    case KEY_LEFT:
        return KEY_KIND_LEFT;
    case KEY_RIGHT:
        return KEY_KIND_RIGHT;
    case KEY_PPAGE:
        return KEY_KIND_PAGE_UP;
    case KEY_NPAGE:
        return KEY_KIND_PAGE_DOWN;
    case KEY_HOME:
        return KEY_KIND_HOME;
    case KEY_END:
        return KEY_KIND_END;
    case KEY_ENTER:
        return KEY_KIND_ENTER;
    case KEY_BACKSPACE:
        return KEY_KIND_BACKSPACE;
    case KEY_DC:
        return KEY_KIND_DELETE;
    case KEY_RESIZE:
        return KEY_KIND_RESIZE;
    default:
        return KEY_KIND_OTHER;
    }
}

struct key screen_key(void)
{
    wint_t c = 0;
    buf_clear(&text);
    int got = get_wch(&c);
    if (got == ERR)
        return (struct key){.kind = KEY_KIND_NONE};
    if (got == KEY_CODE_YES) {
        if (c == CODE_PASTE_ON)
            return read_paste();
        return (struct key){.kind = special(c)};
    }
    if (c == '\r' || c == '\n')
        return (struct key){.kind = KEY_KIND_ENTER};
    if (c == 27)
        return (struct key){.kind = KEY_KIND_ESCAPE};
    if (c == 127 || c == 8)
        return (struct key){.kind = KEY_KIND_BACKSPACE};
    if (c < 32)
        return (struct key){.kind = KEY_KIND_CONTROL, .control = (char)(c + 64)};
    put_code_point(c);
    return (struct key){.kind = KEY_KIND_TEXT, .text = text.data, .len = text.len};
}

int screen_signal(void)
{
    return caught;
}

int screen_signal_fd(void)
{
    return wake[0];
}
