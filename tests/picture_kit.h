/*
 * picture_kit.h: small pictures for tests, as files in memory: by the libraries' own writers, and some that no camera makes.
 *
 * Ownership: bytes are appended to the caller's buffer. Errors: none; a picture that cannot be made ends the test.
 */
#ifndef JIBAN_TESTS_PICTURE_KIT_H
#define JIBAN_TESTS_PICTURE_KIT_H

#include "core/base/buf.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include <jpeglib.h>
#include <png.h>

/* A colour for each pixel: 0xaarrggbb, aa 255 where nothing shines through. */
typedef uint32_t kit_colour(int x, int y, int cols, int rows);

/* Four quarters, so that a turn and a mirror can be told: red, green; blue, yellow. */
static inline uint32_t kit_quarters(int x, int y, int cols, int rows)
{
    static const uint32_t colour[] = {0xffff0000, 0xff00ff00, 0xff0000ff, 0xffffff00};
    return colour[(2 * y >= rows) * 2 + (2 * x >= cols)];
}

static inline void kit_png_bytes(png_structp png, png_bytep data, size_t n)
{
    buf_add(png_get_io_ptr(png), data, n);
}

static inline void kit_png(struct buf *out, int cols, int rows, bool interlaced, kit_colour *colour)
{
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    unsigned char *row = malloc((size_t)cols * 4);
    if (!info || !row || setjmp(png_jmpbuf(png)))
        abort();
    png_set_write_fn(png, out, kit_png_bytes, NULL);
    png_set_IHDR(png, info, (png_uint_32)cols, (png_uint_32)rows, 8, PNG_COLOR_TYPE_RGB_ALPHA,
                 interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
                 PNG_FILTER_TYPE_BASE);
    png_write_info(png, info);
    int passes = png_set_interlace_handling(png);
    for (int pass = 0; pass < passes; pass++)
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < cols; x++) {
                uint32_t c = colour(x, y, cols, rows);
                row[4 * x] = (unsigned char)(c >> 16);
                row[4 * x + 1] = (unsigned char)(c >> 8);
                row[4 * x + 2] = (unsigned char)c;
                row[4 * x + 3] = (unsigned char)(c >> 24);
            }
            png_write_row(png, row);
        }
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    free(row);
}

/* turned: as Exif counts; 0: it does not say. */
static inline void kit_jpeg(struct buf *out, int cols, int rows, bool progressive, unsigned turned,
                            kit_colour *colour)
{
    struct jpeg_compress_struct jpeg = {0};
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL, *row = malloc((size_t)cols * 3);
    unsigned long n = 0;
    const unsigned char exif[] = {
        'E', 'x', 'i', 'f', 0,    0, 'M', 'M', 0, 42, 0, 0, 0,
        8,   0,   1,   1,   0x12, 0, 3,   0,   0, 0,  1, 0, (unsigned char)turned,
        0,   0,   0,   0,   0,    0};
    if (!row)
        abort();
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &n);
    jpeg.image_width = (JDIMENSION)cols;
    jpeg.image_height = (JDIMENSION)rows;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, 95, TRUE);
    if (progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    if (turned)
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, exif, sizeof exif);
    for (int y = 0; y < rows; y++) {
        for (int x = 0; x < cols; x++) {
            uint32_t c = colour(x, y, cols, rows);
            row[3 * x] = (unsigned char)(c >> 16);
            row[3 * x + 1] = (unsigned char)(c >> 8);
            row[3 * x + 2] = (unsigned char)c;
        }
        JSAMPROW one = row;
        jpeg_write_scanlines(&jpeg, &one, 1);
    }
    jpeg_finish_compress(&jpeg);
    buf_add(out, bytes, n);
    jpeg_destroy_compress(&jpeg);
    free(bytes);
    free(row);
}

static inline void kit_number(struct buf *out, uint32_t v)
{
    const char bytes[] = {(char)(v >> 24), (char)(v >> 16), (char)(v >> 8), (char)v};
    buf_add(out, bytes, sizeof bytes);
}

static inline void kit_chunk(struct buf *out, const char *type, const void *data, size_t n)
{
    uLong sum = crc32(crc32(0, (const Bytef *)type, 4), n ? data : (const void *)"", (uInt)n);
    kit_number(out, (uint32_t)n);
    buf_add(out, type, 4);
    buf_add(out, data, n);
    kit_number(out, (uint32_t)sum);
}

/* A PNG that says it is so large and has a few bytes: a bomb. */
static inline void kit_png_bomb(struct buf *out, uint32_t cols, uint32_t rows)
{
    struct buf head;
    unsigned char packed[64];
    uLongf n = sizeof packed;
    static const unsigned char zeros[32];
    buf_init(&head, 64);
    kit_number(&head, cols);
    kit_number(&head, rows);
    buf_add(&head, "\x08\x02\x00\x00\x00", 5); /* 8 bits, RGB */
    if (compress(packed, &n, zeros, sizeof zeros) != Z_OK)
        abort();
    buf_add(out, "\x89PNG\r\n\x1A\n", 8);
    kit_chunk(out, "IHDR", head.data, head.len);
    kit_chunk(out, "IDAT", packed, n);
    kit_chunk(out, "IEND", "", 0);
    buf_release(&head);
}

#endif
