#include "tui/handover_kept.h"
#include "core/base/i18n.h"
#include <stdlib.h>
#include <string.h>

/* For about forty who have seen it. */
enum { SEEN_ROOM = 2048, CUT_ROOM = 128 };

static const char from_word[] = "from: ", seen_word[] = "seen: ";

/* --- the lines that are not for reading ---------------------------------------------------------- */

static void put_mark(struct buf *out, const char *word, const char *user, int64_t at_ms)
{
    char at[RFC3339_SIZE];
    rfc3339_format(at_ms, BEIJING_OFFSET_MS, at);
    buf_printf(out, "%s%s %s\n", word, user, at);
}

/* "WORD: USER TIME" of n bytes. */
static bool read_mark(const char *line, size_t n, const char *word, struct arena *a,
                      struct sheet_seen *ret)
{
    size_t start = strlen(word);
    if (n <= start || strncmp(line, word, start) != 0)
        return false;
    size_t len = strcspn(line + start, " ");
    if (start + len >= n)
        return false;
    const char *at = arena_strndup(a, line + start + len + 1, n - start - len - 1);
    ret->by = arena_strndup(a, line + start, len);
    return at && ret->by && rfc3339_parse(at, &ret->at_ms) == 0;
}

/* Where the last line of the n bytes begins, without the LF at its end. */
static size_t last_line(const char *text, size_t n)
{
    size_t at = n > 0 && text[n - 1] == '\n' ? n - 1 : n;
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}

static int by_time(const void *x, const void *y)
{
    const struct sheet_seen *a = x, *b = y;
    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* Takes the body apart. */
static struct sheet read_sheet(const struct kept_paper *kept, struct arena *a)
{
    const struct paper *p = &kept->paper;
    struct sheet s = {.paper = *p,
                      .by = p->changed_by,
                      .at_ms = p->changed_ms,
                      .text = p->body,
                      .unsent = kept->dirty,
                      .problem = kept->problem};
    struct sheet_seen mark, *seen;
    const char *body = p->body;
    size_t first = strcspn(body, "\n"), n = strlen(body), lines = 0;
    if (read_mark(body, first, from_word, a, &mark)) {
        s.by = mark.by;
        s.at_ms = mark.at_ms;
        body += first + (body[first] == '\n');
        n = strlen(body);
    }
    for (size_t i = 0; i < n; i++)
        lines += body[i] == '\n';
    seen = arena_array(a, lines + 1, sizeof *seen);
    while (seen && n > 0) {
        size_t at = last_line(body, n), len = strcspn(body + at, "\n");
        if (s.n_seen > lines || !read_mark(body + at, len, seen_word, a, &seen[s.n_seen]))
            break;
        s.n_seen++;
        n = at;
    }
    if (s.n_seen > 0)
        qsort(seen, s.n_seen, sizeof *seen, by_time);
    s.seen = seen;
    s.text = arena_strndup(a, body, n);
    return s;
}

static bool is_same(const struct sheet *a, const struct sheet *b)
{
    return a->at_ms == b->at_ms && strcmp(a->by, b->by) == 0 && strcmp(a->text, b->text) == 0;
}

int64_t sheet_seen_ms(const struct sheet *sheet, const char *user)
{
    for (size_t i = 0; i < sheet->n_seen; i++)
        if (strcmp(sheet->seen[i].by, user) == 0)
            return sheet->seen[i].at_ms;
    return TIME_NONE;
}

/* Both papers are of one sheet: who has seen one of them has seen it. */
static void join(struct sheet *to, const struct sheet *from, struct arena *a)
{
    struct sheet_seen *all = arena_array(a, to->n_seen + from->n_seen + 1, sizeof *all);
    size_t n = to->n_seen;
    if (!all)
        return;
    if (n > 0)
        memcpy(all, to->seen, n * sizeof *all);
    for (size_t i = 0; i < from->n_seen; i++)
        if (sheet_seen_ms(to, from->seen[i].by) == TIME_NONE)
            all[n++] = from->seen[i];
    if (n > 0)
        qsort(all, n, sizeof *all, by_time);
    to->seen = all;
    to->n_seen = n;
}

/* --- reading -------------------------------------------------------------------------------------- */

static int newest_first(const void *x, const void *y)
{
    const struct sheet *a = x, *b = y;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? 1 : -1;
    return strcmp(a->paper.name, b->paper.name);
}

/* As they lie there: two papers of one sheet are two. */
static enum status load_all(struct store *s, const char *owner, struct arena *a, struct sheet **ret,
                            size_t *ret_n, struct errmsg *err)
{
    struct kept_paper *kept = NULL;
    size_t n = 0, found = 0;
    enum status st = store_papers(s, PAPER_HANDOVER, a, &kept, &n, err);
    if (st != ST_OK)
        return st;
    struct sheet *list = arena_array(a, n + 1, sizeof *list);
    for (size_t i = 0; list && i < n; i++)
        if (kept[i].paper.scope == PAPER_OFFICE && strcmp(kept[i].paper.owner, owner) == 0)
            list[found++] = read_sheet(&kept[i], a);
    if (arena_failed(a))
        return fail(err, ST_NOMEM, "%s", _("Out of memory. Nothing was changed."));
    if (found > 0)
        qsort(list, found, sizeof *list, newest_first);
    *ret = list;
    *ret_n = found;
    return ST_OK;
}

enum status sheets_load(struct store *s, const struct actor *who, struct arena *a,
                        struct sheet **ret, size_t *ret_n, struct errmsg *err)
{
    struct sheet *list = NULL;
    size_t n = 0, kept = 0;
    enum status st = load_all(s, paper_owner(who, PAPER_OFFICE), a, &list, &n, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        if (kept > 0 && is_same(&list[kept - 1], &list[i]))
            join(&list[kept - 1], &list[i], a);
        else
            list[kept++] = list[i];
    *ret = list;
    *ret_n = kept;
    return ST_OK;
}

/* --- writing -------------------------------------------------------------------------------------- */

static const char *name_of(const struct actor *who, int64_t now_ms, struct arena *a)
{
    struct civil t = civil_from_ms(now_ms, BEIJING_OFFSET_MS);
    return arena_printf(a, "%04d-%02d-%02d %02d:%02d %.40s", t.year, t.month, t.day, t.hour,
                        t.minute, who->user);
}

/* As many whole lines as fit into most bytes; returns how many do not. */
static int put_lines(struct buf *out, const char *text, size_t most)
{
    int left_out = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        if (left_out == 0 && out->len + n + 1 <= most) {
            buf_add(out, text, n);
            buf_putc(out, '\n');
        } else {
            left_out++;
        }
        text += n + (text[n] == '\n');
    }
    return left_out;
}

/* Throws away the oldest until there is room for one more that is not there yet. */
static enum status make_room(struct store *s, const struct actor *who, const char *name,
                             struct arena *a, struct errmsg *err)
{
    struct sheet *list = NULL;
    size_t n = 0;
    enum status st = load_all(s, paper_owner(who, PAPER_OFFICE), a, &list, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (strcmp(list[i].paper.name, name) == 0)
            return ST_OK;
    while (st == ST_OK && n > 0 && n >= (size_t)paper_table[PAPER_HANDOVER].most)
        st = store_paper_drop(s, &list[--n].paper, err);
    return st;
}

static struct paper paper_of(const struct actor *who, const char *name, const char *body)
{
    return (struct paper){.kind = PAPER_HANDOVER,
                          .scope = PAPER_OFFICE,
                          .owner = paper_owner(who, PAPER_OFFICE),
                          .name = name,
                          .body = body,
                          .changed_by = who->user};
}

enum status sheet_keep(struct store *s, const struct actor *who, int64_t now_ms, const char *text,
                       int *ret_cut, struct errmsg *err)
{
    struct arena a;
    struct buf body;
    const size_t bytes = paper_table[PAPER_HANDOVER].bytes;
    enum status st =
        paper_may_write(who, PAPER_HANDOVER, PAPER_OFFICE, paper_owner(who, PAPER_OFFICE), err);
    if (st != ST_OK)
        return st;
    arena_init(&a, 0);
    buf_init(&body, bytes);
    put_mark(&body, from_word, who->user, now_ms);
    int cut = put_lines(&body, text, bytes - SEEN_ROOM - CUT_ROOM);
    if (cut > 0)
        buf_printf(&body,
                   ngettext("(%d more line did not fit.)\n", "(%d more lines did not fit.)\n",
                            (unsigned long)cut),
                   cut);
    const char *name = name_of(who, now_ms, &a);
    if (buf_status(&body) != ST_OK || arena_failed(&a))
        st = fail(err, ST_NOMEM, "%s", _("Out of memory. Nothing was changed."));
    if (st == ST_OK)
        st = make_room(s, who, name, &a, err);
    struct paper p = paper_of(who, name, body.data);
    if (st == ST_OK)
        st = store_paper_put(s, &p, err);
    if (st == ST_OK)
        *ret_cut = cut;
    buf_release(&body);
    arena_release(&a);
    return st;
}

/* What another terminal's acknowledgement left beside it. */
static enum status drop_others(struct store *s, const struct actor *who, const struct sheet *sheet,
                               struct arena *a, struct errmsg *err)
{
    struct sheet *list = NULL;
    size_t n = 0;
    enum status st = load_all(s, paper_owner(who, PAPER_OFFICE), a, &list, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (is_same(&list[i], sheet) && strcmp(list[i].paper.name, sheet->paper.name) != 0)
            st = store_paper_drop(s, &list[i].paper, err);
    return st;
}

enum status sheet_acknowledge(struct store *s, const struct actor *who, int64_t now_ms,
                              const struct sheet *sheet, struct errmsg *err)
{
    struct arena a;
    struct buf body;
    enum status st = paper_may_write(who, PAPER_HANDOVER, PAPER_OFFICE, sheet->paper.owner, err);
    if (st != ST_OK || sheet_seen_ms(sheet, who->user) != TIME_NONE)
        return st;
    arena_init(&a, 0);
    buf_init(&body, paper_table[PAPER_HANDOVER].bytes);
    put_mark(&body, from_word, sheet->by, sheet->at_ms);
    buf_puts(&body, sheet->text);
    for (size_t i = 0; i < sheet->n_seen; i++)
        put_mark(&body, seen_word, sheet->seen[i].by, sheet->seen[i].at_ms);
#if SABOTAGE == 210
    (void)now_ms; /* Damage: whoever acknowledges a sheet leaves no trace on it. */
#else
    put_mark(&body, seen_word, who->user, now_ms);
#endif
    struct paper p = paper_of(who, sheet->paper.name, body.data);
    if (buf_status(&body) == ST_TOOBIG)
        st = fail(err, ST_TOOBIG, "%s", _("There is no room on the sheet for one more name."));
    else if (buf_status(&body) != ST_OK)
        st = fail(err, ST_NOMEM, "%s", _("Out of memory. Nothing was changed."));
    if (st == ST_OK)
        st = store_paper_put(s, &p, err);
    if (st == ST_OK)
        st = drop_others(s, who, sheet, &a, err);
    buf_release(&body);
    arena_release(&a);
    return st;
}
