/*
 * Braille lines, magnifiers and the windows of input methods follow the cursor of the terminal: after every key, on every
 * view, it can be seen, and stands at the beginning of the chosen row, at the beginning of a page, or where one types.
 */
#include "tests/term/server.h"
#include "tui/view/frame.h"
#include <stdlib.h>
#include <string.h>

enum where {
    ROW,   /* on the sign of the chosen row, the only one in its column */
    TOP,   /* at the beginning of the page */
    FIELD, /* in the row of the chosen field, behind its label; of a text also below it */
    LINE,  /* in the last row, behind what was typed */
    BOX    /* in a box: before what is asked, or where the password goes */
};

struct step {
    const char *keys;
    enum where where;
    const char *shows; /* in that row; NULL: whatever */
};

static const struct step steps[] = {
    {"7 g", ROW, NULL},
    {"j", ROW, NULL},
    {"k", ROW, NULL},
    {"PgDn", ROW, NULL},
    {"G", ROW, NULL},
    {"^L", ROW, NULL},
    {"Space", ROW, NULL},
    {"Esc", ROW, NULL},
    {"g >", ROW, NULL},
    {"Esc 2", ROW, NULL}, /* another view */
    {"7", ROW, NULL},
    {":", LINE, ":"},
    {"'vi'", LINE, ":vi"},
    {"Down", LINE, ":vi"},
    {"Esc", ROW, NULL},
    {"/", LINE, "/"},
    {"'no such case'", LINE, "/no such case"},
    {"Esc", ROW, NULL},
    {"f 'xxyyzz' Enter", TOP, NULL}, /* no row at all */
    {"Esc", ROW, NULL},
    {"?", ROW, NULL},
    {"Down", ROW, NULL},
    {"PgDn", ROW, NULL},
    {"q", ROW, NULL},
    {"C", TOP, NULL},
    {"q Enter", TOP, NULL},
    {"j", TOP, NULL},
    {"=", ROW, NULL},
    {"j", ROW, NULL},
    {"q q G I", ROW, NULL},
    {"q g n", FIELD, "Note"},
    {"'some words' Enter", FIELD, NULL},
    {"Tab", FIELD, NULL},
    {"^C", ROW, NULL},
    {"c", FIELD, "Reached"},
    {"Down", FIELD, NULL},
    {"Down Down", FIELD, NULL},
    {"^C", ROW, NULL},
    {": 'drafts' Enter", ROW, NULL},
    {"j", ROW, NULL},
    {"q : 'messages' Enter", ROW, NULL},
    {"j", ROW, NULL},
    {"q : 'outbox' Enter", TOP, NULL},
    {"q 7 g F", TOP, NULL}, /* it has no files */
    {"q : 'template new x' Enter", BOX, NULL},
    {"'words'", BOX, "words"},
    {"Esc Esc", ROW, NULL},
    {"1 Space : 'sign' Enter", BOX, "sign"},
    {"n Esc", ROW, NULL},
    {"^P", BOX, "Password"},
    {"'x'", BOX, "Password"},
    {"Esc", ROW, NULL},
    {"L", BOX, "Password"},
    {"'practice' Enter", ROW, NULL},
};

/* Rows with the sign of a chosen row in this column, from the first row of the views on. */
static int pointers(struct term *t, int col)
{
    int n = 0;
    for (int row = FRAME_TOP; row < t->rows - 1; row++)
        n += strcmp(term_cell(t, row, col), ">") == 0;
    return n;
}

static int pointer_row(struct term *t, int col)
{
    for (int row = FRAME_TOP; row < t->rows - 1; row++)
        if (strcmp(term_cell(t, row, col), ">") == 0)
            return row;
    return -1;
}

static void look(struct term *t, const struct step *s, int left)
{
    int row, col;
    term_settle(t);
    if (!term_cursor(t, &row, &col))
        term_fail(t, "%s: the cursor is hidden", s->keys);
    const char *here = term_cell(t, row, col);
    bool good = false;
    switch (s->where) {
    case ROW:
        good = col == left && strcmp(here, ">") == 0 && pointers(t, left) == 1;
        break;
    case TOP:
        good = row == FRAME_TOP && col == left;
        break;
    case FIELD:
        good = col > left + 1 && pointer_row(t, left) >= 0 && row >= pointer_row(t, left);
        break;
    case LINE:
        good = row == t->rows - 1 && s->shows && col == (int)strlen(s->shows);
        break;
    case BOX:
        good = row > FRAME_TOP && row < t->rows - 2 && col > left;
        break;
    }
    if (good && s->shows)
        good = strstr(term_row(t, row), s->shows) != NULL;
    if (!good)
        term_fail(t, "%s: the cursor stands in row %d, column %d", s->keys, row, col);
}

static void walk(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "office");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 24, 80);
    term_wait(t, "[7]All open 158");
    server_stop(&s); /* nothing comes in between */
    term_wait(t, "offline");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        term_press(t, steps[i].keys);
        look(t, &steps[i], 0);
    }
    desk_leave(t);
}

/* Beside the list, the page is at its own left. */
static void wide(void **state)
{
    static struct server s;
    struct desk d;
    (void)state;
    server_make(&s, "wide");
    server_start(&s);
    desk_make(&d, &s, "wang.desk", "en");
    struct term *t = desk_open(&d, 36, 120);
    term_wait(t, "[7]All open 158");
    server_stop(&s);
    term_wait(t, "offline");
    term_press(t, "7 g");
    look(t, &(struct step){"list", ROW, NULL}, 0);
    term_press(t, "Enter");
    look(t, &(struct step){"page", TOP, NULL}, 59);
    term_press(t, "n");
    look(t, &(struct step){"form", FIELD, "Note"}, 59);
    term_press(t, "^C q");
    look(t, &(struct step){"back", ROW, NULL}, 0);
    desk_leave(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_teardown(walk, rig_end),
                                       cmocka_unit_test_teardown(wide, rig_end)};
    return cmocka_run_group_tests_name("term/cursor", tests, NULL, NULL);
}
