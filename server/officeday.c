#include "core/wire/json.h" /* before codec.h: both know a json_string */
#include "server/officeday.h"
#include "core/base/i18n.h"
#include "data/embedded.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BATCH = 1000, VALUES = 32, SPREAD_DAYS = 30 };

struct player {
    struct service *service;
    struct arena arena; /* of one case */
    struct rng rng;
    struct uuid_source ids;
    struct clock clock; /* stands at the time of the event: ids are as old as what they name */
    struct random random;
    int64_t at_ms;
    struct uuid case_id;
    const char *title;
    uint32_t version;
};

static int64_t event_time(void *self)
{
    return ((struct player *)self)->at_ms;
}

static const char *text_of(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

/* "7 hour" as milliseconds; -1 when it is not there. */
static int64_t span_of(const json_t *o, const char *key)
{
    struct limit l;
    const char *s = text_of(o, key);
    if (!*s || !limit_parse(s, &l))
        return -1;
    int64_t unit = l.unit == LIMIT_MINUTE ? MS_MINUTE : l.unit == LIMIT_HOUR ? MS_HOUR : MS_DAY;
    return l.n * unit;
}

static struct actor person(struct player *p, const char *user)
{
    const struct person *found = reference_person(service_reference(p->service), user);
    if (!found)
        return (struct actor){.user = user,
                              .name = user,
                              .role = ROLE_NOBODY,
                              .office = "",
                              .unit = "",
                              .device = ""};
    return (struct actor){.user = found->user,
                          .name = found->name,
                          .role = found->role,
                          .office = found->office,
                          .unit = found->unit,
                          .device = "office-day"};
}

/* Somebody of the role in the office, always the same one for the same case. */
static struct actor someone(struct player *p, enum role role, const char *office,
                            const char *not_user)
{
    const struct reference *r = service_reference(p->service);
    const struct person *found[64];
    uint32_t n = 0;
    for (size_t i = 0; i < r->n_people && n < 64; i++)
        if (r->people[i].role == role && (!*office || strcmp(r->people[i].office, office) == 0) &&
            strcmp(r->people[i].user, not_user) != 0)
            found[n++] = &r->people[i];
    return person(p, n ? found[rng_below(&p->rng, n)]->user : "");
}

static enum status give(struct player *p, enum command_type type, const struct actor *who,
                        int64_t at_ms, const struct value *values, size_t n, struct errmsg *err)
{
    struct value kept[VALUES];
    size_t n_kept = 0;
    struct outcome outcome;
    for (size_t i = 0; i < n && n_kept < VALUES; i++) /* what the text does not give is not given */
        if (values[i].text && *values[i].text)
            kept[n_kept++] = values[i];
    p->at_ms = at_ms;
    struct command c = {.id = uuid_new(&p->ids),
                        .case_id = p->case_id,
                        .base = p->version,
                        .type = type,
                        .at_ms = at_ms,
                        .values = kept,
                        .n_values = n_kept};
    enum status st = service_bulk_command(p->service, who, &c, at_ms, &outcome, &p->arena, err);
    if (st != ST_OK)
        return st;
    if (outcome.kind != OUTCOME_APPLIED)
        return fail(err, ST_INVALID, "office day, \"%.80s\": %s by %s is refused: %.200s", p->title,
                    command_table[type].word, who->user, outcome.problem.detail);
    p->version = outcome.version;
    return ST_OK;
}

#define GIVE(type, who, at, ...)                                                                   \
    do {                                                                                           \
        const struct value list[] = {__VA_ARGS__};                                                 \
        st = give(p, type, who, at, list, sizeof list / sizeof *list, err);                        \
        if (st != ST_OK)                                                                           \
            return st;                                                                             \
    } while (0)

static int stage_of(const char *state)
{
    static const char *const order[] = {"WAIT_DISPATCH", "SENT",    "SIGNED",  "WORKING",
                                        "REVIEW",        "REPLIED", "CALLING", "CLOSED"};
    for (int i = 0; i < (int)(sizeof order / sizeof *order); i++)
        if (strcmp(order[i], state) == 0)
            return i;
    return strcmp(state, "REWORK") == 0
               ? 7
               : 2; /* rework went the whole road; a return is asked when signed */
}

static const char *stamp(struct player *p, int64_t ms)
{
    char text[RFC3339_SIZE];
    rfc3339_format(ms, BEIJING_OFFSET_MS, text);
    return arena_strdup(&p->arena, text);
}

/* When something happened: as written, else a share of what is left until now. */
static int64_t moment(const json_t *times, const char *key, int64_t now_ms, int64_t after_ms,
                      int share)
{
    int64_t age = span_of(times, key),
            at = age >= 0 ? now_ms - age : after_ms + (now_ms - after_ms) * share / 100;
    return at <= after_ms ? after_ms + MS_MINUTE : at;
}

struct place {
    const char *street, *community, *point, *phone;
};

static enum status play(struct player *p, const json_t *o, const struct place *place, int64_t age,
                        int64_t now_ms, struct errmsg *err)
{
    const json_t *claimant = json_object_get(o, "claimant"), *times = json_object_get(o, "times");
    const char *state = text_of(o, "state"), *handler = text_of(o, "handler"),
               *tier = text_of(o, "tier");
    const struct reference *r = service_reference(p->service);
    int64_t logged = now_ms - age, at = logged;
    bool secret = json_is_true(json_object_get(claimant, "secret"));
    bool anonymous = json_is_true(json_object_get(claimant, "anonymous"));
    enum status st;
    p->at_ms = logged;
    p->case_id = uuid_new(&p->ids);
    p->version = 0;
    p->title = text_of(o, "title");
    const char *content = text_of(o, "content");
    struct actor operator= someone(p, ROLE_OPERATOR, "", ""),
                 dispatcher = someone(p, ROLE_DISPATCHER, "", "");
    struct actor desk = someone(p, ROLE_DESK, place->street, ""),
                 caller = someone(p, ROLE_CALLBACK, "", "");
    GIVE(COMMAND_LOG, &operator, at, {FIELD_TYPE, text_of(o, "type")},
         {FIELD_CATEGORY, text_of(o, "category")}, {FIELD_STREET, place->street},
         {FIELD_COMMUNITY, place->community}, {FIELD_POINT, place->point},
         {FIELD_DISTRICT, reference_district(r, place->street)}, {FIELD_CONTENT, content},
         {FIELD_TITLE, p->title}, {FIELD_REQUEST, text_of(o, "wish_text")},
         {FIELD_CHANNEL, text_of(o, "channel")}, {FIELD_TITLE_EN, text_of(o, "title_en")},
         {FIELD_CONTENT_EN, text_of(o, "content_en")}, {FIELD_CLAIMANT, text_of(claimant, "name")},
         {FIELD_ADDRESS_FORM, text_of(claimant, "address_form")}, {FIELD_PHONE, place->phone},
         {FIELD_VULNERABLE, text_of(claimant, "vulnerable")},
         {FIELD_WISH, text_of(claimant, "wish")}, {FIELD_ANONYMOUS, anonymous ? "yes" : ""},
         {FIELD_SECRET, secret ? "yes" : ""}, {FIELD_TIER, tier},
         {FIELD_CALL_TIME, stamp(p, logged)});
    int stage = stage_of(state);
    if (stage == 0)
        return ST_OK;
    at += age < 10 * MS_MINUTE ? MS_MINUTE : 4 * MS_MINUTE;
    int64_t sent = at;
    GIVE(COMMAND_DISPATCH, &dispatcher, at, {FIELD_UNIT, place->street}, {FIELD_TIER, tier});
    if (stage == 1)
        return ST_OK;
    at += strcmp(tier, "T2H") == 0 ? 3 * MS_MINUTE : 11 * MS_MINUTE;
    if (at >= now_ms)
        at = now_ms - MS_MINUTE;
    GIVE(COMMAND_SIGN, &desk, at, {FIELD_NOTE, ""});
    const json_t *contact = json_object_get(o, "contact");
    if (contact) {
        int64_t after = span_of(contact, "after");
        int64_t when = sent + (after > 0 ? after : 30 * MS_MINUTE);
        at = when > at ? when : at + MS_MINUTE;
        if (at >= now_ms)
            at = now_ms - MS_MINUTE / 2;
        bool reached = json_is_true(json_object_get(contact, "reached"));
        GIVE(COMMAND_CONTACT, &desk, at, {FIELD_REACHED, reached ? "yes" : "no"},
             {FIELD_TIME, stamp(p, at)}, {FIELD_WAY, text_of(contact, "way")},
             {FIELD_SAID, text_of(contact, "said")});
    }
    if (strcmp(state, "DISPUTED") == 0) {
        const json_t *back = json_object_get(o, "return");
        at = moment(times, "return", now_ms, at, 30);
        GIVE(COMMAND_ASK_RETURN, &desk, at, {FIELD_RETURN_CLASS, text_of(back, "class")},
             {FIELD_BASIS, text_of(back, "basis")}, {FIELD_PROPOSED, text_of(back, "proposed")});
        return ST_OK;
    }
    if (stage == 2)
        return ST_OK;
    at += 5 * MS_MINUTE;
    if (at >= now_ms)
        at = now_ms - MS_MINUTE / 3;
    const struct person *hand = reference_person(r, handler);
    struct actor worker = hand && strcmp(hand->office, place->street) == 0
                              ? person(p, handler)
                              : someone(p, ROLE_HANDLER, place->street, "");
    if (!*worker.user) /* a street without handlers of its own: the desk does it */
        worker = desk;
    bool helps = strncmp(text_of(o, "assistant"), place->street, strlen(place->street)) == 0;
    GIVE(COMMAND_ASSIGN, &desk, at, {FIELD_HANDLER, worker.user}, {FIELD_SECTION, worker.unit},
         {FIELD_ASSISTANT, helps ? text_of(o, "assistant") : ""});
    const json_t *notes = json_object_get(o, "notes");
    size_t i;
    const json_t *note;
    json_array_foreach(notes, i, note)
    {
        at += 10 * MS_MINUTE;
        if (at >= now_ms)
            at = now_ms - MS_MINUTE / 4;
        GIVE(COMMAND_NOTE, &worker, at, {FIELD_NOTE, json_string_value(note)});
    }
    if (stage == 3)
        return ST_OK;
    at = moment(times, "reply", now_ms, at, 50);
    GIVE(COMMAND_SUBMIT_REPLY, &worker, at, {FIELD_REPLY, text_of(o, "reply")},
         {FIELD_RESULT, text_of(o, "result")}, {FIELD_OVERRIDE, _("the reviewer checks it")});
    if (stage == 4)
        return ST_OK;
    struct actor reviewer = someone(p, ROLE_REVIEWER, place->street, worker.user);
    if (!*reviewer.user)
        reviewer = someone(p, ROLE_LEADER, place->street, worker.user);
    at += 9 * MS_MINUTE;
    GIVE(COMMAND_APPROVE, &reviewer, at, {FIELD_NOTE, ""});
    if (stage == 5)
        return ST_OK;
    const json_t *rating = json_object_get(o, "rating");
    at = moment(times, rating ? "rating" : "attempt", now_ms, at, 60);
    if (json_object_get(o, "unrated")) {
        for (int k = 0; k < 3;
             k++, at += 7 * MS_HOUR) /* in two parts of the day, whenever it begins */
            GIVE(COMMAND_ATTEMPT, &caller, at, {FIELD_CONNECTED, "no_answer"});
        GIVE(COMMAND_ATTEMPT, &caller, at, {FIELD_CONNECTED, "sms"});
        at += 49 * MS_HOUR;
        GIVE(COMMAND_GIVE_UP, &caller, at, {FIELD_NOTE, ""});
        return ST_OK;
    }
    GIVE(COMMAND_ATTEMPT, &caller, at, {FIELD_CONNECTED, rating ? "yes" : "no_answer"});
    if (!rating)
        return ST_OK;
    at += 2 * MS_MINUTE;
    bool lawful = json_is_true(json_object_get(rating, "lawful_left"));
    GIVE(COMMAND_RATE, &caller, at, {FIELD_CONTACTED, text_of(rating, "contacted")},
         {FIELD_SOLVED, text_of(rating, "solved")}, {FIELD_SATISFIED, text_of(rating, "satisfied")},
         {FIELD_WHY, text_of(rating, "why")}, {FIELD_TRUTHFUL, text_of(rating, "truthful")},
         {FIELD_LAWFUL_LEFT, lawful ? "yes" : ""},
         {FIELD_OPEN_POINT, text_of(rating, "open_point")});
    return ST_OK;
}

static enum status begin(struct player *p, struct service *s, uint64_t seed, json_t **ret,
                         struct errmsg *err)
{
    memset(p, 0, sizeof *p);
    p->service = s;
    rng_seed(&p->rng, seed);
    p->random = rng_random(&p->rng);
    p->clock = (struct clock){.self = p, .wall_ms = event_time, .mono_ms = event_time};
    p->ids = (struct uuid_source){.clock = &p->clock, .random = &p->random};
    arena_init(&p->arena, 0);
    enum status st = json_read("office-day.json", (const char *)data_office_day_json,
                               data_office_day_json_len, ret, err);
    if (st == ST_OK && json_array_size(json_object_get(*ret, "cases")) == 0)
        st = fail(err, ST_INVALID, "office-day.json holds no cases");
    return st;
}

enum status officeday_load(struct service *s, int64_t now_ms, int64_t *ret_cases,
                           struct errmsg *err)
{
    struct player p;
    json_t *root = NULL;
    const json_t *o;
    size_t i;
    enum status st = begin(&p, s, 12345, &root, err);
    if (st == ST_OK)
        st = service_bulk_begin(s, err);
    json_array_foreach(json_object_get(root, "cases"), i, o)
    {
        const json_t *claimant = json_object_get(o, "claimant");
        struct place place = {text_of(o, "street"), text_of(o, "community"), text_of(o, "point"),
                              text_of(claimant, "phone")};
        if (st != ST_OK)
            break;
        p.ids.last_ms = 0; /* cases are as old as they say, in any order */
        arena_reset(&p.arena);
        st = play(&p, o, &place, span_of(o, "age"), now_ms, err);
        *ret_cases = (int64_t)i + 1;
    }
    if (st == ST_OK)
        st = service_bulk_commit(s, err);
    arena_release(&p.arena);
    json_decref(root);
    return st;
}

enum status officeday_generate(struct service *s, int64_t n, uint64_t seed, int64_t now_ms,
                               struct errmsg *err)
{
    struct player p;
    json_t *root = NULL;
    const struct reference *r = service_reference(s);
    enum status st = begin(&p, s, seed, &root, err);
    const json_t *cases = json_object_get(root, "cases");
    const struct unit *communities[256];
    uint32_t n_communities = 0;
    for (size_t i = 0; i < r->n_units && n_communities < 256; i++)
        if (r->units[i].kind == UNIT_COMMUNITY)
            communities[n_communities++] = &r->units[i];
    if (st == ST_OK && n_communities == 0)
        st = fail(err, ST_INVALID, _("The organisation has no communities."));
    for (int64_t i = 0; st == ST_OK && i < n; i++) {
        if (i % BATCH == 0 && (i == 0 || (st = service_bulk_commit(s, err)) == ST_OK))
            st = service_bulk_begin(s, err);
        if (st != ST_OK)
            break;
        arena_reset(&p.arena);
        p.ids.last_ms = 0;
        const json_t *o =
            json_array_get(cases, rng_below(&p.rng, (uint32_t)json_array_size(cases)));
        const struct unit *community = communities[rng_below(&p.rng, n_communities)];
        struct place place = {community->parent, community->code,
                              arena_printf(&p.arena, "%s%u号楼%u单元%u0%u", community->name,
                                           1 + rng_below(&p.rng, 30), 1 + rng_below(&p.rng, 6),
                                           1 + rng_below(&p.rng, 18), 1 + rng_below(&p.rng, 4)),
                              arena_printf(&p.arena, "1380000%04u", rng_below(&p.rng, 10000))};
        if (strcmp(text_of(o, "state"), "DISPUTED") == 0)
            o = json_array_get(cases, 0); /* a return names units of its own street */
        int64_t age = span_of(o, "age"),
                extra = rng_between(&p.rng, 0, (int64_t)SPREAD_DAYS * MS_DAY);
        st = play(&p, o, &place, age, now_ms - extra, err);
    }
    if (st == ST_OK && n > 0)
        st = service_bulk_commit(s, err);
    arena_release(&p.arena);
    json_decref(root);
    return st;
}
