#include "core/base/i18n.h"
#include "core/store/retention.h"
#include "core/store/seal.h"
#include "core/text/charset.h"
#include "core/text/width.h"
#include "tui/command/command.h"
#include "tui/probe.h"
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

struct doctor {
    struct buf json;
    bool as_json;
    int bad;
};

/* One finding: what, how it is, and how to mend it ("" when it is well). */
static void finding(struct doctor *d, const char *what, const char *word, const char *is,
                    const char *mend)
{
    if (*mend)
        d->bad++;
    if (d->as_json) {
        buf_printf(&d->json, "%s\"%s\":{\"ok\":%s,\"is\":", d->json.len > 1 ? "," : "", word,
                   *mend ? "false" : "true");
        json_string(&d->json, is);
        buf_puts(&d->json, ",\"mend\":");
        json_string(&d->json, mend);
        buf_putc(&d->json, '}');
        return;
    }
    printf("%s %s: ", *mend ? "!!" : "ok", what);
    cli_print(is);
    putchar('\n');
    if (*mend)
        printf("   %s\n", mend);
}

static void look_terminal(struct doctor *d)
{
    const char *term = getenv("TERM");
    if (!isatty(STDOUT_FILENO))
        finding(d, _("terminal"), "terminal", _("none (fine for the headless commands)"), "");
    else
        finding(d, _("terminal"), "terminal", term && *term ? term : _("TERM is not set"),
                term && *term && strcmp(term, "dumb") != 0
                    ? ""
                    : _("Set TERM to what your terminal is, for example vt220 or xterm-256color."));
}

static void look_locale(struct doctor *d)
{
    const char *codeset = nl_langinfo(CODESET);
    char text[512]; /* names of locales are as long as one likes */
    snprintf(text, sizeof text, "%s (%s)", setlocale(LC_CTYPE, NULL), codeset);
    finding(
        d, _("locale"), "locale", text,
        !charset_ascii()
            ? ""
            : _("Characters outside ASCII are shown as ?. Use a UTF-8 locale: LC_ALL=C.UTF-8."));
}

/* What the configuration says of ambiguous characters, beside what the terminal does with one. */
static void look_widths(struct doctor *d)
{
    int set = width_ambiguous(), shown = d->as_json ? 0 : probe_ambiguous();
    char text[256], mend[256] = "";
    snprintf(text, sizeof text,
             shown ? _("ambiguous characters take %d by the configuration, %d on this terminal")
                   : _("ambiguous characters take %d"),
             set, shown);
    if (shown && shown != set)
        snprintf(mend, sizeof mend, _("Set ambiguous_width = %d under [screen]."), shown);
    if (text_width("\xe5\x8d\xb3\xe5\x8a\x9e", 6) != 4)
        snprintf(mend, sizeof mend, "%s", _("libunistring does not know Han widths."));
    finding(d, _("widths"), "widths", text, mend);
}

static void look_retention(struct cli *c, struct doctor *d)
{
    struct errmsg err = {{0}};
    struct retention_place due;
    char text[256];
    if (!c->context.have_policy)
        return;
    if (store_retention_due(c->store, &due, &err) != ST_OK) {
        finding(d, _("retention"), "retention", err.text,
                _("See the message; nothing was changed."));
        return;
    }
    snprintf(text, sizeof text,
             _("finished cases stay %" PRId64 " days; %" PRId64 " go with the next sync, %" PRId64
               " stay for a draft or work that is not sent"),
             c->context.policy.retain_closed_ms / MS_DAY, due.removed, due.kept);
    finding(d, _("retention"), "retention", text, "");
}

static void look_configuration(struct cli *c, struct doctor *d)
{
    char text[64];
    if (c->n_notices == 0) {
        finding(d, _("configuration"), "configuration", _("nothing was passed over"), "");
        return;
    }
    snprintf(text, sizeof text,
             ngettext("%d line was passed over", "%d lines were passed over",
                      (unsigned long)c->n_notices),
             c->n_notices);
    finding(d, _("configuration"), "configuration", text, c->notice);
}

static void look_cache(struct cli *c, struct doctor *d)
{
    struct errmsg err = {{0}};
    struct store_health h;
    char text[512];
    enum status st = cli_open(c, STORE_READ_ONLY, &err);
    if (st == ST_OK)
        st = store_health(c->store, &c->arena, &h, &err);
    if (st == ST_NOT_FOUND || (st != ST_OK && access(c->folder, F_OK) != 0 && c->folder[0])) {
        finding(d, _("cache"), "cache", _("none yet; the first jiban sync makes it"), "");
        return;
    }
    if (st != ST_OK) {
        finding(d, _("cache"), "cache", err.text, _("See the message; nothing was changed."));
        return;
    }
    snprintf(text, sizeof text,
             _("schema %d, %" PRId64 " cases, %" PRId64 " not sent, %" PRId64 " sent, %" PRId64
               " conflicts, %" PRId64 " drafts, %" PRId64 " bytes"),
             h.schema_version, h.cases, h.outbox, h.sent, h.conflicts, h.drafts,
             h.file_bytes + h.wal_bytes);
    finding(d, _("cache"), "cache", text, "");
    finding(d, _("integrity"), "integrity", h.integrity_ok ? "ok" : h.detail,
            h.integrity_ok
                ? ""
                : _("The cache is damaged. Keep a copy of its folder before anything else."));
    finding(d, _("seal"), "sealed",
            store_sealed(c->folder) ? _("sealed: it opens with your password only")
                                    : _("in the clear; jiban seal seals it"),
            "");
    look_retention(c, d);
    const char *epoch = "", *offset = "";
    store_meta_get(c->store, "epoch", &c->arena, &epoch, NULL);
    store_meta_get(c->store, "server_offset_ms", &c->arena, &offset, NULL);
    finding(d, _("store of the server"), "epoch", *epoch ? epoch : _("never heard of"), "");
    int64_t skew = strtoll(offset, NULL, 10);
    snprintf(text, sizeof text, _("%+" PRId64 " s against the server"), -skew / 1000);
    finding(d, _("clock"), "clock", text,
            skew > 2 * MS_MINUTE || skew < -2 * MS_MINUTE
                ? _("This machine's clock is wrong; countdowns use the server's time.")
                : "");
}

static void look_work(struct cli *c, struct doctor *d)
{
    struct outbox_row *outbox;
    struct conflict_row *conflicts;
    struct draft *drafts;
    size_t n;
    if (!c->store || !d->as_json)
        return;
    char id[UUID_TEXT], case_id[UUID_TEXT];
    if (store_outbox(c->store, 1000000, &c->arena, &outbox, &n, NULL) == ST_OK) {
        buf_puts(&d->json, ",\"outbox\":[");
        for (size_t i = 0; i < n; i++) {
            uuid_format(&outbox[i].command.id, id);
            uuid_format(&outbox[i].command.case_id, case_id);
            buf_printf(&d->json, "%s{\"id\":\"%s\",\"case\":\"%s\",\"type\":\"%s\"}", i ? "," : "",
                       id, case_id, command_table[outbox[i].command.type].word);
        }
        buf_putc(&d->json, ']');
    }
    if (store_conflicts(c->store, &c->arena, &conflicts, &n, NULL) == ST_OK) {
        buf_puts(&d->json, ",\"conflicts\":[");
        for (size_t i = 0; i < n; i++) {
            uuid_format(&conflicts[i].command.id, id);
            uuid_format(&conflicts[i].command.case_id, case_id);
            buf_printf(&d->json, "%s{\"id\":\"%s\",\"case\":\"%s\",\"type\":\"%s\"}", i ? "," : "",
                       id, case_id, command_table[conflicts[i].command.type].word);
        }
        buf_putc(&d->json, ']');
    }
    if (store_drafts(c->store, &c->arena, &drafts, &n, NULL) == ST_OK) {
        buf_puts(&d->json, ",\"drafts\":[");
        for (size_t i = 0; i < n; i++) {
            uuid_format(&drafts[i].case_id, case_id);
            buf_printf(&d->json, "%s{\"case\":\"%s\",\"type\":\"%s\",\"revision\":%" PRIu32 "}",
                       i ? "," : "", case_id, command_table[drafts[i].type].word,
                       drafts[i].revision);
        }
        buf_putc(&d->json, ']');
    }
}

static void look_line(struct cli *c, struct doctor *d)
{
    struct errmsg err = {{0}};
    const char *server = option_text(&c->options, OPT_SERVER);
    char text[512];
    snprintf(text, sizeof text, "%.300s", *server ? server : _("no server is set"));
    if (!*server || !*option_text(&c->options, OPT_USER)) {
        finding(d, _("line"), "line", text,
                _("Set url and user under [server] in the configuration, or give --server and "
                  "--user."));
        return;
    }
    enum status st = line_probe(server, option_text(&c->options, OPT_CA_FILE),
                                option_bool(&c->options, OPT_ALLOW_PLAIN), &err);
    finding(d, _("line"), "line", st == ST_OK ? text : err.text,
            st == ST_OK ? "" : _("Work goes on offline; what you do is kept and sent later."));
}

int command_doctor(struct cli *c)
{
    struct doctor d = {.as_json = c->json};
    buf_init(&d.json, SIZE_MAX / 2);
    buf_putc(&d.json, '{');
    look_terminal(&d);
    look_locale(&d);
    look_widths(&d);
    look_configuration(c, &d);
    struct errmsg err = {{0}};
    if (cli_folder(c, &err) == ST_OK)
        look_cache(c, &d);
    look_line(c, &d);
    look_work(c, &d);
    if (c->json) {
        buf_puts(&d.json, "}\n");
        cli_print_json(&d.json);
    }
    buf_release(&d.json);
    return d.bad ? EX_UNAVAILABLE : EX_OK;
}
