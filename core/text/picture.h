/*
 * picture.h: pictures without what they say beside the picture: where, when and with what they were taken, and by whom.
 *
 * Purpose: a photo of a citizen's home must not carry its place. Everything that a viewer does not need to show the picture
 *          is left out (Exif, XMP, IPTC, comments, previews behind the end); how it is to be turned stays.
 * Ownership: the caller's buffer. Errors: ST_INVALID: the file is cut off or no such picture, out holds no whole picture.
 * Threads: pure.
 */
#ifndef JIBAN_TEXT_PICTURE_H
#define JIBAN_TEXT_PICTURE_H

#include "core/base/buf.h"
#include "core/text/filetype.h"

/* Appends the stripped file to out; a file that is no picture as it is. *ret_located: it said where it was taken. */
enum status picture_strip(enum filetype type, const void *data, size_t n, struct buf *out,
                          bool *ret_located, struct errmsg *err);
/* How it is to be turned, 1 to 8 as Exif counts (Exif 2.3, tag 0x0112); 1 when the file does not say. */
unsigned picture_turned(enum filetype type, const void *data, size_t n);

#endif
