#include "tui/app.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/i18n.h"
#include "core/text/width.h"
#include "tui/draw.h"
#include "tui/screen.h"
#include "tui/view/casepage.h"
#include "tui/view/queue.h"

enum action {
#define ACTION(id, key, hint, help) ACTION_##id,
#include "tui/actions.def"
#undef ACTION
    ACTION_COUNT
};
static const struct {
    const char *key, *hint, *help;
} action_table[ACTION_COUNT] = {
#define ACTION(id, key, hint, help) {key, hint, help},
#include "tui/actions.def"
#undef ACTION
};

enum page { PAGE_QUEUE, PAGE_CASE, PAGE_HELP };
enum ask { ASK_NOTHING, ASK_PASSWORD, ASK_WORD, ASK_VALUE };

struct app {
    const struct app_config *config;
    struct surface surface;
    struct arena scratch, case_arena, form_arena;
    struct queue queue;
    struct store_counts counts;
    struct case_view view;
    bool have_case, quit, asked_login;
    enum page page, under_help;
    int scroll, case_lines;
    char message[ERRMSG_SIZE];
    struct sync_report report;
    struct uuid_source ids;
    /* the question in the last line */
    enum ask ask;
    struct buf input;
    enum command_type form;
    struct uuid form_case;
    uint32_t form_base;
    size_t form_at;
    struct value values[FIELD_COUNT];
    size_t n_values;
    struct draft draft; /* of this form, from before */
};

static int64_t now_ms(const struct app *a)
{
    return clock_wall(a->config->clock) + a->report.server_offset_ms;
}

static const struct reference *reference_of(const struct app *a)
{
    return a->config->context->have_reference ? &a->config->context->reference : NULL;
}

static const struct actor *actor_of(const struct app *a)
{
    return a->config->context->have_actor ? &a->config->context->actor : NULL;
}

static int list_rows(const struct app *a)
{
    return a->surface.rows > 7 ? a->surface.rows - 6 : 1;
}

static void say(struct app *a, const struct errmsg *err)
{
    snprintf(a->message, sizeof a->message, "%s", err->text);
}

static void reload(struct app *a)
{
    struct errmsg err;
    struct store *s = a->config->store;
    if (a->config->sync != NULL)
        sync_report(a->config->sync, &a->report);
    if (queue_load(&a->queue, s, now_ms(a), list_rows(a), &err) != ST_OK)
        say(a, &err);
    if (store_counts(s, now_ms(a), &a->counts, &err) != ST_OK)
        say(a, &err);
    if (a->have_case) {
        struct uuid id = a->view.shown.id;
        arena_reset(&a->case_arena);
        if (store_case(s, &id, &a->case_arena, &a->view, &err) != ST_OK) {
            a->have_case = false;
            if (a->page == PAGE_CASE)
                a->page = PAGE_QUEUE;
            say(a, &err);
        }
    }
}

static const char *line_word(const struct app *a)
{
    if (a->config->sync == NULL)
        return _("no line");
    switch (a->report.line) {
    case LINE_CONNECTING:
        return _("connecting");
    case LINE_ONLINE:
        return _("* online");
    case LINE_OFFLINE:
        return _("offline");
    case LINE_NEED_LOGIN:
        return _("log-in needed");
    case LINE_NOT_OURS:
        return _("not our server");
    case LINE_IDLE:
    case LINE_STATE_COUNT:
        break;
    }
    return _("starting");
}

static void draw_head(struct app *a)
{
    struct surface *s = &a->surface;
    struct arena *m = &a->scratch;
    bool chinese = i18n_chinese();
    const struct actor *who = actor_of(a);
    struct civil c = civil_from_ms(now_ms(a), BEIJING_OFFSET_MS);
    const char *right = arena_printf(m, "%s  %s %" PRId64 "  %02d:%02d", line_word(a), _("to send"),
                                     a->counts.outbox, c.hour, c.minute);
    int width = text_width(right, strlen(right));
    int start = s->cols - width - 1;
    const char *office = "";
    if (who != NULL)
        office = reference_of(a) != NULL
                     ? reference_unit_name(reference_of(a), who->office, chinese)
                     : who->office;
    const char *name = who == NULL ? ""
                       : reference_of(a) != NULL
                           ? reference_person_name(reference_of(a), who->user, chinese)
                           : who->name;
    draw_text(s, m, 0, 1, start - 2, THEME_HEAD, "jiban%s  %s · %s (%s)",
              a->config->practice ? _(" practice") : "", office, name,
              who != NULL ? _(role_table[who->role].label) : "-");
    draw_text(s, m, 0, start > 0 ? start : 0, width, THEME_HEAD, "%s", right);
    int col = 1;
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (i >= 6 && s->cols < 120 && (enum view_id)i != a->queue.view)
            continue;
        col += draw_text(s, m, 1, col, s->cols - col,
                         (enum view_id)i == a->queue.view ? THEME_INPUT : THEME_PLAIN,
                         "%c:%s %" PRId64, view_table[i].key, _(view_table[i].label),
                         a->counts.view[i]) +
               1;
    }
}

static void draw_foot(struct app *a, int *row, int *col)
{
    struct surface *s = &a->surface;
    struct arena *m = &a->scratch;
    int foot = s->rows - 2, last = s->rows - 1;
    if (a->ask != ASK_VALUE && a->message[0] != '\0')
        draw_text(s, m, foot, 1, s->cols - 1, THEME_MESSAGE, "%s", a->message);
    else if (a->ask != ASK_VALUE)
        draw_text(s, m, foot, 1, s->cols - 1, THEME_DIM,
                  _("%lld cases, %lld overdue · sorted by time left · view: %s"),
                  (long long)a->counts.view[a->queue.view], (long long)a->counts.overdue,
                  _(view_table[a->queue.view].label));
    if (a->ask == ASK_NOTHING) {
        int at = 1;
        for (int i = 0; i < ACTION_COUNT; i++)
            if (*action_table[i].hint)
                at += draw_text(s, m, last, at, s->cols - at, THEME_PLAIN, "%s %s",
                                action_table[i].key, _(action_table[i].hint)) +
                      2;
        return;
    }
    const char *label = _("Password");
    const char *choices = "";
    if (a->ask == ASK_WORD) {
        label = _("Command");
    } else if (a->ask == ASK_VALUE) {
        const struct argument *g = &command_table[a->form].arguments[a->form_at];
        const struct field_row *f = &field_table[g->field];
        label = _(f->label);
        choices = f->choices                   ? f->choices
                  : f->type == FIELD_TYPE_BOOL ? "yes|no"
                  : f->type == FIELD_TYPE_TIME ? "2026-01-31T14:05:00+08:00"
                                               : "";
        draw_text(s, m, foot, 1, s->cols - 1, THEME_MESSAGE, "%s · %s · %s",
                  _(command_table[a->form].label),
                  g->required ? _("needed") : _("Enter leaves it out"),
                  a->message[0] ? a->message : choices);
    }
    int at = 1 + draw_text(s, m, last, 1, s->cols / 2, THEME_HEAD, "%s: ", label);
    const char *input = a->input.data;
    size_t len = a->input.len;
    if (a->ask == ASK_PASSWORD)
        len = 0;
    int room = s->cols - at - 1;
    while (len > 0 && text_width(input, len) > room) { /* the end is what one types at */
        int cells;
        size_t n = cluster_next(input, len, &cells);
        input += n;
        len -= n;
    }
    at += draw_text(s, m, last, at, room, THEME_INPUT, "%s", arena_strndup(m, input, len));
    *row = last;
    *col = at;
}

static void draw_help(struct app *a)
{
    struct surface *s = &a->surface;
    for (int i = 0; i < ACTION_COUNT && i + 3 < s->rows - 2; i++) {
        draw_text(s, &a->scratch, i + 3, 3, 8, THEME_HEAD, "%s", action_table[i].key);
        draw_text(s, &a->scratch, i + 3, 12, s->cols - 12, THEME_PLAIN, "%s",
                  _(action_table[i].help));
    }
    draw_text(s, &a->scratch, 2, 3, s->cols - 3, THEME_HEAD, "%s",
              _("1..9 switch the view; ! overdue, ^ not sent yet, ~ draft, xN repeated"));
}

static void draw(struct app *a, int *row, int *col)
{
    struct surface *s = &a->surface;
    *row = *col = -1;
    arena_reset(&a->scratch);
    surface_fill(s, (struct rect){0, 0, s->rows, s->cols}, THEME_PLAIN);
    if (s->rows < 6 || s->cols < 20)
        return;
    draw_head(a);
    struct rect body = {2, 0, s->rows - 4, s->cols};
    struct rect list = {3, 0, list_rows(a) + 1, s->cols};
    if (a->page == PAGE_HELP)
        draw_help(a);
    else if (a->page == PAGE_CASE && a->have_case)
        a->case_lines = casepage_draw(&a->view, s, body, a->scroll, reference_of(a), actor_of(a),
                                      now_ms(a), &a->scratch);
    else
        queue_draw(&a->queue, s, list, reference_of(a), now_ms(a), &a->scratch);
    draw_foot(a, row, col);
}

static void ask_end(struct app *a)
{
    explicit_bzero(a->input.data, a->input.len);
    buf_clear(&a->input);
    a->ask = ASK_NOTHING;
}

/* What was answered so far stays as a draft: nothing that was typed is lost. */
static void keep_draft(struct app *a)
{
    struct errmsg err;
    if (a->n_values == 0 || actor_of(a) == NULL)
        return;
    struct draft draft = {.case_id = a->form_case,
                          .type = a->form,
                          .user = actor_of(a)->user,
                          .values = a->values,
                          .n_values = a->n_values,
                          .revision = a->draft.revision + 1,
                          .saved_ms = now_ms(a)};
    if (store_draft_put(a->config->store, &draft, &err) != ST_OK)
        say(a, &err);
}

/* Predicts, keeps, tells the sync thread. */
static void confirm(struct app *a)
{
    struct errmsg err;
    struct case_view v;
    struct decision decision;
    struct refusal why = {0};
    const struct context *context = a->config->context;
    if (!context->have_policy || !context->have_actor) {
        snprintf(a->message, sizeof a->message, "%s",
                 _("Nothing was done: the rules have not come from the server yet."));
        return;
    }
    enum status st = store_case(a->config->store, &a->form_case, &a->scratch, &v, &err);
    struct command c = {.id = uuid_new(&a->ids),
                        .case_id = a->form_case,
                        .base = a->form_base,
                        .type = a->form,
                        .at_ms = now_ms(a),
                        .values = a->values,
                        .n_values = a->n_values};
    if (st == ST_OK) {
        struct workflow_context w = context_workflow(context, now_ms(a));
        st = workflow_decide(&w, &v.shown, &c, &context->actor, &a->scratch, &decision, &why, &err);
        if (st == ST_REFUSED) {
            snprintf(a->message, sizeof a->message, "%s", why.text);
            keep_draft(a);
            return;
        }
    }
    if (st == ST_OK)
        st = store_queue(a->config->store, &c, &err);
    if (st != ST_OK) {
        say(a, &err);
        keep_draft(a);
        return;
    }
    if (a->draft.revision > 0)
        (void)store_draft_drop(a->config->store, &c.case_id, c.type, NULL);
    snprintf(a->message, sizeof a->message, _("Kept: %s. It goes to the server now."),
             _(command_table[a->form].label));
    if (a->config->sync != NULL)
        sync_poke(a->config->sync);
    reload(a);
}

static void form_step(struct app *a)
{
    if (a->form_at < command_table[a->form].n_arguments) {
        a->ask = ASK_VALUE;
        const char *old = value_find(a->draft.values, a->draft.n_values,
                                     command_table[a->form].arguments[a->form_at].field);
        if (old != NULL)
            buf_puts(&a->input, old);
        return;
    }
    a->ask = ASK_NOTHING;
    confirm(a);
}

static void form_start(struct app *a, enum command_type type)
{
    const struct case_row *row = queue_current(&a->queue);
    if (a->page == PAGE_CASE && a->have_case) {
        a->form_case = a->view.shown.id;
        a->form_base = a->view.cached.version;
    } else if (row != NULL) {
        struct errmsg err;
        struct case_view v;
        if (store_case(a->config->store, &row->id, &a->scratch, &v, &err) != ST_OK) {
            say(a, &err);
            return;
        }
        a->form_case = row->id;
        a->form_base = v.cached.version;
    } else {
        return;
    }
    arena_reset(&a->form_arena);
    a->form = type;
    a->form_at = a->n_values = 0;
    struct draft draft;
    a->draft = (struct draft){0};
    if (store_draft_get(a->config->store, &a->form_case, type, &a->form_arena, &draft, NULL) ==
        ST_OK)
        a->draft = draft;
    form_step(a);
}

static void ask_answer(struct app *a)
{
    buf_putc(&a->input, '\0');
    const char *text = a->input.data;
    enum ask ask = a->ask;
    a->message[0] = '\0';
    if (ask == ASK_PASSWORD) {
        if (a->config->sync != NULL)
            sync_login(a->config->sync, text);
        ask_end(a);
    } else if (ask == ASK_WORD) {
        enum command_type type = command_find(text);
        ask_end(a);
        if (type == COMMAND_COUNT)
            snprintf(a->message, sizeof a->message, "%s", _("There is no such command."));
        else
            form_start(a, type);
    } else {
        struct errmsg err;
        const struct argument *g = &command_table[a->form].arguments[a->form_at];
        if (*text == '\0' && g->required) {
            snprintf(a->message, sizeof a->message, "%s", _("This is needed; Esc gives up."));
            buf_clear(&a->input);
            return;
        }
        if (*text != '\0') {
            const char *value;
            if (value_check(g->field, text, &a->form_arena, &value, &err) != ST_OK) {
                say(a, &err);
                a->input.len--;
                return;
            }
            a->values[a->n_values++] =
                (struct value){g->field, arena_strdup(&a->form_arena, value)};
        }
        ask_end(a);
        a->form_at++;
        form_step(a);
    }
}

static void ask_key(struct app *a, const struct key *key)
{
    switch (key->kind) {
    case KEY_KIND_TEXT:
    case KEY_KIND_PASTE:
        buf_add(&a->input, key->text, key->len);
        break;
    case KEY_KIND_BACKSPACE:
        if (a->input.len > 0)
            a->input.len -= cluster_prev(a->input.data, a->input.len);
        break;
    case KEY_KIND_ENTER:
        ask_answer(a);
        break;
    case KEY_KIND_ESCAPE:
        a->message[0] = '\0';
        if (a->ask == ASK_VALUE) {
            buf_putc(&a->input, '\0');
            if (a->input.data[0] != '\0')
                a->values[a->n_values++] =
                    (struct value){command_table[a->form].arguments[a->form_at].field,
                                   arena_strdup(&a->form_arena, a->input.data)};
            keep_draft(a);
        }
        ask_end(a);
        break;
    default:
        break;
    }
}

static void open_case(struct app *a)
{
    const struct case_row *row = queue_current(&a->queue);
    struct errmsg err;
    if (row == NULL)
        return;
    arena_reset(&a->case_arena);
    a->have_case = store_case(a->config->store, &row->id, &a->case_arena, &a->view, &err) == ST_OK;
    if (!a->have_case)
        say(a, &err);
    else
        a->page = PAGE_CASE;
    a->scroll = 0;
}

static void move(struct app *a, enum queue_move how)
{
    int page = a->surface.rows - 4;
    if (a->page == PAGE_CASE) {
        static const int unit[] = {-1, 1, 0, 0, 0, 0};
        int most = a->case_lines > page ? a->case_lines - page : 0;
        a->scroll += unit[how] + (how == QUEUE_PAGE_UP) * -page + (how == QUEUE_PAGE_DOWN) * page;
        if (how == QUEUE_LAST || a->scroll > most)
            a->scroll = most;
        if (how == QUEUE_FIRST || a->scroll < 0)
            a->scroll = 0;
    } else if (a->page == PAGE_QUEUE) {
        struct errmsg err;
        if (queue_go(&a->queue, a->config->store, now_ms(a), list_rows(a), how, &err) != ST_OK)
            say(a, &err);
    }
}

static void back(struct app *a)
{
    if (a->page == PAGE_HELP)
        a->page = a->under_help;
    else if (a->page == PAGE_CASE)
        a->page = PAGE_QUEUE;
    else
        a->quit = true;
}

static void text_key(struct app *a, char c)
{
    if (c >= '1' && c <= '9' && a->page != PAGE_HELP) {
        for (int i = 0; i < VIEW_COUNT; i++)
            if (view_table[i].key == c)
                a->queue.view = (enum view_id)i;
        a->queue.has_top = false;
        a->queue.current = 0;
        a->queue.n = 0;
        a->page = PAGE_QUEUE;
        reload(a);
        return;
    }
    switch (c) {
    case 'j':
        move(a, QUEUE_DOWN);
        break;
    case 'k':
        move(a, QUEUE_UP);
        break;
    case 'g':
        move(a, QUEUE_FIRST);
        break;
    case 'G':
        move(a, QUEUE_LAST);
        break;
    case ' ':
        move(a, QUEUE_PAGE_DOWN);
        break;
    case 's':
        form_start(a, COMMAND_SIGN);
        break;
    case 'a':
        form_start(a, COMMAND_ASSIGN);
        break;
    case 'c':
        form_start(a, COMMAND_CONTACT);
        break;
    case 'r':
        form_start(a, COMMAND_SUBMIT_REPLY);
        break;
    case 'n':
        form_start(a, COMMAND_NOTE);
        break;
    case 'p':
        form_start(a, COMMAND_APPROVE);
        break;
    case ':':
        a->ask = ASK_WORD;
        break;
    case 'L':
        a->ask = ASK_PASSWORD;
        break;
    case 'q':
        back(a);
        break;
    case '?':
        if (a->page != PAGE_HELP)
            a->under_help = a->page;
        a->page = PAGE_HELP;
        break;
    default:
        break;
    }
}

static void on_key(struct app *a, const struct key *key)
{
    if (key->kind == KEY_KIND_RESIZE)
        return; /* the loop looks at the size before each frame */
    if (a->ask != ASK_NOTHING) {
        ask_key(a, key);
        return;
    }
    a->message[0] = '\0';
    switch (key->kind) {
    case KEY_KIND_TEXT:
        if (key->len == 1)
            text_key(a, key->text[0]);
        break;
    case KEY_KIND_UP:
        move(a, QUEUE_UP);
        break;
    case KEY_KIND_DOWN:
        move(a, QUEUE_DOWN);
        break;
    case KEY_KIND_PAGE_UP:
        move(a, QUEUE_PAGE_UP);
        break;
    case KEY_KIND_PAGE_DOWN:
        move(a, QUEUE_PAGE_DOWN);
        break;
    case KEY_KIND_HOME:
        move(a, QUEUE_FIRST);
        break;
    case KEY_KIND_END:
        move(a, QUEUE_LAST);
        break;
    case KEY_KIND_ENTER:
        if (a->page == PAGE_QUEUE)
            open_case(a);
        break;
    case KEY_KIND_ESCAPE:
        if (a->page != PAGE_QUEUE)
            back(a);
        break;
    default:
        break;
    }
}

static void hints(struct app *a)
{
    char hint[256];
    ssize_t n;
    bool any = false, reference = false;
    while ((n = read(sync_fd(a->config->sync), hint, sizeof hint)) > 0) {
        any = true;
        reference = reference || memchr(hint, HINT_REFERENCE, (size_t)n) != NULL;
    }
    if (reference)
        context_load(a->config->context, a->config->store, a->config->device);
    if (!any)
        return;
    reload(a);
    if (a->report.line == LINE_ONLINE && !a->config->context->have_actor)
        context_load(a->config->context, a->config->store, a->config->device);
    if (a->report.line == LINE_NEED_LOGIN && a->ask == ASK_NOTHING && !a->asked_login)
        a->ask = ASK_PASSWORD;
    if (a->asked_login && a->report.line == LINE_ONLINE)
        a->message[0] = '\0';
    if (a->report.line == LINE_NEED_LOGIN || a->report.line == LINE_ONLINE)
        a->asked_login = a->report.line == LINE_NEED_LOGIN;
    if (a->report.error[0] != '\0' && a->report.line != LINE_ONLINE)
        snprintf(a->message, sizeof a->message, "%s", a->report.error);
}

static void app_init(struct app *a, const struct app_config *config)
{
    *a = (struct app){.config = config, .ids = {.clock = config->clock, .random = config->random}};
    surface_init(&a->surface);
    arena_init(&a->scratch, 0);
    arena_init(&a->case_arena, 0);
    arena_init(&a->form_arena, 0);
    queue_init(&a->queue);
    buf_init(&a->input, SCREEN_PASTE_MAX);
}

static void app_release(struct app *a)
{
    explicit_bzero(a->input.data, a->input.len);
    buf_release(&a->input);
    queue_release(&a->queue);
    arena_release(&a->form_arena);
    arena_release(&a->case_arena);
    arena_release(&a->scratch);
    surface_release(&a->surface);
}

int app_run(const struct app_config *config)
{
    struct app a;
    struct errmsg err;
    enum status st = screen_open(&err);
    if (st != ST_OK) {
        fprintf(stderr, "jiban: %s\n", err.text);
        return status_exit(st);
    }
    app_init(&a, config);
    while (!a.quit && screen_signal() == 0) {
        int rows, cols, row, col;
        screen_size(&rows, &cols);
        if (rows != a.surface.rows || cols != a.surface.cols) {
            st = surface_resize(&a.surface, rows < SURFACE_SIDE ? rows : SURFACE_SIDE,
                                cols < SURFACE_SIDE ? cols : SURFACE_SIDE, &err);
            if (st != ST_OK)
                break;
            reload(&a);
        }
        draw(&a, &row, &col);
        screen_show(&a.surface, row, col);
        struct pollfd fd[3] = {{.fd = STDIN_FILENO, .events = POLLIN},
                               {.fd = screen_signal_fd(), .events = POLLIN},
                               {.fd = config->sync ? sync_fd(config->sync) : -1, .events = POLLIN}};
        int wait = MS_MINUTE - (int)(now_ms(&a) % MS_MINUTE);
        int n = poll(fd, 3, wait + 1);
        if (n == 0)
            reload(&a);
        if (n > 0 && (fd[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
            break;
        if (n > 0 && fd[2].revents != 0)
            hints(&a);
        struct key key;
        while (!a.quit && (key = screen_key()).kind != KEY_KIND_NONE)
            on_key(&a, &key);
    }
    screen_close();
    app_release(&a);
    if (st != ST_OK)
        fprintf(stderr, "jiban: %s\n", err.text);
    return status_exit(st);
}

int app_print_first(const struct app_config *config, int cols, int rows, struct buf *out)
{
    struct app a;
    struct errmsg err;
    app_init(&a, config);
    enum status st = surface_resize(&a.surface, rows, cols, &err);
    if (st == ST_OK) {
        int row, col;
        reload(&a);
        draw(&a, &row, &col);
        surface_dump(&a.surface, out);
        st = buf_status(out);
    }
    app_release(&a);
    return status_exit(st);
}
