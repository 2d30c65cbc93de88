#include "core/base/i18n.h"
#include "core/store/attachments.h"
#include "core/text/charset.h"
#include "tui/command/command.h"
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { VALUES_MAX = FIELD_COUNT, VALUE_FILE_MAX = 256 * 1024 };

static enum status add_value(struct cli *c, enum command_type type, const char *key,
                             const char *text, struct value *values, size_t *n, struct errmsg *err)
{
    const struct command_row *row = &command_table[type];
    enum field field = field_find(key);
    bool known = false;
    for (size_t i = 0; i < row->n_arguments; i++)
        known |= row->arguments[i].field == field;
    if (field == FIELD_NONE || !known)
        return fail(err, ST_INVALID, _("\"%s\" is no argument of %s."), key, row->word);
    if (value_find(values, *n, field))
        return fail(err, ST_INVALID, _("\"%s\" is given twice."), key);
    enum status st = value_check(field, text, &c->arena, &values[*n].text, err);
    if (st == ST_OK)
        values[(*n)++].field = field;
    else
        errmsg_prefix(err, "%s", key);
    return st;
}

/* In UTF-8, whatever the editor of the locale wrote. */
static const char *text_of_file(struct cli *c, const char *text)
{
    struct buf utf8;
    buf_init(&utf8, 4 * VALUE_FILE_MAX);
    charset_decode_file(&utf8, text, strlen(text));
    const char *ret = arena_strdup(&c->arena, utf8.data);
    buf_release(&utf8);
    return ret;
}

static enum status read_values(struct cli *c, enum command_type type, struct value *values,
                               size_t *n, struct errmsg *err)
{
    enum status st = ST_OK;
    for (int i = 2; st == ST_OK && i < c->n_args; i++) {
        char *equals = strchr(c->args[i], '=');
        if (!equals)
            return fail(err, ST_INVALID, _("\"%s\" is not KEY=VALUE."), c->args[i]);
        const char *key = arena_strndup(&c->arena, c->args[i], (size_t)(equals - c->args[i]));
        st = add_value(c, type, key, equals + 1, values, n, err);
    }
    for (int i = 0; st == ST_OK && i < c->n_files; i++) {
        const char *equals = strchr(c->files[i], '=');
        char *text = NULL;
        size_t len = 0;
        if (!equals)
            return fail(err, ST_INVALID, _("--file takes KEY=PATH, not \"%s\"."), c->files[i]);
        st = file_read(equals + 1, VALUE_FILE_MAX, &text, &len, err);
        if (st == ST_OK && strlen(text) != len)
            st = fail(err, ST_INVALID, _("%s holds a NUL byte."), equals + 1);
        if (st == ST_OK) {
            if (len > 0 && text[len - 1] == '\n')
                text[len - 1] = '\0';
            st = add_value(c, type,
                           arena_strndup(&c->arena, c->files[i], (size_t)(equals - c->files[i])),
                           text_of_file(c, text), values, n, err);
            if (st != ST_OK)
                errmsg_prefix(err, "%s", equals + 1);
        }
        free(text);
    }
    return st;
}

/* Copies the files of --attach into the cache and names them; before the command is queued. */
static enum status attach_files(struct cli *c, enum command_type type, struct value *values,
                                size_t *n, struct errmsg *err)
{
    struct buf text;
    struct attached f;
    enum status st = ST_OK;
    if (c->n_attach == 0)
        return ST_OK;
    if (value_find(values, *n, FIELD_ATTACH))
        return fail(err, ST_INVALID, _("\"%s\" is given twice."), field_table[FIELD_ATTACH].word);
    buf_init(&text, VALUE_FILE_MAX);
    for (int i = 0; st == ST_OK && i < c->n_attach; i++) {
        st = store_attachment_add(c->store, c->attach[i], &c->arena, &f, err);
        if (st == ST_OK)
            attached_put(&text, &f);
    }
    if (st == ST_OK)
        st = add_value(c, type, field_table[FIELD_ATTACH].word, arena_strdup(&c->arena, text.data),
                       values, n, err);
    buf_release(&text);
    return st;
}

/* Says no at once where the rules already say so, as the screen would. */
enum status cli_predict(struct cli *c, const struct casefile *shown, const struct command *command,
                        struct errmsg *err)
{
    return print_predict(&c->context, &c->arena, shown, command, err);
}

static int report(struct cli *c, const struct command *command, const char *word, int code)
{
    char id[UUID_TEXT], case_id[UUID_TEXT];
    uuid_format(&command->id, id);
    uuid_format(&command->case_id, case_id);
    if (c->json)
        printf("{\"command\":\"%s\",\"case\":\"%s\",\"type\":\"%s\",\"outcome\":\"%s\"}\n", id,
               case_id, command_table[command->type].word, word);
    return code;
}

/* Where the command is after a cycle: still in the outbox, in the conflicts, or through. */
static int look_after(struct cli *c, const struct command *command, struct errmsg *err)
{
    struct outbox_row *rows;
    struct conflict_row *conflicts;
    size_t n;
    if (store_conflicts(c->store, &c->arena, &conflicts, &n, err) != ST_OK)
        return cli_fail(ST_IO, err);
    for (size_t i = 0; i < n; i++) {
        if (uuid_compare(&conflicts[i].command.id, &command->id) != 0)
            continue;
        fail(err, ST_REFUSED, _("The server refused: %s Your text is kept; see jiban conflicts."),
             conflicts[i].problem.detail);
        cli_fail(ST_REFUSED, err);
        return report(c, command, "rejected", status_exit(ST_REFUSED));
    }
    if (store_outbox(c->store, 100000, &c->arena, &rows, &n, err) != ST_OK)
        return cli_fail(ST_IO, err);
    for (size_t i = 0; i < n; i++) {
        if (uuid_compare(&rows[i].command.id, &command->id) == 0) {
            fputs(_("Queued, not sent yet.\n"), stderr);
            return report(c, command, "queued", EX_TEMPFAIL);
        }
    }
    if (!c->json)
        puts(_("Done; the server has it."));
    return report(c, command, "applied", EX_OK);
}

/* "26030049400,26030090800": the command on each that can take it, all in one transaction; the others are told. */
static enum status queue_several(struct cli *c, const struct command *model,
                                 struct uuid_source *ids, struct command **ret, size_t *ret_n,
                                 bool *ret_refused, struct errmsg *err)
{
    const char *rest = c->args[0];
    struct command *list = arena_array(&c->arena, strlen(rest) + 1, sizeof *list);
    size_t n = 0;
    *ret_refused = false;
    while (list && *rest) {
        size_t len = strcspn(rest, ",");
        const char *name = arena_strndup(&c->arena, rest, len);
        rest += len;
        rest += *rest == ',';
        struct errmsg why = {{0}};
        struct case_view view;
        struct command *one = &list[n];
        *one = *model;
        one->id = uuid_new(ids);
        enum status st = store_find(c->store, name, &one->case_id, &why);
        if (st == ST_OK)
            st = store_case(c->store, &one->case_id, &c->arena, &view, &why);
        if (st == ST_OK) {
            one->base = view.shown.version;
            st = cli_predict(c, &view.shown, one, &why);
        }
        if (st != ST_OK)
            cli_say("%s: %s", name, why.text);
        *ret_refused |= st != ST_OK;
        n += st == ST_OK;
    }
    *ret = list;
    *ret_n = n;
    return list ? store_queue_all(c->store, list, n, err) : fail(err, ST_NOMEM, "out of memory");
}

/* Whistles of one call bear the same group. */
static void add_group(struct cli *c, struct command *model, struct value *values,
                      struct uuid_source *ids)
{
    const struct command_row *row = &command_table[model->type];
    char text[UUID_TEXT];
    struct uuid group = uuid_new(ids);
    uuid_format(&group, text);
    for (size_t i = 0; i < row->n_arguments; i++)
        if (row->arguments[i].field == FIELD_GROUP &&
            !value_find(values, model->n_values, FIELD_GROUP))
            values[model->n_values++] = (struct value){FIELD_GROUP, arena_strdup(&c->arena, text)};
}

/* The worst of what became of them. */
static int do_several(struct cli *c, struct command *model, struct value *values,
                      struct uuid_source *ids)
{
    struct errmsg err = {{0}};
    struct command *list;
    size_t n;
    bool refused;
    int code = EX_OK;
    add_group(c, model, values, ids);
    enum status st = queue_several(c, model, ids, &list, &n, &refused, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->offline && n > 0) {
        fputs(_("Queued, not sent yet.\n"), stderr);
        code = EX_TEMPFAIL;
    }
    struct sync_report r = {0};
    if (!c->offline && n > 0 && cli_sync_once(c, &r, &err) != ST_OK)
        cli_fail(ST_OFFLINE, &err);
    for (size_t i = 0; i < n; i++) {
        int one =
            c->offline ? report(c, &list[i], "queued", EX_TEMPFAIL) : look_after(c, &list[i], &err);
        code = one == EX_OK ? code : one;
    }
    return refused ? status_exit(ST_REFUSED) : code;
}

int command_do(struct cli *c)
{
    struct errmsg err = {{0}};
    struct value values[VALUES_MAX];
    size_t n_values = 0;
    struct uuid_source ids = {.clock = &clock_system, .random = &random_system};
    struct command command = {.values = values};
    struct case_view view = {0};
    struct casefile blank;
    const struct casefile *shown = &blank;
    if (c->readonly) {
        cli_say("%s", _("Nothing was done: --readonly is for looking only."));
        return EX_NOPERM;
    }
    if (c->n_args < 2) {
        fprintf(stderr, "%s\n",
                _("usage: jiban do CASE[,CASE...] COMMAND [KEY=VALUE...] [--file KEY=PATH] "
                  "[--attach PATH] [--offline] [--json]"));
        return EX_USAGE;
    }
    command.type = command_find(c->args[1]);
    if (command.type == COMMAND_COUNT) {
        fail(&err, ST_INVALID, _("There is no command \"%s\". jiband workflow lists them."),
             c->args[1]);
        cli_fail(ST_INVALID, &err);
        return EX_USAGE;
    }
    enum status st = read_values(c, command.type, values, &n_values, &err);
    if (st == ST_OK)
        st = cli_open(c, STORE_OWNER, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    command.id = uuid_new(&ids);
    command.at_ms = cli_server_now(c);
    bool several = strchr(c->args[0], ',') != NULL;
    if (several)
        st = attach_files(c, command.type, values, &n_values, &err);
    command.n_values = n_values;
    if (several && st != ST_OK)
        return cli_fail(st, &err);
    if (several)
        return do_several(c, &command, values, &ids);
    if (workflow_begins(command.type) && strcmp(c->args[0], "new") == 0) {
        command.case_id = uuid_new(&ids);
        casefile_init(&blank, &command.case_id, &c->arena);
    } else {
        st = store_find(c->store, c->args[0], &command.case_id, &err);
        if (st == ST_OK)
            st = store_case(c->store, &command.case_id, &c->arena, &view, &err);
        shown = &view.shown;
    }
    if (st == ST_OK) /* only now that there is a case for them */
        st = attach_files(c, command.type, values, &n_values, &err);
    command.n_values = n_values;
    if (st == ST_OK) {
        command.base = shown->version;
        st = cli_predict(c, shown, &command, &err);
    }
    if (st == ST_OK)
        st = store_queue(c->store, &command, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->offline) {
        fputs(_("Queued, not sent yet.\n"), stderr);
        return report(c, &command, "queued", EX_TEMPFAIL);
    }
    struct sync_report r = {0};
    if (cli_sync_once(c, &r, &err) != ST_OK)
        cli_fail(ST_OFFLINE, &err);
    return look_after(c, &command, &err);
}
