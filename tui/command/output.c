/* output.c: where --output says. */
#include "core/base/i18n.h"
#include "tui/command/command.h"
#include "tui/streams.h"
#include <unistd.h>

enum status output_check(const struct cli *c, struct errmsg *err)
{
    if (c->output && option_bool(&c->options, OPT_LOCKED_DOWN))
        return fail(err, ST_DENIED, _("Not here: this console writes no file (safe.locked_down)."));
    if (c->output && access(c->output, F_OK) == 0)
        return fail(err, ST_CONFLICT, _("%s is there already; nothing was written."), c->output);
    return ST_OK;
}

static enum status write_to(struct cli *c, const struct buf *text, FILE *to, struct errmsg *err)
{
    if (buf_status(text) != ST_OK)
        return fail(err, buf_status(text), "out of memory");
    enum status st = output_check(c, err);
    if (st != ST_OK)
        return st;
    if (c->output)
        return file_write_atomic(c->output, text->data, text->len, err);
    fwrite(text->data, 1, text->len, to);
    return ST_OK;
}

enum status output_write(struct cli *c, const struct buf *text, struct errmsg *err)
{
    return write_to(c, text, stdout, err);
}

enum status output_write_utf8(struct cli *c, const struct buf *text, struct errmsg *err)
{
    return write_to(c, text, streams_bytes(), err);
}
