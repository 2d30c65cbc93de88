/*
 * guess.c: what the hints of a form cost on a cache: the category by the words of a text, a text folded, and pinyin that is
 * looked for among all names of the reference.
 *
 * usage: guess FOLDER   of a cache that is synced; asks with the contents of its newest cases. Writes milliseconds.
 */
#include "core/store/context.h"
#include "core/store/guess.h"
#include "core/text/fold.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ASKED = 200 };

static struct errmsg err;

static void must(enum status st)
{
    if (st == ST_OK)
        return;
    fprintf(stderr, "guess: %s\n", err.text);
    exit(1);
}

static int by_size(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static void tell(const char *what, double ms[ASKED], size_t n)
{
    qsort(ms, n, sizeof *ms, by_size);
    printf("%-20s median %.3f ms, 95 %% %.3f ms, most %.3f ms (%zu)\n", what, ms[n / 2],
           ms[n * 95 / 100], ms[n - 1], n);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct context context;
    struct case_row *row = NULL;
    struct arena a, one;
    size_t n = 0, found = 0, offered = 0;
    double guess[ASKED], fold[ASKED], pinyin[ASKED];
    if (argc != 2) {
        fprintf(stderr, "usage: guess FOLDER\n");
        return 64;
    }
    arena_init(&a, 0);
    arena_init(&one, 0);
    context_init(&context);
    must(store_open(argv[1], STORE_OWNER, &clock_system, &s, &err));
    must(context_load(&context, s, "bench", &err));
    const struct query q = {.view = VIEW_ALL, .order = ORDER_NEWEST};
    must(store_page(s, &q, NULL, false, ASKED, &a, &row, &n, &err));
    for (size_t i = 0; i < n; i++) {
        struct case_view v;
        struct category_guess g[GUESS_MOST];
        const struct filter_choice *choice;
        size_t from;
        arena_reset(&one);
        must(store_case(s, &row[i].id, &one, &v, &err));
        const char *text =
            arena_printf(&one, "%s\n%s", v.shown.value[FIELD_TITLE], v.shown.value[FIELD_CONTENT]);
        double from_ms = now_ms();
        must(store_guess_category(s, text, &one, g, &found, &err));
        guess[i] = now_ms() - from_ms;
        offered += found > 0;
        from_ms = now_ms();
        (void)fold_text(&one, text, strlen(text));
        fold[i] = now_ms() - from_ms;
        from_ms = now_ms();
        must(store_filter_complete(s, "xflysq", 6, &one, &choice, &found, &from, &err));
        pinyin[i] = now_ms() - from_ms;
    }
    if (n > 0) {
        tell("category of a text", guess, n);
        tell("text folded", fold, n);
        tell("pinyin of names", pinyin, n);
        printf("offered %zu of %zu\n", offered, n);
    }
    context_release(&context);
    store_close(s);
    arena_release(&one);
    arena_release(&a);
    return 0;
}
