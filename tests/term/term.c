#include "tests/term/term.h"
#include "core/text/utf8.h"
#include "tests/whole.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The loop of the console waits for this many things at once (app.c); waiting for the rest of a key, it
 * waits for one. */
enum { LOOP_WAITS_FOR = 3, SILENCE_MS = 500, STEP_MS = 10, REST_MS = 1 };

static struct term *all_terms;

int64_t term_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- starting --------------------------------------------------------------------------------- */

static void set_environment(const struct term_options *o)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    static const char *const sanitizers[] = {"ASAN_OPTIONS", "UBSAN_OPTIONS"};
    char text[4400];
    for (size_t i = 0; i < sizeof sanitizers / sizeof *sanitizers; i++) {
        const char *now = getenv(sanitizers[i]);
        snprintf(text, sizeof text, "%.300s:log_path=%.4000s/sanitizer", now ? now : "", tmp);
        setenv(sanitizers[i], text, 1);
    }
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    for (int i = 0; i < TERM_ENVIRONMENT && o->env[i]; i++) {
        const char *equals = strchr(o->env[i], '=');
        snprintf(text, sizeof text, "%.*s", equals ? (int)(equals - o->env[i]) : 4000, o->env[i]);
        if (equals)
            setenv(text, equals + 1, 1);
        else
            unsetenv(text);
    }
}

static void run_program(const struct term_options *o)
{
    char *argv[TERM_ARGUMENTS + 1];
    int n = 0;
    for (int i = 0; i < TERM_ARGUMENTS && o->argv[i]; i++)
        if (*o->argv[i])
            argv[n++] = (char *)(uintptr_t)o->argv[i];
    argv[n] = NULL;
    execv(argv[0], argv);
    _exit(127);
}

/* What a shell with job control does, for one job. */
static void be_shell(const struct term_options *o, int in, int out)
{
    signal(SIGTTOU, SIG_IGN);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTSTP, SIG_IGN);
    pid_t job = fork();
    if (job == 0) {
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        signal(SIGTTIN, SIG_DFL);
        signal(SIGTSTP, SIG_DFL);
        close(in);
        close(out);
        run_program(o);
    }
    setpgid(job, job);
    tcsetpgrp(STDIN_FILENO, job);
    struct {
        int what, value;
    } say = {'p', (int)job};
    char go;
    for (;;) {
        if (write(out, &say, sizeof say) != sizeof say)
            _exit(0);
        if (waitpid(job, &say.value, WUNTRACED) != job)
            _exit(0);
        tcsetpgrp(STDIN_FILENO, getpgrp());
        if (!WIFSTOPPED(say.value))
            break;
        say.what = 's';
        if (write(out, &say, sizeof say) != sizeof say || read(in, &go, 1) != 1)
            _exit(0);
        tcsetpgrp(STDIN_FILENO, job);
        kill(-job, SIGCONT);
        say.what = 'g';
    }
    say.what = 'e';
    _exit(write(out, &say, sizeof say) != sizeof say);
}

static void child_side(const struct term_options *o, const char *device, int in, int out)
{
    setsid();
    int tty = open(device, O_RDWR);
    if (tty < 0 || ioctl(tty, TIOCSCTTY, 0) != 0)
        _exit(126);
    dup2(tty, STDIN_FILENO);
    dup2(tty, STDOUT_FILENO);
    dup2(tty, STDERR_FILENO);
    if (tty > STDERR_FILENO)
        close(tty);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    set_environment(o);
    if (o->shell)
        be_shell(o, in, out);
    run_program(o);
}

/* One message of the shell, if there is one. 0: none. */
static int hear_shell(struct term *t, int wait_ms)
{
    struct {
        int what, value;
    } said;
    struct pollfd p = {.fd = t->from_shell, .events = POLLIN};
    if (t->from_shell < 0 || poll(&p, 1, wait_ms) <= 0 ||
        read(t->from_shell, &said, sizeof said) != sizeof said)
        return 0;
    if (said.what == 'p')
        t->pid = said.value;
    if (said.what == 'e') {
        t->ended = true;
        t->status = said.value;
    }
    if (said.what == 's' || said.what == 'g')
        t->stopped = said.what == 's';
    return said.what;
}

/* As large as the window, in the modes that the program has set. */
static void make_screen(struct term *t)
{
    char modes[64];
    int n = snprintf(modes, sizeof modes, "%s%s%s%s", t->stream.alternate ? "\033[?1049h" : "",
                     t->stream.application ? "\033[?1h" : "",
                     t->stream.marks_pastes ? "\033[?2004h" : "",
                     t->stream.cursor_hidden ? "\033[?25l" : "");
    if (t->vt)
        vterm_free(t->vt);
    t->vt = vterm_new(t->rows, t->cols);
    assert_non_null(t->vt);
    t->grown = false;
    vterm_set_utf8(t->vt, !t->stream.ascii);
    t->screen = vterm_obtain_screen(t->vt);
    vterm_screen_enable_altscreen(t->screen, 1);
    vterm_screen_reset(t->screen, 1);
    vterm_input_write(t->vt, modes, (size_t)n);
}

struct term *term_start(const struct term_options *o)
{
    struct term *t = calloc(1, sizeof *t);
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    char device[64];
    assert_non_null(t);
    t->rows = o->rows ? o->rows : 24;
    t->cols = o->cols ? o->cols : 80;
    const char *slash = strrchr(o->argv[0], '/');
    snprintf(t->name, sizeof t->name, "%s", slash ? slash + 1 : o->argv[0]);
    t->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (t->master < 0 || grantpt(t->master) != 0 || unlockpt(t->master) != 0 ||
        ptsname_r(t->master, device, sizeof device) != 0)
        fail_msg("no pseudo terminal: %s", strerror(errno));
    t->slave = open(device, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct winsize size = {.ws_row = (unsigned short)t->rows, .ws_col = (unsigned short)t->cols};
    ioctl(t->master, TIOCSWINSZ, &size);
    assert_int_equal(tcgetattr(t->slave, &t->found), 0);
    if (o->shell && (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0))
        fail_msg("no pipe: %s", strerror(errno));
    t->to_shell = down[1];
    t->from_shell = up[0];
    pid_t child = fork();
    if (child == 0)
        child_side(o, device, down[0], up[1]);
    assert_true(child > 0);
    if (o->shell) {
        t->shell = child;
        close(down[0]);
        close(up[1]);
        if (hear_shell(t, TERM_PATIENCE_MS) != 'p')
            fail_msg("the shell does not start its job");
    } else {
        t->pid = child;
    }
    stream_init(&t->stream, o->ascii);
    t->to_utf8 = t->from_utf8 = (iconv_t)-1;
    if (o->charset) {
        t->to_utf8 = iconv_open("UTF-8", o->charset);
        t->from_utf8 = iconv_open(o->charset, "UTF-8");
        assert_true(t->to_utf8 != (iconv_t)-1 && t->from_utf8 != (iconv_t)-1);
    }
    t->answers = t->stream.asks = o->answers;
    t->wide = o->wide;
    make_screen(t);
    t->next = all_terms;
    all_terms = t;
    return t;
}

/* --- ending ----------------------------------------------------------------------------------- */

static void check_sanitizers(struct term *t)
{
    char pattern[4200];
    glob_t found;
    snprintf(pattern, sizeof pattern, "%.4000s/sanitizer.*", getenv("JIBAN_TEST_TMP"));
    if (glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc > 0) {
        char line[1024];
        FILE *f = fopen(found.gl_pathv[0], "r");
        while (f && fgets(line, sizeof line, f))
            fprintf(stderr, "# %s", line);
        if (f)
            fclose(f);
        unlink(found.gl_pathv[0]);
        globfree(&found);
        term_fail(t, "a sanitizer complains");
    }
    globfree(&found);
}

/* Takes what waitpid() knows. */
static void look_after(struct term *t)
{
    if (t->ended)
        return;
    if (t->shell)
        hear_shell(t, 0);
    else if (waitpid(t->pid, &t->status, WNOHANG) == t->pid)
        t->ended = true;
}

int term_wait_end(struct term *t)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    while (!t->ended) {
        term_pump(t, STEP_MS);
        look_after(t);
        if (term_now_ms() > until)
            term_fail(t, "it does not end");
    }
    while (term_pump(t, 0))
        ;
    check_sanitizers(t);
    bool killed = WIFSIGNALED(t->status) && WTERMSIG(t->status) == SIGKILL;
    if (!killed && !stream_end(&t->stream))
        term_fail(t, "the terminal was sent what it must not be: %s", t->stream.fault);
    return WIFEXITED(t->status) ? WEXITSTATUS(t->status) : 128 + WTERMSIG(t->status);
}

static void release(struct term *t)
{
    struct term **at = &all_terms;
    while (*at && *at != t)
        at = &(*at)->next;
    if (*at)
        *at = t->next;
    if (t->pid > 0 && !t->ended)
        kill(t->pid, SIGKILL);
    if (t->shell > 0)
        kill(t->shell, SIGKILL);
    if (t->shell > 0 || !t->ended)
        waitpid(t->shell > 0 ? t->shell : t->pid, NULL, 0);
    const int fds[] = {t->master, t->slave, t->to_shell, t->from_shell};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    vterm_free(t->vt);
    if (t->to_utf8 != (iconv_t)-1) {
        iconv_close(t->to_utf8);
        iconv_close(t->from_utf8);
    }
    line_release(&t->line);
    free(t->text);
    free(t);
}

void term_end(struct term *t)
{
    while (term_pump(t, 0))
        ;
    check_sanitizers(t);
    release(t);
}

void term_end_all(const struct term *but)
{
    struct term *t = all_terms;
    while (t) {
        struct term *next = t->next;
        if (t != but)
            release(t);
        t = next;
    }
}

void term_fail(struct term *t, const char *fmt, ...)
{
    char why[1024];
    va_list args;
    va_start(args, fmt);
    vsnprintf(why, sizeof why, fmt, args);
    va_end(args);
    const char *screen = term_screen(t);
    fprintf(stderr, "# %s, %d x %d, %llu bytes written%s\n", t->name, t->cols, t->rows,
            (unsigned long long)t->stream.bytes, t->ended ? ", ended" : "");
    for (const char *line = screen; *line;) {
        size_t n = strcspn(line, "\n");
        fprintf(stderr, "# |%.*s\n", (int)n, line);
        line += n + (line[n] == '\n');
    }
    fail_msg("%s", why);
    abort();
}

/* --- reading ---------------------------------------------------------------------------------- */

static size_t allowance(struct term *t, size_t most)
{
    if (t->rate == 0)
        return most;
    int64_t now = term_now_ms();
    if (t->rate_from_ms == 0) {
        t->rate_from_ms = now;
        t->rate_read = 0;
    }
    int64_t due = (now - t->rate_from_ms) * t->rate / 1000 - t->rate_read;
    return due <= 0 ? 0 : (size_t)due < most ? (size_t)due : most;
}

/* Where the cursor is. libvterm's font has ambiguous characters in one cell only: with another one it were a cell
 * further on, after one of them. */
static void send_answer(struct term *t)
{
    char bytes[64] = "";
    int row, col;
    size_t n = vterm_output_read(t->vt, bytes, sizeof bytes - 1);
    if (n > 0 && t->wide && sscanf(bytes, "\033[%d;%dR", &row, &col) == 2)
        n = (size_t)snprintf(bytes, sizeof bytes, "\033[%d;%dR", row, col + 1);
    if (n > 0)
        term_type_bytes(t, bytes, n);
}

/* libvterm 0.1.4 ends by a fault when a character of two cells comes to a window of one column, as it does from a program
 * that leaves: a question mark stands for those (of UTF-8: U+1000 to U+1FFF, U+3000 and above). */
static void put_narrow(struct term *t, const char *bytes, size_t n)
{
    for (size_t i = 0, len; i < n; i += len) {
        unsigned char first = (unsigned char)bytes[i];
        len = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
        len = len < n - i ? len : n - i;
        if (first == 0xe1 || first > 0xe2)
            vterm_input_write(t->vt, "?", 1);
        else
            vterm_input_write(t->vt, bytes + i, len);
    }
}

static void put_screen(struct term *t, const char *bytes, size_t n)
{
    int rows, cols;
    vterm_get_size(t->vt, &rows, &cols);
    if (cols == 1)
        put_narrow(t, bytes, n);
    else
        vterm_input_write(t->vt, bytes, n);
}

/* Onto the screen, whole characters only (whole.h). */
static void put_whole(struct term *t, const char *bytes, size_t n)
{
    while (t->n_held > 0 && n > 0) {
        t->held[t->n_held++] = *bytes++;
        n--;
        if (whole_characters(t->held, t->n_held) == t->n_held) {
            put_screen(t, t->held, t->n_held);
            t->n_held = 0;
        }
    }
    size_t whole = whole_characters(bytes, n);
    put_screen(t, bytes, whole);
    if (n > whole) { /* then nothing was held any more */
        t->n_held = n - whole;
        memcpy(t->held, bytes + whole, t->n_held);
    }
}

/* What came, in UTF-8, to the checks and onto the screen. */
static void show_utf8(struct term *t, const char *bytes, size_t n)
{
    if (!stream_feed(&t->stream, bytes, n))
        term_fail(t, "the terminal was sent what it must not be: %s", t->stream.fault);
    put_whole(t, bytes, n);
    if (t->answers)
        send_answer(t);
}

static void show(struct term *t, char *bytes, size_t n)
{
    char in[16384 + sizeof t->rest], utf8[4 * sizeof in], *from = in, *to = utf8;
    if (t->to_utf8 == (iconv_t)-1) {
        show_utf8(t, bytes, n);
        return;
    }
    memcpy(in, t->rest, t->n_rest);
    memcpy(in + t->n_rest, bytes, n);
    size_t left = t->n_rest + n, room = sizeof utf8;
    if (iconv(t->to_utf8, &from, &left, &to, &room) == (size_t)-1 &&
        (errno != EINVAL || left > sizeof t->rest))
        term_fail(t, "bytes that are not of its locale, the first %02X", (unsigned char)*from);
    t->n_rest = left;
    memcpy(t->rest, from, left);
    show_utf8(t, utf8, sizeof utf8 - room);
}

static void write_keys(struct term *t, const char *bytes, size_t n);

/* What has arrived at either end of a long line. True: something is on the screen. */
static bool turn_line(struct term *t)
{
    char bytes[16384];
    size_t n;
    while (!t->turning &&
           (n = line_take(&t->line, LINE_TO_PROGRAM, term_now_ms(), bytes, sizeof bytes)) > 0) {
        t->turning = true; /* whoever waits for room to write reads meanwhile */
        write_keys(t, bytes, n);
        t->turning = false;
    }
    n = line_take(&t->line, LINE_TO_TERMINAL, term_now_ms(), bytes, sizeof bytes);
    if (n > 0)
        show(t, bytes, n);
    return n > 0;
}

bool term_pump(struct term *t, int wait_ms)
{
    char bytes[16384];
    struct pollfd p = {.fd = t->master, .events = POLLIN};
    if (t->master < 0)
        return false;
    if (t->line.delay_ms && turn_line(t))
        return true;
    if (!line_is_empty(&t->line) && wait_ms > 1)
        wait_ms = 1;
    size_t most = allowance(t, sizeof bytes);
    if (most == 0) {
        poll(NULL, 0, wait_ms < 5 ? wait_ms : 5);
        return false;
    }
    if (poll(&p, 1, wait_ms) <= 0 || !(p.revents & POLLIN))
        return false;
    ssize_t n = read(t->master, bytes, most);
    if (n <= 0)
        return false;
    t->rate_read += n;
    if (t->line.delay_ms)
        line_send(&t->line, LINE_TO_TERMINAL, term_now_ms(), bytes, (size_t)n);
    else
        show(t, bytes, (size_t)n);
    return true;
}

static void must_run(struct term *t, const char *what)
{
    look_after(t);
    if (!t->ended)
        return;
    while (term_pump(t, 0))
        ;
    check_sanitizers(t);
    if (!term_shows(t, what))
        term_fail(t, "it ended (status %#x) while waiting for: %s", (unsigned)t->status, what);
}

static void wait_for(struct term *t, const char *text, bool there)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    while (term_shows(t, text) != there) {
        if (!term_pump(t, STEP_MS)) {
            must_run(t, text);
            if (term_now_ms() > until)
                term_fail(t, there ? "does not appear: %s" : "does not go away: %s", text);
        }
    }
}

void term_wait(struct term *t, const char *text)
{
    wait_for(t, text, true);
}

void term_wait_gone(struct term *t, const char *text)
{
    wait_for(t, text, false);
}

int term_wait_any(struct term *t, const char *const *texts)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    for (;;) {
        for (int i = 0; texts[i]; i++)
            if (term_shows(t, texts[i]))
                return i;
        if (!term_pump(t, STEP_MS)) {
            must_run(t, texts[0]);
            if (term_now_ms() > until)
                term_fail(t, "none of these appears: %s ...", texts[0]);
        }
    }
}

/* The program sits in the poll() of its loop; -1: this system does not tell. */
static int waits_in_loop(struct term *t)
{
    char path[64], line[256] = "";
    snprintf(path, sizeof path, "/proc/%d/syscall", (int)t->pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t n = read(fd, line, sizeof line - 1);
    close(fd);
    if (n <= 0)
        return -1;
    char *at = line;
    long number = strtol(at, &at, 10); /* "running" gives 0 */
    strtoull(at, &at, 16);
    unsigned long long count = strtoull(at, NULL, 16);
    bool polls = number == SYS_ppoll;
#ifdef SYS_poll
    polls = polls || number == SYS_poll;
#endif
    return polls && count == LOOP_WAITS_FOR;
}

static bool has_input(const struct term *t)
{
    struct pollfd p = {.fd = t->slave, .events = POLLIN};
    return poll(&p, 1, 0) > 0 && p.revents & POLLIN;
}

enum term_rest term_rest(struct term *t)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS, quiet = term_now_ms();
    for (;;) {
        /* in this order: what it had to read it has read; so what it has to say it has said */
        bool unread = has_input(t) || !line_is_empty(&t->line);
        int waits = unread ? 0 : waits_in_loop(t);
        bool heard = term_pump(t, 0);
        int64_t now = term_now_ms();
        if (heard || unread)
            quiet = now;
        if (!heard && !unread && (waits == 1 || (waits < 0 && now - quiet > SILENCE_MS)))
            return TERM_WAITS;
        if (!heard)
            term_pump(t, REST_MS);
        must_run(t, "");
        if (t->ended || t->stopped)
            return t->ended ? TERM_ENDED : TERM_STOPPED;
        if (now > until)
            term_fail(t, "it does not come to rest");
    }
}

void term_settle(struct term *t)
{
    enum term_rest how = term_rest(t);
    if (how != TERM_WAITS)
        term_fail(t, "it %s (status %#x)", how == TERM_ENDED ? "ended" : "stopped",
                  (unsigned)t->status);
}

/* --- keys ------------------------------------------------------------------------------------- */

static void write_keys(struct term *t, const char *bytes, size_t n)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    while (n > 0) {
        ssize_t written = write(t->master, bytes, n);
        if (written > 0) {
            bytes += written;
            n -= (size_t)written;
            continue;
        }
        if (written < 0 && errno != EAGAIN && errno != EINTR)
            term_fail(t, "keys cannot be sent: %s", strerror(errno));
        term_pump(t, STEP_MS); /* it may wait for us to read */
        must_run(t, "");
        if (term_now_ms() > until)
            term_fail(t, "it reads no keys");
    }
}

void term_type_bytes(struct term *t, const char *bytes, size_t n)
{
    if (t->gathered)
        buf_add(t->gathered, bytes, n);
    else if (t->line.delay_ms)
        line_send(&t->line, LINE_TO_PROGRAM, term_now_ms(), bytes, n);
    else
        write_keys(t, bytes, n);
}

static void type_text(struct term *t, const char *text, size_t n)
{
    char bytes[4096], *from = (char *)(uintptr_t)text, *to = bytes;
    size_t left = n, room = sizeof bytes;
    if (t->from_utf8 == (iconv_t)-1) {
        term_type_bytes(t, text, n);
        return;
    }
    if (iconv(t->from_utf8, &from, &left, &to, &room) == (size_t)-1)
        term_fail(t, "cannot be typed in its locale: %s", text);
    term_type_bytes(t, bytes, sizeof bytes - room);
}

void term_type(struct term *t, const char *text)
{
    type_text(t, text, strlen(text));
}

/* What libvterm's keyboard made of a key. */
static void send_keyboard(struct term *t)
{
    char bytes[256];
    size_t n;
    while ((n = vterm_output_read(t->vt, bytes, sizeof bytes)) > 0)
        term_type_bytes(t, bytes, n);
}

static void press_one(struct term *t, const char *name, size_t n)
{
    static const struct {
        const char *name;
        VTermKey key;
        VTermModifier modifier;
    } keys[] = {
        {"Enter", VTERM_KEY_ENTER, VTERM_MOD_NONE},
        {"Tab", VTERM_KEY_TAB, VTERM_MOD_NONE},
        {"BackTab", VTERM_KEY_TAB, VTERM_MOD_SHIFT},
        {"Backspace", VTERM_KEY_BACKSPACE, VTERM_MOD_NONE},
        {"Esc", VTERM_KEY_ESCAPE, VTERM_MOD_NONE},
        {"Up", VTERM_KEY_UP, VTERM_MOD_NONE},
        {"Down", VTERM_KEY_DOWN, VTERM_MOD_NONE},
        {"Left", VTERM_KEY_LEFT, VTERM_MOD_NONE},
        {"Right", VTERM_KEY_RIGHT, VTERM_MOD_NONE},
        {"Home", VTERM_KEY_HOME, VTERM_MOD_NONE},
        {"End", VTERM_KEY_END, VTERM_MOD_NONE},
        {"PgUp", VTERM_KEY_PAGEUP, VTERM_MOD_NONE},
        {"PgDn", VTERM_KEY_PAGEDOWN, VTERM_MOD_NONE},
        {"Del", VTERM_KEY_DEL, VTERM_MOD_NONE},
        {"^Left", VTERM_KEY_LEFT, VTERM_MOD_CTRL},
        {"^Right", VTERM_KEY_RIGHT, VTERM_MOD_CTRL},
    };
    char bytes[2] = {0};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strlen(keys[i].name) == n && strncmp(keys[i].name, name, n) == 0) {
            vterm_keyboard_key(t->vt, keys[i].key, keys[i].modifier);
            send_keyboard(t);
            if (keys[i].key == VTERM_KEY_ESCAPE && !t->gathered)
                term_settle(t); /* else it would be Alt with the next one */
            return;
        }
    if (n == 2 && name[0] == '^') {
        bytes[0] = (char)(name[1] & 0x1f);
        term_type_bytes(t, bytes, 1);
    } else if ((n == 3 && strncmp(name, "M-", 2) == 0) ||
               (n == 5 && strncmp(name, "Alt-", 4) == 0)) {
        bytes[0] = '\033';
        bytes[1] = name[n - 1];
        term_type_bytes(t, bytes, 2);
    } else if (n > 1 && n < 4 && name[0] == 'F') {
        vterm_keyboard_key(t->vt, (VTermKey)VTERM_KEY_FUNCTION(atoi(name + 1)), VTERM_MOD_NONE);
        send_keyboard(t);
    } else if (n == 5 && strncmp(name, "Space", n) == 0) {
        term_type_bytes(t, " ", 1);
    } else if (n == 1) {
        term_type_bytes(t, name, 1);
    } else {
        term_fail(t, "no such key: %.*s", (int)n, name);
    }
}

void term_press(struct term *t, const char *keys)
{
    while (*keys) {
        size_t n = strcspn(keys, " ");
        if (*keys == '\'') {
            n = 1 + strcspn(keys + 1, "'") + 1;
            type_text(t, keys + 1, n - 2);
        } else if (n > 0) {
            press_one(t, keys, n);
        }
        keys += n;
        keys += strspn(keys, " ");
    }
}

void term_burst(struct term *t, const char *keys)
{
    struct buf bytes;
    buf_init(&bytes, LINE_BYTES);
    t->gathered = &bytes;
    term_press(t, keys);
    t->gathered = NULL;
    assert_int_equal(buf_status(&bytes), ST_OK);
    term_type_bytes(t, bytes.data, bytes.len);
    buf_release(&bytes);
}

void term_paste(struct term *t, const char *bytes, size_t n)
{
    vterm_keyboard_start_paste(t->vt);
    send_keyboard(t);
    type_text(t, bytes, n);
    vterm_keyboard_end_paste(t->vt);
    send_keyboard(t);
}

void term_forbid(struct term *t, const char *text)
{
    t->stream.forbidden = text;
}

/* --- the screen ------------------------------------------------------------------------------- */

static void take_cell(struct buf *out, const VTermScreenCell *cell)
{
    char utf8[4];
    if (cell->chars[0] == (uint32_t)-1)
        return; /* the second half of a wide one */
    if (cell->chars[0] == 0)
        buf_putc(out, ' ');
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
        buf_add(out, utf8, utf8_encode(cell->chars[i], utf8));
}

static void take_row(struct term *t, int row, struct buf *out)
{
    size_t from = out->len;
    for (int col = 0; col < t->cols; col++) {
        VTermScreenCell cell;
        vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
        take_cell(out, &cell);
    }
    while (out->len > from && out->data[out->len - 1] == ' ')
        out->len--;
}

static const char *keep_text(struct term *t, struct buf *out)
{
    buf_putc(out, '\0');
    assert_int_equal(buf_status(out), ST_OK);
    free(t->text);
    t->text = malloc(out->len);
    assert_non_null(t->text);
    memcpy(t->text, out->data, out->len);
    buf_release(out);
    return t->text;
}

const char *term_screen(struct term *t)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (int row = 0; row < t->rows; row++) {
        take_row(t, row, &out);
        buf_putc(&out, '\n');
    }
    return keep_text(t, &out);
}

const char *term_row(struct term *t, int row)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    row = row < 0 ? t->rows + row : row;
    if (row >= 0 && row < t->rows)
        take_row(t, row, &out);
    return keep_text(t, &out);
}

const char *term_number_in(const char *text, size_t n)
{
    static const char shape[] = "####-#####";
    for (size_t at = 0; at + sizeof shape - 1 <= n; at++) {
        size_t k = 0;
        while (shape[k] == '#' ? isdigit((unsigned char)text[at + k]) != 0
                               : shape[k] && shape[k] == text[at + k])
            k++;
        if (!shape[k])
            return text + at;
    }
    return NULL;
}

int term_find(struct term *t, const char *text)
{
    for (int row = 0; row < t->rows; row++)
        if (strstr(term_row(t, row), text))
            return row;
    return -1;
}

bool term_shows(struct term *t, const char *text)
{
    return strstr(term_screen(t), text) != NULL;
}

static int colour_of(const VTermColor *c)
{
    if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
        return -1;
    return VTERM_COLOR_IS_INDEXED(c) ? c->indexed.idx
                                     : 256 + (c->rgb.red << 16 | c->rgb.green << 8 | c->rgb.blue);
}

const char *term_picture(struct term *t)
{
    struct buf out;
    VTermPos cursor;
    buf_init(&out, 8 << 20);
    for (int row = 0; row < t->rows; row++) {
        char last[64] = "";
        for (int col = 0; col < t->cols; col++) {
            VTermScreenCell cell;
            char look[64];
            vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
            if (cell.chars[0] == (uint32_t)-1)
                continue; /* the second half of a wide one; libvterm leaves old looks there */
            bool blank = cell.chars[0] == 0 || cell.chars[0] == ' ';
            bool shows = cell.attrs.underline || cell.attrs.reverse;
            snprintf(look, sizeof look, "{%s%s%s%d/%d}", cell.attrs.bold && !blank ? "b" : "",
                     cell.attrs.underline ? "u" : "", cell.attrs.reverse ? "r" : "",
                     blank && !shows ? -1 : colour_of(&cell.fg), colour_of(&cell.bg));
            if (strcmp(look, last) != 0)
                buf_puts(&out, look);
            snprintf(last, sizeof last, "%s", look);
            take_cell(&out, &cell);
        }
        buf_putc(&out, '\n');
    }
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &cursor);
    if (!t->stream.cursor_hidden)
        buf_printf(&out, "cursor %d %d\n", cursor.row, cursor.col);
    return keep_text(t, &out);
}

bool term_cursor(struct term *t, int *ret_row, int *ret_col)
{
    VTermPos cursor;
    vterm_state_get_cursorpos(vterm_obtain_state(t->vt), &cursor);
    *ret_row = cursor.row;
    *ret_col = cursor.col;
    return !t->stream.cursor_hidden;
}

const char *term_cell(struct term *t, int row, int col)
{
    VTermScreenCell cell;
    struct buf out;
    buf_init(&out, 256);
    vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
    if (cell.chars[0] != 0 && cell.chars[0] != ' ')
        take_cell(&out, &cell);
    return keep_text(t, &out);
}

struct term_look term_look_of(struct term *t, const char *text)
{
    int row = term_find(t, text);
    if (row < 0)
        term_fail(t, "is not there: %s", text);
    for (int col = 0; col < t->cols; col++) {
        struct buf rest;
        VTermScreenCell cell;
        buf_init(&rest, 1 << 16);
        for (int i = col; i < t->cols; i++) {
            vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = i}, &cell);
            take_cell(&rest, &cell);
        }
        bool here = rest.len >= strlen(text) && memcmp(rest.data, text, strlen(text)) == 0;
        buf_release(&rest);
        vterm_screen_get_cell(t->screen, (VTermPos){.row = row, .col = col}, &cell);
        if (here && cell.chars[0] != (uint32_t)-1)
            return (struct term_look){.bold = cell.attrs.bold,
                                      .underline = cell.attrs.underline != 0,
                                      .reverse = cell.attrs.reverse,
                                      .coloured = colour_of(&cell.fg) >= 0};
    }
    term_fail(t, "is not there: %s", text);
}

/* --- the program's world ---------------------------------------------------------------------- */

void term_resize(struct term *t, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    static const char garbage[] = "\033[2;3H??????\033[9;1H##########\033[5;2H????";
    int had_rows, had_cols;
    while (term_pump(t, 0))
        ;
    if (rows == t->rows && cols == t->cols)
        return;
    t->rows = rows;
    t->cols = cols;
    /* The screen behind the window only grows: libvterm 0.1.4 does not survive what was meant for a larger one. */
    vterm_get_size(t->vt, &had_rows, &had_cols);
    t->grown = t->grown || rows > had_rows || cols > had_cols;
    if (rows > had_rows || cols > had_cols)
        vterm_set_size(t->vt, rows > had_rows ? rows : had_rows, cols > had_cols ? cols : had_cols);
    /* Terminals wrap anew, cut, move the cursor: what stood there cannot be relied on. */
    vterm_input_write(t->vt, garbage, sizeof garbage - 1);
    ioctl(t->master, TIOCSWINSZ, &size);
}

bool term_fits(struct term *t)
{
    int rows, cols;
    vterm_get_size(t->vt, &rows, &cols);
    return rows == t->rows && cols == t->cols && !t->grown;
}

void term_fit(struct term *t)
{
    if (!term_fits(t))
        make_screen(t);
}

void term_signal(struct term *t, int number)
{
    kill(t->pid, number);
}

void term_kill(struct term *t)
{
    kill(t->pid, SIGKILL);
    assert_int_equal(term_wait_end(t), 128 + SIGKILL);
}

void term_hang_up(struct term *t)
{
    while (term_pump(t, 0))
        ;
    close(t->master);
    t->master = -1;
}

void term_wait_stopped(struct term *t)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    while (!t->stopped) {
        hear_shell(t, 0);
        term_pump(t, STEP_MS);
        if (t->ended || term_now_ms() > until)
            term_fail(t, "it does not stop");
    }
    while (term_pump(t, 0))
        ;
}

void term_foreground(struct term *t)
{
    if (write(t->to_shell, "g", 1) != 1 || hear_shell(t, TERM_PATIENCE_MS) != 'g')
        term_fail(t, "the shell does not go on");
}

void term_check_restored(struct term *t)
{
    struct termios now;
    if (tcgetattr(t->slave, &now) != 0)
        term_fail(t, "the terminal is gone");
    if (now.c_iflag != t->found.c_iflag || now.c_oflag != t->found.c_oflag ||
        now.c_cflag != t->found.c_cflag || now.c_lflag != t->found.c_lflag ||
        memcmp(now.c_cc, t->found.c_cc, sizeof now.c_cc) != 0)
        term_fail(t, "the line is not set as it was");
}
