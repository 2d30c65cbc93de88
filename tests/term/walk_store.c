#include "tests/term/walk_store.h"
#include "core/case/workflow.h"
#include "core/store/seal.h"
#include "core/store/seal_vfs.h"
#include <glob.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { BUSY_MS = 10000 };

void walk_store_open(struct walk_store *w, const char *home, const char *password)
{
    memset(w, 0, sizeof *w);
    w->password = password;
    snprintf(w->pattern, sizeof w->pattern, "%.300s/data/jiban/*/cache.db", home);
}

static void free_drafts(struct walk_draft *draft, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        free(draft[i].key);
        free(draft[i].type);
        free(draft[i].body);
    }
    free(draft);
}

void walk_store_close(struct walk_store *w)
{
    free_drafts(w->draft, w->n_drafts);
    for (size_t i = 0; i < w->n_commands; i++)
        free(w->command[i]);
    free(w->command);
    memset(w, 0, sizeof *w);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void unlock(const struct walk_store *w, const char *path)
{
    char folder[400];
    struct errmsg err = {{0}};
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    if (store_sealed(folder) && !store_unlocked(folder) &&
        store_unlock(folder, w->password, &err) != ST_OK)
        fail_msg("%s: %s", folder, err.text);
}

static sqlite3 *open_cache(const struct walk_store *w)
{
    glob_t found;
    sqlite3 *db = NULL;
    if (glob(w->pattern, 0, NULL, &found) != 0 || found.gl_pathc != 1)
        fail_msg("there is not one cache: %s", w->pattern);
    unlock(w, found.gl_pathv[0]);
    int rc = sqlite3_open_v2(found.gl_pathv[0], &db, SQLITE_OPEN_READONLY, seal_vfs());
    if (rc != SQLITE_OK || sqlite3_busy_timeout(db, BUSY_MS) != SQLITE_OK)
        fail_msg("%s: %s", found.gl_pathv[0], sqlite3_errmsg(db));
    globfree(&found);
    return db;
}

static char *column(sqlite3_stmt *q, int i)
{
    const unsigned char *text = sqlite3_column_text(q, i);
    char *copy = strdup(text ? (const char *)text : "");
    assert_non_null(copy);
    return copy;
}

static sqlite3_stmt *query(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    return q;
}

static bool next(sqlite3 *db, sqlite3_stmt *q)
{
    int rc = sqlite3_step(q);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE)
        fail_msg("the cache cannot be read: %s", sqlite3_errmsg(db));
    return rc == SQLITE_ROW;
}

static void *grown(void *list, size_t n, size_t size)
{
    list = realloc(list, (n + 1) * size);
    assert_non_null(list);
    return list;
}

static struct walk_draft *read_drafts(sqlite3 *db, size_t *ret_n)
{
    struct walk_draft *list = NULL;
    size_t n = 0;
    /* The slot belongs to the key: there may be several drafts of one command for one case. */
    sqlite3_stmt *q = query(
        db, "SELECT hex(case_id) || ' ' || type || ' ' || slot, type, body, revision FROM draft");
    while (next(db, q)) {
        list = grown(list, n, sizeof *list);
        list[n++] = (struct walk_draft){.key = column(q, 0),
                                        .type = column(q, 1),
                                        .body = column(q, 2),
                                        .revision = sqlite3_column_int64(q, 3)};
    }
    sqlite3_finalize(q);
    *ret_n = n;
    return list;
}

static bool is_known(const struct walk_store *w, size_t n, const char *command)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(w->command[i], command) == 0)
            return true;
    return false;
}

/* Remembers the commands that are new; returns how many were known before. */
static size_t read_commands(struct walk_store *w, sqlite3 *db)
{
    size_t before = w->n_commands;
    sqlite3_stmt *q = query(
        db,
        "SELECT hex(id) || ' ' || json_extract(json, '$.type') FROM (SELECT id, json FROM outbox"
        " UNION ALL SELECT id, json FROM sent UNION ALL SELECT id, json FROM conflicts)");
    while (next(db, q)) {
        char *command = column(q, 0);
        if (is_known(w, before, command)) {
            free(command);
            continue;
        }
        w->command = grown(w->command, w->n_commands, sizeof *w->command);
        w->command[w->n_commands++] = command;
    }
    sqlite3_finalize(q);
    return before;
}

/* How many were ever confirmed: a number never comes back. */
static long long count_confirmed(sqlite3 *db)
{
    sqlite3_stmt *q = query(db, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
    long long n = next(db, q) ? sqlite3_column_int64(q, 0) : 0;
    sqlite3_finalize(q);
    return n;
}

/* --- comparing -------------------------------------------------------------------------------- */

static bool begins(const char *type)
{
    enum command_type known = command_find(type);
    return known != COMMAND_COUNT && workflow_begins(known);
}

/* Intake ends in one of several commands: any that begins an order stands for the others. */
static bool stands_for(const char *given, const char *type)
{
    return strcmp(given, type) == 0 || (begins(given) && begins(type));
}

static bool was_given(const struct walk_store *w, size_t from, const char *type)
{
    for (size_t i = from; i < w->n_commands; i++)
        if (stands_for(strchr(w->command[i], ' ') + 1, type))
            return true;
    return false;
}

/* The form of intake was turned to another exit: its draft lies under that one now. */
static bool was_turned(const struct walk_draft *was, const struct walk_draft *now, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (begins(was->type) && stands_for(now[i].type, was->type) &&
            strncmp(now[i].key, was->key, strcspn(was->key, " ") + 1) == 0)
            return true;
    return false;
}

static const struct walk_draft *find(const struct walk_draft *list, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].key, key) == 0)
            return &list[i];
    return NULL;
}

/* anew: commands were confirmed since the last look and taken back, so drafts may have begun to count again. */
static void compare(struct walk_store *w, const struct walk_draft *now, size_t n, size_t new_from,
                    bool anew, long dropped)
{
    for (size_t i = 0; i < w->n_drafts && !w->lost[0]; i++) {
        const struct walk_draft *was = &w->draft[i], *is = find(now, n, was->key);
        const char *why = NULL;
        if (was_given(w, new_from, was->type))
            continue; /* another draft may have been begun since */
        if (!is && !was_turned(was, now, n))
            why = "is gone, and its command was not given";
        else if (is && is->revision <= was->revision && anew)
            continue;
        else if (is && is->revision < was->revision)
            why = "has an older revision";
        else if (is && is->revision == was->revision && strcmp(is->body, was->body) != 0)
            why = "changed within a revision";
        if (why && (!is || is->revision == 1) && dropped-- > 0)
            continue; /* another one may have been begun since */
        if (why)
            snprintf(
                w->lost, sizeof w->lost,
                "the draft %s %s; it was (revision %lld): %.900s\nand is (revision %lld): %.900s",
                was->key, why, was->revision, was->body, is ? is->revision : 0, is ? is->body : "");
    }
}

const char *walk_store_look(struct walk_store *w, struct walk_deeds deeds)
{
    size_t n;
    sqlite3 *db = open_cache(w);
    /* One moment for all of them. */
    sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    struct walk_draft *now = read_drafts(db, &n);
    size_t new_from = read_commands(w, db);
    long long confirmed = count_confirmed(db);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    compare(w, now, n, new_from, confirmed > w->confirmed && deeds.taken_back > 0, deeds.dropped);
    w->confirmed = confirmed;
    free_drafts(w->draft, w->n_drafts);
    w->draft = now;
    w->n_drafts = n;
    return w->lost[0] ? w->lost : NULL;
}

bool walk_store_holds(struct walk_store *w, const char *text)
{
    bool holds = false;
    sqlite3 *db = open_cache(w);
    sqlite3_stmt *q = query(db, "SELECT body FROM draft");
    while (!holds && next(db, q)) {
        const char *body = (const char *)sqlite3_column_text(q, 0);
        holds = body && strstr(body, text);
    }
    sqlite3_finalize(q);
    sqlite3_close(db);
    return holds;
}

bool walk_store_unsent(struct walk_store *w, char number[WALK_NUMBER])
{
    sqlite3 *db = open_cache(w);
    sqlite3_stmt *q = query(db, "SELECT c.number FROM outbox o JOIN cases c ON c.id = o.case_id"
                                " ORDER BY o.seq LIMIT 1");
    bool have = next(db, q);
    if (have)
        snprintf(number, WALK_NUMBER, "%s", (const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    sqlite3_close(db);
    return have;
}
