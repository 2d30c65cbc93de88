/*
 * engine.h: the sync engine, a state machine that is told the time.
 *
 * Outbox out, changes in, SSE to know when. It owns no thread and no socket: thread.c drives it
 * live (libcurl multi + wake-up pipe), the simulator drives it in virtual time.
 * Rules: one command request at a time, in outbox order, at most WIRE_BATCH_MAX; the same ids on
 * every try; outcomes count by exact id only; the cursor moves only with the records of the line
 * that carries it; it never goes backwards; exponential wait with full jitter 1 s ... 5 min on the
 * monotonic clock; Retry-After honoured up to 15 min; 410: fresh start, then what was acknowledged
 * in the last 7 days is offered again when the epoch changed; 401: state NEED_LOGIN, everything
 * kept; another user's log-in never sends the first user's commands. Ownership: the engine copies
 * what it keeps. Threads: one thread (the sync thread); the UI reads the store and the hints that
 * come through `hint`.
 */
#ifndef JIBAN_SYNC_ENGINE_H
#define JIBAN_SYNC_ENGINE_H

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/store/store.h"
#include "core/sync/transport.h"
#include "core/wire/presence.h"
#include "core/wire/work.h"

enum line_state {
    LINE_IDLE,       /* not started */
    LINE_CONNECTING, /* first answer not here yet */
    LINE_ONLINE,
    LINE_OFFLINE,    /* waiting to try again */
    LINE_NEED_LOGIN, /* 401: the person must give the password */
    LINE_REVOKED, /* the centre has revoked this terminal: report.revoked; nothing is asked any more */
    LINE_OTHER_VERSION, /* the server speaks no protocol that this console does (core/wire/protocol.h) */
    LINE_NOT_OURS,      /* something answers that is not our server (portal, other JSON) */
    LINE_STATE_COUNT
};
/* One byte through the wake-up pipe. */
enum sync_hint {
    HINT_LINE = 'l',      /* line state changed */
    HINT_CASES = 'c',     /* cases changed */
    HINT_OUTBOX = 'o',    /* outbox, sent or conflicts changed */
    HINT_REFERENCE = 'r', /* policy, people changed */
    HINT_PRESENCE = 'p',  /* others are at a case than before */
    HINT_DONE = 'd'       /* one full cycle done (jiban sync) */
};

/* Of who is at which case (doc/design/presence.md). */
enum presence_way {
    PRESENCE_OFF,  /* nothing is told or asked */
    PRESENCE_TELL, /* asked only together with what is told */
    PRESENCE_ON    /* and whenever the centre says that it is another */
};

struct sync_config {
    struct store *store;
    const struct clock *clock;
    const struct random *random;
    struct transport *transport;
    const char *user, *device;
    const char *terminal; /* id of the cache; NULL or "" for none */
    int batch;            /* changes asked for at once */
    size_t body_limit;    /* unpacked bytes */
    bool once;            /* one cycle, no SSE */
    enum presence_way presence;
    /* The server has accepted this password at a log-in. hint_self: of both; NULL: nobody hears. */
    void (*accepted)(void *self, const char *password);
    void *hint_self;
    void (*hint)(void *self, enum sync_hint hint);
};

struct sync_engine;
enum status sync_engine_new(const struct sync_config *config, struct sync_engine **ret,
                            struct errmsg *err);
void sync_engine_free(struct sync_engine *e);
struct transport_events sync_engine_events(struct sync_engine *e); /* for the transport */

/* The person's password; NULL token and password: reuse the kept session token. Cleared after use.
 */
void sync_engine_login(struct sync_engine *e, const char *password);
void sync_engine_token(struct sync_engine *e, const char *token); /* session kept from before */
void sync_engine_poke(struct sync_engine *e);                     /* the outbox has something new */
/* The person said "now": sends and fetches, and does not wait for the time of the next try. */
void sync_engine_now(struct sync_engine *e);
/* This terminal is at that case from now on; told again while it holds. */
void sync_engine_present(struct sync_engine *e, const struct presence_own *own);
/* Who is at a case besides; empty while nobody knows. */
const struct presence_list *sync_engine_others(const struct sync_engine *e);
/* Does what is due. Call when next_ms has come, after a poke and after each transport event. */
void sync_engine_tick(struct sync_engine *e);
/* No request is under way but the stream of events, and none is due now. */
bool sync_engine_idle(const struct sync_engine *e);
int64_t
sync_engine_next_ms(const struct sync_engine *e); /* mono time of the next need; INT64_MAX none */

struct sync_report { /* plain copy */
    enum line_state line;
    int64_t since_wall_ms;    /* of this line state */
    int64_t retry_mono_ms;    /* next try, TIME_NONE */
    int64_t server_offset_ms; /* server wall - our wall */
    int64_t cycles, records, gone, sent, rejected, bytes_in, bytes_out, requests;
    bool present_told;         /* the centre knows at which case this terminal is */
    enum status cache;         /* not ST_OK: the last try ended because the cache failed so */
    struct revocation revoked; /* with LINE_REVOKED */
    char error[256];           /* last error for people; foreign text still unclean */
};
void sync_engine_report(const struct sync_engine *e, struct sync_report *ret);

#endif
