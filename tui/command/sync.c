#include "core/base/i18n.h"
#include "core/store/retention.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <sysexits.h>

/* What came becomes searchable; a console that is opened would do it beside its work. */
static enum status index_all(struct cli *c, struct errmsg *err)
{
    enum { STEP = 500 };
    bool left = !c->no_index;
    enum status st = ST_OK;
    while (st == ST_OK && left)
        st = store_index_step(c->store, STEP, &left, err);
    return st;
}

/* What is past its time leaves; a console that is open does it beside its work. */
static enum status retain_all(struct cli *c, struct retention_place *ret, struct errmsg *err)
{
    enum { STEP = 500 };
    enum status st = ST_OK;
    while (st == ST_OK && !ret->done)
        st = store_retention_step(c->store, STEP, ret, err);
    return st;
}

int command_sync(struct cli *c)
{
    struct errmsg err = {{0}};
    struct sync_report r = {0};
    struct store_counts counts;
    struct retention_place old = {0};
    if (c->n_args > 0) {
        fprintf(stderr, _("jiban sync takes no arguments.\n"));
        return EX_USAGE;
    }
    enum status st = cli_open(c, STORE_OWNER, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    int64_t from = clock_mono(&clock_system);
    st = cli_sync_once(c, &r, &err);
    int64_t ms = clock_mono(&clock_system) - from;
    if (st != ST_OK)
        return cli_fail(st, &err);
    from = clock_mono(&clock_system);
    st = index_all(c, &err);
    int64_t index_ms = clock_mono(&clock_system) - from;
    if (st != ST_OK)
        return cli_fail(st, &err);
    st = retain_all(c, &old, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    st = store_counts(c->store, cli_server_now(c), &counts, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    if (c->json) {
        printf("{\"records\":%" PRId64 ",\"gone\":%" PRId64 ",\"sent\":%" PRId64
               ",\"rejected\":%" PRId64 ",\"unsent\":%" PRId64 ",\"conflicts\":%" PRId64
               ",\"cases\":%" PRId64 ",\"retired\":%" PRId64 ",\"requests\":%" PRId64
               ",\"bytes_in\":%" PRId64 ",\"bytes_out\":%" PRId64 ",\"seconds\":%.3f"
               ",\"index_seconds\":%.3f}\n",
               r.records, r.gone, r.sent, r.rejected, counts.outbox, counts.conflicts, counts.cases,
               old.removed, r.requests, r.bytes_in, r.bytes_out, (double)ms / 1000.0,
               (double)index_ms / 1000.0);
    } else {
        printf(_("%" PRId64 " cases changed, %" PRId64 " left, %" PRId64 " commands sent, %" PRId64
                 " refused, %" PRId64 " not sent; %" PRId64 " cases here\n"),
               r.records, r.gone, r.sent, r.rejected, counts.outbox, counts.cases);
        printf(
            _("%" PRId64 " requests, %" PRId64 " bytes in, %" PRId64 " bytes out, %.3f seconds\n"),
            r.requests, r.bytes_in, r.bytes_out, (double)ms / 1000.0);
        if (old.removed > 0)
            printf(_("%" PRId64 " finished cases left this machine after their time\n"),
                   old.removed);
    }
    return EX_OK;
}
