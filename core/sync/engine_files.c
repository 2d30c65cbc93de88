/* engine_files.c: attachments, in pieces: to the centre before the commands that name them, and from it when one asks. */
#include "core/sync/engine_own.h"
#include "core/base/i18n.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { PIECE_BYTES = 256 * 1024 };

static bool same_file(const struct moving_file *m, const struct attached *f)
{
    return strcmp(m->file.sha256, f->sha256) == 0;
}

/* The engine's own copy; what is known of another file is forgotten. */
static void take_file(struct sync_engine *e, const struct attached *f)
{
    struct moving_file *m = &e->moving;
    if (!same_file(m, f))
        m->have = -1;
    m->file = *f;
    snprintf(m->name, sizeof m->name, "%s", f->name);
    m->file.name = m->name;
}

static void send_piece(struct sync_engine *e, struct buf *piece)
{
    struct moving_file *m = &e->moving;
    char target[128], range[96];
    struct errmsg err = {{0}};
    enum status st = ST_OK;
    snprintf(target, sizeof target, "/v1/blobs/%s", m->file.sha256);
    if (m->have < 0) {
        snprintf(range, sizeof range, "bytes */%" PRId64, m->file.bytes);
    } else {
        st = store_attachment_piece(e->config.store, m->file.sha256, m->have, PIECE_BYTES, piece,
                                    &err);
        if (st == ST_OK && piece->len == 0)
            st = fail(&err, ST_NOT_FOUND, _("The copy of the file in this cache is not whole."));
        snprintf(range, sizeof range, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, m->have,
                 m->have + (int64_t)piece->len - 1, m->file.bytes);
    }
    if (st == ST_NOT_FOUND) { /* it never will be there: the person must add it anew */
        const struct problem p = {.type = "urn:jiban:problem:file",
                                  .title = N_("The file is not taken"),
                                  .detail = err.text,
                                  .field = field_table[FIELD_ATTACH].word};
        st = store_attachment_failed(e->config.store, &m->file, &p, &err);
        e->want_files = e->want_commands = true;
        hint(e, HINT_OUTBOX);
    }
    if (st != ST_OK)
        store_failed(e, st, &err);
    if (st != ST_OK || e->want_commands)
        return;
    struct request r = {.method = "PUT",
                        .target = target,
                        .token = e->token,
                        .content_range = range,
                        .body = piece->data,
                        .body_len = piece->len};
    start_request(e, OP_FILE_SEND, &r);
}

static void fetch_piece(struct sync_engine *e, int64_t from)
{
    struct moving_file *m = &e->moving;
    char target[128], range[96];
    m->have = from;
    snprintf(target, sizeof target, "/v1/blobs/%s", m->file.sha256);
    snprintf(range, sizeof range, "bytes=%" PRId64 "-%" PRId64, from, from + PIECE_BYTES - 1);
    struct request r = {.method = "GET",
                        .target = target,
                        .token = e->token,
                        .range = range,
                        .limit = PIECE_BYTES + SMALL_BODY};
    start_request(e, OP_FILE_FETCH, &r);
}

void start_file(struct sync_engine *e)
{
    struct arena a;
    struct buf piece;
    struct attachment next;
    struct errmsg err = {{0}};
    arena_init(&a, 0);
    buf_init(&piece, 2 * PIECE_BYTES);
    e->want_files = false;
    enum status st = store_attachment_next(e->config.store, true, &a, &next, &err);
    bool sends = st == ST_OK;
    if (st == ST_NOT_FOUND)
        st = store_attachment_next(e->config.store, false, &a, &next, &err);
    if (st == ST_OK) {
        e->want_files = true; /* until there is none */
        take_file(e, &next.file);
    } else if (st != ST_NOT_FOUND) {
        store_failed(e, st, &err);
    }
    if (st == ST_OK && sends)
        send_piece(e, &piece);
    else if (st == ST_OK)
        fetch_piece(e, next.moved);
    buf_release(&piece);
    arena_release(&a);
}

/* The server says no, and will again. */
static void refused(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct problem p;
    if (problem_decode(e->body.data, e->body.len, a, &p, NULL) != ST_OK)
        p = (struct problem){
            .status = e->head.status,
            .type = "urn:jiban:problem:file",
            .title = N_("The file is not taken"),
            .detail = arena_printf(a, _("The server answers with HTTP %d."), e->head.status),
            .field = ""};
    enum status st = store_attachment_failed(e->config.store, &e->moving.file, &p, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->moving.have = -1;
    e->want_commands = true; /* what stood behind it */
    hint(e, HINT_OUTBOX);
}

void file_sent(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    struct moving_file *m = &e->moving;
    int64_t have = 0;
    if (e->head.status ==
        409) { /* another one has sent a part of it: it says from where to go on */
        m->have = -1;
        line_failed(e, LINE_OFFLINE, _("The server has another part of the file; asking again."));
        return;
    }
    if (e->head.status != 200) {
        refused(e, a);
        return;
    }
    enum status st = blob_progress_decode(e->body.data, e->body.len, &have, &err);
    if (st != ST_OK || have > m->file.bytes) {
        m->have = -1;
        not_understood(e, _("the file"), &err);
        return;
    }
    m->have = have;
    st = store_attachment_sent(e->config.store, &m->file, have, &err);
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->failures = 0;
    if (have == m->file.bytes)
        e->want_commands = true; /* that waited for it */
    hint(e, HINT_OUTBOX);
}

void file_fetched(struct sync_engine *e, struct arena *a)
{
    struct errmsg err = {{0}};
    bool whole = false;
    int64_t from = e->head.status == 206 ? e->moving.have : 0;
    if (e->head.status != 200 && e->head.status != 206) {
        refused(e, a);
        return;
    }
    if (e->body.len == 0 || from + (int64_t)e->body.len > e->moving.file.bytes) {
        fail(&err, ST_PROTOCOL, _("another length than was asked for"));
        not_understood(e, _("the file"), &err);
        return;
    }
    enum status st = store_attachment_fetched(e->config.store, &e->moving.file, from, e->body.data,
                                              e->body.len, &whole, &err);
    if (st == ST_CORRUPT) {
        const struct problem p = {
            .type = "urn:jiban:problem:hash", .title = "", .detail = err.text, .field = ""};
        st = store_attachment_failed(e->config.store, &e->moving.file, &p, &err);
    }
    if (st != ST_OK) {
        store_failed(e, st, &err);
        return;
    }
    e->failures = 0;
    hint(e, HINT_OUTBOX);
}

void file_cut(struct sync_engine *e)
{
    e->moving.have = -1; /* what of the piece has arrived is not known */
}
