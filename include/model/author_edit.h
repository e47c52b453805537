/*
 * author_edit.h - what is said of an author is changed by them, or by an owner.
 */
#ifndef MODEL_AUTHOR_EDIT_H
#define MODEL_AUTHOR_EDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct author;
struct database;

enum {
	AUTHOR_EDIT_NAME_CHARACTERS = 100,
	AUTHOR_EDIT_HANDLE_SIZE = 60 /* bytes */
};

/* What an author shall be to readers, as typed; what is NULL stays as it is. */
struct author_wish {
	const char *name;
	const char *handle; /* in the address of their page */
	const char *job_title, *biography, *website;
	const char *picture_path; /* "/media/..."; "": initials */
	/* author_edit_mark() of what the page showed that it was typed on. */
	const char *shown;
};

/* What is wrong with a wish, for a person; NULL where nothing is. */
struct author_problems {
	char *name, *handle, *job_title, *biography, *website, *picture_path;
	char *all;
	/* Somebody else has changed it since it was shown: the fields that
	 * would be taken back say what is stored by now. */
	bool is_stale;
};

void author_problems_release(struct author_problems *problems);

/* `wish` with what is stored in the place of what is NULL. Borrowed from both.
 */
struct author_wish author_edit_complete(
    const struct author_wish *wish, const struct author *author);

/* A mark of what `author` is to readers now, another one once that is changed.
 * The caller frees it. */
char *author_edit_mark(const struct author *author);

/*
 * Make author `id` what `wish` says. Where the handle changes, the address of
 * their page and of its feeds leads on; a picture is kept by the address of the
 * whole image.
 *
 * STATUS_INVALID when something is wrong with it, which `problems` says;
 * STATUS_CONFLICT (problems.is_stale) when it was changed since it was shown to
 * whoever typed it, and not to the same; STATUS_NOT_FOUND. Inside a write
 * transaction of the caller's, who releases `problems`.
 */
MUST_CHECK enum status author_edit_update(struct database *database, int64_t id,
    const struct author_wish *wish, int64_t now,
    struct author_problems *problems);

#endif
