#include "tui/app.h"
#include "core/base/i18n.h"
#include "tui/app_model.h"
#include "tui/linear.h"
#include "tui/screen.h"
#include <inttypes.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void app_init(struct app *a, const struct app_config *config)
{
    memset(a, 0, sizeof *a);
    a->c.config = config;
    a->c.ids = (struct uuid_source){.clock = config->clock, .random = config->random};
    arena_init(&a->c.scratch, 0);
    surface_init(&a->surface);
    bulk_init(&a->c.bulk);
    queue_init(&a->queue);
    a->queue.marks = &a->c.marks;
    a->queue.others = &a->c.others;
    a->wanted = a->told = (struct presence_own){.what = PRESENCE_NONE, .command = COMMAND_COUNT};
    a->tell_mono_ms = INT64_MAX;
    a->presence = config->line && config->line->presence != PRESENCE_OFF;
    a->queue.bar = strcmp(option_text(config->options, OPT_MARK), "bar") == 0;
    case_init(&a->page);
    form_init(&a->form);
    conflicts_init(&a->conflicts);
    clocks_init(&a->clocks);
    a->linear = option_bool(config->options, OPT_LINEAR);
    reading_init(&a->reading);
    similar_init(&a->similar);
    files_init(&a->files);
    template_page_init(&a->template_page);
    for (int i = 0; i < KEPT_KINDS; i++)
        kept_init(&a->kept[i], (enum kept_kind)i);
    many_init(&a->many);
    handover_page_init(&a->handover);
    notices_page_init(&a->notices_page, &a->notices);
    a->c.readonly = config->readonly;
    a->c.asked = ACTION_NONE;
    prompt_init(&a->under_lock);
    a->lock.key_mono_ms = clock_mono(config->clock);
    prompt_init(&a->prompt);
    help_init(&a->help);
    notices_init(&a->notices, &a->c);
    saved_init(&a->c.saved);
    views_reload(a);
    views_columns(a, "");
    a->stack[0] = queue_view(&a->queue);
    a->depth = 1;
}

void app_release(struct app *a)
{
    notices_release(&a->notices);
    saved_release(&a->c.saved);
    prompt_close(&a->prompt);
    help_release(&a->help);
    clocks_release(&a->clocks);
    reading_release(&a->reading);
    watch_release(&a->spoken.news);
    similar_release(&a->similar);
    files_release(&a->files);
    template_page_release(&a->template_page);
    for (int i = 0; i < KEPT_KINDS; i++)
        kept_release(&a->kept[i]);
    many_release(&a->many);
    handover_page_release(&a->handover);
    notices_page_release(&a->notices_page);
    prompt_close(&a->under_lock);
    conflicts_release(&a->conflicts);
    form_close(&a->form);
    case_release(&a->page);
    queue_release(&a->queue);
    surface_release(&a->surface);
    bulk_release(&a->c.bulk);
    arena_release(&a->c.scratch);
}

/* The grid as large as the window. */
static enum status fit_window(struct app *a, struct errmsg *err)
{
    int rows, cols;
    screen_size(&rows, &cols);
    if (rows > SURFACE_SIDE)
        rows = SURFACE_SIDE;
    if (cols > SURFACE_SIDE)
        cols = SURFACE_SIDE;
    if (rows == a->surface.rows && cols == a->surface.cols)
        return ST_OK;
    enum status st = surface_resize(&a->surface, rows, cols, err);
    if (st == ST_OK && app_is_wide(a) && !a->page.have)
        a->settle_mono_ms = 1; /* there is room for the case now */
    return st;
}

/* Started after the first frame: what is in the cache is on the screen before the line is thought of. */
static enum status start_line(struct app *a, struct errmsg *err)
{
    if (!a->c.config->line || a->c.sync)
        return ST_OK;
    enum status st = sync_start(a->c.config->line, &a->c.sync, err);
    if (a->c.config->line_has_password)
        a->c.config->line_has_password();
    return st;
}

/* Once: how many characters of the first frame that has some could not be shown. */
static bool tell_unshown(struct app *a)
{
    if (a->told_unshown || screen_unshown() == 0)
        return false;
    a->told_unshown = true;
    console_say(
        &a->c, THEME_WARN,
        ngettext("%d character is not in the character set of the locale (%s) and stands as ?.",
                 "%d characters are not in the character set of the locale (%s) and stand as ?.",
                 (unsigned long)screen_unshown()),
        screen_unshown(), nl_langinfo(CODESET));
    return true;
}

/* The first frame has the cases, which are waited for; rule and keys come with the next one, soon. */
enum { FURNISH_MS = 20 };

static int wait_ms(const struct app *a)
{
    int wait = app_wait_ms(a);
    return a->frame.bare && (wait < 0 || wait > FURNISH_MS) ? FURNISH_MS : wait;
}

static void furnish(struct app *a)
{
    if (!a->frame.bare)
        return;
    a->frame.bare = a->frame.source.known = false;
    a->news++;
}

/* Keys that came together: each acts on what the one before it led to, as if it had been seen: where a line breaks, where a
 * page ends. In the list nothing rests on that, nor in a text what is typed on. */
static void keep_up(struct app *a, const struct key *key)
{
    struct cursor cursor;
    bool line = a->prompt.kind != PROMPT_NONE, ask = a->prompt.kind == PROMPT_ASK;
    bool list = !line && app_top(a)->keys == KEYS_QUEUE;
    bool typed = key->kind == KEY_KIND_TEXT && !ask && (line || app_top(a)->type);
#if SABOTAGE == 240
    return; /* damage for the tests: keys act on a screen of before */
#endif
    if (!list && !typed)
        app_draw(a, &cursor);
}

/* What the next key will ask for, once the frame is out and none has come yet. */
static void read_ahead(struct app *a)
{
    struct pollfd key = {.fd = STDIN_FILENO, .events = POLLIN};
    if (a->queue.pages && app_top(a)->keys == KEYS_QUEUE && !a->lock.on && poll(&key, 1, 0) == 0)
        queue_read_ahead(&a->queue, &a->c);
}

static enum status loop(struct app *a, struct errmsg *err)
{
    a->frame.bare = !a->linear;
    while (!a->quit && screen_signal() == 0) {
        struct cursor cursor;
        enum status st = fit_window(a, err);
        if (st != ST_OK)
            return st;
        if (a->linear) {
            app_read(a);
        } else if (slow_wants_frame(a)) {
            slow_draw(a, &cursor);
            app_rest_cursor(a, &cursor);
            screen_show(&a->surface, cursor.row, cursor.col);
            if (tell_unshown(a))
                continue;
        }
        if (!a->c.sync && !a->c.line_failed && start_line(a, err) != ST_OK) {
            a->c.line_failed = true;
            console_say(&a->c, THEME_ERROR, "%s", err->text);
            continue;
        }
        read_ahead(a);
        struct pollfd fd[3] = {{.fd = STDIN_FILENO, .events = POLLIN},
                               {.fd = screen_signal_fd(), .events = POLLIN},
                               {.fd = a->c.sync ? sync_fd(a->c.sync) : -1, .events = POLLIN}};
        int n = poll(fd, 3, wait_ms(a));
        furnish(a);
        if (n > 0 && fd[2].revents)
            app_hints(a);
        struct key key;
        for (bool more = false; !a->quit && (key = screen_key()).kind != KEY_KIND_NONE;
             more = true) {
            if (more && !a->linear)
                keep_up(a, &key);
            app_key(a, &key);
            if (a->linear && !a->quit) /* each key has its line */
                app_read(a);
        }
        app_due(a);
        if (n > 0 && fd[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            break; /* the terminal went away; what it sent last was read */
    }
    return ST_OK;
}

void app_dress(struct app *a, const struct theme *theme)
{
    int has = screen_colours();
    a->theme = *theme;
    a->c.colours = theme->needs < has ? theme->needs : has;
    a->c.on_light = theme_on_light(theme);
    screen_theme(&a->theme);
}

/* A theme that is wrong is no reason not to work. */
static enum status dress(struct app *a, struct errmsg *err)
{
    enum status st = theme_load(slow_theme(a), screen_colours(), &a->theme, err);
    if (st != ST_OK) {
        console_say(&a->c, THEME_ERROR, "%s", err->text);
        st = theme_load("auto", screen_colours(), &a->theme, err);
    }
    if (st == ST_OK)
        app_dress(a, &a->theme);
    return st;
}

enum {
    LEAVE_MS = 3000, /* for the line to take what was confirmed last */
    GONE_MS = 500    /* and to tell that one has left a case */
};

int app_run(const struct app_config *config)
{
    struct app a;
    struct errmsg err = {{0}}, draft_err = {{0}};
    bool linear = option_bool(config->options, OPT_LINEAR);
    enum status st = linear ? screen_open_lines(&err) : screen_open(&err);
    if (st != ST_OK) {
        fprintf(stderr, "jiban: %s\n", err.text);
        return status_exit(st);
    }
    app_init(&a, config);
    a.on_terminal = true;
    line_remember(&a);
    if (linear) {
        linear_open();
    } else {
        screen_mouse(option_bool(config->options, OPT_MOUSE));
        screen_focus(notices_calls(config->options));
        st = dress(&a, &err);
    }
    if (st == ST_OK) {
        app_reload(&a);
        if (config->notice && *config->notice)
            console_say(&a.c, THEME_WARN, "%s", config->notice);
        else if (saved_check(&a.c.saved, config->store, console_now(&a.c), &err) != ST_OK)
            console_say(&a.c, THEME_WARN, "%s", err.text);
        tour_when_new(&a);
        st = loop(&a, &err);
    }
    /* On whatever way out: what was typed is on the disk before the screen goes. */
    enum status kept = form_save(&a.form, &a.c, &draft_err);
    if (linear)
        linear_close();
    screen_close();
    later_leave(&a.c, LEAVE_MS);
    presence_leave(&a, GONE_MS);
    if (kept != ST_OK)
        fprintf(stderr, "jiban: %s\n", draft_err.text);
    bool revoked = a.c.report.line == LINE_REVOKED;
    if (revoked && config->revoked)
        *config->revoked = a.c.report.revoked;
    sync_stop(a.c.sync);
    app_release(&a);
    if (st != ST_OK)
        fprintf(stderr, "jiban: %s\n", err.text);
    else if (revoked)
        fprintf(stderr, "jiban: %s\n", a.c.report.error);
    else if (a.c.counts.outbox > 0)
        fprintf(stderr,
                ngettext("jiban: %" PRId64
                         " command is not sent yet. It is kept and goes out the next time.\n",
                         "jiban: %" PRId64
                         " commands are not sent yet. They are kept and go out the next time.\n",
                         (unsigned long)a.c.counts.outbox),
                a.c.counts.outbox);
    return status_exit(st != ST_OK ? st : kept);
}

int app_print_first(const struct app_config *config, int cols, int rows, struct buf *out)
{
    struct app a;
    struct errmsg err;
    app_init(&a, config);
    enum status st = surface_resize(&a.surface, rows, cols, &err);
    if (st == ST_OK) {
        struct cursor cursor;
        app_reload(&a);
        app_due(&a);
        app_draw(&a, &cursor);
        surface_dump(&a.surface, out);
        st = buf_status(out);
    }
    app_release(&a);
    return status_exit(st);
}
