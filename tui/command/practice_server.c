/*
 * practice_server.c: the real thing with other data.
 *
 * jiband runs as a child on a Unix socket in a fresh private folder; console and server work as
 * they do live. The folder goes when practice ends. No network, no live cache is touched.
 */
#include "core/base/i18n.h"
#include "tui/command/practice.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define PRACTICE_USER "wang.desk"
#define PRACTICE_PASSWORD "practice"

enum { START_SECONDS = 60 };

/* jiband lies beside jiban; else it is looked for in PATH. */
static const char *find_jiband(struct cli *c)
{
    char path[PATH_SIZE];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 16);
    if (n > 0) {
        path[n] = '\0';
        char *slash = strrchr(path, '/');
        if (slash) {
            memcpy(slash + 1, "jiband", sizeof "jiband");
            if (access(path, X_OK) == 0)
                return arena_strdup(&c->arena, path);
        }
    }
    return "jiband";
}

pid_t practice_spawn(char *const argv[], int output_fd)
{
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    /* the server must not outlive a console that was killed */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(EX_TEMPFAIL);
    setpgid(0, 0); /* ^C and ^Z are the console's */
    if (output_fd >= 0) {
        dup2(output_fd, STDOUT_FILENO);
        dup2(output_fd, STDERR_FILENO);
    }
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null >= 0)
        dup2(null, STDIN_FILENO);
    execvp(argv[0], argv);
    _exit(EX_UNAVAILABLE);
}

static void remove_folder(const char *folder)
{
    char path[PATH_SIZE + 300];
    DIR *d = opendir(folder);
    if (d) {
        struct dirent *entry;
        while ((entry = readdir(d))) {
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
                continue;
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            struct stat info;
            if (lstat(path, &info) == 0 && S_ISDIR(info.st_mode))
                remove_folder(path);
            else
                unlink(path);
        }
        closedir(d);
    }
    rmdir(folder);
}

static bool wait_for_socket(const char *path, pid_t child)
{
    int64_t until = clock_mono(&clock_system) + (int64_t)START_SECONDS * MS_SECOND;
    char url[PATH_SIZE];
    snprintf(url, sizeof url, "unix:%s", path);
    while (clock_mono(&clock_system) < until) {
        if (access(path, F_OK) == 0 && line_probe(url, "", false, NULL) == ST_OK)
            return true;
        if (waitpid(child, NULL, WNOHANG) == child)
            return false;
        poll(NULL, 0, 20);
    }
    return false;
}

/* The store of the practice server; on failure what it said. */
static enum status make_store(struct practice *p, char *db, const char *log, int log_fd,
                              struct errmsg *err)
{
    char *init[] = {(char *)(uintptr_t)p->jiband, "init", "--db", db, "--practice", NULL};
    char *text = NULL;
    size_t len = 0;
    int state = 0;
    pid_t child = practice_spawn(init, log_fd);
    if (child >= 0 && waitpid(child, &state, 0) == child && WIFEXITED(state) && !WEXITSTATUS(state))
        return ST_OK;
    if (file_read(log, 4096, &text, &len, NULL) == ST_OK && len > 0)
        fail(err, ST_IO, _("The practice server could not be prepared: %s"), text);
    else
        fail(err, ST_IO, _("The practice server could not be prepared: is jiband installed?"));
    free(text);
    return ST_IO;
}

static enum status start(struct cli *c, struct practice *p, struct errmsg *err)
{
    struct arena *a = &c->arena;
    char *db = (char *)(uintptr_t)arena_printf(a, "sqlite:%s/office.db", p->folder);
    char *listen = (char *)(uintptr_t)arena_printf(a, "unix:%s/socket", p->folder);
    const char *log = arena_printf(a, "%s/jiband.log", p->folder);
    char *serve[] = {(char *)(uintptr_t)p->jiband, "serve", "--db", db, "--listen", listen, NULL};
    int log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    enum status st = make_store(p, db, log, log_fd, err);
    pid_t child = st == ST_OK ? practice_spawn(serve, log_fd) : -1;
    if (log_fd >= 0)
        close(log_fd);
    if (child > 0)
        p->child = child;
    if (st == ST_OK && (child < 0 || !wait_for_socket(listen + strlen("unix:"), child)))
        st = fail(err, ST_IO, _("The practice server did not start."));
    options_set(&c->options, OPT_SERVER, listen, "practice", NULL);
    return st;
}

enum status practice_begin(struct cli *c, struct practice *p, struct errmsg *err)
{
    const char *parent = getenv("XDG_RUNTIME_DIR"), *tmp = getenv("TMPDIR");
    if (!parent || !*parent || access(parent, W_OK) != 0)
        parent = tmp && *tmp ? tmp : "/tmp";
    *p = (struct practice){.jiband = find_jiband(c)};
    snprintf(p->folder, sizeof p->folder, "%.900s/jiban-practice-XXXXXX", parent);
    if (!mkdtemp(p->folder)) {
        p->folder[0] = '\0';
        return fail(err, ST_IO, _("No folder for practice in %.200s: %s"), parent, strerror(errno));
    }
    enum status st = start(c, p, err);
    if (st != ST_OK)
        return st;
    const char *password = arena_printf(&c->arena, "%s/password", p->folder);
    st = file_write_atomic(password, PRACTICE_PASSWORD "\n", sizeof PRACTICE_PASSWORD, err);
    c->password_file = password;
    if (strcmp(c->options.from[OPT_USER], "command line") != 0)
        options_set(&c->options, OPT_USER, PRACTICE_USER, "practice", NULL);
    snprintf(c->folder, sizeof c->folder, "%.4000s/console", p->folder);
    return st;
}

void practice_end(struct practice *p)
{
    int state;
    if (p->child > 0) {
        kill(p->child, SIGTERM);
        waitpid(p->child, &state, 0);
    }
    if (p->folder[0])
        remove_folder(p->folder);
}
