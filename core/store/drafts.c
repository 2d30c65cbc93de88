/*
 * drafts.c: half-written work, kept through restart, fresh start and loss of the case.
 *
 * A draft is not yet a command: a date may be half a date. So its values are kept as typed, each as
 * "word length", a line break, the text and a line break; nothing in the text can end it early.
 */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>

enum { DRAFT_MAX = 4 * 1024 * 1024, WORD_SIZE = 64 };

enum status store_draft_write(struct store *s, const struct draft *d, struct buf *text,
                              struct errmsg *err)
{
    for (size_t i = 0; i < d->n_values; i++) {
        const char *value = d->values[i].text ? d->values[i].text : "";
        buf_printf(text, "%s %zu\n%s\n", field_table[d->values[i].field].word, strlen(value),
                   value);
    }
    enum status st = buf_status(text);
    if (st != ST_OK)
        return fail(err, st, _("Not saved: the text is too long, or memory is out."));
    db_run(s,
           "INSERT INTO draft(case_id, type, user, body, revision, saved, slot)"
           " VALUES(?,?,?,?,?,?,?) ON CONFLICT(case_id, type, slot) DO UPDATE SET"
           " user = excluded.user, body = excluded.body,"
           " revision = max(revision + 1, excluded.revision), saved = excluded.saved",
           "uttsiii", &d->case_id, command_table[d->type].word, d->user, text->data, text->len,
           (int64_t)(d->revision ? d->revision : 1), clock_wall(s->clock), (int64_t)d->slot);
    db_run(s, "UPDATE cases SET draft = 1 WHERE id = ?", "u", &d->case_id);
    return db_status(s, err);
}

enum status store_draft_put(struct store *s, const struct draft *d, struct errmsg *err)
{
    struct buf text;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    buf_init(&text, DRAFT_MAX);
    st = store_draft_write(s, d, &text, err);
    if (st == ST_OK)
        st = db_write_end(s, err);
    else
        db_rollback(s);
    if (st == ST_OK)
        store_acknowledge("draft", &d->case_id, &text);
    buf_release(&text);
    return st;
}

enum status store_drafts_put(struct store *s, const struct draft *d, size_t n, struct errmsg *err)
{
    struct buf text;
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    buf_init(&text, DRAFT_MAX);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        buf_clear(&text);
        st = store_draft_write(s, &d[i], &text, err);
    }
    buf_release(&text);
    if (st == ST_OK)
        return db_write_end(s, err);
    db_rollback(s);
    return st;
}

/* False when the text is not what store_draft_write wrote. */
static bool read_values(const char *text, size_t n, struct arena *a, struct draft *d)
{
    size_t count = 0, room = 0;
    struct value *list = NULL;
    while (n > 0) {
        char word[WORD_SIZE];
        const char *blank = memchr(text, ' ', n);
        const char *line = blank ? memchr(blank, '\n', n - (size_t)(blank - text)) : NULL;
        if (!line || (size_t)(blank - text) >= sizeof word)
            return false;
        memcpy(word, text, (size_t)(blank - text));
        word[blank - text] = '\0';
        char *end;
        unsigned long len = strtoul(blank + 1, &end, 10);
        n -= (size_t)(line + 1 - text);
        text = line + 1;
        enum field field = field_find(word);
        if (end != line || field == FIELD_NONE || len >= n || text[len] != '\n')
            return false;
        if (count == room) {
            room = room ? room * 2 : 8;
            struct value *more = arena_array(a, room, sizeof *more);
            if (!more)
                return true; /* sticky in the arena */
            if (count)
                memcpy(more, list, count * sizeof *more);
            list = more;
        }
        list[count++] = (struct value){field, arena_strndup(a, text, len)};
        text += len + 1;
        n -= len + 1;
    }
    d->values = list;
    d->n_values = count;
    return true;
}

static struct draft read_row(struct store *s, struct sqlite3_stmt *q, struct arena *a)
{
    size_t len;
    struct draft d = {.case_id = db_column_uuid(q, 0),
                      .type = command_find(db_column_peek(q, 1, &len)),
                      .user = db_column_text(q, 2, a),
                      .revision = (uint32_t)db_column_int(q, 4),
                      .saved_ms = db_column_int(q, 5),
                      .slot = (int)db_column_int(q, 6)};
    const char *text = db_column_peek(q, 3, &len);
    if (d.type == COMMAND_COUNT || !read_values(text, len, a, &d))
        db_damaged(s);
    return d;
}

/* slot < 0: the one that was saved last. */
static enum status get(struct store *s, const struct uuid *case_id, enum command_type type,
                       int slot, struct arena *a, struct draft *ret, struct errmsg *err)
{
    struct draft d = {0};
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT case_id, type, user, body, revision, saved, slot FROM draft"
                 " WHERE case_id = ?1 AND type = ?2 AND (?3 < 0 OR slot = ?3)"
                 " ORDER BY saved DESC, slot DESC LIMIT 1",
                 "uti", case_id, command_table[type].word, (int64_t)slot);
    bool found = db_step(s, q);
    if (found) {
        d = read_row(s, q, a);
        db_done(q);
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK && !found)
        return fail(err, ST_NOT_FOUND, _("There is no draft of this."));
    if (st == ST_OK)
        *ret = d;
    return st;
}

enum status store_draft_get(struct store *s, const struct uuid *case_id, enum command_type type,
                            struct arena *a, struct draft *ret, struct errmsg *err)
{
    return get(s, case_id, type, -1, a, ret, err);
}

enum status store_draft_in(struct store *s, const struct uuid *case_id, enum command_type type,
                           int slot, struct arena *a, struct draft *ret, struct errmsg *err)
{
    return get(s, case_id, type, slot, a, ret, err);
}

int draft_free_slot(struct store *s, const struct uuid *case_id, enum command_type type)
{
    return (int)db_int(s, "SELECT max(slot) + 1 FROM draft WHERE case_id = ? AND type = ?", "ut",
                       case_id, command_table[type].word);
}

enum status store_draft_free(struct store *s, const struct uuid *case_id, enum command_type type,
                             int *ret_slot, struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    int slot = draft_free_slot(s, case_id, type);
    st = db_read_end(s, err);
    if (st == ST_OK)
        *ret_slot = slot;
    return st;
}

static void drop(struct store *s, const struct uuid *case_id, enum command_type type, int slot)
{
#if SABOTAGE == 190
    db_run(s, "DELETE FROM draft WHERE case_id = ? AND type = ?", "ut", case_id,
           command_table[type].word); /* Damage: one goes, and all beside it. */
#endif
    db_run(s, "DELETE FROM draft WHERE case_id = ? AND type = ? AND slot = ?", "uti", case_id,
           command_table[type].word, (int64_t)slot);
    db_run(s,
           "UPDATE cases SET draft = EXISTS(SELECT 1 FROM draft WHERE case_id = ?1)"
           " WHERE id = ?1",
           "u", case_id);
}

enum status store_draft_drop(struct store *s, const struct uuid *case_id, enum command_type type,
                             int slot, struct errmsg *err)
{
    const struct draft one = {.case_id = *case_id, .type = type, .slot = slot};
    return store_drafts_drop(s, &one, 1, err);
}

enum status store_drafts_drop(struct store *s, const struct draft *d, size_t n, struct errmsg *err)
{
    enum status st = db_write_begin(s, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        drop(s, &d[i].case_id, d[i].type, d[i].slot);
    return db_write_end(s, err);
}

enum status store_drafts(struct store *s, struct arena *a, struct draft **ret, size_t *ret_n,
                         struct errmsg *err)
{
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    size_t n = 0, all = (size_t)db_int(s, "SELECT count(*) FROM draft", "");
    struct draft *out = arena_array(a, all + 1, sizeof *out);
    if (!out)
        db_nomem(s);
    struct sqlite3_stmt *q =
        db_query(s,
                 "SELECT case_id, type, user, body, revision, saved, slot FROM draft"
                 " ORDER BY saved DESC, case_id, type, slot",
                 "");
    for (; db_step(s, q); n++)
        out[n] = read_row(s, q, a);
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = out;
        *ret_n = n;
    }
    return st;
}
