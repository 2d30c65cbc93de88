/* engine_papers.c: papers written here go to the centre one by one, and its list comes back (core/store/papers.h). */
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/sync/engine_own.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MISSES_MOST = 3, ANSWER_BYTES = 64 * 1024 };

/* --- one that was written here ---------------------------------------------------------------- */

static bool send_one(struct sync_engine *e)
{
    struct buf body, target;
    char match[32];
    const struct kept_paper *p = e->paper;
    buf_init(&body, ANSWER_BYTES);
    buf_init(&target, ANSWER_BYTES);
    if (!p->dropped)
        paper_wanted_encode(&body, &p->paper);
    paper_target(&target, &p->paper);
    (void)snprintf(match, sizeof match, "\"%" PRId64 "\"", p->paper.revision);
    bool fresh = p->paper.revision == 0;
    struct request r = {.method = p->dropped ? "DELETE" : "PUT",
                        .target = target.data,
                        .token = e->token,
                        .etag = fresh ? "*" : NULL,
                        .match = fresh ? NULL : match,
                        .body = body.data,
                        .body_len = body.len};
    bool memory = buf_status(&body) == ST_OK && buf_status(&target) == ST_OK;
    if (memory)
        start_request(e, OP_PAPER, &r);
    buf_release(&body);
    buf_release(&target);
    return memory;
}

bool start_paper(struct sync_engine *e)
{
    struct errmsg err = {{0}};
    bool found = false;
    arena_reset(&e->paper_arena);
    e->paper = arena_alloc(&e->paper_arena, sizeof *e->paper);
    enum status st =
        e->paper ? store_papers_dirty(e->config.store, &e->paper_arena, e->paper, &found, &err)
                 : fail(&err, ST_NOMEM, "out of memory");
    if (st != ST_OK) {
        e->want_papers = true;
        store_failed(e, st, &err);
        return true;
    }
    if (found && e->paper->dropped && e->paper->paper.revision == 0) { /* it never left */
        st = store_paper_sent(e->config.store, e->paper, 0, &err);
        e->want_papers = st == ST_OK;
        return false;
    }
    return found && send_one(e);
}

/* Nothing of it is lost: it stays here, with the reason. */
static void refused(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct problem why;
    const char *text = _("The server does not take it.");
    if (problem_decode(e->body.data, e->body.len, a, &why, NULL) == ST_OK && *why.detail)
        text = why.detail;
    log_write(LOG_WARNING, "sync: a paper is not taken: HTTP %d", e->head.status);
    enum status st = store_paper_refused(e->config.store, e->paper, text, &err);
    if (st != ST_OK)
        store_failed(e, st, &err);
    e->want_papers = true;
    e->paper_misses = 0;
    hint(e, HINT_REFERENCE);
}

/* The centre has another text by now: its list says which, and the two are put together. */
static void missed(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    if (++e->paper_misses > MISSES_MOST) {
        refused(e, a);
        return;
    }
    enum status st = store_document_set(e->config.store, "papers", "", 0, "", &err);
    if (st != ST_OK)
        store_failed(e, st, &err);
    if (e->documents_left < PAPERS_LEFT)
        e->documents_left = PAPERS_LEFT;
    e->want_papers = true;
}

static void sent(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct paper now = {.revision = 0};
    enum status st =
        e->head.status == 204 ? ST_OK : paper_decode(e->body.data, e->body.len, a, &now, &err);
    if (st != ST_OK) {
        not_understood(e, _("papers"), &err);
        return;
    }
    st = store_paper_sent(e->config.store, e->paper, now.revision, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->failures = 0;
    e->paper_misses = 0;
    e->want_papers = true; /* there may be more */
    hint(e, HINT_REFERENCE);
}

void paper_done(struct sync_engine *e, struct arena *a)
{
    if (e->head.status / 100 == 2)
        sent(e, a);
    else if (e->head.status == 412)
        missed(e, a);
    else if (e->head.status != 404)
        refused(e, a);
    else /* a server without papers: they stay here, and are offered again with the next log-in */
        log_write(LOG_WARNING, "sync: the server takes no papers");
}

/* --- the list --------------------------------------------------------------------------------- */

/* Both texts were kept: the person hears of it once, when the console asks (store_meta "papers"). */
static enum status tell_both(struct sync_engine *e, const char *name, struct errmsg *err)
{
    return name ? store_meta_set(e->config.store, "papers", name, err) : ST_OK;
}

void papers_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct papers list;
    int both = 0;
    const char *name = NULL;
    document_taken(e);
    if (e->head.status != 200) {
        if (e->head.status != 304) /* a server without them is a server all the same */
            log_write(LOG_WARNING, "sync: no papers: HTTP %d", e->head.status);
        return;
    }
    if (papers_decode(e->body.data, e->body.len, a, &list, &err) != ST_OK) {
        log_write(LOG_ERROR, "sync: papers: %s", err.text);
        return;
    }
    enum status st = store_papers_merge(e->config.store, &list, a, &both, &name, &err);
    if (st == ST_OK)
        st = tell_both(e, name, &err);
    if (st == ST_OK)
        st = store_document_set(e->config.store, "papers", "", 0, e->etag, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->want_papers = true; /* what was put aside is new to the centre */
    hint(e, HINT_REFERENCE);
}
