/*
 * codec.h: JSON (RFC 8259) <-> the structs of core/case: one codec, both ends.
 *
 * Purpose: jansson stands behind this door. The shapes are those of doc/openapi.yaml.
 * Ownership: decoded text lies in the arena given; encoders append to a struct buf.
 * Errors: ST_INVALID names the place ("/commands/3/args/reached: ..."), ST_TOOBIG the limit;
 * unknown object members are ignored, unknown event values (fields of a newer version) too; unknown
 *         command types are ST_UNSUPPORTED. Nesting is at most 32 deep; duplicate keys are refused.
 * Text that is not UTF-8 cannot be in JSON: intake refuses it with a reason.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_CODEC_H
#define JIBAN_WIRE_CODEC_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/case/assess.h"
#include "core/case/bonus.h"
#include "core/case/tally.h"
#include "core/case/casefile.h"
#include "core/case/catalogue.h"
#include "core/case/emergency.h"
#include "core/case/place.h"
#include "core/case/policy.h"
#include "core/case/reference.h"
#include "core/case/workflow.h"

/* --- events and commands --- */
/* {"seq":3,"type":"contact","at":"2026-11-24T08:00:00+08:00","entered":...,"command":"UUID","by":{"user","name",
 *  "role","office","unit","device"},"to":"WORKING","values":{"reached":true,...},
 *  "clocks":[{"clock":"contact","op":"stop"},{"clock":"sign","op":"start","due":"..."}]}; one line,
 * no newline. "to" is left out when unchanged, "clocks" when empty, "device" and "unit" when empty.
 * Milliseconds are kept. */
void event_encode(struct buf *out, const struct event *e);
enum status event_decode(const char *json, size_t n, struct arena *a, struct event *ret,
                         struct errmsg *err);
/* {"id","case","base","type","at","args":{word: value}}: BOOL as true/false, TIME as RFC 3339 text.
 */
void command_encode(struct buf *out, const struct command *c);
enum status command_decode(const char *json, size_t n, struct arena *a, struct command *ret,
                           struct errmsg *err);

/* --- POST /v1/commands --- */
enum { WIRE_BATCH_MAX = 100 };
enum outcome_kind { OUTCOME_APPLIED, OUTCOME_DUPLICATE, OUTCOME_REJECTED };
/* RFC 9457 */
struct problem {
    int status;         /* HTTP status */
    const char *type;   /* "urn:jiban:problem:state" */
    const char *title;  /* short, for people */
    const char *detail; /* what happened, what was kept, what to do */
    const char *field;  /* argument concerned, or "" */
};
struct outcome {
    struct uuid id; /* of the command */
    enum outcome_kind kind;
    enum outcome_kind first; /* for DUPLICATE: what the first outcome was */
    uint32_t version;        /* of the case afterwards, when applied */
    struct problem problem;  /* when rejected (or a duplicate of a rejected one) */
};
/* {"commands":[...]} and
 * {"outcomes":[{"id","outcome":"applied|duplicate|rejected","first","version","problem"}]} */
void commands_encode(struct buf *out, const struct command *c, size_t n);
/* Each command is decoded singly: ret_status[i] tells of one that is broken (its id is kept when
 * readable). */
enum status commands_decode(const char *json, size_t n, struct arena *a, struct command **ret,
                            enum status **ret_status, struct errmsg **ret_err, size_t *ret_n,
                            struct errmsg *err);
void outcomes_encode(struct buf *out, const struct outcome *o, size_t n);
enum status outcomes_decode(const char *json, size_t n, struct arena *a, struct outcome **ret,
                            size_t *ret_n, struct errmsg *err);
void problem_encode(struct buf *out, const struct problem *p);
enum status problem_decode(const char *json, size_t n, struct arena *a, struct problem *ret,
                           struct errmsg *err);

/* --- GET /v1/changes: NDJSON ---
 * {"case":"UUID","version":7,"since":4,"events":[...]}      events 5..7 of the case
 * {"gone":"UUID"}                                           the case left the scope
 * {"cursor":"EPOCH-123","more":false}                       last line: the judge of completeness */
enum change_kind { CHANGE_CASE, CHANGE_GONE, CHANGE_END };
struct change {
    enum change_kind kind;
    struct uuid case_id;
    uint32_t version, since;
    const struct event *events;
    size_t n_events;
    const char
        *events_json; /* raw text of the events, one a line (each ends with \n), for the store */
    size_t events_json_len;
    const char *cursor;
    bool more;
};
enum { CURSOR_SIZE = 64 };
enum status change_decode(const char *line, size_t n, struct arena *a, struct change *ret,
                          struct errmsg *err);

/* --- session --- */
struct session {
    const char *token;
    int64_t expires_ms, server_time_ms;
    struct actor actor;
    const char *epoch;
    const char *policy; /* label */
};
/* How much of a file is at the centre (PUT of /v1/blobs/{sha256}). */
void blob_progress_encode(struct buf *out, int64_t have, int64_t total);
enum status blob_progress_decode(const char *json, size_t n, int64_t *ret_have, struct errmsg *err);

/* terminal: id of the cache (core/wire/work.h), "" where there is none. */
void login_encode(struct buf *out, const char *user, const char *password, const char *device,
                  const char *terminal);
enum status login_decode(const char *json, size_t n, struct arena *a, const char **ret_user,
                         const char **ret_password, const char **ret_device,
                         const char **ret_terminal, struct errmsg *err);
void session_encode(struct buf *out, const struct session *s);
enum status session_decode(const char *json, size_t n, struct arena *a, struct session *ret,
                           struct errmsg *err);

/* --- GET /v1/audit/checkpoints: NDJSON, one object a line ---
 * {"number":1000,"time":RFC 3339,"head":hex,"signature":hex} */
struct checkpoint {
    int64_t number; /* of the entry, 1 and up */
    int64_t at_ms;
    char head[65], signature[129]; /* hash of the entry and Ed25519 over all three, hexadecimal */
};
void checkpoint_encode(struct buf *out, const struct checkpoint *c);
enum status checkpoint_decode(const char *json, size_t n, struct checkpoint *ret,
                              struct errmsg *err);
/* What an auditor kept and what the server gives now, both NDJSON in the order of their numbers: out gets what was kept and
 * behind it those of newer number. ST_CORRUPT, and out is of no use: the log is not the one that was kept, because an
 * entry has another hash now, or because the newest that was kept is not reached any more. */
enum status checkpoints_add(const char *kept, size_t n_kept, const char *now, size_t n_now,
                            struct buf *out, int *ret_new, struct errmsg *err);

/* --- documents --- */
/* NAME_read reads what can be read and lists all that is wrong; NAME_decode takes it or not, the first fault is the
 * error. */
void policy_read(const char *json, size_t n, struct policy *ret, struct faults *f);
enum status policy_decode(const char *json, size_t n, struct arena *a, struct policy *ret,
                          struct errmsg *err);
void calendar_read(const char *json, size_t n, struct calendar *ret, struct faults *f);
enum status calendar_decode(const char *json, size_t n, struct calendar *ret, struct errmsg *err);
/* GET /v1/people and the org file: {"units":[{"code","name","name_en","kind","parent"}],
 * "people":[...], "categories":[...]}. Fills and sorts. The nested shape of data/org.json is the
 * server's to flatten. */
/* The same with all that is wrong in it; reference_check tells what does not hold together. */
void reference_read(const char *json, size_t n, struct reference *ret, struct faults *f);
enum status reference_decode(const char *json, size_t n, struct arena *a, struct reference *ret,
                             struct errmsg *err);
void reference_encode(struct buf *out, const struct reference *r);
/* GET /v1/catalogue and the file of it. Reads what can be read and lists all that is wrong (also members that
 * nobody knows); codes are not compared with the reference data: catalogue_check does that. */
void catalogue_read(const char *json, size_t n, struct catalogue *ret, struct faults *f);
/* The same for who takes it or not: unknown members are passed over, the first fault is the error. */
enum status catalogue_decode(const char *json, size_t n, struct arena *a, struct catalogue *ret,
                             struct errmsg *err);

/* --- emergencies --- */
/* GET /v1/emergencies: {"version","emergencies":[{"code","name","district","areas":[...],"categories":[...],"text",
 * "opened","opened_by","closed","closed_by"}]}; what is empty is left out. */
void emergencies_encode(struct buf *out, const struct emergencies *l);
enum status emergencies_decode(const char *json, size_t n, struct arena *a, struct emergencies *ret,
                               struct errmsg *err);
/* Body of POST /v1/emergencies: the same members as far as "text". */
void emergency_wanted_encode(struct buf *out, const struct emergency *e);
enum status emergency_wanted_decode(const char *json, size_t n, struct arena *a,
                                    struct emergency *ret, struct errmsg *err);

/* --- what intake proposes --- */
struct intake_answer {
    struct matter matter; /* with the place that was taken from the point */
    const struct place_candidate *places;
    size_t n_places;
    const struct proposal *proposals;
    size_t n_proposals;
};
/* Place and unit for a matter. The place of m->point is taken only where m names no street and all candidates that
 * are equally good agree on it. Texts lie in the arena. */
enum status intake_propose(const struct catalogue *c, const struct reference *r,
                           const struct matter *m, bool chinese, struct arena *a,
                           struct intake_answer *ret, struct errmsg *err);
/* json: one object; else lines. Foreign text is in it, not cleaned. */
void intake_print(struct buf *out, const struct intake_answer *a, const struct reference *r,
                  bool chinese, bool json);

/* --- GET /v1/assessment --- */
/* The table as one JSON object, ending with a newline. What is read back has the figures as they were printed, and of
 * the policy what stands in the table. */
void assess_board_encode(struct buf *out, const struct assess_board *b);
enum status assess_board_decode(const char *json, size_t n, struct arena *a,
                                struct assess_board *ret, struct errmsg *err);
/* As lines of text for a terminal or a pipe: names are cleaned; ascii: nothing but ASCII comes of them. */
void assess_board_print(struct buf *out, const struct assess_board *b, bool chinese, bool ascii);

/* --- GET /v1/cases/{id}/earlier --- */
/* Orders about the same matter as one order, newest first. Of those out of the asker's sight id is all zero and title
 * is "". */
struct earlier_order {
    const char *number, *category, *title;
    enum state state;
    int64_t created_ms;
    bool own; /* of the same claimant; else of others */
    bool seen;
    struct uuid id;
};
struct earlier {
    const char *number;
    int repeat; /* which order of its claimant about it this one is, from 1 */
    const struct earlier_order *orders;
    size_t n;
};
/* One JSON object, ending with a newline. */
void earlier_encode(struct buf *out, const struct earlier *e);
enum status earlier_decode(const char *json, size_t n, struct arena *a, struct earlier *ret,
                           struct errmsg *err);
/* The document of bonus points; units are not compared with the reference data: bonus_check does that. */
void bonus_read(const char *json, size_t n, struct bonus *ret, struct faults *f);
enum status bonus_decode(const char *json, size_t n, struct arena *a, struct bonus *ret,
                         struct errmsg *err);
/* The same for the tables that only count (by=praise, by=whistle). */
void tally_encode(struct buf *out, const struct tally_board *t);
enum status tally_decode(const char *json, size_t n, struct arena *a, struct tally_board *ret,
                         struct errmsg *err);
void tally_print(struct buf *out, const struct tally_board *t, bool chinese, bool ascii);

/* --- printing for scripts --- */
/* Case as one JSON object: id, number, version, state, every non-empty field, clocks, counters.
 * masked: personal fields in masked form. */
void casefile_encode(struct buf *out, const struct casefile *c, bool masked);
/* Appends text as a JSON string with quotes; bad UTF-8 becomes U+FFFD. */
void json_put_text(struct buf *out, const char *text);
/* The same under a shorter name, where jansson, which owns that symbol, is not included. Inline, so
 * that the linker never sees a second json_string; core/wire/json.h comes before this header. */
#ifndef JANSSON_H
static inline void json_string(struct buf *out, const char *text)
{
    json_put_text(out, text);
}
#endif

#endif
