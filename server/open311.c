#include "server/open311.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "server/form.h"
#include <inttypes.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

/* --- answers -------------------------------------------------------------------------------- */

bool open311_path(const char *path)
{
    return strncmp(path, "/open311/", strlen("/open311/")) == 0;
}

size_t open311_ending(const char *path)
{
    static const char *const ending[] = {".xml", ".json"};
    size_t n = strlen(path);
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(ending[i]);
        if (n > len && strcmp(path + n - len, ending[i]) == 0)
            return len;
    }
    return 0;
}

static bool wants_json(const char *path)
{
    return open311_ending(path) == strlen(".json");
}

const char *open311_plain(const char *path, struct arena *a, bool *ret_test)
{
    static const char test[] = "/open311/test/v2/", base[] = "/open311/v2/";
    *ret_test = false;
    if (!open311_path(path))
        return path;
    char *plain = arena_alloc(a, strlen(path) + 1), *to = plain;
    for (const char *p = path; plain && *p; p++)
        if (p[0] != '/' || p[1] != '/')
            *to++ = *p;
    if (!plain || strncmp(plain, test, sizeof test - 1) != 0)
        return plain ? plain : path;
    *ret_test = true;
    return arena_printf(a, "%s%s", base, plain + sizeof test - 1);
}

static const char *media(bool json)
{
    return json ? "application/json; charset=utf-8" : "text/xml; charset=utf-8";
}

void refusals_add(struct refusals *f, int status, const char *text)
{
    if (f->n < OPEN311_FAULTS) {
        f->fault[f->n].status = status;
        f->fault[f->n++].text = text;
    }
}

void open311_faults(struct route_response *r, const char *path, const struct refusals *f)
{
    bool json = wants_json(path);
    struct arena *a = &r->arena;
    struct node *errors = tree_list(a, NULL, "errors");
    for (size_t i = 0; i < f->n; i++) {
        struct node *error = tree_object(a, errors, "error");
        tree_bare(a, error, "code", arena_printf(a, "%d", f->fault[i].status));
        tree_text(a, error, "description", f->fault[i].text);
    }
    response_failed(r, f->fault[0].status, media(json));
    if (!arena_failed(a))
        tree_print(&r->body, errors, json);
}

void open311_refuse(struct route_response *r, const char *path, int status, const char *text)
{
    struct refusals f = {0};
    refusals_add(&f, status, text);
    open311_faults(r, path, &f);
}

void open311_send(struct call *c, const struct node *root)
{
    struct errmsg err;
    bool json = wants_json(c->path);
    if (arena_failed(&c->response->arena)) {
        call_failed(c, fail(&err, ST_NOMEM, "out of memory"), &err);
        return;
    }
    c->response->media_type = media(json);
    tree_print(&c->response->body, root, json);
}

/* --- reference data ---------------------------------------------------------------------------- */

static const char *word(const char *chinese, const char *english)
{
    return i18n_chinese() || !*english ? chinese : english;
}

const struct category *open311_category(const struct reference *r, const char *service_code)
{
    return strncmp(service_code, "H-", 2) == 0 ? reference_category(r, service_code + 2) : NULL;
}

const struct unit *open311_street(const struct reference *r, const char *key)
{
    for (size_t i = 0; i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        if (u->kind == UNIT_STREET &&
            (strcmp(strncmp(key, "S-", 2) == 0 ? key + 2 : key, u->code) == 0 ||
             strcmp(key, u->name) == 0 || strcasecmp(key, u->name_en) == 0))
            return u;
    }
    return NULL;
}

/* --- discovery, services ------------------------------------------------------------------------ */

/* The server as the client named it. */
static const char *base_url(const struct call *c)
{
    const char *host = c->request->host;
    if (!host || !*host ||
        host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]")])
        host = "localhost";
    return arena_printf(&c->response->arena, "%s://%s/open311", c->request->tls ? "https" : "http",
                        host);
}

static void put_endpoint(struct arena *a, struct node *list, const char *url, int64_t changed_ms,
                         const char *type)
{
    struct node *e = tree_object(a, list, "endpoint");
    tree_text(a, e, "specification", "http://wiki.open311.org/GeoReport_v2");
    tree_text(a, e, "url", url);
    tree_time(a, e, "changeset", changed_ms);
    tree_text(a, e, "type", type);
    struct node *formats = tree_list(a, e, "formats");
    tree_text(a, formats, "format", "text/xml");
    tree_text(a, formats, "format", "application/json");
}

void open311_discovery(struct call *c)
{
    struct arena *a = &c->response->arena;
    int64_t since;
    service_rules_hold(c->service, &since);
    service_rules_release(c->service);
    const char *base = base_url(c);
    struct node *root = tree_object(a, NULL, "discovery");
    tree_time(a, root, "changeset", since);
    tree_text(a, root, "contact", _("The city's hotline, telephone 12345."));
    tree_text(a, root, "key_service",
              _("Ask the hotline's administrator for a key; only posting needs one."));
    struct node *list = tree_list(a, root, "endpoints");
    put_endpoint(a, list, arena_printf(a, "%s/v2", base), since, "production");
    put_endpoint(a, list, arena_printf(a, "%s/test/v2", base), since, "test");
    open311_send(c, root);
}

void open311_services(struct call *c)
{
    struct arena *a = &c->response->arena;
    int64_t since;
    const struct reference *r = service_rules_hold(c->service, &since);
    struct node *root = tree_list(a, NULL, "services");
    for (size_t i = 0; i < r->n_categories; i++) {
        const struct category *k = &r->categories[i];
        struct node *s = tree_object(a, root, "service");
        const char *group = word(k->level1, k->level1_en), *name = word(k->level2, k->level2_en);
        tree_text(a, s, "service_code", arena_printf(a, "H-%s", k->code));
        tree_text(a, s, "service_name", name);
        tree_text(a, s, "description", arena_printf(a, "%s / %s", group, name));
        tree_bare(a, s, "metadata", "true");
        tree_text(a, s, "type", "realtime");
        tree_text(a, s, "keywords",
                  arena_printf(a, "%s,%s,%s,%s", k->level1, k->level2, k->level1_en, k->level2_en));
        tree_text(a, s, "group", group);
    }
    service_rules_release(c->service);
    open311_send(c, root);
}

static struct node *put_attribute(struct arena *a, struct node *list, const char *order,
                                  const char *code, const char *datatype, const char *required,
                                  const char *hint, const char *description)
{
    struct node *n = tree_object(a, list, "attribute");
    tree_bare(a, n, "variable", datatype ? "true" : "false");
    tree_text(a, n, "code", code);
    tree_text(a, n, "datatype", datatype ? datatype : "string");
    tree_bare(a, n, "required", required);
    tree_text(a, n, "datatype_description", hint);
    tree_bare(a, n, "order", order);
    tree_text(a, n, "description", description);
    return n;
}

static void put_value(struct arena *a, struct node *list, const char *key, const char *name)
{
    struct node *v = tree_object(a, list, "value");
    tree_text(a, v, "key", key);
    tree_text(a, v, "name", name);
}

/* What every service asks; server/open311_post.c takes the answers. */
static void put_attributes(struct arena *a, struct node *list, const struct reference *r)
{
    put_attribute(a, list, "1", "notice", NULL, "false", "",
                  _("Where life or limb is in danger call 110, 119 or 120 instead."));
    struct node *street = put_attribute(a, list, "2", "street", "singlevaluelist", "true",
                                        _("One of the list"), _("In which street office's area?"));
    struct node *values = tree_list(a, street, "values");
    for (size_t i = 0; i < r->n_units; i++)
        if (r->units[i].kind == UNIT_STREET)
            put_value(a, values, arena_printf(a, "S-%s", r->units[i].code),
                      word(r->units[i].name, r->units[i].name_en));
    put_attribute(a, list, "3", "floor", "string", "false",
                  _("Shown only to those who handle the case"), _("Building, floor, room"));
    struct node *care = put_attribute(a, list, "4", "care", "multivaluelist", "false",
                                      _("Any of the list"), _("Does somebody there need care?"));
    values = tree_list(a, care, "values");
    put_value(a, values, "old", _("an old person"));
    put_value(a, values, "child", _("a small child"));
    put_value(a, values, "ill", _("an ill or disabled person"));
}

void open311_definition(struct call *c)
{
    struct arena *a = &c->response->arena;
    int64_t since;
    const struct reference *r = service_rules_hold(c->service, &since);
    bool known = open311_category(r, c->rest) != NULL;
    struct node *root = tree_object(a, NULL, "service_definition");
    tree_text(a, root, "service_code", c->rest);
    put_attributes(a, tree_list(a, root, "attributes"), r);
    service_rules_release(c->service);
    if (known)
        open311_send(c, root);
    else
        open311_refuse(c->response, c->path, 404, _("There is no such service_code."));
}

/* --- requests ------------------------------------------------------------------------------------- */

static int64_t expected(const struct casefile *c)
{
    const struct clock_run *run = &c->clock[CLOCK_HANDLE];
    return run->status == CLOCK_NEVER || run->status == CLOCK_CANCELLED ? TIME_NONE : run->due_ms;
}

static const char *address(const struct casefile *c, const struct reference *r, struct arena *a)
{
    const char *street = c->value[FIELD_STREET], *district = c->value[FIELD_DISTRICT];
    if (*street)
        street = reference_unit_name(r, street, i18n_chinese());
    if (*district)
        district = reference_unit_name(r, district, i18n_chinese());
    return arena_printf(a, "%s%s%s", street, *street && *district ? ", " : "", district);
}

/* Numbers in JSON too: the validator of open311.org takes no text there. */
static void put_degrees(struct arena *a, struct node *n, const char *name, const char *text)
{
    const char *degrees = open311_degrees(text, a);
    if (*degrees)
        tree_bare(a, n, name, degrees);
    else
        tree_text(a, n, name, "");
}

/* Masks and addresses of pictures may have made it longer than the specification lets it be. */
static const char *shortened(const char *text, struct arena *a)
{
    size_t n = strlen(text), at = 0;
    uint32_t ch;
    for (int i = 0; i < OPEN311_DESCRIPTION && at < n; i++)
        at += utf8_decode(text + at, n - at, &ch);
    return arena_strndup(a, text, at);
}

static void put_extended(struct arena *a, struct node *n, const struct casefile *c)
{
    struct node *more = tree_object(a, n, "extended_attributes");
    tree_text(a, more, "state", state_table[c->state].word);
    tree_text(a, more, "state_name", _(state_table[c->state].label));
    tree_text(a, more, "result", choice_label(FIELD_RESULT, c->value[FIELD_RESULT]));
}

static void put_request(struct arena *a, struct node *list, const struct request_row *row,
                        const struct casefile *c, const struct reference *r, bool extensions)
{
    const struct category *k = reference_category(r, c->value[FIELD_CATEGORY]);
    const char *answer = c->value[FIELD_PUBLIC_ANSWER], *unit = c->value[FIELD_UNIT];
    struct node *n = tree_object(a, list, "request");
    tree_text(a, n, "service_request_id", row->request_id);
    tree_text(a, n, "status", state_table[c->state].terminal ? "closed" : "open");
    tree_text(a, n, "status_notes",
              *answer ? open311_masked(answer, c, a) : _(state_table[c->state].label));
    tree_text(a, n, "service_name", k ? word(k->level2, k->level2_en) : "");
    tree_text(a, n, "service_code", arena_printf(a, "H-%s", c->value[FIELD_CATEGORY]));
    tree_text(a, n, "description", shortened(open311_masked(c->value[FIELD_CONTENT], c, a), a));
    tree_text(a, n, "agency_responsible",
              *unit ? reference_unit_name(r, unit, i18n_chinese()) : "");
    tree_text(a, n, "service_notice", "");
    tree_time(a, n, "requested_datetime", row->requested_ms);
    tree_time(a, n, "updated_datetime", row->updated_ms);
    tree_time(a, n, "expected_datetime", expected(c));
    tree_text(a, n, "address", address(c, r, a));
    tree_text(a, n, "address_id", "");
    tree_text(a, n, "zipcode", "");
    put_degrees(a, n, "lat", c->value[FIELD_LATITUDE]);
    put_degrees(a, n, "long", c->value[FIELD_LONGITUDE]);
    tree_text(a, n, "media_url", "");
    if (extensions)
        put_extended(a, n, c);
}

static enum status put_requests(struct call *c, struct db *db, struct node *root,
                                const struct request_row *rows, size_t n, bool extensions,
                                struct errmsg *err)
{
    struct arena scratch;
    int64_t since;
    enum status st = ST_OK;
    const struct reference *r = service_rules_hold(c->service, &since);
    arena_init(&scratch, 0);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct casefile file;
        int64_t row;
        arena_reset(&scratch);
        st = service_load(db, &rows[i].case_id, &file, &row, &scratch, err);
        if (st == ST_OK && arena_failed(&scratch))
            st = fail(err, ST_NOMEM, "out of memory");
        if (st == ST_OK && row)
            put_request(&c->response->arena, root, &rows[i], &file, r, extensions);
    }
    arena_release(&scratch);
    service_rules_release(c->service);
    return st;
}

/* A time of a query: a day alone is its midnight in Beijing; a + that came as a blank is a + again. */
static bool read_time(const char *text, struct arena *a, int64_t *ret)
{
    bool day = strlen(text) == strlen("2026-11-24");
    size_t n = strlen(text) + sizeof "T00:00:00+08:00";
    char *copy = arena_alloc(a, n);
    if (!copy)
        return false;
    snprintf(copy, n, "%s%s", text, day ? "T00:00:00+08:00" : "");
    for (char *blank = copy; (blank = strchr(blank, ' '));)
        *blank = '+';
    return rfc3339_parse(copy, ret) == 0;
}

/* from and to of NAME-pairs, not further apart than 90 days; what is not given is as far as that. */
static bool read_range(const struct form *f, const char *from, const char *to, int64_t now,
                       int64_t *ret_from, int64_t *ret_to, struct arena *a, struct refusals *faults)
{
    const int64_t most = REQUESTS_DAYS * (int64_t)MS_DAY;
    const char *texts[] = {form_get(f, from), form_get(f, to)}, *names[] = {from, to};
    int64_t *ret[] = {ret_from, ret_to};
    for (int i = 0; i < 2; i++)
        if (*texts[i] && !read_time(texts[i], a, ret[i])) {
            refusals_add(
                faults, 400,
                arena_printf(a, _("%s is a time such as 2026-10-01T00:00:00Z."), names[i]));
            return false;
        }
    if (*texts[1])
        *ret_to += *ret_to % MS_SECOND == 0 ? MS_SECOND - 1 : 0; /* answers show whole seconds */
    else
        *ret_to = *texts[0] ? *ret_from + most : now;
    if (!*texts[0] || *ret_from < *ret_to - most)
        *ret_from = *ret_to - most;
    return *texts[0] || *texts[1];
}

static int64_t read_count(const struct form *f, const char *name, int64_t otherwise, int64_t most,
                          struct arena *a, struct refusals *faults)
{
    const char *text = form_get(f, name);
    char *end;
    if (!*text)
        return otherwise;
    long long n = strtoll(text, &end, 10);
    if (*end || n < 1 || n > most) {
        refusals_add(faults, 400,
                     arena_printf(a, _("%s is a number from 1 to %" PRId64 "."), name, most));
        return otherwise;
    }
    return n;
}

/* One word of a list with commas, NULL at its end. */
static const char *next_word(const char **list, struct arena *a)
{
    *list += strspn(*list, ", ");
    size_t n = strcspn(*list, ", ");
    const char *text = n ? arena_strndup(a, *list, n) : NULL;
    *list += n;
    return text;
}

static void read_filter(const struct form *f, int64_t now, struct request_filter *ret,
                        struct arena *a, struct refusals *faults)
{
    const int64_t page_most = 1000000;
    *ret = (struct request_filter){.categories = ""};
    bool updated = read_range(f, "updated_after", "updated_before", now, &ret->updated_from_ms,
                              &ret->updated_to_ms, a, faults);
    bool dated =
        read_range(f, "start_date", "end_date", now, &ret->from_ms, &ret->to_ms, a, faults);
    if (updated && !dated) { /* who mirrors us asks for what changed, however old */
        ret->from_ms = 0;
        ret->to_ms = INT64_MAX;
    } else if (!updated) {
        ret->updated_from_ms = 0;
        ret->updated_to_ms = INT64_MAX;
    }
    const char *list = form_get(f, "service_code"), *one;
    if (*list)
        ret->categories = ",";
    while ((one = next_word(&list, a))) /* a code that is none finds nothing */
        ret->categories =
            arena_printf(a, "%s%s,", ret->categories, strncmp(one, "H-", 2) == 0 ? one + 2 : "-");
    list = form_get(f, "status");
    ret->open = ret->closed = !*list;
    while ((one = next_word(&list, a))) {
        if (strcmp(one, "open") == 0)
            ret->open = true;
        else if (strcmp(one, "closed") == 0)
            ret->closed = true;
        else
            refusals_add(faults, 400, _("status is open, closed or both with a comma."));
    }
    ret->limit = read_count(f, "page_size", REQUESTS_MOST, REQUESTS_MOST, a, faults);
    ret->offset = (read_count(f, "page", 1, page_most, a, faults) - 1) * ret->limit;
}

/* Those of a list that are there; the others are passed over. */
static enum status find_listed(struct db *db, const char *list, struct arena *a,
                               struct request_row *rows, size_t *ret_n, struct errmsg *err)
{
    const char *one;
    enum status st = ST_OK;
    size_t n = 0;
    while (st == ST_OK && n < REQUESTS_MOST && (one = next_word(&list, a))) {
        st = requests_by_number(db, one, a, &rows[n], err);
        n += st == ST_OK;
        if (st == ST_NOT_FOUND)
            st = ST_OK;
    }
    *ret_n = n;
    return st;
}

static bool read_query(struct call *c, struct form *f)
{
    struct errmsg err;
    if (form_query(f, c->request->query, &c->response->arena, &err) == ST_OK)
        return true;
    open311_refuse(c->response, c->path, 400, arena_strdup(&c->response->arena, err.text));
    return false;
}

/* The requests of a list of numbers, or those that the filter finds. */
static void send_requests(struct call *c, const char *numbers, const struct request_filter *filter,
                          bool must_be, bool extensions)
{
    struct arena *a = &c->response->arena;
    struct errmsg err = {{0}};
    size_t n = 0;
    struct request_row *rows = arena_array(a, REQUESTS_MOST, sizeof *rows);
    struct db *db = service_reader(c->service, &err);
    enum status st = rows ? ST_OK : fail(&err, ST_NOMEM, "out of memory");
    struct node *root = tree_list(a, NULL, "service_requests");
    if (st == ST_OK)
        st = db ? database_begin(db, false, &err) : ST_IO;
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    st = numbers ? find_listed(db, numbers, a, rows, &n, &err)
                 : requests_find(db, filter, a, rows, &n, &err);
    if (st == ST_OK)
        st = put_requests(c, db, root, rows, n, extensions, &err);
    database_rollback(db); /* reading only */
    if (st != ST_OK)
        call_failed(c, st, &err);
    else if (must_be && n == 0)
        open311_refuse(c->response, c->path, 404, _("There is no such service_request_id."));
    else
        open311_send(c, root);
}

void open311_requests(struct call *c)
{
    struct form f = {.n = 0};
    struct refusals faults = {0};
    struct request_filter filter;
    if (!read_query(c, &f))
        return;
    const char *numbers = form_get(&f, "service_request_id");
    bool extensions = strcmp(form_get(&f, "extensions"), "true") == 0;
    if (!*numbers)
        read_filter(&f, service_now(c->service), &filter, &c->response->arena, &faults);
    if (faults.n > 0)
        open311_faults(c->response, c->path, &faults);
    else
        send_requests(c, *numbers ? numbers : NULL, &filter, false, extensions);
}

void open311_request(struct call *c)
{
    struct form f = {.n = 0};
    const struct request_filter any = {.categories = ""};
    if (!read_query(c, &f))
        return;
    send_requests(c, c->rest, &any, true, strcmp(form_get(&f, "extensions"), "true") == 0);
}

/* Every service is realtime: a token is the id itself. */
void open311_token(struct call *c)
{
    struct arena *a = &c->response->arena;
    struct errmsg err = {{0}};
    struct request_row row;
    struct db *db = service_reader(c->service, &err);
    enum status st = db ? requests_by_number(db, c->rest, a, &row, &err) : ST_IO;
    if (st == ST_NOT_FOUND) {
        open311_refuse(c->response, c->path, 404, _("There is no such token."));
    } else if (st != ST_OK) {
        call_failed(c, st, &err);
    } else {
        struct node *root = tree_list(a, NULL, "service_requests");
        struct node *n = tree_object(a, root, "request");
        tree_text(a, n, "service_request_id", row.request_id);
        tree_text(a, n, "token", row.request_id);
        open311_send(c, root);
    }
}
