/* Confirmed commands: their order, their outcome, and the answers to a refusal. */
#include "tests/unit/store_kit.h"

static struct outbox_row *outbox(struct kit *k, size_t *ret_n)
{
    struct outbox_row *row = NULL;
    assert_int_equal(store_outbox(k->store, 100, &k->arena, &row, ret_n, NULL), ST_OK);
    return row;
}

static void queue(struct kit *k, int n, int case_n)
{
    struct command c = kit_note(k, n, case_n, "seen");
    assert_int_equal(store_queue(k->store, &c, NULL), ST_OK);
}

static void reject(struct kit *k, int n)
{
    struct outcome o = {.id = kit_id('k', n),
                        .kind = OUTCOME_REJECTED,
                        .problem = {409, "urn:jiban:problem:state", "Closed", "It is closed.", ""}};
    assert_int_equal(store_outcomes(k->store, &o, 1, NULL), ST_OK);
}

static void test_order_and_duplicate(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    kit_begin(&k);
    kit_case(&k, 1, STATE_WORKING, "E-1");
    queue(&k, 9, 1);
    queue(&k, 3, 1);
    queue(&k, 7, 1);
    struct command again = kit_note(&k, 3, 1, "other");
    assert_int_equal(store_queue(k.store, &again, NULL), ST_EXISTS);
    struct outbox_row *row = outbox(&k, &n);
    static const int order[] = {9, 3, 7};
    assert_int_equal(n, 3);
    for (int i = 0; i < 3; i++) {
        struct uuid id = kit_id('k', order[i]);
        assert_int_equal(uuid_compare(&row[i].command.id, &id), 0);
        assert_string_equal(row[i].command.values[0].text, "seen");
    }
    struct uuid id = kit_id('c', 1);
    struct case_view v;
    assert_int_equal(store_case(k.store, &id, &k.arena, &v, NULL), ST_OK);
    assert_int_equal(v.unsent, 3);
    kit_end(&k);
}

/* Several at once: all in their order, or none of them. */
static void test_all_or_none(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    kit_begin(&k);
    for (int i = 1; i <= 3; i++)
        kit_case(&k, i, STATE_WORKING, "E-1");
    queue(&k, 5, 1);
    reject(&k, 5); /* its id is taken, and the database itself would not mind */
    struct command three[3];
    const int ids[] = {6, 5, 7};
    for (int i = 0; i < 3; i++)
        three[i] = kit_note(&k, ids[i], i + 1, "seen");
    assert_int_equal(store_queue_all(k.store, three, 3, NULL), ST_EXISTS);
    (void)outbox(&k, &n);
    assert_int_equal(n, 0);
    three[1].id = kit_id('k', 8);
    assert_int_equal(store_queue_all(k.store, three, 3, NULL), ST_OK);
    struct outbox_row *row = outbox(&k, &n);
    assert_int_equal(n, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(uuid_compare(&row[i].command.id, &three[i].id), 0);
    for (int i = 1; i <= 3; i++) {
        struct uuid id = kit_id('c', i);
        struct case_view v;
        assert_int_equal(store_case(k.store, &id, &k.arena, &v, NULL), ST_OK);
        assert_int_equal(v.unsent, 1);
    }
    kit_end(&k);
}

static void test_tried_stays(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    kit_begin(&k);
    queue(&k, 1, 1);
    struct uuid id = kit_id('k', 1);
    k.now += 5000;
    assert_int_equal(store_outbox_tried(k.store, &id, 1, "no line", NULL), ST_OK);
    struct outbox_row *row = outbox(&k, &n);
    assert_int_equal(n, 1);
    assert_int_equal(row[0].tries, 1);
    assert_int_equal(row[0].last_try_ms, k.now);
    assert_string_equal(row[0].last_error, "no line");
    kit_end(&k);
}

static void test_outcomes(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    kit_begin(&k);
    kit_case(&k, 1, STATE_WORKING, "E-1");
    for (int i = 1; i <= 4; i++)
        queue(&k, i, 1);
    struct problem why = {409, "urn:jiban:problem:state", "Closed", "It is closed.", "note"};
    struct outcome o[] = {
        {.id = kit_id('k', 1), .kind = OUTCOME_APPLIED, .version = 3},
        {.id = kit_id('k', 2), .kind = OUTCOME_REJECTED, .problem = why},
        {.id = kit_id('k', 3), .kind = OUTCOME_DUPLICATE, .first = OUTCOME_APPLIED, .version = 4},
        {.id = kit_id('k', 77), .kind = OUTCOME_APPLIED, .version = 9}};
    assert_int_equal(store_outcomes(k.store, o, 4, NULL), ST_OK);
    struct store_counts c = kit_counts(&k);
    assert_int_equal(c.outbox, 1);
    assert_int_equal(c.conflicts, 1);
    struct outbox_row *sent;
    assert_int_equal(store_sent(k.store, 10, &k.arena, &sent, &n, NULL), ST_OK);
    assert_int_equal(n, 2);
    struct conflict_row *conflict;
    assert_int_equal(store_conflicts(k.store, &k.arena, &conflict, &n, NULL), ST_OK);
    assert_int_equal(n, 1);
    assert_int_equal(uuid_compare(&conflict[0].command.id, &o[1].id), 0);
    assert_string_equal(conflict[0].command.values[0].text, "seen");
    assert_int_equal(conflict[0].problem.status, 409);
    assert_string_equal(conflict[0].problem.detail, "It is closed.");
    assert_string_equal(conflict[0].problem.field, "note");
    assert_int_equal(conflict[0].at_ms, k.now);
    struct command again = kit_note(&k, 1, 1, "seen");
    assert_int_equal(store_queue(k.store, &again, NULL), ST_EXISTS); /* was sent */
    assert_int_equal(store_sent_forget(k.store, k.now, NULL), ST_OK);
    assert_int_equal(store_sent(k.store, 10, &k.arena, &sent, &n, NULL), ST_OK);
    assert_int_equal(n, 2); /* not older than that */
    assert_int_equal(store_sent_forget(k.store, k.now + 1, NULL), ST_OK);
    assert_int_equal(store_sent(k.store, 10, &k.arena, &sent, &n, NULL), ST_OK);
    assert_int_equal(n, 0);
    kit_end(&k);
}

static void test_offer_again(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    int offered = -1;
    kit_begin(&k);
    for (int i = 1; i <= 3; i++)
        queue(&k, i, 1);
    for (int i = 1; i <= 2; i++) {
        struct outcome o = {.id = kit_id('k', i), .kind = OUTCOME_APPLIED, .version = 3};
        assert_int_equal(store_outcomes(k.store, &o, 1, NULL), ST_OK);
        k.now += 1000;
    }
    assert_int_equal(store_offer_again(k.store, k.now - 1000, &offered, NULL), ST_OK);
    assert_int_equal(offered, 1);
    struct outbox_row *row = outbox(&k, &n);
    assert_int_equal(n, 2);
    struct uuid first = kit_id('k', 2); /* in its old place, before 3 */
    assert_int_equal(uuid_compare(&row[0].command.id, &first), 0);
    kit_end(&k);
}

static void test_conflict_answers(void **state)
{
    (void)state;
    struct kit k;
    size_t n;
    kit_begin(&k);
    kit_case(&k, 1, STATE_WORKING, "E-1");
    for (int i = 1; i <= 4; i++) {
        queue(&k, i, 1);
        reject(&k, i);
    }
    assert_int_equal(kit_counts(&k).conflicts, 4);
    struct uuid id = kit_id('k', 1), anew = kit_id('k', 11);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_RESEND, NULL, NULL), ST_INVALID);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_RESEND, &anew, NULL), ST_OK);
    struct outbox_row *row = outbox(&k, &n);
    assert_int_equal(n, 1);
    assert_int_equal(uuid_compare(&row[0].command.id, &anew), 0);
    assert_int_equal(row[0].command.base, 2);
    assert_string_equal(row[0].command.values[0].text, "seen");
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_RESEND, &anew, NULL),
                     ST_NOT_FOUND);

    id = kit_id('k', 2);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_TO_NOTE, &anew, NULL),
                     ST_EXISTS); /* that id is taken: nothing changes */
    assert_int_equal(kit_counts(&k).conflicts, 3);
    anew = kit_id('k', 12);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_TO_NOTE, &anew, NULL), ST_OK);
    row = outbox(&k, &n);
    assert_int_equal(n, 2);
    assert_int_equal(row[1].command.type, COMMAND_NOTE);
    assert_non_null(strstr(row[1].command.values[0].text, "seen"));

    id = kit_id('k', 3);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_TO_DRAFT, NULL, NULL), ST_OK);
    struct uuid case_id = kit_id('c', 1);
    struct draft d;
    assert_int_equal(store_draft_get(k.store, &case_id, COMMAND_NOTE, &k.arena, &d, NULL), ST_OK);
    assert_string_equal(d.values[0].text, "seen");
    id = kit_id('k', 4);
    assert_int_equal(store_conflict_answer(k.store, &id, CONFLICT_TO_DRAFT, NULL, NULL), ST_OK);
    assert_int_equal(kit_counts(&k).drafts, 2); /* a draft is never written over */
    assert_int_equal(kit_counts(&k).conflicts, 0);
    assert_int_equal(kit_counts(&k).outbox, 2);
    kit_end(&k);
}

static size_t leaving(struct kit *k, int64_t *next)
{
    struct outbox_row *row;
    size_t n;
    assert_int_equal(store_outbox_leave(k->store, 10, &k->arena, &row, &n, next, NULL), ST_OK);
    for (size_t i = 0; i < n; i++) /* in the order of confirmation */
        assert_true(i == 0 || uuid_compare(&row[i - 1].command.id, &row[i].command.id) < 0);
    return n;
}

/* What waits is not sent before its time, nor what was confirmed after it on the same case; others pass. */
static void test_later(void **state)
{
    struct kit k;
    int64_t next;
    (void)state;
    kit_begin(&k);
    for (int i = 1; i <= 2; i++)
        kit_case(&k, i, STATE_SENT, "E-1");
    struct command wait = kit_note(&k, 1, 1, "wait"), behind = kit_note(&k, 2, 1, "behind"),
                   other = kit_note(&k, 3, 2, "other");
    assert_int_equal(store_queue_later(k.store, &wait, 1, k.now + 10000, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &behind, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &other, NULL), ST_OK);
    assert_int_equal(leaving(&k, &next), 1);
    assert_int_equal(next, k.now + 10000);
    k.now += 9999;
    assert_int_equal(leaving(&k, &next), 1); /* the other one again: no outcome was heard */
    k.now += 1;
    assert_int_equal(leaving(&k, &next), 3);
    assert_true(next == INT64_MAX);
    kit_end(&k);
}

static void test_take_back(void **state)
{
    struct kit k;
    struct taken_back t;
    struct draft d;
    int64_t next;
    (void)state;
    kit_begin(&k);
    kit_case(&k, 1, STATE_SENT, "E-1");
    kit_case(&k, 2, STATE_SENT, "E-2");
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_NOT_FOUND);
    struct command two[] = {kit_note(&k, 1, 1, "first"), kit_note(&k, 2, 2, "second")};
    assert_int_equal(store_queue_later(k.store, two, 2, k.now + 10000, NULL), ST_OK);
    assert_int_equal(leaving(&k, &next), 0);
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_OK); /* both of them, as drafts */
    assert_int_equal(t.n, 2);
    assert_true(t.says && t.type == COMMAND_NOTE && uuid_compare(&t.case_id, &two[0].case_id) == 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            store_draft_get(k.store, &two[i].case_id, COMMAND_NOTE, &k.arena, &d, NULL), ST_OK);
        assert_string_equal(d.values[0].text, two[i].values[0].text);
    }
    assert_int_equal(kit_counts(&k).outbox, 0);
    /* a draft that was begun meanwhile is not written over: both lie beside each other */
    struct command more[] = {kit_note(&k, 3, 2, "third"), kit_note(&k, 4, 1, "fourth")};
    assert_int_equal(store_draft_drop(k.store, &two[1].case_id, COMMAND_NOTE, 0, NULL), ST_OK);
    assert_int_equal(store_queue_later(k.store, more, 2, 0, NULL), ST_OK);
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_OK);
    assert_int_equal(kit_counts(&k).outbox, 0);
    assert_int_equal(kit_counts(&k).drafts, 3);
    for (int slot = 0; slot < 2; slot++) {
        assert_int_equal(
            store_draft_in(k.store, &two[0].case_id, COMMAND_NOTE, slot, &k.arena, &d, NULL),
            ST_OK);
        assert_string_equal(d.values[0].text, slot ? "fourth" : "first");
    }
    assert_int_equal(store_draft_get(k.store, &two[0].case_id, COMMAND_NOTE, &k.arena, &d, NULL),
                     ST_OK);
    assert_int_equal(d.slot, 1); /* the one that was written last */
    assert_int_equal(store_draft_drop(k.store, &two[0].case_id, COMMAND_NOTE, 1, NULL), ST_OK);
    assert_int_equal(store_queue_later(k.store, more, 2, 0, NULL), ST_OK);
    /* what has begun to leave does not come back */
    assert_int_equal(store_draft_drop(k.store, &two[0].case_id, COMMAND_NOTE, 0, NULL), ST_OK);
    assert_int_equal(leaving(&k, &next), 2);
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_CONFLICT);
    assert_int_equal(kit_counts(&k).outbox, 2);
    /* the record of a reveal stays, whatever is taken back */
    struct command reveal = kit_note(&k, 5, 1, "x"), last = kit_note(&k, 6, 1, "last");
    reveal.type = COMMAND_REVEAL;
    reveal.n_values = 0;
    assert_int_equal(store_queue(k.store, &last, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &reveal, NULL), ST_OK);
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_OK);
    assert_int_equal(kit_counts(&k).outbox, 3);
    assert_int_equal(store_take_back_one(k.store, &reveal.id, &t, NULL), ST_REFUSED);
    assert_int_equal(kit_counts(&k).outbox, 3);
    kit_end(&k);
}

/* A chosen one comes back with its batch, but not from under what was confirmed later on the same case. */
static void test_take_back_one(void **state)
{
    struct kit k;
    struct taken_back t;
    struct draft d;
    (void)state;
    kit_begin(&k);
    for (int i = 1; i <= 3; i++)
        kit_case(&k, i, STATE_SENT, "E-1");
    struct command two[] = {kit_note(&k, 1, 1, "one"), kit_note(&k, 2, 2, "two")},
                   above = kit_note(&k, 3, 2, "above"), other = kit_note(&k, 4, 3, "other");
    struct uuid unknown = kit_id('k', 99);
    assert_int_equal(store_queue_later(k.store, two, 2, 0, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &above, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &other, NULL), ST_OK);
    assert_int_equal(store_take_back_one(k.store, &unknown, &t, NULL), ST_NOT_FOUND);
    /* the first of the batch has nothing above it, the second one has */
    assert_int_equal(store_take_back_one(k.store, &two[0].id, &t, NULL), ST_REFUSED);
    assert_int_equal(kit_counts(&k).outbox, 4);
    assert_int_equal(kit_counts(&k).drafts, 0);
    assert_int_equal(store_take_back_one(k.store, &above.id, &t, NULL), ST_OK);
    assert_int_equal(t.n, 1);
    assert_int_equal(store_draft_get(k.store, &above.case_id, COMMAND_NOTE, &k.arena, &d, NULL),
                     ST_OK);
    assert_string_equal(d.values[0].text, "above");
    assert_int_equal(store_take_back_one(k.store, &two[1].id, &t, NULL), ST_OK);
    assert_int_equal(t.n, 2);
    assert_int_equal(kit_counts(&k).outbox, 1); /* the other one */
    assert_int_equal(kit_counts(&k).drafts, 3);
    kit_end(&k);
}

/* One of a batch alone; the others stay a batch, whichever it was. */
static void test_take_back_alone(void **state)
{
    struct kit k;
    struct taken_back t;
    (void)state;
    kit_begin(&k);
    for (int i = 1; i <= 4; i++)
        kit_case(&k, i, STATE_SENT, "E-1");
    struct command four[] = {kit_note(&k, 1, 1, "one"), kit_note(&k, 2, 2, "two"),
                             kit_note(&k, 3, 3, "three"), kit_note(&k, 4, 4, "four")},
                   above = kit_note(&k, 5, 3, "above");
    assert_int_equal(store_queue_later(k.store, four, 4, 0, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &above, NULL), ST_OK);
    assert_int_equal(store_take_back_alone(k.store, &four[0].id, &t, NULL), ST_OK);
    assert_int_equal(t.n, 1);
    assert_int_equal(uuid_compare(&t.case_id, &four[0].case_id), 0);
    assert_int_equal(kit_counts(&k).outbox, 4);
    assert_int_equal(kit_counts(&k).drafts, 1);
    assert_int_equal(store_take_back_alone(k.store, &four[0].id, &t, NULL), ST_NOT_FOUND);
    assert_int_equal(store_take_back_alone(k.store, &four[2].id, &t, NULL), ST_REFUSED);
    assert_int_equal(store_take_back_alone(k.store, &four[1].id, &t, NULL), ST_OK);
    assert_int_equal(store_take_back_alone(k.store, &above.id, &t, NULL), ST_OK);
    assert_int_equal(store_take_back(k.store, &t, NULL), ST_OK);
    assert_int_equal(t.n, 2);
    assert_int_equal(kit_counts(&k).outbox, 0);
    assert_int_equal(kit_counts(&k).drafts, 5);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_back_alone),     cmocka_unit_test(test_later),
        cmocka_unit_test(test_take_back),           cmocka_unit_test(test_take_back_one),
        cmocka_unit_test(test_order_and_duplicate), cmocka_unit_test(test_all_or_none),
        cmocka_unit_test(test_tried_stays),         cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_offer_again),         cmocka_unit_test(test_conflict_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
