/*
 * shown.h: the value of a field as a person reads it.
 *
 * Purpose: words for choices, names for codes, and both for the values that are lists of them. Times and what is masked are
 *          left to whoever shows them.
 * Ownership: what is made lies in the arena, the rest in tables, reference or the value. Errors: none; what is not known
 * stays as it is. Threads: no state.
 */
#ifndef JIBAN_CASE_SHOWN_H
#define JIBAN_CASE_SHOWN_H

#include "core/case/reference.h"

/* r may be NULL: codes then stay codes. A list of units has each by its name, the code in brackets behind it. */
const char *value_shown(enum field field, const char *text, const struct reference *r, bool chinese,
                        struct arena *a);

#endif
