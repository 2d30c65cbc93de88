#include "server/papers.h"
#include "core/base/i18n.h"
#include "server/service_own.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REVISION "papers" /* in meta: the newest that was given */
enum { OWNERS_MOST = 12 };

/* --- reading --------------------------------------------------------------------------------- */

/* Of the statements PAPER_LIST and PAPER_GET; false for a kind that another version wrote. */
static bool read_paper(struct stmt *q, struct arena *a, struct paper *ret)
{
    *ret = (struct paper){.kind = paper_find(stmt_get_text(q, 0, NULL)),
                          .scope = paper_scope_find(stmt_get_text(q, 1, NULL)),
                          .owner = arena_strdup(a, stmt_get_text(q, 2, NULL)),
                          .name = arena_strdup(a, stmt_get_text(q, 3, NULL)),
                          .body = arena_strdup(a, stmt_get_text(q, 4, NULL)),
                          .revision = stmt_get_int(q, 5),
                          .changed_ms = stmt_get_int(q, 6),
                          .changed_by = arena_strdup(a, stmt_get_text(q, 7, NULL))};
    return ret->kind != PAPER_COUNT && ret->scope != PAPER_SCOPES;
}

static enum status newest(struct db *db, int64_t *ret, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_META_GET);
    stmt_text(q, 1, REVISION);
    *ret = stmt_row(q) ? strtoll(stmt_get_text(q, 0, NULL), NULL, 10) : 0;
    stmt_done(q);
    return database_status(db, err);
}

static void add_owner(const char *owners[OWNERS_MOST], size_t *n, const char *code)
{
    for (size_t i = 0; i < *n; i++)
        if (strcmp(owners[i], code) == 0)
            return;
    if (*code && *n < OWNERS_MOST)
        owners[(*n)++] = code;
}

static void add_above(const struct reference *r, const char *code, const char *owners[OWNERS_MOST],
                      size_t *n)
{
    const struct unit *u;
    for (size_t step = 0; step < OWNERS_MOST && (u = reference_unit(r, code)); step++) {
        add_owner(owners, n, u->code);
        code = u->parent;
    }
}

/* Units of which the person reads the papers; the codes lie in the arena, for the rules may change. */
static size_t owners_of(struct service *s, const struct actor *who, struct arena *a,
                        const char *owners[OWNERS_MOST])
{
    size_t n = 0;
    pthread_rwlock_rdlock(&s->rules_lock);
    const struct reference *r = &s->rules->reference;
    add_owner(owners, &n, paper_owner(who, PAPER_OFFICE));
    add_above(r, who->unit, owners, &n);
    add_above(r, who->office, owners, &n);
    for (size_t i = 0; i < r->n_units; i++)
        if (r->units[i].kind == UNIT_HOTLINE)
            add_owner(owners, &n, r->units[i].code);
    for (size_t i = 0; i < n; i++)
        owners[i] = arena_strdup(a, owners[i]);
    pthread_rwlock_unlock(&s->rules_lock);
    return n;
}

static enum status list_of(struct db *db, enum paper_scope scope, const char *owner,
                           struct arena *a, struct buf *out, bool *first, struct errmsg *err)
{
    struct paper p;
    struct stmt *q = database_stmt(db, SQL_PAPER_LIST);
    stmt_text(q, 1, paper_scope_word[scope]);
    stmt_text(q, 2, owner);
    while (stmt_row(q)) {
        if (read_paper(q, a, &p)) {
            papers_add(out, *first, &p);
            *first = false;
        }
    }
    stmt_done(q);
    return database_status(db, err);
}

/* In one transaction: the revision tells what the list is of. */
static enum status list(struct db *db, const struct actor *who, const char *const *owners, size_t n,
                        struct arena *a, struct buf *out, struct errmsg *err)
{
    int64_t revision = 0;
    bool first = true;
    enum status st = newest(db, &revision, err);
    papers_begin(out, revision);
    if (st == ST_OK)
        st = list_of(db, PAPER_OWN, who->user, a, out, &first, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        st = list_of(db, PAPER_OFFICE, owners[i], a, out, &first, err);
    papers_end(out);
    return st == ST_OK && arena_failed(a) ? fail(err, ST_NOMEM, "out of memory") : st;
}

enum status service_papers(struct service *s, const struct actor *who, struct buf *out,
                           struct errmsg *err)
{
    const char *owners[OWNERS_MOST];
    struct arena a;
    struct db *db = service_reader(s, err);
    if (!db)
        return ST_IO;
    arena_init(&a, 0);
    size_t n = owners_of(s, who, &a, owners);
    enum status st = database_begin(db, false, err);
    if (st == ST_OK) {
        st = list(db, who, owners, n, &a, out, err);
        database_rollback(db); /* it was read only */
    }
    arena_release(&a);
    return st;
}

/* --- writing --------------------------------------------------------------------------------- */

/* A paper that is not there has revision 0. */
static enum status present_one(struct db *db, const struct paper *wanted, struct arena *a,
                               struct paper *ret, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_PAPER_GET);
    stmt_text(q, 1, paper_scope_word[wanted->scope]);
    stmt_text(q, 2, wanted->owner);
    stmt_text(q, 3, paper_table[wanted->kind].word);
    stmt_text(q, 4, wanted->name);
    ret->revision = 0;
    if (stmt_row(q))
        read_paper(q, a, ret);
    stmt_done(q);
    return database_status(db, err);
}

/* Has the writer seen what is there? (RFC 9110 sections 13.1.1 and 13.1.2) */
static bool condition_holds(const struct paper_job *job, const struct paper *present)
{
    char tag[32];
    (void)snprintf(tag, sizeof tag, "\"%" PRId64 "\"", present->revision);
    if (job->match && strcmp(job->match, "*") != 0)
        return present->revision != 0 && strstr(job->match, tag) != NULL;
    if (job->match)
        return present->revision != 0;
    return present->revision == 0;
}

static enum status room_for_one(struct db *db, const struct paper *p, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_PAPER_COUNT);
    stmt_text(q, 1, paper_scope_word[p->scope]);
    stmt_text(q, 2, p->owner);
    stmt_text(q, 3, paper_table[p->kind].word);
    int64_t n = stmt_row(q) ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st == ST_OK && n >= paper_table[p->kind].most)
        return fail(err, ST_CONFLICT, _("There are %d of them already; throw one away first."),
                    paper_table[p->kind].most);
    return st;
}

static enum status next_revision(struct db *db, int64_t *ret, struct errmsg *err)
{
    char text[32];
    enum status st = newest(db, ret, err);
    if (st != ST_OK)
        return st;
    (void)snprintf(text, sizeof text, "%" PRId64, ++*ret);
    struct stmt *q = database_stmt(db, SQL_META_SET);
    stmt_text(q, 1, REVISION);
    stmt_text(q, 2, text);
    return stmt_run(q, err);
}

static enum status put(struct db *db, const struct paper *p, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_PAPER_PUT);
    stmt_text(q, 1, paper_scope_word[p->scope]);
    stmt_text(q, 2, p->owner);
    stmt_text(q, 3, paper_table[p->kind].word);
    stmt_text(q, 4, p->name);
    stmt_text(q, 5, p->body);
    stmt_int(q, 6, p->revision);
    stmt_int(q, 7, p->changed_ms);
    stmt_text(q, 8, p->changed_by);
    return stmt_run(q, err);
}

static enum status drop(struct db *db, const struct paper *p, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_PAPER_DROP);
    stmt_text(q, 1, paper_scope_word[p->scope]);
    stmt_text(q, 2, p->owner);
    stmt_text(q, 3, paper_table[p->kind].word);
    stmt_text(q, 4, p->name);
    return stmt_run(q, err);
}

/* What all of an office use is in the audit log; the name and the text by their hash alone, for people write what they
 * like there. */
static enum status record(struct service *s, const struct actor *who, const struct paper *p,
                          bool dropped, struct arena *a, struct errmsg *err)
{
    if (p->scope != PAPER_OFFICE)
        return ST_OK;
    const char *detail = arena_printf(a, "%s\n%s", p->name, dropped ? "" : p->body);
    struct audit_entry entry = {.who = who,
                                .action = audit_words[dropped ? AUDIT_PAPER_DROP : AUDIT_PAPER_PUT],
                                .object =
                                    arena_printf(a, "%s %s", paper_table[p->kind].word, p->owner),
                                .detail = detail,
                                .detail_n = strlen(detail)};
    return audit_add(s->audit, &entry, err);
}

/* Within the transaction of the writer. */
static enum status change(struct service *s, const struct paper_job *job, struct paper *wanted,
                          struct arena *a, enum paper_answer *ret, struct paper *present,
                          struct errmsg *err)
{
    struct db *db = s->writer;
    enum status st = present_one(db, wanted, a, present, err);
    if (st != ST_OK)
        return st;
    *ret = PAPER_OTHER;
#if SABOTAGE != 90 /* Damage: whoever comes last has his way. */
    if (!condition_holds(job, present))
        return ST_OK;
#else
    (void)condition_holds;
#endif
    *ret = !job->body ? PAPER_DROPPED : present->revision ? PAPER_WRITTEN : PAPER_MADE;
    if (*ret == PAPER_MADE)
        st = room_for_one(db, wanted, err);
    if (st == ST_OK)
        st = next_revision(db, &wanted->revision, err);
    if (st == ST_OK)
        st = job->body ? put(db, wanted, err) : drop(db, wanted, err);
    if (st == ST_OK)
        st = record(s, job->who, wanted, !job->body, a, err);
    *present = *wanted;
    return st;
}

enum status service_paper(struct service *s, const struct paper_job *job, struct arena *a,
                          enum paper_answer *ret, struct paper *present, struct errmsg *err)
{
    struct paper wanted = {.kind = job->kind,
                           .scope = job->scope,
                           .owner = job->body ? job->owner : paper_owner(job->who, job->scope),
                           .name = job->name,
                           .body = job->body ? job->body : "",
                           .changed_ms = clock_wall(s->config.clock),
                           .changed_by = job->who->user};
    *present = (struct paper){.revision = 0};
    enum status st = paper_may_write(job->who, job->kind, job->scope, wanted.owner, err);
    if (st == ST_OK && job->body)
        st = paper_check(&wanted, err);
    if (st != ST_OK)
        return st;
    *ret = PAPER_NO_CONDITION;
    if (!job->match && !(job->body && job->no_match && strcmp(job->no_match, "*") == 0))
        return ST_OK;
    st = writer_take(s, err);
    if (st == ST_OK)
        st = change(s, job, &wanted, a, ret, present, err);
    st = writer_give(s, st, err);
    if (st == ST_OK && job->scope == PAPER_OFFICE && *ret != PAPER_OTHER && s->config.renewed)
        s->config.renewed(s->config.notify_self);
    return st;
}
