/* Any keys and any pasted bytes: the text stays valid and under its ceiling, the cursor at a border and inside the
 * rectangle, lines made piece by piece are those made all at once, undo and redo lead back and forth. */
#include "core/text/grapheme.h"
#include "core/text/utf8.h"
#include "tui/widget/editor.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CEILING = 1500, SIDE = 24, ROLE = 1 };

static void require(int holds)
{
    if (!holds)
        abort();
}

static void sound(const struct editor *e)
{
    const char *text = editor_text(e);
    size_t n = editor_len(e), at = 0;
    require(n <= CEILING && strlen(text) == n && utf8_valid(text, n));
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        require((c >= 0x20 && c != 0x7F) || (c == '\n' && e->kind == EDITOR_TEXT));
    }
    require(e->cursor <= n);
    while (at < e->cursor)
        at += grapheme_next(text + at, n - at);
    require(at == e->cursor);
    require(e->n_changes <= EDITOR_CHANGES && (e->kind != EDITOR_SECRET || e->n_changes == 0));
}

static void same_lines(const struct editor *e)
{
    struct editor whole;
    editor_init(&whole, e->kind, CEILING);
    editor_layout(&whole, e->rows, e->cols);
    require(editor_set(&whole, editor_text(e), editor_len(e)) == 0);
    require(editor_lines(&whole) == editor_lines(e));
    if (e->kind == EDITOR_TEXT && e->n_lines > 0)
        require(memcmp(whole.line, e->line, e->n_lines * sizeof *e->line) == 0);
    editor_release(&whole);
}

static void draw(struct editor *e, struct surface *s, int rows, int cols)
{
    int row, col;
    editor_draw(e, s, (struct rect){0, 0, rows, cols}, ROLE, &row, &col);
    require(row >= 0 && row < rows && col >= 0 && col < cols);
}

static void there_and_back(struct editor *e)
{
    while (editor_do(e, EDITOR_REDO))
        continue;
    char *end = strdup(editor_text(e));
    int undone = 0, redone = 0;
    while (editor_do(e, EDITOR_UNDO)) {
        undone++;
        sound(e);
    }
    same_lines(e);
    while (editor_do(e, EDITOR_REDO))
        redone++;
    require(end && undone == redone && strcmp(end, editor_text(e)) == 0);
    free(end);
}

/* Each key is one byte: an operation, a size, or so many bytes that follow as text. */
static void keys(struct editor *e, struct surface *s, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        uint8_t key = data[i];
        size_t n = key & 15;
        if (key < 4 * EDITOR_OP_COUNT) {
            size_t old = editor_len(e), cursor = e->cursor;
            if (!editor_do(e, (enum editor_op)(key % EDITOR_OP_COUNT)))
                require(editor_len(e) == old && e->cursor == cursor);
        } else if (key < 96) {
            draw(e, s, 1 + (key & 3), 1 + (int)(i % SIDE));
        } else {
            n = n < size - i - 1 ? n : size - i - 1;
            editor_insert(e, (const char *)data + i + 1, n, key & 16);
            i += n;
        }
        sound(e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct editor e;
    struct surface s;
    if (size < 2 || size > 2048)
        return 0;
    surface_init(&s);
    require(surface_resize(&s, SIDE, SIDE, NULL) == ST_OK);
    editor_init(&e, (enum editor_kind)(data[0] % 3), CEILING);
    editor_layout(&e, 3, data[1] % SIDE);
    keys(&e, &s, data + 2, size - 2);
    draw(&e, &s, 3, 1 + data[1] % SIDE);
    same_lines(&e);
    there_and_back(&e);
    editor_release(&e);
    surface_release(&s);
    return 0;
}
