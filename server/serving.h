/*
 * serving.h: who serves a store, so that whoever loads a document can wake it.
 *
 * The server holds a lock on PATH.serving as long as it lives; the kernel knows the holder and forgets it with the
 * process, so that no number in a file can be stale. On one host only, as SQLite is.
 * Errors: none that stop work: without the file a server is woken by hand.
 * Threads: serving_begin and serving_end belong to the main thread.
 */
#ifndef JIBAN_SERVER_SERVING_H
#define JIBAN_SERVER_SERVING_H

#include <stdbool.h>

void serving_begin(const char *store_path);
void serving_end(void);
enum serving_wake {
    SERVING_NOBODY, /* no server runs */
    SERVING_WOKEN,  /* it got SIGHUP and reads its documents again */
    SERVING_FAR     /* it runs and is not ours to signal */
};
/* ret_pid: of the server, for the message. */
enum serving_wake serving_wake(const char *store_path, int *ret_pid);

#endif
