/*
 * upkeep.h - what somebody who runs a blog should see to, as far as a cheap
 * look at its site directory shows it.
 */
#ifndef MODEL_UPKEEP_H
#define MODEL_UPKEEP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct site;

/* An article is overdue after so many seconds, and `byline work` is missed. */
#define UPKEEP_OVERDUE   300
#define UPKEEP_WORK_LATE 3600

/*
 * `byline work` was here at `now`: leave the time in the file "work.seen" of
 * the site directory. Called each time it looks, it writes once in a minute.
 * What cannot be written is not: then it counts as missed.
 */
void upkeep_note_work(const struct site *site, int64_t now);

/* When it was here last; 0: never. */
int64_t upkeep_work_seen_at(const struct site *site);

/* Whether what was scheduled is not published, long after its time. */
bool upkeep_is_overdue(const struct site *site, int64_t now);

/* Whether a disk with `free_size` bytes left is nearly full for a blog whose
 * database has `database_size`. */
bool upkeep_is_disk_low(int64_t free_size, int64_t database_size);

/*
 * All that is so at `now`, in whole sentences that say what to do, the most
 * urgent first: GPtrArray of char *, which the caller frees. Days are those of
 * `zone`, which is that of who reads it. The site has been refreshed.
 */
GPtrArray *upkeep_list(const struct site *site, GTimeZone *zone, int64_t now);

#endif
