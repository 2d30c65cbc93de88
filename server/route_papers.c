/* route_papers.c: the three routes of papers.h. */
#include "server/papers.h"
#include "core/base/i18n.h"
#include "server/documents.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void route_papers(struct call *c)
{
    struct errmsg err = {{0}};
    struct buf *body = &c->response->body;
    char etag[64];
    enum status st = service_papers(c->service, &c->actor, body, &err);
    if (st != ST_OK) {
        buf_clear(body);
        call_failed(c, st, &err);
        return;
    }
    documents_tag(body->data, body->len, etag);
    c->response->etag = arena_strdup(&c->response->arena, etag);
    if (c->request->if_none_match && strstr(c->request->if_none_match, etag)) {
        buf_clear(body);
        c->response->status = 304;
    }
}

/* Splits kind/scope/name, of which path_fits has counted the slashes. */
static enum status read_rest(struct call *c, struct paper_job *job, struct errmsg *err)
{
    struct arena *a = &c->response->arena;
    const char *slash = strchr(c->rest, '/'), *name = strrchr(c->rest, '/');
    job->kind = paper_find(arena_strndup(a, c->rest, (size_t)(slash - c->rest)));
    job->scope = paper_scope_find(arena_strndup(a, slash + 1, (size_t)(name - slash - 1)));
    job->name = name + 1;
    if (job->kind == PAPER_COUNT || job->scope == PAPER_SCOPES)
        return fail(err, ST_NOT_FOUND, _("There is no such kind of paper."));
    return ST_OK;
}

static void refuse(struct call *c, enum paper_answer answer, const struct paper *present)
{
    if (answer == PAPER_NO_CONDITION) {
        response_problem(
            c->response, 428, "condition", _("Say what you have seen"),
            _("Give If-Match with the ETag of the text that is to be replaced, or If-None-Match: * "
              "for a new one."));
        return;
    }
    response_problem(c->response, 412, "other", _("There is another text by now"),
                     present->revision ? _("Somebody has changed it; yours was not written.")
                                       : _("Somebody has thrown it away; yours was not written."));
    if (present->revision) { /* an extension member: RFC 9457 section 3.2 */
        c->response->body.len--;
        buf_puts(&c->response->body, ",\"present\":");
        paper_encode(&c->response->body, present);
        buf_putc(&c->response->body, '}');
    }
}

static void answer(struct call *c, const struct paper_job *job)
{
    struct errmsg err = {{0}};
    enum paper_answer found = PAPER_OTHER;
    struct paper present;
    enum status st = service_paper(c->service, job, &c->response->arena, &found, &present, &err);
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    if (found == PAPER_OTHER || found == PAPER_NO_CONDITION) {
        refuse(c, found, &present);
        return;
    }
    c->response->status = found == PAPER_DROPPED ? 204 : found == PAPER_MADE ? 201 : 200;
    if (found == PAPER_DROPPED)
        return;
    c->response->etag = arena_printf(&c->response->arena, "\"%" PRId64 "\"", present.revision);
    paper_encode(&c->response->body, &present);
}

static struct paper_job job_of(const struct call *c)
{
    return (struct paper_job){
        .who = &c->actor, .match = c->request->if_match, .no_match = c->request->if_none_match};
}

void route_paper_put(struct call *c)
{
    struct errmsg err = {{0}};
    struct paper_job job = job_of(c);
    enum status st = read_rest(c, &job, &err);
    if (st == ST_OK)
        st = paper_wanted_decode(c->request->body, c->request->body_len, &c->response->arena,
                                 &job.owner, &job.body, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        answer(c, &job);
}

void route_paper_drop(struct call *c)
{
    struct errmsg err = {{0}};
    struct paper_job job = job_of(c);
    enum status st = read_rest(c, &job, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        answer(c, &job);
}
