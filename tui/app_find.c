/* app_find.c: the list follows a filter or a search while it is typed; sorting; and the way back. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <stdio.h>
#include <string.h>

static const char wrong_word[] = " wrong";

static struct app_find state_of(const struct app *a)
{
    struct app_find f = {.view = a->queue.view,
                         .order = a->queue.order,
                         .group = a->queue.group,
                         .reverse = a->queue.reverse,
                         .searched = a->queue.searches};
    memcpy(f.filter, a->queue.filter, sizeof f.filter);
    return f;
}

/* False: the text is not understood; the list stays. */
static bool show(struct app *a, const struct app_find *f, const char *filter, struct errmsg *err)
{
    struct queue *q = &a->queue;
    enum row_order order = q->order;
    enum row_group group = q->group;
    bool reverse = q->reverse;
    q->order = f->order;
    q->group = f->group;
    q->reverse = f->reverse;
    enum status st = queue_show(q, &a->c, f->view, filter, err);
    if (st != ST_OK) {
        q->order = order;
        q->group = group;
        q->reverse = reverse;
        return false;
    }
    q->searches = f->searched;
    return true;
}

void find_open(struct app *a, bool search)
{
    while (a->depth > 1 && app_top(a)->keys != KEYS_FORM)
        a->depth--;
    a->find = state_of(a);
    a->find.searches = search;
    if (search && !a->queue.searches)
        a->before_search = a->find;
    prompt_open(&a->prompt, search ? PROMPT_SEARCH : PROMPT_FILTER,
                search && !a->queue.searches ? "" : a->queue.filter);
    a->find.revision = editor_revision(&a->prompt.editor);
}

void find_typed(struct app *a)
{
    if (!slow_line(a) && prompt_finds(&a->prompt) &&
        editor_revision(&a->prompt.editor) != a->find.revision)
        a->find.due_mono_ms = console_mono(&a->c) + APP_FIND_MS;
}

/* All cases, the newest first, without groups; a filter stays within the view. */
static struct app_find wanted(const struct app *a)
{
    struct app_find f = a->find;
    if (f.searches && !f.searched) {
        f.view = VIEW_ALL;
        f.order = ORDER_NEWEST;
        f.group = GROUP_NONE;
        f.reverse = false;
    }
    f.searched = f.searches || f.searched;
    return f;
}

/* What Tab would put in place of the last word when its letters are pinyin: "xflysq -> 幸福里一社区". */
static void suggest(struct app *a, const char *text)
{
    const struct filter_choice *list;
    size_t n, from;
    if (!option_bool(a->c.config->options, OPT_PINYIN) ||
        store_filter_complete(a->c.config->store, text, strlen(text), &a->c.scratch, &list, &n,
                              &from, NULL) != ST_OK)
        return;
    for (size_t i = 0; i < n; i++) {
        const char *colon = strchr(list[i].word, ':');
        bool letters = text[from] >= 'a' && text[from] <= 'z'; /* no value of a key */
        if (letters && !strchr(text + from, ':') && *list[i].help &&
            ((colon && colon[1]) || (unsigned char)list[i].word[0] >= 0x80)) {
            console_say(&a->c, THEME_DIM, _("Tab: %s -> %s"), text + from, list[i].help);
            return;
        }
    }
}

void find_show(struct app *a)
{
    struct errmsg err;
    const char *text = editor_text(&a->prompt.editor);
    struct app_find f = wanted(a);
    a->find.due_mono_ms = 0;
    a->find.revision = editor_revision(&a->prompt.editor);
    if (a->find.searches && text[strspn(text, " ")] == '\0') {
        (void)show(a, &a->find, a->find.filter, &err);
        return;
    }
    if (prompt_offers_more(&a->prompt)) { /* what Tab has said of it stands */
        (void)show(a, &f, text, &err);
    } else if (show(a, &f, text, &err)) {
        a->c.message[0] = '\0';
        if (!store_searches_all(a->c.config->store))
            console_say(&a->c, THEME_DIM, "%s",
                        _("Until the index is made, only numbers and titles are searched."));
        else
            suggest(a, text);
    } else { /* perhaps it is not finished */
        console_say(&a->c, THEME_DIM, "%s", err.text);
    }
}

bool find_done(struct app *a)
{
    struct errmsg err;
    size_t at = 0;
    const char *text = editor_text(&a->prompt.editor);
    enum status st = store_filter_check(a->c.config->store, text, console_now(&a->c), &at, &err);
    if (st != ST_OK) {
        prompt_point(&a->prompt, at);
        a->find.revision = editor_revision(&a->prompt.editor);
        a->find.due_mono_ms = 0; /* else it is said once more, as if it were not finished */
        console_say(&a->c, THEME_ERROR, "%s", err.text);
        return false;
    }
    find_show(a);
    return true;
}

void find_leave(struct app *a)
{
    struct errmsg err;
    a->find.due_mono_ms = 0;
    (void)show(a, &a->find, a->find.filter, &err);
}

void find_text(struct app *a, const char *text)
{
    struct errmsg err;
    a->find = state_of(a);
    a->find.searches = true;
    if (!a->queue.searches)
        a->before_search = a->find;
    struct app_find f = wanted(a);
    console_ok(&a->c, show(a, &f, text, &err) ? ST_OK : ST_INVALID, &err);
}

bool find_undo(struct app *a)
{
    struct errmsg err;
    struct app_find plain = {.view = a->queue.view,
                             .order = a->queue.order,
                             .reverse = a->queue.reverse,
                             .group = a->queue.group};
    if (a->queue.searches)
        return show(a, &a->before_search, a->before_search.filter, &err);
    if (*a->queue.filter)
        return show(a, &plain, "", &err);
    if (a->queue.order == ORDER_VIEW && !a->queue.reverse)
        return false;
    plain.order = ORDER_VIEW;
    plain.reverse = false;
    return show(a, &plain, "", &err);
}

void find_wrong(struct app *a)
{
    char filter[QUEUE_FILTER_MAX];
    struct app_find f = state_of(a);
    struct errmsg err;
    size_t n = strlen(f.filter), w = sizeof wrong_word - 1;
    if (strcmp(f.filter, wrong_word + 1) == 0) {
        filter[0] = '\0';
    } else if (n >= w && strcmp(f.filter + n - w, wrong_word) == 0) {
        bool bracket = f.filter[0] == '(' && n > w + 1 && f.filter[n - w - 1] == ')';
        snprintf(filter, sizeof filter, "%.*s", (int)(n - w - (bracket ? 2 : 0)),
                 f.filter + bracket);
    } else if (n == 0) {
        snprintf(filter, sizeof filter, "%s", wrong_word + 1);
    } else if (snprintf(filter, sizeof filter, "(%s)%s", f.filter, wrong_word) >=
               (int)sizeof filter) {
        console_say(&a->c, THEME_ERROR, "%s", _("The filter is too long."));
        return;
    }
    console_ok(&a->c, show(a, &f, filter, &err) ? ST_OK : ST_INVALID, &err);
}

bool find_saved(struct app *a, const struct saved_view *v, struct errmsg *err)
{
    struct app_find f = {.view = v->view,
                         .order = v->order,
                         .group = v->group,
                         .reverse = v->reverse,
                         /* of a search, by one whose role has no list of all cases */
                         .searched = !store_has_view(console_role(&a->c), v->view)};
    struct app_find before = state_of(a);
    if (!show(a, &f, v->filter, err))
        return false;
    if (f.searched && !before.searched)
        a->before_search = before;
    return true;
}

void find_leave_search(struct app *a)
{
    if (!a->queue.searches)
        return;
    a->queue.order = a->before_search.order;
    a->queue.group = a->before_search.group;
    a->queue.filter[0] = '\0';
    a->queue.searches = false;
}

static void sort(struct app *a, enum row_order order, bool reverse)
{
    struct errmsg err;
    console_ok(&a->c, queue_sort(&a->queue, &a->c, order, reverse, &err), &err);
}

void find_sort(struct app *a, const char *word)
{
    for (int i = 0; i < ORDER_COUNT; i++)
        if (strcmp(order_table[i].word, word) == 0) {
            bool again = a->queue.order == (enum row_order)i;
            sort(a, (enum row_order)i, again && !a->queue.reverse);
            return;
        }
    console_say(&a->c, THEME_ERROR,
                _("One cannot sort by \"%s\". Tab after `sort ` shows by what one can."), word);
}

void find_sort_step(struct app *a, int step)
{
    int order = ((int)a->queue.order + step + ORDER_COUNT) % ORDER_COUNT;
    sort(a, (enum row_order)order, false);
}

void find_group(struct app *a, const char *word)
{
    struct errmsg err;
    int group = ((int)a->queue.group + 1) % GROUP_COUNT;
    if (*word)
        for (group = 0; group < GROUP_COUNT && strcmp(group_table[group].word, word) != 0;)
            group++;
    if (group == GROUP_COUNT)
        console_say(&a->c, THEME_ERROR,
                    _("There are no groups by \"%s\". Tab after `group ` shows by what there are."),
                    word);
    else
        console_ok(&a->c, queue_group(&a->queue, &a->c, (enum row_group)group, &err), &err);
}
