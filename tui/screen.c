#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/text/charset.h"
#include "tui/input.h"
#include "tui/paint.h"
#include "tui/theme.h"
#include "tui/streams.h"

enum { NOTICE_BYTES = 1024 };

static bool opened, utf8;
static bool by_line; /* opened by screen_open_lines(): curses has no part in it */
static SCREEN *terminal;
static struct termios found;
static struct input input;
static struct paint_look look[PAINT_ROLES];
static struct paint paint;
static int colours;      /* 0: none */
static int cursor_shown; /* -1: not known */
static int cursor_row = -1, cursor_col;
static bool painted; /* a frame was shown */
static const char *paste_on = "", *paste_off = "";
static const char *mouse_on = "", *mouse_off = ""; /* "" unless wanted */
static const char *focus_on = "", *focus_off = ""; /* the same */

/* ---- signals --------------------------------------------------------------------------------- */

static int wake[2] = {-1, -1};
static volatile sig_atomic_t leaving, resized, continued, stopping;
/* What gives the terminal back, made ready because a handler may not ask terminfo. */
static char emergency[256];
static size_t emergency_len;

static void on_signal(int number)
{
    int kept = errno;
    if (number == SIGWINCH)
        resized = 1;
    else if (number == SIGCONT)
        continued = 1;
    else if (number == SIGTSTP)
        stopping = 1;
    else
        leaving = number;
    ssize_t n = write(wake[1], "s", 1);
    (void)n;
    errno = kept;
}

static void on_fault(int number);

static const struct {
    int number;
    void (*handler)(int);
} signal_table[] = {
    {SIGTERM, on_signal},  {SIGINT, on_signal},  {SIGHUP, on_signal},  {SIGQUIT, on_signal},
    {SIGWINCH, on_signal}, {SIGCONT, on_signal}, {SIGTSTP, on_signal}, {SIGABRT, on_fault},
    {SIGSEGV, on_fault},   {SIGBUS, on_fault},   {SIGFPE, on_fault},   {SIGILL, on_fault},
};
enum { SIGNALS = sizeof signal_table / sizeof *signal_table };
static struct sigaction old_action[SIGNALS];

static void on_fault(int number)
{
    ssize_t n = write(STDOUT_FILENO, emergency, emergency_len);
    (void)n;
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    for (int i = 0; i < SIGNALS; i++)
        if (signal_table[i].number == number)
            sigaction(number, &old_action[i], NULL);
    raise(number);
}

static void catch_signals(void)
{
    leaving = resized = continued = stopping = 0;
    for (int i = 0; i < SIGNALS; i++) {
        struct sigaction action = {.sa_handler = signal_table[i].handler, .sa_flags = SA_RESTART};
        sigemptyset(&action.sa_mask);
        sigaction(signal_table[i].number, &action, &old_action[i]);
    }
}

static void release_signals(void)
{
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signal_table[i].number, &old_action[i], NULL);
    close(wake[0]);
    close(wake[1]);
    wake[0] = wake[1] = -1;
}

int screen_signal(void)
{
    return leaving;
}

int screen_signal_fd(void)
{
    return wake[0];
}

/* ---- the terminal as curses knows it --------------------------------------------------------- */

/* NULL where the terminal lacks it. */
static const char *capability(const char *name)
{
    const char *s = tigetstr((char *)name);
    return s == (char *)-1 ? NULL : s;
}

static struct buf *put_into;

static int put_byte(int c)
{
    buf_putc(put_into, (char)c);
    return c;
}

/* Parameters filled in, and what is waited for where the terminal is slow. */
static void put(struct buf *out, const char *sequence, int a, int b)
{
    if (strchr(sequence, '%') != NULL)
        sequence = tparm((char *)(uintptr_t)sequence, a, b, 0, 0, 0, 0, 0, 0, 0);
    put_into = out;
    if (strstr(sequence, "$<") != NULL)
        tputs(sequence, 1, put_byte);
    else
        buf_puts(out, sequence);
}

static void write_out(const char *data, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, data, n);
        if (done < 0 && errno != EINTR && errno != EAGAIN)
            return; /* the terminal is gone, as its keys will tell */
        if (done < 0 && errno == EAGAIN) {
            struct pollfd room = {.fd = STDOUT_FILENO, .events = POLLOUT};
            poll(&room, 1, -1);
        }
        data += done > 0 ? done : 0;
        n -= (size_t)(done > 0 ? done : 0);
    }
}

static void flush(void)
{
    if (buf_status(&paint.out) != ST_OK)
        paint_forget(&paint);
    else
        write_out(paint.out.data, paint.out.len);
    buf_clear(&paint.out);
}

/* With the next frame. */
static void emit(const char *sequence)
{
    if (sequence == NULL || *sequence == '\0')
        return;
    if (by_line)
        write_out(sequence, strlen(sequence));
    else if (strstr(sequence, "$<") != NULL)
        put(&paint.out, sequence, 0, 0);
    else
        buf_puts(&paint.out, sequence); /* words of a notice may have a % */
}

static int keep_emergency(int c)
{
    if (emergency_len < sizeof emergency)
        emergency[emergency_len++] = (char)c;
    return c;
}

static void prepare_emergency(void)
{
    static const char *const names[] = {"rmkx", "sgr0", "op", "cnorm", "rmcup"};
    emergency_len = 0;
    if (paint.can.ecma)
        tputs("\0337\033[r\0338", 1, keep_emergency); /* rows below a list scroll again */
    tputs(focus_off, 1, keep_emergency);
    tputs(mouse_off, 1, keep_emergency);
    tputs(paste_off, 1, keep_emergency);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (capability(names[i]) != NULL)
            tputs(capability(names[i]), 1, keep_emergency);
    if (capability("rmcup") == NULL)
        tputs("\r\n", 1, keep_emergency);
}

/* Old terminals print the sequences that they do not understand. */
static bool is_old(void)
{
    static const char *const plain[] = {"vt",   "linux", "dumb", "ansi",
                                        "cons", "sun",   "hurd", "mach"};
    const char *name = getenv("TERM");
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (name == NULL || strncmp(name, plain[i], strlen(plain[i])) == 0)
            return true;
    return false;
}

/* Terminfo tells of bracketed paste by BE and BD; where it is silent, the name of the terminal does. */
static void prepare_paste(void)
{
    paste_on = capability("BE");
    paste_off = capability("BD");
    if (paste_on != NULL && paste_off != NULL)
        return;
    paste_on = is_old() ? "" : "\033[?2004h";
    paste_off = is_old() ? "" : "\033[?2004l";
}

static void name_keys(void)
{
    static const struct {
        const char *name;
        enum key_kind kind;
    } keys[] = {
        {"kcuu1", KEY_KIND_UP},        {"kcud1", KEY_KIND_DOWN},       {"kcub1", KEY_KIND_LEFT},
        {"kcuf1", KEY_KIND_RIGHT},     {"kpp", KEY_KIND_PAGE_UP},      {"knp", KEY_KIND_PAGE_DOWN},
        {"khome", KEY_KIND_HOME},      {"kend", KEY_KIND_END},         {"kich1", KEY_KIND_INSERT},
        {"kdch1", KEY_KIND_DELETE},    {"kent", KEY_KIND_ENTER},       {"kcbt", KEY_KIND_BACK_TAB},
        {"kLFT5", KEY_KIND_WORD_LEFT}, {"kRIT5", KEY_KIND_WORD_RIGHT},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (capability(keys[i].name) != NULL)
            input_name(&input, capability(keys[i].name), (struct key){.kind = keys[i].kind});
    for (int i = 1; i <= 12; i++) {
        char name[8];
        snprintf(name, sizeof name, "kf%d", i);
        if (capability(name) != NULL)
            input_name(&input, capability(name),
                       (struct key){.kind = KEY_KIND_FUNCTION, .control = (char)i});
    }
}

/* newterm() would take a terminal that cannot place the cursor, and show garbage on it. */
static bool terminal_serves(void)
{
    int found_it;
    if (setupterm(NULL, STDOUT_FILENO, &found_it) != OK)
        return false;
    bool serves = capability("cup") != NULL;
    del_curterm(cur_term);
    return serves;
}

static void real_size(int *rows, int *cols)
{
    struct winsize size;
    *rows = *cols = 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0) {
        *rows = size.ws_row;
        *cols = size.ws_col;
    }
    if (*rows <= 0)
        *rows = tigetnum("lines") > 0 ? tigetnum("lines") : 24;
    if (*cols <= 0)
        *cols = tigetnum("cols") > 0 ? tigetnum("cols") : 80;
    *rows = *rows > SURFACE_SIDE ? SURFACE_SIDE : *rows;
    *cols = *cols > SURFACE_SIDE ? SURFACE_SIDE : *cols;
}

static void take_size(void)
{
    int rows, cols;
    real_size(&rows, &cols);
    if (rows == LINES && cols == COLS)
        return;
    resize_term(rows, cols);
    paint_forget(&paint);
}

static void start_modes(void)
{
    emit(capability("smkx"));
    emit(paste_on);
    emit(mouse_on);
    emit(focus_on);
    input.focus = FOCUS_UNKNOWN; /* it may be elsewhere by now */
    cursor_shown = -1;
}

static void end_modes(void)
{
    emit(focus_off);
    emit(mouse_off);
    emit(paste_off);
    emit(capability("rmkx"));
    if (cursor_shown != 1)
        emit(capability("cnorm"));
    paint_leave(&paint);
    flush();
}

/* ---- what the terminal can do ---------------------------------------------------------------- */

static bool is(const char *name, const char *sequence)
{
    const char *s = capability(name);
    return s != NULL && strcmp(s, sequence) == 0;
}

static bool is_or_lacks(const char *name, const char *sequence)
{
    return capability(name) == NULL || is(name, sequence);
}

/* "ESC [ m", whatever is said about character sets beside it: none is ever chosen. */
static bool plain_is_ecma(void)
{
    static const char *const spared[] = {"\033(B", "\017"};
    const char *s = capability("sgr0");
    if (s == NULL)
        return false;
    for (size_t i = 0; i < sizeof spared / sizeof *spared; i++)
        if (strncmp(s, spared[i], strlen(spared[i])) == 0)
            s += strlen(spared[i]);
    if (strncmp(s, "\033[m", 3) != 0 && strncmp(s, "\033[0m", 4) != 0)
        return false;
    s = strchr(s, 'm') + 1;
    for (size_t i = 0; i < sizeof spared / sizeof *spared; i++)
        if (strncmp(s, spared[i], strlen(spared[i])) == 0)
            s += strlen(spared[i]);
    return *s == '\0';
}

static bool is_ecma(void)
{
    return is("cup", "\033[%i%p1%d;%p2%dH") && is("el", "\033[K") && is("cuf1", "\033[C") &&
           is("cub1", "\b") && is("cr", "\r") && is("cud", "\033[%p1%dB") &&
           is("cuu", "\033[%p1%dA") && is("cub", "\033[%p1%dD") && is("cuf", "\033[%p1%dC") &&
           is_or_lacks("bold", "\033[1m") && is_or_lacks("dim", "\033[2m") &&
           is_or_lacks("sitm", "\033[3m") && is_or_lacks("smul", "\033[4m") &&
           is_or_lacks("rev", "\033[7m") && plain_is_ecma() && tigetflag("msgr") > 0 &&
           (colours == 0 || is("op", "\033[39;49m"));
}

static struct paint_can abilities(void)
{
    struct paint_can can = {.ecma = is_ecma(),
                            .row = is("vpa", "\033[%i%p1%dd"),
                            .column = is("hpa", "\033[%i%p1%dG"),
                            .wraps = tigetflag("am") > 0,
                            .wraps_late = tigetflag("xenl") > 0,
                            .fills = tigetflag("bce") > 0,
                            .at = capability("cup"),
                            .erase = capability("el"),
                            .clear = capability("clear"),
                            .region = capability("csr"),
                            .up = capability("ind"),
                            .down = capability("ri"),
                            .margins_off = capability("rmam"),
                            .margins_on = capability("smam"),
                            .put = put};
    enum { PIXELS = 256 };
    if (colours >= PIXELS) {
        can.foreground = capability("setaf");
        can.background = capability("setab");
    }
    can.plain = can.ecma ? "\033[m" : capability("sgr0") ? capability("sgr0") : "";
    if (can.margins_off == NULL || can.margins_on == NULL)
        can.margins_off = can.margins_on = NULL;
    return can;
}

/* Attributes in the order of enum theme_attribute; no_colour: its bit in terminfo's no_color_video. */
static const struct {
    const char *name;
    int number, no_colour;
} attribute_table[] = {
    {"bold", 1, 32}, {"dim", 2, 16}, {"smul", 4, 2}, {"rev", 7, 4}, {"sitm", 3, 32768}};
enum { ATTRIBUTES = sizeof attribute_table / sizeof *attribute_table };

/* Appends what turns a colour on; of ECMA-48, its numbers alone. */
static void add_colour(struct buf *out, const char *name, int colour)
{
    if (colours == 0 || colour < 0 || capability(name) == NULL)
        return;
    const char *s = tparm((char *)(uintptr_t)capability(name), colour, 0, 0, 0, 0, 0, 0, 0, 0);
    size_t n = strlen(s);
    if (!paint.can.ecma)
        buf_puts(out, s);
    else if (n > 3 && s[0] == '\033' && s[1] == '[' && s[n - 1] == 'm')
        buf_printf(out, ";%.*s", (int)(n - 3), s + 2);
}

static void copy_look(char to[PAINT_LOOK], const char *before, const char *text, const char *after)
{
    if (snprintf(to, PAINT_LOOK, "%s%s%s", before, text, after) >= PAINT_LOOK)
        to[0] = '\0';
}

static void prepare_look(struct paint_look *l, struct theme_style style, struct theme_style plain)
{
    struct buf text;
    bool coloured = colours > 0 && (style.foreground >= 0 || style.background >= 0);
    int spared = coloured ? tigetnum("ncv") : 0;
    bool attributes = false;
    buf_init(&text, 1024);
    for (int i = 0; i < ATTRIBUTES; i++) {
        const char *on = capability(attribute_table[i].name);
        if (!(style.attributes >> i & 1) || on == NULL ||
            (spared > 0 && (spared & attribute_table[i].no_colour)))
            continue;
        attributes = true;
        if (paint.can.ecma)
            buf_printf(&text, ";%d", attribute_table[i].number);
        else
            buf_puts(&text, on);
    }
    add_colour(&text, "setaf", style.foreground);
    add_colour(&text, "setab", style.background);
    bool any = text.len > 0;
    copy_look(l->on, any && paint.can.ecma ? "\033[" : "", text.data + (any && paint.can.ecma),
              any && paint.can.ecma ? "m" : "");
    copy_look(l->over, paint.can.ecma ? "\033[0" : paint.can.plain, text.data,
              paint.can.ecma ? "m" : "");
    l->colour_only = any && !attributes && style.background < 0;
    l->blank_shows = style.background != plain.background ||
                     (style.attributes & (THEME_UNDERLINE | THEME_REVERSE)) != 0;
    buf_release(&text);
}

static void prepare_looks(const struct theme *theme)
{
    struct theme_style plain = theme_style(theme, THEME_PLAIN);
    for (int role = 0; role < PAINT_ROLES; role++)
        prepare_look(&look[role], theme_style(theme, (unsigned char)role), plain);
    look[SURFACE_PICTURE].blank_shows = true; /* a blank after it is none of it */
}

void screen_theme(const struct theme *theme)
{
    if (!opened || by_line)
        return;
    prepare_looks(theme);
    if (painted || theme_style(theme, THEME_PLAIN).background >= 0)
        paint_forget(&paint);
}

enum status screen_open(struct errmsg *err)
{
    if (opened)
        return ST_OK;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0)
        return fail(err, ST_IO, _("The console needs a terminal; use `jiban list` in a pipe."));
    if (!terminal_serves())
        return fail(err, ST_IO, _("This terminal (TERM) is not known; try TERM=vt100."));
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(err, ST_IO, _("No pipe for signals: %s"), strerror(errno));
    catch_signals(); /* before newterm(), which leaves alone what is caught already */
    terminal = newterm(NULL, streams_bytes(), stdin); /* curses knows the locale itself */
    if (terminal == NULL) {
        release_signals();
        return fail(err, ST_IO, _("This terminal (TERM) is not known; try TERM=vt100."));
    }
    utf8 = charset_utf8();
    colours = capability("setaf") != NULL && tigetnum("colors") > 0 ? tigetnum("colors") : 0;
    struct paint_can can = abilities();
    memset(look, 0, sizeof look);
    paint_init(&paint, &can, look);
    input_init(&input, STDIN_FILENO, utf8);
    take_size();
    prepare_paste();
    prepare_emergency();
    name_keys();
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    refresh(); /* curses takes the terminal and clears it; what it shows from here on is not its business */
    start_modes();
    painted = false;
    (void)paint_cleared(&paint, LINES, COLS);
    flush();
    opened = true;
    return ST_OK;
}

/* Key by key, unseen until it is said; output as the terminal has it. */
static void take_keys(void)
{
    struct termios raw_keys = found;
    raw_keys.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    raw_keys.c_iflag &= ~(tcflag_t)(ICRNL | INLCR | IGNCR | IXON | ISTRIP);
    raw_keys.c_cc[VMIN] = 1;
    raw_keys.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &raw_keys);
}

enum status screen_open_lines(struct errmsg *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &found) != 0)
        return fail(err, ST_IO, _("The console needs a terminal; use `jiban list` in a pipe."));
    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return fail(err, ST_IO, _("No pipe for signals: %s"), strerror(errno));
    prepare_paste();
    emergency_len = 0;
    for (const char *c = paste_off; *c; c++)
        keep_emergency(*c);
    catch_signals();
    utf8 = charset_utf8();
    input_init(&input, STDIN_FILENO, utf8);
    take_keys();
    opened = by_line = true;
    emit(paste_on);
    return ST_OK;
}

static void close_lines(void)
{
    emit(paste_off);
    by_line = false;
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    release_signals();
    input_release(&input);
}

void screen_close(void)
{
    if (!opened)
        return;
    opened = false;
    if (by_line) {
        close_lines();
        return;
    }
    end_modes();
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
    release_signals();
    delscreen(terminal);
    terminal = NULL;
    mouse_on = mouse_off = focus_on = focus_off = "";
    input_release(&input);
    paint_release(&paint);
}

void screen_size(int *ret_rows, int *ret_cols)
{
    *ret_rows = by_line ? 24 : LINES;
    *ret_cols = by_line ? 80 : COLS;
}

int screen_unshown(void)
{
    return paint.unshown;
}

int screen_colours(void)
{
    return opened ? colours : 0;
}

void screen_mouse(bool on)
{
    if (!opened || is_old())
        return;
    emit(mouse_off);
    mouse_on = on ? "\033[?1000h\033[?1006h" : "";
    mouse_off = on ? "\033[?1006l\033[?1000l" : "";
    emit(mouse_on);
    prepare_emergency();
}

void screen_focus(bool on)
{
    if (!opened || by_line || is_old())
        return;
    emit(focus_off);
    focus_on = on ? "\033[?1004h" : "";
    focus_off = on ? "\033[?1004l" : "";
    input.focus = FOCUS_UNKNOWN;
    emit(focus_on);
    prepare_emergency();
}

bool screen_looked_at(void)
{
    return opened && input.focus == FOCUS_IN;
}

void screen_bell(void)
{
    if (by_line)
        emit("\a");
    else if (opened) {
        emit(capability("bel"));
        flush();
    }
}

/* Sequences that are not the terminal's own but go to what is behind tmux: it hands on what is wrapped, with each ESC
 * doubled. */
static const char *wrap_begin(void)
{
    return getenv("TMUX") != NULL ? "\033Ptmux;\033" : "";
}

static const char *wrap_end(void)
{
    return getenv("TMUX") != NULL ? "\033\\" : "";
}

void screen_notify(enum notify how, const char *text)
{
    static const char *const before[] = {
        [NOTIFY_9] = "9;", [NOTIFY_777] = "777;notify;jiban;", [NOTIFY_99] = "99;;"};
    struct buf sequence;
    if (!opened)
        return;
    buf_init(&sequence, NOTICE_BYTES);
    buf_printf(&sequence, "%s\033]%s", wrap_begin(), before[how]);
    charset_encode(&sequence, text, strlen(text));
    buf_printf(&sequence, "\007%s", wrap_end());
    if (buf_status(&sequence) == ST_OK)
        emit(sequence.data);
    buf_release(&sequence);
}

/* RFC 4648, 4. */
static size_t base64(const unsigned char *in, size_t n, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *at = out;
    for (size_t i = 0; i < n; i += 3) {
        unsigned long v = (unsigned long)in[i] << 16;
        v |= i + 1 < n ? (unsigned long)in[i + 1] << 8 : 0;
        v |= i + 2 < n ? in[i + 2] : 0;
        *at++ = digits[v >> 18];
        *at++ = digits[v >> 12 & 63];
        *at++ = i + 1 < n ? digits[v >> 6 & 63] : '=';
        *at++ = i + 2 < n ? digits[v & 63] : '=';
    }
    *at = '\0';
    return (size_t)(at - out);
}

bool screen_copy(const char *text)
{
    static char sequence[SCREEN_COPY_MOST * 2];
    size_t n = strlen(text);
    if (n > SCREEN_COPY_MOST || !opened)
        return false;
    int used = snprintf(sequence, sizeof sequence, "%s\033]52;c;", wrap_begin());
    used += (int)base64((const unsigned char *)text, n, sequence + used);
    snprintf(sequence + used, sizeof sequence - (size_t)used, "\007%s", wrap_end());
    emit(sequence);
    return true;
}

void screen_repaint(void)
{
    if (!opened || by_line)
        return;
    if (!paint_again(&paint))
        paint_forget(&paint);
    paint_cursor(&paint, cursor_row, cursor_col);
    flush();
}

/* After others had the terminal. */
static void return_to_terminal(void)
{
    resized = continued = stopping = 0;
    if (by_line) {
        take_keys();
        emit(paste_on);
        return;
    }
    take_size();
    refresh();
    start_modes();
    screen_repaint();
}

/* Before others have it. On a terminal of lines neither curses nor the painter was opened. */
static void leave_terminal(void)
{
    if (by_line) {
        emit(paste_off);
    } else {
        end_modes();
        endwin();
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
}

void screen_suspend(void)
{
    if (!opened)
        return;
    struct sigaction ours, plain = {.sa_handler = SIG_DFL};
    sigemptyset(&plain.sa_mask);
    leave_terminal();
    sigaction(SIGTSTP, &plain, &ours);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
    return_to_terminal();
}

/* While another program has the terminal. */
static const int lent_table[] = {SIGINT, SIGQUIT, SIGTSTP};
enum { LENT = sizeof lent_table / sizeof *lent_table };
static struct sigaction lent_action[LENT];

void screen_leave(void)
{
    if (!opened)
        return;
    leave_terminal();
    for (int i = 0; i < LENT; i++) {
        struct sigaction action = {.sa_handler = lent_table[i] == SIGTSTP ? SIG_DFL : SIG_IGN};
        sigemptyset(&action.sa_mask);
        sigaction(lent_table[i], &action, &lent_action[i]);
    }
}

void screen_return(void)
{
    if (!opened)
        return;
    for (int i = 0; i < LENT; i++)
        sigaction(lent_table[i], &lent_action[i], NULL);
    return_to_terminal();
}

/* ---- painting -------------------------------------------------------------------------------- */

void screen_show(const struct surface *s, int row, int col)
{
    int wanted = row >= 0; /* as in cursor_shown */
    /* A surface of another size than the screen: the next RESIZE key puts that right. */
    if (!opened || by_line || s->rows > LINES || s->cols > COLS)
        return;
    /* A terminal shows its cursor: that it does is made sure of with the second frame, the first has no byte to spare. */
    if (cursor_shown != wanted && (cursor_shown >= 0 || painted || !wanted)) {
        emit(capability(wanted ? "cnorm" : "civis"));
        cursor_shown = wanted;
    }
    painted = true;
    cursor_row = row;
    cursor_col = col;
    if (!paint_frame(&paint, s))
        return;
    paint_cursor(&paint, row, col);
    flush();
}

/* ---- keys ------------------------------------------------------------------------------------ */

static bool size_changed(void)
{
    char drained[64];
    while (read(wake[0], drained, sizeof drained) > 0)
        ;
    if (stopping) {
        screen_suspend();
        return true;
    }
    if (continued) { /* stopped by a signal that cannot be caught: who knows what the shell left */
        if (!by_line)
            endwin();
        return_to_terminal();
        return true;
    }
    if (!resized)
        return false;
    resized = 0;
    if (by_line)
        return false;
    take_size();
    paint_forget(&paint);
    return true;
}

struct key screen_key(void)
{
    if (!opened)
        return (struct key){.kind = KEY_KIND_NONE};
    if (size_changed())
        return (struct key){.kind = KEY_KIND_RESIZE};
    struct key key = input_key(&input);
    if (input.gone && !leaving)
        leaving = SIGHUP;
    return key;
}
