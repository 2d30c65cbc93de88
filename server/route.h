/*
 * route.h: from a request to an answer, without any HTTP library: tests and the simulator call it too.
 *
 * Ownership: what an answer points to lies in its arena and buffer; response_release gives them back.
 * Threads: may be called from any thread.
 */
#ifndef JIBAN_SERVER_ROUTE_H
#define JIBAN_SERVER_ROUTE_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "server/export.h"
#include "server/service.h"

enum {
    LIMIT_BODY = 4 * 1024 * 1024,
    LIMIT_TARGET = 2048,
    LIMIT_HEADER = 16 * 1024,
    LIMIT_CHANGES = 5000,
    LIMIT_ANSWER = 256 * 1024 * 1024
};

struct route_request {
    const char *method, *path; /* path decoded: the names of papers alone need escapes */
    const char *since, *limit; /* query of /v1/changes, or NULL */
    /* Any other value of the query, NULL when it is not there; NULL where a request has no query. */
    const char *(*argument)(void *self, const char *name);
    void *argument_self;
    const char *query;                 /* as it came, or NULL */
    const char *content_type;          /* header value or NULL */
    const char *host;                  /* header value or NULL */
    bool tls;                          /* the client came by TLS, says who stands before us */
    const char *authorization;         /* header value or NULL */
    const char *if_none_match;         /* header value or NULL */
    const char *if_match;              /* header value or NULL */
    const char *range, *content_range; /* header values or NULL */
    const void *body;
    size_t body_len;
};
struct route_response {
    struct arena arena;
    struct buf body;
    int status;
    const char *media_type;
    const char *etag;          /* NULL: none */
    const char *content_range; /* NULL: none */
    bool file;                 /* the body goes as it is, to be kept and not shown */
    const char *allow;         /* for 405 */
    bool stream;               /* /v1/events: the caller keeps the connection */
    struct export_job *parts;  /* the body comes of it; NULL: it is there */
    bool authenticate;         /* 401: WWW-Authenticate */
    int retry_after_s;         /* 0: none */
    const char *scope;         /* for the stream */
};

/* One call on its way; what the functions of routes.def get. */
struct call {
    struct service *service;
    const struct route_request *request;
    struct route_response *response;
    struct actor actor;
    const char *token;
    const char *path; /* as the routes are written; lies in the answer's arena */
    const char *rest; /* what stands for {id}, or for {kind}/{scope}/{name} */
    bool test;        /* came by the test endpoint of Open311 */
};

/* "Bearer TOKEN" (RFC 6750, 2.1): the token, NULL for anything else. */
const char *bearer(const char *authorization);
void route_handle(struct service *s, const struct route_request *request,
                  struct route_response *ret);
void response_init(struct route_response *r);
void response_release(struct route_response *r);
/* Turns r into a problem (RFC 9457). word: last part of its type. */
void response_problem(struct route_response *r, int status, const char *word, const char *title,
                      const char *detail);
/* The same, but as the path asks for it: below /open311 as XML or JSON of Open311. */
void response_refuse(struct route_response *r, const char *path, int status, const char *word,
                     const char *title, const char *detail);
/* The beginning of every answer that refuses: an empty body, no tag, counted. */
void response_failed(struct route_response *r, int status, const char *media_type);
/* st is not ST_OK. */
void call_failed(struct call *c, enum status st, const struct errmsg *err);
void route_print(struct buf *out); /* the table, for documents and tests */

#endif
