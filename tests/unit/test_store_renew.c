/* A cache of version 1 or 3: opened, it has every draft, unsent command, sent one and conflict that it had, and nothing of
 * what comes again. Newer ones are left alone. */
#include "core/store/context.h"
#include "core/store/db.h"
#include "tests/unit/store_kit.h"

#include <sqlite3.h>
#include <sys/stat.h>

static const char version_1[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE document(name TEXT PRIMARY KEY, body BLOB NOT NULL, etag TEXT NOT NULL);"
    "CREATE TABLE cases("
    "  row INTEGER PRIMARY KEY,"
    "  id BLOB NOT NULL UNIQUE,"
    "  number TEXT NOT NULL,"
    "  state INTEGER NOT NULL,"
    "  bucket INTEGER NOT NULL,"
    "  due INTEGER NOT NULL,"
    "  next_clock INTEGER NOT NULL,"
    "  title TEXT NOT NULL,"
    "  title_en TEXT NOT NULL,"
    "  category TEXT NOT NULL,"
    "  community TEXT NOT NULL,"
    "  handler TEXT NOT NULL,"
    "  version INTEGER NOT NULL,"
    "  unsent INTEGER NOT NULL,"
    "  draft INTEGER NOT NULL,"
    "  conflict INTEGER NOT NULL,"
    "  repeats INTEGER NOT NULL,"
    "  whistle INTEGER NOT NULL,"
    "  gen INTEGER NOT NULL);"
    "CREATE INDEX cases_bucket ON cases(bucket, due);"
    "CREATE INDEX cases_open ON cases(due) WHERE bucket < 7;"
    "CREATE INDEX cases_whistle ON cases(due) WHERE whistle = 1;"
    "CREATE TABLE case_log(row INTEGER PRIMARY KEY REFERENCES cases(row) ON DELETE CASCADE,"
    "  log TEXT NOT NULL);"
    "CREATE TABLE counts(state INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
    "CREATE TABLE outbox("
    "  seq INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  id BLOB NOT NULL UNIQUE,"
    "  case_id BLOB NOT NULL,"
    "  user TEXT NOT NULL,"
    "  json TEXT NOT NULL,"
    "  queued INTEGER NOT NULL,"
    "  tries INTEGER NOT NULL DEFAULT 0,"
    "  last_try INTEGER NOT NULL DEFAULT 0,"
    "  last_error TEXT NOT NULL DEFAULT '');"
    "CREATE INDEX outbox_case ON outbox(case_id);"
    "CREATE TABLE sent("
    "  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_id BLOB NOT NULL,"
    "  user TEXT NOT NULL, json TEXT NOT NULL, queued INTEGER NOT NULL, tries INTEGER NOT NULL,"
    "  last_try INTEGER NOT NULL,"
    "  version INTEGER NOT NULL,"
    "  acked INTEGER NOT NULL);"
    "CREATE INDEX sent_case ON sent(case_id, version);"
    "CREATE TABLE conflicts("
    "  seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, case_id BLOB NOT NULL,"
    "  user TEXT NOT NULL, json TEXT NOT NULL,"
    "  problem TEXT NOT NULL,"
    "  at INTEGER NOT NULL);"
    "CREATE INDEX conflicts_case ON conflicts(case_id);"
    "CREATE TABLE draft("
    "  case_id BLOB NOT NULL, type TEXT NOT NULL,"
    "  user TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  revision INTEGER NOT NULL, saved INTEGER NOT NULL,"
    "  PRIMARY KEY(case_id, type));"
    "CREATE VIRTUAL TABLE search USING fts5(text, tokenize='unicode61');"
    "PRAGMA application_id=1245856078; PRAGMA user_version=1;";

/* What of it was another way in version 3 and is kept. */
static const char to_version_3[] =
    "ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE outbox ADD COLUMN leaving INTEGER NOT NULL DEFAULT 0;"
    "UPDATE outbox SET not_before = 77, batch = 5;"
    "CREATE TABLE shown(view INTEGER NOT NULL, key INTEGER NOT NULL, row INTEGER NOT NULL,"
    "  PRIMARY KEY(view, key, row)) WITHOUT ROWID;"
    "CREATE TABLE caller(row INTEGER PRIMARY KEY REFERENCES cases(row) ON DELETE CASCADE,"
    "  phone INTEGER NOT NULL, claimant INTEGER NOT NULL);"
    "PRAGMA user_version=3;";

static void run(const struct kit *k, const char *sql)
{
    char path[300];
    sqlite3 *db;
    kit_path(k, "cache.db", path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static int64_t ask(const struct kit *k, const char *sql)
{
    char path[300];
    sqlite3 *db;
    sqlite3_stmt *q;
    kit_path(k, "cache.db", path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(db);
    return n;
}

/* What a person did, written by the present code, then carried into a file with the tables of version 1. */
static void old_cache(struct kit *k)
{
    static const struct value text = {FIELD_REPLY, "half\nwritten"};
    static const char *const note[] = {"unsent", "sent", "refused"};
    struct command c[3];
    struct draft d = {.case_id = kit_id('c', 1),
                      .type = COMMAND_SUBMIT_REPLY,
                      .user = "wang",
                      .values = &text,
                      .n_values = 1};
    struct actor desk = {"wang", "W", ROLE_DESK, "1101", "110190", ""};
    char now[300], old[300], sql[2000];
    kit_begin(k);
    assert_int_equal(context_save_actor(k->store, &desk, NULL), ST_OK);
    assert_int_equal(store_draft_put(k->store, &d, NULL), ST_OK);
    for (int i = 0; i < 3; i++) {
        c[i] = kit_note(k, i + 1, 1, note[i]);
        assert_int_equal(store_queue(k->store, &c[i], NULL), ST_OK);
    }
    struct problem no = {409, "urn:jiban:problem:state", "no", "no", ""};
    struct outcome outcome[2] = {{.id = c[1].id, .kind = OUTCOME_APPLIED, .version = 3},
                                 {.id = c[2].id, .kind = OUTCOME_REJECTED, .problem = no}};
    assert_int_equal(store_outcomes(k->store, outcome, 2, NULL), ST_OK);
    assert_int_equal(store_document_set(k->store, "policy", "{}", 2, "\"p\"", NULL), ST_OK);
    assert_int_equal(store_meta_set(k->store, "epoch", "E", NULL), ST_OK);
    assert_int_equal(store_meta_set(k->store, "cursor", "E-7", NULL), ST_OK);
    store_close(k->store);
    k->store = NULL;
    kit_path(k, "cache.db", now);
    kit_path(k, "old.db", old);
    assert_int_equal(rename(now, old), 0);
    run(k, version_1);
    snprintf(sql, sizeof sql,
             "ATTACH '%s' AS o; INSERT INTO meta SELECT * FROM o.meta;"
             "INSERT INTO document SELECT * FROM o.document;"
             "INSERT INTO outbox SELECT seq, id, case_id, user, json, queued, tries, last_try, "
             "last_error"
             " FROM o.outbox; INSERT INTO sent SELECT * FROM o.sent;"
             "INSERT INTO conflicts SELECT * FROM o.conflicts;"
             "INSERT INTO draft SELECT case_id, type, user, body, revision, saved FROM o.draft;"
             "INSERT INTO cases VALUES(1, x'0163', 'BJ1', 2, 2, 7, 1, 't', '', '0101', '110101',"
             " '', 1, 1, 1, 1, 0, 0, 0); INSERT INTO case_log VALUES(1, '{}');"
             "INSERT INTO counts VALUES(2, 1); INSERT INTO search(rowid, text) VALUES(1, 't')",
             old);
    run(k, sql);
    unlink(old);
}

static void expect_sacred(const struct kit *k)
{
    assert_int_equal(ask(k, "SELECT count(*) FROM draft WHERE instr(body, 'half') > 0"), 1);
    assert_int_equal(ask(k, "SELECT count(*) FROM outbox WHERE instr(json, 'unsent') > 0"), 1);
    assert_int_equal(ask(k, "SELECT count(*) FROM sent WHERE instr(json, 'sent') > 0"), 1);
    assert_int_equal(ask(k, "SELECT count(*) FROM conflicts WHERE instr(json, 'refused') > 0"), 1);
    assert_int_equal(ask(k, "SELECT count(*) FROM document WHERE etag = '\"p\"'"), 1);
    assert_int_equal(ask(k, "SELECT value = 'desk' FROM meta WHERE key = 'actor.role'"), 1);
    assert_int_equal(ask(k, "SELECT value = 'E' FROM meta WHERE key = 'epoch'"), 1);
}

static void test_version_1_keeps_what_is_sacred(void **state)
{
    struct kit k;
    struct draft d;
    struct outbox_row *row;
    size_t n;
    struct uuid id = kit_id('c', 1);
    struct errmsg err = {""};
    (void)state;
    old_cache(&k);
    expect_sacred(&k);
    assert_int_equal(store_open(k.folder, STORE_READ_ONLY, &k.clock, &k.store, &err),
                     ST_UNSUPPORTED);
    assert_non_null(strstr(err.text, "older"));
    assert_int_equal(ask(&k, "SELECT count(*) FROM cases"), 1); /* not touched by it */
    kit_open(&k);
    assert_string_equal(kit_cursor(&k), ""); /* all comes again */
    assert_int_equal(kit_counts(&k).cases, 0);
    assert_int_equal(store_draft_get(k.store, &id, COMMAND_SUBMIT_REPLY, &k.arena, &d, NULL),
                     ST_OK);
    assert_string_equal(value_find(d.values, d.n_values, FIELD_REPLY), "half\nwritten");
    assert_int_equal(store_outbox(k.store, 9, &k.arena, &row, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_string_equal(value_find(row[0].command.values, row[0].command.n_values, FIELD_NOTE),
                        "unsent");
    /* The case comes again, and what is unsent and drafted lies on it. */
    kit_case(&k, 1, STATE_SENT, "E-1");
    struct query q = {.view = VIEW_TO_SIGN, .now_ms = k.now};
    struct case_row *list;
    assert_int_equal(store_page(k.store, &q, NULL, false, 9, &k.arena, &list, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].unsent, 1);
    assert_true(list[0].draft && list[0].conflict);
    store_close(k.store);
    expect_sacred(&k);
    assert_int_equal(ask(&k, "PRAGMA user_version"), SCHEMA_VERSION);
    assert_int_equal(ask(&k, "SELECT count(*) FROM paper"), 0); /* there is a place for them */
    kit_open(&k);
    kit_end(&k);
}

static void test_version_3_keeps_what_is_sacred(void **state)
{
    struct kit k;
    (void)state;
    old_cache(&k);
    run(&k, to_version_3);
    kit_open(&k);
    assert_string_equal(kit_cursor(&k), "");
    assert_int_equal(kit_counts(&k).cases, 0);
    kit_case(&k, 1, STATE_SENT, "E-1");
    store_close(k.store);
    expect_sacred(&k);
    assert_int_equal(ask(&k, "PRAGMA user_version"), SCHEMA_VERSION);
    assert_int_equal(ask(&k, "SELECT count(*) FROM paper"), 0);
    assert_int_equal(ask(&k, "SELECT count(*) FROM attachment"), 0);
    assert_int_equal(ask(&k, "SELECT count(*) FROM draft WHERE slot = 0"), 1);
    /* When it may leave stays as the person said. */
    assert_int_equal(ask(&k, "SELECT not_before = 77 AND batch = 5 AND leaving = 0 FROM outbox"),
                     1);
    kit_open(&k);
    kit_end(&k);
}

/* Opened twice, killed in between or not: the second time nothing is dropped. */
static void test_renewed_once(void **state)
{
    struct kit k;
    (void)state;
    old_cache(&k);
    kit_open(&k);
    kit_case(&k, 1, STATE_SENT, "E-1");
    store_close(k.store);
    kit_open(&k);
    assert_string_equal(kit_cursor(&k), "E-1");
    assert_int_equal(kit_counts(&k).cases, 1);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_version_1_keeps_what_is_sacred),
                                       cmocka_unit_test(test_version_3_keeps_what_is_sacred),
                                       cmocka_unit_test(test_renewed_once)};
    umask(077); /* the files are made as those of a person are */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
