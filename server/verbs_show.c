/* verbs_show.c: prints what is there: events, assessment, audit log, proposals, procedure, routes. */
#include "core/base/i18n.h"
#include "core/case/workflow.h"
#include "core/text/clean.h"
#include "server/audit_verify.h"
#include "server/board.h"
#include "server/propose.h"
#include "server/route.h"
#include "server/verbs.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void print_event(struct stmt *q, const char *id, bool terminal, struct buf *line,
                        struct buf *shown)
{
    buf_clear(line);
    buf_clear(shown);
    buf_printf(line, "{\"gseq\":%" PRId64 ",\"case\":\"%s\",\"number\":\"%s\",\"event\":%s}\n",
               stmt_get_int(q, 0), id, stmt_get_text(q, 2, NULL), stmt_get_text(q, 3, NULL));
    if (terminal)
        clean_json(shown, line->data, line->len, ascii_only());
    const struct buf *out = terminal ? shown : line;
    fwrite(out->data, 1, out->len, stdout);
}

int verb_events(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    struct uuid id = {{0}};
    char text[UUID_TEXT];
    if (number_of(a, FLAG_SINCE, 0, 0) < 0) {
        say_no_number(a, FLAG_SINCE, 0);
        return EX_USAGE;
    }
    enum status st = database_open(a->value[FLAG_DB], DB_READ, &db, &err);
    if (st != ST_OK)
        return die(st, &err);
    const char *only = a->value[FLAG_CASE];
    struct stmt *q = database_stmt(db, only ? SQL_EVENT_LIST_CASE : SQL_EVENT_LIST);
    bool any = false, terminal = isatty(STDOUT_FILENO) == 1;
    struct buf line, shown; /* a case may bear controls that JSON lets stand */
    buf_init(&line, SIZE_MAX / 2);
    buf_init(&shown, SIZE_MAX / 2);
    stmt_int(q, 1, number_of(a, FLAG_SINCE, 0, 0));
    if (only) {
        uuid_parse(only, &id);
        stmt_text(q, 2, only);
        stmt_blob(q, 3, id.byte, sizeof id.byte);
    }
    while (stmt_row(q)) {
        size_t n;
        any = true;
        const void *blob = stmt_get_blob(q, 1, &n);
        if (n == sizeof id.byte)
            memcpy(id.byte, blob, n);
        uuid_format(&id, text);
        print_event(q, text, terminal, &line, &shown);
    }
    buf_release(&line);
    buf_release(&shown);
    st = database_status(db, &err);
    if (st == ST_OK && only && !any && !a->value[FLAG_SINCE])
        st = fail(&err, ST_NOT_FOUND, _("There is no case \"%s\"."), only);
    database_close(db);
    return st == ST_OK ? EX_OK : die(st, &err);
}

int verb_assess(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct buf out, shown;
    const struct board_job job = {.url = a->value[FLAG_DB],
                                  .question = {.level = a->value[FLAG_LEVEL],
                                               .scope = a->value[FLAG_SCOPE],
                                               .month = a->value[FLAG_MONTH],
                                               .day = a->value[FLAG_DAY],
                                               .from = a->value[FLAG_FROM],
                                               .to = a->value[FLAG_TO],
                                               .by = a->value[FLAG_BY],
                                               .classes = a->value[FLAG_CLASSES] ? "yes" : NULL,
                                               .cases = a->value[FLAG_CASES],
                                               .of = a->value[FLAG_OF],
                                               .set = a->value[FLAG_SET]},
                                  .json = a->value[FLAG_JSON] != NULL,
                                  .ascii = ascii_only(),
                                  .now_ms = moment_of(a)};
    bool json = job.json || job.question.cases;
    if (a->n_rest > 0)
        return usage(_("assess takes options only"));
    buf_init(&out, SIZE_MAX / 2);
    buf_init(&shown, SIZE_MAX / 2);
    enum status st = board_print(&job, &out, &err);
    if (st == ST_OK && json && isatty(STDOUT_FILENO) == 1)
        clean_json(&shown, out.data, out.len, ascii_only());
    else if (st == ST_OK)
        buf_add(&shown, out.data, out.len);
    fwrite(shown.data, 1, shown.len, stdout);
    buf_release(&shown);
    buf_release(&out);
    return st == ST_OK ? EX_OK : die(st, &err);
}

static int audit_check(struct db *db, const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct audit_report r;
    enum status st =
        audit_verify(db, a->value[FLAG_PUBLIC_KEY], a->value[FLAG_CHECKPOINT], &r, &err);
    if (st != ST_OK)
        return die(st, &err);
    printf(_("%lld entries and %lld checkpoints are sound\n"), (long long)r.entries,
           (long long)r.checkpoints);
    return EX_OK;
}

static void print_entry(void *self, const struct audit_row *row)
{
    const struct arguments *a = self;
    struct buf line;
    buf_init(&line, SIZE_MAX / 2);
    audit_row_print(&line, row, a->value[FLAG_JSON] != NULL);
    print_line(stdout, line.data);
    putchar('\n');
    buf_release(&line);
}

int verb_audit(const struct arguments *a)
{
    struct errmsg err = {{0}};
    struct db *db = NULL;
    struct audit_filter filter = {
        .object = a->value[FLAG_CASE], .user = a->value[FLAG_USER], .since_ms = INT64_MIN};
    const char *what = a->n_rest == 1 ? a->rest[0] : "";
    bool verify = strcmp(what, "verify") == 0;
    if (!verify && strcmp(what, "list") != 0)
        return usage(_("audit takes: verify or list"));
    if (a->value[FLAG_SINCE] && rfc3339_parse(a->value[FLAG_SINCE], &filter.since_ms) != 0)
        return usage(_("--since takes a time such as 2026-03-11T08:05:00+08:00 here"));
    enum status st = database_open(a->value[FLAG_DB], DB_READ, &db, &err);
    if (st != ST_OK)
        return die(st, &err);
    int code = EX_OK;
    if (verify)
        code = audit_check(db, a);
    else if ((st = audit_list(db, &filter, print_entry, (void *)(uintptr_t)a, &err)) != ST_OK)
        code = die(st, &err);
    database_close(db);
    return code;
}

int verb_propose(const struct arguments *a)
{
    struct propose_job job = {.url = a->value[FLAG_DB],
                              .words = {.category = a->value[FLAG_CATEGORY],
                                        .street = a->value[FLAG_STREET],
                                        .point = a->value[FLAG_POINT],
                                        .owner = a->value[FLAG_OWNER],
                                        .designated = a->value[FLAG_UNIT],
                                        .day = a->value[FLAG_DAY]},
                              .now_ms = moment_of(a),
                              .json = a->value[FLAG_JSON] != NULL,
                              .ascii = ascii_only(),
                              .terminal = isatty(STDOUT_FILENO) == 1};
    struct errmsg err = {{0}};
    struct matter matter;
    if (matter_read(&job.words, 0, &matter, &err) != ST_OK || a->n_rest > 0)
        return usage(err.text[0] ? err.text : _("propose takes options only"));
    enum status st = propose_run(&job, &err);
    return st == ST_OK ? EX_OK : die(st, &err);
}

int verb_workflow(const struct arguments *a)
{
    static const struct {
        const char *word;
        void (*print)(struct buf *out);
    } formats[] = {{"table", workflow_print_table},
                   {"matrix", workflow_print_matrix},
                   {"dot", workflow_print_dot}};
    const char *format = a->value[FLAG_FORMAT] ? a->value[FLAG_FORMAT] : "table";
    struct buf out;
    size_t i = 0;
    while (i < sizeof formats / sizeof *formats && strcmp(formats[i].word, format) != 0)
        i++;
    if (i == sizeof formats / sizeof *formats)
        return usage(_("--format is table, matrix or dot"));
    buf_init(&out, 16 * 1024 * 1024);
    formats[i].print(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return EX_OK;
}

int verb_routes(const struct arguments *a)
{
    struct buf out;
    (void)a;
    buf_init(&out, 64 * 1024);
    route_print(&out);
    fwrite(out.data, 1, out.len, stdout);
    buf_release(&out);
    return EX_OK;
}
