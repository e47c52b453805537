/*
 * tally.h - a file to which many processes add lines, and from which one takes
 * them away, each line exactly once.
 *
 * Adding costs a few system calls and waits for nobody; taking is done by who
 * keeps a number of how often that was done (in a database, say), and makes it
 * go up in the same transaction in which the lines are made to last:
 *
 *     begin; read the number N;
 *     tally_drop(path, N);              of one who was killed before that
 *     tally_take(path, N + 1); end;
 *     tally_read(path, N + 1, lines);   which may wait; sum them up
 *     begin; unless the number is N still, somebody else has counted them;
 *     count the lines, store N + 1; commit;
 *     tally_drop(path, N + 1);
 *
 * Killed anywhere, by a power cut too, it is as if the lines had not been taken
 * yet, or as if all had been done.
 */
#ifndef BASE_TALLY_H
#define BASE_TALLY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/* Nothing is added to a file of this size, in bytes: somebody has to take it
 * first. */
#define TALLY_MAX_SIZE (4 << 20)

/*
 * Add `line`, which ends with a newline and has no other, to the file at
 * `path`, which is made (0600) if there is none. STATUS_TOO_LARGE: it has
 * reached TALLY_MAX_SIZE; STATUS_BUSY: it was taken away again and again
 * meanwhile; STATUS_FAILED: it cannot be written, `error` says why ("No space
 * left on device"). A symbolic link is not followed.
 */
MUST_CHECK enum status tally_append(
    const char *path, const char *line, GError **error);

/*
 * Take away what was added: the file becomes "PATH.N", unless that is there
 * already, of a taker who came to no end. STATUS_NOT_FOUND: nothing was added;
 * STATUS_FAILED, with why in `error`.
 *
 * Whoever takes as N while that is the next number, and is kept from doing so
 * once it is not: in the transaction in which the number was read.
 */
MUST_CHECK enum status tally_take(
    const char *path, int64_t number, GError **error);

/*
 * Append to `out` what was taken as `number`; several may do so. The last line
 * may lack its end, of a writer for whom the disk was full, and any line may be
 * nonsense: who reads them skips those. STATUS_NOT_FOUND: it was dropped
 * meanwhile; STATUS_BUSY: somebody is writing who does not go on (the next try
 * finds it again); STATUS_FAILED, with why in `error`. It may take some 200 ms.
 */
MUST_CHECK enum status tally_read(
    const char *path, int64_t number, GString *out, GError **error);

/* Remove what was taken as `number`, and was made to last; harmless when it is
 * gone. */
void tally_drop(const char *path, int64_t number);

/* Whether there is anything to take as `number`, or to drop as the one before:
 * a look that changes nothing. */
bool tally_is_waiting(const char *path, int64_t number);

/* Whether somebody took lines as `number` and came to no end: tally_read()
 * gives those, and what was added since only as the next number. */
bool tally_is_left(const char *path, int64_t number);

/* How many bytes were added and not taken; 0 when there is no file. */
int64_t tally_size(const char *path);

#endif
