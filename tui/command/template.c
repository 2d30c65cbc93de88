/* template.c: reply templates for scripts: list, show, put, delete. They go to the centre at once unless --offline. */
#include "core/base/i18n.h"
#include "core/case/template.h"
#include "core/store/papers.h"
#include "tui/command/command.h"
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int usage(void)
{
    cli_say("%s",
            _("usage: jiban template [list | show NAME | put NAME [office] [--file text=PATH] | "
              "delete NAME [office]] [--offline] [--json]"));
    return EX_USAGE;
}

/* --- what there is --------------------------------------------------------------------------- */

static void print_json(const struct paper *p)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    paper_encode(&out, p);
    buf_putc(&out, '\n');
    cli_print_json(&out);
    buf_release(&out);
}

static void print_row(const struct kept_paper *p)
{
    cli_print(p->paper.scope == PAPER_OWN ? _("my own") : p->paper.owner);
    fputs("  ", stdout);
    cli_print(p->paper.name);
    if (*p->problem) {
        printf("  (%s: ", _("not taken by the centre"));
        cli_print(p->problem);
        putchar(')');
    } else if (p->dirty) {
        printf("  (%s)", _("not sent yet"));
    }
    putchar('\n');
}

static enum status list(struct cli *c, struct errmsg *err)
{
    struct kept_paper *all;
    size_t n;
    enum status st = store_papers(c->store, PAPER_TEMPLATE, &c->arena, &all, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        if (c->json)
            print_json(&all[i].paper);
        else
            print_row(&all[i]);
    }
    if (st == ST_OK && n == 0 && !c->json)
        puts(_("There is no template yet."));
    return st;
}

static enum status show(struct cli *c, struct errmsg *err)
{
    struct kept_paper p;
    enum status st = store_paper_named(c->store, PAPER_TEMPLATE, c->args[1], &c->arena, &p, err);
    if (st != ST_OK)
        return st;
    if (c->json)
        print_json(&p.paper);
    else
        cli_print_text(p.paper.body, "");
    return ST_OK;
}

/* --- changes --------------------------------------------------------------------------------- */

/* Of --file text=PATH, else of standard input; a line break at the end is the editor's. */
static enum status read_text(struct cli *c, const char **ret, struct errmsg *err)
{
    struct buf text;
    char part[4096];
    size_t n;
    FILE *from = stdin;
    if (c->n_files > 0) {
        if (strncmp(c->files[0], "text=", 5) != 0)
            return fail(err, ST_INVALID, _("--file takes text=PATH here."));
        if (!(from = fopen(c->files[0] + 5, "re")))
            return fail(err, ST_IO, _("%s cannot be read."), c->files[0] + 5);
    }
    buf_init(&text, 1 << 20);
    while ((n = fread(part, 1, sizeof part, from)) > 0)
        buf_add(&text, part, n);
    bool whole = !ferror(from);
    if (from != stdin)
        (void)fclose(from);
    enum status st = whole ? buf_status(&text) : ST_IO;
    if (st == ST_OK)
        *ret = arena_strndup(&c->arena, text.data,
                             text.len - (text.len && text.data[text.len - 1] == '\n'));
    else
        fail(err, st, _("The text cannot be read, or is too long."));
    buf_release(&text);
    return st;
}

static enum status change(struct cli *c, bool put, struct errmsg *err)
{
    const struct actor *me = &c->context.actor;
    struct paper p = {.kind = PAPER_TEMPLATE,
                      .scope = c->n_args == 3 ? PAPER_OFFICE : PAPER_OWN,
                      .name = c->args[1],
                      .body = "",
                      .changed_by = me->user};
    if (!c->context.have_actor)
        return fail(err, ST_UNAUTHORIZED, _("Run jiban sync first: who you are is not known yet."));
    p.owner = paper_owner(me, p.scope);
    enum status st = paper_may_write(me, p.kind, p.scope, p.owner, err);
    if (st == ST_OK && put)
        st = read_text(c, &p.body, err);
    if (st == ST_OK && put)
        st = template_check(p.body, err);
    if (st == ST_OK)
        st = put ? store_paper_put(c->store, &p, err) : store_paper_drop(c->store, &p, err);
    return st;
}

/* Tells the centre; what it did not take is said. */
static int after_change(struct cli *c)
{
    struct errmsg err = {{0}};
    struct sync_report r = {0};
    struct kept_paper p;
    if (c->offline) {
        fputs(_("Kept here, not sent yet.\n"), stderr);
        return EX_TEMPFAIL;
    }
    enum status st = cli_sync_once(c, &r, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (store_paper_named(c->store, PAPER_TEMPLATE, c->args[1], &c->arena, &p, &err) == ST_OK &&
        *p.problem) {
        fail(&err, ST_REFUSED, "%s", p.problem);
        return cli_fail(ST_REFUSED, &err);
    }
    return EX_OK;
}

int command_template(struct cli *c)
{
    struct errmsg err = {{0}};
    const char *verb = c->n_args ? c->args[0] : "list";
    bool put = strcmp(verb, "put") == 0, drop = strcmp(verb, "delete") == 0;
    bool shows = strcmp(verb, "show") == 0 && c->n_args == 2;
    bool lists = strcmp(verb, "list") == 0 && c->n_args < 2;
    bool office = c->n_args == 3 && strcmp(c->args[2], "office") == 0;
    bool changes = (put || drop) && (c->n_args == 2 || office);
    if (!shows && !lists && !changes)
        return usage();
    enum status st = cli_open(c, changes ? STORE_OWNER : STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = changes ? change(c, put, &err) : shows ? show(c, &err) : list(c, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    return changes ? after_change(c) : EX_OK;
}
