#include "tests/term/server.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { OUTPUT_MAX = 64 << 20, STORE_MAX = 256 << 20, ARGUMENTS = 32 };

extern char **environ;

const char *test_path(const char *fmt, ...)
{
    static char paths[8][400];
    static int at;
    char *path = paths[at++ % 8];
    va_list args;
    int n = snprintf(path, sizeof paths[0], "%.200s/", getenv("JIBAN_TEST_TMP"));
    va_start(args, fmt);
    vsnprintf(path + n, sizeof paths[0] - (size_t)n, fmt, args);
    va_end(args);
    return path;
}

static const char *program(const char *name)
{
    static char paths[2][400];
    static int at;
    char *path = paths[at++ % 2];
    snprintf(path, sizeof paths[0], "%.300s/%s", getenv("JIBAN_TOP_BUILDDIR"), name);
    return path;
}

/* --- running to the end ----------------------------------------------------------------------- */

/* ends: it is to end by itself, in time. */
static pid_t spawn(const char *const *argv, const char *const *env, int out, bool ends)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    for (int i = 0; env && env[i]; i++) {
        char *text = strdup(env[i]);
        if (text)
            putenv(text);
    }
    if (out >= 0)
        dup2(out, STDOUT_FILENO);
    if (ends)
        alarm(TERM_PATIENCE_MS / 1000); /* stays over exec */
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves nothing behind */
    execve(argv[0], (char *const *)(uintptr_t)argv, environ);
    _exit(127);
}

char *run_program(const char *const *argv, const char *const *env, int want, int *ret)
{
    int fd[2], state;
    char bytes[16384];
    ssize_t n;
    struct buf out;
    assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
    buf_init(&out, OUTPUT_MAX);
    pid_t child = spawn(argv, env, fd[1], true);
    assert_true(child > 0);
    close(fd[1]);
    while ((n = read(fd[0], bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR))
        buf_add(&out, bytes, n > 0 ? (size_t)n : 0);
    close(fd[0]);
    assert_int_equal(waitpid(child, &state, 0), child);
    int code = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
    if (want >= 0 && code != want) {
        fprintf(stderr, "# %.*s\n", (int)out.len, out.data);
        fail_msg("%s %s: exit status %d, wanted %d", argv[0], argv[1], code, want);
    }
    if (ret)
        *ret = code;
    char *text = buf_detach(&out);
    assert_non_null(text);
    return text;
}

static int take_arguments(const char **argv, int n, va_list args)
{
    const char *word;
    while (n < ARGUMENTS - 1 && (word = va_arg(args, const char *)))
        argv[n++] = word;
    argv[n] = NULL;
    return n;
}

char *run_server(struct server *s, int want, const char *word, ...)
{
    const char *argv[ARGUMENTS] = {program("jiband"), word, "--db", s->url};
    va_list args;
    va_start(args, word);
    take_arguments(argv, 4, args);
    va_end(args);
    return run_program(argv, NULL, want, NULL);
}

/* --- the server ------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *to)
{
    char *bytes = NULL;
    size_t n = 0;
    struct errmsg err = {{0}};
    if (file_read(from, STORE_MAX, &bytes, &n, &err) != ST_OK ||
        file_write_atomic(to, bytes, n, &err) != ST_OK)
        fail_msg("%s", err.text);
    free(bytes);
}

void server_make_empty(struct server *s, const char *name)
{
    memset(s, 0, sizeof *s);
    snprintf(s->folder, sizeof s->folder, "%.250s", test_path("%s", name));
    mkdir(s->folder, 0700);
    snprintf(s->db, sizeof s->db, "%s/office.db", s->folder);
    snprintf(s->url, sizeof s->url, "sqlite:%.390s", s->db);
    snprintf(s->socket, sizeof s->socket, "unix:%s/line", s->folder);
}

/* A store is served only with the secret keys of its audit log beside it. */
static void copy_store(const char *from, const char *to)
{
    static const char *const tail[] = {"", ".audit-key", ".audit-sign"};
    for (size_t i = 0; i < sizeof tail / sizeof *tail; i++) {
        char a[450], b[450];
        snprintf(a, sizeof a, "%.400s%s", from, tail[i]);
        snprintf(b, sizeof b, "%.400s%s", to, tail[i]);
        copy_file(a, b);
    }
}

void server_make(struct server *s, const char *name)
{
    struct server day;
    server_make_empty(s, name);
    memset(&day, 0, sizeof day);
    snprintf(day.db, sizeof day.db, "%s", test_path("day.db"));
    snprintf(day.url, sizeof day.url, "sqlite:%.390s", day.db);
    if (access(day.db, F_OK) != 0) {
        /* In the last second of the minute before: so all that is left of a limit changes at each minute. */
        char at[32];
        time_t second = time(NULL) / 60 * 60 - 1;
        strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime(&second));
        free(run_server(&day, 0, "init", "--practice", "--at", at, NULL));
    }
    copy_store(day.db, s->db);
}

static struct server *running[8];

const char *server_case_tail(const struct server *s, int place)
{
    static char tail[6];
    sqlite3 *db = NULL;
    sqlite3_stmt *q = NULL;
    assert_int_equal(sqlite3_open_v2(s->db, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT substr(number, -5) FROM cases"
                                        " WHERE CAST(substr(number, -5, 4) AS INTEGER) = ?",
                                        -1, &q, NULL),
                     SQLITE_OK);
    sqlite3_bind_int(q, 1, place);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    snprintf(tail, sizeof tail, "%s", (const char *)sqlite3_column_text(q, 0));
    assert_int_equal(sqlite3_step(q), SQLITE_DONE); /* no other of this place */
    sqlite3_finalize(q);
    sqlite3_close(db);
    return tail;
}

/* Takes the one for the other; NULL: an empty place. */
static void register_server(const struct server *old, struct server *now)
{
    for (size_t i = 0; i < sizeof running / sizeof *running; i++)
        if (running[i] == old) {
            running[i] = now;
            return;
        }
}

void server_start(struct server *s)
{
    char log[400], said[64] = "";
    int fd[2];
    assert_int_equal(s->pid, 0);
    snprintf(log, sizeof log, "%s/server.log", s->folder);
    const char *argv[] = {program("jiband"), "serve", "--db", s->url, "--listen",
                          s->socket,         "--log", log,    NULL};
    assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
    s->pid = spawn(argv, NULL, fd[1], false);
    assert_true(s->pid > 0);
    register_server(NULL, s);
    close(fd[1]);
    struct pollfd p = {.fd = fd[0], .events = POLLIN};
    size_t used = 0;
    while (!strchr(said, '\n')) { /* "listening on ..." */
        ssize_t n = poll(&p, 1, TERM_PATIENCE_MS) > 0 ? read(fd[0], said + used, 32 - used) : 0;
        if (n <= 0)
            fail_msg("the server does not start; see %s", log);
        used += (size_t)n;
        if (used >= 32)
            break;
    }
    close(fd[0]);
}

static int end_server(struct server *s, int number)
{
    int state = 0;
    if (s->pid == 0)
        return 0;
    kill(s->pid, number);
    waitpid(s->pid, &state, 0);
    register_server(s, NULL);
    s->pid = 0;
    return state;
}

void server_stop(struct server *s)
{
    int state = end_server(s, SIGTERM);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        fail_msg("the server ended with %#x", (unsigned)state);
}

void server_kill(struct server *s)
{
    end_server(s, SIGKILL);
}

int rig_end(void **state)
{
    (void)state;
    term_end_all(NULL);
    for (size_t i = 0; i < sizeof running / sizeof *running; i++)
        if (running[i])
            server_kill(running[i]);
    return 0;
}

/* --- what stands in the store ----------------------------------------------------------------- */

static json_t *read_lines(char *text)
{
    json_t *all = json_array();
    for (char *line = text; *line;) {
        json_error_t error;
        size_t n = strcspn(line, "\n");
        json_t *one = json_loadb(line, n, 0, &error);
        if (!one)
            fail_msg("no JSON (%s): %.*s", error.text, (int)n, line);
        json_array_append_new(all, one);
        line += n + (line[n] == '\n');
    }
    free(text);
    return all;
}

json_t *server_events(struct server *s, json_int_t since)
{
    char number[32];
    snprintf(number, sizeof number, "%lld", (long long)since);
    return read_lines(run_server(s, 0, "events", "--since", number, NULL));
}

json_int_t server_last_event(struct server *s)
{
    json_t *all = server_events(s, 0);
    size_t n = json_array_size(all);
    json_int_t last =
        n ? json_integer_value(json_object_get(json_array_get(all, n - 1), "gseq")) : 0;
    json_decref(all);
    return last;
}

/* Those of one user, with the words of their types. */
static json_t *events_of(struct server *s, json_int_t since, const char *user, struct buf *types)
{
    json_t *all = server_events(s, since), *mine = json_array(), *one;
    size_t i;
    buf_clear(types);
    json_array_foreach(all, i, one)
    {
        if (strcmp(text_at(one, "event.by.user"), user) != 0)
            continue;
        json_array_append(mine, one);
        buf_printf(types, "%s%s", types->len ? " " : "", text_at(one, "event.type"));
    }
    json_decref(all);
    return mine;
}

json_t *server_wait_events(struct server *s, json_int_t since, const char *user, const char *types)
{
    int64_t until = term_now_ms() + TERM_PATIENCE_MS;
    struct buf got;
    buf_init(&got, 1 << 20);
    for (;;) {
        json_t *mine = events_of(s, since, user, &got);
        if (strcmp(got.data, types) == 0) {
            buf_release(&got);
            return mine;
        }
        json_decref(mine);
        if (got.len >= strlen(types) || term_now_ms() > until)
            fail_msg("events of %s: %s, wanted: %s", user, got.data, types);
        poll(NULL, 0, 50);
    }
}

const char *text_at(const json_t *object, const char *path)
{
    char name[64];
    while (object && *path) {
        size_t n = strcspn(path, ".");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        object = json_object_get(object, name);
        path += n + (path[n] == '.');
    }
    const char *text = json_string_value(object);
    return text ? text : "";
}

/* --- consoles --------------------------------------------------------------------------------- */

void desk_config(const struct desk *d, const char *text)
{
    char path[400];
    snprintf(path, sizeof path, "%.250s/config", d->home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%.250s/config/jiban", d->home);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%.250s/config/jiban/config.ini", d->home);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    if (!strstr(text, "tour ="))
        assert_true(fputs("[screen]\ntour = no\n", f) >= 0);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

void desk_make(struct desk *d, struct server *s, const char *user, const char *language)
{
    static int count;
    memset(d, 0, sizeof *d);
    d->server = s;
    d->language = language;
    snprintf(d->user, sizeof d->user, "%s", user);
    snprintf(d->home, sizeof d->home, "%.250s", test_path("home%d", count++));
    mkdir(d->home, 0700);
    /* Replies leave at once, unless a test is about taking them back. */
    desk_config(d, "[reply]\ngrace = 0\n");
}

static void home_environment(const struct desk *d, const char *env[], int n)
{
    static char texts[6][400];
    static const char *const names[] = {"HOME=%.250s",
                                        "XDG_CONFIG_HOME=%.250s/config",
                                        "XDG_DATA_HOME=%.250s/data",
                                        "XDG_STATE_HOME=%.250s/state",
                                        "XDG_CACHE_HOME=%.250s/cache",
                                        "XDG_RUNTIME_DIR=%.250s/run"};
    for (int i = 0; i < 6 && i < n; i++) {
        size_t at = strcspn(names[i], "%");
        snprintf(texts[i], sizeof texts[i], "%.*s%.250s%s", (int)at, names[i], d->home,
                 names[i] + at + strlen("%.250s"));
        env[i] = texts[i];
    }
}

struct term_options desk_options(struct desk *d)
{
    struct term_options o = {.argv = {program("jiban"), "--server", d->server->socket, "--user",
                                      d->user, "--language", d->language}};
    home_environment(d, o.env, 6);
    return o;
}

void desk_wait_online(struct desk *d, struct term *t)
{
    bool chinese = strcmp(d->language, "en") != 0;
    term_wait(t, chinese ? "密码：" : "Password: ");
    term_press(t, "'practice' Enter");
    term_wait(t, chinese ? "* 在线" : "* online");
}

struct term *desk_open(struct desk *d, int rows, int cols)
{
    struct term_options o = desk_options(d);
    o.rows = rows;
    o.cols = cols;
    struct term *t = term_start(&o);
    desk_wait_online(d, t);
    return t;
}

static char *run_desk(struct desk *d, int want, const char *word, va_list args)
{
    const char *argv[ARGUMENTS] = {program("jiban"), "--server", d->server->socket,
                                   "--user",         d->user,    word};
    const char *env[8] = {0};
    char secret[420];
    home_environment(d, env, 6);
    const char *file = test_path("password");
    if (access(file, F_OK) != 0) {
        struct errmsg err = {{0}};
        assert_int_equal(file_write_atomic(file, "practice\n", 9, &err), ST_OK);
    }
    snprintf(secret, sizeof secret, "JIBAN_PASSWORD_FILE=%s", file);
    env[6] = secret;
    take_arguments(argv, 6, args);
    return run_program(argv, env, want, NULL);
}

char *desk_run(struct desk *d, int want, const char *word, ...)
{
    va_list args;
    va_start(args, word);
    char *text = run_desk(d, want, word, args);
    va_end(args);
    return text;
}

json_t *desk_json(struct desk *d, const char *word)
{
    return read_lines(desk_run(d, 0, word, "--json", NULL));
}

void desk_leave(struct term *t)
{
    term_press(t, "q");
    int code = term_wait_end(t);
    if (code != 0)
        term_fail(t, "exit status %d", code);
    term_check_restored(t);
    term_end(t);
}
