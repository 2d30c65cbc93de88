/* audit.c: the checkpoints of the server's audit log that are kept here. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include <string.h>
#include <sysexits.h>

static int print_kept(struct cli *c, const char *kept, size_t n)
{
    struct checkpoint last = {.number = 0};
    struct errmsg err = {{0}};
    size_t lines = 0, from = 0;
    for (size_t i = 0; i < n; i++)
        if (kept[i] == '\n') {
            lines++;
            if (i + 1 < n)
                from = i + 1;
        }
    enum status st = checkpoint_decode(kept + from, n - from, &last, &err);
    if (st != ST_OK)
        return cli_fail(ST_CORRUPT, &err);
    printf(_("%zu checkpoints of the audit log are kept, up to entry %lld of %s.\n"), lines,
           (long long)last.number, cli_time(c, last.at_ms));
    printf(_("With --json they are printed for `jiband audit verify --checkpoint FILE`.\n"));
    return EX_OK;
}

int command_audit(struct cli *c)
{
    struct errmsg err = {{0}};
    const char *kept = "", *etag = "", *found = "";
    size_t n = 0;
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_meta_get(c->store, "audit", &c->arena, &found, &err);
    if (st == ST_OK)
        st = store_document_get(c->store, "checkpoints", &c->arena, &kept, &n, &etag, &err);
    if (st == ST_NOT_FOUND || (st == ST_OK && n == 0))
        st = fail(&err, ST_NOT_FOUND,
                  _("No checkpoints are kept here; an auditor's or administrator's jiban sync "
                    "fetches them."));
    if (st != ST_OK)
        return cli_fail(st, &err);
    int code = EX_OK;
    if (c->json) {
        struct buf out;
        buf_init(&out, SIZE_MAX / 2);
        buf_add(&out, kept, n);
        cli_print_json(&out);
        buf_release(&out);
    } else {
        code = print_kept(c, kept, n);
    }
    if (*found) {
        cli_say("%s", found);
        code = EX_DATAERR;
    }
    return code;
}
