/* verbs_serve.c: serves consoles until a signal ends it. */
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "server/blobs.h"
#include "server/http.h"
#include "server/serving.h"
#include "server/verbs.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

enum { PING_SECONDS = 15, TICK_SECONDS = 5, SWEEP_SECONDS = 5 };

static void on_commit(void *self, int64_t gseq)
{
    struct http_server **http = self;
    (void)gseq;
    if (*http)
        http_server_notify(*http);
}

static void on_renewed(void *self)
{
    struct http_server **http = self;
    if (*http)
        http_server_renewed(*http);
}

static void on_present(void *self, const char *scopes)
{
    struct http_server **http = self;
    if (*http)
        http_server_present(*http, scopes);
}

static void keep_audit(struct service *s, const char *checkpoints)
{
    struct errmsg err = {{0}};
    if (service_keep_audit(s, checkpoints, &err) != ST_OK)
        log_write(LOG_ERROR, "checkpoints of the audit log: %s", err.text);
}

/* Signals are taken one at a time here, so that no handler runs in the middle of anything. */
static void tick(struct service *s)
{
    struct errmsg err = {{0}};
    size_t n;
    if (service_tick(s, &n, &err) != ST_OK)
        log_write(LOG_ERROR, "clock: %s", err.text);
}

/* tick_s: how often the clock looks for what is due; 0: never. */
static void wait_for_signals(struct service *s, struct http_server *http, const sigset_t *set,
                             long tick_s, const char *checkpoints)
{
    struct timespec wait = {.tv_sec =
                                tick_s > 0 && tick_s < SWEEP_SECONDS ? tick_s : SWEEP_SECONDS};
    struct errmsg err = {{0}};
    int64_t pinged = clock_mono(&clock_system), ticked = pinged;
    for (;;) {
        int sig = sigtimedwait(set, NULL, &wait);
        int64_t now = clock_mono(&clock_system);
        if (sig == SIGHUP) {
            log_reopen();
            if (service_reload(s, &err) != ST_OK)
                log_write(LOG_ERROR, "reload: %s; the old documents stay in force", err.text);
            else
                log_write(LOG_INFO, "reloaded");
        } else if (sig > 0) {
            log_write(LOG_INFO, "stopping");
            return;
        }
        if (tick_s > 0 && now - ticked >= tick_s * MS_SECOND) {
            tick(s);
            ticked = now;
        }
        service_presence_sweep(s);
        if (now - pinged >= PING_SECONDS * MS_SECOND) {
            http_server_ping(http);
            keep_audit(s, checkpoints);
            pinged = now;
        }
    }
}

int verb_serve(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct service *s = NULL;
    struct http_server *http = NULL;
    struct service_config config = {.url = a->value[FLAG_DB],
                                    .clock = &clock_system,
                                    .random = &random_system,
                                    .notify = on_commit,
                                    .renewed = on_renewed,
                                    .present = on_present,
                                    .notify_self = &http};
    sigset_t set;
    long tick_s = TICK_SECONDS;
    if (a->value[FLAG_TICK]) {
        char *end;
        tick_s = strtol(a->value[FLAG_TICK], &end, 10);
        if (*end || end == a->value[FLAG_TICK] || tick_s < 0 || tick_s > 3600)
            return usage(_("--tick is a number of seconds from 0 to 3600"));
    }
    if (!a->value[FLAG_LISTEN])
        return usage(_("serve needs --listen 127.0.0.1:PORT or unix:PATH"));
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    enum status st = log_open(a->value[FLAG_LOG], LOG_INFO, &clock_system, &err);
    if (st == ST_OK)
        st = service_open(&config, &s, &err);
    if (st == ST_OK)
        st = service_keep_audit(s, a->value[FLAG_CHECKPOINTS], &err);
    if (st == ST_OK)
        st = service_started(s, &err);
    if (st == ST_OK)
        st = blobs_sweep(s, &err);
    if (st == ST_OK)
        st = http_server_start(s, a->value[FLAG_LISTEN], &clock_system, &http, &err);
    if (st != ST_OK) {
        service_close(s);
        return die(st, &err);
    }
    serving_begin(a->value[FLAG_DB] + strlen("sqlite:"));
    printf("listening on %s\n", a->value[FLAG_LISTEN]);
    fflush(stdout);
    log_write(LOG_INFO, "listening on %s", a->value[FLAG_LISTEN]);
    wait_for_signals(s, http, &set, tick_s, a->value[FLAG_CHECKPOINTS]);
    serving_end();
    http_server_stop(http);
    http = NULL;
    if (service_stopped(s, &err) != ST_OK)
        log_write(LOG_ERROR, "audit log: %s", err.text);
    keep_audit(s, a->value[FLAG_CHECKPOINTS]);
    service_close(s);
    log_close();
    return EX_OK;
}
