/* engine_documents.c: fetches reference data and the checkpoints of the audit log. */
#include "core/sync/engine_own.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include <string.h>

enum {
    CHECKPOINTS_EVERY_MS =
        60 * MS_MINUTE /* as often as a server that has something to say makes one */
};

/* The last one is for those who keep the audit log's checkpoints: what comes is added to what was kept. */
static const struct {
    const char *name, *target;
} document[] = {{"policy", "/v1/policy"},
                {"calendar", "/v1/calendar"},
                {"people", "/v1/people"},
                {"catalogue", "/v1/catalogue"},
                {"emergencies", "/v1/emergencies"},
                {"papers", "/v1/papers"},
                {"checkpoints", "/v1/audit/checkpoints"}};
_Static_assert(DOCUMENTS == sizeof document / sizeof *document, "each is asked for");

void start_document(struct sync_engine *e)
{
    struct arena a;
    arena_init(&a, 0);
    int i = DOCUMENTS - e->documents_left;
    const char *body, *etag = "";
    size_t len;
    if (store_document_get(e->config.store, document[i].name, &a, &body, &len, &etag, NULL) !=
        ST_OK)
        etag = "";
    struct request r = {.method = "GET",
                        .target = document[i].target,
                        .token = e->token,
                        .etag = *etag ? etag : NULL,
                        .limit = 16 * SMALL_BODY};
    start_request(e, OP_DOCUMENT, &r);
    arena_release(&a);
}

/* A document that does not decode would take the rules away that are there. */
static enum status check_document(const char *name, const struct buf *body, struct arena *a,
                                  struct errmsg *err)
{
    if (strcmp(name, "policy") == 0)
        return policy_decode(body->data, body->len, a, &(struct policy){0}, err);
    if (strcmp(name, "calendar") == 0)
        return calendar_decode(body->data, body->len, &(struct calendar){0}, err);
    if (strcmp(name, "catalogue") == 0)
        return catalogue_decode(body->data, body->len, a, &(struct catalogue){0}, err);
    if (strcmp(name, "emergencies") == 0)
        return emergencies_decode(body->data, body->len, a, &(struct emergencies){0}, err);
    return reference_decode(body->data, body->len, a, &(struct reference){0}, err);
}

/* Adds what came to what was kept. A log that is not the one that was kept is told of, and nothing of it is taken. */
static void checkpoints_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    const char *kept = "", *etag;
    size_t n = 0;
    int n_new = 0;
    struct buf all;
    e->documents_left--;
    e->checkpoints_ms = now_mono(e) + CHECKPOINTS_EVERY_MS;
    if (e->head.status != 200) { /* a server without them is a server all the same */
        log_write(LOG_WARNING, "sync: no checkpoints of the audit log: HTTP %d", e->head.status);
        return;
    }
    buf_init(&all, SIZE_MAX / 2);
    enum status st = store_document_get(e->config.store, "checkpoints", a, &kept, &n, &etag, &err);
    if (st == ST_OK || st == ST_NOT_FOUND) {
        st = checkpoints_add(kept, n, e->body.data, e->body.len, &all, &n_new, &err);
        if (st == ST_OK && n_new > 0)
            st = store_document_set(e->config.store, "checkpoints", all.data, all.len, "", &err);
        else if (st != ST_OK)
            log_write(LOG_ERROR, "sync: %s", err.text);
        if (st == ST_CORRUPT)
            st = store_meta_set(e->config.store, "audit", err.text, NULL);
        else if (st == ST_OK)
            st = store_meta_set(e->config.store, "audit", "", &err);
    }
    buf_release(&all);
    if (st != ST_OK)
        store_failed(e, st, &err);
    else
        hint(e, HINT_REFERENCE);
}

void document_taken(struct sync_engine *e)
{
    e->documents_left--;
    if (e->documents_left == CHECKPOINTS_LEFT && !e->keeps_checkpoints)
        e->documents_left = 0;
}

void document_done(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    const char *name = document[DOCUMENTS - e->documents_left].name;
    if (e->documents_left == CHECKPOINTS_LEFT) {
        checkpoints_done(e, a);
        return;
    }
    if (e->documents_left == PAPERS_LEFT) {
        papers_done(e, a);
        return;
    }
    if (e->head.status == 200) {
        if (check_document(name, &e->body, a, &err) != ST_OK) {
            not_understood(e, name, &err);
            return;
        }
        enum status st =
            store_document_set(e->config.store, name, e->body.data, e->body.len, e->etag, &err);
        if (st != ST_OK) {
            store_failed(e, st, &err);
            return;
        }
        hint(e, HINT_REFERENCE);
    } else if (e->head.status != 304) {
        line_failed(e, LINE_OFFLINE, _("The server does not give its reference data."));
        return;
    }
    document_taken(e);
}
