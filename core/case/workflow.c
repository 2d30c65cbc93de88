/* workflow.c: the table of procedure (domain.md 6.2), and printing it. */
#include "core/case/rules.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"

#include <stdio.h>
#include <string.h>

const struct named_row reach_table[REACH_COUNT] = {
    [REACH_ANY] = {"any", N_("every case")},
    [REACH_CITY] = {"city", N_("every case, for the hotline")},
    [REACH_DISTRICT] = {"district", N_("own district")},
    [REACH_OFFICE] = {"office", N_("own office leads")},
    [REACH_ASSIGNED] = {"assigned", N_("assigned, assisting or called")},
    [REACH_CALLED] = {"called", N_("own unit is asked or called")},
    [REACH_LOGGED] = {"logged", N_("taken down by oneself")},
    [REACH_FILED] = {"filed", N_("an exclusion was asked")},
};

#define R(role, reach)                                                                             \
    {                                                                                              \
        ROLE_##role, REACH_##reach                                                                 \
    }
#define END                                                                                        \
    {                                                                                              \
        ROLE_NOBODY, REACH_ANY                                                                     \
    }
/* The first members of a row. */
#define ROW2(number, name, states, after, or_else)                                                 \
    .row = number, .command = COMMAND_##name, .from = states, .to = STATE_##after,                 \
    .to_other = STATE_##or_else
#define ROW(number, name, states, after) ROW2(number, name, states, after, NONE)
#define WHO(...) .rights = {__VA_ARGS__, END}
#define BECAUSE(words, where) .needs = words, .source = where

/* Sets of states. HANDLED: somebody of the unit has it in hand. UNFINISHED: neither closed nor lying in another order. */
#define AFTER_NEW (((1u << STATE_COUNT) - 1u) & ~S(NEW))
#define HANDLED (S(SIGNED) | S(WORKING) | S(REWORK))
#define UNFINISHED                                                                                 \
    (S(WAIT_DISPATCH) | S(SENT) | S(DISPUTED) | HANDLED | S(REVIEW) | S(REPLIED) | S(CALLING) |    \
     S(HUNG))
/* What nobody owes any more once the order leaves the unit, or the unit is done with it. */
#define OWED                                                                                       \
    (O(SUB) | O(WHISTLE) | O(ESCALATION) | O(EXTENSION) | O(HANG) | O(URGE) | O(PROPOSAL) |        \
     O(RETURN))
#define EVERYTHING (((1u << OBJECT_COUNT) - 1u) & ~O(EXCLUSION))
#define UNDECIDED (IS(OPEN) | IS(AGREED))

const struct transition workflow_table[] = {
    {ROW("1", LOG, S(NEW), WAIT_DISPATCH),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY), R(DESK, LOGGED), R(COMMUNITY, LOGGED),
         R(AUTOMATIC, ANY)),
     .start = C(DISPATCH), .effect = effect_log,
     BECAUSE(N_("type, category, street, content; a street or community only for its own channel"),
             "art. 10")},
    {ROW("2", ANSWER, S(NEW), DIRECT), WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY)),
     .effect = effect_answer, BECAUSE(N_("the answer, and where it was found"), "art. 11")},
    {ROW("3", SEND_ELSEWHERE, S(NEW) | S(WAIT_DISPATCH), ELSEWHERE),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY)), .stop = C(DISPATCH), .ends = EVERYTHING,
     .effect = effect_elsewhere,
     BECAUSE(N_("which of the six exits, and what was said"), "art. 11")},
    {ROW("4", TELL_PROGRESS, S(NEW), DIRECT), WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY)),
     .effect = effect_progress,
     BECAUSE(N_("nothing new: the earlier order, which is urged"), "art. 11(3)")},
    {ROW("5", DISPATCH, S(WAIT_DISPATCH), SENT),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(AUTOMATIC, ANY)),
     .start = C(SIGN) | C(CONTACT) | C(HANDLE) | C(RETURN), .stop = C(DISPATCH),
     .ends = O(PRE_CONSULT), .guard = guard_dispatch, .effect = effect_dispatch,
     BECAUSE(N_("a unit that may lead, tier; a copy goes to the district if it is a street"),
             "art. 11, 12, 13; 7.1")},
    {ROW("6", PRE_CONSULT, S(WAIT_DISPATCH), NONE), WHO(R(DISPATCHER, ANY)),
     .opens = O(PRE_CONSULT), .object_to = OBJECT_IS_DONE, .effect = effect_pre_consult,
     BECAUSE(N_("units asked and their opinion; the clock of dispatch runs on"), "art. 12")},
    {ROW2("7", SIGN, S(SENT), SIGNED, CLOSED),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)), .stop = C(SIGN),
     .effect = effect_sign,
     BECAUSE(N_("nothing further; praise is passed on and closed"), "7.2; 4.4")},
    {ROW2("8", AUTO_SIGN, S(SENT), SIGNED, CLOSED), WHO(R(AUTOMATIC, ANY)), .stop = C(SIGN),
     .guard = guard_auto_sign, .effect = effect_sign,
     BECAUSE(
         N_("if the policy says so: after so many times the limit, marked as not signed in time"),
         "6.2")},
    {ROW("9", ASK_RETURN, S(SENT) | S(SIGNED) | S(WORKING), DISPUTED),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DEPT, ASSIGNED)), .start = C(RETURN_REVIEW),
     .stop = C(SIGN) | C(RETURN), .opens = O(RETURN), .object_to = OBJECT_IS_OPEN,
     .guard = guard_ask_return, .effect = effect_ask_return,
     BECAUSE(N_("within the return limit; not designated; not returned by this unit before"),
             "art. 12, 14; 7.3")},
    {ROW("10", ACCEPT_RETURN, S(DISPUTED), WAIT_DISPATCH),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT)), .start = C(DISPATCH), .stop = ALL_CLOCKS,
     .moves = O(RETURN), .ends = OWED, .object_from = IS(OPEN), .object_to = OBJECT_IS_GRANTED,
     .effect = effect_accept_return,
     BECAUSE(N_("reason; all clocks of the unit are cancelled"), "art. 12; 7.3")},
    {ROW2("11", REFUSE_RETURN, S(DISPUTED), SIGNED, WORKING),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT)), .stop = C(RETURN_REVIEW), .moves = O(RETURN),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_REFUSED, .effect = effect_refuse_return,
     BECAUSE(N_("reason; back to the state before, signed if it was not signed yet"),
             "art. 12; 7.3")},
    /* Also of a closed order: a task of a consultation, a supervision, the later confirmation may be open yet. */
    {ROW("12", LATE, UNFINISHED | S(CLOSED), NONE), WHO(R(AUTOMATIC, ANY)), .guard = guard_late,
     .effect = effect_late,
     BECAUSE(N_("a clock is over whose lateness the next level is told of; nothing stops"),
             "6.2; 7.2; 7.5")},
    {ROW("13", DESIGNATE, S(WAIT_DISPATCH), SENT), WHO(R(DISPATCHER, ANY)),
     .start = C(SIGN) | C(CONTACT) | C(HANDLE), .stop = C(DISPATCH), .ends = O(PRE_CONSULT),
     .guard = guard_designate, .effect = effect_dispatch,
     BECAUSE(N_("it waits for the third dispatch; the decision; returning is barred"), "3.2; 6.2")},
    {ROW("14", ASSIGN, HANDLED, WORKING),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)), .effect = effect_assign,
     BECAUSE(N_("a person or a section; a community only assists"), "art. 17")},
    /* Also of a merged order: each claimant has a right to be contacted (art. 15), and is asked. Also by a handler
     * who had the order when he called, off line, and has it no more (example E10). */
    {ROW("15", CONTACT, S(SENT) | S(DISPUTED) | HANDLED | S(REVIEW) | S(HUNG) | S(MERGED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(REVIEWER, OFFICE), R(HANDLER, ASSIGNED),
         R(HANDLER, OFFICE), R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED), R(DISTRICT, DISTRICT)),
     .stop = C(CONTACT), .effect = effect_contact,
     BECAUSE(N_("the clock stops at success or at the last try"), "art. 15; 7.4")},
    {ROW("16a", OPEN_SUB, S(WORKING) | S(REWORK) | S(SIGNED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(HANDLER, ASSIGNED), R(DISTRICT, DISTRICT)),
     .start = C(SUB), .opens = O(SUB), .object_to = OBJECT_IS_OPEN, .effect = effect_sub,
     BECAUSE(N_("units, question, limit"), "art. 14; 7.6")},
    /* Also of a closed order: a consultation may still give tasks (row 18b). */
    {ROW("16b", SIGN_SUB, UNFINISHED | S(CLOSED), NONE),
     WHO(R(DEPT, CALLED), R(COMMUNITY, CALLED), R(HANDLER, CALLED), R(DESK, CALLED)),
     .moves = O(SUB), .object_from = IS(OPEN), .object_to = OBJECT_IS_ACKNOWLEDGED,
     BECAUSE(N_("the unit that is asked"), "art. 14")},
    {ROW("16c", CLOSE_SUB, UNFINISHED | S(CLOSED), NONE),
     WHO(R(DEPT, CALLED), R(COMMUNITY, CALLED), R(HANDLER, CALLED), R(DESK, CALLED),
         R(LEADER, OFFICE)),
     .stop = C(SUB), .moves = O(SUB), .object_from = IS(OPEN) | IS(ACKNOWLEDGED),
     .object_to = OBJECT_IS_DONE, BECAUSE(N_("the result, to the lead unit"), "art. 14")},
    {ROW("16d", CLOSE_SUB, UNFINISHED | S(CLOSED), NONE),
     WHO(R(DESK, OFFICE), R(DISTRICT, DISTRICT)), .stop = C(SUB), .moves = O(SUB),
     .object_from = IS(OPEN) | IS(ACKNOWLEDGED), .object_to = OBJECT_IS_DONE,
     BECAUSE(N_("the lead unit writes the result down"), "art. 14")},
    {ROW("17a", WHISTLE, HANDLED, NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)),
     .start = C(WHISTLE_ACK) | C(WHISTLE_ARRIVE), .opens = O(WHISTLE), .object_to = OBJECT_IS_OPEN,
     .effect = effect_whistle,
     BECAUSE(N_("kind, departments, place, time, task; the street stays lead"), "art. 16; 7.5")},
    {ROW("17b", WHISTLE_ACK, UNFINISHED, NONE),
#if SABOTAGE == 61
     /* damage for the tests: a right that section 5 does not give */
     WHO(R(DEPT, CALLED), R(DESK, CALLED)),
#else
     WHO(R(DEPT, CALLED)),
#endif
     .stop = C(WHISTLE_ACK), .moves = O(WHISTLE), .object_from = IS(OPEN) | IS(OBJECTED),
     .object_to = OBJECT_IS_ACKNOWLEDGED, BECAUSE(N_("the department that is called"), "7.5")},
    {ROW("17c", WHISTLE_ARRIVE, UNFINISHED, NONE), WHO(R(DEPT, CALLED)),
     .stop = C(WHISTLE_ACK) | C(WHISTLE_ARRIVE), .moves = O(WHISTLE),
     .object_from = IS(OPEN) | IS(OBJECTED) | IS(ACKNOWLEDGED), .object_to = OBJECT_IS_ARRIVED,
     .effect = effect_arrive, BECAUSE(N_("the department signs in itself"), "art. 16; 7.5")},
    {ROW("17d", WHISTLE_RESULT, UNFINISHED, NONE), WHO(R(DEPT, CALLED)),
     .stop = C(WHISTLE_ACK) | C(WHISTLE_ARRIVE), .moves = O(WHISTLE),
     .object_from = IS(ARRIVED) | IS(ACKNOWLEDGED), .object_to = OBJECT_IS_DONE,
     BECAUSE(N_("who came, measure, what next"), "7.5")},
    {ROW("17e", OBJECT_WHISTLE, UNFINISHED, NONE), WHO(R(DEPT, CALLED)), .moves = O(WHISTLE),
     .object_from = IS(OPEN) | IS(ACKNOWLEDGED), .object_to = OBJECT_IS_OBJECTED,
     BECAUSE(N_("not its duty, or called without need; the clocks run on"), "art. 33; 7.5")},
    {ROW("17f", STAND_DOWN, UNFINISHED, NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)),
     .stop = C(WHISTLE_ACK) | C(WHISTLE_ARRIVE), .moves = O(WHISTLE),
     .object_from = IS(OPEN) | IS(OBJECTED) | IS(ACKNOWLEDGED) | IS(ARRIVED),
     .object_to = OBJECT_IS_STOOD_DOWN, BECAUSE(N_("who whistled says why not any more"), "7.5")},
    {ROW("17g", JUDGE_WHISTLE, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)), .moves = O(WHISTLE),
     .object_from =
         IS(OPEN) | IS(OBJECTED) | IS(ACKNOWLEDGED) | IS(ARRIVED) | IS(DONE) | IS(STOOD_DOWN),
     .object_to = OBJECT_STATE_COUNT,
     BECAUSE(N_("how the department answered; both sides are assessed"), "art. 33; 7.5")},
    {ROW("18a", MEETING, HANDLED, NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DISTRICT, DISTRICT)), .start = C(SUB),
     .opens = O(MEETING) | O(SUB), .object_to = OBJECT_IS_DONE, .effect = effect_meeting,
     BECAUSE(N_("who, decision, tasks with dates; each task becomes a sub-order"), "7.6")},
    {ROW("18b", CONSULTATION, HANDLED | S(REVIEW) | S(REPLIED) | S(CALLING) | S(HUNG) | S(CLOSED),
         NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(COMMUNITY, ASSIGNED), R(DISTRICT, DISTRICT)),
     .start = C(SUB) | C(TELL), .opens = O(CONSULTATION) | O(SUB) | O(TELL),
     .object_to = OBJECT_IS_DONE, .effect = effect_consultation,
     BECAUSE(N_("who met, what was proposed, what was agreed, by when; every claimant of the group "
                "is told"),
             "art. 26, 27; 10")},
    {ROW("18c", JOIN_CONSULTATION, AFTER_NEW & ~S(ARCHIVED), NONE), WHO(R(AUTOMATIC, ANY)),
     .start = C(TELL), .opens = O(TELL), .object_to = OBJECT_IS_OPEN, .effect = effect_tell,
     BECAUSE(N_("an order of the group: its claimant is told too"), "art. 26")},
    {ROW("18d", TELL_RESULT, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(HANDLER, ASSIGNED), R(COMMUNITY, ASSIGNED),
         R(DISTRICT, DISTRICT)),
     .stop = C(TELL), .moves = O(TELL), .object_from = IS(OPEN), .object_to = OBJECT_IS_DONE,
     BECAUSE(N_("what the claimant was told"), "art. 26")},
    {ROW("19a", ESCALATE, S(WORKING), NONE), WHO(R(LEADER, OFFICE)), .opens = O(ESCALATION),
     .object_to = OBJECT_IS_OPEN, .guard = guard_escalate, .effect = effect_escalate,
     BECAUSE(N_("what was tried, what is asked"), "art. 20; 7.6")},
    {ROW("19b", ANSWER_ESCALATION, UNFINISHED, NONE),
     WHO(R(DISTRICT, DISTRICT), R(DISPATCHER, ANY)), .moves = O(ESCALATION),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_DONE,
     BECAUSE(N_("an opinion and what is done"), "art. 20; 7.6")},
    {ROW("20a", ASK_EXTENSION, S(WORKING), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(DEPT, ASSIGNED)), .start = C(EXTENSION_REVIEW),
     .opens = O(EXTENSION), .object_to = OBJECT_IS_OPEN, .guard = guard_extension,
     .effect = effect_ask_extension,
     BECAUSE(N_("before it is due, class and reason, new date; as often and as far as the policy "
                "allows"),
             "art. 15; 7.7")},
    {ROW("20b", DECIDE_EXTENSION, UNFINISHED, NONE), WHO(R(LEADER, OFFICE)), .moves = O(EXTENSION),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_AGREED, .stop = C(EXTENSION_REVIEW),
     .effect = effect_yes_or_no,
     BECAUSE(N_("the street's part: the leader agrees, or refuses"), "5; 7.7")},
    {ROW("20c", DECIDE_EXTENSION, UNFINISHED, NONE), WHO(R(DISTRICT, DISTRICT)),
     .moves = O(EXTENSION), .object_from = UNDECIDED, .object_to = OBJECT_IS_GRANTED,
     .stop = C(EXTENSION_REVIEW), .guard = guard_second_step, .effect = effect_decide_extension,
     BECAUSE(N_("after the leader's yes; handle gets the new due time, the first stays known"),
             "5; 7.7")},
    {ROW("21", SUBMIT_REPLY, S(WORKING) | S(REWORK), REVIEW),
     WHO(R(HANDLER, ASSIGNED), R(DESK, OFFICE), R(DEPT, OFFICE)), .start = C(REVIEW),
     .guard = guard_submit, .effect = effect_submit,
     BECAUSE(N_("contact done; checklist met or a reason why not; of a public matter the duty"),
             "art. 15; 4.5")},
    {ROW("22", SEND_BACK_REPLY, S(REVIEW), WORKING), WHO(R(REVIEWER, OFFICE), R(LEADER, OFFICE)),
     .stop = C(REVIEW), BECAUSE(N_("what is missing"), "6.2")},
    {ROW2("23a", APPROVE, S(REVIEW), REPLIED, CLOSED), WHO(R(REVIEWER, OFFICE), R(LEADER, OFFICE)),
     .start = C(CALLBACK) | C(CONFIRM),
     .stop = C(HANDLE) | C(REVIEW) | C(REWORK) | C(CONTACT) | C(RETURN) | C(SUB) | C(WHISTLE_ACK) |
             C(WHISTLE_ARRIVE) | C(EXTENSION_REVIEW) | C(URGE),
     .opens = O(CONFIRMATION), .ends = OWED, .object_to = OBJECT_IS_OPEN, .guard = guard_approve,
     .effect = effect_approve,
     BECAUSE(N_("not by the drafter; where there is nobody to call it is checked and closed"),
             "5; 6.3; 8")},
    {ROW("23b", CONFIRM_REPLY, AFTER_NEW & ~S(ARCHIVED), NONE), WHO(R(LEADER, OFFICE)),
     .stop = C(CONFIRM), .moves = O(CONFIRMATION), .object_from = IS(OPEN),
     .object_to = OBJECT_IS_DONE, .guard = guard_confirm,
     BECAUSE(N_("a leader who did not draft it, where the drafter approved in T2H"), "5")},
    {ROW2("23c", APPROVE, S(REVIEW), REPLIED, CLOSED), WHO(R(DESK, OFFICE), R(HANDLER, ASSIGNED)),
     .start = C(CALLBACK) | C(CONFIRM),
     .stop = C(HANDLE) | C(REVIEW) | C(REWORK) | C(CONTACT) | C(RETURN) | C(SUB) | C(WHISTLE_ACK) |
             C(WHISTLE_ARRIVE) | C(EXTENSION_REVIEW) | C(URGE),
     .opens = O(CONFIRMATION), .ends = OWED, .object_to = OBJECT_IS_OPEN,
     .guard = guard_approve_own, .effect = effect_approve,
     BECAUSE(N_("in T2H the drafter himself: at night there is nobody else; a leader confirms it"),
             "5; 7.2")},
    {ROW("24a", ASK_HANG, S(WORKING), NONE), WHO(R(LEADER, OFFICE), R(DESK, OFFICE)),
     .opens = O(HANG), .object_to = OBJECT_IS_OPEN, .guard = guard_ask_hang,
     .effect = effect_ask_hang,
     BECAUSE(N_("plan, obstacle class, next look, claimant told; never for safety"), "7.8")},
    {ROW("24b", DECIDE_HANG, S(WORKING), NONE), WHO(R(LEADER, OFFICE)), .moves = O(HANG),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_AGREED, .effect = effect_yes_or_no,
     BECAUSE(N_("the leader asks for it, or refuses"), "5; 7.8")},
    {ROW("24c", DECIDE_HANG, S(WORKING), HUNG), WHO(R(DISTRICT, DISTRICT)),
     .start = C(HANG_REVIEW) | C(CALLBACK),
     .stop = C(HANDLE) | C(CONTACT) | C(RETURN) | C(REWORK) | C(EXTENSION_REVIEW), .moves = O(HANG),
     .ends = O(EXTENSION) | O(PROPOSAL), .object_from = UNDECIDED, .object_to = OBJECT_IS_GRANTED,
     .guard = guard_second_step, .effect = effect_decide_hang,
     BECAUSE(N_("after the leader's signature; callback once, response only"), "5; 7.8")},
    {ROW("24d", LOOK_HANG, S(HUNG), NONE), WHO(R(LEADER, OFFICE), R(DISTRICT, DISTRICT)),
     .start = C(HANG_REVIEW), .guard = guard_look_hang, .effect = effect_look_hang,
     BECAUSE(N_("what is found; not beyond the longest time on the ledger"), "7.8")},
    {ROW("25", UNHANG, S(HUNG), WORKING), WHO(R(LEADER, OFFICE)), .start = C(HANDLE),
     .stop = C(HANG_REVIEW) | C(CALLBACK), .effect = effect_unhang,
     BECAUSE(N_("solved, or the period is over"), "6.2; 7.8")},
    {ROW("26a", ATTEMPT, S(REPLIED) | S(CALLING), CALLING), WHO(R(CALLBACK, ANY)),
     .guard = guard_own_unit, .effect = effect_attempt,
     BECAUSE(N_("not by a unit that handled the case"), "art. 23; 8")},
    {ROW("26b", ATTEMPT, S(HUNG), NONE), WHO(R(CALLBACK, ANY)), .guard = guard_own_unit,
     .effect = effect_attempt, BECAUSE(N_("of an order on the ledger"), "art. 23; 8")},
    {ROW("26c", RATE, S(HUNG), NONE), WHO(R(CALLBACK, ANY)), .start = C(EXCLUSION),
     .stop = C(CALLBACK), .guard = guard_own_unit, .effect = effect_rate_hung,
     BECAUSE(N_("the answers of an order on the ledger: response rate only"), "7.8; 8")},
    {ROW2("27", RATE, S(CALLING), CLOSED, REWORK), WHO(R(CALLBACK, ANY)),
     .start = C(EXCLUSION) | C(REWORK), .stop = C(CALLBACK), .opens = O(ESCALATION),
     .object_to = OBJECT_IS_OPEN, .guard = guard_own_unit, .effect = effect_rate,
     BECAUSE(N_("the three answers; exclusion starts if not clean, rework if sent back"),
             "art. 23; 8")},
    {ROW("28", GIVE_UP, S(CALLING), CLOSED), WHO(R(CALLBACK, ANY), R(AUTOMATIC, ANY)),
     .stop = C(CALLBACK), .guard = guard_give_up, .effect = effect_give_up,
     BECAUSE(
         N_("all calls made in two parts of the day, and a message left unanswered for its time"),
         "8")},
    {ROW("29", REWORK, S(CALLING) | S(CLOSED), REWORK),
     WHO(R(CALLBACK, ANY), R(DISTRICT, DISTRICT)), .start = C(REWORK), .stop = C(CALLBACK),
     .guard = guard_rework, .effect = effect_rework,
     BECAUSE(N_("what is open; in time after closing; not more often than the policy allows"),
             "6.2; 6.3")},
    {ROW("30a", ASK_EXCLUSION, S(CLOSED) | S(REWORK) | S(HUNG), NONE),
     WHO(R(LEADER, OFFICE), R(DEPT, OFFICE)), .start = C(EXCLUSION_REVIEW), .stop = C(EXCLUSION),
     .opens = O(EXCLUSION), .object_to = OBJECT_IS_OPEN, .guard = guard_ask_exclusion,
     .effect = effect_ask_exclusion,
     BECAUSE(N_("in time after the callback; class, evidence; a leader signs"), "7.9")},
    {ROW("30b", PRECHECK_EXCLUSION, S(CLOSED) | S(REWORK) | S(HUNG), NONE),
     WHO(R(DISTRICT, DISTRICT), R(JUDGE, DISTRICT)), .stop = C(EXCLUSION_REVIEW),
     .moves = O(EXCLUSION), .object_from = IS(OPEN), .object_to = OBJECT_IS_AGREED,
     .effect = effect_precheck, BECAUSE(N_("the district checks first"), "5; 7.9")},
    {ROW("30c", DECIDE_EXCLUSION, S(CLOSED) | S(REWORK) | S(HUNG), NONE), WHO(R(JUDGE, CITY)),
     .stop = C(EXCLUSION_REVIEW), .moves = O(EXCLUSION), .object_from = IS(AGREED) | IS(APPEALED),
     .object_to = OBJECT_IS_GRANTED, .effect = effect_decide_exclusion,
     BECAUSE(N_("the city decides; only the score mode changes"), "5; 7.9")},
    {ROW("30d", APPEAL_EXCLUSION, S(CLOSED) | S(REWORK) | S(HUNG), NONE),
     WHO(R(LEADER, OFFICE), R(DEPT, OFFICE)), .start = C(EXCLUSION_REVIEW), .moves = O(EXCLUSION),
     .object_from = IS(REFUSED), .object_to = OBJECT_IS_APPEALED, .guard = guard_appeal,
     .effect = effect_appeal, BECAUSE(N_("once, in time after the refusal"), "7.9")},
    {ROW("31a", MERGE, S(WAIT_DISPATCH) | S(SENT) | S(SIGNED) | S(WORKING), MERGED),
     WHO(R(DESK, OFFICE), R(DISPATCHER, ANY)), .stop = ALL_CLOCKS, .ends = OWED | O(WARNING),
     .guard = guard_merge, .effect = effect_merge,
     BECAUSE(N_("same place, same matter; both claimants get the reply and a callback"),
             "6.2; 7.11")},
    {ROW("31b", UNMERGE, S(MERGED), NONE),
     WHO(R(DESK, OFFICE), R(DISPATCHER, ANY), R(AUTOMATIC, ANY)), .effect = effect_unmerge,
     BECAUSE(N_("reason; back to the state before, with the due times that it had"), "6.2")},
    {ROW("31c", TAKE_FOLLOWER, S(WAIT_DISPATCH) | S(SENT) | S(SIGNED) | S(WORKING), NONE),
     WHO(R(AUTOMATIC, ANY)), .effect = effect_take_follower,
     BECAUSE(N_("an order was merged into it; the earlier due time counts for both"), "6.2")},
    {ROW("31d", DROP_FOLLOWER, AFTER_NEW, NONE), WHO(R(AUTOMATIC, ANY)),
     .effect = effect_drop_follower, BECAUSE(N_("an order was taken out of it"), "6.2")},
    {ROW2("31e", SHARE_REPLY, S(MERGED), REPLIED, CLOSED), WHO(R(AUTOMATIC, ANY)),
     .start = C(CALLBACK), .effect = effect_share_reply,
     BECAUSE(N_("the leading order was replied to: its own callback begins"), "6.1; 6.3")},
    {ROW("31f", LINK, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY), R(DESK, OFFICE), R(DISTRICT, DISTRICT)),
     .effect = effect_link, BECAUSE(N_("the earlier order; each keeps its own callback"), "7.11")},
    {ROW("32a", URGE, UNFINISHED, NONE),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(LEADER, OFFICE),
         R(AUTOMATIC, ANY)),
     .start = C(URGE), .opens = O(URGE), .object_to = OBJECT_IS_OPEN, .effect = effect_urge,
     BECAUSE(N_("text, answer by"), "7.12")},
    {ROW("32b", SUPERVISE, UNFINISHED, NONE),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(LEADER, OFFICE)), .start = C(URGE),
     .opens = O(SUPERVISION), .object_to = OBJECT_IS_OPEN, .effect = effect_supervise,
     BECAUSE(N_("step of the ladder, text, answer by"), "7.12")},
    {ROW("32c", ANSWER_URGE, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(HANDLER, ASSIGNED), R(DEPT, ASSIGNED)),
     .stop = C(URGE), .moves = O(URGE) | O(SUPERVISION), .object_from = IS(OPEN),
     .object_to = OBJECT_IS_DONE, BECAUSE(N_("the answer"), "7.12")},
    {ROW("32d", SUPPLEMENT, UNFINISHED | S(MERGED), NONE),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY), R(CALLBACK, ANY)),
     BECAUSE(N_("what the claimant adds"), "art. 8, 10")},
    {ROW("33a", ASK_VOID, S(WAIT_DISPATCH) | S(SENT), NONE), WHO(R(DISPATCHER, ANY)),
     .opens = O(VOIDING), .object_to = OBJECT_IS_OPEN, .effect = effect_ask_void,
     BECAUSE(N_("reason"), "6.2")},
    {ROW("33b", CONFIRM_VOID, S(WAIT_DISPATCH) | S(SENT), VOID),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT)), .stop = ALL_CLOCKS, .moves = O(VOIDING),
     .ends = EVERYTHING, .object_from = IS(OPEN), .object_to = OBJECT_IS_GRANTED,
     .guard = guard_second_person, .effect = effect_confirm_void,
     BECAUSE(N_("a second person; everything stops"), "6.2")},
    {ROW("34", ARCHIVE, S(CLOSED) | S(DIRECT) | S(ELSEWHERE) | S(MERGED), ARCHIVED),
     WHO(R(AUTOMATIC, ANY)), .stop = C(EXCLUSION), .guard = guard_archive,
     BECAUSE(N_("so long after the last event, nothing open"), "6.2")},
    {ROW("35", REOPEN, S(CLOSED) | S(ARCHIVED), REWORK), WHO(R(DISTRICT, DISTRICT), R(JUDGE, ANY)),
     .start = C(REWORK), .guard = guard_reopen, .effect = effect_rework,
     BECAUSE(N_("reason; not too long after"), "6.2")},
    {ROW("36", WITHDRAW, UNFINISHED, CLOSED),
     WHO(R(OPERATOR, ANY), R(DISPATCHER, ANY), R(CALLBACK, ANY)), .stop = ALL_CLOCKS,
     .ends = EVERYTHING, .effect = effect_withdraw,
     BECAUSE(N_("the claimant's recorded words; of a public matter, that the duty is done or none "
                "is owed"),
             "6.2")},
    {ROW("37", CORRECT, AFTER_NEW, NONE),
     WHO(R(OPERATOR, LOGGED), R(DESK, LOGGED), R(COMMUNITY, LOGGED), R(REVIEWER, OFFICE)),
     .start = C(CONTACT) | C(HANDLE) | C(RETURN), .effect = effect_correct,
     BECAUSE(N_("a field that procedure does not set; reason; what was dispatched as praise and is "
                "none "
                "gets its clocks"),
             "art. 36; 4.4")},
    {ROW("-", MARK_UNREASONABLE, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(OPERATOR, ANY), R(CALLBACK, ANY), R(DESK, OFFICE), R(HANDLER, ASSIGNED)),
     .opens = O(UNREASONABLE), .object_to = OBJECT_IS_OPEN, .effect = effect_mark,
     BECAUSE(N_("form, lawful answer, the three questions; the order goes on as it is"),
             "art. 9, 37; 7.10")},
    {ROW("-", DECIDE_UNREASONABLE, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(LEADER, OFFICE), R(DISTRICT, DISTRICT), R(JUDGE, FILED)), .moves = O(UNREASONABLE),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_GRANTED, .guard = guard_other_role,
     .effect = effect_decide_mark,
     BECAUSE(N_("another person in another role; nothing is hidden, nothing stops"), "7.10")},
    {ROW("-", LIFT_UNREASONABLE, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(LEADER, OFFICE), R(DISTRICT, DISTRICT), R(JUDGE, FILED)), .guard = guard_recorded,
     .effect = effect_lift_mark, BECAUSE(N_("reason"), "7.10")},
    {ROW("-", JOIN_EMERGENCY, S(WAIT_DISPATCH) | S(SENT) | S(DISPUTED) | HANDLED, NONE),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(DESK, OFFICE), R(AUTOMATIC, ANY)),
     .effect = effect_join_emergency,
     BECAUSE(N_("an emergency that the district opened; due times never move forward"), "4.6; 12")},
    {ROW("-", LEAVE_EMERGENCY, UNFINISHED, NONE),
     WHO(R(DISPATCHER, ANY), R(DISTRICT, DISTRICT), R(AUTOMATIC, ANY)), .guard = guard_emergency,
     .effect = effect_leave_emergency, BECAUSE(N_("nothing further"), "12")},
    {ROW("-", PROPOSE, HANDLED | S(SENT) | S(CLOSED) | S(HUNG), NONE),
     WHO(R(HANDLER, ASSIGNED), R(DESK, OFFICE)), .opens = O(PROPOSAL), .object_to = OBJECT_IS_OPEN,
     .effect = effect_propose, BECAUSE(N_("what, and why"), "5")},
    {ROW("-", ANSWER_PROPOSAL, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE)), .moves = O(PROPOSAL), .object_from = IS(OPEN),
     .object_to = OBJECT_IS_GRANTED, .effect = effect_yes_or_no,
     BECAUSE(N_("yes or no; the step itself is a command of its own"), "5")},
    {ROW("-", NOTE, AFTER_NEW, NONE),
     WHO(R(DESK, OFFICE), R(LEADER, OFFICE), R(REVIEWER, OFFICE), R(HANDLER, ASSIGNED),
         R(HANDLER, OFFICE), R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED), R(DISTRICT, DISTRICT)),
     BECAUSE(N_("nothing further"), "5")},
    {ROW("-", REVEAL, AFTER_NEW, NONE),
     WHO(R(DISPATCHER, ANY), R(AUDITOR, ANY), R(DISTRICT, DISTRICT), R(DESK, OFFICE),
         R(LEADER, OFFICE), R(HANDLER, OFFICE), R(COMMUNITY, ASSIGNED), R(DEPT, ASSIGNED)),
     .guard = guard_reveal,
     BECAUSE(N_("reason; of a secret report only whom section 5 names"), "5; 13")},
    {ROW("-", DISCLOSE, AFTER_NEW, NONE),
     WHO(R(DISPATCHER, ANY), R(AUDITOR, ANY), R(DISTRICT, DISTRICT), R(JUDGE, FILED),
         R(DESK, OFFICE), R(LEADER, OFFICE), R(DEPT, ASSIGNED), R(HANDLER, ASSIGNED),
         R(REVIEWER, OFFICE)),
     BECAUSE(N_("what was exported, printed or copied is recorded"), "5; 13")},
    /* what the centre finds about an order */
    {ROW("-", FOUND_EARLIER, S(WAIT_DISPATCH), NONE), WHO(R(AUTOMATIC, ANY)),
     BECAUSE(N_("orders of this claimant and of others about it; a person links, merges or tells "
                "progress"),
             "art. 11(3); 7.11")},
    {ROW("-", WARN, UNFINISHED, NONE), WHO(R(AUTOMATIC, ANY)), .start = C(WARNING),
     .opens = O(WARNING), .object_to = OBJECT_IS_OPEN, .effect = effect_warn,
     BECAUSE(N_("so many claimants about one matter, or a risk; the open warning grows"),
             "art. 29; 7.11; 10")},
    {ROW("-", ANSWER_WARNING, AFTER_NEW & ~S(ARCHIVED), NONE),
     WHO(R(LEADER, CALLED), R(DISTRICT, DISTRICT)), .stop = C(WARNING), .moves = O(WARNING),
     .object_from = IS(OPEN), .object_to = OBJECT_IS_DONE,
     BECAUSE(N_("what is done; of a risk the district answers"), "art. 29; 10")},
};
const size_t workflow_rows = sizeof workflow_table / sizeof workflow_table[0];

bool workflow_begins(enum command_type type)
{
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == type && (workflow_table[i].from & S(NEW)))
            return true;
    return false;
}

bool workflow_goes_on(enum command_type type)
{
    for (size_t i = 0; i < workflow_rows; i++)
        if (workflow_table[i].command == type && (workflow_table[i].from & ~S(NEW)))
            return true;
    return false;
}

enum field workflow_other(enum command_type type)
{
    switch (type) {
    case COMMAND_MERGE:
        return FIELD_MERGED_INTO;
    case COMMAND_TELL_PROGRESS:
        return FIELD_OLD_ORDER;
    default:
        return FIELD_NONE;
    }
}

/* --- printing ----------------------------------------------------------------------------- */

static void print_states(struct buf *out, uint32_t from)
{
    if (from == AFTER_NEW) {
        buf_puts(out, " *");
        return;
    }
    for (unsigned s = 0; s < STATE_COUNT; s++)
        if (from & (1u << s))
            buf_printf(out, " %s", state_table[s].word);
}

static void print_words(struct buf *out, const char *label, uint32_t mask, uint32_t all,
                        const struct named_row *table)
{
    if (!mask)
        return;
    buf_printf(out, " %s", label);
    if (mask == all) {
        buf_puts(out, "=*");
        return;
    }
    for (unsigned i = 0, first = 1; mask >> i; i++)
        if (mask & (1u << i)) {
            buf_printf(out, "%s%s", first ? "=" : ",", table[i].word);
            first = 0;
        }
}

void workflow_print_table(struct buf *out)
{
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        buf_printf(out, "%-3s %-19s", t->row, command_table[t->command].word);
        print_states(out, t->from);
        buf_printf(out, " -> %s", t->to == STATE_NONE ? "=" : state_table[t->to].word);
        if (t->to_other != STATE_NONE)
            buf_printf(out, " or %s", state_table[t->to_other].word);
        buf_puts(out, "  [");
        for (const struct right *r = t->rights; r->role != ROLE_NOBODY; r++)
            buf_printf(out, "%s%s:%s", r == t->rights ? "" : " ", role_table[r->role].word,
                       reach_table[r->reach].word);
        buf_putc(out, ']');
        print_words(out, "start", t->start, ALL_CLOCKS, clock_table);
        print_words(out, "stop", t->stop, ALL_CLOCKS, clock_table);
        print_words(out, "opens", t->opens, 0, object_table);
        print_words(out, "moves", t->moves, 0, object_table);
        print_words(out, "ends", t->ends, EVERYTHING, object_table);
        buf_printf(out, "  %s (%s)\n", _(t->needs), t->source);
    }
}

/* One line a command: what each role may do to which cases; "-" for no right. */
void workflow_print_matrix(struct buf *out)
{
    buf_printf(out, "%-20s", "");
    for (int r = ROLE_AUTOMATIC; r < ROLE_COUNT; r++)
        buf_printf(out, " %-10s", role_table[r].word);
    buf_putc(out, '\n');
    for (int c = 0; c < COMMAND_COUNT; c++) {
        buf_printf(out, "%-20s", command_table[c].word);
        for (int r = ROLE_AUTOMATIC; r < ROLE_COUNT; r++) {
            uint32_t reach = 0;
            for (size_t i = 0; i < workflow_rows; i++)
                for (const struct right *right = workflow_table[i].rights;
                     right->role != ROLE_NOBODY; right++)
                    if (workflow_table[i].command == (enum command_type)c &&
                        right->role == (enum role)r)
                        reach |= 1u << right->reach;
            const char *word = "-";
            for (int k = REACH_COUNT - 1; k >= 0; k--) /* the widest of several */
                word = reach & (1u << k) ? reach_table[k].word : word;
            buf_printf(out, " %-10s", word);
        }
        buf_putc(out, '\n');
    }
}

void workflow_print_dot(struct buf *out)
{
    buf_puts(out, "digraph workflow {\n");
    for (size_t i = 0; i < workflow_rows; i++) {
        const struct transition *t = &workflow_table[i];
        for (unsigned s = 0; s < STATE_COUNT && t->to != STATE_NONE; s++) {
            if (!(t->from & (1u << s)))
                continue;
            buf_printf(out, "    %s -> %s [label=\"%s\"];\n", state_table[s].word,
                       state_table[t->to].word, command_table[t->command].word);
            if (t->to_other != STATE_NONE)
                buf_printf(out, "    %s -> %s [label=\"%s\"];\n", state_table[s].word,
                           state_table[t->to_other].word, command_table[t->command].word);
        }
    }
    buf_puts(out, "}\n");
}
