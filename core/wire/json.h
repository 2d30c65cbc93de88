/*
 * json.h: small helpers over jansson, for core/wire only.
 *
 * Purpose: one place where text becomes a jansson tree: syntax, nesting and duplicate keys are
 *          checked here; readers fetch members and say where something is wrong.
 * Ownership: json_read's tree is the caller's (json_decref); texts are copied into the arena.
 * Errors: ST_INVALID with the place as a JSON pointer (RFC 6901), ST_TOOBIG for nesting, ST_NOMEM.
 * Threads: no shared state.
 */
#ifndef JIBAN_WIRE_JSON_H
#define JIBAN_WIRE_JSON_H

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/uuid.h"
#include "core/case/casefile.h"
#include <jansson.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32 };

/* what: the name used in messages ("policy"), or NULL: the message then starts with line and
 * column. The top must be an object. */
enum status json_read(const char *what, const char *text, size_t n, json_t **ret,
                      struct errmsg *err);

/* Puts a place directly before the message that is there, without a separator. */
void json_place(struct errmsg *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Member key of o. The needed ones fail when it is missing or of another type. */
enum status json_text(const json_t *o, const char *key, struct arena *a, const char **ret,
                      struct errmsg *err);
enum status json_text_or(const json_t *o, const char *key, struct arena *a, const char *otherwise,
                         const char **ret, struct errmsg *err);
enum status json_number(const json_t *o, const char *key, int64_t from, int64_t to, int64_t *ret,
                        struct errmsg *err);
enum status json_flag(const json_t *o, const char *key, bool *ret, struct errmsg *err);
enum status json_time(const json_t *o, const char *key, int64_t *ret_ms, struct errmsg *err);
/* A day ("2026-11-24") as clock.h has it; 0 when it is not there. */
enum status json_day(const json_t *o, const char *key, int *ret_day, struct errmsg *err);
/* list must be an array of texts, none of them empty; key is for the message. */
enum status json_texts(const json_t *list, const char *key, struct arena *a,
                       const char *const **ret, size_t *ret_n, struct errmsg *err);
enum status json_uuid(const json_t *o, const char *key, struct uuid *ret, struct errmsg *err);

/* ,"key": with the comma unless first. */
void json_key(struct buf *out, bool *first, const char *key);
void json_put_time(struct buf *out, int64_t ms);
void json_put_uuid(struct buf *out, const struct uuid *u);

/* Shared pieces of the codec. newer: leave out fields this version does not know (events);
 * otherwise they are refused (arguments of a command). */
void values_put(struct buf *out, const struct value *v, size_t n);
enum status values_get(const json_t *o, bool newer, struct arena *a, const struct value **ret,
                       size_t *ret_n, struct errmsg *err);
void actor_put(struct buf *out, const struct actor *who);
enum status actor_get(const json_t *o, struct arena *a, struct actor *ret, struct errmsg *err);
enum status event_get(const json_t *o, struct arena *a, struct event *ret, struct errmsg *err);

struct change;
/* event_decode and change_decode by way of a tree: of any shape that is right, and the one source of errors. */
enum status event_tree(const char *json, size_t n, struct arena *a, struct event *ret,
                       struct errmsg *err);
enum status change_tree(const char *line, size_t n, struct arena *a, struct change *ret,
                        struct errmsg *err);

#endif
