/* A seeded random walk: the invariants of domain.md 6.3 hold after every command. */
#include "tests/unit/policy_fixture.h"

static uint32_t next(uint32_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 17;
    *s ^= *s << 5;
    return *s;
}

static void invariants_hold(void **state)
{
    (void)state;
    static const struct actor *const people[] = {
        &operator_1, &dispatcher_1, &district_1, &desk_1,   &desk_2,    &handler_1,
        &handler_2,  &reviewer_1,   &reviewer_2, &leader_1, &callback_1};
    static const struct value pool[] = {
        {FIELD_TYPE, "help"},       {FIELD_CATEGORY, "0101"},   {FIELD_STREET, "1101"},
        {FIELD_DISTRICT, "11"},     {FIELD_CONTENT, "x"},       {FIELD_PHONE, "13800005678"},
        {FIELD_RETURN_CLASS, "R1"}, {FIELD_BASIS, "b"},         {FIELD_PROPOSED, "1103"},
        {FIELD_REASON, "r"},        {FIELD_SAID, "s"},          {FIELD_REPLY, "y"},
        {FIELD_RESULT, "solved"},   {FIELD_MISSING, "m"},       {FIELD_CONTACTED, "yes"},
        {FIELD_SATISFIED, "not"},   {FIELD_LAWFUL_LEFT, "yes"}, {FIELD_OPEN_POINT, "o"},
        {FIELD_NOTE, "n"}};
    uint32_t s = 20260311;
    size_t applied = 0, closed = 0, replied = 0;
    for (int walk = 0; walk < 150; walk++) {
        struct fixture f;
        fixture_begin(&f);
        int64_t now = at(2026, 3, 11, 8, 0);
        const char *const tier = tier_word[next(&s) % TIER_COUNT];
        for (int step = 0; step < 300; step++) {
            enum command_type type = (enum command_type)(next(&s) % COMMAND_COUNT);
            const struct actor *who = people[next(&s) % (sizeof people / sizeof people[0])];
            f.ctx.now_ms = now;
            for (int again = 0;
                 again < 60 && step % 4 && workflow_offers(&f.ctx, &f.c, type, who) != REFUSAL_NONE;
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
                else if (field == FIELD_SOLVED)
                    text = next(&s) % 2 ? "solved" : "not";
                if (text && n < 24)
                    v[n++] = (struct value){field, text};
            }
            now += (int64_t)(next(&s) % 20) * MS_MINUTE / 4;
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
            assert_int_equal(c->version, was.version + 1);
            assert_true(*f.last->actor.user); /* 10 */
            bool held = c->state >= STATE_SENT && c->state <= STATE_REVIEW;
            if (held) {
                assert_true(*c->value[FIELD_UNIT]); /* 1 */
                if (c->reworked == 0)
                    assert_int_equal(c->clock[CLOCK_HANDLE].status, CLOCK_RUNNING); /* 2 */
            }
            if (c->state == STATE_REPLIED) {
                replied++;
                assert_true(c->contacted_ok > 0 || c->contact_tries >= 3); /* 3 */
                if (was.state == STATE_REVIEW && c->clock[CLOCK_HANDLE].status == CLOCK_RUNNING)
                    fail_msg("handle runs on in REPLIED");
                if (strcmp(c->value[FIELD_TIER], "T2H") != 0)
                    assert_string_not_equal(c->value[FIELD_DRAFTER], c->value[FIELD_APPROVER]);
            }
            if (type == COMMAND_ATTEMPT || type == COMMAND_RATE)
                assert_null(strstr(c->value[FIELD_HANDLED_BY], who->office)); /* 5 */
            if (type == COMMAND_ASK_RETURN) {                                 /* 6 */
                assert_null(strstr(was.value[FIELD_RETURNED_BY], was.value[FIELD_UNIT]));
                assert_true(was.dispatched < 3);
            }
            if (type != COMMAND_DISPATCH && was.clock[CLOCK_HANDLE].status == CLOCK_RUNNING)
                assert_true(c->clock[CLOCK_HANDLE].due_ms >=
                            was.clock[CLOCK_HANDLE].due_ms); /* 7 */
            assert_true(c->reworked <= 2);                   /* 8 */
            closed += c->state == STATE_CLOSED && was.state != STATE_CLOSED;
        }
        fixture_end(&f);
    }
    print_message("# %zu applied, %zu replied, %zu closed\n", applied, replied, closed);
    assert_true(applied > 1000 && replied > 10 && closed > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(invariants_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
