#include "core/case/assess.h"

#include "core/base/i18n.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Products of three counts with weights need more than 64 bits. */
__extension__ typedef __int128 wide;

enum { PER_MILLE = 1000, RATE_ONE = 1000000, POINT = 1000, FINE = 1000000 };

const struct named_row assess_table[ASSESS_COUNT] = {
#define ASSESS(id, word, label) [ASSESS_##id] = {word, label},
#include "core/case/assess.def"
#undef ASSESS
};

enum assess_count assess_count_find(const char *word)
{
    int i = 0;
    while (i < ASSESS_COUNT && strcmp(assess_table[i].word, word) != 0)
        i++;
    return (enum assess_count)i;
}

const struct named_row assess_level_table[LEVEL_COUNT] = {
    [LEVEL_CITY] = {"city", N_("City")},
    [LEVEL_DISTRICT] = {"district", N_("District")},
    [LEVEL_DEPARTMENT] = {"department", N_("Department")},
    [LEVEL_STREET] = {"street", N_("Street")},
    [LEVEL_SECTION] = {"section", N_("Section")},
    [LEVEL_COMMUNITY] = {"community", N_("Community")},
    [LEVEL_PERSON] = {"person", N_("Handler")},
    [LEVEL_CATEGORY] = {"category", N_("Category")},
    [LEVEL_INTEREST] = {"interest", N_("Interest")},
};

const struct named_row assess_class_table[4] = {{"advanced", N_("advanced")},
                                                {"improving", N_("improving")},
                                                {"correct", N_("to be corrected")},
                                                {"govern", N_("to be governed")}};

enum assess_level assess_level_find(const char *word)
{
    int i = 0;
    while (i < LEVEL_COUNT && strcmp(assess_level_table[i].word, word) != 0)
        i++;
    return (enum assess_level)i;
}

/* --- an order ------------------------------------------------------------------------------ */

static bool is(const struct casefile *c, enum field f, const char *word)
{
    return strcmp(c->value[f], word) == 0;
}

static int rates_by_policy(const struct score_policy *p, const struct casefile *c)
{
    int rates = RATE_ALL;
    for (int i = 0; i < p->n_types; i++)
        if (is(c, FIELD_TYPE, p->type[i].word))
            rates &= p->type[i].rates;
    for (int i = 0; i < p->n_categories; i++)
        if (strncmp(c->value[FIELD_CATEGORY], p->category[i].word, strlen(p->category[i].word)) ==
            0)
            rates &= p->category[i].rates;
    return rates;
}

/* What the class of a granted exclusion leaves (domain 7.9); a mode on the order says it otherwise. */
static int left_by_exclusion(const struct score_policy *p, const struct casefile *c)
{
    for (int i = 0; i < p->n_exclusions; i++)
        if (is(c, FIELD_EXCLUSION, p->exclusion[i].word))
            return p->exclusion[i].rates;
    return p->excluded_rates;
}

/* What the order counts in, by policy and by decision: a mode that an exclusion set holds for the assessed set alone,
 * one that was set otherwise for both. */
static void set_rates(struct assess_facts *f, const struct score_policy *p,
                      const struct casefile *c)
{
    bool none = is(c, FIELD_SCORE_MODE, "none"), full = is(c, FIELD_SCORE_MODE, "full");
    bool response = is(c, FIELD_SCORE_MODE, "response");
    f->rates = rates_by_policy(p, c);
    f->excluded = *c->value[FIELD_EXCLUSION] != '\0';
    if (!f->excluded && full)
        f->rates = RATE_ALL;
    if (!f->excluded && response)
        f->rates &= RATE_R;
    f->hung = c->state == STATE_HUNG;
    if (f->hung)
        f->rates &= p->hung_rates;
    f->assessed = f->rates;
    if (f->excluded)
        f->assessed &= none ? 0 : full ? RATE_ALL : response ? RATE_R : left_by_exclusion(p, c);
}

static struct assess_rating rating_of(const char *contacted, const char *solved,
                                      const char *satisfied)
{
    bool yes = strcmp(contacted, "yes") == 0;
    bool partly = strcmp(solved, "partly") == 0, done = strcmp(solved, "solved") == 0;
    return (struct assess_rating){
        .there = true,
        .valid = (yes || strcmp(contacted, "no") == 0) &&
                 (done || partly || strcmp(solved, "not") == 0) && *satisfied,
        .contacted = yes,
        .solved = done     ? SOLVED_YES
                  : partly ? SOLVED_PARTLY
                           : SOLVED_NOT,
        .satisfied = strcmp(satisfied, "satisfied") == 0   ? SATISFIED_YES
                     : strcmp(satisfied, "basically") == 0 ? SATISFIED_BASICALLY
                     : strcmp(satisfied, "not") == 0       ? SATISFIED_NOT
                                                           : SATISFIED_NO_ANSWER};
}

/* "yes/solved/satisfied" */
static struct assess_rating first_rating(const char *text)
{
    char part[3][32] = {{0}};
    for (int i = 0; i < 3; i++) {
        size_t n = strcspn(text, "/");
        snprintf(part[i], sizeof part[i], "%.*s", (int)n, text);
        text += n + (text[n] == '/');
    }
    return rating_of(part[0], part[1], part[2]);
}

static bool is_closed(const struct casefile *c)
{
    return c->state == STATE_CLOSED || c->state == STATE_ARCHIVED;
}

/* An answer on the ledger counts while the order is there; afterwards only what follows does. */
static void set_ratings(struct assess_facts *f, const struct casefile *c)
{
    struct assess_rating now =
        rating_of(c->value[FIELD_CONTACTED], c->value[FIELD_SOLVED], c->value[FIELD_SATISFIED]);
    bool answered = *c->value[FIELD_CONTACTED] != '\0';
    if (*c->value[FIELD_FIRST_RATING])
        f->first = first_rating(c->value[FIELD_FIRST_RATING]);
    else if (f->hung && answered)
        f->first = now;
    if (answered && (f->hung || (is_closed(c) && is(c, FIELD_CLOSED_AS, "rated"))))
        f->last = now;
}

static bool is_own(const struct score_policy *p, const struct casefile *c)
{
    for (int i = 0; i < p->n_outside; i++)
        if (is(c, FIELD_CHANNEL, p->outside[i]))
            return true;
    return false;
}

/* Outside whatever a rating says, in the order in which one reason hides another; ASSESS_COUNT when it is not. */
static enum assess_count outside_always(const struct assess_facts *f, const struct score_policy *p,
                                        const struct casefile *c)
{
    if (c->state == STATE_VOID)
        return ASSESS_VOID;
    if (c->state == STATE_DIRECT)
        return ASSESS_DIRECT;
    if (c->state == STATE_ELSEWHERE)
        return ASSESS_ELSEWHERE;
    if (is(c, FIELD_CLOSED_AS, "withdrawn"))
        return ASSESS_WITHDRAWN;
    if (is_own(p, c))
        return ASSESS_OWN;
    if (!f->excluded && is(c, FIELD_SCORE_MODE, "none"))
        return ASSESS_NOT_SCORED;
    if (f->rates == 0)
        return is(c, FIELD_TYPE, "praise") ? ASSESS_PRAISE : ASSESS_SCOPE;
    return ASSESS_COUNT;
}

static enum assess_count outside_until_rated(const struct casefile *c)
{
    if (c->state == STATE_MERGED)
        return ASSESS_MERGED;
    if (!is_closed(c))
        return ASSESS_IN_HAND;
    return is(c, FIELD_CLOSED_AS, "unrated") ? ASSESS_UNRATED : ASSESS_UNCALLED;
}

/* By the first limit: a new dispatch gives the new unit a fresh one (redispatch.handle), which the claimant's first
 * due is not. On the ledger the clock stands although nothing was filed. */
static void set_times(struct assess_facts *f, const struct casefile *c)
{
    const struct clock_run *handle = &c->clock[CLOCK_HANDLE];
    int64_t first = handle->due_ms, due;
    f->filed = handle->status == CLOCK_STOPPED && !f->hung;
    if (c->dispatched <= 1 && rfc3339_parse(c->value[FIELD_FIRST_DUE], &due) == 0 && due < first)
        first = due;
    f->lawful = f->filed && handle->stopped_ms <= handle->due_ms;
    f->on_time = f->filed && handle->stopped_ms <= first;
}

struct assess_facts assess_facts(const struct score_policy *p, const struct casefile *c)
{
    struct assess_facts f = {.closed_ms = c->state == STATE_CLOSED ? c->state_ms : TIME_NONE};
    set_rates(&f, p, c);
    set_ratings(&f, c);
    set_times(&f, c);
    f.why = outside_always(&f, p, c);
    f.always = f.why != ASSESS_COUNT;
    if (!f.always)
        f.why = outside_until_rated(c);
    return f;
}

/* The widths of the parts, from the lowest bit on: the rows of equal numbers lie together in the index. */
static uint32_t put(uint32_t *at, unsigned value, unsigned width)
{
    uint32_t bits = (uint32_t)value << *at;
    *at += width;
    return bits;
}

static unsigned take(uint32_t *bits, unsigned width)
{
    unsigned value = *bits & ((1u << width) - 1);
    *bits >>= width;
    return value;
}

static uint32_t put_rating(uint32_t *at, const struct assess_rating *r)
{
    uint32_t bits = put(at, r->there, 1) | put(at, r->valid, 1);
    bits |= put(at, r->contacted, 1) | put(at, (unsigned)r->solved, 2);
    return bits | put(at, (unsigned)r->satisfied, 2);
}

static struct assess_rating take_rating(uint32_t *bits)
{
    struct assess_rating r = {.there = take(bits, 1)};
    r.valid = take(bits, 1);
    r.contacted = take(bits, 1);
    r.solved = (int)take(bits, 2);
    r.satisfied = (int)take(bits, 2);
    return r;
}

int64_t assess_pack(const struct assess_facts *f)
{
    _Static_assert(ASSESS_COUNT <= 32, "a count is five bits, and one bit of a mask");
    uint32_t at = 0, bits = put(&at, f->why, 5) | put(&at, f->always, 1);
    bits |= put(&at, (unsigned)f->rates, 3) | put(&at, (unsigned)f->assessed, 3);
    bits |= put(&at, f->excluded, 1) | put(&at, f->hung, 1);
    bits |= put_rating(&at, &f->first);
    bits |= put_rating(&at, &f->last);
    return bits | put(&at, f->filed, 1) | put(&at, f->on_time, 1) | put(&at, f->lawful, 1);
}

struct assess_facts assess_unpack(int64_t packed)
{
    uint32_t bits = (uint32_t)packed;
    struct assess_facts f = {.closed_ms = TIME_NONE};
    f.why = (enum assess_count)take(&bits, 5);
    f.always = take(&bits, 1);
    f.rates = (int)take(&bits, 3);
    f.assessed = (int)take(&bits, 3);
    f.excluded = take(&bits, 1);
    f.hung = take(&bits, 1);
    f.first = take_rating(&bits);
    f.last = take_rating(&bits);
    f.filed = take(&bits, 1);
    f.on_time = take(&bits, 1);
    f.lawful = take(&bits, 1);
    return f;
}

#define BIT(id) (UINT32_C(1) << ASSESS_##id)

static uint32_t rated_counts(const struct assess_rating *r, int rates)
{
    uint32_t in = BIT(VALID) | (r->contacted ? BIT(CONTACTED) : 0);
    if (rates & RATE_S) {
        in |= BIT(S_OF);
        in |= r->solved == SOLVED_YES ? BIT(SOLVED) : r->solved == SOLVED_PARTLY ? BIT(PARTLY) : 0;
    }
    if (rates & RATE_M && r->satisfied != SATISFIED_NO_ANSWER) {
        in |= BIT(M_OF);
        in |= r->satisfied == SATISFIED_YES         ? BIT(SATISFIED)
              : r->satisfied == SATISFIED_BASICALLY ? BIT(BASICALLY)
                                                    : 0;
    }
    return in;
}

uint32_t assess_counts_of(const struct score_policy *p, const struct assess_facts *f,
                          enum assess_set set)
{
    const struct assess_rating *r = p->final_rating ? &f->last : &f->first;
    int rates = set == SET_ALL ? f->rates : f->assessed;
    uint32_t in = BIT(RECEIVED) | (f->filed ? BIT(FILED) : 0) | (f->on_time ? BIT(ON_TIME) : 0) |
                  (f->lawful ? BIT(LAWFUL) : 0) | (f->hung ? BIT(HUNG) : 0);
    if (f->always)
        return in | UINT32_C(1) << f->why;
    if (rates == 0)
        return in | BIT(EXCLUDED);
    if (!r->there)
        return in | UINT32_C(1) << f->why;
    if (!r->valid)
        return in | BIT(INVALID);
    return in | rated_counts(r, rates) | (rates != f->rates ? BIT(EXCLUDED_SM) : 0);
}

/* --- figures ------------------------------------------------------------------------------- */

/* num / den in parts of one / scale, cut; no data without a denominator. */
static int64_t part(wide num, wide den, int64_t scale)
{
    return den == 0 ? ASSESS_NO_DATA : (int64_t)(num * scale / den);
}

/* Numerators of S and M, per mille of an order. */
static int64_t solved_of(const struct score_policy *p, const struct assess_figures *f)
{
    return f->n[ASSESS_SOLVED] * PER_MILLE + f->n[ASSESS_PARTLY] * p->partly_value;
}

static int64_t satisfied_of(const struct score_policy *p, const struct assess_figures *f)
{
    return f->n[ASSESS_SATISFIED] * PER_MILLE + f->n[ASSESS_BASICALLY] * p->basic_value;
}

/* 100 x (w_R R + w_S S + w_M M) in parts of a point / scale, over one common denominator, so that it is cut once. */
static int64_t score_of(const struct score_policy *p, const struct assess_figures *f, int64_t scale)
{
    wide v = f->n[ASSESS_VALID], s = f->n[ASSESS_S_OF], m = f->n[ASSESS_M_OF];
    wide sum = p->w_r * f->n[ASSESS_CONTACTED] * s * m * PER_MILLE +
               p->w_s * solved_of(p, f) * v * m + p->w_m * satisfied_of(p, f) * v * s;
    return part(sum, v * s * m * PER_MILLE * (PER_MILLE / 100), scale);
}

static void rates_of(const struct score_policy *p, const struct assess_figures *f, int64_t scale,
                     int64_t ret[3])
{
    ret[0] = part(f->n[ASSESS_CONTACTED], f->n[ASSESS_VALID], scale);
    ret[1] = part(solved_of(p, f), (wide)f->n[ASSESS_S_OF] * PER_MILLE, scale);
    ret[2] = part(satisfied_of(p, f), (wide)f->n[ASSESS_M_OF] * PER_MILLE, scale);
}

void assess_figures_of(const struct score_policy *p, struct assess_figures *f)
{
    int64_t rate[3];
    rates_of(p, f, RATE_ONE, rate);
    f->r = rate[0];
    f->s = rate[1];
    f->m = rate[2];
    f->score = score_of(p, f, POINT);
    f->units = 0;
}

/* Each unit's part is taken FINE times finer than is kept and the mean is rounded there, so that thirds which make a
 * whole make it here too. */
struct mean {
    wide sum;
    int n;
};

static void mean_add(struct mean *m, int64_t value)
{
    if (value == ASSESS_NO_DATA)
        return;
    m->sum += value;
    m->n++;
}

static int64_t mean_of(const struct mean *m)
{
    if (m->n == 0)
        return ASSESS_NO_DATA;
    wide fine =
        (m->sum * 2 + (wide)m->n * 1000) / ((wide)m->n * 2000); /* to FINE / 1000, half up */
    return (int64_t)(fine / (FINE / 1000));
}

void assess_summary(const struct score_policy *p, const struct assess_figures *unit, size_t n,
                    struct assess_figures *ret)
{
    struct mean mean[4] = {{.n = 0}};
    struct assess_figures sum = {.units = 0};
    for (size_t i = 0; i < n; i++) {
        int64_t rate[3];
        for (int k = 0; k < ASSESS_COUNT; k++)
            sum.n[k] += unit[i].n[k];
        rates_of(p, &unit[i], (int64_t)RATE_ONE * FINE, rate);
        for (int k = 0; k < 3; k++)
            mean_add(&mean[k], rate[k]);
        mean_add(&mean[3], score_of(p, &unit[i], (int64_t)POINT * FINE));
    }
    assess_figures_of(p, &sum);
    if (p->mean) {
        sum.r = mean_of(&mean[0]);
        sum.s = mean_of(&mean[1]);
        sum.m = mean_of(&mean[2]);
        sum.score = mean_of(&mean[3]);
        sum.units = mean[3].n;
    }
    *ret = sum;
}

int64_t assess_shown(const struct score_policy *p, int64_t score)
{
    int64_t step = POINT;
    if (score == ASSESS_NO_DATA)
        return score;
    for (int i = 0; i < p->decimals; i++)
        step /= 10;
    return (score + step / 2) / step * step;
}

int64_t assess_with_bonus(const struct score_policy *p, int64_t score, int64_t bonus)
{
    int64_t cap = (int64_t)p->bonus_cap * POINT;
    if (score == ASSESS_NO_DATA)
        return score;
    return score + (bonus < 0 ? 0 : bonus > cap ? cap : bonus);
}

const char *assess_grade(const struct score_policy *p, int64_t score)
{
    int64_t shown = assess_shown(p, score);
    for (int i = 0; shown != ASSESS_NO_DATA && i < p->n_grades; i++)
        if (shown >= (int64_t)p->grade[i].from * POINT)
            return p->grade[i].grade;
    return "";
}

static int by_rank(const void *a, const void *b)
{
    const struct assess_row *x = a, *y = b;
    int64_t nx = x->set[SET_ASSESSED].n[ASSESS_RECEIVED],
            ny = y->set[SET_ASSESSED].n[ASSESS_RECEIVED];
    if (x->shown != y->shown)
        return x->shown > y->shown ? -1 : 1; /* no data is the least of all numbers */
    if (nx != ny)
        return nx > ny ? -1 : 1;
    return strcmp(x->code, y->code);
}

int assess_rank(const struct score_policy *p, struct assess_row *rows, size_t n)
{
    int ranked = 0;
    for (size_t i = 0; i < n; i++)
        rows[i].shown = assess_shown(p, rows[i].set[SET_ASSESSED].score);
    if (n > 0)
        qsort(rows, n, sizeof *rows, by_rank);
    for (size_t i = 0; i < n; i++) {
        bool data = rows[i].shown != ASSESS_NO_DATA;
        bool same = i > 0 && rows[i].shown == rows[i - 1].shown;
        rows[i].rank = !data ? 0 : same ? rows[i - 1].rank : (int)i + 1;
        ranked += data;
    }
    return ranked;
}

/* What a class is chosen by: the larger the better; ASSESS_NO_DATA never gets in. */
static int64_t by_score(const struct assess_row *r)
{
    return r->shown;
}

static int64_t by_low_score(const struct assess_row *r)
{
    return r->shown == ASSESS_NO_DATA || r->classes & CLASS_ADVANCED ? ASSESS_NO_DATA : -r->shown;
}

static int64_t by_rise(const struct assess_row *r)
{
    if (r->shown == ASSESS_NO_DATA || r->before == ASSESS_NO_DATA || r->shown <= r->before)
        return ASSESS_NO_DATA;
    return r->shown - r->before;
}

static int64_t by_total(const struct assess_row *r)
{
    int64_t n = r->set[SET_ALL].n[ASSESS_RECEIVED];
    return n > 0 ? n : ASSESS_NO_DATA;
}

/* Orders per 10,000 residents, in thousandths. */
static int64_t by_density(const struct assess_row *r)
{
    int64_t n = r->set[SET_ALL].n[ASSESS_RECEIVED];
    return n > 0 && r->residents > 0 ? n * 10000 * 1000 / r->residents : ASSESS_NO_DATA;
}

/* How many are better than the row: 0 for the first. */
static int64_t place(const struct assess_row *rows, size_t n, const struct assess_row *row,
                     int64_t (*by)(const struct assess_row *r))
{
    int64_t better = 0, own = by(row);
    for (size_t i = 0; i < n; i++)
        better += by(&rows[i]) > own;
    return better;
}

static void take_best(struct assess_row *rows, size_t n, int64_t size, int class,
                      int64_t (*by)(const struct assess_row *r))
{
    for (size_t i = 0; i < n; i++)
        if (by(&rows[i]) != ASSESS_NO_DATA && place(rows, n, &rows[i], by) < size)
            rows[i].classes |= class;
}

static int64_t by_burden(const struct assess_row *r)
{
    return by_total(r) == ASSESS_NO_DATA ? ASSESS_NO_DATA : -r->burden;
}

void assess_classify(const struct score_policy *p, struct assess_row *rows, size_t n)
{
    int64_t ranked = 0, size = p->class_size;
    for (size_t i = 0; i < n; i++) {
        rows[i].classes = 0;
        ranked += rows[i].shown != ASSESS_NO_DATA;
    }
    int64_t ends = size < ranked / 2 ? size : ranked / 2;
    take_best(rows, n, ends, CLASS_ADVANCED, by_score);
    take_best(rows, n, size, CLASS_IMPROVING, by_rise);
    take_best(rows, n, ends, CLASS_CORRECT, by_low_score);
    for (size_t i = 0; i < n; i++)
        rows[i].burden = (p->govern_by_total ? place(rows, n, &rows[i], by_total) : 0) +
                         (p->govern_by_density ? place(rows, n, &rows[i], by_density) : 0);
    take_best(rows, n, size, CLASS_GOVERN, by_burden);
}

/* --- periods ------------------------------------------------------------------------------- */

static int64_t midnight(int year, int month, int day)
{
    struct civil c = {.year = year, .month = month, .day = day};
    return civil_to_ms(&c, BEIJING_OFFSET_MS);
}

/* The moment at which the month begins. */
static int64_t month_begin(const struct score_policy *p, int year, int month)
{
    int back = p->month_start_day > 1;
    int count = year * 12 + month - 1 - back;
    return midnight(count / 12, count % 12 + 1, p->month_start_day);
}

struct assess_period assess_month(const struct score_policy *p, int year, int month)
{
    struct assess_period r = {.from_ms = month_begin(p, year, month),
                              .to_ms = month_begin(p, year + month / 12, month % 12 + 1)};
    snprintf(r.name, sizeof r.name, "%04d-%02d", year, month);
    return r;
}

struct assess_period assess_month_of(const struct score_policy *p, int64_t ms)
{
    struct civil c = civil_from_ms(ms, BEIJING_OFFSET_MS);
    int next = p->month_start_day > 1 && c.day >= p->month_start_day;
    int count = c.year * 12 + c.month - 1 + next;
    return assess_month(p, count / 12, count % 12 + 1);
}

struct assess_period assess_day(const struct score_policy *p, int year, int month, int day)
{
    int64_t cut = midnight(year, month, day) + (int64_t)p->day_cut_min * MS_MINUTE;
    struct assess_period r = {.from_ms = cut - MS_DAY, .to_ms = cut};
    snprintf(r.name, sizeof r.name, "%04d-%02d-%02d", year, month, day);
    return r;
}

struct assess_period assess_before(const struct score_policy *p, const struct assess_period *period)
{
    struct assess_period r = {.from_ms = period->from_ms - (period->to_ms - period->from_ms),
                              .to_ms = period->from_ms};
    if (strlen(period->name) == strlen("2026-11"))
        return assess_month_of(p, period->from_ms - 1);
    return r;
}
