/* reader_same.h: the one-pass reader against the tree: what the reader takes, the tree takes with the same result.
 * For the unit test and the fuzzer; returns NULL when it holds, else what does not. */
#ifndef JIBAN_TESTS_READER_SAME_H
#define JIBAN_TESTS_READER_SAME_H

#include "core/wire/json.h"
#include "core/wire/codec.h"
#include "core/wire/reader.h"
#include <string.h>

static inline const char *reader_same_event(const struct event *x, const struct event *y)
{
    if (x->seq != y->seq || x->type != y->type || x->at_ms != y->at_ms ||
        x->entered_ms != y->entered_ms || x->to != y->to ||
        uuid_compare(&x->command_id, &y->command_id) != 0)
        return "head of an event";
    if (x->actor.role != y->actor.role || strcmp(x->actor.user, y->actor.user) != 0 ||
        strcmp(x->actor.name, y->actor.name) != 0 ||
        strcmp(x->actor.office, y->actor.office) != 0 ||
        strcmp(x->actor.unit, y->actor.unit) != 0 || strcmp(x->actor.device, y->actor.device) != 0)
        return "actor";
    if (x->n_values != y->n_values || x->n_clocks != y->n_clocks)
        return "number of values or clocks";
    for (size_t i = 0; i < x->n_values; i++)
        if (x->values[i].field != y->values[i].field ||
            strcmp(x->values[i].text, y->values[i].text) != 0)
            return "value";
    for (size_t i = 0; i < x->n_clocks; i++)
        if (x->clocks[i].clock != y->clocks[i].clock || x->clocks[i].op != y->clocks[i].op ||
            x->clocks[i].due_ms != y->clocks[i].due_ms)
            return "clock";
    return NULL;
}

/* ret_taken: did the reader take it? */
static inline const char *reader_same(const char *text, size_t n, struct arena *a, bool *ret_taken)
{
    struct change c, tree_c;
    struct event e, tree_e;
    const char *why = NULL;
    bool line = change_read(text, n, a, &c), single = event_read(text, n, a, &e);
    *ret_taken = line || single;
    if (single)
        why = event_tree(text, n, a, &tree_e, NULL) != ST_OK ? "the tree refuses the event"
                                                             : reader_same_event(&e, &tree_e);
    if (!line || why)
        return why;
    if (change_tree(text, n, a, &tree_c, NULL) != ST_OK)
        return "the tree refuses the line";
    if (tree_c.kind != CHANGE_CASE || c.kind != CHANGE_CASE || c.version != tree_c.version ||
        c.since != tree_c.since || uuid_compare(&c.case_id, &tree_c.case_id) != 0 ||
        c.n_events != tree_c.n_events || *c.cursor || *tree_c.cursor)
        return "head of the line";
    if (c.events_json_len != tree_c.events_json_len ||
        memcmp(c.events_json, tree_c.events_json, c.events_json_len + 1) != 0)
        return "raw text";
    for (size_t i = 0; i < c.n_events && !why; i++)
        why = reader_same_event(&c.events[i], &tree_c.events[i]);
    return why;
}

#endif
