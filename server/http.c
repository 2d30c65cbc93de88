#include "server/http.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/wire/protocol.h"
#include "server/presence.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <zlib.h>
#ifdef HAVE_ZSTD
#include <zstd.h>
#endif

enum {
    POOL_THREADS = 4,
    CONNECTIONS = 4000,
    IDLE_SECONDS = 60,
    HEADER_MEMORY = 64 * 1024, /* what does not fit is refused by libmicrohttpd, in HTML */
    PACK_LEAST = 1024,
    PART_BYTES = 64 * 1024, /* that libmicrohttpd asks for at once */
    GZIP_LEVEL = 4,         /* within a tenth of the best that gzip can do, in half the time */
    STREAM_SCOPE = 32,
    ZSTD_LEVEL = 1 /* smaller than gzip at its best, in a tenth of the time */
};

struct stream {
    struct stream *next;
    struct MHD_Connection *connection;
    bool suspended, pending, renewed, ping, presence, opened;
    char scope[STREAM_SCOPE]; /* whose cases it hears of */
};

struct http_server {
    struct MHD_Daemon *daemon;
    struct service *service;
    char *socket_path;
    pthread_mutex_t lock;
    struct stream *streams;
    bool stopping;
};

#define PAPERS_PATH "/v1/papers/"

struct upload {
    struct buf body;
    char *query;                 /* as it came, or NULL */
    bool escaped, too_long, nul; /* the target */
};

/* --- event streams -------------------------------------------------------------------------- */

static void add_marker(struct MHD_Response *r)
{
    char marker[PROTOCOL_MARKER];
    MHD_add_response_header(r, "Jiban-Server", protocol_marker(marker));
}

static ssize_t stream_read(void *self, uint64_t pos, char *out, size_t max)
{
    struct stream *t = self;
    struct http_server *h = NULL;
    const union MHD_ConnectionInfo *info;
    char cursor[CURSOR_SIZE], text[128];
    size_t n = 0;
    (void)pos;
    info = MHD_get_connection_info(t->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (!info || !(h = *(void *const *)info))
        return MHD_CONTENT_READER_END_OF_STREAM;
    pthread_mutex_lock(&h->lock);
    if (h->stopping) {
        pthread_mutex_unlock(&h->lock);
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (t->pending || !t->opened) {
        /* before the cursor is read: a commit in between wakes the stream once more */
        t->pending = t->ping = false;
        t->opened = true;
        pthread_mutex_unlock(&h->lock);
        service_cursor(h->service, cursor);
        pthread_mutex_lock(&h->lock);
        n = (size_t)snprintf(text, sizeof text, "event: change\nid: %s\ndata: %s\n\n", cursor,
                             cursor);
    } else if (t->renewed) {
        n = (size_t)snprintf(text, sizeof text, "event: reference\ndata:\n\n");
        t->renewed = false;
    } else if (t->presence) {
        n = (size_t)snprintf(text, sizeof text, "event: presence\ndata:\n\n");
        t->presence = false;
    } else if (t->ping) {
        n = (size_t)snprintf(text, sizeof text, "event: ping\ndata:\n\n");
        t->ping = false;
    } else {
        t->suspended = true;
        MHD_suspend_connection(t->connection);
    }
    pthread_mutex_unlock(&h->lock);
    if (n > max)
        n = max;
    memcpy(out, text, n);
    return (ssize_t)n;
}

static void stream_free(void *self)
{
    struct stream *t = self;
    struct http_server *h = NULL;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(t->connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    if (info && (h = *(void *const *)info)) {
        pthread_mutex_lock(&h->lock);
        for (struct stream **p = &h->streams; *p; p = &(*p)->next) {
            if (*p == t) {
                *p = t->next;
                break;
            }
        }
        pthread_mutex_unlock(&h->lock);
    }
    free(t);
}

static void resume(struct stream *t)
{
    if (!t->suspended)
        return;
    t->suspended = false;
    MHD_resume_connection(t->connection);
}

enum wake { WAKE_CHANGE, WAKE_REFERENCE, WAKE_PING };

static void wake(struct http_server *h, enum wake why)
{
    pthread_mutex_lock(&h->lock);
    for (struct stream *t = h->streams; t; t = t->next) {
        t->pending |= why == WAKE_CHANGE;
        t->renewed |= why == WAKE_REFERENCE;
        t->ping |= why == WAKE_PING;
        resume(t);
    }
    pthread_mutex_unlock(&h->lock);
}

void http_server_present(struct http_server *h, const char *scopes)
{
    pthread_mutex_lock(&h->lock);
    for (struct stream *t = h->streams; t; t = t->next)
        if (presence_concerns(scopes, t->scope)) {
            t->presence = true;
            resume(t);
        }
    pthread_mutex_unlock(&h->lock);
}

void http_server_notify(struct http_server *h)
{
    wake(h, WAKE_CHANGE);
}

void http_server_renewed(struct http_server *h)
{
    wake(h, WAKE_REFERENCE);
}

void http_server_ping(struct http_server *h)
{
    wake(h, WAKE_PING);
}

/* --- answers -------------------------------------------------------------------------------- */

/* "gzip;q=0" says no (RFC 9110 section 12.5.3). */
static bool accepts(struct MHD_Connection *c, const char *coding)
{
    const char *all = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Accept-Encoding");
    const char *p = all ? strstr(all, coding) : NULL;
    if (!p)
        return false;
    p += strlen(coding);
    p += strspn(p, " \t");
    if (*p != ';')
        return true;
    p += strspn(p, "; \tqQ=");
    return strtod(p, NULL) > 0;
}

static char *gzip(const struct buf *body, size_t *ret_n)
{
    z_stream z = {0};
    if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    size_t bound = deflateBound(&z, body->len);
    char *out = malloc(bound);
    z.next_in = (unsigned char *)body->data;
    z.avail_in = (uInt)body->len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (uInt)bound;
    int rc = out ? deflate(&z, Z_FINISH) : Z_MEM_ERROR;
    *ret_n = z.total_out;
    deflateEnd(&z);
    if (rc == Z_STREAM_END)
        return out;
    free(out);
    return NULL;
}

static char *zstd(const struct buf *body, size_t *ret_n)
{
#ifdef HAVE_ZSTD
    size_t bound = ZSTD_compressBound(body->len);
    char *out = malloc(bound);
    if (out)
        *ret_n = ZSTD_compress(out, bound, body->data, body->len, ZSTD_LEVEL);
    if (out && !ZSTD_isError(*ret_n))
        return out;
    free(out);
#else
    (void)body;
    (void)ret_n;
#endif
    return NULL;
}

/* NULL when it does not pay or memory is short: the plain body does as well. */
static char *pack(struct MHD_Connection *c, const struct buf *body, size_t *ret_n,
                  const char **ret_coding)
{
    char *out = NULL;
    if (body->len < PACK_LEAST)
        return NULL;
    *ret_coding = "zstd";
    if (accepts(c, "zstd"))
        out = zstd(body, ret_n);
    if (!out) {
        *ret_coding = "gzip";
        if (accepts(c, "gzip"))
            out = gzip(body, ret_n);
    }
    return out;
}

static enum MHD_Result send_stream(struct http_server *h, struct MHD_Connection *c,
                                   const char *scope)
{
    struct stream *t = calloc(1, sizeof *t);
    if (!t)
        return MHD_NO;
    t->connection = c;
    snprintf(t->scope, sizeof t->scope, "%s", scope);
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, stream_read, t, stream_free);
    if (!r) {
        free(t);
        return MHD_NO;
    }
    pthread_mutex_lock(&h->lock);
    t->next = h->streams;
    h->streams = t;
    pthread_mutex_unlock(&h->lock);
    MHD_add_response_header(r, "Content-Type", "text/event-stream");
    MHD_add_response_header(r, "Cache-Control", "no-store");
    add_marker(r);
    enum MHD_Result ok = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return ok;
}

/* --- bodies in parts ------------------------------------------------------------------------ */

struct parts {
    struct export_job *source;
    struct buf part;
    size_t at; /* of it is sent */
    bool ended;
};

static ssize_t parts_read(void *self, uint64_t pos, char *out, size_t max)
{
    struct parts *p = self;
    struct errmsg err = {{0}};
    (void)pos;
    while (p->at == p->part.len) {
        if (p->ended)
            return MHD_CONTENT_READER_END_OF_STREAM;
        buf_clear(&p->part);
        p->at = 0;
        if (export_more(p->source, &p->part, &p->ended, &err) != ST_OK) {
            log_write(LOG_ERROR, "export: %s", err.text);
            return MHD_CONTENT_READER_END_WITH_ERROR; /* the reader sees that the end is missing */
        }
    }
    size_t n = p->part.len - p->at < max ? p->part.len - p->at : max;
    memcpy(out, p->part.data + p->at, n);
    p->at += n;
    return (ssize_t)n;
}

static void parts_free(void *self)
{
    struct parts *p = self;
    export_free(p->source);
    buf_release(&p->part);
    free(p);
}

static enum MHD_Result send_parts(struct MHD_Connection *c, struct route_response *a)
{
    struct parts *p = calloc(1, sizeof *p);
    if (!p)
        return MHD_NO;
    buf_init(&p->part, LIMIT_ANSWER);
    p->source = a->parts;
    a->parts = NULL;
    struct MHD_Response *r =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PART_BYTES, parts_read, p, parts_free);
    if (!r) {
        parts_free(p);
        return MHD_NO;
    }
    MHD_add_response_header(r, "Content-Type", a->media_type);
    MHD_add_response_header(r, "Cache-Control", "no-store");
    MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
    MHD_add_response_header(r, "Content-Disposition", "attachment");
    add_marker(r);
    enum MHD_Result ok = MHD_queue_response(c, 200, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result send_answer(struct http_server *h, struct MHD_Connection *c,
                                   struct route_response *a, bool close_after)
{
    struct MHD_Response *r = NULL;
    char number[16];
    size_t n = 0;
    const char *coding = NULL;
    if (a->stream)
        return send_stream(h, c, a->scope);
    if (a->parts)
        return send_parts(c, a);
    char *packed = a->file ? NULL : pack(c, &a->body, &n, &coding);
    if (packed) {
        r = MHD_create_response_from_buffer(n, packed, MHD_RESPMEM_MUST_FREE);
    } else {
        n = a->body.len;
        char *body = buf_detach(&a->body);
        if (!body)
            return MHD_NO;
        r = MHD_create_response_from_buffer(n, body, MHD_RESPMEM_MUST_FREE);
    }
    if (!r)
        return MHD_NO;
    if (packed)
        MHD_add_response_header(r, "Content-Encoding", coding);
    if (n > 0)
        MHD_add_response_header(r, "Content-Type", a->media_type);
    MHD_add_response_header(r, "Vary", "Accept-Encoding");
    MHD_add_response_header(r, "Cache-Control", a->etag ? "no-cache" : "no-store");
    add_marker(r);
    if (a->etag)
        MHD_add_response_header(r, "ETag", a->etag);
    if (a->content_range)
        MHD_add_response_header(r, "Content-Range", a->content_range);
    if (a->file) {
        MHD_add_response_header(r, "Accept-Ranges", "bytes");
        MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
        MHD_add_response_header(r, "Content-Disposition", "attachment");
    }
    if (a->allow)
        MHD_add_response_header(r, "Allow", a->allow);
    if (a->authenticate)
        MHD_add_response_header(r, "WWW-Authenticate", "Bearer realm=\"jiban\"");
    if (a->retry_after_s > 0) {
        snprintf(number, sizeof number, "%d", a->retry_after_s);
        MHD_add_response_header(r, "Retry-After", number);
    }
    if (close_after)
        MHD_add_response_header(r, "Connection", "close");
    enum MHD_Result ok = MHD_queue_response(c, (unsigned)a->status, r);
    MHD_destroy_response(r);
    return ok;
}

static enum MHD_Result refuse(struct http_server *h, struct MHD_Connection *c, const char *url,
                              int status, const char *word, const char *title, const char *detail)
{
    struct route_response a;
    response_init(&a);
    response_refuse(&a, url, status, word, title, detail);
    enum MHD_Result ok = send_answer(h, c, &a, true);
    response_release(&a);
    return ok;
}

/* --- requests ------------------------------------------------------------------------------- */

struct framing {
    int lengths, hosts, encodings;
    bool bad;
};

/* What libmicrohttpd lets through although two readers may read it in two ways (RFC 9112 sections 3.2 and 6.3). */
static enum MHD_Result look_at_header(void *self, enum MHD_ValueKind kind, const char *name,
                                      const char *value)
{
    struct framing *f = self;
    (void)kind;
    size_t n = strlen(name);
    if (n == 0 || name[n - 1] == ' ' || name[n - 1] == '\t')
        f->bad = true;
    if (strcasecmp(name, "Content-Length") == 0) {
        f->lengths++;
        if (!value || !*value || strspn(value, "0123456789") != strlen(value))
            f->bad = true;
    } else if (strcasecmp(name, "Host") == 0) {
        f->hosts++;
    } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
        f->encodings++;
        if (!value || strcasecmp(value, "chunked") != 0)
            f->bad = true;
    }
    return MHD_YES;
}

static const char *doubt(struct MHD_Connection *c, const char *url, const char *version)
{
    struct framing f = {0};
    MHD_get_connection_values(c, MHD_HEADER_KIND, look_at_header, &f);
    if (f.bad || f.lengths > 1 || f.encodings > 1 || f.hosts > 1 || (f.lengths && f.encodings))
        return _("The length or the host of the request can be read in two ways.");
    if (f.hosts == 0 && strcmp(version, "HTTP/1.0") != 0)
        return _("The request names no host.");
    if (url[0] != '/')
        return _("Only plain paths are served.");
    return NULL;
}

static const char *argument(void *self, const char *name)
{
    return MHD_lookup_connection_value(self, MHD_GET_ARGUMENT_KIND, name);
}

static void *on_uri(void *self, const char *uri, struct MHD_Connection *c)
{
    (void)self;
    (void)c;
    /* Only names of papers need escapes, and the library has decoded them once; another path that has some is not
     * ours. */
    struct upload *u = calloc(1, sizeof *u);
    if (u) {
        buf_init(&u->body, LIMIT_BODY);
        size_t path = strcspn(uri, "?");
        u->query = uri[path] ? strdup(uri + path + 1) : NULL;
        u->escaped = memchr(uri, '%', path) != NULL &&
                     strncmp(uri, PAPERS_PATH, sizeof PAPERS_PATH - 1) != 0;
        u->nul = strstr(uri, "%00") != NULL; /* would end a value of the query early */
        u->too_long = strlen(uri) > LIMIT_TARGET;
    }
    return u;
}

/* The headers are here, the body is not: true when the answer has been given already. */
static bool refuse_early(struct http_server *h, struct MHD_Connection *c, const struct upload *u,
                         const char *url, const char *version, enum MHD_Result *ret)
{
    const char *why = doubt(c, url, version);
    const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Length");
    const union MHD_ConnectionInfo *head =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (u->too_long)
        *ret = refuse(h, c, url, 414, "too-big", _("Too large"),
                      _("The address is longer than 2,048 bytes."));
    else if (head && head->header_size > LIMIT_HEADER)
        *ret = refuse(h, c, url, 431, "too-big", _("Too large"),
                      _("The header of the request is larger than 16 KiB."));
    else if (why)
        *ret = refuse(h, c, url, 400, "framing", _("The request is not clear"), why);
    else if (u->nul)
        *ret = refuse(h, c, url, 400, "framing", _("The request is not clear"),
                      _("The address bears a NUL."));
    else if (u->escaped)
        *ret = refuse(h, c, url, 404, "not-found", _("No such address"),
                      _("There is nothing at this address; see the interface description."));
    else if (length && strtoull(length, NULL, 10) > LIMIT_BODY)
        *ret =
            refuse(h, c, url, 413, "too-big", _("Too large"), _("The body is larger than 4 MiB."));
    else
        return false;
    return true;
}

static enum MHD_Result on_request(void *self, struct MHD_Connection *c, const char *url,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **context)
{
    struct http_server *h = self;
    struct upload *u = *context;
    if (!u)
        return MHD_NO;
    static const char seen[] = "";
    if (u->body.failed == ST_OK && u->body.len == 0 && *size == 0 && u->body.cap == 0 &&
        data == NULL) {
        enum MHD_Result answered;
        if (refuse_early(h, c, u, url, version, &answered))
            return answered;
        buf_add(&u->body, seen, 1); /* marks that the first call is over; dropped below */
        return MHD_YES;
    }
    if (*size > 0) {
        buf_add(&u->body, data, *size);
        *size = 0;
        return MHD_YES;
    }
    struct route_response a;
    response_init(&a);
    enum MHD_Result ok;
    const char *scheme = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "X-Forwarded-Proto");
    if (buf_status(&u->body) != ST_OK) {
        response_refuse(&a, url, 413, "too-big", _("Too large"),
                        _("The body is larger than 4 MiB."));
        ok = send_answer(h, c, &a, true);
    } else {
        struct route_request request = {
            .method = method,
            .path = url,
            .since = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "since"),
            .limit = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "limit"),
            .argument = argument,
            .argument_self = c,
            .authorization = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Authorization"),
            .if_none_match = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-None-Match"),
            .range = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Range"),
            .content_range = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Range"),
            .if_match = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "If-Match"),
            .query = u->query,
            .content_type = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Content-Type"),
            .host = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "Host"),
            .tls = scheme && strcasecmp(scheme, "https") == 0,
            .body = u->body.data + 1,
            .body_len = u->body.len - 1};
        route_handle(h->service, &request, &a);
        ok = send_answer(h, c, &a, false);
    }
    response_release(&a);
    return ok;
}

static void on_end(void *self, struct MHD_Connection *c, void **context,
                   enum MHD_RequestTerminationCode code)
{
    struct upload *u = *context;
    (void)self;
    (void)c;
    (void)code;
    if (u) {
        buf_release(&u->body);
        free(u->query);
        free(u);
    }
    *context = NULL;
}

static void on_connection(void *self, struct MHD_Connection *c, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)c;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *socket_context = self;
}

/* --- listening ------------------------------------------------------------------------------ */

static enum status listen_unix(const char *path, int *ret, struct errmsg *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        return fail(err, ST_INVALID, _("The socket path %.80s... is longer than %zu bytes."), path,
                    sizeof address.sun_path - 1);
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    /* A socket left by a server that was killed answers nobody; one that answers is in use. */
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) {
        close(fd);
        return fail(err, ST_CONFLICT, _("Another server listens at %s."), path);
    }
    if (fd >= 0)
        close(fd);
    struct stat info;
    if (lstat(path, &info) == 0 && S_ISSOCK(info.st_mode))
        unlink(path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t mask = umask(077);
    int rc = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&address, sizeof address);
    umask(mask);
    if (rc != 0 || listen(fd, 128) != 0) {
        fail(err, ST_IO, _("Cannot listen at %s: %s"), path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return ST_IO;
    }
    *ret = fd;
    return ST_OK;
}

static enum status listen_tcp(const char *text, int *ret, struct errmsg *err)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    char host[64], *end;
    const char *colon = strrchr(text, ':');
    size_t n = colon ? (size_t)(colon - text) : 0;
    long port = colon ? strtol(colon + 1, &end, 10) : -1;
    if (!colon || n == 0 || n >= sizeof host || port < 1 || port > 65535 || *end) {
        return fail(err, ST_INVALID, _("--listen takes ADDRESS:PORT or unix:PATH, not \"%.100s\"."),
                    text);
    }
    memcpy(host, text, n);
    host[n] = '\0';
    address.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, host, &address.sin_addr) != 1) {
        return fail(err, ST_INVALID, _("\"%s\" is no IPv4 address."), host);
    }
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 128) != 0) {
        fail(err, ST_IO, _("Cannot listen at %s: %s"), text, strerror(errno));
        if (fd >= 0)
            close(fd);
        return ST_IO;
    }
    *ret = fd;
    return ST_OK;
}

__attribute__((format(printf, 2, 0))) static void on_log(void *self, const char *fmt, va_list ap)
{
    char text[512];
    (void)self;
    vsnprintf(text, sizeof text, fmt, ap);
    text[strcspn(text, "\n")] = '\0';
    log_write(LOG_DEBUG, "http: %s", text);
}

enum status http_server_start(struct service *s, const char *listen_at, const struct clock *clock,
                              struct http_server **ret, struct errmsg *err)
{
    (void)clock;
    bool local = strncmp(listen_at, "unix:", 5) == 0;
    if (service_is_practice(s) && !local)
        return fail(err, ST_DENIED,
                    _("This store is for practice: everybody's password is known. It listens on "
                      "unix:PATH only."));
    int fd = -1;
    enum status st = local ? listen_unix(listen_at + 5, &fd, err) : listen_tcp(listen_at, &fd, err);
    if (st != ST_OK)
        return st;
    struct http_server *h = calloc(1, sizeof *h);
    if (!h) {
        close(fd);
        return fail(err, ST_NOMEM, "out of memory");
    }
    h->service = s;
    h->socket_path = local ? strdup(listen_at + 5) : NULL;
    pthread_mutex_init(&h->lock, NULL);
    h->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)POOL_THREADS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADER_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_URI_LOG_CALLBACK, on_uri, NULL, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
    if (!h->daemon) {
        close(fd);
        free(h->socket_path);
        free(h);
        return fail(err, ST_IO, _("The HTTP server does not start."));
    }
    *ret = h;
    return ST_OK;
}

void http_server_stop(struct http_server *h)
{
    if (!h)
        return;
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_mutex_unlock(&h->lock);
    wake(h, false);
    MHD_stop_daemon(h->daemon);
    if (h->socket_path)
        unlink(h->socket_path);
    free(h->socket_path);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
