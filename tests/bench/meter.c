/*
 * meter.c: runs a program in a pty, sends keys and measures what comes back.
 *
 * usage: meter [-n LABEL] [-s ROWSxCOLS] STEP... -- PROGRAM [ARGUMENT...]
 * Steps, their parts parted by colons:
 *   start:NAME:PATTERN[:KEYS:PATTERN]  from exec until a line shows PATTERN (then sends KEYS and waits
 *                            for the second one): time and bytes; then until quiet
 *   wait:PATTERN:SECONDS     until a line shows PATTERN; ends the run with an error when none does
 *   send:KEYS                until quiet, not measured
 *   key:NAME:KEYS:COUNT[:AFTER]  send, wait until quiet, COUNT times: first and last byte, bytes, bytes for
 *                            each cell that changed; then sends AFTER, not measured
 *   slow:NAME:KEYS:COUNT[:AFTER]  the same for what thinks a while between its first and last byte
 *   longest:NAME:KEYS:COUNT[:AFTER]  the same for what may think for seconds after its first byte
 *   burst:NAME:KEYS:COUNT    all at once: bytes and time to the last byte
 *   line:NAME:KEYS:COUNT[:AFTER]   like key, the terminal taking 960 bytes a second: character times (1.04 ms) until the
 *                            first frame and until the last byte is painted; then sends AFTER, not measured
 *   keep:FILE                from now on the pictures before and after each key of a line are added to FILE
 *                            (picture.h), for limit -p
 *   count:NAME:KEYS:PATTERN  sends one key after the other, each when the one before is answered, until a line shows
 *                            PATTERN: how many that took; ends the run when it shows before the last one, or never
 *   held:NAME:KEYS:COUNT:SECONDS   30 keys a second, the line read at 960 bytes a second: lag after the last
 *                            key, given up after SECONDS
 *   writes:NAME:KEYS:COUNT:FILE    write() calls to the terminal a frame, out of strace's FILE
 *   during:NAME:KEYS:PATTERN:SECONDS   until a line shows PATTERN: from a key to another marked row
 *   idle:SECONDS             wake-ups, bytes and CPU
 *   mem:NAME                 private and anonymous memory
 *   end:NAME                 asks the program to leave by SIGTERM: CPU of the whole run
 * PATTERN: text in which # is any digit. KEYS: \r, \e, \t, \s (space), \c (colon) and \^X (control) are understood.
 * Output: label, measure, value, unit, parted by tabs.
 */
#include "tests/bench/picture.h"
#include "tests/whole.h"
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

enum {
    SAMPLES = 5000,
    PARTS = 6,
    KEYS_MAX = 64,
    SIDE = 400,
    QUIET_KEY_MS = 15,
    QUIET_START_MS = 250,
    QUIET_SLOW_MS = 400,
    QUIET_LONGEST_MS =
        3000, /* Enter is echoed at once, and the bare list's search reads the whole table */
    TORN_MS = 1,
    FIRST_WAIT_MS = 400,
    BURST_WAIT_MS = 5000,
    START_WAIT_MS = 120000,
    QUIET_LINE_MS = 250,
    FRAME_MS = 30,   /* so long a silence ends a frame */
    LINE_SPEED = 960 /* bytes a second at 9600 baud */
};

struct answer {
    double first, last; /* milliseconds since the key; -1: nothing came */
    size_t bytes;
};

struct keys {
    char text[KEYS_MAX];
    size_t len;
};

static int line = -1;
static pid_t child;
static double started;
static const char *label = "program";
static VTerm *terminal;
static VTermScreen *screen;
static struct winsize size = {.ws_row = 24, .ws_col = 80};
static bool cursor_shows = true;
static FILE *kept;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void say(const char *name, const char *part, double value, const char *unit)
{
    printf("%s\t%s%s\t%.4f\t%s\n", label, name, part, value, unit);
    fflush(stdout);
}

static void die(const char *what, const char *which)
{
    fprintf(stderr, "meter: %s: %s%s\n", label, what, which);
    if (child > 0)
        kill(child, SIGKILL);
    exit(1);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double *v, int n, double q)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return v[(int)(q * (n - 1) + 0.5)];
}

/* --- the screen ------------------------------------------------------------------------------- */

/* What a cell shows, as a number to compare; its letter for ASCII, '?' for others. */
static uint64_t cell_at(int row, int col, char *letter)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = col}, &cell);
    uint32_t c = cell.chars[0] ? cell.chars[0] : ' ';
    *letter = (char)(c < 127 ? c : '?');
    return (uint64_t)c << 3 | (uint64_t)cell.attrs.reverse << 2 | (uint64_t)cell.attrs.bold << 1 |
           (uint64_t)(cell.attrs.underline != 0);
}

static void row_text(int row, char text[SIDE + 1])
{
    for (int col = 0; col < size.ws_col; col++)
        cell_at(row, col, &text[col]);
    text[size.ws_col] = '\0';
}

static bool matches(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++)
        if (*pattern == '#' ? *text < '0' || *text > '9' : *text != *pattern)
            return false;
    return true;
}

static bool shows(const char *pattern)
{
    char text[SIDE + 1];
    for (int row = 0; row < size.ws_row; row++) {
        row_text(row, text);
        for (int col = 0; text[col]; col++)
            if (matches(text + col, pattern))
                return true;
    }
    return false;
}

/* The row with the mark in column 0, without its times; "" when there is none. */
static void marked(char text[SIDE + 1])
{
    enum { AFTER_TIMES = 10 };
    for (int row = 0; row < size.ws_row; row++) {
        row_text(row, text);
        if (text[0] == '>') {
            memmove(text, text + AFTER_TIMES, strlen(text + AFTER_TIMES) + 1);
            return;
        }
    }
    text[0] = '\0';
}

static void picture(uint64_t *cells)
{
    char letter;
    for (int row = 0; row < size.ws_row; row++)
        for (int col = 0; col < size.ws_col; col++)
            cells[row * size.ws_col + col] = cell_at(row, col, &letter);
}

static int changed(const uint64_t *before)
{
    static uint64_t after[SIDE * SIDE];
    int n = 0;
    picture(after);
    for (int i = 0; i < size.ws_row * size.ws_col; i++)
        n += before[i] != after[i];
    return n;
}

/* --- the line --------------------------------------------------------------------------------- */

/* One read, shown on the screen; false when nothing came in time. */
static bool hear(int wait_ms, size_t most, double *at, size_t *bytes)
{
    static char chunk[65536];
    static size_t held;
    struct pollfd p = {.fd = line, .events = POLLIN};
    if (poll(&p, 1, wait_ms) <= 0)
        return false;
    size_t room = sizeof chunk - WHOLE_HELD;
    ssize_t n = read(line, chunk + held, most && most < room ? most : room);
    if (n <= 0)
        return false;
    *at = now_ms();
    *bytes += (size_t)n;
    size_t all = held + (size_t)n, whole = whole_characters(chunk, all);
    vterm_input_write(terminal, chunk, whole);
    held = all - whole;
    memmove(chunk, chunk + whole, held);
    /* what the terminal answers to questions */
    char reply[256];
    size_t replies = vterm_output_read(terminal, reply, sizeof reply);
    if (replies > 0 && write(line, reply, replies) != (ssize_t)replies)
        die("cannot answer", "");
    return true;
}

static struct answer listen_from(double start, int wait_ms, int quiet_ms)
{
    struct answer a = {-1, -1, 0};
    double at;
    while (hear(a.bytes ? quiet_ms : wait_ms, 0, &at, &a.bytes)) {
        a.last = at - start;
        if (a.first < 0)
            a.first = a.last;
    }
    return a;
}

static void send_text(const char *text, size_t n)
{
    if (write(line, text, n) != (ssize_t)n)
        die("cannot send keys: ", strerror(errno));
}

static struct keys keys_of(const char *text)
{
    struct keys k = {.len = 0};
    for (const char *p = text; *p && k.len < KEYS_MAX; p++) {
        char c = *p;
        if (c == '\\' && p[1]) {
            c = *++p;
            c = (char)(c == 'r'   ? '\r'
                       : c == 'e' ? 27
                       : c == 's' ? ' '
                       : c == 't' ? '\t'
                       : c == 'c' ? ':'
                       : c == '^' ? *++p & 31
                                  : c);
        }
        k.text[k.len++] = c;
    }
    return k;
}

/* What stands there instead. */
static void tell_screen(void)
{
    char text[SIDE + 1];
    for (int row = 0; row < size.ws_row; row++) {
        row_text(row, text);
        fprintf(stderr, "| %s\n", text);
    }
}

/* Milliseconds from start until a line shows the pattern. */
static double until_shown(const char *pattern, double start, int wait_ms, size_t *bytes)
{
    double at = now_ms();
    while (!shows(pattern)) {
        int left = (int)(start + wait_ms - now_ms());
        if (left <= 0 || !hear(left, 0, &at, bytes)) {
            tell_screen();
            die("never showed ", pattern);
        }
    }
    return at - start;
}

/* --- the process ------------------------------------------------------------------------------ */

static long sum_in(const char *path, const char *key)
{
    char text[256];
    long sum = 0;
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    bool any = false;
    while (fgets(text, sizeof text, f))
        if (strncmp(text, key, strlen(key)) == 0) {
            sum += strtol(text + strlen(key), NULL, 10);
            any = true;
        }
    fclose(f);
    return any ? sum : -1;
}

/* Of all threads. */
static long wakeups(void)
{
    char path[512];
    long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)child);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(path, sizeof path, "/proc/%d/task/%s/status", (int)child, e->d_name);
        long n = e->d_name[0] == '.' ? 0 : sum_in(path, "voluntary_ctxt_switches:");
        sum += n > 0 ? n : 0;
    }
    if (d)
        closedir(d);
    return sum;
}

static double cpu_ms(void)
{
    char path[512], text[128];
    double sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)child);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)child, e->d_name);
        FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "r");
        if (f && fgets(text, sizeof text, f))
            sum += strtod(text, NULL) / 1e6;
        if (f)
            fclose(f);
    }
    if (d)
        closedir(d);
    return sum;
}

/* A process that forbids to be looked into shows its private memory to root only. */
static void memory(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)child);
    long clean = sum_in(path, "Private_Clean:"), dirty = sum_in(path, "Private_Dirty:");
    if (clean >= 0 && dirty >= 0)
        say(name, ".private", (double)(clean + dirty) / 1024, "MiB");
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    say(name, ".heap", (double)sum_in(path, "RssAnon:") / 1024, "MiB");
}

/* strace -y names the file of each descriptor. */
static long count_writes(const char *file)
{
    static char text[4096];
    long n = 0;
    FILE *f = fopen(file, "r");
    while (f && fgets(text, sizeof text, f))
        if (strstr(text, "write") && strstr(text, "</dev/pts/"))
            n++;
    if (f)
        fclose(f);
    return n;
}

/* --- steps ------------------------------------------------------------------------------------ */

static void step_start(char **part)
{
    size_t bytes = 0;
    double at, shown = until_shown(part[2], started, START_WAIT_MS, &bytes);
    if (part[3] && part[4]) {
        struct keys k = keys_of(part[3]);
        bytes = 0;
        send_text(k.text, k.len);
        shown = until_shown(part[4], started, START_WAIT_MS, &bytes);
    }
    say(part[1], ".first", shown, "ms");
    while (hear(TORN_MS, 0, &at, &bytes)) /* a frame may come in several reads */
        ;
    say(part[1], ".bytes", (double)bytes, "B");
    listen_from(started, QUIET_START_MS, QUIET_START_MS);
}

static void step_key(const char *name, struct keys k, int count, struct keys after, int wait_ms,
                     int quiet_ms)
{
    static double first[SAMPLES], last[SAMPLES];
    static uint64_t before[SIDE * SIDE];
    double bytes = 0, cells = 0;
    int got = 0;
    for (int i = 0; i < count; i++) {
        picture(before);
        double start = now_ms();
        send_text(k.text, k.len);
        struct answer a = listen_from(start, wait_ms, quiet_ms);
        if (a.bytes) {
            bytes += (double)a.bytes;
            cells += changed(before);
            first[got] = a.first;
            last[got++] = a.last;
        }
        if (after.len > 0) {
            send_text(after.text, after.len);
            listen_from(start, wait_ms, quiet_ms);
        }
    }
    if (got < count)
        say(name, ".silent", count - got, "keys");
    if (got == 0)
        return;
    say(name, ".first", quantile(first, got, 0.5), "ms");
    say(name, ".p50", quantile(last, got, 0.5), "ms");
    say(name, ".p99", quantile(last, got, 0.99), "ms");
    say(name, ".bytes", bytes / got, "B");
    if (cells > 0)
        say(name, ".per_cell", bytes / cells, "B");
}

static void step_burst(const char *name, struct keys k, int count)
{
    static char all[SAMPLES * KEYS_MAX];
    for (int i = 0; i < count; i++)
        memcpy(all + (size_t)i * k.len, k.text, k.len);
    double start = now_ms();
    send_text(all, k.len * (size_t)count);
    struct answer a = listen_from(start, BURST_WAIT_MS, 100);
    say(name, ".last", a.last, "ms");
    say(name, ".bytes", (double)a.bytes, "B");
}

/* Until this moment, which is less than a second away. */
static void sleep_until(double at)
{
    double left = at - now_ms();
    struct timespec t = {.tv_nsec = (long)(left * 1e6)};
    if (left > 0)
        nanosleep(&t, NULL);
}

/* As limit -p paints it again. */
static void keep_picture(void)
{
    static const struct picture_cell none;
    struct picture_head head = {.rows = size.ws_row, .cols = size.ws_col, .cursor = cursor_shows};
    VTermPos at;
    if (!kept)
        return;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal), &at);
    head.row = at.row;
    head.col = at.col;
    fwrite(&head, sizeof head, 1, kept);
    for (int row = 0; row < head.rows; row++)
        for (int col = 0; col < head.cols; col++) {
            VTermScreenCell cell;
            struct picture_cell p = none;
            vterm_screen_get_cell(screen, (VTermPos){.row = row, .col = col}, &cell);
            for (int i = 0; i < PICTURE_CHARS && cell.chars[i]; i++)
                p.chars[i] = cell.chars[i];
            p.bold = cell.attrs.bold;
            p.underline = cell.attrs.underline != 0;
            p.reverse = cell.attrs.reverse;
            p.foreground = VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)
                               ? cell.fg.indexed.idx
                               : -1;
            p.background = VTERM_COLOR_IS_INDEXED(&cell.bg) && !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg)
                               ? cell.bg.indexed.idx
                               : -1;
            fwrite(&p, sizeof p, 1, kept);
        }
    fflush(kept);
}

/* Of one key, in character times. A byte is taken when the one before it has gone over the line, and the last one's own
 * time counts. The line is a clock that runs ideally: what waited for it costs nothing more because this program
 * overslept. */
struct painted {
    double frame, all;
    size_t bytes;
};

static struct painted listen_on_line(double start)
{
    const double character = 1000.0 / LINE_SPEED;
    struct painted p = {.frame = -1};
    double free_at = start, at;
    for (;;) {
        if (!hear(0, 1, &at, &p.bytes)) {
            if (p.bytes > 0 && !hear(FRAME_MS, 1, &at, &p.bytes)) {
                p.frame = p.frame < 0 ? (free_at - start) / character : p.frame;
                if (!hear(QUIET_LINE_MS, 1, &at, &p.bytes))
                    break;
            } else if (p.bytes == 0 && !hear(FIRST_WAIT_MS, 1, &at, &p.bytes)) {
                break;
            }
            free_at = at > free_at ? at : free_at;
        }
        free_at += character;
        sleep_until(free_at);
    }
    p.all = (free_at - start) / character;
    return p;
}

static void step_line(const char *name, struct keys k, int count, struct keys after)
{
    static double frame[SAMPLES], all[SAMPLES];
    double bytes = 0;
    int got = 0;
    for (int i = 0; i < count; i++) {
        keep_picture();
        double start = now_ms();
        send_text(k.text, k.len);
        struct painted p = listen_on_line(start);
        if (p.bytes > 0) {
            frame[got] = p.frame;
            all[got++] = p.all;
            bytes += (double)p.bytes;
        }
        keep_picture();
        if (after.len > 0) {
            send_text(after.text, after.len);
            listen_from(start, FIRST_WAIT_MS, QUIET_LINE_MS);
        }
    }
    if (got < count)
        say(name, ".silent", count - got, "keys");
    if (got == 0)
        return;
    say(name, ".frame", quantile(frame, got, 0.5), "chars");
    say(name, ".chars", quantile(all, got, 0.5), "chars");
    say(name, ".bytes", bytes / got, "B");
}

/* Bytes of the key at the beginning: a letter, or what begins with ESC and ends with a letter or ~. */
static size_t key_length(const char *keys, size_t n)
{
    size_t i = 1;
    if (n < 2 || keys[0] != '\033' || (keys[1] != '[' && keys[1] != 'O'))
        return n < 2 || keys[0] != '\033' ? 1 : 2;
    for (i = 2; i < n && ((keys[i] >= '0' && keys[i] <= '9') || keys[i] == ';'); i++)
        ;
    return i < n ? i + 1 : n;
}

static void step_count(const char *name, struct keys k, const char *pattern)
{
    enum { SEEN_MS = 5000 };
    int count = 0;
    size_t bytes = 0;
    for (size_t at = 0, n; at < k.len; at += n, count++) {
        if (shows(pattern))
            die("shows before the keys are sent: ", pattern);
        n = key_length(k.text + at, k.len - at);
        send_text(k.text + at, n);
        if (at + n < k.len)
            listen_from(now_ms(), FIRST_WAIT_MS, 3 * QUIET_KEY_MS);
    }
    until_shown(pattern, now_ms(), SEEN_MS, &bytes);
    say(name, ".keys", count, "keys");
}

static void step_keep(const char *file)
{
    kept = fopen(file, "ab");
    if (!kept)
        die("cannot write ", file);
}

static void step_held(const char *name, struct keys k, int count, double seconds)
{
    enum { AT_ONCE = 10, SILENCE_MS = 300 };
    double start = now_ms(), last_key = start, last_byte = start, read_at = start, t = start;
    int sent = 0;
    size_t total = 0;
    while (t - start < seconds * 1000) {
        t = now_ms();
        if (sent < count && t >= start + sent * 1000.0 / 30) {
            send_text(k.text, k.len);
            last_key = t;
            sent++;
        }
        if (t >= read_at) {
            size_t before = total;
            if (hear(0, AT_ONCE, &last_byte, &total))
                read_at = (read_at < t - 100 ? t : read_at) +
                          (double)(total - before) * 1000 / LINE_SPEED;
            else if (sent == count && t - last_byte > SILENCE_MS && t - last_key > SILENCE_MS)
                break;
        }
        poll(NULL, 0, 1);
    }
    say(name, ".lag", last_byte > last_key ? last_byte - last_key : 0, "ms");
    say(name, ".bytes", (double)total, "B");
}

static void step_writes(const char *name, struct keys k, int count, const char *file)
{
    int got = 0;
    long before = count_writes(file);
    for (int i = 0; i < count; i++) {
        send_text(k.text, k.len);
        got += listen_from(now_ms(), FIRST_WAIT_MS, 2 * QUIET_KEY_MS).bytes > 0;
    }
    if (got)
        say(name, ".writes", (double)(count_writes(file) - before) / got, "1/frame");
}

static void step_during(const char *name, struct keys k, const char *pattern, double seconds)
{
    enum { PAUSE_MS = 20, LATEST_MS = 2000 };
    static double took[SAMPLES];
    char before[SIDE + 1], now[SIDE + 1];
    int got = 0, lost = 0;
    double begun = now_ms(), at;
    size_t bytes = 0;
    while (!shows(pattern) && got < SAMPLES && now_ms() - begun < seconds * 1000) {
        marked(before);
        if (!*before) { /* no row yet */
            hear(PAUSE_MS, 0, &at, &bytes);
            continue;
        }
        double start = now_ms();
        bool seen = false;
        send_text(k.text, k.len);
        while (!seen && now_ms() - start < LATEST_MS) {
            if (hear(LATEST_MS, 0, &at, &bytes)) {
                marked(now);
                seen = strcmp(before, now) != 0;
            }
        }
        if (seen)
            took[got++] = at - start;
        else
            lost++;
        for (double until = now_ms() + PAUSE_MS, t; (t = until - now_ms()) > 0;)
            hear((int)t + 1, 0, &at, &bytes);
    }
    say(name, ".keys", got, "keys");
    say(name, ".lost", lost, "keys");
    say(name, ".seconds", (now_ms() - begun) / 1000, "s");
    if (got == 0)
        return;
    say(name, ".p50", quantile(took, got, 0.5), "ms");
    say(name, ".p99", quantile(took, got, 0.99), "ms");
    say(name, ".most", took[got - 1], "ms");
}

static void step_idle(int seconds)
{
    long woke = wakeups();
    double cpu = cpu_ms(), start = now_ms(), at;
    size_t bytes = 0;
    for (double left; (left = start + seconds * 1000.0 - now_ms()) > 0;)
        hear((int)left + 1, 0, &at, &bytes);
    long more = wakeups() - woke; /* less than none where a thread has ended */
    say("idle", ".wakeups", more > 0 ? (double)more / seconds : 0, "1/s");
    say("idle", ".bytes", (double)bytes, "B");
    say("idle", ".cpu", cpu_ms() - cpu, "ms");
}

static void step_end(const char *name)
{
    enum { SOON_MS = 1000, LATE_MS = 60000 };
    struct rusage used;
    double asked = now_ms(), at;
    size_t bytes = 0;
    bool forced = false;
    kill(child, SIGTERM);
    while (now_ms() - asked < LATE_MS) {
        if (!forced && now_ms() - asked > SOON_MS) {
            kill(child, SIGKILL); /* some ask whether one is sure */
            forced = true;
        }
        hear(10, 0, &at, &bytes);
        if (wait4(child, NULL, WNOHANG, &used) == child) {
            child = 0;
            say(name, ".cpu",
                (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
                    (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3,
                "ms");
            return;
        }
    }
    die("does not leave", "");
}

static void step(char *spec)
{
    char *part[PARTS] = {NULL};
    int n = 0;
    for (char *p = spec; n < PARTS && p; n++) {
        part[n] = p;
        p = strchr(p, ':');
        if (p)
            *p++ = '\0';
    }
    const char *kind = part[0];
    size_t bytes = 0;
    int count = n > 3 ? atoi(part[3]) : 0;
    struct keys k = n > 2 ? keys_of(part[2]) : (struct keys){.len = 0};
    bool counted = count > 0 && count <= SAMPLES;
    if (strcmp(kind, "start") == 0 && n >= 3) {
        step_start(part);
    } else if (strcmp(kind, "wait") == 0 && n == 3) {
        until_shown(part[1], now_ms(), atoi(part[2]) * 1000, &bytes);
        listen_from(now_ms(), QUIET_START_MS, QUIET_START_MS);
    } else if (strcmp(kind, "send") == 0 && n == 2) {
        k = keys_of(part[1]);
        send_text(k.text, k.len);
        listen_from(now_ms(), FIRST_WAIT_MS, 5 * QUIET_KEY_MS);
    } else if (strcmp(kind, "key") == 0 && counted) {
        step_key(part[1], k, count, keys_of(n > 4 ? part[4] : ""), FIRST_WAIT_MS, QUIET_KEY_MS);
    } else if (strcmp(kind, "slow") == 0 && counted) {
        step_key(part[1], k, count, keys_of(n > 4 ? part[4] : ""), BURST_WAIT_MS, QUIET_SLOW_MS);
    } else if (strcmp(kind, "longest") == 0 && counted) {
        step_key(part[1], k, count, keys_of(n > 4 ? part[4] : ""), BURST_WAIT_MS, QUIET_LONGEST_MS);
    } else if (strcmp(kind, "burst") == 0 && counted) {
        step_burst(part[1], k, count);
    } else if (strcmp(kind, "line") == 0 && counted) {
        step_line(part[1], k, count, keys_of(n > 4 ? part[4] : ""));
    } else if (strcmp(kind, "count") == 0 && n == 4) {
        step_count(part[1], k, part[3]);
    } else if (strcmp(kind, "keep") == 0 && n == 2) {
        step_keep(part[1]);
    } else if (strcmp(kind, "held") == 0 && counted && n == 5) {
        step_held(part[1], k, count, atof(part[4]));
    } else if (strcmp(kind, "writes") == 0 && counted && n == 5) {
        step_writes(part[1], k, count, part[4]);
    } else if (strcmp(kind, "during") == 0 && n == 5) {
        step_during(part[1], k, part[3], atof(part[4]));
    } else if (strcmp(kind, "idle") == 0 && n == 2 && atoi(part[1]) > 0) {
        step_idle(atoi(part[1]));
    } else if (strcmp(kind, "mem") == 0 && n == 2) {
        memory(part[1]);
    } else if (strcmp(kind, "end") == 0 && n == 2) {
        step_end(part[1]);
    } else {
        die("bad step ", kind);
    }
}

static int take_property(VTermProp prop, VTermValue *value, void *self)
{
    (void)self;
    if (prop == VTERM_PROP_CURSORVISIBLE)
        cursor_shows = value->boolean;
    return 1;
}

static void open_terminal(void)
{
    static const VTermScreenCallbacks calls = {.settermprop = take_property};
    terminal = vterm_new(size.ws_row, size.ws_col);
    vterm_set_utf8(terminal, 1);
    screen = vterm_obtain_screen(terminal);
    vterm_screen_set_callbacks(screen, &calls, NULL);
    vterm_screen_enable_altscreen(screen, 1);
    vterm_screen_reset(screen, 1);
}

int main(int argc, char **argv)
{
    int i = 1, opt, steps;
    while ((opt = getopt(argc, argv, "+n:s:")) != -1) {
        if (opt == 'n')
            label = optarg;
        else if (opt != 's' || sscanf(optarg, "%hux%hu", &size.ws_row, &size.ws_col) != 2 ||
                 size.ws_row > SIDE || size.ws_col > SIDE)
            return 64;
    }
    for (i = steps = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
        ;
    if (i + 1 >= argc) {
        fprintf(stderr,
                "usage: meter [-n LABEL] [-s ROWSxCOLS] STEP... -- PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    open_terminal();
    started = now_ms();
    child = forkpty(&line, NULL, NULL, &size);
    if (child < 0)
        return 71;
    if (child == 0) {
        execvp(argv[i + 1], argv + i + 1);
        _exit(127);
    }
    for (int s = steps; s < i && child > 0; s++) {
        if (waitpid(child, NULL, WNOHANG) != 0) {
            child = 0;
            die("ended before its step ", argv[s]);
        }
        step(argv[s]);
    }
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    vterm_free(terminal);
    return 0;
}
