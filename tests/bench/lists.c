/*
 * lists.c: what the store takes for a page and a count: searches, filters and groups, each asked anew ASKED times.
 *
 * usage: lists FOLDER [TEXT...]   of a cache that is synced and has its index; the texts are searched, too. Milliseconds;
 * of the processor, so that what a terminal, its painting and other work of the machine take is not in them.
 */
#include "core/store/context.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ASKED = 15, PAGE = 18, FOUND_MOST = 1000 };

static struct errmsg err;

static void must(enum status st)
{
    if (st == ST_OK)
        return;
    fprintf(stderr, "lists: %s\n", err.text);
    exit(1);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void measure(struct store *s, const char *name, const struct query *q)
{
    double page[ASKED], count[ASKED] = {0};
    int64_t found = 0;
    size_t n = 0;
    for (int i = 0; i < ASKED; i++) {
        struct arena a;
        struct case_row *row;
        arena_init(&a, 0);
        double from = now_ms();
        must(store_page(s, q, NULL, false, PAGE, &a, &row, &n, &err));
        page[i] = now_ms() - from;
        from = now_ms();
        if (q->filter && *q->filter)
            must(store_count(s, q, FOUND_MOST, &found, &err));
        count[i] = now_ms() - from;
        arena_release(&a);
    }
    qsort(page, ASKED, sizeof *page, by_size);
    qsort(count, ASKED, sizeof *count, by_size);
    printf("%-44s page %8.2f ms, most %8.2f; count %8.2f ms, most %8.2f; %zu rows, %lld found\n",
           name, page[ASKED / 2], page[ASKED - 1], count[ASKED / 2], count[ASKED - 1], n,
           (long long)found);
}

int main(int argc, char **argv)
{
    static const char *const texts[] = {"暖气", "供暖", "heating",  "h",    "heat",
                                        "电",   "不热", "暖气不热", "0233", "radiator cold"};
    static const char *const filters[] = {"",        "state:inhand",         "overdue",
                                          "heating", "category:供暖 due<4h", "repeats>=2"};
    struct store *s = NULL;
    struct context context;
    char name[128];
    if (argc < 2) {
        fprintf(stderr, "usage: lists FOLDER [TEXT...]\n");
        return 64;
    }
    context_init(&context);
    must(store_open(argv[1], STORE_OWNER, &clock_system, &s, &err));
    must(context_load(&context, s, "bench", &err));
    int64_t now = clock_wall(&clock_system);
    struct query q = {.view = VIEW_ALL, .order = ORDER_NEWEST, .now_ms = now};
    for (size_t i = 0; i < sizeof texts / sizeof *texts + (size_t)argc - 2; i++) {
        size_t own = sizeof texts / sizeof *texts;
        q.filter = i < own ? texts[i] : argv[i - own + 2];
        snprintf(name, sizeof name, "search %s", q.filter);
        measure(s, name, &q);
    }
    q = (struct query){.view = VIEW_ALL_OPEN, .now_ms = now};
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        q.filter = filters[i];
        q.group = GROUP_NONE;
        snprintf(name, sizeof name, "filter %s", q.filter);
        measure(s, name, &q);
        for (int g = GROUP_NONE + 1; g < GROUP_COUNT; g++) {
            q.group = (enum row_group)g;
            snprintf(name, sizeof name, "filter %s groups %s", q.filter, group_table[g].word);
            measure(s, name, &q);
        }
    }
    context_release(&context);
    store_close(s);
    return 0;
}
