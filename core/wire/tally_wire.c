/* tally_wire.c: tables that only count, as JSON and as lines of text. A rate is percent with two decimals, null without
 * data; it never stands without what it is a rate of (domain 9.5). */
#include "core/wire/json.h"
#include "core/base/i18n.h"
#include "core/text/clean.h"
#include "core/wire/codec.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CELL = 64, RATE_STEP = 100, PERCENT = 100 };

static bool of_kind(const struct tally_board *t, int column)
{
    return tally_columns[column].kind == t->kind;
}

static void put_row(struct buf *out, const struct tally_board *t, const struct tally_row *row)
{
    const char *const text[][2] = {{"side", tally_side_table[row->side].word},
                                   {"code", row->code},
                                   {"name", row->name},
                                   {"name_en", row->name_en},
                                   {"person", row->person},
                                   {"person_name", row->person_name},
                                   {"person_name_en", row->person_name_en}};
    bool first = true;
    int64_t rate = tally_rate(t, row), hundredths = (rate + RATE_STEP / 2) / RATE_STEP;
    buf_putc(out, '{');
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        json_key(out, &first, text[i][0]);
        json_put_text(out, text[i][1]);
    }
    for (int i = 0; i < TALLY_COLUMNS; i++)
        if (of_kind(t, i))
            buf_printf(out, ",\"%s\":%" PRId64, tally_columns[i].word, row->n[i]);
    if (rate == ASSESS_NO_DATA)
        buf_puts(out, ",\"rate\":null}");
    else
        buf_printf(out, ",\"rate\":%" PRId64 ".%02" PRId64 "}", hundredths / PERCENT,
                   hundredths % PERCENT);
}

void tally_encode(struct buf *out, const struct tally_board *t)
{
    buf_printf(out, "{\"by\":\"%s\",\"scope\":", tally_table[t->kind].word);
    json_put_text(out, t->scope);
    buf_printf(out, ",\"period\":{\"name\":\"%s\",\"from\":", t->period.name);
    json_put_time(out, t->period.from_ms);
    buf_puts(out, ",\"to\":");
    json_put_time(out, t->period.to_ms);
    buf_puts(out, ",\"as_of\":");
    json_put_time(out, t->as_of_ms);
    buf_puts(out, "},\"rows\":[");
    for (size_t i = 0; i < t->n_rows; i++) {
        buf_puts(out, i ? "," : "");
        put_row(out, t, &t->rows[i]);
    }
    buf_puts(out, "]}\n");
}

static enum status get_row(const json_t *o, const struct tally_board *t, struct arena *a,
                           struct tally_row *row, struct errmsg *err)
{
    const char *side = "";
    const struct {
        const char *key;
        const char **ret;
    } text[] = {{"side", &side},
                {"code", &row->code},
                {"name", &row->name},
                {"name_en", &row->name_en},
                {"person", &row->person},
                {"person_name", &row->person_name},
                {"person_name_en", &row->person_name_en}};
    enum status st = ST_OK;
    int k = 0;
    for (size_t i = 0; i < sizeof text / sizeof *text && !st; i++)
        st = json_text(o, text[i].key, a, text[i].ret, err);
    while (!st && k < SIDES && strcmp(tally_side_table[k].word, side) != 0)
        k++;
    if (!st && k == SIDES)
        st = fail(err, ST_INVALID, "/side: there is no such side");
    row->side = (enum tally_side)k;
    for (int i = 0; i < TALLY_COLUMNS && !st; i++)
        if (of_kind(t, i))
            st = json_number(o, tally_columns[i].word, 0, INT64_MAX, &row->n[i], err);
    return st;
}

static enum status get_head(const json_t *top, struct arena *a, struct tally_board *t,
                            struct errmsg *err)
{
    const char *by = "", *name = "";
    const json_t *period = json_object_get(top, "period");
    enum status st = json_text(top, "by", a, &by, err);
    if (!st && (t->kind = tally_find(by)) == TALLY_KINDS)
        st = fail(err, ST_INVALID, "/by: there is no such table");
    if (!st)
        st = json_text(top, "scope", a, &t->scope, err);
    if (!st)
        st = json_text(period, "name", a, &name, err);
    if (!st)
        st = json_time(period, "from", &t->period.from_ms, err);
    if (!st)
        st = json_time(period, "to", &t->period.to_ms, err);
    if (!st)
        st = json_time(period, "as_of", &t->as_of_ms, err);
    (void)snprintf(t->period.name, sizeof t->period.name, "%s", name);
    return st;
}

enum status tally_decode(const char *json, size_t n, struct arena *a, struct tally_board *ret,
                         struct errmsg *err)
{
    json_t *top;
    struct tally_board t = {.scope = ""};
    enum status st = json_read(NULL, json, n, &top, err);
    if (st)
        return st;
    st = get_head(top, a, &t, err);
    const json_t *rows = json_object_get(top, "rows");
    t.n_rows = json_array_size(rows);
    t.rows = arena_array(a, t.n_rows + 1, sizeof *t.rows);
    if (!st && !t.rows)
        st = fail(err, ST_NOMEM, "out of memory");
    for (size_t i = 0; i < t.n_rows && !st; i++)
        if ((st = get_row(json_array_get(rows, i), &t, a, &t.rows[i], err)) != ST_OK)
            json_place(err, "/rows/%zu", i);
    json_decref(top);
    if (!st && arena_failed(a))
        st = fail(err, ST_NOMEM, "out of memory");
    if (!st)
        *ret = t;
    return st;
}

/* --- lines of text --------------------------------------------------------------------------- */

static void print_foreign(struct buf *out, const char *foreign, bool ascii)
{
    struct arena a;
    arena_init(&a, 0);
    clean_plain(out, text_clean_str(&a, foreign, CLEAN_LINE), ascii);
    arena_release(&a);
}

static void print_name(struct buf *out, const char *zh, const char *en, const char *code,
                       bool chinese, bool ascii)
{
    const char *name = chinese || !*en ? zh : en;
    print_foreign(out, *name ? name : code, ascii);
}

static void print_time(struct buf *out, int64_t ms)
{
    struct civil t = civil_from_ms(ms, BEIJING_OFFSET_MS);
    buf_printf(out, "%04d-%02d-%02d %02d:%02d", t.year, t.month, t.day, t.hour, t.minute);
}

static void print_row(struct buf *out, const struct tally_board *t, const struct tally_row *row,
                      bool chinese, bool ascii)
{
    int64_t rate = tally_rate(t, row), hundredths = (rate + RATE_STEP / 2) / RATE_STEP;
    bool first = true;
    print_name(out, row->name, row->name_en, row->code, chinese, ascii);
    if (t->kind == TALLY_KIND_ARTICLE && tally_rule_find(row->code) != TALLY_RULES)
        buf_printf(out, ", %s", _(tally_rules[tally_rule_find(row->code)].label));
    if (*row->person) {
        buf_puts(out, " / ");
        print_name(out, row->person_name, row->person_name_en, row->person, chinese, ascii);
    }
    if (row->side != SIDE_UNIT)
        buf_printf(out, " [%s]", _(tally_side_table[row->side].label));
    buf_puts(out, ": ");
    for (int i = 0; i < TALLY_COLUMNS; i++)
        if (of_kind(t, i) && row->n[i] > 0) {
            buf_printf(out, "%s%s %" PRId64, first ? "" : ", ", _(tally_columns[i].label),
                       row->n[i]);
            first = false;
        }
    if (rate != ASSESS_NO_DATA && t->kind == TALLY_KIND_ARTICLE)
        buf_printf(out, _("; kept in %" PRId64 ".%02" PRId64 " %% (of %" PRId64 " known)"),
                   hundredths / PERCENT, hundredths % PERCENT, tally_decided(row));
    else if (rate != ASSESS_NO_DATA)
        buf_printf(out, _("; whistle rate %" PRId64 ".%02" PRId64 " %% (of %" PRId64 ")"),
                   hundredths / PERCENT, hundredths % PERCENT, row->n[TALLY_WHISTLE_RECEIVED]);
    buf_putc(out, '\n');
}

void tally_print(struct buf *out, const struct tally_board *t, bool chinese, bool ascii)
{
    buf_printf(out, "%s, ", _(tally_table[t->kind].label));
    print_foreign(out, t->scope, ascii);
    buf_printf(out, ", %s: ", *t->period.name ? t->period.name : "-");
    print_time(out, t->period.from_ms);
    buf_puts(out, " - ");
    print_time(out, t->period.to_ms);
    buf_puts(out, "\n\n");
    for (size_t i = 0; i < t->n_rows; i++)
        print_row(out, t, &t->rows[i], chinese, ascii);
    if (t->n_rows == 0)
        buf_printf(out, "%s\n", _("no data"));
}
