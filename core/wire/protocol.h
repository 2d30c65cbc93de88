/*
 * protocol.h: the version of what console and server say to each other, and who understands whom.
 *
 * A server names the versions it speaks in its marker, the header Jiban-Server: "0.1.0; protocol=1-2". One that names none
 * speaks version 1. A version is raised when a reader of before would take a message for something that it is not; what it
 * passes over (members it does not know) or refuses (a command it does not know) needs none.
 * Ownership: texts are constant. Errors: none. Threads: no state.
 */
#ifndef JIBAN_WIRE_PROTOCOL_H
#define JIBAN_WIRE_PROTOCOL_H

#include <stdbool.h>

enum {
    PROTOCOL_LEAST = 1, /* that this program speaks */
    PROTOCOL_MOST = 1,
    PROTOCOL_MARKER = 64
};

struct protocols {
    int least, most;
};
/* What the server of that marker speaks. Numbers that are none, or too large: nothing, 0 to 0. */
struct protocols protocols_of(const char *marker);
/* Is there one that both speak? */
bool protocols_fit(const struct protocols *theirs);
/* The marker of this program; returns out. */
const char *protocol_marker(char out[PROTOCOL_MARKER]);

#endif
