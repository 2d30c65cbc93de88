#include "tui/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "core/text/utf8.h"

#include "core/base/banned.h" /* after all others */

enum {
    ESC = 27,
    DEL = 127,
    WAIT_SEQUENCE_MS = 50, /* a lone Esc is told from a sequence by this */
    WAIT_PASTE_MS = 1000   /* a paste whose end never comes must not hang the console */
};
static const char paste_end[] = "\033[201~";

void input_init(struct input *in, int fd, bool utf8)
{
    memset(in, 0, sizeof *in);
    in->fd = fd;
    in->utf8 = utf8;
    buf_init(&in->text, SCREEN_PASTE_MAX);
}

void input_release(struct input *in)
{
    buf_release(&in->text);
}

void input_name(struct input *in, const char *sequence, struct key key)
{
    size_t n = strlen(sequence);
    if (n < 2 || n >= INPUT_SEQUENCE_MAX || sequence[0] != ESC || in->n_named == INPUT_NAMED_MAX)
        return;
    struct input_named *named = &in->named[in->n_named++];
    memcpy(named->sequence, sequence, n + 1);
    named->key = key;
}

static bool fill(struct input *in, int wait_ms)
{
    struct pollfd p = {.fd = in->fd, .events = POLLIN};
    int ready;
    if (in->at > 0) {
        memmove(in->bytes, in->bytes + in->at, in->len - in->at);
        in->len -= in->at;
        in->at = 0;
    }
    do
        ready = poll(&p, 1, wait_ms);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0)
        return false;
    ssize_t n = read(in->fd, in->bytes + in->len, sizeof in->bytes - in->len);
    if (n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN))
        in->gone = true;
    if (n <= 0)
        return false;
    in->len += (size_t)n;
    return true;
}

/* Unread byte number i (i is small), waiting for it; -1 when it does not come. */
static int peek(struct input *in, size_t i, int wait_ms)
{
    while (in->at + i >= in->len)
        if (!fill(in, in->waited ? 0 : wait_ms)) {
            in->waited = true;
            return -1;
        }
    return in->bytes[in->at + i];
}

static struct key kind(enum key_kind k)
{
    return (struct key){.kind = k};
}

static struct key with(enum key_kind k, int control)
{
    return (struct key){.kind = k, .control = (char)control};
}

static struct key text_key(struct input *in)
{
    return (struct key){.kind = KEY_KIND_TEXT, .text = in->text.data, .len = in->text.len};
}

static struct key arrow(enum key_kind plain, enum key_kind word, int modifiers)
{
    enum { ALT = 2, CONTROL = 4 };
    return kind(modifiers & (ALT | CONTROL) ? word : plain);
}

/* The keys of CSI ... ~ that are function keys: 11..15, 17..21, 23, 24. A VT220 has F6 to F20 and PF1 to PF4 (final_key);
 * its Help, Do and F17 stand for those that it keeps to itself or has under another name: help, any command, sync. */
static int function_number(int n)
{
    enum { HELP = 28, DO = 29, F17 = 31 };
    if (n == HELP || n == DO || n == F17)
        return n == HELP ? 1 : n == DO ? 10 : 5;
    if (n >= 11 && n <= 15)
        return n - 10;
    if (n >= 17 && n <= 21)
        return n - 11;
    return n == 23 || n == 24 ? n - 12 : 0;
}

/* A key told by its character code (CSI 27;m;n ~ and CSI n;m u). */
static struct key coded(int code, int modifiers)
{
    switch (code) {
    case '\r':
        return kind(KEY_KIND_ENTER);
    case '\t':
        return kind(modifiers & 1 ? KEY_KIND_BACK_TAB : KEY_KIND_TAB);
    case ESC:
        return kind(KEY_KIND_ESCAPE);
    case DEL:
        return kind(KEY_KIND_BACKSPACE);
    default:
        return kind(KEY_KIND_OTHER);
    }
}

static struct key tilde(int number, int modifiers, int third)
{
    switch (number) {
    case 1:
    case 7:
        return kind(KEY_KIND_HOME);
    case 2:
        return kind(KEY_KIND_INSERT);
    case 3:
        return kind(KEY_KIND_DELETE);
    case 4:
    case 8:
        return kind(KEY_KIND_END);
    case 5:
        return kind(KEY_KIND_PAGE_UP);
    case 6:
        return kind(KEY_KIND_PAGE_DOWN);
    case 27:
        return coded(third, modifiers);
    default:
        if (function_number(number) && !modifiers)
            return with(KEY_KIND_FUNCTION, function_number(number));
        return kind(KEY_KIND_OTHER);
    }
}

/* The final byte of a sequence of CSI or SS3 that has the same meaning after both. */
static struct key final_key(int final, int modifiers)
{
    switch (final) {
    case 'A':
        return kind(KEY_KIND_UP);
    case 'B':
        return kind(KEY_KIND_DOWN);
    case 'C':
        return arrow(KEY_KIND_RIGHT, KEY_KIND_WORD_RIGHT, modifiers);
    case 'D':
        return arrow(KEY_KIND_LEFT, KEY_KIND_WORD_LEFT, modifiers);
    case 'H':
        return kind(KEY_KIND_HOME);
    case 'F':
        return kind(KEY_KIND_END);
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return modifiers ? kind(KEY_KIND_OTHER) : with(KEY_KIND_FUNCTION, final - 'P' + 1);
    default:
        return kind(KEY_KIND_OTHER);
    }
}

static struct key single_shift(struct input *in, int final)
{
    static const char keypad[] = "*+,-./0123456789"; /* 'j' to 'y' */
    if (final >= 'j' && final <= 'y') {
        buf_putc(&in->text, keypad[final - 'j']);
        return text_key(in);
    }
    switch (final) {
    case 'M':
        return kind(KEY_KIND_ENTER);
    case 'I':
        return kind(KEY_KIND_TAB);
    case 'c':
        return kind(KEY_KIND_WORD_RIGHT);
    case 'd':
        return kind(KEY_KIND_WORD_LEFT);
    default:
        return final_key(final, 0);
    }
}

/* SGR: CSI < button;column;row and M (pressed) or m (released). Old: CSI M and three bytes. Shift and Ctrl do not count,
 * nor do moves and other buttons. */
static struct key mouse(int button, int col, int row, bool pressed)
{
    enum { LEFT = 0, WHEEL = 64, MODIFIERS = 4 | 8 | 16 };
    struct key key = {.kind = KEY_KIND_MOUSE};
    button &= ~MODIFIERS;
    if (!pressed || row < 1 || col < 1 || row > SURFACE_SIDE || col > SURFACE_SIDE ||
        (button != LEFT && button != WHEEL && button != WHEEL + 1))
        return kind(KEY_KIND_NONE);
    key.control = (char)(button == LEFT    ? MOUSE_PRESS
                         : button == WHEEL ? MOUSE_WHEEL_UP
                                           : MOUSE_WHEEL_DOWN);
    key.row = (short)(row - 1);
    key.col = (short)(col - 1);
    return key;
}

static struct key old_mouse(struct input *in)
{
    enum { BYTES = 3, FROM = 32 };
    int b[BYTES];
    for (size_t i = 0; i < BYTES; i++)
        if ((b[i] = peek(in, i, WAIT_SEQUENCE_MS)) < 0)
            return kind(KEY_KIND_NONE);
    in->at += BYTES;
    return mouse(b[0] - FROM, b[1] - FROM, b[2] - FROM, true);
}

static struct key control_sequence(const char *parameters, int final)
{
    int n[3] = {0, 1, 0};
    bool sgr = *parameters == '<';
    parameters += sgr;
    for (int i = 0; i < 3 && *parameters; i++) {
        char *end;
        long value = strtol(parameters, &end, 10);
        n[i] = value < 0 || value > 0x10ffff ? 0 : (int)value;
        parameters = *end == ';' ? end + 1 : end;
    }
    if (sgr)
        return mouse(n[0], n[1], n[2], final == 'M');
    int modifiers = n[1] > 0 ? n[1] - 1 : 0;
    switch (final) {
    case '~':
        return tilde(n[0], modifiers, n[2]);
    case 'u':
        return coded(n[0], modifiers);
    case 'Z':
        return kind(KEY_KIND_BACK_TAB);
    default:
        return final_key(final, modifiers);
    }
}

static bool starts(struct input *in, const char *sequence, int wait_ms)
{
    for (size_t i = 0; sequence[i]; i++)
        if (peek(in, i, wait_ms) != (unsigned char)sequence[i])
            return false;
    return true;
}

/* Appends the character at the front as UTF-8 and takes it; takes one byte when it is none. */
static void take_character(struct input *in)
{
    uint32_t c = UTF8_BAD;
    size_t taken = 1;
    if (in->utf8) {
        unsigned char b = in->bytes[in->at];
        size_t want = b < 0xc2 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
        for (size_t i = 1; i < want && (peek(in, i, WAIT_SEQUENCE_MS) & 0xc0) == 0x80;)
            i++;
        taken = utf8_decode((const char *)in->bytes + in->at, in->len - in->at, &c);
    } else {
        for (size_t n = 1; n <= MB_CUR_MAX; n++) {
            wchar_t wide;
            mbstate_t state = {0};
            if (peek(in, n - 1, WAIT_SEQUENCE_MS) < 0)
                break;
            size_t got = mbrtowc(&wide, (const char *)in->bytes + in->at, n, &state);
            if (got == (size_t)-2)
                continue;
            if (got != (size_t)-1) {
                taken = n;
                c = (uint32_t)wide;
            }
            break;
        }
    }
    in->at += taken;
    char out[4];
    size_t n = c == UTF8_BAD || (c >= 0x80 && c < 0xa0) ? 0 : utf8_encode(c, out);
    buf_add(&in->text, out, n);
}

static struct key paste(struct input *in)
{
    struct key key = {.kind = KEY_KIND_PASTE};
    int c;
    while ((c = peek(in, 0, WAIT_PASTE_MS)) >= 0) {
        in->waited = false;
        if (c == ESC && starts(in, paste_end, WAIT_SEQUENCE_MS)) {
            in->at += sizeof paste_end - 1;
            break;
        }
        if (c == '\r') {
            in->at++;
            if (peek(in, 0, WAIT_SEQUENCE_MS) == '\n')
                in->at++;
            buf_putc(&in->text, '\n');
        } else {
            take_character(in);
        }
    }
    key.cut = buf_status(&in->text) != ST_OK;
    key.text = in->text.data;
    key.len = in->text.len;
    return key;
}

/* ESC [ is at the front. NONE: no whole sequence; what there was of it is dropped. */
static struct key take_csi(struct input *in)
{
    char all[INPUT_SEQUENCE_MAX];
    size_t n = 2;
    int c;
    while ((c = peek(in, n, WAIT_SEQUENCE_MS)) >= 0x20 && c <= 0x3f && n < sizeof all - 2)
        n++;
    bool linux_function = n == 2 && c == '[';
    if (linux_function)
        c = peek(in, ++n, WAIT_SEQUENCE_MS);
    if (n == 2 && c < 0) {
        in->at += 2;
        return with(KEY_KIND_ALT, '[');
    }
    memcpy(all, in->bytes + in->at, n);
    all[n] = '\0';
    in->at += n;
    if (c < 0x40 || c > 0x7e)
        return kind(KEY_KIND_NONE);
    in->at++;
    all[n] = (char)c;
    all[n + 1] = '\0';
    if (strcmp(all, "\033[200~") == 0)
        return paste(in);
    if (strcmp(all, paste_end) == 0)
        return kind(KEY_KIND_NONE);
    for (size_t i = 0; i < in->n_named; i++)
        if (strcmp(in->named[i].sequence, all) == 0)
            return in->named[i].key;
    if (linux_function)
        return c >= 'A' && c <= 'E' ? with(KEY_KIND_FUNCTION, c - 'A' + 1) : kind(KEY_KIND_OTHER);
    all[n] = '\0';
    if (n == 2 && (c == 'I' || c == 'O')) { /* it is looked at, or no more: no key */
        in->focus = c == 'I' ? FOCUS_IN : FOCUS_OUT;
        return kind(KEY_KIND_NONE);
    }
    if (c == 'M' && n == 2)
        return old_mouse(in);
    return control_sequence(all + 2, c);
}

static struct key take_escape(struct input *in)
{
    int c = peek(in, 1, WAIT_SEQUENCE_MS);
    if (c == '[')
        return take_csi(in);
    for (size_t i = 0; c >= 0 && i < in->n_named; i++)
        if (in->named[i].sequence[1] == c && starts(in, in->named[i].sequence, WAIT_SEQUENCE_MS)) {
            in->at += strlen(in->named[i].sequence);
            return in->named[i].key;
        }
    if (c == 'O') {
        int final = peek(in, 2, WAIT_SEQUENCE_MS);
        if (final >= 0x40 && final <= 0x7e) {
            in->at += 3;
            return single_shift(in, final);
        }
    }
    if (c == '\r' || c == '\n') {
        in->at += 2;
        return kind(KEY_KIND_ENTER);
    }
    if (c >= 0x20 && c < DEL) {
        in->at += 2;
        return with(KEY_KIND_ALT, c);
    }
    in->at++;
    return kind(KEY_KIND_ESCAPE);
}

static struct key take_key(struct input *in)
{
    unsigned char c = in->bytes[in->at];
    if (c == ESC)
        return take_escape(in);
    if (c >= 0x20 && c != DEL) {
        take_character(in);
        return in->text.len > 0 ? text_key(in) : kind(KEY_KIND_NONE);
    }
    in->at++;
    switch (c) {
    case '\r':
    case '\n':
        return kind(KEY_KIND_ENTER);
    case '\t':
        return kind(KEY_KIND_TAB);
    case '\b':
    case DEL:
        return kind(KEY_KIND_BACKSPACE);
    default:
        return with(KEY_KIND_CONTROL, c + 64);
    }
}

struct key input_key(struct input *in)
{
    struct key key = kind(KEY_KIND_NONE);
    while (key.kind == KEY_KIND_NONE) {
        buf_clear(&in->text);
        in->waited = false;
        if (in->at == in->len && !fill(in, 0))
            break;
        key = take_key(in);
    }
    return key;
}
