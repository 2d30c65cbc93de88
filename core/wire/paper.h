/*
 * paper.h: small named texts that a person or an office keeps: saved views, reply templates, handover notes.
 *
 * Purpose: what a paper is, who may write it, and its JSON. A paper is known by kind, scope, owner and name. It lives at
 *          the centre; its revision is a number of the centre that only grows, over all papers, and tells two texts of
 *          one name apart.
 * Ownership: decoded texts lie in the arena given.
 * Errors: ST_INVALID names the place or what is wrong with a name; ST_TOOBIG; ST_DENIED.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_PAPER_H
#define JIBAN_WIRE_PAPER_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/case/casefile.h"

enum paper_kind {
#define PAPER(id, word, label, roles, bytes, most) PAPER_##id,
#include "core/wire/papers.def"
#undef PAPER
    PAPER_COUNT
};
extern const struct paper_row {
    const char *word, *label; /* label: N_() */
    uint32_t roles;           /* 1u << ROLE_x */
    size_t bytes;
    int most;
} paper_table[PAPER_COUNT];
enum paper_kind paper_find(const char *word); /* PAPER_COUNT when there is none */

/* Whose it is: one person's, or of all people of an office and those below it. */
enum paper_scope { PAPER_OWN, PAPER_OFFICE, PAPER_SCOPES };
extern const char *const paper_scope_word[PAPER_SCOPES];
enum paper_scope paper_scope_find(const char *word); /* PAPER_SCOPES when there is none */

enum { PAPER_NAME_CHARACTERS = 60 };

struct paper {
    enum paper_kind kind;
    enum paper_scope scope;
    const char *owner; /* a user, or the code of a unit */
    const char *name;
    const char *body;
    int64_t revision; /* 0: the centre does not know it */
    int64_t changed_ms;
    const char *changed_by; /* user */
};

/* Whose papers of that scope the person writes: the user, or the unit that is the person's office. */
const char *paper_owner(const struct actor *who, enum paper_scope scope);
/* ST_DENIED unless the person writes papers of that kind, scope and owner. */
enum status paper_may_write(const struct actor *who, enum paper_kind kind, enum paper_scope scope,
                            const char *owner, struct errmsg *err);
/* Name and length of the text. A name is 1 to PAPER_NAME_CHARACTERS characters, without control characters, blanks at its
 * ends, and the three that mean something in an address: / % and \. */
enum status paper_check(const struct paper *p, struct errmsg *err);

/* {"kind","scope","owner","name","body","revision","changed","changed_by"} */
void paper_encode(struct buf *out, const struct paper *p);
enum status paper_decode(const char *json, size_t n, struct arena *a, struct paper *ret,
                         struct errmsg *err);
/* Body of PUT: {"owner","body"}. The owner says for whom it was written; it is not the office's any more after a person has
 * changed the office. */
void paper_wanted_encode(struct buf *out, const struct paper *p);
enum status paper_wanted_decode(const char *json, size_t n, struct arena *a, const char **ret_owner,
                                const char **ret_body, struct errmsg *err);

/* GET /v1/papers: {"revision","papers":[...]}. revision: the newest that the centre ever gave. */
struct papers {
    int64_t revision;
    const struct paper *list;
    size_t n;
};
enum status papers_decode(const char *json, size_t n, struct arena *a, struct papers *ret,
                          struct errmsg *err);
void papers_begin(struct buf *out, int64_t revision);
void papers_add(struct buf *out, bool first, const struct paper *p);
void papers_end(struct buf *out);
/* "/v1/papers/template/own/NAME", the name percent-encoded (RFC 3986). */
void paper_target(struct buf *out, const struct paper *p);

#endif
