/* queue_draw.c: the queue as cells; reads nothing but its model. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/presence.h"
#include "tui/view/left_draw.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_COL = 1, GUTTER = 3 };

/* The columns that are shown, and where they begin. */
struct sheet {
    const struct columns *columns;
    int cells[COLUMN_COUNT];
    int first;   /* of the first column, from the left edge */
    bool gutter; /* the signs before a row have cells of their own: no times stand beside them */
};

static struct sheet sheet_of(const struct queue *q, int cols)
{
    struct sheet sheet = {.columns = &q->columns, .gutter = q->columns.list[0] != COLUMN_LEFT};
    sheet.first = sheet.gutter ? GUTTER : FIRST_COL;
    columns_share(&q->columns, cols - sheet.first, columns_find(order_table[q->order].word),
                  sheet.cells);
    return sheet;
}

static void badges(const struct queue_row *row, struct surface *s, int at, int col, int *cells,
                   struct arena *scratch)
{
    const char *text = queue_badges(row, *cells, scratch);
    int width = text_width(text, strlen(text));
    if (width == 0 || width >= *cells)
        return;
    draw_text(s, scratch, at, col + *cells - width, width,
              row->conflict ? THEME_ERROR
              : row->unsent ? THEME_UNSENT
              : row->owed   ? THEME_WARN
                            : THEME_DIM,
              "%s", text);
    *cells -= width;
}

static const char *text_of(const struct queue *q, const struct queue_row *row, enum column column,
                           struct arena *scratch)
{
    switch (column) {
    case COLUMN_LEFT:
        return draw_left(scratch, row->due_ms, q->now_ms);
    case COLUMN_NUMBER:
        return draw_number(scratch, row->number);
    case COLUMN_CATEGORY:
        return row->category;
    case COLUMN_COMMUNITY:
        return row->community;
    case COLUMN_STATE:
        return row->state;
    case COLUMN_HANDLER:
        return row->handler;
    case COLUMN_BUILDING:
        return row->building;
    case COLUMN_CLOCK:
        return row->clock;
    case COLUMN_CREATED:
        return draw_time(scratch, row->created_ms);
    case COLUMN_WHAT:
        return *row->wish ? arena_printf(scratch, "[%s] %s", row->wish, row->title) : row->title;
    case COLUMN_COUNT:
        break;
    }
    return "";
}

/* Overdue and marked: before and behind the time, where that comes first. */
static void draw_signs(const struct queue *q, size_t i, bool late, struct surface *s, int at,
                       struct rect r, const struct sheet *sheet, struct arena *scratch)
{
    bool bar = i == q->current && q->bar;
    int col = r.col + FIRST_COL, mark = sheet->gutter ? col + 1 : col + sheet->cells[0] - 1;
    if (late)
        draw_text(s, scratch, at, col, 1, THEME_OVERDUE, "!");
    if (queue_marked(q, i))
        draw_text(s, scratch, at, mark, 1, bar ? THEME_CURRENT : THEME_POINTER, "*");
}

static void draw_row(const struct queue *q, size_t i, const struct queue_drawn *now,
                     struct surface *s, int at, struct rect r, const struct sheet *sheet,
                     struct arena *scratch)
{
    const struct queue_row *row = &q->rows[i];
    bool current = now->current;
    enum theme_role plain = current && q->bar ? THEME_CURRENT : THEME_PLAIN;
    if (current && q->bar)
        surface_fill(s, (struct rect){at, r.col, 1, r.cols}, THEME_CURRENT);
    if (current)
        draw_text(s, scratch, at, r.col, 1, q->bar ? THEME_CURRENT : THEME_POINTER, ">");
    int col = r.col + sheet->first;
    draw_signs(q, i, now->late, s, at, r, sheet, scratch);
    for (size_t k = 0; k < sheet->columns->n; k++) {
        enum column column = sheet->columns->list[k];
        int room = column == COLUMN_WHAT ? r.col + r.cols - col : sheet->cells[k] - 1;
        enum theme_role role =
            column == COLUMN_LEFT && now->left != THEME_PLAIN ? now->left : plain;
        if (room <= 0)
            continue;
        const char *text = text_of(q, row, column, scratch);
        if (column == COLUMN_CATEGORY)
            text = draw_category(scratch, text, room);
        if (column == COLUMN_WHAT)
            badges(row, s, at, col, &room, scratch);
        if (column == COLUMN_LEFT) { /* to the right, so that hours stand under hours */
            int width = text_width(text, strlen(text));
            if (width < room)
                draw_text(s, scratch, at, col + room - width, width, role, "%s", text);
            else
                draw_text(s, scratch, at, col, room, role, "%s", text);
        } else {
            draw_cut(s, scratch, at, col, room, role, text);
        }
        col += room + 1;
    }
}

/* "-! Dongli Community · 12 cases, 3 overdue": - open, + folded. */
static void draw_group(const struct queue *q, size_t i, struct surface *s, int at, struct rect r,
                       struct arena *scratch)
{
    enum { NAME_COL = 4 };
    const struct queue_row *row = &q->rows[i];
    bool current = i == q->current, bar = current && q->bar;
    enum theme_role plain = bar ? THEME_CURRENT : THEME_HEAD;
    if (bar)
        surface_fill(s, (struct rect){at, r.col, 1, r.cols}, THEME_CURRENT);
    if (current)
        draw_text(s, scratch, at, r.col, 1, bar ? THEME_CURRENT : THEME_POINTER, ">");
    draw_text(s, scratch, at, r.col + 1, 1, bar ? THEME_CURRENT : THEME_POINTER, "%s",
              row->shut ? "+" : "-");
    if (row->overdue > 0)
        draw_text(s, scratch, at, r.col + 2, 1, THEME_OVERDUE, "!");
    const char *more = row->more ? "+" : "";
    const char *cases = arena_printf(
        scratch,
        ngettext(" · %" PRId64 "%s case", " · %" PRId64 "%s cases", (unsigned long)row->cases),
        row->cases, more);
    const char *late = row->overdue > 0
                           ? arena_printf(scratch, _(", %" PRId64 "%s overdue"), row->overdue, more)
                           : "";
    int tail = text_width(cases, strlen(cases)) + text_width(late, strlen(late));
    int col = r.col + NAME_COL, end = r.col + r.cols;
    int room = end - col - tail;
    col += draw_cut(s, scratch, at, col, room > 8 ? room : 8, plain, row->title_of_head);
    col += draw_text(s, scratch, at, col, end - col, bar ? THEME_CURRENT : THEME_DIM, "%s", cases);
    draw_text(s, scratch, at, col, end - col, THEME_OVERDUE, "%s", late);
}

static void draw_head(struct surface *s, struct rect r, const struct sheet *sheet,
                      struct arena *scratch)
{
    int col = r.col + sheet->first;
    /* Underlined instead of a line of its own: a case more to see, and fewer bytes. */
    surface_fill(s, (struct rect){r.row, r.col, 1, r.cols}, THEME_COLUMN_HEAD);
    for (size_t k = 0; k < sheet->columns->n; k++) {
        enum column column = sheet->columns->list[k];
        int room = column == COLUMN_WHAT ? r.col + r.cols - col : sheet->cells[k] - 1;
        if (room <= 0)
            continue;
        draw_text(s, scratch, r.row, col, room, THEME_COLUMN_HEAD, "%s",
                  _(column_table[column].head));
        col += room + 1;
    }
}

static bool same(const struct queue_drawn *a, const struct queue_drawn *b)
{
    return uuid_compare(&a->id, &b->id) == 0 && a->version == b->version &&
           a->unsent == b->unsent && a->repeats == b->repeats && a->draft == b->draft &&
           a->conflict == b->conflict && a->there == b->there && a->open == b->open &&
           a->told == b->told && a->owed == b->owed && a->calls == b->calls &&
           a->current == b->current && a->marked == b->marked && a->late == b->late &&
           a->left == b->left && a->state == b->state && a->due_ms == b->due_ms &&
           a->minutes == b->minutes && a->head == b->head && a->shut == b->shut &&
           a->more == b->more && a->cases == b->cases && a->overdue == b->overdue;
}

static struct queue_drawn drawn_of(const struct queue *q, size_t i)
{
    const struct queue_row *row = &q->rows[i];
    bool runs = row->due_ms != TIME_NONE;
    int64_t left = runs ? row->due_ms - q->now_ms : 0;
    return (struct queue_drawn){
        .id = row->id,
        .version = row->version,
        .unsent = row->unsent,
        .repeats = row->repeats,
        .draft = row->draft,
        .conflict = row->conflict,
        .there = row->there,
        .open = row->open,
        .told = row->late,
        .owed = row->owed,
        .calls = row->calls,
        .current = i == q->current,
        .marked = queue_marked(q, i),
        .late = runs && left < 0,
        .left = draw_left_role(q->policy, row->started_ms, row->due_ms, q->now_ms),
        .state = row->state,
        .due_ms = row->due_ms,
        .minutes = left / MS_MINUTE,
        .head = row->head,
        .shut = row->shut,
        .more = row->more,
        .cases = row->cases,
        .overdue = row->overdue};
}

/* Room for what is drawn; without it all is drawn every time. */
static void make_room(struct queue *q, size_t rows)
{
    if (rows <= q->drawn_room)
        return;
    struct queue_drawn *more = realloc(q->drawn, rows * sizeof *more);
    if (!more)
        return;
    q->drawn = more;
    q->drawn_room = rows;
}

/* A page that moved by some rows is moved on the surface too. */
static void follow(struct queue *q, struct surface *s, struct rect list)
{
    size_t down = 0, up = 0;
    if (q->n == 0 || q->n_drawn == 0)
        return;
    while (up < q->n_drawn && uuid_compare(&q->drawn[up].id, &q->rows[0].id) != 0)
        up++;
    while (down < q->n && uuid_compare(&q->rows[down].id, &q->drawn[0].id) != 0)
        down++;
    if (up > 0 && up < q->n_drawn) {
        surface_scroll(s, list, (int)up);
        q->n_drawn -= up;
        memmove(q->drawn, q->drawn + up, q->n_drawn * sizeof *q->drawn);
    } else if (down > 0 && down < q->n && down < q->drawn_room) {
        size_t rest = q->drawn_room - down;
        surface_scroll(s, list, -(int)down);
        q->n_drawn = q->n_drawn < rest ? q->n_drawn : rest;
        memmove(q->drawn + down, q->drawn, q->n_drawn * sizeof *q->drawn);
        memset(q->drawn, 0, down * sizeof *q->drawn);
        q->n_drawn += down;
    }
}

void queue_draw(struct queue *q, struct surface *s, struct rect r, bool kept, struct arena *scratch)
{
    struct rect list = {r.row + 1, r.col, r.rows > 1 ? r.rows - 1 : 0, r.cols};
    size_t rows = (size_t)list.rows, n = q->n < rows ? q->n : rows;
    const struct sheet sheet = sheet_of(q, r.cols);
    make_room(q, rows);
    if (kept) {
        follow(q, s, list);
    } else {
        q->n_drawn = 0;
        surface_fill(s, r, THEME_PLAIN);
        draw_head(s, r, &sheet, scratch);
    }
    for (size_t i = 0; i < n; i++) {
        q->rows[i].there = presence_there(q->others, &q->rows[i].id);
        struct queue_drawn now = drawn_of(q, i);
        struct rect at = {list.row + (int)i, r.col, 1, r.cols};
        if (i < q->n_drawn && same(&now, &q->drawn[i]))
            continue;
        surface_fill(s, at, THEME_PLAIN);
        if (q->rows[i].head)
            draw_group(q, i, s, at.row, r, scratch);
        else
            draw_row(q, i, &now, s, at.row, r, &sheet, scratch);
        if (i < q->drawn_room)
            q->drawn[i] = now;
    }
    surface_fill(s, (struct rect){list.row + (int)n, r.col, list.rows - (int)n, r.cols},
                 THEME_PLAIN);
    q->n_drawn = n < q->drawn_room ? n : q->drawn_room;
    if (q->n == 0)
        draw_text(s, scratch, r.row + 2, r.col + 3, r.cols - 3, THEME_DIM, "%s",
                  queue_empty_text(q));
}
