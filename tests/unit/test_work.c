/* The work of a terminal that was revoked: what is not at the centre is in it, it opens with one key only, and whatever is
 * cut off or changed opens with none. */
#include "core/store/work.h"
#include "core/store/papers.h"
#include "tests/unit/store_kit.h"
#include <sodium.h>
#include <sys/stat.h>

enum { MOST = 8 * 1024 * 1024 };

static struct revocation revocation(unsigned char secret[WORK_KEY])
{
    struct revocation r = {.terminal = "0123456789abcdef",
                           .ticket = "00112233445566778899aabbccddeeff"};
    assert_true(sodium_init() >= 0);
    crypto_box_keypair(r.seal_to, secret);
    return r;
}

/* --- the answer -------------------------------------------------------------------------------- */

static void the_answer_bears_what_sealing_needs(void **state)
{
    (void)state;
    unsigned char secret[WORK_KEY];
    struct revocation r = revocation(secret), got = {.terminal = ""};
    struct problem p = {.status = 403,
                        .type = "urn:jiban:problem:" REVOKED_WORD,
                        .title = "t",
                        .detail = "d",
                        .field = ""};
    struct buf out;
    buf_init(&out, MOST);
    problem_encode(&out, &p);
    assert_false(revocation_decode(out.data, out.len, &got));
    revocation_add(&out, &r);
    for (size_t n = 0; n < out.len; n++) /* what is not whole destroys nothing */
        assert_false(revocation_decode(out.data, n, &got));
    assert_string_equal(got.terminal, "");
    assert_true(revocation_decode(out.data, out.len, &got));
    assert_string_equal(got.terminal, r.terminal);
    assert_string_equal(got.ticket, r.ticket);
    assert_memory_equal(got.seal_to, r.seal_to, WORK_KEY);

    p.type = "urn:jiban:problem:denied"; /* another refusal with the same members */
    buf_clear(&out);
    problem_encode(&out, &p);
    revocation_add(&out, &r);
    assert_false(revocation_decode(out.data, out.len, &got));
    buf_release(&out);
}

/* --- the file ---------------------------------------------------------------------------------- */

static void the_file_opens_with_its_key_alone(void **state)
{
    (void)state;
    static const char text[] = "{\"user\":\"wang\"}\n{\"end\":1}\n";
    unsigned char secret[WORK_KEY], other[WORK_KEY];
    struct revocation r = revocation(secret), head;
    struct buf file, out;
    revocation(other);
    buf_init(&file, MOST);
    buf_init(&out, MOST);
    assert_int_equal(work_seal(&r, text, sizeof text - 1, &file, NULL), ST_OK);
    assert_null(memmem(file.data, file.len, "wang", 4));
    assert_int_equal(work_head(file.data, file.len, &head, NULL), ST_OK);
    assert_string_equal(head.terminal, r.terminal);
    assert_string_equal(head.ticket, r.ticket);
    assert_int_equal(work_open(other, file.data, file.len, &out, NULL), ST_DENIED);
    for (size_t n = 0; n < file.len; n++)
        assert_int_not_equal(work_open(secret, file.data, n, &out, NULL), ST_OK);
    for (size_t i = file.len - sizeof text - 40; i < file.len; i++) {
        file.data[i] ^= 1;
        assert_int_equal(work_open(secret, file.data, file.len, &out, NULL), ST_DENIED);
        file.data[i] ^= 1;
    }
    assert_int_equal(out.len, 0);
    assert_int_equal(work_open(secret, file.data, file.len, &out, NULL), ST_OK);
    assert_int_equal(out.len, sizeof text - 1);
    assert_memory_equal(out.data, text, sizeof text - 1);
    buf_release(&out);
    buf_release(&file);
}

/* --- its lines --------------------------------------------------------------------------------- */

static void the_bytes_of_a_file_come_back(void **state)
{
    (void)state;
    static const char data[] = "\0\1\2photo\xff";
    struct arena a;
    struct buf out;
    struct work_item got, item = {.kind = WORK_FILE,
                                  .data = data,
                                  .file = {.type = FILETYPE_JPEG, .bytes = 9, .name = "楼道.jpg"}};
    arena_init(&a, 0);
    buf_init(&out, MOST);
    memset(item.file.sha256, 'a', SHA256_HEX);
    work_put(&out, &item);
    assert_int_equal(work_get(out.data, out.len - 1, &a, &got, NULL), ST_OK);
    assert_int_equal(got.kind, WORK_FILE);
    assert_string_equal(got.file.name, "楼道.jpg");
    assert_memory_equal(got.data, data, 9);
    item.data = NULL; /* one that was too large */
    buf_clear(&out);
    work_put(&out, &item);
    assert_int_equal(work_get(out.data, out.len - 1, &a, &got, NULL), ST_OK);
    assert_null(got.data);
    static const char *const bad[] = {
        "{}",
        "{\"news\":1}",
        "{\"command\":{}}",
        "{\"draft\":\"note\"}",
        "{\"paper\":3}",
        "{\"file\":\"x\",\"name\":\"n\",\"type\":\"jpeg\",\"bytes\":3}",
        "{\"end\":-1}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_not_equal(work_get(bad[i], strlen(bad[i]), &a, &got, NULL), ST_OK);
    buf_release(&out);
    arena_release(&a);
}

/* --- the cache --------------------------------------------------------------------------------- */

/* Kinds of the lines, a letter each; the command of the last command or draft in *ret. */
static void read_lines(struct kit *k, const struct buf *text, char kinds[32], struct work_item *ret)
{
    static const char letter[] = "hcxdpfe";
    size_t n = 0;
    for (const char *line = text->data; *line; line = strchr(line, '\n') + 1) {
        struct work_item item;
        struct errmsg err = {""};
        if (work_get(line, strcspn(line, "\n"), &k->arena, &item, &err) != ST_OK)
            fail_msg("%s: %s", err.text, line);
        assert_true(n < 31);
        kinds[n++] = letter[item.kind];
        if (item.kind == WORK_COMMAND || item.kind == WORK_DRAFT || item.kind == WORK_END)
            *ret = item;
    }
    kinds[n] = '\0';
}

static void all_that_is_not_at_the_centre_is_in_it(void **state)
{
    (void)state;
    struct kit k;
    struct buf text;
    struct work_item last = {.n = 0};
    char kinds[32];
    size_t n = 99, large = 99;
    kit_begin(&k);
    buf_init(&text, MOST);
    kit_case(&k, 1, STATE_WORKING, "1");
    assert_int_equal(store_work(k.store, "wang", "desk-3", &text, &n, &large, NULL), ST_OK);
    read_lines(&k, &text, kinds, &last);
    assert_string_equal(kinds, "he");
    assert_int_equal(n, 0);

    struct command first = kit_note(&k, 1, 1, "one"), second = kit_note(&k, 2, 1, "two");
    struct outcome refused = {.id = first.id,
                              .kind = OUTCOME_REJECTED,
                              .problem = {.status = 409,
                                          .type = "urn:jiban:problem:state",
                                          .title = "no",
                                          .detail = "not any more",
                                          .field = ""}};
    struct value half = {FIELD_NOTE, "half wri"};
    struct draft draft = {.case_id = first.case_id,
                          .type = COMMAND_NOTE,
                          .user = "wang",
                          .values = &half,
                          .n_values = 1};
    struct paper paper = {.kind = PAPER_TEMPLATE,
                          .scope = PAPER_OWN,
                          .owner = "wang",
                          .name = "heating",
                          .body = "text",
                          .changed_by = "wang"};
    assert_int_equal(store_queue(k.store, &first, NULL), ST_OK);
    assert_int_equal(store_queue(k.store, &second, NULL), ST_OK);
    assert_int_equal(store_outcomes(k.store, &refused, 1, NULL), ST_OK);
    assert_int_equal(store_draft_put(k.store, &draft, NULL), ST_OK);
    assert_int_equal(store_paper_put(k.store, &paper, NULL), ST_OK);
    buf_clear(&text);
    assert_int_equal(store_work(k.store, "wang", "desk-3", &text, &n, &large, NULL), ST_OK);
    read_lines(&k, &text, kinds, &last);
    assert_string_equal(kinds, "hcxdpe");
    assert_int_equal(n, 4);
    assert_int_equal(large, 0);
    assert_int_equal(last.n, 5);
    assert_non_null(strstr(text.data, "half wri"));
    assert_non_null(strstr(text.data, "not any more"));
    buf_release(&text);
    kit_end(&k);
}

static void a_cache_has_one_name(void **state)
{
    (void)state;
    struct kit k;
    struct stat info;
    char one[TERMINAL_ID + 1], two[TERMINAL_ID + 1], path[300];
    kit_begin(&k);
    store_terminal(k.folder, one);
    assert_true(terminal_is(one));
    store_terminal(k.folder, two);
    assert_string_equal(one, two);
    kit_path(&k, "terminal", path);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(unlink(path), 0);
    store_terminal(k.folder, two);
    assert_string_not_equal(one, two);
    assert_int_equal(unlink(path), 0);
    kit_end(&k);
    store_terminal(k.folder, two); /* there is nothing to be revoked */
    assert_string_equal(two, "");
}

static void the_sealed_file_lies_beside_the_cache(void **state)
{
    (void)state;
    unsigned char secret[WORK_KEY];
    struct revocation r = revocation(secret), got;
    struct kit k;
    struct buf text;
    char path[PATH_SIZE], other[PATH_SIZE];
    kit_begin(&k);
    buf_init(&text, MOST);
    buf_puts(&text, "{\"end\":0}\n");
    assert_false(store_work_find(k.folder, path, &got));
    assert_int_equal(store_work_keep(k.folder, &r, &text, NULL), ST_OK);
    assert_true(store_work_find(k.folder, path, &got));
    assert_string_equal(got.terminal, r.terminal);
    snprintf(other, sizeof other, "%.200s-%s.work", k.folder, r.terminal);
    assert_string_equal(path, other);
    snprintf(other, sizeof other, "%.200s-", k.folder); /* not that of another cache */
    assert_false(store_work_find(other, path, &got));
    snprintf(other, sizeof other, "%.200s-%s.work", k.folder, r.terminal);
    assert_int_equal(truncate(other, 70), 0); /* one that is no such file is none */
    assert_false(store_work_find(k.folder, path, &got));
    assert_int_equal(unlink(other), 0);
    buf_release(&text);
    kit_end(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_bears_what_sealing_needs),
        cmocka_unit_test(the_file_opens_with_its_key_alone),
        cmocka_unit_test(the_bytes_of_a_file_come_back),
        cmocka_unit_test(all_that_is_not_at_the_centre_is_in_it),
        cmocka_unit_test(a_cache_has_one_name),
        cmocka_unit_test(the_sealed_file_lies_beside_the_cache),
    };
    return cmocka_run_group_tests_name("work", tests, NULL, NULL);
}
