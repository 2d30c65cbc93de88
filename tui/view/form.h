/*
 * form.h: the form of one command on one case, made from the command's arguments.
 *
 * Purpose: form_model.c makes fields, keeps drafts, confirms; form_update.c edits; form_draw.c draws. A draft is
 *          on the disk at most FORM_DRAFT_MS after a change, and always when the form is left.
 * Ownership: the form's arena holds the case and texts until it is closed. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_FORM_H
#define JIBAN_TUI_VIEW_FORM_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "core/case/workflow.h"
#include "tui/surface.h"
#include "tui/view/view.h"
#include "tui/widget/editor.h"

enum { FORM_DRAFT_MS = 1500, FORM_MATCHES = 5, FORM_ERROR_SIZE = ERRMSG_SIZE };

enum form_kind { FORM_LINE, FORM_TEXT, FORM_CHOICE };

struct form_field {
    enum field field;
    bool required;
    enum form_kind kind;
    struct editor editor; /* LINE and TEXT */
    const struct choice *choices;
    int n_choices, chosen; /* CHOICE; -1: nothing chosen */
    uint64_t changes;      /* CHOICE: how often another was chosen */
    char error[FORM_ERROR_SIZE];
    const char *name; /* of the code that is typed, from the reference data; "" if none */
    int rows;         /* as laid out */
};

struct form {
    struct arena arena;
    bool open;
    struct uuid case_id;
    uint32_t base; /* version of the case that the person sees */
    enum command_type type;
    size_t marked; /* it is for that many marked cases, not for case_id; 0: for case_id */
    struct casefile subject;
    struct form_field *field;
    int n, current, first;            /* first: line of the fields at the top of the window */
    uint64_t saved_state, seen_state; /* of all fields; differ: not on the disk yet */
    int64_t changed_mono_ms;          /* when it was first changed since the last save; 0: not */
    int64_t saved_ms;                 /* TIME_NONE: never */
    uint32_t draft_revision;
    bool confirmed;              /* nothing is left to be kept */
    const struct policy *policy; /* for the checklist; NULL: none */
    bool met[POLICY_CHECKLIST_MAX], length_ok;
    size_t reply_characters;
    const char *match[FORM_MATCHES]; /* codes that the typed text may mean */
    int n_matches, at_match;         /* at_match: the one that Tab put in; -1 none */
    const struct case_page *page;    /* for names of codes; of the same case */
};

void form_init(struct form *f);
void form_close(struct form *f); /* wipes; the draft is not kept by it */
struct view form_view(struct form *f);
/* Opens it with the draft there is. */
enum status form_start(struct form *f, struct console *c, const struct uuid *case_id,
                       enum command_type type, struct errmsg *err);
/* Puts the draft on the disk if something changed. */
enum status form_save(struct form *f, struct console *c, struct errmsg *err);
/* Next moment (mono) at which form_save must be called; INT64_MAX: none. */
int64_t form_next_ms(const struct form *f);
/* Checks every field, asks the workflow, puts the command into the outbox. True when it is there. */
bool form_confirm(struct form *f, struct console *c);
/* The command is in the outbox: nothing of the form is left to be kept. */
void form_done(struct form *f, struct console *c);
/* After a change of a field: revision, names, checklist. */
void form_changed(struct form *f, struct console *c);
/* Completes the code in the current field; false when there is nothing to complete. */
bool form_complete(struct form *f, struct console *c);
void form_draw(struct form *f, struct surface *s, struct rect r, struct arena *scratch,
               struct cursor *cursor);

#endif
