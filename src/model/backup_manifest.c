/*
 * backup_manifest.c - what a backup says of itself. See backup_private.h.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "backup_private.h"
#include "base/file.h"
#include "base/token.h"
#include "store/database.h"

#define PIECE_SIZE  65536
#define HASH_DIGITS 64

static const char FIRST_LINE[] = "Byline backup 1";

/* Every table of db/schema.sql; one that leaves the schema stays here, for
 * older backups. */
#define TABLE(name)                                                            \
	{                                                                      \
#name, "SELECT count(*) FROM " #name                           \
	}
static const struct {
	const char *name;
	const char *sql;
} tables[] = {
	TABLE(setting),
	TABLE(blog),
	TABLE(author),
	TABLE(category),
	TABLE(tag),
	TABLE(article),
	TABLE(article_tag),
	TABLE(article_author),
	TABLE(listing_bucket),
	TABLE(archive_year),
	TABLE(revision),
	TABLE(media),
	TABLE(redirect),
	TABLE(article_reference),
	TABLE(article_search),
	TABLE(draft_search),
	TABLE(search_removal),
	TABLE(recovery_code),
	TABLE(session),
	TABLE(known_browser),
	TABLE(sign_in_failure),
	TABLE(one_time_link),
	TABLE(autosave),
	TABLE(preview_link),
	TABLE(text_upload),
	TABLE(media_variant),
	TABLE(media_use),
	TABLE(series),
	TABLE(file_upload),
	TABLE(page_view),
	TABLE(page_view_sum),
	TABLE(page_view_window),
	TABLE(page_view_span),
	TABLE(redirect_hit),
	TABLE(tally),
};

static const char SQL_COUNT_ARTICLES[] = "SELECT count(*) FROM article";

static const char SQL_MEDIA[] = "SELECT path FROM media\n"
				"UNION\n"
				"SELECT path FROM media_variant\n"
				"ORDER BY path";

/* ---- files ---- */

static bool
is_part(const char *part)
{
	if (part[0] == '\0' || part[0] == '.' ||
	    !g_utf8_validate(part, -1, NULL))
		return false;
	for (; *part != '\0'; part++)
		if (g_ascii_iscntrl(*part))
			return false;
	return true;
}

bool
backup_is_name(const char *path)
{
	static const char *const alone[] = { BACKUP_SETTINGS, BACKUP_DATABASE,
		BACKUP_MANIFEST, NULL };
	g_auto(GStrv) parts = NULL;
	size_t count;

	if (g_strv_contains(alone, path))
		return true;
	if (!g_str_has_prefix(path, BACKUP_MEDIA) &&
	    !g_str_has_prefix(path, BACKUP_THEME))
		return false;
	parts = g_strsplit(path, "/", BACKUP_MAX_DEPTH + 3);
	for (count = 0; parts[count] != NULL; count++)
		if (!is_part(parts[count]))
			return false;
	return g_str_has_prefix(path, BACKUP_MEDIA)
		   ? count == 2
		   : count <= BACKUP_MAX_DEPTH + 1;
}

enum status
backup_copy(int to, int from, int64_t size, char **out_hash, GError **error)
{
	g_autofree char *piece = g_malloc(PIECE_SIZE);
	struct token_hasher *hasher = token_hasher_new();
	g_autofree char *hash = NULL;
	enum status status = STATUS_OK;
	int reason = 0;

	while (size > 0 && status == STATUS_OK) {
		ssize_t count =
		    read(from, piece, (size_t)MIN(size, PIECE_SIZE));

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			status = STATUS_NOT_FOUND;
		else if (!file_write(to, piece, (size_t)count))
			status = file_fail_write(errno, error);
		else
			token_hasher_add(hasher, piece, (size_t)count);
		size -= count;
		reason = count < 0 ? errno : 0;
	}
	hash = token_hasher_finish(hasher);
	errno = reason;
	if (status == STATUS_OK)
		*out_hash = g_steal_pointer(&hash);
	return status;
}

void
backup_file_free(void *file)
{
	g_free(((struct backup_file *)file)->hash);
	g_free(file);
}

/* ---- rows ---- */

static enum status
count_rows(struct database *database, const char *sql, int64_t *out_count)
{
	return statement_read_integer(
	    database_statement(database, sql), out_count);
}

enum status
backup_count_articles(struct database *database, int64_t *out_count)
{
	return count_rows(database, SQL_COUNT_ARTICLES, out_count);
}

enum status
backup_list_media(struct database *database, GPtrArray **out_names)
{
	return statement_list_texts(
	    database_statement(database, SQL_MEDIA), out_names);
}

static const char *
count_of_table(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
		if (strcmp(tables[i].name, name) == 0)
			return tables[i].sql;
	return NULL;
}

enum status
backup_manifest_compare_rows(const struct backup_manifest *manifest,
    struct database *database, GError **error)
{
	GHashTableIter iterator;
	void *name, *wanted;

	g_hash_table_iter_init(&iterator, manifest->rows);
	while (g_hash_table_iter_next(&iterator, &name, &wanted)) {
		const char *sql = count_of_table(name);
		int64_t count = 0;

		if (sql == NULL ||
		    count_rows(database, sql, &count) != STATUS_OK)
			return status_fail(error, STATUS_INVALID,
			    "names a table that cannot be read: %s",
			    (const char *)name);
		if (count != *(const int64_t *)wanted)
			return status_fail(error, STATUS_INVALID,
			    "is damaged: the table %s has %" PRId64
			    " rows instead of %" PRId64,
			    (const char *)name, count,
			    *(const int64_t *)wanted);
	}
	return STATUS_OK;
}

/* ---- writing one ---- */

GString *
backup_manifest_new(int64_t made_at, int schema)
{
	GString *manifest = g_string_new(NULL);

	g_string_append_printf(manifest, "%s\nmade %" PRId64 "\nschema %d\n",
	    FIRST_LINE, made_at, schema);
	return manifest;
}

enum status
backup_manifest_add_rows(GString *manifest, struct database *database)
{
	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
		int64_t count = 0;
		enum status status =
		    count_rows(database, tables[i].sql, &count);

		if (status != STATUS_OK)
			return status;
		g_string_append_printf(
		    manifest, "rows %s %" PRId64 "\n", tables[i].name, count);
	}
	return STATUS_OK;
}

void
backup_manifest_add_file(
    GString *manifest, const char *hash, int64_t size, const char *path)
{
	g_string_append_printf(
	    manifest, "file %s %" PRId64 " %s\n", hash, size, path);
}

void
backup_manifest_end(GString *manifest)
{
	g_autofree char *hash =
	    token_content_hash(manifest->str, manifest->len, HASH_DIGITS);

	g_string_append_printf(manifest, "end %s\n", hash);
}

/* ---- reading one ---- */

static bool
parse_number(const char *text, int64_t *out_number)
{
	guint64 number;

	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, &number, NULL))
		return false;
	*out_number = (int64_t)number;
	return true;
}

static bool
take_rows(struct backup_manifest *manifest, char **words)
{
	int64_t count;

	return words[1] != NULL && words[2] != NULL && words[3] == NULL &&
	       parse_number(words[2], &count) &&
	       g_hash_table_insert(manifest->rows, g_strdup(words[1]),
		   g_memdup2(&count, sizeof(count)));
}

static bool
take_file(struct backup_manifest *manifest, char **words)
{
	struct backup_file *file;
	int64_t size;

	if (words[1] == NULL || words[2] == NULL || words[3] == NULL ||
	    strlen(words[1]) != HASH_DIGITS || !parse_number(words[2], &size) ||
	    !backup_is_name(words[3]))
		return false;
	file = g_new(struct backup_file, 1);
	*file = (struct backup_file){ g_strdup(words[1]), size };
	return g_hash_table_insert(manifest->files, g_strdup(words[3]), file);
}

static bool
take_line(struct backup_manifest *manifest, const char *line)
{
	/* The last word of a file's line is the rest of it. */
	g_auto(GStrv) words = g_strsplit(line, " ", 4);

	if (words[0] == NULL || words[1] == NULL)
		return false;
	if (strcmp(words[0], "rows") == 0)
		return take_rows(manifest, words);
	if (strcmp(words[0], "file") == 0)
		return take_file(manifest, words);
	if (words[2] != NULL)
		return false;
	if (strcmp(words[0], "made") == 0)
		return parse_number(words[1], &manifest->made_at);
	return strcmp(words[0], "schema") == 0 &&
	       parse_number(words[1], &manifest->schema);
}

/* Whether the last line is what backup_manifest_end() makes of the others. */
static bool
has_its_end(const GString *text)
{
	const size_t size = strlen("end \n") + HASH_DIGITS;
	g_autofree char *hash = NULL;
	g_autofree char *end = NULL;

	if (text->len < size || strlen(text->str) != text->len)
		return false;
	hash = token_content_hash(text->str, text->len - size, HASH_DIGITS);
	end = g_strdup_printf("end %s\n", hash);
	return strcmp(text->str + text->len - size, end) == 0;
}

enum status
backup_manifest_parse(
    const GString *text, struct backup_manifest *out_manifest, GError **error)
{
	struct backup_manifest manifest = {
		.rows = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, g_free),
		.files = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, backup_file_free),
	};
	g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
	guint count = g_strv_length(lines);
	bool is_good = has_its_end(text) && strcmp(lines[0], FIRST_LINE) == 0;

	/* After the last comes an empty one. */
	for (guint i = 1; is_good && i + 2 < count; i++)
		is_good = take_line(&manifest, lines[i]);
	if (is_good) {
		*out_manifest = manifest;
		return STATUS_OK;
	}
	backup_manifest_release(&manifest);
	return status_fail(error, STATUS_INVALID,
	    has_its_end(text) ? "was made by a newer Byline: install that"
			      : "is damaged: its manifest is not whole");
}

void
backup_manifest_release(struct backup_manifest *manifest)
{
	g_clear_pointer(&manifest->rows, g_hash_table_unref);
	g_clear_pointer(&manifest->files, g_hash_table_unref);
}
