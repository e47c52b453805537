/*
 * backup.h - a whole blog in one file, and the same blog made of it again.
 *
 * A backup is a tar archive of these files, in this order:
 *
 *   byline.conf
 *   theme/...   what the site has of it, without hidden files
 *   media/...   what the rows of the database name, in all its sizes
 *   byline.db   one committed state
 *   manifest    how many rows each table has, and what each file above is
 *
 * The manifest is text; each line ends with a newline, and it comes last, so
 * that an archive that has one is whole:
 *
 *   Byline backup 1
 *   made SECONDS            UTC, since 1970
 *   schema NUMBER           user_version of byline.db
 *   rows TABLE COUNT        for each table
 *   file HASH SIZE PATH     for each file: BLAKE2b-256, bytes
 *   end HASH                of all lines above
 *
 * It finds what was damaged, not what somebody changed on purpose: who can
 * write a backup can write the blog that comes out of it. Passwords (hashed)
 * and secrets of one-time codes are in it: it is for its owner alone. Not in it
 * are public/, pages/, uploads/ and the tally, which programs make anew.
 */
#ifndef MODEL_BACKUP_H
#define MODEL_BACKUP_H

#include <glib.h>
#include <stdint.h>

#include "base/status.h"

struct site;

/* Looked at again and again while a backup is made or restored: how far it is.
 * It goes on while STATUS_OK is returned, and ends with what else is. */
struct backup_watch {
	enum status (*look)(void *data, const char *doing, int64_t done,
	    int64_t total, GError **error);
	void *data;
};

struct backup_report {
	int64_t article_count; /* standing pages, drafts and the trash too */
	int64_t media_count;   /* files of media/ */
	int64_t theme_count;   /* files of theme/ */
	/* What should be in it and is not: char *, "media/a.png is not there".
	 */
	GPtrArray *missing;
};

/*
 * Write a backup of `site` to `archive`, a descriptor, whatever else is done
 * with the blog meanwhile: whoever uploads or deletes files waits for the
 * moment in which the database is copied, and no longer. `folder` is one of the
 * caller's that nobody else may read, with room for a second database, which is
 * removed again. STATUS_BUSY: others change the files in media/ for too long;
 * `error` follows the name of the archive. `out_report` is filled as far as it
 * came, whatever is returned; the caller releases it. Outside of a transaction.
 */
MUST_CHECK enum status backup_write(struct site *site, int archive,
    const char *folder, int64_t now, const struct backup_watch *watch,
    struct backup_report *out_report, GError **error);

void backup_report_release(struct backup_report *report);

struct restore_report {
	int64_t made_at; /* when the backup was, UTC */
	int64_t article_count;
	int64_t rendered_count; /* of these, which were rendered again */
	int64_t media_count;
	int64_t theme_count;
	/* What is not as it should be, in words: char *. A file of media/ that
	 * was missing when the backup was made, an article that cannot be
	 * rendered and keeps what it had. */
	GPtrArray *problems;
};

/*
 * Make a site of the backup that `archive`, a descriptor, reads, in `folder`,
 * which is there and empty, and prove it: each file is what the manifest says,
 * the database is sound and has as many rows, and each article is rendered.
 * Rights are those of site_create(); an older database is brought up to date.
 *
 * Sessions, links that let somebody in or show a draft, and what was about to
 * be uploaded are not brought back: they may have been ended since. Passwords
 * are those of then.
 *
 * STATUS_INVALID: it is no backup, damaged, or made by a newer Byline;
 * STATUS_TOO_LARGE: the disk is full; `error`, which is not NULL, follows the
 * name of the archive. What is in `folder` then is the caller's to remove.
 * `out_report` is filled as far as it came, whatever is returned; the caller
 * releases it.
 */
MUST_CHECK enum status backup_restore(int archive, const char *folder,
    int64_t now, const struct backup_watch *watch,
    struct restore_report *out_report, GError **error);

void restore_report_release(struct restore_report *report);

#endif
