#include "server/open311.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "data/embedded.h"
#include "server/form.h"
#include "server/keys.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MOST = 16 };

/* What a post becomes. */
struct post {
    struct call *call;
    struct arena *a;
    struct form form;
    struct refusals faults;
    struct value values[VALUES_MOST];
    size_t n;
};

/* --- the key -------------------------------------------------------------------------------------- */

struct use {
    const char *key;
    int64_t now_ms;
    int wait_s;
};

static enum status use_key(struct db *db, void *self, struct errmsg *err)
{
    struct use *u = self;
    return key_use(db, u->key, u->now_ms, &u->wait_s, err);
}

/* The specification has 403 for all that is wrong with a key, so one that is used up gets it too. */
static bool may_post(struct post *p)
{
    struct call *c = p->call;
    struct errmsg err = {{0}};
    struct use u = {.key = form_get(&p->form, "api_key"), .now_ms = service_now(c->service)};
    enum status st = *u.key ? service_write(c->service, use_key, &u, &err)
                            : fail(&err, ST_DENIED, _("An api_key is needed to post."));
    if (st == ST_OK)
        return true;
    if (st == ST_DENIED || u.wait_s > 0) {
        open311_refuse(c->response, c->path, 403, arena_strdup(p->a, err.text));
        c->response->retry_after_s = u.wait_s;
    } else {
        call_failed(c, st, &err);
    }
    return false;
}

/* --- reading ---------------------------------------------------------------------------------------- */

static const char *get(const struct post *p, const char *name)
{
    return form_get(&p->form, name);
}

static void put(struct post *p, enum field field, const char *text)
{
    if (*text && p->n < VALUES_MOST)
        p->values[p->n++] = (struct value){.field = field, .text = text};
}

static void complain(struct post *p, int status, const char *text)
{
    refusals_add(&p->faults, status, text);
}

/* Line breaks and tabs of a one-line value become blanks. */
static const char *one_line(struct post *p, const char *text)
{
    size_t n = strlen(text) + 1;
    char *copy = arena_alloc(p->a, n);
    if (!copy)
        return "";
    memcpy(copy, text, n);
    for (char *c = copy; (c = strpbrk(c, "\r\n\t"));)
        *c = ' ';
    return copy;
}

/* All values of a name, or of NAME[], with commas. */
static const char *get_all(const struct post *p, const char *name)
{
    const char *all = "";
    size_t n = strlen(name);
    for (size_t i = 0; i < p->form.n; i++) {
        const char *given = p->form.field[i].name;
        if (strncmp(given, name, n) == 0 && (!given[n] || strcmp(given + n, "[]") == 0))
            all = arena_printf(p->a, "%s%s%s", all, *all ? ", " : "", p->form.field[i].value);
    }
    return all;
}

/* First request type that the catalogue names for a category; complaint where it names another. */
static const char *type_of(const struct category *k)
{
    const char *p = (const char *)data_categories_tsv, *end = p + data_categories_tsv_len;
    size_t n = strlen(k->code);
    for (; p && p < end; p = memchr(p, '\n', (size_t)(end - p)), p += p != NULL) {
        if ((size_t)(end - p) <= n || memcmp(p, k->code, n) != 0 || p[n] != '\t')
            continue;
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        const char *hint = memrchr(p, '\t', (size_t)((stop ? stop : end) - p));
        return hint && strncmp(hint + 1, "help", 4) == 0 ? "help" : "complaint";
    }
    return "complaint";
}

static bool degrees(const char *text, double most)
{
    char *end;
    double d = strtod(text, &end);
    return end != text && !*end && isfinite(d) && fabs(d) <= most &&
           !text[strspn(text, "+-.0123456789")];
}

static void read_place(struct post *p)
{
    const char *lat = get(p, "lat"), *lon = get(p, "long");
    if (!*lat != !*lon)
        complain(p, 400, _("lat and long belong together."));
    else if (*lat && (!degrees(lat, 90) || !degrees(lon, 180)))
        complain(p, 400, _("lat and long are degrees of WGS84 such as 39.9042 and 116.4074."));
    else if (!*lat && !*get(p, "address_string") && !*get(p, "address_id"))
        complain(p, 400, _("A place is needed: lat and long, address_string or address_id."));
    put(p, FIELD_LATITUDE, lat);
    put(p, FIELD_LONGITUDE, lon);
    const char *address = get(p, "address_string"), *floor = get(p, "attribute[floor]");
    put(p, FIELD_POINT,
        one_line(p, arena_printf(p->a, "%s%s%s", address, *address && *floor ? " " : "", floor)));
}

/* The one street that an address names, itself or by one of its communities. */
static const struct unit *street_in(const struct reference *r, const char *address)
{
    const struct unit *found = NULL;
    for (size_t i = 0; *address && i < r->n_units; i++) {
        const struct unit *u = &r->units[i];
        bool community = u->kind == UNIT_COMMUNITY;
        if ((u->kind != UNIT_STREET && !community) ||
            !(strstr(address, u->name) || (*u->name_en && strcasestr(address, u->name_en))))
            continue;
        const struct unit *street = community ? reference_unit(r, u->parent) : u;
        if (!street || (found && found != street))
            return NULL;
        found = street;
    }
    return found;
}

/* The reference data knows no coordinates: the address must name the street, or the caller does. */
static void read_street(struct post *p, const struct reference *r)
{
    const char *given = get(p, "attribute[street]");
    const struct unit *u = *given ? open311_street(r, given) : NULL;
    if (*given && !u) {
        complain(p, 400, _("attribute[street] is none of the list of the service definition."));
        return;
    }
    if (!u)
        u = open311_street(r, get(p, "address_id"));
    if (!u)
        u = street_in(r, get(p, "address_string"));
    if (u)
        put(p, FIELD_STREET, arena_strdup(p->a, u->code));
    else
        complain(p, 400,
                 _("attribute[street] is missing: the street cannot be told from the place; choose "
                   "one of the list of the service definition."));
}

static void read_service(struct post *p, const struct reference *r)
{
    const char *code = get(p, "service_code");
    const struct category *k = open311_category(r, code);
    if (!*code)
        complain(p, 400, _("service_code is missing."));
    else if (!k)
        complain(p, 404, _("There is no such service_code."));
    if (!k)
        return;
    const char *text = get(p, "description"), *media = get_all(p, "media_url");
    if (utf8_count(text, strlen(text)) > OPEN311_DESCRIPTION)
        complain(p, 400,
                 arena_printf(p->a, _("description is longer than %d characters."),
                              OPEN311_DESCRIPTION));
    if (!*text)
        text = arena_strdup(p->a, k->level2);
    put(p, FIELD_TYPE, type_of(k));
    put(p, FIELD_CATEGORY, arena_strdup(p->a, k->code));
    put(p, FIELD_TITLE, arena_strdup(p->a, k->level2));
    put(p, FIELD_CONTENT, *media ? arena_printf(p->a, "%s\n%s", text, media) : text);
}

static void read_claimant(struct post *p)
{
    const char *first = get(p, "first_name"), *last = get(p, "last_name");
    bool western = ((unsigned char)*first | (unsigned char)*last) < 0x80;
    const char *name = western
                           ? arena_printf(p->a, "%s%s%s", first, *first && *last ? " " : "", last)
                           : arena_printf(p->a, "%s%s", last, first);
    put(p, FIELD_CHANNEL, "open311");
    put(p, FIELD_CLAIMANT, one_line(p, name));
    put(p, FIELD_PHONE, one_line(p, get(p, "phone")));
    put(p, FIELD_EMAIL, one_line(p, get(p, "email")));
    put(p, FIELD_ANONYMOUS, *name || *get(p, "phone") || *get(p, "email") ? "" : "yes");
    put(p, FIELD_VULNERABLE, one_line(p, get_all(p, "attribute[care]")));
}

/* --- the case ------------------------------------------------------------------------------------------ */

/* A client that got no answer posts again; the ids follow from key, content and time, so that the
 * same post twice at one moment is one command. */
static struct uuid derived(struct post *p, const char *what, int64_t window)
{
    struct uuid id;
    unsigned char hash[KEY_HASH];
    struct buf text;
    int64_t ms = window * OPEN311_REPEAT_S * MS_SECOND;
    buf_init(&text, SIZE_MAX / 2);
    buf_printf(&text, "%s %" PRId64 "\n", what, window);
    for (size_t i = 0; i < p->form.n; i++)
        buf_printf(&text, "%zu %s=%s\n", strlen(p->form.field[i].value), p->form.field[i].name,
                   p->form.field[i].value);
    key_hash(text.data, hash);
    p->a->failed |= buf_status(&text) != ST_OK;
    buf_release(&text);
    memcpy(id.byte, hash, sizeof id.byte);
    for (int i = 0; i < 6; i++)
        id.byte[i] = (unsigned char)(ms >> (40 - 8 * i));
    id.byte[6] = (unsigned char)(0x70 | (id.byte[6] & 0x0F)); /* version 7 */
    id.byte[8] = (unsigned char)(0x80 | (id.byte[8] & 0x3F));
    return id;
}

static bool posted_before(struct post *p, int64_t now, struct request_row *ret, enum status *ret_st,
                          struct errmsg *err)
{
    struct db *db = service_reader(p->call->service, err);
    int64_t long_ago = now - OPEN311_REPEAT_S * MS_SECOND;
    int64_t window = now / (OPEN311_REPEAT_S * MS_SECOND);
    *ret_st = db ? ST_NOT_FOUND : ST_IO;
    for (int i = 0; *ret_st == ST_NOT_FOUND && i < 2; i++) {
        struct uuid id = derived(p, "case", window - i);
        *ret_st = requests_by_case(db, &id, p->a, ret, err);
        if (*ret_st == ST_OK && ret->requested_ms < long_ago)
            *ret_st = ST_NOT_FOUND;
    }
    if (*ret_st == ST_OK)
        return true;
    if (*ret_st == ST_NOT_FOUND)
        *ret_st = ST_OK;
    return false;
}

static const char *hotline(struct post *p)
{
    const char *code = "";
    int64_t since;
    const struct reference *r = service_rules_hold(p->call->service, &since);
    for (size_t i = 0; i < r->n_units; i++)
        if (r->units[i].kind == UNIT_HOTLINE)
            code = arena_strdup(p->a, r->units[i].code);
    service_rules_release(p->call->service);
    return code;
}

static enum status make_case(struct post *p, int64_t now, struct request_row *ret,
                             const char **ret_refused, struct errmsg *err)
{
    int64_t window = now / (OPEN311_REPEAT_S * MS_SECOND);
    struct actor who = {.user = "open311",
                        .name = "Open311",
                        .role = ROLE_AUTOMATIC,
                        .office = hotline(p),
                        .unit = "",
                        .device = ""};
    struct command command = {.id = derived(p, "command", window),
                              .case_id = derived(p, "case", window),
                              .type = COMMAND_LOG,
                              .at_ms = now,
                              .values = p->values,
                              .n_values = p->n};
    struct outcome outcome = {.kind = OUTCOME_REJECTED};
    enum status st = service_commands(p->call->service, &who, &command, 1, p->a, &outcome, err);
    if (st != ST_OK)
        return st;
    /* another thread may have been first with the same post */
    if (posted_before(p, now, ret, &st, err) || st != ST_OK)
        return st;
    *ret_refused = outcome.problem.detail ? outcome.problem.detail : _("The request was refused.");
    return ST_REFUSED;
}

static void answer(struct post *p, const char *request_id)
{
    struct node *root = tree_list(p->a, NULL, "service_requests");
    struct node *n = tree_object(p->a, root, "request");
    tree_text(p->a, n, "service_request_id", request_id);
    tree_text(p->a, n, "service_notice",
              p->call->test       ? _("This is the test endpoint: nothing was kept.")
              : p->form.files > 0 ? _("The files that came with it were not kept.")
                                  : "");
    tree_text(p->a, n, "account_id", "");
    open311_send(p->call, root);
}

/* The command itself checks its values once more; here, so that all faults are named in one answer. */
static void check_values(struct post *p)
{
    struct errmsg err;
    const char *canonical;
    for (size_t i = 0; i < p->n; i++)
        if (value_check(p->values[i].field, p->values[i].text, p->a, &canonical, &err) != ST_OK)
            complain(p, 400, arena_strdup(p->a, err.text));
}

static void read_post(struct post *p)
{
    int64_t since;
    const struct reference *r = service_rules_hold(p->call->service, &since);
    read_service(p, r);
    read_place(p);
    read_street(p, r);
    service_rules_release(p->call->service);
    read_claimant(p);
    check_values(p);
}

void open311_post(struct call *c)
{
    struct errmsg err = {{0}};
    struct arena *a = &c->response->arena;
    struct post *p = arena_alloc(a, sizeof *p);
    struct request_row row = {.request_id = ""};
    const char *refused = "";
    enum status st = p ? ST_OK : fail(&err, ST_NOMEM, "out of memory");
    if (st != ST_OK) {
        call_failed(c, st, &err);
        return;
    }
    p->call = c;
    p->a = a;
    st = form_query(&p->form, c->request->query, a, &err);
    if (st == ST_OK)
        st = form_body(&p->form, c->request->content_type, c->request->body, c->request->body_len,
                       a, &err);
    if (st != ST_OK) {
        open311_refuse(c->response, c->path, 400, arena_strdup(a, err.text));
        return;
    }
    if (!may_post(p))
        return;
    read_post(p);
    if (p->faults.n > 0) {
        open311_faults(c->response, c->path, &p->faults);
        return;
    }
    int64_t now = service_now(c->service);
    if (c->test) {
        answer(p, "TEST-0");
        return;
    }
    if (!posted_before(p, now, &row, &st, &err) && st == ST_OK)
        st = make_case(p, now, &row, &refused, &err);
    if (st == ST_REFUSED)
        open311_refuse(c->response, c->path, 400, refused);
    else if (st != ST_OK)
        call_failed(c, st, &err);
    else
        answer(p, row.request_id);
}
