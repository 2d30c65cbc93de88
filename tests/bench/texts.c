/*
 * texts.c: the open cases of a cache as the other programs of the bench read them.
 *
 * usage: texts [-l] CACHE.db FOLDER   writes list.db (for limit), mbox, git.stream, feed.xml, text and facts; with -l
 * only list.db and facts, for sizes at which nobody else is measured
 * Rows come in the order of the console's list, in its columns. facts: cases in the cache, rows of the list,
 * and the tail of the number of the last row, which the searches look for.
 */
#include "core/store/store.h"
#include <inttypes.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_MS = 24 * 60 * 60 * 1000,
    SUBJECT_MAX = 1024,
    BODY_MAX = 1200,
    DATE_BASE = 1700000000,
    TAIL = 5
};
enum column { LEFT, NUMBER, CATEGORY, COMMUNITY, STATE, TITLE, LOG, DUE, COLUMNS };

static const char names_sql[] =
    "CREATE TEMP TABLE names(code TEXT PRIMARY KEY, name TEXT);"
    "INSERT INTO temp.names SELECT 'k' || json_extract(e.value, '$.code'),"
    " json_extract(e.value, '$.level2_en') FROM document, json_each(body, '$.categories') AS e"
    " WHERE document.name = 'people';"
    "INSERT INTO temp.names SELECT 'u' || json_extract(e.value, '$.code'),"
    " json_extract(e.value, '$.name_en') FROM document, json_each(body, '$.units') AS e"
    " WHERE document.name = 'people'";
static const char rows_sql[] =
    "SELECT c.due / 1000 - strftime('%%s'), c.number, k.name, u.name, CASE c.state"
    " WHEN %d THEN 'to sign' WHEN %d THEN 'in hand' WHEN %d THEN 'in hand' WHEN %d THEN 'in hand'"
    " WHEN %d THEN 'to appr' WHEN %d THEN 'to call' WHEN %d THEN 'to call' ELSE 'to disp' END, "
    "iif(c.title_en = '', c.title, c.title_en), l.log, c.due"
    " FROM cases AS c JOIN case_log AS l ON l.row = c.row"
    " LEFT JOIN temp.names AS k ON k.code = 'k' || c.category"
    " LEFT JOIN temp.names AS u ON u.code = 'u' || c.community"
    " WHERE ((c.views >> %d) & 1) ORDER BY c.due %s, c.row %s";
#define ROWS_STATES                                                                                \
    STATE_SENT, STATE_SIGNED, STATE_WORKING, STATE_REWORK, STATE_REVIEW, STATE_REPLIED,            \
        STATE_CALLING, VIEW_ALL_OPEN
static const char list_sql[] =
    "CREATE TABLE list(row INTEGER PRIMARY KEY, due INTEGER, subject TEXT, body TEXT);"
    "CREATE INDEX list_due ON list(due, row, subject); BEGIN";

static void must(int rc, sqlite3 *db)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW)
        return;
    fprintf(stderr, "texts: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *q = NULL;
    must(sqlite3_prepare_v2(db, sql, -1, &q, NULL), db);
    return q;
}

static bool list_only;

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

/* For the others. */
static FILE *create_text(const char *folder, const char *name)
{
    return list_only ? create("/dev", "null") : create(folder, name);
}

static void finish(FILE *f)
{
    if (fclose(f) != 0) {
        perror("texts");
        exit(1);
    }
}

static const char *text_of(sqlite3_stmt *q, enum column i)
{
    const char *text = (const char *)sqlite3_column_text(q, (int)i);
    return text ? text : "";
}

/* As much of a text as takes n bytes, whole characters. */
static int cut(const char *text, int n)
{
    int len = (int)strlen(text);
    if (len <= n)
        return len;
    while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

static const char *tail_of(const char *number)
{
    size_t n = strlen(number);
    return number + (n > TAIL ? n - TAIL : 0);
}

/* "   -29 d 2610-91138 Heating: col Xingfuli  in hand  Heating cold again". */
static void subject_of(sqlite3_stmt *q, char out[SUBJECT_MAX])
{
    char left[32] = "";
    sqlite3_int64 due = sqlite3_column_int64(q, DUE);
    const char *number = text_of(q, NUMBER);
    const char *category = text_of(q, CATEGORY), *community = text_of(q, COMMUNITY);
    if (due != INT64_MAX)
        snprintf(left, sizeof left, "%" PRId64 " d",
                 (int64_t)sqlite3_column_int64(q, LEFT) / (DAY_MS / 1000));
    snprintf(out, SUBJECT_MAX, "%8s %.4s-%s %-12.*s %-9.*s %-8s %s", left, number, tail_of(number),
             cut(category, 12), category, cut(community, 9), community, text_of(q, STATE),
             text_of(q, TITLE));
}

/* The beginning of the log of a case, about what the citizen said, in lines that fit a screen. */
static char *body_of(const char *log)
{
    char *body = strndup(log, (size_t)cut(log, BODY_MAX));
    for (char *p = body; p && *p; p++)
        if (*p == ',' && p > body && p[-1] == '"')
            *p = '\n';
    return body;
}

static void put_escaped(FILE *f, const char *text)
{
    for (; *text; text++)
        if (*text == '<')
            fputs("&lt;", f);
        else if (*text == '&')
            fputs("&amp;", f);
        else
            fputc(*text, f);
}

struct files {
    FILE *mbox, *feed, *text;
    sqlite3_stmt *list;
};

static void put_row(const struct files *to, int n, sqlite3_stmt *q)
{
    char subject[SUBJECT_MAX];
    char *body = body_of(text_of(q, LOG));
    subject_of(q, subject);
    sqlite3_bind_int(to->list, 1, n);
    sqlite3_bind_int64(to->list, 2, sqlite3_column_int64(q, DUE));
    sqlite3_bind_text(to->list, 3, subject, -1, SQLITE_TRANSIENT);
    sqlite3_bind_text(to->list, 4, body, -1, SQLITE_TRANSIENT);
    must(sqlite3_step(to->list), sqlite3_db_handle(to->list));
    sqlite3_reset(to->list);
    fprintf(to->mbox,
            "From a@b Mon Jan  1 00:00:00 2024\nFrom: a@b\nMessage-ID: <%d@b>\nDate: Mon, 01 Jan "
            "2024 00:00:00 +0000\nContent-Type: text/plain; charset=utf-8\nSubject: %s\n\n%s\n\n",
            n, subject, body);
    fputs("<item><title>", to->feed);
    put_escaped(to->feed, subject);
    fprintf(to->feed, "</title><guid>http://localhost/%d</guid><description>", n);
    put_escaped(to->feed, body);
    fputs("</description></item>\n", to->feed);
    fprintf(to->text, "%s\n", subject);
    free(body);
}

/* Backwards: the log of git begins with the newest. */
static void put_git(sqlite3 *cache, const char *folder)
{
    char sql[2048], subject[SUBJECT_MAX];
    FILE *f = create(folder, "git.stream");
    snprintf(sql, sizeof sql, rows_sql, ROWS_STATES, "DESC", "DESC");
    sqlite3_stmt *q = prepare(cache, sql);
    for (int n = 1; sqlite3_step(q) == SQLITE_ROW; n++) {
        char *body = body_of(text_of(q, LOG));
        subject_of(q, subject);
        fprintf(f, "commit refs/heads/main\ncommitter a <a@b> %d +0000\ndata %zu\n%s\n\n%s\n\n",
                DATE_BASE + n, strlen(subject) + strlen(body) + 3, subject, body);
        free(body);
    }
    sqlite3_finalize(q);
    finish(f);
}

int main(int argc, char **argv)
{
    char path[4096], sql[2048], tail[TAIL + 1] = "";
    sqlite3 *cache = NULL, *list = NULL;
    int n = 0, cases = 0;
    list_only = argc == 4 && strcmp(argv[1], "-l") == 0;
    if (argc != (list_only ? 4 : 3)) {
        fprintf(stderr, "usage: texts [-l] CACHE.db FOLDER\n");
        return 64;
    }
    argv += list_only;
    must(sqlite3_open_v2(argv[1], &cache, SQLITE_OPEN_READWRITE, NULL), cache);
    must(sqlite3_exec(cache, names_sql, NULL, NULL, NULL), cache);
    snprintf(path, sizeof path, "%s/list.db", argv[2]);
    remove(path);
    must(sqlite3_open(path, &list), list);
    must(sqlite3_exec(list, list_sql, NULL, NULL, NULL), list);
    struct files to = {.mbox = create_text(argv[2], "mbox"),
                       .feed = create_text(argv[2], "feed.xml"),
                       .text = create_text(argv[2], "text"),
                       .list = prepare(list, "INSERT INTO list VALUES(?,?,?,?)")};
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss version=\"2.0\"><channel><title>allcases"
          "</title><link>http://localhost/</link><description>allcases</description>\n",
          to.feed);
    snprintf(sql, sizeof sql, rows_sql, ROWS_STATES, "", "");
    sqlite3_stmt *q = prepare(cache, sql);
    while (sqlite3_step(q) == SQLITE_ROW) {
        put_row(&to, ++n, q);
        snprintf(tail, sizeof tail, "%s", tail_of(text_of(q, NUMBER)));
    }
    sqlite3_finalize(q);
    fputs("</channel></rss>\n", to.feed);
    finish(to.mbox);
    finish(to.feed);
    finish(to.text);
    sqlite3_finalize(to.list);
    must(sqlite3_exec(list, "COMMIT", NULL, NULL, NULL), list);
    sqlite3_close(list);
    if (!list_only)
        put_git(cache, argv[2]);
    q = prepare(cache, "SELECT count(*) FROM cases");
    if (sqlite3_step(q) == SQLITE_ROW)
        cases = sqlite3_column_int(q, 0);
    sqlite3_finalize(q);
    sqlite3_close(cache);
    FILE *facts = create(argv[2], "facts");
    fprintf(facts, "%d %d %s\n", cases, n, tail);
    finish(facts);
    return n > 0 ? 0 : 1;
}
