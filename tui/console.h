/*
 * console.h: what the views share: the store, the rules, the line, the time, the message.
 *
 * Purpose: views read and act through it; it asks the app to go elsewhere by `want`.
 * Ownership: everything in the config stays the caller's. The scratch arena is emptied before each
 *            frame and each key: nothing in it outlives one update.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_CONSOLE_H
#define JIBAN_TUI_CONSOLE_H

#include "core/store/store.h"
#include "core/sync/sync.h"
#include "tui/app.h"
#include "tui/bulk.h"
#include "tui/keymap.h"
#include "tui/later.h"
#include "tui/saved.h"
#include "tui/messages.h"
#include "tui/opened.h"
#include "tui/theme.h"

/* Where a view wants to go; app.c carries it out after the update. */
enum want {
    WANT_NOTHING,
    WANT_BACK,
    WANT_QUIT,
    WANT_CASE, /* case_id */
    WANT_FORM, /* case_id (nil: a new order), command; bulk.wants_form: all that is marked */
    WANT_ASK,  /* ask_text; case_id and command, or conflict_id; bulk.waits: all that is marked */
    WANT_CONFLICTS,
    WANT_ACTION,  /* act, where one comes back to */
    WANT_CLOCKS,  /* case_id */
    WANT_SIMILAR, /* case_id */
    WANT_OUTBOX,
    WANT_DRAFTS,
    WANT_MESSAGES,
    WANT_OPENED,
    WANT_GO,      /* to the case at hand with number go */
    WANT_FILES,   /* case_id */
    WANT_PICTURE, /* that the list of files has decoded */
    WANT_MANY     /* a text for each of the marked cases, by what the form says */
};

struct console {
    const struct app_config *config;
    struct sync *sync; /* NULL: no line, or not opened yet */
    bool line_failed;  /* it cannot be opened: the address is not understood */
    struct arena scratch;
    struct sync_report report;
    struct store_counts counts;
    struct uuid_source ids;
    char message[ERRMSG_SIZE];
    enum theme_role message_role;
    unsigned said; /* grows with each message */
    bool changed;  /* the store was written: what is shown is read again */
    bool kept;     /* while drawing: the surface still shows what the view drew there last */
    enum want want;
    struct uuid case_id, conflict_id;
    enum command_type command;
    enum action act;
    const char *ask_text;
    enum action
        asked; /* by WANT_ASK, if it is no command of procedure and no conflict; else ACTION_NONE */
    enum {
        DRAFT_LAST,
        DRAFT_THIS,
        DRAFT_NEW
    } draft; /* of WANT_FORM: the one saved last, the one in slot, none */
    int slot;
    bool readonly;      /* nothing is changed from here */
    bool other_version; /* nor while the server speaks another protocol */
    int colours;   /* of the theme on this terminal, 0 on one of lines and before there is one */
    bool on_light; /* ground of that theme */
    struct uuid moved_on; /* the case that a command has just moved on; nil: none */
    struct messages messages;
    struct marks marks;
    struct opened opened;
    int go;
    size_t unshown;          /* of the marks: view and filter do not show them */
    struct saved_list saved; /* views of one's own */
    struct bulk bulk;
    struct later later;
    struct presence_list others; /* at cases just now (tui/presence.h) */
    unsigned others_heard;       /* grows with each list */
    char question[ERRMSG_SIZE];  /* that ask_text may point to */
    /* Personal data of this case is shown until then (mono; 0: of none). */
    struct uuid reveal_case;
    int64_t reveal_until_ms;
    int64_t frozen_ms; /* while a frame is drawn that shows the time of an earlier one; else 0 */
};

/* By the server's clock; mono for timers. */
int64_t console_now(const struct console *c);
int64_t console_mono(const struct console *c);
/* NULL while the server has not told. */
const struct reference *console_reference(const struct console *c);
const struct actor *console_actor(const struct console *c);
/* ROLE_NOBODY while nobody logged in. */
enum role console_role(const struct console *c);
const struct policy *console_policy(const struct console *c);
const struct emergencies *console_emergencies(const struct console *c);

void console_say(struct console *c, enum theme_role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same message as it goes on: in place of the last one. */
void console_say_on(struct console *c, enum theme_role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Is there a line, or will there be one once the first frame is out? */
bool console_has_line(const struct console *c);
/* Is nothing changed from here? */
bool console_looks_only(const struct console *c);
/* May anything be changed from here? Else says why not. */
bool console_may_change(struct console *c);
/* Says err as an error when st is one; returns st == ST_OK. */
bool console_ok(struct console *c, enum status st, const struct errmsg *err);

/* Have policy, calendar and actor come? Else says so. */
bool console_has_rules(struct console *c);
/* The person wants this command on this case (a nil id: on a new one): asks, opens its form, does it at
 * once, or says why not. */
void console_command(struct console *c, const struct uuid *case_id, enum command_type type);
/* The question that console_command asked was answered with yes. */
void console_go_on(struct console *c);
/* All of them or none into the outbox: the one way there is from the screen. ST_DENIED: look only. */
enum status console_queue(struct console *c, const struct command *list, size_t n,
                          int64_t not_before_ms, struct errmsg *err);
/* base: version that the person saw; 0: the command begins the case.
 * Predicts and puts into the outbox. ST_REFUSED: ret_why says which field. Nothing is said but when
 * it is kept; on any failure the caller still has the values. */
enum status console_confirm(struct console *c, const struct uuid *case_id, uint32_t base,
                            enum command_type type, const struct value *values, size_t n,
                            struct refusal *ret_why, struct errmsg *err);
/* Why this person may not do this to this case now, as a sentence that lives in the scratch arena; NULL: they may. */
const char *console_why_not(struct console *c, const struct casefile *f, enum command_type type);
/* May this person do this to this case now? */
bool console_offers(const struct console *c, const struct casefile *f, enum command_type type);
/* May this person ever give it to a case in one of these states (bit mask of 1u << STATE_x), whatever the case? */
bool console_role_may(const struct console *c, enum command_type type, uint32_t states);
/* May this person begin an order with it? */
bool console_may_begin(struct console *c, enum command_type type);
/* Is personal data of this case shown in full now? */
bool console_reveals(const struct console *c, const struct uuid *case_id);

#endif
