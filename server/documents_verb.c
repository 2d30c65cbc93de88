/* documents_verb.c: check, load, show and history of a document, the same for every kind. */
#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/text/clean.h"
#include "core/wire/codec.h"
#include "server/documents.h"
#include "server/serving.h"
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

enum { FILE_MOST = 64 * 1024 * 1024, BY_MOST = 64 };

struct work {
    const struct document_job *job;
    const struct document_row *row;
    struct db *db; /* NULL: no store was named */
    struct arena arena;
    struct faults faults;
    const char *file;
    char *text;
    size_t n;
};

/* One line of what may be foreign. */
static __attribute__((format(printf, 3, 4))) void say(const struct work *w, FILE *to,
                                                      const char *fmt, ...)
{
    char line[4 * ERRMSG_SIZE];
    struct arena a;
    struct buf out;
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    arena_init(&a, 0);
    buf_init(&out, SIZE_MAX / 2);
    clean_plain(&out, text_clean_str(&a, line, CLEAN_LINE), w->job->ascii);
    fprintf(to, "%s\n", out.data);
    buf_release(&out);
    arena_release(&a);
}

static int failed(const struct work *w, enum status st, const struct errmsg *err)
{
    say(w, stderr, "jiband: %s", err->text[0] ? err->text : status_word(st));
    return status_exit(st);
}

/* --- check ------------------------------------------------------------------------------------ */

static bool usable(const struct faults *f)
{
    return f->errors == 0 && f->unknown == 0;
}

static void print_faults(const struct work *w)
{
    const struct faults *f = &w->faults;
    for (const struct fault_entry *one = f->first; one; one = one->next)
        say(w, stderr, "jiband: %s: %s%s%s%s", w->file, one->place, *one->place ? ": " : "",
            one->grade == FAULT_WARNING ? _("warning: ") : "", one->text);
    if (f->errors + f->unknown + f->warnings > f->n)
        say(w, stderr, _("jiband: %s: and %zu more"), w->file,
            f->errors + f->unknown + f->warnings - f->n);
}

/* EX_OK when the file can be loaded; ret is filled for an organisation. */
static int check(struct work *w, struct reference *ret)
{
    struct errmsg err = {{0}};
    w->file = w->job->words[1];
    enum status st = file_read(w->file, FILE_MOST, &w->text, &w->n, &err);
    if (st != ST_OK)
        return failed(w, st, &err);
    documents_check(w->job->kind, w->db, w->text, w->n,
                    day_of_ms(w->job->now_ms, BEIJING_OFFSET_MS), ret, &w->faults);
    print_faults(w);
    if (arena_failed(&w->arena))
        return failed(w, ST_NOMEM, &err);
    return usable(&w->faults) ? EX_OK : EX_DATAERR;
}

static int run_check(struct work *w)
{
    struct reference r = {.version = 0};
    int code = check(w, &r);
    if (code == EX_OK)
        say(w, stdout, _("%s can be loaded; warnings: %zu"), w->file, w->faults.warnings);
    return code;
}

/* --- load ------------------------------------------------------------------------------------- */

static void who_loads(char out[BY_MOST])
{
    const struct passwd *p = getpwuid(getuid());
    if (p)
        snprintf(out, BY_MOST, "%.60s", p->pw_name);
    else
        snprintf(out, BY_MOST, "%ld", (long)getuid());
}

static enum status print_differences(struct work *w, const char *old, size_t old_n,
                                     const struct buf *body, struct errmsg *err)
{
    struct document_changes d;
    struct buf out;
    buf_init(&out, FILE_MOST);
    enum status st = document_differences(old, old_n, body->data, body->len, &out, &d, err);
    for (const char *line = out.data; st == ST_OK && *line;) {
        size_t len = strcspn(line, "\n");
        say(w, stdout, "%.*s", (int)len, line);
        line += len + (line[len] == '\n');
    }
    if (st == ST_OK)
        say(w, stdout, _("added: %zu, removed: %zu, changed: %zu"), d.added, d.removed, d.changed);
    buf_release(&out);
    return st;
}

/* A document is in force from the moment it is loaded: one of a later day would come too early. Rows of the
 * catalogue have days of their own. */
static enum status check_day(const struct work *w, const struct document_head *head,
                             struct errmsg *err)
{
    char day[DAY_TEXT];
    day_format(head->valid_from, day);
    if (head->valid_from > day_of_ms(w->job->now_ms, BEIJING_OFFSET_MS))
        return fail(err, ST_INVALID, _("%s: /valid_from: it holds from %s on: load it on that day"),
                    w->file, day);
    return ST_OK;
}

/* The text that is to be in force; what vanishes from an organisation is kept in it or refused. */
static enum status make_body(struct work *w, struct reference *fresh, struct reference *ret_old,
                             struct buf *body, struct errmsg *err)
{
    if (w->job->kind != DOCUMENT_PEOPLE) {
        buf_add(body, w->text, w->n);
        return buf_status(body);
    }
    enum status st = documents_reference(w->db, &w->arena, ret_old, err);
    if (st == ST_OK)
        st = people_keep_ended(w->db, ret_old, fresh, day_of_ms(w->job->now_ms, BEIJING_OFFSET_MS),
                               &w->faults, err);
    print_faults(w);
    if (st == ST_OK && !usable(&w->faults))
        st = fail(err, ST_INVALID, _("%s: nothing was changed"), w->file);
    if (st != ST_OK)
        return st;
    reference_encode(body, fresh);
    return buf_status(body);
}

static enum status put_body(struct work *w, const struct buf *body, struct errmsg *err)
{
    struct document_head head;
    char by[BY_MOST];
    document_head(w->text, w->n, &head, &w->faults);
    who_loads(by);
    enum status st = check_day(w, &head, err);
    if (st != ST_OK)
        return st;
    st = documents_put(w->db, w->row->name, body->data, body->len, head.version, by, w->job->now_ms,
                       err);
    if (st == ST_EXISTS)
        errmsg_prefix(err, "%s: /version", w->file);
    return st;
}

/* In the transaction. ret_done false: it is in force already, or it was refused. */
static enum status put(struct work *w, struct reference *fresh, bool *ret_done, struct errmsg *err)
{
    struct reference old = {.version = 0};
    struct buf body;
    const char *now = "", *etag = "";
    size_t now_n = 0;
    *ret_done = false;
    buf_init(&body, FILE_MOST);
    enum status st = make_body(w, fresh, &old, &body, err);
    if (st == ST_OK)
        st = documents_get(w->db, w->row->name, 0, &w->arena, &now, &now_n, &etag, err);
    if (st == ST_NOT_FOUND) { /* the first of its kind */
        now = "{}";
        now_n = strlen(now);
        st = ST_OK;
    }
    bool same = st == ST_OK && now_n == body.len && memcmp(now, body.data, body.len) == 0;
    if (st == ST_OK && !same) {
        st = put_body(w, &body, err);
        if (st == ST_OK && w->job->kind == DOCUMENT_PEOPLE)
            st = people_put_users(w->db, &old, fresh, err);
        if (st == ST_OK)
            st = print_differences(w, now, now_n, &body, err);
        *ret_done = st == ST_OK;
    }
    buf_release(&body);
    return st;
}

static void wake(const struct work *w)
{
    int pid;
    switch (serving_wake(database_path(w->db), &pid)) {
    case SERVING_WOKEN:
        say(w, stdout, _("the server (process %d) reads it now"), pid);
        break;
    case SERVING_FAR:
        say(w, stdout, _("a server runs and is not yours to wake: kill -HUP %d"), pid);
        break;
    case SERVING_NOBODY:
        break;
    }
}

static int run_load(struct work *w)
{
    struct reference fresh = {.version = 0};
    struct errmsg err = {{0}};
    bool done = false;
    int code = check(w, &fresh);
    if (code != EX_OK)
        return code;
    faults_init(&w->faults, &w->arena); /* warnings have been said */
    enum status st = database_begin(w->db, true, &err);
    if (st != ST_OK)
        return failed(w, st, &err);
    st = put(w, &fresh, &done, &err);
    if (st == ST_OK)
        st = database_commit(w->db, &err);
    else
        database_rollback(w->db);
    if (st != ST_OK)
        return failed(w, st, &err);
    if (!done)
        say(w, stdout, _("%s is in force already; nothing was changed"), w->file);
    else
        wake(w);
    return EX_OK;
}

/* --- show, history ---------------------------------------------------------------------------- */

static int run_show(struct work *w)
{
    struct errmsg err = {{0}};
    const char *body, *etag;
    char *end = NULL;
    size_t n;
    long version = w->job->version ? strtol(w->job->version, &end, 10) : 0;
    if (w->job->version && (*end || end == w->job->version || version < 1 || version > INT32_MAX)) {
        say(w, stderr, _("jiband: --version takes a number from 1 on, not \"%.60s\"."),
            w->job->version);
        return EX_USAGE;
    }
    enum status st =
        documents_get(w->db, w->row->name, (int)version, &w->arena, &body, &n, &etag, &err);
    if (st != ST_OK)
        return failed(w, st, &err);
    if (w->job->terminal) {
        struct buf out;
        buf_init(&out, SIZE_MAX / 2);
        clean_json(&out, body, n, w->job->ascii);
        fwrite(out.data, 1, out.len, stdout);
        buf_release(&out);
    } else {
        fwrite(body, 1, n, stdout);
    }
    if (n == 0 || body[n - 1] != '\n')
        putchar('\n');
    return EX_OK;
}

static int run_history(struct work *w)
{
    struct errmsg err = {{0}};
    const char *body, *in_force = "";
    size_t n;
    enum status st = documents_get(w->db, w->row->name, 0, &w->arena, &body, &n, &in_force, &err);
    if (st != ST_OK)
        return failed(w, st, &err);
    struct stmt *q = database_stmt(w->db, SQL_VERSION_LIST);
    stmt_text(q, 1, w->row->name);
    while (stmt_row(q)) {
        char day[DAY_TEXT], loaded[RFC3339_SIZE];
        struct document_head head;
        struct faults ignored; /* of what was taken long ago */
        struct arena a;
        size_t len;
        arena_init(&a, 0);
        faults_init(&ignored, &a);
        const char *text = stmt_get_text(q, 5, &len);
        document_head(text, len, &head, &ignored);
        day_format(head.valid_from, day);
        rfc3339_format(stmt_get_int(q, 1), BEIJING_OFFSET_MS, loaded);
        const char *etag = stmt_get_text(q, 3, NULL), *by = stmt_get_text(q, 2, NULL);
        say(w, stdout, "%s %4lld  %-10s  %.19s  %-12s  %8lld  %s",
            strcmp(etag, in_force) ? " " : "*", (long long)stmt_get_int(q, 0), *day ? day : "-",
            loaded, *by ? by : "-", (long long)stmt_get_int(q, 4), etag);
        arena_release(&a);
    }
    st = database_status(w->db, &err);
    return st == ST_OK ? EX_OK : failed(w, st, &err);
}

/* --- the words -------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    int words; /* with the word itself */
    bool needs_store;
    enum db_mode mode;
    int (*run)(struct work *w);
} table[] = {{"check", 2, false, DB_READ, run_check},
             {"load", 2, true, DB_WRITE, run_load},
             {"show", 1, true, DB_READ, run_show},
             {"history", 1, true, DB_READ, run_history}};

int documents_run(const struct document_job *job)
{
    struct work w = {.job = job, .row = &document_table[job->kind]};
    struct errmsg err = {{0}};
    size_t i = 0, words = sizeof table / sizeof *table;
    while (i < words && (job->n_words < 1 || strcmp(table[i].word, job->words[0]) != 0 ||
                         table[i].words != job->n_words))
        i++;
    if (i == words) {
        say(&w, stderr, _("jiband: %s takes: check FILE, load FILE, show [--version N] or history"),
            w.row->word);
        return EX_USAGE;
    }
    if (table[i].needs_store && !job->url) {
        say(&w, stderr, "jiband: %s", _("--db URL is missing"));
        return EX_USAGE;
    }
    enum status st = job->url ? database_open(job->url, table[i].mode, &w.db, &err) : ST_OK;
    arena_init(&w.arena, 0);
    faults_init(&w.faults, &w.arena);
    int code = st == ST_OK ? table[i].run(&w) : failed(&w, st, &err);
    database_close(w.db);
    arena_release(&w.arena);
    free(w.text);
    return code;
}
