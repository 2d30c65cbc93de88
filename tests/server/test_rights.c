/*
 * Everybody tries everything: each point of procedure x command x role x place, against a server on a socket.
 *
 * usage: test_rights        JIBAN_WALK=all: every combination (./dev walk); else every row of the table by every role
 *                           and place that it lets pass, and a share of all others; JIBAN_WALK=NUMBER: another share
 *
 * What the server answers must be what the table foretells, and what domain.md 5, written down here a second time, lets
 * a role do at all. A refusal has a reason in the server's language and changes nothing. Nobody gets an order that is
 * out of his sight, and the claimant who asked for secrecy reaches nobody but whom section 5 names: the bytes of
 * every answer are looked through.
 */
#include "tests/server/rights_line.h"
#include "tests/server/rights_office.h"
#include "tests/sim/procedure_rules.h"
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PLAIN_NAME "王某某"
#define PLAIN_PHONE "13800005678"

enum { ROWS_MOST = 256 };
static struct office office;
static struct line line;
static bool gets[POINTS_MOST][WALKERS_MOST]; /* who gets which order */

/* --- domain.md 5, a second time --------------------------------------------------------------- */

#define BY(role) (1u << ROLE_##role)
#define STREET (BY(DESK) | BY(LEADER))
#define HOTLINE (BY(OPERATOR) | BY(DISPATCHER))
#define ANYBODY_AT_WORK                                                                            \
    (BY(DISTRICT) | STREET | BY(HANDLER) | BY(COMMUNITY) | BY(DEPT) | BY(REVIEWER))

/* The most that the matrix of rights gives to a role, wherever the order is; 0: nobody but the clock. Commands that it
 * does not name have the row that they belong to: an answer goes with its question. */
static const uint32_t section_5[COMMAND_COUNT] = {
    [COMMAND_LOG] = HOTLINE | BY(DESK) | BY(COMMUNITY),
    [COMMAND_ANSWER] = HOTLINE,
    [COMMAND_SEND_ELSEWHERE] = HOTLINE,
    [COMMAND_TELL_PROGRESS] = HOTLINE,
    [COMMAND_DISPATCH] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_PRE_CONSULT] = BY(DISPATCHER),
    [COMMAND_DESIGNATE] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_SIGN] = BY(DISTRICT) | STREET,
    [COMMAND_ASSIGN] = BY(DISTRICT) | STREET,
    [COMMAND_OPEN_SUB] = BY(DISTRICT) | STREET | BY(HANDLER),
    [COMMAND_SIGN_SUB] = BY(DEPT) | BY(COMMUNITY) | BY(HANDLER) | BY(DESK),
    [COMMAND_CLOSE_SUB] = BY(DEPT) | BY(COMMUNITY) | BY(HANDLER) | STREET | BY(DISTRICT),
    [COMMAND_CONTACT] = ANYBODY_AT_WORK,
    [COMMAND_NOTE] = ANYBODY_AT_WORK,
    [COMMAND_ASK_RETURN] = STREET | BY(DEPT),
    [COMMAND_ACCEPT_RETURN] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_REFUSE_RETURN] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_WHISTLE] = BY(DISTRICT) | STREET,
    [COMMAND_WHISTLE_ACK] = BY(DEPT),
    [COMMAND_WHISTLE_ARRIVE] = BY(DEPT),
    [COMMAND_WHISTLE_RESULT] = BY(DEPT),
    [COMMAND_OBJECT_WHISTLE] = BY(DEPT),
    [COMMAND_STAND_DOWN] = BY(DISTRICT) | STREET,
    [COMMAND_JUDGE_WHISTLE] = BY(DISTRICT) | STREET,
    [COMMAND_MEETING] = BY(DISTRICT) | STREET,
    [COMMAND_CONSULTATION] = BY(DISTRICT) | STREET | BY(COMMUNITY),
    [COMMAND_TELL_RESULT] = ANYBODY_AT_WORK,
    /* early warnings go to the leader, those of a risk to the district (7.11, 10) */
    [COMMAND_ANSWER_WARNING] = BY(LEADER) | BY(DISTRICT),
    [COMMAND_ESCALATE] = BY(LEADER),
    [COMMAND_ANSWER_ESCALATION] = BY(DISTRICT) | BY(DISPATCHER),
    [COMMAND_ASK_EXTENSION] = STREET | BY(DEPT),
    [COMMAND_DECIDE_EXTENSION] = BY(DISTRICT) | BY(LEADER),
    [COMMAND_SUBMIT_REPLY] = BY(DESK) | BY(HANDLER) | BY(COMMUNITY) | BY(DEPT),
    [COMMAND_SEND_BACK_REPLY] = BY(REVIEWER) | BY(LEADER),
    /* desk and handler: their own in T2H, confirmed by a leader (four eyes, section 5) */
    [COMMAND_APPROVE] = BY(REVIEWER) | BY(LEADER) | BY(DESK) | BY(HANDLER),
    [COMMAND_CONFIRM_REPLY] = BY(LEADER),
    [COMMAND_ASK_HANG] = STREET,
    [COMMAND_DECIDE_HANG] = BY(DISTRICT) | BY(LEADER),
    [COMMAND_LOOK_HANG] = BY(DISTRICT) | BY(LEADER),
    [COMMAND_UNHANG] = BY(DISTRICT) | BY(LEADER),
    [COMMAND_ATTEMPT] = BY(CALLBACK),
    [COMMAND_RATE] = BY(CALLBACK),
    [COMMAND_GIVE_UP] = BY(CALLBACK),
    [COMMAND_REWORK] = BY(CALLBACK) | BY(DISTRICT),
    [COMMAND_ASK_EXCLUSION] = BY(LEADER) | BY(DEPT),
    [COMMAND_PRECHECK_EXCLUSION] = BY(DISTRICT) | BY(JUDGE),
    [COMMAND_DECIDE_EXCLUSION] = BY(JUDGE),
    [COMMAND_APPEAL_EXCLUSION] = BY(LEADER) | BY(DEPT),
    [COMMAND_MERGE] = BY(DESK) | BY(DISPATCHER),
    [COMMAND_UNMERGE] = BY(DESK) | BY(DISPATCHER),
    [COMMAND_LINK] = HOTLINE | BY(DESK) | BY(DISTRICT),
    [COMMAND_URGE] = HOTLINE | BY(DISTRICT) | BY(LEADER),
    [COMMAND_SUPERVISE] = BY(DISPATCHER) | BY(DISTRICT) | BY(LEADER),
    [COMMAND_ANSWER_URGE] = STREET | BY(HANDLER) | BY(DEPT),
    [COMMAND_SUPPLEMENT] = HOTLINE | BY(CALLBACK),
    [COMMAND_ASK_VOID] = BY(DISPATCHER),
    [COMMAND_CONFIRM_VOID] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_REOPEN] = BY(DISTRICT) | BY(JUDGE),
    [COMMAND_WITHDRAW] = HOTLINE | BY(CALLBACK),
    [COMMAND_CORRECT] = BY(OPERATOR) | BY(DESK) | BY(COMMUNITY) | BY(REVIEWER),
    [COMMAND_MARK_UNREASONABLE] = BY(OPERATOR) | BY(CALLBACK) | BY(DESK) | BY(HANDLER),
    [COMMAND_DECIDE_UNREASONABLE] = BY(LEADER) | BY(DISTRICT) | BY(JUDGE),
    [COMMAND_LIFT_UNREASONABLE] = BY(LEADER) | BY(DISTRICT) | BY(JUDGE),
    [COMMAND_JOIN_EMERGENCY] = BY(DISPATCHER) | BY(DISTRICT) | BY(DESK),
    [COMMAND_LEAVE_EMERGENCY] = BY(DISPATCHER) | BY(DISTRICT),
    [COMMAND_PROPOSE] = BY(HANDLER) | BY(DESK),
    [COMMAND_ANSWER_PROPOSAL] = STREET,
    [COMMAND_REVEAL] = BY(DISPATCHER) | BY(DISTRICT) | STREET | BY(HANDLER) | BY(COMMUNITY) |
                       BY(DEPT) | BY(AUDITOR),
    [COMMAND_DISCLOSE] = BY(DISPATCHER) | BY(AUDITOR) | BY(DISTRICT) | BY(JUDGE) | STREET |
                         BY(DEPT) | BY(HANDLER) | BY(REVIEWER)};

/* Their work is in the whole city; everybody else's ends at the border of the unit or district. */
static bool is_of_city(enum role role)
{
    return role == ROLE_OPERATOR || role == ROLE_DISPATCHER || role == ROLE_CALLBACK ||
           role == ROLE_AUDITOR || role == ROLE_JUDGE;
}

static bool is_far(const struct casefile *c, const struct actor *who)
{
    return strncmp(who->office, "12", 2) == 0 ||
           (strcmp(who->office, "1102") == 0 && strcmp(c->value[FIELD_UNIT], "1102") != 0);
}

static bool section_5_lets(const struct casefile *c, enum command_type type,
                           const struct actor *who)
{
    bool own_channel = type == COMMAND_LOG && c->version == 0;
    return (section_5[type] & (1u << who->role)) &&
           (own_channel || is_of_city(who->role) || !is_far(c, who));
}

/* --- sight ------------------------------------------------------------------------------------ */

static const char *secret_in(const char *text)
{
    static const char *const secrets[] = {SECRET_NAME, SECRET_FORM, SECRET_PHONE, SECRET_EMAIL};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (strstr(text, secrets[i]))
            return secrets[i];
    return NULL;
}

static void check_text(const char *text, const struct point *p, const struct walker *w,
                       const char *where)
{
    bool knows = p && p->secret && procedure_knows_secret(&p->c, &w->actor);
    const char *secret = knows ? NULL : secret_in(text);
    if (secret)
        fail_msg("%s: %s reaches %s (%s, %s)", where, secret, w->actor.user,
                 role_table[w->actor.role].word, p ? p->name : "no order");
    bool masked = w->actor.role == ROLE_REVIEWER || w->actor.role == ROLE_JUDGE;
    if (masked && (strstr(text, PLAIN_PHONE) || strstr(text, PLAIN_NAME)))
        fail_msg("%s: %s gets the claimant of \"%s\" unmasked", where, w->actor.user,
                 p ? p->name : "");
}

/* Who works for the whole city is of the hotline, or of the district for its orders. */
static bool is_placed(const struct walker *w)
{
    bool district = w->actor.role == ROLE_AUDITOR || w->actor.role == ROLE_JUDGE;
    return !is_of_city(w->actor.role) || strcmp(w->actor.office, "BJ") == 0 ||
           (district && strcmp(w->actor.office, "11") == 0);
}

static int ask_case(const struct point *p, const struct walker *w)
{
    char target[80] = "/v1/cases/";
    uuid_format(&p->c.id, target + strlen(target));
    return line_ask(&line, w->token, target, NULL);
}

static void case__by_everybody__is_there_for_whom_it_is_in_sight(void **state)
{
    size_t seen = 0, hidden = 0;
    (void)state;
    for (size_t i = 0; i < office.n_points; i++)
        for (size_t k = 0; k < office.n_walkers; k++) {
            const struct point *p = &office.point[i];
            const struct walker *w = &office.walker[k];
            int status = ask_case(p, w);
            bool sees = p->c.version && workflow_sees(&p->c, &w->actor);
            gets[i][k] = status == 200;
            assert_true(status == 200 || status == 404);
            if (gets[i][k] &&
                (!sees || w->actor.role == ROLE_TRAINER || w->actor.role == ROLE_ADMIN))
                fail_msg("%s (%s) gets \"%s\"", w->actor.user, w->where, p->name);
            if (sees && !gets[i][k] && is_placed(w) && !is_far(&p->c, &w->actor))
                fail_msg("%s (%s) does not get \"%s\"", w->actor.user, w->where, p->name);
            check_text(line.body.data, p, w, "case");
            seen += gets[i][k];
            hidden += !gets[i][k];
        }
    print_message("# %zu seen, %zu not\n", seen, hidden);
    assert_true(seen > 500 && hidden > 500);
}

static const struct point *point_in(const char *text)
{
    for (size_t i = 0; i < office.n_points; i++) {
        char id[UUID_TEXT];
        uuid_format(&office.point[i].c.id, id);
        if (strstr(text, id))
            return &office.point[i];
    }
    return NULL;
}

static void changes__of_everybody__are_the_orders_in_sight_without_secrets(void **state)
{
    (void)state;
    for (size_t k = 0; k < office.n_walkers; k++) {
        const struct walker *w = &office.walker[k];
        size_t told = 0, wanted = 0;
        assert_int_equal(line_ask(&line, w->token, "/v1/changes?limit=1000", NULL), 200);
        char *rest = NULL;
        for (char *text = strtok_r(line.body.data, "\n", &rest); text;
             text = strtok_r(NULL, "\n", &rest)) {
            bool is_case = strncmp(text, "{\"case\"", 7) == 0;
            char head[60];
            snprintf(head, sizeof head, "%s", text);
            const struct point *p = is_case ? point_in(head) : NULL;
            check_text(text, p, w, "changes");
            told += p != NULL;
            if (p && !gets[p - office.point][k])
                fail_msg("%s hears of \"%s\"", w->actor.user, p->name);
        }
        for (size_t i = 0; i < office.n_points; i++)
            wanted += gets[i][k];
        assert_int_equal(told, wanted);
    }
}

static void other_answers__to_everybody__tell_no_secret(void **state)
{
    static const char *const targets[] = {
        "/v1/assessment?level=city",
        "/v1/assessment?level=district&scope=11",
        "/v1/assessment?level=street&scope=1101",
        "/v1/assessment?level=city&cases=created&of=1101&set=all",
        "/v1/assessment?level=street&scope=1101&cases=created&of=1101&set=all",
        "/v1/people",
        "/v1/policy",
        "/v1/catalogue",
        "/v1/calendar",
        "/v1/audit/checkpoints"};
    size_t answered = 0, refused = 0;
    (void)state;
    for (size_t k = 0; k < office.n_walkers; k++)
        for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
            const struct walker *w = &office.walker[k];
            int status = line_ask(&line, w->token, targets[i], NULL);
            bool audit = strstr(targets[i], "audit") != NULL;
            bool may = w->actor.role == ROLE_AUDITOR || w->actor.role == ROLE_ADMIN;
            check_text(line.body.data, NULL, w, targets[i]);
            if (audit && (status == 200) != may)
                fail_msg("%s of %s: %d", targets[i], w->actor.user, status);
            answered += status == 200;
            refused += status == 403;
        }
    print_message("# %zu answered, %zu refused\n", answered, refused);
    assert_true(answered > 500 && refused > 200);
    static const char *const public[] = {"/open311/v2/requests.json",
                                         "/open311/v2/requests.xml",
                                         "/open311/v2/services.json",
                                         "/metrics",
                                         "/healthz",
                                         "/readyz"};
    static const struct walker nobody = {.actor = {.user = "nobody"}, .where = "outside"};
    for (size_t i = 0; i < sizeof public / sizeof *public; i++) {
        assert_int_equal(line_ask(&line, NULL, public[i], NULL), 200);
        check_text(line.body.data, NULL, &nobody, public[i]);
        if (strstr(line.body.data, PLAIN_PHONE) || strstr(line.body.data, PLAIN_NAME))
            fail_msg("%s names a claimant", public[i]);
    }
    for (size_t i = 0; i < office.n_points; i++) {
        char target[90];
        snprintf(target, sizeof target, "/open311/v2/requests/%.30s.json",
                 office.point[i].c.value[FIELD_NUMBER]);
        line_ask(&line, NULL, target, NULL);
        check_text(line.body.data, NULL, &nobody, target);
        if (office.point[i].secret && line.status == 200)
            fail_msg("Open311 tells of a secret order");
    }
}

/* --- the walk --------------------------------------------------------------------------------- */

/* What the table says of one combination. */
struct forecast {
    bool walked, applied, chained; /* chained: other orders follow, and may refuse */
    unsigned char code, after, events, row;
};
static struct forecast *forecasts;
static size_t copies[POINTS_MOST];

static struct forecast *forecast_of(size_t point, size_t walker, size_t type)
{
    return &forecasts[(point * WALKERS_MOST + walker) * COMMAND_COUNT + type];
}

static struct command make(const struct point *p, const struct walker *w, enum command_type type,
                           struct arena *a)
{
    struct value *v = arena_array(a, ARGUMENTS_MOST, sizeof *v);
    assert_non_null(v);
    return (struct command){.case_id = p->c.id,
                            .base = p->c.version,
                            .type = type,
                            .at_ms = office.ctx.now_ms,
                            .values = v,
                            .n_values = office_arguments(&office, &p->c, type, &w->actor, a, v)};
}

static struct forecast foretell(const struct point *p, const struct walker *w,
                                enum command_type type, struct arena *a)
{
    struct workflow_context ctx = office.ctx;
    struct command k = make(p, w, type, a);
    struct decision d = {0};
    struct refusal why = {0};
    struct forecast f = {0};
    if (value_find(k.values, k.n_values, workflow_other(type)))
        ctx.other = &office.lead;
    enum status st = workflow_decide(&ctx, &p->c, &k, &w->actor, a, &d, &why, NULL);
    f.applied = st == ST_OK;
    f.code = (unsigned char)why.code;
    if (!f.applied)
        return f;
    struct casefile after = p->c;
    for (size_t i = 0; i < d.n; i++)
        if (d.events[i].to != STATE_NONE)
            after.state = d.events[i].to;
    f.after = (unsigned char)after.state;
    f.events = (unsigned char)d.n;
    f.chained = d.n_also > 0;
    f.row = (unsigned char)(d.transition - workflow_table);
    if (!section_5_lets(&p->c, type, &w->actor))
        fail_msg("the table lets %s (%s, %s) do %s to \"%s\"; section 5 does not", w->actor.user,
                 role_table[w->actor.role].word, w->where, command_table[type].word, p->name);
    return f;
}

enum { SHARE = 10 }; /* one of so many combinations is walked */

static bool is_in_share(size_t point, size_t walker, size_t type)
{
    const char *what = getenv("JIBAN_WALK");
    uint64_t x = what ? strtoull(what, NULL, 10) : 0;
    if (what && strcmp(what, "all") == 0)
        return true;
    x = (((x * 64 + point) * 256 + walker) * 128 + type) * UINT64_C(0x9E3779B97F4A7C15);
    return (x >> 32) % SHARE == 0;
}

static bool is_row_of(const struct transition *t, enum role role)
{
    for (const struct right *r = t->rights; r->role != ROLE_NOBODY; r++)
        if (r->role == role)
            return true;
    return false;
}

/* Every right that the table gives to a person is used by somebody. */
static void check_rows(bool used[ROWS_MOST][ROLE_COUNT])
{
    size_t never = 0;
    for (size_t row = 0; row < workflow_rows; row++)
        for (int role = ROLE_OPERATOR; role < ROLE_COUNT; role++)
            if (is_row_of(&workflow_table[row], (enum role)role) && !used[row][role]) {
                print_message("# row %s %s is never applied by a %s\n", workflow_table[row].row,
                              command_table[workflow_table[row].command].word,
                              role_table[role].word);
                never++;
            }
    assert_int_equal(never, 0);
}

static void foretell_all(void)
{
    static bool used[ROWS_MOST][ROLE_COUNT], done[ROWS_MOST][WALKERS_MOST];
    size_t n = 0, applied = 0;
    struct arena a;
    arena_init(&a, 0);
    forecasts = calloc((size_t)POINTS_MOST * WALKERS_MOST * COMMAND_COUNT, sizeof *forecasts);
    assert_true(forecasts && workflow_rows <= ROWS_MOST);
    office.ctx.now_ms = clock_wall(&clock_system);
    for (size_t i = 0; i < office.n_points; i++)
        for (size_t k = 0; k < office.n_walkers; k++)
            for (size_t type = 0; type < COMMAND_COUNT; type++) {
                const struct walker *w = &office.walker[k];
                arena_reset(&a);
                struct forecast f = foretell(&office.point[i], w, (enum command_type)type, &a);
                f.walked = is_in_share(i, k, type) || (f.applied && !done[f.row][k]);
                *forecast_of(i, k, type) = f;
                if (!f.walked)
                    continue;
                n++;
                if (!f.applied)
                    continue;
                applied++;
                copies[i]++;
                done[f.row][k] = used[f.row][w->actor.role] = true;
            }
    arena_release(&a);
    print_message("# %zu combinations, %zu foretold to be applied\n", n, applied);
    check_rows(used);
}

static struct tally {
    size_t applied, refused, out_of_sight, chained;
} tally;

static void complain(const struct point *p, const struct walker *w, enum command_type type,
                     const struct forecast *f, const struct outcome *o)
{
    fail_msg("%s by %s (%s, %s) on \"%s\": foretold %s, but %s %s", command_table[type].word,
             w->actor.user, role_table[w->actor.role].word, w->where, p->name,
             f->applied ? "applied" : refusal_word((enum refusal_code)f->code),
             o->kind == OUTCOME_APPLIED ? "applied" : o->problem.type,
             o->kind == OUTCOME_APPLIED ? "" : o->problem.detail);
}

static bool is_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0x80)
            return true;
    return false;
}

static void check_refused(size_t i, size_t k, enum command_type type, const struct forecast *f,
                          const struct outcome *o)
{
    const struct point *p = &office.point[i];
    const struct walker *w = &office.walker[k];
    char word[80];
    bool names_other = workflow_other(type) != FIELD_NONE;
    bool foreign = o->problem.status == 404 && (!gets[i][k] || names_other);
    bool other_refuses = f->applied && f->chained && o->problem.status == 409;
    snprintf(word, sizeof word, "urn:jiban:problem:%s", refusal_word((enum refusal_code)f->code));
    if (!foreign && !other_refuses && (f->applied || strcmp(o->problem.type, word) != 0))
        complain(p, w, type, f, o);
    if (!is_chinese(o->problem.detail))
        fail_msg("%s: no reason in Chinese: %s", command_table[type].word, o->problem.detail);
    tally.refused++;
    tally.out_of_sight += f->applied && foreign;
    tally.chained += other_refuses;
}

static void check_applied(size_t i, size_t k, enum command_type type, const struct forecast *f,
                          const struct outcome *o, const struct uuid *id, struct arena *a)
{
    const struct point *p = &office.point[i];
    struct change change;
    struct casefile c;
    struct errmsg err = {{0}};
    char target[80] = "/v1/cases/";
    if (!f->applied || o->version != p->c.version + f->events)
        complain(p, &office.walker[k], type, f, o);
    if (p->c.version && !gets[i][k])
        fail_msg("%s by %s on \"%s\", which he does not see", command_table[type].word,
                 office.walker[k].actor.user, p->name);
    uuid_format(id, target + strlen(target));
    assert_int_equal(line_ask(&line, office_person(&office, "chen.op")->token, target, NULL), 200);
    if (change_decode(line.body.data, strcspn(line.body.data, "\n"), a, &change, &err) != ST_OK)
        fail_msg("%s", err.text);
    casefile_init(&c, id, a);
    for (size_t e = 0; e < change.n_events; e++) {
        const struct event *event = &change.events[e];
        if (casefile_apply(&c, event, &err) != ST_OK)
            fail_msg("%s", err.text);
        if (event->seq > o->version) /* what the centre finds about a new order */
            assert_int_equal(event->actor.role, ROLE_AUTOMATIC);
    }
    if (c.version < o->version || c.state != (enum state)f->after)
        fail_msg("%s on \"%s\" leads to %s instead of %s", command_table[type].word, p->name,
                 state_table[c.state].word, state_table[f->after].word);
    tally.applied++;
}

/* All that one person tries at one point, in one request. */
static void try_all(size_t i, size_t k, struct uuid_source *ids, size_t *copy, struct arena *a)
{
    static struct command commands[COMMAND_COUNT];
    const struct walker *w = &office.walker[k];
    size_t n = 0, n_outcomes;
    struct outcome *o;
    struct errmsg err = {{0}};
    struct buf body;
    for (size_t type = 0; type < COMMAND_COUNT; type++) {
        const struct forecast *f = forecast_of(i, k, type);
        if (!f->walked)
            continue;
        struct command *c = &commands[n++];
        *c = make(&office.point[i], w, (enum command_type)type, a);
        c->id = uuid_new(ids);
        if (office.point[i].c.version == 0)
            c->case_id = uuid_new(ids);
        else if (f->applied)
            c->case_id = office_copy_id(&office, i, (*copy)++);
    }
    if (n == 0)
        return;
    assert_true(n <= WIRE_BATCH_MAX);
    buf_init(&body, 16 << 20);
    commands_encode(&body, commands, n);
    assert_int_equal(line_ask(&line, w->token, "/v1/commands", &body), 200);
    buf_release(&body);
    check_text(line.body.data, NULL, w, "commands");
    if (outcomes_decode(line.body.data, line.body.len, a, &o, &n_outcomes, &err) != ST_OK)
        fail_msg("%s", err.text);
    assert_int_equal(n_outcomes, n);
    for (size_t m = 0; m < n; m++) {
        const struct forecast *f = forecast_of(i, k, commands[m].type);
        if (o[m].kind == OUTCOME_APPLIED)
            check_applied(i, k, commands[m].type, f, &o[m], &commands[m].case_id, a);
        else
            check_refused(i, k, commands[m].type, f, &o[m]);
    }
}

static void commands__by_everybody_at_every_point__are_what_the_table_says(void **state)
{
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    const struct walker *hotline = office_person(&office, "chen.op");
    struct arena a;
    (void)state;
    line_close(&line);
    foretell_all();
    office_copy_orders(&office, copies);
    line_open(&line, office.folder, office.url);
    arena_init(&a, 0);
    for (size_t i = 0; i < office.n_points; i++) {
        const struct point *p = &office.point[i];
        size_t copy = 0;
        ask_case(p, hotline);
        char *before = strdup(line.body.data);
        for (size_t k = 0; k < office.n_walkers; k++) {
            arena_reset(&a);
            try_all(i, k, &ids, &copy, &a);
        }
        ask_case(p, hotline);
        if (strcmp(before, line.body.data) != 0)
            fail_msg("\"%s\" was changed by what was refused", p->name);
        free(before);
    }
    arena_release(&a);
    print_message("# %zu applied, %zu refused; of those foretold, %zu out of sight, %zu refused by "
                  "another order\n",
                  tally.applied, tally.refused, tally.out_of_sight, tally.chained);
    assert_true(tally.applied > 500);
}

static void log__of_the_server__names_nobody(void **state)
{
    struct buf text;
    char bytes[4096];
    size_t n;
    (void)state;
    FILE *f = fopen(line.log, "r");
    assert_non_null(f);
    buf_init(&text, 64 << 20);
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        buf_add(&text, bytes, n);
    fclose(f);
    assert_true(text.len > 0);
    assert_null(secret_in(text.data));
    assert_null(strstr(text.data, PLAIN_PHONE));
    assert_null(strstr(text.data, PLAIN_NAME));
    buf_release(&text);
}

static int set_up(void **state)
{
    (void)state;
    office_make(&office);
    line_open(&line, office.folder, office.url);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    line_close(&line);
    office_release(&office);
    free(forecasts);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(case__by_everybody__is_there_for_whom_it_is_in_sight),
        cmocka_unit_test(changes__of_everybody__are_the_orders_in_sight_without_secrets),
        cmocka_unit_test(other_answers__to_everybody__tell_no_secret),
        cmocka_unit_test(commands__by_everybody_at_every_point__are_what_the_table_says),
        cmocka_unit_test(log__of_the_server__names_nobody)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
