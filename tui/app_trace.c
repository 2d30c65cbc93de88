/* app_trace.c: tests ask what a key gave where, and where that led: a line of each to the file that JIBAN_TRACE_KEYS names. */
#include "tui/app_model.h"
#include <stdio.h>
#include <stdlib.h>

#ifdef JIBAN_TEST_HOOKS
/* What stands there, closer than the places of keys tell. */
static const char *page(struct app *a)
{
    static const char *const prompts[] = {
        [PROMPT_COMMAND] = "command",   [PROMPT_FILTER] = "filter", [PROMPT_SEARCH] = "search",
        [PROMPT_HELP] = "help_search",  [PROMPT_LATER] = "later",   [PROMPT_UNLOCK] = "unlock",
        [PROMPT_PASSWORD] = "password", [PROMPT_ASK] = "question"};
    struct view *top = app_top(a);
    if (a->prompt.kind == PROMPT_ASK && a->c.bulk.waits)
        return "bulk_question";
    if (a->prompt.kind != PROMPT_NONE)
        return prompts[a->prompt.kind];
    if (top->self == &a->template_page)
        return "template_page";
    if (top->self == &a->form)
        return a->form.preview.on     ? "form_preview"
               : a->form.templates.on ? "form_templates"
               : a->form.picker.n > 0 ? "form_list"
               : a->form.marked       ? "form_of_marked"
                                      : "form";
    if (top->keys == KEYS_QUEUE)
        return a->queue.group != GROUP_NONE ? "queue_groups"
               : a->queue.searches          ? "queue_search"
               : app_is_wide(a)             ? "queue_wide"
                                            : "queue";
    return place_table[top->keys].word;
}
#endif

void app_trace(struct app *a, enum key_context from, enum action action)
{
#ifdef JIBAN_TEST_HOOKS
    const char *path = getenv("JIBAN_TRACE_KEYS");
    FILE *f = path && a->on_terminal ? fopen(path, "ae") : NULL;
    if (!f)
        return;
    enum key_context to = app_place_of_keys(a);
    fprintf(f, "%s %s %s %s", place_table[from].word,
            action == ACTION_NONE ? "-" : action_table[action].word,
            a->quit ? "-" : place_table[to].word, a->quit ? "-" : page(a));
    bool refused =
        a->c.message[0] && (a->c.message_role == THEME_WARN || a->c.message_role == THEME_ERROR);
    if (a->acted != ACTION_NONE)
        fprintf(f, " %s %s", refused ? "refused" : "done", action_table[a->acted].word);
    fputc('\n', f);
    fclose(f);
#else
    (void)a;
    (void)from;
    (void)action;
#endif
}
