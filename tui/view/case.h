/*
 * case.h: one case: clocks, facts, history, as lines to scroll through.
 *
 * Purpose: case_model.c reads the case, case_update.c scrolls, case_draw.c draws (with case_objects.c and
 *          case_history.c); the pane beside the queue and the
 *          page of its own are the same.
 * Ownership: the case lies in the view's arena until it is read again. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_CASE_H
#define JIBAN_TUI_VIEW_CASE_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "core/case/workflow.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

enum { CASE_OTHERS_MAX = 16 };
/* Another order that this one names by its id. */
struct other_order {
    struct uuid id;
    const char *number;
};
struct case_page {
    struct arena arena;
    bool have; /* else there is none: left the sight, or never read */
    struct uuid id;
    struct casefile shown;
    const struct event *events;
    size_t n_events, n_confirmed;
    int unsent;
    int at_hand; /* its number (tui/opened.h); 0: none */
    const struct other_order *others;
    size_t n_others;
    const struct reference *reference;
    const struct actor *who;
    const struct policy *policy;
    const struct emergencies *emergencies;
    const struct presence_list *there; /* the others, at any case; NULL: not known */
    int64_t now_ms;
    bool reveal;      /* personal data in full */
    bool all_objects; /* ended ones too, each with all that is known */
    struct scroll scroll;
    unsigned reading; /* grows with each case_read() */
    struct case_drawn {
        unsigned reading, heard; /* heard: of the others */
        int first;
        int64_t second; /* what is left on a clock may be this late */
        bool have, reveal, all_objects;
    } drawn;
};

void case_init(struct case_page *p);
void case_release(struct case_page *p);
struct view case_view_of(struct case_page *p);
/* Reads the case id; have is false afterwards when it is not in the cache. */
enum status case_read(struct case_page *p, struct console *c, const struct uuid *id,
                      struct errmsg *err);
/* Draws from line first on; returns how many lines the case has at this width (case_draw.c). */
int case_draw(const struct case_page *p, struct surface *s, struct rect r, struct arena *scratch);
/* A value as a person reads it: names for codes, labels for choices, masked unless p says otherwise. */
const char *case_value(const struct case_page *p, enum field field, const char *text,
                       struct arena *a);
/* Orders named by id or number, each by its number as far as the cache has it; else by its word. */
const char *case_orders(const struct case_page *p, const char *words, struct arena *a);
#define CASE_ORDER_ENDS " ,;\n" /* what stands between orders in a list */

#endif
