/* assess_json.c: the table of the assessment. Rates are percent with two decimals, scores have those of the policy; both
 * are printed from whole numbers and read back as the number that was printed. No data is null. */
#include "core/wire/json.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { PERCENT_DECIMALS = 2, BONUS_DECIMALS = 3, RATE_STEP = 100, POINT = 1000 };

static void put_decimal(struct buf *out, int64_t value, int decimals)
{
    int64_t one = 1;
    for (int i = 0; i < decimals; i++)
        one *= 10;
    if (decimals == 0)
        buf_printf(out, "%" PRId64, value);
    else
        buf_printf(out, "%" PRId64 ".%0*" PRId64, value / one, decimals, value % one);
}

/* Half up from a number that was cut: exact. */
static void put_rate(struct buf *out, const char *key, int64_t rate)
{
    buf_printf(out, ",\"%s\":", key);
    if (rate == ASSESS_NO_DATA)
        buf_puts(out, "null");
    else
        put_decimal(out, (rate + RATE_STEP / 2) / RATE_STEP, PERCENT_DECIMALS);
}

static void put_score(struct buf *out, const char *key, int64_t score, int decimals)
{
    const struct score_policy p = {.decimals = decimals};
    int64_t step = POINT;
    buf_printf(out, ",\"%s\":", key);
    for (int i = 0; i < decimals; i++)
        step /= 10;
    if (score == ASSESS_NO_DATA)
        buf_puts(out, "null");
    else
        put_decimal(out, assess_shown(&p, score) / step, decimals);
}

static void put_figures(struct buf *out, const char *key, const struct assess_figures *f,
                        int decimals)
{
    buf_printf(out, ",\"%s\":{", key);
    for (int i = 0; i < ASSESS_COUNT; i++)
        buf_printf(out, "%s\"%s\":%" PRId64, i ? "," : "", assess_table[i].word, f->n[i]);
    put_rate(out, "R", f->r);
    put_rate(out, "S", f->s);
    put_rate(out, "M", f->m);
    put_score(out, "score", f->score, decimals);
    buf_printf(out, ",\"mean_of\":%d}", f->units);
}

static void put_row(struct buf *out, const struct assess_row *row, const struct assess_board *b)
{
    const char *const text[][2] = {{"code", row->code},
                                   {"name", row->name},
                                   {"name_en", row->name_en},
                                   {"office", row->office},
                                   {"grade", b->show_grade ? row->grade : ""}};
    bool first = true;
    buf_putc(out, '{');
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        json_key(out, &first, text[i][0]);
        json_put_text(out, text[i][1]);
    }
    buf_printf(out, ",\"rank\":%d,\"closed\":%" PRId64 ",\"residents\":%" PRId64,
               b->show_rank ? row->rank : 0, row->closed, row->residents);
    buf_puts(out, ",\"bonus\":");
    put_decimal(out, row->bonus, BONUS_DECIMALS);
    buf_puts(out, ",\"classes\":[");
    for (int i = 0, n = 0; i < 4; i++)
        if (row->classes >> i & 1)
            buf_printf(out, "%s\"%s\"", n++ ? "," : "", assess_class_table[i].word);
    buf_putc(out, ']');
    put_figures(out, "assessed", &row->set[SET_ASSESSED], b->decimals);
    put_figures(out, "all", &row->set[SET_ALL], b->decimals);
    buf_putc(out, '}');
}

void assess_board_encode(struct buf *out, const struct assess_board *b)
{
    buf_printf(out, "{\"level\":\"%s\",\"scope\":", assess_level_table[b->level].word);
    json_put_text(out, b->scope);
    buf_printf(out, ",\"period\":{\"name\":\"%s\",\"from\":", b->period.name);
    json_put_time(out, b->period.from_ms);
    buf_puts(out, ",\"to\":");
    json_put_time(out, b->period.to_ms);
    buf_puts(out, ",\"as_of\":");
    json_put_time(out, b->as_of_ms);
    buf_printf(out,
               ",\"month_start_day\":%d,\"day_cut\":\"%02d:%02d\"},\"policy\":", b->month_start_day,
               b->day_cut_min / 60, b->day_cut_min % 60);
    json_put_text(out, b->policy);
    buf_printf(out,
               ",\"weights\":{\"R\":%d,\"S\":%d,\"M\":%d},\"decimals\":%d,\"rating\":\"%s\","
               "\"summary\":\"%s\",\"ranked\":%d,\"rows\":[",
               b->w_r, b->w_s, b->w_m, b->decimals, b->final_rating ? "final" : "first",
               b->mean ? "mean" : "pooled", b->show_rank ? b->ranked : 0);
    for (size_t i = 0; i < b->n_rows; i++) {
        buf_puts(out, i ? "," : "");
        put_row(out, &b->rows[i], b);
    }
    buf_puts(out, "],\"total\":");
    put_row(out, &b->total, b);
    buf_puts(out, "}\n");
}

/* A number that was printed with few decimals, in its unit again; null is no data. */
static int64_t get_decimal(const json_t *o, const char *key, double one)
{
    const json_t *v = json_object_get(o, key);
    return json_is_number(v) ? (int64_t)llround(json_number_value(v) * one) : ASSESS_NO_DATA;
}

static enum status get_figures(const json_t *o, const char *key, struct assess_figures *f,
                               struct errmsg *err)
{
    const json_t *v = json_object_get(o, key);
    int64_t units = 0;
    enum status st = json_is_object(v) ? ST_OK : fail(err, ST_INVALID, "/%s: missing", key);
    for (int i = 0; i < ASSESS_COUNT && !st; i++)
        st = json_number(v, assess_table[i].word, 0, INT64_MAX, &f->n[i], err);
    if (!st)
        st = json_number(v, "mean_of", 0, INT32_MAX, &units, err);
    f->units = (int)units;
    f->r = get_decimal(v, "R", 10000);
    f->s = get_decimal(v, "S", 10000);
    f->m = get_decimal(v, "M", 10000);
    f->score = get_decimal(v, "score", POINT);
    return st;
}

static enum status get_row(const json_t *o, struct arena *a, struct assess_row *row,
                           struct errmsg *err)
{
    const struct {
        const char *key;
        const char **ret;
    } text[] = {{"code", &row->code},
                {"name", &row->name},
                {"name_en", &row->name_en},
                {"office", &row->office},
                {"grade", &row->grade}};
    int64_t rank = 0;
    enum status st = ST_OK;
    for (size_t i = 0; i < sizeof text / sizeof *text && !st; i++)
        st = json_text(o, text[i].key, a, text[i].ret, err);
    if (!st)
        st = json_number(o, "rank", 0, INT32_MAX, &rank, err);
    row->rank = (int)rank;
    if (!st)
        st = json_number(o, "closed", 0, INT64_MAX, &row->closed, err);
    if (!st)
        st = json_number(o, "residents", 0, RESIDENTS_MOST, &row->residents, err);
    row->bonus = json_object_get(o, "bonus") ? get_decimal(o, "bonus", POINT) : 0;
    const json_t *list = json_object_get(o, "classes");
    for (size_t i = 0; i < json_array_size(list); i++)
        for (int k = 0; k < 4; k++) {
            const char *word = json_string_value(json_array_get(list, i));
            if (word && strcmp(word, assess_class_table[k].word) == 0)
                row->classes |= 1 << k;
        }
    if (!st)
        st = get_figures(o, "assessed", &row->set[SET_ASSESSED], err);
    if (!st)
        st = get_figures(o, "all", &row->set[SET_ALL], err);
    row->shown = row->set[SET_ASSESSED].score;
    row->before = ASSESS_NO_DATA;
    return st;
}

static enum status get_head(const json_t *top, struct arena *a, struct assess_board *b,
                            struct errmsg *err)
{
    const char *level = "", *name = "", *rating = "", *summary = "";
    const json_t *period = json_object_get(top, "period"), *w = json_object_get(top, "weights");
    int64_t n[5] = {0};
    enum status st = json_text(top, "level", a, &level, err);
    if (!st && (b->level = assess_level_find(level)) == LEVEL_COUNT)
        st = fail(err, ST_INVALID, "/level: there is no such level");
    if (!st)
        st = json_text(top, "scope", a, &b->scope, err);
    if (!st)
        st = json_text(top, "policy", a, &b->policy, err);
    if (!st)
        st = json_text(top, "rating", a, &rating, err);
    if (!st)
        st = json_text(top, "summary", a, &summary, err);
    if (!st)
        st = json_text(period, "name", a, &name, err);
    if (!st)
        st = json_time(period, "from", &b->period.from_ms, err);
    if (!st)
        st = json_time(period, "to", &b->period.to_ms, err);
    if (!st)
        st = json_time(period, "as_of", &b->as_of_ms, err);
    if (!st)
        st = json_number(w, "R", 0, 1000, &n[0], err);
    if (!st)
        st = json_number(w, "S", 0, 1000, &n[1], err);
    if (!st)
        st = json_number(w, "M", 0, 1000, &n[2], err);
    if (!st)
        st = json_number(top, "decimals", 0, 2, &n[3], err);
    if (!st)
        st = json_number(top, "ranked", 0, INT32_MAX, &n[4], err);
    b->w_r = (int)n[0];
    b->w_s = (int)n[1];
    b->w_m = (int)n[2];
    b->decimals = (int)n[3];
    b->ranked = (int)n[4];
    b->final_rating = strcmp(rating, "final") == 0;
    b->mean = strcmp(summary, "mean") == 0;
    b->show_rank = b->ranked > 0;
    b->show_grade = true;
    (void)snprintf(b->period.name, sizeof b->period.name, "%s", name);
    return st;
}

enum status assess_board_decode(const char *json, size_t n, struct arena *a,
                                struct assess_board *ret, struct errmsg *err)
{
    json_t *top;
    struct assess_board b = {.scope = ""};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = get_head(top, a, &b, err);
    const json_t *rows = json_object_get(top, "rows");
    b.n_rows = json_array_size(rows);
    b.rows = arena_array(a, b.n_rows + 1, sizeof *b.rows);
    if (!st && !b.rows)
        st = fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; i < b.n_rows && !st; i++)
        if ((st = get_row(json_array_get(rows, i), a, &b.rows[i], err)) != ST_OK)
            json_place(err, "/rows/%zu", i);
    if (!st && (st = get_row(json_object_get(top, "total"), a, &b.total, err)) != ST_OK)
        json_place(err, "/total");
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = b;
    return st;
}
