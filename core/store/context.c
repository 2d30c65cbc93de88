#include "core/store/context.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/store/db.h"
#include <stdio.h>
#include <string.h>

static const char *const actor_key[] = {"actor.user", "actor.name", "actor.office", "actor.unit"};

struct late_catalogue {
    const char *body; /* NULL: it was decoded, or tried to be */
    size_t len;
    struct arena arena;
    bool have;
    struct catalogue catalogue;
};

void context_init(struct context *c)
{
    memset(c, 0, sizeof *c);
    arena_init(&c->arena, 0);
}

void context_release(struct context *c)
{
    if (c->catalogue)
        arena_release(&c->catalogue->arena);
    arena_release(&c->arena);
    memset(c, 0, sizeof *c);
}

/* Documents do not change while their ETags stay. False: there is one without. */
static bool read_mark(struct store *s, struct buf *out)
{
    static const char *const document[] = {"policy", "calendar", "people", "catalogue",
                                           "emergencies"};
    enum {
        DOCUMENTS = sizeof document / sizeof *document,
        ACTOR = sizeof actor_key / sizeof *actor_key
    };
    struct arena a;
    const char *body, *text;
    size_t n;
    bool known = true;
    arena_init(&a, 0);
    for (size_t i = 0; known && i < DOCUMENTS; i++) {
        known = store_document_get(s, document[i], &a, &body, &n, &text, NULL) == ST_OK && *text;
        buf_printf(out, "%s\n", known ? text : "");
    }
    for (size_t i = 0; known && i <= ACTOR; i++) {
        known =
            store_meta_get(s, i < ACTOR ? actor_key[i] : "actor.role", &a, &text, NULL) == ST_OK;
        buf_printf(out, "%s\n", known ? text : "");
    }
    arena_release(&a);
    return known && buf_status(out) == ST_OK;
}

static void hand_over(struct context *c, struct store *s)
{
    if (c->have_policy && c->have_calendar && c->have_actor)
        store_set_context(s, &c->policy, &c->calendar, c->have_reference ? &c->reference : NULL,
                          &c->actor);
}

/* ST_OK also when the document never came; *ret_body is NULL then. */
static enum status document(struct store *s, const char *name, struct arena *a,
                            const char **ret_body, size_t *ret_len, struct errmsg *err)
{
    const char *etag;
    *ret_body = NULL;
    enum status st = store_document_get(s, name, a, ret_body, ret_len, &etag, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status keep_catalogue(struct context *c, const char *body, size_t len,
                                  struct errmsg *err)
{
    c->catalogue = arena_alloc(&c->arena, sizeof *c->catalogue);
    if (!c->catalogue)
        return fail(err, ST_NOMEM, _("Out of memory."));
    *c->catalogue = (struct late_catalogue){.body = body, .len = len};
    arena_init(&c->catalogue->arena, 0);
    return ST_OK;
}

const struct catalogue *context_catalogue(const struct context *c)
{
    struct late_catalogue *l = c->catalogue;
    if (!l)
        return NULL;
    if (l->body)
        l->have = catalogue_decode(l->body, l->len, &l->arena, &l->catalogue, NULL) == ST_OK;
    l->body = NULL;
    return l->have ? &l->catalogue : NULL;
}

static enum status load(struct context *c, struct store *s, struct errmsg *err)
{
    const char *body, *role = "";
    size_t len;
    struct arena *a = &c->arena;
    enum status st = document(s, "policy", a, &body, &len, err);
    c->have_policy = st == ST_OK && body && policy_decode(body, len, a, &c->policy, NULL) == ST_OK;
    if (st == ST_OK)
        st = document(s, "calendar", a, &body, &len, err);
    c->have_calendar =
        st == ST_OK && body && calendar_decode(body, len, &c->calendar, NULL) == ST_OK;
    if (st == ST_OK)
        st = document(s, "people", a, &body, &len, err);
    c->have_reference =
        st == ST_OK && body && reference_decode(body, len, a, &c->reference, NULL) == ST_OK;
    if (!c->have_reference)
        memset(&c->reference, 0, sizeof c->reference);
    if (st == ST_OK)
        st = document(s, "catalogue", a, &body, &len, err);
    if (st == ST_OK && body)
        st = keep_catalogue(c, body, len, err);
    if (st == ST_OK)
        st = document(s, "emergencies", a, &body, &len, err);
    c->have_emergencies =
        st == ST_OK && body && emergencies_decode(body, len, a, &c->emergencies, NULL) == ST_OK;
    if (!c->have_emergencies)
        memset(&c->emergencies, 0, sizeof c->emergencies);
    const char **actor_text[] = {&c->actor.user, &c->actor.name, &c->actor.office, &c->actor.unit};
    for (size_t i = 0; st == ST_OK && i < sizeof actor_key / sizeof *actor_key; i++)
        st = store_meta_get(s, actor_key[i], a, actor_text[i], err);
    if (st == ST_OK)
        st = store_meta_get(s, "actor.role", a, &role, err);
    if (st != ST_OK)
        return st;
    c->actor.role = role_find(role);
    c->have_actor = c->actor.role != ROLE_COUNT && *c->actor.user;
    if (!c->have_actor)
        c->actor.role = ROLE_NOBODY;
    return ST_OK;
}

enum status context_load(struct context *c, struct store *s, const char *device, struct errmsg *err)
{
    struct context fresh;
    struct buf mark;
    buf_init(&mark, CONTEXT_MARK);
    bool known = read_mark(s, &mark), same = known && strcmp(mark.data, c->made_of) == 0;
    context_init(&fresh);
    enum status st = same ? ST_OK : load(&fresh, s, err);
    if (same) {
        hand_over(c, s);
    } else if (st == ST_OK) {
        snprintf(fresh.made_of, sizeof fresh.made_of, "%s", known ? mark.data : "");
        fresh.actor.device = arena_strdup(&fresh.arena, device);
        store_set_context(s, NULL, NULL, NULL, NULL);
        context_release(c);
        *c = fresh;
        hand_over(c, s);
    }
    buf_release(&mark);
    if (st != ST_OK)
        context_release(&fresh);
    return st;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b ? b : "") == 0;
}

/* The queues are those of the person: made anew for another role, office or unit.
 * In one transaction: never the role of one person with the name of another. */
enum status context_save_actor(struct store *s, const struct actor *actor, struct errmsg *err)
{
    const char *const text[] = {actor->user, actor->name, actor->office, actor->unit};
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    store_read_viewer(s);
    bool other = s->viewer.role != actor->role || !same_text(s->viewer.user, actor->user) ||
                 !same_text(s->viewer.office, actor->office) ||
                 !same_text(s->viewer.unit, actor->unit);
    st = store_meta_set(s, "actor.role", role_table[actor->role].word, err);
    for (size_t i = 0; st == ST_OK && i < sizeof actor_key / sizeof *actor_key; i++)
        st = store_meta_set(s, actor_key[i], text[i] ? text[i] : "", err);
    if (st == ST_OK && other)
        store_reproject_all(s);
    return db_write_end(s, err);
}

struct workflow_context context_workflow(const struct context *c, int64_t now_ms)
{
    return (struct workflow_context){.policy = c->have_policy ? &c->policy : NULL,
                                     .calendar = &c->calendar,
                                     .reference = c->have_reference ? &c->reference : NULL,
                                     .catalogue = context_catalogue(c),
                                     .emergencies = c->have_emergencies ? &c->emergencies : NULL,
                                     .now_ms = now_ms};
}
