#include "core/store/search.h"
#include "tests/fault/console.h"
#include "data/embedded.h"
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

enum kind {
    OPEN,
    POLICY,
    CALENDAR,
    ACTOR,
    CHANGES, /* arguments: first case, events since, version, state */
    DRAFT,   /* case */
    DROP,    /* case */
    QUEUE,   /* command, case */
    TRIED,   /* first and last command */
    APPLIED, /* command */
    REFUSED, /* command */
    RESEND,  /* command, new command */
    TO_NOTE,
    TO_DRAFT, /* command */
    FRESH_BEGIN,
    FRESH_END,
    AGAIN, /* what was sent since the morning is offered again */
    CHECKPOINT,
    REOPEN
};
static const char *const kind_word[] = {"open",
                                        "policy",
                                        "calendar",
                                        "actor",
                                        "changes",
                                        "draft",
                                        "drop the draft",
                                        "queue",
                                        "tried",
                                        "applied",
                                        "refused",
                                        "resend",
                                        "refusal to note",
                                        "refusal to draft",
                                        "fresh start",
                                        "end of the fresh start",
                                        "offer again",
                                        "checkpoint",
                                        "close and open"};

static const struct step {
    enum kind kind;
    int a, b, c, d;
} script[DESK_STEPS] = {
    {OPEN, 0, 0, 0, 0},
    {POLICY, 0, 0, 0, 0},
    {CALENDAR, 0, 0, 0, 0},
    {ACTOR, 0, 0, 0, 0},
    {CHANGES, 1, 0, 2, STATE_SENT},
    {CHANGES, 4, 0, 2, STATE_WORKING},
    {DRAFT, 1, 0, 0, 0},
    {DRAFT, 1, 0, 0, 0},
    {DRAFT, 1, 0, 0, 0},
    {QUEUE, 1, 1, 0, 0},
    {DROP, 1, 0, 0, 0},
    {DRAFT, 2, 0, 0, 0},
    {DRAFT, 2, 0, 0, 0},
    {QUEUE, 2, 2, 0, 0},
    {DROP, 2, 0, 0, 0},
    {TRIED, 1, 2, 0, 0},
    {QUEUE, 3, 4, 0, 0},
    {APPLIED, 1, 0, 0, 0},
    {REFUSED, 2, 0, 0, 0},
    {CHANGES, 1, 2, 3, STATE_WORKING},
    {CHECKPOINT, 0, 0, 0, 0},
    {RESEND, 2, 4, 0, 0},
    {DRAFT, 5, 0, 0, 0},
    {DRAFT, 5, 0, 0, 0},
    {DRAFT, 5, 0, 0, 0},
    {DRAFT, 5, 0, 0, 0},
    {QUEUE, 5, 5, 0, 0},
    {DROP, 5, 0, 0, 0},
    {TRIED, 3, 5, 0, 0},
    {REFUSED, 5, 0, 0, 0},
    {REFUSED, 3, 0, 0, 0},
    {TO_NOTE, 5, 6, 0, 0},
    {TO_DRAFT, 3, 0, 0, 0},
    {REOPEN, 0, 0, 0, 0},
    {APPLIED, 4, 0, 0, 0},
    {FRESH_BEGIN, 0, 0, 0, 0},
    {CHANGES, 1, 0, 4, STATE_WORKING},
    {FRESH_END, 0, 0, 0, 0},
    {AGAIN, 0, 0, 0, 0},
    {TRIED, 1, 6, 0, 0},
    {APPLIED, 1, 0, 0, 0},
    {APPLIED, 4, 0, 0, 0},
    {CHECKPOINT, 0, 0, 0, 0},
    {DRAFT, 3, 0, 0, 0},
    {DRAFT, 3, 0, 0, 0},
    {QUEUE, 7, 3, 0, 0},
    {APPLIED, 6, 0, 0, 0},
    {REOPEN, 0, 0, 0, 0},
};

const char *desk_step_word(int i)
{
    return i < 0 || i >= DESK_STEPS ? "-" : kind_word[script[i].kind];
}

bool desk_is_typing(int i)
{
    return i > 0 && i < DESK_STEPS && script[i].kind == DRAFT && script[i - 1].kind == DRAFT &&
           script[i].a == script[i - 1].a;
}

int64_t desk_now(int i)
{
    return INT64_C(1795000000000) + (int64_t)(i + 1) * DRAFT_EVERY_MS;
}

void desk_begin(struct desk *d, const char *folder, uint64_t seed)
{
    memset(d, 0, sizeof *d);
    d->seed = seed;
    snprintf(d->kit.folder, sizeof d->kit.folder, "%s", folder);
    d->kit.clock = (struct clock){&d->kit, kit_now, kit_now};
    arena_init(&d->kit.arena, 0);
    context_init(&d->context);
}

void desk_end(struct desk *d)
{
    store_close(d->kit.store);
    d->kit.store = NULL;
    context_release(&d->context);
    arena_release(&d->kit.arena);
}

/* 50 to 2,000 characters, Han and Latin, with line breaks; the same for the same step. */
static const char *text_of(struct desk *d, int step)
{
    static const char *const piece[] = {"已联系居民",       "暖气不热",
                                        "visited at 9:30",  "\n",
                                        "明天上午再去看，", "the boiler is old; ",
                                        "“谢谢”",           "12345"};
    struct rng rng;
    struct buf text;
    rng_seed(&rng, d->seed * 1000 + (uint64_t)step);
    int64_t characters = rng_between(&rng, 50, 2000);
    buf_init(&text, 1 << 20);
    buf_printf(&text, "%d", step);
    for (int64_t n = 0; n < characters; n += 8)
        buf_puts(&text, piece[rng_below(&rng, sizeof piece / sizeof *piece)]);
    const char *ret = arena_strndup(&d->kit.arena, text.data, text.len);
    buf_release(&text);
    return ret;
}

static enum status open_cache(struct desk *d, struct errmsg *err)
{
    enum status st = store_open(d->kit.folder, STORE_OWNER, &d->kit.clock, &d->kit.store, err);
    if (st == ST_OK)
        st = context_load(&d->context, d->kit.store, "test", err);
    return st;
}

static enum status document(struct desk *d, const char *name, const unsigned char *body, size_t len,
                            struct errmsg *err)
{
    return store_document_set(d->kit.store, name, (const char *)body, len, "1", err);
}

static enum status actor(struct desk *d, struct errmsg *err)
{
    static const struct actor wang = {"wang.desk", "Wang", ROLE_DESK, "1101", "110190", "test"};
    enum status st = context_save_actor(d->kit.store, &wang, err);
    if (st == ST_OK)
        st = context_load(&d->context, d->kit.store, "test", err);
    return st;
}

static enum status changes(struct desk *d, const struct step *p, int i, struct errmsg *err)
{
    char cursor[32];
    bool gap = false;
    snprintf(cursor, sizeof cursor, "E-%d", i);
    enum status st = store_changes_begin(d->kit.store, err);
    for (int n = p->a; st == ST_OK && n < p->a + 3; n++) {
        struct kit_case c = {.n = n,
                             .since = (uint32_t)p->b,
                             .version = (uint32_t)p->c,
                             .state = (enum state)p->d,
                             .title = text_of(d, n),
                             .unit = "1101",
                             .due_ms = INT64_C(1795000000000) + (int64_t)n * MS_HOUR};
        st = kit_add(&d->kit, &c, &gap);
        if (st != ST_OK) /* the message comes with the end of the transaction */
            st = store_changes_commit(d->kit.store, cursor, err);
    }
    if (st == ST_OK)
        st = store_changes_commit(d->kit.store, cursor, err);
    if (st != ST_OK)
        store_changes_rollback(d->kit.store);
    return st;
}

static enum status outcome(struct desk *d, int n, enum outcome_kind kind, struct errmsg *err)
{
    struct outcome o = {.id = kit_id('k', n),
                        .kind = kind,
                        .first = kind,
                        .version = 3,
                        .problem = {409, "urn:jiban:problem:state", "Closed", "It is closed.", ""}};
    return store_outcomes(d->kit.store, &o, 1, err);
}

static enum status draft(struct desk *d, int case_n, int step, struct errmsg *err)
{
    struct value v = {FIELD_NOTE, text_of(d, step)};
    struct draft one = {.case_id = kit_id('c', case_n),
                        .type = COMMAND_NOTE,
                        .user = "wang.desk",
                        .values = &v,
                        .n_values = 1};
    return store_draft_put(d->kit.store, &one, err);
}

static enum status queue(struct desk *d, int n, int case_n, struct errmsg *err)
{
    struct command c = kit_note(&d->kit, n, case_n, text_of(d, 500 + n));
    return store_queue(d->kit.store, &c, err);
}

enum status desk_step(struct desk *d, int i, struct errmsg *err)
{
    const struct step *p = &script[i];
    struct store *s = d->kit.store;
    struct uuid id = kit_id('k', p->a), other = kit_id('k', p->b), of_case = kit_id('c', p->a);
    struct uuid tried[8];
    d->kit.now = desk_now(i);
    arena_reset(&d->kit.arena);
    switch (p->kind) {
    case OPEN:
        return open_cache(d, err);
    case POLICY:
        return document(d, "policy", data_policy_json, data_policy_json_len, err);
    case CALENDAR:
        return document(d, "calendar", data_calendar_json, data_calendar_json_len, err);
    case ACTOR:
        return actor(d, err);
    case CHANGES:
        return changes(d, p, i, err);
    case DRAFT:
        return draft(d, p->a, i, err);
    case DROP:
        return store_draft_drop(s, &of_case, COMMAND_NOTE, 0, err);
    case QUEUE:
        return queue(d, p->a, p->b, err);
    case TRIED:
        for (int n = p->a; n <= p->b; n++)
            tried[n - p->a] = kit_id('k', n);
        return store_outbox_tried(s, tried, (size_t)(p->b - p->a + 1), "no line", err);
    case APPLIED:
        return outcome(d, p->a, OUTCOME_APPLIED, err);
    case REFUSED:
        return outcome(d, p->a, OUTCOME_REJECTED, err);
    case RESEND:
        return store_conflict_answer(s, &id, CONFLICT_RESEND, &other, err);
    case TO_NOTE:
        return store_conflict_answer(s, &id, CONFLICT_TO_NOTE, &other, err);
    case TO_DRAFT:
        return store_conflict_answer(s, &id, CONFLICT_TO_DRAFT, NULL, err);
    case FRESH_BEGIN:
        return store_fresh_begin(s, err);
    case FRESH_END:
        return store_fresh_end(s, err);
    case AGAIN:
        return store_offer_again(s, 0, NULL, err);
    case CHECKPOINT:
        return store_checkpoint(s, err);
    case REOPEN:
        store_close(s);
        d->kit.store = NULL;
        return open_cache(d, err);
    }
    return ST_OK;
}

/* --- what the cache holds ------------------------------------------------------------------- */
static const char *const dump_sql[] = {
    /* the key of the callers' hashes is drawn by each run */
    "SELECT 'meta', key, value FROM meta WHERE key != 'caller_key' ORDER BY key",
    "SELECT 'caller', row, phone != 0, claimant != 0 FROM caller ORDER BY row",
    "SELECT 'document', name, length(body), etag FROM document ORDER BY name",
    "SELECT 'case', * FROM cases ORDER BY row",
    "SELECT 'log', * FROM case_log ORDER BY row",
    "SELECT 'place', * FROM shown ORDER BY view, key, row",
    "SELECT 'count', view, n FROM counts WHERE n != 0 ORDER BY view",
    "SELECT 'outbox', * FROM outbox ORDER BY seq",
    "SELECT 'sent', * FROM sent ORDER BY seq",
    "SELECT 'conflict', * FROM conflicts ORDER BY seq",
    "SELECT 'draft', * FROM draft ORDER BY case_id, type, slot",
    "SELECT 'search', rowid, * FROM search ORDER BY rowid"};

static sqlite3 *open_plain(const char *folder)
{
    char path[600];
    sqlite3 *sql = NULL;
    snprintf(path, sizeof path, "%s/cache.db", folder);
    if (sqlite3_open_v2(path, &sql, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        fault_die("%s: %s", path, sqlite3_errmsg(sql));
    sqlite3_db_config(sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (search_teach(sql) != SQLITE_OK) /* else the check of the file stops at the index */
        fault_die("%s: %s", path, sqlite3_errmsg(sql));
    return sql;
}

static void put_column(struct buf *out, sqlite3_stmt *q, int i)
{
    if (sqlite3_column_type(q, i) != SQLITE_BLOB) {
        buf_printf(out, "%s|", (const char *)sqlite3_column_text(q, i));
        return;
    }
    const unsigned char *data = sqlite3_column_blob(q, i);
    for (int k = 0; k < sqlite3_column_bytes(q, i); k++)
        buf_printf(out, "%02x", data[k]);
    buf_putc(out, '|');
}

static bool put_rows(struct buf *out, sqlite3 *sql, const char *text)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(sql, text, -1, &q, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(q); i++)
            put_column(out, q, i);
        buf_putc(out, '\n');
        rc = SQLITE_OK;
    }
    sqlite3_finalize(q);
    return rc == SQLITE_DONE || fault_why("%s: %s", text, sqlite3_errmsg(sql));
}

static bool sound(sqlite3 *sql)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    bool ok = put_rows(&out, sql, "PRAGMA integrity_check");
    if (ok && strcmp(out.data, "ok|\n") != 0)
        ok = fault_why("integrity_check: %s", out.data);
    buf_clear(&out);
    if (ok && put_rows(&out, sql, "PRAGMA foreign_key_check") && out.len)
        ok = fault_why("foreign_key_check: %s", out.data);
    buf_release(&out);
    return ok;
}

char *desk_dump(const char *folder)
{
    sqlite3 *sql = open_plain(folder);
    struct buf out;
    buf_init(&out, 64 << 20);
    bool ok = sound(sql);
    for (size_t i = 0; ok && i < sizeof dump_sql / sizeof *dump_sql; i++)
        ok = put_rows(&out, sql, dump_sql[i]);
    sqlite3_close(sql);
    if (ok)
        return buf_detach(&out);
    buf_release(&out);
    return NULL;
}

static int places(sqlite3 *sql, const char *text, const struct uuid *id, char hash[65])
{
    sqlite3_stmt *q = NULL;
    int n = 0;
    if (sqlite3_prepare_v2(sql, text, -1, &q, NULL) != SQLITE_OK)
        return -1;
    sqlite3_bind_blob(q, 1, id->byte, 16, SQLITE_STATIC);
    while (sqlite3_step(q) == SQLITE_ROW) {
        unsigned char sum[crypto_hash_sha256_BYTES];
        crypto_hash_sha256(sum, sqlite3_column_text(q, 0),
                           (unsigned long long)sqlite3_column_bytes(q, 0));
        sodium_bin2hex(hash, 65, sum, sizeof sum);
        n++;
    }
    sqlite3_finalize(q);
    return n;
}

/* What a run without faults must have done, so that it can be the measure of the others. */
static bool measure(const char *folder, int i)
{
    static const struct {
        enum kind kind;
        const char *table, *id, *time; /* where one row with this step's time must be */
        bool of_b;
    } work[] = {
        {DRAFT, "draft", "case_id", "saved", false}, {QUEUE, "outbox", "id", "queued", false},
        {TRIED, "outbox", "id", "last_try", true},   {APPLIED, "sent", "id", "acked", false},
        {REFUSED, "conflicts", "id", "at", false},   {RESEND, "outbox", "id", "queued", true},
        {TO_NOTE, "outbox", "id", "queued", true}};
    bool ok = true;
    sqlite3 *sql = open_plain(folder);
    for (size_t k = 0; k < sizeof work / sizeof *work; k++) {
        char text[160], hash[65];
        struct uuid id = work[k].kind == DRAFT
                             ? kit_id('c', script[i].a)
                             : kit_id('k', work[k].of_b ? script[i].b : script[i].a);
        if (work[k].kind != script[i].kind)
            continue;
        snprintf(text, sizeof text, "SELECT 'x' FROM %s WHERE %s = ?1 AND %s = %lld", work[k].table,
                 work[k].id, work[k].time, (long long)desk_now(i));
        ok = places(sql, text, &id, hash) == 1;
    }
    sqlite3_close(sql);
    return ok;
}

void desk_record(struct desk_record *r, const char *folder, uint64_t seed)
{
    struct desk d;
    struct errmsg err = {{0}};
    desk_begin(&d, folder, seed);
    fault_watch(folder);
    fault_set(NULL);
    for (int i = 0; i < DESK_STEPS; i++) {
        if (desk_step(&d, i, &err) != ST_OK)
            fault_die("step %d (%s) without a fault: %s", i, desk_step_word(i), err.text);
        r->points = fault_seen(OPS_CHANGING);
        r->after[i] = desk_dump(folder);
        if (!r->after[i])
            fault_die("step %d (%s) left a damaged cache", i, desk_step_word(i));
        if (!measure(folder, i))
            fault_die("step %d (%s) did not do its work", i, desk_step_word(i));
    }
    desk_end(&d);
    fault_remove(folder);
    fault_watch("");
}

/* --- after a fault -------------------------------------------------------------------------- */
/* An answered refusal leaves; what was made of it stands in its place. */
static bool answered(const struct uuid *id, int until)
{
    for (int i = 0; i <= until && i < DESK_STEPS; i++) {
        struct uuid a = kit_id('k', script[i].a);
        bool answer =
            script[i].kind == RESEND || script[i].kind == TO_NOTE || script[i].kind == TO_DRAFT;
        if (answer && uuid_compare(&a, id) == 0)
            return true;
    }
    return false;
}

/* Each promised command stands in one place, once, with the text that was confirmed. */
static bool promises_kept(const char *folder, const char *story, int step)
{
    sqlite3 *sql = open_plain(folder);
    bool ok = true;
    for (const char *line = story; ok && line && *line; line = strchr(line, '\n') + 1) {
        char word[UUID_TEXT], hash[65], found[65] = "";
        struct uuid id;
        if (sscanf(line, "ACK command %36s %64s", word, hash) != 2 || !uuid_parse(word, &id))
            continue;
        int n = places(sql,
                       "SELECT json FROM outbox WHERE id = ?1 UNION ALL"
                       " SELECT json FROM sent WHERE id = ?1 UNION ALL"
                       " SELECT json FROM conflicts WHERE id = ?1",
                       &id, found);
        if (n == 0 && answered(&id, step + 1))
            continue;
        if (n != 1)
            ok = fault_why("the promised command %s stands in %d places", word, n);
        else if (strcmp(hash, found) != 0)
            ok = fault_why("the promised command %s has another text", word);
    }
    sqlite3_close(sql);
    return ok;
}

/* While somebody types, the draft on the disk is at most two seconds old. */
static bool draft_young(const char *folder, int step)
{
    char hash[65];
    struct uuid id = kit_id('c', script[step + 1].a);
    sqlite3 *sql = open_plain(folder);
    char text[160];
    snprintf(text, sizeof text, "SELECT body FROM draft WHERE case_id = ?1 AND saved >= %lld",
             (long long)(desk_now(step + 1) - DRAFT_OLDEST_MS));
    int n = places(sql, text, &id, hash);
    sqlite3_close(sql);
    return n == 1 || fault_why("the draft is older than two seconds");
}

bool desk_differs(const char *is, const char *was)
{
    size_t i = 0, line = 0;
    for (; is[i] && is[i] == was[i]; i++)
        if (is[i] == '\n')
            line = i + 1;
    return fault_why("the cache is neither as before the step nor as after it; first in\n"
                     "  is  %.150s\n  was %.150s",
                     is + line, was + line);
}

/* What came from the server is not synced at its own commit: a power cut may take the last of it, and
 * it comes again. */
static bool lost_changes(const char *is, const struct desk_record *r, int step)
{
    for (; step > 0 && script[step].kind == CHANGES; step--)
        if (strcmp(is, r->after[step - 1]) == 0)
            return true;
    return false;
}

bool desk_check(const char *folder, const struct desk_record *r, const char *story, bool power_cut)
{
    struct desk d;
    struct errmsg err = {{0}};
    struct store_health health = {0};
    bool promised;
    int step = fault_last_step(story, &promised);
    desk_begin(&d, folder, 1);
    d.kit.now = desk_now(DESK_STEPS);
    enum status st = store_open(folder, STORE_OWNER, &d.kit.clock, &d.kit.store, &err);
    if (st == ST_OK)
        st = store_health(d.kit.store, &d.kit.arena, &health, &err);
    bool ok = st == ST_OK ? health.integrity_ok || fault_why("doctor: %s", health.detail)
                          : fault_why("it does not open again: %s", err.text);
    desk_end(&d);
    if (!ok || !promises_kept(folder, story, step))
        return false;
    if (desk_is_typing(step + 1) && !draft_young(folder, step))
        return false;
    char *is = desk_dump(folder);
    if (!is)
        return false;
    const char *before = r->after[step < 0 ? 0 : step];
    const char *after = step + 1 < DESK_STEPS ? r->after[step + 1] : before;
    ok = strcmp(is, after) == 0 || (!promised && strcmp(is, before) == 0) ||
         (power_cut && lost_changes(is, r, step)) || desk_differs(is, before);
    free(is);
    return ok;
}
