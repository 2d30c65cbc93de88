/* presence.c: the table of who is at which case. */
#include "server/presence.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OFFICE_SIZE = 32 };

struct here {
    struct presence_own own;
    char user[PRESENCE_USER + 1], terminal[PRESENCE_TERMINAL + 1], office[OFFICE_SIZE];
    unsigned char session[PRESENCE_SESSION];
    char *scopes;
    int64_t opened_ms, since_ms; /* server's time; since: of what it is now */
    int64_t told_ms;             /* mono */
};

struct presence_table {
    pthread_mutex_t lock;
    int64_t ttl_ms;
    struct here *list;
    size_t n, cap;
};

struct presence_table *presence_new(int64_t ttl_ms)
{
    struct presence_table *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->ttl_ms = ttl_ms;
    pthread_mutex_init(&t->lock, NULL);
    return t;
}

void presence_free(struct presence_table *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n; i++)
        free(t->list[i].scopes);
    free(t->list);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

bool presence_concerns(const char *scopes, const char *scope)
{
    size_t n = strlen(scope);
    for (const char *at = scopes; *at; at += strcspn(at, "\n") + 1)
        if (strncmp(at, scope, n) == 0 && at[n] == '\n')
            return true;
    return false;
}

/* The last one takes its place. */
static void drop(struct presence_table *t, size_t i, struct buf *moved)
{
    buf_puts(moved, t->list[i].scopes);
    free(t->list[i].scopes);
    t->list[i] = t->list[--t->n];
}

static bool is_of(const struct here *h, const struct presence_teller *who)
{
    return strcmp(h->user, who->user) == 0 && strcmp(h->terminal, who->terminal) == 0;
}

/* The mark of that terminal; t->n: there is none. */
static size_t find(const struct presence_table *t, const struct presence_teller *who)
{
    size_t i = 0;
    while (i < t->n && !is_of(&t->list[i], who))
        i++;
    return i;
}

/* One more of that person. NULL: no room for it. */
static struct here *add(struct presence_table *t, const struct presence_teller *who,
                        struct buf *moved)
{
    size_t of_person = 0, oldest = t->n;
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->list[i].user, who->user) == 0) {
            of_person++;
            if (oldest == t->n || t->list[i].told_ms < t->list[oldest].told_ms)
                oldest = i;
        }
#if SABOTAGE != 303 /* Damage: a person has as many marks as there is room for. */
    if (of_person >= PRESENCE_EACH)
        drop(t, oldest, moved);
#endif
    if (t->n >= PRESENCE_MOST)
        return NULL;
    if (t->n == t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        struct here *more = realloc(t->list, cap * sizeof *more);
        if (!more)
            return NULL;
        t->list = more;
        t->cap = cap;
    }
    struct here *h = &t->list[t->n++];
    *h = (struct here){.own.what = PRESENCE_NONE};
    snprintf(h->user, sizeof h->user, "%s", who->user);
    snprintf(h->terminal, sizeof h->terminal, "%s", who->terminal);
    snprintf(h->office, sizeof h->office, "%s", who->office);
    return h;
}

static bool same(const struct presence_own *a, const struct presence_own *b)
{
    return a->what == b->what && a->command == b->command &&
           uuid_compare(&a->case_id, &b->case_id) == 0;
}

static void put(struct presence_table *t, const struct presence_teller *who,
                const struct presence_own *own, const char *scopes, int64_t mono_ms,
                int64_t wall_ms, struct buf *moved)
{
    size_t i = find(t, who);
    if (i < t->n && uuid_compare(&t->list[i].own.case_id, &own->case_id) != 0) {
        drop(t, i, moved);
        i = t->n;
    }
    char *copy = strdup(scopes);
    struct here *h = !copy ? NULL : i < t->n ? &t->list[i] : add(t, who, moved);
    if (!h) {
        free(copy);
        return;
    }
    bool fresh = h->own.what == PRESENCE_NONE;
    if (fresh)
        h->opened_ms = wall_ms;
    if (fresh || !same(&h->own, own)) {
        h->since_ms = own->what == PRESENCE_OPEN ? h->opened_ms : wall_ms;
        buf_puts(moved, copy);
    }
    h->own = *own;
    free(h->scopes);
    h->scopes = copy;
    h->told_ms = mono_ms;
    memcpy(h->session, who->session, sizeof h->session);
}

void presence_put(struct presence_table *t, const struct presence_teller *who,
                  const struct presence_own *own, const char *scopes, int64_t mono_ms,
                  int64_t wall_ms, struct buf *moved)
{
    if (strlen(who->user) > PRESENCE_USER || strlen(who->office) >= OFFICE_SIZE)
        return; /* no name of ours is so long */
    pthread_mutex_lock(&t->lock);
    if (own->what != PRESENCE_NONE) {
        put(t, who, own, scopes, mono_ms, wall_ms, moved);
    } else {
        size_t i = find(t, who);
        if (i < t->n)
            drop(t, i, moved);
    }
    pthread_mutex_unlock(&t->lock);
}

static bool late(const struct presence_table *t, const struct here *h, int64_t mono_ms)
{
#if SABOTAGE == 302
    return false; /* Damage: a mark stays for ever. */
#endif
    return mono_ms - h->told_ms >= t->ttl_ms;
}

size_t presence_of(struct presence_table *t, const struct presence_teller *who, const char *scope,
                   int64_t mono_ms, struct presence_mark *ret, size_t most)
{
    size_t n = 0;
    pthread_mutex_lock(&t->lock);
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < t->n && n < most; i++) {
            const struct here *h = &t->list[i];
            bool near = strcmp(h->office, who->office) == 0;
            if (near != (round == 0) || is_of(h, who) || late(t, h, mono_ms) ||
                !presence_concerns(h->scopes, scope))
                continue;
            struct presence_mark *m = &ret[n++];
            *m = (struct presence_mark){.case_id = h->own.case_id,
                                        .what = h->own.what,
                                        .command = h->own.command,
                                        .since_ms = h->since_ms,
                                        .own = strcmp(h->user, who->user) == 0};
            memcpy(m->user, h->user, sizeof m->user);
        }
    pthread_mutex_unlock(&t->lock);
    return n;
}

void presence_sweep(struct presence_table *t, int64_t mono_ms,
                    bool (*ended)(void *self, const unsigned char session[PRESENCE_SESSION]),
                    void *self, struct buf *moved)
{
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < t->n;) {
        const struct here *h = &t->list[i];
        if (late(t, h, mono_ms) || (ended && ended(self, h->session)))
            drop(t, i, moved);
        else
            i++;
    }
    pthread_mutex_unlock(&t->lock);
}
