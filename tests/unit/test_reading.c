/* What is made of a painted page for who hears it: rows as sentences, every line of a long page, a text line by line. */
#include "core/base/i18n.h"
#include "tui/draw.h"
#include "tui/reading.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct page {
    struct scroll scroll;
    int lines;
    bool list; /* a list of two above, the second one chosen */
};

static void draw(void *self, struct console *c, struct surface *s, struct rect r,
                 struct cursor *cursor)
{
    struct page *p = self;
    int top = p->list ? 3 : 0;
    (void)cursor;
    p->scroll.height = r.rows - top;
    p->scroll.lines = p->lines;
    scroll_clamp(&p->scroll);
    if (p->list) {
        draw_text(s, &c->scratch, 0, 2, 20, THEME_PLAIN, "first");
        draw_text(s, &c->scratch, 1, 0, 1, THEME_POINTER, ">");
        draw_text(s, &c->scratch, 1, 2, 20, THEME_PLAIN, "second");
        draw_rule(s, 2, 0, r.cols);
    }
    for (int i = p->scroll.first; i < p->lines && i - p->scroll.first < p->scroll.height; i++)
        draw_text(s, &c->scratch, top + i - p->scroll.first, 1, 20, THEME_PLAIN, "line %d", i);
    draw_more(s, (struct rect){r.row + top, r.col, r.rows - top, r.cols}, p->scroll.first,
              p->lines);
}

struct fixture {
    struct reading r;
    struct console c;
};

static void begin(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    arena_init(&f->c.scratch, 0);
    reading_init(&f->r);
}

static void end(struct fixture *f)
{
    reading_release(&f->r);
    arena_release(&f->c.scratch);
}

static void a_row_is_a_sentence(void **state)
{
    struct fixture f;
    struct errmsg err;
    (void)state;
    begin(&f);
    struct arena *a = &f.c.scratch;
    assert_int_equal(surface_resize(&f.r.page, 2, 80, &err), ST_OK);
    draw_text(&f.r.page, a, 0, 1, 10, THEME_LABEL, "Phone");
    draw_text(&f.r.page, a, 0, 12, 10, THEME_PLAIN, "138 供暖");
    draw_bar(&f.r.page, 0, 30, 12, 500, THEME_PLAIN);
    draw_text(&f.r.page, a, 0, 50, 20, THEME_PLAIN, "due 15:00");
    assert_string_equal(reading_row(&f.r, a, 0), "Phone: 138 供暖, due 15:00");
    assert_string_equal(reading_row(&f.r, a, 1), "");
    assert_string_equal(reading_row(&f.r, a, 2), "");
    end(&f);
}

static void sentences_are_joined(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    struct arena *a = &f.c.scratch;
    assert_string_equal(reading_join(a, "one", "two"), "one. two");
    assert_string_equal(reading_join(a, "", "two"), "two");
    assert_string_equal(reading_join(a, "one", ""), "one");
    assert_string_equal(reading_join(a, "Sure?", "yes"), "Sure? yes");
    end(&f);
}

static void every_line_of_a_long_page_is_read(void **state)
{
    struct fixture f;
    struct page p = {.lines = READING_ROWS + 700};
    char want[32];
    (void)state;
    begin(&f);
    for (int i = 0; i < p.lines; i += 7) {
        p.scroll.first = i;
        reading_page(&f.r, &f.c, &p, draw, &p.scroll, 1);
        snprintf(want, sizeof want, "line %d", i);
        assert_string_equal(f.r.line, want);
        assert_int_equal(p.scroll.first, i);
        arena_reset(&f.c.scratch);
    }
    p.scroll.first = p.lines + 5; /* the end is the last line */
    reading_page(&f.r, &f.c, &p, draw, &p.scroll, 1);
    snprintf(want, sizeof want, "line %d", p.lines - 1);
    assert_string_equal(f.r.line, want);
    end(&f);
}

static void the_chosen_one_is_said_first(void **state)
{
    struct fixture f;
    struct page p = {.lines = 3, .list = true};
    (void)state;
    begin(&f);
    reading_page(&f.r, &f.c, &p, draw, &p.scroll, 1);
    assert_string_equal(f.r.line, "second. line 0");
    p.scroll.first = 2;
    reading_page(&f.r, &f.c, &p, draw, &p.scroll, 1);
    assert_string_equal(f.r.line, "line 2");
    struct view v = {.keys = KEYS_CLOCKS, .self = &p, .draw = draw};
    reading_drawn(&f.r, &f.c, &v);
    assert_string_equal(f.r.line, "second");
    end(&f);
}

static void a_text_is_typed_line_by_line(void **state)
{
    struct fixture f;
    struct editor e;
    size_t at, line;
    static const char text[] = "供暖一直不热 and cold";
    (void)state;
    begin(&f);
    editor_init(&e, EDITOR_TEXT, 1000);
    editor_set(&e, text, strlen(text));
    f.r.typed = &e;
    assert_string_equal(reading_typed(&f.r, &f.c.scratch, 14, &at, &line), "and cold");
    assert_int_equal(line, 1);
    assert_int_equal(at, strlen("and cold"));
    editor_do(&e, EDITOR_TEXT_START);
    editor_do(&e, EDITOR_RIGHT);
    assert_int_equal(strncmp(reading_typed(&f.r, &f.c.scratch, 14, &at, &line), text, 18), 0);
    assert_int_equal(line, 0);
    assert_int_equal(at, 3);
    editor_release(&e);
    editor_init(&e, EDITOR_SECRET, 100);
    editor_set(&e, "practice", 8);
    assert_string_equal(reading_typed(&f.r, &f.c.scratch, 14, &at, &line), "********");
    editor_release(&e);
    editor_init(&e, EDITOR_LINE, 100);
    editor_set(&e, "two ", 4); /* the blank before the cursor is there */
    assert_string_equal(reading_typed(&f.r, &f.c.scratch, 14, &at, &line), "two ");
    assert_int_equal(at, 4);
    editor_release(&e);
    end(&f);
}

static void times_are_said_in_words(void **state)
{
    struct fixture f;
    (void)state;
    begin(&f);
    struct arena *a = &f.c.scratch;
    assert_string_equal(reading_time(a, MS_MINUTE), "1 minute");
    assert_string_equal(reading_time(a, -42 * MS_MINUTE), "42 minutes");
    assert_string_equal(reading_time(a, 3 * MS_HOUR + 12 * MS_MINUTE), "3 hours 12 minutes");
    assert_string_equal(reading_time(a, 50 * MS_HOUR), "2 days 2 hours");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_row_is_a_sentence),
                                       cmocka_unit_test(sentences_are_joined),
                                       cmocka_unit_test(every_line_of_a_long_page_is_read),
                                       cmocka_unit_test(the_chosen_one_is_said_first),
                                       cmocka_unit_test(a_text_is_typed_line_by_line),
                                       cmocka_unit_test(times_are_said_in_words)};
    i18n_init("en");
    return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
