/*
 * The screens of the office day, compared with golden text, in Chinese and English and at several sizes.
 *
 * JIBAN_GOLDEN=write writes the files of tests/view/golden anew; look at what changed before it is kept.
 * JIBAN_SHOT=PATTERN takes only those whose names match, with * and ?.
 * JIBAN_PICTURES=FOLDER compares nothing: it makes pictures of all views of the table in both languages and two sizes.
 */
#include "tests/view/office.h"
#include "tests/view/picture.h"
#include "core/base/i18n.h"
#include "core/base/paths.h"
#include "core/text/utf8.h"
#include "tui/app_model.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A whistle for two departments, a sub-order, an urge and more time for the first case in hand. */
#define WHISTLED                                                                                   \
    "2 j j j j j w E Enter '118001,118003' Enter 'Sewage stands in the cellar, pump it out' ^S "   \
    "S '118004' Enter 'Say whether the water is foul' ^S "                                         \
    "E Right Right Enter 'The pipe must be surveyed' Tab '+20h' ^S "

/* A call: what and where. */
/* A reply that says more than it should, its result chosen. */
#define LEAKING                                                                                                             \
    "'您好！昨日十五时电话与您联系，经现场核查情况属实，已更换管道，恢复正常。' Enter " \
    "'邻居李小明13812345678证实，其身份证11010519491231002X，车京A12345。' Enter "                          \
    "'如有疑问请拨打010-66668888，联系人李工。' Tab s BackTab"
/* A template of one's own, and the text that each of four marked cases gets by it. */
#define MANY_EN                                                                                    \
    ": 'template new AA' Enter '{set result=solved}Hello, about your request {number} "            \
    "({category}): we spoke with you "                                                             \
    "on 24 November. We checked on 25 November and found a broken valve; it was replaced, and "    \
    "the matter is "                                                                               \
    "solved. Our phone: 010-55550196.' ^S Esc 2 g Space Space Space Space r 'AA' Enter "
#define MANY_ZH                                                                                                                                  \
    ": 'template new 办结' Enter '{set result=solved}{if "                                                                                     \
    "称呼}{称呼}，{end}您好！关于您的{编号}号诉求，我街道工作人员"                                                      \
    "于昨日十五时电话与您联系。经现场核查，情况属实，已更换管道并恢复正常，问题已解决。如有疑问请" \
    "拨打010-66668888，"                                                                                                                      \
    "联系李工。' ^S Esc 2 g Space Space Space Space r '办结' Enter "
#define TAKEN_DOWN_EN                                                                              \
    "'The radiators are cold since Monday, heating is on but the room has 14 degrees' Tab Tab "    \
    "Tab "                                                                                         \
    "'Nanli Community, building 5, 2-301' Tab "
#define TAKEN_DOWN_ZH                                                                              \
    "'家里暖气不热，从周一起只有14度，有老人' Tab Tab Tab '南里小区5号楼2单元301' Tab "
/* The same again, by one who has called before. */
#define CALLED_AGAIN                                                                                                     \
    "'暖气还是不热，没有人来过' Tab Tab '0101' Tab '东里小区5号楼2单元301' Tab Tab Tab '冯玉珍' " \
    "Tab "                                                                                                               \
    "'138 0000 0043' Tab "
/* A whistle for the heating company, and a sub-order for it; more time is asked for. */
#define CALLED                                                                                     \
    "2 j j j j j w E Enter '119001' Enter 'Valve in the cellar' ^S "                               \
    "j j w J Enter '119001' Enter 'Measure the flow' ^S "                                          \
    "j S '119001' Enter 'Say when the pump was changed' ^S "                                       \
    "j E Right Right Enter 'The pipe must be surveyed' Tab '+20h' ^S "
/* Exclusions of two closed orders are asked for. */
#define EXCLUDED                                                                                   \
    "6 X Right Right Tab 'Court file 12' Tab 'Before the court' ^S "                               \
    "j X Right Right Tab 'Court file 13' Tab 'Before the court' ^S "

static const struct shot {
    const char *name, *user, *language;
    int rows, cols;
    const char *keys; /* names as in actions.def; 'x' pastes x */
} shots[] = {
    {"queue-en-80x24", "wang.desk", "en", 24, 80, ""},
    {"queue-zh-80x24", "wang.desk", "zh_CN", 24, 80, ""},
    {"queue-en-120x36", "wang.desk", "en", 36, 120, "j"},
    {"queue-zh-120x36", "wang.desk", "zh_CN", 36, 120, "j"},
    {"queue-zh-160x50", "wang.desk", "zh_CN", 50, 160, "PgDn"},
    {"small-en-40x12", "wang.desk", "en", 12, 40, ""},
    {"small-zh-40x12", "wang.desk", "zh_CN", 12, 40, ""},
    {"queue-ascii-en-80x24", "wang.desk", "en", 24, 80, ""},
    {"case-ascii-en-120x36", "wang.desk", "en", 36, 120, WHISTLED "Enter"},
    {"clocks-ascii-en-80x24", "wang.desk", "en", 24, 80, "Enter ="},
    {"help-ascii-en-80x24", "wang.desk", "en", 24, 80, "? PgDn PgDn"},
    {"reply-ascii-en-80x24", "wang.desk", "en", 24, 80, "2 r 'We came and mended the pipe.'"},
    {"end-en-80x24", "wang.desk", "en", 24, 80, "G"},
    {"tosign-zh-80x24", "wang.desk", "zh_CN", 24, 80, "1"},
    {"filter-en-80x24", "wang.desk", "en", 24, 80, "f 'state:SENT' Enter"},
    {"filter-bad-en-80x24", "wang.desk", "en", 24, 80, "f 'colour:red' Enter"},
    {"filter-tab-en-80x24", "wang.desk", "en", 24, 80, "f 'state:' Tab"},
    {"filter-tab-zh-80x24", "wang.desk", "zh_CN", 24, 80, "f 'co' Tab Tab"},
    {"filter-tabs-zh-80x24", "wang.desk", "zh_CN", 24, 80, "f 'state:' Tab Tab Tab"},
    {"filter-names-zh-80x24", "wang.desk", "zh_CN", 24, 80,
     "f 'category:0101 -state:SENT 暖气' Enter"},
    {"closed-en-80x24", "wang.desk", "en", 24, 80, "/ '01786' Enter"},
    {"closed-zh-80x24", "wang.desk", "zh_CN", 24, 80, "9"},
    {"closed-case-zh-80x24", "wang.desk", "zh_CN", 24, 80, "9 Enter"},
    {"nothing-zh-80x24", "wang.desk", "zh_CN", 24, 80, "f 'qqqqqq' Enter"},
    {"marked-en-80x24", "wang.desk", "en", 24, 80, "1 Space Space j Space"},
    {"marked-all-en-80x24", "wang.desk", "en", 24, 80, "1 T j Esc j T"},
    {"marked-en-120x36", "wang.desk", "en", 36, 120, "7 Space Space Space g"},
    {"marked-ask-en-80x24", "wang.desk", "en", 24, 80, "1 Space 2 Space Space : 'sign' Enter"},
    {"marked-form-en-80x24", "wang.desk", "en", 24, 80, "2 Space Space w"},
    {"marked-refused-en-80x24", "wang.desk", "en", 24, 80, "2 Space Space b"},
    {"marked-none-en-80x24", "wang.desk", "en", 24, 80, "2 Space Space s"},
    /* ranges, mergers */
    {"range-en-80x24", "wang.desk", "en", 24, 80, "7 j ^V j j j j k"},
    {"range-zh-80x24", "wang.desk", "zh_CN", 24, 80, "7 ^V PgDn"},
    {"unshown-zh-80x24", "wang.desk", "zh_CN", 24, 80, "1 Space Space 2 Space"},
    {"merge-en-80x24", "wang.desk", "en", 24, 80, "2 f 'category:供暖' Enter ^V G Esc m"},
    {"merge-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 f 'category:供暖' Enter ^V G Esc m"},
    {"merge-en-60x16", "wang.desk", "en", 16, 60, "2 f 'category:供暖' Enter j ^V G Esc m PgDn"},
    {"words-zh-80x24", "wang.desk", "zh_CN", 24, 80,
     "2 r '您好，已到现场核实。' Enter '我们保证马上修好。'"},
    {"case-en-80x24", "wang.desk", "en", 24, 80, "Enter"},
    {"case-zh-80x24", "wang.desk", "zh_CN", 24, 80, "Enter"},
    {"case-zh-80x24-end", "wang.desk", "zh_CN", 24, 80, "Enter End"},
    {"case-en-120x36", "wang.desk", "en", 36, 120, "Enter PgDn"},
    {"clocks-en-80x24", "wang.desk", "en", 24, 80, "Enter ="},
    {"clocks-zh-80x24", "wang.desk", "zh_CN", 24, 80, "="},
    {"clocks-return-zh-80x24", "wang.desk", "zh_CN", 24, 80, "1 = Down Down Down PgDn"},
    {"clocks-zh-120x36", "wang.desk", "zh_CN", 36, 120, "Enter = Home"},
    {"similar-en-80x24", "wang.desk", "en", 24, 80, "/ '00411' Enter I"},
    {"similar-zh-80x24", "wang.desk", "zh_CN", 24, 80, "/ '00411' Enter I"},
#ifdef HAVE_PICTURES
    {"picture-file-en-80x24", "wang.desk", "en", 24, 80,
     "7 g n 'looked at' M-a '@house.png' Enter ^S F p"},
#endif
    {"files-en-80x24", "wang.desk", "en", 24, 80, "/ '00411' Enter F"},
    {"similar-zh-120x36", "wang.desk", "zh_CN", 36, 120, "/ '00411' Enter Enter I Down"},
    {"search-zh-80x24", "wang.desk", "zh_CN", 24, 80, "/ '暖气' Enter"},
    {"search-typing-en-80x24", "wang.desk", "en", 24, 80, "/ 'heating or leak'"},
    {"search-pinyin-en-80x24", "wang.desk", "en", 24, 80, "/ 'xflysq'"},
    {"search-pinyin-zh-80x24", "wang.desk", "zh_CN", 24, 80, "/ 'xflysq'"},
    {"search-pinyin-taken-en-80x24", "wang.desk", "en", 24, 80, "/ '供暖 xflysq' Tab"},
    {"search-traditional-zh-80x24", "wang.desk", "zh_CN", 24, 80, "/ '暖氣' Enter"},
    {"sort-community-en-80x24", "wang.desk", "en", 24, 80, ": 'sort community' Enter"},
    {"copy-en-80x24", "wang.desk", "en", 24, 80, ". ."},
    {"wrong-zh-80x24", "wang.desk", "zh_CN", 24, 80, "!"},
    {"clocks-small-en-40x12", "wang.desk", "en", 12, 40, "="},
    {"objects-en-80x24", "wang.desk", "en", 24, 80, WHISTLED "Enter"},
    {"objects-zh-80x24", "wang.desk", "zh_CN", 24, 80, WHISTLED "Enter"},
    {"objects-en-120x36", "wang.desk", "en", 36, 120, WHISTLED "Enter O"},
    {"objects-zh-120x36", "wang.desk", "zh_CN", 36, 120, WHISTLED "Enter O"},
    {"objects-en-60x16", "wang.desk", "en", 16, 60, WHISTLED "Enter O PgDn"},
    {"objects-zh-60x16", "wang.desk", "zh_CN", 16, 60, WHISTLED "Enter O PgDn"},
    {"history-en-80x24", "wang.desk", "en", 24, 80, WHISTLED "Enter O PgDn PgDn"},
    {"help-en-80x24", "wang.desk", "en", 24, 80, "?"},
    {"help-zh-80x24", "wang.desk", "zh_CN", 24, 80, "Enter ? PgDn"},
    {"tour-en-80x24", "wang.desk", "en", 24, 80, ": 'tour' Enter"},
    {"tour-zh-80x24", "wang.desk", "zh_CN", 24, 80, ": 'tour' Enter Enter Space Right Left"},
    {"tour-en-60x16", "wang.desk", "en", 16, 60, ": 'tour' Enter l j"},
    {"line-en-80x24", "wang.desk", "en", 24, 80, ": 'view' Tab"},
    {"line-zh-80x24", "wang.desk", "zh_CN", 24, 80, ": 'si' Tab"},
    {"sign-en-80x24", "wang.desk", "en", 24, 80, "1 s"},
    {"sign-zh-80x24", "wang.desk", "zh_CN", 24, 80, "1 s"},
    {"contact-zh-80x24", "wang.desk", "zh_CN", 24, 80, "1 s j c"},
    {"contact-error-en-80x24", "wang.desk", "en", 24, 80, "2 c ^S"},
    {"reply-en-80x24", "wang.desk", "en", 24, 80, "2 r 'We came and mended the pipe.'"},
    {"reply-zh-80x24", "wang.desk", "zh_CN", 24, 80,
     "2 r '已到现场，更换阀门，温度恢复到二十一度。'"},
    {"reply-zh-120x36", "wang.desk", "zh_CN", 36, 120,
     "2 r '您好！您反映的问题已收到。' Enter '工作人员到现场核实，情况属实。'"},
    {"leaks-en-80x24", "wang.desk", "en", 24, 80, "2 r " LEAKING " ^S"},
    {"leaks-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 r " LEAKING},
    {"many-en-80x24", "wang.desk", "en", 24, 80, MANY_EN},
    {"many-zh-80x24", "wang.desk", "zh_CN", 24, 80, MANY_ZH},
    {"many-zh-120x36", "wang.desk", "zh_CN", 36, 120, MANY_ZH},
    {"many-en-60x16", "wang.desk", "en", 16, 60, MANY_EN},
    {"many-held-en-80x24", "wang.desk", "en", 24, 80, MANY_EN "e '13812345678' Esc j x j"},
    {"many-ask-zh-80x24", "wang.desk", "zh_CN", 24, 80, MANY_ZH "x Enter"},
    {"many-gap-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 Space Space r Enter"},
    {"templates-en-80x24", "wang.desk", "en", 24, 80, "2 r M-t 'hea'"},
    {"templates-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 r ^T"},
    {"templates-whistle-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 w ^T 'ps' Enter"},
    {"templates-whistle-en-80x24", "wang.desk", "en", 24, 80, "2 w ^T Down"},
    {"template-page-en-80x24", "wang.desk", "en", 24, 80,
     "2 w K Tab '119001 118003' Tab 'Measure, and mend it.' F10 'keep_template Heating' Enter"},
    {"template-page-zh-80x24", "wang.desk", "zh_CN", 24, 80,
     ": 'template new 停水' Enter '{称呼}，您好！'"},
    {"preview-en-60x16", "wang.desk", "en", 16, 60, "2 r " LEAKING " ^P Down"},
    {"preview-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 r " LEAKING " ^P"},
    {"intake-en-80x24", "chen.op", "en", 24, 80, "o " TAKEN_DOWN_EN},
    {"intake-zh-80x24", "chen.op", "zh_CN", 24, 80, "o " TAKEN_DOWN_ZH},
    {"intake-en-120x36", "chen.op", "en", 36, 120, "o " TAKEN_DOWN_EN "^N"},
    {"intake-zh-60x16", "chen.op", "zh_CN", 16, 60, "o " TAKEN_DOWN_ZH},
    {"intake-tie-zh-80x24", "chen.op", "zh_CN", 24, 80,
     "o '电梯坏了两天，老人下不了楼' Tab Tab Tab '斜街路口，南里小区和望月家园之间' Tab ^N ^G"},
    {"guess-zh-80x24", "chen.op", "zh_CN", 24, 80, "o '家里暖气不热，室温只有十四度' Tab Tab Down"},
    {"guess-en-80x24", "chen.op", "en", 24, 80, "o '夜间施工噪声，睡不着觉，暖气也不热' Tab Tab"},
    {"pick-zh-80x24", "chen.op", "zh_CN", 24, 80, "o Tab Tab '供' Tab Tab"},
    {"pick-en-80x24", "chen.op", "en", 24, 80, "o Tab Tab 'heat'"},
    {"pick-pinyin-zh-80x24", "chen.op", "zh_CN", 24, 80, "o Tab Tab 'gn' Down"},
    {"pick-choices-zh-80x24", "chen.op", "zh_CN", 24, 80, "o Tab F4 Down"},
    {"pick-all-en-120x36", "chen.op", "en", 36, 120,
     "o Tab Tab F4 Down Down Down Down Down Down Down"},
    {"pick-left-en-80x24", "chen.op", "en", 24, 80, "o Tab Tab 'qqq' Tab"},
    {"intake-taken-zh-80x24", "chen.op", "zh_CN", 24, 80, "o " TAKEN_DOWN_ZH "^G"},
    {"answer-en-80x24", "chen.op", "en", 24, 80, "o " TAKEN_DOWN_EN "^T"},
    {"earlier-en-80x24", "chen.op", "en", 24, 80, "o " CALLED_AGAIN},
    {"earlier-zh-80x24", "chen.op", "zh_CN", 24, 80, "o " CALLED_AGAIN},
    {"progress-zh-80x24", "chen.op", "zh_CN", 24, 80, "o " CALLED_AGAIN "^Y"},
    {"elsewhere-zh-80x24", "chen.op", "zh_CN", 24, 80, ": 'elsewhere' Enter"},
    {"dispatch-en-80x24", "sun.dispatch", "en", 24, 80, "1 d"},
    {"dispatch-zh-80x24", "sun.dispatch", "zh_CN", 24, 80, "1 d ^G"},
    {"conflicts-en-80x24", "wang.desk", "en", 24, 80, "C"},
    {"outbox-en-80x24", "wang.desk", "en", 24, 80,
     "2 n 'The pipe was laid bare today' M-s ^A ^K '15:00' Enter n 'after it' ^S j n 'another "
     "case' "
     "^S : 'outbox' Enter"},
    {"outbox-none-en-80x24", "wang.desk", "en", 24, 80, ": 'outbox' Enter"},
    {"drafts-en-80x24", "wang.desk", "en", 24, 80,
     "2 n 'We came, and nobody was there' F10 'new_draft' Enter 'We came again: the pipe leaks' "
     "Esc "
     "j r 'Your words were heard.' Esc : 'drafts' Enter j"},
    {"opened-en-80x24", "wang.desk", "en", 24, 80, "2 Enter q j n 'Nobody was at home' M-1 M-0 j"},
    {"opened-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 Enter q j Enter M-0"},
    {"messages-en-120x36", "wang.desk", "en", 36, 120,
     "; 2 n 'seen' ^S s r Esc : 'messages' Enter j"},
    {"readonly-en-80x24", "wang.desk", "en", 24, 80, ": 'readonly' Enter 2 s"},
    {"dispatcher-en-80x24", "sun.dispatch", "en", 24, 80, "1"},
    {"dispatcher-zh-120x36", "sun.dispatch", "zh_CN", 36, 120, "5"},
    {"district-zh-80x24", "zhou.district", "zh_CN", 24, 80, "5"},
    {"district-en-120x36", "zhou.district", "en", 36, 120, "1"},
    {"leader-en-80x24", "luo.leader", "en", 24, 80, "1"},
    {"leader-zh-80x24", "luo.leader", "zh_CN", 24, 80, "6"},
    {"dept-en-80x24", "gao.heat", "en", 24, 80, "1"},
    {"dept-zh-120x36", "gao.heat", "zh_CN", 36, 120, "7 j"},
    {"callback-en-80x24", "ren.call", "en", 24, 80, "1"},
    {"callback-zh-120x36", "ren.call", "zh_CN", 36, 120, "1 j"},
    {"callback-quiet-en-80x24", "ren.call", "en", 24, 80, "1"}, /* at noon */
    {"judge-zh-80x24", "ding.judge", "zh_CN", 24, 80, "1"},
    {"judge-en-120x36", "ding.judge", "en", 36, 120, "4"},
    {"dispatcher-zh-80x24", "sun.dispatch", "zh_CN", 24, 80, "2"},
    {"dispatcher-en-120x36", "sun.dispatch", "en", 36, 120, "2"},
    {"district-en-80x24", "zhou.district", "en", 24, 80, "2"},
    {"district-zh-120x36", "zhou.district", "zh_CN", 36, 120, "2"},
    {"dept-zh-80x24", "gao.heat", "zh_CN", 24, 80, "4"},
    {"dept-en-120x36", "gao.heat", "en", 36, 120, "7"},
    {"callback-zh-80x24", "ren.call", "zh_CN", 24, 80, "1"},
    {"callback-en-120x36", "ren.call", "en", 36, 120, "1"},
    {"judge-en-80x24", "ding.judge", "en", 24, 80, "1"},
    {"judge-zh-120x36", "ding.judge", "zh_CN", 36, 120, "1"},
    {"signs-en-80x24", "wang.desk", "en", 24, 80, "? End"},
    {"approve-zh-80x24", "luo.leader", "zh_CN", 24, 80, "3 p"},
    {"whistle-en-80x24", "wang.desk", "en", 24, 80, "2 w"},
    {"whistle-zh-80x24", "wang.desk", "zh_CN", 24, 80, "2 w"},
    /* what goes to others */
    {"handover-en-80x24", "lin.property", "en", 24, 80, "B"},
    {"handover-zh-80x24", "lin.property", "zh_CN", 24, 80, "B"},
    {"handover-seen-en-80x24", "lin.property", "en", 24, 80, "B s a a"},
    {"handover-seen-zh-80x24", "lin.property", "zh_CN", 24, 80, "B s a a"},
    {"notices-en-80x24", "wang.desk", "en", 24, 80, ": 'notices' Enter"},
    {"print-en-80x24", "wang.desk", "en", 24, 80, "2 Enter Y"},
    /* groups, columns, views of one's own */
    {"groups-en-80x24", "wang.desk", "en", 24, 80, "% h Enter j"},
    {"groups-zh-80x24", "wang.desk", "zh_CN", 24, 80, "7 : 'group handler' Enter j j Space"},
    {"groups-folded-en-80x24", "wang.desk", "en", 24, 80,
     "7 : 'group category' Enter : 'fold_all' Enter j j Enter"},
    {"groups-zh-160x50", "wang.desk", "zh_CN", 50, 160, ": 'group state' Enter j"},
    {"columns-en-80x24", "wang.desk", "en", 24, 80,
     ": 'columns number handler left state' Enter T"},
    {"columns-zh-80x24", "wang.desk", "zh_CN", 24, 80, ": 'columns left building clock' Enter"},
    {"columns-en-160x50", "wang.desk", "en", 50, 160,
     ": 'columns left number handler created' Enter"},
    {"columns-bad-en-80x24", "wang.desk", "en", 24, 80, ": 'columns left colour' Enter"},
    {"columns-line-en-80x24", "wang.desk", "en", 24, 80, ": 'columns left '"},
    {"saved-en-80x24", "wang.desk", "en", 24, 80,
     "f 'handler:me' Enter : 'save my own' Enter 7 : 'save 7' Enter"},
    {"saved-zh-80x24", "wang.desk", "zh_CN", 24, 80,
     "f 'overdue' Enter : 'group community' Enter : 'save 超时 组' Enter 1 : 'view 超时 组' Enter"},
};
/* Who did what at the same place before a shot. */
static const struct {
    const char *shot, *user, *keys;
} earlier[] = {
    {"leader-en-80x24", "wang.desk", CALLED},
    {"dept-en-80x24", "wang.desk", CALLED},
    {"dept-zh-120x36", "wang.desk", CALLED},
    {"judge-zh-80x24", "luo.leader", EXCLUDED},
    {"judge-en-120x36", "luo.leader", EXCLUDED},
    {"dept-zh-80x24", "wang.desk", CALLED},
    {"dept-en-120x36", "wang.desk", CALLED},
    {"judge-en-80x24", "luo.leader", EXCLUDED},
    {"judge-zh-120x36", "luo.leader", EXCLUDED},
    {"handover-en-80x24", "luo.leader", "B s"},
    {"handover-zh-80x24", "luo.leader", "B s"},
    {"handover-seen-en-80x24", "luo.leader", "B s"},
    {"handover-seen-zh-80x24", "luo.leader", "B s"},
};

enum { SHOTS = sizeof shots / sizeof *shots };

static struct office office[SHOTS];

/* --- the picture of a file ------------------------------------------------------------------------ */

#ifdef HAVE_PICTURES
#include "tests/picture_kit.h"

/* A house with a lit window under an evening sky: drawn here, so that it is ours. */
static uint32_t house(int x, int y, int cols, int rows)
{
    int u = 100 * x / cols, v = 100 * y / rows; /* hundredths from the left and from above */
    if (u >= 35 && u < 75 && v >= 45 && v < 85) {
        bool window = v >= 52 && v < 66 && ((u >= 40 && u < 49) || (u >= 61 && u < 70));
        bool door = u >= 51 && u < 59 && v >= 60;
        return window ? (u < 50 ? 0xffffd75f : 0xff5f87af) : door ? 0xff5f3a1f : 0xffd7af87;
    }
    if (v >= 25 && v < 45 && 2 * (u < 55 ? 55 - u : u - 55) < 2 * (v - 25) + 10)
        return 0xffaf5f5f;
    if (v >= 80)
        return 0xff5f875f;
    if ((u - 15) * (u - 15) * 2 + (v - 22) * (v - 22) < 90)
        return 0xffffaf5f;
    return v < 30 ? 0xff5f87af : v < 55 ? 0xff87afd7 : 0xffd7d7d7;
}
#endif

/* Into the folder of the office, where the keys of a shot find it as '@house.png'. */
static void make_picture(const struct office *o)
{
#ifdef HAVE_PICTURES
    char path[4200];
    struct buf png;
    struct errmsg err = {{0}};
    buf_init(&png, 1 << 20);
    kit_png(&png, 120, 60, false, house);
    snprintf(path, sizeof path, "%.4000s/house.png", o->folder);
    assert_int_equal(file_write_atomic(path, png.data, png.len, &err), ST_OK);
    buf_release(&png);
#else
    (void)o;
#endif
}

static bool is_of_picture(const struct shot *shot)
{
    return strncmp(shot->name, "picture-file", 12) == 0;
}

/* What a frame leaves standing of the one before must be what it would have drawn. */
static void draw(struct app *a, struct cursor *cursor)
{
    struct buf kept, anew;
    struct cursor again;
    buf_init(&kept, 1 << 20);
    buf_init(&anew, 1 << 20);
    app_draw(a, cursor);
    size_t n = (size_t)a->surface.rows * (size_t)a->surface.cols;
    unsigned char *role = calloc(n, 1);
    assert_non_null(role);
    for (size_t i = 0; i < n; i++)
        role[i] = a->surface.cell[i].role;
    surface_dump(&a->surface, &kept);
    a->anew = true;
    app_draw(a, &again);
    surface_dump(&a->surface, &anew);
    assert_int_equal(buf_status(&kept), ST_OK);
    assert_string_equal(kept.data, anew.data);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(role[i], a->surface.cell[i].role);
    assert_int_equal(cursor->row, again.row);
    assert_int_equal(cursor->col, again.col);
    free(role);
    buf_release(&kept);
    buf_release(&anew);
}

/* folder: what stands for the @ that a paste begins with. */
static void press(struct app *a, const char *folder, const char *keys)
{
    char path[4200];
    while (*keys) {
        struct key key;
        size_t n = strcspn(keys, " ");
        struct cursor cursor;
        if (*keys == '\'') {
            n = 1 + strcspn(keys + 1, "'") + 1;
            key = (struct key){.kind = KEY_KIND_PASTE, .text = keys + 1, .len = n - 2};
            if (keys[1] == '@') {
                int len = snprintf(path, sizeof path, "%.4000s/%.*s", folder, (int)n - 3, keys + 2);
                key = (struct key){.kind = KEY_KIND_PASTE, .text = path, .len = (size_t)len};
            }
        } else if (!key_parse(keys, n, &key)) {
            fail_msg("no such key: %s", keys);
        }
        app_key(a, &key);
        draw(a, &cursor);
        keys += n;
        keys += strspn(keys, " ");
    }
}

static void compare(const char *name, const struct buf *got)
{
    char path[4200], *want = NULL;
    size_t n = 0;
    struct errmsg err = {{0}};
    const char *source = getenv("JIBAN_TOP_SRCDIR"), *how = getenv("JIBAN_GOLDEN");
    snprintf(path, sizeof path, "%.4000s/tests/view/golden/%s.txt", source ? source : ".", name);
    if (how && strcmp(how, "write") == 0) {
        assert_int_equal(file_write_atomic(path, got->data, got->len, &err), ST_OK);
        return;
    }
    if (file_read(path, 1 << 20, &want, &n, &err) != ST_OK)
        fail_msg("%s", err.text);
    if (n != got->len || memcmp(want, got->data, n) != 0) {
        size_t at = 0, line = 1;
        while (at < n && at < got->len && want[at] == got->data[at])
            line += want[at++] == '\n';
        fprintf(stderr, "--- wanted (%s)\n%s\n--- got, differs in line %zu\n%.*s\n", path, want,
                line, (int)got->len, got->data);
        free(want);
        fail_msg("%s differs in line %zu", name, line);
    }
    free(want);
}

/* Of the console, which decodes pictures in a process of its own. */
static const char *self_path(void)
{
    static char path[4200];
    const char *build = getenv("JIBAN_TOP_BUILDDIR");
    snprintf(path, sizeof path, "%.4000s/jiban", build ? build : ".");
    return path;
}

static struct app_config config_of(struct office *o, struct options *options)
{
    return (struct app_config){.options = options,
                               .store = o->store,
                               .context = &o->context,
                               .clock = &o->clock,
                               .random = &o->random,
                               .device = "test",
                               .self = self_path(),
                               .practice = true};
}

static void begin(struct app *a, const struct app_config *config, int rows, int cols)
{
    struct errmsg err;
    struct cursor cursor;
    app_init(a, config);
    assert_int_equal(surface_resize(&a->surface, rows, cols, &err), ST_OK);
    app_reload(a);
    app_draw(a, &cursor);
}

/* With frames of ASCII, what stands beyond it is Chinese, as it was written. */
static void check_ascii(const struct buf *screen)
{
    for (size_t i = 0; i < screen->len;) {
        uint32_t c;
        i += utf8_decode(screen->data + i, screen->len - i, &c);
        bool chinese = (c >= 0x3000 && c < 0x3040) || (c >= 0x4e00 && c < 0xa000) ||
                       (c >= 0xff00 && c < 0xfff0);
        if (c >= 0x80 && !chinese)
            fail_msg("U+%04X is not ASCII and no Chinese:\n%s", (unsigned)c, screen->data);
    }
}

/* Everything up to the last frame. The caller releases. */
struct stage {
    struct options options;
    struct app app;
    struct cursor cursor;
};

/* name: of the folder, and of who did something before; shot: the row that says what is done. */
static void play(struct stage *g, struct office *o, const struct shot *shot, const char *folder,
                 const char *language, int rows, int cols)
{
    struct errmsg err = {{0}};
    size_t b = 0;
    while (b < sizeof earlier / sizeof *earlier && strcmp(earlier[b].shot, shot->name) != 0)
        b++;
    bool two = b < sizeof earlier / sizeof *earlier;
    if (office_open(o, folder, two ? earlier[b].user : shot->user, &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init(language);
    options_init(&g->options);
    surface_set_ascii(strstr(shot->name, "ascii") != NULL);
    struct app_config config = config_of(o, &g->options);
    if (is_of_picture(shot))
        make_picture(o);
    if (two) {
        begin(&g->app, &config, rows, cols);
        press(&g->app, o->folder, earlier[b].keys);
        app_release(&g->app);
        if (office_next(o, shot->user, &err) != ST_OK)
            fail_msg("%s", err.text);
        config = config_of(o, &g->options);
    }
    if (strstr(shot->name, "quiet"))
        o->now_ms += 3 * MS_HOUR;
    begin(&g->app, &config, rows, cols);
    g->app.c.colours = is_of_picture(shot) ? 256 : 0;
    press(&g->app, o->folder, shot->keys);
    o->now_ms += 100; /* the mark has come to rest */
    do
        app_due(&g->app);
    while (!views_are_counted(&g->app));
    o->now_ms += 400; /* and the case beside the list has followed it */
    app_due(&g->app);
    draw(&g->app, &g->cursor);
}

static void strike(struct stage *g, struct office *o)
{
    surface_set_ascii(false);
    app_release(&g->app);
    options_release(&g->options);
    office_close(o);
}

static void shoot(void **state)
{
    static struct stage stage;
    const struct shot *shot = *state;
    struct office *o = &office[shot - shots];
    struct buf out;
    play(&stage, o, shot, shot->name, shot->language, shot->rows, shot->cols);
    buf_init(&out, 1 << 20);
    surface_dump(&stage.app.surface, &out);
    buf_printf(&out, "cursor %d %d\n", stage.cursor.row, stage.cursor.col);
    assert_int_equal(buf_status(&out), ST_OK);
    if (strstr(shot->name, "ascii"))
        check_ascii(&out);
    compare(shot->name, &out);
    buf_release(&out);
    strike(&stage, o);
}

/* --- pictures ------------------------------------------------------------------------------------- */

enum { FORMATS = 4, MOST_PICTURES = SHOTS * FORMATS };

static const struct {
    const char *language, *word;
    int rows, cols;
} formats[FORMATS] = {
    {"zh_CN", "zh", 24, 80}, {"zh_CN", "zh", 50, 160}, {"en", "en", 24, 80}, {"en", "en", 50, 160}};

static struct picture {
    const struct shot *shot;
    int format;
    char name[64];
} pictures[MOST_PICTURES];

/* Bytes of the name of the view that a row shows: what stands before language and size. */
static size_t view_name(const struct shot *shot)
{
    const char *zh = strstr(shot->name, "-zh-"), *en = strstr(shot->name, "-en-");
    const char *end = zh ? zh : en;
    return end ? (size_t)(end - shot->name) : strlen(shot->name);
}

static bool same_view(const struct shot *a, const struct shot *b)
{
    return view_name(a) == view_name(b) && strncmp(a->name, b->name, view_name(a)) == 0;
}

/* Small windows show a view that stands in the table by itself. */
static bool is_first_of_view(int i)
{
    int first = 0;
    while (!same_view(&shots[first], &shots[i]))
        first++;
    return first == i && strstr(shots[i].name, "small") == NULL;
}

/* The row of the view that is written for the language; else the first: texts may be of the other one. */
static const struct shot *row_for(int i, const char *language)
{
    for (int k = i; k < SHOTS; k++)
        if (same_view(&shots[k], &shots[i]) && strcmp(shots[k].language, language) == 0)
            return &shots[k];
    return &shots[i];
}

static int list_pictures(void)
{
    int n = 0;
    for (int i = 0; i < SHOTS; i++)
        for (int f = 0; f < FORMATS && is_first_of_view(i); f++) {
            struct picture *p = &pictures[n++];
            p->shot = row_for(i, formats[f].language);
            p->format = f;
            snprintf(p->name, sizeof p->name, "%.*s-%s-%dx%d", (int)view_name(&shots[i]),
                     shots[i].name, formats[f].word, formats[f].cols, formats[f].rows);
        }
    return n;
}

static void write_picture(const struct stage *g, const struct picture_themes *themes, int show,
                          const char *name)
{
    struct buf out;
    struct errmsg err = {{0}};
    char path[4200];
    buf_init(&out, 1 << 22);
    picture_draw(&g->app.surface, &g->cursor, themes, show, &out);
    assert_int_equal(buf_status(&out), ST_OK);
    snprintf(path, sizeof path, "%.4000s/%s.svg", getenv("JIBAN_PICTURES"), name);
    if (file_write_atomic(path, out.data, out.len, &err) != ST_OK)
        fail_msg("%s", err.text);
    buf_release(&out);
}

/* JIBAN_PICTURES_APART: also each theme in a file of its own, for programs that know no other way to ask for one. */
static void paint(void **state)
{
    static struct stage stage;
    static struct office o;
    const struct picture *p = *state;
    struct picture_themes themes;
    struct errmsg err = {{0}};
    static const char *const words[PICTURE_THEMES] = {"dark", "light", "mono"};
    if (picture_themes_load(&themes, &err) != ST_OK)
        fail_msg("%s", err.text);
    play(&stage, &o, p->shot, p->name, formats[p->format].language, formats[p->format].rows,
         formats[p->format].cols);
    write_picture(&stage, &themes, -1, p->name);
    for (int i = 0; i < PICTURE_THEMES && getenv("JIBAN_PICTURES_APART"); i++) {
        char name[80];
        snprintf(name, sizeof name, "%s-%s", p->name, words[i]);
        write_picture(&stage, &themes, i, name);
    }
    strike(&stage, &o);
}

static int paint_all(void)
{
    static struct CMUnitTest tests[MOST_PICTURES];
    int n = list_pictures();
    for (int i = 0; i < n; i++)
        tests[i] = (struct CMUnitTest){
            .name = pictures[i].name, .test_func = paint, .initial_state = &pictures[i]};
    return _cmocka_run_group_tests("pictures", tests, (size_t)n, NULL, NULL);
}

/* The rows that a page gathered on its way are those that the store has there. */
static void same_when_read_again(struct app *a, const char *key)
{
    struct buf before, after;
    struct cursor cursor;
    buf_init(&before, 1 << 20);
    buf_init(&after, 1 << 20);
    surface_dump(&a->surface, &before);
    app_reload(a);
    a->anew = true;
    app_draw(a, &cursor);
    surface_dump(&a->surface, &after);
    if (strcmp(before.data, after.data) != 0)
        fail_msg("after %s\n%s\nbut when read again\n%s", key, before.data, after.data);
    buf_release(&before);
    buf_release(&after);
}

static void walk(int rows, int cols)
{
    static const char *const keys[] = {"j",          "j",
                                       "j",          "k",
                                       "k",          "k",
                                       "PgDn",       "PgUp",
                                       "g",          "G",
                                       "1",          "2",
                                       "7",          "9",
                                       "Enter q",    "? q",
                                       "= j PgDn q", "f Esc",
                                       "%",          "%",
                                       "h",          ": 'fold_all' Enter"};
    struct office *o = &office[0];
    struct errmsg err = {{0}};
    struct options options;
    struct app app;
    struct cursor cursor;
    unsigned seed = 7;
    if (office_open(o, "walk", "wang.desk", &err) != ST_OK)
        fail_msg("%s", err.text);
    i18n_init("en");
    options_init(&options);
    struct app_config config = config_of(o, &options);
    app_init(&app, &config);
    assert_int_equal(surface_resize(&app.surface, rows, cols, &err), ST_OK);
    app_reload(&app);
    app_draw(&app, &cursor);
    for (int i = 0; i < 400; i++) {
        seed = seed * 1103515245 + 12345;
        const char *key = keys[(seed >> 16) % (sizeof keys / sizeof *keys)];
        for (int times = (seed >> 8) % 5 == 0 ? 40 : 1; times > 0; times--)
            press(&app, o->folder, key);
        same_when_read_again(&app, key);
        for (int moment = 0; moment < 2; moment++) {
            o->now_ms += moment == 0 ? 100 : 20 * MS_SECOND; /* the mark has come to rest */
            app_due(&app);
            draw(&app, &cursor);
        }
        app_reload(&app); /* what is overdue by now */
    }
    app_release(&app);
    options_release(&options);
    office_close(o);
}

static void walk_narrow(void **state)
{
    (void)state;
    walk(24, 80);
}

static void walk_wide(void **state)
{
    (void)state;
    walk(36, 120);
}

int main(void)
{
    static struct CMUnitTest tests[SHOTS + 2] = {
        [SHOTS] = cmocka_unit_test(walk_narrow),
        [SHOTS + 1] = cmocka_unit_test(walk_wide),
    };
    if (getenv("JIBAN_PICTURES"))
        return paint_all();
    for (size_t i = 0; i < SHOTS; i++)
        tests[i] = (struct CMUnitTest){.name = shots[i].name,
                                       .test_func = shoot,
                                       .initial_state = (void *)(uintptr_t)&shots[i]};
    if (getenv("JIBAN_SHOT"))
        cmocka_set_test_filter(getenv("JIBAN_SHOT"));
    return _cmocka_run_group_tests("views", tests, SHOTS + 2, NULL, NULL);
}
