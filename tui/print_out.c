/* print_out.c: the pieces that cases and lists are made of. */
#include "tui/print_out.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/escape.h"
#include "tui/streams.h"
#include <string.h>

void print_put(struct buf *out, const char *foreign, bool ascii)
{
    struct arena a;
    arena_init(&a, 0);
    streams_note_lost(clean_plain(out, text_clean_str(&a, foreign, CLEAN_LINE), ascii));
    arena_release(&a);
}

void print_put_text(struct buf *out, const char *foreign, const char *indent, bool ascii)
{
    struct arena a;
    arena_init(&a, 0);
    const char *line = text_clean_str(&a, foreign, CLEAN_TEXT).text;
    for (;;) {
        size_t n = strcspn(line, "\n");
        struct clean piece = {.text = arena_strndup(&a, line, n), .len = n};
        buf_puts(out, indent);
        streams_note_lost(clean_plain(out, piece, ascii));
        buf_putc(out, '\n');
        if (!line[n])
            break;
        line += n + 1;
    }
    arena_release(&a);
}

const char *print_time(struct arena *a, int64_t ms)
{
    if (ms == TIME_NONE)
        return "-";
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
}

void html_begin(struct buf *out, const char *title)
{
    buf_puts(out, "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>");
    escape_markup(out, title, " ");
    buf_puts(out, "</title>\n<style>body{font-family:sans-serif}pre{white-space:pre-wrap}"
                  "table{border-collapse:collapse}td,th{border:1px solid;padding:.2em .4em;"
                  "text-align:left}thead{display:table-header-group}tr{break-inside:avoid}"
                  "@media print{@page{size:A4;margin:15mm}body{font-size:10pt}}</style>"
                  "</head><body>\n<h1>");
    escape_markup(out, title, " ");
    buf_puts(out, "</h1>\n");
}

void html_end(struct buf *out)
{
    buf_puts(out, "</body></html>\n");
}

enum status print_predict(const struct context *context, struct arena *a,
                          const struct casefile *shown, const struct command *command,
                          struct errmsg *err)
{
    struct workflow_context ctx = context_workflow(context, command->at_ms);
    struct decision decision;
    struct refusal why = {0};
    if (!ctx.policy || !context->have_calendar || !context->have_actor)
        return ST_OK; /* never synced: the server decides */
    enum status st =
        workflow_decide(&ctx, shown, command, &context->actor, a, &decision, &why, err);
    if (st == ST_REFUSED)
        return fail(err, ST_REFUSED, "%s", why.text);
    return st;
}
