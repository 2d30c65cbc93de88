/* page.c: lists of cases by keyset, flat in the number of cases. */
#include "core/store/db.h"
#include "core/base/i18n.h"
#include <string.h>

const struct view_row view_table[VIEW_COUNT] = {
    [VIEW_TO_SIGN] = {"to_sign", N_("To sign"), '1'},
    [VIEW_IN_HAND] = {"in_hand", N_("In hand"), '2'},
    [VIEW_TO_APPROVE] = {"to_approve", N_("To approve"), '3'},
    [VIEW_WHISTLE] = {"whistle", N_("Whistles"), '4'},
    [VIEW_CALLBACK] = {"callback", N_("To call back"), '5'},
    [VIEW_DUE_TODAY] = {"due_today", N_("Due today"), '6'},
    [VIEW_ALL_OPEN] = {"all_open", N_("All open"), '7'},
    [VIEW_DISPATCH] = {"dispatch", N_("To dispatch"), '8'},
    [VIEW_CLOSED] = {"closed", N_("Closed"), '9'},
};

#define ARM(where, order, cmp)                                                                     \
    "SELECT row FROM (SELECT row FROM cases WHERE " where " AND (due, row) " cmp                   \
    " (?1, ?2) AND due <= ?4 ORDER BY due " order ", row " order " LIMIT ?3)"
#define PAGE(arms, order)                                                                          \
    "SELECT due, row, id, number, category, community, title, handler, title_en, state,"           \
    " next_clock, version, unsent, repeats, draft, conflict FROM cases WHERE row IN (" arms        \
    ") ORDER BY due " order ", row " order " LIMIT ?3"
#define ONE(a)                                                                                     \
    {                                                                                              \
        PAGE(ARM(a, "", ">"), ""), PAGE(ARM(a, "DESC", "<"), "DESC")                               \
    }
#define TWO(a, b)                                                                                  \
    {                                                                                              \
        PAGE(ARM(a, "", ">") " UNION ALL " ARM(b, "", ">"), ""),                                   \
            PAGE(ARM(a, "DESC", "<") " UNION ALL " ARM(b, "DESC", "<"), "DESC")                    \
    }
static const char *const page_sql[VIEW_COUNT][2] = {
    [VIEW_TO_SIGN] = ONE("bucket = 2"),    [VIEW_IN_HAND] = TWO("bucket = 3", "bucket = 1"),
    [VIEW_TO_APPROVE] = ONE("bucket = 4"), [VIEW_WHISTLE] = ONE("whistle = 1"),
    [VIEW_CALLBACK] = ONE("bucket = 5"),   [VIEW_DUE_TODAY] = ONE("bucket < 7"),
    [VIEW_ALL_OPEN] = ONE("bucket < 7"),   [VIEW_DISPATCH] = TWO("bucket = 0", "bucket = 1"),
    [VIEW_CLOSED] = ONE("bucket = 7"),
};

enum status store_page(struct store *s, const struct query *q, const struct row_key *from,
                       bool backward, size_t limit, struct arena *a, struct case_row **ret,
                       size_t *ret_n, struct errmsg *err)
{
    if (q->filter && *q->filter)
        return fail(err, ST_UNSUPPORTED, _("This build cannot filter: %s"), q->filter);
    enum status st = db_read_begin(s, err);
    if (st != ST_OK)
        return st;
    int64_t all = db_int(s, "SELECT total(n) FROM counts", "");
    size_t n = 0, most = (size_t)all < limit ? (size_t)all : limit;
    int64_t below = INT64_MAX;
    if (q->view == VIEW_DUE_TODAY)
        below = (q->now_ms + BEIJING_OFFSET_MS) / MS_DAY * MS_DAY + MS_DAY - BEIJING_OFFSET_MS - 1;
    struct case_row *out = arena_array(a, most ? most : 1, sizeof *out);
    struct row_key key =
        from ? *from
             : (struct row_key){backward ? INT64_MAX : INT64_MIN, backward ? INT64_MAX : INT64_MIN};
    struct sqlite3_stmt *p = db_prepared(s, page_sql[q->view][backward], true);
    if (!out)
        db_nomem(s);
    if (p) {
        db_bind_int(p, 1, key.due_ms);
        db_bind_int(p, 2, key.row);
        db_bind_int(p, 3, (int64_t)most);
        db_bind_int(p, 4, below);
    }
    for (; n < most && db_step(s, p); n++) {
        struct case_row *r = &out[n];
        int64_t state = db_column_int(p, 9), next = db_column_int(p, 10);
        *r = (struct case_row){
            .key = {db_column_int(p, 0), db_column_int(p, 1)},
            .id = db_column_uuid(p, 2),
            .number = db_column_text(p, 3, a),
            .category = db_column_text(p, 4, a),
            .community = db_column_text(p, 5, a),
            .title = db_column_text(p, 6, a),
            .handler = db_column_text(p, 7, a),
            .title_en = db_column_text(p, 8, a),
            .state = state >= 0 && state < STATE_COUNT ? (enum state)state : STATE_NEW,
            .next_clock = next >= 0 && next < CLOCK_COUNT ? (enum clock_id)next : CLOCK_COUNT,
            .version = (uint32_t)db_column_int(p, 11),
            .unsent = (int)db_column_int(p, 12),
            .repeats = (int)db_column_int(p, 13),
            .draft = db_column_int(p, 14) != 0,
            .conflict = db_column_int(p, 15) != 0};
        r->due_ms = r->key.due_ms == INT64_MAX ? TIME_NONE : r->key.due_ms;
    }
    db_done(p);
    for (size_t i = 0; backward && i < n / 2; i++) {
        struct case_row t = out[i];
        out[i] = out[n - 1 - i];
        out[n - 1 - i] = t;
    }
    if (arena_failed(a))
        db_nomem(s);
    st = db_read_end(s, err);
    if (st == ST_OK) {
        *ret = out;
        *ret_n = n;
    }
    return st;
}
