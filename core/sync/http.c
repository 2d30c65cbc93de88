#include "core/sync/http.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/sync/libcurl.h"
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    CONNECT_SECONDS = 10,
    SLOW_BYTES =
        30, /* a line slower than this for so many seconds is given up; the next try goes on */
    SLOW_SECONDS = 60,
    HEADER_BYTES = 64 * 1024,
    HEADER_LINES = 200,
    STREAM_REST_MS = 1000 /* after something came over a stream, until it is listened to again */
};

static struct libcurl curl; /* of all lines of the process; filled by load_curl */

struct transfer {
    struct transfer *next;
    struct http *http;
    uint32_t id;
    CURL *easy;
    struct curl_slist *headers;
    char *body;
    size_t limit, got, header_bytes, header_lines;
    bool head_told, too_big, header_too_big, stream, heard, rests;
    char media_type[64], etag[128], marker[64];
    int64_t retry_after_s, date_ms;
    char error[CURL_ERROR_SIZE];
};

struct http {
    CURLM *multi;
    char *origin, *socket_path, *ca_file;
    bool https;
    const char *codings;
    struct transfer *transfers;
    int64_t stream_again_ms; /* until then streams rest, monotonic; 0: none does */
    struct transport transport;
    struct transport_events events;
};

static void transfer_free(struct transfer *t)
{
    curl.multi_remove_handle(t->http->multi, t->easy);
    curl.easy_cleanup(t->easy);
    curl.slist_free_all(t->headers);
    free(t->body);
    free(t);
}

static void tell_head(struct transfer *t)
{
    long status = 0;
    if (t->head_told)
        return;
    t->head_told = true;
    curl.easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    struct response_head head = {.status = (int)status,
                                 .media_type = t->media_type,
                                 .etag = t->etag,
                                 .marker = t->marker,
                                 .retry_after_s = t->retry_after_s,
                                 .date_ms = t->date_ms};
    t->http->events.head(t->http->events.self, t->id, &head);
}

static size_t on_body(char *data, size_t size, size_t n, void *user)
{
    struct transfer *t = user;
    n *= size;
    tell_head(t);
    if (n > t->limit - t->got) { /* counted after unpacking: a small body can be a bomb */
        t->too_big = true;
        return 0;
    }
    t->got += n;
    t->heard = t->stream;
    t->http->events.data(t->http->events.self, t->id, data, n);
    return n;
}

/* Value of a header line if it bears the name; trimmed into out. */
static bool header_is(const char *line, size_t n, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);
    if (n <= len || strncasecmp(line, name, len) != 0 || line[len] != ':')
        return false;
    const char *begin = line + len + 1, *end = line + n;
    while (begin < end && (*begin == ' ' || *begin == '\t'))
        begin++;
    while (end > begin && isspace((unsigned char)end[-1]))
        end--;
    size_t value = (size_t)(end - begin);
    if (value >= size)
        value = size - 1;
    memcpy(out, begin, value);
    out[value] = '\0';
    return true;
}

static int64_t read_retry_after(const char *text)
{
    int64_t s = 0;
    if (!*text)
        return -1;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9') {
            s = -1;
            break;
        }
        if (s < 100000000)
            s = s * 10 + (*p - '0');
    }
    if (s >= 0)
        return s;
    time_t date = curl.getdate(text, NULL);
    if (date < 0)
        return -1;
    int64_t wait = (int64_t)date - clock_wall(&clock_system) / MS_SECOND;
    return wait < 0 ? -1 : wait;
}

static size_t on_header(char *line, size_t size, size_t n, void *user)
{
    struct transfer *t = user;
    char value[128];
    n *= size;
    t->header_bytes += n;
    t->header_lines++;
    if (t->header_bytes > HEADER_BYTES || t->header_lines > HEADER_LINES) {
        t->header_too_big = true;
        return 0;
    }
    if (n >= 5 && memcmp(line, "HTTP/", 5) == 0) { /* a new answer after a 1xx */
        t->media_type[0] = t->etag[0] = t->marker[0] = '\0';
        t->retry_after_s = -1;
        t->date_ms = TIME_NONE;
    } else if (header_is(line, n, "Content-Type", value, sizeof value)) {
        value[strcspn(value, "; ")] = '\0';
        for (char *p = value; *p; p++)
            *p = (char)tolower((unsigned char)*p);
        snprintf(t->media_type, sizeof t->media_type, "%.63s", value);
    } else if (header_is(line, n, "ETag", value, sizeof value)) {
        snprintf(t->etag, sizeof t->etag, "%s", value);
    } else if (header_is(line, n, "Jiban-Server", value, sizeof value)) {
        snprintf(t->marker, sizeof t->marker, "%.63s", value);
    } else if (header_is(line, n, "Retry-After", value, sizeof value)) {
        t->retry_after_s = read_retry_after(value);
    } else if (header_is(line, n, "Date", value, sizeof value)) {
        time_t date = curl.getdate(value, NULL);
        if (date >= 0)
            t->date_ms = (int64_t)date * MS_SECOND;
    }
    return n;
}

static enum status start(void *self, const struct request *r, struct errmsg *err)
{
    struct http *h = self;
    char url[2048], line[512];
    struct transfer *t = calloc(1, sizeof *t);
    if (!t || !(t->easy = curl.easy_init())) {
        free(t);
        return fail(err, ST_NOMEM, "out of memory");
    }
    t->http = h;
    t->id = r->id;
    t->limit = r->limit;
    t->stream = r->stream;
    t->retry_after_s = -1;
    t->date_ms = TIME_NONE;
    t->headers = curl.slist_append(t->headers, "Cache-Control: no-store");
    t->headers =
        curl.slist_append(t->headers, r->stream ? "Accept: text/event-stream"
                                                : "Accept: application/json, application/x-ndjson");
    if (r->token) {
        snprintf(line, sizeof line, "Authorization: Bearer %s", r->token);
        t->headers = curl.slist_append(t->headers, line);
        explicit_bzero(line, sizeof line);
    }
    if (r->etag) {
        snprintf(line, sizeof line, "If-None-Match: %s", r->etag);
        t->headers = curl.slist_append(t->headers, line);
    }
    if (r->range) {
        snprintf(line, sizeof line, "Range: %s", r->range);
        t->headers = curl.slist_append(t->headers, line);
    }
    if (r->content_range) {
        snprintf(line, sizeof line, "Content-Range: %s", r->content_range);
        t->headers = curl.slist_append(t->headers, line);
    }
    if (r->match) {
        snprintf(line, sizeof line, "If-Match: %s", r->match);
        t->headers = curl.slist_append(t->headers, line);
    }
    CURL *c = t->easy;
    bool put = strcmp(r->method, "PUT") == 0;
    if (put)
        curl.easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
    if (put || strcmp(r->method, "POST") == 0) {
        t->body = malloc(r->body_len + 1);
        if (!t->body) {
            transfer_free(t);
            return fail(err, ST_NOMEM, "out of memory");
        }
        memcpy(t->body, r->body ? r->body : "", r->body_len);
        t->headers = curl.slist_append(t->headers, r->content_range
                                                       ? "Content-Type: application/octet-stream"
                                                       : "Content-Type: application/json");
        t->headers = curl.slist_append(t->headers, "Expect:");
        curl.easy_setopt(c, CURLOPT_POST, 1L);
        curl.easy_setopt(c, CURLOPT_POSTFIELDS, t->body);
        curl.easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body_len);
    } else if (strcmp(r->method, "GET") != 0) {
        curl.easy_setopt(c, CURLOPT_CUSTOMREQUEST, r->method);
    }
    snprintf(url, sizeof url, "%s%s", h->origin, r->target);
    curl.easy_setopt(c, CURLOPT_URL, url);
    curl.easy_setopt(c, CURLOPT_HTTPHEADER, t->headers);
    curl.easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl.easy_setopt(c, CURLOPT_PROXY, h->socket_path ? "" : NULL);
    curl.easy_setopt(c, CURLOPT_ACCEPT_ENCODING, r->stream || h->socket_path ? NULL : h->codings);
    curl.easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl.easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl.easy_setopt(c, CURLOPT_ERRORBUFFER, t->error);
    curl.easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl.easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl.easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl.easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl.easy_setopt(c, CURLOPT_PRIVATE, t);
    curl.easy_setopt(c, CURLOPT_BUFFERSIZE, 256L * 1024);
    curl.easy_setopt(c, CURLOPT_USERAGENT, "jiban");
    if (h->socket_path)
        curl.easy_setopt(c, CURLOPT_UNIX_SOCKET_PATH, h->socket_path);
    if (h->ca_file[0])
        curl.easy_setopt(c, CURLOPT_CAINFO, h->ca_file);
    if (!r->stream) {
        curl.easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
        curl.easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_SECONDS);
    }
    if (curl.multi_add_handle(h->multi, c) != CURLM_OK) {
        transfer_free(t);
        return fail(err, ST_IO, "libcurl takes no more requests");
    }
    t->next = h->transfers;
    h->transfers = t;
    /* It leaves now: whoever asked may be busy with the last answer before the next http_run. */
    int running = 0;
    curl.multi_perform(h->multi, &running);
    return ST_OK;
}

static struct transfer *take(struct http *h, const struct transfer *t)
{
    for (struct transfer **p = &h->transfers; *p; p = &(*p)->next) {
        if (*p == t) {
            struct transfer *found = *p;
            *p = found->next;
            return found;
        }
    }
    return NULL;
}

static void cancel(void *self, uint32_t id)
{
    struct http *h = self;
    for (struct transfer *t = h->transfers; t; t = t->next) {
        if (t->id == id) {
            transfer_free(take(h, t));
            return;
        }
    }
}

/* What a person can do about it, before what libcurl says; libcurl alone where that is clear enough. */
static void explain(const struct transfer *t, CURLcode code, char *out, size_t size)
{
    const char *why = t->error[0] ? t->error : curl.easy_strerror(code);
    if (t->header_too_big)
        why = _("The header of the server's answer is larger than the limit.");
    else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY)
        why = t->http->https
                  ? _("What answers there does not speak HTTP.")
                  : _("What answers there does not speak HTTP; is the address https://?");
    else if (code == CURLE_SSL_CONNECT_ERROR) {
        snprintf(out, size, _("No TLS connection (%.200s); is the address http://?"), why);
        return;
    }
    if (code == CURLE_OPERATION_TIMEDOUT)
        snprintf(out, size, _("The server is silent or too slow (%.200s)."), why);
    else
        snprintf(out, size, "%s", why);
}

static void finish(struct http *h, struct transfer *t, CURLcode code)
{
    char detail[CURL_ERROR_SIZE + 256];
    enum status st = ST_OK;
    detail[0] = '\0';
    if (t->too_big) {
        st = ST_TOOBIG;
        snprintf(detail, sizeof detail, "%s", _("The server's answer is larger than the limit."));
    } else if (code != CURLE_OK) {
        st = code == CURLE_OPERATION_TIMEDOUT ? ST_TIMEOUT : ST_OFFLINE;
        explain(t, code, detail, sizeof detail);
    } else {
        tell_head(t);
    }
    uint32_t id = t->id;
    transfer_free(take(h, t));
    h->events.done(h->events.self, id, st, detail);
}

/* Tells of transfers that have ended; true if there was one. */
static bool tell_ended(struct http *h)
{
    int left = 0;
    bool any = false;
    CURLMsg *msg;
    while ((msg = curl.multi_info_read(h->multi, &left))) {
        struct transfer *t = NULL;
        if (msg->msg != CURLMSG_DONE)
            continue;
        CURLcode code = msg->data.result;
        curl.easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **)&t);
        if (t)
            finish(h, t, code);
        any = true;
    }
    return any;
}

/* Many changes in a row (others work, the server archives) are many messages; each would wake the thread. So a stream over
 * which something came rests for a moment: what comes meanwhile lies in the socket and is heard together. */
static void streams_rest(struct http *h)
{
    for (struct transfer *t = h->transfers; t; t = t->next) {
        if (!t->heard || t->rests)
            continue;
        t->heard = false;
        t->rests = curl.easy_pause(t->easy, CURLPAUSE_RECV) == CURLE_OK;
        if (t->rests && h->stream_again_ms == 0)
            h->stream_again_ms = clock_mono(&clock_system) + STREAM_REST_MS;
    }
}

static struct transfer *resting(const struct http *h)
{
    struct transfer *t = h->transfers;
    while (t && !t->rests)
        t = t->next;
    return t;
}

static void streams_go_on(struct http *h)
{
    if (h->stream_again_ms == 0 || clock_mono(&clock_system) < h->stream_again_ms)
        return;
    h->stream_again_ms = 0;
    for (struct transfer *t; (t = resting(h)) != NULL;) {
        t->rests = false;
        /* Tells what has come, and whoever hears it may cancel. */
        curl.easy_pause(t->easy, CURLPAUSE_CONT);
    }
}

/* Not longer than streams rest. */
static int wait_of(const struct http *h, int wait_ms)
{
    if (h->stream_again_ms == 0)
        return wait_ms;
    int64_t left = h->stream_again_ms - clock_mono(&clock_system);
    return left <= 0 ? 0 : left < wait_ms ? (int)left : wait_ms;
}

void http_run(struct http *h, int wait_ms)
{
    int running = 0;
    streams_go_on(h);
    curl.multi_perform(h->multi, &running);
    /* A transfer may end right here; waiting then would wait for a socket that has nothing more to say. */
    bool ended = tell_ended(h);
    streams_rest(h);
    wait_ms = wait_of(h, wait_ms);
    if (ended || wait_ms <= 0)
        return;
    curl.multi_poll(h->multi, NULL, 0, wait_ms, NULL);
    curl.multi_perform(h->multi, &running);
    tell_ended(h);
    streams_rest(h);
}

void http_wake(struct http *h)
{
    curl.multi_wakeup(h->multi);
}

static bool loopback(const char *host)
{
    return strncmp(host, "127.", 4) == 0 || strncmp(host, "localhost", 9) == 0 ||
           strncmp(host, "[::1]", 5) == 0;
}

/* By the first line of the process, under the lock. */
static enum status load_curl(struct errmsg *err)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    enum status st = ST_OK;
    pthread_mutex_lock(&lock);
    if (!curl.global_init) {
        st = libcurl_load(CURL_SONAME, &curl, err);
        if (st == ST_OK)
            curl.global_init(CURL_GLOBAL_DEFAULT);
    }
    pthread_mutex_unlock(&lock);
    return st;
}

enum status http_check(const char *url, bool allow_plain, struct errmsg *err)
{
    bool https = strncmp(url, "https://", 8) == 0, plain = strncmp(url, "http://", 7) == 0;
    bool local = strncmp(url, "unix:", 5) == 0;
    const char *host = url + (https ? 8 : 7);
    if (!https && !plain && !local)
        return fail(err, ST_INVALID,
                    _("The server address \"%s\" is not understood. It is https://HOST[:PORT], "
                      "http://127.0.0.1:PORT or unix:PATH."),
                    url);
    if (!local && (strchr(host, '/') || strchr(host, '@') || !*host))
        return fail(err, ST_INVALID, _("The server address \"%s\" has more than host and port."),
                    url);
    if (plain && !loopback(host) && !allow_plain)
        return fail(
            err, ST_INVALID,
            _("\"%s\" would send passwords and personal data unprotected. Use https://, or set "
              "allow_plain_http in the configuration."),
            url);
    return ST_OK;
}

enum status http_new(const char *url, const char *ca_file, bool allow_plain, struct http **ret,
                     struct errmsg *err)
{
    enum status st = http_check(url, allow_plain, err);
    if (st == ST_OK)
        st = load_curl(err);
    if (st != ST_OK)
        return st;
    bool https = strncmp(url, "https://", 8) == 0, local = strncmp(url, "unix:", 5) == 0;
    struct http *h = calloc(1, sizeof *h);
    if (!h)
        return fail(err, ST_NOMEM, "out of memory");
    h->https = https;
    /* Not "all": brotli may take much memory to unpack. */
    h->codings =
        curl.version_info(CURLVERSION_NOW)->features & CURL_VERSION_ZSTD ? "zstd, gzip" : "gzip";
    h->origin = strdup(local ? "http://localhost" : url);
    h->socket_path = local ? strdup(url + 5) : NULL;
    h->ca_file = strdup(ca_file ? ca_file : "");
    h->multi = curl.multi_init();
    h->transport = (struct transport){.self = h, .start = start, .cancel = cancel};
    if (!h->origin || !h->ca_file || !h->multi || (local && !h->socket_path)) {
        http_free(h);
        return fail(err, ST_NOMEM, "out of memory");
    }
    *ret = h;
    return ST_OK;
}

void http_free(struct http *h)
{
    if (!h)
        return;
    while (h->transfers)
        transfer_free(take(h, h->transfers));
    if (h->multi)
        curl.multi_cleanup(h->multi);
    free(h->origin);
    free(h->socket_path);
    free(h->ca_file);
    free(h);
}

struct transport *http_transport(struct http *h)
{
    return &h->transport;
}

void http_set_events(struct http *h, const struct transport_events *events)
{
    h->events = *events;
}
