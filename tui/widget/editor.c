#include "tui/widget/editor.h"
#include "core/text/clean.h"
#include "core/text/grapheme.h"
#include "core/text/utf8.h"
#include "core/text/width.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/banned.h" /* after all others */

enum { TAB_CELLS = 4, HISTORY_LEAST = 4096 };

struct editor_change {
    bool insert; /* else delete */
    size_t at, n;
    char *bytes;
    size_t before, after; /* cursor */
    int count;            /* characters */
};

/* --- characters ------------------------------------------------------------------------------- */

static bool simple_at(const char *s, size_t n)
{
    uint32_t c;
    utf8_decode(s, n, &c);
    return c == '\n' || grapheme_simple(c) > 0;
}

static size_t length_at(const struct editor *e, size_t at)
{
    return grapheme_next(e->text + at, e->len - at);
}

struct step {
    size_t len;
    int cells;
    bool simple; /* shown as it is, joined with nothing */
};

/* As the gate shows it; lives in the scratch arena. */
static struct clean show(struct editor *e, size_t at, size_t len)
{
    return text_clean(&e->scratch, e->text + at, len, CLEAN_LINE);
}

static struct step step_at(struct editor *e, size_t at)
{
    uint32_t c;
    struct step step = {.len = length_at(e, at)};
    if (e->kind == EDITOR_SECRET) {
        step.cells = 1;
        return step;
    }
    size_t first = utf8_decode(e->text + at, e->len - at, &c);
    if (first == step.len)
        step.cells = grapheme_simple(c);
    step.simple = step.cells > 0;
    if (!step.simple && c != '\n') {
        arena_reset(&e->scratch);
        struct clean shown = show(e, at, step.len);
        step.cells = text_width(shown.text, shown.len);
    }
    return step;
}

static size_t line_at(const struct editor *e, size_t at)
{
    size_t low = 0, high = e->n_lines;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (e->line[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t char_before(const struct editor *e, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)e->text[at] & 0xC0) == 0x80);
    return at;
}

/* A border of characters at or before at that can be told without what is before it: a line's start, or
 * between two simple ones. */
static size_t border_before(const struct editor *e, size_t at)
{
    size_t least = e->n_lines > 0 ? e->line[line_at(e, at)] : 0;
    while (at > least) {
        size_t before = char_before(e, at);
        if (simple_at(e->text + before, e->len - before) &&
            (at >= e->len || simple_at(e->text + at, e->len - at)))
            break;
        at = before;
    }
    return at;
}

/* The border at or after at. */
static size_t snap(const struct editor *e, size_t at)
{
    size_t border = border_before(e, at);
    while (border < at)
        border += length_at(e, border);
    return border;
}

/* Where the character begins that ends at `at`, a border, at > 0. */
static size_t step_before(const struct editor *e, size_t at)
{
    size_t border = border_before(e, char_before(e, at));
    for (;;) {
        size_t next = border + length_at(e, border);
        if (next >= at)
            return border;
        border = next;
    }
}

static int cells_between(struct editor *e, size_t from, size_t to, int most)
{
    int sum = 0;
    while (from < to && sum <= most) {
        struct step step = step_at(e, from);
        sum += step.cells;
        from += step.len;
    }
    return sum;
}

/* --- lines ------------------------------------------------------------------------------------ */

static bool grow(size_t **list, size_t *cap, size_t wanted)
{
    if (wanted <= *cap)
        return true;
    size_t more = wanted + wanted / 2 + 16;
    size_t *list_new =
        more > SIZE_MAX / sizeof **list ? NULL : realloc(*list, more * sizeof **list);
    if (!list_new)
        return false;
    *list = list_new;
    *cap = more;
    return true;
}

static int wrap_cells(const struct editor *e)
{
    return e->cols == 0 ? INT_MAX / 2 : e->cols > 1 ? e->cols - 1 : 1;
}

/* The line from `at` to `end` is one character too long: where the next one begins. What text_break() sees is
 * what is shown; a visible form is not torn apart. */
static size_t break_shown(struct editor *e, size_t at, size_t end)
{
    buf_clear(&e->shown);
    arena_reset(&e->scratch);
    for (size_t p = at; p < end;) {
        size_t len = length_at(e, p);
        struct clean one = show(e, p, len);
        buf_add(&e->shown, one.text, one.len);
        p += len;
    }
    size_t fits = text_break(e->shown.data, e->shown.len, wrap_cells(e));
    size_t sum = 0, p = at;
    while (p < end) {
        size_t len = length_at(e, p);
        sum += show(e, p, len).len;
        if (sum > fits)
            break;
        p += len;
    }
    return p > at ? p : at + length_at(e, at);
}

/* Where the line that begins at `at` ends, its line feed included. */
static size_t wrap(struct editor *e, size_t at)
{
    int sum = 0, most = wrap_cells(e);
    bool simple = true;
    size_t end = at;
    while (end < e->len) {
        struct step step = step_at(e, end);
        if (e->text[end] == '\n')
            return end + 1;
        simple = simple && step.simple;
        end += step.len;
        bool blank = step.len == 1 && e->text[end - 1] == ' '; /* hangs over the border */
        if (step.cells > most - sum && !blank)
            return simple ? at + text_break(e->text + at, end - at, most) : break_shown(e, at, end);
        if (!blank || sum < most)
            sum += step.cells;
    }
    return end;
}

/* True when another line begins at `at`, where one has ended. */
static bool goes_on(const struct editor *e, size_t at)
{
    return at < e->len || (at > 0 && e->text[at - 1] == '\n');
}

/* `added` bytes at `at` have taken the place of `removed` ones. A line depends on itself and on the beginning of the
 * next one, so wrapping begins two lines before, and ends where it meets an old line again. */
static void wrap_again(struct editor *e, size_t at, size_t removed, size_t added)
{
    if (e->kind != EDITOR_TEXT)
        return;
    size_t from = 0, tail = e->n_lines, n = 0;
    if (e->n_lines == 0 || e->stale) {
        if (!grow(&e->line, &e->cap_lines, 1))
            return;
        e->line[0] = 0;
        tail = e->n_lines = 1;
        e->stale = false;
    } else {
        from = line_at(e, at);
        tail = from + 1;
        from = from > 2 ? from - 2 : 0;
        while (tail < e->n_lines && e->line[tail] < at + removed)
            tail++;
    }
    size_t end = e->line[from];
    while (end < e->len) {
        end = wrap(e, end);
        while (tail < e->n_lines && e->line[tail] - removed + added < end)
            tail++;
        if (!goes_on(e, end) || (tail < e->n_lines && e->line[tail] - removed + added == end))
            break;
        if (!grow(&e->fresh, &e->cap_fresh, n + 1)) {
            e->stale = true;
            break;
        }
        e->fresh[n++] = end;
    }
    if (e->stale || !goes_on(e, end))
        tail = e->n_lines;
    size_t n_tail = e->n_lines - tail;
    if (!grow(&e->line, &e->cap_lines, from + 1 + n + n_tail)) {
        e->stale = true;
        e->n_lines = from + 1;
        return;
    }
    if (n_tail > 0)
        memmove(e->line + from + 1 + n, e->line + tail, n_tail * sizeof *e->line);
    if (n > 0)
        memcpy(e->line + from + 1, e->fresh, n * sizeof *e->line);
    e->n_lines = from + 1 + n + n_tail;
    for (size_t i = from + 1 + n; i < e->n_lines; i++)
        e->line[i] = e->line[i] - removed + added;
}

static void wrap_all(struct editor *e)
{
    e->n_lines = 0;
    wrap_again(e, 0, 0, e->len);
}

static size_t line_start(const struct editor *e, size_t line)
{
    return e->n_lines > 0 ? e->line[line] : 0;
}

/* Before its line feed. */
static size_t line_end(const struct editor *e, size_t line)
{
    if (line + 1 >= e->n_lines)
        return e->len;
    size_t end = e->line[line + 1];
    return end - (e->text[end - 1] == '\n');
}

/* Wrapped, not ended by a line feed. */
static bool soft_end(const struct editor *e, size_t line)
{
    return line + 1 < e->n_lines && e->text[e->line[line + 1] - 1] != '\n';
}

static size_t cursor_line(const struct editor *e)
{
    size_t line = line_at(e, e->cursor);
    if (e->at_end && line > 0 && line_start(e, line) == e->cursor && soft_end(e, line - 1))
        line--;
    return line;
}

static int cursor_col(struct editor *e, size_t start)
{
    return cells_between(e, start, e->cursor, INT_MAX / 2);
}

void editor_layout(struct editor *e, int rows, int cols)
{
    int old = e->cols;
    e->rows = rows > 1 ? rows : 1;
    e->cols = cols > 1 ? cols : 1;
    if (e->cols != old)
        wrap_all(e);
}

int editor_lines(const struct editor *e)
{
    return e->n_lines > INT_MAX ? INT_MAX : e->n_lines > 0 ? (int)e->n_lines : 1;
}

/* --- history ---------------------------------------------------------------------------------- */

static void forget_one(struct editor *e, struct editor_change *change)
{
    if (change->bytes) /* NULL: memory ran out for it */
        explicit_bzero(change->bytes, change->n);
    e->change_bytes -= change->n;
    free(change->bytes);
}

/* Those that were undone cannot come back once something else has changed. */
static void forget_undone(struct editor *e)
{
    while (e->n_changes > e->done)
        forget_one(e, &e->change[--e->n_changes]);
}

static void forget_oldest(struct editor *e)
{
    forget_one(e, &e->change[0]);
    e->n_changes--;
    e->done--;
    memmove(e->change, e->change + 1, e->n_changes * sizeof *e->change);
}

static void forget_all(struct editor *e)
{
    e->done = 0;
    forget_undone(e);
    free(e->change);
    e->change = NULL;
    e->run = EDITOR_RUN_NONE;
}

static void keep_within_bounds(struct editor *e)
{
    while (e->n_changes > 1 &&
           (e->n_changes > EDITOR_CHANGES || e->change_bytes > 2 * e->ceiling + HISTORY_LEAST))
        forget_oldest(e);
}

static bool change_put(struct editor *e, struct editor_change *change, bool at_front,
                       const char *bytes, size_t n)
{
    char *all = realloc(change->bytes, change->n + n);
    if (!all)
        return false;
    if (at_front)
        memmove(all + n, all, change->n);
    memcpy(all + (at_front ? 0 : change->n), bytes, n);
    change->bytes = all;
    change->n += n;
    e->change_bytes += n;
    return true;
}

static struct editor_change *newest(struct editor *e)
{
    return e->done > 0 ? &e->change[e->done - 1] : NULL;
}

/* The step that this change goes on with, NULL: none. */
static struct editor_change *same_run(struct editor *e, enum editor_run run, size_t at, size_t n,
                                      int count)
{
    struct editor_change *last = newest(e);
    if (run == EDITOR_RUN_NONE || run != e->run || !last || count > EDITOR_RUN - last->count)
        return NULL;
    bool beside = run == EDITOR_RUN_TYPE        ? at == last->at + last->n
                  : run == EDITOR_RUN_BACKSPACE ? at + n == last->at
                                                : at == last->at;
    return beside ? last : NULL;
}

/* Called before a deletion, after an insertion has found its room. The history is forgotten when it cannot be
 * kept: places in older steps would not fit the text any more. */
static void record(struct editor *e, bool insert, enum editor_run run, size_t at, const char *bytes,
                   size_t n, int count)
{
    if (e->kind == EDITOR_SECRET)
        return;
    forget_undone(e);
    struct editor_change *change = same_run(e, run, at, n, count);
    e->run = run;
    if (!change) {
        struct editor_change *all = realloc(e->change, (e->n_changes + 1) * sizeof *all);
        if (!all) {
            forget_all(e);
            return;
        }
        e->change = all;
        change = &all[e->n_changes++];
        e->done = e->n_changes;
        *change = (struct editor_change){.insert = insert, .at = at, .before = e->cursor};
    }
    if (!change_put(e, change, run == EDITOR_RUN_BACKSPACE, bytes, n)) {
        forget_all(e);
        return;
    }
    change->at = at < change->at ? at : change->at;
    change->count += count;
    keep_within_bounds(e);
}

/* --- changes ---------------------------------------------------------------------------------- */

/* Old storage is wiped, so that no password stays behind in freed memory. */
static bool reserve(struct editor *e, size_t len)
{
    if (len < e->cap)
        return true;
    size_t cap = len + len / 2 + 64;
    char *text = malloc(cap);
    if (!text)
        return false;
    if (e->text) {
        memcpy(text, e->text, e->len);
        explicit_bzero(e->text, e->cap);
        free(e->text);
    }
    text[e->len] = '\0';
    e->text = text;
    e->cap = cap;
    return true;
}

static void set_cursor(struct editor *e, size_t to, bool at_end)
{
    e->cursor = to;
    e->at_end = at_end;
    e->goal = -1;
}

/* Room for what is put in must be there. */
static void replace(struct editor *e, size_t at, size_t removed, const char *s, size_t n)
{
    size_t old = e->len;
    memmove(e->text + at + n, e->text + at + removed, old - at - removed);
    if (n > 0)
        memcpy(e->text + at, s, n);
    e->len = old - removed + n;
    if (e->len < old)
        explicit_bzero(e->text + e->len, old - e->len);
    e->text[e->len] = '\0';
    e->revision++;
    wrap_again(e, at, removed, n);
}

static void put_in(struct editor *e, enum editor_run run, const char *s, size_t n, int count)
{
    size_t at = e->cursor;
    record(e, true, run, at, s, n, count);
    replace(e, at, 0, s, n);
    set_cursor(e, snap(e, at + n), false);
    if (newest(e))
        newest(e)->after = e->cursor;
}

static bool take_out(struct editor *e, enum editor_run run, size_t from, size_t to)
{
    if (from == to)
        return false;
    record(e, false, run, from, e->text + from, to - from, 1);
    replace(e, from, to - from, NULL, 0);
    set_cursor(e, snap(e, from), false);
    if (newest(e))
        newest(e)->after = e->cursor;
    return true;
}

static bool undo(struct editor *e)
{
    struct editor_change *change = newest(e);
    e->run = EDITOR_RUN_NONE;
    if (!change || (!change->insert && !reserve(e, e->len + change->n)))
        return false;
    e->done--;
    if (change->insert)
        replace(e, change->at, change->n, NULL, 0);
    else
        replace(e, change->at, 0, change->bytes, change->n);
    set_cursor(e, change->before, false);
    return true;
}

static bool redo(struct editor *e)
{
    e->run = EDITOR_RUN_NONE;
    if (e->done == e->n_changes)
        return false;
    struct editor_change *change = &e->change[e->done];
    if (change->insert && !reserve(e, e->len + change->n))
        return false;
    e->done++;
    if (change->insert)
        replace(e, change->at, 0, change->bytes, change->n);
    else
        replace(e, change->at, change->n, NULL, 0);
    set_cursor(e, change->after, false);
    return true;
}

/* --- text from outside ------------------------------------------------------------------------ */

struct intake {
    char *text; /* text that may be inserted; wiped by whoever frees it */
    size_t len, size;
    size_t lost;
};

static void take_char(const struct editor *e, struct intake *in, const char *s, size_t len,
                      uint32_t c)
{
    if (c == '\t') {
        memset(in->text + in->len, ' ', TAB_CELLS);
        in->len += TAB_CELLS;
    } else if (c == '\n' && e->kind != EDITOR_SECRET) {
        in->text[in->len++] = e->kind == EDITOR_TEXT ? '\n' : ' ';
    } else if (c == UTF8_BAD || c < 0x20 || c == 0x7F) {
        in->lost += len;
    } else {
        memcpy(in->text + in->len, s, len);
        in->len += len;
    }
}

/* False when memory ran out. */
static bool intake_fill(const struct editor *e, struct intake *in, const char *s, size_t n)
{
    *in = (struct intake){.size = n + 1};
    for (size_t i = 0; i < n; i++)
        in->size += s[i] == '\t' ? TAB_CELLS - 1 : 0;
    in->text = malloc(in->size);
    if (!in->text)
        return false;
    if (e->kind != EDITOR_TEXT)
        while (n > 0 && (s[n - 1] == '\n' || s[n - 1] == '\r'))
            n--;
    for (size_t at = 0; at < n;) {
        uint32_t c;
        size_t len = utf8_decode(s + at, n - at, &c);
        size_t eaten = len + (c == '\r' && at + 1 < n && s[at + 1] == '\n');
        take_char(e, in, s + at, len, c == '\r' ? '\n' : c);
        at += eaten;
    }
    return true;
}

/* Cuts to room, at the border of a character. Returns the characters. */
static int intake_cut(struct intake *in, size_t room)
{
    int count = 0;
    size_t at = 0;
    while (at < in->len) {
        size_t len = grapheme_next(in->text + at, in->len - at);
        if (len > room - at)
            break;
        at += len;
        count += count < INT_MAX;
    }
    in->lost += in->len - at;
    in->len = at;
    return count;
}

static void intake_release(struct intake *in)
{
    explicit_bzero(in->text, in->size);
    free(in->text);
}

size_t editor_insert(struct editor *e, const char *text, size_t n, bool paste)
{
    struct intake in;
    if (!intake_fill(e, &in, text, n))
        return n;
    int count = intake_cut(&in, e->ceiling - e->len);
    size_t lost = in.lost;
    if (in.len > 0 && !reserve(e, e->len + in.len)) {
        lost = n;
    } else if (in.len > 0) {
        bool run = !paste && !memchr(in.text, '\n', in.len);
        put_in(e, run ? EDITOR_RUN_TYPE : EDITOR_RUN_NONE, in.text, in.len, count);
    }
    intake_release(&in);
    return lost;
}

size_t editor_set(struct editor *e, const char *text, size_t n)
{
    struct intake in;
    if (!intake_fill(e, &in, text, n))
        return n;
    intake_cut(&in, e->ceiling);
    size_t lost = in.lost;
    if (reserve(e, in.len)) {
        forget_all(e);
        replace(e, 0, e->len, in.text, in.len);
        wrap_all(e);
        set_cursor(e, e->len, false);
        e->first = 0;
    } else {
        lost = n;
    }
    intake_release(&in);
    return lost;
}

size_t editor_replace(struct editor *e, const char *text, size_t n)
{
    struct intake in;
    if (!intake_fill(e, &in, text, n))
        return n;
    int count = intake_cut(&in, e->ceiling);
    size_t lost = in.lost;
    bool keeps = e->len + in.len <= e->ceiling; /* else the history could hold but one half of it */
    if (!keeps || !reserve(e, in.len)) {
        intake_release(&in);
        return editor_set(e, text, n);
    }
    (void)take_out(e, EDITOR_RUN_NONE, 0, e->len);
    if (in.len > 0)
        put_in(e, EDITOR_RUN_NONE, in.text, in.len, count);
    intake_release(&in);
    return lost;
}

void editor_init(struct editor *e, enum editor_kind kind, size_t ceiling_bytes)
{
    enum { SHOWN_TIMES = 8 }; /* a character of two bytes is shown as ten, marks included */
    const size_t most = SIZE_MAX / (2 * SHOWN_TIMES);
    memset(e, 0, sizeof *e);
    e->kind = kind;
    e->ceiling = ceiling_bytes < most ? ceiling_bytes : most;
    e->goal = -1;
    arena_init(&e->scratch, 0);
    buf_init(&e->shown, SHOWN_TIMES * (e->ceiling + GRAPHEME_BYTES));
}

void editor_release(struct editor *e)
{
    forget_all(e);
    if (e->text)
        explicit_bzero(e->text, e->cap);
    free(e->text);
    free(e->line);
    free(e->fresh);
    arena_release(&e->scratch);
    buf_release(&e->shown);
    editor_init(e, e->kind, e->ceiling);
}

const char *editor_text(const struct editor *e)
{
    return e->text ? e->text : "";
}

size_t editor_len(const struct editor *e)
{
    return e->len;
}

uint64_t editor_revision(const struct editor *e)
{
    return e->revision;
}

/* --- moves ------------------------------------------------------------------------------------ */

static bool move_to(struct editor *e, size_t to, bool at_end)
{
    bool moved = to != e->cursor || at_end != e->at_end;
    set_cursor(e, to, at_end);
    return moved;
}

static bool move_to_line_end(struct editor *e)
{
    size_t line = cursor_line(e);
    return move_to(e, line_end(e, line), soft_end(e, line));
}

/* Last border of the line at or left of the column. */
static size_t at_col(struct editor *e, size_t line, int col)
{
    size_t at = line_start(e, line), end = line_end(e, line);
    while (at < end) {
        struct step step = step_at(e, at);
        if (step.cells > col)
            break;
        col -= step.cells;
        at += step.len;
    }
    return at;
}

static bool move_lines(struct editor *e, bool down, size_t by)
{
    size_t line = cursor_line(e), lines = (size_t)editor_lines(e);
    size_t room = down ? lines - 1 - line : line;
    if (room == 0)
        return false;
    int goal = e->goal >= 0 ? e->goal : cursor_col(e, line_start(e, line));
    by = by < room ? by : room;
    line = down ? line + by : line - by;
    size_t to = at_col(e, line, goal);
    set_cursor(e, to, to == line_end(e, line) && soft_end(e, line));
    e->goal = goal;
    return true;
}

/* The text goes along, so that the cursor keeps its row; drawing sets the bounds. */
static bool move_page(struct editor *e, bool down)
{
    size_t rows = e->rows > 0 ? (size_t)e->rows : 1;
    if (!move_lines(e, down, rows))
        return false;
    if (down)
        e->first += rows;
    else
        e->first -= e->first < rows ? e->first : rows;
    return true;
}

static enum word_kind word_at(const struct editor *e, size_t at)
{
    uint32_t c;
    utf8_decode(e->text + at, e->len - at, &c);
    return word_kind(c);
}

static size_t past_word(const struct editor *e, size_t at, enum word_kind word)
{
    while (at < e->len && word_at(e, at) == word)
        at += length_at(e, at);
    return at;
}

static size_t before_word(const struct editor *e, size_t at, enum word_kind word)
{
    while (at > 0) {
        size_t before = step_before(e, at);
        if (word_at(e, before) != word)
            break;
        at = before;
    }
    return at;
}

/* A password does not tell where its words are. */
static size_t word_right(const struct editor *e)
{
    size_t at = e->cursor;
    if (e->kind == EDITOR_SECRET || at == e->len)
        return e->len;
    enum word_kind word = word_at(e, at);
    return past_word(e, word == WORD_NONE ? at : past_word(e, at, word), WORD_NONE);
}

static size_t word_left(const struct editor *e)
{
    size_t at = e->cursor;
    if (e->kind == EDITOR_SECRET)
        return 0;
    at = before_word(e, at, WORD_NONE);
    return at == 0 ? 0 : before_word(e, at, word_at(e, step_before(e, at)));
}

/* --- operations ------------------------------------------------------------------------------- */

static size_t right_of_cursor(const struct editor *e)
{
    size_t at = e->cursor;
    return at == e->len ? at : at + length_at(e, at);
}

static size_t left_of_cursor(const struct editor *e)
{
    return e->cursor == 0 ? 0 : step_before(e, e->cursor);
}

/* At the end of a wrapped line there is nothing to delete but what comes next. */
static size_t end_to_delete(const struct editor *e)
{
    size_t line = cursor_line(e), end = line_end(e, line);
    if (end > e->cursor)
        return end;
    return soft_end(e, line) ? line_end(e, line + 1) : right_of_cursor(e);
}

static bool change(struct editor *e, enum editor_op op)
{
    switch (op) {
    case EDITOR_NEWLINE: {
        size_t old = e->len;
        if (e->kind == EDITOR_TEXT)
            editor_insert(e, "\n", 1, false);
        return e->len != old;
    }
    case EDITOR_BACKSPACE:
        return take_out(e, EDITOR_RUN_BACKSPACE, left_of_cursor(e), e->cursor);
    case EDITOR_DELETE:
        return take_out(e, EDITOR_RUN_DELETE, e->cursor, right_of_cursor(e));
    case EDITOR_DELETE_WORD:
        return take_out(e, EDITOR_RUN_NONE, word_left(e), e->cursor);
    case EDITOR_DELETE_TO_END:
        return take_out(e, EDITOR_RUN_NONE, e->cursor, end_to_delete(e));
    case EDITOR_UNDO:
        return undo(e);
    case EDITOR_REDO:
        return redo(e);
    default:
        return false;
    }
}

bool editor_do(struct editor *e, enum editor_op op)
{
    if (op >= EDITOR_NEWLINE)
        return change(e, op);
    e->run = EDITOR_RUN_NONE;
    switch (op) {
    case EDITOR_LEFT:
        return move_to(e, left_of_cursor(e), false);
    case EDITOR_RIGHT:
        return move_to(e, right_of_cursor(e), false);
    case EDITOR_UP:
    case EDITOR_DOWN:
        return move_lines(e, op == EDITOR_DOWN, 1);
    case EDITOR_WORD_LEFT:
        return move_to(e, word_left(e), false);
    case EDITOR_WORD_RIGHT:
        return move_to(e, word_right(e), false);
    case EDITOR_LINE_START:
        return move_to(e, line_start(e, cursor_line(e)), false);
    case EDITOR_LINE_END:
        return move_to_line_end(e);
    case EDITOR_TEXT_START:
        return move_to(e, 0, false);
    case EDITOR_TEXT_END:
        return move_to(e, e->len, false);
    case EDITOR_PAGE_UP:
    case EDITOR_PAGE_DOWN:
        return move_page(e, op == EDITOR_PAGE_DOWN);
    default:
        return false;
    }
}

void editor_go(struct editor *e, size_t at)
{
    e->run = EDITOR_RUN_NONE;
    set_cursor(e, at < e->len ? snap(e, at) : e->len, false);
}

/* --- drawing ---------------------------------------------------------------------------------- */

static void scroll_lines(struct editor *e, size_t rows)
{
    size_t line = cursor_line(e), lines = (size_t)editor_lines(e);
    if (e->first + rows <= line)
        e->first = line - rows + 1;
    if (e->first > line)
        e->first = line;
    if (e->first + rows > lines)
        e->first = lines > rows ? lines - rows : 0;
}

/* Moves the left edge back as long as what it uncovers fits cells. */
static void uncover(struct editor *e, int cells)
{
    while (e->first > 0) {
        size_t before = step_before(e, e->first);
        cells -= step_at(e, before).cells;
        if (cells < 0)
            break;
        e->first = before;
    }
}

static void scroll_sideways(struct editor *e, int cols)
{
    if (e->first > e->cursor) {
        e->first = e->cursor;
        uncover(e, cols / 3); /* some of what is before the cursor is seen, too */
    }
    e->first = snap(e, e->first);
    int used = cells_between(e, e->first, e->cursor, INT_MAX / 2);
    while (used > cols - 1) {
        struct step step = step_at(e, e->first);
        used -= step.cells;
        e->first += step.len;
    }
    /* no room is left empty at the right while text is hidden at the left */
    uncover(e, cols - 1 - cells_between(e, e->first, e->len, cols));
}

/* Characters from `from` to `to` that need only one passage through the gate: at least one. */
static size_t simple_run(struct editor *e, size_t from, size_t to, int most, int *ret_cells)
{
    struct step step = step_at(e, from);
    size_t at = from + step.len;
    *ret_cells = step.cells;
    while (step.simple && at < to && *ret_cells <= most) {
        step = step_at(e, at);
        if (!step.simple)
            break;
        *ret_cells += step.cells;
        at += step.len;
    }
    return at;
}

static void draw_line(struct editor *e, struct surface *s, struct rect r, size_t from, size_t to,
                      unsigned char role)
{
    int used = 0, cells;
    while (from < to && used < r.cols) {
        size_t end = simple_run(e, from, to, r.cols - used, &cells);
        arena_reset(&e->scratch);
        struct clean text = e->kind == EDITOR_SECRET ? clean_own("*") : show(e, from, end - from);
        int put = surface_put(s, r.row, r.col + used, r.cols - used, text, role);
        if (put < cells)
            break;
        used += put;
        from = end;
    }
}

void editor_draw(struct editor *e, struct surface *s, struct rect r, unsigned char role,
                 int *ret_row, int *ret_col)
{
    *ret_row = *ret_col = -1;
    if (r.rows < 1 || r.cols < 1)
        return;
    editor_layout(e, r.rows, r.cols);
    surface_fill(s, r, role);
    struct rect old = surface_clip(s, r), seen = s->clip;
    int row = 0, col;
    if (e->kind == EDITOR_TEXT) {
        scroll_lines(e, (size_t)r.rows);
        size_t lines = (size_t)editor_lines(e), line = cursor_line(e);
        for (int i = 0; i < r.rows && e->first + (size_t)i < lines; i++)
            draw_line(e, s, (struct rect){r.row + i, r.col, 1, r.cols},
                      line_start(e, e->first + (size_t)i), line_end(e, e->first + (size_t)i), role);
        row = (int)(line - e->first);
        col = cursor_col(e, line_start(e, line));
    } else {
        scroll_sideways(e, r.cols);
        draw_line(e, s, (struct rect){r.row, r.col, 1, r.cols}, e->first, e->len, role);
        col = cursor_col(e, e->first);
    }
    surface_unclip(s, old);
    row += r.row;
    col = r.col + (col < r.cols ? col : r.cols - 1);
    if (row >= seen.row && row - seen.row < seen.rows && col >= seen.col &&
        col - seen.col < seen.cols) {
        *ret_row = row;
        *ret_col = col;
    }
}
