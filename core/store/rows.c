/* rows.c: the row that shows a case, its places in the views, and for whom they are made. */
#include "core/case/place.h"
#include "core/store/db.h"
#include "core/store/earlier.h"
#include "core/text/utf8.h"
#include <stdlib.h>
#include <string.h>

static int count_words(const char *text)
{
    int n = 0;
    for (; *text; n++) {
        text += strspn(text, " ,;");
        if (!*text)
            break;
        text += strcspn(text, " ,;");
    }
    return n;
}

/* Earlier orders of the claimant about it, as the centre found them, else as they were named. */
static int64_t repeats_of(const struct casefile *c)
{
    int64_t found = strtoll(c->value[FIELD_REPEAT], NULL, 10);
    return found > 1 ? found - 1 : count_words(c->value[FIELD_OLD_ORDER]);
}

enum {
    TITLE_BYTES = 180
}; /* of the content, where nobody wrote a title: what a list has room for */

/* What the list shows of the matter. */
static const char *title_of(const char *title, const char *content, char room[TITLE_BYTES + 1])
{
    if (*title)
        return title;
    size_t n = utf8_cut(content, strlen(content), TITLE_BYTES);
    memcpy(room, content, n);
    room[n] = '\0';
    return room;
}

/* What is overdue is then added up day by day instead of case by case. */
static void count_day(struct store *s, int64_t due, int by)
{
    int64_t day = due / MS_DAY;
    int i = 0;
    while (i < s->n_days && s->day_change[i].day != day)
        i++;
    if (i == DB_DAYS) {
        db_write_days(s);
        i = 0;
    }
    if (i == s->n_days) {
        s->day_change[s->n_days].day = day;
        s->day_change[s->n_days++].n = 0;
    }
    s->day_change[i].n += by;
}

void store_move_row(struct store *s, const struct row_place *from, const struct row_place *to)
{
    const int64_t every = (int64_t)1 << VIEW_ALL; /* counted for each role, shown to few */
#if SABOTAGE == 84
    const struct row_place nowhere = {0}; /* Damage: a case stays in the views that it left. */
    from = &nowhere;
#endif
    int64_t listed = store_has_view(s->viewer.role, VIEW_ALL) ? ~(int64_t)0 : ~every;
    for (int v = 0; v < VIEW_COUNT; v++) {
        bool was = from->views >> v & 1, is = to->views >> v & 1, lists = listed >> v & 1;
        if (!was && !is)
            continue;
        enum view_id view = (enum view_id)v;
        int64_t old = view_key(view, from->due, from->created);
        int64_t key = view_key(view, to->due, to->created);
        s->count_change[v] += is - was;
        if (v == VIEW_ALL_OPEN && was && (!is || old != key))
            count_day(s, old, -1);
        if (v == VIEW_ALL_OPEN && is && (!was || old != key))
            count_day(s, key, 1);
        if (lists && was && (!is || old != key))
            db_run(s, "DELETE FROM shown WHERE view = ? AND key = ? AND row = ?", "iii", (int64_t)v,
                   old, from->row);
        if (lists && is && (!was || old != key))
            db_run(s, "INSERT INTO shown(view, key, row) VALUES(?, ?, ?)", "iii", (int64_t)v, key,
                   to->row);
    }
}

int64_t store_write_row(struct store *s, const struct row_place *before, const struct casefile *c,
                        uint32_t version, const struct row_flags *f)
{
    struct workflow_context ctx = {.policy = s->policy,
                                   .calendar = s->calendar,
                                   .reference = s->reference,
                                   .now_ms = clock_wall(s->clock)};
    struct case_facts facts = case_facts(&ctx, c, &s->viewer);
    struct row_place now = {.row = before->row, .created = c->created_ms};
    int64_t began;
    enum clock_id next = owed_due(c, &s->viewer, &began, &now.due);
    if (next == CLOCK_COUNT)
        now.due = INT64_MAX;
    now.views = (int64_t)views_of(&facts);
    const char *const sql_new =
        "INSERT INTO cases(number, state, due, next_clock, began, created, title, title_en, "
        "category,"
        " community, unit, handler, building, channel, emergency, wish, attempts, sms, version, "
        "unsent,"
        " draft, conflict, repeats, open, late, owed, views, gen, id)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
    const char *const sql_old =
        "UPDATE cases SET number=?, state=?, due=?, next_clock=?, began=?, created=?, title=?, "
        "title_en=?,"
        " category=?, community=?, unit=?, handler=?, building=?, channel=?, emergency=?, wish=?, "
        "attempts=?,"
        " sms=?, version=?, unsent=?, draft=?, conflict=?, repeats=?, open=?, late=?, owed=?,"
        " views=?, gen=max(gen, ?) WHERE id=?";
    char title[TITLE_BYTES + 1], title_en[TITLE_BYTES + 1];
    const char *const *v = c->value;
    db_run(s, now.row ? sql_old : sql_new, "tiiiiittttttttttiiiiiiiiiiiiu", v[FIELD_NUMBER],
           (int64_t)c->state, now.due, (int64_t)next, began, now.created,
           title_of(v[FIELD_TITLE], v[FIELD_CONTENT], title),
           title_of(v[FIELD_TITLE_EN], *v[FIELD_TITLE] ? "" : v[FIELD_CONTENT_EN], title_en),
           v[FIELD_CATEGORY], v[FIELD_COMMUNITY], v[FIELD_UNIT], v[FIELD_HANDLER],
           place_building(&s->scratch, v[FIELD_POINT]), v[FIELD_CHANNEL], v[FIELD_EMERGENCY],
           v[FIELD_WISH], (int64_t)c->attempts, c->sms_ms, (int64_t)version, f->unsent,
           (int64_t)f->draft, (int64_t)f->conflict, repeats_of(c), (int64_t)facts.open,
           (int64_t)facts.late, (int64_t)facts.owed, now.views, s->generation, &c->id);
    if (now.row == 0)
        now.row = db_last_row(s);
    store_move_row(s, before, &now);
    store_earlier_write(s, now.row, c);
    return now.row;
}

/* --- for whom ------------------------------------------------------------------------------- */
void store_read_viewer(struct store *s)
{
    struct actor *who = &s->viewer;
    const char *role = "";
    arena_reset(&s->viewer_texts);
    *who = (struct actor){.user = "", .name = "", .office = "", .unit = "", .device = ""};
    struct sqlite3_stmt *q =
        db_query(s, "SELECT key, value FROM meta WHERE key >= 'actor.' AND key < 'actor/'", "");
    while (db_step(s, q)) {
        size_t n;
        const char *key = db_column_peek(q, 0, &n);
        const char **text = strcmp(key, "actor.user") == 0     ? &who->user
                            : strcmp(key, "actor.office") == 0 ? &who->office
                            : strcmp(key, "actor.unit") == 0   ? &who->unit
                            : strcmp(key, "actor.role") == 0   ? &role
                                                               : &who->name;
        *text = db_column_text(q, 1, &s->viewer_texts);
    }
    if (arena_failed(&s->viewer_texts)) {
        db_nomem(s);
        return;
    }
    enum role known = role_find(role);
    who->role = known == ROLE_COUNT ? ROLE_NOBODY : known;
}

enum role store_viewer_role(struct store *s)
{
    store_read_viewer(s);
    return s->viewer.role;
}

void store_read_flags(struct store *s, const struct uuid *id, struct row_flags *f)
{
    f->unsent = db_int(s, "SELECT count(*) FROM outbox WHERE case_id = ?", "u", id);
    f->draft = db_int(s, "SELECT 1 FROM draft WHERE case_id = ?", "u", id) != 0;
    f->conflict = db_int(s, "SELECT 1 FROM conflicts WHERE case_id = ?", "u", id) != 0;
}
