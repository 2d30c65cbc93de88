/*
 * sync.h: the sync thread: engine + libcurl transport + its own store connection.
 *
 * Threads: sync_start makes the thread; the other functions are for the UI thread. They share a
 * mutex-guarded report and login slot, and a wake-up pipe each way; all data meets in the cache.
 */
#ifndef JIBAN_SYNC_SYNC_H
#define JIBAN_SYNC_SYNC_H

#include "core/sync/engine.h"

struct sync;
struct sync_options {
    const char *folder; /* of the cache: the thread opens it with STORE_SECOND */
    const char *url;    /* https://..., http://127.0.0.1:PORT, unix:PATH */
    const char *user, *device, *ca_file;
    const char *terminal;       /* id of the cache (core/store/work.h); NULL or "" for none */
    struct revocation *revoked; /* of ask.h: where it is told that the terminal was; may be NULL */
    bool allow_plain;
    const char *password; /* NULL: the person is asked (LINE_NEED_LOGIN); copied */
    bool once;
    enum presence_way presence;
    int batch;
    size_t body_limit;
    const struct clock *clock;
    const struct random *random;
};
/* Returns at once: the thread opens the line and the cache. What fails there comes as a report
 * (LINE_OFFLINE with the reason, then HINT_DONE); an address that is not understood is ST_INVALID. */
enum status sync_start(const struct sync_options *o, struct sync **ret, struct errmsg *err);
void sync_stop(struct sync *s);    /* ends the thread within 1 s; NULL allowed */
int sync_fd(const struct sync *s); /* read end: bytes of enum sync_hint; non-blocking */
void sync_login(struct sync *s, const char *password);
void sync_poke(struct sync *s); /* the outbox has something new */
void sync_now(struct sync *s);  /* the person said "now" */
void sync_report(struct sync *s, struct sync_report *ret);
/* This terminal is at that case from now on; who is besides, after a HINT_PRESENCE. */
void sync_present(struct sync *s, const struct presence_own *own);
void sync_others(struct sync *s, struct presence_list *ret);

/* Asks /healthz without logging in: is our server there? ST_PROTOCOL if something else answers.
 * Blocks up to 10 s. */
enum status line_probe(const char *url, const char *ca_file, bool allow_plain, struct errmsg *err);

#endif
