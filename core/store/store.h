/*
 * store.h: the console's local cache (SQLite, WAL, synchronous=FULL); no SQLite type in sight.
 *
 * Purpose: cases as last heard of, the outbox of confirmed commands, drafts, conflicts, what was
 * sent. Sacred: drafts, outbox, sent, conflicts. Rebuildable: cases, search index, reference. One
 * process per cache (flock); inside it each thread opens its own connection with STORE_SECOND.
 * Automatic checkpoints are off; one function checkpoints under the same in-process lock as every
 * commit (SQLite 3.40.1 has the WAL-reset bug).
 * Ownership: rows and texts lie in the arena given. Handles belong to one thread.
 * Errors: ST_CONFLICT names the process that holds the cache; ST_FULL: nothing was saved, the text
 *         is still with the caller; ST_CORRUPT: not a cache or damaged, nothing was changed;
 *         ST_UNSUPPORTED: made by a newer jiban, nothing was touched.
 */
#ifndef JIBAN_STORE_STORE_H
#define JIBAN_STORE_STORE_H

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/case/workflow.h"
#include "core/store/filter.h"
#include "core/wire/codec.h"

struct store;

enum store_mode { STORE_OWNER, STORE_SECOND, STORE_READ_ONLY };

/* folder: private folder of this server and user; made when missing (STORE_OWNER). */
enum status store_open(const char *folder, enum store_mode mode, const struct clock *clock,
                       struct store **ret, struct errmsg *err);
void store_close(struct store *s);
/* What prediction needs; kept by pointer, may be set anew. Without it outbox commands do not
 * change how a case is shown. */
void store_set_context(struct store *s, const struct policy *policy,
                       const struct calendar *calendar, const struct reference *reference,
                       const struct actor *actor);

/* --- small facts: "cursor", "epoch", "server", "user", "office", "server_offset_ms", "policy", ...
 */
enum status store_meta_get(struct store *s, const char *key, struct arena *a, const char **ret,
                           struct errmsg *err); /* "" when never set */
enum status store_meta_set(struct store *s, const char *key, const char *value, struct errmsg *err);
/* Reference documents: "policy", "calendar", "people", "catalogue", "emergencies", "templates", each with its ETag. */
enum status store_document_get(struct store *s, const char *name, struct arena *a,
                               const char **ret_body, size_t *ret_len, const char **ret_etag,
                               struct errmsg *err);
enum status store_document_set(struct store *s, const char *name, const char *body, size_t len,
                               const char *etag, struct errmsg *err);

/* --- changes from the server (sync thread) --- */
/* A batch is one transaction or several: begin, add..., commit(NULL), begin, ... commit(cursor).
 * The cursor is stored with the last of its records; what was added before comes again after a crash
 * and changes nothing. None of it is synced at its own commit (synchronous=NORMAL): what a power cut
 * takes comes again, too.
 * A record whose `since` is not the version in the cache comes back in ret_gap (ask for the case).
 */
enum status store_changes_begin(struct store *s, struct errmsg *err);
enum status store_changes_add(struct store *s, const struct change *c, bool *ret_gap,
                              struct errmsg *err);
enum status store_changes_commit(struct store *s, const char *cursor, struct errmsg *err);
void store_changes_rollback(struct store *s);
/* Does another thread of this process wait to write? Writers take turns in the order of their
 * coming; whoever adds many records commits (without a cursor) and begins anew when this is true,
 * so that a keystroke waits for a record and a small commit, never for a batch. */
bool store_writer_waits(const struct store *s);
/* Fresh start after 410: the old rows stay visible and are overwritten; store_fresh_end removes
 * those not heard of since. Drafts, outbox, conflicts, sent stay. */
enum status store_fresh_begin(struct store *s, struct errmsg *err);
enum status store_fresh_end(struct store *s, struct errmsg *err);
/* Puts back into the outbox what was acknowledged since since_ms (a restored server lost it
 * perhaps; ids make it safe). */
enum status store_offer_again(struct store *s, int64_t since_ms, int *ret_n, struct errmsg *err);

/* --- outbox --- */
/* Durable when it returns ST_OK: only then may the screen say so. Keeps the order of confirmation.
 */
enum status store_queue(struct store *s, const struct command *c, struct errmsg *err);
/* The same for several in one transaction: all of them or none. */
enum status store_queue_all(struct store *s, const struct command *c, size_t n, struct errmsg *err);
/* The same, all of them to be sent at not_before_ms (clock of the cache; 0: at once) and not earlier: until the line takes
 * them they can be taken back, all together. What is confirmed later on the same case waits behind them. */
enum status store_queue_later(struct store *s, const struct command *c, size_t n,
                              int64_t not_before_ms, struct errmsg *err);
struct outbox_row {
    struct command command;
    int tries;
    int64_t queued_ms, last_try_ms;
    const char *last_error;
    int64_t not_before_ms; /* 0: at once */
    bool leaving;          /* the server may have it: it cannot be taken back */
};
/* What may be sent now, in the order of confirmation; from then on it is leaving, which is on the disk before a byte
 * goes out. *ret_next_ms: when the next one may, INT64_MAX if none waits. */
enum status store_outbox_leave(struct store *s, size_t limit, struct arena *a,
                               struct outbox_row **ret, size_t *ret_n, int64_t *ret_next_ms,
                               struct errmsg *err);
/* What waits for a time up to until_ms may go at once. */
enum status store_hurry(struct store *s, int64_t until_ms, struct errmsg *err);
/* Takes back what was confirmed last and has not begun to leave, a batch as one: each becomes a draft, if it says
 * anything. Records of what a person has already seen or given out (reveal, disclose) stay.
 * ST_NOT_FOUND: nothing is waiting; ST_CONFLICT: it has left. */
struct taken_back {
    size_t n;
    struct uuid case_id; /* of the first, */
    enum command_type type;
    bool says; /* and whether it has become a draft */
};
enum status store_take_back(struct store *s, struct taken_back *ret, struct errmsg *err);
/* The same for a chosen one with all of its batch. ST_REFUSED: something later of one of its cases waits behind it, which
 * rests on it. */
enum status store_take_back_one(struct store *s, const struct uuid *id, struct taken_back *ret,
                                struct errmsg *err);
/* The same for it alone, whatever was confirmed with it. */
enum status store_take_back_alone(struct store *s, const struct uuid *id, struct taken_back *ret,
                                  struct errmsg *err);
enum status store_outbox(struct store *s, size_t limit, struct arena *a, struct outbox_row **ret,
                         size_t *ret_n, struct errmsg *err);
enum status store_outbox_tried(struct store *s, const struct uuid *ids, size_t n, const char *error,
                               struct errmsg *err);
/* Outcome heard: applied or duplicate-of-applied -> sent; rejected -> conflicts, whole. One
 * transaction for all. Ids that are not in the outbox are ignored. */
enum status store_outcomes(struct store *s, const struct outcome *o, size_t n, struct errmsg *err);
enum status store_sent(struct store *s, size_t limit, struct arena *a, struct outbox_row **ret,
                       size_t *ret_n, struct errmsg *err);
/* Drops what was acknowledged before that moment. */
enum status store_sent_forget(struct store *s, int64_t before_ms, struct errmsg *err);

/* --- conflicts --- */
struct conflict_row {
    struct command command;
    struct problem problem;
    int64_t at_ms;
};
enum conflict_answer { CONFLICT_RESEND, CONFLICT_TO_NOTE, CONFLICT_TO_DRAFT, CONFLICT_DISMISS };
enum status store_conflicts(struct store *s, struct arena *a, struct conflict_row **ret,
                            size_t *ret_n, struct errmsg *err);
/* RESEND queues the same arguments with a new id on the present version; TO_NOTE queues a note with
 * the texts; TO_DRAFT makes a draft of the texts. The conflict goes in the same transaction. new_id
 * for the first two. */
enum status store_conflict_answer(struct store *s, const struct uuid *id,
                                  enum conflict_answer answer, const struct uuid *new_id,
                                  struct errmsg *err);

/* --- drafts --- */
struct draft {
    struct uuid case_id;
    enum command_type type;
    const char *user;
    const struct value *values;
    size_t n_values;
    uint32_t revision; /* grows */
    int64_t saved_ms;
    int slot; /* several of one case and command lie beside each other: 0, 1 ... */
};
enum status store_draft_put(struct store *s, const struct draft *d, struct errmsg *err);
/* All of them or none. */
enum status store_drafts_put(struct store *s, const struct draft *d, size_t n, struct errmsg *err);
/* Of several the one that was saved last. */
enum status store_draft_get(struct store *s, const struct uuid *case_id, enum command_type type,
                            struct arena *a, struct draft *ret,
                            struct errmsg *err); /* ST_NOT_FOUND */
enum status store_draft_in(struct store *s, const struct uuid *case_id, enum command_type type,
                           int slot, struct arena *a, struct draft *ret,
                           struct errmsg *err); /* ST_NOT_FOUND */
/* A slot behind all that there are: 0 for the first draft. */
enum status store_draft_free(struct store *s, const struct uuid *case_id, enum command_type type,
                             int *ret_slot, struct errmsg *err);
/* That one alone; no error when it is not there. */
enum status store_draft_drop(struct store *s, const struct uuid *case_id, enum command_type type,
                             int slot, struct errmsg *err);
/* These, by case, command and slot: all of them or none. */
enum status store_drafts_drop(struct store *s, const struct draft *d, size_t n, struct errmsg *err);
enum status store_drafts(struct store *s, struct arena *a, struct draft **ret, size_t *ret_n,
                         struct errmsg *err);

/* --- queue --- */
enum view_id {
#define VIEW(id, word, label, help, ...) VIEW_##id,
#include "core/store/views.def"
#undef VIEW
    VIEW_COUNT
};
extern const struct view_row {
    const char *word, *label, *help; /* label: N_(); help: of the manual, not translated */
} view_table[VIEW_COUNT];
/* The views of a role, in the order of their digits; there is no case in the others. */
size_t store_views(enum role role, const enum view_id **ret);
bool store_has_view(enum role role, enum view_id view);
/* '1'..'9' of the view at that place of the role's list, '\0' behind the ninth. */
char store_view_key(size_t place);
/* Bit mask of 1u << STATE_x: the states that cases of the view can be in. */
uint32_t store_view_states(enum view_id view);
/* Is the command one that the cases of the view wait for? */
bool store_view_awaits(enum view_id view, enum command_type command);
/* Whose cache it is: what the server said at the last log-in; ROLE_NOBODY before. */
enum status store_role(struct store *s, enum role *ret, struct errmsg *err);

/* What a list can be sorted by (orders.def). */
enum row_order {
#define ORDER(id, ...) ORDER_##id,
#include "core/store/orders.def"
#undef ORDER
    ORDER_COUNT
};
extern const struct order_row {
    const char *word, *column;
    bool number;               /* the column is one */
    const char *index, *label; /* label: N_() */
} order_table[ORDER_COUNT];

/* What a list can be divided by (groups.def). */
enum row_group {
#define GROUP(id, ...) GROUP_##id,
#include "core/store/groups.def"
#undef GROUP
    GROUP_COUNT
};
extern const struct group_row {
    const char *word, *column;
    bool number;               /* the column is one */
    const char *index, *label; /* label: N_() */
} group_table[GROUP_COUNT];
/* Which groups show their line alone: those listed, or with `all` every one but those. */
struct folds {
    bool all;
    const char *const *value; /* as in row_key.group */
    size_t n;
};
bool folds_shut(const struct folds *f, const char *group);

/* filter: core/store/filter.h. `view:` in it takes the place of the view. Every way of asking gives the same rows; which
 * is fast is the store's affair. ST_INVALID says what is wrong with the filter. */
struct query {
    enum view_id view;
    int64_t now_ms;     /* for what the time decides: views of today and of what is late, due< */
    const char *filter; /* NULL or "" for none */
    enum row_order order;
    bool reverse;
    /* A line before the cases of each group (case_row.head), groups in the order of their values, cases in that of the
     * list. within, if not NULL: the cases of that group alone, without the line. folds: NULL for none. */
    enum row_group group;
    const char *within;
    const struct folds *folds;
};
struct row_key {    /* place in the order */
    int64_t due_ms; /* due time (INT64_MAX when nothing runs), or what the view sorts by */
    int64_t row;
    int64_t number;   /* of a column that is sorted by, */
    const char *text; /* or its text */
    /* In groups: the value of the column, a number as its digits. head: just before the line of the group, and with
     * past just behind it; the rest is nothing then. */
    const char *group;
    bool head, past;
};
/* The line of a group: how many of its cases the list shows, folded or not, and how many of these are overdue. */
struct group_head {
    const char *value;
    int64_t n, late;
    bool more; /* at least so many: counting went as far as a page may take */
};
struct case_row {
    struct row_key key;
    const struct group_head *head; /* NULL: a case; else there is nothing but this and the key */
    struct uuid id;
    const char *number, *category, *community, *title, *handler, *title_en;
    enum state state;           /* as shown: cached case and outbox folded over it */
    enum clock_id next_clock;   /* CLOCK_COUNT if none runs */
    int64_t started_ms, due_ms; /* of that clock; TIME_NONE if none runs */
    uint32_t open, late;        /* 1u << OBJECT_x: not ended; and the next level was told */
    uint32_t owed;              /* 1u << OWED_x: waits for the person of this cache */
    /* In VIEW_CALL_LIST and VIEW_MESSAGE; elsewhere 0, TIME_NONE and "". */
    int attempts;     /* of the callback, in this round */
    int64_t sms_ms;   /* callback message that waits for an answer, or TIME_NONE */
    const char *wish; /* of the claimant */
    uint32_t version;
    int unsent;  /* outbox commands on it */
    int repeats; /* earlier orders known for it */
    bool draft, conflict;
    int64_t created_ms;
    const char
        *building; /* its point up to the building, folded (place_fold); "" when none is named */
};
/* Keyset paging: limit rows after (or before) from; from NULL: first (or last) page. Flat in the
 * number of cases. Rows come in list order in either direction. */
enum status store_page(struct store *s, const struct query *q, const struct row_key *from,
                       bool backward, size_t limit, struct arena *a, struct case_row **ret,
                       size_t *ret_n, struct errmsg *err);
/* Another number after each change of the cache, whoever made it; 0: it cannot be read. */
uint64_t store_mark(struct store *s);
/* Count of a view without filter: kept up to date with every change, so O(1) but for what the time decides:
 * that is counted in its range of the index. With a filter: counted up to most. */
enum status store_count(struct store *s, const struct query *q, int64_t most, int64_t *ret,
                        struct errmsg *err);
/* The same, but where neither index nor range answers only the first `look` rows of the view are looked at: a count that
 * costs the same in any cache. *ret_more: there may be more than were counted. */
enum status store_count_near(struct store *s, const struct query *q, int64_t most, int64_t look,
                             int64_t *ret, bool *ret_more, struct errmsg *err);
/* Gives back what a piece of work has left: pages of the cache file that were read, and memory that the C library keeps.
 * Of the memory all threads have a part. */
void store_rest(struct store *s);
/* How many cases of a list stand before that place in it, looked for up to most; a list in groups has no such number. */
enum status store_rank(struct store *s, const struct query *q, const struct row_key *key,
                       int64_t most, int64_t *ret, struct errmsg *err);
/* How many of these n cases view and filter do not show; in groups the folded ones count as shown. */
enum status store_outside(struct store *s, const struct query *q, const struct uuid *ids, size_t n,
                          size_t *ret, struct errmsg *err);
/* Are replies and histories searched, or, until the index of what came is made, numbers and titles alone? */
bool store_searches_all(struct store *s);
/* What is wrong with a filter, and at which byte. */
enum status store_filter_check(struct store *s, const char *filter, int64_t now_ms, size_t *ret_at,
                               struct errmsg *err);
/* What may stand at the end of its first len bytes, to be written from *ret_from on (filter.h). */
enum status store_filter_complete(struct store *s, const char *filter, size_t len, struct arena *a,
                                  const struct filter_choice **ret, size_t *ret_n, size_t *ret_from,
                                  struct errmsg *err);
/* Indexes up to so many cases that came with a first sync or a fresh start; *ret_left: there are more. */
enum status store_index_step(struct store *s, int most, bool *ret_left, struct errmsg *err);
struct store_counts {
    int64_t view[VIEW_COUNT]; /* 0 for those that the role has not */
    int64_t overdue, outbox, conflicts, drafts, cases;
    int64_t file_bytes,
        file_moved;  /* of attachments that commands wait for, and what of them is sent */
    int64_t waiting; /* of the outbox, those that wait for their time or behind one that does */
};
enum status store_counts(struct store *s, int64_t now_ms, struct store_counts *ret,
                         struct errmsg *err);

/* --- one case --- */
struct case_view {
    struct casefile cached;     /* as the server has it */
    struct casefile shown;      /* with the outbox folded over it */
    const struct event *events; /* all: the server's, then predicted ones */
    size_t n_events, n_confirmed;
    int unsent;
};
enum status store_case(struct store *s, const struct uuid *id, struct arena *a,
                       struct case_view *ret, struct errmsg *err);
/* By number, its short form "2608-10233", its tail (at least 3 digits), or UUID. ST_NOT_FOUND, or ST_CONFLICT when
 * several match. */
enum status store_find(struct store *s, const char *number, struct uuid *ret, struct errmsg *err);

/* --- upkeep --- */
enum status store_checkpoint(struct store *s, struct errmsg *err);
#ifdef JIBAN_TEST_HOOKS
/* How often a commit or checkpoint began while another one ran, in this process. Must stay 0. */
int store_wal_overlaps(void);
#endif
struct store_health {
    int schema_version;
    bool integrity_ok;
    const char *detail; /* first line of integrity_check when it is not ok */
    int64_t cases, outbox, sent, conflicts, drafts, file_bytes, wal_bytes;
};
/* Another number when another connection, of whatever process, changed the cache since (PRAGMA data_version). */
enum status store_changed(struct store *s, int64_t *ret, struct errmsg *err);
enum status store_health(struct store *s, struct arena *a, struct store_health *ret,
                         struct errmsg *err);

#endif
