#include "core/sync/sync.h"
#include "core/store/attachments.h"
#include "core/store/context.h"
#include "core/store/retention.h"
#include "core/store/secret.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/sync/http.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sync {
    pthread_t thread;
    pthread_mutex_t lock; /* guards what stands between the two threads */
    bool stop, poke, now, login_given;
    char *password;
    struct sync_report report;
    bool present_given;
    struct presence_own present;
    struct presence_list others;
    struct http *waker; /* http, once it is there */

    int hint_read, hint_write;
    struct sync_options options; /* with copies of its texts */
    struct store *store;         /* this thread's own connection */
    struct http *http;
    struct sync_engine *engine;
    struct context context;  /* prediction needs the rules */
    bool indexing;           /* cases may wait for the index of the search */
    bool retaining;          /* cases may be older than the policy lets them be */
    int64_t retain_again_ms; /* when that is gone on with or looked at the next time; monotonic */
    int64_t told_ms;         /* when the UI was last told what has left; monotonic */
    int64_t removed_told;    /* how many those were */
    int64_t forget_again_ms; /* the same for copies of files */
    struct retention_place retention;
};

static void publish(struct sync *s)
{
    struct sync_report report;
    sync_engine_report(s->engine, &report);
    pthread_mutex_lock(&s->lock);
    report.present_told &= !s->present_given;
    s->report = report;
    pthread_mutex_unlock(&s->lock);
}

static void tell(struct sync *s, enum sync_hint h)
{
    char byte = (char)h;
    /* A full pipe already wakes the other side; the byte may be lost. */
    ssize_t n = write(s->hint_write, &byte, 1);
    (void)n;
}

static void forget(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

/* The screen can be locked from now on, and a sealed cache opens with it. A failure is no reason to stop. */
static void keep_secret(void *self, const char *password)
{
    struct sync *s = self;
    struct errmsg err;
    if (!store_secret_is(s->store, password) &&
        store_secret_keep(s->store, password, &err) != ST_OK)
        log_write(LOG_ERROR, "sync: no lock of the screen: %s", err.text);
}

static void on_hint(void *self, enum sync_hint h)
{
    struct sync *s = self;
    struct sync_report report;
    sync_engine_report(s->engine, &report);
    /* Another actor may have come with a log-in; the other states of the line change no rule. */
    if (h == HINT_REFERENCE || (h == HINT_LINE && report.line == LINE_ONLINE))
        context_load(&s->context, s->store, s->options.device, NULL);
    if (h == HINT_CASES)
        s->indexing = true;
    if (h == HINT_REFERENCE)
        s->retain_again_ms = 0; /* by the policy that came */
    if (h == HINT_PRESENCE) {
        pthread_mutex_lock(&s->lock);
        s->others = *sync_engine_others(s->engine);
        pthread_mutex_unlock(&s->lock);
    }
    publish(s); /* whoever hears the hint reads a report that knows of it */
    tell(s, h);
}

/* What takes time (the TLS library, the cache, its rules) is made here, in the thread of the line. */
static enum status make(struct sync *s, struct errmsg *err)
{
    const struct sync_options *o = &s->options;
    enum status st = http_new(o->url, o->ca_file, o->allow_plain, &s->http, err);
    if (st == ST_OK)
        st = store_open(o->folder, STORE_SECOND, o->clock, &s->store, err);
    if (st == ST_OK) {
        struct sync_config config = {.store = s->store,
                                     .clock = o->clock,
                                     .random = o->random,
                                     .transport = http_transport(s->http),
                                     .user = o->user,
                                     .device = o->device,
                                     .terminal = o->terminal,
                                     .batch = o->batch,
                                     .body_limit = o->body_limit,
                                     .once = o->once,
                                     .presence = o->once ? PRESENCE_OFF : o->presence,
                                     .accepted = keep_secret,
                                     .hint_self = s,
                                     .hint = on_hint};
        st = sync_engine_new(&config, &s->engine, err);
    }
    if (st != ST_OK)
        return st;
    struct transport_events events = sync_engine_events(s->engine);
    http_set_events(s->http, &events);
    st = context_load(&s->context, s->store, o->device, err);
    if (st != ST_OK)
        return st;
    s->indexing = true; /* what was left the last time */
    pthread_mutex_lock(&s->lock);
    s->waker = s->http;
    pthread_mutex_unlock(&s->lock);
    return ST_OK;
}

/* A few cases at a time, whenever the line has nothing to do: neither a reply nor a keystroke waits for them. */
static void index_some(struct sync *s)
{
    enum { STEP = 50 };
    bool left = false;
    struct errmsg err;
    if (!s->indexing || s->options.once || !sync_engine_idle(s->engine) ||
        store_writer_waits(s->store))
        return;
    if (store_searches_all(s->store)) { /* nothing to do, and nothing to tell */
        s->indexing = false;
        store_rest(
            s->store); /* what start and changes have left behind is of no use until the next ones */
        return;
    }
    if (store_index_step(s->store, STEP, &left, &err) != ST_OK) {
        log_write(LOG_ERROR, "sync: the index of the search failed: %s", err.text);
        left = false; /* until cases come again */
    }
    s->indexing = left;
    if (left)
        return;
    store_rest(s->store);
    tell(s, HINT_CASES);
}

/* Copies of files that stand in nothing any more; what was sent may be offered again for so long. */
static void forget_files(struct sync *s, int64_t now)
{
    enum { KEEP_DAYS = 7 };
    struct errmsg err;
    int n = 0;
    int64_t before = clock_wall(s->options.clock) - (int64_t)KEEP_DAYS * MS_DAY;
    if (now < s->forget_again_ms)
        return;
    s->forget_again_ms = now + MS_DAY;
    if (store_attachments_forget(s->store, before, &n, &err) != ST_OK)
        log_write(LOG_ERROR, "sync: old files could not be removed: %s", err.text);
    else if (n > 0)
        log_write(LOG_INFO, "sync: %d files left the cache after their time", n);
}

/* Steps that a keystroke need not wait for, for a moment; then the thread sleeps, so that a long walk is one wake-up a second. */
static void retain_for_a_moment(struct sync *s)
{
    enum { STEP = 64, MOMENT_MS = 30 };
    struct errmsg err;
    int64_t until = clock_mono(s->options.clock) + MOMENT_MS;
    while (!s->retention.done && clock_mono(s->options.clock) < until &&
           !store_writer_waits(s->store)) {
        if (store_retention_step(s->store, STEP, &s->retention, &err) != ST_OK) {
            log_write(LOG_ERROR, "sync: old cases could not be removed: %s", err.text);
            s->retention.done = true;
        }
    }
}

/* The screen is told now and then, and at the end: it need not follow each case that nobody looks at. */
static void tell_removed(struct sync *s, int64_t now)
{
    enum { TELL_MS = 10 * MS_SECOND };
    if (s->retention.removed == s->removed_told ||
        (!s->retention.done && now < s->told_ms + TELL_MS))
        return;
    s->removed_told = s->retention.removed;
    s->told_ms = now;
    tell(s, HINT_CASES);
}

/* Once a day, after the index; when that is due is asked at the start, every hour and when a policy has come. */
static void retain_some(struct sync *s)
{
    enum { PAUSE_MS = 1 * MS_SECOND };
    int64_t now = clock_mono(s->options.clock);
    if (s->options.once || s->indexing || now < s->retain_again_ms ||
        !sync_engine_idle(s->engine) || store_writer_waits(s->store))
        return;
    if (!s->retaining) {
        forget_files(s, now);
        s->retention = (struct retention_place){.done = !store_retention_wanted(s->store)};
        s->removed_told = 0;
    }
    s->retaining = !s->retention.done;
    s->retain_again_ms = now + (s->retaining ? PAUSE_MS : MS_HOUR);
    if (!s->retaining)
        return;
    retain_for_a_moment(s);
    tell_removed(s, now);
    if (!s->retention.done)
        return;
    s->retaining = false;
    s->retain_again_ms = now + MS_HOUR;
    store_rest(s->store);
    if (s->retention.removed > 0)
        log_write(LOG_INFO, "sync: %lld cases left the cache after their time",
                  (long long)s->retention.removed);
}

static void *run(void *self)
{
    struct sync *s = self;
    struct errmsg err = {{0}};
    if (make(s, &err) != ST_OK) {
        pthread_mutex_lock(&s->lock);
        s->report.line = LINE_OFFLINE;
        snprintf(s->report.error, sizeof s->report.error, "%.*s", (int)sizeof s->report.error - 1,
                 err.text);
        pthread_mutex_unlock(&s->lock);
        tell(s, HINT_LINE);
        tell(s, HINT_DONE);
        return NULL;
    }
    for (;;) {
        pthread_mutex_lock(&s->lock);
        bool stop = s->stop, poke = s->poke, at_once = s->now, login = s->login_given;
        char *password = s->password;
        bool present = s->present_given;
        struct presence_own own = s->present;
        s->present_given = false;
        s->poke = s->now = s->login_given = false;
        s->password = NULL;
        pthread_mutex_unlock(&s->lock);
        if (login && !stop)
            sync_engine_login(s->engine, password);
        forget(password);
        if (stop)
            return NULL;
        if (present)
            sync_engine_present(s->engine, &own);
        if (at_once)
            sync_engine_now(s->engine);
        else if (poke)
            sync_engine_poke(s->engine);
        sync_engine_tick(s->engine);
        publish(s);
        index_some(s);
        retain_some(s);
        int64_t next = sync_engine_next_ms(s->engine), now = clock_mono(s->options.clock);
        int64_t wait = next == INT64_MAX ? 3600 * MS_SECOND : next - now;
        bool aside = s->indexing || s->retain_again_ms <= now; /* work beside the line */
        if (!aside && wait > s->retain_again_ms - now)
            wait = s->retain_again_ms - now;
        if (wait < 0 || (aside && !s->options.once && sync_engine_idle(s->engine)))
            wait = 0;
        if (wait > 3600 * MS_SECOND)
            wait = 3600 * MS_SECOND;
        http_run(s->http, (int)wait);
        publish(s);
    }
}

static const char **const_text(struct sync_options *o, size_t i)
{
    const char **text[] = {&o->folder, &o->url, &o->user, &o->device, &o->ca_file, &o->terminal};
    return i < sizeof text / sizeof *text ? text[i] : NULL;
}

static void release(struct sync *s)
{
    sync_engine_free(s->engine);
    http_free(s->http);
    store_close(s->store);
    if (s->hint_read >= 0)
        close(s->hint_read);
    if (s->hint_write >= 0)
        close(s->hint_write);
    context_release(&s->context);
    pthread_mutex_destroy(&s->lock);
    forget(s->password);
    for (size_t i = 0; const_text(&s->options, i); i++)
        free((void *)(uintptr_t)*const_text(&s->options, i));
    free(s);
}

enum status sync_start(const struct sync_options *o, struct sync **ret, struct errmsg *err)
{
    int fds[2];
    enum status st = http_check(o->url, o->allow_plain, err);
    if (st != ST_OK)
        return st;
    struct sync *s = calloc(1, sizeof *s);
    if (!s)
        return fail(err, ST_NOMEM, "out of memory");
    s->hint_read = s->hint_write = -1;
    s->options = *o;
    context_init(&s->context);
    pthread_mutex_init(&s->lock, NULL);
    for (size_t i = 0; const_text(&s->options, i); i++) {
        const char **text = const_text(&s->options, i);
        *text = strdup(*text ? *text : "");
        if (!*text)
            st = fail(err, ST_NOMEM, "out of memory");
    }
    s->options.password = NULL;
    if (o->password) { /* before the first tick, which else would ask for it */
        s->password = strdup(o->password);
        s->login_given = true;
    }
    if (st == ST_OK && o->password && !s->password)
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK && pipe2(fds, O_CLOEXEC | O_NONBLOCK) != 0) {
        st = fail(err, ST_IO, "no pipe between the threads");
    } else if (st == ST_OK) {
        s->hint_read = fds[0];
        s->hint_write = fds[1];
    }
    if (st == ST_OK && pthread_create(&s->thread, NULL, run, s) != 0)
        st = fail(err, ST_IO, "no thread for the line");
    if (st != ST_OK) {
        release(s);
        return st;
    }
    *ret = s;
    return ST_OK;
}

/* The lock is held; before there is a line, the thread looks at all by itself. */
static void wake(struct sync *s)
{
    if (s->waker)
        http_wake(s->waker);
}

void sync_stop(struct sync *s)
{
    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stop = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    release(s);
}

int sync_fd(const struct sync *s)
{
    return s->hint_read;
}

void sync_login(struct sync *s, const char *password)
{
    char *copy = password ? strdup(password) : NULL;
    pthread_mutex_lock(&s->lock);
    forget(s->password);
    s->password = copy;
    s->login_given = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

void sync_poke(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    s->poke = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

void sync_now(struct sync *s)
{
    pthread_mutex_lock(&s->lock);
    s->now = true;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

void sync_report(struct sync *s, struct sync_report *ret)
{
    pthread_mutex_lock(&s->lock);
    *ret = s->report;
    pthread_mutex_unlock(&s->lock);
}

void sync_present(struct sync *s, const struct presence_own *own)
{
    pthread_mutex_lock(&s->lock);
    s->present = *own;
    s->present_given = true;
    s->report.present_told = false;
    wake(s);
    pthread_mutex_unlock(&s->lock);
}

void sync_others(struct sync *s, struct presence_list *ret)
{
    pthread_mutex_lock(&s->lock);
    *ret = s->others;
    pthread_mutex_unlock(&s->lock);
}

struct probe {
    bool done, ours;
    int status;
    enum status st;
    char detail[256];
};

static void probe_head(void *self, uint32_t id, const struct response_head *head)
{
    struct probe *p = self;
    (void)id;
    p->status = head->status;
    p->ours = head->marker && *head->marker;
}

static void probe_data(void *self, uint32_t id, const char *data, size_t n)
{
    (void)self;
    (void)id;
    (void)data;
    (void)n;
}

static void probe_done(void *self, uint32_t id, enum status st, const char *detail)
{
    struct probe *p = self;
    (void)id;
    p->done = true;
    p->st = st;
    snprintf(p->detail, sizeof p->detail, "%s", detail);
}

enum status line_probe(const char *url, const char *ca_file, bool allow_plain, struct errmsg *err)
{
    enum { PROBE_MS = 10 * MS_SECOND, PROBE_BODY = 64 * 1024 };
    struct http *http = NULL;
    struct probe p = {.done = false};
    struct transport_events events = {
        .self = &p, .head = probe_head, .data = probe_data, .done = probe_done};
    struct request r = {.id = 1, .method = "GET", .target = "/healthz", .limit = PROBE_BODY};
    enum status st = http_new(url, ca_file, allow_plain, &http, err);
    if (st != ST_OK)
        return st;
    http_set_events(http, &events);
    struct transport *t = http_transport(http);
    st = t->start(t->self, &r, err);
    int64_t until = clock_mono(&clock_system) + PROBE_MS;
    while (st == ST_OK && !p.done && clock_mono(&clock_system) < until)
        http_run(http, 200);
    http_free(http);
    if (st != ST_OK)
        return st;
    if (!p.done)
        return fail(err, ST_TIMEOUT, _("The server is silent."));
    if (p.st != ST_OK)
        return fail(err, p.st, "%s", p.detail);
    if (!p.ours)
        return fail(err, ST_PROTOCOL,
                    _("Something else than the jiban server answers at this address (HTTP %d)."),
                    p.status);
    return ST_OK;
}
