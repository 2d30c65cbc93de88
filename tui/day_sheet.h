/*
 * day_sheet.h: a day of the office out of the cache: what came, what was done, what became late, and each case of it.
 *
 * Purpose: text that a person may go on with. Steps count by the time they were given; a case became overdue when a clock
 *          of it ran past its due time on that day.
 * Ownership: the text goes to the caller's buffer. Errors: those of the store. Threads: that of the store's handle.
 * Cost: every case of the cache is read once.
 */
#ifndef JIBAN_TUI_DAY_SHEET_H
#define JIBAN_TUI_DAY_SHEET_H

#include "tui/print_out.h"

/* day: 20261124, Beijing time. Cleaned; no names or phones of claimants. */
enum status day_sheet_text(const struct print_out *o, int day, struct buf *out, struct errmsg *err);

#endif
