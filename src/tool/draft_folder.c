/*
 * draft_folder.c - see draft_folder.h.
 */
#include "config.h"

#include "draft_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whatever is called so and nobody holds is removed, with all that is in it: no
 * name that a person would give. */
static const char PREFIX[] = ".byline-unfinished-";

enum {
	RANDOM_CHARACTERS = 6,
	MAX_DESCRIPTORS = 16,
	MAX_TRIES = 8
};

static int
remove_entry(
    const char *path, const struct stat *about, int type, struct FTW *place)
{
	(void)about;
	(void)type;
	(void)place;
	(void)!remove(path);
	return 0;
}

static void
remove_tree(const char *path)
{
	(void)nftw(path, remove_entry, MAX_DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

/* Take the lock of the folder, which is ours and still stands there. -1:
 * somebody else has it, or it is gone. */
static int
lock_folder(const char *path)
{
	int folder =
	    open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat about;

	if (folder < 0)
		return -1;
	if (flock(folder, LOCK_EX | LOCK_NB) == 0 &&
	    fstat(folder, &about) == 0 && about.st_uid == geteuid() &&
	    about.st_nlink > 0 && access(path, F_OK) == 0)
		return folder;
	close(folder);
	return -1;
}

/* Remove what was left by those who were killed. */
static void
sweep(const char *parent)
{
	g_autoptr(GDir) entries = g_dir_open(parent, 0, NULL);
	const char *name;

	while (entries != NULL && (name = g_dir_read_name(entries)) != NULL) {
		g_autofree char *path = g_build_filename(parent, name, NULL);
		int lock;

		if (!g_str_has_prefix(name, PREFIX) ||
		    strlen(name) != strlen(PREFIX) + RANDOM_CHARACTERS)
			continue;
		lock = lock_folder(path);
		if (lock < 0)
			continue;
		remove_tree(path);
		close(lock);
	}
}

enum status
draft_folder_make(
    const char *target, struct draft_folder *out_draft, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(target);

	sweep(parent);
	/* Somebody who sweeps may be faster than our lock. */
	for (int i = 0; i < MAX_TRIES; i++) {
		g_autofree char *path =
		    g_strconcat(parent, "/", PREFIX, "XXXXXX", NULL);
		int lock;

		if (g_mkdtemp(path) == NULL)
			return status_fail(error, STATUS_FAILED,
			    "cannot be made: %s", g_strerror(errno));
		lock = lock_folder(path);
		if (lock >= 0) {
			*out_draft =
			    (struct draft_folder){ g_steal_pointer(&path),
				    lock };
			return STATUS_OK;
		}
		(void)!rmdir(path);
	}
	return status_fail(error, STATUS_FAILED,
	    "cannot be made: no folder can be locked in %s", parent);
}

void
draft_folder_remove(struct draft_folder *draft)
{
	remove_tree(draft->path);
	close(draft->lock);
	g_clear_pointer(&draft->path, g_free);
}
