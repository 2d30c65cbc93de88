/* Between UTF-8 and the encoding of the locale: what the locale has comes back as it was, the rest is counted. */
#include "core/text/charset.h"
#include "core/text/utf8.h"
#include "tests/locale_kit.h"
#include "tui/streams.h"
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool have[2];
static const char *const charmaps[] = {"GB18030", "GBK"};

static int make_locales(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        const char *folder = locale_make(charmaps[i]);
        have[i] = folder != NULL;
        if (folder)
            setenv("LOCPATH", folder, 1);
    }
    return 0;
}

/* Skips the test where the machine cannot make it. */
static void use(const char *charmap)
{
    char name[32];
    int which = strcmp(charmap, charmaps[1]) == 0;
    if (!have[which]) {
        print_message("no localedef, or no charmap %s\n", charmap);
        skip();
    }
    snprintf(name, sizeof name, "zh_CN.%s", charmap);
    assert_non_null(setlocale(LC_CTYPE, name));
}

static int use_utf8(void **state)
{
    (void)state;
    setlocale(LC_CTYPE, "C.UTF-8");
    return 0;
}

/* Every character but those of private use comes back, also those of four bytes. */
static void test_gb18030_holds_all(void **state)
{
    struct buf bytes, back;
    char utf8[4];
    unsigned lost = 0, four = 0;
    (void)state;
    use("GB18030");
    assert_false(charset_utf8());
    assert_false(charset_ascii());
    buf_init(&bytes, 64);
    buf_init(&back, 64);
    for (uint32_t c = 1; c <= 0x10ffff; c++) {
        size_t n = utf8_encode(c, utf8);
        bool private = (c >= 0xe000 && c <= 0xf8ff) || c >= 0xf0000;
        if (n == 0 || private || (c >= 0xfe10 && c <= 0xfe19))
            continue;
        buf_clear(&bytes);
        buf_clear(&back);
        if (charset_encode(&bytes, utf8, n) > 0) {
            lost++;
            continue;
        }
        four += bytes.len == 4;
        charset_decode(&back, bytes.data, bytes.len);
        if (back.len != n || memcmp(back.data, utf8, n) != 0)
            fail_msg("U+%04X comes back as something else", (unsigned)c);
    }
    printf("# GB18030 lacks %u characters, %u have four bytes\n", lost, four);
    assert_true(lost < 200); /* noncharacters, and what this C library's table leaves out */
    assert_true(four > 800000);
    buf_release(&bytes);
    buf_release(&back);
}

static void check(const char *utf8, const char *bytes, size_t lost)
{
    struct buf out;
    buf_init(&out, 4096);
    assert_int_equal(charset_encode(&out, utf8, strlen(utf8)), lost);
    assert_string_equal(out.data, bytes);
    buf_clear(&out);
    charset_decode(&out, bytes, strlen(bytes));
    if (lost == 0)
        assert_string_equal(out.data, utf8);
    buf_release(&out);
}

static void test_bytes_of_gb18030(void **state)
{
    (void)state;
    use("GB18030");
    check("供暖", "\xb9\xa9\xc5\xaf", 0);
    check("a\xf0\xa0\x80\x80z", "a\x95\x32\x82\x36z", 0); /* U+20000 */
    check("", "", 0);
}

static void test_gbk_lacks_some(void **state)
{
    char bytes[16];
    (void)state;
    use("GBK");
    check("供\xf0\xa0\x80\x80暖\xf0\x9f\x98\x80", "\xb9\xa9?\xc5\xaf?", 2);
    check("\x80", "?", 1); /* no UTF-8 */
    assert_int_equal(charset_put(0x4f9b, bytes), 2);
    assert_int_equal(charset_put(0x20000, bytes), 0);
}

/* What is no character of the locale is for the checks of UTF-8 to find. */
static void test_bad_bytes_stay(void **state)
{
    struct buf out;
    (void)state;
    use("GB18030");
    buf_init(&out, 64);
    charset_decode(&out, "a\xff\xb9\xa9\xb9", 5);
    assert_string_equal(out.data, "a\xff供\xb9");
    assert_false(utf8_valid(out.data, out.len));
    buf_release(&out);
}

static void test_files_may_be_utf8(void **state)
{
    struct buf out;
    (void)state;
    use("GB18030");
    buf_init(&out, 64);
    charset_decode_file(&out, "\xb9\xa9\xc5\xaf", 4);
    assert_string_equal(out.data, "供暖");
    buf_clear(&out);
    charset_decode_file(&out, "供暖", 6);
    assert_string_equal(out.data, "供暖");
    buf_release(&out);
}

static void test_c_has_ascii_only(void **state)
{
    char byte[16];
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C"));
    assert_true(charset_ascii());
    for (uint32_t c = 0x80; c < 0x3000; c++)
        assert_int_equal(charset_put(c, byte), 0);
    struct buf out;
    buf_init(&out, 64);
    assert_int_equal(charset_encode(&out, "a供b", 5), 1);
    assert_string_equal(out.data, "a?b");
    buf_clear(&out);
    charset_decode(&out, "供", 3); /* a script that gives UTF-8 all the same */
    assert_string_equal(out.data, "供");
    buf_release(&out);
}

/* A child prints in pieces that part characters; its two streams and the bytes go to one pipe. */
static void test_streams(void **state)
{
    char got[64] = "";
    int end[2], status;
    size_t n = 0;
    (void)state;
    use("GB18030");
    assert_int_equal(pipe(end), 0);
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(end[1], STDOUT_FILENO);
        dup2(end[1], STDERR_FILENO);
        streams_open();
        setvbuf(stdout, NULL, _IONBF, 0);
        fputs("供\xe6", stdout);
        fputs("\x9a\x96\n", stdout);
        fputs("一\n", stderr);
        fputs("供", streams_bytes());
        fflush(NULL);
        _exit(streams_lost() == 0 ? 0 : 1);
    }
    close(end[1]);
    for (ssize_t more; (more = read(end[0], got + n, sizeof got - 1 - n)) > 0;)
        n += (size_t)more;
    close(end[0]);
    waitpid(child, &status, 0);
    assert_string_equal(got, "\xb9\xa9\xc5\xaf\n\xd2\xbb\n供");
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_gb18030_holds_all, use_utf8),
        cmocka_unit_test_teardown(test_bytes_of_gb18030, use_utf8),
        cmocka_unit_test_teardown(test_gbk_lacks_some, use_utf8),
        cmocka_unit_test_teardown(test_bad_bytes_stay, use_utf8),
        cmocka_unit_test_teardown(test_files_may_be_utf8, use_utf8),
        cmocka_unit_test_teardown(test_c_has_ascii_only, use_utf8),
        cmocka_unit_test_teardown(test_streams, use_utf8),
    };
    return cmocka_run_group_tests_name("unit/charset", tests, make_locales, NULL);
}
