#include "tests/view/office.h"
#include "core/base/paths.h"
#include "server/route.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOMENT "2026-03-10T09:30:00+08:00"

enum { STEPS_MOST = 1000, CYCLE_MS = 60 * 1000, DAY_MOST = 64 << 20 };

static int64_t office_now(void *self)
{
    return ((struct office *)self)->now_ms;
}

static enum status line_start(void *self, const struct request *r, struct errmsg *err)
{
    struct office *o = self;
    if (r->stream)
        return fail(err, ST_OFFLINE, "no stream here");
    free(o->body);
    o->body = malloc(r->body_len + 1);
    if (!o->body)
        return fail(err, ST_NOMEM, "memory");
    memcpy(o->body, r->body ? r->body : "", r->body_len);
    o->asked = *r;
    snprintf(o->target, sizeof o->target, "%s", r->target);
    snprintf(o->token, sizeof o->token, "%s", r->token ? r->token : "");
    snprintf(o->etag, sizeof o->etag, "%s", r->etag ? r->etag : "");
    snprintf(o->match, sizeof o->match, "%s", r->match ? r->match : "");
    return ST_OK;
}

static void line_cancel(void *self, uint32_t id)
{
    struct office *o = self;
    if (o->asked.id == id)
        o->asked.id = REQUEST_NONE;
}

/* "name=VALUE" of a query, at most size - 1 bytes of it. */
static const char *query_value(const char *target, const char *name, char *out, size_t size)
{
    const char *at = strstr(target, name);
    if (!at)
        return NULL;
    at += strlen(name);
    snprintf(out, size, "%.*s", (int)strcspn(at, "&"), at);
    return out;
}

/* The rules that came are known before the cases that they are applied to. */
static void on_hint(void *self, enum sync_hint h)
{
    struct office *o = self;
    if (h == HINT_REFERENCE || h == HINT_LINE)
        context_load(&o->context, o->store, "test", NULL);
}

/* The path of a target, as the library of the server hands it over: escapes are decoded. */
static void path_of(const char *target, char *out, size_t size)
{
    size_t n = 0;
    for (const char *at = target; *at && *at != '?' && n + 1 < size; at++) {
        char digits[] = "00";
        if (*at != '%' || !at[1] || !at[2]) {
            out[n++] = *at;
            continue;
        }
        memcpy(digits, at + 1, 2);
        out[n++] = (char)strtol(digits, NULL, 16);
        at += 2;
    }
    out[n] = '\0';
}

static void answer(struct office *o)
{
    char path[256], since[CURSOR_SIZE], limit[16], authorization[TOKEN_SIZE + 16];
    char method[8];
    struct transport_events e = sync_engine_events(o->engine);
    struct route_response r;
    uint32_t id = o->asked.id;
    path_of(o->target, path, sizeof path);
    snprintf(method, sizeof method, "%s", o->asked.method);
    snprintf(authorization, sizeof authorization, "Bearer %s", o->token);
    struct route_request q = {.method = method,
                              .path = path,
                              .since = query_value(o->target, "since=", since, sizeof since),
                              .limit = query_value(o->target, "limit=", limit, sizeof limit),
                              .authorization = *o->token ? authorization : NULL,
                              .if_none_match = *o->etag ? o->etag : NULL,
                              .if_match = *o->match ? o->match : NULL,
                              .body = o->body,
                              .body_len = o->asked.body_len};
    o->asked.id = REQUEST_NONE;
    response_init(&r);
    route_handle(o->service, &q, &r);
    struct response_head head = {.status = r.status,
                                 .media_type = r.media_type,
                                 .etag = r.etag ? r.etag : "",
                                 .marker = "office",
                                 .retry_after_s = r.retry_after_s ? r.retry_after_s : -1,
                                 .date_ms = o->now_ms};
    e.head(e.self, id, &head);
    e.data(e.self, id, r.body.data ? r.body.data : "", r.body.len);
    e.done(e.self, id, ST_OK, "");
    response_release(&r);
}

enum status office_sync(struct office *o, struct errmsg *err)
{
    struct sync_report before, now;
    sync_engine_report(o->engine, &before);
    sync_engine_poke(o->engine);
    for (int i = 0; i < STEPS_MOST; i++) {
        sync_engine_tick(o->engine);
        if (o->asked.id != REQUEST_NONE) {
            answer(o);
            continue;
        }
        sync_engine_report(o->engine, &now);
        if (now.cycles > before.cycles)
            return context_load(&o->context, o->store, "test", err);
        if (sync_engine_next_ms(o->engine) > o->now_ms + CYCLE_MS)
            break;
        if (sync_engine_next_ms(o->engine) > o->now_ms)
            o->now_ms = sync_engine_next_ms(o->engine);
    }
    sync_engine_report(o->engine, &now);
    return fail(err, ST_OFFLINE, "no cycle was done: %s", now.error);
}

/* A store is served only with the secret keys of its audit log beside it. */
static enum status copy_store(const char *from, const char *to, struct errmsg *err)
{
    static const char *const tail[] = {"", ".audit-key", ".audit-sign"};
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < sizeof tail / sizeof *tail; i++) {
        char a[4300], b[4400], *bytes = NULL;
        size_t n = 0;
        snprintf(a, sizeof a, "%.4200s%s", from, tail[i]);
        snprintf(b, sizeof b, "%.4300s%s", to, tail[i]);
        st = file_read(a, DAY_MOST, &bytes, &n, err);
        if (st == ST_OK)
            st = file_write_atomic(b, bytes, n, err);
        free(bytes);
    }
    return st;
}

/* Made once, then copied: a day takes a second to play. */
static enum status make_day(const char *path, struct errmsg *err)
{
    char program[4200], url[4300], first[4200];
    const char *build = getenv("JIBAN_TOP_BUILDDIR"), *tmp = getenv("JIBAN_TEST_TMP");
    int state = 0;
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    snprintf(first, sizeof first, "%.4000s/day.db", tmp ? tmp : "/tmp");
    snprintf(url, sizeof url, "sqlite:%s", first);
    if (access(first, F_OK) != 0) {
        pid_t child = fork();
        if (child == 0) {
            execl(program, "jiband", "init", "--db", url, "--practice", "--at", MOMENT,
                  (char *)NULL);
            _exit(127);
        }
        if (child < 0 || waitpid(child, &state, 0) != child || state != 0)
            return fail(err, ST_IO, "%s init --db %s does not work", program, url);
    }
    return copy_store(first, path, err);
}

/* The person logs in at a console of his own. */
static enum status sit_down(struct office *o, const char *user, struct errmsg *err)
{
    char cache[4300];
    snprintf(cache, sizeof cache, "%.4000s/%.100s", o->folder, user);
    context_init(&o->context);
    enum status st = store_open(cache, STORE_OWNER, &o->clock, &o->store, err);
    if (st != ST_OK)
        return st;
    o->transport = (struct transport){.self = o, .start = line_start, .cancel = line_cancel};
    struct sync_config config = {.store = o->store,
                                 .clock = &o->clock,
                                 .random = &o->random,
                                 .transport = &o->transport,
                                 .user = user,
                                 .device = "test",
                                 .batch = 1000,
                                 .body_limit = 64 << 20,
                                 .hint_self = o,
                                 .hint = on_hint};
    st = sync_engine_new(&config, &o->engine, err);
    if (st == ST_OK) {
        sync_engine_login(o->engine, "practice");
        st = office_sync(o, err);
        for (bool left = true;
             st == ST_OK && left;) /* as the thread of the line does when it is idle */
            st = store_index_step(o->store, 500, &left, err);
    }
    if (st == ST_OK) /* what the log-in took of the clock is given back */
        rfc3339_parse(MOMENT, &o->now_ms);
    return st;
}

enum status office_open(struct office *o, const char *name, const char *user, struct errmsg *err)
{
    char path[4300], url[4400];
    const char *tmp = getenv("JIBAN_TEST_TMP");
    memset(o, 0, sizeof *o);
    snprintf(o->folder, sizeof o->folder, "%.3000s/%.100s", tmp ? tmp : "/tmp", name);
    mkdir(o->folder, 0700);
    snprintf(path, sizeof path, "%s/office.db", o->folder);
    snprintf(url, sizeof url, "sqlite:%s", path);
    rfc3339_parse(MOMENT, &o->now_ms);
    o->clock = (struct clock){.self = o, .wall_ms = office_now, .mono_ms = office_now};
    rng_seed(&o->rng, 1);
    o->random = rng_random(&o->rng);
    struct service_config service = {.url = url, .clock = &o->clock, .random = &o->random};
    enum status st = make_day(path, err);
    if (st == ST_OK)
        st = service_open(&service, &o->service, err);
    return st == ST_OK ? sit_down(o, user, err) : st;
}

static void leave(struct office *o)
{
    sync_engine_free(o->engine);
    context_release(&o->context);
    store_close(o->store);
    o->engine = NULL;
    o->store = NULL;
}

enum status office_next(struct office *o, const char *user, struct errmsg *err)
{
    enum status st = office_sync(o, err);
    if (st != ST_OK)
        return st;
    leave(o);
    return sit_down(o, user, err);
}

void office_close(struct office *o)
{
    leave(o);
    service_close(o->service);
    free(o->body);
    memset(o, 0, sizeof *o);
}

const char *office_key(const char *keys, struct key *ret)
{
    size_t n = strcspn(keys, " ");
    if (*keys == '\'') {
        n = 1 + strcspn(keys + 1, "'") + 1;
        *ret = (struct key){.kind = KEY_KIND_PASTE, .text = keys + 1, .len = n - 2};
    } else if (!key_parse(keys, n, ret)) {
        fprintf(stderr, "no such key: %s\n", keys);
        abort();
    }
    keys += n;
    return keys + strspn(keys, " ");
}
