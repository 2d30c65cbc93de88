/*
 * files.h: the files of a case, and what else of this machine is on its way: type, size, who, how far.
 *
 * Purpose: nothing is fetched without a key. Enter fetches a file and opens it: a text below the list, anything else in the
 *          program that the options name, a picture also as half blocks in the window (files_picture.c). A file is written
 *          elsewhere by its path.
 * Ownership: the rows lie in the view's arena until the next load. Threads: the UI thread.
 */
#ifndef JIBAN_TUI_VIEW_FILES_H
#define JIBAN_TUI_VIEW_FILES_H

#include "core/store/attachments.h"
#include "core/text/pixels.h"
#include "tui/surface.h"
#include "tui/view/scroll.h"
#include "tui/view/view.h"

struct files_row {
    struct attachment file;
    bool of_case;    /* else of another case: it is on its way, or has failed */
    int64_t at_ms;   /* of the step; TIME_NONE when not of_case */
    const char *who; /* "" when not of_case */
    bool confirmed;  /* the centre has the step */
};

struct files_list {
    struct arena arena;
    struct uuid id;     /* of the case that is looked at */
    const char *number; /* of it */
    struct files_row *rows;
    size_t n, current;
    char open_when_here[SHA256_HEX + 1]; /* it was asked for; "": nothing */
    bool preview_when_here;              /* and as a picture in the window */
    char shown[SHA256_HEX + 1];          /* the text that stands below the list; "": none */
    struct buf text;
    struct scroll scroll; /* of the text */
    struct files_picture {
        struct pixels pixels;
        struct uuid case_id;
        struct attached file; /* its name lies in the arena below */
        struct arena arena;
        bool viewer; /* it is opened there when one goes back */
    } picture;       /* the one that was looked at last */
};

void files_init(struct files_list *v);
void files_release(struct files_list *v);
struct view files_view(struct files_list *v);
enum status files_load(struct files_list *v, struct console *c, const struct uuid *id,
                       struct errmsg *err);
/* Sees to it that the marked file comes; true: it is here. */
bool files_fetch(struct files_list *v, struct console *c);
/* Writes the marked file, which is here, to a path. */
void files_save(struct files_list *v, struct console *c, const char *path);
/* "~/" and the name of the marked file; "" when none is marked. */
const char *files_save_path(const struct files_list *v, struct arena *a);
void files_draw(struct files_list *v, struct surface *s, struct rect r, struct arena *scratch);
/* How it stands here, in words; "" when there is nothing to say. */
const char *files_state(const struct files_row *row, struct arena *a, enum theme_role *role);
/* A file as a sentence, a text that is shown line by line (files_read.c). */
void files_reading(void *self, struct console *c, struct reading *out);
void files_draw_view(void *self, struct console *c, struct surface *s, struct rect r,
                     struct cursor *cursor);

/* --- a picture in the window (files_picture.c) --- */
/* The file is here: decodes it, and wants to go to its page. On a terminal of lines it is only told what it is. */
void files_preview(struct files_list *v, struct console *c, const struct attached *f);
/* Page of the picture that was decoded; any key goes back. */
struct view files_picture_view(struct files_list *v);
/* How a picture can be drawn here: half blocks of two colours, or a sign of more or less weight for each two pixels. */
enum files_ink { INK_BLOCKS, INK_ON_DARK, INK_ON_LIGHT };
void files_picture_draw(const struct files_picture *p, enum files_ink ink, struct surface *s,
                        struct rect r, struct arena *scratch);
/* In its program (files_update.c). */
void files_open_in_viewer(struct console *c, const struct attached *f);

#endif
