/* engine_presence.c: tells the centre at which case this terminal is, and hears who is at others (core/wire/presence.h). */
#include "core/sync/engine_own.h"
#include "core/base/log.h"
#include <string.h>

/* What holds is told again after RENEW_MS; the centre lets it go after PRESENCE_TTL_MS (server/presence.h). */
enum {
    RENEW_MS = 25 * MS_SECOND,
    ASK_LEAST_MS = 2 * MS_SECOND,
    PRESENCE_BODY = 64 * 1024,
    NEVER_ASKED = -ASK_LEAST_MS
};

void presence_init(struct sync_engine *e)
{
    e->here = (struct presence_own){.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    e->presence_due_ms = INT64_MAX;
    e->report.present_told = true; /* that it is nowhere */
    e->presence_asked_ms = NEVER_ASKED;
    const char *terminal = e->config.terminal;
    if (terminal && *terminal && strlen(terminal) < sizeof e->here_terminal) {
        memcpy(e->here_terminal, terminal, strlen(terminal) + 1);
        return;
    }
    struct uuid any = {{0}};
    random_fill(e->config.random, any.byte, sizeof any.byte);
    for (size_t i = 0; i < PRESENCE_TERMINAL; i++)
        e->here_terminal[i] = "0123456789abcdef"[any.byte[i / 2] >> (i % 2 * 4) & 15];
}

void sync_engine_present(struct sync_engine *e, const struct presence_own *own)
{
    if (e->config.presence == PRESENCE_OFF)
        return;
    e->here = *own;
    e->report.present_told = false;
    e->presence_due_ms = now_mono(e);
}

const struct presence_list *sync_engine_others(const struct sync_engine *e)
{
    return &e->others;
}

void presence_ask(struct sync_engine *e)
{
    int64_t now = now_mono(e), due = e->presence_asked_ms + ASK_LEAST_MS;
    bool follows = e->config.presence == PRESENCE_ON ||
                   (e->config.presence == PRESENCE_TELL && e->here.what != PRESENCE_NONE);
    due = due > now ? due : now;
    if (follows && due < e->presence_due_ms)
        e->presence_due_ms = due;
}

/* Nobody knows what the others do. */
void presence_forget(struct sync_engine *e)
{
    if (e->others.n == 0)
        return;
    e->others.n = 0;
    hint(e, HINT_PRESENCE);
}

void start_presence(struct sync_engine *e)
{
    struct buf body;
    buf_init(&body, PRESENCE_BODY);
    presence_own_encode(&body, e->here_terminal, &e->here);
    struct request r = {.method = "POST",
                        .target = "/v1/presence",
                        .token = e->token,
                        .body = body.data,
                        .body_len = body.len,
                        .limit = PRESENCE_BODY};
    e->presence_asked_ms = now_mono(e);
    e->presence_due_ms =
        e->here.what != PRESENCE_NONE ? e->presence_asked_ms + RENEW_MS : INT64_MAX;
#if SABOTAGE == 305
    e->presence_due_ms = INT64_MAX; /* Damage: what holds is not told again. */
#endif
    e->presence_told = e->here;
    start_request(e, OP_PRESENCE, &r);
    buf_release(&body);
}

static bool same_mark(const struct presence_mark *a, const struct presence_mark *b)
{
    return uuid_compare(&a->case_id, &b->case_id) == 0 && a->what == b->what &&
           a->command == b->command && a->since_ms == b->since_ms && a->own == b->own &&
           strcmp(a->user, b->user) == 0;
}

static bool same_list(const struct presence_list *a, const struct presence_list *b)
{
    bool same = a->n == b->n;
    for (size_t i = 0; same && i < a->n; i++)
        same = same_mark(&a->mark[i], &b->mark[i]);
    return same;
}

/* A courtesy: what goes wrong with it is no failure of the line. */
void presence_done(struct sync_engine *e)
{
    struct errmsg err = {{0}};
    struct presence_list fresh;
    e->report.present_told = uuid_compare(&e->presence_told.case_id, &e->here.case_id) == 0 &&
                             e->presence_told.what == e->here.what;
    if (e->head.status != 200) /* the centre does not know the order, or not this call */
        return;
    if (presence_list_decode(e->body.data, e->body.len, &fresh, &err) != ST_OK) {
        log_write(LOG_WARNING, "sync: presence: %s", err.text);
        return;
    }
    if (e->config.presence == PRESENCE_TELL && e->presence_told.what == PRESENCE_NONE)
        fresh.n = 0; /* it would not be followed from here on */
    if (same_list(&fresh, &e->others))
        return;
    e->others = fresh;
    hint(e, HINT_PRESENCE);
}
