/*
 * The audit log under attack: each tampering on a copy of a log, with 20 seeds; the first bad entry is named.
 *
 * The attacker writes to the store as he likes; what he knows of the keys is said at each attack.
 */
#include "core/base/paths.h"
#include "server/audit_verify.h"
#include "server/service.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    SEEDS = 20,
    MADE = 56,     /* entries of a store that was just made */
    OLDER = 1300,  /* entries of the older store */
    SEALED = 2400, /* newest checkpoint */
    LAST = 2440,   /* entries of the log */
    FOUND_LEAST = 240
};

static char folder[2048], base[2100], older[2100], work[2100], kept[2200];
static int found;
static const char *const key_tail[] = {".audit-key", ".audit-sign", ".audit-public"};

/* --- files ---------------------------------------------------------------------------------- */

static void copy_file(const char *from, const char *to)
{
    char *data = NULL;
    size_t n = 0;
    struct errmsg err = {{0}};
    if (file_read(from, 1 << 28, &data, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    FILE *f = fopen(to, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(to, 0600), 0);
    free(data);
}

static void copy_store(const char *from, const char *to)
{
    static const char *const open_tail[] = {"-wal", "-shm", ".epoch"};
    char a[2200], b[2200];
    for (size_t i = 0; i < 3; i++) {
        snprintf(b, sizeof b, "%s%s", to, open_tail[i]);
        unlink(b);
        snprintf(a, sizeof a, "%s%s", from, key_tail[i]);
        snprintf(b, sizeof b, "%s%s", to, key_tail[i]);
        copy_file(a, b);
    }
    copy_file(from, to);
}

static struct db *open_db(const char *path, enum db_mode mode)
{
    char url[2200];
    struct db *db = NULL;
    struct errmsg err = {{0}};
    snprintf(url, sizeof url, "sqlite:%s", path);
    if (database_open(url, mode, &db, &err) != ST_OK)
        fail_msg("%s", err.text);
    return db;
}

/* --- the log -------------------------------------------------------------------------------- */

static int64_t moment = INT64_C(1773100800000);
static int64_t tick(void *self)
{
    (void)self;
    return moment += 7 * MS_SECOND;
}
static const struct clock clock_ticking = {.wall_ms = tick, .mono_ms = tick};

static void add_until(const char *path, int64_t last, uint64_t seed)
{
    static const struct actor people[] = {{"chen.op", "C", ROLE_OPERATOR, "BJ", "BJ", "a"},
                                          {"sun.dispatch", "S", ROLE_DISPATCHER, "BJ", "BJ", "b"},
                                          {"wang.desk", "W", ROLE_DESK, "1101", "110190", "c"}};
    struct db *db = open_db(path, DB_WRITE);
    struct audit *a = NULL;
    struct rng rng;
    rng_seed(&rng, seed);
    assert_int_equal(audit_open(db, &clock_ticking, &a, NULL), ST_OK);
    assert_int_equal(database_begin(db, true, NULL), ST_OK);
    for (int64_t number = 0; number < last;) {
        char object[32];
        uint32_t n = rng_below(&rng, 100000);
        struct stmt *q = database_stmt(db, SQL_AUDIT_HEAD);
        assert_true(stmt_row(q));
        number = stmt_get_int(q, 0);
        stmt_done(q);
        if (number >= last)
            break;
        snprintf(object, sizeof object, "26030111%06u", n);
        struct audit_entry e = {.who = &people[n % 3],
                                .action = n % 2 ? "note" : "contact",
                                .object = object,
                                .detail = &n,
                                .detail_n = sizeof n};
        assert_int_equal(audit_add(a, &e, NULL), ST_OK);
    }
    if (last == SEALED)
        assert_int_equal(audit_seal(a, 0, NULL), ST_OK);
    assert_int_equal(database_commit(db, NULL), ST_OK);
    assert_int_equal(database_checkpoint(db, NULL), ST_OK);
    audit_close(a);
    database_close(db);
}

static int set_up(void **state)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    int64_t known = -1;
    (void)state;
    snprintf(folder, sizeof folder, "%.2000s", tmp ? tmp : "/tmp");
    snprintf(base, sizeof base, "%s/base.db", folder);
    snprintf(older, sizeof older, "%s/older.db", folder);
    snprintf(work, sizeof work, "%s/work.db", folder);
    snprintf(kept, sizeof kept, "%s/checkpoints.ndjson", folder);
    assert_true(sodium_init() >= 0);
    assert_true(office_store_make(base, NULL));
    add_until(base, OLDER, 1);
    copy_store(base, older);
    add_until(base, SEALED, 2);
    struct db *db = open_db(base, DB_READ);
    if (audit_publish(db, folder, &known, NULL) != ST_OK)
        return -1;
#if SABOTAGE != 34
    assert_int_equal(known, SEALED);
#endif
    database_close(db);
    add_until(base, LAST, 3);
    return 0;
}

/* --- attacks -------------------------------------------------------------------------------- */

struct attack {
    sqlite3 *sql; /* of the copy */
    struct rng rng;
    uint64_t seed;
    int64_t low, high; /* where the first bad entry must be said to be */
};

__attribute__((format(printf, 2, 3))) static void run(struct attack *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = sqlite3_vmprintf(fmt, ap);
    va_end(ap);
    if (sqlite3_exec(a->sql, text, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(a->sql));
    sqlite3_free(text);
}

static int64_t any(struct attack *a, int64_t from, int64_t to)
{
    return rng_between(&a->rng, from, to);
}

static void names(struct attack *a, int64_t number)
{
    a->low = a->high = number;
}

/* The bad entry may be named by the stretch from one checkpoint to the next. */
static void names_stretch(struct attack *a, int64_t from, int64_t to)
{
    a->low = from;
    a->high = to;
}

static void change_field(struct attack *a)
{
    static const char *const column[] = {"role", "office", "device", "action", "object"};
    int64_t k = any(a, 1, LAST);
    run(a, "UPDATE audit SET %s = %s || 'x' WHERE number = %lld", column[a->seed % 5],
        column[a->seed % 5], (long long)k);
    names(a, k);
}

static void change_hash(struct attack *a)
{
    static const char *const column[] = {"detail", "previous", "hash"};
    int64_t k = any(a, 1, LAST);
    run(a, "UPDATE audit SET %s = randomblob(%d) WHERE number = %lld", column[a->seed % 3],
        a->seed % 2 ? 32 : 31, (long long)k);
    names(a, k);
}

static void change_time(struct attack *a)
{
    int64_t k = any(a, 1, LAST);
    run(a, "UPDATE audit SET at = at + %lld WHERE number = %lld",
        (long long)(a->seed % 2 ? 1 : -86400000), (long long)k);
    names(a, k);
}

static void change_actor(struct attack *a)
{
    int64_t k = any(a, 1, LAST);
    run(a, "UPDATE audit SET actor = 'ma.desk' WHERE number = %lld", (long long)k);
    names(a, k);
}

static void delete_middle(struct attack *a)
{
    int64_t k = any(a, 2, LAST - 1);
    run(a, "DELETE FROM audit WHERE number = %lld", (long long)k);
    if (a->seed % 2) {
        run(a, "UPDATE audit SET number = number - 1 WHERE number > %lld", (long long)k);
        run(a, "UPDATE audit_head SET number = number - 1");
    }
    names(a, k);
}

static void delete_end(struct attack *a)
{
    int64_t k = a->seed % 2 ? any(a, SEALED + 1, LAST) : any(a, 2, LAST);
    run(a, "DELETE FROM audit WHERE number >= %lld", (long long)k);
    run(a, "DELETE FROM audit_checkpoints WHERE number >= %lld", (long long)k);
    if (a->seed % 3) /* he sets the head back, but cannot seal it */
        run(a,
            "UPDATE audit_head SET number = %lld, hash = (SELECT hash FROM audit WHERE number = "
            "%lld)",
            (long long)k - 1, (long long)k - 1);
    names(a, k);
}

static void delete_all(struct attack *a)
{
    run(a, "DELETE FROM audit");
    if (a->seed % 2)
        run(a, "DELETE FROM audit_head");
    if (a->seed % 3)
        run(a, "DELETE FROM audit_checkpoints");
    names(a, 1);
}

static void shift(struct attack *a, int64_t from)
{
    run(a, "UPDATE audit SET number = -number - 1 WHERE number >= %lld", (long long)from);
    run(a, "UPDATE audit SET number = -number WHERE number < 0");
    run(a, "UPDATE audit_head SET number = number + 1");
}

static void copy_row(struct attack *a, int64_t from, int64_t to)
{
    run(a,
        "INSERT INTO audit SELECT %lld, at, actor, role, office, device, action, object, detail,"
        " previous, hash FROM audit WHERE number = %lld",
        (long long)to, (long long)from);
}

static void insert_entry(struct attack *a)
{
    int64_t k = any(a, 2, LAST);
    shift(a, k);
    copy_row(a, k - 1, k);
    run(a,
        "UPDATE audit SET object = 'x', hash = randomblob(32), previous ="
        " (SELECT hash FROM audit WHERE number = %lld) WHERE number = %lld",
        (long long)k - 1, (long long)k);
    names(a, k);
}

static void double_entry(struct attack *a)
{
    int64_t k = any(a, 1, LAST - 1);
    shift(a, k + 1);
    copy_row(a, k, k + 1);
    names(a, k + 1);
}

static void swap_entries(struct attack *a)
{
    int64_t k = any(a, 1, LAST - 1), m = any(a, k + 1, LAST);
    run(a, "UPDATE audit SET number = -1 WHERE number = %lld", (long long)k);
    run(a, "UPDATE audit SET number = %lld WHERE number = %lld", (long long)k, (long long)m);
    run(a, "UPDATE audit SET number = %lld WHERE number = -1", (long long)m);
    names(a, k);
}

/* All hashes anew from entry k on, and the head sealed, as the code does it, with this key. */
static void recompute(struct attack *a, int64_t k, const unsigned char key[AUDIT_HASH])
{
    unsigned char hash[AUDIT_HASH] = {0}, seal[AUDIT_HASH];
    sqlite3_stmt *q = NULL, *w = NULL;
    sqlite3_exec(a->sql, "BEGIN", NULL, NULL, NULL);
    run(a, "UPDATE audit SET actor = 'ma.desk' WHERE number = %lld", (long long)k);
    sqlite3_prepare_v2(
        a->sql,
        "SELECT number, at, actor, role, office, device, action, object, detail, hash"
        " FROM audit WHERE number >= ?1 ORDER BY number",
        -1, &q, NULL);
    sqlite3_prepare_v2(a->sql, "UPDATE audit SET previous = ?2, hash = ?3 WHERE number = ?1", -1,
                       &w, NULL);
    sqlite3_bind_int64(q, 1, k - 1);
    while (sqlite3_step(q) == SQLITE_ROW) {
        struct audit_row row = {.number = sqlite3_column_int64(q, 0),
                                .at_ms = sqlite3_column_int64(q, 1)};
        if (row.number < k) {
            memcpy(hash, sqlite3_column_blob(q, 9), AUDIT_HASH);
            continue;
        }
        for (int i = 0; i < 6; i++) {
            row.text[i] = (const char *)sqlite3_column_text(q, 2 + i);
            row.text_n[i] = (size_t)sqlite3_column_bytes(q, 2 + i);
        }
        memcpy(row.detail, sqlite3_column_blob(q, 8), AUDIT_HASH);
        memcpy(row.previous, hash, AUDIT_HASH);
        audit_hash(key, &row, hash);
        sqlite3_bind_int64(w, 1, row.number);
        sqlite3_bind_blob(w, 2, row.previous, AUDIT_HASH, SQLITE_TRANSIENT);
        sqlite3_bind_blob(w, 3, hash, AUDIT_HASH, SQLITE_TRANSIENT);
        assert_int_equal(sqlite3_step(w), SQLITE_DONE);
        sqlite3_reset(w);
    }
    sqlite3_finalize(q);
    sqlite3_finalize(w);
    audit_head_seal(key, LAST, hash, seal);
    sqlite3_prepare_v2(a->sql, "UPDATE audit_head SET hash = ?1, seal = ?2", -1, &w, NULL);
    sqlite3_bind_blob(w, 1, hash, AUDIT_HASH, SQLITE_TRANSIENT);
    sqlite3_bind_blob(w, 2, seal, AUDIT_HASH, SQLITE_TRANSIENT);
    assert_int_equal(sqlite3_step(w), SQLITE_DONE);
    sqlite3_finalize(w);
    sqlite3_exec(a->sql, "COMMIT", NULL, NULL, NULL);
}

static void recompute_without_key(struct attack *a)
{
    unsigned char key[AUDIT_HASH];
    int64_t k = any(a, 1, LAST);
    struct random random = rng_random(&a->rng);
    random_fill(&random, key, sizeof key);
    recompute(a, k, key);
    names(a, k);
}

static void read_key(unsigned char key[AUDIT_HASH])
{
    char path[2200];
    snprintf(path, sizeof path, "%s.audit-key", work);
    assert_int_equal(audit_key_read(path, true, key, NULL), ST_OK);
}

/* The checkpoint that covers entry k, and the one before it. */
static void names_by_checkpoint(struct attack *a, int64_t k)
{
    static const int64_t at[] = {0, MADE, 1000, 2000, SEALED};
    for (size_t i = 1; i < sizeof at / sizeof *at; i++)
        if (k > at[i - 1] && k <= at[i])
            names_stretch(a, at[i - 1] + 1, at[i]);
}

/* He has the key of the chain. He leaves the checkpoints, or signs new ones with a key of his own. */
static void recompute_without_signing_key(struct attack *a)
{
    unsigned char key[AUDIT_HASH], open[crypto_sign_PUBLICKEYBYTES],
        secret[crypto_sign_SECRETKEYBYTES], seed[crypto_sign_SEEDBYTES], text[AUDIT_SIGNED],
        signature[crypto_sign_BYTES];
    int64_t k = any(a, 1, SEALED);
    struct random random = rng_random(&a->rng);
    read_key(key);
    recompute(a, k, key);
    if (a->seed % 2) {
        random_fill(&random, seed, sizeof seed);
        crypto_sign_seed_keypair(open, secret, seed);
        run(a, "UPDATE audit_checkpoints SET head = (SELECT hash FROM audit"
               " WHERE audit.number = audit_checkpoints.number)");
        sqlite3_stmt *q = NULL, *w = NULL;
        sqlite3_prepare_v2(a->sql,
                           "SELECT number, at, head FROM audit_checkpoints WHERE number >= ?1", -1,
                           &q, NULL);
        sqlite3_bind_int64(q, 1, k);
        sqlite3_prepare_v2(a->sql, "UPDATE audit_checkpoints SET signature = ?2 WHERE number = ?1",
                           -1, &w, NULL);
        while (sqlite3_step(q) == SQLITE_ROW) {
            size_t n = audit_signed_text(sqlite3_column_int64(q, 0), sqlite3_column_int64(q, 1),
                                         sqlite3_column_blob(q, 2), text);
            crypto_sign_detached(signature, NULL, text, n, secret);
            sqlite3_bind_int64(w, 1, sqlite3_column_int64(q, 0));
            sqlite3_bind_blob(w, 2, signature, sizeof signature, SQLITE_TRANSIENT);
            assert_int_equal(sqlite3_step(w), SQLITE_DONE);
            sqlite3_reset(w);
        }
        sqlite3_finalize(q);
        sqlite3_finalize(w);
    }
    names_by_checkpoint(a, k);
}

static void replace_checkpoint(struct attack *a)
{
    static const int64_t at[] = {MADE, 1000, 2000, SEALED};
    int64_t k = at[a->seed % 4];
    switch (a->seed / 4 % 4) {
    case 0:
        run(a, "UPDATE audit_checkpoints SET signature = randomblob(64) WHERE number = %lld",
            (long long)k);
        break;
    case 1:
        run(a, "UPDATE audit_checkpoints SET head = randomblob(32) WHERE number = %lld",
            (long long)k);
        break;
    case 2:
        run(a, "UPDATE audit_checkpoints SET at = at + 1 WHERE number = %lld", (long long)k);
        break;
    default: /* that of another entry */
        run(a,
            "UPDATE audit_checkpoints SET (at, head, signature) = (SELECT at, head, signature"
            " FROM audit_checkpoints WHERE number = %lld) WHERE number = %lld",
            (long long)at[(a->seed + 1) % 4], (long long)k);
    }
    names_by_checkpoint(a, k);
}

static void delete_checkpoints(struct attack *a)
{
    int64_t k = a->seed % 2 ? 1000 : 2000;
    run(a, "DELETE FROM audit_checkpoints WHERE number >= %lld", (long long)k);
    names_by_checkpoint(a, k);
}

static void put_back_older(struct attack *a)
{
    sqlite3_close(a->sql);
    a->sql = NULL;
    copy_store(older, work);
    names(a, OLDER + 1);
    if (a->seed % 2) { /* and work went on, short of the checkpoint or past it */
        int64_t last = any(a, OLDER + 1, LAST);
        add_until(work, last, a->seed + 100);
        names(a, last + 1);
        if (last >= 2000)
            names_stretch(a, 1001, 2000);
    }
}

static const char *verify(const char *path, const char *checkpoints, enum status want)
{
    static struct errmsg err;
    struct audit_report report;
    struct db *db = open_db(path, DB_READ);
    err = (struct errmsg){{0}};
    enum status st = audit_verify(db, NULL, checkpoints, &report, &err);
    database_close(db);
    if (st != want)
        fail_msg("%s instead of %s: %s", status_word(st), status_word(want), err.text);
    return err.text;
}

/* outside: whether checkpoints that were kept elsewhere are needed to see it. */
static void attack(void (*how)(struct attack *a), bool outside)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct attack a = {.seed = seed};
        long long low = 0, high = 0;
        rng_seed(&a.rng, seed);
        copy_store(base, work);
        assert_int_equal(sqlite3_open(work, &a.sql), SQLITE_OK);
        how(&a);
        sqlite3_close(a.sql);
        const char *said = verify(work, outside ? kept : NULL, ST_CORRUPT);
        int n =
            sscanf(said, "Entry %lld of the audit log, or one after it up to %lld", &low, &high);
        if (n == 1)
            high = low;
        if (n < 1 || low != a.low || high != a.high)
            fail_msg("seed %llu: entry %lld to %lld, said: %s", (unsigned long long)seed,
                     (long long)a.low, (long long)a.high, said);
        found++;
    }
}

#define ATTACK(name, outside)                                                                      \
    static void name##__is_found(void **state)                                                     \
    {                                                                                              \
        (void)state;                                                                               \
        attack(name, outside);                                                                     \
    }
ATTACK(change_field, false)
ATTACK(change_hash, false)
ATTACK(change_time, false)
ATTACK(change_actor, false)
ATTACK(delete_middle, false)
ATTACK(delete_end, false)
ATTACK(delete_all, false)
ATTACK(insert_entry, false)
ATTACK(double_entry, false)
ATTACK(swap_entries, false)
ATTACK(recompute_without_key, false)
ATTACK(recompute_without_signing_key, false)
ATTACK(replace_checkpoint, false)
ATTACK(delete_checkpoints, false)
ATTACK(put_back_older, true)

static void log__untouched__is_sound(void **state)
{
    (void)state;
    verify(base, NULL, ST_OK);
    verify(base, kept, ST_OK);
    verify(older, NULL, ST_OK);
}

static void attacks__all_were_found(void **state)
{
    (void)state;
    assert_true(found >= FOUND_LEAST);
}

/* --- what the service records ------------------------------------------------------------------ */

static struct service *serve(enum status want)
{
    static char url[2200]; /* the service reads it as long as it lives */
    struct service *s = NULL;
    struct errmsg err = {{0}};
    snprintf(url, sizeof url, "sqlite:%s", work);
    struct service_config config = {.url = url, .clock = &clock_system, .random = &random_system};
    enum status st = service_open(&config, &s, &err);
    if (st != want)
        fail_msg("%s instead of %s: %s", status_word(st), status_word(want), err.text);
    return s;
}

static void put_row(void *self, const struct audit_row *row)
{
    for (int i = 0; i < 6; i++) {
        buf_add(self, row->text[i], row->text_n[i]);
        buf_putc(self, i < 5 ? ' ' : '\n');
    }
}

static void service__records_what_happens__and_nothing_personal(void **state)
{
    static const char want[] = "chen.op operator BJ t session.login chen.op\n"
                               " nobody   session.refused chen.op\n"
                               " nobody   session.refused \n"
                               "chen.op operator BJ t session.logout chen.op\n"
                               "chen.op operator BJ t log ";
    static const struct value values[] = {
        {FIELD_TYPE, "help"},         {FIELD_CATEGORY, "0101"},
        {FIELD_STREET, "1101"},       {FIELD_CONTENT, "lamp 7 is dark"},
        {FIELD_PHONE, "13800000001"}, {FIELD_CLAIMANT, "Zhang"}};
    char hash[128];
    struct session session = {0};
    struct outcome o;
    struct arena a;
    struct buf rows;
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    (void)state;
    arena_init(&a, 0);
    buf_init(&rows, 1 << 24);
    copy_store(base, work);
    struct db *db = open_db(work, DB_WRITE);
    assert_int_equal(password_hash("right", hash, NULL), ST_OK);
    struct stmt *q = database_stmt(db, SQL_USER_PASSWORD);
    stmt_text(q, 1, "chen.op");
    stmt_text(q, 2, hash);
    assert_int_equal(stmt_run(q, NULL), ST_OK);
    struct service *s = serve(ST_OK);
    assert_int_equal(service_login(s, "chen.op", "right", "t", "", &a, &session, NULL), ST_OK);
    struct session none;
    assert_int_equal(service_login(s, "chen.op", "wrong", "t", "", &a, &none, NULL),
                     ST_UNAUTHORIZED);
    assert_int_equal(service_login(s, "my password", "x", "t", "", &a, &none, NULL),
                     ST_UNAUTHORIZED);
    assert_int_equal(service_logout(s, session.token, NULL), ST_OK);
    struct command c = {.id = uuid_new(&ids),
                        .case_id = uuid_new(&ids),
                        .type = COMMAND_LOG,
                        .at_ms = clock_wall(&clock_system),
                        .values = values,
                        .n_values = sizeof values / sizeof *values};
    assert_int_equal(service_commands(s, &session.actor, &c, 1, &a, &o, NULL), ST_OK);
    assert_int_equal(o.kind, OUTCOME_APPLIED);
    service_close(s);
    struct audit_filter filter = {.since_ms = INT64_MIN};
    assert_int_equal(audit_list(db, &filter, put_row, &rows, NULL), ST_OK);
    if (!strstr(rows.data, want))
        fail_msg("%s", rows.data + (rows.len > 400 ? rows.len - 400 : 0));
    assert_null(strstr(rows.data, "13800000001"));
    assert_null(strstr(rows.data, "Zhang"));
    assert_null(strstr(rows.data, "lamp 7"));
    assert_null(strstr(rows.data, "my password"));
    database_close(db);
    verify(work, kept, ST_OK);
    buf_release(&rows);
    arena_release(&a);
}

static void service__log_was_cut__does_not_cover_it_up(void **state)
{
    struct attack a = {.seed = 1};
    (void)state;
    rng_seed(&a.rng, 1);
    copy_store(base, work);
    assert_int_equal(sqlite3_open(work, &a.sql), SQLITE_OK);
    delete_end(&a);
    sqlite3_close(a.sql);
    assert_null(serve(ST_CORRUPT));
}

static void service__key_open_to_others__is_refused(void **state)
{
    char path[2200];
    (void)state;
    copy_store(base, work);
    snprintf(path, sizeof path, "%s.audit-sign", work);
    assert_int_equal(chmod(path, 0644), 0);
    assert_null(serve(ST_DENIED));
    assert_int_equal(unlink(path), 0);
    assert_null(serve(ST_NOT_FOUND));
}

/* --- checkpoints ------------------------------------------------------------------------------- */

static void publish__file_was_cut__adds_what_is_missing(void **state)
{
    char *whole = NULL, *again = NULL;
    size_t n = 0, m = 0;
    int64_t known = -1;
    struct db *db = open_db(base, DB_READ);
    (void)state;
    assert_int_equal(file_read(kept, 1 << 20, &whole, &n, NULL), ST_OK);
    assert_int_equal(truncate(kept, (off_t)n - 100), 0);
    assert_int_equal(audit_publish(db, folder, &known, NULL), ST_OK);
    assert_int_equal(file_read(kept, 1 << 20, &again, &m, NULL), ST_OK);
    assert_true(m > n && again[n - 101] != '\n' && again[n - 100] == '\n');
    const char *line = strrchr(whole, '{'), *last = strrchr(again, '{');
    assert_string_equal(line, last);
    assert_int_equal(audit_publish(db, folder, &known, NULL), ST_OK); /* nothing new */
    struct stat info;
    assert_int_equal(stat(kept, &info), 0);
    assert_int_equal(info.st_size, m);
    database_close(db);
    free(whole);
    free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log__untouched__is_sound),
        cmocka_unit_test(change_field__is_found),
        cmocka_unit_test(change_hash__is_found),
        cmocka_unit_test(change_time__is_found),
        cmocka_unit_test(change_actor__is_found),
        cmocka_unit_test(delete_middle__is_found),
        cmocka_unit_test(delete_end__is_found),
        cmocka_unit_test(delete_all__is_found),
        cmocka_unit_test(insert_entry__is_found),
        cmocka_unit_test(double_entry__is_found),
        cmocka_unit_test(swap_entries__is_found),
        cmocka_unit_test(recompute_without_key__is_found),
        cmocka_unit_test(recompute_without_signing_key__is_found),
        cmocka_unit_test(replace_checkpoint__is_found),
        cmocka_unit_test(delete_checkpoints__is_found),
        cmocka_unit_test(put_back_older__is_found),
        cmocka_unit_test(attacks__all_were_found),
        cmocka_unit_test(service__records_what_happens__and_nothing_personal),
        cmocka_unit_test(service__log_was_cut__does_not_cover_it_up),
        cmocka_unit_test(service__key_open_to_others__is_refused),
        cmocka_unit_test(publish__file_was_cut__adds_what_is_missing),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
