/* assess_text.c: the table of the assessment as lines of text, for jiban assess and jiband assess. */
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/text/width.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_WIDTH = 32, RATE_WIDTH = 16, SCORE_WIDTH = 8, CELL = 64, POINT = 1000 };

struct page {
    struct buf *out;
    const struct assess_board *board;
    bool chinese, ascii;
};

/* Foreign text, cleaned; never NULL. For the caller to release. */
static void clean_word(const struct page *p, const char *foreign, struct buf *ret)
{
    struct arena a;
    arena_init(&a, 0);
    buf_init(ret, SIZE_MAX / 2);
    clean_plain(ret, text_clean_str(&a, foreign, CLEAN_LINE), p->ascii);
    arena_release(&a);
}

static void put_name(struct page *p, const char *foreign)
{
    struct buf name;
    clean_word(p, foreign, &name);
    int width = text_width(name.data, name.len);
    buf_printf(p->out, "%s%*s", name.data, width < NAME_WIDTH ? NAME_WIDTH - width : 1, "");
    buf_release(&name);
}

static void put_right(struct page *p, const char *own, int width)
{
    buf_printf(p->out, "%*s", width + (int)strlen(own) - text_width(own, strlen(own)), own);
}

/* A rate never stands without what it is a rate of (domain 9.5). */
static void put_rate(struct page *p, int64_t rate, int64_t of)
{
    char text[CELL];
    int64_t hundredths = (rate + 50) / 100;
    if (rate == ASSESS_NO_DATA)
        snprintf(text, sizeof text, "%s", _("no data"));
    else
        snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64 " (%" PRId64 ")", hundredths / 100,
                 hundredths % 100, of);
    put_right(p, text, RATE_WIDTH);
}

static void put_score(struct page *p, int64_t score)
{
    const struct score_policy as_board = {.decimals = p->board->decimals};
    char text[CELL];
    int64_t step = POINT, one = 1, shown = assess_shown(&as_board, score);
    for (int i = 0; i < p->board->decimals; i++) {
        step /= 10;
        one *= 10;
    }
    if (score == ASSESS_NO_DATA)
        snprintf(text, sizeof text, "%s", _("no data"));
    else if (p->board->decimals == 0)
        snprintf(text, sizeof text, "%" PRId64, shown / step);
    else
        snprintf(text, sizeof text, "%" PRId64 ".%0*" PRId64, shown / step / one,
                 p->board->decimals, shown / step % one);
    put_right(p, text, SCORE_WIDTH);
}

static void put_set(struct page *p, const struct assess_figures *f)
{
    put_rate(p, f->r, f->n[ASSESS_VALID]);
    put_rate(p, f->s, f->n[ASSESS_S_OF]);
    put_rate(p, f->m, f->n[ASSESS_M_OF]);
    put_score(p, f->score);
}

/* What is not in the rates, each with its number. */
static void put_outside(struct page *p, const struct assess_figures *f)
{
    bool first = true;
    for (int i = ASSESS_HUNG; i < ASSESS_COUNT; i++)
        if (f->n[i] > 0) {
            buf_printf(p->out, "%s%s %" PRId64, first ? "            " : ", ",
                       _(assess_table[i].label), f->n[i]);
            first = false;
        }
    if (!first)
        buf_putc(p->out, '\n');
}

/* Orders received per 10,000 residents, in tenths. */
static int64_t per_10000(const struct assess_figures *all, const struct assess_row *row)
{
    return (all->n[ASSESS_RECEIVED] * 100000 + row->residents / 2) / row->residents;
}

static void put_row(struct page *p, const struct assess_row *row, const char *name)
{
    char rank[CELL] = "";
    const struct assess_figures *all = &row->set[SET_ALL];
    if (p->board->ranked > 0 && row->rank > 0)
        snprintf(rank, sizeof rank, "%d/%d", row->rank, p->board->ranked);
    buf_printf(p->out, "%-8s %-2s ", rank, row->grade);
    put_name(p, name);
    put_set(p, &row->set[SET_ASSESSED]);
    buf_puts(p->out, " |");
    put_set(p, all);
    buf_printf(p->out,
               _("  received %" PRId64 ", closed %" PRId64 ", on time %" PRId64
                 " and lawful %" PRId64 " of %" PRId64),
               all->n[ASSESS_RECEIVED], row->closed, all->n[ASSESS_ON_TIME], all->n[ASSESS_LAWFUL],
               all->n[ASSESS_FILED]);
    if (row->bonus > 0)
        buf_printf(p->out, _("  score with %" PRId64 ".%03" PRId64 " bonus points"),
                   row->bonus / POINT, row->bonus % POINT);
    if (row->residents > 0)
        buf_printf(p->out, _("  %" PRId64 ".%" PRId64 " per 10,000 of %" PRId64 " residents"),
                   per_10000(all, row) / 10, per_10000(all, row) % 10, row->residents);
    for (int i = 0; i < 4; i++)
        if (row->classes >> i & 1)
            buf_printf(p->out, "  [%s]", _(assess_class_table[i].label));
    buf_putc(p->out, '\n');
    put_outside(p, &row->set[SET_ASSESSED]);
}

static const char *minute_text(int64_t ms, char ret[CELL])
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    snprintf(ret, CELL, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
    return ret;
}

static void put_head(struct page *p)
{
    const struct assess_board *b = p->board;
    char from[CELL], to[CELL], as_of[CELL];
    struct buf scope, policy;
    clean_word(p, b->scope, &scope);
    clean_word(p, b->policy, &policy);
    buf_printf(p->out, _("%s of %s, period %s: %s to %s, as of %s\n"),
               _(assess_level_table[b->level].label), scope.data,
               *b->period.name ? b->period.name : "-", minute_text(b->period.from_ms, from),
               minute_text(b->period.to_ms, to), minute_text(b->as_of_ms, as_of));
    buf_printf(p->out,
               _("%s rating; weights R %d, S %d, M %d per mille; the last line is %s; policy %s\n"),
               b->final_rating ? _("final") : _("first"), b->w_r, b->w_s, b->w_m,
               b->mean ? _("the mean of the lines") : _("counted over all orders"), policy.data);
    buf_printf(p->out, "%s\n\n", _("R, S, M in % (of how many), score: assessed | all-inclusive"));
    buf_release(&scope);
    buf_release(&policy);
}

void assess_board_print(struct buf *out, const struct assess_board *b, bool chinese, bool ascii)
{
    struct page p = {.out = out, .board = b, .chinese = chinese, .ascii = ascii};
    put_head(&p);
    for (size_t i = 0; i < b->n_rows; i++) {
        const struct assess_row *r = &b->rows[i];
        const char *name = p.chinese || !*r->name_en ? r->name : r->name_en;
        put_row(&p, r, *name ? name : r->code);
    }
    put_row(&p, &b->total, _("all"));
}
