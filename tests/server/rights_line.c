#include "tests/server/rights_line.h"
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { START_MS = 30000, ANSWER_MOST = 64 << 20 };

static void take_head(void *self, uint32_t id, const struct response_head *head)
{
    struct line *l = self;
    if (id == l->last)
        l->status = head->status;
}

static void take_data(void *self, uint32_t id, const char *data, size_t n)
{
    struct line *l = self;
    if (id == l->last)
        buf_add(&l->body, data, n);
}

static void take_end(void *self, uint32_t id, enum status st, const char *detail)
{
    struct line *l = self;
    (void)detail;
    if (id != l->last)
        return;
    l->done = true;
    l->st = st;
}

static void start(struct line *l, const char *store)
{
    char program[4200], said[64];
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    int fd[2];
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    assert_int_equal(pipe(fd), 0);
    l->pid = fork();
    if (l->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves nothing behind */
        setenv("LC_ALL", "C.UTF-8", 1);
        setenv("LANGUAGE", "zh_CN", 1);
        dup2(fd[1], STDOUT_FILENO);
        execl(program, "jiband", "serve", "--db", store, "--listen", l->address, "--log", l->log,
              "--tick", "0", (char *)NULL);
        _exit(127);
    }
    close(fd[1]);
    struct pollfd p = {.fd = fd[0], .events = POLLIN};
    if (poll(&p, 1, START_MS) <= 0 || read(fd[0], said, sizeof said) <= 0)
        fail_msg("the server does not start; see %s", l->log);
    close(fd[0]);
}

void line_open(struct line *l, const char *folder, const char *store)
{
    struct errmsg err = {{0}};
    memset(l, 0, sizeof *l);
    snprintf(l->address, sizeof l->address, "unix:%.300s/line", folder);
    snprintf(l->log, sizeof l->log, "%.300s/server.log", folder);
    start(l, store);
    buf_init(&l->body, ANSWER_MOST);
    if (http_new(l->address, "", false, &l->http, &err) != ST_OK)
        fail_msg("%s", err.text);
    const struct transport_events events = {l, take_head, take_data, take_end};
    http_set_events(l->http, &events);
}

void line_close(struct line *l)
{
    int state = 0;
    if (l->pid <= 0) /* was never opened */
        return;
    http_free(l->http);
    buf_release(&l->body);
    kill(l->pid, SIGTERM);
    waitpid(l->pid, &state, 0);
    l->pid = 0;
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0)
        fail_msg("the server ended with %#x", (unsigned)state);
}

int line_ask(struct line *l, const char *token, const char *target, const struct buf *body)
{
    struct errmsg err = {{0}};
    struct transport *t = http_transport(l->http);
    struct request r = {.id = ++l->last,
                        .method = body ? "POST" : "GET",
                        .target = target,
                        .token = token,
                        .body = body ? body->data : NULL,
                        .body_len = body ? body->len : 0,
                        .limit = ANSWER_MOST};
    buf_clear(&l->body);
    l->done = false;
    l->status = 0;
    if (t->start(t->self, &r, &err) != ST_OK)
        fail_msg("%s: %s", target, err.text);
    while (!l->done)
        http_run(l->http, 1000);
    if (l->st != ST_OK)
        fail_msg("%s: the line broke", target);
    return l->status;
}
