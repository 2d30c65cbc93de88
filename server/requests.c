#include "server/requests.h"
#include <stdio.h>
#include <string.h>

enum { DATE_DIGITS = 6 /* of the public number */ };

enum status requests_follow(struct db *db, int64_t row, const struct casefile *c,
                            struct errmsg *err)
{
    if (strcmp(c->value[FIELD_CHANNEL], "open311") != 0)
        return ST_OK;
    bool secret = strcmp(c->value[FIELD_SECRET], "yes") == 0;
    struct stmt *q = database_stmt(db, secret ? SQL_REQUEST_DROP : SQL_REQUEST_PUT);
    stmt_int(q, 1, row);
    if (!secret) {
        const char *number = c->value[FIELD_NUMBER];
        char id[128]; /* with a hyphen: clients turn what looks like a number into one */
        snprintf(id, sizeof id, "%.*s-%.100s", DATE_DIGITS, number,
                 strlen(number) > DATE_DIGITS ? number + DATE_DIGITS : "");
        stmt_text(q, 2, id);
        stmt_text(q, 3, c->value[FIELD_CATEGORY]);
        stmt_int(q, 4, c->created_ms);
        stmt_int(q, 5, c->changed_ms);
        stmt_int(q, 6, state_table[c->state].terminal);
    }
    return stmt_run(q, err);
}

static void read_row(struct stmt *q, struct arena *a, struct request_row *ret)
{
    size_t n;
    const void *id = stmt_get_blob(q, 0, &n);
    *ret = (struct request_row){.request_id = arena_strdup(a, stmt_get_text(q, 1, NULL)),
                                .requested_ms = stmt_get_int(q, 2),
                                .updated_ms = stmt_get_int(q, 3)};
    if (n == sizeof ret->case_id.byte)
        memcpy(ret->case_id.byte, id, n);
}

enum status requests_find(struct db *db, const struct request_filter *f, struct arena *a,
                          struct request_row *ret, size_t *ret_n, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_REQUEST_FIND);
    stmt_int(q, 1, f->from_ms);
    stmt_int(q, 2, f->to_ms);
    stmt_int(q, 3, f->updated_from_ms);
    stmt_int(q, 4, f->updated_to_ms);
    stmt_text(q, 5, f->categories);
    stmt_int(q, 6, f->open);
    stmt_int(q, 7, f->closed);
    stmt_int(q, 8, f->limit);
    stmt_int(q, 9, f->offset);
    size_t n = 0;
    while ((int64_t)n < f->limit && stmt_row(q))
        read_row(q, a, &ret[n++]);
    stmt_done(q);
    *ret_n = n;
    return database_status(db, err);
}

static enum status one(struct db *db, struct stmt *q, struct arena *a, struct request_row *ret,
                       struct errmsg *err)
{
    bool found = stmt_row(q);
    if (found)
        read_row(q, a, ret);
    stmt_done(q);
    enum status st = database_status(db, err);
    return st == ST_OK && !found ? ST_NOT_FOUND : st;
}

enum status requests_by_number(struct db *db, const char *request_id, struct arena *a,
                               struct request_row *ret, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_REQUEST_BY_NUMBER);
    stmt_text(q, 1, request_id);
    return one(db, q, a, ret, err);
}

enum status requests_by_case(struct db *db, const struct uuid *id, struct arena *a,
                             struct request_row *ret, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_REQUEST_BY_CASE);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    return one(db, q, a, ret, err);
}
