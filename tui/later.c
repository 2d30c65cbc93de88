/* later.c: what was confirmed and is not sent yet. */
#include "tui/later.h"
#include "core/base/i18n.h"
#include "tui/console.h"
#include "tui/draw.h"
#include "tui/widget/when.h"
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool has_grace(enum command_type type)
{
    enum action action = action_of_command(type);
    return type == COMMAND_SUBMIT_REPLY || type == COMMAND_MERGE ||
           (action != ACTION_NONE && *action_table[action].ask);
}

int64_t later_not_before(const struct console *c, enum command_type type)
{
    int64_t now = clock_wall(c->config->clock);
    int64_t grace = option_int(c->config->options, OPT_REPLY_GRACE) * MS_SECOND;
    if (c->later.at_ms)
        return now + (c->later.at_ms - console_now(c));
    return has_grace(type) && grace > 0 && c->sync ? now + grace : 0;
}

static void count_down(struct console *c, bool again)
{
    struct later *l = &c->later;
    int64_t left = (l->until_mono_ms - console_mono(c) + MS_SECOND - 1) / MS_SECOND;
    void (*say)(struct console *, enum theme_role, const char *, ...) =
        again ? console_say_on : console_say;
    if (left > 0) {
        say(c, THEME_MESSAGE, _("Kept on the disk: %s. Sent in %d s; u takes it back."), l->what,
            (int)left);
    } else {
        l->until_mono_ms = 0;
        say(c, THEME_MESSAGE, _("Kept on the disk: %s. It is sent when the line is up."), l->what);
    }
    snprintf(l->said, sizeof l->said, "%s", c->message);
}

void later_say(struct console *c, const char *what, int64_t not_before_ms)
{
    struct later *l = &c->later;
    int64_t wait = not_before_ms ? not_before_ms - clock_wall(c->config->clock) : 0;
    snprintf(l->what, sizeof l->what, "%s", what);
    l->until_mono_ms = 0;
    if (c->later.at_ms) {
        console_say(c, THEME_MESSAGE, _("Kept on the disk: %s. Sent %s; u takes it back."), what,
                    draw_time(&c->scratch, c->later.at_ms));
        return;
    }
    if (wait > 0)
        l->until_mono_ms = console_mono(c) + wait;
    count_down(c, false);
}

/* The next second is no new message; that the time is over is one. */
static void go_on(struct console *c)
{
    unsigned said = c->said;
    count_down(c, true);
#if SABOTAGE != 194
    if (c->later.until_mono_ms)
        c->said = said;
#endif
}

/* Seconds that tick cost bytes. */
static bool is_slow(const struct console *c)
{
    return option_bool(c->config->options, OPT_LOW_BANDWIDTH);
}

void later_tick(struct console *c)
{
    struct later *l = &c->later;
    if (!l->until_mono_ms)
        return;
    if (strcmp(c->message, l->said) != 0)
        l->until_mono_ms = 0; /* something else is said */
    else if (!is_slow(c) || l->until_mono_ms <= console_mono(c))
        go_on(c);
}

int64_t later_next_ms(const struct console *c)
{
    int64_t until = c->later.until_mono_ms, now = console_mono(c);
    if (!until)
        return INT64_MAX;
    return is_slow(c)     ? until
           : until <= now ? now
                          : until - (until - now - 1) / MS_SECOND * MS_SECOND;
}

typedef enum status take_back(struct store *s, const struct uuid *id, struct taken_back *ret,
                              struct errmsg *err);

static enum status take_last(struct store *s, const struct uuid *id, struct taken_back *ret,
                             struct errmsg *err)
{
    (void)id;
    return store_take_back(s, ret, err);
}

static void undo(struct console *c, take_back *take, const struct uuid *id)
{
    struct taken_back t;
    struct errmsg err;
    c->later.until_mono_ms = 0;
    if (!console_has_rules(c))
        return;
    enum status st = take(c->config->store, id, &t, &err);
    if (!console_ok(c, st, &err))
        return;
    c->changed = true;
    console_say(c, THEME_MESSAGE,
                ngettext("Taken back: %s, %zu command; what it said is a draft.",
                         "Taken back: %s, %zu commands; what they said are drafts.",
                         (unsigned long)t.n),
                _(command_table[t.type].label), t.n);
    if (t.n == 1 && t.says) {
        const struct uuid fresh = {{0}}; /* a new order has no case yet */
        bool begins = workflow_begins(t.type) && !workflow_goes_on(t.type);
        c->case_id = begins ? fresh : t.case_id;
        c->command = t.type;
        c->want = WANT_FORM;
    }
}

void later_undo(struct console *c, const struct uuid *id)
{
    undo(c, id ? store_take_back_one : take_last, id);
}

void later_undo_alone(struct console *c, const struct uuid *id)
{
    undo(c, store_take_back_alone, id);
}

/* "next working day 09:00"; *ret_rest: what stands behind these words. */
static bool next_working_day(const struct console *c, const char *text, int64_t *ret_day,
                             const char **ret_rest)
{
    static const char *const words[] = {"next working day", "下个工作日", "下一工作日"};
    enum { DAYS_MOST = 30 };
    int64_t ms = console_now(c);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i]);
        if (strncmp(text, words[i], n) != 0)
            continue;
        *ret_rest = text + n + strspn(text + n, " ");
        for (int day = 0; day < DAYS_MOST; day++) {
            bool working = false;
            ms += MS_DAY;
            struct civil at = civil_from_ms(ms, BEIJING_OFFSET_MS);
            if (calendar_is_working(&c->config->context->calendar, at.year, at.month, at.day,
                                    &working, NULL) != ST_OK)
                return false;
            if (working) {
                *ret_day = ms;
                return true;
            }
        }
    }
    return false;
}

enum status later_parse(const struct console *c, const char *text, int64_t *ret_ms,
                        struct errmsg *err)
{
    int64_t now = console_now(c), day, ms = 0;
    const char *rest;
    bool read;
    text += strspn(text, " ");
    if (c->config->context->have_calendar && next_working_day(c, text, &day, &rest)) {
        struct civil at = civil_from_ms(day, BEIJING_OFFSET_MS);
        int end = 0;
        at.hour = 9;
        at.minute = at.second = at.ms = 0;
        read =
            !*rest || (sscanf(rest, "%2d:%2d%n", &at.hour, &at.minute, &end) == 2 && !rest[end] &&
                       at.hour >= 0 && at.hour < 24 && at.minute >= 0 && at.minute < 60);
        ms = civil_to_ms(&at, BEIJING_OFFSET_MS);
    } else {
        read = when_parse(text, now, &ms);
    }
    if (!read)
        return fail(
            err, ST_INVALID,
            _("Not a time to send at. Write 15:00, +2h, 11-24 09:00 or next working day 09:00."));
    if (ms <= now)
        return fail(err, ST_INVALID, _("That time is over: %s."), text);
    *ret_ms = ms;
    return ST_OK;
}

void later_leave(struct console *c, int ms)
{
    enum { STEP = 50 };
    struct store_counts counts;
    int64_t until = console_mono(c) + ms;
    int64_t grace = option_int(c->config->options, OPT_REPLY_GRACE) * MS_SECOND;
    if (!c->sync ||
        store_hurry(c->config->store, clock_wall(c->config->clock) + grace, NULL) != ST_OK)
        return;
    sync_poke(c->sync);
    for (;;) {
        char bytes[64];
        struct pollfd fd = {.fd = sync_fd(c->sync), .events = POLLIN};
        sync_report(c->sync, &c->report);
        if (c->report.line != LINE_ONLINE || console_mono(c) >= until ||
            store_counts(c->config->store, console_now(c), &counts, NULL) != ST_OK ||
            counts.outbox == counts.waiting)
            return;
        if (poll(&fd, 1, STEP) > 0 && read(fd.fd, bytes, sizeof bytes) < 0)
            return;
    }
}
