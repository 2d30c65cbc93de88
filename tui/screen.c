#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "core/base/i18n.h"
#include "core/text/charset.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include "tui/input.h"
#include "tui/theme.h"
#include "tui/streams.h"

enum { ROLES = 256, UNKNOWN = 0xff };
enum { NOTICE_BYTES = 1024 };

struct look {
    attr_t attributes;
    short pair;
    bool blank_shows; /* a blank of this role looks other than a plain one */
};

static bool opened, colours, utf8;
static int unshown;  /* characters that the locale lacks, as painted */
static bool by_line; /* opened by screen_open_lines(): curses has no part in it */
static SCREEN *terminal;
static struct termios found;
static struct input input;
static struct look look[ROLES];
static struct {
    short foreground, background;
} pairs[THEME_COUNT]; /* number i + 1 of curses */
static short n_pairs;
/* Pairs of pictures, by colour above and colour below; they are numbered after those of the theme. Made with the first. */
static short *picture_pair;
static short n_picture_pairs;
/* What the terminal shows, as far as screen_show() knows: cells == UNKNOWN equals nothing. */
static struct cell *shown;
static int shown_rows, shown_cols;
static cchar_t *line;      /* room for one row */
static int cursor_shown;   /* -1: not known */
static bool corner_shifts; /* see tears() */
static const char *paste_on = "", *paste_off = "";
static const char *mouse_on = "", *mouse_off = ""; /* "" unless wanted */
static const char *focus_on = "", *focus_off = ""; /* the same */

/* ncurses counts cells by wcwidth(): one table of widths, ours, must hold for both, whatever the C
 * library's age and the setting for ambiguous characters. */
int wcwidth(wchar_t c)
{
    char out[4];
    if (c >= 0x20 && c < 0x7f)
        return 1;
    if (c == 0)
        return 0;
    if (c < 0xa0)
        return -1;
    size_t n = utf8_encode((uint32_t)c, out);
    return n > 0 ? text_width(out, n) : -1;
}

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

/* Where ncurses puts the bytes of a frame. It has no public door to there: putp() writes through
 * stdio, before or after the frame. Where the library hides this one, each costs a write of its own. */
extern int _nc_outch(int c) __attribute__((weak));

static void emit(const char *sequence)
{
    if (sequence == NULL || *sequence == '\0')
        return;
    if (by_line) {
        ssize_t n = write(STDOUT_FILENO, sequence, strlen(sequence));
        (void)n;
        return;
    }
    if (_nc_outch != NULL) {
        tputs(sequence, 1, _nc_outch);
        return;
    }
    putp(sequence);
    fflush(stdout);
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

static void keep_variable(const char *name, const char *value)
{
    if (value != NULL)
        setenv(name, value, 1);
    else
        unsetenv(name);
}

/* ncurses gives its output buffer the size of the screen in characters, too little for a frame of
 * Chinese in one write(). It never changes that size again, so the screen is tall at first. */
static SCREEN *open_tall(void)
{
    char *rows = getenv("LINES"), *cols = getenv("COLUMNS");
    rows = rows != NULL ? strdup(rows) : NULL;
    cols = cols != NULL ? strdup(cols) : NULL;
    setenv("LINES", "4000", 1);
    setenv("COLUMNS", "2", 1);
    SCREEN *made = newterm(NULL, streams_bytes(), stdin); /* curses knows the locale itself */
    keep_variable("LINES", rows);
    keep_variable("COLUMNS", cols);
    free(rows);
    free(cols);
    return made;
}

static void forget_shown(void)
{
    size_t n = (size_t)shown_rows * (size_t)shown_cols;
    for (size_t i = 0; i < n; i++)
        shown[i].cells = UNKNOWN;
}

static void take_size(void)
{
    int rows, cols;
    real_size(&rows, &cols);
    if (rows == LINES && cols == COLS)
        return;
    resize_term(rows, COLS); /* else it grows the tall screen to the full width before it cuts it */
    resize_term(rows, cols);
    forget_shown();
    erase();
}

/* start_color() and endwin() would give the terminal its first palette back, not that of its person.
 * There is no door to that but the entry itself, which this process has read for itself. */
static void forget_palette(void)
{
    char *reset = tigetstr((char *)(uintptr_t) "oc");
    if (reset != NULL && reset != (char *)-1)
        *reset = '\0';
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
}

/* The pair of these colours, made when it is wanted first; 0 is the terminal's own. */
static short pair_of(short foreground, short background)
{
    if (!colours || (foreground < 0 && background < 0))
        return 0;
    for (short i = 0; i < n_pairs; i++)
        if (pairs[i].foreground == foreground && pairs[i].background == background)
            return (short)(i + 1);
    if (n_pairs == THEME_COUNT || n_pairs + 1 >= COLOR_PAIRS)
        return 0;
    pairs[n_pairs].foreground = foreground;
    pairs[n_pairs].background = background;
    n_pairs++;
    init_pair(n_pairs, foreground, background);
    return n_pairs;
}

static short most_picture_pairs(void)
{
    return (short)((COLOR_PAIRS < SHRT_MAX ? COLOR_PAIRS : SHRT_MAX) - THEME_COUNT - 1);
}

/* The same for a piece of a picture; 0 also when there are no more. */
static short pair_of_picture(unsigned char above, unsigned char below)
{
    enum { EACH = 256 };
    if (!colours || COLORS < EACH)
        return 0;
    if (picture_pair == NULL)
        picture_pair = calloc((size_t)EACH * EACH, sizeof *picture_pair);
    if (picture_pair == NULL)
        return 0;
    short *pair = &picture_pair[above * EACH + below];
    if (*pair == 0 && n_picture_pairs < most_picture_pairs()) {
        *pair = (short)(THEME_COUNT + 1 + n_picture_pairs++);
        init_pair(*pair, above, below);
    }
    return *pair;
}

/* After many pictures the numbers begin anew, and what is shown is painted anew, because it bears the old ones. */
static void spare_picture_pairs(const struct surface *s)
{
    size_t cells = (size_t)s->rows * (size_t)s->cols;
    if (n_picture_pairs <= most_picture_pairs() / 2 ||
        memcmp(s->cell, shown, cells * sizeof *shown) == 0)
        return;
    free(picture_pair);
    picture_pair = NULL;
    n_picture_pairs = 0;
    forget_shown();
    clearok(curscr, TRUE);
}

static void prepare_looks(const struct theme *theme)
{
    static const attr_t attribute[] = {A_BOLD, A_DIM, A_UNDERLINE, A_REVERSE, A_ITALIC};
    struct theme_style plain = theme_style(theme, THEME_PLAIN);
    n_pairs = 0;
    for (int role = 0; role < ROLES; role++) {
        struct theme_style style = theme_style(theme, (unsigned char)role);
        look[role].attributes = A_NORMAL;
        for (size_t i = 0; i < sizeof attribute / sizeof *attribute; i++)
            if (style.attributes >> i & 1)
                look[role].attributes |= attribute[i];
        look[role].pair = pair_of(style.foreground, style.background);
        look[role].blank_shows = role == SURFACE_PICTURE || /* a blank after it is none of it */
                                 style.background != plain.background ||
                                 (style.attributes & (THEME_UNDERLINE | THEME_REVERSE)) != 0;
    }
}

void screen_theme(const struct theme *theme)
{
    if (!opened || by_line)
        return;
    prepare_looks(theme);
    /* The cells of the frame carry their old looks until the next one is shown. */
    forget_shown();
    clearok(curscr, TRUE);
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
    terminal = open_tall();
    if (terminal == NULL) {
        release_signals();
        return fail(err, ST_IO, _("This terminal (TERM) is not known; try TERM=vt100."));
    }
    utf8 = charset_utf8();
    unshown = 0;
    input_init(&input, STDIN_FILENO, utf8);
    take_size();
    corner_shifts =
        tigetflag("am") > 0 && (capability("smam") == NULL || capability("rmam") == NULL);
    prepare_paste();
    prepare_emergency();
    name_keys();
    /* ncurses 6.4 flushes after every cursor motion until endwin() was called once. */
    endwin();
    raw();
    noecho();
    nonl();
    intrflush(stdscr, FALSE);
    typeahead(-1); /* a frame is painted whole, keys waiting or not */
    idlok(stdscr, TRUE);
    forget_palette();
    colours = has_colors() && start_color() == OK && use_default_colors() == OK;
    memset(look, 0, sizeof look);
    start_modes();
    refresh();
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
    free(shown);
    free(line);
    free(picture_pair);
    shown = NULL;
    line = NULL;
    picture_pair = NULL;
    n_picture_pairs = 0;
    shown_rows = shown_cols = 0;
}

void screen_size(int *ret_rows, int *ret_cols)
{
    *ret_rows = by_line ? 24 : LINES;
    *ret_cols = by_line ? 80 : COLS;
}

int screen_unshown(void)
{
    return unshown;
}

int screen_colours(void)
{
    return opened && colours ? COLORS : 0;
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
    else if (opened)
        beep();
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
    clearok(curscr, TRUE);
    refresh();
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
    start_modes();
    screen_repaint();
}

void screen_suspend(void)
{
    if (!opened)
        return;
    struct sigaction ours, plain = {.sa_handler = SIG_DFL};
    sigemptyset(&plain.sa_mask);
    if (by_line) {
        emit(paste_off);
    } else {
        end_modes();
        endwin();
    }
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
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
    end_modes();
    endwin();
    tcsetattr(STDIN_FILENO, TCSANOW, &found);
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

/* What stands for a sign that the locale lacks; 0: nothing does. */
static wchar_t stand_in(uint32_t c)
{
    static const uint32_t level[] = {0x2500, 0x2501, 0x2504, 0x2505,
                                     0x2508, 0x2509, 0x254c, 0x2550};
    static const uint32_t upright[] = {0x2502, 0x2503, 0x2506, 0x2507,
                                       0x250a, 0x250b, 0x254e, 0x2551};
    static const struct {
        uint32_t sign;
        char c;
    } single[] = {{0x2190, '<'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2026, '~'}, {0x2591, '.'},
                  {0x00b7, '*'}, {0x2022, '*'}, {0x2713, '*'}, {0x2717, 'x'}, {0x21bb, 'x'}};
    for (size_t i = 0; i < sizeof level / sizeof *level; i++) {
        if (c == level[i])
            return L'-';
        if (c == upright[i])
            return L'|';
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (c == single[i].sign)
            return (wchar_t)single[i].c;
    if (c >= 0x2500 && c <= 0x257f)
        return L'+';
    if (c >= 0x2580 && c <= 0x259f)
        return L'#';
    return c >= 0x2190 && c <= 0x21ff ? L'>' : 0;
}

/* One cluster as wide characters; false where the locale has no such character. */
static bool widen(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
    int n = 0;
    for (size_t i = 0; i < cell->len && n < CCHARW_MAX; n++) {
        uint32_t c;
        char bytes[MB_LEN_MAX];
        i += utf8_decode(cell->text + i, cell->len - i, &c);
        if (!utf8 && charset_put(c, bytes) == 0) {
            c = (uint32_t)stand_in(c);
            if (c == 0)
                return false;
        }
        out[n] = (wchar_t)c;
    }
    out[n] = 0;
    return n > 0;
}

static unsigned char visible_role(const struct cell *cell)
{
    bool blank = cell->len == 1 && cell->text[0] == ' ';
    return blank && !look[cell->role].blank_shows ? SURFACE_PLAIN : cell->role;
}

static bool same(const struct cell *a, const struct cell *b)
{
    if (a->role == SURFACE_PICTURE && b->role == SURFACE_PICTURE &&
        (a->above != b->above || a->below != b->below))
        return false;
    return a->cells == b->cells && a->len == b->len && memcmp(a->text, b->text, a->len) == 0 &&
           (a->role == b->role || visible_role(a) == visible_role(b));
}

static bool is_plain_blank(const struct cell *cell)
{
    return cell->len == 1 && cell->text[0] == ' ' && visible_role(cell) == SURFACE_PLAIN;
}

/* A blank looks alike in many roles: it takes that of what stands before it, so that words of one role
 * are not parted by a change of attributes and back. */
static unsigned char quiet_role(const struct cell *cell, int col)
{
    if (!is_plain_blank(cell))
        return visible_role(cell);
    for (int i = 1; i <= col; i++)
        if (cell[-i].len != 1 || cell[-i].text[0] != ' ')
            return look[cell[-i].role].blank_shows ? SURFACE_PLAIN : cell[-i].role;
    return SURFACE_PLAIN;
}

/* Appends the cell of a column, or as many blanks, to the line of n characters; returns the new n. */
static int add_cell(int n, const struct cell *cell, unsigned char role, bool blank)
{
    wchar_t wide[CCHARW_MAX + 1];
    const struct look *as = &look[role];
    if (!blank && widen(cell, wide)) {
        setcchar(&line[n], wide, as->attributes,
                 role == SURFACE_PICTURE ? pair_of_picture(cell->above, cell->below) : as->pair,
                 NULL);
        return n + 1;
    }
    unshown += !blank && cell->cells > 0; /* the right half of a wide one is no character */
    for (int i = 0; i < cell->cells; i++)
        setcchar(&line[n++], blank ? L" " : L"?", as->attributes, as->pair, NULL);
    return n;
}

/* Where a terminal cannot stop wrapping, ncurses writes the last cell of the last row one too far left
 * and shifts it in place, which tears a wide character before it: that one stays blank. */
static bool tears(const struct cell *cell, int row, int col)
{
    return corner_shifts && row == LINES - 1 && col == COLS - 3 && cell->cells == 2;
}

/* From where on the row is blank. */
static int blank_from(const struct cell *row, int cols)
{
    while (cols > 0 && is_plain_blank(&row[cols - 1]))
        cols--;
    return cols;
}

/* Is what stands here painted along with what changed before it? That is so for the blanks between two words that
 * changed, and for those up to the end: curses would paint them in the role that they were given before, which costs two
 * changes of attributes for each, and erase no row in which there are such. */
static bool goes_along(const struct cell *now, const struct cell *before, int col, int cols,
                       int end)
{
    enum { GAP = 4 };
    int to = col;
    if (!same(&now[col], &before[col]) || col >= end)
        return true;
    while (to < cols && is_plain_blank(&now[to]) && same(&now[to], &before[to]))
        to++;
    return to - col <= GAP && to > col && to < cols && !same(&now[to], &before[to]);
}

static void show_row(const struct surface *s, int row)
{
    const struct cell *now = s->cell + (size_t)row * (size_t)s->cols;
    struct cell *before = shown + (size_t)row * (size_t)s->cols;
    if (memcmp(now, before, (size_t)s->cols * sizeof *now) == 0)
        return;
    int end = blank_from(now, s->cols);
    for (int col = 0; col < s->cols;) {
        if (same(&now[col], &before[col])) {
            col++;
            continue;
        }
        int n = 0, from = col;
        for (; col < s->cols && goes_along(now, before, col, s->cols, end); col++)
            n = add_cell(n, &now[col], col >= end ? SURFACE_PLAIN : quiet_role(&now[col], col),
                         tears(&now[col], row, col));
        if (n > 0)
            mvadd_wchnstr(row, from, line, n);
    }
    memcpy(before, now, (size_t)s->cols * sizeof *now);
}

/* ---- scrolling ------------------------------------------------------------------------------- */

struct shift {
    int by, top, bottom, gain; /* rows top to bottom move up by `by` (down when negative) */
};

/* 0: unlike every other, for a row that is not known; 1: blank. */
static uint64_t row_hash(const struct cell *cell, int cols)
{
    uint64_t h = 0xcbf29ce484222325u;
    bool blank = true;
    for (int i = 0; i < cols; i++) {
        if (cell[i].cells == UNKNOWN)
            return 0;
        blank = blank && cell[i].len == 1 && cell[i].text[0] == ' ';
        for (int j = 0; j < cell[i].len; j++)
            h = (h ^ (unsigned char)cell[i].text[j]) * 0x100000001b3u;
        h = (h ^ (uint64_t)visible_role(&cell[i]) << 8) * 0x100000001b3u;
        if (cell[i].role == SURFACE_PICTURE)
            h = (h ^ ((uint64_t)cell[i].above << 16 | cell[i].below)) * 0x100000001b3u;
    }
    return blank ? 1 : h < 2 ? 2 : h;
}

/* How many rows a shift saves, less those that stand right already and would be moved away. */
static struct shift weigh(const uint64_t *now, const uint64_t *before, int rows, int by)
{
    struct shift s = {.by = by, .top = rows, .bottom = -1};
    for (int i = 0; i < rows; i++) {
        if (i + by < 0 || i + by >= rows || now[i] < 2 || now[i] != before[i + by])
            continue;
        s.gain++;
        s.top = i < s.top ? i : s.top;
        s.bottom = i;
    }
    if (s.gain == 0)
        return s;
    if (by > 0)
        s.bottom += by;
    else
        s.top += by;
    for (int i = s.top; i <= s.bottom; i++)
        s.gain -= now[i] >= 2 && now[i] == before[i];
    return s;
}

static struct shift best_shift(const uint64_t *now, const uint64_t *before, int rows)
{
    struct shift best = {.gain = 1};
    for (int by = 1; by < rows; by++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct shift one = weigh(now, before, rows, sign * by);
            if (one.gain > best.gain)
                best = one;
        }
    return best;
}

static void move_rows(const struct shift *s, int cols)
{
    size_t width = (size_t)cols;
    struct cell *top = shown + (size_t)s->top * width;
    size_t rows = (size_t)(s->bottom - s->top + 1), by = (size_t)abs(s->by);
    struct cell *fresh = s->by > 0 ? top + (rows - by) * width : top;
    setscrreg(s->top, s->bottom);
    scrollok(stdscr, TRUE); /* else a full last row of the region would scroll it */
    scrl(s->by);
    scrollok(stdscr, FALSE);
    setscrreg(0, LINES - 1);
    if (s->by > 0)
        memmove(top, top + by * width, (rows - by) * width * sizeof *top);
    else
        memmove(top + by * width, top, (rows - by) * width * sizeof *top);
#if SABOTAGE != 171 /* Damage: rows that came in by scrolling keep what stood there */
    for (size_t i = 0; i < by * width; i++)
        fresh[i].cells = UNKNOWN;
#endif
}

/* A list that moved by some rows is moved by the terminal. */
static void scroll_alike(const struct surface *s)
{
    enum { FEWEST = 4, MOST = 256 };
    static uint64_t now[MOST], before[MOST];
    size_t width = (size_t)s->cols;
    int first = -1, last = -1;
    for (int i = 0; i < s->rows; i++)
        if (memcmp(s->cell + (size_t)i * width, shown + (size_t)i * width, width * sizeof *shown) !=
            0) {
            first = first < 0 ? i : first;
            last = i;
        }
    if (corner_shifts && last == LINES - 1)
        last--; /* what is shown there may not be what was given, see tears() */
    int rows = last - first + 1;
    if (first < 0 || rows < FEWEST || rows > MOST)
        return;
    for (int i = 0; i < rows; i++) {
        now[i] = row_hash(s->cell + (size_t)(first + i) * width, s->cols);
        before[i] = row_hash(shown + (size_t)(first + i) * width, s->cols);
    }
    struct shift best = best_shift(now, before, rows);
    if (best.by == 0)
        return;
    best.top += first;
    best.bottom += first;
    move_rows(&best, s->cols);
}

static bool prepare_frame(const struct surface *s)
{
    if (shown != NULL && s->rows == shown_rows && s->cols == shown_cols)
        return true;
    size_t n = (size_t)s->rows * (size_t)s->cols;
    free(shown);
    free(line);
    shown = calloc(n ? n : 1, sizeof *shown);
    line = calloc((size_t)s->cols + 1, sizeof *line);
    shown_rows = shown_cols = 0;
    if (shown == NULL || line == NULL)
        return false;
    shown_rows = s->rows;
    shown_cols = s->cols;
    forget_shown();
    erase();
    return true;
}

static void place_cursor(int row, int col)
{
    bool wanted = row >= 0;
    if (cursor_shown != wanted) /* by hand: curs_set() would flush, and that be a second write */
        emit(capability(wanted ? "cnorm" : "civis"));
    cursor_shown = wanted;
    leaveok(stdscr, !wanted);
    if (wanted)
        move(row < LINES ? row : LINES - 1, col < 0 ? 0 : col < COLS ? col : COLS - 1);
}

void screen_show(const struct surface *s, int row, int col)
{
    /* A surface of another size than the screen: the next RESIZE key puts that right. */
    if (!opened || by_line || s->rows > LINES || s->cols > COLS || !prepare_frame(s))
        return;
    spare_picture_pairs(s);
    scroll_alike(s);
    for (int i = 0; i < s->rows; i++)
        show_row(s, i);
    place_cursor(row, col);
    refresh();
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
    clearok(curscr, TRUE);
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
