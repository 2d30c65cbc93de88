#include "tui/linear.h"
#include "core/base/buf.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include "tui/surface.h"
#include <langinfo.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

enum { OUT_MOST = 1 << 22 };

static struct buf out, shown; /* shown: of the line one types in, label and text */
static size_t at_shown;       /* byte of it before which the cursor stands */
static bool typing, utf8;

void linear_open(void)
{
    utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    buf_init(&out, OUT_MOST);
    buf_init(&shown, OUT_MOST);
    typing = false;
}

static void flush(void)
{
    for (size_t done = 0; done < out.len;) {
        ssize_t n = write(STDOUT_FILENO, out.data + done, out.len - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    buf_clear(&out);
}

void linear_close(void)
{
    if (typing)
        buf_puts(&out, "\r\n");
    flush();
    if (shown.data)
        explicit_bzero(shown.data, shown.len);
    buf_release(&shown);
    buf_release(&out);
}

int linear_cells(void)
{
    enum { USUAL = 80, LEAST = 20 };
    struct winsize size;
    int cols = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
    if (cols <= 0)
        cols = USUAL;
    cols = cols < LEAST ? LEAST : cols > SURFACE_SIDE ? SURFACE_SIDE : cols;
    return cols - 1; /* the last one stays free: there some terminals wrap, some wait */
}

/* In the encoding of the locale. Returns how many characters it does not have. */
static size_t put(const char *text, size_t n)
{
    size_t lost = 0;
    if (utf8) {
        buf_add(&out, text, n);
        return 0;
    }
    for (size_t i = 0; i < n;) {
        char bytes[MB_LEN_MAX];
        mbstate_t state = {0};
        uint32_t c;
        i += utf8_decode(text + i, n - i, &c);
        size_t len = wcrtomb(bytes, (wchar_t)c, &state);
        if (len != (size_t)-1) {
            buf_add(&out, bytes, len);
            continue;
        }
        lost++;
        char plain[4];
        for (int cells = text_width(plain, utf8_encode(c, plain)); cells > 0; cells--)
            buf_putc(&out, '?'); /* as wide as what it stands for: who goes back counts so */
    }
    return lost;
}

/* As text without attributes; valid UTF-8 without control characters. */
static void cleaned(struct buf *to, struct arena *a, const char *text)
{
    clean_plain(to, text_clean_str(a, text, CLEAN_LINE), 0);
}

void linear_say(struct arena *a, const char *text)
{
    struct buf line;
    buf_init(&line, OUT_MOST);
    cleaned(&line, a, text);
    if (typing)
        buf_puts(&out, "\r\n");
    typing = false;
    size_t lost = put(line.data, line.len);
    if (lost > 0) {
        const char *note = arena_printf(a,
                                        ngettext(" (%zu character cannot be shown here)",
                                                 " (%zu characters cannot be shown here)", lost),
                                        lost);
        put(note, strlen(note));
    }
    buf_puts(&out, "\r\n");
    buf_release(&line);
    flush();
}

static void back(const char *text, size_t n)
{
    for (int cells = text_width(text, n); cells > 0; cells--)
        buf_putc(&out, '\b');
}

/* From what is shown to `want`, by as few bytes as tell the difference. */
static void rewrite(const struct buf *want, size_t at)
{
    size_t same = 0, most = shown.len < want->len ? shown.len : want->len;
    while (same < most && shown.data[same] == want->data[same])
        same++;
    while (same > 0 && (want->data[same] & 0xC0) == 0x80)
        same--;
    if (same == shown.len && same == want->len)
        same = at < at_shown ? at : at_shown; /* only the cursor moves */
    if (same < at_shown)
        back(shown.data + same, at_shown - same);
    else
        put(shown.data + at_shown, same - at_shown);
    put(want->data + same, want->len - same);
    int over = text_width(shown.data + same, shown.len - same) -
               text_width(want->data + same, want->len - same);
    for (int i = 0; i < over; i++)
        buf_putc(&out, ' ');
    for (int i = 0; i < over; i++)
        buf_putc(&out, '\b');
    back(want->data + at, want->len - at);
}

void linear_type(struct arena *a, const char *label, const char *text, size_t at, bool anew)
{
    struct buf want;
    buf_init(&want, OUT_MOST);
    cleaned(&want, a, label);
    if (want.len > 0 && want.data[want.len - 1] != ' ')
        buf_putc(&want, ' ');
    cleaned(&want, a, arena_strndup(a, text, at));
    size_t cursor = want.len;
    cleaned(&want, a, text + at);
    if (typing && anew)
        buf_puts(&out, "\r\n");
    if (!typing || anew) {
        buf_clear(&shown);
        at_shown = 0;
    }
    rewrite(&want, cursor);
    buf_clear(&shown);
    buf_add(&shown, want.data, want.len);
    at_shown = cursor;
    typing = true;
    if (want.data)
        explicit_bzero(want.data, want.len);
    buf_release(&want);
    flush();
}
