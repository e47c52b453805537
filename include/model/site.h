/*
 * site.h - one blog: its directory, its configuration, its database.
 *
 * A site directory holds byline.conf, byline.db, media/, public/ and, if its
 * owner wants, theme/. Nothing else holds state, and there are no globals:
 * whatever needs the blog is given its struct site.
 */
#ifndef MODEL_SITE_H
#define MODEL_SITE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/settings.h"
#include "base/status.h"
#include "model/setting.h"
#include "store/database.h"

struct site {
	char *directory;
	struct settings settings;
	struct database *database; /* NULL until site_open_database() */
	enum database_mode mode;   /* how that was opened */
	struct blog blog;          /* current as of the last site_refresh() */
	int64_t generation;
	int64_t changed_at;
	/* When readers saw something new last: a change, or an article whose
	 * time came. And when the time of the next one comes; 0: none waits. */
	int64_t shown_at;
	int64_t due_at;
	int64_t scheduled_at;  /* when the next scheduled one is; 0: none waits
				*/
	int64_t publish_after; /* not tried again before; 0: at once */
	bool is_stale;         /* a change has been seen and not read yet */
	bool is_tally_failing; /* the log says so: model/visit.h */
};

/*
 * Read the configuration of the site in `directory`; the database stays closed,
 * so that a supervisor can do this before it forks. STATUS_NOT_FOUND when there
 * is no such directory or it holds no byline.conf. The caller frees it.
 */
MUST_CHECK enum status site_new(
    const char *directory, struct site **out_site, GError **error);

void site_free(struct site *site);

/* Open its database and read the blog's settings, as they are at `now`. */
MUST_CHECK enum status site_open_database(
    struct site *site, enum database_mode mode, int64_t now, GError **error);

/*
 * Bring blog, generation and times up to date if the file has changed since, or
 * the time of an article has come; one cheap look when neither. Inside the
 * caller's read transaction.
 */
MUST_CHECK enum status site_refresh(struct site *site, int64_t now);

/* The longest a request may keep the database busy, in milliseconds. */
#define SITE_READ_MILLISECONDS 2000

/*
 * What a request begins and ends with: a read transaction, with site_refresh().
 * What takes longer than SITE_READ_MILLISECONDS in between is STATUS_BUSY. What
 * was scheduled for `now` or before is published first, by whoever comes first;
 * where that cannot be written, readers are answered all the same. A
 * database that was replaced (a backup restored under a running server) is
 * opened anew first; STATUS_BUSY, logged, while none stands there.
 */
MUST_CHECK enum status site_begin_read(struct site *site, int64_t now);
void site_end_read(struct site *site);

/* The longest a change may wait for others and take, in milliseconds. */
#define SITE_WRITE_MILLISECONDS 8000

/*
 * The same for what changes something: a write transaction. site_end_write()
 * makes it last when `status` is STATUS_OK and undoes it otherwise; it returns
 * `status`, or why it could not be made to last. STATUS_BUSY, and a line in the
 * log, where a newer program has brought the tables up to date meanwhile.
 */
MUST_CHECK enum status site_begin_write(struct site *site, int64_t now);

/* The same for what may as well not be written: nobody waits for it longer than
 * SITE_TRY_MILLISECONDS. */
#define SITE_TRY_MILLISECONDS 50
MUST_CHECK enum status site_try_write(struct site *site, int64_t now);

MUST_CHECK enum status site_end_write(struct site *site, enum status status);

/* Append to `out` a text that differs whenever what readers see of the database
 * does: database_stamp() of it. */
MUST_CHECK enum status site_append_stamp(
    const struct site *site, GString *out, int64_t *out_changed_at);

/* The path of a file in the site directory. The caller frees it. */
char *site_path(const struct site *site, const char *name);

/*
 * Make a new site: the directory (0711), byline.conf, the database (0600),
 * media/ and public/ (0755). STATUS_CONFLICT when one stands there already, and
 * nothing is changed. The caller frees `out_site`, whose database is open for
 * writing.
 */
MUST_CHECK enum status site_create(const char *directory, const char *base_url,
    struct site **out_site, GError **error);

#endif
