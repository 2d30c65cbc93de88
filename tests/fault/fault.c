/* fault.c: see fault.h. Its functions of the file system go to the kernel by themselves. */
#undef _FORTIFY_SOURCE /* open and its kin are defined here, not used */
#include "tests/fault/fault.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FDS = 1024, FILES = 1024, NAME = 64, SECTOR = 512, FD_FOLDER = -1 };

const char *const fault_op_word[OP_COUNT] = {"create", "write",  "sync", "truncate",
                                             "unlink", "rename", "read"};
const char *const image_word[IMAGE_COUNT] = {"none", "all", "prefix", "random", "torn"};

/* A file is what was created once; the same name created again is another file. */
struct file {
    char name[NAME];
    char *base; /* what it held when the journal began, all durable */
    size_t base_len;
    bool is_old; /* was there when the journal began */
    bool gone;   /* unlinked */
};

enum entry_kind { ENTRY_OP, ENTRY_LINE };
struct entry {
    enum entry_kind kind;
    enum fault_op op;
    int file;   /* FD_FOLDER: sync of the folder */
    int64_t at; /* offset, or new length */
    size_t len;
    char *data;
};

static struct {
    char folder[PATH_MAX];
    size_t folder_len;
    struct fault_plan plan;
    long seen[OP_COUNT], matching, struck;
    int fd[FDS]; /* 0: not watched, else number of the file or FD_FOLDER */
    struct file file[FILES];
    int n_files;
    bool recording;
    int story_fd;
    struct entry *entry;
    size_t n_entries, room;
} rig = {.n_files = 1, .story_fd = -1};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The rig forks thousands of times: freed memory kept back by the sanitizer would be copied along. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=1:thread_local_quarantine_size_kb=64";
}

/* --- small things --------------------------------------------------------------------------- */
static int taps, failures;
static char why[4096];

static char own_folder[] = "/dev/shm/jiban-fault-XXXXXX";
static pid_t own_folder_of;

static void remove_own(void)
{
    if (own_folder_of == getpid())
        fault_remove(own_folder);
}

void fault_die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("Bail out! ");
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
    fflush(stdout);
    remove_own();
    _exit(70);
}

bool fault_why(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!why[0])
        vsnprintf(why, sizeof why, fmt, ap);
    va_end(ap);
    return false;
}

bool tap(bool ok, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    printf("%s %d - ", ok ? "ok" : "not ok", ++taps);
    vprintf(fmt, ap);
    printf("\n");
    va_end(ap);
    if (!ok) {
        failures++;
        for (char *line = why, *next; line && *line; line = next) {
            next = strchr(line, '\n');
            if (next)
                *next++ = '\0';
            printf("#  %s\n", line);
        }
    }
    why[0] = '\0';
    fflush(stdout);
    return ok;
}

int tap_end(void)
{
    printf("1..%d\n", taps);
    return failures ? 1 : 0;
}

uint64_t fault_seed(void)
{
    const char *text = getenv("SEED");
    return text && *text ? strtoull(text, NULL, 10) : 1;
}

long fault_stride(long quick)
{
    const char *text = getenv("FAULT_STRIDE");
    long stride = text && *text ? strtol(text, NULL, 10) : quick;
    return stride > 0 ? stride : 1;
}

long fault_first(long stride)
{
    return 1 + (long)(fault_seed() % (uint64_t)stride);
}

double fault_seconds(void)
{
    static struct timespec last;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double s = (double)(now.tv_sec - last.tv_sec) + (double)(now.tv_nsec - last.tv_nsec) / 1e9;
    last = now;
    return s;
}

const char *fault_folder(void)
{
    const char *tmp = getenv("JIBAN_TEST_TMP");
    if (own_folder_of)
        return own_folder;
    if (access("/dev/shm", W_OK) == 0 && mkdtemp(own_folder)) {
        own_folder_of = getpid();
        atexit(remove_own);
        return own_folder;
    }
    return tmp ? tmp : ".";
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
    (void)info;
    (void)kind;
    (void)at;
    return remove(path);
}

void fault_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static char *slurp(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rbe");
    char *data = NULL;
    size_t len = 0, room = 0, n;
    *ret_len = 0;
    if (!f)
        return NULL;
    do {
        if (room - len < 65536 && !(data = realloc(data, room = room * 2 + 65536)))
            fault_die("out of memory");
        n = fread(data + len, 1, room - len, f);
        len += n;
    } while (n > 0);
    fclose(f);
    *ret_len = len;
    return data;
}

static void spill(const char *path, const char *data, size_t len)
{
    FILE *f = fopen(path, "wbe");
    /* 0600: a key that others could read is not taken */
    if (!f || fchmod(fileno(f), 0600) != 0 || (len && fwrite(data, 1, len, f) != len) ||
        fclose(f) != 0)
        fault_die("%s: %s", path, strerror(errno));
}

void fault_copy(const char *from, const char *to)
{
    size_t len;
    char *data = slurp(from, &len);
    if (!data)
        fault_die("%s: %s", from, strerror(errno));
    spill(to, data, len);
    free(data);
}

/* --- what is watched ------------------------------------------------------------------------ */
/* The name within the folder, "" for the folder itself, NULL for what is elsewhere. */
static const char *inside(const char *path)
{
    if (!rig.folder_len || strncmp(path, rig.folder, rig.folder_len) != 0)
        return NULL;
    path += rig.folder_len;
    if (*path == '\0')
        return path;
    return *path == '/' && !strchr(path + 1, '/') ? path + 1 : NULL;
}

static int file_named(const char *name)
{
    for (int i = rig.n_files - 1; i > 0; i--)
        if (!rig.file[i].gone && strcmp(rig.file[i].name, name) == 0)
            return i;
    return 0;
}

static int file_new(const char *name)
{
    if (rig.n_files == FILES || strlen(name) >= NAME)
        fault_die("too many files, or too long a name: %s", name);
    struct file *f = &rig.file[rig.n_files];
    memset(f, 0, sizeof *f);
    snprintf(f->name, sizeof f->name, "%s", name);
    return rig.n_files++;
}

static void forget_files(void)
{
    for (int i = 1; i < rig.n_files; i++)
        free(rig.file[i].base);
    rig.n_files = 1;
    memset(rig.fd, 0, sizeof rig.fd);
}

void fault_watch(const char *folder)
{
    pthread_mutex_lock(&lock);
    forget_files();
    snprintf(rig.folder, sizeof rig.folder, "%s", folder);
    rig.folder_len = strlen(folder);
    pthread_mutex_unlock(&lock);
}

void fault_set(const struct fault_plan *plan)
{
    pthread_mutex_lock(&lock);
    rig.plan = plan ? *plan : (struct fault_plan){FAULT_NONE, 0, 0, 0};
    memset(rig.seen, 0, sizeof rig.seen);
    rig.matching = rig.struck = 0;
    pthread_mutex_unlock(&lock);
}

long fault_seen(unsigned ops)
{
    long n = 0;
    for (int i = 0; i < OP_COUNT; i++)
        n += ops & 1u << i ? rig.seen[i] : 0;
    return n;
}

long fault_struck(void)
{
    return rig.struck;
}

/* --- the journal ---------------------------------------------------------------------------- */
static struct entry *add_entry(enum entry_kind kind)
{
    if (rig.n_entries == rig.room) {
        rig.room = rig.room * 2 + 256;
        rig.entry = realloc(rig.entry, rig.room * sizeof *rig.entry);
        if (!rig.entry)
            fault_die("out of memory");
    }
    struct entry *e = &rig.entry[rig.n_entries++];
    memset(e, 0, sizeof *e);
    e->kind = kind;
    return e;
}

static void note(enum fault_op op, int file, int64_t at, const void *data, size_t len)
{
    if (!rig.recording || op == OP_READ)
        return;
    struct entry *e = add_entry(ENTRY_OP);
    e->op = op;
    e->file = file;
    e->at = at;
    e->len = len;
    if (data && len) {
        e->data = malloc(len);
        if (!e->data)
            fault_die("out of memory");
        memcpy(e->data, data, len);
    }
}

void fault_record(bool on)
{
    pthread_mutex_lock(&lock);
    if (on) {
        for (size_t i = 0; i < rig.n_entries; i++)
            free(rig.entry[i].data);
        free(rig.entry);
        rig.entry = NULL;
        rig.n_entries = rig.room = 0;
        forget_files();
    }
    rig.recording = on;
    pthread_mutex_unlock(&lock);
}

void fault_story_to(int fd)
{
    rig.story_fd = fd;
}

void fault_step_ended(int step)
{
    char line[32];
    int n = snprintf(line, sizeof line, "STEP %d\n", step);
    if (rig.story_fd >= 0 && write(rig.story_fd, line, (size_t)n) != n)
        fault_die("the story cannot be written: %s", strerror(errno));
}

int fault_last_step(const char *story, bool *ret_promised)
{
    int step = -1;
    *ret_promised = false;
    for (const char *line = story; line && *line; line = strchr(line, '\n') + 1) {
        *ret_promised = sscanf(line, "STEP %d", &step) != 1;
    }
    return step;
}

size_t fault_journal(void)
{
    return rig.n_entries;
}

bool fault_is_sync(size_t entry)
{
    return rig.entry[entry].kind == ENTRY_OP && rig.entry[entry].op == OP_SYNC;
}

/* --- points --------------------------------------------------------------------------------- */
enum verdict { GO_ON, TEAR, DENY };

static void die_here(void)
{
    syscall(SYS_kill, (long)getpid(), (long)SIGKILL);
    for (;;)
        pause();
}

static enum verdict point(enum fault_op op)
{
    enum verdict v = GO_ON;
    pthread_mutex_lock(&lock);
    rig.seen[op]++;
    if (rig.plan.kind != FAULT_NONE && rig.plan.ops & 1u << op) {
        rig.matching++;
        if (rig.matching == rig.plan.at ||
            (rig.plan.kind == FAULT_ONWARD && rig.matching > rig.plan.at)) {
            rig.struck++;
            if (rig.plan.kind == FAULT_KILL || (rig.plan.kind == FAULT_TORN && op != OP_WRITE))
                die_here();
            v = rig.plan.kind == FAULT_TORN ? TEAR : DENY;
        }
    }
    pthread_mutex_unlock(&lock);
    return v;
}

static int watched(int fd)
{
    return fd >= 0 && fd < FDS ? rig.fd[fd] : 0;
}

static long deny(void)
{
    errno = rig.plan.error;
    return -1;
}

static long write_at(int fd, const void *data, size_t n, int64_t at)
{
    int file = watched(fd);
    enum verdict v = file ? point(OP_WRITE) : GO_ON;
    if (v == DENY)
        return deny();
    if (v == TEAR) {
        syscall(SYS_pwrite64, fd, data, n / 2, at);
        die_here();
    }
    long done = syscall(SYS_pwrite64, fd, data, n, at);
    if (file && done > 0) {
        pthread_mutex_lock(&lock);
        note(OP_WRITE, file, at, data, (size_t)done);
        pthread_mutex_unlock(&lock);
    }
    return done;
}

static long read_at(int fd, void *data, size_t n, int64_t at)
{
    if (watched(fd) && point(OP_READ) == DENY)
        return deny();
    return syscall(SYS_pread64, fd, data, n, at);
}

static int sync_fd(long number, int fd)
{
    int file = watched(fd);
    if (file && point(OP_SYNC) == DENY)
        return (int)deny();
    int rc = (int)syscall(number, fd);
    if (file && rc == 0) {
        pthread_mutex_lock(&lock);
        note(OP_SYNC, file, 0, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return rc;
}

static int truncate_fd(int fd, int64_t len)
{
    int file = watched(fd);
    if (file && point(OP_TRUNCATE) == DENY)
        return (int)deny();
    int rc = (int)syscall(SYS_ftruncate, fd, len);
    if (file && rc == 0) {
        pthread_mutex_lock(&lock);
        note(OP_TRUNCATE, file, len, NULL, 0);
        pthread_mutex_unlock(&lock);
    }
    return rc;
}

static int open_at(const char *path, int flags, mode_t mode)
{
    const char *name = inside(path);
    bool fresh = name && *name && flags & O_CREAT && syscall(SYS_access, path, F_OK) != 0;
    if (fresh && point(OP_CREATE) == DENY)
        return (int)deny();
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (fd < 0 || fd >= FDS || !name)
        return fd;
    pthread_mutex_lock(&lock);
    if (!*name) {
        rig.fd[fd] = FD_FOLDER;
    } else {
        int file = fresh ? 0 : file_named(name);
        if (!file) {
            file = file_new(name);
            rig.file[file].is_old = !fresh;
            if (!fresh && rig.recording)
                rig.file[file].base = slurp(path, &rig.file[file].base_len);
        }
        rig.fd[fd] = file;
        if (fresh)
            note(OP_CREATE, file, 0, NULL, 0);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

/* --- in the place of the C library ---------------------------------------------------------- */
int open(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return open_at(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list ap;
    va_start(ap, flags);
    mode_t mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    return open_at(path, flags, mode);
}

int close(int fd)
{
    if (fd >= 0 && fd < FDS)
        rig.fd[fd] = 0;
    return (int)syscall(SYS_close, fd);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
    return write_at(fd, data, n, at);
}

ssize_t pwrite64(int fd, const void *data, size_t n, off64_t at)
{
    return write_at(fd, data, n, at);
}

ssize_t pread(int fd, void *data, size_t n, off_t at)
{
    return read_at(fd, data, n, at);
}

ssize_t pread64(int fd, void *data, size_t n, off64_t at)
{
    return read_at(fd, data, n, at);
}

ssize_t write(int fd, const void *data, size_t n)
{
    if (fd >= 0 && fd == rig.story_fd && rig.recording) {
        pthread_mutex_lock(&lock);
        struct entry *e = add_entry(ENTRY_LINE);
        e->data = malloc(n + 1);
        if (!e->data)
            fault_die("out of memory");
        memcpy(e->data, data, n);
        e->len = n;
        pthread_mutex_unlock(&lock);
        return (ssize_t)n;
    }
    int64_t at = watched(fd) ? syscall(SYS_lseek, fd, 0L, (long)SEEK_CUR) : -1;
    if (at < 0)
        return syscall(SYS_write, fd, data, n);
    ssize_t done = write_at(fd, data, n, at);
    if (done > 0)
        syscall(SYS_lseek, fd, at + done, (long)SEEK_SET);
    return done;
}

int fdatasync(int fd)
{
    return sync_fd(SYS_fdatasync, fd);
}

int fsync(int fd)
{
    return sync_fd(SYS_fsync, fd);
}

int ftruncate(int fd, off_t len)
{
    return truncate_fd(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
    return truncate_fd(fd, len);
}

int unlink(const char *path)
{
    const char *name = inside(path);
    bool there = name && *name && syscall(SYS_access, path, F_OK) == 0;
    if (there && point(OP_UNLINK) == DENY)
        return (int)deny();
    int rc = (int)syscall(SYS_unlink, path);
    if (there && rc == 0) {
        pthread_mutex_lock(&lock);
        int file = file_named(name);
        if (file) {
            note(OP_UNLINK, file, 0, NULL, 0);
            rig.file[file].gone = true;
        }
        pthread_mutex_unlock(&lock);
    }
    return rc;
}

int rename(const char *from, const char *to)
{
    const char *name = inside(to);
    if (name && *name && point(OP_RENAME) == DENY)
        return (int)deny();
    size_t len = 0;
    char *data = name && *name && rig.recording ? slurp(from, &len) : NULL;
    int rc = (int)syscall(SYS_rename, from, to);
    if (data && rc == 0) {
        pthread_mutex_lock(&lock);
        note(OP_RENAME, file_new(name), 0, data, len);
        pthread_mutex_unlock(&lock);
    }
    free(data);
    return rc;
}

/* --- a life -------------------------------------------------------------------------------- */
void fault_live(void (*work)(void *arg), void *arg, const char *folder,
                const struct fault_plan *plan, struct life *ret)
{
    int fd[2], status = 0;
    size_t len = 0;
    ssize_t n;
    fflush(stdout);
    if (pipe(fd) != 0)
        fault_die("pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0)
        fault_die("fork: %s", strerror(errno));
    if (child == 0) {
        char word[16];
        snprintf(word, sizeof word, "%d", fd[1]);
        setenv("JIBAN_TEST_ACK_FD", word, 1);
        close(fd[0]);
        fault_story_to(fd[1]);
        fault_watch(folder);
        fault_set(plan);
        work(arg);
        _exit(0);
    }
    close(fd[1]);
    while ((n = read(fd[0], ret->story + len, sizeof ret->story - 1 - len)) > 0)
        len += (size_t)n;
    ret->story[len] = '\0';
    close(fd[0]);
    if (waitpid(child, &status, 0) != child)
        fault_die("wait: %s", strerror(errno));
    ret->killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    ret->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* --- the disk after a power cut -------------------------------------------------------------- */
struct content {
    char *data;
    size_t len, room;
    bool named; /* its name leads to it */
};

static void content_resize(struct content *c, size_t len)
{
    if (len > c->room) {
        c->data = realloc(c->data, c->room = len * 2);
        if (!c->data)
            fault_die("out of memory");
    }
    if (len > c->len)
        memset(c->data + c->len, 0, len - c->len);
    c->len = len;
}

static void content_write(struct content *c, int64_t at, const char *data, size_t len)
{
    if ((size_t)at + len > c->len)
        content_resize(c, (size_t)at + len);
    memcpy(c->data + at, data, len);
}

/* Sectors reach the disk each by itself. */
static void content_some(struct content *c, const struct entry *e, struct rng *rng)
{
    for (size_t from = 0; from < e->len;) {
        size_t n = SECTOR - ((size_t)e->at + from) % SECTOR;
        if (n > e->len - from)
            n = e->len - from;
        if (rng_below(rng, 2))
            content_write(c, e->at + (int64_t)from, e->data + from, n);
        from += n;
    }
}

static void apply(struct content *c, const struct entry *e, bool whole, struct rng *rng)
{
    if (e->op == OP_TRUNCATE)
        content_resize(c, (size_t)e->at);
    else if (whole)
        content_write(c, e->at, e->data, e->len);
    else
        content_some(c, e, rng);
}

static void link_name(struct content *c, int file, bool named)
{
    for (int i = 1; i < rig.n_files; i++)
        if (i == file || strcmp(rig.file[i].name, rig.file[file].name) == 0)
            c[i].named = false;
    c[file].named = named;
}

/* Does an entry that was never synced reach the disk? */
static bool arrives(enum image image, size_t i, size_t prefix, struct rng *rng)
{
    switch (image) {
    case IMAGE_NONE:
        return false;
    case IMAGE_PREFIX:
        return i < prefix;
    case IMAGE_RANDOM:
        return rng_below(rng, 3) != 0;
    default:
        return true;
    }
}

static void play(struct content *c, size_t cut, enum image image, struct rng *rng)
{
    size_t *synced = calloc((size_t)rig.n_files, sizeof *synced), folder_synced = 0, last = 0;
    if (!synced)
        fault_die("out of memory");
    for (size_t i = 0; i < cut; i++) {
        const struct entry *e = &rig.entry[i];
        if (e->kind == ENTRY_OP && e->op == OP_SYNC)
            *(e->file == FD_FOLDER ? &folder_synced : &synced[e->file]) = i;
        if (e->kind == ENTRY_OP && e->op == OP_WRITE)
            last = i;
    }
    size_t prefix = cut ? rng_below(rng, (uint32_t)cut) : 0, names = cut;
    if (image != IMAGE_ALL) /* names reach the disk in their order */
        names = image == IMAGE_NONE ? 0 : rng_below(rng, (uint32_t)cut + 1);
    for (size_t i = 0; i < cut; i++) {
        const struct entry *e = &rig.entry[i];
        if (e->kind != ENTRY_OP || e->op == OP_SYNC)
            continue;
        if (e->op == OP_CREATE || e->op == OP_UNLINK || e->op == OP_RENAME) {
            if (i < folder_synced || i < names)
                link_name(c, e->file, e->op != OP_UNLINK);
            if (e->op == OP_RENAME && arrives(image, i, prefix, rng))
                content_write(&c[e->file], 0, e->data, e->len);
        } else if (i < synced[e->file]) {
            apply(&c[e->file], e, true, rng);
        } else if (arrives(image, i, prefix, rng)) {
            apply(&c[e->file], e, image != IMAGE_RANDOM && !(image == IMAGE_TORN && i == last),
                  rng);
        }
    }
    free(synced);
}

void fault_image(size_t cut, enum image image, struct rng *rng, const char *folder,
                 char **ret_story)
{
    struct content *c = calloc((size_t)rig.n_files, sizeof *c);
    size_t len = 0;
    if (!c)
        fault_die("out of memory");
    for (int i = 1; i < rig.n_files; i++) {
        c[i].named = rig.file[i].is_old;
        if (rig.file[i].base)
            content_write(&c[i], 0, rig.file[i].base, rig.file[i].base_len);
    }
    play(c, cut, image, rng);
    fault_remove(folder);
    if (mkdir(folder, 0700) != 0)
        fault_die("%s: %s", folder, strerror(errno));
    for (int i = 1; i < rig.n_files; i++) {
        char path[PATH_MAX + NAME];
        const char *name = rig.file[i].name, *tail = strrchr(name, '-');
        snprintf(path, sizeof path, "%s/%s", folder, name);
        if (c[i].named && !(tail && strcmp(tail, "-shm") == 0)) /* shared memory, no file */
            spill(path, c[i].data, c[i].len);
        free(c[i].data);
    }
    free(c);
    *ret_story = NULL;
    for (size_t i = 0; i < cut; i++) {
        const struct entry *e = &rig.entry[i];
        if (e->kind != ENTRY_LINE)
            continue;
        *ret_story = realloc(*ret_story, len + e->len + 1);
        if (!*ret_story)
            fault_die("out of memory");
        memcpy(*ret_story + len, e->data, e->len);
        (*ret_story)[len += e->len] = '\0';
    }
}
