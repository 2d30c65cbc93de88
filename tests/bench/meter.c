/*
 * meter.c: runs a program in a pty, sends keys and measures what comes back.
 *
 * usage: meter [-n LABEL] [-s ROWSxCOLS] STEP... -- PROGRAM [ARGUMENT...]
 * Steps: key:NAME:KEYS:COUNT     send, wait until quiet, COUNT times: medians of first byte, last byte, bytes; p99
 *        burst:NAME:KEYS:COUNT   all at once: bytes and time to the last byte
 *        held:NAME:KEYS:COUNT    30 keys a second, the line read at 960 bytes a second: lag after the last key
 *        writes:NAME:KEYS:COUNT:FILE  write() calls of escape sequences a frame, from strace's FILE
 *        idle:SECONDS            wake-ups, bytes and CPU;   mem:NAME   private memory;   cpu:NAME   CPU so far
 * KEYS: \r, \e, \s (space) and \c (colon) are understood. Output: label, measure, value, unit, parted by tabs.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES = 1000, QUIET_KEY_MS = 20, QUIET_START_MS = 700, FIRST_WAIT_MS = 5000 };

struct answer {
    double first, last; /* milliseconds since the key; -1: nothing came */
    size_t bytes;
};

static int line = -1;
static pid_t child;
static const char *label = "program";

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void say(const char *name, const char *part, double value, const char *unit)
{
    printf("%s\t%s%s\t%.3f\t%s\n", label, name, part, value, unit);
    fflush(stdout);
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

static struct answer listen_from(double start, int wait_ms, int quiet_ms)
{
    static char chunk[65536];
    struct answer a = {-1, -1, 0};
    struct pollfd p = {.fd = line, .events = POLLIN};
    while (poll(&p, 1, a.bytes ? quiet_ms : wait_ms) > 0) {
        ssize_t n = read(line, chunk, sizeof chunk);
        if (n <= 0)
            break;
        a.last = now_ms() - start;
        if (a.bytes == 0)
            a.first = a.last;
        a.bytes += (size_t)n;
    }
    return a;
}

static void send_keys(const char *keys, size_t n)
{
    if (write(line, keys, n) != (ssize_t)n) {
        fprintf(stderr, "meter: %s: cannot send keys: %s\n", label, strerror(errno));
        exit(1);
    }
}

static long field_of(const char *file, const char *key)
{
    char path[64], text[256];
    long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/%s", (int)child, file);
    FILE *f = fopen(path, "r");
    while (f && fgets(text, sizeof text, f))
        if (strncmp(text, key, strlen(key)) == 0)
            sum += strtol(text + strlen(key), NULL, 10);
    if (f)
        fclose(f);
    return sum;
}

static double cpu_ms(void)
{
    char path[64], text[1024] = "";
    unsigned long user = 0, sys = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    FILE *f = fopen(path, "r");
    if (f && fgets(text, sizeof text, f)) {
        char *end = strrchr(text, ')');
        if (end)
            sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &sys);
    }
    if (f)
        fclose(f);
    return (double)(user + sys) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

static long count_writes(const char *file)
{
    static char text[4096];
    long n = 0;
    FILE *f = fopen(file, "r");
    while (f && fgets(text, sizeof text, f))
        if (strstr(text, "write(") && strstr(text, "\\33["))
            n++;
    if (f)
        fclose(f);
    return n;
}

static void held(const char *name, const char *keys, size_t len, int count)
{
    char chunk[96];
    double start = now_ms(), last_key = start, last_byte = start, read_at = start;
    int sent = 0;
    size_t total = 0;
    for (;;) {
        double t = now_ms();
        if (sent < count && t >= start + sent * 1000.0 / 30) {
            send_keys(keys, len);
            last_key = t;
            sent++;
        }
        if (t >= read_at) {
            struct pollfd p = {.fd = line, .events = POLLIN};
            if (poll(&p, 1, 0) > 0) {
                ssize_t n = read(line, chunk, 10);
                if (n <= 0)
                    break;
                total += (size_t)n;
                last_byte = t;
                read_at = (read_at < t - 100 ? t : read_at) + (double)n * 1000 / 960;
            } else if (sent == count && t - last_byte > 300 && t - last_key > 300) {
                break;
            }
        }
        if (t - start > 90000)
            break;
        poll(NULL, 0, 1);
    }
    say(name, ".lag", last_byte > last_key ? last_byte - last_key : 0, "ms");
    say(name, ".bytes", (double)total, "B");
}

static void step(char *spec)
{
    char *part[5] = {NULL};
    int n = 0;
    for (char *p = spec; n < 5 && p; n++) {
        part[n] = p;
        p = strchr(p, ':');
        if (p)
            *p++ = '\0';
    }
    const char *kind = part[0], *name = n > 1 ? part[1] : "";
    if (strcmp(kind, "mem") == 0) {
        long kb =
            field_of("smaps_rollup", "Private_Clean:") + field_of("smaps_rollup", "Private_Dirty:");
        say(name, "", (double)kb / 1024, "MiB");
        return;
    }
    if (strcmp(kind, "cpu") == 0) {
        say(name, "", cpu_ms(), "ms");
        return;
    }
    if (strcmp(kind, "idle") == 0) {
        int seconds = atoi(name);
        long woke = field_of("status", "voluntary_ctxt_switches:");
        double cpu = cpu_ms(), start = now_ms();
        size_t bytes = 0;
        while (now_ms() - start < seconds * 1000.0)
            bytes += listen_from(start, 250, 1).bytes;
        say("idle", ".wakeups",
            (double)(field_of("status", "voluntary_ctxt_switches:") - woke) / seconds, "1/s");
        say("idle", ".bytes", (double)bytes, "B");
        say("idle", ".cpu", cpu_ms() - cpu, "ms");
        return;
    }
    if (n < 4) {
        fprintf(stderr, "meter: bad step '%s'\n", kind);
        exit(64);
    }
    char keys[64];
    size_t len = 0;
    for (const char *p = part[2]; *p && len < sizeof keys; p++) {
        char c = *p;
        if (c == '\\' && p[1]) {
            c = *++p;
            c = (char)(c == 'r' ? '\r' : c == 'e' ? 27 : c == 's' ? ' ' : c == 'c' ? ':' : c);
        }
        keys[len++] = c;
    }
    int count = atoi(part[3]);
    if (count < 1 || count > SAMPLES) {
        fprintf(stderr, "meter: count of '%s' out of range\n", name);
        exit(64);
    }
    if (strcmp(kind, "held") == 0) {
        held(name, keys, len, count);
    } else if (strcmp(kind, "burst") == 0) {
        static char all[SAMPLES * 64];
        for (int i = 0; i < count; i++)
            memcpy(all + (size_t)i * len, keys, len);
        double start = now_ms();
        send_keys(all, len * (size_t)count);
        struct answer a = listen_from(start, FIRST_WAIT_MS, 100);
        say(name, ".last", a.last, "ms");
        say(name, ".bytes", (double)a.bytes, "B");
    } else {
        static double first[SAMPLES], last[SAMPLES];
        double bytes = 0;
        int got = 0;
        long before = n > 4 ? count_writes(part[4]) : 0;
        for (int i = 0; i < count; i++) {
            double start = now_ms();
            send_keys(keys, len);
            struct answer a = listen_from(start, 300, QUIET_KEY_MS);
            bytes += (double)a.bytes;
            if (a.bytes) {
                first[got] = a.first;
                last[got++] = a.last;
            }
        }
        if (strcmp(kind, "writes") == 0) {
            say(name, ".writes",
                got ? (double)(count_writes(n > 4 ? part[4] : "") - before) / got : -1, "1/frame");
            return;
        }
        if (got < count)
            say(name, ".silent", count - got, "keys");
        if (got == 0)
            return;
        say(name, ".first", quantile(first, got, 0.5), "ms");
        say(name, ".p50", quantile(last, got, 0.5), "ms");
        say(name, ".p99", quantile(last, got, 0.99), "ms");
        say(name, ".bytes", bytes / got, "B");
    }
}

int main(int argc, char **argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int i = 1, opt, steps;
    while ((opt = getopt(argc, argv, "+n:s:")) != -1) {
        if (opt == 'n')
            label = optarg;
        else if (opt != 's' || sscanf(optarg, "%hux%hu", &size.ws_row, &size.ws_col) != 2)
            return 64;
    }
    for (i = steps = optind; i < argc && strcmp(argv[i], "--") != 0; i++)
        ;
    if (i + 1 >= argc) {
        fprintf(stderr,
                "usage: meter [-n LABEL] [-s ROWSxCOLS] STEP... -- PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    double start = now_ms();
    child = forkpty(&line, NULL, NULL, &size);
    if (child < 0)
        return 71;
    if (child == 0) {
        execvp(argv[i + 1], argv + i + 1);
        _exit(127);
    }
    struct answer a = listen_from(start, FIRST_WAIT_MS, QUIET_START_MS);
    say("start", ".first", a.first, "ms");
    say("start", ".last", a.last, "ms");
    say("start", ".bytes", (double)a.bytes, "B");
    for (int s = steps; s < i; s++) {
        if (waitpid(child, NULL, WNOHANG) != 0) {
            fprintf(stderr, "meter: %s ended before its steps were done\n", label);
            return 1;
        }
        step(argv[s]);
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return 0;
}
