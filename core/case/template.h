/*
 * template.h: templates for forms, most of all for replies: texts with fields and conditions, filled in for one order, and
 *             what else of the form they fill in.
 *
 * Text:    {word} stands for a field of template_fields.def; {{ is one brace. {if word}...{else}...{end} takes the first part
 *          where the field is there, {if word=value} and {if word!=value} where it is (not) of that value; {else} may
 *          be left out, and one may stand within another, TEMPLATE_DEPTH deep. A line of conditions alone leaves no line.
 * Form:    {for command} at the very beginning: it is for the form of that command, without it for a reply. {set word=value}
 *          fills in another field of that form, as a person types it; what stands there already is left. Only where the
 *          conditions around it hold. A line of these alone leaves no line.
 * Macros:  {send} anywhere: by its name the template is shown filled in, and one key more sends it (features.md 138). It
 *          writes nothing.
 * Gaps:    a field that is empty leaves [word?] where the person sees it. Whoever writes a template may put such gaps into it:
 *          [which day?]. A reply with a gap is not sent (features.md 50).
 * Errors:  ST_INVALID with line and column, both from 1 on, of what is not understood.
 * Ownership: nothing is kept. Threads: no state.
 */
#ifndef JIBAN_CASE_TEMPLATE_H
#define JIBAN_CASE_TEMPLATE_H

#include "core/base/buf.h"
#include "core/base/status.h"
#include "core/case/casefile.h"
#include <stdbool.h>
#include <stddef.h>

enum { TEMPLATE_DEPTH = 8, TEMPLATE_GAP_CHARACTERS = 20, TEMPLATE_SETTINGS = 16 };

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

/* What is filled in beside the text; points into the text of the template. */
struct template_form {
    struct template_setting {
        enum field field;
        const char *text;
        size_t len;
    } setting[TEMPLATE_SETTINGS];
    size_t n;
};

/* What it is, whatever the order. */
struct template_traits {
    bool sends;  /* a macro */
    bool varies; /* fields or conditions in it are of the order: each order has another text */
};
struct template_traits template_look(const char *text);
/* Does it set this field to this value, under whatever conditions? */
bool template_sets(const char *text, enum field field, const char *value);
/* Whose form it is for; COMMAND_COUNT: it names a command that there is not. */
enum command_type template_is_for(const char *text);
/* Is it a template, whatever the order? */
enum status template_check(const char *text, struct errmsg *err);
/* Appends the text as it is for these values. */
enum status template_fill(const char *text, const struct template_values *v, struct buf *out,
                          struct template_form *ret_form, struct errmsg *err);
/* Appends a template of what a form says: the values as settings, the text as it stands. A value that no setting can hold
 * (a line break or brace in it) is left out. */
void template_make(enum command_type command, const struct value *values, size_t n,
                   const char *text, struct buf *out);
/* The first gap from byte `from` on: [ , up to TEMPLATE_GAP_CHARACTERS characters of one line, ? or its full-width form, ].
 * False: there is none. */
bool template_gap(const char *text, size_t from, size_t *ret_at, size_t *ret_len);

#endif
