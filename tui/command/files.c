/* files.c: the files of a case, listed, fetched and written. */
#include "core/base/i18n.h"
#include "core/store/attachments.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const char *const state_words[] = {"away", "here", "here", "fetching", "failed", "refused"};

static void print_json(const struct case_file *f, const struct attachment *here)
{
    struct buf out;
    char at[RFC3339_SIZE];
    buf_init(&out, 64 * 1024);
    rfc3339_format(f->at_ms, BEIJING_OFFSET_MS, at);
    buf_printf(&out, "{\"sha256\":\"%s\",\"name\":", f->file.sha256);
    json_put_text(&out, f->file.name);
    buf_printf(&out, ",\"type\":\"%s\",\"bytes\":%lld,\"located\":%s,\"at\":\"%s\",\"by\":",
               filetype_table[f->file.type].media, (long long)f->file.bytes,
               f->file.located ? "true" : "false", at);
    json_put_text(&out, f->who->user);
    buf_printf(&out, ",\"step\":\"%s\",\"sent\":%s,\"state\":\"%s\"}\n",
               command_table[f->type].word, f->confirmed ? "true" : "false",
               state_words[here->state]);
    cli_print_json(&out);
    buf_release(&out);
}

static void print_line(struct cli *c, const struct case_file *f, const struct attachment *here)
{
    cli_print(f->file.name);
    printf("  %s  %s  ", attached_kind(&c->arena, &f->file), cli_time(c, f->at_ms));
    cli_print(f->who->name && *f->who->name ? f->who->name : f->who->user);
    if (!f->confirmed)
        printf("  %s", _("(not sent yet)"));
    if (*here->error) {
        fputs("  ! ", stdout);
        cli_print(here->error);
    }
    putchar('\n');
}

/* Of several of one name the newest. */
static const struct case_file *named(const struct case_file *files, size_t n, const char *name)
{
    for (size_t i = n; i-- > 0;)
        if (strcmp(files[i].file.name, name) == 0 ||
            (strlen(name) >= 8 && strncmp(files[i].file.sha256, name, strlen(name)) == 0))
            return &files[i];
    return NULL;
}

static int get(struct cli *c, const struct case_file *f)
{
    struct errmsg err = {{0}};
    struct attachment here;
    struct sync_report r = {0};
    struct buf data;
    enum status st = output_check(c, &err);
    if (st == ST_OK && !c->output && isatty(STDOUT_FILENO))
        st = fail(&err, ST_INVALID, _("A file is not written to a terminal; say --output FILE."));
    if (st == ST_OK)
        st = store_attachment(c->store, &f->file, &c->arena, &here, &err);
    if (st == ST_OK && !attachment_is_whole(&here)) {
        st = store_attachment_want(c->store, &f->file, &err);
        if (st == ST_OK)
            st = cli_sync_once(c, &r, &err);
        if (st == ST_OK)
            st = store_attachment(c->store, &f->file, &c->arena, &here, &err);
        if (st == ST_OK && !attachment_is_whole(&here))
            st = fail(&err, ST_NOT_FOUND, "%s",
                      *here.error ? here.error : _("The file could not be fetched."));
    }
    if (st != ST_OK)
        return cli_fail(st, &err);
    buf_init(&data, ATTACHED_BYTES);
    st = store_attachment_data(c->store, f->file.sha256, &data, &err);
    if (st == ST_OK)
        st = output_write(c, &data, &err);
    buf_release(&data);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}

int command_files(struct cli *c)
{
    struct errmsg err = {{0}};
    struct uuid id;
    struct case_view view;
    struct case_file *files = NULL;
    size_t n = 0;
    if (c->n_args != 1) {
        fprintf(stderr, "%s\n", _("usage: jiban files CASE [--get NAME [--output FILE]] [--json]"));
        return EX_USAGE;
    }
    enum status st = cli_open(c, c->get ? STORE_OWNER : STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_find(c->store, c->args[0], &id, &err);
    if (st == ST_OK)
        st = store_case(c->store, &id, &c->arena, &view, &err);
    if (st == ST_OK)
        st = case_files(&view, &c->arena, &files, &n, &err);
    if (st == ST_OK && c->get) {
        const struct case_file *f = named(files, n, c->get);
        if (f)
            return get(c, f);
        st = fail(&err, ST_NOT_FOUND, _("The case has no file \"%s\"."), c->get);
    }
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct attachment here;
        st = store_attachment(c->store, &files[i].file, &c->arena, &here, &err);
        if (st == ST_OK && c->json)
            print_json(&files[i], &here);
        else if (st == ST_OK)
            print_line(c, &files[i], &here);
    }
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
