/* template_use.c: the templates used last, as lines "category TAB owner TAB name" of one small fact of the cache. */
#include "tui/view/template_use.h"
#include "core/base/i18n.h"
#include "core/text/fold.h"
#include "core/text/utf8.h"
#include <stdlib.h>
#include <string.h>

enum { KEPT = 60, USED_ELSEWHERE = 1000, NEVER = 2000, FOREIGN = 3000 };
static const char key[] = "templates_used";

static const char *read_lines(struct console *c)
{
    const char *lines;
    return store_meta_get(c->config->store, key, &c->scratch, &lines, NULL) == ST_OK ? lines : "";
}

static const char *line_of(struct console *c, const char *category, const struct paper *p)
{
    return arena_printf(&c->scratch, "%s\t%s\t%s", category, p->owner, p->name);
}

static bool is_foreign(const char *name)
{
    uint32_t first;
    (void)utf8_decode(name, strlen(name), &first);
    return fold_is_han(first) != i18n_chinese();
}

/* Lower comes first. */
static int rank(const char *lines, const char *here, const struct paper *p)
{
    const char *used = strchr(here, '\t'); /* whatever the category */
    int elsewhere = 0, at = 0;
    for (const char *line = lines; *line; at++) {
        size_t n = strcspn(line, "\n"), category = strcspn(line, "\t\n");
        if (strlen(here) == n && memcmp(line, here, n) == 0)
            return at;
        if (!elsewhere && strlen(used) == n - category &&
            memcmp(line + category, used, n - category) == 0)
            elsewhere = USED_ELSEWHERE + at;
        line += n + (line[n] == '\n');
    }
    return elsewhere ? elsewhere : is_foreign(p->name) ? FOREIGN : NEVER;
}

bool template_use_known(struct console *c, const char *category, const struct paper *p)
{
    return rank(read_lines(c), line_of(c, category, p), p) < USED_ELSEWHERE;
}

bool template_use_foreign(const struct paper *p)
{
    return is_foreign(p->name);
}

struct place {
    int rank;
    size_t at;
    struct kept_paper paper;
};

static int by_rank(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

void template_use_order(struct console *c, const char *category, struct kept_paper *all, size_t n)
{
    const char *lines = read_lines(c);
    struct place *place = arena_array(&c->scratch, n + 1, sizeof *place);
    if (!place)
        return;
    for (size_t i = 0; i < n; i++)
        place[i] = (struct place){rank(lines, line_of(c, category, &all[i].paper), &all[i].paper),
                                  i, all[i]};
    qsort(place, n, sizeof *place, by_rank);
    for (size_t i = 0; i < n; i++)
        all[i] = place[i].paper;
}

void template_use_note(struct console *c, const char *category, const struct paper *p)
{
    const char *lines = read_lines(c), *first = line_of(c, category, p);
    struct buf out;
    int kept = 1;
    buf_init(&out, 1 << 20);
    buf_puts(&out, first);
    while (*lines && kept < KEPT) {
        size_t n = strcspn(lines, "\n");
        if (strlen(first) != n || memcmp(lines, first, n) != 0) {
            buf_putc(&out, '\n');
            buf_add(&out, lines, n);
            kept++;
        }
        lines += n + (lines[n] == '\n');
    }
    if (buf_status(&out) == ST_OK)
        (void)store_meta_set(c->config->store, key, out.data, NULL);
    buf_release(&out);
}
