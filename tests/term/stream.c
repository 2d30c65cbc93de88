#include "tests/term/stream.h"
#include "core/text/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void stream_init(struct stream *s, bool ascii)
{
    memset(s, 0, sizeof *s);
    s->ascii = ascii;
}

static void quote(char *out, size_t size, const char *bytes, size_t n)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n && used + 5 < size; i++) {
        unsigned char b = (unsigned char)bytes[i];
        used +=
            (size_t)snprintf(out + used, size - used, b >= 0x20 && b < 0x7f ? "%c" : "<%02X>", b);
    }
}

static bool fault(struct stream *s, const char *why)
{
    char tail[STREAM_TAIL], what[200], before[280];
    size_t have = s->bytes < STREAM_TAIL ? (size_t)s->bytes : STREAM_TAIL;
    for (size_t i = 0; i < have; i++)
        tail[i] = s->tail[(s->bytes - have + i) % STREAM_TAIL];
    quote(what, sizeof what, s->sequence, s->n);
    quote(before, sizeof before, tail, have);
    snprintf(s->fault, sizeof s->fault, "byte %llu: %s: %s; the last bytes: %s",
             (unsigned long long)s->bytes, why, what, before);
    return false;
}

/* --- characters ------------------------------------------------------------------------------- */

/* Characters that a terminal shows as nothing, or that change how others look. */
static bool is_hidden(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } hidden[] = {{0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},   {0x115f, 0x1160},
                  {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
                  {0x2060, 0x206f},   {0x3164, 0x3164},   {0xd800, 0xf8ff},   {0xfe00, 0xfe0f},
                  {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x13430, 0x13455},
                  {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0x10ffff}};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (c >= hidden[i].from && c <= hidden[i].to)
            return true;
    return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* One more byte >= 0x80. */
static bool text_byte(struct stream *s, unsigned char b)
{
    uint32_t c;
    if (s->ascii) {
        s->sequence[0] = (char)b;
        s->n = 1;
        return fault(s, "not ASCII in a locale that has only ASCII");
    }
    s->sequence[s->n++] = (char)b;
    unsigned char first = (unsigned char)s->sequence[0];
    size_t want = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (s->n < want)
        return (b & 0xc0) == 0x80 || s->n == 1 ? true : fault(s, "no UTF-8");
    if (utf8_decode(s->sequence, s->n, &c) != s->n || c == UTF8_BAD)
        return fault(s, "no UTF-8");
    if (c < 0xa0)
        return fault(s, "a control of C1");
    if (is_hidden(c))
        return fault(s, "a character that hides or turns text");
    s->n = 0;
    return true;
}

/* --- sequences -------------------------------------------------------------------------------- */

/* Modes that may be set and reset. */
static bool mode_allowed(const char *parameters)
{
    static const char *const modes[] = {"4",     "34",    "?1",    "?47",   "?47",
                                        "?5",    "?7",    "?12",   "?25",   "?1000",
                                        "?1004", "?1006", "?1049", "?2004", "?12;25"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (strcmp(parameters, modes[i]) == 0)
            return true;
    return false;
}

/* Looks: not those that hide (8), blink (5, 6), strike (9) or turn grey (2). */
static bool look_allowed(struct stream *s, const char *parameters)
{
    static const char *const plain = " 0 1 3 4 7 10 11 22 23 24 27 39 49 ";
    while (*parameters) {
        char *end, word[24];
        long n = strtol(parameters, &end, 10);
        bool extended = n == 38 || n == 48;
        bool colour = (n >= 30 && n <= 37) || (n >= 40 && n <= 47) || (n >= 90 && n <= 107);
        snprintf(word, sizeof word, " %ld ", n);
        s->colours += colour || extended;
        if (extended) { /* 5;INDEX */
            if (strncmp(end, ";5;", 3) != 0)
                return false;
            strtol(end + 3, &end, 10);
        } else if (!colour && !strstr(plain, word)) {
            return false;
        }
        parameters = *end == ';' ? end + 1 : end;
    }
    return true;
}

static void keep_mode(struct stream *s, const char *parameters, bool on)
{
    if (strstr(parameters, "25"))
        s->cursor_hidden = !on;
    else if (strcmp(parameters, "?1049") == 0)
        s->alternate = on;
    else if (strcmp(parameters, "?1") == 0)
        s->application = on;
    else if (strcmp(parameters, "?2004") == 0)
        s->marks_pastes = on;
    else if (strcmp(parameters, "?1000") == 0)
        s->mouse = on;
    else if (strcmp(parameters, "?1004") == 0)
        s->focus = on;
}

/* The sequence is CSI parameters final, whole. */
static bool csi_allowed(struct stream *s)
{
    char final = s->sequence[s->n - 1];
    const char *parameters = s->sequence + 2;
    s->sequence[s->n - 1] = '\0';
    bool numbers = strspn(parameters, "0123456789;") == strlen(parameters), good = false;
    switch (final) {
    case 'J':
        s->clears += *parameters == '\0' || *parameters == '2'; /* ncurses homes first */
        good = numbers;
        break;
    case '@':
    case 'A':
    case 'B':
    case 'C':
    case 'D':
    case 'G':
    case 'H':
    case 'I':
    case 'K':
    case 'L':
    case 'M':
    case 'P':
    case 'S':
    case 'T':
    case 'X':
    case 'Z':
    case 'b':
    case 'd':
    case 'f':
    case 'g':
    case 'r':
        good = numbers;
        break;
    case 'm':
        good = numbers && look_allowed(s, parameters);
        break;
    case 'h':
    case 'l':
        good = mode_allowed(parameters);
        keep_mode(s, parameters, final == 'h');
        break;
    case 't': /* xterm's smcup and rmcup keep and restore the title */
        good = strcmp(parameters, "22;0;0") == 0 || strcmp(parameters, "23;0;0") == 0;
        break;
    case 'c': /* the shape of the cursor of the Linux console */
        good = strcmp(parameters, "?0") == 0 || strcmp(parameters, "?1") == 0 ||
               strcmp(parameters, "?8") == 0;
        break;
    case 'n':
        good = s->asks && strcmp(parameters, "6") == 0;
        break;
    default:
        break;
    }
    s->sequence[s->n - 1] = final;
    if (!good)
        return fault(s, "a sequence that is not on the list");
    s->n = 0;
    s->state = STREAM_TEXT;
    return true;
}

/* BEL ends it; a text for the desktop is one line and has no controls. */
static bool notice_byte(struct stream *s, char b)
{
    static const char *const kinds[] = {"9;", "777;notify;jiban;", "99;;"};
    if (b == '\a') {
        s->notice[s->n_notice] = '\0';
        s->state = STREAM_TEXT;
        s->n = 0;
        s->notices++;
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
            if (strncmp(s->notice, kinds[i], strlen(kinds[i])) == 0)
                return true;
        return fault(s, "a sequence that is not on the list");
    }
    if ((unsigned char)b < 0x20 || b == 0x7f || s->n_notice + 1 == STREAM_NOTICE)
        return fault(s, "no well-formed notice");
    s->notice[s->n_notice++] = b;
    return true;
}

static bool escape_byte(struct stream *s, char b)
{
    s->sequence[s->n++] = b;
    switch (b) {
    case ']':
        if (!s->notifies)
            return fault(s, "a sequence that is not on the list");
        s->state = STREAM_NOTICE_TEXT;
        s->n_notice = 0;
        return true;
    case '[':
        s->state = STREAM_CSI;
        return true;
    case '(':
    case ')':
        s->state = STREAM_CHARSET;
        return true;
    case '7':
    case '8':
    case '=':
    case '>':
    case 'D':
    case 'E':
    case 'H':
    case 'M':
        s->n = 0;
        s->state = STREAM_TEXT;
        return true;
    default:
        return fault(s, "a sequence that is not on the list");
    }
}

static bool feed_byte(struct stream *s, char b)
{
    unsigned char u = (unsigned char)b;
    switch (s->state) {
    case STREAM_ESCAPE:
        return escape_byte(s, b);
    case STREAM_CHARSET:
        s->sequence[s->n++] = b;
        if (b != 'B' && b != '0')
            return fault(s, "a character set that is not on the list");
        s->n = 0;
        s->state = STREAM_TEXT;
        return true;
    case STREAM_CSI:
        s->sequence[s->n++] = b;
        if (u >= 0x40 && u <= 0x7e)
            return csi_allowed(s);
        return u >= 0x20 && u < 0x40 && s->n < STREAM_SEQUENCE_MAX - 1
                   ? true
                   : fault(s, "no well-formed sequence");
    case STREAM_NOTICE_TEXT:
        return notice_byte(s, b);
    case STREAM_TEXT:
        break;
    }
    if (u >= 0x80)
        return text_byte(s, u);
    if (s->n > 0)
        return fault(s, "no UTF-8");
    if (u >= 0x20 && u < 0x7f)
        return true;
    s->sequence[s->n++] = b;
    if (b == '\033') {
        s->state = STREAM_ESCAPE;
        return true;
    }
    /* NUL: padding of old terminals; SO and SI: their second character set; BEL: the bell */
    if (b != '\0' && b != '\a' && b != '\b' && b != '\t' && b != '\n' && b != '\r' && b != 0x0e &&
        b != 0x0f)
        return fault(s, "a control character");
    s->n = 0;
    return true;
}

static bool ends_with_forbidden(const struct stream *s)
{
    size_t n = s->forbidden ? strlen(s->forbidden) : 0;
    if (n == 0 || n > STREAM_TAIL || s->bytes < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (s->tail[(s->bytes - n + i) % STREAM_TAIL] != s->forbidden[i])
            return false;
    return true;
}

bool stream_feed(struct stream *s, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && !s->fault[0]; i++) {
        s->tail[s->bytes++ % STREAM_TAIL] = bytes[i];
        if (feed_byte(s, bytes[i]) && ends_with_forbidden(s))
            fault(s, "what must not be shown");
    }
    return !s->fault[0];
}

bool stream_end(struct stream *s)
{
    if (!s->fault[0] && (s->state != STREAM_TEXT || s->n > 0))
        fault(s, "ends in the middle");
    if (!s->fault[0] && s->mouse)
        fault(s, "leaves the mouse taken");
    if (!s->fault[0] && s->focus)
        fault(s, "is still told of the focus");
    return !s->fault[0];
}
