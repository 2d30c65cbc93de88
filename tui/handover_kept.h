/*
 * handover_kept.h: handover sheets that an office keeps, and who has seen them.
 *
 * Purpose: a sheet is a paper of the office (core/wire/papers.def): its first line says who wrote it and when, its last
 *          ones who has seen it and when; between them stands the text of handover.h. Receivers acknowledge a sheet as a
 *          whole by a line of their own. Two who do so at once give two papers of one sheet: they are read as one, and
 *          made one again by the next who acknowledges.
 * Ownership: texts lie in the arena given.
 * Errors: those of papers.h. ST_TOOBIG: no room for one more name. Threads: those of the store's handle.
 */
#ifndef JIBAN_TUI_HANDOVER_KEPT_H
#define JIBAN_TUI_HANDOVER_KEPT_H

#include "core/store/papers.h"

struct sheet_seen {
    const char *by; /* a user */
    int64_t at_ms;
};
struct sheet {
    struct paper paper;
    const char *by; /* a user */
    int64_t at_ms;  /* when it was written; of one without a first line: when the paper was */
    const char *text;
    const struct sheet_seen *seen; /* in order of time */
    size_t n_seen;
    bool unsent;         /* the centre does not have it as it is here */
    const char *problem; /* why it does not take it; "" */
};

/* Keeps text as a sheet of the person's office under "DATE TIME USER", by the server's time. Where the office has as many
 * as it may, the oldest are thrown away. *ret_cut: so many lines at its end did not fit, and the sheet says so. */
enum status sheet_keep(struct store *s, const struct actor *who, int64_t now_ms, const char *text,
                       int *ret_cut, struct errmsg *err);
/* Those of the person's office, the newest first. */
enum status sheets_load(struct store *s, const struct actor *who, struct arena *a,
                        struct sheet **ret, size_t *ret_n, struct errmsg *err);
/* When a user has seen it; TIME_NONE: not yet. */
int64_t sheet_seen_ms(const struct sheet *sheet, const char *user);
/* Writes on the sheet that the person has seen it. */
enum status sheet_acknowledge(struct store *s, const struct actor *who, int64_t now_ms,
                              const struct sheet *sheet, struct errmsg *err);

#endif
