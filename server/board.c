#include "server/board.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"

static enum status read_document(struct db *db, const char *name, struct arena *a, const char **ret,
                                 size_t *n, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_DOCUMENT_GET);
    stmt_text(q, 1, name);
    bool there = stmt_row(q);
    const char *body = there ? stmt_get_text(q, 0, n) : "";
    *ret = arena_strndup(a, body, there ? *n : 0);
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && !there)
        st = fail(err, ST_NOT_FOUND, _("The store has no document \"%s\"."), name);
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}

static enum status answer(struct db *db, const struct board_job *job, struct arena *a,
                          struct buf *out, struct errmsg *err)
{
    const struct actor auditor = {"", "", ROLE_AUDITOR, "", "", ""};
    struct policy policy;
    struct reference reference;
    const char *body = "";
    size_t n = 0;
    enum status st = read_document(db, "policy", a, &body, &n, err);
    if (st == ST_OK)
        st = policy_decode(body, n, a, &policy, err);
    if (st == ST_OK)
        st = read_document(db, "people", a, &body, &n, err);
    if (st == ST_OK)
        st = reference_decode(body, n, a, &reference, err);
    return st == ST_OK ? assess_answer(db, &policy, &reference, &auditor, &job->question,
                                       job->now_ms, a, out, err)
                       : st;
}

enum status board_print(const struct board_job *job, struct buf *out, struct errmsg *err)
{
    struct db *db = NULL;
    struct arena a;
    struct buf json;
    struct assess_board board;
    struct tally_board tally;
    bool counts = job->question.by && tally_find(job->question.by) != TALLY_KINDS;
    arena_init(&a, 0);
    buf_init(&json, SIZE_MAX / 2);
    enum status st = database_open(job->url, DB_READ, &db, err);
    if (st == ST_OK)
        st = database_begin(db, false, err);
    if (st == ST_OK) {
        st = answer(db, job, &a, &json, err);
        database_rollback(db); /* reading only */
    }
    database_close(db);
    if (st == ST_OK && (job->json || job->question.cases)) {
        buf_add(out, json.data, json.len);
    } else if (st == ST_OK && counts) {
        st = tally_decode(json.data, json.len, &a, &tally, err);
        if (st == ST_OK)
            tally_print(out, &tally, i18n_chinese(), job->ascii);
    } else if (st == ST_OK) {
        st = assess_board_decode(json.data, json.len, &a, &board, err);
        if (st == ST_OK)
            assess_board_print(out, &board, i18n_chinese(), job->ascii);
    }
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), _("The answer is too large."));
    buf_release(&json);
    arena_release(&a);
    return st;
}
