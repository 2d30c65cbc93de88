/*
 * when.h: times as people say them.
 *
 * Understood, in +08:00, in either language and in full-width characters as well:
 *   now · 现在                                  +2h -10m +1d · 2小时后 半小时前 3天后
 *   15:00 3pm 15点半 下午3点 15时30分            without a day: today
 *   today tomorrow yesterday · 今天 明天 后天 昨天 前天
 *   fri, friday · 周五 星期五                    the next one, today's included
 *   next friday · 下周五                        of the week that begins on the next Monday
 *   11-24, 11月24日, 24 Nov                     of the year that is nearest
 *   2026-11-24, 2026年11月24日, RFC 3339 whole
 * A day without a time is 09:00; morning, noon, afternoon, evening and night (上午 中午 下午 傍晚 晚上) without an hour are
 * 09:00, 12:00, 14:00, 18:00 and 20:00.
 * Threads: no state.
 */
#ifndef JIBAN_TUI_WIDGET_WHEN_H
#define JIBAN_TUI_WIDGET_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* False when it is none of these; *ret_ms is untouched then. */
bool when_parse(const char *text, int64_t now_ms, int64_t *ret_ms);

#endif
