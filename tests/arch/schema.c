/*
 * schema.c: prints what SQLite says of a fresh cache and of a fresh store, for test_design.sh.
 *
 * usage: schema FOLDER        makes FOLDER/cache.db and FOLDER/store.db there
 * One line a column: "console TABLE COLUMN" or "server TABLE COLUMN". The tables that FTS5 keeps for
 * itself are left out.
 */
#include "core/store/db.h"
#include "server/db.h"
#include <sqlite3.h>
#include <stdio.h>
#include <sysexits.h>

static int complain(const char *what, const char *why)
{
    fprintf(stderr, "schema: %s: %s\n", what, why);
    return EX_SOFTWARE;
}

/* The tables of the cache are read by the store's own connection: it knows the tokenizer of the search. */
static int print_columns(const char *side, sqlite3 *sql)
{
    static const char columns[] =
        "SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND t.name NOT LIKE 'search\\_%' ESCAPE '\\' ORDER BY t.rowid, c.cid";
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(sql, columns, -1, &q, NULL);
    while (rc == SQLITE_OK && (rc = sqlite3_step(q)) == SQLITE_ROW) {
        printf("%s %s %s\n", side, (const char *)sqlite3_column_text(q, 0),
               (const char *)sqlite3_column_text(q, 1));
        rc = SQLITE_OK;
    }
    int code = rc == SQLITE_DONE ? EX_OK : complain(side, sqlite3_errmsg(sql));
    sqlite3_finalize(q);
    return code;
}

static int print_file(const char *side, const char *path)
{
    sqlite3 *sql = NULL;
    int rc = sqlite3_open_v2(path, &sql, SQLITE_OPEN_READWRITE, NULL);
    int code = rc == SQLITE_OK ? print_columns(side, sql) : complain(path, sqlite3_errmsg(sql));
    sqlite3_close(sql);
    return code;
}

int main(int argc, char **argv)
{
    char path[4096], url[4096];
    struct errmsg err = {{0}};
    struct store *store = NULL;
    struct db *db = NULL;
    if (argc != 2)
        return EX_USAGE;
    if (store_open(argv[1], STORE_OWNER, &clock_system, &store, &err) != ST_OK)
        return complain("cache", err.text);
    int code = print_columns("console", store->sql);
    store_close(store);
    snprintf(url, sizeof url, "sqlite:%s/store.db", argv[1]);
    if (database_open(url, DB_CREATE, &db, &err) != ST_OK)
        return complain("store", err.text);
    database_close(db);
    snprintf(path, sizeof path, "%s/store.db", argv[1]);
    return code == EX_OK ? print_file("server", path) : code;
}
