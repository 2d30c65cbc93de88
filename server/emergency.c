#include "server/emergency.h"
#include "core/base/i18n.h"
#include "core/wire/codec.h"
#include "server/documents.h"
#include <string.h>

enum { LIST_BYTES = 4 * 1024 * 1024 };

enum status emergency_load(struct db *db, struct arena *a, struct emergencies *ret,
                           struct errmsg *err)
{
    const char *body, *etag;
    size_t n;
    struct errmsg why = {{0}};
    enum status st = documents_get(db, EMERGENCY_DOCUMENT, 0, a, &body, &n, &etag, &why);
    if (st == ST_NOT_FOUND) {
        *ret = (struct emergencies){0};
        return ST_OK;
    }
    if (st != ST_OK)
        return fail(err, st, "%s", why.text);
    return emergencies_decode(body, n, a, ret, err);
}

/* A district that names none means its own. */
static struct emergency opened(const struct emergency_job *job)
{
    struct emergency e = *job->wanted;
    if (!*e.district && job->who->role == ROLE_DISTRICT)
        e.district = job->who->office;
    e.opened_ms = job->now_ms;
    e.opened_by = job->who->user;
    e.closed_ms = TIME_NONE;
    e.closed_by = "";
    return e;
}

static enum status put(struct db *db, const struct emergency_job *job,
                       const struct emergencies *list, struct arena *a, struct emergencies *ret,
                       struct errmsg *err)
{
    struct buf text;
    buf_init(&text, LIST_BYTES);
    emergencies_encode(&text, list);
    enum status st = buf_status(&text);
    if (st != ST_OK)
        fail(err, st, _("There are too many emergencies in the list."));
    if (st == ST_OK)
        st = documents_put(db, EMERGENCY_DOCUMENT, text.data, text.len, list->version,
                           job->who->user, job->now_ms, err);
    if (st == ST_OK)
        st = emergencies_decode(text.data, text.len, a, ret, err);
    buf_release(&text);
    return st;
}

enum status emergency_change(struct db *db, const struct emergency_job *job, struct arena *a,
                             struct emergencies *ret, struct errmsg *err)
{
    struct emergencies old;
    enum status st = emergency_load(db, a, &old, err);
    struct emergency *list = st == ST_OK ? arena_array(a, old.n + 1, sizeof *list) : NULL;
    if (st == ST_OK && !list)
        st = fail(err, ST_NOMEM, "out of memory");
    if (st != ST_OK)
        return st;
    struct emergencies fresh = {.version = old.version + 1, .list = list, .n = old.n};
    if (old.n)
        memcpy(list, old.list, old.n * sizeof *list);
    if (job->close) {
        st = emergency_may_close(&old, job->who, job->close, err);
        for (size_t i = 0; st == ST_OK && i < old.n; i++)
            if (strcmp(list[i].code, job->close) == 0) {
                list[i].closed_ms = job->now_ms;
                list[i].closed_by = job->who->user;
            }
    } else {
        list[fresh.n++] = opened(job);
        st = emergency_may_open(&old, job->policy, job->reference, job->who, &list[old.n], err);
    }
    return st == ST_OK ? put(db, job, &fresh, a, ret, err) : st;
}
