#include "tui/widget/picker.h"
#include "core/text/fold.h"
#include "core/text/pinyin.h"
#include <string.h>

enum rank {
    RANK_CODE,
    RANK_CODE_BEGINS,
    RANK_NAME_BEGINS,
    RANK_PINYIN_BEGINS,
    RANK_PART,
    RANK_PINYIN_PART,
    RANK_GROUP,
    RANK_NONE
};

static enum rank rank_of(const struct picker_item *item, const char *typed, bool pinyin)
{
    if (fold_equal(item->code, typed))
        return RANK_CODE;
    if (fold_begins(item->code, typed))
        return RANK_CODE_BEGINS;
    if (fold_begins(item->name, typed) || fold_begins(item->name_en, typed))
        return RANK_NAME_BEGINS;
    if (pinyin && pinyin_begins(item->name, typed))
        return RANK_PINYIN_BEGINS;
    if (fold_contains(item->code, typed) || fold_contains(item->name, typed) ||
        fold_contains(item->name_en, typed))
        return RANK_PART;
    if (pinyin && pinyin_matches(item->name, typed))
        return RANK_PINYIN_PART;
    if (fold_contains(item->group, typed) || fold_contains(item->group_en, typed) ||
        (pinyin && pinyin_begins(item->group, typed)))
        return RANK_GROUP;
    return RANK_NONE;
}

size_t picker_rank(const struct picker_item *items, size_t n, const char *typed, bool pinyin,
                   struct picker_item *ret, size_t most)
{
    size_t of_rank[RANK_NONE + 1] = {0}, all = 0; /* kept of each rank */
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        enum rank rank = *typed ? rank_of(&items[i], typed, pinyin) : RANK_CODE;
        if (rank == RANK_NONE)
            continue;
        all++;
        size_t at = 0; /* behind all that are as good */
        for (int r = RANK_CODE; r <= (int)rank; r++)
            at += of_rank[r];
        if (at >= most)
            continue;
        if (kept == most) { /* the worst makes room */
            int worst = RANK_NONE;
            while (of_rank[worst] == 0)
                worst--;
            of_rank[worst]--;
            kept--;
        }
        memmove(&ret[at + 1], &ret[at], (kept - at) * sizeof *ret);
        ret[at] = items[i];
        of_rank[rank]++;
        kept++;
    }
    return all;
}

void picker_clear(struct picker *p)
{
    p->n = p->all = 0;
    p->at = -1;
    p->taken = false;
}

void picker_find(struct picker *p, const struct picker_item *items, size_t n, const char *typed,
                 bool pinyin)
{
    p->all = picker_rank(items, n, typed, pinyin, p->found, PICKER_MOST);
    p->n = p->all < PICKER_MOST ? p->all : PICKER_MOST;
    p->at = p->n > 0 ? 0 : -1;
    p->taken = false;
}

bool picker_open(const struct picker *p)
{
    return p->n > 0 && !p->taken;
}

const struct picker_item *picker_marked(const struct picker *p)
{
    return p->at >= 0 && (size_t)p->at < p->n ? &p->found[p->at] : NULL;
}

bool picker_step(struct picker *p, int step)
{
    int to = p->at + step;
    if (to < 0 || (size_t)to >= p->n)
        return false;
    p->at = to;
    return true;
}

size_t picker_first(const struct picker *p)
{
    return p->at < PICKER_ROWS ? 0 : (size_t)p->at - PICKER_ROWS + 1;
}
