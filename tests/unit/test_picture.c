/* Attached files: what they are, pictures without their place, the list that a step bears. */
#include "core/case/attached.h"
#include "core/base/random.h"
#include "core/text/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* SOI, JFIF, Exif with orientation 6 and a GPS directory, a comment, a table, a scan with stuffed and restart bytes, EOI, and
 * a preview with its own Exif behind it. */
static const unsigned char photo[] = {
    0xFF, 0xD8, 0xFF, 0xE0, 0,   7,   'J', 'F', 'I',  'F',  0, /* APP0 */
    0xFF, 0xE1, 0,    48,   'E', 'x', 'i', 'f', 0,    0,    'I', 'I',  42,   0,    8,    0,
    0,    0,    2,    0, /* 2 entries */
    0x12, 0x01, 3,    0,    1,   0,   0,   0,   6,    0,    0,   0,    0x25, 0x88, 4,    0,
    1,    0,    0,    0,    26,  0,   0,   0,   0,    0,    0,   0,    'G',  'P',  0xFF, 0xFE,
    0,    8,    's',  'e',  'c', 'r', 'e', 't', 0xFF, 0xDB, 0,   4,    1,    2, /* comment, DQT */
    0xFF, 0xDA, 0,    4,    9,   9,   1,   2,   0xFF, 0,    3,   0xFF, 0xD0, 4,    0xFF, 0xD9,
    0xFF, 0xD8, 0xFF, 0xE1, 0,   8,   'G', 'P', 'S',  'G',  'P', 'S',  0xFF, 0xD9};

static bool holds(const struct buf *b, const char *text)
{
    for (size_t i = 0; i + strlen(text) <= b->len; i++)
        if (memcmp(b->data + i, text, strlen(text)) == 0)
            return true;
    return false;
}

static void a_photo_loses_its_place_and_keeps_how_it_is_turned(void **state)
{
    struct buf out, again;
    bool located = false;
    (void)state;
    buf_init(&out, 1 << 20);
    buf_init(&again, 1 << 20);
    assert_int_equal(filetype_of(photo, sizeof photo), FILETYPE_JPEG);
    assert_int_equal(picture_strip(FILETYPE_JPEG, photo, sizeof photo, &out, &located, NULL),
                     ST_OK);
    assert_true(located);
    assert_false(holds(&out, "GP"));
    assert_false(holds(&out, "secret"));
    assert_true(holds(&out, "JFIF"));
    assert_memory_equal(out.data + out.len - 12, "\x09\x09\x01\x02\xFF\x00\x03\xFF\xD0\x04\xFF\xD9",
                        12);
    /* what is left says how it is turned, and nothing more is found in it */
    assert_int_equal(picture_strip(FILETYPE_JPEG, out.data, out.len, &again, &located, NULL),
                     ST_OK);
    assert_false(located);
    assert_int_equal(again.len, out.len);
    assert_memory_equal(again.data, out.data, out.len);
    assert_true(holds(&out, "\x01\x12"));
    buf_release(&out);
    buf_release(&again);
}

static void what_is_cut_off_is_refused(void **state)
{
    struct buf out;
    struct rng rng;
    bool located;
    (void)state;
    buf_init(&out, 1 << 20);
    size_t whole = sizeof photo - 14;
    for (size_t n = 3; n < whole; n++) {
        char *cut = malloc(n); /* so that one byte too far is seen */
        assert_non_null(cut);
        memcpy(cut, photo, n);
        buf_clear(&out);
        assert_int_equal(picture_strip(FILETYPE_JPEG, cut, n, &out, &located, NULL), ST_INVALID);
        free(cut);
    }
    rng_seed(&rng, 7);
    for (int i = 0; i < 20000; i++) { /* damaged in a few places: no crash, and never larger */
        size_t n = 12 + (size_t)rng_below(&rng, sizeof photo - 12);
        unsigned char *bad = malloc(n);
        assert_non_null(bad);
        memcpy(bad, photo, n);
        for (int k = 0; k < 4; k++)
            bad[rng_below(&rng, (uint32_t)n)] = (unsigned char)rng_below(&rng, 256);
        for (int t = 0; t < FILETYPE_COUNT; t++) {
            buf_clear(&out);
            if (picture_strip((enum filetype)t, bad, n, &out, &located, NULL) == ST_OK)
                assert_true(out.len <= n + 36);
        }
        free(bad);
    }
    buf_release(&out);
}

static void png_and_webp_lose_what_stands_beside_the_picture(void **state)
{
    static const unsigned char png[] = {
        0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0,   0,   0,   0,   'I', 'H', 'D', 'R', 1,
        2,    3,   4,   0,   0,    0,    6,    't',  'E', 'X', 't', 's', 'e', 'c', 'r', 'e', 't',
        1,    2,   3,   4,   0,    0,    0,    22,   'e', 'X', 'I', 'f', 'M', 'M', 0,   42,  0,
        0,    0,   8,   0,   1,    0x88, 0x25, 0,    4,   0,   0,   0,   1,   0,   0,   0,   0,
        1,    2,   3,   4,   0,    0,    0,    0,    'I', 'E', 'N', 'D', 1,   2,   3,   4,   'x'};
    static const unsigned char webp[] = {
        'R', 'I', 'F',  'F', 44,  0,   0,   0,   'W', 'E', 'B', 'P', 'V', 'P', '8', 'X', 2,   0,
        0,   0,   0x0C, 0,   'X', 'M', 'P', ' ', 11,  0,   0,   0,   'G', 'P', 'S', 'L', 'a', 't',
        'i', 't', 'u',  'd', 'e', 0,   'V', 'P', '8', ' ', 2,   0,   0,   0,   7,   7};
    struct buf out;
    bool located = false;
    (void)state;
    buf_init(&out, 1 << 20);
    assert_int_equal(filetype_of(png, sizeof png), FILETYPE_PNG);
    assert_int_equal(picture_strip(FILETYPE_PNG, png, sizeof png, &out, &located, NULL), ST_OK);
    assert_true(located);
    assert_int_equal(out.len, 8 + 12 + 12);
    located = false;
    buf_clear(&out);
    assert_int_equal(filetype_of(webp, sizeof webp), FILETYPE_WEBP);
    assert_int_equal(picture_strip(FILETYPE_WEBP, webp, sizeof webp, &out, &located, NULL), ST_OK);
    assert_true(located);
    assert_int_equal(out.len, 12 + 10 + 10);
    assert_int_equal(out.data[4], 24);
    assert_int_equal(out.data[20], 0);
    buf_release(&out);
}

static void a_file_is_what_its_bytes_say(void **state)
{
    (void)state;
    assert_int_equal(filetype_of("%PDF-1.7", 8), FILETYPE_PDF);
    assert_int_equal(filetype_of("记录\r\n\tx", 10), FILETYPE_TEXT);
    assert_int_equal(filetype_of("a\x1b[2J", 5), FILETYPE_COUNT);
    assert_int_equal(filetype_of("\xff\xfe", 2), FILETYPE_COUNT);
    assert_int_equal(filetype_of("", 0), FILETYPE_COUNT);
    assert_int_equal(filetype_of("MZ\0", 3), FILETYPE_COUNT);
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OTHER "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void a_list_is_read_as_it_was_written(void **state)
{
    static const char *const bad[] = {"x",
                                      HASH,
                                      HASH " jpeg 1 -",
                                      HASH " jpeg 1 - ",
                                      HASH " exe 1 - a",
                                      HASH " jpeg 0 - a",
                                      HASH " jpeg -1 - a",
                                      HASH " jpeg 20971521 - a",
                                      HASH " jpeg 1 + a",
                                      HASH " jpeg 1 - ../a",
                                      HASH " jpeg 1 - a\tb",
                                      HASH " jpeg 1 - ..",
                                      "X" HASH " jpeg 1 - a",
                                      HASH " jpeg 1 - a\n" HASH " jpeg 1 - b",
                                      HASH " jpeg 1 - a\n\n"};
    struct arena a;
    struct buf out;
    struct attached *list;
    size_t n;
    (void)state;
    arena_init(&a, 0);
    buf_init(&out, 1 << 16);
    const char *text = HASH " jpeg 214000 gps 照片 1.jpg\n" OTHER " text 12 - a";
    assert_int_equal(attached_read(text, &a, &list, &n, NULL), ST_OK);
    assert_int_equal(n, 2);
    assert_true(list[0].located);
    assert_string_equal(list[0].name, "照片 1.jpg");
    for (size_t i = 0; i < n; i++)
        attached_put(&out, &list[i]);
    assert_string_equal(out.data, text);
    assert_string_equal(
        attached_text(&a, text),
        "照片 1.jpg (photo, 209 KiB, its place was taken out)\na (plain text, 12 bytes)");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (attached_read(bad[i], &a, &list, &n, NULL) != ST_INVALID)
            fail_msg("taken: %s", bad[i]);
    assert_string_equal(attached_name(&a, "/x/y/照片.jpg"), "照片.jpg");
    assert_string_equal(attached_name(&a, "a\nb"), "a_b");
    assert_string_equal(attached_name(&a, "x/.."), "file");
    buf_release(&out);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_photo_loses_its_place_and_keeps_how_it_is_turned),
        cmocka_unit_test(what_is_cut_off_is_refused),
        cmocka_unit_test(png_and_webp_lose_what_stands_beside_the_picture),
        cmocka_unit_test(a_file_is_what_its_bytes_say),
        cmocka_unit_test(a_list_is_read_as_it_was_written)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
