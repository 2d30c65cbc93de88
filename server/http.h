/*
 * http.h: the wire: libmicrohttpd behind one door; limits, compression, event streams.
 *
 * Threads: http_start makes its own threads (a pool); the other functions may be called from any thread.
 */
#ifndef JIBAN_SERVER_HTTP_H
#define JIBAN_SERVER_HTTP_H

#include "core/base/clock.h"
#include "server/service.h"

struct http_server;
/* listen: 127.0.0.1:PORT (also another address) or unix:PATH. */
enum status http_server_start(struct service *s, const char *listen, const struct clock *clock,
                              struct http_server **ret, struct errmsg *err);
void http_server_stop(struct http_server *h);
/* There is something new: wakes the event streams. Also reference data that is another, and the 15 s ping. */
void http_server_notify(struct http_server *h);
void http_server_renewed(struct http_server *h);
void http_server_ping(struct http_server *h);
/* Others are at a case than before; the streams of those scopes hear of it (presence.h). */
void http_server_present(struct http_server *h, const char *scopes);

#endif
