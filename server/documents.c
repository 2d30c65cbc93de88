#include "server/documents.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include "data/embedded.h"
#include "server/audit.h"
#include "server/org.h"
#include <sodium.h>
#include <stdio.h>
#include <string.h>

const struct document_row document_table[DOCUMENT_COUNT] = {
    [DOCUMENT_POLICY] = {"policy", "policy"}, [DOCUMENT_CALENDAR] = {"calendar", "calendar"},
    [DOCUMENT_PEOPLE] = {"people", "org"},    [DOCUMENT_CATALOGUE] = {"catalogue", "catalogue"},
    [DOCUMENT_BONUS] = {"bonus", "bonus"},
};

void documents_tag(const char *body, size_t n, char etag[64])
{
    unsigned char hash[16];
    char hex[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)body, n, NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    snprintf(etag, 64, "\"%s\"", hex);
}

static enum status last_version(struct db *db, const char *name, int *ret, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_VERSION_LAST);
    stmt_text(q, 1, name);
    *ret = stmt_row(q) ? (int)stmt_get_int(q, 0) : 0;
    stmt_done(q);
    return database_status(db, err);
}

enum status documents_put(struct db *db, const char *name, const char *body, size_t n, int version,
                          const char *by, int64_t now_ms, struct errmsg *err)
{
    char etag[64];
    int last;
    enum status st = last_version(db, name, &last, err);
    if (st == ST_OK && version && version <= last)
        return fail(err, ST_EXISTS,
                    _("version %d of \"%s\" was loaded before, the last one is %d: give the file "
                      "version %d"),
                    version, name, last, last + 1);
    if (st != ST_OK)
        return st;
    documents_tag(body, n, etag);
    struct stmt *q = database_stmt(db, SQL_DOCUMENT_SET);
    stmt_text(q, 1, name);
    stmt_text(q, 2, body);
    stmt_text(q, 3, etag);
    st = stmt_run(q, err);
    if (st != ST_OK)
        return st;
    q = database_stmt(db, SQL_VERSION_PUT);
    stmt_text(q, 1, name);
    stmt_int(q, 2, version ? version : last + 1);
    stmt_int(q, 3, now_ms);
    stmt_text(q, 4, by);
    stmt_text(q, 5, etag);
    stmt_text(q, 6, body);
    st = stmt_run(q, err);
    return st == ST_OK ? audit_note(db, AUDIT_DOCUMENT, name, etag, strlen(etag), err) : st;
}

enum status documents_get(struct db *db, const char *name, int version, struct arena *a,
                          const char **ret_body, size_t *ret_n, const char **ret_etag,
                          struct errmsg *err)
{
    struct stmt *q = database_stmt(db, version ? SQL_VERSION_GET : SQL_DOCUMENT_GET);
    stmt_text(q, 1, name);
    if (version)
        stmt_int(q, 2, version);
    bool there = stmt_row(q);
    if (there) {
        const char *body = stmt_get_text(q, 0, ret_n);
        *ret_body = arena_strndup(a, body, *ret_n);
        *ret_etag = arena_strdup(a, stmt_get_text(q, 1, NULL));
    }
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && !there)
        return version ? fail(err, ST_NOT_FOUND, _("The store has no version %d of \"%s\"."),
                              version, name)
                       : fail(err, ST_NOT_FOUND, _("The store has no document \"%s\"."), name);
    return st;
}

enum status documents_reference(struct db *db, struct arena *a, struct reference *ret,
                                struct errmsg *err)
{
    const char *body, *etag;
    size_t n;
    if (!db)
        return org_flatten((const char *)data_org_json, data_org_json_len,
                           (const char *)data_categories_tsv, data_categories_tsv_len, a, ret, err);
    enum status st = documents_get(db, "people", 0, a, &body, &n, &etag, err);
    return st == ST_OK ? reference_decode(body, n, a, ret, err) : st;
}

/* The catalogue that is in force must fit the units that are to come; its rows that are over may name those that
 * have ended. */
static void check_catalogue_fits(struct db *db, const struct reference *fresh, struct faults *f)
{
    struct catalogue c;
    const char *body, *etag;
    size_t n;
    struct faults own;
    if (documents_get(db, "catalogue", 0, f->arena, &body, &n, &etag, NULL) != ST_OK ||
        catalogue_decode(body, n, f->arena, &c, NULL) != ST_OK)
        return;
    faults_init(&own, f->arena);
    catalogue_check(&c, fresh, &own);
    for (const struct fault_entry *one = own.first; one; one = one->next)
        if (one->grade == FAULT_ERROR)
            faults_add(f, FAULT_ERROR, "", _("the catalogue in force does not fit: %s: %s"),
                       one->place, one->text);
}

static void check_catalogue(struct db *db, const char *text, size_t n, struct faults *f)
{
    struct catalogue c;
    struct reference r;
    struct errmsg err = {{0}};
    catalogue_read(text, n, &c, f);
    enum status st = documents_reference(db, f->arena, &r, &err);
    if (st != ST_OK)
        faults_add_status(f, st, &err);
    else if (c.rows)
        catalogue_check(&c, &r, f);
}

static void check_bonus(struct db *db, const char *text, size_t n, struct faults *f)
{
    struct bonus b;
    struct reference r;
    struct errmsg err = {{0}};
    bonus_read(text, n, &b, f);
    enum status st = documents_reference(db, f->arena, &r, &err);
    if (st != ST_OK)
        faults_add_status(f, st, &err);
    else
        bonus_check(&b, &r, f);
}

static bool told(const struct faults *f, const char *place)
{
    for (const struct fault_entry *one = f->first; one; one = one->next)
        if (strcmp(one->place, place) == 0)
            return true;
    return false;
}

/* Version and first day, as far as the reader of the kind has not said it already. */
static void check_head(enum document_kind kind, const char *text, size_t n, struct faults *f)
{
    struct document_head head;
    struct faults own;
    faults_init(&own, f->arena);
    document_head(text, n, &head, &own);
    for (const struct fault_entry *one = own.first; one; one = one->next)
        if (!told(f, one->place) &&
            !(kind == DOCUMENT_POLICY && strcmp(one->place, "/version") == 0))
            faults_add(f, one->grade, one->place, "%s", one->text);
}

/* What an organisation without faults means for the store: for open orders and for the catalogue. */
static void check_consequences(struct db *db, const struct reference *now,
                               const struct reference *fresh, int today, struct faults *f)
{
    struct reference with_ended = *fresh;
    struct errmsg err = {{0}};
    enum status st = people_keep_ended(db, now, &with_ended, today, f, &err);
    if (st != ST_OK)
        faults_add_status(f, st, &err);
    else
        check_catalogue_fits(db, &with_ended, f);
}

void documents_check(enum document_kind kind, struct db *db, const char *text, size_t n, int today,
                     struct reference *ret, struct faults *f)
{
    struct errmsg err = {{0}};
    enum status st = ST_OK;
    struct policy *policy = arena_alloc(f->arena, sizeof *policy);
    struct calendar *calendar = arena_alloc(f->arena, sizeof *calendar);
    struct reference now = {.version = 0};
    if (!policy || !calendar)
        return; /* faults_status says that the arena failed */
    switch (kind) {
    case DOCUMENT_POLICY:
        policy_read(text, n, policy, f);
        break;
    case DOCUMENT_CALENDAR:
        calendar_read(text, n, calendar, f);
        break;
    case DOCUMENT_PEOPLE:
        st = documents_reference(db, f->arena, &now, &err);
        if (st == ST_OK)
            org_read(text, n, &now, ret, f);
        break;
    case DOCUMENT_BONUS:
        check_bonus(db, text, n, f);
        break;
    default:
        check_catalogue(db, text, n, f);
        break;
    }
    if (st != ST_OK)
        faults_add_status(f, st, &err);
    if (kind == DOCUMENT_PEOPLE && db && f->errors == 0)
        check_consequences(db, &now, ret, today, f);
    if (f->st == ST_OK) /* else it is no JSON, and that has been told */
        check_head(kind, text, n, f);
}
