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
#include "clean.h"
#include "like.h"
#include "store/database.h"

#define MEDIA_COLUMNS                                                          \
	" m.id, m.path, m.original_name, m.content_type, m.size, m.width,"     \
	" m.height, m.alt, m.created_at"

#define MEDIA_PREFIX    "/media/"
#define NAME_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-_."

enum {
	HASH_DIGITS = 16,
	NAME_SIZE = 80,
	ALT_CHARACTERS = 500
};

static const char SQL_EXTENT[] = "SELECT width, height"
				 " FROM media"
				 " WHERE path = :path";

static const char SQL_LIST[] = "SELECT" MEDIA_COLUMNS ", 0, 0 FROM media m"
			       " ORDER BY m.id";

static const char SQL_FIND[] = "SELECT" MEDIA_COLUMNS ", 0, 0 FROM media m"
			       " WHERE m.id = :id";

#define NAMED                                                                  \
	" WHERE (:text IS NULL OR m.original_name LIKE :text ESCAPE '\\'"      \
	" OR m.alt LIKE :text ESCAPE '\\')"

static const char SQL_SEARCH[] =
    "SELECT" MEDIA_COLUMNS ", (SELECT count(*)"
    " FROM media_use u"
    " WHERE u.media_id = m.id), (SELECT count(*)"
    " FROM author"
    " WHERE picture_path = '" MEDIA_PREFIX "' || m.path)"
    " FROM media m" NAMED " ORDER BY m.created_at DESC, m.id DESC"
    " LIMIT :count OFFSET :skip";

static const char SQL_COUNT[] = "SELECT count(*)"
				" FROM media m" NAMED;

static const char SQL_IMAGES[] = "SELECT" MEDIA_COLUMNS ", 0, 0"
				 " FROM media m"
				 " WHERE m.width > 0"
				 " ORDER BY m.created_at DESC, m.id DESC"
				 " LIMIT :count";

static const char SQL_SET_ALT[] = "UPDATE media"
				  " SET alt = :alt"
				  " WHERE id = :id";

static const char SQL_USES[] = "SELECT 0, a.id, a.title"
			       " FROM media_use u"
			       " JOIN article a ON a.id = u.article_id"
			       " WHERE u.media_id = :id"
			       " ORDER BY u.article_id DESC";

static const char SQL_FACES[] =
    "SELECT 1, u.id, u.name"
    " FROM media m"
    " JOIN author u ON u.picture_path = '" MEDIA_PREFIX "' || m.path"
    " WHERE m.id = :id";

static const char SQL_FORGET_USES[] = "DELETE FROM media_use"
				      " WHERE article_id = :article_id";

/* A file by its own name, or by that of one of its sizes. */
static const char SQL_NOTE_USE[] =
    "INSERT INTO media_use (media_id, article_id)"
    " SELECT id, :article_id"
    " FROM media"
    " WHERE path = :path"
    " UNION"
    " SELECT media_id, :article_id"
    " FROM media_variant"
    " WHERE path = :path"
    " ON CONFLICT DO NOTHING";

static const char SQL_COVER[] = "SELECT cover_path"
				" FROM article"
				" WHERE id = :article_id";

/* WebP beside another format is offered apart. */
static const char SQL_SIZES[] =
    "SELECT v.path, v.width, v.content_type = 'image/webp'"
    " AND m.content_type <> 'image/webp', m.width"
    " FROM media m"
    " JOIN media_variant v ON v.media_id = m.id"
    " WHERE m.path = :path"
    " ORDER BY v.width";

/* By its own name, or by that of one of its sizes. */
static const char SQL_IMAGE[] = "SELECT m.path"
				" FROM media m"
				" WHERE m.path = :path"
				" AND m.content_type LIKE 'image/%'"
				" UNION ALL"
				" SELECT m.path"
				" FROM media_variant v"
				" JOIN media m ON m.id = v.media_id"
				" WHERE v.path = :path";

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

void
media_free(struct media *media)
{
	if (media == NULL)
		return;
	g_free(media->path);
	g_free(media->original_name);
	g_free(media->content_type);
	g_free(media->alt);
	g_free(media);
}

static void
free_media(void *data)
{
	media_free(data);
}

static void *
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
	media->created_at = statement_integer(statement, 8);
	media->use_count = statement_integer(statement, 9);
	media->face_count = statement_integer(statement, 10);
	return media;
}

enum status
media_list(struct database *database, GPtrArray **out_media)
{
	return statement_list(database_statement(database, SQL_LIST),
	    media_from_row, free_media, out_media);
}

enum status
media_find(struct database *database, int64_t id, struct media **out_media)
{
	struct statement *statement = database_statement(database, SQL_FIND);
	enum status status;

	statement_bind_integer(statement, ":id", id);
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_media = media_from_row(statement);
	statement_reset(statement);
	return status;
}

enum status
media_search(struct database *database, const char *text, int64_t page,
    int64_t per_page, GPtrArray **out_media, int64_t *out_count)
{
	g_autofree char *pattern = like_pattern(text);
	struct statement *statement = database_statement(database, SQL_COUNT);
	enum status status;

	statement_bind_text(statement, ":text", pattern);
	status = statement_read_integer(statement, out_count);
	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_SEARCH);
	statement_bind_text(statement, ":text", pattern);
	statement_bind_integer(statement, ":count", per_page);
	statement_bind_integer(statement, ":skip", (page - 1) * per_page);
	return statement_list(statement, media_from_row, free_media, out_media);
}

enum status
media_list_images(
    struct database *database, int64_t count, GPtrArray **out_media)
{
	struct statement *statement = database_statement(database, SQL_IMAGES);

	statement_bind_integer(statement, ":count", count);
	return statement_list(statement, media_from_row, free_media, out_media);
}

enum status
media_set_alt(
    struct database *database, int64_t id, const char *alt, GError **error)
{
	g_autofree char *line = NULL;
	struct statement *statement;
	enum status status =
	    clean_field("description", alt, ALT_CHARACTERS, &line, error);

	if (status != STATUS_OK)
		return status;
	statement = database_statement(database, SQL_SET_ALT);
	statement_bind_integer(statement, ":id", id);
	statement_bind_text(statement, ":alt", line);
	status = statement_run(statement);
	if (status == STATUS_OK && database_changes(database) == 0)
		return STATUS_NOT_FOUND;
	return status;
}

/* ---- where files are used ---- */

static void
free_use(void *data)
{
	struct media_use *use = data;

	g_free(use->title);
	g_free(use);
}

static void *
use_from_row(struct statement *statement)
{
	struct media_use *use = g_new0(struct media_use, 1);

	use->is_face = statement_integer(statement, 0) != 0;
	use->id = statement_integer(statement, 1);
	use->title = statement_dup_text(statement, 2);
	return use;
}

static enum status
list_uses(struct database *database, const char *sql, int64_t id,
    GPtrArray **out_uses)
{
	struct statement *statement = database_statement(database, sql);

	statement_bind_integer(statement, ":id", id);
	return statement_list(statement, use_from_row, free_use, out_uses);
}

enum status
media_list_uses(struct database *database, int64_t id, GPtrArray **out_uses)
{
	g_autoptr(GPtrArray) uses = NULL;
	GPtrArray *faces;
	enum status status = list_uses(database, SQL_USES, id, &uses);

	if (status == STATUS_OK)
		status = list_uses(database, SQL_FACES, id, &faces);
	if (status != STATUS_OK)
		return status;
	g_ptr_array_extend_and_steal(uses, faces);
	*out_uses = g_steal_pointer(&uses);
	return STATUS_OK;
}

static enum status
note_use(struct database *database, int64_t article_id, const char *name,
    size_t size)
{
	g_autofree char *path = g_strndup(name, size);
	struct statement *statement =
	    database_statement(database, SQL_NOTE_USE);

	statement_bind_integer(statement, ":article_id", article_id);
	statement_bind_text(statement, ":path", path);
	return statement_run(statement);
}

/* Every "/media/NAME" in `text`, whatever stands around it. */
static enum status
note_uses_in(struct database *database, int64_t article_id, const char *text)
{
	const char *at = text;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && at != NULL &&
	       (at = strstr(at, MEDIA_PREFIX)) != NULL) {
		size_t size;

		at += strlen(MEDIA_PREFIX);
		size = strspn(at, NAME_CHARACTERS);
		status = note_use(database, article_id, at, size);
		at += size;
	}
	return status;
}

static enum status
note_cover(struct database *database, int64_t article_id)
{
	struct statement *statement = database_statement(database, SQL_COVER);
	g_autofree char *cover_path = NULL;
	enum status status;

	statement_bind_integer(statement, ":article_id", article_id);
	status = statement_step(statement);
	if (status != STATUS_OK)
		return status;
	cover_path = statement_dup_text(statement, 0);
	statement_reset(statement);
	return note_uses_in(database, article_id, cover_path);
}

enum status
media_note_uses(struct database *database, int64_t article_id, const char *html)
{
	struct statement *statement =
	    database_statement(database, SQL_FORGET_USES);
	enum status status;

	statement_bind_integer(statement, ":article_id", article_id);
	status = statement_run(statement);
	if (status == STATUS_OK)
		status = note_uses_in(database, article_id, html);
	return status == STATUS_OK ? note_cover(database, article_id) : status;
}

/* ---- sizes ---- */

static void
release_size(void *data)
{
	struct media_size *size = data;

	g_free(size->path);
}

static void
append_size(GArray *sizes, const char *path, int64_t width, bool is_webp)
{
	const struct media_size size = {
		.path = g_strconcat(MEDIA_PREFIX, path, NULL),
		.width = (uint32_t)width,
		.is_webp = is_webp,
	};

	g_array_append_val(sizes, size);
}

enum status
media_list_sizes(
    struct database *database, const char *address, GArray **out_sizes)
{
	g_autoptr(GArray) sizes =
	    g_array_new(FALSE, FALSE, sizeof(struct media_size));
	struct statement *statement;
	const char *path;
	enum status status;
	int64_t full_width = 0;

	g_array_set_clear_func(sizes, release_size);
	if (!g_str_has_prefix(address, MEDIA_PREFIX)) {
		*out_sizes = g_steal_pointer(&sizes);
		return STATUS_OK;
	}
	path = address + strlen(MEDIA_PREFIX);
	statement = database_statement(database, SQL_SIZES);
	statement_bind_text(statement, ":path", path);
	while ((status = statement_step(statement)) == STATUS_OK) {
		append_size(sizes, statement_text(statement, 0),
		    statement_integer(statement, 1),
		    statement_integer(statement, 2) != 0);
		full_width = statement_integer(statement, 3);
	}
	if (status != STATUS_NOT_FOUND)
		return status;
	if (full_width > 0)
		append_size(sizes, path, full_width, false);
	*out_sizes = g_steal_pointer(&sizes);
	return STATUS_OK;
}

/* ---- by name ---- */

enum status
media_find_image(
    struct database *database, const char *address, char **out_address)
{
	struct statement *statement;
	enum status status;

	if (!g_str_has_prefix(address, MEDIA_PREFIX))
		return STATUS_NOT_FOUND;
	statement = database_statement(database, SQL_IMAGE);
	statement_bind_text(statement, ":path", address + strlen(MEDIA_PREFIX));
	status = statement_step(statement);
	if (status == STATUS_OK)
		*out_address = g_strconcat(
		    MEDIA_PREFIX, statement_text(statement, 0), NULL);
	statement_reset(statement);
	return status;
}

enum status
media_find_path(struct database *database, const char *path, int64_t *out_id)
{
	struct statement *statement = database_statement(database, SQL_ID);

	statement_bind_text(statement, ":path", path);
	return statement_read_integer(statement, out_id);
}

/* ---- adding ---- */

enum status
media_ensure(struct database *database, const struct media *media, int64_t now,
    int64_t *out_id)
{
	struct statement *statement;
	enum status status = media_find_path(database, media->path, out_id);

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
	const char *own = base;

	if (dot != NULL && dot != base)
		*dot = '\0';
	/* What was exported comes back under the name that it had. */
	if (g_str_has_prefix(base, hash) && base[HASH_DIGITS] == '-')
		own += HASH_DIGITS + 1;
	valid = g_utf8_make_valid(own, -1);
	slug = text_slug(valid, NAME_SIZE);
	return g_strdup_printf("%s-%s.%s", hash, *slug != '\0' ? slug : "file",
	    extension_of(content_type));
}

enum status
media_find_extent(struct database *database, const char *address,
    uint32_t *out_width, uint32_t *out_height)
{
	struct statement *statement = database_statement(database, SQL_EXTENT);
	enum status status;

	*out_width = *out_height = 0;
	if (!g_str_has_prefix(address, MEDIA_PREFIX))
		return STATUS_OK;
	statement_bind_text(statement, ":path", address + strlen(MEDIA_PREFIX));
	status = statement_step(statement);
	if (status == STATUS_OK) {
		*out_width = (uint32_t)statement_integer(statement, 0);
		*out_height = (uint32_t)statement_integer(statement, 1);
	}
	statement_reset(statement);
	return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}
