#include "tui/view/columns.h"
#include "core/base/i18n.h"
#include <string.h>

const struct column_row column_table[COLUMN_COUNT] = {
#define COLUMN(id, word, head, ...) {word, head, {__VA_ARGS__}},
#include "tui/view/columns.def"
#undef COLUMN
};

/* So much is left for what the case is about, else the next level is taken. */
static const int what_least[COLUMN_LEVELS] = {87, 43, 25, 24, 0};

static bool has(const struct columns *c, enum column column)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->list[i] == column)
            return true;
    return false;
}

static enum column find(const char *word, size_t n)
{
    int i = 0;
    while (i < COLUMN_COUNT &&
           (strlen(column_table[i].word) != n || strncmp(column_table[i].word, word, n) != 0))
        i++;
    return (enum column)i;
}

enum status columns_parse(const char *words, struct columns *ret, struct errmsg *err)
{
    static const struct columns usual = {
        {COLUMN_LEFT, COLUMN_NUMBER, COLUMN_CATEGORY, COLUMN_COMMUNITY, COLUMN_STATE, COLUMN_WHAT},
        6};
    struct columns c = {.n = 0};
    static const char between[] = " ,\t";
    for (const char *at = words; *(at += strspn(at, between));) {
        size_t n = strcspn(at, between);
        enum column column = find(at, n);
        if (column == COLUMN_COUNT)
            return fail(err, ST_INVALID,
                        _("There is no column \"%.*s\". Tab shows those there are."),
                        (int)(n < 40 ? n : 40), at);
        if (has(&c, column))
            return fail(err, ST_INVALID, _("The column \"%.*s\" is named twice."), (int)n, at);
        if (has(&c, COLUMN_WHAT))
            return fail(err, ST_INVALID, _("The column \"what\" has the signs and comes last."));
        c.list[c.n++] = column;
        at += n;
    }
    if (c.n == 0) {
        *ret = usual;
        return ST_OK;
    }
    if (!has(&c, COLUMN_NUMBER)) {
        memmove(c.list + 1, c.list, c.n * sizeof *c.list);
        c.list[0] = COLUMN_NUMBER;
        c.n++;
    }
    if (!has(&c, COLUMN_WHAT))
        c.list[c.n++] = COLUMN_WHAT;
    *ret = c;
    return ST_OK;
}

/* One that is kept has the fewest cells it has anywhere where it would be left out. */
static int cells_at(enum column column, int level, enum column keep)
{
    const int *cells = column_table[column].cells;
    int given = cells[level];
    for (int i = level; column == keep && given == 0 && i > 0; i--)
        given = cells[i - 1];
    return given;
}

enum column columns_find(const char *word)
{
    return find(word, strlen(word));
}

void columns_share(const struct columns *c, int cells, enum column keep, int ret[COLUMN_COUNT])
{
    for (int level = 0; level < COLUMN_LEVELS; level++) {
        int left = cells;
        for (size_t i = 0; i + 1 < c->n; i++) {
            ret[i] = cells_at(c->list[i], level, keep);
            left -= ret[i];
        }
        ret[c->n - 1] = left > 0 ? left : 0;
        if (left >= what_least[level])
            return;
    }
}
