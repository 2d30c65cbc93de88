/*
 * whistle_sheets_own.h: what the files of the sheets (whistle_sheets.h) share; nobody else includes it.
 *
 * Ownership: as there. Errors: sticky in the buffers. Threads: as there.
 */
#ifndef JIBAN_TUI_WHISTLE_SHEETS_OWN_H
#define JIBAN_TUI_WHISTLE_SHEETS_OWN_H

#include "tui/whistle_sheets.h"

/* A case on its sheets. */
struct sheet_case {
    struct case_view v;
    enum clock_id lead_clock; /* CLOCK_COUNT: none runs */
    int64_t lead_due_ms;
    bool secret, whistle, meeting; /* has an open whistle, a meeting's page */
};
struct sheet_maker {
    const struct print_out *o;
    enum print_form form;
    struct sheet_case *cases;
    size_t n, n_sheets;
    struct buf out;
};

bool sheet_is_open(const struct object *o);
/* An open whistle of the kind that ends in a meeting (domain 7.5). */
bool sheet_calls_meeting(const struct object *o);
/* The event that opened it; NULL when the cache does not have it. */
const struct event *sheet_event(const struct sheet_case *k, const struct object *o);
/* What was said with it when it was opened; "" when nothing was. */
const char *sheet_said(const struct sheet_case *k, const struct object *o, enum field field);
/* Words about a case with what is the claimant's masked. */
const char *sheet_words(const struct sheet_maker *m, const struct sheet_case *k, const char *text);
/* Title and place as they may be told; "" for what may not. */
const char *sheet_title(const struct sheet_maker *m, const struct sheet_case *k);
const char *sheet_place(const struct sheet_maker *m, const struct sheet_case *k);
const char *sheet_unit(const struct sheet_maker *m, const char *code);
/* "resolve: 2026-11-24 14:05, overdue"; "no clock runs". */
const char *sheet_clock(const struct sheet_maker *m, enum clock_id clock, int64_t due_ms);
/* How far an object is and what its unit said. */
const char *sheet_answer(const struct sheet_maker *m, const struct sheet_case *k,
                         const struct object *o);

/* --- text --- */
/* "   label: text"; nothing where the text is "". */
void sheet_fact(const struct sheet_maker *m, struct buf *body, const char *label, const char *text);
/* The same with a line to write on. */
void sheet_blank(struct buf *body, const char *label);
/* What is asked of the unit of an object, by whom, since when, and its clock. */
void sheet_asked(const struct sheet_maker *m, const struct sheet_case *k, const struct object *o,
                 struct buf *body);
/* A page of its own: kind of sheet and whose it is stand at its head. */
void sheet_page(struct sheet_maker *m, const char *kind, const char *whose, const struct buf *body);

/* --- for programs --- */
/* ,"name":"text" */
void sheet_member(struct buf *out, const char *name, const char *text);
/* RFC 3339; "" for TIME_NONE. */
const char *sheet_stamp(const struct sheet_maker *m, int64_t ms);

/* --- the joint meeting (print_meeting.c) --- */
void meeting_page(struct sheet_maker *m, const struct sheet_case *k);
void meeting_object(struct sheet_maker *m, const struct sheet_case *k);

#endif
