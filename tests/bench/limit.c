/*
 * limit.c: what a list costs at the least: the yardstick of ./dev bench.
 *
 * A bare ncurses list that reads its rows straight from prepared SQLite statements with keyset paging. No
 * cleaning of text, no clocks, no sync, no forms: nothing can be faster and still be a list of this table with
 * ncurses. The bench measures jiban in ratios to this program in the same run.
 *
 * usage: limit [-m] FILE.db     -m: a mark in column 0 instead of a full-width reversed bar
 *        limit -p FILE          shows the pictures of FILE (picture.h), the next one at each key
 *        limit -e               a line to type in: what a typed character costs at the least; ^C leaves
 * The table: list(row INTEGER PRIMARY KEY, due INTEGER, subject TEXT, body TEXT), index list_due(due, row, subject).
 * Keys: j k or arrows step, space or PgDn page, b or PgUp back, g G, Enter opens, / searches, q leaves.
 */
#include "tests/bench/picture.h"
#include <curses.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 300, TEXT_MAX = 1024 };

struct row {
    sqlite3_int64 due, row;
    char subject[TEXT_MAX];
};

static sqlite3 *db;
static sqlite3_stmt *forward, *backward, *one, *find;
static struct row rows[ROWS_MAX];
static int n_rows, current, page;
static bool mark;

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) {
        fprintf(stderr, "limit: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    return s;
}

static int fetch(sqlite3_stmt *s, sqlite3_int64 due, sqlite3_int64 row, int want, struct row *out)
{
    int n = 0;
    sqlite3_reset(s);
    sqlite3_bind_int64(s, 1, due);
    sqlite3_bind_int64(s, 2, row);
    sqlite3_bind_int(s, 3, want);
    while (n < want && sqlite3_step(s) == SQLITE_ROW) {
        out[n].due = sqlite3_column_int64(s, 0);
        out[n].row = sqlite3_column_int64(s, 1);
        const unsigned char *text = sqlite3_column_text(s, 2);
        snprintf(out[n].subject, TEXT_MAX, "%s", text ? (const char *)text : "");
        n++;
    }
    sqlite3_reset(s);
    return n;
}

static void load_from(sqlite3_int64 due, sqlite3_int64 row)
{
    n_rows = fetch(forward, due, row, page, rows);
}

static void load_last(sqlite3_int64 due, sqlite3_int64 row)
{
    static struct row turned[ROWS_MAX];
    n_rows = fetch(backward, due, row, page, turned);
    for (int i = 0; i < n_rows; i++)
        rows[i] = turned[n_rows - 1 - i];
}

static void paint_row(int i)
{
    move(i + 1, 0);
    if (mark)
        addch(i == current ? '>' : ' ');
    else if (i == current)
        attron(A_REVERSE);
    if (i < n_rows)
        addnstr(rows[i].subject, COLS - (mark ? 1 : 0));
    if (!mark && i == current) {
        int y, x;
        getyx(stdscr, y, x);
        while (y == i + 1 && x++ < COLS - 1)
            addch(' ');
        attroff(A_REVERSE);
    } else {
        clrtoeol();
    }
}

static void paint_all(void)
{
    for (int i = 0; i < page; i++)
        paint_row(i);
}

static void scroll_by(int n)
{
    setscrreg(1, page);
    scrollok(stdscr, TRUE);
    scrl(n);
    scrollok(stdscr, FALSE);
}

static void step(int by)
{
    int old = current;
    if (current + by >= 0 && current + by < n_rows) {
        current += by;
        paint_row(old);
        paint_row(current);
        return;
    }
    struct row next;
    struct row *edge = &rows[by > 0 ? n_rows - 1 : 0];
    if (n_rows == 0 || fetch(by > 0 ? forward : backward, edge->due, edge->row, 1, &next) == 0)
        return;
    if (by > 0) {
        memmove(rows, rows + 1, (size_t)(n_rows - 1) * sizeof *rows);
        rows[n_rows - 1] = next;
    } else {
        memmove(rows + 1, rows, (size_t)(n_rows - 1) * sizeof *rows);
        rows[0] = next;
    }
    scroll_by(by);
    if (current - by >= 0 && current - by < n_rows)
        paint_row(current - by);
    paint_row(current);
}

static void turn(int by)
{
    static struct row kept[ROWS_MAX];
    int n = n_rows;
    if (n == 0)
        return;
    memcpy(kept, rows, (size_t)n * sizeof *rows);
    if (by > 0)
        load_from(rows[n - 1].due, rows[n - 1].row);
    else
        load_last(rows[0].due, rows[0].row);
    if (n_rows == 0) {
        memcpy(rows, kept, (size_t)n * sizeof *rows);
        n_rows = n;
        return;
    }
    if (current >= n_rows)
        current = n_rows - 1;
    paint_all();
}

static void open_row(void)
{
    sqlite3_bind_int64(one, 1, rows[current].row);
    erase();
    if (sqlite3_step(one) == SQLITE_ROW)
        mvaddstr(0, 0, (const char *)sqlite3_column_text(one, 0));
    sqlite3_reset(one);
    refresh();
    getch();
    erase();
    mvaddstr(0, 0, "limit");
    paint_all();
}

static void search(void)
{
    char word[128] = "";
    echo();
    mvaddstr(LINES - 1, 0, "/");
    clrtoeol();
    getnstr(word, sizeof word - 1);
    noecho();
    move(LINES - 1, 0);
    clrtoeol();
    char pattern[160];
    snprintf(pattern, sizeof pattern, "%%%s%%", word);
    sqlite3_bind_text(find, 1, pattern, -1, SQLITE_TRANSIENT);
    if (sqlite3_step(find) == SQLITE_ROW) {
        load_from(sqlite3_column_int64(find, 0), sqlite3_column_int64(find, 1) - 1);
        current = 0;
        paint_all();
    }
    sqlite3_reset(find);
}

static void open_screen(void)
{
    setlocale(LC_ALL, "");
    initscr();
    endwin(); /* ncurses 6.4 flushes at every cursor motion until endwin has been called once */
    refresh();
    cbreak();
    noecho();
    keypad(stdscr, TRUE);
}

static int edit_line(void)
{
    char text[128] = "";
    size_t n = 0;
    open_screen();
    mvaddstr(LINES - 1, 0, "limit: ");
    for (int key; refresh(), (key = getch()) != ERR;) {
        if (key == KEY_BACKSPACE && n > 0) {
            text[--n] = '\0';
            addstr("\b \b");
        } else if (key >= ' ' && key < 256 && n + 1 < sizeof text) {
            text[n++] = (char)key;
            addch((chtype)key);
        }
    }
    endwin();
    return 0;
}

/* The pair of these colours; 0: the terminal's own. */
static short pair_of(short foreground, short background)
{
    enum { PAIRS = 64 };
    static struct {
        short foreground, background;
    } pairs[PAIRS];
    static short n;
    if (foreground < 0 && background < 0)
        return 0;
    for (short i = 0; i < n; i++)
        if (pairs[i].foreground == foreground && pairs[i].background == background)
            return (short)(i + 1);
    if (n == PAIRS)
        return 0;
    pairs[n].foreground = foreground;
    pairs[n].background = background;
    init_pair(++n, foreground, background);
    return n;
}

static void paint_cell(int row, int col, const struct picture_cell *p)
{
    wchar_t text[PICTURE_CHARS + 1] = L" ";
    cchar_t out;
    for (int i = 0; i < PICTURE_CHARS && p->chars[i]; i++)
        text[i] = (wchar_t)p->chars[i];
    setcchar(&out, text,
             (p->bold ? A_BOLD : 0) | (p->underline ? A_UNDERLINE : 0) |
                 (p->reverse ? A_REVERSE : 0),
             pair_of(p->foreground, p->background), NULL);
    mvadd_wch(row, col, &out);
}

/* False: there is none more. */
static bool paint_picture(FILE *f)
{
    struct picture_head head;
    struct picture_cell cell;
    if (fread(&head, sizeof head, 1, f) != 1)
        return false;
    for (int row = 0; row < head.rows; row++)
        for (int col = 0; col < head.cols; col++)
            if (fread(&cell, sizeof cell, 1, f) == 1 && cell.chars[0] != UINT32_MAX)
                paint_cell(row, col, &cell);
    curs_set(head.cursor);
    leaveok(stdscr, !head.cursor);
    move(head.row, head.col);
    refresh();
    return true;
}

static int show_pictures(const char *file)
{
    FILE *f = fopen(file, "rb");
    if (!f) {
        perror(file);
        return 1;
    }
    open_screen();
    start_color();
    use_default_colors();
    idlok(stdscr, TRUE);
    while (paint_picture(f) && getch() != ERR)
        ;
    getch();
    endwin();
    fclose(f);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 2 && strcmp(argv[1], "-p") == 0)
        return show_pictures(argv[2]);
    if (argc > 1 && strcmp(argv[1], "-e") == 0)
        return edit_line();
    mark = argc > 1 && strcmp(argv[1], "-m") == 0;
    if (argc < (mark ? 3 : 2)) {
        fprintf(stderr, "usage: limit [-m] FILE.db\n");
        return 64;
    }
    if (sqlite3_open_v2(argv[argc - 1], &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        fprintf(stderr, "limit: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    forward = prepare("SELECT due, row, subject FROM list WHERE (due, row) > (?1, ?2) ORDER BY "
                      "due, row LIMIT ?3");
    backward = prepare("SELECT due, row, subject FROM list WHERE (due, row) < (?1, ?2) ORDER BY "
                       "due DESC, row DESC LIMIT ?3");
    one = prepare("SELECT body FROM list WHERE row = ?1");
    find = prepare("SELECT due, row FROM list WHERE subject LIKE ?1 ORDER BY due, row LIMIT 1");
    open_screen();
    idlok(stdscr, TRUE);
    curs_set(0);
    page = LINES - 2 < ROWS_MAX ? LINES - 2 : ROWS_MAX;
    load_from(-1, -1);
    mvaddstr(0, 0, "limit");
    paint_all();
    for (;;) {
        refresh();
        switch (getch()) {
        case 'q':
        case ERR:
            endwin();
            return 0;
        case 'j':
        case KEY_DOWN:
            step(1);
            break;
        case 'k':
        case KEY_UP:
            step(-1);
            break;
        case ' ':
        case KEY_NPAGE:
            turn(1);
            break;
        case 'b':
        case KEY_PPAGE:
            turn(-1);
            break;
        case 'g':
        case KEY_HOME:
            load_from(-1, -1);
            current = 0;
            paint_all();
            break;
        case 'G':
        case KEY_END:
            load_last(INT64_MAX, INT64_MAX);
            current = n_rows - 1;
            paint_all();
            break;
        case '\n':
        case KEY_ENTER:
            open_row();
            break;
        case '/':
            search();
            break;
        default:
            break;
        }
    }
}
