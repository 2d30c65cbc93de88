#include "tui/notices.h"
#include "core/base/i18n.h"
#include "core/text/utf8.h"
#include "tui/program.h"
#include "tui/screen.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MOST = 1000, TIME_BYTES = 32, COMMAND_BYTES = 1024 };
/* Small fact of the cache: up to when (ms, server's time) due times were counted. */

/* The words of attention.command, in room; how many there are, PROGRAM_ARGUMENTS: too many. */
static size_t words_of(const struct options *o, char room[COMMAND_BYTES],
                       const char *ret[PROGRAM_ARGUMENTS + 1])
{
    size_t n = 0;
    (void)snprintf(room, COMMAND_BYTES, "%s", option_text(o, OPT_ATTENTION_COMMAND));
    for (char *at = room + strspn(room, " "); *at && n < PROGRAM_ARGUMENTS;) {
        ret[n++] = at;
        at += strcspn(at, " ");
        if (*at)
            *at++ = '\0';
        at += strspn(at, " ");
    }
    return n;
}

/* What is wrong with it shows at the start, not with the first notice. */
static void check_program(struct console *c)
{
    char room[COMMAND_BYTES];
    const char *words[PROGRAM_ARGUMENTS + 1];
    size_t n = words_of(c->config->options, room, words);
    if (n == PROGRAM_ARGUMENTS ||
        strlen(option_text(c->config->options, OPT_ATTENTION_COMMAND)) >= sizeof room)
        console_say(c, THEME_ERROR, _("attention.command has more than %d words or is too long."),
                    PROGRAM_ARGUMENTS - 1);
    else if (n > 0 && !program_is_there(words[0]))
        console_say(c, THEME_ERROR, _("attention.command: there is no program \"%s\"."), words[0]);
}

void notices_init(struct notices *n, struct console *c)
{
    const char *quiet = option_text(c->config->options, OPT_ATTENTION_QUIET);
    *n = (struct notices){.begun = false};
    if (!attention_quiet_read(quiet, &n->gate.quiet))
        console_say(c, THEME_ERROR, _("attention.quiet is a span such as 22:00-07:00, not \"%s\"."),
                    quiet);
    check_program(c);
}

void notices_release(struct notices *n)
{
    watch_release(&n->before);
}

/* The person's own cases where the role has such a view, else all that are open. */
static enum view_id own_view(const struct console *c)
{
    return store_has_view(console_role(c), VIEW_MINE) ? VIEW_MINE : VIEW_ALL_OPEN;
}

static bool look(struct console *c, struct watch_list *ret)
{
    struct query q = {.view = own_view(c), .now_ms = console_now(c)};
    struct case_row *rows;
    size_t n;
    if (store_page(c->config->store, &q, NULL, false, ROWS_MOST, &c->scratch, &rows, &n, NULL) !=
        ST_OK)
        return false;
    ret->at_ms = q.now_ms;
    const struct reference *r = console_reference(c);
    for (size_t i = 0; i < n && !ret->failed; i++) {
        const struct category *k = r ? reference_category(r, rows[i].category) : NULL;
        watch_add(ret, &rows[i]);
        if (!ret->failed)
            ret->rows[i].urgent = k && k->tier == TIER_T2H;
    }
    watch_sort(ret);
    return !ret->failed;
}

static int64_t seen_ms(struct console *c, int64_t now_ms)
{
    const char *text = "";
    store_meta_get(c->config->store, "attention_seen_ms", &c->scratch, &text, NULL);
    return *text ? strtoll(text, NULL, 10) : now_ms;
}

static void keep_seen(struct console *c, int64_t now_ms)
{
    char text[TIME_BYTES];
    snprintf(text, sizeof text, "%" PRId64, now_ms);
    store_meta_set(c->config->store, "attention_seen_ms", text,
                   NULL); /* if it fails it is told once more */
}

static void count(void *self, enum watch_change change, const struct watched *w)
{
    struct attention *gate = self;
    if (change == WATCH_ENTERED && w->urgent)
        attention_count(gate, ATTENTION_URGENT);
    else if (change == WATCH_SOON)
        attention_count(gate, ATTENTION_SOON);
    else if (change == WATCH_OVERDUE)
        attention_count(gate, ATTENTION_OVERDUE);
    else if (change == WATCH_CONFLICT)
        attention_count(gate, ATTENTION_CONFLICT);
}

static void compare(struct notices *n, struct console *c, struct watch_list *after)
{
    int64_t now_ms = after->at_ms;
    if (n->begun) {
        watch_compare(&n->before, after, count, &n->gate);
    } else { /* the same cases, looked at with the eyes of then */
        struct watch_list then = *after;
        then.at_ms = seen_ms(c, now_ms);
        watch_compare(&then, after, count, &n->gate);
    }
    watch_release(&n->before);
    n->before = *after;
    n->begun = true;
}

static void put(struct buf *out, int n, const char *text)
{
    if (n > 0)
        buf_printf(out, "%s%s%s%d", out->len ? i18n_mark(MARK_SEMICOLON, i18n_chinese()) : "", text,
                   i18n_mark(MARK_COLON, i18n_chinese()), n);
}

/* A sentence that is too long ends at a whole character. */
static void remember(struct notices *n, int64_t at_ms, const char *text)
{
    struct told *t = &n->told[n->next_told];
    size_t len = strlen(text);
    if (len >= sizeof t->text)
        len = utf8_cut(text, len, sizeof t->text - 1);
    memcpy(t->text, text, len);
    t->text[len] = '\0';
    t->at_ms = at_ms;
    n->next_told = (n->next_told + 1) % NOTICES_KEPT;
    n->n_told += n->n_told < NOTICES_KEPT;
}

const struct told *notices_told(const struct notices *n, size_t back)
{
    return back < n->n_told ? &n->told[(n->next_told + NOTICES_KEPT - 1 - back) % NOTICES_KEPT]
                            : NULL;
}

bool notices_look(struct notices *n, struct console *c, bool room, char ret[ERRMSG_SIZE])
{
    struct watch_list after = {.rows = NULL};
    int told[ATTENTION_CLASSES];
    struct buf out;
    if (!console_actor(c))
        return false;
    if (!look(c, &after)) {
        watch_release(&after);
        return false;
    }
    int64_t now_ms = after.at_ms;
    bool first = !n->begun;
    compare(n, c, &after);
    bool any = room && attention_take(&n->gate, now_ms, told);
    if (any || first)
        keep_seen(c, now_ms);
    if (!any)
        return false;
    buf_init(&out, ERRMSG_SIZE);
    put(&out, told[ATTENTION_URGENT], _("new urgent cases"));
    put(&out, told[ATTENTION_OVERDUE], _("newly overdue"));
    put(&out, told[ATTENTION_SOON], _("due within half an hour"));
    put(&out, told[ATTENTION_CONFLICT], _("refused by the centre"));
    snprintf(ret, ERRMSG_SIZE, "%s", out.data);
    remember(n, now_ms, ret);
    buf_release(&out);
    return true;
}

/* --- calling --------------------------------------------------------------------------------------- */

static void start_program(struct notices *n, const struct options *o, const char *text)
{
    char room[COMMAND_BYTES];
    const char *argv[PROGRAM_ARGUMENTS + 1];
    size_t words = words_of(o, room, argv);
    if (n->program && program_ended(n->program))
        n->program = 0;
    if (words == 0 || words == PROGRAM_ARGUMENTS || n->program)
        return;
    argv[words] = text;
    argv[words + 1] = NULL;
    (void)program_start(o, argv, &n->program, NULL); /* the line at the bottom has said it all */
}

static void hand_to_desktop(const struct options *o, const char *text)
{
    static const struct {
        const char *word;
        enum notify how;
    } ways[] = {{"yes", NOTIFY_9}, {"9", NOTIFY_9}, {"777", NOTIFY_777}, {"99", NOTIFY_99}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (strcmp(option_text(o, OPT_ATTENTION_OSC), ways[i].word) == 0)
            screen_notify(ways[i].how, text);
}

bool notices_calls(const struct options *o)
{
    return option_bool(o, OPT_ATTENTION_BELL) ||
           strcmp(option_text(o, OPT_ATTENTION_OSC), "no") != 0 ||
           *option_text(o, OPT_ATTENTION_COMMAND);
}

void notices_call(struct notices *n, struct console *c, const char *text)
{
    const struct options *o = c->config->options;
#if SABOTAGE != 211 /* Damage: who looks at the terminal is called all the same */
    if (screen_looked_at())
        return;
#endif
    if (option_bool(o, OPT_ATTENTION_BELL))
        screen_bell();
    hand_to_desktop(o, text);
    start_program(n, o, text);
}
