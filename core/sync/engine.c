/* engine.c: the order of requests: log-in, documents, commands, changes; the line; commands and the event stream. */
#include "core/sync/engine_own.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/store/context.h"
#include "core/sync/backoff.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PING_SILENCE_MS = 45 * MS_SECOND, /* three pings of 15 s missed: the stream is dead */
    REQUEST_SILENCE_MS = 90 * MS_SECOND,
    RESEND_DAYS = 7 /* acknowledged commands are kept and offered again for so long */
};

/* --- small things --------------------------------------------------------------------------- */

int64_t now_mono(const struct sync_engine *e)
{
    return clock_mono(e->config.clock);
}

void hint(struct sync_engine *e, enum sync_hint h)
{
    if (e->config.hint)
        e->config.hint(e->config.hint_self, h);
}

static void set_line(struct sync_engine *e, enum line_state line)
{
    if (e->line == line)
        return;
    e->line = line;
    e->report.line = line;
    e->report.since_wall_ms = clock_wall(e->config.clock);
    hint(e, HINT_LINE);
    if (line != LINE_ONLINE)
        presence_forget(e);
}

static void set_error(struct sync_engine *e, const char *text)
{
    snprintf(e->report.error, sizeof e->report.error, "%.*s", (int)sizeof e->report.error - 1,
             text);
}

static void forget(char **secret)
{
    if (*secret) {
        explicit_bzero(*secret, strlen(*secret));
        free(*secret);
        *secret = NULL;
    }
}

/* A failure of the cache ends the try; what was there stays. */
void store_failed(struct sync_engine *e, enum status st, const struct errmsg *err)
{
    log_write(LOG_ERROR, "sync: the cache failed: %s", err->text);
    set_error(e, err->text);
    e->report.cache = st;
    e->failures++;
    e->retry_ms = now_mono(e) + backoff_wait_ms(e->failures, -1, e->config.random);
    e->report.retry_mono_ms = e->retry_ms;
    if (e->config.once)
        hint(e, HINT_DONE);
}

void line_failed(struct sync_engine *e, enum line_state state, const char *why)
{
    e->failures++;
    int64_t asked = e->head.status == 429 || e->head.status >= 500 ? e->head.retry_after_s : -1;
    e->retry_ms = now_mono(e) + backoff_wait_ms(e->failures, asked, e->config.random);
    e->report.retry_mono_ms = e->retry_ms;
    set_error(e, why);
    set_line(e, state);
    if (e->config.once)
        hint(e, HINT_DONE);
}

void op_end(struct sync_engine *e)
{
    e->op = OP_NONE;
    e->op_id = REQUEST_NONE;
}

bool start_request(struct sync_engine *e, enum op_kind op, struct request *r)
{
    struct errmsg err = {{0}};
    if (++e->next_id == REQUEST_NONE)
        e->next_id++;
    r->id = e->next_id;
    if (r->limit == 0)
        r->limit = SMALL_BODY;
    e->op = op;
    e->op_id = r->id;
    e->op_heard_ms = now_mono(e);
    memset(&e->head, 0, sizeof e->head);
    e->head.retry_after_s = -1;
    e->head.date_ms = TIME_NONE;
    e->etag[0] = '\0';
    buf_clear(&e->body);
    e->report.requests++;
    e->report.bytes_out += (int64_t)(r->body_len + strlen(r->target));
    if (e->line == LINE_IDLE)
        set_line(e, LINE_CONNECTING);
    if (e->config.transport->start(e->config.transport->self, r, &err) == ST_OK)
        return true;
    op_end(e);
    line_failed(e, LINE_OFFLINE, err.text);
    return false;
}

/* --- requests ------------------------------------------------------------------------------- */

static void start_login(struct sync_engine *e)
{
    struct buf body;
    forget(&e->sent_password);
    e->sent_password = strdup(e->password);
    buf_init(&body, 16 * 1024);
    login_encode(&body, e->config.user, e->password, e->config.device,
                 e->config.terminal ? e->config.terminal : "");
    struct request r = {
        .method = "POST", .target = "/v1/session", .body = body.data, .body_len = body.len};
    start_request(e, OP_LOGIN, &r);
    explicit_bzero(body.data, body.len);
    buf_release(&body);
}

/* True if a request went out. */
static bool start_commands(struct sync_engine *e)
{
    struct arena a;
    struct errmsg err = {{0}};
    struct outbox_row *rows = NULL;
    size_t n = 0;
    bool started = false;
    arena_init(&a, 0);
    int64_t next_ms = INT64_MAX;
    enum status st =
        store_outbox_leave(e->config.store, e->command_batch, &a, &rows, &n, &next_ms, &err);
    e->outbox_due_ms = next_ms == INT64_MAX
                           ? INT64_MAX
                           : now_mono(e) + (next_ms - clock_wall(e->config.clock)) + 1;
    if (st != ST_OK) {
        store_failed(e, st, &err);
        arena_release(&a);
        return true;
    }
    if (n > 0) {
        struct command *commands = arena_array(&a, n, sizeof *commands);
        struct buf body;
        buf_init(&body, 64 * 1024 * 1024);
        for (size_t i = 0; commands && i < n; i++) {
            commands[i] = rows[i].command;
            e->sent_ids[i] = rows[i].command.id;
#if SABOTAGE == 5
            /* damage for the tests: a new id on every retry */
            random_fill(e->config.random, commands[i].id.byte + 10, 6);
            e->sent_ids[i] = commands[i].id;
#endif
        }
        e->n_sent = n;
        if (commands) {
            commands_encode(&body, commands, n);
            struct request r = {.method = "POST",
                                .target = "/v1/commands",
                                .token = e->token,
                                .body = body.data,
                                .body_len = body.len,
                                .limit = 4 * SMALL_BODY};
            start_request(e, OP_COMMANDS, &r);
            started = true;
        }
        buf_release(&body);
    }
    arena_release(&a);
    return started;
}

static void start_stream(struct sync_engine *e)
{
    struct errmsg err = {{0}};
    if (++e->next_id == REQUEST_NONE)
        e->next_id++;
    e->stream_id = e->next_id;
    e->stream_heard_ms = now_mono(e);
    e->stream_status = 0;
    sse_reset(&e->sse);
    struct request r = {.id = e->stream_id,
                        .method = "GET",
                        .target = "/v1/events",
                        .token = e->token,
                        .stream = true,
                        .limit = SIZE_MAX};
    e->report.requests++;
    if (e->config.transport->start(e->config.transport->self, &r, &err) != ST_OK) {
        e->stream_id = REQUEST_NONE;
        e->stream_failures++;
        e->stream_retry_ms =
            now_mono(e) + backoff_wait_ms(e->stream_failures, -1, e->config.random);
    }
}

static void stream_close(struct sync_engine *e)
{
    if (e->stream_id == REQUEST_NONE)
        return;
    e->config.transport->cancel(e->config.transport->self, e->stream_id);
    e->stream_id = REQUEST_NONE;
}

static void on_sse(void *self, const struct sse_event *event)
{
    struct sync_engine *e = self;
    /* It only says that there is something new; the truth comes from /v1/changes and the documents. */
    if (strcmp(event->type, "change") == 0)
        e->want_changes = true;
    else if (strcmp(event->type, "reference") == 0)
        e->documents_left = DOCUMENTS;
    else if (strcmp(event->type, "presence") == 0)
        presence_ask(e);
}

/* --- what came back ------------------------------------------------------------------------- */

static void session_ended(struct sync_engine *e)
{
    bool had_one = e->token != NULL;
    forget(&e->token);
    stream_close(e);
    if (!e->password) {
        set_error(e, had_one
                         ? _("The session ended. Everything is kept; log in again to go on.")
                         : _("Log in to send and fetch. What is here can be worked on without."));
        set_line(e, LINE_NEED_LOGIN);
        if (e->config.once)
            hint(e, HINT_DONE);
    }
}

/* The answer says that this terminal was revoked, and means this one: an answer that was kept from another does not count. */
static bool revoked(struct sync_engine *e)
{
    struct revocation r;
    if (e->head.status != 403 || !e->config.terminal ||
        !revocation_decode(e->body.data, e->body.len, &r) ||
        strcmp(r.terminal, e->config.terminal) != 0)
        return false;
    forget(&e->token);
    forget(&e->password);
    forget(&e->sent_password);
    stream_close(e);
    e->report.revoked = r;
    set_error(e, _("This terminal was revoked at the server."));
    set_line(e, LINE_REVOKED);
    if (e->config.once)
        hint(e, HINT_DONE);
    return true;
}

static void set_offset(struct sync_engine *e, int64_t server_ms)
{
    int64_t offset = server_ms - clock_wall(e->config.clock);
    int64_t change = offset - e->report.server_offset_ms;
    if (change > -2 * MS_SECOND && change < 2 * MS_SECOND)
        return; /* Date has a resolution of one second; small steps would only make digits jump */
    char text[32];
    e->report.server_offset_ms = offset;
    snprintf(text, sizeof text, "%" PRId64, offset);
    store_meta_set(e->config.store, "server_offset_ms", text, NULL);
    hint(e, HINT_LINE);
}

/* It is our server by its marker, and yet: what it says is passed over. */
void not_understood(struct sync_engine *e, const char *what, const struct errmsg *err)
{
    struct errmsg why;
    fail(&why, ST_PROTOCOL, _("The server's answer (%s) is not understood: %.200s."), what,
         err->text);
    line_failed(e, LINE_OFFLINE, why.text);
}

/* Nothing is sent or taken until one of the two is another program. */
static void other_version(struct sync_engine *e)
{
    struct errmsg why;
    fail(&why, ST_PROTOCOL,
         _("The server speaks protocol %d to %d, this console %d to %d: %s. Until then it is for "
           "looking "
           "only; everything is kept."),
         e->theirs.least, e->theirs.most, PROTOCOL_LEAST, PROTOCOL_MOST,
         e->theirs.least > PROTOCOL_MOST ? _("this console has to be renewed")
                                         : _("the server has to be renewed"));
    line_failed(e, LINE_OTHER_VERSION, why.text);
}

/* What was acknowledged before that is never offered again. */
int64_t offered_from(const struct sync_engine *e)
{
    return clock_wall(e->config.clock) - (int64_t)RESEND_DAYS * MS_DAY;
}

/* Auditors and administrators keep the checkpoints: the roles that the server gives them to. */
static bool keeps_checkpoints(enum role role)
{
    return role == ROLE_AUDITOR || role == ROLE_ADMIN;
}

static void login_done(struct sync_engine *e, struct arena *a)
{
    struct session session;
    struct errmsg err = {{0}};
    /* Another one was given meanwhile: that one counts, and is tried next. */
    if (e->password && e->sent_password && strcmp(e->password, e->sent_password) != 0)
        return;
    if (e->head.status == 401 || e->head.status == 403) {
        forget(&e->password);
        set_error(e, _("The server does not accept this name and password."));
        set_line(e, LINE_NEED_LOGIN);
        if (e->config.once)
            hint(e, HINT_DONE);
        return;
    }
    if (e->head.status / 100 != 2) {
        line_failed(e, LINE_OFFLINE, _("The server does not take the log-in."));
        return;
    }
    if (session_decode(e->body.data, e->body.len, a, &session, &err) != ST_OK) {
        not_understood(e, _("the log-in"), &err);
        return;
    }
    forget(&e->password);
    forget(&e->token);
    e->token = strdup(session.token);
    e->failures = 0;
    e->documents_left = DOCUMENTS;
    e->keeps_checkpoints = keeps_checkpoints(session.actor.role);
    e->want_commands = e->want_changes = e->want_papers = e->want_files = true;
    enum status st = context_save_actor(e->config.store, &session.actor, &err);
    if (st == ST_OK)
        st = store_sent_forget(e->config.store, offered_from(e), &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    if (e->config.accepted && e->sent_password)
        e->config.accepted(e->config.hint_self, e->sent_password);
    forget(&e->sent_password);
    set_offset(e, session.server_time_ms);
    set_line(e, LINE_ONLINE);
}

/* A whole batch was refused: shrink it; a single command that is refused goes to the conflicts,
 * so that the others flow. */
static void commands_refused(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    if (e->n_sent > 1) {
        e->command_batch = e->n_sent / 2;
        return;
    }
    struct outcome o = {.id = e->sent_ids[0], .kind = OUTCOME_REJECTED};
    if (problem_decode(e->body.data, e->body.len, a, &o.problem, NULL) != ST_OK)
        o.problem = (struct problem){.status = e->head.status,
                                     .type = "urn:jiban:problem:request",
                                     .title = "Refused",
                                     .detail = "",
                                     .field = ""};
    enum status st = store_outcomes(e->config.store, &o, 1, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->report.rejected++;
    e->command_batch = WIRE_BATCH_MAX;
    hint(e, HINT_OUTBOX);
}

static bool was_sent(const struct sync_engine *e, const struct uuid *id)
{
    for (size_t i = 0; i < e->n_sent; i++)
        if (uuid_compare(&e->sent_ids[i], id) == 0)
            return true;
    return false;
}

static void commands_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct outcome *outcomes = NULL;
    size_t n = 0, known = 0;
    if (e->head.status == 400 || e->head.status == 413 || e->head.status == 422) {
        commands_refused(e, a);
        return;
    }
    if (e->head.status != 200 ||
        outcomes_decode(e->body.data, e->body.len, a, &outcomes, &n, &err) != ST_OK) {
        store_outbox_tried(e->config.store, e->sent_ids, e->n_sent,
                           err.text[0] ? err.text : "no usable answer", NULL);
        line_failed(e, LINE_OFFLINE, _("The server's answer is not complete; sending again."));
        return;
    }
    for (size_t i = 0; i < n; i++) { /* only ids that were asked count (N18, N34) */
        if (!was_sent(e, &outcomes[i].id))
            continue;
        outcomes[known++] = outcomes[i];
    }
    enum status st = store_outcomes(e->config.store, outcomes, known, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    for (size_t i = 0; i < known; i++) {
        bool rejected =
            outcomes[i].kind == OUTCOME_REJECTED ||
            (outcomes[i].kind == OUTCOME_DUPLICATE && outcomes[i].first == OUTCOME_REJECTED);
        if (rejected)
            e->report.rejected++;
        else
            e->report.sent++;
    }
    if (known == 0) {
        line_failed(e, LINE_OFFLINE, _("The server answered for other commands; sending again."));
        return;
    }
    e->failures = 0;
    e->command_batch = WIRE_BATCH_MAX;
    e->want_commands = true; /* there may be more */
    e->want_changes = true;
    hint(e, HINT_OUTBOX);
}

/* --- transport events ----------------------------------------------------------------------- */

static void on_head(void *self, uint32_t id, const struct response_head *head)
{
    struct sync_engine *e = self;
    if (id == e->stream_id && id != REQUEST_NONE) {
        e->stream_heard_ms = now_mono(e);
        e->stream_status = head->marker && *head->marker ? head->status : -1;
        if (e->stream_status == 200) {
            e->stream_failures = 0;
            presence_ask(e); /* a server that was started anew knows of nobody */
        }
        return;
    }
    if (id != e->op_id || e->op == OP_NONE)
        return;
    e->head = *head;
    e->op_heard_ms = now_mono(e);
    snprintf(e->etag, sizeof e->etag, "%s", head->etag ? head->etag : "");
    e->head.etag = e->etag;
    e->theirs = protocols_of(head->marker ? head->marker : "");
    e->misfit = head->marker && *head->marker && !protocols_fit(&e->theirs);
    e->suspect = !head->marker || !*head->marker || e->misfit;
    e->head.marker = e->head.media_type = "";
    if (!e->suspect && head->date_ms != TIME_NONE && e->op != OP_LOGIN)
        set_offset(e, head->date_ms + MS_SECOND / 2);
}

static void on_data(void *self, uint32_t id, const char *data, size_t n)
{
    struct sync_engine *e = self;
    e->report.bytes_in += (int64_t)n;
    if (id == e->stream_id && id != REQUEST_NONE) {
        e->stream_heard_ms = now_mono(e);
        if (e->stream_status == 200)
            sse_feed(&e->sse, data, n);
        return;
    }
    if (id != e->op_id || e->op == OP_NONE)
        return;
    e->op_heard_ms = now_mono(e);
    if (!e->suspect)
        buf_add(&e->body, data, n);
}

static void stream_done(struct sync_engine *e, enum status st)
{
    e->stream_id = REQUEST_NONE;
    (void)st;
    if (e->stream_status == 401) {
        session_ended(e);
        return;
    }
    e->stream_failures++;
    e->stream_retry_ms = now_mono(e) + backoff_wait_ms(e->stream_failures, -1, e->config.random);
    if (e->sse.retry_ms > 0 && e->stream_retry_ms < now_mono(e) + e->sse.retry_ms)
        e->stream_retry_ms = now_mono(e) + e->sse.retry_ms;
    e->want_changes = true; /* what was said meanwhile was not heard */
    presence_ask(e);
}

static void on_done(void *self, uint32_t id, enum status st, const char *detail)
{
    struct sync_engine *e = self;
    struct arena a;
    if (id == e->stream_id && id != REQUEST_NONE) {
        stream_done(e, st);
        return;
    }
    if (id != e->op_id || e->op == OP_NONE)
        return;
    enum op_kind op = e->op;
    op_end(e);
    if (st != ST_OK) {
        if (op == OP_COMMANDS)
            store_outbox_tried(e->config.store, e->sent_ids, e->n_sent, detail, NULL);
        if (op == OP_FILE_SEND)
            file_cut(e);
        if (op == OP_CHANGES)
            changes_cut(e, detail);
        else
            line_failed(e, LINE_OFFLINE, detail);
        return;
    }
    if (e->misfit) {
        if (op == OP_COMMANDS)
            store_outbox_tried(e->config.store, e->sent_ids, e->n_sent, "another protocol", NULL);
        other_version(e);
        return;
    }
    if (e->suspect) {
        bool gateway = e->head.status >= 500 && e->head.status != 511;
        if (op == OP_COMMANDS)
            store_outbox_tried(e->config.store, e->sent_ids, e->n_sent, "not our server", NULL);
        line_failed(
            e, gateway ? LINE_OFFLINE : LINE_NOT_OURS,
            gateway ? _("A gateway says that the server is away.")
                    : _("Something else than the jiban server answers at this address; the line "
                        "may need a log-in elsewhere. Everything is kept."));
        return;
    }
    if (buf_status(&e->body) != ST_OK) {
        line_failed(e, LINE_OFFLINE, _("The server's answer is larger than the limit."));
        return;
    }
    if (e->head.status == 401 && op != OP_LOGIN) {
        session_ended(e);
        return;
    }
    if (revoked(e))
        return;
    if (op == OP_PRESENCE) {
        presence_done(e);
        return;
    }
    if (e->head.status == 429 || e->head.status >= 500) {
        if (op == OP_COMMANDS)
            store_outbox_tried(e->config.store, e->sent_ids, e->n_sent, "server busy", NULL);
        line_failed(e, LINE_OFFLINE, _("The server is there but cannot work now."));
        return;
    }
    arena_init(&a, 0);
    switch (op) {
    case OP_LOGIN:
        login_done(e, &a);
        break;
    case OP_DOCUMENT:
        document_done(e, &a);
        break;
    case OP_COMMANDS:
        commands_done(e, &a);
        break;
    case OP_CHANGES:
        changes_done(e, &a);
        break;
    case OP_CASE:
        case_done(e, &a);
        break;
    case OP_FILE_SEND:
        file_sent(e, &a);
        break;
    case OP_FILE_FETCH:
        file_fetched(e, &a);
        break;
    case OP_PAPER:
        paper_done(e, &a);
        break;
    case OP_PRESENCE: /* above */
    case OP_PROBE:    /* it proved itself by its marker */
    case OP_NONE:
        e->failures = 0;
        break;
    }
    arena_release(&a);
    if (e->token && e->failures == 0)
        set_line(e, LINE_ONLINE);
}

/* --- the public face ------------------------------------------------------------------------ */

enum status sync_engine_new(const struct sync_config *config, struct sync_engine **ret,
                            struct errmsg *err)
{
    struct arena a;
    const char *fresh = "", *offset = "", *role = "";
    struct sync_engine *e = calloc(1, sizeof *e);
    if (!e)
        return fail(err, ST_NOMEM, "out of memory");
    arena_init(&a, 0);
    enum status st = store_meta_get(config->store, "fresh", &a, &fresh, err);
    if (st == ST_OK)
        st = store_meta_get(config->store, "server_offset_ms", &a, &offset, err);
    if (st == ST_OK)
        st = store_meta_get(config->store, "actor.role", &a, &role, err);
    if (st != ST_OK) {
        arena_release(&a);
        free(e);
        return st;
    }
    e->config = *config;
    e->fresh = *fresh != '\0';
    e->keeps_checkpoints = keeps_checkpoints(role_find(role));
    e->checkpoints_ms = INT64_MAX;
    e->outbox_due_ms = INT64_MAX;
    e->batch = config->batch;
    presence_init(e);
    e->command_batch = WIRE_BATCH_MAX;
    e->moving.have = -1;
    e->report.server_offset_ms = strtoll(offset, NULL, 10);
    e->report.retry_mono_ms = TIME_NONE;
    e->report.since_wall_ms = clock_wall(config->clock);
    buf_init(&e->body, config->body_limit);
    arena_init(&e->paper_arena, 0);
    sse_init(&e->sse, e, on_sse);
    arena_release(&a);
    *ret = e;
    return ST_OK;
}

void sync_engine_free(struct sync_engine *e)
{
    if (!e)
        return;
    stream_close(e);
    if (e->op_id != REQUEST_NONE)
        e->config.transport->cancel(e->config.transport->self, e->op_id);
    forget(&e->token);
    forget(&e->password);
    forget(&e->sent_password);
    buf_release(&e->body);
    arena_release(&e->paper_arena);
    sse_release(&e->sse);
    free(e);
}

struct transport_events sync_engine_events(struct sync_engine *e)
{
    return (struct transport_events){.self = e, .head = on_head, .data = on_data, .done = on_done};
}

void sync_engine_login(struct sync_engine *e, const char *password)
{
    forget(&e->password);
    e->password = password ? strdup(password) : NULL;
    forget(&e->token);
    if (e->line == LINE_NEED_LOGIN)
        set_line(e, LINE_CONNECTING);
    e->retry_ms = 0;
}

void sync_engine_token(struct sync_engine *e, const char *token)
{
    forget(&e->token);
    e->token = strdup(token);
    e->documents_left = DOCUMENTS;
    e->want_commands = e->want_changes = e->want_papers = e->want_files = true;
}

void sync_engine_poke(struct sync_engine *e)
{
    e->want_commands = e->want_papers = e->want_files = true;
    e->cycle_done = false;
}

void sync_engine_now(struct sync_engine *e)
{
    int64_t now = now_mono(e);
    sync_engine_poke(e);
    e->want_changes = true;
    if (e->documents_left < PAPERS_LEFT) /* what one wrote at another terminal */
        e->documents_left = PAPERS_LEFT;
    if (e->retry_ms > now)
        e->retry_ms = now;
    if (e->stream_retry_ms > now)
        e->stream_retry_ms = now;
}

static void next_request(struct sync_engine *e)
{
    struct arena a;
    const char *cursor = "";
    struct errmsg err = {{0}};
    if (e->suspect) { /* no token goes out until it has proved itself */
        struct request r = {.method = "GET", .target = "/healthz"};
        start_request(e, OP_PROBE, &r);
        return;
    }
    if (!e->token) {
        if (e->password)
            start_login(e);
        else if (e->line != LINE_NEED_LOGIN)
            session_ended(e);
        return;
    }
    if (e->documents_left == 0 && now_mono(e) >= e->checkpoints_ms)
        e->documents_left = CHECKPOINTS_LEFT;
    if (e->documents_left > 0) {
        start_document(e);
        return;
    }
    if (e->want_commands) {
        e->want_commands = false;
        if (start_commands(e)) {
            e->want_commands = true; /* until nothing is left */
            return;
        }
    }
    if (e->have_gap) {
        start_case(e);
        return;
    }
    if (now_mono(e) >= e->presence_due_ms) {
        start_presence(e);
        return;
    }
    if (e->want_papers) {
        e->want_papers = false;
        if (start_paper(e))
            return;
    }
    if (e->want_changes) {
        arena_init(&a, 0);
        e->want_changes = false;
        enum status st = store_meta_get(e->config.store, "cursor", &a, &cursor, &err);
        if (st != ST_OK) {
            e->want_changes = true;
            store_failed(e, st, &err);
        } else {
            start_changes(e, cursor);
        }
        arena_release(&a);
        return;
    }
    if (e->want_files) {
        start_file(e);
        if (e->op != OP_NONE || e->want_files)
            return;
    }
    if (!e->cycle_done) {
        e->cycle_done = true;
        e->report.cycles++;
        e->report.cache = ST_OK;
        e->report.error[0] = '\0';
        e->report.retry_mono_ms = TIME_NONE;
        hint(e, HINT_DONE);
    }
}

void sync_engine_tick(struct sync_engine *e)
{
    int64_t now = now_mono(e);
    if (e->line == LINE_REVOKED)
        return;
    if (e->op != OP_NONE && now - e->op_heard_ms > REQUEST_SILENCE_MS) {
        uint32_t id = e->op_id;
        e->config.transport->cancel(e->config.transport->self, id);
        on_done(e, id, ST_TIMEOUT, _("The server is silent."));
    }
    if (e->stream_id != REQUEST_NONE && now - e->stream_heard_ms > PING_SILENCE_MS) {
        uint32_t id = e->stream_id;
        e->config.transport->cancel(e->config.transport->self, id);
        on_done(e, id, ST_TIMEOUT, "");
    }
    if (now >= e->outbox_due_ms) { /* what was to wait may go */
        e->outbox_due_ms = INT64_MAX;
        e->want_commands = e->want_files = true;
    }
    if (e->op == OP_NONE && now >= e->retry_ms) {
        bool after_failure = e->retry_ms != 0 && e->failures > 0;
        if (after_failure && e->token)
            e->want_commands = e->want_changes = e->want_papers = e->want_files = true;
        e->retry_ms = 0;
        next_request(e);
    }
    if (!e->config.once && e->token && !e->suspect && e->failures == 0 &&
        e->stream_id == REQUEST_NONE && e->documents_left == 0 && now >= e->stream_retry_ms)
        start_stream(e);
}

int64_t sync_engine_next_ms(const struct sync_engine *e)
{
    int64_t next = INT64_MAX;
    if (e->line == LINE_REVOKED)
        return next;
    if (e->op != OP_NONE)
        next = e->op_heard_ms + REQUEST_SILENCE_MS + 1;
    else if (e->retry_ms > 0)
        next = e->retry_ms;
    else if ((!e->token && e->password) || e->suspect ||
             (e->token && (e->want_commands || e->want_files || e->want_changes || e->want_papers ||
                           e->documents_left > 0 || e->have_gap || !e->cycle_done)))
        next = 0;
    else if (e->token && !e->config.once)
        next = e->checkpoints_ms < e->presence_due_ms ? e->checkpoints_ms : e->presence_due_ms;
    if (e->token && e->outbox_due_ms < next)
        next = e->outbox_due_ms;
    if (e->stream_id != REQUEST_NONE) {
        if (e->stream_heard_ms + PING_SILENCE_MS + 1 < next)
            next = e->stream_heard_ms + PING_SILENCE_MS + 1;
    } else if (!e->config.once && e->token && e->failures == 0 && e->stream_retry_ms < next) {
        next = e->stream_retry_ms;
    }
    return next;
}

bool sync_engine_idle(const struct sync_engine *e)
{
    return e->op == OP_NONE && sync_engine_next_ms(e) > now_mono(e);
}

void sync_engine_report(const struct sync_engine *e, struct sync_report *ret)
{
    *ret = e->report;
    ret->line = e->line;
}
