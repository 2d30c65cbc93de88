/*
 * banned.h: calls of the C library that are traps, refused by the compiler.
 *
 * Unbounded writes (strcpy, strcat, sprintf, vsprintf, gets), hidden state (strtok), shells (system,
 * popen), guessable names (tmpnam, mktemp). Use arena_*, buf_*, snprintf, strtok_r, mkostemp.
 * Include it after all system headers: a poisoned name may not even be declared any more.
 * (alloca is a macro of the C library and cannot be poisoned; tests/arch looks for it.)
 */
#ifndef JIBAN_BASE_BANNED_H
#define JIBAN_BASE_BANNED_H

/* with _FORTIFY_SOURCE and clang the C library has macros of these names */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf strtok gets system popen tmpnam mktemp

#endif
