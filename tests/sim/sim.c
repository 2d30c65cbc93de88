/*
 * sim.c: a whole office from one seed: consoles, one server, a line that loses, delays, doubles and cuts, consoles
 * and server that are started anew at any moment. Everything real but time, chance and line.
 *
 * usage: sim [--seeds N] [--from S]        TAP; a failing seed says how to repeat it
 *
 * Checked at the end of each seed, after the line has been good for a while: every confirmed command was applied
 * exactly once or stands among the conflicts with its whole text; the outbox is empty; the events of every case are
 * numbered without gaps; each console's cache equals what the server has. And over all seeds: faults of each kind
 * were really injected.
 */
#include "core/base/random.h"
#include "core/store/context.h"
#include "core/sync/engine.h"
#include "server/officeday.h"
#include "server/route.h"
#include "server/service.h"
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
    QUIET_MS = 40 * 60 * 1000,
    STEPS_MOST = 200000
};

enum fault {
    FAULT_LOST_REQUEST,
    FAULT_LOST_REPLY,
    FAULT_CUT,
    FAULT_TWICE,
    FAULT_REFUSED,
    FAULT_PORTAL,
    FAULT_COUNT
};
static const char *const fault_word[] = {"lost request",    "lost reply", "cut reply",
                                         "doubled request", "refused",    "portal"};

struct world;

struct console {
    struct world *world;
    int number;
    const char *user;
    char token[TOKEN_SIZE], folder[4096];
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
    bool answer, stream;
    enum status st;
    struct route_response response;
    char method[8], target[256], token[TOKEN_SIZE], etag[128];
    char *body;
    size_t body_len, cut; /* cut: bytes of the answer that arrive */
    bool marker;
};

struct confirmed {
    struct command command;
    char text[64];
    int console;
};

struct world {
    uint64_t seed;
    struct rng rng;
    struct random random;
    struct clock clock;
    int64_t now_ms;
    bool bad_line;
    struct service *service;
    char folder[4096], url[4200];
    struct console console[CONSOLES];
    struct flight flight[FLIGHTS];
    struct confirmed done[COMMANDS_MOST];
    int n_done, served;
    struct arena arena; /* lives as long as the seed */
};

static long long injected[FAULT_COUNT], restarts, server_restarts, commands_total, conflicts_total;
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
    route_handle(w->service, &q, &f->response);
    w->served++;
    f->cut = f->response.body.len;
    if (f->stream)
        buf_puts(&f->response.body, "event: change\ndata: x\n\n");
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

static void act(struct world *w, struct console *c)
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
    uint32_t k = rng_below(&w->rng, sizeof kinds / sizeof *kinds);
    struct confirmed *d = &w->done[w->n_done];
    snprintf(d->text, sizeof d->text, "句子 %d of seed %" PRIu64, w->n_done, w->seed);
    struct value *values = arena_array(&w->arena, kinds[k].n + 1, sizeof *values);
    for (size_t i = 0; i < kinds[k].n; i++)
        values[i] = (struct value){kinds[k].values[i].field,
                                   kinds[k].values[i].text ? kinds[k].values[i].text : d->text};
    d->console = c->number;
    d->command = (struct command){.id = uuid_new(&c->ids),
                                  .case_id = row->id,
                                  .base = row->version,
                                  .type = kinds[k].type,
                                  .at_ms = w->now_ms,
                                  .values = values,
                                  .n_values = kinds[k].n};
    arena_release(&a);
    if (store_queue(c->store, &d->command, &err) != ST_OK)
        give_up("queue: %s", err.text);
    w->n_done++;
    commands_total++;
    sync_engine_poke(c->engine);
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

static void check_commands(struct world *w)
{
    struct errmsg err = {{0}};
    for (int k = 0; k < CONSOLES; k++) {
        struct console *c = &w->console[k];
        struct outbox_row *left, *sent;
        struct conflict_row *conflicts;
        size_t n_left, n_sent, n_conflicts;
        if (store_outbox(c->store, 1000, &w->arena, &left, &n_left, &err) != ST_OK ||
            store_sent(c->store, 100000, &w->arena, &sent, &n_sent, &err) != ST_OK ||
            store_conflicts(c->store, &w->arena, &conflicts, &n_conflicts, &err) != ST_OK)
            give_up("read: %s", err.text);
        if (n_left)
            give_up("console %d: %zu commands never got through", k, n_left);
        for (int i = 0; i < w->n_done; i++) {
            const struct confirmed *d = &w->done[i];
            int places = 0;
            if (d->console != k)
                continue;
            for (size_t j = 0; j < n_sent; j++)
                places += uuid_compare(&sent[j].command.id, &d->command.id) == 0;
            for (size_t j = 0; j < n_conflicts; j++) {
                if (uuid_compare(&conflicts[j].command.id, &d->command.id) != 0)
                    continue;
                places++;
                conflicts_total++;
                for (size_t v = 0; v < d->command.n_values; v++) {
                    const char *kept =
                        value_find(conflicts[j].command.values, conflicts[j].command.n_values,
                                   d->command.values[v].field);
                    if (!kept || strcmp(kept, d->command.values[v].text) != 0)
                        give_up("console %d: a refused command lost its text", k);
                }
            }
            if (places != 1)
                give_up("console %d: confirmed command %d (%s) stands in %d places", k, i,
                        command_table[d->command.type].word, places);
        }
    }
}

/* Reads everything from the server as the hotline sees it; compares with each console. */
static void check_cases(struct world *w)
{
    struct actor city = {
        .user = "x", .name = "", .role = ROLE_DISPATCHER, .office = "BJ", .unit = "", .device = ""};
    struct errmsg err = {{0}};
    struct buf out;
    int applied[COMMANDS_MOST] = {0};
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
        struct casefile fold;
        casefile_init(&fold, &change.case_id);
        for (size_t i = 0; i < change.n_events; i++) {
            if (casefile_apply(&fold, &change.events[i], &err) != ST_OK)
                give_up("fold: %s", err.text);
            for (int k = 0; k < w->n_done; k++)
                applied[k] +=
                    uuid_compare(&w->done[k].command.id, &change.events[i].command_id) == 0;
        }
        for (int k = 0; k < CONSOLES; k++) {
            struct case_view view;
            bool mine = strcmp(fold.value[FIELD_UNIT], "1101") == 0;
            enum status st =
                store_case(w->console[k].store, &change.case_id, &w->arena, &view, &err);
            if (!mine && st == ST_OK)
                give_up("console %d keeps a case that left its sight", k);
            if (!mine)
                continue;
            if (st != ST_OK)
                give_up("console %d lacks a case: %s", k, err.text);
            if (view.cached.version != fold.version || view.cached.state != fold.state ||
                view.shown.state != fold.state)
                give_up("console %d: version %u %s, server %u %s", k, view.cached.version,
                        state_table[view.shown.state].word, fold.version,
                        state_table[fold.state].word);
        }
    }
    buf_release(&out);
    for (int i = 0; i < w->n_done; i++) {
        struct conflict_row *conflicts;
        size_t n;
        bool refused = false;
        if (store_conflicts(w->console[w->done[i].console].store, &w->arena, &conflicts, &n,
                            &err) != ST_OK)
            give_up("read: %s", err.text);
        for (size_t j = 0; j < n; j++)
            refused |= uuid_compare(&conflicts[j].command.id, &w->done[i].command.id) == 0;
        if (applied[i] != (refused ? 0 : 1))
            give_up("command %d (%s) was applied %d times%s", i,
                    command_table[w->done[i].command.type].word, applied[i],
                    refused ? " and refused" : "");
    }
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
    char db[4200];
    mkdir(w->folder, 0700);
    snprintf(db, sizeof db, "%.4000s/office.db", w->folder);
    snprintf(w->url, sizeof w->url, "sqlite:%.4100s", db);
    copy_file(t->path, db);
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
        struct actor desk = {.user = c->user,
                             .name = c->user,
                             .role = ROLE_DESK,
                             .office = "1101",
                             .unit = "110190",
                             .device = "sim"};
        struct errmsg err = {{0}};
        if (context_save_actor(c->store, &desk, &err) != ST_OK)
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
        } else {
            act(w, c);
        }
    }
    w->bad_line = false;
    run_until(w, w->now_ms + QUIET_MS);
    check_commands(w);
    check_cases(w);
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
        live(w, t);
        ok = true;
    }
    for (int i = 0; i < CONSOLES; i++)
        if (w->console[i].store)
            close_console(&w->console[i]);
    for (int i = 0; i < FLIGHTS; i++)
        end_flight(&w->flight[i]);
    service_close(w->service);
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
        if (service_login(s, t->users[i], "sim", "sim", &a, &session, &err) != ST_OK)
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
    bool ok = true;
    for (long long i = 0; i < n; i++) {
        bool good = run_seed((uint64_t)(from + i), &t, tmp);
        ok &= good;
        done++;
        if (!good)
            printf("not ok %lld - seed %lld: %s\n#  repeat: ./dev sim --seeds 1 --from %lld\n",
                   done, from + i, why_failed, from + i);
        else
            printf("ok %lld - seed %lld\n", done, from + i);
    }
    bool enough = n < 100;
    if (!enough) {
        enough = restarts > n / 4 && server_restarts > n / 8 && conflicts_total > n / 10;
        for (int i = 0; i < FAULT_COUNT; i++)
            enough &= injected[i] > n / 4;
    }
    if (tmp == memory)
        nftw(memory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("%s %lld - faults were injected\n", enough ? "ok" : "not ok", ++done);
    for (int i = 0; i < FAULT_COUNT; i++)
        printf("#  %s: %lld\n", fault_word[i], injected[i]);
    printf("#  console restarts: %lld, server restarts: %lld, commands: %lld, conflicts: "
           "%lld\n1..%lld\n",
           restarts, server_restarts, commands_total, conflicts_total, done);
    return ok && enough ? 0 : 1;
}
