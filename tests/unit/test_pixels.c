/* Pictures decoded and made small: colours, turns, what shines through, limits, and files that are not what they say. */
#include "core/text/pixels.h"
#include "core/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAVE_PICTURES
#include "tests/picture_kit.h"

static struct buf file;

static int set_up(void **state)
{
    (void)state;
    buf_init(&file, 1 << 26);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_release(&file);
    return 0;
}

static void decode(struct pixels *p)
{
    struct errmsg err;
    memset(p, 0, sizeof *p);
    if (pixels_decode(file.data, file.len, p, &err) != ST_OK)
        fail_msg("%s", err.text);
}

static void refused(enum status st)
{
    struct pixels p = {0};
    struct errmsg err = {{0}};
    assert_int_equal(pixels_decode(file.data, file.len, &p, &err), st);
    assert_null(p.rgb);
    assert_true(err.text[0] != '\0');
}

/* JPEG keeps colours about. */
static bool alike(unsigned a, unsigned b)
{
    bool same = true;
    for (int shift = 0; shift < 24; shift += 8)
        same = same && abs((int)(a >> shift & 255) - (int)(b >> shift & 255)) < 12;
    return same;
}

/* The quarters in the order of reading, by letters: r g b y. */
static const char *quarters(const struct pixels *p)
{
    static const unsigned colour[] = {0xff0000, 0x00ff00, 0x0000ff, 0xffff00};
    static char seen[5];
    for (int i = 0; i < 4; i++) {
        unsigned c = pixels_mean(p, i % 2 * 3, 4, i / 2 * 3, 4);
        seen[i] = '?';
        for (int k = 0; k < 4; k++)
            if (alike(c, colour[k]))
                seen[i] = "rgby"[k];
    }
    return seen;
}

static void colours_come_out_of_both_kinds(void **state)
{
    struct pixels p;
    (void)state;
    for (int i = 0; i < 4; i++) {
        buf_clear(&file);
        if (i < 2)
            kit_png(&file, 48, 32, i == 1, kit_quarters);
        else
            kit_jpeg(&file, 48, 32, i == 3, 0, kit_quarters);
        decode(&p);
        assert_int_equal(p.cols, 48);
        assert_int_equal(p.rows, 32);
        assert_int_equal(p.full_cols, 48);
        assert_int_equal(p.full_rows, 32);
        assert_false(p.damaged);
        assert_string_equal(quarters(&p), "rgby");
        pixels_release(&p);
    }
}

static void a_turned_photo_stands_upright(void **state)
{
    /* What is seen when "rgby" was taken with the camera held so (Exif 2.3, tag 0x0112). */
    static const char *const upright[] = {"rgby", "gryb", "ybgr", "byrg",
                                          "rbgy", "bryg", "ygbr", "gyrb"};
    struct pixels p;
    (void)state;
    for (unsigned turned = 0; turned <= 9; turned++) {
        bool said = turned >= 1 && turned <= 8, sideways = turned >= 5 && said;
        buf_clear(&file);
        kit_jpeg(&file, 64, 32, false, turned, kit_quarters);
        decode(&p);
        assert_int_equal(p.cols, sideways ? 32 : 64);
        assert_int_equal(p.full_rows, sideways ? 64 : 32);
        if (strncmp(quarters(&p), upright[said ? turned - 1 : 0], 4) != 0)
            fail_msg("%u: %s", turned, quarters(&p));
        pixels_release(&p);
    }
}

static uint32_t half_through(int x, int y, int cols, int rows)
{
    (void)y;
    (void)rows;
    return x < cols / 2 ? 0x00000000 : 0x80000000; /* not there; black, half of it */
}

static void what_shines_through_stands_on_white(void **state)
{
    struct pixels p;
    (void)state;
    kit_png(&file, 8, 8, false, half_through);
    decode(&p);
    assert_int_equal(pixels_mean(&p, 0, 2, 0, 1), 0xffffff);
    assert_int_equal(pixels_mean(&p, 1, 2, 0, 1), 0x7f7f7f);
    pixels_release(&p);
}

static void large_ones_are_made_small_and_small_ones_stay(void **state)
{
    static const int side[][4] = {{3000, 1000, 640, 213}, {1000, 2000, 320, 640}, {641, 1, 640, 1},
                                  {1, 5000, 1, 640},      {640, 640, 640, 640},   {1, 1, 1, 1}};
    struct pixels p;
    (void)state;
    for (size_t i = 0; i < sizeof side / sizeof *side; i++)
        for (int jpeg = 0; jpeg < 2; jpeg++) {
            buf_clear(&file);
            if (jpeg)
                kit_jpeg(&file, side[i][0], side[i][1], false, 0, kit_quarters);
            else
                kit_png(&file, side[i][0], side[i][1], false, kit_quarters);
            decode(&p);
            assert_int_equal(p.full_cols, side[i][0]);
            assert_in_range(p.cols, side[i][2] - 1, side[i][2]);
            assert_in_range(p.rows, side[i][3] > 1 ? side[i][3] - 1 : 1, side[i][3]);
            if (side[i][3] > 4 && side[i][2] > 4)
                assert_string_equal(quarters(&p), "rgby");
            pixels_release(&p);
        }
}

static void a_bomb_is_refused_before_it_is_decoded(void **state)
{
    (void)state;
    kit_png_bomb(&file, 30000, 30000);
    refused(ST_TOOBIG);
    buf_clear(&file);
    kit_png_bomb(&file, 40 * 1000 * 1000, 2);
    refused(ST_TOOBIG);
    buf_clear(&file);
    kit_png_bomb(&file, UINT32_MAX, UINT32_MAX);
    refused(ST_INVALID);
    buf_clear(&file);
    kit_jpeg(&file, 64, 64, false, 0, kit_quarters);
    for (size_t i = 0; i + 9 < file.len; i++) /* its frame says another size */
        if ((unsigned char)file.data[i] == 0xff && (unsigned char)file.data[i + 1] == 0xc0)
            memset(file.data + i + 5, 0xf0, 4);
    refused(ST_TOOBIG);
}

static void of_a_file_that_is_cut_off_comes_what_is_there(void **state)
{
    struct pixels p;
    (void)state;
    for (int i = 0; i < 3; i++) {
        buf_clear(&file);
        if (i == 0)
            kit_png(&file, 64, 64, false, kit_quarters);
        else
            kit_jpeg(&file, 64, 64, i == 2, 0, kit_quarters);
        size_t whole = file.len;
        int some = 0;
        for (size_t n = 0; n < whole; n++) {
            char *cut = malloc(n ? n : 1); /* so that one byte too far is seen */
            assert_non_null(cut);
            memcpy(cut, file.data, n);
            memset(&p, 0, sizeof p);
            enum status st = pixels_decode(cut, n, &p, NULL);
            assert_true(st == ST_OK || !p.rgb);
            if (st == ST_OK && !p.damaged && n + 16 < whole)
                fail_msg("%zu of %zu bytes are taken for a whole picture", n, whole);
            some += st == ST_OK;
            pixels_release(&p);
            free(cut);
        }
        assert_true(some > 4);
    }
}

static void damaged_bytes_end_well(void **state)
{
    struct rng rng;
    (void)state;
    rng_seed(&rng, 11);
    for (int kind = 0; kind < 4; kind++) {
        buf_clear(&file);
        if (kind < 2)
            kit_png(&file, 40, 30, kind == 1, kit_quarters);
        else
            kit_jpeg(&file, 40, 30, kind == 3, 6, kit_quarters);
        for (int i = 0; i < 1500; i++) {
            struct pixels p = {0};
            char *bad = malloc(file.len);
            assert_non_null(bad);
            memcpy(bad, file.data, file.len);
            for (int k = 0; k < 3; k++)
                bad[rng_below(&rng, (uint32_t)file.len)] = (char)rng_below(&rng, 256);
            (void)pixels_decode(bad, file.len, &p, NULL);
            pixels_release(&p);
            free(bad);
        }
    }
}

static void other_files_are_told(void **state)
{
    (void)state;
    assert_true(pixels_known(FILETYPE_JPEG));
    assert_false(pixels_known(FILETYPE_WEBP));
    buf_puts(&file, "just words");
    refused(ST_UNSUPPORTED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(colours_come_out_of_both_kinds),
                                       TEST(a_turned_photo_stands_upright),
                                       TEST(what_shines_through_stands_on_white),
                                       TEST(large_ones_are_made_small_and_small_ones_stay),
                                       TEST(a_bomb_is_refused_before_it_is_decoded),
                                       TEST(of_a_file_that_is_cut_off_comes_what_is_there),
                                       TEST(damaged_bytes_end_well),
                                       TEST(other_files_are_told)};
    return cmocka_run_group_tests_name("unit/pixels", tests, NULL, NULL);
}

#else

static void nothing_is_decoded(void **state)
{
    struct pixels p = {0};
    struct errmsg err;
    (void)state;
    assert_false(pixels_known(FILETYPE_JPEG));
    assert_int_equal(pixels_decode("\xFF\xD8\xFF", 3, &p, &err), ST_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_decoded)};
    return cmocka_run_group_tests_name("unit/pixels", tests, NULL, NULL);
}

#endif
