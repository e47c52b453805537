/*
 * site.c - one blog: its directory, its configuration, its database.
 *
 * What must hold: a process opens the database once and after it forked; what a
 * request sees of the blog is one snapshot; making a site makes all of it or
 * nothing.
 */
#include "config.h"

#include "model/site.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/date.h"
#include "base/logger.h"
#include "model/article.h"
#include "model/article_edit.h"
#include "store/database_stamp.h"
#include "store/migrate.h"

/* How long a reader waits for what falls due to be published, and when it is
 * tried again where that failed. */
#define PUBLISH_MILLISECONDS  300
#define PUBLISH_RETRY_SECONDS 5

static const char DATABASE_NAME[] = "byline.db";
static const char SETTINGS_NAME[] = "byline.conf";

char *
site_path(const struct site *site, const char *name)
{
	return g_build_filename(site->directory, name, NULL);
}

enum status
site_new(const char *directory, struct site **out_site, GError **error)
{
	g_autofree char *settings_path =
	    g_build_filename(directory, SETTINGS_NAME, NULL);
	struct settings settings;
	struct site *site;
	enum status status;

	if (!g_file_test(directory, G_FILE_TEST_IS_DIR))
		return status_fail(error, STATUS_NOT_FOUND,
		    "there is no directory %s (byline init makes a site)",
		    directory);
	if (g_access(settings_path, F_OK) < 0)
		return status_fail(error,
		    errno == EACCES ? STATUS_FORBIDDEN : STATUS_NOT_FOUND,
		    "%s holds no site: %s: %s (byline init makes one)",
		    directory, SETTINGS_NAME, g_strerror(errno));
	status = settings_load(settings_path, &settings, error);
	if (status != STATUS_OK)
		return status;
	site = g_new0(struct site, 1);
	site->directory = g_canonicalize_filename(directory, NULL);
	site->settings = settings;
	*out_site = site;
	return STATUS_OK;
}

void
site_free(struct site *site)
{
	if (site == NULL)
		return;
	database_close(site->database);
	setting_release(&site->blog);
	settings_release(&site->settings);
	g_free(site->directory);
	g_free(site);
}

static void
add_link(GPtrArray *links, const char *name, const char *address)
{
	struct blog_link *link = g_new0(struct blog_link, 1);

	link->name = g_strdup(name);
	link->address = g_strdup(address);
	g_ptr_array_add(links, link);
}

/* Where the author set no navigation: what every blog has, and its pages. */
static enum status
fill_navigation(struct database *database, int64_t now, GPtrArray *links)
{
	g_autoptr(GPtrArray) pages = NULL;
	enum status status = article_list_pages(database, now, &pages);

	if (status != STATUS_OK)
		return status;
	add_link(links, "Articles", "/");
	add_link(links, "Archive", "/archive");
	add_link(links, "Tags", "/tags");
	for (guint i = 0; i < pages->len; i++) {
		const struct article_summary *page =
		    g_ptr_array_index(pages, i);

		add_link(links, page->title, page->path);
	}
	add_link(links, "Search", "/search");
	return STATUS_OK;
}

/* Read the blog's settings and the generation they are of. */
static enum status
read_blog(struct site *site, int64_t now)
{
	int64_t generation, changed_at;
	enum status status =
	    setting_generation(site->database, &generation, &changed_at);

	if (status != STATUS_OK)
		return status;
	/* Once an older database is restored, generations come again. */
	if (site->blog.zone == NULL || generation != site->generation ||
	    changed_at != site->changed_at) {
		struct blog blog;

		status = setting_load(site->database, &blog);
		if (status != STATUS_OK)
			return status;
		if (blog.navigation->len == 0)
			status = fill_navigation(
			    site->database, now, blog.navigation);
		if (status != STATUS_OK) {
			setting_release(&blog);
			return status;
		}
		if (blog.iframe_hosts == NULL)
			blog.iframe_hosts =
			    g_strdupv(site->settings.iframe_hosts);
		setting_release(&site->blog);
		site->blog = blog;
	}
	status = article_moments(
	    site->database, now, &site->shown_at, &site->due_at);
	if (status == STATUS_OK)
		status = article_next_due(site->database, &site->scheduled_at);
	if (status != STATUS_OK)
		return status;
	if (site->scheduled_at != 0 &&
	    (site->due_at == 0 || site->scheduled_at < site->due_at))
		site->due_at = site->scheduled_at;
	site->shown_at = MAX(site->shown_at, changed_at);
	site->generation = generation;
	site->changed_at = changed_at;
	return STATUS_OK;
}

/* What the database says of the blog, in one snapshot. */
static enum status
read_snapshot(struct site *site, int64_t now)
{
	enum status status = database_begin(site->database, false);

	if (status != STATUS_OK)
		return status;
	status = read_blog(site, now);
	database_rollback(site->database);
	return status;
}

enum status
site_open_database(
    struct site *site, enum database_mode mode, int64_t now, GError **error)
{
	g_autofree char *path = site_path(site, DATABASE_NAME);
	enum status status;

	g_assert(site->database == NULL);
	status = database_open(path, mode, &site->database, error);
	if (status != STATUS_OK)
		return status;
	site->mode = mode;
	/* No generation of another file says anything about this one. */
	site->generation = -1;
	status = read_snapshot(site, now);
	if (status == STATUS_OK)
		return STATUS_OK;
	database_close(site->database);
	site->database = NULL;
	return status_fail(error, status,
	    "the settings of the blog cannot be read from %s: %s", path,
	    status_name(status));
}

enum status
site_refresh(struct site *site, int64_t now)
{
	bool is_due = site->due_at != 0 && site->due_at <= now;
	enum status status;

	/* A change is told once: what cannot be read now is read next time. */
	if (!database_has_changed(site->database) && !site->is_stale && !is_due)
		return STATUS_OK;
	status = read_blog(site, now);
	site->is_stale = status != STATUS_OK;
	return status;
}

/* Open the file that stands there now in place of the one that is gone. The old
 * one is closed only then: without it, this site would answer nothing. */
static enum status
reopen(struct site *site, int64_t now)
{
	g_autoptr(GError) error = NULL;
	struct database *old = g_steal_pointer(&site->database);
	/* Nobody asked for an empty blog in the place of the one that is gone.
	 */
	enum database_mode mode =
	    site->mode == DATABASE_READ ? DATABASE_READ : DATABASE_WRITE;
	enum status status = site_open_database(site, mode, now, &error);

	if (status != STATUS_OK) {
		log_error("site.replaced", "reason", error->message);
		site->database = old;
		return STATUS_BUSY;
	}
	log_info("site.reopened", "directory", site->directory);
	database_close(old);
	return STATUS_OK;
}

/* Undo what site_begin_read() or site_begin_write() began. */
static void
abandon(struct site *site)
{
	database_rollback(site->database);
	database_set_deadline(site->database, 0);
}

/* A newer program may have brought the tables up to date while this one ran: it
 * can read them, but what it writes would lack what is new in them. */
static enum status
check_version(struct site *site)
{
	if (migrate_current_version(site->database) <= migrate_latest_version())
		return STATUS_OK;
	log_error("site.newer", "reason",
	    "a newer Byline has brought the database up to date: this program "
	    "writes nothing any more, start the newer one in its place");
	return STATUS_BUSY;
}

static enum status
begin(struct site *site, bool is_write, int64_t milliseconds, int64_t now)
{
	enum status status;

	if (database_is_replaced(site->database)) {
		status = reopen(site, now);
		if (status != STATUS_OK)
			return status;
	}
	database_set_deadline(site->database, milliseconds);
	status = database_begin(site->database, is_write);
	if (status == STATUS_OK && is_write)
		status = check_version(site);
	if (status == STATUS_OK)
		status = site_refresh(site, now);
	if (status != STATUS_OK)
		abandon(site);
	return status;
}

/* Publish what is due, in a transaction of its own. */
static enum status
publish_due(struct site *site, int64_t now, int64_t *out_count)
{
	struct database *database = site->database;
	enum status status = database_begin(database, true);
	int64_t next_at;

	if (status != STATUS_OK)
		return status;
	status = article_publish_due(database, now, out_count, &next_at);
	if (status == STATUS_OK)
		status = database_commit(database);
	database_rollback(database);
	return status;
}

/* The same, also where the database is open for reading; nobody waits long for
 * it. */
static void
publish_while_reading(struct site *site, int64_t now)
{
	bool is_reader = site->mode == DATABASE_READ;
	int64_t count = 0;
	enum status status = STATUS_OK;

	database_set_deadline(site->database, PUBLISH_MILLISECONDS);
	if (is_reader)
		status = database_set_writable(site->database, true);
	if (status == STATUS_OK)
		status = publish_due(site, now, &count);
	if (is_reader &&
	    database_set_writable(site->database, false) != STATUS_OK)
		status = STATUS_FAILED;
	database_set_deadline(site->database, 0);
	site->publish_after = 0;
	if (status != STATUS_OK) {
		site->publish_after = now + PUBLISH_RETRY_SECONDS;
		log_warning("publish.failed", "reason", status_name(status));
	} else if (count > 0) {
		g_autofree char *number =
		    g_strdup_printf("%" G_GINT64_FORMAT, count);

		log_info("publish.due", "articles", number);
	}
}

static bool
is_publishing_due(const struct site *site, int64_t now)
{
	return site->scheduled_at != 0 && site->scheduled_at <= now &&
	       (site->publish_after <= now ||
		   site->publish_after > now + PUBLISH_RETRY_SECONDS);
}

enum status
site_begin_read(struct site *site, int64_t now)
{
	enum status status = begin(site, false, SITE_READ_MILLISECONDS, now);

	if (status != STATUS_OK || !is_publishing_due(site, now))
		return status;
	abandon(site);
	publish_while_reading(site, now);
	return begin(site, false, SITE_READ_MILLISECONDS, now);
}

void
site_end_read(struct site *site)
{
	abandon(site);
}

enum status
site_begin_write(struct site *site, int64_t now)
{
	return begin(site, true, SITE_WRITE_MILLISECONDS, now);
}

enum status
site_try_write(struct site *site, int64_t now)
{
	return begin(site, true, SITE_TRY_MILLISECONDS, now);
}

enum status
site_end_write(struct site *site, enum status status)
{
	if (status == STATUS_OK)
		status = database_commit(site->database);
	abandon(site);
	return status;
}

enum status
site_append_stamp(
    const struct site *site, GString *out, int64_t *out_changed_at)
{
	g_autofree char *path = site_path(site, DATABASE_NAME);

	return database_stamp(path, out, out_changed_at);
}

/* ---- making one ---- */

/* What site_create() has made until now, to be taken away if it fails. */
struct creation {
	const char *directory;
	bool has_directory;
	GPtrArray *made; /* paths, in the order they were made */
};

static enum status
make_directory(
    struct creation *creation, const char *name, mode_t mode, GError **error)
{
	g_autofree char *path =
	    g_build_filename(creation->directory, name, NULL);

	/* The umask may take what the web server needs. */
	if (g_mkdir(path, mode) == 0 && chmod(path, mode) == 0) {
		g_ptr_array_add(creation->made, g_steal_pointer(&path));
		return STATUS_OK;
	}
	if (errno == EEXIST && g_file_test(path, G_FILE_TEST_IS_DIR))
		return STATUS_OK;
	return status_fail(error, STATUS_FORBIDDEN, "cannot make %s: %s", path,
	    g_strerror(errno));
}

static void
undo(struct creation *creation)
{
	static const char *const suffixes[] = { "", "-wal", "-shm",
		"-journal" };

	for (guint i = creation->made->len; i > 0; i--) {
		for (size_t k = 0; k < G_N_ELEMENTS(suffixes); k++) {
			g_autofree char *path = g_strconcat(
			    creation->made->pdata[i - 1], suffixes[k], NULL);

			/* What is not empty was not ours. */
			(void)!g_remove(path);
		}
	}
	if (creation->has_directory)
		(void)!g_rmdir(creation->directory);
}

static enum status
check_free(const char *directory, GError **error)
{
	static const char *const names[] = { DATABASE_NAME, SETTINGS_NAME };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    g_build_filename(directory, names[i], NULL);

		if (g_file_test(path, G_FILE_TEST_EXISTS))
			return status_fail(error, STATUS_CONFLICT,
			    "there is a site in %s already: %s is there",
			    directory, names[i]);
	}
	return STATUS_OK;
}

static enum status
fill_directory(struct creation *creation, const char *base_url,
    struct site **out_site, GError **error)
{
	char *settings_path =
	    g_build_filename(creation->directory, SETTINGS_NAME, NULL);
	enum status status = settings_create(settings_path, base_url, error);
	struct site *site = NULL;

	if (status != STATUS_OK) {
		g_free(settings_path);
		return status;
	}
	g_ptr_array_add(creation->made, settings_path);
	status = make_directory(creation, "media", 0755, error);
	if (status == STATUS_OK)
		status = make_directory(creation, "public", 0755, error);
	if (status == STATUS_OK)
		status = site_new(creation->directory, &site, error);
	if (status != STATUS_OK)
		return status;
	g_ptr_array_add(creation->made, site_path(site, DATABASE_NAME));
	status = site_open_database(site, DATABASE_CREATE, date_now(), error);
	if (status != STATUS_OK) {
		site_free(site);
		return status;
	}
	*out_site = site;
	return STATUS_OK;
}

enum status
site_create(const char *directory, const char *base_url, struct site **out_site,
    GError **error)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
	struct creation creation = { .directory = directory, .made = made };
	enum status status = check_free(directory, error);

	if (status != STATUS_OK)
		return status;
	creation.has_directory = !g_file_test(directory, G_FILE_TEST_EXISTS);
	if (creation.has_directory &&
	    (g_mkdir_with_parents(directory, 0711) < 0 ||
		chmod(directory, 0711) < 0))
		return status_fail(error, STATUS_FORBIDDEN,
		    "cannot make the directory %s: %s", directory,
		    g_strerror(errno));
	status = fill_directory(&creation, base_url, out_site, error);
	if (status != STATUS_OK)
		undo(&creation);
	return status;
}
