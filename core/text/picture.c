/* picture.c: JPEG (ITU-T T.81, Exif 2.3), PNG (RFC 2083 with eXIf) and WebP (RIFF container), copied without their metadata. */
#include "core/text/picture.h"
#include "core/base/i18n.h"
#include <stdint.h>
#include <string.h>

enum {
    MARKER_SOI = 0xD8,
    MARKER_EOI = 0xD9,
    MARKER_SOS = 0xDA,
    MARKER_RST0 = 0xD0,
    MARKER_RST7 = 0xD7,
    MARKER_TEM = 0x01,
    MARKER_APP0 = 0xE0,
    MARKER_APP1 = 0xE1,
    MARKER_APP2 = 0xE2,
    MARKER_APP14 = 0xEE,
    MARKER_APP15 = 0xEF,
    MARKER_COM = 0xFE,
    TAG_ORIENTATION = 0x0112,
    TAG_GPS = 0x8825,
    WEBP_EXIF = 0x08, /* bits of VP8X */
    WEBP_XMP = 0x04
};

/* What Exif says that matters here. */
struct said {
    bool located;
    unsigned turned; /* orientation 1..8; 0: not said */
};

static enum status cut_off(struct errmsg *err)
{
    return fail(err, ST_INVALID, _("The picture is cut off or damaged."));
}

static bool holds(const unsigned char *data, size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i + len <= n; i++)
        if (memcmp(data + i, word, len) == 0)
            return true;
    return false;
}

/* --- Exif: a TIFF file of which only the first directory is looked at ---------------------------- */

struct tiff {
    const unsigned char *data;
    size_t n;
    bool little;
};

static unsigned long number(const struct tiff *t, size_t at, size_t len)
{
    unsigned long v = 0;
    if (at > t->n || len > t->n - at)
        return 0;
    for (size_t i = 0; i < len; i++)
        v = v << 8 | t->data[at + (t->little ? len - 1 - i : i)];
    return v;
}

static void read_exif(const unsigned char *data, size_t n, struct said *said)
{
    struct tiff t = {.data = data, .n = n, .little = n > 1 && data[0] == 'I'};
    enum { ENTRY = 12, SHORT_VALUE = 8 };
    size_t at = number(&t, 4, 4), count = number(&t, at, 2);
    for (size_t i = 0; i < count && at + 2 + (i + 1) * ENTRY <= n; i++) {
        size_t entry = at + 2 + i * ENTRY;
        unsigned long tag = number(&t, entry, 2);
        if (tag == TAG_GPS)
            said->located = true;
        if (tag == TAG_ORIENTATION)
            said->turned = (unsigned)number(&t, entry + SHORT_VALUE, 2);
    }
}

static void read_xmp(const unsigned char *data, size_t n, struct said *said)
{
    if (holds(data, n, "GPSLatitude") || holds(data, n, "GPSLongitude"))
        said->located = true;
}

/* --- JPEG ------------------------------------------------------------------------------------------ */

static const char exif_head[] = "Exif\0"; /* and a NUL more */
enum { EXIF_HEAD = 6 };

/* An Exif segment with nothing but how the picture is to be turned. */
static void put_turned(struct buf *out, unsigned turned)
{
    const unsigned char segment[] = {
        0xFF, MARKER_APP1, 0, 34, 'E', 'x', 'i',  'f', 0, 0, 'M', 'M', 0, 42, 0,
        0,    0,           8, 0,  1,   1,   0x12, 0,   3, 0, 0,   0,   1, 0,  (unsigned char)turned,
        0,    0,           0, 0,  0,   0};
    buf_add(out, segment, sizeof segment);
}

/* Does the segment belong to the picture itself? What it says is read before it is left out. */
static bool segment_stays(unsigned marker, const unsigned char *data, size_t n, struct said *said)
{
    if (marker == MARKER_APP1) {
        if (n > EXIF_HEAD && memcmp(data, exif_head, EXIF_HEAD) == 0)
            read_exif(data + EXIF_HEAD, n - EXIF_HEAD, said);
        else
            read_xmp(data, n, said);
#if SABOTAGE == 170
        return true; /* Damage: what the camera wrote beside the picture stays. */
#endif
    }
    if (marker == MARKER_APP2)
        return n >= 12 && memcmp(data, "ICC_PROFILE", 12) == 0;
    return (marker < MARKER_APP0 || marker > MARKER_APP15 || marker == MARKER_APP0 ||
            marker == MARKER_APP14) &&
           marker != MARKER_COM;
}

/* Where the coded picture that begins at at ends: at the next marker that is none of it; n: nowhere. */
static size_t scan_end(const unsigned char *data, size_t n, size_t at)
{
    for (; at + 1 < n; at++)
        if (data[at] == 0xFF && data[at + 1] != 0 && data[at + 1] != 0xFF &&
            (data[at + 1] < MARKER_RST0 || data[at + 1] > MARKER_RST7))
            return at;
    return n;
}

static enum status strip_jpeg(const unsigned char *data, size_t n, struct buf *out,
                              struct said *said, struct errmsg *err)
{
    struct buf rest;
    enum status st = ST_OK;
    bool whole = false;
    buf_init(&rest, n + 1);
    for (size_t at = 2; st == ST_OK && !whole;) {
        while (at + 1 < n && data[at] == 0xFF && data[at + 1] == 0xFF)
            at++; /* fill bytes */
        if (at + 1 >= n || data[at] != 0xFF) {
            st = cut_off(err);
            break;
        }
        unsigned marker = data[at + 1];
        if (marker == MARKER_EOI) {
            whole =
                true; /* what stands behind it are previews and films with metadata of their own */
            break;
        }
        if (marker == MARKER_TEM || (marker >= MARKER_RST0 && marker <= MARKER_SOI)) {
            at += 2;
            continue;
        }
        size_t len = at + 4 <= n ? (size_t)data[at + 2] << 8 | data[at + 3] : 0;
        if (len < 2 || len > n - at - 2) {
            st = cut_off(err);
            break;
        }
        size_t end = at + 2 + len;
        bool stays = segment_stays(marker, data + at + 4, len - 2, said);
        if (marker == MARKER_SOS)
            end = scan_end(data, n, end);
        if (stays)
            buf_add(&rest, data + at, end - at);
        at = end;
    }
    if (st == ST_OK) {
        static const unsigned char begin[] = {0xFF, MARKER_SOI}, end[] = {0xFF, MARKER_EOI};
        buf_add(out, begin, sizeof begin);
        if (said->turned > 1 && said->turned <= 8)
            put_turned(out, said->turned);
        buf_add(out, rest.data, rest.len);
        buf_add(out, end, sizeof end);
        st = buf_status(&rest);
    }
    buf_release(&rest);
    return st;
}

/* --- PNG ------------------------------------------------------------------------------------------- */

static enum status strip_png(const unsigned char *data, size_t n, struct buf *out,
                             struct said *said, struct errmsg *err)
{
    static const char leave[][5] = {"eXIf", "tEXt", "zTXt", "iTXt", "tIME"};
    enum { SIGNATURE = 8, AROUND = 12 }; /* length, type and checksum of a chunk */
    const struct tiff t = {.data = data, .n = n};
    buf_add(out, data, SIGNATURE);
    for (size_t at = SIGNATURE; at + AROUND <= n;) {
        size_t len = number(&t, at, 4);
        if (len > n - at - AROUND)
            return cut_off(err);
        const unsigned char *type = data + at + 4;
        bool stays = true;
        for (size_t i = 0; i < sizeof leave / sizeof *leave; i++)
            stays = stays && memcmp(type, leave[i], 4) != 0;
        if (memcmp(type, "eXIf", 4) == 0)
            read_exif(type + 4, len, said);
        else if (!stays)
            read_xmp(type + 4, len, said);
        if (stays)
            buf_add(out, data + at, len + AROUND);
        at += len + AROUND;
        if (memcmp(type, "IEND", 4) == 0)
            return ST_OK;
    }
    return cut_off(err);
}

/* --- WebP ------------------------------------------------------------------------------------------ */

static enum status strip_webp(const unsigned char *data, size_t n, struct buf *out,
                              struct said *said, struct errmsg *err)
{
    enum { HEAD = 12, AROUND = 8 };
    const struct tiff t = {.data = data, .n = n, .little = true};
    size_t whole = number(&t, 4, 4), begin = out->len;
    if (n < HEAD || whole < 4 || whole > n - AROUND)
        return cut_off(err);
    buf_add(out, data, HEAD);
    for (size_t at = HEAD, end = whole + AROUND; at < end;) {
        if (end - at < AROUND)
            return cut_off(err);
        size_t len = number(&t, at + 4, 4), padded = len + (len & 1);
        const unsigned char *body = data + at + AROUND;
        if (len > end - at - AROUND || padded > end - at - AROUND)
            return cut_off(err);
        if (memcmp(data + at, "EXIF", 4) == 0) {
            bool head = len > EXIF_HEAD && memcmp(body, exif_head, EXIF_HEAD) == 0;
            read_exif(body + (head ? EXIF_HEAD : 0), len - (head ? EXIF_HEAD : 0), said);
        } else if (memcmp(data + at, "XMP ", 4) == 0) {
            read_xmp(body, len, said);
        } else {
            size_t here = out->len;
            buf_add(out, data + at, padded + AROUND);
            if (memcmp(data + at, "VP8X", 4) == 0 && len > 0 && buf_status(out) == ST_OK)
                out->data[here + AROUND] &= (char)~(WEBP_EXIF | WEBP_XMP);
        }
        at += padded + AROUND;
    }
    if (buf_status(out) != ST_OK)
        return ST_OK; /* told by the caller */
    size_t size = out->len - begin - AROUND;
    for (size_t i = 0; i < 4; i++)
        out->data[begin + 4 + i] = (char)(size >> (8 * i) & 0xFF);
    return ST_OK;
}

static enum status strip(enum filetype type, const void *data, size_t n, struct buf *out,
                         struct said *said, struct errmsg *err)
{
    if (type == FILETYPE_JPEG)
        return strip_jpeg(data, n, out, said, err);
    if (type == FILETYPE_PNG)
        return strip_png(data, n, out, said, err);
    if (type == FILETYPE_WEBP)
        return strip_webp(data, n, out, said, err);
    buf_add(out, data, n);
    return ST_OK;
}

enum status picture_strip(enum filetype type, const void *data, size_t n, struct buf *out,
                          bool *ret_located, struct errmsg *err)
{
    struct said said = {.located = false};
    enum status st = strip(type, data, n, out, &said, err);
    if (st == ST_OK && buf_status(out) != ST_OK)
        st = fail(err, buf_status(out), _("The file is too large, or memory is out."));
    if (st == ST_OK)
        *ret_located = said.located;
    return st;
}

unsigned picture_turned(enum filetype type, const void *data, size_t n)
{
    struct said said = {.turned = 1};
    struct buf unused;
    buf_init(&unused, n + 64);
    (void)strip(type, data, n, &unused, &said, NULL); /* what is cut off may have said it before */
    buf_release(&unused);
    return said.turned >= 1 && said.turned <= 8 ? said.turned : 1;
}
