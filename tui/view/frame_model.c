/* frame_model.c: what the frame says, out of the console. */
#include "tui/view/frame.h"
#include "core/base/i18n.h"
#include "core/case/owed.h"
#include "tui/view/queue.h"
#include <inttypes.h>
#include <string.h>

static const char *line_word(const struct console *c)
{
    if (!console_has_line(c))
        return _("no line");
    switch (c->report.line) {
    case LINE_IDLE: /* the line is opened when the first frame is out */
    case LINE_CONNECTING:
        return _("connecting");
    case LINE_ONLINE:
        return _("* online");
    case LINE_OFFLINE:
        return _("offline");
    case LINE_NEED_LOGIN:
        return _("log-in needed");
    case LINE_OTHER_VERSION:
        return _("other version");
    case LINE_REVOKED:
        return _("revoked");
    case LINE_NOT_OURS:
        return _("not our server");
    case LINE_STATE_COUNT:
        break;
    }
    return "";
}

const char *frame_line(struct console *c)
{
    struct arena *a = &c->scratch;
    const char *since = "";
    if (c->report.line == LINE_OFFLINE) {
        struct civil from =
            civil_from_ms(c->report.since_wall_ms + c->report.server_offset_ms, BEIJING_OFFSET_MS);
        since = arena_printf(a, _(" since %02d:%02d"), from.hour, from.minute);
    }
    return arena_printf(
        a, "%s%s%s", line_word(c), since,
        c->counts.outbox ? arena_printf(a, _("  %" PRId64 " to send"), c->counts.outbox) : "");
}

static void put(struct frame_pieces *l, int rank, const char *text)
{
    if (*text && l->n < FRAME_PARTS)
        l->part[l->n++] = (struct frame_part){.text = text, .rank = rank};
}

static const char *marks_words(const struct console *c, struct arena *a)
{
    if (c->marks.n == 0)
        return "";
    return c->unshown == 0
               ? arena_printf(a, _("%zu marked"), c->marks.n)
               : arena_printf(a, _("%zu marked, %zu not shown"), c->marks.n, c->unshown);
}

static void read_place(struct frame *f, struct console *c)
{
    struct arena *a = &c->scratch;
    bool chinese = i18n_chinese();
    const struct actor *who = console_actor(c);
    const struct reference *r = console_reference(c);
    f->place = (struct frame_pieces){.between = ""};
    put(&f->place, 0,
        arena_printf(a, "jiban%s%s", c->config->practice ? _(" practice") : "",
                     console_looks_only(c) ? _(" [look only]") : ""));
    if (!who)
        return;
    put(&f->place, 2,
        arena_printf(a, "  %s", r ? reference_unit_name(r, who->office, chinese) : who->office));
    put(&f->place, 1, arena_printf(a, " · %s", reference_actor_name(r, who, chinese)));
    put(&f->place, 3,
        arena_printf(a, "%s%s%s", i18n_mark(MARK_OPEN, chinese), _(role_table[who->role].label),
                     i18n_mark(MARK_CLOSE, chinese)));
}

static void read_right(struct frame *f, struct console *c)
{
    struct arena *a = &c->scratch;
    struct civil t = civil_from_ms(console_now(c), BEIJING_OFFSET_MS);
    f->right = (struct frame_pieces){.between = "  "};
    put(&f->right, 1, marks_words(c, a));
    put(&f->right, 0, frame_line(c));
    if (c->counts.file_bytes) /* not in frame_line(): nobody wants to hear each percent */
        put(&f->right, 3,
            arena_printf(a, _("(files %d%%)"),
                         (int)(c->counts.file_moved * 100 / c->counts.file_bytes)));
    put(&f->right, 2, arena_printf(a, "%02d:%02d", t.hour, t.minute));
    f->right_bad = console_has_line(c) && c->report.line != LINE_IDLE &&
                   c->report.line != LINE_CONNECTING && c->report.line != LINE_ONLINE;
}

/* Is it what the list shows? */
static bool is_shown(const struct saved_view *v, const struct queue *q)
{
    return v->view == q->view && v->order == q->order && v->reverse == q->reverse &&
           v->group == q->group && strcmp(v->filter, q->filter) == 0;
}

static void add_tab(struct frame *f, const struct frame_tab *tab)
{
    if (f->n_tabs < FRAME_TABS)
        f->tab[f->n_tabs++] = *tab;
}

static void read_tabs(struct frame *f, struct console *c, const struct queue *q)
{
    const enum view_id *list;
    const struct saved_list *own = &c->saved;
    size_t n = store_views(console_role(c), &list), shown = 0;
    while (shown < own->n && !is_shown(&own->view[shown], q))
        shown++;
    f->n_tabs = 0;
    for (size_t i = 0; i < n; i++) {
        enum view_id v = list[i];
        bool current = v == q->view && shown == own->n;
        /* A view without a digit stands there while it is shown. */
        if (store_view_key(i) || current)
            add_tab(f, &(struct frame_tab){.key = store_view_key(i),
                                           .label = _(view_table[v].label),
                                           .count = c->counts.view[v],
                                           .current = current,
                                           .late = (v == VIEW_DUE_TODAY || v == VIEW_LATE) &&
                                                   c->counts.overdue,
                                           .word = view_table[v].word});
    }
    for (size_t i = 0; i < own->n; i++)
        add_tab(f, &(struct frame_tab){.key = store_view_key(n + i),
                                       .label = own->view[i].name,
                                       .count = own->count[i],
                                       .more = own->more[i],
                                       .own = true,
                                       .current = i == shown,
                                       .word = own->view[i].name});
}

static bool quiet_hours(const struct console *c, const struct queue *q, int *ret_to)
{
    const struct policy *policy = console_policy(c);
    return q->view == VIEW_CALL_LIST && policy && workflow_quiet(policy, console_now(c), ret_to);
}

static const char *order_words(const struct queue *q, struct arena *a)
{
    const char *order = q->order == ORDER_VIEW
                            ? q->reverse ? _("by time left, the most first") : _("by time left")
                            : arena_printf(a, q->reverse ? _("by %s, backwards") : _("by %s"),
                                           _(order_table[q->order].label));
    return q->group == GROUP_NONE
               ? order
               : arena_printf(a, _("groups %s, %s"), _(group_table[q->group].label), order);
}

/* What is overdue is counted of all that is open, whatever the view shows. numbered: the row says of how many cases it
 * shows which. */
static const char *count_words(const struct console *c, const struct queue *q, bool numbered,
                               struct arena *a)
{
    int64_t n = c->counts.view[q->view];
    if (q->searches)
        return _("All cases");
    if (numbered && !*q->filter)
        return q->view == VIEW_ALL_OPEN
                   ? arena_printf(a, _("%" PRId64 " overdue"), c->counts.overdue)
                   : "";
    if (q->view == VIEW_ALL_OPEN)
        return arena_printf(a,
                            ngettext("%" PRId64 " case, %" PRId64 " overdue",
                                     "%" PRId64 " cases, %" PRId64 " overdue", (unsigned long)n),
                            n, c->counts.overdue);
    return arena_printf(a, ngettext("%" PRId64 " case", "%" PRId64 " cases", (unsigned long)n), n);
}

static void put_filter(struct frame_pieces *l, const struct console *c, const struct queue *q,
                       struct arena *a)
{
    const char *found =
        q->found < 0 ? ""
                     : arena_printf(a,
                                    ngettext(" (%" PRId64 "%s case)", " (%" PRId64 "%s cases)",
                                             (unsigned long)q->found),
                                    q->found, q->found_more ? "+" : "");
    if (!*q->filter)
        return;
    put(l, 0,
        arena_printf(a, q->searches ? _("search: %s") : _("filter: %s"),
                     filter_shown(q->filter, console_reference(c), i18n_chinese(), a)));
    l->part[l->n - 1].tail = found;
    if (q->searches)
        put(l, 2, _("Esc goes back"));
}

/* shown: the list stands above it, whose view the tab names. */
static void read_summary(struct frame_pieces *l, struct console *c, const struct queue *q,
                         bool shown, bool numbered)
{
    struct arena *a = &c->scratch;
    *l = (struct frame_pieces){.between = " · "};
    if (q->range.on) {
        put(l, 0,
            arena_printf(a, _("What you move over is marked, until %s, %s or %s."),
                         keymap_first_key(KEYS_QUEUE, ACTION_RANGE, a),
                         keymap_first_key(KEYS_QUEUE, ACTION_MARK, a),
                         keymap_first_key(KEYS_QUEUE, ACTION_UNMARK, a)));
        return;
    }
    put(l, 0, count_words(c, q, numbered, a));
    put(l, 3, order_words(q, a));
    if (!shown && !q->searches)
        put(l, 4, _(view_table[q->view].label));
    put_filter(l, c, q, a);
    if (c->counts.conflicts)
        put(l, 1, arena_printf(a, _("%" PRId64 " conflicts (C)"), c->counts.conflicts));
    int to;
    if (quiet_hours(c, q, &to))
        put(l, 1, arena_printf(a, _("no calls until %02d:%02d"), to / 60, to % 60));
}

const char *frame_summary(struct console *c, const struct queue *q)
{
    struct frame_pieces l;
    const char *all = "";
    read_summary(&l, c, q, false, false);
    for (int i = 0; i < l.n; i++)
        all = arena_printf(&c->scratch, "%s%s%s%s", all, i ? l.between : "", l.part[i].text,
                           l.part[i].tail ? l.part[i].tail : "");
    return all;
}

static void read_status(struct frame *f, struct console *c, const struct queue *q,
                        const struct view *top)
{
    bool list = top->keys == KEYS_QUEUE;
    f->rows = list ? queue_rows_text(q, c, false, &c->scratch) : "";
    f->rows_words = list ? queue_rows_text(q, c, true, &c->scratch) : "";
    f->message = c->message[0] ? c->message : NULL;
    f->message_role = c->message_role;
    if (f->message)
        return;
    read_summary(&f->status, c, q, list, *f->rows != '\0');
    f->message_role = c->counts.conflicts || quiet_hours(c, q, NULL) ? THEME_WARN : THEME_DIM;
}

/* The steps on the objects of the case that this person owes: bits by owed.def. */
static uint32_t owed_on(struct console *c, const struct casefile *subject)
{
    const struct actor *who = console_actor(c);
    if (!who || !subject)
        return 0;
    struct workflow_context w = context_workflow(c->config->context, console_now(c));
    return owed_by(&w, subject, who);
}

static bool is_owed(uint32_t owed, enum command_type type)
{
    for (int i = 0; i < OWED_COUNT; i++)
        if ((owed >> i & 1u) && owed_table[i].command == type)
            return true;
    return false;
}

/* An action without a key of its own is told by its word. */
static struct frame_hint hint_of(struct console *c, const struct view *top, enum action i)
{
    const struct action_row *row = &action_table[i];
    enum key_context place = top->keys;
    bool of_case = row->command != COMMAND_COUNT;
    const char *own = top->hint ? top->hint(top->self, i) : NULL;
    const char *key = *keymap_keys(place, i) ? keymap_first_key(place, i, &c->scratch)
                                             : arena_printf(&c->scratch, ":%s", row->word);
    return (struct frame_hint){.key = key,
                               .text = own          ? own
                                       : *row->hint ? _(row->hint)
                                       : of_case    ? _(command_table[row->command].label)
                                                    : "",
                               .action = i};
}

/* Opens or takes what is marked. */
static bool takes_one(enum action i)
{
    return i == ACTION_OPEN || i == ACTION_GO_ON || i == ACTION_EDIT_NEWLINE || i == ACTION_YES;
}

/* Of what is done to the case that is marked; a new order needs none. */
static bool needs_case(enum action i)
{
    enum command_type type = action_table[i].command;
    return i == ACTION_OPEN || (type != COMMAND_COUNT && !workflow_begins(type));
}

/* The row of the list that keys are about: with marks they are about these. */
static const struct queue_row *row_of_keys(const struct console *c, const struct queue *q,
                                           const struct view *top)
{
    return top->keys == KEYS_QUEUE && c->marks.n == 0 ? queue_line(q) : NULL;
}

/* The row, when its order is over; else NULL. */
static const struct queue_row *over_row(const struct console *c, const struct queue *q,
                                        const struct view *top)
{
    const struct queue_row *row = row_of_keys(c, q, top);
    return row && row->over ? row : NULL;
}

static struct uuid over_id(const struct queue_row *over)
{
    return over ? over->id : (struct uuid){{0}};
}

/* On the page of a case what this person may do to it now, and so on an order that is over, to which hardly anything can be
 * done; else in the queue, where the mark moves from case to case, what the person may ever do, and on the line of a group
 * what is done to that: hints that change with each step would be noise on the screen and bytes on the line. */
static bool may(struct console *c, const struct queue *q, const struct casefile *f, bool listed,
                enum command_type type)
{
    const uint32_t new_order = 1u << STATE_NEW; /* may be begun anywhere, whatever is marked */
    if (f && !(listed && workflow_begins(type)))
        return console_offers(c, f, type);
    return console_role_may(c, type, store_view_states(q->view) | new_order);
}

static void read_hints(struct frame *f, struct console *c, const struct queue *q,
                       const struct view *top, const struct casefile *subject)
{
    const struct queue_row *line = row_of_keys(c, q, top), *over = over_row(c, q, top);
    struct case_view v;
    bool have = over && store_case(c->config->store, &over->id, &c->scratch, &v, NULL) == ST_OK;
    uint32_t owed = owed_on(c, subject);
    f->n_hints = 0;
    for (int pass = 0; pass < 3; pass++)
        for (int i = 0; i < ACTION_COUNT && f->n_hints < FRAME_HINTS; i++) {
            const struct action_row *row = &action_table[i];
            bool of_case = row->command != COMMAND_COUNT;
            if (!(row->contexts >> top->keys & 1u))
                continue;
            bool waits = of_case && (subject ? is_owed(owed, row->command)
                                             : store_view_awaits(q->view, row->command));
            bool own = top->hint && top->hint(top->self, (enum action)i);
            if (!waits && ((!own && !*row->hint) || !*keymap_keys(top->keys, (enum action)i)))
                continue;
            if (top->offers && !top->offers(top->self, (enum action)i))
                continue;
            if (top->keys == KEYS_QUEUE && q->n == 0 && needs_case((enum action)i))
                continue;
#if SABOTAGE == 440
            line = NULL; /* Damage: the line of a group is offered what is done to its cases. */
#endif
            if (line && line->head && of_case && needs_case((enum action)i))
                continue;
#if SABOTAGE != 391 /* Damage: who only looks is offered what would be refused. */
            if (console_looks_only(c) && action_changes((enum action)i))
                continue;
#endif
            /* first what the cases of the view wait for and what opens one, then what is done to it, then the rest */
            if (pass != (waits || takes_one((enum action)i) ? 0 : of_case ? 1 : 2))
                continue;
            if (of_case && !may(c, q, have ? &v.shown : subject, have, row->command))
                continue;
            f->hint[f->n_hints++] = hint_of(c, top, (enum action)i);
        }
}

/* A number for the actions that the view offers of those of its keys; another set has another one. */
static uint64_t offered_by(const struct view *top)
{
    uint64_t sum = 0;
    for (int i = 0; top->offers && i < ACTION_COUNT; i++)
        if (action_table[i].contexts >> top->keys & 1u)
            sum = (sum ^ (uint64_t)top->offers(top->self, (enum action)i)) * 1099511628211u + 1;
    return sum;
}

static struct frame_source source_of(const struct console *c, const struct queue *q,
                                     const struct view *top, const struct casefile *subject)
{
    const struct queue_row *row = row_of_keys(c, q, top);
    struct frame_source s = {.known = subject == NULL,
                             .has_line = console_has_line(c),
                             .keys = top->keys,
                             .offered = offered_by(top),
                             .view = q->view,
                             .line = c->report.line,
                             .since_ms = c->report.since_wall_ms + c->report.server_offset_ms,
                             .minute = console_now(c) / MS_MINUTE,
                             .counts = c->counts,
                             .marked = c->marks.n,
                             .order = q->order,
                             .group = q->group,
                             .reverse = q->reverse,
                             .searches = q->searches,
                             .found = q->found,
                             .ranges = q->range.on,
                             .nearly = q->nearly,
                             .looks = console_looks_only(c),
                             .on_head = row && row->head,
                             .on_shut = row && row->shut,
                             .over = over_id(over_row(c, q, top)),
                             .over_version = row && row->over ? row->version : 0,
                             .first = q->told,
                             .rows = q->n,
                             .unshown = c->unshown,
                             .message_role = c->message_role};
    s.n_saved = c->saved.n;
    memcpy(s.saved, c->saved.count, sizeof s.saved);
    memcpy(s.message, c->message, sizeof s.message);
    memcpy(s.filter, q->filter, sizeof s.filter);
    return s;
}

static bool same_counts(const struct store_counts *a, const struct store_counts *b)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        if (a->view[i] != b->view[i])
            return false;
    return a->overdue == b->overdue && a->outbox == b->outbox && a->conflicts == b->conflicts &&
           a->file_bytes == b->file_bytes && a->file_moved == b->file_moved;
}

bool frame_stands(const struct frame *f, const struct console *c, const struct queue *q,
                  const struct view *top, const struct casefile *subject)
{
    const struct frame_source *a = &f->source;
    const struct queue_row *row = row_of_keys(c, q, top);
    struct uuid over = over_id(over_row(c, q, top));
    return a->known && subject == NULL && a->on_head == (row && row->head) &&
           a->on_shut == (row && row->shut) && uuid_compare(&a->over, &over) == 0 &&
           a->over_version == (row && row->over ? row->version : 0) &&
           a->has_line == console_has_line(c) && a->keys == top->keys &&
           a->offered == offered_by(top) && a->view == q->view && a->line == c->report.line &&
           a->since_ms == c->report.since_wall_ms + c->report.server_offset_ms &&
           a->minute == console_now(c) / MS_MINUTE && same_counts(&a->counts, &c->counts) &&
           a->n_saved == c->saved.n &&
           memcmp(a->saved, c->saved.count, a->n_saved * sizeof *a->saved) == 0 &&
           a->marked == c->marks.n && a->order == q->order && a->group == q->group &&
           a->reverse == q->reverse && a->searches == q->searches && a->found == q->found &&
           a->ranges == q->range.on && a->looks == console_looks_only(c) &&
           (a->rows == 0) == (q->n == 0) && a->unshown == c->unshown &&
           a->message_role == c->message_role && strcmp(a->message, c->message) == 0 &&
           strcmp(a->filter, q->filter) == 0;
}

bool frame_rows_stand(const struct frame *f, const struct queue *q)
{
    const struct frame_source *a = &f->source;
    return a->nearly == q->nearly && a->first == q->told && a->rows == q->n;
}

void frame_read_rows(struct frame *f, struct console *c, const struct queue *q,
                     const struct view *top)
{
    f->source.nearly = q->nearly;
    f->source.first = q->told;
    f->source.rows = q->n;
    read_status(f, c, q, top);
}

void frame_read(struct frame *f, struct console *c, const struct queue *q, const struct view *top,
                const struct casefile *subject)
{
    f->source = source_of(c, q, top, subject);
    read_place(f, c);
    read_right(f, c);
    read_tabs(f, c, q);
    read_status(f, c, q, top);
    read_hints(f, c, q, top, subject);
}
