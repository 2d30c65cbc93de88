/*
 * own_editor.h: a text in the editor that the person is used to ($VISUAL, else $EDITOR).
 *
 * Purpose: the text goes into a file that nobody else may read, alone in a folder made for it below $XDG_RUNTIME_DIR; the
 *          editor runs; the file is read back, and all that lies in the folder is written over and deleted. The screen
 *          must have been given back to the terminal. The file is in the encoding of the locale.
 * Ownership: *ret_text is the caller's (free). Errors: whatever fails, nothing is returned: ST_NOT_FOUND also when no editor
 *            is named, ST_DENIED by safe.locked_down, ST_REFUSED: the editor ended with an error.
 * Threads: the UI thread.
 */
#ifndef JIBAN_TUI_OWN_EDITOR_H
#define JIBAN_TUI_OWN_EDITOR_H

#include "core/base/options.h"

enum { OWN_EDITOR_MOST = 4 * 1024 * 1024 }; /* bytes of the file that are read back */

/* May it be called: is one named, and may a program be started? Else says why not. */
enum status own_editor_ready(const struct options *o, struct errmsg *err);
/* *ret_changed false: the text is as it was, and nothing is returned. A line break at the very end, which editors put there
 * by themselves, is no change. */
enum status own_editor_edit(const struct options *o, const char *text, bool *ret_changed,
                            char **ret_text, size_t *ret_len, struct errmsg *err);

#endif
