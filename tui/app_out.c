/* app_out.c: what goes out of the console by a key: the handover sheet, what was told, a case, a list or a file of a case
 * onto the disk. */
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "tui/app_model.h"
#include "tui/print_out.h"
#include "tui/whistle_sheets.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Rows of a list: so many stand on four hundred pages and are read in a moment. */
enum { ROWS_MOST = 20000, SETTINGS_MOST = 65536 };

/* --- pages ---------------------------------------------------------------------------------------- */

void out_handover(struct app *a)
{
    struct errmsg err;
    if (console_ok(&a->c, handover_page_open(&a->handover, &a->c, &err), &err))
        app_push(a, handover_page_view(&a->handover));
    if (a->c.sync)
        sync_now(a->c.sync); /* what others kept comes when one asks */
}

void out_notices(struct app *a)
{
    struct view v = notices_page_open(&a->notices_page, &a->c);
    if (app_top(a)->self != v.self)
        app_push(a, v);
}

/* --- where to ------------------------------------------------------------------------------------- */

/* The value of XDG_DOCUMENTS_DIR in user-dirs.dirs, which has lines such as XDG_DOCUMENTS_DIR="$HOME/Documents"; NULL. */
static const char *documents_set(struct arena *a, const char *home)
{
    static const char key[] = "\nXDG_DOCUMENTS_DIR=\"$HOME/";
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *path = config && *config ? arena_printf(a, "%s/user-dirs.dirs", config)
                                         : arena_printf(a, "%s/.config/user-dirs.dirs", home);
    char *text = NULL;
    size_t n;
    if (file_read(path, SETTINGS_MOST, &text, &n, NULL) != ST_OK)
        return NULL;
    const char *at = strstr(text, key), *ret = NULL;
    if (at) {
        at += sizeof key - 1;
        ret = arena_printf(a, "~/%.*s", (int)strcspn(at, "\"\n"), at);
    }
    free(text);
    return ret;
}

/* "~/" stands for the home. */
static const char *in_full(struct arena *a, const char *path)
{
    const char *home = getenv("HOME");
    return strncmp(path, "~/", 2) == 0 && home ? arena_printf(a, "%s%s", home, path + 1) : path;
}

/* The folder of documents of the desktop (XDG), where there is one; else the home. */
static const char *documents(struct arena *a)
{
    const char *home = getenv("HOME"), *set = home ? documents_set(a, home) : NULL;
    return set && access(in_full(a, set), W_OK) == 0 ? set : "~";
}

/* Of the path in full: may a file be written there, and does the person want that? A file that is there is asked about
 * first; out_go_on() comes back with the answer. */
static bool may_write(struct app *a, enum action action, const char *typed, const char *path)
{
    struct console *c = &a->c;
    const char *slash = strrchr(path, '/');
    const char *folder = slash ? arena_strndup(&c->scratch, path, (size_t)(slash - path)) : ".";
    bool yes = a->out.over;
    a->out.over = false;
#if SABOTAGE == 212
    yes = true; /* Damage: nobody is asked before a file is written over. */
#endif
    if (strlen(typed) >= sizeof a->out.typed) {
        console_say(c, THEME_ERROR, "%s", _("The path is too long."));
        return false;
    }
    if (option_bool(c->config->options, OPT_LOCKED_DOWN)) {
        console_say(c, THEME_WARN, "%s",
                    _("Not here: this console writes no file (safe.locked_down)."));
        return false;
    }
    if (*folder && access(folder, W_OK) != 0) {
        console_say(c, THEME_ERROR, _("Nothing can be written in the folder %s."), folder);
        return false;
    }
    if (yes || access(path, F_OK) != 0)
        return true;
    a->out.action = action;
    (void)snprintf(a->out.typed, sizeof a->out.typed, "%s", typed);
    c->asked = action;
    (void)snprintf(a->out.question, sizeof a->out.question,
                   _("It is there already and would be written over: %s"), path);
    c->ask_text = a->out.question;
    c->want = WANT_ASK;
    return false;
}

bool out_go_on(struct app *a)
{
    enum action action = a->c.asked;
    if (action != ACTION_PRINT && action != ACTION_PRINT_WHISTLES && action != ACTION_SAVE_FILE)
        return false;
    a->c.asked = ACTION_NONE;
    a->out.over = true;
    app_act(a, a->out.action, a->out.typed);
    a->out.over = false;
    return true;
}

/* --- a file of a case ----------------------------------------------------------------------------- */

bool out_save_file(struct app *a, const char *argument)
{
    struct console *c = &a->c;
    if (app_top(a)->keys != KEYS_FILES || a->files.n == 0)
        return false;
    if (!argument || !*argument) {
        line_open(
            a, arena_printf(&c->scratch, "save_file %s", files_save_path(&a->files, &c->scratch)));
        return true;
    }
    const char *path = in_full(&c->scratch, argument);
    if (files_fetch(&a->files, c) && may_write(a, ACTION_SAVE_FILE, argument, path))
        files_save(&a->files, c, path);
    return true;
}

/* --- a case, a list ------------------------------------------------------------------------------- */

/* By the ending of the path; PRINT_FORMS, and it is said: what is written has no such form. */
static enum print_form form_of(struct console *c, const char *path, bool list)
{
    static const char *const endings[PRINT_FORMS] = {".txt", ".csv", ".ndjson", ".html"};
    const char *dot = strrchr(path, '.');
    for (int i = 0; dot && i < PRINT_FORMS; i++)
        if (strcmp(dot, endings[i]) == 0 && (list || i == PRINT_TEXT || i == PRINT_HTML))
            return (enum print_form)i;
    console_say(c, THEME_ERROR, "%s",
                list ? _("This is written to a file that ends in .txt, .csv, .ndjson or .html.")
                     : _("A case is written to a file that ends in .txt or .html."));
    return PRINT_FORMS;
}

static struct print_out maker(struct console *c)
{
    return (struct print_out){.store = c->config->store,
                              .context = c->config->context,
                              .arena = &c->scratch,
                              .now_ms = console_now(c)};
}

static enum status write_out(const struct buf *text, const char *path, struct errmsg *err)
{
    if (buf_status(text) != ST_OK)
        return fail(err, buf_status(text), "%s", _("Out of memory. Nothing was changed."));
    return file_write_atomic(path, text->data, text->len, err);
}

/* It stands on the cases before a word of them leaves (domain 13). */
static enum status record(struct console *c, const struct command *list, size_t n,
                          struct errmsg *err)
{
#if SABOTAGE == 150
    return ST_OK; /* damage for the tests: nobody hears that the case was printed */
#endif
    enum status st = console_queue(c, list, n, 0, err);
    if (st == ST_OK) {
        c->changed = true;
        if (c->sync)
            sync_poke(c->sync);
    }
    return st;
}

static enum status disclose(struct console *c, const struct print_out *o, const struct case_view *v,
                            struct errmsg *err)
{
    struct command command;
    enum status st = print_disclosure(o, v, &c->ids, &command, err);
    return st == ST_OK ? record(c, &command, 1, err) : st;
}

static void print_the_case(struct app *a, const struct uuid *id, const char *path, bool html)
{
    struct console *c = &a->c;
    struct print_out o = maker(c);
    struct errmsg err = {{0}};
    struct case_view v;
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    enum status st = store_case(o.store, id, &c->scratch, &v, &err);
    if (st == ST_OK) {
        print_case(&o, &v, html, &out);
        st = disclose(c, &o, &v, &err);
    }
    if (st == ST_OK)
        st = write_out(&out, path, &err);
    buf_release(&out);
    if (console_ok(c, st, &err))
        console_say(c, THEME_MESSAGE, _("Written and recorded on the case: %s"), path);
}

/* One case after the other. */
static struct query of_the_list(struct app *a)
{
    struct query q = queue_query(&a->queue, &a->c);
    q.group = GROUP_NONE;
    q.folds = NULL;
    return q;
}

static void print_the_list(struct app *a, const char *path, enum print_form form)
{
    struct console *c = &a->c;
    struct print_out o = maker(c);
    struct query q = of_the_list(a);
    struct errmsg err = {{0}};
    struct buf out;
    size_t n = 0;
    buf_init(&out, SIZE_MAX / 2);
    enum status st = print_table(&o, &q, ROWS_MOST, form, &out, &n, &err);
    if (st == ST_OK)
        st = write_out(&out, path, &err);
    buf_release(&out);
    if (!console_ok(c, st, &err))
        return;
    if (n == ROWS_MOST)
        console_say(c, THEME_WARN, _("The first %d cases are written to %s"), ROWS_MOST, path);
    else
        console_say(
            c, THEME_MESSAGE,
            ngettext("%d case is written to %s", "%d cases are written to %s", (unsigned long)n),
            (int)n, path);
}

/* What one most likely wants, to be changed on the line. */
static void propose(struct app *a, enum action action, const char *name)
{
    struct console *c = &a->c;
    line_open(a, arena_printf(&c->scratch, "%s %s/%s.txt", action_table[action].word,
                              documents(&c->scratch), name));
}

static const char *name_of_list(struct console *c, const char *word)
{
    char day[DAY_TEXT];
    day_format(day_of_ms(console_now(c), BEIJING_OFFSET_MS), day);
    return arena_printf(&c->scratch, "%s-%s", word, day);
}

static const char *name_of_case(struct console *c, const struct uuid *id)
{
    struct case_view v;
    if (store_case(c->config->store, id, &c->scratch, &v, NULL) != ST_OK ||
        !*v.shown.value[FIELD_NUMBER])
        return "case";
    return v.shown.value[FIELD_NUMBER];
}

bool out_print(struct app *a, const char *argument)
{
    struct console *c = &a->c;
    struct view *top = app_top(a);
    struct uuid id;
    bool list = top->keys == KEYS_QUEUE;
    if (!list && (top->keys != KEYS_CASE || !top->subject(top->self, c, &id)))
        return false;
    if (!list && !console_may_change(c)) /* it would be recorded on the case */
        return true;
    if (!argument || !*argument) {
        propose(a, ACTION_PRINT,
                list ? name_of_list(c, view_table[a->queue.view].word) : name_of_case(c, &id));
        return true;
    }
    const char *path = in_full(&c->scratch, argument);
    enum print_form form = form_of(c, path, list);
    if (form == PRINT_FORMS || !may_write(a, ACTION_PRINT, argument, path))
        return true;
    if (list)
        print_the_list(a, path, form);
    else
        print_the_case(a, &id, path, form == PRINT_HTML);
    return true;
}

/* --- whistles ------------------------------------------------------------------------------------- */

/* The marked cases; without marks the case that is open, else those of the list. */
static enum status whistled(struct app *a, const struct print_out *o, struct uuid *one,
                            const struct uuid **ret, size_t *ret_n, struct errmsg *err)
{
    struct console *c = &a->c;
    struct view *top = app_top(a);
    if (top->keys == KEYS_CASE) {
        *ret = one;
        *ret_n = top->subject(top->self, c, one);
        return ST_OK;
    }
    if (c->marks.n > 0) {
        *ret = c->marks.id;
        *ret_n = c->marks.n;
        return ST_OK;
    }
    struct query q = of_the_list(a);
    struct uuid *found = NULL;
    enum status st = whistle_sheets_cases(o, &q, ROWS_MOST, &found, ret_n, err);
    *ret = found;
    return st;
}

static void print_whistles(struct app *a, const char *path, enum print_form form)
{
    struct console *c = &a->c;
    struct print_out o = maker(c);
    struct whistle_sheets sheets = {0};
    const struct uuid *cases = NULL;
    struct uuid one;
    size_t n = 0;
    struct errmsg err = {{0}};
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    enum status st = whistled(a, &o, &one, &cases, &n, &err);
    if (st == ST_OK)
        st = whistle_sheets_print(&o, cases, n, form, &c->ids, &out, &sheets, &err);
    if (st == ST_OK)
        st = record(c, sheets.disclosures, sheets.n_cases, &err);
    if (st == ST_OK)
        st = write_out(&out, path, &err);
    buf_release(&out);
    n = sheets.n_units + sheets.n_meetings;
    if (console_ok(c, st, &err))
        console_say(c, THEME_MESSAGE,
                    ngettext("%d sheet is written and recorded on its cases: %s",
                             "%d sheets are written and recorded on their cases: %s",
                             (unsigned long)n),
                    (int)n, path);
}

bool out_print_whistles(struct app *a, const char *argument)
{
    struct console *c = &a->c;
    struct view *top = app_top(a);
    if (top->keys != KEYS_QUEUE && top->keys != KEYS_CASE)
        return false;
    if (!console_may_change(c)) /* it would be recorded on the cases */
        return true;
    if (!argument || !*argument) {
        propose(a, ACTION_PRINT_WHISTLES, name_of_list(c, "whistles"));
        return true;
    }
    const char *path = in_full(&c->scratch, argument);
    enum print_form form = form_of(c, path, true);
    if (form != PRINT_FORMS && may_write(a, ACTION_PRINT_WHISTLES, argument, path))
        print_whistles(a, path, form);
    return true;
}
