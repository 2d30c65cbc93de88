/* app_presence.c: tells colleagues at which case one is, and of theirs what concerns one's own (doc/design/presence.md). */
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include "tui/presence.h"
#include <poll.h>

enum {
    REST_MS = 1000,            /* what is left again sooner is not told */
    LEASE_MS = 10 * MS_MINUTE, /* since the last key, as long one counts as writing */
    LEAVE_STEP_MS = 20
};

static const struct presence_own nowhere = {.what = PRESENCE_NONE, .command = COMMAND_COUNT};

static bool same(const struct presence_own *a, const struct presence_own *b)
{
    return a->what == b->what && a->command == b->command &&
           uuid_compare(&a->case_id, &b->case_id) == 0;
}

static bool quiet(const struct app *a)
{
    return option_bool(a->c.config->options, OPT_LOW_BANDWIDTH);
}

static int64_t lease_end_ms(const struct app *a)
{
    return a->lock.key_mono_ms + LEASE_MS;
}

static bool has_page(const struct app *a)
{
    for (int i = 0; i < a->depth; i++)
        if (a->stack[i].self == &a->page)
            return a->page.have;
    return false;
}

/* Where one is: the case whose form or page is open. The pane beside the list is none: one only passes by. */
struct presence_own presence_place(const struct app *a)
{
    const struct form *f = &a->form;
    bool form = f->open && !f->begins && !f->marked;
    bool writes = form && form_has_text(f) && console_mono(&a->c) < lease_end_ms(a);
    if (a->lock.on || (!form && !has_page(a)) || (quiet(a) && !writes))
        return nowhere;
    return (struct presence_own){.what = writes ? PRESENCE_WRITE : PRESENCE_OPEN,
                                 .case_id = form ? f->case_id : a->page.id,
                                 .command = writes ? f->type : COMMAND_COUNT};
}

static void say(struct app *a, const struct presence_own *own)
{
    a->told = *own;
    sync_present(a->c.sync, own);
}

void presence_follow(struct app *a)
{
    if (!a->presence || !a->c.sync)
        return;
    struct presence_own now = presence_place(a);
    bool left = a->told.what != PRESENCE_NONE &&
                (now.what == PRESENCE_NONE || uuid_compare(&now.case_id, &a->told.case_id) != 0);
    if (left)
        say(a, &nowhere);
    if (!same(&now, &a->wanted))
        a->tell_mono_ms = console_mono(&a->c) + REST_MS;
    a->wanted = now;
    if (same(&a->wanted, &a->told)) {
        a->tell_mono_ms = INT64_MAX;
    } else if (a->tell_mono_ms <= console_mono(&a->c)) {
        say(a, &now);
        a->tell_mono_ms = INT64_MAX;
    }
    presence_notice(a);
}

int64_t presence_next_ms(const struct app *a)
{
    bool leased = a->told.what == PRESENCE_WRITE && lease_end_ms(a) > console_mono(&a->c);
    int64_t lease = leased ? lease_end_ms(a) : INT64_MAX;
    return a->tell_mono_ms < lease ? a->tell_mono_ms : lease;
}

void presence_heard(struct app *a)
{
    sync_others(a->c.sync, &a->c.others);
    a->c.others_heard++;
    if (!quiet(a))
        a->news++;
}

void presence_form_opened(struct app *a)
{
    const struct form *f = &a->form;
    const struct presence_mark *writer = presence_writer(&a->c.others, &f->case_id);
    a->writer_ms = writer ? writer->since_ms : TIME_NONE;
    for (size_t i = 0; !writer && i < a->c.others.n; i++) {
        const struct presence_mark *m = &a->c.others.mark[i];
        if (m->own && m->what == PRESENCE_WRITE && uuid_compare(&m->case_id, &f->case_id) == 0)
            console_say(&a->c, THEME_MESSAGE, "%s",
                        presence_text(m, console_reference(&a->c), &a->c.scratch));
    }
}

/* Somebody began to write where one's own form is open: said once, when there is room. */
void presence_notice(struct app *a)
{
    const struct form *f = &a->form;
    const struct presence_mark *writer =
        f->open && !f->begins && !f->marked ? presence_writer(&a->c.others, &f->case_id) : NULL;
    if (!writer || writer->since_ms <= a->writer_ms || a->c.message[0] ||
        a->prompt.kind != PROMPT_NONE)
        return;
    a->writer_ms = writer->since_ms;
    console_say(&a->c, THEME_WARN, _("%s. Whoever sends first wins; the other text is kept."),
                presence_text(writer, console_reference(&a->c), &a->c.scratch));
}

void presence_leave(struct app *a, int ms)
{
    struct sync_report report;
    if (!a->presence || !a->c.sync)
        return;
    int64_t until = console_mono(&a->c) + ms;
    if (a->told.what != PRESENCE_NONE)
        say(a, &nowhere);
    sync_report(a->c.sync, &report);
    while (report.line == LINE_ONLINE && !report.present_told && console_mono(&a->c) < until) {
        (void)poll(NULL, 0, LEAVE_STEP_MS);
        sync_report(a->c.sync, &report);
    }
}
