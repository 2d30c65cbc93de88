#include "core/text/pages.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include <stdio.h>
#include <string.h>

enum { HEAD_ROWS = 2, NUMBER_BYTES = 64 };

/* One line of the body as lines of the paper. */
static void put_line(struct buf *out, const char *line, size_t n, int columns)
{
    size_t indent = 0;
    while (indent < n && line[indent] == ' ')
        indent++;
    if ((int)indent > columns / 2)
        indent = (size_t)columns / 2;
    size_t at = indent;
    do {
        size_t len = text_break(line + at, n - at, columns - (int)indent), end = at + len;
        while (end > at && line[end - 1] == ' ')
            end--;
        if (end > at)
            buf_printf(out, "%*s", (int)indent, "");
        buf_add(out, line + at, end - at);
        buf_putc(out, '\n');
        at += len;
    } while (at < n);
}

static void put_head(struct buf *out, const char *head, int page, int pages, int columns)
{
    char number[NUMBER_BYTES];
    snprintf(number, sizeof number, _("page %d of %d"), page, pages);
    int taken, width = text_width(number, strlen(number));
    size_t n = text_fit(head, strlen(head), columns - width - 1, &taken);
    if (page > 1)
        buf_putc(out, '\f');
    buf_add(out, head, n);
    buf_printf(out, "%*s%s\n\n", columns - width - taken, "", number);
}

static int count_lines(const char *text)
{
    int n = 0;
    for (const char *p = text; *p; p++)
        n += *p == '\n';
    return n;
}

void pages_print(struct buf *out, const char *head, const char *body, int columns, int rows)
{
    struct buf lines;
    buf_init(&lines, out->ceiling);
    for (const char *line = body; *line;) {
        size_t n = strcspn(line, "\n");
        put_line(&lines, line, n, columns);
        line += n + (line[n] == '\n');
    }
    int most = rows - HEAD_ROWS, n = count_lines(lines.data);
    int pages = n ? (n + most - 1) / most : 1;
    const char *line = lines.data;
    for (int page = 1; page <= pages; page++) {
        put_head(out, head, page, pages, columns);
        for (int i = 0; i < most && *line; i++) {
            size_t len = strcspn(line, "\n") + 1;
            buf_add(out, line, len);
            line += len;
        }
    }
    if (lines.failed != ST_OK)
        out->failed = lines.failed;
    buf_release(&lines);
}
