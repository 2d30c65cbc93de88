#include "server/audit_verify.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHECKPOINT_FILE_MOST = 256 * 1024 * 1024 };

/* A checkpoint, of the store or of the file. */
struct mark {
    int64_t number, at_ms;
    unsigned char head[AUDIT_HASH], signature[crypto_sign_BYTES];
    bool sound; /* has the form of a checkpoint */
    bool ours;  /* of the store */
};

struct verifier {
    unsigned char key[AUDIT_HASH], open[crypto_sign_PUBLICKEYBYTES];
    struct mark *marks; /* by number */
    size_t n, cap, next;
    int64_t last;    /* entry that was read last */
    int64_t trusted; /* newest entry that a checkpoint agrees with */
    unsigned char hash[AUDIT_HASH];
};

/* --- checkpoints ----------------------------------------------------------------------------- */

static enum status mark_add(struct verifier *v, const struct mark *m, struct errmsg *err)
{
    if (v->n == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 256;
        struct mark *more = realloc(v->marks, cap * sizeof *more);
        if (!more)
            return fail(err, ST_NOMEM, "out of memory");
        v->marks = more;
        v->cap = cap;
    }
    v->marks[v->n++] = *m;
    return ST_OK;
}

static bool copy_blob(struct stmt *q, int column, unsigned char *out, size_t want)
{
    size_t n;
    const void *blob = stmt_get_blob(q, column, &n);
    if (n != want)
        return false;
    memcpy(out, blob, n);
    return true;
}

static enum status marks_of_store(struct verifier *v, struct db *db, struct errmsg *err)
{
    enum status st = ST_OK;
    struct stmt *q = database_stmt(db, SQL_CHECKPOINT_LIST);
    stmt_int(q, 1, INT64_MIN);
    stmt_int(q, 2, INT64_MAX);
    while (st == ST_OK && stmt_row(q)) {
        struct mark m = {.number = stmt_get_int(q, 0), .at_ms = stmt_get_int(q, 1), .ours = true};
        m.sound = copy_blob(q, 2, m.head, sizeof m.head);
        m.sound = copy_blob(q, 3, m.signature, sizeof m.signature) && m.sound;
        st = mark_add(v, &m, err);
    }
    stmt_done(q);
    return st == ST_OK ? database_status(db, err) : st;
}

/* A line that a full disk or a cut left short is passed over, but one at least must be a checkpoint. */
static enum status marks_of_file(struct verifier *v, const char *path, struct errmsg *err)
{
    char *text = NULL;
    size_t n = 0, before = v->n;
    enum status st = file_read(path, CHECKPOINT_FILE_MOST, &text, &n, err);
    if (st != ST_OK)
        return st;
    for (char *p = text; st == ST_OK && p < text + n;) {
        size_t len = strcspn(p, "\n");
        struct checkpoint c;
        if (checkpoint_decode(p, len, &c, NULL) == ST_OK) {
            struct mark m = {.number = c.number, .at_ms = c.at_ms, .sound = true};
            sodium_hex2bin(m.head, sizeof m.head, c.head, strlen(c.head), NULL, NULL, NULL);
            sodium_hex2bin(m.signature, sizeof m.signature, c.signature, strlen(c.signature), NULL,
                           NULL, NULL);
            st = mark_add(v, &m, err);
        }
        p += len + 1;
    }
    free(text);
    return st == ST_OK && v->n == before
               ? fail(err, ST_INVALID, _("%.300s: there is no checkpoint in it."), path)
               : st;
}

static int by_number(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static bool is_signed(const struct verifier *v, const struct mark *m)
{
    unsigned char text[AUDIT_SIGNED];
    size_t n = audit_signed_text(m->number, m->at_ms, m->head, text);
    return m->sound && crypto_sign_verify_detached(m->signature, text, n, v->open) == 0;
}

/* --- entries --------------------------------------------------------------------------------- */

static enum status bad(struct errmsg *err, int64_t number, const char *why)
{
    return fail(err, ST_CORRUPT, _("Entry %lld of the audit log is bad: %s"), (long long)number,
                why);
}

static enum status bad_until(struct verifier *v, struct errmsg *err, const char *why)
{
    if (v->trusted + 1 == v->last)
        return bad(err, v->last, why);
    return fail(err, ST_CORRUPT,
                _("Entry %lld of the audit log, or one after it up to %lld, is bad: %s"),
                (long long)v->trusted + 1, (long long)v->last, why);
}

/* The checkpoints of the entry that was read last: each signed, each with the hash that is there.
 * Without a right one the first bad entry may be any after the checkpoint before. */
static enum status check_marks(struct verifier *v, struct errmsg *err)
{
    bool ours = false, agreed = false, forged = false, other = false;
    for (; v->next < v->n && v->marks[v->next].number <= v->last; v->next++) {
        const struct mark *m = &v->marks[v->next];
        bool good = m->number == v->last && is_signed(v, m);
        bool same = memcmp(m->head, v->hash, AUDIT_HASH) == 0;
        ours |= m->ours;
        forged |= !good;
        other |= good && !same;
        agreed |= good && same;
    }
    if (other)
        return bad_until(v, err, _("a checkpoint has another hash."));
    if (forged && !agreed)
        return bad_until(v, err, _("its checkpoint is not signed with the key of this log."));
    if (forged)
        return bad(err, v->last, _("a checkpoint of it is not signed with the key of this log."));
    if (!ours && audit_entry_due(v->last))
        return bad_until(v, err, _("its checkpoint is missing."));
    if (agreed)
        v->trusted = v->last;
    return ST_OK;
}

static bool read_row(struct stmt *q, struct audit_row *row)
{
    row->number = stmt_get_int(q, 0);
    row->at_ms = stmt_get_int(q, 1);
    for (int i = 0; i < 6; i++)
        row->text[i] = stmt_get_text(q, 2 + i, &row->text_n[i]);
    return copy_blob(q, 8, row->detail, AUDIT_HASH) && copy_blob(q, 9, row->previous, AUDIT_HASH) &&
           copy_blob(q, 10, row->hash, AUDIT_HASH);
}

static enum status check_row(struct verifier *v, const struct audit_row *row, bool whole,
                             struct errmsg *err)
{
    const char *first = audit_words[AUDIT_MADE];
    unsigned char want[AUDIT_HASH];
    int64_t number = v->last + 1;
    if (row->number != number)
        return bad(err, number, _("it is missing."));
    audit_hash(v->key, row, want);
    if (!whole || memcmp(want, row->hash, AUDIT_HASH) != 0)
        return bad(err, number, _("its hash is not that of its content."));
    if (memcmp(row->previous, v->hash, AUDIT_HASH) != 0)
        return bad(err, number, _("it does not follow the entry before it."));
    if (number == 1 && (row->text_n[AUDIT_ACTION] != strlen(first) ||
                        memcmp(row->text[AUDIT_ACTION], first, strlen(first)) != 0))
        return bad(err, number, _("it is not the beginning of a store."));
    v->last = number;
    memcpy(v->hash, row->hash, AUDIT_HASH);
    return check_marks(v, err);
}

static enum status check_rows(struct verifier *v, struct db *db, struct errmsg *err)
{
    enum status st = ST_OK;
    struct stmt *q = database_stmt(db, SQL_AUDIT_LIST);
    while (st == ST_OK && stmt_row(q)) {
        struct audit_row row;
        bool whole = read_row(q, &row);
        st = check_row(v, &row, whole, err);
    }
    stmt_done(q);
    return st == ST_OK ? database_status(db, err) : st;
}

/* What should be there after the last entry? */
static enum status check_end(struct verifier *v, struct db *db, struct errmsg *err)
{
    unsigned char hash[AUDIT_HASH], seal[AUDIT_HASH], want[AUDIT_HASH];
    struct stmt *q = database_stmt(db, SQL_AUDIT_HEAD);
    bool right = stmt_row(q) && stmt_get_int(q, 0) == v->last &&
                 copy_blob(q, 1, hash, AUDIT_HASH) && copy_blob(q, 2, seal, AUDIT_HASH);
    stmt_done(q);
    enum status st = database_status(db, err);
    if (st != ST_OK)
        return st;
    if (right) {
        audit_head_seal(v->key, v->last, v->hash, want);
        right = memcmp(hash, v->hash, AUDIT_HASH) == 0 && memcmp(seal, want, AUDIT_HASH) == 0;
    }
    if (!right)
        return bad(err, v->last + 1,
                   _("the log ends before it, and the seal of the end is not of this end."));
    for (size_t i = v->next; i < v->n; i++)
        if (is_signed(v, &v->marks[i]))
            return bad(err, v->last + 1,
                       _("the log ends before it, and there is a checkpoint of more."));
    return v->next == v->n ? ST_OK
                           : bad(err, v->marks[v->next].number,
                                 _("its checkpoint is not signed with the key of this log."));
}

enum status audit_verify(struct db *db, const char *public_key, const char *checkpoints,
                         struct audit_report *ret, struct errmsg *err)
{
    struct verifier v = {.n = 0};
    char path[PATH_SIZE];
    if (sodium_init() < 0)
        return fail(err, ST_IO, "libsodium does not start");
    snprintf(path, sizeof path, "%.4000s.audit-key", database_path(db));
    enum status st = audit_key_read(path, true, v.key, err);
    snprintf(path, sizeof path, "%.4000s.audit-public", database_path(db));
    if (st == ST_OK)
        st = audit_key_read(public_key ? public_key : path, false, v.open, err);
    bool begun = st == ST_OK && (st = database_begin(db, false, err)) == ST_OK;
    if (st == ST_OK)
        st = marks_of_store(&v, db, err);
    if (st == ST_OK && checkpoints)
        st = marks_of_file(&v, checkpoints, err);
    if (st == ST_OK && v.n > 0)
        qsort(v.marks, v.n, sizeof *v.marks, by_number);
    if (st == ST_OK)
        st = check_rows(&v, db, err);
    if (st == ST_OK)
        st = check_end(&v, db, err);
    if (begun)
        database_rollback(db); /* reading only */
    if (st == ST_OK)
        *ret = (struct audit_report){.entries = v.last, .checkpoints = (int64_t)v.n};
    sodium_memzero(v.key, sizeof v.key);
    free(v.marks);
    return st;
}

/* --- printing -------------------------------------------------------------------------------- */

static bool is(const struct audit_row *row, int i, const char *text)
{
    return row->text_n[i] == strlen(text) && memcmp(row->text[i], text, row->text_n[i]) == 0;
}

static bool fits(const struct audit_row *row, const struct audit_filter *f)
{
    if (row->at_ms < f->since_ms || (f->object && !is(row, AUDIT_OBJECT, f->object)))
        return false;
    return !f->user || is(row, AUDIT_ACTOR, f->user) || is(row, AUDIT_OBJECT, f->user);
}

enum status audit_list(struct db *db, const struct audit_filter *filter,
                       void (*print)(void *self, const struct audit_row *row), void *self,
                       struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_AUDIT_LIST);
    while (stmt_row(q)) {
        struct audit_row row;
        read_row(q, &row); /* also what is bad is shown; verify tells */
        if (fits(&row, filter))
            print(self, &row);
    }
    stmt_done(q);
    return database_status(db, err);
}

void audit_row_print(struct buf *out, const struct audit_row *row, bool json)
{
    static const char *const names[] = {"actor", "role", "office", "device", "action", "object"};
    char at[RFC3339_SIZE], hex[2 * AUDIT_HASH + 1];
    rfc3339_format(row->at_ms, BEIJING_OFFSET_MS, at);
    buf_printf(out, json ? "{\"number\":%" PRId64 ",\"at\":\"%s\"" : "%" PRId64 "  %s", row->number,
               at);
    for (int i = 0; i < 6; i++) {
        if (json) {
            buf_printf(out, ",\"%s\":", names[i]);
            json_string(out, row->text[i]);
        } else {
            buf_printf(out, "  %s", row->text_n[i] ? row->text[i] : "-");
        }
    }
    if (json) {
        sodium_bin2hex(hex, sizeof hex, row->detail, AUDIT_HASH);
        buf_printf(out, ",\"detail\":\"%s\"", hex);
        sodium_bin2hex(hex, sizeof hex, row->hash, AUDIT_HASH);
        buf_printf(out, ",\"hash\":\"%s\"}", hex);
    }
}
