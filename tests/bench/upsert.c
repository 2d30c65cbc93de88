/*
 * upsert.c: what storing records costs at the least, and the seeded data of the bench.
 *
 * usage: upsert generate N FOLDER   the same N texts as list.db, mbox, git.stream, feed.xml, text and records.ndjson
 *        upsert store FILE.db       NDJSON on standard input -> upsert, WAL, 1000 a transaction, index kept
 *        upsert flatten             lines of /v1/changes -> one flat record a case: as many bytes, as many columns as a
 *                                   console keeps of a case
 *        upsert cases FILE.db       those records -> upsert, as above
 */
#include <jansson.h>
#include <sqlite3.h>
#include <stdbool.h>
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

/* A flat record of the columns in order, its texts without escapes, read in place: what reading costs at the least. */
static bool bind_record(char *p, sqlite3_stmt *up, const char *const *column, int n)
{
    for (int i = 0; i < n; i++) {
        size_t len = strlen(column[i]);
        if (*p != (i ? ',' : '{') || p[1] != '"' || strncmp(p + 2, column[i], len) != 0 ||
            strncmp(p + 2 + len, "\":", 2) != 0)
            return false;
        p += len + 4;
        if (*p == '"') {
            char *end = strchr(++p, '"');
            if (!end)
                return false;
            sqlite3_bind_text(up, i + 1, p, (int)(end - p), SQLITE_STATIC);
            p = end + 1;
        } else {
            sqlite3_bind_int64(up, i + 1, strtoll(p, &p, 10));
        }
    }
    return strcmp(p, "}\n") == 0;
}

/* Upserts the records of standard input. */
static int feed(sqlite3 *db, const char *sql, const char *const *column, int n_columns)
{
    sqlite3_stmt *up = NULL;
    must(sqlite3_prepare_v2(db, sql, -1, &up, NULL), db);
    char *line = NULL;
    size_t room = 0;
    int n = 0;
    while (getline(&line, &room, stdin) > 0) {
        if (!bind_record(line, up, column, n_columns)) {
            fprintf(stderr, "upsert: record %d is not of this shape\n", n + 1);
            return 1;
        }
        must(sqlite3_step(up), db);
        sqlite3_reset(up);
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
    return feed(db,
                "INSERT INTO c VALUES(?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
                "due=excluded.due,"
                "state=excluded.state, version=excluded.version, subject=excluded.subject,"
                "text=excluded.text",
                column, 9);
}

/* What a console keeps of a case: the columns of its row, and the events as one text. */
#define CASE_TEXTS "number", "title", "title_en", "category", "community", "handler", "id", "log"
#define CASE_NUMBERS                                                                               \
    "state", "bucket", "due", "next_clock", "version", "unsent", "draft", "conflict", "repeats",   \
        "whistle", "gen"
static const char *const case_column[] = {CASE_TEXTS, CASE_NUMBERS};
enum { CASE_COLUMNS = sizeof case_column / sizeof *case_column, CASE_TEXT_COLUMNS = 8 };

static const char *value_of(const json_t *events, const char *word)
{
    const json_t *e, *found = NULL;
    size_t i;
    json_array_foreach(events, i, e)
    {
        const json_t *v = json_object_get(json_object_get(e, "values"), word);
        if (json_is_string(v))
            found = v;
    }
    return found ? json_string_value(found) : "";
}

static void put_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        putchar(text[i] == '"' ? '\'' : text[i] == '\\' || text[i] == '\n' ? ' ' : text[i]);
}

/* One line of /v1/changes as a flat record of as many bytes: what the columns and their names take is taken off the
 * end of the log, which holds the events with their quotes turned, so that no escapes make it grow. */
static void flatten_line(const char *line, size_t len, const json_t *o)
{
    size_t used = strlen("{\"\":\"\"}");
    for (int i = 0; i < CASE_COLUMNS; i++) {
        const char *word = case_column[i], *text;
        printf("%c\"%s\":", i ? ',' : '{', word);
        used += strlen(word) + 4;
        if (i >= CASE_TEXT_COLUMNS) {
            int n = strcmp(word, "due") == 0 ? printf("%llu", 1700000000000ULL + draw(1u << 30))
                                             : printf("%u", draw(9));
            used += (size_t)n;
            continue;
        }
        if (strcmp(word, "log") == 0) {
            const char *from = strstr(line, "\"events\":[");
            size_t rest = from ? len - (size_t)(from - line) : 0,
                   n = len > used + 150 ? len - used - 150 : 0;
            if (n > rest)
                n = rest;
            while (n < rest && ((unsigned char)from[n] & 0xC0) == 0x80)
                n++;
            putchar('"');
            put_plain(from, n);
        } else {
            text = strcmp(word, "id") == 0 ? json_string_value(json_object_get(o, "case"))
                                           : value_of(json_object_get(o, "events"), word);
            putchar('"');
            put_plain(text, strlen(text));
            used += strlen(text) + 2;
        }
        putchar('"');
    }
    fputs("}\n", stdout);
}

static int flatten(void)
{
    char *line = NULL;
    size_t room = 0;
    ssize_t len;
    while ((len = getline(&line, &room, stdin)) > 0) {
        json_t *o = json_loadb(line, (size_t)len, 0, NULL);
        if (json_object_get(o, "case"))
            flatten_line(line, (size_t)len - 1, o);
        json_decref(o);
    }
    free(line);
    return 0;
}

static int store_cases(const char *path)
{
    sqlite3 *db = open_db(
        path,
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE IF NOT EXISTS c("
        "row INTEGER PRIMARY KEY, number TEXT, title TEXT, title_en TEXT, category TEXT, community "
        "TEXT,"
        "handler TEXT, id TEXT UNIQUE, log TEXT, state INT, bucket INT, due INT, next_clock INT,"
        "version INT, unsent INT, draft INT, conflict INT, repeats INT, whistle INT, gen INT);"
        "CREATE INDEX IF NOT EXISTS c_due ON c(bucket, due); BEGIN");
    return feed(
        db,
        "INSERT INTO c(number, title, title_en, category, community, handler, id, log, state,"
        "bucket, due, next_clock, version, unsent, draft, conflict, repeats, whistle, gen)"
        "VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET "
        "state=excluded.state, bucket=excluded.bucket, due=excluded.due,"
        "version=excluded.version, title=excluded.title, log=excluded.log",
        case_column, CASE_COLUMNS);
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "generate") == 0 && atoi(argv[2]) > 0)
        return generate(atoi(argv[2]), argv[3]);
    if (argc == 3 && strcmp(argv[1], "store") == 0)
        return store(argv[2]);
    if (argc == 2 && strcmp(argv[1], "flatten") == 0)
        return flatten();
    if (argc == 3 && strcmp(argv[1], "cases") == 0)
        return store_cases(argv[2]);
    fprintf(stderr, "usage: upsert generate N FOLDER | upsert store FILE.db | upsert flatten | "
                    "upsert cases FILE.db\n");
    return 64;
}
