/* policy_json.c: the policy document and the calendar. Whatever is wrong is listed with its place:
 * policy.clocks.sign.T2H. */
#include "core/wire/json.h"
#include "core/case/words.h"
#include "core/wire/codec.h"
#include <stdio.h>
#include <string.h>

/* Reading goes on after a fault, so that all are found. */
struct reader {
    const json_t *top;
    struct arena *a;
    struct faults *f;
};

enum { PATH_SIZE = 128 };

/* The value at a dotted path, NULL when it is not there. */
static const json_t *at(const struct reader *r, const char *path)
{
    const json_t *v = r->top;
    char key[PATH_SIZE];
    while (v && *path) {
        size_t n = strcspn(path, ".");
        (void)snprintf(key, sizeof key, "%.*s", (int)n, path);
        v = json_object_get(v, key);
        path += n + (path[n] == '.');
    }
    return v;
}

static void refuse(struct reader *r, const char *path, const json_t *v, const char *want)
{
    const char *place = arena_printf(r->a, "policy.%s", path);
    if (v)
        faults_add(r->f, FAULT_ERROR, place, "must be %s", want);
    else
        faults_add(r->f, FAULT_ERROR, place, "missing (%s)", want);
}

static int number(struct reader *r, const char *path, int from, int to)
{
    const json_t *v = at(r, path);
    char want[64];
    if (json_is_integer(v) && json_integer_value(v) >= from && json_integer_value(v) <= to)
        return (int)json_integer_value(v);
    (void)snprintf(want, sizeof want, "a whole number from %d to %d", from, to);
    refuse(r, path, v, want);
    return from;
}

static bool flag(struct reader *r, const char *path)
{
    const json_t *v = at(r, path);
    if (!json_is_boolean(v))
        refuse(r, path, v, "true or false");
    return json_is_true(v);
}

static const char *text(struct reader *r, const char *path)
{
    const json_t *v = at(r, path);
    if (!json_is_string(v) || json_string_length(v) == 0) {
        refuse(r, path, v, "a text that is not empty");
        return "";
    }
    return arena_strndup(r->a, json_string_value(v), json_string_length(v));
}

/* may_be_null: null says that there is no such limit; a missing key is refused all the same. */
static struct limit limit(struct reader *r, const char *path, bool may_be_null)
{
    const json_t *v = at(r, path);
    struct limit l = {0, LIMIT_NONE};
    if (may_be_null && json_is_null(v))
        return l;
    if (!json_is_string(v) || !limit_parse(json_string_value(v), &l) || l.unit == LIMIT_NONE) {
        refuse(r, path, v,
               may_be_null ? "a limit such as \"2 hour\" or \"1 working_day\", or null"
                           : "a limit such as \"2 hour\" or \"1 working_day\"");
        l = (struct limit){0, LIMIT_NONE};
    }
    return l;
}

static void clocks_read(struct reader *r, struct policy *p)
{
    char path[PATH_SIZE];
    for (size_t c = 0; c < CLOCK_COUNT; c++)
        for (size_t t = 0; t < TIER_COUNT; t++) {
            (void)snprintf(path, sizeof path, "clocks.%s.%s", clock_table[c].word, tier_word[t]);
            p->clock[c][t] = limit(r, path, true);
        }
}

static void marks_read(struct reader *r, struct policy *p)
{
    const json_t *v = at(r, "warn.marks");
    json_int_t last = 0;
    bool good = json_is_array(v) && json_array_size(v) == 4;
    for (size_t i = 0; good && i < 4; i++) {
        const json_t *mark = json_array_get(v, i);
        good = json_is_integer(mark) && json_integer_value(mark) > last &&
               json_integer_value(mark) <= 100;
        last = json_integer_value(mark);
        p->warn_mark[i] = (int)last;
    }
    if (!good)
        refuse(r, "warn.marks", v, "four rising percentages from 1 to 100");
}

static void check_read(struct reader *r, const json_t *o, size_t i, struct policy *p)
{
    char base[PATH_SIZE], path[PATH_SIZE + 32];
    (void)snprintf(base, sizeof base, "reply.checklist[%zu]", i);
    if (!json_is_object(o)) {
        refuse(r, base, o, "an object");
        return;
    }
    struct check_item item = {0};
    struct errmsg why;
    enum status st = json_text(o, "id", r->a, &item.id, &why);
    if (!st)
        st = json_text(o, "zh", r->a, &item.zh, &why);
    if (!st)
        st = json_text(o, "en", r->a, &item.en, &why);
    if (!st)
        st = json_flag(o, "required", &item.required, &why);
    if (!st)
        st = json_flag(o, "on", &item.on, &why);
    if (!st)
        st = json_flag(o, "forbid", &item.forbid, &why);
    if (st) { /* why begins with the slash of a pointer; here places are dotted */
        const char *colon = strstr(why.text, ": ");
        faults_add(r->f, FAULT_ERROR,
                   arena_printf(r->a, "policy.%s.%.*s", base,
                                colon ? (int)(colon - why.text) - 1 : 0, why.text + 1),
                   "%s", colon ? colon + 2 : why.text);
        return;
    }
    const json_t *hints = json_object_get(o, "hints");
    (void)snprintf(path, sizeof path, "%s.hints", base);
    if (!json_is_array(hints) || json_array_size(hints) > POLICY_HINTS_MAX) {
        refuse(r, path, hints, "an array of at most 24 words");
        return;
    }
    for (size_t k = 0; k < json_array_size(hints); k++) {
        const json_t *hint = json_array_get(hints, k);
        if (!json_is_string(hint) || json_string_length(hint) == 0) {
            (void)snprintf(path, sizeof path, "%s.hints[%zu]", base, k);
            refuse(r, path, hint, "a text that is not empty");
            return;
        }
        item.hints[item.n_hints++] =
            arena_strndup(r->a, json_string_value(hint), json_string_length(hint));
    }
    p->check[p->n_checks++] = item;
}

static void reply_read(struct reader *r, struct policy *p)
{
    const json_t *list = at(r, "reply.checklist");
    if (!json_is_array(list) || json_array_size(list) > POLICY_CHECKLIST_MAX)
        refuse(r, "reply.checklist", list, "an array of at most 24 points");
    else
        for (size_t i = 0; i < json_array_size(list); i++)
            check_read(r, json_array_get(list, i), i, p);
    size_t before = r->f->errors;
    p->reply_min = number(r, "reply.length.min", 0, 20000);
    p->reply_max = number(r, "reply.length.max", 1, 20000);
    if (r->f->errors == before && p->reply_max < p->reply_min)
        faults_add(r->f, FAULT_ERROR, "policy.reply.length.max", "is less than min");
}

static void rules_read(struct reader *r, struct policy *p)
{
    p->return_max_per_unit = number(r, "return.max_per_unit", 0, 100);
    p->dispatch_max_before_designate = number(r, "dispatch.max_before_designate", 1, 100);
    p->contact_tries = number(r, "contact.tries", 1, 100);
    p->contact_gap = limit(r, "contact.gap", false);
    p->contact_day_parts = number(r, "contact.day_parts", 1, 24);
    p->rework_max = number(r, "rework.max", 0, 100);
    p->reopen_within = limit(r, "rework.reopen_within", false);
    p->callback_early = flag(r, "callback.early");
    p->callback_attempts = number(r, "callback.attempts", 1, 100);
    p->sms_valid = limit(r, "callback.sms_valid", false);
    p->late_entry = limit(r, "late_entry.limit", false);
    p->late_entry_t2h = limit(r, "late_entry.T2H", false);
    const json_t *tier = at(r, "four_eyes.exception.tier");
    if (tier && !json_is_string(tier))
        refuse(r, "four_eyes.exception.tier", tier, "a tier");
    p->four_eyes_t2h_exception =
        json_is_string(tier) && strcmp(json_string_value(tier), tier_word[TIER_T2H]) == 0;
}

/* {"handle": ["return_review"]}: what stands still while what runs. */
static void pause_read(struct reader *r, struct policy *p)
{
    static const char path[] = "pause";
    const json_t *top = at(r, path), *list, *word;
    const char *key;
    size_t i;
    if (top && !json_is_object(top))
        refuse(r, path, top, "an object of clocks");
    json_object_foreach((json_t *)(uintptr_t)top, key, list)
    {
        enum clock_id clock = clock_find(key);
        if (clock == CLOCK_COUNT || !json_is_array(list))
            refuse(r, path, top, "lists of clocks under names of clocks");
        json_array_foreach(list, i, word)
        {
            enum clock_id by = clock_find(json_string_value(word));
            if (by == CLOCK_COUNT || by == clock)
                refuse(r, path, top, "lists of other clocks under names of clocks");
            else if (clock != CLOCK_COUNT)
                p->pause[clock] |= 1u << by;
        }
    }
    if (flag(r, "return.pause_handle"))
        p->pause[CLOCK_HANDLE] |= 1u << CLOCK_RETURN_REVIEW;
}

/* "20:30-08:30" -> minutes of the day */
static bool hours_parse(const char *text, int *ret_from, int *ret_to)
{
    int from_h, from_m, to_h, to_m, end = 0;
    if (!text || sscanf(text, "%2d:%2d-%2d:%2d%n", &from_h, &from_m, &to_h, &to_m, &end) != 4 ||
        text[end] || from_h > 24 || to_h > 24 || from_m > 59 || to_m > 59 || from_h < 0 ||
        to_h < 0 || from_m < 0 || to_m < 0)
        return false;
    *ret_from = from_h * 60 + from_m;
    *ret_to = to_h * 60 + to_m;
    return true;
}

static void quiet_read(struct reader *r, struct policy *p)
{
    const json_t *list = at(r, "callback.quiet"), *hours;
    size_t i;
    if (!json_is_array(list) || json_array_size(list) > POLICY_QUIET_MAX) {
        refuse(r, "callback.quiet", list, "at most 4 times of day such as \"20:30-08:30\"");
        return;
    }
    json_array_foreach(list, i, hours)
    {
        if (!hours_parse(json_string_value(hours), &p->quiet[i].from, &p->quiet[i].to))
            refuse(r, "callback.quiet", list, "times of day such as \"20:30-08:30\"");
        p->n_quiet++;
    }
}

/* The object with that code in a list of objects with codes. */
static const json_t *coded(struct reader *r, const char *path, const char *code)
{
    const json_t *list = at(r, path), *o;
    size_t i;
    json_array_foreach(list, i, o)
    {
        const char *word = json_string_value(json_object_get(o, "code"));
        if (word && strcmp(word, code) == 0)
            return o;
    }
    char want[PATH_SIZE];
    (void)snprintf(want, sizeof want, "a list with an entry for %s", code);
    refuse(r, path, list, want);
    return NULL;
}

static struct limit limit_in(struct reader *r, const char *path, const json_t *o, const char *key)
{
    struct limit l = {0, LIMIT_NONE};
    const json_t *v = json_object_get(o, key);
    char place[PATH_SIZE];
    if (o && (!json_is_string(v) || !limit_parse(json_string_value(v), &l))) {
        (void)snprintf(place, sizeof place, "%s.%s", path, key);
        refuse(r, place, v, "a limit such as \"2 hour\" or \"1 working_day\"");
    }
    return l;
}

static void whistles_read(struct reader *r, struct policy *p)
{
    static const char path[] = "whistle.kinds";
    for (int i = 0; i < WHISTLE_KINDS; i++) {
        const json_t *kind = coded(r, path, field_table[FIELD_KIND].choices[i].word);
        p->whistle[i].ack = limit_in(r, path, kind, "ack");
        p->whistle[i].arrive = limit_in(r, path, kind, "arrive");
    }
}

static void emergency_read(struct reader *r, const json_t *o, size_t i, struct policy *p)
{
    char base[PATH_SIZE];
    struct emergency_kind k = {0};
    const json_t *clocks = json_object_get(o, "clocks"), *tiers, *v;
    const char *clock_word, *tier;
    struct errmsg why;
    (void)snprintf(base, sizeof base, "emergency.kinds[%zu]", i);
    if (json_text(o, "code", r->a, &k.code, &why) || json_text(o, "zh", r->a, &k.zh, &why) ||
        json_text(o, "en", r->a, &k.en, &why) || !json_is_object(clocks)) {
        refuse(r, base, o, "an object with code, zh, en and clocks");
        return;
    }
    json_object_foreach((json_t *)(uintptr_t)clocks, clock_word, tiers)
    {
        enum clock_id c = clock_find(clock_word);
        if (c == CLOCK_COUNT || !json_is_object(tiers))
            refuse(r, base, o, "an object whose clocks are clocks");
        json_object_foreach((json_t *)(uintptr_t)tiers, tier, v)
        {
            enum tier t = tier_find(tier);
            struct limit l;
            if (t == TIER_NONE || !limit_parse(json_string_value(v), &l))
                refuse(r, base, o, "an object whose clocks have limits by tier");
            else if (c != CLOCK_COUNT)
                k.clock[c][t] = l;
        }
    }
    p->emergency[p->n_emergencies++] = k;
}

static void objects_read(struct reader *r, struct policy *p)
{
    char path[PATH_SIZE];
    pause_read(r, p);
    quiet_read(r, p);
    whistles_read(r, p);
    p->exclusion_appeals = number(r, "exclusion.appeals", 0, 10);
    p->confirm_within = limit(r, "four_eyes.exception.confirm_within", false);
    p->auto_sign = flag(r, "auto_sign.on");
    p->auto_sign_factor = number(r, "auto_sign.factor", 1, 100);
    p->extension_max_count = number(r, "extension.max_count", 0, 100);
    for (int t = 0; t < TIER_COUNT; t++) {
        (void)snprintf(path, sizeof path, "extension.max_total.%s", tier_word[t]);
        p->extension_max_total[t] = limit(r, path, true);
    }
    p->hang_limit = limit(r, "hang.limit", false);
    p->hang_look = limit(r, "hang.look", false);
    p->hang_handle = limit(r, "hang.unhang_handle", false);
    p->hang_renew = number(r, "hang.renew", 0, 100);
    p->reopen_archived_within = limit(r, "rework.reopen_archived_within", false);
    p->archive_after = limit(r, "retention.archive_after", false);
    p->callback_day_parts = number(r, "callback.day_parts", 1, 24);
    p->withdraw_public = flag(r, "interest.withdraw_public");
    const json_t *kinds = at(r, "emergency.kinds");
    size_t n = json_array_size(kinds);
    if (!json_is_array(kinds) || n > POLICY_EMERGENCIES_MAX)
        refuse(r, "emergency.kinds", kinds, "an array of at most 12 kinds");
    for (size_t i = 0; i < n && i < POLICY_EMERGENCIES_MAX; i++)
        emergency_read(r, json_array_get(kinds, i), i, p);
}

/* --- assessment --- */

static bool word_at(struct reader *r, const char *path, const char *yes, const char *no)
{
    const json_t *v = at(r, path);
    char want[64];
    const char *word = json_is_string(v) ? json_string_value(v) : "";
    if (strcmp(word, yes) == 0)
        return true;
    (void)snprintf(want, sizeof want, "%s%s%s", yes, *no ? " or " : "", no);
    if (!*no || strcmp(word, no) != 0)
        refuse(r, path, v, want);
    return false;
}

/* "" none of the rates, else R and perhaps S and M: who is asked at all is asked for the contact. */
static int rates_of(struct reader *r, const char *path, const json_t *v)
{
    const char *s = json_is_string(v) ? json_string_value(v) : "?";
    int rates = 0;
    for (const char *c = s; *c; c++)
        rates |= *c == 'R' ? RATE_R : *c == 'S' ? RATE_S : *c == 'M' ? RATE_M : RATE_ALL + 1;
    if (rates > RATE_ALL || (rates && !(rates & RATE_R))) {
        refuse(r, path, v, "empty, or R with S and M as they count");
        return 0;
    }
    return rates;
}

static void scopes_read(struct reader *r, const char *key, struct score_scope *ret, int *ret_n)
{
    json_t *o = json_object_get(at(r, "score.scope"), key);
    char path[PATH_SIZE], place[PATH_SIZE + 48];
    (void)snprintf(path, sizeof path, "score.scope.%s", key);
    *ret_n = 0;
    if (!json_is_object(o) || json_object_size(o) > SCORE_SCOPES_MAX)
        refuse(r, path, o, "an object of at most 64 words");
    else
        for (void *it = json_object_iter(o); it; it = json_object_iter_next(o, it)) {
            const char *word = json_object_iter_key(it);
            (void)snprintf(place, sizeof place, "%s.%.40s", path, word);
            ret[(*ret_n)++] = (struct score_scope){arena_strndup(r->a, word, strlen(word)),
                                                   rates_of(r, place, json_object_iter_value(it))};
        }
}

/* Words of an array. */
static int words_read(struct reader *r, const char *path, const char **ret, int most)
{
    const json_t *list = at(r, path);
    int n = 0;
    if (!json_is_array(list) || json_array_size(list) > (size_t)most) {
        refuse(r, path, list, "an array of words");
        return 0;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        if (!json_is_string(v)) {
            refuse(r, path, v, "an array of words");
            return n;
        }
        ret[n++] = arena_strndup(r->a, json_string_value(v), json_string_length(v));
    }
    return n;
}

static int minutes_parse(const char *s);

static void grades_read(struct reader *r, struct score_policy *p)
{
    const json_t *list = at(r, "rank.grades");
    json_int_t last = 1000;
    size_t n = json_array_size(list);
    bool good = n > 0 && n <= SCORE_GRADES_MAX;
    for (size_t i = 0; good && i < n; i++) {
        const json_t *o = json_array_get(list, i), *name = json_object_get(o, "grade"),
                     *from = json_object_get(o, "from");
        good = json_is_string(name) && json_is_integer(from) && json_integer_value(from) < last &&
               json_integer_value(from) >= 0;
        if (!good)
            break;
        last = json_integer_value(from);
        p->grade[i].grade = arena_strndup(r->a, json_string_value(name), json_string_length(name));
        p->grade[i].from = (int)last;
    }
    p->n_grades = (int)n;
    if (!good || last != 0)
        refuse(r, "rank.grades", list, "falling grades (\"grade\", \"from\"), the last from 0");
}

static void classes_read(struct reader *r, struct score_policy *p)
{
    const char *by[4];
    int n = words_read(r, "classes.govern_by", by, 4);
    p->class_size = number(r, "classes.size", 0, 10000);
    for (int i = 0; i < n; i++) {
        bool density = strcmp(by[i], "per_10000_residents") == 0;
        p->govern_by_density |= density;
        p->govern_by_total |= strcmp(by[i], "total") == 0;
        if (!density && strcmp(by[i], "total") != 0)
            refuse(r, "classes.govern_by", at(r, "classes.govern_by"),
                   "per_10000_residents, total or both");
    }
}

static int effect_of(struct reader *r, const char *path, const json_t *v)
{
    const char *word = json_is_string(v) ? json_string_value(v) : "";
    if (strcmp(word, "drop_SM_keep_R") == 0)
        return RATE_R;
    if (strcmp(word, "drop_all") != 0)
        refuse(r, path, v, "drop_SM_keep_R or drop_all");
    return 0;
}

/* A class without an effect has that of all. */
static void exclusion_read(struct reader *r, struct score_policy *p)
{
    const json_t *list = at(r, "exclusion.classes");
    char path[PATH_SIZE];
    p->excluded_rates = effect_of(r, "exclusion.effect", at(r, "exclusion.effect"));
    if (!json_is_array(list) || json_array_size(list) > SCORE_SCOPES_MAX) {
        refuse(r, "exclusion.classes", list, "an array of at most 64 classes");
        return;
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i), *code = json_object_get(o, "code"),
                     *effect = json_object_get(o, "effect");
        (void)snprintf(path, sizeof path, "exclusion.classes.%zu", i);
        if (!json_is_string(code))
            refuse(r, path, code, "a class with a code");
        else if (effect)
            p->exclusion[p->n_exclusions++] = (struct score_scope){
                arena_strndup(r->a, json_string_value(code), json_string_length(code)),
                effect_of(r, path, effect)};
    }
}

static void score_read(struct reader *r, struct score_policy *p)
{
    size_t before = r->f->errors;
    p->w_r = number(r, "score.w_R", 0, 1000);
    p->w_s = number(r, "score.w_S", 0, 1000);
    p->w_m = number(r, "score.w_M", 0, 1000);
    if (r->f->errors == before && p->w_r + p->w_s + p->w_m != 1000)
        faults_add(r->f, FAULT_ERROR, "policy.score.w_R", "w_R, w_S and w_M must make 1000");
    (void)word_at(r, "score.unit", "per_mille", "");
    (void)word_at(r, "score.rounding", "half_up", "");
    p->basic_value = number(r, "score.basic_value", 0, 1000);
    p->partly_value = number(r, "score.partly_value", 0, 1000);
    p->final_rating = word_at(r, "score.rating", "final", "first");
    p->mean = word_at(r, "score.summary", "mean", "pooled");
    p->decimals = number(r, "score.decimals", 0, 2);
    p->bonus_cap = number(r, "score.bonus_cap", 0, 100);
    scopes_read(r, "types", p->type, &p->n_types);
    scopes_read(r, "categories", p->category, &p->n_categories);
    p->n_outside = words_read(r, "score.scope.channels_outside", p->outside, SCORE_SCOPES_MAX);
    p->hung_rates = rates_of(r, "hang.score_mode", at(r, "hang.score_mode"));
    p->month_start_day = number(r, "period.month_start_day", 1, 28);
    const json_t *cut = at(r, "period.day_cut");
    p->day_cut_min = json_is_string(cut) && json_string_length(cut) == 5
                         ? minutes_parse(json_string_value(cut))
                         : -1;
    if (p->day_cut_min < 0)
        refuse(r, "period.day_cut", cut, "a time of the day (\"12:00\")");
    (void)word_at(r, "rank.tie", "equal", "");
    (void)word_at(r, "rank.then", "received", "");
    const json_t *display = at(r, "rank.display");
    const char *word = json_is_string(display) ? json_string_value(display) : "";
    p->show_rank = strcmp(word, "rank") == 0 || strcmp(word, "both") == 0;
    p->show_grade = strcmp(word, "grade") == 0 || strcmp(word, "both") == 0;
    if (!p->show_rank && !p->show_grade)
        refuse(r, "rank.display", display, "rank, grade or both");
    grades_read(r, p);
    classes_read(r, p);
    exclusion_read(r, p);
}

/* --- what the centre looks for --- */

/* A window, looked back through: plain time, as duty hours cannot be counted backwards. */
static int64_t window(struct reader *r, const char *path)
{
    struct limit l = limit(r, path, false);
    switch (l.unit) {
    case LIMIT_MINUTE:
        return (int64_t)l.n * MS_MINUTE;
    case LIMIT_HOUR:
        return (int64_t)l.n * MS_HOUR;
    case LIMIT_DAY:
        return (int64_t)l.n * MS_DAY;
    default:
        if (l.unit == LIMIT_WORKING_DAY)
            refuse(r, path, at(r, path), "minutes, hours or days");
        return 0;
    }
}

/* So long a console keeps cases that are finished: a day at least, as a clerk looks back on what was closed today. */
static void retention_read(struct reader *r, struct policy *p)
{
    p->retain_closed_ms = window(r, "retention.closed");
    if (p->retain_closed_ms > 0 && p->retain_closed_ms < MS_DAY)
        refuse(r, "retention.closed", at(r, "retention.closed"), "one day or more");
}

static void repeats_read(struct reader *r, struct policy *p)
{
    p->repeat_window_ms = window(r, "repeat.window");
    p->repeat_calls = number(r, "repeat.calls", 0, 1000);
    for (int i = 0; i < WORD_LISTS; i++) {
        char path[64];
        (void)snprintf(path, sizeof path, "reply.%s", words_table[i].key);
        if (at(r, path)) /* policies of before have no such list */
            p->n_words[i] = words_read(r, path, p->word[i], POLICY_WORDS_MAX);
    }
    p->n_repeat_hints = words_read(r, "repeat.hints", p->repeat_hint, POLICY_HINTS_MAX);
    p->cluster_claimants = number(r, "cluster.claimants", 2, 1000);
    p->cluster_window_ms = window(r, "cluster.window");
    p->n_risk_words = words_read(r, "risk.words", p->risk_word, POLICY_HINTS_MAX);
    p->n_risk_categories = words_read(r, "risk.level1", p->risk_category, POLICY_HINTS_MAX);
}

static void day_rule_read(struct reader *r, struct policy *p)
{
    const json_t *rule = at(r, "day_rule");
    size_t k = 0;
    while (k < DAY_RULES &&
           !(json_is_string(rule) && strcmp(day_rule_word[k], json_string_value(rule)) == 0))
        k++;
    if (k == DAY_RULES)
        refuse(r, "day_rule", rule, "exact, end_of_day or civil");
    else
        p->day_rule = (enum day_rule)k;
}

void policy_read(const char *json, size_t n, struct policy *ret, struct faults *f)
{
    json_t *top;
    struct errmsg err = {{0}};
    *ret = (struct policy){0};
    enum status st = json_read("policy", json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    struct reader r = {top, f->arena, f};
    ret->name = text(&r, "policy");
    ret->version = number(&r, "version", 1, 1000000);
    ret->label = arena_printf(f->arena, "%s/%d", ret->name, ret->version);
    clocks_read(&r, ret);
    day_rule_read(&r, ret);
    marks_read(&r, ret);
    rules_read(&r, ret);
    objects_read(&r, ret);
    reply_read(&r, ret);
    score_read(&r, &ret->score);
    repeats_read(&r, ret);
    retention_read(&r, ret);
    json_decref(top);
}

enum status policy_decode(const char *json, size_t n, struct arena *a, struct policy *ret,
                          struct errmsg *err)
{
    struct faults f;
    struct policy p;
    faults_init(&f, a);
    policy_read(json, n, &p, &f);
    enum status st = faults_status(&f, err);
    if (st == ST_OK)
        *ret = p;
    return st;
}

/* "2026-10-01"; the date must exist. */
static bool date_parse(const char *s, int *year, int *month, int *day)
{
    int date;
    if (!day_parse(s, &date))
        return false;
    *year = date / 10000;
    *month = date / 100 % 100;
    *day = date % 100;
    return *year >= CALENDAR_FIRST_YEAR && *year < CALENDAR_FIRST_YEAR + CALENDAR_YEARS;
}

static void days_read(const json_t *year, const char *name, const char *key, enum day_kind kind,
                      struct calendar *c, struct faults *f)
{
    const json_t *list = json_object_get(year, key);
    if (!json_is_array(list))
        faults_add(f, FAULT_ERROR, arena_printf(f->arena, "calendar.years.%s.%s", name, key), "%s",
                   list ? "must be an array of dates" : "missing (an array of dates)");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *v = json_array_get(list, i);
        int y = 0, m, d;
        if (json_is_string(v) && date_parse(json_string_value(v), &y, &m, &d))
            calendar_mark(c, y, m, d, kind);
        else
            faults_add(f, FAULT_ERROR,
                       arena_printf(f->arena, "calendar.years.%s.%s[%zu]", name, key, i),
                       "must be a date (2026-10-01)");
    }
}

static int minutes_parse(const char *s)
{
    for (int i = 0; i < 5; i++)
        if (i == 2 ? s[i] != ':' : s[i] < '0' || s[i] > '9')
            return -1;
    int h = (s[0] - '0') * 10 + s[1] - '0', m = (s[3] - '0') * 10 + s[4] - '0';
    return h > 24 || m > 59 || (h == 24 && m > 0) ? -1 : h * 60 + m;
}

/* "working_hours": ["09:00-12:00", ...], as in the policy; the default stays when it is not there. */
static void hours_read(const json_t *top, struct calendar *c, struct faults *f)
{
    const json_t *list = json_object_get(top, "working_hours");
    const size_t most = sizeof c->hours / sizeof c->hours[0], n = json_array_size(list);
    if (!list)
        return;
    if (!json_is_array(list) || n < 1 || n > most) {
        faults_add(f, FAULT_ERROR, "calendar.working_hours", "must be 1 to %zu spans", most);
        return;
    }
    int last = -1;
    for (size_t i = 0; i < n; i++) {
        const json_t *v = json_array_get(list, i);
        const char *s = json_is_string(v) ? json_string_value(v) : "";
        bool good = strlen(s) == 11 && s[5] == '-';
        int from = good ? minutes_parse(s) : -1, to = good ? minutes_parse(s + 6) : -1;
        if (from <= last || to <= from)
            faults_add(f, FAULT_ERROR, arena_printf(f->arena, "calendar.working_hours[%zu]", i),
                       "must be a span after the one before (\"09:00-12:00\")");
        else
            last = to;
        c->hours[i].from = from;
        c->hours[i].to = to;
    }
    c->n_hours = (int)n;
}

static void year_read(const char *name, const json_t *year, struct calendar *c, struct faults *f)
{
    const char *place = arena_printf(f->arena, "calendar.years.%.20s", name);
    char date[16];
    int y = 0, m, d;
    (void)snprintf(date, sizeof date, "%.5s-01-01", name);
    if (strlen(name) != 4 || !date_parse(date, &y, &m, &d)) {
        faults_add(f, FAULT_ERROR, place, "must be a year from %d to %d", CALENDAR_FIRST_YEAR,
                   CALENDAR_FIRST_YEAR + CALENDAR_YEARS - 1);
    } else if (!json_is_object(year)) {
        faults_add(f, FAULT_ERROR, place, "must be an object");
    } else {
        days_read(year, name, "off", DAY_OFF, c, f);
        days_read(year, name, "work", DAY_WORKED, c, f);
        calendar_know(c, y);
    }
}

void calendar_read(const char *json, size_t n, struct calendar *ret, struct faults *f)
{
    json_t *top, *year;
    const char *name;
    struct errmsg err = {{0}};
    calendar_init(ret);
    enum status st = json_read("calendar", json, n, &top, &err);
    if (st != ST_OK) {
        faults_add_status(f, st, &err);
        return;
    }
    json_t *years = json_object_get(top, "years");
    if (!json_is_object(years))
        faults_add(f, FAULT_ERROR, "calendar.years", "%s",
                   years ? "must be an object" : "missing (an object)");
    json_object_foreach(years, name, year)
    {
        year_read(name, year, ret, f);
    }
    hours_read(top, ret, f);
    json_decref(top);
}

enum status calendar_decode(const char *json, size_t n, struct calendar *ret, struct errmsg *err)
{
    struct arena a; /* of the faults */
    struct faults f;
    struct calendar c;
    arena_init(&a, 0);
    faults_init(&f, &a);
    calendar_read(json, n, &c, &f);
    enum status st = faults_status(&f, err);
    arena_release(&a);
    if (st == ST_OK)
        *ret = c;
    return st;
}
