#include "server/propose.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/wire/codec.h"
#include "server/documents.h"

static void print_answer(const struct propose_job *job, const struct intake_answer *answer,
                         const struct reference *r, struct arena *a)
{
    struct buf raw, shown;
    buf_init(&raw, SIZE_MAX / 2);
    buf_init(&shown, SIZE_MAX / 2);
    intake_print(&raw, answer, r, i18n_chinese(), job->json);
    if (!job->json)
        clean_plain(&shown, text_clean_str(a, raw.data, CLEAN_TEXT), job->ascii);
    else if (job->terminal)
        clean_json(&shown, raw.data, raw.len, job->ascii);
    else
        buf_add(&shown, raw.data, raw.len);
    fwrite(shown.data, 1, shown.len, stdout);
    buf_release(&shown);
    buf_release(&raw);
}

enum status propose_run(const struct propose_job *job, struct errmsg *err)
{
    struct db *db = NULL;
    struct arena a;
    struct reference r;
    struct catalogue c;
    struct matter matter;
    struct intake_answer answer;
    const char *body, *etag;
    size_t n;
    arena_init(&a, 0);
    enum status st =
        matter_read(&job->words, day_of_ms(job->now_ms, BEIJING_OFFSET_MS), &matter, err);
    if (st == ST_OK)
        st = database_open(job->url, DB_READ, &db, err);
    if (st == ST_OK)
        st = documents_reference(db, &a, &r, err);
    if (st == ST_OK)
        st = documents_get(db, "catalogue", 0, &a, &body, &n, &etag, err);
    if (st == ST_OK)
        st = catalogue_decode(body, n, &a, &c, err);
    if (st == ST_OK)
        st = intake_propose(&c, &r, &matter, i18n_chinese(), &a, &answer, err);
    if (st == ST_OK)
        print_answer(job, &answer, &r, &a);
    database_close(db);
    arena_release(&a);
    return st;
}
