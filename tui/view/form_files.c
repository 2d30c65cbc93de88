/* form_files.c: the field of attached files: a list, and below it a path that is typed or picked. */
#include "core/base/i18n.h"
#include "core/store/attachments.h"
#include "core/text/utf8.h"
#include "tui/draw.h"
#include "tui/view/form.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_BYTES = 512, LISTED_MOST = 2000 };

bool form_takes_files(const struct form *f)
{
    for (int i = 0; i < f->n; i++)
        if (f->field[i].kind == FORM_FILES)
            return true;
    return false;
}

static bool set_files(struct form_field *field, const char *text)
{
    char *copy = strdup(text);
    if (!copy)
        return false;
    free(field->files);
    field->files = copy;
    field->changes++;
    return true;
}

bool form_files_set(struct form_field *field, const char *text)
{
    return set_files(field, text);
}

size_t form_files_count(const struct form_field *field)
{
    size_t n = 0;
    for (const char *at = field->files; at && *at; at += strcspn(at, "\n"), at += *at == '\n')
        n++;
    return n;
}

/* --- what lies in a folder ------------------------------------------------------------------------ */

/* "~/" stands for the home, as a shell has it. */
static const char *real_path(struct arena *a, const char *typed)
{
    const char *home = getenv("HOME");
    return strncmp(typed, "~/", 2) == 0 && home ? arena_printf(a, "%s%s", home, typed + 1) : typed;
}

/* By its first bytes; FILETYPE_COUNT: not taken. */
static enum filetype type_of(const char *path)
{
    char head[HEAD_BYTES];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ssize_t n = fd >= 0 ? read(fd, head, sizeof head) : -1;
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return FILETYPE_COUNT;
    return filetype_of(head,
                       n == HEAD_BYTES ? utf8_cut(head, (size_t)n, HEAD_BYTES - 4) : (size_t)n);
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct picker_item *)a)->code, ((const struct picker_item *)b)->code);
}

/* Folders, and files of the types that are taken; those that begin with a point only when one is typed. */
static size_t list_folder(struct arena *a, const char *typed, struct picker_item *items)
{
    const char *slash = strrchr(typed, '/');
    const char *prefix = slash ? arena_strndup(a, typed, (size_t)(slash - typed) + 1) : "";
    const char *folder = real_path(a, *prefix ? prefix : "./");
    bool dots = slash ? slash[1] == '.' : typed[0] == '.';
    DIR *d = opendir(folder);
    size_t n = 0;
    for (struct dirent *e; d && n < LISTED_MOST && (e = readdir(d));) {
        struct stat info;
        const char *path = arena_printf(a, "%s%s", folder, e->d_name);
        if ((e->d_name[0] == '.' && (!dots || strcmp(e->d_name, ".") == 0)) ||
            !utf8_valid(e->d_name, strlen(e->d_name)) || stat(path, &info) != 0)
            continue;
        struct attached f = {.bytes = info.st_size};
        if (S_ISDIR(info.st_mode))
            items[n++] = (struct picker_item){arena_printf(a, "%s%s/", prefix, e->d_name),
                                              _("folder"), "", "", ""};
        else if (S_ISREG(info.st_mode) && info.st_size > 0 && info.st_size <= ATTACHED_BYTES &&
                 (f.type = type_of(path)) != FILETYPE_COUNT)
            items[n++] = (struct picker_item){arena_printf(a, "%s%s", prefix, e->d_name),
                                              attached_kind(a, &f), "",
                                              draw_time(a, (int64_t)info.st_mtime * MS_SECOND),
                                              draw_time(a, (int64_t)info.st_mtime * MS_SECOND)};
    }
    if (d)
        closedir(d);
    qsort(items, n, sizeof *items, by_code);
    return n;
}

void form_files_list(struct form *f, struct console *c)
{
    const struct form_field *field = &f->field[f->current];
    arena_reset(&f->files_arena);
    struct picker_item *items = arena_array(&f->files_arena, LISTED_MOST, sizeof *items);
    const char *typed = arena_strdup(&f->files_arena, editor_text(&field->editor));
    size_t n = items ? list_folder(&f->files_arena, typed, items) : 0;
    const char *slash = strrchr(typed, '/');
    bool inside = slash && !slash[1]; /* all of a folder */
    picker_find(&f->picker, items, n, inside ? "" : typed,
                option_bool(c->config->options, OPT_PINYIN));
    if (f->picker.n == 0)
        console_say(c, THEME_DIM, "%s", _("There is nothing here that can be attached."));
}

void form_files_typed(struct form *f, struct console *c)
{
    if (*editor_text(&f->field[f->current].editor) || picker_open(&f->picker))
        form_files_list(f, c);
}

/* --- adding and taking out ------------------------------------------------------------------------- */

static void add_file(struct form *f, struct console *c, const char *typed)
{
    struct form_field *field = &f->field[f->current];
    struct errmsg err = {{0}};
    struct attached file, *files = NULL;
    struct buf text;
    size_t n = 0;
    const char *before = field->files ? field->files : "";
    enum status st = attached_read(before, &c->scratch, &files, &n, &err);
    if (st == ST_OK && n == ATTACHED_MOST)
        st = fail(&err, ST_INVALID, _("More than %d files."), ATTACHED_MOST);
    if (st == ST_OK)
        st = store_attachment_add(c->config->store, real_path(&c->scratch, typed), &c->scratch,
                                  &file, &err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        if (strcmp(files[i].sha256, file.sha256) == 0)
            st = fail(&err, ST_EXISTS, _("%s is there twice."), file.name);
    if (st != ST_OK) {
        snprintf(field->error, sizeof field->error, "%s", err.text);
        console_say(c, THEME_ERROR, "%s", err.text);
        return;
    }
    buf_init(&text, 64 * 1024);
    buf_puts(&text, before);
    attached_put(&text, &file);
    if (buf_status(&text) == ST_OK && set_files(field, text.data)) {
        (void)editor_set(&field->editor, "", 0);
        field->error[0] = '\0';
        console_say(c, THEME_MESSAGE,
                    file.located ? _("%s is copied (%s); where it was taken is not in it any more.")
                                 : _("%s is copied (%s)."),
                    file.name, attached_kind(&c->scratch, &file));
    }
    buf_release(&text);
    picker_clear(&f->picker);
}

/* The last one of the list. */
static bool take_out(struct form_field *field, struct console *c)
{
    struct attached *files = NULL;
    size_t n = 0;
    struct buf text;
    if (!field->files || !*field->files ||
        attached_read(field->files, &c->scratch, &files, &n, NULL) != ST_OK || n == 0)
        return false;
    buf_init(&text, 64 * 1024);
    for (size_t i = 0; i + 1 < n; i++)
        attached_put(&text, &files[i]);
    if (buf_status(&text) == ST_OK && set_files(field, text.data))
        console_say(c, THEME_MESSAGE, _("%s is taken out."), files[n - 1].name);
    buf_release(&text);
    return true;
}

/* The marked one: a folder is opened, a file is added. */
static bool take_marked(struct form *f, struct console *c)
{
    const struct picker_item *item = picker_open(&f->picker) ? picker_marked(&f->picker) : NULL;
    if (!item)
        return false;
    size_t n = strlen(item->code);
    if (n > 0 && item->code[n - 1] == '/') {
        const char *folder = arena_strdup(&c->scratch, item->code);
        (void)editor_set(&f->field[f->current].editor, folder, n);
        form_files_list(f, c);
    } else {
        add_file(f, c, arena_strdup(&c->scratch, item->code));
    }
    return true;
}

bool form_files_key(struct form *f, struct console *c, enum editor_op op)
{
    struct form_field *field = &f->field[f->current];
    const char *typed = editor_text(&field->editor);
    switch (op) {
    case EDITOR_UP:
    case EDITOR_DOWN:
        return picker_open(&f->picker) &&
               (picker_step(&f->picker, op == EDITOR_UP ? -1 : 1) || op == EDITOR_DOWN);
    case EDITOR_NEWLINE:
        if (f->hints.due_mono_ms && *typed)
            form_files_list(f, c); /* of what stands there now */
        f->hints.due_mono_ms = 0;
        if (take_marked(f, c))
            return true;
        if (*typed)
            add_file(f, c, arena_strdup(&c->scratch, typed));
        return *typed != '\0' || *field->error;
    case EDITOR_BACKSPACE:
        return !*typed && take_out(field, c);
    default:
        return false;
    }
}

bool form_files_complete(struct form *f, struct console *c)
{
    const struct picker_item *item = picker_open(&f->picker) ? picker_marked(&f->picker) : NULL;
    if (!item)
        return false;
    const char *path = arena_strdup(&c->scratch, item->code);
    (void)editor_set(&f->field[f->current].editor, path, strlen(path));
    form_files_list(f, c);
    return true;
}

bool form_attach(struct form *f, struct console *c)
{
    for (int i = 0; i < f->n; i++)
        if (f->field[i].kind == FORM_FILES) {
            f->current = i;
            form_files_list(f, c);
            console_say(
                c, THEME_DIM, "%s",
                _("A path, or one of the list; Enter adds it, Backspace takes the last out."));
            return true;
        }
    return false;
}
