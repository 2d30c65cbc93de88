/*
 * http.h: a transport over libcurl (multi interface).
 *
 * Redirects are not followed, the token goes to the configured origin only, answers are unpacked
 * (zstd, gzip) and their unpacked size is bounded, headers are bounded (64 KiB, 200 lines). Threads: all
 * calls but http_wake happen in one thread; http_wake may come from any.
 */
#ifndef JIBAN_SYNC_HTTP_H
#define JIBAN_SYNC_HTTP_H

#include "core/sync/transport.h"

struct http;
/* Is the address one that http_new takes? Costs nothing: no name is looked up. */
enum status http_check(const char *url, bool allow_plain, struct errmsg *err);
/* url: https://HOST[:PORT], http://127.0.0.1:PORT (other hosts need allow_plain) or unix:PATH.
 * ST_INVALID says what is wrong with it. ca_file: "" = the system's. */
enum status http_new(const char *url, const char *ca_file, bool allow_plain, struct http **ret,
                     struct errmsg *err);
void http_free(struct http *h);
struct transport *http_transport(struct http *h);
void http_set_events(struct http *h, const struct transport_events *events);
/* Moves bytes; waits at most wait_ms for something to happen. */
void http_run(struct http *h, int wait_ms);
void http_wake(struct http *h);

#endif
