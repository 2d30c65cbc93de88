/* queue_group.c: the groups of the queue: their lines, folded or open, and marks on all their cases. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct queue_row *queue_line(const struct queue *q)
{
    return q->current < q->n ? &q->rows[q->current] : NULL;
}

/* Lines are told apart as cases are: FNV-1a over the value. */
static struct uuid id_of(const char *value)
{
    struct uuid id = {{0}};
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *p = value; *p; p++)
        hash = (hash ^ (unsigned char)*p) * UINT64_C(1099511628211);
    memcpy(&id, &hash, sizeof hash);
    return id;
}

static const char *name_of(enum row_group group, const char *value, const struct reference *r,
                           bool chinese)
{
    if (!*value)
        return group == GROUP_HANDLER    ? _("with nobody")
               : group == GROUP_BUILDING ? _("no building named")
                                         : _("not named");
    switch (group) {
    case GROUP_STATE:
        return _(state_table[strtol(value, NULL, 10) % STATE_COUNT].label);
    case GROUP_COMMUNITY:
        return r ? reference_unit_name(r, value, chinese) : value;
    case GROUP_HANDLER:
        return r && reference_person(r, value) ? reference_person_name(r, value, chinese) : value;
    case GROUP_CATEGORY:
        return r ? reference_category_name(r, value, chinese) : value;
    case GROUP_BUILDING:
    case GROUP_NONE:
    case GROUP_COUNT:
        break;
    }
    return value;
}

struct queue_row queue_head(const struct queue *q, const struct case_row *r,
                            const struct reference *reference, bool chinese)
{
    const char *value = r->head->value;
    return (struct queue_row){.id = id_of(value),
                              .head = true,
                              .shut = folds_shut(&q->folds, value),
                              .title_of_head = name_of(q->group, value, reference, chinese),
                              .cases = r->head->n,
                              .overdue = r->head->late,
                              .more = r->head->more,
                              .key = r->key,
                              .due_ms = TIME_NONE,
                              .number = "",
                              .category = "",
                              .community = "",
                              .state = "",
                              .handler = "",
                              .building = "",
                              .clock = "",
                              .title = "",
                              .wish = ""};
}

enum status queue_group(struct queue *q, struct console *c, enum row_group group,
                        struct errmsg *err)
{
    enum row_group old = q->group;
    struct folds folds = q->folds;
    q->group = group;
    q->folds.all = false;
    q->folds.n = 0;
    enum status st = queue_show(q, c, q->view, q->filter, err);
    if (st != ST_OK) {
        q->group = old;
        q->folds = folds;
    }
    return st;
}

/* Puts the value into the list of those that are not as the others, or takes it out. */
static enum status turn(struct queue *q, const char *value, struct errmsg *err)
{
    for (size_t i = 0; i < q->folds.n; i++)
        if (strcmp(q->fold_text[i], value) == 0) {
            q->folds.n--;
            memmove(q->fold_text[i], q->fold_text[i + 1],
                    (q->folds.n - i) * sizeof q->fold_text[0]);
            return ST_OK;
        }
    if (q->folds.n == QUEUE_FOLDS || strlen(value) >= sizeof q->fold_text[0])
        return fail(err, ST_TOOBIG, _("No more groups can be folded one by one; `:fold_all`."));
    memcpy(q->fold_text[q->folds.n], value, strlen(value) + 1);
    q->fold[q->folds.n] = q->fold_text[q->folds.n];
    q->folds.n++;
    return ST_OK;
}

/* To the line of the group that the current case is in. */
static enum status go_to_head(struct queue *q, struct console *c, const char *value,
                              struct errmsg *err)
{
    for (size_t i = q->current; i > 0; i--)
        if (q->rows[i - 1].head) {
            q->current = i - 1;
            return ST_OK;
        }
    snprintf(q->top_group, sizeof q->top_group, "%s", value);
    q->top_text[0] = '\0';
    q->top = (struct row_key){.group = q->top_group, .head = true, .text = q->top_text};
    q->has_top = true;
    q->n = 0; /* the mark goes to the line, not with its case */
    q->current = 0;
    return queue_load(q, c, err);
}

enum status queue_fold(struct queue *q, struct console *c, bool shut, struct errmsg *err)
{
    const struct queue_row *line = queue_line(q);
    if (!line || q->group == GROUP_NONE)
        return ST_OK;
    if (!line->head)
        return go_to_head(q, c, line->key.group, err);
    if (shut && line->shut)
        return ST_OK;
    enum status st = turn(q, line->key.group, err);
    return st == ST_OK ? queue_load(q, c, err) : st;
}

enum status queue_fold_all(struct queue *q, struct console *c, struct errmsg *err)
{
    const struct queue_row *line = queue_line(q);
    enum status st = ST_OK;
    if (q->group == GROUP_NONE)
        return ST_OK;
    if (line && !line->head)
        st = go_to_head(q, c, line->key.group, err);
    q->folds.all = !q->folds.all;
    q->folds.n = 0;
    return st == ST_OK ? queue_load(q, c, err) : st;
}

enum status queue_mark_group(const struct queue *q, struct console *c, bool *ret_all,
                             struct errmsg *err)
{
    struct query query = {.view = q->view,
                          .now_ms = console_now(c),
                          .filter = q->filter,
                          .order = q->order,
                          .reverse = q->reverse,
                          .group = q->group,
                          .within = queue_line(q)->key.group};
    struct case_row *found = NULL;
    size_t n = 0, marked = 0;
    enum status st = store_page(c->config->store, &query, NULL, false, MARKS_MAX + 1, &c->scratch,
                                &found, &n, err);
    *ret_all = true;
    for (size_t i = 0; st == ST_OK && i < n; i++)
        marked += marks_has(&c->marks, &found[i].id);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (marked == n)
            marks_drop(&c->marks, &found[i].id);
        else
            *ret_all &= marks_add(&c->marks, &found[i].id);
    return st;
}
