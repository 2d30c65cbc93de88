#include "core/sync/ask.h"
#include "core/base/i18n.h"
#include "core/sync/http.h"
#include "core/wire/codec.h"
#include <stdio.h>
#include <string.h>

enum { STEP_MS = 30 * MS_SECOND, ANSWER_MAX = 256 * 1024 * 1024 };

struct exchange {
    struct buf *body;
    bool (*take)(void *self, const char *data, size_t n); /* NULL: all goes to body */
    void *taker;
    bool done, ours, given_up;
    int status;
    int64_t heard_ms; /* of the monotonic clock */
    enum status st;
    char detail[256];
    const struct sync_options *asked; /* for terminal and revoked */
};

static void on_head(void *self, uint32_t id, const struct response_head *head)
{
    struct exchange *x = self;
    (void)id;
    x->status = head->status;
    x->ours = head->marker && *head->marker;
}

static void on_data(void *self, uint32_t id, const char *data, size_t n)
{
    struct exchange *x = self;
    (void)id;
    x->heard_ms = clock_mono(&clock_system);
    if (x->take && x->ours && x->status == 200)
        x->given_up = x->given_up || !x->take(x->taker, data, n);
    else
        buf_add(x->body, data, n);
}

static void on_done(void *self, uint32_t id, enum status st, const char *detail)
{
    struct exchange *x = self;
    (void)id;
    x->done = true;
    x->st = st;
    snprintf(x->detail, sizeof x->detail, "%s", detail);
}

/* What the server said no to, in its own words. */
static enum status refused(const struct exchange *x, struct errmsg *err)
{
    static const struct {
        int status;
        enum status st;
    } map[] = {{400, ST_INVALID},  {401, ST_UNAUTHORIZED}, {403, ST_DENIED}, {404, ST_NOT_FOUND},
               {409, ST_CONFLICT}, {413, ST_TOOBIG},       {503, ST_BUSY}};
    enum status st = ST_IO;
    struct problem p = {.detail = ""};
    struct arena a;
    arena_init(&a, 0);
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i].status == x->status)
            st = map[i].st;
    struct revocation r;
    if (x->status == 403 && x->asked && x->asked->terminal && x->asked->revoked &&
        revocation_decode(x->body->data, x->body->len, &r) &&
        strcmp(r.terminal, x->asked->terminal) == 0)
        *x->asked->revoked = r;
    if (problem_decode(x->body->data, x->body->len, &a, &p, NULL) != ST_OK || !*p.detail)
        fail(err, st, _("The server answers with HTTP %d."), x->status);
    else
        fail(err, st, "%s", p.detail);
    arena_release(&a);
    return st;
}

/* One request and its whole answer; *body is emptied first. x: where the answer goes. */
static enum status exchange_to(struct http *http, struct request *r, struct exchange given,
                               struct errmsg *err)
{
    struct exchange x = given;
    struct buf *body = x.body;
    struct transport_events events = {
        .self = &x, .head = on_head, .data = on_data, .done = on_done};
    struct transport *t = http_transport(http);
    buf_clear(body);
    http_set_events(http, &events);
    r->id++;
    r->limit = x.take ? SIZE_MAX / 2 : ANSWER_MAX;
    x.heard_ms = clock_mono(&clock_system);
    enum status st = t->start(t->self, r, err);
    int64_t until = x.heard_ms + STEP_MS;
    while (st == ST_OK && !x.done && !x.given_up && clock_mono(&clock_system) < until) {
        http_run(http, 200);
        if (x.take)
            until = x.heard_ms + STEP_MS;
    }
    if (st != ST_OK)
        return st;
    if (x.given_up && !x.done)
        t->cancel(t->self, r->id);
    if (x.given_up)
        return fail(err, ST_IO, _("The answer cannot be written."));
    if (!x.done) {
        t->cancel(t->self, r->id);
        return fail(err, ST_TIMEOUT, _("The server is silent."));
    }
    if (x.st != ST_OK)
        return fail(err, x.st, "%s", x.detail);
    if (!x.ours)
        return fail(err, ST_PROTOCOL,
                    _("Something else than the jiban server answers at this address (HTTP %d)."),
                    x.status);
    if (x.status >= 300)
        return refused(&x, err);
    return buf_status(body) == ST_OK ? ST_OK
                                     : fail(err, buf_status(body), _("The answer is too large."));
}

static enum status exchange(struct http *http, const struct sync_options *o, struct request *r,
                            struct buf *body, struct errmsg *err)
{
    return exchange_to(http, r, (struct exchange){.body = body, .asked = o}, err);
}

/* Logs in, asks, logs out. said: what is posted, NULL: nothing. */
static enum status ask(const struct sync_options *o, const char *target, const struct buf *said,
                       struct exchange answer, struct errmsg *err)
{
    struct http *http = NULL;
    struct session session = {.token = ""};
    struct buf login, *body = answer.body;
    struct arena a;
    enum status st = http_new(o->url, o->ca_file, o->allow_plain, &http, err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    buf_init(&login, 64 * 1024);
    login_encode(&login, o->user, o->password, o->device, o->terminal ? o->terminal : "");
    struct request r = {
        .method = "POST", .target = "/v1/session", .body = login.data, .body_len = login.len};
    st = exchange(http, o, &r, body, err);
    explicit_bzero(login.data, login.len);
    if (st == ST_OK)
        st = session_decode(body->data, body->len, &a, &session, err);
    if (st == ST_OK) {
        r = (struct request){.id = r.id,
                             .method = said ? "POST" : "GET",
                             .target = target,
                             .token = session.token,
                             .body = said ? said->data : NULL,
                             .body_len = said ? said->len : 0};
        st = exchange_to(http, &r, answer, err);
        r = (struct request){
            .id = r.id, .method = "DELETE", .target = "/v1/session", .token = session.token};
        struct buf ignored;
        buf_init(&ignored, ANSWER_MAX);
        exchange(http, o, &r, &ignored, NULL); /* without it the session ends by itself */
        buf_release(&ignored);
    }
    http_free(http);
    buf_release(&login);
    arena_release(&a);
    return st;
}

enum status line_ask(const struct sync_options *o, const char *target, struct buf *out,
                     struct errmsg *err)
{
    return line_tell(o, target, NULL, out, err);
}

enum status line_tell(const struct sync_options *o, const char *target, const struct buf *said,
                      struct buf *out, struct errmsg *err)
{
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    enum status st = ask(o, target, said, (struct exchange){.body = &body, .asked = o}, err);
    if (st == ST_OK)
        buf_add(out, body.data, body.len);
    buf_release(&body);
    return st;
}

enum status line_fetch(const struct sync_options *o, const char *target,
                       bool (*take)(void *self, const char *data, size_t n), void *self,
                       struct errmsg *err)
{
    struct buf body;
    buf_init(&body, ANSWER_MAX);
    enum status st =
        ask(o, target, NULL,
            (struct exchange){.body = &body, .take = take, .taker = self, .asked = o}, err);
    buf_release(&body);
    return st;
}

enum status line_hand_in(const struct sync_options *o, const struct revocation *who,
                         const char *file, size_t n, struct errmsg *err)
{
    struct http *http = NULL;
    struct buf body;
    char target[64];
    enum status st = http_new(o->url, o->ca_file, o->allow_plain, &http, err);
    if (st != ST_OK)
        return st;
    snprintf(target, sizeof target, "/v1/terminals/%s/work", who->terminal);
    struct request r = {
        .method = "POST", .target = target, .token = who->ticket, .body = file, .body_len = n};
    buf_init(&body, ANSWER_MAX);
    st = exchange(http, NULL, &r, &body, err);
    buf_release(&body);
    http_free(http);
    return st;
}

void query_add(struct buf *target, const char *name, const char *value)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    if (!value)
        return;
    buf_printf(target, "%c%s=", strchr(target->data, '?') ? '&' : '?', name);
    for (const char *c = value; *c; c++)
        if (strchr(plain, *c))
            buf_putc(target, *c);
        else
            buf_printf(target, "%%%02X", (unsigned)(unsigned char)*c);
}
