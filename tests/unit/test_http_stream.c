/* A stream over which much comes is listened to once a moment, and nothing of it is lost. */
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/sync/http.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { MESSAGES = 200, EACH_MS = 5, OFTEN = MESSAGES / 4 };

struct heard {
    struct buf text;
    int times;
    bool done;
};

static void on_head(void *self, uint32_t id, const struct response_head *head)
{
    (void)self;
    (void)id;
    assert_int_equal(head->status, 200);
}

static void on_data(void *self, uint32_t id, const char *data, size_t n)
{
    struct heard *h = self;
    (void)id;
    buf_add(&h->text, data, n);
    h->times++;
}

static void on_done(void *self, uint32_t id, enum status st, const char *detail)
{
    struct heard *h = self;
    (void)id;
    (void)st;
    (void)detail;
    h->done = true;
}

static void send_all(int fd, const char *text)
{
    size_t n = strlen(text);
    if (send(fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
        abort();
}

/* One message after the other, then the end. */
static void *serve(void *socket)
{
    const struct timespec pause = {.tv_nsec = EACH_MS * 1000000L};
    char text[4096];
    int fd = accept(*(int *)socket, NULL, NULL);
    if (fd < 0 || read(fd, text, sizeof text) <= 0)
        abort();
    send_all(fd, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < MESSAGES; i++) {
        snprintf(text, sizeof text, "event: change\ndata: %d\n\n", i);
        send_all(fd, text);
        nanosleep(&pause, NULL);
    }
    close(fd);
    return NULL;
}

static void test_messages_are_heard_together(void **state)
{
    (void)state;
    char folder[] = "/tmp/jiban-stream-XXXXXX", url[64];
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    struct http *http = NULL;
    struct heard heard = {.times = 0};
    struct transport_events events = {
        .self = &heard, .head = on_head, .data = on_data, .done = on_done};
    struct request r = {
        .id = 1, .method = "GET", .target = "/v1/events", .limit = 1 << 20, .stream = true};
    pthread_t thread;
    assert_non_null(mkdtemp(folder));
    snprintf(at.sun_path, sizeof at.sun_path, "%s/s", folder);
    snprintf(url, sizeof url, "unix:%s/s", folder);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(pthread_create(&thread, NULL, serve, &fd), 0);
    buf_init(&heard.text, 1 << 20);
    assert_int_equal(http_new(url, "", false, &http, NULL), ST_OK);
    http_set_events(http, &events);
    assert_int_equal(http_transport(http)->start(http_transport(http)->self, &r, NULL), ST_OK);
    int64_t until = clock_mono(&clock_system) + 60 * MS_SECOND;
    while (!heard.done && clock_mono(&clock_system) < until)
        http_run(http, 60000);
    assert_true(heard.done);
    assert_non_null(strstr(heard.text.data, "data: 0\n"));
    assert_non_null(strstr(heard.text.data, "data: 199\n"));
    int messages = 0;
    for (const char *p = heard.text.data; (p = strstr(p, "event: change\n")); p++)
        messages++;
    assert_int_equal(messages, MESSAGES);
    assert_true(heard.times <= OFTEN);
    http_free(http);
    buf_release(&heard.text);
    pthread_join(thread, NULL);
    close(fd);
    unlink(at.sun_path);
    rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_are_heard_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
