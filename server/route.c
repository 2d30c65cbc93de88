#include "server/route.h"
#include "core/base/i18n.h"
#include "core/base/log.h"
#include "core/case/attached.h"
#include "server/blobs.h"
#include "server/emergency.h"
#include "server/open311.h"
#include "server/papers.h"
#include "server/presence.h"
#include "server/terminals.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ROUTE(method, path, session, function, text) static void function(struct call *c);
ROUTE("", "", 0, route_login, "")
ROUTE("", "", 0, route_logout, "")
ROUTE("", "", 0, route_changes, "")
ROUTE("", "", 0, route_commands, "")
ROUTE("", "", 0, route_stream, "")
ROUTE("", "", 0, route_case, "")
ROUTE("", "", 0, route_earlier, "")
ROUTE("", "", 0, route_blob_put, "")
ROUTE("", "", 0, route_blob_get, "")
ROUTE("", "", 0, route_assessment, "")
ROUTE("", "", 0, route_export, "")
ROUTE("", "", 0, route_document, "")
ROUTE("", "", 0, route_emergency_open, "")
ROUTE("", "", 0, route_emergency_close, "")
ROUTE("", "", 0, route_checkpoints, "")
ROUTE("", "", 0, route_health, "")
ROUTE("", "", 0, route_ready, "")
ROUTE("", "", 0, route_metrics, "")
#undef ROUTE

static const struct route {
    const char *method, *path;
    bool session;
    void (*run)(struct call *c);
    const char *text;
} table[] = {
#define ROUTE(m, p, s, function, t)                                                                \
    {.method = m, .path = p, .session = s, .run = function, .text = t},
#include "server/routes.def"
#undef ROUTE
};
enum { ROUTES = sizeof table / sizeof *table };

static atomic_llong count_requests, count_commands, count_problems;

void response_init(struct route_response *r)
{
    *r = (struct route_response){.status = 200, .media_type = "application/json"};
    arena_init(&r->arena, 0);
    buf_init(&r->body, LIMIT_ANSWER);
}

void response_release(struct route_response *r)
{
    export_free(r->parts);
    r->parts = NULL;
    buf_release(&r->body);
    arena_release(&r->arena);
}

void response_problem(struct route_response *r, int status, const char *word, const char *title,
                      const char *detail)
{
    struct problem p = {.status = status,
                        .type = arena_printf(&r->arena, "urn:jiban:problem:%s", word),
                        .title = title,
                        .detail = detail,
                        .field = ""};
    response_failed(r, status, "application/problem+json");
    problem_encode(&r->body, &p);
    r->authenticate = status == 401;
}

void response_failed(struct route_response *r, int status, const char *media_type)
{
    buf_clear(&r->body);
    r->status = status;
    r->media_type = media_type;
    r->etag = NULL;
    r->content_range = NULL;
    r->file = false;
    r->stream = false;
    atomic_fetch_add(&count_problems, 1);
}

void response_refuse(struct route_response *r, const char *path, int status, const char *word,
                     const char *title, const char *detail)
{
    if (open311_path(path))
        open311_refuse(r, path, status, detail);
    else
        response_problem(r, status, word, title, detail);
}

void call_failed(struct call *c, enum status st, const struct errmsg *err)
{
    static const struct {
        enum status st;
        int status;
    } map[] = {{ST_INVALID, 400},   {ST_UNSUPPORTED, 400}, {ST_UNAUTHORIZED, 401}, {ST_DENIED, 403},
               {ST_NOT_FOUND, 404}, {ST_CONFLICT, 409},    {ST_GONE, 410},         {ST_TOOBIG, 413},
               {ST_FULL, 507},      {ST_BUSY, 503},        {ST_NOMEM, 503}};
    int status = 500;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (map[i].st == st)
            status = map[i].status;
    if (status == 500)
        log_write(LOG_ERROR, "%s %s: %s", c->request->method, c->request->path, err->text);
    if (arena_failed(&c->response->arena))
        arena_reset(&c->response->arena); /* what was begun is given up */
    response_refuse(c->response, c->request->path, status, status_word(st),
                    _("The request could not be done"),
                    status == 500 ? _("The server had a fault; it is in its log.")
                                  : arena_strdup(&c->response->arena, err->text));
    if (status == 503 || status == 507)
        c->response->retry_after_s = 5;
}

static void route_login(struct call *c)
{
    struct errmsg err = {{0}};
    struct arena *a = &c->response->arena;
    const char *user, *password, *device, *terminal = "";
    struct session session = {0};
    enum status st = login_decode(c->request->body, c->request->body_len, a, &user, &password,
                                  &device, &terminal, &err);
    if (st == ST_OK)
        st = service_login(c->service, user, password, device, terminal, a, &session, &err);
    if (st == ST_DENIED)
        terminal_refuse(c, terminal);
    else if (st != ST_OK)
        call_failed(c, st, &err);
    else
        session_encode(&c->response->body, &session);
}

static void route_logout(struct call *c)
{
    struct errmsg err = {{0}};
    enum status st = service_logout(c->service, c->token, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        c->response->status = 204;
}

static void route_changes(struct call *c)
{
    struct errmsg err = {{0}};
    long limit = 1000;
    if (c->request->limit) {
        char *end;
        limit = strtol(c->request->limit, &end, 10);
        if (*end || end == c->request->limit || limit < 1 || limit > LIMIT_CHANGES) {
            fail(&err, ST_INVALID, _("limit is a number from 1 to %d."), LIMIT_CHANGES);
            call_failed(c, ST_INVALID, &err);
            return;
        }
    }
    enum status st = service_changes(c->service, &c->actor, c->request->since, (int)limit,
                                     &c->response->body, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        c->response->media_type = "application/x-ndjson";
}

static void route_commands(struct call *c)
{
    struct errmsg err = {{0}}, *each_err = NULL;
    struct arena *a = &c->response->arena;
    struct command *commands = NULL;
    enum status *each = NULL;
    size_t n = 0, good = 0;
    enum status st = commands_decode(c->request->body, c->request->body_len, a, &commands, &each,
                                     &each_err, &n, &err);
    struct outcome *outcomes = st == ST_OK ? arena_array(a, n + 1, sizeof *outcomes) : NULL;
    struct command *fit = st == ST_OK ? arena_array(a, n + 1, sizeof *fit) : NULL;
    struct outcome *found = st == ST_OK ? arena_array(a, n + 1, sizeof *found) : NULL;
    if (st == ST_OK && (!outcomes || !fit || !found))
        st = fail(&err, ST_NOMEM, "out of memory");
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        if (each[i] == ST_OK)
            fit[good++] = commands[i];
    }
    if (st == ST_OK && good > 0)
        st = service_commands(c->service, &c->actor, fit, good, a, found, &err);
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    good = 0;
    for (size_t i = 0; i < n; i++) { /* one that is broken is refused alone; the others flow */
        if (each[i] == ST_OK) {
            outcomes[i] = found[good++];
            continue;
        }
        outcomes[i] = (struct outcome){
            .id = commands[i].id,
            .kind = OUTCOME_REJECTED,
            .problem = {.status = 422,
                        .type = arena_printf(a, "urn:jiban:problem:%s", status_word(each[i])),
                        .title = _("The command is not understood"),
                        .detail = each_err[i].text,
                        .field = ""}};
    }
    atomic_fetch_add(&count_commands, (long long)n);
    outcomes_encode(&c->response->body, outcomes, n);
}

static void route_stream(struct call *c)
{
    c->response->stream = true;
    c->response->media_type = "text/event-stream";
    c->response->scope = arena_strdup(&c->response->arena, service_scope(c->service, &c->actor));
}

static void route_case(struct call *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    enum status st = uuid_parse(c->rest, &id)
                         ? service_case(c->service, &c->actor, &id, &c->response->body, &err)
                         : fail(&err, ST_NOT_FOUND, _("There is no such case in your sight."));
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        c->response->media_type = "application/x-ndjson";
}

static void route_earlier(struct call *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    enum status st = uuid_parse(c->rest, &id)
                         ? service_earlier(c->service, &c->actor, &id, &c->response->arena,
                                           &c->response->body, &err)
                         : fail(&err, ST_NOT_FOUND, _("There is no such case in your sight."));
    if (st != ST_OK)
        call_failed(c, st, &err);
}

/* --- attachments --- */

/* What is wrong with a file has a status of its own; the rest is as everywhere. */
static void blob_failed(struct call *c, enum status st, const struct errmsg *err)
{
    const char *why = arena_strdup(&c->response->arena, err->text);
    if (st == ST_CORRUPT)
        response_problem(c->response, 422, "hash", _("The file is not taken"), why);
    else if (st == ST_UNSUPPORTED)
        response_problem(c->response, 415, "type", _("The file is not taken"), why);
    else
        call_failed(c, st, err);
}

/* "bytes A-B/TOTAL"; a star for A-B asks how much is there: *ret_from is -1 then. */
static bool read_content_range(const char *text, size_t n, int64_t *ret_from, int64_t *ret_total)
{
    int64_t from = -1, to = -1, total = -1;
    int end = -1;
    if (!text || strncmp(text, "bytes ", 6) != 0)
        return false;
    text += 6;
    if (strncmp(text, "*/", 2) == 0)
        sscanf(text, "*/%" SCNd64 "%n", &total, &end);
    else
        sscanf(text, "%" SCNd64 "-%" SCNd64 "/%" SCNd64 "%n", &from, &to, &total, &end);
    *ret_from = from;
    *ret_total = total;
    return end > 0 && !text[end] && total > 0 &&
           (from < 0 ? n == 0 && *text == '*' : to >= from && to - from == (int64_t)n - 1);
}

static void route_blob_put(struct call *c)
{
    struct errmsg err = {{0}};
    int64_t from = 0, total = 0, have = 0;
    const struct route_request *r = c->request;
    enum status st = ST_OK;
    if (!sha256_is(c->rest))
        st = fail(&err, ST_NOT_FOUND, _("A file is named by its SHA-256, 64 lower-case digits."));
    else if (!read_content_range(r->content_range, r->body_len, &from, &total))
        st = fail(&err, ST_INVALID,
                  _("Content-Range must say which bytes of how many the body is."));
    else if (from < 0)
        st = blob_have(c->service, &c->actor, c->rest, total, &have, &err);
    else
        st = blob_put(c->service, &c->actor, c->rest, from, total, r->body, r->body_len, &have,
                      &err);
    if (st != ST_OK)
        blob_failed(c, st, &err);
    else
        blob_progress_encode(&c->response->body, have, total);
}

/* "bytes=A-" or "bytes=A-B"; another form is passed over, as RFC 9110 section 14.2 lets a server do. */
static bool read_range(const char *text, int64_t *ret_from, int64_t *ret_to)
{
    int64_t from = 0, to = -1;
    int end = -1, open_end = -1;
    if (!text || strncmp(text, "bytes=", 6) != 0 || text[6] < '0' || text[6] > '9')
        return false;
    sscanf(text + 6, "%" SCNd64 "-%n%" SCNd64 "%n", &from, &open_end, &to, &end);
    if (open_end < 0 || (end > 0 ? text[6 + end] : text[6 + open_end]) || (end > 0 && to < from))
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}

static void route_blob_get(struct call *c)
{
    struct errmsg err = {{0}};
    struct route_response *r = c->response;
    int64_t from = 0, to = -1, total = 0;
    bool ranged = read_range(c->request->range, &from, &to);
    const char *media = NULL;
    enum status st =
        sha256_is(c->rest)
            ? blob_get(c->service, &c->actor, c->rest, from, to, &r->body, &total, &media, &err)
            : fail(&err, ST_NOT_FOUND, _("There is no such file in your sight."));
    if (st == ST_INVALID && total > 0) {
        response_problem(r, 416, "range", _("No such range"), arena_strdup(&r->arena, err.text));
        r->content_range = arena_printf(&r->arena, "bytes */%" PRId64, total);
        return;
    }
    if (st != ST_OK) {
        buf_clear(&r->body);
        call_failed(c, st, &err);
        return;
    }
    r->media_type = media;
    r->file = true;
    if (ranged) {
        r->status = 206;
        r->content_range = arena_printf(&r->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, from,
                                        from + (int64_t)r->body.len - 1, total);
    }
}

static const char *argument(const struct call *c, const char *name)
{
    const struct route_request *r = c->request;
    return r->argument ? r->argument(r->argument_self, name) : NULL;
}

static void route_assessment(struct call *c)
{
    struct errmsg err = {{0}};
    const struct assess_question q = {.level = argument(c, "level"),
                                      .scope = argument(c, "scope"),
                                      .month = argument(c, "month"),
                                      .day = argument(c, "day"),
                                      .from = argument(c, "from"),
                                      .to = argument(c, "to"),
                                      .by = argument(c, "by"),
                                      .classes = argument(c, "classes"),
                                      .cases = argument(c, "cases"),
                                      .of = argument(c, "of"),
                                      .set = argument(c, "set")};
    enum status st = service_assessment(c->service, &c->actor, &q, &c->response->arena,
                                        &c->response->body, &err);
    if (st == ST_OK)
        return;
    buf_clear(&c->response->body);
    call_failed(c, st, &err);
}

static void route_export(struct call *c)
{
    struct errmsg err = {{0}};
    const struct export_question q = {.period = {.month = argument(c, "month"),
                                                 .day = argument(c, "day"),
                                                 .from = argument(c, "from"),
                                                 .to = argument(c, "to")},
                                      .format = argument(c, "format"),
                                      .official = argument(c, "official"),
                                      .bom = argument(c, "bom")};
    enum status st = export_open(c->service, &c->actor, &q, &c->response->parts, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        c->response->media_type = export_media_type(c->response->parts);
}

/* A list of tags, each perhaps with W/, or "*" (RFC 9110 section 13.1.2). A tag bears its quotes, so
 * that one is never found inside another. */
static bool names_etag(const char *list, const char *etag)
{
    return strcmp(list, "*") == 0 || strstr(list, etag) != NULL;
}

static void route_document(struct call *c)
{
    struct errmsg err = {{0}};
    const char *name = strrchr(c->request->path, '/') + 1, *body, *etag;
    size_t n;
    enum status st =
        service_document(c->service, name, &c->response->arena, &body, &n, &etag, &err);
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    c->response->etag = etag;
    if (c->request->if_none_match && names_etag(c->request->if_none_match, etag))
        c->response->status = 304;
    else
        buf_add(&c->response->body, body, n);
}

/* Opens wanted or closes the one of that code; the answer is the list afterwards. */
static void change_emergency(struct call *c, const struct emergency *wanted, const char *close)
{
    struct errmsg err = {{0}};
    const char *body, *etag;
    size_t n;
    enum status st = service_emergency(c->service, &c->actor, wanted, close, &err);
    if (st == ST_OK)
        st = service_document(c->service, EMERGENCY_DOCUMENT, &c->response->arena, &body, &n, &etag,
                              &err);
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    c->response->etag = etag;
    buf_add(&c->response->body, body, n);
}

static void route_emergency_open(struct call *c)
{
    struct errmsg err = {{0}};
    struct emergency wanted;
    enum status st = emergency_wanted_decode(c->request->body, c->request->body_len,
                                             &c->response->arena, &wanted, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        change_emergency(c, &wanted, NULL);
}

static void route_emergency_close(struct call *c)
{
    change_emergency(c, NULL, c->rest);
}

static void route_checkpoints(struct call *c)
{
    struct errmsg err = {{0}};
    enum status st = service_checkpoints(c->service, &c->actor, &c->response->body, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        c->response->media_type = "application/x-ndjson";
}

static void route_health(struct call *c)
{
    buf_puts(&c->response->body, "{\"status\":\"ok\"}");
}

static void route_ready(struct call *c)
{
    struct errmsg err = {{0}};
    enum status st = service_ready(c->service, &err);
    if (st != ST_OK)
        call_failed(c, st, &err);
    else
        buf_puts(&c->response->body, "{\"status\":\"ready\"}");
}

static void route_metrics(struct call *c)
{
    char cursor[CURSOR_SIZE];
    service_cursor(c->service, cursor);
    c->response->media_type = "text/plain";
    buf_printf(&c->response->body,
               "# TYPE jiban_requests_total counter\njiban_requests_total %lld\n"
               "# TYPE jiban_commands_total counter\njiban_commands_total %lld\n"
               "# TYPE jiban_problems_total counter\njiban_problems_total %lld\n"
               "# TYPE jiban_events counter\njiban_events %s\n",
               (long long)count_requests, (long long)count_commands, (long long)count_problems,
               strrchr(cursor, '-') + 1);
}

const char *bearer(const char *authorization)
{
    if (!authorization || strncasecmp(authorization, "Bearer ", 7) != 0)
        return NULL;
    const char *token = authorization + 7;
    size_t n = strspn(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
    return n > 0 && n < TOKEN_SIZE && !token[n] ? token : NULL;
}

/* "/v1/emergencies/{id}/close": tail is "/close", n the length of what comes before {id}. */
static bool middle_fits(const char *row, size_t n, const char *tail, const char *path,
                        struct arena *a, const char **ret_rest)
{
    size_t path_n = strlen(path), tail_n = strlen(tail);
    if (path_n <= n + tail_n || memcmp(path, row, n) != 0 ||
        strcmp(path + path_n - tail_n, tail) != 0 || memchr(path + n, '/', path_n - n - tail_n))
        return false;
    *ret_rest = arena_strndup(a, path + n, path_n - n - tail_n);
    return true;
}

/* "/v1/papers/{kind}/{scope}/{name}": n is the length of what comes before {kind}; the rest is three segments. */
static bool name_fits(const char *row, size_t n, const char *path, struct arena *a,
                      const char **ret_rest)
{
    size_t slashes = 0;
    if (strncmp(path, row, n) != 0)
        return false;
    for (const char *c = path + n; *c; c++)
        slashes += *c == '/';
    if (slashes != 2)
        return false;
    *ret_rest = arena_strdup(a, path + n);
    return true;
}

/* A row that ends with / or {id} takes one more segment, one with {id}/ one in its middle; one with .{format} takes
 * .xml and .json. */
static bool path_fits(const char *row, const char *path, struct arena *a, const char **ret_rest)
{
    static const char format[] = ".{format}", id[] = "{id}";
    size_t n = strlen(row), path_n = strlen(path);
    const char *middle = strstr(row, "{id}/"), *name = strstr(row, "{kind}/");
    if (name)
        return name_fits(row, (size_t)(name - row), path, a, ret_rest);
    if (middle)
        return middle_fits(row, (size_t)(middle - row), middle + sizeof id - 1, path, a, ret_rest);
    if (n > sizeof format && strcmp(row + n - (sizeof format - 1), format) == 0) {
        size_t ending = open311_ending(path);
        if (ending == 0)
            return false;
        path_n -= ending;
        n -= sizeof format - 1;
        if (memcmp(row + n - (sizeof id - 1), id, sizeof id - 1) == 0)
            n -= sizeof id - 1;
    }
    bool more = row[n - 1] == '/';
    if (path_n < n || (path_n > n) != more || memcmp(path, row, n) != 0 ||
        memchr(path + n, '/', path_n - n))
        return false;
    *ret_rest = arena_strndup(a, path + n, path_n - n);
    return true;
}

/* HEAD is a GET of which the HTTP library keeps the body (RFC 9110 section 9.3.2). */
static bool method_fits(const struct route *r, const char *method)
{
    return strcmp(method, r->method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

static const struct route *find(struct call *c)
{
    for (int i = 0; i < ROUTES; i++)
        if (method_fits(&table[i], c->request->method) &&
            path_fits(table[i].path, c->path, &c->response->arena, &c->rest))
            return &table[i];
    return NULL;
}

/* The methods of a path, "" when there is no such path. */
static const char *allowed(const char *path, struct arena *a)
{
    const char *list = "", *rest;
    for (int i = 0; i < ROUTES; i++)
        if (path_fits(table[i].path, path, a, &rest))
            list = arena_printf(a, "%s%s%s%s", list, *list ? ", " : "", table[i].method,
                                strcmp(table[i].method, "GET") == 0 ? ", HEAD" : "");
    return list;
}

static void no_route(const struct call *c)
{
    struct route_response *ret = c->response;
    const char *methods = allowed(c->path, &ret->arena);
    if (!*methods) {
        response_refuse(ret, c->path, 404, "not-found", _("No such address"),
                        _("There is nothing at this address; see the interface description."));
        return;
    }
    response_refuse(ret, c->path, 405, "method", _("Not with this method"),
                    _("This address does not know that method; see the interface description."));
    ret->allow = methods;
}

void route_handle(struct service *s, const struct route_request *request,
                  struct route_response *ret)
{
    struct call c = {.service = s, .request = request, .response = ret};
    c.path = open311_plain(request->path, &ret->arena, &c.test);
    const struct route *route = find(&c);
    struct errmsg err = {{0}};
    atomic_fetch_add(&count_requests, 1);
    if (!route) {
        no_route(&c);
        return;
    }
    if (route->session) {
        c.token = bearer(request->authorization);
        enum status st = c.token ? service_session(s, c.token, &ret->arena, &c.actor, &err)
                                 : fail(&err, ST_UNAUTHORIZED, _("Log in first."));
        if (st == ST_DENIED) {
            terminal_refuse(&c, "");
            return;
        }
        if (st != ST_OK) {
            call_failed(&c, st, &err);
            return;
        }
    }
    route->run(&c);
    if (buf_status(&ret->body) != ST_OK) {
        fail(&err, buf_status(&ret->body), _("The answer is too large; ask for less."));
        buf_clear(&ret->body);
        call_failed(&c, ST_TOOBIG, &err);
    }
}

void route_print(struct buf *out)
{
    for (int i = 0; i < ROUTES; i++)
        buf_printf(out, "%s %s%s\n", table[i].method, table[i].path,
                   table[i].path[strlen(table[i].path) - 1] == '/' ? "{id}" : "");
}
