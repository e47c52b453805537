/*
 * desk_account_view.h - the pages about an author's own account. See
 * desk_view.h for what they share.
 */
#ifndef VIEW_DESK_ACCOUNT_VIEW_H
#define VIEW_DESK_ACCOUNT_VIEW_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

struct author;
struct desk_field;
struct desk_view;

/* The form for what an author is to readers. */
struct desk_profile_form {
	const char *action; /* a path */
	const char *shown;  /* author_edit_mark() of what is stored */
	const struct desk_field *fields;
	size_t field_count;
	const GPtrArray *images; /* that complete a field: struct media * */
};

/* Who one is to readers, how one signs in, and where one is signed in. */
struct desk_account_page {
	struct desk_profile_form profile;
	const struct desk_field *email_fields;
	size_t email_field_count;
	const struct desk_field *password_fields;
	size_t password_field_count;
	const GPtrArray *zones; /* names that complete a field: char * */
	bool has_codes;
	int64_t recovery_code_count;
	const GPtrArray *sessions; /* struct session * */
	const char *problem;       /* or NULL */
};
MUST_CHECK enum status desk_view_account(const struct desk_view *view,
    const struct desk_account_page *page, GString *out);

/* Turning codes on: what the app takes, and the form that shows it did. */
struct desk_codes_page {
	const char *secret; /* base32 */
	const char *qr_path;
	int qr_size;
	const struct desk_field *fields;
	size_t field_count;
	const char *problem; /* or NULL */
};
MUST_CHECK enum status desk_view_codes(const struct desk_view *view,
    const struct desk_codes_page *page, GString *out);

/* The recovery codes, which are shown this once: NULL-terminated. */
MUST_CHECK enum status desk_view_recovery_codes(
    const struct desk_view *view, char **codes, GString *out);

/* Who writes here, and who is invited; for owners. */
struct desk_authors_page {
	const GPtrArray *authors;        /* struct author * */
	const GPtrArray *invitations;    /* struct one_time_link * */
	const struct desk_field *fields; /* of an invitation */
	size_t field_count;
	const char *link;    /* an invitation that was made just now; or NULL */
	const char *problem; /* or NULL */
};
MUST_CHECK enum status desk_view_authors(const struct desk_view *view,
    const struct desk_authors_page *page, GString *out);

/* Another author, for owners. */
struct desk_author_page {
	const struct author *author;
	struct desk_profile_form profile;
	/* Of an invitation, where there is no account yet. */
	const struct desk_field *fields;
	size_t field_count;
	const char *problem; /* or NULL */
};
MUST_CHECK enum status desk_view_author(const struct desk_view *view,
    const struct desk_author_page *page, GString *out);

#endif
