/*
 * check_limits.c - whether the machine gives what Byline needs. See check.h.
 *
 * The limits are those of this process: who starts it as the programs are
 * started sees theirs. What must hold: no limit is complained of that only
 * a program itself has set.
 */
#include "config.h"

#include <sys/resource.h>

#include <errno.h>
#include <string.h>

#include "base/image_limit.h"
#include "check.h"
#include "content/renderer.h"
#include "model/site.h"
#include "store/database.h"

#define MEBIBYTE ((rlim_t)1 << 20)

/* A password is hashed with this much (base/token.h), an image decoded and a
 * text rendered with as much at most; the rest is for the program itself. */
#define LEAST_DATA                                                             \
	((rlim_t)MAX(IMAGE_MAX_MEMORY, RENDERER_MAX_MEMORY) + 64 * MEBIBYTE)

/* Libraries count as well there, those of images above all. */
#define LEAST_SPACE (LEAST_DATA + 448 * MEBIBYTE)

/* Connections, the database, and what is uploaded; the programs take up to
 * 1,024. */
#define LEAST_FILES 256

/* Two programs with workers, what renders, and the threads of an image. */
#define LEAST_PROCESSES 64

static const struct {
	int resource;
	rlim_t least;
	bool is_bytes;
	const char *what; /* "the limit of WHAT is ..." */
	const char *harm;
	const char *remedy; /* how a shell and systemd set it */
} limits[] = {
	{ RLIMIT_NOFILE, LEAST_FILES, false, "open files",
	    "visitors are kept waiting when many come at once",
	    "ulimit -n, LimitNOFILE=" },
	{ RLIMIT_NPROC, LEAST_PROCESSES, false, "processes and threads",
	    "workers, images and long texts need some at once",
	    "ulimit -u, LimitNPROC=" },
	{ RLIMIT_DATA, LEAST_DATA, true, "memory",
	    "signing in takes 256 MB for a moment, an image and a long text "
	    "as much",
	    "ulimit -d, LimitDATA=" },
	{ RLIMIT_AS, LEAST_SPACE, true, "address space",
	    "signing in takes 256 MB for a moment, an image and a long text "
	    "as much, and libraries count, too",
	    "ulimit -v, LimitAS=" },
	{ RLIMIT_FSIZE, IMAGE_MAX_FILE, true, "the size of a file",
	    "what is larger cannot be saved: the database, images",
	    "ulimit -f, LimitFSIZE=" },
};

/* "300 MB", or "64". The caller frees it. */
static char *
words_of(rlim_t value, bool is_bytes)
{
	if (is_bytes)
		return g_strdup_printf(
		    "%llu MB", (unsigned long long)(value / MEBIBYTE));
	return g_strdup_printf("%llu", (unsigned long long)value);
}

static void
check_resources(struct check *check)
{
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
		g_autofree char *found = NULL;
		g_autofree char *least = NULL;
		struct rlimit limit;

		if (getrlimit(
			(__rlimit_resource_t)limits[i].resource, &limit) != 0 ||
		    limit.rlim_cur == RLIM_INFINITY ||
		    limit.rlim_cur >= limits[i].least)
			continue;
		found = words_of(limit.rlim_cur, limits[i].is_bytes);
		least = words_of(limits[i].least, limits[i].is_bytes);
		check_add(check, CHECK_WARNING,
		    "the limit of %s is %s, and %s: if the programs are "
		    "started with the same, raise it to %s or more (%s)",
		    limits[i].what, found, limits[i].harm, least,
		    limits[i].remedy);
	}
}

/* SQLite's log that readers and a writer share (WAL) is shared memory. */
static void
check_file_system(struct check *check)
{
	g_autofree char *path = site_path(check->site, "byline.db");

	if (!database_can_share_memory(path))
		check_add(check, CHECK_WARNING,
		    "%s is on a file system of a network (NFS or the like), "
		    "whose locks are not to be relied on: readers wait while "
		    "something is saved, and two machines at once may damage "
		    "it; move the site directory to a disk of this machine",
		    path);
}

void
check_limits(struct check *check)
{
	check_resources(check);
	check_file_system(check);
}
