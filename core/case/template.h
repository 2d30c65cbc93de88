/*
 * template.h: reply templates: texts with fields and conditions, filled in for one order.
 *
 * Text:    {word} stands for a field of template_fields.def; {{ is one brace. {if word}...{else}...{end} takes the first part
 *          where the field is there, {if word=value} and {if word!=value} where it is (not) of that value; {else} may
 *          be left out, and one may stand within another, TEMPLATE_DEPTH deep. A line of conditions alone leaves no line.
 * Gaps:    a field that is empty leaves [word?] where the person sees it. Whoever writes a template may put such gaps into it:
 *          [which day?]. A reply with a gap is not sent (features.md 50).
 * Errors:  ST_INVALID with line and column, both from 1 on, of what is not understood.
 * Ownership: nothing is kept. Threads: no state.
 */
#ifndef JIBAN_CASE_TEMPLATE_H
#define JIBAN_CASE_TEMPLATE_H

#include "core/base/buf.h"
#include "core/base/status.h"
#include <stdbool.h>
#include <stddef.h>

enum { TEMPLATE_DEPTH = 8, TEMPLATE_GAP_CHARACTERS = 20 };

enum template_field {
#define TEMPLATE(id, word, chinese, help) TEMPLATE_##id,
#include "core/case/template_fields.def"
#undef TEMPLATE
    TEMPLATE_COUNT
};
extern const struct template_row {
    const char *word, *chinese, *help; /* help: N_() */
} template_table[TEMPLATE_COUNT];

struct template_values {
    const char *shown[TEMPLATE_COUNT]; /* NULL or "": empty */
    const char *word[TEMPLATE_COUNT];  /* what conditions compare; NULL: what is shown */
};

/* Is it a template, whatever the order? */
enum status template_check(const char *text, struct errmsg *err);
/* Appends the text as it is for these values. */
enum status template_fill(const char *text, const struct template_values *v, struct buf *out,
                          struct errmsg *err);
/* The first gap from byte `from` on: [ , up to TEMPLATE_GAP_CHARACTERS characters of one line, ? or its full-width form, ].
 * False: there is none. */
bool template_gap(const char *text, size_t from, size_t *ret_at, size_t *ret_len);

#endif
