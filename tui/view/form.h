/*
 * form.h: the form of one command on one case, made from the command's arguments.
 *
 * Purpose: form_model.c makes fields, keeps drafts, confirms; form_update.c edits; form_pick.c names codes and lists
 *          what may stand in a field; form_draw.c draws. A draft is
 *          on the disk at most FORM_DRAFT_MS after a change, and always when the form is left.
 * Intake:  a form that begins an order is one form with several exits (art. 11): form_intake.c turns it from one
 *          command into another and keeps every field. form_propose.c says where it may belong and why (intake
 *          and dispatch), form_earlier.c which earlier orders of the claimant there are; both only say: a key
 *          of the person fills in.
 * Ownership: the form's arena holds the case and texts until it is closed. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_FORM_H
#define JIBAN_TUI_VIEW_FORM_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "core/case/leaks.h"
#include "core/case/template.h"
#include "core/case/words.h"
#include "core/case/workflow.h"
#include "core/store/papers.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"
#include "tui/widget/editor.h"
#include "tui/widget/picker.h"

enum {
    FORM_DRAFT_MS = 1500,
    FORM_HINTS_MS = 100, /* at rest so long, proposals and earlier orders are looked for */
    FORM_PROPOSALS = 3,
    FORM_FILLS = 5,
    FORM_EARLIER = 3,
    FORM_EXITS = 4,
    FORM_LEAKS = 32,
    FORM_LEAK_PEOPLE = 48,
    FORM_NAMES_SIZE = 256,
    FORM_ERROR_SIZE = ERRMSG_SIZE
};

enum form_kind { FORM_LINE, FORM_TEXT, FORM_CHOICE, FORM_FILES };

struct form_field {
    enum field field;
    bool required;
    enum form_kind kind;
    struct editor editor; /* LINE and TEXT; of FILES the path that is typed */
    char *files;          /* FILES: the value (attached.h); NULL: none */
    const struct choice *choices;
    int n_choices, chosen; /* CHOICE; -1: nothing chosen */
    uint64_t changes;      /* CHOICE and FILES: how often it was changed */
    char error[FORM_ERROR_SIZE];
    const char *name; /* of the code that is typed, from the reference data; "" if none */
    char names
        [FORM_NAMES_SIZE]; /* where it stands when it is made here: of several codes, of a time */
    int rows;              /* as laid out */
};

/* What one key would fill in, and why. */
struct form_proposal {
    const char *head, *reason; /* for people; foreign text may stand in both */
    struct value fill[FORM_FILLS];
    int n_fill;
    bool taken; /* all of it stands in the form already */
};

/* An earlier order of the same claimant, as a list may show it: masked (domain 12, privacy.mask). */
struct form_earlier {
    const char *number, *what;
    bool same_matter; /* category and point are those of the form (domain 7.11) */
};

/* A place that the words of the caller name. */
struct form_place {
    const char *street, *community, *why;
};

/* What stands below the fields. In an arena of its own, made anew whenever what it rests on changes. */
struct form_hints {
    struct arena arena;
    int64_t due_mono_ms; /* when it is to be made anew; 0: it is up to date */
    struct form_proposal proposal[FORM_PROPOSALS];
    int n_proposals, marked;
    /* All names of a city are looked for in it (30 ms for 30000), so only when it is another text. */
    struct arena place_arena;
    const char *place_text; /* NULL: never looked for */
    struct form_place place[FORM_PROPOSALS];
    int n_places;
    struct form_earlier earlier[FORM_EARLIER];
    int n_earlier;
};

/* The list of templates that lies over the form (form_templates.c). */
struct form_templates {
    bool on;
    struct arena arena, filled;
    struct kept_paper *all;
    struct picker_item *items; /* of the same order; the name is the paper's */
    size_t n;
    struct editor typed;
    struct picker picker;
    const char *text, *wrong; /* the marked one filled in, or why it cannot be; NULL */
    const char *head;         /* the fields it would set, a line each */
    struct template_form set; /* the same, in the arena of what is filled in */
    bool used;                /* one was put into this form */
    const struct paper *
        for_many; /* it was taken for marked cases, each of which has its own text of it; NULL: none */
    struct scroll scroll;
};

/* What of people stands in what is told (form_leaks.c). */
struct form_leaks {
    struct leak_person people[FORM_LEAK_PEOPLE]; /* who is known, in the form's arena */
    size_t n_people;
    struct form_leak {
        struct leak leak;
        int field; /* place in the form */
    } found[FORM_LEAKS];
    size_t n;
    struct form_word {
        struct word_hit hit;
        int field;
    } word[FORM_LEAKS]; /* of the policy's lists; told, and never waited for */
    size_t n_words;
    uint64_t state, held; /* of the texts; as they were when sending was held, 0: it was not */
};

struct form {
    struct arena arena;
    bool open;
    bool begins; /* a new order */
    struct uuid case_id;
    uint32_t base; /* version of the case that the person sees; 0: a new one */
    enum command_type type;
    enum command_type exit[FORM_EXITS]; /* what it can be turned into, itself too */
    int n_exits;
    enum command_type draft_type; /* the draft lies under it; COMMAND_COUNT: there is none */
    size_t marked; /* it is for that many marked cases, not for case_id; 0: for case_id */
    struct casefile subject;
    struct form_field *field; /* n of this command, then n_aside that only another exit has */
    struct form_field *spare; /* as large; the fields change over when the form is turned */
    int n_aside;
    int n, current, first;            /* first: line of the fields at the top of the window */
    int label_cells;                  /* as laid out */
    uint64_t saved_state, seen_state; /* of all fields; differ: not on the disk yet */
    int64_t changed_mono_ms;          /* when it was first changed since the last save; 0: not */
    int64_t saved_ms;                 /* TIME_NONE: never */
    uint32_t draft_revision;
    int slot;                    /* of its draft, among those of the same case and command */
    int result_seen;             /* the choice of the result for which a text was looked for last */
    bool confirmed;              /* nothing is left to be kept */
    const struct policy *policy; /* for the checklist; NULL: none */
    bool met[POLICY_CHECKLIST_MAX], length_ok;
    size_t reply_characters;
    struct picker picker;         /* of the current field */
    struct arena files_arena;     /* what it shows of a folder */
    const char *beside;           /* who writes there too, while a frame is drawn; NULL: nobody */
    const struct case_page *page; /* for names of codes; of the same case */
    struct form_hints hints;
    struct form_templates templates;
    struct form_leaks leaks;
    struct {
        bool on;
        const char *from; /* who signs it */
        struct scroll scroll;
    } preview; /* the reply as its claimant reads it lies over the form (form_preview.c) */
};

void form_init(struct form *f);
void form_close(struct form *f); /* wipes; the draft is not kept by it */
struct view form_view(struct form *f);
/* Opens it with the draft that the console wants (by itself: the one saved last), which is then forgotten. A nil case_id: a
 * new order, of a command that begins one. */
enum status form_start(struct form *f, struct console *c, const struct uuid *case_id,
                       enum command_type type, struct errmsg *err);
/* Was anything typed that is not sent, now or in the draft that it goes on with? */
bool form_has_text(const struct form *f);
/* Puts the draft on the disk if something changed. */
enum status form_save(struct form *f, struct console *c, struct errmsg *err);
/* Next moment (mono) at which form_due must be called; INT64_MAX: none. */
int64_t form_next_ms(const struct form *f);
/* What is due by now: the draft to the disk, the hints. */
enum status form_due(struct form *f, struct console *c, struct errmsg *err);
/* All fields as values of the command; false: *ret_bad is the first that cannot be read, the reason stands beside it.
 * values has room for all. */
bool form_values(struct form *f, struct console *c, struct value *values, size_t *ret_n,
                 int *ret_bad);
/* Checks every field, asks the workflow, puts the command into the outbox. True when it is there. */
bool form_confirm(struct form *f, struct console *c);
/* Keeps what is there as a draft and is an empty form of the same beside it. */
void form_another(struct form *f, struct console *c);
/* The text that is being written; NULL where the current field is none. */
struct editor *form_text(struct form *f);
/* The command is in the outbox: nothing of the form is left to be kept. */
void form_done(struct form *f, struct console *c);
/* After a change of a field: revision, names, checklist. */
void form_changed(struct form *f, struct console *c);
/* Text of a field as a value, "" for none; false with an error beside the field. */
bool form_read(struct form *f, struct console *c, int i, const char **ret);
void form_draw(struct form *f, struct surface *s, struct rect r, struct arena *scratch,
               struct cursor *cursor);

/* The present field as a question (form_read.c). */
void form_reading(void *self, struct console *c, struct reading *out);

/* --- names and lists (form_pick.c) --- */
/* Does it take codes that have names? */
bool form_has_names(enum field field);
/* Says in field->name what was typed: names of codes, a time as it is understood. */
void form_name(struct console *c, struct form_field *field);
/* What a person reads for a value that is in no field yet; the value itself where nothing better is known. */
const char *form_names_of(const struct console *c, enum field field, const char *text,
                          struct arena *a);
/* Lists what the text in the current field may mean, as long as it is no code. */
void form_find_matches(struct form *f, struct console *c);
/* Lists all that may stand in the current field, or what its text may mean. */
void form_list_choices(struct form *f, struct console *c);
/* Puts the marked one in, after that the next one; false when there is nothing to complete. */
bool form_complete(struct form *f, struct console *c);
/* Keys within the list; false: the key is the field's. */
bool form_pick(struct form *f, struct console *c, enum editor_op op);

/* --- exits (form_intake.c) --- */
/* What this person may begin an order with. */
void form_find_exits(struct form *f, struct console *c);
/* To the next exit, with all that was typed; false: there is no other. */
bool form_turn(struct form *f, struct console *c);
/* To this one; false: it is none of the exits. */
bool form_turn_to(struct form *f, struct console *c, enum command_type type);
/* Makes the fields of f->type; of an order that is begun also those of the other exits, which lie aside. */
enum status form_make_fields(struct form *f, struct errmsg *err);

/* --- hints (form_propose.c, form_earlier.c) --- */
/* Makes them anew if what they rest on has changed. */
void form_look(struct form *f, struct console *c);
/* Units, people, categories came anew: what was found in the old ones is gone. */
void form_renew(struct form *f, struct console *c);
void form_propose(struct form *f, struct console *c);
void form_look_earlier(struct form *f, struct console *c);
bool form_mark_next(struct form *f); /* false: there is none */
bool form_take_proposal(struct form *f, struct console *c);
/* Names an earlier order of the list: the next one after the one that is named. Its number, NULL: there is none. */
const char *form_name_earlier(struct form *f, struct console *c);

/* Below the fields; s NULL: only counts the lines. */
int form_hints_draw(const struct form *f, struct surface *s, struct rect r, int row, bool small,
                    struct arena *scratch);

/* --- categories of earlier cases (form_guess.c) --- */
/* Into the list of the current field, if that is an empty category. */
void form_guess(struct form *f, struct console *c);
/* Does the list show them? */
bool form_guesses(struct form *f);
/* The cursor has come to a field: they are looked for when it is one for them. */
void form_go_guess(struct form *f);

/* --- attached files (form_files.c) --- */
bool form_takes_files(const struct form *f);
bool form_files_set(struct form_field *field, const char *text);
size_t form_files_count(const struct form_field *field);
/* Lists the folder of the path that is typed. */
void form_files_list(struct form *f, struct console *c);
void form_files_typed(struct form *f, struct console *c);
/* Keys that the field or its list takes; false: the key is the editor's, or goes to another field. */
bool form_files_key(struct form *f, struct console *c, enum editor_op op);
bool form_files_complete(struct form *f, struct console *c);
/* To the field, with the list open; false: the form takes no files. */
bool form_attach(struct form *f, struct console *c);
/* --- templates (form_templates.c) --- */
void form_templates_init(struct form_templates *t);
void form_templates_release(struct form_templates *t);
/* Opens the list of those that are for this form. */
bool form_templates_open(struct form *f, struct console *c);
bool form_templates_act(struct form *f, struct console *c, enum action action);
void form_templates_type(struct form *f, struct console *c, const struct key *key);
const struct kept_paper *form_template_marked(const struct form_templates *t);
void form_templates_draw(struct form_templates *t, struct surface *s, struct rect r,
                         struct arena *scratch, struct cursor *cursor);
/* Where the text of a template goes: the reply, else the first long text; NULL: there is none. */
struct form_field *form_main_text(struct form *f);
/* Fills the form in by a template, without being asked: fields where nothing stands, its text if there is none. False:
 * *ret_why says what is wrong with it; it lives in the arena of the templates. */
bool form_template_put(struct form *f, struct console *c, const char *body, const char **ret_why);
/* The result was chosen and is left: a template of that result is put in where nothing is written, else offered. */
void form_result_left(struct form *f, struct console *c);
/* A template of what stands in the form now; in the arena. */
const char *form_as_template(struct form *f, struct arena *a);
/* The cursor to the next gap of the main text; false: there is none, or the cursor is elsewhere. */
bool form_next_gap(struct form *f);
/* Is there a gap in the reply, or where a template was put in? */
bool form_gap(const struct form *f, size_t *ret_at, size_t *ret_len);
/* Is there a gap in the reply, or where a template was put in? Says so, and the cursor stands on it. */
bool form_gap_left(struct form *f, struct console *c);
/* What is typed where a gap begins takes its place. */
void form_type_over_gap(struct form *f);

/* --- what must not be told (form_leaks.c) --- */
/* Once, as the form opens: whose names and phones the cache knows around this order. */
void form_leaks_open(struct form *f, struct console *c);
/* After each change: finds what stands in the texts. */
void form_leaks_look(struct form *f);
/* Is there one that sending waits for? */
bool form_leaks_any(const struct form *f);
/* The first of them, and how many there are; NULL: none. */
const struct form_leak *form_leaks_first(const struct form *f, size_t *ret_n);
/* One of them and its line, for people; in the arena. */
const char *form_leak_text(const struct form *f, const struct form_leak *leak, struct arena *a);
/* The same of a word: a promise "保证", line 2. */
const char *form_word_text(const struct form *f, const struct form_word *word, struct arena *a);
/* What begins in that line of the field: '!' something that must not be told, '?' a word, ' ' nothing. */
char form_leak_sign(const struct form *f, int field, size_t line);
/* True when sending waits: for the first time with this text. The cursor stands there, the message names it. */
bool form_leaks_hold(struct form *f, struct console *c);
/* It is sent all the same: adds that to the reason in values, which has room for one more. */
void form_leaks_record(const struct form *f, struct console *c, struct value *values, size_t *n);

/* --- preview (form_preview.c) --- */
bool form_has_preview(const struct form *f);
void form_preview_open(struct form *f, struct console *c);
void form_preview_act(struct form *f, enum action action);
void form_preview_read(struct form *f, struct console *c, struct reading *out);
void form_preview_draw(struct form *f, struct surface *s, struct rect r, struct arena *scratch);

/* --- fields, between form_*.c --- */
/* Of this form; aside: or of another exit. NULL: there is none. */
struct form_field *form_field_of(struct form *f, enum field field, bool aside);
const char *form_text_of(const struct form_field *field);
/* False when memory ran out: the field is as it was. */
bool form_set_text(struct form_field *field, const char *text);
/* What was typed, be it under another exit, else what the order has; "" if neither. */
const char *form_value(struct form *f, enum field field);

#endif
