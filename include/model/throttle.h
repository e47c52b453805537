/*
 * throttle.h - how often a wrong password may be tried, and from where.
 *
 * Tries are counted for the account that was meant, for the network they came
 * from, for a browser that has signed in before, and over all. After some free
 * ones each has to wait, longer each time up to a limit; nothing is tried
 * meanwhile, and what is refused does not lengthen the wait. So nobody guesses
 * more than some hundred times a day, and nobody is kept out for longer than
 * THROTTLE_LONGEST_WAIT after the last try. A try in a known browser is counted
 * for that browser alone: strangers who guess do not keep it waiting.
 */
#ifndef MODEL_THROTTLE_H
#define MODEL_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

#define THROTTLE_LONGEST_WAIT 900 /* seconds */

/* Who tries. All borrowed. */
struct throttle_try {
	const char *account; /* the e-mail address, in its usual form */
	const char *network; /* "192.0.2.7", "2001:db8::/64" */
	const char *browser; /* its token, when it is known to be the account's;
				else NULL */
};

/*
 * Count one more try, inside a write transaction of the caller's, before
 * anything is compared: so those that come at once are counted too.
 * STATUS_TOO_LARGE: not now, and `out_wait_until` says until when; nothing is
 * counted then. `out_is_last` (may be NULL) says that the next one will have to
 * wait.
 */
MUST_CHECK enum status throttle_begin(struct database *database,
    const struct throttle_try *attempt, int64_t now, int64_t *out_wait_until,
    bool *out_is_last);

/* The try was right: it does not count. Inside a write transaction. */
MUST_CHECK enum status throttle_forgive(
    struct database *database, const struct throttle_try *attempt);

/* The try was not compared after all: it does not count, and what was wrong
 * before still does. Inside a write transaction. */
MUST_CHECK enum status throttle_take_back(
    struct database *database, const struct throttle_try *attempt);

#endif
