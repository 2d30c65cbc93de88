/* bulk_merge.c: several orders into one: what is told before it is confirmed (domain.md 6.2 row 31, 7.11). */
#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/bulk.h"
#include "tui/console.h"
#include "tui/draw.h"
#include <string.h>

enum { LINES_MAX = 1 << 16, TITLE_CELLS = 22 /* so that a line fits 80 columns */ };

static int64_t due_of(const struct casefile *f)
{
    const struct clock_run *handle = &f->clock[CLOCK_HANDLE];
    return handle->status == CLOCK_RUNNING ? handle->due_ms : TIME_NONE;
}

enum status merger_open(struct merger *m, struct console *c, const struct uuid *lead,
                        struct errmsg *err)
{
    memset(m, 0, sizeof *m);
    arena_init(&m->arena, 0);
    buf_init(&m->lines, LINES_MAX);
    enum status st = store_case(c->config->store, lead, &m->arena, &m->lead, err);
    if (st == ST_OK)
        m->due_ms = due_of(&m->lead.shown);
    return st;
}

void merger_close(struct merger *m)
{
    buf_release(&m->lines);
    arena_release(&m->arena);
}

/* Number, claimant, due time, title: no more of a person than a list shows. A text of theirs begins no line of
 * its own. */
static void add_line(struct buf *out, const struct casefile *f, struct arena *a)
{
    const char *const *v = f->value;
    int64_t due = due_of(f);
    const char *title = !i18n_chinese() && *v[FIELD_TITLE_EN] ? v[FIELD_TITLE_EN] : v[FIELD_TITLE];
    size_t all = strlen(title), fits = text_fit(title, all, TITLE_CELLS, &(int){0});
    buf_printf(
        out, "%s  %s %s  %s  %s%s\n", draw_number(a, v[FIELD_NUMBER]),
        draw_one_line(a, field_masked(FIELD_CLAIMANT, v[FIELD_CLAIMANT], a)),
        draw_one_line(a, field_masked(FIELD_PHONE, v[FIELD_PHONE], a)),
        due == TIME_NONE ? _("no clock runs") : arena_printf(a, _("due %s"), draw_time(a, due)),
        draw_one_line(a, arena_strndup(a, title, fits)), fits < all ? draw_sign(SIGN_CUT) : "");
}

void merger_add(struct merger *m, const struct casefile *follower, struct arena *a)
{
    int64_t due = due_of(follower);
    if (m->due_ms != TIME_NONE && due != TIME_NONE && due < m->due_ms)
        m->due_ms = due; /* the earlier one counts for both */
    m->n++;
    add_line(&m->lines, follower, a);
}

const char *merger_text(const struct merger *m, int64_t now_ms, struct arena *a)
{
    struct buf lead;
    int64_t before = due_of(&m->lead.shown);
    buf_init(&lead, LINES_MAX);
    add_line(&lead, &m->lead.shown, a);
    const char *due =
        m->due_ms == TIME_NONE ? ""
        : m->due_ms == before  ? arena_printf(a, _("It stays due %s.\n"), draw_time(a, before))
        : m->due_ms < now_ms
            ? arena_printf(a,
                           _("It is OVERDUE then: due %s, the earliest of all, instead of %s.\n"),
                           draw_time(a, m->due_ms), draw_time(a, before))
            : arena_printf(a, _("It becomes due %s, the earliest of all, instead of %s.\n"),
                           draw_time(a, m->due_ms), draw_time(a, before));
    const char *text = arena_printf(a,
                                    _("Into:\n%s%sEach of the %zu claimants gets its reply and a "
                                      "callback.\nThese go with it, and their "
                                      "clocks stop:\n%s"),
                                    lead.data, due, m->n + 1, m->lines.data);
    buf_release(&lead);
    return text;
}
