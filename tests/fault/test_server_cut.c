/*
 * The power goes while the centre works: from the journal of one morning the disk of any moment.
 *
 * Every answered command is there once, and everything given once more ends as without the cut. The
 * file with the epoch is not synced and may be lost: then the consoles start afresh, nothing more.
 */
#include "tests/fault/centre.h"
#include <stdlib.h>
#include <string.h>

enum { IMAGES_LEAST = 250, BETWEEN = 25 };

static char folder[256], image[256];
static struct centre_record record;
static struct rng rng;
static long images[IMAGE_COUNT], failures;

static void morning(uint64_t seed)
{
    struct centre c;
    struct outcome o[CENTRE_BATCH_MOST];
    struct errmsg err = {{0}};
    size_t n;
    centre_prepare(folder);
    fault_watch(folder);
    fault_set(NULL);
    fault_story_to(1000); /* never opened: the journal takes it */
    fault_record(true);
    centre_begin(&c, folder, seed);
    if (centre_open(&c, &err) != ST_OK)
        fault_die("%s", err.text);
    fault_step_ended(0);
    for (int b = 0; b < CENTRE_BATCHES; b++) {
        if (centre_batch(&c, b, o, &n, &err) != ST_OK)
            fault_die("batch %d: %s", b, err.text);
        fault_step_ended(b + 1);
    }
    centre_end(&c);
    fault_record(false);
}

static void look(size_t cut, enum image kind)
{
    char *story;
    bool promised;
    fault_image(cut, kind, &rng, image, &story);
    images[kind]++;
    if (!centre_check(image, &record, story, fault_seed(), true) && failures++ == 0)
        printf("#  first: seed %llu, cut before entry %zu, image %s, after step %d\n",
               (unsigned long long)fault_seed(), cut, image_word[kind],
               fault_last_step(story, &promised));
    free(story);
}

int main(void)
{
    long syncs = 0, all = 0, more = 10 / fault_stride(10);
    snprintf(folder, sizeof folder, "%s/centre", fault_folder());
    snprintf(image, sizeof image, "%s/image", fault_folder());
    fault_seconds();
    rng_seed(&rng, fault_seed());
    centre_record(&record, folder, fault_seed());
    morning(fault_seed());
    size_t n = fault_journal();
    for (size_t i = 0; i < n; i++) {
        if (!fault_is_sync(i))
            continue;
        syncs++;
        look(i, IMAGE_NONE);
        for (long k = 0; k < more; k++)
            look(i, IMAGE_RANDOM);
        look(i, syncs % 2 ? IMAGE_TORN : IMAGE_PREFIX);
        look(i + 1, IMAGE_NONE);
    }
    for (long i = 0; i < BETWEEN * more; i++)
        look(rng_below(&rng, (uint32_t)n + 1), (enum image)rng_below(&rng, IMAGE_COUNT));
    look(n, IMAGE_ALL);
    for (int i = 0; i < IMAGE_COUNT; i++)
        all += images[i];
    tap(failures == 0, "every disk after a power cut keeps what was answered (%ld do not)",
        failures);
    tap(all >= IMAGES_LEAST && syncs > 0, "images: %ld, mark %d, of %ld syncs, %.1f s", all,
        IMAGES_LEAST, syncs, fault_seconds());
    for (int i = 0; i < IMAGE_COUNT; i++)
        tap(images[i] > 0, "image \"%s\": %ld", image_word[i], images[i]);
    for (int b = 0; b <= CENTRE_BATCHES; b++)
        free(record.after[b]);
    return tap_end();
}
