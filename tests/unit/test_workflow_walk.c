/* A seeded random walk: the invariants of domain.md 6.3 hold after every command. */
#include "tests/clock_rules.h"
#include "tests/unit/policy_fixture.h"

static uint32_t next(uint32_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 17;
    *s ^= *s << 5;
    return *s;
}

/* What ends a case early is tried seldom, so that the walks come far. */
static bool is_early_end(enum command_type type)
{
    return type == COMMAND_WITHDRAW || type == COMMAND_CONFIRM_VOID || type == COMMAND_MERGE ||
           type == COMMAND_SEND_ELSEWHERE || type == COMMAND_ANSWER ||
           type == COMMAND_TELL_PROGRESS || type == COMMAND_ASK_RETURN;
}

static const char *late_now(struct fixture *f, int64_t now)
{
    enum command_type type;
    const struct value *v;
    size_t n;
    f->ctx.now_ms = now;
    bool due = workflow_automatic(&f->ctx, &f->c, &f->arena, &type, &v, &n);
    return due && type == COMMAND_LATE ? v[0].text : "sign";
}

static const char *later_than(struct fixture *f, int64_t now, bool handle)
{
    char form[RFC3339_SIZE];
    const struct clock_run *run = &f->c.clock[CLOCK_HANDLE];
    int64_t ms = handle && run->status == CLOCK_RUNNING && run->due_ms > now ? run->due_ms : now;
    rfc3339_format(ms + MS_HOUR, BEIJING_OFFSET_MS, form);
    return arena_strdup(&f->arena, form);
}

static void invariants_hold(void **state)
{
    (void)state;
    static const struct actor *const people[] = {
        &operator_1, &dispatcher_1, &district_1,  &desk_1,     &desk_2,
        &handler_1,  &handler_2,    &reviewer_1,  &reviewer_2, &leader_1,
        &callback_1, &dept_1,       &community_1, &judge_1,    &clock_1};
    static const struct value pool[] = {{FIELD_TYPE, "help"},
                                        {FIELD_CATEGORY, "0101"},
                                        {FIELD_STREET, "1101"},
                                        {FIELD_DISTRICT, "11"},
                                        {FIELD_CONTENT, "x"},
                                        {FIELD_PHONE, "13800005678"},
                                        {FIELD_RETURN_CLASS, "R1"},
                                        {FIELD_BASIS, "b"},
                                        {FIELD_PROPOSED, "1103"},
                                        {FIELD_REASON, "r"},
                                        {FIELD_SAID, "s"},
                                        {FIELD_REPLY, "y"},
                                        {FIELD_RESULT, "solved"},
                                        {FIELD_MISSING, "m"},
                                        {FIELD_CONTACTED, "yes"},
                                        {FIELD_SATISFIED, "not"},
                                        {FIELD_LAWFUL_LEFT, "yes"},
                                        {FIELD_OPEN_POINT, "o"},
                                        {FIELD_NOTE, "n"},
                                        {FIELD_ANSWER, "a"},
                                        {FIELD_EXIT, "secrecy"},
                                        {FIELD_OLD_ORDER, "2603"},
                                        {FIELD_TASK, "t"},
                                        {FIELD_KIND, "J"},
                                        {FIELD_FINDING, "f"},
                                        {FIELD_VERDICT, "late"},
                                        {FIELD_OBJECTION, "no_need"},
                                        {FIELD_PARTICIPANTS, "p"},
                                        {FIELD_DECISION, "d"},
                                        {FIELD_PROPOSALS, "p"},
                                        {FIELD_TRIED, "t"},
                                        {FIELD_PLAN, "p"},
                                        {FIELD_EXTENSION_CLASS, "E2"},
                                        {FIELD_HANG_CLASS, "H4"},
                                        {FIELD_EVIDENCE, "e"},
                                        {FIELD_EXCLUSION_CLASS, "X6"},
                                        {FIELD_LADDER, "notice"},
                                        {FIELD_FORM, "rude"},
                                        {FIELD_LAWFUL_ANSWER, "explained"},
                                        {FIELD_DUTY_RECORD, "d"},
                                        {FIELD_PROPOSES, "hang"},
                                        {FIELD_DISCLOSED, "print"},
                                        {FIELD_SUPPLEMENT, "s"},
                                        {FIELD_DUTY, "done"},
                                        {FIELD_EMERGENCY, "storm-1"},
                                        {FIELD_UNITS, "118008"},
                                        {FIELD_FIELD_NAME, "title"},
                                        {FIELD_NEW_VALUE, "t"},
                                        {FIELD_MERGED_INTO, "02000000-0000-7000-8000-000000000000"},
                                        {FIELD_FOLLOWERS, "02000000-0000-7000-8000-000000000000"}};
    uint32_t s = 20260311;
    size_t applied = 0, closed = 0, replied = 0, done[COMMAND_COUNT] = {0};
    for (int walk = 0; walk < 400; walk++) {
        struct fixture f;
        fixture_begin(&f);
        int64_t now = at(2026, 3, 11, 8, 0);
        bool reopened = false;
        const char *const tier = tier_word[next(&s) % TIER_COUNT];
        for (int step = 0; step < 300; step++) {
            enum command_type type = (enum command_type)(next(&s) % COMMAND_COUNT);
            if (is_early_end(type) && next(&s) % 8)
                type = COMMAND_CONTACT;
            const struct actor *who = people[next(&s) % (sizeof people / sizeof people[0])];
            f.ctx.now_ms = now;
            for (int again = 0; again < 60 && step % 4 &&
                                (workflow_offers(&f.ctx, &f.c, type, who) != REFUSAL_NONE ||
                                 (is_early_end(type) && next(&s) % 8));
                 again++) { /* mostly what is possible, else the walk stays where it is */
                type = (enum command_type)(next(&s) % COMMAND_COUNT);
                who = people[next(&s) % (sizeof people / sizeof people[0])];
            }
            struct value v[24];
            size_t n = 0;
            for (size_t k = 0; k < command_table[type].n_arguments; k++) {
                enum field field = command_table[type].arguments[k].field;
                const char *text = value_find(pool, sizeof pool / sizeof pool[0], field);
                if (field == FIELD_UNIT)
                    text = next(&s) % 2 ? "1101" : "1102";
                else if (field == FIELD_HANDLER)
                    text = next(&s) % 2 ? "ha1" : "ha2";
                else if (field == FIELD_TIER && type == COMMAND_LOG)
                    text = tier;
                else if (field == FIELD_REACHED)
                    text = next(&s) % 2 ? "yes" : "no";
                else if (field == FIELD_CONNECTED)
                    text = next(&s) % 2 ? "no_answer" : "sms";
                else if (field == FIELD_GRANTED)
                    text = next(&s) % 4 ? "yes" : "no";
                else if (field == FIELD_NEW_DUE || field == FIELD_NEXT_LOOK)
                    text = later_than(&f, now, field == FIELD_NEW_DUE);
                else if (field == FIELD_LATE_CLOCK)
                    text = late_now(&f, now);
                else if (field == FIELD_SOLVED)
                    text = next(&s) % 2 ? "solved" : "not";
                if (text && n < 24)
                    v[n++] = (struct value){field, text};
            }
            now += (int64_t)(next(&s) % 20) * MS_MINUTE / 4;
            if (step % 100 == 99) /* nights, and clocks that are over */
                now += (int64_t)(next(&s) % 40) * MS_HOUR;
            struct casefile was = f.c;
            f.ctx.now_ms = now;
            enum refusal_code offers = workflow_offers(&f.ctx, &f.c, type, who);
            enum refusal_code got = run_list(&f, now, who, type, v, n);
            const struct casefile *c = &f.c;
            if (offers != REFUSAL_NONE)
                assert_int_equal(got, offers);
            if (got != REFUSAL_NONE) {
                assert_memory_equal(&was, c, sizeof was);
                continue;
            }
            applied++;
            reopened |= type == COMMAND_REOPEN;
            done[type]++;
            assert_int_equal(c->version, was.version + 1);
            assert_true(*f.last->actor.user); /* 10 */
            char why[128];
            if (!clocks_fit(c, why, sizeof why))
                fail_msg("%s", why);
            if (c->state == STATE_CLOSED) /* a callback result or a recorded ground */
                assert_true(*c->value[FIELD_CLOSED_AS]);
            if (type == COMMAND_DECIDE_UNREASONABLE || type == COMMAND_MARK_UNREASONABLE)
                assert_int_equal(c->state, was.state); /* it hides nothing */
            bool held = c->state >= STATE_SENT && c->state <= STATE_REVIEW;
            if (held) {
                if (!*c->value[FIELD_UNIT]) /* 1 */
                    fail_msg("%s in %s without a unit", command_table[type].word,
                             state_table[c->state].word);
                if (c->reworked == 0 && !reopened)
                    assert_int_equal(c->clock[CLOCK_HANDLE].status, CLOCK_RUNNING); /* 2 */
            }
            if (c->state == STATE_REPLIED) {
                replied++;
                /* 3; of a merged order the leading one was contacted */
                assert_true(c->contacted_ok > 0 || c->contact_tries >= 3 ||
                            was.state != STATE_REVIEW);
                if (was.state == STATE_REVIEW && c->clock[CLOCK_HANDLE].status == CLOCK_RUNNING)
                    fail_msg("handle runs on in REPLIED");
                if (was.state == STATE_REVIEW && strcmp(c->value[FIELD_TIER], "T2H") != 0)
                    assert_string_not_equal(c->value[FIELD_DRAFTER], c->value[FIELD_APPROVER]);
            }
            if (type == COMMAND_ATTEMPT || type == COMMAND_RATE)
                assert_null(strstr(c->value[FIELD_HANDLED_BY], who->office)); /* 5 */
            if (type == COMMAND_ASK_RETURN) {                                 /* 6 */
                assert_null(strstr(was.value[FIELD_RETURNED_BY], was.value[FIELD_UNIT]));
                assert_true(was.dispatched < 3);
                assert_string_not_equal(was.value[FIELD_DESIGNATED], "yes");
            }
            /* a merger takes the earlier of both (row 31) */
            if (type != COMMAND_DISPATCH && type != COMMAND_DESIGNATE &&
                type != COMMAND_TAKE_FOLLOWER && was.clock[CLOCK_HANDLE].status == CLOCK_RUNNING)
                assert_true(c->clock[CLOCK_HANDLE].due_ms >=
                            was.clock[CLOCK_HANDLE].due_ms); /* 7 */
            assert_true(c->reworked <= 2);                   /* 8 */
            closed += c->state == STATE_CLOSED && was.state != STATE_CLOSED;
        }
        fixture_end(&f);
    }
    print_message("# %zu applied, %zu replied, %zu closed\n", applied, replied, closed);
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (done[i] == 0)
            print_message("# never: %s\n", command_table[i].word);
    assert_true(applied > 1000 && replied > 10 && closed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(invariants_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
