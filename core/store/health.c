/* health.c: what `doctor` asks of the cache. */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int64_t bytes_of(const char *path, const char *tail)
{
    char name[4096 + 8];
    struct stat sb;
    int n = snprintf(name, sizeof name, "%s%s", path, tail);
    return n > 0 && (size_t)n < sizeof name && stat(name, &sb) == 0 ? (int64_t)sb.st_size : 0;
}

enum status store_health(struct store *s, struct arena *a, struct store_health *ret,
                         struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct store_health h = {.detail = ""};
    h.schema_version = (int)db_int(s, "PRAGMA user_version", "");
    h.cases = db_int(s, "SELECT n FROM counts WHERE view = ?", "i", (int64_t)VIEW_ALL);
    h.outbox = db_int(s, "SELECT count(*) FROM outbox", "");
    h.sent = db_int(s, "SELECT count(*) FROM sent", "");
    h.conflicts = db_int(s, "SELECT count(*) FROM conflicts", "");
    h.drafts = db_int(s, "SELECT count(*) FROM draft", "");
    struct sqlite3_stmt *q = db_query(s, "PRAGMA integrity_check(1)", "");
    if (db_step(s, q)) {
        size_t len;
        h.integrity_ok = strcmp(db_column_peek(q, 0, &len), "ok") == 0;
        if (!h.integrity_ok)
            h.detail = db_column_text(q, 0, a);
        db_done(q);
    }
    if ((s->rc & 0xff) == SQLITE_CORRUPT) { /* so damaged that the check itself ends: an answer */
        struct errmsg why = {""};
        db_status(s, &why);
        h.integrity_ok = false;
        h.detail = arena_strdup(a, why.text);
        s->rc = SQLITE_OK;
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st != ST_OK)
        return st;
    h.file_bytes = bytes_of(s->path, "");
    h.wal_bytes = bytes_of(s->path, "-wal");
    *ret = h;
    return ST_OK;
}

enum status store_changed(struct store *s, int64_t *ret, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    int64_t version = db_int(s, "PRAGMA data_version", "");
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret = version;
    return st;
}
