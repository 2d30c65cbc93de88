/* kept_model.c: unsent commands, drafts, messages and cases at hand as rows. */
#include "tui/view/kept.h"
#include "core/base/i18n.h"
#include "tui/draw.h"
#include <string.h>

enum { OUTBOX_SHOWN = 1000 };

void kept_init(struct kept *v, enum kept_kind kind)
{
    memset(v, 0, sizeof *v);
    v->kind = kind;
    arena_init(&v->arena, 0);
}

void kept_release(struct kept *v)
{
    arena_release(&v->arena);
}

static const char *number_of(struct kept *v, struct console *c, const struct uuid *case_id)
{
    struct case_view one;
    if (store_case(c->config->store, case_id, &c->scratch, &one, NULL) != ST_OK)
        return "";
    return draw_number(&v->arena, arena_strdup(&v->arena, one.shown.value[FIELD_NUMBER]));
}

/* --- the outbox --------------------------------------------------------------------------------- */

/* Of the cache's clock, as the person reads it: by the server's. */
static const char *time_of(struct kept *v, const struct console *c, int64_t cache_ms)
{
    return draw_time(&v->arena, cache_ms + console_now(c) - clock_wall(c->config->clock));
}

/* Does an earlier one of its case wait for its time? */
static bool is_behind(const struct outbox_row *all, size_t i, int64_t now_ms)
{
    for (size_t k = 0; k < i; k++)
        if (uuid_compare(&all[k].command.case_id, &all[i].command.case_id) == 0 &&
            all[k].not_before_ms > now_ms)
            return true;
    return false;
}

static const char *when_it_goes(struct kept *v, const struct console *c,
                                const struct outbox_row *all, size_t i)
{
    int64_t now = clock_wall(c->config->clock);
    if (all[i].leaving)
        return _("on its way: the server may have it");
    if (all[i].not_before_ms > now)
        return arena_printf(&v->arena, _("goes %s"), time_of(v, c, all[i].not_before_ms));
    if (is_behind(all, i, now))
        return _("goes behind the one before it");
    return _("goes when the line is up");
}

static const char *story_of(struct kept *v, const struct console *c, const struct outbox_row *row)
{
    const char *text = arena_printf(&v->arena, _("Confirmed %s."), time_of(v, c, row->queued_ms));
    if (row->tries > 0)
        text = arena_printf(&v->arena,
                            ngettext("%s Tried %d time, last %s: %s",
                                     "%s Tried %d times, last %s: %s", (unsigned long)row->tries),
                            text, row->tries, time_of(v, c, row->last_try_ms), row->last_error);
    return text;
}

static enum status load_outbox(struct kept *v, struct console *c, struct errmsg *err)
{
    struct outbox_row *found;
    size_t n;
    enum status st = store_outbox(c->config->store, OUTBOX_SHOWN, &v->arena, &found, &n, err);
    if (st == ST_OK)
        v->rows = arena_array(&v->arena, n + 1, sizeof *v->rows);
    for (size_t i = 0; st == ST_OK && v->rows && i < n; i++) {
        const struct command *one = &found[i].command;
        v->rows[v->n++] = (struct kept_row){.id = one->id,
                                            .case_id = one->case_id,
                                            .type = one->type,
                                            .when = time_of(v, c, found[i].queued_ms),
                                            .number = number_of(v, c, &one->case_id),
                                            .what = _(command_table[one->type].label),
                                            .tail = when_it_goes(v, c, found, i),
                                            .role = found[i].tries ? THEME_WARN : THEME_PLAIN,
                                            .more = story_of(v, c, &found[i]),
                                            .values = one->values,
                                            .n_values = one->n_values};
    }
    return st;
}

/* --- drafts ------------------------------------------------------------------------------------- */

/* The longest text says best which one it is. */
static const char *first_words(const struct draft *d)
{
    const char *best = "";
    for (size_t i = 0; i < d->n_values; i++)
        if (strlen(d->values[i].text) > strlen(best))
            best = d->values[i].text;
    return best;
}

/* As one says it: minutes, hours, days. */
static const char *age(struct kept *v, int64_t ms)
{
    int minutes = ms > 0 ? (int)(ms / MS_MINUTE) : 0;
    if (minutes < 120)
        return arena_printf(&v->arena, _("%d min old"), minutes);
    if (minutes < 48 * 60)
        return arena_printf(&v->arena, _("%d h old"), minutes / 60);
    return arena_printf(&v->arena, _("%d days old"), minutes / (24 * 60));
}

static enum status load_drafts(struct kept *v, struct console *c, struct errmsg *err)
{
    struct draft *found;
    size_t n;
    enum status st = store_drafts(c->config->store, &v->arena, &found, &n, err);
    if (st == ST_OK)
        v->rows = arena_array(&v->arena, n + 1, sizeof *v->rows);
    for (size_t i = 0; st == ST_OK && v->rows && i < n; i++) {
        const struct draft *d = &found[i];
        const char *label = _(command_table[d->type].label);
        v->rows[v->n++] = (struct kept_row){
            .case_id = d->case_id,
            .type = d->type,
            .slot = d->slot,
            .when = age(v, clock_wall(c->config->clock) - d->saved_ms),
            .number = uuid_is_nil(&d->case_id) ? _("for marked") : number_of(v, c, &d->case_id),
            .what = d->slot ? arena_printf(&v->arena, "%s (%d)", label, d->slot + 1) : label,
            .tail = first_words(d),
            .more = "",
            .values = d->values,
            .n_values = d->n_values};
    }
    return st;
}

/* --- messages ----------------------------------------------------------------------------------- */

static enum status load_messages(struct kept *v, struct console *c)
{
    v->rows = arena_array(&v->arena, MESSAGES_MOST, sizeof *v->rows);
    for (size_t i = 0; v->rows && messages_at(&c->messages, i); i++) {
        const struct message *m = messages_at(&c->messages, i);
        v->rows[v->n++] = (struct kept_row){.when = draw_time(&v->arena, m->at_ms),
                                            .number = "",
                                            .what = "",
                                            .tail = arena_strdup(&v->arena, m->text),
                                            .role = m->role,
                                            .more = arena_strdup(&v->arena, m->text)};
    }
    return ST_OK;
}

/* --- cases at hand -------------------------------------------------------------------------------- */

static enum status load_opened(struct kept *v, struct console *c)
{
    v->rows = arena_array(&v->arena, OPENED_MOST, sizeof *v->rows);
    for (int i = 0; v->rows && i < OPENED_MOST; i++) {
        const struct opened_case *one = &c->opened.at[i];
        struct case_view found;
        if (!one->used)
            continue;
        bool known = store_case(c->config->store, &one->id, &v->arena, &found, NULL) == ST_OK;
        bool writing = opened_goes_on(one, c->config->store, &v->arena);
        v->rows[v->n++] = (struct kept_row){
            .case_id = one->id,
            .go = i + 1,
            .when = arena_printf(&v->arena, "Alt-%d", i + 1),
            .number = known ? draw_number(&v->arena, found.shown.value[FIELD_NUMBER]) : "",
            .what = writing ? _(command_table[one->command].label)
                    : known ? _(state_table[found.shown.state].label)
                            : "",
            .tail = known ? found.shown.value[FIELD_TITLE] : "",
            .more = writing ? _("Half written; its draft is kept.") : ""};
    }
    return ST_OK;
}

static bool same_row(const struct kept_row *a, const struct kept_row *b)
{
    return uuid_compare(&a->id, &b->id) == 0 && uuid_compare(&a->case_id, &b->case_id) == 0 &&
           a->type == b->type && a->slot == b->slot;
}

enum status kept_load(struct kept *v, struct console *c, struct errmsg *err)
{
    bool had = v->current < v->n;
    struct kept_row before = had ? v->rows[v->current] : (struct kept_row){.slot = 0};
    enum status st;
    v->n = 0;
    v->rows = NULL;
    arena_reset(&v->arena);
    if (v->kind == KEPT_OUTBOX)
        st = load_outbox(v, c, err);
    else
        st = v->kind == KEPT_DRAFTS     ? load_drafts(v, c, err)
             : v->kind == KEPT_MESSAGES ? load_messages(v, c)
                                        : load_opened(v, c);
    if (st != ST_OK)
        return st;
    if (arena_failed(&v->arena)) {
        v->n = 0;
        return fail(err, ST_NOMEM, _("Out of memory. Nothing was changed."));
    }
    for (size_t i = 0; had && v->kind != KEPT_MESSAGES && i < v->n; i++)
        if (same_row(&v->rows[i], &before))
            v->current = i;
    if (v->current >= v->n)
        v->current = v->n ? v->n - 1 : 0;
    return ST_OK;
}
