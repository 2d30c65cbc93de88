/* app_tour.c: the tour comes once by itself, and whenever it is asked for. */
#include "core/base/paths.h"
#include "tui/app_model.h"
#include <unistd.h>

void tour_open(struct app *a)
{
    tour_start(&a->tour);
    if (app_top(a)->self != &a->tour)
        app_push(a, tour_view(&a->tour));
}

/* Keeps that it was shown. False: that cannot be kept, and it would come with every start. */
static bool keep_shown(const char *path)
{
    char folder[PATH_SIZE];
    return path_user(PATH_STATE, "", folder, NULL) == ST_OK &&
           path_make_private(folder, NULL) == ST_OK &&
           file_write_atomic(path, "", 0, NULL) == ST_OK;
}

void tour_when_new(struct app *a)
{
    char path[PATH_SIZE];
    if (a->tour_looked || !a->on_terminal || !option_bool(a->c.config->options, OPT_TOUR))
        return;
    /* It tells about a living screen, and lies over nothing that was begun: after the first log-in, from the queue. */
    if (!console_actor(&a->c) || a->lock.on || a->depth > 1 || a->prompt.kind != PROMPT_NONE)
        return;
    a->tour_looked = true;
    if (path_user(PATH_STATE, "tour", path, NULL) != ST_OK || access(path, F_OK) == 0 ||
        !keep_shown(path))
        return;
    tour_open(a);
    a->news++;
}
