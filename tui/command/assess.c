#include "core/base/i18n.h"
#include "core/sync/ask.h"
#include "core/text/width.h"
#include "core/wire/codec.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>

enum { NAME_WIDTH = 24, CELL = 48 };

/* "98.2 =982/1000" would be too wide for a table: the rate, and its denominator in brackets. */
static void print_rate(int64_t rate, int64_t of)
{
    char text[CELL];
    if (rate == ASSESS_NO_DATA)
        snprintf(text, sizeof text, "%s", _("no data"));
    else
        snprintf(text, sizeof text, "%" PRId64 ".%02" PRId64 " (%" PRId64 ")", rate / 10000,
                 rate / 100 % 100, of);
    printf("  %*s", 15 + (int)strlen(text) - text_width(text, strlen(text)), text);
}

static void print_score(int64_t score, int decimals)
{
    char text[CELL];
    int64_t step = 1000, one = 1;
    for (int i = 0; i < decimals; i++) {
        step /= 10;
        one *= 10;
    }
    if (score == ASSESS_NO_DATA)
        snprintf(text, sizeof text, "%s", _("no data"));
    else if (decimals == 0)
        snprintf(text, sizeof text, "%" PRId64, score / step);
    else
        snprintf(text, sizeof text, "%" PRId64 ".%0*" PRId64, score / step / one, decimals,
                 score / step % one);
    printf("  %*s", 7 + (int)strlen(text) - text_width(text, strlen(text)), text);
}

static void print_set(const struct assess_figures *f, int decimals)
{
    print_rate(f->r, f->n[ASSESS_VALID]);
    print_rate(f->s, f->n[ASSESS_S_OF]);
    print_rate(f->m, f->n[ASSESS_M_OF]);
    print_score(f->score, decimals);
}

/* What is not in the rates, each with its number. */
static void print_outside(const struct assess_figures *f)
{
    bool first = true;
    for (int i = ASSESS_HUNG; i < ASSESS_COUNT; i++)
        if (f->n[i] > 0) {
            printf("%s%s %" PRId64, first ? "      " : ", ", _(assess_table[i].label), f->n[i]);
            first = false;
        }
    if (!first)
        putchar('\n');
}

static void print_name(const char *name)
{
    int width = text_width(name, strlen(name));
    cli_print(name);
    printf("%*s", width < NAME_WIDTH ? NAME_WIDTH - width : 1, "");
}

static void print_row(const struct assess_row *row, const struct assess_board *b, const char *name)
{
    char rank[CELL] = "";
    if (b->ranked > 0 && row->rank > 0)
        snprintf(rank, sizeof rank, "%d/%d", row->rank, b->ranked);
    printf("%-8s %-2s ", rank, row->grade);
    print_name(name);
    print_set(&row->set[SET_ASSESSED], b->decimals);
    fputs("   |", stdout);
    print_set(&row->set[SET_ALL], b->decimals);
    printf(_("   received %" PRId64 ", closed %" PRId64 ", on time %" PRId64 " and lawful %" PRId64
             " of %" PRId64),
           row->set[SET_ALL].n[ASSESS_RECEIVED], row->closed, row->set[SET_ALL].n[ASSESS_ON_TIME],
           row->set[SET_ALL].n[ASSESS_LAWFUL], row->set[SET_ALL].n[ASSESS_FILED]);
    for (int i = 0; i < 4; i++)
        if (row->classes >> i & 1)
            printf("  [%s]", _(assess_class_table[i].label));
    putchar('\n');
    print_outside(&row->set[SET_ASSESSED]);
}

static void print_board(struct cli *c, const struct assess_board *b)
{
    bool chinese = i18n_chinese();
    printf(_("%s of %s, period %s: %s to %s, as of %s\n"), _(assess_level_table[b->level].label),
           b->scope, *b->period.name ? b->period.name : "-", cli_time(c, b->period.from_ms),
           cli_time(c, b->period.to_ms), cli_time(c, b->as_of_ms));
    printf(_("%s rating; weights R %d, S %d, M %d per mille; the last line is %s; policy %s\n"),
           b->final_rating ? _("final") : _("first"), b->w_r, b->w_s, b->w_m,
           b->mean ? _("the mean of the lines") : _("counted over all orders"), b->policy);
    printf("%s\n\n", _("R, S, M in % (of how many), score: assessed | all-inclusive"));
    for (size_t i = 0; i < b->n_rows; i++) {
        const struct assess_row *r = &b->rows[i];
        const char *name = chinese || !*r->name_en ? r->name : r->name_en;
        print_row(r, b, *name ? name : r->code);
    }
    print_row(&b->total, b, _("all"));
}

static enum status print_answer(struct cli *c, const struct buf *answer, struct errmsg *err)
{
    struct assess_board b;
    enum status st = assess_board_decode(answer->data, answer->len, &c->arena, &b, err);
    if (st == ST_OK)
        print_board(c, &b);
    return st;
}

int command_assess(struct cli *c)
{
    struct errmsg err = {{0}};
    struct buf target, answer;
    if (c->n_args > 0) {
        cli_say("%s", _("jiban assess takes options only."));
        return EX_USAGE;
    }
    enum status st = cli_folder(c, &err); /* server and user are named */
    if (st != ST_OK)
        return cli_fail(st, &err);
    struct sync_options o = cli_line(c);
    buf_init(&target, 2048);
    buf_init(&answer, SIZE_MAX / 2);
    buf_puts(&target, "/v1/assessment");
    for (size_t i = 0; i < sizeof c->query / sizeof *c->query; i++)
        query_add(&target, cli_query_word[i], c->query[i]);
    st = buf_status(&target) == ST_OK ? cli_password(c, &o.password, &err)
                                      : fail(&err, ST_TOOBIG, _("The question is too long."));
    if (st == ST_OK)
        st = line_ask(&o, target.data, &answer, &err);
    cli_forget_password();
    if (st == ST_OK && (c->json || c->query[CLI_CASES]))
        cli_print_json(&answer);
    else if (st == ST_OK)
        st = print_answer(c, &answer, &err);
    buf_release(&target);
    buf_release(&answer);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
