/*
 * Every state x command x role x relation to the case: applied as domain.md 6.2 and the matrix of
 * section 5 say, or refused with the right code. The expectations are written here a second time, by
 * hand; a change of the table in workflow.c must be made here too.
 */
#include "tests/unit/policy_fixture.h"

enum { ANY = 1, DISTRICT = 2, OFFICE = 4, ASSIGNED = 8, LOGGED = 16 };

/* What a person is to the case: each reaches it on one road only. */
static const struct relation {
    const char *name, *user, *office, *unit;
    int reach;
} relations[] = {{"stranger", "nobody", "99", "", ANY},
                 {"district", "nobody", "11", "", ANY | DISTRICT},
                 {"office", "nobody", "1101", "", ANY | OFFICE},
                 {"handler", "ha1", "99", "", ANY | ASSIGNED},
                 {"assistant", "nobody", "99", "110101", ANY | ASSIGNED},
                 {"logged", "op1", "99", "", ANY | LOGGED}};
enum { RELATIONS = sizeof relations / sizeof relations[0] };

struct expected {
    int row;
    enum command_type command;
    const char *from, *to, *who, *start, *stop;
};
#define ALL_STOP                                                                                   \
    "dispatch sign contact handle return return_review review sub whistle_ack whistle_arrive "     \
    "callback rework extension_review exclusion exclusion_review hang_review urge"
#define LOGGED_STATES                                                                              \
    "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG CLOSED "        \
    "ARCHIVED DIRECT ELSEWHERE MERGED VOID"

static struct expected expected[] = {
    {1, COMMAND_LOG, "NEW", "WAIT_DISPATCH",
     "operator:any dispatcher:any desk:logged community:logged", "dispatch", ""},
    {5, COMMAND_DISPATCH, "WAIT_DISPATCH", "SENT", "dispatcher:any district:district clock:any",
     "sign contact handle return", "dispatch"},
    {7, COMMAND_SIGN, "SENT", "SIGNED", "desk:office leader:office district:district", "", "sign"},
    {9, COMMAND_ASK_RETURN, "SENT SIGNED WORKING", "DISPUTED",
     "desk:office leader:office dept:assigned", "return_review", "sign return"},
    {10, COMMAND_ACCEPT_RETURN, "DISPUTED", "WAIT_DISPATCH", "dispatcher:any district:district",
     "dispatch", ALL_STOP},
    {11, COMMAND_REFUSE_RETURN, "DISPUTED", "SIGNED", "dispatcher:any district:district", "",
     "return_review"},
    {14, COMMAND_ASSIGN, "SIGNED WORKING REWORK", "WORKING",
     "desk:office leader:office district:district", "", ""},
    {15, COMMAND_CONTACT, "SENT DISPUTED SIGNED WORKING REVIEW REWORK HUNG", "=",
     "desk:office leader:office reviewer:office handler:assigned community:assigned dept:assigned "
     "district:district",
     "", "contact"},
    {21, COMMAND_SUBMIT_REPLY, "WORKING REWORK", "REVIEW", "handler:assigned desk:office", "review",
     ""},
    {22, COMMAND_SEND_BACK_REPLY, "REVIEW", "WORKING", "reviewer:office leader:office", "",
     "review"},
    {23, COMMAND_APPROVE, "REVIEW", "REPLIED", "reviewer:office leader:office", "callback",
     "contact handle review rework"},
    {26, COMMAND_ATTEMPT, "REPLIED CALLING", "CALLING", "callback:any", "", ""},
    {27, COMMAND_RATE, "CALLING", "CLOSED", "callback:any", "", "callback"},
    {28, COMMAND_GIVE_UP, "CALLING", "CLOSED", "callback:any clock:any", "", "callback"},
    {29, COMMAND_REWORK, "CALLING CLOSED", "REWORK", "callback:any district:district", "rework",
     "callback"},
    {37, COMMAND_CORRECT, LOGGED_STATES, "=",
     "operator:logged desk:logged community:logged reviewer:office", "", ""},
    {0, COMMAND_NOTE, LOGGED_STATES, "=",
     "desk:office leader:office reviewer:office handler:assigned community:assigned dept:assigned "
     "district:district",
     "", ""},
    {0, COMMAND_REVEAL, LOGGED_STATES, "=",
     "dispatcher:any auditor:any district:district desk:office leader:office handler:office "
     "community:assigned dept:assigned",
     "", ""},
};
enum { ROWS = sizeof expected / sizeof expected[0] };

static bool word_in(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = strstr(list, word); at; at = strstr(at + 1, word))
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

/* 0: not this role; else the one reach that the matrix gives it */
static int reach_of(const char *who, const char *role)
{
    static const struct {
        const char *word;
        int reach;
    } words[] = {{"any", ANY},
                 {"district", DISTRICT},
                 {"office", OFFICE},
                 {"assigned", ASSIGNED},
                 {"logged", LOGGED}};
    char pair[64];
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        snprintf(pair, sizeof pair, "%s:%s", role, words[i].word);
        if (word_in(who, pair))
            return words[i].reach;
    }
    return 0;
}

static const struct value arguments[COMMAND_COUNT][8] = {
    [COMMAND_LOG] = {{FIELD_TYPE, "help"},
                     {FIELD_CATEGORY, "0101"},
                     {FIELD_STREET, "1101"},
                     {FIELD_CONTENT, "灯不亮"},
                     {FIELD_CHANNEL, "own"},
                     {FIELD_TIER, "T24H"}},
    [COMMAND_DISPATCH] = {{FIELD_UNIT, "1101"}},
    [COMMAND_ASK_RETURN] = {{FIELD_RETURN_CLASS, "R1"},
                            {FIELD_BASIS, "map"},
                            {FIELD_PROPOSED, "1102"}},
    [COMMAND_ACCEPT_RETURN] = {{FIELD_REASON, "so"}},
    [COMMAND_REFUSE_RETURN] = {{FIELD_REASON, "so"}},
    [COMMAND_ASSIGN] = {{FIELD_HANDLER, "ha2"}},
    [COMMAND_CONTACT] = {{FIELD_REACHED, "yes"}, {FIELD_SAID, "cold"}},
    [COMMAND_SUBMIT_REPLY] = {{FIELD_REPLY, "done"}, {FIELD_RESULT, "solved"}},
    [COMMAND_SEND_BACK_REPLY] = {{FIELD_MISSING, "date"}},
    [COMMAND_ATTEMPT] = {{FIELD_CONNECTED, "yes"}},
    [COMMAND_RATE] = {{FIELD_CONTACTED, "yes"},
                      {FIELD_SOLVED, "solved"},
                      {FIELD_SATISFIED, "satisfied"}},
    [COMMAND_REWORK] = {{FIELD_OPEN_POINT, "smell"}},
    [COMMAND_CORRECT] = {{FIELD_FIELD_NAME, "title"},
                         {FIELD_NEW_VALUE, "lamp"},
                         {FIELD_REASON, "typo"}},
    [COMMAND_NOTE] = {{FIELD_NOTE, "n"}},
    [COMMAND_REVEAL] = {{FIELD_REASON, "visit"}},
};

/* A case in this state in which every clock runs and every further condition is met. */
static void prepare(struct fixture *f, enum state state, int64_t now)
{
    static const struct uuid id = {{1}};
    casefile_init(&f->c, &id, &f->arena);
    if (state == STATE_NEW)
        return;
    f->c.state = state;
    f->c.version = 5;
    f->c.created_ms = f->c.changed_ms = f->c.state_ms = now - 60 * MS_HOUR;
    f->c.state_by = "Somebody";
    f->c.dispatched = f->c.contacted_ok = f->c.contact_tries = 1;
    f->c.try_ms[0] = now - MS_HOUR;
    f->c.attempts = 4;
    f->c.calls = 3;
    f->c.sms_ms = now - 49 * MS_HOUR;
    f->c.value[FIELD_DISTRICT] = "11";
    f->c.value[FIELD_STREET] = f->c.value[FIELD_UNIT] = f->c.value[FIELD_HANDLED_BY] = "1101";
    f->c.value[FIELD_HANDLER] = "ha1";
    f->c.value[FIELD_ASSISTANT] = "110101";
    f->c.value[FIELD_OPERATOR_ID] = "op1";
    f->c.value[FIELD_DRAFTER] = "ha1x";
    f->c.value[FIELD_TIER] = "T24H";
    f->c.value[FIELD_PRIOR_STATE] = "SENT";
    for (int i = 0; i < CLOCK_COUNT; i++) {
        f->c.clock[i].status = CLOCK_RUNNING;
        f->c.clock[i].started_ms = now - MS_HOUR;
        f->c.clock[i].due_ms = now + MS_HOUR;
    }
}

static void check_clocks(const struct fixture *f, const struct expected *x, enum state from)
{
    for (int i = 0; i < CLOCK_COUNT; i++) {
        bool started = false, stopped = false;
        for (size_t k = 0; k < f->last->n_clocks; k++)
            if ((int)f->last->clocks[k].clock == i) {
                if (f->last->clocks[k].op == CLOCK_START)
                    started = true;
                else
                    stopped = true;
            }
        assert_int_equal(started, word_in(x->start, clock_table[i].word));
        assert_int_equal(stopped, from != STATE_NEW && word_in(x->stop, clock_table[i].word));
    }
}

static size_t cases_walked, cases_applied;

static void walk_row(void **state)
{
    const struct expected *x = *state;
    const int64_t now = at(2026, 3, 11, 10, 0);
    size_t n = 0, applied = 0;
    struct fixture f;
    fixture_begin(&f);
    const struct value *v = arguments[x->command];
    size_t n_values = 0;
    while (n_values < 8 && v[n_values].text)
        n_values++;
    for (int s = 0; s < STATE_COUNT; s++)
        for (int r = 0; r < ROLE_COUNT; r++)
            for (int k = 0; k < RELATIONS; k++, n++) {
                struct actor who = {relations[k].user, "Who", (enum role)r, relations[k].office,
                                    relations[k].unit, "t"};
                int reach = reach_of(x->who, role_table[r].word);
                int has = relations[k].reach;
                if (s == STATE_NEW) /* no unit, no handler yet; who takes it down has it */
                    has = ANY | LOGGED;
                else if (r == ROLE_DEPT && (has & OFFICE))
                    has |= ASSIGNED; /* a department that leads */
                enum refusal_code want = reach == 0                               ? REFUSAL_ROLE
                                         : (reach & has) == 0                     ? REFUSAL_REACH
                                         : !word_in(x->from, state_table[s].word) ? REFUSAL_STATE
                                         : x->row >= 26 && x->row <= 28 && (has & OFFICE)
                                             ? REFUSAL_OWN_UNIT
                                             : REFUSAL_NONE;
                prepare(&f, (enum state)s, now);
                f.ctx.now_ms = now;
                enum refusal_code offers = workflow_offers(&f.ctx, &f.c, x->command, &who);
                enum refusal_code got = run_list(&f, now, &who, x->command, v, n_values);
                enum state to = word_in("=", x->to) ? (enum state)s : state_find(x->to);
                if (got != want || offers != want)
                    print_error("row %d %s from %s by %s (%s): %s, offered %s; expected %s: %s\n",
                                x->row, command_table[x->command].word, state_table[s].word,
                                role_table[r].word, relations[k].name, refusal_word(got),
                                refusal_word(offers), refusal_word(want), f.why.text);
                assert_int_equal(got, want);
                assert_int_equal(offers, want);
                if (got != REFUSAL_NONE) {
                    assert_int_equal(f.c.version, s == STATE_NEW ? 0 : 5);
                    assert_int_equal(f.c.state, s);
                } else {
                    applied++;
                    assert_int_equal(f.c.state, to);
                    assert_string_equal(f.last->actor.user, who.user);
                    check_clocks(&f, x, (enum state)s);
                }
                arena_reset(&f.arena);
            }
    assert_int_equal(n, STATE_COUNT * ROLE_COUNT * RELATIONS);
    assert_true(applied > 0);
    cases_walked += n;
    cases_applied += applied;
    fixture_end(&f);
}

static void table_is_whole(void **state)
{
    (void)state;
    assert_int_equal(ROWS, COMMAND_COUNT);
    assert_int_equal(workflow_rows, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        assert_int_equal(workflow_table[i].row, expected[i].row);
        assert_int_equal(workflow_table[i].command, expected[i].command);
    }
    assert_int_equal(cases_walked, ROWS * STATE_COUNT * ROLE_COUNT * RELATIONS);
    print_message("# %zu cases walked, %zu applied\n", cases_walked, cases_applied);
}

#define ROW(i, name)                                                                               \
    {                                                                                              \
        name, walk_row, NULL, NULL, &expected[i]                                                   \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {ROW(0, "row 1 log"),
                                       ROW(1, "row 5 dispatch"),
                                       ROW(2, "row 7 sign"),
                                       ROW(3, "row 9 ask return"),
                                       ROW(4, "row 10 accept return"),
                                       ROW(5, "row 11 refuse return"),
                                       ROW(6, "row 14 assign"),
                                       ROW(7, "row 15 contact"),
                                       ROW(8, "row 21 submit reply"),
                                       ROW(9, "row 22 send back reply"),
                                       ROW(10, "row 23 approve and file"),
                                       ROW(11, "row 26 callback attempt"),
                                       ROW(12, "row 27 rate"),
                                       ROW(13, "row 28 give up"),
                                       ROW(14, "row 29 rework"),
                                       ROW(15, "row 37 correct"),
                                       ROW(16, "note"),
                                       ROW(17, "reveal"),
                                       cmocka_unit_test(table_is_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
