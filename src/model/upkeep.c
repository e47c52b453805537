/*
 * upkeep.c - what somebody who runs a blog should see to. See upkeep.h.
 *
 * What must hold: each sentence is true when it is said, and says what to do;
 * a page of the desk looks at all of it, so that nothing here takes long.
 */
#include "config.h"

#include "model/upkeep.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "model/setting.h"
#include "model/site.h"
#include "model/visit.h"

#define WORK_NAME     "work.seen"
#define WORK_INTERVAL 60

/* "byline.db.before-0008": store/migrate.c keeps it. */
#define COPY_BEGIN "byline.db.before-"

#define MEBIBYTE ((int64_t)1024 * 1024)
/* Uploads, logs and the journal of the database come on top. */
#define LEAST_FREE (100 * MEBIBYTE)
/* An image alone is eight files, and an export is one for each article. */
#define LEAST_FILES 1000

/* ---- byline work ---- */

int64_t
upkeep_work_seen_at(const struct site *site)
{
	g_autofree char *path = site_path(site, WORK_NAME);
	struct stat about;

	return stat(path, &about) == 0 ? (int64_t)about.st_mtim.tv_sec : 0;
}

void
upkeep_note_work(const struct site *site, int64_t now)
{
	g_autofree char *path = site_path(site, WORK_NAME);
	const struct timespec times[] = { { .tv_sec = (time_t)now },
		{ .tv_sec = (time_t)now } };
	int64_t seen_at = upkeep_work_seen_at(site);
	int descriptor;

	if (seen_at <= now && seen_at > now - WORK_INTERVAL)
		return;
	descriptor =
	    open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (descriptor < 0)
		return;
	(void)!futimens(descriptor, times);
	close(descriptor);
}

/* ---- what there is to see to ---- */

G_GNUC_PRINTF(2, 3)
static void
say(GPtrArray *list, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(list, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static char *
words_of_time(const struct site *site, GTimeZone *zone, int64_t time)
{
	return date_format_words(time, zone, site->blog.date_style, "en");
}

bool
upkeep_is_overdue(const struct site *site, int64_t now)
{
	return site->scheduled_at != 0 &&
	       site->scheduled_at < now - UPKEEP_OVERDUE;
}

static void
list_work(
    const struct site *site, GTimeZone *zone, int64_t now, GPtrArray *list)
{
	int64_t seen_at = upkeep_work_seen_at(site);
	bool is_waiting = site->scheduled_at != 0;
	g_autofree char *day = words_of_time(site, zone, seen_at);

	if (upkeep_is_overdue(site, now))
		say(list, "An article is overdue: nothing publishes it. Let "
			  "byline work run, and see that the database can be "
			  "written.");
	else if (seen_at == 0 && is_waiting)
		say(list, "An article is scheduled, and byline work has never "
			  "run here: it will be public when somebody asks for "
			  "a page after its time. Let byline work run, or "
			  "byline work --once by cron.");
	if (seen_at != 0 && seen_at < now - UPKEEP_WORK_LATE)
		say(list,
		    "byline work has not run since %s: start it again. "
		    "It publishes what is scheduled, counts views and "
		    "empties the trash.",
		    day);
}

static void
list_counting(const struct site *site, GPtrArray *list)
{
	enum status status =
	    site->blog.is_counting_views ? visit_check(site) : STATUS_OK;

	if (status == STATUS_TOO_LARGE)
		say(list, "Views are not counted any more: too many wait in "
			  "the file tally of the site directory. Let byline "
			  "work run.");
	else if (status != STATUS_OK)
		say(list, "Views cannot be counted: the file tally of the site "
			  "directory cannot be written. Give it to the user "
			  "that byline.fcgi runs as.");
}

bool
upkeep_is_disk_low(int64_t free_size, int64_t database_size)
{
	/* An update keeps a copy of it, and so does a backup. */
	return free_size < MAX(LEAST_FREE, 2 * database_size);
}

static void
list_files(const struct site *site, GPtrArray *list)
{
	struct statvfs disk;

	/* Some file systems have as many as there is room for, and say 0. */
	if (statvfs(site->directory, &disk) != 0 || disk.f_files == 0 ||
	    disk.f_favail >= LEAST_FILES)
		return;
	say(list,
	    "The disk can have only %llu files more, however small (inodes). "
	    "Remove some before nothing can be saved any more.",
	    (unsigned long long)disk.f_favail);
}

static void
list_disk(const struct site *site, GPtrArray *list)
{
	g_autofree char *path = site_path(site, "byline.db");
	g_autofree char *size = NULL;
	struct statvfs disk;
	struct stat about;
	int64_t free_size;

	if (statvfs(site->directory, &disk) != 0 || stat(path, &about) != 0)
		return;
	free_size = (int64_t)disk.f_bavail * (int64_t)disk.f_frsize;
	if (!upkeep_is_disk_low(free_size, about.st_size))
		return;
	size = g_format_size_full((guint64)free_size, G_FORMAT_SIZE_IEC_UNITS);
	say(list,
	    "The disk is nearly full: %s are left. Make room before "
	    "nothing can be saved any more.",
	    size);
}

static int
compare_names(gconstpointer left, gconstpointer right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Copies of the database that an update has kept. */
static void
list_copies(const struct site *site, GPtrArray *list)
{
	g_autoptr(GDir) folder = g_dir_open(site->directory, 0, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = NULL;
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
		if (g_str_has_prefix(name, COPY_BEGIN))
			g_ptr_array_add(names, g_strdup(name));
	if (names->len == 0)
		return;
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	text = g_strjoinv(", ", (char **)names->pdata);
	say(list,
	    "An update of Byline has changed the database. As it was "
	    "before is kept in the site directory: %s. When the blog is "
	    "as it should be, delete that.",
	    text);
}

GPtrArray *
upkeep_list(const struct site *site, GTimeZone *zone, int64_t now)
{
	GPtrArray *list = g_ptr_array_new_with_free_func(g_free);

	list_disk(site, list);
	list_files(site, list);
	list_work(site, zone, now, list);
	list_counting(site, list);
	list_copies(site, list);
	return list;
}
