/*
 * draft_folder.h - where something is made until it is whole: a folder beside
 * it, hidden, that nobody else may read.
 *
 * Who is killed leaves one behind; the next who makes one in the same place
 * removes it, since nobody holds its lock any more.
 */
#ifndef TOOL_DRAFT_FOLDER_H
#define TOOL_DRAFT_FOLDER_H

#include <glib.h>

#include "base/status.h"

struct draft_folder {
	char *path;
	int lock; /* a descriptor of it; not to be used */
};

/*
 * Make one (0700) in the folder that `target`, an absolute path, is in, and
 * remove those that others left there. STATUS_FAILED, with words that follow
 * the name of the target. The caller removes it by draft_folder_remove().
 */
MUST_CHECK enum status draft_folder_make(
    const char *target, struct draft_folder *out_draft, GError **error);

/* Remove it, and what is still in it. */
void draft_folder_remove(struct draft_folder *draft);

#endif
