/* files_update.c: what keys do to the list of files. */
#include "core/base/i18n.h"
#include "tui/program.h"
#include "tui/view/files.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct files_row *marked(const struct files_list *v)
{
    return v->current < v->n ? &v->rows[v->current] : NULL;
}

/* For another program: a file of one's own under its hash, in the folder that goes with the log-in. */
static enum status lay_out(struct console *c, const struct attached *f, char path[PATH_SIZE],
                           struct errmsg *err)
{
    char name[SHA256_HEX + 16], folder[PATH_SIZE];
    struct buf data;
    snprintf(name, sizeof name, "files/%s", f->sha256);
    enum status st = path_user(PATH_RUNTIME, name, path, err);
    if (st == ST_OK)
        st = path_user(PATH_RUNTIME, "files", folder, err);
    if (st == ST_OK)
        st = path_make_private(folder, err);
    buf_init(&data, ATTACHED_BYTES);
    if (st == ST_OK)
        st = store_attachment_data(c->config->store, f->sha256, &data, err);
    if (st == ST_OK)
        st = file_write_atomic(path, data.data, data.len, err);
    buf_release(&data);
    return st;
}

void files_open_in_viewer(struct console *c, const struct attached *f)
{
    char path[PATH_SIZE];
    struct errmsg err = {{0}};
    const char *viewer = option_text(c->config->options, OPT_FILES_VIEWER);
    if (!*viewer) {
        console_say(c, THEME_WARN, "%s",
                    _("No program is set that shows it (files.viewer); s writes it elsewhere."));
    } else if (console_ok(c, program_allowed(c->config->options, &err), &err) &&
               console_ok(c, lay_out(c, f, path, &err), &err) &&
               console_ok(c, program_start_on(c->config->options, viewer, path, &err), &err)) {
        console_say(c, THEME_MESSAGE, _("%s is given to %s."), f->name, viewer);
    }
}

/* The file is here: below the list, or in the program for it. */
static void show(struct files_list *v, struct console *c, const struct attached *f)
{
    struct errmsg err = {{0}};
    if (f->type != FILETYPE_TEXT) {
        files_open_in_viewer(c, f);
        return;
    }
    buf_clear(&v->text);
    if (console_ok(c, store_attachment_data(c->config->store, f->sha256, &v->text, &err), &err))
        memcpy(v->shown, f->sha256, sizeof v->shown);
    v->scroll.first = 0;
}

/* Sees to it that the file comes; true: it is here. */
static bool fetch(struct files_list *v, struct console *c, const struct files_row *row)
{
    struct errmsg err = {{0}};
    const struct attached *f = &row->file.file;
    if (attachment_is_whole(&row->file))
        return true;
    if (!console_ok(c, store_attachment_want(c->config->store, f, &err), &err))
        return false;
    memcpy(v->open_when_here, f->sha256, sizeof v->open_when_here);
    c->changed = true;
    if (c->sync)
        sync_poke(c->sync);
    console_say(c, THEME_DIM,
                c->sync && c->report.line == LINE_ONLINE
                    ? _("Fetching %s ...")
                    : _("%s is fetched as soon as there is a line."),
                f->name);
    return false;
}

static void reload(void *self, struct console *c)
{
    struct files_list *v = self;
    struct errmsg err;
    if (!console_ok(c, files_load(v, c, &v->id, &err), &err)) {
        c->want = WANT_BACK;
        return;
    }
    for (size_t i = 0; *v->open_when_here && i < v->n; i++) {
        const struct attachment *f = &v->rows[i].file;
        if (strcmp(f->file.sha256, v->open_when_here) != 0 || f->state == ATTACHMENT_WANTED)
            continue;
        v->open_when_here[0] = '\0';
        if (attachment_is_whole(f) && v->preview_when_here)
            files_preview(v, c, &f->file);
        else if (attachment_is_whole(f))
            show(v, c, &f->file);
        else
            console_say(c, THEME_ERROR, "%s%s%s", f->file.name,
                        i18n_mark(MARK_COLON, i18n_chinese()), f->error);
    }
}

const char *files_save_path(const struct files_list *v, struct arena *a)
{
    const struct files_row *row = marked(v);
    return row ? arena_printf(a, "~/%s", row->file.file.name) : "";
}

bool files_fetch(struct files_list *v, struct console *c)
{
    const struct files_row *row = marked(v);
    return row && fetch(v, c, row);
}

void files_save(struct files_list *v, struct console *c, const char *path)
{
    const struct files_row *row = marked(v);
    struct errmsg err = {{0}};
    struct buf data;
    buf_init(&data, ATTACHED_BYTES);
    enum status st = store_attachment_data(c->config->store, row->file.file.sha256, &data, &err);
    if (st == ST_OK)
        st = file_write_atomic(path, data.data, data.len, &err);
    buf_release(&data);
    if (console_ok(c, st, &err))
        console_say(c, THEME_MESSAGE, _("Written: %s"), path);
}

static bool act(void *self, struct console *c, enum action action)
{
    struct files_list *v = self;
    const struct files_row *row = marked(v);
    enum list_move move = scroll_list_act(&v->scroll, &v->current, v->n, action);
    if (move == LIST_MOVED)
        v->shown[0] = '\0';
    if (move != LIST_OTHER)
        return true;
    switch (action) {
    case ACTION_BACK:
        c->want = WANT_BACK;
        return true;
    case ACTION_OPEN_FILE:
    case ACTION_PREVIEW_FILE:
        v->preview_when_here = action == ACTION_PREVIEW_FILE;
        if (!row)
            console_say(c, THEME_DIM, "%s", _("The case has no files."));
        else if (v->preview_when_here && !pixels_known(row->file.file.type))
            console_say(c, THEME_WARN, "%s",
                        _("This is no picture that can be shown here; Enter opens it."));
        else if (!fetch(v, c, row))
            return true;
        else if (v->preview_when_here)
            files_preview(v, c, &row->file.file);
        else
            show(v, c, &row->file.file);
        return true;
    default:
        return false;
    }
}

void files_draw_view(void *self, struct console *c, struct surface *s, struct rect r,
                     struct cursor *cursor)
{
    struct files_list *v = self;
    (void)cursor;
    files_draw(v, s, r, &c->scratch);
    if (scroll_clamp(&v->scroll)) { /* the window grew */
        surface_fill(s, r, THEME_PLAIN);
        files_draw(v, s, r, &c->scratch);
    }
}

static bool subject(void *self, struct console *c, struct uuid *ret)
{
    const struct files_list *v = self;
    (void)c;
    *ret = v->id;
    return true;
}

static bool offers(const void *self, enum action action)
{
    const struct files_row *row = marked(self);
    switch (action) {
    case ACTION_OPEN_FILE:
    case ACTION_SAVE_FILE:
        return row != NULL;
    case ACTION_PREVIEW_FILE:
        return row && pixels_known(row->file.file.type);
    default:
        return true;
    }
}

struct view files_view(struct files_list *v)
{
    return (struct view){.keys = KEYS_FILES,
                         .self = v,
                         .reload = reload,
                         .act = act,
                         .draw = files_draw_view,
                         .read = files_reading,
                         .subject = subject,
                         .offers = offers};
}
