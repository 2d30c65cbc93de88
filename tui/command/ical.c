/* ical.c: due times as iCalendar (RFC 5545), for the calendar that a person looks at all day. */
#include "core/base/i18n.h"
#include "core/base/version.h"
#include "core/text/clean.h"
#include "core/text/ical.h"
#include "tui/command/command.h"
#include <inttypes.h>
#include <stdio.h>
#include <sysexits.h>

enum { WORD_BYTES = 128 };

struct sheet {
    struct cli *c;
    struct buf out;
    int64_t now_ms;
};

/* Which clock, which order, what it is about and where: nothing that tells of a person (domain 13). */
static const char *summary(const struct cli *c, const struct case_row *row, struct arena *a)
{
    bool chinese = i18n_chinese();
    struct buf out;
    buf_init(&out, 1 << 16);
    const struct category *k = reference_category(&c->context.reference, row->category);
    const char *text =
        arena_printf(a, "%s%s%s  %s  %s", _(clock_table[row->next_clock].label),
                     i18n_mark(MARK_COLON, chinese), row->number,
                     !k        ? row->category
                     : chinese ? k->level2
                               : k->level2_en,
                     reference_unit_name(&c->context.reference, row->community, chinese));
    clean_plain(&out, text_clean_str(a, text, CLEAN_LINE), 0);
    const char *ret = arena_strdup(a, out.data);
    buf_release(&out);
    return ret;
}

/* UID stays the same while it is the same clock of the same order; SEQUENCE grows with the order: a calendar that
 * reads the file again moves the entry instead of making a second one. */
static void put_event(void *self, const struct case_row *row)
{
    struct sheet *s = self;
    char id[UUID_TEXT], word[WORD_BYTES];
    struct arena a;
    if (row->due_ms == TIME_NONE || row->next_clock == CLOCK_COUNT)
        return;
    arena_init(&a, 0);
    uuid_format(&row->id, id);
    const char *text = summary(s->c, row, &a);
    ical_value(&s->out, "BEGIN", "VEVENT");
    snprintf(word, sizeof word, "%s-%s@jiban", id, clock_table[row->next_clock].word);
    ical_text(&s->out, "UID", word);
    ical_time(&s->out, "DTSTAMP", s->now_ms);
    snprintf(word, sizeof word, "%" PRIu32, row->version);
    ical_value(&s->out, "SEQUENCE", word);
    ical_time(&s->out, "DTSTART", row->due_ms);
    ical_text(&s->out, "SUMMARY", text);
    ical_value(&s->out, "TRANSP", "TRANSPARENT");
    ical_value(&s->out, "BEGIN", "VALARM");
    ical_value(&s->out, "ACTION", "DISPLAY");
    ical_text(&s->out, "DESCRIPTION", text);
    ical_value(&s->out, "TRIGGER", "-PT30M");
    ical_value(&s->out, "END", "VALARM");
    ical_value(&s->out, "END", "VEVENT");
    if (arena_failed(&a))
        s->out.failed = ST_NOMEM;
    arena_release(&a);
}

int command_calendar(struct cli *c)
{
    struct errmsg err = {{0}};
    struct query q;
    struct sheet s = {.c = c};
    enum status st = output_check(c, &err);
    if (st == ST_OK)
        st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = cli_filter(c, &q, &err);
    if (st != ST_OK)
        return cli_fail(st, &err);
    s.now_ms = q.now_ms;
    buf_init(&s.out, SIZE_MAX / 2);
    ical_value(&s.out, "BEGIN", "VCALENDAR");
    ical_value(&s.out, "VERSION", "2.0");
    ical_text(&s.out, "PRODID", arena_printf(&c->arena, "-//jiban//%s//EN", jiban_version()));
    st = cli_rows(c, &q, put_event, &s, &err);
    ical_value(&s.out, "END", "VCALENDAR");
    if (st == ST_OK)
        st = output_write_utf8(c, &s.out, &err);
    buf_release(&s.out);
    return st == ST_OK ? EX_OK : cli_fail(st, &err);
}
