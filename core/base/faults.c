#include "core/base/faults.h"
#include <stdio.h>
#include <string.h>

void faults_init(struct faults *f, struct arena *a)
{
    *f = (struct faults){.arena = a};
    f->end = &f->first;
}

static bool said(const struct faults *f, const char *place, const char *text)
{
    for (const struct fault_entry *one = f->first; one; one = one->next)
        if (strcmp(one->place, place) == 0 && strcmp(one->text, text) == 0)
            return true;
    return false;
}

/* The same of the same place is said once. */
static void add(struct faults *f, enum fault_grade grade, const char *place, const char *text)
{
    if (f->n < FAULTS_LISTED && said(f, place, text))
        return;
    size_t *count = grade == FAULT_ERROR     ? &f->errors
                    : grade == FAULT_UNKNOWN ? &f->unknown
                                             : &f->warnings;
    (*count)++;
    struct fault_entry *one = f->n < FAULTS_LISTED ? arena_alloc(f->arena, sizeof *one) : NULL;
    if (!one)
        return;
    one->grade = grade;
    one->place = arena_strdup(f->arena, place);
    one->text = arena_strdup(f->arena, text);
    *f->end = one;
    f->end = &one->next;
    f->n++;
}

void faults_add(struct faults *f, enum fault_grade grade, const char *place, const char *fmt, ...)
{
    char text[ERRMSG_SIZE];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    add(f, grade, place, text);
}

void faults_add_message(struct faults *f, const char *place, const struct errmsg *err)
{
    const char *colon = err->text[0] == '/' ? strstr(err->text, ": ") : NULL;
    if (!colon) {
        add(f, FAULT_ERROR, place, err->text);
        return;
    }
    add(f, FAULT_ERROR,
        arena_printf(f->arena, "%s%.*s", place, (int)(colon - err->text), err->text), colon + 2);
}

void faults_add_status(struct faults *f, enum status st, const struct errmsg *err)
{
    if (f->st == ST_OK)
        f->st = st;
    add(f, FAULT_ERROR, "", err->text);
}

enum status faults_status(const struct faults *f, struct errmsg *err)
{
    if (arena_failed(f->arena))
        return fail(err, ST_NOMEM, "out of memory");
    for (const struct fault_entry *one = f->first; one; one = one->next)
        if (one->grade == FAULT_ERROR)
            return fail(err, f->st == ST_OK ? ST_INVALID : f->st, "%s%s%s", one->place,
                        *one->place ? ": " : "", one->text);
    return f->errors ? fail(err, ST_INVALID, "too many faults") : ST_OK;
}
