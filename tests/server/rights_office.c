#include "tests/server/rights_office.h"
#include "data/embedded.h"
#include "tests/sim/office_store.h"
#include <setjmp.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* --- the orders ------------------------------------------------------------------------------- */

/* Minutes since the order was taken down. */
enum { JUST_NOW = 10, DAYS_AGO = 3 * 24 * 60, WEEKS_AGO = 45 * 24 * 60 };

#define TO_SENT "chen.op log; sun.dispatch dispatch; "
#define TO_SIGNED TO_SENT "wang.desk sign; "
#define TO_WORKING TO_SIGNED "wang.desk assign; lin.property contact; "
#define TO_URGENT                                                                                  \
    "chen.op log; sun.dispatch dispatch tier=T2H; wang.desk sign; wang.desk assign; "              \
    "lin.property contact; "
#define TO_REVIEW TO_WORKING "lin.property submit_reply; "
#define TO_CALLING TO_REVIEW "he.review approve; ren.call attempt; "
#define TO_CLOSED TO_CALLING "ren.call rate; "
#define TO_SECRET                                                                                  \
    "chen.op log secret=yes; sun.dispatch dispatch; wang.desk sign; wang.desk assign; "

/* "user command [field=value...]; ..."; what is not said is what office_arguments gives. "wait HOURS": time
 * passes. */
static const struct story {
    const char *name;
    int minutes_ago;
    const char *text;
} stories[] = {
    {"waiting", JUST_NOW, "chen.op log; "},
    {"waiting, asked to void", JUST_NOW, "chen.op log; sun.dispatch ask_void; "},
    {"waiting, own channel", JUST_NOW, "wang.desk log; "},
    {"waiting, found by a community", JUST_NOW, "zhao.community log; "},
    {"waiting for the last dispatch", JUST_NOW,
     TO_SENT "wang.desk ask_return; sun.dispatch accept_return; sun.dispatch dispatch unit=1102; "
             "feng.desk ask_return; sun.dispatch accept_return; "},
    {"sent", JUST_NOW, TO_SENT},
    {"sent, asked to void", JUST_NOW, TO_SENT "sun.dispatch ask_void; "},
    {"return asked", JUST_NOW, TO_SENT "wang.desk ask_return; "},
    {"signed", JUST_NOW, TO_SIGNED},
    {"in hand", JUST_NOW, TO_WORKING},
    {"in hand, everything asked", JUST_NOW,
     TO_WORKING
     "wang.desk open_sub; wang.desk whistle; luo.leader escalate; wang.desk ask_extension; "
     "wang.desk ask_hang; sun.dispatch urge; lin.property propose; "
     "wang.desk mark_unreasonable; wang.desk consultation; "},
    {"in hand, half decided", JUST_NOW,
     TO_WORKING "wang.desk open_sub; fan.handler.section sign_sub; wang.desk whistle; "
                "gao.heat whistle_arrive; wang.desk ask_extension; luo.leader decide_extension; "
                "wang.desk ask_hang; luo.leader decide_hang; wang.desk mark_unreasonable; "
                "luo.leader decide_unreasonable; "},
    {"in hand, whistle answered", JUST_NOW, TO_WORKING "wang.desk whistle; gao.heat whistle_ack; "},
    {"in hand, emergency", JUST_NOW, TO_WORKING "sun.dispatch join_emergency; "},
    {"signed, warned of a risk", JUST_NOW,
     "chen.op log content=家里漏气; sun.dispatch dispatch; wang.desk sign; "},
    {"waiting, one", JUST_NOW, "chen.op log point=南里小区9号楼 phone=13900000001; "},
    {"waiting, another", JUST_NOW, "chen.op log point=南里小区9号楼 phone=13900000002; "},
    {"waiting, warned of a cluster", JUST_NOW,
     "chen.op log point=南里小区9号楼 phone=13900000003; "},
    {"in hand, section only", JUST_NOW, TO_SIGNED "wang.desk assign handler= assistant=; "},
    {"department leads", JUST_NOW, "chen.op log; sun.dispatch dispatch unit=119001; "},
    {"department leads, in hand", JUST_NOW,
     "chen.op log; sun.dispatch dispatch unit=119001; zhou.district sign; "
     "zhou.district assign handler=gao.heat section=119001 assistant=; gao.heat contact; "},
    {"secret, in hand", JUST_NOW, TO_SECRET "chen.op correct field=phone new=" SECRET_PHONE "; "},
    {"secret, replied", JUST_NOW,
     TO_SECRET "lin.property contact; lin.property submit_reply; he.review approve; "},
    {"secret, waiting", JUST_NOW, "chen.op log secret=yes; "},
    {"to approve", JUST_NOW, TO_REVIEW},
    {"replied", JUST_NOW, TO_REVIEW "he.review approve; "},
    {"to approve by its drafter, the desk", JUST_NOW, TO_URGENT "wang.desk submit_reply; "},
    {"to approve by its drafter, the handler", JUST_NOW, TO_URGENT "lin.property submit_reply; "},
    {"replied, to be confirmed", JUST_NOW, TO_URGENT "wang.desk submit_reply; wang.desk approve; "},
    {"calling", JUST_NOW, TO_CALLING},
    {"calling, all tries", DAYS_AGO,
     TO_REVIEW
     "he.review approve; ren.call attempt connected=no_answer; wait 5; "
     "ren.call attempt connected=no_answer; wait 7; ren.call attempt connected=no_answer; "
     "ren.call attempt connected=sms; "},
    {"rework", JUST_NOW, TO_CLOSED "ren.call rework; "},
    {"on the ledger", JUST_NOW,
     TO_WORKING "wang.desk ask_hang; luo.leader decide_hang; zhou.district decide_hang; "},
    {"closed", JUST_NOW, TO_CLOSED},
    {"closed, exclusion asked", JUST_NOW, TO_CLOSED "luo.leader ask_exclusion; "},
    {"closed, use in doubt", JUST_NOW,
     TO_CLOSED "wang.desk mark_unreasonable; luo.leader ask_exclusion; "},
    {"closed, use on record", JUST_NOW,
     TO_CLOSED "wang.desk mark_unreasonable; luo.leader decide_unreasonable; "
               "luo.leader ask_exclusion; "},
    {"closed, exclusion checked", JUST_NOW,
     TO_CLOSED "luo.leader ask_exclusion; zhou.district precheck_exclusion; "},
    {"closed, exclusion refused", JUST_NOW,
     TO_CLOSED "luo.leader ask_exclusion; zhou.district precheck_exclusion; "
               "fu.judge decide_exclusion granted=no; "},
    {"closed, task of a consultation", JUST_NOW, TO_CLOSED "wang.desk consultation; "},
    {"archived", WEEKS_AGO, TO_CLOSED},
    {"answered at once", JUST_NOW, "chen.op answer; "},
    {"sent elsewhere", JUST_NOW, "chen.op send_elsewhere; "},
    {"merged", JUST_NOW, TO_WORKING "wang.desk merge; "},
    {"void", JUST_NOW, "chen.op log; sun.dispatch ask_void; fan.dispatch confirm_void; "},
};
enum { STORIES = sizeof stories / sizeof *stories };

/* --- arguments -------------------------------------------------------------------------------- */

static const char *time_text(struct arena *a, int64_t ms)
{
    char form[RFC3339_SIZE];
    rfc3339_format(ms - ms % 1000, BEIJING_OFFSET_MS, form);
    return arena_strdup(a, form);
}

static const char *later(const struct office *o, const struct casefile *c, struct arena *a,
                         int64_t by)
{
    const struct clock_run *handle = &c->clock[CLOCK_HANDLE];
    int64_t from = o->ctx.now_ms;
    if (handle->status == CLOCK_RUNNING && handle->due_ms > from)
        from = handle->due_ms;
    return time_text(a, from + by);
}

static const char *first_choice(enum field f)
{
    const struct choice *choices = field_table[f].choices;
    return choices ? choices[0].word : NULL;
}

/* What is given of arguments that need not be. */
static bool is_useful(enum command_type type, enum field f)
{
    switch (f) {
    case FIELD_CONTENT:
    case FIELD_STREET:
    case FIELD_CLAIMANT:
    case FIELD_PHONE:
    case FIELD_CHANNEL:
    case FIELD_COMMUNITY:
    case FIELD_HANDLER:
    case FIELD_SECTION:
    case FIELD_ASSISTANT:
    case FIELD_OVERRIDE:
    case FIELD_LEGAL_BASIS:
    case FIELD_DUTY:
    case FIELD_TASKS:
    case FIELD_OPEN_POINT:
        return true;
    case FIELD_TIER:
        return type == COMMAND_LOG || type == COMMAND_DISPATCH || type == COMMAND_DESIGNATE;
    case FIELD_REASON:
        return true;
    default:
        return false;
    }
}

static const char *good(const struct office *o, const struct casefile *c, enum command_type type,
                        const struct actor *who, enum field f, struct arena *a)
{
    char id[UUID_TEXT];
    bool inside = who->role == ROLE_DESK || who->role == ROLE_COMMUNITY;
    switch (f) {
    case FIELD_TYPE:
        return "help";
    case FIELD_CATEGORY:
        return "0101";
    case FIELD_STREET:
        return "1101";
    case FIELD_COMMUNITY:
    case FIELD_ASSISTANT:
        return "110101";
    case FIELD_CHANNEL:
        return inside ? "counter" : "phone";
    case FIELD_CLAIMANT:
        return "王某某";
    case FIELD_PHONE:
        return "13800005678";
    case FIELD_TIER:
        return "T7D";
    case FIELD_UNIT:
        return "1101";
    case FIELD_UNITS:
        return type == COMMAND_WHISTLE ? "119001" : "110192";
    case FIELD_PROPOSED:
        return strcmp(c->value[FIELD_UNIT], "1102") == 0 ? "1101" : "1102";
    case FIELD_HANDLER:
        return "lin.property";
    case FIELD_SECTION:
        return "110194";
    case FIELD_KIND:
        return "J";
    case FIELD_NEW_DUE:
        return later(o, c, a, MS_DAY);
    case FIELD_NEXT_LOOK:
        return time_text(a, o->ctx.now_ms + 20 * (int64_t)MS_DAY);
    case FIELD_EXTENSION_CLASS:
        return "E2";
    case FIELD_HANG_CLASS:
        return "H4";
    case FIELD_EXCLUSION_CLASS:
        return "X6";
    case FIELD_SATISFIED:
        return "not";
    case FIELD_SOLVED:
        return "solved";
    case FIELD_CONNECTED:
        return "yes";
    case FIELD_FIELD_NAME:
        return "title";
    case FIELD_EMERGENCY:
        return "storm-20260701";
    case FIELD_TASKS:
        return arena_printf(a, "119001 %s 到场处置", time_text(a, o->ctx.now_ms + 2 * MS_DAY));
    case FIELD_MERGED_INTO:
        uuid_format(&o->lead.id, id);
        return arena_strdup(a, id);
    case FIELD_OLD_ORDER:
        return o->lead.value[FIELD_NUMBER];
    case FIELD_FOLLOWERS:
        uuid_format(&o->lead.id, id);
        return arena_strdup(a, id);
    case FIELD_LATE_CLOCK:
        return "sign";
    case FIELD_EXIT:
        return "beyond_duty";
    case FIELD_DUTY:
        return "done";
    default:
        break;
    }
    switch (field_table[f].type) {
    case FIELD_TYPE_ENUM:
        return first_choice(f);
    case FIELD_TYPE_BOOL:
        return "yes";
    case FIELD_TYPE_TIME:
        return time_text(a, o->ctx.now_ms);
    default:
        return "记录";
    }
}

size_t office_arguments(struct office *o, const struct casefile *c, enum command_type type,
                        const struct actor *who, struct arena *a, struct value ret[ARGUMENTS_MOST])
{
    const struct command_row *row = &command_table[type];
    size_t n = 0;
    for (size_t i = 0; i < row->n_arguments && n < ARGUMENTS_MOST; i++) {
        enum field f = row->arguments[i].field;
        if (row->arguments[i].required || is_useful(type, f))
            ret[n++] = (struct value){f, good(o, c, type, who, f, a)};
    }
    return n;
}

/* --- telling the stories ---------------------------------------------------------------------- */

struct teller {
    struct office *o;
    struct service *service;
    struct clock clock;
    struct rng rng;
    struct random random;
    struct uuid_source ids;
    int64_t now_ms;
};

static int64_t teller_now(void *self)
{
    return ((struct teller *)self)->now_ms;
}

const struct walker *office_person(const struct office *o, const char *user)
{
    for (size_t i = 0; i < o->n_walkers; i++)
        if (strcmp(o->walker[i].actor.user, user) == 0)
            return &o->walker[i];
    fail_msg("there is no %s", user);
    return NULL;
}

static void give_value(struct value *v, size_t *n, enum field f, const char *text)
{
    size_t i = 0;
    while (i < *n && v[i].field != f)
        i++;
    assert_true(i < ARGUMENTS_MOST && f != FIELD_COUNT);
    v[i] = (struct value){f, text};
    *n += i == *n;
}

static void give_secret(struct value *v, size_t *n)
{
    give_value(v, n, FIELD_CLAIMANT, SECRET_NAME);
    give_value(v, n, FIELD_ADDRESS_FORM, SECRET_FORM);
    give_value(v, n, FIELD_PHONE, SECRET_PHONE);
    give_value(v, n, FIELD_EMAIL, SECRET_EMAIL);
}

static void fold(struct teller *t, struct casefile *c)
{
    struct errmsg err = {{0}};
    struct uuid id = c->id;
    int64_t row;
    struct db *db = service_reader(t->service, &err);
    if (!db || service_load(db, &id, c, &row, &t->o->arena, &err) != ST_OK)
        fail_msg("%s", err.text);
}

/* One line of a story. */
static void tell(struct teller *t, struct point *p, char *line)
{
    struct office *o = t->o;
    struct value v[ARGUMENTS_MOST];
    struct outcome outcome;
    struct errmsg err = {{0}};
    char *rest = NULL, *user = strtok_r(line, " ", &rest), *word = strtok_r(NULL, " ", &rest);
    if (strcmp(user, "wait") == 0) {
        t->now_ms += atoi(word) * (int64_t)MS_HOUR;
        return;
    }
    struct actor who = office_person(o, user)->actor;
    enum command_type type = command_find(word);
    assert_true(type != COMMAND_COUNT);
    o->ctx.now_ms = t->now_ms;
    size_t n = office_arguments(o, &p->c, type, &who, &o->arena, v);
    for (char *pair; (pair = strtok_r(NULL, " ", &rest));) {
        char *value = strchr(pair, '=');
        *value++ = '\0';
        give_value(v, &n, field_find(pair), arena_strdup(&o->arena, value));
        if (strcmp(pair, "secret") == 0)
            give_secret(v, &n);
        p->secret |= strcmp(pair, "secret") == 0;
    }
    struct command k = {.id = uuid_new(&t->ids),
                        .case_id = p->c.id,
                        .base = p->c.version,
                        .type = type,
                        .at_ms = t->now_ms,
                        .values = v,
                        .n_values = n};
    if (service_commands(t->service, &who, &k, 1, &o->arena, &outcome, &err) != ST_OK)
        fail_msg("%s", err.text);
    if (outcome.kind != OUTCOME_APPLIED)
        fail_msg("\"%s\": %s by %s: %s", p->name, word, user, outcome.problem.detail);
    fold(t, &p->c);
    t->now_ms += MS_SECOND;
}

static struct point *tell_story(struct teller *t, const struct story *s, int64_t now_ms)
{
    struct office *o = t->o;
    assert_true(o->n_points < POINTS_MOST);
    struct point *p = &o->point[o->n_points++];
    struct uuid id = uuid_new(&t->ids);
    char text[1200], *rest = NULL;
    p->name = s->name;
    casefile_init(&p->c, &id, &o->arena);
    t->now_ms = now_ms - s->minutes_ago * (int64_t)MS_MINUTE;
    snprintf(text, sizeof text, "%s", s->text);
    for (char *line = strtok_r(text, ";", &rest); line && strspn(line, " ") < strlen(line);
         line = strtok_r(NULL, ";", &rest))
        tell(t, p, line);
    return p;
}

/* The clock archives what has long been closed; the others were not there yet. */
static void let_weeks_pass(struct teller *t, struct point *p, int64_t now_ms)
{
    struct errmsg err = {{0}};
    size_t n = 1;
    t->now_ms = now_ms - 2 * (int64_t)MS_DAY;
    for (int i = 0; n && i < 10; i++)
        if (service_tick(t->service, &n, &err) != ST_OK)
            fail_msg("%s", err.text);
    fold(t, &p->c);
    assert_int_equal(p->c.state, STATE_ARCHIVED);
}

static void tell_all(struct teller *t)
{
    int64_t now = clock_wall(&clock_system);
    for (int i = 0; i < STORIES; i++)
        if (stories[i].minutes_ago == WEEKS_AGO)
            let_weeks_pass(t, tell_story(t, &stories[i], now), now);
    static const struct story lead = {"leading", JUST_NOW, TO_WORKING};
    t->o->lead = tell_story(t, &lead, now)->c;
    t->o->n_points--; /* no point of its own: others name it */
    for (int i = 0; i < STORIES; i++)
        if (stories[i].minutes_ago != WEEKS_AGO)
            tell_story(t, &stories[i], now);
    struct point *none = &t->o->point[t->o->n_points++];
    none->name = "not there yet";
    casefile_init(&none->c, &(struct uuid){{0}}, &t->o->arena);
    fold(t, &t->o->lead);
}

/* --- people ----------------------------------------------------------------------------------- */

static const struct {
    const char *office, *unit, *where;
} places[] = {{"1101", "110194", "own unit"},
              {"1101", "110190", "own office"},
              {"1101", "110101", "own community"},
              {"1102", "110290", "another street"},
              {"11", "11", "own district"},
              {"11", "119001", "department"},
              {"1201", "120190", "a far street"},
              {"12", "12", "another district"},
              {"BJ", "BJ", "hotline"}};

/* Far away: nothing of the orders is theirs. */
static const char far_district[] =
    "{\"code\":\"12\",\"name\":\"远安区\",\"name_en\":\"Far "
    "District\",\"streets\":[{\"code\":\"1201\","
    "\"name\":\"远里街道\",\"name_en\":\"Far "
    "Street\",\"communities\":[{\"code\":\"120101\",\"name\":"
    "\"远里社区\",\"name_en\":\"Far "
    "Community\",\"compounds\":[]}],\"sections\":[{\"code\":\"120190\","
    "\"name\":\"市民诉求处置中心\",\"name_en\":\"Complaint Handling Centre\",\"desk\":true}]}],"
    "\"departments\":[]},";

static void write_organisation(const char *path)
{
    static const char head[] = "\"districts\": [";
    const char *text = (const char *)data_org_json;
    const char *at = strstr(text, head);
    FILE *f = fopen(path, "w");
    assert_true(f && at);
    at += sizeof head - 1;
    fwrite(text, 1, (size_t)(at - text), f);
    fputs(far_district, f);
    fwrite(at, 1, data_org_json_len - (size_t)(at - text), f);
    assert_int_equal(fclose(f), 0);
}

static void write_file(const char *path, const unsigned char *text, size_t n)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, n, f), n);
    assert_int_equal(fclose(f), 0);
}

static struct walker *add_walker(struct office *o, const char *user, enum role role,
                                 const char *office, const char *unit, const char *where)
{
    assert_true(o->n_walkers < WALKERS_MOST);
    struct walker *w = &o->walker[o->n_walkers++];
    w->actor = (struct actor){
        .user = user, .name = user, .role = role, .office = office, .unit = unit, .device = "walk"};
    w->where = where;
    snprintf(w->token, sizeof w->token, "walker-%03zu-of-the-rights", o->n_walkers);
    return w;
}

static void name_walkers(struct office *o)
{
    static const char *const named[] = {
        "chen.op",    "sun.dispatch", "fan.dispatch",   "zhou.district", "wang.desk",
        "feng.desk",  "lin.property", "zhao.community", "gao.heat",      "he.review",
        "luo.leader", "ren.call",     "fu.judge",       "ding.judge",    "wei.audit"};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        const struct person *p = reference_person(&o->reference, named[i]);
        assert_non_null(p);
        add_walker(o, p->user, p->role, p->office, p->unit, "oneself");
    }
    add_walker(o, "fan.handler.section", ROLE_HANDLER, "1101", "110192", "asked section");
    for (int role = ROLE_OPERATOR; role < ROLE_COUNT; role++)
        for (size_t k = 0; k < sizeof places / sizeof *places; k++)
            add_walker(o, arena_printf(&o->arena, "%s.%s", role_table[role].word, places[k].unit),
                       (enum role)role, places[k].office, places[k].unit, places[k].where);
}

/* --- the store -------------------------------------------------------------------------------- */

static sqlite3 *open_store(const struct office *o)
{
    sqlite3 *sql = NULL;
    if (sqlite3_open_v2(o->db, &sql, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        fail_msg("%s: %s", o->db, sqlite3_errmsg(sql));
    assert_int_equal(sqlite3_exec(sql, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    return sql;
}

static void close_store(sqlite3 *sql)
{
    if (sqlite3_exec(sql, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(sql));
    sqlite3_close(sql);
}

static sqlite3_stmt *prepare(sqlite3 *sql, const char *text)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(sql, text, -1, &q, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(sql));
    return q;
}

static void step(sqlite3 *sql, sqlite3_stmt *q)
{
    if (sqlite3_step(q) != SQLITE_DONE)
        fail_msg("%s", sqlite3_errmsg(sql));
    sqlite3_reset(q);
}

static void log_in(const struct office *o)
{
    sqlite3 *sql = open_store(o);
    sqlite3_stmt *user =
                     prepare(sql, "INSERT OR REPLACE INTO users VALUES(?1, '', ?2, ?3, ?4, ?1, 0)"),
                 *session = prepare(sql, "INSERT INTO sessions VALUES(?1, ?2, 'walk', ?3, '')");
    for (size_t i = 0; i < o->n_walkers; i++) {
        const struct walker *w = &o->walker[i];
        unsigned char hash[32];
        crypto_generichash(hash, sizeof hash, (const unsigned char *)w->token, strlen(w->token),
                           NULL, 0);
        sqlite3_bind_text(user, 1, w->actor.user, -1, SQLITE_STATIC);
        sqlite3_bind_text(user, 2, role_table[w->actor.role].word, -1, SQLITE_STATIC);
        sqlite3_bind_text(user, 3, w->actor.office, -1, SQLITE_STATIC);
        sqlite3_bind_text(user, 4, w->actor.unit, -1, SQLITE_STATIC);
        step(sql, user);
        sqlite3_bind_blob(session, 1, hash, sizeof hash, SQLITE_STATIC);
        sqlite3_bind_text(session, 2, w->actor.user, -1, SQLITE_STATIC);
        sqlite3_bind_int64(session, 3, clock_wall(&clock_system) + MS_DAY);
        step(sql, session);
    }
    sqlite3_finalize(user);
    sqlite3_finalize(session);
    close_store(sql);
}

struct uuid office_copy_id(const struct office *o, size_t point, size_t k)
{
    struct uuid id = o->point[point].c.id;
    id.byte[10] =
        (unsigned char)(0x40 + point); /* what is left is chance: it differs from point to point */
    id.byte[14] = (unsigned char)(k >> 8);
    id.byte[15] = (unsigned char)k;
    return id;
}

static const char *const copying[] = {
    "INSERT INTO cases(id, number, version, state) SELECT ?2, ?4, version, state FROM cases WHERE "
    "id = ?1",
    "INSERT INTO events(case_row, seq, type, at, command, body) SELECT (SELECT row FROM cases "
    "WHERE id = ?2), seq,"
    " type, at, command, replace(body, ?3, ?4) FROM events WHERE case_row = (SELECT row FROM cases "
    "WHERE id = ?1)"
    " ORDER BY seq",
    "INSERT INTO visibility SELECT scope, (SELECT row FROM cases WHERE id = ?2), since_gseq,"
    " (SELECT max(gseq) FROM events), gone_gseq FROM visibility"
    " WHERE case_row = (SELECT row FROM cases WHERE id = ?1)"};
enum { COPYING = sizeof copying / sizeof *copying };

void office_copy_orders(struct office *o, const size_t n[POINTS_MOST])
{
    sqlite3 *sql = open_store(o);
    sqlite3_stmt *q[COPYING];
    char number[64];
    for (int i = 0; i < COPYING; i++)
        q[i] = prepare(sql, copying[i]);
    for (size_t p = 0; p < o->n_points; p++)
        for (size_t k = 0; o->point[p].c.version && k < n[p]; k++) {
            const struct casefile *c = &o->point[p].c;
            struct uuid id = office_copy_id(o, p, k);
            snprintf(number, sizeof number, "%.8s9%02zu%05zu", c->value[FIELD_NUMBER], p, k);
            for (int i = 0; i < COPYING; i++) {
                sqlite3_bind_blob(q[i], 1, c->id.byte, sizeof c->id.byte, SQLITE_STATIC);
                sqlite3_bind_blob(q[i], 2, id.byte, sizeof id.byte, SQLITE_STATIC);
                sqlite3_bind_text(q[i], 3, c->value[FIELD_NUMBER], -1, SQLITE_STATIC);
                sqlite3_bind_text(q[i], 4, number, -1, SQLITE_STATIC);
                step(sql, q[i]);
            }
        }
    for (int i = 0; i < COPYING; i++)
        sqlite3_finalize(q[i]);
    close_store(sql);
}

static void run_init(const struct office *o)
{
    char program[4200], org[320], catalogue[320];
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    int status = 0;
    snprintf(program, sizeof program, "%.4000s/jiband", build ? build : ".");
    snprintf(org, sizeof org, "%.300s/org.json", o->folder);
    snprintf(catalogue, sizeof catalogue, "%.300s/rows.json", o->folder);
    write_organisation(org);
    write_file(catalogue, data_catalogue_json, data_catalogue_json_len);
    pid_t child = fork();
    if (child == 0) {
        execl(program, "jiband", "init", "--db", o->url, "--org", org, "--catalogue", catalogue,
              (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail_msg("jiband init failed");
}

static void read_rules(struct office *o, struct service *s)
{
    struct errmsg err = {{0}};
    const char *body[3], *const name[3] = {"people", "catalogue", "policy"};
    size_t n[3];
    const char *etag;
    for (int i = 0; i < 3; i++)
        if (service_document(s, name[i], &o->arena, &body[i], &n[i], &etag, &err) != ST_OK)
            fail_msg("%s", err.text);
    if (reference_decode(body[0], n[0], &o->arena, &o->reference, &err) != ST_OK ||
        catalogue_decode(body[1], n[1], &o->arena, &o->catalogue, &err) != ST_OK ||
        policy_decode(body[2], n[2], &o->arena, &o->policy, &err) != ST_OK ||
        calendar_decode((const char *)data_calendar_json, data_calendar_json_len, &o->calendar,
                        &err) != ST_OK)
        fail_msg("%s", err.text);
    o->ctx = (struct workflow_context){.policy = &o->policy,
                                       .calendar = &o->calendar,
                                       .reference = &o->reference,
                                       .catalogue = &o->catalogue};
}

/* One a district, about a matter that no order here is about: what is dispatched does not go under it by itself. */
static const struct emergency storms[] = {
    {.code = "storm-20260701", .name = "Storm", .district = "11"},
    {.code = "storm-20260701-2", .name = "Storm", .district = "12"}};

static void open_emergencies(struct office *o, struct service *s)
{
    static const struct actor dispatcher = {"sun.dispatch", "Sun", ROLE_DISPATCHER, "BJ", "BJ", ""};
    static const char *const about[] = {"2205"};
    struct errmsg err = {{0}};
    const char *body, *etag;
    size_t n;
    for (size_t i = 0; i < sizeof storms / sizeof *storms; i++) {
        struct emergency e = storms[i];
        e.categories = about;
        e.n_categories = 1;
        e.text = "";
        if (service_emergency(s, &dispatcher, &e, NULL, &err) != ST_OK)
            fail_msg("%s", err.text);
    }
    if (service_document(s, "emergencies", &o->arena, &body, &n, &etag, &err) != ST_OK ||
        emergencies_decode(body, n, &o->arena, &o->emergencies, &err) != ST_OK)
        fail_msg("%s", err.text);
    o->ctx.emergencies = &o->emergencies;
}

void office_make(struct office *o)
{
    char memory[] = "/dev/shm/jiban-rights-XXXXXX", own[] = "/tmp/jiban-rights-XXXXXX";
    const char *tmp = access("/dev/shm", W_OK) == 0 ? mkdtemp(memory) : mkdtemp(own);
    struct teller t = {.o = o};
    struct errmsg err = {{0}};
    memset(o, 0, sizeof *o);
    arena_init(&o->arena, 0);
    assert_non_null(tmp);
    snprintf(o->folder, sizeof o->folder, "%s", tmp);
    snprintf(o->db, sizeof o->db, "%s/office.db", o->folder);
    snprintf(o->url, sizeof o->url, "sqlite:%s", o->db);
    run_init(o);
    rng_seed(&t.rng, 12345);
    t.random = rng_random(&t.rng);
    t.clock = (struct clock){.self = &t, .wall_ms = teller_now, .mono_ms = teller_now};
    t.ids = (struct uuid_source){.clock = &t.clock, .random = &t.random};
    t.now_ms = clock_wall(&clock_system) - 60 * (int64_t)MS_DAY;
    struct service_config config = {.url = o->url, .clock = &t.clock, .random = &t.random};
    if (service_open(&config, &t.service, &err) != ST_OK)
        fail_msg("%s", err.text);
    read_rules(o, t.service);
    open_emergencies(o, t.service);
    name_walkers(o);
    tell_all(&t);
    service_close(t.service);
    log_in(o);
}

void office_release(struct office *o)
{
    arena_release(&o->arena);
    office_store_remove(o->folder);
}
