#include "core/store/work.h"
#include "core/base/i18n.h"
#include "core/store/attachments.h"
#include "core/store/papers.h"
#include <dirent.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TAIL ".work"
enum { TEXT_MOST = 64 * 1024 * 1024, ROOM = 64 * 1024 /* for heads, the box, the last line */ };

/* --- the id --------------------------------------------------------------------------------------- */

void store_terminal(const char *folder, char ret[TERMINAL_ID + 1])
{
    char path[PATH_SIZE], *text = NULL;
    unsigned char bytes[TERMINAL_ID / 2];
    size_t n;
    ret[0] = '\0';
    if (!*folder || snprintf(path, sizeof path, "%s/terminal", folder) >= (int)sizeof path)
        return;
    if (file_read(path, 64, &text, &n, NULL) == ST_OK) {
        text[strcspn(text, "\n")] = '\0';
        if (terminal_is(text))
            memcpy(ret, text, TERMINAL_ID + 1);
    }
    free(text);
    if (ret[0] || access(folder, W_OK) != 0)
        return;
    random_fill(&random_system, bytes, sizeof bytes);
    char line[TERMINAL_ID + 2];
    sodium_bin2hex(line, TERMINAL_ID + 1, bytes, sizeof bytes);
    memcpy(ret, line, TERMINAL_ID + 1);
    memcpy(line + TERMINAL_ID, "\n", 2);
    if (file_write_atomic(path, line, TERMINAL_ID + 1, NULL) != ST_OK)
        ret[0] = '\0';
}

/* --- what only this machine has ------------------------------------------------------------------- */

struct writer {
    struct store *s;
    struct buf *out;
    struct arena arena;
    size_t lines, n, large;
};

static void put(struct writer *w, const struct work_item *item)
{
    work_put(w->out, item);
    w->lines++;
}

static enum status put_outbox(struct writer *w, struct errmsg *err)
{
    struct outbox_row *rows = NULL;
    size_t n = 0;
    enum status st = store_outbox(w->s, SIZE_MAX / 2, &w->arena, &rows, &n, err);
#if SABOTAGE == 201
    n = 0; /* Damage: what was confirmed and not sent is not in it. */
#endif
    for (size_t i = 0; st == ST_OK && i < n; i++)
        put(w, &(struct work_item){.kind = WORK_COMMAND, .command = rows[i].command});
    w->n += n;
    return st;
}

static enum status put_conflicts(struct writer *w, struct errmsg *err)
{
    struct conflict_row *rows = NULL;
    size_t n = 0;
    enum status st = store_conflicts(w->s, &w->arena, &rows, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        put(w, &(struct work_item){.kind = WORK_CONFLICT,
                                   .command = rows[i].command,
                                   .problem = rows[i].problem,
                                   .at_ms = rows[i].at_ms});
    w->n += n;
    return st;
}

static enum status put_drafts(struct writer *w, struct errmsg *err)
{
    struct draft *rows = NULL;
    size_t n = 0;
    enum status st = store_drafts(w->s, &w->arena, &rows, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++)
        put(w, &(struct work_item){.kind = WORK_DRAFT,
                                   .at_ms = rows[i].saved_ms,
                                   .command = {.type = rows[i].type,
                                               .case_id = rows[i].case_id,
                                               .values = rows[i].values,
                                               .n_values = rows[i].n_values}});
    w->n += n;
    return st;
}

static enum status put_papers(struct writer *w, struct errmsg *err)
{
    struct kept_paper *rows = NULL;
    size_t n = 0;
    enum status st = store_papers(w->s, PAPER_COUNT, &w->arena, &rows, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        if (!rows[i].dirty)
            continue;
        put(w, &(struct work_item){
                   .kind = WORK_PAPER, .paper = rows[i].paper, .dropped = rows[i].dropped});
        w->n++;
    }
    return st;
}

/* Last, as far as there is room: the words are worth more than the photos. */
static enum status put_files(struct writer *w, struct errmsg *err)
{
    struct attachment *rows = NULL;
    size_t n = 0;
    enum status st = store_attachments(w->s, &w->arena, &rows, &n, err);
    for (size_t i = 0; st == ST_OK && i < n; i++) {
        struct buf data;
        struct work_item item = {.kind = WORK_FILE, .file = rows[i].file};
        size_t bytes = (size_t)rows[i].file.bytes;
        if (!attachment_is_whole(&rows[i]))
            continue;
        buf_init(&data, ATTACHED_BYTES);
        if (w->out->len + bytes * 4 / 3 + ROOM < WORK_MOST) {
            st = store_attachment_data(w->s, rows[i].file.sha256, &data, err);
            item.data = data.data;
        }
        w->large += !item.data;
        if (st == ST_OK)
            put(w, &item);
        buf_release(&data);
    }
    return st;
}

enum status store_work(struct store *s, const char *user, const char *device, struct buf *out,
                       size_t *ret_n, size_t *ret_large, struct errmsg *err)
{
    struct writer w = {.s = s, .out = out};
    arena_init(&w.arena, 0);
    put(&w,
        &(struct work_item){
            .kind = WORK_HEAD, .user = user, .device = device, .at_ms = clock_wall(&clock_system)});
    enum status st = put_outbox(&w, err);
    if (st == ST_OK)
        st = put_conflicts(&w, err);
    if (st == ST_OK)
        st = put_drafts(&w, err);
    if (st == ST_OK)
        st = put_papers(&w, err);
    if (st == ST_OK)
        st = put_files(&w, err);
    put(&w, &(struct work_item){.kind = WORK_END, .n = (int64_t)w.lines});
    if (st == ST_OK && (buf_status(out) != ST_OK || arena_failed(&w.arena)))
        st = fail(err, ST_NOMEM, _("Out of memory."));
    arena_release(&w.arena);
    if (st == ST_OK) {
        *ret_n = w.n;
        *ret_large = w.large;
    }
    return st;
}

/* --- the sealed file ------------------------------------------------------------------------------ */

enum status store_work_keep(const char *folder, const struct revocation *r, const struct buf *text,
                            struct errmsg *err)
{
    char path[PATH_SIZE];
    struct buf file;
    if (snprintf(path, sizeof path, "%s-%s" TAIL, folder, r->terminal) >= (int)sizeof path)
        return fail(err, ST_INVALID, _("The name of the folder is too long: %s"), folder);
    buf_init(&file, TEXT_MOST);
    enum status st = work_seal(r, text->data, text->len, &file, err);
    if (st == ST_OK)
        st = file_write_atomic(path, file.data, file.len, err);
    buf_release(&file);
    return st;
}

/* Is the name that of a sealed file beside the folder of that name? */
static bool is_work_of(const char *name, const char *folder)
{
    size_t n = strlen(folder);
    return strncmp(name, folder, n) == 0 && name[n] == '-' &&
           strlen(name + n) == 1 + TERMINAL_ID + sizeof TAIL - 1 &&
           strcmp(name + n + 1 + TERMINAL_ID, TAIL) == 0;
}

static bool read_head(const char *path, struct revocation *ret)
{
    char *file = NULL;
    size_t n = 0;
    bool ok = file_read(path, TEXT_MOST, &file, &n, NULL) == ST_OK &&
              work_head(file, n, ret, NULL) == ST_OK;
    free(file);
    return ok;
}

bool store_work_find(const char *folder, char ret_path[PATH_SIZE], struct revocation *ret)
{
    char parent[PATH_SIZE];
    const char *slash = strrchr(folder, '/');
    struct dirent *entry;
    bool found = false;
    if (!slash || slash == folder ||
        snprintf(parent, sizeof parent, "%.*s", (int)(slash - folder), folder) >=
            (int)sizeof parent)
        return false;
    DIR *d = opendir(parent);
    while (d && !found && (entry = readdir(d)))
        found = is_work_of(entry->d_name, slash + 1) &&
                snprintf(ret_path, PATH_SIZE, "%s/%s", parent, entry->d_name) < PATH_SIZE &&
                read_head(ret_path, ret);
    if (d)
        closedir(d);
    return found;
}
