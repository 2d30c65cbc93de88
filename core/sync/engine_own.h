/*
 * engine_own.h: what the files of the engine share: its state, the one request under way, what a failure means.
 * For engine*.c only; everybody else asks by engine.h.
 *
 * Ownership: the engine owns all that hangs on it.
 * Errors: a failure is told to the engine (store_failed, line_failed), which tries again later.
 * Threads: those of engine.h.
 */
#ifndef JIBAN_SYNC_ENGINE_OWN_H
#define JIBAN_SYNC_ENGINE_OWN_H

#include "core/base/buf.h"
#include "core/store/attachments.h"
#include "core/store/papers.h"
#include "core/sync/engine.h"
#include "core/sync/sse.h"
#include "core/wire/codec.h"
#include "core/wire/protocol.h"

enum { SMALL_BODY = 1024 * 1024 };
/* How many documents there are; the last two are the papers and the audit log's checkpoints. */
enum { DOCUMENTS = 7, PAPERS_LEFT = 2, CHECKPOINTS_LEFT = 1 };

enum op_kind {
    OP_NONE,
    OP_PROBE,
    OP_LOGIN,
    OP_DOCUMENT,
    OP_COMMANDS,
    OP_CHANGES,
    OP_CASE,
    OP_FILE_SEND,
    OP_FILE_FETCH,
    OP_PAPER,
    OP_PRESENCE
};

/* The attachment that is sent or fetched. */
struct moving_file {
    struct attached file; /* its name lies in name */
    char name[ATTACHED_NAME + 1];
    int64_t
        have; /* at the centre, or of the piece that was asked for where it begins; -1: not known */
};

struct sync_engine {
    struct sync_config config;
    enum line_state line;
    int64_t line_since_ms;

    char *token, *password;
    char *sent_password; /* of the log-in under way */
    struct uuid gap;     /* a case of which events are missing */
    bool have_gap, fresh;

    bool want_commands, want_changes, cycle_done;
    bool want_files; /* attachments may wait */
    struct moving_file moving;
    bool want_papers;         /* one that was written here may wait */
    int paper_misses;         /* how often the centre had another one, one after the other */
    struct kept_paper *paper; /* the one under way, in paper_arena */
    struct arena paper_arena;
    int documents_left; /* DOCUMENTS..1: asked for in turn after each log-in, and when the server says so */
    bool keeps_checkpoints; /* role of the person */
    int64_t checkpoints_ms; /* mono; when they are asked for again */

    /* the one request under way besides the event stream */
    enum op_kind op;
    uint32_t op_id, next_id;
    int64_t op_heard_ms;
    struct response_head head;
    char etag[128];
    struct buf body;
    struct uuid sent_ids[WIRE_BATCH_MAX];
    size_t n_sent;
    size_t command_batch; /* smaller after a 413 */
    int batch;            /* changes asked for: smaller after a cut */
    char cursor_asked[CURSOR_SIZE];
    bool misfit; /* it is ours, of another protocol; suspect is set, too */
    struct protocols theirs;
    bool suspect; /* something that is not our server answered: no token until it proves itself */

    uint32_t stream_id;
    int64_t stream_heard_ms, stream_retry_ms;
    int64_t outbox_due_ms; /* mono: when a command that waits may go; INT64_MAX: none */
    int stream_failures, stream_status;
    struct sse_reader sse;

    struct presence_own here, presence_told; /* at which case this terminal is; as last told */
    struct presence_list others;
    char here_terminal[PRESENCE_TERMINAL + 1];
    int64_t presence_due_ms, presence_asked_ms; /* mono; due INT64_MAX: nothing to tell or ask */

    int failures;
    int64_t retry_ms; /* mono; nothing is tried before */
    struct sync_report report;
};

/* --- shared by all (engine.c) --- */
int64_t now_mono(const struct sync_engine *e);
void hint(struct sync_engine *e, enum sync_hint h);
/* A failure of the cache ends the try; what was there stays. */
void store_failed(struct sync_engine *e, enum status st, const struct errmsg *err);
void line_failed(struct sync_engine *e, enum line_state state, const char *why);
/* It is our server by its marker, and yet: what it says is passed over. */
void not_understood(struct sync_engine *e, const char *what, const struct errmsg *err);
/* Sends the request, the only one under way; false: the line has failed, which was told. r->limit 0: SMALL_BODY. */
bool start_request(struct sync_engine *e, enum op_kind op, struct request *r);
void op_end(struct sync_engine *e);
/* What was acknowledged before that is never offered again; ms. */
int64_t offered_from(const struct sync_engine *e);

/* --- reference data (engine_documents.c) --- */
void start_document(struct sync_engine *e); /* the next of documents_left */
void document_done(struct sync_engine *e, struct arena *a);
void document_taken(struct sync_engine *e); /* on to the next one */

/* --- papers (engine_papers.c) --- */
bool start_paper(struct sync_engine *e); /* the next one that waits; false: none does */
void paper_done(struct sync_engine *e, struct arena *a);
void papers_done(struct sync_engine *e, struct arena *a); /* the list */

/* --- who is at a case (engine_presence.c) --- */
void presence_init(struct sync_engine *e);
void presence_ask(struct sync_engine *e); /* others may be elsewhere: soon */
void presence_forget(struct sync_engine *e);
void start_presence(struct sync_engine *e);
void presence_done(struct sync_engine *e);

/* --- changes (engine_changes.c) --- */
void start_changes(struct sync_engine *e, const char *cursor);
void start_case(struct sync_engine *e); /* the one of which events are missing */
void changes_done(struct sync_engine *e, struct arena *a);
void changes_cut(struct sync_engine *e, const char *why);
void case_done(struct sync_engine *e, struct arena *a);

/* --- attachments (engine_files.c) --- */
void start_file(
    struct sync_engine *e); /* the next piece; without one want_files is false afterwards */
void file_sent(struct sync_engine *e, struct arena *a);
void file_fetched(struct sync_engine *e, struct arena *a);
void file_cut(struct sync_engine *e);

#endif
