/*
 * database_stamp.h - whether a database file is still what it was, without
 * opening it.
 *
 * A program that lives for one request would spend most of its life on opening
 * the database (SQLite reads the whole schema). What it made before of the same
 * contents it can give again, if it knows that they are the same.
 */
#ifndef STORE_DATABASE_STAMP_H
#define STORE_DATABASE_STAMP_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

/* How long after a change a text may stay the same over one more: the clock of
 * a file system may be coarse (2 s on some). In microseconds. */
#define DATABASE_STAMP_SETTLED ((int64_t)3 * 1000000)

/*
 * Append to `out` which contents the database at `path` has just now: files
 * that differ in what a reader sees differ in this text; the reverse does not
 * hold (a checkpoint changes it, and so does a restart of the machine). Taken
 * before a snapshot is begun, it is of that snapshot or of an older one.
 *
 * `out_changed_at` is when the files were last written, in microseconds since
 * 1970: a text that was taken less than DATABASE_STAMP_SETTLED after that must
 * not be kept.
 *
 * STATUS_NOT_FOUND when there is no such file, STATUS_FAILED when it cannot be
 * looked at, or is on a file system of a network, which may tell of a change
 * late.
 */
MUST_CHECK enum status database_stamp(
    const char *path, GString *out, int64_t *out_changed_at);

#endif
