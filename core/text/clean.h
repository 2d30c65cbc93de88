/*
 * clean.h: the gate through which foreign text must pass before it is shown.
 *
 * Purpose: text written by citizens, colleagues, servers and files is hostile until cleaned. Only
 *          `struct clean` can be put on a surface or printed; the compiler holds everyone to it.
 * What is let through: letters, marks (at most 4 on a base, none at the start of a field), numbers,
 *          punctuation, symbols, blank. Everything else (Cc, Cf, Cs, Co, Cn, Zl, Zp, variation
 *          selectors, fillers, bytes that are not UTF-8) appears in a visible form, <U+202E> or
 *          <80>, between CLEAN_ON and CLEAN_OFF. These two control bytes cannot come from data, so
 *          the display gives what is between them an attribute that data cannot set.
 *          U+FE0F after an emoji base and ZWJ are shown in visible form as well: the cell grid must
 *          not depend on the terminal's idea of them. (U+FE0F, U+200B..U+200D may be dropped where
 *          CLEAN_QUIET is asked for lists; see the flags.)
 * Line breaks: CLEAN_LINE shows LF, CR and TAB in visible form as well (a one-line field): as a
 *          blank-like mark; CLEAN_TEXT keeps LF (CRLF and lone CR become LF) and turns TAB into blanks.
 * Ownership: the text lies in the arena given, or in the literal.
 * Stored text is never altered; cleaning is for showing only.
 */
#ifndef JIBAN_TEXT_CLEAN_H
#define JIBAN_TEXT_CLEAN_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include <stddef.h>

#define CLEAN_ON '\x01'
#define CLEAN_OFF '\x02'

enum clean_mode { CLEAN_LINE, CLEAN_TEXT };

struct clean {
    const char *text; /* NUL-terminated valid UTF-8 plus the two marks; never NULL */
    size_t len;
};

/* n bytes of foreign text; linear time, at most 4 times the input in memory. */
struct clean text_clean(struct arena *a, const char *s, size_t n, enum clean_mode mode);
struct clean text_clean_str(struct arena *a, const char *s, enum clean_mode mode);
/* At most cells cells are wanted: stops early on long input (a list column of a 1 MiB text). */
struct clean text_clean_fit(struct arena *a, const char *s, size_t n, int cells);
/* Our own text (a translated literal, digits made by us); asserts that it is clean. */
struct clean clean_own(const char *s);

/* For output that has no attributes (pipe, plain terminal): the marks become the reserved bracket
 * pair U+27E8 U+27E9, and such brackets in data are doubled. ascii = true: everything outside
 * ASCII becomes ? (locale C); returns how many did. */
size_t clean_plain(struct buf *out, struct clean text, int ascii);

/* JSON for a terminal: what is no plain character becomes \uXXXX, which is the same JSON. */
void clean_json(struct buf *out, const char *json, size_t n, int ascii);

#endif
