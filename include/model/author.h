/*
 * author.h - who writes, and who may sign in.
 */
#ifndef MODEL_AUTHOR_H
#define MODEL_AUTHOR_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct database;

enum author_role {
	AUTHOR_ROLE_OWNER,
	AUTHOR_ROLE_EDITOR,
	AUTHOR_ROLE_AUTHOR
};

struct author {
	int64_t id;
	char *handle;
	char *name;
	char *email; /* NULL: cannot sign in */
	enum author_role role;
	char *job_title;
	char *biography;
	char *picture_path; /* NULL: initials */
	char *face_path;    /* the picture as small as fits beside a name */
	char *website;
	int64_t article_count; /* published articles */
	char *time_zone;       /* "Europe/Berlin"; "": the blog's */
	bool has_password;     /* can sign in, unless it is disabled */
	bool is_disabled;
};

void author_free(struct author *author);

/* By handle, as in /authors/{handle}. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status author_find(
    struct database *database, const char *handle, struct author **out_author);

/* By id. STATUS_NOT_FOUND. The caller frees it. */
MUST_CHECK enum status author_find_id(
    struct database *database, int64_t id, struct author **out_author);

/*
 * The owner with the lowest id; where there is none, the only author there is.
 * STATUS_NOT_FOUND where it is nobody's blog in particular.
 */
MUST_CHECK enum status author_find_owner(
    struct database *database, struct author **out_author);

/* Every author with a published article, by name: struct author *. */
MUST_CHECK enum status author_list_used(
    struct database *database, GPtrArray **out_authors);

/* All authors, by id: struct author *. */
MUST_CHECK enum status author_list(
    struct database *database, GPtrArray **out_authors);

/* What it takes to make one. Strings are borrowed; NULL or "" where absent. */
struct author_draft {
	const char *name;   /* required, 1..100 characters */
	const char *email;  /* NULL: an imported name */
	const char *handle; /* NULL: from the name */
	enum author_role role;
	const char *password_hash; /* of token_hash_password(), or NULL */
	const char *job_title, *biography, *picture_path, *website;
};

/*
 * Add an author. STATUS_CONFLICT: the address or handle is taken;
 * STATUS_INVALID: no name, or an e-mail address that RFC 5321 does not allow;
 * `error` says which.
 */
MUST_CHECK enum status author_add(struct database *database,
    const struct author_draft *draft, int64_t now, int64_t *out_id,
    GError **error);

/*
 * Change the author with this handle: members of `draft` that are not NULL take
 * the place of what is stored; its role and password are left alone.
 * STATUS_NOT_FOUND, and as author_add().
 */
MUST_CHECK enum status author_update(struct database *database,
    const char *handle, const struct author_draft *draft, int64_t now,
    GError **error);

/* The same with author `id`, whatever the handle is by now. */
MUST_CHECK enum status author_update_id(struct database *database, int64_t id,
    const struct author_draft *draft, int64_t now, GError **error);

/* The author's own time zone, a name that time_zone_new() knows, or "" for that
 * of the blog. STATUS_INVALID: no such zone; STATUS_NOT_FOUND. */
MUST_CHECK enum status author_set_time_zone(
    struct database *database, int64_t id, const char *name);

/* Give an author another role. STATUS_CONFLICT: the only owner who can sign in
 * would be none any more. STATUS_NOT_FOUND. */
MUST_CHECK enum status author_set_role(
    struct database *database, int64_t id, enum author_role role, int64_t now);

/* Whether `id` is the only owner who can sign in. */
MUST_CHECK enum status author_is_last_owner(
    struct database *database, int64_t id, bool *out_is_last);

/*
 * The id of the author called `name`, made (role author, unable to sign in) if
 * there is none with that name. For imports.
 */
MUST_CHECK enum status author_ensure(
    struct database *database, const char *name, int64_t now, int64_t *out_id);

/*
 * `text` as an e-mail address is stored, its domain in ASCII and lower case;
 * NULL when it is none that we can use (RFC 5321 section 4.1.2, without the
 * quoted form; at most 254 bytes). The caller frees it.
 */
char *author_normalize_email(const char *text);

/* What an author says of themself. */
enum author_field {
	AUTHOR_FIELD_NAME,
	AUTHOR_FIELD_JOB_TITLE,
	AUTHOR_FIELD_BIOGRAPHY,
	AUTHOR_FIELD_PICTURE_PATH,
	AUTHOR_FIELD_WEBSITE
};

/* `text` as it is stored: STATUS_INVALID or STATUS_TOO_LARGE, with words for
 * who typed it. The caller frees `out_line`. */
MUST_CHECK enum status author_clean_field(
    enum author_field field, const char *text, char **out_line, GError **error);

/* "owner", "editor", "author"; STATUS_INVALID for anything else. */
MUST_CHECK enum status author_parse_role(
    const char *text, enum author_role *out_role);
const char *author_role_name(enum author_role role);

#endif
