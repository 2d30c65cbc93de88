#include "tests/sim/procedure_arguments.h"
#include <string.h>

static uint32_t below(struct typing *t, uint32_t n)
{
    return rng_below(t->rng, n);
}

#define ONE_OF(t, ...)                                                                             \
    one_of(t, (const char *const[]){__VA_ARGS__},                                                  \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))
static const char *one_of(struct typing *t, const char *const *list, size_t n)
{
    return list[below(t, (uint32_t)n)];
}

static const char *yes_mostly(struct typing *t)
{
    return below(t, 4) ? "yes" : "no";
}

static const char *time_text(struct typing *t, int64_t ms)
{
    char form[RFC3339_SIZE];
    rfc3339_format(ms - ms % 1000, BEIJING_OFFSET_MS, form);
    return arena_strdup(t->a, form);
}

static const char *later(struct typing *t, int64_t from_ms, int64_t most_ms)
{
    return time_text(t, from_ms + rng_between(t->rng, MS_HOUR, most_ms));
}

/* Departments and firms that have people, so that a whistle can be answered. */
static const char *department(struct typing *t)
{
    return ONE_OF(t, "118001", "118005", "118007", "118008", "119001", "119002", "119003");
}

static const char *assisting(struct typing *t)
{
    switch (below(t, 5)) {
    case 0:
        return ONE_OF(t, "110101", "110102", "110201");
    case 1:
        return ONE_OF(t, "110192", "110196", "110294");
    case 2:
        return ONE_OF(t, "1101", "1102");
    default:
        return department(t);
    }
}

static const char *units(struct typing *t)
{
    bool whistle = t->type == COMMAND_WHISTLE;
    const char *first = whistle ? department(t) : assisting(t);
    if (below(t, 3))
        return first;
    return arena_printf(t->a, "%s %s", first, whistle ? department(t) : assisting(t));
}

static const char *lead_unit(struct typing *t)
{
    if (below(t, 8) == 0)
        return department(t);
    if (below(t, 8) == 0)
        return ONE_OF(t, "1101", "1102");
    return *t->c->value[FIELD_STREET] ? t->c->value[FIELD_STREET] : "1101";
}

static const char *category(struct typing *t)
{
    const struct reference *r = t->ctx->reference;
    if (below(t, 3))
        return ONE_OF(t, "0101", "0101", "0102", "0201");
    return r->categories[below(t, (uint32_t)r->n_categories)].code;
}

/* A person of the office that leads, or now and then anybody. */
static const char *handler(struct typing *t)
{
    const struct reference *r = t->ctx->reference;
    const char *found = NULL;
    uint32_t seen = 0;
    for (size_t i = 0; i < r->n_people; i++) {
        const struct person *p = &r->people[i];
        bool fits = (p->role == ROLE_HANDLER || p->role == ROLE_DEPT) &&
                    (strcmp(p->office, t->c->value[FIELD_UNIT]) == 0 ||
                     strcmp(p->unit, t->c->value[FIELD_UNIT]) == 0);
        if (fits && below(t, ++seen) == 0)
            found = p->user;
    }
    return found && below(t, 12) ? found : r->people[below(t, (uint32_t)r->n_people)].user;
}

static const char *section(struct typing *t)
{
    return strcmp(t->c->value[FIELD_UNIT], "1102") == 0
               ? ONE_OF(t, "110292", "110294", "110296")
               : ONE_OF(t, "110191", "110192", "110194", "110196");
}

static const char *order_number(struct typing *t)
{
    return t->n_all ? t->all[below(t, (uint32_t)t->n_all)].c.value[FIELD_NUMBER] : "none";
}

/* Another order into which this one could be merged; else any, and there is a reason to refuse. */
static const char *leading_order(struct typing *t)
{
    const uint32_t may =
        1u << STATE_WAIT_DISPATCH | 1u << STATE_SENT | 1u << STATE_SIGNED | 1u << STATE_WORKING;
    const struct casefile *found = &t->all[below(t, (uint32_t)t->n_all)].c;
    uint32_t seen = 0;
    char id[UUID_TEXT];
    for (size_t i = 0; i < t->n_all; i++) {
        const struct casefile *o = &t->all[i].c;
        if ((may & (1u << o->state)) && uuid_compare(&o->id, &t->c->id) != 0 &&
            strcmp(o->value[FIELD_STREET], t->c->value[FIELD_STREET]) == 0 &&
            strcmp(o->value[FIELD_SECRET], t->c->value[FIELD_SECRET]) == 0 &&
            strncmp(o->value[FIELD_CATEGORY], t->c->value[FIELD_CATEGORY], 2) == 0 &&
            below(t, ++seen) == 0)
            found = o;
    }
    uuid_format(&found->id, id);
    return arena_strdup(t->a, id);
}

static bool moves(enum command_type type, const struct object *o)
{
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == type && (workflow_table[i].moves & (1u << o->kind)) &&
            (workflow_table[i].object_from & (1u << o->state)))
            return true;
    return false;
}

/* The number of an object that the command can move; of a department mostly its own. */
static const char *object_number(struct typing *t)
{
    uint32_t seen = 0, number = 0;
    for (int own = 1; own >= 0 && !number; own--)
        for (size_t i = 0; i < t->c->n_objects; i++) {
            const struct object *o = &t->c->objects[i];
            bool called =
                strcmp(o->unit, t->who->unit) == 0 || strcmp(o->unit, t->who->office) == 0;
            if (moves(t->type, o) && (called || !own) && below(t, ++seen) == 0)
                number = o->id;
        }
    return number ? arena_printf(t->a, "%u", number) : NULL;
}

static const char *tasks(struct typing *t)
{
    return arena_printf(t->a, "%s %s 到场处置", department(t),
                        later(t, t->ctx->now_ms, 3 * MS_DAY));
}

static const char *new_due(struct typing *t)
{
    const struct clock_run *run = &t->c->clock[CLOCK_HANDLE];
    if (t->type != COMMAND_ASK_EXTENSION || run->status != CLOCK_RUNNING)
        return later(t, t->ctx->now_ms, 3 * MS_DAY);
    return later(t, run->due_ms < t->ctx->now_ms ? t->ctx->now_ms : run->due_ms, 2 * MS_DAY);
}

static const char *channel(struct typing *t)
{
    bool inside = t->who->role == ROLE_DESK || t->who->role == ROLE_COMMUNITY;
    return inside ? ONE_OF(t, "own", "counter", "grid") : ONE_OF(t, "phone", "web", "media");
}

/* Fields whose text is any of a list; the choices of an ENUM come from the table of fields. */
static const char *any_choice(struct typing *t, enum field f)
{
    const struct choice *choices = field_table[f].choices;
    uint32_t n = 0;
    while (choices && choices[n].word)
        n++;
    return n ? choices[below(t, n)].word : NULL;
}

static const char *correction(struct typing *t, enum field f)
{
    static const char *const pairs[][2] = {{"title", "更正"},    {"content", "更正的内容"},
                                           {"category", "0102"}, {"interest", "personal"},
                                           {"tags", "heat"},     {"type", "complaint"}};
    /* both arguments of one command choose alike */
    size_t k = (size_t)t->c->version % (sizeof pairs / sizeof *pairs);
    return pairs[k][f == FIELD_NEW_VALUE];
}

static const char *of_claimant(struct typing *t, enum field f)
{
    if (f == FIELD_CLAIMANT)
        return t->secret ? SECRET_NAME : "王某某";
    if (f == FIELD_PHONE)
        return t->anonymous ? NULL
               : t->secret  ? SECRET_PHONE
                            : ONE_OF(t, "13800005678", "13800005679", "13800005680", "13800005681");
    if (f == FIELD_SECRET)
        return t->secret ? "yes" : NULL;
    return t->anonymous ? "yes" : NULL;
}

/* NULL: not given. */
static const char *argument(struct typing *t, enum field f, bool required)
{
    switch (f) {
    case FIELD_CLAIMANT:
    case FIELD_PHONE:
    case FIELD_SECRET:
    case FIELD_ANONYMOUS:
        return of_claimant(t, f);
    case FIELD_CATEGORY:
        return category(t);
    case FIELD_CONTENT:
        return below(t, 8) ? "记录" : "楼道里有燃气味";
    case FIELD_STREET:
        return below(t, 4) ? "1101" : "1102";
    case FIELD_TYPE:
        return below(t, 4) ? "help" : any_choice(t, f);
    case FIELD_CHANNEL:
        return channel(t);
    case FIELD_UNIT:
        return lead_unit(t);
    case FIELD_PROPOSED:
        return strcmp(t->c->value[FIELD_UNIT], "1102") == 0 ? "1101" : "1102";
    case FIELD_UNITS: /* dual dispatch is rare */
        return required || below(t, 5) == 0 ? units(t) : NULL;
    case FIELD_OBJECT:
        return object_number(t);
    case FIELD_REACHED:
    case FIELD_GRANTED:
        return yes_mostly(t);
    case FIELD_CONNECTED:
        return below(t, 3) ? ONE_OF(t, "no_answer", "sms") : any_choice(t, f);
    case FIELD_CONTACTED:
        return below(t, 4) ? "yes" : any_choice(t, f);
    case FIELD_SOLVED:
        return below(t, 12) ? ONE_OF(t, "solved", "partly", "not") : "withdrawn";
    case FIELD_HANDLER:
        return handler(t);
    case FIELD_SECTION:
        return below(t, 2) ? section(t) : NULL;
    case FIELD_ASSISTANT:
        return below(t, 3) ? NULL : ONE_OF(t, "110101", "110102", "110201");
    case FIELD_LEADER:
        return below(t, 4) ? NULL : ONE_OF(t, "luo.leader", "jiang.leader");
    case FIELD_MERGED_INTO:
        return leading_order(t);
    case FIELD_OLD_ORDER:
    case FIELD_ORDERS:
        return required || below(t, 2) ? order_number(t) : NULL;
    case FIELD_EMERGENCY:
        return required || below(t, 8) == 0
                   ? ONE_OF(t, "storm-20260701", "heating-20260315", "water-20260401")
                   : NULL;
    case FIELD_NEW_DUE:
        return new_due(t);
    case FIELD_NEXT_LOOK:
        return later(t, t->ctx->now_ms, 29 * (int64_t)MS_DAY);
    case FIELD_ANSWER_BY:
        return below(t, 2) ? NULL : later(t, t->ctx->now_ms, 2 * MS_DAY);
    case FIELD_TIME:
        return below(t, 3) ? NULL
                           : time_text(t, t->ctx->now_ms - rng_between(t->rng, 0, 3 * MS_HOUR));
    case FIELD_TASKS:
        return below(t, 3) ? NULL : tasks(t);
    case FIELD_FIELD_NAME:
    case FIELD_NEW_VALUE:
        return correction(t, f);
    case FIELD_OVERRIDE:
    case FIELD_LEGAL_BASIS:
        return "《条例》第十五条";
    case FIELD_DUTY:
        return ONE_OF(t, "done", "none");
    case FIELD_TIER:
        return below(t, 3) ? NULL : tier_word[below(t, TIER_COUNT)];
    case FIELD_NUMBER:
    case FIELD_OPERATOR_ID:
    case FIELD_DISTRICT:
    case FIELD_GROUP:
    case FIELD_FOLLOWERS:
    case FIELD_CATALOGUE_ROW: /* the centre looks it up */
        return NULL;
    default:
        break;
    }
    if (!required && below(t, 2))
        return NULL;
    switch (field_table[f].type) {
    case FIELD_TYPE_ENUM:
        return any_choice(t, f);
    case FIELD_TYPE_TIME:
        return time_text(t, t->ctx->now_ms);
    case FIELD_TYPE_BOOL:
        return yes_mostly(t);
    case FIELD_TYPE_LINE:
    case FIELD_TYPE_TEXT:
        return "记录";
    default:
        return NULL;
    }
}

size_t typed_arguments(struct typing *t, struct value *ret)
{
    const struct command_row *row = &command_table[t->type];
    size_t n = 0;
    t->secret = below(t, 6) == 0 &&
                t->type != COMMAND_TELL_PROGRESS; /* that is as secret as the old order */
    t->anonymous = !t->secret && below(t, 12) == 0;
    for (size_t i = 0; i < row->n_arguments && n < ARGUMENTS_MOST; i++) {
        const char *text = argument(t, row->arguments[i].field, row->arguments[i].required);
        if (text)
            ret[n++] = (struct value){row->arguments[i].field, text};
    }
    return n;
}
