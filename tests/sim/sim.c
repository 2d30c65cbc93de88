/*
 * sim.c: a whole office from one seed: consoles, one server, a line that loses, delays, doubles and cuts, consoles
 * and server that are started anew at any moment. Everything real but time, chance and line.
 *
 * usage: sim [--seeds N] [--from S]        TAP; a failing seed says how to repeat it
 *
 * Each run writes its history: what people did, what the server answered each time, what the consoles had. After the
 * line has been good for a while, the outboxes must be empty and the history must keep the rules of history.h. And
 * over all seeds: faults of each kind, restarts, races and conflicts really happened.
 */
#include "core/base/random.h"
#include "core/store/context.h"
#include "core/sync/engine.h"
#include "server/officeday.h"
#include "server/route.h"
#include "server/service.h"
#include "data/embedded.h"
#include "tests/sim/history.h"
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CONSOLES = 3,
    CASES = 12,
    FLIGHTS = 64,
    ACTIONS_MOST = 40,
    COMMANDS_MOST = 256,
    REPORTS_MOST = 1024,
    GLIMPSES_MOST = 16384,
    FAILURES_MOST = 5,
    EVENTS_BEFORE = 2, /* of each case in the template */
    QUIET_MS = 40 * 60 * 1000,
    HELD_LEAST_MS = 20 * 1000, /* a stream that says nothing */
    HELD_MOST_MS = 60 * 1000,  /* a console gives it up after 45 s */
    STEPS_MOST = 200000
};

enum fault {
    FAULT_LOST_REQUEST,
    FAULT_LOST_REPLY,
    FAULT_CUT,
    FAULT_TWICE,
    FAULT_REFUSED,
    FAULT_PORTAL,
    FAULT_LATE,
    FAULT_BUSY,
    FAULT_OLD,
    FAULT_STRANGER,
    FAULT_ENDED,
    FAULT_COUNT
};
static const char *const fault_word[] = {
    "lost request", "lost reply",  "cut reply",  "doubled request", "refused",      "portal",
    "late copy",    "server busy", "old answer", "foreign outcome", "session ended"};

struct world;

struct console {
    struct world *world;
    int number;
    const char *user;
    char token[TOKEN_SIZE], folder[4096];
    struct actor desk;
    struct store *store;
    struct context context;
    struct sync_engine *engine;
    struct transport transport;
    struct uuid_source ids;
};

struct flight {  /* a request on its way, or its answer */
    int console; /* -1: free */
    uint32_t id;
    int64_t at_ms;
    bool answer, stream, held; /* held: a stream that says nothing yet */
    enum status st;
    struct route_response response;
    char method[8], target[256], token[TOKEN_SIZE], etag[128];
    char *body;
    size_t body_len, cut; /* cut: bytes of the answer that arrive */
    bool marker;
};

struct confirmed {
    char text[64];
    int console;
};

struct rules { /* of the centre, for the checker */
    struct policy policy;
    struct calendar calendar;
};

struct world {
    uint64_t seed;
    struct rng rng;
    struct random random;
    struct clock clock;
    int64_t now_ms;
    bool bad_line, quiet; /* quiet: nobody does anything any more */
    struct service *service;
    char folder[4096], url[4200];
    struct console console[CONSOLES];
    struct flight flight[FLIGHTS];
    struct confirmed done[COMMANDS_MOST];
    struct operation operation[COMMANDS_MOST]; /* of done */
    int n_done, served;
    struct report report[REPORTS_MOST];
    struct glimpse glimpse[GLIMPSES_MOST];
    size_t n_reports, n_glimpses;
    char *old[CONSOLES]; /* an answer with changes that the line has kept */
    size_t old_len[CONSOLES];
    struct rules rules;
    struct arena arena; /* lives as long as the seed */
};

static long long injected[FAULT_COUNT], restarts, server_restarts, commands_total, conflicts_total,
    races, reports_total, glimpses_total;
static jmp_buf failed;
static char why_failed[1024];

__attribute__((format(printf, 1, 2), noreturn)) static void give_up(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(why_failed, sizeof why_failed, fmt, ap);
    va_end(ap);
    longjmp(failed, 1);
}

static int64_t world_now(void *self)
{
    return ((struct world *)self)->now_ms;
}

static bool chance(struct world *w, uint32_t percent)
{
    return rng_below(&w->rng, 100) < percent;
}

/* --- the line ------------------------------------------------------------------------------- */

static struct flight *new_flight(struct world *w)
{
    for (int i = 0; i < FLIGHTS; i++)
        if (w->flight[i].console < 0)
            return &w->flight[i];
    give_up("more than %d requests under way", FLIGHTS);
}

static void end_flight(struct flight *f)
{
    response_release(&f->response);
    free(f->body);
    memset(f, 0, sizeof *f);
    response_init(&f->response);
    f->console = -1;
}

static int64_t delay(struct world *w)
{
    return w->bad_line && chance(w, 20) ? rng_between(&w->rng, 1000, 20000)
                                        : rng_between(&w->rng, 1, 80);
}

static bool strikes(struct world *w, enum fault f, uint32_t percent)
{
    if (!w->bad_line || !chance(w, percent))
        return false;
    injected[f]++;
    return true;
}

static void set_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

static enum status line_start(void *self, const struct request *r, struct errmsg *err)
{
    struct console *c = self;
    struct world *w = c->world;
    if (strikes(w, FAULT_REFUSED, 3))
        return fail(err, ST_OFFLINE, "refused");
    int copies = strikes(w, FAULT_TWICE, 4) ? 2 : 1;
    bool lost = strikes(w, FAULT_LOST_REQUEST, 6);
    for (int i = 0; i < copies; i++) {
        struct flight *f = new_flight(w);
        f->console = c->number;
        f->id = i == 0 ? r->id : REQUEST_NONE; /* the copy's answer reaches nobody */
        f->at_ms = w->now_ms + delay(w);
        if (i > 0 && strikes(w, FAULT_LATE, 50)) /* after newer commands, perhaps */
            f->at_ms += rng_between(&w->rng, 1000, 60000);
        f->stream = r->stream;
        set_text(f->method, sizeof f->method, r->method);
        set_text(f->target, sizeof f->target, r->target);
        set_text(f->token, sizeof f->token, r->token);
        set_text(f->etag, sizeof f->etag, r->etag);
        f->body = malloc(r->body_len + 1);
        if (!f->body)
            give_up("memory");
        memcpy(f->body, r->body ? r->body : "", r->body_len);
        f->body_len = r->body_len;
        if (lost) { /* it never arrives; after a while the line says so */
            f->answer = true;
            f->st = ST_OFFLINE;
            f->at_ms = w->now_ms + 5000;
        }
    }
    return ST_OK;
}

static void line_cancel(void *self, uint32_t id)
{
    struct console *c = self;
    for (int i = 0; i < FLIGHTS; i++)
        if (c->world->flight[i].console == c->number && c->world->flight[i].id == id)
            c->world->flight[i].id = REQUEST_NONE; /* what is under way still reaches the server */
}

/* Every outcome that the server gives belongs to the history, also when nobody hears it. */
static void note_reports(struct world *w, struct flight *f)
{
    struct outcome *o = NULL;
    size_t n = 0;
    if (f->response.status != 200 || outcomes_decode(f->response.body.data, f->response.body.len,
                                                     &w->arena, &o, &n, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        if (w->n_reports == REPORTS_MOST)
            give_up("%d outcomes for %d commands: they are sent again and again", REPORTS_MOST,
                    w->n_done);
        w->report[w->n_reports++] =
            (struct report){.command = o[i].id,
                            .kind = o[i].kind == OUTCOME_DUPLICATE ? o[i].first : o[i].kind,
                            .version = o[i].version,
                            .status = o[i].problem.status,
                            .at_ms = w->now_ms};
    }
    reports_total += (long long)n;
    if (n == 0 || !strikes(w, FAULT_STRANGER, 4))
        return;
    struct outcome *more = arena_array(&w->arena, n + 1, sizeof *more);
    more[0] = (struct outcome){.kind = OUTCOME_APPLIED, .version = 1}; /* for an id never sent */
    random_fill(&w->random, more[0].id.byte, sizeof more[0].id.byte);
    memcpy(more + 1, o, n * sizeof *o);
    buf_clear(&f->response.body);
    outcomes_encode(&f->response.body, more, n + 1);
}

/* Something on the line keeps answers and gives an old one for the new. */
static void old_answer(struct world *w, struct flight *f)
{
    int k = f->console;
    if (f->response.status != 200)
        return;
    if (w->old[k] && strikes(w, FAULT_OLD, 3)) {
        buf_clear(&f->response.body);
        buf_add(&f->response.body, w->old[k], w->old_len[k]);
    } else if (!w->old[k] || chance(w, 10)) {
        free(w->old[k]);
        w->old_len[k] = f->response.body.len;
        if (!(w->old[k] = malloc(w->old_len[k] + 1)))
            give_up("memory");
        memcpy(w->old[k], f->response.body.data, w->old_len[k]);
    }
}

static void say_change(struct flight *f)
{
    buf_puts(&f->response.body, "event: change\ndata: x\n\n");
    f->cut = f->response.body.len;
}

/* Who listens hears that there is something new, also who brought it. */
static void tell_listeners(struct world *w)
{
    for (int i = 0; i < FLIGHTS; i++) {
        struct flight *f = &w->flight[i];
        if (f->console < 0 || !f->held)
            continue;
        f->held = false;
        say_change(f);
        f->at_ms = w->now_ms + delay(w);
    }
}

static void serve(struct world *w, struct flight *f)
{
    char path[256], since[CURSOR_SIZE] = "", limit[16] = "", authorization[TOKEN_SIZE + 16];
    set_text(path, sizeof path, f->target);
    char *query = strchr(path, '?');
    if (query) {
        *query++ = '\0';
        char *at = strstr(query, "since=");
        if (at)
            snprintf(since, sizeof since, "%.*s", (int)strcspn(at + 6, "&"), at + 6);
        at = strstr(query, "limit=");
        if (at)
            snprintf(limit, sizeof limit, "%.*s", (int)strcspn(at + 6, "&"), at + 6);
    }
    snprintf(authorization, sizeof authorization, "Bearer %s", f->token);
    struct route_request q = {.method = f->method,
                              .path = path,
                              .since = *since ? since : NULL,
                              .limit = *limit ? limit : NULL,
                              .authorization = *f->token ? authorization : NULL,
                              .if_none_match = *f->etag ? f->etag : NULL,
                              .body = f->body,
                              .body_len = f->body_len};
    f->answer = true;
    f->marker = true;
    f->at_ms = w->now_ms + delay(w);
    if (!w->service) { /* it is down just now */
        f->st = ST_OFFLINE;
        return;
    }
    if (strikes(w, FAULT_BUSY, 2)) {
        response_problem(&f->response, 503, "busy", "Busy", "Try again.");
        f->response.retry_after_s = (int)rng_below(&w->rng, 30);
    } else if (*f->token && !f->stream && strikes(w, FAULT_ENDED, 1)) {
        response_problem(&f->response, 401, "unauthorized", "Log in", "The session ended.");
    } else {
        route_handle(w->service, &q, &f->response);
        w->served++;
        if (strcmp(path, "/v1/commands") == 0) {
            note_reports(w, f);
            tell_listeners(w);
        }
        if (strcmp(path, "/v1/changes") == 0)
            old_answer(w, f);
    }
    f->cut = f->response.body.len;
    /* As long as people act, a stream speaks and ends at once, so that there is much to fetch and to break. Then it is as it
     * is with a real server: else nearly all of a seed would be consoles that ask again and again for nothing. */
    f->held = f->stream && w->quiet && f->response.status == 200;
    if (f->held)
        f->at_ms = w->now_ms + rng_between(&w->rng, HELD_LEAST_MS, HELD_MOST_MS);
    else if (f->stream)
        say_change(f);
    if (strikes(w, FAULT_LOST_REPLY, 6)) {
        f->st = ST_OFFLINE;
        f->at_ms += 5000;
    } else if (f->response.body.len > 0 && strikes(w, FAULT_CUT, 6)) {
        f->cut = rng_below(&w->rng,
                           (uint32_t)f->response.body.len); /* and the line calls it a success */
    } else if (strikes(w, FAULT_PORTAL, 2)) {
        f->marker = false;
        f->response.status = 200;
    } else {
        f->cut = f->response.body.len;
    }
}

static void see(struct world *w, int console, const struct uuid *of_case, int64_t number)
{
    glimpses_total++;
    for (size_t i = w->n_glimpses; i-- > 0;) {
        const struct glimpse *was = &w->glimpse[i];
        if (was->console != console || uuid_compare(&was->of_case, of_case) != 0)
            continue;
        if (was->number == number)
            return; /* nothing new */
        break;
    }
    if (w->n_glimpses == GLIMPSES_MOST)
        give_up("too many glimpses");
    w->glimpse[w->n_glimpses++] =
        (struct glimpse){.console = console, .of_case = *of_case, .number = number};
}

/* What a console has after an answer; and the end of each of its commands. */
static void heard(struct world *w, struct console *c, struct flight *f)
{
    struct arena a;
    struct outcome *o;
    const char *cursor = "", *dash;
    static const struct uuid of_cursor = {{0}};
    size_t n = 0;
    arena_init(&a, 0);
    if (strcmp(f->target, "/v1/commands") == 0 && f->response.status == 200 &&
        outcomes_decode(f->response.body.data, f->cut, &a, &o, &n, NULL) == ST_OK) {
        for (size_t i = 0; i < n; i++)
            for (int k = 0; k < w->n_done; k++)
                if (uuid_compare(&w->operation[k].command.id, &o[i].id) == 0 &&
                    w->operation[k].completed_ms == TIME_NONE)
                    w->operation[k].completed_ms = w->now_ms;
    }
    if (strncmp(f->target, "/v1/changes", 11) == 0) {
        struct query q = {.view = VIEW_ALL_OPEN, .now_ms = w->now_ms};
        struct case_row *rows;
        if (store_meta_get(c->store, "cursor", &a, &cursor, NULL) == ST_OK &&
            (dash = strrchr(cursor, '-')))
            see(w, c->number, &of_cursor, strtoll(dash + 1, NULL, 10));
        if (w->bad_line && chance(w, 25) &&
            store_page(c->store, &q, NULL, false, CASES, &a, &rows, &n, NULL) == ST_OK)
            for (size_t i = 0; i < n; i++)
                see(w, c->number, &rows[i].id, rows[i].version);
    }
    arena_release(&a);
    if (f->response.status == 401) /* the person logs in again */
        sync_engine_token(c->engine, c->token);
}

static void deliver(struct world *w, struct flight *f)
{
    struct console *c = &w->console[f->console];
    if (f->id != REQUEST_NONE && c->engine) {
        struct transport_events e = sync_engine_events(c->engine);
        uint32_t id = f->id;
        f->id = REQUEST_NONE;
        if (f->st == ST_OK) {
            struct response_head head = {
                .status = f->response.status,
                .media_type = f->marker ? f->response.media_type : "text/html",
                .etag = f->response.etag ? f->response.etag : "",
                .marker = f->marker ? "sim" : "",
                .retry_after_s = f->response.retry_after_s ? f->response.retry_after_s : -1,
                .date_ms = TIME_NONE};
            e.head(e.self, id, &head);
            for (size_t at = 0; at < f->cut;) { /* in pieces of any size */
                size_t n = 1 + rng_below(&w->rng, 3000);
                if (n > f->cut - at)
                    n = f->cut - at;
                e.data(e.self, id, f->response.body.data + at, n);
                at += n;
            }
        }
        e.done(e.self, id, f->st, f->st == ST_OK ? "" : "the line broke");
        if (f->st == ST_OK && f->marker)
            heard(w, c, f);
    }
    end_flight(f);
}

/* --- consoles ------------------------------------------------------------------------------- */

static void open_console(struct console *c)
{
    struct errmsg err = {{0}};
    struct world *w = c->world;
    struct sync_config config = {.clock = &w->clock,
                                 .random = &w->random,
                                 .transport = &c->transport,
                                 .user = c->user,
                                 .device = "sim",
                                 .batch = 5,
                                 .body_limit = 16 << 20};
    if (store_open(c->folder, STORE_OWNER, &w->clock, &c->store, &err) != ST_OK)
        give_up("open: %s", err.text);
    context_init(&c->context);
    context_load(&c->context, c->store, "sim", NULL);
    config.store = c->store;
    if (sync_engine_new(&config, &c->engine, &err) != ST_OK)
        give_up("engine: %s", err.text);
    sync_engine_token(c->engine, c->token);
}

static void close_console(struct console *c)
{
    sync_engine_free(c->engine);
    c->engine = NULL;
    context_release(&c->context);
    store_close(c->store);
    c->store = NULL;
}

static bool foretold(struct console *c, const struct case_view *view, const struct command *k,
                     int64_t now_ms)
{
    struct workflow_context ctx = context_workflow(&c->context, now_ms);
    struct decision d = {0};
    struct refusal why = {0};
    struct arena a;
    arena_init(&a, 0);
    bool yes =
        ctx.policy && c->context.have_actor &&
        workflow_decide(&ctx, &view->shown, k, &c->context.actor, &a, &d, &why, NULL) == ST_OK;
    arena_release(&a);
    return yes;
}

/* Queues the command as the person sees the case, and looks at once whether it is shown. */
static void confirm(struct world *w, struct console *c, const struct command *k)
{
    struct errmsg err = {{0}};
    struct operation *op = &w->operation[w->n_done];
    struct case_view view = {0};
    struct arena a;
    arena_init(&a, 0);
    *op = (struct operation){
        .command = *k, .who = &c->desk, .invoked_ms = w->now_ms, .completed_ms = TIME_NONE};
    if (store_case(c->store, &k->case_id, &a, &view, &err) != ST_OK)
        give_up("case: %s", err.text);
    op->foretold = foretold(c, &view, k, w->now_ms);
    if (store_queue(c->store, k, &err) != ST_OK)
        give_up("queue: %s", err.text);
    if (store_case(c->store, &k->case_id, &a, &view, &err) != ST_OK)
        give_up("case: %s", err.text);
    for (size_t i = view.n_confirmed; i < view.n_events; i++)
        op->shown |= uuid_compare(&view.events[i].command_id, &k->id) == 0;
    arena_release(&a);
    w->n_done++;
    commands_total++;
    sync_engine_poke(c->engine);
}

/* of_case: NULL for any. */
static void act(struct world *w, struct console *c, const struct uuid *of_case)
{
    static const struct value reached[] = {{FIELD_REACHED, "yes"}, {FIELD_SAID, NULL}},
                              note[] = {{FIELD_NOTE, NULL}},
                              back[] = {{FIELD_RETURN_CLASS, "R2"},
                                        {FIELD_PROPOSED, "1102"},
                                        {FIELD_BASIS, NULL}};
    static const struct {
        enum command_type type;
        const struct value *values;
        size_t n;
    } kinds[] = {{COMMAND_SIGN, NULL, 0},
                 {COMMAND_SIGN, NULL, 0},
                 {COMMAND_CONTACT, reached, 2},
                 {COMMAND_NOTE, note, 1},
                 {COMMAND_ASK_RETURN, back, 3}};
    struct errmsg err = {{0}};
    struct case_row *rows = NULL;
    size_t n = 0;
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = w->now_ms};
    struct arena a;
    arena_init(&a, 0);
    if (store_page(c->store, &q, NULL, false, CASES, &a, &rows, &n, &err) != ST_OK)
        give_up("page: %s", err.text);
    if (n == 0 || w->n_done == COMMANDS_MOST) {
        arena_release(&a);
        return;
    }
    const struct case_row *row = &rows[rng_below(&w->rng, (uint32_t)n)];
    for (size_t i = 0; of_case && i < n; i++)
        if (uuid_compare(&rows[i].id, of_case) == 0)
            row = &rows[i];
    uint32_t k = rng_below(&w->rng, sizeof kinds / sizeof *kinds);
    struct confirmed *d = &w->done[w->n_done];
    snprintf(d->text, sizeof d->text, "句子 %d of seed %" PRIu64, w->n_done, w->seed);
    struct value *values = arena_array(&w->arena, kinds[k].n + 1, sizeof *values);
    for (size_t i = 0; i < kinds[k].n; i++)
        values[i] = (struct value){kinds[k].values[i].field,
                                   kinds[k].values[i].text ? kinds[k].values[i].text : d->text};
    d->console = c->number;
    struct command command = {.id = uuid_new(&c->ids),
                              .case_id = row->id,
                              .base = row->version,
                              .type = kinds[k].type,
                              .at_ms = w->now_ms,
                              .values = values,
                              .n_values = kinds[k].n};
    arena_release(&a);
    confirm(w, c, &command);
}

/* All at the same instant on the same case. */
static void race(struct world *w)
{
    struct case_row *rows = NULL;
    struct query q = {.view = VIEW_ALL_OPEN, .now_ms = w->now_ms};
    size_t n = 0;
    struct arena a;
    arena_init(&a, 0);
    if (store_page(w->console[0].store, &q, NULL, false, CASES, &a, &rows, &n, NULL) == ST_OK &&
        n > 0) {
        struct uuid id = rows[rng_below(&w->rng, (uint32_t)n)].id;
        for (int i = 0; i < CONSOLES; i++)
            act(w, &w->console[i], &id);
        races++;
    }
    arena_release(&a);
}

/* --- the run -------------------------------------------------------------------------------- */

static void open_server(struct world *w)
{
    struct errmsg err = {{0}};
    struct service_config config = {.url = w->url, .clock = &w->clock, .random = &w->random};
    if (service_open(&config, &w->service, &err) != ST_OK)
        give_up("server: %s", err.text);
}

/* Goes to the next moment at which something happens, but not past until. */
static bool step(struct world *w, int64_t until)
{
    int64_t next = until;
    for (int i = 0; i < CONSOLES; i++) {
        if (!w->console[i].engine)
            continue;
        sync_engine_tick(w->console[i].engine);
        int64_t at = sync_engine_next_ms(w->console[i].engine);
        if (at <= w->now_ms)
            at = w->now_ms + 1;
        if (at < next)
            next = at;
    }
    for (int i = 0; i < FLIGHTS; i++)
        if (w->flight[i].console >= 0 && w->flight[i].at_ms < next)
            next = w->flight[i].at_ms;
    if (next > w->now_ms)
        w->now_ms = next;
    for (int i = 0; i < FLIGHTS; i++) {
        struct flight *f = &w->flight[i];
        if (f->console < 0 || f->at_ms > w->now_ms)
            continue;
        if (f->answer)
            deliver(w, f);
        else
            serve(w, f);
    }
    return w->now_ms < until;
}

static void run_until(struct world *w, int64_t until)
{
    for (int i = 0; step(w, until); i++)
        if (i > STEPS_MOST)
            give_up("busy loop: %d steps until %" PRId64, i, until - w->now_ms);
}

/* --- the history ---------------------------------------------------------------------------- */
static void read_console(struct world *w, struct console *c)
{
    struct errmsg err = {{0}};
    struct outbox_row *left;
    struct conflict_row *conflicts;
    size_t n_left, n;
    if (store_outbox(c->store, 1000, &w->arena, &left, &n_left, &err) != ST_OK ||
        store_conflicts(c->store, &w->arena, &conflicts, &n, &err) != ST_OK)
        give_up("read: %s", err.text);
    if (n_left)
        give_up("console %d: %zu commands never got through", c->number, n_left);
    conflicts_total += (long long)n;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < w->n_done; k++)
            if (uuid_compare(&conflicts[i].command.id, &w->operation[k].command.id) == 0)
                w->operation[k].conflict = &conflicts[i].command;
}

/* Everything from the server, as the hotline sees it. */
static size_t read_logs(struct world *w, struct case_log logs[CASES])
{
    static const struct actor city = {
        .user = "x", .name = "", .role = ROLE_DISPATCHER, .office = "BJ", .unit = "", .device = ""};
    struct errmsg err = {{0}};
    struct buf out;
    size_t n = 0;
    buf_init(&out, 256 << 20);
    if (service_changes(w->service, &city, NULL, 5000, &out, &err) != ST_OK)
        give_up("changes: %s", err.text);
    for (char *line = out.data; *line;) {
        char *end = strchr(line, '\n');
        struct change change;
        if (!end || change_decode(line, (size_t)(end - line), &w->arena, &change, &err) != ST_OK)
            give_up("the server's events have a gap: %s", err.text);
        line = end + 1;
        if (change.kind != CHANGE_CASE)
            continue;
        if (n == CASES)
            give_up("the server has more cases than were made");
        logs[n++] = (struct case_log){.id = change.case_id,
                                      .events = change.events,
                                      .n = change.n_events,
                                      .before = EVENTS_BEFORE};
    }
    buf_release(&out);
    return n;
}

static void check(struct world *w)
{
    struct case_log logs[CASES];
    struct cache caches[CASES * CONSOLES];
    size_t n_logs = read_logs(w, logs), n_caches = 0;
    char why[256];
    for (int k = 0; k < CONSOLES; k++) {
        read_console(w, &w->console[k]);
        for (size_t i = 0; i < n_logs; i++) {
            struct case_view view;
            if (store_case(w->console[k].store, &logs[i].id, &w->arena, &view, NULL) == ST_OK)
                caches[n_caches++] = (struct cache){.console = k,
                                                    .of_case = logs[i].id,
                                                    .version = view.cached.version,
                                                    .state = view.shown.state};
        }
    }
    struct history h = {.operations = w->operation,
                        .n_operations = (size_t)w->n_done,
                        .reports = w->report,
                        .n_reports = w->n_reports,
                        .logs = logs,
                        .n_logs = n_logs,
                        .glimpses = w->glimpse,
                        .n_glimpses = w->n_glimpses,
                        .caches = caches,
                        .n_caches = n_caches,
                        .consoles = CONSOLES,
                        .unit = "1101"};
    struct workflow_context rules = {.policy = &w->rules.policy,
                                     .calendar = &w->rules.calendar,
                                     .reference = service_reference(w->service)};
    if (history_check(&h, &rules, why, sizeof why))
        give_up("%s", why);
}

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    size_t n;
    FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
    if (!in || !out)
        give_up("copy %s: %s", from, strerror(errno));
    while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
        fwrite(bytes, 1, n, out);
    fclose(in);
    fclose(out);
}

struct template
{
    char path[4096];
    int64_t start_ms;
    char users[CONSOLES][64], tokens[CONSOLES][TOKEN_SIZE];
};

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

static void live(struct world *w, const struct template *t)
{
    static const char *const key[] = {".audit-key", ".audit-sign"};
    char db[4200];
    mkdir(w->folder, 0700);
    snprintf(db, sizeof db, "%.4000s/office.db", w->folder);
    snprintf(w->url, sizeof w->url, "sqlite:%.4100s", db);
    copy_file(t->path, db);
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        char from[4200], to[4300];
        snprintf(from, sizeof from, "%.4000s%s", t->path, key[i]);
        snprintf(to, sizeof to, "%.4200s%s", db, key[i]);
        copy_file(from, to);
        chmod(to, 0600); /* the server takes no key that others can read */
    }
    open_server(w);
    for (int i = 0; i < CONSOLES; i++) {
        struct console *c = &w->console[i];
        c->world = w;
        c->number = i;
        c->user = t->users[i];
        set_text(c->token, sizeof c->token, t->tokens[i]);
        snprintf(c->folder, sizeof c->folder, "%.4000s/c%d", w->folder, i);
        c->transport = (struct transport){.self = c, .start = line_start, .cancel = line_cancel};
        c->ids = (struct uuid_source){.clock = &w->clock, .random = &w->random};
        open_console(c);
        c->desk = (struct actor){.user = c->user,
                                 .name = c->user,
                                 .role = ROLE_DESK,
                                 .office = "1101",
                                 .unit = "110190",
                                 .device = "sim"};
        struct errmsg err = {{0}};
        if (context_save_actor(c->store, &c->desk, &err) != ST_OK)
            give_up("actor: %s", err.text);
    }
    run_until(w, w->now_ms + 5000); /* the morning: everybody fetches over a good line */
    for (int i = 0; i < CONSOLES; i++)
        context_load(&w->console[i].context, w->console[i].store, "sim", NULL);
    w->bad_line = true;
    int actions = 10 + (int)rng_below(&w->rng, ACTIONS_MOST - 10);
    for (int i = 0; i < actions; i++) {
        struct console *c = &w->console[rng_below(&w->rng, CONSOLES)];
        run_until(w, w->now_ms + rng_between(&w->rng, 1, 15000));
        uint32_t what = rng_below(&w->rng, 100);
        if (what < 8) {
            close_console(c);
            open_console(c);
            restarts++;
        } else if (what < 12) {
            service_close(w->service);
            w->service = NULL;
            run_until(w, w->now_ms + rng_between(&w->rng, 1, 30000));
            open_server(w);
            server_restarts++;
        } else if (what < 18) {
            race(w);
        } else {
            act(w, c, NULL);
        }
    }
    w->bad_line = false;
    w->quiet = true;
    run_until(w, w->now_ms + QUIET_MS);
    check(w);
}

static bool run_seed(uint64_t seed, const struct template *t, const char *tmp)
{
    struct world *w = calloc(1, sizeof *w);
    volatile bool ok = false; /* lives through longjmp */
    if (!w)
        return false;
    w->seed = seed;
    rng_seed(&w->rng, seed);
    w->random = rng_random(&w->rng);
    w->now_ms = t->start_ms;
    w->clock = (struct clock){.self = w, .wall_ms = world_now, .mono_ms = world_now};
    arena_init(&w->arena, 0);
    snprintf(w->folder, sizeof w->folder, "%.4000s/s%" PRIu64, tmp, seed);
    for (int i = 0; i < FLIGHTS; i++) {
        response_init(&w->flight[i].response);
        w->flight[i].console = -1;
    }
    if (setjmp(failed) == 0) {
        struct errmsg err = {{0}};
        if (policy_decode((const char *)data_policy_json, data_policy_json_len, &w->arena,
                          &w->rules.policy, &err) != ST_OK ||
            calendar_decode((const char *)data_calendar_json, data_calendar_json_len,
                            &w->rules.calendar, &err) != ST_OK)
            give_up("%s", err.text);
        live(w, t);
        ok = true;
    }
    for (int i = 0; i < CONSOLES; i++)
        if (w->console[i].store)
            close_console(&w->console[i]);
    for (int i = 0; i < FLIGHTS; i++)
        end_flight(&w->flight[i]);
    service_close(w->service);
    for (int i = 0; i < CONSOLES; i++)
        free(w->old[i]);
    arena_release(&w->arena);
    nftw(w->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(w);
    return ok;
}

static bool make_template(struct template *t, const char *tmp)
{
    char url[4200], program[4200];
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    struct errmsg err = {{0}};
    struct arena a;
    struct service *s = NULL;
    int status = 0, n = 0;
    snprintf(t->path, sizeof t->path, "%.4000s/template.db", tmp);
    snprintf(url, sizeof url, "sqlite:%.4100s", t->path);
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    pid_t child = fork();
    if (child == 0) {
        execl(program, "jiband", "init", "--db", url, (char *)NULL);
        _exit(127);
    }
    if (waitpid(child, &status, 0) != child || status != 0)
        return false;
    t->start_ms = INT64_C(1773100800000); /* Tue 10 Mar 2026 08:00 +08:00 */
    struct world w = {.now_ms = t->start_ms};
    rng_seed(&w.rng, 1);
    w.random = rng_random(&w.rng);
    w.clock = (struct clock){.self = &w, .wall_ms = world_now, .mono_ms = world_now};
    struct service_config config = {.url = url, .clock = &w.clock, .random = &w.random};
    arena_init(&a, 0);
    if (service_open(&config, &s, &err) != ST_OK)
        goto out;
    /* orders fresh from the hotline for street 1101: everything can still happen to them */
    static const struct value log_values[] = {{FIELD_TYPE, "help"},
                                              {FIELD_CATEGORY, "0101"},
                                              {FIELD_STREET, "1101"},
                                              {FIELD_CONTENT, "暖气不热，家有老人"},
                                              {FIELD_COMMUNITY, "110101"},
                                              {FIELD_PHONE, "13800000001"},
                                              {FIELD_ANONYMOUS, "yes"}, /* no repeats */
                                              {FIELD_TIER, "T7D"}},
                              unit[] = {{FIELD_UNIT, "1101"}};
    static const struct actor op = {.user = "chen.op",
                                    .name = "",
                                    .role = ROLE_OPERATOR,
                                    .office = "BJ",
                                    .unit = "BJ",
                                    .device = ""},
                              disp = {.user = "sun.dispatch",
                                      .name = "",
                                      .role = ROLE_DISPATCHER,
                                      .office = "BJ",
                                      .unit = "BJ",
                                      .device = ""};
    struct uuid_source ids = {.clock = &w.clock, .random = &w.random};
    for (int i = 0; i < CASES; i++) {
        struct outcome o;
        struct command c = {.id = uuid_new(&ids),
                            .case_id = uuid_new(&ids),
                            .type = COMMAND_LOG,
                            .at_ms = w.now_ms,
                            .values = log_values,
                            .n_values = sizeof log_values / sizeof *log_values};
        if (service_commands(s, &op, &c, 1, &a, &o, &err) != ST_OK || o.kind != OUTCOME_APPLIED)
            goto out;
        c = (struct command){.id = uuid_new(&ids),
                             .case_id = c.case_id,
                             .type = COMMAND_DISPATCH,
                             .at_ms = w.now_ms,
                             .values = unit,
                             .n_values = 1};
        if (service_commands(s, &disp, &c, 1, &a, &o, &err) != ST_OK || o.kind != OUTCOME_APPLIED)
            goto out;
    }
    /* one log-in each, by the real passwords' road, so that seeds need no slow hashing */
    const struct reference *r = service_reference(s);
    for (size_t i = 0; i < r->n_people && n < CONSOLES; i++)
        if (r->people[i].role == ROLE_DESK && strcmp(r->people[i].office, "1101") == 0)
            set_text(t->users[n++], sizeof t->users[0], r->people[i].user);
    service_close(s);
    s = NULL;
    for (int i = 0; i < n; i++) {
        char hash[128];
        struct db *db = NULL;
        if (password_hash("sim", hash, &err) != ST_OK ||
            database_open(url, DB_WRITE, &db, &err) != ST_OK)
            goto out;
        struct stmt *q = database_stmt(db, SQL_USER_PASSWORD);
        stmt_text(q, 1, t->users[i]);
        stmt_text(q, 2, hash);
        if (stmt_run(q, &err) != ST_OK)
            goto out;
        database_close(db);
    }
    if (n < CONSOLES || service_open(&config, &s, &err) != ST_OK)
        goto out;
    for (int i = 0; i < n; i++) {
        struct session session = {0};
        if (service_login(s, t->users[i], "sim", "sim", "", &a, &session, &err) != ST_OK)
            goto out;
        set_text(t->tokens[i], sizeof t->tokens[0], session.token);
        /* the consoles know who they are, as after a log-in */
    }
    service_close(s);
    arena_release(&a);
    return true;
out:
    fprintf(stderr, "template: %s\n", err.text);
    service_close(s);
    arena_release(&a);
    return false;
}

/* A fault that never happened proves nothing: over n seeds there was some of each kind. */
static bool happened(long long n)
{
    if (n < 20)
        return true; /* a few seeds to look at */
    bool all =
        restarts > n / 4 && server_restarts > n / 8 && conflicts_total > n / 10 && races > n / 4;
    for (int i = 0; i < FAULT_COUNT; i++)
        all &= injected[i] > n / 8;
    return all;
}

int main(int argc, char **argv)
{
    long long n = 300, from = 1, done = 0;
    const char *tmp = getenv("JIBAN_TEST_TMP");
    char own[] = "/tmp/jiban-sim-XXXXXX";
    static struct template t;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seeds") == 0)
            n = strtoll(argv[i + 1], NULL, 10);
        else if (strcmp(argv[i], "--from") == 0)
            from = strtoll(argv[i + 1], NULL, 10);
    }
    /* Power cuts are other tests' matter: in memory a seed takes a tenth of the time. */
    char memory[] = "/dev/shm/jiban-sim-XXXXXX";
    if (access("/dev/shm", W_OK) == 0 && mkdtemp(memory))
        tmp = memory;
    if (!tmp && !(tmp = mkdtemp(own)))
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!make_template(&t, tmp)) {
        printf("not ok 1 - the office is prepared\n1..1\n");
        return 1;
    }
    int bad = 0;
    for (long long i = 0; i < n && bad < FAILURES_MOST; i++) {
        bool good = run_seed((uint64_t)(from + i), &t, tmp);
        done++;
        if (good) {
            printf("ok %lld - seed %lld\n", done, from + i);
            continue;
        }
        bad++;
        printf("not ok %lld - seed %lld: %s\n#  repeat: ./dev sim --seeds 1 --from %lld\n", done,
               from + i, why_failed, from + i);
    }
    if (tmp == memory)
        nftw(memory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    bool enough = bad > 0 || happened(n);
    printf("%s %lld - everything happened that was to happen\n", enough ? "ok" : "not ok", ++done);
    for (int i = 0; i < FAULT_COUNT; i++)
        printf("#  %s: %lld\n", fault_word[i], injected[i]);
    printf("#  console restarts: %lld, server restarts: %lld, commands: %lld, conflicts: %lld, "
           "races: %lld, outcomes: %lld, looks: %lld\n1..%lld\n",
           restarts, server_restarts, commands_total, conflicts_total, races, reports_total,
           glimpses_total, done);
    return bad == 0 && enough ? 0 : 1;
}
