#include "tests/term/walk_steps.h"
#include "tests/term/server.h"
#include "tui/keymap.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAMES = 400,
    HOSTILE = 60,
    PASTE_MAX = 300,
    WORD_MAX = 16, /* of a paste, bytes */
    AHEAD = 64,
    LINE = 100
};

static uint32_t state;
/* Chosen, and not taken yet: what only makes sense one after the other. */
static struct {
    char line[AHEAD][LINE];
    int n, at;
} ahead;
static const char *names[NAMES]; /* of keys */
static size_t n_names;
static char hostile[HOSTILE][PASTE_MAX + 1];
static size_t n_hostile;

int steps_chance(int n)
{
    state = state * 1664525 + 1013904223;
    return (int)((state >> 8) % (unsigned)n);
}

#define ONE_OF(list) ((list)[steps_chance((int)(sizeof(list) / sizeof *(list)))])

/* Every key of the table once for each action: what many places know comes more often. */
static void gather_keys(void)
{
    static char copies[NAMES][16];
    for (int i = 0; i < ACTION_COUNT; i++)
        for (const char *p = action_table[i].keys; *p; p += strspn(p, " ")) {
            size_t n = strcspn(p, " ");
            if (n_names < NAMES && n < sizeof *copies) {
                memcpy(copies[n_names], p, n);
                names[n_names] = copies[n_names];
                n_names++;
            }
            p += n;
        }
    assert_true(n_names > 50 && n_names < NAMES);
}

static void gather_hostile(void)
{
    char path[4200], *all = NULL;
    size_t n = 0;
    snprintf(path, sizeof path, "%.4000s/tests/server/hostile.ndjson", getenv("JIBAN_TOP_SRCDIR"));
    assert_int_equal(file_read(path, 1 << 20, &all, &n, NULL), ST_OK);
    for (char *line = all; *line && n_hostile < HOSTILE; line += strspn(line, "\n")) {
        size_t len = strcspn(line, "\n");
        json_t *one = json_loadb(line, len, JSON_ALLOW_NUL, NULL);
        const char *text = text_at(one, "text");
        if (*text && strlen(text) <= PASTE_MAX && !strstr(text, "\033[201~"))
            snprintf(hostile[n_hostile++], sizeof *hostile, "%s", text);
        json_decref(one);
        line += len;
    }
    free(all);
    assert_true(n_hostile > 20);
}

void steps_begin(unsigned seed)
{
    state = seed;
    gather_keys();
    gather_hostile();
}

const char *steps_hostile(size_t i)
{
    return i < n_hostile ? hostile[i] : NULL;
}

/* --- choosing ------------------------------------------------------------------------------------ */

static void hex(char *out, const char *word, const char *bytes, size_t n)
{
    int used = snprintf(out, STEP_MAX, "%s ", word);
    for (size_t i = 0; i < n && used + 3 < STEP_MAX; i++)
        used += snprintf(out + used, 3, "%02x", (unsigned)(unsigned char)bytes[i]);
}

static void choose_text(char *out)
{
    static const char *const texts[] = {
        "供暖",
        "东里小区5号楼",
        "5678",
        "valve ",
        "ＡＢＣ１２３，。",
        "e\xcc\x81\xcc\x82",
        "暖气不热；",
        "state:SENT",
        "-due<4h ",
        "南里",
        "+2h",
        "tomorrow 15:00",
        "周五下午",
        "\xf0\x9f\x90\xb6",
        "118001",
        "0101",
        " ",
        "lin.property",
        "files/photo.png",
        "dl",
        "26",
    };
    snprintf(out, STEP_MAX, "text %s", ONE_OF(texts));
}

static void choose_torn(char *out)
{
    static const char *const torn[] = {
        "\033[",         "\033[1;5",      "\033O",        "\033\033\033",      "\033[M #$",
        "\033[<0;10;5M", "\033[<64;3;9M", "\033[200~",    "\033[201~",         "\xe4\xbe",
        "\xff\xfe",      "\033[1;5Z",     "\033[27;5;9~", "\033]0;x\a",        "\033[?1;2c",
        "\033[12;40R",   "\x1c\x1d",      "\033[I\033[O", "\033[99999;99999H", "\033Pq\033\\",
    };
    const char *bytes = ONE_OF(torn);
    hex(out, "bytes", bytes, strlen(bytes));
}

static void choose_paste(char *out)
{
    char text[PASTE_MAX + 1];
    size_t n = 0;
    if (steps_chance(2)) {
        const char *one = hostile[steps_chance((int)n_hostile)];
        hex(out, "paste", one, strlen(one));
        return;
    }
    for (int i = steps_chance(60); i >= 0 && n + WORD_MAX < sizeof text; i--) {
        static const char *const words[] = {"温度", "\n", "two words ", "\t", "，", "１２"};
        n += (size_t)snprintf(text + n, sizeof text - n, "%s", ONE_OF(words));
    }
    hex(out, "paste", text, n);
}

/* Leaving and locking are rare: the keys that follow would be lost. */
static void choose_key(char *out)
{
    const char *name = names[steps_chance((int)n_names)];
    bool leaves = strcmp(name, "q") == 0 || strcmp(name, "^C") == 0 || strcmp(name, "L") == 0 ||
                  strcmp(name, "F11") == 0;
    if (leaves && steps_chance(8) != 0)
        name = "j";
    snprintf(out, STEP_MAX, "key %s", name);
}

/* What means something behind a word. */
static const char *argument_of(const char *word)
{
    static const struct {
        const char *word, *argument[8];
    } known[] = {
        {"view", {"2", "5", "7", "9", "all_open", "late", "walk", "closed"}},
        {"group", {"community", "category", "handler", "building", "state", "none", "", "x"}},
        {"sort", {"left", "number", "created", "category", "repeats", "handler", "newest", "x"}},
        {"columns", {"left handler state", "building", "clock created", "what", "", "", "", "x"}},
        {"save", {"walk", "东里", "office walk", "office 东里", "walk", "a b c", "", "2"}},
        {"unsave", {"walk", "东里", "office walk", "office 东里", "walk", "a b c", "", "2"}},
        {"theme", {"dark", "light", "mono", "contrast", "ansi16", "auto", "x", ""}},
        {"template",
         {"new 停水", "edit 停水", "delete 停水", "new office w", "edit office w",
          "delete office w", "new 停水", ""}},
        {"macro", {"看过", "停水", "", "看过", "x", "看过", "看过", "看过"}},
        {"filter", {"state:SENT", "due<4h", "供暖", "-assigned", "", "community:东里", "(", "x"}},
        {"search", {"供暖", "5678", "dl", "5号楼", "valve", "", "暖", "13800000144"}},
        {"save_file", {"kept.png", "", "no/such/folder/x", "kept.png", "", "", "", ""}},
    };
    static const char *const others[] = {"", "", "", "", " x", " 1", " due", " 供暖"};
    static char argument[80];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].word, word) == 0 && steps_chance(5) != 0) {
            snprintf(argument, sizeof argument, " %s", ONE_OF(known[i].argument));
            return argument;
        }
    return ONE_OF(others);
}

/* Words of the command line, so that what has no key is reached too; not what leaves. */
static void choose_word(char *out)
{
    static const char *const often[] = {"template", "group", "view", "save", "tour"};
    const char *word =
        steps_chance(8) == 0 ? ONE_OF(often) : action_table[steps_chance(ACTION_COUNT)].word;
    if (strcmp(word, "quit") == 0)
        word = "view";
    snprintf(out, STEP_MAX, "word %s%s", word, argument_of(word));
}

/* Sizes of all kinds, most of them such as people have. */
static void choose_size(char *out)
{
    int n = steps_chance(60);
    if (n < 25)
        snprintf(out, STEP_MAX, "size %d %d", 16 + steps_chance(45), 60 + steps_chance(141));
    else if (n < 40)
        snprintf(out, STEP_MAX, "size %d %d", 10 + steps_chance(51), 3 + steps_chance(198));
    else if (n < 45)
        snprintf(out, STEP_MAX, "size %d %d", 1 + steps_chance(10), 1 + steps_chance(20));
    else
        snprintf(out, STEP_MAX, "size 24 80");
}

static void choose_click(char *out)
{
    static const int buttons[] = {0, 0, 0, 0, 64, 65, 1, 2};
    int row = steps_chance(3) ? 1 + steps_chance(24) : steps_chance(2) ? 2 : 24;
    snprintf(out, STEP_MAX, "click %d %d %d", ONE_OF(buttons), 1 + steps_chance(80), row);
}

/* --- several, one after the other ------------------------------------------------------------------ */

__attribute__((format(printf, 1, 2))) static void add(const char *fmt, ...)
{
    va_list args;
    assert_true(ahead.n < AHEAD);
    va_start(args, fmt);
    vsnprintf(ahead.line[ahead.n++], LINE, fmt, args);
    va_end(args);
}

/* Field after field something that may be right, and confirmed. */
static void fill_form(void)
{
    static const char *const texts[] = {"您反映的问题已经核实，已安排维修，预计明天恢复。",
                                        "valve replaced, 21 degrees measured in the room",
                                        "+2h",
                                        "1",
                                        "tomorrow 15:00",
                                        "东里",
                                        "lin.property"};
    for (int i = 1 + steps_chance(7); i > 0; i--) {
        switch (steps_chance(4)) {
        case 0:
            add("text %s", ONE_OF(texts));
            break;
        case 1:
            add("key F4");
            for (int down = steps_chance(4); down > 0; down--)
                add("key Down");
            add("key Enter");
            break;
        case 2:
            add("key Space");
            break;
        default:
            break;
        }
        add("key Tab");
    }
    add("key ^S");
    add("text y");
}

/* The list above the command line begins with what can be done here and now. */
static void take_of_palette(void)
{
    add("word view %d", 1 + steps_chance(9));
    add("key g");
    if (steps_chance(4) == 0)
        add("key G");
    for (int down = steps_chance(8); down > 0; down--)
        add("key Down");
    if (steps_chance(3) == 0)
        add("key Enter");
    add("key :");
    for (int down = 1 + steps_chance(20); down > 0; down--)
        add("key Down");
    add("key Enter");
    if (steps_chance(3) == 0) { /* what is done at once, and what is asked about */
        add("text y");
        return;
    }
    fill_form();
}

/* Ways into what one key rarely finds. */
static void take_way(void)
{
    static const char *const ways[][8] = {
        {"text 1", "key g", "key F", "key Enter", "key s", "text kept.png"},
        {"text 1", "key g", "key s"},
        {"text 1", "key g", "key Space", "key Space", "key s", "text y"},
        {"server", "text 1", "key g", "key s", "key u"},
        {"server", "text 1", "key g", "key s", "word outbox", "key u"},
        {"server", "text 1", "key g", "key s", "rival 0"},
        {"server", "text 2", "key g", "key r", "text 已办", "key Esc"},
        {"text 7", "key I", "key r", "key ^S"},
        {"text 7", "key I", "key m", "key ^S"},
        {"text 2", "key r", "key Alt-t", "text 停", "key Enter", "key ^P"},
        {"text 7", "key n", "key Alt-a", "text files/photo.png", "key Enter", "key ^S"},
        {"text 7", "key n", "text 到现场看了", "key Alt-s", "text +2h", "key Enter"},
        {"word template new 停水", "text 您好，{claimant}：", "key ^S", "key Esc"},
        {"word drafts", "key Enter", "key ^S"},
        {"word drafts", "key x", "text y"},
        {"text 7", "key g", "key ^V", "key j", "key PgDn", "key U"},
        {"text 7", "key g", "key Space", "key Space", "key m", "text y"},
        {"word group state", "word fold_all", "key Enter", "key j", "key h"},
        {"text 3", "key g", "key p", "text y"},
        {"text 3", "key g", "key b", "text 温度没有写", "key ^S"},
        {"key ?", "text j", "key G", "key k", "key k", "key Enter"},
        {"word templates", "word messages", "word files", "word theme light"},
        {"key C", "key r"},
        {"key C", "key n"},
        {"key C", "key d"},
        {"key C", "key x", "text y"},
        {"key o", "text 五号楼暖气不热", "key Tab", "key F4", "key Enter", "key ^T"},
        {"key O", "key ^G", "key ^O", "key ^Y"},
        {"word save walk", "word view walk", "word unsave walk"},
        {"word tour", "key Space", "key h", "key Esc"},
        {"key ?", "key /", "text 签", "key Enter", "key Enter"},
        {"text 7", "key g", "key n", "text 第一", "key F10", "text new_draft", "key Enter",
         "text 第二"},
        {"text 2", "key g", "key r", "text 已经办好", "key F10", "text keep_template 办好",
         "key Enter"},
        {"text 2", "key g", "key r", "text 已经办好", "key ^P", "key PgDn", "key j"},
        {"text 7", "key g", "key n", "key Alt-e"},
        {"text 7", "key g", "key Enter", "key q", "key j", "key n", "text 打过电话", "key Alt-1"},
        {"key Alt-2", "key Alt-1", "key Alt-0", "key j", "key Enter", "key Alt-3"},
        {"key o", "text 东里小区五号楼暖气不热", "key ^L", "key ^N", "key ^G", "key ^O", "key ^Y"},
        {"key Enter", "key O", "key =", "key Esc", "key !", "key >"},
        {"text 2", "key g", "key Space", "key Space", "key r", "key Enter", "key ^S", "text y"},
        {"text 2", "key g", "key Space", "key Space", "key r", "key Enter", "key e", "key Esc"},
        {"text 2", "key g", "key Space", "key Space", "key r", "key Enter", "key Alt-t",
         "key Enter"},
        {"text 2", "key g", "key Space", "key Space", "key c", "key Esc", "text 已联系", "key ^S"},
        {"text 2", "key g", "key Space", "key r", "key Enter", "key x", "key PgDn", "key u"},
        {"word template new 看过", "text {for note}看过{number}{send}", "key ^S", "text 7", "key g",
         "key Space", "word macro 看过", "key Enter"},
        {"server", "text 1", "key g", "key Space", "key Space", "key s", "text y", "word outbox"},
        {"word outbox", "word take_one"},
    };
    const char *const *way = ways[steps_chance((int)(sizeof ways / sizeof *ways))];
    for (size_t i = 0; i < sizeof *ways / sizeof **ways && way[i]; i++)
        add("%s", way[i]);
}

/* A list that moves by a row or two, and looked at then. */
static void scroll_list(void)
{
    bool down = steps_chance(2) == 0;
    add("word view all_open");
    add(down ? "key g" : "key G");
    add(down ? "key PgDn" : "key PgUp");
    for (int i = 1 + steps_chance(3); i > 0; i--)
        add(down ? "key k" : "key j"); /* against the way it came: over the edge of the page */
    add("check 1");
    add(down ? "key PgDn" : "key PgUp");
    for (int i = 1 + steps_chance(3); i > 0; i--)
        add(down ? "key j" : "key k");
    add("check 1");
}

static void choose_ahead(char *out)
{
    ahead.n = ahead.at = 0;
    int n = steps_chance(5);
    if (n != 0 && steps_chance(4) != 0)
        add("leave 4"); /* a line, a form, a page, marks */
    if (n == 0)
        fill_form();
    else if (n == 1)
        take_of_palette();
    else if (n == 2)
        scroll_list();
    else
        take_way();
    snprintf(out, STEP_MAX, "%s", ahead.line[ahead.at++]);
}

void steps_choose(char out[STEP_MAX])
{
    if (ahead.at < ahead.n) {
        snprintf(out, STEP_MAX, "%s", ahead.line[ahead.at++]);
        return;
    }
    int n = steps_chance(1000);
    if (n < 40)
        choose_ahead(out);
    else if (n < 545)
        choose_key(out);
    else if (n < 640)
        snprintf(out, STEP_MAX, "text %d", steps_chance(10));
    else if (n < 765)
        choose_text(out);
    else if (n < 850)
        choose_word(out);
    else if (n < 885)
        choose_paste(out);
    else if (n < 910)
        choose_torn(out);
    else if (n < 930)
        choose_click(out);
    else if (n < 985)
        choose_size(out);
    else if (n < 989)
        snprintf(out, STEP_MAX, "stop");
    else if (n < 992)
        snprintf(out, STEP_MAX, "server");
    else if (n < 993)
        snprintf(out, STEP_MAX, "rival %d", steps_chance(1000));
    else
        snprintf(out, STEP_MAX, "note %d", steps_chance(4));
}
