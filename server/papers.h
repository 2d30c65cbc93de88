/*
 * papers.h: papers at the centre: who hears of which, and how one is written without losing another.
 *
 * Purpose: GET, PUT and DELETE below /v1/papers. Who writes says which text he has seen (RFC 9110, If-Match with the
 *          revision, or If-None-Match: * for what is new); what was seen by nobody is never overwritten.
 * Ownership: results lie in the arena or buffer given.
 * Errors: ST_INVALID, ST_TOOBIG (name, length), ST_DENIED, ST_CONFLICT (too many of them), ST_NOT_FOUND (no such kind).
 * Threads: those of service.h.
 */
#ifndef JIBAN_SERVER_PAPERS_H
#define JIBAN_SERVER_PAPERS_H

#include "core/wire/paper.h"
#include "server/route.h"
#include "server/service.h"

/* The list for a person: own ones, those of the office, and of the units above it up to the hotline. */
enum status service_papers(struct service *s, const struct actor *who, struct buf *out,
                           struct errmsg *err);

enum paper_answer {
    PAPER_WRITTEN,
    PAPER_MADE, /* there was none of the name */
    PAPER_DROPPED,
    PAPER_OTHER,       /* the condition does not hold (412) */
    PAPER_NO_CONDITION /* none was given (428) */
};
struct paper_job {
    const struct actor *who;
    enum paper_kind kind;
    enum paper_scope scope;
    const char *name;
    const char *owner,
        *body; /* body NULL: it is to be thrown away, and the owner is the person's */
    const char *match, *no_match; /* If-Match, If-None-Match; NULL where not given */
};
/* present: what is there now, afterwards or instead; revision 0: nothing. */
enum status service_paper(struct service *s, const struct paper_job *job, struct arena *a,
                          enum paper_answer *ret, struct paper *present, struct errmsg *err);

/* Of routes.def (route_papers.c). The ETag of a paper is its revision. */
void route_papers(struct call *c);
void route_paper_put(struct call *c);
void route_paper_drop(struct call *c);

#endif
