/*
 * upsert.c: what storing records costs at the least, and the seeded data of the bench.
 *
 * usage: upsert generate N FOLDER   the same N texts as list.db, mbox, git.stream, feed.xml, text and records.ndjson
 *        upsert store FILE.db       NDJSON on standard input -> upsert, WAL, 1000 a transaction, index kept
 */
#include <jansson.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t seed = 1;

static unsigned draw(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 11) % below);
}

static void must(int rc, sqlite3 *db)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE && rc != SQLITE_ROW) {
        fprintf(stderr, "upsert: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
}

static const char *const words[] = {"street", "lamp",    "water",  "noise",    "night",   "lift",
                                    "broken", "parking", "gate",   "road",     "heating", "cold",
                                    "waste",  "bin",     "school", "crossing", "market",  "smell",
                                    "pipe",   "leak",    "tree",   "fallen",   "dog",     "park",
                                    "bus",    "stop",    "fee",    "refund"};

static void sentence(char *out, size_t size, int n)
{
    size_t at = 0;
    out[0] = '\0';
    for (int i = 0; i < n && at + 12 < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? " " : "",
                               words[draw(sizeof words / sizeof *words)]);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

static sqlite3 *open_db(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    must(sqlite3_open(path, &db), db);
    must(sqlite3_exec(db, sql, NULL, NULL, NULL), db);
    return db;
}

static int generate(int n, const char *folder)
{
    char path[4096], subject[160], body[700];
    snprintf(path, sizeof path, "%s/list.db", folder);
    sqlite3 *db = open_db(
        path, "CREATE TABLE list(row INTEGER PRIMARY KEY, due INTEGER, subject TEXT, body TEXT);"
              "CREATE INDEX list_due ON list(due, row, subject); BEGIN");
    sqlite3_stmt *in = NULL;
    must(sqlite3_prepare_v2(db, "INSERT INTO list VALUES(?,?,?,?)", -1, &in, NULL), db);
    FILE *mbox = create(folder, "mbox"), *git = create(folder, "git.stream"),
         *feed = create(folder, "feed.xml");
    FILE *text = create(folder, "text"), *records = create(folder, "records.ndjson");
    fputs("<?xml version=\"1.0\"?><rss "
          "version=\"2.0\"><channel><title>bench</title><link>http://localhost/</link>"
          "<description>bench</description>\n",
          feed);
    for (int i = 1; i <= n; i++) {
        int at = snprintf(subject, sizeof subject, "%06d ", i);
        sentence(subject + at, sizeof subject - (size_t)at, 9);
        sentence(body, sizeof body, 60);
        sqlite3_bind_int(in, 1, i);
        sqlite3_bind_int(in, 2, 1700000000 + i * 7);
        sqlite3_bind_text(in, 3, subject, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(in, 4, body, -1, SQLITE_TRANSIENT);
        must(sqlite3_step(in), db);
        sqlite3_reset(in);
        fprintf(mbox,
                "From a@b Mon Jan  1 00:00:00 2024\nFrom: a@b\nMessage-ID: <%d@b>\nDate: Mon, 01 "
                "Jan 2024 00:00:00 "
                "+0000\nSubject: %s\n\n%s\n\n",
                i, subject, body);
        fprintf(git, "commit refs/heads/main\ncommitter a <a@b> %d +0000\ndata %zu\n%s\n\n%s\n\n",
                1700000000 + i * 7, strlen(subject) + strlen(body) + 3, subject, body);
        fprintf(feed,
                "<item><title>%s</title><guid>http://localhost/%d</guid><description>%s</"
                "description></item>\n",
                subject, i, body);
        fprintf(text, "%s\n", subject);
        fprintf(records,
                "{\"id\":\"c%08d\",\"due\":%d,\"state\":%u,\"tier\":%u,\"unit\":\"u%03u\","
                "\"category\":\"k%02u\","
                "\"version\":%d,\"subject\":\"%s\",\"text\":\"%s\"}\n",
                i, 1700000000 + i * 7, draw(9), draw(5), draw(40), draw(60), i, subject, body);
    }
    fputs("</channel></rss>\n", feed);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    sqlite3_finalize(in);
    sqlite3_close(db);
    int bad = 0;
    FILE *all[] = {mbox, git, feed, text, records};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        bad |= fclose(all[i]);
    return bad ? 1 : 0;
}

static int store(const char *path)
{
    static const char *const column[] = {"id",       "due",     "state",   "tier", "unit",
                                         "category", "version", "subject", "text"};
    sqlite3 *db = open_db(
        path,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE IF NOT EXISTS c("
        "id TEXT PRIMARY KEY, due INT, state INT, tier INT, unit TEXT, category TEXT, version INT,"
        "subject TEXT, text TEXT) WITHOUT ROWID; CREATE INDEX IF NOT EXISTS c_due ON c(due, id,"
        "subject); BEGIN");
    sqlite3_stmt *up = NULL;
    must(sqlite3_prepare_v2(
             db,
             "INSERT INTO c VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
             "due=excluded.due,"
             "state=excluded.state, version=excluded.version, subject=excluded.subject,"
             "text=excluded.text",
             -1, &up, NULL),
         db);
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    int n = 0;
    while ((len = getline(&line, &room, stdin)) > 0) {
        json_t *o = json_loadb(line, (size_t)len, 0, NULL);
        if (!o) {
            fprintf(stderr, "upsert: record %d is not JSON\n", n + 1);
            return 1;
        }
        for (int i = 0; i < 9; i++) {
            const json_t *v = json_object_get(o, column[i]);
            if (json_is_integer(v))
                sqlite3_bind_int64(up, i + 1, json_integer_value(v));
            else
                sqlite3_bind_text(up, i + 1, json_string_value(v), -1, SQLITE_STATIC);
        }
        must(sqlite3_step(up), db);
        sqlite3_reset(up);
        json_decref(o);
        if (++n % 1000 == 0)
            must(sqlite3_exec(db, "COMMIT; BEGIN", NULL, NULL, NULL), db);
    }
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), db);
    free(line);
    sqlite3_finalize(up);
    sqlite3_close(db);
    printf("%d\n", n);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "generate") == 0 && atoi(argv[2]) > 0)
        return generate(atoi(argv[2]), argv[3]);
    if (argc == 3 && strcmp(argv[1], "store") == 0)
        return store(argv[2]);
    fprintf(stderr, "usage: upsert generate N FOLDER | upsert store FILE.db\n");
    return 64;
}
