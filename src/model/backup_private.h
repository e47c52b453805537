/*
 * backup_private.h - what writing a backup and restoring one have in common:
 * which files there are in it, and its manifest.
 */
#ifndef MODEL_BACKUP_PRIVATE_H
#define MODEL_BACKUP_PRIVATE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

#define BACKUP_SETTINGS "byline.conf"
#define BACKUP_DATABASE "byline.db"
#define BACKUP_MANIFEST "manifest"
#define BACKUP_MEDIA    "media/"
#define BACKUP_THEME    "theme/"

/* So deep are folders in theme/ at most. */
#define BACKUP_MAX_DEPTH 8

/* Whether a backup has a file called so: one of the five, with no part of its
 * name that is empty, begins with a dot, or has control characters. */
bool backup_is_name(const char *path);

/* Copy `size` bytes from one descriptor to the other, and hash them: 64 digits
 * in `out_hash`, which the caller frees. STATUS_NOT_FOUND, without words: they
 * cannot be read, and errno says why, 0 that there are fewer; otherwise as
 * file_copy(). */
MUST_CHECK enum status backup_copy(
    int to, int from, int64_t size, char **out_hash, GError **error);

/* Begin the text of a manifest; the caller frees it. */
GString *backup_manifest_new(int64_t made_at, int schema);

/* Add a line for each table of `database`. */
MUST_CHECK enum status backup_manifest_add_rows(
    GString *manifest, struct database *database);

/* Add a line for a file. */
void backup_manifest_add_file(
    GString *manifest, const char *hash, int64_t size, const char *path);

/* Add the last line. */
void backup_manifest_end(GString *manifest);

struct backup_file {
	char *hash;
	int64_t size;
};

void backup_file_free(void *file);

/* A manifest that was read. */
struct backup_manifest {
	int64_t made_at, schema;
	GHashTable *rows;  /* char * table -> int64_t * */
	GHashTable *files; /* char * path -> struct backup_file * */
};

/* Read one. STATUS_INVALID, with words that follow the name of the archive. The
 * caller releases `out_manifest`. */
MUST_CHECK enum status backup_manifest_parse(
    const GString *text, struct backup_manifest *out_manifest, GError **error);
void backup_manifest_release(struct backup_manifest *manifest);

/* Whether `database` has just as many rows as the manifest says.
 * STATUS_INVALID, with words that follow the name of the archive. */
MUST_CHECK enum status backup_manifest_compare_rows(
    const struct backup_manifest *manifest, struct database *database,
    GError **error);

/* How many articles there are, whatever their status. */
MUST_CHECK enum status backup_count_articles(
    struct database *database, int64_t *out_count);

/* The names of all files in media/ that rows name: char *. The caller frees
 * it. */
MUST_CHECK enum status backup_list_media(
    struct database *database, GPtrArray **out_names);

#endif
