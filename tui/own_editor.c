/* own_editor.c: out into a file, and back. */
#include "tui/own_editor.h"
#include "core/base/erase.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/text/charset.h"
#include "tui/program.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/banned.h" /* after all others */

static const char *command(void)
{
    static const char *const names[] = {"VISUAL", "EDITOR"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

enum status own_editor_ready(const struct options *o, struct errmsg *err)
{
    enum status st = program_allowed(o, err);
    if (st == ST_OK && !command())
        return fail(err, ST_NOT_FOUND, "%s",
                    _("No editor is named: set VISUAL or EDITOR before jiban is started."));
    return st;
}

/* A folder for this text alone, for what editors leave beside a file lies there too. */
static enum status make_folder(char folder[PATH_SIZE], struct errmsg *err)
{
    char parent[PATH_SIZE];
    enum status st = path_user(PATH_RUNTIME, "", parent, err);
    if (st == ST_OK)
        st = path_make_private(parent, err);
    if (st == ST_OK)
        st = path_user(PATH_RUNTIME, "text-XXXXXX", folder, err);
    if (st == ST_OK && !mkdtemp(folder)) /* 0700 */
        st = fail(err, ST_IO, _("Cannot make the folder %s: %s"), folder, strerror(errno));
    return st;
}

/* Without the line break that was not there before. */
static size_t trimmed(const char *now, size_t n, const char *before)
{
    size_t len = strlen(before);
    bool had = len > 0 && before[len - 1] == '\n';
    return n > 0 && now[n - 1] == '\n' && !had ? n - 1 : n;
}

/* The editor works in the encoding of the locale; a text that does not go into it whole must not come back with holes. */
static enum status write_text(const char *path, const char *text, struct errmsg *err)
{
    struct buf out;
    enum status st;
    buf_init(&out, OWN_EDITOR_MOST);
    if (charset_ascii()) /* nothing is said about it: as it is */
        buf_puts(&out, text);
    else if (charset_encode(&out, text, strlen(text)) > 0)
        buf_clear(&out);
    if (buf_status(&out) != ST_OK)
        st = fail(err, buf_status(&out), "out of memory");
    else if (out.len == 0 && *text)
        st = fail(err, ST_UNSUPPORTED, "%s",
                  _("The text has characters that the encoding of this terminal lacks; the editor "
                    "was not started."));
    else
        st = file_write_atomic(path, out.data ? out.data : "", out.len, err); /* 0600 */
    buf_release(&out);
    return st;
}

static enum status read_text(const char *path, char **ret, size_t *ret_len, struct errmsg *err)
{
    struct buf out;
    char *bytes = NULL;
    size_t n = 0;
    enum status st = file_read(path, OWN_EDITOR_MOST, &bytes, &n, err);
    if (st != ST_OK)
        return st;
    buf_init(&out, 2 * OWN_EDITOR_MOST);
    charset_decode_file(&out, bytes, n);
    explicit_bzero(bytes, n);
    free(bytes);
    st = buf_status(&out);
    n = out.len;
    if (st != ST_OK || !(bytes = buf_detach(&out))) {
        buf_release(&out);
        return fail(err, st == ST_OK ? ST_NOMEM : st, "out of memory");
    }
    *ret = bytes;
    *ret_len = n;
    return ST_OK;
}

/* The file, as the editor left it. */
static enum status edit_file(const struct options *o, const char *path, const char *text,
                             char **ret, size_t *ret_len, struct errmsg *err)
{
    int code = 0;
    enum status st = write_text(path, text, err);
    if (st == ST_OK)
        st = program_run_on(o, command(), path, &code, err);
    if (st == ST_OK && code != 0)
        st = fail(err, ST_REFUSED, _("The editor ended with an error (%d); the text is as it was."),
                  code);
    if (st == ST_OK)
        st = read_text(path, ret, ret_len, err);
    return st;
}

enum status own_editor_edit(const struct options *o, const char *text, bool *ret_changed,
                            char **ret_text, size_t *ret_len, struct errmsg *err)
{
    char folder[PATH_SIZE], path[PATH_SIZE + 16], *now = NULL;
    struct erased gone = {0};
    struct errmsg left;
    size_t n = 0;
    enum status st = own_editor_ready(o, err);
    if (st == ST_OK)
        st = make_folder(folder, err);
    if (st != ST_OK)
        return st;
    snprintf(path, sizeof path, "%s/text.txt", folder);
    st = edit_file(o, path, text, &now, &n, err);
    enum status erased = folder_erase(folder, &gone, &left);
    if (st == ST_OK && erased != ST_OK)
        st = fail(err, erased, "%s", left.text);
    if (st != ST_OK) {
        free(now);
        return st;
    }
    n = trimmed(now, n, text);
    *ret_changed = n != strlen(text) || memcmp(now, text, n) != 0;
    if (*ret_changed) {
        *ret_text = now;
        *ret_len = n;
    } else {
        free(now);
    }
    return ST_OK;
}
