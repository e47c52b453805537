/*
 * export.c - all that was written, file by file, into whatever takes it. See
 * export.h.
 *
 * One article at a time is in memory, and no file of media/ is.
 */
#include "config.h"

#include "model/export.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/tar_writer.h"
#include "model/article_edit.h"
#include "model/author.h"
#include "model/media.h"
#include "model/redirect.h"
#include "model/site.h"
#include "store/database.h"

#define ROWS 500

static const char README[] =
    "This is a blog, exported by Byline.\n"
    "\n"
    "Each article is a file of Markdown in `articles/`, each standing page "
    "one\n"
    "in `pages/`, with its title, dates, tags and so on above the text, as "
    "Hugo,\n"
    "Jekyll and Zola read them. What was uploaded is in `media/`. Settings,\n"
    "authors, categories, tags and redirects are JSON.\n"
    "\n"
    "Left out: former versions of articles (revisions), drafts kept beside an\n"
    "article, what lies in the trash, the counted views, and whatever lets\n"
    "somebody in: passwords, sessions, links and other secrets.\n"
    "\n"
    "`byline --site DIR import markdown FOLDER` makes the same articles of "
    "it.\n"
    "For the same addresses, set the settings `permalink` and `time_zone` as\n"
    "they stand in `settings.json` first, and `iframe_hosts` for the same "
    "frames.\n"
    "Images come as they are here: the narrower ones beside them, which the "
    "desk\n"
    "makes of what is uploaded, are not exported and not made anew.\n"
    "\n"
    "Not brought back, but there to be read: all other settings; of authors, "
    "what\n"
    "is more than their names (roles, job titles, and so on); what is said of\n"
    "categories and tags; redirects that lead to no article; files that no "
    "article\n"
    "uses, files over 20 MB, and the alt texts of the library.\n";

/* An export under way. */
struct export
{
	struct site *site;
	const struct export_sink *sink;
	struct export_counts *counts;
	int64_t now;
	GHashTable *names;   /* of authors, by int64_t id */
	GHashTable *aliases; /* GPtrArray of char *, by int64_t id of article */
};

static enum status
explain(enum status status, GError **error)
{
	return status == STATUS_OK ? STATUS_OK
				   : status_fail(error, status,
					 "the database cannot be read: %s",
					 status_name(status));
}

/* A file that was handed over, well or not. */
static enum status
tell(const struct export *export, enum status status)
{
	if (status == STATUS_OK && export->sink->has_added != NULL)
		export->sink->has_added();
	return status;
}

static enum status
add(const struct export *export, const char *path, const GString *text,
    int64_t time, GError **error)
{
	return tell(export, export->sink->add(export->sink->data, path,
				text->str, text->len, time, error));
}

/* ---- what articles refer to ---- */

static int64_t *
make_key(int64_t id)
{
	return g_memdup2(&id, sizeof(id));
}

static enum status
load_names(struct export *export)
{
	g_autoptr(GPtrArray) authors = NULL;
	enum status status = author_list(export->site->database, &authors);

	for (guint i = 0; status == STATUS_OK && i < authors->len; i++) {
		const struct author *author = g_ptr_array_index(authors, i);

		g_hash_table_insert(export->names, make_key(author->id),
		    g_strdup(author->name));
	}
	return status;
}

static void
add_alias(struct export *export, const struct redirect *row)
{
	GPtrArray *aliases =
	    g_hash_table_lookup(export->aliases, &row->article_id);

	if (aliases == NULL) {
		aliases = g_ptr_array_new_with_free_func(g_free);
		g_hash_table_insert(
		    export->aliases, make_key(row->article_id), aliases);
	}
	g_ptr_array_add(aliases, g_strdup(row->path));
}

static enum status
load_aliases(struct export *export)
{
	guint got = ROWS;

	for (int64_t page = 1; got == ROWS; page++) {
		g_autoptr(GPtrArray) rows = NULL;
		enum status status = redirect_list(
		    export->site->database, NULL, page, ROWS, &rows);

		if (status != STATUS_OK)
			return status;
		got = rows->len;
		for (guint i = 0; i < got; i++) {
			const struct redirect *row = g_ptr_array_index(rows, i);

			if (row->article_id != 0)
				add_alias(export, row);
		}
	}
	return STATUS_OK;
}

/* ---- articles ---- */

static enum status
add_article(
    struct export *export, const struct article_edit *edit, GError **error)
{
	g_autoptr(GPtrArray) authors = g_ptr_array_new();
	g_autoptr(GPtrArray) aliases = g_ptr_array_new();
	const GPtrArray *former =
	    g_hash_table_lookup(export->aliases, &edit->id);
	g_autofree char *path = export_article_path(edit);
	g_autoptr(GPtrArray) references = NULL;
	g_autoptr(GString) text = NULL;
	enum status status = export_list_references(
	    export->site->database, edit->id, &references);

	if (status != STATUS_OK)
		return explain(status, error);

	for (guint i = 0; i < edit->author_ids->len; i++) {
		char *name = g_hash_table_lookup(export->names,
		    &g_array_index(edit->author_ids, int64_t, i));

		if (name != NULL)
			g_ptr_array_add(authors, name);
	}
	for (guint i = 0; former != NULL && i < former->len; i++)
		g_ptr_array_add(aliases, g_ptr_array_index(former, i));
	g_ptr_array_add(authors, NULL);
	g_ptr_array_add(aliases, NULL);
	g_ptr_array_add(references, NULL);
	text = export_article(edit, (const char *const *)authors->pdata,
	    (const char *const *)aliases->pdata,
	    (const char *const *)references->pdata);
	export->counts->article_count++;
	return add(export, path, text, edit->updated_at, error);
}

static enum status
add_articles(struct export *export, GError **error)
{
	struct database *database = export->site->database;
	g_autoptr(GPtrArray) records = NULL;
	enum status status = article_list_records(database, NULL, &records);

	if (status != STATUS_OK)
		return explain(status, error);
	for (guint i = 0; status == STATUS_OK && i < records->len; i++) {
		const struct article_record *record =
		    g_ptr_array_index(records, i);
		struct article_edit *edit = NULL;

		status = explain(
		    article_edit_read(database, record->id, &edit), error);
		if (status == STATUS_OK)
			status = add_article(export, edit, error);
		article_edit_free(edit);
	}
	return status;
}

/* ---- everything else ---- */

static enum status
add_tables(struct export *export, GError **error)
{
	static const struct {
		const char *path;
		enum status (*append)(struct site *site, GString *out);
	} tables[] = {
		{ "settings.json", export_settings },
		{ "authors.json", export_authors },
		{ "categories.json", export_categories },
		{ "tags.json", export_tags },
		{ "redirects.json", export_redirects },
		{ "media.json", export_media },
	};
	g_autoptr(GString) readme = g_string_new(README);
	enum status status =
	    add(export, "README.md", readme, export->now, error);

	for (size_t i = 0; status == STATUS_OK && i < G_N_ELEMENTS(tables);
	     i++) {
		g_autoptr(GString) text = g_string_new(NULL);

		status = explain(tables[i].append(export->site, text), error);
		if (status == STATUS_OK)
			status = add(
			    export, tables[i].path, text, export->now, error);
	}
	return status;
}

/* A file that is gone, or is no file, is named, and the others go on. */
static enum status
add_file(struct export *export, const struct media *media, GError **error)
{
	g_autofree char *source = g_build_filename(
	    export->site->directory, "media", media->path, NULL);
	g_autofree char *path = g_strconcat("media/", media->path, NULL);
	int descriptor =
	    open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	enum status status = STATUS_OK;
	struct stat about;

	if (descriptor < 0 || fstat(descriptor, &about) != 0 ||
	    !S_ISREG(about.st_mode)) {
		g_ptr_array_add(export->counts->missing, g_strdup(media->path));
	} else {
		status = tell(export,
		    export->sink->add_file(export->sink->data, path, descriptor,
			about.st_size, media->created_at, error));
		export->counts->file_count++;
	}
	if (descriptor >= 0)
		close(descriptor);
	return status;
}

static enum status
add_files(struct export *export, GError **error)
{
	g_autoptr(GPtrArray) all = NULL;
	enum status status =
	    explain(media_list(export->site->database, &all), error);

	for (guint i = 0; status == STATUS_OK && i < all->len; i++)
		status = add_file(export, g_ptr_array_index(all, i), error);
	return status;
}

enum status
export_site(struct site *site, bool has_files, int64_t now,
    const struct export_sink *sink, struct export_counts *out_counts,
    GError **error)
{
	struct export export = {
		.site = site,
		.sink = sink,
		.counts = out_counts,
		.now = now,
		.names = g_hash_table_new_full(
		    g_int64_hash, g_int64_equal, g_free, g_free),
		.aliases = g_hash_table_new_full(g_int64_hash, g_int64_equal,
		    g_free, (GDestroyNotify)g_ptr_array_unref),
	};
	enum status status;

	*out_counts = (struct export_counts){
		.missing = g_ptr_array_new_with_free_func(g_free),
	};
	/* It takes as long as it takes: no page waits for it. */
	database_set_deadline(site->database, 0);
	status = explain(load_names(&export), error);
	if (status == STATUS_OK)
		status = explain(load_aliases(&export), error);
	if (status == STATUS_OK)
		status = add_tables(&export, error);
	if (status == STATUS_OK)
		status = add_articles(&export, error);
	if (status == STATUS_OK && has_files)
		status = add_files(&export, error);
	g_hash_table_unref(export.names);
	g_hash_table_unref(export.aliases);
	return status;
}

/* ---- into an archive ---- */

static enum status
add_to_tar(void *data, const char *path, const void *bytes, size_t size,
    int64_t time, GError **error)
{
	return tar_writer_add(
	    *(const int *)data, path, bytes, size, time, error);
}

static enum status
add_file_to_tar(void *data, const char *path, int source, int64_t size,
    int64_t time, GError **error)
{
	int descriptor = *(const int *)data;
	enum status status =
	    tar_writer_begin(descriptor, path, size, time, error);

	if (status == STATUS_OK)
		status = file_copy(descriptor, source, size, error);
	return status == STATUS_OK ? tar_writer_finish(descriptor, size, error)
				   : status;
}

void
export_sink_init_tar(struct export_sink *sink, const int *descriptor)
{
	*sink = (struct export_sink){
		.add = add_to_tar,
		.add_file = add_file_to_tar,
		.data = (void *)descriptor,
	};
}
