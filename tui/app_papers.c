/* app_papers.c: papers beside the views: `:template`, and what sync has to say of them. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <string.h>

static const struct {
    const char *word;
    enum template_job job;
} jobs[] = {{"new", TEMPLATE_NEW}, {"edit", TEMPLATE_EDIT}, {"delete", TEMPLATE_DELETE}};

/* "new office NAME": the words before the name; false when it is none of them, or without a name. */
static bool read_argument(const char *text, enum template_job *ret_job, bool *ret_office,
                          const char **ret_name)
{
    static const char office[] = "office ";
    size_t n = strcspn(text, " "), i = 0;
    while (i < sizeof jobs / sizeof *jobs &&
           (strlen(jobs[i].word) != n || strncmp(text, jobs[i].word, n) != 0))
        i++;
    if (i == sizeof jobs / sizeof *jobs)
        return false;
    text += n + strspn(text + n, " ");
    *ret_office = strncmp(text, office, sizeof office - 1) == 0;
    if (*ret_office)
        text += sizeof office - 1;
    *ret_job = jobs[i].job;
    *ret_name = text;
    return *text != '\0';
}

void template_command(struct app *a, const char *argument)
{
    enum template_job job;
    bool office;
    const char *name;
    struct errmsg err;
    if (!argument || !read_argument(argument, &job, &office, &name)) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("`:template new NAME`, `edit NAME` or `delete NAME`; `office` before the "
                      "name: your office's."));
        return;
    }
    if (console_ok(&a->c, template_page_open(&a->template_page, &a->c, job, office, name, &err),
                   &err))
        app_push(a, template_page_view(&a->template_page));
}

void papers_tell(struct app *a)
{
    const char *name;
    struct store *s = a->c.config->store;
    if (store_meta_get(s, "papers", &a->c.scratch, &name, NULL) != ST_OK || !*name)
        return;
    if (store_meta_set(s, "papers", "", NULL) == ST_OK)
        console_say(&a->c, THEME_WARN,
                    _("The centre had another text by then: both are kept, yours as \"%s\"."),
                    name);
}
