/*
 * context.h: what prediction and display need beside the cases: policy, calendar, people,
 * catalogue, emergencies, the actor.
 *
 * They come from the server, are kept in the cache as documents, and are read from there by each
 * thread into its own struct.
 * Ownership: context_release gives all back; store_set_context keeps pointers into the struct, so
 *            it must outlive the store handle or be loaded anew first.
 * Errors: a document that is missing (never synced) or makes no sense leaves have_x false; loading
 *         goes on. A store that cannot be read is a failure: without the actor nobody knew whose
 *         work is queued.
 * Threads: one context belongs to one thread.
 */
#ifndef JIBAN_STORE_CONTEXT_H
#define JIBAN_STORE_CONTEXT_H

#include "core/store/store.h"

enum { CONTEXT_MARK = 1024 };

struct late_catalogue;
struct context {
    struct arena arena;
    bool have_policy, have_calendar, have_reference, have_emergencies, have_actor;
    struct policy policy;
    struct calendar calendar;
    struct reference reference;
    struct late_catalogue *catalogue; /* NULL: there is none; see context_catalogue */
    struct emergencies emergencies;
    struct actor actor;
    char made_of[CONTEXT_MARK]; /* ETags of the documents and the actor; "" when not known */
};

void context_init(struct context *c);
void context_release(struct context *c);
/* Reads everything that is another by now and hands it to the store (store_set_context). device: this
 * terminal. When the store cannot be read, what was loaded before stays. */
enum status context_load(struct context *c, struct store *s, const char *device,
                         struct errmsg *err);
/* The actor is kept by the sync engine after a log-in. */
enum status context_save_actor(struct store *s, const struct actor *actor, struct errmsg *err);
/* Decoded when it is first asked for: neither a list nor the thread of the line needs it, and it is as long as all the others are
 * together. NULL: there is none. */
const struct catalogue *context_catalogue(const struct context *c);
/* For workflow_decide; NULL policy when there is none yet. */
struct workflow_context context_workflow(const struct context *c, int64_t now_ms);

#endif
