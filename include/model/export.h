/*
 * export.h - everything that was written, as files that other programs read and
 * `byline import markdown` brings back.
 *
 *   README.md              what this is
 *   articles/{slug}.md     front matter in YAML, then the Markdown as typed
 *   pages/{slug}.md        standing pages, the same
 *   media/{name}           what was uploaded (with files)
 *   settings.json authors.json categories.json tags.json redirects.json
 *   media.json
 *
 * Times are UTC (RFC 3339). What lets somebody in is in none of them: no hash
 * of a password, no secret, no token, no code, no session, no preview link.
 * Left out, too, are revisions, a draft that is kept beside an article, what
 * lies in the trash, narrower images, and views.
 *
 * What `byline import markdown` does not bring back: settings, of which some
 * are to be set first (the exported README names them); roles, job titles and
 * whatever else is said of an author but the name, and of categories and
 * tags; redirects that lead to no article; files that no article uses, and
 * their alt texts.
 */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

struct article_edit;
struct database;
struct site;

/* Where the files go. Each function returns STATUS_OK, or fails with words in
 * `error`, which ends the export. */
struct export_sink {
	/* A file of these bytes. */
	enum status (*add)(void *data, const char *path, const void *bytes,
	    size_t size, int64_t time, GError **error);
	/* A file with the `size` bytes that `source` has, which is read from
	 * where it stands. */
	enum status (*add_file)(void *data, const char *path, int source,
	    int64_t size, int64_t time, GError **error);
	/* Told after each file that went well; NULL: nobody is. */
	void (*has_added)(void);
	void *data;
};

struct export_counts {
	int64_t article_count; /* standing pages too */
	int64_t file_count;    /* of media/ */
	/* Names of files that are recorded and not there: char *. */
	GPtrArray *missing;
};

/* A sink that writes a tar archive; `descriptor` is that of a file, whose end
 * is the caller's to write (tar_writer_end()). */
void export_sink_init_tar(struct export_sink *sink, const int *descriptor);

/*
 * Give all files of `site` to `sink`, those of media/ only if `has_files`, in a
 * read transaction of the caller's. `out_counts` is filled as far as it came,
 * whatever is returned; the caller frees its array.
 */
MUST_CHECK enum status export_site(struct site *site, bool has_files,
    int64_t now, const struct export_sink *sink,
    struct export_counts *out_counts, GError **error);

/*
 * The file of an article: `authors` are names, `aliases` former paths,
 * `references` lines of export_list_references(), all NULL-terminated. The
 * caller frees it.
 */
GString *export_article(const struct article_edit *edit,
    const char *const *authors, const char *const *aliases,
    const char *const *references);

/* What the references of an imported article lead to, "a.png -> /media/b.png",
 * by reference: char *. The caller frees it. */
MUST_CHECK enum status export_list_references(
    struct database *database, int64_t id, GPtrArray **out_references);

/* Where it stands in the export. The caller frees it. */
char *export_article_path(const struct article_edit *edit);

/* The JSON files, by what they are about; each appends a whole text. */
MUST_CHECK enum status export_settings(struct site *site, GString *out);
MUST_CHECK enum status export_authors(struct site *site, GString *out);
MUST_CHECK enum status export_categories(struct site *site, GString *out);
MUST_CHECK enum status export_tags(struct site *site, GString *out);
MUST_CHECK enum status export_redirects(struct site *site, GString *out);
MUST_CHECK enum status export_media(struct site *site, GString *out);

#endif
