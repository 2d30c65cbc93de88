/*
 * picker.h: one of many that have a code and a name, chosen by a part of either.
 *
 * Purpose: picker_rank says which of a list are meant by what was typed, best first; struct picker is a list on the
 *          screen with one marked, of which PICKER_ROWS are shown. Drawing is left to who has the room.
 * Order:   the code itself · a code that begins so · a name that begins so · pinyin from the beginning of the name ·
 *          a part of the code or of a name · pinyin of a part · a part of what it belongs to. Equals stay in the order of
 *          the list. ASCII letters are equal to their capitals.
 * Ownership: texts are not copied; they have to live as long as what was found. Threads: no state.
 */
#ifndef JIBAN_TUI_WIDGET_PICKER_H
#define JIBAN_TUI_WIDGET_PICKER_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PICKER_ROWS = 6,
    PICKER_MOST = 200 /* kept of what was found; who has more types another letter */
};

struct picker_item {
    const char *code;
    const char *name, *name_en;   /* "" where there is none */
    const char *group, *group_en; /* what it belongs to; "" where there is none */
};

struct picker {
    struct picker_item found[PICKER_MOST];
    size_t n, all; /* all: how many are meant, n of them are here */
    int at;        /* marked; -1: none */
    bool taken;    /* the marked one stands in the field */
};

/* Writes the best to ret, at most `most`; returns how many of the n are meant. "": all, in their order.
 * pinyin: names are found by pinyin.h as well. */
size_t picker_rank(const struct picker_item *items, size_t n, const char *typed, bool pinyin,
                   struct picker_item *ret, size_t most);

void picker_clear(struct picker *p);
/* Marks the first, if there is one. */
void picker_find(struct picker *p, const struct picker_item *items, size_t n, const char *typed,
                 bool pinyin);
/* Is there something to choose from? */
bool picker_open(const struct picker *p);
/* The one that is marked; NULL: none. */
const struct picker_item *picker_marked(const struct picker *p);
/* Marks another; false at the end of the list. */
bool picker_step(struct picker *p, int step);
/* The first one of the rows that are shown: the marked one is among them. */
size_t picker_first(const struct picker *p);

#endif
