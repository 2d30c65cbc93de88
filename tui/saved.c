#include "tui/saved.h"
#include "core/base/i18n.h"
#include <string.h>

static struct config {
    struct arena arena;
    struct saved_view view[SAVED_MOST];
    size_t n;
    bool made;
} config;

enum status saved_config_line(const char *name, const char *value, const char *from,
                              struct errmsg *err)
{
    enum status st = saved_name_check(name, err);
    if (st != ST_OK) {
        errmsg_prefix(err, "%s", from);
        return st;
    }
    if (config.n == SAVED_MOST)
        return fail(err, ST_INVALID, _("%s: there are more than %d views."), from, SAVED_MOST);
    if (strlen(value) >= FILTER_MAX)
        return fail(err, ST_INVALID, _("%s: The filter is too long."), from);
    if (!config.made)
        arena_init(&config.arena, 0);
    config.made = true;
    config.view[config.n++] = (struct saved_view){.name = arena_strdup(&config.arena, name),
                                                  .view = VIEW_ALL_OPEN,
                                                  .filter = arena_strdup(&config.arena, value),
                                                  .columns = "",
                                                  .from = arena_strdup(&config.arena, from)};
    return ST_OK;
}

void saved_config_clear(void)
{
    if (config.made)
        arena_release(&config.arena);
    memset(&config, 0, sizeof config);
}

void saved_init(struct saved_list *l)
{
    memset(l, 0, sizeof *l);
    arena_init(&l->arena, 0);
}

void saved_release(struct saved_list *l)
{
    arena_release(&l->arena);
}

static void add(struct saved_list *l, const struct saved_list *old, const struct saved_view *v)
{
    size_t i = 0;
    if (l->n == SAVED_ALL || saved_find(l, v->name))
        return;
    while (i < old->n && strcmp(old->view[i].name, v->name) != 0)
        i++;
    l->count[l->n] = i < old->n ? old->count[i] : -1;
    l->more[l->n] = i < old->n && old->more[i];
    l->view[l->n++] = *v;
}

enum status saved_load(struct saved_list *l, struct store *s, struct errmsg *err)
{
    struct saved_list fresh;
    struct saved_view *kept = NULL;
    size_t n = 0;
    saved_init(&fresh);
    enum status st = saved_views(s, &fresh.arena, &kept, &n, err);
    if (st != ST_OK) {
        saved_release(&fresh);
        return st;
    }
    for (size_t i = 0; i < config.n; i++)
        add(&fresh, l, &config.view[i]);
    for (size_t i = 0; i < n; i++)
        add(&fresh, l, &kept[i]);
    saved_release(l);
    *l = fresh;
    return ST_OK;
}

const struct saved_view *saved_find(const struct saved_list *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->view[i].name, name) == 0)
            return &l->view[i];
    return NULL;
}

bool saved_count_step(struct saved_list *l, struct store *s, int64_t now_ms)
{
    if (l->stale >= l->n)
        return false;
    size_t i = l->stale++;
    struct query q = saved_view_query(&l->view[i], now_ms);
    if (store_count_near(s, &q, SAVED_COUNT_MOST, SAVED_LOOK_MOST, &l->count[i], &l->more[i],
                         NULL) != ST_OK)
        l->count[i] = -1;
    return true;
}

enum status saved_check(const struct saved_list *l, struct store *s, int64_t now_ms,
                        struct errmsg *err)
{
    for (size_t i = 0; i < l->n; i++) {
        size_t at;
        enum status st = store_filter_check(s, l->view[i].filter, now_ms, &at, err);
        if (st != ST_OK) {
            errmsg_prefix(err, "%s", *l->view[i].from ? l->view[i].from : l->view[i].name);
            return st;
        }
    }
    return ST_OK;
}
