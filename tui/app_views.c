/* app_views.c: the views of the role and those of one's own: shown, kept, dropped, counted. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <stdio.h>
#include <string.h>

enum { COUNT_MS = 20 }; /* of counting at a time: a key may wait behind it */

void views_reload(struct app *a)
{
    struct errmsg err;
    console_ok(&a->c, saved_load(&a->c.saved, a->c.config->store, &err), &err);
}

/* A form stays until it is left. */
static bool go_to_queue(struct app *a)
{
    while (a->depth > 1 && app_top(a)->keys != KEYS_FORM)
        a->depth--;
    return a->depth == 1;
}

void views_show(struct app *a, enum view_id view, const char *filter)
{
    struct errmsg err;
    if (go_to_queue(a) && console_ok(&a->c, queue_show(&a->queue, &a->c, view, filter, &err), &err))
        app_read_counts(a);
}

static void set_columns(struct app *a, const char *words)
{
    struct errmsg err;
    if (strcmp(a->queue.columns_text, words) != 0 &&
        console_ok(&a->c, queue_columns(&a->queue, words, &err), &err))
        a->anew = true;
}

void views_columns(struct app *a, const char *words)
{
    set_columns(a, *words ? words : option_text(a->c.config->options, OPT_COLUMNS));
    memcpy(a->columns, a->queue.columns_text, sizeof a->columns);
}

static void show_own(struct app *a, const struct saved_view *v)
{
    struct errmsg err;
    if (!go_to_queue(a))
        return;
    if (find_saved(a, v, &err)) {
        set_columns(a, *v->columns ? v->columns : a->columns);
        app_read_counts(a);
        return;
    }
    errmsg_prefix(&err, "%s", *v->from ? v->from : v->name);
    console_say(&a->c, THEME_ERROR, "%s", err.text);
}

static bool is_called(const char *name, size_t place, const char *word)
{
    const char key[] = {store_view_key(place), '\0'};
    return strcmp(name, word) == 0 || (*key && strcmp(key, word) == 0);
}

/* The digits go on behind those of the role. */
void views_by_word(struct app *a, const char *word)
{
    const enum view_id *list;
    size_t n = store_views(console_role(&a->c), &list);
    for (size_t i = 0; i < n; i++)
        if (is_called(view_table[list[i]].word, i, word)) {
            find_leave_search(a);
            set_columns(a, a->columns);
            views_show(a, list[i], a->queue.filter);
            return;
        }
    for (size_t i = 0; i < a->c.saved.n; i++)
        if (is_called(a->c.saved.view[i].name, n + i, word)) {
            show_own(a, &a->c.saved.view[i]);
            return;
        }
    console_say(&a->c, THEME_ERROR, _("There is no view \"%s\". Tab after `view ` shows them."),
                word);
}

/* "office NAME" is the whole office's. */
static const char *whose(const char *name, bool *ret_office)
{
    static const char word[] = "office ";
    *ret_office = strncmp(name, word, sizeof word - 1) == 0;
    return *ret_office ? name + sizeof word - 1 : name;
}

void views_save(struct app *a, const char *argument)
{
    const struct queue *q = &a->queue;
    bool office;
    const char *name = whose(argument, &office);
    const struct saved_view *old = saved_find(&a->c.saved, name);
    const struct saved_view v = {.name = name,
                                 .view = q->view,
                                 .filter = q->filter,
                                 .order = q->order,
                                 .reverse = q->reverse,
                                 .group = q->group,
                                 .columns = q->columns_text,
                                 .office = office,
                                 .from = ""};
    struct errmsg err;
    bool again = old && old->office == office;
    if (old && *old->from) {
        console_say(&a->c, THEME_ERROR, _("That view stands in %s; change it there."), old->from);
        return;
    }
    if (!console_ok(&a->c, saved_view_put(a->c.config->store, &v, &err), &err))
        return;
    if (a->c.sync)
        sync_poke(a->c.sync);
    views_reload(a);
    console_say(&a->c, THEME_MESSAGE,
                again    ? _("The view \"%s\" is now what you see.")
                : office ? _("Kept as the view \"%s\" of the whole office.")
                         : _("Kept as the view \"%s\"."),
                name);
}

void views_unsave(struct app *a, const char *argument)
{
    struct saved_view v = {.from = ""};
    struct errmsg err;
    v.name = whose(argument, &v.office);
    const struct saved_view *old = saved_find(&a->c.saved, v.name);
    if (old && *old->from) {
        console_say(&a->c, THEME_ERROR, _("That view stands in %s; change it there."), old->from);
        return;
    }
    if (!console_ok(&a->c, saved_view_drop(a->c.config->store, &v, &err), &err))
        return;
    if (a->c.sync)
        sync_poke(a->c.sync);
    views_reload(a);
    console_say(&a->c, THEME_MESSAGE, _("The view \"%s\" is gone; no case is."), v.name);
}

bool views_are_counted(const struct app *a)
{
    return a->c.saved.stale >= a->c.saved.n;
}

void views_count(struct app *a)
{
    int64_t until = console_mono(&a->c) + COUNT_MS;
    while (saved_count_step(&a->c.saved, a->c.config->store, console_now(&a->c)) &&
           console_mono(&a->c) < until)
        ;
}
