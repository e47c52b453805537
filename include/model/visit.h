/*
 * visit.h - readers are counted, and nothing about them is kept.
 *
 * The programs that readers reach note a view, or that an old address was
 * followed, as a line in the file "tally" of the site directory: which article
 * or address, and when, to a quarter of an hour. They never write to the
 * database for it. Who may, folds those lines into counts by day, each exactly
 * once: `byline work`, and the pages of the desk that show what was counted.
 *
 * The lines, each ended by a newline; times are seconds since 1970:
 *
 *     v ARTICLE_ID TIME
 *     r TIME PATH
 */
#ifndef MODEL_VISIT_H
#define MODEL_VISIT_H

#include <stdint.h>

#include "base/status.h"

struct site;

/*
 * Note a view of article `article_id`, or that redirect `path` was followed.
 * What cannot be noted (a full disk, a folder that is missing) is not; the log
 * says it once, and once that it works again.
 */
void visit_note_view(struct site *site, int64_t article_id, int64_t now);
void visit_note_redirect(struct site *site, const char *path, int64_t now);

/*
 * Count what was noted, in write transactions of its own, which nobody has to
 * wait long for; without anything noted, nothing is written but that a day has
 * begun (page_view_turn()). Where the setting count_views is off, it is thrown
 * away. Whoever is killed meanwhile leaves it to the next who comes, and two at
 * once are in nobody's way. STATUS_BUSY and others as site_begin_write() gives
 * them: it stays noted.
 */
MUST_CHECK enum status visit_fold(struct site *site, int64_t now);

/*
 * The same, but not before it is due: an hour after the last time, or when
 * there is a lot. For who comes every minute: each change of the database makes
 * the pages stale that plain CGI keeps.
 */
MUST_CHECK enum status visit_fold_due(struct site *site, int64_t now);

/* Whether views can be noted: STATUS_OK, STATUS_TOO_LARGE (nobody folds them),
 * STATUS_FORBIDDEN (the file cannot be written). */
MUST_CHECK enum status visit_check(const struct site *site);

#endif
