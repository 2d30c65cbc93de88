/* queue_badges.c: the signs at the end of a row: what hangs on the order, and for whom it waits. */
#include "tui/view/queue.h"
#include "core/base/i18n.h"
#include "tui/draw.h"

/* Where the column has this many cells, a sign has its word beside it. */
enum { WORDS_FROM = 64 };

const char *queue_sign(enum object_kind kind)
{
    static const char *const signs[OBJECT_COUNT] = {
        [OBJECT_PRE_CONSULT] = "q",  [OBJECT_RETURN] = "r",       [OBJECT_SUB] = "s",
        [OBJECT_MEETING] = "m",      [OBJECT_CONSULTATION] = "k", [OBJECT_TELL] = "t",
        [OBJECT_ESCALATION] = "e",   [OBJECT_EXTENSION] = "x",    [OBJECT_HANG] = "h",
        [OBJECT_EXCLUSION] = "o",    [OBJECT_URGE] = "u",         [OBJECT_SUPERVISION] = "v",
        [OBJECT_VOIDING] = "d",      [OBJECT_CONFIRMATION] = "c", [OBJECT_PROPOSAL] = "p",
        [OBJECT_UNREASONABLE] = "n", [OBJECT_WARNING] = "a",
    };
    return kind == OBJECT_WHISTLE ? draw_sign(SIGN_WHISTLE) : signs[kind];
}

/* " s*u!": a sign each; * waits for this person, ! the next level was told that it is late. */
static const char *objects(const struct queue_row *row, bool words, struct arena *a)
{
    const char *text = "", *before = " ";
    for (int k = 0; k < OBJECT_COUNT; k++) {
        if (!(row->open >> k & 1u))
            continue;
        text = arena_printf(a, "%s%s%s%s%s", text, before, queue_sign((enum object_kind)k),
                            row->owed >> k & 1u ? "*" : "", row->late >> k & 1u ? "!" : "");
        if (words)
            text = arena_printf(a, "%s %s", text, _(object_table[k].label));
        before = words ? " " : "";
    }
    return text;
}

/* Calls made in this round; or since when the message waits that follows them. */
static const char *calls(const struct queue_row *row, bool words, struct arena *a)
{
    if (!row->calls)
        return "";
    if (row->sms_ms != TIME_NONE) {
        struct civil t = civil_from_ms(row->sms_ms, BEIJING_OFFSET_MS);
        return arena_printf(a, words ? _(" @ sent %02d-%02d %02d:%02d") : " @%02d-%02d %02d:%02d",
                            t.month, t.day, t.hour, t.minute);
    }
    return row->attempts == 0
               ? ""
               : arena_printf(a, words ? _(" #%d calls tried") : " #%d", row->attempts);
}

const char *queue_there_words(const struct queue_row *row)
{
    return row->there == PRESENCE_WRITE ? _("somebody writes on it elsewhere")
                                        : _("open elsewhere");
}

/* & has it open, && writes: marks of moments, before those that stay. */
static const char *there(const struct queue_row *row, bool words, struct arena *a)
{
    if (row->there == PRESENCE_NONE)
        return "";
    const char *sign = row->there == PRESENCE_WRITE ? " &&" : " &";
    return words ? arena_printf(a, "%s %s", sign, queue_there_words(row)) : sign;
}

const char *queue_badges(const struct queue_row *row, int cells, struct arena *a)
{
    bool words = cells >= WORDS_FROM;
    return arena_printf(
        a, "%s%s%s%s%s%s%s", there(row, words, a), objects(row, words, a), calls(row, words, a),
        row->conflict ? " !!" : "", row->unsent ? " ^" : "", row->draft ? " ~" : "",
        row->repeats > 0 ? arena_printf(a, " %s%d", draw_sign(SIGN_REPEAT), row->repeats + 1) : "");
}
