/*
 * whistle_sheets.h: paper for those whom a street whistled for: a page a unit with all that it is asked, and a page for each
 * joint meeting.
 *
 * Purpose: one way for the verb (tui/command) and for the screen. A unit's page has each case with an open whistle for it:
 *          what is asked, by whom, since when, its own next clock and the lead's, the answer so far, room to write. A case
 *          with a recorded meeting, or with an open whistle of kind K, which ends in one (domain 7.5), has the meeting's
 *          page: the units, what each is asked, what is open.
 * Privacy: what print_out.h says. A claimant is not named, the place goes as far as the building, and where the claimant's
 *          name or phone, an identity number or a bank card stands in other words it is masked. Of a secret order neither
 *          title nor place is told: what is to be done is all that a unit learns (E8).
 * Ownership: what is made on the way lies in the arena of print_out; the text goes to the caller's buffer, with its errors.
 * Errors: those of the store; ST_NOT_FOUND: none of the cases has such a page; ST_REFUSED: the rules say no to giving one of
 *         them out. Threads: those of the store's handle.
 */
#ifndef JIBAN_TUI_WHISTLE_SHEETS_H
#define JIBAN_TUI_WHISTLE_SHEETS_H

#include "tui/print_out.h"

struct whistle_sheets {
    size_t n_units, n_meetings;
    /* One for each case that is on a sheet: to be queued before a word of it leaves. */
    const struct command *disclosures;
    size_t n_cases;
};

/* TEXT: a form feed between sheets; HTML: a page each; NDJSON: an object each; CSV: a row for each case and unit, no
 * meetings. A case that is named twice is there once. */
enum status whistle_sheets_print(const struct print_out *o, const struct uuid *cases, size_t n,
                                 enum print_form form, struct uuid_source *ids, struct buf *out,
                                 struct whistle_sheets *ret, struct errmsg *err);
/* The cases of a list that have an open whistle, at most limit (0: all). */
enum status whistle_sheets_cases(const struct print_out *o, const struct query *q, long limit,
                                 struct uuid **ret, size_t *ret_n, struct errmsg *err);

#endif
