/*
 * keymap.h: from a key to an action, by the one table (actions.def).
 *
 * Keys of one's own: the section [keys] of the configuration changes the keys of actions, by their words, before anything
 *          else runs; help and hints show the keys in force.
 * Threads: tables that do not change any more once the screen is open.
 */
#ifndef JIBAN_TUI_KEYMAP_H
#define JIBAN_TUI_KEYMAP_H

#include "core/base/arena.h"
#include "core/case/casefile.h"
#include "tui/screen.h"
#include "tui/widget/editor.h"

/* Where a key is pressed. */
enum key_context {
    KEYS_QUEUE,
    KEYS_CASE,
    KEYS_CONFLICTS,
    KEYS_CLOCKS,
    KEYS_SIMILAR,
    KEYS_FILES,
    KEYS_OUTBOX,
    KEYS_DRAFTS,
    KEYS_MESSAGES,
    KEYS_OPENED,
    KEYS_HANDOVER,
    KEYS_NOTICES,
    KEYS_MANY, /* texts for many cases, one by one */
    KEYS_HELP,
    KEYS_TOUR,
    KEYS_FORM,
    KEYS_LINE, /* the command line, the filter, the password */
    KEYS_ASK,  /* a question with yes and no */
    KEYS_CONTEXTS
};

enum action {
#define ACTION(id, word, contexts, keys, command, ask, hint, help) ACTION_##id,
#include "tui/actions.def"
#undef ACTION
    ACTION_COUNT,
    ACTION_NONE = ACTION_COUNT
};

struct action_row {
    const char *word;
    unsigned contexts; /* bits 1u << enum key_context */
    const char *keys;
    enum command_type command; /* COMMAND_COUNT: none */
    const char *ask, *hint, *help;
};
extern const struct action_row action_table[ACTION_COUNT];
extern const struct place_row {
    const char *word, *label; /* in the configuration; N_() */
} place_table[KEYS_CONTEXTS];

/* "j" "G" "^F" "Alt-b" (or "M-b") "Enter" "PgDn" "F1" ... of n bytes. False when it is no name of a key. */
bool key_parse(const char *name, size_t n, struct key *ret);
/* A letter, digit or sign in full width, as a Chinese input method that was left on gives it: the key that was pressed.
 * Others come back as they are. */
struct key key_plain(const struct key *key);
/* ACTION_NONE when the key means nothing there. Outside of texts full-width keys are plain ones. */
enum action keymap_find(enum key_context context, const struct key *key);
/* What the key says behind the action's word; NULL: nothing. */
const char *keymap_argument(enum key_context context, const struct key *key);
/* The keys that bring an argument: of number i, from 0 on, what it does there; false: there are no more. */
struct keymap_bound {
    enum action action; /* ACTION_NONE: not in this place */
    const char *argument, *keys;
};
bool keymap_bound(enum key_context context, size_t i, struct keymap_bound *ret);
/* Does something stand behind its word on the command line? */
bool action_takes_argument(enum action action);
/* Its first key there, for a hint: "Enter", "^S"; "" when it has none. */
const char *keymap_first_key(enum key_context context, enum action action, struct arena *a);
/* Its keys in force there, separated by blanks. */
const char *keymap_keys(enum key_context context, enum action action);
/* One line of the section: `word = KEY KEY ...` gives these in place of the others, `word = +KEY ...` these as well,
 * `word = none` or nothing: none; `PLACE.word = ...` in that place alone. What is wrong (no such action, place or key) is
 * told and passed over: ST_INVALID. from: file, line and section, for the sentence.
 * `word ARGUMENT = KEY ...` gives these keys to the action with what stands behind it on the command line, beside the keys it
 * has: `macro NAME = M-w`. */
enum status keymap_set(const char *word, const char *value, const char *from, struct errmsg *err);
/* A line that gives an action a key which another one has in the same place is passed over; each is told. False: there was
 * none. Call it until then, when all lines are read. */
bool keymap_undo_clash(struct errmsg *err);
/* As the table has it. */
void keymap_reset(void);
/* By the word of the command line; words of commands and their aliases count too. */
enum action action_find(const char *word);
/* The action that gives this command of procedure. */
enum action action_of_command(enum command_type type);
/* What it does, in the reader's language, as a screen shows it: what the table marks as typed text for the manual stands
 * there without its marks. Lives in the arena. */
const char *action_help(enum action action, struct arena *a);
/* Does it change something that is kept or sent? */
bool action_changes(enum action action);
/* EDITOR_OP_COUNT when the action edits nothing. */
enum editor_op action_editor_op(enum action action);

#endif
