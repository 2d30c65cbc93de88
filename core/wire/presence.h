/*
 * presence.h: who is at a case just now, as consoles tell the centre and the centre tells them (doc/design/presence.md).
 *
 * Purpose: the JSON of POST /v1/presence: what one terminal has, and the marks of the others. Lives in memory at both
 *          ends; nothing of it is stored.
 * Ownership: plain copies: no text lies elsewhere.
 * Errors: ST_INVALID names the place.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_PRESENCE_H
#define JIBAN_WIRE_PRESENCE_H

#include "core/base/buf.h"
#include "core/case/casefile.h"

enum presence {
    PRESENCE_NONE,
#define PRESENCE(id, word) PRESENCE_##id,
#include "core/wire/presence.def"
#undef PRESENCE
    PRESENCE_COUNT
};

enum {
    PRESENCE_LISTED = 100, /* marks in one answer at most */
    PRESENCE_TERMINAL = 32,
    PRESENCE_USER = 64
};

/* What a terminal has. One that has nothing is told of the others all the same. */
struct presence_own {
    enum presence what;        /* PRESENCE_NONE: no case, and the rest is nothing */
    struct uuid case_id;       /* of an order that the centre knows */
    enum command_type command; /* that is written; COMMAND_COUNT while nothing is */
};

/* Another terminal at a case. */
struct presence_mark {
    struct uuid case_id;
    enum presence what;
    enum command_type command; /* COMMAND_COUNT: none, or one that this program does not know */
    int64_t since_ms;          /* server's time at which that began */
    bool own;                  /* another terminal of the same person */
    char user[PRESENCE_USER + 1];
};
struct presence_list {
    struct presence_mark mark[PRESENCE_LISTED];
    size_t n;
};

/* {"terminal":"0123...","case":UUID,"mark":"write","command":"reply"}; the last three are left out by who has nothing, the
 * last one by who writes nothing. terminal: 1 to PRESENCE_TERMINAL letters and digits. */
void presence_own_encode(struct buf *out, const char *terminal, const struct presence_own *own);
enum status presence_own_decode(const char *json, size_t n,
                                char ret_terminal[PRESENCE_TERMINAL + 1], struct presence_own *ret,
                                struct errmsg *err);
/* {"marks":[{"case":UUID,"user":"wang.desk","mark":"open","since":TIME,"command":"reply","own":true}]}; own is left out when
 * it is false. Marks of a kind that the reader does not know are passed over. */
void presence_list_encode(struct buf *out, const struct presence_list *list);
enum status presence_list_decode(const char *json, size_t n, struct presence_list *ret,
                                 struct errmsg *err);

#endif
