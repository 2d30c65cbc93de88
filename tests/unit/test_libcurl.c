/* The library of the line is loaded by its name; where it is missing or another one, that is said. */
#include "core/sync/libcurl.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void test_it_is_there(void **state)
{
    (void)state;
    struct libcurl curl;
    struct errmsg err;
    assert_int_equal(libcurl_load(CURL_SONAME, &curl, &err), ST_OK);
    assert_string_equal(curl.easy_strerror(CURLE_OK), "No error");
    assert_non_null(curl.version_info(CURLVERSION_NOW)->version);
}

/* What was there before stays as it was. */
static void refused(const char *file, const char *word)
{
    struct libcurl curl = {.global_init = NULL}, before = curl;
    struct errmsg err;
    assert_int_equal(libcurl_load(file, &curl, &err), ST_UNSUPPORTED);
    assert_non_null(strstr(err.text, file));
    assert_non_null(strstr(err.text, "libcurl4"));
    assert_non_null(strstr(err.text, word));
    assert_memory_equal(&curl, &before, sizeof curl);
}

static void test_it_is_missing(void **state)
{
    (void)state;
    refused("libcurl.so.0", "cannot open shared object file");
}

static void test_it_is_another_library(void **state)
{
    (void)state;
    refused("libm.so.6", "curl_easy_cleanup");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_there),
        cmocka_unit_test(test_it_is_missing),
        cmocka_unit_test(test_it_is_another_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
