/* program.c: fork and exec. */
#include "tui/program.h"
#include "core/base/i18n.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* What a child needs to become the program: made before the fork, which leaves room for nothing that could wait. */
struct launch {
    char *words[PROGRAM_ARGUMENTS + 1], *variables[ENVIRONMENT_MOST + 1];
    int files; /* numbers below may be open */
};

static enum status prepare(const struct options *o, const char *const argv[], struct launch *ret,
                           struct errmsg *err)
{
    size_t n = 0;
    enum status st = program_allowed(o, err);
    if (st != ST_OK)
        return st;
    *ret = (struct launch){.files = FILES_MOST};
    for (size_t i = 0; argv[i]; i++) {
        if (i == PROGRAM_ARGUMENTS)
            return fail(err, ST_TOOBIG, "too many arguments for %s", argv[0]);
        ret->words[i] = (char *)(uintptr_t)argv[i];
    }
    for (char **v = environ; v && *v && n < ENVIRONMENT_MOST; v++)
        if (passes(*v))
            ret->variables[n++] = *v;
    long files = sysconf(_SC_OPEN_MAX);
    if (files >= 0 && files < FILES_MOST)
        ret->files = (int)files;
    return ST_OK;
}

/* In the child. */
static void become(struct launch *l)
{
    plain_signals();
    close_files(l->files);
    execvpe(l->words[0], l->words, l->variables);
    _exit(PROGRAM_NOT_FOUND);
}

enum status program_run(const struct options *o, const char *const argv[], int *ret_code,
                        struct errmsg *err)
{
    struct launch l;
    enum status st = prepare(o, argv, &l, err);
    if (st != ST_OK)
        return st;
    pid_t child = fork();
    if (child < 0)
        return fail(err, ST_IO, _("Cannot start %s: %s"), argv[0], strerror(errno));
    if (child == 0)
        become(&l);
    st = wait_for(child, ret_code, err);
    if (st == ST_OK && *ret_code == PROGRAM_NOT_FOUND)
        return fail(err, ST_NOT_FOUND, _("There is no program \"%s\"."), argv[0]);
    return st;
}

/* In the child: neither the terminal nor its signals are its own. */
static void leave_terminal(void)
{
    setsid();
    int nothing = open("/dev/null", O_RDWR);
    for (int fd = STDIN_FILENO; nothing >= 0 && fd <= STDERR_FILENO; fd++)
        dup2(nothing, fd);
}

enum status program_start(const struct options *o, const char *const argv[], pid_t *ret,
                          struct errmsg *err)
{
    struct launch l;
    enum status st = prepare(o, argv, &l, err);
    if (st != ST_OK)
        return st;
    pid_t child = fork();
    if (child < 0)
        return fail(err, ST_IO, _("Cannot start %s: %s"), argv[0], strerror(errno));
    if (child == 0) {
        leave_terminal();
        become(&l);
    }
    *ret = child;
    return ST_OK;
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
