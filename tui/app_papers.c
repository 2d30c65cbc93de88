/* app_papers.c: papers beside the views: `:template`, `:keep_template`, and what sync has to say of them. */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include <string.h>

static const struct {
    const char *word;
    enum template_job job;
} jobs[] = {{"new", TEMPLATE_NEW}, {"edit", TEMPLATE_EDIT}, {"delete", TEMPLATE_DELETE}};

/* "office NAME"; false without a name. */
static bool read_name(const char *text, bool *ret_office, const char **ret_name)
{
    static const char office[] = "office ";
    *ret_office = strncmp(text, office, sizeof office - 1) == 0;
    *ret_name = *ret_office ? text + sizeof office - 1 : text;
    return **ret_name != '\0';
}

/* "new office NAME": the words before the name; false when it is none of them, or without a name. */
static bool read_argument(const char *text, enum template_job *ret_job, bool *ret_office,
                          const char **ret_name)
{
    size_t n = strcspn(text, " "), i = 0;
    while (i < sizeof jobs / sizeof *jobs &&
           (strlen(jobs[i].word) != n || strncmp(text, jobs[i].word, n) != 0))
        i++;
    if (i == sizeof jobs / sizeof *jobs)
        return false;
    *ret_job = jobs[i].job;
    return read_name(text + n + strspn(text + n, " "), ret_office, ret_name);
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

/* On the page where templates are written, so that the person sees what would stand in it before it is kept. */
void template_keep(struct app *a, const char *argument)
{
    bool office;
    const char *name;
    struct errmsg err;
    struct form *f = &a->form;
    if (!f->open || app_top(a)->self != f) {
        console_say(&a->c, THEME_WARN, "%s", _("There is no form here."));
    } else if (!argument || !read_name(argument, &office, &name)) {
        console_say(&a->c, THEME_WARN, "%s",
                    _("`:keep_template NAME`; `office` before the name: your office's."));
    } else if (console_ok(&a->c, form_save(f, &a->c, &err), &err) &&
               console_ok(
                   &a->c,
                   template_page_open(&a->template_page, &a->c, TEMPLATE_NEW, office, name, &err),
                   &err)) {
        template_page_write(&a->template_page, form_as_template(f, &a->c.scratch));
        app_push(a, template_page_view(&a->template_page));
    }
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
