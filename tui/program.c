/* program.c: fork and exec. */
#include "tui/program.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/banned.h" /* after all others */

extern char **environ;

enum { ENVIRONMENT_MOST = 64, FILES_MOST = 65536 };

enum status program_allowed(const struct options *o, struct errmsg *err)
{
    if (option_bool(o, OPT_LOCKED_DOWN))
        return fail(err, ST_DENIED, "%s",
                    _("Not here: this console starts no other program (safe.locked_down)."));
    return ST_OK;
}

/* Does NAME=VALUE go to the program? */
static bool passes(const char *variable)
{
    static const char *const names[] = {"PATH",
                                        "HOME",
                                        "TERM",
                                        "COLORTERM",
                                        "TERMINFO",
                                        "TERMINFO_DIRS",
                                        "LANG",
                                        "USER",
                                        "LOGNAME",
                                        "SHELL",
                                        "TZ",
                                        "TMPDIR",
                                        "VISUAL",
                                        "EDITOR",
                                        "DISPLAY",
                                        "TMUX",
                                        "WAYLAND_DISPLAY",
                                        "DBUS_SESSION_BUS_ADDRESS",
                                        "NO_COLOR"};
    size_t n = strcspn(variable, "=");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == n && strncmp(variable, names[i], n) == 0)
            return true;
    return strncmp(variable, "LC_", 3) == 0 || strncmp(variable, "XDG_", 4) == 0;
}

/* What others hold open, sockets and the cache among it, is not the program's. */
static void close_files(int most)
{
    for (int fd = STDERR_FILENO + 1; fd < most; fd++)
        close(fd);
}

static void plain_signals(void)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    sigemptyset(&plain.sa_mask);
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &plain, NULL); /* not for KILL and STOP; they are as they are */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static enum status wait_for(pid_t child, int *ret_code, struct errmsg *err)
{
    int state = 0;
    while (waitpid(child, &state, 0) < 0)
        if (errno != EINTR)
            return fail(err, ST_IO, _("Cannot wait for the program: %s"), strerror(errno));
    *ret_code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    return ST_OK;
}

/* What its standard input, output and error are to be; -1: as they are. */
struct ends {
    int in, out, err;
};

/* leaves: neither the terminal nor its signals are its own. */
static enum status start(const char *const argv[], struct ends ends, bool leaves, pid_t *ret_child,
                         struct errmsg *err)
{
    char *variables[ENVIRONMENT_MOST + 1] = {NULL}, *words[PROGRAM_ARGUMENTS + 1] = {NULL};
    const int end[] = {ends.in, ends.out, ends.err};
    size_t n = 0;
    for (size_t i = 0; argv[i]; i++) {
        if (i == PROGRAM_ARGUMENTS)
            return fail(err, ST_TOOBIG, "too many arguments for %s", argv[0]);
        words[i] = (char *)(uintptr_t)argv[i];
    }
    for (char **v = environ; v && *v && n < ENVIRONMENT_MOST; v++)
        if (passes(*v))
            variables[n++] = *v;
    long files = sysconf(_SC_OPEN_MAX);
    int most = files < 0 || files > FILES_MOST ? FILES_MOST : (int)files;
    pid_t child = fork();
    if (child < 0)
        return fail(err, ST_IO, _("Cannot start %s: %s"), argv[0], strerror(errno));
    if (child == 0) {
        plain_signals();
        if (leaves)
            setsid();
        for (int i = 0; i <= STDERR_FILENO; i++)
            if (end[i] >= 0 && dup2(end[i], i) < 0)
                _exit(PROGRAM_NOT_FOUND);
        close_files(most);
        execvpe(words[0], words, variables);
        _exit(PROGRAM_NOT_FOUND);
    }
    *ret_child = child;
    return ST_OK;
}

enum status program_run(const struct options *o, const char *const argv[], int *ret_code,
                        struct errmsg *err)
{
    pid_t child;
    enum status st = program_allowed(o, err);
    if (st == ST_OK)
        st = start(argv, (struct ends){-1, -1, -1}, false, &child, err);
    if (st != ST_OK)
        return st;
    st = wait_for(child, ret_code, err);
    if (st == ST_OK && *ret_code == PROGRAM_NOT_FOUND)
        return fail(err, ST_NOT_FOUND, _("There is no program \"%s\"."), argv[0]);
    return st;
}

enum status program_start(const struct options *o, const char *const argv[], pid_t *ret,
                          struct errmsg *err)
{
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    enum status st = program_allowed(o, err);
    if (st == ST_OK && nothing < 0)
        st = fail(err, ST_IO, "/dev/null: %s", strerror(errno));
    if (st == ST_OK)
        st = start(argv, (struct ends){nothing, nothing, nothing}, true, ret, err);
    if (nothing >= 0)
        close(nothing);
    return st;
}

bool program_ended(pid_t child)
{
    return waitpid(child, NULL, WNOHANG) != 0;
}

bool program_is_there(const char *name)
{
    const char *path = getenv("PATH");
    char file[4096];
    if (strchr(name, '/'))
        return access(name, X_OK) == 0;
    for (; path && *path; path += *path == ':') {
        size_t n = strcspn(path, ":");
        int len = snprintf(file, sizeof file, "%.*s/%s", (int)n, path, name);
        if (len > 0 && (size_t)len < sizeof file && access(file, X_OK) == 0)
            return true;
        path += n;
    }
    return false;
}

enum status program_run_on(const struct options *o, const char *command, const char *path,
                           int *ret_code, struct errmsg *err)
{
    static const char parted[] = "|&;<>()$`\\\"' \t\n*?[#~=%";
    const char *const plain[] = {command, path, NULL};
    char script[1024];
    if (command[strcspn(command, parted)] == '\0')
        return program_run(o, plain, ret_code, err); /* no shell stands between it and ^C */
    int n = snprintf(script, sizeof script, "%s \"$@\"", command);
    if (n < 0 || (size_t)n >= sizeof script)
        return fail(err, ST_TOOBIG, _("The command is too long: %.40s ..."), command);
    const char *const argv[] = {"/bin/sh", "-c", script, command, path, NULL};
    enum status st = program_run(o, argv, ret_code, err);
    if (st == ST_NOT_FOUND)
        return fail(err, ST_NOT_FOUND, _("There is no program \"%s\"."), command);
    return st;
}

enum status program_start_on(const struct options *o, const char *command, const char *path,
                             struct errmsg *err)
{
    char script[1024];
    int code = 0;
    /* The shell ends at once; the program it leaves behind is nobody's child. */
    int n =
        snprintf(script, sizeof script,
                 "command -v %.*s >/dev/null || exit %d; (%s \"$1\" </dev/null >/dev/null 2>&1 &)",
                 (int)strcspn(command, " "), command, PROGRAM_NOT_FOUND, command);
    if (n < 0 || (size_t)n >= sizeof script)
        return fail(err, ST_TOOBIG, _("The command is too long: %.40s ..."), command);
    const char *const argv[] = {"/bin/sh", "-c", script, command, path, NULL};
    enum status st = program_run(o, argv, &code, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && code != 0))
        return fail(err, ST_NOT_FOUND, _("There is no program \"%s\"."), command);
    return st;
}

/* --- ourselves, for one piece of work -------------------------------------------------------------------- */

/* Its bytes as a file in memory, at its beginning; -1. */
static int file_of(const void *data, size_t n)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    for (size_t at = 0; fd >= 0 && at < n;) {
        ssize_t put = write(fd, (const char *)data + at, n - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            close(fd);
            return -1;
        }
        at += (size_t)put;
    }
    if (fd >= 0)
        (void)lseek(fd, 0, SEEK_SET);
    return fd;
}

/* All that comes, until its end or until then. */
static enum status read_all(int fd, int64_t until_ms, struct buf *out, struct errmsg *err)
{
    char bytes[16 * 1024];
    for (;;) {
        int64_t left = until_ms - clock_mono(&clock_system);
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready == 0)
            return fail(err, ST_TIMEOUT, "%s", _("It took too long and was ended."));
        ssize_t n = ready < 0 ? -1 : read(fd, bytes, sizeof bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(err, ST_IO, "read: %s", strerror(errno));
        if (n == 0)
            return ST_OK;
        buf_add(out, bytes, (size_t)n);
        if (buf_status(out) != ST_OK)
            return fail(err, buf_status(out), "more output than expected");
    }
}

enum status program_filter(const char *const argv[], const void *in, size_t n, int ms,
                           struct buf *out, int *ret_code, struct errmsg *err)
{
    int ends[2] = {-1, -1}, input = file_of(in, n),
        nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int64_t until = clock_mono(&clock_system) + ms;
    pid_t child = -1;
    enum status st = input < 0 || nowhere < 0 || pipe2(ends, O_CLOEXEC) != 0
                         ? fail(err, ST_IO, _("Cannot start %s: %s"), argv[0], strerror(errno))
                         : start(argv, (struct ends){input, ends[1], nowhere}, false, &child, err);
    if (ends[1] >= 0)
        close(ends[1]);
    if (st == ST_OK)
        st = read_all(ends[0], until, out, err);
    if (child > 0 && st != ST_OK)
        kill(child, SIGKILL);
    for (size_t i = 0; i < 3; i++) {
        const int fd[] = {ends[0], input, nowhere};
        if (fd[i] >= 0)
            close(fd[i]);
    }
    if (child > 0) {
        enum status ended = wait_for(child, ret_code, st == ST_OK ? err : NULL);
        st = st == ST_OK ? ended : st;
    }
    return st;
}
