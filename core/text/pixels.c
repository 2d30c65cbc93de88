/* pixels.c: the one door to libjpeg and libpng. */
#include "core/text/pixels.h"
#include "core/base/i18n.h"
#include "core/text/picture.h"
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_PICTURES
#include <jpeglib.h>

#include <jerror.h>
#include <png.h>
#endif

enum { CHANNELS = 3, WHITE = 255, SCANS_MOST = 100 };

void pixels_release(struct pixels *p)
{
    free(p->rgb);
    memset(p, 0, sizeof *p);
}

/* From pixel number i of n on, where there are `of` steps: never empty. */
static int edge(int i, int n, int of)
{
    return (int)((int64_t)i * of / n);
}

unsigned pixels_mean(const struct pixels *p, int col, int cols, int row, int rows)
{
    int left = edge(col, cols, p->cols), right = edge(col + 1, cols, p->cols);
    int top = edge(row, rows, p->rows), bottom = edge(row + 1, rows, p->rows);
    uint64_t sum[CHANNELS] = {0}, n = 0;
    for (int y = top; y < bottom || y == top; y++)
        for (int x = left; x < right || x == left; x++, n++)
            for (int i = 0; i < CHANNELS; i++)
                sum[i] += p->rgb[((size_t)y * (size_t)p->cols + (size_t)x) * CHANNELS + (size_t)i];
    return (unsigned)(sum[0] / n << 16 | sum[1] / n << 8 | sum[2] / n);
}

enum status pixels_fail(enum status st, struct errmsg *err)
{
    switch (st) {
    case ST_TOOBIG:
        return fail(err, st, _("The picture has more than %d million pixels."),
                    PIXELS_MOST / 1000000);
    case ST_NOMEM:
        return fail(err, st, "%s", _("Out of memory."));
    case ST_UNSUPPORTED:
        return fail(err, st, "%s", _("Pictures of this kind are not decoded here."));
    default:
        return fail(err, ST_INVALID, "%s", _("The picture is cut off or damaged."));
    }
}

#ifdef HAVE_PICTURES

/* --- made small, row by row --------------------------------------------------------------------------- */

struct shrink {
    int from_cols, from_rows; /* as they come */
    int taken;                /* rows of these */
    int cols, rows;
    unsigned char *rgb;
    uint32_t *sum;   /* of the row that is being made, a number for each channel */
    uint32_t *count; /* for each column */
    int at;          /* its number */
};

static void shrink_release(struct shrink *k)
{
    free(k->rgb);
    free(k->sum);
    free(k->count);
}

static int side(int64_t n, int64_t longest)
{
    int64_t small = longest > PIXELS_SIDE ? n * PIXELS_SIDE / longest : n;
    return small > 0 ? (int)small : 1;
}

static bool shrink_begin(struct shrink *k, int from_cols, int from_rows)
{
    int longest = from_cols > from_rows ? from_cols : from_rows;
    k->from_cols = from_cols;
    k->from_rows = from_rows;
    k->cols = side(from_cols, longest);
    k->rows = side(from_rows, longest);
    size_t cells = (size_t)k->cols * CHANNELS;
    k->rgb = malloc(cells * (size_t)k->rows);
    k->sum = calloc(cells, sizeof *k->sum);
    k->count = calloc((size_t)k->cols, sizeof *k->count);
    if (!k->rgb || !k->sum || !k->count)
        return false;
    memset(k->rgb, WHITE, cells * (size_t)k->rows);
    return true;
}

static void shrink_flush(struct shrink *k)
{
    unsigned char *out = k->rgb + (size_t)k->at * (size_t)k->cols * CHANNELS;
    for (int x = 0; x < k->cols; x++)
        for (int i = 0; i < CHANNELS && k->count[x] > 0; i++)
            out[x * CHANNELS + i] = (unsigned char)(k->sum[x * CHANNELS + i] / k->count[x]);
    memset(k->sum, 0, (size_t)k->cols * CHANNELS * sizeof *k->sum);
    memset(k->count, 0, (size_t)k->cols * sizeof *k->count);
}

/* bytes for each pixel: 3, or 4 with how much of it covers the white below. */
static void shrink_row(struct shrink *k, const unsigned char *row, int bytes)
{
    int to = edge(k->taken, k->from_rows, k->rows);
    if (k->taken >= k->from_rows)
        return;
    if (to != k->at)
        shrink_flush(k);
    k->at = to;
    k->taken++;
    for (int x = 0; x < k->from_cols; x++) {
        int col = edge(x, k->from_cols, k->cols);
        const unsigned char *pixel = row + (size_t)x * (size_t)bytes;
        unsigned alpha = bytes > CHANNELS ? pixel[CHANNELS] : 255;
        for (int i = 0; i < CHANNELS; i++)
            k->sum[col * CHANNELS + i] += (pixel[i] * alpha + WHITE * (255 - alpha)) / 255;
        k->count[col]++;
    }
}

/* --- upright ------------------------------------------------------------------------------------------ */

/* Where the pixel at (x, y) of the turned picture lies in one of w * h (Exif 2.3, tag 0x0112). */
static size_t turned_from(unsigned turned, int x, int y, int w, int h)
{
    static const struct {
        bool swap, mirror_x, mirror_y; /* of the place in the file */
    } turn[] = {{false, false, false}, {false, true, false}, {false, true, true},
                {false, false, true},  {true, false, false}, {true, false, true},
                {true, true, true},    {true, true, false}};
    int from_x = turn[turned - 1].swap ? y : x, from_y = turn[turned - 1].swap ? x : y;
    if (turn[turned - 1].mirror_x)
        from_x = w - 1 - from_x;
    if (turn[turned - 1].mirror_y)
        from_y = h - 1 - from_y;
    return (size_t)from_y * (size_t)w + (size_t)from_x;
}

static bool turn(struct pixels *p, unsigned turned)
{
    enum { FIRST_SIDEWAYS = 5 };
    struct pixels out = *p;
    if (turned <= 1)
        return true;
    if (turned >= FIRST_SIDEWAYS) {
        out.cols = p->rows;
        out.rows = p->cols;
        out.full_cols = p->full_rows;
        out.full_rows = p->full_cols;
    }
    out.rgb = malloc((size_t)p->cols * (size_t)p->rows * CHANNELS);
    if (!out.rgb)
        return false;
    unsigned char *at = out.rgb;
    for (int y = 0; y < out.rows; y++)
        for (int x = 0; x < out.cols; x++, at += CHANNELS)
            memcpy(at, p->rgb + turned_from(turned, x, y, p->cols, p->rows) * CHANNELS, CHANNELS);
    free(p->rgb);
    *p = out;
    return true;
}

/* --- the two libraries --------------------------------------------------------------------------------- */

/* What a reader leaves behind, however it ended: it lies outside of the function that is jumped back to. */
struct decoding {
    const unsigned char *data;
    size_t n, at; /* at: of PNG */
    jmp_buf back;
    struct shrink small;
    int full_cols, full_rows;
    enum status st; /* other than ST_OK: it is not to be decoded */
    bool damaged;
    unsigned char *rows; /* of a PNG: one, or all when they come interlaced */
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr jpeg_errors;
    struct jpeg_progress_mgr jpeg_progress;
    png_structp png;
    png_infop png_info;
};

static bool fits(struct decoding *d, int64_t cols, int64_t rows)
{
#if SABOTAGE == 260
    d->full_cols = (int)cols; /* Damage: a picture of any size is decoded. */
    d->full_rows = (int)rows;
    return true;
#endif
    if (cols <= 0 || rows <= 0 || cols > PIXELS_MOST || rows > PIXELS_MOST / cols) {
        d->st = cols <= 0 || rows <= 0 ? ST_INVALID : ST_TOOBIG;
        return false;
    }
    d->full_cols = (int)cols;
    d->full_rows = (int)rows;
    return true;
}

static bool begin(struct decoding *d, int cols, int rows)
{
    if (!shrink_begin(&d->small, cols, rows))
        d->st = ST_NOMEM;
    return d->st == ST_OK;
}

/* --- JPEG --- */

static void jpeg_refused(j_common_ptr info)
{
    struct decoding *d = info->client_data;
    longjmp(d->back, 1);
}

/* Level -1 is a fault in the data that the library reads over. */
static void jpeg_told(j_common_ptr info, int level)
{
    struct decoding *d = info->client_data;
    if (level < 0 && info->err->msg_code != JWRN_EXTRANEOUS_DATA)
        d->damaged = true;
}

/* A small file may have thousands of scans over a large picture. */
static void jpeg_goes_on(j_common_ptr info)
{
    struct decoding *d = info->client_data;
    if (d->jpeg.input_scan_number > SCANS_MOST)
        longjmp(d->back, 1);
}

static void jpeg_rows(struct decoding *d)
{
    struct jpeg_decompress_struct *j = &d->jpeg;
    jpeg_create_decompress(j);
    j->client_data = d;
    d->jpeg_progress.progress_monitor = jpeg_goes_on;
    j->progress = &d->jpeg_progress;
    jpeg_mem_src(j, d->data, d->n);
    if (jpeg_read_header(j, TRUE) != JPEG_HEADER_OK || !fits(d, j->image_width, j->image_height))
        return;
    if (j->jpeg_color_space == JCS_CMYK || j->jpeg_color_space == JCS_YCCK) {
        d->st = ST_UNSUPPORTED; /* made for a printing press */
        return;
    }
    int longest = d->full_cols > d->full_rows ? d->full_cols : d->full_rows;
    j->out_color_space = JCS_RGB;
    j->scale_num = 1; /* the library makes it smaller for a fraction of the work */
    for (j->scale_denom = 8; j->scale_denom > 1; j->scale_denom /= 2)
        if (longest / (int)j->scale_denom >= PIXELS_SIDE)
            break;
    jpeg_start_decompress(j);
    if (!begin(d, (int)j->output_width, (int)j->output_height))
        return;
    JSAMPARRAY row =
        j->mem->alloc_sarray((j_common_ptr)j, JPOOL_IMAGE, j->output_width * CHANNELS, 1);
    while (j->output_scanline < j->output_height) {
        jpeg_read_scanlines(j, row, 1);
        shrink_row(&d->small, row[0], CHANNELS);
    }
}

static void decode_jpeg(struct decoding *d)
{
    d->jpeg.err = jpeg_std_error(&d->jpeg_errors);
    d->jpeg.client_data = d;
    d->jpeg_errors.error_exit = jpeg_refused;
    d->jpeg_errors.emit_message = jpeg_told;
    if (setjmp(d->back) == 0)
        jpeg_rows(d);
    else
        d->damaged = true;
    jpeg_destroy_decompress(&d->jpeg);
}

/* --- PNG --- */

static void png_refused(png_structp png, png_const_charp why)
{
    struct decoding *d = png_get_error_ptr(png);
    (void)why;
    longjmp(d->back, 1);
}

static void png_told(png_structp png, png_const_charp what)
{
    (void)png;
    (void)what;
}

static void png_bytes(png_structp png, png_bytep out, size_t n)
{
    struct decoding *d = png_get_io_ptr(png);
    if (n > d->n - d->at)
        png_error(png, "cut off");
    memcpy(out, d->data + d->at, n);
    d->at += n;
}

/* Four bytes for each pixel, whatever the file has. */
static void png_as_rgba(png_structp png)
{
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_gray_to_rgb(png);
    png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
}

static void png_rows(struct decoding *d)
{
    enum { RGBA = 4, CHUNK_MOST = 4 * 1024 * 1024, CHUNKS_MOST = 100 };
    png_structp png = d->png;
    png_set_read_fn(png, d, png_bytes);
    png_set_chunk_malloc_max(png, CHUNK_MOST);
    png_set_chunk_cache_max(png, CHUNKS_MOST);
    png_set_user_limits(png, PIXELS_MOST, PIXELS_MOST); /* fits() is narrower, and tells why */
    png_read_info(png, d->png_info);
    int cols = (int)png_get_image_width(png, d->png_info);
    int rows = (int)png_get_image_height(png, d->png_info);
    if (!fits(d, cols, rows))
        return;
    png_as_rgba(png);
    int passes = png_set_interlace_handling(png);
    png_read_update_info(png, d->png_info);
    size_t width = (size_t)cols * RGBA;
    if (png_get_rowbytes(png, d->png_info) != width || !begin(d, cols, rows))
        return;
    d->rows = calloc(passes > 1 ? (size_t)rows : 1, width);
    if (!d->rows) {
        d->st = ST_NOMEM;
        return;
    }
    for (int pass = 1; pass < passes; pass++)
        for (int y = 0; y < rows; y++)
            png_read_row(png, d->rows + width * (size_t)y, NULL);
    for (int y = 0; y < rows; y++) {
        unsigned char *row = d->rows + (passes > 1 ? width * (size_t)y : 0);
        png_read_row(png, row, NULL);
        shrink_row(&d->small, row, RGBA);
    }
}

static void decode_png(struct decoding *d)
{
    d->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, d, png_refused, png_told);
    d->png_info = d->png ? png_create_info_struct(d->png) : NULL;
    if (!d->png_info)
        d->st = ST_NOMEM;
    else if (setjmp(d->back) == 0)
        png_rows(d);
    else
        d->damaged = true;
    png_destroy_read_struct(&d->png, &d->png_info, NULL);
    free(d->rows);
}

/* --- the whole ----------------------------------------------------------------------------------------- */

bool pixels_known(enum filetype type)
{
    return type == FILETYPE_JPEG || type == FILETYPE_PNG;
}

static enum status hand_over(struct decoding *d, enum filetype type, struct pixels *ret)
{
    if (d->st == ST_OK && d->small.taken == 0)
        d->st = ST_INVALID;
    if (d->st != ST_OK)
        return d->st;
    shrink_flush(&d->small);
    struct pixels p = {.cols = d->small.cols,
                       .rows = d->small.rows,
                       .full_cols = d->full_cols,
                       .full_rows = d->full_rows,
                       .damaged = d->damaged,
                       .rgb = d->small.rgb};
    d->small.rgb = NULL;
    if (!turn(&p, picture_turned(type, d->data, d->n))) {
        pixels_release(&p);
        return ST_NOMEM;
    }
    *ret = p;
    return ST_OK;
}

enum status pixels_decode(const void *data, size_t n, struct pixels *ret, struct errmsg *err)
{
    enum filetype type = filetype_of(data, n);
    struct decoding *d = pixels_known(type) ? calloc(1, sizeof *d) : NULL;
    enum status st = pixels_known(type) ? ST_NOMEM : ST_UNSUPPORTED;
    if (d) {
        d->data = data;
        d->n = n;
        if (type == FILETYPE_JPEG)
            decode_jpeg(d);
        else
            decode_png(d);
        st = hand_over(d, type, ret);
        shrink_release(&d->small);
        free(d);
    }
    return st == ST_OK ? ST_OK : pixels_fail(st, err);
}

#else /* configured --without-pictures */

bool pixels_known(enum filetype type)
{
    (void)type;
    return false;
}

enum status pixels_decode(const void *data, size_t n, struct pixels *ret, struct errmsg *err)
{
    (void)data;
    (void)n;
    (void)ret;
    return pixels_fail(ST_UNSUPPORTED, err);
}

#endif
