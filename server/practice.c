#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "server/practice.h"
#include "data/embedded.h"
#include "server/papers.h"

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static enum status put(struct service *s, const json_t *o, struct arena *a, struct errmsg *err)
{
    const struct person *by = reference_person(service_reference(s), text_of(o, "user"));
    enum paper_answer answer;
    struct paper present;
    struct errmsg why;
    if (!by)
        return ST_OK; /* another organisation practises */
    const struct actor who = {.user = by->user,
                              .name = by->name,
                              .role = by->role,
                              .office = by->office,
                              .unit = by->unit,
                              .device = ""};
    const struct paper_job job = {.who = &who,
                                  .kind = PAPER_TEMPLATE,
                                  .scope = PAPER_OFFICE,
                                  .name = text_of(o, "name"),
                                  .owner = paper_owner(&who, PAPER_OFFICE),
                                  .body = text_of(o, "body"),
                                  .no_match = "*"};
    enum status st = service_paper(s, &job, a, &answer, &present, &why);
    return st == ST_OK ? ST_OK : fail(err, st, "templates.json: %s: %s", job.name, why.text);
}

enum status practice_templates(struct service *s, struct errmsg *err)
{
    json_t *root = NULL;
    const json_t *o;
    size_t i;
    struct arena a;
    enum status st = json_read("templates.json", (const char *)data_templates_json,
                               data_templates_json_len, &root, err);
    arena_init(&a, 0);
    json_array_foreach(json_object_get(root, "templates"), i, o)
    {
        arena_reset(&a);
        if (st == ST_OK)
            st = put(s, o, &a, err);
    }
    arena_release(&a);
    json_decref(root);
    return st;
}
