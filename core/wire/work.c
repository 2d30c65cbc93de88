#include "core/wire/json.h"
#include "core/wire/work.h"
#include "core/base/i18n.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC "jiban-work 1 "
enum { HEAD = sizeof MAGIC - 1 + TERMINAL_ID + 1 + WORK_TICKET + 1 };

_Static_assert(WORK_KEY == crypto_box_PUBLICKEYBYTES && WORK_KEY == crypto_box_SECRETKEYBYTES,
               "length of the keys");

static bool is_hex(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

bool terminal_is(const char *text)
{
    return is_hex(text, TERMINAL_ID);
}

/* --- the answer ----------------------------------------------------------------------------------- */

void revocation_add(struct buf *problem, const struct revocation *r)
{
    char key[2 * WORK_KEY + 1];
    sodium_bin2hex(key, sizeof key, r->seal_to, WORK_KEY);
    if (problem->len == 0)
        return;
    problem->len--; /* the brace */
    buf_printf(problem, ",\"terminal\":\"%s\",\"ticket\":\"%s\",\"seal_to\":\"%s\"}", r->terminal,
               r->ticket, key);
}

static bool revocation_get(const json_t *top, struct arena *a, struct revocation *ret)
{
    const char *type = "", *terminal = "", *ticket = "", *key = "";
    size_t n = 0;
    if (json_text(top, "type", a, &type, NULL) != ST_OK ||
        strcmp(type, "urn:jiban:problem:" REVOKED_WORD) != 0 ||
        json_text(top, "terminal", a, &terminal, NULL) != ST_OK || !terminal_is(terminal) ||
        json_text(top, "ticket", a, &ticket, NULL) != ST_OK || !is_hex(ticket, WORK_TICKET) ||
        json_text(top, "seal_to", a, &key, NULL) != ST_OK || !is_hex(key, 2 * WORK_KEY) ||
        sodium_hex2bin(ret->seal_to, WORK_KEY, key, strlen(key), NULL, &n, NULL) != 0)
        return false;
    memcpy(ret->terminal, terminal, TERMINAL_ID + 1);
    memcpy(ret->ticket, ticket, WORK_TICKET + 1);
    return n == WORK_KEY;
}

bool revocation_decode(const char *json, size_t n, struct revocation *ret)
{
    struct revocation r = {.terminal = ""};
    struct arena a;
    json_t *top;
    if (json_read(NULL, json, n, &top, NULL) != ST_OK)
        return false;
    arena_init(&a, 0);
    bool ok = revocation_get(top, &a, &r);
    arena_release(&a);
    json_decref(top);
    if (ok)
        *ret = r;
    return ok;
}

/* --- the file ------------------------------------------------------------------------------------- */

enum status work_seal(const struct revocation *r, const char *text, size_t n, struct buf *out,
                      struct errmsg *err)
{
    unsigned char *box = sodium_init() < 0 ? NULL : malloc(n + crypto_box_SEALBYTES);
    if (!box)
        return fail(err, ST_NOMEM, _("Out of memory."));
    bool ok = crypto_box_seal(box, (const unsigned char *)text, n, r->seal_to) == 0;
    if (ok) {
        buf_printf(out, MAGIC "%s %s\n", r->terminal, r->ticket);
        buf_add(out, box, n + crypto_box_SEALBYTES);
    }
    free(box);
    if (!ok)
        return fail(err, ST_INVALID, _("The server's key seals nothing."));
    return buf_status(out) == ST_OK ? ST_OK : fail(err, ST_NOMEM, _("Out of memory."));
}

enum status work_head(const char *file, size_t n, struct revocation *ret, struct errmsg *err)
{
    struct revocation r = {.terminal = ""};
    const char *terminal = file + sizeof MAGIC - 1, *ticket = terminal + TERMINAL_ID + 1;
    bool ok = n > HEAD + crypto_box_SEALBYTES && memcmp(file, MAGIC, sizeof MAGIC - 1) == 0 &&
              ticket[-1] == ' ' && file[HEAD - 1] == '\n';
    if (ok) {
        memcpy(r.terminal, terminal, TERMINAL_ID);
        memcpy(r.ticket, ticket, WORK_TICKET);
        ok = terminal_is(r.terminal) && is_hex(r.ticket, WORK_TICKET);
    }
    if (!ok)
        return fail(err, ST_INVALID, _("This is no sealed work of a terminal."));
    *ret = r;
    return ST_OK;
}

enum status work_open(const unsigned char secret[WORK_KEY], const char *file, size_t n,
                      struct buf *out, struct errmsg *err)
{
    struct revocation r;
    unsigned char public[WORK_KEY];
    enum status st = work_head(file, n, &r, err);
    if (st != ST_OK)
        return st;
    size_t room = n - HEAD - crypto_box_SEALBYTES;
    unsigned char *text = sodium_init() < 0 ? NULL : malloc(room);
    if (!text)
        return fail(err, ST_NOMEM, _("Out of memory."));
    if (crypto_scalarmult_base(public, secret) != 0 ||
        crypto_box_seal_open(text, (const unsigned char *)file + HEAD, n - HEAD, public, secret) !=
            0)
        st = fail(err, ST_DENIED,
                  _("The sealed work of terminal %s does not open: it was sealed for another key, "
                    "or it is damaged."),
                  r.terminal);
    else
        buf_add(out, text, room);
    sodium_memzero(text, room);
    free(text);
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, ST_NOMEM, _("Out of memory."));
    return st;
}

/* --- its lines ------------------------------------------------------------------------------------ */

static void put_file(struct buf *out, const struct work_item *item)
{
    const struct attached *f = &item->file;
    size_t n = (size_t)f->bytes,
           room = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *text = item->data ? malloc(room) : NULL;
    buf_printf(out, "{\"file\":\"%s\",\"name\":", f->sha256);
    json_put_text(out, f->name);
    buf_puts(out, ",\"type\":");
    json_put_text(out, filetype_table[f->type].word);
    buf_printf(out, ",\"bytes\":%" PRId64, f->bytes);
    if (text)
        buf_printf(out, ",\"data\":\"%s\"",
                   sodium_bin2base64(text, room, (const unsigned char *)item->data, n,
                                     sodium_base64_VARIANT_ORIGINAL));
    free(text);
}

static void put_head(struct buf *out, const struct work_item *item)
{
    buf_puts(out, "{\"user\":");
    json_put_text(out, item->user);
    buf_puts(out, ",\"device\":");
    json_put_text(out, item->device);
    buf_puts(out, ",\"at\":");
    json_put_time(out, item->at_ms);
}

static void put_draft(struct buf *out, const struct work_item *item)
{
    buf_puts(out, "{\"draft\":");
    json_put_text(out, command_table[item->command.type].word);
    buf_puts(out, ",\"case\":");
    json_put_uuid(out, &item->command.case_id);
    buf_puts(out, ",\"at\":");
    json_put_time(out, item->at_ms);
    buf_puts(out, ",\"values\":");
    values_put(out, item->command.values, item->command.n_values);
}

void work_put(struct buf *out, const struct work_item *item)
{
    switch (item->kind) {
    case WORK_HEAD:
        put_head(out, item);
        break;
    case WORK_COMMAND:
        buf_puts(out, "{\"command\":");
        command_encode(out, &item->command);
        break;
    case WORK_CONFLICT:
        buf_puts(out, "{\"conflict\":");
        command_encode(out, &item->command);
        buf_puts(out, ",\"problem\":");
        problem_encode(out, &item->problem);
        buf_puts(out, ",\"at\":");
        json_put_time(out, item->at_ms);
        break;
    case WORK_DRAFT:
        put_draft(out, item);
        break;
    case WORK_PAPER:
        buf_printf(out, "{\"dropped\":%s,\"paper\":", item->dropped ? "true" : "false");
        paper_encode(out, &item->paper);
        break;
    case WORK_FILE:
        put_file(out, item);
        break;
    case WORK_END:
        buf_printf(out, "{\"end\":%" PRId64, item->n);
        break;
    }
    buf_puts(out, "}\n");
}

/* A member that is a message of its own: its text, to be freed; NULL where there is none. */
static char *inner(const json_t *top, const char *key)
{
    const json_t *o = json_object_get(top, key);
    return o ? json_dumps(o, JSON_COMPACT) : NULL;
}

static enum status get_command(const json_t *top, const char *key, struct arena *a,
                               struct work_item *ret, struct errmsg *err)
{
    char *text = inner(top, key);
    enum status st = text ? command_decode(text, strlen(text), a, &ret->command, err)
                          : fail(err, ST_INVALID, "/%s: missing", key);
    free(text);
    ret->at_ms = ret->command.at_ms;
    return st;
}

static enum status get_conflict(const json_t *top, struct arena *a, struct work_item *ret,
                                struct errmsg *err)
{
    char *text = inner(top, "problem");
    enum status st = get_command(top, "conflict", a, ret, err);
    if (st == ST_OK)
        st = text ? problem_decode(text, strlen(text), a, &ret->problem, err)
                  : fail(err, ST_INVALID, "/problem: missing");
    if (st == ST_OK)
        st = json_time(top, "at", &ret->at_ms, err);
    free(text);
    return st;
}

static enum status get_draft(const json_t *top, struct arena *a, struct work_item *ret,
                             struct errmsg *err)
{
    const char *word = "";
    struct command *c = &ret->command;
    enum status st = json_text(top, "draft", a, &word, err);
    if (st == ST_OK && (c->type = command_find(word)) == COMMAND_COUNT)
        st = fail(err, ST_UNSUPPORTED, "/draft: this version does not know \"%.60s\"", word);
    if (st == ST_OK)
        st = json_uuid(top, "case", &c->case_id, err);
    if (st == ST_OK)
        st = json_time(top, "at", &ret->at_ms, err);
    return st == ST_OK
               ? values_get(json_object_get(top, "values"), true, a, &c->values, &c->n_values, err)
               : st;
}

static enum status get_paper(const json_t *top, struct arena *a, struct work_item *ret,
                             struct errmsg *err)
{
    char *text = inner(top, "paper");
    enum status st = text ? paper_decode(text, strlen(text), a, &ret->paper, err)
                          : fail(err, ST_INVALID, "/paper: missing");
    if (st == ST_OK)
        st = json_flag(top, "dropped", &ret->dropped, err);
    free(text);
    return st;
}

static enum status get_data(const char *base64, struct arena *a, struct work_item *ret,
                            struct errmsg *err)
{
    size_t n = 0, room = (size_t)ret->file.bytes;
    char *data = arena_array(a, room + 1, 1);
    if (!data)
        return fail(err, ST_NOMEM, "out of memory");
    if (sodium_base642bin((unsigned char *)data, room, base64, strlen(base64), NULL, &n, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        n != room)
        return fail(err, ST_INVALID, "/data: not the bytes of the file");
    ret->data = data;
    return ST_OK;
}

static enum status get_file(const json_t *top, struct arena *a, struct work_item *ret,
                            struct errmsg *err)
{
    const char *hash = "", *type = "", *data = "";
    struct attached *f = &ret->file;
    enum status st = json_text(top, "file", a, &hash, err);
    if (st == ST_OK)
        st = json_text(top, "name", a, &f->name, err);
    if (st == ST_OK)
        st = json_text(top, "type", a, &type, err);
    if (st == ST_OK)
        st = json_number(top, "bytes", 1, ATTACHED_BYTES, &f->bytes, err);
    if (st == ST_OK)
        st = json_text_or(top, "data", a, "", &data, err);
    if (st != ST_OK)
        return st;
    if (!sha256_is(hash) || (f->type = filetype_find(type)) == FILETYPE_COUNT)
        return fail(err, ST_INVALID, "/file: no such file");
    memcpy(f->sha256, hash, SHA256_HEX + 1);
    return *data ? get_data(data, a, ret, err) : ST_OK;
}

static enum status get_head(const json_t *top, struct arena *a, struct work_item *ret,
                            struct errmsg *err)
{
    enum status st = json_text(top, "user", a, &ret->user, err);
    if (st == ST_OK)
        st = json_text(top, "device", a, &ret->device, err);
    return st == ST_OK ? json_time(top, "at", &ret->at_ms, err) : st;
}

static enum status item_get(const json_t *top, struct arena *a, struct work_item *ret,
                            struct errmsg *err)
{
    static const char *const key[] = {
        [WORK_HEAD] = "user",   [WORK_COMMAND] = "command", [WORK_CONFLICT] = "conflict",
        [WORK_DRAFT] = "draft", [WORK_PAPER] = "paper",     [WORK_FILE] = "file",
        [WORK_END] = "end"};
    size_t kind = 0;
    while (kind <= WORK_END && !json_object_get(top, key[kind]))
        kind++;
    ret->kind = (enum work_kind)kind;
    switch (ret->kind) {
    case WORK_HEAD:
        return get_head(top, a, ret, err);
    case WORK_COMMAND:
        return get_command(top, "command", a, ret, err);
    case WORK_CONFLICT:
        return get_conflict(top, a, ret, err);
    case WORK_DRAFT:
        return get_draft(top, a, ret, err);
    case WORK_PAPER:
        return get_paper(top, a, ret, err);
    case WORK_FILE:
        return get_file(top, a, ret, err);
    case WORK_END:
        return json_number(top, "end", 0, INT64_MAX, &ret->n, err);
    }
    return fail(err, ST_UNSUPPORTED, "this version does not know the line");
}

enum status work_get(const char *line, size_t n, struct arena *a, struct work_item *ret,
                     struct errmsg *err)
{
    json_t *top;
    struct work_item item = {.user = "", .device = ""};
    enum status st = json_read(NULL, line, n, &top, err);
    if (st != ST_OK)
        return st;
    st = item_get(top, a, &item, err);
    json_decref(top);
    if (st == ST_OK && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (st == ST_OK)
        *ret = item;
    return st;
}
