/* views.c: the views of each role, and the conditions of views.def. */
#include "core/store/views.h"
#include "core/base/i18n.h"
#include <string.h>

#define S(x) (1u << STATE_##x)
#define O(x) (1u << OBJECT_##x)
#define W(x) (1u << OWED_##x)
#define EVERY_STATE ((1u << STATE_COUNT) - 1u)
#define HANDLED (S(SIGNED) | S(WORKING) | S(REWORK))
#define UNFINISHED                                                                                 \
    (S(NEW) | S(WAIT_DISPATCH) | S(SENT) | S(DISPUTED) | HANDLED | S(REVIEW) | S(REPLIED) |        \
     S(CALLING) | S(HUNG))

const struct view_row view_table[VIEW_COUNT] = {
#define VIEW(id, word, label, help, ...) {word, label, help},
#include "core/store/views.def"
#undef VIEW
};

/* --- conditions ------------------------------------------------------------------------------- */
static bool runs(const struct case_facts *f, enum clock_id clock)
{
    return f->c->clock[clock].status == CLOCK_RUNNING;
}

/* The dispatch that is due is a designation (row 13). */
static bool to_designate(const struct case_facts *f)
{
    return f->c->state == STATE_WAIT_DISPATCH && f->ctx->policy &&
           workflow_offers(f->ctx, f->c, COMMAND_DESIGNATE, f->who) == REFUSAL_NONE;
}

static bool waits_for_message(const struct case_facts *f)
{
    return runs(f, CLOCK_CALLBACK) && f->c->sms_ms != TIME_NONE;
}

static bool to_call(const struct case_facts *f)
{
    return runs(f, CLOCK_CALLBACK) && f->c->sms_ms == TIME_NONE;
}

/* Orders of streets go to their district as copies (7.1), until they are back at the hotline. */
static bool is_copy(const struct case_facts *f)
{
    const uint32_t with_a_unit = UNFINISHED & ~(S(NEW) | S(WAIT_DISPATCH));
    return (with_a_unit >> f->c->state & 1u) && *f->c->value[FIELD_DISTRICT_COPY];
}

static bool under_emergency(const struct case_facts *f)
{
    return (UNFINISHED >> f->c->state & 1u) && *f->c->value[FIELD_EMERGENCY];
}

/* The leader may still ask, or somebody proposed to (7.9). */
static bool to_exclude(const struct case_facts *f)
{
    if (runs(f, CLOCK_EXCLUSION))
        return true;
    for (size_t i = 0; i < f->c->n_objects; i++) {
        const struct object *o = &f->c->objects[i];
        if (o->kind == OBJECT_PROPOSAL && o->state == OBJECT_IS_OPEN &&
            strcmp(o->class, "exclusion") == 0)
            return true;
    }
    return false;
}

static const struct condition {
    uint32_t states;
    enum reach reach;
    uint32_t owed, open, told;
    bool (*when)(const struct case_facts *f);
    enum view_id of;
    enum view_limit limit;
    bool today;
} conditions[VIEW_COUNT] = {
#define IN(mask, how) .states = (mask), .reach = REACH_##how
#define OWES(mask) .owed = (mask)
#define OPEN(mask) .open = (mask)
#define TOLD(mask) .told = (mask)
#define WHEN(function) .when = (function)
#define PART(view, until) .of = VIEW_##view, .limit = LIMIT_##until
#define TODAY .today = true
#define VIEW(id, word, label, help, ...) {__VA_ARGS__},
#include "core/store/views.def"
#undef VIEW
};

static bool shows(const struct condition *k, const struct case_facts *f)
{
    return ((k->states >> f->c->state & 1u) && owed_reach(f->c, f->who, k->reach)) ||
           (k->owed & f->owed) || (k->open & f->open) || (k->told & f->late) ||
           (k->when && k->when(f));
}

struct case_facts case_facts(const struct workflow_context *ctx, const struct casefile *c,
                             const struct actor *who)
{
    struct case_facts f = {.ctx = ctx, .c = c, .who = who, .owed = owed_by(ctx, c, who)};
    for (size_t i = 0; i < c->n_objects; i++) {
        const struct object *o = &c->objects[i];
        if (object_state_table[o->state].ended)
            continue;
        f.open |= 1u << o->kind;
        f.late |= o->late ? 1u << o->kind : 0;
    }
    return f;
}

/* --- whose views ------------------------------------------------------------------------------ */
/* In the order of their digits; those behind the ninth have none and are called by their word. Who has no cases of his
 * own by section 5 (trainer, administrator), and a console where nobody logged in yet, has those of nobody. */
#define VIEWS(role, ...) [ROLE_##role] = {__VA_ARGS__, VIEW_COUNT}
static const enum view_id role_views[ROLE_COUNT][VIEW_COUNT + 1] = {
    VIEWS(NOBODY, VIEW_TO_SIGN, VIEW_IN_HAND, VIEW_TO_APPROVE, VIEW_WHISTLE, VIEW_CALLBACK,
          VIEW_DUE_TODAY, VIEW_ALL_OPEN, VIEW_DISPATCH, VIEW_CLOSED),
    VIEWS(OPERATOR, VIEW_INTAKE, VIEW_DISPATCH, VIEW_ANSWERED, VIEW_URGED, VIEW_LATE,
          VIEW_DUE_TODAY, VIEW_ALL_OPEN, VIEW_CLOSED),
    VIEWS(DISPATCHER, VIEW_DISPATCH, VIEW_RETURNS, VIEW_DESIGNATE, VIEW_VOIDING, VIEW_LATE,
          VIEW_DUE_TODAY, VIEW_ALL_OPEN, VIEW_ESCALATIONS, VIEW_CLOSED, VIEW_EMERGENCY),
    VIEWS(DISTRICT, VIEW_COPIES, VIEW_RETURNS, VIEW_EXTENSIONS, VIEW_LEDGER, VIEW_ESCALATIONS,
          VIEW_LATE_WHISTLES, VIEW_ALL_OPEN, VIEW_PRECHECK, VIEW_WARNINGS, VIEW_CLOSED, VIEW_LATE,
          VIEW_DUE_TODAY, VIEW_WHISTLE, VIEW_VOIDING, VIEW_SUPERVISIONS, VIEW_EMERGENCY),
    VIEWS(DESK, VIEW_TO_SIGN, VIEW_IN_HAND, VIEW_TO_APPROVE, VIEW_WHISTLE, VIEW_CALLBACK,
          VIEW_DUE_TODAY, VIEW_ALL_OPEN, VIEW_ANSWER, VIEW_CLOSED, VIEW_LATE, VIEW_EMERGENCY),
    VIEWS(HANDLER, VIEW_MINE, VIEW_ANSWER, VIEW_IN_HAND, VIEW_WHISTLE, VIEW_LATE, VIEW_DUE_TODAY,
          VIEW_ALL_OPEN, VIEW_CLOSED),
    VIEWS(COMMUNITY, VIEW_MINE, VIEW_ANSWER, VIEW_WHISTLE, VIEW_LATE, VIEW_DUE_TODAY, VIEW_ALL_OPEN,
          VIEW_CLOSED),
    VIEWS(DEPT, VIEW_TO_ACKNOWLEDGE, VIEW_TO_ARRIVE, VIEW_ON_SITE, VIEW_SUB_SIGN, VIEW_SUB_ANSWER,
          VIEW_LEADING, VIEW_ALL_OPEN, VIEW_DUE_TODAY, VIEW_CLOSED, VIEW_LATE),
    VIEWS(REVIEWER, VIEW_TO_APPROVE, VIEW_IN_HAND, VIEW_LATE, VIEW_DUE_TODAY, VIEW_ALL_OPEN,
          VIEW_CLOSED),
    VIEWS(LEADER, VIEW_EXTENSIONS, VIEW_LEDGER, VIEW_TO_APPROVE, VIEW_ESCALATIONS, VIEW_TO_CONFIRM,
          VIEW_TO_EXCLUDE, VIEW_ALL_OPEN, VIEW_WARNINGS, VIEW_CLOSED, VIEW_LATE, VIEW_DUE_TODAY,
          VIEW_WHISTLE, VIEW_ANSWER, VIEW_SUPERVISIONS, VIEW_EMERGENCY),
    VIEWS(CALLBACK, VIEW_CALL_LIST, VIEW_MESSAGE, VIEW_LATE, VIEW_DUE_TODAY, VIEW_ALL_OPEN,
          VIEW_CLOSED),
    VIEWS(JUDGE, VIEW_PRECHECK, VIEW_EXCLUSIONS, VIEW_APPEALS, VIEW_ALL_OPEN, VIEW_CLOSED),
    VIEWS(AUDITOR, VIEW_ALL, VIEW_ALL_OPEN, VIEW_LATE, VIEW_DUE_TODAY, VIEW_WHISTLE,
          VIEW_ESCALATIONS, VIEW_LEDGER, VIEW_SUPERVISIONS, VIEW_CLOSED),
};

size_t store_views(enum role role, const enum view_id **ret)
{
    size_t n = 0;
    bool own = (unsigned)role < ROLE_COUNT && role_views[role][0] != role_views[role][1];
    *ret = role_views[own ? role : ROLE_NOBODY];
    while ((*ret)[n] != VIEW_COUNT)
        n++;
    return n;
}

bool store_has_view(enum role role, enum view_id view)
{
    const enum view_id *list;
    size_t n = store_views(role, &list);
    for (size_t i = 0; i < n; i++)
        if (list[i] == view)
            return true;
    return false;
}

uint32_t store_view_states(enum view_id view)
{
    const struct condition *k = &conditions[view];
    if (k->limit != LIMIT_ALWAYS)
        return store_view_states(k->of);
    return k->owed || k->open || k->told || k->when ? EVERY_STATE : k->states;
}

/* The step for which an order itself stands in a view, not an object of it. */
static const struct {
    enum view_id view;
    enum command_type command;
} steps[] = {{VIEW_TO_SIGN, COMMAND_SIGN},
             {VIEW_TO_APPROVE, COMMAND_APPROVE},
             {VIEW_DISPATCH, COMMAND_DISPATCH},
             {VIEW_CALL_LIST, COMMAND_ATTEMPT},
             {VIEW_TO_EXCLUDE, COMMAND_ASK_EXCLUSION}};

bool store_view_awaits(enum view_id view, enum command_type command)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (steps[i].view == view && steps[i].command == command)
            return true;
    for (int w = 0; w < OWED_COUNT; w++)
        if ((conditions[view].owed >> w & 1u) && owed_table[w].command == command)
            return true;
    return false;
}

char store_view_key(size_t place)
{
    return place < 9 ? (char)('1' + place) : '\0';
}

uint64_t views_of(const struct case_facts *f)
{
    const enum view_id *list;
    uint64_t views = (uint64_t)1 << VIEW_ALL;
    size_t n = store_views(f->who->role, &list);
    for (size_t i = 0; i < n; i++)
        if (shows(&conditions[list[i]], f))
            views |= (uint64_t)1 << list[i];
    return views;
}

/* --- ranges ----------------------------------------------------------------------------------- */
static int64_t midnight(int64_t now_ms)
{
    return (now_ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY - BEIJING_OFFSET_MS;
}

enum view_id view_range(enum view_id view, int64_t now_ms, int64_t *ret_last)
{
    const struct condition *k = &conditions[view];
    *ret_last = INT64_MAX;
    if (k->today)
        *ret_last = -midnight(now_ms);
    if (k->limit == LIMIT_ALWAYS)
        return view;
    *ret_last = (k->limit == LIMIT_NOW ? now_ms : midnight(now_ms) + MS_DAY) - 1;
    return k->of;
}

int64_t view_key(enum view_id view, int64_t due_ms, int64_t created_ms)
{
    return view_by_due(view) ? due_ms : -created_ms;
}

bool view_by_due(enum view_id view)
{
    return !conditions[view].today;
}
