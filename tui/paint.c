/* paint.c: the shortest way from one picture to the next. */
#include "tui/paint.h"
#include "core/text/charset.h"
#include "core/text/utf8.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_MOST = 16 * 1024 * 1024, WAY_MAX = 16, NO_WAY = INT_MAX, UNKNOWN = 0xff };

void paint_init(struct paint *p, const struct paint_can *can, const struct paint_look *look)
{
    *p = (struct paint){.can = *can, .look = look, .unknown = true};
    buf_init(&p->out, OUT_MOST);
}

void paint_release(struct paint *p)
{
    buf_release(&p->out);
    free(p->shown);
    p->shown = NULL;
    p->rows = p->cols = 0;
}

void paint_forget(struct paint *p)
{
    p->unknown = true;
}

/* --- cells --------------------------------------------------------------------------------------- */
static bool is_blank(const struct cell *cell)
{
    return cell->len == 1 && cell->text[0] == ' ';
}

static unsigned char visible_role(const struct paint *p, const struct cell *cell)
{
    return is_blank(cell) && !p->look[cell->role].blank_shows ? SURFACE_PLAIN : cell->role;
}

static bool same(const struct paint *p, const struct cell *a, const struct cell *b)
{
    if (a->role == SURFACE_PICTURE && b->role == SURFACE_PICTURE &&
        (a->above != b->above || a->below != b->below))
        return false;
    return a->cells == b->cells && a->len == b->len && memcmp(a->text, b->text, a->len) == 0 &&
           (a->role == b->role || visible_role(p, a) == visible_role(p, b));
}

static bool is_plain_blank(const struct paint *p, const struct cell *cell)
{
    return is_blank(cell) && !p->look[cell->role].blank_shows;
}

/* Has plain text a background that what the terminal erases does not get? */
static bool is_bare(const struct paint *p)
{
    return !p->can.fills && *p->look[SURFACE_PLAIN].on;
}

/* As the terminal leaves them when it erases or moves rows; cells == UNKNOWN equals nothing. */
static void make_blank(const struct paint *p, struct cell *cell, size_t n)
{
    static const struct cell blank = {.text = " ", .len = 1, .cells = 1, .role = SURFACE_PLAIN};
    static const struct cell unknown = {.cells = UNKNOWN, .role = SURFACE_PLAIN};
    for (size_t i = 0; i < n; i++)
        cell[i] = is_bare(p) ? unknown : blank;
}

static const struct cell *row_of(const struct surface *s, int row)
{
    return s->cell + (size_t)row * (size_t)s->cols;
}

static struct cell *shown_row(const struct paint *p, int row)
{
    return p->shown + (size_t)row * (size_t)p->cols;
}

/* --- attributes ---------------------------------------------------------------------------------- */
static void dress(struct paint *p, unsigned char role)
{
    const struct paint_look *to = &p->look[role];
    if (p->role == role)
        return;
    /* What colours a piece of a picture left on, no look tells. */
    const struct paint_look *from =
        p->role < 0 || p->role == SURFACE_PICTURE ? NULL : &p->look[p->role];
    p->role = role;
    if (from && strcmp(from->on, to->on) == 0)
        return;
    bool adds = from && (!*from->on || (from->colour_only && to->colour_only));
    p->can.put(&p->out, !*to->on ? p->can.plain : adds ? to->on : to->over, 0, 0);
}

/* A piece of a picture: the pixel above in front, the one below behind it. */
static void dress_pixels(struct paint *p, const struct cell *cell)
{
    bool anew = p->role != SURFACE_PICTURE;
    if (!p->can.foreground || !p->can.background) {
        dress(p, SURFACE_PICTURE);
    } else {
        if (anew && p->role != SURFACE_PLAIN)
            p->can.put(&p->out, p->can.plain, 0, 0);
        if (anew || p->above != cell->above)
            p->can.put(&p->out, p->can.foreground, cell->above, 0);
        if (anew || p->below != cell->below)
            p->can.put(&p->out, p->can.background, cell->below, 0);
    }
    p->role = SURFACE_PICTURE;
    p->above = cell->above;
    p->below = cell->below;
}

/* Can a cell of this look be written with what is on? */
static bool is_dressed(const struct paint *p, const struct cell *cell)
{
    if (p->role < 0)
        return false;
    if (cell->role == SURFACE_PICTURE || p->role == SURFACE_PICTURE)
        return p->role == cell->role && p->above == cell->above && p->below == cell->below;
    if (is_plain_blank(p, cell))
        return !p->look[p->role].blank_shows;
    return p->role == cell->role || strcmp(p->look[p->role].on, p->look[cell->role].on) == 0;
}

/* --- a cell ---------------------------------------------------------------------------------------- */
/* What stands for a sign that the locale lacks; 0: nothing does. */
static char stand_in(uint32_t c)
{
    static const uint32_t level[] = {0x2500, 0x2501, 0x2504, 0x2505,
                                     0x2508, 0x2509, 0x254c, 0x2550};
    static const uint32_t upright[] = {0x2502, 0x2503, 0x2506, 0x2507,
                                       0x250a, 0x250b, 0x254e, 0x2551};
    static const struct {
        uint32_t sign;
        char c;
    } single[] = {{0x2190, '<'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2026, '~'}, {0x2591, '.'},
                  {0x00b7, '*'}, {0x2022, '*'}, {0x2713, '*'}, {0x2717, 'x'}, {0x21bb, 'x'}};
    for (size_t i = 0; i < sizeof level / sizeof *level; i++) {
        if (c == level[i])
            return '-';
        if (c == upright[i])
            return '|';
    }
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        if (c == single[i].sign)
            return single[i].c;
    if (c >= 0x2500 && c <= 0x257f)
        return '+';
    if (c >= 0x2580 && c <= 0x259f)
        return '#';
    return c >= 0x2190 && c <= 0x21ff ? '>' : '\0';
}

/* One cluster in the encoding of the locale, its bytes in out; 0: it has no such character. */
static size_t encode(const struct cell *cell, char out[SURFACE_CELL * MB_LEN_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < cell->len;) {
        uint32_t c;
        char bytes[MB_LEN_MAX];
        i += utf8_decode(cell->text + i, cell->len - i, &c);
        size_t len = charset_put(c, bytes);
        if (len == 0) {
            bytes[0] = stand_in(c);
            if (!bytes[0])
                return 0;
            len = 1;
        }
        memcpy(out + n, bytes, len);
        n += len;
    }
    return n;
}

static void put_text(struct paint *p, const struct cell *cell)
{
    char bytes[SURFACE_CELL * MB_LEN_MAX];
    size_t n;
    if (p->utf8) {
        buf_add(&p->out, cell->text, cell->len);
    } else if ((n = encode(cell, bytes)) > 0) {
        buf_add(&p->out, bytes, n);
    } else {
        p->unshown++;
        buf_add(&p->out, "??", cell->cells);
    }
}

/* At the cursor, which is there. */
static void put_cell(struct paint *p, const struct cell *cell, int row, int col)
{
    bool last = col + cell->cells >= p->cols;
    bool corner = last && row == p->rows - 1 && p->can.wraps && !p->can.wraps_late;
    if (corner && !p->can.margins_off)
        return; /* the screen would scroll */
    if (!is_dressed(p, cell) && cell->role == SURFACE_PICTURE)
        dress_pixels(p, cell);
    else if (!is_dressed(p, cell))
        dress(p, visible_role(p, cell));
    if (corner)
        p->can.put(&p->out, p->can.margins_off, 0, 0);
    put_text(p, cell);
    if (corner)
        p->can.put(&p->out, p->can.margins_on, 0, 0);
    p->col = col + cell->cells;
    if (last && !p->can.wraps_late)
        p->row = -1;
}

/* --- ways of the cursor ------------------------------------------------------------------------------ */
/* None that is longer than the absolute one is of use. */
struct way {
    char text[WAY_MAX];
    int len; /* NO_WAY: there is none */
};

static void add(struct way *w, const char *text, int n)
{
    if (w->len == NO_WAY || n > WAY_MAX - w->len) {
        w->len = NO_WAY;
        return;
    }
    memcpy(w->text + w->len, text, (size_t)n);
    w->len += n;
}

static void add_number(struct way *w, int n)
{
    char digits[12];
    int at = sizeof digits;
    for (; n > 0; n /= 10)
        digits[--at] = (char)('0' + n % 10);
    add(w, digits + at, (int)sizeof digits - at);
}

/* "ESC [ n LETTER", without the number where it is 1. */
static void add_csi(struct way *w, int n, char letter)
{
    add(w, "\033[", 2);
    if (n != 1)
        add_number(w, n);
    add(w, &letter, 1);
}

static void add_shorter(struct way *w, const struct way *a, const struct way *b)
{
    const struct way *best = a->len <= b->len ? a : b;
    if (best->len == NO_WAY)
        w->len = NO_WAY;
    else
        add(w, best->text, best->len);
}

/* The cells from one column to the next, which stand there already, written again. */
static struct way by_writing(const struct paint *p, const struct cell *now, int row, int from,
                             int to)
{
    struct way w = {.len = 0};
    const struct cell *before = shown_row(p, row);
    if (to - from > WAY_MAX || !p->utf8)
        w.len = NO_WAY;
    for (int col = from; col < to && w.len != NO_WAY; col++) {
        if (!same(p, &now[col], &before[col]) || !is_dressed(p, &now[col]) ||
            (now[col].cells == 0 && col == from) || (now[col].cells == 2 && col + 1 >= to))
            w.len = NO_WAY;
        else
            add(&w, now[col].text, now[col].len);
    }
    return w;
}

static void add_sideways(const struct paint *p, struct way *w, const struct cell *now, int row,
                         int from, int to)
{
    struct way one = {.len = 0}, other = {.len = 0};
    if (from == to)
        return;
    if (to > from) {
        add_csi(&one, to - from, 'C');
        other = by_writing(p, now, row, from, to);
    } else if (to == 0) {
        add(&one, "\r", 1);
        other.len = NO_WAY;
    } else {
        add_csi(&one, from - to, 'D');
        for (int i = to; i < from && other.len != NO_WAY; i++)
            add(&other, "\b", 1);
    }
    struct way best = {.len = 0};
    add_shorter(&best, &one, &other);
    if (p->can.column) {
        struct way column = {.len = 0};
        add_csi(&column, to + 1, 'G');
        add_shorter(w, &best, &column);
    } else {
        add_shorter(w, &best, &best);
    }
}

/* Moves by rows end at the edge of the scroll region. */
static bool same_side(const struct paint *p, int a, int b)
{
    bool a_in = a >= p->top && a <= p->bottom, b_in = b >= p->top && b <= p->bottom;
    return a_in == b_in && (a_in || (a < p->top) == (b < p->top));
}

static void add_upright(const struct paint *p, struct way *w, int from, int to)
{
    struct way one = {.len = 0}, other = {.len = 0};
    if (from == to)
        return;
    if (!same_side(p, from, to)) {
        one.len = NO_WAY;
    } else if (to < from) {
        add_csi(&one, from - to, 'A');
    } else {
        for (int i = from; i < to && one.len != NO_WAY; i++)
            add(&one, "\n", 1);
        struct way csi = {.len = 0}, line = one;
        add_csi(&csi, to - from, 'B');
        one.len = 0;
        add_shorter(&one, &line, &csi);
    }
    if (p->can.row)
        add_csi(&other, to + 1, 'd');
    else
        other.len = NO_WAY;
    add_shorter(w, &one, &other);
}

static struct way absolute(int row, int col)
{
    struct way w = {.len = 0};
    add(&w, "\033[", 2);
    if (row > 0 || col > 0)
        add_number(&w, row + 1);
    if (col > 0) {
        add(&w, ";", 1);
        add_number(&w, col + 1);
    }
    add(&w, "H", 1);
    return w;
}

/* A cell or two of the row, written again: no other way is as short. */
static bool go_on(struct paint *p, const struct cell *now, int row, int col)
{
    enum { SHORTEST = 3 }; /* bytes of a sequence */
    if (p->row != row || p->col >= col || col - p->col >= SHORTEST)
        return false;
    struct way w = by_writing(p, now, row, p->col, col);
    if (w.len >= SHORTEST)
        return false;
    buf_add(&p->out, w.text, (size_t)w.len);
    return true;
}

/* now: the row that one goes to, for the cells on the way. */
static void go(struct paint *p, const struct cell *now, int row, int col)
{
    if (p->row == row && p->col == col && col < p->cols)
        return;
    if (!p->can.ecma) {
        p->can.put(&p->out, p->can.at, row, col);
    } else if (!go_on(p, now, row, col)) {
        struct way best = absolute(row, col);
        bool full =
            p->col >=
            p->cols; /* the next character is to go to the next row: only some moves are sure */
        for (int back = full ? 1 : 0; p->row >= 0 && back < 2; back++) {
            struct way w = {.len = 0};
            if (back)
                add(&w, "\r", 1);
            add_upright(p, &w, p->row, row);
            add_sideways(p, &w, now, row, back ? 0 : p->col, col);
            if (w.len < best.len)
                best = w;
        }
        buf_add(&p->out, best.text, (size_t)best.len);
    }
    p->row = row;
    p->col = col;
}

/* --- rows ------------------------------------------------------------------------------------------- */
/* From where on the row is blank. */
static int blank_from(const struct paint *p, const struct cell *row, int cols)
{
    while (cols > 0 && is_plain_blank(p, &row[cols - 1]))
        cols--;
    return cols;
}

static bool erases(struct paint *p, const struct cell *now, const struct cell *before, int row,
                   int col, int end)
{
    enum { WORTH = 4 };
    if (col < end || !p->can.erase || is_bare(p) || blank_from(p, before, p->cols) - col < WORTH)
        return false;
    go(p, now, row, col);
    if (p->role < 0 || p->look[p->role].blank_shows)
        dress(p, SURFACE_PLAIN);
    p->can.put(&p->out, p->can.erase, 0, 0);
    return true;
}

/* Blanks on which the look that is on would show, before a cell of another: once that is on they can be written, which is
 * shorter than to go over them. */
static void dress_ahead(struct paint *p, const struct cell *cell, int row, int col)
{
    if (p->row == row && p->col < col && p->role >= 0 && p->role != SURFACE_PICTURE &&
        cell->role != SURFACE_PICTURE && p->look[p->role].blank_shows && !is_dressed(p, cell))
        dress(p, visible_role(p, cell));
}

static void paint_row(struct paint *p, const struct cell *now, int row)
{
    struct cell *before = shown_row(p, row);
    size_t bytes = (size_t)p->cols * sizeof *now;
    if (memcmp(now, before, bytes) == 0)
        return;
    int end = blank_from(p, now, p->cols);
    for (int col = 0; col < p->cols; col++) {
        if (now[col].cells == 0 || same(p, &now[col], &before[col]))
            continue;
        if (erases(p, now, before, row, col, end))
            break;
        dress_ahead(p, &now[col], row, col);
        go(p, now, row, col);
        put_cell(p, &now[col], row, col);
    }
    memcpy(before, now, bytes);
}

/* --- rows that moved -------------------------------------------------------------------------------- */
struct shift {
    int by, top, bottom, gain; /* rows top to bottom move up by `by` (down when negative) */
};

/* 1: blank. */
static uint64_t row_hash(const struct paint *p, const struct cell *cell, int cols)
{
    uint64_t h = 0xcbf29ce484222325u;
    bool blank = true;
    for (int i = 0; i < cols; i++) {
        blank = blank && is_blank(&cell[i]);
        for (int j = 0; j < cell[i].len; j++)
            h = (h ^ (unsigned char)cell[i].text[j]) * 0x100000001b3u;
        h = (h ^ (uint64_t)visible_role(p, &cell[i]) << 8) * 0x100000001b3u;
        if (cell[i].role == SURFACE_PICTURE)
            h = (h ^ cell[i].above ^ (uint64_t)cell[i].below << 8) * 0x100000001b3u;
    }
    return blank ? 1 : h < 2 ? 2 : h;
}

/* How many rows a shift saves, less those that stand right already and would be moved away. */
static struct shift weigh(const uint64_t *now, const uint64_t *before, int rows, int by)
{
    struct shift s = {.by = by, .top = rows, .bottom = -1};
    for (int i = 0; i < rows; i++) {
        if (i + by < 0 || i + by >= rows || now[i] < 2 || now[i] != before[i + by])
            continue;
        s.gain++;
        s.top = i < s.top ? i : s.top;
        s.bottom = i;
    }
    if (s.gain == 0)
        return s;
    if (by > 0)
        s.bottom += by;
    else
        s.top += by;
    for (int i = s.top; i <= s.bottom; i++)
        s.gain -= now[i] >= 2 && now[i] == before[i];
    return s;
}

static struct shift best_shift(const uint64_t *now, const uint64_t *before, int rows)
{
    struct shift best = {.gain = 1};
    for (int by = 1; by < rows; by++)
        for (int sign = -1; sign <= 1; sign += 2) {
            struct shift one = weigh(now, before, rows, sign * by);
            if (one.gain > best.gain)
                best = one;
        }
    return best;
}

static void set_region(struct paint *p, int top, int bottom)
{
    if (p->top == top && p->bottom == bottom)
        return;
    p->can.put(&p->out, p->can.region, top, bottom);
    p->top = top;
    p->bottom = bottom;
    p->row = p->col = -1; /* most go home, some stay */
}

/* Is it the same row but for a few cells, such as a mark? */
static bool is_near(const struct paint *p, const struct cell *now, const struct cell *before)
{
    enum { FEW = 4 };
    int other = 0;
    for (int col = 0; col < p->cols && other <= FEW; col++)
        other += !same(p, &now[col], &before[col]);
    return other <= FEW;
}

/* The row that the mark leaves or comes to is like the others but for it: it moves along. */
static void widen(const struct paint *p, const struct surface *s, struct shift *best, int first,
                  int last)
{
    int step = best->by > 0 ? best->by : -best->by;
    int after = best->bottom + 1, before = best->top - 1;
    if (after <= last && after - best->by >= first && after - best->by <= last && best->by > 0 &&
        is_near(p, row_of(s, after - best->by), shown_row(p, after)))
        best->bottom = after;
    else if (best->by < 0 && before >= first && before + step <= last &&
             is_near(p, row_of(s, before + step), shown_row(p, before)))
        best->top = before;
}

static void move_rows(struct paint *p, const struct surface *s, const struct shift *b)
{
    int rows = b->bottom - b->top + 1, by = abs(b->by), to = p->row - b->by;
    size_t width = (size_t)p->cols;
    struct cell *top = shown_row(p, b->top);
    /* The row under the cursor is put right before it moves: that is near. */
    if (p->row >= b->top && p->row <= b->bottom && to >= b->top && to <= b->bottom &&
        is_near(p, row_of(s, to), shown_row(p, p->row)))
        paint_row(p, row_of(s, to), p->row);
    dress(p, SURFACE_PLAIN);
    set_region(p, b->top, b->bottom);
    go(p, shown_row(p, b->by > 0 ? b->bottom : b->top), b->by > 0 ? b->bottom : b->top,
       p->row == (b->by > 0 ? b->bottom : b->top) ? p->col : 0);
    for (int i = 0; i < by; i++)
        p->can.put(&p->out, b->by > 0 ? p->can.up : p->can.down, 0, 0);
    size_t kept = (size_t)(rows - by) * width, fresh = (size_t)by * width;
    if (b->by > 0)
        memmove(top, top + fresh, kept * sizeof *top);
    else
        memmove(top + fresh, top, kept * sizeof *top);
#if SABOTAGE != 271 /* Damage: rows that came in by scrolling keep what stood there */
    make_blank(p, b->by > 0 ? top + kept : top, fresh);
#endif
}

/* A list that moved by some rows is moved by the terminal. */
static void scroll_alike(struct paint *p, const struct surface *s)
{
    enum { FEWEST = 4, MOST = 256 };
    static uint64_t now[MOST], before[MOST];
    size_t bytes = (size_t)p->cols * sizeof *p->shown;
    int first = -1, last = -1;
    if (!p->can.region || !p->can.up || !p->can.down)
        return;
    for (int i = 0; i < p->rows; i++)
        if (memcmp(row_of(s, i), shown_row(p, i), bytes) != 0) {
            first = first < 0 ? i : first;
            last = i;
        }
    int rows = last - first + 1;
    if (first < 0 || rows < FEWEST || rows > MOST)
        return;
    for (int i = 0; i < rows; i++) {
        now[i] = row_hash(p, row_of(s, first + i), p->cols);
        before[i] = row_hash(p, shown_row(p, first + i), p->cols);
    }
    struct shift best = best_shift(now, before, rows);
    if (best.by == 0)
        return;
    best.top += first;
    best.bottom += first;
    widen(p, s, &best, first, last);
    move_rows(p, s, &best);
}

/* --- frames ------------------------------------------------------------------------------------------ */
static bool fit(struct paint *p, int rows, int cols)
{
    size_t n = (size_t)rows * (size_t)cols;
    if (p->shown && p->rows == rows && p->cols == cols)
        return true;
    free(p->shown);
    p->shown = malloc(n ? n * sizeof *p->shown : 1);
    p->rows = p->shown ? rows : 0;
    p->cols = p->shown ? cols : 0;
    p->unknown = true;
    return p->shown != NULL;
}

bool paint_cleared(struct paint *p, int rows, int cols)
{
    if (!fit(p, rows, cols))
        return false;
    p->row = p->col = 0;
    p->role = SURFACE_PLAIN;
    p->top = 0;
    p->bottom = rows - 1;
    make_blank(p, p->shown, (size_t)rows * (size_t)cols);
    p->unknown = false;
    return true;
}

/* A blank screen, whatever was there. */
static void begin_anew(struct paint *p)
{
    p->role = -1;
    dress(p, SURFACE_PLAIN);
    if (p->can.region) {
        p->top = -1;
        set_region(p, 0, p->rows - 1);
    }
    p->can.put(&p->out, p->can.clear, 0, 0);
    (void)paint_cleared(p, p->rows, p->cols);
}

bool paint_frame(struct paint *p, const struct surface *s)
{
    if (buf_status(&p->out) != ST_OK) { /* what it should have said is lost */
        buf_clear(&p->out);
        p->unknown = true;
    }
    if (!fit(p, s->rows, s->cols))
        return false;
    p->utf8 = charset_utf8();
    if (p->unknown)
        begin_anew(p);
    else
        scroll_alike(p, s);
    for (int i = 0; i < s->rows; i++)
        paint_row(p, row_of(s, i), i);
    return true;
}

bool paint_again(struct paint *p)
{
    size_t n = (size_t)p->rows * (size_t)p->cols;
    struct surface s = {.rows = p->rows, .cols = p->cols};
    if (!p->shown)
        return true;
    s.cell = malloc(n ? n * sizeof *s.cell : 1);
    if (!s.cell)
        return false;
    memcpy(s.cell, p->shown, n * sizeof *s.cell);
    p->unknown = true;
    bool done = paint_frame(p, &s);
    free(s.cell);
    return done;
}

void paint_cursor(struct paint *p, int row, int col)
{
    if (row < 0 || p->rows == 0 || p->cols == 0)
        return;
    row = row < p->rows ? row : p->rows - 1;
    col = col < 0 ? 0 : col < p->cols ? col : p->cols - 1;
    const struct cell *now = shown_row(p, row);
    go(p, now, row, col);
    if (now[col].role != SURFACE_PICTURE)
        dress(p, now[col].role); /* a character typed here next is then one byte on the line */
}

void paint_leave(struct paint *p)
{
    if (p->role > 0 || p->role < 0)
        p->can.put(&p->out, p->can.plain, 0, 0);
    if (p->can.region && (p->top > 0 || p->bottom != p->rows - 1) && p->rows > 0) {
        p->can.put(&p->out, p->can.region, 0, p->rows - 1);
        p->top = 0;
        p->bottom = p->rows - 1;
    }
    p->role = -1;
    p->row = p->col = -1;
}
