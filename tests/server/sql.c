/*
 * sql.c: runs one SQL text on a SQLite file and prints its rows, cells parted by tabs.
 *
 * For the scripts of tests/server: the sqlite3 tool need not be installed. `sql FILE TEXT`.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <sysexits.h>

static int print_row(void *self, int n, char **cell, char **name)
{
    (void)self;
    (void)name;
    for (int i = 0; i < n; i++)
        printf("%s%s", i ? "\t" : "", cell[i] ? cell[i] : "NULL");
    putchar('\n');
    return 0;
}

int main(int argc, char **argv)
{
    sqlite3 *db = NULL;
    if (argc != 3) {
        fputs("usage: sql FILE TEXT\n", stderr);
        return EX_USAGE;
    }
    int rc = sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(db, 5000);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(db, argv[2], print_row, NULL, NULL);
    if (rc != SQLITE_OK)
        fprintf(stderr, "sql: %s: %s\n", argv[1], sqlite3_errmsg(db));
    sqlite3_close(db);
    return rc == SQLITE_OK ? EX_OK : EX_DATAERR;
}
