/*
 * The power goes while a desk works: the journal of one morning, and from it the disk of any moment.
 *
 * What was synced is there. Of what was not, each image has nothing, all, the beginning, any
 * sectors, or all with the last write torn. The cache must open, be sound and keep every promise.
 */
#include "core/base/paths.h"
#include "tests/fault/console.h"
#include <string.h>
#include <sys/stat.h>

enum { IMAGES_LEAST = 500, BETWEEN = 80 };

static char folder[256], image[256];
static struct desk_record record;
static struct rng rng;
static long images[IMAGE_COUNT], failures;

static void morning(uint64_t seed)
{
    struct desk d;
    struct errmsg err = {{0}};
    mkdir(folder, 0700);
    fault_watch(folder);
    fault_set(NULL);
    setenv("JIBAN_TEST_ACK_FD", "1000", 1);
    fault_story_to(1000); /* never opened: the journal takes it */
    fault_record(true);
    desk_begin(&d, folder, seed);
    for (int i = 0; i < DESK_STEPS; i++) {
        if (desk_step(&d, i, &err) != ST_OK)
            fault_die("step %d (%s): %s", i, desk_step_word(i), err.text);
        fault_step_ended(i);
    }
    desk_end(&d);
    fault_record(false);
    unsetenv("JIBAN_TEST_ACK_FD");
}

static void look(size_t cut, enum image kind)
{
    char *story;
    bool promised;
    fault_image(cut, kind, &rng, image, &story);
    images[kind]++;
    if (!desk_check(image, &record, story, true) && failures++ == 0) {
        int step = fault_last_step(story, &promised) + 1;
        printf("#  first: seed %llu, cut before entry %zu, image %s, in step %d (%s)\n",
               (unsigned long long)fault_seed(), cut, image_word[kind], step, desk_step_word(step));
    }
    free(story);
}

/* A folder that was just made must not go away with all that is in it. */
static bool new_folder_is_synced(void)
{
    char path[300];
    snprintf(path, sizeof path, "%s/new", fault_folder());
    fault_watch(fault_folder());
    fault_set(NULL);
    enum status st = path_make_private(path, NULL);
    long first = fault_seen(1 << OP_SYNC);
    if (st == ST_OK)
        st = path_make_private(path, NULL); /* it is there: nothing to do */
    long second = fault_seen(1 << OP_SYNC);
    fault_watch("");
    return st == ST_OK && first == 1 && second == 1;
}

int main(void)
{
    long syncs = 0, all = 0, between = BETWEEN * 10 / fault_stride(10);
    snprintf(folder, sizeof folder, "%s/desk", fault_folder());
    snprintf(image, sizeof image, "%s/image", fault_folder());
    tap(new_folder_is_synced(), "the name of a new folder is synced, once");
    fault_seconds();
    rng_seed(&rng, fault_seed());
    desk_record(&record, folder, fault_seed());
    morning(fault_seed());
    size_t n = fault_journal();
    for (size_t i = 0; i < n; i++) {
        if (!fault_is_sync(i))
            continue;
        syncs++;
        look(i, IMAGE_NONE);
        look(i, IMAGE_RANDOM);
        look(i, IMAGE_RANDOM);
        look(i, IMAGE_TORN);
        look(i, IMAGE_PREFIX);
        look(i + 1, IMAGE_NONE);
        look(i + 1, IMAGE_RANDOM);
    }
    for (long i = 0; i < between; i++)
        look(rng_below(&rng, (uint32_t)n + 1), (enum image)rng_below(&rng, IMAGE_COUNT));
    look(n, IMAGE_ALL);
    for (int i = 0; i < IMAGE_COUNT; i++)
        all += images[i];
    tap(failures == 0, "every disk after a power cut keeps what was promised (%ld do not)",
        failures);
    tap(all >= IMAGES_LEAST && syncs > 0, "images: %ld, mark %d, of %ld syncs, %.1f s", all,
        IMAGES_LEAST, syncs, fault_seconds());
    for (int i = 0; i < IMAGE_COUNT; i++)
        tap(images[i] > 0, "image \"%s\": %ld", image_word[i], images[i]);
    for (int i = 0; i < DESK_STEPS; i++)
        free(record.after[i]);
    return tap_end();
}
