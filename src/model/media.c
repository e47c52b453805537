/*
 * media.c - what is known of the files in media/.
 *
 * What must hold: a path names its content, so a file is recorded once and
 * never changes.
 */
#include "config.h"

#include "model/media.h"

#include <string.h>

#include "base/text.h"
#include "base/token.h"
#include "store/database.h"

#define MEDIA_COLUMNS                                                          \
	" id, path, original_name, content_type, size, width, height, alt"

enum {
	HASH_DIGITS = 16,
	NAME_SIZE = 80
};

static const char SQL_LIST[] = "SELECT" MEDIA_COLUMNS " FROM media"
			       " ORDER BY id";

static const char SQL_ID[] = "SELECT id"
			     " FROM media"
			     " WHERE path = :path";

static const char SQL_INSERT[] =
    "INSERT INTO media (path, original_name, content_type, size, width,"
    " height, alt, created_at)"
    " VALUES (:path, :original_name, :content_type, :size, :width,"
    " :height, :alt, :now)";

static const struct {
	const char *content_type;
	const char *extension;
} extensions[] = {
	{ "image/png", "png" },
	{ "image/jpeg", "jpg" },
	{ "image/gif", "gif" },
	{ "image/webp", "webp" },
	{ "image/avif", "avif" },
	{ "image/svg+xml", "svg" },
	{ "image/x-icon", "ico" },
	{ "video/mp4", "mp4" },
	{ "video/webm", "webm" },
	{ "audio/mpeg", "mp3" },
	{ "audio/ogg", "ogg" },
	{ "audio/mp4", "m4a" },
	{ "application/pdf", "pdf" },
	{ "application/zip", "zip" },
	{ "application/gzip", "gz" },
	{ "application/json", "json" },
	{ "text/plain", "txt" },
	{ "text/csv", "csv" },
};

static void
free_media(void *data)
{
	struct media *media = data;

	g_free(media->path);
	g_free(media->original_name);
	g_free(media->content_type);
	g_free(media->alt);
	g_free(media);
}

static struct media *
media_from_row(struct statement *statement)
{
	struct media *media = g_new0(struct media, 1);

	media->id = statement_integer(statement, 0);
	media->path = statement_dup_text(statement, 1);
	media->original_name = statement_dup_text(statement, 2);
	media->content_type = statement_dup_text(statement, 3);
	media->size = statement_integer(statement, 4);
	media->width = (uint32_t)statement_integer(statement, 5);
	media->height = (uint32_t)statement_integer(statement, 6);
	media->alt = statement_dup_text(statement, 7);
	return media;
}

enum status
media_list(struct database *database, GPtrArray **out_media)
{
	struct statement *statement = database_statement(database, SQL_LIST);
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(free_media);
	enum status status;

	while ((status = statement_step(statement)) == STATUS_OK)
		g_ptr_array_add(list, media_from_row(statement));
	if (status != STATUS_NOT_FOUND)
		return status;
	*out_media = g_steal_pointer(&list);
	return STATUS_OK;
}

enum status
media_ensure(struct database *database, const struct media *media, int64_t now,
    int64_t *out_id)
{
	struct statement *known = database_statement(database, SQL_ID);
	struct statement *statement;
	enum status status;

	statement_bind_text(known, ":path", media->path);
	status = statement_step(known);
	if (status == STATUS_OK) {
		*out_id = statement_integer(known, 0);
		statement_reset(known);
		return STATUS_OK;
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	statement = database_statement(database, SQL_INSERT);
	statement_bind_text(statement, ":path", media->path);
	statement_bind_text(statement, ":original_name", media->original_name);
	statement_bind_text(statement, ":content_type", media->content_type);
	statement_bind_integer(statement, ":size", media->size);
	statement_bind_integer(statement, ":width", media->width);
	statement_bind_integer(statement, ":height", media->height);
	statement_bind_text(
	    statement, ":alt", media->alt != NULL ? media->alt : "");
	statement_bind_integer(statement, ":now", now);
	status = statement_run(statement);
	if (status == STATUS_OK)
		*out_id = database_last_id(database);
	return status;
}

static const char *
extension_of(const char *content_type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(extensions); i++)
		if (g_ascii_strcasecmp(
			content_type, extensions[i].content_type) == 0)
			return extensions[i].extension;
	/* Nothing that a web server might run, or a browser show. */
	return "bin";
}

char *
media_make_path(
    const void *bytes, size_t size, const char *name, const char *content_type)
{
	g_autofree char *hash = token_content_hash(bytes, size, HASH_DIGITS);
	g_autofree char *base = g_path_get_basename(name);
	char *dot = strrchr(base, '.');
	g_autofree char *valid = NULL;
	g_autofree char *slug = NULL;

	if (dot != NULL && dot != base)
		*dot = '\0';
	valid = g_utf8_make_valid(base, -1);
	slug = text_slug(valid, NAME_SIZE);
	return g_strdup_printf("%s-%s.%s", hash, *slug != '\0' ? slug : "file",
	    extension_of(content_type));
}
