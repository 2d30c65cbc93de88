/*
 * transport.h: the line, passed in. http.c gives one over libcurl; the simulator gives its own.
 *
 * A transport carries requests and tells the engine what comes back. It never decides to retry,
 * never follows a redirect, never sends the token to another origin than the configured one.
 * Threads: all calls happen in the thread that drives the engine.
 */
#ifndef JIBAN_SYNC_TRANSPORT_H
#define JIBAN_SYNC_TRANSPORT_H

#include "core/base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_NONE = 0 };

struct request {
    uint32_t id;                       /* chosen by the engine, never REQUEST_NONE */
    const char *method;                /* "GET" "POST" "PUT" "DELETE" */
    const char *target;                /* "/v1/changes?since=..." */
    const char *token;                 /* bearer token or NULL */
    const char *etag;                  /* If-None-Match or NULL */
    const char *match;                 /* If-Match or NULL */
    const char *range, *content_range; /* headers of pieces of a file, or NULL */
    const void *body;                  /* copied by the transport before start returns */
    size_t body_len;
    bool stream;  /* SSE: stays open, no time limit but silence */
    size_t limit; /* most unpacked bytes to deliver; more ends it with ST_TOOBIG */
};
struct response_head {
    int status;
    const char *media_type; /* without parameters, lower case; "" if none */
    const char *etag;       /* "" if none */
    const char *marker;     /* value of the Jiban-Server header; "" = not our server (a portal) */
    int64_t retry_after_s;  /* -1 if none or not a plain number or date */
    int64_t date_ms;        /* Date header or TIME_NONE */
};

/* What the transport calls. head and data may be called before start returns, done never. */
struct transport_events {
    void *self;
    void (*head)(void *self, uint32_t id, const struct response_head *head);
    void (*data)(void *self, uint32_t id, const char *data, size_t n);
    /* st ST_OK: the transport saw a regular end (which proves nothing: content is the judge).
     * detail: text for a person. */
    void (*done)(void *self, uint32_t id, enum status st, const char *detail);
};

struct transport {
    void *self;
    enum status (*start)(void *self, const struct request *r, struct errmsg *err);
    void (*cancel)(void *self, uint32_t id); /* no done follows */
};

#endif
