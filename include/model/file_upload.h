/*
 * file_upload.h - a file that comes in pieces.
 *
 * mod_fcgid refuses a body over 128 KB by default: so a browser says what will
 * come, sends it in pieces, and at last says that it was all. What has come is
 * in uploads/ of the site, and survives a lost connection, a page that is
 * closed, a program that is killed. A key of the browser's making names an
 * upload; whose it is, the session says. What is kept is bounded:
 * MEDIA_MAX_SIZE a file, FILE_UPLOAD_MAX_COUNT unfinished ones an author,
 * FILE_UPLOAD_MAX_TOTAL bytes of all, FILE_UPLOAD_SECONDS after it was begun.
 *
 * All functions are called outside of a transaction.
 */
#ifndef MODEL_FILE_UPLOAD_H
#define MODEL_FILE_UPLOAD_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/status.h"

struct media_store;
struct site;

#define FILE_UPLOAD_PIECE     ((size_t)96 << 10) /* bytes, at most */
#define FILE_UPLOAD_MAX_COUNT 8
#define FILE_UPLOAD_MAX_TOTAL ((int64_t)512 << 20)
#define FILE_UPLOAD_SECONDS   DAY_SECONDS

/* An upload as it stands. */
struct file_upload {
	int64_t id;
	char *name;       /* as the author's machine calls it */
	size_t size;      /* bytes it will have */
	size_t come;      /* bytes that have come, from the beginning */
	char *file;       /* below uploads/ */
	int64_t media_id; /* what became of it; 0: not all has come */
};

void file_upload_release(struct file_upload *upload);

/*
 * Begin upload `key` of author `author_id`: a file called `name` of `size`
 * bytes. The one that is there already under this key, of the same size, goes
 * on from where it is; of the author's others those that were begun first go
 * where they are too many. STATUS_INVALID: no key (text_is_key()), or no
 * bytes; STATUS_TOO_LARGE: over MEDIA_MAX_SIZE; STATUS_BUSY: others upload too
 * much just now, or the database is locked. The caller releases `out_upload`.
 */
MUST_CHECK enum status file_upload_begin(struct site *site, int64_t author_id,
    const char *key, const char *name, int64_t size, int64_t now,
    struct file_upload *out_upload);

/* The upload `key`. STATUS_NOT_FOUND: it was never begun, or was swept out. The
 * caller releases `out_upload`. */
MUST_CHECK enum status file_upload_find(struct site *site, int64_t author_id,
    const char *key, int64_t now, struct file_upload *out_upload);

/*
 * Put `size` bytes at `offset`, on the disk. Bytes that have come never change:
 * of a piece that comes again only what goes beyond them is taken, and the rest
 * is not looked at. `upload->come` is brought up to date, also by
 * STATUS_CONFLICT: fewer than `offset` bytes have come, and nothing is changed.
 * STATUS_INVALID: the file would be longer than was said; STATUS_BUSY: another
 * process writes it; STATUS_TOO_LARGE: the disk is full, and what has come
 * before stays.
 */
MUST_CHECK enum status file_upload_write(struct site *site,
    struct file_upload *upload, size_t offset, const void *bytes, size_t size);

/*
 * Hand the whole file to media_store_add(), with `alt`: `upload->media_id` is
 * what became of it, the same one however often this is asked; `alt` is taken
 * where nobody has said what it shows.
 * STATUS_CONFLICT: not all has come; STATUS_INVALID: it cannot be taken, and
 * nothing of it is kept, or where it was handed over before, `alt` cannot, and
 * nothing is changed; STATUS_BUSY: another process is at it, which is not
 * waited for; else as media_store_add() fails, and it can be tried again.
 * `error` is not NULL.
 */
MUST_CHECK enum status file_upload_finish(struct site *site,
    struct media_store *store, int64_t author_id, const char *alt, int64_t now,
    struct file_upload *upload, GError **error);

/* Remove what was begun over FILE_UPLOAD_SECONDS ago, with what broken uploads
 * of any kind have left in uploads/. */
MUST_CHECK enum status file_upload_sweep(struct site *site, int64_t now);

#endif
