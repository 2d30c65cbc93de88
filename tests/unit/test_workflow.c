/*
 * Every state x command x role x relation to the case: applied as domain.md 6.2 and the matrix of
 * section 5 say, or refused with the right code. The expectations are written here a second time, by
 * hand; a change of the table in workflow.c must be made here too.
 */
#include "tests/unit/policy_fixture.h"

enum {
    ANY = 1,
    DISTRICT = 2,
    OFFICE = 4,
    ASSIGNED = 8,
    LOGGED = 16,
    CALLED = 32,
    CITY = 64,
    FILED = 128
};

/* What a person is to the case: each reaches it on one road only. */
static const struct relation {
    const char *name, *user, *office, *unit;
    int reach;
} relations[] = {{"stranger", "nobody", "99", "", ANY},
                 {"hotline", "nobody", "BJ", "", ANY | CITY},
                 {"district", "nobody", "11", "", ANY | DISTRICT},
                 {"office", "nobody", "1101", "", ANY | OFFICE},
                 {"handler", "ha1", "99", "", ANY | ASSIGNED},
                 {"assistant", "nobody", "99", "110101", ANY | ASSIGNED},
                 {"called", "nobody", "99", "118008", ANY | CALLED},
                 {"logged", "op1", "99", "", ANY | LOGGED}};
enum { RELATIONS = sizeof relations / sizeof relations[0] };

struct expected {
    const char *row;
    enum command_type command;
    const char *from, *to, *who, *start, *stop, *moves;
};
/* the order's own clocks: those of objects stop with their objects */
#define ALL_STOP                                                                                   \
    "dispatch sign contact handle return return_review review callback rework exclusion "          \
    "hang_review"
#define LOGGED_STATES                                                                              \
    "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG CLOSED "        \
    "ARCHIVED DIRECT ELSEWHERE MERGED VOID"
#define KEPT_STATES                                                                                \
    "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG CLOSED "        \
    "DIRECT ELSEWHERE MERGED VOID"
#define OPEN_STATES "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG"

static struct expected expected[] = {
    {"1", COMMAND_LOG, "NEW", "WAIT_DISPATCH",
     "operator:any dispatcher:any desk:logged community:logged clock:any", "dispatch", "", ""},
    {"2", COMMAND_ANSWER, "NEW", "DIRECT", "operator:any dispatcher:any", "", "", ""},
    {"3", COMMAND_SEND_ELSEWHERE, "NEW WAIT_DISPATCH", "ELSEWHERE", "operator:any dispatcher:any",
     "", "dispatch", ""},
    {"4", COMMAND_TELL_PROGRESS, "NEW", "DIRECT", "operator:any dispatcher:any", "", "", ""},
    {"5", COMMAND_DISPATCH, "WAIT_DISPATCH", "SENT", "dispatcher:any district:district clock:any",
     "sign contact handle return", "dispatch", ""},
    {"6", COMMAND_PRE_CONSULT, "WAIT_DISPATCH", "=", "dispatcher:any", "", "", ""},
    {"7", COMMAND_SIGN, "SENT", "SIGNED", "desk:office leader:office district:district", "", "sign",
     ""},
    {"8", COMMAND_AUTO_SIGN, "SENT", "SIGNED", "clock:any", "", "sign", ""},
    {"9", COMMAND_ASK_RETURN, "SENT SIGNED WORKING", "DISPUTED",
     "desk:office leader:office dept:assigned", "return_review", "sign return", ""},
    {"10", COMMAND_ACCEPT_RETURN, "DISPUTED", "WAIT_DISPATCH", "dispatcher:any district:district",
     "dispatch", ALL_STOP, "return"},
    {"11", COMMAND_REFUSE_RETURN, "DISPUTED", "SIGNED", "dispatcher:any district:district", "",
     "return_review", "return"},
    {"12", COMMAND_LATE, OPEN_STATES " CLOSED", "=", "clock:any", "", "", ""},
    {"13", COMMAND_DESIGNATE, "WAIT_DISPATCH", "SENT", "dispatcher:any", "sign contact handle",
     "dispatch", ""},
    {"14", COMMAND_ASSIGN, "SIGNED WORKING REWORK", "WORKING",
     "desk:office leader:office district:district", "", "", ""},
    {"15", COMMAND_CONTACT, "SENT DISPUTED SIGNED WORKING REVIEW REWORK HUNG MERGED", "=",
     "desk:office leader:office reviewer:office handler:assigned handler:office "
     "community:assigned dept:assigned district:district",
     "", "contact", ""},
    {"16a", COMMAND_OPEN_SUB, "SIGNED WORKING REWORK", "=",
     "desk:office leader:office handler:assigned district:district", "sub", "", ""},
    {"16b", COMMAND_SIGN_SUB, OPEN_STATES " CLOSED", "=",
     "dept:called community:called handler:called desk:called", "", "", "sub"},
    {"16c", COMMAND_CLOSE_SUB, OPEN_STATES " CLOSED", "=",
     "dept:called community:called handler:called desk:called leader:office", "", "sub", "sub"},
    {"16d", COMMAND_CLOSE_SUB, OPEN_STATES " CLOSED", "=", "desk:office district:district", "",
     "sub", "sub"},
    {"17a", COMMAND_WHISTLE, "SIGNED WORKING REWORK", "=",
     "desk:office leader:office district:district", "whistle_ack whistle_arrive", "", ""},
    {"17b", COMMAND_WHISTLE_ACK, OPEN_STATES, "=", "dept:called", "", "whistle_ack", "whistle"},
    {"17c", COMMAND_WHISTLE_ARRIVE, OPEN_STATES, "=", "dept:called", "",
     "whistle_ack whistle_arrive", "whistle"},
    {"17d", COMMAND_WHISTLE_RESULT, OPEN_STATES, "=", "dept:called", "",
     "whistle_ack whistle_arrive", "whistle"},
    {"17e", COMMAND_OBJECT_WHISTLE, OPEN_STATES, "=", "dept:called", "", "", "whistle"},
    {"17f", COMMAND_STAND_DOWN, OPEN_STATES, "=", "desk:office leader:office district:district", "",
     "whistle_ack whistle_arrive", "whistle"},
    {"17g", COMMAND_JUDGE_WHISTLE, KEPT_STATES, "=", "desk:office leader:office district:district",
     "", "", "whistle"},
    {"18a", COMMAND_MEETING, "SIGNED WORKING REWORK", "=",
     "desk:office leader:office district:district", "", "", ""},
    {"18b", COMMAND_CONSULTATION, "SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG CLOSED", "=",
     "desk:office leader:office community:assigned district:district", "tell", "", ""},
    {"18c", COMMAND_JOIN_CONSULTATION, KEPT_STATES, "=", "clock:any", "tell", "", ""},
    {"18d", COMMAND_TELL_RESULT, KEPT_STATES, "=",
     "desk:office leader:office handler:assigned community:assigned district:district", "", "tell",
     "tell"},
    {"19a", COMMAND_ESCALATE, "WORKING", "=", "leader:office", "", "", ""},
    {"19b", COMMAND_ANSWER_ESCALATION, OPEN_STATES, "=", "district:district dispatcher:any", "", "",
     "escalation"},
    {"20a", COMMAND_ASK_EXTENSION, "WORKING", "=", "desk:office leader:office dept:assigned",
     "extension_review", "", ""},
    {"20b", COMMAND_DECIDE_EXTENSION, OPEN_STATES, "=", "leader:office", "", "", "extension"},
    {"20c", COMMAND_DECIDE_EXTENSION, OPEN_STATES, "=", "district:district", "", "extension_review",
     "extension"},
    {"21", COMMAND_SUBMIT_REPLY, "WORKING REWORK", "REVIEW",
     "handler:assigned desk:office dept:office", "review", "", ""},
    {"22", COMMAND_SEND_BACK_REPLY, "REVIEW", "WORKING", "reviewer:office leader:office", "",
     "review", ""},
    {"23a", COMMAND_APPROVE, "REVIEW", "REPLIED", "reviewer:office leader:office", "callback",
     "contact handle return review rework", ""},
    {"23b", COMMAND_CONFIRM_REPLY, KEPT_STATES, "=", "leader:office", "", "confirm",
     "confirmation"},
    {"23c", COMMAND_APPROVE, "REVIEW", "REPLIED", "desk:office handler:assigned",
     "callback confirm", "contact handle return review rework", ""},
    {"24a", COMMAND_ASK_HANG, "WORKING", "=", "leader:office desk:office", "", "", ""},
    {"24b", COMMAND_DECIDE_HANG, "WORKING", "=", "leader:office", "", "", "hang"},
    {"24c", COMMAND_DECIDE_HANG, "WORKING", "HUNG", "district:district", "callback hang_review",
     "contact handle return rework", "hang"},
    {"24d", COMMAND_LOOK_HANG, "HUNG", "=", "leader:office district:district", "hang_review", "",
     ""},
    {"25", COMMAND_UNHANG, "HUNG", "WORKING", "leader:office", "handle", "callback hang_review",
     ""},
    {"26a", COMMAND_ATTEMPT, "REPLIED CALLING", "CALLING", "callback:any", "", "", ""},
    {"26b", COMMAND_ATTEMPT, "HUNG", "=", "callback:any", "", "", ""},
    {"26c", COMMAND_RATE, "HUNG", "=", "callback:any", "", "callback", ""},
    {"27", COMMAND_RATE, "CALLING", "CLOSED", "callback:any", "", "callback", ""},
    {"28", COMMAND_GIVE_UP, "CALLING", "CLOSED", "callback:any clock:any", "", "callback", ""},
    {"29", COMMAND_REWORK, "CALLING CLOSED", "REWORK", "callback:any district:district", "rework",
     "callback", ""},
    {"30a", COMMAND_ASK_EXCLUSION, "REWORK HUNG CLOSED", "=", "leader:office dept:office",
     "exclusion_review", "exclusion", ""},
    {"30b", COMMAND_PRECHECK_EXCLUSION, "REWORK HUNG CLOSED", "=",
     "district:district judge:district", "", "", "exclusion"},
    {"30c", COMMAND_DECIDE_EXCLUSION, "REWORK HUNG CLOSED", "=", "judge:city", "",
     "exclusion_review", "exclusion"},
    {"30d", COMMAND_APPEAL_EXCLUSION, "REWORK HUNG CLOSED", "=", "leader:office dept:office",
     "exclusion_review", "", "exclusion"},
    {"31a", COMMAND_MERGE, "WAIT_DISPATCH SENT SIGNED WORKING", "MERGED",
     "desk:office dispatcher:any", "", ALL_STOP, ""},
    {"31b", COMMAND_UNMERGE, "MERGED", "=", "desk:office dispatcher:any clock:any", "", "", ""},
    {"31c", COMMAND_TAKE_FOLLOWER, "WAIT_DISPATCH SENT SIGNED WORKING", "=", "clock:any", "", "",
     ""},
    {"31d", COMMAND_DROP_FOLLOWER, LOGGED_STATES, "=", "clock:any", "", "", ""},
    {"31e", COMMAND_SHARE_REPLY, "MERGED", "REPLIED", "clock:any", "callback", "", ""},
    {"31f", COMMAND_LINK, KEPT_STATES, "=",
     "operator:any dispatcher:any desk:office district:district", "", "", ""},
    {"32a", COMMAND_URGE, OPEN_STATES, "=",
     "operator:any dispatcher:any district:district leader:office clock:any", "urge", "", ""},
    {"32b", COMMAND_SUPERVISE, OPEN_STATES, "=", "dispatcher:any district:district leader:office",
     "urge", "", ""},
    {"32c", COMMAND_ANSWER_URGE, KEPT_STATES, "=",
     "desk:office leader:office handler:assigned dept:assigned", "", "urge", "urge"},
    {"32d", COMMAND_SUPPLEMENT,
     "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REVIEW REPLIED CALLING REWORK HUNG MERGED", "=",
     "operator:any dispatcher:any callback:any", "", "", ""},
    {"33a", COMMAND_ASK_VOID, "WAIT_DISPATCH SENT", "=", "dispatcher:any", "", "", ""},
    {"33b", COMMAND_CONFIRM_VOID, "WAIT_DISPATCH SENT", "VOID", "dispatcher:any district:district",
     "", ALL_STOP, "voiding"},
    {"34", COMMAND_ARCHIVE, "CLOSED DIRECT ELSEWHERE MERGED", "ARCHIVED", "clock:any", "", "", ""},
    {"35", COMMAND_REOPEN, "CLOSED ARCHIVED", "REWORK", "district:district judge:any", "rework", "",
     ""},
    {"36", COMMAND_WITHDRAW, OPEN_STATES, "CLOSED", "operator:any dispatcher:any callback:any", "",
     ALL_STOP, ""},
    {"37", COMMAND_CORRECT, LOGGED_STATES, "=",
     "operator:logged desk:logged community:logged reviewer:office", "", "", ""},
    {"-", COMMAND_MARK_UNREASONABLE, KEPT_STATES, "=",
     "operator:any callback:any desk:office handler:assigned", "", "", ""},
    {"-", COMMAND_DECIDE_UNREASONABLE, KEPT_STATES, "=",
     "leader:office district:district judge:filed", "", "", "unreasonable"},
    {"-", COMMAND_LIFT_UNREASONABLE, KEPT_STATES, "=",
     "leader:office district:district judge:filed", "", "", ""},
    {"-", COMMAND_JOIN_EMERGENCY, "WAIT_DISPATCH SENT DISPUTED SIGNED WORKING REWORK", "=",
     "dispatcher:any district:district desk:office clock:any", "", "", ""},
    {"-", COMMAND_LEAVE_EMERGENCY, OPEN_STATES, "=", "dispatcher:any district:district clock:any",
     "", "", ""},
    {"-", COMMAND_PROPOSE, "SENT SIGNED WORKING REWORK HUNG CLOSED", "=",
     "handler:assigned desk:office", "", "", ""},
    {"-", COMMAND_ANSWER_PROPOSAL, KEPT_STATES, "=", "desk:office leader:office", "", "",
     "proposal"},
    {"-", COMMAND_NOTE, LOGGED_STATES, "=",
     "desk:office leader:office reviewer:office handler:assigned handler:office "
     "community:assigned dept:assigned district:district",
     "", "", ""},
    {"-", COMMAND_REVEAL, LOGGED_STATES, "=",
     "dispatcher:any auditor:any district:district desk:office leader:office handler:office "
     "community:assigned dept:assigned",
     "", "", ""},
    {"-", COMMAND_DISCLOSE, LOGGED_STATES, "=",
     "dispatcher:any auditor:any district:district judge:filed desk:office leader:office "
     "dept:assigned handler:assigned reviewer:office",
     "", "", ""},
    {"-", COMMAND_FOUND_EARLIER, "WAIT_DISPATCH", "=", "clock:any", "", "", ""},
    {"-", COMMAND_WARN, OPEN_STATES, "=", "clock:any", "warning", "", ""},
    {"-", COMMAND_ANSWER_WARNING, KEPT_STATES, "=", "leader:called district:district", "",
     "warning", "warning"},
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

/* 0: not this role; else the reach that the matrix gives it, of several all */
static int reach_of(const char *who, const char *role)
{
    static const struct {
        const char *word;
        int reach;
    } words[] = {{"any", ANY},           {"district", DISTRICT}, {"office", OFFICE},
                 {"assigned", ASSIGNED}, {"logged", LOGGED},     {"called", CALLED},
                 {"city", CITY},         {"filed", FILED}};
    char pair[64];
    int reach = 0;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        snprintf(pair, sizeof pair, "%s:%s", role, words[i].word);
        if (word_in(who, pair))
            reach |= words[i].reach;
    }
    return reach;
}

#define FUTURE "2026-03-12T06:00:00+08:00"
static const struct value arguments[COMMAND_COUNT][8] = {
    [COMMAND_LOG] = {{FIELD_TYPE, "help"},
                     {FIELD_CATEGORY, "0101"},
                     {FIELD_STREET, "1101"},
                     {FIELD_CONTENT, "灯不亮"},
                     {FIELD_CHANNEL, "own"},
                     {FIELD_TIER, "T24H"}},
    [COMMAND_ANSWER] = {{FIELD_ANSWER, "at the counter"},
                        {FIELD_TYPE, "consult"},
                        {FIELD_CATEGORY, "0101"},
                        {FIELD_CONTENT, "where?"}},
    [COMMAND_SEND_ELSEWHERE] = {{FIELD_EXIT, "legal_channel"},
                                {FIELD_SAID, "the court"},
                                {FIELD_CONTENT, "a sentence"}},
    [COMMAND_TELL_PROGRESS] = {{FIELD_OLD_ORDER, "260311110000015"}, {FIELD_SAID, "in hand"}},
    [COMMAND_DISPATCH] = {{FIELD_UNIT, "1101"}},
    [COMMAND_PRE_CONSULT] = {{FIELD_UNITS, "1101 1102"}, {FIELD_SAID, "ours"}},
    [COMMAND_ASK_RETURN] = {{FIELD_RETURN_CLASS, "R1"},
                            {FIELD_BASIS, "map"},
                            {FIELD_PROPOSED, "1102"}},
    [COMMAND_ACCEPT_RETURN] = {{FIELD_REASON, "so"}},
    [COMMAND_REFUSE_RETURN] = {{FIELD_REASON, "so"}},
    [COMMAND_LATE] = {{FIELD_LATE_CLOCK, "hang_review"}},
    [COMMAND_DESIGNATE] = {{FIELD_UNIT, "1101"}, {FIELD_DECISION, "the last one"}},
    [COMMAND_ASSIGN] = {{FIELD_HANDLER, "ha2"}},
    [COMMAND_CONTACT] = {{FIELD_REACHED, "yes"}, {FIELD_SAID, "cold"}},
    [COMMAND_OPEN_SUB] = {{FIELD_UNITS, "118005"}, {FIELD_TASK, "look"}},
    [COMMAND_CLOSE_SUB] = {{FIELD_FINDING, "worn"}},
    [COMMAND_WHISTLE] = {{FIELD_KIND, "E"}, {FIELD_UNITS, "118005"}, {FIELD_TASK, "come"}},
    [COMMAND_WHISTLE_RESULT] = {{FIELD_FINDING, "closed"}},
    [COMMAND_OBJECT_WHISTLE] = {{FIELD_OBJECTION, "not_ours"}, {FIELD_REASON, "water"}},
    [COMMAND_STAND_DOWN] = {{FIELD_REASON, "over"}},
    [COMMAND_JUDGE_WHISTLE] = {{FIELD_VERDICT, "came"}},
    [COMMAND_MEETING] = {{FIELD_PARTICIPANTS, "all"}, {FIELD_DECISION, "barriers"}},
    [COMMAND_CONSULTATION] = {{FIELD_PARTICIPANTS, "all"},
                              {FIELD_PROPOSALS, "two"},
                              {FIELD_DECISION, "the first"}},
    [COMMAND_JOIN_CONSULTATION] = {{FIELD_DECISION, "the first"}},
    [COMMAND_TELL_RESULT] = {{FIELD_SAID, "told"}},
    [COMMAND_ESCALATE] = {{FIELD_TRIED, "much"}, {FIELD_TASK, "decide"}},
    [COMMAND_ANSWER_ESCALATION] = {{FIELD_DECISION, "so"}},
    [COMMAND_ASK_EXTENSION] = {{FIELD_EXTENSION_CLASS, "E2"},
                               {FIELD_REASON, "survey"},
                               {FIELD_NEW_DUE, FUTURE}},
    [COMMAND_DECIDE_EXTENSION] = {{FIELD_GRANTED, "yes"}},
    [COMMAND_SUBMIT_REPLY] = {{FIELD_REPLY, "done"}, {FIELD_RESULT, "solved"}},
    [COMMAND_SEND_BACK_REPLY] = {{FIELD_MISSING, "date"}},
    [COMMAND_ASK_HANG] = {{FIELD_HANG_CLASS, "H4"},
                          {FIELD_PLAN, "court"},
                          {FIELD_NEXT_LOOK, FUTURE},
                          {FIELD_REASON, "runs"}},
    [COMMAND_DECIDE_HANG] = {{FIELD_GRANTED, "yes"}},
    [COMMAND_LOOK_HANG] = {{FIELD_NOTE, "still"}},
    [COMMAND_UNHANG] = {{FIELD_REASON, "solved"}},
    [COMMAND_ATTEMPT] = {{FIELD_CONNECTED, "yes"}},
    [COMMAND_RATE] = {{FIELD_CONTACTED, "yes"},
                      {FIELD_SOLVED, "solved"},
                      {FIELD_SATISFIED, "satisfied"}},
    [COMMAND_REWORK] = {{FIELD_OPEN_POINT, "smell"}},
    [COMMAND_ASK_EXCLUSION] = {{FIELD_EXCLUSION_CLASS, "X6"},
                               {FIELD_EVIDENCE, "five"},
                               {FIELD_REASON, "so"}},
    [COMMAND_PRECHECK_EXCLUSION] = {{FIELD_GRANTED, "yes"}, {FIELD_REASON, "so"}},
    [COMMAND_DECIDE_EXCLUSION] = {{FIELD_GRANTED, "yes"}, {FIELD_REASON, "so"}},
    [COMMAND_APPEAL_EXCLUSION] = {{FIELD_REASON, "so"}},
    [COMMAND_MERGE] = {{FIELD_MERGED_INTO, "02000000-0000-7000-8000-000000000000"}},
    [COMMAND_UNMERGE] = {{FIELD_REASON, "another lamp"}},
    [COMMAND_TAKE_FOLLOWER] = {{FIELD_FOLLOWERS, "02000000-0000-7000-8000-000000000000"}},
    [COMMAND_DROP_FOLLOWER] = {{FIELD_FOLLOWERS, "02000000-0000-7000-8000-000000000000"}},
    [COMMAND_LINK] = {{FIELD_OLD_ORDER, "260311110000015"}},
    [COMMAND_URGE] = {{FIELD_NOTE, "when?"}},
    [COMMAND_SUPERVISE] = {{FIELD_LADDER, "notice"}, {FIELD_NOTE, "why?"}},
    [COMMAND_ANSWER_URGE] = {{FIELD_FINDING, "today"}},
    [COMMAND_SUPPLEMENT] = {{FIELD_SUPPLEMENT, "also the door"}},
    [COMMAND_ASK_VOID] = {{FIELD_REASON, "a test"}},
    [COMMAND_CONFIRM_VOID] = {{FIELD_GRANTED, "yes"}},
    [COMMAND_REOPEN] = {{FIELD_REASON, "found"}, {FIELD_OPEN_POINT, "smell"}},
    [COMMAND_WITHDRAW] = {{FIELD_SAID, "never mind"}},
    [COMMAND_CORRECT] = {{FIELD_FIELD_NAME, "title"},
                         {FIELD_NEW_VALUE, "lamp"},
                         {FIELD_REASON, "typo"}},
    [COMMAND_MARK_UNREASONABLE] = {{FIELD_FORM, "repeated"},
                                   {FIELD_LAWFUL_ANSWER, "explained"},
                                   {FIELD_DUTY_RECORD, "done"}},
    [COMMAND_DECIDE_UNREASONABLE] = {{FIELD_GRANTED, "yes"}, {FIELD_REASON, "so"}},
    [COMMAND_LIFT_UNREASONABLE] = {{FIELD_REASON, "so"}},
    [COMMAND_JOIN_EMERGENCY] = {{FIELD_EMERGENCY, "storm-260311"}},
    [COMMAND_PROPOSE] = {{FIELD_PROPOSES, "return"}, {FIELD_REASON, "so"}},
    [COMMAND_ANSWER_PROPOSAL] = {{FIELD_GRANTED, "yes"}},
    [COMMAND_NOTE] = {{FIELD_NOTE, "n"}},
    [COMMAND_REVEAL] = {{FIELD_REASON, "visit"}},
    [COMMAND_DISCLOSE] = {{FIELD_DISCLOSED, "print"}},
    [COMMAND_FOUND_EARLIER] = {{FIELD_FOUND_BY, "point"}, {FIELD_ALIKE, "260311110000015"}},
    [COMMAND_WARN] = {{FIELD_WARNING, "W3"}, {FIELD_WARNED_OF, "leak"}},
    [COMMAND_ANSWER_WARNING] = {{FIELD_FINDING, "closed off"}},
};

/* The state that an object is in for the row to move it; 20c and 24c are second steps, 30c and 30d come later. */
static enum object_state object_state_for(const char *row)
{
    static const struct {
        const char *row;
        enum object_state state;
    } other[] = {{"17d", OBJECT_IS_ARRIVED},
                 {"20c", OBJECT_IS_AGREED},
                 {"24c", OBJECT_IS_AGREED},
                 {"30c", OBJECT_IS_AGREED},
                 {"30d", OBJECT_IS_REFUSED}};
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        if (strcmp(other[i].row, row) == 0)
            return other[i].state;
    return OBJECT_IS_OPEN;
}

static const enum clock_id object_clocks[OBJECT_COUNT][OBJECT_CLOCKS] = {
    [OBJECT_SUB] = {CLOCK_SUB, CLOCK_COUNT},
    [OBJECT_WHISTLE] = {CLOCK_WHISTLE_ACK, CLOCK_WHISTLE_ARRIVE},
    [OBJECT_TELL] = {CLOCK_TELL, CLOCK_COUNT},
    [OBJECT_EXTENSION] = {CLOCK_EXTENSION_REVIEW, CLOCK_COUNT},
    [OBJECT_EXCLUSION] = {CLOCK_EXCLUSION_REVIEW, CLOCK_COUNT},
    [OBJECT_URGE] = {CLOCK_URGE, CLOCK_COUNT},
    [OBJECT_CONFIRMATION] = {CLOCK_CONFIRM, CLOCK_COUNT},
    [OBJECT_WARNING] = {CLOCK_WARNING, CLOCK_COUNT}};

static void add_object(struct fixture *f, enum object_kind kind, enum object_state state,
                       int64_t now)
{
    struct object *o = arena_alloc(&f->arena, sizeof *o);
    assert_non_null(o);
    *o = (struct object){.id = 1,
                         .kind = kind,
                         .state = state,
                         .unit = "118008",
                         .class = "X6",
                         .text = "",
                         .answer = "",
                         .verdict = "",
                         .by_user = "somebody",
                         .by_name = "Somebody",
                         .by_unit = "",
                         .by_role = ROLE_ADMIN,
                         .due_ms = now + 20 * MS_HOUR,
                         .opened_ms = now - MS_HOUR,
                         .changed_ms = now - MS_HOUR,
                         .arrived_ms = TIME_NONE};
    for (int i = 0; i < OBJECT_CLOCKS; i++) {
        bool has =
            object_clocks[kind][i] != CLOCK_COUNT && object_clocks[kind][i] != CLOCK_DISPATCH;
        o->clock[i].id = has ? object_clocks[kind][i] : CLOCK_COUNT;
        o->clock[i].run = (struct clock_run){.status = has ? CLOCK_RUNNING : CLOCK_NEVER,
                                             .started_ms = now - MS_HOUR,
                                             .due_ms = now + MS_HOUR,
                                             .stopped_ms = TIME_NONE,
                                             .first_due_ms = now + MS_HOUR,
                                             .paused_ms = TIME_NONE};
    }
    f->c.objects = o;
    f->c.n_objects = 1;
}

/* Conditions of single rows that the others do not share. */
static void prepare_row(struct fixture *f, const struct expected *x, int64_t now)
{
    switch (x->command) {
    case COMMAND_DESIGNATE:
        f->c.dispatched = 2;
        break;
    case COMMAND_AUTO_SIGN:
        f->policy.auto_sign = true;
        f->c.clock[CLOCK_SIGN].due_ms = now - 40 * MS_MINUTE;
        break;
    case COMMAND_LATE:
        f->c.clock[CLOCK_HANG_REVIEW].due_ms = now - MS_MINUTE;
        break;
    case COMMAND_ARCHIVE:
        for (int i = 0; i < CLOCK_COUNT; i++)
            f->c.clock[i].status = CLOCK_STOPPED;
        break;
    case COMMAND_UNMERGE:
        for (int i = 0; i < CLOCK_COUNT; i++)
            f->c.clock[i].status = CLOCK_STOPPED;
        f->c.value[FIELD_PRIOR_STATE] = "WORKING";
        f->c.value[FIELD_MERGED_INTO] = "02000000-0000-7000-8000-000000000000";
        break;
    case COMMAND_LIFT_UNREASONABLE:
        f->c.value[FIELD_UNREASONABLE] = "repeated";
        break;
    case COMMAND_LEAVE_EMERGENCY:
        f->c.value[FIELD_EMERGENCY] = "storm-260311";
        break;
    default:
        break;
    }
}

/* A case in this state in which every clock runs and every further condition is met. */
static void prepare(struct fixture *f, const struct expected *x, enum state state, int64_t now)
{
    static const struct uuid id = {{1}};
    fixture_policy(&f->policy);
    casefile_init(&f->c, &id, &f->arena);
    if (state == STATE_NEW)
        return;
    f->c.state = state;
    f->c.version = 5;
    f->c.created_ms = f->c.changed_ms = f->c.state_ms = now - 60 * MS_HOUR;
    f->c.state_by = (struct actor){.user = "somebody", .name = "Somebody"};
    f->c.dispatched = f->c.contacted_ok = f->c.contact_tries = 1;
    f->c.try_ms[0] = now - MS_HOUR;
    f->c.attempts = 4;
    f->c.calls = 3;
    f->c.call_parts = 2;
    f->c.sms_ms = now - 49 * MS_HOUR;
    f->c.value[FIELD_DISTRICT] = "11";
    f->c.value[FIELD_STREET] = f->c.value[FIELD_UNIT] = f->c.value[FIELD_HANDLED_BY] = "1101";
    f->c.value[FIELD_HANDLER] = "ha1";
    f->c.value[FIELD_ASSISTANT] = "110101";
    f->c.value[FIELD_OPERATOR_ID] = "op1";
    f->c.value[FIELD_DRAFTER] = "ha1x";
    f->c.value[FIELD_TIER] = "T24H";
    f->c.value[FIELD_PHONE] = "13800005678";
    f->c.value[FIELD_CATEGORY] = "0101";
    f->c.value[FIELD_PRIOR_STATE] = "SENT";
    for (int i = 0; i < CLOCK_COUNT; i++) {
        f->c.clock[i].status = CLOCK_RUNNING;
        f->c.clock[i].started_ms = now - MS_HOUR;
        f->c.clock[i].due_ms = f->c.clock[i].first_due_ms = now + MS_HOUR;
    }
    if (*x->moves)
        add_object(f, object_kind_find(x->moves), object_state_for(x->row), now);
    else if (strstr(x->who, ":filed"))
        add_object(f, OBJECT_EXCLUSION, OBJECT_IS_OPEN, now);
    prepare_row(f, x, now);
}

static void check_clocks(const struct fixture *f, const struct expected *x, enum state from)
{
    for (int i = 0; i < CLOCK_COUNT; i++) {
        bool started = false, stopped = false;
        for (size_t k = 0; k < f->last->n_clocks; k++)
            if ((int)f->last->clocks[k].clock == i) {
                if (f->last->clocks[k].op == CLOCK_START)
                    started = true;
                else if (f->last->clocks[k].op != CLOCK_EXTEND)
                    stopped = true;
            }
        if (started != word_in(x->start, clock_table[i].word) ||
            stopped != (from != STATE_NEW && word_in(x->stop, clock_table[i].word)))
            print_error("row %s, clock %s\n", x->row, clock_table[i].word);
        assert_int_equal(started, word_in(x->start, clock_table[i].word));
        assert_int_equal(stopped, from != STATE_NEW && word_in(x->stop, clock_table[i].word));
    }
}

/* What a person has of the reaches, given the case. */
static int reach_has(const struct fixture *f, const struct expected *x, int k, int role, int state)
{
    int has = relations[k].reach;
    const struct object *o = f->c.n_objects ? &f->c.objects[0] : NULL;
    if (state == STATE_NEW) /* no unit, no handler yet; who takes it down has it */
        return ANY | LOGGED | (has & CITY);
    (void)x;
    if (o && o->kind == OBJECT_EXCLUSION)
        has |= FILED;
    if ((has & CALLED) && o && (o->kind == OBJECT_SUB || o->kind == OBJECT_WHISTLE))
        has |= ASSIGNED;
    if (!o)
        has &= ~CALLED;
    if (role == ROLE_DEPT && (has & OFFICE))
        has |= ASSIGNED; /* a department that leads */
    return has;
}

/* What one row says to it; *ret_stage: how far it came. */
static enum refusal_code row_says(const struct fixture *f, const struct expected *x, int state,
                                  int role, int k, int *ret_stage)
{
    int reach = reach_of(x->who, role_table[role].word), has = reach_has(f, x, k, role, state);
    const struct object *o = f->c.n_objects ? &f->c.objects[0] : NULL;
    bool there = !*x->moves || (o && object_kind_find(x->moves) == o->kind);
    *ret_stage = 1;
    if (reach == 0)
        return REFUSAL_ROLE;
    *ret_stage = 2;
    if (reach != CALLED && (reach & has) == 0)
        return REFUSAL_REACH;
    *ret_stage = 3;
    if (!word_in(x->from, state_table[state].word))
        return REFUSAL_STATE;
    if (reach == CALLED && there && (has & CALLED) == 0) {
        *ret_stage = 2;
        return REFUSAL_REACH;
    }
    *ret_stage = 4;
    if (!there)
        return REFUSAL_OBJECT;
    *ret_stage = 5;
    if (x->command == COMMAND_ARCHIVE && state == STATE_MERGED)
        return REFUSAL_WINDOW; /* it ends with the leading order */
    if ((x->command == COMMAND_ATTEMPT || x->command == COMMAND_RATE ||
         x->command == COMMAND_GIVE_UP) &&
        (has & OFFICE))
        return REFUSAL_OWN_UNIT;
    return REFUSAL_NONE;
}

/* Rows of the same command that the object of this row does not fit. */
static bool other_step(const struct expected *x, const struct expected *y)
{
    enum object_state has = object_state_for(x->row);
    if (strcmp(y->row, "20b") == 0 || strcmp(y->row, "24b") == 0)
        return has != OBJECT_IS_OPEN;
    return false;
}

static enum refusal_code all_rows_say(const struct fixture *f, const struct expected *x, int state,
                                      int role, int k, const struct expected **ret_row)
{
    enum refusal_code want = REFUSAL_NONE;
    int best = 0;
    *ret_row = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        int stage;
        if (expected[i].command != x->command)
            continue;
        enum refusal_code says = row_says(f, &expected[i], state, role, k, &stage);
        if (says == REFUSAL_NONE && other_step(x, &expected[i])) {
            says = REFUSAL_OBJECT;
            stage = 4;
        } else if (says == REFUSAL_NONE && strcmp(expected[i].row, "23c") == 0 &&
                   strcmp(x->row, "23c") != 0) {
            says = REFUSAL_FOUR_EYES; /* not T2H, nor drafted by this person */
            stage = 5;
        } else if (says == REFUSAL_NONE &&
                   (strcmp(expected[i].row, "20c") == 0 || strcmp(expected[i].row, "24c") == 0) &&
                   object_state_for(x->row) == OBJECT_IS_OPEN) {
            says = REFUSAL_OBJECT; /* the leader has not agreed yet */
            stage = 5;
        }
        if (says == REFUSAL_NONE) {
            *ret_row = &expected[i];
            return REFUSAL_NONE;
        }
        if (stage > best) {
            best = stage;
            want = says;
        }
    }
    return want;
}

static size_t cases_walked, cases_applied;

static void walk_one(struct fixture *f, const struct expected *x, int s, int r, int k, int64_t now,
                     size_t *applied)
{
    const struct value *v = arguments[x->command];
    struct actor who = {relations[k].user, "Who", (enum role)r, relations[k].office,
                        relations[k].unit, "t"};
    const struct expected *row;
    size_t n = 0;
    while (n < 8 && v[n].text)
        n++;
    prepare(f, x, (enum state)s, now);
    if (s != STATE_NEW && strcmp(x->row, "23c") == 0) {
        if (who.role == ROLE_DESK || who.role == ROLE_HANDLER)
            f->c.value[FIELD_DRAFTER] = who.user;
        f->c.value[FIELD_TIER] = "T2H";
    }
    f->ctx.now_ms = now;
    enum refusal_code want = all_rows_say(f, x, s, r, k, &row);
    enum refusal_code offers = workflow_offers(&f->ctx, &f->c, x->command, &who);
    enum refusal_code got = run_list(f, now, &who, x->command, v, n);
    if (got != want || offers != want)
        print_error("row %s %s from %s by %s (%s): %s, offered %s; expected %s: %s\n", x->row,
                    command_table[x->command].word, state_table[s].word, role_table[r].word,
                    relations[k].name, refusal_word(got), refusal_word(offers), refusal_word(want),
                    f->why.text);
    assert_int_equal(got, want);
    assert_int_equal(offers, want);
    if (got != REFUSAL_NONE) {
        assert_int_equal(f->c.version, s == STATE_NEW ? 0 : 5);
        assert_int_equal(f->c.state, s);
        return;
    }
    enum state to = word_in("=", row->to) ? (enum state)s : state_find(row->to);
    if (x->command == COMMAND_UNMERGE)
        to = STATE_WORKING;
    *applied += row == x;
    assert_int_equal(f->c.state, to);
    assert_string_equal(f->last->actor.user, who.user);
    if (x->command != COMMAND_UNMERGE)
        check_clocks(f, row, (enum state)s);
}

static void walk_row(void **state)
{
    const struct expected *x = *state;
    const int64_t now = at(2026, 3, 11, 10, 0);
    size_t n = 0, applied = 0;
    struct fixture f;
    fixture_begin(&f);
    f.ctx.reference = &fixture_reference;
    for (int s = 0; s < STATE_COUNT; s++)
        for (int r = 0; r < ROLE_COUNT; r++)
            for (int k = 0; k < RELATIONS; k++, n++) {
                walk_one(&f, x, s, r, k, now, &applied);
                arena_reset(&f.arena);
            }
    assert_int_equal(n, STATE_COUNT * ROLE_COUNT * RELATIONS);
    assert_true(applied > 0); /* the row itself let somebody do something */
    cases_walked += n;
    cases_applied += applied;
    fixture_end(&f);
}

static void table_is_whole(void **state)
{
    (void)state;
    assert_int_equal(workflow_rows, ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        assert_string_equal(workflow_table[i].row, expected[i].row);
        assert_int_equal(workflow_table[i].command, expected[i].command);
    }
    for (int c = 0; c < COMMAND_COUNT; c++) {
        size_t rows = 0;
        for (size_t i = 0; i < ROWS; i++)
            rows += (int)expected[i].command == c;
        assert_true(rows > 0); /* no command without a row */
    }
    print_message("# %zu cases walked, %zu applied\n", cases_walked, cases_applied);
}

int main(void)
{
    static char names[ROWS][64];
    static struct CMUnitTest tests[ROWS + 1];
    for (size_t i = 0; i < ROWS; i++) {
        snprintf(names[i], sizeof names[i], "row %s %s", expected[i].row,
                 command_table[expected[i].command].word);
        tests[i] = (struct CMUnitTest){names[i], walk_row, NULL, NULL, &expected[i]};
    }
    tests[ROWS] = (struct CMUnitTest){"table_is_whole", table_is_whole, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
