/* verbs_terminal.c: the machines that keep cases: list them, revoke one, open the work that it had not sent. */
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/case/attached.h"
#include "server/audit.h"
#include "server/serving.h"
#include "server/terminals.h"
#include "server/verbs.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { TEXT_MOST = 64 * 1024 * 1024 };

/* --- list ----------------------------------------------------------------------------------------- */

/* The last thing that became of it. */
static const char *state_of(struct stmt *q, int *ret_column)
{
    static const struct {
        int column;
        const char *text;
    } steps[] = {{7, N_("work handed in")},
                 {6, N_("told, nothing handed in")},
                 {5, N_("revoked, not heard of since")}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!stmt_is_null(q, *ret_column = steps[i].column))
            return _(steps[i].text);
    *ret_column = 4;
    return _("in use");
}

static void put_time(struct buf *out, const char *key, struct stmt *q, int column)
{
    char text[RFC3339_SIZE];
    if (stmt_is_null(q, column))
        return;
    rfc3339_format(stmt_get_int(q, column), BEIJING_OFFSET_MS, text);
    buf_printf(out, ",\"%s\":\"%s\"", key, text);
}

static void list_json(struct stmt *q)
{
    struct buf out;
    buf_init(&out, TEXT_MOST);
    buf_puts(&out, "{\"terminal\":");
    json_put_text(&out, stmt_get_text(q, 0, NULL));
    buf_puts(&out, ",\"user\":");
    json_put_text(&out, stmt_get_text(q, 1, NULL));
    buf_puts(&out, ",\"device\":");
    json_put_text(&out, stmt_get_text(q, 2, NULL));
    put_time(&out, "first", q, 3);
    put_time(&out, "last", q, 4);
    put_time(&out, "revoked", q, 5);
    put_time(&out, "told", q, 6);
    put_time(&out, "handed_in", q, 7);
    printf("%s}\n", out.data);
    buf_release(&out);
}

static void list_line(struct stmt *q)
{
    char last[RFC3339_SIZE], since[RFC3339_SIZE];
    int column;
    const char *state = state_of(q, &column);
    rfc3339_format(stmt_get_int(q, 4), BEIJING_OFFSET_MS, last);
    rfc3339_format(stmt_get_int(q, column), BEIJING_OFFSET_MS, since);
    for (int i = 0; i < 3; i++) {
        print_line(stdout, stmt_get_text(q, i, NULL));
        putchar('\t');
    }
    printf("%.16s\t%s", last, state);
    if (column != 4)
        printf(" %.16s", since);
    putchar('\n');
}

static enum status list(struct db *db, const struct arguments *a, struct errmsg *err)
{
    struct stmt *q = database_stmt(db, SQL_TERMINAL_LIST);
    stmt_text(q, 1, a->value[FLAG_USER] ? a->value[FLAG_USER] : "");
    while (stmt_row(q)) {
        if (a->value[FLAG_JSON])
            list_json(q);
        else
            list_line(q);
    }
    return database_status(db, err);
}

/* --- revoke --------------------------------------------------------------------------------------- */

/* All of them or none; a server that serves the store tells the consoles that are there to ask. */
static enum status revoke(struct db *db, const struct arguments *a, struct errmsg *err)
{
    int pid;
    enum status st = database_begin(db, true, err);
    if (st != ST_OK)
        return st;
    for (int i = 1; st == ST_OK && i < a->n_rest; i++)
        st = terminal_revoke(db, a->rest[i], moment_of(a), &random_system, err);
    if (st == ST_OK)
        st = database_commit(db, err);
    else
        database_rollback(db);
    if (st != ST_OK)
        return st;
    enum serving_wake woken = serving_wake(database_path(db), &pid);
    if (woken == SERVING_WOKEN)
        say(_("Revoked. The server tells it now if it is on the line, else as soon as it asks."));
    else if (woken == SERVING_FAR)
        say(_("Revoked. The server (process %d) belongs to another account: wake it by SIGHUP, or "
              "the terminal hears of it when it asks next."),
            pid);
    else
        say(_("Revoked. No server runs here; the terminal hears of it when it asks one."));
    return ST_OK;
}

/* --- the work ------------------------------------------------------------------------------------- */

static const char *number_of_case(struct db *db, const struct uuid *id, char out[UUID_TEXT])
{
    struct stmt *q = database_stmt(db, SQL_CASE_BY_ID);
    stmt_blob(q, 1, id->byte, sizeof id->byte);
    bool known = stmt_row(q);
    int64_t row = known ? stmt_get_int(q, 0) : 0;
    stmt_done(q);
    uuid_format(id, out);
    if (known) {
        q = database_stmt(db, SQL_CASE_NAME);
        stmt_int(q, 1, row);
        if (stmt_row(q))
            snprintf(out, UUID_TEXT, "%s", stmt_get_text(q, 1, NULL));
        stmt_done(q);
    }
    return out;
}

static void print_values(const struct command *c, struct arena *a)
{
    for (size_t i = 0; i < c->n_values; i++) {
        const struct value *v = &c->values[i];
        printf("    %s: ", _(field_table[v->field].label));
        print_line(stdout, field_table[v->field].type == FIELD_TYPE_FILES
                               ? attached_text(a, v->text)
                               : v->text);
        putchar('\n');
    }
}

static void print_command(struct db *db, const char *what, const struct work_item *item,
                          struct arena *a)
{
    char number[UUID_TEXT], at[RFC3339_SIZE];
    rfc3339_format(item->at_ms, BEIJING_OFFSET_MS, at);
    printf("%s: %s  %s  %.16s\n", what, number_of_case(db, &item->command.case_id, number),
           _(command_table[item->command.type].label), at);
    print_values(&item->command, a);
}

static void print_item(struct db *db, const struct work_item *item, struct arena *a)
{
    char at[RFC3339_SIZE];
    switch (item->kind) {
    case WORK_HEAD:
        rfc3339_format(item->at_ms, BEIJING_OFFSET_MS, at);
        printf(_("Work that was not sent, sealed %.16s: "), at);
        print_line(stdout, item->user);
        printf("  ");
        print_line(stdout, item->device);
        putchar('\n');
        break;
    case WORK_COMMAND:
        print_command(db, _("not sent"), item, a);
        break;
    case WORK_CONFLICT:
        print_command(db, _("refused"), item, a);
        printf("    ! ");
        print_line(stdout, item->problem.detail);
        putchar('\n');
        break;
    case WORK_DRAFT:
        print_command(db, _("draft"), item, a);
        break;
    case WORK_PAPER:
        printf("%s: %s  ", item->dropped ? _("thrown away") : _("not sent"),
               _(paper_table[item->paper.kind].label));
        print_line(stdout, item->paper.name);
        printf("\n    ");
        print_line(stdout, item->paper.body);
        putchar('\n');
        break;
    case WORK_FILE:
        printf("%s: %s  ",
               item->data ? _("file (--json has its bytes)") : _("file, too large to be kept"),
               attached_kind(a, &item->file));
        print_line(stdout, item->file.name);
        putchar('\n');
        break;
    case WORK_END:
        break;
    }
}

static enum status print_work(struct db *db, const struct buf *text, struct errmsg *err)
{
    enum status st = ST_OK;
    struct arena a;
    arena_init(&a, 0);
    for (const char *line = text->data; st == ST_OK && *line;) {
        struct work_item item;
        size_t n = strcspn(line, "\n");
        st = work_get(line, n, &a, &item, err);
        if (st == ST_OK)
            print_item(db, &item, &a);
        line += n + (line[n] == '\n');
        arena_reset(&a);
    }
    arena_release(&a);
    return st;
}

/* Of a terminal, or a file that could not be handed in. */
static enum status open_work(struct db *db, const char *name, struct buf *out,
                             char ret_id[TERMINAL_ID + 1], struct errmsg *err)
{
    char *file = NULL;
    size_t n;
    if (terminal_is(name)) {
        memcpy(ret_id, name, TERMINAL_ID + 1);
        return terminal_work(db, name, out, err);
    }
    enum status st = file_read(name, TEXT_MOST, &file, &n, err);
    if (st == ST_OK)
        st = terminal_work_file(db, file, n, out, ret_id, err);
    free(file);
    return st;
}

/* What was opened is recorded before any of it is shown. */
static enum status work(struct db *db, const struct arguments *a, struct errmsg *err)
{
    struct buf text;
    char id[TERMINAL_ID + 1];
    buf_init(&text, TEXT_MOST);
    enum status st = database_begin(db, true, err);
    if (st == ST_OK) {
        st = open_work(db, a->rest[1], &text, id, err);
        if (st == ST_OK)
            st = audit_note(db, AUDIT_TERMINAL_WORK, id, NULL, 0, err);
        if (st == ST_OK)
            st = database_commit(db, err);
        else
            database_rollback(db);
    }
    if (st == ST_OK && a->value[FLAG_JSON])
        fwrite(text.data, 1, text.len, stdout);
    else if (st == ST_OK)
        st = print_work(db, &text, err);
    sodium_memzero(text.data, text.len);
    buf_release(&text);
    return st;
}

int verb_terminal(const struct arguments *a)
{
    static const struct {
        const char *word;
        int least, most; /* arguments behind it */
        enum status (*run)(struct db *db, const struct arguments *a, struct errmsg *err);
    } words[] = {{"list", 0, 0, list}, {"revoke", 1, 1000, revoke}, {"work", 1, 1, work}};
    struct errmsg err = {{0}};
    struct db *db = NULL;
    size_t i = 0;
    int n = a->n_rest - 1;
    while (i < sizeof words / sizeof *words && (n < 0 || strcmp(a->rest[0], words[i].word) != 0))
        i++;
    if (i == sizeof words / sizeof *words || n < words[i].least || n > words[i].most)
        return usage(_("terminal takes: list, revoke ID..., or work ID or FILE"));
    enum status st =
        sodium_init() < 0 ? ST_IO : database_open(a->value[FLAG_DB], DB_WRITE, &db, &err);
    if (st == ST_OK)
        st = words[i].run(db, a, &err);
    database_close(db);
    return st == ST_OK ? EX_OK : die(st, &err);
}
