/*
 * probe.h: asks the terminal how wide it shows a character of ambiguous width (UAX #11).
 *
 * Purpose: prints one such character at the beginning of a line and asks where the cursor is (CSI 6 n, ECMA-48 DSR),
 *          which every terminal since the VT100 answers; then wipes it out.
 * Errors: a terminal that is silent for half a second, or a pipe, is "not known". What was typed meanwhile is lost.
 * Threads: one; not while a screen is open.
 */
#ifndef JIBAN_TUI_PROBE_H
#define JIBAN_TUI_PROBE_H

/* Cells: 1 or 2; 0: not known. */
int probe_ambiguous(void);

#endif
