/* Attachments at the console: copied at once; a command waits for its file and other cases pass; the line goes on after a cut,
 * also of the program; what the centre refuses becomes a conflict. */
#include "core/store/attachments.h"
#include "core/sync/engine.h"
#include "tests/unit/store_kit.h"
#include <sys/stat.h>

/* --- a centre that has one file in mind ---------------------------------------------------------- */

struct centre {
    struct sync_engine *engine;
    struct transport_events events;
    int64_t have, total;
    int puts, commands, cut_after,
        refuse;            /* cut_after pieces the line breaks; status that refuses files */
    bool whole_at_command; /* the file was there when the command came */
    uint32_t id;
    char body[4096];
    int status;
    bool waits, breaks;
    size_t biggest;
};

static enum status take(void *self, const struct request *r, struct errmsg *err)
{
    struct centre *c = self;
    long long from = 0, to = 0, total = 0;
    (void)err;
    c->id = r->id;
    c->waits = true;
    c->breaks = false;
    c->status = 200;
    c->body[0] = '\0';
    if (strcmp(r->method, "PUT") == 0) {
        c->biggest = r->body_len > c->biggest ? r->body_len : c->biggest;
        c->puts++;
        if (sscanf(r->content_range, "bytes %lld-%lld/%lld", &from, &to, &total) == 3) {
            assert_int_equal(to - from + 1, r->body_len);
            if (from <= c->have && to >= c->have)
                c->have = to + 1; /* it arrives, even when its answer does not */
            c->breaks = c->cut_after > 0 && --c->cut_after == 0;
        } else {
            assert_int_equal(sscanf(r->content_range, "bytes */%lld", &total), 1);
        }
        c->total = total;
        c->status = c->refuse ? c->refuse : 200;
        snprintf(c->body, sizeof c->body,
                 c->refuse ? "{\"type\":\"urn:jiban:problem:type\",\"title\":\"t\",\"status\":415,"
                             "\"detail\":\"not taken\"}"
                           : "{\"have\":%lld,\"total\":%lld}",
                 (long long)c->have, total);
    } else if (strstr(r->target, "/v1/commands")) {
        char *text = strndup(r->body, r->body_len), *id = strstr(text, "\"id\":\"");
        assert_non_null(id);
        c->commands++;
        if (strstr(text, "\"attach\""))
            c->whole_at_command = c->have == c->total && c->total > 0;
        snprintf(c->body, sizeof c->body,
                 "{\"outcomes\":[{\"id\":\"%.36s\",\"outcome\":\"applied\",\"version\":2}]}",
                 id + 6);
        free(text);
    } else if (strstr(r->target, "/v1/changes")) {
        snprintf(c->body, sizeof c->body, "{\"cursor\":\"0123456789abcdef-1\",\"more\":false}\n");
    } else {
        c->status = 304; /* documents */
    }
    return ST_OK;
}

static void cancel(void *self, uint32_t id)
{
    (void)self;
    (void)id;
}

/* Answers what waits. */
static void answer(struct centre *c)
{
    const struct response_head head = {.status = c->status,
                                       .media_type = "application/json",
                                       .etag = "",
                                       .marker = "test",
                                       .retry_after_s = -1,
                                       .date_ms = TIME_NONE};
    c->waits = false;
    if (c->breaks) {
        c->events.done(c->events.self, c->id, ST_OFFLINE, "cut");
        return;
    }
    c->events.head(c->events.self, c->id, &head);
    c->events.data(c->events.self, c->id, c->body, strlen(c->body));
    c->events.done(c->events.self, c->id, ST_OK, "");
}

struct office {
    struct kit k;
    struct rng rng;
    struct random random;
    struct transport line;
    struct centre centre;
};

static void begin_line(struct office *o)
{
    struct errmsg err = {""};
    o->line = (struct transport){.self = &o->centre, .start = take, .cancel = cancel};
    rng_seed(&o->rng, 1);
    o->random = rng_random(&o->rng);
    const struct sync_config config = {.store = o->k.store,
                                       .clock = &o->k.clock,
                                       .random = &o->random,
                                       .transport = &o->line,
                                       .user = "wang",
                                       .device = "test",
                                       .batch = 10,
                                       .body_limit = 1 << 20,
                                       .once = true};
    assert_int_equal(sync_engine_new(&config, &o->centre.engine, &err), ST_OK);
    o->centre.events = sync_engine_events(o->centre.engine);
    sync_engine_token(o->centre.engine, "token");
}

/* Steps of the line, at most n. */
static void run_line(struct office *o, int n)
{
    for (int i = 0; i < n; i++) {
        int64_t next = sync_engine_next_ms(o->centre.engine);
        if (next != INT64_MAX && next > o->k.now && !o->centre.waits)
            o->k.now = next;
        sync_engine_tick(o->centre.engine);
        if (o->centre.waits)
            answer(&o->centre);
    }
}

static void end_line(struct office *o)
{
    sync_engine_free(o->centre.engine);
    o->centre.engine = NULL;
}

/* --- a file and a command that names it ------------------------------------------------------------- */

enum { FILE_BYTES = 700 * 1024 };

static void write_file(const char *path, size_t n)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (size_t i = 0; i < n; i++)
        fputc(i % 64 == 63 ? '\n' : 'a' + (int)(i / 64 % 26), f);
    assert_int_equal(fclose(f), 0);
}

static const char *add_file(struct office *o, const char *name, size_t n, struct attached *ret)
{
    char path[300];
    struct errmsg err = {""};
    struct buf text;
    kit_path(&o->k, name, path);
    write_file(path, n);
    if (store_attachment_add(o->k.store, path, &o->k.arena, ret, &err) != ST_OK)
        fail_msg("%s", err.text);
    unlink(path); /* the original may go */
    buf_init(&text, 1 << 16);
    attached_put(&text, ret);
    const char *value = arena_strdup(&o->k.arena, text.data);
    buf_release(&text);
    return value;
}

static void confirm(struct office *o, int case_n, int n, const char *files)
{
    struct value *v = arena_array(&o->k.arena, 2, sizeof *v);
    struct errmsg err = {""};
    v[0] = (struct value){FIELD_NOTE, "seen"};
    v[1] = (struct value){FIELD_ATTACH, files};
    struct command c = {.id = kit_id('o', n),
                        .case_id = kit_id('c', case_n),
                        .base = 1,
                        .type = COMMAND_NOTE,
                        .at_ms = o->k.now,
                        .values = v,
                        .n_values = files ? 2 : 1};
    if (store_queue(o->k.store, &c, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static size_t left(struct office *o)
{
    struct outbox_row *rows;
    size_t n = 0;
    assert_int_equal(store_outbox(o->k.store, 100, &o->k.arena, &rows, &n, NULL), ST_OK);
    return n;
}

static void begin(struct office *o)
{
    memset(o, 0, sizeof *o);
    kit_begin(&o->k);
    begin_line(o);
}

static void end(struct office *o)
{
    end_line(o);
    kit_end(&o->k);
}

static void a_command_waits_for_its_file_and_others_pass(void **state)
{
    struct office o;
    struct attached f;
    struct outbox_row *rows;
    size_t n;
    int64_t next;
    (void)state;
    begin(&o);
    const char *files = add_file(&o, "a.txt", FILE_BYTES, &f);
    confirm(&o, 1, 1, files);
    confirm(&o, 1, 2, NULL); /* behind it, of the same case */
    confirm(&o, 2, 3, NULL);
    assert_int_equal(store_outbox_leave(o.k.store, 100, &o.k.arena, &rows, &n, &next, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(rows[0].command.case_id.byte[3], 2);
    run_line(&o, 40);
    assert_int_equal(left(&o), 0);
    assert_int_equal(o.centre.have, FILE_BYTES);
    assert_true(o.centre.whole_at_command);
    assert_true(o.centre.biggest <= 256 * 1024);
    end(&o);
}

static void it_goes_on_after_a_cut_and_a_new_start(void **state)
{
    struct office o;
    struct attached f;
    struct attachment here;
    (void)state;
    begin(&o);
    const char *files = add_file(&o, "a.txt", FILE_BYTES, &f);
    confirm(&o, 1, 1, files);
    o.centre.cut_after = 2; /* the second piece arrives, its answer does not */
    for (int i = 0; i < 60 && o.centre.cut_after > 0; i++)
        run_line(&o, 1);
    assert_int_equal(o.centre.have, 512 * 1024);
    end_line(&o); /* the console ends */
    store_close(o.k.store);
    kit_open(&o.k);
    assert_int_equal(store_attachment(o.k.store, &f, &o.k.arena, &here, NULL), ST_OK);
    assert_int_equal(here.state, ATTACHMENT_HERE);
    assert_int_equal(here.moved, 256 * 1024); /* what was heard of */
    int before = o.centre.puts;
    begin_line(&o);
    run_line(&o, 40);
    assert_int_equal(left(&o), 0);
    assert_int_equal(o.centre.have, FILE_BYTES);
    assert_int_equal(o.centre.puts - before, 2); /* how much is there, and the rest */
    end(&o);
}

static void what_the_centre_refuses_becomes_a_conflict(void **state)
{
    struct office o;
    struct attached f;
    struct conflict_row *rows;
    size_t n;
    (void)state;
    begin(&o);
    const char *files = add_file(&o, "a.txt", 100, &f);
    confirm(&o, 1, 1, files);
    confirm(&o, 1, 2, NULL);
    o.centre.refuse = 415;
    run_line(&o, 20);
    assert_int_equal(store_conflicts(o.k.store, &o.k.arena, &rows, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].problem.detail, "not taken");
    assert_int_equal(left(&o), 0); /* what stood behind it has gone */
    struct uuid anew = kit_id('o', 9), id = rows[0].command.id;
    struct outbox_row *queued;
    assert_int_equal(store_conflict_answer(o.k.store, &id, CONFLICT_TO_NOTE, &anew, NULL), ST_OK);
    assert_int_equal(store_outbox(o.k.store, 9, &o.k.arena, &queued, &n, NULL), ST_OK);
    assert_int_equal(n, 1); /* a note of it names the file and does not bear it */
    assert_int_equal(queued[0].command.n_values, 1);
    assert_non_null(strstr(queued[0].command.values[0].text, "a.txt (plain text, 100 bytes)"));
    end(&o);
}

static void what_cannot_be_taken_is_said_at_once(void **state)
{
    struct office o;
    struct attached f;
    struct errmsg err = {""};
    char path[300];
    (void)state;
    begin(&o);
    kit_path(&o.k, "x", path);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fwrite("MZ\0", 1, 3, out);
    fclose(out);
    assert_int_equal(store_attachment_add(o.k.store, path, &o.k.arena, &f, &err), ST_UNSUPPORTED);
    unlink(path);
    assert_int_equal(store_attachment_add(o.k.store, path, &o.k.arena, &f, &err), ST_NOT_FOUND);
    write_file(path, ATTACHED_BYTES + 1);
    assert_int_equal(store_attachment_add(o.k.store, path, &o.k.arena, &f, &err), ST_TOOBIG);
    unlink(path);
    end(&o);
}

static void what_is_fetched_is_looked_at(void **state)
{
    struct office o;
    struct attached f = {.type = FILETYPE_TEXT, .bytes = 4, .name = "a"};
    struct attachment next;
    bool whole;
    (void)state;
    begin(&o);
    /* SHA-256 of "abcd" */
    memcpy(f.sha256, "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589",
           SHA256_HEX + 1);
    assert_int_equal(store_attachment_want(o.k.store, &f, NULL), ST_OK);
    assert_int_equal(store_attachment_fetched(o.k.store, &f, 0, "ab", 2, &whole, NULL), ST_OK);
    assert_false(whole);
    assert_int_equal(store_attachment_next(o.k.store, false, &o.k.arena, &next, NULL), ST_OK);
    assert_int_equal(next.moved, 2);
    assert_int_equal(store_attachment_fetched(o.k.store, &f, 2, "xx", 2, &whole, NULL), ST_CORRUPT);
    assert_int_equal(store_attachment_fetched(o.k.store, &f, 0, "abcd", 4, &whole, NULL), ST_OK);
    assert_true(whole);
    assert_int_equal(store_attachment_next(o.k.store, false, &o.k.arena, &next, NULL),
                     ST_NOT_FOUND);
    end(&o);
}

static void copies_that_nothing_names_are_forgotten(void **state)
{
    struct office o;
    struct attached used, loose, drafted;
    struct attachment here;
    struct buf data;
    int n = 0;
    (void)state;
    begin(&o);
    const char *files = add_file(&o, "a.txt", 100, &used);
    confirm(&o, 1, 1, files);
    (void)add_file(&o, "b.txt", 200, &loose);
    struct value v = {FIELD_ATTACH, add_file(&o, "c.txt", 300, &drafted)};
    const struct draft d = {.case_id = kit_id('c', 1),
                            .type = COMMAND_NOTE,
                            .user = "wang",
                            .values = &v,
                            .n_values = 1};
    assert_int_equal(store_draft_put(o.k.store, &d, NULL), ST_OK);
    assert_int_equal(store_attachments_forget(o.k.store, o.k.now, &n, NULL), ST_OK);
    assert_int_equal(n, 0); /* too young */
    assert_int_equal(store_attachments_forget(o.k.store, o.k.now + 1, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(store_attachment(o.k.store, &loose, &o.k.arena, &here, NULL), ST_OK);
    assert_int_equal(here.state, ATTACHMENT_NONE);
    buf_init(&data, 1 << 16);
    assert_int_equal(store_attachment_data(o.k.store, loose.sha256, &data, NULL), ST_NOT_FOUND);
    assert_int_equal(store_attachment_data(o.k.store, used.sha256, &data, NULL), ST_OK);
    assert_int_equal(data.len, 100);
    assert_int_equal(store_attachment_data(o.k.store, drafted.sha256, &data, NULL), ST_OK);
    assert_int_equal(data.len, 400);
    buf_release(&data);
    end(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_waits_for_its_file_and_others_pass),
        cmocka_unit_test(it_goes_on_after_a_cut_and_a_new_start),
        cmocka_unit_test(what_the_centre_refuses_becomes_a_conflict),
        cmocka_unit_test(what_cannot_be_taken_is_said_at_once),
        cmocka_unit_test(what_is_fetched_is_looked_at),
        cmocka_unit_test(copies_that_nothing_names_are_forgotten)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
