#include "server/init.h"
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/case/calendar.h"
#include "core/wire/codec.h"
#include "server/audit.h"
#include "data/embedded.h"
#include "server/documents.h"
#include "server/officeday.h"
#include "server/org.h"
#include "server/practice.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DOCUMENT_MAX = 64 * 1024 * 1024,
    REACH_DAYS = 60 /* of the limits and the past of the office day */
};

enum status init_put_document(struct db *db, const char *name, const char *body, size_t n,
                              struct errmsg *err)
{
    struct document_head head;
    struct arena a;
    struct faults f; /* of the head: a document of one's own may have none when a store is made */
    arena_init(&a, 0);
    faults_init(&f, &a);
    document_head(body, n, &head, &f);
    arena_release(&a);
    return documents_put(db, name, body, n, head.version, "", clock_wall(&clock_system), err);
}

/* Rights and password are the detail: who got which role is proved by the hash. */
static enum status note_user(struct db *db, const struct person *p, const char *hash,
                             struct errmsg *err)
{
    struct buf detail;
    buf_init(&detail, 64 * 1024);
    buf_printf(&detail, "%s\n%s\n%s\n%s\n%s", role_table[p->role].word, p->office, p->unit, p->name,
               hash);
    enum status st = buf_status(&detail);
    if (st == ST_OK)
        st = audit_note(db, AUDIT_USER_PUT, p->user, detail.data, detail.len, err);
    buf_release(&detail);
    return st;
}

enum status init_put_user(struct db *db, const struct person *p, const char *hash,
                          struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_USER_PUT);
    stmt_text(q, 1, p->user);
    stmt_text(q, 2, hash);
    stmt_text(q, 3, role_table[p->role].word);
    stmt_text(q, 4, p->office);
    stmt_text(q, 5, p->unit);
    stmt_text(q, 6, p->name);
    enum status st = stmt_run(q, err);
    return st == ST_OK ? note_user(db, p, hash, err) : st;
}

static enum status document_text(const char *path, const unsigned char *shipped, size_t shipped_n,
                                 char **ret, size_t *ret_n, struct errmsg *err)
{
    if (path)
        return file_read(path, DOCUMENT_MAX, ret, ret_n, err);
    *ret = malloc(shipped_n + 1);
    if (!*ret)
        return fail(err, ST_NOMEM, "out of memory");
    memcpy(*ret, shipped, shipped_n);
    (*ret)[shipped_n] = '\0';
    *ret_n = shipped_n;
    return ST_OK;
}

/* What a store begins with. */
struct documents {
    struct arena arena; /* of the reference */
    struct reference reference;
    struct buf people;
    char *policy, *calendar, *org, *catalogue;
    size_t policy_n, calendar_n, org_n, catalogue_n;
};

static void warn_year(const struct init_options *o, int year)
{
    struct errmsg text;
    fail(&text, ST_OK,
         _("There is no holiday notice for %d: in this practice only its Saturdays and Sundays are "
           "days off."),
         year);
    if (o->warn)
        o->warn(text.text);
}

/* For practice a year without a notice gets its Saturdays and Sundays alone: the office day must be
 * there on every day of every year, and it is not the law. Loudly. */
static enum status practice_calendar(const struct init_options *o, struct documents *d,
                                     struct calendar *c, struct errmsg *err)
{
    static const char years[] = "\"years\": {";
    int first = civil_from_ms(o->now_ms - REACH_DAYS * (int64_t)MS_DAY, BEIJING_OFFSET_MS).year;
    int last = civil_from_ms(o->now_ms + REACH_DAYS * (int64_t)MS_DAY, BEIJING_OFFSET_MS).year;
    const char *at = strstr(d->calendar, years);
    struct buf text;
    buf_init(&text, DOCUMENT_MAX);
    if (!at || first < CALENDAR_FIRST_YEAR || last >= CALENDAR_FIRST_YEAR + CALENDAR_YEARS)
        return ST_OK; /* what is then asked for is refused with its reason */
    at += strlen(years);
    buf_add(&text, d->calendar, (size_t)(at - d->calendar));
    for (int y = first; y <= last; y++)
        if (!c->known[y - CALENDAR_FIRST_YEAR]) {
            buf_printf(&text, "\"%d\": {\"off\": [], \"work\": []},", y);
            warn_year(o, y);
        }
    buf_puts(&text, at);
    enum status st = buf_status(&text);
    if (st == ST_OK)
        st = calendar_decode(text.data, text.len, c, err);
    if (st == ST_OK) {
        free(d->calendar);
        d->calendar_n = text.len;
        d->calendar = buf_detach(&text);
    }
    buf_release(&text);
    return st;
}

static enum status read_calendar(const struct init_options *o, struct documents *d,
                                 struct errmsg *err)
{
    struct calendar c;
    enum status st = document_text(o->calendar, data_calendar_json, data_calendar_json_len,
                                   &d->calendar, &d->calendar_n, err);
    if (st == ST_OK && (st = calendar_decode(d->calendar, d->calendar_n, &c, err)) != ST_OK)
        errmsg_prefix(err, "%s", o->calendar ? o->calendar : "calendar.json");
    if (st == ST_OK && o->practice)
        st = practice_calendar(o, d, &c, err);
    return st;
}

/* Another organisation has other units: the shipped catalogue does not fit it, and none is a lawful state, in which
 * the district decides (art. 12). */
static const unsigned char no_catalogue[] = "{\"catalogue\":\"none\",\"version\":1,\"valid_from\":"
                                            "\"2026-01-01\",\"rows\":[],\"duties\":[]}";

static enum status read_catalogue(const struct init_options *o, struct documents *d,
                                  struct errmsg *err)
{
    struct catalogue c;
    struct faults f;
    const bool none = o->org && !o->catalogue;
    enum status st = document_text(o->catalogue, none ? no_catalogue : data_catalogue_json,
                                   none ? sizeof no_catalogue - 1 : data_catalogue_json_len,
                                   &d->catalogue, &d->catalogue_n, err);
    if (st != ST_OK)
        return st;
    faults_init(&f, &d->arena);
    catalogue_read(d->catalogue, d->catalogue_n, &c, &f);
    if (c.rows)
        catalogue_check(&c, &d->reference, &f);
    if ((st = faults_status(&f, err)) != ST_OK)
        errmsg_prefix(err, "%s", o->catalogue ? o->catalogue : "catalogue.json");
    return st;
}

static enum status read_documents(const struct init_options *o, struct documents *d,
                                  struct errmsg *err)
{
    struct policy policy;
    enum status st = document_text(o->policy, data_policy_json, data_policy_json_len, &d->policy,
                                   &d->policy_n, err);
    if (st == ST_OK &&
        (st = policy_decode(d->policy, d->policy_n, &d->arena, &policy, err)) != ST_OK)
        errmsg_prefix(err, "%s", o->policy ? o->policy : "policy.json");
    if (st == ST_OK)
        st = read_calendar(o, d, err);
    if (st == ST_OK)
        st = document_text(o->org, data_org_json, data_org_json_len, &d->org, &d->org_n, err);
    if (st == ST_OK &&
        (st = org_flatten(d->org, d->org_n, (const char *)data_categories_tsv,
                          data_categories_tsv_len, &d->arena, &d->reference, err)) != ST_OK)
        errmsg_prefix(err, "%s", o->org ? o->org : "org.json");
    if (st == ST_OK) {
        reference_encode(&d->people, &d->reference);
        st = buf_status(&d->people);
    }
    if (st == ST_OK)
        st = read_catalogue(o, d, err);
    return st;
}

/* hash: password of everybody, "" for none. */
static enum status write_documents(struct db *db, const struct documents *d, const char *hash,
                                   bool practice, struct errmsg *err)
{
    enum status st = init_put_document(db, "policy", d->policy, d->policy_n, err);
    if (st == ST_OK)
        st = init_put_document(db, "calendar", d->calendar, d->calendar_n, err);
    if (st == ST_OK)
        st = init_put_document(db, "people", d->people.data, d->people.len, err);
    if (st == ST_OK)
        st = init_put_document(db, "catalogue", d->catalogue, d->catalogue_n, err);
    for (size_t i = 0; st == ST_OK && i < d->reference.n_people; i++)
        st = init_put_user(db, &d->reference.people[i], hash, err);
    if (st == ST_OK && practice) {
        struct stmt *q = database_stmt(db, SQL_META_SET);
        stmt_text(q, 1, "practice");
        stmt_text(q, 2, "yes");
        st = stmt_run(q, err);
    }
    return st;
}

static enum status make_store(const struct init_options *o, const struct documents *d,
                              struct errmsg *err)
{
    char hash[128] = "";
    struct db *db = NULL;
    struct audit *audit = NULL;
    bool practice = o->practice, made_keys = false;
    enum status st = practice ? password_hash("practice", hash, err) : ST_OK;
    if (st == ST_OK)
        st = database_open(o->url, DB_CREATE, &db, err);
    if (st == ST_OK)
        st = database_begin(db, true, err);
    if (st == ST_OK)
        st = audit_create(db, &clock_system, &random_system, &made_keys, &audit, err);
    if (st == ST_OK)
        st = write_documents(db, d, hash, practice, err);
    if (st == ST_OK)
        st = audit_seal(audit, 0, err);
    if (st == ST_OK)
        st = database_commit(db, err);
    audit_close(audit);
    if (st != ST_OK && made_keys)
        audit_forget_keys(database_path(db));
    if (st == ST_OK || !db)
        database_close(db);
    else
        database_discard(db);
    return st;
}

static enum status fill_practice(const struct init_options *o, struct errmsg *err)
{
    struct service *s = NULL;
    struct service_config config = {
        .url = o->url, .clock = &clock_system, .random = &random_system};
    int64_t cases = 0;
    enum status st = service_open(&config, &s, err);
    if (st == ST_OK)
        st = officeday_load(s, o->now_ms, &cases, err);
    if (st == ST_OK)
        st = practice_templates(s, err);
    service_close(s);
    return st;
}

enum status init_store(const struct init_options *o, struct errmsg *err)
{
    struct documents d = {.policy = NULL};
    arena_init(&d.arena, 0);
    buf_init(&d.people, DOCUMENT_MAX);
    enum status st = read_documents(o, &d, err);
    if (st == ST_OK)
        st = make_store(o, &d, err);
    if (st == ST_OK && o->practice)
        st = fill_practice(o, err);
    buf_release(&d.people);
    arena_release(&d.arena);
    free(d.policy);
    free(d.calendar);
    free(d.org);
    free(d.catalogue);
    return st;
}
