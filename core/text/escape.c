#include "core/text/escape.h"
#include <stdbool.h>
#include <string.h>

void escape_markup(struct buf *out, const char *text, const char *line_break)
{
    for (const char *p = text; *p; p++)
        if (*p == '&')
            buf_puts(out, "&amp;");
        else if (*p == '<')
            buf_puts(out, "&lt;");
        else if (*p == '>')
            buf_puts(out, "&gt;");
        else if (*p == '"')
            buf_puts(out, "&quot;");
        else if (*p == '\n')
            buf_puts(out, line_break);
        else
            buf_putc(out, *p);
}

/* Also behind blanks, and in the wide forms that some programs take for the narrow ones. */
static bool is_formula(const char *text)
{
    static const char *const sign[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    if (*text == '\t' || *text == '\r')
        return true;
    text += strspn(text, " \t\r\n");
    for (size_t i = 0; i < sizeof sign / sizeof *sign; i++)
        if (strncmp(text, sign[i], strlen(sign[i])) == 0)
            return true;
    return false;
}

void escape_csv_cell(struct buf *out, const char *text)
{
    bool formula = is_formula(text), quoted = text[strcspn(text, "\",\r\n")] || formula;
#if SABOTAGE == 45
    formula = false; /* damage for the tests: a spreadsheet reckons what a claimant wrote */
#endif
    if (quoted)
        buf_putc(out, '"');
    if (formula)
        buf_putc(out, '\'');
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            buf_putc(out, '"');
        buf_putc(out, *p);
    }
    if (quoted)
        buf_putc(out, '"');
}
