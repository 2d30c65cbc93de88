/*
 * app.h: the console's loop: poll(keys, hints of the sync thread, next deadline) -> update -> draw.
 *
 * Ownership: everything in the config stays the caller's and must outlive the call.
 * Threads: the UI thread; store is its own connection.
 */
#ifndef JIBAN_TUI_APP_H
#define JIBAN_TUI_APP_H

#include "core/base/buf.h"
#include "core/base/options.h"
#include "core/store/context.h"
#include "core/store/store.h"
#include "core/sync/sync.h"

struct app_config {
    struct options *options;
    struct store *store;
    struct context *context;         /* loaded; loaded anew on HINT_REFERENCE */
    const struct sync_options *line; /* NULL: no line (printing, tests) */
    void (*line_has_password)(void); /* called when it need not be kept any more; may be NULL */
    const struct clock *clock;
    const struct random *random;
    const char *device;
    const char
        *self; /* this program, which decodes pictures in a process of its own; NULL: none are */
    bool practice;
    bool readonly;              /* nothing is changed from here, for as long as it runs */
    struct revocation *revoked; /* told that the terminal was, which ends the run; may be NULL */
    const char *notice;         /* what was wrong with the configuration: said first; NULL or "" */
};

/* Runs until the person leaves; returns an exit code of sysexits.h. The terminal is left as it was
 * found. */
int app_run(const struct app_config *config);
/* Draws the first screen as text, one line a row, cols x rows cells. Returns an exit code. */
int app_print_first(const struct app_config *config, int cols, int rows, struct buf *out);

#endif
