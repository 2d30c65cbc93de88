/* The sync engine alone, over a line that is passed in: waiting, and not waiting. */
#include "core/sync/engine.h"
#include "tests/unit/store_kit.h"

/* Of an engine for one person over that line. */
static struct sync_config config_of(const struct kit *k, const struct random *random,
                                    struct transport *line)
{
    return (struct sync_config){.store = k->store,
                                .clock = &k->clock,
                                .random = random,
                                .transport = line,
                                .user = "wang",
                                .device = "test",
                                .batch = 10,
                                .body_limit = 1 << 20};
}

static int started;

static enum status refuse(void *self, const struct request *r, struct errmsg *err)
{
    (void)self;
    (void)r;
    started++;
    snprintf(err->text, sizeof err->text, "refused");
    return ST_OFFLINE;
}

static void cancel(void *self, uint32_t id)
{
    (void)self;
    (void)id;
}

static void now_does_not_wait_for_the_next_try(void **state)
{
    (void)state;
    struct kit k;
    struct rng rng;
    struct sync_engine *e;
    struct errmsg err = {""};
    kit_begin(&k);
    rng_seed(&rng, 1);
    struct random random = rng_random(&rng);
    struct transport line = {.start = refuse, .cancel = cancel};
    struct sync_config config = config_of(&k, &random, &line);
    assert_int_equal(sync_engine_new(&config, &e, &err), ST_OK);
    sync_engine_token(e, "token");
    for (int i = 0; i < 12; i++) { /* until it waits for minutes */
        sync_engine_tick(e);
        if (sync_engine_next_ms(e) > k.now)
            k.now = sync_engine_next_ms(e);
    }
    sync_engine_tick(e);
    int before = started;
    sync_engine_tick(e);
    sync_engine_poke(e);
    sync_engine_tick(e);
    assert_int_equal(started, before); /* something new alone does not break the wait */
    assert_true(sync_engine_next_ms(e) > k.now);
    sync_engine_now(e);
    assert_true(sync_engine_next_ms(e) <= k.now);
    sync_engine_tick(e);
    assert_int_equal(started, before + 1);
    sync_engine_free(e);
    kit_end(&k);
}

/* --- a terminal that was revoked ---------------------------------------------------------------- */

static uint32_t asked;

static enum status take(void *self, const struct request *r, struct errmsg *err)
{
    (void)self;
    (void)err;
    started++;
    asked = r->id;
    return ST_OK;
}

static void answer(struct sync_engine *e, const char *terminal)
{
    struct transport_events to = sync_engine_events(e);
    struct response_head head = {
        .status = 403, .media_type = "", .etag = "", .marker = "1", .retry_after_s = -1};
    struct revocation r = {.ticket = "00112233445566778899aabbccddeeff"};
    struct problem p = {.status = 403,
                        .type = "urn:jiban:problem:" REVOKED_WORD,
                        .title = "t",
                        .detail = "d",
                        .field = ""};
    struct buf body;
    head.date_ms = TIME_NONE;
    buf_init(&body, 4096);
    snprintf(r.terminal, sizeof r.terminal, "%s", terminal);
    problem_encode(&body, &p);
    revocation_add(&body, &r);
    to.head(to.self, asked, &head);
    to.data(to.self, asked, body.data, body.len);
    to.done(to.self, asked, ST_OK, "");
    buf_release(&body);
}

static void only_its_own_revocation_counts(void **state)
{
    (void)state;
    static const char mine[] = "0123456789abcdef";
    struct kit k;
    struct rng rng;
    struct sync_engine *e;
    struct sync_report r;
    kit_begin(&k);
    rng_seed(&rng, 1);
    struct random random = rng_random(&rng);
    struct transport line = {.start = take, .cancel = cancel};
    struct sync_config config = config_of(&k, &random, &line);
    config.terminal = mine;
    assert_int_equal(sync_engine_new(&config, &e, NULL), ST_OK);
    sync_engine_token(e, "token");
    sync_engine_tick(e);
    answer(e, "fedcba9876543210");
    sync_engine_report(e, &r);
    assert_int_not_equal(r.line, LINE_REVOKED);
    assert_string_equal(r.revoked.terminal, "");
    k.now += 10 * MS_MINUTE;
    sync_engine_tick(e);
    answer(e, mine);
    sync_engine_report(e, &r);
    assert_int_equal(r.line, LINE_REVOKED);
    assert_string_equal(r.revoked.terminal, mine);
    assert_string_equal(r.revoked.ticket, "00112233445566778899aabbccddeeff");
    int before = started;
    k.now += MS_HOUR;
    sync_engine_login(e, "password"); /* nothing is asked any more */
    sync_engine_now(e);
    sync_engine_tick(e);
    assert_int_equal(started, before);
    assert_true(sync_engine_next_ms(e) == INT64_MAX);
    sync_engine_free(e);
    kit_end(&k);
}

/* --- passwords ------------------------------------------------------------------------------------- */

static struct {
    char body[512];    /* of the last log-in that left */
    char accepted[64]; /* told by the engine */
} passwords;

static enum status note_login(void *self, const struct request *r, struct errmsg *err)
{
    (void)self;
    (void)err;
    asked = r->id;
    if (strcmp(r->target, "/v1/session") == 0)
        snprintf(passwords.body, sizeof passwords.body, "%.*s", (int)r->body_len,
                 (const char *)r->body);
    return ST_OK;
}

static void note_accepted(void *self, const char *password)
{
    (void)self;
    snprintf(passwords.accepted, sizeof passwords.accepted, "%s", password);
}

static void log_in_answer(struct sync_engine *e, int status)
{
    struct transport_events to = sync_engine_events(e);
    struct response_head head = {.status = status,
                                 .media_type = "application/json",
                                 .etag = "",
                                 .marker = "1",
                                 .retry_after_s = -1,
                                 .date_ms = TIME_NONE};
    struct session session = {
        .token = "token",
        .actor = {.user = "wang", .name = "Wang", .unit = "1101", .office = "1101"},
        .epoch = "1",
        .policy = "1"};
    struct buf body;
    buf_init(&body, 4096);
    session_encode(&body, &session);
    to.head(to.self, asked, &head);
    to.data(to.self, asked, body.data, status == 200 ? body.len : 0);
    to.done(to.self, asked, ST_OK, "");
    buf_release(&body);
}

/* A wrong password that is given while the right one is on its way must not pass for the one that the server accepted: the
 * screen would be locked, and a cache sealed, with what nobody knows. */
static void an_answer_counts_for_its_own_password(void **state)
{
    (void)state;
    struct kit k;
    struct rng rng;
    struct sync_engine *e;
    struct sync_report r;
    kit_begin(&k);
    rng_seed(&rng, 1);
    struct random random = rng_random(&rng);
    struct transport line = {.start = note_login, .cancel = cancel};
    struct sync_config config = config_of(&k, &random, &line);
    config.accepted = note_accepted;
    assert_int_equal(sync_engine_new(&config, &e, NULL), ST_OK);
    sync_engine_login(e, "right");
    sync_engine_tick(e);
    assert_non_null(strstr(passwords.body, "right"));
    sync_engine_login(e, "wrong");
    sync_engine_tick(e);
    log_in_answer(e, 200); /* to the right one */
    assert_string_equal(passwords.accepted, "");
    sync_engine_tick(e);
    assert_non_null(strstr(passwords.body, "wrong"));
    log_in_answer(e, 401);
    sync_engine_report(e, &r);
    assert_int_equal(r.line, LINE_NEED_LOGIN);
    assert_string_equal(passwords.accepted, "");
    sync_engine_login(e, "right");
    sync_engine_tick(e);
    log_in_answer(e, 200);
    sync_engine_report(e, &r);
    assert_int_equal(r.line, LINE_ONLINE);
    assert_string_equal(passwords.accepted, "right");
    sync_engine_free(e);
    kit_end(&k);
}

/* --- who is at a case ------------------------------------------------------------------------------ */

static struct {
    uint32_t id, stream;
    bool changes;   /* asked for by id */
    int asked;      /* POST /v1/presence */
    char body[512]; /* of the last one */
    size_t longest;
} presence;

static enum status note_presence(void *self, const struct request *r, struct errmsg *err)
{
    (void)self;
    (void)err;
    if (r->stream)
        presence.stream = r->id;
    else
        presence.id = r->id;
    if (!r->stream)
        presence.changes = strncmp(r->target, "/v1/changes", 11) == 0;
    if (strcmp(r->target, "/v1/presence") != 0)
        return ST_OK;
    presence.asked++;
    assert_true(r->body_len < sizeof presence.body);
    memcpy(presence.body, r->body, r->body_len);
    presence.body[r->body_len] = '\0';
    if (r->body_len > presence.longest)
        presence.longest = r->body_len;
    return ST_OK;
}

static void reply(struct sync_engine *e, uint32_t id, int status, const char *body)
{
    struct transport_events to = sync_engine_events(e);
    struct response_head head = {
        .status = status, .media_type = "", .etag = "", .marker = "1", .retry_after_s = -1};
    head.date_ms = TIME_NONE;
    to.head(to.self, id, &head);
    to.data(to.self, id, body, strlen(body));
    to.done(to.self, id, ST_OK, "");
}

static void stream_says(struct sync_engine *e, const char *text)
{
    struct transport_events to = sync_engine_events(e);
    to.data(to.self, presence.stream, text, strlen(text));
}

static void stream_opens(struct sync_engine *e)
{
    struct transport_events to = sync_engine_events(e);
    struct response_head head = {
        .status = 200, .media_type = "", .etag = "", .marker = "1", .retry_after_s = -1};
    head.date_ms = TIME_NONE;
    to.head(to.self, presence.stream, &head);
}

/* Answers whatever is asked, until nothing is due. */
static void settle(struct sync_engine *e, const char *marks)
{
    for (int i = 0; i < 40; i++) {
        int before = presence.asked;
        sync_engine_tick(e);
        uint32_t id = presence.id;
        presence.id = 0;
        if (id && presence.asked > before)
            reply(e, id, 200, marks);
        else if (id && presence.changes)
            reply(e, id, 200, "{\"cursor\":\"e-1\",\"more\":false}\n");
        else if (id)
            reply(e, id, 304, "");
    }
}

static void presence_is_told_again_while_it_holds(void **state)
{
    (void)state;
    struct kit k;
    struct rng rng;
    struct sync_engine *e;
    struct sync_report r;
    static const char none[] = "{\"marks\":[]}";
    static const char one[] =
        "{\"marks\":[{\"case\":\"01a21666-c415-779a-a363-74160d49b8c6\",\"user\":\"liu.desk\","
        "\"mark\":\"open\",\"since\":\"2026-11-26T13:55:25+08:00\"}]}";
    struct presence_own own = {.what = PRESENCE_WRITE, .command = COMMAND_SUBMIT_REPLY},
                        nowhere = {.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    kit_begin(&k);
    rng_seed(&rng, 1);
    struct random random = rng_random(&rng);
    struct transport line = {.start = note_presence, .cancel = cancel};
    struct sync_config config = config_of(&k, &random, &line);
    config.presence = PRESENCE_ON;
    assert_int_equal(sync_engine_new(&config, &e, NULL), ST_OK);
    sync_engine_token(e, "token");
    settle(e, none);
    assert_int_equal(presence.asked, 0);
    stream_opens(e); /* the stream is open: who is there? */
    settle(e, none);
    assert_int_equal(presence.asked, 1);
    k.now += 10 * MS_SECOND;
    settle(e, none);
    assert_int_equal(presence.asked, 1); /* at rest nothing is asked */
    assert_true(sync_engine_next_ms(e) >= k.now + 30 * MS_SECOND);
    stream_says(e, "event: presence\ndata:\n\n");
    settle(e, one);
    assert_int_equal(presence.asked, 2);
    assert_int_equal(sync_engine_others(e)->n, 1);
    stream_says(e, "event: presence\ndata:\n\n");
    settle(e, none);
    assert_int_equal(presence.asked, 2); /* not twice within 2 s */
    k.now += 2 * MS_SECOND;
    settle(e, none);
    assert_int_equal(presence.asked, 3);
    assert_int_equal(sync_engine_others(e)->n, 0);
    own.case_id = uuid_new(&(struct uuid_source){.clock = &k.clock, .random = &random});
    sync_engine_present(e, &own);
    sync_engine_report(e, &r);
    assert_false(r.present_told);
    settle(e, none);
    assert_int_equal(presence.asked, 4); /* what is one's own is told at once */
    assert_non_null(strstr(presence.body, "\"mark\":\"write\""));
    sync_engine_report(e, &r);
    assert_true(r.present_told);
    for (int i = 0; i < 8; i++) { /* pings keep the stream */
        k.now += 12 * MS_SECOND + MS_SECOND / 2;
        stream_says(e, "event: ping\ndata:\n\n");
        settle(e, none);
    }
    assert_int_equal(presence.asked, 4 + 4); /* each 25 s */
    assert_in_range(presence.longest, 1, 200);
    sync_engine_present(e, &nowhere);
    settle(e, none);
    assert_null(strstr(presence.body, "case"));
    sync_engine_free(e);
    /* Where the line is dear: told and answered, but not followed. */
    config.presence = PRESENCE_TELL;
    presence.asked = 0;
    assert_int_equal(sync_engine_new(&config, &e, NULL), ST_OK);
    sync_engine_token(e, "token");
    settle(e, none);
    stream_opens(e);
    stream_says(e, "event: presence\ndata:\n\n");
    settle(e, one);
    assert_int_equal(presence.asked, 0);
    sync_engine_present(e, &own);
    settle(e, one);
    assert_int_equal(presence.asked, 1);
    assert_int_equal(sync_engine_others(e)->n, 1);
    sync_engine_present(e, &nowhere);
    settle(e, one);
    assert_int_equal(presence.asked, 2);
    assert_int_equal(sync_engine_others(e)->n, 0);
    sync_engine_free(e);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(now_does_not_wait_for_the_next_try),
                                       cmocka_unit_test(only_its_own_revocation_counts),
                                       cmocka_unit_test(an_answer_counts_for_its_own_password),
                                       cmocka_unit_test(presence_is_told_again_while_it_holds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
