/* The gate: whatever comes in, only printable text comes out, and nothing harmless is changed. */
#include "core/text/clean.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <jansson.h>
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unictype.h>

#include <cmocka.h>

/* Said again here and not taken from the gate, so that a hole in its table is seen. */
static bool looks_like_nothing(uint32_t c)
{
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || c == 0x2800 ||
           c == 0x3164 || c == 0xFFA0 || (c >= 0x180B && c <= 0x180F) ||
           (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static void check_safe(const char *name, struct clean t, enum clean_mode mode)
{
    bool on = false, base = false;
    int marks = 0;
    assert_int_equal(strlen(t.text), t.len);
    for (size_t at = 0; at < t.len;) {
        uint32_t c;
        at += utf8_decode(t.text + at, t.len - at, &c);
        const char *wrong = NULL;
        if (c == UTF8_BAD) {
            wrong = "is not UTF-8";
        } else if (c == CLEAN_ON || c == CLEAN_OFF) {
            wrong = (c == CLEAN_ON) == on ? "has unpaired marks" : NULL;
            on = c == CLEAN_ON;
            base = false;
        } else if (on) {
            wrong = (c < 0x20 || c >= 0x7F) && c != 0x21B5 ? "is not visible" : NULL;
        } else if (c == '\n') {
            wrong = mode == CLEAN_LINE ? "breaks a line" : NULL;
            base = false;
        } else if (looks_like_nothing(c)) {
            wrong = "looks like nothing";
        } else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_M)) {
            wrong = !base ? "begins with a mark" : ++marks > 4 ? "piles up marks" : NULL;
        } else if (uc_is_general_category_withtable(c, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N |
                                                           UC_CATEGORY_MASK_P | UC_CATEGORY_MASK_S |
                                                           UC_CATEGORY_MASK_Zs)) {
            base = true;
            marks = 0;
        } else {
            wrong = "is not printable";
        }
        if (wrong)
            fail_msg("%s: U+%04X at byte %zu %s", name, (unsigned)c, at, wrong);
    }
    assert_false(on);
}

static void check_cuts(const char *name, struct clean t)
{
    for (int cells = 1; cells <= 200; cells++) {
        int got = -1;
        size_t n = text_fit(t.text, t.len, cells, &got);
        if (got > cells || got != text_width(t.text, n))
            fail_msg("%s: cut at %d takes %d cells", name, cells, got);
        /* cut + rest = whole, in cells too: the cut falls between clusters */
        if (text_width(t.text, n) + text_width(t.text + n, t.len - n) != text_width(t.text, t.len))
            fail_msg("%s: cut at %d changes the width of the rest", name, cells);
        if (n < t.len && cells - got > 1)
            fail_msg("%s: cut at %d leaves %d cells unused", name, cells, cells - got);
    }
}

static void check_one(const char *name, const char *s, size_t n, bool benign)
{
    for (int mode = CLEAN_LINE; mode <= CLEAN_TEXT; mode++) {
        struct arena a;
        arena_init(&a, 0);
        struct clean t = text_clean(&a, s, n, (enum clean_mode)mode);
        assert_false(arena_failed(&a));
        if (a.used > 4 * n + 16)
            fail_msg("%s: %zu bytes for %zu", name, a.used, n);
        check_safe(name, t, (enum clean_mode)mode);
        if (benign && mode == CLEAN_TEXT && (t.len != n || memcmp(t.text, s, n) != 0))
            fail_msg("%s: harmless text was changed to %s", name, t.text);
        if (n <= 16384 && mode == CLEAN_LINE)
            check_cuts(name, t);
        for (int cells = 1; cells <= 80; cells += 13) {
            struct clean fit = text_clean_fit(&a, s, n, cells);
            check_safe(name, fit, CLEAN_LINE);
            int one = 0, two = 0;
            size_t cut = text_fit(fit.text, fit.len, cells, &one);
            if (mode == CLEAN_LINE && (cut > t.len || memcmp(fit.text, t.text, cut) != 0 ||
                                       (text_fit(t.text, t.len, cells, &two), one != two)))
                fail_msg("%s: a list of %d cells shows other text", name, cells);
        }
        struct buf b;
        buf_init(&b, 16 * n + 64);
        clean_plain(&b, t, 1);
        assert_int_equal(buf_status(&b), ST_OK);
        for (size_t i = 0; i < b.len; i++)
            assert_true((b.data[i] >= 0x20 && b.data[i] < 0x7F) || b.data[i] == '\n');
        buf_clear(&b);
        clean_plain(&b, t, 0);
        assert_true(utf8_valid(b.data, b.len));
        buf_release(&b);
        arena_release(&a);
    }
}

#define S(text)                                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }
static const struct {
    const char *text;
    size_t len;
} hostile[] = {
    S("\x1b[2J\x1b[H"),                        /* clear the screen */
    S("灯坏\x1b]2;owned\x07了"),               /* window title */
    S("\x1b]8;;http://example.org\x1b\\a"),    /* link */
    S("\x1bP+q544e\x1b\\"),                    /* DCS question */
    S("\x1b_G\x1b\\\x1b^x\x1b\\\x1bXy\x1b\\"), /* APC, PM, SOS */
    S("\x9b"
      "31m"), /* bare C1 byte */
    S("\xC2\x9B"
      "31m"), /* the same as a character */
    S("\xC2\x85\xC2\x90"),
    S("\x07\x08\x08\x0e\x0f\x7f"),
    S("a\0b"),
    S("\r覆盖"),
    S("a\r\nb\rc\nd"),
    S("\t\t\xCC\x81"),
    S("\xE2\x80\xAE"
      "cod.exe"), /* bidi override */
    S("\xE2\x81\xA6\xE2\x81\xA7\xE2\x81\xA8\xE2\x81\xA9"),
    S("\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C"),
    S("a\xE2\x80\x8B\xE2\x80\x8C\xE2\x80\x8D\xE2\x81\xA0"
      "b"), /* zero width */
    S("\xEF\xBB\xBF"
      "bom"),
    S("\xC2\xAD"),
    S("\xE2\x80\xA8\xE2\x80\xA9"),                         /* line and paragraph separators */
    S("\xE1\x85\x9F\xE1\x85\xA0\xE3\x85\xA4\xEF\xBE\xA0"), /* fillers */
    S("\xE2\xA0\x80"),
    S("\xE2\x9D\xA4\xEF\xB8\x8F"),             /* variation selector 16 */
    S("\xE8\x91\x9B\xF3\xA0\x84\x80"),         /* ideographic variation */
    S("\xF3\xA0\x81\xA1\xF3\xA0\x81\xBF"),     /* tags */
    S("\xEE\x80\x80\xF3\xB0\x80\x80"),         /* private use */
    S("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xB7\x90"), /* noncharacters */
    S("\xCD\xB8"),                             /* unassigned */
    S("\xF0\x9F\xAB\xBF\xF4\x8F\xBF\xBF"),
    S("\xED\xA0\x80\xED\xB0\x80"), /* surrogates */
    S("\xC0\x9B[2J"),              /* overlong ESC */
    S("\xE0\x80\x9B"),
    S("\xF5\x80\x80\x80\xFE\xFF"),
    S("暖\xE6\x9A"), /* cut in a character */
    S("\xE6\x1b[2J"),
    S("\xCC\x81 mark first"),
    S("a\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86\xCC\x87\xCC\x88"),
    S("\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85\xCC\x86"),
    S("x\x80\xCC\x81\xCC\x82"),
    S("\xE2\x83\x9D\xE2\x83\xA3"), /* enclosing marks */
    S("\xE0\xB8\x81\xE0\xB9\x89\xE0\xB9\x89\xE0\xB9\x89\xE0\xB9\x89\xE0\xB9\x89"),
    S("\xE1\x84\x80\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x85\xA1\xE1\x86\xA8"),
    S("\xE1\x84\x80\xE1\x84\x80\xE1\x84\x80\xE1\x84\x80\xE1\x84\x80"),
    S("\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7"),
    S("\xF0\x9F\x87\xA8\xF0\x9F\x87\xB3\xF0\x9F\x87\xA8"),
    S("\x01<U+202E>\x02"), /* the gate's own marks */
    S("\x02\x01\x02\x01"),
    S("\xE2\x9F\xA8<U+202E>\xE2\x9F\xA9 {x}"), /* the brackets of plain output */
    S("\xD8\x80\xDB\x9D\xD8\x85"
      "1"), /* signs that stand before numbers */
    S("\xF0\x9D\x85\xB3\xEF\xBF\xB9\xEF\xBF\xBA\xEF\xBF\xBB"),
    S("\xE1\xA0\x8E\xE1\xA0\x8B\xCD\x8F"),
    S("\x1b[200~rm -rf\x1b[201~"),
};

static const char *const harmless[] = {
    "暖气不热，已三天。",
    "3号楼 2 单元 (501)",
    "“引号”《书名》——……、：；？！",
    "plain ASCII ~!@#$%^&*()",
    "第一行\n第二行",
    "\xF0\x9F\x98\x80 谢谢",
    "龘\xF0\xA0\x80\x80㐀",
    "caf\xC3\xA9 cafe\xCC\x81",
    "한국어 日本語 ｶﾅ",
    "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8",
    "①②③ ℃ ㎡ ± × ÷ №",
    "全角　空格",
    "বাংলা हिन्दी ไทย",
    "<U+202E>",
    "",
};

static void test_hostile(void **state)
{
    (void)state;
    char name[32];
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        snprintf(name, sizeof name, "hostile %zu", i);
        check_one(name, hostile[i].text, hostile[i].len, false);
    }
}

static void test_harmless_is_unchanged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        check_one(harmless[i], harmless[i], strlen(harmless[i]), true);
}

static void expect(const char *s, enum clean_mode mode, const char *want)
{
    struct arena a;
    arena_init(&a, 0);
    assert_string_equal(text_clean_str(&a, s, mode).text, want);
    arena_release(&a);
}

static void test_visible_forms(void **state)
{
    (void)state;
    expect("a\x1b[2J", CLEAN_LINE, "a\x01^[\x02[2J");
    expect("a\xE2\x80\xAE\x80z", CLEAN_LINE, "a\x01<U+202E><80>\x02z");
    expect("\xF4\x8F\xBF\xBF", CLEAN_LINE, "\x01<U+10FFFF>\x02");
    expect("\xF3\xB0\x80\x80\x7f", CLEAN_LINE, "\x01<U+F0000>^?\x02");
    expect("\xC2\x80", CLEAN_LINE, "\x01<U+0080>\x02");
    expect("<U+202E>", CLEAN_LINE, "<U+202E>"); /* typed by hand: no marks */
    expect("a\r\nb\rc\td", CLEAN_TEXT, "a\nb\nc    d");
    expect("a\nb", CLEAN_LINE,
           "a\x01\xE2\x86\xB5\x02"
           "b");
    expect("\xCC\x81", CLEAN_LINE, "\x01<U+0301>\x02");
    expect("a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81", CLEAN_LINE,
           "a\xCC\x81\xCC\x81\xCC\x81\xCC\x81\x01<U+0301>\x02");
}

static void expect_plain(const char *s, int ascii, const char *want)
{
    struct arena a;
    struct buf b;
    arena_init(&a, 0);
    buf_init(&b, 4096);
    clean_plain(&b, text_clean_str(&a, s, CLEAN_LINE), ascii);
    assert_string_equal(b.data, want);
    buf_release(&b);
    arena_release(&a);
}

static void test_plain_output(void **state)
{
    (void)state;
    expect_plain("a\x1b"
                 "b",
                 0, "a⟨^[⟩b");
    expect_plain("a⟨^[⟩b", 0, "a⟨⟨^[⟩⟩b"); /* data cannot write the brackets */
    expect_plain("a\x1b{暖}", 1, "a{^[}{{?}}");
}

/* Every character there is, alone and after a letter: safe, and never wider than it says. */
static void test_json_for_a_terminal(void **state)
{
    static const struct {
        const char *json, *utf8, *ascii;
    } row[] = {
        {"{\"a\":1}\n", "{\"a\":1}\n", "{\"a\":1}\n"},
        {"\"路\"", "\"路\"", "\"\\u8def\""},
        {"\"\xC2\x9B\xE2\x80\xAE\"", "\"\\u009b\\u202e\"", "\"\\u009b\\u202e\""},
        {"\"\xF3\xA0\x81\xB4\"", "\"\\udb40\\udc74\"", "\"\\udb40\\udc74\""},
        {"\"\x1B\x7F\xFF\"", "\"\\u001b\\u007f\\ufffd\"", "\"\\u001b\\u007f\\ufffd\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        struct buf b;
        buf_init(&b, 1000);
        clean_json(&b, row[i].json, strlen(row[i].json), 0);
        assert_string_equal(b.data, row[i].utf8);
        buf_clear(&b);
        clean_json(&b, row[i].json, strlen(row[i].json), 1);
        assert_string_equal(b.data, row[i].ascii);
        buf_release(&b);
    }
}

static void test_every_character(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (uint32_t c = 1; c <= 0x10FFFF; c++) {
        char text[8] = "a", name[16];
        size_t n = utf8_encode(c, text + 1);
        if (n == 0)
            continue;
        snprintf(name, sizeof name, "U+%04X", (unsigned)c);
        struct clean alone = text_clean(&a, text + 1, n, CLEAN_LINE);
        check_safe(name, alone, CLEAN_LINE);
        if (text_width(alone.text, alone.len) < 1)
            fail_msg("%s is let through and takes no cell", name);
        check_safe(name, text_clean(&a, text, n + 1, CLEAN_LINE), CLEAN_LINE);
        arena_reset(&a);
    }
    arena_release(&a);
}

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* 1 MiB of one noise: linear time (the bound is wide for sanitizers), memory within 4 times. */
static void test_a_mebibyte_of_noise(void **state)
{
    (void)state;
    static const char *const noise[] = {"\xCC\x81",     "\x80",      "a\x80",        "\xC2\x80",
                                        "\x1b",         "a\xC2\x80", "\xE2\x80\xAE", "暖",
                                        "\xE1\x84\x80", "a\xCC\x81"};
    size_t size = 1 << 20;
    char *big = malloc(size);
    assert_non_null(big);
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        size_t len = strlen(noise[i]), n = size / len * len;
        for (size_t at = 0; at < n; at++)
            big[at] = noise[i][at % len];
        struct arena a;
        arena_init(&a, 0);
        double before = cpu_ms();
        struct clean t = text_clean(&a, big, n, CLEAN_TEXT);
        double took = cpu_ms() - before;
        assert_true(a.used <= 4 * n + 16);
        check_safe(noise[i], t, CLEAN_TEXT);
        if (took > 1000)
            fail_msg("noise %zu took %.0f ms", i, took);
        arena_reset(&a);
        assert_true(text_clean_fit(&a, big, n, 80).len < 16384);
        arena_release(&a);
    }
    free(big);
}

static void test_out_of_memory_is_harmless(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4);
    struct clean t = text_clean_str(&a, "暖气不热", CLEAN_LINE);
    assert_string_equal(t.text, "");
    assert_int_equal(t.len, 0);
    assert_true(arena_failed(&a));
    arena_release(&a);
}

static void test_shared_corpus(void **state)
{
    (void)state;
    const char *folder = getenv("JIBAN_SHARED_DATA");
    char path[4096];
    snprintf(path, sizeof path, "%s/hostile-text.ndjson", folder ? folder : "");
    FILE *f = folder ? fopen(path, "r") : NULL;
    if (!f)
        skip();
    char *line = NULL;
    size_t room = 0;
    int strings = 0;
    while (getline(&line, &room, f) > 0) {
        json_t *row = json_loads(line, JSON_ALLOW_NUL, NULL);
        assert_non_null(row);
        const char *id = json_string_value(json_object_get(row, "id"));
        const char *base64 = json_string_value(json_object_get(row, "base64"));
        json_t *text = json_object_get(row, "text"), *repeat = json_object_get(row, "repeat");
        size_t n = base64 ? strlen(base64) : json_string_length(text);
        size_t times = repeat ? (size_t)json_integer_value(repeat) : 1;
        char *once = malloc(n + 1), *whole;
        assert_non_null(once);
        if (base64)
            assert_int_equal(sodium_base642bin((unsigned char *)once, n, base64, strlen(base64),
                                               NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL),
                             0);
        else
            memcpy(once, json_string_value(text), n);
        assert_non_null(whole = malloc(n * times + 1));
        for (size_t i = 0; i < times; i++)
            memcpy(whole + i * n, once, n);
        check_one(id, whole, n * times, json_is_true(json_object_get(row, "benign")));
        free(once);
        free(whole);
        json_decref(row);
        strings++;
    }
    free(line);
    fclose(f);
    assert_true(strings >= 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_harmless_is_unchanged),
        cmocka_unit_test(test_visible_forms),
        cmocka_unit_test(test_plain_output),
        cmocka_unit_test(test_json_for_a_terminal),
        cmocka_unit_test(test_every_character),
        cmocka_unit_test(test_a_mebibyte_of_noise),
        cmocka_unit_test(test_out_of_memory_is_harmless),
        cmocka_unit_test(test_shared_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
